"""Card payments: begun here, paid on the provider's page, and taken as the provider tells it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from inmind.access.act import Act, action
from inmind.access.models import OfficeLink
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.money.actions import (
    credit_held,
    enter,
    enter_credit,
    let_go,
    let_stand,
    locked,
    locked_rows,
    refunded,
    share_out,
    take_out,
)
from inmind.money.amounts import MOST_CENTS
from inmind.money.ledger import Kind, State
from inmind.money.models import Checkout, Invoice, Method, Notice, Payment, Refund
from inmind.money.notices import Heard, Said, goes_back


@action("money.begin_checkout", on="invoice")
def begin_checkout(act: Act, *, invoice: Invoice) -> Checkout:
    """Begin to pay by card what is owed; nothing is paid until the provider says so. Raises NotNow where nothing is owed."""
    return _begin(act, locked(invoice))


@action("money.begin_checkout_by_link", on="link")
def begin_checkout_by_link(act: Act, *, link: OfficeLink) -> Checkout:
    """The office that pays begins it, by the link in its letter."""
    return _begin(act, locked_rows([link.about])[0])


def _begin(act: Act, invoice: Invoice) -> Checkout:
    if invoice.state != State.OPEN:
        raise NotNow(N_("Nothing is owed on this invoice any more."))
    act.concerns(invoice)
    return Checkout.objects.create(invoice=invoice, cents=invoice.cents_owed, begun_by_id=act.actor.person)


@action("money.heed_notice")
def heed_notice(act: Act, *, heard: Heard) -> None:
    """Take what the provider of card payments said: once, in whatever order, and nothing for a payment that is not ours."""
    if Notice.objects.filter(event=heard.event).exists():
        return
    became = _heed(act, heard)
    Notice.objects.create(
        event=heard.event,
        kind=heard.said.value,
        checkout=heard.checkout,
        payment_ref=heard.payment,
        cents=heard.cents,
        said_at=heard.at,
        became=became,
    )
    if heard.said is Said.PAID and became == Notice.Became.HEEDED:
        for earlier in Notice.objects.filter(payment_ref=heard.payment, became=Notice.Became.WAITS).order_by("said_at"):
            said = Said(earlier.kind)
            earlier.became = _heed(act, Heard(earlier.event, said, earlier.said_at, None, heard.payment, earlier.cents))
            earlier.save()


def _heed(act: Act, heard: Heard) -> Notice.Became:
    if heard.said is Said.OTHER or not heard.payment:
        return Notice.Became.NOTHING
    if heard.said is Said.PAID:
        return _paid_by_card(act, heard)
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("association")
        .filter(method=Method.CARD, reference=heard.payment)
        .first()
    )
    if payment is None:
        return Notice.Became.WAITS
    if payment.returned_on is not None:
        return Notice.Became.NOTHING
    on = act.today(payment.association.zone)
    if heard.said is Said.DISPUTED:
        return _disputed(act, payment, on)
    return _refunded_by_card(act, payment, heard, on)


def _disputed(act: Act, payment: Payment, on: date) -> Notice.Became:
    """The payer's bank took it back. Where its money went back already, it is nobody's to put right but a bookkeeper's."""
    payment.returned_on, payment.returned_why = on, "disputed"
    try:
        with transaction.atomic():
            payment.save()
            take_out(act, payment, on)
    except NotNow:
        return Notice.Became.UNKNOWN
    return Notice.Became.HEEDED


def _paid_by_card(act: Act, heard: Heard) -> Notice.Became:
    begun = Checkout.objects.select_related("invoice").filter(pk=heard.checkout).first() if heard.checkout else None
    if begun is None or heard.currency != "usd" or not 0 < heard.cents <= MOST_CENTS:
        return Notice.Became.UNKNOWN
    invoice = locked(begun.invoice)
    if Payment.objects.filter(association=invoice.association_id, method=Method.CARD, reference=heard.payment).exists():
        return Notice.Became.NOTHING
    payment = Payment.objects.create(
        association=invoice.association,
        payer=invoice.payer,
        payer_organization=invoice.payer_organization,
        method=Method.CARD,
        reference=heard.payment,
        cents=heard.cents,
        received_on=act.today(invoice.association.zone),
    )
    share_out(act, payment, [invoice])
    return Notice.Became.HEEDED


def _refunded_by_card(act: Act, payment: Payment, heard: Heard, on: date) -> Notice.Became:
    """What went back on the provider's side alone is taken out of the invoice it paid, then out of credit."""
    refunds = Refund.objects.filter(association=payment.association_id, method=Method.CARD, reference=heard.payment)
    more = goes_back(heard.cents, sum(refunds.values_list("cents", flat=True)), payment.cents)
    if not more:
        return Notice.Became.NOTHING
    paid = payment.entries.filter(kind=Kind.PAID).values_list("invoice", flat=True)
    for row in locked_rows(paid):
        part = min(more, row.cents_paid)
        if part:
            made = refunded(act, row, part, Method.CARD, heard.payment, on, "")
            enter(row, Kind.REFUNDED, [("", part)], on, refund=made)
            let_go(row, part, on)
            let_stand(act, row, went_back=True)
            more -= part
    if rest := min(more, credit_held(payment)):
        made = refunded(act, payment, rest, Method.CARD, heard.payment, on, "")
        enter_credit(payment, Kind.RETURNED, rest, on, refund=made)
    return Notice.Became.HEEDED
