"""Builders of invented people, families and screens, for every test that needs a database. All go through actions.

    network = make_network()                                # two agencies and an administrator
    luz = make_worker(role="home_visitor")                  # at the first agency
    family = make_family(by=luz, adults=("María Ñúñez",))   # Luz is on its care team
    make_on_call()                                          # a clinician who answers
    screen = make_screen(family, by=luz, instrument="epds", answers={"epds_10": 1})

What is not said is filled in: without `by` a home visitor is made for the family, and so on. Nobody here is anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.test import Client

from inmind.access import actions as access
from inmind.access import adult_links, consents, office_links
from inmind.access.act import Act
from inmind.access.actors import Actor, operator
from inmind.access.consents import SELF, Days, Holder, Kind, Purpose
from inmind.access.founding import found
from inmind.access.models import Account, AdultLink, Consent, InstallationMark, OfficeLink
from inmind.access.queries import BOTH_FACTORS, actor_for
from inmind.access.roles import AT_AN_AGENCY, AT_AN_ASSOCIATION
from inmind.association import actions as association
from inmind.association.models import Level, Member
from inmind.association.moving import actions as moving
from inmind.association.moving.models import ContactRow, ContactSheet
from inmind.demo.network import batch
from inmind.diagnosis.codes import actions as codes
from inmind.diagnosis.models import Assessment, CodeRelease, CrosswalkTable, Formulation, Given
from inmind.diagnosis.releases import Release
from inmind.diagnosis.tests.invented import OLD
from inmind.families import actions as families
from inmind.families import queries as family_queries
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import ConsentHolder, Dyad, Episode, Participation, Rota, RotaTurn
from inmind.families.rota import State, Turn
from inmind.foundation import clock
from inmind.foundation.events import InvoiceSettled
from inmind.foundation.identity import new_id
from inmind.foundation.models import asked_again, row_of
from inmind.foundation.values import Age, Period
from inmind.jobs.runner import run_due
from inmind.learning.models import (
    Credit,
    DomainMinutes,
    Meeting,
    Registration,
    Training,
)
from inmind.learning.trainings import actions as trainings
from inmind.learning.trainings import seat_actions as seats
from inmind.learning.trainings.times import Said
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.money import actions as money
from inmind.money.amounts import Item
from inmind.money.models import Invoice, Payment
from inmind.people.models import Organization, Person
from inmind.records import actions as records
from inmind.records.models import Merge, Pair
from inmind.reflection import actions as reflection_actions
from inmind.reflection.finding import Format as ReflectionFormat
from inmind.reflection.finding import Meets as ReflectionMeets
from inmind.reflection.models import Agreement
from inmind.reflection.models import Session as ReflectionSession
from inmind.reflection.sessions import About as ReflectionAbout
from inmind.reflection.sessions import Kind as ReflectionKind
from inmind.screening import actions as screening
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.recorded_actions import OnPaper, correct_result, record_result
from inmind.services.listings.actions import add_listing
from inmind.services.listings.listing import Offers
from inmind.services.models import Listing, Referral
from inmind.services.referrals import actions as referral_actions
from inmind.tasks.models import Task

ZONE = "America/Chicago"
AGENCIES = ("Harbor Family Services", "Prairie Early Years")
_number = count(1)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with an account. `actor` is read anew each time, so that a role that ended is gone from it."""

    account: Account
    agency: Organization | None

    @property
    def person(self) -> Person:
        return self.account.person

    @property
    def actor(self) -> Actor:
        return actor_for(row_of(Account, self.account.pk, "person"), second_factor=True)

    @property
    def client(self) -> Client:
        """A browser that has signed in with both factors."""
        return signed_in(self.account)


@dataclass(frozen=True, slots=True)
class Network:
    """The organizations of an installation, and its administrator."""

    house: Organization
    agencies: tuple[Organization, ...]
    admin: Worker


@dataclass(frozen=True, slots=True)
class Family:
    """A dyad, the episode with the agency that registered it, and who registered it."""

    dyad: Dyad
    episode: Episode
    by: Worker

    @property
    def child(self) -> Person:
        return self.dyad.child

    @property
    def adults(self) -> list[Person]:
        rows = self.episode.participations.filter(part=Participation.Part.ADULT).select_related("person")
        return [row.person for row in rows.order_by("created_at", "pk")]

    @property
    def adult(self) -> Person:
        return self.adults[0]


def make_network(*agencies: str, zone: str = ZONE) -> Network:
    """The one network of a test's database: its house, its administrator and its agencies (two, unless named).

    Called again it answers with what is there, and adds the agencies that are named and missing.
    """
    if not _mark():
        found(
            operator("tests"),
            name="Coastal Network",
            zone=zone,
            username="admin",
            given_name="Robin",
            family_name="Vance",
            address="robin@example.org",
            demo=True,
        )
    (house,), (account,) = _house(), _administrator()
    admin = Worker(account, house)
    there = {one.name: one for one in _agencies()}
    wanted = agencies or tuple(there) or AGENCIES
    for name in wanted:
        if name not in there:
            there[name] = records.add_organization(admin.actor, name=name, zone=zone)
    return Network(house, tuple(there[name] for name in wanted), admin)


# Each builder begins with these, so their statements are made once.


@asked_again
def _mark() -> QuerySet:
    return InstallationMark.objects.all()


@asked_again
def _house() -> QuerySet:
    return Organization.objects.filter(kind=Organization.Kind.NETWORK)


@asked_again
def _administrator() -> QuerySet:
    return Account.objects.select_related("person").filter(username="admin")


@asked_again
def _agencies() -> QuerySet:
    return Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("created_at", "pk")


def make_association(name: str = "Plains Association for Infant Mental Health") -> Organization:
    """The association of a test's network."""
    there = Organization.objects.filter(kind=Organization.Kind.ASSOCIATION, name=name).first()
    admin = make_network().admin.actor
    return there or records.add_organization(admin, name=name, zone=ZONE, kind=Organization.Kind.ASSOCIATION)


def together(work: Callable[[Act], Any]) -> None:
    """Write rows within one action of the operator, for states that no verb leads to yet (an episode that has ended)."""
    batch(operator("tests"), network_key="tests", work=work)


def make_worker(
    role: str = "home_visitor", at: Organization | None = None, name: str = "", *, mail: str | None = None
) -> Worker:
    """A worker with one role, at the first agency unless another is given.

    mail: her safe address; made up when left out, none when empty.
    """
    network = make_network()
    number = next(_number)
    if role in AT_AN_ASSOCIATION:
        organization = at or make_association()
    else:
        organization = at or (network.agencies[0] if role in AT_AN_AGENCY else network.house)
    given, _, family = (name or f"Worker {role.replace('_', ' ').title().replace(' ', '')}{number}").partition(" ")
    account = access.invite(
        network.admin.actor,
        organization=organization,
        given_name=given,
        family_name=family,
        address=f"worker{number}@example.org" if mail is None else mail,
        username=f"worker{number}",
        role=role,
    )
    return Worker(account, organization)


def make_family(
    by: Worker | None = None,
    *,
    child: str = "Mateo Ñúñez",
    age_months: int = 6,
    due_in_days: int | None = None,
    adults: Sequence[str | AdultFacts] = ("María Ñúñez",),
    at: Organization | None = None,
) -> Family:
    """A family registered by a worker (a new home visitor unless one is given) at her own agency.

    child: given and family name; due_in_days: a pregnancy instead. adults: names of mothers, or whole facts.
    """
    worker = by or make_worker(at=at)
    organization = at or worker.agency
    given, _, family_name = child.partition(" ")
    facts = (
        ChildFacts(family_name=family_name, due_date=_today() + timedelta(days=due_in_days))
        if due_in_days is not None
        else ChildFacts(given, family_name, born(age_months=age_months))
    )
    dyad, episode = families.register(
        worker.actor, organization=organization, child=facts, adults=tuple(_adult(one) for one in adults)
    )
    return Family(dyad, episode, worker)


def make_child(*, age_months: int = 18, name: str = "Mateo Ñúñez", by: Worker | None = None) -> Person:
    """A child, never a record alone: the one at the middle of a new family."""
    return make_family(by, child=name, age_months=age_months).child


def make_on_call(at: Organization | None = None, person: Worker | None = None) -> Worker:
    """Somebody who answers for an agency at all hours: a new clinician, unless one is given; named by a supervisor."""
    organization = at or (person.agency if person else None) or make_network().agencies[0]
    clinician = person or make_worker("clinician", organization)
    supervisor = make_worker("agency_supervisor", organization)
    make_rota(organization, at_all_hours(clinician), by=supervisor)
    return clinician


def make_rota(
    organization: Organization, turns: Sequence[Turn], *, by: Worker | None = None, spanish: Sequence[Worker] = ()
) -> Rota:
    """The turns of an agency, over those it had, as its supervisor says them. spanish: who speaks it with families."""
    before = family_queries.rota_of(organization)
    return families.name_on_call(
        (by or make_worker("agency_supervisor", organization)).actor,
        organization=organization,
        turns=tuple(turns),
        speaks=frozenset((worker.person.pk, "es") for worker in spanish),
        over=before.pk if before else None,
    )


def at_all_hours(clinician: Worker, backup: Worker | None = None) -> list[Turn]:
    """Turns in which one clinician is on call day and night."""
    behind = backup.person.pk if backup else None
    return [Turn(time(0), time(0), weekday=day, person=clinician.person.pk, backup=behind) for day in range(7)]


def join_team(family: Family, worker: Worker) -> None:
    """Put a worker of the agency on a family's care team, through its coordinator."""
    coordinator = make_worker("family_service_coordinator", family.episode.organization)
    families.join_team(coordinator.actor, episode=family.episode, worker=worker.person)


def make_screen(
    family: Family | None = None,
    *,
    by: Worker | None = None,
    instrument: str = "epds",
    answers: Mapping[str, int | None] | None = None,
    subject: Person | None = None,
    finished: bool = True,
    on: date | None = None,
    follows: Screen | None = None,
    form: str = "",
) -> Screen:
    """A screen of a family's first adult (or `subject`), or of its child answered by that adult; by the worker who
    registered it.

    answers: item key -> points; all zero when left out. finished False: begun, its answers kept as typed.
    Somebody is named on call when nobody is.
    """
    there = family or make_family(by)
    organization = there.episode.organization
    if family_queries.reading(organization).state is State.NEVER:
        make_on_call(organization)
    chosen = catalog().named(instrument)
    given = calm_answers(instrument) if answers is None else dict(answers)
    actor = (by or there.by).actor
    screen = screening.begin(
        actor,
        episode=there.episode,
        subject=subject or (there.child if chosen.is_about_a_child else there.adult),
        instrument=chosen,
        on=on or clock.today(organization.zone),
        informant=there.adult if chosen.is_about_a_child else None,
        follows=follows,
        form=form,
    )
    if finished:
        return screening.finish(actor, screen=screen, answers=given)
    return screening.answer(actor, screen=screen, answers=given) if given else screen


def make_recorded(
    family: Family | None = None, *, tool: str = "psi4sf", typed: Mapping[str, str] | None = None, **said: Any
) -> RecordedResult:
    """The result of a licensed tool: of a family's first adult, or of its child answered by that adult.

    typed: scale key -> what stands on the form; one number when left out. said: more of what stands there.
    """
    there, chosen = family or make_family(), recorded()[tool]
    is_child = chosen.is_about_a_child
    facts = {"on": clock.today(ZONE), "informant": there.adult if is_child else None, **said}
    return record_result(
        there.by.actor,
        episode=there.episode,
        subject=there.child if is_child else there.adult,
        tool=chosen,
        paper=OnPaper(typed=typed or {chosen.scales[0].key: "41"}, **facts),
    )


def correct_recorded(result: RecordedResult, *, by: Worker, reason: str, **said: Any) -> RecordedResult:
    """What stands there with another first number, or with what is said."""
    chosen = recorded()[result.tool]
    typed = {key: one["value"] for key, one in result.said["scales"].items()}
    facts = {"on": result.on, "form": result.said["form"], "informant": result.informant, "typed": typed}
    if not said:
        facts["typed"] = typed | {chosen.scales[0].key: "42"}
    return correct_result(by.actor, result=result, tool=chosen, paper=OnPaper(**(facts | said)), reason=reason)


def make_crisis(family: Family | None = None, *, by: Worker | None = None) -> tuple[Screen, Task]:
    """A screen whose answer about self-harm needs a person now, everything else left blank; and its red task."""
    screen = make_screen(family, by=by, answers={"epds_10": 1}, finished=False)
    return screen, Task.objects.get(about_id=screen.pk)


def calm_answers(instrument: str = "epds", **points: int | None) -> dict[str, int | None]:
    """Zero points for each item, but for those that are named."""
    return {item.key: 0 for item in catalog().named(instrument).items} | points


def born(*, age_months: int) -> date:
    """A birth date of somebody who has completed so many months today."""
    today = _today()
    day = today - timedelta(days=round(age_months * 30.44))
    while Age.between(day, today).months < age_months:
        day -= timedelta(days=1)
    return day


def correct_birth(family: Family, day: date) -> None:
    """The child's birth date was wrong; what hears of it has run."""
    known = family_queries.named(Person.objects.get(pk=family.child.pk), Dyad.objects.get(pk=family.dyad.pk))
    said = replace(known, birth_date=day)
    families.correct_person(family.by.actor, episode=family.episode, person=family.child, said=said, over=known.mark)
    run_due()


def make_letter(family: Family, template: str = "visit_link", **named: Any) -> Letter:
    """A letter with a link to the first adult of a family, on its way; or another letter, with its `facts`."""
    secret = make_link(family, template.removesuffix("_link"))[1] if template.endswith("_link") else ""
    kept: list[Letter] = []
    said = {"to": family.adults[0], "template": template, "facts": {"secret": secret}} | named
    together(lambda act: kept.append(messages.tell(act, **said)))
    return kept[0]


def make_link(family: Family, purpose: str = "visit", about: Any = None) -> tuple[AdultLink, str]:
    """A link for the first adult of a family, and its secret."""
    made: list[Any] = []
    there = {"person": family.adults[0], "episode": family.episode.pk, "organization": family.episode.organization}
    opens = {"purpose": AdultLink.Purpose(purpose), "about": about}
    together(lambda act: made.extend(adult_links.make(act, **there, **opens)))
    return made[0], made[1]


def make_office_link(purpose: str = "listing", about: Any = None, **said: Any) -> tuple[OfficeLink, str, str]:
    """A link for an office, its secret and its spoken code; sent by the first agency."""
    made: list[Any] = []
    here = {"organization": make_network().agencies[0], "days": 14, "with_code": True} | said
    together(lambda act: made.extend(office_links.make(act, purpose=purpose, about=about or new_id(), **here)))
    return made[0], made[1], made[2]


def make_consent(family: Family, recipient: str, *, about: Person | None = None, **other: Any) -> Consent:
    """That something may be told about one of a family (its first adult): by herself, or by her for the child."""
    person, by, today = about or family.adult, family.adult, _today()
    is_child = person == family.child
    if is_child and not ConsentHolder.objects.filter(holder=by, capacity="parent").exists():
        holder = {"holder": by, "capacity": "parent", "document": "", "since": today - timedelta(days=1)}
        families.note_consent(family.by.actor, episode=family.episode, **holder)
    said: dict[str, Any] = {
        "about": person.pk,
        "about_child": is_child,
        "recipient": recipient,
        "purpose": Purpose.CARE,
        "kinds": frozenset({Kind.SERVED, Kind.WHEREABOUTS, Kind.SAID}),
        "days": Days(today - timedelta(days=300)),
        "given_by": Holder(by.pk, by.name, "parent" if is_child else SELF, None),
        "since": today - timedelta(days=1),
        "until": today + timedelta(days=300),
        "paper": "Blue folder",
        "covered": True,
    }
    there = {"episode": family.episode, "person": person, "language": "en", "interpreter": None, "edition": "1"}
    return families.agree(family.by.actor, agreed=consents.Consent(**said | other), **there)


def make_listing(keeper: Organization | None = None, **said: Any) -> Listing:
    """What somebody offers: a nurse program that answers by mail, unless something else is said."""
    keeper = keeper or Organization.objects.get(name=AGENCIES[0])
    by = make_worker("family_service_coordinator", keeper)
    offers = said.pop("offers", Offers.PROGRAM)
    program = {"program": "nfp"} if offers is Offers.PROGRAM else {}
    known = {"name": "Nurses at home", "provider_name": "Lakeside Nurses", "refer_mail": "intake@lakeside.example"}
    how = said.pop("how", Listing.How.CALL)
    return add_listing(by.actor, keeper=keeper, offers=offers, how=how, **known | program | said)


def make_referral(family: Family, listing: Listing | None = None, *, sent: bool = True, **said: Any) -> Referral:
    """A referral of the first adult of a family, by her consent; drafted only, unless it is sent."""
    listing = listing or make_listing(family.episode.organization)
    about, to_call = said.pop("about", family.adult), said.pop("to_call", family.adult)
    row = referral_actions.draft(
        family.by.actor, episode=family.episode, about=about, to_call=to_call, listing=listing, **said
    )
    if sent:
        make_consent(family, row.recipient, about=about)
        row = referral_actions.send(family.by.actor, referral=row)
    return row


def signed_in(account: Account, **defaults: Any) -> Client:
    """A browser in which this account has signed in with both factors."""
    client = Client(**defaults)
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return client


def on_call_of(organization: Organization) -> RotaTurn:
    """The row that says who answers for an agency on Mondays."""
    return RotaTurn.objects.get(rota__organization=organization, rota__until__isnull=True, weekday=0)


def _adult(one: str | AdultFacts) -> AdultFacts:
    if isinstance(one, AdultFacts):
        return one
    given, _, family_name = one.partition(" ")
    return AdultFacts(given, family_name, "mother")


def _today() -> date:
    return clock.today(ZONE)


# What people have of their profession, where endorsement reads it: stand-ins for what lower rooms know.


def make_goal(worker: Worker, association: Organization | None = None, category: str = "FS") -> Any:
    """That a worker works toward a category with the association of the tests."""
    from inmind.endorsement import actions

    return actions.set_goal(
        worker.actor,
        person=worker.person,
        association=association or make_association(),
        category=category,
        credential="IMH-E",
    )


def make_endorsed(
    worker: Worker, category: str = "FS", *, since: date | None = None, by: Worker | None = None, **said: Any
) -> Any:
    """An endorsement that the association gave a worker, by a decision that its coordinator wrote down."""
    from inmind.endorsement import actions
    from inmind.endorsement.models import Decision, Endorsement, Goal

    coordinator = by or make_worker("association_coordinator")
    assert coordinator.agency is not None
    if not Goal.objects.filter(person=worker.person, association=coordinator.agency).exists():
        make_goal(worker, coordinator.agency)
    facts = {"credential": "IMH-E", "outcome": Decision.Outcome.ENDORSED, "came_from": "letter of March 3"}
    decision = actions.record_decision(
        coordinator.actor,
        association=coordinator.agency,
        person=worker.person,
        category=category,
        on=since or _today(),
        **facts | said,
    )
    return Endorsement.objects.get(decision=decision)


# Reflective supervision


def make_agreement(
    provider: Worker | None = None,
    *held: Worker,
    by: Worker | None = None,
    since: date | None = None,
    yes: bool = True,
    **said: Any,
) -> Agreement:
    """An agreement that stands: a provider and one person, unless more are named; `outside_name` for somebody outside.

    yes: everybody has said so. by: who writes it down, the provider unless it is somebody outside.
    """
    people = held or (make_worker("practitioner"),)
    is_outside = "outside_name" in said
    giver = (
        None if is_outside or said.get("format") is ReflectionFormat.PEER else provider or make_worker("practitioner")
    )
    writer = by or giver or people[0]
    known: dict[str, Any] = {
        "association": make_association(),
        "format": ReflectionFormat.INDIVIDUAL if len(people) == 1 else ReflectionFormat.GROUP,
        "about": ReflectionAbout.DIRECT,
        "meets": ReflectionMeets.VIDEO,
        "since": since or _today() - timedelta(days=200),
        "zone": ZONE,
    }
    persons = tuple(one.person for one in people)
    row = reflection_actions.propose(
        writer.actor, held=persons, provider=giver.person if giver else None, **known | said
    )
    for one in (*people, *((giver,) if giver else ())) if yes else ():
        if one.person.pk != writer.person.pk:
            reflection_actions.answer(one.actor, agreement=row, yes=True)
    return Agreement.objects.get(pk=row.pk)


def make_session(agreement: Agreement, by: Worker, *, days_ago: int = 1, **said: Any) -> ReflectionSession:
    """A session of an agreement, written down by somebody who was in it; everybody who has a place was there."""
    there = frozenset(agreement.places.filter(until=None, declined_on=None).values_list("person", flat=True))
    kinds = {"individual": ReflectionKind.INDIVIDUAL, "group": ReflectionKind.GROUP, "peer": ReflectionKind.PEER}
    known = {
        "on": _today() - timedelta(days=days_ago),
        "minutes": 60,
        "kind": kinds[agreement.format],
        "about": ReflectionAbout(agreement.about),
        "there": there,
    }
    return reflection_actions.log(by.actor, agreement=agreement, **known | said)


# Trainings


def make_training(at: Organization | None = None, *, days: int = 30, by: Worker | None = None, **said: Any) -> Training:
    """A public training of the association, open for registration: one meeting in so many days, nine to noon, free and with as
    many seats as come, unless something else is said. meetings: `times.Said`, instead."""
    coordinator = by or make_worker("association_coordinator", at)
    association = at or coordinator.agency
    assert association is not None
    meetings = said.pop("meetings", None) or [Said(_today() + timedelta(days=days), time(9), time(12))]
    known = {"title": "Holding the baby in mind", "is_public": True, "is_open": True}
    return trainings.add_training(coordinator.actor, association=association, meetings=meetings, **known | said)


def take_seat(training: Training, worker: Worker | None = None) -> Registration:
    """Somebody takes a seat for themselves (a new practitioner unless one is given), or waits for one; the letters have left."""
    person = worker or make_worker("practitioner", training.association)
    row = seats.take_seat(person.actor, training=training)
    run_due()
    return row


# Money


def make_invoice(
    keeper: Worker, payer: Worker | None = None, *, items: Sequence[Item] | None = None, due: int = 30, **said: Any
) -> Invoice:
    """An invoice of sixty dollars to a practitioner, due in so many days, unless something else is said."""
    payers: dict[str, Any] = {"payer": None} if said.get("payer_organization") else {"payer_organization": None}
    if "payer" not in payers:
        payers["payer"] = (payer or make_worker("practitioner", keeper.agency)).person
    return money.bill(
        keeper.actor,
        association=keeper.agency,
        items=items or [Item("Membership", 6000)],
        due_on=_today() + timedelta(due),
        **payers | said,
    )


# Attendance


@dataclass(slots=True)
class Attended:
    """A training of 2.5 hours on a Saturday morning that is over, with those who are registered for it."""

    training: Training
    meeting: Meeting
    by: Worker
    people: list[Worker]


SATURDAY = datetime(2026, 5, 16, 15, tzinfo=UTC)  # 10 a.m. on the clock of ZONE
AFTER = datetime(2026, 5, 16, 20, tzinfo=UTC)


def make_attended(*names: str, at: Organization | None = None, others: int = 0) -> Attended:
    """Registered by name, and so many others; 90 minutes about reflection and 60 about law, credit for one kind of license."""
    by = make_worker("association_coordinator", at)
    people = [make_worker("practitioner", by.agency, name) for name in names]
    people += [make_worker("practitioner", by.agency, f"Other Member{number}") for number in range(others)]
    made: list[Any] = []

    def work(act: Act) -> None:
        training = Training.objects.create(
            association=by.agency, title="Law and policy for home visitors", zone=ZONE, minutes=150, equity_minutes=0
        )
        begins, ends = SATURDAY, SATURDAY + timedelta(minutes=150)
        local = begins.astimezone(ZoneInfo(ZONE))
        meeting = Meeting.objects.create(
            training=training,
            on=local.date(),
            begins=local.time(),
            ends=ends.astimezone(ZoneInfo(ZONE)).time(),
            zone=ZONE,
            starts_at=begins,
            ends_at=ends,
            minutes=150,
        )
        for domain, minutes in (("reflection", 90), ("law_regulation_agency_policy", 60)):
            DomainMinutes.objects.create(training=training, domain=domain, minutes=minutes)
        Credit.objects.create(
            training=training, licence_kind="Social work", hours_hundredths=250, approval="SW-2026-0815"
        )
        for one in people:
            seat = {"training": training, "person": one.person, "state": "registered", "at": act.now}
            Registration.objects.create(**seat)
        made.extend((training, meeting))

    together(work)
    return Attended(made[0], made[1], by, people)


def make_log(*rows: tuple[str, str, str, str]) -> str:
    """A participants' log of that Saturday: name, address, from, to."""
    lines = [f"{name},{mail},05/16/2026 {since},05/16/2026 {until}" for name, mail, since, until in rows]
    return "\n".join(["Name (Original Name),User Email,Join Time,Leave Time", *lines, "Total,,,", ""])


# The association


def make_level(keeper: Worker, **said: Any) -> Level:
    """A level of a coordinator's association: a calendar year for 60 dollars (invented), open to everybody."""
    known = {"name": "Individual", "cents": 6000, "is_open": True}
    return association.keep_level(keeper.actor, association=keeper.agency, **known | said)


def make_member(
    keeper: Worker | None = None, *, until: date | None = None, level: Level | None = None, name: str = "", **said: Any
) -> Member:
    """A member of a coordinator's association, an account by invitation and a year that was paid elsewhere."""
    there = keeper or make_worker("association_coordinator")
    assert there.agency is not None
    worker = make_worker("practitioner", there.agency, name, **said)
    chosen = level or Level.objects.filter(association=there.agency).first() or make_level(there)
    over = until or _today() + timedelta(days=200)
    association.take_in(
        there.actor,
        association=there.agency,
        person=worker.person,
        level=chosen,
        since=min(over, _today()) - timedelta(days=300),
        until=over,
    )
    return Member.objects.select_related("association", "person").get(person=worker.person)


def settle(invoice: Any, *, went_back: bool = False) -> None:
    """An invoice is paid by a check, or that check came back; said of one that is paid, it is announced once more. And those
    who listen have heard."""
    row = Invoice.objects.select_related("association").get(pk=invoice)

    def work(act: Act) -> None:
        day = act.today(row.association.zone)
        if went_back:
            there = Payment.objects.get(entries__invoice=row, returned_on=None)
            money.return_payment(act, payment=there, on=day, why="")
        elif row.cents_owed:
            said = {"method": "check", "reference": str(next(_number)), "received_on": day}
            money.take_payment(act, association=row.association, invoices=[row], cents=row.cents_owed, **said)
        else:
            act.announce(InvoiceSettled(invoice=row.pk))

    together(work)
    run_due()


def client_of(person: Person) -> Client:
    """A browser in which somebody has signed in with both factors."""
    return signed_in(Account.objects.get(person=person))


def actor_of(person: Person) -> Actor:
    """Somebody with an account, signed in with both factors."""
    return actor_for(Account.objects.get(person=person), second_factor=True)


# Moving in from another product


def make_member_export(by: Worker | None = None) -> tuple[ContactSheet, ContactRow]:
    """A member export of which each row was looked at, and one of its rows that waits for a decision."""
    by = by or make_worker("association_coordinator")
    text = (
        "First name,Last name,Membership level,Member since,Renewal due\nAda,Stone,Individual,2024-01-01,2027-01-01\n"
    )
    sheet = moving.begin_moving(by.actor, association=by.agency, name="members.csv", text=text)
    sheet = moving.say_columns(by.actor, sheet=sheet, columns=sheet.columns)
    moving.say_levels(by.actor, sheet=sheet, levels={})
    run_due()
    return ContactSheet.objects.get(pk=sheet.pk), ContactRow.objects.get(sheet=sheet)


# Two records of one person


def merge(stays: Person, gone: Person) -> Merge:
    """Two records that turn out to be one person, put together by a data steward."""
    one, other = sorted((stays, gone), key=lambda person: person.pk)
    together(lambda act: Pair.objects.get_or_create(one=one, other=other, defaults={"points": 9, "reasons": "mail"}))
    steward = make_worker("data_steward").actor
    return records.merge(steward, pair=Pair.objects.get(one=one, other=other), stays=stays, chosen={})


# Formulations


def make_assessment(family: Family | None = None, *, by: Worker | None = None, **said: Any) -> Any:
    """An assessment of a family's child, opened by a clinician of its care team (who registered it, unless one is given)."""
    from inmind.diagnosis import actions

    there = family or make_family(by or make_worker("clinician"), age_months=30)
    return actions.open_assessment((by or there.by).actor, episode=there.episode, **said)


def make_draft(assessment: Any, *, by: Worker, primary: Sequence[Person], **parts: Any) -> dict[str, int]:
    """A draft that lacks nothing: assessed today, no diagnosis, each of `primary` rated, one environment. parts: others by
    name (`head`, `one`, `three`, `four`, `five`, `culture`). What was read of it, as it is signed."""
    from inmind.diagnosis import actions, queries, writing
    from inmind.diagnosis.adapters.catalog import manual
    from inmind.diagnosis.formulation import Competence, Environment, Part, Relationship

    ids = frozenset(one.pk for one in primary)
    even = {one.key: manual().ratings[1].key for one in manual().domains}
    said = {
        "head": writing.Head(list(manual().editions)[-1], _today(), ids, "He laughs with his whole body."),
        "one": writing.One(no_diagnosis=True),
        "five": Competence(even, "Even across domains."),
        **parts,
    }
    now = {name: row.version for name, row in queries.parts_of(assessment).items()}
    there = {"assessment": assessment}
    for name, part in said.items():
        key = Part(name)
        actions.keep_draft(by.actor, part=key, content=writing.written(part), seen=now.get(name, 0), **there)
    for one in primary:
        content = writing.written(Relationship(one.pk, 2, strengths="They play on the floor."))
        seen = now.get(f"with:{one.pk}", 0)
        actions.rate_relationships(by.actor, caregiver=one, content=content, seen=seen, **there)
    if "place:1" not in now:
        place = writing.written(Environment("At home", ids, 2))
        actions.rate_relationships(by.actor, environment=1, content=place, seen=0, **there)
    return {name: row.version for name, row in queries.parts_of(assessment).items()}


def make_formulation(family: Family | None = None, *, by: Worker | None = None, **said: Any) -> Any:
    """A signed version: of a family's child with its first adult, without a diagnosis unless `one` says otherwise."""
    from inmind.diagnosis import actions

    clinician = by or (family.by if family else make_worker("clinician"))
    there = family or make_family(clinician, age_months=30)
    assessment = make_assessment(there, by=clinician)
    signing = {name: said.pop(name) for name in ("signed_as", "why_new", "cosigner") if name in said}
    primary = said.pop("primary", [there.adult])
    seen = make_draft(assessment, by=clinician, primary=primary, **said)
    if Formulation.objects.filter(episode=there.episode).exists():
        signing.setdefault("why_new", "Three months have passed.")
    facts = {"signed_as": "Ph.D., IMH-E", **signing}
    return actions.sign(clinician.actor, assessment=assessment, seen=seen, **facts)


# The code that a claim may carry: releases and tables in invented codes, and versions that were signed


def make_release(release: Release | None = None) -> CodeRelease:
    """An invented release of ICD-10-CM; unless one is given, OLD, of which nobody knows when it ends."""
    release = release or Release(OLD.name, Period(OLD.period.since), OLD.codes)
    mark = f"{release.name}-{release.period.since}"
    return codes.load_release(operator("tests"), release=release, file=f"{release.name}.xml", sha256=mark)


def make_table(*rows: str, **said: Any) -> CrosswalkTable:
    """A state's table for all payers. rows: disorder, code, kind, parent, when, as CSV. A release is loaded, where none is."""
    if not CodeRelease.objects.exists():
        make_release()
    facts = {"publisher": "State Medicaid", "edition": "2026", "since": date(2025, 10, 1), **said}
    text = "disorder,code,kind,parent,when\n" + "".join(f"{row}{',' * (4 - row.count(','))}\n" for row in rows)
    return codes.load_table(operator("tests"), table=text, **facts)


def make_coded(family: Family, *given: Mapping[str, Any], by: Worker | None = None, **said: Any) -> Formulation:
    """A signed version by a clinician of the care team. given: its diagnoses, each by its columns."""
    from inmind.diagnosis import queries, writing

    clinician = by or make_worker("clinician", family.by.agency)
    if by is None:
        join_team(family, clinician)
    number = Formulation.objects.filter(episode=family.episode).count() + 1
    made: list[Formulation] = []

    def work(act: Act) -> None:
        assessment, _there = Assessment.objects.get_or_create(
            episode=family.episode, closed_on=None, defaults={"opened_on": _today(), "by": clinician.person}
        )
        facts = {
            "episode": family.episode,
            "assessment": assessment,
            "number": number,
            "edition": "dc-0-5-2",
            "assessed_on": _today(),
            "content": writing.signed(_whole(family, given)),
            "signed_by": clinician.person,
            "signer": clinician.person.pk,
            "signed_as": "LCSW",
            "signed_at": act.now,
            **said,
        }
        row = Formulation(**facts)
        row.mark = queries.mark_of(row, [])
        row.save()
        made.append(row)
        for one in given:
            Given.objects.create(formulation=row, **{"certainty": "confirmed", **one})

    together(work)
    return made[0]


def _whole(family: Family, given: Iterable[Mapping[str, Any]]) -> Any:
    """What a version says that gives these diagnoses, each by its columns, and nothing else."""
    from inmind.diagnosis.crosswalk import KindOfParent
    from inmind.diagnosis.formulation import Certainty, Diagnosis
    from inmind.diagnosis.formulation import Formulation as Whole

    def said(one: Mapping[str, Any]) -> Diagnosis:
        caregiver, parent = one.get("caregiver"), one.get("parent")
        return Diagnosis(
            one["disorder"],
            Certainty(one.get("certainty", "confirmed")),
            "Seen over three visits.",
            looked_up=True,
            caregiver=caregiver.pk if caregiver else None,
            parent=KindOfParent(parent) if parent else None,
            kind=one.get("kind", ""),
        )

    born = family.dyad.birth_date
    assert born is not None
    return Whole("dc-0-5-2", born, _today(), frozenset(), tuple(said(one) for one in given))
