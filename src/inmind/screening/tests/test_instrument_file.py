"""Instrument files: what is refused, at which line, and why; what is weakly known is never used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import parse
from inmind.screening import instrument_file, scoring
from inmind.screening.adapters import catalog as installed
from inmind.screening.instrument_file import is_loinc
from inmind.screening.instruments import BlankRule, Catalog, Instrument

HERE = Path(__file__).parents[1] / "catalog"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in HERE.glob("*.yaml")}


def built(name: str, *changes: tuple[str, str]) -> Instrument:
    """An instrument from our file with some of its text changed."""
    text = TEXTS[name]
    for old, new in changes:
        assert old in text, f"{old!r} is not in the file any more"
        text = text.replace(old, new)
    return instrument_file.load(parse(text, f"{name}.yaml"))


REFUSED = [
    ("a key with capitals", "phq9", "key: phq9\n", "key: PHQ9\n", "key: PHQ9", "small letters and digits"),
    ("a field nobody knows", "phq9", "informant: self\n", "informant: self\ncolour: red\n", "colour: red", "`colour` is not known"),
    ("a missing field", "phq9", "informant: self\n", "", "title:", "`informant` is missing"),
    ("no words", "phq9", "name: PHQ-9\nshort_name", "name: ''\nshort_name", "name: ''", "expected words"),
    ("a date that is none", "phq9", "date: 2026-11-21", "date: soon", "date: soon", "expected a date"),
    ("a number without a known source", "phq9", "max: {value: 27, source: kroenke2001", "max: {value: 27, source: rumour", "max: {value: 27", "`rumour` is not among"),
    ("a number without any source", "phq9", "max: {value: 27, source: kroenke2001", "max: {value: 27, source: null", "max: {value: 27", "expected words"),
    ("an unknown confidence", "phq9", "max: {value: 27, source: kroenke2001, confidence: high", "max: {value: 27, source: kroenke2001, confidence: sure", "max: {value: 27", "expected one of high, medium, low"),
    ("a total beyond its items", "phq9", "max: {value: 27", "max: {value: 28", "max: {value: 28", "its items sum to 27"),
    ("a total below its items", "phq9", "min: {value: 0, source: kroenke2001", "min: {value: 1, source: kroenke2001", "min: {value: 1", "its items sum to 0"),
    ("a total of low confidence", "phq9", "max: {value: 27, source: kroenke2001, confidence: high", "max: {value: 27, source: kroenke2001, confidence: low", "max: {value: 27", "not known well enough"),
    ("a total in words", "phq9", "max: {value: 27", "max: {value: many", "max: {value: many", "expected a whole number"),
    ("a fraction for a whole number", "phq9", "max: {value: 27", "max: {value: 27.0", "max: {value: 27.0", "expected a whole number"),
    ("a rule that is not known", "phq9", "{sum: all}", "{sum: some}", "{sum: some}", "the rule known here is"),
    ("too few items", "phq9", "n_items: {value: 9", "n_items: {value: 10", "items:\n", "9 items stand here; n_items says 10"),
    ("an item twice", "phq9", "key: phq9_2", "key: phq9_1", "key: phq9_1, label: low mood", "phq9_1 stands here twice"),
    ("an item of another instrument", "phq9", "key: phq9_2", "key: gad7_2", "key: gad7_2", "begins with phq9_"),
    ("a code twice", "phq9", "44255-8", "44250-9", "label: low mood", "44250-9 stands here twice"),
    ("points out of order", "phq9", "[0, 1, 2, 3]", "[0, 2, 1, 3]", "item_values", "from the lowest up"),
    ("points below nothing", "phq9", "[0, 1, 2, 3]", "[-1, 0, 1, 2]", "item_values", "none is negative"),
    ("no points at all", "phq9", "[0, 1, 2, 3]", "[]", "item_values", "points stand once each"),
    ("an item turned round that is not there", "epds", "[3, 5, 6, 7, 8, 9, 10]", "[3, 11]", "printed_worst_first: {", "there is no item 11"),
    ("a wide-spread typing error of item 3", "phq9", "{value: 44259-0", "{value: 44259-2", "key: phq9_3", "check digit"),
    ("a wide-spread typing error of item 4", "phq9", "{value: 44254-1", "{value: 44254-5", "key: phq9_4", "check digit"),
    ("a wrong panel code", "epds", "71354-5, source", "71354-6, source", "loinc_panel", "check digit"),
    ("an answer code without its form", "phq9", "LA6568-5", "6568-5", "{points: 0", "looks like LA6568-5"),
    ("an answer code twice", "phq9", "LA6569-3", "LA6568-5", "{points: 1", "each code one answer"),
    ("points with two codes", "phq9", "{points: 1", "{points: 0", "LA6569-3", "each answer has one code"),
    ("a code for points that are no answer", "phq9", "{points: 1", "{points: 7", "{points: 7", "7 is not an answer"),
    ("a gap between bands", "phq9", "min: 5, max: 9", "min: 6, max: 9", "code: mild", "without gap or overlap"),
    ("bands that overlap", "phq9", "min: 5, max: 9", "min: 4, max: 9", "code: mild", "without gap or overlap"),
    ("a band upside down", "phq9", "min: 5, max: 9", "min: 5, max: 4", "code: mild", "without gap or overlap"),
    ("bands that end early", "phq9", "min: 20, max: 27", "min: 20, max: 26", "code: severe", "the total goes to 27"),
    ("a band twice", "phq9", "code: mild", "code: minimal", "min: 5", "minimal stands here twice"),
    ("a band's code with a quote", "phq9", "code: mild", "code: it's", "it's", "small letters, digits and _"),
    ("a band of unknown confidence", "phq9", "max: 9, source: kroenke2001, confidence: high", "max: 9, source: kroenke2001, confidence: maybe", "code: mild", "expected one of"),
    ("a cut-off beyond the total", "phq9", "{value: 10, source: hedis2025", "{value: 28, source: hedis2025", "label: positive", "outside 0 to 27"),
    ("a cut-off from above", "phq9", "op: '>='", "op: '<='", "label: positive", "the op is >="),
    ("a cut-off's default in words", "phq9", "default: true", "default: perhaps", "label: positive", "expected true or false"),
    ("two cut-offs of one name", "epds", "label: probable_depression", "label: possible_depression", "value: 13, source: cox1987, confidence: high, op", "stands here twice"),
    ("an accuracy of no cut-off", "epds", "- cutoff: 11", "- cutoff: 12", "- cutoff: 12", "12 is not one of the cut-offs"),
    ("a share beyond one", "epds", "value: 0.85", "value: 85", "value: 85", "a share lies between 0 and 1"),
    ("a share in words", "epds", "value: 0.85", "value: most", "value: most", "expected a number"),
    ("a critical item that is not there", "epds", "- item: epds_10", "- item: epds_11", "- item: epds_11", "there is no item epds_11"),
    ("a critical answer that is none", "epds", "at_least: {value: 1", "at_least: {value: 4", "at_least: {value: 4", "4 is not an answer"),
    ("a critical answer of low confidence", "phq9", "at_least: {value: 1, source: kroenke2001, confidence: high", "at_least: {value: 1, source: kroenke2001, confidence: low", "at_least", "cannot rest on a number that is not known well"),
    ("a critical answer that is not known", "phq9", "at_least: {value: 1", "at_least: {value: null", "at_least", "cannot rest on"),
    ("a rule for blanks that is not known", "phq9", "band: when_all_completions_agree", "band: mostly", "band: mostly", "expected one of never"),
    ("a study without a source", "phq9", "studied_in: {}", "studied_in: {es: hearsay}", "studied_in", "`hearsay` is not among"),
    ("a list where names belong", "phq9", "studied_in: {}", "studied_in: []", "studied_in", "expected named values, found a list"),
    ("names where a list belongs", "phq9", "bands:\n", "bands: {}\nunscored_bands:\n", "unscored_bands", "`unscored_bands` is not known"),
    ("a subject that is nobody", "phq9", "subject: caregiver", "subject: neighbour", "subject:", "expected one of caregiver, child"),
    ("words for another number of answers", "mchatr", "['yes', 'no']", "['yes', 'no', 'maybe']", "answer_words", "each answer has one word of its own"),
    ("a word twice", "mchatr", "['yes', 'no']", "['yes', 'yes']", "answer_words", "each answer has one word of its own"),
    ("words without their order", "mchatr", "{value: [2, 5, 12], source: mchat_site", "{value: null, source: mchat_site", "printed_worst_first", "need to say in which items"),
    ("a second stage without words", "mchatrf", "answer_words: {value: [pass, fail], source: mchat_site, confidence: high}\n", "", "follows:", "has answers in words"),
    ("a second stage that cannot say what was not asked", "mchatrf", ", not_given: not given}", "}", "follows:", "has answers in words"),
    ("a second stage that rests on a weak number", "mchatrf", "max: 7, source: mchat_site, confidence: high", "max: 7, source: mchat_site, confidence: low", "follows:", "not known well"),
    ("ages upside down", "mchatr", "max: {value: 30", "max: {value: 9", "min: {value: 16", "from its lowest month"),
    ("a subscale beyond its items", "epds", "max: {value: 9, source: smithn2021", "max: {value: 12, source: smithn2021", "max: {value: 12", "sum to something else"),
    ("an applied cut-off that nobody published", "epds", "applied: 5", "applied: 7", "applied: 7", "7 is not one of the cut-offs"),
    ("a published total that does not come out", "epds3", "max: 30, source", "max: 31, source", "published_total", "9 points do not make 31"),
    ("a published total by nothing", "epds3", "over: 3,", "over: 0,", "published_total", "points do not make"),
    ("a published total of low confidence", "epds3", "max: 30, source: kabir2008, confidence: high", "max: 30, source: kabir2008, confidence: low", "published_total", "not known well"),
    ("a full-length screen with a wrong key", "phq2", "[phq9, epds]", "[PHQ-9]", "full_length", "small letters and digits"),
    ("a next step with a wrong key", "phq2", "next: full_length", "next: Full Length", "next:", "small letters, digits and _"),
    ("a parent with a wrong key", "ppsc", "parent: swyc", "parent: SWYC", "parent:", "small letters and digits"),
    ("blanks that count by a rule that is not known", "ppsc", "source: bpsc_guide, confidence: medium, note: the same", "source: bpsc_guide, confidence: low, note: the same", "band: count_lowest", "only by a published rule"),
    ("a most where blanks do not count", "phq9", "band: when_all_completions_agree", "band: when_all_completions_agree\n  at_most: 3", "at_most: 3", "only blanks that count"),
    ("another rule for several marks", "ppsc", "multi_answer: {value: rightmost", "multi_answer: {value: leftmost", "multi_answer", "the rule known here is `rightmost`"),
    ("bands without a total", "bpsc", "bands: []", "bands:\n- {code: low, min: 0, max: 0, source: teamup, confidence: high}", "bands:", "nothing to band"),
    ("cut-offs without a total", "swycconcerns", "cutoffs: []", "cutoffs:\n- {value: 1, source: teamup, confidence: high, op: '>=', label: x, default: true}", "cutoffs:", "nothing to band"),
    ("another rule for the total", "ppsc", "rule: {sum: all}", "rule: {sum: most}", "rule: {sum", "or the numbers of its items"),
    ("a sum of items that are not there", "pearlschild", "{sum: [1, 2, 3,", "{sum: [18, 2, 3,", "rule: {sum", "there is no item 18"),
    ("a subscale that counts by no cut-off", "bpsc", "  applied: 3\n  counts: true\n  note: the publisher's", "  applied: null\n  counts: true\n  note: the publisher's", "counts: true", "a subscale that counts applies a cut-off"),
    ("own words for another number of answers", "swycfamily", "answer_words: [none, some, most], not_given: not applicable}\n- {key: swycfamily_9", "answer_words: [none, some], not_given: not applicable}\n- {key: swycfamily_9", "key: swycfamily_8", "each answer has one word of its own"),
    ("words for other points than those of the items", "posi", "[0, 0, 1, 1, 1]", "[0, 0, 1, 1, 2]", "answer_points", "are those of `item_values`"),
    ("points for another number of words", "posi", "[0, 0, 1, 1, 1]", "[0, 0, 1, 1]", "answer_words", "each answer has one word of its own"),
    ("a cut-off by month from below", "swycmilestones", "op: '<='", "op: '>='", "op: '>='", "the op is <="),
    ("a cut-off by month beyond the total", "swycmilestones", "18: {value: 8", "18: {value: 20", "18: {value: 20", "outside 0 to 20"),
    ("a month that is missing", "swycmilestones", "    24: {value: null, source: null, confidence: low}\n", "", "months:", "every month stands here once"),
    ("a month that has none by the publisher, with a cut-off", "swycmilestones", "min: 59, max: 65", "min: 58, max: 65", "months:", "every month stands here once"),
    ("a stretch of months upside down", "swycmilestones", "min: 1, max: 3", "min: 3, max: 1", "form: 2", "from its lowest to its highest"),
    ("a stretch of months of low confidence", "swycmilestones", "max: 3, source: tufts_ms, confidence: high", "max: 3, source: tufts_ms, confidence: low", "form: 2", "known well"),
    ("ages with a gap", "psc35", "- min: 72", "- min: 73", "- min: 73", "ages follow one another without gap or overlap"),
    ("ages with no months between", "psc35", "max: 71", "max: 35", "- min: 36", "ages follow one another without gap or overlap"),
    ("an item left out that is not there", "psc35", "[5, 6, 17, 18]", "[5, 6, 17, 36]", "ignore:", "there is no item 36"),
    ("a finding of low confidence", "phq9", "none: neither\n  source: phqmanual\n  confidence: high", "none: neither\n  source: phqmanual\n  confidence: low", "confidence: low", "cannot rest on a rule"),
    ("findings from the lowest up", "phq9", "[{min: 5, code: major}, {min: 2, code: other}]", "[{min: 2, code: other}, {min: 5, code: major}]", "findings:", "from the highest number of answers down"),
    ("a finding by an item that is not there", "phq9", "{phq9_9: 1}", "{phq9_10: 1}", "at_least_of", "there is no item phq9_10"),
    ("one thing where a list belongs", "phq9", "answers: [LA6572-7, LA6573-5, LA6575-0, LA6574-3]", "answers: {}", "label: difficulty", "expected a list, found named values"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "marker", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_bad_file_is_refused_with_file_line_and_reason(
    name: str, old: str, new: str, marker: str, reason: str
) -> None:
    """The refusal names the file, the line where the fault stands, and what is wrong there."""
    with pytest.raises(BadCatalog) as refusal:
        built(name, (old, new))
    text = TEXTS[name].replace(old, new).splitlines()
    [line] = [number for number, each in enumerate(text, start=1) if number == refusal.value.line]
    assert reason in refusal.value.reason
    assert f"{name}.yaml, line {line}: " in refusal.value.in_english()
    nearby = "\n".join(text[max(0, line - 2) : line])
    assert marker.strip() in nearby or marker.strip() in text[line - 1]


# Weakly known numbers


def test_bands_of_low_confidence_are_not_used() -> None:
    """One weak band takes all with it: a half-banded total would mislead. The points still stand."""
    weak = built(
        "phq9", ("max: 9, source: kroenke2001, confidence: high", "max: 9, source: kroenke2001, confidence: low")
    )
    assert weak.bands == ()
    assert "bands" in {each.what for each in weak.unknowns}
    result = scoring.score(weak, {item.key: 3 for item in weak.items})
    assert isinstance(result, scoring.Scored)
    assert (result.points, result.band) == (27, None)
    assert scoring.score(weak, {}).band is None


def test_a_cutoff_of_low_confidence_is_not_used() -> None:
    """It gates nothing and is named as not known."""
    weak = built(
        "phq9", ("{value: 10, source: hedis2025, confidence: high", "{value: 10, source: hedis2025, confidence: low")
    )
    assert weak.cutoffs == ()
    assert "cut-off positive" in {each.what for each in weak.unknowns}


def test_a_code_of_low_confidence_is_not_used() -> None:
    """Neither an item's code, nor the panel's, nor an answer's."""
    weak = built(
        "phq9",
        ("44250-9, source: loincorg, confidence: high", "44250-9, source: loincorg, confidence: low"),
        ("44249-1, source: lforms_phq9, confidence: high", "44249-1, source: lforms_phq9, confidence: low"),
        ("LA6568-5, source: lforms_phq9, confidence: high", "LA6568-5, source: lforms_phq9, confidence: low"),
    )
    assert (weak.items[0].loinc, weak.codes.panel, weak.codes.total) == ("", "", "44261-6")
    assert set(weak.points_of_code.values()) == {1, 2, 3}
    assert {"LOINC code of phq9_1", "LOINC code of the panel"} <= {each.what for each in weak.unknowns}


def test_two_unknown_answer_codes_are_no_clash() -> None:
    """Not knowing a code twice is not having it twice."""
    weak = built("phq9", ("value: LA6568-5", "value: null"), ("value: LA6569-3", "value: null"))
    assert set(weak.points_of_code.values()) == {2, 3}


def test_medium_confidence_is_used() -> None:
    """One secondary source is enough, and stays visible."""
    medium = built(
        "phq9", ("{value: 10, source: hedis2025, confidence: high", "{value: 10, source: hedis2025, confidence: medium")
    )
    assert [each.confidence for each in medium.cutoffs] == ["medium"]


def test_an_instrument_needs_neither_bands_nor_critical_items() -> None:
    """Its total is scored all the same."""
    text = TEXTS["phq9"]
    bands = text[text.index("bands:") : text.index("critical:")]
    critical = text[text.index("critical:") : text.index("blanks:")]
    bare = built(
        "phq9",
        (bands, "bands: []\n"),
        (critical, "critical: []\n"),
        ("band: when_all_completions_agree", "band: never"),
    )
    assert bare.blank_rule is BlankRule.NEVER
    result = scoring.score(bare, {item.key: 3 for item in bare.items})
    assert (result.flags, result.band) == ((), None)


def test_a_study_in_a_language_is_kept_with_its_source() -> None:
    """Where one is known it is no longer among the unknowns."""
    studied = built("phq9", ("studied_in: {}", "studied_in: {es: phqmanual}"))
    assert studied.studied_in == {"es": "phqmanual"}
    assert "languages and peoples studied" not in {each.what for each in studied.unknowns}


# LOINC


@pytest.mark.parametrize(
    "code",
    ["44249-1", "44261-6", "69722-7", "71354-5", "99046-5", "44259-0", "44254-1", "55758-7", "69737-5", "70274-6"],
)
def test_a_confirmed_code_passes_its_check_digit(code: str) -> None:
    """Codes that were seen in LOINC's own pages or in wide use."""
    assert is_loinc(code)
    body, digit = code.split("-")
    assert not any(is_loinc(f"{body}-{other}") for other in "0123456789" if other != digit)


@pytest.mark.parametrize(
    "text", ["44259-2", "44254-5", "44249", "44249-", "-1", "LA6568-5", "44249-1 ", "442491", "٤٤٢٤٩-1", ""]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    """Typing errors, answer codes and anything without the form of a code."""
    assert not is_loinc(text)


# A network's own files


def laid(ours: str, above: str) -> Catalog:
    return installed.laid([parse(ours, "ours.yaml")], [parse(above, "theirs.yaml")])


def test_a_networks_edition_is_the_current_one_and_ours_stays_within_reach() -> None:
    """New screens use the network's; a record made with ours still finds what it was made with."""
    theirs = (
        TEXTS["epds"].replace("edition: '2026'", "edition: 'county-1'").replace("date: 2026-11-21", "date: 2020-01-01")
    )
    known = laid(TEXTS["epds"], theirs)
    assert known["epds"].edition == "county-1"
    assert known.of("epds", "2026") is not None


def test_of_our_own_editions_the_newest_is_current() -> None:
    """By the date in the file, not by its name."""
    older = TEXTS["epds"].replace("edition: '2026'", "edition: '2025'").replace("date: 2026-11-21", "date: 2025-01-01")
    known = installed.laid([parse(TEXTS["epds"], "a.yaml"), parse(older, "b.yaml")], [])
    assert (known["epds"].edition, known["epds"].dated) == ("2026", date(2026, 11, 21))


def test_other_numbers_under_a_taken_edition_are_refused() -> None:
    """Yesterday's score must still mean what it meant."""
    changed = (
        TEXTS["epds"]
        .replace("value: 11, source: levis2020", "value: 12, source: levis2020")
        .replace("- cutoff: 11", "- cutoff: 12")
    )
    with pytest.raises(BadCatalog, match=r"theirs\.yaml, line 7: epds/2026 is taken by other rules"):
        laid(TEXTS["epds"], changed)


def test_the_same_file_laid_twice_is_the_same() -> None:
    """A copy of ours changes nothing."""
    assert laid(TEXTS["epds"], TEXTS["epds"])["epds"] == built("epds")
    assert built("epds") != replace(built("epds"), maximum=31)


# Subscales, stages, ages


def test_a_networks_choice_of_a_cut_off_has_an_edition_of_its_own() -> None:
    """The EPDS-3A has no single agreed cut-off: another choice is another edition, and ours still means what it meant."""
    other = TEXTS["epds"].replace("edition: '2026'", "edition: 'county-6'").replace("applied: 5", "applied: 6")
    known = laid(TEXTS["epds"], other)
    ours = known.of("epds", "2026")
    assert ours is not None and ours.subscales[0].applied is not None and known["epds"].subscales[0].applied is not None
    assert (ours.subscales[0].applied.value, known["epds"].subscales[0].applied.value) == (5, 6)
    with pytest.raises(BadCatalog, match="taken by other rules"):
        laid(TEXTS["epds"], TEXTS["epds"].replace("applied: 5", "applied: 6"))


def test_our_own_choice_is_the_only_one_of_high_confidence() -> None:
    """One of medium confidence is never applied by itself; one of low confidence is not even shown."""
    [part] = built("epds").subscales
    assert part.applied is not None and part.applied.confidence == "high"
    assert [cutoff.value for cutoff in part.cutoffs if cutoff.confidence == "high"] == [part.applied.value]
    weak = built("epds", ("{value: 4, source: piri, confidence: medium", "{value: 4, source: piri, confidence: low"))
    assert [cutoff.value for cutoff in weak.subscales[0].cutoffs] == [5, 6]
    assert built("epds", ("applied: 5", "applied: null")).subscales[0].applied is None


def test_an_age_range_and_an_unknown_rule_for_early_children() -> None:
    """16 to 30 months from birth; the publisher's rule for prematurity was not found, so none is used."""
    mchatr = built("mchatr")
    assert mchatr.ages is not None and (mchatr.ages.low, mchatr.ages.high) == (16, 30)
    assert "rule for children born early" in {each.what for each in mchatr.unknowns}


def test_a_published_total_is_shown_as_its_publisher_writes_it() -> None:
    """Three points are 10 of 30; what is no whole number has one place."""
    total = built("epds3").published_total
    assert total is not None
    assert [total.shown(points) for points in (0, 1, 2, 3, 9)] == ["0", "3.3", "6.7", "10", "30"]


@pytest.mark.parametrize(
    ("name", "old", "new", "missing"),
    [
        pytest.param("phq2", "[phq9, epds]", "[phq9, gad9]", "gad9", id="a full-length screen"),
        pytest.param("mchatrf", "instrument: mchatr,", "instrument: mchat,", "mchat", id="a first stage"),
    ],
)
def test_an_instrument_that_is_named_must_be_there(name: str, old: str, new: str, missing: str) -> None:
    """Or a page would lead nowhere."""
    others = [parse(text, f"{key}.yaml") for key, text in TEXTS.items() if key != name]
    with pytest.raises(BadCatalog, match=f"{name}.yaml, line [0-9]+: there is no instrument {missing}"):
        installed.laid([*others, parse(TEXTS[name].replace(old, new), f"{name}.yaml")], [])
