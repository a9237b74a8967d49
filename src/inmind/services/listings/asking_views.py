"""What a program sees by the link in the letter that asks whether its listing still holds; without an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door
from inmind.access.models import OfficeLink
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import VersionedForm
from inmind.services.listings import asking_actions as actions
from inmind.services.listings import words
from inmind.services.listings.asking_actions import ABOUT
from inmind.services.listings.forms import OpeningForm, ShownForm, shown_as_typed
from inmind.services.listings.models import Listing
from inmind.services.listings.views import shown_facts

SEE, CONFIRM, CORRECT = "services.see_listing_by_link", "services.confirm_by_link", "services.correct_by_link"
OPENING, CLOSE = "services.say_opening_by_link", "services.close_by_link"


@door(SEE, by_office=ABOUT)
def asked(request: Asked) -> HttpResponse:
    """What families read of their listing, and one button for all of it. Opening this page says nothing."""
    row = _row(request)
    context = {
        "listing": row,
        "kind": words.kind(row),
        "shown": shown_facts(row),
        "opening": words.opening(row),
        "said_on": words.said_on(row),
        "is_confirmed": row.asked_on is None,
        "form": VersionedForm(initial={"version": row.version}),
    }
    return render(request, "services/asked.html", context)


@door(CONFIRM, by_office=ABOUT)
@require_POST
def confirm(request: Asked) -> HttpResponse:
    return _said(request, VersionedForm(request.POST), actions.confirm_by_link, _("Thank you. It is confirmed today."))


@door(CORRECT, by_office=ABOUT)
def correct(request: Asked) -> HttpResponse:
    row = _row(request)
    form = ShownForm(request.POST or None, initial=shown_as_typed(row))
    done = _("It is saved. Does the rest hold, too? Then say so below.")
    return _said(request, form, actions.correct_by_link, done, form.said, "services/asked_correct.html", row)


@door(OPENING, by_office=ABOUT)
def opening(request: Asked) -> HttpResponse:
    row = _row(request)
    form = OpeningForm(request.POST or None, initial={"version": row.version})
    done = _("It is saved, with today’s date. Does the rest hold, too? Then say so below.")
    return _said(request, form, actions.say_opening_by_link, done, form.opening, "services/asked_opening.html", row)


@door(CLOSE, by_office=ABOUT)
@require_POST
def close(request: Asked) -> HttpResponse:
    """They offer it no more. The page that follows is the last one of this link."""
    row = _row(request)
    form = VersionedForm(request.POST)
    answer = _said(request, form, actions.close_by_link, "")
    row.refresh_from_db()
    if row.closed_on is None:
        return answer
    return render(request, "services/asked_closed.html", {"listing": row, "keeper": row.keeper})


def _said(
    request: Asked,
    form: VersionedForm,
    save: Callable[..., Listing],
    done: str,
    said: Callable[[], dict[str, Any]] = dict,
    template: str = "",
    row: Listing | None = None,
) -> HttpResponse:
    """Take what a form says; where somebody changed the listing meanwhile, show it anew first."""
    link: Any = request.link
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            save(request.actor, key=typed["key"], link=link, seen=typed["version"], **said())
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        except Stale:
            messages.warning(request, _("Somebody changed this meanwhile. This is how it stands now."))
            return redirect("listing_asked")
        else:
            if done:
                messages.success(request, done)
            return redirect("listing_asked")
    if not template:
        return redirect("listing_asked")
    return render(request, template, {"form": form, "listing": row}, status=400 if form.errors else 200)


def _row(request: Asked) -> Listing:
    link: OfficeLink = request.link  # type: ignore[assignment]
    return Listing.objects.select_related("keeper").get(pk=link.about)
