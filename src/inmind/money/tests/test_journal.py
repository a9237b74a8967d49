"""The journal's lines and what a card's notice means, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.money import journal, notices
from inmind.money.journal import Posted
from inmind.money.ledger import Entry, Kind

DAY = date(2027, 3, 1)
ENTRIES = st.builds(
    Posted,
    st.builds(Entry, st.sampled_from(Kind), st.integers(1, 10**9), st.just(DAY), st.sampled_from(["", "a.B"])),
    st.sampled_from(["", *journal.BY_METHOD]),
)


@given(st.lists(ENTRIES, max_size=20), st.dictionaries(st.sampled_from(sorted(journal.ACCOUNTS)), st.text(max_size=4)))
def test_the_journal_is_even_and_tells_all(entries: list[Posted], names: dict[str, str]) -> None:
    """Both sides are the sum of the entries, and each line stands on an account with a name."""
    lines = list(journal.lines(entries, names))
    total = sum(one.entry.cents for one in entries)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == total
    assert all(line.account and not (line.debit and line.credit) for line in lines)


def test_income_stands_on_the_account_of_what_was_billed() -> None:
    """Else on that of all income, else on ours."""
    one = [Posted(Entry(Kind.BILLED, 100, DAY, "a.B"), reference="2027-0001")]
    accounts = [
        [line.account for line in journal.lines(one, names)][1]
        for names in ({}, {"income": "4000"}, {"income": "4000", "income:a.B": "4010"})
    ]
    assert accounts == ["Income", "4000", "4010"]


@pytest.mark.parametrize(
    ("in_all", "here", "paid", "more"),
    [
        pytest.param(20, 0, 60, 20, id="the first of it"),
        pytest.param(20, 20, 60, 0, id="told again"),
        pytest.param(50, 20, 60, 30, id="more of it"),
        pytest.param(20, 50, 60, 0, id="an older notice comes late"),
        pytest.param(90, 0, 60, 60, id="more than was paid"),
    ],
)
def test_how_much_more_went_back(in_all: int, here: int, paid: int, more: int) -> None:
    """A notice tells the sum of all refunds, so that order and repetition do not matter."""
    assert notices.goes_back(in_all, here, paid) == more
