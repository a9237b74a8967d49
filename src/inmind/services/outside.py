"""As what a program or another help is told to somebody outside: under which kind of facts, and in a court's paper by which
words, since the name of a place can say more than anybody agreed to. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.access.consents import Kind
from inmind.foundation.values import N_
from inmind.services.early.case import DISTRICT_PROGRAM, PART_C
from inmind.services.listings.listing import Offers

# What would tell of an adult what her screens do: told under no kind of facts that names services.
UNTOLD = frozenset({"perinatal_depression_prevention", "perinatal_depression_treatment"})
A_PROGRAM = N_("a program for families")
# By the category of a program, or what a listing offers. What treats somebody is a program like others.
INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(("home_visiting", "home_visiting_brief", "universal_postnatal"), N_("a home visiting program")),
    **dict.fromkeys(("parenting_group", "parenting_program"), N_("a program for parents")),
    "early_education": N_("a place of early education"),
    Offers.FOOD: N_("a place that helps with food"),
    Offers.DIAPERS: N_("a place that helps with diapers"),
    Offers.HOUSING: N_("a place that helps with housing"),
    Offers.COMPANY: N_("a group nearby"),
}


def kind_of(offers: str, program: str, category: str, otherwise: Kind) -> Kind | None:
    """Under which kind of facts it is told; None: under none. Early intervention and its district have a law of their own.

    program, category: empty where there is none. otherwise: the kind of what nothing else is said of.
    """
    if offers == Offers.SAFETY_AT_HOME or category in UNTOLD:
        return None
    return Kind.EARLY_INTERVENTION if program in {PART_C, DISTRICT_PROGRAM} else otherwise


def instead(offers: str, category: str) -> str:
    """What a court reads where a place has its name."""
    return INSTEAD.get(category if offers == Offers.PROGRAM else offers, A_PROGRAM)
