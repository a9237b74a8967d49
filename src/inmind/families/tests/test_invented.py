"""Invented families for the demonstration."""

from __future__ import annotations

from datetime import date
from itertools import islice

from inmind.families import invented

TODAY = date(2026, 11, 21)


def test_the_same_seed_tells_the_same_families() -> None:
    """On the same day; another seed tells others."""
    once, again = (list(invented.families(7, 40, TODAY)) for _ in range(2))
    assert once == again
    assert once != list(invented.families(8, 40, TODAY))
    assert once[:10] == list(invented.families(7, 10, TODAY))


def test_there_is_someone_of_every_kind() -> None:
    """Babies that are expected, one adult and two, names with accents, phones that are safe, unsafe and not asked."""
    made = list(invented.families(7, 400, TODAY))
    assert {len(family.adults) for family in made} == {1, 2}
    assert {family.child.birth_date is None for family in made} == {True, False}
    adults = [adult for family in made for adult in family.adults]
    assert {adult.phone_is_safe for adult in adults} == {True, False, None}
    assert any(not adult.given_name.isascii() for adult in adults)


def test_nobody_is_born_tomorrow_and_nobody_was_due_yesterday() -> None:
    """A family is always one that could be registered on that day."""
    for family in islice(invented.families(3, 400, TODAY), 400):
        child = family.child
        assert (child.birth_date is None) is (child.due_date is not None)
        assert child.birth_date is None or child.birth_date < TODAY
        assert child.due_date is None or child.due_date > TODAY
        assert (family.adults[0].part == "expecting") is (child.birth_date is None)


def test_every_number_is_kept_for_fiction() -> None:
    """555-0100 to 555-0199 ring nowhere."""
    phones = {adult.phone for family in invented.families(5, 200, TODAY) for adult in family.adults}
    assert phones <= {f"555-01{number:02d}" for number in range(100)}
