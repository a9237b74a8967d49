"""Tasks: what a person owes another, by when; they climb when nobody answers. A job is the machine's, a task a person's."""
