"""The sheet ready to paste: everything once, in order, and nothing that a table program would run."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from inmind.endorsement.portfolio import Portfolio, Rating, Session, Training, Work
from inmind.endorsement.sheet import as_csv, as_text, hours, sheet
from inmind.endorsement.standards import Kind, Tag
from inmind.foundation.values import Period

DAY = date(2026, 11, 22)
MENTOR = frozenset({"MHM-C"})
HAS = Portfolio(
    facts={"cda": True, "ethics_signed": False},
    numbers={"families_served": 12},
    memberships=(Period(date(2026, 1, 1), date(2027, 1, 1)),),
    trainings=(
        Training(
            DAY, 150, frozenset({Tag.EQUITY}), frozenset({"law"}), "=cmd|' /C calc'!A0", {"law": 150}, "1", "Plains"
        ),
        Training(DAY + timedelta(days=1), 60, title="Ahead"),
    ),
    sessions=(
        Session(DAY, 90, 7, MENTOR, Kind.GROUP, with_whom="Ana\tRuiz"),
        Session(date(2026, 1, 5), 60, 7, None, Kind.GROUP, about_rsc_given=True, with_whom="Ana\tRuiz"),
        Session(DAY, 60, 8, MENTOR, Kind.INDIVIDUAL, confirmed=False, with_whom="Berta"),
    ),
    work=(
        Work("paid_work", Period(date(2020, 1, 1)), {"after_bachelors": True, "own_question": True}),
        Work("leadership", Period(date(2018, 1, 1), date(2019, 1, 1)), {"after_bachelors": False}),
    ),
    ratings=(Rating(DAY, frozenset({"endorsed", "no such role"})),),
)


def test_what_was_gathered_stands_there_once_grouped_as_it_is_filled_in() -> None:
    parts = {one.title: one.rows for one in sheet("Luz Ortega", HAS, DAY, degree="bachelor", paid=date(2026, 10, 31))}
    assert list(parts) == [
        *("About me", "Work", "Training", "Reflective supervision, by provider"),
        *("Reflective supervision, each session", "References"),
    ]
    assert parts["About me"][:3] == (
        ("Name", "Luz Ortega"),
        ("Highest degree", "bachelor"),
        ("Membership paid through", "2026-10-31"),
    )
    assert parts["Work"][1][2:] == ("today", "Was it after your bachelor’s degree?")
    assert parts["Training"] == (
        (
            *("2026-11-22", "=cmd|' /C calc'!A0", "Plains", "2.5", "law 2.5"),
            "about diversity, equity and inclusion",
        ),
    )
    assert parts["Reflective supervision, by provider"] == (
        ("Ana\tRuiz", "MHM-C", "group", "2026-01-05", "2026-11-22", "2.5", "1"),
    ), "what nobody has confirmed is not on it"
    assert parts["References"] == (("2026-11-22", "somebody who is endorsed"),)


def test_nothing_known_is_an_empty_sheet_but_for_the_name() -> None:
    assert [one.rows for one in sheet("Luz", Portfolio(memberships=(Period(date(2026, 1, 1)),)), DAY)] == [
        (("Name", "Luz"), ("Membership paid through", ""))
    ]
    assert [one.rows for one in sheet("Luz", Portfolio(), DAY)] == [(("Name", "Luz"),)]


def test_as_text_and_as_a_file() -> None:
    parts = sheet("Luz Ortega", HAS, DAY)
    text = as_text(parts)
    assert "Ana Ruiz\tMHM-C\tgroup" in text and text.count("\n\n") == len(parts) - 1
    cells = [cell for row in csv.reader(as_csv(parts).splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=cmd|' /C calc'!A0" in cells


@pytest.mark.parametrize(
    ("minutes", "says"), [(0, "0"), (60, "1"), (90, "1.5"), (75, "1.25"), (80, "1.33"), (1439, "23.98")]
)
def test_minutes_are_said_as_hours_and_never_rounded_up(minutes: int, says: str) -> None:
    assert hours(minutes) == says
