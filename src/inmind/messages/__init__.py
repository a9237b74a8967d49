"""Messages: letters out and the signed links they carry. A letter's subject and address are neutral: they tell nothing."""
