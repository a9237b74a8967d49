"""Hours and turns in, who reads now and when it is next read out; over midnights, changed clocks, gaps and three zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.families import rota
from inmind.families.rota import Rota, State, Turn
from inmind.foundation.errors import BadInput

CHICAGO, DENVER, APIA = "America/Chicago", "America/Denver", "Pacific/Apia"
ZONES = (CHICAGO, DENVER, APIA)
DANA, NOOR, SOL, OKAFOR, TOM = (UUID(int=number) for number in range(1, 6))
HOUR = timedelta(hours=1)
MONDAY = date(2027, 3, 1)


def at(wall: str, zone: str = CHICAGO) -> datetime:
    """A moment by the clock on the wall, `2027-03-01 09:00`; the second of two where fold=1 stands behind it."""
    said, _, fold = wall.partition(" fold=")
    return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone), fold=int(fold or 0)).astimezone(UTC)


def wall(moment: datetime | None, zone: str = CHICAGO) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%a %d %H:%M") if moment else ""


def office(person: UUID | None = DANA, backup: UUID | None = None, zone: str = CHICAGO, *also: Turn) -> Rota:
    """Monday to Friday from eight to five."""
    weekly = (Turn(time(8), time(17), weekday=day, person=person, backup=backup) for day in range(5))
    return Rota(zone, (*weekly, *also))


NIGHT = Turn(time(22), time(6), weekday=6, person=SOL)  # from Sunday evening into Monday
CLOSED = Turn(None, None, day=MONDAY)
SWAP = Turn(time(10), time(12), day=MONDAY, person=NOOR)

TABLE = {
    "in the hours": (office(), "2027-03-01 09:00", State.ON_CALL, DANA, ""),
    "as they begin": (office(), "2027-03-01 08:00", State.ON_CALL, DANA, ""),
    "a moment before they begin": (office(), "2027-03-01 07:59:59", State.OUTSIDE, DANA, "Mon 01 08:00"),
    "as they end": (office(), "2027-03-01 17:00", State.OUTSIDE, DANA, "Tue 02 08:00"),
    "a Friday night": (office(), "2027-03-05 23:00", State.OUTSIDE, DANA, "Mon 08 08:00"),
    "two in the morning": (office(), "2027-03-03 02:00", State.OUTSIDE, DANA, "Wed 03 08:00"),
    "midnight within a night": (office(DANA, None, CHICAGO, NIGHT), "2027-03-01 00:00", State.ON_CALL, SOL, ""),
    "between a night and the day": (
        office(DANA, None, CHICAGO, NIGHT),
        "2027-03-01 06:00",
        State.OUTSIDE,
        DANA,
        "Mon 01 08:00",
    ),
    "a holiday": (office(DANA, None, CHICAGO, CLOSED), "2027-03-01 09:00", State.OUTSIDE, DANA, "Tue 02 08:00"),
    "a night that began before the holiday": (
        office(DANA, None, CHICAGO, NIGHT, CLOSED),
        "2027-03-01 05:59",
        State.ON_CALL,
        SOL,
        "",
    ),
    "half a holiday": (office(DANA, None, CHICAGO, CLOSED, SWAP), "2027-03-01 11:00", State.ON_CALL, NOOR, ""),
    "before a swap": (office(DANA, None, CHICAGO, SWAP), "2027-03-01 09:59", State.ON_CALL, DANA, ""),
    "in a swap": (office(DANA, None, CHICAGO, SWAP), "2027-03-01 10:00", State.ON_CALL, NOOR, ""),
    "after a swap": (office(DANA, None, CHICAGO, SWAP), "2027-03-01 12:00", State.ON_CALL, DANA, ""),
    "hours without a name, and with none to come": (office(None), "2027-03-01 09:00", State.NEVER, None, ""),
    "hours without a name": (
        office(None, None, CHICAGO, Turn(time(9), time(10), weekday=5, person=SOL)),
        "2027-03-01 09:00",
        State.UNNAMED,
        SOL,
        "Sat 06 09:00",
    ),
    "the hour that is skipped, for a turn that begins in it": (
        Rota(CHICAGO, (Turn(time(2, 30), time(6), weekday=6, person=DANA),)),
        "2027-03-14 03:00",
        State.ON_CALL,
        DANA,
        "",
    ),
    "a moment before the skipped hour": (
        Rota(CHICAGO, (Turn(time(2, 30), time(6), weekday=6, person=DANA),)),
        "2027-03-14 01:59",
        State.OUTSIDE,
        DANA,
        "Sun 14 03:00",
    ),
    "the hour that comes twice, the first time": (
        Rota(CHICAGO, (Turn(time(0), time(1, 30), weekday=6, person=DANA),)),
        "2027-11-07 01:29",
        State.ON_CALL,
        DANA,
        "",
    ),
    "the hour that comes twice, the second time": (
        Rota(CHICAGO, (Turn(time(0), time(1, 30), weekday=6, person=DANA),)),
        "2027-11-07 01:10 fold=1",
        State.OUTSIDE,
        DANA,
        "Sun 14 00:00",
    ),
    "nothing was said yet": (Rota(CHICAGO), "2027-03-01 09:00", State.NEVER, None, ""),
    "only what is over": (
        Rota(CHICAGO, (Turn(time(8), time(9), day=date(2027, 2, 1), person=DANA),)),
        "2027-03-01 09:00",
        State.NEVER,
        None,
        "",
    ),
    "weeks ahead": (
        Rota(CHICAGO, (Turn(time(8), time(9), day=date(2027, 4, 1), person=DANA),)),
        "2027-03-01 09:00",
        State.OUTSIDE,
        DANA,
        "Thu 01 08:00",
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_who_reads(case: str) -> None:
    """State, who is asked first, and from when on somebody reads."""
    plan, when, state, first, next_at = TABLE[case]
    found = rota.reading(plan, at(when))
    assert (found.state, found.asked[0] if found.asked else None, wall(found.next_at)) == (state, first, next_at)
    assert found.sentence == rota.SENTENCES[state]


def test_the_same_hours_are_other_moments_in_other_zones() -> None:
    """Three in the afternoon in London: nine in Chicago, eight in Denver, four the next morning in Apia."""
    moment = datetime(2027, 3, 1, 15, tzinfo=UTC)
    states = [rota.reading(office(zone=zone), moment).state for zone in ZONES]
    assert states == [State.ON_CALL, State.ON_CALL, State.OUTSIDE]
    assert rota.reading(office(zone=DENVER), moment - timedelta(minutes=1)).state is State.OUTSIDE


def test_a_day_is_as_long_as_the_clock_says() -> None:
    """Twenty-three hours in spring, twenty-five in autumn."""
    whole = Rota(CHICAGO, tuple(Turn(time(0), time(0), weekday=day, person=DANA) for day in range(7)))
    lengths = []
    for day in (date(2027, 3, 14), date(2027, 11, 7)):
        start, end = (rota.moment(one, time(0), CHICAGO) for one in (day, day + timedelta(days=1)))
        lengths.append(sum((one.until - one.since for one in rota.timeline(whole, start, end)), timedelta()))
    assert lengths == [23 * HOUR, 25 * HOUR]


def test_turns_of_one_person_that_follow_each_other_are_one_stretch() -> None:
    """Day and night, all week."""
    whole = Rota(CHICAGO, tuple(Turn(time(0), time(0), weekday=day, person=DANA) for day in range(7)))
    [one] = rota.timeline(whole, at("2027-03-01 09:00"), at("2027-03-06 09:00"))
    assert (one.since, one.until) == (at("2027-03-01 09:00"), at("2027-03-06 09:00"))


def test_a_turn_within_the_skipped_hour_is_not_there() -> None:
    plan = Rota(CHICAGO, (Turn(time(2, 10), time(2, 50), weekday=6, person=DANA),))
    assert rota.timeline(plan, at("2027-03-14 00:00"), at("2027-03-15 00:00")) == []


def test_a_day_that_the_clock_skips_whole_begins_with_the_next() -> None:
    """Apia went from 29 to 31 December 2011."""
    assert rota.moment(date(2011, 12, 30), time(8), APIA) == rota.moment(date(2011, 12, 31), time(0), APIA)


# Who is asked, and in which order


SPEAKS = frozenset({(NOOR, "es"), (SOL, "es")})


@pytest.mark.parametrize(
    ("language", "asked"),
    [("", (DANA, NOOR, SOL)), ("en", (DANA, NOOR, SOL)), ("es", (NOOR, SOL, DANA))],
    ids=["not asked yet", "English", "Spanish"],
)
def test_who_speaks_the_familys_language_is_asked_first(language: str, asked: tuple[UUID, ...]) -> None:
    """Then those on call before those behind them."""
    turns = (
        Turn(time(8), time(17), weekday=0, person=DANA, backup=SOL),
        Turn(time(8), time(17), weekday=0, person=NOOR),
    )
    assert rota.reading(Rota(CHICAGO, turns, SPEAKS), at("2027-03-01 09:00"), language).asked == asked


def test_the_next_reader_speaks_the_familys_language_where_one_does() -> None:
    turns = (Turn(time(8), time(17), weekday=0, person=DANA), Turn(time(8), time(17), weekday=0, person=NOOR))
    assert rota.reading(Rota(CHICAGO, turns, SPEAKS), at("2027-03-01 02:00"), "es").asked == (NOOR, DANA)


@pytest.mark.parametrize(
    ("there", "person", "backup"),
    [({DANA, NOOR}, DANA, NOOR), ({NOOR}, NOOR, None), ({DANA}, DANA, None), (set(), None, None)],
    ids=["both", "the back-up alone", "the first alone", "neither"],
)
def test_a_back_up_steps_in_for_who_has_left(there: set[UUID], person: UUID | None, backup: UUID | None) -> None:
    [turn] = Rota(CHICAGO, (Turn(time(8), time(17), weekday=0, person=DANA, backup=NOOR),)).only(there).turns
    assert (turn.person, turn.backup) == (person, backup)


def test_gaps_are_hours_without_a_name_and_nothing_else() -> None:
    """Outside of the hours is no gap; a day whose turn was taken by nobody is one."""
    nobody = Turn(time(12), time(17), day=MONDAY)
    plan = office(DANA, None, CHICAGO, nobody)
    found = rota.gaps(plan, at("2027-03-01 00:00"), at("2027-03-08 00:00"))
    assert [(wall(gap.since), wall(gap.until)) for gap in found] == [("Mon 01 12:00", "Mon 01 17:00")]


UNREAD = {
    "nothing was said": (Rota(CHICAGO), [("Thu 04 00:00", "Sun 07 00:00")]),
    "the day and the night between them": (
        Rota(CHICAGO, tuple(Turn(time(8), time(20), weekday=day, person=DANA) for day in (3, 4))),
        [("Thu 04 00:00", "Thu 04 08:00"), ("Thu 04 20:00", "Fri 05 08:00"), ("Fri 05 20:00", "Sun 07 00:00")],
    ),
    "hours without a name are a gap instead": (
        Rota(CHICAGO, tuple(Turn(time(0), time(0), weekday=day) for day in range(7))),
        [],
    ),
    "a closed Thursday: the night before it ends in its morning, its own night is left out": (
        Rota(
            CHICAGO,
            (
                *(Turn(time(8), time(8), weekday=day, person=DANA) for day in range(7)),
                Turn(None, None, day=date(2027, 3, 4)),
            ),
        ),
        [("Thu 04 08:00", "Fri 05 08:00")],
    ),
}


@pytest.mark.parametrize("case", UNREAD)
def test_nobody_reads_outside_of_the_hours(case: str) -> None:
    plan, stretches = UNREAD[case]
    found = rota.unread(plan, at("2027-03-04 00:00"), at("2027-03-07 00:00"))
    assert [(wall(since), wall(until)) for since, until in found] == stretches


# Due times and climbing


@pytest.mark.parametrize(
    ("plan", "when", "due"),
    [
        (office(), "2027-03-01 09:00", "2027-03-01 09:30"),
        (office(), "2027-03-01 02:00", "2027-03-01 04:00"),
        (office(), "2027-03-01 07:50", "2027-03-01 08:30"),
        (Rota(CHICAGO), "2027-03-01 09:00", "2027-03-01 11:00"),
    ],
    ids=["in the hours", "outside", "shortly before they begin", "nobody at all"],
)
def test_by_when_it_must_be_answered(plan: Rota, when: str, due: str) -> None:
    """Half an hour in the hours, two outside of them, and never later than half an hour after the next begin."""
    found = rota.first_due(rota.reading(plan, at(when)), at(when), within=HOUR / 2, outside=2 * HOUR)
    assert found == at(due)


@pytest.mark.parametrize(
    ("step", "asked", "told"),
    [
        (0, (DANA, NOOR), (DANA,)),
        (1, (DANA, NOOR), (DANA, NOOR)),
        (2, (DANA, NOOR), (DANA, NOOR, OKAFOR)),
        (3, (DANA, NOOR), (DANA, NOOR, OKAFOR, TOM)),
        (9, (DANA, NOOR), (DANA, NOOR, OKAFOR, TOM)),
        (1, (DANA,), (DANA, OKAFOR)),
        (1, (), (DANA, OKAFOR)),
        (2, (), (DANA, OKAFOR, TOM)),
    ],
    ids=str,
)
def test_one_rung_more_each_time(step: int, asked: tuple[UUID, ...], told: tuple[UUID, ...]) -> None:
    """On call, back-up, a supervisor, all of them; a rung on which nobody stands is passed over."""
    assert rota.told(DANA, step, asked, (OKAFOR, TOM)) == told


def test_where_nobody_is_above_its_owner_is_told_again() -> None:
    assert rota.told(DANA, 3, (), ()) == (DANA,)


# What cannot be


@pytest.mark.parametrize(
    "said",
    [
        {"start": time(8), "end": time(9)},
        {"start": time(8), "end": time(9), "weekday": 0, "day": MONDAY},
        {"start": time(8), "end": time(9), "weekday": 7},
        {"start": time(8), "end": None, "weekday": 0},
        {"start": None, "end": None, "weekday": 0},
        {"start": None, "end": None, "day": MONDAY, "person": DANA},
    ],
    ids=["no day", "two days", "no weekday", "no end", "a closed week", "closed and named"],
)
def test_what_is_no_turn_cannot_be_built(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"turn|weekday|day"):
        Turn(**said)  # type: ignore[arg-type]


MORNING = Turn(time(8), time(12), weekday=0, person=DANA)


@pytest.mark.parametrize(
    ("turns", "sentence"),
    [
        ([], "The week is empty"),
        ([CLOSED], "The week is empty"),
        ([MORNING] * 301, "more turns than can be kept"),
        ([Turn(time(8), time(12), weekday=0, person=TOM)], "not a clinician here"),
        ([Turn(time(8), time(12), weekday=0, person=DANA, backup=DANA)], "The back-up is asked"),
        ([Turn(time(8), time(12), weekday=0, backup=DANA)], "The back-up is asked"),
    ],
    ids=["nothing", "only a closed day", "too many", "no clinician", "the same twice", "a back-up for nobody"],
)
def test_turns_that_cannot_be_kept_are_refused(turns: list[Turn], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        rota.check(turns, {DANA, NOOR})


def test_turns_that_can_be_kept_pass() -> None:
    rota.check([MORNING, CLOSED, Turn(time(8), time(12), weekday=1)], {DANA, NOOR})


# The picture


def test_a_week_is_drawn_by_the_clock_on_the_wall() -> None:
    """A night is two pieces, one before and one after midnight; a Sunday of twenty-three hours is as wide as any."""
    night = Turn(time(22), time(6), weekday=5, person=SOL)
    days = rota.week(Rota(CHICAGO, (night,)), date(2027, 3, 8))
    found = {day.isoformat(): [(piece.start, piece.end) for piece in pieces] for day, pieces in days if pieces}
    assert found == {"2027-03-13": [(22 * 60, 1440)], "2027-03-14": [(0, 6 * 60)]}
    assert len(days) == 7


# What holds for every rota


times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
people = st.sampled_from([None, DANA, NOOR, SOL])
weekly = st.builds(
    lambda start, end, day, who: Turn(start, end, weekday=day, person=who), times, times, st.integers(0, 6), people
)
days = st.dates(date(2027, 3, 8), date(2027, 3, 20)) | st.dates(date(2027, 11, 1), date(2027, 11, 12))
dated = st.builds(lambda start, end, day, who: Turn(start, end, day=day, person=who), times, times, days, people)
closed = days.map(lambda day: Turn(None, None, day=day))
plans = st.builds(
    Rota,
    st.sampled_from(ZONES),
    st.lists(weekly | dated | closed, max_size=8).map(tuple),
    st.frozensets(st.tuples(st.sampled_from([DANA, NOOR, SOL]), st.just("es"))),
)
changing = st.sampled_from([datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)])
moments = st.builds(lambda start, minutes: start + timedelta(minutes=minutes), changing, st.integers(0, 12 * 24 * 60))


@given(plans, moments)
def test_the_hours_are_in_order_and_never_overlap(plan: Rota, since: datetime) -> None:
    """Within what was asked for, each at least a moment long, and none that could be one with the next."""
    until = since + timedelta(days=9)
    found = rota.timeline(plan, since, until)
    edges = [edge for one in found for edge in (one.since, one.until)]
    assert edges == sorted(edges)
    assert all(since <= one.since < one.until <= until and one.turns for one in found)
    assert all(one.until < other.since or one.turns != other.turns for one, other in pairwise(found))


@given(plans, moments, st.sampled_from(["", "es"]))
def test_what_is_said_about_now_is_true(plan: Rota, moment: datetime, language: str) -> None:
    """On call: a turn with a name holds at this moment. Otherwise none does, and none does before the moment that is named."""
    found = rota.reading(plan, moment, language)
    named = [one for one in rota.timeline(plan, moment - HOUR, moment + rota.WEEK) if one.is_named]
    holds = any(one.since <= moment < one.until for one in named)
    assert (found.state is State.ON_CALL) == holds
    assert (found.next_at is None) == (found.state in (State.ON_CALL, State.NEVER))
    if found.next_at is not None:
        assert found.next_at > moment
        assert not [one for one in named if moment < one.since < found.next_at]
        assert rota.reading(plan, found.next_at, language).state is State.ON_CALL
    if (found.state is State.ON_CALL or found.next_at) and language:
        speaks = [(person, language) in plan.speaks for person in found.asked]
        assert speaks == sorted(speaks, reverse=True)


@given(plans, days)
def test_a_day_is_covered_as_its_moments_are(plan: Rota, day: date) -> None:
    """Every quarter of an hour reads the same in the list of hours and asked by itself."""
    start = rota.moment(day, time(0), plan.zone)
    stretches = rota.timeline(plan, start, start + timedelta(days=1))
    for quarter in range(96):
        moment = start + HOUR / 4 * quarter
        there = [one for one in stretches if one.since <= moment < one.until]
        asked = rota.reading(plan, moment)
        assert (asked.state is State.ON_CALL) == any(one.is_named for one in there)


@given(plans, days)
def test_nobody_reads_in_the_week_of_a_closed_day(plan: Rota, day: date) -> None:
    """But for what began the evening before, and what was said for that day itself."""
    shut = Rota(plan.zone, (*(turn for turn in plan.turns if turn.day is None), Turn(None, None, day=day)))
    start, end = rota.moment(day, time(0), plan.zone), rota.moment(day + timedelta(days=1), time(0), plan.zone)
    for stretch in rota.timeline(shut, start, end):
        assert all(turn.weekday == (day.weekday() - 1) % 7 for turn in stretch.turns)


@given(st.sampled_from(ZONES), days, times, times)
def test_later_on_the_wall_is_never_earlier_in_time(zone: str, day: date, one: time, other: time) -> None:
    """So that turns that do not overlap on paper do not overlap when the clocks change."""
    first, second = sorted((one, other))
    assert rota.moment(day, first, zone) <= rota.moment(day, second, zone)
