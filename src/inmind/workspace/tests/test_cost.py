"""How often the database is asked for a page. It must not depend on how many families there are, or how much is kept of one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)  # within another transaction, what was found is asked anew
TODAY, FAMILY, REGISTERING = 45, 44, 34  # questions at most


def asked(browser: Client, path: str, form: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as questions:
        answer = browser.post(path, form) if form else browser.get(path)
    assert answer.status_code == (302 if form else 200)
    return len(questions)


def test_a_page_asks_no_more_where_there_is_more() -> None:
    luz = make.make_worker()
    make.make_on_call()
    family = make.make_family(luz)
    visit(family)
    make.make_family(luz, child="Rosa Ibarra", age_months=5)  # something is due
    before = counts(luz, family, "Amara", "Ximena")
    for number in range(4):
        make.make_family(luz, child=f"Child{number} Ibarra", age_months=5 + number)
        visit(family)
    elena = make.AdultFacts("Elena", "Ñúñez", "kin", is_somebody_else=True)
    families.add_adult(luz.actor, episode=family.episode, adult=elena)
    assert counts(luz, family, "Wolfgang", "Bartholomew") == before
    assert all(one <= most for one, most in zip(before, (TODAY, FAMILY, REGISTERING), strict=True)), before


def counts(worker: make.Worker, family: make.Family, child: str, adult: str) -> tuple[int, int, int]:
    """The questions of Today, of a family's page and of registering another one, like nobody who is there."""
    browser, page = worker.client, f"/families/{family.dyad.pk}/"
    for path in ("/today/", page):
        browser.get(path)  # statements that are made once
    form = {
        "key": fresh_key(),
        "arrival": "born",
        "child_given_name": child,
        "birth_date": str(make.born(age_months=len(child))),
        "given_name": adult,
        "part": "mother",
    }
    return asked(browser, "/today/"), asked(browser, page), asked(browser, "/families/new/", form)


def visit(family: make.Family) -> None:
    families.visit(
        family.by.actor,
        episode=family.episode,
        on=clock.today(make.ZONE),
        place="home",
        minutes=50,
        strength="She sings to him.",
        present=[family.adult],
    )
