"""Reads of records that may be one person: the queue, and the two sides of a pair as a data steward may see them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.foundation import clock, text
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person, Relationship
from inmind.records import finding
from inmind.records.columns import Verdict, guess
from inmind.records.likeness import WORDS, Plain, Reason, digits_of, only_differences
from inmind.records.models import ColumnMapping, Merge, Pair, SheetImport, SheetRow


def waiting() -> models.QuerySet:
    """The pairs that nobody has decided about, the likest first."""
    rows = Pair.objects.filter(state=Pair.State.OPEN)
    return rows.filter(one__merged_into__isnull=True, other__merged_into__isnull=True).order_by("-points", "id")


def put_together() -> models.QuerySet:
    """What was put together and not parted, the newest first."""
    return Merge.objects.filter(parted_at__isnull=True).select_related("by").order_by("-created_at", "-id")


def are_apart(one: Person, other: Person) -> bool:
    """Whether an agency knows one of them that does not know the other."""
    known: dict[UUID, set[UUID]] = defaultdict(set)
    for told in house.serving:
        for person, places in told([one.pk, other.pk]).items():
            known[person] |= places
    return known[one.pk] != known[other.pk]


def may_be_twins(pair: Pair) -> bool:
    """Whether two children were born on one day, with different first names, and one adult cares for both."""
    plain = finding.plain_of([pair.one_id, pair.other_id])
    one, other = plain[pair.one_id], plain[pair.other_id]
    if one.birth_date is None or one.birth_date != other.birth_date:
        return False
    if text.tokens(one.given_name) == text.tokens(other.given_name):
        return False
    care = Relationship.objects.filter(kind=Relationship.Kind.CARES_FOR)
    of_one = care.filter(to_person=pair.one_id).values("from_person")
    return care.filter(to_person=pair.other_id, from_person__in=of_one).exists()


def reasons(pair: Pair) -> list[str]:
    """Why these two may be one person, in words."""
    return [_(WORDS[Reason(key)]) for key in pair.reasons.split(",") if key]


@dataclass(frozen=True, slots=True)
class Row:
    """One field of two records beside each other. `choose`: its name in the form, where somebody has to choose."""

    label: str
    sides: tuple[str, str]
    says: str
    choose: str = ""


def beside(pair: Pair) -> list[Row]:
    """Both sides, field by field, blind: what is alike is hidden, and only what has to be chosen shows."""
    plain = finding.plain_of([pair.one_id, pair.other_id])
    one, other = plain[pair.one_id], plain[pair.other_id]
    rows = [
        _words(_("First name"), one.given_name, other.given_name, "given_name"),
        _words(_("Last name"), one.family_name, other.family_name, "family_name"),
        _words(_("Likes to speak"), spoken(pair.one.language), spoken(pair.other.language), "language", plainly=True),
    ]
    if one.birth_date or other.birth_date:
        rows.append(_birth(one, other))
    rows += [_shared(_("Phone"), digits_of(one.phones), digits_of(other.phones))]
    rows += [_shared(_("Mail"), set(one.mails), set(other.mails))]
    kept = [clock.day(side.created_at.date()) for side in (pair.one, pair.other)]
    rows.append(Row(_("Kept since"), (kept[0], kept[1]), ""))
    return sorted(rows, key=lambda row: not row.choose)  # what has to be chosen stands first


def spoken(language: str) -> str:
    """A language by its name in the reader's own; as it was kept where nobody knows its letters."""
    if language == "other":
        return _("another language")
    try:
        return get_language_info(language)["name_translated"] if language else ""
    except KeyError:
        return language


def _words(label: str, one: str, other: str, field: str, *, plainly: bool = False) -> Row:
    if one == other:
        return Row(label, ("", ""), _("the same") if one else _("not known on either side"))
    shown = (one, other) if plainly else only_differences(one, other)
    return Row(label, (shown[0] or _("left blank"), shown[1] or _("left blank")), _("choose one"), field)


def _birth(one: Plain, other: Plain) -> Row:
    mine, theirs = (side.birth_date.isoformat() if side.birth_date else "" for side in (one, other))
    if mine == theirs:
        return Row(_("Born on"), ("", ""), _("the same"))
    if not (mine and theirs):
        return Row(
            _("Born on"), (_("known") if mine else "—", _("known") if theirs else "—"), _("only one side knows it")
        )
    pairs = list(zip(mine, theirs, strict=True))
    shown = ["".join(pair[side] if pair[0] != pair[1] or pair[0] == "-" else "·" for pair in pairs) for side in (0, 1)]
    return Row(_("Born on"), (shown[0], shown[1]), _("choose one"), "birth_date")


def _shared(label: str, one: set[str], other: set[str]) -> Row:
    says = _("shared") if one & other else (_("both are kept") if one and other else "")
    return Row(label, (str(len(one)), str(len(other))), says)


def digest_of(heading: Iterable[str]) -> str:
    """What tells a heading again."""
    return hashlib.sha256("\x1f".join(heading).casefold().encode()).hexdigest()


def remembered(organization: Organization, heading: Sequence[str]) -> tuple[dict[str, str], str]:
    """What these columns meant the last time at this agency, or what their names say; and how dates were written."""
    known = mapping_of(organization, heading)
    return (known.columns, known.order) if known else (guess(heading), "")


def mapping_of(organization: Organization, heading: Iterable[str]) -> ColumnMapping | None:
    """What was said of columns with these names the last time at this agency."""
    return ColumnMapping.objects.filter(organization=organization, heading=digest_of(heading)).first()


def verdicts(sheet: SheetImport) -> dict[str, int]:
    """How many rows of a sheet there are of each verdict."""
    return dict(sheet.rows.values_list("verdict").annotate(models.Count("pk")).order_by())


def doubtful_rows() -> models.QuerySet:
    """The rows that wait for a word: whether they are somebody new."""
    return SheetRow.objects.filter(verdict=Verdict.DOUBTFUL, taken=False, sheet__state=SheetImport.State.DONE)


def on_their_way() -> models.QuerySet:
    """The sheets that wait for somebody to say what comes next."""
    state = SheetImport.State
    return SheetImport.objects.filter(state__in=(state.HEADING, state.LOOKED, state.STOPPED), text__isnull=False)


@dataclass(frozen=True, slots=True)
class Came:
    """A sheet of an agency, by its numbers alone."""

    sheet: SheetImport
    taken: int
    counted: Mapping[str, int]


def came_in(actor: Actor, most: int) -> list[Came]:
    """The sheets of the agencies over which this actor watches, the newest first."""
    rows = policy.visible(actor, SheetImport.objects.all(), "records.see_sheets")
    sheets = list(rows.select_related("organization", "by").order_by("-created_at", "-pk")[:most])
    counted: dict[UUID, dict[str, int]] = defaultdict(dict)
    taken: dict[UUID, int] = defaultdict(int)
    of_sheets = SheetRow.objects.filter(sheet__in=sheets).values_list("sheet", "verdict", "taken")
    for sheet, verdict, was_taken, count in of_sheets.annotate(models.Count("pk")).order_by():
        counted[sheet][verdict] = counted[sheet].get(verdict, 0) + count
        taken[sheet] += count if was_taken else 0
    return [Came(one, taken[one.pk], counted[one.pk]) for one in sheets]


def row_of_pair(pair: Pair) -> dict[str, Any]:
    return {"pair": pair, "reasons": reasons(pair)}
