"""An invoice that the coordinator writes by hand, and the list of payments: as pages, and who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, Refused
from inmind.foundation.forms import fresh_key
from inmind.money import actions, queries
from inmind.money.amounts import Item
from inmind.money.models import Invoice, Payment
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(1)


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


@pytest.fixture
def luz(keeper: make.Worker) -> make.Worker:
    return make.make_worker("practitioner", keeper.agency, name="Luz Ortega")


def today() -> Any:
    return clock.today(make.ZONE)


def typed(payer: str, *lines: tuple[str, str, str], do: str = "look", **said: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"key": fresh_key(), "payer": payer, "due_on": (today() + 30 * DAY).isoformat(), "do": do}
    for place, (words, pieces, amount) in enumerate(lines):
        told |= {f"text_{place}": words, f"pieces_{place}": pieces, f"amount_{place}": amount}
    return {**told, "count": max(len(lines), 3), **said}


def write(who: make.Worker, told: dict[str, Any]) -> Any:
    return who.client.post(reverse("money_write"), told, follow=True)


def check(keeper: make.Worker, invoice: Invoice, cents: int = 6000, number: str = "1041", **said: Any) -> Payment:
    known = {"method": "check", "reference": number, "received_on": today(), **said}
    return actions.take_payment(keeper.actor, association=keeper.agency, invoices=[invoice], cents=cents, **known)


def test_an_invoice_by_hand_is_seen_before_it_is_issued(keeper: make.Worker, luz: make.Worker) -> None:
    """Found by name, two lines, looked at, issued once by two clicks; its payer reads it."""
    found = keeper.client.get(reverse("money_write"), {"words": "ortega"}).content.decode()
    assert f'value="p:{luz.person.pk}"' in found
    told = typed(f"p:{luz.person.pk}", ("Book", "2", "12,50"), ("Room for a day", "", "$1,200.00"), reference="PO 7")
    seen = write(keeper, told).content.decode()
    assert "Is it right?" in seen
    assert all(one in seen for one in ("$25.00", "$1,225.00", "PO 7", "Luz Ortega"))
    assert not Invoice.objects.exists()
    for _click in range(2):
        write(keeper, {**told, "do": "issue"})
    invoice = Invoice.objects.get()
    assert (invoice.payer, invoice.cents_billed, invoice.reference) == (luz.person, 122_500, "PO 7")
    assert [(one.text, one.quantity, one.cents) for one in invoice.lines.order_by("place")] == [
        ("Book", 2, 1250),
        ("Room for a day", 1, 120_000),
    ]
    assert invoice.label in luz.client.get(reverse("money_mine")).content.decode()


def test_an_agency_is_billed_by_hand_too(keeper: make.Worker) -> None:
    """Agencies stand in the list without a search."""
    agency = make.make_network().agencies[0]
    assert agency.name in keeper.client.get(reverse("money_write")).content.decode()
    write(keeper, typed(f"o:{agency.pk}", ("A table at the conference", "1", "350"), do="issue"))
    assert Invoice.objects.get().payer_organization == agency


def test_more_lines_and_changing_lose_nothing(keeper: make.Worker, luz: make.Worker) -> None:
    """Without script, by buttons."""
    told = typed(f"p:{luz.person.pk}", ("Book", "2", "12,5x"), reference="PO 7")
    for do, count in (("more", 6), ("change", 3)):
        shown = write(keeper, {**told, "do": do}).content.decode()
        assert shown.count('name="text_') == count
        assert all(f'value="{one}"' in shown for one in ("Book", "12,5x", "PO 7"))


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param({"payer": ""}, "choose", id="nobody pays"),
        pytest.param({"text_0": ""}, "what it is for", id="an amount without words"),
        pytest.param({"amount_0": ""}, "amount of this line is missing", id="words without an amount"),
        pytest.param({"text_0": "", "amount_0": ""}, "nothing on this invoice", id="no line"),
        pytest.param({"amount_0": "0"}, "not above zero", id="nothing owed"),
        pytest.param({"amount_0": "-5"}, "not above zero", id="below nothing"),
        pytest.param({"pieces_0": "0"}, "1", id="no pieces"),
        pytest.param({"due_on": "2020-01-01"}, "over already", id="due in the past"),
        pytest.param({"due_on": "2099-01-01"}, "two years ahead", id="a slip in the year"),
        pytest.param({"due_on": "soon"}, "date", id="no day"),
    ],
)
def test_what_cannot_be_billed_comes_back_as_it_was_typed(
    keeper: make.Worker, luz: make.Worker, said: dict[str, str], says: str
) -> None:
    """With the sentence; nothing is kept, whichever button was pressed."""
    for do in ("look", "issue"):
        answer = write(keeper, {**typed(f"p:{luz.person.pk}", ("Book", "1", "60"), do=do), **said})
        assert answer.status_code == 400
        assert says in answer.content.decode()
    assert not Invoice.objects.exists()


def test_nobody_is_billed_whom_the_association_does_not_know(keeper: make.Worker) -> None:
    """Not somebody of another association, nor a caregiver: neither stands in a search, nor is taken by an id."""
    other = make.make_worker("practitioner", make.make_association("Hills Association"), name="Stranger Ruiz")
    assert "Stranger" not in keeper.client.get(reverse("money_write"), {"words": "stranger"}).content.decode()
    asked = keeper.client.get(reverse("money_write"), {"payer": f"p:{other.person.pk}"}).content.decode()
    assert "Stranger" not in asked
    assert write(keeper, typed(f"p:{other.person.pk}", ("Book", "1", "60"), do="issue")).status_code == 400
    said = {"items": [Item("Book", 6000)], "due_on": today()}
    with pytest.raises(BadInput, match="Nobody here"):
        actions.write_invoice(
            keeper.actor, association=keeper.agency, payer=other.person, payer_organization=None, **said
        )
    with pytest.raises(BadInput, match="No agency"):
        actions.write_invoice(
            keeper.actor, association=keeper.agency, payer=None, payer_organization=keeper.agency, **said
        )


def test_money_that_came_is_found_by_name_number_way_and_day(keeper: make.Worker, luz: make.Worker) -> None:
    """The newest first; what is left over is said."""
    ana = make.make_worker("practitioner", keeper.agency, name="Ana Núñez")
    check(keeper, make.make_invoice(keeper, luz), cents=7500, number="1041", received_on=today() - 9 * DAY)
    check(keeper, make.make_invoice(keeper, ana), number="T-88", method="transfer")

    def shown(**query: Any) -> str:
        return keeper.client.get(reverse("money_payments"), query).content.decode()

    every = shown()
    assert every.index("Ana") < every.index("Luz")
    assert "$15.00" in every
    for query, there, gone in (
        ({"words": "1041"}, "Luz", "Ana"),
        ({"words": "ortega"}, "Luz", "Ana"),
        ({"method": "transfer"}, "Ana", "Luz"),
        ({"first": today()}, "Ana", "Luz"),
        ({"last": today() - DAY}, "Luz", "Ana"),
        ({"left": "on"}, "Luz", "Ana"),
    ):
        page = shown(**query)
        assert there in page, query
        assert gone not in page, query
    assert "No payment like this" in shown(words="nobody")
    out = keeper.client.get(reverse("money_payments_out"), {"words": "ortega"})
    lines = out.content.decode("utf-8-sig").splitlines()
    assert lines[1:] == [f"{today() - 9 * DAY},Luz Ortega,check,1041,75.00,15.00,"]
    assert AuditEntry.objects.filter(verb="money.export", outcome="read").exists()


def test_a_long_list_of_payments_goes_by_pages(keeper: make.Worker, luz: make.Worker) -> None:
    """Fifty at once."""
    for number in range(51):
        check(keeper, make.make_invoice(keeper, luz), number=f"C{number}")
    first = keeper.client.get(reverse("money_payments")).content.decode()
    last = keeper.client.get(reverse("money_payments"), {"page": 2}).content.decode()
    assert first.count("Luz Ortega") == 50
    assert last.count("Luz Ortega") == 1


def test_what_is_left_over_is_said_until_it_is_used_or_gone(keeper: make.Worker, luz: make.Worker) -> None:
    """What came first is used first; a check that came back leaves nothing."""
    one = check(keeper, make.make_invoice(keeper, luz), cents=8000, number="1")
    two = check(keeper, make.make_invoice(keeper, luz), cents=9000, number="2")
    assert queries.unplaced_of([one, two]) == {one.pk: 2000, two.pk: 3000}
    page = keeper.client.get(reverse("money_payment", args=[one.pk])).content.decode()
    assert "$20.00" in page
    used = make.make_invoice(keeper, luz, items=[Item("Book", 2500)])
    actions.apply_credit(keeper.actor, invoice=used)
    assert queries.unplaced_of([one, two]) == {one.pk: 0, two.pk: 2500}
    actions.return_payment(keeper.actor, payment=two, on=today(), why="")
    assert queries.unplaced_of([one, two])[two.pk] == 0


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["practitioner", "agency_supervisor", "administrator"])
def test_who_keeps_no_books_writes_no_invoice_and_reads_no_payments(
    keeper: make.Worker, luz: make.Worker, role: str
) -> None:
    """Page and action say the same sentence."""
    payment = check(keeper, make.make_invoice(keeper, luz))
    other = make.make_worker(role)
    for name in ("money_write", "money_payments", "money_payments_out"):
        assert other.client.get(reverse(name)).status_code == 403
    assert other.client.get(reverse("money_payment", args=[payment.pk])).status_code == 403
    with pytest.raises(Refused):
        actions.write_invoice(
            other.actor,
            association=keeper.agency,
            payer=luz.person,
            payer_organization=None,
            items=[Item("Book", 1)],
            due_on=today(),
        )


def test_another_associations_coordinator_reads_own_payments_alone(keeper: make.Worker, luz: make.Worker) -> None:
    """Also where the address names the other."""
    payment = check(keeper, make.make_invoice(keeper, luz))
    hills = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    for name in ("money_payments", "money_write"):
        page = hills.client.get(reverse(name), {"at": keeper.agency.pk, "words": "ortega"}).content.decode()
        assert "Luz" not in page
    assert hills.client.get(reverse("money_payment", args=[payment.pk])).status_code == 403
