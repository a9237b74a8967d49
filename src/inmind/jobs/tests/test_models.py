"""A job is left in the transaction that asked for it, once under its key, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from inmind.access.guard import WriteOutsideAction
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.jobs.models import Job

pytestmark = pytest.mark.django_db


def test_a_job_whose_key_is_known_is_not_left_twice() -> None:
    with house.lease_writes():
        first = Job.objects.put("tests.job", {"which": "first"}, key="one")
        second = Job.objects.put("tests.job", {"which": "second"}, key="one")
    assert first is not None
    assert second is None
    assert Job.objects.get(key="one").payload == {"which": "first"}


def test_a_job_that_is_done_is_not_left_again_under_its_key() -> None:
    with house.lease_writes():
        job = Job.objects.put("tests.job", {}, key="one")
        assert job is not None
        Job.objects.filter(pk=job.pk).update(done_at=clock.now())
        assert Job.objects.put("tests.job", {}, key="one") is None
    assert not Job.objects.waiting().filter(kind="tests.job").exists()


def test_a_known_key_does_not_spoil_the_transaction_that_is_open() -> None:
    with house.lease_writes(), transaction.atomic():
        Job.objects.put("tests.job", {}, key="one")
        Job.objects.put("tests.job", {}, key="one")
        Job.objects.put("tests.job", {}, key="two")
    assert set(Job.objects.filter(kind="tests.job").values_list("key", flat=True)) == {"one", "two"}


def test_jobs_without_a_key_are_each_left() -> None:
    with house.lease_writes():
        Job.objects.put("tests.job", {})
        Job.objects.put("tests.job", {})
    assert Job.objects.filter(kind="tests.job", key=None).count() == 2


def test_a_job_goes_with_the_transaction_that_left_it() -> None:
    with pytest.raises(ZeroDivisionError), house.lease_writes(), transaction.atomic():
        Job.objects.put("tests.job", {}, key="one")
        Job.objects.put("tests.job", {})
        raise ZeroDivisionError
    assert not Job.objects.filter(kind="tests.job").exists()


def test_a_job_is_due_now_unless_it_is_said() -> None:
    with clock.at(moment := clock.now()), house.lease_writes():
        now = Job.objects.put("tests.job", {})
        later = Job.objects.put("tests.job", {}, due_at=moment + timedelta(hours=1))
    assert now is not None and later is not None
    assert (now.due_at, later.due_at) == (moment, moment + timedelta(hours=1))
    assert now.created_at == later.created_at == moment


def test_what_is_done_or_dead_waits_no_more() -> None:
    with house.lease_writes():
        waits, done, dead = (Job.objects.put("tests.job", {}) for _ in range(3))
        Job.objects.filter(pk=done.pk).update(done_at=clock.now())
        Job.objects.filter(pk=dead.pk).update(dead_at=clock.now())
    assert list(Job.objects.filter(kind="tests.job").waiting()) == [waits]
    assert list(Job.objects.filter(kind="tests.job").dead()) == [dead]


def test_nobody_leaves_a_job_outside_an_action() -> None:
    with pytest.raises(WriteOutsideAction):
        Job.objects.put("tests.job", {})
