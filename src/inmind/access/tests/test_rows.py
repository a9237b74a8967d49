"""Statements of our own for what each request asks and writes: they answer as Django's do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connection, models

from inmind import installation
from inmind.access import guard
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.foundation.models import asked_again, row_of
from inmind.screening.models import Screen
from inmind.tasks.models import Task
from tests import make


def everything(row: models.Model | None) -> dict[str, Any] | None:
    return row and {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
@pytest.mark.parametrize("locked", [False, True])
def test_a_row_is_read_with_what_it_leads_to_as_django_reads_it(locked: bool, django_assert_num_queries: Any) -> None:
    screen, task = make.make_crisis()
    for _ in range(2):  # the second time by the statement that stands
        for model, pk, related in (
            (Screen, screen.pk, ("subject", "informant", "episode__organization")),
            (Task, task.pk, ("owner", "backup", "closed_by")),
        ):
            django = model._default_manager.select_related(*related).get(pk=pk)
            with django_assert_num_queries(1):
                ours = row_of(model, pk, *related, locked=locked)
                for path in related:
                    there, wanted = ours, django
                    for name in path.split("__"):
                        there, wanted = getattr(there, name), getattr(wanted, name)
                        assert everything(there) == everything(wanted)
            assert everything(ours) == everything(django)
            assert not ours._state.adding


@pytest.mark.django_db
def test_a_row_that_is_not_there_is_none() -> None:
    assert row_of(Screen, new_id()) is None


@pytest.mark.django_db
def test_fields_are_changed_or_the_mistake_is_told() -> None:
    screen = make.make_screen(finished=False)
    with guard.permit("migrations"):
        with pytest.raises(FieldDoesNotExist):
            screen.save(update_fields=["no_such_field"])
        screen.answers = {"epds_1": 2}
        screen.lowest = 2
        screen.save(update_fields=["lowest"])
        kept = Screen.objects.get(pk=screen.pk)
        assert (kept.lowest, kept.version, kept.answers) == (2, screen.version, make.calm_answers("epds"))
        screen.pk = new_id()
        with pytest.raises(DatabaseError, match="not there"):
            screen.save(update_fields=["lowest"])
    assert connection.is_usable()


def test_a_key_is_read_again_when_its_file_is_another(tmp_path: Path) -> None:
    installation.ensure_keys(tmp_path)
    here = installation.Installation(home=tmp_path)
    before = here.key("master")
    assert here.key("master") == before
    installation.replace_key(tmp_path, "master")
    assert here.key("master") != before
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(installation.BadSetting):
        here.key("master")


@pytest.mark.django_db
def test_a_question_is_asked_again_with_other_ids_and_days(django_assert_num_queries: Any) -> None:
    @asked_again
    def begun(*, subject: UUID, on: date) -> models.QuerySet:
        rows = Screen.objects.filter(subject=subject, on__gte=on, instrument="epds").select_related("episode")
        return rows.order_by("-on", "pk")[:3]

    family, today = make.make_family(), clock.today(make.ZONE)
    adult, own = family.adult.pk, [make.make_screen(family), make.make_screen(family)]
    other = make.make_screen(make.make_family(child="Ana Ibarra", adults=("Rosa Ibarra",)))
    for _ in range(2):
        with django_assert_num_queries(2):
            assert begun(subject=adult, on=today) == own
            (found,) = begun(subject=other.subject_id, on=today)
            assert everything(found.episode)
        assert everything(found) == everything(other)
        assert begun(subject=adult, on=today + timedelta(days=1)) == []


@pytest.mark.django_db
def test_lists_words_and_moments_are_asked_by_again() -> None:
    """Whatever their length, and nothing of one asking is left in the next."""

    @asked_again
    def begun(*, ids: list[UUID], tools: list[str], since: datetime, of: tuple[UUID, ...] = ()) -> models.QuerySet:
        rows = Screen.objects.filter(pk__in=ids, instrument__in=tools, created_at__gte=since).order_by("created_at")
        return rows.values_list("pk", "on") if of else rows.values_list("pk", flat=True)

    family, now = make.make_family(), clock.now()
    made = [make.make_screen(family).pk for _ in range(3)]
    for some in (made, made[:2], made[1:], made[:1], []):
        assert begun(ids=some, tools=["epds", "phq9", "phq2"], since=now - timedelta(days=1)) == some
    assert begun(ids=made, tools=["phq9"], since=now - timedelta(days=1)) == []
    assert begun(ids=made, tools=["epds"], since=clock.now() + timedelta(days=1)) == []
    today = clock.today(make.ZONE)
    told = begun(ids=made[:1], tools=["epds"], since=now - timedelta(days=1), of=(new_id(),))
    assert told == [(made[0], today)]


@pytest.mark.django_db
def test_a_question_that_does_not_ask_by_what_it_is_given_is_refused() -> None:
    @asked_again
    def anybody(*, subject: UUID) -> models.QuerySet:
        return Screen.objects.all()

    with pytest.raises(TypeError, match="anybody does not ask by subject"):
        anybody(subject=new_id())
