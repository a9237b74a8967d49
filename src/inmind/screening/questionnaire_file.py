"""Opens a file that should hold a publisher's wording: one FHIR R4 Questionnaire as JSON. Pure.

What else people bring in good faith is told apart by a sentence of its own: answers instead of questions, one resource to a
line, a bundle, XML, a PDF, a document of an office program.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from inmind.foundation.text import marked
from inmind.foundation.values import N_
from inmind.screening.errors import BadWording

MOST_BYTES = 500_000  # ours; a questionnaire of a hundred questions in five languages is a fifth of it

_EXPECTED = N_("Wording comes as one FHIR R4 Questionnaire, in a JSON file.")
_ASK = N_("Ask the publisher, or who sold you the license, for the FHIR Questionnaire (JSON).")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The resource. at: where it stands in its file; empty where it is the whole file. text: the file as it came."""

    resource: Mapping[str, Any]
    text: str
    at: str = ""


def opened(data: bytes) -> Questionnaire:
    """The questionnaire in a file. Raises BadWording, which says what was found instead and what to do."""
    if len(data) > MOST_BYTES:
        raise BadWording(
            N_("The file is larger than 500 kilobytes."),
            N_("A questionnaire is a few pages of text."),
            N_("Look whether it is the right file."),
            field="file",
        )
    _check_kind(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadWording(
            N_("The file is not written in UTF-8."),
            N_("JSON is; letters with accents would be lost."),
            N_("Save it as UTF-8, or ask for it anew."),
            field="file",
        ) from fault
    return read(text)


def read(text: str) -> Questionnaire:
    """The questionnaire in a text. Raises as `opened` does."""
    plain = text.removeprefix("\ufeff")
    try:
        found = _loaded(plain)
    except _Twice as twice:
        raise BadWording(
            N_("The file says `%(name)s` twice in one place."),
            N_("Which of the two counts, nobody can tell."),
            N_("Take the wrong one out, or ask for the file anew."),
            field="file",
            facts={"name": marked(str(twice)[:60])},
        ) from twice
    except (ValueError, RecursionError) as fault:
        if _is_one_to_a_line(plain):
            raise _not_this(N_("The file holds one resource to a line, as an export of many.")) from fault
        raise BadWording(
            N_("The file is not whole JSON; it goes wrong in line %(line)s."),
            _EXPECTED,
            N_("It may have been cut off on its way. Get it once more."),
            field="file",
            facts={"line": str(getattr(fault, "lineno", 1))},
        ) from fault
    return _questionnaire(found, text)


def _check_kind(data: bytes) -> None:
    """Raises BadWording for what is no JSON by its first bytes."""
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()[:8]
    if not start:
        raise BadWording(N_("The file is empty."), _EXPECTED, _ASK, field="file")
    kinds = {
        b"%PDF": N_("The file is a PDF."),
        b"PK\x03\x04": N_("The file is a document or a spreadsheet of an office program, or a packed folder."),
        b"\xd0\xcf\x11\xe0": N_("The file is a document or a spreadsheet of an office program, or a packed folder."),
        b"<": N_("The file is XML."),
    }
    for first, found in kinds.items():
        if start.startswith(first):
            raise BadWording(found, _EXPECTED, _ASK, field="file")


class _Twice(Exception):
    pass


def _loaded(text: str) -> Any:
    """Numbers as they are written; what is no number, and a name that stands twice in one object, is refused."""
    return json.loads(text, parse_float=_exactly, parse_constant=_no_number, object_pairs_hook=_once)


def _exactly(said: str) -> Decimal:
    try:
        return Decimal(said)
    except DecimalException as fault:
        raise ValueError(said) from fault


def _no_number(said: str) -> None:
    raise ValueError(f"{said} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _is_one_to_a_line(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()][:2]
    try:
        return len(lines) > 1 and all(isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError):
        return False


def _questionnaire(found: Any, text: str) -> Questionnaire:
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if kind == "Questionnaire":
        return Questionnaire(found, text)
    if kind == "QuestionnaireResponse":
        raise BadWording(
            N_("The file holds answers (a QuestionnaireResponse), not the questionnaire."),
            _EXPECTED,
            N_(
                "Take the file with the questions. Answers of people are never brought here; look who else got this file."
            ),
            field="file",
        )
    if kind == "Bundle":
        return _of_a_bundle(found, text)
    if isinstance(found, list):
        raise _not_this(N_("The file holds a list."))
    other = N_("The file holds a FHIR resource of another kind: %(kind)s.")
    found_instead = other if isinstance(kind, str) else N_("The file holds no FHIR resource.")
    raise BadWording(found_instead, _EXPECTED, _ASK, field="file", facts={"kind": repr(kind)[:60]})


def _of_a_bundle(bundle: Mapping[str, Any], text: str) -> Questionnaire:
    entries = bundle.get("entry")
    resources = [
        (place, entry["resource"])
        for place, entry in enumerate(entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
    ]
    inside = [(place, one) for place, one in resources if one.get("resourceType") == "Questionnaire"]
    if len(inside) != 1:
        raise BadWording(
            N_("The file is a bundle with %(count)s questionnaires in it."),
            N_("One file holds one."),
            N_("Save the one that you mean as a file of its own."),
            field="file",
            facts={"count": str(len(inside))},
        )
    [(place, resource)] = inside
    return Questionnaire(resource, text, f"entry[{place}].resource")


def _not_this(found: str) -> BadWording:
    return BadWording(
        found, _EXPECTED, N_("Save the one questionnaire that you mean as a file of its own."), field="file"
    )
