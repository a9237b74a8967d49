"""On call by hours and turns: who reads at a moment, and when an answer is read next. Pure.

An agency says in weekly turns when somebody reads and who; a dated turn takes the place of the week in its hours, and a
dated day without hours is a closed one. Hours stand on the clock of a wall in the agency's zone: a time that the clock
skips in spring means the moment it skips to, a time that it shows twice in autumn means the first one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
AHEAD_WEEKS = 9  # how far ahead somebody is looked for
MOST_TURNS = 300
LONGEST_WAIT = 24 * 60  # minutes; ours


@dataclass(frozen=True, slots=True)
class Turn:
    """Hours on a weekday (0 is Monday) or on one day, who reads then, and who is asked next.

    An end at or before the start lies on the next day, so 0:00 to 0:00 is the whole day. person None: hours in which
    somebody should read, and nobody is named. A day without hours is closed.
    """

    start: time | None
    end: time | None
    weekday: int | None = None
    day: date | None = None
    person: UUID | None = None
    backup: UUID | None = None

    def __post_init__(self) -> None:
        if (self.weekday is None) == (self.day is None):
            raise ValueError("a turn is on a weekday or on one day")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ValueError(f"{self.weekday} is no weekday")
        if (self.start is None) != (self.end is None):
            raise ValueError("a turn has a start and an end, or neither")
        if self.start is None and (self.day is None or self.person or self.backup):
            raise ValueError("only a day on which nobody reads has no hours")

    @property
    def is_closed(self) -> bool:
        return self.start is None


@dataclass(frozen=True, slots=True)
class Rota:
    """The turns of an agency, and who speaks which language with families (person, language)."""

    zone: str
    turns: tuple[Turn, ...] = ()
    speaks: frozenset[tuple[UUID, str]] = frozenset()

    def only(self, there: Collection[UUID]) -> Rota:
        """The same with those alone who can still answer; a back-up steps in for somebody who cannot."""
        return replace(self, turns=tuple(_only(turn, there) for turn in self.turns))


def _only(turn: Turn, there: Collection[UUID]) -> Turn:
    left = [one for one in (turn.person, turn.backup) if one in there]
    return replace(turn, person=left[0] if left else None, backup=left[1] if len(left) > 1 else None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment up to another the same people read; `turns` are those of its beginning."""

    since: datetime
    until: datetime
    turns: tuple[Turn, ...]

    @property
    def is_named(self) -> bool:
        return any(turn.person for turn in self.turns)

    def asked(self, speaks: Collection[tuple[UUID, str]] = (), language: str = "") -> tuple[UUID, ...]:
        """Who is asked in this stretch, in order: who speaks the family's language, then on call before back-up."""
        people = [turn.person for turn in self.turns if turn.person]
        people += [turn.backup for turn in self.turns if turn.backup]
        return tuple(sorted(dict.fromkeys(people), key=lambda person: (person, language) not in speaks))


def check(turns: Sequence[Turn], able: Collection[UUID]) -> None:
    """Raises BadInput for turns that cannot be kept. able: the clinicians of the agency, who can read and act."""
    if not any(not turn.is_closed for turn in turns):
        raise BadInput(N_("The week is empty."), N_("Say at least one time at which somebody reads."))
    if len(turns) > MOST_TURNS:
        raise BadInput(
            N_("There are more turns than can be kept."),
            N_("There is room for %(limit)s."),
            facts={"limit": MOST_TURNS},
        )
    for turn in turns:
        if {turn.person, turn.backup} - {None, *able}:
            raise BadInput(
                N_("This person is not a clinician here."), N_("Who is on call can read the answer and act on it.")
            )
        if turn.backup is not None and turn.person in (None, turn.backup):
            raise BadInput(
                N_("The back-up is asked when the first does not answer."), N_("Name two people, or the first alone.")
            )


# Hours


def moment(day: date, at: time, zone: str) -> datetime:
    """The moment at which the clock of a wall first shows this time or, where it skips it, the next that it shows."""
    here = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    while (found := wall.replace(tzinfo=here).astimezone(UTC)).astimezone(here).replace(tzinfo=None) != wall:
        wall += timedelta(minutes=1)
    return found


def timeline(rota: Rota, since: datetime, until: datetime) -> list[Stretch]:
    """The hours between two moments in which somebody reads or should, in order and without overlap."""
    spans = _spans(rota, since, until)
    edges = {since, until} | {edge for span in spans for edge in (span.since, span.until) if since < edge < until}
    found: list[Stretch] = []
    for start, end in pairwise(sorted(edges)):
        turns = tuple(span.turns[0] for span in spans if span.since <= start and end <= span.until)
        if turns and found and found[-1].until == start and _people(found[-1].turns) == _people(turns):
            found[-1] = replace(found[-1], until=end)
        elif turns:
            found.append(Stretch(start, end, turns))
    return found


def _people(turns: Sequence[Turn]) -> list[tuple[UUID | None, UUID | None]]:
    return [(turn.person, turn.backup) for turn in turns]


def _spans(rota: Rota, since: datetime, until: datetime) -> list[Stretch]:
    here = ZoneInfo(rota.zone)
    first, last = (edge.astimezone(here).date() for edge in (since, until))
    days = [first + DAY * number for number in range(-1, (last - first).days + 1)]
    closed = {turn.day for turn in rota.turns if turn.is_closed}
    dated = [span for day in days for turn in rota.turns if turn.day == day for span in _span(turn, day, rota.zone)]
    weekly = [
        span
        for day in days
        if day not in closed
        for turn in rota.turns
        if turn.weekday == day.weekday()
        for whole in _span(turn, day, rota.zone)
        for span in _without(whole, dated)
    ]
    return dated + weekly


def _span(turn: Turn, day: date, zone: str) -> Iterator[Stretch]:
    if turn.start is None or turn.end is None:
        return
    since = moment(day, turn.start, zone)
    until = moment(day if turn.end > turn.start else day + DAY, turn.end, zone)
    if since < until:  # both may lie in the hour that the clock skips
        yield Stretch(since, until, (turn,))


def _without(span: Stretch, others: Sequence[Stretch]) -> list[Stretch]:
    """What of a span is left beside those that take its place."""
    left = [span]
    for other in others:
        parts = [
            part
            for one in left
            for part in (
                replace(one, until=min(one.until, other.since)),
                replace(one, since=max(one.since, other.until)),
            )
        ]
        left = [part for part in parts if part.since < part.until]
    return left


def gaps(rota: Rota, since: datetime, until: datetime) -> list[Stretch]:
    """The hours in which somebody should read, and nobody is named."""
    return [stretch for stretch in timeline(rota, since, until) if not stretch.is_named]


def unread(rota: Rota, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches outside of all hours, from which nobody reads until the next ones begin."""
    found, at = [], since
    for stretch in timeline(rota, since, until):
        if at < stretch.since:
            found.append((at, stretch.since))
        at = stretch.until
    return [*found, (at, until)] if at < until else found


# Who reads


class State(StrEnum):
    """How it stands at a moment: somebody is on call; it is outside of the hours; in them, but nobody is named; nobody is
    named for weeks."""

    ON_CALL = "on_call"
    OUTSIDE = "outside"
    UNNAMED = "unnamed"
    NEVER = "never"


SENTENCES = {
    State.ON_CALL: N_("%(name)s is on call and reads this now."),
    State.OUTSIDE: N_("Nobody here reads this before %(moment)s. Call or text 988 now."),
    State.UNNAMED: N_(
        "Nobody is on call at this hour, so the supervisor is told. "
        "It may be that nobody here reads this before %(moment)s. Call or text 988 now."
    ),
    State.NEVER: N_(
        "Nobody is on call here. The supervisor is told, and we do not know when somebody reads this. "
        "Call or text 988 now."
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads at a moment, in the order in which they are asked; otherwise from when on somebody does, and who."""

    state: State
    asked: tuple[UUID, ...] = ()
    next_at: datetime | None = None

    @property
    def sentence(self) -> str:
        """What is true, to be translated; its places are `name`, whoever is asked first, and `moment`."""
        return SENTENCES[self.state]


def reading(rota: Rota, at: datetime, language: str = "") -> Reading:
    """Who reads at this moment; language: the one the family likes to speak."""
    within = next(iter(timeline(rota, at, at + timedelta(minutes=1))), None)
    now = within if within and within.since == at else None
    if now and now.is_named:
        return Reading(State.ON_CALL, now.asked(rota.speaks, language))
    coming = _next(rota, at)
    if coming is None:
        return Reading(State.NEVER)
    state = State.UNNAMED if now else State.OUTSIDE
    return Reading(state, coming.asked(rota.speaks, language), coming.since)


def _next(rota: Rota, at: datetime) -> Stretch | None:
    for week in range(AHEAD_WEEKS):
        since = at + WEEK * week
        for stretch in timeline(rota, since, since + WEEK):
            if stretch.is_named:
                return stretch
    return None


def first_due(reading: Reading, at: datetime, *, within: timedelta, outside: timedelta) -> datetime:
    """By when a crisis answer must be answered before it climbs: the agency's time in its hours, its other time outside of
    them; and outside of them never later than the time in the hours after the next ones begin."""
    if reading.state is State.ON_CALL:
        return at + within
    if reading.next_at is None:
        return at + outside
    return min(at + outside, reading.next_at + within)


# Climbing


def rungs(owner: UUID, asked: Sequence[UUID], supervisors: Sequence[UUID]) -> list[tuple[UUID, ...]]:
    """Who hears of it in turn while nobody answers: others on call and the back-up, a supervisor, all of them."""
    ladder = [tuple(one for one in asked if one != owner), tuple(supervisors[:1]), tuple(supervisors)]
    return [rung for rung in ladder if rung]


def told(owner: UUID, step: int, asked: Sequence[UUID], supervisors: Sequence[UUID]) -> tuple[UUID, ...]:
    """Everybody who is written to when an answer has climbed so often; its owner each time."""
    climbed = rungs(owner, asked, supervisors)[:step]
    return tuple(dict.fromkeys([owner, *(one for rung in climbed for one in rung)]))


# The picture


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a day on which the same turns hold, in minutes after midnight by the clock on the wall."""

    day: date
    start: int
    end: int
    turns: tuple[Turn, ...]


def week(rota: Rota, first: date) -> list[tuple[date, list[Piece]]]:
    """Seven days from a day on, each with its pieces."""
    here = ZoneInfo(rota.zone)
    days = []
    for day in (first + DAY * number for number in range(7)):
        start, end = moment(day, time(0), rota.zone), moment(day + DAY, time(0), rota.zone)
        pieces = [
            Piece(day, _minutes(one.since, here), _minutes(one.until, here) if one.until < end else 1440, one.turns)
            for one in timeline(rota, start, end)
        ]
        days.append((day, pieces))
    return days


def _minutes(at: datetime, here: ZoneInfo) -> int:
    wall = at.astimezone(here)
    return wall.hour * 60 + wall.minute
