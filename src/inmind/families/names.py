"""Whether everybody whom an agency serves can be found there by name; and the words of their names again where not.

The words are made of the names (`people.NameToken`) and nothing watches their table: whoever empties it hides people
from the search, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from django.db import models

from inmind.access.act import Act, action
from inmind.access.actors import machine
from inmind.families.models import Participation
from inmind.foundation.registries import Finding, Grade
from inmind.jobs.models import Job
from inmind.people.models import EarlierFact, NameToken
from inmind.records import actions as records

AT_ONCE = 1000


def unlisted() -> models.QuerySet:
    """Who takes part in an episode, has a name, and is not listed at its agency."""
    listed = NameToken.objects.filter(
        person=models.OuterRef("person"), organization=models.OuterRef("episode__organization")
    )
    named = models.Q(person__given_name="", person__family_name="")
    return Participation.objects.exclude(named).exclude(models.Exists(listed)).order_by("episode__organization", "pk")


def are_listed() -> Iterable[Finding]:
    """What `inmind doctor` says of it."""
    missing = [taking for taking in unlisted().select_related("person")[:AT_ONCE] if _words(taking)]
    if missing:
        many = f"{AT_ONCE} or more" if len(missing) == AT_ONCE else str(len(missing))
        yield Finding(
            "search",
            Grade.HAND,
            f"The names of {many} people are missing from the search.",
            "Keep `inmind serve` running: it lists them again within an hour. Ask who removed them.",
        )
    else:
        yield Finding("search", Grade.WELL, "Everybody can be found by name where they are served.")


def _words(taking: Participation) -> list[NameToken]:
    return NameToken.of(taking.person, taking.episode.organization)


def list_again(job: Job) -> None:
    """List all who are missing, a stretch at a time."""
    if unlisted().exists():
        list_names(machine("families.names"), key=f"job:{job.pk}")


@action("jobs.list_names")
def list_names(act: Act) -> None:
    rows = unlisted().select_related("person", "episode__organization")
    for organization, some in groupby(rows.iterator(chunk_size=AT_ONCE), key=attrgetter("episode.organization")):
        people = [taking.person for taking in some]
        earlier = EarlierFact.found_by(person.pk for person in people)
        records.list_names(act, people=people, organization=organization, earlier=earlier)
