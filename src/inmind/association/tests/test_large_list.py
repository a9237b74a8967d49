"""A long list of members is read from an index: what a page reads does not grow with the list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from inmind.association import queries
from inmind.association.models import Member
from inmind.association.queries import Sought
from inmind.association.standing import State
from inmind.foundation import clock
from inmind.foundation.models import keep_together
from inmind.people.models import NameToken, Person
from tests import make

pytestmark = pytest.mark.django_db
TODAY = clock.today(make.ZONE)


def many(keeper: make.Worker, count: int) -> None:
    """So many members whose names go round, written in a few statements."""
    assert keeper.agency is not None
    level = make.make_level(keeper)
    given = ("Ana", "Ben", "Luz", "María", "Rosa", "Sam", "Tía")
    people = [Person(given_name=given[n % 7], family_name=f"Apellido{n:06}") for n in range(count)]
    until = [TODAY + timedelta(days=90) if n % 10 else TODAY - timedelta(days=90) for n in range(count)]
    rows = [
        Member(
            association=keeper.agency,
            person=person,
            level=level,
            paid_until=end,
            counts_until=end,
            sorts_as=Member.sorted_as(person.given_name, person.family_name),
            joined_on=date(2020, 1, 1),
        )
        for person, end in zip(people, until, strict=True)
    ]

    def keep(act: Any) -> None:
        keep_together([*people, *rows])
        for start in range(0, count, 5000):
            some = [token for one in people[start : start + 5000] for token in NameToken.of(one, keeper.agency)]  # type: ignore[arg-type]
            NameToken.objects.bulk_create(some)

    make.together(keep)


def test_pages_follow_each_other_by_name_and_each_member_once() -> None:
    """Walked from page to page, nobody is missing and nobody stands twice; narrowed, the same."""
    keeper = make.make_worker("association_coordinator")
    many(keeper, 700)
    client, found = keeper.client, 0
    page = reverse("members")
    for _number in range(20):
        html = client.get(page).content.decode()
        found += html.count('href="/members/0')
        if 'rel="next"' not in html:
            break
        page = reverse("members") + html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert found == 700
    assert keeper.agency is not None
    for sought, count in (
        (Sought(words="maria"), 50),
        (Sought(words="LUZ apellido000002"), 1),
        (Sought(state=State.LAPSED.value), 50),
        (Sought(state=State.LAPSED.value, words="ana"), 10),
        (Sought(words="nadie"), 0),
    ):
        rows = queries.found(Member.objects.all(), keeper.agency, sought, TODAY)
        assert len(rows[: queries.AT_ONCE]) == count, sought
        assert [one.sorts_as for one in rows] == sorted(one.sorts_as for one in rows)


def test_the_list_is_read_by_its_index() -> None:
    """The database walks the names in order, and sorts nothing."""
    keeper = make.make_worker("association_coordinator")
    many(keeper, 300)
    rows = Member.objects.filter(association=keeper.agency).order_by("sorts_as", "pk")[:51]
    if connection.vendor == "sqlite":
        plan = rows.explain()
        assert "member_by_name" in plan
        assert "TEMP B-TREE" not in plan
