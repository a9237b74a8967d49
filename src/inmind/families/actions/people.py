"""What is written down of the people of a family: how they care, the birth, their homes, languages, ways and papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from inmind.access.act import Act, action
from inmind.access.models import Account
from inmind.access.privacy import stop_if_erased
from inmind.families import ages, background, consent, intake, queries
from inmind.families.actions.taking_part import adults_of, check_taking_part
from inmind.families.intake import Named
from inmind.families.models import ConsentHolder, Dyad, Episode, Household, Residence, SelfDescription, Speech
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.events import BirthChanged
from inmind.foundation.values import N_
from inmind.people import reaching
from inmind.people.models import Contact, Organization, Person, Relationship
from inmind.people.reaching import Way
from inmind.records import actions as records


@action("families.change_care", on="episode")
def change_care(act: Act, *, episode: Episode, person: Person, part: str, since: date) -> Relationship:
    """From a day on an adult cares for the child in another way (a foster mother adopts), or, part empty, no longer does."""
    check_taking_part(episode, person)
    edge = Relationship.objects.filter(
        kind=Relationship.Kind.CARES_FOR, from_person=person, to_person=episode.dyad.child_id, until=None
    ).first()
    today = act.today(episode.organization.zone)
    intake.check_change(part, since, before=edge.since if edge else None, today=today)
    if edge is None and not part:
        raise NotNow(N_("This adult no longer cares for the child here."), N_("The day stands below the name."))
    act.subjects.add(("person", person.pk))
    if edge is not None and edge.part == part:
        return edge
    if edge is not None:
        edge.until = since
        edge.save()
    if not part:
        assert edge is not None
        return edge
    return records.relate(
        act, kind=Relationship.Kind.CARES_FOR, person=person, to=episode.dyad.child, part=part, since=since
    )


@action("families.correct_person", on="episode")
def correct_person(
    act: Act,
    *,
    episode: Episode,
    person: Person,
    said: Named,
    over: str,
    still_found: bool = False,
    find_no_more: tuple[UUID, ...] = (),
) -> Person:
    """Correct the name of somebody who takes part here, or the child's birth date (before the birth, its due date).

    The record is one for everybody who serves them, other agencies too. over: the mark of what was seen; Stale where it says
    something else by now. still_found, find_no_more: see `records.correct_person` and `records.find_no_more`. What was
    counted from the birth date before, such as the age on a screen, stays as it was given.
    """
    check_taking_part(episode, person)
    if Account.objects.filter(person=person).exists():
        raise NotNow(
            N_("This person works here and signs in."),
            N_("What a worker is as a family stays apart from what she is at work."),
        )
    there = Person.objects.get(pk=person.pk)
    dyad = Dyad.objects.get(pk=episode.dyad_id) if person.pk == episode.dyad.child_id else None
    known = queries.named(there, dyad)
    if over != known.mark:
        raise Stale(known)
    said = Named(
        said.given_name.strip(),
        said.family_name.strip(),
        said.birth_date if known.birth_date else None,
        said.due_date if known.due_date else None,
    )
    served_since = min(one.first_day for one in episode.dyad.episodes.select_related("organization"))
    intake.check_correction(known, said, served_since=served_since, today=act.today(episode.organization.zone))
    if dyad is not None:
        act.concerns(dyad)
    dates = {name: getattr(known, name) for name in DATES if getattr(known, name) != getattr(said, name)}
    if dyad is not None and dates:
        for name in dates:
            setattr(dyad, name, getattr(said, name))
        dyad.save()
        act.announce(BirthChanged(dyad=dyad.pk))
    if find_no_more:
        records.find_no_more(act, person=there, earlier=find_no_more)
    if said == known:
        return there
    served_by = there.participations.values("episode__organization")
    return records.correct_person(
        act,
        person=there,
        given_name=said.given_name,
        family_name=said.family_name,
        found_at=list(Organization.objects.filter(pk__in=served_by)),
        still_found=still_found,
        earlier={name: str(day) for name, day in dates.items()},
    )


DATES = ("birth_date", "due_date")


@action("families.note_birth", on="episode")
def note_birth(
    act: Act,
    *,
    episode: Episode,
    birth_date: date,
    given_name: str,
    family_name: str = "",
    gestation_weeks: int | None = None,
    parts: Mapping[str, str] | None = None,
) -> Dyad:
    """The baby who was on the way is born: the same dyad and the same person, with a name and a birthday.

    parts: by the id of each adult who was expecting, as what she cares for the child from the birth on; left out, as before.
    """
    stop_if_erased([episode.dyad.child_id])
    dyad = Dyad.objects.select_related("child").get(pk=episode.dyad_id)
    if dyad.birth_date is not None:
        raise NotNow(
            N_("This baby is born already."),
            N_("A birth is written down once."),
            N_("The birthday stands on the family's page."),
        )
    intake.check_birth(given_name, birth_date, gestation_weeks, today=act.today(episode.organization.zone))
    dyad.birth_date, dyad.gestation_weeks = birth_date, gestation_weeks
    dyad.save()
    act.announce(BirthChanged(dyad=dyad.pk))
    agencies = Organization.objects.filter(pk__in=dyad.episodes.values("organization"))
    name = family_name or dyad.child.family_name
    records.correct_person(act, person=dyad.child, given_name=given_name, family_name=name, found_at=list(agencies))
    for row in adults_of(episode):
        if part := (parts or {}).get(str(row.person_id), ""):
            since = max([birth_date, *_cares_since(dyad, row.person)])
            change_care(act, episode=episode, person=row.person, part=part, since=since)
    act.concerns(dyad)
    return dyad


def _cares_since(dyad: Dyad, person: Person) -> list[date]:
    edges = Relationship.objects.filter(
        kind=Relationship.Kind.CARES_FOR, from_person=person, to_person=dyad.child_id, until=None
    )
    return list(edges.values_list("since", flat=True))


@action("families.note_gestation", on="episode")
def note_gestation(act: Act, *, episode: Episode, gestation_weeks: int | None) -> Dyad:
    """Keep the completed weeks at which a baby was born; None: nobody knows."""
    ages.check_gestation(gestation_weeks)
    stop_if_erased([episode.dyad.child_id])
    dyad = Dyad.objects.get(pk=episode.dyad_id)
    if dyad.birth_date is None:
        raise NotNow(N_("This baby is not born yet."), N_("The weeks are written down with the birth."))
    dyad.gestation_weeks = gestation_weeks
    dyad.save()
    return dyad


@action("families.house", on="episode")
def house_together(
    act: Act,
    *,
    episode: Episode,
    people: tuple[Person, ...],
    since: date,
    address: str = "",
    shown_to_others: bool = False,
    keeps_others: bool = False,
) -> Household:
    """Some of the family live together from a day on. keeps_others: who lives elsewhere too goes on living there."""
    if not people:
        raise BadInput(N_("Nobody is chosen."), N_("Say who lives together."), field="people")
    check_taking_part(episode, *people)
    if since > act.today(episode.organization.zone):
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="since")
    if len(people) == 1 and not address.strip():
        raise BadInput(
            N_("One person is chosen, and no address."),
            N_("Choose who else lives there, or write the address; or say that they live somewhere else."),
            field="address",
        )
    for lives in () if keeps_others else _residences(episode, people):
        _move_out(lives, since)
    household = Household.objects.create(
        episode=episode, address=text.checked(address.strip(), 300, field="address"), shown_to_others=shown_to_others
    )
    for person in people:
        Residence.objects.create(household=household, person=person, since=since)
        act.subjects.add(("person", person.pk))
    return household


@action("families.move_out", on="episode")
def move_out(act: Act, *, episode: Episode, people: tuple[Person, ...], since: date) -> None:
    """From a day on these people live in none of the homes known here: each lives elsewhere, and that is kept."""
    if not people:
        raise BadInput(N_("Nobody is chosen."), N_("Say who moved out."), field="people")
    check_taking_part(episode, *people)
    if since > act.today(episode.organization.zone):
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="since")
    for lives in _residences(episode, people):
        _move_out(lives, since)
    for person in people:
        Residence.objects.create(household=Household.objects.create(episode=episode), person=person, since=since)
        act.subjects.add(("person", person.pk))


def _residences(episode: Episode, people: Sequence[Person]) -> list[Residence]:
    return list(Residence.objects.filter(household__episode=episode, person__in=people, until=None))


def _move_out(residence: Residence, until: date) -> None:
    intake.check_end(residence.since, until, field="since")
    residence.until = until
    residence.save()


@action("families.describe_speech", on="episode")
def describe_speech(
    act: Act, *, episode: Episode, person: Person, language: str, spoken: str, interpreter: bool | None
) -> Speech:
    """Keep which language somebody likes, which others they speak, and whether an interpreter is wanted."""
    check_taking_part(episode, person)
    if language != person.language:
        records.correct_person(act, person=person, language=language)
    act.subjects.add(("person", person.pk))
    said = {"spoken": text.checked(spoken.strip(), 200, field="spoken"), "interpreter": interpreter}
    return Speech.objects.update_or_create(person=person, defaults=said)[0]


@action("families.describe_self", on="episode")
def describe_self(
    act: Act, *, episode: Episode, person: Person, edition: str, said: tuple[str, ...], said_by: str
) -> SelfDescription:
    """Keep race and ethnicity as somebody said it, in one edition; nothing said is an answer too. The former stays."""
    check_taking_part(episode, person)
    background.check(edition, said)
    if said_by not in SelfDescription.SaidBy.values:
        raise BadInput(
            N_("It is not said who answered."),
            N_("People say it themselves; a parent says it for a child."),
            field="said_by",
        )
    act.subjects.add(("person", person.pk))
    return SelfDescription.objects.create(
        person=person,
        edition=edition,
        said=" ".join(dict.fromkeys(said)),
        said_by=said_by,
        on=act.today(episode.organization.zone),
    )


@action("families.keep_way", on="episode")
def keep_way(
    act: Act,
    *,
    episode: Episode,
    person: Person,
    way: Way,
    shown_to_others: bool = False,
    instead_of: UUID | None = None,
) -> Contact:
    """Keep a way to reach an adult: whether it is safe, when, and how much may be said there.

    Never on the child's record: every side of the family reads that one. instead_of: the way that was said before, which
    is used no more where this is another one.
    """
    check_taking_part(episode, person)
    if person.pk == episode.dyad.child_id:
        raise BadInput(
            N_("A child is reached through an adult."),
            N_(
                "The child’s record is read on every side of the family; a number of one home would travel to the other."
            ),
            N_("Write it down with the adult whose it is."),
            field="address",
        )
    if not way.address.strip():
        raise BadInput(
            N_("There is nothing to reach them by."), N_("A number or an address is needed."), field="address"
        )
    if way.channel not in Contact.Channel.values:
        raise BadInput(N_("How it reaches them is missing."), N_("Choose one from the list."), field="channel")
    if way.channel == Contact.Channel.PHONE:
        reaching.check_number(way.address, field="address")
    elif way.channel == Contact.Channel.TEXT:
        way = replace(way, address=reaching.text_number(way.address, field="address"))
    elif way.channel == Contact.Channel.MAIL:
        reaching.check_mail(way.address, field="address")
    act.subjects.add(("person", person.pk))
    kept = records.keep_contact(
        act,
        person=person,
        channel=Contact.Channel(way.channel),
        address=way.address,
        safe=way.safe,
        manner=way,
        shown_to_others=shown_to_others,
    )
    if instead_of is not None and instead_of != kept.pk:
        records.end_contact(act, person=person, contact=instead_of)
    return kept


@action("families.end_way", on="episode")
def end_way(act: Act, *, episode: Episode, person: Person, way: UUID) -> Contact:
    """A way to reach an adult is no longer right: nothing shows or uses it from now on."""
    check_taking_part(episode, person)
    act.subjects.add(("person", person.pk))
    ended = records.end_contact(act, person=person, contact=way)
    if ended is None:
        raise NotNow(N_("This way is not among theirs any more."), N_("The ways that hold stand on their page."))
    return ended


@action("families.note_consent", on="episode")
def note_consent(
    act: Act,
    *,
    episode: Episode,
    capacity: str,
    since: date,
    until: date | None = None,
    holder: Person | None = None,
    name: str = "",
    document: str = "",
    not_told: str = "",
) -> ConsentHolder:
    """Write down in which capacity somebody may consent for the child, and the paper that was seen."""
    if holder is not None:
        check_taking_part(episode, holder)
    if capacity not in consent.CAPACITIES:
        raise BadInput(N_("The capacity is missing."), N_("Choose one from the list."), field="capacity")
    said = consent.Holder(holder.name if holder else name, consent.Capacity(capacity), document, since, until)
    consent.check(said, today=act.today(episode.organization.zone))
    if holder is not None:
        act.subjects.add(("person", holder.pk))
    return ConsentHolder.objects.create(
        dyad=episode.dyad,
        organization=episode.organization,
        holder=holder,
        name="" if holder else text.checked(name.strip(), 120, field="name"),
        capacity=capacity,
        document=document,
        not_told=text.checked(not_told.strip(), 200, field="not_told"),
        since=since,
        until=until,
    )


@action("families.end_consent", on="episode")
def end_consent(act: Act, *, episode: Episode, consent_holder: UUID, until: date) -> ConsentHolder:
    """From a day on what somebody was by a paper, they are no more."""
    row = ConsentHolder.objects.filter(
        pk=consent_holder, dyad=episode.dyad_id, organization=episode.organization_id
    ).first()
    if row is None:
        raise BadInput(N_("This is not written down here."), N_("Choose one from the list."), field="consent_holder")
    intake.check_end(row.since, until)
    row.until = until
    row.save()
    return row
