"""What entries add up to: never below zero, whatever their order, and even on both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.errors import BadInput
from inmind.money import ledger
from inmind.money.ledger import POSTED, Account, Age, Entry, Kind, State, Sums, add_up, unplaced

DAY = date(2027, 1, 31)


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """What can happen to one invoice, one thing after another, as actions let it."""
    entries = [Entry(Kind.BILLED, cents) for cents in draw(st.lists(st.integers(1, 50_000), max_size=3))]
    for _ in range(draw(st.integers(0, 8))):
        sums = add_up(entries)
        can = {
            Kind.PAID: sums.owed,
            Kind.APPLIED: sums.owed,
            Kind.LET_GO: sums.owed,
            Kind.BOUNCED: sums.paid,
            Kind.REFUNDED: sums.paid,
            Kind.MOVED: sums.paid,
        }
        possible = sorted(kind for kind, most in can.items() if most > 0)
        if possible:
            kind = draw(st.sampled_from(possible))
            entries.append(Entry(kind, draw(st.integers(1, can[kind]))))
    return entries


@given(histories(), st.randoms())
def test_an_invoice_stands_alike_in_whatever_order_its_entries_came(history: list[Entry], chance: object) -> None:
    """And is never below zero."""
    sums = ledger.check(add_up(history))
    mixed = list(history)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert add_up(mixed) == sums
    assert (sums.state is State.OPEN) is (sums.owed > 0)


@given(histories())
def test_the_books_are_even(history: list[Entry]) -> None:
    """What is owed stands on the receivable's account, and all accounts together are nothing."""
    balance = dict.fromkeys(Account, 0)
    for entry in history:
        debit, credit = POSTED[entry.kind]
        balance[debit] += entry.cents
        balance[credit] -= entry.cents
    assert sum(balance.values()) == 0
    assert balance[Account.RECEIVABLE] == add_up(history).owed
    assert -balance[Account.CREDIT] == ledger.credit_of(history)


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        pytest.param([], State.SETTLED, id="of nothing"),
        pytest.param([(Kind.BILLED, 60)], State.OPEN, id="billed"),
        pytest.param([(Kind.BILLED, 60), (Kind.PAID, 20)], State.OPEN, id="paid in part"),
        pytest.param([(Kind.BILLED, 60), (Kind.PAID, 20), (Kind.APPLIED, 40)], State.SETTLED, id="paid"),
        pytest.param([(Kind.BILLED, 60), (Kind.PAID, 60), (Kind.BOUNCED, 60)], State.OPEN, id="the check came back"),
        pytest.param([(Kind.BILLED, 60), (Kind.LET_GO, 60)], State.CANCELLED, id="cancelled"),
        pytest.param(
            [(Kind.BILLED, 60), (Kind.PAID, 60), (Kind.REFUNDED, 60), (Kind.LET_GO, 60)],
            State.CANCELLED,
            id="given back whole",
        ),
        pytest.param(
            [(Kind.BILLED, 60), (Kind.PAID, 60), (Kind.REFUNDED, 20), (Kind.LET_GO, 20)],
            State.SETTLED,
            id="given back in part",
        ),
        pytest.param(
            [(Kind.BILLED, 60), (Kind.PAID, 60), (Kind.REFUNDED, 60)], State.OPEN, id="given back, and still owed"
        ),
    ],
)
def test_how_an_invoice_stands(entries: list[tuple[Kind, int]], state: State) -> None:
    """Worked examples, in whole dollars."""
    assert add_up(Entry(kind, cents * 100) for kind, cents in entries).state is state


@pytest.mark.parametrize("sums", [Sums(-1, 0), Sums(0, -1), Sums(1, 2)])
def test_sums_that_cannot_be_are_a_fault_of_the_program(sums: Sums) -> None:
    """More went back than there was."""
    with pytest.raises(ValueError, match="below zero"):
        ledger.check(sums)


@pytest.mark.parametrize("cents", [0, -1])
def test_an_entry_moves_something(cents: int) -> None:
    """From one account to another; what goes back is an entry of its own kind."""
    with pytest.raises(ValueError, match="above zero"):
        Entry(Kind.PAID, cents)


@given(st.integers(0, 100_000), st.lists(st.integers(-10, 20_000), max_size=12))
def test_one_check_for_many_pays_each_as_far_as_it_is_owed(cents: int, owed: list[int]) -> None:
    """What is left over is credit, and only then."""
    found = ledger.spread(cents, owed)
    assert sum(found.shares) + found.left == cents
    assert all(0 <= share <= max(one, 0) for share, one in zip(found.shares, owed, strict=True))
    assert not found.left or all(share == max(one, 0) for share, one in zip(found.shares, owed, strict=True))


def test_no_more_goes_back_than_was_paid() -> None:
    """To the cent."""
    ledger.check_refund(60, Sums(60, 60))
    with pytest.raises(BadInput, match=r"\$0\.60"):
        ledger.check_refund(61, Sums(60, 60))


@pytest.mark.parametrize(
    ("days", "age"),
    [
        pytest.param(-1, Age.NOT_YET, id="tomorrow"),
        pytest.param(0, Age.NOT_YET, id="today"),
        pytest.param(1, Age.TO_30, id="since yesterday"),
        pytest.param(30, Age.TO_30, id="thirty days"),
        pytest.param(31, Age.TO_60, id="thirty-one days"),
        pytest.param(61, Age.TO_90, id="sixty-one days"),
        pytest.param(90, Age.TO_90, id="ninety days"),
        pytest.param(91, Age.OVER_90, id="ninety-one days"),
    ],
)
def test_how_long_it_has_been_due(days: int, age: Age) -> None:
    """The usual columns of a list of open invoices."""
    assert ledger.age(DAY, DAY + timedelta(days)) is age


@given(st.lists(st.integers(1, 10_000), max_size=8), st.integers(-100, 90_000))
def test_what_is_left_of_amounts_that_became_credit_is_never_more_than_the_credit(kept: list[int], credit: int) -> None:
    """Nor more than each amount; what came first was used first."""
    left = unplaced(credit, kept)
    assert sum(left) == min(max(credit, 0), sum(kept))
    assert all(0 <= one <= most for one, most in zip(left, kept, strict=True))
    first_left = next((place for place, one in enumerate(left) if one), len(left))
    assert left[first_left + 1 :] == kept[first_left + 1 :]
