"""A long list of members is read from an index: what a page reads does not grow with the list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.association import queries
from inmind.association.models import Level, Member
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


@pytest.mark.sqlite
def test_the_list_is_read_by_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database walks the names in order and sorts nothing; what is sought leads to the few, whatever else narrows them."""
    keeper = make.make_worker("association_coordinator")
    many(keeper, 30)
    level = Level.objects.get()
    for sought, plan in (
        (Sought(), ["member_by_name (association_id=?)"]),
        (Sought(after=("apellido000020 ana", level.pk)), ["member_by_name (association_id=? AND sorts_as>?)"]),
        (Sought(level=level.pk), ["member_by_level (association_id=? AND level_id=?)"]),
        (Sought(words="maria", level=level.pk, state="active"), ["person_id=?", "name_token_to_person"]),
        (Sought(agency=level.association_id, state="active"), ["belonging_by_agency", "association_member_1 (id=?)"]),
        (Sought(state="grace"), ["member_by_end (association_id=? AND paid_until>? AND paid_until<?)"]),
    ):
        assert missing(plan, plan_of(keeper, sought)) == [], sought
    monkeypatch.setattr(queries, "FEW", 2)  # much is found: the order by name is walked, and nothing is sorted
    for sought, walked in (
        (Sought(words="maria"), "member_by_name"),
        (Sought(state="active"), "member_by_name"),
        (Sought(state="active", level=level.pk), "member_by_level"),
    ):
        there = plan_of(keeper, sought)
        assert walked in there, sought
        assert "TEMP B-TREE" not in there, sought


def missing(parts: list[str], plan: str) -> list[str]:
    return [part for part in parts if part not in plan]


def plan_of(keeper: make.Worker, sought: Sought) -> str:
    """By what SQLite would find the members of a page."""
    assert keeper.agency is not None
    with CaptureQueriesContext(connection) as asked:
        queries.found(Member.objects.all(), keeper.agency, sought, TODAY)
    keys = [one["sql"] for one in asked if 'FROM "association_member"' in one["sql"] and '"id" IN (' not in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {keys[-1]}")
        return "\n".join(row[3] for row in cursor.fetchall())


def test_a_standing_that_is_sought_is_the_one_that_is_shown() -> None:
    """What a list asks of the database and what a page says of one member agree, on the days around each end."""
    keeper = make.make_worker("association_coordinator")
    many(keeper, 12)
    days = [None, *(TODAY + timedelta(days=n) for n in (-400, -366, -365, -1, 0, 1, 90))]
    ends = [(paid, counts) for paid in days for counts in days if paid and counts and counts >= paid]
    ends = [one for one in ends if one[1] - one[0] <= queries.LONGEST_GRACE] + [(None, None)]
    rows = list(Member.objects.all())

    def keep(act: Any) -> None:
        for row, (row.paid_until, row.counts_until) in zip(rows, some, strict=False):
            row.save()

    for start in range(0, len(ends), len(rows)):
        some = ends[start : start + len(rows)]
        make.together(keep)
        for state in State:
            found = set(Member.objects.filter(queries.in_state(state, TODAY)).values_list("pk", flat=True))
            assert found == {row.pk for row in rows if row.state(TODAY) is state}


def test_a_page_of_members_asks_as_much_whatever_it_shows(django_assert_max_num_queries: Any) -> None:
    """Rows ask for nothing by themselves."""
    keeper = make.make_worker("association_coordinator")
    many(keeper, 60)
    client = keeper.client
    for said in ({}, {"q": "ana"}, {"state": "active", "q": "a"}):
        with django_assert_max_num_queries(12):
            assert client.get(reverse("members"), said).status_code == 200
