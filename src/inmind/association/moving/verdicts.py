"""What becomes of each row of a contact export: new, here already, here and other, doubtful with its reason, or not taken. Pure.

A verdict follows from what the row and the other rows say and from who is here, never from where in the file it stands: of
rows that are alike, the one that comes first by its content is the one that the others are like.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from inmind.association.moving.contacts import Contact, Status, contact_of, folded_name, is_mail, told_of_a_family
from inmind.association.periods import EARLIEST, LATEST
from inmind.foundation import text
from inmind.foundation.errors import InMindError
from inmind.foundation.values import N_
from inmind.records.columns import Order, order_of
from inmind.records.likeness import digits_of
from inmind.records.sheets import Row, Sheet

DATES = ("since", "renewal_due", "paid_through")


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    DOUBTFUL = "doubtful"
    OUT = "out"


class Why(StrEnum):
    """Why a row has its verdict."""

    UNREADABLE = "unreadable"
    TEXT = "text"
    NO_NAME = "no_name"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    NO_MEMBER = "no_member"
    NOT_PAID = "not_paid"
    LEVEL_OUT = "level_out"
    LEFT_OUT = "left_out"
    BEFORE = "before"
    HERE = "here"
    ROW = "row"
    OTHER = "other"
    NO_DAY = "no_day"
    TWO_DAYS = "two_days"
    NO_DATES = "no_dates"
    FAR = "far"
    TURNED = "turned"
    AHEAD = "ahead"
    STILL_PAID = "still_paid"
    STATUS = "status"
    LEVEL = "level"
    BUNDLE = "bundle"
    MAIL = "mail"
    FAMILY = "family"
    TWIN = "twin"
    SHARED = "shared"
    SHARED_HERE = "shared_here"
    LIKE_HERE = "like_here"
    CLASH = "clash"


SENTENCES: dict[Why, str] = {
    Why.UNREADABLE: N_("This row has another number of fields than the heading names."),
    Why.TEXT: N_("This row holds text that cannot be kept."),
    Why.NO_NAME: N_("This row has no name."),
    Why.ARCHIVED: N_("This contact was archived there."),
    Why.SUSPENDED: N_("This membership was suspended there."),
    Why.NO_MEMBER: N_("This contact is no member there. Only members come in."),
    Why.NOT_PAID: N_("This person asked to join there and has not paid yet."),
    Why.LEVEL_OUT: N_("You said that this level is left out."),
    Why.LEFT_OUT: N_("You left this row out before."),
    Why.BEFORE: N_("This row was taken in before."),
    Why.HERE: N_("This member is here, and the file says nothing new."),
    Why.ROW: N_("The same as row %(row)s."),
    Why.OTHER: N_("This member is here, and the file says something else."),
    Why.NO_DAY: N_("A date of this row is not a day, such as February 31."),
    Why.TWO_DAYS: N_("A date of this row may be two different days: the month or the day may come first."),
    Why.NO_DATES: N_("The row does not say from when and until when this membership runs."),
    Why.FAR: N_("A date of this row lies before 1900 or after 2200."),
    Why.TURNED: N_("The renewal is due before the membership began. One of the two dates is wrong."),
    Why.AHEAD: N_("The membership begins on a day that has not come yet."),
    Why.STILL_PAID: N_("The status says that the membership lapsed; the date says that it is paid."),
    Why.STATUS: N_("The status is a word that nobody knows here."),
    Why.LEVEL: N_("Nobody said yet which of your levels this one is."),
    Why.BUNDLE: N_("The row belongs to a bundle, and who coordinates it is not in the file."),
    Why.MAIL: N_("What stands as the mail address is none."),
    Why.FAMILY: N_("A cell of this row speaks of somebody's family. It is not taken."),
    Why.TWIN: N_("This may be the same person as row %(row)s."),
    Why.SHARED: N_("The same mailbox as row %(row)s, under another name."),
    Why.SHARED_HERE: N_("Somebody who is here has this mailbox, under another name."),
    Why.LIKE_HERE: N_("Somebody who is here may be the same person."),
    Why.CLASH: N_("Another membership of this person stands in the way: it begins on the same day."),
}
# Doubts that are about the row itself. Whoever takes it in says what is right; nobody else has to be looked at.
OF_DATES = frozenset((Why.NO_DAY, Why.TWO_DAYS, Why.NO_DATES, Why.FAR, Why.TURNED, Why.AHEAD, Why.STILL_PAID))
OF_PEOPLE = frozenset((Why.TWIN, Why.SHARED, Why.SHARED_HERE, Why.LIKE_HERE, Why.CLASH))


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict with its reason. row: the number of another row that it is about. person: whom it is about, here.

    adds: what the file adds to a member who is here, by key of a column; other: what it says otherwise, which stays as it is.
    """

    verdict: Verdict
    why: Why | None = None
    row: int = 0
    person: UUID | None = None
    adds: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


NEW = Found(Verdict.NEW)


@dataclass(frozen=True, slots=True)
class Line:
    """A row on its way in: what it says once its bundle has lent it level and dates, and what is found of it in the file.

    payer: the organization that pays for its bundle. own: a verdict that follows from the row itself; twin: from other rows.
    """

    number: int
    said: Contact = field(default_factory=Contact)
    payer: str = ""
    own: Found | None = None
    twin: Found | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A time for which somebody is a member here: of a level, from a day until the first that is not paid for."""

    level: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is here, as far as a row can be compared with them. mails folded, phones by their last ten digits."""

    id: UUID
    name: str
    mails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    paid: tuple[Paid, ...] = ()
    labels: frozenset[str] = frozenset()

    @property
    def folded_name(self) -> str:
        return folded_name(self.name)


class Ours:
    """The people of one association, to be found by a number of the other product, a mailbox or a name."""

    def __init__(self, members: Iterable[Member], numbers: Mapping[str, UUID]) -> None:
        self.members = {one.id: one for one in members}
        self.numbers = numbers
        self.by_mail: dict[str, list[UUID]] = defaultdict(list)
        self.by_name: dict[str, list[UUID]] = defaultdict(list)
        for one in sorted(self.members.values(), key=lambda member: member.id.int):
            for mail in one.mails:
                self.by_mail[mail].append(one.id)
            if one.folded_name:
                self.by_name[one.folded_name].append(one.id)

    def surely(self, said: Contact) -> Member | None:
        """Who a row is about without a doubt: by number with a word of the name in common, or by name and mailbox."""
        numbered = self.members.get(self.numbers[said.number]) if said.number in self.numbers else None
        if numbered is not None and set(text.tokens(said.name)) & set(text.tokens(numbered.name)):
            return numbered
        named = self.by_name.get(said.folded_name, ())
        return next((self.members[one] for one in named if self.members[one].mails & set(said.mailboxes)), None)

    def perhaps(self, said: Contact) -> Found | None:
        """Who a row may be about: of this number, of this name, or at this mailbox."""
        if said.number in self.numbers and self.numbers[said.number] in self.members:
            return Found(Verdict.DOUBTFUL, Why.LIKE_HERE, person=self.numbers[said.number])
        for one in self.by_name.get(said.folded_name, ()):
            return Found(Verdict.DOUBTFUL, Why.LIKE_HERE, person=one)
        for mail in said.mailboxes:
            for one in self.by_mail.get(mail, ()):
                return Found(Verdict.DOUBTFUL, Why.SHARED_HERE, person=one)
        return None


def lines_of(
    sheet: Sheet, mapping: Mapping[str, str], told: Order, levels: Mapping[str, str], today: date
) -> list[Line]:
    """Each row of a sheet, read and compared with the others.

    mapping: heading -> key of a column. levels: folded word of a level -> our level, empty where it is left out; a word that
    is missing was not said yet.
    """
    places = {mapping[name]: place for place, name in enumerate(sheet.heading) if mapping.get(name)}
    dates = [places[key] for key in DATES if key in places]
    order = told or order_of(row.cells[place] for row in sheet.rows if row.cells for place in dates)
    read = [_read(row, places, order) for row in sheet.rows]
    return compared([_judged(line, levels, today) for line in bundled(read)])


def _read(row: Row, places: Mapping[str, int], order: Order) -> Line:
    if row.cells is None:
        return Line(row.number, own=Found(Verdict.OUT, Why.UNREADABLE))
    try:
        return Line(row.number, contact_of({key: row.cells[place] for key, place in places.items()}, order))
    except InMindError:
        return Line(row.number, own=Found(Verdict.OUT, Why.TEXT))


def bundled(lines: Sequence[Line]) -> list[Line]:
    """The same lines; who belongs to a bundle has the level, the dates and the organization of who coordinates it.

    A bundle is named by the number or the mailbox of its coordinator, whose own row may name it too or leave it empty.
    """
    heads: dict[str, Line] = {}
    coordinators: dict[str, Line] = {}
    for line in sorted(lines, key=_by_content):
        said = line.said
        for key in (said.number.casefold(), *said.mailboxes):
            if key:
                heads.setdefault(key, line)
        if said.coordinates and said.bundle:
            coordinators.setdefault(said.bundle.casefold(), line)
    named = {line.said.bundle.casefold() for line in lines if line.said.bundle}
    found = []
    for line in lines:
        said = line.said
        key = said.bundle.casefold() or next(
            (one for one in (said.number.casefold(), *said.mailboxes) if one in named and heads[one] is line), ""
        )
        if not key or line.own is not None:
            found.append(line)
            continue
        head = coordinators.get(key) or heads.get(key)
        if head is None:
            found.append(replace(line, own=Found(Verdict.DOUBTFUL, Why.BUNDLE)))
            continue
        lent = head.said
        said = replace(
            said,
            level=said.level or lent.level,
            status=said.status or lent.status,
            since=said.since or lent.since,
            until=said.until or lent.until,
        )
        found.append(replace(line, said=said, payer=lent.organization))
    return found


def _judged(line: Line, levels: Mapping[str, str], today: date) -> Line:
    """A line with the verdict that follows from itself, if one does."""
    return (
        line
        if line.own is not None and line.own.verdict is Verdict.OUT
        else replace(line, own=_own(line, levels, today))
    )


def _own(line: Line, levels: Mapping[str, str], today: date) -> Found | None:
    said = line.said
    level = levels.get(word(said.level))
    out = {
        Why.NO_NAME: not text.tokens(said.name),
        Why.ARCHIVED: said.archived,
        Why.SUSPENDED: said.suspended,
        Why.NO_MEMBER: said.is_member is False or not (said.level or said.bundle),
        Why.NOT_PAID: said.status is Status.PENDING_NEW,
        Why.LEVEL_OUT: level == "",
    }
    for why, holds in out.items():
        if holds:
            return Found(Verdict.OUT, why)
    if line.own is not None:
        return line.own
    doubts = {
        Why.FAMILY: any(map(told_of_a_family, (said.organization, *said.labels))),
        Why.NO_DAY: said.no_day,
        Why.TWO_DAYS: said.two_days,
        Why.NO_DATES: said.since is None or said.until is None,
        Why.FAR: any(day is not None and not EARLIEST <= day <= LATEST for day in (said.since, said.until)),
        Why.TURNED: said.since is not None and said.until is not None and said.until <= said.since,
        Why.AHEAD: said.since is not None and said.since > today,
        Why.STILL_PAID: said.status is Status.LAPSED and said.until is not None and said.until > today,
        Why.STATUS: said.status is Status.UNKNOWN,
        Why.LEVEL: level is None,
        Why.MAIL: not all(map(is_mail, said.mails)),
    }
    return next((Found(Verdict.DOUBTFUL, why) for why, holds in doubts.items() if holds), None)


def words_of(said: Contact) -> str:
    """All that a row says, in one text: what tells it again whichever file brings it."""
    return "\x1f".join(str(getattr(said, name)) for name in _SAID)


_SAID = tuple(one.name for one in fields(Contact))


def _by_content(line: Line) -> tuple[object, ...]:
    number = line.said.number
    return (
        not number.isdecimal(),
        int(number) if number.isdecimal() else 0,
        line.said.folded_name,
        words_of(line.said),
    )


def compared(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each with what another of the file says about it."""
    whole: dict[str, int] = {}
    numbers: dict[str, int] = {}
    names: dict[str, int] = {}
    mails: dict[str, int] = {}
    twins: dict[int, Found] = {}
    for place in sorted(range(len(lines)), key=lambda one: _by_content(lines[one])):
        line, said = lines[place], lines[place].said
        if line.own is not None and line.own.verdict is Verdict.OUT:
            continue
        words, mail = words_of(said), next((one for one in said.mailboxes if one in mails), "")
        if words in whole:
            twins[place] = Found(Verdict.SAME, Why.ROW, row=lines[whole[words]].number)
        elif said.number and said.number in numbers:
            twins[place] = Found(Verdict.DOUBTFUL, Why.TWIN, row=lines[numbers[said.number]].number)
        elif said.folded_name in names:
            twins[place] = Found(Verdict.DOUBTFUL, Why.TWIN, row=lines[names[said.folded_name]].number)
        elif mail:
            twins[place] = Found(Verdict.DOUBTFUL, Why.SHARED, row=lines[mails[mail]].number)
        whole.setdefault(words, place)
        numbers.setdefault(said.number, place)
        names.setdefault(said.folded_name, place)
        for one in said.mailboxes:
            mails.setdefault(one, place)
    return [replace(line, twin=twins.get(place)) for place, line in enumerate(lines)]


def judge(line: Line, ours: Ours, levels: Mapping[str, str], before: Why | None = None) -> Found:
    """The verdict on a line as the records stand now. before: whether a row that says the same was taken in or left out.

    levels: as for `lines_of`; a line without a verdict of its own has one of ours.
    """
    if line.own is not None and line.own.verdict is Verdict.OUT:
        return line.own
    if line.twin is not None and line.twin.verdict is Verdict.SAME:
        return line.twin
    if before is not None:
        return Found(Verdict.OUT if before is Why.LEFT_OUT else Verdict.SAME, before)
    here = ours.surely(line.said)
    if line.own is not None:  # what is wrong with the row is asked beside whom it is surely about
        return replace(line.own, person=here.id if here is not None else None)
    if here is not None:
        adds, other = differences(line.said, here, levels[word(line.said.level)])
        if not adds and not other:
            return Found(Verdict.SAME, Why.HERE, person=here.id)
        return Found(Verdict.DIFFERS, Why.OTHER, person=here.id, adds=adds, other=other)
    return line.twin or ours.perhaps(line.said) or NEW


def differences(said: Contact, here: Member, level: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a row adds to a member who is here, and what it says otherwise."""
    adds = {
        "mail": bool(set(said.mailboxes) - here.mails),
        "phone": bool(digits_of(said.phones) - here.phones),
        "labels": bool(set(said.labels) - here.labels),
        "renewal_due": missing(said, here.paid, level) is not None,
    }
    until = said.until
    elsewhere = [
        one for one in here.paid if one.level != level and until is not None and one.since < until <= one.until
    ]
    other = {"name": said.folded_name != here.folded_name, "level": bool(elsewhere)}
    return tuple(key for key, holds in adds.items() if holds), tuple(key for key, holds in other.items() if holds)


def missing(said: Contact, paid: Sequence[Paid], level: str) -> Paid | None:
    """The time at the end of what a row says that is paid for and not here yet; None where there is none. Nothing that is here
    is made shorter."""
    until, latest = said.until, max((one.until for one in paid), default=None)
    if until is None or said.since is None or (latest is not None and latest >= until):
        return None
    return Paid(level, said.since if latest is None else max(latest, said.since), until)


def times_of(said: Contact, level: str) -> tuple[Paid, ...]:
    """The times of a new member: as the years of the file tell them, else from when to when in one. The last ends as it says.

    A row that is taken in has both dates.
    """
    since, until = said.since, said.until
    assert since is not None
    assert until is not None
    last = date.fromordinal(until.toordinal() - 1).year
    runs: list[list[int]] = []
    for year in sorted({one for one in said.years if one < last} | {last} if said.years else ()):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    if not runs:
        return (Paid(level, since, until),)
    times = [[date(run[0], 1, 1), date(run[-1] + 1, 1, 1)] for run in runs]
    times[0][0] = max(times[0][0], min(since, date(runs[0][-1], 12, 31)))
    times[-1][1] = until
    return tuple(Paid(level, first, end) for first, end in times if first < end)


@dataclass(frozen=True, slots=True)
class Total:
    """One level with one status, counted in the file: its rows, and of them each verdict."""

    level: str
    status: Status
    rows: int
    of: Mapping[Verdict, int]


def totals(lines: Sequence[Line], found: Sequence[Verdict]) -> list[Total]:
    """The file counted by level and status, and what becomes of these rows. Each row is counted once."""
    counted: dict[tuple[str, Status], Counter[Verdict]] = defaultdict(Counter)
    for line, verdict in zip(lines, found, strict=True):
        counted[line.said.level, line.said.status][verdict] += 1
    return [
        Total(level, status, sum(of.values()), dict(of))
        for (level, status), of in sorted(counted.items(), key=lambda pair: (text.folded(pair[0][0]), pair[0]))
    ]


def word(said: str) -> str:
    """A word of the file as it is remembered: folded, and no longer than its column."""
    return text.folded(said)[:200]


def level_words(lines: Iterable[Line]) -> dict[str, str]:
    """The words by which the file calls its levels: as they are remembered, and as they are written."""
    return _written(line.said.level for line in lines if line.said.level)


def organization_words(lines: Iterable[Line]) -> tuple[dict[str, str], Counter[str]]:
    """The organizations of rows that come in or wait, as `level_words`, and how many rows name each. What speaks of a family is
    none."""
    named = [
        said
        for line in lines
        if line.own is None or line.own.verdict is not Verdict.OUT
        for said in dict.fromkeys((line.said.organization, line.payer))
        if said and not told_of_a_family(said)
    ]
    return _written(named), Counter(map(word, named))


def _written(words: Iterable[str]) -> dict[str, str]:
    """Words as they are remembered, in order; of the ways in which one is written, the same whatever the order of rows."""
    found: dict[str, str] = {}
    for said in words:
        key = word(said)
        found[key] = min(found.get(key, said), said)
    return dict(sorted(found.items()))


def shared_mailboxes(lines: Iterable[Line]) -> frozenset[str]:
    """The mailboxes that rows of several names have in common."""
    names: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for mail in line.said.mailboxes:
            names[mail].add(line.said.folded_name)
    return frozenset(mail for mail, some in names.items() if len(some) > 1)


def paid_on(lines: Iterable[Line], on: date) -> Counter[str]:
    """How many members are paid for on a day as the file tells it, by the folded word of their level; rows that are not taken
    and rows that say the same as another are no members."""
    return Counter(
        word(line.said.level)
        for line in lines
        if line.own is None or line.own.verdict is not Verdict.OUT
        if line.twin is None or line.twin.verdict is not Verdict.SAME
        if line.said.since is not None and line.said.until is not None and line.said.since <= on < line.said.until
    )
