"""How far a person is from a standard: met, not yet, or cannot tell, line by line, and what is missing. Pure.

An hour more never makes anyone less ready: each line asks for the best that the hours can be read as. The one exception is named
in `standards.Concentration`, which gates nothing. What nobody knows is never a no; what no source says is never met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from inmind.endorsement.portfolio import Portfolio, Rating, Session, Training, Work
from inmind.endorsement.standards import (
    Asked,
    Concentration,
    DegreeAtLeast,
    Edition,
    Kind,
    Needs,
    Number,
    Provider,
    Ratings,
    Requirement,
    RscHours,
    Tag,
    TrainingHours,
    Years,
)
from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import N_, Age, month_reached

HOUR = 60
DAYS_OF_A_MONTH = 30  # ours: what is left over of several periods of work, added up
RATING_VALID_MONTHS = 12  # endorsement.yaml: reference_rating_rules.valid_for_months, high
RATING_UNKNOWN_MOST = (
    6  # endorsement.yaml: reference_rating_rules.invalid_if_not_enough_information_answers_at_least, high
)
MEMBER = "member"
MASTER, BELOW_MASTER = "master", "below_master"  # of a provider's degree, where it is known
NOT_COUNTED: Mapping[Kind, str] = {
    Kind.PEER: N_("It was among peers, without an identified provider."),
    Kind.ADMINISTRATIVE: N_("It was administrative supervision."),
    Kind.CASE_REVIEW: N_("It was a clinical case review without reflection."),
}


class Standing(IntEnum):
    """How a line stands; the higher, the better."""

    NOT_YET = 0
    CANNOT_TELL = 1
    MET = 2


class Unit(StrEnum):
    NONE = ""
    MINUTES = "minutes"
    MONTHS = "months"
    RATINGS = "ratings"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands for a person. has, needs, missing: in `unit`. waiting: what of it is there, but not known or confirmed.

    says: the sentence that tells why, with `facts` in its places. asks: what somebody has to be asked, by name.
    met_on: the day from which the line is met if nothing changes but the day; None where no such day is known.
    parts: of hours that have to be about something, how many are there and how many are needed; in `unit`.
    """

    standing: Standing
    says: str
    has: int | None = None
    needs: int | None = None
    missing: int = 0
    unit: Unit = Unit.NONE
    waiting: int = 0
    asks: tuple[str, ...] = ()
    met_on: date | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[tuple[Tag, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    requirement: Requirement
    line: Line


@dataclass(frozen=True, slots=True)
class Readiness:
    """One edition's findings for a person on a day."""

    edition: Edition
    on: date
    findings: tuple[Finding, ...]

    @property
    def standing(self) -> Standing:
        """The lowest of what gates; encouraged lines change nothing."""
        return min((one.line.standing for one in self.findings if one.requirement.gates), default=Standing.CANNOT_TELL)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether an hour counts: True, False, or None where something has to be asked, and why."""

    counts: bool | None
    says: str


def readiness(edition: Edition, has: Portfolio, on: date) -> Readiness:
    """Every line of an edition that stands on a day, for one person."""
    return Readiness(edition, on, findings(edition.requirements, has, on))


def findings(requirements: Iterable[Requirement], has: Portfolio, on: date) -> tuple[Finding, ...]:
    """How each line that stands on a day is for one person."""
    return tuple(
        Finding(one, _best([look(needs, has, on) for needs in one.any_of])) for one in requirements if one.stands_on(on)
    )


def _best(lines: list[Line]) -> Line:
    """The option that stands best; of those alike, the first, as the source lists them."""
    return max(lines, key=lambda one: one.standing)


def look(needs: Needs, has: Portfolio, on: date) -> Line:
    """How one need stands."""
    return _LOOKS[type(needs)](needs, has, on)


def counts(session: Session, needs: RscHours, has: Portfolio) -> Counted:
    """Whether a session counts for this line, and why. Unconfirmed hours wait."""
    is_among_peers = session.kind is Kind.PEER and needs.peers_count
    if session.kind in NOT_COUNTED and not is_among_peers:
        return Counted(False, NOT_COUNTED[session.kind])
    if not session.confirmed:
        return Counted(None, N_("It waits until both sides have confirmed it."))
    if is_among_peers:
        return Counted(True, N_("Hours among peers count here."))
    if session.provider_holds is None:
        return Counted(None, N_("Nobody has said yet what the provider held on that day."))
    holds = session.provider_holds
    accepted = [one for one in needs.providers if _gives(one, session.on) and one.holds <= holds]
    if any(one.if_degree is None or one.if_degree is has.degree for one in accepted):
        return Counted(True, N_("Its provider held on that day what the standard asks for."))
    if accepted and has.degree is None:
        return Counted(None, N_("Whether it counts depends on your degree, which nobody has said."))
    if not holds & {MASTER, BELOW_MASTER} and any(
        one.holds <= holds | {MASTER} and has.degree in (None, one.if_degree or has.degree)
        for one in needs.providers
        if _gives(one, session.on)
    ):
        return Counted(None, N_("Whether it counts depends on its provider’s degree, which nobody has said."))
    return Counted(False, N_("Its provider did not hold on that day what the standard asks for."))


def _gives(one: Provider, day: date) -> bool:
    return (one.since is None or one.since <= day) and (one.until is None or day <= one.until)


def _unknown(bound: Sourced[int], *asks: str) -> Line | None:
    """A number that no source says, or that one weak source says, gates nothing: it is asked."""
    if bound.is_usable:
        return None
    return Line(Standing.CANNOT_TELL, N_("No source that was read says how much; ask your coordinator."), asks=asks)


def _value(bound: Sourced[int]) -> int:
    assert bound.value is not None
    return bound.value


def _asked(needs: Asked, has: Portfolio, on: date) -> Line:
    is_member = needs.fact == MEMBER and any(one.holds_on(on) for one in has.memberships)
    known = True if is_member else has.facts.get(needs.fact)
    if known is None:
        return Line(Standing.CANNOT_TELL, N_("Nobody has said so yet."), asks=(needs.fact,))
    return Line(Standing.MET, N_("It is on record.")) if known else Line(Standing.NOT_YET, N_("It is not done yet."))


def _degree(needs: DegreeAtLeast, has: Portfolio, on: date) -> Line:
    if has.degree is None:
        return Line(Standing.CANNOT_TELL, N_("Nobody has said which degree you hold."), asks=("degree",))
    met = has.degree >= needs.least
    return (
        Line(Standing.MET, N_("Your degree meets it."))
        if met
        else Line(Standing.NOT_YET, N_("It asks for a higher one."))
    )


def _number(needs: Number, has: Portfolio, on: date) -> Line:
    if line := _unknown(needs.least, needs.of):
        return line
    known, least = has.numbers.get(needs.of), _value(needs.least)
    if known is None:
        return Line(
            Standing.CANNOT_TELL, N_("Nobody has said how many."), needs=least, unit=Unit.COUNT, asks=(needs.of,)
        )
    standing = _standing(known >= least, known >= least)
    return Line(standing, N_("So many are on record."), known, least, max(least - known, 0), Unit.COUNT)


def _years(needs: Years, has: Portfolio, on: date) -> Line:
    if line := _unknown(needs.least, needs.of):
        return line
    least = _value(needs.least) * 12
    rows = [one for one in has.work if one.of == needs.of and one.period.since <= on]
    sure = [one for one in rows if not needs.condition or one.answers.get(needs.condition)]
    perhaps = [one for one in rows if one in sure or one.answers.get(needs.condition) is None]
    months, more = _months(sure, on), _months(perhaps, on)
    asks = (needs.condition,) if more > months else (needs.of,) if not rows else ()
    standing = _standing(months >= least, more >= least or not rows)
    says = N_("So much work of this kind is on record.") if rows else N_("No work of this kind is on record yet.")
    missing = max(least - months, 0)
    return Line(standing, says, months, least, missing, Unit.MONTHS, more - months, asks, _worked_by(sure, missing, on))


def _months(rows: Iterable[Work], on: date) -> int:
    """Completed months of work up to a day; months in which two kinds of work overlap are counted once."""
    months = days = 0
    for since, until in _stretches(rows, on):
        age = Age.between(since, until)
        months, days = months + age.months, days + age.days
    return months + days // DAYS_OF_A_MONTH


def _stretches(rows: Iterable[Work], on: date) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    ends = [(one.period.since, min(one.period.until or on, on)) for one in rows]
    for since, until in sorted(ends):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _worked_by(rows: list[Work], missing: int, on: date) -> date | None:
    """The day on which work that still runs is surely long enough, if it goes on."""
    return month_reached(on, missing) if missing and any(one.period.holds_on(on) for one in rows) else None


def _ratings(needs: Ratings, has: Portfolio, on: date) -> Line:
    if line := _unknown(needs.total, "ratings"):
        return line
    total = _value(needs.total)
    fresh = [one for one in has.ratings if one.on <= on < month_reached(one.on, RATING_VALID_MONTHS)]
    sure = [one for one in fresh if one.unknown_answers is not None and one.unknown_answers < RATING_UNKNOWN_MOST]
    perhaps = [one for one in fresh if one.unknown_answers is None or one in sure]
    standing = _standing(_rated(needs, total, sure), _rated(needs, total, perhaps))
    lacking = tuple(role for role, least in needs.of_role.items() if sum(role in one.roles for one in sure) < least)
    says = N_("One of those who rate you still has to be: %(roles)s.") if lacking else N_("So many ratings are valid.")
    facts = {"roles": ", ".join(lacking)} if lacking else {}
    missing = max(total - len(sure), 0)
    return Line(standing, says, len(sure), total, missing, Unit.RATINGS, len(perhaps) - len(sure), facts=facts)


def _rated(needs: Ratings, total: int, rows: list[Rating]) -> bool:
    return len(rows) >= total and all(
        sum(role in one.roles for one in rows) >= least for role, least in needs.of_role.items()
    )


def _training(needs: TrainingHours, has: Portfolio, on: date) -> Line:
    if line := _unknown(needs.least, "training"):
        return line
    past = [one for one in has.trainings if one.on <= on and one.domains]
    unmapped = sum(one.minutes for one in has.trainings if one.on <= on and not one.domains)
    total, least = sum(one.minutes for one in past), _value(needs.least) * HOUR
    short = {tag: hours * HOUR - _tagged(past, tag) for tag, hours in needs.within.items()}
    short = {tag: minutes for tag, minutes in short.items() if minutes > 0}
    met = total >= least and not short
    facts = {"of": ", ".join(short)} if short else {}
    says = N_("Hours of these are still missing: %(of)s.") if short else N_("So many hours of training are on record.")
    # What is missing of one tag is missing of the whole, even where the whole is long enough.
    missing = max(least - total, sum(short.values()), 0)
    return Line(_standing(met, met), says, total, least, missing, Unit.MINUTES, unmapped, facts=facts)


def _tagged(rows: Iterable[Training], tag: Tag) -> int:
    return sum(one.minutes for one in rows if tag in one.tags)


@dataclass(frozen=True, slots=True)
class _Read:
    """A session that counts, and as what."""

    on: date
    minutes: int
    counts_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What the best stretch of sessions holds: minutes, what is missing of them, until when it has to go on, and its parts
    as `Line` has them."""

    met: bool
    minutes: int
    missing: int
    until: date | None = None
    parts: tuple[tuple[Tag, int, int], ...] = ()


def _rsc(needs: RscHours, has: Portfolio, on: date) -> Line:
    if line := _unknown(needs.least, "rsc"):
        return line
    least = _value(needs.least) * HOUR
    verdicts = [(one, counts(one, needs, has).counts) for one in has.sessions if one.on <= on]
    best = _stretch(needs, [_read(one, hopefully=False) for one, counted in verdicts if counted])
    is_sure = all(counted is not None and one.about_rsc_given is not None for one, counted in verdicts)
    hopeful = [_read(one, hopefully=True) for one, counted in verdicts if counted is not False and not is_sure]
    hoped = best if is_sure else _stretch(needs, hopeful)
    waits = max(best.missing - hoped.missing, 0)
    says = N_("So many hours count; they must go on over more months.") if best.until else N_("So many hours count.")
    standing = _standing(best.met, hoped.met)
    there, until = best.minutes, best.until
    return Line(standing, says, there, least, best.missing, Unit.MINUTES, waits, met_on=until, parts=best.parts)


def _read(one: Session, *, hopefully: bool) -> _Read:
    about = hopefully if one.about_rsc_given is None else one.about_rsc_given
    of = [(Tag.ABOUT_RSC_GIVEN, about), (Kind.INDIVIDUAL, one.kind is Kind.INDIVIDUAL)]
    return _Read(one.on, one.minutes, ("all", *(name for name, is_so in of if is_so)))


def _stretch(needs: RscHours, sessions: list[_Read]) -> _Stretch:
    """The best stretch of sessions within the months that the standard sets.

    For each first session the farthest last one holds the most minutes and the most months, so that no other is looked at.
    """
    rows = sorted(sessions, key=lambda one: one.on)
    window = needs.window
    most = window.most.value if window.most and window.most.is_usable else None
    span = window.least.value if window.least and window.least.is_usable else None
    least = _value(needs.least) * HOUR
    sums: Counter[str] = Counter()
    best = _Stretch(least == 0, 0, least, parts=_parts(needs, sums))
    end = 0
    for start, first in enumerate(rows):
        close = month_reached(first.on, most) if most is not None else date.max
        while end < len(rows) and rows[end].on < close:
            _add(sums, rows[end], 1)
            end += 1
        best = max(best, _of(needs, sums, first.on, rows[end - 1].on, span), key=_rank)
        if most is None:
            break
        _add(sums, rows[start], -1)
    return best


def _rank(one: _Stretch) -> tuple[bool, int, date]:
    """Best is what is met, then what misses least, then what may end soonest."""
    return one.met, -one.missing, date.min + (date.max - (one.until or date.min))


def _add(sums: Counter[str], one: _Read, sign: int) -> None:
    for name in one.counts_as:
        sums[name] += sign * one.minutes


def _of(needs: RscHours, sums: Counter[str], first: date, last: date, span: int | None) -> _Stretch:
    least = _value(needs.least) * HOUR
    short = [hours * HOUR - sums[tag] for tag, hours in needs.within.items()]
    if needs.individual_least is not None and needs.individual_least.is_usable:
        short.append(_value(needs.individual_least) * HOUR - sums[Kind.INDIVIDUAL])
    missing = max(least - sums["all"], *short, 0)
    until = month_reached(first, span) if span is not None else first
    is_long = last >= until - timedelta(days=1)
    open_until = None if is_long or missing else until
    return _Stretch(missing == 0 and is_long, sums["all"], missing, open_until, _parts(needs, sums))


def _parts(needs: RscHours, sums: Counter[str]) -> tuple[tuple[Tag, int, int], ...]:
    return tuple((tag, sums[tag], hours * HOUR) for tag, hours in needs.within.items())


def _concentration(needs: Concentration, has: Portfolio, on: date) -> Line:
    """Looked at over all confirmed sessions: an hour with one provider more can undo it, which is why it gates nothing."""
    by: Counter[Any] = Counter()
    for one in has.sessions:
        if one.on <= on and one.confirmed and one.kind not in NOT_COUNTED:
            by[one.provider] += one.minutes
    if not by:
        return Line(Standing.NOT_YET, N_("No hours are on record yet."))
    first = by.most_common(1)[0][1]
    met = first * 2 > sum(by.values()) and len(by) <= needs.others + 1
    says = N_("Most hours are with one provider.") if met else N_("Reviewers look for most hours with one provider.")
    return Line(_standing(met, met), says)


def _standing(is_met: bool, may_be: bool) -> Standing:
    return Standing.MET if is_met else Standing.CANNOT_TELL if may_be else Standing.NOT_YET


_LOOKS: Mapping[type, Callable[[Any, Portfolio, date], Line]] = {
    Asked: _asked,
    DegreeAtLeast: _degree,
    Number: _number,
    Years: _years,
    Ratings: _ratings,
    TrainingHours: _training,
    RscHours: _rsc,
    Concentration: _concentration,
}
