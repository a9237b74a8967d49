"""What a source leaves open, and how InMind reads it: each a reading of ours, said as such, and held by a test. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from inmind.foundation.values import N_


@dataclass(frozen=True, slots=True)
class Reading:
    """key: of what; source: whose words leave it open; says: how it is read, and what whoever reads it otherwise does."""

    key: str
    source: str
    says: str


READINGS = (
    Reading(
        "rsc_window",
        "mi-aimh.org; wa-aimh.org",
        N_(
            "Hours within 24 months: from the day of the first session up to the day before the same day two years later. At least "
            "12 months: up to the day before the same day a year later."
        ),
    ),
    Reading(
        "triennial_training",
        "pa-aimh.org; first3yearstx.org",
        N_(
            "45 hours of training in three years: for the whole cycle. One page of Texas says a year; Pennsylvania says a cycle."
        ),
    ),
    Reading(
        "about_rsc_given",
        "wa-aimh.org; infancyonward.org",
        N_(
            "25 of 50 hours about supervision given: hours received about it. One page of Florida may mean hours of giving it."
        ),
    ),
    Reading(
        "provider_until",
        "ct-aimh.org IFS",
        N_(
            "A kind of provider that ends in Connecticut in April 2024: counted through March 31, 2024, for the source names the "
            "month alone."
        ),
    ),
    Reading(
        "rating_months",
        "pa-aimh.org reference page",
        N_("A reference is valid for 12 months: up to the day before the same day a year later."),
    ),
)
