"""Reads of the books: how invoices stand, what is open and for how long, whose credit is how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from inmind.access.models import RoleAssignment
from inmind.foundation import text
from inmind.money import journal, ledger
from inmind.money.ledger import OF_CREDIT, Age, Kind, State
from inmind.money.models import BookAccount, Entry, Invoice, Payment
from inmind.people.models import NameToken, Organization, Person


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


# Who pays


def people_of(association: Organization) -> QuerySet[Person]:
    """The people whom an association knows: on one of its lists, with a role in it, or with an invoice of it."""
    there = (
        NameToken.objects.filter(organization=association, person=OuterRef("pk")),
        RoleAssignment.objects.filter(organization=association, account__person=OuterRef("pk")),
        Invoice.objects.filter(association=association, payer=OuterRef("pk")),
    )
    known = Q(*(Exists(rows) for rows in there), _connector=Q.OR)
    return Person.objects.filter(known, erased_at=None, merged_into=None)


def organizations_of(association: Organization) -> QuerySet[Organization]:
    """The organizations that can be asked to pay, by name."""
    others = Organization.objects.exclude(pk=association.pk).exclude(kind=Organization.Kind.NETWORK)
    return others.order_by("name", "pk")


def named(word: str, path: str = "") -> Q:
    """Somebody who has this word in the name, or a name that begins so when it is folded. path: to the person."""
    found = Q(**{f"{path}given_name__icontains": word}) | Q(**{f"{path}family_name__icontains": word})
    for token in text.name_tokens(word):
        found |= Q(**{f"{path}name_tokens__token__starts": token})
    return found


def paid_by(rows: QuerySet, word: str) -> QuerySet:
    """Of invoices or payments those whose payer has this word in the name."""
    clause = Q(payer_organization__name__icontains=word) | named(word, "payer__")
    return rows.filter(pk__in=rows.model._default_manager.filter(clause).values("pk"))


# What came in


@dataclass(frozen=True, slots=True)
class SoughtPayments:
    """What a list of payments is narrowed by; the days are both within."""

    words: str = ""
    method: str = ""
    first: date | None = None
    last: date | None = None
    is_left: bool = False


def payments(rows: QuerySet[Payment], sought: SoughtPayments) -> QuerySet[Payment]:
    """Money that came in, the newest first."""
    for word in sought.words.split():
        by_number = rows.filter(reference__icontains=word).exclude(method="card").values("pk")
        rows = rows.filter(Q(pk__in=by_number) | Q(pk__in=paid_by(rows, word).values("pk")))
    if sought.method:
        rows = rows.filter(method=sought.method)
    if sought.first:
        rows = rows.filter(received_on__gte=sought.first)
    if sought.last:
        rows = rows.filter(received_on__lte=sought.last)
    if sought.is_left:
        waits = unplaced_of(rows.filter(entries__kind=Kind.KEPT, returned_on=None).distinct())
        rows = rows.filter(pk__in=[pk for pk, cents in waits.items() if cents])
    return rows.select_related("payer", "payer_organization").order_by("-received_on", "-created_at", "-pk")


def unplaced_of(rows: Iterable[Payment]) -> dict[UUID, int]:
    """How much of each payment still waits as its payer's credit, in cents."""
    some = list(rows)
    whose = {(one.association_id, one.payer_id, one.payer_organization_id) for one in some}
    clause = Q()
    for association, payer, organization in whose:
        clause |= Q(association=association, payer=payer, payer_organization=organization)
    if not whose:
        return {}
    of: dict[tuple[UUID | None, ...], list[Entry]] = {}
    entries = Entry.objects.filter(clause, kind__in=sorted(OF_CREDIT)).order_by("on", "created_at", "pk")
    for entry in entries.select_related("payment"):
        of.setdefault((entry.association_id, entry.payer_id, entry.payer_organization_id), []).append(entry)
    found = dict.fromkeys((one.pk for one in some), 0)
    for mine in of.values():
        credit = ledger.credit_of(ledger.Entry(Kind(one.kind), one.cents) for one in mine)
        became = [one for one in mine if _became_credit(one)]
        for one, left in zip(became, ledger.unplaced(credit, [one.cents for one in became]), strict=True):
            if one.kind == Kind.KEPT and one.payment_id in found:
                found[one.payment_id] += left
    return found


def _became_credit(entry: Entry) -> bool:
    """Whether credit came of it that did not turn out to be none."""
    is_back = entry.payment is not None and entry.payment.returned_on is not None
    return entry.kind in (Kind.KEPT, Kind.MOVED) and not is_back
