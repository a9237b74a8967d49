"""An encrypted stream under a passphrase, or for a key: what a backup is written into and read from.

    MAGIC | scrypt log2 n, r, p, 0 (4 bytes) | salt (16) | nonce prefix (7) | check (32) | sealed chunks
    MAGIC_FOR_KEY | a public key made for this file (32) | nonce prefix (7) | check (32) | sealed chunks

The passphrase gives two keys by scrypt (RFC 7914): one for the check of the head, so that a wrong passphrase is told
from a damaged file, and one for the chunks. For a key, they come from X25519 (RFC 7748) between the receiver's public
key and one made for this file alone, by HKDF (RFC 5869) over both: who writes the file cannot open it afterwards.

Each chunk holds 64 KiB of plain bytes, the last one what remains, and is sealed by AES-256-GCM in the STREAM
construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015): its nonce is the prefix, the chunk's number and a mark on
the last one. A file that is cut short, lengthened, or whose chunks were exchanged does not open, and nothing is handed
out of a chunk that was altered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from inmind.foundation.errors import BadInput

MAGIC = b"INMIND ARCHIVE 1\n"
MAGIC_FOR_KEY = b"INMIND ARCHIVE 2\n"
CHUNK = 64 * 1024
TAG = 16
_REST = {MAGIC: 4 + 16 + 7, MAGIC_FOR_KEY: 32 + 7}  # bytes of the head after the magic word
_CHECK = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at the passphrase costs: 128 * r * 2 ** log2_n bytes of memory. Source: OWASP, Password Storage
    Cheat Sheet, scrypt with N = 2^17, r = 8, p = 1."""

    log2_n: int = 17
    r: int = 8
    p: int = 1


@dataclass(frozen=True, slots=True)
class PublicKey:
    """For whom a backup is sealed; it opens nothing."""

    raw: bytes
    WORD: ClassVar[str] = "inmind-public-"

    def __str__(self) -> str:
        return _written(self.WORD, self.raw)


@dataclass(frozen=True, slots=True, repr=False)
class SecretKey:
    """What opens the backups that were sealed for its public key."""

    raw: bytes
    WORD: ClassVar[str] = "inmind-secret-"

    def __str__(self) -> str:
        return _written(self.WORD, self.raw)

    @property
    def public(self) -> PublicKey:
        return PublicKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())


def new_key() -> SecretKey:
    return SecretKey(os.urandom(32))


def _written(word: str, raw: bytes) -> str:
    """A key as it is typed and printed: its kind, then base32 in small letters with four bytes that tell a slip."""
    checked = raw + hashlib.sha256(word.encode() + raw).digest()[:4]
    return word + base64.b32encode(checked).decode("ascii").rstrip("=").lower()


def read_key(kind: type[PublicKey] | type[SecretKey], typed: str) -> Any:
    """A key of a kind from its text. Raises CannotOpen for any other text, and for one that was mistyped."""
    digits = typed.strip().removeprefix(kind.WORD).upper()
    try:
        raw = base64.b32decode(digits + "=" * (-len(digits) % 8))[:32]
    except ValueError:  # binascii's: other letters than those of base32
        raw = b""
    if len(raw) != 32 or _written(kind.WORD, raw) != typed.strip():
        raise CannotOpen(
            "This is not a key of a backup.",
            "It begins with %(word)s, and is copied whole.",
            "`inmind keys new-backup-key` prints a pair of them.",
            facts={"word": kind.WORD},
        )
    return kind(raw)


Opener = str | SecretKey  # a passphrase, or the key for which a backup was sealed


class CannotOpen(BadInput):
    """The file is not an archive, the passphrase is another one, or the file was damaged."""


def not_an_archive() -> CannotOpen:
    return CannotOpen("This file is not a backup of InMind.", "`inmind backup` writes such files.")


def wrong_passphrase() -> CannotOpen:
    return CannotOpen(
        "This passphrase does not open the file.",
        "It is the one that was given when the backup was made; capitals and spaces count.",
        "If you are sure of it, the beginning of the file was altered: take another copy.",
    )


def needs(what: str) -> CannotOpen:
    return CannotOpen("This backup is opened by %(what)s.", facts={"what": what})


def another_key() -> CannotOpen:
    return CannotOpen(
        "This key does not open the file.",
        "It is the secret one of the pair whose public one was given when the backup was made.",
        "If you are sure of it, the beginning of the file was altered: take another copy.",
    )


def damaged(place: int) -> CannotOpen:
    return CannotOpen(
        "The file was cut short or altered: it cannot be read on after %(megabytes)s megabytes.",
        "A backup opens whole or not at all.",
        "Take another copy of it, or an earlier backup.",
        facts={"megabytes": f"{place / 1e6:.1f}"},
    )


def _keys(passphrase: str, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    made = Scrypt(salt=salt, length=64, n=2**cost.log2_n, r=cost.r, p=cost.p).derive(passphrase.encode())
    return made[:32], made[32:]


def _keys_for(shared: bytes, fresh: bytes, receiver: PublicKey) -> tuple[bytes, bytes]:
    made = HKDF(SHA256(), length=64, salt=fresh + receiver.raw, info=MAGIC_FOR_KEY).derive(shared)
    return made[:32], made[32:]


def _sealing(to: str | PublicKey, cost: Cost, prefix: bytes) -> tuple[bytes, bytes, bytes]:
    """The head of a new file, the key of its check and the key of its chunks."""
    if isinstance(to, PublicKey):
        own = X25519PrivateKey.generate()
        fresh = own.public_key().public_bytes_raw()
        shared = own.exchange(X25519PublicKey.from_public_bytes(to.raw))
        return MAGIC_FOR_KEY + fresh + prefix, *_keys_for(shared, fresh, to)
    salt = os.urandom(16)
    head = MAGIC + bytes([cost.log2_n, cost.r, cost.p, 0]) + salt + prefix
    return head, *_keys(to, salt, cost)


class Sealer:
    """Writes an encrypted stream. Closing it writes the last chunk; without that the file does not open."""

    def __init__(self, file: BinaryIO, to: str | PublicKey, cost: Cost | None = None) -> None:
        self._prefix = os.urandom(7)
        head, check_key, key = _sealing(to, cost or Cost(), self._prefix)
        self._file, self._cipher, self._head = file, AESGCM(key), head
        self._waiting, self._number = bytearray(), 0
        file.write(head + hmac.digest(check_key, head, "sha256"))

    def write(self, plain: bytes) -> None:
        self._waiting += plain
        while len(self._waiting) > CHUNK:  # one byte at least is kept back, for the last chunk
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), plain, self._head))
        self._number += 1


def opened(file: BinaryIO, by: Opener) -> Iterator[bytes]:
    """The plain bytes, chunk by chunk. The passphrase or key is checked at once, each chunk before it is handed out.

    Raises CannotOpen with the sentence that fits.
    """
    magic = file.read(len(MAGIC))
    if magic not in _REST:
        raise not_an_archive()
    head = magic + file.read(_REST[magic])
    check = file.read(_CHECK)
    if len(check) < _CHECK:
        raise damaged(len(head) + len(check))
    check_key, key = _opening(head, by)
    if not hmac.compare_digest(check, hmac.digest(check_key, head, "sha256")):
        raise another_key() if isinstance(by, SecretKey) else wrong_passphrase()
    return _chunks(file, AESGCM(key), head, head[-7:])


def _opening(head: bytes, by: Opener) -> tuple[bytes, bytes]:
    """The key of the check and the key of the chunks, by a head that was read."""
    if head.startswith(MAGIC_FOR_KEY):
        if not isinstance(by, SecretKey):
            raise needs("a key: name its file with --key")
        fresh = head[len(MAGIC_FOR_KEY) : -7]
        try:
            shared = X25519PrivateKey.from_private_bytes(by.raw).exchange(X25519PublicKey.from_public_bytes(fresh))
        except ValueError as fault:  # a public key with which every secret would be nothing
            raise another_key() from fault
        return _keys_for(shared, fresh, by.public)
    if isinstance(by, SecretKey):
        raise needs("a passphrase, not by a key")
    log2_n, r, p, zero = head[len(MAGIC) : len(MAGIC) + 4]
    if not (10 <= log2_n <= 20 and 1 <= r <= 16 and 1 <= p <= 4 and zero == 0):
        raise not_an_archive()  # no edition wrote such a head, and obeying it could take all memory
    return _keys(by, head[-23:-7], Cost(log2_n, r, p))


def _chunks(file: BinaryIO, cipher: AESGCM, head: bytes, prefix: bytes) -> Iterator[bytes]:
    number, place = 0, len(head) + _CHECK
    sealed = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, not following), sealed, head)
        except (InvalidTag, ValueError) as fault:
            raise damaged(place) from fault
        if not following:
            return
        number, place, sealed = number + 1, place + len(sealed), following


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
