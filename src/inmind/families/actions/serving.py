"""Who serves a family: its episodes, care teams and hand-overs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from inmind.access.act import Act, action
from inmind.access.models import RoleAssignment
from inmind.families import endings, following, queries
from inmind.families.models import Assignment, Concern, Episode, EpisodeEnd, HandOver
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.models import in_force
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.people.models import Organization, Person
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

SERVING_ROLES = ("home_visitor", "clinician", "family_service_coordinator")


@action("families.end_episode", on="episode")
def end_episode(
    act: Act, *, episode: Episode, until: date, reason: str, said: Mapping[str, str] | None = None
) -> EpisodeEnd:
    """The agency serves this family no more from a day on. The care team stays written down, and sees nothing.

    said: what becomes of that which runs still and cannot run on (`house.at_end`), by its key. Raises BadInput where that is
    not said.
    """
    endings.check(episode.since, until, reason, today=act.today())
    for one in house.at_end.values():
        one.end(act, episode, until, (said or {}).get(one.key, ""))
    episode.until = until
    episode.save()
    ended = EpisodeEnd.objects.create(episode=episode, on=until, reason=reason, by_id=act.actor.person)
    following.teams_changed(act, episode.organization)
    return ended


@action("families.reopen", on="episode")
def reopen(act: Act, *, episode: Episode) -> Episode:
    """Serve a family again: the same episode with its care team; the days between stay as they were."""
    again = Episode.objects.filter(
        in_force(act.today()), dyad=episode.dyad_id, organization=episode.organization_id, side=episode.side
    )
    end = episode.ends.filter(reopened_on=None).first()
    if end is None or again.exists():
        raise NotNow(N_("This family is served here already."), N_("Open it from the list of families."))
    end.reopened_on, end.reopened_by_id = act.today(), act.actor.person
    end.save()
    episode.until = None
    episode.save()
    return episode


@action("families.join_team", on="episode")
def join_team(act: Act, *, episode: Episode, worker: Person) -> Assignment:
    """Let a worker of the same agency join the care team, from today. Already on it: nothing changes.

    The rest of the team and the agency's privacy officer are told: being on it opens what was said in confidence.
    """
    today = act.today()
    role = _serving_role(episode.organization, worker, today)
    if there := Assignment.in_force(today).filter(episode=episode, worker=worker).first():
        return there
    _check_not_oneself(act, episode.organization, worker)
    _tell_of_joining(act, episode.organization, [episode], worker)
    joined = Assignment.objects.create(
        episode=episode,
        worker=worker,
        role=role,
        since=act.begins(episode.organization.zone),
        by_id=act.actor.person or worker.pk,
    )
    following.teams_changed(act, episode.organization)
    return joined


def _tell_of_joining(act: Act, organization: Organization, episodes: Sequence[Episode], worker: Person) -> None:
    """A letter to those on these care teams and to who watches over privacy, but for the two whom it is about; one a day,
    for Today shows each. It names nobody."""
    about = {worker.pk, act.actor.person}
    team = Assignment.in_force(act.today()).filter(episode__in=episodes)
    people = set(team.values_list("worker", flat=True)) | {one.pk for one in queries.who_watches(organization, about)}
    told = Letter.objects.filter(to__in=people, template="joined_team", created_at__gt=act.now - timedelta(days=1))
    left = people - about - set(told.values_list("to", flat=True))
    for person in Person.objects.filter(pk__in=left).order_by("pk"):
        messages.tell(act, to=person, template="joined_team")


def _serving_role(organization: Organization, worker: Person, today: date) -> str:
    """As what a worker can be on care teams here. Raises BadInput for somebody who does not serve families here."""
    role = (
        RoleAssignment.today(today)
        .filter(account__person=worker, account__is_active=True, organization=organization, role__in=SERVING_ROLES)
        .values_list("role", flat=True)
        .first()
    )
    if role is None:
        raise BadInput(
            N_("This person does not serve families at this agency."),
            N_("The care team is made of its own workers."),
            field="worker",
        )
    return role


def _check_not_oneself(act: Act, organization: Organization, worker: Person) -> None:
    if worker.pk == act.actor.person and _could_be_added_by_another(organization, worker, act.today()):
        raise NotNow(
            N_("You cannot put yourself on a care team."),
            N_("Being on it opens what the family said in confidence."),
            N_("Ask another coordinator or the supervisor of your agency to add you."),
        )


def _could_be_added_by_another(organization: Organization, worker: Person, today: date) -> bool:
    """Whether somebody else at the agency arranges care teams; where one person does everything, she may add herself."""
    arranging = ("family_service_coordinator", "agency_supervisor")
    held = RoleAssignment.objects.filter(
        in_force(today),
        organization=organization,
        role__in=arranging,
        account__is_active=True,
    )
    return held.exclude(account__person=worker).exists()


@action("families.hand_over", on="organization")
def hand_over(
    act: Act,
    *,
    organization: Organization,
    giver: Person,
    taker: Person,
    note: str = "",
    episodes: tuple[Episode, ...] | None = None,
) -> HandOver:
    """All of a worker's families, or those chosen, go to another in one step; who takes them finds the note on Today."""
    today = act.today()
    if giver.pk == taker.pk:
        raise BadInput(
            N_("Both are the same person."), N_("The families go from one worker to another."), field="taker"
        )
    role = _serving_role(organization, taker, today)
    _check_not_oneself(act, organization, taker)
    held = Assignment.in_force(today).filter(
        in_force(today, "episode__"), worker=giver, episode__organization=organization
    )
    if episodes is not None:
        held = held.filter(episode__in=episodes)
    given = list(held.select_related("episode"))
    if not given or (episodes is not None and len(given) != len(episodes)):
        raise BadInput(
            N_("Not all of these families are this worker's."),
            N_("A family can be handed over by whoever's care team it is."),
            N_("Open the page again to see whose they are now."),
            field="episodes",
        )
    over = HandOver.objects.create(
        organization=organization,
        giver=giver,
        taker=taker,
        by_id=act.actor.person,
        note=text.checked(note.strip(), 2000, field="note") or None,
    )
    there = set(Assignment.in_force(today).filter(worker=taker).values_list("episode", flat=True))
    joins = [one.episode for one in given if one.episode_id not in there]
    if joins:
        _tell_of_joining(act, organization, joins, taker)
    for one in given:
        one.until = today
        one.save()
        act.concerns(one.episode)
        if one.episode_id not in there:
            Assignment.objects.create(
                episode=one.episode, worker=taker, role=role, since=today, came_with=over, by_id=over.by_id
            )
    _next_steps_follow(act, [one.episode for one in given], giver, taker)
    messages.tell(act, to=taker, template="handed_over")
    following.teams_changed(act, organization)
    return over


def _next_steps_follow(act: Act, episodes: Sequence[Episode], giver: Person, taker: Person) -> None:
    """What was promised after a worry goes along: the giver opens these families no more."""
    worries = Concern.objects.filter(episode__in=episodes).values("pk")
    rows = Task.objects.filter(owner=giver, about_kind="families.Concern", about_id__in=worries, closed_at__isnull=True)
    for task in rows.select_for_update().order_by("pk") if act.actor.person is not None else ():
        tasks.hand_over(act, task=task, to=taker)
