"""Episodes that end and open again, sides served apart, and a caseload that goes to another worker in one step."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions, queries
from inmind.families.intake import AdultFacts
from inmind.families.models import Assignment, Episode, HandOver
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.jobs import runner
from inmind.messages import actions as messages
from inmind.messages.adapters import mail as adapter
from inmind.messages.models import Letter
from inmind.people.reaching import Way
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

FOSTER = AdultFacts("Joyce", "Brown", "foster_mother")


def today() -> date:
    return clock.today(make.ZONE)


def sent(by: make.Worker, address: str, **said: Any) -> Any:
    return by.client.post(address, {"key": fresh_key(), **said})


# Ends


def test_an_ended_family_is_opened_by_nobody_until_it_is_opened_again() -> None:
    """With the reason; the coordinator finds it and opens it, the care team is the one from before."""
    family = make.make_family(child="Canarybaby Ñúñez")
    coordinator = make.make_worker("family_service_coordinator")
    dyad = reverse("dyad", kwargs={"dyad": family.dyad.pk})
    end = reverse("family_end", kwargs={"dyad": family.dyad.pk})
    assert sent(family.by, end, until=today().isoformat(), reason="moved").status_code == 302
    assert family.by.client.get(dyad).status_code == 403
    assert coordinator.client.get(dyad).status_code == 403
    listed = coordinator.client.get(reverse("families_ended")).content.decode()
    assert "Canarybaby" in listed and "the family moved away" in listed
    answer = sent(coordinator, reverse("families_ended"), episode=str(family.episode.pk))
    assert answer.status_code == 302
    assert family.by.client.get(dyad).status_code == 200
    end_row = family.episode.ends.get()
    assert (end_row.on, end_row.reason, end_row.reopened_on) == (today(), "moved", today())
    with pytest.raises(Refused):  # it runs, and is none of the ended ones any more
        actions.reopen(coordinator.actor, episode=Episode.objects.get(pk=family.episode.pk))


def test_another_agency_neither_finds_nor_opens_an_ended_family() -> None:
    """Its coordinator sees her own."""
    family = make.make_family(child="Canarybaby Ñúñez")
    actions.end_episode(family.by.actor, episode=family.episode, until=today(), reason="moved")
    stranger = make.make_worker("family_service_coordinator", make.make_network().agencies[1])
    assert "Canarybaby" not in stranger.client.get(reverse("families_ended")).content.decode()
    assert sent(stranger, reverse("families_ended"), episode=str(family.episode.pk)).status_code == 403
    with pytest.raises(Refused):
        actions.reopen(stranger.actor, episode=Episode.objects.get(pk=family.episode.pk))


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until": "2020-01-01", "reason": "moved"}, "The end lies before the beginning."),
        ({"until": "2099-01-01", "reason": "moved"}, "This day lies in the future."),
        ({"until": "2026-01-01", "reason": "non-compliant"}, "is not one of the available choices"),
    ],
    ids=["before the start", "in the future", "a word we do not have"],
)
def test_an_end_that_cannot_be_is_refused(said: dict[str, str], sentence: str) -> None:
    """And the family stays open."""
    family = make.make_family()
    answer = sent(family.by, reverse("family_end", kwargs={"dyad": family.dyad.pk}), **said)
    assert answer.status_code == 400 and sentence in answer.content.decode()
    assert Episode.objects.get().until is None


def test_a_family_registered_anew_is_not_opened_twice() -> None:
    """The side that runs stays the one."""
    family = make.make_family()
    coordinator = make.make_worker("family_service_coordinator")
    actions.end_episode(family.by.actor, episode=family.episode, until=today(), reason="placement")
    ended = Episode.objects.get(pk=family.episode.pk)
    make.together(lambda act: Episode(dyad=family.dyad, organization=ended.organization, since=today()).save())
    with pytest.raises(NotNow, match="served here already"):
        actions.reopen(coordinator.actor, episode=ended)


# Sides: `protect.md` 1 within one agency


@pytest.fixture
def two_sides() -> dict[str, Any]:
    """A birth mother served by Luz, a foster mother by Ana, at one agency; the birth mother's answer needed a person."""
    luz, ana = make.make_worker(name="Luz Ibarra"), make.make_worker(name="Ana Reyes")
    coordinator = make.make_worker("family_service_coordinator")
    family = make.make_family(luz, adults=(AdultFacts("María", "Canary", "birth_mother", phone="555-0187"),))
    foster = actions.open_side(
        coordinator.actor, episode=family.episode, side="foster home", adult=FOSTER, worker=ana.person
    )
    screen, _task = make.make_crisis(family)
    return {"luz": luz, "ana": ana, "coordinator": coordinator, "family": family, "foster": foster, "screen": screen}


def test_a_foster_mothers_worker_cannot_learn_that_the_birth_mother_was_screened(two_sides: dict[str, Any]) -> None:
    """Nor her name, her number or her care team; at no address that she can open or guess."""
    ana, family, foster = two_sides["ana"], two_sides["family"], two_sides["foster"]
    dyad = {"dyad": family.dyad.pk}
    open_to_her = [
        reverse("dyad", kwargs=dyad),
        reverse("family_looked", kwargs=dyad),
        reverse("families"),
        reverse("today"),
        reverse("family_adult", kwargs={**dyad, "person": foster.participations.get(part="adult").person_id}),
        reverse("family_consent", kwargs=dyad),
        reverse("family_home", kwargs=dyad),
        reverse("family_visit", kwargs=dyad),
    ]
    for address in open_to_her:
        answer = ana.client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert not [word for word in ("María", "Canary", "555-0187", "self-harm", "EPDS") if word in text], address
    shut = [
        reverse("dyad", kwargs=dyad) + f"?episode={family.episode.pk}",
        reverse("family_looked", kwargs=dyad) + f"?episode={family.episode.pk}",
        reverse("caregiver", kwargs={"episode": family.episode.pk, "person": family.adult.pk}),
        reverse("screen", kwargs={"screen": two_sides["screen"].pk}),
        reverse("screen_help", kwargs={"screen": two_sides["screen"].pk}),
        reverse("family_adult", kwargs={**dyad, "person": family.adult.pk}),
        reverse("family_adult", kwargs={**dyad, "person": family.adult.pk}) + f"?episode={family.episode.pk}",
    ]
    assert [ana.client.get(address).status_code for address in shut] == [403] * len(shut)
    assert queries.find(ana.actor, "maria canary") == []
    assert [one.person.given_name for one in queries.adults(foster, today())] == ["Joyce"]


DAY = datetime(2026, 3, 2, 15, tzinfo=UTC)


def _seen_by_both_workers(*, is_screened: bool) -> dict[str, dict[str, str]]:
    """Every page that each worker can open around one child, as sent, without what is made anew each time (ids, tokens);
    whether or not the birth mother was asked, answered, flagged, called and told of meanwhile. Nothing of it is kept."""
    with transaction.atomic():
        with clock.at(DAY):
            luz, ana = make.make_worker(name="Luz Ibarra"), make.make_worker(name="Ana Reyes")
            dana = make.make_on_call(luz.agency, make.make_worker("clinician", name="Dana Whitfield"))
            coordinator = make.make_worker("family_service_coordinator", name="Pat Morrow")
            family = make.make_family(luz, adults=(AdultFacts("María", "Canary", "birth_mother", phone="555-0187"),))
            foster = actions.open_side(
                coordinator.actor, episode=family.episode, side="foster home", adult=FOSTER, worker=ana.person
            )
        own_page = reverse("caregiver", kwargs={"episode": family.episode.pk, "person": family.adult.pk})
        if is_screened:
            with clock.at(DAY + timedelta(hours=1)):
                assert luz.client.get(own_page).status_code == 200
                screen, task = make.make_crisis(family)
            with clock.at(DAY + timedelta(hours=4)):
                runner.run_due()  # the letter leaves, the task climbs
                assert dana.client.get(reverse("task", kwargs={"task": task.pk})).status_code == 200
                assert dana.client.get(reverse("screen", kwargs={"screen": screen.pk})).status_code == 200
                tasks.close(dana.actor, task=Task.objects.get(pk=task.pk), done="Called her.")
        dyad, joyce = {"dyad": family.dyad.pk}, foster.participations.get(part="adult").person_id
        with clock.at(DAY + timedelta(days=1)):
            ways = {
                "today": reverse("today"),
                "families": reverse("families"),
                "an answer needs a person": reverse("families") + "?waiting=on",
                "due": reverse("due"),
                "the family": reverse("dyad", kwargs=dyad),
                "the other side": reverse("dyad", kwargs=dyad) + f"?episode={family.episode.pk}",
                "visit": reverse("family_visit", kwargs=dyad),
                "consent": reverse("family_consent", kwargs=dyad),
                "map": reverse("family_map", kwargs=dyad),
                "Joyce's page": reverse("family_adult", kwargs={**dyad, "person": joyce}),
                "Joyce's own page": reverse("caregiver", kwargs={"episode": foster.pk, "person": joyce}),
                "María's own page": own_page,
                "what is held about the child": reverse("held", kwargs={"person": family.child.pk}),
                "who looked": reverse("family_looked", kwargs=dyad),
                "who looked at the other side": reverse("family_looked", kwargs=dyad) + f"?episode={family.episode.pk}",
            }
            seen = {
                worker.person.given_name: {
                    **{name: _as_sent(worker.client.get(address)) for name, address in ways.items()},
                    "search": _as_sent(worker.client.post(reverse("families"), {"words": "maria canary"})),
                }
                for worker in (ana, luz)
            }
        transaction.set_rollback(True)
    return seen


def _as_sent(answer: Any) -> str:
    made_anew = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=csrfmiddlewaretoken\" value=\")\w+"
    return f"{answer.status_code} {re.sub(made_anew, '…', answer.content.decode())}"


def test_no_page_of_the_foster_mothers_worker_differs_by_whether_the_birth_mother_was_screened() -> None:
    """`protect.md` 1: no count, no date, no name, no hint, nowhere in what is sent. Of her own worker's pages some do."""
    with clock.at(DAY - timedelta(days=1)):
        make.make_network()
    before, after = _seen_by_both_workers(is_screened=False), _seen_by_both_workers(is_screened=True)
    assert sum(page.startswith("200") for page in before["Ana"].values()) >= 12
    assert [name for name in before["Ana"] if before["Ana"][name] != after["Ana"][name]] == []
    told = [name for name in before["Luz"] if before["Luz"][name] != after["Luz"][name]]
    assert {"María's own page", "who looked"} <= set(told), told


def test_the_birth_mothers_worker_sees_her_side_alone(two_sides: dict[str, Any]) -> None:
    """And the coordinator, who arranges both, finds the way from one to the other."""
    luz, coordinator, family = two_sides["luz"], two_sides["coordinator"], two_sides["family"]
    address = reverse("dyad", kwargs={"dyad": family.dyad.pk})
    hers = luz.client.get(address).content.decode()
    assert "María" in hers and "Joyce" not in hers and "foster home" not in hers
    both = coordinator.client.get(address).content.decode()
    assert "María" in both and "Also served here: foster home" in both
    other = coordinator.client.get(f"{address}?episode={two_sides['foster'].pk}").content.decode()
    assert "Joyce" in other and "Also served here" in other and "María" not in other


def test_no_audit_entry_about_the_birth_mothers_screen_names_the_child_or_the_other_side(
    two_sides: dict[str, Any],
) -> None:
    """The caregiver and the asking episode, nothing else."""
    family, foster = two_sides["family"], two_sides["foster"]
    entries = AuditEntry.objects.filter(verb__startswith="screening.")
    named = {(subject.kind, subject.ref) for entry in entries for subject in entry.subjects.all()}
    assert ("person", family.adult.pk) in named
    assert not {("person", family.child.pk), ("dyad", family.dyad.pk), ("episode", foster.pk)} & named


def test_a_side_needs_a_name_of_its_own_and_a_worker() -> None:
    """Through the page, with what was typed still there."""
    family = make.make_family()
    worker = make.make_worker(name="Ana Reyes")
    coordinator = make.make_worker("family_service_coordinator")
    address = reverse("family_side", kwargs={"dyad": family.dyad.pk}) + f"?episode={family.episode.pk}"
    said = {"given_name": "Joyce", "part": "foster_mother", "worker": str(worker.person.pk)}
    assert sent(coordinator, address, **said, side="foster home").status_code == 302
    again = sent(coordinator, address, **said, side="foster home")
    assert again.status_code == 400 and "This side is open already." in again.content.decode()
    assert 'value="Joyce"' in again.content.decode()
    with pytest.raises(BadInput, match="not said for whom"):
        actions.open_side(coordinator.actor, episode=family.episode, side=" ", adult=FOSTER, worker=worker.person)


# A caseload handed over


def served_by(worker: make.Worker) -> set[Any]:
    return {row.episode_id for row in Assignment.in_force(today()).filter(worker=worker.person)}


def test_a_whole_caseload_goes_to_another_worker_in_one_step_with_a_note() -> None:
    """The old worker opens none of them any more, the new one all, and finds the note and a letter that tells nothing."""
    luz, ana = make.make_worker(name="Luz Ibarra"), make.make_worker(name="Ana Reyes")
    supervisor = make.make_worker("agency_supervisor")
    first, second = make.make_family(luz, child="Mateo Ñúñez"), make.make_family(luz, child="Iris Brown")
    page = supervisor.client.get(reverse("hand_over")).content.decode()
    assert "Luz Ibarra" in page and "Ana Reyes" not in page
    address = f"{reverse('hand_over')}?from={luz.person.pk}"
    asked = supervisor.client.get(address).content.decode()
    assert "Mateo" in asked and "Iris" in asked
    answer = sent(
        supervisor,
        address,
        episodes=[str(first.episode.pk), str(second.episode.pk)],
        taker=str(ana.person.pk),
        note="Canarynote: begin with Iris, she knows your voice.",
    )
    assert answer.status_code == 302
    assert served_by(luz) == set() and served_by(ana) == {first.episode.pk, second.episode.pk}
    assert luz.client.get(reverse("dyad", kwargs={"dyad": first.dyad.pk})).status_code == 403
    on_today = ana.client.get(reverse("today")).content.decode()
    assert "Now with you, before with Luz Ibarra" in on_today and "Canarynote" in on_today and "Iris" in on_today
    assert f"Arranged and written by {supervisor.person.name}." in on_today
    assert "Canarynote" not in luz.client.get(reverse("today")).content.decode()
    letter = Letter.objects.get(template="handed_over")
    assert letter.to == ana.person and letter.facts == "{}"
    with clock.at(clock.now() + timedelta(days=15)):
        assert queries.handed_over_to(ana.actor) == []


def test_some_families_go_and_the_others_stay() -> None:
    """And who was on the team already is not on it twice."""
    luz, ana = make.make_worker(), make.make_worker()
    supervisor = make.make_worker("agency_supervisor")
    going, staying = make.make_family(luz), make.make_family(luz)
    make.join_team(going, ana)
    actions.hand_over(
        supervisor.actor,
        organization=going.episode.organization,
        giver=luz.person,
        taker=ana.person,
        episodes=(going.episode,),
    )
    assert served_by(luz) == {staying.episode.pk} and served_by(ana) == {going.episode.pk}
    said = {"giver": luz.person, "taker": ana.person, "episodes": (staying.episode,)}
    actions.hand_over(supervisor.actor, organization=going.episode.organization, **said)
    page = luz.client.get(reverse("today")).content.decode()
    assert "No family is with you now" in page and "No family stands here yet" not in page


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"taker": "luz"}, "Both are the same person."),
        ({"taker": "sam"}, "does not serve families at this agency"),
        ({"episodes": "foreign"}, "Not all of these families are this worker's."),
        ({"giver": "ana", "taker": "luz"}, "Not all of these families are this worker's."),
    ],
    ids=["to oneself", "to another agency's worker", "another's family", "of somebody who serves none"],
)
def test_a_hand_over_that_cannot_be_changes_nothing(change: dict[str, str], sentence: str) -> None:
    """All or none of it."""
    network = make.make_network()
    people = {"luz": make.make_worker(), "ana": make.make_worker(), "sam": make.make_worker(at=network.agencies[1])}
    family, foreign = make.make_family(people["luz"]), make.make_family(people["sam"])
    said: dict[str, Any] = {"giver": people["luz"].person, "taker": people["ana"].person}
    for name, who in change.items():
        said[name] = (family.episode, foreign.episode) if who == "foreign" else people[who].person
    supervisor = make.make_worker("agency_supervisor")
    with pytest.raises(BadInput, match=sentence):
        actions.hand_over(supervisor.actor, organization=network.agencies[0], **said)
    assert served_by(people["luz"]) == {family.episode.pk} and not HandOver.objects.exists()


def test_a_coordinator_does_not_hand_a_caseload_to_herself_where_another_could() -> None:
    """Being on a care team opens what a family said in confidence; a second person answers for that."""
    luz, pat = make.make_worker(), make.make_worker("family_service_coordinator")
    make.make_worker("agency_supervisor")
    family = make.make_family(luz)
    with pytest.raises(NotNow, match="cannot put yourself"):
        actions.hand_over(pat.actor, organization=family.episode.organization, giver=luz.person, taker=pat.person)


def test_a_hand_over_page_that_was_opened_by_guessing_shows_the_first_step() -> None:
    """A worker of another agency, or nobody."""
    stranger = make.make_family(make.make_worker(at=make.make_network().agencies[1], name="Far Away")).by
    supervisor = make.make_worker("agency_supervisor")
    answer = supervisor.client.get(reverse("hand_over"), {"from": str(stranger.person.pk)})
    assert answer.status_code == 200 and "Far Away" not in answer.content.decode()


# Letters obey the hours


def test_a_letter_waits_for_the_hour_at_which_it_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Her address is safe from nine to three; at night nothing leaves, at nine it does, once."""
    monkeypatch.setattr(adapter, "is_demo", lambda: False)
    family = make.make_family()
    actions.keep_way(
        family.by.actor,
        episode=family.episode,
        person=family.adult,
        way=Way("mail", "maria@example.org", True, time(9), time(15)),
    )

    def to_her() -> list[str]:
        return [letter.subject for letter in mail.outbox if letter.to == ["maria@example.org"]]

    night = datetime(2026, 11, 24, 22, 0, tzinfo=ZoneInfo(settings.INSTALLATION.zone))
    with clock.at(night):
        make.together(lambda act: messages.tell(act, to=family.adult, template="handed_over"))
        runner.run_due()
        assert to_her() == []
    with clock.at(night + timedelta(hours=10)):
        runner.run_due()
        assert to_her() == []
    for _ in range(2):
        with clock.at(night + timedelta(hours=11, minutes=1)):
            runner.run_due()
    assert to_her() == ["A note is waiting for you"]
    assert Letter.objects.get(to=family.adult).sent_at is not None
