"""A battery: several instruments on one paper form, and a form for each age. Which form it is, and how a sitting stands. Pure.

Each part stays a screen of its own, with its own rules; the battery knows only the forms, their windows in completed months
and their parts in the form's order. A sitting is what one adult answered about one child on one day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from inmind.families.ages import PrematurityRule
from inmind.screening.scoring import Incomplete, Scored


@dataclass(frozen=True, slots=True)
class AgeForm:
    """One age form: its name as printed, its first and last completed month, and its parts by their instruments' keys."""

    name: str
    first: int
    last: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Battery:
    """One edition of one battery. prematurity: when its forms are chosen by the corrected age."""

    key: str
    edition: str
    name: str
    prematurity: PrematurityRule
    forms: tuple[AgeForm, ...]
    sources: Mapping[str, str]
    licence: str

    def form_at(self, months: int) -> AgeForm | None:
        """The form for a child of so many completed months, as the battery counts them; None outside of all."""
        return next((form for form in self.forms if form.first <= months <= form.last), None)

    def named(self, name: str) -> AgeForm | None:
        return next((form for form in self.forms if form.name == name), None)

    def holds(self, instrument: str, form: str) -> bool:
        """Whether an instrument is a part of this form."""
        found = self.named(form)
        return found is not None and instrument in found.parts

    def is_right(self, form: str, months: int) -> bool:
        """Whether a form is the one for a child of so many completed months."""
        right = self.form_at(months)
        return right is not None and right.name == form


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished part about a child: which, on which day, on which form, at how many months as its rule counts them."""

    instrument: str
    on: date
    form: str
    months: int


def settled(battery: Battery, of_child: Collection[str], answered: Iterable[Answered]) -> list[date]:
    """The days on which the battery was done for a child: every part about the child, on the form for its age.

    of_child: the keys of the instruments that are about a child. Never handed an adult's screens: whether she answered her
    own questions settles nothing for the child (`protect.md` 1).
    """
    done: dict[tuple[date, str], set[str]] = defaultdict(set)
    for one in answered:
        if battery.is_right(one.form, one.months):
            done[one.on, one.form].add(one.instrument)
    wanted = {form.name: {part for part in form.parts if part in of_child} for form in battery.forms}
    return sorted(on for (on, form), parts in done.items() if wanted[form] <= parts)


def without_its_form(result: Scored | Incomplete) -> Scored | Incomplete:
    """A result of items that another age form asks: what was counted stands, and no cut-off of this age reads it."""
    bare = replace(result, band=None, is_positive=None, notes=())
    return replace(bare, cutoffs=()) if isinstance(bare, Scored) else bare


class Stands(StrEnum):
    """How one part of a sitting stands."""

    NOT_BEGUN = "not_begun"
    OPEN = "open"
    DONE = "done"


def next_part(form: AgeForm, stands: Mapping[str, Stands], after: str = "") -> str:
    """The part to go on with: the first after `after` that is not done, else the first of all; empty when all are."""
    places: Sequence[str] = form.parts
    start = places.index(after) + 1 if after in places else 0
    waiting = [part for part in (*places[start:], *places[:start]) if stands[part] is not Stands.DONE]
    return waiting[0] if waiting else ""
