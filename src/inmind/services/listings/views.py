"""Pages of listings: found, read with each fact apart, added, corrected, confirmed by a call, and whether there is a place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, VersionedForm, form_page, fresh_key
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.services.adapters.catalog import known_counties, programs
from inmind.services.listings import actions, asking_actions, queries, words
from inmind.services.listings.county_names import named
from inmind.services.listings.forms import (
    CloseForm,
    ListingForm,
    NewListingForm,
    OpeningForm,
    ShownForm,
    SoughtForm,
    as_typed,
    shown_as_typed,
)
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.settled import terms

SEE = "services.see_listings"
ADD, CORRECT, CORRECT_SHOWN = "services.add_listing", "services.correct_listing", "services.correct_shown"
CONFIRM, OPENING, CLOSE = "services.confirm_listing", "services.say_opening", "services.close_listing"
ASK = "services.ask_listing"
ON_A_PAGE = 50
CHANGED = N_(
    "Somebody changed this listing while it was open here. This is how it stands now: look, then say it again."
)
RELATED = ("keeper", "provider", "confirmed_by")


@door(SEE)
def listings(request: Asked) -> HttpResponse:
    """What is offered nearby, found and paged."""
    form = SoughtForm(queries.counties_listed(), request.GET)
    today, sought = _today(), form.sought()
    rows = queries.found(sought, today)
    if request.GET.get("ours"):
        rows = policy.visible(request.actor, rows, CONFIRM)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "is_sought": bool(request.GET),
        "rows": [_line(row, today) for row in page],
        "columns": [
            {"label": label} for label in (_("Listing"), _("What"), _("Is there a place?"), _("Last confirmed"))
        ],
        "may_add": bool(policy.can(request.actor, ADD)),
        "may_bring": bool(policy.can(request.actor, "services.take_in_listings")),
    }
    return render(request, "services/listings.html", context)


def _line(row: Listing, today: date) -> list[dict[str, Any]]:
    there = {"url": reverse("listing", kwargs={"listing": row.pk})}
    return [
        {"text": row.name, "note": row.provider_name if row.provider_name != row.name else "", **there},
        {"text": words.kind(row), "note": words.languages(row.languages)},
        {"text": words.opening(row) or _("nobody has said yet"), "note": words.said_on(row)},
        {"text": clock.day(row.confirmed_on), "note": words.standing(row, today)},
    ]


@door(SEE)
def listing(request: Asked, listing: UUID) -> HttpResponse:
    """Everything that a listing says. What is offered, how the program is rated, whether there is a place and when it was
    confirmed stand apart, each with its day."""
    there, _verdict = opened(request, SEE, Listing, listing, related=RELATED)
    today, program = _today(), programs().get(there.program)
    may = {
        verb.partition(".")[2]: bool(policy.can(request.actor, verb, there))
        for verb in (CORRECT, CORRECT_SHOWN, CONFIRM, OPENING, CLOSE, ASK)
    }
    context = {
        "listing": there,
        "kind": words.kind(there),
        "shown": shown_facts(there),
        "private": _private(there),
        "opening": words.opening(there),
        "said_on": words.said_on(there),
        "standing": words.standing(there, today),
        "confirmed": words.confirmed(there),
        "unreached_on": clock.day(there.unreached_on) if there.unreached_on else "",
        "is_over": not _is_confirmed(there, today),
        "is_closed": there.closed_on is not None and there.closed_on <= today,
        "closes_on": clock.day(there.closed_on) if there.closed_on and there.closed_on > today else "",
        "program": program,
        "dated": clock.day(program.dated) if program else "",
        "ratings": [(words.rating(one), program.sources.get(one.source, "")) for one in program.evidence]
        if program
        else (),
        "funded": list(dict.fromkeys(filter(None, map(words.may_be_funded, program.evidence)))) if program else (),
        "may": may,
        "form": VersionedForm(initial={"version": there.version}),
    }
    return render(request, "services/listing.html", context)


def _is_confirmed(row: Listing, today: date) -> bool:
    term, _grace = terms()
    return today < row.confirmed_on + term


def shown_facts(row: Listing) -> list[dict[str, Any]]:
    """What families read, as terms and values."""
    said = {True: _("yes"), False: _("no"), None: None}
    return [
        {"term": _("In plain words"), "value": row.about},
        *([{"term": _("In plain words, in Spanish"), "value": row.about_es}] if row.about_es else []),
        {"term": _("What to bring"), "value": row.bring},
        *([{"term": _("What to bring, in Spanish"), "value": row.bring_es}] if row.bring_es else []),
        {"term": _("When"), "value": row.hours},
        *([{"term": _("When, in Spanish"), "value": row.hours_es}] if row.hours_es else []),
        {"term": _("Does it cost nothing?"), "value": said[row.is_free], "note": row.cost},
        *([{"term": _("What it costs, in Spanish"), "value": row.cost_es}] if row.cost_es else []),
        {"term": _("Languages spoken there"), "value": words.languages(row.languages)},
        {"term": _("Do they come to the family’s home?"), "value": said[row.comes_home]},
        {"term": _("Address"), "value": row.address},
        {
            "term": _("Counties that it serves"),
            "value": ", ".join(named(known_counties(), row.counties.split(), settings.INSTALLATION.state))
            or (_("wherever it can be reached") if row.says_where else _("not known: ask them")),
        },
        {"term": _("May a family ask for it by itself?"), "value": said[row.takes_families]},
    ]


def _private(row: Listing) -> list[dict[str, Any]]:
    """What is for those who work here."""
    return [
        {"term": _("Email to which referrals go"), "value": row.refer_mail},
        {"term": _("Telephone for those who refer"), "value": row.refer_phone},
        {"term": _("Kept by"), "value": row.keeper.name},
        {"term": _("One of the organizations here"), "value": row.provider.name if row.provider else _("no")},
        *([{"term": _("Came in with"), "value": row.source}] if row.source else []),
    ]


@door(ADD)
def add(request: Asked) -> HttpResponse:
    """A listing by hand, from a phone call or an old sheet."""
    places = {str(one.pk): one for one in keepers(request.actor)}
    first = {"key": fresh_key(), "confirmed_on": _today(), "kind": request.GET.get("kind", "")}
    form = NewListingForm(places, request.POST or None, initial=first)

    def save() -> HttpResponse:
        said = form.said()
        offers = form.offers
        assert offers is not None
        row = actions.add_listing(
            request.actor,
            key=form.cleaned_data["key"],
            keeper=places[form.cleaned_data["keeper"]],
            offers=offers,
            how=_how(request.actor, said["provider"]),
            confirmed_on=form.cleaned_data["confirmed_on"],
            **said,
        )
        messages.success(request, _("%(name)s is added. Say now whether there is a place.") % {"name": row.name})
        return redirect("listing", listing=row.pk)

    return form_page(request, form, "services/listing_add.html", {}, save)


def keepers(actor: Actor) -> list[Organization]:
    """The organizations for which this actor keeps listings: their own, or, for a data steward, any."""
    places = Organization.objects.order_by("name")
    return list(policy.visible(actor, places, ADD))


def _how(actor: Actor, provider: Organization | None) -> Listing.How:
    """Who works where it is offered says it of their own; whoever else was told."""
    is_own = provider is not None and provider.pk in {standing.organization for standing in actor.standings}
    return Listing.How.OWN if is_own else Listing.How.CALL


@door(CORRECT)
def correct(request: Asked, listing: UUID) -> HttpResponse:
    """Say anew what a listing says. Whoever saves second is shown both texts."""
    there, _verdict = opened(request, CORRECT, Listing, listing, related=RELATED)

    def made(typed: Any, row: Listing) -> ListingForm:
        return ListingForm(typed, initial=as_typed(row), offers=Offers(there.offers))

    return _corrected(request, there, made, actions.correct_listing)


@door(CORRECT_SHOWN)
def correct_shown(request: Asked, listing: UUID) -> HttpResponse:
    """The program itself says anew what families read."""
    there, _verdict = opened(request, CORRECT_SHOWN, Listing, listing, related=RELATED)
    return _corrected(
        request, there, lambda typed, row: ShownForm(typed, initial=shown_as_typed(row)), actions.correct_shown
    )


def _corrected(
    request: Asked, there: Listing, made: Callable[[Any, Listing], ShownForm], save: Callable[..., Listing]
) -> HttpResponse:
    form = made(request.POST or None, there)
    context: dict[str, Any] = {"listing": there, "form": form}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            save(request.actor, key=typed["key"], version=typed["version"], listing=there, **form.said())
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        except Stale as refusal:
            return render(request, "services/listing_correct.html", context | _both(made, form, refusal), status=409)
        else:
            messages.success(request, _("It is saved."))
            return redirect("listing", listing=there.pk)
    return render(request, "services/listing_correct.html", context, status=400 if form.errors else 200)


def _both(made: Callable[[Any, Listing], ShownForm], form: ShownForm, refusal: Stale) -> dict[str, Any]:
    """What stands and what was typed, where they differ; the form would now save over the newest version."""
    newest: Any = refusal.thing
    typed: Any = form.data.copy()  # type: ignore[attr-defined]
    typed["version"] = str(newest.version)
    again, stands = made(typed, newest), made(None, newest)
    pairs = [
        {"label": field.label, "theirs": _plain(stands[field.name].value()), "yours": _plain(field.value())}
        for field in again.visible_fields()
        if _plain(stands[field.name].value()) != _plain(field.value())
    ]
    return {"form": again, "pairs": pairs}


def _plain(said: Any) -> str:
    """A field's value as one line."""
    if isinstance(said, list):
        return words.languages(" ".join(sorted(said)))
    return {None: "", True: _("yes"), False: ""}.get(said, str(said)) if not isinstance(said, str) else said


@door(OPENING)
def opening(request: Asked, listing: UUID) -> HttpResponse:
    """Write down whether there is a place, as they say it today."""
    there, _verdict = opened(request, OPENING, Listing, listing, related=RELATED)
    form = OpeningForm(request.POST or None, initial={"version": there.version})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.say_opening(request.actor, key=typed["key"], version=typed["version"], listing=there, **form.opening())
        messages.success(request, _("It is saved, with today’s date."))
        return redirect("listing", listing=there.pk)

    return _versioned(request, there, form, "services/listing_opening.html", save)


@door(CLOSE)
def close(request: Asked, listing: UUID) -> HttpResponse:
    """It is not offered any more from a day on; or it is again."""
    there, _verdict = opened(request, CLOSE, Listing, listing, related=RELATED)
    is_again = request.method == "POST" and request.POST.get("do") == "open"
    first = {"version": there.version, "on": _today()}
    form = VersionedForm(request.POST) if is_again else CloseForm(request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        on = None if is_again else typed["on"]
        actions.close_listing(request.actor, key=typed["key"], version=typed["version"], listing=there, on=on)
        messages.success(
            request,
            _("It is open again. Confirm it when they have said that all of it holds.")
            if is_again
            else _("It is closed, and shown to no family any more from that day on."),
        )
        return redirect("listing", listing=there.pk)

    return _versioned(request, there, form, "services/listing_close.html", save)


@door(CONFIRM)
@require_POST
def confirm(request: Asked, listing: UUID) -> HttpResponse:
    """They said today that all of it holds; or they are written to, and say so by the link in that letter."""
    there, _verdict = opened(request, CONFIRM, Listing, listing, related=RELATED)
    form = VersionedForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        of_it = {"key": typed["key"], "version": typed["version"], "listing": there}
        is_asked = request.POST.get("do") == "ask"
        try:
            if is_asked:
                asking_actions.ask_listing(request.actor, **of_it)
            else:
                actions.confirm_listing(request.actor, how=_how(request.actor, there.provider), **of_it)
        except NotNow as refusal:
            form.take(refusal)
        except Stale:
            messages.warning(request, _(CHANGED))
        else:
            done = _("They are written to now.") if is_asked else _("Confirmed with today’s date.")
            messages.success(request, done)
    for sentence in form.non_field_errors():
        messages.warning(request, str(sentence))
    return redirect("listing", listing=there.pk)


def _versioned(
    request: Asked, there: Listing, form: HouseForm, template: str, save: Callable[[], HttpResponse]
) -> HttpResponse:
    """A form about a listing that somebody may have changed since: then it is looked at anew first."""
    try:
        return form_page(request, form, template, {"listing": there}, save)
    except Stale:
        messages.warning(request, _(CHANGED))
        return redirect("listing", listing=there.pk)


def today_panel(request: Any) -> dict[str, Any] | None:
    """How many listings of the reader's own wait to be confirmed by a call."""
    if not policy.can(request.actor, CONFIRM):
        return None
    rows = policy.visible(request.actor, Listing.objects.filter(queries.unconfirmed(_today())), CONFIRM)
    told = rows.aggregate(count=Count("pk"), unreached=Count("unreached_on"))
    if not told["count"]:
        return None
    says = ngettext("%(count)s listing needs confirming.", "%(count)s listings need confirming.", told["count"])
    lost = ngettext(
        "The letter to %(unreached)s of them did not arrive: call.",
        "The letters to %(unreached)s of them did not arrive: call.",
        told["unreached"],
    )
    return {"says": says % told, "lost": lost % told if told["unreached"] else "", "asks": True}


def _today() -> date:
    return clock.today(settings.INSTALLATION.zone)
