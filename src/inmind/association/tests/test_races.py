"""Several at once: the last place, one membership, one letter. On both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inmind.association import actions, offers
from inmind.association.models import Member, Membership, Reminded
from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.jobs.models import Job
from inmind.messages.models import Letter
from inmind.money.models import Invoice
from inmind.money.tests.test_races import together
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = clock.today(make.ZONE)


def refused(told: list[Any]) -> int:
    return len([one for one in told if isinstance(one, InMindError)])


def test_the_last_place_is_given_once() -> None:
    """Two coordinators, two people; and the bill asks for as many places as are given."""
    keeper, other = (make.make_worker("association_coordinator") for _ in range(2))
    level = make.make_level(keeper)
    bundle = actions.sell_places(keeper.actor, association=keeper.agency, agency="Harbor", level=level, places=1)
    people = [make.make_member(keeper, until=TODAY + timedelta(days=5), level=level) for _ in range(2)]
    given = zip((keeper.actor, other.actor), people, strict=True)
    told = together([lambda by=by, one=one: actions.give_place(by, bundle=bundle, member=one) for by, one in given])
    assert refused(told) == 1
    assert bundle.given.count() == 1


def test_who_joins_twice_at_once_is_asked_once() -> None:
    """Two tabs in one moment, of somebody who was no member yet."""
    keeper, luz = make.make_worker("association_coordinator"), make.make_worker("practitioner")
    level = make.make_level(keeper)
    told = together([lambda: actions.join_as_oneself(luz.actor, level=level)] * 3)
    assert refused(told) == 2
    assert (Member.objects.count(), Membership.objects.count(), Invoice.objects.count()) == (1, 1, 1)


def test_who_renews_twice_at_once_is_charged_once() -> None:
    """The member and the coordinator, in one moment."""
    keeper = make.make_worker("association_coordinator")
    member = make.make_member(keeper, until=TODAY + timedelta(days=5))
    by = (make.actor_of(member.person), keeper.actor)
    told = together([lambda one=one: actions.renew(one, member=member, level=member.level) for one in by])
    assert refused(told) == 1
    assert Invoice.objects.count() == 1


def test_two_runs_of_reminders_at_once_write_one_letter() -> None:
    """Also where the same person is a member twice."""
    keeper = make.make_worker("association_coordinator")
    members = [make.make_member(keeper, until=TODAY + timedelta(days=5)) for _ in range(3)]
    hills = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    level = make.make_level(hills)
    days = {"since": date(TODAY.year - 1, 1, 1), "until": TODAY + timedelta(days=9)}
    actions.take_in(hills.actor, association=hills.agency, person=members[0].person, level=level, **days)
    told = together([lambda: offers.remind(Job(kind=offers.REMIND, payload={}))] * 2)
    assert refused(told) == 0
    assert Letter.objects.filter(template__startswith="dues_").count() == 3
    assert Reminded.objects.count() == 3
