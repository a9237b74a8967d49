"""Builds a battery from its catalog file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Entry, sourced
from inmind.screening.battery import AgeForm, Battery


def load(sheet: Entry, instruments: Collection[str]) -> Battery:
    """The battery that one file describes; its parts are among these instruments.

    Raises BadCatalog with the file, the line and the reason.
    """
    said = sheet.fields("title edition date key name sources licence prematurity forms")
    said["title"].text()
    said["date"].day()
    sources = {key: entry.text() for key, entry in said["sources"].mapping().items()}
    early = said["prematurity"].fields("weeks_early below_months")
    weeks = sourced(early["weeks_early"], sources, Entry.whole)
    licence = said["licence"].fields("holder terms source confidence")
    return Battery(
        key=said["key"].text(),
        edition=said["edition"].text(),
        name=said["name"].text(),
        prematurity=PrematurityRule(
            _known(early["weeks_early"], sources), _known(early["below_months"], sources), weeks.source or ""
        ),
        forms=_forms(said["forms"], sources, instruments),
        sources=sources,
        licence=f"{licence['holder'].text()}. {licence['terms'].text()}",
    )


def _forms(entry: Entry, sources: Mapping[str, str], instruments: Collection[str]) -> tuple[AgeForm, ...]:
    """The age forms in their order: each begins in the month after the one before it ends."""
    forms: list[AgeForm] = []
    for one in entry.entries():
        said = one.fields("form from to parts")
        parts = sourced(said["parts"], sources, lambda found: tuple(part.text() for part in found.entries())).value
        form = AgeForm(
            str(said["form"].whole()), _known(said["from"], sources), _known(said["to"], sources), parts or ()
        )
        if form.last < form.first or (forms and form.first != forms[-1].last + 1):
            raise one.wrong("forms follow one another without a gap, each from its first month to its last")
        if not form.parts or len(set(form.parts)) < len(form.parts):
            raise said["parts"].wrong("a form has parts, each of them once")
        for part in form.parts:
            if part not in instruments:
                raise said["parts"].wrong(f"there is no instrument {part}")
        forms.append(form)
    return tuple(forms)


def _known(entry: Entry, sources: Mapping[str, str]) -> int:
    """A number without which nothing can stand. Low confidence never gates anything."""
    found = sourced(entry, sources, Entry.whole)
    if found.value is None or not found.is_usable:
        raise entry.wrong("this number must be known, and with more than low confidence")
    return found.value
