"""Register a family, add an adult, arrange the care team, write down a visit, name who is on call."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from inmind.access.act import Act, action
from inmind.access.models import RoleAssignment
from inmind.families import intake
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Assignment, Dyad, Episode, OnCall, Participation, Visit
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput
from inmind.foundation.identity import new_id
from inmind.foundation.models import in_force
from inmind.foundation.values import N_
from inmind.people.models import Contact, Organization, Person, Relationship
from inmind.records import actions as records

SERVING_ROLES = ("home_visitor", "clinician", "family_service_coordinator")


@action("families.register", on="organization")
def register(
    act: Act, *, organization: Organization, child: ChildFacts, adults: tuple[AdultFacts, ...], id: UUID | None = None
) -> tuple[Dyad, Episode]:
    """Keep a child (or a pregnancy), the adults who care for it, and the episode with this agency from today.

    A home visitor or clinician who registers joins the care team; nobody else does by registering.
    """
    today = act.today()
    intake.check(child, adults, today=act.today(organization.zone))
    baby = records.register_person(act, given_name=child.given_name, family_name=child.family_name, id=child.id)
    dyad = Dyad.objects.create(id=id or new_id(), child=baby, birth_date=child.birth_date, due_date=child.due_date)
    episode = Episode.objects.create(dyad=dyad, organization=organization, since=today)
    Participation.objects.create(episode=episode, person=baby, part=Participation.Part.CHILD)
    for adult in adults:
        add_adult(act, episode=episode, adult=adult)
    if act.actor.person and act.verdict.role in {"home_visitor", "clinician"}:
        Assignment.objects.create(episode=episode, worker_id=act.actor.person, role=act.verdict.role, since=today)
    act.concerns(dyad, episode)
    act.announce(events.FamilyRegistered(dyad=dyad.pk, episode=episode.pk))
    return dyad, episode


@action("families.add_adult", on="episode")
def add_adult(act: Act, *, episode: Episode, adult: AdultFacts) -> Person:
    """Let an adult who cares for the child take part in this episode."""
    person = records.register_person(
        act, given_name=adult.given_name, family_name=adult.family_name, language=adult.language, id=adult.id
    )
    records.relate(
        act,
        kind=Relationship.Kind.CARES_FOR,
        person=person,
        to=episode.dyad.child,
        part=adult.part,
        since=episode.since,
    )
    Participation.objects.create(episode=episode, person=person, part=Participation.Part.ADULT)
    if adult.phone:
        records.keep_contact(
            act, person=person, channel=Contact.Channel.PHONE, address=adult.phone, safe=adult.phone_is_safe
        )
    act.subjects.add(("person", person.pk))
    return person


@action("families.join_team", on="episode")
def join_team(act: Act, *, episode: Episode, worker: Person) -> Assignment:
    """Let a worker of the same agency join the care team, from today. Already on it: nothing changes."""
    today = act.today()
    role = (
        RoleAssignment.today(today)
        .filter(account__person=worker, organization=episode.organization, role__in=SERVING_ROLES)
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
    return there or Assignment.objects.create(episode=episode, worker=worker, role=role, since=today)


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
    if not 1 <= minutes <= 720:
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


@action("families.name_on_call", on="organization")
def name_on_call(act: Act, *, organization: Organization, person: Person) -> OnCall:
    """Name who answers for this agency from now on; whoever was named before is free."""
    may_answer = RoleAssignment.objects.filter(
        in_force(act.today()), account__person=person, organization=organization, role="clinician"
    )
    if not may_answer.exists():
        raise BadInput(
            N_("This person is not a clinician here."),
            N_("Who is on call can read the answer and act on it."),
            field="person",
        )
    for before in OnCall.objects.filter(organization=organization, until__isnull=True):
        before.until = act.now
        before.save()
    return OnCall.objects.create(organization=organization, person=person, since=act.now)
