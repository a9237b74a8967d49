"""Passkeys: made on the account page, and shown at three doors: instead of a password, as the second step, and again.

Each address answers a POST twice. The first, asked by our script, gets what the device is to sign; the second brings what
it signed. Without a script there are no passkeys, and every page offers its other way.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.ratelimit import RateLimitUsage, respond_429
from allauth.mfa.base import views as mfa
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import actions, devices, queries
from inmind.access.actors import machine
from inmind.access.adapters import allauth, passkeys
from inmind.access.door import Asked, door
from inmind.access.forms import PasskeyForm
from inmind.access.middleware import spoken
from inmind.access.models import Account
from inmind.access.sign_in_views import after_proof, own
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.forms import said


class SecondStep(mfa.AuthenticateView):
    """allauth's second step, which also says whether a passkey can be shown instead of typing a code."""

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        return super().get_context_data(**named) | _ways(self.request, self.stage.login.user)


class Again(mfa.ReauthenticateView):
    """allauth's proving again, which also says whether a passkey can be shown."""

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        return super().get_context_data(**named) | _ways(self.request, self.request.user)


def _ways(request: HttpRequest, account: Any) -> dict[str, bool]:
    by_code, by_passkey = allauth.has_authenticator(account), passkeys.is_possible(request) and passkeys.works(account)
    return {"has_authenticator": by_code, "has_passkey": by_passkey, "passkey_first": by_passkey and not by_code}


# At the door


@door(public="signs in by a passkey")
@require_POST
def sign_in(request: Asked) -> HttpResponse:
    """Sign in by a passkey alone. It says itself whose it is, and has checked its owner: both factors at once."""
    if request.user.is_authenticated:
        return redirect("today")
    if (attempt := _attempt()) is None:
        return respond_429(request)
    if _begins(request):
        return JsonResponse(passkeys.begin(request, passkeys.ALONE))
    row = _proved(request, passkeys.ALONE)
    if row is None:
        return redirect(f"{reverse('account_login')}{_next(request)}")
    attempt.rollback()
    post_authentication(request, row, passwordless=True)
    wanted = get_next_redirect_url(request) or None
    response = perform_login(request, Login(user=row.user, redirect_url=wanted))
    request.session.set_expiry(0)
    return response


@door(public="the second step of signing in, by a passkey")
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@require_POST
def second_step(request: Any) -> HttpResponse:
    """A passkey instead of a code."""
    stage = request._login_stage
    if (attempt := _attempt()) is None:
        return respond_429(request)
    if _begins(request):
        return JsonResponse(passkeys.begin(request, passkeys.SECOND, stage.login.user))
    row = _proved(request, passkeys.SECOND, stage.login.user)
    if row is None:
        return redirect("mfa_authenticate")
    attempt.rollback()
    post_authentication(request, row)
    return stage.exit()


@own
def again(request: Asked) -> HttpResponse:
    """A passkey instead of a code, within a session."""
    account: Any = request.user
    page = f"{reverse('mfa_reauthenticate')}{_next(request)}"
    if request.method != "POST":
        return redirect(page)
    if (attempt := _attempt()) is None:
        return respond_429(request)
    if _begins(request):
        return JsonResponse(passkeys.begin(request, passkeys.AGAIN, account))
    row = _proved(request, passkeys.AGAIN, account)
    if row is None:
        return redirect(page)
    attempt.rollback()
    post_authentication(request, row, reauthenticated=True)
    return resume_request(request) or redirect("today")


def _attempt() -> RateLimitUsage | None:
    return allauth.within_limit("passkey", "")


def _begins(request: HttpRequest) -> bool:
    """Whether our script asks what a device is to sign."""
    return request.headers.get("Accept", "").startswith("application/json")


def _next(request: HttpRequest) -> str:
    """The page that was wanted, where it is one of ours, to be carried on in an address."""
    wanted = get_next_redirect_url(request)
    return f"?{urlencode({'next': wanted})}" if wanted else ""


def _proved(request: Asked, at: str, account: Account | None = None) -> Authenticator | None:
    """The passkey that was shown; None where it opens nothing, which stands in the trail and is said on the next page."""
    try:
        row = passkeys.prove(request, at, request.POST.get("credential", ""), account)
    except passkeys.Copied as copied:
        actions.stop_passkey(machine("access.passkeys"), passkey=copied.passkey)
        allauth.note_failure(request, copied.passkey.user, "passkey: its counter went back")  # type: ignore[arg-type]
        messages.error(request, said(passkeys.Stopped()))
    except BadInput as refusal:
        allauth.note_failure(request, account, "passkey")
        messages.error(request, said(refusal))
    else:
        return row
    return None


# On the account page


@own
@after_proof
def enrol(request: Asked) -> HttpResponse:
    """Make a passkey on this device, with a name by which its owner knows it."""
    account: Any = request.user
    if allauth.has_factor(account) and not queries.has_second_factor(request):
        return redirect(f"{reverse('mfa_reauthenticate')}?next={request.path}")
    if not passkeys.is_possible(request) and request.method != "POST":
        context = {"why_not": passkeys.impossible(), "elsewhere": passkeys.elsewhere(request)}
        return render(request, "mfa/passkey_new.html", context)
    form = PasskeyForm(request.POST or None, initial={"name": _this_device(request)})
    if request.method == "POST":
        if _attempt() is None:
            return respond_429(request)
        if _begins(request):
            return _begun(request, form)
        if form.is_valid() and _enrolled(request, form):
            messages.success(request, _("Your passkey is kept."))
            return redirect("mfa_view_recovery_codes" if allauth.codes_wait(account) else "own_account")
    return render(request, "mfa/passkey_new.html", {"form": form}, status=400 if form.errors else 200)


def _begun(request: Asked, form: PasskeyForm) -> HttpResponse:
    """What the device is to make. A name that cannot be kept is refused before the device makes anything."""
    form.fields["credential"].required = False
    if form.is_valid():
        return JsonResponse(passkeys.begin_enrolment(request))
    return spoken(request, BadInput(" ".join(str(one) for problems in form.errors.values() for one in problems)))


def _enrolled(request: Asked, form: PasskeyForm) -> bool:
    try:
        passkeys.enrol(request, form.cleaned_data["name"], form.cleaned_data["credential"])
    except (BadInput, NotNow) as refusal:
        allauth.note_failure(request, request.user, "passkey, enrolling")  # type: ignore[arg-type]
        form.add_error(None, said(refusal))
        return False
    return True


def _this_device(request: HttpRequest) -> str:
    browser, device = devices.words(request.headers.get("User-Agent", ""))
    return _("%(browser)s on %(device)s") % {"browser": _(browser), "device": _(device)}


@own
@after_proof
def end(request: Asked, mark: str) -> HttpResponse:
    """Remove a passkey: a device that is lost, sold or used no longer."""
    held: Any = next((one for one in passkeys.of(request.user) if one.mark == mark), None)  # type: ignore[arg-type]
    if held is None:
        return redirect("own_account")
    if request.method != "POST":
        return render(request, "mfa/passkey_end.html", {"passkey": held})
    try:
        passkeys.end(request, mark, needed=request.actor.must_have_two_factors)
    except InMindError as refusal:
        allauth.note_failure(request, request.user, "passkey, removing")  # type: ignore[arg-type]
        return render(request, "mfa/passkey_end.html", {"passkey": held, "why_not": said(refusal)}, status=409)
    messages.success(request, _("The passkey is removed. Elsewhere you are signed out."))
    return redirect("own_account")
