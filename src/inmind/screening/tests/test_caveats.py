"""What stands beside a result: weeks at birth that nobody knows or that came later, a withdrawn table, how sure a cut-off is."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from inmind.families import actions as families
from inmind.families.ages import PrematurityRule
from inmind.foundation.values import Age
from inmind.screening import caveats, plain
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import Screen
from tests import make

MILESTONES = "swycmilestones"
ASKED = "Weeks at birth are not known here"


def page(client: Any, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return str(answer.content.decode())


def milestones(family: make.Family, points: int, **more: Any) -> Screen:
    """Milestones whose total is this, ten items of up to two points each."""
    given = {item.key: min(2, max(0, points - 2 * place)) for place, item in enumerate(catalog()[MILESTONES].items)}
    return make.make_screen(family, instrument=MILESTONES, answers=given, **more)


@pytest.mark.parametrize(
    ("weeks", "months", "waits"), [(None, 20, True), (None, 24, False), (40, 20, False), (30, 20, False)]
)
def test_a_tool_waits_for_weeks_that_nobody_wrote_down(weeks: int | None, months: int, waits: bool) -> None:
    assert PrematurityRule(3, 24, "").waits_for(weeks, Age(months, 0)) is waits


@pytest.mark.parametrize(("months", "said"), [(20, "second-hand table whose authors call it unverified"), (24, "")])
def test_how_surely_a_cutoff_is_known_is_said_in_words(months: int, said: str) -> None:
    found = caveats.how_sure(catalog()[MILESTONES].at(months))
    assert said in found and bool(said) is bool(found)


def test_a_number_without_a_cutoff_is_said_to_say_nothing_by_itself() -> None:
    said = plain.sentences(catalog()[MILESTONES], "", is_finished=True, is_crisis=False)
    assert said == (plain.CHILD_NUMBER_ALONE, plain.NOT_A_DIAGNOSIS, plain.WORRY)


@pytest.mark.django_db
def test_weeks_that_nobody_knows_are_asked_for_and_what_they_would_change_is_said() -> None:
    """20 months, 11 of 20: worth a look by the birth; born four weeks early it is read at 19 months, where it is not."""
    family = make.make_family(age_months=20)
    client, way = family.by.client, reverse("family_birth", args=[family.dyad.pk])
    began = make.make_screen(family, instrument=MILESTONES, finished=False, form="18")
    for where in (
        reverse("screen_enter", args=[began.pk]),
        reverse("recorded_new", args=[family.episode.pk, family.child.pk, "asq3"]),
        reverse("screen_battery", args=[family.episode.pk, family.child.pk, "swyc"]),
    ):
        said = page(client, where)
        assert ASKED in said and way in said, where
    screen = milestones(family, 11, form="18")
    said = page(client, reverse("screen", args=[screen.pk]))
    assert ASKED in said and "second-hand table" in said and "With the weeks" not in said
    families.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=36)
    said = page(client, reverse("screen", args=[screen.pk]))
    now = "With the weeks that are known now this tool would read: appears to meet expectations, cut-off 10. Correct"
    assert ASKED not in said and said.index(now) < said.index("Where the numbers come from")
    assert Screen.objects.get(pk=screen.pk).band == "needs_review"  # nothing is changed silently
    where = reverse("screen_correct", args=[screen.pk])
    assert "Read it by the weeks at birth that are known now" in page(client, where)
    typed = {item: str(points) for item, points in screen.answers.items()}
    kept = {**typed, "key": "k", "version": str(screen.version), "reason": "The weeks are known now."}
    assert client.post(where, kept).status_code == 400  # nothing is different, unless the weeks are asked for
    assert client.post(where, {**kept, "key": "l", "by_weeks": "1"}).status_code == 302
    screen = Screen.objects.get(pk=screen.pk)
    [before] = screen.earlier.all()
    assert (screen.band, screen.corrected_months, screen.goes_by_corrected) == (
        "appears_to_meet_expectations",
        19,
        True,
    )
    assert (before.band, before.age_months, before.goes_by_corrected) == ("needs_review", 20, False)
    own = reverse("caregiver", args=[family.episode.pk, family.child.pk])
    assert "11, corrected" in page(client, own)
    assert now not in page(client, reverse("screen", args=[screen.pk]))
    assert "19 months" in page(client, reverse("screen_history", args=[screen.pk]))
