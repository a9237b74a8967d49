"""What stands on a certificate, and its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.learning.certificates.certificate import (
    ALPHABET,
    CreditLine,
    Offered,
    as_code,
    code_from,
    content,
    hours_of,
)

DAY, NEXT = date(2026, 5, 16), date(2026, 6, 20)
OFFERED = Offered(
    title="Law and policy",
    title_es="",
    association="Plains Association",
    minutes=150,
    domains={"reflection": 90, "law": 60},
    tagged={"equity": 30},
    credits=(CreditLine("Social work", 250, "SW-1"),),
)


def test_who_attended_all_of_it_has_all_that_it_counts_for() -> None:
    """As the association entered it."""
    said = content(OFFERED, [(DAY, 150)])
    assert said["domains"] == {"reflection": 90, "law": 60}
    assert said["credits"] == [{"kind": "Social work", "hundredths": 250, "approval": "SW-1"}]
    assert (said["days"], said["of"], said["tagged"]) == ([["2026-05-16", 150]], 150, {"equity": 30})


def test_who_attended_a_part_has_that_part_of_each_area() -> None:
    """And no credit by kind of license, unless the training gives a part of it."""
    said = content(OFFERED, [(DAY, 120)])
    assert (said["domains"], said["credits"], said["tagged"]) == ({"reflection": 72, "law": 48}, [], {"equity": 24})
    said = content(replace(OFFERED, credit_for_part=True), [(DAY, 120)])
    assert said["credits"] == [{"kind": "Social work", "hundredths": 200, "approval": "SW-1"}]


def test_days_that_count_for_nothing_are_left_out() -> None:
    """The others stand in their order; a share of less than a minute is none."""
    said = content(replace(OFFERED, minutes=300), [(NEXT, 100), (DAY, 1), (DAY, 0)])
    assert said["days"] == [["2026-05-16", 1], ["2026-06-20", 100]]
    assert content(OFFERED, [(DAY, 1)])["tagged"] == {}


def test_a_training_that_was_shortened_since_takes_nothing_away() -> None:
    """Who attended more than is planned now attended all of it."""
    assert content(replace(OFFERED, minutes=60), [(DAY, 150)])["of"] == 150


def test_a_number_is_said_in_three_groups() -> None:
    """Of letters that are not mixed up."""
    assert code_from(bytes(8)) == "0000-0000-0000"
    assert code_from(b"\xff" * 8) == "ZZZZ-ZZZZ-ZZZZ"
    with pytest.raises(ValueError, match="more chance"):
        code_from(bytes(7))


@given(st.binary(min_size=8, max_size=8))
def test_a_number_is_read_as_it_was_made(chance: bytes) -> None:
    """Whatever the case, with hyphens, with spaces or without."""
    code = code_from(chance)
    assert set(code) <= {*ALPHABET, "-"}
    assert as_code(code) == as_code(code.lower().replace("-", " ")) == as_code(code.replace("-", "")) == code


@pytest.mark.parametrize(
    ("typed", "read"),
    [("oil0-0000-0000", "0110-0000-0000"), ("0000-0000-000", ""), ("0000-0000-000U", ""), ("", ""), ("é" * 12, "")],
)
def test_letters_that_look_alike_are_read_as_digits(typed: str, read: str) -> None:
    """What cannot be a number is none."""
    assert as_code(typed) == read


@pytest.mark.parametrize(("hundredths", "said"), [(250, "2.5"), (200, "2"), (75, "0.75"), (1000, "10")])
def test_hundredths_are_said_as_hours(hundredths: int, said: str) -> None:
    """Without zeros behind."""
    assert hours_of(hundredths) == said
