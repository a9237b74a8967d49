"""A finished screen is put right with a reason: what stood before stays, the same rules score it, a crisis is heeded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import policy
from inmind.access.guard import WriteOutsideAction
from inmind.access.models import AuditEntry
from inmind.foundation.errors import BadInput, NotNow, Refused, Stale
from inmind.foundation.identity import new_id
from inmind.foundation.loading import parse
from inmind.messages.models import Letter
from inmind.screening import actions, own_page_views, queries, result_views
from inmind.screening.adapters import catalog as installed
from inmind.screening.instruments import Catalog
from inmind.screening.models import EarlierResult, Flag, Screen
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

WHY = "The mark at crying was read in the row above."
EPDS_FILE = Path(__file__).parents[1] / "catalog" / "epds.yaml"


@pytest.fixture
def screen() -> Screen:
    """Nine points, below the cut-off."""
    return make.make_screen(answers=make.calm_answers(epds_1=3, epds_2=3, epds_3=3))


def worker_of(screen: Screen) -> make.Worker:
    return make.Worker(screen.worker.account, screen.episode.organization)


def corrected(screen: Screen, reason: str = WHY, **points: int | None) -> Screen:
    return actions.correct(worker_of(screen).actor, screen=screen, answers=points, reason=reason)


def test_what_stood_before_stays_beside_what_stands_now(screen: Screen) -> None:
    """Answers, points and band as they were; who corrected it, when and why."""
    before = (screen.answers, screen.points, screen.band, screen.finished_at)
    done = corrected(screen, epds_9=1)
    [earlier] = EarlierResult.objects.filter(screen=screen)
    assert (earlier.answers, earlier.points, earlier.band, earlier.finished_at) == before
    assert (earlier.number, earlier.by, earlier.reason) == (1, screen.worker, WHY)
    assert (done.points, done.band, done.state) == (10, "possible_depression", Screen.State.COMPLETE)
    entry = AuditEntry.objects.get(verb="screening.correct", outcome="done")
    assert {(one.kind, one.ref) for one in entry.subjects.all()} == {
        ("person", screen.subject_id),
        ("episode", screen.episode_id),
    }


def test_history_only_grows(screen: Screen) -> None:
    """Five corrections leave five earlier results, each as it was when it stood; none can be written again."""
    stood = []
    for points in (1, 2, 3, None, 0):
        stood.append((screen.answers, screen.points, screen.lowest, screen.highest, screen.band))
        screen = corrected(screen, epds_9=points)
        kept = EarlierResult.objects.filter(screen=screen).order_by("number")
        assert [(one.answers, one.points, one.lowest, one.highest, one.band) for one in kept] == stood
        assert [one.number for one in kept] == list(range(1, len(stood) + 1))
    earlier = EarlierResult.objects.first()
    assert earlier is not None
    with pytest.raises(TypeError, match="never changed"):
        earlier.save()
    with pytest.raises(WriteOutsideAction):
        EarlierResult.objects.update(points=30)
    with pytest.raises(WriteOutsideAction):
        EarlierResult.objects.all().delete()


def test_a_blank_takes_the_band_away_and_an_answer_gives_it_back(screen: Screen) -> None:
    """A correction may show that an item was left blank: then there is a range, and no band is made up."""
    done = corrected(screen, epds_9=None)
    assert (done.state, done.points, done.band) == (Screen.State.INCOMPLETE, None, "")
    assert (done.lowest, done.highest) == (9, 12)
    assert (corrected(done, epds_9=3).band) == "possible_depression"


# A crisis


def called(screen: Screen) -> int:
    return Letter.objects.filter(about_id=screen.pk, template="needs_a_person").count()


def test_a_crisis_that_a_correction_finds_calls_a_person(screen: Screen) -> None:
    """As if it were given now: a red task, a letter, and help as the very next page."""
    assert not Task.objects.filter(about_id=screen.pk).exists()
    worker = worker_of(screen)
    form = {"key": str(new_id()), "version": screen.version, "reason": WHY, "epds_10": "1"}
    answer = worker.client.post(reverse("screen_correct", kwargs={"screen": screen.pk}), form)
    assert answer["Location"] == reverse("screen_help", kwargs={"screen": screen.pk})
    assert Task.objects.get(about_id=screen.pk).red
    assert called(screen) == 1


def test_a_crisis_that_is_corrected_away_stays_with_whoever_was_told() -> None:
    """Nothing is taken back: the flag and the open task stay; a later correction does not call twice while one waits."""
    screen, task = make.make_crisis()
    screen = actions.finish(worker_of(screen).actor, screen=screen, answers=make.calm_answers(epds_10=1))
    screen = corrected(screen, epds_10=0)
    assert Flag.objects.filter(screen=screen, is_crisis=True).exists()
    assert Task.objects.get(pk=task.pk).closed_at is None
    corrected(screen, epds_10=2)
    assert (Task.objects.filter(about_id=screen.pk).count(), called(screen)) == (1, 1)


def test_a_crisis_that_comes_back_after_it_was_answered_calls_again() -> None:
    """Closed as a slip of the pen, then found to be meant: somebody is called anew."""
    screen, task = make.make_crisis()
    screen = actions.finish(worker_of(screen).actor, screen=screen, answers=make.calm_answers(epds_10=1))
    owner = make.Worker(task.owner.account, screen.episode.organization)
    tasks.close(owner.actor, task=task, done="It was a slip of the pen.")
    screen = corrected(screen, epds_10=0)
    assert called(screen) == 1
    corrected(screen, epds_10=2)
    assert Task.objects.filter(about_id=screen.pk, closed_at=None, red=True).count() == 1
    assert called(screen) == 2


def test_a_crisis_in_a_correction_that_cannot_be_kept_is_heeded(screen: Screen) -> None:
    """Without a reason nothing is corrected, but help does not wait for the reason."""
    form = {"key": str(new_id()), "version": screen.version, "reason": " ", "epds_10": "1"}
    answer = worker_of(screen).client.post(reverse("screen_correct", kwargs={"screen": screen.pk}), form)
    assert answer.status_code == 400
    assert "988" in answer.content.decode()
    assert called(screen) == 1
    assert Screen.objects.get(pk=screen.pk).answers["epds_10"] == 0


# Editions


@pytest.fixture
def new_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Catalog]:
    """Lay over our rules an edition whose first cut-off is 12."""
    ours = EPDS_FILE.read_text(encoding="utf-8")
    theirs = ours
    for old, new in (
        ("edition: '2026'", "edition: 'county-12'"),
        ("value: 10, source: cox1987, confidence: high, also", "value: 12, source: cox1987, confidence: high, also"),
        ("- cutoff: 10", "- cutoff: 12"),
        ("min: 0, max: 9, source", "min: 0, max: 11, source"),
        ("min: 10, max: 12", "min: 12, max: 12"),
    ):
        assert old in theirs
        theirs = theirs.replace(old, new)

    def lay() -> Catalog:
        both = installed.laid([parse(ours, "ours.yaml")], [parse(theirs, "theirs.yaml")])
        for module in (queries, own_page_views, result_views):
            monkeypatch.setattr(module, "catalog", lambda: both)
        return both

    return lay


def test_new_rules_leave_old_results_alone(new_rules: Callable[[], Catalog], screen: Screen) -> None:
    """Two editions side by side: a total of 11 is worth a closer look by the one and below the cut-off by the other."""
    old = corrected(screen, epds_9=2)
    assert (old.points, old.band, old.edition) == (11, "possible_depression", "2026")
    both = new_rules()
    worker = worker_of(screen)
    page = worker.client.get(reverse("screen", kwargs={"screen": old.pk})).content.decode()
    assert '<p class="band">worth a closer look</p>' in page
    old = corrected(old, epds_9=1)
    assert (old.points, old.band, old.edition) == (10, "possible_depression", "2026")
    new = actions.begin(
        worker.actor, episode=screen.episode, subject=screen.subject, instrument=both["epds"], on=screen.on
    )
    new = actions.finish(worker.actor, screen=new, answers=old.answers)
    assert (new.points, new.band, new.edition) == (10, "below_cutoff", "county-12")
    assert Screen.objects.get(pk=old.pk).band == "possible_depression"


def test_rules_that_are_gone_correct_nothing(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    """A result stands with the edition that made it; without that edition nobody scores it by another."""
    monkeypatch.setattr(queries, "catalog", lambda: Catalog([]))
    with pytest.raises(NotNow, match="not installed"):
        corrected(screen, epds_9=1)


# What cannot be


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("reason", "points", "sentence"),
    [
        pytest.param("", {"epds_9": 1}, "The reason is missing", id="no reason"),
        pytest.param(" . ", {"epds_9": 1}, "The reason is missing", id="a reason that says nothing"),
        pytest.param("x" * 501, {"epds_9": 1}, "500", id="a reason beyond its room"),
        pytest.param("a\x00b", {"epds_9": 1}, "cannot be stored", id="a reason with a zero character"),
        pytest.param(WHY, {}, "Nothing is different", id="nothing at all"),
        pytest.param(WHY, {"epds_9": 0}, "Nothing is different", id="the same answer"),
        pytest.param(WHY, {"epds_9": 4}, "cannot be an answer", id="points that no answer has"),
        pytest.param(WHY, {"epds_11": 1}, "no item called epds_11", id="an item too many"),
    ],
)
def test_what_cannot_be_a_correction_changes_nothing(
    screen: Screen, reason: str, points: dict[str, int], sentence: str
) -> None:
    """A sentence says why, and what stood still stands."""
    with pytest.raises(BadInput) as refusal:
        corrected(screen, reason, **points)
    assert sentence in refusal.value.in_english()
    assert not EarlierResult.objects.exists()
    assert Screen.objects.get(pk=screen.pk).version == screen.version


def test_an_open_screen_is_not_corrected_but_gone_on_with() -> None:
    """Its answers can still be changed as they are; the page leads there."""
    screen = make.make_screen(answers={}, finished=False)
    with pytest.raises(NotNow, match="not finished yet"):
        corrected(screen, epds_9=1)
    answer = worker_of(screen).client.get(reverse("screen_correct", kwargs={"screen": screen.pk}))
    assert answer["Location"] == reverse("screen_enter", kwargs={"screen": screen.pk})


def test_two_who_correct_at_once_see_both_texts(screen: Screen) -> None:
    """The second sees what the first kept beside her own; her reason is not lost."""
    address = reverse("screen_correct", kwargs={"screen": screen.pk})
    client = worker_of(screen).client
    first = client.post(address, {"key": str(new_id()), "version": screen.version, "reason": WHY, "epds_8": "2"})
    second = client.post(
        address, {"key": str(new_id()), "version": screen.version, "reason": "Mine is another.", "epds_8": "1"}
    )
    assert (first.status_code, second.status_code) == (302, 409)
    page = second.content.decode()
    assert "Mine is another." in page and "Someone saved this while you were writing" in page
    assert EarlierResult.objects.count() == 1
    with pytest.raises(Stale):
        actions.correct(
            worker_of(screen).actor, version=screen.version, screen=screen, answers={"epds_8": 1}, reason=WHY
        )


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["agency_supervisor", "privacy_officer", "family_service_coordinator", "clinician"])
def test_nobody_outside_the_care_team_corrects_or_reads_what_stood(screen: Screen, role: str) -> None:
    """The same door for the correction, the history and the result (`protect.md` 1)."""
    corrected(screen, epds_9=1)
    outsider = make.make_worker(role, screen.episode.organization)
    with pytest.raises(Refused):
        actions.correct(outsider.actor, screen=screen, answers={"epds_9": 2}, reason=WHY)
    client: Any = outsider.client
    for route in ("screen_correct", "screen_history", "screen"):
        assert client.get(reverse(route, kwargs={"screen": screen.pk})).status_code == 403


def test_every_version_can_be_read_by_the_care_team(screen: Screen) -> None:
    """Who, why, points and answers of each, on one page."""
    corrected(screen, epds_9=1)
    page = worker_of(screen).client.get(reverse("screen_history", kwargs={"screen": screen.pk})).content.decode()
    for words in (WHY, screen.worker.name, "below the cut-off", "worth a closer look", "Version 2"):
        assert words in page
    result = worker_of(screen).client.get(reverse("screen", kwargs={"screen": screen.pk})).content.decode()
    assert "This result was corrected." in result


def test_to_record_in_one_step_is_nobodys_verb(screen: Screen) -> None:
    """It is done within an action that is open; no role holds it and none could be given it."""
    assert not hasattr(actions.record, "verb")
    assert not policy.can(worker_of(screen).actor, "screening.record")
    with pytest.raises(TypeError, match="an action that is open"):
        actions.record(
            worker_of(screen).actor,  # type: ignore[arg-type]
            episode=screen.episode,
            subject=screen.subject,
            instrument=queries.instrument_of(screen),
            answers={},
            on=screen.on,
        )
