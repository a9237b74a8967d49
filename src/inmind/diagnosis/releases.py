"""ICD-10-CM as it stood on a day: dated releases, what may be billed in each, and what may not stand together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise, zip_longest

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Period

_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?")
_DOTTED = 3  # signs before the dot
MOST_YEARS_BACK, MOST_YEARS_AHEAD = 20, 2  # of a release's first day, from the day on which it is loaded; ours
MOST_YEARS = 5  # of one release; ours: the publisher's is for a year
FEW = 2  # a list with less than one part in so many of the codes of the one beside it is asked about; ours
_TURN = 10  # the month on whose first day each year's list begins
_SEVENTH = 7  # the place of a sign that some codes need at their end; empty places before it hold an X
_IN_A_NOTE = r"\b([A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?)(?![0-9A-Z])\.?"
# `-` behind a code is all below it; between two codes it is `to`, also where the first is written with its own: S06.1- to S06.6-.
_EXCLUDED = re.compile(rf"{_IN_A_NOTE}-?(?:\s*(?:-|\u2013|to)\s*{_IN_A_NOTE}|{_IN_A_NOTE})?")
_ORDINALS = {"fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "4th": 4, "5th": 5, "6th": 6, "7th": 7}
_AT_A_PLACE = re.compile(rf"({'|'.join(_ORDINALS)})(?: to \w+)?[ -]characters? \.?([0-9A-Z]+)")
_AFTER_THE_DOT = re.compile(r"\.([0-9A-Z]+)")
_AT_THE_END = re.compile(r"final characters? -([0-9A-Z]+)")


class BadRelease(BadInput):
    """A release that cannot be loaded."""


class NoRelease(BadInput):
    """A day for which no release is loaded."""


def spelled(code: str) -> str:
    """A code as it is written: capitals, and a dot after three signs. Raises BadInput for what is no code."""
    plain = code.strip().upper().replace(".", "")
    dotted = plain[:_DOTTED] + ("." + plain[_DOTTED:] if plain[_DOTTED:] else "")
    if not _CODE.fullmatch(dotted):
        raise BadInput(
            N_("%(code)s is not a code of ICD-10-CM."),
            N_("A code is a letter, two signs, and up to four more after a dot, such as F94.1."),
            N_("Look at the code again."),
            field="code",
            facts={"code": code[:20] or "“”"},
        )
    return dotted


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the tabular list. parent: the entry above it, none for a category. sevenths: the signs of which one has
    to stand at the seventh place, here or on an entry above. excludes: what its notes forbid beside it, as written."""

    code: str
    title: str
    parent: str = ""
    sevenths: frozenset[str] = frozenset()
    excludes: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """The list of one release. name: as its publisher says it; in force in `period`."""

    name: str
    period: Period
    codes: Mapping[str, Code]

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for one in self.codes.values():
            found.setdefault(one.parent, []).append(one.code)
        return {parent: tuple(below) for parent, below in found.items()}

    def entry(self, code: str) -> Code | None:
        """The entry that a code is, or that it makes longer by its seventh sign; None where the release has none."""
        if (found := self.codes.get(code)) is not None:
            return found
        plain = code.replace(".", "")
        if len(plain) != _SEVENTH:
            return None
        base = plain[:-1].rstrip("X")
        found = self.codes.get(base[:_DOTTED] + ("." + base[_DOTTED:] if base[_DOTTED:] else ""))
        return (
            found if found is not None and plain[-1] in self._sevenths(found) and not self.below(found.code) else None
        )

    def below(self, code: str) -> tuple[str, ...]:
        """The entries right below a code, in the list's order."""
        return self._below.get(code, ())

    def leaves(self, code: str) -> tuple[str, ...]:
        """The codes under a code of which one has to be chosen; with a seventh sign, where one is needed."""
        if below := self.below(code):
            return tuple(leaf for one in below for leaf in self.leaves(one))
        entry = self.codes.get(code)
        if entry is None:
            return ()
        sevenths = sorted(self._sevenths(entry))
        return tuple(_with_seventh(code, sign) for sign in sevenths) or (code,)

    def is_billable(self, code: str) -> bool:
        """Whether a claim may carry this code: it is in the release, and nothing more exact stands below it."""
        entry = self.entry(code)
        if entry is None or self.below(entry.code):
            return False
        return entry.code != code or not self._sevenths(entry)

    def may_be_over(self, day: date) -> bool:
        """Whether a day lies after the release's year, and nobody has said how long it is in force.

        Source: the files of a year are used from October 1 to September 30 (CMS, ICD-10, "2025 ICD-10-CM files"); an April list
        takes the place of October's for the rest of that year.
        """
        return self.period.until is None and day >= year_ends(self.period.since)

    def title(self, code: str) -> str:
        entry = self.entry(code)
        return entry.title if entry else ""

    def excluded(self, one: str, other: str) -> str:
        """The note that forbids two codes on one claim (a Type 1 Excludes, of either or of an entry above it), or none."""
        for first, second in ((one, other), (other, one)):
            for entry in self._lineage(first):
                for note in entry.excludes:
                    if any(named.holds(second) for named in named_in(note)):
                        return note
        return ""

    def _lineage(self, code: str) -> Iterator[Code]:
        entry = self.entry(code)
        while entry is not None:
            yield entry
            entry = self.codes.get(entry.parent)

    def _sevenths(self, entry: Code) -> frozenset[str]:
        return next((one.sevenths for one in self._lineage(entry.code) if one.sevenths), frozenset())


def _with_seventh(code: str, sign: str) -> str:
    plain = code.replace(".", "").ljust(_SEVENTH - 1, "X") + sign
    return f"{plain[:_DOTTED]}.{plain[_DOTTED:]}"


@dataclass(frozen=True, slots=True)
class Named:
    """Codes that a note names: one with all below it, or from one to another with all between. signs: what has to stand in
    them, where the note asks for it (`with fifth character 2`): each a place, counted from one, 0 for the end."""

    low: str
    high: str
    signs: tuple[tuple[int, str], ...] = ()

    def holds(self, code: str) -> bool:
        plain, first, last = (one.replace(".", "") for one in (code, self.low, self.high))
        if not (first <= plain[: len(first)] and plain[: len(last)] <= last):
            return False
        return not self.signs or any(
            plain.startswith(signs, place - 1) if place else plain.endswith(signs) for place, signs in self.signs
        )


def named_in(note: str) -> tuple[Named, ...]:
    """The codes that a note names in brackets; in its words, where no bracket names one."""
    found = [one for bracket in re.findall(r"\(([^()]*)\)", note) for one in _named(bracket)]
    return tuple(found or _named(note))


def _named(said: str) -> Iterator[Named]:
    codes, _, limit = said.partition("with ")
    for low, high, after in _EXCLUDED.findall(codes) or _EXCLUDED.findall(said):
        yield Named(low, high or after or low, _signs(limit))


def _signs(limit: str) -> tuple[tuple[int, str], ...]:
    """What a note asks of a code besides; nothing where it is said in another way, so that the note holds for all of them."""
    if placed := _AT_A_PLACE.search(limit):
        return ((_ORDINALS[placed[1]], placed[2]),)
    if at_end := _AT_THE_END.search(limit):
        return ((0, at_end[1]),)
    return tuple((_DOTTED + 1, signs) for signs in _AFTER_THE_DOT.findall(limit))


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases that are loaded, none in force on the same day as another."""

    each: tuple[Release, ...] = ()

    @classmethod
    def of(cls, releases: Iterable[Release]) -> Releases:
        """One of which nobody said when it ends holds until the next begins. Raises BadRelease where two are in force on one day."""
        found = _until_the_next(sorted(releases, key=lambda one: one.period.since))
        for earlier, later in pairwise(found):
            if earlier.period.until is None or earlier.period.until > later.period.since:
                raise BadRelease(
                    N_("%(one)s and %(other)s are both in force on %(day)s."),
                    N_("On each day one release is in force."),
                    N_("Say on which day the earlier one ended, or withdraw the one that is wrong."),
                    field="until",
                    facts={"one": earlier.name, "other": later.name, "day": later.period.since},
                )
        return cls(found)

    def on(self, day: date) -> Release:
        """The release in force on a day. Raises NoRelease: the day before the first, after the last, or in a gap."""
        for one in self.each:
            if one.period.holds_on(day):
                return one
        raise NoRelease(
            N_("No release of ICD-10-CM is loaded for %(day)s."),
            N_("A code is looked up in the release that was in force on the day of the service."),
            N_("Ask the data steward, or whoever runs the house, to load that release."),
            field="on",
            facts={"day": day},
        )

    def beside(self, day: date) -> Release | None:
        """The release in force on a day, else the one before it, else the one after it."""
        before = [one for one in self.each if one.period.since <= day]
        return before[-1] if before else next(iter(self.each), None)


def _until_the_next(found: Sequence[Release]) -> tuple[Release, ...]:
    ends = [one.period.since for one in found[1:]]
    return tuple(
        replace(one, period=Period(one.period.since, end))
        if one.period.until is None and end is not None and one.period.since < end
        else one
        for one, end in zip_longest(found, ends)
    )


def check_days(period: Period, today: date) -> None:
    """Raises BadRelease for a first or a last day that no list has."""
    first, last = today.replace(year=today.year - MOST_YEARS_BACK, day=1), date(today.year + MOST_YEARS_AHEAD, 12, 31)
    if not first <= period.since <= last:
        raise BadRelease(
            N_("The release would begin on %(since)s."),
            N_("Its first day lies between %(first)s and %(last)s; these limits are ours."),
            N_("Look at the day again. Nothing was changed."),
            field="since",
            facts={"since": period.since, "first": first, "last": last},
        )
    if period.until is not None and period.until > period.since.replace(year=period.since.year + MOST_YEARS, day=1):
        raise BadRelease(
            N_("The release would hold from %(since)s until before %(until)s."),
            N_("One release is for a year; more than %(years)s years are not taken; this limit is ours."),
            N_(
                "Look at the days again, or leave the last one out: it ends where the next begins. Nothing was changed."
            ),
            field="until",
            facts={"since": period.since, "until": period.until, "years": MOST_YEARS},
        )


def check_size(codes: int, beside: int, name: str) -> None:
    """Raises BadRelease for a list that has far fewer codes than the one beside it, such as a part of one."""
    if codes * FEW < beside:
        raise BadRelease(
            N_("The file has %(codes)s codes; %(name)s has %(beside)s."),
            N_(
                "One list is about as long as the next. This may be a part of one, and codes that are not in it leave on no claim."
            ),
            N_("Look whether it is the whole list; if it is, say `--anyway`. Nothing was changed."),
            field="file",
            facts={"codes": codes, "name": name, "beside": beside},
        )


def year_ends(since: date) -> date:
    """The first day of the year after the one in which a list began; source as `Release.may_be_over`."""
    return date(since.year + (since.month >= _TURN), _TURN, 1)


def last_day(period: Period) -> date | None:
    """The last day on which a release is in force, None while nobody knows."""
    return period.until - timedelta(days=1) if period.until else None
