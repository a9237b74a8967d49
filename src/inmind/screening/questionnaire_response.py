"""Reads one FHIR R4 QuestionnaireResponse: which item was answered how, as it is written. Pure.

What is written stays text: a LOINC answer code, a number, or the reason why the answer is absent. What it is worth is
decided by the rules that score every other file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LOINC = "http://loinc.org"
ENTERED_IN_ERROR = "entered-in-error"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


@dataclass(frozen=True, slots=True)
class Response:
    """One response. written: item key -> text, None where nothing is. problem: a sentence where it is damaged."""

    id: str = ""
    written: Mapping[str, str | None] = field(default_factory=dict)
    problem: str = ""


def read(line: str, items: Mapping[str, str]) -> Response:
    """One line of a file. items: item key -> linkId, a leading slash not counted. Never raises."""
    try:
        resource = json.loads(line)
    except (ValueError, RecursionError):
        return Response(problem="This line is not a whole JSON object.")
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if kind != "QuestionnaireResponse":
        found = kind[:40] if isinstance(kind, str) else "something else"
        return Response(problem=f"Expected a QuestionnaireResponse, found {found}.")
    name = resource["id"] if isinstance(resource.get("id"), str) else ""
    if resource.get("status") == ENTERED_IN_ERROR:
        return Response(id=name, problem="Its sender marked this response as entered in error.")
    try:
        given = _by_link(resource)
    except _Damaged as damage:
        return Response(id=name, problem=str(damage))
    return Response(id=name, written={key: given.get(link.lstrip("/")) for key, link in items.items()})


class _Damaged(Exception):
    pass


def _by_link(resource: Mapping[str, Any]) -> dict[str, str | None]:
    given: dict[str, str | None] = {}
    for item in _items(resource):
        link = item.get("linkId")
        if not isinstance(link, str):
            raise _Damaged("An item has no linkId.")
        written = _written(item, link)
        if given.setdefault(link.lstrip("/"), written) != written:
            raise _Damaged(f"The item {link[:40]} is answered twice, differently.")
    return given


def _items(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every item, also those within groups and below answers."""
    waiting = [resource]
    while waiting:
        for item in _list(waiting.pop(), "item"):
            yield item
            waiting += [item, *_list(item, "answer")]


def _list(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = holder.get(name, [])
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
        raise _Damaged(f"`{name}` is not a list of objects.")
    return found


def _written(item: Mapping[str, Any], link: str) -> str | None:
    answers = _list(item, "answer")
    if len(answers) > 1:
        raise _Damaged(f"The item {link[:40]} has more than one answer.")
    if not answers:
        return _absent(item)
    values = {name: value for name, value in answers[0].items() if name.startswith("value")}
    if not values:
        return _absent(answers[0]) or _absent(item)
    if len(values) > 1:
        raise _Damaged(f"The item {link[:40]} has more than one value.")
    [value] = values.values()
    return _coded(value) if isinstance(value, dict) and "valueCoding" in values else _plain(value)


def _coded(coding: Mapping[str, Any]) -> str:
    """A LOINC answer code as it is; a code of another system with that system before it."""
    system, code = coding.get("system", LOINC), coding.get("code", "")
    return _plain(code) if system == LOINC else f"{system}|{code}"


def _plain(value: object) -> str:
    """As JSON would write it, a text without its quotes."""
    return value if isinstance(value, str) else json.dumps(value)


def _absent(holder: Mapping[str, Any]) -> str | None:
    for extension in _list(holder, "extension"):
        if extension.get("url") == ABSENT and isinstance(extension.get("valueCode"), str):
            return str(extension["valueCode"])
    return None
