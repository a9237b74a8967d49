"""Formulations by DC:0-5 with a family over several visits, and the code that a claim may carry.

Holds the manual's structure (names, ages, axes), what a formulation is made of, and the crosswalk from its diagnoses to
ICD-10-CM. Leaves the manual's criteria to the manual: the clinician says that they were looked up there.
"""
