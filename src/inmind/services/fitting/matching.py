"""What fits a family, best first, each saying why: by fit, by the time left, by language, by opening, by distance. Pure.

An entitlement stands by itself: it is a right with a clock of its own, and no place in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import NamedTuple

from inmind.foundation.values import N_
from inmind.services.fitting.beside import NotAtOnce, beside
from inmind.services.fitting.eligibility import TOO_LATE, Family, Match, Readings, Reason, State, prepared
from inmind.services.fitting.program import Program
from inmind.services.fitting.questions import Question
from inmind.services.listings.listing import Listing, Offers, Place

ORDER = {State.NOW: 0, State.ASK: 1, State.LATER: 2, State.NO: 3}
SOON = timedelta(days=30)  # ours: a window that closes within so many days is said first
FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a family asks for: what it needs, the languages it speaks, where it lives, and the programs it is in already."""

    needs: frozenset[Offers] = frozenset({Offers.PROGRAM})
    languages: frozenset[str] = frozenset()
    county: str = ""
    place: Place | None = None
    enrolled: tuple[Program, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a listing lasts after somebody confirmed it, and how long it is shown while it is being asked about (ours)."""

    term: timedelta = timedelta(days=180)
    grace: timedelta = timedelta(days=30)


class Found(NamedTuple):
    """One listing beside a family on a day. starts: when service could begin, None where nobody has said; km: how far away;
    speaks, reaches: whether they speak a language of the family's, and serve its county, None where one of the two is not
    known: what serves nobody knows where is to be asked about, and never open."""

    listing: Listing
    match: Match | None
    starts: date | None
    km: float | None
    speaks: bool | None
    reaches: bool | None
    asked_about: bool
    on: date

    @property
    def state(self) -> State:
        state = State.NOW if self.match is None else self.match.state
        return State.ASK if state is State.NOW and self.asks_where else state

    @property
    def asks_where(self) -> bool:
        """Whether nobody has said where they serve."""
        return not self.listing.reaches and not self.listing.says_where

    @property
    def why(self) -> tuple[Reason, ...]:
        """Each reason in a sentence: the program's rules first, then the time left, the opening, the language, the place."""
        return tuple(_why(self))

    @property
    def comes_too_late(self) -> bool:
        """Whether a place would come, and only once the window has closed."""
        match = self.match
        return match is not None and any(one.says == TOO_LATE for one in match.reasons)


def matches(
    family: Family,
    wish: Wish,
    listings: Iterable[Listing],
    on: date,
    *,
    programs: Mapping[str, Program],
    questions: Mapping[str, Question],
    table: Iterable[NotAtOnce] = (),
    readings: Readings | None = None,
    terms: Terms | None = None,
) -> list[Found]:
    """The listings that a family could use, best first; those that it cannot stand at the end, each with its reason.

    Left out are listings that expired (as `Listing.stands` says it), that offer something else than was asked for, and that
    do not reach where it lives.
    """
    terms, rules = terms or Terms(), tuple(table)
    since, shown_since = on - terms.term, on - terms.term - terms.grace
    forbidden = (
        {key: beside(program, wish.enrolled, rules) for key, program in programs.items()} if wish.enrolled else {}
    )
    fits: dict[tuple[str, date], tuple[Match | None, tuple[int, int, int]]] = {}
    asked_once = {
        key: prepared(program, family, questions=questions, readings=readings) for key, program in programs.items()
    }

    def fit(key: str, day: date) -> tuple[Match | None, tuple[int, int, int]]:
        """How a program stands on a day of service, asked once for all listings of it, and what that is worth in a row."""
        match = None
        if key in asked_once:
            match = _with(asked_once[key](on, day), forbidden.get(key))
        return fits.setdefault((key, day), (match, _fit(match)))

    rows = []
    for one in listings:
        confirmed = one.confirmed_on
        if (
            confirmed <= shown_since
            or (one.closed_on is not None and one.closed_on <= on)
            or one.offers not in wish.needs
            or (one.reaches and wish.county and wish.county not in one.reaches)
        ):
            continue
        starts = one.opening.starts(on) if one.opening is not None else None
        key = (one.program, starts or on)
        match, worth = fits.get(key) or fit(*key)
        speaks = bool(one.languages & wish.languages) if one.languages and wish.languages else None
        km = one.place.km_to(wish.place) if one.place is not None and wish.place is not None else None
        if not one.reaches and not one.says_where:
            reaches, worth = None, (max(worth[0], ORDER[State.ASK]), *worth[1:])
        else:
            reaches = None if one.reaches and not wish.county else True
        asked = confirmed <= since
        spoken = 1 if speaks is None else (0 if speaks else 2)
        near = FAR if km is None else km
        row = (worth, spoken, starts or date.max, near, reaches is None, asked, one.id.int)
        rows.append((row, Found(one, match, starts, km, speaks, reaches, asked, on)))
    rows.sort(key=itemgetter(0))
    return [found for _row, found in rows]


def _with(match: Match, forbidden: Reason | None) -> Match:
    if forbidden is None:
        return match
    return Match(match.program, State.NO, match.on, (forbidden, *match.reasons), closes=match.closes)


def _fit(match: Match | None) -> tuple[int, int, int]:
    """Fit first, then how much has to be asked; then what closes soon and, of what opens later, what opens first."""
    if match is None:
        return ORDER[State.NOW], 0, SOON.days + 1
    if match.state is State.LATER:
        return ORDER[match.state], 0, (match.opens or date.max).toordinal()
    left = match.days_left
    return ORDER[match.state], len(match.asks), left if left is not None and left <= SOON.days else SOON.days + 1


def _why(found: Found) -> Iterator[Reason]:
    match, starts = found.match, found.starts
    if match is not None:
        yield from match.reasons
        left = match.days_left
        if match.state in {State.NOW, State.ASK} and left is not None and left <= SOON.days:
            yield Reason("time_left", True, N_("%(days)s days are left."), facts={"days": str(left)})
    if starts is None:
        yield Reason("opening", None, N_("Nobody has said when there is a place."))
    elif starts <= found.on:
        yield Reason("opening", True, N_("There is a place now."))
    else:
        yield Reason("opening", True, N_("A place could come on %(day)s."), facts={"day": starts.isoformat()})
    if found.speaks is not None:
        yield Reason(
            "language",
            found.speaks,
            N_("They speak the family's language.") if found.speaks else N_("They do not list the family's language."),
        )
    if found.asks_where:
        yield Reason(
            "where",
            None,
            N_("Where they serve is not known: ask whether they come to you, or take families from where you live."),
        )
    elif found.reaches is None:
        yield Reason("county", None, N_("They serve some counties; in which the family lives is not written down."))
    if found.asked_about:
        yield Reason(
            "confirmed", None, N_("This has not been confirmed lately: ask the program whether it still holds.")
        )
