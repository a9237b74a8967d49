"""Families come: a child or a pregnancy, the adults who care for it, and another side of the same child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from inmind.access import policy
from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.families import intake
from inmind.families.actions.serving import join_team
from inmind.families.actions.taking_part import adults_of
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Assignment, Dyad, Episode, Participation
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput, Refused
from inmind.foundation.identity import new_id
from inmind.foundation.models import Kept, in_force, keep_together
from inmind.foundation.values import N_
from inmind.people.models import Contact, Organization, Person, Relationship
from inmind.records import actions as records


@action("families.register", on="organization")
def register(
    act: Act,
    *,
    organization: Organization,
    child: ChildFacts,
    adults: tuple[AdultFacts, ...],
    id: UUID | None = None,
    beside: Episode | None = None,
) -> tuple[Dyad, Episode]:
    """Keep a child (or a pregnancy), the adults who care for it, and the episode with this agency from today.

    A home visitor or clinician who registers joins the care team; nobody else does by registering. beside: the family of a
    brother or sister, whose adults may care for this child too (`AdultFacts.known`); they stay one person each.
    """
    there = _adults_beside(act, organization, adults, beside)
    kept = _keep(act, organization, [_new_family(act, organization, child, adults, id, there)])[0]
    act.subjects |= {("person", adult.id) for adult in adults if adult.known}
    return kept


def _adults_beside(
    act: Act, organization: Organization, adults: Sequence[AdultFacts], beside: Episode | None
) -> list[str]:
    """The names of those who can be taken in from a brother's or sister's family. Raises Refused where the actor may not see
    its adults, BadInput where somebody is not one of them, NotNow where one was erased."""
    known = {adult.id for adult in adults if adult.known}
    if beside is None:
        if known:
            raise BadInput(*_NOT_OF_THE_FAMILY, field="given_name")
        return []
    verdict = policy.can(act.actor, "families.see_adult", Episode.objects.get(pk=beside.pk))
    if not verdict:
        raise Refused(verdict)
    there = {row.person_id: row.person.name for row in adults_of(beside)}
    if beside.organization_id != organization.pk or not known <= there.keys():
        raise BadInput(*_NOT_OF_THE_FAMILY, field="given_name")
    stop_if_erased([one for one in known if one is not None])
    return list(there.values())


_NOT_OF_THE_FAMILY = (
    N_("This person does not take part here."),
    N_("Choose somebody of this family."),
)


@action("families.register_many", on="organization")
def register_many(
    act: Act, *, organization: Organization, families: Sequence[tuple[ChildFacts, tuple[AdultFacts, ...]]]
) -> None:
    """Register many families as `register` does each, in a few statements: for imports, and demonstrations of any size."""
    _keep(act, organization, [_new_family(act, organization, child, adults) for child, adults in families])


@action("families.add_adult", on="episode")
def add_adult(act: Act, *, episode: Episode, adult: AdultFacts) -> Person:
    """Let an adult who cares for the child take part in this episode."""
    stop_if_erased([episode.dyad.child_id])
    there = [row.person.name for row in adults_of(episode)]
    intake.check_adult(adult, there, today=act.today(episode.organization.zone))
    family = _Family(episode.dyad, episode, act.begins(episode.organization.zone))
    person = family.take_in(adult)
    records.register_people(act, people=family.people)
    keep_together(family.rows)
    records.list_names(act, people=family.people, organization=episode.organization)
    act.subjects.add(("person", person.pk))
    return person


@action("families.open_side", on="episode")
def open_side(act: Act, *, episode: Episode, side: str, adult: AdultFacts, worker: Person) -> Episode:
    """Serve another household of the same child apart, with its own care team: what one side says stays on its side."""
    stop_if_erased([episode.dyad.child_id])
    side = text.checked(side.strip(), 80, field="side")
    if not side:
        raise BadInput(N_("It is not said for whom."), N_("Two words are enough: foster home."), field="side")
    if Episode.objects.filter(
        in_force(act.today()), dyad=episode.dyad_id, organization=episode.organization_id, side=side
    ).exists():
        raise BadInput(N_("This side is open already."), N_("Each has a name of its own."), field="side")
    intake.check_adult(adult, today=act.today(episode.organization.zone))
    dyad = Dyad.objects.select_related("child").get(pk=episode.dyad_id)
    today = act.begins(episode.organization.zone)
    opened = Episode(dyad=dyad, organization=episode.organization, side=side, since=today)
    family = _Family(dyad, opened, today)
    family.rows.append(Participation(episode=opened, person=dyad.child, part=Participation.Part.CHILD))
    person = family.take_in(adult)
    records.register_people(act, people=[person])
    keep_together([opened])
    keep_together(family.rows)
    records.list_names(act, people=[person], organization=episode.organization)
    join_team(act, episode=opened, worker=worker)
    act.subjects |= {("person", person.pk), ("episode", opened.pk)}
    return opened


@dataclass(slots=True)
class _Family:
    """A family on its way to be kept: its people, and the rows that join them."""

    dyad: Dyad
    episode: Episode
    today: date
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
                since=adult.since or self.today,
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
    act: Act,
    organization: Organization,
    child: ChildFacts,
    adults: tuple[AdultFacts, ...],
    id: UUID | None = None,
    there: Sequence[str] = (),
) -> _Family:
    intake.check(child, adults, today=act.today(organization.zone), there=there)
    baby = records.new_person(child.given_name, child.family_name, id=child.id)
    dyad = Dyad(
        id=id or new_id(),
        child=baby,
        birth_date=child.birth_date,
        due_date=child.due_date,
        gestation_weeks=child.gestation_weeks,
    )
    today = act.begins(organization.zone)
    family = _Family(dyad, Episode(dyad=dyad, organization=organization, since=today), today, people=[baby])
    family.rows.append(Participation(episode=family.episode, person=baby, part=Participation.Part.CHILD))
    for adult in adults:
        family.take_in(adult)
    if act.actor.person and act.verdict.role in {"home_visitor", "clinician"}:
        family.rows.append(
            Assignment(episode=family.episode, worker_id=act.actor.person, role=act.verdict.role, since=today)
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
