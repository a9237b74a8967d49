"""Pages of who keeps the books: what is owed and for how long, money that came in or did not, the journal, its accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened, refused
from inmind.foundation import clock
from inmind.foundation.forms import form_page, fresh_key
from inmind.foundation.leaving import CSV, leaving, sheet
from inmind.foundation.values import N_
from inmind.money import actions, journal, ledger, queries
from inmind.money.amounts import dollars, plain
from inmind.money.forms import AccountsForm, DaysForm, ReturnForm, SoughtForm, TakeForm
from inmind.money.ledger import Age, Kind, State
from inmind.money.models import Invoice, Method, Payment
from inmind.money.views import RELATED, STATES, how
from inmind.people.models import Organization

BOOKS, TAKE, BACK = "money.see_books", "money.take_payment", "money.return_payment"
EXPORT, ACCOUNTS = "money.export", "money.name_accounts"
ON_A_PAGE = 50
AGES = {
    Age.NOT_YET: N_("Not due yet"),
    Age.TO_30: N_("1 to 30 days past due"),
    Age.TO_60: N_("31 to 60 days past due"),
    Age.TO_90: N_("61 to 90 days past due"),
    Age.OVER_90: N_("More than 90 days past due"),
}


def places(actor: Actor, verb: str) -> QuerySet[Organization]:
    """The associations whose books this actor keeps."""
    kept = Organization.objects.filter(kind=Organization.Kind.ASSOCIATION).order_by("name", "pk")
    return policy.visible(actor, kept, verb)


def place_of(request: Asked, verb: str) -> Organization:
    """The association of a page: the one that is asked for, else the first whose books this actor keeps."""
    there = places(request.actor, verb)
    at = request.GET.get("at", "")
    found = next((one for one in there if str(one.pk) == at), None) or there.first()
    if found is None:
        raise refused(request, verb)
    return found


@door(BOOKS)
def books(request: Asked) -> HttpResponse:
    """What is owed, by how long it has been due; and the invoices, found and paged."""
    place = place_of(request, BOOKS)
    today = clock.today(place.zone)
    form = SoughtForm(request.GET)
    form.is_valid()
    every = policy.visible(request.actor, Invoice.objects.filter(association=place), BOOKS)
    rows = _found(every, form.cleaned_data.get("words", ""), form.cleaned_data.get("show") or "open", today)
    page = Paginator(rows.select_related("payer", "payer_organization"), ON_A_PAGE).get_page(request.GET.get("page"))
    reads(request, place, page)
    columns = queries.ageing(every, today)
    owed = sum(one.cents for one in columns)
    context = {
        "place": place,
        "places": list(places(request.actor, BOOKS)),
        "form": form,
        "page": page,
        "rows": [_row(row, today) for row in page],
        "columns": [
            {"label": _("Invoice")},
            {"label": _("Who pays")},
            {"label": _("Due")},
            {"label": _("Owed"), "number": True},
        ],
        "is_sought": bool(request.GET.get("words") or request.GET.get("show")),
        "owed": dollars(owed),
        "ages": [
            {
                "label": _(AGES[one.age]),
                "count": one.count,
                "sum": dollars(one.cents),
                "width": f"{100 * one.cents / owed:.1f}" if owed else "0",
                "is_late": one.age is not Age.NOT_YET,
            }
            for one in columns
        ],
        "has_any": every.exists(),
    }
    return render(request, "money/books.html", context)


def reads(request: Asked, place: Organization, rows: Any) -> None:
    """Whose invoices stand on a page is in the trail before it leaves."""
    verdict = policy.can(request.actor, BOOKS, place)
    audit.read(request.actor, BOOKS, verdict, subjects={("person", row.payer_id) for row in rows if row.payer_id})


def _found(every: QuerySet[Invoice], words: str, show: str, today: date) -> QuerySet[Invoice]:
    if show == "overdue":
        rows = every.filter(state=State.OPEN, due_on__lt=today).order_by("due_on", "pk")
    elif show == State.OPEN:
        rows = every.filter(state=State.OPEN).order_by("due_on", "pk")
    else:
        rows = every.filter(state=show).order_by("-year", "-number")
    for word in words.split():
        year, dash, number = word.partition("-")
        if dash and year.isdecimal() and number.isdecimal():
            rows = rows.filter(year=int(year[:4]), number=int(number[:9]))
        else:
            rows = queries.paid_by(rows, word)
    return rows


def _row(row: Invoice, today: date) -> list[dict[str, Any]]:
    return [
        {"text": row.label, "url": reverse("money_invoice", args=[row.pk])},
        {"text": row.payer_name},
        {"text": clock.day(row.due_on), "note": _late(row, today)},
        {"text": dollars(row.cents_owed), "note": "" if row.state == State.OPEN else _(STATES[State(row.state)])},
    ]


def _late(row: Invoice, today: date) -> str:
    if row.state != State.OPEN or row.due_on >= today:
        return ""
    return _(AGES[ledger.age(row.due_on, today)])


@door(TAKE)
def take(request: Asked) -> HttpResponse:
    """Write down a check, for one invoice or for twelve."""
    place = place_of(request, TAKE)
    sought = SoughtForm(request.GET)
    sought.is_valid()
    chosen = request.POST.getlist("invoices") or request.GET.getlist("invoice")
    rows = _choosable(request.actor, place, sought.cleaned_data.get("words", ""), chosen)
    reads(request, place, rows)
    organizations = {f"o:{one.pk}": one.name for one in queries.organizations_of(place)}
    people = {f"p:{row.payer_id}": row.payer_name for row in rows if row.payer_id}
    first = {"key": fresh_key(), "received_on": clock.today(place.zone), "invoices": chosen, "method": Method.CHECK}
    if len(chosen) == 1 and rows and str(rows[0].pk) == chosen[0]:
        first["amount"] = plain(rows[0].cents_owed)
    form = TakeForm(rows, organizations | people, request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        kind, _colon, pk = typed["payer"].partition(":")
        payment = actions.take_payment(
            request.actor,
            key=typed["key"],
            association=place,
            invoices=[form.rows[one] for one in typed["invoices"]],
            cents=typed["amount"],
            method=typed["method"],
            reference=typed["reference"],
            received_on=typed["received_on"],
            payer=next((row.payer for row in rows if kind == "p" and str(row.payer_id) == pk), None),
            payer_organization=Organization.objects.get(pk=pk) if kind == "o" else None,
        )
        kept = sum(payment.entries.filter(kind=Kind.KEPT).values_list("cents", flat=True))
        sums = {"sum": dollars(payment.cents), "name": payment.payer_name, "credit": dollars(kept)}
        messages.success(request, _("%(sum)s from %(name)s is written down.") % sums)
        if kept:
            messages.success(request, _("%(credit)s is left over, and kept as their credit.") % sums)
        return redirect(f"{reverse('money_books')}?at={place.pk}")

    context = {"place": place, "sought": sought, "words": sought.cleaned_data.get("words", ""), "has_any": bool(rows)}
    return form_page(request, form, "money/take.html", context, save)


def _choosable(actor: Actor, place: Organization, words: str, chosen: list[str]) -> list[Invoice]:
    """Open invoices to choose from: those that are chosen first, then the first due; as many as one payment pays."""
    every = policy.visible(actor, Invoice.objects.filter(association=place), TAKE).select_related(*RELATED)
    ids = []
    for one in chosen[: actions.MOST_AT_ONCE]:
        try:
            ids.append(UUID(one))
        except ValueError:
            continue
    first = list(every.filter(pk__in=ids).order_by("due_on", "pk"))
    rest = _found(every, words, State.OPEN, clock.today(place.zone)).exclude(pk__in=ids)
    return [*first, *rest[: actions.MOST_AT_ONCE - len(first)]]


@door(BACK)
def came_back(request: Asked, payment: UUID) -> HttpResponse:
    """A check came back: what it paid is owed again."""
    row, _verdict = opened(request, BACK, Payment, payment, related=RELATED)
    form = ReturnForm(request.POST or None, initial={"key": fresh_key(), "on": clock.today(row.association.zone)})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.return_payment(request.actor, key=typed["key"], payment=row, on=typed["on"], why=typed["why"])
        messages.success(request, _("It is written down. What it paid is owed again."))
        return redirect(f"{reverse('money_books')}?at={row.association_id}")

    paid = Invoice.objects.filter(entries__payment=row, entries__kind=Kind.PAID).distinct().order_by("year", "number")
    context = {
        "payment": row,
        "says": f"{how(row)}, {dollars(row.cents)}",
        "on": clock.day(row.received_on),
        "invoices": list(paid.select_related("payer", "payer_organization")),
    }
    return form_page(request, form, "money/came_back.html", context, save)


@door(EXPORT)
def export(request: Asked) -> HttpResponse:
    """The journal of some days, for the bookkeeper: shown, or taken out as CSV or JSON."""
    place = place_of(request, EXPORT)
    today = clock.today(place.zone)
    given = {"first": today.replace(day=1).isoformat(), "last": today.isoformat()}
    form = DaysForm({**given, **{name: request.GET[name] for name in given if request.GET.get(name)}})
    if not form.is_valid():
        return render(request, "money/export.html", {"form": form, "place": place}, status=400)
    days = form.cleaned_data["first"], form.cleaned_data["last"]
    names = {**{key: _(name) for key, name in journal.ACCOUNTS.items()}, **queries.names_of(place.pk)}
    lines = journal.lines(queries.posted(place.pk, *days), names)
    if (kind := request.GET.get("as", "")) in _WRITTEN:
        audit.read(request.actor, EXPORT, policy.can(request.actor, EXPORT, place), about=place)
        body, content = _WRITTEN[kind](lines)
        return leaving(body, content, f"books-{days[0]}-{days[1]}.{kind}")
    sums: dict[str, list[int]] = {}
    for line in lines:
        both = sums.setdefault(line.account, [0, 0])
        both[0], both[1] = both[0] + line.debit, both[1] + line.credit
    context = {
        "form": form,
        "place": place,
        "first": days[0].isoformat(),
        "last": days[1].isoformat(),
        "rows": [
            [{"text": name}, {"text": dollars(debit)}, {"text": dollars(credit)}]
            for name, (debit, credit) in sums.items()
        ],
        "columns": [
            {"label": _("Account")},
            {"label": _("Debit"), "number": True},
            {"label": _("Credit"), "number": True},
        ],
        "total": dollars(sum(debit for debit, _credit in sums.values())),
    }
    return render(request, "money/export.html", context)


def _as_csv(lines: Iterable[journal.Line]) -> tuple[str, str]:
    rows = [
        (
            *(line.on, line.account, *(plain(cents) if cents else "" for cents in (line.debit, line.credit))),
            *(line.reference, line.what),
        )
        for line in lines
    ]
    return "".join(sheet([journal.HEADING, *rows], mark="")), CSV


def _as_json(lines: Iterable[journal.Line]) -> tuple[bytes, str]:
    """Amounts in whole cents."""
    rows = [
        {
            "date": line.on,
            "account": line.account,
            "debit_cents": line.debit,
            "credit_cents": line.credit,
            "reference": line.reference,
            "what": line.what,
        }
        for line in lines
    ]
    return JsonResponse({"lines": rows}).content, "application/json"


_WRITTEN: dict[str, Callable[[Iterable[journal.Line]], tuple[bytes | str, str]]] = {"csv": _as_csv, "json": _as_json}


@door(ACCOUNTS)
def accounts(request: Asked) -> HttpResponse:
    """How the association's own books call their accounts."""
    place = place_of(request, ACCOUNTS)
    keys = [*journal.ACCOUNTS, *queries.incomes_of(place.pk)]
    first = {"key": fresh_key(), **queries.names_of(place.pk)}
    form = AccountsForm(keys, request.POST or None, initial=first)

    def save() -> HttpResponse:
        actions.name_accounts(request.actor, key=form.cleaned_data["key"], association=place, names=form.names())
        messages.success(request, _("Saved. The export uses these names from now on."))
        return redirect(f"{reverse('money_export')}?at={place.pk}")

    return form_page(request, form, "money/accounts.html", {"place": place}, save)
