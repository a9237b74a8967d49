"""Programs that a family can be referred to: who they are for and until when, and which of them fit on a day.

A program's facts are data (`catalog/programs/`), each with its source. Evidence ratings, what pays for it, where it is
offered and who has a place are four facts apart from one another.
"""
