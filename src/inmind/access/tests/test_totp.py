"""Codes of an authenticator app, against the standard's own vectors."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.access import totp

# RFC 6238, appendix B: the SHA-1 rows. The shared secret is the ASCII text 12345678901234567890.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
STEP = int(NOW.timestamp()) // totp.PERIOD


@pytest.mark.parametrize(("seconds", "code"), VECTORS, ids=[str(seconds) for seconds, _ in VECTORS])
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B."""
    assert totp.code_at(SECRET, seconds // totp.PERIOD, digits=8) == code


@pytest.mark.parametrize(
    ("drift", "accepted"),
    [(-2, False), (-1, True), (0, True), (1, True), (2, False)],
    ids=["a minute late", "a step late", "now", "a step early", "a minute early"],
)
def test_a_telephone_may_be_one_step_off(drift: int, accepted: bool) -> None:
    """Clocks of telephones are never quite right; more than a step would leave a code open for long."""
    code = totp.code_at(SECRET, STEP + drift)
    assert totp.step_of(code, SECRET, NOW) == (STEP + drift if accepted else None)


def test_spaces_in_a_typed_code_do_not_matter() -> None:
    """Authenticators show a gap in the middle, and people type it."""
    code = totp.code_at(SECRET, STEP)
    assert totp.step_of(f" {code[:3]} {code[3:]}\t", SECRET, NOW) == STEP


@pytest.mark.parametrize("typed", ["", "12345", "no code", "１２３４５６", "000000000000"], ids=str)
def test_what_is_no_code_is_refused(typed: str) -> None:
    """Whatever was typed, the answer is no and never a failure."""
    assert totp.step_of(typed, SECRET, NOW) is None


@given(st.integers(min_value=-1, max_value=2))
def test_a_step_that_was_used_opens_nothing_again(after: int) -> None:
    """Nor does any older one: time goes one way."""
    last = STEP + after
    for drift in range(-totp.DRIFT, totp.DRIFT + 1):
        found = totp.step_of(totp.code_at(SECRET, STEP + drift), SECRET, NOW, after=last)
        assert (found is not None) == (STEP + drift > last)
