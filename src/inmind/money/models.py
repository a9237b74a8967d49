"""Invoices with their lines, money that came and went, and the entries that say what moved. Whole cents, everywhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.money.amounts import MOST_CENTS, MOST_PIECES
from inmind.money.ledger import OF_AN_INVOICE, Kind, State

PROFESSIONAL, PUBLIC = FieldClass.PROFESSIONAL, FieldClass.PUBLIC
_LABEL = 60  # of a model, as other rooms name what they bill for
_WITH_INVOICE = sorted(kind.value for kind in OF_AN_INVOICE)


def _one_payer(name: str) -> models.CheckConstraint:
    """A person or an organization, never both and never nobody."""
    return models.CheckConstraint(
        condition=Q(payer__isnull=False, payer_organization__isnull=True)
        | Q(payer__isnull=True, payer_organization__isnull=False),
        name=name,
    )


def _an_amount(field: str, name: str, *, least: int = 1, most: int = MOST_CENTS) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__gte": least}) & Q(**{f"{field}__lte": most}), name=name)


class Invoice(Kept):
    """What an association asks of a person or of an organization, by a day.

    year, number: counted for each association and year from one, without gaps: an invoice that is not owed any more is
    cancelled and keeps its number. cents_billed, cents_paid, state: what its entries add up to (`ledger.add_up`), kept for
    lists and written by nothing but `actions.let_stand`. reference: the payer's own, such as an order's number.
    """

    CLASSES = {
        **dict.fromkeys(("association", "year", "number"), PUBLIC),
        **dict.fromkeys(("payer", "payer_organization", "issued_on", "due_on", "reference"), PROFESSIONAL),
        **dict.fromkeys(("cents_billed", "cents_paid", "state", "cancelled_why", "sent_on"), PROFESSIONAL),
    }

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="invoices")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    payer = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="invoices")
    payer_organization = models.ForeignKey(
        "people.Organization", null=True, on_delete=models.PROTECT, related_name="invoices_to_pay"
    )
    issued_on = models.DateField()
    due_on = models.DateField()
    reference = ShortText(max_length=80, blank=True)
    cents_billed = models.BigIntegerField(default=0)
    cents_paid = models.BigIntegerField(default=0)
    state = ShortText(max_length=10, choices=[(one.value, one.value) for one in State], default=State.OPEN.value)
    cancelled_why = ShortText(max_length=200, blank=True)
    sent_on = models.DateField(null=True)  # when a letter with it went out last

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["association", "year", "number"], name="invoice_number_once"),
            _one_payer("invoice_has_one_payer"),
            _an_amount("cents_billed", "invoice_asks_an_amount", least=0),
            models.CheckConstraint(
                condition=Q(cents_paid__gte=0, cents_paid__lte=models.F("cents_billed")), name="invoice_paid_to_its_sum"
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN.value, cents_paid__lt=models.F("cents_billed"))
                | ~Q(state=State.OPEN.value) & Q(cents_paid=models.F("cents_billed")),
                name="invoice_stands_as_it_is_paid",
            ),
        ]
        indexes = [
            models.Index(
                fields=["association", "due_on"], condition=Q(state=State.OPEN.value), name="invoice_open_by_due_day"
            ),
            models.Index(fields=["payer", "state"], name="invoice_by_payer"),
        ]

    @property
    def label(self) -> str:
        """As it stands on the invoice and as somebody says it."""
        return f"{self.year}-{self.number:04d}"

    @property
    def cents_owed(self) -> int:
        return self.cents_billed - self.cents_paid

    @property
    def payer_name(self) -> str:
        return (self.payer or self.payer_organization).name  # type: ignore[union-attr]

    def __str__(self) -> str:
        return self.label

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return {("person", self.payer_id)} if self.payer_id else set()


class InvoiceLine(Kept):
    """One line: `quantity` times `cents`, and what it is for by the kind and the id of a record of another room.

    person: whom its words name beside the payer, so that they go when that person is erased.
    """

    CLASSES = {
        "invoice": PUBLIC,
        **dict.fromkeys(("place", "text", "cents", "quantity", "about_kind", "about", "person"), PROFESSIONAL),
    }

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    text = ShortText(max_length=200)
    cents = models.BigIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    about_kind = ShortText(max_length=_LABEL, blank=True)
    about = models.UUIDField(null=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "place"], name="invoice_line_at_its_place"),
            _an_amount("cents", "line_asks_an_amount", least=0),
            _an_amount("quantity", "line_counts_pieces", most=MOST_PIECES),
        ]
        indexes = [models.Index(fields=["about"], name="invoice_line_about")]

    @property
    def total(self) -> int:
        return self.cents * self.quantity

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return {("person", self.person_id)} if self.person_id else set()


class Method(models.TextChoices):
    """How money came, or went back."""

    CHECK = "check"
    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"


class Payment(Kept):
    """Money that came in, at once for one invoice or for several.

    reference: the check's number, the transfer's own, or the provider's id of a card payment; never a card's number.
    entered_by: None where the provider of card payments said so. returned_on: when it turned out not to have come.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "payer", "payer_organization", "method", "reference", "cents", "received_on"),
            *("entered_by", "returned_on", "returned_why"),
        ),
        PROFESSIONAL,
    )

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="payments")
    payer = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="payments")
    payer_organization = models.ForeignKey(
        "people.Organization", null=True, on_delete=models.PROTECT, related_name="payments_made"
    )
    method = ShortText(max_length=10, choices=Method.choices)
    reference = ShortText(max_length=80, blank=True)
    cents = models.BigIntegerField()
    received_on = models.DateField()
    entered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True)
    returned_why = ShortText(max_length=200, blank=True)

    class Meta:
        constraints = [
            _one_payer("payment_has_one_payer"),
            _an_amount("cents", "payment_is_an_amount"),
            models.UniqueConstraint(
                fields=["association", "reference"], condition=Q(method="card"), name="card_payment_once"
            ),
        ]
        indexes = [models.Index(fields=["association", "received_on"], name="payment_by_day")]

    @property
    def payer_name(self) -> str:
        return (self.payer or self.payer_organization).name  # type: ignore[union-attr]

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return {("person", self.payer_id)} if self.payer_id else set()


class Refund(Kept):
    """Money that went back to the payer of an invoice, or out of a payer's credit."""

    CLASSES = dict.fromkeys(
        (
            *("association", "invoice", "payer", "payer_organization", "method", "reference", "cents", "sent_on"),
            *("why", "entered_by"),
        ),
        PROFESSIONAL,
    )

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="refunds")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="refunds")
    payer = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="refunds")
    payer_organization = models.ForeignKey(
        "people.Organization", null=True, on_delete=models.PROTECT, related_name="refunds_had"
    )
    method = ShortText(max_length=10, choices=Method.choices)
    reference = ShortText(max_length=80, blank=True)
    cents = models.BigIntegerField()
    sent_on = models.DateField()
    why = ShortText(max_length=200, blank=True)
    entered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [_one_payer("refund_has_one_payer"), _an_amount("cents", "refund_is_an_amount")]

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return {("person", self.payer_id)} if self.payer_id else set()


class Entry(Kept):
    """That an amount moved (`ledger.POSTED` says from where to where). Written once; put right by another one.

    payer, payer_organization: whose invoice or credit it is. about_kind: what was billed, for entries of income.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "invoice", "payment", "refund", "payer", "payer_organization"),
            *("kind", "cents", "on", "about_kind"),
        ),
        PROFESSIONAL,
    )

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="entries")
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="entries")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="entries")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="entries")
    payer = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="entries")
    payer_organization = models.ForeignKey(
        "people.Organization", null=True, on_delete=models.PROTECT, related_name="entries_of_payer"
    )
    kind = ShortText(max_length=10, choices=[(one.value, one.value) for one in Kind])
    cents = models.BigIntegerField()
    on = models.DateField()
    about_kind = ShortText(max_length=_LABEL, blank=True)

    class Meta:
        constraints = [
            _one_payer("entry_has_one_payer"),
            _an_amount("cents", "entry_is_an_amount"),
            models.CheckConstraint(
                condition=Q(kind__in=_WITH_INVOICE, invoice__isnull=False)
                | ~Q(kind__in=_WITH_INVOICE) & Q(invoice__isnull=True),
                name="entry_of_an_invoice_names_it",
            ),
        ]
        indexes = [models.Index(fields=["association", "on"], name="entry_by_day")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and set(kwargs.get("update_fields") or ("",)) != {"payer"}:  # who follows a merge
            raise TypeError("an entry is never changed: what was wrong is put right by another one")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("an entry is never taken away: what was wrong is put right by another one")

    def audit_subjects(self) -> set[tuple[str, UUID]]:
        return {("person", self.payer_id)} if self.payer_id else set()


class Promise(Kept):
    """That money is on its way: a purchase order, or a check that somebody says they sent. It pays nothing by itself.

    said_by: None where an organization said so by its link.
    """

    CLASSES = {"invoice": PUBLIC, **dict.fromkeys(("kind", "number", "on", "said_by"), PROFESSIONAL)}

    class Kind(models.TextChoices):
        ORDER = "order"
        CHECK = "check"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="promises")
    kind = ShortText(max_length=8, choices=Kind.choices)
    number = ShortText(max_length=80, blank=True)
    on = models.DateField()
    said_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["invoice", "on"], name="promise_by_invoice")]


class BookAccount(Kept):
    """How an association calls an account in its own books (`journal.ACCOUNTS`); what it has not said is shown as ours."""

    CLASSES = dict.fromkeys(("association", "key", "code"), PROFESSIONAL)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="book_accounts")
    key = ShortText(max_length=_LABEL + 10)
    code = ShortText(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["association", "key"], name="book_account_once")]


class Checkout(Kept):
    """That somebody began to pay an invoice by card, on the provider's own page. What became of it, the provider says."""

    CLASSES = dict.fromkeys(("invoice", "cents", "begun_by"), PROFESSIONAL)

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="checkouts")
    cents = models.BigIntegerField()
    begun_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [_an_amount("cents", "checkout_is_an_amount")]


class Notice(Kept):
    """What the provider of card payments said, once each: which payment, how much, and what we made of it. No card's data,
    and nothing else of what it sent."""

    CLASSES = dict.fromkeys(("event", "kind", "checkout", "payment_ref", "cents", "said_at", "became"), PROFESSIONAL)

    class Became(models.TextChoices):
        HEEDED = "heeded"
        NOTHING = "nothing"  # it says nothing new, or nothing about money
        WAITS = "waits"  # for a notice that should have come before it
        UNKNOWN = "unknown"  # about a payment that was not begun here

    event = ShortText(max_length=255, unique=True)
    kind = ShortText(max_length=12)
    checkout = models.UUIDField(null=True)
    payment_ref = ShortText(max_length=80, blank=True)
    cents = models.BigIntegerField(default=0)
    said_at = models.DateTimeField()
    became = ShortText(max_length=10, choices=Became.choices)

    class Meta:
        indexes = [models.Index(fields=["payment_ref", "became"], name="notice_by_payment")]
