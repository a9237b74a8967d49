"""Whether words that leave the house tell a way to reach somebody that is not safe. Pure.

What nobody has asked yet is not safe. A number that is safe by another channel may be told. A number is known by its last seven
digits in whatever script they are written, a mail address also where its signs are spelled out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from inmind.people.reaching import FEWEST_DIGITS, Way

NATIONAL = 10  # digits of a number with its area; what stands before them is the country's code
_AT, _DOT = r"\W+(?:(?:at|arroba)\W+)?", r"\W+(?:(?:dot|punto)\W+)?"


def unsafe_in(words: str, ways: Iterable[Way]) -> Way | None:
    """The first way of somebody that these words tell and that is not known to be safe; None where there is none."""
    known = list(ways)
    safe = {_key(way) for way in known if way.safe}
    said = _plain(words)
    for way in known:
        if way.safe:  # taken out first, so that no other is found within it
            said = re.sub(_pattern(way, NATIONAL), "|", said)
    return next((way for way in known if not way.safe and _key(way) not in safe and _tells(said, way)), None)


def _tells(said: str, way: Way) -> bool:
    return re.search(_pattern(way, FEWEST_DIGITS), said) is not None


def _pattern(way: Way, most: int) -> str:
    """How a way is found in words: by the last digits of a number, with anything but digits and `|` between them; by the parts
    of an address."""
    digits = _digits(way)
    if digits:
        return r"[^\d|]*".join(digits[-most:])
    name, at, place = _plain(way.address.strip()).partition("@")
    parts = _AT.join(_DOT.join(map(re.escape, one.split("."))) for one in (name, place) if one)
    return rf"(?<!\w){parts}(?!\w)" if at else r"\s+".join(map(re.escape, name.split()))


def _key(way: Way) -> str:
    return _digits(way)[-NATIONAL:] or _plain(way.address.strip())


def _digits(way: Way) -> str:
    """The digits of a number; nothing of what is no number."""
    digits = re.sub(r"\D", "", _plain(way.address))
    return digits if way.channel in {"phone", "text"} and len(digits) >= FEWEST_DIGITS else ""


def _plain(words: str) -> str:
    """Words without signs that nobody sees, their digits as 0 to 9, in one case."""
    seen = (one for one in unicodedata.normalize("NFKC", words) if unicodedata.category(one) != "Cf")
    return "".join(str(unicodedata.digit(one, one)) for one in seen).casefold()
