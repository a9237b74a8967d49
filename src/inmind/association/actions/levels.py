"""Keep levels. A rule that is changed changes nobody's period that was bought; whom it touches next is looked at first."""

from __future__ import annotations

from datetime import date
from typing import Any

from inmind.access.act import Act, action
from inmind.association.models import Level
from inmind.association.periods import MOST_GRACE_DAYS, MOST_YEARS, Kind
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.people.models import Organization

# What a level's rule and fee are made of; and what else it says.
RULE = (
    *("cents", "by_month", "rule", "years", "begins_month", "begins_day", "cut_off_month", "cut_off_day"),
    *("first_on", "grace_days"),
)
WORDS = ("name", "name_es", "is_open", "for_agencies", "seats")
MOST_CENTS, MOST_SEATS = 10_000_00, 1000  # ours: beyond is a slip of the pen


@action("association.keep_level", on="association")
def keep_level(act: Act, *, association: Organization, **said: Any) -> Level:
    """Add a level. said: as `Level`'s fields; what is not said is as a calendar year without a cut-off."""
    level = Level(association=association)
    say(level, said)
    base = "-".join(text.tokens(level.name))[:36] or "level"
    taken = set(Level.objects.filter(association=association, key__startswith=base).values_list("key", flat=True))
    level.key = next(key for key in (base, *(f"{base}-{n}" for n in range(2, 99))) if key not in taken)
    level.save()
    return level


@action("association.change_level", on="level")
def change_level(act: Act, *, level: Level, **said: Any) -> Level:
    """Say anew what a level costs and how long it lasts, for what is bought from now on."""
    say(level, said)
    level.save()
    return level


def say(level: Level, said: dict[str, Any]) -> Level:
    """A level that says so, not saved. Raises BadInput, with the field it concerns, for what cannot be."""
    if wrong := said.keys() - {*RULE, *WORDS}:
        raise TypeError(f"a level says nothing of {wrong}")
    for name, value in said.items():
        setattr(level, name, value)
    level.name = text.checked_line(level.name.strip(), 80, field="name")
    level.name_es = text.checked_line(level.name_es.strip(), 80, field="name_es")
    if level.rule != Kind.FIXED:
        level.first_on = None
    if level.rule == Kind.ANNIVERSARY:
        level.cut_off_month = level.cut_off_day = None
    if not level.for_agencies:
        level.seats = 1
    _check(level)
    return level


def _check(level: Level) -> None:
    if not text.tokens(level.name):
        raise BadInput(N_("The name is missing."), N_("It is what members read."), field="name")
    if not 0 <= level.cents <= MOST_CENTS:
        raise BadInput(N_("This fee cannot be."), N_("It is at most 10,000 dollars, or nothing."), field="cents")
    if not 1 <= level.years <= MOST_YEARS:
        raise BadInput(N_("A membership lasts from one to ten years."), field="years")
    if not 0 <= level.grace_days <= MOST_GRACE_DAYS:
        raise BadInput(N_("Grace lasts at most a year."), N_("Say how many days, or 0."), field="grace_days")
    if not 1 <= level.seats <= MOST_SEATS:
        raise BadInput(N_("An agency buys from 1 to 1,000 places."), field="seats")
    if level.rule == Kind.FIXED and level.first_on is None:
        raise BadInput(
            N_("The first day is missing."),
            N_("A fixed term is counted from a day on which one began."),
            field="first_on",
        )
    if (level.cut_off_month is None) != (level.cut_off_day is None):
        raise BadInput(N_("A month and a day make a cut-off."), N_("Say both, or neither."), field="cut_off_day")
    for name in ("begins", "cut_off"):
        month, day = getattr(level, f"{name}_month"), getattr(level, f"{name}_day")
        if month is not None and not _is_a_day(month, day):
            raise BadInput(
                N_("There is no such day in every year."), N_("Choose another month or day."), field=f"{name}_day"
            )


def _is_a_day(month: int, day: int) -> bool:
    try:
        date(2025, month, day)
    except (ValueError, OverflowError):
        return False
    return True
