"""What an agency's own sign-in says of somebody, held against what it was asked. Pure.

After OpenID Connect Core 1.0, 3.1.3.7 (the ID token) and RFC 8176 (the words of `amr`). That the token was signed by one of
the provider's keys is looked at before it comes here (`adapters/openid.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

LEEWAY = 60  # seconds that two clocks may differ; ours
USUAL_WAY = N_("You can sign in here the usual way meanwhile.")


class SignOnProblem(BadInput):
    """Why somebody was not let in by an agency's own sign-in. `key` is its word in the trail."""

    key = ""


class NotAnswering(SignOnProblem):
    key, status = "not answering", 503

    def __init__(self) -> None:
        super().__init__(N_("Your agency's sign-in does not answer now, or not as it should."), "", USUAL_WAY)


class TurnedAway(SignOnProblem):
    key = "turned away"

    def __init__(self) -> None:
        super().__init__(
            N_("Your agency's sign-in did not let you through."),
            N_("It may have been canceled there, or this house is not allowed for you."),
            USUAL_WAY,
        )


class NotBegun(SignOnProblem):
    """The state does not fit: another browser's, used already, or too old."""

    key, status = "not begun here", 410

    def __init__(self) -> None:
        super().__init__(
            N_("This sign-in was not begun in this browser, was finished already, or waited too long."),
            "",
            N_("Begin again from the sign-in page."),
        )


class Untrusted(SignOnProblem):
    key = "not trusted"

    def __init__(self) -> None:
        super().__init__(
            N_("What your agency's sign-in sent cannot be trusted, so nobody was let in."),
            N_("It was meant for another house, was altered, or its settings changed."),
            N_("Sign in the usual way, and tell the administrator."),
        )


class ClocksApart(SignOnProblem):
    key = "clocks apart"

    def __init__(self) -> None:
        super().__init__(
            N_("The clocks of your agency's sign-in and of this house differ too much, so nobody was let in."),
            N_("A minute is allowed."),
            N_("Sign in the usual way, and tell the administrator."),
        )


class NotLinked(SignOnProblem):
    key = "not linked"

    def __init__(self) -> None:
        super().__init__(
            N_("Your agency's sign-in knows you, but no account of this house is linked to it."),
            N_("A link is made once, by yourself, on the page of your account."),
            N_("Sign in the usual way first."),
        )


class NotHereAlone(SignOnProblem):
    key = "works elsewhere"

    def __init__(self) -> None:
        super().__init__(
            N_("An agency's own sign-in opens only for those who work at this agency today, and at no other."),
            N_("What it lets in may see everything its account may see."),
            N_("Sign in the usual way."),
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """Whom we asked, as whom, with which nonce; and which words of its own count as a second factor (none: nothing does)."""

    issuer: str
    client: str
    nonce: str
    second_factor: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """Who came, by the provider's own name for them, and whether a second factor that counts was shown there."""

    subject: str
    second_factor: bool


def read(claims: Mapping[str, Any], expected: Expected, moment: datetime) -> Said:
    """What a signed token says. Raises Untrusted for another issuer, audience or nonce, or for a token that lacks what it
    must have, and ClocksApart for one that is over or not begun yet, with a minute's grace."""
    meant_for = claims.get("aud")
    audience = [meant_for] if isinstance(meant_for, str) else meant_for
    if claims.get("iss") != expected.issuer or not isinstance(audience, list) or expected.client not in audience:
        raise Untrusted
    if (len(audience) > 1 or "azp" in claims) and claims.get("azp") != expected.client:
        raise Untrusted
    if claims.get("nonce") != expected.nonce:
        raise Untrusted
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Untrusted
    ends, begins, now = _time(claims, "exp"), _time(claims, "iat"), moment.timestamp()
    if now >= ends + LEEWAY or now < begins - LEEWAY:
        raise ClocksApart
    return Said(subject, bool(_shown(claims) & expected.second_factor))


def _time(claims: Mapping[str, Any], name: str) -> float:
    at = claims.get(name)
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 2**53:
        raise Untrusted
    return float(at)


def _shown(claims: Mapping[str, Any]) -> set[str]:
    """The words by which the provider says how somebody signed in there."""
    methods = claims.get("amr")
    words = [*(methods if isinstance(methods, list) else ()), claims.get("acr")]
    return {word for word in words if isinstance(word, str) and word}
