"""Who may be the same person, as a table: what is typed twice, and what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.records.likeness import OURS, Plain, Reason, keys, likeness, only_differences

MAY_1 = date(2026, 5, 1)


def person(name: str, born: date | None = None, phone: str = "", mail: str = "") -> Plain:
    given, _, family = name.partition(" ")
    return Plain(given, family, born, frozenset({phone} - {""}), frozenset({mail} - {""}))


TABLE = [
    ("accents and capitals", person("María Ñúñez", MAY_1), person("MARIA NUNEZ", MAY_1), "same"),
    ("first and last turned", person("Ñúñez María", MAY_1), person("María Ñúñez", MAY_1), "doubtful"),
    ("a second last name", person("María Ñúñez Peña", MAY_1), person("Maria Nunez", MAY_1), "doubtful"),
    ("one letter", person("Marisol Ñúñez", MAY_1), person("Marizol Nunez", MAY_1), "doubtful"),
    ("two letters turned", person("Brian Stone", MAY_1), person("Brain Stone", MAY_1), "doubtful"),
    ("a letter missing", person("Jonathan Stone", MAY_1), person("Jonatan Stone", MAY_1), "doubtful"),
    ("day and month turned", person("Ana Ruiz", date(2026, 5, 3)), person("Ana Ruiz", date(2026, 3, 5)), "doubtful"),
    ("one digit", person("Ana Ruiz", MAY_1), person("Ana Ruiz", date(2026, 5, 7)), "doubtful"),
    (
        "name and phone",
        person("Ana Ruiz", phone="(555) 014-2000"),
        person("Ana Ruiz", phone="555.014.2000"),
        "doubtful",
    ),
    (
        "phone and mail",
        person("Ana Ruiz", None, "5550142000", "a@x.org"),
        person("ana ruiz", None, "555-014-2000", "A@X.org"),
        "same",
    ),
    ("a common name alone", person("Ana Ruiz"), person("Ana Ruiz"), ""),
    (
        "another birth date",
        person("Ana Ruiz", MAY_1, "5550142000"),
        person("Ana Ruiz", date(2021, 8, 19), "5550142000"),
        "",
    ),
    ("twins", person("Ana Ruiz", MAY_1, "5550142000"), person("Leo Ruiz", MAY_1, "5550142000"), ""),
    ("twins with short names", person("Ana Ruiz", MAY_1), person("Ava Ruiz", MAY_1), ""),
    ("mother and child", person("Ana Ruiz", None, "5550142000"), person("Leo Ruiz", MAY_1, "5550142000"), ""),
    ("a short phone", person("Ana Ruiz", phone="911"), person("Ana Ruiz", phone="911"), ""),
    (
        "a name before a marriage, and the phone",
        Plain("María", "Reyes", None, frozenset({"5550142000"}), earlier=frozenset({("María", "Ñúñez")})),
        person("Maria Nunez", phone="555 014 2000"),
        "doubtful",
    ),
    ("an earlier name alone", Plain("María", "Reyes", earlier=frozenset({("María", "Peña")})), person("Ana Peña"), ""),
    ("no name, now or earlier", Plain(earlier=frozenset({("", "")})), person("", phone="5550142000"), ""),
    ("no name yet", person("", MAY_1, "5550142000"), person("", MAY_1, "5550142000"), ""),
    ("other letters", person("Marta Stone", MAY_1), person("Maria Stone-Li", MAY_1), ""),
]


@pytest.mark.parametrize(("one", "other", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_how_alike_two_records_are(one: Plain, other: Plain, expected: str) -> None:
    """Doubtful goes to a person; the same is taken for one by an import. Both ways round."""
    for first, second in ((one, other), (other, one)):
        found = likeness(first, second)
        assert ("same" if found.is_same() else "doubtful" if found.is_doubtful() else "") == expected
    assert not expected or keys(one) & keys(other), "and they are found without comparing everyone"


def test_a_likeness_says_why() -> None:
    found = likeness(
        person("Ana Ruiz", date(2026, 5, 3), "5550142000"), person("Ana Ruiz", date(2026, 3, 5), "5550142000")
    )
    assert found.reasons == (Reason.SAME_NAME, Reason.TURNED_BIRTH, Reason.SAME_PHONE)
    assert found.points >= OURS.doubtful


def test_nobody_without_a_name_is_looked_up() -> None:
    assert keys(Plain(birth_date=MAY_1, phones=frozenset({"5550142000"}))) == set()


@given(st.text(max_size=20), st.text(max_size=20), st.dates(), st.text(max_size=20), st.text(max_size=20), st.dates())
def test_likeness_is_the_same_both_ways_and_never_negative(a: str, b: str, c: date, d: str, e: str, f: date) -> None:
    one, other = Plain(a, b, c), Plain(d, e, f)
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, other).points >= 0
    assert likeness(one, one).is_same() or not keys(one)


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("María", "Maria", ("···í·", "···i·")),
        ("Ruiz", "RUIZ", ("·uiz", "·UIZ")),
        ("Ana María", "Anita", ("A·· M····", "A····")),
        ("Camila", "Camilla", ("······", "·····l·")),
        ("camila", "Camela", ("···i··", "···e··")),
        ("Marai", "Maria", ("···ai", "···ia")),
        ("Marion", "Marian", ("····o·", "····a·")),
        ("Ana   lia", "Anazlia", ("A·· l··", "A······")),
        ("", "Ana", ("", "A··")),
    ],
)
def test_only_what_has_to_be_chosen_shows(one: str, other: str, shown: tuple[str, str]) -> None:
    """Letters on both sides are dots; around one slip what differs; of different names the first letters alone."""
    assert only_differences(one, other) == shown
