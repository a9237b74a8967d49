"""Nothing is written down about somebody who was erased; and where something came in all the same, she is erased again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from inmind.access import privacy
from inmind.access.consents import SELF, Consent, Days, Holder, Kind, Purpose
from inmind.access.models import EmergencyAccess, PersonKey
from inmind.access.tests.test_privacy import WHY, erase
from inmind.families import actions, background, consent
from inmind.families.models import Concern, Household, Visit
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import fresh_key
from inmind.people.models import Contact, Person
from inmind.people.reaching import Saying, Way
from inmind.records import actions as records
from inmind.screening import actions as screening
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.recorded_actions import OnPaper, record_result
from inmind.tasks import actions as tasks
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("list_of_erased")]


@pytest.fixture
def family() -> make.Family:
    """With somebody on call, so that a screen may begin, and a second adult."""
    make.make_on_call()
    visitor = make.make_worker("home_visitor")
    return make.make_family(visitor, child="Mateo Canary", adults=("Rosa Canary", "Luis Canary"))


def officers() -> tuple[make.Worker, make.Worker]:
    return make.make_worker("privacy_officer"), make.make_worker("agency_supervisor")


TODAY = clock.today(make.ZONE)
WRITES: dict[str, Any] = {
    "a way to reach her": lambda by, episode, her: actions.keep_way(
        by, episode=episode, person=her, way=Way("phone", "555-010-7777", True)
    ),
    "a language": lambda by, episode, her: actions.describe_speech(
        by, episode=episode, person=her, language="es", spoken="", interpreter=None
    ),
    "how she describes herself": lambda by, episode, her: actions.describe_self(
        by, episode=episode, person=her, edition=background.OMB_2024.key, said=(), said_by="self"
    ),
    "a home": lambda by, episode, her: actions.house_together(
        by, episode=episode, people=(her,), since=TODAY, address="12 Lake Street"
    ),
    "how she cares": lambda by, episode, her: actions.change_care(
        by, episode=episode, person=her, part="grandmother", since=TODAY
    ),
    "what she agrees to": lambda by, episode, her: actions.agree(
        by,
        episode=episode,
        person=her,
        agreed=Consent(
            about=her.pk,
            recipient="A church",
            purpose=Purpose.SUPPORT,
            kinds=frozenset({Kind.SERVED}),
            days=Days(TODAY),
            given_by=Holder(her.pk, her.name, SELF, None),
            since=TODAY,
            paper="Blue folder",
        ),
        language="en",
        interpreter=None,
        edition="1",
    ),
    "what she may consent to": lambda by, episode, her: actions.note_consent(
        by, episode=episode, capacity=next(iter(consent.CAPACITIES)), since=TODAY, holder=her
    ),
    "that she was there": lambda by, episode, her: actions.visit(
        by, episode=episode, on=TODAY, place="home", minutes=50, present=(her,)
    ),
    "her worry": lambda by, episode, her: actions.hear(
        by,
        episode=episode,
        words="He does not look at me",
        next_step="call",
        owner=Person.objects.get(pk=by.person),
        by=TODAY,
        said_by=her,
    ),
    "her name on the map": lambda by, episode, her: actions.change_map(
        by, episode=episode, wishes={str(her.pk): ("Aunt", False)}
    ),
    "a screen": lambda by, episode, her: screening.begin(
        by, episode=episode, subject=her, instrument=catalog().named("epds"), on=TODAY
    ),
    "a result": lambda by, episode, her: record_result(
        by, episode=episode, subject=her, tool=recorded()["psi4sf"], paper=OnPaper(TODAY, {"total": "99"})
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_nothing_is_written_down_about_who_was_erased(family: make.Family, what: str) -> None:
    """For the other adult of the same family it is, by the same worker."""
    rosa, luis = (Person.objects.get(given_name=name, family_name="Canary") for name in ("Rosa", "Luis"))
    erase(rosa, *officers())
    before = PersonKey.objects.filter(person=rosa).exists()
    with pytest.raises(NotNow, match="This person was erased"):
        WRITES[what](family.by.actor, family.episode, rosa)
    assert not before
    assert not PersonKey.objects.filter(person=rosa).exists()
    WRITES[what](family.by.actor, family.episode, luis)


def test_a_page_that_was_open_before_the_erasing_says_so_and_keeps_nothing(family: make.Family) -> None:
    rosa = Person.objects.get(given_name="Rosa", family_name="Canary")
    page = reverse("family_way", kwargs={"dyad": family.dyad.pk, "person": rosa.pk})
    said = {"channel": "phone", "address": "555-010-7777", "safe": "yes", "may_say": next(iter(Saying)).value}
    assert family.by.client.get(page).status_code == 200
    erase(rosa, *officers())
    answer = family.by.client.post(page, {"key": fresh_key(), **said})
    assert "This person was erased" in answer.content.decode()
    assert not Contact.objects.filter(person=rosa).exists()


def test_what_came_in_all_the_same_is_erased_by_asking_again(family: make.Family) -> None:
    """Somebody who was erased and of whom nothing is here is not asked for twice."""
    rosa = Person.objects.get(given_name="Rosa", family_name="Canary")
    officer, supervisor = officers()
    erase(rosa, officer, supervisor)
    rosa.refresh_from_db()
    with pytest.raises(NotNow, match="erased already"):
        privacy.ask_erasure(officer.actor, person=rosa, **WHY)
    make.together(lambda act: Contact.objects.create(person=rosa, channel="phone", address="555-010-8888"))
    erase(rosa, officer, supervisor)
    assert not Contact.objects.filter(person=rosa).exists()


def test_who_was_erased_gets_no_name_again(family: make.Family) -> None:
    rosa = Person.objects.get(given_name="Rosa", family_name="Canary")
    erase(rosa, *officers())
    with pytest.raises(NotNow, match="This person was erased"):
        make.together(lambda act: records.correct_person(act, person=rosa, given_name="Rosa"))


def test_what_she_said_goes_with_her_and_what_others_said_stays(family: make.Family) -> None:
    """Her worry, what she was proud of alone with the worker, why somebody looked in an emergency; and the page says so."""
    rosa, luis = (Person.objects.get(given_name=name, family_name="Canary") for name in ("Rosa", "Luis"))
    by, episode = family.by.actor, family.episode

    def visit(*present: Person, words: str) -> Visit:
        said = {"on": TODAY, "place": "home", "minutes": 50, "strength": words, "showed": "he smiled", "note": words}
        return actions.visit(by, episode=episode, present=present, **said)

    alone, together, his = (
        visit(rosa, family.child, words="hers"),
        visit(rosa, luis, words="theirs"),
        visit(luis, words="his"),
    )
    said = {"next_step": "call", "owner": family.by.person, "by": TODAY}
    worry, step = actions.hear(by, episode=episode, words="he does not sleep", said_by=rosa, **said)
    tasks.close(by, task=step, done="called")
    other, _step = actions.hear(by, episode=episode, words="he does not eat", said_by=luis, **said)
    home = actions.house_together(by, episode=episode, people=(rosa, luis), since=TODAY, address="12 Lake Street")
    clinician = make.make_worker("clinician")
    opened = privacy.ask_emergency(clinician.actor, person=rosa, episode=episode.pk, reason="Rosa Canary called")
    officer, supervisor = officers()
    page = officer.client.get(reverse("kept_person", kwargs={"person": rosa.pk})).content.decode()
    for sentence in (
        "Worries in this person",
        "Why somebody asked for emergency access",
        "worries of others",
        "A note for the next worker",
        "An address where somebody else of the family lives",
    ):
        assert sentence in page, sentence
    erase(rosa, officer, supervisor)
    kept = Visit.objects.filter(episode=episode)
    assert all(one.note == one.strength for one in kept), "what happened goes as what she was proud of"
    words = {one.pk: (one.strength, one.showed) for one in kept}
    assert words == {alone.pk: (None, "he smiled"), together.pk: ("theirs", "he smiled"), his.pk: ("his", "he smiled")}
    heard = {one.pk: (one.words, one.said_by_id) for one in Concern.objects.filter(episode=episode)}
    assert heard == {worry.pk: (None, None), other.pk: ("he does not eat", luis.pk)}
    assert EmergencyAccess.objects.get(pk=opened.pk).reason == "—"
    assert Household.objects.get(pk=home.pk).address == "12 Lake Street"
    family_page = family.by.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert ("“…”" in family_page, "None" in family_page) == (True, False)
