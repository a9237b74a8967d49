"""Who looked, told by day and reader: no entry is lost, and no day that fits is parted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inmind.access.looks import EMERGENCY, Day, Look, by_day, whole_days

ZONE = "America/Chicago"
MORNING = datetime(2026, 3, 2, 15, tzinfo=UTC)  # nine o'clock in Chicago


def look(
    minutes: int = 0, reader: str = "luz", verb: str = "families.see", outcome: str = "read", **more: object
) -> Look:
    at = MORNING + timedelta(minutes=minutes)
    return Look(at, ("home_visitor",), ("Harbor",), "", verb, outcome, reader, **more)  # type: ignore[arg-type]


def newest_first(*looks: Look) -> list[Look]:
    return sorted(looks, key=lambda one: one.at, reverse=True)


def test_a_reader_stands_once_in_a_day_with_all_that_was_done() -> None:
    """What lies between does not part a reader's line; equal entries after one another are one, with both moments."""
    (day,) = by_day(newest_first(look(0), look(5), look(6, "dana"), look(9), look(10, outcome="done")), ZONE)
    luz, dana = day.readers
    assert day.on == date(2026, 3, 2)
    assert [(one.outcome, one.times) for one in luz.looks] == [("done", 1), ("read", 3)]
    assert (luz.begun, luz.newest.at) == (MORNING, MORNING + timedelta(minutes=10))
    assert (luz.times("read"), luz.times("done"), luz.times("refused")) == (3, 1, 0)
    assert (dana.begun, dana.by_emergency) == (MORNING + timedelta(minutes=6), False)


def test_verbs_that_are_called_alike_are_one_line() -> None:
    (day,) = by_day(newest_first(look(0, verb="screening.begin"), look(1, verb="screening.see")), ZONE)
    assert [one.times for one in day.readers[0].looks] == [2]


def test_emergency_access_stands_apart_and_marks_its_reader() -> None:
    (day,) = by_day(newest_first(look(0), look(1, purpose=EMERGENCY)), ZONE)
    assert day.readers[0].by_emergency
    assert [one.times for one in day.readers[0].looks] == [1, 1]


def test_midnight_is_the_agencys() -> None:
    midnight = 15 * 60
    days = by_day(newest_first(look(midnight - 1), look(midnight)), ZONE)
    assert [one.on.day for one in days] == [3, 2]
    assert by_day([], ZONE) == []


def test_a_page_ends_with_a_day_unless_one_day_fills_it() -> None:
    day = 24 * 60
    looks = newest_first(look(0), look(1), look(day), look(day + 1), look(2 * day))
    assert whole_days(looks, 5, ZONE) == looks
    assert whole_days(looks, 4, ZONE) == looks[:3]
    assert whole_days(looks, 2, ZONE) == looks[:1]
    assert whole_days(looks[1:], 1, ZONE) == looks[1:2]


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("abc"), st.sampled_from(("read", "done", "refused"))))
)
def test_no_entry_is_lost(made: list[tuple[int, str, str]]) -> None:
    looks = newest_first(*(look(minutes, reader, outcome=outcome) for minutes, reader, outcome in made))
    days: list[Day] = by_day(looks, ZONE)
    assert sum(one.times for day in days for reader in day.readers for one in reader.looks) == len(looks)
