"""Screening: instruments and their scoring, one answer sheet or a file of them; screens, results and flags as kept.

What a family does next is `services`; who is told at once goes through `tasks` and `messages`.
"""
