"""Register a family, add an adult, arrange the care team, write down a visit, name who is on call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from inmind.access.act import Act, action
from inmind.access.models import RoleAssignment
from inmind.families import intake
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Assignment, Dyad, Episode, OnCall, Participation, Visit
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.models import Kept, in_force, keep_together
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
        if not adult.known:
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
        phone = text.checked(adult.phone.strip(), 254, field="phone")
        mail = text.checked(adult.mail.strip(), 254, field="mail")
        if phone and not adult.known:
            contact = Contact(person=person, channel=Contact.Channel.PHONE, address=phone, safe=adult.phone_is_safe)
            self.rows.append(contact)
        if mail and not adult.known:
            self.rows.append(Contact(person=person, channel=Contact.Channel.MAIL, address=mail))
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
    records.register_people(act, people=family.people)
    keep_together(family.rows)
    records.list_names(act, people=family.people, organization=episode.organization)
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


@action("families.name_on_call", on="organization")
def name_on_call(act: Act, *, organization: Organization, person: Person) -> OnCall:
    """Name who answers for this agency from now on; whoever was named before is free."""
    may_answer = RoleAssignment.objects.filter(
        in_force(act.today()),
        account__person=person,
        account__is_active=True,
        organization=organization,
        role="clinician",
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
