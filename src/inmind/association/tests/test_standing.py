"""How somebody stands on a day, and which letter about dues is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.association.standing import Owing, Plan, Reminder, Standing, State, reminder, why_none
from inmind.foundation.errors import BadInput

END, OVER = date(2027, 1, 1), date(2027, 3, 1)


@pytest.mark.parametrize(
    ("standing", "on", "state"),
    [
        (Standing(None, None), "2026-05-05", State.PENDING),
        (Standing(END, OVER), "2026-12-31", State.ACTIVE),
        (Standing(END, OVER), "2027-01-01", State.GRACE),
        (Standing(END, OVER), "2027-02-28", State.GRACE),
        (Standing(END, OVER), "2027-03-01", State.LAPSED),
        (Standing(END, END), "2027-01-01", State.LAPSED),
    ],
)
def test_how_somebody_stands(standing: Standing, on: str, state: State) -> None:
    """The last paid day is a member's; so is the last of grace."""
    assert standing.on(date.fromisoformat(on)) is state


LETTERS = {
    "long before": (Owing(END, OVER), "2026-12-01", None, "early"),
    "thirty days before": (Owing(END, OVER), "2026-12-02", Reminder.BEFORE, ""),
    "written already": (Owing(END, OVER, sent=(Reminder.BEFORE,)), "2026-12-10", None, "sent"),
    "stopped": (Owing(END, OVER, stopped=True), "2026-12-10", None, "stopped"),
    "at the end": (Owing(END, OVER, sent=(Reminder.BEFORE,)), "2027-01-01", Reminder.END, ""),
    "at the end, though stopped": (Owing(END, OVER, stopped=True), "2027-01-01", Reminder.END, ""),
    "in the last days of grace": (Owing(END, OVER, sent=(Reminder.END,)), "2027-02-22", Reminder.LAST, ""),
    "missed at the end, not caught up on": (Owing(END, OVER), "2027-02-25", Reminder.LAST, ""),
    "grace of a week has one letter": (Owing(END, END + timedelta(7)), "2027-01-03", Reminder.END, ""),
    "grace is over": (Owing(END, OVER), "2027-03-01", None, "over"),
    "no grace at all": (Owing(END, END), "2027-01-01", None, "over"),
    "renewed and not paid": (Owing(END, OVER, has_next=True), "2026-12-10", None, "renewed"),
    "renewed and not paid, at the end": (Owing(END, OVER, has_next=True), "2027-01-01", Reminder.END, ""),
    "renewed and not paid, in the last days": (
        Owing(END, OVER, has_next=True, sent=(Reminder.END,)),
        "2027-02-22",
        Reminder.LAST,
        "",
    ),
    "renewed and not paid, written already": (
        Owing(END, OVER, has_next=True, sent=(Reminder.END,)),
        "2027-01-02",
        None,
        "sent",
    ),
    "renewed and never paid": (Owing(END, OVER, has_next=True), "2027-03-02", None, "over"),
    "left": (Owing(END, OVER, has_left=True), "2026-12-10", None, "left"),
}


@pytest.mark.parametrize(("owing", "on", "kind", "why"), LETTERS.values(), ids=LETTERS)
def test_which_letter_is_due_and_why_none(owing: Owing, on: str, kind: Reminder | None, why: str) -> None:
    """One at a time; what nobody would want to miss cannot be stopped; and why there is none can be said."""
    day = date.fromisoformat(on)
    assert reminder(owing, day, Plan()) is kind
    assert why_none(owing, day, Plan()) == why


@given(st.integers(0, 200), st.booleans(), st.sets(st.integers(-60, 260), max_size=40))
def test_nobody_gets_one_letter_twice_or_two_on_one_day(grace: int, stopped: bool, runs: set[int]) -> None:
    """However often and late the clock runs."""
    sent: list[Reminder] = []
    for day in sorted(runs):
        owing = Owing(END, END + timedelta(days=grace), stopped=stopped, sent=tuple(sent))
        if (kind := reminder(owing, END + timedelta(days=day), Plan())) is not None:
            sent.append(kind)
    assert len(sent) == len(set(sent)) <= 3
    assert sent == sorted(sent, key=list(Reminder).index)


@pytest.mark.parametrize(("before", "last"), [(0, 7), (367, 7), (30, 0), (30, 10_000)])
def test_days_on_which_no_letter_can_leave_are_no_plan(before: int, last: int) -> None:
    """Ours is one."""
    assert Plan().check() == Plan(30, 7)
    with pytest.raises(BadInput):
        Plan(before, last).check()
