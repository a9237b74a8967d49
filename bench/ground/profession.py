"""An association of any size, made in bulk: its members, and what they have learned and in whose reflection they were held."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from inmind.access import actions as access
from inmind.access.actors import operator
from inmind.access.models import Account
from inmind.association.models import Belonging, Level, Member, Membership
from inmind.association.moving.models import Label
from inmind.demo.network import batch
from inmind.families.invented import FAMILY, GIVEN
from inmind.foundation import clock, text
from inmind.foundation.models import insert, keep_together
from inmind.learning.models import Attendance, DomainMinutes, Meeting, Training
from inmind.people.models import Contact, NameToken, Organization, Person
from inmind.reflection.models import Agreement, Presence, Seat, Session
from tests import make

ZONE = "America/Chicago"
AT_ONCE = 2_000  # members in one action
LABEL = "Policy"
RARE = "Qvistgaard"  # the family name of one member alone
TRAININGS, SESSIONS, IN_A_GROUP = 10, 12, 6
HOUR = 60


def stretches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def together(work: Callable[[Any], None]) -> None:
    batch(operator("bench"), network_key="bench", work=work)


def association(members: int, name: str = "") -> tuple[Organization, Account]:
    """An association with so many members, and its coordinator. One in ten is in grace, one in five has lapsed; half are of
    each level, and a third work at one of twenty agencies. Letters reach seven of ten, and one in twenty has a label. The
    same each time."""
    chance, there = random.Random(7), Organization(name=name or f"Bench {members:,}", kind="association", zone=ZONE)
    levels = [Level(association=there, key=f"l{n}", name=f"Level {n}", cents=6000, grace_days=60) for n in range(2)]
    agencies = [Organization(name=f"{there.name} agency {n}", kind="agency", zone=ZONE) for n in range(20)]
    together(lambda _act: keep_together([there, *agencies, *levels]))
    today = clock.today(ZONE)
    for some in stretches(range(members), AT_ONCE):
        together(lambda _act, some=some: _members(chance, there, levels, agencies, some, today))  # type: ignore[misc]
    admin = make.make_network().admin.actor
    said = {
        "given_name": "Robin",
        "family_name": "Keeper",
        "address": "",
        "username": "".join(filter(str.isalnum, text.folded(there.name))),
    }
    keeper = access.invite(admin, organization=there, role="association_coordinator", **said)
    return there, keeper


def _members(
    chance: random.Random,
    there: Organization,
    levels: Sequence[Level],
    agencies: Sequence[Organization],
    some: Sequence[int],
    today: date,
) -> None:
    rows: list[Any] = []
    tokens: list[NameToken] = []
    for number in some:
        person = Person(given_name=chance.choice(GIVEN), family_name=RARE if number == 500 else _family(chance))
        level = chance.choice(levels)
        until = today + timedelta(days=chance.randrange(1, 365))
        if number % 10 == 0:
            until = today - timedelta(days=chance.randrange(1, 50))
        elif number % 5 == 1:
            until = today - timedelta(days=chance.randrange(70, 900))
        since, ends = until - timedelta(days=365), until + timedelta(days=level.grace_days)
        sorts_as = Member.sorted_as(person.given_name, person.family_name)
        member = Member(association=there, person=person, level=level, paid_until=until, counts_until=ends)
        member.sorts_as, member.joined_on = sorts_as, since
        bought = Membership(association=there, person=person, level=level, since=since, until=until, cents=6000)
        bought.grace_days, bought.settled_on = level.grace_days, since
        rows += [person, member, bought]
        if number % 3 == 0:
            rows.append(Belonging(member=member, agency=chance.choice(agencies), since=since))
        if number % 10 < 9:
            mail = f"m{number}@bench.example"
            rows.append(Contact(person=person, channel="mail", address=mail, safe=True if number % 10 < 7 else None))
        if number % 20 == 0:
            rows.append(Label(association=there, person=person, said=LABEL))
        tokens += NameToken.of(person, there)
    keep_together(rows)
    insert(tokens)


def _family(chance: random.Random) -> str:
    """One of the common ones, or one of some thousands."""
    if chance.random() < 0.5:
        return chance.choice(FAMILY)
    syllables = (chance.choice("bdfghklmnprstvz") + chance.choice("aeiou") for _ in range(3))
    return "".join(syllables).title()


def people_of(there: Organization) -> list[UUID]:
    return list(Member.objects.filter(association=there).order_by("pk").values_list("person", flat=True))


# What came of it


def learned_and_held(
    there: Organization, people: Sequence[UUID], *, trainings: int = TRAININGS, sessions: int = SESSIONS
) -> None:
    """Each of these people was at so many trainings, and in so many sessions of a group of six."""
    days = [clock.today(ZONE) - timedelta(days=20 * number + 10) for number in range(max(trainings, sessions))]
    meetings = list(_meetings(there, days[:trainings]))
    for some in stretches(people, AT_ONCE - AT_ONCE % IN_A_GROUP):
        together(lambda _act, some=some: _learned(meetings, some))  # type: ignore[misc]
        together(lambda _act, some=some: _held(there, some, days[:sessions]))  # type: ignore[misc]


def _meetings(there: Organization, days: Sequence[date]) -> Iterator[Meeting]:
    for number, on in enumerate(days):
        begins = datetime.combine(on, time(15), UTC)
        span = {"starts_at": begins, "ends_at": begins + timedelta(hours=3)}
        title = f"Holding the baby in mind {number}"
        training = Training(association=there, title=title, zone=ZONE, minutes=3 * HOUR, is_public=True, **span)
        training.equity_minutes = HOUR if number % 3 == 0 else 0
        clock_time = {"begins": time(9), "ends": time(12), "zone": ZONE}
        meeting = Meeting(training=training, on=on, minutes=3 * HOUR, **clock_time, **span)
        areas = [
            DomainMinutes(training=training, domain=domain, minutes=90)
            for domain in ("reflection", "law_regulation_agency_policy")
        ]
        together(lambda _act, rows=(training, meeting, *areas): keep_together(rows))  # type: ignore[misc]
        yield meeting


def _learned(meetings: Sequence[Meeting], people: Sequence[UUID]) -> None:
    said = {"how": "seen", "minutes": 3 * HOUR, "present": 3 * HOUR, "of": 3 * HOUR}
    keep_together(Attendance(meeting=meeting, person_id=person, **said) for person in people for meeting in meetings)


def _held(there: Organization, people: Sequence[UUID], days: Sequence[date]) -> None:
    """The first of each group holds the others."""
    rows: list[Any] = []
    now = clock.now()
    for group in stretches(people, IN_A_GROUP):
        giver, *held = group
        kept = {"format": "group", "about": "direct", "meets": "video", "provider_id": giver, "asked_by_id": giver}
        agreement = Agreement(association=there, since=days[-1], zone=ZONE, provider_said_on=days[-1], **kept)
        rows.append(agreement)
        rows += [Seat(agreement=agreement, person_id=one, since=days[-1], said_on=days[-1]) for one in held]
        for on in days:
            hour = {"on": on, "minutes": HOUR, "kind": "group", "about": "direct"}
            session = Session(agreement=agreement, provider_id=giver, logged_by_id=giver, **hour)
            session.provider_holds, session.holds_by, session.giver_said_at = "FRS master", "house", now
            rows.append(session)
            rows += [Presence(session=session, person_id=one, said_at=now) for one in held]
    keep_together(rows)
