"""Several at once: numbers without a gap, and a check that is written down once. On both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.money import actions
from inmind.money.amounts import Item
from inmind.money.models import Entry, Invoice, Payment
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def together(work: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each answers, or the refusal it was told; all begin in one moment."""
    tasks = list(work)
    start = Barrier(len(tasks), timeout=60)

    def one(task: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return task()
        except InMindError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(one, tasks))


def test_invoices_that_are_written_at_once_have_numbers_without_a_gap() -> None:
    """Also the first of a year."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    today, by = clock.today(make.ZONE), keeper.actor
    said = {"association": keeper.agency, "payer": luz.person, "payer_organization": None, "due_on": today}
    told = together([lambda: actions.bill(by, items=[Item("Dues", 6000)], **said)] * 6)
    assert not [one for one in told if isinstance(one, InMindError)]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_two_who_write_down_one_check_write_it_once() -> None:
    """The second reads that nothing is owed any more."""
    keeper = make.make_worker("association_coordinator")
    invoices = [make.make_invoice(keeper) for _ in range(3)]
    by, payer = keeper.actor, invoices[0].payer
    said = {"association": keeper.agency, "cents": 18_000, "method": "check", "reference": "1041", "payer": payer}
    day = clock.today(make.ZONE) - timedelta(1)
    told = together(
        [
            lambda: actions.take_payment(by, invoices=invoices, received_on=day, **said),
            lambda: actions.take_payment(by, invoices=invoices[::-1], received_on=day, **said),
        ]
    )
    assert len([one for one in told if isinstance(one, InMindError)]) == 1
    assert Payment.objects.count() == 1
    assert set(Invoice.objects.values_list("cents_paid", flat=True)) == {6000}


def test_credit_is_spent_once_however_many_spend_it() -> None:
    """On two invoices, and back to its owner, in one moment."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    by, day = keeper.actor, clock.today(make.ZONE)
    paid, one, two = (make.make_invoice(keeper, luz) for _ in range(3))
    check = {"method": "check", "reference": "1041", "received_on": day}
    actions.take_payment(by, association=keeper.agency, invoices=[paid], cents=12_000, **check)
    together(
        [
            lambda: actions.apply_credit(by, invoice=one),
            lambda: actions.apply_credit(by, invoice=two),
            lambda: actions.return_credit(by, invoice=paid, cents=6000, method="cash", on=day),
        ]
    )
    spent = sum(Entry.objects.filter(kind__in=("applied", "returned")).values_list("cents", flat=True))
    assert spent == 6000
