"""What columns mean and rows say: dates in every usual form, ambiguous ones refused unless told."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.foundation.errors import BadInput
from inmind.records.columns import (
    Facts,
    Line,
    Order,
    Verdict,
    check_mapping,
    day_of,
    facts_of,
    guess,
    lines_of,
    order_of,
    related,
    ways_of_caring,
)
from inmind.records.likeness import OURS
from inmind.records.sheets import Row, Sheet, read

MAY_3 = date(2026, 5, 3)
PARTS = {"mother": "mother", "grandmother": "grandmother", "kin": "other family", "other": "someone close"}


@pytest.mark.parametrize(
    ("typed", "order", "expected"),
    [
        ("2026-05-03", Order.UNKNOWN, MAY_3),
        ("2026/5/3", Order.UNKNOWN, MAY_3),
        ("2026-05-03T00:00:00", Order.UNKNOWN, MAY_3),
        ("03.05.2026", Order.UNKNOWN, MAY_3),
        ("May 3, 2026", Order.UNKNOWN, MAY_3),
        ("3 May 2026", Order.UNKNOWN, MAY_3),
        ("5/3/2026", Order.US, MAY_3),
        ("3/5/26", Order.EUROPEAN, MAY_3),
        ("5/23/2026", Order.UNKNOWN, date(2026, 5, 23)),
        ("23-5-2026", Order.UNKNOWN, date(2026, 5, 23)),
        ("5/5/2026", Order.UNKNOWN, date(2026, 5, 5)),
        (" ", Order.UNKNOWN, None),
    ],
)
def test_days_are_read_as_they_are_usually_written(typed: str, order: Order, expected: date | None) -> None:
    assert day_of(typed, order) == expected


@pytest.mark.parametrize(
    ("typed", "order", "sentence"),
    [
        ("3/5/2026", Order.UNKNOWN, "two different days"),
        ("2/30/2026", Order.US, "not a day"),
        ("23/5/2026", Order.US, "not a day"),
        ("soon", Order.UNKNOWN, "not a day"),
        ("3 Mai 2026", Order.UNKNOWN, "not a day"),
    ],
)
def test_a_day_that_is_none_or_two_is_refused(typed: str, order: Order, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        day_of(typed, order)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["3/5/2026", "23/5/2026"], Order.EUROPEAN),
        (["3/5/2026", "5/23/2026"], Order.US),
        (["23/5/2026", "5/23/2026"], Order.UNKNOWN),
        (["3/5/2026", "2026-05-23", "33/33/2026"], Order.UNKNOWN),
    ],
    ids=["day first", "month first", "both", "none tells"],
)
def test_one_date_that_can_be_read_in_one_way_tells_of_all(values: list[str], expected: Order) -> None:
    assert order_of(values) == expected


def test_columns_are_guessed_by_their_names_and_each_meaning_once() -> None:
    heading = ("Child First Name", "DOB", "Date of birth", "E-mail", "Shoe size", "given_name", "child_family_name")
    found = guess(heading)
    assert found == {
        "Child First Name": "child_given_name",
        "DOB": "birth_date",
        "E-mail": "mail",
        "given_name": "given_name",
        "child_family_name": "child_family_name",
    }
    check_mapping(found)


@pytest.mark.parametrize(
    "mapping",
    [{"a": "given_name", "b": "given_name"}, {"a": "given_name"}, {"a": "given_name", "b": "child_family_name"}],
    ids=["twice", "no child", "no date"],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        check_mapping(mapping)


def test_what_a_row_says() -> None:
    cells = {
        "given_name": " Ana  María ",
        "part": "Abuela",
        "language": "Español",
        "phone": "1",
        "due_date": "2026-05-03",
    }
    said = facts_of(cells, Order.UNKNOWN, ways_of_caring(PARTS))
    assert (said.given_name, said.part, said.language, said.due_date) == ("Ana María", "grandmother", "es", MAY_3)
    assert facts_of({"language": "Urdu"}, Order.UNKNOWN, ways_of_caring(PARTS)).language == "other"
    for typed in ("Other family", "kin"):
        assert facts_of({"part": typed}, Order.UNKNOWN, ways_of_caring(PARTS)).part == "kin"
    for wrong in ({"part": "friend of a friend"}, {"given_name": "x" * 81}, {"given_name": "a\x00"}):
        with pytest.raises(BadInput):
            facts_of(wrong, Order.UNKNOWN, ways_of_caring(PARTS))


def test_a_sheet_says_of_each_row_what_earlier_ones_say_of_it() -> None:
    text = (
        "child_given_name,child_family_name,birth_date,due_date,given_name,family_name,phone\n"
        "Mateo,Ñúñez,3/5/2026,,María,Ñúñez,5550142000\n"
        "Mateo,Nunez,3/5/2026,,José,Ñúñez,5550142001\n"
        "Mateo,Nunez,3/5/2026,,Jose,Nunez,\n"
        "Mateo,Nunez,3/5/2026,,Ana,Nunez,\n"
        "Lucía,Ñúñez,23/1/2025,,María,Ñúñez,555-014-2000\n"
        "Noa,Ñúñez,23/1/2024,,María,Ñúñez,555-014-2000\n"
        ",Peña,,2027-01-01,Rosa,Peña,\n"
        ",Peña,,2027-01-01,Rosa,Pena,\n"
        "Lucia,Nunez,23/1/2026,,Eva,Stone,\n"
        "Mateo,Ñúñez,23/7/2020,,José,Ñúñez,\n"
        "too,few\n"
    )
    sheet = read(text)
    lines = lines_of(sheet, {name: name for name in sheet.heading}, Order.UNKNOWN, PARTS, OURS)
    assert [(line.verdict, line.child_of, line.adult_of) for line in lines] == [
        (Verdict.NEW, None, None),
        (Verdict.NEW, 0, None),
        (Verdict.SAME, None, None),
        (Verdict.NEW, 0, None),
        (Verdict.NEW, None, 0),
        (Verdict.NEW, None, 0),
        (Verdict.NEW, None, None),
        (Verdict.SAME, None, None),
        (Verdict.DOUBTFUL, None, None),
        (Verdict.NEW, None, None),
        (Verdict.REFUSED, None, None),
    ]
    assert lines[0].said.birth_date == date(2026, 5, 3), "another row tells that the day comes first"
    assert lines_of(sheet, {}, Order.US, PARTS, OURS)[0].said == Facts(part="other")
    assert related([], OURS) == []


@pytest.mark.parametrize(("typed", "weeks"), [("", None), (" 33 ", 33), ("33.0", 33)])
def test_weeks_at_birth_are_whole(typed: str, weeks: int | None) -> None:
    assert guess(["Gestational age"]) == {"Gestational age": "gestation_weeks"}
    assert facts_of({"gestation_weeks": typed}, Order.US, PARTS).gestation_weeks == weeks
    with pytest.raises(BadInput, match="not a whole number"):
        facts_of({"gestation_weeks": "33+4"}, Order.US, PARTS)


def test_a_row_that_cannot_be_read_says_why() -> None:
    sheet = Sheet(("given_name",), (Row(2, ("x" * 90,), 1),))
    (line,) = lines_of(sheet, {"given_name": "given_name"}, Order.UNKNOWN, PARTS, OURS)
    assert (line.verdict, dict(line.facts)) == (Verdict.REFUSED, {"length": "90", "limit": "80"})
    assert isinstance(line, Line)
