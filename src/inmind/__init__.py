"""InMind: infant and early childhood mental health care and its workforce, end to end, in one house."""

__version__ = "0.1.0"
