"""The story through pages: an agency's check for twelve, one that came back, what Luz owes, and what the bookkeeper takes."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import AuditEntry, OfficeLink, RoleAssignment
from inmind.documents.adapters import typesetter
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail
from inmind.messages.models import Letter
from inmind.money import actions
from inmind.money.amounts import Item
from inmind.money.models import Invoice, Payment, Promise
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


@pytest.fixture
def luz(db: Any) -> make.Worker:
    return make.make_worker("practitioner", name="Luz Ortega")


def today() -> Any:
    return clock.today(make.ZONE)


def page(who: make.Worker | Client, name: str, *ids: Any, **query: Any) -> str:
    client = who.client if isinstance(who, make.Worker) else who
    return client.get(reverse(name, args=ids), query, follow=True).content.decode()


def send(who: make.Worker | Client, name: str, *ids: Any, **typed: Any) -> Any:
    client = who.client if isinstance(who, make.Worker) else who
    return client.post(reverse(name, args=ids), {"key": fresh_key(), **typed}, follow=True)


def check(**typed: Any) -> dict[str, Any]:
    return {"method": "check", "reference": "1041", "received_on": today().isoformat(), **typed}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_one_check_for_twelve_is_written_down_on_one_page(keeper: make.Worker, luz: make.Worker) -> None:
    """Chosen from a list, the amount as it stands on the check; what is left over is said."""
    agency = make.make_network().agencies[0]
    twelve = [make.make_invoice(keeper, luz if one == 0 else None) for one in range(12)]
    shown = words(page(keeper, "money_take"))
    assert "Luz Ortega" in shown
    assert all(one.label in shown for one in twelve)
    chosen = [str(one.pk) for one in twelve]
    typed = check(invoices=chosen, amount="$750.00", payer=f"o:{agency.pk}")
    said = words(send(keeper, "money_take", **typed).content.decode())
    assert f"$750.00 from {agency.name} is written down." in said
    assert "$30.00 is left over, and kept as their credit." in said
    assert "Nothing is owed" in said
    assert set(Invoice.objects.values_list("state", flat=True)) == {"settled"}


def test_what_was_typed_is_given_back_with_the_sentence(keeper: make.Worker, luz: make.Worker) -> None:
    """In both languages; nothing of it is kept."""
    invoice = make.make_invoice(keeper, luz)
    typed = check(invoices=[str(invoice.pk)], amount="12.345,6,7", reference="A-7")
    answer = send(keeper, "money_take", **typed)
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "This is not an amount that can be read." in words(shown)
    assert 'value="12.345,6,7"' in shown
    assert 'value="A-7"' in shown
    for amount, says in (
        ("-60", "not above zero"),
        ("9999999999", "million"),
        ("1.200", "two ways"),
        ("", "fill this in"),
    ):
        assert says in words(send(keeper, "money_take", **{**typed, "amount": amount}).content.decode())
    assert "No invoice is chosen" in words(send(keeper, "money_take", **check(amount="60")).content.decode())
    assert not Payment.objects.exists()


def test_amounts_are_read_as_they_are_typed_in_either_language(keeper: make.Worker, luz: make.Worker) -> None:
    """`12,50` is twelve and a half."""
    invoice = make.make_invoice(keeper, luz)
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="12,50"))
    assert Payment.objects.get().cents == 1250


def test_a_second_click_writes_nothing_twice(keeper: make.Worker, luz: make.Worker) -> None:
    """The form's own key answers."""
    invoice = make.make_invoice(keeper, luz)
    typed = check(invoices=[str(invoice.pk)], amount="60", key="one")
    for _click in range(2):
        keeper.client.post(reverse("money_take"), typed)
    assert Payment.objects.count() == 1


def test_a_check_of_another_association_cannot_be_chosen(keeper: make.Worker) -> None:
    """It does not stand on the page, and what is sent by hand is refused."""
    other = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    theirs = make.make_invoice(other)
    assert theirs.payer_name not in page(keeper, "money_take", invoice=theirs.pk)
    answer = send(keeper, "money_take", **check(invoices=[str(theirs.pk)], amount="60"))
    assert answer.status_code == 400
    assert not Payment.objects.exists()


def test_luz_reads_what_she_owes_and_has_paid(keeper: make.Worker, luz: make.Worker) -> None:
    """On Today, in her list, on the page; with a receipt once it is paid, and nothing when nothing is there."""
    assert "Your invoices" not in page(luz, "today")
    assert "No invoices yet" in page(luz, "money_mine")
    assert "money/mine" not in page(luz, "own_account")
    invoice = make.make_invoice(keeper, luz, due=-3)
    assert "$60.00 is owed" in page(luz, "today")
    assert "money/mine" in page(luz, "own_account")
    assert invoice.label in page(luz, "money_mine")
    shown = words(page(luz, "money_invoice", invoice.pk))
    assert "It was due on" in shown
    assert "Write down a check" not in shown
    assert "there is no receipt" in page(luz, "money_receipt", invoice.pk)
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="60"))
    assert "Check 1041" in words(page(luz, "money_invoice", invoice.pk))
    for name in ("money_paper", "money_receipt"):
        answer = luz.client.get(reverse(name, args=[invoice.pk]))
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
    assert "is owed" not in page(luz, "today")


def test_the_coordinator_sees_what_came_and_what_is_overdue(keeper: make.Worker, luz: make.Worker) -> None:
    """On Today and in the books, in figures and as a list."""
    assert "No invoices yet" in page(keeper, "money_books")
    late, paid = make.make_invoice(keeper, luz, due=-40), make.make_invoice(keeper, luz)
    actions.take_payment(
        keeper.actor, association=keeper.agency, invoices=[paid], cents=6000, **check(received_on=today())
    )
    front = words(page(keeper, "today"))
    assert "1 invoice is overdue" in front
    assert "1 payment came in" in front
    shown = words(page(keeper, "money_books"))
    assert "$60.00 is owed" in shown
    assert "31 to 60 days" in shown
    assert late.label in shown
    assert paid.label not in shown
    assert paid.label in words(page(keeper, "money_books", show="settled", words="ortega"))
    assert late.label in words(page(keeper, "money_books", show="overdue", words=late.label))
    assert "No invoice like this" in page(keeper, "money_books", words="nobody")


def test_a_check_that_came_back_is_written_down_from_its_invoice(keeper: make.Worker, luz: make.Worker) -> None:
    """The page says what is owed again before anything is done."""
    invoice = make.make_invoice(keeper, luz)
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="60"))
    payment = Payment.objects.get()
    assert reverse("money_return", args=[payment.pk]) in page(keeper, "money_invoice", invoice.pk)
    assert invoice.label in page(keeper, "money_return", payment.pk)
    typed = {"on": today().isoformat(), "why": "No money behind it"}
    assert "owed again" in words(send(keeper, "money_return", payment.pk, **typed).content.decode())
    assert "The payment came back: $60.00" in words(page(luz, "money_invoice", invoice.pk))
    assert send(keeper, "money_return", payment.pk, **typed).status_code == 400


def test_money_goes_back_and_an_invoice_is_cancelled(keeper: make.Worker, luz: make.Worker) -> None:
    """Never more than was paid."""
    invoice, other = make.make_invoice(keeper, luz), make.make_invoice(keeper, luz)
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="60"))
    invoice.refresh_from_db()
    back = {"method": "check", "reference": "9", "on": today().isoformat(), "version": invoice.version}
    said = send(keeper, "money_refund", invoice.pk, amount="60.01", **back)
    assert "$60.00 of this invoice is here" in words(said.content.decode())
    assert said.status_code == 400
    said = send(keeper, "money_refund", invoice.pk, amount="60", **back)
    assert "$60.00 is written down as given back" in words(said.content.decode())
    assert "Nothing is owed on it any more" in page(keeper, "money_cancel", other.pk)
    assert "It is cancelled" in words(send(keeper, "money_cancel", other.pk, why="Billed twice").content.decode())
    assert "Billed twice" in page(luz, "money_invoice", other.pk)


def test_credit_is_used_with_one_button(keeper: make.Worker, luz: make.Worker) -> None:
    """And its owner reads that there is some."""
    first, second = make.make_invoice(keeper, luz), make.make_invoice(keeper, luz)
    send(keeper, "money_take", **check(invoices=[str(first.pk)], amount="100"))
    assert "$40.00 of yours is with" in words(page(luz, "money_invoice", second.pk))
    assert "Use their credit of $40.00" in page(keeper, "money_invoice", second.pk)
    for says in ("The credit is used", "no credit that this invoice could use"):
        assert says in words(send(keeper, "money_credit", second.pk).content.decode())
    assert "$20.00 is owed" in page(luz, "money_invoice", second.pk)


def test_credit_goes_back_to_its_owner_and_never_more_than_there_is(keeper: make.Worker, luz: make.Worker) -> None:
    """The invoice that it came from stays paid."""
    invoice = make.make_invoice(keeper, luz)
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="100"))
    assert "Send their credit of $40.00 back" in page(keeper, "money_invoice", invoice.pk)
    back = {"method": "check", "reference": "12", "on": today().isoformat()}
    for amount, says in (("40.01", "Their credit is $40.00"), ("40", "given back"), ("1", "Their credit is $0.00")):
        said = send(keeper, "money_credit_back", invoice.pk, amount=amount, **back)
        assert says in words(said.content.decode())
    invoice.refresh_from_db()
    late = send(keeper, "money_refund", invoice.pk, amount="1", version=invoice.version, **{**back, "on": "2199-01-01"})
    assert "still to come" in words(late.content.decode())
    assert Invoice.objects.get().state == "settled"


def test_a_paper_says_what_the_page_says(
    keeper: make.Worker, luz: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number, lines and sums, and where a check goes; in the reader's language."""
    printed: list[Any] = []
    monkeypatch.setattr(typesetter, "pdf_of", lambda paper: printed.append(paper) or b"%PDF-")
    items = [Item("Evening", 2500, quantity=2), Item("Membership", 6000)]
    invoice = make.make_invoice(keeper, luz, items=items, reference="Order 9")
    page(luz, "money_paper", invoice.pk)
    actions.take_payment(
        keeper.actor, association=keeper.agency, invoices=[invoice], cents=5000, **check(received_on=today())
    )
    page(luz, "money_receipt", invoice.pk)
    asked, paid = (str(paper) for paper in printed)
    for told in (invoice.label, "Luz Ortega", "Order 9", "$50.00", "Total: $110.00", "Make checks payable to"):
        assert told in asked
    for told in (invoice.label, "Check 1041", "Evening: $50.00", "$60.00"):
        assert told in paid
    actions.cancel(keeper.actor, invoice=invoice, why="")
    page(luz, "money_paper", invoice.pk)
    assert "Nothing is owed on it" in str(printed[-1])
    assert "Asked for no more: $110.00" in str(printed[-1])


def by_letter(invoice: Invoice, keeper: make.Worker, letters: list[Any]) -> Client:
    """A browser at the agency's office, in which the link of the letter was opened."""
    send(keeper, "money_send", invoice.pk, address="accounts@harbor.example")
    run_due()
    letter = next(one for one in letters if one.to == ["accounts@harbor.example"])
    assert "$" not in letter.subject + letter.body
    found = re.search(r"/o/\S+/", letter.body)
    assert found
    client = Client()
    assert client.get(found[0], follow=True).status_code == 200
    return client


def test_an_agency_without_an_account_reads_its_invoice_and_says_that_a_check_is_in_the_mail(
    keeper: make.Worker, luz: make.Worker, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the link in its letter: that one invoice, its papers, and one thing to say. It pays nothing by itself."""
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    agency = make.make_network().agencies[0]
    items = [Item("Membership: Luz Ortega", 6000, person=luz.person.pk), Item("Membership: Ana Ruiz", 6000)]
    invoice = make.make_invoice(keeper, payer_organization=agency, items=items)
    office = by_letter(invoice, keeper, mailoutbox)
    shown = office.get(reverse("money_by_link")).content.decode()
    assert "Membership: Luz Ortega" in shown
    link = re.search(r'name="link" value="([^"]*)"', shown)
    assert link
    assert office.get(reverse("money_by_link_paper")).content.startswith(b"%PDF-")
    assert "there is no receipt" in page(office, "money_by_link_receipt")
    typed = {"kind": "check", "number": "5512", "link": link[1]}
    assert "It is paid once the money is here" in send(office, "money_by_link_promise", **typed).content.decode()
    assert "Please fill this in" in send(office, "money_by_link_promise", **typed | {"number": ""}).content.decode()
    promise = Promise.objects.get()
    assert (promise.number, promise.said_by) == ("5512", None)
    assert "Check 5512, in the mail" in words(page(keeper, "money_invoice", invoice.pk))
    assert AuditEntry.objects.filter(verb="money.see_by_link", outcome="read", about=str(invoice.pk)).exists()
    assert office.get(reverse("money_invoice", args=[invoice.pk])).status_code == 302  # to signing in
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="120"))
    assert office.get(reverse("money_by_link_receipt")).content.startswith(b"%PDF-")
    assert "Nobody takes cards here" in send(office, "money_by_link_pay", link=link[1]).content.decode()


def test_a_cancelled_invoice_closes_its_link(
    keeper: make.Worker, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no other office's link opens it."""
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    invoice = make.make_invoice(keeper, payer_organization=make.make_network().agencies[0])
    office = by_letter(invoice, keeper, mailoutbox)
    send(keeper, "money_cancel", invoice.pk, why="The agency pays no more")
    assert office.get(reverse("money_by_link")).status_code == 302
    assert OfficeLink.objects.get().about == invoice.pk


def test_an_address_that_is_none_is_said_on_the_page(keeper: make.Worker) -> None:
    """Nothing leaves."""
    invoice = make.make_invoice(keeper, payer_organization=make.make_network().agencies[0])
    said = send(keeper, "money_send", invoice.pk, address="no address")
    assert "email" in words(said.content.decode()).lower()
    assert not Letter.objects.filter(template="office_invoice").exists()


def test_a_person_is_written_to_as_they_are_reached(
    keeper: make.Worker, luz: make.Worker, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their language; the letter says no sum."""
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    invoice = make.make_invoice(keeper, luz)
    send(keeper, "money_send", invoice.pk)
    run_due()
    letter = next(one for one in mailoutbox if reverse("money_invoice", args=[invoice.pk]) in one.body)
    assert "$" not in letter.subject + letter.body
    assert Invoice.objects.get().sent_on == today()


def test_a_purchase_order_stands_on_its_invoice(keeper: make.Worker, luz: make.Worker) -> None:
    """It pays nothing by itself."""
    invoice = make.make_invoice(keeper, luz)
    said = send(keeper, "money_promise", invoice.pk, kind="order", number="PO-77")
    assert "Purchase order PO-77" in words(said.content.decode())
    assert Invoice.objects.get().state == "open"


def test_the_books_leave_as_csv_and_as_json(keeper: make.Worker, luz: make.Worker) -> None:
    """Even, with the association's own names; no cell is a formula."""
    invoice = make.make_invoice(keeper, luz)
    send(keeper, "money_take", **check(invoices=[str(invoice.pk)], amount="60", reference="1041"))
    assert "Saved" in words(send(keeper, "money_accounts", income="=4000+1", check="1010 Bank").content.decode())
    shown = words(page(keeper, "money_export"))
    assert "Both sides are $120.00." in shown
    client = keeper.client
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("money_export"), {"as": "csv"}).content.decode())))
    assert [(row["account"], row["debit"], row["credit"]) for row in rows] == [
        ("Accounts receivable", "60.00", ""),
        ("'=4000+1", "", "60.00"),
        ("1010 Bank", "60.00", ""),
        ("Accounts receivable", "", "60.00"),
    ]
    lines = json.loads(client.get(reverse("money_export"), {"as": "json"}).content)["lines"]
    assert sum(one["debit_cents"] for one in lines) == sum(one["credit_cents"] for one in lines) == 12_000
    assert AuditEntry.objects.filter(verb="money.export", outcome="read").count() == 2
    far = {"first": "2031-01-01", "last": "2030-01-01"}
    assert "lies before the first" in page(keeper, "money_export", **far)
    early = {"first": "2001-01-01", "last": "2001-01-02"}
    assert "Nothing moved in these days" in page(keeper, "money_export", **early)


def test_who_keeps_two_associations_chooses_one(keeper: make.Worker) -> None:
    """Each has its own books."""
    hills = make.make_association("Hills Association")
    held = {"account": keeper.account, "organization": hills, "role": "association_coordinator", "since": today()}
    make.together(lambda act: RoleAssignment.objects.create(**held))
    theirs = make.make_invoice(make.make_worker("association_coordinator", hills))
    shown = page(keeper, "money_books", at=hills.pk)
    assert theirs.label in shown
    assert "aria-current" in shown
    assert page(keeper, "money_books", at="nowhere").count("Hills Association") >= 1


def test_pages_are_said_in_spanish_too(keeper: make.Worker, luz: make.Worker) -> None:
    """Nothing breaks by another language; an amount is written alike."""
    invoice = make.make_invoice(keeper, luz)
    client = luz.client
    client.cookies["django_language"] = "es"
    assert "$60.00" in client.get(reverse("money_invoice", args=[invoice.pk])).content.decode()
    assert client.get(reverse("money_paper", args=[invoice.pk])).content.startswith(b"%PDF-")


def test_a_day_of_many_pages_asks_little(
    keeper: make.Worker, luz: make.Worker, django_assert_max_num_queries: Any
) -> None:
    """The list asks as much for forty invoices as for four."""
    for _ in range(40):
        make.make_invoice(keeper, luz, due=-1)
    client = keeper.client
    with django_assert_max_num_queries(45):
        client.get(reverse("money_books"))
