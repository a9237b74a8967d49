"""What is left of somebody's endorsement when they are erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.endorsement.models import (
    Decision,
    Endorsement,
    Goal,
    RatingReceived,
    RegistryName,
    Renewed,
    Share,
    Statement,
    WorkDone,
)
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person

GO = (Statement, WorkDone, RatingReceived, Goal, Share)


def _goes(person: Person) -> Iterator[str]:
    if any(model.objects.filter(person=person).exists() for model in GO):
        yield _(
            "What this person said of themselves for endorsement, toward what they worked, and to whom they showed it."
        )
    if Endorsement.objects.filter(person=person, in_registry=True).exists():
        yield _("Their line in the public registry.")


def _stays(person: Person) -> Iterator[str]:
    if Decision.objects.filter(person=person).exists():
        yield _("That an association decided about an endorsement, on which day and how, without a name.")


def _erase(act: Act, person: Person) -> None:
    for model in GO:
        model.objects.filter(person=person).delete()
    Share.objects.filter(to_person=person).delete()
    RegistryName.objects.filter(endorsement__person=person).delete()
    for row in Endorsement.objects.filter(person=person).exclude(Q(in_registry=False) & Q(degree="")):
        row.in_registry, row.degree = False, ""
        row.save()


ENDORSEMENT = Forgetting(
    "endorsement",
    frozenset(f"endorsement.{model.__name__}" for model in (*GO, Decision, Endorsement, Renewed)),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
