"""What a brief screen leads to: a full-length one at once where it is positive, and whether that one closed it. Pure.

Rule: a positive brief screen can be closed by a negative full-length screen on the same day. Source: hedis (HEDIS MY2025,
measure DSF-E, as the domain's `periodicity.yaml` gives it: `quality_measures`, `brief_screen_rule`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SOURCE = "hedis"


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished screen of one person. on: the day it was answered, by the clock on the wall there.

    is_positive: whether it counts as positive; None where blanks leave that open.
    """

    instrument: str
    on: date
    is_positive: bool | None


class FollowOn(StrEnum):
    """What a brief screen leads to."""

    NOTHING = "nothing"  # it is negative, or open
    OFFER = "offer"  # it is positive, and no full-length screen of that day has an answer
    CLOSED = "closed"  # a full-length screen of the same day is negative
    STANDS = "stands"  # a full-length screen of the same day is positive


def follow_on(
    brief: Finished, others: Iterable[Finished], full_length: Collection[str], *, closes: bool = True
) -> FollowOn:
    """What one brief screen leads to, beside the same person's other screens.

    others: her screens, in any order; those of other days and other instruments are passed over. full_length: the keys of
    the instruments that are full-length for this brief one. One positive full-length screen outweighs a negative one. closes: whether
    the rule holds for this brief screen; where it does not, a negative full-length one leaves nothing more to offer.
    """
    if brief.is_positive is not True:
        return FollowOn.NOTHING
    answers = {each.is_positive for each in others if each.on == brief.on and each.instrument in full_length}
    if True in answers:
        return FollowOn.STANDS
    if False in answers:
        return FollowOn.CLOSED if closes else FollowOn.NOTHING
    return FollowOn.OFFER
