"""Who looked at a family: role and agency of everybody, names of one's own agency, and equal lines gathered into one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.models import RoleAssignment
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 15, tzinfo=UTC)  # nine o'clock in Chicago
MINUTE = timedelta(minutes=1)


def looks_at(worker: make.Worker, family: make.Family, moment: datetime) -> int:
    with clock.at(moment):
        return worker.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).status_code


def lines(reader: make.Worker, family: make.Family, moment: datetime) -> list[list[str]]:
    """The rows of the page as they are read, newest first, but for those that reading this page leaves."""
    with clock.at(moment):
        page = reader.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk})).content.decode()
    rows = re.findall(r'<tr role="row">(.*?)</tr>', page, re.DOTALL)[1:]
    cells = (re.findall(r"<t[hd] role=\"(?:cell|rowheader)\".*?</t[hd]>", row, re.DOTALL) for row in rows)
    said = [[unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split())) for cell in some] for some in cells]
    return [row for row in said if "read who looked" not in row]


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
    refusal = lines(family.by, family, later)[0]
    assert refusal[1:] == ["Home visitor, Clinician", "Prairie Early Years", "—", "the family's page", "was refused"]
    assert "Prado" not in str(lines(family.by, family, later))


def test_a_colleague_who_was_refused_is_named_to_her_own_agency(family: make.Family) -> None:
    with clock.at(MORNING - timedelta(days=1)):
        colleague = make.make_worker("home_visitor", name="Omar Reyes")
    assert looks_at(colleague, family, MORNING) == 403
    assert lines(family.by, family, MORNING + MINUTE)[0][1:4] == [
        "Home visitor",
        "Harbor Family Services",
        "Omar Reyes",
    ]


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
    assert lines(family.by, family, MORNING + 2 * MINUTE)[0][1] == "Home visitor"


def test_one_reader_on_one_day_is_one_line_with_its_first_and_last_time(family: make.Family) -> None:
    for number in range(3):
        assert looks_at(family.by, family, MORNING + number * 10 * MINUTE) == 200
    row = lines(family.by, family, MORNING + timedelta(hours=1))[0]
    assert row[-1] == "looked 3 times"
    assert re.fullmatch(r"March 2, 2026, 9 a\.m\. to 9:20 a\.m\.", row[0]), row[0]


def test_twice_in_one_minute_is_one_moment(family: make.Family) -> None:
    for _ in range(2):
        looks_at(family.by, family, MORNING)
    row = lines(family.by, family, MORNING + MINUTE)[0]
    assert (row[0], row[-1]) == ("March 2, 2026, 9 a.m.", "looked 2 times")


def test_another_reader_another_day_and_what_lies_between_begin_a_new_line(family: make.Family) -> None:
    """The day is the agency's: midnight in Chicago is not midnight in Greenwich."""
    with clock.at(MORNING - timedelta(days=1)):
        colleague, another = make.make_worker("home_visitor"), make.make_worker("home_visitor")
    midnight = datetime(2026, 3, 3, 6, tzinfo=UTC)
    for worker, moment in (
        (family.by, midnight - 2 * MINUTE),
        (family.by, midnight - MINUTE),
        (family.by, midnight),
        (colleague, midnight + MINUTE),
        (another, midnight + 2 * MINUTE),
        (family.by, midnight + 3 * MINUTE),
    ):
        looks_at(worker, family, moment)
    said = [row[-1] for row in lines(family.by, family, midnight + 10 * MINUTE)]
    assert said[:5] == ["looked", "was refused", "was refused", "looked", "looked 2 times"]


def test_a_refusal_for_lack_of_the_verb_stands_there_too(family: make.Family) -> None:
    """An administrator, who may see no family at all, is refused before the family is read; its list says so."""
    admin = make.make_network().admin
    assert looks_at(admin, family, MORNING) == 403
    assert lines(family.by, family, MORNING + MINUTE)[0][4:] == ["the family's page", "was refused"]
