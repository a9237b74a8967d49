"""Builds the editions of a category from their file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from inmind.endorsement.standards import (
    Asked,
    Binding,
    Concentration,
    Degree,
    DegreeAtLeast,
    Edition,
    Needs,
    Number,
    Provider,
    Ratings,
    Requirement,
    RscHours,
    Tag,
    TrainingHours,
    Window,
    Years,
)
from inmind.foundation.catalogs import Confidence, Entry, distinct, known_source, sourced

DEGREES = {one.name.lower(): one for one in Degree}


def load(sheet: Entry) -> tuple[Edition, ...]:
    """The editions of one category, oldest first. Raises BadCatalog with the file, the line and the reason.

    Two editions that both say when they stand neither overlap nor leave a gap; one that does not say is asked about.
    """
    said = sheet.fields(
        "title edition date association category names licence sources editions", "scope add_on_to retired"
    )
    for name in ("title", "edition", "licence"):
        said[name].text()
    said["date"].day()
    sources = {key: one.text() for key, one in said["sources"].mapping().items()}
    of_category: dict[str, Any] = {
        "association": said["association"].text(),
        "category": said["category"].text(),
        "names": {key: one.text() for key, one in said["names"].mapping().items()},
        "sources": sources,
        "scope": said["scope"].text() if "scope" in said else "",
        "add_on_to": tuple(one.text() for one in said["add_on_to"].entries()) if "add_on_to" in said else (),
        "retired": "retired" in said and said["retired"].truth(),
    }
    rows = said["editions"].entries()
    editions = tuple(_edition(one, sources, of_category) for one in rows)
    distinct(rows, [one.edition for one in editions])
    for row, earlier, later in zip(rows[1:], editions, editions[1:], strict=False):
        if earlier.until and later.since and later.since != earlier.until + timedelta(days=1):
            raise row.wrong(f"{later.edition} begins on {later.since}, and {earlier.edition} ends on {earlier.until}")
    return editions


def _edition(entry: Entry, sources: Mapping[str, str], of_category: Mapping[str, Any]) -> Edition:
    said = entry.fields("edition since until binding requirements")
    since, until = _day(said["since"]), _day(said["until"])
    if since and until and until < since:
        raise said["until"].wrong("an edition ends after it begins")
    rows = said["requirements"].entries()
    lines = tuple(requirement(one, sources) for one in rows)
    spans = [(one.key, one.since) for one in lines]
    distinct(rows, spans)
    return Edition(
        edition=said["edition"].text(),
        since=since,
        until=until,
        binding=said["binding"].one_of(Binding),
        requirements=lines,
        **of_category,
    )


def requirement(entry: Entry, sources: Mapping[str, str]) -> Requirement:
    """One line of a standard, or of a renewal. Raises BadCatalog."""
    said = entry.fields("key source confidence any_of", "note gates since until")
    confidence = said["confidence"].one_of(Confidence)
    gates = "gates" not in said or said["gates"].truth()
    if gates and confidence is Confidence.LOW:
        raise said["confidence"].wrong("what is known with low confidence gates nothing")
    return Requirement(
        key=said["key"].text(),
        any_of=tuple(_needs(one, sources) for one in said["any_of"].entries()),
        source=known_source(said["source"], sources),
        confidence=confidence.value,
        note=said["note"].text() if "note" in said else "",
        gates=gates,
        since=_day(said["since"]) if "since" in said else None,
        until=_day(said["until"]) if "until" in said else None,
    )


def _needs(entry: Entry, sources: Mapping[str, str]) -> Needs:
    kinds = entry.mapping()
    if len(kinds) != 1 or (kind := next(iter(kinds))) not in _READ:
        raise entry.wrong(f"expected one of {', '.join(sorted(_READ))}")
    return _READ[kind](kinds[kind], sources)


def _day(entry: Entry) -> date | None:
    return None if entry.is_null else entry.day()


def _degree(entry: Entry) -> Degree:
    if entry.text() not in DEGREES:
        raise entry.wrong(f"expected one of {', '.join(DEGREES)}")
    return DEGREES[entry.text()]


def _whole(entry: Entry) -> int:
    if entry.whole() < 0:
        raise entry.wrong("expected a number of 0 or more")
    return entry.whole()


def _years(entry: Entry, sources: Mapping[str, str]) -> Years:
    said = entry.fields("of least", "condition")
    condition = said["condition"].text() if "condition" in said else ""
    return Years(said["of"].text(), sourced(said["least"], sources, _whole), condition)


def _number(entry: Entry, sources: Mapping[str, str]) -> Number:
    said = entry.fields("of least")
    return Number(said["of"].text(), sourced(said["least"], sources, _whole))


def _ratings(entry: Entry, sources: Mapping[str, str]) -> Ratings:
    said = entry.fields("total", "of_role")
    roles = {key: _whole(one) for key, one in said["of_role"].mapping().items()} if "of_role" in said else {}
    return Ratings(sourced(said["total"], sources, _whole), roles)


def _within(said: Mapping[str, Entry]) -> dict[Tag, int]:
    if "within" not in said:
        return {}
    found = {}
    for key, one in said["within"].mapping().items():
        if key not in set(Tag):
            raise one.wrong(f"expected one of {', '.join(Tag)}")
        found[Tag(key)] = _whole(one)
    return found


def _training(entry: Entry, sources: Mapping[str, str]) -> TrainingHours:
    said = entry.fields("least", "within")
    return TrainingHours(sourced(said["least"], sources, _whole), _within(said))


def _rsc(entry: Entry, sources: Mapping[str, str]) -> RscHours:
    said = entry.fields("least providers", "within window individual_least peers_count")
    return RscHours(
        least=sourced(said["least"], sources, _whole),
        providers=tuple(_provider(one) for one in said["providers"].entries()),
        within=_within(said),
        window=_window(said["window"], sources) if "window" in said else Window(),
        individual_least=sourced(said["individual_least"], sources, _whole) if "individual_least" in said else None,
        peers_count="peers_count" in said and said["peers_count"].truth(),
    )


def _provider(entry: Entry) -> Provider:
    said = entry.fields("holds", "if_degree since until")
    holds = frozenset(one.text() for one in said["holds"].entries())
    if not holds:
        raise said["holds"].wrong("a provider holds something")
    return Provider(
        holds=holds,
        if_degree=_degree(said["if_degree"]) if "if_degree" in said else None,
        since=_day(said["since"]) if "since" in said else None,
        until=_day(said["until"]) if "until" in said else None,
    )


def _window(entry: Entry, sources: Mapping[str, str]) -> Window:
    said = entry.fields("", "least most")
    return Window(**{name: sourced(said[name], sources, _whole) for name in ("least", "most") if name in said})


_READ: Mapping[str, Callable[[Entry, Mapping[str, str]], Needs]] = {
    "asked": lambda entry, _: Asked(entry.text()),
    "degree": lambda entry, _: DegreeAtLeast(_degree(entry)),
    "years": _years,
    "number": _number,
    "ratings": _ratings,
    "training": _training,
    "rsc": _rsc,
    "concentration": lambda entry, _: Concentration(_whole(entry)),
}
