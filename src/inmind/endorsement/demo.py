"""The profession's part of a demonstration: an association of some forty members, who pay, learn, and are held.

Everything is told as of today, over the months since the demonstration's people came together. All people, fees and letters are
invented. The board's story is made of the same pieces (`story.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from inmind.access import actions as access
from inmind.access.actors import Actor
from inmind.access.models import Account
from inmind.association import actions as association
from inmind.association.directory import Audience
from inmind.association.models import Bundle, Level, Member
from inmind.association.moving import sample
from inmind.endorsement import actions
from inmind.endorsement.models import Decision, Endorsement
from inmind.foundation import clock
from inmind.jobs import runner
from inmind.learning.attendance import actions as attendance
from inmind.learning.certificates import actions as certificates
from inmind.learning.models import Training
from inmind.learning.trainings import actions as trainings
from inmind.learning.trainings import seat_actions
from inmind.learning.trainings.times import Said
from inmind.money import actions as money
from inmind.money.models import Invoice, Method
from inmind.people.models import Contact, Organization, Person
from inmind.records import actions as records
from inmind.reflection import actions as reflection
from inmind.reflection.finding import Format, Meets
from inmind.reflection.models import Agreement
from inmind.reflection.queries import waits_for
from inmind.reflection.sessions import About, Kind

NAME = "Plains Association for Infant Mental Health"
COORDINATOR = ("marisol", "Marisol", "Quiñones", "association_coordinator")
# As the sample export calls them; the fees are invented.
LEVELS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("Individual", 6000, {"name_es": "Individual", "is_open": True}),
    ("Student", 2000, {"name_es": "Estudiante", "is_open": True}),
    ("Agency of twelve", 60000, {"name_es": "Agencia de doce", "for_agencies": True, "seats": 12}),
)


NAMES = (
    400,
    41,
    887,
)  # of the invented names: the first beyond those in the sample, and how the others are drawn from there


# The pieces


def name_of(place: int) -> tuple[str, str]:
    """The name of the member at this place, among those who have no part of their own."""
    first, step, of = NAMES
    return sample.name_of(first + place * step % of)


def invited(by: Actor, home: Organization, username: str, given: str, family: str, role: str) -> Account:
    return access.invite(
        by,
        organization=home,
        given_name=given,
        family_name=family,
        address=f"{username}@example.org",
        username=username,
        role=role,
    )


def username_of(place: int) -> str:
    """Under what the same member signs in."""
    return f"member{place + 1}"


def endorsed(by: Actor, home: Organization, person: Person, categories: Iterable[str], on: date) -> None:
    """An association endorsed somebody for each of these categories, as its coordinator writes down."""
    for category in categories:
        actions.record_decision(
            by,
            association=home,
            person=person,
            category=category,
            credential="IMH-E",
            outcome=Decision.Outcome.ENDORSED,
            on=on,
            came_from=f"Letter of {on:%B} {on.day}, {on.year}",
            degree="master",
        )


def agreed(
    giver: Actor, home: Organization, held: Collection[tuple[Actor, Person]], since: date, **said: Any
) -> Agreement:
    """Somebody holds these people, by video; each of them has said yes."""
    known: dict[str, Any] = {"format": Format.GROUP, "about": About.DIRECT, "minutes": 60}
    row = reflection.propose(
        giver,
        association=home,
        meets=Meets.VIDEO,
        since=since,
        held=[person for _actor, person in held],
        languages=frozenset({"en"}),
        **known | said,
    )
    for actor, _person in held:
        if actor.person != giver.person:
            reflection.answer(actor, agreement=row, yes=True)
    return row


def met(giver: Actor, row: Agreement, on: date, there: Collection[UUID], minutes: int = 60) -> Any:
    """A session, as whoever gave it writes it down."""
    kind = Kind.INDIVIDUAL if row.format == Format.INDIVIDUAL else Kind.GROUP
    about = About(row.about)
    return reflection.log(giver, agreement=row, on=on, minutes=minutes, kind=kind, about=about, there=frozenset(there))


def announced(
    by: Actor,
    home: Organization,
    title: str,
    day: date,
    hours: tuple[time, time],
    domains: Mapping[str, int],
    coming: Iterable[Actor],
    **said: Any,
) -> Training:
    """A training by video, open to all, and who takes a seat."""
    known: dict[str, Any] = {"is_public": True, "is_open": True}
    row = trainings.add_training(
        by, association=home, title=title, meetings=[Said(day, *hours)], domains=domains, **known | said
    )
    for one in coming:
        seat_actions.take_seat(one, training=Training.objects.get(pk=row.pk))
    return row


def all_came(by: Actor, row: Training, people: Iterable[Person], minutes: int) -> None:
    """Everybody stayed to the end, as the coordinator writes down; certificates are made."""
    for person in people:
        attendance.enter(by, meeting=row.meetings.get(), person=person, minutes=minutes)
    certificates.begin(by, training=row)


def says_of_oneself(
    by: Actor, person: Person, home: Organization, *, works: tuple[date, str], rated: Iterable[date]
) -> None:
    """What nobody but a specialist knows, said once; and toward what they work. rated: when each reference came."""
    for fact, answer in (("degree", "bachelor"), ("ethics_signed", "yes"), ("agreement_signed", "yes")):
        actions.say(by, person=person, fact=fact, answer=answer)
    since, place = works
    actions.say_work(by, person=person, of="paid_work", since=since, until=None, place=place)
    for on, roles in zip(rated, (["current_supervisor"], ["rsc_provider", "endorsed"], ["colleague"]), strict=True):
        actions.note_rating(by, person=person, on=on, roles=roles, unknown_answers=0)
    actions.set_goal(by, person=person, association=home, category="FS", credential="IMH-E")


# A demonstration without a story

PRACTITIONER = ("noor", "Noor", "Siddiqui", "practitioner")
PROVIDER = ("vera", "Vera", "Lindgren", "practitioner")
# Agencies that pay: name, purchase order, where the link goes. The first has paid.
HARBOR = ("Harbor Family Services", "HFS-2207", "office@harbor.example")
PRAIRIE = ("Prairie Early Years", "PEY-88", "accounts@prairie.example")
OTHERS, BY_AGENCY = 40, 8  # members beside these two; those of them for whom the first agency pays
# How many days from today the membership of others is paid for: some are in grace, some have lapsed.
PAID_FOR = (-8, -21, -33, -47, -95, -140, -260, *range(14, 236, 10))
STUDENTS = 5  # every so-manieth is one
GRACE_DAYS = 60
FIRST_DAY = 118  # days ago
GROUP = 3  # others in the group of the practitioner
# Trainings that are over: days ago, hours, title, the area that they are about.
OVER = (
    (75, 6, "How babies tell us what they need", "theoretical_foundations"),
    (33, 5, "Watching, wondering, waiting", "direct_service_skills"),
)
LAST = (3, 2, "When a family and a helper disagree", "working_with_others")  # nobody has written down yet who was there
# Those to come: days from now, hours, title, area, what a seat costs a member and another, how many seats.
AHEAD: tuple[tuple[int, int, str, str, dict[str, Any]], ...] = (
    (12, 1, "What the law asks of a home visitor", "law_regulation_agency_policy", {}),
    (40, 6, "Serving families together", "systems_expertise", {"cents_member": 4500, "cents_other": 6500, "seats": 3}),
)
ALONE = 12  # sessions of an hour and a half that the practitioner had alone
HOLDS_BACK = 2  # sessions of the group that wait for the practitioner
EVERY = 16  # days between two sessions of the group


@dataclass(slots=True)
class _Stage:
    """An association as it is made: the network that it is in, its organization, and the day that is today."""

    network: Any
    home: Organization
    today: date
    groups: dict[str, Agreement] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        found: Actor = self.network.actor(username)
        return found

    def person(self, username: str) -> Person:
        found: Person = self.network.accounts[username].person
        return found

    def before(self, days: int) -> date:
        return self.today - timedelta(days=days)


def make(network: Any, *, size: int, seed: int, said: Callable[[int, int, str], None]) -> None:
    """The association, the same whatever the size of the network. Its letters leave on the days on which they were written."""
    stage = _Stage(network, network.house, clock.today(network.house.zone))
    scenes: list[tuple[int, Callable[..., object], tuple[Any, ...]]] = [
        (FIRST_DAY, _found, ()),
        (FIRST_DAY - 1, _members, ()),
        (FIRST_DAY - 2, _has_paid, ()),
        (FIRST_DAY - 3, _agreements, ()),
        *((one[0] + 20, _gives, one) for one in OVER),
        *((one[0] - 1, _were_there, one) for one in OVER),
        (25, _is_to_give, ()),
        (22, _will_pay, ()),
        (12, _says, ()),
        (1, _meets_and_owes, ()),
    ]
    for place, (days, play, given) in enumerate(sorted(scenes, key=lambda one: -one[0]), start=1):
        with clock.at(clock.now() - timedelta(days=days)):
            play(stage, *given)
            runner.run_due("demo")
        said(place * (OTHERS + 2) // len(scenes), OTHERS + 2, "members")


def _found(stage: _Stage) -> None:
    """The association is the house itself, where it is one; else one more organization of the network."""
    admin = stage.actor("admin")
    if stage.home.kind != Organization.Kind.ASSOCIATION:
        kind = Organization.Kind.ASSOCIATION
        stage.home = records.add_organization(admin, name=NAME, zone=stage.home.zone, kind=kind)
    stage.network.accounts["marisol"] = invited(admin, stage.home, *COORDINATOR)
    for name, cents, said in LEVELS:
        rule = {"rule": "anniversary", "grace_days": GRACE_DAYS}
        association.keep_level(stage.actor("marisol"), association=stage.home, name=name, cents=cents, **rule | said)
    for one in (PRACTITIONER, PROVIDER):
        stage.network.accounts[one[0]] = invited(stage.actor("marisol"), stage.home, *one)


def _members(stage: _Stage) -> None:
    """Those who are paid for to some day; invited and taken in at one stroke, as from another product."""
    network, home = stage.network, stage.home
    levels = {one.name: one for one in Level.objects.filter(association=home)}
    individual, student = levels["Individual"], levels["Student"]
    paid = [(PRACTITIONER[0], 160), (PROVIDER[0], 205)]
    paid += [(username_of(place), days) for place, days in enumerate(PAID_FOR)]

    def take_in(act: Any) -> None:
        for place in range(OTHERS):
            username, (given, family) = username_of(place), name_of(place)
            name = {"given_name": given, "family_name": family, "username": username}
            account = access.invite(act, organization=home, address="", role="practitioner", **name)
            network.accounts[username] = account
            mail = f"{username}@example.org"
            records.keep_contact(act, person=account.person, channel=Contact.Channel.MAIL, address=mail, safe=True)
        by = network.on_behalf(act, stage.actor("marisol"))
        for place, (username, days) in enumerate(paid):
            until = stage.today + timedelta(days=days)
            association.take_in(
                by,
                association=home,
                person=stage.person(username),
                level=student if place % STUDENTS == STUDENTS - 1 else individual,
                since=until - timedelta(days=365),
                until=until,
            )

    network.together(take_in)
    for place in (8, 12, 17):
        association.keep_entry(
            stage.actor(username_of(place)),
            member=Member.objects.get(association=home, person=stage.person(username_of(place))),
            audience=Audience.PUBLIC if place % 2 else Audience.MEMBERS,
            shows=["city", "languages"],
            city=("Lincoln", "Kearney", "Omaha")[place % 3],
            languages=["en", "es"][: 1 + place % 2],
        )


def _has_paid(stage: _Stage) -> None:
    """An agency pays by check for twelve, and gives places to those who work there: so far not all of them."""
    here = ["luz"] if "luz" in stage.network.accounts else []
    bundle = _buys(stage, HARBOR, [*map(username_of, range(len(PAID_FOR), len(PAID_FOR) + BY_AGENCY)), *here])
    _checks(stage.actor("marisol"), Invoice.objects.get(pk=bundle.invoice), "20441")


def _will_pay(stage: _Stage) -> None:
    """Another has its bill, and has not paid it yet."""
    _buys(stage, PRAIRIE, map(username_of, range(len(PAID_FOR) + BY_AGENCY, OTHERS)))


def _buys(stage: _Stage, agency: tuple[str, str, str], names: Iterable[str]) -> Bundle:
    marisol, (name, number, mail) = stage.actor("marisol"), agency
    bundle = association.sell_places(
        marisol,
        association=stage.home,
        agency=name,
        level=Level.objects.get(association=stage.home, for_agencies=True),
        places=12,
        mail=mail,
        purchase_order=number,
    )
    for username in names:
        person = stage.person(username)
        words = {"given_name": person.given_name, "family_name": person.family_name}
        association.give_place(marisol, bundle=bundle, mail=f"{username}@example.org", **words)
    return bundle


def _checks(by: Actor, invoice: Invoice, number: str) -> None:
    """A check came for an invoice, today."""
    money.take_payment(
        by,
        association=invoice.association,
        invoices=[invoice],
        cents=invoice.cents_owed,
        method=Method.CHECK,
        reference=number,
        received_on=clock.today(invoice.association.zone),
    )


def _agreements(stage: _Stage) -> None:
    """Vera is endorsed to give. She holds Noor alone for more than a year, and a group with Noor in it; somebody outside holds
    her, about the supervision that she gives."""
    vera, noor, home = stage.actor("vera"), stage.actor("noor"), stage.home
    endorsed(stage.actor("marisol"), home, stage.person("vera"), ("MHM-C", "ERS"), stage.before(1100))
    actions.show_in_registry(vera, endorsement=Endorsement.objects.get(category="MHM-C"), shown=True)
    one = [(noor, stage.person("noor"))]
    some = [(stage.actor(name), stage.person(name)) for name in _in_group(stage)]
    stage.groups["alone"] = agreed(
        *(vera, home, one, stage.before(430)), provider=stage.person("vera"), format=Format.INDIVIDUAL, minutes=90
    )
    stage.groups["group"] = agreed(vera, home, [*one, *some], stage.before(116), provider=stage.person("vera"), seats=6)
    stage.groups["outside"] = agreed(
        *(vera, home, [(vera, stage.person("vera"))], stage.before(200)),
        outside_name="Ada Lund",
        outside_mail="ada@lund.example",
        outside_holds=frozenset({"MHM-C"}),
        format=Format.INDIVIDUAL,
        about=About.RSC_GIVEN,
    )
    held = {stage.person("noor").pk}
    for number in range(ALONE):
        met(vera, stage.groups["alone"], stage.before(425 - 25 * number), held, minutes=90)
    _confirms(noor)


def _in_group(stage: _Stage) -> list[str]:
    others = [username_of(place) for place in range(len(PAID_FOR) - GROUP, len(PAID_FOR))]
    return [*others, *(["luz"] if "luz" in stage.network.accounts else [])]


def _confirms(by: Actor) -> None:
    """A month with one tap: all that waits for somebody."""
    assert by.person is not None
    reflection.confirm_all(by, ids=frozenset(row.pk for row in waits_for(by.person)))


def _gives(stage: _Stage, days: int, hours: int, title: str, area: str, **said: Any) -> Training:
    """A training, so many days before today, and who will come."""
    coming = [stage.actor(name) for name in _comes(stage, title)]
    length = (time(9), time(9 + hours))
    to = (stage.actor("marisol"), stage.home, title, stage.before(days), length, {area: hours * 60}, coming)
    return announced(*to, **said)


def _were_there(stage: _Stage, days: int, hours: int, title: str, area: str) -> None:
    row = Training.objects.get(title=title)
    all_came(stage.actor("marisol"), row, [stage.person(name) for name in _comes(stage, title)], hours * 60)


def _comes(stage: _Stage, title: str) -> list[str]:
    """Noor comes to what is over, and has not yet taken a seat in what is to come."""
    others = [username_of(place) for place in range(8 + len(title) % 5, 12 + len(title) % 5)]
    return others if title in [one[2] for one in AHEAD] else [PRACTITIONER[0], *others]


def _is_to_give(stage: _Stage) -> None:
    _gives(stage, *LAST)
    for days, hours, title, area, said in AHEAD:
        _gives(stage, -days, hours, title, area, **said)


def _says(stage: _Stage) -> None:
    """What Noor says of herself, once; and toward what she works."""
    rated = [stage.before(days) for days in (60, 40, 20)]
    works = (date(stage.today.year - 4, 5, 1), HARBOR[0])
    says_of_oneself(stage.actor("noor"), stage.person("noor"), stage.home, works=works, rated=rated)


def _meets_and_owes(stage: _Stage) -> None:
    """The group has met all along, and its last sessions wait for Noor. Some who are in grace have asked for the next year; one
    has paid for it, and one seat is paid."""
    vera, marisol = stage.actor("vera"), stage.actor("marisol")
    held = [PRACTITIONER[0], *_in_group(stage)]
    days = range(112, 1, -EVERY)
    for place, before in enumerate(days):
        if len(days) - place == HOLDS_BACK:
            for username in held:
                _confirms(stage.actor(username))
        met(vera, stage.groups["group"], stage.before(before), {stage.person(username).pk for username in held})
    for username in held[1:GROUP]:
        _confirms(stage.actor(username))
    for before in (90, 60, 30):
        met(vera, stage.groups["outside"], stage.before(before), {stage.person("vera").pk})
    members = {one.person_id: one for one in Member.objects.filter(association=stage.home)}
    for place in (0, 1):
        row = members[stage.person(username_of(place)).pk]
        bought = association.renew(stage.actor(username_of(place)), member=row, level=row.level)
        if place == 0:
            _checks(marisol, Invoice.objects.get(pk=bought.invoice), "388")
