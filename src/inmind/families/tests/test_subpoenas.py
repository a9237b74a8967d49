"""A court asks: Luz writes it down and does not answer; the privacy officer holds, decides, tells the least, and closes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from inmind.access import privacy
from inmind.access.actors import machine
from inmind.access.consents import Asked, Days, Ground, Kind, NoConsent, Purpose
from inmind.access.models import Disclosure, LegalHold
from inmind.documents.tests.test_kinds import PDF
from inmind.families import actions
from inmind.families.actions import releasing
from inmind.families.models import Release, Subpoena, Visit
from inmind.families.subpoenas import Basis, Paper, check_answer, check_note
from inmind.families.tests.test_told import agree, at, holds, read
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.identity import new_id
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
COURT = "District court, division 3"
COUNSEL = "Adams, counsel of the mother"


@pytest.fixture
def family(db: Any) -> make.Family:
    family = make.make_family(make.make_worker(name="Luz Ibarra"), age_months=18)
    holds(family, family.adult, "parent")
    visited = {"episode": family.episode, "on": TODAY, "place": "home", "minutes": 45, "present": (family.adult,)}
    actions.visit(family.by.actor, **visited, strength="Canarysings")
    run_due()
    return family


@pytest.fixture
def officer(family: make.Family) -> make.Worker:
    return make.make_worker("privacy_officer", name="Priya Rao")


def note(family: make.Family, by: make.Worker | None = None, **other: Any) -> Subpoena:
    said = {
        "paper": Paper.SUBPOENA,
        "sender": COURT,
        "came_on": TODAY,
        "answer_by": TODAY + 7 * DAY,
        "asks": "Every visit.",
    }
    there = {"episode": family.episode, "person": family.child}
    return actions.note_subpoena((by or family.by).actor, **there, **(said | other))


def decide(officer: make.Worker, row: Subpoena, **other: Any) -> Subpoena:
    said = {
        "basis": Basis.ORDER,
        "why": "Counsel says: visits alone.",
        "order": "File 17",
        "recipients": (COURT, COUNSEL),
        "kinds": frozenset({Kind.VISITS}),
        "days": Days(TODAY - 30 * DAY, TODAY),
    }
    return actions.answer_subpoena(officer.actor, subpoena=row, **(said | other))


def test_luz_writes_down_what_came_and_the_privacy_officer_alone_answers_it(
    family: make.Family, officer: make.Worker
) -> None:
    """The whole way through the pages: hold, decision, the paper, a telling for each, the log, and the end of the task."""
    luz, priya = family.by.client, officer.client
    make.make_worker("agency_supervisor")
    form = at(family, "family_subpoena")
    assert "You do not answer it yourself" in read(family.by, form)
    sent = {
        "key": fresh_key(),
        "paper": "subpoena",
        "sender": COURT,
        "came_on": TODAY,
        "asks": "Canaryasks: every visit.",
    }
    scan = SimpleUploadedFile("paper.pdf", PDF, content_type="application/pdf")
    answer = luz.post(form, sent | {"answer_by": TODAY + 7 * DAY, "file": scan})
    assert answer.status_code == 302
    row = Subpoena.objects.get()
    task = Task.objects.get(why="subpoena")
    assert (task.owner, task.about_id, task.due_at.date()) == (officer.person, row.pk, TODAY + 7 * DAY)
    for page in (at(family, "family_told"), reverse("dyad", kwargs={"dyad": family.dyad.pk})):
        seen = read(family.by, page)
        assert "in the hands of the privacy officer" in seen and "You do not answer it yourself" in seen
        assert "Canaryasks" not in seen and COURT not in seen
    here = reverse("subpoena", kwargs={"subpoena": row.pk})
    assert luz.get(here).status_code == 403
    run_due()
    assert Letter.objects.filter(template="subpoena", to=officer.person).count() == 1
    assert here in read(officer, reverse("privacy")) and "A court asks: answer by" in read(officer, reverse("today"))
    page = read(officer, here)
    assert "Canaryasks" in page and "Until a legal hold stands" in page
    (file,) = [one for one in page.split('"') if "/scan/" in one]
    assert priya.get(file).content == PDF and luz.get(file).status_code == 403
    decided = reverse("subpoena_answer", kwargs={"subpoena": row.pk})
    choice: dict[str, Any] = {
        "rests_on": "order",
        "basis": "Counsel says: visits alone.",
        "order": "File 17",
        "recipients": f"{COURT}\n{COUNSEL}",
        "kinds": ["visits"],
        "facts_since": TODAY - 30 * DAY,
        "facts_until": TODAY,
    }
    assert "There is no legal hold yet" in unescape(priya.post(decided, choice | {"key": fresh_key()}).content.decode())
    priya.post(reverse("subpoena_hold", kwargs={"subpoena": row.pk}), {"key": fresh_key()})
    assert LegalHold.objects.filter(person=family.child, lifted_at__isnull=True).count() == 1
    would = unescape(priya.post(decided, choice | {"key": fresh_key(), "look": "1"}).content.decode())
    assert "Visit, 45 minutes" in would and "Canarysings" not in would and not Release.objects.exists()
    objects = choice | {"key": fresh_key(), "rests_on": "objection", "look": "1"}
    assert "nothing is told now" in priya.post(decided, objects).content.decode()  # looking decides nothing
    row.refresh_from_db()
    assert row.rests_on == ""
    assert priya.post(decided, choice | {"key": fresh_key()})["Location"] == here
    assert "0 of 1 parts" in read(officer, here)
    run_due()
    ready = read(officer, here)
    assert "Visit, 45 minutes" in ready and "screens and what they showed" in ready and "File 17" in ready
    paper = Release.objects.get()
    take = reverse("subpoena_take", kwargs={"subpoena": row.pk, "release": paper.pk})
    assert luz.post(take, {"key": fresh_key()}).status_code == 403
    its_page = at(family, "family_release", release=paper.pk)
    assert luz.get(its_page).status_code == 403 and its_page not in read(family.by, at(family, "family_told"))
    assert priya.post(take, {"key": fresh_key()}).content.startswith(b"%PDF-")
    told = list(Disclosure.objects.all())
    assert {(one.recipient, one.ground, one.order) for one in told} == {
        (COURT, Ground.COURT_ORDER, "File 17"),
        (COUNSEL, Ground.COURT_ORDER, "File 17"),
    }
    run_due()
    assert Task.objects.filter(why="told_without_consent").count() == 1  # somebody else looks, once for one paper
    close = reverse("subpoena_close", kwargs={"subpoena": row.pk})
    assert priya.post(close, {"key": fresh_key(), "done": "."}).status_code == 400
    assert priya.post(close, {"key": fresh_key(), "done": "Sent to both."})["Location"] == here
    task.refresh_from_db()
    row.refresh_from_db()
    assert task.closed_by == officer.person and row.closed_by == officer.person
    log = read(officer, here)
    assert [one.what for one in row.steps.order_by("created_at", "pk")] == [
        "noted",
        "held",
        "decided",
        "told",
        "closed",
    ]
    assert "Luz Ibarra" in log and "Priya Rao" in log and "Sent to both." in log
    assert "The privacy officer closed it on" in read(family.by, at(family, "family_told"))
    with pytest.raises(NotNow):
        decide(officer, row)


def test_who_may_write_down_that_a_court_asks_and_who_answers_where_there_is_no_officer(family: make.Family) -> None:
    """The coordinator, too; another agency never. Without an officer the supervisor has the task, and may answer it alone."""
    supervisor, coordinator = make.make_worker("agency_supervisor"), make.make_worker("family_service_coordinator")
    elsewhere = make.make_worker("family_service_coordinator", make.make_network().agencies[1])
    with pytest.raises(Refused):
        note(family, elsewhere)
    dyad = read(coordinator, reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    assert at(family, "family_subpoena").split("?")[0] in dyad
    row = note(family, coordinator)
    assert Task.objects.get(why="subpoena").owner == supervisor.person
    actions.hold_for_subpoena(supervisor.actor, subpoena=row)
    with pytest.raises(NotNow, match="already"):
        actions.hold_for_subpoena(supervisor.actor, subpoena=row)
    officer, here = make.make_worker("privacy_officer"), reverse("subpoena", kwargs={"subpoena": row.pk})
    for worker, may in ((supervisor, 200), (coordinator, 403), (family.by, 403)):
        assert worker.client.get(here).status_code == may
    seen = read(officer, here)  # who came later reads that it came and with whom it is, and answers nothing
    assert f"It is with {supervisor.person.name}" in seen and "Every visit." not in seen and COURT in seen
    with pytest.raises(Refused):
        decide(officer, row)
    task = Task.objects.get(why="subpoena")
    with pytest.raises(NotNow, match="Somebody else has this task"):
        actions.take_up_subpoena(officer.actor, subpoena=row)
    with pytest.raises(NotNow, match="not answered yet"):
        tasks.close(supervisor.actor, task=task, done="Too early.")
    page = supervisor.client.get(reverse("task", kwargs={"task": task.pk}))
    assert page.context["close_form"] is None and f'class="button" href="{here}"' in page.content.decode()
    elsewhere = make.make_worker(at=make.make_network().agencies[1])
    alone = note(make.make_family(elsewhere, age_months=18), elsewhere)  # where nobody watches over privacy yet
    first = make.make_worker("privacy_officer", at=elsewhere.agency)
    there = reverse("subpoena", kwargs={"subpoena": alone.pk})
    assert "Nobody has the task" in read(first, there)
    first.client.post(reverse("subpoena_take_up", kwargs={"subpoena": alone.pk}), {"key": fresh_key()})
    assert "Every visit." in read(first, there)
    assert note(family, officer, sender="Second paper").noted_by == officer.person
    second = Subpoena.objects.get(sender="Second paper")
    assert supervisor.client.get(reverse("subpoena", kwargs={"subpoena": second.pk})).status_code == 403
    with clock.at(clock.now() + 8 * DAY):  # its day has come, and nobody closed it
        run_due()
    waits = Letter.objects.filter(template="subpoena_waits", about_id=second.pk)
    assert set(waits.values_list("to", flat=True)) == {officer.person.pk, supervisor.person.pk}
    kept = reverse("note_subpoena", kwargs={"person": family.child.pk})
    assert "A court asks" in read(officer, kept) and kept in read(
        officer, reverse("kept_person", args=[family.child.pk])
    )


def test_an_objection_tells_nothing_a_consent_is_asked_anew_and_a_new_decision_replaces_the_old(
    family: make.Family, officer: make.Worker
) -> None:
    row = note(family)
    with pytest.raises(NotNow, match="Nothing is decided yet"):
        actions.close_subpoena(officer.actor, subpoena=row, done="Nothing.")
    with pytest.raises(NotNow, match="no legal hold yet"):
        decide(officer, row, basis=Basis.OBJECTION)
    actions.hold_for_subpoena(officer.actor, subpoena=row)
    decide(officer, row, basis=Basis.OBJECTION, why="No order; counsel objects.")
    assert not Release.objects.exists()
    with pytest.raises(NoConsent) as missing:
        decide(officer, row, basis=Basis.CONSENT)
    assert len(missing.value.said) == 1 + 1  # for each of the two
    row.refresh_from_db()
    assert row.rests_on == Basis.OBJECTION  # as it was: what may not be told is not decided
    for one in (COURT, COUNSEL):
        agree(family, recipient=one, purpose=Purpose.COURT, kinds=frozenset({Kind.VISITS}))
    decide(officer, row, basis=Basis.CONSENT)
    decide(officer, row)
    run_due()
    states = list(Release.objects.order_by("created_at", "pk").values_list("state", flat=True))
    assert states == ["over", "ready"]
    first, second = Release.objects.order_by("created_at", "pk")
    with pytest.raises(NotNow):
        actions.take_answer(officer.actor, subpoena=row, release=first.pk, digest="one")
    assert {
        one.ground for one in actions.take_answer(officer.actor, subpoena=row, release=second.pk, digest="one")
    } == {Ground.COURT_ORDER}
    make.together(lambda act: officer.account.roles.update(until=TODAY))
    actions.end_releases(machine("families.end_releases"))
    second.refresh_from_db()
    assert second.state == "stopped"


def test_protect_1_7_an_order_brings_no_line_that_speaks_of_a_screen(family: make.Family, officer: make.Worker) -> None:
    """The decision waits until the officer leaves the line out; what else was said is told."""
    visited = {"episode": family.episode, "on": TODAY, "place": "home", "minutes": 45, "present": (family.adult,)}
    actions.visit(family.by.actor, **visited, strength="PHQ-9: 14 points")
    row = actions.hold_for_subpoena(officer.actor, subpoena=note(family))
    said = {
        "rests_on": "order",
        "basis": "Counsel says so.",
        "order": "File 17",
        "recipients": COURT,
        "kinds": ["said"],
    }
    days = {"facts_since": TODAY - 30 * DAY, "facts_until": TODAY}
    there = reverse("subpoena_answer", kwargs={"subpoena": row.pk})

    def answer(**more: Any) -> Any:
        return officer.client.post(there, said | days | {"key": fresh_key()} | more)

    page = unescape(answer().content.decode())
    assert "speaks of somebody’s screen" in page and not Release.objects.exists()
    assert answer(out=page.split('name="out" value="')[1].split('"')[0]).status_code == 302
    run_due()
    made = str(releasing.said(Release.objects.get())["parts"])
    assert "Canarysings" in made and "PHQ" not in made


@pytest.mark.usefixtures("list_of_erased")
def test_nobody_is_erased_while_a_court_waits_and_afterwards_no_name_of_it_is_left(
    family: make.Family, officer: make.Worker
) -> None:
    supervisor = make.make_worker("agency_supervisor")
    row = note(family)
    why = {"reason": "Asked for in writing", "document": "File 17"}
    with pytest.raises(NotNow):
        privacy.ask_erasure(officer.actor, person=family.child, **why)
    hold = actions.hold_for_subpoena(officer.actor, subpoena=row).hold
    decide(officer, row, basis=Basis.OBJECTION, why="No order.")
    with pytest.raises(NotNow, match=f"{COURT}, on "):
        privacy.lift_hold(officer.actor, hold=hold, **why)
    actions.close_subpoena(officer.actor, subpoena=row, done="Objected; the court agreed.")
    with pytest.raises(NotNow):
        privacy.ask_erasure(officer.actor, person=family.child, **why)
    privacy.lift_hold(officer.actor, hold=hold, **why)
    privacy.confirm_erasure(supervisor.actor, erasure=privacy.ask_erasure(officer.actor, person=family.child, **why))
    row.refresh_from_db()
    assert (row.sender, row.asks, row.basis, row.done) == ("—", None, None, None)
    assert [one.words for one in row.steps.all()] == [None] * 4


@pytest.mark.usefixtures("list_of_erased")
def test_protect_7_a_mother_is_not_erased_while_a_court_asks_about_her_child_or_a_hold_stands_on_it(
    family: make.Family, officer: make.Worker
) -> None:
    """Her words at visits are what the court would read. Another family's mother goes meanwhile, and she herself afterwards."""
    supervisor = make.make_worker("agency_supervisor")
    why = {"reason": "Asked for in writing", "document": "File 17"}
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **why)
    row = note(family)
    with pytest.raises(NotNow, match="somebody of this family"):
        privacy.confirm_erasure(supervisor.actor, erasure=asked)
    hold = actions.hold_for_subpoena(officer.actor, subpoena=row).hold
    decide(officer, row, basis=Basis.OBJECTION, why="No order.")
    actions.close_subpoena(officer.actor, subpoena=row, done="Objected.")
    with pytest.raises(NotNow, match="a child of this family"):
        privacy.confirm_erasure(supervisor.actor, erasure=asked)
    assert Visit.objects.get().strength == "Canarysings"
    other = make.make_family(family.by, child="Noah Field", adults=("Jo Field",)).adult
    gone = privacy.ask_erasure(officer.actor, person=other, **why)
    privacy.confirm_erasure(supervisor.actor, erasure=gone)
    privacy.lift_hold(officer.actor, hold=hold, **why)
    asked.refresh_from_db()
    privacy.confirm_erasure(supervisor.actor, erasure=asked)
    assert Visit.objects.get().strength is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("list_of_erased")
def test_protect_7_no_hold_and_no_subpoena_is_kept_between_the_last_look_and_an_erasing(
    family: make.Family, officer: make.Worker, monkeypatch: Any
) -> None:
    supervisor = make.make_worker("agency_supervisor")
    why = {"reason": "Asked for in writing", "document": "File 17"}
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **why)
    look = privacy._nothing_stops

    def from_elsewhere(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        came: list[Any] = []

        def looked(*of: Any) -> None:
            look(*of)
            held = partial(privacy.set_hold, officer.actor, person=family.child, **why)
            came.extend(pool.submit(from_elsewhere, one) for one in (held, partial(note, family)))
            assert wait(came, timeout=0.5).not_done == set(came)

        monkeypatch.setattr(privacy, "_nothing_stops", looked)
        privacy.confirm_erasure(supervisor.actor, erasure=asked)
        assert [one.result(timeout=30).pk for one in came]


ASKED = Asked(new_id(), COURT, Purpose.COURT, frozenset({Kind.VISITS}), Days(TODAY, TODAY))


@pytest.mark.parametrize(
    ("sender", "came_on", "answer_by"),
    [(".", TODAY, None), (COURT, TODAY + DAY, None), (COURT, TODAY, TODAY - DAY)],
    ids=["nobody", "tomorrow", "before it came"],
)
def test_what_cannot_have_come_so_is_refused(sender: str, came_on: date, answer_by: date | None) -> None:
    with pytest.raises(BadInput):
        check_note(sender, came_on, answer_by, TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"why": " "},
        {"order": ""},
        {"kinds": frozenset()},
        {"days": None},
        {"days": Days(TODAY)},
        {"days": Days(TODAY, TODAY - DAY)},
        {"recipients": ()},
        {"kinds": frozenset({Kind.TRIBAL})},
    ],
    ids=["no reason", "no order", "nothing", "no days", "endless", "backwards", "nobody", "a tribe's"],
)
def test_a_decision_that_is_not_whole_is_refused(wrong: dict[str, Any]) -> None:
    said: dict[str, Any] = {
        "why": "Counsel",
        "order": "File 17",
        "recipients": (COURT,),
        "kinds": frozenset({Kind.VISITS}),
    }
    said |= {"days": Days(TODAY, TODAY), "basis": Basis.ORDER, "asked": ASKED}
    check_answer(**said)
    check_note(COURT, TODAY, TODAY, TODAY)
    check_answer(**(said | {"basis": Basis.OBJECTION, "kinds": frozenset()}))
    check_answer(**(said | {"basis": Basis.CONSENT, "order": "", "kinds": frozenset({Kind.TRIBAL})}))
    with pytest.raises(BadInput):
        check_answer(**(said | wrong))
