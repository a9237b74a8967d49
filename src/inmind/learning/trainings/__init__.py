"""Trainings and series: when and where, what they count for, what they cost, who has a seat and who waits for one."""
