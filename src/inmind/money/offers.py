"""What money offers: who reaches an invoice, what an office's link opens, what is owed on Today, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import policy
from inmind.access.models import OfficeLink
from inmind.access.profession_words import THEIRS_ALONE
from inmind.foundation import clock
from inmind.foundation.registries import Finding, Grade, NavItem, Panel, Reach, Told, house
from inmind.foundation.values import N_
from inmind.messages.models import Letter
from inmind.money import book_views, queries, views
from inmind.money.actions import ABOUT, LINK
from inmind.money.adapters import cards
from inmind.money.amounts import dollars
from inmind.money.erasing import MONEY
from inmind.money.held_queries import held
from inmind.money.ledger import State
from inmind.money.models import Invoice, Notice, Payment
from inmind.people.models import Organization

A_DAY, A_WEEK, A_MONTH = timedelta(1), timedelta(7), timedelta(30)
MOST_ON_TODAY = 5
MOST_OF_A_MEMBER = 12


def offer() -> None:
    """Put it in its place."""
    house.offer(
        *(
            Reach(f"money.{model}", anchor, prefix=prefix)
            for model in ("Invoice", "Payment", "Refund")
            for anchor, prefix in (("people.Person", "payer"), ("people.Organization", "association"))
        ),
        MONEY,
        Told(
            "money",
            70,
            N_("Invoices and payments"),
            held,
            THEIRS_ALONE,
            own=True,
            pages=((N_("Your invoices"), "money_mine"),),
        ),
        NavItem("money", N_("Money"), "money_books", 52, shown=lambda actor: bool(policy.can(actor, book_views.BOOKS))),
        Panel("today", "owed_by_me", 44, "money/mine_today.html", owed_by_me),
        Panel("today", "money", 52, "money/today.html", kept_today),
        Panel("member", "invoices", 10, "money/of_member.html", of_member),
        Panel("account", "money", 30, "money/account.html", on_account),
    )
    house.checks.append(cards_are_taken)
    house.office_pages[LINK] = "money_by_link"
    house.office_stands[LINK] = stands
    house.office_names[LINK] = names
    house.letters_to.append(letters_to)
    house.pages[ABOUT] = lambda row: reverse("money_invoice", args=[row.pk])


def cards_are_taken() -> Iterable[Finding]:
    """Whether somebody can pay by card, where that is set."""
    if not cards.is_wanted():
        return
    if cards.has_library():
        yield Finding("card payments", Grade.WELL, "Cards are taken on the page of the card service.")
        left = Notice.objects.filter(became__in=(Notice.Became.UNKNOWN, Notice.Became.WAITS))
        if count := left.filter(created_at__gte=clock.now() - A_MONTH, created_at__lt=clock.now() - A_DAY).count():
            yield Finding(
                "card notices",
                Grade.HAND,
                f"{count} of the last 30 days are about a payment that is not known here, or was not in dollars.",
                "Compare the card service's own list of payments with the books, and write down by hand what is missing.",
            )
    else:
        yield Finding(
            "card payments",
            Grade.HAND,
            "Cards are to be taken here, and the program for it is not installed: no page shows the button.",
            "Install requirements/card.txt (the extra `card`), or leave the two settings of card payments out.",
        )


def stands(link: OfficeLink) -> bool:
    """Whether a link still shows something: an invoice that was not cancelled."""
    return Invoice.objects.filter(pk=link.about).exclude(state=State.CANCELLED).exists()


def names(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """To whom the links for these invoices were sent: an organization's office, or a person without an account."""
    rows = Invoice.objects.filter(pk__in=set(ids)).select_related("payer", "payer_organization")
    return {row.pk: row.payer_name for row in rows}


def owed_by_me(request: Any) -> dict[str, Any] | None:
    """What the reader owes, the first due first."""
    if request.actor.person is None or not policy.can(request.actor, views.SEE):
        return None
    rows = Invoice.objects.filter(payer=request.actor.person, state=State.OPEN)
    some = policy.visible(request.actor, rows, views.SEE).select_related("association").order_by("due_on", "pk")
    told = [_mine(row) for row in some[:MOST_ON_TODAY]]
    return {"rows": told, "asks": True} if told else None


def _mine(row: Invoice) -> dict[str, str]:
    day = {"day": clock.day(row.due_on), "name": row.association.name}
    is_late = row.due_on < clock.today(row.association.zone)
    return {
        "title": _("%(sum)s is owed") % {"sum": dollars(row.cents_owed)},
        "reason": (_("%(name)s · it was due on %(day)s") if is_late else _("%(name)s · due by %(day)s")) % day,
        "url": reverse("money_invoice", args=[row.pk]),
        "button": _("Look at it"),
    }


def kept_today(request: Any) -> dict[str, Any] | None:
    """For who keeps an association's books: what came in these seven days, and what is overdue."""
    rows = []
    for place in book_views.places(request.actor, book_views.BOOKS):
        today, at = clock.today(place.zone), f"{reverse('money_books')}?at={place.pk}"
        late = Invoice.objects.filter(association=place, state=State.OPEN, due_on__lt=today)
        sums = late.aggregate(n=Count("pk"), billed=Sum("cents_billed"), paid=Sum("cents_paid"))
        if sums["n"]:
            count = ngettext("%(n)s invoice is overdue", "%(n)s invoices are overdue", sums["n"]) % sums
            owed = _("%(sum)s is owed to %(name)s") % {
                "sum": dollars(sums["billed"] - sums["paid"]),
                "name": place.name,
            }
            rows.append({"title": count, "reason": owed, "url": f"{at}&show=overdue", "button": _("Look at them")})
        came = Payment.objects.filter(association=place, received_on__gt=today - A_WEEK, returned_on=None)
        sums = came.aggregate(n=Count("pk"), cents=Sum("cents"))
        if sums["n"]:
            count = ngettext("%(n)s payment came in", "%(n)s payments came in", sums["n"]) % sums
            said = _("%(sum)s in these seven days, to %(name)s") % {"sum": dollars(sums["cents"]), "name": place.name}
            came_url = f"{reverse('money_payments')}?at={place.pk}&first={today - A_WEEK + A_DAY}"
            rows.append({"title": count, "reason": said, "url": came_url, "button": _("Look at them")})
    return {"rows": rows} if rows else None


def on_account(request: Any) -> dict[str, Any] | None:
    """On one's own account, for who has an invoice."""
    if request.actor.person is None or not policy.can(request.actor, views.SEE):
        return None
    count = Invoice.objects.filter(payer=request.actor.person).count()
    return {"reason": ngettext("%(n)s invoice", "%(n)s invoices", count) % {"n": count}} if count else None


def of_member(request: Any, *, person: UUID, association: Organization) -> dict[str, Any] | None:
    """Beside a member: their invoices with this association, the newest first, their credit, and writing one by hand."""
    if not policy.can(request.actor, book_views.BOOKS, association):
        return None
    every = Invoice.objects.filter(association=association, payer=person).select_related("association")
    rows = policy.visible(request.actor, every, book_views.BOOKS).order_by("-issued_on", "-number")
    credit = queries.credit_of(association.pk, person, None)
    write = f"{reverse('money_write')}?at={association.pk}&payer=p:{person}"
    return {
        "rows": views.lines_of(rows[:MOST_OF_A_MEMBER]),
        "columns": [{"label": _("Invoice")}, {"label": _("How it stands")}, {"label": _("Amount"), "number": True}],
        "credit": dollars(credit) if credit else "",
        "write": write if policy.can(request.actor, "money.write_invoice", association) else "",
    }


def letters_to(person: UUID, association: UUID) -> list[tuple[UUID, str]]:
    """The letters about somebody's invoices with an association."""
    names = {"invoice_for_you": _("An invoice"), "receipt_for_you": _("A receipt")}
    mine = Invoice.objects.filter(payer=person, association=association).values("pk")
    rows = Letter.objects.filter(to=person, about_kind=ABOUT, about_id__in=mine, template__in=list(names))
    return [(pk, names[template]) for pk, template in rows.order_by("-created_at").values_list("pk", "template")[:12]]
