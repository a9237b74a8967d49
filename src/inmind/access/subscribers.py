"""What signing in and out leaves behind: an entry in the trail, the beginning of the session, the language of the pages."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from django.conf import settings
from django.contrib.auth import signals

from inmind.access import audit, devices, queries
from inmind.access.adapters.allauth import came_in, note_failure
from inmind.access.models import Account, AuditEntry
from inmind.foundation import clock
from inmind.foundation.values import Verdict


def listen() -> None:
    signals.user_logged_in.disconnect(dispatch_uid="update_last_login")  # Django's: nothing would own what it changes
    signals.user_logged_in.connect(signed_in, dispatch_uid="inmind.signed_in")
    signals.user_logged_out.connect(signed_out, dispatch_uid="inmind.signed_out")
    account_signals.user_logged_in.connect(speak_her_language, dispatch_uid="inmind.language")
    account_signals.authentication_step_completed.connect(proved_again, dispatch_uid="inmind.proved_again")
    factor_signals.authentication_failed.connect(code_failed, dispatch_uid="inmind.code_failed")


def signed_in(sender: object, request: Any, user: Account, **_: object) -> None:
    """A session begins, and its age is counted from here."""
    now = clock.now()
    request.session["signed_in_at"] = request.session["last_seen"] = int(now.timestamp())
    request.session["device"] = devices.words(request.headers.get("User-Agent", ""))
    came_in(user, now, ", ".join(queries.methods_of(request.session, user)))


def signed_out(sender: object, request: Any, user: Account | None, **_: object) -> None:
    if user is not None:
        _note("access.sign_out", user, getattr(request, "session_ended", ""))


def proved_again(sender: object, user: Account, method: str, reauthenticated: bool = False, **_: object) -> None:
    """A factor was shown again within a session; those of signing in stand in its own entry."""
    if reauthenticated:
        _note("access.prove_again", user, method)


def code_failed(sender: object, request: Any, user: Account, **_: object) -> None:
    note_failure(request, user, "mfa")


def speak_her_language(sender: object, request: Any, response: Any, user: Account, **_: object) -> None:
    """The account's language, where this browser has not chosen one."""
    say_at_first(request, response, user.language)


def say_at_first(request: Any, response: Any, language: str) -> None:
    """Speak a language from the next page on, where this browser has not chosen one and the house speaks it."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language in settings.INSTALLATION.languages:
        say_in(response, language)


def say_in(response: Any, language: str, *, for_good: bool = True) -> None:
    """Speak a language in this browser from now on; not for good: until it is closed."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86_400 if for_good else None,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _note(verb: str, account: Account, how: str) -> None:
    verdict = Verdict(allowed=True, sentence="", purpose=how[:60])
    audit.write(queries.actor_for(account), verb, AuditEntry.Outcome.DONE, verdict=verdict, about=account)
