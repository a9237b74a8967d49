"""A FHIR response as JSON text comes to what the careful reading and the rules of every other file make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening import questionnaire_response
from inmind.screening.adapters import responses
from inmind.screening.adapters.catalog import catalog
from inmind.screening.answer_rows import ID, PROBLEM, RESULTS, ROW, result, rules, wanted, written
from inmind.screening.expression import Value, run
from inmind.screening.file_mapping import by_loinc
from inmind.screening.instruments import Instrument

SOME = [catalog()[key] for key in ("phq9", "epds", "mchatr", "phq2")]
MAPPINGS = {one.key: by_loinc(one).for_fhir() for one in SOME}
QUICK = {one.key: responses.scorer(one) for one in SOME}
SLOW = {one.key: run(rules(one, MAPPINGS[one.key])) for one in SOME}
REAL = Path(__file__).parents[5] / "shared" / "data" / "fhir_phq9" / "QuestionnaireResponse-phq9.ndjson"
LOINC, ABSENT = questionnaire_response.LOINC, questionnaire_response.ABSENT


def carefully(instrument: Instrument, text: str) -> dict[str, Value]:
    read = questionnaire_response.read(text, MAPPINGS[instrument.key].columns)
    marks = {written(key): read.written.get(key) for key in wanted(instrument)}
    found = SLOW[instrument.key]({ROW: 1, ID: read.id, PROBLEM: read.problem or None, **marks})
    return {name: found[result(name)] for name in RESULTS}


def plain_answer(instrument: Instrument, said: str) -> dict[str, Any]:
    if instrument.points_of_code:
        codes = {str(points): code for code, points in instrument.points_of_code.items()}
        return {"valueCoding": {"system": LOINC, "code": codes.get(said, said), "display": "x"}}
    return {"valueInteger": int(said)} if said.isdecimal() else {"valueString": said}


def changed(item: dict[str, Any], how: str) -> list[dict[str, Any]]:
    """An item as others may send it."""
    [answer] = item["answer"]
    link = item["linkId"]
    return {
        "blank": [{"linkId": link}],
        "no answers": [{**item, "answer": []}],
        "absent": [{"linkId": link, "extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}],
        "absent below": [{**item, "answer": [{"extension": [{"url": ABSENT, "valueCode": "unknown"}]}]}],
        "left out": [],
        "twice": [item, item],
        "twice, differently": [item, {**item, "answer": [{"valueInteger": 77}]}],
        "again with a slash": [item, {**item, "linkId": f"/{link}"}],
        "two answers": [{**item, "answer": [answer, answer]}],
        "two values": [{**item, "answer": [{**answer, "valueString": "1"}]}],
        "another system": [{**item, "answer": [{"valueCoding": {"system": "urn:x", "code": "1"}}]}],
        "no system": [{**item, "answer": [{"valueCoding": {"code": "LA6569-3"}}]}],
        "a number": [{**item, "answer": [{"valueInteger": 1}]}],
        "a yes": [{**item, "answer": [{"valueBoolean": True}]}],
        "a text": [{**item, "answer": [{"valueString": " 1 "}]}],
        "nonsense": [{**item, "answer": [{"valueInteger": 8}]}],
        "in a group": [{"linkId": "group", "text": "x", "item": [item]}],
        "more below": [{**item, "answer": [{**answer, "item": [{"linkId": "why"}]}]}],
        "a total beside": [item, {"linkId": "total", "answer": [{"valueDecimal": 3.0}]}],
        "with its text": [{**item, "text": "Little interest"}],
        "null": [{**item, "answer": None}],
        "no link": [{"answer": [answer]}],
        "a list for a link": [{**item, "linkId": [1]}],
    }[how]


WAYS = [
    *("blank", "no answers", "absent", "absent below", "left out", "twice", "twice, differently", "again with a slash"),
    *("two answers", "two values", "another system", "no system", "a number", "a yes", "a text", "nonsense"),
    *("in a group", "more below", "a total beside", "with its text", "null", "no link", "a list for a link"),
]
HEADS: list[dict[str, Any]] = [
    {"status": "completed", "id": "r1", "authored": "2026-01-01"},
    {"status": "completed", "id": " r1 "},
    {"status": "completed", "id": 5},
    {"status": "completed"},
    {"status": "entered-in-error", "id": "r1"},
    {"id": ""},
    {"status": "completed", "resourceType": "Patient"},
]


@st.composite
def texts(draw: st.DrawFn, instrument: Instrument) -> str:
    """Mostly plain responses, some with an item or two as others send them, few damaged."""
    columns, items = MAPPINGS[instrument.key].columns, []
    ways = draw(
        st.dictionaries(st.sampled_from([item.key for item in instrument.items]), st.sampled_from(WAYS), max_size=2)
    )
    for item in instrument.items:
        said = draw(st.sampled_from(item.words or tuple(map(str, item.values))))
        link = draw(st.sampled_from(["", "/"])) + columns[item.key].lstrip("/")
        one = {"linkId": link, "answer": [plain_answer(instrument, said)]}
        items += changed(one, ways[item.key]) if item.key in ways else [one]
    head = draw(st.sampled_from([*HEADS[:1] * 8, *HEADS]))
    text = json.dumps({"resourceType": "QuestionnaireResponse", **head, "item": items})
    return draw(
        st.sampled_from([*[text] * 12, text[:-3], f"[{text}]", text.replace('"r1"', "NaN"), "", "\ud800", "[" * 5000])
    )


@pytest.mark.parametrize("instrument", SOME, ids=lambda one: one.key)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_response_comes_to_what_careful_reading_makes_of_it(data: st.DataObject, instrument: Instrument) -> None:
    """Plain ones and all others, the reason to the letter."""
    text = data.draw(texts(instrument))
    assert QUICK[instrument.key](text) == carefully(instrument, text)


@pytest.mark.parametrize("instrument", SOME, ids=lambda one: one.key)
@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_send_an_item(instrument: Instrument, way: str) -> None:
    columns = MAPPINGS[instrument.key].columns
    first, *others = [
        {"linkId": columns[item.key], "answer": [plain_answer(instrument, (item.words or ("1",))[0])]}
        for item in instrument.items
    ]
    text = json.dumps({"resourceType": "QuestionnaireResponse", **HEADS[0], "item": [*changed(first, way), *others]})
    assert QUICK[instrument.key](text) == carefully(instrument, text)


def test_a_plain_response() -> None:
    """Nine times 1 is nine: mild, and the last answer is flagged."""
    phq9 = SOME[0]
    items = [{"linkId": MAPPINGS["phq9"].columns[item.key], "answer": [plain_answer(phq9, "1")]} for item in phq9.items]
    found = QUICK["phq9"](json.dumps({"resourceType": "QuestionnaireResponse", **HEADS[0], "item": items}))
    assert {name: found[name] for name in ("id", "points", "band", "flags", "status", "reason")} == {
        "id": "r1",
        "points": 9,
        "band": "mild",
        "flags": "self_harm_any",
        "status": "scored",
        "reason": "All 9 items answered.",
    }


@pytest.mark.skipif(not REAL.exists(), reason="the shared data do not stand beside the project")
def test_every_response_of_the_real_file() -> None:
    lines = REAL.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 56
    for line in lines:
        assert QUICK["phq9"](line) == carefully(SOME[0], line)
