"""Every change of a family: its adults, homes and languages, its birth, its episodes, visits and care teams; who is on call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from inmind.access.act import Act, action
from inmind.access.models import RoleAssignment
from inmind.access.privacy import stop_if_erased
from inmind.families import ages, background, concern, consent, endings, intake, queries, rota
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import (
    Assignment,
    Concern,
    ConsentHolder,
    Dyad,
    Episode,
    EpisodeEnd,
    HandOver,
    Household,
    MapWish,
    Participation,
    Presence,
    Residence,
    Rota,
    RotaSpeaker,
    RotaTurn,
    SelfDescription,
    Speech,
    Visit,
)
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.identity import new_id
from inmind.foundation.models import Kept, in_force, keep_together
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.people import reaching
from inmind.people.models import Contact, Organization, Person, Relationship
from inmind.people.reaching import Way
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
    act: Act, organization: Organization, child: ChildFacts, adults: tuple[AdultFacts, ...], id: UUID | None = None
) -> _Family:
    intake.check(child, adults, today=act.today(organization.zone))
    baby = records.new_person(child.given_name, child.family_name, id=child.id)
    dyad = Dyad(
        id=id or new_id(),
        child=baby,
        birth_date=child.birth_date,
        due_date=child.due_date,
        gestation_weeks=child.gestation_weeks,
    )
    today = act.today()
    family = _Family(dyad, Episode(dyad=dyad, organization=organization, since=today), today, people=[baby])
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
    stop_if_erased([episode.dyad.child_id])
    there = [row.person.name for row in _adults(episode)]
    intake.check_adult(adult, there, today=act.today(episode.organization.zone))
    family = _Family(episode.dyad, episode, act.today())
    person = family.take_in(adult)
    records.register_people(act, people=family.people)
    keep_together(family.rows)
    records.list_names(act, people=family.people, organization=episode.organization)
    act.subjects.add(("person", person.pk))
    return person


def _adults(episode: Episode) -> list[Participation]:
    rows = episode.participations.filter(part=Participation.Part.ADULT).select_related("person")
    return list(rows.order_by("created_at", "pk"))


def _check_taking_part(episode: Episode, *people: Person) -> None:
    """Raises BadInput for somebody of another family, or of another side of this one, and NotNow for who was erased."""
    there = set(episode.participations.values_list("person", flat=True))
    if any(person.pk not in there for person in people):
        raise BadInput(
            N_("This person does not take part here."), N_("Choose somebody of this family."), field="person"
        )
    stop_if_erased(person.pk for person in people)


@action("families.change_care", on="episode")
def change_care(act: Act, *, episode: Episode, person: Person, part: str, since: date) -> Relationship:
    """From a day on an adult cares for the child in another way (a foster mother adopts), or, part empty, no longer does."""
    _check_taking_part(episode, person)
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
    agencies = Organization.objects.filter(pk__in=dyad.episodes.values("organization"))
    name = family_name or dyad.child.family_name
    records.correct_person(act, person=dyad.child, given_name=given_name, family_name=name, found_at=list(agencies))
    for row in _adults(episode):
        if part := (parts or {}).get(str(row.person_id), ""):
            since = max([birth_date, *_cares_since(dyad, row.person)])
            change_care(act, episode=episode, person=row.person, part=part, since=since)
    act.concerns(dyad)
    return dyad


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


def _cares_since(dyad: Dyad, person: Person) -> list[date]:
    edges = Relationship.objects.filter(
        kind=Relationship.Kind.CARES_FOR, from_person=person, to_person=dyad.child_id, until=None
    )
    return list(edges.values_list("since", flat=True))


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
    _check_taking_part(episode, *people)
    if since > act.today(episode.organization.zone):
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="since")
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
    """From a day on these people live in none of the homes known here."""
    if not people:
        raise BadInput(N_("Nobody is chosen."), N_("Say who moved out."), field="people")
    _check_taking_part(episode, *people)
    if since > act.today(episode.organization.zone):
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="since")
    for lives in _residences(episode, people):
        _move_out(lives, since)
    act.subjects |= {("person", person.pk) for person in people}


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
    _check_taking_part(episode, person)
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
    _check_taking_part(episode, person)
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
    _check_taking_part(episode, person)
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
    if way.channel in (Contact.Channel.PHONE, Contact.Channel.TEXT):
        reaching.check_number(way.address, field="address")
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
    _check_taking_part(episode, person)
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
        _check_taking_part(episode, holder)
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
    today = act.today()
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


@action("families.end_episode", on="episode")
def end_episode(act: Act, *, episode: Episode, until: date, reason: str) -> EpisodeEnd:
    """The agency serves this family no more from a day on. The care team stays written down, and sees nothing."""
    endings.check(episode.since, until, reason, today=act.today())
    episode.until = until
    episode.save()
    return EpisodeEnd.objects.create(episode=episode, on=until, reason=reason, by_id=act.actor.person)


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
    return Assignment.objects.create(
        episode=episode, worker=worker, role=role, since=today, by_id=act.actor.person or worker.pk
    )


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
    messages.tell(act, to=taker, template="handed_over")
    return over


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
    act: Act,
    *,
    episode: Episode,
    on: date,
    place: str,
    minutes: int,
    strength: str = "",
    showed: str = "",
    present: tuple[Person, ...] = (),
    id: UUID | None = None,
) -> Visit:
    """Write down a visit: where, how long, who of the family was there; what the caregiver is proud of, what the baby showed."""
    _check_taking_part(episode, episode.dyad.child, *present)
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
    made = Visit.objects.create(
        id=id or new_id(),
        episode=episode,
        on=on,
        zone=zone,
        place=place,
        minutes=minutes,
        worker_id=act.actor.person,
        strength=text.checked(strength.strip(), 2000, field="strength") or None,
        showed=text.checked(showed.strip(), 2000, field="showed") or None,
    )
    for person in present:
        Presence.objects.create(visit=made, person=person)
    return made


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
    stop_if_erased([episode.dyad.child_id, *([said_by.pk] if said_by else [])])
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
    now = {str(person): (wish.called, wish.left_out) for person, wish in queries.map_wishes(episode).items()}
    drawn = {who: (text.checked(name.strip(), 40, field="called"), out) for who, (name, out) in wishes.items()}
    anew = {who: wish for who, wish in drawn.items() if wish != now.get(who, ("", False))}
    there = {str(person) for person in queries.on_map(episode, act.today())}
    gone = Participation.objects.filter(episode=episode, person__erased_at__isnull=False)
    stop_if_erased(one for one in gone.values_list("person", flat=True) if str(one) in anew)
    if not set(wishes) <= there:
        raise BadInput(
            N_("Somebody here does not stand on this map."),
            N_("On it are the family’s adults, its care team, and who holds those."),
            N_("Open the page again to see who is there now."),
        )
    stop_if_erased(UUID(who) for who in anew)
    for person in Person.objects.filter(pk__in=anew).order_by("pk"):
        called, left_out = anew[str(person.pk)]
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
