"""Commands of screening that may need the database."""
