"""What is looked at before a formulation is signed: what is missing, what changed since it was read, what is due again. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from inmind.diagnosis import ages, writing
from inmind.diagnosis.formulation import Axis, Certainty, Formulation, Missing, missing
from inmind.diagnosis.manual import Manual
from inmind.diagnosis.writing import Draft
from inmind.foundation.values import N_

AGAIN_DAYS_BEFORE = 30  # ours: how long before a window closes the child is to be assessed again


def lacking(manual: Manual, draft: Draft, born: date, today: date) -> tuple[Missing, ...]:
    """What a draft still needs before it is signed, the head first; nothing where it is whole. Where no day or edition is
    said yet, the rest is looked at as of today and by the newest edition. Raises as `formulation.check`."""
    edition = draft.head.edition or list(manual.editions)[-1]
    return (*_of_head(draft), *missing(manual, replace(writing.formulation(draft, born, today), edition=edition)))


def _of_head(draft: Draft) -> Iterator[Missing]:
    if draft.head.assessed_on is None:
        yield Missing(Axis.HEAD, N_("Say on which day the child was assessed."))
    if not draft.head.edition:
        yield Missing(Axis.HEAD, N_("Say by which edition of the manual."))
    if not draft.head.primary:
        yield Missing(Axis.HEAD, N_("Say who the child’s primary caregivers are."))


def changed(seen: Mapping[str, int], now: Mapping[str, int]) -> tuple[str, ...]:
    """Which parts of a draft are not as they were read, by name, in the order in which they stand now."""
    return tuple(one for one in dict.fromkeys((*now, *seen)) if seen.get(one, 0) != now.get(one, 0))


def again(manual: Manual, formulation: Formulation) -> Iterator[tuple[str, date]]:
    """The diagnoses that are given and whose window closes after the day of the assessment, each with the day on which it does."""
    for one in formulation.diagnoses:
        closes = ages.closes_on(manual.disorder(one.disorder), formulation.born)
        if one.certainty is not Certainty.RULED_OUT and closes is not None and closes > formulation.assessed_on:
            yield one.disorder, closes


def due_on(closes: date, days_before: int, today: date) -> date:
    """By which day a child is to be assessed again: so long before a window closes, and never before today."""
    return max(today, closes - timedelta(days_before))


def marked(facts: Mapping[str, object], pieces: Iterable[str]) -> bytes:
    """What a mark is made of: everything that was signed, always in the same words. pieces: the marks of what stands by itself."""
    said = {**{key: str(value) for key, value in facts.items()}, "pieces": sorted(pieces)}
    return json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
