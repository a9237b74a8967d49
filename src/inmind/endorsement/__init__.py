"""Endorsement: what each standard asks, read from dated files; what a person has; and what is missing.

Companion mode: the decision is the association's, in the Alliance's own system. This room answers "what does it still ask of me,
and what would close it", with the rule, its day and its source. What a practitioner learned, was held in, and belongs to is kept
by `learning`, `reflection` and `association`; this room reads it from them.
"""
