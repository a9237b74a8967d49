"""Trainings and series, who was there and for how long, certificates with hours by competency domain, the transcript."""
