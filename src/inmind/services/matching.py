"""What fits a family, best first, each saying why: by fit, by the time left, by language, by opening, by distance. Pure.

An entitlement stands by itself: it is a right with a clock of its own, and no place in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from inmind.foundation.values import N_
from inmind.services.beside import NotAtOnce, beside
from inmind.services.eligibility import Family, Match, Readings, Reason, State, eligible
from inmind.services.listing import Listing, Offers, Place, Standing
from inmind.services.program import Program
from inmind.services.questions import Question

ORDER = {State.NOW: 0, State.ASK: 1, State.LATER: 2, State.NO: 3}
SOON = timedelta(days=30)  # ours: a window that closes within so many days is said first


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


@dataclass(frozen=True, slots=True)
class Found:
    """One listing beside a family. starts: when service could begin, None where nobody has said; km: how far away."""

    listing: Listing
    match: Match | None
    starts: date | None
    km: float | None
    speaks: bool | None
    asked_about: bool
    why: tuple[Reason, ...]

    @property
    def state(self) -> State:
        return State.NOW if self.match is None else self.match.state


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

    Left out are listings that expired, that offer something else than was asked for, and that do not reach where it lives.
    """
    terms, rules = terms or Terms(), tuple(table)
    known: dict[tuple[str, date], Match] = {}
    forbidden = (
        {key: beside(program, wish.enrolled, rules) for key, program in programs.items()} if wish.enrolled else {}
    )

    def match(key: str, starts: date) -> Match:
        if (key, starts) not in known:
            there = eligible(programs[key], family, on, questions=questions, starts=starts, readings=readings)
            known[key, starts] = _with(there, forbidden.get(key))
        return known[key, starts]

    found = []
    for one in listings:
        stands = one.stands(on, terms.term, terms.grace)
        if (
            stands is Standing.EXPIRED
            or one.offers not in wish.needs
            or (one.reaches and wish.county not in one.reaches)
        ):
            continue
        starts = one.opening.starts(on) if one.opening else None
        fits = match(one.program, starts or on) if one.program in programs else None
        speaks = bool(one.languages & wish.languages) if one.languages and wish.languages else None
        km = one.place.km_to(wish.place) if one.place and wish.place else None
        asked = stands is Standing.ASKED
        found.append(Found(one, fits, starts, km, speaks, asked, tuple(_why(fits, starts, speaks, asked, on))))
    return sorted(found, key=_place_in_row)


def _with(match: Match, forbidden: Reason | None) -> Match:
    if forbidden is None:
        return match
    return Match(match.program, State.NO, match.on, (forbidden, *match.reasons), closes=match.closes)


def _place_in_row(found: Found) -> tuple[object, ...]:
    """Fit first; then what closes soon, what is spoken, what opens first, what is near; what is not known after what is."""
    match = found.match
    left = match.days_left if match is not None else None
    soon = left if left is not None and left <= SOON.days else SOON.days + 1
    questions = len(match.asks) if match else 0
    return (
        ORDER[found.state],
        questions,
        soon,
        {True: 0, None: 1, False: 2}[found.speaks],
        found.starts or date.max,
        float("inf") if found.km is None else found.km,
        found.asked_about,
        str(found.listing.id),
    )


def _why(match: Match | None, starts: date | None, speaks: bool | None, asked: bool, on: date) -> Iterator[Reason]:
    if match is not None:
        yield from match.reasons
        left = match.days_left
        if match.state in {State.NOW, State.ASK} and left is not None and left <= SOON.days:
            yield Reason("time_left", True, N_("%(days)s days are left."), facts={"days": str(left)})
    if starts is None:
        yield Reason("opening", None, N_("Nobody has said when there is a place."))
    elif starts <= on:
        yield Reason("opening", True, N_("There is a place now."))
    else:
        yield Reason("opening", True, N_("A place could come on %(day)s."), facts={"day": starts.isoformat()})
    if speaks is not None:
        yield Reason(
            "language",
            speaks,
            N_("They speak the family's language.") if speaks else N_("They do not list the family's language."),
        )
    if asked:
        yield Reason("confirmed", None, N_("This has not been confirmed lately; the program is being asked."))
