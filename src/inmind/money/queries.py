"""Reads of the books: how invoices stand, what is open and for how long, whose credit is how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from inmind.money import journal, ledger
from inmind.money.ledger import OF_CREDIT, Age, Kind, State
from inmind.money.models import BookAccount, Entry, Invoice


@dataclass(frozen=True, slots=True)
class Standing:
    """How an invoice stands: `open`, `settled` or `cancelled`; what is asked for now and what of it is here, in cents."""

    state: str
    cents_billed: int
    cents_paid: int
    due_on: date

    @property
    def cents_owed(self) -> int:
        return self.cents_billed - self.cents_paid


def standing_of(invoice_ids: Iterable[UUID]) -> Mapping[UUID, Standing]:
    """How each of these invoices stands; one that is not there is left out."""
    rows = Invoice.objects.filter(pk__in=set(invoice_ids))
    return {
        pk: Standing(state, billed, paid, due_on)
        for pk, state, billed, paid, due_on in rows.values_list("pk", "state", "cents_billed", "cents_paid", "due_on")
    }


def credit_of(association: UUID, payer: UUID | None, payer_organization: UUID | None) -> int:
    """The credit of a person or of an organization with an association, in cents."""
    rows = Entry.objects.filter(
        association=association, payer=payer, payer_organization=payer_organization, kind__in=sorted(OF_CREDIT)
    )
    sums = rows.values_list("kind").annotate(Sum("cents")).order_by()
    return ledger.credit_of(ledger.Entry(Kind(kind), cents) for kind, cents in sums)


@dataclass(frozen=True, slots=True)
class Column:
    """How many open invoices have been due for so long, and how much of them is owed."""

    age: Age
    count: int
    cents: int


def ageing(rows: QuerySet[Invoice], today: date) -> list[Column]:
    """What is owed on these open invoices, by how long it has been due."""
    ends = {Age.TO_30: 30, Age.TO_60: 60, Age.TO_90: 90}
    clauses = {Age.NOT_YET: Q(due_on__gte=today), Age.OVER_90: Q(due_on__lt=today - timedelta(90))}
    for age, days in ends.items():
        clauses[age] = Q(due_on__gte=today - timedelta(days), due_on__lt=today - timedelta(days - 30))
    asked: dict[str, Count | Sum] = {}
    for age, clause in clauses.items():
        asked[f"{age}_count"] = Count("pk", filter=clause)
        asked[f"{age}_billed"] = Sum("cents_billed", filter=clause)
        asked[f"{age}_paid"] = Sum("cents_paid", filter=clause)
    found = rows.filter(state=State.OPEN).order_by().aggregate(**asked)
    return [
        Column(age, found[f"{age}_count"], (found[f"{age}_billed"] or 0) - (found[f"{age}_paid"] or 0)) for age in Age
    ]


def names_of(association: UUID) -> dict[str, str]:
    """How an association calls its accounts, by our keys."""
    return dict(BookAccount.objects.filter(association=association).values_list("key", "code"))


def incomes_of(association: UUID) -> list[str]:
    """The keys of the accounts of income that this association's invoices have named."""
    kinds = Entry.objects.filter(association=association, kind=Kind.BILLED).exclude(about_kind="")
    return [
        f"{journal.INCOME}:{kind}"
        for kind in kinds.order_by("about_kind").values_list("about_kind", flat=True).distinct()
    ]


def posted(association: UUID, first: date, last: date) -> Iterable[journal.Posted]:
    """The entries of some days as the journal takes them, in the order in which they were written."""
    rows = Entry.objects.filter(association=association, on__gte=first, on__lte=last).order_by("on", "created_at", "pk")
    for row in rows.select_related("invoice", "payment", "refund").iterator(chunk_size=2000):
        money = row.refund or row.payment
        reference = " ".join(filter(None, (row.invoice.label if row.invoice else "", money.reference if money else "")))
        yield journal.Posted(
            ledger.Entry(Kind(row.kind), row.cents, row.on, row.about_kind), money.method if money else "", reference
        )
