"""Who may consent on a day, by which paper; what is not known stays not known, and asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.families.consent import (
    _ASK,
    CAPACITIES,
    DOCUMENTS,
    GIVEN_BY_PAPER,
    Capacity,
    Holder,
    check,
    is_known,
    who_may,
)
from inmind.foundation.errors import BadInput

TODAY = date(2026, 11, 21)
SINCE = date(2026, 3, 4)
ROSA = Holder("Rosa", Capacity.PARENT, "", SINCE)


def holder(capacity: Capacity, document: str = "", name: str = "Joyce") -> Holder:
    return Holder(name, capacity, document, SINCE)


@pytest.mark.parametrize(
    ("one", "may", "says"),
    [
        (holder(Capacity.PARENT), True, "no order that says otherwise is known here"),
        (holder(Capacity.MINOR_PARENT), None, "No paper was seen"),
        (holder(Capacity.MINOR_PARENT, "court_order"), True, "by the paper that was seen"),
        (holder(Capacity.LEGAL_GUARDIAN), None, "No paper was seen"),
        (holder(Capacity.LEGAL_GUARDIAN, "guardianship"), True, "by the paper that was seen"),
        (holder(Capacity.FOSTER_WITH_CONSENT), None, "No paper was seen"),
        (holder(Capacity.FOSTER_WITH_CONSENT, "placement"), True, "by the paper that was seen"),
        (holder(Capacity.FOSTER_WITHOUT_CONSENT), False, "gives no right to consent"),
        (holder(Capacity.FOSTER_WITHOUT_CONSENT, "placement"), False, "gives no right to consent"),
        (holder(Capacity.INDIAN_CUSTODIAN), None, "No paper was seen"),
        (holder(Capacity.INDIAN_CUSTODIAN, "tribal_custom"), True, "by the paper that was seen"),
        (holder(Capacity.COURT), None, "No paper was seen"),
        (holder(Capacity.COURT, "court_order"), True, "by the paper that was seen"),
        (holder(Capacity.TRIBAL_COURT), None, "No paper was seen"),
        (holder(Capacity.TRIBAL_COURT, "tribal_court_order"), True, "by the paper that was seen"),
        (holder(Capacity.AGENCY), None, "No paper was seen"),
        (holder(Capacity.AGENCY, "court_order"), True, "by the paper that was seen"),
        (holder(Capacity.UNKNOWN), None, "It is not known"),
        (holder(Capacity.UNKNOWN, "other"), None, "It is not known"),
    ],
    ids=lambda value: f"{value.capacity.value}, {value.document or 'no paper'}" if isinstance(value, Holder) else "",
)
def test_each_capacity_alone(one: Holder, may: bool | None, says: str) -> None:
    """Yes by a paper, no where the paper says no, and otherwise a question. `protect.md` 5, 8: minor parents, tribal courts
    and Indian custodians among them."""
    (answer,) = who_may([one], TODAY)
    assert answer.may is may
    assert says in answer.sentence % answer.facts
    assert bool(answer.ask) is (may is None)


@pytest.mark.parametrize(
    "order",
    [
        holder(Capacity.FOSTER_WITHOUT_CONSENT),
        holder(Capacity.COURT, "court_order"),
        holder(Capacity.TRIBAL_COURT, "tribal_court_order"),
        holder(Capacity.INDIAN_CUSTODIAN),
        holder(Capacity.AGENCY, "court_order"),
    ],
    ids=lambda one: one.capacity.value,
)
def test_a_parent_beside_an_order_is_asked_about(order: Holder) -> None:
    """What is left to the parent stands in the order; nobody is told a yes or a no that was not read there."""
    of_rosa = next(answer for answer in who_may([ROSA, order], TODAY) if answer.holder is ROSA)
    assert of_rosa.may is None and "Read in the order" in of_rosa.ask


def test_an_order_that_has_ended_leaves_the_parent_as_before() -> None:
    """Until its last day the order stands; from the day on which it ends it asks for a new one."""
    order = replace(holder(Capacity.COURT, "court_order"), until=TODAY)
    before = {one.holder.name: one.may for one in who_may([ROSA, order], TODAY - timedelta(days=1))}
    after = {one.holder.name: one.may for one in who_may([ROSA, order], TODAY)}
    assert before == {"Rosa": None, "Joyce": True}
    assert after == {"Rosa": True, "Joyce": None}


def test_those_who_may_stand_first_and_those_who_may_not_last() -> None:
    """And what begins later is not there yet."""
    later = replace(holder(Capacity.COURT, "court_order", "Later"), since=TODAY + timedelta(days=1))
    found = who_may(
        [
            holder(Capacity.FOSTER_WITHOUT_CONSENT, name="Joyce"),
            holder(Capacity.UNKNOWN, name="Sam"),
            holder(Capacity.LEGAL_GUARDIAN, "guardianship", "Elena"),
            later,
        ],
        TODAY,
    )
    assert [one.holder.name for one in found] == ["Elena", "Sam", "Joyce"]
    assert is_known(found) and not is_known(found[1:]) and not is_known(())


def test_every_capacity_has_its_words_and_its_question() -> None:
    """A new one does not slip by."""
    assert set(CAPACITIES) == set(Capacity)
    assert set(_ASK) == set(GIVEN_BY_PAPER)


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (replace(ROSA, name=" "), "holder"),
        (replace(ROSA, document="hearsay"), "document"),
        (replace(ROSA, since=TODAY + timedelta(days=1)), "since"),
        (replace(ROSA, until=SINCE - timedelta(days=1)), "until"),
    ],
    ids=["nobody", "no paper of the list", "from tomorrow", "an end before the beginning"],
)
def test_what_cannot_be_is_refused_at_its_field(one: Holder, field: str) -> None:
    """With a sentence and what to do."""
    with pytest.raises(BadInput) as refusal:
        check(one, today=TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize("document", ["", *DOCUMENTS])
def test_what_can_be_is_kept(document: str) -> None:
    """Without a paper too: then it asks."""
    check(replace(ROSA, document=document, until=TODAY), today=TODAY)
