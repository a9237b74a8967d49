"""Builds the manual from its catalog file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.diagnosis.manual import (
    Bound,
    Category,
    Dimension,
    DimensionRating,
    Disorder,
    Edition,
    Manual,
    Named,
    StressorGroup,
)
from inmind.foundation.catalogs import Confidence, Entry, distinct, known_source, sourced

Sources = Mapping[str, str]
HEAD = "title edition date key publisher licence sources from_month before_month"
BODY = "editions categories disorders relational stressors competence"


def load(sheet: Entry) -> Manual:
    """The manual's structure. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields(f"{HEAD} {BODY}")
    sources = {key: one.text() for key, one in said["sources"].mapping().items()}
    categories = _by_key(said["categories"], [_category(one, sources) for one in said["categories"].entries()])
    disorders = [_disorder(one, sources, categories) for one in said["disorders"].entries()]
    _as_many_as_said(said["categories"], categories, disorders)
    relational = said["relational"].fields("ratings levels caregiving environment")
    if [one.text() for one in relational["ratings"].entries()] != list(DimensionRating):
        raise relational["ratings"].wrong(f"expected {', '.join(DimensionRating)}")
    competence = said["competence"].fields("source domains ratings")
    known_source(competence["source"], sources)
    return Manual(
        edition=said["edition"].text(),
        dated=said["date"].day(),
        publisher=said["publisher"].text(),
        sources=sources,
        from_month=sourced(said["from_month"], sources, Entry.whole),
        before_month=sourced(said["before_month"], sources, Entry.whole),
        editions=_by_key(said["editions"], [_edition(one, sources) for one in said["editions"].entries()]),
        categories=categories,
        disorders=_by_key(said["disorders"], disorders),
        levels=sourced(relational["levels"], sources, Entry.whole),
        caregiving=_dimensions(relational["caregiving"], sources),
        environment=_dimensions(relational["environment"], sources),
        stressors=tuple(_group(one, sources) for one in said["stressors"].entries()),
        domains=_named(competence["domains"]),
        ratings=_named(competence["ratings"]),
    )


def _by_key(entry: Entry, found: list) -> dict:  # type: ignore[type-arg]
    distinct(entry.entries(), [one.key for one in found])
    return {one.key: one for one in found}


def _edition(entry: Entry, sources: Sources) -> Edition:
    said = entry.fields("key name year")
    return Edition(said["key"].text(), said["name"].text(), sourced(said["year"], sources, Entry.whole))


def _category(entry: Entry, sources: Sources) -> Category:
    said = entry.fields("key name disorders")
    return Category(said["key"].text(), said["name"].text(), sourced(said["disorders"], sources, Entry.whole))


def _disorder(entry: Entry, sources: Sources, categories: Mapping[str, Category]) -> Disorder:
    said = entry.fields(
        "key name category sources confidence",
        "from_month to_month lasts residual of_a_relationship kinds look_up note",
    )
    if said["category"].text() not in categories:
        raise said["category"].wrong(f"there is no category `{said['category'].text()}`")
    first, last = (
        sourced(said[name], sources, Entry.whole) if name in said else None for name in Bound if name != "lasts"
    )
    if first and last and first.value is not None and last.value is not None and last.value <= first.value:
        raise said["to_month"].wrong("a window closes after it opens")
    return Disorder(
        key=said["key"].text(),
        name=said["name"].text(),
        category=said["category"].text(),
        sources=tuple(known_source(one, sources) for one in said["sources"].entries()),
        confidence=said["confidence"].one_of(Confidence),
        from_month=first,
        to_month=last,
        lasts=sourced(said["lasts"], sources, Entry.text) if "lasts" in said else None,
        is_residual="residual" in said and said["residual"].truth(),
        of_a_relationship="of_a_relationship" in said and said["of_a_relationship"].truth(),
        kinds=tuple(one.text() for one in said["kinds"].entries()) if "kinds" in said else (),
        look_up=frozenset(one.one_of(Bound) for one in said["look_up"].entries()) if "look_up" in said else frozenset(),
        note=said["note"].text() if "note" in said else "",
    )


def _as_many_as_said(entry: Entry, categories: Mapping[str, Category], disorders: list[Disorder]) -> None:
    for line, category in zip(entry.entries(), categories.values(), strict=True):
        found = sum(one.category == category.key for one in disorders)
        if found != category.disorders.value:
            raise line.wrong(
                f"{category.disorders.value} disorders are said to be in `{category.key}`, {found} are here"
            )


def _dimensions(entry: Entry, sources: Sources) -> tuple[Dimension, ...]:
    found = []
    for one in entry.entries():
        said = one.fields("key name source", "may_not_apply")
        applies = "may_not_apply" in said and said["may_not_apply"].truth()
        found.append(Dimension(said["key"].text(), said["name"].text(), known_source(said["source"], sources), applies))
    distinct(entry.entries(), [one.key for one in found])
    return tuple(found)


def _named(entry: Entry) -> tuple[Named, ...]:
    rows = [one.fields("key name") for one in entry.entries()]
    found = [Named(said["key"].text(), said["name"].text()) for said in rows]
    distinct(entry.entries(), [one.key for one in found])
    return tuple(found)


def _group(entry: Entry, sources: Sources) -> StressorGroup:
    said = entry.fields("key name source complete items")
    return StressorGroup(
        key=said["key"].text(),
        name=said["name"].text(),
        source=known_source(said["source"], sources),
        stressors=_named(said["items"]),
        is_complete=said["complete"].truth(),
    )
