"""The invented export of the demonstration: the same each time, with four rows that wait for a person."""

from __future__ import annotations

from datetime import date

from inmind.association.moving import sample, verdicts
from inmind.association.moving.contacts import COLUMNS, speaks_of_families
from inmind.association.moving.verdicts import Ours, Verdict
from inmind.records.columns import Order, guess
from inmind.records.sheets import read

ON = date(2026, 2, 3)
LEVELS = {"individual": "a", "student": "b", "agency of twelve": "c"}


def test_the_export_of_the_story_has_four_doubtful_rows() -> None:
    """A duplicate, a shared mailbox, a wrong month, and a child in a cell; a column of children's names is seen by its name."""
    sheet = read(sample.export(220, ON))
    lines = verdicts.lines_of(sheet, guess(sheet.heading, COLUMNS), Order.UNKNOWN, LEVELS, ON)
    found = [verdicts.judge(line, Ours((), {}), LEVELS) for line in lines]
    assert len(lines) == 220
    assert sorted(str(one.why) for one in found if one.verdict is Verdict.DOUBTFUL) == [
        "family",
        "shared",
        "turned",
        "twin",
    ]
    assert sorted(str(one.why) for one in found if one.verdict is Verdict.OUT) == ["archived", "no_member", "not_paid"]
    assert sum(one.verdict is Verdict.NEW for one in found) == 213
    assert [name for name in sheet.heading if speaks_of_families(name)] == ["Child's name (for the picnic)"]
    assert sum(line.payer == "Harbor Family Services" for line in lines) == 12


def test_the_export_is_the_same_each_time_and_its_names_are_each_once() -> None:
    assert sample.export(60, ON) == sample.export(60, ON)
    names = [sample.name_of(place) for place in range(100_000)]
    assert len(set(names)) == len(names)


def test_whoever_is_here_already_stands_in_it_too() -> None:
    """With the mail and the days by which they are known."""
    row = sample.known(1, ("Ada", "Stone"), "ada@example.org", (date(2026, 1, 1), date(2028, 1, 1)))
    text = sample.export(60, date(2026, 11, 22), [row])
    last = text.splitlines()[-1]
    assert last.startswith("3040002,Ada,Stone,,ada@example.org,")
    assert ",Individual,Active,2026-01-01,2028-01-01," in last
