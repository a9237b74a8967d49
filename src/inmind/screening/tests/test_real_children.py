"""What is due at the visits of 679 real children, some of whom came early, beside a plain count of days.

Their ages in days and weeks at birth are real (SMOCC cohort, `childdev_milestones_nl`); the birthdays are ours.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from inmind.screening.adapters.catalog import schedule
from inmind.screening.schedule import Child, Due, State, Taken, for_child

FILE = Path(__file__).parents[5] / "shared" / "data" / "childdev_milestones_nl" / "smocc_milestones.csv"
DAY = timedelta(days=1)
BIRTHDAYS = [
    date(2020, 1, 1) + n * 8 * DAY for n in range(180)
]  # 29 February 2020 and last days of months are among them
LONGEST = 1100  # days; the oldest child is younger


def visits() -> dict[str, tuple[int | None, list[int]]]:
    """Child -> weeks at birth, and its age in days at each visit whose day is known."""
    if not FILE.exists():
        pytest.skip("The children's real visits lie beside the project, in ../shared/data, and are not here.")
    weeks: dict[str, int | None] = {}
    days = defaultdict(list)
    with FILE.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            weeks[row["subjid"]] = int(row["gagebrth"]) // 7 if row["gagebrth"] else None
            days[row["subjid"]] += [int(row["agedays"])] if row["agedays"] else []
    return {child: (weeks[child], sorted(found)) for child, found in days.items()}


@cache
def months_by_day(born: date) -> list[int]:
    """Completed months on each day of a life, counted day by day: one more wherever the birth's day number is reached, or
    the first of a month after one that has no such day."""
    found, on = [0], born
    for _ in range(LONGEST):
        before, on = on, on + DAY
        found.append(found[-1] + (on.day == born.day or (on.day == 1 and before.day < born.day)))
    return found


def developmental(child: Child, on: date, taken: list[Taken]) -> Due:
    return next(one for one in for_child(schedule(), child, on, taken) if one.asked.key == "developmental")


def test_ages_and_forms_at_real_visits_are_those_that_a_count_of_days_finds() -> None:
    """Months from the due day where a child came early and is young enough, else from the birth; a screen that was taken
    where it was due is done on that day, and asked for again in another window only."""
    rule = next(one.counted_by for one in schedule().asked if one.key == "developmental")
    assert rule is not None
    seen = corrected = asked = 0
    for number, (weeks, days) in enumerate(visits().values()):
        born = BIRTHDAYS[number % len(BIRTHDAYS)]
        child, taken, windows = Child(born, None, weeks), [], []
        early = 0 if weeks is None else max(0, 40 - weeks)
        for age in days:
            on = born + age * DAY
            is_corrected = early >= rule.early_weeks_min and months_by_day(born)[age] < rule.below_months
            months = months_by_day(born + early * 7 * DAY)[max(0, age - early * 7)] if is_corrected else None
            months = months_by_day(born)[age] if months is None else months
            due = developmental(child, on, taken)
            assert due.age is not None and (due.age.months, due.is_corrected) == (months, is_corrected), (
                born,
                on,
                weeks,
            )
            seen, corrected = seen + 1, corrected + is_corrected
            if due.state.is_open:
                tool = due.asked.tools[0]
                assert [due.form] == [one.name for one in tool.forms if one.first <= months <= one.last], (born, on)
                assert due.window not in windows, (born, on)
                taken.append(Taken(tool.key, on))
                windows.append(due.window)
                assert developmental(child, on, taken).state is State.DONE
                asked += 1
    assert (seen, corrected, asked) == (5509, 525, 1250)
