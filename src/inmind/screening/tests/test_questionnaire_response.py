"""FHIR QuestionnaireResponses, one at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening.questionnaire_response import ABSENT, LOINC, Response, read

ITEMS = {"one": "44250-9", "two": "/44255-8"}


def coded(code: str, system: str | None = LOINC) -> dict[str, Any]:
    return {"valueCoding": {"code": code} | ({"system": system} if system else {})}


def absent(reason: str) -> list[dict[str, str]]:
    return [{"url": "http://elsewhere", "valueCode": "x"}, {"url": ABSENT, "valueCode": reason}]


def response(*items: Any, **more: Any) -> Response:
    return read(json.dumps({"resourceType": "QuestionnaireResponse", "id": "r1", "item": list(items)} | more), ITEMS)


@pytest.mark.parametrize(
    ("item", "written"),
    [
        pytest.param({"linkId": "/44250-9", "answer": [coded("LA6569-3")]}, "LA6569-3", id="an answer code"),
        pytest.param({"linkId": "44250-9", "answer": [coded("LA6569-3", None)]}, "LA6569-3", id="without a system, and without the slash"),
        pytest.param({"linkId": "44250-9", "answer": [coded("LA6569-3", "urn:x")]}, "urn:x|LA6569-3", id="another system's code stays another's"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueCoding": {"system": LOINC}}]}, "", id="a coding without a code"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueInteger": 2}]}, "2", id="a number"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueDecimal": 1.5}]}, "1.5", id="a fraction"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueBoolean": True}]}, "true", id="a yes"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueString": "two"}]}, "two", id="words"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueCoding": "LA6569-3"}]}, "LA6569-3", id="a coding that is only words"),
        pytest.param({"linkId": "44250-9", "answer": [{"valueQuantity": {"value": 2}}]}, '{"value": 2}', id="an amount"),
        pytest.param({"linkId": "44250-9"}, None, id="no answer"),
        pytest.param({"linkId": "44250-9", "extension": absent("asked-declined")}, "asked-declined", id="the reason on the item"),
        pytest.param({"linkId": "44250-9", "answer": [{"extension": absent("masked")}]}, "masked", id="the reason on the answer"),
        pytest.param({"linkId": "44250-9", "extension": absent("x"), "answer": [{}]}, "x", id="an empty answer beside the reason"),
        pytest.param({"linkId": "g", "item": [{"linkId": "h", "item": [{"linkId": "44250-9", "answer": [coded("LA1-1")]}]}]}, "LA1-1", id="within groups"),
        pytest.param({"linkId": "g", "answer": [{"valueBoolean": True, "item": [{"linkId": "44250-9", "answer": [coded("LA1-1")]}]}]}, "LA1-1", id="below an answer"),
        pytest.param({"linkId": "44261-6", "answer": [{"valueDecimal": 27}]}, None, id="the form's own total is never taken"),
    ],
)  # fmt: skip
def test_what_an_item_says(item: dict[str, Any], written: str | None) -> None:
    """As it is written, whatever it is worth."""
    assert response(item) == Response(id="r1", written={"one": written, "two": None})


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        pytest.param(response({"linkId": "44250-9", "answer": [coded("a"), coded("b")]}), "The item 44250-9 has more than one answer.", id="two answers"),
        pytest.param(response({"linkId": "44250-9", "answer": [{"valueInteger": 1, "valueDecimal": 1}]}), "The item 44250-9 has more than one value.", id="two values"),
        pytest.param(response({"linkId": "44250-9", "answer": [coded("a")]}, {"linkId": "/44250-9", "answer": [coded("b")]}), "The item /44250-9 is answered twice, differently.", id="answered twice"),
        pytest.param(response({"answer": []}), "An item has no linkId.", id="no linkId"),
        pytest.param(response("x"), "`item` is not a list of objects.", id="an item that is words"),
        pytest.param(response({"linkId": "a", "answer": {}}), "`answer` is not a list of objects.", id="an answer that is no list"),
        pytest.param(response(status="entered-in-error"), "Its sender marked this response as entered in error.", id="entered in error"),
    ],
)  # fmt: skip
def test_a_damaged_response_says_what_is_wrong(found: Response, problem: str) -> None:
    """It keeps its id, and nothing of it is scored."""
    assert found == Response(id="r1", problem=problem)


def test_the_same_answer_twice_is_one_answer() -> None:
    """Repeated, it changes nothing."""
    twice = {"linkId": "44250-9", "answer": [coded("a")]}
    assert response(twice, twice).written["one"] == "a"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"resourceType": "Questio', "This line is not a whole JSON object."),
        ("[" * 100_000, "This line is not a whole JSON object."),
        ('{"resourceType": "Bundle"}', "Expected a QuestionnaireResponse, found Bundle."),
        ('{"resourceType": 3}', "Expected a QuestionnaireResponse, found something else."),
        ("[]", "Expected a QuestionnaireResponse, found something else."),
        ("7", "Expected a QuestionnaireResponse, found something else."),
    ],
)  # fmt: skip
def test_a_line_that_is_no_response_says_so(line: str, problem: str) -> None:
    """Cut short, nested beyond reason, or something else."""
    assert read(line, ITEMS).problem == problem


def test_a_response_without_an_id_has_none() -> None:
    """Nor has one whose id is no word."""
    assert (response(id=None).id, response(id=3).id) == ("", "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["44250-9", ABSENT]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["item", "linkId", "answer", "extension", "valueCoding", "code", "system", "url", "valueCode"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(json_values)
def test_nothing_makes_reading_fail(item: Any) -> None:
    """Whatever JSON stands in a response, it is read or has a problem in words."""
    found = response(item)
    assert found.problem or set(found.written) == set(ITEMS)
    assert all(text is None or isinstance(text, str) for text in found.written.values())
