"""What a session can have been, and who says that it took place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import Period
from inmind.reflection import sessions
from inmind.reflection.sessions import OUTSIDE, Frame, Kind, Meeting, Said

TODAY = date(2026, 11, 20)
ON = date(2026, 11, 14)
RUNS = Period(date(2026, 1, 10), date(2026, 12, 1))
SEATS = {"luz": Period(date(2026, 1, 10)), "ana": Period(date(2026, 6, 1), date(2026, 11, 1)), "sam": RUNS}
GROUP = Frame(RUNS, "mira", SEATS)
PEERS = Frame(RUNS, None, SEATS)
HOUR = Meeting("new", "group", ON, 60)


def check(
    meeting: Meeting = HOUR,
    kind: Kind = Kind.GROUP,
    there: Sequence[str] = ("luz", "sam"),
    frame: Frame = GROUP,
    **others: Sequence[Meeting],
) -> None:
    sessions.check(meeting, kind, there, frame, today=TODAY, others=others, by="luz")


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no minutes", {"meeting": replace(HOUR, minutes=0)}, "at least one minute"),
    ("negative minutes", {"meeting": replace(HOUR, minutes=-30)}, "at least one minute"),
    ("a 25-hour day", {"meeting": replace(HOUR, minutes=25 * 60)}, "24 hours"),
    ("tomorrow", {"meeting": replace(HOUR, on=TODAY + timedelta(days=1))}, "still to come"),
    ("before the agreement", {"meeting": replace(HOUR, on=date(2026, 1, 9))}, "before your agreement begins"),
    ("nobody there", {"there": ()}, "Nobody was marked"),
    ("held by themselves", {"there": ("luz", "mira")}, "held by themselves"),
    ("not part of it", {"there": ("tom",)}, "not part of this agreement"),
    ("part of it no more", {"there": ("ana",)}, "not part of this agreement"),
    ("peers with a giver", {"kind": Kind.PEER}, "does not fit"),
    ("a group without a giver", {"frame": PEERS}, "does not fit"),
    ("one to one with two", {"kind": Kind.INDIVIDUAL}, "one person who is held"),
    ("a peer alone", {"frame": PEERS, "kind": Kind.PEER, "there": ("luz",)}, "at least two"),
]


@pytest.mark.parametrize(("asked", "says"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_cannot_have_been_is_refused_with_the_rule_that_says_so(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check(**asked)


def test_a_day_after_the_agreement_ended_is_refused() -> None:
    frame = replace(GROUP, runs=Period(date(2026, 1, 10), ON))
    with pytest.raises(BadInput, match="after your agreement ended"):
        check(frame=frame)
    check(replace(HOUR, on=ON - timedelta(days=1)), frame=frame)


def test_what_can_have_been_is_kept() -> None:
    """No shortest session and no largest group is asked: no source names one."""
    check(replace(HOUR, minutes=1))
    check(replace(HOUR, minutes=24 * 60))
    check(kind=Kind.ADMINISTRATIVE)
    check(kind=Kind.CASE_REVIEW, there=("luz",))
    check(kind=Kind.PEER, frame=PEERS)
    check(kind=Kind.INDIVIDUAL, there=("luz",), frame=replace(GROUP, provider=OUTSIDE))


def at(hour: int, *, on: date = ON, agreement: str = "other", minutes: int = 60, id: str = "there") -> Meeting:
    return Meeting(id, agreement, on, minutes, datetime(on.year, on.month, on.day, hour, tzinfo=UTC))


def test_nobody_is_in_two_sessions_at_once() -> None:
    """Whoever is held and whoever gives; across agreements, and over midnight. Of somebody else's session no more is told."""
    with pytest.raises(BadInput, match="Another session at that time"):
        check(replace(HOUR, begins=at(10).begins), luz=[at(10, minutes=30)])
    with pytest.raises(BadInput, match="has another session at that time"):
        check(replace(HOUR, begins=at(10).begins), mira=[at(9, minutes=61)])
    with pytest.raises(BadInput, match="has another session at that time"):
        check(replace(HOUR, begins=at(0).begins), sam=[at(23, on=ON - timedelta(days=1), minutes=90)])
    check(replace(HOUR, begins=at(10).begins), luz=[at(9), at(11)])


def test_a_session_over_a_change_of_the_clocks_lasts_as_long_as_it_lasts() -> None:
    """Half past midnight for two hours, in the night in which the hour from one to two comes twice: over at half past one."""
    night = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("America/Chicago"))
    long = replace(HOUR, on=night.date(), minutes=120, begins=night)
    assert long.ends == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    check(long, luz=[Meeting("there", "other", night.date(), 60, datetime(2026, 11, 1, 7, 30, tzinfo=UTC))])


def test_the_calendar_has_two_ends() -> None:
    """Typed by mistake, either is refused with its rule and not with a page that failed."""
    assert sessions.around(date.min) == (date.min, date(1, 1, 2))
    assert sessions.around(date.max) == (date(9999, 12, 30), date.max)
    assert sessions.around(ON) == (ON - timedelta(days=1), ON + timedelta(days=1))


def test_the_same_group_on_the_same_day_is_one_session_until_the_hours_say_otherwise() -> None:
    with pytest.raises(BadInput, match="say when each began"):
        check(luz=[at(10, agreement="group")])
    with pytest.raises(BadInput, match="say when each began"):
        check(replace(HOUR, begins=at(10).begins), luz=[replace(at(12, agreement="group"), begins=None)])
    check(replace(HOUR, begins=at(10).begins), luz=[at(14, agreement="group")])
    check(luz=[at(10)])  # another agreement, and nobody said the hour


def test_the_sessions_of_a_day_fit_into_it() -> None:
    with pytest.raises(BadInput, match="more than 24 hours"):
        check(sam=[Meeting("there", "other", ON, 23 * 60 + 1)])
    check(sam=[Meeting("there", "other", ON, 23 * 60), Meeting("far", "other", ON - timedelta(days=1), 600)])


def test_a_session_that_is_put_right_does_not_stand_in_its_own_way() -> None:
    check(replace(HOUR, id="there", minutes=90), luz=[Meeting("there", "group", ON, 60)])


# Who says so


@pytest.mark.parametrize(
    ("provider", "by", "there", "stands", "waits"),
    [
        ("mira", "luz", ("luz", "sam"), set(), {"mira"}),
        ("mira", "mira", ("luz", "sam"), set(), {"luz", "sam"}),
        (OUTSIDE, "luz", ("luz",), set(), {OUTSIDE}),
        (None, "luz", ("luz", "sam", "tom"), set(), {"sam", "tom"}),
    ],
    ids=["who is held", "who gives", "with somebody outside", "a peer"],
)
def test_whoever_writes_a_session_down_speaks_for_their_own_side_alone(
    provider: str | None, by: str, there: tuple[str, ...], stands: set[str], waits: set[str]
) -> None:
    said = sessions.logged(provider, by, there)
    assert said.stands == stands
    assert said.waits_for == waits


def test_a_session_is_written_down_by_somebody_who_was_in_it() -> None:
    with pytest.raises(BadInput, match="not marked as there"):
        sessions.logged("mira", "tom", ("luz",))


def test_a_provider_never_confirms_their_own_hours_for_someone() -> None:
    """Whoever logged cannot confirm: a provider's log stands for each as they say so themselves."""
    said = sessions.logged("mira", "mira", ("luz", "sam"))
    with pytest.raises(NotNow, match="You wrote this session down yourself"):
        sessions.confirmed(said, "mira")
    after = sessions.confirmed(said, "luz")
    assert after.stands == {"luz"}
    assert after.waits_for == {"sam"}
    with pytest.raises(NotNow, match="nothing for you to confirm"):
        sessions.confirmed(after, "luz")
    held = sessions.logged("mira", "luz", ("luz", "sam"))
    with pytest.raises(NotNow, match="nobody confirms their own word"):
        sessions.confirmed(held, "luz")
    assert sessions.confirmed(held, "mira").stands == {"luz", "sam"}
    peers = sessions.logged(None, "luz", ("luz", "sam"))
    assert sessions.confirmed(peers, "sam").stands == {"luz", "sam"}
    with pytest.raises(NotNow):
        sessions.confirmed(held, "tom")


PEOPLE = st.sampled_from(["luz", "ana", "sam", "mira", "tom", OUTSIDE])


@given(st.sampled_from(["mira", OUTSIDE, None]), st.permutations(["luz", "ana", "sam"]), st.lists(PEOPLE, max_size=8))
def test_nobodys_word_alone_makes_hours_stand(provider: str | None, there: list[str], taps: list[str]) -> None:
    """However often and in whatever order people tap: hours stand only where two have spoken."""
    said = sessions.logged(provider, there[0], there)
    spoke = {there[0]}
    for by in taps:
        try:
            said = sessions.confirmed(said, by)
        except NotNow:
            continue
        spoke.add(by)
        assert by != said.logged_by
    assert bool(said.stands) == (len(spoke) > 1)


@pytest.mark.parametrize(
    ("said", "by", "asked"),
    [
        (Said("mira", "luz", False, {"luz": True}), "luz", set()),
        (Said("mira", "luz", False, {"luz": True}), "mira", {"luz"}),
        (Said("mira", "luz", True, {"luz": True, "sam": True}), "luz", {"mira"}),
        (Said("mira", "luz", True, {"luz": True, "sam": True}), "mira", {"luz", "sam"}),
        (Said("mira", "mira", True, {"luz": True, "sam": False}), "mira", {"luz"}),
        (Said(None, "luz", True, {"luz": True, "sam": True}), "luz", {"sam"}),
        (Said(OUTSIDE, "luz", True, {"luz": True}), "luz", {OUTSIDE}),
    ],
    ids=["nobody spoke", "the other side", "stands", "the giver", "stands for one", "peers", "outside"],
)
def test_what_both_have_said_is_changed_only_by_both(said: Said, by: str, asked: set[str]) -> None:
    assert sessions.asked_to_agree(said, by) == asked


def test_only_those_who_were_there_put_it_right() -> None:
    with pytest.raises(NotNow, match="Only those who were in a session"):
        sessions.asked_to_agree(Said("mira", "luz", True, {"luz": True}), "tom")
