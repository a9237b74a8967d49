"""What is left of a member export when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.association.models import Member
from inmind.association.moving import taking
from inmind.association.moving.models import CameAs, ContactRow, ContactSheet, Label
from inmind.foundation import text
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person


def _goes(person: Person) -> Iterator[str]:
    if CameAs.objects.filter(person=person).exists() or Label.objects.filter(person=person).exists():
        yield _("The number and the labels that this person had in another product.")
    yield _("Rows that name this person in member exports that are still being taken in.")


def _stays(person: Person) -> Iterator[str]:
    if _rows(person).exists():
        yield _(
            "A mark by which a row is known again, so that the same export does not bring this person back. It holds no words."
        )


def _erase(act: Act, person: Person) -> None:
    CameAs.objects.filter(person=person).delete()
    Label.objects.filter(person=person).delete()
    names = set(text.tokens(f"{person.given_name} {person.family_name}"))
    at = Member.objects.filter(person=person).values("association")
    here = ContactSheet.objects.filter(text__isnull=False).filter(Q(association__in=at) | Q(rows__in=_rows(person)))
    for sheet in ContactSheet.objects.select_for_update().filter(pk__in=list(here.values_list("pk", flat=True))):
        places = set(_rows(person).filter(sheet=sheet).values_list("place", flat=True))
        taken = taking.take_out(sheet, names, places)
        named = bool(names) and names <= set(text.tokens(sheet.name))
        if named:
            sheet.name = taking.NAMELESS
        if taken or named:
            sheet.save()


def _rows(person: Person) -> QuerySet:
    return ContactRow.objects.filter(Q(person=person.pk) | Q(became=person.pk))


EXPORTS = Forgetting(
    "moving",
    frozenset(
        f"association.{name}"
        for name in ("ContactSheet", "ContactRow", "CameAs", "Label", "ColumnsSaid", "LevelSaid", "AgencySaid")
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
