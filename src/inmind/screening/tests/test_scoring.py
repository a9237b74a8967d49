"""Scoring one screen."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening import scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import OutOfRange, UnknownItem
from inmind.screening.examples import EXAMPLES, Example
from inmind.screening.instruments import Instrument
from inmind.screening.scoring import Incomplete, Scored, score

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]

instruments = st.sampled_from([PHQ9, EPDS])


@st.composite
def sheets(draw: st.DrawFn, blanks: bool = True) -> tuple[Instrument, dict[str, int | None]]:
    """An instrument, and answers that can be; some blank, some items not named at all."""
    instrument = draw(instruments)
    mark = st.sampled_from([0, 1, 2, 3, None] if blanks else [0, 1, 2, 3])
    answers = {item.key: draw(mark) for item in instrument.items}
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
    """The last item at one point or more raises the crisis flag, and nothing else does."""
    instrument, answers = sheet
    last = instrument.items[-1].key
    flags = score(instrument, answers).flags
    assert [flag.key for flag in flags] == (["self_harm_any"] if (answers.get(last) or 0) >= 1 else [])
    assert all(flag.is_crisis and flag.item == last for flag in flags)


@settings(max_examples=30, deadline=None)
@given(instruments, st.data())
def test_every_completion_lies_in_the_range_and_shares_the_band_shown(
    instrument: Instrument, data: st.DataObject
) -> None:
    """Of a screen with up to three blanks, every way to fill them is scored: range and band tell the truth."""
    answers: dict[str, int | None] = {item.key: data.draw(st.integers(0, 3)) for item in instrument.items}
    blanks = data.draw(st.lists(st.sampled_from(sorted(answers)), min_size=1, max_size=3, unique=True))
    result = score(instrument, answers | dict.fromkeys(blanks))
    assert isinstance(result, Incomplete)
    full = [
        score(instrument, answers | dict(zip(blanks, marks, strict=True)))
        for marks in product(range(4), repeat=len(blanks))
    ]
    totals = [each.points for each in full if isinstance(each, Scored)]
    assert len(totals) == 4 ** len(blanks)
    assert (result.lowest, result.highest) == (min(totals), max(totals))
    shared = {each.band for each in full}
    if instrument is EPDS:
        assert result.band is None
    else:
        assert result.band == (shared.pop() if len(shared) == 1 else None)


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
from inmind.screening import (answer_rows, delimited, errors, examples, expression, file_mapping, instrument_file,
    instruments, questionnaire_response, reference, score_command, scoring)
from inmind.screening.adapters import catalog, duck, score_file, text_lines
assert scoring.score(catalog.catalog()["epds"], {"epds_10": 1}).flags
assert not any(name.split(".")[0] == "django" for name in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
