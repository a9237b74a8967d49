"""A crisis answer is heeded also where it cannot be kept: stale, beside a wrong answer, after the screen is finished."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.messages.models import Letter
from inmind.screening import actions
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
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


# Said again, after somebody answered


def saved(screen: Screen, **marked: str) -> Any:
    """Saved as typed, in the version that stands now."""
    screen.refresh_from_db()
    return sent(screen, "screen_save", **marked)


def answered(screen: Screen) -> None:
    """Whoever was called closes the task."""
    task = Task.objects.get(about_id=screen.pk, closed_at=None)
    owner = make.Worker(task.owner.account, screen.episode.organization)
    tasks.close(owner.actor, task=task, done="She said that it was marked by mistake.")


def calls(screen: Screen) -> tuple[int, int]:
    """How many tasks were left, how many letters were written."""
    letters = Letter.objects.filter(about_id=screen.pk, template="needs_a_person")
    return Task.objects.filter(about_id=screen.pk, red=True).count(), letters.count()


def is_waiting(screen: Screen) -> bool:
    return Task.objects.filter(about_id=screen.pk, red=True, closed_at=None).exists()


def help_page(screen: Screen) -> str:
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    return worker.client.get(reverse("screen_help", kwargs={"screen": screen.pk})).content.decode()


HELP = "screen_help"
CREDIT = "and wrote down what was done"


def test_a_second_crisis_answer_in_one_screen_calls_again(screen: Screen) -> None:
    """Taken back after somebody answered, then given once more: help is the next page, and nobody is credited for it."""
    saved(screen, epds_10=WORST)
    answered(screen)
    assert CREDIT in help_page(screen)
    saved(screen, epds_10="4")
    assert not is_waiting(screen), "what was taken back calls nobody"
    answer = saved(screen, epds_10=WORST)
    assert answer.json()["go"] == reverse(HELP, kwargs={"screen": screen.pk})
    assert (is_waiting(screen), calls(screen)) == (True, (2, 2))
    assert CREDIT not in help_page(screen)


def test_a_second_crisis_answer_that_comes_with_finishing_calls_again(screen: Screen) -> None:
    saved(screen, epds_10=WORST)
    answered(screen)
    saved(screen, epds_10="4")
    screen.refresh_from_db()
    answer = sent(screen, "screen_enter", **{f"epds_{number}": "4" for number in range(1, 10)}, epds_10=WORST)
    assert answer["Location"] == reverse(HELP, kwargs={"screen": screen.pk})
    assert (is_waiting(screen), calls(screen)) == (True, (2, 2))


def test_a_worse_answer_calls_again_and_a_milder_one_does_not(screen: Screen) -> None:
    saved(screen, epds_10="2")
    answered(screen)
    saved(screen, epds_10="3")
    assert not is_waiting(screen), "milder than what was answered"
    saved(screen, epds_10=WORST)
    assert (is_waiting(screen), calls(screen)) == (True, (2, 2))


def test_an_answer_that_stands_as_it_was_calls_nobody_again(screen: Screen) -> None:
    """Saving the other items, the same answer once more, and finishing: somebody has answered this one."""
    saved(screen, epds_10=WORST)
    answered(screen)
    for marked in ({"epds_1": "2"}, {"epds_10": WORST}):
        assert "go" not in saved(screen, **marked).json()
    screen.refresh_from_db()
    sent(screen, "screen_enter", **{f"epds_{number}": "4" for number in range(1, 10)}, epds_10=WORST)
    assert (is_waiting(screen), calls(screen)) == (False, (1, 1))


def test_while_somebody_is_called_one_task_is_enough_and_who_has_it_is_told_of_a_worse_answer(screen: Screen) -> None:
    """Told once for each, to look again and not at what; not for the same or a milder one, nor for one that is not kept."""
    task_of = Task.objects.filter(about_id=screen.pk)
    again = Letter.objects.filter(template="look_again", about_id=screen.pk)
    told = []
    for value in ("3", "3", "4", "2", WORST, "3"):
        saved(screen, epds_10=value)
        told.append(again.count())
    assert told == [0, 0, 0, 1, 2, 2]
    sent(screen, "screen_save", version="1", epds_10=WORST)
    assert (is_waiting(screen), calls(screen), again.count()) == (True, (1, 1), 2)
    assert {(one.to_id, one.facts) for one in again} == {(task_of.get().owner_id, f'{{"task": "{task_of.get().pk}"}}')}


def test_a_crisis_in_a_stale_tab_after_somebody_answered_calls_again(screen: Screen) -> None:
    """The same request that comes twice calls once; under its key, other answers are heeded all the same."""
    saved(screen, epds_10=WORST)
    answered(screen)
    saved(screen, epds_10="4")
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    stale = {"save_key": str(new_id()), "version": "1"}
    for _twice in range(2):
        answer = worker.client.post(reverse("screen_save", kwargs={"screen": screen.pk}), {**stale, "epds_10": WORST})
        assert answer.json() == {"go": reverse(HELP, kwargs={"screen": screen.pk})}
        assert calls(screen) == (2, 2)
        if is_waiting(screen):
            answered(screen)
    worker.client.post(reverse("screen_save", kwargs={"screen": screen.pk}), {**stale, "epds_10": "2"})
    assert (is_waiting(screen), calls(screen)) == (True, (3, 3))


@pytest.mark.parametrize("key", ["x" * 81, "with a \u202e sign", ""])
def test_a_key_that_cannot_be_keeps_nobody_from_help(screen: Screen, key: str) -> None:
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    said = {"save_key": key, "version": "99", "epds_10": WORST}
    worker.client.post(reverse("screen_save", kwargs={"screen": screen.pk}), said)
    assert calls(screen) == (1, 1)


def test_a_stale_tab_that_says_what_stands_calls_nobody(screen: Screen) -> None:
    saved(screen, epds_10=WORST)
    answered(screen)
    screen.version = 1
    sent(screen, "screen_save", epds_10=WORST)
    assert (is_waiting(screen), calls(screen)) == (False, (1, 1))


def test_the_form_marks_the_row_whose_answer_alerts_and_no_other(screen: Screen) -> None:
    """Its script lets an arrow key pass over that row's answers; the browser tests of the look hold how."""
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    page = worker.client.get(reverse("screen_enter", kwargs={"screen": screen.pk})).content.decode()
    assert page.count("data-weighs") == 1
    assert 'id="answer-epds_10" data-answer data-weighs' in page


# What was changed afterwards

GIVEN = datetime(2027, 3, 8, 16, 22, tzinfo=UTC)  # 10:22 on a Monday in Chicago
MINUTE = timedelta(minutes=1)
OPEN = "Whether it was a slip or was taken back is not known. It is still to be asked about."


def pages(screen: Screen) -> tuple[str, str, str]:
    """The task as its owner reads it; the result and the versions as the worker does."""
    task = Task.objects.get(about_id=screen.pk)
    owner = make.Worker(task.owner.account, task.organization)
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    read = [(owner, f"/tasks/{task.pk}/"), *((worker, f"/screens/{screen.pk}/{page}") for page in ("", "history/"))]
    return tuple(unescape(who.client.get(page).content.decode()) for who, page in read)  # type: ignore[return-value]


def test_a_crisis_answer_that_was_changed_is_told_to_whoever_calls() -> None:
    """When it was given, when it was changed and by whom, what stands now; neither a slip nor a withdrawal is known."""
    with clock.at(GIVEN):
        screen = make.make_screen(answers={}, finished=False)
        saved(screen, epds_10="2")
    with clock.at(GIVEN + 2 * MINUTE):
        assert all("changed" not in page for page in pages(screen)), "it stands as it was given"
        screen.refresh_from_db()
        sent(screen, "screen_enter", **{f"epds_{number}": "4" for number in range(1, 11)})
    with clock.at(GIVEN + 9 * MINUTE):
        by = f"An answer about self-harm was given at 10:22 a.m. and changed at 10:24 a.m. by {screen.worker.name}."
        for page in pages(screen):
            assert by in page and OPEN in page
            assert "Now it says: 10. " in page and ": 0." in page
        supervisor = make.make_worker("agency_supervisor", screen.episode.organization)
        told = supervisor.client.get(f"/tasks/{Task.objects.get().pk}/").content.decode()
        answered(screen)
        assert "10:24" not in told and "self-harm" not in told, "a role without clinical facts"
        assert by in pages(screen)[1] and OPEN not in pages(screen)[1], "somebody has asked"


def test_a_correction_says_by_whom_and_when_and_an_answer_that_was_not_kept_is_not_called_changed() -> None:
    """Between two moments where several saves came since; nothing that the rows do not know."""
    with clock.at(GIVEN):
        screen = make.make_screen(answers=make.calm_answers(epds_10=2))
    with clock.at(GIVEN + MINUTE):
        worker = make.Worker(screen.worker.account, screen.episode.organization)
        actions.correct(worker.actor, screen=screen, answers={"epds_10": 0}, reason="The row above.")
        by = f"given at 10:22 a.m. and changed at 10:23 a.m. by {screen.worker.name}."
        assert all(by in page for page in pages(screen))
        other = make.make_screen(answers={}, finished=False)
        sent(other, "screen_enter", epds_1="1")
        sent(other, "screen_enter", epds_10=WORST)
        for page in pages(other):
            assert "was marked at 10:23 a.m. in a form that could not be kept any more." in page
            assert "Now it says: 10." in page and "and changed" not in page and OPEN in page
    with clock.at(GIVEN):
        third = make.make_screen(answers={"epds_10": 1}, finished=False)
    for minutes in (3, 5):
        with clock.at(GIVEN + minutes * MINUTE):
            saved(third, epds_10="4")
    with clock.at(GIVEN + 6 * MINUTE):
        assert "and changed between 10:25 a.m. and 10:27 a.m. by" in pages(third)[0]
