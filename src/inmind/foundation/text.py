"""What text may be kept, and how names are folded so that a search without accents finds them. Pure."""

from __future__ import annotations

import unicodedata

from inmind.foundation.errors import BadInput, HostileText
from inmind.foundation.values import N_

# Letters whose accent is part of the letter, so that Unicode's decomposition leaves them as they are.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def checked(text: str, limit: int, *, field: str = "") -> str:
    """The text as it came, or a refusal that both databases share (they differ on all three, see `stack.md` 4).

    Raises HostileText for U+0000 and lone surrogates, BadInput beyond `limit` characters.
    """
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
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


def folded(text: str) -> str:
    """Lower case without accents: `María Ñúñez` and `maria nunez` fold alike; other scripts keep their letters."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


def tokens(text: str) -> list[str]:
    """The folded words of a name, in order: letters and digits of any script, split at everything else."""
    spaced = "".join(letter if letter.isalnum() else " " for letter in folded(text))
    return spaced.split()
