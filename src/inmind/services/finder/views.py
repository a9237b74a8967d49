"""The public finder: what somebody looks for, what fits, a page to print, a card to hand out, and asking to be called.

Nobody is asked who they are. What is chosen stands in the address alone and is kept nowhere; no page sets a cookie but that
of the language. Only what is sent by "ask them to call me" is stored, sealed (`finder_actions.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from operator import attrgetter
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from inmind.access.actors import VISITOR
from inmind.access.adapters import allauth
from inmind.access.door import Asked, door, opened
from inmind.access.subscribers import say_in
from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.people.models import Organization
from inmind.services.adapters import catalog
from inmind.services.finder import actions as finder_actions
from inmind.services.finder import said as finder_said
from inmind.services.finder.actions import Told
from inmind.services.finder.finding import Findings, Fit, Said, find
from inmind.services.finder.forms import AnswerForm, AskForm, FinderForm
from inmind.services.finder.models import SelfReferral
from inmind.services.fitting.matching import Terms
from inmind.services.listings import counties
from inmind.services.listings import words as listing_words
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.listings.shelf import all_listings
from inmind.services.settled import terms

View = Callable[..., HttpResponse]
AT_ONCE, MOST = 10, 100  # results on one page; and by one more click
ON_PAPER = 4  # results that one sheet of large type holds
SPEAK = "in"  # the language of the pages, in each address


def public(why: str, *, remembers: bool = True) -> Callable[[View], View]:
    """A page of the finder, in the language that its address names. remembers: in a cookie too, for the pages after it."""

    def made(view: View) -> View:
        @wraps(view)
        def spoken(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            chosen = request.GET.get(SPEAK, "")
            if chosen in settings.INSTALLATION.languages:
                translation.activate(chosen)
                request.LANGUAGE_CODE = chosen
            response = view(request, *args, **named)
            if remembers and _language() != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE):
                say_in(response, _language(), for_good=False)  # the next person at a shared computer speaks another
            response["Cache-Control"] = "no-store, private"
            return response

        return door(public=why)(spoken)

    return made


# Looking


@public("anybody looks for help near them")
def finder(request: HttpRequest) -> HttpResponse:
    form = _form(request, None, initial={"speaks": _language() if _language() != "en" else ""})
    return render(request, "services/finder.html", {"form": form, **_around(request, "finder")})


@public("anybody sees what fits what they chose")
def finder_results(request: HttpRequest) -> HttpResponse:
    form = _form(request, request.GET)
    if not form.is_valid():
        return render(request, "services/finder.html", {"form": form, **_around(request, "finder")}, status=400)
    if _canonical(request, form) != request.GET.urlencode():
        return redirect(_address("finder_results", request, form))
    said = form.said(_language())
    found = _found(said)
    most = MOST if request.GET.get("all") == "1" else AT_ONCE
    context = {
        "said": said,
        "chosen": _chosen(form, said),
        "rights": [(one.right, _shown(one.fits, said)) for one in found.rights],
        "now": _shown(found.now[:most], said),
        "more": max(0, min(len(found.now), MOST) - most),
        "is_too_much": len(found.now) > MOST,
        "later": _shown(found.later[:most], said),
        "too_late": _shown(found.too_late[:most], said),
        "is_empty": not (found.now or found.later or found.too_late),
        "agencies": [{"name": one.name, "call": one.phone} for one in _agencies()],
        "form_url": f"{reverse('finder')}?{_speaks(request)}",
        "wider": _wider(request, form, said),
        **_around(request, "finder_results", form),
    }
    return render(request, "services/finder_results.html", context)


@public("anybody prints what fits")
def finder_print(request: HttpRequest) -> HttpResponse:
    form = _form(request, request.GET)
    if not form.is_valid() or _canonical(request, form) != request.GET.urlencode():
        return redirect("finder" if not form.is_valid() else _address("finder_print", request, form))
    said = form.said(_language())
    found = _found(said)
    first = [fit for fit in (*found.now, *found.later) if said.is_about(Offers.SAFETY_AT_HOME) or not _is_risky(fit)]
    context = {
        "said": said,
        "chosen": _chosen(form, said),
        "rights": [(one.right, _shown(one.fits[:1], said)) for one in found.rights],
        "fits": _shown(first[:ON_PAPER], said),
        "more": max(0, len(first) - ON_PAPER),
        "is_risky": said.is_about(Offers.SAFETY_AT_HOME),
        "today": clock.day(clock.today(settings.INSTALLATION.zone)),
        **_around(request, "finder_print", form),
    }
    return render(request, "services/finder_print.html", context)


@public("anybody prints cards that lead to the finder")
def finder_card(request: HttpRequest) -> HttpResponse:
    cards = []
    for code in settings.INSTALLATION.languages:
        address = f"{settings.SITE}{reverse('finder')}?{SPEAK}={code}"
        cards.append({"language": code, "address": address, "picture": _picture(address)})
    return render(request, "services/finder_card.html", {"cards": cards * 2, **_around(request, "finder_card")})


@xframe_options_exempt
@public("the finder's form, to stand on a library's own page", remembers=False)
def finder_embed(request: HttpRequest) -> HttpResponse:
    """The form alone, and the one page that another site may frame: it shows what is public, knows nobody, and opens what it
    finds in a tab of its own. Where it may stand is a setting."""
    form = _form(request, None, initial={"speaks": _language() if _language() != "en" else ""})
    response = render(request, "services/finder_embed.html", {"form": form, **_around(request, "finder_embed")})
    response._csp_replace = {"frame-ancestors": list(settings.EMBED_AT) or ["'none'"]}  # type: ignore[attr-defined]
    return response


# Asking to be called


@csrf_exempt  # it acts for nobody who is signed in, and a token would need a cookie that stays on a shared computer
@public("a family asks to be called")
def finder_call(request: HttpRequest, listing: UUID) -> HttpResponse:
    row, to = _asked_of(listing)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"speaks": _language()})
    status = 200
    if request.method == "POST":
        if not _sent_from_here(request):
            form, status = AskForm(initial={"speaks": _language()}), 403
            messages.warning(request, _("Please write it on this page."))
        elif form.is_valid() and (answer := _ask(request, row, to, form)):
            return answer
        else:
            status = 429 if getattr(form, "flooded", False) else 400
    context = {
        "form": form,
        "row": row,
        "to": to,
        "by_day": _by_day(to),
        **_around(request, "finder_call", listing=listing),
    }
    return render(request, "services/finder_call.html", context, status=status)


@public("says what happens after a family asked to be called")
def finder_called(request: HttpRequest, listing: UUID) -> HttpResponse:
    row, to = _asked_of(listing)
    context = {"row": row, "to": to, "by_day": _by_day(to), **_around(request, "finder_called", listing=listing)}
    return render(request, "services/finder_called.html", context)


def _ask(request: HttpRequest, row: Listing, to: Organization, form: AskForm) -> HttpResponse | None:
    """Keep it and lead on; None where it was refused, with the reason on the form."""
    said = form.cleaned_data
    if allauth.within_limit("ask_call", str(to.pk)) is None:
        form.flooded = True  # type: ignore[attr-defined]
        form.add_error(None, _("Too many have asked from here just now. Call them yourself, or come back in an hour."))
        return None
    told = Told(said["name"], said["number"], said["when"], said["may_leave_message"], said["words"])
    try:
        finder_actions.ask_to_be_called(VISITOR, key=said["key"], listing=row, told=told, language=said["speaks"])
    except InMindError as refusal:
        form.take(refusal)
        return None
    return redirect(f"{reverse('finder_called', kwargs={'listing': row.pk})}?{_speaks(request)}")


def _asked_of(listing: UUID) -> tuple[Listing, Organization]:
    today = clock.today(settings.INSTALLATION.zone)
    row = _standing().filter(pk=listing).first()
    to = finder_actions.reader_of(row, finder_actions.read_today(today)) if row else None
    if row is None or to is None:
        raise Http404
    return row, to


def _by_day(to: Organization) -> str:
    return clock.day(finder_actions.due(clock.today(to.zone)))


def _sent_from_here(request: HttpRequest) -> bool:
    """Whether a browser that says where a form came from says: from this house."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.get_host()


# Answering


@door("services.see_asked", about=SelfReferral)
@never_cache
def asked_call(request: Asked, asked: UUID) -> HttpResponse:
    """Who asked to be called, for those who call; and what came of it."""
    row, _verdict = opened(request, "services.see_asked", SelfReferral, asked, related=["organization", "listing"])
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = form.cleaned_data["outcome"]
        said = {"reached": outcome == "reached", "gives_up": outcome == "gave_up"}
        try:
            finder_actions.answer_asked(request.actor, key=form.cleaned_data["key"], asked=row, **said)
        except InMindError as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It is written down."))
            return redirect("today")
    context = {
        "row": row,
        "told": finder_actions.told_by(row),
        "their_language": listing_words.languages(row.language),
        "form": form,
        "keeps": settings.ASKED_KEEP_DAYS,
    }
    return render(request, "services/asked_call.html", context, status=400 if form.errors else 200)


# What the pages share


def _language() -> str:
    return (translation.get_language() or "en")[:2]


def _agencies() -> QuerySet[Organization]:
    return Organization.objects.filter(kind=Organization.Kind.AGENCY).exclude(phone="").order_by("name")


def _standing() -> QuerySet[Listing]:
    """The listings that a family may see today."""
    today, (term, grace) = clock.today(settings.INSTALLATION.zone), terms()
    open_now = Q(closed_on__isnull=True) | Q(closed_on__gt=today)
    return Listing.objects.filter(open_now, confirmed_on__gt=today - term - grace).select_related("provider", "keeper")


def _form(request: HttpRequest, data: Any, **other: Any) -> FinderForm:
    every = set(map(attrgetter("reaches", "languages"), all_listings()))
    listed = {code for codes, _spoken in every for code in codes}
    spoken = {code for _codes, codes in every for code in codes} | set(settings.INSTALLATION.languages)
    return FinderForm(
        data,
        today=clock.today(settings.INSTALLATION.zone),
        wonders=catalog.wondered(),
        counties=counties.offered(catalog.known_counties(), settings.INSTALLATION.state, listed),
        languages=sorted(spoken),
        language=_language(),
        **other,
    )


def _found(said: Said) -> Findings:
    return find(
        said,
        all_listings(),
        clock.today(settings.INSTALLATION.zone),
        programs=catalog.programs(),
        questions=catalog.asked(),
        wonders=catalog.wondered(),
        table=catalog.not_at_once(),
        readings=catalog.readings(),
        terms=Terms(*terms()),
    )


def _shown(fits: Iterable[Fit], said: Said) -> list[dict[str, Any]]:
    some = list(fits)
    rows = Listing.objects.select_related("provider", "keeper").in_bulk([fit.listing.id for fit in some])
    reading = finder_actions.read_today(clock.today(settings.INSTALLATION.zone)) if some else set()
    known: Any = {"programs": catalog.programs(), "wonders": catalog.wondered(), "counties": catalog.known_counties()}
    return [
        finder_said.shown(fit, rows[fit.listing.id], said, _language(), **known)
        | {"can_ask": finder_actions.reader_of(rows[fit.listing.id], reading) is not None}
        for fit in some
    ]


def _is_risky(fit: Fit) -> bool:
    """Whether a sheet that lies about at home should not name it unless somebody asked for it."""
    return fit.listing.offers is Offers.SAFETY_AT_HOME


def _chosen(form: FinderForm, said: Said) -> list[str]:
    """What was chosen, in words."""
    chosen = [finder_said.age_words(said), *(one.words.said(_language()) for one in said.wonders)]
    for name in ("county", "speaks"):
        value = form.cleaned_data.get(name)
        if value:
            chosen.append(dict(form.fields[name].choices)[value])  # type: ignore[attr-defined]
    return [words for words in chosen if words]


def _speaks(request: HttpRequest) -> str:
    return urlencode({SPEAK: _language()})


def _query(form: FinderForm, language: str, **other: str) -> str:
    return urlencode({**form.address(), SPEAK: language, **other}, doseq=True)


def _canonical(request: HttpRequest, form: FinderForm) -> str:
    """The address as it should be: the choices and the language, and nothing that anybody wrote."""
    every = {"all": "1"} if request.GET.get("all") == "1" else {}
    return _query(form, _language(), **every)


def _address(route: str, request: HttpRequest, form: FinderForm) -> str:
    return f"{reverse(route)}?{_canonical(request, form)}"


def _wider(request: HttpRequest, form: FinderForm, said: Said) -> list[tuple[str, str]]:
    """Ways to see more, where little fits: without the county, without what was wondered about."""
    ways = []
    for name, words in (("county", _("Look everywhere")), ("about", _("Look at every kind of help"))):
        if form.address().get(name):
            rest = {key: value for key, value in form.address().items() if key != name}
            ways.append((f"{reverse('finder_results')}?{urlencode({**rest, SPEAK: _language()}, doseq=True)}", words))
    return ways


def _around(request: HttpRequest, route: str, form: FinderForm | None = None, **named: Any) -> dict[str, Any]:
    """What stands around each page: the same in the other language, the address to share, and its picture."""
    path = reverse(route, kwargs=named or None)
    is_chosen = form is not None and form.is_bound
    with_form = form if is_chosen else None
    others = []
    for code in settings.INSTALLATION.languages:
        if code != _language():
            query = _query(with_form, code) if with_form else urlencode({SPEAK: code})
            others.append({"code": code, "url": f"{path}?{query}"})
    around: dict[str, Any] = {"others": others, "speaks": _language(), "speak": SPEAK}
    if with_form:
        query = _query(with_form, _language())
        there = f"{settings.SITE}{reverse('finder_results')}?{query}"
        around |= {
            "address": there,
            "picture": _picture(there),
            "print_url": f"{reverse('finder_print')}?{query}",
            "results_url": f"{reverse('finder_results')}?{query}",
            "mail_url": f"mailto:?subject={quote(_('Help near you'))}&body={quote(there)}",
        }
    return around


def _picture(address: str) -> SafeString:
    """The address as a picture that a phone reads, drawn from our own words alone."""
    return mark_safe(
        segno.make(address, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)
    )
