"""Sealing of clinical words and secrets: AES-256-GCM under a key for each person, itself sealed by the master key.

A sealed value is `version (1) | nonce (12) | ciphertext and tag`, bound to its place (table, column, row) as associated
data, so that a value moved to another row cannot be read. Master keys are files in the installation's `keys` folder;
each wrapped person key names its master, so that masters rotate while both are present (`rotation.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from inmind.access.models import PersonKey
from inmind.foundation.errors import InMindError
from inmind.foundation.models import columns_of
from inmind.foundation.values import N_
from inmind.people.models import Person

_VERSION = b"\x01"


class CannotUnseal(InMindError):
    """The key is gone (the person was erased) or is not the right one."""

    status = 500

    def __init__(self) -> None:
        super().__init__(
            N_("These words are sealed and their key is not here."),
            N_("A person who was erased stays erased; otherwise the keys of this installation are incomplete."),
            N_("Ask the administrator to run `inmind doctor`."),
        )


class NotAsSealed(CannotUnseal):
    """The key is here, and what lies there is not what it sealed in this place."""

    def __init__(self) -> None:
        InMindError.__init__(
            self,
            N_("These words are not as they were sealed, and cannot be opened."),
            N_("They were changed, cut or moved in the database, or belong to another installation."),
            N_("Ask the administrator to look at the trail, and for the backup."),
        )


def master() -> tuple[str, bytes]:
    """The master key that seals from now on, and its name."""
    key = settings.INSTALLATION.key("master")
    return name_of(key), key


class Erased(CannotUnseal):
    """The person was erased: her words are gone for good, and no new ones may be sealed for her."""

    status = 409

    def __init__(self) -> None:
        InMindError.__init__(
            self,
            N_("This person was erased. Nothing can be read or written about them any more."),
            N_("Erasing destroys the key of a person's words for good."),
        )


def name_of(key: bytes) -> str:
    """The name of a master key: the first 16 hex digits of its hash."""
    return hashlib.sha256(key).hexdigest()[:16]


def masters() -> dict[str, bytes]:
    """Every master key that is here, by its name: today's first, then earlier ones that something may still need."""
    return dict([master()]) | {name_of(key): key for key in settings.INSTALLATION.earlier("master")}


def _master(name: str) -> bytes:
    """The master key of a name. Raises CannotUnseal when it is not here.

    Today's is tried first: while a rotation goes on, most keys are its own, and one file is read instead of several.
    """
    todays, key = master()
    if name == todays:
        return key
    earlier = masters().get(name)
    if earlier is None:
        raise CannotUnseal
    return earlier


def keyed_hash(purpose: str, data: bytes) -> str:
    """A hash that only this installation can make: for bodies and secrets too short to hide behind a plain hash."""
    return hmac.new(settings.INSTALLATION.key("audit"), purpose.encode() + b"\x00" + data, "sha256").hexdigest()


def person_key(person: UUID, *, make: bool = False) -> bytes:
    """The person's own key. Raises CannotUnseal when there is none and none may be made."""
    row = _wrapped(person)
    if row is None:
        if _is_erased(person):
            raise Erased
        if not make:
            raise CannotUnseal
        name, key = master()
        fresh = seal_with(key, AESGCM.generate_key(256), f"person:{person}")
        # Two letters to one person at the same moment: the key that is there first is the person's.
        PersonKey.objects.bulk_create([PersonKey(person_id=person, wrapped=fresh, master=name)], ignore_conflicts=True)
        row = _wrapped(person)
    if row is None:
        raise CannotUnseal
    return unwrapped(person, *row)


def person_keys(people: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of some people, by one question; whoever has none, or was erased, is left out."""
    rows = PersonKey.objects.filter(person__in=set(people)).values_list("person", "master", "wrapped")
    return {person: unwrapped(person, master, bytes(wrapped)) for person, master, wrapped in rows}


def unwrapped(person: UUID, name: str, wrapped: bytes) -> bytes:
    """A person's key out of its wrapping by the master key of this name."""
    return unseal_with(_master(name), bytes(wrapped), f"person:{person}")


def rewrapped(person: UUID, name: str, wrapped: bytes) -> tuple[str, bytes]:
    """The same key wrapped by today's master key, with that one's name."""
    todays, key = master()
    return todays, seal_with(key, unwrapped(person, name, wrapped), f"person:{person}")


def _is_erased(person: UUID) -> bool:
    return Person.objects.filter(pk=person, erased_at__isnull=False).exists()


def _wrapped(person: UUID) -> tuple[str, bytes] | None:
    """The name of the master key that wraps a person's, and the wrapped key."""
    return columns_of(PersonKey, "master", "wrapped", person=person)


def seal_with(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal_with(key: bytes, sealed: bytes, place: str) -> bytes:
    """The plain bytes. Raises NotAsSealed for another key, another place, or a value that was altered or cut."""
    if sealed[:1] != _VERSION:
        raise NotAsSealed
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.encode())
    except (InvalidTag, ValueError) as fault:  # the second: too short to hold a nonce
        raise NotAsSealed from fault


def seal_for_house(plain: bytes, place: str) -> bytes:
    """Sealed by the master key itself, for secrets of accounts (an authenticator's)."""
    return seal_with(master()[1], plain, place)


def unseal_for_house(sealed: bytes, place: str) -> bytes:
    """Opened by whichever master key sealed it: such a value does not name its key, and there are one or two."""
    fault: CannotUnseal | None = None
    for key in masters().values():
        try:
            return unseal_with(key, sealed, place)
        except CannotUnseal as another:
            fault = another
    raise fault or CannotUnseal()


def is_sealed_today(sealed: bytes, place: str) -> bool:
    """Whether a value of the house's opens by today's master key."""
    try:
        unseal_with(master()[1], sealed, place)
    except CannotUnseal:
        return False
    return True
