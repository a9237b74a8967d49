"""How long somebody was at a meeting, and why it counts so: from when they joined and left. Pure.

Only what lies within the meeting counts, and not its breaks. Two devices at once are one person. How minutes are rounded
is a setting of the training, ours and shown as ours; no source of the field says it (`training_rules.unit`: clock hours).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inmind.foundation.values import N_

STEPS = (1, 5, 15, 30)  # ours: minutes to which presence may be rounded down
MOST_LEEWAY = 15  # ours
STEP, LEEWAY = 15, 5  # ours, where nobody has set them
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to a later one, both with a zone. A span of no length is allowed: joined and left at once."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a moment needs its zone")
        if self.until < self.since:
            raise ValueError("nobody leaves before they joined")


@dataclass(frozen=True, slots=True)
class Rule:
    """How minutes are counted. step: rounded down to so many; leeway: added before, for a late click, never beyond the whole."""

    step: int = STEP
    leeway: int = LEEWAY

    def __post_init__(self) -> None:
        if self.step not in STEPS or not 0 <= self.leeway <= min(MOST_LEEWAY, self.step):
            raise ValueError(f"minutes are not counted by {self.step} with {self.leeway} of leeway")

    def counts(self, minutes: int, of: int) -> int:
        """What so many minutes of presence are worth of a meeting with so many; who was there for all of it has all."""
        if minutes <= 0:
            return 0
        given = min(minutes + self.leeway, of)
        return of if given == of else given - given % self.step


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting: its hours, its breaks, and the minutes that it counts for."""

    hours: Span
    minutes: int
    breaks: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= _length(_parts(self)):
            raise ValueError("a meeting counts for no more minutes than it lasts without its breaks")


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence of the reason, to translate; its facts are moments, to be said by a zone's clock, and numbers."""

    text: str
    facts: Mapping[str, datetime | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """present: whole minutes of presence; minutes: what they count for, of so many; why: the sentences, in order."""

    present: int
    minutes: int
    of: int
    why: tuple[Why, ...]


def counted(sitting: Sitting, stays: Iterable[Span], rule: Rule) -> Counted:
    """What somebody's stays at a meeting count for.

    Where a meeting counts for fewer minutes than it lasts without its known breaks, it had another break whose hour nobody
    said: who missed minutes misses them of those that count.
    """
    there = joined(stays)
    parts = _parts(sitting)
    within = [shared for part in parts for one in there if (shared := _shared(part, one)) is not None]
    unsaid = _length(parts) - sitting.minutes  # of breaks whose hour nobody said
    present = max(0, _length(within) - unsaid)
    minutes = rule.counts(present, sitting.minutes)
    return Counted(present, minutes, sitting.minutes, tuple(_why(sitting, there, within, present, minutes, rule)))


def joined(stays: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order: a second device adds nothing."""
    whole: list[Span] = []
    for one in sorted(stays, key=lambda stay: (stay.since, stay.until)):
        if whole and one.since <= whole[-1].until:
            whole[-1] = Span(whole[-1].since, max(whole[-1].until, one.until))
        else:
            whole.append(one)
    return whole


def _parts(sitting: Sitting) -> list[Span]:
    """The hours of a meeting without its breaks."""
    parts, at = [], sitting.hours.since
    for rest in joined(sitting.breaks):
        if rest.since > at:
            parts.append(Span(at, min(rest.since, sitting.hours.until)))
        at = max(at, rest.until)
        if at >= sitting.hours.until:
            return parts
    return [*parts, Span(at, sitting.hours.until)]


def _shared(one: Span, other: Span) -> Span | None:
    since, until = max(one.since, other.since), min(one.until, other.until)
    return Span(since, until) if since < until else None


def _length(spans: Iterable[Span]) -> int:
    """Whole minutes of all of them together."""
    return int(sum((one.until - one.since for one in spans), timedelta()).total_seconds() // 60)


def _why(
    sitting: Sitting, there: list[Span], within: list[Span], present: int, minutes: int, rule: Rule
) -> Iterable[Why]:
    if not within:
        yield Why(N_("Nothing says that they were there during the meeting."))
        return
    first, last = within[0].since, within[-1].until
    began, ended = _parts(sitting)[0].since, _parts(sitting)[-1].until
    is_late, is_early = first - began >= A_MINUTE, ended - last >= A_MINUTE
    if is_late:
        yield Why(N_("Joined at %(time)s, after the beginning."), {"time": first})
    for before, after in itertools.pairwise(there):
        away = Span(before.until, after.since)
        if any(_shared(part, away) for part in _parts(sitting)) and away.since > first and away.until < last:
            yield Why(
                N_("Was away from %(time)s to %(until)s, and came back."), {"time": away.since, "until": away.until}
            )
    if is_early:
        yield Why(N_("Left at %(time)s, before the end."), {"time": last})
    if not (is_late or is_early) and minutes == sitting.minutes:
        yield Why(N_("Was there from the beginning to the end."))
    if present != minutes:
        yield Why(N_("That is %(present)s of %(of)s minutes."), {"present": present, "of": sitting.minutes})
    if minutes not in {present, sitting.minutes} or (minutes == sitting.minutes and present < minutes):
        yield rounding(rule)


def rounding(rule: Rule) -> Why:
    """How this training counts, in a sentence."""
    if rule.step == 1:
        return Why(N_("This training counts every minute, and gives %(leeway)s minutes of leeway."), _leeway(rule))
    return Why(
        N_("This training counts in steps of %(step)s minutes, and gives %(leeway)s minutes of leeway."),
        {"step": rule.step, **_leeway(rule)},
    )


def _leeway(rule: Rule) -> dict[str, datetime | int]:
    return {"leeway": rule.leeway}


def sitting_of(hours: Span, minutes: int, breaks: Iterable[Span] = ()) -> Sitting:
    """A meeting as it is kept. Breaks that do not fit it any more, since it was moved, are left out; of a meeting that counts for
    more than it lasts, so much counts as it lasts."""
    try:
        return Sitting(hours, minutes, tuple(breaks))
    except ValueError:
        return Sitting(hours, min(minutes, _length([hours])))
