"""What `inmind doctor` says of rules that associations took up, beside those that ship."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from inmind.endorsement.adapters import catalog
from inmind.endorsement.compared import Doubt, days, differences
from inmind.endorsement.models import Rules
from inmind.foundation import clock, loading
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.registries import Finding, Grade

WHAT = "rules of endorsement"
LOOK = "Its coordinator opens Endorsements, Rules: the file can be looked at against today's, and taken up anew."


def rules_fit() -> Iterable[Finding]:
    """Each association's own rules: readable, whole in their days, and as new as what ships."""
    rows = Rules.objects.filter(replaced_at=None).select_related("association").order_by("association", "kind", "pk")
    places = {row.association_id: row.association for row in rows}
    found: list[Finding] = []
    for row in rows:
        found += _of_file(row)
    for place in places.values():
        try:
            here = catalog.rules_of(place.pk)
        except BadCatalog:
            continue  # the file that cannot be read is named already
        for doubt in days(here.editions, clock.today(place.zone)):
            do = "Give each edition the day on which it was taken up, one after another. " + LOOK
            found.append(Finding(WHAT, Grade.HAND, f"{place.name}, {doubt.category}: {doubt.says}.", do))
    yield from found
    if places and not found:
        count = len(places)
        says = f"The rules that {count} association{'s' if count > 1 else ''} took up fit what ships."
        yield Finding(WHAT, Grade.WELL, says)


def _of_file(row: Rules) -> Iterator[Finding]:
    name = f"{row.association.name}, {row.category or 'days and renewal'}, edition {row.edition}"
    try:
        taken = _date(row.words)
        if row.kind == Rules.Kind.STANDARD:
            doubts = _of_standard(row)
        else:
            catalog.rules_of(row.association_id)
            doubts = ()
    except BadCatalog as fault:
        says = (
            f"{name}: it does not fit what ships any more (line {fault.line}: {fault.reason}). Pages that need it stop."
        )
        do = "Its coordinator takes up a file without that line, or the file that stood there goes back in place."
        yield Finding(WHAT, Grade.HAND, says, do)
        return
    shipped = catalog.dated()
    newer = shipped.get(row.category) if row.category else max(shipped.values(), default=None)
    if newer is not None and newer > taken:
        says = f"{name}: it is of {taken}, and what ships is of {newer}. What was taken up is still gone by."
        yield Finding(WHAT, Grade.HAND if doubts else Grade.NOTE, says, LOOK)
    if doubts:
        told = "; ".join(doubt.says for doubt in doubts)
        yield Finding(WHAT, Grade.NOTE, f"{name} is not what ships: {told}.", f"Where that is meant, nothing. {LOOK}")


def _of_standard(row: Rules) -> tuple[Doubt, ...]:
    shipped = [one for one in catalog.standards() if one.category == row.category]
    return differences(shipped, catalog.standard_of(row.words))


def _date(words: str) -> date:
    return loading.parse(words, catalog.FILE).mapping()["date"].day()
