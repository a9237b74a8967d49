"""What a clinician reads before and after signing: what is asked, what was taken over, what differs between two versions."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pytest

from inmind.diagnosis import writing
from inmind.diagnosis.formulation import (
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Stressor,
)
from inmind.diagnosis.tests.invented import AUTISM
from inmind.foundation import clock
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("María Ñúñez", "Ana Stone"))


def today() -> date:
    return clock.today(make.ZONE)


def read(who: make.Worker, url: str) -> str:
    answer = who.client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(" ".join(answer.content.decode().split()))


def given(disorder: str = AUTISM, reasons: str = "Seen twice.", **said: Any) -> writing.One:
    return writing.One((Diagnosis(disorder, Certainty.WORKING, reasons, looked_up=True, **said),))


# Two versions side by side


def test_words_that_changed_stand_beside_each_other(family: make.Family, clinician: make.Worker) -> None:
    """Reasons, culture, the impression, an adult who is primary no more: each is shown, and what is the same named once."""
    first = make.make_formulation(
        family, one=given(), culture=Culture("As with the grandparents.", ""), primary=family.adults
    )
    second = make.make_formulation(
        family,
        one=given(reasons="At home, too."),
        culture=Culture("As with the aunt.", ""),
        five=Competence({"emotional": "exceeds"} | dict.fromkeys(DOMAINS[1:], "age-appropriate"), "He speaks."),
    )
    said = read(clinician, f"/formulations/{first.pk}/beside/{second.pk}/")
    for words in (
        *("Seen twice.", "At home, too.", "As with the grandparents.", "As with the aunt."),
        *("Even across domains.", "He speaks.", "Primary caregivers"),
    ):
        assert said.count(words) == 1, words
    same = said.partition("The same in both")[2]
    assert "Axis III" in same and "Axis IV" in same and "Axis V" not in same and "Cultural" not in same


DOMAINS = ("emotional", "social-relational", "language-social-communication", "cognitive", "movement-physical")


def test_a_stressor_whose_end_nobody_knows_is_not_called_over(family: make.Family, clinician: make.Worker) -> None:
    """On no page, no picture and no paper."""
    row = make.make_formulation(family, four=writing.Four((Stressor("neglect", "", 2),)))
    for url in (
        f"/formulations/{row.pk}/",
        f"/formulations/{row.pk}/report/",
        f"/families/{row.episode_id}/formulations/course/",
    ):
        said = read(clinician, url)
        assert "Neglect" in said and "over, and" not in said, url
