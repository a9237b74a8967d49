"""Emergency access: a grant path that opens for some hours, is told at once, seen by the family's readers, and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import models
from django.urls import reverse

from inmind.access import policy, privacy
from inmind.access.actions import end_role, keep_work_phone
from inmind.access.models import AuditEntry, EmergencyAccess, RoleAssignment
from inmind.access.tests import coming_in
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.jobs import runner
from inmind.messages.adapters.mail import written
from inmind.messages.models import Letter
from inmind.people.reaching import Way
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
WHY = "Her sister called: she has locked herself in with the baby"


@pytest.fixture
def family() -> make.Family:
    there = make.make_family(child="Mateo Ñúñez", adults=("Rosaura Ñúñez",))
    make.make_screen(there, answers=make.calm_answers(epds_3=2))
    return there


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician", name="Omar Okafor")


def ask(who: make.Worker, family: make.Family, reason: str = WHY) -> EmergencyAccess:
    return privacy.ask_emergency(who.actor, person=family.adult, episode=family.episode.pk, reason=reason)


def may(who: make.Worker, family: make.Family) -> dict[str, bool]:
    """What she may do now, as `can` says; `visible` must say the same of what can be listed."""
    screen = Screen.objects.get(episode=family.episode)
    things: dict[str, models.Model] = {
        "families.see": family.dyad,
        "screening.see": screen,
        "families.see_in_emergency": family.episode,
        "screening.begin": family.episode,
        "families.visit": family.episode,
        "families.join_team": family.episode,
        "screening.answer": screen,
    }
    answers = {verb: bool(policy.can(who.actor, verb, thing)) for verb, thing in things.items()}
    for verb, thing in things.items():
        assert policy.visible(who.actor, type(thing).objects.filter(pk=thing.pk), verb).exists() is answers[verb], verb
        assert bool(again(who.actor, verb, model=type(thing), pk=thing.pk)) is answers[verb], verb
    return answers


@policy.visible_again
def again(seen: policy.Seen, *, model: Any, pk: UUID) -> models.QuerySet:
    return seen(model._default_manager.filter(pk=pk))


CLOSED = dict.fromkeys(
    (
        *("families.see", "families.see_in_emergency", "screening.see", "screening.begin", "families.visit"),
        *("families.join_team", "screening.answer"),
    ),
    False,
)
READING = CLOSED | dict.fromkeys(("families.see", "families.see_in_emergency", "screening.see"), True)


def test_it_opens_for_reading_and_for_reading_alone_until_it_ends_by_itself(
    family: make.Family, clinician: make.Worker
) -> None:
    """Four hours, to the second; every change stays with the care team."""
    assert may(clinician, family) == CLOSED
    opened = ask(clinician, family)
    assert opened.until - opened.created_at < timedelta(hours=settings.EMERGENCY_HOURS) + timedelta(seconds=1)
    assert may(clinician, family) == READING
    with clock.at(opened.until - timedelta(seconds=1)):
        assert may(clinician, family) == READING
    with clock.at(opened.until):
        assert may(clinician, family) == CLOSED


def test_it_opens_one_family_to_one_person(family: make.Family, clinician: make.Worker) -> None:
    """Not the next family, not a colleague."""
    other = make.make_family()
    make.make_screen(other)
    ask(clinician, family)
    assert may(clinician, other) == CLOSED
    assert may(make.make_worker("clinician"), family) == CLOSED


def test_a_supervisor_who_sees_the_family_opens_its_screens(family: make.Family) -> None:
    supervisor = make.make_worker("agency_supervisor")
    seen = CLOSED | {"families.see": True, "families.join_team": True}
    assert may(supervisor, family) == seen
    ask(supervisor, family)
    assert may(supervisor, family) == seen | {"families.see_in_emergency": True, "screening.see": True}


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    "role",
    ["home_visitor", "family_service_coordinator", "privacy_officer", "data_steward", "administrator"],
)
def test_the_other_roles_are_refused_and_it_is_recorded(family: make.Family, role: str) -> None:
    who = make.make_worker(role)
    with pytest.raises(Refused):
        ask(who, family)
    assert not EmergencyAccess.objects.exists()
    assert AuditEntry.objects.filter(verb="access.ask_emergency", outcome="refused", actor=who.actor.key).exists()
    assert who.client.get(reverse("emergency")).status_code == 403


def test_another_agencys_clinician_is_refused(family: make.Family) -> None:
    """`protect.md` 3: a crisis is the asking agency's alone."""
    stranger = make.make_worker("clinician", make.make_network().agencies[1])
    with pytest.raises(Refused):
        ask(stranger, family)
    page = stranger.client.post(reverse("emergency"), {"words": "Rosaura Ñúñez", "reason": WHY}).content.decode()
    assert "Open for" not in page


def test_a_family_that_she_does_not_name_is_not_opened_beside_it(family: make.Family, clinician: make.Worker) -> None:
    """The episode must be one of this person's."""
    other = make.make_family(adults=("Ida Lund",))
    with pytest.raises(Refused):
        privacy.ask_emergency(clinician.actor, person=family.adult, episode=other.episode.pk, reason=WHY)


def test_a_reason_is_needed_and_one_at_a_time(family: make.Family, clinician: make.Worker) -> None:
    with pytest.raises(BadInput):
        ask(clinician, family, " . ")
    ask(clinician, family)
    with pytest.raises(NotNow, match="already"):
        ask(clinician, family)


def test_it_ends_with_the_role_and_when_the_family_leaves(family: make.Family, clinician: make.Worker) -> None:
    """On the next request: nothing is remembered from the one before."""
    opened = ask(clinician, family)
    client = clinician.client
    page = reverse("dyad", kwargs={"dyad": family.dyad.pk})
    assert client.get(page).status_code == 200
    end_role(make.make_network().admin.actor, assignment=RoleAssignment.objects.get(account=clinician.account))
    assert client.get(page).status_code in {302, 403}
    assert anew(opened).until > clock.now()


def test_it_is_ended_by_who_asked_and_by_the_privacy_officer_and_by_nobody_else(
    family: make.Family, clinician: make.Worker
) -> None:
    officer = make.make_worker("privacy_officer")
    first = ask(clinician, family)
    for stranger in (make.make_worker("clinician"), make.make_worker("agency_supervisor"), family.by):
        with pytest.raises(Refused):
            privacy.end_emergency(stranger.actor, emergency=first)
    privacy.end_emergency(clinician.actor, emergency=first)
    assert may(clinician, family) == CLOSED
    with pytest.raises(NotNow, match="ended already"):
        privacy.end_emergency(clinician.actor, emergency=anew(first))
    second = ask(clinician, family)
    assert (
        officer.client.post(reverse("end_emergency", kwargs={"emergency": second.pk}), {"key": "k"}).status_code == 302
    )
    assert may(clinician, family) == CLOSED


# Told at once


def test_the_privacy_officer_has_a_task_and_a_letter_at_once(family: make.Family, clinician: make.Worker) -> None:
    """The letter tells no name; the task tells who and why, to her alone."""
    officer = make.make_worker("privacy_officer", mail="priya@example.org")
    opened = ask(clinician, family)
    runner.run_due()
    letter = Letter.objects.get(about_id=opened.pk)
    assert (letter.to_id, letter.template) == (officer.person.pk, "emergency_access")
    assert letter.sent_at is not None
    facts = {"person": officer.person, "site": settings.SITE, "installation": settings.INSTALLATION}
    subject, body = written("emergency_access", facts, "en")
    assert subject == "Something needs you today"
    assert not [word for word in ("Rosaura", "Mateo", "Okafor", WHY) if word in body]
    task = Task.objects.get(why="emergency_access")
    assert task.owner_id == officer.person.pk
    page = officer.client.get(reverse("task", kwargs={"task": task.pk})).content.decode()
    assert "Okafor" in page
    assert "locked herself in" in page
    assert clinician.client.get(reverse("task", kwargs={"task": task.pk})).status_code == 403
    tasks.close(officer.actor, task=task, done="Spoke with him; it was right.")


def test_without_a_privacy_officer_its_supervisors_are_told_never_who_asked(family: make.Family) -> None:
    asking = make.make_worker("agency_supervisor")
    ask(asking, family)  # the one who named who is on call is another
    runner.run_due()
    owner = Task.objects.get(why="emergency_access").owner
    assert owner != asking.person
    assert [held.role for held in owner.account.roles.all()] == ["agency_supervisor"]


def test_every_opening_stands_in_who_looked_with_its_reason_for_being_open(
    family: make.Family, clinician: make.Worker
) -> None:
    ask(clinician, family)
    clinician.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    read = reverse("caregiver_read", kwargs={"episode": family.episode.pk, "person": family.adult.pk})
    assert clinician.client.get(read).status_code == 200
    page = family.by.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert "Okafor" in page
    assert page.count("by emergency access") >= 2
    entries = AuditEntry.objects.filter(actor=clinician.actor.key, purpose="emergency access", outcome="read")
    assert {"families.see", "screening.see"} <= set(entries.values_list("verb", flat=True))


# The pages


def test_she_looks_for_the_family_reads_it_and_ends_it(family: make.Family, clinician: make.Worker) -> None:
    client = clinician.client
    assert client.get(reverse("emergency")).status_code == 200
    found = client.post(reverse("emergency"), {"words": "rosaura nunez", "reason": WHY})
    form = found.context["found"][0][2]
    sent = {name: form[name].value() for name in ("key", "person", "episode", "reason")}
    opened = client.post(reverse("open_emergency"), sent)
    assert opened.url == f"{reverse('dyad', kwargs={'dyad': family.dyad.pk})}?episode={family.episode.pk}"
    page = client.get(opened.url).content.decode()
    assert "Mateo" in page
    assert "Write down a visit" not in page
    own = reverse("caregiver_read", kwargs={"episode": family.episode.pk, "person": family.adult.pk})
    assert own in page
    result = make.make_recorded(family)
    screens = client.get(own).content.decode()
    assert "Enter it from paper" not in screens and "Record PSI" not in screens
    assert reverse("recorded", args=[result.pk]) in screens
    assert client.get(reverse("recorded", args=[result.pk])).status_code == 200
    screen = Screen.objects.get(episode=family.episode)
    assert client.get(reverse("screen", kwargs={"screen": screen.pk})).status_code == 200
    assert "Your emergency access" in client.get("/today/").content.decode()
    access = EmergencyAccess.objects.get()
    client.post(reverse("end_emergency", kwargs={"emergency": access.pk}), {"key": "end"})
    assert client.get(opened.url).status_code == 403


@pytest.mark.parametrize("words", ["Rosaura", "Ros Ñúñ", "Rosaura Peña"], ids=["one word", "beginnings", "another"])
def test_only_the_whole_name_finds_somebody(family: make.Family, clinician: make.Worker, words: str) -> None:
    """It is no way to browse the agency's families."""
    page = clinician.client.post(reverse("emergency"), {"words": words, "reason": WHY}).content.decode()
    assert "Open for" not in page


def test_a_factor_is_shown_again_before_it(family: make.Family, clinician: make.Worker) -> None:
    """The page and the act both; afterwards they open."""
    client = coming_in.enrolled(coming_in.with_password(clinician.account))
    assert client.get(reverse("emergency")).status_code == 200
    coming_in.grow_old(client)
    asked = client.get(reverse("emergency"))
    assert asked.url == f"{reverse('mfa_reauthenticate')}?next={reverse('emergency')}"
    sent = {"key": "k", "person": str(family.adult.pk), "episode": str(family.episode.pk), "reason": WHY}
    refused = client.post(reverse("open_emergency"), sent)
    assert refused.url == f"{reverse('mfa_reauthenticate')}?next={reverse('emergency')}"
    assert not EmergencyAccess.objects.exists()
    code = coming_in.code_of(clinician.account, later=1)
    assert client.post(asked.url, {"code": code}).url == reverse("emergency")
    there = f"{reverse('dyad', kwargs={'dyad': family.dyad.pk})}?episode={family.episode.pk}"
    assert client.post(reverse("open_emergency"), sent).url == there


def test_it_shows_what_keeps_the_family_safe_today_and_no_way_that_is_not_safe(clinician: make.Worker) -> None:
    """The adults of this side by safe ways, with how much may be said; who serves and who answers; what was heard. Never
    a number that nobody asked about, a hidden address, the other side, or a change (`protect.md` 1, 4)."""
    mother = AdultFacts("Rosaura", "Ñúñez", "mother", phone="555-0187", phone_is_safe=True)
    father = AdultFacts("Abel", "Ñúñez", "father", phone="555-0199")
    there = make.make_family(make.make_worker(name="Luz Ibarra", mail="luz@example.org"), adults=(mother, father))
    luz, rosaura = there.by.actor, there.adults[0]
    keep_work_phone(luz, account=there.by.account, phone="555-0166")
    on, since = clock.today(make.ZONE), clock.today(make.ZONE)
    families.visit(luz, episode=there.episode, on=on, place="home", minutes=50, strength="She sings to him.")
    families.hear(
        luz, episode=there.episode, words="He does not sleep.", next_step="call", owner=there.by.person, by=on
    )
    together = {"episode": there.episode, "since": since, "keeps_others": True}
    families.house_together(luz, people=(rosaura,), address="12 Hidden Lane", shown_to_others=False, **together)
    families.house_together(luz, people=(there.adults[1],), address="9 Told Street", shown_to_others=True, **together)
    post = Way("post", "PO Box 77", True)
    families.keep_way(luz, episode=there.episode, person=rosaura, way=post, shown_to_others=False)
    foster = AdultFacts("Greta", "Holm", "foster_mother", phone="555-0144", phone_is_safe=True)
    coordinator, other_team = make.make_worker("family_service_coordinator").actor, make.make_worker().person
    families.open_side(coordinator, episode=there.episode, side="Foster home", adult=foster, worker=other_team)
    _screen, task = make.make_crisis(there)
    supervisor, page = make.make_worker("agency_supervisor"), reverse("dyad", kwargs={"dyad": there.dyad.pk})
    address = f"{page}?episode={there.episode.pk}"
    assert "555-0187" not in supervisor.client.get(address).content.decode()
    for who in (clinician, supervisor):
        ask(who, there)
        told = who.client.get(address).content.decode()
        shown = ("555-0187", "neutral words only", "9 Told Street", "Luz Ibarra", "luz@example.org", "is on call now")
        assert 'href="tel:5550166">555-0166</a>' in told, "her work phone, for colleagues"
        for words in (*shown, "She sings to him.", "He does not sleep.", "another way is kept"):
            assert words.lower() in told.lower(), words
        hidden = (
            "555-0199",
            "Hidden Lane",
            "PO Box 77",
            "555-0144",
            "Greta",
            "Write down a worry",
            "answer on this page",
        )
        assert not [words for words in hidden if words in told]
        own = who.client.get(reverse("caregiver_read", args=[there.episode.pk, rosaura.pk])).content.decode()
        assert f"{task.owner.name} is asked" in own
        other = who.client.get(reverse("caregiver_read", args=[there.episode.pk, there.adults[1].pk])).content.decode()
        assert "answer on this page" not in other
    entries = AuditEntry.objects.filter(verb="families.see_in_emergency", outcome="read", purpose="emergency access")
    assert {("person", rosaura.pk), ("episode", there.episode.pk)} <= set(
        entries.filter(actor=clinician.actor.key)[0].subjects.values_list("kind", "ref")
    )
    looked = there.by.client.get(reverse("family_looked", kwargs={"dyad": there.dyad.pk})).content.decode()
    assert "how to reach the family and its care team" in looked
    assert "555-0187" not in make.make_worker("clinician").client.get(address).content.decode()
    privacy.end_emergency(supervisor.actor, emergency=EmergencyAccess.objects.get(person=supervisor.person))
    assert "555-0187" not in supervisor.client.get(address).content.decode()


def anew(thing: Any) -> Any:
    return type(thing).objects.get(pk=thing.pk)


def test_it_names_an_episode_that_is_there(family: make.Family, clinician: make.Worker) -> None:
    assert privacy.page_of(ask(clinician, family)).endswith(f"{Dyad.objects.get().pk}/?episode={family.episode.pk}")
    assert privacy.page_of(EmergencyAccess(episode=Dyad.objects.get().pk)) == ""
    assert Episode.objects.count() == 1


def test_the_privacy_officer_sees_whose_record_was_opened_and_the_way_to_who_looked(
    family: make.Family, clinician: make.Worker
) -> None:
    ask(clinician, family)
    page = make.make_worker("privacy_officer").client.get(reverse("privacy")).content.decode()
    way = reverse("family_looked", kwargs={"dyad": family.dyad.pk})
    assert f'href="{way}?episode={family.episode.pk}">{family.dyad.called}: who looked' in page
