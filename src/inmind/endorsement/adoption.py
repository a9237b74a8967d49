"""What one association goes by: the day on which it took up each edition, its renewal, and what it only encourages. Pure.

Sources give most editions no day, since each association took them up on its own. Its coordinator says the days; until then
several editions may bind, and both are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from inmind.endorsement.readiness import Readiness
from inmind.endorsement.standards import Edition
from inmind.foundation.catalogs import Entry


@dataclass(frozen=True, slots=True)
class Adoption:
    """days: by category and edition, since when it is gone by here. encouraged: lines that hold nobody back here."""

    association: str
    renewal: str
    days: Mapping[tuple[str, str], date] = field(default_factory=dict)
    encouraged: frozenset[str] = frozenset()


def load(sheet: Entry, editions: Sequence[Edition], renewals: frozenset[str]) -> Adoption:
    """The file of one association. Raises BadCatalog for an edition, a line or a renewal that nobody knows, and for days that do
    not follow one another as the editions do."""
    said = sheet.fields("title edition date association renewal days", "encouraged")
    for name in ("title", "edition"):
        said[name].text()
    said["date"].day()
    renewal = said["renewal"].text()
    if renewal not in renewals:
        raise said["renewal"].wrong(f"expected one of {', '.join(sorted(renewals))}")
    known = {(one.category, one.edition): place for place, one in enumerate(editions)}
    days: dict[tuple[str, str], date] = {}
    for entry in said["days"].entries():
        row = entry.fields("category edition since")
        key, since = (row["category"].text(), row["edition"].text()), row["since"].day()
        if key not in known:
            raise entry.wrong(_unknown(key, editions))
        if key in days:
            raise entry.wrong(f"{key[1]} of {key[0]} stands here twice")
        for (category, _edition), day in days.items():
            if category == key[0] and (day < since) != (known[category, _edition] < known[key]):
                raise entry.wrong(f"{key[1]} of {key[0]} cannot be taken up on {since}: editions follow one another")
        days[key] = since
    lines = {line.key for one in editions for line in one.requirements}
    encouraged = said["encouraged"].entries() if "encouraged" in said else ()
    for entry in encouraged:
        if entry.text() not in lines:
            raise entry.wrong(f"there is no line {entry.text()}")
    return Adoption(said["association"].text(), renewal, days, frozenset(one.text() for one in encouraged))


def _unknown(key: tuple[str, str], editions: Sequence[Edition]) -> str:
    """What is not known, and what there is to write in its place."""
    if of := [one.edition for one in editions if one.category == key[0]]:
        there = ", ".join(f"'{one}'" for one in of)
        return f"there is no edition {key[1]} of {key[0]}; {key[0]} has {there}"
    names = {one.category: " / ".join(one.names.values()) for one in editions}
    return f"there is no category {key[0]}; write one of " + ", ".join(
        f"{one} for {name}" for one, name in names.items()
    )


def gone_by(editions: Sequence[Edition], here: Adoption) -> tuple[Edition, ...]:
    """The editions as this association goes by them: each from the day on which it was taken up, up to the day before the next."""
    found = []
    for place, one in enumerate(editions):
        later = [
            here.days.get((other.category, other.edition))
            for other in editions[place + 1 :]
            if other.category == one.category
        ]
        following = next((day for day in later if day is not None), None)
        found.append(
            replace(
                one,
                since=here.days.get((one.category, one.edition), one.since),
                until=following - timedelta(days=1) if following else one.until,
                requirements=tuple(
                    replace(line, gates=line.gates and line.key not in here.encouraged) for line in one.requirements
                ),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Change:
    """How a line stands before and after; None where it is not asked."""

    key: str
    before: int | None
    after: int | None


def changes(before: Readiness, after: Readiness) -> tuple[Change, ...]:
    """The lines that an update of rules would change for one person, before a coordinator accepts it."""
    was = {one.requirement.key: (one.line.standing, one.line.needs) for one in before.findings}
    becomes = {one.requirement.key: (one.line.standing, one.line.needs) for one in after.findings}
    return tuple(
        Change(key, was[key][0] if key in was else None, becomes[key][0] if key in becomes else None)
        for key in {**was, **becomes}
        if was.get(key) != becomes.get(key)
    )
