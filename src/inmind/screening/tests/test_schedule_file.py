"""Schedule files: what is refused, at which line, and why; a network's own file stands in for ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import parse
from inmind.screening import schedule_file
from inmind.screening.adapters import catalog as installed
from inmind.screening.schedule import Schedule

TEXT = (Path(__file__).parents[1] / "catalog" / "schedules" / "well_child.yaml").read_text(encoding="utf-8")
AUTISM = "  - {age: 18, opens: {months: 16}, closes: {months: 23}"


def built(*changes: tuple[str, str]) -> Schedule:
    text = TEXT
    for old, new in changes:
        assert old in text, f"{old!r} is not in the file any more"
        text = text.replace(old, new, 1)
    return schedule_file.load(parse(text, "well_child.yaml"))


REFUSED = [
    ("a screen without a way", "  in_pregnancy: {value: at least", "  ages_: {value: at least", "`ages_` is not known"),
    ("a screen with two ways", "  each_visit: {value: every visit without", "  in_pregnancy: {value: x, source: hedis, confidence: high}\n  each_visit: {value: every visit without", "one of the three"),
    ("an unknown tool", "tools: [mchatr]", "tools: [mchatx]", "no tool mchatx"),
    ("a screen at ages without a tool", "tools: [mchatr]", "tools: []", "done with a tool"),
    ("the same tool twice", "- key: phq9\n", "- key: epds\n", "stands here twice"),
    ("the same screen twice", "- key: autism\n", "- key: developmental\n", "stands here twice"),
    ("instead of a screen that is not there", "unless: developmental", "unless: dreams", "no screen dreams"),
    ("a window that closes first", AUTISM, AUTISM.replace("23", "16"), "closes after it opens"),
    ("windows over one another", AUTISM, AUTISM.replace("23", "24"), "closes after it opens"),
    ("a window for an age that is not asked", AUTISM, AUTISM.replace("age: 18", "age: 17"), "one window for each age"),
    ("days beyond a month", "days: 15", "days: 28", "days from 0 to 27"),
    ("forms over one another", "{form: 4, from: {value: 4", "{form: 4, from: {value: 3", "forms follow one another"),
    ("a form that ends first", "to: {value: 3,", "to: {value: 0,", "forms follow one another"),
    ("a rule of low confidence", "weeks_early: {value: 3, source: tufts_faq, confidence: high", "weeks_early: {value: 3, source: tufts_faq, confidence: low", "more than low confidence"),
    ("a rule that is not known", "below_months: {value: 24", "below_months: {value: null", "more than low confidence"),
    ("a source nobody named", "source: aap2019, confidence", "source: rumour, confidence", "`rumour` is not among"),
    ("a day that is none", "date: 2026-11-21", "date: soon", "expected a date"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_file_that_cannot_be_used_is_refused_with_its_line(old: str, new: str, reason: str) -> None:
    with pytest.raises(BadCatalog) as refused:
        built((old, new))
    assert reason in refused.value.reason
    assert refused.value.line > 1


def test_windows_may_not_be_left_out() -> None:
    before, _, after = TEXT.partition("  windows:\n  - {age: 1, ")
    text = before + after[after.index("- key: prenatal") :]
    with pytest.raises(BadCatalog, match="`windows` is missing"):
        schedule_file.load(parse(text, "well_child.yaml"))


def test_ages_are_the_sources_and_windows_are_ours() -> None:
    """Every window says that it is a network's setting, of low confidence; every age names a source."""
    for asked in built().asked:
        assert asked.source in built().sources and asked.source != schedule_file.OURS
        assert all(window.is_ours for window in asked.windows)


def test_a_network_lays_its_own_over_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its windows count and are shown as its own; a file of its own that is bad is refused."""
    folder = tmp_path / "screening" / "schedules"
    folder.mkdir(parents=True)
    own = folder / "well_child.yaml"
    own.write_text(TEXT.replace(AUTISM, AUTISM.replace("months: 16", "months: 17")), encoding="utf-8")
    monkeypatch.setenv("INMIND_CATALOG_DIR", str(tmp_path))
    installed.schedule.cache_clear()
    try:
        there = installed.schedule()
        autism = next(one for one in there.asked if one.key == "autism")
        assert (there.is_ours, autism.windows[0].opens.months) == (False, 17)
        own.write_text("title: Nothing else\n", encoding="utf-8")
        installed.schedule.cache_clear()
        with pytest.raises(BadCatalog):
            installed.schedule()
    finally:
        installed.schedule.cache_clear()


def test_ours_is_said_to_be_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INMIND_CATALOG_DIR", raising=False)
    installed.schedule.cache_clear()
    assert installed.schedule().is_ours
