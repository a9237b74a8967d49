"""Worked examples of each number that a standard or a renewal asks: somebody who just meets it, and somebody who just does not.

Pure. Made from the rules themselves, held against the engine by a test, and printed into the reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from inmind.endorsement.portfolio import Portfolio, Rating, Session, Training, Work
from inmind.endorsement.readiness import RATING_UNKNOWN_MOST, RATING_VALID_MONTHS, Standing
from inmind.endorsement.renewal import Renewal
from inmind.endorsement.sheet import hours
from inmind.endorsement.standards import (
    Edition,
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
from inmind.foundation.values import Period, month_reached

HOUR = 60
DOMAIN = frozenset({"reflection"})
ABOUT = {
    Tag.GIVING_RSC: "about giving reflective supervision",
    Tag.EQUITY: "about diversity, equity and inclusion",
    Tag.ABOUT_RSC_GIVEN: "about supervision given",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One line and what somebody has: how it stands, and what is missing in minutes, months, ratings or a count."""

    says: str
    needs: Needs
    has: Portfolio
    on: date
    standing: Standing
    missing: int = 0


def of_edition(edition: Edition, on: date) -> Iterator[tuple[Requirement, Example]]:
    """Each line of an edition with its examples; each on a day on which the line stands."""
    for line in edition.requirements:
        day = min(on, line.until) if line.until else max(on, line.since) if line.since else on
        yield from ((line, one) for one in of_line(line, day))


def of_renewal(renewal: Renewal, on: date) -> Iterator[tuple[str, Requirement, Example]]:
    """Each clause of a regime with its examples, and of whom it is asked."""
    for clause in renewal.clauses:
        whom = ", ".join([*sorted(clause.categories), *sorted(clause.only_if)]) or "all"
        yield from ((whom, clause.line, one) for one in of_line(clause.line, on))


def of_line(line: Requirement, on: date) -> Iterator[Example]:
    """The examples of each need of a line that has a number."""
    for needs in line.any_of:
        match needs:
            case TrainingHours():
                yield from _training(needs, on)
            case RscHours():
                yield from _rsc(needs, on)
            case Years(of, least, condition) if least.is_usable and least.value:
                yield from _years(of, least.value, condition, needs, on)
            case Number(of, least) if least.is_usable and least.value:
                yield from _number(of, least.value, needs, on)
            case Ratings(total) if total.is_usable and total.value:
                yield from _ratings(total.value, needs, on)


def _training(needs: TrainingHours, on: date) -> Iterator[Example]:
    if not needs.least.is_usable or needs.least.value is None:
        return
    least = needs.least.value

    def has(total: int, within: dict[Tag, int]) -> Portfolio:
        rows = [Training(on, part, frozenset({tag}), DOMAIN) for tag, part in within.items() if part]
        rest = total - sum(within.values())
        return Portfolio(trainings=(*rows, Training(on, rest, domains=DOMAIN)) if rest > 0 else tuple(rows))

    whole = {tag: hours_ * HOUR for tag, hours_ in needs.within.items()}
    yield Example(_said(least * HOUR, whole), needs, has(least * HOUR, whole), on, Standing.MET)
    if sum(whole.values()) < least * HOUR:
        short = least * HOUR - 30
        yield Example(_said(short, whole), needs, has(short, whole), on, Standing.NOT_YET, 30)
    for tag in whole:
        less = whole | {tag: whole[tag] - HOUR}
        yield Example(_said(least * HOUR, less), needs, has(least * HOUR, less), on, Standing.NOT_YET, HOUR)


def _said(total: int, within: dict[Tag, int]) -> str:
    parts = [f"{hours(part)} of them {ABOUT[tag]}" for tag, part in within.items()]
    return ", ".join([f"{hours(total)} hours of training", *parts])


def _rsc(needs: RscHours, on: date) -> Iterator[Example]:
    if not needs.least.is_usable or needs.least.value is None:
        return
    least, about = needs.least.value, needs.within.get(Tag.ABOUT_RSC_GIVEN, 0)
    giver = next(one for one in needs.providers if one.if_degree is None and one.until is None)
    span = needs.window.least.value if needs.window.least and needs.window.least.is_usable else None
    spread = (span or 12) + 1

    def has(minutes: int, purpose: int, months: int = spread) -> Portfolio:
        return Portfolio(sessions=tuple(_sessions(minutes, purpose, months, giver, on)))

    words = f"{least} hours, each with somebody who held {' + '.join(sorted(giver.holds))} on its day"
    words += f", {about} of them {ABOUT[Tag.ABOUT_RSC_GIVEN]}" if about else ""
    yield Example(f"{words}, over {spread} months", needs, has(least * HOUR, about * HOUR), on, Standing.MET)
    short = least * HOUR - HOUR
    if about * HOUR <= short:
        yield Example(
            f"{hours(short)} hours, else as above", needs, has(short, about * HOUR), on, Standing.NOT_YET, HOUR
        )
    if about:
        less = Example(
            f"{least} hours, {about - 1} of them {ABOUT[Tag.ABOUT_RSC_GIVEN]}",
            needs,
            has(least * HOUR, (about - 1) * HOUR),
            on,
            Standing.NOT_YET,
            HOUR,
        )
        yield less
    if span is not None:
        hurried = has(least * HOUR, about * HOUR, 3)
        yield Example(f"{least} hours within 3 months: {span} months at least", needs, hurried, on, Standing.NOT_YET)


def _sessions(minutes: int, purpose: int, months: int, giver: Provider, on: date) -> Iterator[Session]:
    """Hours spread evenly over months, the first of them about supervision given where some are."""
    count = minutes // HOUR
    first = on - timedelta(days=months * 30)
    step = (on - first) / max(count - 1, 1)
    for place in range(count):
        yield Session(first + step * place, HOUR, "one", giver.holds, about_rsc_given=place * HOUR < purpose)


def _years(of: str, least: int, condition: str, needs: Years, on: date) -> Iterator[Example]:
    answers = {condition: True} if condition else {}
    for months, standing, missing in ((least * 12, Standing.MET, 0), (least * 12 - 1, Standing.NOT_YET, 1)):
        since = next(
            day for back in range(400 * least + 400) if month_reached(day := on - timedelta(days=back), months) <= on
        )
        has = Portfolio(work=(Work(of, Period(since), answers),))
        yield Example(f"{months} completed months of work", needs, has, on, standing, missing)


def _number(of: str, least: int, needs: Number, on: date) -> Iterator[Example]:
    for count, standing in ((least, Standing.MET), (least - 1, Standing.NOT_YET)):
        yield Example(f"{count} of them", needs, Portfolio(numbers={of: count}), on, standing, least - count)


def _ratings(total: int, needs: Ratings, on: date) -> Iterator[Example]:
    every = Rating(on, frozenset(needs.of_role))
    enough = (every,) * total
    yield Example(f"{total} references, from whom they have to be", needs, Portfolio(ratings=enough), on, Standing.MET)
    yield Example(f"{total - 1} references", needs, Portfolio(ratings=enough[1:]), on, Standing.NOT_YET, 1)
    old = Rating(_months_ago(on, RATING_VALID_MONTHS), every.roles)
    says = f"{total} references, one of them {RATING_VALID_MONTHS} months old"
    yield Example(says, needs, Portfolio(ratings=(*enough[1:], old)), on, Standing.NOT_YET, 1)
    vague = Rating(on, every.roles, RATING_UNKNOWN_MOST)
    says = f"{total} references, one with {RATING_UNKNOWN_MOST} answers of “not enough information”"
    yield Example(says, needs, Portfolio(ratings=(*enough[1:], vague)), on, Standing.NOT_YET, 1)


def _months_ago(on: date, months: int) -> date:
    return next(day for back in range(40 * months) if month_reached(day := on - timedelta(days=back), months) <= on)
