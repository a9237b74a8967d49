"""Two versions of a formulation side by side: what came, what went, what is otherwise. Pure.

Levels stand beside one another and are never subtracted: their bands are of unequal width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inmind.diagnosis.formulation import Axis, Formulation, Stressor


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. about: the diagnosis, caregiver, environment or domain. before, after: None where it is not."""

    axis: Axis
    about: str
    what: str
    before: object
    after: object


def changes(before: Formulation, after: Formulation) -> tuple[Change, ...]:
    """What differs between an earlier version and a later one, axis by axis; nothing where they say the same."""
    return (
        *_head(before, after),
        *_sides(Axis.ONE, "certainty", _diagnoses(before), _diagnoses(after)),
        *_sides(Axis.TWO, "level", _levels(before), _levels(after)),
        *_sides(Axis.THREE, "entry", _health(before), _health(after)),
        *_sides(Axis.FOUR, "entry", _stressors(before), _stressors(after)),
        *_sides(Axis.FIVE, "rating", dict(before.competence.ratings), dict(after.competence.ratings)),
    )


def _head(before: Formulation, after: Formulation) -> Iterator[Change]:
    if before.edition != after.edition:
        yield Change(Axis.HEAD, "", "edition", before.edition, after.edition)


def _sides(axis: Axis, what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    for about in dict.fromkeys((*before, *after)):
        if before.get(about) != after.get(about):
            yield Change(axis, about, what, before.get(about), after.get(about))


def _diagnoses(one: Formulation) -> dict[str, object]:
    return _all_of((f"{each.disorder} {each.caregiver or ''}".strip(), each.certainty) for each in one.diagnoses)


def _levels(one: Formulation) -> dict[str, object]:
    with_each = _all_of((str(each.caregiver), each.level) for each in one.relationships)
    return with_each | {each.name: each.level for each in one.environments}


def _all_of(said: Iterable[tuple[str, object]]) -> dict[str, object]:
    """What is said of each; of two caregivers who turned out to be one, all that was said, in no order of rows."""
    found: dict[str, list[object]] = {}
    for about, value in said:
        found.setdefault(about, []).append(value)
    return {about: each[0] if len(each) == 1 else tuple(sorted(each, key=str)) for about, each in found.items()}


def _health(one: Formulation) -> dict[str, object]:
    return {each.what: each.source for each in one.health}


def _stressors(one: Formulation) -> dict[str, object]:
    return {each.key or each.words: _said(each) for each in one.stressors}


def _said(one: Stressor) -> tuple[object, ...]:
    return (one.from_month, one.until_month, one.goes_on, one.severity)
