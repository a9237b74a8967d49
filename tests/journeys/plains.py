"""An association on its first day, where no family is kept, for the stories of the profession: made once, then copied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.journeys.harbor import ZONE, kept_by
from tests.journeys.installation import House

PLAINS = "Plains Association for Infant Mental Health"
COORDINATOR, MEMBERS = "Marisol", ("Luz", "Noor", "Ana")
BEGIN = """
from inmind import cli
cli.set_up()
from tests.journeys import plains
plains.first_day()
"""


GROUND = """
import sys
from inmind import cli
cli.set_up()
from tests.journeys import plains
getattr(plains, sys.argv[1])(plains.everybody())
"""
COAST = "Coast Association for Infant Mental Health"
TAKEN_UP = """title: Which rules we go by
edition: '1'
date: 2026-01-01
association: {name}
renewal: {renewal}
days:
- {{category: FS, edition: '{edition}', since: 2020-01-01}}
"""


def plains_begins(house: House) -> dict[str, Any]:
    """Robin invites Marisol, who keeps the association and invites its members. What their browsers keep."""
    said = ("--profile", "association", "--name", PLAINS, "--state", "NE", "--zone", ZONE)
    house.begin(*said, "--admin-name", "Robin Vance")
    return kept_by(json.loads(house.does(BEGIN)))


def first_day() -> None:
    """Inside the house: its people, and by name the session of each. Their invitations have left already."""
    from django.test.utils import setup_test_environment

    from inmind.access import actions
    from inmind.access.models import Account
    from inmind.access.queries import actor_for
    from inmind.access.tests import coming_in
    from inmind.jobs import runner
    from inmind.people.models import Organization

    setup_test_environment()
    home = Organization.objects.get()
    accounts = {"Robin": Account.objects.get()}
    for name in (COORDINATOR, *MEMBERS):
        giver = accounts.get(COORDINATOR, accounts["Robin"])
        accounts[name] = actions.invite(
            actor_for(giver, second_factor=True),
            organization=home,
            given_name=name,
            family_name="Example",
            address=f"{name.lower()}@example.org",
            username="",
            role="association_coordinator" if name == COORDINATOR else "practitioner",
        )
    runner.run_due()
    clients = {name: coming_in.enrolled(coming_in.with_password(account)) for name, account in accounts.items()}
    print(json.dumps({name: client.session.session_key for name, client in clients.items()}))


@dataclass(frozen=True, slots=True)
class Somebody:
    """Inside the house: who has an account there, and the association that they belong to."""

    account: Any
    home: Any

    @property
    def person(self) -> Any:
        return self.account.person

    @property
    def actor(self) -> Any:
        from inmind.access.queries import actor_for

        return actor_for(self.account, second_factor=True)


def lay(house: House, ground: str) -> None:
    """Make in this house what a story begins with: a function of this module, below."""
    house.does(GROUND, ground)


def everybody() -> dict[str, Any]:
    """Inside the house: its people by name."""
    from inmind.access.models import Account
    from inmind.people.models import Organization

    home = Organization.objects.get(kind="association")
    return {one.person.given_name: Somebody(one, home) for one in Account.objects.select_related("person")}


def places_for_twelve(people: dict[str, Any]) -> None:
    """A level that agencies buy for twelve people at once; the fee is invented."""
    from inmind.association import actions

    actions.keep_level(
        people[COORDINATOR].actor,
        association=people[COORDINATOR].home,
        name="Agency of twelve",
        cents=60000,
        rule="anniversary",
        for_agencies=True,
        seats=12,
    )


def nine_more(people: dict[str, Any]) -> None:
    """The places that are left go to nine more people of that agency."""
    from inmind.association import actions
    from inmind.association.models import Bundle

    for number in range(9):
        actions.give_place(
            people[COORDINATOR].actor,
            bundle=Bundle.objects.get(),
            given_name=f"Worker{number + 1}",
            family_name="Harbor",
            mail=f"worker{number + 1}@harbor.example",
        )


def held_by_ana(people: dict[str, Any]) -> None:
    """Ana holds Luz, one to one, since four weeks ago."""
    _holds(people["Ana"], people["Luz"], days=28)


def a_mentor(people: dict[str, Any]) -> None:
    """Noor works toward mentor. Ana, who is one, held her three times about her work with families and twice about the
    supervision that she gives; Noor held Luz twice."""
    from inmind.endorsement import actions

    noor, ana, luz = people["Noor"], people["Ana"], people["Luz"]
    _decided(people[COORDINATOR], ana, "MHM-C", days=600)
    actions.set_goal(noor.actor, person=noor.person, association=noor.home, category="MHM-C", credential="IMH-E")
    for about, giver, held, times in (("direct", ana, noor, 3), ("rsc_given", ana, noor, 2), ("direct", noor, luz, 2)):
        row = _holds(giver, held, about=about, days=300)
        for number in range(times):
            _met(row, giver, held, days=20 * number + (10 if about == "direct" else 17))


def two_states(people: dict[str, Any]) -> None:
    """Another association keeps its members here too: ours went over to the newer edition, it goes by the one of 2017.

    Luz works toward specialist with ours, has three hours with Ana, who is a mentor, and was endorsed as an associate long ago.
    """
    from inmind.access import actions as access
    from inmind.endorsement import actions
    from inmind.records import actions as records

    luz, ana, marisol, robin = people["Luz"], people["Ana"], people[COORDINATOR], people["Robin"]
    coast = records.add_organization(robin.actor, name=COAST, zone=ZONE, kind="association")
    said = {"given_name": "Tom", "family_name": "Example", "address": "tom@coast.example", "username": ""}
    tom = Somebody(access.invite(robin.actor, organization=coast, role="association_coordinator", **said), coast)
    for keeper, renewal, edition in ((marisol, "annual", "2022 changes"), (tom, "triennial", "2017")):
        words = TAKEN_UP.format(name=keeper.home.name, renewal=renewal, edition=edition)
        actions.accept_rules(keeper.actor, association=keeper.home, words=words, over="")
    _decided(marisol, ana, "MHM-C", days=900)
    _decided(marisol, luz, "FA", days=700)
    actions.say(luz.actor, person=luz.person, fact="degree", answer="none")
    actions.set_goal(luz.actor, person=luz.person, association=luz.home, category="FS", credential="IMH-E")
    row = _holds(ana, luz, days=300)
    for number in range(3):
        _met(row, ana, luz, days=30 * number + 5)


def _holds(giver: Any, held: Any, *, days: int, about: str = "direct") -> Any:
    """An agreement, one to one by video, to which both have said yes."""
    from inmind.reflection import actions
    from inmind.reflection.finding import Format, Meets
    from inmind.reflection.sessions import About

    row = actions.propose(
        giver.actor,
        association=giver.home,
        format=Format.INDIVIDUAL,
        about=About(about),
        meets=Meets.VIDEO,
        since=_today() - timedelta(days=days),
        held=[held.person],
        provider=giver.person,
        zone=ZONE,
    )
    actions.answer(held.actor, agreement=row, yes=True)
    return row


def _met(row: Any, giver: Any, held: Any, *, days: int) -> None:
    """They met for an hour, so many days ago; both have said so."""
    from inmind.reflection import actions
    from inmind.reflection.sessions import About, Kind

    said: dict[str, Any] = {"on": _today() - timedelta(days=days), "minutes": 60, "kind": Kind.INDIVIDUAL}
    there = frozenset({held.person.pk})
    session = actions.log(giver.actor, agreement=row, about=About(row.about), there=there, **said)
    actions.confirm(held.actor, session=session)


def _today() -> date:
    from inmind.foundation import clock

    return clock.today(ZONE)


def _decided(keeper: Any, worker: Any, category: str, *, days: int) -> None:
    """The association endorsed somebody, so many days ago, as its coordinator wrote down."""
    from inmind.endorsement import actions

    actions.record_decision(
        keeper.actor,
        association=keeper.home,
        person=worker.person,
        category=category,
        credential="IMH-E",
        outcome="endorsed",
        on=_today() - timedelta(days=days),
        came_from="A letter",
    )
