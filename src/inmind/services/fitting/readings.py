"""Builds how a network reads ambiguous bounds from its catalog file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.catalogs import Entry
from inmind.services.fitting.eligibility import Readings
from inmind.services.fitting.program import Program, Reading


def load(sheet: Entry, programs: Mapping[str, Program]) -> Readings:
    """The readings of the file. Raises BadCatalog with the file, the line and the reason: also for a bound that is not
    ambiguous at all."""
    said = sheet.fields("title edition date key licence week wider school_not_before")
    said["date"].day()
    months = said["school_not_before"].whole()
    if months < 0:
        raise said["school_not_before"].wrong("a number of months is not negative")
    week = {key: one.one_of(Reading) for key, one in said["week"].mapping().items()}
    for key, one in said["week"].mapping().items():
        if key not in programs or programs[key].window.to_week is None:
            raise one.wrong(f"no source names a week of the pregnancy for {key}")
    for one in said["wider"].entries():
        if one.text() not in programs or programs[one.text()].window.to_month_for_some is None:
            raise one.wrong(f"no source reads the age of {one.text()} in two ways")
    return Readings(week, frozenset(one.text() for one in said["wider"].entries()), months)
