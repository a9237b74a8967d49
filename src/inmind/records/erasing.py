"""What is left of the work on records when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.foundation.registries import Forgetting
from inmind.people.models import Organization, Person
from inmind.records.models import LikenessKey, Merge, MergeStep, Pair


def _goes(person: Person) -> Iterator[str]:
    if _merges(person).exists():
        yield _("What two records said before they were put together, so that they cannot be parted any more.")


def _stays(person: Person) -> Iterator[str]:
    yield _("A sheet that somebody is still taking in, until its last row is decided; it may name this person.")


def _stops(person: Person, organization: Organization) -> Iterator[str]:
    return iter(())


def _erase(act: Act, person: Person) -> None:
    LikenessKey.objects.filter(person=person).delete()
    Pair.objects.filter(Q(one=person) | Q(other=person), state=Pair.State.OPEN).delete()
    MergeStep.objects.filter(merge__in=_merges(person)).update(before=None, after=None)


def _merges(person: Person) -> QuerySet:
    return Merge.objects.filter(Q(stays=person) | Q(gone=person))


RECORDS = Forgetting(
    "records",
    frozenset(("records.LikenessKey", "records.Pair", "records.Merge", "records.MergeStep", "records.SheetRow")),
    goes=_goes,
    stays=_stays,
    stops=_stops,
    erase=_erase,
)
