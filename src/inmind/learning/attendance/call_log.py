"""Reads the participants' log of a video meeting: who joined and left when. Pure.

Zoom, Teams, Meet, Webex and others write it each in their way, which changes with the year: columns are found by their names,
in English or Spanish, below whatever stands above them. Nothing is guessed: which of day and month stands first is told by the
day of the meeting, and a clock without a zone is the one that whoever brings the file names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from inmind.foundation.errors import BadInput
from inmind.foundation.text import folded, tokens
from inmind.foundation.values import N_
from inmind.learning.attendance.presence import Span

MOST_ROWS = 20_000  # ours
MOST_LETTERS = 120  # of a name or an address that is kept
A_DAY = timedelta(hours=24)

# What columns are called, folded and without marks.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("name", "name original name", "user name", "participant", "participant name", "attendee", "attendee name"),
        *("display name", "full name", "nombre", "nombre nombre original", "nombre completo", "participante"),
    ),
    "first": ("first name", "nombre de pila"),
    "last": ("last name", "family name", "apellido", "apellidos"),
    "mail": (
        *(
            "email",
            "e mail",
            "user email",
            "email address",
            "mail",
            "attendee email",
            "participant email",
            "work email",
        ),
        *("correo", "correo electronico", "correo electronico del usuario", "direccion de correo electronico"),
    ),
    "joined": (
        *("join time", "joined", "time joined", "joined at", "join", "entered", "first seen at", "attendee join time"),
        *("hora de entrada", "hora de union", "hora de ingreso", "se unio", "entrada"),
    ),
    "left": (
        *("leave time", "left", "time exited", "left at", "leave", "exited", "time left", "attendee leave time"),
        *("hora de salida", "salio", "salida"),
    ),
    "minutes": (
        *(
            "duration",
            "duration minutes",
            "attendance duration",
            "time in call",
            "in meeting duration",
            "time in session",
        ),
        *("time in session minutes", "duracion", "duracion minutos"),
    ),
    "waited": ("in waiting room", "waiting room", "en sala de espera"),
    "did": ("user action", "action", "accion del usuario"),
    "at": ("timestamp", "marca de tiempo", "marca de hora"),
}
_CALLED = {words: key for key, many in _NAMES.items() for words in many}
# Of the same log, only when somebody first came and last went: used where the times of each stay are not told.
_FROM_TO = {"first join": "joined", "last leave": "left", "primera union": "joined", "ultima salida": "left"}
_TOTALS = frozenset(("total", "totals", "totales", "suma", "sum", "grand total", "total participants", "participants"))
_YES = frozenset(("yes", "si", "true", "1"))
_ZONES = frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Stay:
    """One row: who, from when to when. away: whole minutes of it that the log takes off without saying when, which are
    taken from its end here."""

    row: int
    name: str
    mail: str
    span: Span
    away: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of somebody that says no time that can be: which, who, and why; to translate."""

    row: int
    name: str
    mail: str
    why: str


@dataclass(frozen=True, slots=True)
class Log:
    """What a log says: stays, and the rows that need somebody to look."""

    stays: tuple[Stay, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time as it stands there: on a day or, where none is written, on the meeting's; in a zone where one is written."""

    days: tuple[date, ...]  # as month first, and as day first; the same twice, or none
    at: time
    offset: timedelta | None = None


def read(text: str, *, hours: Span, zone: str) -> Log:
    """What a log says of a meeting. zone: the clock of the file, where it names none itself.

    Raises BadInput for what is no such log, for one of another day, and for one that is too long.
    """
    places, heading, below = _found(text)
    told = _zone_in(heading) or zone
    by_day_first = _day_stands_first(below, places, hours, told)
    stays: list[Stay] = []
    unread: list[Unread] = []
    for number, cells in _people(below, places):
        one = _read_row(number, cells, places, hours, told, by_day_first)
        (stays if isinstance(one, Stay) else unread).append(one)  # type: ignore[arg-type]
    if "did" in places:
        stays, unread = _paired(stays, unread, hours)
    _check(stays, unread, hours, told)
    return Log(tuple(stays), tuple(unread))


def _found(text: str) -> tuple[dict[str, int], list[str], list[tuple[int, list[str]]]]:
    """The heading and the rows below it, cut by the mark that gives one. Raises BadInput."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    told: list[BadInput] = []
    for mark in ",;\t|":
        try:
            return _heading(list(_rows(lines, mark)))
        except BadInput as refusal:
            told.append(refusal)
    raise max(told, key=lambda one: one.found != NO_LOG)


def _rows(lines: Sequence[str], mark: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers."""
    reader = csv.reader([line + "\n" for line in lines], delimiter=mark)
    try:
        for cells in reader:
            yield reader.line_num, [_cell(one) for one in cells]
            if reader.line_num > MOST_ROWS:
                raise BadInput(
                    N_("This file has more than 20,000 rows."),
                    N_("The log of one meeting is shorter."),
                    N_("Choose the participants of this meeting alone."),
                    field="file",
                )
    except csv.Error as fault:
        raise _no_log() from fault


def _cell(words: str) -> str:
    """The words of a cell, also where a spreadsheet was told that they are a text (`="10:31"`, `'10:31`)."""
    said = words.strip()
    if said.startswith('="') and said.endswith('"'):
        said = said[2:-1]
    return " ".join(said.removeprefix("'").split())


def _heading(rows: Sequence[tuple[int, list[str]]]) -> tuple[dict[str, int], list[str], list[tuple[int, list[str]]]]:
    """Where the columns stand, their names, and the rows of that part of the file. Raises BadInput."""
    best: tuple[int, dict[str, int]] | None = None
    only_minutes = False
    for place, (_number, cells) in enumerate(rows):
        found = _columns(cells)
        if "name" not in found and "first" not in found:
            continue
        if {"joined", "left"} <= set(found) or {"did", "at"} <= set(found):
            exact = not any(_plain(cell) in _FROM_TO for cell in cells)
            if best is None or exact:
                best = place, found
            if exact:
                break
        only_minutes = only_minutes or "minutes" in found
    if best is None:
        if only_minutes:
            raise BadInput(
                N_("This log says how long each was there, and not when."),
                N_(
                    "What lies before the beginning and after the end does not count, so each joining and leaving is needed."
                ),
                N_("Download it once more with the times of joining and leaving, such as without “unique users”."),
                field="file",
            )
        raise _no_log()
    place, found = best
    below: list[tuple[int, list[str]]] = []
    for number, cells in rows[place + 1 :]:
        if not any(cells):
            if below:
                break  # the next part of the file
            continue
        below.append((number, cells))
    return found, rows[place][1], below


def _columns(cells: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words, bare = _plain(cell), _plain(cell.partition("(")[0])
        key = _CALLED.get(words) or _FROM_TO.get(words) or _CALLED.get(bare)
        if key is not None:
            found.setdefault(key, place)
    return found


def _plain(cell: str) -> str:
    """A heading's words."""
    return " ".join(tokens(cell))


def _zone_in(heading: Iterable[str]) -> str:
    """The zone that a heading names, such as `Join Time (UTC)`; empty where none does."""
    for cell in heading:
        for words in re.findall(r"\(([^)]*)\)", cell):
            if said := _zone_called(words):
                return said
    return ""


def _zone_called(words: str) -> str:
    said = words.strip()
    if said.upper() in {"UTC", "GMT", "Z"}:
        return "UTC"
    return said if "/" in said and said in _ZONES else ""


def _people(
    below: Iterable[tuple[int, list[str]]], places: Mapping[str, int]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of somebody: no totals, nobody who only waited outside."""
    for number, cells in below:
        said = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
        name = said.get("name") or f"{said.get('first', '')} {said.get('last', '')}".strip()
        said = {**said, "name": name[:MOST_LETTERS], "mail": said.get("mail", "")[:MOST_LETTERS]}
        if folded(name).strip(" :") in _TOTALS or not (name or said["mail"]):
            continue
        if folded(said.get("waited", "")) in _YES:
            continue
        yield number, said


# Times

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?\s?m\.?)?"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_TWO = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *(("jan", "ene"), ("feb",), ("mar",), ("apr", "abr"), ("may",), ("jun",), ("jul",), ("aug", "ago")),
            *(("sep",), ("oct",), ("nov",), ("dec", "dic")),
        ),
        start=1,
    )
    for name in names
}


def _moment(words: str) -> _Moment | None:
    """A moment as it is written, or None."""
    said = words.replace("\u202f", " ").strip()
    said = re.sub(r"(?<=\d)T(?=\d)", " ", said)
    found = _CLOCK.search(said)
    if found is None:
        return None
    at = _time(found)
    days = _days(said[: found.start()].strip(" ,"))
    if at is None or days is None:
        return None
    return _Moment(days, at, _offset(found["zone"]))


def _time(found: re.Match[str]) -> time | None:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None


def _offset(words: str | None) -> timedelta | None:
    if not words:
        return None
    if words[0] not in "+-":
        return timedelta()
    sign = -1 if words[0] == "-" else 1
    return sign * timedelta(hours=int(words[1:3]), minutes=int(words[-2:]))


def _days(said: str) -> tuple[date, ...] | None:
    """The days that a date may mean: month first, then day first; none where no date is written; None: it is no date."""
    if not said:
        return ()
    if iso := _ISO.fullmatch(said):
        return _both((int(iso[1]), int(iso[2]), int(iso[3])), None)
    if two := _TWO.fullmatch(said):
        year = int(two[3]) + (2000 if len(two[3]) == 2 else 0)
        return _both((year, int(two[1]), int(two[2])), (year, int(two[2]), int(two[1])))
    words = tokens(said)
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    months = [_MONTHS[word[:3]] for word in words if not word.isdigit() and word[:3] in _MONTHS]
    if len(numbers) == 2 and len(months) == 1:
        day, year = sorted(numbers)
        return _both((year, months[0], day), None)
    return None


def _both(one: tuple[int, int, int], other: tuple[int, int, int] | None) -> tuple[date, ...] | None:
    days = tuple(found for each in (one, other or one) if (found := _date(each)) is not None)
    return None if not days else days if len(days) == 2 else days * 2


def _date(parts: tuple[int, int, int]) -> date | None:
    """None also for the first and the last year of the calendar, in which no clock can be moved to another zone."""
    try:
        found = date(*parts)
    except (ValueError, OverflowError):
        return None
    return found if date.min.year < found.year < date.max.year else None


def _day_stands_first(
    below: Sequence[tuple[int, list[str]]], places: Mapping[str, int], hours: Span, zone: str
) -> bool:
    """Whether dates are written day first: told by which reading lies nearer to the day of the meeting, for the whole file."""
    key = "joined" if "joined" in places else "at"
    held = hours.since.astimezone(ZoneInfo(zone)).date()
    apart = [0, 0]
    for _number, said in _people(below, places):
        moment = _moment(said[key])
        if moment is not None and moment.days:
            for way in (0, 1):
                apart[way] += abs((moment.days[way] - held).days)
    return apart[1] < apart[0]


def _in_utc(moment: _Moment, hours: Span, zone: str, day_first: bool) -> datetime:
    place = ZoneInfo(zone)
    day = moment.days[int(day_first)] if moment.days else hours.since.astimezone(place).date()
    there = datetime.combine(day, moment.at)
    if moment.offset is not None:
        return (there - moment.offset).replace(tzinfo=UTC)
    return there.replace(tzinfo=place).astimezone(UTC)


def _read_row(
    number: int, said: Mapping[str, str], places: Mapping[str, int], hours: Span, zone: str, day_first: bool
) -> Stay | Unread:
    name, mail = said["name"], said["mail"]
    if "did" in places:
        return _read_step(number, said, hours, zone, day_first)
    joined, left = _moment(said["joined"]), _moment(said["left"])
    if joined is None or left is None:
        return Unread(number, name, mail, NO_TIME)
    since, until = (_in_utc(one, hours, zone, day_first) for one in (joined, left))
    if until < since:
        return Unread(number, name, mail, BACKWARDS)
    if until - since > A_DAY:
        return Unread(number, name, mail, TOO_LONG)
    away = _away(said.get("minutes", ""), until - since)
    return Stay(number, name, mail, Span(since, until - timedelta(minutes=away)), away)


NO_TIME = N_("This row says no time that can be read.")
BACKWARDS = N_("This row says that they left before they joined.")
TOO_LONG = N_("This row says that they were there for more than a day.")
STILL_THERE = N_("This log says that they joined, and not when they left.")


def _away(words: str, long: timedelta) -> int:
    """The minutes that a log takes off a stay without saying when, beyond what rounding explains."""
    told = _minutes(words)
    whole = int(long.total_seconds() // 60)
    return whole - told if told is not None and told < whole - 1 else 0


def _minutes(words: str) -> int | None:
    """Whole minutes of `92`, `1:32:05`, `1h 32m 5s`, `1 hr 32 min`; None where it is none of these."""
    said = words.lower()
    if re.fullmatch(r"\d{1,5}", said):
        return int(said)
    if clock := re.fullmatch(r"(\d{1,3}):(\d{2}):(\d{2})", said):
        return int(clock[1]) * 60 + int(clock[2])
    parts = re.findall(r"(\d{1,5})\s*(h|m|s)", said)
    if not parts:
        return None
    each = {"h": 3600, "m": 60, "s": 1}
    return sum(int(count) * each[kind] for count, kind in parts) // 60


# Logs that write each joining and leaving in a row of its own

_JOINED, _LEFT = ("joined", "se unio"), ("left", "salio", "abandono")


def _read_step(number: int, said: Mapping[str, str], hours: Span, zone: str, day_first: bool) -> Stay | Unread:
    """A joining or a leaving, as a stay of no length; `away` tells which."""
    moment, did = _moment(said["at"]), folded(said["did"])
    if moment is None or not did.startswith((*_JOINED, *_LEFT)):
        return Unread(number, said["name"], said["mail"], NO_TIME)
    at = _in_utc(moment, hours, zone, day_first)
    return Stay(number, said["name"], said["mail"], Span(at, at), int(did.startswith(_LEFT)))


def _paired(steps: list[Stay], unread: list[Unread], hours: Span) -> tuple[list[Stay], list[Unread]]:
    """Stays of joinings and the leavings after them. Who joined and is not seen to leave needs somebody to look."""
    of: dict[tuple[str, str], list[Stay]] = {}
    for step in steps:
        of.setdefault((folded(step.name), step.mail.lower()), []).append(step)
    stays, rest = [], list(unread)
    for several in of.values():
        since: Stay | None = None
        for step in sorted(several, key=lambda one: (one.span.since, one.away)):
            if step.away and since is not None:
                stays.append(Stay(since.row, since.name, since.mail, Span(since.span.since, step.span.since)))
                since = None
            elif not step.away and since is None:
                since = step
        if since is not None:
            rest.append(Unread(since.row, since.name, since.mail, STILL_THERE))
    return stays, rest


def _check(stays: Sequence[Stay], unread: Sequence[Unread], hours: Span, zone: str) -> None:
    if not (stays or unread):
        raise BadInput(
            N_("There is nobody in this log."),
            N_("Each row below the names of the columns is somebody who joined."),
            N_("Choose the participants of this meeting."),
            field="file",
        )
    if stays and not any(one.span.since < hours.until and one.span.until > hours.since for one in stays):
        place = ZoneInfo(zone)
        raise BadInput(
            N_(
                "Nobody in this log was there during the meeting: the log is of %(found)s, the meeting of %(expected)s."
            ),
            N_("The log of this meeting is needed, read by the clock that it was written by."),
            N_("Choose the file of this meeting, or another clock for it."),
            field="file",
            facts={
                "found": f"{min(one.span.since for one in stays).astimezone(place):%Y-%m-%d %H:%M}",
                "expected": f"{hours.since.astimezone(place):%Y-%m-%d %H:%M}",
            },
        )


NO_LOG = N_("This is no participants’ log that can be read.")


def _no_log() -> BadInput:
    return BadInput(
        NO_LOG,
        N_("It has columns for the name, the time of joining and the time of leaving."),
        N_("Download the participants’ log of the meeting as CSV, and choose it here."),
        field="file",
    )
