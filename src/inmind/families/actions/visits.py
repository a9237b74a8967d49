"""What happens with a family: visits, worries and the map it draws."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.families import concern, queries
from inmind.families.actions.serving import SERVING_ROLES
from inmind.families.actions.taking_part import check_taking_part
from inmind.families.models import Concern, EarlierVisit, Episode, MapWish, Participation, Presence, Visit
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task


@action("families.visit", on="episode")
def visit(
    act: Act,
    *,
    episode: Episode,
    on: date,
    place: str,
    minutes: int,
    strength: str = "",
    showed: str = "",
    note: str = "",
    present: tuple[Person, ...] = (),
    id: UUID | None = None,
) -> Visit:
    """Write down a visit: where, how long, who of the family was there; what the caregiver is proud of, what the baby
    showed, and what happened besides."""
    check_taking_part(episode, episode.dyad.child, *present)
    _check_facts(act, episode, on, place, minutes)
    made = Visit.objects.create(
        id=id or new_id(),
        episode=episode,
        on=on,
        zone=episode.organization.zone,
        place=place,
        minutes=minutes,
        worker_id=act.actor.person,
        strength=text.checked(strength.strip(), 2000, field="strength") or None,
        showed=text.checked(showed.strip(), 2000, field="showed") or None,
        note=text.checked(note.strip(), 2000, field="note") or None,
    )
    for person in present:
        Presence.objects.create(visit=made, person=person)
    return made


def _check_facts(act: Act, episode: Episode, on: date, place: str, minutes: int) -> None:
    zone = episode.organization.zone
    if on > act.today(zone):
        raise BadInput(N_("This day lies in the future."), N_("A visit is written down when it has been."), field="on")
    if on < min(episode.since, episode.created_at.astimezone(ZoneInfo(zone)).date()):
        raise BadInput(
            N_("This day lies before the agency began to serve this family."), N_("Check the date."), field="on"
        )
    if place not in Visit.Place.values:
        raise BadInput(N_("The place is missing."), N_("Choose one from the list."), field="place")
    if type(minutes) is not int or not 1 <= minutes <= 720:
        raise BadInput(
            N_("The minutes cannot be right."), N_("A visit takes between 1 and 720 minutes."), field="minutes"
        )


CHANGEABLE = ("on", "place", "minutes", "strength", "showed", "note")


@action("families.change_visit", on="visit")
def change_visit(act: Act, *, visit: Visit, changes: Mapping[str, Any], present: tuple[Person, ...] = ()) -> Visit:
    """Write a visit anew: some of `CHANGEABLE`, and further people who were there. What stood stays readable."""
    if act.actor.person is None:
        raise NotNow(N_("Only a person can change a visit."))
    episode = visit.episode
    check_taking_part(episode, episode.dyad.child, *present)
    for name in CHANGEABLE[:3]:
        setattr(visit, name, changes.get(name, getattr(visit, name)))
    _check_facts(act, episode, visit.on, visit.place, visit.minutes)
    before = Visit.objects.get(pk=visit.pk)
    for name in CHANGEABLE[3:]:
        if name in changes:
            setattr(visit, name, text.checked(changes[name].strip(), 2000, field=name) or None)
    if any(getattr(before, name) not in (None, getattr(visit, name)) for name in CHANGEABLE):
        EarlierVisit.objects.create(
            visit=visit,
            number=visit.earlier.count() + 1,
            by_id=act.actor.person,
            **{name: getattr(before, name) for name in CHANGEABLE},
        )
    visit.save()
    there = set(visit.present.values_list("person", flat=True))
    for person in present:
        if person.pk not in there:
            Presence.objects.create(visit=visit, person=person)
    return visit


@action("families.hear", on="episode")
def hear(
    act: Act, *, episode: Episode, words: str, next_step: str, owner: Person, by: date, said_by: Person | None = None
) -> tuple[Concern, Task]:
    """Take a worry seriously as it is said: keep it, and leave its next step by a day with one of the care team, to whom
    alone it was said, or with whoever hears it."""
    zone = episode.organization.zone
    kept = concern.check(words, next_step, by, today=act.today(zone))
    if said_by is not None and not _takes_part(episode, said_by):
        raise BadInput(
            N_("This person takes no part in this episode."), N_("Choose one from the list."), field="said_by"
        )
    stop_if_erased([episode.dyad.child_id, *([said_by.pk] if said_by else [])])
    if act.actor.person is None:
        raise NotNow(N_("Only a person can hear a worry."))
    if (
        not queries.serving_here(episode, act.today(), *SERVING_ROLES, or_else=act.actor.person)
        .filter(pk=owner.pk)
        .exists()
    ):
        raise BadInput(
            N_("This person is not on the care team of this family."),
            N_("A next step belongs to somebody who can open the family, or to whoever heard the worry."),
            N_("The agency’s supervisor or coordinator can put them on the care team first."),
            field="owner",
        )
    return keep_worry(
        act,
        episode=episode,
        words=kept,
        next_step=next_step,
        owner=owner,
        by=by,
        said_by=said_by,
        heard_by=act.actor.person,
    )


def keep_worry(
    act: Act,
    *,
    episode: Episode,
    words: str,
    next_step: str,
    owner: Person,
    by: date,
    said_by: Person | None,
    heard_by: UUID | None,
) -> tuple[Concern, Task]:
    """A worry and the task of its next step, within an action that has asked whether they can be so. heard_by: None where
    she who says it wrote it down by herself."""
    zone = episode.organization.zone
    heard = Concern.objects.create(
        episode=episode,
        said_by=said_by,
        words=words,
        next_step=next_step,
        on=act.today(zone),
        heard_by_id=heard_by,
    )
    task = tasks.owe(
        act,
        to=owner,
        organization=episode.organization,
        subject=said_by or episode.dyad.child,
        why="concern",
        about_kind="families.Concern",
        about_id=heard.pk,
        within=concern.time_left(act.now, by, zone),
    )
    if owner.pk != heard_by:
        messages.tell(
            act,
            to=owner,
            template="next_step_waits",
            facts={"task": str(task.pk)},
            about_kind="families.Concern",
            about_id=heard.pk,
        )
    return heard, task


def _takes_part(episode: Episode, adult: Person) -> bool:
    return episode.participations.filter(person=adult, part=Participation.Part.ADULT).exists()


@action("families.change_map", on="episode")
def change_map(act: Act, *, episode: Episode, wishes: Mapping[str, tuple[str, bool]]) -> None:
    """Draw the family's own map as it wants it: for some people, by id, another name and whether they are left out.

    Nothing else changes by it: who is left out stays on the care team, or an adult of the family. What is as it was
    leaves no new line.
    """
    now = {str(person): (wish.called, wish.left_out) for person, wish in queries.map_wishes(episode).items()}
    drawn = {who: (text.checked(name.strip(), 40, field="called"), out) for who, (name, out) in wishes.items()}
    anew = {who: wish for who, wish in drawn.items() if wish != now.get(who, ("", False))}
    there = queries.on_map(episode, act.today())
    known = there.union(episode.participations.values_list("person", flat=True))
    stop_if_erased(person for person in known if str(person) in anew)
    if not set(wishes) <= {str(person) for person in there}:
        raise BadInput(
            N_("Somebody here does not stand on this map."),
            N_("On it are the family’s adults, its care team, and who holds those."),
            N_("Open the page again to see who is there now."),
        )
    for person in Person.objects.filter(pk__in=anew).order_by("pk"):
        called, left_out = anew[str(person.pk)]
        MapWish.objects.create(
            episode=episode, person=person, called=called, left_out=left_out, worker_id=act.actor.person
        )
