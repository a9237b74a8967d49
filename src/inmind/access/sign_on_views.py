"""An agency's own sign-in: the way there and back, linking one's account to it, and its settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account import views as account
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.internal.constants import LoginStageKey
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from inmind.access import actions, queries
from inmind.access.adapters import allauth, openid
from inmind.access.door import Asked, door, opened
from inmind.access.forms import SignOnForm
from inmind.access.models import Account, SignOn
from inmind.access.sign_in_views import after_proof, own
from inmind.access.sign_on import NotBegun, NotHereAlone, NotLinked, SignOnProblem
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.forms import HouseForm, said
from inmind.people.models import Organization

REMEMBERED = "inmind_agency"  # the agency by whose sign-in this browser came last, so that its page offers it again
REMEMBERED_FOR = 180 * 86_400  # seconds; ours


class SignInPage(account.LoginView):
    """allauth's page, which also offers the agency's own sign-in where this browser came by it before."""

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        kept = self.request.get_signed_cookie(REMEMBERED, default="", salt=REMEMBERED)
        there = SignOn.objects.select_related("organization").filter(organization=kept).first() if kept else None
        return super().get_context_data(**named) | {"agency": there.organization if there else None}


# There and back


@door(public="goes to an agency's own sign-in")
@never_cache
def go(request: Asked, organization: UUID) -> HttpResponse:
    """To the agency's sign-in. The address is the agency's to hand out; no page of the house lists them."""
    if request.user.is_authenticated:
        return redirect("today")
    if allauth.within_limit("sign_on", "") is None:
        return respond_429(request)
    there = SignOn.objects.filter(organization=organization).first()
    try:
        if there is None:
            raise NotBegun
        return redirect(openid.begin(request, there, openid.ENTER))
    except SignOnProblem as problem:
        return _failed(request, problem)


@door(public="comes back from an agency's own sign-in")
@never_cache
def come_back(request: Asked) -> HttpResponse:
    """Back with a code. Signs in, or links, what was begun in this browser; a refusal says how to go on."""
    if allauth.within_limit("sign_on", "") is None:
        return respond_429(request)
    try:
        came = openid.finish(request)
        return _linked(request, came) if came.door == openid.LINK else _entered(request, came)
    except SignOnProblem as problem:
        return _failed(request, problem)


def _entered(request: Asked, came: openid.Came) -> HttpResponse:
    """Sign in by a link that its owner made once. Where the agency's second factor does not count, ours is asked."""
    if request.user.is_authenticated:
        return redirect("today")
    link = came.sign_on.links.select_related("account__person").filter(subject=_subject(came)).first()
    if link is None:
        raise NotLinked
    whose, here = link.account, came.sign_on.organization
    if not queries.works_at_alone(queries.actor_for(whose), here.pk):
        raise _about(NotHereAlone(), whose)
    login = Login(user=whose)
    if came.said.second_factor:
        login.state["stages"] = {LoginStageKey.MFA_AUTHENTICATE.value: {"handled": True}}
    record_authentication(request, whose, queries.AGENCY, both=came.said.second_factor, organization=str(here.pk))
    response = perform_login(request, login)
    request.session.set_expiry(0)
    response.set_signed_cookie(
        REMEMBERED,
        str(here.pk),
        salt=REMEMBERED,
        max_age=REMEMBERED_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _linked(request: Asked, came: openid.Came) -> HttpResponse:
    """Link the account whose owner began it in this session, and no other."""
    if came.account != str(request.actor.account):
        raise NotBegun
    try:
        actions.link_sign_on(
            request.actor, key=came.state, account=_row(request), sign_on=came.sign_on, subject=_subject(came)
        )
    except InMindError as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Linked. From now on you can come in by the sign-in of your agency."))
    return redirect("own_account")


def _subject(came: openid.Came) -> str:
    return openid.subject_of(came.sign_on, came.said.subject)


def _about(problem: SignOnProblem, whose: Account) -> SignOnProblem:
    problem.whose = whose  # type: ignore[attr-defined]
    return problem


def _failed(request: Asked, problem: SignOnProblem) -> HttpResponse:
    """A calm sentence, and the usual way. It stands in the trail, with nothing of what was sent."""
    whose = getattr(problem, "whose", None) or (request.user if request.user.is_authenticated else None)
    allauth.note_failure(request, whose, f"agency: {problem.key}")
    context = {"sentences": problem.sentences}
    return render(request, "access/sign_on_failed.html", context, status=problem.status)


# One's own account


@own
@after_proof(back="own_account")
@require_POST
def link(request: Asked, organization: UUID) -> HttpResponse:
    """Say where it goes, with a link to follow: a form may lead to no other address than ours."""
    there = SignOn.objects.select_related("organization").filter(organization=organization).first()
    if there is None or not queries.works_at_alone(request.actor, organization) or request.actor.needs_second_factor:
        messages.error(request, said(NotHereAlone()))
        return redirect("own_account")
    try:
        address = openid.begin(request, there, openid.LINK, str(request.actor.account))
    except SignOnProblem as problem:
        return _failed(request, problem)
    context = {"sign_on": there, "address": address, "host": urlsplit(address).hostname}
    return render(request, "access/sign_on_link.html", context)


@own
@after_proof(back="own_account")
@require_POST
def unlink(request: Asked, organization: UUID) -> HttpResponse:
    form = HouseForm(request.POST)
    there = SignOn.objects.filter(organization=organization).first()
    if form.is_valid() and there is not None and not request.actor.needs_second_factor:
        whose = actions.unlink_sign_on(
            request.actor, key=form.cleaned_data["key"], account=_row(request), sign_on=there
        )
        here: Any = request.user
        here.session_epoch = whose.session_epoch
        update_session_auth_hash(request, here)
        messages.success(
            request, _("The sign-in of your agency opens your account no longer. Elsewhere you are signed out.")
        )
    return redirect("own_account")


def _row(request: Asked) -> Account:
    return Account.objects.select_related("person").get(pk=request.user.pk)


# Settings of an agency

SET = "access.set_sign_on"


@door(SET)
@after_proof
def settings_of(request: Asked, organization: UUID) -> HttpResponse:
    """The agency's own sign-in: its address, our name there, the secret (never shown again), what counts as a second factor."""
    agency, _verdict = opened(request, SET, Organization, organization)
    held = SignOn.objects.filter(organization=agency).first()
    form = SignOnForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_sign_on(request.actor, organization=agency, **form.cleaned_data)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It is saved."))
            return redirect("sign_on_settings", organization=agency.pk)
    context = {
        "organization": agency,
        "held": held,
        "form": form,
        "back_to": openid.back(request),
        "address": openid.at_this_house(request, reverse("sign_on", kwargs={"organization": agency.pk})),
        "links": held.links.count() if held else 0,
        "key_form": HouseForm(),
    }
    return render(request, "access/sign_on_settings.html", context, status=400 if form.errors else 200)


@door("access.end_sign_on")
@after_proof(back="today")
@require_POST
def end(request: Asked, organization: UUID) -> HttpResponse:
    agency, _verdict = opened(request, "access.end_sign_on", Organization, organization)
    form = HouseForm(request.POST)
    if form.is_valid():
        actions.end_sign_on(request.actor, key=form.cleaned_data["key"], organization=agency)
        messages.success(request, _("The sign-in of this agency opens nothing here any more."))
    return redirect("sign_on_settings", organization=agency.pk)
