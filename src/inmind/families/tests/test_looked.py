"""Who looked at a family: by day and reader; role and agency of everybody, names of one's own agency, and every entry."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.models import RoleAssignment
from inmind.access.queries import lookers
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 15, tzinfo=UTC)  # nine o'clock in Chicago
MINUTE = timedelta(minutes=1)


def looks_at(worker: make.Worker, family: make.Family, moment: datetime) -> int:
    with clock.at(moment):
        return worker.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).status_code


def told(reader: make.Worker, family: make.Family, moment: datetime, query: str = "") -> list[dict[str, Any]]:
    """The readers of each day as the page tells of them, newest first, but for what reading this page leaves."""
    with clock.at(moment):
        answer = reader.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk}) + query)
    days = [(day, one) for day, readers in answer.context["days"] for one in readers]
    page = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
    rows = [
        {
            **one,
            "day": day,
            "page": page,
            "lines": [line for line in one["lines"] if line["where"] != "read who looked"],
        }
        for day, one in days
    ]
    return [row for row in rows if row["lines"]]


@pytest.fixture
def family(db: object) -> make.Family:
    with clock.at(MORNING - timedelta(days=1)):
        make.make_network()
        return make.make_family(make.make_worker(name="Luz Ortega"))


def test_of_a_stranger_who_was_refused_role_and_agency_are_shown_and_no_name(family: make.Family) -> None:
    """Those held on that day, whatever became of them later; the name is nobody's here (`protect.md` 4)."""
    network = make.make_network()
    with clock.at(MORNING - timedelta(days=1)):
        stranger = make.make_worker("home_visitor", network.agencies[1], "Inés Prado")
        access.give_role(
            network.admin.actor, account=stranger.account, role="clinician", organization=network.agencies[1]
        )
    assert looks_at(stranger, family, MORNING) == 403
    with clock.at(MORNING + timedelta(days=1)):
        for held in RoleAssignment.objects.filter(account=stranger.account):
            access.end_role(network.admin.actor, assignment=held)
    later = MORNING + timedelta(days=2)
    refusal = told(family.by, family, later)[0]
    assert (refusal["who"], refusal["also"]) == ("Home visitor, Clinician", "Prairie Early Years")
    assert [(line["where"], line["did"]) for line in refusal["lines"]] == [("the family's page", "was refused")]
    assert "Home visitor, Clinician Prairie Early Years" in refusal["page"]
    assert "Prado" not in refusal["page"]


def test_a_colleague_who_was_refused_is_named_to_her_own_agency(family: make.Family) -> None:
    with clock.at(MORNING - timedelta(days=1)):
        colleague = make.make_worker("home_visitor", name="Omar Reyes")
    assert looks_at(colleague, family, MORNING) == 403
    row = told(family.by, family, MORNING + MINUTE)[0]
    assert (row["who"], row["also"]) == ("Omar Reyes", "Home visitor, Harbor Family Services")


def test_a_role_that_ended_on_the_same_day_still_stands_there_and_an_older_one_does_not(family: make.Family) -> None:
    network = make.make_network()
    with clock.at(MORNING - timedelta(days=1)):
        stranger = make.make_worker("clinician", network.agencies[1])
        access.give_role(
            network.admin.actor, account=stranger.account, role="home_visitor", organization=network.agencies[1]
        )
    held = {row.role: row for row in RoleAssignment.objects.filter(account=stranger.account)}
    with clock.at(MORNING - timedelta(days=1)):
        access.end_role(network.admin.actor, assignment=held["clinician"])
    assert looks_at(stranger, family, MORNING) == 403
    with clock.at(MORNING + MINUTE):
        access.end_role(network.admin.actor, assignment=held["home_visitor"])
    assert told(family.by, family, MORNING + 2 * MINUTE)[0]["who"] == "Home visitor"


def test_one_reader_on_one_day_is_one_line_with_its_first_and_last_time(family: make.Family) -> None:
    for number in range(3):
        assert looks_at(family.by, family, MORNING + number * 10 * MINUTE) == 200
    row = told(family.by, family, MORNING + timedelta(days=1))[0]
    assert (row["day"].isoformat(), row["when"]) == ("2026-03-02", "9 a.m. to 9:20 a.m.")
    assert row["did"] == ["looked 3 times"]
    assert [(line["when"], line["times"]) for line in row["lines"]] == [("9 a.m. to 9:20 a.m.", 3)]
    assert "Monday, March 2, 2026" in row["page"]


def test_the_day_is_the_agencys_and_each_reader_stands_in_it_once(family: make.Family) -> None:
    """Midnight in Chicago is not midnight in Greenwich; two strangers of one role are two lines."""
    network = make.make_network()
    with clock.at(MORNING - timedelta(days=1)):
        strangers = [make.make_worker("home_visitor", network.agencies[1]) for _ in range(2)]
    midnight = datetime(2026, 3, 3, 6, tzinfo=UTC)
    for worker, moment in (
        (family.by, midnight - MINUTE),
        (family.by, midnight),
        (strangers[0], midnight + MINUTE),
        (strangers[1], midnight + 2 * MINUTE),
        (family.by, midnight + 3 * MINUTE),
    ):
        looks_at(worker, family, moment)
    said = [
        (row["day"].day, row["who"], row["did"] or row["refused"])
        for row in told(family.by, family, midnight + timedelta(days=1))
    ]
    assert said[:4] == [
        (3, "Luz Ortega", ["looked 2 times"]),
        (3, "Home visitor", "was refused once"),
        (3, "Home visitor", "was refused once"),
        (2, "Luz Ortega", ["looked once"]),
    ]


def test_a_refusal_for_lack_of_the_verb_stands_there_too(family: make.Family) -> None:
    """An administrator, who may see no family at all, is refused before the family is read; its list says so."""
    admin = make.make_network().admin
    assert looks_at(admin, family, MORNING) == 403
    row = told(family.by, family, MORNING + MINUTE)[0]
    assert (row["who"], row["also"]) == ("Administrator", "Coastal Network")
    assert [(line["where"], line["did"]) for line in row["lines"]] == [("the family's page", "was refused")]


def test_every_entry_is_reached_page_by_page(family: make.Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """Older days stand a page further, however many there are; no day that fits on a page is parted."""
    for number in range(7):
        looks_at(family.by, family, MORNING + timedelta(days=number // 3) + number * MINUTE)
    subjects = [("dyad", family.dyad.pk)]
    with CaptureQueriesContext(connection) as asked:
        whole, rest = lookers(subjects, named_at=None, zone=make.ZONE)
    assert rest is None
    assert len(asked) <= 4
    pages, before = [], None
    while True:
        page, before = lookers(subjects, named_at=None, zone=make.ZONE, before=before, most=4)
        pages.append(page)
        if before is None:
            break
    assert [look.seq for page in pages for look in page] == [look.seq for look in whole]
    assert [len(page) for page in pages] == [4, 4]
    first = family.by.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk}))
    assert "Older" not in first.content.decode()
    monkeypatch.setattr("inmind.families.views.lookers", lambda *some, **more: lookers(*some, **{**more, "most": 4}))
    answer = family.by.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk}))
    older = re.search(r'rel="next" href="\?(before=\d+)"', answer.content.decode())
    assert older is not None
    assert "Newest" in family.by.client.get(f"{answer.request['PATH_INFO']}?{older[1]}").content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1.5"])
def test_a_page_that_nobody_linked_to_is_answered_calmly(family: make.Family, before: str) -> None:
    address = reverse("family_looked", kwargs={"dyad": family.dyad.pk})
    assert family.by.client.get(f"{address}?before={before}").status_code == 200
