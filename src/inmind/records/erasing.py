"""What is left of the work on records when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.access.privacy import UNSETTLED
from inmind.foundation import text
from inmind.foundation.registries import Forgetting, house
from inmind.people.models import Organization, Person
from inmind.records import importing
from inmind.records.models import LikenessKey, Merge, MergeStep, Pair, SheetImport, SheetRow


def _goes(person: Person) -> Iterator[str]:
    if _merges(person).exists():
        yield _("What two records said before they were put together, so that they cannot be parted any more.")
    yield _("Rows that name this person in sheets that are still being taken in.")


def _stays(person: Person) -> Iterator[str]:
    if _rows(person).exists():
        yield _(
            "A mark by which a row is known again, so that the same sheet does not bring this person back. It holds no words."
        )


def _stops(person: Person, organization: Organization) -> Iterator[str]:
    if Pair.objects.filter(Q(one=person) | Q(other=person), state=Pair.State.OPEN).exists():
        yield UNSETTLED  # erased in one record, she would go on in the other


def _erase(act: Act, person: Person) -> None:
    LikenessKey.objects.filter(person=person).delete()
    Pair.objects.filter(Q(one=person) | Q(other=person), state=Pair.State.OPEN).delete()
    MergeStep.objects.filter(merge__in=_merges(person)).update(before=None, after=None)
    _take_out_of_sheets(person)


def _take_out_of_sheets(person: Person) -> None:
    """Out of every sheet that still is on its way into an agency that serves her, be it looked at, taken in or waiting."""
    stands = person
    while stands.merged_into is not None:
        stands = stands.merged_into
    served = {place for told in house.serving for some in told([stands.pk]).values() for place in some}
    names = set(text.tokens(f"{person.given_name} {person.family_name}"))
    here = SheetImport.objects.filter(text__isnull=False).filter(Q(organization__in=served) | Q(rows__in=_rows(person)))
    for sheet in SheetImport.objects.select_for_update().filter(pk__in=list(here.values_list("pk", flat=True))):
        taken = importing.take_out(sheet, names, set(_rows(person).filter(sheet=sheet).values_list("place", flat=True)))
        named = bool(names) and names <= set(text.tokens(sheet.name))
        if named:
            sheet.name = importing.NAMELESS
        if taken or named:
            sheet.save()


def _rows(person: Person) -> QuerySet:
    return SheetRow.objects.filter(Q(child=person.pk) | Q(adult=person.pk))


def _merges(person: Person) -> QuerySet:
    return Merge.objects.filter(Q(stays=person) | Q(gone=person))


RECORDS = Forgetting(
    "records",
    frozenset(
        (
            *("records.LikenessKey", "records.Pair", "records.Merge", "records.MergeStep"),
            *("records.SheetImport", "records.SheetRow"),
        )
    ),
    goes=_goes,
    stays=_stays,
    stops=_stops,
    erase=_erase,
)
