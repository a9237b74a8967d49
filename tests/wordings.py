"""Invented wording, for tests: visibly nobody's words, as a FHIR Questionnaire that a house could bring.

    text = wording_for_tests("epds")                         # a file, in English and Spanish
    rows = make_wording("epds")                              # brought through the action, for the whole house
    rows = make_wording("phq9", languages=("en",), organization=agency, ends=yesterday)

Every text says that it was invented; none is any publisher's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from inmind.access.actors import Actor, operator
from inmind.foundation import clock
from inmind.people.models import Organization
from inmind.screening import house_wordings
from inmind.screening.adapters.catalog import shipped
from inmind.screening.instruments import Instrument, Item
from inmind.screening.models import HouseWording
from inmind.screening.questionnaire_answers import WEIGHTS
from inmind.screening.questionnaire_texts import TRANSLATION

HOLDER, LICENCE = "An invented publisher", "an invented letter, for tests only"
_SAID = {
    "title": {"en": "Invented form for tests only", "es": "Formulario inventado solo para pruebas"},
    "before": {"en": "Invented instructions for tests only.", "es": "Instrucciones inventadas solo para pruebas."},
    "question": {"en": "Invented question {} for tests only", "es": "Pregunta inventada {} solo para pruebas"},
    "answer": {"en": "Invented answer {} of question {}", "es": "Respuesta inventada {} de la pregunta {}"},
    "copyright": {"en": "Nobody's words, invented for tests.", "es": "Palabras de nadie, inventadas para pruebas."},
}


def wording_for_tests(instrument: str, languages: Sequence[str] = ("en", "es")) -> str:
    """A FHIR Questionnaire with invented words for each item of an instrument, as text; the first language is its own.

    Each question has our own key as its linkId; its answers stand as the rules say that a form prints them, each with its
    ordinal value.
    """
    return json.dumps(questionnaire_for_tests(instrument, languages), ensure_ascii=False)


def questionnaire_for_tests(instrument: str, languages: Sequence[str] = ("en", "es")) -> dict[str, Any]:
    """The same as an object, to be changed by a test."""
    known = shipped().named(instrument)
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "experimental": True,
        "language": languages[0],
        **_texts("title", "title", languages),
        **_texts("copyright", "copyright", languages),
        "item": [
            {"linkId": "before", "type": "display", **_texts("text", "before", languages)},
            *(_question(known, item, languages) for item in known.items),
        ],
    }


def question_for_tests(number: int, language: str = "en") -> str:
    """What the invented form asks at an item."""
    return _SAID["question"][language].format(number)


def answer_for_tests(number: int, place: int, language: str = "en") -> str:
    """Its answer at a place of an item, both from 1."""
    return _SAID["answer"][language].format(place, number)


def make_wording(
    instrument: str = "epds",
    *,
    languages: Sequence[str] = ("en", "es"),
    organization: Organization | None = None,
    starts: date | None = None,
    ends: date | None = None,
    by: Actor | None = None,
) -> list[HouseWording]:
    """An invented wording that was brought, one row for each language: for the whole house, or for one agency, from 30 days
    ago on unless a day is said."""
    text = wording_for_tests(instrument, languages)
    return [
        house_wordings.bring(
            by or operator("tests"),
            instrument=instrument,
            language=language,
            file=text,
            name=f"{instrument}-invented.json",
            holder=HOLDER,
            licence=LICENCE,
            organization=organization,
            starts=starts or clock.now().date() - timedelta(days=30),
            ends=ends,
            before=house_wordings.last_number(instrument),
        )
        for language in languages
    ]


def _question(instrument: Instrument, item: Item, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "linkId": item.key,
        "type": "choice",
        "prefix": f"{item.number}.",
        **_texts("text", "question", languages, item.number),
        "answerOption": [
            {
                "extension": [{"url": WEIGHTS[0], "valueDecimal": points}],
                "valueCoding": {
                    "system": "urn:invented",
                    "code": f"{item.key}-{place}",
                    **_texts("display", "answer", languages, place, item.number),
                },
            }
            for place, points in enumerate(item.from_first, start=1)
        ],
    }


def _texts(name: str, what: str, languages: Sequence[str], *facts: object) -> dict[str, Any]:
    """A text in the first language, and its translations beside it, as FHIR writes them."""
    said = {language: _SAID[what][language].format(*facts) for language in languages}
    beside = [
        {
            "url": TRANSLATION,
            "extension": [{"url": "lang", "valueCode": code}, {"url": "content", "valueString": text}],
        }
        for code, text in said.items()
        if code != languages[0]
    ]
    return {name: said[languages[0]]} | ({f"_{name}": {"extension": beside}} if beside else {})
