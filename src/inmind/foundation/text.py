"""What text may be kept, and how names are folded so that a search without accents finds them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from inmind.foundation.errors import BadInput, HostileText
from inmind.foundation.values import N_

Key = TypeVar("Key", bound=Hashable)
# Letters whose accent is part of the letter, so that Unicode's decomposition leaves them as they are.
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
# Marks inside a name that some write and some leave out: O'Brien, Kaʻiulani; Eun-ji.
_APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u0374\u2018\u2019\u201b\uff07"
_HYPHENS = "-\u2010\u2011\u2012\u2013\uff0d"
_WITHOUT_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)
_WITHOUT_HYPHENS = str.maketrans("", "", _APOSTROPHES + _HYPHENS)
_SPACED = str.maketrans(dict.fromkeys(_APOSTROPHES + _HYPHENS, " "))


MARK = (
    "\ufffd"  # stands where a character was that cannot be kept: put there by `marked`, or by whoever could not read it
)
_HOSTILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")


_LINE_END = re.compile("[\n\r\u2028\u2029]")


def checked(text: str, limit: int, *, field: str = "") -> str:
    """The text as it came, or a refusal that both databases share (they differ on all three, see `stack.md` 4).

    Raises HostileText for U+0000, lone surrogates and other control characters (tab and line ends may stand; marks that
    turn the direction of the text around may not; nor may the mark of a character that was lost), BadInput beyond
    `limit` characters.
    """
    if is_hostile(text):
        raise HostileText(
            N_("This text holds a character that cannot be stored."),
            N_("Letters of every script are welcome; invisible control characters are not."),
            N_("Type the text again instead of pasting it."),
            field=field,
        )
    if len(text) > limit:
        raise BadInput(
            N_("This text has %(length)s characters."),
            N_("There is room for %(limit)s."),
            N_("Shorten it, or put the rest in a note."),
            field=field,
            facts={"length": str(len(text)), "limit": str(limit)},
        )
    return text


def checked_line(text: str, limit: int, *, field: str = "") -> str:
    """A text of one line, or a refusal: as `checked`, and no line ends, which would make two of a name or a heading.

    Raises HostileText, and BadInput.
    """
    if _LINE_END.search(text):
        raise BadInput(
            N_("This text has more than one line."),
            N_("There is room for one."),
            N_("Write it on one line."),
            field=field,
        )
    return checked(text, limit, field=field)


def is_hostile(text: str) -> bool:
    """Whether a text holds a character that cannot be kept, or the mark of one."""
    return _HOSTILE.search(text) is not None


def marked(text: str) -> str:
    """The text with a visible mark in the place of each character that cannot be kept."""
    return _HOSTILE.sub(MARK, text)


def folded(text: str) -> str:
    """Lower case without accents: `María Ñúñez` and `maria nunez` fold alike; other scripts keep their letters."""
    apart = _apart(_apart(text).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


def _apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def tokens(text: str) -> list[str]:
    """The folded words of a search, in order: letters and digits of any script, split at everything else but apostrophes."""
    # Twice: folding turns one apostrophe into a space (U+00B4), and takes another out of a letter that holds it (U+0149).
    plain = folded(text.translate(_WITHOUT_APOSTROPHES)).translate(_WITHOUT_APOSTROPHES)
    return "".join(letter if _is_of_a_word(letter) else " " for letter in plain).split()


def name_tokens(name: str) -> list[str]:
    """The words under which a name is found, each once: `O'Brien` by obrien and brien, `Eun-ji` by eun, ji and eunji."""
    ways = (name, name.translate(_SPACED), name.translate(_WITHOUT_HYPHENS))
    return list(dict.fromkeys(token for way in ways for token in tokens(way)))


# Letters by their class in Unicode that nobody sees: they fill the place of a Hangul letter that is left out.
_UNSEEN_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def _is_of_a_word(letter: str) -> bool:
    """Letters that can be seen, digits, and the vowel signs that some scripts write as marks."""
    return letter not in _UNSEEN_LETTERS and (letter.isalnum() or unicodedata.category(letter).startswith("M"))


def apart(told: Mapping[Key, Sequence[str]]) -> dict[Key, str]:
    """What to call each of several by so few of its words that no other is called the same: the first, and where others
    share it, with the next ones in brackets. Empty words are left out; what has none left that differs stays alike."""
    return {key: _fewest(words, [other for at, other in told.items() if at != key]) for key, words in told.items()}


def _fewest(words: Sequence[str], others: Sequence[Sequence[str]]) -> str:
    count = next((n for n in range(1, len(words)) if not any(one[:n] == words[:n] for one in others)), len(words))
    more = ", ".join(word for word in words[1:count] if word)
    return f"{words[0]} ({more})" if more else words[0]


FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would run


def cell(words: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    said = str(words)
    return f"'{said}" if said.lstrip().startswith(FORMULA) or said.startswith(("\t", "\r")) else said
