"""Reads ICD-10-CM in its publisher's own format: the tabular list as XML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from inmind.diagnosis.releases import BadRelease, Code, Release, spelled
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Period

ROOT = "ICD10CM.tabular"
LARGEST = 100_000_000  # bytes, ours; the list of 2026 has a tenth of it
DEEPEST = 30  # entries below each other, ours; the list of 2026 has less than ten
_AT_ONCE = 1 << 16


def read(path: Path, *, name: str, period: Period) -> Release:
    """The release that a file holds. Raises BadRelease with what to do; a file is taken whole or not at all."""
    try:
        if path.stat().st_size > LARGEST:
            raise _wrong(path, N_("it has more than 100 megabytes"))
        _is_plain(path)
        root = ElementTree.parse(path).getroot()
    except OSError as fault:
        raise _wrong(path, fault.strerror or str(fault)) from fault
    except (ElementTree.ParseError, expat.ExpatError, ValueError, LookupError) as fault:
        raise _wrong(path, str(fault)) from fault
    if root.tag != ROOT:
        raise _wrong(path, f"<{root.tag[:40]}>")
    codes: dict[str, Code] = {}
    for chapter in root.findall("chapter"):
        for section in chapter.findall("section"):
            above = (*_notes(chapter, "excludes1"), *_notes(section, "excludes1"))
            for diagnosis in section.findall("diag"):
                for code in _codes(path, diagnosis, "", above):
                    if code.code in codes:
                        raise _wrong(path, f"{code.code} stands there twice")
                    codes[code.code] = code
    if not codes:
        raise _wrong(path, "no code stands in it")
    return Release(name, period, codes)


def _is_plain(path: Path) -> None:
    """A list of codes declares nothing of its own, since a few lines of entities can unfold into millions of signs; and its
    entries do not stand below each other without end. Looked at as XML, whatever its encoding, before anything is built."""
    depth = 0

    def declares(*_: Any) -> None:
        raise _wrong(path, "it declares entities")

    def opens(*_: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _wrong(path, f"its entries stand more than {DEEPEST} deep")

    def closes(*_: Any) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declares
    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            parser.Parse(part, False)
    parser.Parse(b"", True)


def _codes(path: Path, element: ElementTree.Element, parent: str, above: tuple[str, ...] = ()) -> Iterator[Code]:
    """An entry and all below it. above: what the notes of its chapter and its block forbid beside it."""
    try:
        code = spelled(element.findtext("name") or "")
    except BadInput as fault:
        raise _wrong(path, fault.in_english()) from fault
    yield Code(
        code=code,
        title=(element.findtext("desc") or "").strip(),
        parent=parent,
        sevenths=frozenset(one.get("char", "") for one in element.findall("./sevenChrDef/extension")),
        excludes=(*above, *_notes(element, "excludes1")),
        terms=_notes(element, "inclusionTerm"),
    )
    for below in element.findall("diag"):
        yield from _codes(path, below, code)


def _notes(element: ElementTree.Element, name: str) -> tuple[str, ...]:
    return tuple((one.text or "").strip() for one in element.findall(f"./{name}/note"))


def _wrong(path: Path, reason: str) -> BadRelease:
    return BadRelease(
        N_("%(name)s cannot be read as a release of ICD-10-CM: %(reason)s."),
        N_("A release is the tabular list as XML, as its publisher offers it."),
        N_("Take the file out of the publisher's archive and try again. Nothing was changed."),
        field="file",
        facts={"name": path.name[:80], "reason": reason[:200]},
    )
