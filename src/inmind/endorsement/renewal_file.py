"""Builds a regime of renewal from its file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.endorsement.renewal import Clause, OnlyIf, Renewal
from inmind.endorsement.standard_file import requirement
from inmind.foundation.catalogs import Entry


def load(sheet: Entry) -> Renewal:
    """The regime that one file describes. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date licence key years ends_with named_by sources clauses")
    for name in ("title", "edition", "licence"):
        said[name].text()
    said["date"].day()
    years = said["years"].whole()
    if years < 1:
        raise said["years"].wrong("a cycle lasts a year or more")
    sources = {key: one.text() for key, one in said["sources"].mapping().items()}
    return Renewal(
        key=said["key"].text(),
        years=years,
        ends_with=said["ends_with"].whole(),
        named_by=frozenset(one.text() for one in said["named_by"].entries()),
        clauses=tuple(_clause(one, sources) for one in said["clauses"].entries()),
        sources=sources,
    )


def _clause(entry: Entry, sources: Mapping[str, str]) -> Clause:
    said = entry.fields("line", "categories only_if")
    return Clause(
        line=requirement(said["line"], sources),
        categories=frozenset(one.text() for one in said["categories"].entries())
        if "categories" in said
        else frozenset(),
        only_if=frozenset(one.one_of(OnlyIf) for one in said["only_if"].entries())
        if "only_if" in said
        else frozenset(),
    )
