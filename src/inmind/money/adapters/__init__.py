"""Who takes card payments for an association."""
