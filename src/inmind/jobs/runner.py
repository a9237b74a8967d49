"""Take a job, keep a lease on it, run it, say how it went. A killed runner's job is taken again when its lease is over.

A handler must do nothing twice: it works inside an action whose idempotency key is the job's id, so a second run finds
the stored answer. What leaves the house (mail) leaves at least once, under a name the receiver can recognise.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import QuerySet

from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.models import asked_again, change
from inmind.foundation.registries import house
from inmind.jobs.models import Heartbeat, Job

LEASE = timedelta(seconds=60)
log = logging.getLogger("inmind.jobs")


class Hopeless(Exception):
    """Raised with the problem as its cause: trying again cannot help, so the job is dead at once."""


class Lost(Exception):
    """The lease ran out and somebody else took the job."""


class Stopped(Exception):
    """The runner was stopped in the middle of the job, each time."""


def name_of_this_runner() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_ident() % 10_000}"


def lease_one(runner: str) -> Job | None:
    """The next job that is due and held by nobody, now held by this runner; None when there is nothing to do."""
    while True:
        moment = clock.now()
        if not _first_free(moment=moment, locked=False):  # an idle machine takes no lock from those who write
            return None
        with _lease_writes(), transaction.atomic():
            free = _first_free(moment=moment, locked=connection.features.has_select_for_update_skip_locked)
            if not free:
                return None
            job: Job = free[0]
            job.leased_until, job.leased_by, job.attempts = moment + LEASE, runner, job.attempts + 1
            change(job, ("leased_until", "leased_by", "attempts"))
        if job.attempts <= Job.MAX_ATTEMPTS:
            return job
        finish(job, Stopped())  # its last runner, too, was stopped before it could say how it went


@asked_again
def _first_free(*, moment: datetime, locked: bool) -> QuerySet:
    free = Job.objects.waiting().filter(due_at__lte=moment).exclude(leased_until__gt=moment).order_by("due_at")
    return (free.select_for_update(skip_locked=True) if locked else free)[:1]


def finish(job: Job, problem: Exception | None = None) -> None:
    """Write down how it went: done, to be tried again later (each time later), or dead after the last attempt.

    A death and the job that tells the room of it are one. Raises Lost when somebody else holds the job by now.
    """
    moment = clock.now()
    changes: dict[str, object] = {"leased_until": None, "leased_by": ""}
    is_dead = problem is not None and (job.attempts >= Job.MAX_ATTEMPTS or isinstance(problem, Hopeless))
    if problem is None:
        changes |= {"done_at": moment, "problem": ""}
    elif is_dead:
        changes |= {"dead_at": moment, "problem": _words(problem)}
    else:
        changes |= {"due_at": moment + pause_after(job.attempts), "problem": _words(problem)}
    with _lease_writes(), transaction.atomic():
        held = Job.objects.filter(pk=job.pk, leased_by=job.leased_by, attempts=job.attempts)
        if not held.update(**changes):
            raise Lost(job.pk)
        if is_dead and f"{job.kind}:dead" in house.handlers:
            Job.objects.put(f"{job.kind}:dead", job.payload, key=f"dead:{job.pk}")
    if is_dead:
        log.error("job %s %s is dead after %s attempts", job.kind, job.pk, job.attempts)


def pause_after(attempts: int) -> timedelta:
    """How long a job rests after so many attempts: ten seconds, then twice as long each time, at most an hour."""
    return timedelta(seconds=min(3600, 5 * 2**attempts))


def _words(problem: Exception) -> str:
    """The class of a problem and, where it is a refusal of ours, its sentence; never a value."""
    said_by = (
        problem.__cause__ if isinstance(problem, Hopeless) and isinstance(problem.__cause__, Exception) else problem
    )
    said = said_by.in_english() if isinstance(said_by, InMindError) else ""
    return f"{type(said_by).__name__}: {said}"[:300]


def run_one(runner: str) -> bool:
    """Take and run one job. False when none was due."""
    job = lease_one(runner)
    if job is None:
        return False
    problem: Exception | None = None
    try:
        handler = house.handlers.get(job.kind)
        if handler is None:
            raise LookupError(f"no room here handles {job.kind}")
        handler(job)
    except Exception as fault:  # every failure is written down; none may stop the machine
        log.warning("job %s %s failed: %s", job.kind, job.pk, type(fault).__name__)
        problem = fault
    try:
        finish(job, problem)
    except Lost:
        log.warning("job %s %s outlived its lease; whoever took it says how it went", job.kind, job.pk)
    return True


def run_due(runner: str = "here", *, limit: int = 10_000) -> int:
    """Run what is due now, also what that leaves behind; how many jobs ran. For tests and for one-off commands."""
    ran = 0
    while ran < limit and run_one(runner):
        ran += 1
    return ran


def tick() -> None:
    """Leave the jobs whose schedule has come round: one for each slot of time, however many clocks tick."""
    moment = clock.now()
    with _lease_writes(), transaction.atomic():
        for name, (seconds, kind) in house.schedules.items():
            slot = int(moment.timestamp()) // seconds
            Job.objects.put(kind, {}, key=f"every:{name}:{slot}")


def beat(part: str) -> None:
    with _lease_writes():
        Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


def run_for_ever(stop: threading.Event, *, pause: float = 0.5) -> None:
    """The machine's loop: run what is due; tick the clock and show a heartbeat every ten seconds, however busy it is."""
    runner, next_tick = name_of_this_runner(), 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= next_tick:
                tick()
                beat("jobs")
                next_tick = time.monotonic() + 10
            if run_one(runner):
                continue
        except Exception:
            log.exception("the machine for later work stumbled and goes on")
        close_old_connections()
        stop.wait(pause)


def _lease_writes():  # type: ignore[no-untyped-def]
    """Leases are written outside actions; the guard knows this exception by name. Access installs it."""
    return house.lease_writes()
