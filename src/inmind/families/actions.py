"""Register a family, add an adult, arrange the care team, write down a visit, name who is on call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from inmind.access.act import Act, action
from inmind.access.models import RoleAssignment
from inmind.families import concern, intake, queries, rota
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import (
    Assignment,
    Concern,
    Dyad,
    Episode,
    MapWish,
    Participation,
    Rota,
    RotaSpeaker,
    RotaTurn,
    Visit,
)
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.identity import new_id
from inmind.foundation.models import Kept, in_force, keep_together
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Contact, Organization, Person, Relationship
from inmind.records import actions as records
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

SERVING_ROLES = ("home_visitor", "clinician", "family_service_coordinator")


@action("families.register", on="organization")
def register(
    act: Act, *, organization: Organization, child: ChildFacts, adults: tuple[AdultFacts, ...], id: UUID | None = None
) -> tuple[Dyad, Episode]:
    """Keep a child (or a pregnancy), the adults who care for it, and the episode with this agency from today.

    A home visitor or clinician who registers joins the care team; nobody else does by registering.
    """
    return _keep(act, organization, [_new_family(act, organization, child, adults, id)])[0]


@action("families.register_many", on="organization")
def register_many(
    act: Act, *, organization: Organization, families: Sequence[tuple[ChildFacts, tuple[AdultFacts, ...]]]
) -> None:
    """Register many families as `register` does each, in a few statements: for imports, and demonstrations of any size."""
    _keep(act, organization, [_new_family(act, organization, child, adults) for child, adults in families])


@dataclass(slots=True)
class _Family:
    """A family on its way to be kept: its people, and the rows that join them."""

    dyad: Dyad
    episode: Episode
    people: list[Person] = field(default_factory=list)
    rows: list[Kept] = field(default_factory=list)

    def take_in(self, adult: AdultFacts) -> Person:
        """Let an adult who cares for the child take part in the episode."""
        person = records.new_person(adult.given_name, adult.family_name, adult.language, adult.id)
        self.people.append(person)
        self.rows += [
            Relationship(
                kind=Relationship.Kind.CARES_FOR,
                from_person=person,
                to_person=self.dyad.child,
                part=adult.part,
                since=self.episode.since,
            ),
            Participation(episode=self.episode, person=person, part=Participation.Part.ADULT),
        ]
        if phone := text.checked(adult.phone.strip(), 254, field="phone"):
            contact = Contact(person=person, channel=Contact.Channel.PHONE, address=phone, safe=adult.phone_is_safe)
            self.rows.append(contact)
        return person


def _new_family(
    act: Act, organization: Organization, child: ChildFacts, adults: tuple[AdultFacts, ...], id: UUID | None = None
) -> _Family:
    intake.check(child, adults, today=act.today(organization.zone))
    baby = records.new_person(child.given_name, child.family_name, id=child.id)
    dyad = Dyad(id=id or new_id(), child=baby, birth_date=child.birth_date, due_date=child.due_date)
    family = _Family(dyad, Episode(dyad=dyad, organization=organization, since=act.today()), people=[baby])
    family.rows.append(Participation(episode=family.episode, person=baby, part=Participation.Part.CHILD))
    for adult in adults:
        family.take_in(adult)
    if act.actor.person and act.verdict.role in {"home_visitor", "clinician"}:
        family.rows.append(
            Assignment(episode=family.episode, worker_id=act.actor.person, role=act.verdict.role, since=act.today())
        )
    return family


def _keep(act: Act, organization: Organization, families: Sequence[_Family]) -> list[tuple[Dyad, Episode]]:
    people = [person for family in families for person in family.people]
    records.register_people(act, people=people)
    keep_together([family.dyad for family in families])
    keep_together([family.episode for family in families])
    keep_together([row for family in families for row in family.rows])
    records.list_names(act, people=people, organization=organization)
    for family in families:
        act.concerns(family.dyad, family.episode)
        act.subjects |= {("person", person.pk) for person in family.people}
        act.announce(events.FamilyRegistered(dyad=family.dyad.pk, episode=family.episode.pk))
    return [(family.dyad, family.episode) for family in families]


@action("families.add_adult", on="episode")
def add_adult(act: Act, *, episode: Episode, adult: AdultFacts) -> Person:
    """Let an adult who cares for the child take part in this episode."""
    intake.check_adult(adult)
    family = _Family(episode.dyad, episode)
    person = family.take_in(adult)
    records.register_people(act, people=[person])
    keep_together(family.rows)
    records.list_names(act, people=[person], organization=episode.organization)
    act.subjects.add(("person", person.pk))
    return person


@action("families.join_team", on="episode")
def join_team(act: Act, *, episode: Episode, worker: Person) -> Assignment:
    """Let a worker of the same agency join the care team, from today. Already on it: nothing changes."""
    today = act.today()
    role = (
        RoleAssignment.today(today)
        .filter(
            account__person=worker, account__is_active=True, organization=episode.organization, role__in=SERVING_ROLES
        )
        .values_list("role", flat=True)
        .first()
    )
    if role is None:
        raise BadInput(
            N_("This person does not serve families at this agency."),
            N_("The care team is made of its own workers."),
            field="worker",
        )
    there = Assignment.in_force(today).filter(episode=episode, worker=worker).first()
    if (
        there is None
        and worker.pk == act.actor.person
        and _could_be_added_by_another(episode.organization, worker, today)
    ):
        raise NotNow(
            N_("You cannot put yourself on a care team."),
            N_("Being on it opens what the family said in confidence."),
            N_("Ask another coordinator or the supervisor of your agency to add you."),
        )
    return there or Assignment.objects.create(episode=episode, worker=worker, role=role, since=today)


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


@action("families.visit", on="episode")
def visit(
    act: Act, *, episode: Episode, on: date, place: str, minutes: int, strength: str = "", id: UUID | None = None
) -> Visit:
    """Write down a visit, and what the caregiver is proud of or the baby showed."""
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
    return Visit.objects.create(
        id=id or new_id(),
        episode=episode,
        on=on,
        zone=zone,
        place=place,
        minutes=minutes,
        worker_id=act.actor.person,
        strength=text.checked(strength.strip(), 2000, field="strength") or None,
    )


@action("families.hear", on="episode")
def hear(
    act: Act, *, episode: Episode, words: str, next_step: str, owner: Person, by: date, said_by: Person | None = None
) -> tuple[Concern, Task]:
    """Take a worry seriously as it is said: keep it, and leave its next step with one person of the agency by a day."""
    zone = episode.organization.zone
    kept = concern.check(words, next_step, by, today=act.today(zone))
    if said_by is not None and not _takes_part(episode, said_by):
        raise BadInput(
            N_("This person takes no part in this episode."), N_("Choose one from the list."), field="said_by"
        )
    held = RoleAssignment.today(act.today()).filter(
        account__person=owner, account__is_active=True, organization=episode.organization, role__in=SERVING_ROLES
    )
    if not held.exists():
        raise BadInput(
            N_("This person does not serve families at this agency."),
            N_("A next step belongs to somebody who can take it."),
            field="owner",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can hear a worry."))
    heard = Concern.objects.create(
        episode=episode,
        said_by=said_by,
        words=kept,
        next_step=next_step,
        on=act.today(zone),
        heard_by_id=act.actor.person,
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
    if owner.pk != act.actor.person:
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
    now = queries.map_wishes(episode)
    for person in Person.objects.filter(pk__in=list(wishes)).order_by("pk"):
        name, left_out = wishes[str(person.pk)]
        called = text.checked(name.strip(), 40, field="called")
        before = now.get(person.pk)
        if (called, left_out) != ((before.called, before.left_out) if before else ("", False)):
            MapWish.objects.create(
                episode=episode, person=person, called=called, left_out=left_out, worker_id=act.actor.person
            )


@action("families.name_on_call", on="organization")
def name_on_call(
    act: Act,
    *,
    organization: Organization,
    turns: tuple[rota.Turn, ...],
    speaks: frozenset[tuple[UUID, str]] = frozenset(),
    outside_minutes: int = 60,
    over: UUID | None = None,
) -> Rota:
    """Say anew in which hours somebody reads for this agency, and who; what was said before ends now.

    over: the rota that was seen; Stale where another one holds by now. Days that are over are left out.
    """
    before = Rota.objects.filter(organization=organization, until__isnull=True).first()
    if (before.pk if before else None) != over:
        raise Stale(before)
    today = act.today(organization.zone)
    kept = tuple(turn for turn in turns if turn.day is None or turn.day >= today)
    rota.check(kept, set(queries.holding_role(organization, "clinician").values_list("pk", flat=True)))
    if not 1 <= outside_minutes <= 1440:
        raise BadInput(N_("The minutes cannot be right."), N_("Between 1 and 1440 minutes."), field="outside_minutes")
    if before is not None:
        before.until = act.now
        before.save()
    saved = Rota.objects.create(
        organization=organization, since=act.now, saved_by_id=act.actor.person, outside_minutes=outside_minutes
    )
    named = {one for turn in kept for one in (turn.person, turn.backup)}
    keep_together(
        [
            *(
                RotaTurn(
                    rota=saved,
                    place=place,
                    weekday=turn.weekday,
                    day=turn.day,
                    start=turn.start,
                    end=turn.end,
                    person_id=turn.person,
                    backup_id=turn.backup,
                )
                for place, turn in enumerate(kept)
            ),
            *(
                RotaSpeaker(rota=saved, person_id=person, language=language)
                for person, language in sorted(speaks)
                if person in named
            ),
        ]
    )
    return saved
