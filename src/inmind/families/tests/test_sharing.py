"""What a caregiver may be told about another caregiver of the same child (`protect.md` 1, 4)."""

from __future__ import annotations

import pytest

from inmind.families.models import Household, Visit
from inmind.families.sharing import may_be_told
from inmind.foundation.values import FieldClass
from inmind.people.models import Contact


@pytest.mark.parametrize(
    ("kind", "own", "other", "other_if_said"),
    [
        (FieldClass.PUBLIC, True, True, True),
        (FieldClass.PROFESSIONAL, True, True, True),
        (FieldClass.FAMILY, True, False, False),
        (FieldClass.WHEREABOUTS, True, False, True),
        (FieldClass.CLINICAL, True, False, False),
        (FieldClass.SECRET, False, False, False),
    ],
    ids=lambda value: value.value if isinstance(value, FieldClass) else "",
)
def test_each_class_of_facts(kind: FieldClass, own: bool, other: bool, other_if_said: bool) -> None:
    """About herself, about another, and about another who said that it may be told."""
    assert may_be_told(kind, is_own=True) is own
    assert may_be_told(kind, is_own=False) is other
    assert may_be_told(kind, is_own=False, shown_to_others=True) is other_if_said


def test_addresses_numbers_and_visits_are_hidden_from_the_other_caregivers_by_default() -> None:
    """The class of each field, through the rule, with what a new row says."""
    assert Household().shown_to_others is False and Contact().shown_to_others is False
    for model, field in ((Household, "address"), (Contact, "address"), (Visit, "on"), (Visit, "place")):
        assert not may_be_told(model.class_of(field), is_own=False), f"{model.__name__}.{field}"
