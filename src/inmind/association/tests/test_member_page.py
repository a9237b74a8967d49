"""Everything that a coordinator needs about a member stands on one page; and on nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.association import actions
from inmind.association.models import Level, Member
from inmind.foundation import clock
from inmind.jobs.runner import run_due
from inmind.messages import actions as letters
from inmind.money import actions as money
from inmind.money.amounts import Item
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def luz(db: Any) -> tuple[make.Worker, Member]:
    """A member of whom there is something of everything, with the coordinator of that association."""
    attended = make.make_attended("Luz Ortega")
    keeper, person = attended.by, attended.people[0].person
    level = make.make_level(keeper)
    day = clock.today(make.ZONE)
    there = {"association": keeper.agency, "person": person, "level": level}
    actions.take_in(keeper.actor, since=day - timedelta(300), until=day + timedelta(20), **there)
    member = Member.objects.get(person=person)
    bundle = actions.sell_places(
        keeper.actor, association=keeper.agency, agency="Lakeside Nursery", level=level, places=2
    )
    actions.give_place(keeper.actor, bundle=bundle, member=member)
    actions.label_member(keeper.actor, member=member, said="Board")
    invoice = make.make_invoice(keeper, attended.people[0], items=[Item("A book", 7300)])
    money.send(keeper.actor, invoice=invoice)

    def write(act: Any) -> None:
        letters.tell(act, to=person, template="factor_forgotten", about_kind="other")  # of another room of the house

    make.together(write)
    make.together(lambda act: act.later("association.remind", {}))
    run_due()
    return keeper, member


def test_one_page_holds_standing_money_letters_trainings_labels_and_who_pays(luz: tuple[make.Worker, Member]) -> None:
    """Each leads to where it is kept; of letters only those of the association's rooms."""
    keeper, member = luz
    page = keeper.client.get(reverse("member", args=[member.pk])).content.decode()
    for words in (
        *("Paid through", "Invoices", "How it stands", "Law and policy for home visitors", "Board", "Lakeside Nursery"),
        *("An invoice", "Email", "Write an invoice", "Trainings", "$73.00"),
    ):
        assert words in page, words
    for route in ("/money/invoices/", "/places/", "/money/write/"):
        assert f'href="{route}' in page, route
    assert page.count("<h1") == 1


def test_a_member_reads_no_more_than_is_theirs(luz: tuple[make.Worker, Member]) -> None:
    """No labels, no way to the agency's places, no page of the books."""
    _keeper, member = luz
    page = make.client_of(member.person).get(reverse("member", args=[member.pk])).content.decode()
    assert "Luz" in page
    for words in ("Board", "/places/", "/money/write/", "Law and policy"):
        assert words not in page, words


def test_another_associations_money_and_trainings_are_not_on_the_page(luz: tuple[make.Worker, Member]) -> None:
    """Somebody is a member of two."""
    keeper, member = luz
    hills = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    level = make.make_level(hills, name="Hills level")
    day = clock.today(make.ZONE)
    there = {"association": hills.agency, "person": member.person, "level": level}
    actions.take_in(hills.actor, since=day - timedelta(30), until=day + timedelta(200), **there)
    theirs = Member.objects.get(person=member.person, association=hills.agency)
    page = hills.client.get(reverse("member", args=[theirs.pk])).content.decode()
    for words in ("Board", "Lakeside", "Law and policy", "$73.00", "An invoice"):
        assert words not in page.replace("Write an invoice", ""), words
    assert Level.objects.filter(association=keeper.agency).exists()
