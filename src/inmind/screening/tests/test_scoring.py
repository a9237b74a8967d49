"""Scoring one screen."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening import scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import OutOfRange, UnknownItem
from inmind.screening.examples import EXAMPLES, Example
from inmind.screening.instruments import BlankRule, Instrument
from inmind.screening.scoring import Incomplete, Scored, score

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]

EVERY = list(catalog().values())
instruments = st.sampled_from(EVERY)


@st.composite
def sheets(draw: st.DrawFn, blanks: bool = True) -> tuple[Instrument, dict[str, int | None]]:
    """An instrument, and answers that can be; some blank, some items not named at all."""
    instrument = draw(instruments)
    blank = [None] if blanks else []
    answers = {item.key: draw(st.sampled_from([*item.values, *blank])) for item in instrument.items}
    left_out = draw(st.sets(st.sampled_from(sorted(answers)))) if blanks else set()
    return instrument, {key: mark for key, mark in answers.items() if key not in left_out}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.says)
def test_worked_example(example: Example) -> None:
    """Each example, reckoned by hand, is what the code says."""
    instrument = catalog()[example.instrument]
    assert len(example.points()) == len(instrument.items)
    result = score(instrument, example.points())
    assert " to ".join(map(str, dict.fromkeys(scoring.bounds(result)))) == example.result
    assert (result.band or "") == example.band
    assert tuple(flag.key for flag in result.flags) == example.flags
    if isinstance(result, Scored):
        assert tuple(cutoff.label for cutoff in result.cutoffs) == example.cutoffs
        assert "-" not in example.answers
    else:
        assert result.ask_again == example.ask_again
        assert len(result.blanks) == example.answers.count("-")


@settings(deadline=None)
@given(sheets(blanks=False))
def test_a_finished_screen_is_the_plain_sum_and_stays_in_range(sheet: tuple[Instrument, dict[str, int]]) -> None:
    """Points are the sum of the answers, between the instrument's lowest and highest, and the band holds them."""
    instrument, answers = sheet
    result = score(instrument, answers)
    assert isinstance(result, Scored)
    assert result.points == sum(answers.values())
    assert instrument.minimum <= result.points <= instrument.maximum
    assert [band.code for band in instrument.bands if band.low <= result.points <= band.high] == [result.band]
    assert [cutoff.value for cutoff in result.cutoffs] == sorted(
        cutoff.value for cutoff in instrument.cutoffs if cutoff.by_default and cutoff.value <= result.points
    )


@settings(deadline=None)
@given(sheets())
def test_self_harm_answer_is_flagged_whatever_is_blank(sheet: tuple[Instrument, dict[str, int | None]]) -> None:
    """Where an instrument asks about self-harm, its last item at one point or more raises the crisis flag, and nothing
    else does; one that does not ask raises none."""
    instrument, answers = sheet
    last = instrument.items[-1].key if instrument.asks_about_safety else ""
    flags = score(instrument, answers).flags
    assert [flag.key for flag in flags] == (["self_harm_any"] if (answers.get(last) or 0) >= 1 else [])
    assert all(flag.is_crisis and flag.item == last for flag in flags)


@settings(max_examples=30, deadline=None)
@given(instruments, st.data())
def test_every_completion_lies_in_the_range_and_shares_the_band_shown(
    instrument: Instrument, data: st.DataObject
) -> None:
    """Of a screen with up to three blanks, every way to fill them is scored: range and band tell the truth."""
    values = instrument.items[0].values
    answers: dict[str, int | None] = {item.key: data.draw(st.sampled_from(values)) for item in instrument.items}
    blanks = data.draw(
        st.lists(st.sampled_from(sorted(answers)), min_size=1, max_size=min(3, len(answers)), unique=True)
    )
    result = score(instrument, answers | dict.fromkeys(blanks))
    assert isinstance(result, Incomplete)
    full = [
        score(instrument, answers | dict(zip(blanks, marks, strict=True)))
        for marks in product(values, repeat=len(blanks))
    ]
    totals = [each.points for each in full if isinstance(each, Scored)]
    assert len(totals) == len(values) ** len(blanks)
    assert (result.lowest, result.highest) == (min(totals), max(totals))
    shared = {each.band for each in full}
    positive = scoring.is_positive(instrument, result)
    if instrument.blank_rule is BlankRule.NEVER:
        assert (result.band, positive) == (None, None)
    else:
        assert result.band == (shared.pop() if len(shared) == 1 else None)
        assert positive in {None, *(scoring.is_positive(instrument, each) for each in full)}
        assert positive is None or {scoring.is_positive(instrument, each) for each in full} == {positive}


def test_blank_is_the_same_as_not_named() -> None:
    """Leaving an item out of the answers and giving None say the same."""
    assert score(PHQ9, {"phq9_9": 1}) == score(PHQ9, {**dict.fromkeys([item.key for item in PHQ9.items]), "phq9_9": 1})


@pytest.mark.parametrize("found", [4, -1, 7, 9, 1.0, 1.5, True, False, "1", "", b"1", [1], float("nan")], ids=repr)
def test_what_cannot_be_an_answer_is_refused(found: object) -> None:
    """A number out of range, a fraction, a yes and a text are no answers, not even where Python holds them equal to one."""
    with pytest.raises(OutOfRange) as refusal:
        score(PHQ9, {"phq9_1": found})  # type: ignore[dict-item]
    assert refusal.value.field == "phq9_1"
    assert "0, 1, 2, 3" in refusal.value.in_english()
    assert "Kroenke" in refusal.value.source


def test_an_answer_to_another_question_is_refused() -> None:
    """An item that the instrument does not have is named in the refusal, with those it has."""
    with pytest.raises(UnknownItem, match=r"no item called epds_10.*phq9_9"):
        score(PHQ9, {"epds_10": 1})


def test_a_flag_says_why_without_saying_what_was_answered() -> None:
    """The reason names item, threshold and source; three points and one point read alike."""
    [worst], [least] = score(EPDS, {"epds_10": 3}).flags, score(EPDS, {"epds_10": 1}).flags
    assert worst == least
    assert worst.in_english() == "Item 10 (self-harm thoughts) has 1 or more; this is looked at whatever the total."
    assert "Cox" in worst.source


def test_the_reporting_cutoff_is_not_counted_in_results() -> None:
    """EPDS 11 is for reports that ask for it; a total of 11 reaches only the default cut-off of 10."""
    answers = {item.key: 0 for item in EPDS.items} | {"epds_1": 3, "epds_2": 3, "epds_3": 3, "epds_4": 2}
    result = score(EPDS, answers)
    assert isinstance(result, Scored)
    assert [cutoff.value for cutoff in result.cutoffs] == [10]


def test_the_core_needs_no_django() -> None:
    """Scoring, instruments and the file scorer import and work where Django cannot be imported."""
    code = """
import sys
class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "django":
            raise ImportError("Django is not here")
sys.meta_path.insert(0, NoDjango())
from inmind.screening import (answer_rows, delimited, errors, examples, expression, file_mapping, follow_on, instrument_file,
    instruments, plain, trend, words, questionnaire_response, reference, score_command, scoring)
from inmind.screening.adapters import catalog, duck, score_file, text_lines
assert scoring.score(catalog.catalog()["epds"], {"epds_10": 1}).flags
assert not any(name.split(".")[0] == "django" for name in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@settings(deadline=None)
@given(sheets())
def test_a_subscale_is_the_plain_sum_of_its_items_and_bands_nothing(
    sheet: tuple[Instrument, dict[str, int | None]],
) -> None:
    """Between its lowest and highest; its cut-off is open as long as blanks leave it open; the result is the same."""
    instrument, answers = sheet
    for part in scoring.parts(instrument, answers):
        given_points = [answers.get(key) for key in part.subscale.items]
        assert part.lowest == sum(points or 0 for points in given_points)
        assert part.highest == sum(3 if points is None else points for points in given_points)
        applied = part.subscale.applied
        assert applied is not None
        assert part.reaches == (
            True if part.lowest >= applied.value else False if part.highest < applied.value else None
        )
    without = replace(instrument, subscales=())
    assert score(without, answers) == score(instrument, answers)
    assert scoring.parts(without, answers) == ()


def test_a_subscale_without_an_applied_cutoff_reaches_none() -> None:
    """A network may choose none at all: then the points stand there alone."""
    bare = replace(EPDS, subscales=(replace(EPDS.subscales[0], applied=None),))
    [part] = scoring.parts(bare, {"epds_3": 3, "epds_4": 3, "epds_5": 3})
    assert (part.lowest, part.highest, part.reaches) == (9, 9, None)


@pytest.mark.parametrize(
    ("key", "total", "meant"),
    [("epds", 9, False), ("epds", 10, True), ("phq9", 9, False), ("phq9", 10, True), ("phq2", 2, False), ("phq2", 3, True)],
)  # fmt: skip
def test_what_counts_as_positive_is_the_lowest_default_cutoff(key: str, total: int, meant: bool) -> None:
    """HEDIS DSF-E: EPDS from 10, PHQ-9 from 10, PHQ-2 from 3; the EPDS's 11 and 13 do not decide it."""
    instrument, answers = catalog()[key], {}
    for item in instrument.items:
        answers[item.key] = min(3, total)
        total -= answers[item.key]
    assert scoring.is_positive(instrument, score(instrument, answers)) is meant


def test_an_instrument_without_a_cutoff_is_neither_positive_nor_negative() -> None:
    """The M-CHAT-R has bands alone."""
    mchatr = catalog()["mchatr"]
    assert scoring.is_positive(mchatr, score(mchatr, {item.key: 1 for item in mchatr.items})) is None


@settings(deadline=None)
@given(st.sets(st.integers(1, 20), min_size=3, max_size=7), st.data())
def test_a_second_stage_counts_only_what_it_asked(numbers: set[int], data: st.DataObject) -> None:
    """Its range goes as far as the items that were given; two that still stand are positive, as the publisher says."""
    follow_up = catalog()["mchatrf"]
    given_items = follow_up.only({f"mchatrf_{number}" for number in numbers})
    answers = {item.key: data.draw(st.sampled_from([0, 1])) for item in given_items.items}
    result = score(given_items, answers)
    assert isinstance(result, Scored)
    assert given_items.maximum == len(numbers)
    assert result.points == sum(answers.values())
    assert result.band == ("positive_follow_up" if result.points >= 2 else "negative")
    assert given_items.bands[-1].high == given_items.maximum
    for item in follow_up.items:
        if item.number not in numbers:
            with pytest.raises(UnknownItem):
                score(given_items, {item.key: 1})


@pytest.mark.parametrize(
    ("before", "now", "is_said_anew"),
    [
        ({}, {"epds_10": 1}, True),
        ({"epds_10": None}, {"epds_10": 1}, True),
        ({"epds_10": 0}, {"epds_10": 3}, True),
        ({"epds_10": 1}, {"epds_10": 2}, True),
        ({"epds_10": 2}, {"epds_10": 2, "epds_1": 3}, False),
        ({"epds_10": 3}, {"epds_10": 1}, False),
        ({"epds_10": 1}, {"epds_10": 0}, False),
        ({"epds_10": 1}, {"epds_10": None}, False),
        ({}, {"epds_1": 3}, False),
    ],
)
def test_a_crisis_is_said_anew_where_it_was_not_there_or_is_worse(
    before: dict[str, int | None], now: dict[str, int | None], is_said_anew: bool
) -> None:
    assert [flag.item for flag in scoring.new_crises(EPDS, before, now)] == ["epds_10"] * is_said_anew
