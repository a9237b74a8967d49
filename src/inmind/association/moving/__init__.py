"""Moving in from another product: a contact export row by row, its verdicts, the doubtful ones, what came of it."""
