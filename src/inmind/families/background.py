"""Race and ethnicity as people say it themselves, in both federal editions. Pure.

Optional, as many as fit, and never asked twice because somebody wants the other form: what was said is kept with the
edition of the question. The names are the federal ones.
Sources: OMB Statistical Policy Directive 15, 1997 edition (62 FR 58782) and 2024 edition (89 FR 22182).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

WHY_ASKED = N_(
    "Why we ask: agencies must show that families of every background are reached and served as well as others. "
    "You choose, you may leave it out, and nothing depends on it."
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an edition and its categories, keys to names."""

    key: str
    label: str
    categories: Mapping[str, str]
    one: bool = False  # whether only one can be chosen


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the federal question. source: where it stands."""

    key: str
    name: str
    source: str
    questions: tuple[Question, ...]

    @property
    def categories(self) -> dict[str, str]:
        return {key: name for question in self.questions for key, name in question.categories.items()}


OMB_2024 = Edition(
    "omb_2024",
    N_("Federal question of 2024 (one question)"),
    "OMB SPD 15, 2024 (89 FR 22182)",
    (
        Question(
            "race_ethnicity",
            N_("Race and/or ethnicity"),
            {
                "american_indian_or_alaska_native": N_("American Indian or Alaska Native"),
                "asian": N_("Asian"),
                "black_or_african_american": N_("Black or African American"),
                "hispanic_or_latino": N_("Hispanic or Latino"),
                "middle_eastern_or_north_african": N_("Middle Eastern or North African"),
                "native_hawaiian_or_pacific_islander": N_("Native Hawaiian or Pacific Islander"),
                "white": N_("White"),
            },
        ),
    ),
)
OMB_1997 = Edition(
    "omb_1997",
    N_("Federal questions of 1997 (two questions)"),
    "OMB SPD 15, 1997 (62 FR 58782)",
    (
        Question(
            "ethnicity",
            N_("Ethnicity"),
            {
                "hispanic_or_latino": N_("Hispanic or Latino"),
                "not_hispanic_or_latino": N_("Not Hispanic or Latino"),
            },
            one=True,
        ),
        Question(
            "race",
            N_("Race"),
            {
                "american_indian_or_alaska_native": N_("American Indian or Alaska Native"),
                "asian": N_("Asian"),
                "black_or_african_american": N_("Black or African American"),
                "native_hawaiian_or_other_pacific_islander": N_("Native Hawaiian or Other Pacific Islander"),
                "white": N_("White"),
            },
        ),
    ),
)
EDITIONS: dict[str, Edition] = {one.key: one for one in (OMB_2024, OMB_1997)}


def check(edition: str, said: Sequence[str]) -> None:
    """Raises BadInput for an edition or a category that is not there, and for two answers where one can stand."""
    if edition not in EDITIONS:
        raise BadInput(
            N_("This edition of the question is not known."), N_("Choose one from the list."), field="edition"
        )
    known = EDITIONS[edition]
    if strange := [key for key in said if key not in known.categories]:
        raise BadInput(
            N_("%(key)s is not an answer of this edition."),
            N_("Each edition has its own list."),
            facts={"key": strange[0][:60]},
        )
    for question in known.questions:
        if question.one and len([key for key in dict.fromkeys(said) if key in question.categories]) > 1:
            raise BadInput(
                N_("Two answers were given where only one can stand."),
                N_("Choose one, or leave it empty."),
                field=question.key,
            )


def words(edition: str, said: Sequence[str]) -> list[str]:
    """The names of what was said, in the order of the question; keys that this edition does not know are left out."""
    known = EDITIONS.get(edition)
    return [name for key, name in known.categories.items() if key in said] if known else []
