"""What people may say of themselves when they learn: race and ethnicity, and languages. Optional, with the reason. Pure.

The names of the categories are the federal ones. Source: OMB Statistical Policy Directive 15, 2024 edition (89 FR 22182).
"""

from __future__ import annotations

from collections.abc import Iterable

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

EDITION = "omb_2024"
WHY_ASKED = N_(
    "Why we ask: an association wants to see whether its trainings reach everybody who works with babies and families. It "
    "reads this as counts of five or more, never beside a name. You may leave it out, change it, and nothing depends on it."
)
RACES = {
    "american_indian_or_alaska_native": N_("American Indian or Alaska Native"),
    "asian": N_("Asian"),
    "black_or_african_american": N_("Black or African American"),
    "hispanic_or_latino": N_("Hispanic or Latino"),
    "middle_eastern_or_north_african": N_("Middle Eastern or North African"),
    "native_hawaiian_or_pacific_islander": N_("Native Hawaiian or Pacific Islander"),
    "white": N_("White"),
}
# Ours: the languages with a box of their own; the others are typed by no one yet.
LANGUAGES = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "ar": N_("Arabic"),
    "zh": N_("Chinese"),
    "fr": N_("French"),
    "ht": N_("Haitian Creole"),
    "pt": N_("Portuguese"),
    "ru": N_("Russian"),
    "so": N_("Somali"),
    "ase": N_("American Sign Language"),
    "vi": N_("Vietnamese"),
}


def joined(chosen: Iterable[str], known: Iterable[str]) -> str:
    """The keys that were chosen, once each and in their order, joined by spaces. Raises BadInput for one that is not known."""
    of = set(chosen)
    if of - set(known):
        raise BadInput(N_("This choice is not one of the list."), N_("Choose as many of the list as fit, or none."))
    return " ".join(key for key in known if key in of)
