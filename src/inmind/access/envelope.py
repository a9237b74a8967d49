"""An encrypted stream under a passphrase: what a backup is written into and read from.

    MAGIC | scrypt log2 n, r, p, 0 (4 bytes) | salt (16) | nonce prefix (7) | check (32) | sealed chunks

The passphrase gives two keys by scrypt (RFC 7914): one for the check of the head, so that a wrong passphrase is told
from a damaged file, and one for the chunks. Each chunk holds 64 KiB of plain bytes, the last one what remains, and is
sealed by AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015): its nonce is the
prefix, the chunk's number and a mark on the last one. A file that is cut short, lengthened, or whose chunks were
exchanged does not open, and nothing is handed out of a chunk that was altered.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from inmind.foundation.errors import BadInput

MAGIC = b"INMIND ARCHIVE 1\n"
CHUNK = 64 * 1024
TAG = 16
_HEAD_LENGTH = len(MAGIC) + 4 + 16 + 7
_CHECK = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at the passphrase costs: 128 * r * 2 ** log2_n bytes of memory. Source: OWASP, Password Storage
    Cheat Sheet, scrypt with N = 2^17, r = 8, p = 1."""

    log2_n: int = 17
    r: int = 8
    p: int = 1


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


class Sealer:
    """Writes an encrypted stream. Closing it writes the last chunk; without that the file does not open."""

    def __init__(self, file: BinaryIO, passphrase: str, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        salt, self._prefix = os.urandom(16), os.urandom(7)
        head = MAGIC + bytes([cost.log2_n, cost.r, cost.p, 0]) + salt + self._prefix
        check_key, key = _keys(passphrase, salt, cost)
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


def opened(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The plain bytes, chunk by chunk. The passphrase is checked at once, each chunk before it is handed out.

    Raises CannotOpen with the sentence that fits.
    """
    head = file.read(_HEAD_LENGTH)
    check = file.read(_CHECK)
    if not head.startswith(MAGIC):
        raise not_an_archive()
    if len(check) < _CHECK:
        raise damaged(len(head) + len(check))
    log2_n, r, p, zero = head[len(MAGIC) : len(MAGIC) + 4]
    if not (10 <= log2_n <= 20 and 1 <= r <= 16 and 1 <= p <= 4 and zero == 0):
        raise not_an_archive()  # no edition wrote such a head, and obeying it could take all memory
    salt, prefix = head[-23:-7], head[-7:]
    check_key, key = _keys(passphrase, salt, Cost(log2_n, r, p))
    if not hmac.compare_digest(check, hmac.digest(check_key, head, "sha256")):
        raise wrong_passphrase()
    return _chunks(file, AESGCM(key), head, prefix)


def _chunks(file: BinaryIO, cipher: AESGCM, head: bytes, prefix: bytes) -> Iterator[bytes]:
    number, place = 0, _HEAD_LENGTH + _CHECK
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
