"""Entering a screen from paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.screening import paper
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import OutOfRange, UnknownItem
from inmind.screening.instruments import Instrument


def shape(instrument: Instrument) -> object:
    """What makes a form like another one on the page."""
    kinds = {(one.printed_worst_first, len(one.values), one.words, one.word_points) for one in instrument.items}
    return frozenset(kinds), instrument.follows is None


# One of each shape: its tests say the same of all the others.
INSTRUMENTS = list({shape(one): one for one in catalog().values() if one.fits_a_page}.values())
EVERY = pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.key)


@EVERY
def test_what_is_offered_is_what_stands_on_paper(instrument: Instrument) -> None:
    """Positions from the top where their order is known, else the points that are printed; as many as make a difference."""
    for item in instrument.items:
        offered = paper.choices(instrument, item)
        assert {choice.is_position for choice in offered} == {instrument.takes_positions and not item.word_points}
        assert len({choice.value for choice in offered}) == len(item.values)
        if offered[0].is_position:
            assert [choice.value for choice in offered] == list(range(1, len(offered) + 1))


@pytest.mark.parametrize("instrument", [one for one in catalog().values() if one.fits_a_page], ids=lambda one: one.key)
def test_a_number_key_is_the_number_that_is_printed(instrument: Instrument) -> None:
    """Points where paper prints points: a 1 typed for a 1 is never a 0. Else the place from the first, each once."""
    for item in instrument.items:
        offered = paper.choices(instrument, item)
        digits = [digit for choice in offered for digit in choice.digits]
        assert len(set(digits)) == len(digits) and set(digits) <= set(range(10))
        by_points = not (instrument.takes_positions or item.word_points)
        assert digits == ([choice.value for choice in offered] if by_points else list(range(1, len(digits) + 1)))


def test_answers_that_share_their_points_are_one_choice() -> None:
    """So that no answer is shown later that nobody marked: of the POSI's five two, and "does not apply" beside "none"."""
    posi, family = catalog()["posi"], catalog()["swycfamily"]
    assert [(one.value, one.words) for one in paper.choices(posi, posi.items[0])] == [
        (0, ("option 1", "option 2")),
        (1, ("option 3", "option 4", "option 5")),
    ]
    assert paper.choices(family, family.item("swycfamily_8"))[0].words == ("none", "not applicable")
    assert [one.words for one in paper.choices(family, family.item("swycfamily_6"))] == [()] * 4


@EVERY
def test_what_was_marked_comes_back_as_it_was_marked(instrument: Instrument) -> None:
    """Turned into points once, and back again for the form: nothing moves."""
    for item in instrument.items:
        for value in [*(str(choice.value) for choice in paper.choices(instrument, item)), ""]:
            points = paper.answers(instrument, {item.key: value})
            assert paper.marked(instrument, points) == {item.key: value}


@EVERY
def test_a_form_that_prints_the_worst_answer_first_is_turned_round_once(instrument: Instrument) -> None:
    """The mark at the top is the most points there, the fewest elsewhere."""
    for item in instrument.items:
        first = paper.choices(instrument, item)[0]
        points = paper.answers(instrument, {item.key: str(first.value)})[item.key]
        if first.is_position:
            assert points == (max(item.values) if item.printed_worst_first else min(item.values))
        else:
            assert points == first.value


@EVERY
@pytest.mark.parametrize("value", ["9", "-1", "1.5", "1.0", "+1", "1_0", "x", "²", "١", "１", "0x1"])
def test_a_mark_that_is_not_offered_is_refused(instrument: Instrument, value: str) -> None:
    """Digits of other scripts too: what is kept is what was meant, or nothing."""
    key = instrument.items[0].key
    with pytest.raises(OutOfRange):
        paper.answers(instrument, {key: value})


@EVERY
def test_an_item_of_another_instrument_is_refused(instrument: Instrument) -> None:
    """The form was not this one's."""
    with pytest.raises(UnknownItem):
        paper.answers(instrument, {"elsewhere": "1"})


@EVERY
def test_a_wrong_answer_hides_no_right_one(instrument: Instrument) -> None:
    """What can be read is read, so that a crisis beside a slip of the hand is heeded."""
    right, wrong = instrument.items[0].key, instrument.items[1].key
    value = str(paper.choices(instrument, instrument.items[0])[-1].value)
    marked = {right: value, wrong: "99", "elsewhere": "1"}
    assert paper.readable(instrument, marked) == paper.answers(instrument, {right: value})


@EVERY
def test_a_mark_with_spaces_around_it_is_the_mark(instrument: Instrument) -> None:
    """And spaces alone are a blank."""
    key, value = instrument.items[0].key, str(paper.choices(instrument, instrument.items[0])[0].value)
    assert paper.answers(instrument, {key: f" {value} "}) == paper.answers(instrument, {key: value})
    assert paper.answers(instrument, {key: "  "}) == {key: None}


@EVERY
@given(data=st.data())
def test_a_whole_sheet_comes_back_as_it_was_marked(instrument: Instrument, data: st.DataObject) -> None:
    """However many of its items are marked, left blank or not reached yet."""
    offered = {
        item.key: ["", *(str(choice.value) for choice in paper.choices(instrument, item))] for item in instrument.items
    }
    keys = data.draw(st.sets(st.sampled_from(list(offered))))
    sheet = {key: data.draw(st.sampled_from(offered[key])) for key in keys}
    assert paper.marked(instrument, paper.answers(instrument, sheet)) == sheet


@EVERY
@given(data=st.data())
def test_what_can_be_read_is_an_answer_whatever_was_sent(instrument: Instrument, data: st.DataObject) -> None:
    """Nothing sent stops the reading, and nothing is kept that the form does not have."""
    points = {item.key: item.values for item in instrument.items}
    keys = st.sampled_from([*points, "elsewhere"]) | st.text(max_size=5)
    read = paper.readable(instrument, data.draw(st.dictionaries(keys, st.text(max_size=4))))
    assert all(kept is None or kept in points[key] for key, kept in read.items())
