"""The faults by which screens are mis-scored in practice, each held off by a test of its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from inmind import environment
from inmind.families.ages import Ages, ages
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import parse
from inmind.foundation.values import Age
from inmind.screening import instrument_file, scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import AgeNeeded, NoCountAlone, NoRuleForAge, OutOfRange, SwitchedOff
from inmind.screening.instruments import Answers, BlankRule, Catalog, Instrument, Positions, from_positions
from inmind.screening.scoring import Incomplete, Scored, score

MILESTONES, PSC35 = catalog()["swycmilestones"], catalog()["psc35"]
BORN = date(2025, 1, 31)


def with_points(instrument: Instrument, points: int) -> dict[str, int | None]:
    """Answers that come to so many points, the first items first."""
    answers: dict[str, int | None] = {}
    for item in instrument.items:
        answers[item.key] = min(item.values[-1], points)
        points -= min(item.values[-1], points)
    return answers


def at(months: int) -> Ages:
    return Ages(Age(months, 0))


@pytest.mark.parametrize(
    ("on", "months", "band"),
    [
        pytest.param(date(2026, 7, 30), 17, None, id="the day before 18 months: another row, and it is not known"),
        pytest.param(date(2026, 7, 31), 18, "needs_review", id="18 months to the day"),
        pytest.param(date(2026, 8, 30), 18, "needs_review", id="577 days: still 18 months"),
        pytest.param(date(2026, 8, 31), 19, "needs_review", id="19 months"),
        pytest.param(date(2026, 12, 30), 22, "needs_review", id="the last day of the 18-month form"),
        pytest.param(date(2026, 12, 31), 23, None, id="the first day of the next form"),
    ],
)
def test_windows_are_calendar_months_not_thirty_days(on: date, months: int, band: str | None) -> None:
    """A month is complete on the same day of a later month, never after so many days."""
    result = score(MILESTONES, with_points(MILESTONES, 8), ages(BORN, None, on, MILESTONES.prematurity))
    assert result.ages is not None
    assert (result.ages.used.months, result.band) == (months, band)


@pytest.mark.parametrize(
    ("gestation_weeks", "on", "chronological", "used"),
    [
        pytest.param(34, date(2026, 9, 15), 19, 18, id="six weeks early, under 24 months: from the due day"),
        pytest.param(37, date(2026, 9, 15), 19, 18, id="three weeks early is enough"),
        pytest.param(38, date(2026, 9, 15), 19, 19, id="two weeks early is not"),
        pytest.param(None, date(2026, 9, 15), 19, 19, id="nobody knows the weeks"),
        pytest.param(34, date(2027, 1, 30), 23, 22, id="the last day of correction"),
        pytest.param(34, date(2027, 1, 31), 24, 24, id="from 24 months on nothing is corrected"),
    ],
)
def test_age_is_corrected_only_by_rule_and_under_24_months(
    gestation_weeks: int | None, on: date, chronological: int, used: int
) -> None:
    """Both ages stand in the result, and which one was used. An instrument without such a rule never corrects."""
    both = ages(BORN, gestation_weeks, on, MILESTONES.prematurity)
    found = score(MILESTONES, {}, both).ages
    assert found is not None
    assert (found.chronological.months, found.used.months) == (chronological, used)
    assert (found.corrected is None) == (chronological == used)
    plain = score(catalog()["mchatr"], {}, both).ages
    assert plain is not None and plain.corrected is None


def test_a_corrected_age_that_somebody_hands_over_is_used_only_where_a_rule_allows_it() -> None:
    """The PSC has no rule, and the SWYC's holds under 24 months: whatever comes in, only that counts."""
    handed = Ages(Age(73, 0), Age(71, 0))
    result = score(PSC35, with_points(PSC35, 28), handed)
    assert result.ages == Ages(Age(73, 0))
    late = score(MILESTONES, {}, Ages(Age(30, 0), Age(28, 0)))
    assert late.ages == Ages(Age(30, 0))


def test_the_cutoff_moves_with_each_month() -> None:
    """From 18 to 22 months a child does five more things: 8, 10, 11, 13 and 14, and nothing between the rows."""
    edges = {}
    for months in range(18, 23):
        reviewed = [n for n in range(21) if score(MILESTONES, with_points(MILESTONES, n), at(months)).is_positive]
        edges[months] = reviewed[-1]
        assert reviewed == list(range(reviewed[-1] + 1))
    assert edges == {18: 8, 19: 10, 20: 11, 21: 13, 22: 14}


@pytest.mark.parametrize("months", [4, 9, 13, 17, 23, 28, 35, 58])
def test_an_unknown_month_is_never_made_from_its_neighbours(months: int) -> None:
    """Also where a weak source has a number: no band, not positive, and the table to load is named."""
    for points in (0, 20):
        result = score(MILESTONES, with_points(MILESTONES, points), at(months))
        assert isinstance(result, Scored)
        assert (result.points, result.band, result.is_positive, result.cutoffs) == (points, None, None, ())
        [note] = result.notes
        assert "load: the official SWYC Milestones scoring table of the steward" in note.in_english()
        assert f"At {months} months" in note.in_english()


@pytest.mark.parametrize("months", [1, 3, 59, 65])
def test_the_forms_of_2_and_60_months_have_no_band(months: int) -> None:
    """Their publisher left them out of the scoring table."""
    result = score(MILESTONES, with_points(MILESTONES, 0), at(months))
    assert (result.band, result.is_positive, [note.key for note in result.notes]) == (None, None, ["not_banded"])


def test_direction_more_milestones_are_better_and_more_symptoms_are_not() -> None:
    """A cut-off from which down a total counts, beside one from which up it does."""
    assert [score(MILESTONES, with_points(MILESTONES, n), at(18)).is_positive for n in (8, 9)] == [True, False]
    ppsc = catalog()["ppsc"]
    assert [score(ppsc, with_points(ppsc, n)).is_positive for n in (8, 9)] == [False, True]


def test_an_answer_is_turned_round_once() -> None:
    """Item 3 of the EPDS is printed worst first: its topmost mark is 3 points, and points are turned no second time."""
    epds = catalog()["epds"]
    points = from_positions(epds, Positions({"epds_3": 1, "epds_1": 1}))
    assert dict(points) == {"epds_3": 3, "epds_1": 0}
    with pytest.raises(TypeError, match="points already"):
        Positions(Answers(points))


def test_blanks_are_each_instruments_own() -> None:
    """One blank beside nothing: no band, the band all completions share, a total with its range; four: not valid."""
    rules = {key: catalog()[key].blank_rule for key in ("epds", "phq9", "psc17", "ppsc", "psc35")}
    assert list(rules.values()) == [
        BlankRule.NEVER,
        BlankRule.WHEN_ALL_AGREE,
        BlankRule.WHEN_ALL_AGREE,  # its publisher's rule is known too weakly to be used
        BlankRule.COUNT_LOWEST,
        BlankRule.COUNT_LOWEST,
    ]
    results = {
        key: score(catalog()[key], with_points(catalog()[key], 0) | {catalog()[key].items[1].key: None}, at(100))
        for key in rules
    }
    assert [isinstance(one, Scored) for one in results.values()] == [False, False, False, True, True]
    assert [one.band for one in results.values()] == [None, "minimal", "below_cutoff", "below_cutoff", "below_cutoff"]
    assert {(one.possible, len(one.blanks)) for one in results.values()} == {((0, 3), 1), ((0, 2), 1)}
    four = with_points(PSC35, 70) | dict.fromkeys([item.key for item in PSC35.items[:4]])
    result = score(PSC35, four, at(100))
    assert isinstance(result, Incomplete)
    assert (result.lowest, result.highest, result.band, result.is_positive) == (62, 70, None, None)
    assert result.notes[0].in_english().startswith("4 or more answers are blank: by the publisher's rule")


def test_what_is_left_out_at_an_age_is_no_blank_and_no_point() -> None:
    """The PSC-35 leaves out four items from 3 to 5 years: marked or not, they change nothing."""
    left_out = ["psc35_5", "psc35_6", "psc35_17", "psc35_18"]
    answers = with_points(PSC35, 0) | {"psc35_1": 2}
    marked = score(PSC35, answers | dict.fromkeys(left_out, 2), at(71))
    assert marked == score(PSC35, answers | dict.fromkeys(left_out), at(71))
    assert isinstance(marked, Scored) and (marked.points, marked.highest, marked.blanks) == (2, 2, ())
    at_six = score(PSC35, answers | dict.fromkeys(left_out, 2), at(72))
    assert isinstance(at_six, Scored) and at_six.points == 10


def test_a_finding_beside_the_total_follows_the_same_rule_for_blanks() -> None:
    """Where a screen with blanks says nothing, its counting rule says nothing either."""
    strict = replace(catalog()["phq9"], blank_rule=BlankRule.NEVER)
    answers = with_points(strict, 18)
    assert [score(one, answers).finding for one in (strict, catalog()["phq9"])] == ["major", "major"]
    blank = answers | {"phq9_8": None}
    assert [score(one, blank).finding for one in (strict, catalog()["phq9"])] == [None, "major"]


@pytest.mark.parametrize("key", ["bpsc", "swycfamily", "swycfamily7", "swycconcerns"])
def test_no_total_is_made_where_the_publisher_has_none(key: str) -> None:
    """Points, range and band stay empty, however much was marked; subscales and answers to talk about speak."""
    instrument = catalog()[key]
    result = score(instrument, {item.key: item.values[-1] for item in instrument.items})
    assert isinstance(result, Scored)
    assert (result.points, result.lowest, result.highest, result.possible, result.band) == (None,) * 5
    assert result.is_positive is True


@pytest.mark.parametrize(("key", "item"), [("epds", "epds_10"), ("phq9", "phq9_9")])
def test_self_harm_counts_from_one_point_on(key: str, item: str) -> None:
    """Not from 2, and whatever the total."""
    assert [bool(score(catalog()[key], {item: points}).flags) for points in (0, 1, 2, 3)] == [False, True, True, True]


def test_only_the_mood_and_harm_questions_speak_of_self_harm() -> None:
    """An answer to talk about is no crisis: no instrument but the EPDS and the PHQ-9 raises one."""
    assert {one.key for one in catalog().values() if one.asks_about_safety} == {"epds", "phq9"}
    [flag] = score(catalog()["swycconcerns"], {"swycconcerns_2": 1}).flags
    assert not flag.is_crisis
    assert flag.in_english() == "Item 2 (behavior concern) was answered so that it should be talked about."


# Language versions

PHQ2 = (Path(__file__).parents[1] / "catalog" / "phq2.yaml").read_text(encoding="utf-8")
VERSION = PHQ2.replace("key: phq2\n", "key: phq2xx\nversion: {of: phq2, language: xx}\n").replace("phq2_", "phq2xx_")


def test_a_language_version_has_cutoffs_of_its_own_study_or_none() -> None:
    """A file that takes the original's number over, without a study in its language, is refused."""
    with pytest.raises(BadCatalog, match="need a study in its own language: `studied_in` names none in xx"):
        instrument_file.load(parse(VERSION, "phq2xx.yaml"))
    studied = VERSION.replace("studied_in: {}", "studied_in: {xx: recall}").replace(
        "{value: 3, source: hedis2025", "{value: 4, source: recall"
    )
    known = Catalog([catalog()["phq2"], instrument_file.load(parse(studied, "phq2xx.yaml"))])
    version = known.in_language("phq2", "xx")
    assert (version.key, version.cutoffs[0].value, known["phq2"].cutoffs[0].value) == ("phq2xx", 4, 3)
    assert not version.fits_a_page


def test_another_languages_cutoff_is_not_taken_over() -> None:
    """Where nobody is known to have studied it, there are points and flags, and a sentence in the band's place: at every
    age, in parts and in findings alike."""
    for key, months in (("phq9", None), ("swycmilestones", 12), ("psc17", None), ("mchatr", None)):
        bare = catalog().in_language(key, "es")
        result = score(bare, {item.key: item.values[-1] for item in bare.items}, at(months) if months else None)
        assert (result.band, result.is_positive, result.finding, result.cutoffs) == (None, None, None, ())
        assert {part.reaches for part in result.parts} <= {None}
        assert [note.key for note in result.notes if note.key == scoring.NOT_STUDIED], key
        assert [flag.key for flag in result.flags if flag.is_crisis] == (["self_harm_any"] if key == "phq9" else [])
    studied = instrument_file.load(parse(PHQ2.replace("studied_in: {}", "studied_in: {es: recall}"), "phq2.yaml"))
    assert Catalog([studied]).in_language("phq2", "es") is studied


@pytest.mark.parametrize("code", ["44259-2", "44254-5"])
def test_a_loinc_code_with_a_wrong_check_digit_is_refused(code: str) -> None:
    """The two typing errors that went through many systems."""
    assert not instrument_file.is_loinc(code)
    coded = [item.loinc for one in catalog().values() for item in one.items if item.loinc]
    assert coded and all(map(instrument_file.is_loinc, coded))


def test_a_follow_up_asks_only_what_was_failed() -> None:
    """Its range goes no further than the items it gave."""
    given = catalog()["mchatrf"].only(["mchatrf_2", "mchatrf_7", "mchatrf_9"])
    assert ([item.number for item in given.items], given.maximum) == ([2, 7, 9], 3)


# Ages that are missing, and what is switched off


@pytest.mark.parametrize("instrument", [MILESTONES, PSC35], ids=lambda one: one.key)
def test_an_instrument_whose_rule_needs_the_age_refuses_without_one(instrument: Instrument) -> None:
    """In words; and at an age for which it has no rule at all. A crisis would be heard all the same."""
    with pytest.raises(AgeNeeded, match="cannot be scored without the child's age"):
        score(instrument, {})
    with pytest.raises(NoRuleForAge, match="has no rule for a child of 228 months"):
        score(instrument, {}, at(228))
    assert scoring.flags(instrument, {}) == ()


def test_a_count_without_answers_is_taken_where_the_form_gives_no_more() -> None:
    """The de-identified ACE form gives its number alone; other instruments are scored by their answers."""
    ace10 = catalog()["ace10"]
    assert [scoring.score_count(ace10, n).band for n in (0, 1, 3, 4, 10)] == [
        "low",
        *["intermediate_or_high"] * 2,
        *["high"] * 2,
    ]
    for wrong in (11, -1, True, 1.0):
        with pytest.raises(OutOfRange):
            scoring.score_count(ace10, wrong)  # type: ignore[arg-type]
    with pytest.raises(NoCountAlone, match="is scored by its answers"):
        scoring.score_count(catalog()["phq9"], 10)


def test_adverse_experiences_are_switched_off_until_an_agency_turns_them_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off for pages and for files; the setting turns on what it names, and no more."""
    monkeypatch.setenv("INMIND_INSTRUMENTS_ON", "ace10, pearlschild")
    assert environment.read("INMIND_INSTRUMENTS_ON") == ("ace10", "pearlschild")
    off = {one.key for one in catalog().values() if one.is_off_by_default}
    assert off == {"ace10", "pearlschild"}
    with pytest.raises(SwitchedOff, match="INMIND_INSTRUMENTS_ON"):
        catalog().offered("ace10")
    known = catalog().switched_on(["ace10"])
    assert not known.offered("ace10").is_off_by_default and known["pearlschild"].is_off_by_default
    assert known["ace10"].fits_a_page and not known["pearlschild"].fits_a_page
    assert known.offered("phq9") == catalog()["phq9"]
