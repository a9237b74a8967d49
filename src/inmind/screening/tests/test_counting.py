"""A form that gives its count alone, as an instrument of one answer."""

from __future__ import annotations

import pytest

from inmind.screening import scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.counting import COUNT, by_count
from inmind.screening.errors import NoCountAlone


@pytest.mark.parametrize("key", [one.key for one in catalog().values() if one.takes_a_count])
def test_a_count_alone_is_scored_alike_both_ways(key: str) -> None:
    """Each possible count; both say nothing of single answers."""
    instrument = catalog()[key]
    alone = by_count(instrument)
    for count in range(instrument.minimum, instrument.maximum + 1):
        assert scoring.score(alone, {COUNT: count}) == scoring.score_count(instrument, count)


def test_other_instruments_are_scored_by_their_answers() -> None:
    """A total of the EPDS says nothing about its last answer."""
    with pytest.raises(NoCountAlone, match="EPDS is scored by its answers"):
        by_count(catalog()["epds"])
