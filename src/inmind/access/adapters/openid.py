"""An agency's own sign-in by OpenID Connect: the code flow with PKCE, state and nonce, and tokens whose signature is read.

Not allauth's: it reads no signature of a token that came by TLS, sends no nonce, keeps the client's secret in clear, and
saves accounts whole (`docs/decisions/0019-an-agencys-own-sign-in.md`). Everything here happens outside of any
transaction: a provider may let us wait, and nobody else waits with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from inmind.access import vault
from inmind.access.models import SignOn
from inmind.access.sign_on import Expected, NotAnswering, NotBegun, Said, TurnedAway, Untrusted, read
from inmind.foundation import clock

BEGUN = "inmind_sign_on"  # where a session keeps what it began
LASTS = timedelta(minutes=10)  # ours: to sign in there, with a second factor
PATIENCE = 5  # seconds for each question
AT_MOST = 512 * 1024  # bytes of an answer
SIGNED_BY = ["RS256", "PS256", "ES256"]
ENTER, LINK = "enter", "link"


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider publishes of itself (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str
    keys: str
    in_header: bool


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody came back: by whose sign-in, for what, and as whom."""

    sign_on: SignOn
    door: str
    account: str
    said: Said
    state: str


def begin(request: HttpRequest, sign_on: SignOn, door: str, account: str = "") -> str:
    """Where the browser goes now. Raises NotAnswering. account: to whose account it is to be linked."""
    provider = discover(sign_on.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    request.session[BEGUN] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "door": door,
        "account": account,
        "sign_on": str(sign_on.pk),
        "at": clock.now().timestamp(),
    }
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": sign_on.client_id,
        "redirect_uri": back(request),
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{provider.authorization}{'&' if '?' in provider.authorization else '?'}{urlencode(asked)}"


def finish(request: HttpRequest) -> Came:
    """Who came back with what. What was begun is over with this, however it ends.

    Raises one of the problems of `sign_on.py`.
    """
    begun = request.session.pop(BEGUN, None)
    state = request.GET.get("state", "")
    if not begun or not hmac.compare_digest(begun["state"].encode(), state.encode()):
        raise NotBegun
    if clock.now().timestamp() - begun["at"] > LASTS.total_seconds():
        raise NotBegun
    sign_on = SignOn.objects.select_related("organization").filter(pk=begun["sign_on"]).first()
    if sign_on is None:
        raise NotBegun
    if request.GET.get("iss", sign_on.issuer) != sign_on.issuer:  # RFC 9207: another provider's answer
        raise Untrusted
    code = request.GET.get("code")
    if not code:
        raise TurnedAway
    provider = discover(sign_on.issuer)
    token = _token(request, sign_on, provider, code, begun["verifier"])
    words = frozenset(sign_on.second_factor.split())
    expected = Expected(sign_on.issuer, sign_on.client_id, begun["nonce"], words)
    said = read(_signed(token, provider), expected, clock.now())
    return Came(sign_on, begun["door"], begun["account"], said, state)


def back(request: HttpRequest) -> str:
    """Where a provider sends people back to; it has to know this address beforehand."""
    return at_this_house(request, reverse("sign_on_back"))


def at_this_house(request: HttpRequest, path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}" if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)


def subject_of(sign_on: SignOn, subject: str) -> str:
    """What is kept of the provider's name for somebody: enough to know it again, not to read it."""
    return vault.keyed_hash("agency sign-in", f"{sign_on.pk}\x00{subject}".encode())


def seal(sign_on: SignOn, secret: str) -> bytes:
    return vault.seal_for_house(secret.encode(), _place(sign_on))


def reseal_all() -> int:
    """Every client's secret sealed by today's master key. Returns how many were not yet."""
    return sum(reseal(held) for held in SignOn.objects.select_for_update().order_by("pk"))


def reseal(sign_on: SignOn) -> bool:
    """Seal a client's secret by today's master key; whether it was not yet."""
    if vault.is_sealed_today(bytes(sign_on.secret), _place(sign_on)):
        return False
    sign_on.secret = seal(sign_on, _secret(sign_on))
    sign_on.save(update_fields=["secret"])
    return True


def _secret(sign_on: SignOn) -> str:
    return vault.unseal_for_house(bytes(sign_on.secret), _place(sign_on)).decode()


def _place(sign_on: SignOn) -> str:
    return f"sign-on:{sign_on.pk}"


# Asking the provider


def discover(issuer: str) -> Provider:
    said = _asked(Request(f"{issuer}/.well-known/openid-configuration"))
    places = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if said.get("issuer") != issuer or not all(isinstance(one, str) and may_be_asked(one) for one in places):
        raise NotAnswering
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    authorization, token, keys = map(str, places)
    return Provider(authorization, token, keys, in_header="client_secret_basic" in ways)


def may_be_asked(address: str) -> bool:
    """Whether an address is one of TLS, or on this machine while the house is on it alone."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and settings.ON_LOOPBACK and _is_here(host))
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(request: HttpRequest, sign_on: SignOn, provider: Provider, code: str, verifier: str) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back(request),
        "code_verifier": verifier,
        "client_id": sign_on.client_id,
    }
    question = Request(provider.token, headers={"Content-Type": "application/x-www-form-urlencoded"})
    secret = _secret(sign_on)
    if provider.in_header:  # RFC 6749, 2.3.1
        pair = f"{quote(sign_on.client_id, safe='')}:{quote(secret, safe='')}"
        question.add_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
    else:
        form["client_secret"] = secret
    question.data = urlencode(form).encode()
    token = _asked(question).get("id_token")
    if not isinstance(token, str):
        raise Untrusted
    return token


def _signed(token: str, provider: Provider) -> Mapping[str, Any]:
    """The claims of a token that one of the provider's keys has signed. Raises Untrusted for any other."""
    keys = _asked(Request(provider.keys))
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=SIGNED_BY).claims  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Untrusted from fault
    if not isinstance(claims, dict):
        raise Untrusted
    return claims


class _StaysThere(HTTPRedirectHandler):
    """No answer leads us to another address than the one that was set."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _asked(question: Request) -> dict[str, Any]:
    """A JSON object. Raises TurnedAway where the provider refuses, and NotAnswering for everything else that is none."""
    if not may_be_asked(question.full_url):
        raise NotAnswering
    question.add_header("Accept", "application/json")
    straight = [ProxyHandler({})] if _is_here(urlsplit(question.full_url).hostname or "") else []
    try:
        with build_opener(_StaysThere, *straight).open(question, timeout=PATIENCE) as answer:
            body = answer.read(AT_MOST + 1)
        said = json.loads(body) if len(body) <= AT_MOST else None
    except HTTPError as fault:
        fault.close()
        raise (TurnedAway if question.data and 400 <= fault.code < 500 else NotAnswering) from fault
    except (OSError, HTTPException, ValueError, RecursionError) as fault:
        raise NotAnswering from fault
    if not isinstance(said, dict):
        raise NotAnswering
    return said
