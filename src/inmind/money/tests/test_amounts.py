"""An amount as somebody types it, in either language, and as it is written; what cannot be billed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput
from inmind.money.amounts import (
    MOST_CENTS,
    Item,
    check_amount,
    check_due,
    check_items,
    dollars,
    plain,
    read_amount,
    shared,
)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        pytest.param("60", 6000, id="dollars alone"),
        pytest.param("0", 0, id="nothing"),
        pytest.param("12.5", 1250, id="one digit of cents"),
        pytest.param("12,50", 1250, id="cents behind a comma, as in Spanish"),
        pytest.param("$1,200.00", 120_000, id="thousands and cents, in English"),
        pytest.param("1.200,00", 120_000, id="thousands and cents, as in Spanish"),
        pytest.param("1,200", 120_000, id="a comma before three digits parts thousands"),
        pytest.param("1,234,567", 123_456_700, id="thousands twice"),
        pytest.param("1.234.567", 123_456_700, id="thousands twice, by points"),
        pytest.param("1 200,5", 120_050, id="thousands parted by a space"),
        pytest.param("  $ 60 ", 6000, id="with spaces"),
        pytest.param("60 USD", 6000, id="with the currency"),
        pytest.param("60$", 6000, id="with the sign behind it"),
        pytest.param("US$60", 6000, id="with the country's sign"),
        pytest.param("-60", -6000, id="negative, for whoever asks to refuse"),
        pytest.param("(60.00)", -6000, id="negative, as a bookkeeper writes it"),
        pytest.param("-$60", -6000, id="negative before the sign"),
    ],
)
def test_an_amount_is_read_as_it_was_typed(typed: str, cents: int) -> None:
    """In both languages of the screens."""
    assert read_amount(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sixty",
        "12,,50",
        "1,20,00",
        "12.345.6",
        "1,200,50.00",
        "60 dollars",
        "1e3",
        "٦٠",
        "$",
        "0" * 13,
        "1.2.3",
        "1,2,3",
    ],
)
def test_what_is_no_amount_is_asked_for_again(typed: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadInput, match="not an amount"):
        read_amount(typed)


def test_a_point_before_three_digits_is_never_guessed() -> None:
    """A thousand to one reader, one and a fifth to another."""
    with pytest.raises(BadInput, match="two ways") as refused:
        read_amount("1.200", field="cents")
    assert refused.value.field == "cents"


@given(st.integers(min_value=0, max_value=MOST_CENTS))
def test_what_is_written_is_read_again(cents: int) -> None:
    """On a page, and for another program."""
    assert read_amount(dollars(cents)) == cents
    assert read_amount(plain(cents)) == cents
    assert read_amount(dollars(-cents)) == -cents
    assert plain(-cents).startswith("-") is (cents > 0)


@pytest.mark.parametrize("cents", [-1, 0, MOST_CENTS + 1])
def test_an_amount_is_above_zero_and_no_slip_of_the_keys(cents: int) -> None:
    """What goes back has its own way."""
    with pytest.raises(BadInput):
        check_amount(cents)
    assert check_amount(1) == 1
    assert check_amount(0, nothing=True) == 0


@pytest.mark.parametrize(
    ("items", "says"),
    [
        pytest.param([], "nothing on this invoice", id="no line"),
        pytest.param([Item(" ", 100)], "no words", id="a line without words"),
        pytest.param([Item("Dues", 100, quantity=0)], "pieces", id="none of it"),
        pytest.param([Item("Dues", 100, quantity=10_001)], "pieces", id="too many of it"),
        pytest.param([Item("Dues", -100)], "not above zero", id="a line below zero"),
        pytest.param([Item("Dues", MOST_CENTS), Item("Dues", 1)], "million", id="an absurd sum"),
    ],
)
def test_lines_that_nobody_can_owe_are_refused(items: list[Item], says: str) -> None:
    """With the sentence that says why."""
    with pytest.raises(BadInput, match=says):
        check_items(items)


def test_lines_add_up() -> None:
    """Twelve memberships, and one thing for nothing."""
    assert check_items([Item("Membership", 6000, quantity=12), Item("Pin", 0)]) == 72_000


PARTS = st.lists(st.tuples(st.text("abc", min_size=1, max_size=2), st.integers(-5, 10_000)), max_size=6)


@given(PARTS, st.data())
def test_a_share_is_whole_and_nobody_bears_more_than_they_can(
    parts: list[tuple[str, int]], data: st.DataObject
) -> None:
    """To the cent."""
    bears = [weight for _name, weight in parts if weight > 0]
    cents = data.draw(st.integers(0, sum(bears)))
    shares = shared(cents, parts)
    assert sum(share for _name, share in shares) == cents
    assert all(share > 0 for _name, share in shares)
    if cents == sum(bears):
        assert [share for _name, share in shares] == bears


@pytest.mark.parametrize("cents", [-1, 101])
def test_more_than_there_is_cannot_be_shared(cents: int) -> None:
    """A fault of whoever asks."""
    with pytest.raises(ValueError, match="bear"):
        shared(cents, [("dues", 100)])


@pytest.mark.parametrize(
    ("days", "says"),
    [pytest.param(-1, "over already", id="yesterday"), pytest.param(732, "two years", id="in two years and a day")],
)
def test_a_day_by_which_nobody_can_pay_is_refused(days: int, says: str) -> None:
    """Today is one, and so is a day in two years."""
    today = date(2026, 5, 16)
    assert check_due(today, today) == today
    assert check_due(today + timedelta(731), today) > today
    with pytest.raises(BadInput, match=says):
        check_due(today + timedelta(days), today)
