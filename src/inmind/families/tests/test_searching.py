"""Search by name: how the database goes about it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmind.families.queries import finding
from tests import make


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_second_word_of_a_name_is_looked_up_at_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not among all who have such a word: that takes as long as there are people. SQLite plans alike however many there are."""
    family = make.make_family()
    monkeypatch.setattr(finding, "FEW", 0)  # as for somebody who reaches a whole agency
    with CaptureQueriesContext(connection) as asked:
        assert [found.person for found in finding.find(family.by.actor, "mar nun")] == [family.adult]
    sql = next(one["sql"] for one in asked if "EXISTS" in one["sql"] and "people_nametoken" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [row[3] for row in cursor.fetchall()]
    assert any("(person_id=? AND organization_id=? AND token>? AND token<?)" in line for line in plan), plan
