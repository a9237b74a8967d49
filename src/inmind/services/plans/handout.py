"""A hand-out: a page of our own words for parents, by age and worry, in each language that it is written in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inmind.foundation.values import N_

FEWEST, MOST = 150, 260  # words of one language: enough to be kind, and few enough for one printed page
# A number with a measure of medicine beside it. A hand-out says whom to ask, and never how much.
DOSE = re.compile(r"\d\s?(mg|mcg|ml|iu|drops?|gotas?)\b", re.IGNORECASE)


class Worry(StrEnum):
    """What a parent wonders about."""

    EXPECTING = "expecting"
    SLEEP = "sleep"
    CRYING = "crying"
    FEEDING = "feeding"
    BITING = "biting"
    SEPARATION = "separation"
    SIBLING = "sibling"
    TWO_HOMES = "two_homes"
    LOW = "low"
    PLAY = "play"
    READING = "reading"
    SCREENS = "screens"
    TOILET = "toilet"
    SCARY = "scary"


WORRIES: Mapping[Worry, str] = {
    Worry.EXPECTING: N_("Waiting for a baby"),
    Worry.SLEEP: N_("Sleep"),
    Worry.CRYING: N_("Crying"),
    Worry.FEEDING: N_("Feeding and meals"),
    Worry.BITING: N_("Biting and tantrums"),
    Worry.SEPARATION: N_("Saying goodbye"),
    Worry.SIBLING: N_("A new brother or sister"),
    Worry.TWO_HOMES: N_("Moving between homes"),
    Worry.LOW: N_("When you feel low"),
    Worry.PLAY: N_("Play and talk"),
    Worry.READING: N_("Books"),
    Worry.SCREENS: N_("Phones and screens"),
    Worry.TOILET: N_("Learning to use the toilet"),
    Worry.SCARY: N_("After something scary"),
}


class Whom(StrEnum):
    """Whom a parent calls. Numbers stand with the house's help lines, never in a hand-out."""

    EMERGENCY = "emergency"
    CHILDS_DOCTOR = "childs_doctor"
    OWN_DOCTOR = "own_doctor"
    HELP_LINES = "help_lines"
    EARLY_INTERVENTION = "early_intervention"
    WHO_SERVES = "who_serves"


WHOM: Mapping[Whom, str] = {
    Whom.EMERGENCY: N_("911"),
    Whom.CHILDS_DOCTOR: N_("Your child’s doctor"),
    Whom.OWN_DOCTOR: N_("Your own doctor, nurse or midwife"),
    Whom.HELP_LINES: N_("One of the help lines on this page"),
    Whom.EARLY_INTERVENTION: N_(
        "Early intervention in your state; from three years on, your school district. You can ask by yourself"
    ),
    Whom.WHO_SERVES: N_("Your home visitor, or whoever you trust at the agency"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """When to call whom."""

    when: str
    whom: Whom


@dataclass(frozen=True, slots=True)
class Words:
    """A hand-out in one language. first: what a parent does well already; try_this: small things for today."""

    title: str
    first: str
    says: tuple[str, ...]
    try_this: tuple[str, ...]
    calls: tuple[Call, ...]
    is_reviewed: bool = True

    @property
    def count(self) -> int:
        said = (self.title, self.first, *self.says, *self.try_this, *(one.when for one in self.calls))
        return sum(len(one.split()) for one in said)


@dataclass(frozen=True, slots=True)
class Handout:
    """One hand-out. from_month, to_month: whole months since the birth; from_month None: already before it. by: who signs it."""

    key: str
    edition: str
    dated: date
    by: str
    licence: str
    worry: Worry
    from_month: int | None
    to_month: int
    words: Mapping[str, Words]

    def fits(self, months: int | None) -> bool:
        """Whether it is for this age. None: before the birth."""
        if months is None:
            return self.from_month is None
        return (self.from_month or 0) <= months < self.to_month

    def said(self, language: str) -> Words:
        """In this language, else in English."""
        return self.words.get(language[:2], self.words["en"])


# The ages by which they are found: whole months from and to; ours.
AGES: Mapping[str, tuple[str, int | None]] = {
    "before": (N_("Before the birth"), None),
    "0": (N_("The first months"), 2),
    "6": (N_("Around the first birthday"), 11),
    "18": (N_("One and two years"), 24),
    "36": (N_("Three to five years"), 42),
}


def chosen(handouts: Iterable[Handout], *, worry: str = "", age: str = "") -> list[Handout]:
    """Those about a worry and for an age, by worry and then by age; without a word of either, all."""
    order = list(Worry)
    fitting = (
        one for one in handouts if (not worry or one.worry == worry) and (age not in AGES or one.fits(AGES[age][1]))
    )
    return sorted(fitting, key=lambda one: (order.index(one.worry), one.from_month or -1, one.key))
