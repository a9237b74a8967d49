"""A form that gives its count alone, without its answers, as an instrument of one answer: the count is the total. Pure.

So a file of counts is read, scored and explained as any other, by the same rules and in both executions.
"""

from __future__ import annotations

from dataclasses import replace

from inmind.screening.errors import NoCountAlone
from inmind.screening.instruments import BlankRule, Instrument, Item

COUNT = "count"


def by_count(instrument: Instrument) -> Instrument:
    """What `scoring.score_count` says of one count, for many: a band, and nothing of single answers. Raises NoCountAlone."""
    if not instrument.takes_a_count:
        raise NoCountAlone(instrument.short_name)
    possible = tuple(range(instrument.minimum, instrument.maximum + 1))
    answer = Item(COUNT, 1, "the count alone", "el número solo", possible, printed_worst_first=None, loinc="")
    return replace(
        instrument,
        items=(answer,),
        summed=(COUNT,),
        cutoffs=(),
        critical=(),
        subscales=(),
        finding=None,
        points_of_code={},
        blank_rule=BlankRule.NEVER,
        read_by_hand=(),
    )
