"""Commands of an association."""
