"""A child's way through early intervention: its days in their order, and what comes next, by when and whose it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Period
from inmind.services.early import clocks as clock
from inmind.services.early.clocks import Clocks, Way

PART_C, DISTRICT_PROGRAM = "part_c", "part_b_619"  # the keys of the two programs of the law, in the catalog


class Day(StrEnum):
    """The days of a case, as they are stored."""

    IDENTIFIED = "identified_on"
    REFERRED = "referred_on"
    RECEIVED = "received_on"
    EVALUATED = "evaluated_on"
    PLAN_MET = "plan_met_on"
    DISTRICT = "district_on"


DAYS: Mapping[Day, str] = {
    Day.IDENTIFIED: N_("Somebody saw that this child should be looked at"),
    Day.REFERRED: N_("Referred to early intervention"),
    Day.RECEIVED: N_("Early intervention has the referral"),
    Day.EVALUATED: N_("Evaluated"),
    Day.PLAN_MET: N_("First plan meeting held"),
    Day.DISTRICT: N_("Referred to the school district"),
}
# Which day comes before which.
AFTER: tuple[tuple[Day, Day], ...] = (
    (Day.IDENTIFIED, Day.REFERRED),
    (Day.IDENTIFIED, Day.RECEIVED),
    (Day.IDENTIFIED, Day.DISTRICT),
    (Day.REFERRED, Day.RECEIVED),
    (Day.RECEIVED, Day.EVALUATED),
    (Day.RECEIVED, Day.PLAN_MET),
)


class Step(StrEnum):
    """What is done before the third birthday."""

    PLAN = "plan"
    DISTRICT = "district"
    CONFERENCE = "conference"


STEPS: Mapping[Step, str] = {
    Step.PLAN: N_("The steps that come next stand in the plan"),
    Step.DISTRICT: N_("The school district was told"),
    Step.CONFERENCE: N_("The conference was held, with the family’s approval"),
}

# Why the days that count stand still, in words; which keys there are, the catalog says.
PAUSES: Mapping[str, str] = {
    "family_circumstances": N_("Circumstances of the family hold it up, and stand in the record"),
    "consent_not_given": N_("A parent has not agreed yet, though they were asked, and each time stands in the record"),
}
# Why it takes longer on our side. None of it stops a day.
DELAYS: Mapping[str, str] = {
    "nobody_free": N_("Nobody was free to evaluate or to meet"),
    "waiting_list": N_("The program had no place"),
    "no_interpreter": N_("There was no interpreter"),
    "not_passed_on": N_("It lay somewhere and was not passed on"),
    "closed": N_("The office was closed"),
    "other": N_("Something else on our side"),
}


class Ended(StrEnum):
    """Why a case is closed. Never the family's failing."""

    NOT_ELIGIBLE = "not_eligible"
    FAMILY_CHOSE_OTHERWISE = "family_chose_otherwise"
    NOT_REACHED = "not_reached"
    MOVED_AWAY = "moved_away"
    COMPLETED = "completed"
    DISTRICT = "district"
    ELSEWHERE = "elsewhere"
    OUR_END = "our_end"
    THREE = "three"
    MISTAKE = "mistake"


ENDED: Mapping[Ended, str] = {
    Ended.NOT_ELIGIBLE: N_("The evaluation found that this child is not eligible"),
    Ended.FAMILY_CHOSE_OTHERWISE: N_("The family chose otherwise"),
    Ended.NOT_REACHED: N_("Nobody was reached"),
    Ended.MOVED_AWAY: N_("The family moved away"),
    Ended.COMPLETED: N_("The plan came to its end"),
    Ended.DISTRICT: N_("The school district goes on with it"),
    Ended.ELSEWHERE: N_("Another agency goes on with it"),
    Ended.OUR_END: N_("Our service ended before this did; the family was told where to go on"),
    Ended.THREE: N_("The child turned three"),
    Ended.MISTAKE: N_("It was begun by mistake"),
}


class What(StrEnum):
    """What comes next."""

    REFER = "refer"
    REFER_TO_DISTRICT = "refer_to_district"
    HEAR = "hear"  # that they have it
    PLAN = "plan"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that comes next. due: its last day in time, None: as soon as it can be. ours: of this agency, else of early
    intervention, which is then asked. waits: the days stand still, so that nothing is owed today."""

    what: What
    due: date | None
    ours: bool
    waits: bool = False

    def is_late(self, on: date) -> bool:
        return self.due is not None and on > self.due


@dataclass(frozen=True, slots=True)
class Case:
    """What is written down of one child. is_lead: this agency answers for early intervention itself. steps: those that were
    taken, or that the family did not want. eligible: None where nobody has said."""

    born: date
    days: Mapping[Day, date] = field(default_factory=dict)
    eligible: bool | None = None
    is_lead: bool = False
    pauses: tuple[Period, ...] = ()
    steps: frozenset[Step] = frozenset()
    is_closed: bool = False

    @property
    def clock_stops_on(self) -> date | None:
        """The day on which nothing counts any more: the first plan meeting was held, or there will be none."""
        if Day.PLAN_MET in self.days:
            return self.days[Day.PLAN_MET]
        return self.days.get(Day.EVALUATED) if self.eligible is False else None


def next_steps(clocks: Clocks, case: Case, on: date) -> tuple[Next, ...]:
    """What comes next on a day, the first due first; nothing from the third birthday on, or once a case is closed, and no last day
    after it."""
    before = clock.transition(clocks, case.born)
    if case.is_closed or on >= before.ends:
        return ()
    found = (replace(one, due=min(one.due, before.last_day)) if one.due else one for one in _next(clocks, case, on))
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due or date.max)))


def _next(clocks: Clocks, case: Case, on: date) -> Iterator[Next]:
    days = case.days
    if Day.RECEIVED not in days and Day.DISTRICT not in days:
        if Day.REFERRED in days:
            yield Next(What.HEAR, None, ours=False)
        else:
            is_late = clock.way(clocks, case.born, on) is Way.DISTRICT
            due = clock.refer_by(clocks, days[Day.IDENTIFIED]) if Day.IDENTIFIED in days else None
            yield Next(What.REFER_TO_DISTRICT if is_late else What.REFER, due, ours=True)
    if Day.RECEIVED not in days or case.eligible is False:
        return
    if Day.PLAN_MET not in days:
        there = clock.days(clocks, days[Day.RECEIVED], on, case.pauses)
        yield Next(What.PLAN, there.due, ours=case.is_lead, waits=there.stands_still)
    before = clock.transition(clocks, case.born)
    if on >= before.opens and case.steps != frozenset(Step):
        due = before.due if days[Day.RECEIVED] <= before.due else None
        yield Next(What.STEPS, due, ours=case.is_lead)


def check_days(days: Mapping[Day, date], born: date, today: date) -> None:
    """Raises BadInput for a day that cannot be: before the birth, in the future, or before what it follows."""
    for name, on in days.items():
        if on > today:
            _no(name, N_("This day lies in the future."), N_("It is dated on the day it happened."))
        if on < born:
            _no(name, N_("This day lies before the birth."), N_("Check the date."))
    for first, then in AFTER:
        if first in days and then in days and days[then] < days[first]:
            _no(then, N_("This day lies before the step before it."), N_("Check the date."))
    for then in (Day.EVALUATED, Day.PLAN_MET):
        if then in days and Day.RECEIVED not in days:
            _no(
                Day.RECEIVED,
                N_("The day is missing on which early intervention had the referral."),
                N_("Its days are counted from there."),
            )


def _no(name: Day, found: str, expected: str) -> None:
    raise BadInput(found, expected, field=name)


def check_stretch(period: Period, received: date | None, born: date, today: date) -> None:
    """Raises BadInput for a stretch of days that cannot be held up: before the birth, before there was anything to hold up, or to
    come."""
    if period.since < born:
        raise BadInput(N_("This day lies before the birth."), N_("Check the date."), field="since")
    if received is None or (period.until is not None and period.until <= received):
        raise BadInput(
            N_("Early intervention did not have the referral on these days."),
            N_("Its days are counted from the day on which it had it. Write that day down first."),
            field="since",
        )
    for name, day in (("since", period.since), ("until", period.until)):
        if day is not None and day > today:
            raise BadInput(N_("This day lies in the future."), N_("Leave the end empty while it goes on."), field=name)
