"""What instruments are, and how marks on paper become points."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening import scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.errors import NoPositions, OutOfRange, UnknownInstrument, UnknownItem
from inmind.screening.instruments import Answers, BlankRule, Catalog, Instrument, Positions, from_positions

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]
DOMAIN = Path(__file__).parents[5] / "shared" / "domain" / "instruments.yaml"


@pytest.fixture(scope="module")
def domain() -> Mapping[str, Any]:
    if not DOMAIN.exists():
        pytest.skip(f"the field's reference file is not here ({DOMAIN.name}, beside the project)")
    known: Mapping[str, Any] = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))
    return known


@pytest.mark.parametrize("instrument", [EPDS, PHQ9], ids=lambda each: each.key)
def test_every_number_is_that_of_the_reference_file(domain: Mapping[str, Any], instrument: Instrument) -> None:
    """Range, bands, cut-offs, critical items, codes, labels, licence and sources agree with the field's reference."""
    known = domain["instruments"][instrument.key]
    assert known["n_items"]["value"] == len(instrument.items)
    assert all(list(item.values) == known["item_values"]["value"] for item in instrument.items)
    assert [(each["n"], each["label"], each.get("loinc", "")) for each in known["items"]] == [
        (item.number, item.label, item.loinc) for item in instrument.items
    ]
    assert [each.get("printed_worst_first") for each in known["items"]] == [
        item.printed_worst_first for item in instrument.items
    ]
    assert (known["score"]["min"]["value"], known["score"]["max"]["value"]) == (instrument.minimum, instrument.maximum)
    assert [(each["min"], each["max"], each["code"]) for each in known["bands"]] == [
        (b.low, b.high, b.code) for b in instrument.bands
    ]
    assert [(each["value"], each["label"], each["source"], each["confidence"]) for each in known["cutoffs"]] == [
        (each.value, each.label, each.source, each.confidence) for each in instrument.cutoffs
    ]
    assert [(each["item"], each["value"], each["flag"], each["source"]) for each in known["critical_items"]] == [
        (instrument.item(each.item).number, each.at_least, each.flag, each.source) for each in instrument.critical
    ]
    assert {each["loinc_answer"]: each["value"] for each in known.get("options", [])} == instrument.points_of_code
    assert (known["loinc"]["panel"]["value"], known["loinc"]["total"]["value"]) == (
        instrument.codes.panel,
        instrument.codes.total,
    )
    assert known["licence"]["wording_may_ship"] is instrument.licence.wording_may_ship
    assert (known["licence"]["holder"], known["licence"]["source"]) == (
        instrument.licence.holder,
        instrument.licence.source,
    )
    recall = known.get("recall_days") or known["applies_to"]["recall_days"]
    assert recall["value"] == instrument.recall_days
    assert instrument.sources.keys() <= domain["sources"].keys()


def test_the_brief_forms_are_those_of_the_reference_file(domain: Mapping[str, Any]) -> None:
    """PHQ-2 number by number; EPDS-3 and EPDS-3A as the EPDS's items 3, 4 and 5, with every published cut-off."""
    known, phq2 = domain["instruments"]["phq2"], catalog()["phq2"]
    assert [each["label"] for each in known["items"]] == [item.label for item in phq2.items]
    assert known["loinc"]["items"]["value"] == [item.loinc for item in phq2.items]
    assert (known["score"]["max"]["value"], known["cutoffs"][0]["value"]) == (phq2.maximum, phq2.cutoffs[0].value)
    assert {each["loinc_answer"]: each["value"] for each in known["options"]} == phq2.points_of_code
    assert known["cutoffs"][0]["next"] == " or ".join(phq2.full_length)
    assert known["licence"]["wording_may_ship"] is phq2.licence.wording_may_ship
    brief, epds3 = domain["instruments"]["epds_3"], catalog()["epds3"]
    parts = [EPDS.items[number - 1] for number in brief["uses_items"]["value"]]
    assert [(one.label, one.printed_worst_first) for one in parts] == [
        (one.label, one.printed_worst_first) for one in epds3.items
    ]
    assert epds3.published_total is not None
    assert brief["score"]["max"]["value"] == epds3.published_total.maximum
    [cutoff] = epds3.cutoffs
    assert brief["cutoffs"][0]["equivalent_raw"] == cutoff.value
    assert str(brief["cutoffs"][0]["value"]) == epds3.published_total.shown(cutoff.value)
    assert not epds3.asks_about_safety and not phq2.asks_about_safety
    anxiety, [part] = domain["instruments"]["epds_3a"], EPDS.subscales
    assert [EPDS.item(key).number for key in part.items] == anxiety["uses_items"]["value"]
    assert part.maximum == anxiety["score"]["max"]["value"]
    assert {(one.value, one.source, one.confidence.value) for one in part.cutoffs} == {
        (one["value"], one["source"], one["confidence"]) for one in anxiety["cutoffs"]
    }


def test_the_autism_screen_is_that_of_the_reference_file(domain: Mapping[str, Any]) -> None:
    """Ages, items with their at-risk answer, bands, the second stage, the licence; what is not known stays unknown."""
    known, mchatr = domain["instruments"]["mchat_r"], catalog()["mchatr"]
    assert mchatr.ages is not None
    assert (known["age_months"]["min"]["value"], known["age_months"]["max"]["value"]) == (
        mchatr.ages.low,
        mchatr.ages.high,
    )
    assert [(each["n"], each["label"]) for each in known["items"]] == [(one.number, one.label) for one in mchatr.items]
    assert [each["at_risk"] for each in known["items"]] == [one.words[one.from_first.index(1)] for one in mchatr.items]
    assert [one.number for one in mchatr.items if one.printed_worst_first] == known["reverse_items"]["value"]
    assert [(each["min"], each["max"], each["code"]) for each in known["bands"]] == [
        (band.low, band.high, band.code) for band in mchatr.bands
    ]
    assert known["age_correction"]["value"] is None
    assert "rule for children born early" in {each.what for each in mchatr.unknowns}
    assert known["licence"]["wording_may_ship"] is mchatr.licence.wording_may_ship is False
    second, follow_up = domain["instruments"]["mchat_rf"], catalog()["mchatrf"]
    assert follow_up.follows is not None
    assert second["administered_when"] == f"M-CHAT-R total {follow_up.follows.low}-{follow_up.follows.high}"
    assert [cutoff.value for cutoff in follow_up.cutoffs] == [each["value"] for each in second["cutoffs"]]
    assert [one.label for one in follow_up.items] == [one.label for one in mchatr.items]
    assert follow_up.licence == mchatr.licence


SPELLED = {
    "gad2": "gad2",
    "gad7": "gad7",
    "bpsc": "swyc_bpsc",
    "ppsc": "swyc_ppsc",
    "posi": "swyc_posi",
    "swycmilestones": "swyc_milestones",
    "swycfamily": "swyc_family",
    "swycconcerns": "swyc_parent_concerns",
    "psc35": "psc35",
    "psc17": "psc17",
    "ace10": "ace10",
    "pearlschild": "pearls_child",
}


@pytest.mark.parametrize("key", SPELLED)
def test_each_instrument_is_that_of_the_reference_file(domain: Mapping[str, Any], key: str) -> None:
    """Number of items, labels, range, cut-offs with their source and confidence, subscales, ages, codes and sources."""
    known, instrument = domain["instruments"][SPELLED[key]], catalog()[key]
    assert known["n_items"]["value"] == len(instrument.items)
    if isinstance(known.get("items"), list):
        labels = [each["label"].replace("iour", "ior").replace("favour", "favor") for each in known["items"]]
        assert labels == [item.label for item in instrument.items]  # in the spelling of those who read them
    values = known.get("item_values")
    if isinstance(values, dict):
        assert all(list(item.values) == values["value"] for item in instrument.items)
    score = known.get("score", {})
    if "max" in score and key != "pearlschild":
        assert (score["min"]["value"], score["max"]["value"]) == (instrument.minimum, instrument.maximum)
    wanted = [one for one in known.get("cutoffs", []) if one.get("applies_to") != "any subscale"]
    assert [(one["value"], one["label"], one["source"], one["confidence"]) for one in wanted] == [
        (one.value, one.label, one.source, one.confidence) for one in instrument.cutoffs
    ]
    for said in known.get("subscales", []):
        [part] = [one for one in instrument.subscales if one.key == said["code"]]
        numbers = said["items"]["value"] if isinstance(said["items"], dict) else said["items"]
        assert [instrument.item(item).number for item in part.items] == numbers
        cutoff = said["cutoff"] if "cutoff" in said else known["cutoffs"][0]
        assert part.applied is not None and part.counts
        assert (part.applied.value, part.applied.source) == (cutoff["value"], cutoff["source"])
    if "age_months" in known:
        assert instrument.ages is not None
        ends = known["age_months"]["min"]["value"], known["age_months"]["max"]["value"]
        assert ends == (instrument.ages.low, instrument.ages.high)
    published = known.get("missing", {}).get("published_rule", {"value": None, "confidence": "low"})
    counts = published["value"] is not None and published["confidence"] != "low"
    assert (instrument.blank_rule is BlankRule.COUNT_LOWEST) == counts
    assert instrument.sources.keys() <= domain["sources"].keys()
    licence = known["licence"] if "same_as" not in known["licence"] else domain["instruments"]["psc35"]["licence"]
    assert instrument.licence.wording_may_ship is bool(licence["wording_may_ship"])
    if isinstance(known.get("loinc"), dict) and "panel" in known["loinc"]:
        codes = [known["loinc"][name]["value"] or "" for name in ("panel", "total")]
        assert codes == [instrument.codes.panel, instrument.codes.total]
        assert known["loinc"]["items"]["value"] == [item.loinc for item in instrument.items]


def test_ages_months_and_findings_are_those_of_the_reference_file(domain: Mapping[str, Any]) -> None:
    """Milestones month by month, the PSC's two ages, the PHQ-9's counting rule, the PEARLS's first part, risk by ACEs."""
    known, milestones = domain["instruments"]["swyc_milestones"], catalog()["swycmilestones"]
    assert milestones.monthly is not None
    assert {
        month: (one.value, one.source, one.confidence.value) for month, one in milestones.monthly.months.items()
    } == {
        month: (one["value"], one["source"] or "", one["confidence"])
        for month, one in known["needs_review_at_or_below_by_month"].items()
    }
    forms = {one["form"]: one for one in domain["instruments"]["swyc"]["forms"]}
    unbanded = [forms[number] for number in known["no_scored_band_forms"]["value"]]
    assert [(one.low, one.high) for one in milestones.monthly.not_banded] == [
        (one["min_month"]["value"], one["max_month"]["value"]) for one in unbanded
    ]
    early = domain["instruments"]["swyc"]["prematurity"]
    for key in ("swycmilestones", "bpsc", "ppsc", "posi"):
        rule = catalog()[key].prematurity
        assert rule is not None and catalog()[key].parent == "swyc"
        assert (rule.early_weeks_min, rule.below_months) == (
            early["born_early_weeks_min"]["value"],
            early["chronological_age_below_months"]["value"],
        )
    psc35 = catalog()["psc35"]
    for said, stratum in zip(domain["instruments"]["psc35"]["age_rules"], psc35.age_rules, strict=True):
        years, left_out = said["age_years"], said["ignore_items"]
        assert (stratum.low, min(stratum.high, 227)) == (12 * years[0], min(12 * years[1] + 11, 227))
        numbers = left_out["value"] if isinstance(left_out, dict) else left_out
        assert [psc35.item(key).number for key in stratum.ignored] == numbers
        assert [one.value for one in stratum.cutoffs] == [said["cutoff"]["value"]]
    finding = PHQ9.finding
    assert finding is not None and finding.findings == ((5, "major"), (2, "other"))
    assert finding.one_of == ("phq9_1", "phq9_2")
    assert finding.thresholds == {item.key: 1 if item.number == 9 else 2 for item in PHQ9.items}
    parts = domain["instruments"]["pearls_child"]["parts"]
    pearls = catalog()["pearlschild"]
    assert [one["n"]["value"] for one in parts] == [len(pearls.summed), len(pearls.subscales[0].items)]
    risk = [tuple(one["score"]) for one in domain["instruments"]["ace10"]["risk"]]
    for key in ("ace10", "pearlschild"):
        assert [(band.low, band.high) for band in catalog()[key].bands] == risk
        assert catalog()[key].is_off_by_default and catalog()[key].takes_a_count


def test_what_the_reference_does_not_know_stays_unknown(domain: Mapping[str, Any]) -> None:
    """No rule for blanks and no codes for the items of the EPDS: said so, and nothing made up."""
    assert domain["instruments"]["epds"]["missing"]["published_rule"]["value"] is None
    assert {"published rule for blanks", "LOINC codes of the items"} <= {each.what for each in EPDS.unknowns}
    assert all(item.loinc == "" for item in EPDS.items)
    assert "languages and peoples studied" in {each.what for each in PHQ9.unknowns}


def test_the_self_harm_item_is_a_crisis_in_both() -> None:
    """Item 10 of the EPDS and item 9 of the PHQ-9, from one point on; only the EPDS says to ask again."""
    assert [(each.item, each.at_least, each.is_crisis, each.ask_again_if_blank) for each in EPDS.critical] == [
        ("epds_10", 1, True, True)
    ]
    assert [(each.item, each.at_least, each.is_crisis, each.ask_again_if_blank) for each in PHQ9.critical] == [
        ("phq9_9", 1, True, False)
    ]


def test_a_label_is_had_in_both_languages() -> None:
    """English unless Spanish is asked for."""
    assert EPDS.item("epds_8").label_in("es-US") == "tristeza"
    assert EPDS.item("epds_8").label_in("en") == "sad"


def test_a_record_names_the_edition_it_was_made_with() -> None:
    """Key and edition, and the source of a number in words."""
    assert PHQ9.known_by == "phq9/2026"
    assert "Kroenke" in PHQ9.sources[PHQ9.source_of["item_values"]]


# Paper

TURNED = {f"epds_{number}" for number in (3, 5, 6, 7, 8, 9, 10)}


@pytest.mark.parametrize("item", EPDS.items, ids=lambda item: item.key)
def test_positions_are_turned_round_once_where_the_worst_is_on_top(item: Any) -> None:
    """From the top, 1 to 4: 3, 2, 1, 0 points where the form prints the worst first, else 0, 1, 2, 3."""
    points = [from_positions(EPDS, Positions({item.key: place}))[item.key] for place in (1, 2, 3, 4)]
    assert points == ([3, 2, 1, 0] if item.key in TURNED else [0, 1, 2, 3])


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([item.key for item in EPDS.items]), st.none() | st.integers(1, 4)))
def test_a_blank_on_paper_stays_blank(marked: dict[str, int | None]) -> None:
    """Marks become points that scoring takes, blanks stay blanks, and nothing is added."""
    answers = from_positions(EPDS, Positions(marked))
    assert dict.fromkeys(answers) == dict.fromkeys(marked)
    assert len(answers) == len(marked)
    assert all((answers[key] is None) == (place is None) for key, place in marked.items())
    scoring.score(EPDS, answers)


def test_points_cannot_be_turned_round_again() -> None:
    """Answers are no positions, positions are no answers: neither passes for the other."""
    answers = from_positions(EPDS, Positions({"epds_10": 4}))
    assert answers["epds_10"] == 0
    with pytest.raises(TypeError, match="points already"):
        Positions(answers)
    with pytest.raises(TypeError, match="only positions"):
        from_positions(EPDS, answers)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        scoring.score(EPDS, Positions({"epds_10": 4}))  # type: ignore[arg-type]


@pytest.mark.parametrize("place", [0, 5, -1, True, 1.0, "1"], ids=repr)
def test_a_place_that_the_form_does_not_have_is_refused(place: object) -> None:
    """Four answers stand on paper, from 1 to 4."""
    with pytest.raises(OutOfRange, match="1, 2, 3, 4"):
        from_positions(EPDS, Positions({"epds_1": place}))  # type: ignore[dict-item]


def test_a_mark_at_another_question_is_refused() -> None:
    """An item of another instrument is named in the refusal."""
    with pytest.raises(UnknownItem):
        from_positions(EPDS, Positions({"phq9_1": 1}))


def test_positions_are_refused_where_the_order_on_paper_is_not_known() -> None:
    """The PHQ-9's order on paper was not seen in a source: its points are entered instead."""
    assert EPDS.takes_positions and not PHQ9.takes_positions
    with pytest.raises(NoPositions, match="Enter the points"):
        from_positions(PHQ9, Positions({"phq9_1": 1}))


# The catalog


def test_an_instrument_is_found_by_key_and_edition() -> None:
    """The current one by key; the one of a record by edition; an unknown one is refused with those that are known."""
    known = Catalog([PHQ9, EPDS])
    assert (known["phq9"], known.named("epds"), known.of("epds", "2026")) == (PHQ9, EPDS, EPDS)
    assert known.of("epds", "1987") is None
    assert EPDS.at(300) is EPDS, "no rule of it goes by age"
    assert sorted(known) == ["epds", "phq9"] and len(known) == 2
    with pytest.raises(UnknownInstrument, match=r"no instrument called gad7.*epds, phq9"):
        known.named("gad7")


def test_a_band_is_found_by_its_code() -> None:
    """None where there is none of that code, as on a screen without a band."""
    band = EPDS.band("possible_depression")
    assert band is not None and (band.low, band.high) == (10, 12)
    assert EPDS.band("") is None


def test_answers_are_a_mapping_of_points() -> None:
    """They read like a dictionary and keep their own copy."""
    given_points = {"phq9_1": 1}
    answers = Answers(given_points)
    given_points["phq9_1"] = 3
    assert dict(answers) == {"phq9_1": 1}
