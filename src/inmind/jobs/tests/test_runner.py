"""A job is held by one worker at a time, tried again when it fails, once in effect, and its death is seen."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.events import FamilyRegistered
from inmind.foundation.identity import new_id
from inmind.foundation.registries import house
from inmind.jobs import runner
from inmind.jobs.models import Heartbeat, Job
from inmind.jobs.tests import killed_worker
from inmind.jobs.tests.killed_worker import AFTER, EFFECT, INSIDE, KIND
from inmind.messages import delivering
from inmind.messages import offers as letters
from inmind.messages.adapters import mail
from inmind.messages.errors import Stopped
from inmind.messages.models import Letter
from inmind.messages.outcomes import Problem
from tests.make import make_crisis

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`handled(kind, handler)`: let a room handle this kind, for one test."""
    return lambda kind, handler: monkeypatch.setitem(house.handlers, kind, handler)


def leave(kind: str, payload: dict[str, Any] | None = None, **named: Any) -> Job:
    with house.lease_writes():
        job = Job.objects.put(kind, payload or {}, **named)
    assert job is not None
    return job


def fails(job: Job) -> None:
    raise ValueError("María's answer")


# Leases


def test_a_held_job_is_taken_by_nobody_else_until_its_lease_is_over() -> None:
    with clock.at(NOON):
        job = leave("tests.job")
        assert runner.lease_one("first") == job
        assert runner.lease_one("second") is None
    with clock.at(NOON + runner.LEASE - timedelta(seconds=1)):
        assert runner.lease_one("second") is None
    with clock.at(NOON + runner.LEASE):
        again = runner.lease_one("second")
    assert again == job
    assert (again.leased_by, again.attempts) == ("second", 2)


def test_a_worker_that_outlived_its_lease_does_not_say_how_it_went() -> None:
    with clock.at(NOON):
        leave("tests.job")
        late = runner.lease_one("first")
    with clock.at(NOON + runner.LEASE):
        held = runner.lease_one("second")
        assert late is not None and held is not None
        with pytest.raises(runner.Lost):
            runner.finish(late)
        assert Job.objects.waiting().filter(pk=held.pk, leased_by="second").exists()
        runner.finish(held)
    assert Job.objects.get(pk=held.pk).done_at == NOON + runner.LEASE


def test_the_same_worker_cannot_speak_for_a_try_it_has_lost_to_itself() -> None:
    with clock.at(NOON):
        leave("tests.job")
        late = runner.lease_one("only")
    with clock.at(NOON + runner.LEASE):
        runner.lease_one("only")
        assert late is not None
        with pytest.raises(runner.Lost):
            runner.finish(late, ValueError())


def test_a_job_is_not_taken_before_it_is_due() -> None:
    with clock.at(NOON):
        job = leave("tests.job", due_at=NOON + timedelta(hours=1))
        assert runner.lease_one("first") is None
    with clock.at(NOON + timedelta(hours=1)):
        assert runner.lease_one("first") == job


def test_a_job_that_runs_twice_is_once_in_effect(handled: Callable[..., None]) -> None:
    handled(KIND, killed_worker.does_once)
    with clock.at(NOON):
        job = leave(KIND)
        held = runner.lease_one("first")
        assert held is not None
        house.handlers[KIND](held)  # and then its lease runs out before it can say so
    with clock.at(NOON + runner.LEASE):
        runner.run_due()
    assert Job.objects.filter(pk=job.pk, done_at__isnull=False, attempts=2).exists()
    assert Job.objects.filter(kind=EFFECT).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("place", "effects_so_far"), [(INSIDE, 0), (AFTER, 1)])
def test_the_job_of_a_killed_worker_runs_again_and_is_once_in_effect(
    place: str, effects_so_far: int, handled: Callable[..., None]
) -> None:
    job = leave(KIND)
    worker = subprocess.Popen(
        [sys.executable, "-m", killed_worker.__name__, str(connection.settings_dict["NAME"]), place],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"here\n"
    finally:
        worker.kill()
        worker.communicate()

    held = Job.objects.get(pk=job.pk)
    assert (held.leased_by, held.done_at) == ("killed", None)
    assert Job.objects.filter(kind=EFFECT).count() == effects_so_far
    handled(KIND, killed_worker.does_once)
    assert not runner.run_one("second")
    with clock.at(clock.now() + runner.LEASE):
        assert runner.run_one("second")
    assert Job.objects.filter(pk=job.pk, done_at__isnull=False, attempts=2).exists()
    assert Job.objects.filter(kind=EFFECT).count() == 1


# Failures


def test_a_failed_job_rests_longer_each_time_and_dies_after_its_last_attempt(
    handled: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    handled("tests.job", fails)
    rests = []
    with clock.at(NOON):
        job = leave("tests.job")
    while job.dead_at is None:
        moment = job.due_at
        with clock.at(moment):
            assert runner.run_one("only")
            assert not runner.run_one("only")
        job.refresh_from_db()
        rests.append(job.due_at - moment)
    *pauses, last = rests
    assert job.attempts == Job.MAX_ATTEMPTS == len(rests)
    assert pauses[0] == timedelta(seconds=10)
    assert all(later == 2 * earlier for earlier, later in pairwise(pauses))
    assert not last
    assert list(Job.objects.dead()) == [job]
    assert f"{job.pk} is dead" in caplog.text


def test_no_rest_is_longer_than_an_hour() -> None:
    assert runner.pause_after(30) == timedelta(hours=1)


def test_a_failure_leaves_its_class_and_never_a_value(
    handled: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    handled("tests.job", fails)
    job = leave("tests.job")
    runner.run_due()
    job.refresh_from_db()
    assert job.problem == "ValueError: "
    assert "María" not in caplog.text


def test_a_job_that_succeeds_at_last_keeps_no_problem(handled: Callable[..., None]) -> None:
    handled("tests.job", fails)
    with clock.at(NOON):
        job = leave("tests.job")
        runner.run_due()
    handled("tests.job", lambda job: None)
    with clock.at(NOON + runner.pause_after(1)):
        runner.run_due()
    job.refresh_from_db()
    assert (job.problem, job.attempts, job.done_at is None) == ("", 2, False)


def test_a_hopeless_job_is_dead_at_once_and_its_room_is_told_why(handled: Callable[..., None]) -> None:
    told: list[dict[str, Any]] = []

    def hopeless(job: Job) -> None:
        raise runner.Hopeless from BadInput("This person has no safe email address.")

    handled("tests.job", hopeless)
    handled("tests.job:dead", lambda job: told.append(job.payload))
    job = leave("tests.job", {"letter": "one"})
    runner.run_due()
    job.refresh_from_db()
    assert (job.attempts, job.dead_at is None) == (1, False)
    assert job.problem.startswith("BadInput: This person has no safe email address.")
    assert Job.objects.get(kind="tests.job:dead").key == f"dead:{job.pk}"
    assert told == [{"letter": "one"}]


def test_a_job_whose_workers_were_all_stopped_is_dead_and_not_tried_for_ever(handled: Callable[..., None]) -> None:
    handled("tests.job:dead", lambda job: None)
    job, moment = leave("tests.job", due_at=NOON), NOON
    for _ in range(Job.MAX_ATTEMPTS):
        with clock.at(moment):
            assert runner.lease_one("stopped") == job
        moment += runner.LEASE
    with clock.at(moment):
        told = runner.lease_one("last")
    job.refresh_from_db()
    assert job.dead_at == moment
    assert job.problem == "Stopped: "
    assert told is not None and told.kind == "tests.job:dead"


def test_a_job_that_no_room_handles_is_a_failure_that_is_seen() -> None:
    job = leave("tests.unknown")
    assert runner.run_one("only")
    job.refresh_from_db()
    assert (job.done_at, job.problem) == (None, "LookupError: ")


def test_a_failed_job_stands_in_nobodys_way(handled: Callable[..., None]) -> None:
    done: list[Job] = []
    handled("tests.bad", fails)
    handled("tests.good", done.append)
    with clock.at(NOON):
        leave("tests.bad", due_at=NOON - timedelta(minutes=1))
        good = leave("tests.good")
        runner.run_due()
    assert done == [good]


# The clock


def test_a_schedule_leaves_one_job_for_each_slot_of_time_however_many_clocks_tick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(house, "schedules", {"tests": (60, "tests.tick")})
    ticked = Job.objects.filter(kind="tests.tick")
    for second in (0, 10, 59):
        with clock.at(NOON + timedelta(seconds=second)):
            runner.tick()
            runner.tick()
    assert ticked.count() == 1
    with clock.at(NOON + timedelta(seconds=60)):
        runner.tick()
    assert ticked.count() == 2


@pytest.mark.django_db(transaction=True)
def test_clocks_that_tick_in_the_same_moment_leave_one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "schedules", {"tests": (60, "tests.tick")})
    start, faults = threading.Barrier(4), []

    def ticks() -> None:
        try:
            start.wait(30)
            with clock.at(NOON):
                runner.tick()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    clocks = [threading.Thread(target=ticks) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join(60)
    assert faults == []
    assert Job.objects.filter(kind="tests.tick").count() == 1


def test_a_part_of_the_machine_shows_when_it_was_last_there() -> None:
    for moment in (NOON, NOON + timedelta(seconds=10)):
        with clock.at(moment):
            runner.beat("jobs")
    assert list(Heartbeat.objects.values_list("part", "at")) == [("jobs", NOON + timedelta(seconds=10))]


def test_the_machine_beats_works_and_stops_when_it_is_told(
    handled: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "schedules", {})
    stop = threading.Event()
    handled("tests.job", lambda job: stop.set())
    job = leave("tests.job")
    runner.run_for_ever(stop, pause=0)
    assert Job.objects.get(pk=job.pk).done_at
    assert Heartbeat.objects.filter(part="jobs").exists()


def test_the_machine_goes_on_after_a_stumble(
    handled: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, stumbles = threading.Event(), iter([True])

    def tick() -> None:
        if next(stumbles, False):
            raise OSError

    monkeypatch.setattr(runner, "tick", tick)
    monkeypatch.setattr(runner, "close_old_connections", lambda: None)  # this test's transaction lives in one
    handled("tests.job", lambda job: stop.set())
    leave("tests.job")
    runner.run_for_ever(stop, pause=0)
    assert "stumbled" in caplog.text


# What leaves


def test_an_announcement_reaches_a_room_once_in_effect_though_its_job_runs_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[FamilyRegistered] = []
    said = FamilyRegistered(new_id(), new_id())
    monkeypatch.setitem(house.subscribers, "FamilyRegistered", {"tests.hears": lambda act, event: heard.append(event)})
    with clock.at(NOON):
        job = leave("event", {"event": "FamilyRegistered", "edition": 1, "data": said.as_data(), "to": "tests.hears"})
        house.handlers["event"](job)
    with clock.at(NOON + runner.LEASE):
        runner.run_due()
    job.refresh_from_db()
    assert job.done_at
    assert heard == [said]


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> Letter:
    """The letter of a crisis, from a house whose letters do leave."""
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    with clock.at(NOON):
        screen, _ = make_crisis()
        return Letter.objects.get(about_id=screen.pk)


def test_a_letter_whose_worker_stopped_before_saying_so_leaves_again_under_the_same_id(
    letter: Letter, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise ConnectionError

    delivered = letters.actions.delivered
    monkeypatch.setattr(letters.actions, "delivered", stopped)
    with clock.at(NOON):
        runner.run_due()
    monkeypatch.setattr(letters.actions, "delivered", delivered)
    with clock.at(NOON + runner.pause_after(1)):
        runner.run_due()
    ids = [each.message()["Message-ID"] for each in mailoutbox if str(letter.pk) in each.message()["Message-ID"]]
    assert ids == [f"<{letter.pk}@letters.invalid>"] * 2
    letter.refresh_from_db()
    assert letter.sent_at == NOON + runner.pause_after(1)


def test_a_letter_that_is_marked_as_sent_never_leaves_again(letter: Letter, mailoutbox: list[Any]) -> None:
    job = Job.objects.get(key=f"letter:{letter.pk}")
    with clock.at(NOON):
        runner.run_due()
    left = len(mailoutbox)
    assert any(str(letter.pk) in each.message()["Message-ID"] for each in mailoutbox)
    house.handlers[job.kind](job)
    assert len(mailoutbox) == left


def test_a_letter_to_nobody_safe_is_given_up_at_once_and_says_so(
    letter: Letter, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsafe(*_: object) -> None:
        raise Stopped(Problem.UNSAFE)

    monkeypatch.setattr(delivering, "send", unsafe)
    with clock.at(NOON):
        runner.run_due()
    letter.refresh_from_db()
    assert (letter.sent_at, letter.failed_at) == (None, NOON)
    assert Job.objects.dead().filter(key=f"letter:{letter.pk}", attempts=1).exists()
    assert not mailoutbox
