"""Whether a person may be reached by a way, at this hour, with these words. Pure.

Every letter and every call asks here first. What nobody has asked yet is not safe. A way says when it is safe and how
much may be said there: a phone may lie on a kitchen table, a letter may be opened by somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Verdict


class Saying(IntEnum):
    """How much words tell, and how much may be told; the greater tells more."""

    NOTHING = 0  # neutral in sender, subject and words: who finds it learns nothing
    AGENCY = 1  # who writes or calls
    ANYTHING = 2  # also what it is about


SAYINGS: dict[Saying, str] = {
    Saying.NOTHING: N_("neutral words only"),
    Saying.AGENCY: N_("who is writing or calling, not what it is about"),
    Saying.ANYTHING: N_("also what it is about"),
}
EVERY_DAY = "1234567"
FEWEST_DIGITS = 7  # ours: a number within one area; no calling code is asked for
MOST_DIGITS, FEWEST_ABROAD = 15, 8  # E.164 allows fifteen with the country's code; so few are ours
_MAIL_NAME = r"[\w!#$%&'*+/=?^`{|}~-][\w!#$%&'*+/=?^`{|}~.-]{0,63}"
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*\d+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach somebody. safe None: not asked yet. after, before: the time of day within which it is safe, by the
    person's own clock; None: any. weekdays: 1 Monday to 7 Sunday; empty: every day."""

    channel: str
    address: str
    safe: bool | None
    after: time | None = None
    before: time | None = None
    weekdays: str = ""
    may_say: Saying = Saying.NOTHING


def check_number(number: str, *, field: str) -> None:
    """Raises BadInput for what nobody can dial: too few digits, or words among them."""
    dialled = _EXTENSION.sub("", number.strip())
    if sum(one.isdigit() for one in dialled) >= FEWEST_DIGITS and not any(one.isalpha() for one in dialled):
        return
    raise BadInput(
        N_("This is not a phone number."),
        N_("It has at least %(digits)s digits and no words."),
        N_("When and how to call is written down beside the number."),
        field=field,
        facts={"digits": str(FEWEST_DIGITS)},
    )


def text_number(number: str, *, field: str = "") -> str:
    """The number that a text message goes to, as E.164 writes it: `(202) 555-0142` is `+12025550142`.

    Without a country's code it is one of the United States: an area and a number that each begin with 2 to 9 (the North
    American plan, NXX-NXX-XXXX). Raises BadInput for anything else: a text that cannot arrive, or arrives with a stranger.
    """
    typed = number.strip()
    digits = re.sub(r"[ ().·\u00a0\u2010-\u2013/-]", "", typed)
    digits = re.sub(r"^(00|011)(?=[1-9])", "+", digits)
    if re.fullmatch(r"1?[2-9]\d\d[2-9]\d{6}", digits, re.ASCII):
        return f"+1{digits[-10:]}"
    is_abroad = re.fullmatch(rf"\+[2-9]\d{{{FEWEST_ABROAD - 1},{MOST_DIGITS - 1}}}", digits, re.ASCII)
    if is_abroad or re.fullmatch(r"\+1[2-9]\d\d[2-9]\d{6}", digits, re.ASCII):
        return digits
    raise BadInput(
        N_("No text message can go to “%(number)s”."),
        N_(
            "It needs the ten digits of a number with its area, such as (202) 555-0142, or + and the code of a country."
        ),
        N_("Read it back to the person whose it is."),
        field=field,
        facts={"number": typed[:40]},
    )


def spaced(number: str) -> str:
    """A number of E.164 as people read it aloud, where it is one of the North American plan."""
    return re.sub(r"^\+1(\d{3})(\d{3})(\d{4})$", r"+1 \1 \2 \3", number)


def check_mail(address: str, *, field: str = "") -> None:
    """Raises BadInput for what is not one mail address: nothing may hide a second reader in it."""
    name, _, place = address.strip().partition("@")
    if re.fullmatch(_MAIL_NAME, name, re.ASCII) and re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}", place):
        return
    raise BadInput(
        N_("This is not an email address."),
        N_("It is one address, such as rosa@example.org, without a name or a second address beside it."),
        N_("Read it back to the person whose it is."),
        field=field,
    )


def may_reach(way: Way, *, at: datetime, tells: Saying = Saying.NOTHING) -> Verdict:
    """Whether words that tell so much may go this way at this moment of the person's own clock, and why (not)."""
    if way.safe is None:
        return _no(N_("Nobody has asked yet whether this way is safe."))
    if not way.safe:
        return _no(N_("The person said that this way is not safe."))
    if tells > way.may_say:
        return _no(N_("These words tell more than the person said may be said there."))
    if not _is_time(way, at):
        return _no(N_("It is safe there at other times than this."))
    return Verdict(allowed=True, sentence=N_("The person said that this way is safe, at this time, for these words."))


def open_ways(ways: Iterable[Way], channel: str, *, at: datetime, tells: Saying = Saying.NOTHING) -> Iterator[Way]:
    """The ways of a channel that may be taken now."""
    return (way for way in ways if way.channel == channel and may_reach(way, at=at, tells=tells))


class Shut(StrEnum):
    """Why words can go to somebody by no way, at no hour: the first of these that is true."""

    NONE = "none"  # no such way is known
    NEVER = "never"  # one is safe, for other words than these or at no hour
    UNASKED = "unasked"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Choice:
    """By which ways words may go now, those of the channel that is tried first in front; else when the first of them
    opens; else why none will."""

    now: tuple[Way, ...] = ()
    opens: datetime | None = None
    shut: Shut | None = None


def choose(ways: Iterable[Way], channels: Sequence[str], *, at: datetime, tells: Saying = Saying.NOTHING) -> Choice:
    """How words that tell so much may reach somebody, by these channels and no others, at this moment of their own clock."""
    known = list(ways)
    there = [way for channel in channels for way in known if way.channel == channel]
    if now := tuple(way for way in there if may_reach(way, at=at, tells=tells)):
        return Choice(now)
    opening = [moment for channel in channels if (moment := next_time(there, channel, at=at, tells=tells))]
    if opening:
        return Choice(opens=min(opening))
    return Choice(shut=_shut({way.safe for way in there}))


def _shut(said: set[bool | None]) -> Shut:
    if True in said:
        return Shut.NEVER
    if None in said:
        return Shut.UNASKED
    return Shut.UNSAFE if said else Shut.NONE


def next_time(ways: Iterable[Way], channel: str, *, at: datetime, tells: Saying = Saying.NOTHING) -> datetime | None:
    """The first moment after this one at which a way of a channel may be taken; None where there is none within a week."""
    ways = list(ways)
    starts = sorted(
        datetime.combine(at.date() + timedelta(days=days), way.after or time.min, at.tzinfo)
        for days in range(8)
        for way in ways
    )
    return next(
        (start for start in starts if start > at and any(open_ways(ways, channel, at=start, tells=tells))), None
    )


def _is_time(way: Way, at: datetime) -> bool:
    if str(at.isoweekday()) not in (way.weekdays or EVERY_DAY):
        return False
    now, after, before = at.time(), way.after or time.min, way.before
    if before is None:
        return after <= now
    if after <= before:
        return after <= now < before
    return now >= after or now < before  # over midnight


def _no(sentence: str) -> Verdict:
    return Verdict(allowed=False, sentence=sentence)
