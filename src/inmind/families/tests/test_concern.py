"""A worry without any score opens a task with an owner and a next step; who said it, to whom it goes, who learns of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from inmind.access.actions import end_role
from inmind.access.models import AuditEntry
from inmind.families import actions, concern
from inmind.families.intake import AdultFacts
from inmind.families.models import Concern
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, Refused
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
from inmind.tasks import queries as task_queries
from inmind.tasks.models import Task
from tests import make

TODAY = date(2026, 11, 21)
WORDS = "He does not turn to me any more when I call him."

REFUSED = [
    ("   ", "call", TODAY, "words"),
    (". – !", "call", TODAY, "words"),
    ("x" * 1001, "call", TODAY, "words"),
    (WORDS, "", TODAY, "next_step"),
    (WORDS, "report", TODAY, "next_step"),
    (WORDS, "call", TODAY - timedelta(days=1), "by"),
    (WORDS, "call", TODAY + timedelta(days=61), "by"),
]


@pytest.mark.parametrize(("words", "step", "by", "field"), REFUSED)
def test_what_cannot_be_kept_is_said_on_its_field(words: str, step: str, by: date, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        concern.check(words, step, by, today=TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize("by", [TODAY, TODAY + timedelta(days=60)])
def test_both_ends_of_the_time_for_a_next_step(by: date) -> None:
    assert concern.check(f" {WORDS} ", "call", by, today=TODAY) == WORDS


def test_a_day_ends_at_midnight_of_its_place() -> None:
    """Also where a clock is changed in between: 1 November 2026 has 25 hours in Chicago."""
    now = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # midnight there
    assert concern.time_left(now, date(2026, 11, 1), "America/Chicago") == timedelta(hours=25)


def test_no_next_step_reports_a_family() -> None:
    """`protect.md` 6: what comes next is a way to the family; nothing scores it."""
    assert set(concern.NEXT_STEPS) == {"call", "visit", "look", "ask", "support"}
    assert not {field.name for field in Concern._meta.get_fields()} & {"points", "score", "band", "risk"}


@pytest.fixture
def family(db: object) -> make.Family:
    elena = AdultFacts("Elena", "Canaryelder", "grandmother", phone="555-0177", phone_is_safe=True)
    return make.make_family(make.make_worker(name="Luz Ibarra"), child="Mateo Peña", adults=("Rosa Peña", elena))


def hear(family: make.Family, by: make.Worker | None = None, **named: object) -> tuple[Concern, Task]:
    worker = by or family.by
    said = {
        "words": WORDS,
        "next_step": "call",
        "owner": worker.person,
        "by": clock.today(make.ZONE) + timedelta(days=3),
        "said_by": family.adults[1],
    }
    return actions.hear(worker.actor, episode=family.episode, **(said | named))  # type: ignore[arg-type]


def test_a_worried_grandmother_without_any_screen_gets_a_next_step(family: make.Family) -> None:
    """From the family's page to Today, to the call, to what was done; and no screen anywhere."""
    page = reverse("family_concern", args=[family.dyad.pk])
    client = family.by.client
    said = client.get(page).content.decode()
    assert "No screen and no score is needed" in said
    assert "InMind reports nothing by itself" in said
    assert (
        "supervisor first, and now" in said
    )  # rule 6 of those that protect people; and no rule of a house delays what the state asks
    form = {
        "words": WORDS,
        "said_by": str(family.adults[1].pk),
        "next_step": "call",
        "owner": str(family.by.person.pk),
        "by": (clock.today(make.ZONE) + timedelta(days=3)).isoformat(),
        "key": "once",
    }
    assert (
        client.post(page, form)["Location"] == f"{reverse('dyad', args=[family.dyad.pk])}?episode={family.episode.pk}"
    )
    client.post(page, form)  # a second click
    task = Task.objects.get()
    assert (task.owner, task.red, task.subject) == (family.by.person, False, family.adults[1])
    today = client.get(reverse("today")).content.decode()
    assert "Call and listen, with Elena" in today
    open_task = client.get(reverse("task", args=[task.pk])).content.decode()
    assert WORDS in open_task and "555-0177" in open_task
    dyad = client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
    folded = dyad[dyad.index('<details class="folded no-print">') : dyad.index("Worry heard")]
    assert WORDS in folded and dyad.count(WORDS) == 1, "the words are folded away, and are not printed"
    tasks.close(family.by.actor, task=task, done="Called her. We look at it together on Tuesday.")
    assert not Screen.objects.exists()


def test_the_form_comes_back_with_what_was_typed(family: make.Family) -> None:
    page = reverse("family_concern", args=[family.dyad.pk])
    answer = family.by.client.post(page, {"words": WORDS, "next_step": "call", "key": "k", "by": "2020-01-01"})
    assert answer.status_code == 400
    assert WORDS in answer.content.decode()
    assert not Concern.objects.exists()


def test_only_an_adult_of_the_family_says_it_and_only_who_can_open_the_family_takes_it(family: make.Family) -> None:
    """The care team, to whom alone it was said, and whoever hears it; a colleague once she has visibly joined. A supervisor
    neither takes it nor hands it past the team, and who left the team has it no more."""
    elsewhere = make.make_worker("home_visitor", make.make_network().agencies[1])
    with pytest.raises(BadInput) as stranger:
        hear(family, said_by=elsewhere.person)
    assert stranger.value.field == "said_by"
    dana, coordinator, okafor = (
        make.make_worker(role) for role in ("clinician", "family_service_coordinator", "agency_supervisor")
    )
    for outside in (elsewhere, dana, coordinator, okafor):
        with pytest.raises(BadInput, match="not on the care team") as refused:
            hear(family, owner=outside.person)
        assert refused.value.field == "owner"
    form = coordinator.client.get(reverse("family_concern", args=[family.dyad.pk])).context["form"]
    assert list(form.owners.values()) == [coordinator.person, family.by.person]
    _heard, task = hear(family)
    assert list(task_queries.could_own(task)) == [family.by.person]
    assert (
        "for a worry put somebody on the family" in okafor.client.get(reverse("task", args=[task.pk])).content.decode()
    )
    with pytest.raises(BadInput, match="cannot answer this task"):
        tasks.hand_over(okafor.actor, task=task, to=dana.person)
    actions.join_team(okafor.actor, episode=family.episode, worker=dana.person)
    tasks.hand_over(okafor.actor, task=task, to=dana.person)
    assert Task.objects.get().owner == dana.person
    noor = make.make_worker("clinician").person
    actions.hand_over(okafor.actor, organization=okafor.agency, giver=dana.person, taker=noor)  # type: ignore[arg-type]
    assert Task.objects.get().owner == noor, "what was promised goes along with the family"


def test_who_may_write_down_a_worry_and_who_reads_it(family: make.Family) -> None:
    """The care team both; the agency's coordinator writes one down and reads none; a supervisor and others neither."""
    _heard, task = hear(family)
    coordinator = make.make_worker("family_service_coordinator")
    assert WORDS not in coordinator.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
    hear(family, coordinator, said_by=None, next_step="support")
    supervisor = make.make_worker("agency_supervisor")
    for worker in (supervisor, make.make_worker("home_visitor"), make.make_network().admin):
        with pytest.raises(Refused):
            hear(family, worker, owner=family.by.person)
    assert WORDS not in supervisor.client.get(reverse("task", args=[task.pk])).content.decode()
    assert WORDS not in supervisor.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()


def test_a_supervisor_reads_how_soon_somebody_is_needed_and_not_what_for(family: make.Family) -> None:
    """Now for a red task and a late one, today, or by a day; the soonest first, though a worry stands until midnight."""
    supervisor, today = make.make_worker("agency_supervisor"), clock.today(make.ZONE)
    hear(family)
    soon = actions.hear(
        family.by.actor, episode=family.episode, words=WORDS, next_step="look", owner=family.by.person, by=today
    )[1]
    _screen, _red = make.make_crisis(family)
    said = (
        *("Something needs a person now", "Something needs a person today"),
        f"Something needs a person by {clock.day(today + timedelta(days=3))}",
    )
    page = supervisor.client.get(reverse("today")).content.decode()
    places = [page.find(words) for words in said]
    assert -1 not in places and places == sorted(places)
    assert "Call and listen" not in page and page.count(said[0]) == 1
    assert page.count(f"With {family.by.person.name}") == 2
    assert "by the end of today" not in page and page.count(said[2].partition("person ")[2]) == 1, (
        "the day is said once"
    )
    with clock.at(soon.due_at + timedelta(minutes=1)):
        assert supervisor.client.get(reverse("today")).content.decode().count(said[0]) == 2


def test_who_is_given_a_next_step_is_written_to_and_the_letter_says_nothing(family: make.Family) -> None:
    dana = make.make_worker("clinician", name="Dana Whitfield")
    make.join_team(family, dana)
    hear(family, next_step="ask", owner=dana.person)
    letter = Letter.objects.get(template="next_step_waits")
    assert letter.to == dana.person
    assert "Canaryelder" not in letter.facts and WORDS not in letter.facts


def test_a_next_step_that_nobody_takes_is_told_again_and_to_the_supervisor(family: make.Family) -> None:
    """When its last day has ended; closed, it is told no more."""
    supervisor = make.make_worker("agency_supervisor")
    _heard, task = hear(family)
    letters = Letter.objects.filter(template="next_step_waits")
    with clock.at(task.due_at - timedelta(minutes=1)):
        run_due()
        assert not letters.exists()
    with clock.at(task.due_at + timedelta(minutes=1)):
        run_due()
        run_due()
        assert {one.to for one in letters} == {family.by.person, supervisor.person}
        fresh = Task.objects.get(pk=task.pk)
        tasks.close(family.by.actor, task=fresh, done="Called her.")
    with clock.at(task.due_at + timedelta(days=9)):
        run_due()
        run_due()
    assert letters.count() == 2


def test_a_next_step_whose_owner_leaves_is_told_to_the_supervisor_at_once_and_handed_over(family: make.Family) -> None:
    """Not only when it is due. The family's page names with whom it is: with nobody, until it is handed over."""
    supervisor, dana = make.make_worker("agency_supervisor"), make.make_worker("clinician", name="Dana Whitfield")
    make.join_team(family, dana)
    _heard, task = hear(family)
    end_role(supervisor.actor, assignment=family.by.account.roles.get())
    run_due()
    assert [one.to for one in Letter.objects.filter(template="next_step_waits")] == [supervisor.person]
    page = reverse("dyad", args=[family.dyad.pk])
    assert "With nobody: Luz Ibarra works here no more" in dana.client.get(page).content.decode()
    tasks.hand_over(supervisor.actor, task=task, to=dana.person)
    assert "works here no more" not in dana.client.get(page).content.decode()


def test_the_trail_of_a_worry_names_the_episode_and_its_words_are_sealed(family: make.Family) -> None:
    heard, _task = hear(family)
    entry = AuditEntry.objects.get(verb="families.hear", outcome="done")
    assert ("episode", family.episode.pk) in {(one.kind, one.ref) for one in entry.subjects.all()}
    stored = Concern.objects.filter(pk=heard.pk).extra(select={"raw": "words"}).values_list("raw", flat=True)[0]
    assert "turn to me" not in str(stored)
