"""How allauth signs people in here: no open sign-up, secrets of authenticators sealed, no code works twice.

Allauth keeps used codes in a cache; here the last step of time that was used stands with the authenticator, so that a
code stays used in every process and after the cache was cleared. Passkeys have a module of their own beside this one.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import get_hasher
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmind.access import audit, guard, queries, totp, vault
from inmind.access.actors import NOBODY, Actor
from inmind.access.models import Account, AuditEntry
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_, Verdict

# Attempts in a stretch of time, for one address and for one account; in the database, so that all workers count together.
LIMITS = {
    "second_factor": "10/m/ip,5/5m/key,25/d/key",
    "passkey": "60/m/ip",  # to begin or to end: nothing can be guessed, so no account is ever closed to its owner
    "sign_on": "60/m/ip",
    # For one username from one address; how many letters reach somebody is the job's to say (`actions.link_asked`).
    "ask_link": "20/h/ip,6/15m/key",
    # The key is the network of the address. Wrong ones are counted for the whole house, too: beyond them each network waits its
    # turn, so that a code is never found by asking from many places, and whoever was told one still comes in.
    "office_code": "10/15m/ip,30/15m/key",
    "office_codes": "300/h/key",
    "office_code_in_turn": "3/h/key",
    # A family that asks to be called: from one address (a library has one for all), and for one organization from all.
    "ask_call": "10/h/ip,60/d/key",
    # Somebody who asks to join an association: from one address, and for one association from all.
    "ask_join": "20/h/ip,300/h/key",
    # A seat at a training, asked for without an account: the key is the mail address, so that nobody's mailbox is filled.
    "ask_seat": "30/h/ip,6/h/key",
    # A certificate's number, typed by anybody; and a code on the screen of a room, from which a whole room comes in at once by
    # one address. Neither is found by trying: 60 and 96 bits.
    "certificate": "60/m/ip,600/h/key",
    "door": "120/m/ip,1200/h/key",
    # Wrong passwords for one username from all addresses together, beside those from one address (`settings.py`); beyond
    # them an address that this account never came from waits its turn.
    "sign_in": "30/15m/key",
    "sign_in_in_turn": "1/20s/key",
}
KNOWN_FOR = timedelta(days=30)  # ours: so long an address stays one that this account came from
PENDING_SECRET = "inmind_authenticator_being_enrolled"
AUTHENTICATOR, PENDING, PASSKEY = "authenticator", "authenticator being enrolled", "passkey"  # what a secret is for
NOT_RIGHT = N_("What was typed did not open the door.")


@contextmanager
def owned(account: Account, verb: str, how: str = "") -> Iterator[None]:
    """What signing in changes of an account within, and the entry of the trail that owns those rows: both or neither."""
    entry = new_id()
    verdict = Verdict(allowed=True, sentence="", purpose=how[:60])
    with transaction.atomic(), guard.signing(entry.hex):
        yield
        actor = queries.actor_for(account)
        audit.write(actor, verb, AuditEntry.Outcome.DONE, verdict=verdict, about=account, entry_id=entry)


def came_in(account: Account, moment: datetime, how: str) -> None:
    """Write down that somebody signed in, and when: what Django would write by itself, owned by nothing."""
    with owned(account, "access.sign_in", how):
        account.last_login = moment
        account.save(update_fields=["last_login"])


def within_limit(action: str, key: str) -> ratelimit.RateLimitUsage | None:
    """Count one attempt; None when there were too many. `rollback()` takes an attempt back that was right."""
    counted = {"app": "inmind.access", "action": action, "config": LIMITS, "key": key}
    return ratelimit.consume(context.request, **counted, limit_get=True)


def address_of(request: HttpRequest) -> str:
    """From where a request came, as limits are counted."""
    return str(ratelimit.get_ip(request))


def network_of(request: HttpRequest) -> str:
    """The network of that address: what one office, or one attacker, commonly holds."""
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return address_of(request)
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def proved_lately(request: HttpRequest, *, times: int = 1) -> bool:
    """Whether this session showed a factor within the last minutes (or so many times as many), by signing in or by
    proving again. What an agency's own sign-in showed does not count: whoever runs that could change an account by it."""
    every = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    records = [one for one in every if one.get("method") != queries.AGENCY]
    return bool(records) and time.time() - records[-1]["at"] < times * app_settings.REAUTHENTICATION_TIMEOUT


def note_failure(request: HttpRequest, account: Account | None, how: str) -> None:
    """Leave a failed attempt in the trail: the account's id where there is one, never what was typed."""
    verdict = Verdict(allowed=False, sentence=NOT_RIGHT, purpose=how)
    audit.refused(_actor(request), "access.sign_in", verdict, about=account)


def _actor(request: HttpRequest) -> Actor:
    return getattr(request, "actor", NOBODY)


class SignIn(DefaultAccountAdapter):
    """Accounts come by invitation; usernames tell people apart, mail addresses do not."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "Username and password do not fit together. Look at both, or have a link sent to your email."
        ),
        "too_many_login_attempts": _(
            "There were too many tries. Wait five minutes, or have a link sent to your email."
        ),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """The account and the address it is tried from: whoever tries somebody's username elsewhere does not lock her out.

        Allauth's own key holds the host and port that the browser names, and anybody may name others.
        """
        return f"sign-in:{self._typed(credentials)}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Count this try, also among those of all addresses, unless the account came from this one before."""
        super().pre_authenticate(request, **credentials)
        self._anywhere = None
        username = self._typed(credentials)
        if cache.get(_known_at(request, username)):
            return
        self._anywhere = within_limit("sign_in", username)
        if self._anywhere is None and within_limit("sign_in_in_turn", username) is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """Open the account of a username, or of a mail address that is one account's alone. Tries are counted by what was typed:
        by counting both as one, the page would tell whose address it is."""
        self._as_typed = _username(credentials)
        named, _mailbox = queries.named_by(self._as_typed) if "@" in self._as_typed else (None, None)
        username = Account.objects.filter(pk=named or new_id()).values_list("username", flat=True).first()
        account = super().authenticate(request, **{**credentials, "username": username or self._as_typed})
        if account is not None:
            if self._anywhere is not None:
                self._anywhere.rollback()
            cache.set(_known_at(request, self._as_typed), True, KNOWN_FOR.total_seconds())
            _renew_hash(account, credentials.get("password", ""))
        return account

    def _typed(self, credentials: dict[str, Any]) -> str:
        return getattr(self, "_as_typed", "") or _username(credentials)

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        note_failure(request, Account.objects.filter(username=_username(credentials)).first(), "password")

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Whoever signed in a moment ago has just proved it, and is not asked again."""
        return not proved_lately(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """By a second factor where there is one: a password alone never changes it. A passkey is shown on the same page."""
        methods = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] == "mfa_reauthenticate"] or methods

    def get_login_redirect_url(self, request: Any) -> str:
        return reverse("today")


def _renew_hash(account: Account, password: str) -> None:
    """Hash a password that was right anew, where an older edition had hashed it more weakly."""
    if get_hasher().must_update(account.password):
        with owned(account, "access.renew_hash"):
            account.set_password(password)
            account.save(update_fields=["password"])


def _username(credentials: dict[str, Any]) -> str:
    return credentials.get("username", "").strip().lower()


def _known_at(request: Any, typed: str) -> str:
    """Where it stands that an account came from an address; neither can be read from it."""
    place = f"{typed}:{ratelimit.get_ip(request)}"
    return f"sign-in:known:{vault.keyed_hash('known address', place.encode())}"


_sealed_for: ContextVar[str] = ContextVar("sealed_for")  # the account, and which of its secrets


@contextmanager
def _secret_of(account: Any, purpose: str) -> Iterator[None]:
    token = _sealed_for.set(f"mfa:{purpose}:{account}")
    try:
        yield
    finally:
        _sealed_for.reset(token)


def seal(account: Account, purpose: str, secret: str) -> str:
    """A secret of an account's second factor, bound to the account and to what it is for."""
    with _secret_of(account.pk, purpose):
        return SecondFactor().encrypt(secret)


def unseal(account: Account, purpose: str, sealed: str) -> str:
    """The secret. Raises CannotUnseal for what was sealed for another account or another purpose."""
    with _secret_of(account.pk, purpose):
        return SecondFactor().decrypt(sealed)


def reseal_all() -> int:
    """The secrets of every second factor sealed by today's master key. Returns how many were not yet."""
    return sum(reseal(row) for row in Authenticator.objects.select_for_update().order_by("pk"))


def reseal(row: Authenticator) -> bool:
    """Seal the secrets of a second factor by today's master key; whether they were not yet."""
    purpose, part = SEALED_PARTS[row.type]
    sealed = row.data.get(part)
    if sealed is None or vault.is_sealed_today(base64.b64decode(sealed), f"mfa:{purpose}:{row.user_id}"):
        return False
    with _secret_of(row.user_id, purpose):
        factor = SecondFactor()
        row.data[part] = factor.encrypt(factor.decrypt(sealed))
    row.save(update_fields=["data"])
    return True


class PaperCodes(RecoveryCodes):
    """The recovery codes of an account: their seed opens for this account alone."""

    PURPOSE = "recovery codes"

    @classmethod
    def activate(cls, user: Any) -> PaperCodes:
        with _secret_of(user.pk, cls.PURPOSE):
            return super().activate(user)  # type: ignore[return-value]

    def generate_codes(self) -> list[str]:
        with _secret_of(self.instance.user_id, self.PURPOSE):  # type: ignore[attr-defined]
            return super().generate_codes()

    def is_unused(self, code: str) -> bool:
        return any(compare_user_code(actual=code, expected=one) for one in self.get_unused_codes())


# Each kind of factor: what its secret is for, and where in its data it stands.
SEALED_PARTS = {
    Authenticator.Type.TOTP: (AUTHENTICATOR, "secret"),
    Authenticator.Type.RECOVERY_CODES: (PaperCodes.PURPOSE, "seed"),
    Authenticator.Type.WEBAUTHN: (PASSKEY, "sealed"),
}


class SecondFactor(DefaultMFAAdapter):
    """Secrets of authenticators and recovery codes are sealed, each for its account; allauth alone would keep them in
    clear. What does not say whose secret it is (`seal`, `unseal`, `PaperCodes`) fails."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one and type that."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault.seal_for_house(text.encode(), _sealed_for.get())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal_for_house(base64.b64decode(encrypted_text), _sealed_for.get()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Drawn inline with attributes only: the strict policy allows no style."""
        return segno.make(url, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)


# The second factor of an account


def has_authenticator(account: Account) -> bool:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def has_factor(account: Account) -> bool:
    """Whether signing in asks for a second factor: there is an authenticator or a passkey, even one that was stopped."""
    return SecondFactor().is_mfa_enabled(account, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def pending_secret(request: HttpRequest) -> str:
    """The secret of an authenticator that is being enrolled; the same until it is, sealed in the session."""
    account: Any = request.user
    try:
        return unseal(account, PENDING, request.session[PENDING_SECRET])
    except (KeyError, vault.CannotUnseal):  # the second: it was begun under a master key that is gone by now
        fresh = generate_totp_secret()
        request.session[PENDING_SECRET] = seal(account, PENDING, fresh)
        return fresh


def spend_code(account: Account, code: str) -> Authenticator | None:
    """The authenticator or the set of recovery codes that a typed code belongs to; the code is used up from then on."""
    with transaction.atomic():
        held = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=account).order_by("pk")}
        app, paper = held.get(Authenticator.Type.TOTP), held.get(Authenticator.Type.RECOVERY_CODES)
        if app is not None:
            secret = unseal(account, AUTHENTICATOR, app.data["secret"])
            step = totp.step_of(code, secret, clock.now(), after=app.data["last_step"])
            if step is not None:
                with owned(account, "access.use_code", "authenticator"):
                    app.data["last_step"] = step
                    app.save(update_fields=["data"])
                    return noted(app)
        if paper is not None and PaperCodes(paper).is_unused(code):
            codes = PaperCodes(paper)
            with owned(account, "access.use_code", "recovery code"):
                codes.validate_code(code)
                return noted(codes.instance)
    return None


def noted(row: Authenticator) -> Authenticator:
    """The same with the time of its use, which allauth would note once more when nothing owns it any longer."""
    row.record_usage()
    row.record_usage = lambda: None  # type: ignore[method-assign]
    return row


def enrol(request: HttpRequest, secret: str, step: int) -> None:
    """Keep an authenticator whose first code was right, with recovery codes where there are none. That code is used, this
    session has shown both factors, and every other session of the account ends."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        if has_authenticator(account):
            return
        data = {"secret": seal(account, AUTHENTICATOR, secret), "last_step": step}
        with owned(account, "access.enrol_factor"):
            app = Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data=data)
            codes_if_none(account)
            end_other_sessions(request, account)
    request.session.pop(PENDING_SECRET, None)
    record_authentication(request, account, "mfa", id=app.pk, type=app.type)


def end_factor(request: HttpRequest, *, others: bool) -> None:
    """Take the authenticator away to enrol another. Where no other factor works (`others`), the recovery codes go too, and
    this session has shown one factor only from then on."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        with owned(account, "access.end_factor"):
            if others:
                Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()
            else:
                forget_factors(account)
            end_other_sessions(request, account)
    if not others:
        queries.forget_second_factor(request.session)


def renew_codes(request: HttpRequest) -> None:
    """A fresh set of recovery codes; the old ones stop working."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        if has_factor(account):
            with owned(account, "access.renew_codes"):
                _paper(account).delete()
                PaperCodes.activate(account)


def codes_once(request: HttpRequest) -> list[str]:
    """The recovery codes, the first time they are asked for; none afterwards."""
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=request.user)
        paper = rows.filter(type=Authenticator.Type.RECOVERY_CODES).first()
        if paper is None or PaperCodes(paper).did_view:
            return []
        codes = PaperCodes(paper)
        account: Any = request.user
        with owned(account, "access.see_codes"):
            codes.mark_as_viewed()
        return codes.get_unused_codes()


def codes_wait(account: Account) -> bool:
    """Whether there are recovery codes that were not shown yet."""
    paper = _paper(account).first()
    return paper is not None and not PaperCodes(paper).did_view


def codes_left(account: Account) -> int:
    paper = _paper(account).first()
    return len(PaperCodes(paper).get_unused_codes()) if paper else 0


def forget_factors(account: Account) -> None:
    """Delete every second factor of an account and its recovery codes, within the action or exception that is open."""
    Authenticator.objects.filter(user=account).delete()


def codes_if_none(account: Account) -> None:
    """Recovery codes come with the first factor, and stay when another joins it."""
    if not _paper(account).exists():
        PaperCodes.activate(account)


def _paper(account: Account) -> Any:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES)


def end_other_sessions(request: HttpRequest, account: Account) -> None:
    account.session_epoch += 1
    account.save(update_fields=["session_epoch"])
    here: Any = request.user
    here.session_epoch = account.session_epoch
    update_session_auth_hash(request, here)
