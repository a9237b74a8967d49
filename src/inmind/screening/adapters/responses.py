"""FHIR QuestionnaireResponses as JSON text, scored one after another.

`questionnaire_response.read` says what a response holds and what is wrong with one. The plain ones, in which each item is
answered once by a LOINC code or by a whole number and nothing else stands beside, msgspec reads without it: into types
that can hold nothing else. Whatever is not just so goes there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from inmind.screening import questionnaire_response
from inmind.screening.answer_rows import wanted
from inmind.screening.expression import Value
from inmind.screening.file_mapping import FileMapping, by_loinc
from inmind.screening.instruments import Instrument
from inmind.screening.quick_rows import RowScorer

A = TypeVar("A")


class _Coding(Struct, gc=False):
    code: str
    system: Literal["http://loinc.org"] = "http://loinc.org"


class _Coded(Struct, gc=False, forbid_unknown_fields=True):
    valueCoding: _Coding


class _Counted(Struct, gc=False, forbid_unknown_fields=True):
    valueInteger: int


class _Item(Struct, Generic[A], gc=False, forbid_unknown_fields=True):
    linkId: str
    answer: tuple[A] | UnsetType = UNSET
    text: Raw = Raw()
    definition: Raw = Raw()


class _Response(Struct, Generic[A], gc=False):
    resourceType: Literal["QuestionnaireResponse"]
    status: Literal["completed", "amended", "in-progress", "stopped"]
    item: tuple[_Item[A], ...]
    id: str = ""


def scorer(instrument: Instrument, mapping: FileMapping | None = None) -> Callable[[str], dict[str, Value]]:
    """What becomes of one response: each of `answer_rows.RESULTS`, as `inmind score` writes it for a file of them.

    mapping: where the items stand; by LOINC where none is given. Never raises for what stands in a response.
    """
    mapping = (mapping or by_loinc(instrument)).for_fhir()
    rows, keys = RowScorer(instrument, mapping), wanted(instrument)
    links = [mapping.columns[key].lstrip("/") for key in keys]
    adds, each_once, is_coded = _adds(rows, links), (1 << len(links)) - 1, bool(instrument.points_of_code)
    decode = msgspec.json.Decoder(_Response[_Coded] if is_coded else _Response[_Counted]).decode

    def of(text: str) -> dict[str, Value]:
        try:
            response: Any = decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return carefully(text)
        try:
            total, items = 0, response.item
            if is_coded:
                for item in items:
                    total += adds[item.linkId][item.answer[0].valueCoding.code]
            else:
                for item in items:
                    total += adds[item.linkId][item.answer[0].valueInteger]
        except (KeyError, TypeError):  # another item or word, or no answer
            return with_gaps(text, response)
        if len(items) != len(links) or total & each_once != each_once:
            return with_gaps(text, response)
        return rows.answered(response.id, 1, total >> len(links))

    def with_gaps(text: str, response: _Response) -> dict[str, Value]:
        given = {item.linkId.lstrip("/"): _said(item) for item in response.item}
        if len(given) < len(response.item):
            return carefully(text)
        return rows.row(response.id, 1, [given.get(link) for link in links], None)

    def carefully(text: str) -> dict[str, Value]:
        response = questionnaire_response.read(text, mapping.columns)
        return rows.row(response.id, 1, [response.written.get(key) for key in keys], response.problem or None)

    return of


def _adds(rows: RowScorer, links: Sequence[str]) -> dict[str, dict[str | int | None, int]]:
    """What each answer to each linkId adds to the measures of a response, and a bit of each item's own.

    Below are the bits, as many as items. As many items as bits make all bits only where each is there once.
    """
    return {
        spelled: {said: number << len(links) | 1 << place for word, number in table.items() for said in _spelled(word)}
        for place, (link, table) in enumerate(zip(links, rows.tables, strict=False))
        for spelled in (link, f"/{link}")
    }


def _spelled(word: str | None) -> tuple[str | int | None, ...]:
    """A word, and the whole number that is written like it."""
    return (word, int(word)) if word and word.isdecimal() and str(int(word)) == word else (word,)


def _said(item: _Item) -> str | None:
    """How an item's answer is written; None where there is none."""
    if item.answer is UNSET:
        return None
    [answer] = item.answer
    return answer.valueCoding.code if isinstance(answer, _Coded) else str(answer.valueInteger)
