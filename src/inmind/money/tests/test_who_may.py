"""Who reads and changes what of the books: role by relation, yes or the sentence; and what is left of somebody erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import office_links, policy
from inmind.access.models import AuditSubject
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.money import actions
from inmind.money.amounts import Item
from inmind.money.erasing import MONEY
from inmind.money.models import Entry, Invoice, InvoiceLine, Payment
from inmind.people.models import Person
from inmind.records.merging import Mover
from tests import make

pytestmark = pytest.mark.django_db

READ = "An invoice is read by whom it is for, and by the coordinator of the association that asks for it."
KEEPS = "The books of an association are kept by its coordinator."
PAYS = "An invoice is paid here by whom it is for."
YES = "yes"
KEEPING = (
    *(
        "money.cancel",
        "money.refund",
        "money.apply_credit",
        "money.return_credit",
        "money.promise",
        "money.send",
        "money.see_books",
    ),
    *("money.take_payment", "money.return_payment", "money.bill", "money.export", "money.name_accounts"),
)
# whose relation to an invoice of Luz, asked by the first association; may read it, keep the books, pay it by card
TABLE = [
    pytest.param("luz", YES, KEEPS, YES, id="whom it is for"),
    pytest.param("coordinator", YES, YES, PAYS, id="the coordinator of the association that asks"),
    pytest.param("other coordinator", READ, KEEPS, PAYS, id="the coordinator of another association"),
    pytest.param("another member", READ, KEEPS, PAYS, id="another member of the association"),
    pytest.param("home_visitor", READ, KEEPS, PAYS, id="a colleague at her agency"),
    pytest.param("agency_supervisor", READ, KEEPS, PAYS, id="the supervisor of her agency"),
    pytest.param("privacy_officer", READ, KEEPS, PAYS, id="the privacy officer of her agency"),
    pytest.param("data_steward", READ, KEEPS, PAYS, id="a data steward"),
    pytest.param("administrator", READ, KEEPS, PAYS, id="the administrator of the house"),
    pytest.param("a link", READ, KEEPS, PAYS, id="an office, by its link"),
]


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(("who", "reads", "keeps", "pays"), TABLE)
def test_who_may_read_an_invoice_keep_the_books_and_pay(who: str, reads: str, keeps: str, pays: str) -> None:
    """Her own, the coordinator's of that association, and nobody else's."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    if who == "a link":
        actor = office_links.actor_of(make.make_office_link("dues", invoice.pk)[0])
    else:
        actor = {
            "luz": lambda: luz,
            "coordinator": lambda: keeper,
            "other coordinator": lambda: make.make_worker("association_coordinator", make.make_association("Hills")),
            "another member": lambda: make.make_worker("practitioner"),
        }.get(who, lambda: make.make_worker(who))().actor
    own_words = ROLE_LACKS_IT if who == "a link" else None

    def said(verb: str) -> str:
        verdict = policy.can(actor, verb, invoice)
        return YES if verdict else verdict.sentence

    assert said("money.see") in (reads, own_words)
    assert {said(verb) for verb in KEEPING} <= {keeps, own_words}
    assert said("money.begin_checkout") in (pays, own_words)
    assert policy.visible(actor, Invoice.objects.all(), "money.see").exists() is (reads == YES)
    assert policy.visible(actor, Invoice.objects.all(), "money.see_books").exists() is (keeps == YES)


ROLE_LACKS_IT = "Your role here does not include this. The administrator of your agency can tell you who may do it."


def test_a_link_opens_its_own_invoice_and_no_other() -> None:
    """Also where the same office was sent two."""
    keeper, agency = make.make_worker("association_coordinator"), make.make_network().agencies[0]
    one, other = (make.make_invoice(keeper, payer_organization=agency) for _ in range(2))
    link, secret, _code = make.make_office_link("dues", one.pk, organization=keeper.agency)
    actor = office_links.actor_of(link)
    assert policy.can(actor, "money.promise_by_link", link)
    theirs = make.make_office_link("dues", other.pk, organization=keeper.agency)[0]
    assert not policy.can(actor, "money.promise_by_link", theirs)
    office = Client()
    office.get(f"/o/{secret}/", follow=True)
    shown = office.get(reverse("money_by_link")).content.decode()
    assert one.label in shown
    assert other.label not in shown


@pytest.mark.parametrize("name", ["money_invoice", "money_paper", "money_receipt"])
def test_an_invoice_of_somebody_else_is_refused_like_one_that_is_not_there(name: str) -> None:
    """So that its number tells nothing."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    stranger = make.make_worker("practitioner").client
    refused = [stranger.get(reverse(name, args=[pk])) for pk in (invoice.pk, luz.person.pk)]
    assert [one.status_code for one in refused] == [403, 403]
    assert luz.person.name not in refused[0].content.decode()


def test_who_looked_at_an_invoice_stands_with_its_payer() -> None:
    """Also in a list."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    for name, ids in (("money_books", []), ("money_invoice", [invoice.pk])):
        keeper.client.get(reverse(name, args=ids))
    seen = AuditSubject.objects.filter(kind="person", ref=luz.person.pk, entry__outcome="read")
    assert set(seen.values_list("entry__verb", flat=True)) == {"money.see_books", "money.see"}


def test_of_somebody_who_is_erased_the_books_keep_numbers_and_no_words() -> None:
    """An agency's line about them goes too."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    agency = make.make_network().agencies[0]
    own = make.make_invoice(keeper, luz, reference="Luz's order")
    actions.cancel(keeper.actor, invoice=make.make_invoice(keeper, luz), why="Luz moved")
    items = [Item("Membership: Luz", 6000, person=luz.person.pk), Item("Membership: Ana", 6000)]
    make.make_invoice(keeper, payer_organization=agency, items=items)
    day = clock.today(make.ZONE)
    paid = {"association": keeper.agency, "cents": 6000, "method": "check", "reference": "1", "received_on": day}
    payment = actions.take_payment(keeper.actor, invoices=[own], **paid)
    actions.refund(keeper.actor, invoice=own, cents=1000, method="cash", on=day, why="Luz asked")
    actions.return_payment(
        keeper.actor,
        payment=actions.take_payment(
            keeper.actor, invoices=[make.make_invoice(keeper, luz)], **{**paid, "reference": "2"}
        ),
        on=day,
        why="Luz's bank",
    )
    person = luz.person
    assert list(MONEY.goes(person)) and list(MONEY.stays(person))
    make.together(lambda act: MONEY.erase(act, person))
    assert set(InvoiceLine.objects.values_list("text", flat=True)) == {"", "Membership: Ana"}
    words = [*Invoice.objects.values_list("reference", "cancelled_why"), *Payment.objects.values_list("returned_why")]
    assert "Luz" not in str(words)
    assert Payment.objects.get(pk=payment.pk).cents == 6000
    assert Invoice.objects.get(pk=own.pk).cents_paid == 5000


def test_invoices_follow_when_two_records_become_one() -> None:
    """Whose they are; the amounts never change."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    other = make.make_worker("practitioner").person
    before = list(Entry.objects.values_list("kind", "cents"))

    class Steps(Mover):
        """A merge whose steps nobody keeps."""

        def _note(self, *_said: Any) -> None:
            return

    def merge(act: Any) -> None:
        mover = Steps(act, None, {})  # type: ignore[arg-type]
        for model in (Invoice, Entry):
            for row in model.objects.filter(payer=luz.person):
                mover.change(row, "payer", other)

    make.together(merge)
    assert Invoice.objects.get(pk=invoice.pk).payer == Entry.objects.get().payer == Person.objects.get(pk=other.pk)
    assert list(Entry.objects.values_list("kind", "cents")) == before


def test_an_office_is_named_in_the_trail_by_what_it_pays_for() -> None:
    """Not as somebody unknown, nor is a person without an account."""
    keeper, agency = make.make_worker("association_coordinator"), make.make_network().agencies[0]
    one, other = make.make_invoice(keeper, payer_organization=agency), make.make_invoice(keeper)
    assert house.office_names["dues"]([one.pk, other.pk]) == {one.pk: agency.name, other.pk: other.payer.name}


def test_an_association_prints_papers_without_the_tables_of_documents() -> None:
    """Where no scans are kept, only what makes a paper may be imported."""
    room = Path(actions.__file__).parent
    taken = {
        line.split()[1]
        for path in room.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("from inmind.documents")
    }
    assert taken <= {"inmind.documents.paper", "inmind.documents.adapters"}
