"""What the books hold about one person, as that person reads it: invoices, and money that came and went back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inmind.foundation import clock
from inmind.foundation.values import Verdict
from inmind.money.amounts import dollars
from inmind.money.ledger import State
from inmind.money.models import Invoice, Method, Payment, Refund
from inmind.money.views import HOW, STATES
from inmind.people.models import Person


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """Each invoice with its lines, each payment and each refund, the oldest first."""
    invoices = Invoice.objects.filter(payer=person).select_related("association").prefetch_related("lines")
    rows = [
        {
            _("Invoice"): one.label,
            _("From"): one.association.name,
            _("Day"): clock.day(one.issued_on),
            _("What it is for"): "; ".join(line.text for line in sorted(one.lines.all(), key=lambda line: line.place)),
            _("Amount"): dollars(one.cents_billed),
            _("How it stands"): _(STATES[State(one.state)]),
        }
        for one in invoices.order_by("issued_on", "pk")
    ]
    payments = Payment.objects.filter(payer=person).select_related("association").order_by("received_on", "pk")
    rows += [
        {
            _("Payment"): dollars(one.cents),
            _("To"): one.association.name,
            _("Day"): clock.day(one.received_on),
            _("How"): _(HOW[Method(one.method)]),
            _("Came back"): clock.day(one.returned_on) if one.returned_on else _("no"),
        }
        for one in payments
    ]
    refunds = Refund.objects.filter(payer=person).select_related("association").order_by("sent_on", "pk")
    return rows + [
        {_("Given back"): dollars(one.cents), _("From"): one.association.name, _("Day"): clock.day(one.sent_on)}
        for one in refunds
    ]
