"""What a service is told outside as: another law's under that law, what tells of her mood not at all, and to a court no name."""

from __future__ import annotations

import pytest

from inmind.access.consents import Kind
from inmind.services.listings.listing import Offers
from inmind.services.outside import A_PROGRAM, INSTEAD, instead, kind_of


@pytest.mark.parametrize(
    ("offers", "program", "category", "expected"),
    [
        (Offers.PROGRAM, "nfp", "home_visiting", Kind.SERVED),
        (Offers.HOUSING, "", "", Kind.SERVED),
        (Offers.PROGRAM, "part_c", "entitlement", Kind.EARLY_INTERVENTION),
        (Offers.PROGRAM, "part_b_619", "entitlement", Kind.EARLY_INTERVENTION),
        (Offers.PROGRAM, "rose", "perinatal_depression_prevention", None),
        (Offers.SAFETY_AT_HOME, "", "", None),
    ],
    ids=["home visits", "housing", "early intervention", "school district", "her mood", "safety at home"],
)
def test_protect_7_each_help_is_told_under_its_own_law_or_not_at_all(
    offers: Offers, program: str, category: str, expected: Kind | None
) -> None:
    assert kind_of(offers, program, category, Kind.SERVED) is expected


def test_a_court_reads_what_kind_of_help_it_is_and_treatment_as_a_program_like_others() -> None:
    assert instead(Offers.PROGRAM, "home_visiting") == INSTEAD["home_visiting"]
    assert instead(Offers.HOUSING, "") == INSTEAD[Offers.HOUSING]
    assert instead(Offers.PROGRAM, "dyadic_therapy") == instead(Offers.PROGRAM, "") == A_PROGRAM
