"""What is left of visits without a signal when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.away.models import Paper, Received
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person


def _goes(person: Person) -> Iterator[str]:
    yield _("What was written down without a signal and still waits to be sorted.")


def _stays(person: Person) -> Iterator[str]:
    yield _("That something arrived from a device, and when; not what was said.")


def _of(person: Person) -> models.QuerySet[Paper]:
    """Papers with her words, or about a family of which she is the child."""
    return Paper.objects.filter(models.Q(person=person) | models.Q(episode__dyad__child=person))


def _erase(act: Act, person: Person) -> None:
    papers = _of(person)
    for paper in papers:
        paper.words = paper.refusal = paper.reason = None
        if paper.sorted_at is None:
            paper.sorted_at, paper.sorted_how = act.now, Paper.How.SET_ASIDE
        paper.save()


def _came_in(person: Person) -> bool:
    return _of(person).filter(words__isnull=False).exists()


AWAY = Forgetting(
    "away",
    frozenset(f"away.{model.__name__}" for model in (Paper, Received)),
    goes=_goes,
    stays=_stays,
    erase=_erase,
    came_in=_came_in,
)
