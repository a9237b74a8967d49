"""Whether two records may be one person: plain values in, a likeness with its reasons out. Pure.

No nickname is taken for a name: a list of them would need a source, and names of families differ from place to place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from inmind.foundation import text
from inmind.foundation.values import N_


class Reason(StrEnum):
    """Why two records are alike, or are not."""

    SAME_NAME = "same_name"
    TURNED_NAME = "turned_name"
    PART_OF_NAME = "part_of_name"
    NEAR_NAME = "near_name"
    EARLIER_NAME = "earlier_name"
    SAME_BIRTH = "same_birth"
    TURNED_BIRTH = "turned_birth"
    NEAR_BIRTH = "near_birth"
    OTHER_BIRTH = "other_birth"
    SAME_PHONE = "same_phone"
    SAME_MAIL = "same_mail"


WORDS: dict[str, str] = {
    Reason.SAME_NAME: N_("the same name, accents and capitals aside"),
    Reason.TURNED_NAME: N_("the same name, first and last turned around"),
    Reason.PART_OF_NAME: N_("one name is a part of the other"),
    Reason.NEAR_NAME: N_("names that differ by one letter"),
    Reason.EARLIER_NAME: N_("the same name, which one of them had earlier"),
    Reason.SAME_BIRTH: N_("the same birth date"),
    Reason.TURNED_BIRTH: N_("birth dates with day and month turned around"),
    Reason.NEAR_BIRTH: N_("birth dates that differ by one digit"),
    Reason.OTHER_BIRTH: N_("different birth dates"),
    Reason.SAME_PHONE: N_("the same phone number"),
    Reason.SAME_MAIL: N_("the same mail address"),
}

# What each reason weighs. Ours, and shown as ours: nobody's rule.
POINTS: dict[Reason, int] = {
    Reason.SAME_NAME: 4,
    Reason.TURNED_NAME: 3,
    Reason.PART_OF_NAME: 3,
    Reason.NEAR_NAME: 3,
    Reason.EARLIER_NAME: 4,
    Reason.SAME_BIRTH: 4,
    Reason.TURNED_BIRTH: 3,
    Reason.NEAR_BIRTH: 2,
    Reason.OTHER_BIRTH: -6,
    Reason.SAME_PHONE: 2,
    Reason.SAME_MAIL: 2,
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many points two records may be one person, and from how many an import takes them for one."""

    doubtful: int = 6
    same: int = 8


OURS = Thresholds()


@dataclass(frozen=True, slots=True)
class Plain:
    """What is known of a person, as far as it can tell her from others. Phones and mail as they were typed.

    earlier: given and family names that were right once; no reader of a likeness is shown them.
    """

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    phones: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    id: UUID | None = None
    earlier: frozenset[tuple[str, str]] = frozenset()

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        return self.earlier | {(self.given_name, self.family_name)}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records are, and why. No points and no reasons: nothing says that they are one person."""

    points: int = 0
    reasons: tuple[Reason, ...] = ()

    def is_doubtful(self, thresholds: Thresholds = OURS) -> bool:
        return self.points >= thresholds.doubtful

    def is_same(self, thresholds: Thresholds = OURS) -> bool:
        return self.points >= thresholds.same


UNLIKE = Likeness()


def likeness(one: Plain, other: Plain) -> Likeness:
    """How alike two people are. Without a name in common they are not: a family shares its phone, twins their birth."""
    name = _name_reason(one, other)
    if name is None:
        return UNLIKE
    reasons = [name]
    if one.birth_date is not None and other.birth_date is not None:
        reasons.append(_birth_reason(one.birth_date, other.birth_date))
    if digits_of(one.phones) & digits_of(other.phones):
        reasons.append(Reason.SAME_PHONE)
    if _mailboxes(one.mails) & _mailboxes(other.mails):
        reasons.append(Reason.SAME_MAIL)
    return Likeness(max(0, sum(POINTS[reason] for reason in reasons)), tuple(reasons))


def keys(person: Plain) -> set[str]:
    """The words under which whoever may be the same person is looked up, so that nobody is compared with everyone.

    Each usual slip leaves at least one key in common: a name with the birth date in either order, a name's beginnings, a
    number, a mailbox. Empty for a person without a name.
    """
    found = set()
    for given_name, family_name in person.names:
        given, family = text.tokens(given_name), text.tokens(family_name)
        for first in given[:2]:
            for last in family[:3]:
                found.add("n:" + "+".join(sorted((first[:4], last[:4]))))
        if given and person.birth_date is not None:
            low, high = sorted((person.birth_date.day, person.birth_date.month))
            found |= {f"b:{person.birth_date.year}-{low}-{high}+{word[:1]}" for word in (*given[:1], *family[:1])}
    if text.tokens(f"{person.given_name} {person.family_name}"):
        found |= {f"p:{number}" for number in digits_of(person.phones)}
        found |= {f"m:{mailbox}"[:80] for mailbox in _mailboxes(person.mails)}
    return found


def digits_of(phones: Iterable[str]) -> set[str]:
    """The last ten digits of each number that has seven or more; how it was typed does not matter."""
    plain = (re.sub(r"\D", "", typed) for typed in phones)
    return {digits[-10:] for digits in plain if len(digits) >= 7}


def _mailboxes(mails: Iterable[str]) -> set[str]:
    return {mail.strip().casefold() for mail in mails if "@" in mail}


def _name_reason(one: Plain, other: Plain) -> Reason | None:
    reason = _of_todays_names(one, other)
    if reason is Reason.SAME_NAME or not (one.earlier or other.earlier):
        return reason
    mine, theirs = ({_words(*name) for name in plain.names} - {NO_NAME} for plain in (one, other))
    return Reason.EARLIER_NAME if mine & theirs else reason


NO_NAME: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def _words(given_name: str, family_name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(text.tokens(given_name)), tuple(text.tokens(family_name))


def _of_todays_names(one: Plain, other: Plain) -> Reason | None:
    mine = text.tokens(one.given_name), text.tokens(one.family_name)
    theirs = text.tokens(other.given_name), text.tokens(other.family_name)
    if not (mine[0] + mine[1] and theirs[0] + theirs[1]):
        return None
    if mine == theirs:
        return Reason.SAME_NAME
    if mine == theirs[::-1]:
        return Reason.TURNED_NAME
    words, others = set(mine[0] + mine[1]), set(theirs[0] + theirs[1])
    if min(len(words), len(others)) >= 2 and (words <= others or others <= words):
        return Reason.PART_OF_NAME
    if _one_slip("".join(mine[0]), "".join(theirs[0])) + _one_slip("".join(mine[1]), "".join(theirs[1])) == 1:
        return Reason.NEAR_NAME
    return None


def _one_slip(one: str, other: str) -> int:
    """0: the same; 1: a letter more, less, other, or two turned around, in a word of four letters or more; else 2."""
    if one == other:
        return 0
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return 2
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    mine, theirs = one[start:], other[start:]
    turned = len(mine) > 1 and mine[:2] == theirs[:2][::-1] and mine[2:] == theirs[2:]
    return 1 if turned or mine[1:] == theirs[1:] or mine[1:] == theirs or mine == theirs[1:] else 2


def _birth_reason(one: date, other: date) -> Reason:
    if one == other:
        return Reason.SAME_BIRTH
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Reason.TURNED_BIRTH
    differing = sum(mine != theirs for mine, theirs in zip(one.isoformat(), other.isoformat(), strict=True))
    return Reason.NEAR_BIRTH if differing == 1 else Reason.OTHER_BIRTH


def only_differences(one: str, other: str) -> tuple[str, str]:
    """Two texts with everything that they share hidden: enough to choose between them, too little to read them.

    Letters that are the same in the same place are dots; where one slip lies between the two, also those before and after
    it. Otherwise all but the first letters is hidden: then there is nothing to choose by the letters, and whoever may read
    them has to.
    """
    mine, theirs = text.tokens(one), text.tokens(other)
    if mine != theirs:
        near = _around_a_slip(one, other) if _one_slip("".join(mine), "".join(theirs)) == 1 else None
        return near or (_hidden(one), _hidden(other))
    size = max(len(one), len(other))
    pairs = list(zip(one.ljust(size), other.ljust(size), strict=True))
    shown = ["".join(pair[side] if pair[0] != pair[1] else "·" for pair in pairs).rstrip() for side in (0, 1)]
    return shown[0], shown[1]


def _around_a_slip(one: str, other: str) -> tuple[str, str] | None:
    """What stands between the beginning and the end that two words share; None for more than the letters of one slip."""
    start, most = 0, min(len(one), len(other))
    while start < most and text.folded(one[start]) == text.folded(other[start]):
        start += 1
    end = 0
    while end < most - start and text.folded(one[-1 - end]) == text.folded(other[-1 - end]):
        end += 1
    shown = [word[start : len(word) - end] for word in (one, other)]
    if max(map(len, shown)) > 2:
        return None
    return f"{'·' * start}{shown[0]}{'·' * end}", f"{'·' * start}{shown[1]}{'·' * end}"


def _hidden(words: str) -> str:
    """The first letter and the length of each word."""
    return " ".join(word[:1] + "·" * (len(word) - 1) for word in words.split())
