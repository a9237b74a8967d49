"""From a flag to support that started, for one's own cases: how many came how far, how long it took, and why some were lost.

Operational figures: true counts, for those who serve or manage these families, and never mixed with public ones. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from inmind.foundation.registries import Worry
from inmind.services.referrals.referral import State, Why
from inmind.services.referrals.referral import Step as Moved


class Stage(StrEnum):
    """How far a family came, in order. Talked comes first after a flag: our response, before anything is sent anywhere."""

    FLAGGED = "flagged"
    TALKED = "talked"
    REFERRED = "referred"
    RECEIVED = "received"
    CONTACTED = "contacted"
    STARTED = "started"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Case:
    """One worry and what came of it: the first day of each stage that was reached; why it was lost, where it was."""

    days: Mapping[Stage, date]
    lost: Why | None = None

    @property
    def reached(self) -> Stage | None:
        """The farthest stage: whoever started was reached, also where nobody wrote down how."""
        return next((stage for stage in reversed(STAGES) if stage in self.days), None)


@dataclass(frozen=True, slots=True)
class Way:
    """A referral of somebody: when it was drafted, and each step that it took."""

    subject: Hashable
    episode: Hashable
    drafted: date
    steps: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: how many came so far; of them, from the stage before, the days it took; who is on the way, and who was lost.

    days: the median of those whose two days are both known, and of how many; None where of nobody, or of too few. on_the_way:
    came so far, no farther, and is not lost.
    """

    stage: Stage
    reached: int
    on_the_way: int
    days: float | None = None
    days_of: int = 0
    lost: Mapping[Why, int] = field(default_factory=dict)


def quarters(first: date, last: date, today: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of each whole quarter of a year within these days that is over."""
    month = -(-(first.month - 1 + (first.day > 1)) // 3) * 3  # of the next quarter to begin, counted from 0
    begins = date(first.year + month // 12, month % 12 + 1, 1)
    while (after := date(begins.year + (begins.month == 10), (begins.month + 2) % 12 + 1, 1)) <= min(
        today, last + timedelta(1)
    ):
        yield begins, after - timedelta(1)
        begins = after


def apart(
    worries: Iterable[Worry], ways: Iterable[Way], spans: Iterable[tuple[date, date]], enough: int
) -> tuple[list[Case], bool]:
    """The cases of families on whose care team the reader is not, and whether every worry is among them.

    The reader sees their referrals one by one elsewhere, and may not learn whose a worry was: neither from a count of a few, nor
    by taking one stretch of days from another. So each quarter (`quarters`) stands by itself: with its worries, where `enough`
    families had one, else with its referrals alone. Whatever stretch is asked for is a sum of the same quarters.
    """
    left, rest, cases = list(worries), list(ways), list[Case]()
    for first, last in spans:
        there = [one for one in left if first <= one.on <= last]
        if len({one.episode for one in there}) >= enough:
            cases += joined(there, [one for one in rest if first <= one.drafted <= last])
            left = [one for one in left if not first <= one.on <= last]
            rest = [one for one in rest if not first <= one.drafted <= last]
    return cases + joined([], rest), not left


def joined(worries: Iterable[Worry], ways: Iterable[Way]) -> list[Case]:
    """Each worry with the way that led farthest from it; a way that no worry came before stands by itself.

    What came up again within the same way is no second worry: of several about one person the first counts, until a way that
    followed it is over.
    """
    begun = sorted(ways, key=lambda way: way.drafted)
    kept: list[tuple[Worry | None, list[Way]]] = []
    mine: dict[tuple[Hashable, Hashable], list[tuple[Worry | None, list[Way]]]] = defaultdict(list)
    moments = [(one.on, 0, one) for one in worries] + [(one.drafted, 1, one) for one in begun]
    for on, _kind, one in sorted(moments, key=lambda moment: moment[:2]):
        there = mine[one.subject, one.episode]
        if isinstance(one, Way):
            if not there:
                there.append((None, []))
                kept.append(there[-1])
            there[-1][1].append(one)
        elif not there or (there[-1][1] and all(_over_by(way, on) for way in there[-1][1])):
            there.append((one, []))
            kept.append(there[-1])
    return [_case(worry, followed) for worry, followed in kept]


def _over_by(way: Way, on: date) -> bool:
    return bool(way.steps) and way.steps[-1].state.is_over and way.steps[-1].on <= on


def _case(worry: Worry | None, ways: list[Way]) -> Case:
    found = [_days(way) for way in ways]
    best = max(found, key=lambda one: (_place(one), one.lost is None), default=Case({}))
    days = dict(best.days)
    if worry is not None:
        talked = [day for day in (worry.talked, *(max(way.drafted, worry.on) for way in ways)) if day is not None]
        days |= {Stage.FLAGGED: worry.on} | ({Stage.TALKED: min(talked)} if talked else {})
    return Case(days, best.lost)


_STAGE_OF = {
    State.DRAFTED: Stage.TALKED,
    State.SENT: Stage.REFERRED,
    **dict.fromkeys((State.RECEIVED, State.ACCEPTED, State.WAITLISTED), Stage.RECEIVED),
    State.CONTACTED: Stage.CONTACTED,
    State.STARTED: Stage.STARTED,
}


def _days(way: Way) -> Case:
    """A way's stages: whoever declined, or closed after an answer, had received it."""
    days: dict[Stage, date] = {}
    for step in way.steps:
        stage = Stage.RECEIVED if step.state is State.DECLINED else _STAGE_OF.get(step.state)
        if stage is not None:
            days.setdefault(stage, step.on)
    last = way.steps[-1] if way.steps else None
    is_lost = last is not None and last.state.is_over and Stage.STARTED not in days
    return Case(days, last.why if is_lost and last is not None else None)


def funnel(cases: Iterable[Case], fewest: int = 1) -> tuple[Step, ...]:
    """The stages in order, each with its counts. What was lost stands at the last stage that was reached. fewest: days between
    two stages are told where they are known of so many."""
    rows = [case for case in cases if case.reached is not None]
    return tuple(_step(place, rows, fewest) for place in range(len(STAGES)))


def _step(place: int, rows: list[Case], fewest: int) -> Step:
    stage = STAGES[place]
    here = [case for case in rows if _place(case) == place]
    took = [
        (case.days[stage] - case.days[STAGES[place - 1]]).days
        for case in rows
        if place and stage in case.days and STAGES[place - 1] in case.days
    ]
    return Step(
        stage=stage,
        reached=sum(_place(case) >= place for case in rows),
        on_the_way=sum(case.lost is None for case in here),
        days=median(took) if len(took) >= fewest else None,
        days_of=len(took),
        lost=Counter(case.lost for case in here if case.lost is not None),
    )


def _place(case: Case) -> int:
    return -1 if case.reached is None else STAGES.index(case.reached)
