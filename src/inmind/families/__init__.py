"""Families: dyads and their adults, pregnancies, episodes with an agency, visits, care teams, and who is on call."""
