"""What a brief screen leads to: the full-length one at once, and what closes it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.screening.adapters.catalog import catalog
from inmind.screening.follow_on import Finished, FollowOn, follow_on

LEAP = date(2028, 2, 29)
FULL = ("phq9", "epds")


def brief(is_positive: bool | None = True, on: date = LEAP) -> Finished:
    return Finished("phq2", on, is_positive)


@pytest.mark.parametrize(
    ("first", "others", "meant"),
    [
        pytest.param(brief(False), [], FollowOn.NOTHING, id="a negative brief screen leads to nothing"),
        pytest.param(brief(None), [], FollowOn.NOTHING, id="one that blanks leave open is asked again, not followed"),
        pytest.param(brief(), [], FollowOn.OFFER, id="a positive one offers the full-length screen at once"),
        pytest.param(brief(), [Finished("phq9", LEAP, False)], FollowOn.CLOSED, id="a full negative of that day closes it"),
        pytest.param(brief(), [Finished("epds", LEAP, False)], FollowOn.CLOSED, id="either full-length screen does"),
        pytest.param(brief(), [Finished("phq9", LEAP, True)], FollowOn.STANDS, id="a full positive lets it stand"),
        pytest.param(brief(), [Finished("phq9", LEAP, None)], FollowOn.OFFER, id="an unfinished full one closes nothing"),
        pytest.param(
            brief(), [Finished("phq9", LEAP + timedelta(days=1), False)], FollowOn.OFFER, id="the day after 29 February is another day"
        ),
        pytest.param(brief(), [Finished("phq9", date(2027, 2, 28), False)], FollowOn.OFFER, id="an earlier day closes nothing"),
        pytest.param(brief(), [Finished("epds3", LEAP, False)], FollowOn.OFFER, id="another brief form closes nothing"),
        pytest.param(brief(), [brief(False)], FollowOn.OFFER, id="nor does the same brief one, negative"),
        pytest.param(
            brief(), [Finished("phq9", LEAP, False), Finished("epds", LEAP, True)], FollowOn.STANDS, id="a positive outweighs a negative"
        ),
    ],
)  # fmt: skip
def test_brief_positive(first: Finished, others: list[Finished], meant: FollowOn) -> None:
    """HEDIS DSF-E: a positive brief screen can be closed by a negative full-length screen on the same day."""
    assert follow_on(first, others, FULL) is meant


days = st.dates(date(2028, 2, 27), date(2028, 3, 2))
finished = st.builds(Finished, st.sampled_from(["phq2", "epds3", *FULL]), days, st.sampled_from([True, False, None]))


@given(finished, st.lists(finished, max_size=6))
def test_the_order_and_the_other_days_never_matter(first: Finished, others: list[Finished]) -> None:
    """The same screens in any order say the same, and those of other days might as well not be there."""
    same_day = [each for each in others if each.on == first.on]
    said = follow_on(first, others, FULL)
    assert said is follow_on(first, others[::-1], FULL) is follow_on(first, same_day, FULL)
    if said is FollowOn.CLOSED:
        assert first.is_positive and Finished in {type(each) for each in same_day}
        assert not any(each.is_positive for each in same_day if each.instrument in FULL)


def test_only_a_brief_screen_of_depression_is_closed_by_a_negative_full_one() -> None:
    """The rule is one on depression: a negative GAD-7 ends what is offered, and closes nothing."""
    first, full = Finished("gad2", LEAP, True), Finished("gad7", LEAP, False)
    assert follow_on(first, [full], ["gad7"], closes=False) is FollowOn.NOTHING
    assert follow_on(first, [], ["gad7"], closes=False) is FollowOn.OFFER
    assert {one.key for one in catalog().values() if one.full_length_closes} == {"phq2", "epds3"}


def test_every_full_length_screen_that_is_named_is_there_and_asks_more() -> None:
    """The catalog names no instrument that is not installed, and each has more items than the brief one."""
    briefs = [one for one in catalog().values() if one.full_length]
    assert {one.key for one in briefs} == {"phq2", "epds3", "gad2"}
    for one in briefs:
        for key in one.full_length:
            assert len(catalog()[key].items) > len(one.items)
            assert not one.asks_about_safety
            assert catalog()[key].asks_about_safety == (one.key != "gad2")  # the GAD-7 does not ask either
