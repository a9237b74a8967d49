"""New identifiers: UUID version 7, made here or by a client (a visit without a signal, an import, FHIR)."""

from __future__ import annotations

import os
import time
import uuid


def uuid7(milliseconds: int, entropy: bytes) -> uuid.UUID:
    """A version 7 UUID from a time in milliseconds since 1970 and ten random bytes. Source: RFC 9562, section 5.7."""
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(entropy, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def new_id() -> uuid.UUID:
    """A fresh identifier. Its time part is for index locality only; nothing reads a date from it."""
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))
