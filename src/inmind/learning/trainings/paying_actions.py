"""What a seat costs: billed once, when it is taken; owed no more when it is given up; kept until it is paid, where that is asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.access.act import Act
from inmind.foundation.events import InvoiceCancelled, InvoiceReopened, InvoiceSettled
from inmind.learning.trainings.models import Registration, Training
from inmind.learning.trainings.seats import State
from inmind.money import actions as money
from inmind.money.amounts import Item
from inmind.money.ledger import State as Bill
from inmind.money.models import Invoice
from inmind.money.queries import standing_of

ABOUT = "learning.Registration"  # what an invoice's line says that it is for
LINE = 200  # letters of an invoice's line


def bill(act: Act, training: Training, row: Registration) -> None:
    """Ask for what a seat costs, and say by when, where the seat depends on it. Of nothing no invoice is made, and none of what
    was paid for this seat before it was given up."""
    before = _paid_before(row)
    paid = sum(before.values())
    if row.cents <= paid:
        row.invoice = next(iter(before), None)
        return
    today = act.today(training.zone)
    due_on = today + timedelta(days=settings.SEAT_PAY_DAYS)
    if training.starts_at is not None:
        due_on = max(today, min(due_on, training.starts_at.astimezone(ZoneInfo(training.zone)).date()))
    invoice = money.bill(
        act,
        association=training.association,
        payer=row.person,
        payer_organization=None,
        items=[Item(training.title[:LINE], row.cents - paid, about_kind=ABOUT, about=row.pk)],
        due_on=due_on,
    )
    money.write_of(act, invoice)
    row.invoice, row.pay_by = invoice.pk, due_on if training.holds_until_paid else None


def _paid_before(row: Registration) -> dict[UUID, int]:
    """What came for a seat that was given up and is taken again, and that nobody gave back: cents by invoice, the newest first."""
    billed = Invoice.objects.filter(lines__about_kind=ABOUT, lines__about=row.pk).exclude(state=Bill.CANCELLED)
    rows = billed.filter(cents_paid__gt=0).distinct().order_by("-created_at", "-pk")
    return dict(rows.values_list("pk", "cents_paid"))


def owe_no_more(act: Act, row: Registration) -> None:
    """Ask no more for a seat that is not paid. What was paid stays the association's to give back: its coordinator sees it."""
    if row.invoice is None:
        return
    standing = standing_of([row.invoice]).get(row.invoice)
    if standing is not None and standing.state == "open":
        money.cancel(act, invoice=Invoice.objects.get(pk=row.invoice), why="The seat was given up.")


def is_paid(act: Act, event: InvoiceSettled) -> None:
    """A seat that was held until it is paid stays."""
    for row in _held_by(event.invoice):
        if row.pay_by is not None:
            row.pay_by = None
            row.save()


def is_asked_no_more(act: Act, event: InvoiceCancelled) -> None:
    """The bill was cancelled, or all of it given back: the seat does not wait for money any more. Whether it stays is for who
    keeps the training to say."""
    for row in _held_by(event.invoice):
        if row.pay_by is not None:
            row.pay_by = None
            row.save()


def is_owed_again(act: Act, event: InvoiceReopened) -> None:
    """Money went back: a seat that depends on it is held for some more days, unless nothing is asked for any more."""
    if Invoice.objects.filter(pk=event.invoice, state=Bill.CANCELLED).exists():
        return
    for row in _held_by(event.invoice):
        if row.training.holds_until_paid and row.pay_by is None:
            row.pay_by = act.today(row.training.zone) + timedelta(days=settings.SEAT_PAY_DAYS)
            row.save()


def _held_by(invoice: object) -> list[Registration]:
    """The seats of an invoice, under their trainings' locks."""
    rows = Registration.objects.filter(invoice=invoice, state=State.REGISTERED)
    ids = sorted(set(rows.values_list("training", flat=True)))
    list(Training.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    return list(rows.select_related("training").order_by("pk"))
