"""An invoice and a receipt as papers, in the reader's language.

Papers are typeset by `documents`, whose tables an association does not have: its pure parts and its typesetter alone are used.
"""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.documents.adapters import typesetter
from inmind.documents.paper import Paper, Part, Table
from inmind.foundation import clock
from inmind.money.amounts import dollars
from inmind.money.ledger import Kind, State
from inmind.money.models import Invoice, Method


def invoice_paper(row: Invoice) -> bytes:
    """What is asked for, by when, and how it can be paid."""
    here = row.association
    lines = [
        (line.text or "—", str(line.quantity), dollars(line.cents), dollars(line.total))
        for line in row.lines.order_by("place")
    ]
    columns = (_("What for"), _("How many"), _("Each"), _("Amount"))
    total = sum(line.total for line in row.lines.all())
    pay = [
        _("Total: %(sum)s") % {"sum": dollars(total)},
        *([_("Asked for no more: %(sum)s") % {"sum": dollars(less)}] if (less := total - row.cents_billed) else []),
        _("Paid so far: %(sum)s") % {"sum": dollars(row.cents_paid)},
        _("Still owed: %(sum)s") % {"sum": dollars(row.cents_owed)},
    ]
    if row.state == State.CANCELLED:
        pay.append(_("This invoice is cancelled. Nothing is owed on it."))
    elif row.cents_owed:
        facts = {"name": here.name, "number": row.label}
        pay.append(_("Make checks payable to %(name)s, and write the number %(number)s on them.") % facts)
        if here.address:
            pay.append(_("Send them to: %(address)s") % {"address": here.address})
    if here.phone:
        pay.append(_("Questions? Call %(phone)s.") % {"phone": here.phone})
    return _made(
        row,
        _("Invoice"),
        (
            (_("Due by"), clock.day(row.due_on)),
            *(((_("Your reference"), row.reference),) if row.reference else ()),
        ),
        (
            Part(_("What it is for"), table=Table(columns, tuple(lines), (5, 2, 2, 2))),
            Part(_("What is owed"), tuple(pay)),
        ),
    )


def receipt_paper(row: Invoice) -> bytes:
    """What was paid, how and when; and what went back."""
    ways = {
        Method.CHECK: _("Check"),
        Method.CASH: _("Cash"),
        Method.TRANSFER: _("Bank transfer"),
        Method.CARD: _("Card"),
    }
    came = {
        Kind.PAID: _("Paid"),
        Kind.APPLIED: _("Paid from credit"),
        Kind.BOUNCED: _("The payment came back"),
        Kind.REFUNDED: _("Given back"),
        Kind.MOVED: _("Kept as credit"),
    }
    lines = []
    for entry in row.entries.filter(kind__in=list(came)).select_related("payment", "refund").order_by("on", "pk"):
        money = entry.refund or entry.payment
        how = ways[Method(money.method)] if money else ""
        number = money.reference if money and money.method != Method.CARD else ""
        lines.append((clock.day(entry.on), came[Kind(entry.kind)], f"{how} {number}".strip(), dollars(entry.cents)))
    columns = (_("Day"), _("What"), _("How"), _("Amount"))
    for_what = tuple(f"{line.text or '—'}: {dollars(line.total)}" for line in row.lines.order_by("place"))
    return _made(
        row,
        _("Receipt"),
        ((_("Paid in all"), dollars(row.cents_paid)),),
        (
            Part(_("What was paid"), table=Table(columns, tuple(lines), (3, 3, 3, 2))),
            Part(_("What it was for"), items=for_what),
            Part(_("Still owed"), (dollars(row.cents_owed),)),
        ),
    )


def _made(row: Invoice, title: str, facts: tuple[tuple[str, str], ...], parts: tuple[Part, ...]) -> bytes:
    here = row.association
    head = ((_("From"), here.name), (_("To"), row.payer_name), (_("Number"), row.label))
    paper = Paper(
        title=title,
        language=get_language() or "en",
        facts=(*head, (_("Day"), clock.day(row.issued_on)), *facts),
        parts=parts,
        footer=" · ".join(filter(None, (here.name, here.address, here.phone))),
        brackets=_(
            "What stands in brackets as a name or a number is a character that this paper’s letters do not hold."
        ),
    )
    return typesetter.pdf_of(paper)
