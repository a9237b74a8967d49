"""A membership as another product had it: kept once, counted as it was paid."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from inmind.association import actions, queries
from inmind.association.models import Member, Membership
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import house
from inmind.foundation.values import Period
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 5, 12, tzinfo=ZoneInfo(make.ZONE))


def test_what_came_from_elsewhere_counts_once() -> None:
    """The same file twice changes nothing; years that follow are one stretch."""
    with clock.at(NOON):
        keeper = make.make_worker("association_coordinator")
        level, person = make.make_level(keeper, grace_days=30), make.make_worker("practitioner").person
        said = {"association": keeper.agency, "person": person, "level": level}
        years = [(date(2025, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(2027, 1, 1))]
        rows = [actions.take_in(keeper.actor, **said, since=since, until=until) for since, until in years * 2]

    assert rows[:2] == rows[2:]
    assert Membership.objects.count() == 2
    assert queries.memberships_of([person.pk]) == {person.pk: (Period(date(2025, 1, 1), date(2027, 1, 31)),)}
    member = Member.objects.get()
    assert (member.paid_until, member.counts_until) == (date(2027, 1, 1), date(2027, 1, 31))
    assert member.joined_on == date(2025, 1, 1)
    assert house.members([person.pk, keeper.person.pk], date(2027, 1, 30)) == {person.pk}
    assert house.members([person.pk], date(2027, 1, 31)) == frozenset()


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), "until"),
        (date(2026, 6, 1), date(2027, 1, 1), "since"),
        (date(2025, 1, 1), date(2025, 7, 1), "since"),
        (date(1, 1, 1), date(2026, 1, 1), "since"),
        (date(2024, 1, 1), date.max, "until"),
    ],
    ids=["no day at all", "begins in the future", "another begins that day", "as if never", "for ever"],
)
def test_what_cannot_be_is_said(since: date, until: date, field: str) -> None:
    """With the field that it concerns."""
    with clock.at(NOON):
        keeper = make.make_worker("association_coordinator")
        level, person = make.make_level(keeper), make.make_worker("practitioner").person
        said = {"association": keeper.agency, "person": person, "level": level}
        if since.year == 2025:
            actions.take_in(keeper.actor, **said, since=since, until=date(2026, 1, 1))
        with pytest.raises(BadInput) as refusal:
            actions.take_in(keeper.actor, **said, since=since, until=until)
    assert refusal.value.field == field
