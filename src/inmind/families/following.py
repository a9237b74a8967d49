"""How a family's rows follow when two records turn out to be one child or one adult."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.act import Act
from inmind.access.models import AdultLink, Consent, Disclosure, OfficeLink
from inmind.families import queries
from inmind.families.models import Concern, Dyad, EarlierVisit, Episode, Participation, Visit
from inmind.foundation import clock
from inmind.foundation.errors import WaitsFor
from inmind.foundation.models import asked_again, in_force
from inmind.foundation.registries import Holding, Reason, house
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Contact, Organization, Person
from inmind.records.likeness import digits_of
from inmind.records.models import Pair
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

RELATED = ("organization", "dyad__child")
PAIR = "records.Pair"
ONE_TEAM = "one_team"  # the task, its words and its letter
ASKED_WITHIN = timedelta(days=7)  # ours


def offer() -> None:
    house.offer(
        Holding("families.Dyad", "child", follow=dyad_follows, sealed=_words_of_dyad),
        Holding("families.Visit", "episode", sealed=lambda visit: visit.earlier.all()),
        Holding("families.Episode", "dyad", sealed=lambda episode: _words_of(Episode.objects.filter(pk=episode.pk))),
    )
    house.may_be_one.append(may_be_one)
    house.settles.append(settle)
    house.could_own[PAIR] = lambda task: arranging(task.organization)
    house.explains(ONE_TEAM, one_team)
    house.births.append(births)
    house.serving.append(serving)
    house.tells_apart.append(queries.told_apart)


def births(people: Iterable[UUID]) -> Mapping[UUID, date]:
    """The birth dates of children among these people."""
    return dict(_births(children=list(people)))


@asked_again
def _births(*, children: list[UUID]) -> models.QuerySet:
    return Dyad.objects.filter(child__in=children, birth_date__isnull=False).values_list("child", "birth_date")


def serving(people: Iterable[UUID]) -> Mapping[UUID, set[UUID]]:
    """The agencies that serve or have served each of these people."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Participation.objects.filter(person__in=list(people))
    for person, organization in rows.values_list("person", "episode__organization"):
        found[person].add(organization)
    return found


def _words_of_dyad(dyad: Dyad) -> Iterable[models.Model]:
    return _words_of(dyad.episodes.all())


def _words_of(episodes: models.QuerySet) -> Iterable[models.Model]:
    """What is sealed by the child's key: visits, what stood in them before, worries, and what other rooms keep so."""
    visits = Visit.objects.filter(episode__in=episodes)
    theirs = [row for room in house.child_words for row in room(episodes)]
    return [
        *visits,
        *EarlierVisit.objects.filter(visit__in=visits),
        *Concern.objects.filter(episode__in=episodes),
        *theirs,
    ]


def dyad_follows(mover: Any, dyad: Dyad, child: Any) -> None:
    """The dyad of a child that is known by another record: its episodes become that child's.

    Where one agency serves both by an open episode of the same side, the two become one; the same workers are on both care
    teams (`may_be_one`), so that nobody reads more by it than before. Another side stays one, with its own team.
    """
    there = Dyad.objects.filter(child=child).first()
    if there is None:
        mover.change(dyad, "child", child)
        return
    if mover.chosen.get("birth_date") == "gone":
        mover.change(there, "birth_date", dyad.birth_date)
    for episode in dyad.episodes.select_related("organization").order_by("pk"):
        twin = there.episodes.filter(organization=episode.organization, side=episode.side, until__isnull=True).first()
        if twin is None or episode.until is not None:
            mover.change(episode, "dyad", there)
        else:
            _become_one(mover, episode, twin)
    mover.follow(dyad, there)
    mover.forward(dyad, there)


def may_be_one(act: Act, one: Person, other: Person) -> None:
    """Raises WaitsFor where two care teams of one agency would read, by this, what the other was told."""
    for episode, twin in between(one.pk, other.pk, act.today()):
        if _team(episode, act.today()) and _team(twin, act.today()):
            found = N_("One agency serves both, and two care teams know them.")
            why = N_("Put together, each team would read what the other was told in confidence.")
        else:
            found = N_("One agency serves both, and nobody is on the care team of one of them.")
            why = N_("Put together, the other’s care team would read what was told in confidence to whoever was.")
        raise WaitsFor(
            found,
            why,
            N_("Ask the supervisor of %(agency)s to put the same workers on both care teams first."),
            facts={"agency": episode.organization.name},
        )


def between(one: UUID, other: UUID, today: date) -> Iterator[tuple[Episode, Episode]]:
    """Each two episodes of one agency with different care teams that stand between two records of one person.

    Of a child, those that would become one. Of an adult, how she is reached was told to one care team: all of hers, where
    two teams know her by different numbers and addresses, so that neither learns the other's.
    """
    for first, second in (*_of_child(one, other), *_of_adult(one, other, today)):
        if first.organization_id == second.organization_id and _team(first, today) != _team(second, today):
            yield first, second


def _of_child(one: UUID, other: UUID) -> Iterator[tuple[Episode, Episode]]:
    there, here = (
        list(Episode.objects.filter(dyad__child=child, until__isnull=True).select_related(*RELATED).order_by("pk"))
        for child in (one, other)
    )
    return ((first, second) for first in there for second in here if first.side == second.side)


def _of_adult(one: UUID, other: UUID, today: date) -> Iterator[tuple[Episode, Episode]]:
    if _ways(one) == _ways(other):
        return iter(())
    there, here = (
        list(
            Episode.objects.filter(in_force(today), participations__person=person)
            .select_related(*RELATED)
            .order_by("pk")
        )
        for person in (one, other)
    )
    return ((first, second) for first in there for second in here)


def _team(episode: Episode, today: date) -> set[UUID]:
    return {row.worker_id for row in queries.team(episode, today)}


def _ways(person: UUID) -> set[tuple[str, str]]:
    """How somebody is reached today; a number is the same however it is typed."""
    rows = Contact.in_use(person=person).values_list("channel", "address")
    return {(channel, "".join(digits_of([address])) or address.casefold()) for channel, address in rows}


def _become_one(mover: Any, episode: Episode, twin: Episode) -> None:
    today = mover.act.today()
    mover.follow(episode, twin)
    for model in (AdultLink, OfficeLink, Consent, Disclosure):  # below the families: they know an episode by its id
        for row in model.objects.filter(episode=episode.pk).order_by("pk"):
            mover.change(row, "episode", twin.pk)
    mover.change(episode, "until", today)
    mover.forward(episode, twin)


# One care team, where two stand between two records


def settle(act: Act, pair: Pair) -> bool:
    """Ask an agency for one care team where two stand between a pair that waits; once. What was asked closes when the teams
    are alike, or when the pair is decided. Whether somebody is asked."""
    waits = list(between(pair.one_id, pair.other_id, act.today())) if pair.state == Pair.State.OPEN else []
    for task in _asked(about_id=pair.pk).select_for_update():
        if task.organization_id not in {first.organization_id for first, _ in waits} and act.actor.person is not None:
            done = (
                _("The same workers are on both care teams.") if pair.state == Pair.State.OPEN else _("It is decided.")
            )
            tasks.close(act, task=task, done=done)
    return any(_ask(act, pair, first) for first, _twin in waits[:1])


def teams_changed(act: Act, organization: Organization) -> None:
    """Look again at what was asked of an agency."""
    waiting = _asked(organization=organization).values("about_id")
    for pair in Pair.objects.filter(pk__in=waiting).order_by("pk"):
        settle(act, pair)


def _asked(**where: Any) -> Any:
    return Task.objects.filter(about_kind=PAIR, why=ONE_TEAM, closed_at__isnull=True, **where)


def _ask(act: Act, pair: Pair, episode: Episode) -> bool:
    """A task about the child of the family, whom nothing tells how to reach; and a letter that names nobody."""
    people = list(arranging(episode.organization))
    if not people or _asked(about_id=pair.pk).exists():
        return bool(people)
    task = tasks.owe(
        act,
        to=people[0],
        organization=episode.organization,
        subject=episode.dyad.child,
        why=ONE_TEAM,
        about_kind=PAIR,
        about_id=pair.pk,
        within=ASKED_WITHIN,
    )
    for person in people:
        messages.tell(
            act, to=person, template=ONE_TEAM, facts={"task": str(task.pk)}, about_kind=PAIR, about_id=pair.pk
        )
    return True


def arranging(organization: Organization) -> Any:
    """Who arranges care teams at an agency: its supervisors; where there is none, its coordinators."""
    above = queries.holding_role(organization, "agency_supervisor")
    return above if above.exists() else queries.holding_role(organization, "family_service_coordinator")


def one_team(actor: Any, task: Task) -> Reason:
    """What is asked, for who arranges care teams: the two families of her own agency, and who is on one team alone. Not by
    what the records are alike, nor what either team was told."""
    title = _("Two care teams, and perhaps one person")
    today = clock.today(settings.INSTALLATION.zone)
    # A pair that a merge set aside is not there, nor one that is alike no more.
    pair = Pair.objects.filter(pk=task.about_id, state=Pair.State.OPEN).first()
    waits = between(pair.one_id, pair.other_id, today) if pair is not None else ()
    both = next((two for two in waits if two[0].organization_id == task.organization_id), None)
    if both is None or not all(policy.can(actor, "families.see", one) for one in both):
        settled = _("Nothing stands between the two records any more. Close this with one sentence.")
        return Reason(title, settled, calls=False)
    alone = Person.objects.filter(pk__in=_team(both[0], today) ^ _team(both[1], today)).order_by("given_name", "pk")
    said = _(
        "A data steward would put two records of one person together. Your agency serves both, in two families: "
        "%(one)s and %(other)s. Each care team would then read what the other was told in confidence. "
        "On one of the two teams alone: %(people)s."
    ) % {"one": _called(both[0]), "other": _called(both[1]), "people": ", ".join(one.name for one in alone)}
    asks = _(
        "Ask the workers. If all of them may know both, put the same ones on both care teams: this closes by itself. If not, "
        "write down that the two stay apart, and tell the data steward."
    )
    ways = [(_way(one), _("Care team: %(name)s") % {"name": _called(one)}) for one in both]
    return Reason(title, f"{said} {asks}", *ways[0], more=(ways[1],), calls=False)


def _called(episode: Episode) -> str:
    return f"{episode.dyad.called} ({episode.side})" if episode.side else episode.dyad.called


def _way(episode: Episode) -> str:
    return f"{reverse('family_team', kwargs={'dyad': episode.dyad_id})}?episode={episode.pk}"
