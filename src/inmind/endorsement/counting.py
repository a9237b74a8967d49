"""Whether one hour counts toward a standard, line by line, with the source that says so. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.readiness import NOT_COUNTED, Counted, counts, look
from inmind.endorsement.standards import Edition, Requirement, RscHours, Tag, TrainingHours
from inmind.foundation.values import N_

Hours = TypeVar("Hours", RscHours, TrainingHours)

# endorsement.yaml: training_rules.each_training_must_map_to_at_least_one_competency, high
MAPPED_SOURCE = "mi-aimh.org training FAQ"
# endorsement.yaml: reflective_supervision.does_not_count
NO_SUPERVISION_SOURCE = "massaimh.org; nysaimh.org; mi-aimh.org; akaimh.org; wa-aimh.org"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something counts for one line of an edition. counts None: something has to be asked first.

    adds: the minutes by which the line would stand lower without it. as_well: what else in the line it counts for, by tag.
    """

    edition: Edition
    requirement: Requirement
    counts: bool | None
    says: str
    source: str
    adds: int = 0
    as_well: tuple[Tag, ...] = ()


def of_session(session: Session, editions: Iterable[Edition], has: Portfolio, on: date) -> tuple[Answer, ...]:
    """Of a session, for each edition that asks for such hours and in which the line stands on a day."""
    found = []
    for edition, line, needs in _lines(editions, RscHours, on):
        said = counts(session, needs, has)
        source = (
            NO_SUPERVISION_SOURCE
            if said.counts is False and session.kind in NOT_COUNTED
            else edition.sources[line.source]
        )
        adds = 0
        if said.counts:
            without = tuple(one for one in has.sessions if one is not session)
            adds = _has(needs, has, on) - _has(needs, replace(has, sessions=without), on)
            if adds == 0 and session in has.sessions and session.on <= on:
                said = Counted(
                    True, N_("It counts by itself. Another stretch of months holds more, so it adds nothing now.")
                )
        tags = (Tag.ABOUT_RSC_GIVEN,) if said.counts and session.about_rsc_given else ()
        found.append(Answer(edition, line, said.counts, said.says, source, adds, _within(tags, needs)))
    return tuple(found)


def of_training(training: Training, editions: Iterable[Edition], has: Portfolio, on: date) -> tuple[Answer, ...]:
    """Of a training. One that names no competency counts nowhere until it does: whoever gave it is asked."""
    found = []
    for edition, line, needs in _lines(editions, TrainingHours, on):
        if not training.domains:
            says = N_("It names no competency area. Ask whoever gave it which ones it covers.")
            found.append(Answer(edition, line, None, says, MAPPED_SOURCE))
            continue
        without = tuple(one for one in has.trainings if one is not training)
        adds = _has(needs, has, on) - _has(needs, replace(has, trainings=without), on)
        says = N_("It covers a competency area.")
        tags = _within(sorted(training.tags), needs)
        found.append(Answer(edition, line, True, says, edition.sources[line.source], adds, tags))
    return tuple(found)


def _lines(editions: Iterable[Edition], kind: type[Hours], on: date) -> Iterator[tuple[Edition, Requirement, Hours]]:
    for edition in editions:
        for line in edition.requirements:
            needs = next((one for one in line.any_of if isinstance(one, kind)), None)
            if needs is not None and line.stands_on(on):
                yield edition, line, needs


def _has(needs: RscHours | TrainingHours, has: Portfolio, on: date) -> int:
    return look(needs, has, on).has or 0


def _within(tags: Iterable[Tag], needs: RscHours | TrainingHours) -> tuple[Tag, ...]:
    return tuple(one for one in tags if one in needs.within)
