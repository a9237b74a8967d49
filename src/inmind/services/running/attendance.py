"""How a service that runs is held: what was planned, what came about, who cancelled, and when a call is worth it. Pure.

Nothing here is a score, and nothing is counted against a family. A gap says who cancelled; where nothing was planned, or the
program cancelled, it is the system's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.services.referrals.referral import check_ahead


class State(StrEnum):
    """What became of a planned session."""

    PLANNED = "planned"
    ATTENDED = "attended"
    BY_FAMILY = "by_family"  # cancelled by the family
    BY_PROGRAM = "by_program"
    OTHER = "other"  # weather, or something that nobody chose
    NO_ONE_CAME = "no_one_came"

    @property
    def did_not_come_about(self) -> bool:
        return self not in {State.PLANNED, State.ATTENDED}


STATES: Mapping[State, str] = {
    State.PLANNED: N_("Planned"),
    State.ATTENDED: N_("It took place"),
    State.BY_FAMILY: N_("Cancelled by the family"),
    State.BY_PROGRAM: N_("Cancelled by the program"),
    State.OTHER: N_("Weather, or something that nobody chose"),
    State.NO_ONE_CAME: N_("Nobody came or opened"),
}


class Because(StrEnum):
    """Why a session did not come about. A move of the child and a caregiver's strain stand first: they are reasons."""

    PLACEMENT = "placement"
    STRAIN = "strain"
    ILL = "ill"
    WAY = "way"
    WORK = "work"
    CHILDREN = "children"
    REACH = "reach"
    COURT = "court"
    WORKER = "worker"
    CLOSED = "closed"
    WEATHER = "weather"
    ELSE = "else"


REASONS: Mapping[Because, str] = {
    Because.PLACEMENT: N_("The child moved to another home"),
    Because.STRAIN: N_("The caregiver had too much to carry"),
    Because.ILL: N_("Somebody was ill"),
    Because.WAY: N_("There was no way to get there"),
    Because.WORK: N_("Work or school"),
    Because.CHILDREN: N_("Nobody for the other children"),
    Because.REACH: N_("A telephone or an address had changed"),
    Because.COURT: N_("A court date or another appointment"),
    Because.WORKER: N_("The program had nobody"),
    Because.CLOSED: N_("The program was closed"),
    Because.WEATHER: N_("Weather"),
    Because.ELSE: N_("Something else"),
}


class Whose(StrEnum):
    """Whose a gap is."""

    SYSTEM = "system"
    FAMILY = "family"
    NOBODYS = "nobodys"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Session:
    """One session: its day, and what became of it. number: its place within a day that has several."""

    on: date
    state: State
    because: Because | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the strip, from its Monday: how many sessions stand in it, in the order of their days."""

    monday: date
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a session that took place: from one to the next, or until today. `by`: how many were cancelled by whom;
    empty: nothing was planned."""

    since: date
    until: date
    by: Mapping[State, int]

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def whose(self) -> Whose:
        """Nothing planned, or cancelled by the program: the system's. Where several had a part in it, nobody is named alone."""
        if not self.by or set(self.by) == {State.BY_PROGRAM}:
            return Whose.SYSTEM
        if set(self.by) <= {State.BY_FAMILY, State.NO_ONE_CAME}:
            return Whose.FAMILY
        return Whose.NOBODYS if set(self.by) == {State.OTHER} else Whose.SEVERAL


@dataclass(frozen=True, slots=True)
class WorthACall:
    """That a call is worth it: at the beginning, some of the latest sessions did not come about, the last one among them.

    missed of `looked_at`; by_program: how many of them the program cancelled, which is no answer of the family's.
    """

    since: date
    missed: int
    looked_at: int
    by_program: int


def check(state: State, on: date, minutes: int | None, because: Because | None, *, today: date) -> None:
    """Whether this can be written down of a session. Raises BadInput with its field."""
    if state is not State.PLANNED and on > today:
        raise BadInput(
            N_("This day lies in the future."), N_("What became of it is written down when it is over."), field="state"
        )
    if (minutes is not None) != (state is State.ATTENDED) or (minutes is not None and not 1 <= minutes <= 720):
        raise BadInput(
            N_("The minutes cannot be right."),
            N_("A session that took place has between 1 and 720 minutes, and no other has any."),
            field="minutes",
        )
    if because is not None and not state.did_not_come_about:
        raise BadInput(
            N_("A reason is for a session that did not come about."), N_("Leave the reason out."), field="because"
        )


def repeated(first: date, every_days: int, times: int, *, today: date, ahead: int) -> list[date]:
    """The days of several sessions. Raises BadInput for what is no plan, and for a last one that lies too far ahead."""
    if not 1 <= times <= 60 or not 1 <= every_days <= 92:
        raise BadInput(
            N_("This is no plan for sessions."), N_("Up to 60 sessions, between 1 and 92 days apart."), field="times"
        )
    check_ahead(first, today, ahead, field="first", and_then=timedelta(every_days * (times - 1)))
    return [first + timedelta(every_days * number) for number in range(times)]


def weeks(sessions: Sequence[Session], *, today: date, most: int = 64) -> list[Week]:
    """The weeks from the first session until today or the last one planned, the latest `most` of them."""
    if not sessions:
        return []
    by_week: dict[date, list[State]] = {}
    for one in _in_order(sessions):
        by_week.setdefault(_monday(one.on), []).append(one.state)
    monday, last = min(by_week), max([*by_week, _monday(today)])
    found = []
    while monday <= last:
        found.append(Week(monday, tuple(by_week.get(monday, ()))))
        monday += timedelta(7)
    return found[-most:]


def gaps(sessions: Sequence[Session], *, began: date, until: date, longer_than: timedelta) -> Iterator[Gap]:
    """The stretches without a session that took place, longer than so many days; from the beginning until today, or the end.

    longer_than: a setting of ours.
    """
    came = [one.on for one in _in_order(sessions) if one.state is State.ATTENDED]
    for since, next_one in zip([began, *came], [*came, until], strict=True):
        if next_one - since > longer_than:
            between = (one.state for one in sessions if since <= one.on <= next_one and one.state.did_not_come_about)
            yield Gap(since, next_one, Counter(between))


def worth_a_call(sessions: Sequence[Session], *, first: int, last: int, missed: int) -> WorthACall | None:
    """Whether a call is worth it: among the `first` sessions, `missed` of the `last` ones did not come about, the latest of
    them included. After those first ones a service has its own ways of looking. All three are settings of ours."""
    known = [one for one in _in_order(sessions) if one.state is not State.PLANNED]
    if len(known) > first:
        return None
    looked_at = known[-last:]
    gone = [one for one in looked_at if one.state.did_not_come_about]
    if len(gone) < missed or gone[-1] is not looked_at[-1]:
        return None
    return WorthACall(gone[0].on, len(gone), len(looked_at), sum(one.state is State.BY_PROGRAM for one in gone))


def _in_order(sessions: Sequence[Session]) -> list[Session]:
    return sorted(sessions, key=lambda one: (one.on, one.number))


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
