"""The rooms below, as they are: a session that both confirm, a membership that is paid, and what a provider held, frozen then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.association.models import Member, Membership
from inmind.endorsement import actions, queries
from inmind.endorsement.adapters import catalog
from inmind.endorsement.models import Endorsement
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.learning.attendance import actions as attendance
from inmind.reflection import actions as reflection
from inmind.reflection.forms import HELD_NAMES
from tests import make

pytestmark = pytest.mark.django_db


def test_a_session_counts_once_both_have_confirmed_it(client: Any) -> None:
    """And by what its provider held on its day: ended afterwards, it stays what it was."""
    keeper = make.make_worker("association_coordinator")
    ana, luz = make.make_worker("practitioner"), make.make_worker("home_visitor", name="Luz Ortega")
    day = clock.today(make.ZONE)
    held = make.make_endorsed(ana, "MHM-C", since=day - timedelta(days=400), by=keeper)
    make.make_goal(luz, keeper.agency)
    session = make.make_session(make.make_agreement(ana, luz), luz, days_ago=3)
    page = luz.client.get(reverse("my_endorsement")).content.decode()
    assert "0 of 24 hours" in page and "session waits to be confirmed" in page
    reflection.confirm(ana.actor, session=session)
    assert "1 of 24 hours" in luz.client.get(reverse("my_endorsement")).content.decode()
    actions.end_endorsement(keeper.actor, endorsement=held, until=day - timedelta(days=1), why=Endorsement.Why.LAPSED)
    assert "1 of 24 hours" in luz.client.get(reverse("my_endorsement")).content.decode()


def test_the_names_of_codes_are_those_of_the_standards() -> None:
    """Reflection stands below and holds them itself: what it calls a code is what its standard does."""
    names = {one.category: list(dict.fromkeys(one.names.values())) for one in catalog.standards()}
    assert {code: name.split(" / ") for code, name in HELD_NAMES.items()} == names


def test_one_confirmation_renews_the_membership_too() -> None:
    """Dues, hours and endorsement on one clock; sent twice, one bill."""
    keeper = make.make_worker("association_coordinator")
    member = make.make_member(keeper)
    luz = make.Worker(make.Account.objects.get(person=member.person), keeper.agency)
    make.make_endorsed(luz, since=clock.today(make.ZONE) - timedelta(days=400), by=keeper)
    page = luz.client.get(reverse("my_renewal"))
    assert "Renew my membership with it" in page.content.decode()
    since = clock.today(make.ZONE).replace(month=1, day=1)
    said = {"association": keeper.agency.pk, "since": since, "all_true": "on", "dues": "on"}  # type: ignore[union-attr]
    for _twice in range(2):
        luz.client.post(reverse("my_renewal"), {"key": fresh_key(), **said})
    assert Membership.objects.filter(person=luz.person).count() == 2, "the one that was there, and one that follows"
    page = luz.client.get(reverse("my_renewal"))
    assert "Confirmed on" in page.content.decode()
    assert Member.objects.count() == 1


def test_saturdays_call_log_is_hours_of_training_and_nothing_is_retyped() -> None:
    """2.5 hours, an hour of them on the law: the line moves, the domain is no longer open, and the hour says that it counts."""
    there = make.make_attended("Luz Ortega")
    [luz] = there.people
    make.make_goal(luz, there.by.agency)
    assert "0 of 30 hours" in luz.client.get(reverse("my_endorsement")).content.decode()
    log = make.make_log(("Luz Ortega", "", "10:00:00 AM", "12:30:00 PM"))
    attendance.take_log(there.by.actor, meeting=there.meeting, text=log, zone=make.ZONE)
    assert "2.5 of 30 hours" in luz.client.get(reverse("my_endorsement")).content.decode()
    covered = luz.client.get(reverse("my_coverage")).content.decode()
    assert "Law, regulation and agency policy</span> <strong>1 hour</strong>" in covered
    [learned] = queries.learned_by([luz.person.pk])[luz.person.pk]
    address = reverse("does_it_count", kwargs={"hour_kind": "training", "hour": str(learned.id)})
    assert "It adds 2.5 hours." in luz.client.get(address).content.decode()


def test_a_training_ahead_stands_beside_the_line_that_it_brings_nearer() -> None:
    """As learning knows it: who gives it, when, and its page; the area in which there are no hours yet is named with it."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("home_visitor", name="Luz Ortega")
    make.make_goal(luz, keeper.agency)
    training = make.make_training(
        by=keeper, title="What the law asks of a home visitor", domains={"law_regulation_agency_policy": 60}
    )
    for page in ("my_endorsement", "my_coverage"):
        shown = luz.client.get(reverse(page)).content.decode()
        assert training.title in shown, page
        assert reverse("training", kwargs={"training": training.pk}) in shown, page


def test_an_open_place_in_a_group_stands_beside_the_line_of_hours() -> None:
    """With what it is: category, language, zone, format, price, places; never a full group, one's own, or one that has ended."""
    keeper = make.make_worker("association_coordinator")
    ana, luz = make.make_worker("practitioner", name="Ana Ruiz"), make.make_worker("home_visitor", name="Luz Ortega")
    assert ana.person is not None
    day = clock.today(make.ZONE)
    make.make_endorsed(ana, "MHM-C", since=day - timedelta(days=400), by=keeper)
    make.make_goal(luz, keeper.agency)
    group = make.make_agreement(ana, *(make.make_worker("practitioner") for _ in range(2)), seats=4)
    said = {"format": make.ReflectionFormat.GROUP, "meets": make.ReflectionMeets.VIDEO, "zone": make.ZONE}
    offering = reflection.offer(
        ana.actor,
        association=make.make_association(),
        languages=frozenset({"es"}),
        cents=2500,
        minutes=90,
        agreement=group,
        **said,
    )

    def shown(reader: make.Worker = luz) -> str:
        return " ".join(reader.client.get(reverse("my_endorsement")).content.decode().split())

    page = shown()
    assert "A place with Ana Ruiz</a>, MHM-C, In a group, By video, Español" in page
    assert "$25 a session. 16 sessions there would bring the hours; they must go on over more months." in page
    assert "2 places are open." in page and f"{reverse('reflection_find')}#offer-{offering.pk}" in page
    make.make_goal(ana, keeper.agency)
    assert "A place with" not in shown(ana), "nobody is held by themselves"
    for one in (luz, make.make_worker("practitioner")):
        asking = reflection.ask_place(one.actor, offering=offering)
        reflection.answer_place(ana.actor, asking=asking, yes=True)
    assert "A place with" not in shown(), "she has one there"
    make.make_goal(third := make.make_worker("practitioner"), keeper.agency)
    assert "A place with" not in shown(third), "it is full"
    group.refresh_from_db()
    reflection.end(luz.actor, agreement=group, on=day)
    assert "1 place is open." in shown(third)
    group.refresh_from_db()
    reflection.end(ana.actor, agreement=group, on=day)
    assert "A place with" not in shown(third), "it has ended"
    assert "Ana Ruiz" not in third.client.get(reverse("reflection_find")).content.decode()


def test_a_provider_of_whom_nothing_is_known_closes_no_line() -> None:
    """What nobody knows is no promise."""
    keeper, ana = make.make_worker("association_coordinator"), make.make_worker("practitioner", name="Ana Ruiz")
    luz = make.make_worker("home_visitor", name="Luz Ortega")
    make.make_goal(luz, keeper.agency)
    said = {"format": make.ReflectionFormat.INDIVIDUAL, "meets": make.ReflectionMeets.VIDEO, "zone": make.ZONE}
    reflection.offer(ana.actor, association=make.make_association(), languages=frozenset(), free=2, **said)
    assert "A place with" not in luz.client.get(reverse("my_endorsement")).content.decode()
