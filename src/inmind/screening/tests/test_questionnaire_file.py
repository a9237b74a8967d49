"""A file that should hold a publisher's wording, and what people bring instead in good faith."""

from __future__ import annotations

import json

import pytest

from inmind.screening.errors import BadWording
from inmind.screening.questionnaire_file import MOST_BYTES, opened, read

ONE = {"resourceType": "Questionnaire", "status": "active", "item": []}
TEXT = json.dumps(ONE)


def bundle(*resources: object) -> str:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \n", "The file is empty."),
        (b"%PDF-1.7 ...", "The file is a PDF."),
        (b"PK\x03\x04....", "of an office program"),
        (b"\xd0\xcf\x11\xe0....", "of an office program"),
        (b"  <Questionnaire/>", "The file is XML."),
        (b" " * (MOST_BYTES + 1), "larger than 500 kilobytes"),
        ('{"title": "¿Cómo?"}'.encode("cp1252"), "not written in UTF-8"),
        (TEXT.encode("utf-16"), "not written in UTF-8"),
        (TEXT[:-1].encode(), "goes wrong in line 1"),
        (b'{\n"a": 1,\n"b": }', "goes wrong in line 3"),
        (b'{"a": NaN}', "not whole JSON"),
        (b'{"a": 1e99999999999999999999}', "not whole JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not whole JSON"),
        (b"[" * 40_000, "not whole JSON"),
        (b'{"text": "one", "text": "other"}', "says `text` twice"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "says `\ufffd` twice"),
        (f"{TEXT}\n\n{TEXT}\n".encode(), "one resource to a line"),
        (b"[]\n[]\n", "goes wrong in line 2"),
        (b"[]", "holds a list"),
        (b"17", "holds no FHIR resource"),
        (b'{"resourceType": 4}', "holds no FHIR resource"),
        (b'{"resourceType": "Patient"}', "of another kind: 'Patient'"),
        (b'{"resourceType": "QuestionnaireResponse"}', "holds answers"),
        (b'{"resourceType": "Bundle"}', "a bundle with 0 questionnaires"),
        (b'{"resourceType": "Bundle", "entry": [7, {"resource": 7}]}', "a bundle with 0 questionnaires"),
        (bundle(ONE, ONE).encode(), "a bundle with 2 questionnaires"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_questionnaire_is_told_apart_in_words(data: bytes, said: str) -> None:
    """What was found, what is expected, and what to do."""
    with pytest.raises(BadWording) as refusal:
        opened(data)
    assert said in refusal.value.in_english()
    assert refusal.value.field == "file" and refusal.value.next_step


def test_a_questionnaire_is_opened_alone_behind_a_mark_or_in_a_bundle_of_its_own() -> None:
    """Its text stays as it came, so that its fingerprint is the file's."""
    assert opened(TEXT.encode()).resource == ONE
    marked = opened(b"\xef\xbb\xbf" + TEXT.encode())
    assert (marked.resource, marked.at, marked.text.encode()) == (ONE, "", b"\xef\xbb\xbf" + TEXT.encode())
    inside = read(bundle({"resourceType": "Patient"}, ONE))
    assert (inside.resource, inside.at) == (ONE, "entry[1].resource")
