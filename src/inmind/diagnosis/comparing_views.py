"""What differs between two versions, in the reader's words: short facts in a table, longer words beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from inmind.diagnosis import pictures
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.comparing import DOES_NOT_APPLY, GONE, About, Change, What
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import Axis, Certainty, HealthSource, Stressor
from inmind.diagnosis.manual import DimensionRating
from inmind.diagnosis.words import AXES, CERTAINTIES, PARENTS, RATINGS, SOURCES
from inmind.foundation import clock
from inmind.foundation.values import N_

LABELS: dict[What, str] = {
    What.EDITION: N_("Edition of the manual"),
    What.BORN: N_("Birth date, as it was signed"),
    What.ASSESSED: N_("Day of the assessment"),
    What.PRIMARY: N_("Primary caregivers"),
    What.STRENGTHS: N_("Strengths"),
    What.NO_DIAGNOSIS: N_("No diagnosis is given"),
    What.CERTAINTY: N_("How sure"),
    What.REASONS: N_("What speaks for or against it"),
    What.LOOKED_UP: N_("The criteria were looked up in the manual"),
    What.PARENT: N_("Who this caregiver is to the child"),
    What.KIND: N_("Of which kind"),
    What.OVER_AGE: N_("Why it is given outside its ages"),
    What.LEVEL: N_("Level of Axis II"),
    What.CONTRIBUTIONS: N_("What the child brings into it"),
    What.WORDS: N_("In words"),
    What.NAME: N_("What it is called"),
    What.WHO: N_("Who cares there"),
    What.SOURCE: N_("How it is known"),
    What.SINCE: N_("Since which month of age"),
    What.TIME: N_("When, by the child’s age"),
    What.SEVERITY: N_("How severe, in words"),
    What.RATING: N_("Rating"),
    What.IMPRESSION: N_("The impression of the whole"),
    What.FAMILY: N_("How the family sees it"),
    What.OWN_POSITION: N_("The clinician’s own position"),
    What.ORDER: N_("In which order they stand"),
}
TEXTS = {
    *(What.STRENGTHS, What.REASONS, What.OVER_AGE, What.CONTRIBUTIONS, What.WORDS, What.SEVERITY),
    *(What.IMPRESSION, What.FAMILY, What.OWN_POSITION),
}


def axes_said(found: Iterable[Change], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Axis by axis: rows of a table (what, before, after), and texts (label, before, after) that are read beside each other."""
    some = list(found)
    return [
        {
            "title": _(AXES[axis]),
            "rows": [_row(one, names) for one in some if one.axis is axis and one.what not in TEXTS],
            "texts": [
                dict(zip(("label", "before", "after"), _row(one, names), strict=True))
                for one in some
                if one.axis is axis and one.what in TEXTS
            ],
        }
        for axis in Axis
        if any(one.axis is axis for one in some)
    ]


def _row(one: Change, names: Mapping[UUID, str]) -> list[str]:
    return [_label(one, names), _side(one, one.before, names), _side(one, one.after, names)]


def _label(one: Change, names: Mapping[UUID, str]) -> str:
    """Which entry it is, and what of it."""
    entry = _entry(one.axis, one.about, names)
    if one.what is What.DIMENSION:
        known = {each.key: each.name for each in (*manual().caregiving, *manual().environment)}
        return ": ".join(filter(None, (entry, known.get(one.of, one.of))))
    if one.what is What.RATING:
        return entry
    return ": ".join(filter(None, (entry, _(LABELS[one.what]))))


def _entry(axis: Axis, about: About, names: Mapping[UUID, str]) -> str:
    """By the names of the manual and of people."""
    book = manual()
    who = called(names, about.who) if about.who is not None else ""
    match axis:
        case Axis.ONE if about.key:
            name = book.disorders[about.key].name if about.key in book.disorders else about.key
            return f"{name} ({who})" if who else name
        case Axis.TWO if who:
            return _("With %(name)s") % {"name": who}
        case Axis.FOUR if about.key or about.words:
            return pictures.stressor_name(book, Stressor(about.key, about.words, None))
        case Axis.FIVE:
            return next((each.name for each in book.domains if each.key == about.key), about.key)
    return about.key


def called(names: Mapping[UUID, str], pk: UUID) -> str:
    return names.get(pk, _("somebody whose record is gone"))


def _side(one: Change, value: object, names: Mapping[UUID, str]) -> str:
    """What one version says of it; that the entry is not there is else than that nothing is said."""
    if value == GONE:
        return _("not there")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value in ("", frozenset()):
        return _("nothing written") if one.what in TEXTS else _("not said")
    say = SAYS.get(one.what)
    return say(one, value, names) if say else str(value)


def _people(value: Any, names: Mapping[UUID, str]) -> str:
    return ", ".join(sorted(called(names, pk) for pk in value))


def _time(value: Any) -> str:
    first, last, goes_on = value
    return _("From: %(first)s. Until: %(last)s.") % dict(
        zip(("first", "last"), pictures.months_said(Stressor("", "", first, last, goes_on)), strict=True)
    )


def _edition(value: object) -> str:
    there = manual().editions.get(str(value))
    return there.name if there else str(value)


def _rating(value: object) -> str:
    return next((one.name for one in manual().ratings if one.key == value), str(value))


def _dimension(value: Any) -> str:
    return _("does not apply here") if value == DOES_NOT_APPLY else _(RATINGS[DimensionRating(value)])


SAYS: dict[What, Callable[[Change, Any, Mapping[UUID, str]], str]] = {
    What.EDITION: lambda _one, value, _names: _edition(value),
    What.BORN: lambda _one, value, _names: _day(value),
    What.ASSESSED: lambda _one, value, _names: _day(value),
    What.PRIMARY: lambda _one, value, names: _people(value, names),
    What.WHO: lambda _one, value, names: _people(value, names),
    What.CERTAINTY: lambda _one, value, _names: _(CERTAINTIES[Certainty(value)]),
    What.PARENT: lambda _one, value, _names: _(PARENTS[KindOfParent(value)]),
    What.KIND: lambda _one, value, _names: str(value).replace("-", " "),
    What.LEVEL: lambda _one, value, _names: _("Level %(n)s") % {"n": value},
    What.DIMENSION: lambda _one, value, _names: _dimension(value),
    What.SOURCE: lambda _one, value, _names: _(SOURCES[HealthSource(value)]),
    What.SINCE: lambda _one, value, _names: _("month %(n)s") % {"n": value},
    What.TIME: lambda _one, value, _names: _time(value),
    What.RATING: lambda _one, value, _names: _rating(value),
    What.ORDER: lambda one, value, names: "; ".join(_entry(one.axis, each, names) for each in value),
}


def _day(value: date) -> str:
    return clock.day(value)
