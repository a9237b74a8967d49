"""Builds the suggestions from their catalog file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.diagnosis.crosswalk import Standing, Suggestion
from inmind.diagnosis.releases import spelled
from inmind.foundation.catalogs import Confidence, Entry


def load(sheet: Entry, disorders: Mapping[str, object]) -> tuple[Suggestion, ...]:
    """Every suggestion of a file. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date key licence release rows")
    for name in ("title", "edition", "key", "licence", "release"):
        said[name].text()
    said["date"].day()
    return tuple(_row(one, disorders) for one in said["rows"].entries())


def _row(entry: Entry, disorders: Mapping[str, object]) -> Suggestion:
    said = entry.fields("disorder code title standing source confidence", "dsm5")
    if said["disorder"].text() not in disorders:
        raise said["disorder"].wrong(f"the manual has no `{said['disorder'].text()}`")
    if spelled(said["code"].text()) != said["code"].text():
        raise said["code"].wrong("a code is written in capitals, with its dot")
    return Suggestion(
        disorder=said["disorder"].text(),
        code=said["code"].text(),
        title=said["title"].text(),
        standing=said["standing"].one_of(Standing),
        dsm5=said["dsm5"].text() if "dsm5" in said else "",
        source=said["source"].text(),
        confidence=said["confidence"].one_of(Confidence),
    )
