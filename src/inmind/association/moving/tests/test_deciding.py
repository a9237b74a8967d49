"""What is decided of a doubtful row can be kept, and is checked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from inmind.association.moving.contacts import Contact
from inmind.association.moving.deciding import Decision, What, as_decided, check
from inmind.foundation.errors import BadInput

TODAY = date(2026, 2, 3)
LEVEL = UUID(int=5)
WHOLE = Decision(What.NEW, LEVEL, date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    "decision",
    [WHOLE, Decision(What.LEAVE), Decision(What.SAME, LEVEL, None, None, UUID(int=9))],
    ids=["new", "leave", "same"],
)
def test_a_decision_is_kept_as_it_was_said(decision: Decision) -> None:
    assert Decision.of(decision.as_data()) == decision


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision(What.NEW, None, date(2025, 1, 1), date(2026, 1, 1)), "level"),
        (Decision(What.SAME, LEVEL, None, date(2026, 1, 1)), "since"),
        (Decision(What.NEW, LEVEL, date(2025, 1, 1), None), "until"),
        (Decision(What.NEW, LEVEL, date(2025, 1, 1), date(2025, 1, 1)), "until"),
        (Decision(What.NEW, LEVEL, date(2026, 5, 1), date(2027, 1, 1)), "since"),
        (Decision(What.NEW, LEVEL, date(1, 1, 1), date(2027, 1, 1)), "since"),
        (Decision(What.NEW, LEVEL, date(2025, 1, 1), date.max), "until"),
    ],
    ids=["no level", "no beginning", "no end", "turned", "ahead", "as if never", "for ever"],
)
def test_a_membership_that_cannot_be_is_not_decided(decision: Decision, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        check(decision, TODAY)
    assert refusal.value.field == field


def test_what_is_whole_or_left_out_may_be_decided() -> None:
    check(WHOLE, TODAY)
    check(Decision(What.LEAVE), TODAY)


def test_what_speaks_of_a_family_is_gone_once_somebody_decided() -> None:
    said = Contact(mails=("no mail", "a@x.org"), organization="mother of Mateo", labels=("mother of Leo", "Policy"))
    found = as_decided(said, WHOLE)
    assert (found.organization, found.labels, found.mails) == ("", ("Policy",), ("a@x.org",))
    assert found.unread == ("no mail",)
    assert (found.since, found.until) == (date(2025, 1, 1), date(2026, 1, 1))
