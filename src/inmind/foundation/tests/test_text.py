"""What text may be kept, and how names are found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput, HostileText
from inmind.foundation.text import apart, cell, checked, checked_line, folded, is_hostile, marked, name_tokens, tokens

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)


@pytest.mark.parametrize(
    "text",
    ["", "María Ñúñez", "阮氏梅", "محمد", "नीलम", "👩‍👧", "line\nline\ttab", "'; DROP TABLE people; --"],
    ids=["empty", "Spanish", "Han", "Arabic", "Devanagari", "joined signs", "lines", "an attempt"],
)
def test_text_of_every_script_is_kept_as_it_came(text: str) -> None:
    """Nothing is trimmed, turned or made safe: it is stored as it is and shown as text."""
    assert checked(text, 100) == text


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "\ud800", "\udfffx", "Mar\ufffda"],
    ids=["zero", "half a pair", "the other half", "the mark of a lost letter"],
)
def test_text_that_no_database_may_hold_is_refused(text: str) -> None:
    """One database would keep it and the other would fail; both refuse, with the field."""
    with pytest.raises(HostileText) as refusal:
        checked(text, 100, field="given_name")
    assert refusal.value.field == "given_name"


@given(st.text(max_size=30))
def test_a_mark_stands_for_each_character_that_cannot_be_kept(text: str) -> None:
    """And for no other; so marked it can be shown, and is still refused."""
    shown = marked(text)
    assert len(shown) == len(text)
    assert is_hostile(shown) == is_hostile(text)
    for was, now in zip(text, shown, strict=True):
        assert now == ("\ufffd" if is_hostile(was) else was)


def test_text_that_is_too_long_is_refused_with_its_length() -> None:
    """As many characters as there is room for are kept; one more is not."""
    assert checked("é" * 80, 80)
    with pytest.raises(BadInput, match=r"This text has 81 characters\. There is room for 80\."):
        checked("é" * 81, 80)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("María Ñúñez", "maria nunez"),
        ("Zoë Åkesson", "ZOE AKESSON"),
        ("Søren Jørgensen", "soren jorgensen"),
        ("Łukasik", "lukasik"),
        ("Nguyễn", "nguyen"),
        ("Groß", "gross"),
        ("Yılmaz", "yilmaz"),
        ("İnci", "inci"),
        ("Σίσυφος", "σισυφοσ"),
    ],
)
def test_a_name_and_what_is_typed_without_accents_fold_alike(written: str, typed: str) -> None:
    """Whichever of them was kept."""
    assert folded(written) == folded(typed)


@given(words)
def test_folding_twice_is_folding_once(text: str) -> None:
    """However the letters are composed, and whatever their case."""
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Rosa María Ñúñez", {"rosa", "maria", "nunez"}),
        ("O'Brien", {"obrien", "o", "brien"}),
        ("O’Brien", {"obrien", "o", "brien"}),
        ("Eun-ji", {"eun", "ji", "eunji"}),
        ("Diaz-Ortega", {"diaz", "ortega", "diazortega"}),
        ("नीलम", {folded("नीलम")}),
        ("  ", set()),
    ],
    ids=["words", "apostrophe", "curly apostrophe", "hyphen", "two names", "vowel signs", "blank"],
)
def test_a_name_is_found_by_each_way_of_writing_it(name: str, found_by: set[str]) -> None:
    """Together and apart, with the mark and without."""
    assert set(name_tokens(name)) == found_by


@given(words)
def test_what_is_typed_as_it_is_written_finds_the_name(name: str) -> None:
    """Each word of a search for the name itself is one under which it is kept, and each is kept once."""
    kept = name_tokens(name)
    assert set(tokens(name)) <= set(kept)
    assert len(set(kept)) == len(kept)
    assert not [token for token in kept if token != "".join(token.split())]


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028", "\u2029"], ids=ascii)
def test_a_line_has_no_end_within(end: str) -> None:
    """A name or a heading with a second line could stand for another one."""
    assert checked_line("María Ñúñez", 20) == "María Ñúñez"
    with pytest.raises(BadInput, match="more than one line"):
        checked_line(f"María{end}Bcc: x", 20)


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ([("María", "mother"), ("Ana", "mother")], ["María", "Ana"]),
        ([("María", "mother"), ("María", "grandmother")], ["María (mother)", "María (grandmother)"]),
        (
            [("María", "kin", "a1"), ("María", "kin", "b2"), ("Ana", "kin", "c3")],
            ["María (kin, a1)", "María (kin, b2)", "Ana"],
        ),
        ([("María", "", "a1"), ("María", "", "b2")], ["María (a1)", "María (b2)"]),
        ([("María",), ("María",)], ["María", "María"]),
        ([], []),
    ],
    ids=["other names", "one name", "one name and part", "nothing between", "nothing that differs", "nobody"],
)
def test_those_of_one_name_are_told_apart_by_as_few_words_as_it_takes(
    told: list[tuple[str, ...]], called: list[str]
) -> None:
    assert list(apart(dict(enumerate(told))).values()) == called


def test_no_cell_runs_as_a_formula() -> None:
    """Whatever stands before it."""
    assert [cell(one) for one in ('=A("x")', "-1", "\n=1", "\ta", 7)] == [
        '\'=A("x")',
        "'-1",
        "'\n=1",
        "'\ta",
        "7",
    ]
