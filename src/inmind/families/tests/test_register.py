"""Registering a family through its page: first whether the baby is born."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from inmind.families.models import Dyad
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db
ADULT = {"key": "one", "given_name": "Rosa", "part": "mother"}


def registered(**said: str) -> tuple[int, str]:
    answer = make.make_worker().client.post(reverse("family_register"), ADULT | said)
    return answer.status_code, answer.content.decode()


def day(days: int) -> str:
    return (clock.today(make.ZONE) + timedelta(days=days)).isoformat()


def test_the_form_asks_first_whether_the_baby_is_born() -> None:
    """Before any date, and without a choice made for the worker."""
    page = make.make_worker().client.get(reverse("family_register")).content.decode()
    assert page.index('name="arrival"') < page.index('name="birth_date"') < page.index('name="due_date"')
    assert 'name="arrival" value="born" required id="id_arrival_0" checked' not in page
    assert page.split('name="arrival"')[1].split(">")[0].count("checked") == 0


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Say first whether the baby is born or on the way."),
        ({"arrival": "born", "child_given_name": "Mateo"}, "The day of birth is missing."),
        ({"arrival": "born", "child_given_name": "Mateo", "due_date": "2026-12-01"}, "The day of birth is missing."),
        ({"arrival": "expected"}, "The day on which the baby is expected is missing."),
        ({"arrival": "adopted"}, "adopted is not one of the available choices"),
        ({"arrival": "born", "birth_date": "2026-01-01"}, "The baby&#x27;s name is empty."),
    ],
    ids=["neither", "no birth date", "a due date instead", "no due date", "something else", "no name"],
)
def test_what_is_missing_is_said(said: dict[str, str], sentence: str) -> None:
    """On its field, and nothing is kept."""
    status, page = registered(**said)
    assert status == 400
    assert sentence in page
    assert not Dyad.objects.exists()


def test_what_belongs_to_the_other_choice_is_left_out() -> None:
    """Somebody typed a birth date and a name, then learned that the baby is on the way; even a date that is none."""
    status, _page = registered(
        arrival="expected", child_given_name="Mateo", birth_date="not a day", due_date=day(60), child_family_name="Peña"
    )
    assert status == 302
    dyad = Dyad.objects.select_related("child").get()
    assert (dyad.birth_date, dyad.due_date, dyad.child.given_name, dyad.child.family_name) == (
        None,
        clock.today(make.ZONE) + timedelta(days=60),
        "",
        "Peña",
    )


def test_a_born_baby_is_registered_without_a_due_date() -> None:
    """What was typed under the other choice does not stay."""
    status, _page = registered(arrival="born", child_given_name="Mateo", birth_date=day(-90), due_date=day(3))
    assert status == 302
    dyad = Dyad.objects.get()
    assert (dyad.birth_date, dyad.due_date) == (clock.today(make.ZONE) - timedelta(days=90), None)
