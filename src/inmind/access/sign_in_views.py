"""Coming in by a mailed link, setting up the second factor, and looking after one's own account.

Username and password, the code asked after them and proving again are allauth's own views with our forms and pages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.internal.flows import logout as leaving
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.password_change import finalize_password_set
from allauth.account.models import Login
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.internal.constants import LoginStageKey
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from inmind.access import actions, queries
from inmind.access.actors import VISITOR
from inmind.access.adapters import allauth, passkeys
from inmind.access.door import Asked, door, opened
from inmind.access.forms import EnrolForm, LanguageForm, LinkForm, PasswordForm, WorkPhoneForm
from inmind.access.models import Account, SignInLink
from inmind.access.roles import ROLES
from inmind.access.subscribers import say_in
from inmind.access.vault import keyed_hash
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import HouseForm, said
from inmind.foundation.registries import house
from inmind.foundation.values import N_

View = Callable[..., HttpResponse]
DEMO = SignInLink.Purpose.DEMO
NOT_BY_AGENCY = N_(
    "The sign-in of your agency does not open this. Sign out, have a link sent to your email, and come back: "
    "then you can set up a password, an authenticator or a passkey of this house, which opens it from then on."
)
NOT_BY_OLD_LINK = N_(
    "Too much time has passed since you came in by your link. Sign out, have a fresh one sent to your email, and come back."
)
AT_FIRST = 6  # ours: times as long as a shown factor counts


def own(view: View) -> View:
    """A door to one's own account."""
    return door("access.own_account")(view)


def after_proof(view: View | None = None, *, back: str = "", same: bool = False) -> Any:
    """Ask for a factor again where none was shown lately. Nothing typed is kept meanwhile: it may be a secret.

    back: the name of the page to come back to, where this one only takes what a form sends; `same` where it is about the
    same record. A form that was opened in time may be sent for as long again, so that a careful reader does not lose what
    he wrote. Whoever has neither a password nor a second factor yet has longer, to set them up; then a fresh link is all
    that can be shown.
    """
    if view is None:
        return functools.partial(after_proof, back=back, same=same)

    @functools.wraps(view)
    def proved(request: Asked, *args: Any, **named: Any) -> HttpResponse:
        ways = allauth.SignIn().get_reauthentication_methods(request.user)
        by_agency = queries.signed_on_at(request.session, request.user) is not None  # type: ignore[arg-type]
        if not ways and not by_agency and request.session.get(queries.BOTH_FACTORS):  # a demonstration's link
            return view(request, *args, **named)
        at_first = AT_FIRST if not ways and not by_agency else 1
        if allauth.proved_lately(request, times=max(at_first, 2 if request.method == "POST" else 1)):
            return view(request, *args, **named)
        if not ways:
            messages.warning(request, _(NOT_BY_AGENCY if by_agency else NOT_BY_OLD_LINK))
            return redirect("own_account")
        page = reverse(back, kwargs=named if same else None) if back else request.path
        return redirect(f"{ways[0]['url']}?next={page}")

    return proved


def with_a_way(view: View) -> View:
    """A page on which something is shown again, for those who have something to show."""

    @functools.wraps(view)
    def page(request: Asked, *args: Any, **named: Any) -> HttpResponse:
        if allauth.SignIn().get_reauthentication_methods(request.user):
            return view(request, *args, **named)
        messages.warning(request, _(NOT_BY_OLD_LINK))
        return redirect("own_account")

    return page


def leaves_nothing(view: View) -> View:
    """Where somebody signs out, the browser forgets what this site kept in it: also what was taken along on visits. A session
    that ends by itself does not do so, for what was written down without a signal may still wait there.

    Cookies stay: those of the session are ended by signing out, and without the form's a page that is open could send nothing.
    """

    @functools.wraps(view)
    def page(request: Asked, *args: Any, **named: Any) -> HttpResponse:
        was_here = request.actor.signed_in
        response = view(request, *args, **named)
        if was_here and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return page


# A link by mail


@door(public="asks for a link to sign in by")
def ask_link(request: Asked) -> HttpResponse:
    """The answer is the same whether the username is there or not. One letter a minute, however often it is asked for."""
    typed = request.POST.get("username", request.POST.get("login", ""))
    form = LinkForm({"username": typed} if request.method == "POST" else None)
    if form.is_valid():
        username = form.cleaned_data["username"].lower()
        if allauth.within_limit("ask_link", f"{username}@{allauth.address_of(request)}") is None:
            return respond_429(request)
        minute = int(clock.now().timestamp()) // 60
        actions.ask_link(VISITOR, key=keyed_hash("ask", f"{minute}:{username}".encode()), username=username)
        return redirect("sign_in_link_sent")
    return render(request, "access/ask_link.html", {"form": form}, status=400 if form.errors else 200)


@door(public="says that a link is on its way")
def link_sent(request: Asked) -> HttpResponse:
    return render(request, "access/link_sent.html")


@door(public="signs in by a link")
@never_cache
def use_link(request: Asked, secret: str) -> HttpResponse:
    """Opening the page uses nothing up (mail scanners open every link); its button does, once."""
    if request.method != "POST":
        waiting = queries.open_link(secret)
        return render(request, "access/link.html", {"link": waiting}, status=200 if waiting else 410)
    leaving.logout(request, show_message=False)
    link = actions.spend_link(secret)
    if link is None:
        if account := queries.account_of_link(secret):
            allauth.note_failure(request, account, "link")
        return render(request, "access/link.html", status=410)
    return _come_in(request, link)


def _come_in(request: Asked, link: SignInLink) -> HttpResponse:
    """Sign in by a link that was just spent: one factor, after which allauth asks for the second where there is one."""
    account = link.account
    first_time = link.purpose == SignInLink.Purpose.INVITATION or (link.purpose != DEMO and account.last_login is None)
    login = Login(user=account, redirect_url=reverse("first_steps") if first_time else None)
    if link.purpose == DEMO:  # stands in for both
        login.state["stages"] = {LoginStageKey.MFA_AUTHENTICATE.value: {"handled": True}}
    record_authentication(request, account, "link", purpose=link.purpose)
    response = perform_login(request, login)
    request.session.set_expiry(0)
    if link.purpose == DEMO and request.user.is_authenticated:
        request.session[queries.BOTH_FACTORS] = True
    return response


# The second factor


@own
@after_proof
@sensitive_post_parameters("code")
def enrol(request: Asked) -> HttpResponse:
    """Enrol an authenticator: by picture or by typing its key, then its first code."""
    account: Any = request.user
    proved = queries.has_second_factor(request)
    if allauth.has_factor(account) and not proved:
        return redirect(f"{reverse('mfa_reauthenticate')}?next={reverse('today')}")
    if allauth.has_authenticator(account):
        return redirect("own_account")
    secret = allauth.pending_secret(request)
    form = EnrolForm(request.POST or None, user=account, secret=secret)
    if request.method == "POST" and form.is_valid():
        allauth.enrol(request, secret, form.step)
        return redirect("mfa_view_recovery_codes" if allauth.codes_wait(account) else "own_account")
    factor = allauth.SecondFactor()
    address = factor.build_totp_url(account, secret)
    context = {
        "form": form,
        "picture": mark_safe(factor.build_totp_svg(address)),  # drawn by segno from our own address
        "key_address": address,
        "passkeys_possible": passkeys.is_possible(request) and not allauth.has_factor(account),
        "key_groups": [secret[start : start + 4] for start in range(0, len(secret), 4)],
    }
    return render(request, "mfa/enrol.html", context, status=400 if form.errors else 200)


@own
@after_proof
def replace_factor(request: Asked) -> HttpResponse:
    """Take the authenticator away and enrol another, as with a new telephone."""
    if not allauth.has_authenticator(request.user):  # type: ignore[arg-type]
        return redirect("mfa_activate_totp")
    has_passkey = passkeys.works(request.user)  # type: ignore[arg-type]
    if request.method != "POST":
        return render(request, "mfa/replace.html", {"has_passkey": has_passkey})
    allauth.end_factor(request, others=has_passkey)
    return redirect("mfa_activate_totp")


@own
@after_proof
def recovery_codes(request: Asked) -> HttpResponse:
    """The recovery codes, shown once, to be printed or written down."""
    made_on = clock.day(clock.today(settings.INSTALLATION.zone))
    context = {"codes": allauth.codes_once(request), "made_on": made_on, "site": settings.SITE}
    return render(request, "mfa/codes.html", context)


@own
@after_proof
@require_POST
def fresh_codes(request: Asked) -> HttpResponse:
    allauth.renew_codes(request)
    return redirect("mfa_view_recovery_codes")


# One's own account


@door("access.own_account")
def first_steps(request: Asked) -> HttpResponse:
    """After the first link: the username to remember, a password for those who want one, the second factor."""
    context = {"account": request.user, "passkeys_possible": passkeys.is_possible(request)}
    return render(request, "access/first_steps.html", context)


@own
@after_proof
@sensitive_post_parameters("password1", "password2")
def password(request: Asked) -> HttpResponse:
    """Set a first password or another one; every other session of the account ends."""
    account: Any = request.user
    form = PasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with allauth.owned(_row(account), "access.set_password"):
            form.save()
        finalize_password_set(request, account)
        return redirect("mfa_activate_totp" if request.actor.needs_second_factor else "own_account")
    return render(request, "account/password_set.html", {"form": form}, status=400 if form.errors else 200)


@door("access.own_account")
def own_account(request: Asked) -> HttpResponse:
    """Who I am here, what my roles let me do, and how I sign in."""
    account: Any = request.user
    standings = request.actor.standings
    context = {
        "account": account,
        "roles": [(ROLES[one.role], one.organization_name) for one in standings],
        "has_authenticator": allauth.has_authenticator(account),
        "passkeys": passkeys.of(account),
        "passkeys_possible": passkeys.is_possible(request),
        "codes_left": allauth.codes_left(account),
        "phone_form": WorkPhoneForm(initial={"phone": account.work_phone}),
        "language_form": LanguageForm(initial={"language": account.language}),
        "sessions": queries.sessions_of(account),
        "here": queries.mark_of(request.session.session_key or ""),
        "sign_ons": [] if request.actor.needs_second_factor else queries.sign_ons_of(request.actor),
        "key_form": HouseForm(),
        "zone": settings.INSTALLATION.zone,
        "speaks_several": len(settings.INSTALLATION.languages) > 1,
        "panels": [] if request.actor.needs_second_factor else house.drawn("account", request),
    }
    return render(request, "access/own_account.html", context)


@door("access.own_account")
@leaves_nothing
@require_POST
def end_sessions(request: Asked) -> HttpResponse:
    """Sign out everywhere, here too."""
    form = HouseForm(request.POST)
    if not form.is_valid():
        return redirect("own_account")
    actions.end_sessions(request.actor, key=form.cleaned_data["key"], account=_row(request.user))
    leaving.logout(request, show_message=False)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")


@door("access.own_account")
@leaves_nothing
@require_POST
def end_session(request: Asked, mark: str) -> HttpResponse:
    """Sign out in one other place; where it is this one, as by signing out."""
    form = HouseForm(request.POST)
    if form.is_valid():
        actions.end_session(request.actor, key=form.cleaned_data["key"], account=_row(request.user), mark=mark)
        if mark == queries.mark_of(request.session.session_key or ""):
            leaving.logout(request, show_message=False)
            return redirect("account_login")
        messages.success(request, _("Signed out there."))
    return redirect("own_account")


@door("access.own_account")
@require_POST
def choose_language(request: Asked) -> HttpResponse:
    form = LanguageForm(request.POST)
    response = redirect("own_account")
    if form.is_valid():
        actor = request.actor
        chosen = form.cleaned_data["language"]
        actions.choose_language(actor, key=form.cleaned_data["key"], account=_row(request.user), language=chosen)
        say_in(response, chosen)
    return response


@door("access.keep_work_phone")
@require_POST
def keep_work_phone(request: Asked, account: UUID) -> HttpResponse:
    """One's own number, or one that a supervisor writes down for somebody who works at her agency."""
    whose, _verdict = opened(request, "access.keep_work_phone", Account, account, related=["person"])
    form = WorkPhoneForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_work_phone(
                request.actor, key=form.cleaned_data["key"], account=whose, phone=form.cleaned_data["phone"]
            )
        except BadInput as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("The work phone is kept."))
    return redirect("own_account" if whose.pk == request.actor.account else "people")


def _row(user: Any) -> Account:
    """The signed-in account as a record."""
    return Account.objects.select_related("person").get(pk=user.pk)
