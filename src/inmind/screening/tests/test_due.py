"""What is due, on the pages: the child's list tells nothing of its mother's screens; a line begins the screen; local days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, Refused
from inmind.screening import actions, due
from inmind.screening.models import DoneElsewhere, Screen
from inmind.screening.schedule import State
from tests import make

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<section class="card"><h2>Due at this visit</h2>(.*?)</section>', re.DOTALL)


def page(worker: make.Worker, family: make.Family) -> str:
    return worker.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()


def childs_part(worker: make.Worker, family: make.Family) -> str:
    found = CARD.search(page(worker, family))
    assert found is not None
    return found[1]


def own_page(worker: make.Worker, family: make.Family, person: Any = None) -> str:
    address = reverse("caregiver", args=[family.episode.pk, (person or family.adult).pk])
    return worker.client.get(address).content.decode()


def test_the_childs_list_is_the_same_whether_or_not_the_mother_was_screened() -> None:
    """`protect.md` 1, for every reader of the page: the care team, the coordinator and the supervisor of the agency."""
    family = make.make_family(age_months=6)
    make.make_on_call()
    readers = [
        family.by,
        make.make_worker("family_service_coordinator"),
        make.make_worker("agency_supervisor"),
    ]
    before = [childs_part(reader, family) for reader in readers]
    listed = due.of_child(family.episode, clock.today(make.ZONE))
    make.make_screen(family, instrument="epds")
    make.make_screen(family, instrument="phq9", answers={"phq9_9": 2}, finished=False)
    assert [childs_part(reader, family) for reader in readers] == before
    assert due.of_child(family.episode, clock.today(make.ZONE)) == listed


def test_an_adults_line_is_on_her_own_page_alone() -> None:
    """The care team reads it there; the family's page shows one way to it, whatever is due; others are refused."""
    family = make.make_family(age_months=2, adults=("Rosa Peña", AdultFacts("Elena", "Peña", "grandmother")))
    make.make_on_call()
    assert "Mood after the birth" in own_page(family.by, family)
    assert "Mood after the birth" not in own_page(family.by, family, family.adults[1])
    assert "Mood" not in page(family.by, family)
    coordinator = make.make_worker("family_service_coordinator")
    refusal = coordinator.client.get(reverse("caregiver", args=[family.episode.pk, family.adult.pk]))
    assert refusal.status_code == 403


def test_a_line_begins_the_screen() -> None:
    """One press on the line of what is due, and the screen is open on today's day."""
    family = make.make_family(age_months=2)
    make.make_on_call()
    said = own_page(family.by, family)
    form = re.search(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', said.split("Mood after")[1], re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(instrument|on|key)" value="([^"]*)"', form[2]))
    answer = family.by.client.post(form[1], fields)
    screen = Screen.objects.get(subject=family.adult)
    assert answer["Location"] == reverse("screen_enter", args=[screen.pk])
    assert (screen.instrument, screen.on) == ("epds", clock.today(make.ZONE))


def test_a_childs_line_leads_to_the_childs_page_where_a_tool_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for those who may begin it; and it can be done elsewhere all the same."""
    family = make.make_family(age_months=20)
    monkeypatch.setattr(due, "tool_at_hand", lambda item: item.asked.tools[0] if item.asked.key == "autism" else None)
    address = reverse("caregiver", args=[family.episode.pk, family.child.pk])
    said = childs_part(family.by, family)
    assert f'href="{address}">Begin: M-CHAT-R</a>' in said and "It was done elsewhere" in said
    assert address not in childs_part(make.make_worker("agency_supervisor"), family)


def test_nothing_begins_from_a_line_while_nobody_is_on_call() -> None:
    family = make.make_family(age_months=2)
    said = own_page(family.by, family)
    assert "Nobody is on call now." in said
    assert "Begin: EPDS" not in said


def test_what_was_finished_is_done_and_what_is_open_is_not() -> None:
    family = make.make_family(age_months=2)
    today = clock.today(make.ZONE)
    make.make_screen(family, finished=False)
    assert due.of_adult(family.by.actor, family.episode, family.adult, today)[0].state is State.DUE
    make.make_screen(family)
    assert due.of_adult(family.by.actor, family.episode, family.adult, today)[0].state is State.DONE


def test_a_screen_in_pregnancy() -> None:
    """Before the birth the child has no list; whoever expects it is asked once."""
    expecting = AdultFacts("Mara", "Ito", "expecting")
    family = make.make_family(due_in_days=60, adults=(expecting,))
    make.make_on_call()
    assert "Due at this visit" not in page(family.by, family)
    assert "Mood in pregnancy" in own_page(family.by, family)


def test_done_elsewhere_is_kept_with_its_day_and_changes_the_list() -> None:
    """By the doctor, say: which and when, nothing more. A second time on one day changes nothing."""
    family = make.make_family(age_months=10)
    assert "Development: SWYC, 9-month form" in childs_part(family.by, family)
    address = reverse("screen_done_elsewhere", args=[family.episode.pk])
    assert 'value="developmental"' in family.by.client.get(f"{address}?screen=developmental").content.decode()
    on = clock.today(make.ZONE)
    for key in ("one", "two"):
        answer = family.by.client.post(address, {"screen": "developmental", "on": on, "key": key})
        assert answer["Location"] == f"{reverse('dyad', args=[family.dyad.pk])}?episode={family.episode.pk}"
    noted = DoneElsewhere.objects.get()
    assert (noted.subject, noted.tool, noted.on) == (family.child, "swyc", on)
    assert "Development: SWYC" not in childs_part(family.by, family)


def test_done_elsewhere_is_refused_where_it_cannot_be() -> None:
    """A day before the birth or in the future, with what was typed; an adult's screen; somebody outside the care team."""
    family = make.make_family(age_months=10)
    address = reverse("screen_done_elsewhere", args=[family.episode.pk])
    answer = family.by.client.post(address, {"screen": "developmental", "on": "2020-01-01", "key": "k"})
    assert answer.status_code == 400
    assert "between the birth and today" in answer.content.decode()
    mood = next(one for one in due.schedule().asked if one.key == "maternal_depression")
    with pytest.raises(BadInput):
        actions.note_done(family.by.actor, episode=family.episode, asked=mood, on=clock.today(make.ZONE))
    supervisor = make.make_worker("agency_supervisor")
    assert supervisor.client.get(address).status_code == 403
    asked = due.asked_for("developmental")
    assert asked is not None
    with pytest.raises(Refused):
        actions.note_done(supervisor.actor, episode=family.episode, asked=asked, on=clock.today(make.ZONE))


# The moment in UTC when 21 November begins in each zone; a child of 21 February is then nine months old.
MIDNIGHTS = [
    ("Pacific/Kiritimati", datetime(2026, 11, 20, 10, 0, tzinfo=UTC)),
    ("America/Chicago", datetime(2026, 11, 21, 6, 0, tzinfo=UTC)),
    ("Pacific/Pago_Pago", datetime(2026, 11, 21, 11, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "midnight"), MIDNIGHTS)
def test_the_list_turns_at_midnight_of_the_agencys_own_zone(zone: str, midnight: datetime) -> None:
    """One minute before and at midnight, by the clock on the agency's wall: not yet, then due."""
    network = make.make_network(f"Agency of {zone}", zone=zone)
    worker = make.make_worker("home_visitor", network.agencies[0])
    family = make.make_family(worker)
    family.dyad.birth_date = date(2026, 2, 21)  # read alone, never saved
    family.episode.dyad = family.dyad
    for moment, state in ((midnight - timedelta(minutes=1), State.NOT_YET), (midnight, State.DUE)):
        with clock.at(moment):
            found = due.of_child(family.episode, clock.today(zone))
            assert next(one for one in found if one.asked.key == "developmental").state is state


def test_a_child_born_early_is_counted_from_the_day_it_was_expected() -> None:
    """A pregnancy with a due date, born eight weeks before it: 32 weeks, where nobody wrote the weeks down."""
    family = make.make_family(age_months=10)
    born = family.dyad.birth_date
    assert born is not None
    family.dyad.due_date = born + timedelta(weeks=8)
    assert due.child_of(family.dyad).gestation_weeks == 32
    family.dyad.due_date = born - timedelta(days=3)
    assert due.child_of(family.dyad).gestation_weeks == 40
    family.dyad.due_date = None
    assert due.child_of(family.dyad).gestation_weeks is None


def test_reading_what_is_due_names_no_adult_and_no_screen() -> None:
    """The trail of the family's page names the child's record as before; nothing of an adult stands there."""
    family = make.make_family(age_months=6)
    make.make_screen(family)
    page(family.by, family)
    entries = AuditEntry.objects.filter(person=family.by.person.pk, verb="families.see", outcome="read")
    for entry in entries:
        assert ("person", family.adult.pk) not in {(one.kind, one.ref) for one in entry.subjects.all()}


def visit_page(worker: make.Worker, family: make.Family) -> str:
    return worker.client.get(reverse("family_visit", kwargs={"dyad": family.dyad.pk})).content.decode()


def test_at_the_visit_stands_what_is_due_for_the_child_and_for_its_adults() -> None:
    """A line each, with the way to where it is done; what was finished is gone from it."""
    family = make.make_family(age_months=2, adults=("María Ñúñez",))
    make.make_on_call()
    page = visit_page(family.by, family)
    own_page = reverse("caregiver", kwargs={"episode": family.episode.pk, "person": family.adult.pk})
    assert "Due at this visit" in page and f'href="{own_page}">María: Mood after the birth' in page
    make.make_screen(family)
    after = visit_page(family.by, family)
    assert "María: Mood after the birth" not in after
    entry = AuditEntry.objects.filter(verb="screening.begin", outcome="read").latest("seq")
    assert {(one.kind, one.ref) for one in entry.subjects.all()} == {
        ("person", family.adult.pk),
        ("episode", family.episode.pk),
    }


def test_what_is_due_at_a_visit_asks_the_same_few_questions_however_many_adults() -> None:
    """One adult or three: the page asks the database no more often for what is due."""
    alone = make.make_family(age_months=2, adults=("María Ñúñez",))
    many = make.make_family(alone.by, child="Noor Due", age_months=2, adults=("Ana Ruiz", "Eva Ruiz", "Iris Ruiz"))
    client = alone.by.client
    counts = []
    for family in (alone, many):
        address = reverse("family_visit", kwargs={"dyad": family.dyad.pk})
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 4, counts  # the trail names each adult


@pytest.mark.parametrize(
    ("months", "weeks", "head", "development"),
    [
        pytest.param(6, 34, "corrected age 4 months", "Counted with the corrected age, 4 months", id="by the rule"),
        pytest.param(
            1, 32, "corrected age less than a month", "Counted with the corrected age, 0", id="before its term"
        ),
        pytest.param(
            26, 34, "", "only for a child born at least 3 weeks early and younger than 24", id="too old for it"
        ),
        pytest.param(20, 39, "", "only for a child born at least 3 weeks early and younger than 24", id="hardly early"),
        pytest.param(20, 40, "", "", id="at term"),
    ],
)
def test_which_age_counts_is_said_where_it_counts(months: int, weeks: int, head: str, development: str) -> None:
    """Of a child born early: beside the name while a tool corrects it, and in each line why it does or does not."""
    family = make.make_family(age_months=months)
    families.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=weeks)
    said, rows = page(family.by, family), childs_part(family.by, family)
    assert ("corrected age" in said.split("</h1>")[1].split("</p>")[0]) == bool(head) and head in said
    assert development in rows
    assert ("The age is counted from birth. No rule of the publisher" in rows) == (weeks < 40 and months >= 16)
