"""Why an agency's time with a family ends: no blame in the words, and no end that cannot be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inmind.families.endings import REASONS, check
from inmind.foundation.errors import BadInput

TODAY, SINCE = date(2026, 11, 21), date(2026, 3, 4)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("until", [SINCE, TODAY], ids=["on the first day", "today"])
def test_an_end_that_can_be(until: date, reason: str) -> None:
    """From the first day to this one."""
    check(SINCE, until, reason, today=TODAY)


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (SINCE - timedelta(days=1), "moved", "until"),
        (TODAY + timedelta(days=1), "moved", "until"),
        (TODAY, "non-compliant", "reason"),
    ],
    ids=["before the start", "tomorrow", "a word we do not have"],
)
def test_an_end_that_cannot_be_is_refused_at_its_field(until: date, reason: str, field: str) -> None:
    """With what was found."""
    with pytest.raises(BadInput) as refusal:
        check(SINCE, until, reason, today=TODAY)
    assert refusal.value.field == field


def test_no_reason_blames_a_family() -> None:
    """`protect.md` 11: never "failed", "non-compliant", "refused"."""
    said = " ".join(REASONS.values()).lower()
    assert not [word for word in ("fail", "complian", "refus", "uncooperative", "no-show") if word in said]
