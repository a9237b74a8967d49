"""What stands in the directory: what was said and may be shown, and nothing by which the rest could be found."""

from __future__ import annotations

import pytest

from inmind.association.directory import Audience, found_by, kept, may_read, shown, sought

SAID = {"agency": "Harbor", "city": "León", "languages": "Español", "offers": "", "endorsement": "IMH-E"}


@pytest.mark.parametrize(
    ("audience", "member", "visitor"),
    [(Audience.NOBODY, False, False), (Audience.MEMBERS, True, False), (Audience.PUBLIC, True, True)],
)
def test_who_reads_an_entry(audience: Audience, member: bool, visitor: bool) -> None:
    """Off by default; for members; for anybody."""
    assert may_read(audience, is_member=True) is member
    assert may_read(audience, is_member=False) is visitor


def test_an_entry_shows_what_was_chosen() -> None:
    """Field by field; an empty one is not shown."""
    assert shown(SAID, {"city", "offers"}) == {"city": "León"}
    assert kept(["offers", "city"]) == "city offers"
    with pytest.raises(KeyError):
        kept(["mail"])


def test_a_search_finds_without_accents_and_only_what_is_shown() -> None:
    """Who hides where she works is not found by it."""
    words = found_by("Ángela Núñez", SAID, {"city"})
    assert all(part in words for part in sought("angela LEON"))
    assert not all(part in words for part in sought("harbor"))
    assert sought("a b c d e f g h i j") == [f" {one}" for one in "abcdefgh"]
