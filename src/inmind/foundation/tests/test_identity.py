"""Identifiers that sort by the time they were made."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.identity import new_id, uuid7

moments = st.integers(0, 2**48 * 1_000_000 - 1)  # nanoseconds that 48 bits of milliseconds can hold
chance = st.binary(min_size=8, max_size=8)
STEP = 245  # nanoseconds after which the twelve bits below a millisecond have surely risen: 1 000 000 / 4096, and a bit


def test_the_example_of_the_standard_is_made_again() -> None:
    """RFC 9562, appendix A.6: 22 February 2022, 19:22:22 UTC; its rand_a CC3 is a fraction here, its rand_b the chance."""
    milliseconds, fraction = 0x017F22E279B0, 0xCC3
    within = -(-fraction * 1_000_000 // 4096)  # the first nanosecond of this fraction
    made = uuid7(milliseconds * 1_000_000 + within, bytes.fromhex("18c4dc0c0c07398f"))
    assert made == uuid.UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")


@given(nanoseconds=moments, entropy=chance)
def test_every_bit_stands_where_the_standard_puts_it(nanoseconds: int, entropy: bytes) -> None:
    """48 bits of milliseconds, version 7, twelve bits of a millisecond, variant 10, 62 bits of chance (section 5.7)."""
    made = uuid7(nanoseconds, entropy)
    bits = f"{made.int:0128b}"
    assert int(bits[:48], 2) == nanoseconds // 1_000_000
    assert int(bits[48:52], 2) == made.version == 7
    assert int(bits[52:64], 2) == nanoseconds % 1_000_000 * 4096 // 1_000_000
    assert bits[64:66] == "10"
    assert made.variant == uuid.RFC_4122
    assert bits[66:] == f"{int.from_bytes(entropy, 'big'):064b}"[2:]


@given(first=moments, later=st.integers(STEP, 10**18), one=chance, other=chance)
def test_what_was_made_later_sorts_later(first: int, later: int, one: bytes, other: bytes) -> None:
    """Whatever chance adds; as bytes and as text too, as databases compare them."""
    second = min(first + later, 2**48 * 1_000_000 - 1)
    if second - first < STEP:
        return
    before, after = uuid7(first, one), uuid7(second, other)
    assert before < after
    assert before.bytes < after.bytes
    assert str(before) < str(after)


@pytest.mark.parametrize("letters", ["00" * 8, "ff" * 8], ids=["no chance", "all chance"])
def test_chance_touches_neither_version_nor_variant(letters: str) -> None:
    """At its ends, where a bit too many would show."""
    made = uuid7(0, bytes.fromhex(letters))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_a_fresh_identifier_is_no_other() -> None:
    """A thousand in a row differ, and are all of version 7."""
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {each.version for each in made} == {7}
