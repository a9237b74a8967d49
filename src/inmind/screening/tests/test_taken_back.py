"""What was entered for somebody else is taken back: it stays in history, says nothing more and counts for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from inmind.access.act import VERBS
from inmind.access.models import AuditEntry
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow, Refused, Stale
from inmind.messages.models import Letter
from inmind.screening import actions, due, offers, own_page_views, recorded_result_views, words
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import EarlierRecorded, EarlierResult, Flag, RecordedResult, Screen
from inmind.screening.taking_back import take_back
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
WHY = "Two papers lay in the wrong folders."


@pytest.fixture
def family() -> make.Family:
    return make.make_family(age_months=12)


def page(client: Any, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return str(answer.content.decode())


def test_a_screen_says_nothing_more_and_its_answers_are_kept_for_the_trail(family: make.Family) -> None:
    """On its own page who, when and why; on the caregiver's page one word; of its answers nothing anywhere."""
    screen = make.make_screen(family, answers=make.calm_answers(epds_1=3, epds_2=3, epds_3=3, epds_4=3))
    before = (screen.answers, screen.points, screen.band, screen.finished_at)
    client, where = family.by.client, reverse("screen", args=[screen.pk])
    shown = page(client, where)
    assert f"{where}take-back/" in shown and words.BANDS[screen.band] in shown
    sent = {"key": "k", "version": str(screen.version), "reason": WHY}
    for _ in range(2):  # a double click finds the first one's answer
        assert client.post(f"{where}take-back/", sent)["Location"] == where
    screen.refresh_from_db()
    assert (screen.points, screen.lowest, screen.band, screen.answers, screen.state) == (
        None,
        None,
        "",
        {},
        "incomplete",
    )
    [kept] = EarlierResult.objects.filter(screen=screen)
    assert (kept.answers, kept.points, kept.band, kept.finished_at) == before
    assert (kept.by, kept.reason) == (family.by.person, WHY) and screen.taken_back_at is not None
    said = page(client, where)
    assert (
        f"Taken back by {family.by.person.name}, " in said
        and "entered for somebody else by mistake." in said
        and WHY in said
    )
    own = page(client, reverse("caregiver", args=[family.episode.pk, family.adult.pk]))
    assert "taken back" in own and not any(words.BANDS[kept.band] in one for one in (said, own))
    for route in ("screen_history", "screen_correct", "screen_take_back", "screen_enter"):
        assert client.get(reverse(route, args=[screen.pk]))["Location"] == where
    told = offers._told(screen)
    assert set(told) == {"EPDS", "Taken back"} and "by mistake" in told["Taken back"]
    entry = AuditEntry.objects.get(verb="screening.take_back", outcome="done")
    assert {one.kind for one in entry.subjects.all()} == {"person", "episode"}


def test_what_was_taken_back_is_in_no_trend_and_no_longer_what_is_known_of_her(family: make.Family) -> None:
    """The schedule asks again, and the same day's screen is entered anew where it belonged to her after all."""
    first, second = (make.make_screen(family, answers=make.calm_answers()) for _ in range(2))
    assert len(list(own_page_views._trends(own_page_views._closed([first, second])))) == 1
    people = [family.adult.pk]
    assert len(due._taken_by_adults(family.by.actor, [family.episode.pk], people)[family.adult.pk]) == 2
    gone = take_back(family.by.actor, taken=first, reason=WHY)
    assert not list(own_page_views._trends(own_page_views._closed([gone, second])))
    assert len(due._taken_by_adults(family.by.actor, [family.episode.pk], people)[family.adult.pk]) == 1


def test_a_recorded_result_is_taken_back_in_the_same_way_and_entered_anew(family: make.Family) -> None:
    """It does not stand for what is due, its numbers are gone from every page, and the same form may be recorded again."""
    result = make.make_recorded(family, tool="asq3", typed={"communication": "41.5"}, form="12")
    client, where = family.by.client, reverse("recorded", args=[result.pk])
    assert "41.5 of 60" in page(client, where) and f"{where}take-back/" in page(client, where)
    sent = {"key": "k", "version": str(result.version), "reason": WHY}
    assert client.post(f"{where}take-back/", sent)["Location"] == where
    result.refresh_from_db()
    assert (result.said, result.counts) == ({}, False)
    [kept] = EarlierRecorded.objects.filter(result=result)
    assert (kept.said["scales"]["communication"]["value"], kept.reason, kept.by) == ("41.5", WHY, family.by.person)
    said = page(client, where)
    assert "it was entered for somebody else by mistake." in said and WHY in said and "41.5" not in said
    assert not list(due._done_elsewhere(ids=[family.episode.pk]))
    assert "taken back" in page(client, reverse("caregiver", args=[family.episode.pk, family.child.pk]))
    assert client.get(reverse("recorded_correct", args=[result.pk]))["Location"] == where
    assert set(recorded_result_views.told(result)) == {"ASQ-3", "Taken back"}
    make.make_recorded(family, tool="asq3", typed={"communication": "20"}, form="12")
    assert list(due._done_elsewhere(ids=[family.episode.pk]))


def test_a_red_task_stays_until_a_person_closes_it(family: make.Family) -> None:
    """Nobody is told that all is well: the flag, the task and the banner stay, and whoever was called is told to look again;
    in the task stands that it was entered for somebody else."""
    on_call = make.make_on_call(family.episode.organization)
    screen, task = make.make_crisis(family)
    letters = Letter.objects.filter(template="look_again").count()
    done = take_back(family.by.actor, taken=screen, reason=WHY)
    assert (done.state, done.finished_at) == ("incomplete", done.taken_back_at), "it was not finished yet"
    assert Task.objects.get(pk=task.pk).closed_at is None and Flag.objects.filter(screen=screen).exists()
    assert Letter.objects.filter(template="look_again").count() > letters
    asked = page(on_call.client, reverse("task", args=[task.pk]))
    assert "it was entered for somebody else by mistake." in asked and "Whose answer it was is to be asked." in asked
    for client in (family.by.client, on_call.client):
        said = page(client, reverse("screen", args=[screen.pk]))
        assert "An answer about self-harm was given in it." in said and WHY in said
    with pytest.raises(NotNow, match="finished"):
        actions.answer(family.by.actor, screen=done, answers={"epds_1": 1})


def test_the_part_of_a_sitting_is_begun_anew(family: make.Family) -> None:
    """Its key is the sitting's; a screen that was taken back does not come back by it."""
    make.make_on_call(family.episode.organization)
    today = clock.today(make.ZONE).isoformat()
    where = reverse("screen_sitting", args=[family.episode.pk, family.adult.pk, "swyc", today, "12"])
    first = family.by.client.post(where, {"part": "swycmilestones"})["Location"]
    screen = Screen.objects.get(instrument="swycmilestones")
    take_back(family.by.actor, taken=screen, reason=WHY)
    again = family.by.client.post(where, {"part": "swycmilestones"})["Location"]
    assert first != again and Screen.objects.filter(instrument="swycmilestones", taken_back_at=None).count() == 1


def test_two_tabs_a_stale_version_and_a_second_time_are_refused(family: make.Family) -> None:
    """The tab that was open while somebody corrected is told so and may look; what is taken back is taken back once."""
    screen = make.make_screen(family, answers=make.calm_answers())
    old = screen.version
    actions.correct(family.by.actor, screen=screen, answers={"epds_1": 1}, reason="A mark.")
    where = reverse("screen_take_back", args=[screen.pk])
    refused = family.by.client.post(where, {"key": "a", "version": str(old), "reason": WHY})
    assert refused.status_code == 409 and WHY in refused.content.decode()
    assert family.by.client.post(where, {"key": "b", "version": str(old + 1), "reason": " . "}).status_code == 400
    assert Screen.objects.get(pk=screen.pk).taken_back_at is None
    now = Screen.objects.get(pk=screen.pk).version
    assert family.by.client.post(where, {"key": "c", "version": str(now), "reason": WHY}).status_code == 302
    assert family.by.client.post(where, {"key": "d", "version": str(now), "reason": WHY}).status_code == 409
    gone = Screen.objects.get(pk=screen.pk)
    with pytest.raises(KeyReused):
        take_back(family.by.actor, key="c", taken=gone, reason="Another one.")
    with pytest.raises(Stale):
        take_back(family.by.actor, version=now, taken=gone, reason=WHY)
    for again in (take_back, VERBS["screening.take_back"]):
        with pytest.raises(NotNow, match="taken back"):
            again(family.by.actor, taken=gone, reason=WHY)
    with pytest.raises(NotNow, match="taken back"):
        actions.correct(family.by.actor, screen=gone, answers={"epds_1": 2}, reason=WHY)
    assert EarlierResult.objects.filter(screen=screen).count() == 2


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["agency_supervisor", "privacy_officer", "family_service_coordinator", "clinician"])
def test_only_who_may_correct_may_take_back(family: make.Family, role: str) -> None:
    """The care team alone, for both."""
    outsider = make.make_worker(role, family.episode.organization)
    both = (make.make_screen(family, answers=make.calm_answers()), make.make_recorded(family))
    for taken, route in zip(both, ("screen_take_back", "recorded_take_back"), strict=True):
        with pytest.raises(Refused):
            take_back(outsider.actor, taken=taken, reason=WHY)
        assert outsider.client.get(reverse(route, args=[taken.pk])).status_code == 403
    assert not RecordedResult.objects.exclude(taken_back_at=None) and not Screen.objects.exclude(taken_back_at=None)
    colleague = make.make_worker("clinician", family.episode.organization)
    make.join_team(family, colleague)
    for taken in both:
        with pytest.raises(BadInput, match="reason is missing"):
            take_back(colleague.actor, taken=taken, reason=" ")
        assert take_back(colleague.actor, taken=taken, reason=WHY).taken_back_at is not None


def test_a_second_stage_is_begun_anew_after_the_first_one_of_it_was_taken_back() -> None:
    """An M-CHAT-R that leads to its Follow-Up; the Follow-Up of another child's paper is taken back."""
    family = make.make_family(age_months=18)
    named = {"episode": family.episode, "subject": family.child, "informant": family.adult}
    today, mchatr, follow_up = clock.today(make.ZONE), catalog().named("mchatr"), catalog().named("mchatrf")
    first = actions.begin(family.by.actor, instrument=mchatr, on=today, **named)
    first = actions.finish(
        family.by.actor,
        screen=first,
        answers={item.key: int(item.number in {2, 7, 9, 16}) for item in mchatr.items},
    )
    again = {"instrument": follow_up, "on": today, "follows": first, **named}
    second = actions.begin(family.by.actor, **again)
    with pytest.raises(NotNow, match="begun already"):
        actions.begin(family.by.actor, **again)
    take_back(family.by.actor, taken=second, reason=WHY)
    assert actions.begin(family.by.actor, **again).pk != second.pk
