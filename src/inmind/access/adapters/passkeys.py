"""Passkeys (WebAuthn): made on a device that checks its owner, used alone or as the second factor.

The rows are those of allauth's second factors, and so is what a session notes of them; the ceremonies are the fido2
library's. Not allauth's own: it keeps a passkey in clear, and never looks at its counter. Here the public key, the
counter and the name are sealed for their account, and each use is owned by an entry of the trail.

A passkey is always asked to check its owner (a finger, a face, the device's PIN), so that it holds two factors by
itself: the device, and what its owner is or knows. Its answer is bound to this house's own address, so that a false page
gets nothing it could use. It therefore stands alone where a password needs a code beside it
(`docs/decisions/0018-passkeys-stand-for-both-factors.md`).
"""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from inmind.access import queries
from inmind.access.adapters import allauth
from inmind.access.models import Account
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_

WEBAUTHN = Authenticator.Type.WEBAUTHN
CHALLENGE = "inmind_passkey"  # where a session keeps what a device is asked to sign
LASTS = timedelta(minutes=5)  # ours
AT_MOST = 10  # ours: passkeys of one account
# What a challenge is for. One that was given at one door opens no other.
ENROL, ALONE, SECOND, AGAIN = "enrol", "alone", "second factor", "again"
VERIFIED = UserVerificationRequirement.REQUIRED
# What reading an answer that nobody's device made can come to: CBOR, base64 and keys are anybody's bytes.
_UNREADABLE = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError, OverflowError),
    *(struct.error, UnsupportedAlgorithm),
)


class NotProved(BadInput):
    """What came from the device is not this account's passkey, or came too late, or twice."""

    def __init__(self) -> None:
        super().__init__(
            N_("This passkey did not open the door."),
            N_("It may belong to another account, have been removed, or have waited too long."),
            N_("Try once more, or come in another way."),
        )


class Stopped(BadInput):
    """A passkey whose counter went back, now or before: it may have been copied."""

    def __init__(self) -> None:
        super().__init__(
            N_("This passkey was stopped, because it may have been copied."),
            N_("It opens nothing any more, and your privacy officer was told."),
            N_("Come in another way, remove it, and speak with your privacy officer."),
        )


class Copied(Exception):
    """The counter of a passkey went back just now. `passkey` is its row."""

    def __init__(self, passkey: Authenticator) -> None:
        self.passkey = passkey
        super().__init__("a counter went back")


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of an account, opened. `mark` names it on pages."""

    row: Authenticator
    name: str
    credential: AttestedCredentialData
    counter: int
    stopped: bool

    @property
    def mark(self) -> str:
        return str(self.row.pk)


def of(account: Account) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    return _opened(Authenticator.objects.filter(user=account, type=WEBAUTHN))


def _opened(rows: Any) -> list[Passkey]:
    return [_open(row) for row in rows.select_related("user").order_by("pk")]


def _open(row: Authenticator) -> Passkey:
    kept = json.loads(allauth.unseal(row.user, allauth.PASSKEY, row.data["sealed"]))  # type: ignore[arg-type]
    credential = AttestedCredentialData(base64.b64decode(kept["credential"]))
    return Passkey(row, kept["name"], credential, kept["counter"], kept["stopped"])


def _sealed(account: Account, name: str, credential: bytes, counter: int, *, stopped: bool = False) -> dict[str, str]:
    kept = {"name": name, "credential": base64.b64encode(credential).decode(), "counter": counter, "stopped": stopped}
    return {"sealed": allauth.seal(account, allauth.PASSKEY, json.dumps(kept))}


def works(account: Account) -> bool:
    """Whether a passkey of the account opens the door today."""
    return any(not one.stopped for one in of(account))


# Where passkeys can be


def is_possible(request: HttpRequest) -> bool:
    """Whether this address can have passkeys: a name, and TLS. On this machine alone, `localhost` by its name will do."""
    host = _house(request)[0]
    if settings.ON_LOOPBACK:
        return host == "localhost"
    return request.is_secure() and not _is_number(host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _house(request: HttpRequest) -> tuple[str, str]:
    """The name to which passkeys are bound, and the one origin from which an answer is taken."""
    origin = (settings.PUBLIC_ADDRESS or f"http://{request.get_host()}").lower()
    return urlsplit(origin).hostname or "", origin


def _server(request: HttpRequest) -> Fido2Server:
    host, ours = _house(request)
    if not is_possible(request):
        raise NotNow(*impossible())
    entity = PublicKeyCredentialRpEntity(id=host, name=settings.INSTALLATION.name or "InMind")
    return Fido2Server(entity, verify_origin=lambda origin: origin == ours)


def impossible() -> tuple[str, str]:
    """Why there are no passkeys at this address."""
    if settings.ON_LOOPBACK:
        return (
            N_("Passkeys do not work at this address."),
            N_("On this machine alone, open the house as “localhost”; elsewhere they need its own https address."),
        )
    return N_("Passkeys do not work at this address."), N_("They need the house's own https address, with a name.")


def elsewhere(request: HttpRequest) -> str:
    """The address on this machine at which passkeys can be made; empty for a house with an address of its own."""
    port = urlsplit(f"//{request.get_host()}").port
    return f"http://localhost{f':{port}' if port else ''}" if settings.ON_LOOPBACK else ""


# Challenges: each for one door, once, for a few minutes


def begin(request: HttpRequest, door: str, account: Account | None = None) -> dict[str, Any]:
    """What the browser asks the device for: one of the account's passkeys, or of anybody's where it says itself whose."""
    known = [one.credential for one in of(account)] if account is not None else None
    options, state = _server(request).authenticate_begin(credentials=known, user_verification=VERIFIED)
    _keep(request, door, state)
    return dict(options)


def begin_enrolment(request: HttpRequest) -> dict[str, Any]:
    """What the browser asks the device to make: a passkey that says itself whose it is, none where there is one already."""
    account: Any = request.user
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=account.pk.bytes, name=account.username, display_name=account.person.name or account.username
        ),
        credentials=[one.credential for one in of(account)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
    )
    _keep(request, ENROL, state)
    return dict(options)


def _keep(request: HttpRequest, door: str, state: dict[str, Any]) -> None:
    request.session[CHALLENGE] = {"door": door, "at": clock.now().timestamp(), "challenge": state["challenge"]}


def _asked(request: HttpRequest, door: str) -> dict[str, Any]:
    """What the device was asked to sign, taken out of the session. Raises NotProved where it was not asked here and now."""
    kept = request.session.pop(CHALLENGE, {})
    if kept.get("door") != door or clock.now().timestamp() - kept["at"] > LASTS.total_seconds():
        raise NotProved
    return {"challenge": kept["challenge"], "user_verification": VERIFIED}


# Enrolling, using, removing


def enrol(request: HttpRequest, name: str, answer: str) -> None:
    """Keep the passkey that a device just made. This session has shown both factors; where it is the first factor of the
    account, recovery codes come with it and every other session ends.

    Raises NotProved for what no device made for this account now, and NotNow for one too many.
    """
    state = _asked(request, ENROL)
    server = _server(request)
    try:
        made = server.register_complete(state, RegistrationResponse.from_dict(_read(answer)))
        credential = AttestedCredentialData(bytes(made.credential_data or b""))
        if credential.public_key.get(3) not in CoseKey.supported_algorithms():
            raise ValueError("a key whose signatures nobody here can read")
    except _UNREADABLE as fault:
        raise NotProved from fault
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        held = of(account)
        if len(held) >= AT_MOST:
            raise NotNow(N_("You have as many passkeys as one account can hold."), N_("Remove one first."))
        if any(one.credential.credential_id == credential.credential_id for one in held):
            raise NotProved
        with allauth.owned(account, "access.enrol_passkey"):
            is_first = not allauth.has_factor(account)
            data = _sealed(account, name, credential, made.counter)
            row = Authenticator.objects.create(user=account, type=WEBAUTHN, data=data)
            allauth.codes_if_none(account)
            if is_first:
                allauth.end_other_sessions(request, account)
    record_authentication(request, account, "mfa", id=row.pk, type=row.type)


def prove(request: HttpRequest, door: str, answer: str, account: Account | None = None) -> Authenticator:
    """The passkey that signed what was asked at this door, with its use written down.

    account: whose it must be; without, the passkey itself says whose it is. Raises NotProved, Stopped, and Copied where
    its counter went back: that one opens nothing, and is to be stopped.
    """
    state = _asked(request, door)
    server = _server(request)
    try:
        said = AuthenticationResponse.from_dict(_read(answer))
        whose = account or Account.objects.get(pk=UUID(bytes=bytes(said.response.user_handle or b"")))
    except (*_UNREADABLE, Account.DoesNotExist) as fault:
        raise NotProved from fault
    with transaction.atomic():
        held = _opened(Authenticator.objects.select_for_update(of=("self",)).filter(user=whose, type=WEBAUTHN))
        try:
            used = server.authenticate_complete(state, [one.credential for one in held], said)
        except _UNREADABLE as fault:
            raise NotProved from fault
        one = next(each for each in held if each.credential.credential_id == used.credential_id)
        if one.stopped:
            raise Stopped
        counter = said.response.authenticator_data.counter
        if not went_back(one.counter, counter):
            with allauth.owned(whose, "access.use_passkey", door):
                one.row.data = _sealed(whose, one.name, one.credential, counter)
                one.row.save(update_fields=["data"])
                return allauth.noted(one.row)
    raise Copied(one.row)


def _read(answer: str) -> dict[str, Any]:
    """A device's answer, as our own page sends it: texts alone, and bytes where the standard has bytes.

    The library turns whatever stands there into bytes, and a number of so many into so many bytes of memory: one request
    by anybody could end the server. Raises one of _UNREADABLE.
    """
    said = json.loads(answer)
    outer, inner = {part: said[part] for part in ("id", "rawId", "type")}, said["response"]
    if not all(isinstance(part, str) for part in (*outer.values(), *inner.values())):
        raise ValueError("a part that is no text")
    asked: Any = json.loads(websafe_decode(inner["clientDataJSON"]).decode())
    if not isinstance(asked["challenge"], str):
        raise ValueError("what the device was asked is no text")
    if made := inner.get("attestationObject"):
        of_itself: Any = cbor.decode(websafe_decode(made))
        if not isinstance(of_itself["authData"], bytes):
            raise ValueError("what the device says of itself is no bytes")
    return {**outer, "response": inner}


def went_back(kept: int, shown: int) -> bool:
    """Whether a counter says that there are two of a passkey. One that does not count shows 0 each time.

    Source: W3C, Web Authentication Level 2, 7.2, step 21.
    """
    return (kept != 0 or shown != 0) and shown <= kept


def stop(row: Authenticator) -> Account:
    """Let a passkey open nothing from now on, within the action that is open. It stays, so that signing in goes on asking
    for a second factor. Returns whose it is."""
    held = _opened(Authenticator.objects.select_for_update(of=("self",)).filter(pk=row.pk))
    for one in held:
        account: Any = one.row.user
        one.row.data = _sealed(account, one.name, one.credential, one.counter, stopped=True)
        one.row.save(update_fields=["data"])
    return Account.objects.get(pk=row.user_id)


def end(request: HttpRequest, mark: str, *, needed: bool) -> None:
    """Take a passkey away; every other session of the account ends. One that is gone already stays so.

    needed: a role of its owner asks for a second factor. Raises NotNow where no other would be left then; for others, the
    recovery codes go with the last one, and this session has shown one factor only.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        held = of(account)
        gone = next((one for one in held if one.mark == mark), None)
        if gone is None:
            return
        is_left = allauth.has_authenticator(account) or any(not one.stopped for one in held if one is not gone)
        if needed and not is_left:
            raise NotNow(
                N_("This is your last second factor, and your role sees families."),
                N_("Without one you could open nothing here."),
                N_("Set up your authenticator or another passkey first, then remove this one."),
            )
        with allauth.owned(account, "access.end_passkey"):
            if is_left:
                gone.row.delete()
            else:
                allauth.forget_factors(account)
            allauth.end_other_sessions(request, account)
    if not is_left:
        queries.forget_second_factor(request.session)
