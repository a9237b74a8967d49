"""A participants' log as several products write it, and what is no such log."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput
from inmind.learning.attendance import call_log
from inmind.learning.attendance.call_log import Log, read
from inmind.learning.attendance.presence import Span
from inmind.records import sheets

DETROIT = "America/Detroit"
# Saturday, 16 May 2026, 10:00 to 12:30 in Detroit.
HOURS = Span(datetime(2026, 5, 16, 14, 0, tzinfo=UTC), datetime(2026, 5, 16, 16, 30, tzinfo=UTC))

ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
876 1234 5678,Law and policy,05/16/2026 09:50:00 AM,05/16/2026 12:35:00 PM,host@example.org,165,2

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Ana Díaz (she/her),ana@example.org,05/16/2026 09:58:12 AM,05/16/2026 12:31:40 PM,154,No,No
Luz Marín,,05/16/2026 09:51:00 AM,05/16/2026 09:58:00 AM,7,Yes,Yes
Luz Marín,,05/16/2026 10:31:00 AM,05/16/2026 12:30:30 PM,120,Yes,No
"""
TEAMS = (
    "1. Summary\nMeeting title\tLaw and policy\nAttended participants\t2\n\n"
    "2. Participants\nName\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Ana Díaz\t5/16/26, 9:58:12 AM\t5/16/26, 12:31:40 PM\t2h 20m 13s\tana@example.org\tana@example.org\tPresenter\n\n"
    "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Ana Díaz\t5/16/26, 9:58:12 AM\t5/16/26, 11:00:00 AM\t1h 1m 48s\tana@example.org\tPresenter\n"
    "Ana Díaz\t5/16/26, 11:13:00 AM\t5/16/26, 12:31:40 PM\t1h 18m 40s\tana@example.org\tPresenter\n"
)
OLD_TEAMS = (
    "Full Name\tUser Action\tTimestamp\n"
    "Ana Díaz\tJoined\t5/16/2026, 9:58:12 AM\nAna Díaz\tLeft\t5/16/2026, 11:00:00 AM\n"
    "Ana Díaz\tJoined\t5/16/2026, 11:13:00 AM\nAna Díaz\tJoined before\t5/16/2026, 11:14:00 AM\n"
    "Ana Díaz\tLeft\t5/16/2026, 12:31:40 PM\nAna Díaz\tLeft\t5/16/2026, 12:31:41 PM\n"
    "Luz Marín\tJoined\t5/16/2026, 10:31:00 AM\nTom\tWaved\t5/16/2026, 10:31:00 AM\nTom\tLeft\tsoon\n"
)
MEET = (
    "First name,Last name,Email,Duration,Time joined,Time exited\n"
    "Ana,Díaz,ana@example.org,1 hr 50 min,9:58 AM,12:31 PM\nLuz,Marín,,2 hr,10:31 AM,12:31 PM\n"
)
WEBEX = (
    'Name,Attendee Email,Join Time,Leave Time,Attendance Duration\n"=""Ana Díaz""",ana@example.org,"=""2026-05-16 09:58:12""",'
    "2026-05-16 12:31:40,153 mins\n"
)
SPANISH = (
    "Nombre (nombre original);Correo electrónico;Hora de entrada;Hora de salida;Duración (minutos)\n"
    "Ana Díaz;ana@example.org;16/05/2026 09:58;16/05/2026 12:31;153\nTotal;;;;153\n"
)


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def stays(text: str, zone: str = DETROIT) -> list[tuple[str, str, str]]:
    return [
        (one.name, clock(one.span.since), clock(one.span.until)) for one in read(text, hours=HOURS, zone=zone).stays
    ]


def test_zoom() -> None:
    """Below its head; who only waited outside is left out."""
    assert stays(ZOOM) == [("Ana Díaz (she/her)", "13:58", "16:31"), ("Luz Marín", "14:31", "16:30")]


def test_teams() -> None:
    """By each joining and leaving, not by the first and the last."""
    assert stays(TEAMS) == [("Ana Díaz", "13:58", "15:00"), ("Ana Díaz", "15:13", "16:31")]
    assert stays(sheets.decoded(TEAMS.encode("utf-16"))) == stays(TEAMS)


def test_teams_with_the_first_and_the_last_alone() -> None:
    """Then what the log takes off without saying when is taken from the end."""
    (only,) = read(TEAMS.split("3. In")[0], hours=HOURS, zone=DETROIT).stays
    assert (only.away, clock(only.span.until)) == (13, "16:18")


def test_of_two_such_parts_the_first_is_read() -> None:
    """Where neither tells each joining and leaving."""
    part = "Name,First Join,Last Leave\nAna,10:00,12:30\n\n"
    assert stays(part + part.replace("Ana", "Luz")) == [("Ana", "14:00", "16:30")]


def test_logs_with_a_row_for_each_joining_and_leaving() -> None:
    """Paired, also where somebody joined twice; who is not seen to leave, and what is neither, wait for somebody."""
    log = read(OLD_TEAMS, hours=HOURS, zone=DETROIT)
    assert [(clock(one.span.since), clock(one.span.until)) for one in log.stays] == [
        ("13:58", "15:00"),
        ("15:13", "16:31"),
    ]
    assert {(one.name, one.why) for one in log.unread} == {
        ("Luz Marín", call_log.STILL_THERE),
        ("Tom", call_log.NO_TIME),
    }


def test_meet() -> None:
    """Hours without a day are of the day of the meeting; names stand in two columns."""
    log = read(MEET, hours=HOURS, zone=DETROIT)
    assert [(one.name, one.away) for one in log.stays] == [("Ana Díaz", 43), ("Luz Marín", 0)]


def test_webex_and_cells_that_were_made_a_text() -> None:
    """As spreadsheets are told that something is no number."""
    assert stays(WEBEX) == [("Ana Díaz", "13:58", "16:31")]


def test_spanish_with_the_day_first_and_a_total() -> None:
    """The day of the meeting tells which of day and month stands first; a total is nobody."""
    assert stays(SPANISH) == [("Ana Díaz", "13:58", "16:31")]


@pytest.mark.parametrize(
    ("join", "leave"),
    [
        ("2026-05-16T14:31:00Z", "2026-05-16T16:30:00Z"),
        ("2026-05-16 14:31:00 UTC", "2026-05-16 16:30:00.250 UTC"),
        ("2026-05-16 10:31 -04:00", "2026-05-16 12:30 -0400"),
        ("May 16, 2026 10:31 AM", "May 16, 2026 12:30 p.m."),
        ("16 mayo 2026 10:31", "16 mayo 2026 12:30"),
        ("16.05.2026, 10:31:00", "16.05.2026, 12:30:00"),
        ("2026/5/16 10:31", "2026/5/16 12:30"),
        ("5/16/26 10:31\u202fAM", "5/16/26 12:30\u202fPM"),
        ("10:31", "12:30"),
    ],
)
def test_dates_are_written_in_many_ways(join: str, leave: str) -> None:
    """A zone in the cell wins over the one that is named with the file."""
    assert stays(f"Name|Join time|Leave time\nAna|{join}|{leave}\n") == [("Ana", "14:31", "16:30")]


def test_a_zone_in_the_heading_wins() -> None:
    """Over the one that is named with the file."""
    log = "Name,Join Time (UTC),Leave Time (UTC)\nAna,2026-05-16 14:31,2026-05-16 16:30\n"
    assert stays(log) == stays(log.replace("UTC", "Etc/UTC")) == [("Ana", "14:31", "16:30")]
    here = log.replace("(UTC)", "(by the clock)").replace("14:31", "10:31").replace("16:30", "12:30")
    assert stays(here.replace("\nAna", "\n\nAna")) == [("Ana", "14:31", "16:30")]


def test_rows_without_a_time_wait_for_somebody() -> None:
    """Each with what is wrong with it; the others count."""
    log = (
        "Name,Email,Join Time,Leave Time\nAna,,10:00,12:30\nBackwards,,12:30,10:00\nLong,,2026-05-15 09:00,2026-05-16 10:01\n"
        "None,,,\nOdd,,10:99,12:30\nOdder,,13:00 PM,12:30\nOddest,,31/31/2026 10:00,12:30\nWordy,,Saturday 10:00,12:30\n,,10:00,12:30\n"
    )
    found = read(log, hours=HOURS, zone=DETROIT)
    assert [one.name for one in found.stays] == ["Ana"]
    assert {one.name: one.why for one in found.unread} == {
        "Backwards": call_log.BACKWARDS,
        "Long": call_log.TOO_LONG,
        **dict.fromkeys(("None", "Odd", "Odder", "Oddest", "Wordy"), call_log.NO_TIME),
    }


@pytest.mark.parametrize(
    "absurd",
    [
        "9999-12-31 23:30:00",
        "0001-01-01 00:30:00+14:00",
        "9999-12-31 23:30:00-12:00",
        "May 99999999999999999999 2026 10:00",
    ],
)
def test_a_day_that_no_calendar_has_waits_for_somebody_and_the_others_count(absurd: str) -> None:
    """At either end of the calendar no clock can be moved to another zone: such a row is one that says no time."""
    row = "Ana,ana@example.org,05/16/2026 10:00,05/16/2026 11:00"
    log = read(f"Name,Email,Joined,Left\n{row}\nBo,bo@example.org,{absurd},{absurd}\n", hours=HOURS, zone=DETROIT)
    assert [one.name for one in log.stays] == ["Ana"]
    assert [(one.name, one.why) for one in log.unread] == [("Bo", call_log.NO_TIME)]


def test_short_rows_are_read_as_far_as_they_go() -> None:
    """A cell that is missing is empty."""
    found = read("Name,Join Time,Leave Time\nAna,10:00,12:30\nTom,10:00\n", hours=HOURS, zone=DETROIT)
    assert [one.name for one in found.unread] == ["Tom"]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("92", 92), ("1:32:05", 92), ("1h 32m 5s", 92), ("1 hr 32 min", 92), ("", None), ("long", None), ("45 s", 0)],
)
def test_durations_are_written_in_many_ways(words: str, minutes: int | None) -> None:
    """In whole minutes."""
    assert call_log._minutes(words) == minutes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("First,Second\n1,2\n", "no participants", id="another table"),
        pytest.param("", "no participants", id="nothing"),
        pytest.param("Name,Duration\nAna,90\n", "how long each was there, and not when", id="minutes alone"),
        pytest.param("Name,Join Time,Leave Time\n", "nobody in this log", id="a heading alone"),
        pytest.param("Name,Join Time,Leave Time\nTotal,,\n", "nobody in this log", id="a total alone"),
        pytest.param(
            "Name,Join Time,Leave Time\nAna,2026-05-09 10:00,2026-05-09 12:30\n",
            "the log is of 2026-05-09",
            id="another day",
        ),
        pytest.param(
            "Name,Join Time,Leave Time\nAna,2026-05-16 06:00,2026-05-16 09:30\n", "by the clock", id="another clock"
        ),
        pytest.param(
            'Name,Join Time,Leave Time\n"' + "x" * 200_000 + '",1,2\n', "no participants", id="an endless cell"
        ),
        pytest.param("Name,Join Time,Leave Time\n" + "A,1,2\n" * 20_001, "more than 20,000", id="too many rows"),
    ],
)
def test_what_is_no_log_of_this_meeting_is_told(text: str, says: str) -> None:
    """With what to do."""
    with pytest.raises(BadInput) as refusal:
        read(text, hours=HOURS, zone=DETROIT)
    assert says in refusal.value.in_english()


def test_a_picture_is_no_log() -> None:
    """Whatever its name ends with."""
    with pytest.raises(BadInput):
        read(sheets.decoded(b"\x89PNG\r\n\x1a\n" + bytes(range(1, 200))), hours=HOURS, zone=DETROIT)


def test_ten_thousand_rows_are_read() -> None:
    """As of a meeting with everybody."""
    rows = "".join(f"P{number},p{number}@example.org,10:00,12:30\n" for number in range(10_000))
    assert len(read("Name,Email,Join Time,Leave Time\n" + rows, hours=HOURS, zone=DETROIT).stays) == 10_000


@given(st.text(max_size=400))
def test_any_text_is_read_or_told(text: str) -> None:
    """Nothing else happens."""
    with contextlib.suppress(BadInput):
        assert isinstance(read("Name,Join Time,Leave Time\n" + text, hours=HOURS, zone=DETROIT), Log)


@given(st.text(alphabet="0123456789:/-.,TZ+apm ", max_size=24))
def test_any_time_is_read_or_none(text: str) -> None:
    """Nothing else happens."""
    call_log._moment(text)
