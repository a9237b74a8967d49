"""What fits somebody who says little: a child's age in months or in years, or a month in which one is expected. Pure.

What was said leaves a stretch of days open on which the child could have been born. Each program is asked for the youngest and
for the oldest child that this could be: where both agree it is so, and where they do not, only the program can say. A program
that begins to be open as a child grows, and one that closes, does so once, so that nothing happens in between.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from inmind.foundation.values import Age, month_reached
from inmind.services.finder.wonders import Right, Wonder, Wonders
from inmind.services.fitting.beside import NotAtOnce
from inmind.services.fitting.eligibility import TERM, Family, Match, Readings, Reason, State
from inmind.services.fitting.matching import ORDER, Found, Terms, Wish, matches
from inmind.services.fitting.program import Program
from inmind.services.fitting.questions import Of, Question
from inmind.services.listings.listing import Listing, Offers

DAY = timedelta(days=1)
YEARS = range(6)
SOON = 12  # months, ours: what opens later than that is not told yet
MONTHS_AHEAD = 10  # of a month in which a child is expected, with the one that runs


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody chose; all of it may be left out. months: beyond the whole years, None where only the years are known.
    due: the first day of a month."""

    expecting: bool = False
    due: date | None = None
    years: int | None = None
    months: int | None = None
    county: str = ""
    language: str = ""
    wonders: tuple[Wonder, ...] = ()

    @property
    def is_born(self) -> bool:
        return not self.expecting and (self.years is not None or self.months is not None)

    @property
    def helps_first(self) -> bool:
        """Whether the help lines come before everything else."""
        return any(one.help for one in self.wonders)

    def is_about(self, offers: Offers) -> bool:
        return any(offers in one.offers for one in self.wonders)


@dataclass(frozen=True, slots=True)
class Closing:
    """When something closes for this child: between two days, at an age in months or a week of the pregnancy where the program
    names one. left: completed months from today to each of the two days."""

    first: date
    last: date
    left: tuple[int, int]
    months: int | None = None
    week: int | None = None
    at_birth: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """What a program may ask before it says yes; one_is_enough: of several."""

    questions: tuple[Question, ...]
    one_is_enough: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """One listing beside what was said. by_age: only the program can say whether the child's age fits."""

    found: Found
    state: State
    closes: Closing | None = None
    opens: tuple[int, int] | None = None
    asks: tuple[Asks, ...] = ()
    by_age: bool = False
    too_late: bool = False

    @property
    def listing(self) -> Listing:
        return self.found.listing


@dataclass(frozen=True, slots=True)
class Entitled:
    """A right that this child has or may have, with the places nearby that answer for it."""

    right: Right
    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Rights apart; then what is open or may be, what opens later, and where a place would come too late."""

    rights: tuple[Entitled, ...]
    now: tuple[Fit, ...]
    later: tuple[Fit, ...]
    too_late: tuple[Fit, ...]


def could_be(said: Said, on: date) -> tuple[Family, Family]:
    """The youngest and the oldest child that somebody could mean; of one that is expected, the latest and the earliest day."""
    answers = dict.fromkeys((key for wonder in said.wonders for key in wonder.answers), True)
    if said.expecting:
        first = max(said.due, on) if said.due else on
        last = _next_month(said.due) - DAY if said.due else on + TERM
        return Family(expected=last, answers=answers), Family(expected=first, answers=answers)
    if not said.is_born:
        nobody = Family(answers=answers)
        return nobody, nobody
    years, months = said.years or 0, said.months
    low = 12 * years + (months or 0)
    high = low if months is not None else low + 11
    oldest = _youngest_of(high + 1, on) + DAY
    return Family(born=_youngest_of(low, on), answers=answers), Family(born=oldest, answers=answers)


def find(
    said: Said,
    listings: Iterable[Listing],
    on: date,
    *,
    programs: Mapping[str, Program],
    questions: Mapping[str, Question],
    wonders: Wonders,
    table: Iterable[NotAtOnce] = (),
    readings: Readings | None = None,
    terms: Terms | None = None,
) -> Findings:
    """What fits what was said, as `matches` sorts it; what is not known is to be asked, and is never a no.

    Listings of programs that this house does not know are shown as something to ask about.
    """
    needs, categories = _shelves(said.wonders)
    near = [one for one in listings if _is_on(one, needs, categories, programs)]
    wish = Wish(needs, frozenset({said.language} - {""}), said.county)
    known = {"programs": programs, "questions": questions, "table": tuple(table), "readings": readings, "terms": terms}
    young, old = could_be(said, on)
    of_the_old = matches(old, wish, near, on, **known)  # type: ignore[arg-type]
    of_the_young = {one.listing.id: one for one in of_the_old}
    if young != old:
        of_the_young = {one.listing.id: one for one in matches(young, wish, near, on, **known)}  # type: ignore[arg-type]
    alike: dict[tuple[int, int, Offers, bool], Fit] = {}  # listings of one program that begin on one day fit alike
    fits = []
    for one in of_the_old:
        other = of_the_young[one.listing.id]
        key = id(one.match), id(other.match), one.listing.offers, one.asks_where
        if key not in alike:
            alike[key] = _fit(one, other, programs.get(one.listing.program), young, questions, on)
        fits.append(replace(alike[key], found=one))
    # Who did not ask for safety at home may have somebody beside her: it does not stand first.
    last = None if said.is_about(Offers.SAFETY_AT_HOME) else Offers.SAFETY_AT_HOME
    # Who speaks another language comes after those who speak hers, however well it fits.
    fits.sort(key=lambda fit: (ORDER[fit.state], fit.found.speaks is False, fit.by_age, fit.listing.offers is last))
    entitled = {key for key, one in programs.items() if one.is_entitlement}
    rest = [fit for fit in fits if fit.listing.program not in entitled]
    return Findings(
        rights=tuple(_rights(said, fits, wonders, programs, young, old, on)),
        now=tuple(fit for fit in rest if fit.state in {State.NOW, State.ASK}),
        later=tuple(fit for fit in rest if fit.opens is not None and fit.opens[0] < SOON),
        too_late=tuple(fit for fit in rest if fit.too_late),
    )


def _shelves(wonders: tuple[Wonder, ...]) -> tuple[frozenset[Offers], frozenset[str] | None]:
    """Which offers are looked for, and programs of which categories; None: of all. Who chose nothing sees everything."""
    if not wonders:
        return frozenset(Offers), None
    offers = frozenset(offer for one in wonders for offer in one.offers) | {
        Offers.PROGRAM
    }  # rights are always looked for
    return offers, frozenset(category for one in wonders for category in one.categories)


def _is_on(
    one: Listing, needs: frozenset[Offers], categories: frozenset[str] | None, programs: Mapping[str, Program]
) -> bool:
    if one.offers is not Offers.PROGRAM or categories is None:
        return one.offers in needs
    program = programs.get(one.program)
    return program is not None and (program.category in categories or program.is_entitlement)


def _fit(
    old: Found, young: Found, program: Program | None, youngest: Family, questions: Mapping[str, Question], on: date
) -> Fit:
    """One listing, from how it stands to the oldest and to the youngest child that was meant."""
    if program is None or old.match is None or young.match is None:
        return Fit(old, State.ASK if old.listing.offers is Offers.PROGRAM else old.state)
    state = old.state if old.state is young.state else State.ASK
    if state is State.NO:
        return Fit(old, state, too_late=old.comes_too_late)
    opens = None
    if state is State.LATER and old.match.opens and young.match.opens:
        opens = (_whole_months(on, old.match.opens), _months_up(on, young.match.opens))
    return Fit(
        old,
        state,
        closes=_closing(old.match, young.match, youngest, program, on),
        opens=opens,
        asks=tuple(_asks(young.match if young.match.asks else old.match, questions)),
        by_age=old.state is not young.state or any(map(_is_of_age, (*old.match.reasons, *young.match.reasons))),
    )


def _closing(old: Match, young: Match, youngest: Family, program: Program, on: date) -> Closing | None:
    days = [day for day in (old.closes, young.closes) if day is not None and on < day < date.max]
    if not days:
        return None
    window, expected = program.window, youngest.expected
    week = window.to_week if expected else None
    ends, begins = window.to_month, youngest.born or expected
    is_age = ends is not None and begins is not None and young.closes == month_reached(begins, ends.value or 0)
    return Closing(
        min(days),
        max(days),
        (_whole_months(on, min(days)), _months_up(on, max(days))),
        months=ends.value if ends and is_age else None,
        week=week.value if week else None,
        at_birth=expected is not None and not week and window.after_birth is False,
    )


def _is_of_age(reason: Reason) -> bool:
    """Whether a reason leaves open whether the age fits, as the program's sites read it."""
    return reason.holds is None and ("months" in reason.facts or "week" in reason.facts or reason.rule in _OF_AGE)


_OF_AGE = frozenset({"before_birth", "after_birth", "school_entry", "born_or_expected"})


def _asks(match: Match, questions: Mapping[str, Question]) -> Iterator[Asks]:
    """What they may ask of the family or look at with a clinician; what the program decides itself is not asked here."""
    for reason in match.reasons:
        keys = reason.facts.get("asks", reason.rule).split() if reason.holds is None else []
        some = tuple(
            questions[key] for key in keys if key in questions and questions[key].of in {Of.FAMILY, Of.CLINICIAN}
        )
        if some:
            yield Asks(some, one_is_enough=len(some) > 1)


def _rights(
    said: Said,
    fits: list[Fit],
    wonders: Wonders,
    programs: Mapping[str, Program],
    young: Family,
    old: Family,
    on: date,
) -> Iterator[Entitled]:
    """The rights of a child of this age; of every child where no age was said, and of none that is still expected."""
    if said.expecting:
        return
    for right in wonders.rights:
        window = programs[right.program].window
        opens = window.from_month.value or 0 if window.from_month else 0
        closes = window.to_month.value if window.to_month else None
        too_young = old.born is not None and on < month_reached(old.born, opens)
        too_old = young.born is not None and closes is not None and on >= month_reached(young.born, closes)
        if not too_young and not too_old:
            there = (fit for fit in fits if fit.listing.program == right.program and fit.state is not State.NO)
            yield Entitled(right, tuple(there))


def _youngest_of(months: int, on: date) -> date:
    """The latest day of birth of a child who has completed so many months on a day."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _next_month(first: date) -> date:
    return month_reached(first, 1)


def _whole_months(on: date, day: date) -> int:
    """Completed months from a day to a later one."""
    return Age.between(on, day).months


def _months_up(on: date, day: date) -> int:
    """Months from a day to a later one, a begun one counted."""
    gone = Age.between(on, day)
    return gone.months + (gone.days > 0)
