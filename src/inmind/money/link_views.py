"""What an office that pays sees by the link in its letter, and what the provider of card payments tells; without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.actors import machine
from inmind.access.door import Asked, door
from inmind.access.models import OfficeLink
from inmind.foundation import leaving
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm
from inmind.money import actions, card_actions
from inmind.money.actions import LINK
from inmind.money.adapters import cards
from inmind.money.forms import PromiseForm
from inmind.money.ledger import State
from inmind.money.models import Invoice
from inmind.money.paper_views import invoice_paper, receipt_paper
from inmind.money.views import RELATED, done, on_to_card, shown

SEE, SAY, PAY = "money.see_by_link", "money.promise_by_link", "money.begin_checkout_by_link"


@door(SEE, by_office=LINK)
def by_link(request: Asked) -> HttpResponse:
    """The invoice, its papers, and how the office says that money is on its way. Opening this page says nothing."""
    row = _row(request)
    is_open = row.state == State.OPEN
    context = {
        **shown(row),
        "pays_by_card": is_open and cards.port() is not None,
        "form": HouseForm(),
        "promise_form": PromiseForm() if is_open else None,
    }
    return render(request, "money/by_link.html", context)


@door(SEE, by_office=LINK)
def paper_by_link(request: Asked) -> HttpResponse:
    return leaving.paper(invoice_paper(_row(request)), "invoice")


@door(SEE, by_office=LINK)
def receipt_by_link(request: Asked) -> HttpResponse:
    row = _row(request)
    if not row.cents_paid:
        messages.warning(request, _("Nothing is paid on this invoice yet, so there is no receipt."))
        return redirect("money_by_link")
    return leaving.paper(receipt_paper(row), "receipt")


@door(SAY, by_office=LINK)
@require_POST
def say_by_link(request: Asked) -> HttpResponse:
    """A check is in the mail, or it is paid by a purchase order."""
    form, link = PromiseForm(request.POST), _link(request)

    def save() -> Any:
        typed = form.cleaned_data
        return actions.promise_by_link(
            request.actor, key=typed["key"], link=link, kind=typed["kind"], number=typed["number"]
        )

    done(request, form, save, _("Thank you. It is paid once the money is here."))
    return redirect("money_by_link")


@door(PAY, by_office=LINK)
@require_POST
def pay_by_link(request: Asked) -> HttpResponse:
    form, link = HouseForm(request.POST), _link(request)
    return on_to_card(
        request,
        form,
        reverse("money_by_link"),
        lambda: card_actions.begin_checkout_by_link(request.actor, key=form.cleaned_data["key"], link=link),
    )


def _link(request: Asked) -> OfficeLink:
    link: OfficeLink = request.link
    return link


def _row(request: Asked) -> Invoice:
    """The invoice of a link; that it was read by it is in the trail."""
    row = Invoice.objects.select_related(*RELATED).get(pk=_link(request).about)
    if request.method == "GET":
        audit.read(request.actor, SEE, policy.can(request.actor, SEE, _link(request)), about=row)
    return row


@door(public="the provider of card payments tells what was paid, under a signature of its own")
@csrf_exempt  # it acts for nobody who is signed in: its signature is asked for instead
@never_cache
@require_POST
def card_notice(request: HttpRequest) -> HttpResponse:
    """Take a notice whose signature is right: once, in whatever order."""
    port = cards.port()
    if port is None:
        raise Http404
    body = request.read(cards.MOST_READ + 1)
    try:
        if len(body) > cards.MOST_READ:
            raise cards.NotHeard
        heard = port.read(body, request.headers.get("Stripe-Signature", ""))
        card_actions.heed_notice(machine("money.card"), heard=heard)
    except BadInput:
        return HttpResponse(status=400)
    except NotNow:  # another notice of the same payment is being taken at this moment: it is sent again, and heard then
        return HttpResponse(status=409)
    return HttpResponse(status=200)
