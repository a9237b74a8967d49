"""Scoring one screen."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.families.ages import Ages
from inmind.foundation.values import Age
from inmind.screening import scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import OutOfRange, UnknownItem
from inmind.screening.examples import EXAMPLES, Example
from inmind.screening.instruments import BlankRule, Instrument
from inmind.screening.scoring import Incomplete, Scored, score

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]

EVERY = list(catalog().values())
instruments = st.sampled_from(EVERY)
Sheet: TypeAlias = tuple[Instrument, dict[str, int | None], Ages | None]


def at_months(months: int | None) -> Ages | None:
    return None if months is None else Ages(Age(months, 0))


def some_ages(draw: st.DrawFn, instrument: Instrument) -> Ages | None:
    """An age for which the instrument has a rule; None where it asks for none."""
    if not instrument.needs_age:
        return None
    return at_months(draw(st.integers(instrument.strata[0].low, instrument.strata[-1].high)))


def here(instrument: Instrument, ages: Ages | None) -> Instrument:
    return instrument if ages is None else instrument.at(ages.used.months)


@st.composite
def sheets(draw: st.DrawFn, blanks: bool = True) -> Sheet:
    """An instrument, answers that can be (some blank, some items not named at all), and an age where it needs one."""
    instrument = draw(instruments)
    blank = [None] if blanks else []
    answers = {item.key: draw(st.sampled_from([*item.values, *blank])) for item in instrument.items}
    left_out = draw(st.sets(st.sampled_from(sorted(answers)))) if blanks else set()
    kept = {key: mark for key, mark in answers.items() if key not in left_out}
    return instrument, kept, some_ages(draw, instrument)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.says)
def test_worked_example(example: Example) -> None:
    """Each example, reckoned by hand, is what the code says."""
    instrument = catalog()[example.instrument]
    assert len(example.points()) == len(instrument.items)
    result = score(instrument, example.points(), at_months(example.months))
    assert example.shown(result) == example.result
    assert (result.band or "") == example.band
    assert tuple(dict.fromkeys(flag.key for flag in result.flags)) == example.flags
    assert result.ask_again == example.ask_again
    assert tuple(f"{part.subscale.key} {part.lowest}" for part in result.parts if part.reaches) == example.parts
    assert tuple(note.key for note in result.notes) == example.notes
    if example.finding is not None:
        assert result.finding == example.finding
    if example.positive is not None:
        assert {True: "yes", False: "no", None: ""}[result.is_positive] == example.positive
    cutoffs = result.cutoffs if isinstance(result, Scored) else ()
    assert tuple(cutoff.label for cutoff in cutoffs) == example.cutoffs


@settings(deadline=None)
@given(sheets(blanks=False))
def test_a_finished_screen_is_the_plain_sum_and_stays_in_range(sheet: Sheet) -> None:
    """Points are the sum of the answers that count at that age, within the range, and the band holds them; none is made
    up where the publisher has no total."""
    instrument, answers, ages = sheet
    result, rules = score(instrument, answers, ages), here(instrument, ages)
    assert isinstance(result, Scored)
    assert (result.blanks, result.ages) == ((), ages)
    if not instrument.has_total:
        assert (result.points, result.lowest, result.highest, result.band, result.cutoffs) == (
            None,
            None,
            None,
            None,
            (),
        )
        return
    points = sum(answers[key] or 0 for key in rules.summed)
    assert (result.points, result.lowest, result.highest) == (points, points, points)
    assert rules.minimum <= points <= rules.maximum
    assert [band.code for band in rules.bands if band.low <= points <= band.high] == [result.band] * bool(rules.bands)
    assert [cutoff.value for cutoff in result.cutoffs] == sorted(
        each.value
        for each in rules.cutoffs
        if each.by_default and (points <= each.value if each.at_or_below else points >= each.value)
    )


@settings(deadline=None)
@given(sheets())
def test_self_harm_answer_is_flagged_whatever_is_blank(sheet: Sheet) -> None:
    """Where an instrument asks about self-harm, its last item at one point or more raises the crisis flag, and nothing
    else does; one that does not ask raises none."""
    instrument, answers, ages = sheet
    last = instrument.items[-1].key if instrument.asks_about_safety else ""
    flags = score(instrument, answers, ages).flags
    crises = [flag for flag in flags if flag.is_crisis]
    assert [flag.key for flag in crises] == (["self_harm_any"] if (answers.get(last) or 0) >= 1 else [])
    assert all(flag.item == last for flag in crises)
    assert flags == scoring.flags(instrument, answers)


@settings(max_examples=30, deadline=None)
@given(instruments, st.data())
def test_every_completion_lies_in_the_range_and_shares_the_band_shown(
    instrument: Instrument, data: st.DataObject
) -> None:
    """Of a screen with up to three blanks, every way to fill them is scored: range and band tell the truth."""
    ages = data.draw(st.composite(some_ages)(instrument))
    rules = here(instrument, ages)
    answers: dict[str, int | None] = {item.key: data.draw(st.sampled_from(item.values)) for item in rules.items}
    blanks = data.draw(
        st.lists(st.sampled_from(sorted(answers)), min_size=1, max_size=min(3, len(answers) - 1), unique=True)
    )
    result = score(instrument, answers | dict.fromkeys(blanks), ages)
    assert sorted(result.blanks) == sorted(blanks)
    ways = list(product(*(rules.item(key).values for key in blanks)))
    full = [score(instrument, answers | dict(zip(blanks, marks, strict=True)), ages) for marks in ways]
    totals = [each.points for each in full if isinstance(each, Scored) and each.points is not None]
    assert len(totals) == len(ways) * instrument.has_total
    if totals:
        assert (result.lowest, result.highest) == (min(totals), max(totals))
    shared, positive = {each.band for each in full}, {each.is_positive for each in full}
    if instrument.blank_rule is BlankRule.COUNT_LOWEST:
        as_lowest = full[0]  # `product` begins with the lowest answers
        assert isinstance(result, Scored) and isinstance(as_lowest, Scored)
        assert (result.points, result.band, result.cutoffs) == (as_lowest.points, as_lowest.band, as_lowest.cutoffs)
        assert (result.is_positive, result.flags) == (as_lowest.is_positive, as_lowest.flags)
        return
    assert isinstance(result, Incomplete)
    if instrument.blank_rule is BlankRule.NEVER:
        assert result.band is None
    else:
        assert result.band == (shared.pop() if len(shared) == 1 else None)
    if instrument.blank_rule is BlankRule.NEVER and instrument.has_total:
        assert result.is_positive is None
    assert result.is_positive is None or positive == {result.is_positive}
    findings = {each.finding for each in full}
    assert result.finding == (findings.pop() if len(findings) == 1 else None)


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
from inmind.screening import (answer_rows, answers, delimited, errors, examples, expression, file_mapping, follow_on, instrument_file,
    instruments, plain, quick, quick_rows, recorded, recorded_file, sheet_reader, steward_table, trend, words, questionnaire_response, reference,
    score_command, scoring)
from inmind.screening.adapters import catalog, duck, responses, score_file, text_lines
assert scoring.score(catalog.catalog()["epds"], {"epds_10": 1}).flags
assert not any(name.split(".")[0] == "django" for name in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@settings(deadline=None)
@given(sheets())
def test_a_subscale_is_the_plain_sum_of_its_items(sheet: Sheet) -> None:
    """Between its lowest and highest; its cut-off is open as long as blanks leave it open. One that does not count
    bands nothing: the result is the same without it."""
    instrument, answers, ages = sheet
    result = score(instrument, answers, ages)
    for part in result.parts:
        items = [instrument.item(key) for key in part.subscale.items]
        given_points = [(answers.get(item.key), item.values) for item in items]
        assert part.lowest == sum(values[0] if points is None else points for points, values in given_points)
        assert part.highest == sum(values[-1] if points is None else points for points, values in given_points)
        applied = part.subscale.applied
        if applied is None or (instrument.blank_rule is BlankRule.COUNT_LOWEST and isinstance(result, Incomplete)):
            assert part.reaches is None
            continue
        highest = part.lowest if instrument.blank_rule is BlankRule.COUNT_LOWEST else part.highest
        assert part.reaches == (True if part.lowest >= applied.value else False if highest < applied.value else None)
    if not any(each.counts for each in instrument.subscales):
        without = replace(instrument, subscales=())
        assert score(without, answers, ages) == replace(result, parts=())


def test_a_subscale_without_an_applied_cutoff_reaches_none() -> None:
    """A network may choose none at all: then the points stand there alone."""
    bare = replace(EPDS, subscales=(replace(EPDS.subscales[0], applied=None),))
    [part] = score(bare, {"epds_3": 3, "epds_4": 3, "epds_5": 3}).parts
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
    assert score(instrument, answers).is_positive is meant


def test_an_instrument_without_a_cutoff_is_neither_positive_nor_negative() -> None:
    """The M-CHAT-R has bands alone."""
    mchatr = catalog()["mchatr"]
    assert score(mchatr, {item.key: 1 for item in mchatr.items}).is_positive is None


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
