"""How near a deadline is: by the minutes that really pass, and by the days on the wall of the place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation import clock
from inmind.foundation.deadlines import Nearness, deadline
from inmind.foundation.templatetags.house import due

CHICAGO, HONOLULU = "America/Chicago", "Pacific/Honolulu"
# Noon in Chicago on a Tuesday; 6 hours behind UTC in winter.
NOON = datetime(2026, 2, 3, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "nearness", "count"),
    [
        (timedelta(minutes=50), Nearness.IN_MINUTES, 50),
        (timedelta(minutes=59, seconds=59), Nearness.IN_MINUTES, 59),
        (timedelta(minutes=1), Nearness.IN_MINUTES, 1),
        (timedelta(seconds=59), Nearness.NOW, 0),
        (timedelta(0), Nearness.NOW, 0),
        (timedelta(seconds=-59), Nearness.NOW, 0),
        (timedelta(minutes=-1), Nearness.MINUTES_LATE, 1),
        (timedelta(minutes=-59), Nearness.MINUTES_LATE, 59),
        (timedelta(hours=-1), Nearness.HOURS_LATE, 1),
        (timedelta(hours=-2, minutes=-59), Nearness.HOURS_LATE, 2),
        (timedelta(hours=-24), Nearness.DAYS_LATE, 1),
        (timedelta(days=-9, hours=-5), Nearness.DAYS_LATE, 9),
        (timedelta(hours=1), Nearness.TODAY, 0),
        (timedelta(hours=11, minutes=59), Nearness.TODAY, 0),
        (timedelta(hours=12), Nearness.TOMORROW, 0),
        (timedelta(hours=35, minutes=59), Nearness.TOMORROW, 0),
        (timedelta(hours=36), Nearness.LATER, 0),
    ],
    ids=lambda value: str(value),
)
def test_a_deadline_is_said_by_how_near_it_is(after: timedelta, nearness: Nearness, count: int) -> None:
    """Counted from noon in Chicago."""
    said = deadline(NOON + after, NOON, CHICAGO)
    assert (said.nearness, said.count) == (nearness, count)
    assert said.is_late is (after <= timedelta(minutes=-1))


@pytest.mark.parametrize(
    ("now", "due_at", "zone", "nearness", "clock_says"),
    [
        # 11:30 p.m.; due 20 minutes past midnight: minutes are nearer than the word tomorrow.
        ("2026-02-04T05:30Z", "2026-02-04T06:20Z", CHICAGO, Nearness.IN_MINUTES, "00:20"),
        # 11:30 p.m.; due at 1:30 in the night: another day on the wall.
        ("2026-02-04T05:30Z", "2026-02-04T07:30Z", CHICAGO, Nearness.TOMORROW, "01:30"),
        # Half past midnight; due at 11 p.m. the same day.
        ("2026-02-04T06:30Z", "2026-02-05T05:00Z", CHICAGO, Nearness.TODAY, "23:00"),
        # The same two moments are tomorrow in Chicago and today in Honolulu.
        ("2026-02-04T05:30Z", "2026-02-04T07:30Z", HONOLULU, Nearness.TODAY, "21:30"),
        # 8 March 2026, 1:30 a.m. in Chicago; at 2 the clock jumps to 3. One hour later it is 3:30.
        ("2026-03-08T07:30Z", "2026-03-08T08:30Z", CHICAGO, Nearness.TODAY, "03:30"),
        # 50 minutes across the jump are 50 minutes, whatever the wall says.
        ("2026-03-08T07:30Z", "2026-03-08T08:20Z", CHICAGO, Nearness.IN_MINUTES, "03:20"),
        # 1 November 2026: 1:30 a.m. comes twice. From the first to the second is one hour.
        ("2026-11-01T06:30Z", "2026-11-01T07:30Z", CHICAGO, Nearness.TODAY, "01:30"),
        # The evening before the long night: 25 hours later the wall says the same time, and it is tomorrow.
        ("2026-11-01T00:00Z", "2026-11-02T01:00Z", CHICAGO, Nearness.TOMORROW, "19:00"),
    ],
    ids=["past midnight", "over midnight", "same day", "zone", "spring", "spring minutes", "autumn", "long night"],
)
def test_midnight_zone_and_changed_clocks(
    now: str, due_at: str, zone: str, nearness: Nearness, clock_says: str
) -> None:
    """Minutes are those that pass; days are those of the place."""
    said = deadline(datetime.fromisoformat(due_at), datetime.fromisoformat(now), zone)
    assert (said.nearness, f"{said.at:%H:%M}") == (nearness, clock_says)


def test_hours_late_over_a_changed_clock_are_the_hours_that_passed() -> None:
    """From 1:30 to 3:30 in the night of spring is one hour."""
    due_at, now = datetime(2026, 3, 8, 7, 30, tzinfo=UTC), datetime(2026, 3, 8, 8, 30, tzinfo=UTC)
    said = deadline(due_at, now, CHICAGO)
    assert (said.nearness, said.count) == (Nearness.HOURS_LATE, 1)


moments = st.timedeltas(timedelta(days=-3000), timedelta(days=3000)).map(lambda away: NOON + away)


@given(moments, moments, st.sampled_from([CHICAGO, HONOLULU, "America/New_York", "Pacific/Guam", "UTC"]))
def test_the_exact_moment_is_never_lost_and_no_time_is_promised_that_is_not_there(
    due_at: datetime, now: datetime, zone: str
) -> None:
    """Whatever is said of it, `at` is the moment itself; a count of minutes never says more than are left."""
    said = deadline(due_at, now, zone)
    assert said.at == due_at
    assert not said.is_late or due_at < now
    assert said.nearness != Nearness.IN_MINUTES or timedelta(minutes=said.count) <= due_at - now


class Time(HTMLParser):
    """The one time element of a piece of a page: its attributes and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "time"
        self.found = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(
    ("after", "english", "spanish"),
    [
        (timedelta(minutes=50), "in 50 minutes", "en 50 minutos"),
        (timedelta(minutes=1), "in 1 minute", "en 1 minuto"),
        (timedelta(0), "due now", "es para ahora mismo"),
        (timedelta(hours=2, minutes=30), "today by 2:30 p.m.", "a más tardar hoy, 2:30 p.m."),
        (timedelta(hours=25), "tomorrow by 1 p.m.", "a más tardar mañana, 1:00 p.m."),
        (timedelta(days=5), "by Feb. 8, 2026, noon", "a más tardar el 8 de febrero de 2026, 12:00 p.m."),
        (timedelta(minutes=-5), "5 minutes late", "con 5 minutos de retraso"),
        (timedelta(hours=-2), "2 hours late", "con 2 horas de retraso"),
        (timedelta(days=-1), "1 day late", "con 1 día de retraso"),
    ],
    ids=lambda value: str(value),
)
def test_the_page_says_how_near_it_is_and_keeps_the_exact_time(after: timedelta, english: str, spanish: str) -> None:
    """In the reader's language; the local date and time stand in the element and in its title."""
    for language, words in (("en", english), ("es", spanish)):
        with clock.at(NOON), translation.override(language):
            said = Time(due(NOON + after, CHICAGO))
            exact = clock.local(NOON + after, CHICAGO)
        assert said.words == words
        assert said.found["title"] == exact
        assert datetime.fromisoformat(str(said.found["datetime"])) == NOON + after
        assert str(said.found["datetime"]).endswith("-06:00")


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(hours=12), "by the end of today"),
        (timedelta(days=5, hours=12), "by Feb. 8, 2026"),
        (timedelta(days=5, hours=12, minutes=1), "by Feb. 9, 2026, 12:01 a.m."),
    ],
    ids=["today", "a day", "a minute later"],
)
def test_the_end_of_a_day_is_said_as_that_day(after: timedelta, words: str) -> None:
    """A next step by Sunday is due as Monday begins; nobody says Monday, midnight."""
    with clock.at(NOON), translation.override("en"):
        assert Time(due(NOON + after, CHICAGO)).words == words
