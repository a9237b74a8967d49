"""How names of many languages fold, and that every word found is found again."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inmind.foundation.text import folded, name_tokens, tokens


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("MARI\u0301A", "maria"),
        ("GROẞ", "gross"),
        ("Nguyễn Đặng", "nguyen dang"),
        ("İpek IŞIK", "ipek isik"),
        ("Þórður", "thordur"),
        ("Ǽsa", "aesa"),
        ("Ｌｕｚ", "luz"),
        ("\ufb01nn", "finn"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
        ("Йосиф", "иосиф"),
        ("مُحَمَّد", "محمد"),
    ],
    ids=[
        "an accent typed as a mark of its own",
        "German in capitals",
        "Vietnamese",
        "Turkish capitals, with a dot and without",
        "Icelandic",
        "an accent on a letter of two",
        "the wide letters of a Japanese keyboard",
        "two letters drawn as one",
        "Greek, with its two small sigmas",
        "Cyrillic",
        "Arabic with the marks that many leave out",
    ],
)
def test_a_name_folds_to_what_a_plain_keyboard_has(name: str, plain: str) -> None:
    """From capitals and from small letters alike."""
    assert folded(name) == folded(name.lower()) == folded(plain) == plain


@pytest.mark.parametrize(
    "name",
    ["محمد", "李小龙", "אברהם", "สมชาย", "αννα"],
    ids=["Arabic", "Chinese", "Hebrew", "Thai", "Greek"],
)
def test_other_scripts_keep_their_letters(name: str) -> None:
    """A name is no Latin name with something missing."""
    assert folded(name) == name
    assert tokens(name) == [name]


@pytest.mark.parametrize("name", ["한국", "प्रिया"], ids=["Korean", "Hindi"])
def test_a_syllable_is_not_torn_into_words(name: str) -> None:
    """However many letters and signs it is made of."""
    assert len(tokens(name)) == 1


@pytest.mark.parametrize("mark", "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u0374\u2018\u2019\u201b\uff07", ids=ascii)
def test_every_apostrophe_is_the_same(mark: str) -> None:
    """Whatever a telephone makes of the key."""
    assert name_tokens(f"O{mark}Brien") == name_tokens("O'Brien") == ["obrien", "o", "brien"]
    assert tokens(f"O{mark}Brien") == ["obrien"]


@given(st.text(max_size=40))
@example("\u0149uala")
@example("1\u0374")
@example("\u0345\u1fb3")
def test_every_word_is_folded_and_finds_itself(name: str) -> None:
    """Also a letter that holds an apostrophe, or that only some fonts know."""
    for word in name_tokens(name):
        assert folded(word) == word
        assert tokens(word) == name_tokens(word) == [word]
