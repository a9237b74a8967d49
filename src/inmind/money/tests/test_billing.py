"""Billing and cancelling: numbers without gaps, one payer, and what is announced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from inmind.access.act import Act
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, Refused
from inmind.foundation.identity import new_id
from inmind.money import actions, queries
from inmind.money.amounts import Item
from inmind.money.models import Entry, Invoice
from tests import make

pytestmark = pytest.mark.django_db
MARCH = datetime(2027, 3, 1, 18, tzinfo=UTC)


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


def billed(keeper: make.Worker, payer: make.Worker, *items: Item, **said: Any) -> Invoice:
    return actions.bill(
        keeper.actor,
        association=keeper.agency,
        payer=payer.person,
        payer_organization=None,
        items=items or (Item("Membership 2027", 6000),),
        due_on=clock.today(make.ZONE) + timedelta(30),
        **said,
    )


def test_an_invoice_has_the_next_number_of_its_year(keeper: make.Worker) -> None:
    """Counted from one in each year, of each association by itself."""
    luz = make.make_worker("practitioner")
    with clock.at(MARCH):
        labels = [billed(keeper, luz).label for _ in range(3)]
    with clock.at(MARCH + timedelta(days=365)):
        labels.append(billed(keeper, luz).label)
    assert labels == ["2027-0001", "2027-0002", "2027-0003", "2028-0001"]


def test_a_cancelled_invoice_keeps_its_number(keeper: make.Worker) -> None:
    """So that the books have no gap that nobody can explain."""
    luz = make.make_worker("practitioner")
    first = billed(keeper, luz)
    first = actions.cancel(keeper.actor, invoice=first, why="Billed twice")
    assert queries.standing_of([first.pk])[first.pk].state == "cancelled"
    assert queries.standing_of([first.pk])[first.pk].cents_owed == 0
    assert billed(keeper, luz).number == first.number + 1
    assert actions.cancel(keeper.actor, invoice=first, why="Once more").cancelled_why == "Billed twice"


def test_a_bill_of_nothing_is_settled_at_once(keeper: make.Worker) -> None:
    """A free place is registered for like any other."""
    luz = make.make_worker("practitioner")
    invoice = billed(keeper, luz, Item("A free evening", 0))
    standing = queries.standing_of([invoice.pk, new_id()])
    assert {pk: one.state for pk, one in standing.items()} == {invoice.pk: "settled"}
    assert not Entry.objects.exists()
    assert actions.cancel(keeper.actor, invoice=invoice, why="").state == "cancelled"


def test_what_is_for_several_is_kept_for_each_income(keeper: make.Worker) -> None:
    """Dues and trainings are two accounts, and what is let go of them is let go of each."""
    luz = make.make_worker("practitioner")
    items = [
        Item("Membership", 6000, about_kind="association.Membership", about=new_id()),
        Item("Evening", 2500, quantity=2, about_kind="learning.Registration"),
        Item("A gift", 100),
    ]
    invoice = billed(keeper, luz, *items)
    entries = dict(invoice.entries.values_list("about_kind", "cents"))
    assert entries == {"association.Membership": 6000, "learning.Registration": 5000, "": 100}
    actions.cancel(keeper.actor, invoice=invoice, why="")
    assert dict(invoice.entries.filter(kind="let_go").values_list("about_kind", "cents")) == entries


def test_an_invoice_is_one_persons_or_one_organizations(keeper: make.Worker) -> None:
    """Never both, never nobody."""
    agency, luz = make.make_network().agencies[0], make.make_worker("practitioner")
    said = {"association": keeper.agency, "items": [Item("Dues", 100)], "due_on": clock.today(make.ZONE)}
    for payers in ({"payer": None, "payer_organization": None}, {"payer": luz.person, "payer_organization": agency}):
        with pytest.raises(BadInput, match="one person"):
            actions.bill(keeper.actor, **said, **payers)
    invoice = actions.bill(keeper.actor, **said, payer=None, payer_organization=agency)
    assert invoice.payer_name == agency.name


def test_an_entry_is_never_changed_or_taken_away(keeper: make.Worker) -> None:
    """Also not by a program that forgets."""
    entry = billed(keeper, make.make_worker("practitioner")).entries.get()

    def change(act: Act) -> None:
        entry.cents = 1
        entry.save()

    with pytest.raises(TypeError, match="never changed"):
        make.together(change)
    with pytest.raises(TypeError, match="never taken away"):
        make.together(lambda act: entry.delete())


def test_the_database_itself_keeps_an_invoice_within_its_sum(keeper: make.Worker) -> None:
    """Whoever writes."""
    invoice = billed(keeper, make.make_worker("practitioner"))

    def overpay(act: Act) -> None:
        Invoice.objects.filter(pk=invoice.pk).update(cents_paid=6001)

    with pytest.raises(IntegrityError):
        make.together(overpay)


def test_only_the_coordinator_of_an_association_bills_for_it(keeper: make.Worker) -> None:
    """Truth: role and association, and the sentence."""
    elsewhere = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    luz = make.make_worker("practitioner")
    for somebody in (elsewhere, luz, make.make_worker("agency_supervisor")):
        with pytest.raises(Refused):
            actions.bill(
                somebody.actor,
                association=keeper.agency,
                payer=luz.person,
                payer_organization=None,
                items=[Item("Dues", 100)],
                due_on=clock.today(make.ZONE),
            )
