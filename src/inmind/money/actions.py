"""Every change of the books: bill, cancel, take money, say that it did not come, give it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.access.models import Account, OfficeLink
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import InvoiceCancelled, InvoiceReopened, InvoiceSettled
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.money import journal, ledger
from inmind.money import queries as payers
from inmind.money.amounts import Item, check_amount, check_due, check_items, dollars, shared
from inmind.money.ledger import Kind, State
from inmind.money.models import (
    BookAccount,
    Entry,
    Invoice,
    InvoiceLine,
    Method,
    Payment,
    Promise,
    Refund,
)
from inmind.money.queries import credit_of
from inmind.people.models import Contact, Organization, Person

ABOUT = "money.Invoice"
LINK = "dues"  # what an office's link is sent for
MOST_AT_ONCE = 200  # ours: invoices that one check pays


@action("money.bill", on="association")
def bill(
    act: Act,
    *,
    association: Organization,
    payer: Person | None,
    payer_organization: Organization | None,
    items: Sequence[Item],
    due_on: date,
    reference: str = "",
) -> Invoice:
    """Ask a person or an organization for what is on the lines, under the next number of the year.

    Of nothing it is settled at once. Raises BadInput for lines that nobody can owe (`amounts.check_items`).
    """
    total = check_items(items)
    if (payer is None) == (payer_organization is None):
        raise BadInput(N_("An invoice is one person's or one organization's."), field="payer")
    today = act.today(association.zone)
    # The association's row is the lock under which numbers are counted, so that two at once are two numbers.
    Organization.objects.select_for_update(no_key=True).get(pk=association.pk)
    last = Invoice.objects.filter(association=association, year=today.year).aggregate(last=Max("number"))["last"]
    invoice = Invoice(
        association=association,
        year=today.year,
        number=(last or 0) + 1,
        payer=payer,
        payer_organization=payer_organization,
        issued_on=today,
        due_on=due_on,
        reference=text.checked_line(reference.strip(), 80, field="reference"),
        cents_billed=total,
        state=State.OPEN if total else State.SETTLED,
    )
    invoice.save()
    keep_together(
        InvoiceLine(
            invoice=invoice,
            place=place,
            text=item.text.strip(),
            cents=item.cents,
            quantity=item.quantity,
            about_kind=item.about_kind,
            about=item.about,
            person_id=item.person,
        )
        for place, item in enumerate(items)
    )
    enter(invoice, Kind.BILLED, _by_kind(items), today)
    act.concerns(invoice)
    if not total:
        act.announce(InvoiceSettled(invoice=invoice.pk))
    return invoice


@action("money.write_invoice", on="association")
def write_invoice(
    act: Act,
    *,
    association: Organization,
    payer: Person | None,
    payer_organization: Organization | None,
    items: Sequence[Item],
    due_on: date,
    reference: str = "",
) -> Invoice:
    """Bill by hand what no room bills by itself. Raises BadInput for nobody that this association knows, for a day that is
    over, and for a sum of nothing."""
    check_due(due_on, act.today(association.zone))
    if payer is not None and not payers.people_of(association).filter(pk=payer.pk).exists():
        raise BadInput(
            N_("Nobody here is meant by this."),
            N_("An invoice is for somebody of your association, or for an agency."),
            field="payer",
        )
    if (
        payer_organization is not None
        and not payers.organizations_of(association).filter(pk=payer_organization.pk).exists()
    ):
        raise BadInput(N_("No agency is meant by this."), N_("Choose one from the list."), field="payer")
    check_amount(check_items(items), field="items")
    whom = {"payer": payer, "payer_organization": payer_organization}
    return bill(act, association=association, items=items, due_on=due_on, reference=reference, **whom)


@action("money.cancel", on="invoice")
def cancel(act: Act, *, invoice: Invoice, why: str) -> Invoice:
    """Ask for it no more: nothing is owed, and what was paid of it becomes its payer's credit.

    One of nothing that was settled at once is cancelled as well. Raises NotNow for one that is paid, which is refunded.
    """
    invoice = locked(invoice)
    if invoice.state == State.CANCELLED:
        return invoice
    if invoice.state == State.SETTLED and invoice.cents_billed:
        raise NotNow(
            N_("This invoice is paid."), N_("Give the money back, or keep it as credit."), N_("A refund does either.")
        )
    today = act.today(invoice.association.zone)
    if invoice.cents_paid:
        enter(invoice, Kind.MOVED, [("", invoice.cents_paid)], today)
    let_go(invoice, invoice.cents_billed, today)
    invoice.cancelled_why = text.checked_line(why.strip(), 200, field="why")
    return let_stand(act, invoice, is_over=True)


@action("money.take_payment", on="association")
def take_payment(
    act: Act,
    *,
    association: Organization,
    invoices: Sequence[Invoice],
    cents: int,
    method: str,
    reference: str,
    received_on: date,
    payer: Person | None = None,
    payer_organization: Organization | None = None,
) -> Payment:
    """Write down money that came in, for one invoice or for several, the first due first; what is left over is credit.

    payer, payer_organization: who paid, where that is not whose invoices they are. Raises BadInput for an invoice of another
    association, for several payers of whom none is named, for a check that is here already, and for a day to come.
    """
    check_amount(cents)
    if method not in Method.values or method == Method.CARD:
        raise BadInput(N_("This is not how money comes in by hand."), field="method")
    if received_on > act.today(association.zone):
        raise BadInput(N_("This day is still to come."), N_("Write the day on which it arrived."), field="received_on")
    rows = _all_locked(invoices, association)
    if payer is None and payer_organization is None:
        payer, payer_organization = _payer_of(rows)
    reference = text.checked_line(reference.strip(), 80, field="reference")
    if method == Method.CHECK:
        _check_is_new(association, payer, payer_organization, reference)
    payment = Payment.objects.create(
        association=association,
        payer=payer,
        payer_organization=payer_organization,
        method=method,
        reference=reference,
        cents=cents,
        received_on=received_on,
        entered_by_id=act.actor.person,
    )
    share_out(act, payment, rows)
    return payment


def _payer_of(rows: Sequence[Invoice]) -> tuple[Person | None, Organization | None]:
    if len({(row.payer_id, row.payer_organization_id) for row in rows}) > 1:
        raise BadInput(N_("These invoices are of several payers."), N_("Say from whom the money came."), field="payer")
    return rows[0].payer, rows[0].payer_organization


def _check_is_new(
    association: Organization, payer: Person | None, payer_organization: Organization | None, number: str
) -> None:
    if not number:
        raise BadInput(
            N_("The check’s number is missing."), N_("It stands at the top right of the check."), field="reference"
        )
    there = Payment.objects.filter(association=association, method=Method.CHECK, reference=number, returned_on=None)
    if there.filter(payer=payer, payer_organization=payer_organization).exists():
        raise BadInput(
            N_("A check with this number from this payer is written down already."),
            N_("Look at the invoice: it may be paid."),
            field="reference",
        )


def share_out(act: Act, payment: Payment, rows: Sequence[Invoice]) -> None:
    """Let a payment pay these invoices in their order; what is left over is its payer's credit."""
    found = ledger.spread(payment.cents, [row.cents_owed for row in rows])
    told: set[UUID] = set()
    for row, share in zip(rows, found.shares, strict=True):
        if share:
            enter(row, Kind.PAID, [("", share)], payment.received_on, payment=payment)
            let_stand(act, row)
            if row.payer is not None and row.payer.pk not in told:
                told.add(row.payer.pk)
                _tell(act, row, "receipt_for_you", "receipt_by_link")
    if found.left:
        enter_credit(payment, Kind.KEPT, found.left, payment.received_on, payment=payment)
    act.concerns(payment)


@action("money.return_payment", on="payment")
def return_payment(act: Act, *, payment: Payment, on: date, why: str) -> Payment:
    """Write down that money did not come after all: a check came back. What it paid is owed again.

    Raises NotNow where it was written down already, or where its money was given back meanwhile.
    """
    payment = Payment.objects.select_for_update(of=("self",)).select_related("association").get(pk=payment.pk)
    if payment.returned_on is not None:
        raise NotNow(N_("That it came back is written down already."))
    if on < payment.received_on or on > act.today(payment.association.zone):
        raise BadInput(
            N_("It came back on a day between its arrival and today."), N_("Look at the bank’s letter."), field="on"
        )
    payment.returned_on, payment.returned_why = on, text.checked_line(why.strip(), 200, field="why")
    payment.save()
    take_out(act, payment, on)
    return payment


def take_out(act: Act, payment: Payment, on: date) -> None:
    """Take out of invoices, and of credit where it has become that, what a payment had brought."""
    paid = list(payment.entries.filter(kind=Kind.PAID).order_by("pk"))
    locked_rows({entry.invoice_id for entry in paid})
    for entry in paid:
        (row,) = locked_rows([entry.invoice_id])  # as the one before left it: it may have taken credit out of this one
        from_invoice = min(entry.cents, row.cents_paid)
        enter(row, Kind.BOUNCED, [("", from_invoice)], on, payment=payment)
        if entry.cents > from_invoice:
            _take_from_credit(act, row, entry.cents - from_invoice, on, payment)
        let_stand(act, row, went_back=from_invoice > 0)
    kept = sum(payment.entries.filter(kind=Kind.KEPT).values_list("cents", flat=True))
    if kept:
        _take_from_credit(act, payment, kept, on, payment)


def _take_from_credit(act: Act, holder: Invoice | Payment, cents: int, on: date, payment: Payment) -> None:
    """Take it out of a payer's credit; credit that has paid invoices meanwhile comes out of those, the latest first."""
    lacks = cents - credit_held(holder)
    if lacks > 0:
        used = Invoice.objects.filter(
            association=holder.association_id,
            payer=holder.payer_id,
            payer_organization=holder.payer_organization_id,
            entries__kind=Kind.APPLIED,
        ).distinct()
        for row in locked_rows(used.values_list("pk", flat=True), latest=True):
            part = min(lacks, row.cents_paid)
            if part > 0:
                enter(row, Kind.MOVED, [("", part)], on)
                let_stand(act, row, went_back=True)
                lacks -= part
    if lacks > 0:
        raise NotNow(
            N_("Some of this money was given back to its payer already."),
            N_("Then it cannot come out of an invoice once more."),
            N_("Ask your bookkeeper, and write an invoice for what is missing."),
        )
    enter_credit(holder, Kind.UNKEPT, cents, on, payment=payment)


@action("money.refund", on="invoice")
def refund(
    act: Act,
    *,
    invoice: Invoice,
    cents: int,
    method: str,
    reference: str = "",
    on: date,
    why: str = "",
    still_owed: bool = False,
) -> Invoice:
    """Give money of an invoice back, whole or in part; with the method `credit` it stays as its payer's credit.

    still_owed: that it was paid by mistake and is owed as before; else so much less is asked for. Raises BadInput for more than
    was paid.
    """
    invoice = locked(invoice)
    check_refund(invoice, cents, on, act.today(invoice.association.zone))
    if method == "credit":
        enter(invoice, Kind.MOVED, [("", cents)], on)
    else:
        enter(
            invoice, Kind.REFUNDED, [("", cents)], on, refund=refunded(act, invoice, cents, method, reference, on, why)
        )
    if not still_owed:
        let_go(invoice, cents, on)
    return let_stand(act, invoice, went_back=True)


def check_refund(invoice: Invoice, cents: int, on: date, today: date) -> None:
    """Raises BadInput where so much of an invoice cannot have gone back on that day."""
    check_amount(cents)
    ledger.check_refund(cents, ledger.Sums(invoice.cents_billed, invoice.cents_paid))
    if on > today:
        raise BadInput(N_("This day is still to come."), N_("Write the day on which it went back."), field="on")


def refunded(
    act: Act,
    of: Invoice | Payment,
    cents: int,
    method: str,
    reference: str,
    on: date,
    why: str,
    *,
    of_credit: bool = False,
) -> Refund:
    """Money that went back to a payer, of an invoice or of credit."""
    if method not in Method.values:
        raise BadInput(N_("This is not how money goes back."), field="method")
    made = Refund.objects.create(
        association_id=of.association_id,
        invoice=of if isinstance(of, Invoice) and not of_credit else None,
        payer_id=of.payer_id,
        payer_organization_id=of.payer_organization_id,
        method=method,
        reference=text.checked_line(reference.strip(), 80, field="reference"),
        cents=cents,
        sent_on=on,
        why=text.checked_line(why.strip(), 200, field="why"),
        entered_by_id=act.actor.person,
    )
    act.concerns(made)
    return made


@action("money.apply_credit", on="invoice")
def apply_credit(act: Act, *, invoice: Invoice) -> Invoice:
    """Let its payer's credit pay an invoice as far as both reach. Raises NotNow where there is none, or nothing is owed."""
    invoice = locked(invoice)
    part = min(invoice.cents_owed, credit_held(invoice))
    if part <= 0:
        raise NotNow(N_("There is no credit that this invoice could use."))
    enter(invoice, Kind.APPLIED, [("", part)], act.today(invoice.association.zone))
    return let_stand(act, invoice)


@action("money.return_credit", on="invoice")
def return_credit(act: Act, *, invoice: Invoice, cents: int, method: str, reference: str = "", on: date) -> Invoice:
    """Send credit back to whom an invoice is for, whole or in part. Raises BadInput for more than there is."""
    check_amount(cents)
    invoice = locked(invoice)
    there = credit_held(invoice)
    if cents > there:
        raise BadInput(
            N_("Their credit is %(credit)s."),
            N_("No more than that can go back."),
            facts={"credit": dollars(there)},
            field="amount",
        )
    if on > act.today(invoice.association.zone):
        raise BadInput(N_("This day is still to come."), N_("Write the day on which it went back."), field="on")
    made = refunded(act, invoice, cents, method, reference, on, "", of_credit=True)
    enter_credit(invoice, Kind.RETURNED, cents, on, refund=made)
    return invoice


@action("money.promise", on="invoice")
def promise(act: Act, *, invoice: Invoice, kind: str, number: str) -> Promise:
    """Write down that money is on its way: a purchase order, or a check that was sent. It pays nothing by itself."""
    return _promise(act, locked(invoice), kind, number)


@action("money.promise_by_link", on="link")
def promise_by_link(act: Act, *, link: OfficeLink, kind: str, number: str) -> Promise:
    """The office that pays says it, by the link in its letter."""
    return _promise(act, locked_rows([link.about])[0], kind, number)


def _promise(act: Act, invoice: Invoice, kind: str, number: str) -> Promise:
    if kind not in Promise.Kind.values:
        raise BadInput(N_("Say whether it is a purchase order or a check."), field="kind")
    if invoice.state != State.OPEN:
        raise NotNow(N_("Nothing is owed on this invoice any more."))
    if not number.strip():
        raise BadInput(N_("The number is missing."), N_("It stands on the paper."), field="number")
    on = act.today(invoice.association.zone)
    said = {"kind": kind, "number": text.checked_line(number.strip(), 80, field="number")}
    act.concerns(invoice)
    there = invoice.promises.filter(**said).first()
    return there or Promise.objects.create(invoice=invoice, on=on, said_by_id=act.actor.person, **said)


@action("money.send", on="invoice")
def send(act: Act, *, invoice: Invoice, address: str = "") -> Invoice:
    """Write to whom it is for: to a person as they are reached, to an organization's office with a link of its own.

    Raises NotNow for one on which nothing is owed, BadInput where the office's address is missing.
    """
    invoice = locked(invoice)
    if invoice.state != State.OPEN:
        raise NotNow(N_("Nothing is owed on this invoice any more."))
    return write_of(act, invoice, address)


def write_of(act: Act, invoice: Invoice, address: str = "") -> Invoice:
    """Write of an invoice that is locked, or was just made; part of the action that is open."""
    if invoice.payer is not None:
        _tell(act, invoice, "invoice_for_you", "invoice_by_link")
    else:
        _tell_by_link(act, invoice, "office_invoice", address)
    invoice.sent_on = act.today(invoice.association.zone)
    invoice.save()
    act.concerns(invoice)
    return invoice


def open_by_link(act: Act, invoice: Invoice) -> tuple[str, int]:
    """The secret of a link to an invoice, and the days for which it opens. It takes the place of the one before, unless that can
    only have gone to the same mailbox."""
    days = max(settings.OFFICE_LINK_DAYS, (invoice.due_on - act.today(invoice.association.zone)).days + 90)
    stays = invoice.payer is not None and Contact.is_one_mailbox(invoice.payer)
    _link, secret, _code = office_links.make(
        act, organization=invoice.association, purpose=LINK, about=invoice.pk, days=days, beside_earlier=stays
    )
    return secret, days


def _tell(act: Act, invoice: Invoice, template: str, by_link: str) -> None:
    """A letter to a payer; it says no sum, and what it is for stands behind signing in. Who has no account and a safe address
    has a link of their own."""
    payer = invoice.payer
    assert payer is not None
    if payer.erased_at is not None:
        return
    address = Contact.safe_mail_of(payer)
    if address and not Account.is_open_for(payer):
        _tell_by_link(act, invoice, by_link, address, language=payer.language or "en")
        return
    facts = {"invoice": str(invoice.pk), "association": invoice.association.name}
    messages.tell(act, to=payer, template=template, facts=facts, about_kind=ABOUT, about_id=invoice.pk)


def _tell_by_link(act: Act, invoice: Invoice, template: str, address: str, **facts: str) -> None:
    secret, days = open_by_link(act, invoice)
    messages.tell_office(
        act,
        address=address,
        organization=invoice.association,
        template=template,
        facts={"secret": secret, "days": days, **facts},
        about_kind=ABOUT,
        about_id=invoice.pk,
    )


@action("money.name_accounts", on="association")
def name_accounts(act: Act, *, association: Organization, names: dict[str, str]) -> None:
    """Say how an association's own books call their accounts, by our keys; an empty name is ours again."""
    for key, name in sorted(names.items()):
        if key.partition(":")[0] not in journal.ACCOUNTS:
            raise BadInput(N_("There is no such account here."), field="names")
        there = BookAccount.objects.filter(association=association, key=key).first()
        code = text.checked_line(name.strip(), 80, field=key)
        if there is not None and not code:
            there.delete()
        elif there is not None and there.code != code:
            there.code = code
            there.save()
        elif there is None and code:
            BookAccount.objects.create(association=association, key=key, code=code)


# What all of these share


def _by_kind(items: Sequence[Item]) -> list[tuple[str, int]]:
    """What is billed, added up by what it is for: each has its own account of income."""
    sums: dict[str, int] = {}
    for item in items:
        sums[item.about_kind] = sums.get(item.about_kind, 0) + item.total
    return list(sums.items())


def let_go(invoice: Invoice, cents: int, on: date) -> None:
    """Ask for so much less, of each income its share of what is still asked for."""
    left: dict[str, int] = {}
    for one in invoice.entries.filter(kind__in=(Kind.BILLED, Kind.LET_GO)).order_by("created_at", "pk"):
        left[one.about_kind] = left.get(one.about_kind, 0) + (one.cents if one.kind == Kind.BILLED else -one.cents)
    enter(invoice, Kind.LET_GO, shared(cents, left.items()), on)


def enter(
    invoice: Invoice,
    kind: Kind,
    amounts: Sequence[tuple[str, int]],
    on: date,
    *,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> None:
    keep_together(
        Entry(
            association_id=invoice.association_id,
            invoice=invoice,
            payment=payment,
            refund=refund,
            payer_id=invoice.payer_id,
            payer_organization_id=invoice.payer_organization_id,
            kind=kind,
            cents=cents,
            on=on,
            about_kind=about_kind,
        )
        for about_kind, cents in amounts
        if cents
    )


def enter_credit(
    holder: Invoice | Payment,
    kind: Kind,
    cents: int,
    on: date,
    *,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> None:
    Entry.objects.create(
        association_id=holder.association_id,
        payment=payment,
        refund=refund,
        payer_id=holder.payer_id,
        payer_organization_id=holder.payer_organization_id,
        kind=kind,
        cents=cents,
        on=on,
    )


def credit_held(of: Invoice | Payment) -> int:
    """The credit of a payer, who is held until the transaction ends: two at once do not spend it twice."""
    payers, pk = (Person, of.payer_id) if of.payer_id else (Organization, of.payer_organization_id)
    payers._default_manager.select_for_update(no_key=True).get(pk=pk)
    return credit_of(of.association_id, of.payer_id, of.payer_organization_id)


def let_stand(act: Act, invoice: Invoice, *, went_back: bool = False, is_over: bool = False) -> Invoice:
    """Let an invoice stand as its entries say, and announce what that changes.

    went_back: that money of it went back, which opens it again where it is paid no more. is_over: cancelled, also where
    nothing of it was ever asked for.
    """
    before = invoice.state
    sums = ledger.check(ledger.add_up(entries_of(invoice)))
    invoice.cents_billed, invoice.cents_paid = sums.billed, sums.paid
    invoice.state = State.CANCELLED if is_over and not sums.billed else sums.state
    invoice.save()
    act.concerns(invoice)
    if went_back and before == State.SETTLED != invoice.state:
        act.announce(InvoiceReopened(invoice=invoice.pk))
    if invoice.state == State.SETTLED != before:
        act.announce(InvoiceSettled(invoice=invoice.pk))
    if invoice.state == State.CANCELLED != before:
        act.announce(InvoiceCancelled(invoice=invoice.pk))
    return invoice


def entries_of(invoice: Invoice) -> list[ledger.Entry]:
    rows = invoice.entries.values_list("kind", "cents", "on", "about_kind")
    return [ledger.Entry(Kind(kind), cents, on, about_kind) for kind, cents, on, about_kind in rows]


def locked(invoice: Invoice) -> Invoice:
    """The invoice as it stands now, held until the transaction ends."""
    return locked_rows([invoice.pk])[0]


def locked_rows(ids: Iterable[UUID | None], *, latest: bool = False) -> list[Invoice]:
    """Invoices as they stand now, the first due first, locked in the order of their ids so that no two wait for each other."""
    rows = Invoice.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    there = list(rows.select_related("association", "payer", "payer_organization"))
    return sorted(there, key=lambda row: (row.due_on, row.year, row.number), reverse=latest)


def _all_locked(invoices: Sequence[Invoice], association: Organization) -> list[Invoice]:
    if not invoices:
        raise BadInput(N_("No invoice is chosen."), N_("Choose what the money is for."), field="invoices")
    if len(invoices) > MOST_AT_ONCE:
        raise BadInput(N_("These are more invoices than one payment pays."), field="invoices")
    rows = locked_rows(row.pk for row in invoices)
    if any(row.association_id != association.pk for row in rows):
        raise BadInput(N_("One of these invoices is another association’s."), field="invoices")
    if any(row.state != State.OPEN for row in rows):
        raise BadInput(
            N_("On one of these invoices nothing is owed any more."),
            N_("Somebody may have written it down meanwhile. Look at the list again."),
            field="invoices",
        )
    return rows
