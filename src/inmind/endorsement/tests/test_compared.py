"""Rules that an association took up, beside what ships: what does not fit is said, with what to do; nothing is changed by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from inmind.endorsement import compared, doctor_queries
from inmind.endorsement.adapters import catalog
from inmind.endorsement.compared import Doubt
from inmind.endorsement.models import Rules
from inmind.endorsement.standards import Asked, Binding, Edition, Requirement
from inmind.endorsement.tests.test_keeping import RULES, STANDARD
from inmind.foundation import clock
from inmind.foundation.registries import Grade
from tests import make

DAY = date(2026, 11, 22)


def line(key: str, fact: str = "") -> Requirement:
    return Requirement(key, (Asked(fact or key),), "s", "high")


def edition(name: str, since: date | None, until: date | None, *lines: Requirement, retired: bool = False) -> Edition:
    return Edition("all", "FS", name, since, until, Binding.APPLICATION, {}, lines, {}, retired=retired)


@pytest.mark.parametrize(
    ("editions", "says"),
    [
        ([edition("one", None, None)], []),
        ([edition("one", None, date(2025, 12, 31)), edition("two", date(2026, 1, 1), None)], []),
        (
            [edition("one", None, date(2025, 12, 31)), edition("two", date(2026, 3, 1), None)],
            ["no edition stands from 2026-01-01 to 2026-02-28"],
        ),
        (
            [edition("one", None, date(2026, 3, 31)), edition("two", date(2026, 1, 1), None)],
            ["one and two both stand from 2026-01-01 to 2026-03-31"],
        ),
        ([edition("one", None, date(2025, 12, 31))], ["no edition stands on 2026-11-22"]),
        ([edition("one", None, date(2025, 12, 31), retired=True)], []),
        ([edition("one", None, None), edition("two", date(2026, 1, 1), None)], []),
    ],
    ids=["no days", "whole", "a gap", "both", "none", "retired", "one without a last day"],
)
def test_days_on_which_nothing_stands_or_two_do_are_named(editions: list[Edition], says: list[str]) -> None:
    assert [one.says for one in compared.days(editions, DAY)] == says


def test_where_a_file_is_not_what_ships_is_named() -> None:
    """Line by line, whatever their sources are called; the same asked is no difference."""
    ours = edition("one", None, None, line("training"), line("rsc"), line("ethics"))
    assert compared.differences([ours], [ours]) == ()
    assert (
        compared.differences([ours], [replace(ours, requirements=(*ours.requirements,), sources={"s": "ours"})]) == ()
    )
    assert compared.differences([ours], []) == (Doubt("FS", "edition one ships and is not in it"),)
    other = edition("one", DAY, None, line("training", "more"), line("rsc"), line("chapter"))
    assert [one.says for one in compared.differences([ours], [other])] == [
        "one stands on other days",
        "one leaves out: ethics",
        "one asks besides: chapter",
        "one says something else of: training",
    ]


def taken(words: str, kind: str = "standard", category: str = "FS") -> Rules:
    keeper = make.make_worker("association_coordinator")
    row = {"association": keeper.agency, "kind": kind, "category": category, "edition": "1", "words": words}
    today = clock.today(make.ZONE)
    make.together(lambda act: Rules.objects.create(accepted_on=today, accepted_by=keeper.person, **row))
    return Rules.objects.get(association=keeper.agency)


def found() -> list[tuple[Grade, str]]:
    return [(one.grade, one.says) for one in doctor_queries.rules_fit()]


@pytest.mark.django_db
def test_the_doctor_says_nothing_of_rules_where_none_were_taken_up() -> None:
    assert found() == []


@pytest.mark.django_db
def test_the_doctor_names_a_file_that_is_older_than_what_ships() -> None:
    """And that it says something else, and what to do; it is still gone by."""
    row = taken(STANDARD.replace(f"date: {date_of(STANDARD)}", "date: 2020-01-01"))
    before = catalog.rules_of(row.association_id)
    says = found()
    [older] = [one for _grade, one in says if "what ships is of" in one]
    assert "it is of 2020-01-01" in older and "still gone by" in older
    assert any("is not what ships: edition 2017 ships and is not in it" in one for _grade, one in says)
    assert all("Rules" in one.do for one in doctor_queries.rules_fit())
    assert catalog.rules_of(row.association_id) == before


@pytest.mark.django_db
def test_the_doctor_names_a_gap_and_a_file_that_fits_no_more(monkeypatch: Any) -> None:
    """An edition that the file names and that ships no longer; and days on which nothing stands."""
    row = taken(RULES.replace("'2017'", "'1999'"), "adoption", "")
    assert [one for one in found() if one[0] is Grade.HAND and "there is no edition 1999 of FS" in one[1]]
    row.words = RULES
    make.together(lambda act: row.save())
    some = [one for one in catalog.standards() if one.category == "MHS"]
    broken = (replace(some[0], until=date(2024, 6, 30)), *some[1:])
    monkeypatch.setattr(catalog, "rules_of", lambda pk: catalog.RulesHere(broken, catalog.default_renewal(""), True))
    assert any("MHS: no edition stands from 2024-07-01 to 2024-12-31" in one for _grade, one in found())


@pytest.mark.django_db
def test_the_doctor_is_content_with_rules_that_fit() -> None:
    taken(RULES.replace(f"date: {date_of(RULES)}", "date: 2026-11-22"), "adoption", "")
    assert [grade for grade, _says in found()] == [Grade.WELL]


def date_of(words: str) -> str:
    return next(one.removeprefix("date: ").strip() for one in words.splitlines() if one.startswith("date: "))
