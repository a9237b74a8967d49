"""Codes of an authenticator app: RFC 6238 with HMAC-SHA-1, thirty seconds, six digits. Pure.

A code belongs to a step of time. Whoever keeps the last step that was used accepts no code twice (RFC 6238, 5.2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

PERIOD = 30
DIGITS = 6
DRIFT = 1  # steps that a telephone's clock may be early or late (RFC 6238, 5.2 recommends at most one)


def code_at(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """The code of a step. `secret` is base32, as the authenticator was given it."""
    digest = hmac.new(base64.b32decode(secret, casefold=True), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(code: str, secret: str, moment: datetime, *, after: int = -1) -> int | None:
    """The step a typed code belongs to; None when it is wrong, too old, too new, or of a step not newer than `after`."""
    typed = "".join(code.split())
    now = int(moment.timestamp()) // PERIOD
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode()) and step > after:
            found = step
    return found
