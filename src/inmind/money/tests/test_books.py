"""Money in and out: one check for twelve, a check that came back, credit, refunds, and what a bookkeeper takes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.money import actions, card_actions, journal, queries
from inmind.money.amounts import Item
from inmind.money.models import Entry, Invoice, Method, Payment
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(1)


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is announced, as a room above hears it."""
    heard: list[tuple[str, Any]] = []
    for name in ("InvoiceSettled", "InvoiceReopened", "InvoiceCancelled"):
        listener = {"test": lambda act, event: heard.append((type(event).__name__, event.invoice))}
        monkeypatch.setitem(house.subscribers, name, listener)

    def told() -> list[tuple[str, Any]]:
        run_due()
        return heard

    return told


def today() -> Any:
    return clock.today(make.ZONE)


def check(keeper: make.Worker, *invoices: Invoice, cents: int = 6000, number: str = "1041", **said: Any) -> Payment:
    known = {"method": "check", "reference": number, "received_on": today()}
    return actions.take_payment(
        keeper.actor, association=keeper.agency, invoices=invoices, cents=cents, **{**known, **said}
    )


def standing(invoice: Invoice) -> tuple[str, int, int]:
    one = queries.standing_of([invoice.pk])[invoice.pk]
    return one.state, one.cents_billed, one.cents_paid


def credit(invoice: Invoice) -> int:
    return queries.credit_of(invoice.association_id, invoice.payer_id, invoice.payer_organization_id)


def even(keeper: make.Worker) -> None:
    """Each invoice stands as its entries say, and the journal has as much on one side as on the other."""
    for invoice in Invoice.objects.all():
        sums = actions.ledger.add_up(actions.entries_of(invoice))
        assert (invoice.cents_billed, invoice.cents_paid) == (sums.billed, sums.paid)
    assert keeper.agency
    lines = list(journal.lines(queries.posted(keeper.agency.pk, today() - 99 * DAY, today() + 99 * DAY), {}))
    entries = sum(Entry.objects.values_list("cents", flat=True))
    assert sum(one.debit for one in lines) == sum(one.credit for one in lines) == entries


def test_a_check_settles_an_invoice_and_its_payer_is_written_to(keeper: make.Worker, announced: Any) -> None:
    """The receipt's letter says no sum."""
    invoice = make.make_invoice(keeper)
    payment = check(keeper, invoice)
    assert standing(invoice) == ("settled", 6000, 6000)
    assert payment.entered_by == keeper.person
    assert announced() == [("InvoiceSettled", invoice.pk)]
    assert Letter.objects.get(template="receipt_for_you").to == invoice.payer


def test_one_check_for_twelve(keeper: make.Worker) -> None:
    """An agency pays what is asked of twelve people; what is left over is the agency's credit, and nobody's else."""
    agency = make.make_network().agencies[0]
    twelve = [make.make_invoice(keeper) for _ in range(12)]
    with pytest.raises(BadInput, match="from whom"):
        check(keeper, *twelve, cents=75_000)
    check(keeper, *twelve, cents=75_000, payer_organization=agency)
    assert {standing(one)[0] for one in twelve} == {"settled"}
    assert queries.credit_of(twelve[0].association_id, None, agency.pk) == 3000
    assert [credit(one) for one in twelve] == [0] * 12
    even(keeper)


def test_too_little_pays_what_was_due_first(keeper: make.Worker) -> None:
    """The rest stays open."""
    luz = make.make_worker("practitioner")
    later, first = make.make_invoice(keeper, luz, due=60), make.make_invoice(keeper, luz, due=10)
    check(keeper, later, first, cents=8000)
    assert standing(first) == ("settled", 6000, 6000)
    assert standing(later) == ("open", 6000, 2000)
    even(keeper)


def test_a_check_that_came_back_is_owed_again(keeper: make.Worker, announced: Any) -> None:
    """Once, and whoever billed looks at it anew."""
    one, two = (make.make_invoice(keeper) for _ in range(2))
    payment = check(keeper, one, two, cents=13_000, payer=one.payer)
    actions.return_payment(keeper.actor, payment=payment, on=today(), why="No account")
    assert standing(one) == standing(two) == ("open", 6000, 0)
    assert credit(one) == 0
    assert sorted(name for name, _ in announced()) == ["InvoiceReopened"] * 2 + ["InvoiceSettled"] * 2
    with pytest.raises(NotNow, match="already"):
        actions.return_payment(keeper.actor, payment=payment, on=today(), why="")
    even(keeper)
    check(keeper, one, two, cents=12_000, payer=one.payer)  # the same number, written anew
    assert standing(two)[0] == "settled"


def test_credit_that_was_used_comes_back_out_when_its_check_did(keeper: make.Worker) -> None:
    """So that nobody's credit is ever below nothing."""
    luz = make.make_worker("practitioner")
    first, second = make.make_invoice(keeper, luz), make.make_invoice(keeper, luz)
    payment = check(keeper, first, cents=10_000)
    actions.apply_credit(keeper.actor, invoice=second)
    assert standing(second) == ("open", 6000, 4000)
    actions.return_payment(keeper.actor, payment=payment, on=today(), why="")
    assert standing(first) == standing(second) == ("open", 6000, 0)
    assert credit(first) == 0
    even(keeper)


def test_cancelling_what_was_paid_in_part_leaves_credit(keeper: make.Worker) -> None:
    """Which the next invoice uses."""
    luz = make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    payment = check(keeper, invoice, cents=2500)
    actions.cancel(keeper.actor, invoice=invoice, why="Left the field")
    assert standing(invoice) == ("cancelled", 0, 0)
    assert credit(invoice) == 2500
    another = actions.apply_credit(keeper.actor, invoice=make.make_invoice(keeper, luz))
    assert standing(another) == ("open", 6000, 2500)
    actions.return_payment(keeper.actor, payment=payment, on=today(), why="")  # and then its check comes back
    assert (standing(another), credit(invoice)) == (("open", 6000, 0), 0)
    even(keeper)


def test_what_is_paid_is_refunded_and_not_cancelled(keeper: make.Worker) -> None:
    """The sentence says which way."""
    invoice = make.make_invoice(keeper)
    check(keeper, invoice)
    with pytest.raises(NotNow, match="refund"):
        actions.cancel(keeper.actor, invoice=invoice, why="")


def test_a_refund_whole_or_in_part_and_never_more(keeper: make.Worker, announced: Any) -> None:
    """What goes back is asked for no more."""
    invoice = make.make_invoice(keeper)
    check(keeper, invoice)
    back = {"method": "check", "reference": "88", "on": today(), "why": "One day less"}
    with pytest.raises(BadInput, match=r"\$60\.00"):
        actions.refund(keeper.actor, invoice=invoice, cents=6001, **back)
    actions.refund(keeper.actor, invoice=invoice, cents=2000, **back)
    assert standing(invoice) == ("settled", 4000, 4000)
    assert [name for name, _ in announced()] == ["InvoiceSettled"], "it is paid as before"
    actions.refund(keeper.actor, invoice=invoice, cents=4000, **back)
    assert standing(invoice) == ("cancelled", 0, 0)
    assert [name for name, _ in announced()] == ["InvoiceSettled", "InvoiceReopened", "InvoiceCancelled"]
    even(keeper)


def test_a_refund_of_what_was_paid_by_mistake_is_still_owed(keeper: make.Worker) -> None:
    """Or kept as credit."""
    invoice = make.make_invoice(keeper)
    check(keeper, invoice)
    actions.refund(keeper.actor, invoice=invoice, cents=6000, method="cash", on=today(), still_owed=True)
    assert standing(invoice) == ("open", 6000, 0)
    check(keeper, invoice, number="1042")
    actions.refund(keeper.actor, invoice=invoice, cents=6000, method="credit", on=today())
    assert (standing(invoice), credit(invoice)) == (("cancelled", 0, 0), 6000)
    even(keeper)


def test_money_that_was_given_back_cannot_come_back_once_more(keeper: make.Worker) -> None:
    """A check that was refunded and then came back is the bookkeeper's."""
    invoice = make.make_invoice(keeper)
    payment = check(keeper, invoice)
    actions.refund(keeper.actor, invoice=invoice, cents=6000, method="cash", on=today())
    with pytest.raises(NotNow, match="bookkeeper"):
        actions.return_payment(keeper.actor, payment=payment, on=today(), why="")
    assert standing(invoice) == ("cancelled", 0, 0)


def test_a_check_that_came_back_counts_what_it_took_out_before(keeper: make.Worker) -> None:
    """Its money became credit that paid a part of another invoice of the same check, and went back to the payer in part."""
    luz = make.make_worker("practitioner")
    one, two = (make.make_invoice(keeper, luz) for _ in range(2))
    payment = check(keeper, one, two, cents=9000)
    actions.refund(keeper.actor, invoice=one, cents=6000, method="credit", on=today())
    actions.apply_credit(keeper.actor, invoice=two)
    assert (standing(two), credit(two)) == (("settled", 6000, 6000), 3000)
    actions.return_credit(keeper.actor, invoice=two, cents=3000, method="cash", on=today())
    with pytest.raises(NotNow, match="bookkeeper"):
        actions.return_payment(keeper.actor, payment=payment, on=today(), why="")
    assert standing(two) == ("settled", 6000, 6000)
    even(keeper)


def test_a_check_for_an_invoice_of_another_association(keeper: make.Worker) -> None:
    """Is refused, and nothing of it is kept."""
    other = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    theirs = make.make_invoice(other)
    with pytest.raises(BadInput, match="another association"):
        check(keeper, make.make_invoice(keeper), theirs)
    assert not Payment.objects.exists()


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param({"cents": -6000}, "not above zero", id="negative"),
        pytest.param({"cents": 0}, "not above zero", id="nothing"),
        pytest.param({"cents": 10**12}, "million", id="absurd"),
        pytest.param({"number": " "}, "number is missing", id="a check without its number"),
        pytest.param({"method": "card"}, "by hand", id="a card is the provider's to tell"),
        pytest.param({"method": "shells"}, "by hand", id="no way of paying"),
        pytest.param({"received_on": today() + DAY}, "still to come", id="tomorrow"),
        pytest.param({"number": "x" * 81}, "81", id="a number that is too long"),
    ],
)
def test_what_cannot_be_is_refused(keeper: make.Worker, said: dict[str, Any], says: str) -> None:
    """With the sentence that says why; nothing of it is kept."""
    with pytest.raises(BadInput, match=says):
        check(keeper, make.make_invoice(keeper), **said)
    assert not Payment.objects.exists()


def test_a_check_is_written_down_once(keeper: make.Worker) -> None:
    """Also by two people, and by a second click."""
    luz = make.make_worker("practitioner")
    one, two = make.make_invoice(keeper, luz), make.make_invoice(keeper, luz)
    check(keeper, one)
    with pytest.raises(BadInput, match="already"):
        check(keeper, two)
    with pytest.raises(BadInput, match="nothing is owed"):
        check(keeper, one, number="1042")
    with pytest.raises(BadInput, match="No invoice"):
        check(keeper, number="1043")


def test_a_day_before_it_came_is_no_day_on_which_it_came_back(keeper: make.Worker) -> None:
    """Nor one that is still to come."""
    payment = check(keeper, make.make_invoice(keeper))
    for on in (today() - DAY, today() + DAY):
        with pytest.raises(BadInput, match="between"):
            actions.return_payment(keeper.actor, payment=payment, on=on, why="")


def test_a_promise_pays_nothing(keeper: make.Worker) -> None:
    """A purchase order, or a check that is on its way; said twice it is one."""
    invoice = make.make_invoice(keeper)
    for _twice in range(2):
        actions.promise(keeper.actor, invoice=invoice, kind="order", number="PO 77")
    assert invoice.promises.count() == 1
    assert standing(invoice)[0] == "open"
    for wrong in ({"kind": "shells", "number": "1"}, {"kind": "order", "number": " "}):
        with pytest.raises(BadInput):
            actions.promise(keeper.actor, invoice=invoice, **wrong)
    actions.cancel(keeper.actor, invoice=invoice, why="")
    for done in (
        lambda: actions.promise(keeper.actor, invoice=invoice, kind="order", number="1"),
        lambda: actions.apply_credit(keeper.actor, invoice=invoice),
        lambda: actions.send(keeper.actor, invoice=invoice),
        lambda: make.together(lambda act: card_actions.begin_checkout(act, invoice=invoice)),
    ):
        with pytest.raises(NotNow):
            done()


def test_the_journal_names_accounts_as_the_association_does(keeper: make.Worker) -> None:
    """Ours, until it says; income by what was billed."""
    assert keeper.agency
    items = [Item("Membership", 6000, about_kind="association.Membership"), Item("A gift", 500)]
    check(keeper, make.make_invoice(keeper, items=items), cents=6500)
    names = {"income": "4000", "income:association.Membership": "4010 Dues", "check": ""}
    actions.name_accounts(keeper.actor, association=keeper.agency, names=names)
    actions.name_accounts(keeper.actor, association=keeper.agency, names={"income": "4000", "credit": "2200"})
    actions.name_accounts(keeper.actor, association=keeper.agency, names={"credit": "", "income": "4001"})
    with pytest.raises(BadInput):
        actions.name_accounts(keeper.actor, association=keeper.agency, names={"beads": "1"})
    named = queries.names_of(keeper.agency.pk)
    assert named == {"income": "4001", "income:association.Membership": "4010 Dues"}
    assert queries.incomes_of(keeper.agency.pk) == ["income:association.Membership"]
    lines = list(journal.lines(queries.posted(keeper.agency.pk, today(), today()), named))
    assert [(one.account, one.debit, one.credit, one.what) for one in lines] == [
        ("Accounts receivable", 6000, 0, "billed"),
        ("4010 Dues", 0, 6000, "billed"),
        ("Accounts receivable", 500, 0, "billed"),
        ("4001", 0, 500, "billed"),
        ("Undeposited funds", 6500, 0, "paid"),
        ("Accounts receivable", 0, 6500, "paid"),
    ]
    assert {one.reference for one in lines} == {Invoice.objects.get().label, f"{Invoice.objects.get().label} 1041"}


def test_how_long_what_is_owed_has_been_due(keeper: make.Worker) -> None:
    """The usual five columns, whatever each still owes."""
    for due in (0, -1, -30, -31, -60, -61, -90, -91):
        make.make_invoice(keeper, due=due)
    part = make.make_invoice(keeper, due=-200)
    check(keeper, part, cents=1000)
    columns = queries.ageing(Invoice.objects.all(), today())
    assert [(one.count, one.cents) for one in columns] == [
        (1, 6000),
        (2, 12_000),
        (2, 12_000),
        (2, 12_000),
        (2, 11_000),
    ]


def test_every_way_of_paying_has_an_account() -> None:
    """In the journal, and a name of ours."""
    assert set(Method.values) == set(journal.BY_METHOD) <= set(journal.ACCOUNTS)
