"""Pages of invoices: one's own, one of them for whoever may read it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock, leaving
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, form_page, fresh_key, said
from inmind.foundation.values import N_
from inmind.money import actions, card_actions, ledger, queries
from inmind.money.adapters import cards
from inmind.money.amounts import dollars, plain
from inmind.money.forms import (
    CancelForm,
    CreditForm,
    PromiseForm,
    RefundForm,
    SendForm,
)
from inmind.money.ledger import Kind, State
from inmind.money.models import Invoice, InvoiceLine, Method, Payment
from inmind.money.paper_views import invoice_paper, receipt_paper

SEE, BOOKS, TAKE = "money.see", "money.see_books", "money.take_payment"
REFUND, CANCEL, CREDIT, PROMISE, SEND = (
    *("money.refund", "money.cancel", "money.apply_credit", "money.promise", "money.send"),
)
PAY, CREDIT_BACK = "money.begin_checkout", "money.return_credit"
RELATED = ("association", "payer", "payer_organization")
STATES = {State.OPEN: N_("to be paid"), State.SETTLED: N_("paid"), State.CANCELLED: N_("cancelled")}

HOW = {
    Method.CHECK: N_("Check"),
    Method.CASH: N_("Cash"),
    Method.TRANSFER: N_("Bank transfer"),
    Method.CARD: N_("Card"),
}
HAPPENED = {
    Kind.BILLED: N_("Asked for"),
    Kind.LET_GO: N_("Asked for no more"),
    Kind.PAID: N_("Paid"),
    Kind.APPLIED: N_("Paid from credit"),
    Kind.MOVED: N_("Kept as credit"),
    Kind.BOUNCED: N_("The payment came back"),
    Kind.REFUNDED: N_("Given back"),
}


@door(SEE)
def mine(request: Asked) -> HttpResponse:
    """What the reader owes and has paid, of every association."""
    rows = (
        Invoice.objects.filter(payer=request.actor.person).select_related("association").order_by("-issued_on", "-pk")
    )
    rows = policy.visible(request.actor, rows, SEE)
    context = {
        "rows": [
            [line[0], {"text": row.association.name}, *line[1:]] for row, line in zip(rows, lines_of(rows), strict=True)
        ],
        "columns": [
            {"label": _("Invoice")},
            {"label": _("From")},
            {"label": _("How it stands")},
            {"label": _("Amount"), "number": True},
        ],
    }
    return render(request, "money/mine.html", context)


def lines_of(rows: Iterable[Invoice]) -> list[list[dict[str, Any]]]:
    """Invoices as a list shows them: number, how it stands, amount."""
    return [
        [
            {"text": row.label, "url": reverse("money_invoice", args=[row.pk])},
            {"text": _standing(row, clock.today(row.association.zone))},
            {"text": dollars(row.cents_owed if row.state == State.OPEN else row.cents_billed)},
        ]
        for row in rows
    ]


def _standing(row: Invoice, today: date) -> str:
    """How an invoice stands, in words."""
    if row.state != State.OPEN:
        return _("Paid") if row.state == State.SETTLED else _("Cancelled: nothing is owed")
    facts = {"day": clock.day(row.due_on)}
    if row.due_on < today:
        return _("It was due on %(day)s") % facts
    return _("Due by %(day)s") % facts


@door(SEE)
def invoice(request: Asked, invoice: UUID) -> HttpResponse:
    """One invoice, for whom it is for and for who keeps the books."""
    row, _verdict = opened(request, SEE, Invoice, invoice, related=RELATED)
    may = {
        verb.partition(".")[2]: bool(policy.can(request.actor, verb, row))
        for verb in (TAKE, REFUND, CANCEL, CREDIT, CREDIT_BACK, PROMISE, SEND, BOOKS)
    }
    is_open = row.state == State.OPEN
    credit = queries.credit_of(row.association_id, row.payer_id, row.payer_organization_id)
    context = {
        **shown(row),
        "may": may,
        "pays_by_card": is_open and cards.port() is not None and bool(policy.can(request.actor, PAY, row)),
        "credit": dollars(credit) if credit else "",
        "form": HouseForm(),
        "promise_form": PromiseForm() if is_open and may["promise"] else None,
        "send_form": SendForm() if is_open and may["send"] and row.payer_organization_id else None,
        "may_cancel": may["cancel"] and is_open,
        "may_refund": may["refund"] and row.cents_paid > 0,
        "checks": _payments(row) if may["take_payment"] else [],
    }
    return render(request, "money/invoice.html", context)


def shown(row: Invoice) -> dict[str, Any]:
    """What everybody who reads an invoice reads."""
    today = clock.today(row.association.zone)
    entries = row.entries.select_related("payment", "refund").order_by("on", "created_at", "pk")
    lines = list(row.lines.order_by("place"))
    is_counted = any(line.quantity > 1 for line in lines)
    return {
        "invoice": row,
        "is_open": row.state == State.OPEN,
        "standing": _standing(row, today),
        "owed": dollars(row.cents_owed),
        "billed": dollars(row.cents_billed),
        "paid": dollars(row.cents_paid),
        "has_receipt": row.cents_paid > 0,
        "lines": [_line(line, is_counted) for line in lines],
        "line_columns": [
            {"label": _("What for")},
            *([{"label": _("How many"), "number": True}, {"label": _("Each"), "number": True}] if is_counted else []),
            {"label": _("Amount"), "number": True},
        ],
        "happened": [
            {
                "on": clock.day(entry.on),
                "what": _(HAPPENED[Kind(entry.kind)]),
                "how": how(entry.refund or entry.payment),
                "sum": dollars(entry.cents),
            }
            for entry in entries
        ],
        "promises": [
            {
                "says": (_("Purchase order %(number)s") if one.kind == "order" else _("Check %(number)s, in the mail"))
                % {"number": one.number},
                "on": clock.day(one.on),
            }
            for one in row.promises.order_by("on", "pk")
            if row.state == State.OPEN  # what came is told below, and nothing is on its way any more
        ],
    }


def _line(line: InvoiceLine, is_counted: bool) -> list[dict[str, str]]:
    counted = [{"text": str(line.quantity)}, {"text": dollars(line.cents)}] if is_counted else []
    return [{"text": line.text or "—"}, *counted, {"text": dollars(line.total)}]


def how(money: Any) -> str:
    """How money came or went; the provider's own number of a card payment says nobody anything."""
    if money is None:
        return ""
    number = "" if money.method == Method.CARD else money.reference
    return f"{_(HOW[Method(money.method)])} {number}".strip()


def _payments(row: Invoice) -> list[dict[str, Any]]:
    """The payments of this invoice that could still come back."""
    rows = Payment.objects.filter(entries__invoice=row, entries__kind=Kind.PAID, returned_on=None).distinct()
    return [
        {
            "says": _("%(how)s, %(sum)s, on %(day)s")
            % {"how": how(one), "sum": dollars(one.cents), "day": clock.day(one.received_on)},
            "url": reverse("money_return", args=[one.pk]),
        }
        for one in rows.exclude(method=Method.CARD).order_by("received_on", "pk")
    ]


@door(SEE)
def paper(request: Asked, invoice: UUID) -> HttpResponse:
    row, _verdict = opened(request, SEE, Invoice, invoice, related=RELATED)
    return leaving.paper(invoice_paper(row), "invoice")


@door(SEE)
def receipt(request: Asked, invoice: UUID) -> HttpResponse:
    row, _verdict = opened(request, SEE, Invoice, invoice, related=RELATED)
    if not row.cents_paid:
        messages.warning(request, _("Nothing is paid on this invoice yet, so there is no receipt."))
        return redirect("money_invoice", invoice=row.pk)
    return leaving.paper(receipt_paper(row), "receipt")


@door(REFUND)
def give_back(request: Asked, invoice: UUID) -> HttpResponse:
    """Give money back, whole or in part."""
    row, _verdict = opened(request, REFUND, Invoice, invoice, related=RELATED)
    port, by_card = cards.port(), _card_payment(row)
    today = clock.today(row.association.zone)
    first = {"key": fresh_key(), "version": row.version, "on": today, "amount": plain(row.cents_paid)}
    form = RefundForm(port is not None and by_card is not None, request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        cents, reference, to_card = typed["amount"], typed["reference"], typed["method"] == Method.CARD
        if to_card and port is not None and by_card is not None:
            # Called before the books are opened: by its key it goes back once, and a notice tells it should this stop here.
            if typed["version"] != row.version:
                raise NotNow(*_CHANGED)
            actions.check_refund(row, cents, typed["on"], today)
            ledger.check_refund(cents, ledger.Sums(row.cents_billed, min(row.cents_paid, by_card.cents)))
            port.refund(payment=by_card.reference, cents=cents, key=typed["key"])
            reference = by_card.reference
        said_so = {one: typed[one] for one in ("method", "on", "why", "still_owed")}
        known = {"key": typed["key"], "version": typed["version"], "invoice": row}
        try:
            actions.refund(request.actor, **known, cents=cents, reference=reference, **said_so)
        except Stale as refusal:
            if not to_card:
                raise NotNow(*_CHANGED) from refusal
            # The notice of it was quicker than this page, or comes: it is written down once, by the notice.
        messages.success(request, _("%(sum)s is written down as given back.") % {"sum": dollars(cents)})
        return redirect("money_invoice", invoice=row.pk)

    context = {"invoice": row, "paid": dollars(row.cents_paid)}
    return form_page(request, form, "money/give_back.html", context, save)


_CHANGED = (
    N_("Something was written down on this invoice meanwhile."),
    N_("Money goes back over what you have seen."),
    N_("Open the invoice, look what is there now, and give back what is right."),
)


def _card_payment(row: Invoice) -> Payment | None:
    """The newest card payment of an invoice."""
    rows = Payment.objects.filter(entries__invoice=row, entries__kind=Kind.PAID, method=Method.CARD, returned_on=None)
    return rows.order_by("-created_at").first()


@door(CREDIT_BACK)
def credit_back(request: Asked, invoice: UUID) -> HttpResponse:
    """Send a payer's credit back."""
    row, _verdict = opened(request, CREDIT_BACK, Invoice, invoice, related=RELATED)
    there = queries.credit_of(row.association_id, row.payer_id, row.payer_organization_id)
    first = {"key": fresh_key(), "on": clock.today(row.association.zone), "amount": plain(there)}
    form = CreditForm(request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        said_so = {one: typed[one] for one in ("method", "reference", "on")}
        actions.return_credit(request.actor, key=typed["key"], invoice=row, cents=typed["amount"], **said_so)
        messages.success(request, _("%(sum)s is written down as given back.") % {"sum": dollars(typed["amount"])})
        return redirect("money_invoice", invoice=row.pk)

    context = {"invoice": row, "credit": dollars(there)}
    return form_page(request, form, "money/give_back.html", context, save)


@door(CANCEL)
def cancel(request: Asked, invoice: UUID) -> HttpResponse:
    """Ask for it no more."""
    row, _verdict = opened(request, CANCEL, Invoice, invoice, related=RELATED)
    form = CancelForm(request.POST or None, initial={"key": fresh_key()})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.cancel(request.actor, key=typed["key"], invoice=row, why=typed["why"])
        messages.success(request, _("It is cancelled. Nothing is owed on it any more."))
        return redirect("money_invoice", invoice=row.pk)

    context = {"invoice": row, "paid": dollars(row.cents_paid) if row.cents_paid else ""}
    return form_page(request, form, "money/cancel.html", context, save)


@door(PROMISE)
@require_POST
def promise(request: Asked, invoice: UUID) -> HttpResponse:
    row, _verdict = opened(request, PROMISE, Invoice, invoice, related=RELATED)
    form = PromiseForm(request.POST)

    def save() -> Any:
        typed = form.cleaned_data
        return actions.promise(request.actor, key=typed["key"], invoice=row, kind=typed["kind"], number=typed["number"])

    done(request, form, save, _("It is written down. It is paid once the money is here."))
    return redirect("money_invoice", invoice=row.pk)


@door(SEND)
@require_POST
def send(request: Asked, invoice: UUID) -> HttpResponse:
    """Write to whom it is for."""
    row, _verdict = opened(request, SEND, Invoice, invoice, related=RELATED)
    form = SendForm(request.POST) if row.payer_organization_id else HouseForm(request.POST)

    def save() -> Any:
        typed = form.cleaned_data
        return actions.send(request.actor, key=typed["key"], invoice=row, address=typed.get("address", ""))

    done(request, form, save, _("A letter is on its way."))
    return redirect("money_invoice", invoice=row.pk)


@door(CREDIT)
@require_POST
def credit(request: Asked, invoice: UUID) -> HttpResponse:
    """Let the payer's credit pay it."""
    row, _verdict = opened(request, CREDIT, Invoice, invoice, related=RELATED)
    form = HouseForm(request.POST)

    def save() -> Any:
        return actions.apply_credit(request.actor, key=form.cleaned_data["key"], invoice=row)

    done(request, form, save, _("The credit is used for this invoice."))
    return redirect("money_invoice", invoice=row.pk)


def done(request: Asked, form: HouseForm, save: Callable[[], Any], says: str) -> None:
    """Do what a small form asks; what it lacks, or why it cannot be, is said on the page that follows."""
    if not form.is_valid():
        for problems in form.errors.values():
            messages.warning(request, " ".join(str(one) for one in problems))
        return
    try:
        save()
    except (BadInput, NotNow) as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, says)


@door(PAY)
@require_POST
def pay(request: Asked, invoice: UUID) -> HttpResponse:
    """On to the provider's own page, where a card is typed."""
    row, _verdict = opened(request, PAY, Invoice, invoice, related=RELATED)
    page = reverse("money_invoice", args=[row.pk])
    form = HouseForm(request.POST)
    return on_to_card(
        request,
        form,
        page,
        lambda: card_actions.begin_checkout(request.actor, key=form.cleaned_data["key"], invoice=row),
    )


def on_to_card(request: Asked, form: HouseForm, page: str, begin: Callable[[], Any]) -> HttpResponse:
    """Begin a checkout, then ask the provider for its page: outside the transaction, by the checkout's own id."""
    port = cards.port()
    if port is None or not form.is_valid():
        messages.warning(request, _("Nobody takes cards here. A check or a bank transfer pays it as well."))
        return redirect(page)
    try:
        begun = begin()
        label = _("Invoice %(number)s") % {"number": begun.invoice.label}
        there = port.begin(checkout=begun.pk, label=label, cents=begun.cents, back=request.build_absolute_uri(page))
    except NotNow as refusal:
        messages.warning(request, said(refusal))
        return redirect(page)
    return HttpResponse(status=303, headers={"Location": there})
