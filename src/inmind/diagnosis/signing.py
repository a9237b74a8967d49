"""What is looked at before a formulation is signed: what is missing, what changed since it was read, what is due again. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from inmind.diagnosis import ages, writing
from inmind.diagnosis.formulation import Axis, Certainty, Missing, missing
from inmind.diagnosis.manual import Manual
from inmind.diagnosis.writing import Draft
from inmind.foundation.values import N_

AGAIN_DAYS_BEFORE = 30  # ours: how long before a window closes the child is to be assessed again
ASKED_DAYS_BEFORE = 60  # ours: so long before that day somebody is asked, since an assessment takes several visits


def lacking(manual: Manual, draft: Draft, born: date, today: date, after: date | None = None) -> tuple[Missing, ...]:
    """What a draft still needs before it is signed, the head first; nothing where it is whole. Where no day or edition is
    said yet, the rest is looked at as of today and by the newest edition. after: the day of the last version's assessment.
    Raises as `formulation.check`."""
    edition = draft.head.edition or list(manual.editions)[-1]
    return (
        *_of_head(draft, after),
        *missing(manual, replace(writing.formulation(draft, born, today), edition=edition)),
    )


def _of_head(draft: Draft, after: date | None) -> Iterator[Missing]:
    if draft.head.assessed_on is None:
        yield Missing(Axis.HEAD, N_("Say on which day the child was assessed."))
    elif after is not None and draft.head.assessed_on < after:
        yield Missing(
            Axis.HEAD,
            N_("The last version is of %(after)s. A new one is not assessed on a day before it. Look at the day."),
            facts={"after": after},
        )
    if not draft.head.edition:
        yield Missing(Axis.HEAD, N_("Say by which edition of the manual."))
    if not draft.head.primary:
        yield Missing(Axis.HEAD, N_("Say who the child’s primary caregivers are."))


def changed(seen: Mapping[str, int], now: Mapping[str, int]) -> tuple[str, ...]:
    """Which parts of a draft are not as they were read, by name, in the order in which they stand now."""
    return tuple(one for one in dict.fromkeys((*now, *seen)) if seen.get(one, 0) != now.get(one, 0))


def closes_on(
    manual: Manual, disorder: str, certainty: Certainty, born: date, assessed_on: date, *, was_asked: bool = False
) -> date | None:
    """When the window of a diagnosis that is given closes; None where it has none, or had closed by the day of the assessment.

    was_asked: somebody is asked already to look again. A window that has closed since the birth date was corrected is looked
    at then, and at once.
    """
    known = manual.disorders.get(disorder)
    closes = ages.closes_on(known, born) if known is not None else None
    if closes is None or certainty is Certainty.RULED_OUT or (closes <= assessed_on and not was_asked):
        return None
    return closes


def due_on(closes: date, days_before: int, today: date) -> date:
    """By which day a child is to be assessed again: so long before a window closes, and never before today."""
    return max(today, closes - timedelta(days_before))


def is_asked(due: date, today: date) -> bool:
    """Whether the time has come to ask for a next assessment: not a year ahead."""
    return due <= today + timedelta(ASKED_DAYS_BEFORE)


def marked(facts: Mapping[str, object], pieces: Iterable[str]) -> bytes:
    """What a mark is made of: everything that was signed, always in the same words. pieces: the marks of what stands by itself."""
    said = {**{key: str(value) for key, value in facts.items()}, "pieces": sorted(pieces)}
    return json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
