"""A crisis answer is heeded also where it cannot be kept: stale, beside a wrong answer, after the screen is finished."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from inmind.foundation.identity import new_id
from inmind.messages.models import Letter
from inmind.screening.models import Screen
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

WORST = "1"  # the topmost choice of an item that is printed worst first: three points


@pytest.fixture
def screen() -> Screen:
    return make.make_screen(answers={}, finished=False)


def sent(screen: Screen, route: str, **marked: str) -> Any:
    """What the browser of the worker who began the screen sends."""
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    form = {"key": str(new_id()), "save_key": str(new_id()), "version": str(screen.version), **marked}
    return worker.client.post(reverse(route, kwargs={"screen": screen.pk}), form)


def is_heeded(screen: Screen) -> bool:
    task = Task.objects.filter(about_id=screen.pk, red=True).exists()
    return task and Letter.objects.filter(about_id=screen.pk, template="needs_a_person").exists()


def test_a_crisis_answer_in_a_stale_tab_is_heeded(screen: Screen) -> None:
    """Another tab saved first: both texts are shown, and help stands above them."""
    first = sent(screen, "screen_save", epds_1="1")
    second = sent(screen, "screen_enter", epds_10=WORST)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "988" in second.content.decode()
    assert is_heeded(screen)


def test_a_crisis_answer_saved_as_typed_over_an_older_version_leads_to_help(screen: Screen) -> None:
    """The script is told to go to the help page, whatever else could not be saved."""
    sent(screen, "screen_save", epds_1="1")
    answer = sent(screen, "screen_save", epds_10=WORST)
    assert answer.json() == {"go": reverse("screen_help", kwargs={"screen": screen.pk})}
    assert is_heeded(screen)


def test_a_crisis_answer_beside_one_that_cannot_be_is_heeded(screen: Screen) -> None:
    """A wrong answer is sent back with its sentence; the crisis does not wait for its correction."""
    answer = sent(screen, "screen_enter", epds_1="9", epds_10=WORST)
    assert answer.status_code == 400
    assert "988" in answer.content.decode()
    assert is_heeded(screen)


def test_a_crisis_answer_typed_into_a_finished_screen_is_heeded(screen: Screen) -> None:
    """The first tab finished it; what the second tab knows is acted on all the same, and the result stays."""
    sent(screen, "screen_enter", epds_1="1")
    answer = sent(screen, "screen_enter", epds_10=WORST)
    kept = Screen.objects.get(pk=screen.pk)
    assert answer.status_code == 409
    assert (kept.state, kept.answers.get("epds_10")) == (Screen.State.INCOMPLETE, None)
    assert is_heeded(screen)


def test_a_calm_answer_in_a_stale_tab_raises_nothing(screen: Screen) -> None:
    """The lowest answer is no crisis, wherever it is typed."""
    sent(screen, "screen_save", epds_1="1")
    sent(screen, "screen_enter", epds_10="4")
    assert not is_heeded(screen)


def test_the_form_marks_the_row_whose_answer_alerts_and_no_other(screen: Screen) -> None:
    """Its script lets an arrow key pass over that row's answers; the browser tests of the look hold how."""
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    page = worker.client.get(reverse("screen_enter", kwargs={"screen": screen.pk})).content.decode()
    assert page.count("data-weighs") == 1
    assert 'id="answer-epds_10" data-answer data-weighs' in page
