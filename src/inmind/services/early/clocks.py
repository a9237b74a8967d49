"""The clocks of early intervention: days that run, days that count, and what is due before a third birthday. Pure.

Elapsed days run on whatever happens. Only what the family's own circumstances hold up, and what is written down as that, stops
the days that count; a waiting list never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inmind.foundation.catalogs import Entry, Sourced, distinct, known_source, sourced
from inmind.foundation.values import Period, month_reached
from inmind.services.fitting.program_file import sources_of

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long each step may take, in calendar days; months are completed since the birth. pauses: what stops the count."""

    refer_within: Sourced[int]
    plan_within: Sourced[int]
    pauses: Mapping[str, str]
    transition_opens_months_before: Sourced[int]
    transition_due_days_before: Sourced[int]
    late_referral_days_before: Sourced[int]
    ends_at_month: Sourced[int]
    must_refer_below_month: Sourced[int]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Days:
    """How a referral stands on a day: days since it was received, and those of them that count.

    due: the last day on which the first plan meeting is in time. While something stops the count it moves with each day, and
    says where it would be if the count went on today.
    """

    elapsed: int
    countable: int
    due: date
    stands_still: bool

    def is_late(self, on: date) -> bool:
        return on > self.due


class Way(StrEnum):
    """Where a child goes that is referred on a day."""

    EARLY_INTERVENTION = "early_intervention"
    DISTRICT = "district"  # with consent: too late for an evaluation here
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Transition:
    """The steps before a third birthday: from when on they may be taken, and by when at the latest."""

    opens: date
    due: date
    ends: date

    @property
    def last_day(self) -> date:
        """The last one on which early intervention can do anything."""
        return self.ends - ONE


def load(sheet: Entry) -> Clocks:
    """The clocks of the file. Raises BadCatalog with the file, the line and the reason."""
    numbers = (
        "refer_within plan_within transition_opens_months_before transition_due_days_before late_referral_days_before "
        "ends_at_month must_refer_below_month"
    )
    said = sheet.fields(f"title edition date key licence sources pauses {numbers}")
    said["date"].day()
    sources = sources_of(said["sources"])
    found = {name: _known(said[name], sources) for name in numbers.split()}
    pauses = [one.fields("key source confidence") for one in said["pauses"].entries()]
    distinct(said["pauses"].entries(), [one["key"].text() for one in pauses])
    why = {one["key"].text(): known_source(one["source"], sources) for one in pauses}
    return Clocks(pauses=why, sources=sources, **found)


def _known(entry: Entry, sources: Mapping[str, str]) -> Sourced[int]:
    found = sourced(entry, sources, Entry.whole)
    if not found.is_usable or number(found) < 1:
        raise entry.wrong("a clock needs a number of one or more, known with more than low confidence")
    return found


def number(found: Sourced[int]) -> int:
    return found.value or 0


def cited(clocks: Clocks, found: Sourced[int]) -> str:
    """The document behind a number."""
    return clocks.sources.get(found.source, "")


def refer_by(clocks: Clocks, identified: date) -> date:
    """The last day on which a child that was identified on a day is referred in time."""
    return identified + timedelta(number(clocks.refer_within))


def days(clocks: Clocks, received: date, on: date, pauses: Iterable[Period] = ()) -> Days:
    """The days of a referral. `received` is day 0; a pause holds from its first day up to, not including, its last."""
    stopped = _apart(pauses)
    elapsed = max(0, (on - received).days)
    countable = elapsed - sum(_within(one, received + ONE, received + ONE * elapsed) for one in stopped)
    left, due = number(clocks.plan_within), received
    for one in stopped:
        until = one.until or max(one.since, on + ONE)  # what still holds up has held up to the end of today
        runs = (one.since - ONE - due).days
        if until <= due + ONE:
            continue
        if left <= max(0, runs):
            break
        left, due = left - max(0, runs), until - ONE
    return Days(elapsed, countable, due + timedelta(left), any(one.holds_on(on) for one in stopped))


def _apart(pauses: Iterable[Period]) -> list[Period]:
    """The same days as pauses that neither touch nor overlap, in their order."""
    found: list[Period] = []
    for one in sorted(pauses, key=lambda period: period.since):
        if found and (found[-1].until is None or one.since <= found[-1].until):
            before = found[-1]
            until = None if before.until is None or one.until is None else max(before.until, one.until)
            found[-1] = Period(before.since, until)
        else:
            found.append(one)
    return found


def _within(one: Period, first: date, last: date) -> int:
    """How many days from `first` to `last`, both counted, lie in a period."""
    until = last if one.until is None else min(last, one.until - ONE)
    return max(0, (until - max(first, one.since)).days + 1)


def way(clocks: Clocks, born: date, on: date) -> Way:
    """Where a child is referred to on a day: fewer days than the law names before the third birthday, to the district."""
    ends = month_reached(born, number(clocks.ends_at_month))
    if on >= ends:
        return Way.TOO_OLD
    return Way.DISTRICT if (ends - on).days < number(clocks.late_referral_days_before) else Way.EARLY_INTERVENTION


def transition(clocks: Clocks, born: date) -> Transition:
    """The days of the steps before the third birthday."""
    ends_at = number(clocks.ends_at_month)
    ends = month_reached(born, ends_at)
    opens = month_reached(born, ends_at - number(clocks.transition_opens_months_before))
    return Transition(opens, ends - timedelta(number(clocks.transition_due_days_before)), ends)


def must_be_referred(clocks: Clocks, born: date, on: date, *, is_subject: bool) -> bool:
    """Whether a law asks for a referral after a substantiated case: of the child who is its subject, while it is young."""
    return is_subject and born <= on < month_reached(born, number(clocks.must_refer_below_month))
