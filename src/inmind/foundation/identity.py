"""New identifiers: UUID version 7, made here or by a client (a visit without a signal, an import, FHIR)."""

from __future__ import annotations

import os
import time
import uuid


def uuid7(nanoseconds: int, entropy: bytes) -> uuid.UUID:
    """A version 7 UUID from a time in nanoseconds since 1970 and eight random bytes.

    The twelve bits after the milliseconds hold the fraction of one, so that ids made one after another sort so.
    Source: RFC 9562, sections 5.7 and 6.2 (method 3).
    """
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = (rest << 12) // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | fraction << 64
    value |= 0x2 << 62 | int.from_bytes(entropy, "big") & (2**62 - 1)
    return uuid.UUID(int=value)


def new_id() -> uuid.UUID:
    """A fresh identifier. Its time part is for index locality and order only; nothing reads a date from it."""
    return uuid7(time.time_ns(), os.urandom(8))
