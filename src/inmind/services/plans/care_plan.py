"""A family's care plan: what stands in it, in whose words, how far it is as each sees it, and who reads that. Pure.

How far something is has four words of our own and no number: none is a score, and none is better than another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

LONGEST, LONGEST_MOMENT, LONGEST_NAME = 600, 60, 80  # characters
FURTHEST = timedelta(days=366)  # ours: how far away the next look may lie


class Kind(StrEnum):
    """What a line of the plan is."""

    STRENGTH = "strength"
    GOAL = "goal"
    STRATEGY = "strategy"


class SeenBy(StrEnum):
    """Who says how it is."""

    FAMILY = "family"
    WORKER = "worker"
    OTHER = "other"  # a grandmother, a teacher, somebody else whom the family named


class HowFar(StrEnum):
    """How far a goal is for whoever says so."""

    NOT_YET = "not_yet"
    A_LITTLE = "a_little"
    OFTEN = "often"
    OURS = "ours"


class LetGo(StrEnum):
    """Why a line stands in the plan no more."""

    OURS = "ours"
    CHANGED = "changed"
    NOT_FOR_US = "not_for_us"
    LATER = "later"
    MISTAKE = "mistake"


HOW_FAR: Mapping[HowFar, str] = {
    HowFar.NOT_YET: N_("Not yet"),
    HowFar.A_LITTLE: N_("A little"),
    HowFar.OFTEN: N_("Often"),
    HowFar.OURS: N_("It is ours now"),
}
LET_GO: Mapping[LetGo, str] = {
    LetGo.OURS: N_("It is a part of our days now"),
    LetGo.CHANGED: N_("Something else matters more to us now"),
    LetGo.NOT_FOR_US: N_("It did not suit us"),
    LetGo.LATER: N_("Not now, perhaps another time"),
    LetGo.MISTAKE: N_("It was written down wrongly"),
}


def check_words(words: str) -> str:
    """What somebody says, as it is kept. Raises BadInput where nothing is said, or too much for a page."""
    kept = text.checked(words.strip(), LONGEST, field="words")
    if not text.tokens(kept):
        raise BadInput(N_("The words are missing."), N_("Write them as the family says them."), field="words")
    return kept


def check_moment(moment: str, kind: Kind) -> str:
    """At which moment of the day; a strategy alone has one. Raises BadInput."""
    kept = text.checked_line(moment.strip(), LONGEST_MOMENT, field="moment")
    if kept and kind is not Kind.STRATEGY:
        raise BadInput(N_("Only an everyday strategy has a moment of the day."), N_("Leave it empty."), field="moment")
    return kept


def check_seen(by: SeenBy, named: str) -> str:
    """The name of somebody else who sees it. Raises BadInput where it is missing, or stands where nobody else speaks."""
    kept = text.checked_line(named.strip(), LONGEST_NAME, field="named")
    if bool(kept) != (by is SeenBy.OTHER):
        raise BadInput(
            N_("Who says so is missing, or is said twice."),
            N_("Name somebody who is neither of the family nor the worker, and nobody else."),
            field="named",
        )
    return kept


def check_look(on: date, *, today: date) -> None:
    """Whether the plan can be looked at together next on this day. Raises BadInput."""
    if not today <= on <= today + FURTHEST:
        raise BadInput(
            N_("This is no day for the next look."), N_("It lies between today and a year from now."), field="next_on"
        )


def is_shown(to: object, *, whose: object, is_shared: bool) -> bool:
    """Whether somebody's words are shown to an adult of the family: her own always, another's when she said so."""
    return to == whose or is_shared


# The picture: one line for each who said something, a mark for each time, across the days.

WIDTH, LINE, SIDE, REACH = 420, 58, 16, 9


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody said on a day how far it is. who: the name under which the line stands."""

    who: str
    by: SeenBy
    on: date
    how_far: HowFar


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its middle, and how much of it is filled, as text, so that no language changes a decimal point."""

    seen: Seen
    x: str
    y: str
    filled: str


@dataclass(frozen=True, slots=True)
class Lane:
    """All that one person said: where the name and the line stand."""

    who: str
    name_y: str
    line_y: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Everybody's lines, the family's first, then the worker's, then others'; `first` and `last`: the days at both ends."""

    lanes: tuple[Lane, ...]
    height: int
    first: date
    last: date

    @property
    def foot(self) -> int:
        """Where the days at both ends stand."""
        return self.height - 6


def lanes(seen: Sequence[Seen], *, since: date, today: date) -> Lanes:
    """Place what was said side by side, from the day on which the goal was set until today."""
    order = list(SeenBy)
    people = sorted({(order.index(one.by), one.who) for one in seen})
    first, last = min([since, *(one.on for one in seen)]), max([today, *(one.on for one in seen)])

    def lane(place: int, by: SeenBy, who: str) -> Lane:
        top = place * LINE
        said = sorted((one for one in seen if (one.by, one.who) == (by, who)), key=lambda one: one.on)
        y = _text(top + 40)
        return Lane(who, _text(top + 18), y, tuple(Mark(one, _x(one.on, first, last), y, _filled(one)) for one in said))

    found = tuple(lane(place, order[by], who) for place, (by, who) in enumerate(people))
    return Lanes(found, len(found) * LINE + 26, first, last)


def filled(how_far: HowFar) -> str:
    """How much of a mark is filled for a word: the same in the picture and in what explains it."""
    return _text(REACH * list(HowFar).index(how_far) / (len(HowFar) - 1))


def _filled(one: Seen) -> str:
    return filled(one.how_far)


def _x(on: date, first: date, last: date) -> str:
    if first == last:
        return _text(WIDTH / 2)
    return _text(SIDE + (WIDTH - 2 * SIDE) * (on - first).days / (last - first).days)


def _text(number: float) -> str:
    return f"{number:.1f}"
