"""An invoice by hand, seen before it is issued; and money that came in, as a list that is searched and taken out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import fresh_key
from inmind.foundation.leaving import CSV, leaving, sheet
from inmind.money import actions, queries
from inmind.money.amounts import check_amount, check_due, check_items, dollars, plain
from inmind.money.book_views import BACK, BOOKS, EXPORT, ON_A_PAGE, place_of, places, reads
from inmind.money.forms import LINES, MOST_LINES, SoughtForm, SoughtPaymentsForm, WriteForm
from inmind.money.ledger import Kind, State
from inmind.money.models import Invoice, Payment
from inmind.money.views import RELATED, how
from inmind.people.models import Organization, Person

WRITE = "money.write_invoice"
DUE_IN = timedelta(30)  # ours: what the page proposes
MOST_FOUND = 50  # people of a search
HEADING = ("date", "payer", "method", "reference", "amount", "left_over", "returned_on")


@door(WRITE)
def write(request: Asked) -> HttpResponse:
    """Written, then shown as it will be, then issued."""
    place = place_of(request, WRITE)
    today = clock.today(place.zone)
    sought = SoughtForm(request.GET)
    sought.is_valid()
    words = sought.cleaned_data.get("words", "")
    chosen = request.POST.get("payer") or request.GET.get("payer", "")
    known = _payers(place, words, chosen)
    audit.read(
        request.actor,
        WRITE,
        policy.can(request.actor, WRITE, place),
        subjects={("person", UUID(key[2:])) for key in known if key.startswith("p:")},
    )
    count, do = _count(request), request.POST.get("do", "")
    people = [key for key in known if key.startswith("p:")]
    alone = people[0] if words and len(people) == 1 else ""  # the search meant nobody else
    first = {"key": fresh_key(), "due_on": today + DUE_IN, "payer": chosen if chosen in known else alone}
    if do in ("more", "change"):  # nothing is checked yet, and nothing that was typed is lost
        typed = {name: request.POST.get(name, "") for name in request.POST} | {"count": str(count)}
        form = WriteForm(known, count, initial=first | typed)
    else:
        form = WriteForm(known, count, request.POST or None, initial=first)
    context: dict[str, Any] = {"place": place, "places": list(places(request.actor, WRITE)), "sought": sought}
    context |= {"words": words, "form": form, "may_more": count < MOST_LINES}
    if form.is_bound and form.is_valid():
        try:
            payer = _payer(form.cleaned_data["payer"])
            if do == "issue":
                made = actions.write_invoice(
                    request.actor,
                    key=form.cleaned_data["key"],
                    association=place,
                    items=form.items(),
                    due_on=form.cleaned_data["due_on"],
                    reference=form.cleaned_data["reference"],
                    **payer,
                )
                messages.success(request, _("Invoice %(number)s is issued.") % {"number": made.label})
                return redirect("money_invoice", invoice=made.pk)
            return render(request, "money/write_seen.html", context | _seen(form, today))
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
    return render(request, "money/write.html", context, status=400 if form.errors else 200)


def _count(request: Asked) -> int:
    """How many lines the page has."""
    typed = request.POST.get("count", "")
    count = int(typed) if typed.isdecimal() and len(typed) < 4 else LINES
    return min(MOST_LINES, max(1, count) + (LINES if request.POST.get("do") == "more" else 0))


def _payers(place: Organization, words: str, chosen: str) -> dict[str, str]:
    """Who can be chosen: agencies, and the people who are found; whoever is chosen already is first."""
    people, others = queries.people_of(place), queries.organizations_of(place)
    kind, _colon, pk = chosen.partition(":")
    known: dict[str, str] = {}
    try:
        there = (people if kind == "p" else others).filter(pk=UUID(pk)).first()
    except ValueError:
        there = None
    if there is not None:
        known[chosen] = there.name
    if words:
        for word in words.split():
            people = people.filter(pk__in=Person.objects.filter(queries.named(word)).values("pk"))
            others = others.filter(name__icontains=word)
        known |= {f"p:{one.pk}": one.name for one in people.order_by("family_name", "given_name", "pk")[:MOST_FOUND]}
    return known | {f"o:{one.pk}": one.name for one in others}


def _payer(key: str) -> dict[str, Any]:
    kind, _colon, pk = key.partition(":")
    is_person = kind == "p"
    return {
        "payer": Person.objects.get(pk=pk) if is_person else None,
        "payer_organization": None if is_person else Organization.objects.get(pk=pk),
    }


def _seen(form: WriteForm, today: Any) -> dict[str, Any]:
    """The invoice as it will be. Raises BadInput for what cannot be one."""
    items = form.items()
    check_due(form.cleaned_data["due_on"], today)
    total = check_amount(check_items(items), field="items")
    return {
        "payer": form.payers[form.cleaned_data["payer"]],
        "due_on": form.cleaned_data["due_on"],
        "reference": form.cleaned_data["reference"],
        "total": dollars(total),
        "columns": [
            {"label": _("What for")},
            *({"label": label, "number": True} for label in (_("How many"), _("Each"), _("Amount"))),
        ],
        "rows": [[one.text, str(one.quantity), dollars(one.cents), dollars(one.total)] for one in items],
        "hidden": {name: form.data.get(name, "") for name in form.fields},
    }


@door(BOOKS)
def payments(request: Asked) -> HttpResponse:
    """Money that came in, the newest first."""
    place = place_of(request, BOOKS)
    form = SoughtPaymentsForm(request.GET)
    sought = form.sought()
    every = policy.visible(request.actor, Payment.objects.filter(association=place), BOOKS)
    page = Paginator(queries.payments(every, sought), ON_A_PAGE).get_page(request.GET.get("page"))
    reads(request, place, page)
    left = queries.unplaced_of(page)
    query = request.GET.copy()
    query["at"] = str(place.pk)
    context = {
        "place": place,
        "places": list(places(request.actor, BOOKS)),
        "form": form,
        "page": page,
        "rows": [_row(row, left[row.pk]) for row in page],
        "columns": [
            {"label": _("Day")},
            {"label": _("From whom")},
            {"label": _("How")},
            {"label": _("Amount"), "number": True},
            {"label": _("Left over"), "number": True},
        ],
        "is_sought": any((sought.words, sought.method, sought.first, sought.last, sought.is_left)),
        "query": query.urlencode(),
        "may_take_out": bool(policy.can(request.actor, EXPORT, place)),
    }
    return render(request, "money/payments.html", context)


def _row(row: Payment, left: int) -> list[dict[str, Any]]:
    back = {"day": clock.day(row.returned_on)} if row.returned_on else None
    return [
        {"text": clock.day(row.received_on), "url": reverse("money_payment", args=[row.pk])},
        {"text": row.payer_name},
        {"text": how(row), "note": _("It came back on %(day)s") % back if back else ""},
        {"text": dollars(row.cents)},
        {"text": dollars(left) if left else "–"},
    ]


@door(BOOKS)
def payment(request: Asked, payment: UUID) -> HttpResponse:
    """One payment: what it paid, and what of it waits."""
    row, _verdict = opened(request, BOOKS, Payment, payment, related=RELATED)
    paid = row.entries.filter(kind=Kind.PAID).select_related("invoice__payer", "invoice__payer_organization")
    shares = [
        [
            {"text": one.invoice.label, "url": reverse("money_invoice", args=[one.invoice_id])},
            {"text": one.invoice.payer_name},
            {"text": dollars(one.cents)},
        ]
        for one in paid.order_by("created_at", "pk")
        if one.invoice is not None
    ]
    left = queries.unplaced_of([row])[row.pk]
    owed = Invoice.objects.filter(
        association=row.association_id,
        payer=row.payer_id,
        payer_organization=row.payer_organization_id,
        state=State.OPEN,
    )
    may_return = row.method != "card" and bool(policy.can(request.actor, BACK, row))
    context = {
        "payment": row,
        "how": how(row),
        "sum": dollars(row.cents),
        "left": dollars(left) if left else "",
        "owed": list(policy.visible(request.actor, owed, BOOKS).order_by("due_on", "pk")) if left else [],
        "rows": shares,
        "columns": [{"label": _("Invoice")}, {"label": _("For")}, {"label": _("Amount"), "number": True}],
        "may_return": may_return and row.returned_on is None,
    }
    return render(request, "money/payment.html", context)


@door(EXPORT)
def payments_out(request: Asked) -> HttpResponse:
    """The same list as a file, all of it."""
    place = place_of(request, EXPORT)
    audit.read(request.actor, EXPORT, policy.can(request.actor, EXPORT, place), about=place)
    every = policy.visible(request.actor, Payment.objects.filter(association=place), EXPORT)
    rows = list(queries.payments(every, SoughtPaymentsForm(request.GET).sought()))
    left = queries.unplaced_of(rows)
    lines = [
        (
            *(one.received_on, one.payer_name, one.method, one.reference, plain(one.cents)),
            *(plain(left[one.pk]), one.returned_on or ""),
        )
        for one in rows
    ]
    return leaving("".join(sheet([HEADING, *lines])), CSV, f"payments-{clock.today(place.zone)}.csv")
