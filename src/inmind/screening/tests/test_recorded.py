"""Licensed tools of which only the result is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from inmind.families.ages import Ages
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import parse
from inmind.foundation.values import Age
from inmind.screening import recorded_file, recorded_plain
from inmind.screening.adapters.catalog import catalog, laid_tools, recorded
from inmind.screening.errors import NotForThisAge, NothingEntered, NotOnScale, UnknownForm, UnknownItem, ZoneAlone
from inmind.screening.plain import CLOSER_LOOK, NOT_A_DIAGNOSIS, WORRY
from inmind.screening.recorded import RecordedTool, entered_at, misfit, read, reading, together
from inmind.screening.recorded_plain import (
    CHILD_CLOSER_LOOK,
    LOOK_TOGETHER,
    OF_CLOSER_LOOK,
    OF_STRENGTH,
    STRENGTHS,
    sentences,
)
from inmind.screening.recorded_words import BANDS

HERE = Path(__file__).parents[1] / "catalog" / "recorded"
DOMAIN = Path(__file__).parents[5] / "shared" / "domain" / "instruments.yaml"
ASQ3, DECAC, DECAI, PSI = (recorded()[key] for key in ("asq3", "decac", "decai", "psi4sf"))


def band(tool: RecordedTool, scale: str, value: Decimal | int, form: str = "") -> tuple[str | None, str]:
    [found] = [each for each in read(tool, {scale: value}, form) if each.value is not None]
    assert found.scale.key == scale and bool(found.source) == bool(found.band)
    return found.band, found.confidence


@pytest.mark.parametrize(
    ("tool", "scale", "value", "form", "expected"),
    [
        pytest.param(ASQ3, "communication", 15, "12", ("below_cutoff_refer", "high"), id="ASQ-3, 12 months, below 15.64"),
        pytest.param(ASQ3, "communication", 20, "12", ("not_below_cutoff", "high"), id="ASQ-3, 12 months, above it"),
        pytest.param(ASQ3, "fine_motor", Decimal("34.5"), "12", ("not_below_cutoff", "high"), id="ASQ-3, at the cut-off is not below it"),
        pytest.param(ASQ3, "fine_motor", 15, "36", ("below_cutoff_refer", "medium"), id="ASQ-3, 36 months, shown as medium"),
        pytest.param(DECAI, "initiative", 40, "", ("area_of_need", "high"), id="DECA Infant, need"),
        pytest.param(DECAI, "initiative", 41, "", ("typical", "high"), id="DECA Infant, typical"),
        pytest.param(DECAI, "initiative", 60, "", ("strength", "high"), id="DECA Infant, strength"),
        pytest.param(DECAC, "protective_factors", 60, "", ("protective_strength", "high"), id="DECA Clinical, a high T is good here"),
        pytest.param(DECAC, "behavioural_concerns", 60, "", ("behavioural_concern", "high"), id="DECA Clinical, and a concern here"),
        pytest.param(DECAC, "protective_factors", 50, "", (None, ""), id="DECA Clinical, no word was published for the middle"),
        pytest.param(PSI, "total_percentile", 84, "", ("normal", "medium"), id="PSI-4-SF, medium and shown as medium"),
        pytest.param(PSI, "total_percentile", 85, "", ("high", "medium"), id="PSI-4-SF, high"),
        pytest.param(PSI, "total_percentile", 90, "", ("clinically_significant", "medium"), id="PSI-4-SF, from the 90th on"),
        pytest.param(PSI, "total", 180, "", (None, ""), id="PSI-4-SF, a raw score says nothing by itself"),
    ],
)  # fmt: skip
def test_what_a_recorded_number_says(
    tool: RecordedTool, scale: str, value: Decimal | int, form: str, expected: tuple[str | None, str]
) -> None:
    """Its band by public numbers alone, with how well they are known."""
    assert band(tool, scale, value, form) == expected


def test_a_form_without_a_public_cutoff_has_no_band_and_names_the_table() -> None:
    """24 months of the ASQ-3, and every form of the ASQ:SE-2."""
    for tool, scale in ((ASQ3, "communication"), (recorded()["asqse2"], "total")):
        found = next(each for each in read(tool, {scale: 10}, "24") if each.value is not None)
        assert found.band is None and found.facts is not None
        assert "by license" in found.note % found.facts
    assert all((each.value, each.band, each.note) == (None, None, "") for each in read(ASQ3, {}, "24"))


@pytest.mark.parametrize(
    ("tool", "scale", "value", "form", "expected"),
    [
        pytest.param(ASQ3, "communication", 61, "12", "0 to 60", id="beyond the range"),
        pytest.param(ASQ3, "communication", -5, "12", "0 to 60", id="below it"),
        pytest.param(PSI, "total", 35, "", "36 to 180", id="below a scale that begins higher"),
        pytest.param(PSI, "total_percentile", 101, "", "0 to 100", id="no percentile"),
        pytest.param(DECAI, "initiative", Decimal("59.5"), "", "0 on", id="half a T score"),
        pytest.param(DECAI, "initiative", Decimal("nan"), "", "0 on", id="no number"),
        pytest.param(DECAI, "initiative", True, "", "0 on", id="a yes"),
        pytest.param(DECAI, "initiative", 50.0, "", "0 on", id="a float"),
        pytest.param(DECAI, "initiative", "50", "", "0 on", id="a text"),
    ],
)
def test_what_a_scale_cannot_hold_is_refused(
    tool: RecordedTool, scale: str, value: Any, form: str, expected: str
) -> None:
    """With the range it has; where an end is not known, none is made up."""
    with pytest.raises(NotOnScale, match=f"A number from {expected} can"):
        read(tool, {scale: value}, form)


def test_an_unknown_scale_or_form_is_refused() -> None:
    """Also a form for a tool that has none."""
    with pytest.raises(UnknownItem, match="ASQ-3 has no item called speech"):
        read(ASQ3, {"speech": 10}, "12")
    for tool, form in ((ASQ3, "13"), (ASQ3, ""), (DECAI, "12")):
        with pytest.raises(UnknownForm, match="has no form"):
            read(tool, {}, form)


def months(count: int, days: int = 0, *, from_birth: int = 0) -> Ages:
    """A child's age on a day; from_birth: another one by the birth, so that the first is the corrected one."""
    return Ages(Age(from_birth, 0), Age(count, days)) if from_birth else Ages(Age(count, days))


@pytest.mark.parametrize(
    ("tool", "form", "ages", "expected"),
    [
        pytest.param(ASQ3, "12", months(12, 20), "", id="the month of the form"),
        pytest.param(ASQ3, "12", months(11), "", id="between two forms, of which neither is known to be wrong"),
        pytest.param(ASQ3, "14", months(13, 4), "", id="the other of the two"),
        pytest.param(ASQ3, "12", months(14), "14-month form lies nearer", id="the next form's month was reached"),
        pytest.param(ASQ3, "16", months(12, 5), "14-month form lies nearer", id="not yet the one before"),
        pytest.param(ASQ3, "12", months(11, from_birth=14), "", id="by the corrected age, not by the birth"),
        pytest.param(ASQ3, "36", months(34, 16), "", id="the first day of a form whose ages are known"),
        pytest.param(ASQ3, "36", months(34, 15), "34 months 16 days to 38 months 30 days", id="the day before it"),
        pytest.param(ASQ3, "36", months(38, 30), "", id="its last day"),
        pytest.param(ASQ3, "36", months(39), "34 months 16 days to 38 months 30 days", id="the day after it"),
        pytest.param(ASQ3, "60", months(67), "1 to 66 months", id="too old for the tool"),
        pytest.param(DECAI, "", months(18), "1 to 17 months", id="too old for a tool without forms"),
        pytest.param(DECAI, "", months(17, 30), "", id="the last day of it"),
        pytest.param(DECAC, "", months(2), "", id="a tool whose ages are not known well"),
    ],
)
def test_a_form_is_held_beside_the_childs_age(tool: RecordedTool, form: str, ages: Ages, expected: str) -> None:
    """By what is known of its ages; a form that may be the one is never refused."""
    found = misfit(tool, form, ages)
    assert (expected in found.sentence % found.facts) if expected else found is None
    assert found is None or found.field in {"form", "on"}


def test_the_asq3_goes_by_the_corrected_age_and_the_others_have_no_known_rule() -> None:
    """Three weeks early and under 24 months, both shown as of medium confidence."""
    rule = ASQ3.prematurity
    assert rule is not None and (rule.early_weeks_min, rule.below_months) == (3, 24)
    assert [tool.key for tool in recorded().values() if tool.prematurity] == ["asq3"]


def test_a_reading_keeps_numbers_as_they_stand_both_ages_and_which_was_used() -> None:
    """What was not scored is left out; a comma is a point."""
    kept = reading(ASQ3, {"communication": " 34,5 ", "gross_motor": ""}, "12", months(11, 2, from_birth=13)).as_data()
    assert kept["ages"] == {"birth": [13, 0], "corrected": [11, 2], "used": "corrected"}
    assert (kept["form"], kept["fits"], list(kept["scales"])) == ("12", True, ["communication"])
    assert kept["scales"]["communication"]["value"] == "34.5"
    assert reading(ASQ3, {"communication": "30"}, "12", months(12)).as_data()["ages"]["used"] == "birth"
    assert reading(PSI, {"total": "99"}, "", None).as_data() == {
        "form": "",
        "ages": None,
        "fits": True,
        "scales": {"total": {"value": "99"}},
    }


def test_a_form_that_was_for_another_age_says_nothing() -> None:
    """Its numbers are kept, without a band."""
    found = reading(ASQ3, {"communication": "10"}, "12", months(30))
    wrong = found.misfit
    assert wrong is not None
    said = NotForThisAge(wrong.sentence, wrong.facts, wrong.field, wrong.source).in_english()
    assert said.endswith("its numbers are kept without a band, and nothing that is due is done by it.")
    assert found.as_data()["scales"] == {"communication": {"value": "10"}}


@pytest.mark.parametrize("typed", ["1e1", "٣", "-5", "12.345", "12345", "fifteen", "1 5", "nan"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    """By its own words, at its scale."""
    with pytest.raises(NotOnScale, match="cannot stand on communication") as refusal:
        reading(ASQ3, {"communication": typed}, "12", None)
    assert refusal.value.field == "communication"


def test_a_form_without_a_number_is_no_result() -> None:
    """Also where every scale was left empty."""
    with pytest.raises(NothingEntered, match="No number of the DECA-I"):
        reading(DECAI, {"initiative": " "}, "", None)


@pytest.mark.parametrize(
    ("tool", "bands", "expected"),
    [
        pytest.param(
            DECAI,
            {"initiative": "area_of_need", "attachment_relationships": "strength"},
            [(STRENGTHS, ["attachment_relationships"]), (CHILD_CLOSER_LOOK, ["initiative"])],
            id="a strength first, then what is worth a closer look",
        ),
        pytest.param(ASQ3, {"communication": "not_below_cutoff"}, [(LOOK_TOGETHER, ())], id="nothing is promised"),
        pytest.param(ASQ3, {"communication": ""}, [(LOOK_TOGETHER, ())], id="no band is known"),
        pytest.param(
            PSI, {"total_percentile": "high"}, [(CLOSER_LOOK, ())], id="an adult's, whose scales are not named"
        ),
    ],
)
def test_a_result_in_plain_words(tool: RecordedTool, bands: dict[str, str], expected: list[Any]) -> None:
    """Strengths first (`protect.md` 11); it ends with what it is not, and that a worry is enough (`protect.md` 12)."""
    assert sentences(tool, bands) == [*expected, (NOT_A_DIAGNOSIS, ()), (WORRY, ())]


def test_every_band_has_its_word() -> None:
    """Of each tool that is shipped; and each that asks for a closer look is one of them."""
    used = {band.code for tool in recorded().values() for scale in tool.scales for band in scale.bands}
    used |= {
        code for scale in ASQ3.scales for cutoff in scale.cutoffs.values() for code in (cutoff.below, cutoff.beyond)
    }
    assert used | {"below_cutoff", "at_or_above_cutoff"} == set(BANDS)
    assert set(BANDS) >= OF_STRENGTH | OF_CLOSER_LOOK


def test_ages_of_low_confidence_are_not_used() -> None:
    """The DECA Clinical's; the DECA Infant's are known, and end before 18 months."""
    assert DECAC.ages is None and "age_months.min" in {each.what for each in DECAC.unknowns}
    assert DECAI.ages is not None and (DECAI.ages.low, DECAI.ages.high) == (1, 17)


def test_a_label_is_had_in_both_languages_and_a_record_names_the_edition() -> None:
    """English unless Spanish is asked for."""
    scale = ASQ3.scale("fine_motor")
    assert (scale.label_in("en"), scale.label_in("es")) == ("fine motor", "motricidad fina")
    assert "by license" in ASQ3.guide_in("en") and "con licencia" in ASQ3.guide_in("es")
    assert ASQ3.known_by == "asq3/2026"
    assert [tool.key for tool in recorded().values() if not tool.is_about_a_child] == ["psi4sf"]
    assert [len(scales) for scales in together(PSI)] == [2, 2, 2, 2, 1]
    assert not set(recorded()) & set(catalog())
    assert len(recorded()) == 6 and recorded().of("asq3", "2026") == ASQ3


REFUSED = [
    (
        "a cut-off of a form that is not there",
        "asq3",
        "    12: {value: 15.64",
        "    13: {value: 15.64",
        "there is no form 13",
    ),
    (
        "a cut-off beyond the scale",
        "asq3",
        "    12: {value: 15.64",
        "    12: {value: 156.4",
        "156.4 lies outside 0 to 60",
    ),
    ("a band set that is not there", "decai", "bands: t}", "bands: q}", "there is no band set q"),
    (
        "a band without ends",
        "decai",
        "{code: area_of_need, max: 40,",
        "{code: area_of_need,",
        "a lowest or a highest value",
    ),
    ("a band upside down", "decai", "min: 41, max: 59", "min: 59, max: 41", "a lowest or a highest value"),
    ("bands that overlap", "decai", "min: 41, max: 59", "min: 40, max: 59", "typical overlaps another band"),
    ("a scale twice", "decat", "key: self_regulation", "key: initiative", "initiative stands here twice"),
    ("ages of a form that is not there", "asq3", "  36: {from:", "  37: {from:", "there is no form 37"),
    ("ages of a form upside down", "asq3", "to: {months: 38,", "to: {months: 30,", "from a first day to a last one"),
    ("more days than a month has", "asq3", "days: 30}", "days: 32}", "days from 0 to 31"),
    ("another informant", "decai", "informant: parent or carer/teacher", "informant: aunt", "expected one of parent"),
    ("another kind of number", "decai", "kind: t,", "kind: stanine,", "expected one of points, t, percentile"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_bad_file_is_refused(name: str, old: str, new: str, reason: str) -> None:
    """With file, line and reason."""
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadCatalog, match=rf"{name}\.yaml, line [0-9]+: .*{reason}"):
        recorded_file.load(parse(text.replace(old, new), f"{name}.yaml"))


def test_a_band_or_a_cutoff_of_low_confidence_is_not_used() -> None:
    """It is named among what is not known."""
    text = (HERE / "psi4sf.yaml").read_text(encoding="utf-8")
    weak = recorded_file.load(
        parse(
            text.replace("min: 90, source: recall, confidence: medium", "min: 90, source: recall, confidence: low"), "x"
        )
    )
    assert band(weak, "total_percentile", 95) == (None, "")
    assert "band clinically_significant" in {each.what for each in weak.unknowns}
    text = (HERE / "asq3.yaml").read_text(encoding="utf-8")
    weak = recorded_file.load(
        parse(
            text.replace("15.64, source: jecs_asq, confidence: high", "15.64, source: jecs_asq, confidence: low"), "x"
        )
    )
    assert band(weak, "communication", 10, "12") == (None, "")
    for weaker in ("source: asq36_form, confidence: medium}\nprem", "value: 24, source: recall, confidence: medium"):
        assert weaker in text
        weak = recorded_file.load(parse(text.replace(weaker, weaker.replace("medium", "low")), "x"))
        assert (not weak.windows) is ("prem" in weaker) and (weak.prematurity is None) is ("prem" not in weaker)


def test_a_networks_own_table_stands_under_an_edition_of_its_own() -> None:
    """So that a result means what it meant; the same file twice is no harm."""
    text = (HERE / "asq3.yaml").read_text(encoding="utf-8")
    ours, other = parse(text, "ours.yaml"), text.replace("value: 15.64", "value: 15.65")
    assert laid_tools([ours, ours]) == {"asq3": ASQ3}
    with pytest.raises(BadCatalog, match="asq3/2026 is taken by other rules"):
        laid_tools([ours, parse(other, "theirs.yaml")])
    own = laid_tools([ours, parse(other.replace("edition: '2026'", "edition: county"), "theirs.yaml")])
    assert own["asq3"].known_by == "asq3/county"


def test_every_number_is_that_of_the_reference_file() -> None:
    """Cut-offs, bands and ranges agree with the field's reference."""
    if not DOMAIN.exists():
        pytest.skip(f"the field's reference file is not here ({DOMAIN.name}, beside the project)")
    known: Mapping[str, Any] = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["instruments"]
    for form, areas in known["asq3"]["public_cutoffs"].items():
        for area, number in areas.items():
            if area != "window":
                cutoff = ASQ3.scale(area).cutoffs[str(form)]
                found = (float(cutoff.value), cutoff.source, cutoff.confidence)
                assert found == (number["value"], number["source"], number["confidence"])
    assert [int(form) for form in ASQ3.forms] == known["asq3"]["intervals"]["value"]
    early, rule = known["asq3"]["prematurity"], ASQ3.prematurity
    assert rule is not None
    assert rule.early_weeks_min == early["born_early_weeks_min"]["value"]
    assert rule.below_months == early["chronological_age_below_months"]["value"]
    assert known["asq3"]["public_cutoffs"][36]["window"] == "34 months 16 days to 38 months 30 days"
    assert known["deca_c"]["t_bands"].keys() == {each.code for scale in DECAC.scales for each in scale.bands}
    for tool, spelled in (("deca_i", DECAI), ("deca_c", DECAC)):
        edges = {each.code: (each.low, each.high) for scale in spelled.scales for each in scale.bands}
        for code, said in known[tool]["t_bands"].items():
            low, high = said["range"]["value"] if "range" in said else (None, None)
            low = said["min"]["value"] if "min" in said else low
            high = said["max"]["value"] if "max" in said else high
            assert edges[code] == (low, high)
    percentiles = {each.code: (each.low, each.high) for each in PSI.scale("total_percentile").bands}
    bands = known["psi4_sf"]["percentile_bands"]
    assert percentiles == {
        "normal": tuple(bands["normal"]["value"]),
        "high": tuple(bands["high"]["value"]),
        "clinically_significant": (bands["clinically_significant_min"]["value"], None),
    }


def test_a_copied_zone_is_worth_a_closer_look_where_it_says_so() -> None:
    tool = recorded()["asq3"]
    found = reading(tool, {"communication": "15", "gross_motor": "40"}, "24", None, {"communication": "below"})
    assert [(one.band, one.zone) for one in found.scales[:2]] == [(None, "below"), (None, "")]
    bands = dict.fromkeys(("communication", "gross_motor"), "")
    said = recorded_plain.sentences(tool, bands, {"communication": "below", "gross_motor": "close_above"})
    assert said[0] == (recorded_plain.CHILD_CLOSER_LOOK, ["communication"])
    assert [recorded_plain.disagree(*pair) for pair in (("", "below"), ("not_below_cutoff", "below"))] == [False, True]
    scale = tool.scale("communication")
    assert (entered_at(tool, scale, ""), entered_at(tool, scale, "40,5")) == (None, Decimal("40.5"))
    assert found.as_data()["scales"] == {
        "communication": {"value": "15", "zone": "below"},
        "gross_motor": {"value": "40"},
    }
    with pytest.raises(ZoneAlone):
        reading(tool, {"communication": "15"}, "24", None, {"gross_motor": "below"})
    with pytest.raises(ZoneAlone):
        reading(tool, {"communication": "15"}, "24", None, {"communication": "invented"})
