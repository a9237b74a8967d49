"""A crisis answer by the agency's own hours: who owns it, who is told, what the help page says, and being called back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from inmind.access import actions as access
from inmind.access.actors import machine
from inmind.access.models import AuditEntry, RoleAssignment
from inmind.access.roles import AT_AN_AGENCY, INVITED
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.rota import Turn
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.jobs.runner import run_due
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.records import actions as records
from inmind.screening import actions
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 3, 7, 8, tzinfo=UTC)  # two in the morning of a Sunday in Chicago
MONDAY = datetime(2027, 3, 8, 15, tzinfo=UTC)  # nine on Monday
HOUR = timedelta(hours=1)
DONE = "Called her; she is safe."


class Agency:
    """Harbor on its days: Dana from eight to five with Noor behind her, and two supervisors."""

    def __init__(self) -> None:
        self.place = make.make_network().agencies[0]
        self.dana, self.noor = (make.make_worker("clinician", name=name) for name in ("Dana Wells", "Noor Haddad"))
        self.okafor, self.tom = (
            make.make_worker("agency_supervisor", name=name) for name in ("Ada Okafor", "Tom Reyes")
        )
        self.family = make.make_family()
        self.rota(self.weekdays(self.dana, self.noor))

    def weekdays(self, person: make.Worker | None, backup: make.Worker | None = None) -> list[Turn]:
        first, behind = (one.person.pk if one else None for one in (person, backup))
        return [Turn(time(8), time(17), weekday=day, person=first, backup=behind) for day in range(5)]

    def rota(self, turns: list[Turn], **more: Any) -> None:
        make.make_rota(self.place, turns, by=self.okafor, **more)

    def crisis(self, at: datetime, family: make.Family | None = None) -> Task:
        with clock.at(at):
            _screen, task = make.make_crisis(family or self.family)
        return task

    def help(self, task: Task, at: datetime) -> str:
        with clock.at(at):
            page = self.family.by.client.get(reverse("screen_help", kwargs={"screen": task.about_id}))
        return page.content.decode()


def end_role(held: RoleAssignment) -> None:
    access.end_role(make.make_network().admin.actor, assignment=held)


@pytest.fixture
def harbor(db: Any) -> Agency:
    return Agency()


def told(template: str = "nobody_answered") -> set[str]:
    return {letter.to.given_name for letter in Letter.objects.filter(template=template).select_related("to")}


def run(at: datetime) -> None:
    with clock.at(at):
        run_due()


# Who owns it, and what the page says


def test_in_the_hours_whoever_is_on_call_owns_it_and_the_page_says_so(harbor: Agency) -> None:
    task = harbor.crisis(MONDAY)
    assert (task.owner, task.due_at) == (harbor.dana.person, MONDAY + HOUR)
    assert "Dana Wells is on call and reads this now." in harbor.help(task, MONDAY)
    assert "If nobody answers by March 8, 2027, 10 a.m. (in 1 hour), the others" in harbor.help(task, MONDAY)
    late = harbor.help(task, MONDAY + 2 * HOUR)
    assert "If nobody answers by March 8, 2027, 10 a.m., the others" in late, "what has passed is not ahead"


def test_the_agencys_own_words_are_in_the_readers_language_and_fall_back_in_sight(harbor: Agency) -> None:
    """English and Spanish each have theirs; where one is missing, the other stands there and says what it is."""
    task = harbor.crisis(MONDAY)
    same = {"name": harbor.place.name, "zone": make.ZONE}
    admin, luz = make.make_network().admin.actor, harbor.family.by
    records.correct_organization(admin, organization=harbor.place, **same, crisis_text="Come to the side door.")
    client = luz.client
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    address = reverse("screen_help", kwargs={"screen": task.about_id})
    page = client.get(address).content.decode()
    assert '<p lang="en">Come to the side door.</p>' in page
    with translation.override("es"):
        only = translation.gettext("The agency has said this in %(language)s only.")
        assert only % {"language": translation.gettext("English").lower()} in unescape(page)
    records.correct_organization(admin, organization=harbor.place, **same, crisis_text_es="Venga a la puerta.")
    page = client.get(address).content.decode()
    assert "<p>Venga a la puerta.</p>" in page and "side door" not in page
    harbor.place.refresh_from_db()
    assert harbor.place.crisis_text == "Come to the side door.", "what was not said stays"


def test_at_two_in_the_morning_the_page_tells_that_nobody_reads_and_who_answers_now(harbor: Agency) -> None:
    """`protect.md` 3. The next reader owns it and is written to all the same; the lines stand above everything."""
    same = {"name": harbor.place.name, "zone": make.ZONE, "crisis_text": "We will be in touch."}
    records.correct_organization(make.make_network().admin.actor, organization=harbor.place, **same)
    task = harbor.crisis(NIGHT)
    assert (task.owner, told("needs_a_person")) == (harbor.dana.person, {"Dana"})
    page = harbor.help(task, NIGHT)
    assert "Nobody here reads this before 8 a.m. on Monday, March 8 (in 1 day, 6 hours). Call or text 988 now." in page
    order = [
        "tel:988",
        "Nobody here reads this before",
        "Dana Wells has been written to all the same; if nobody answers by March 7, 2027, 3 a.m. (in 1 hour), others are too",
        "These words hold from 8 a.m. on Monday, March 8, when somebody here reads it.",
        "We will be in touch.",
    ]
    assert [page.count(words) for words in order[1:]] == [1] * 4
    assert sorted(order, key=page.index) == order
    assert "reads this now" not in page and "the others who answer" not in page
    day = harbor.help(task, MONDAY)
    assert "We will be in touch." in day and "These words hold" not in day and "written to all the same" not in day


def test_the_page_stops_saying_that_somebody_reads_when_the_hours_are_over(harbor: Agency) -> None:
    task = harbor.crisis(MONDAY)
    evening = harbor.help(task, MONDAY + 10 * HOUR)
    assert "Nobody here reads this before 8 a.m. on Tuesday, March 9 (in 13 hours)." in evening
    assert "reads this now" not in evening


def test_the_page_says_who_is_told_when_the_turns_have_changed_meanwhile(harbor: Agency) -> None:
    """Dana was told; by now somebody else is on call."""
    task = harbor.crisis(MONDAY)
    sol = make.make_worker("clinician", name="Sol Marín")
    with clock.at(MONDAY + HOUR / 2):
        harbor.rota(harbor.weekdays(sol))
    page = harbor.help(task, MONDAY + HOUR / 2)
    assert "Dana Wells is told. Sol Marín is on call at this hour and is told when nobody answers." in page
    with clock.at(MONDAY + HOUR / 2):
        end_role(harbor.dana.account.roles.get())
    for at in (MONDAY + HOUR / 2, MONDAY + 10 * HOUR):  # by day, and when the hours are over
        page = harbor.help(task, at)
        assert "Dana" not in page
        assert "Whoever had it works here no more, and the others who answer for the agency are told." in page
    with clock.at(MONDAY + HOUR):
        for held in RoleAssignment.objects.filter(role__in=("agency_supervisor", "clinician"), until=None):
            end_role(held)
    page = harbor.help(task, MONDAY + HOUR)
    assert "there is no supervisor. We do not know when somebody reads this. Call or text 988 now." in page
    assert "Nobody works here who could answer it. Do not wait: the lines above answer now." in page


def test_in_hours_without_a_name_a_supervisor_owns_it_and_the_page_says_so(harbor: Agency) -> None:
    harbor.rota([*harbor.weekdays(None), Turn(time(9), time(10), weekday=5, person=harbor.dana.person.pk)])
    task = harbor.crisis(MONDAY)
    assert task.owner in (harbor.okafor.person, harbor.tom.person)
    assert "Nobody is on call at this hour, so the supervisor is told." in harbor.help(task, MONDAY)
    with clock.at(MONDAY + HOUR / 2):
        screen = Screen.objects.get(pk=task.about_id)
        actions.answer(harbor.family.by.actor, screen=screen, answers={"epds_10": 0})
        owner = make.Worker(task.owner.account, harbor.place)
        page = owner.client.get(f"/tasks/{task.pk}/").content.decode()
    assert "and changed at 9:30 a.m. by" in page and "Now it says" not in page, "no answer for who may read no screen"


def test_where_nobody_has_a_turn_a_supervisor_owns_it_and_the_screen_may_begin(harbor: Agency) -> None:
    """It cannot begin only where there is neither a turn nor a supervisor."""
    prairie = make.make_network().agencies[1]
    tomas = make.make_worker("agency_supervisor", prairie)
    family = make.make_family(at=prairie)
    with clock.at(MONDAY):
        screen = actions.begin(
            family.by.actor, episode=family.episode, subject=family.adult, instrument=epds(), on=MONDAY.date()
        )
        actions.answer(family.by.actor, screen=screen, answers={"epds_10": 1})
    assert Task.objects.get(about_id=screen.pk).owner == tomas.person


def epds() -> Any:
    from inmind.screening.adapters.catalog import catalog

    return catalog().named("epds")


def test_a_screen_cannot_begin_where_an_answer_would_reach_nobody() -> None:
    """Neither turns nor a supervisor: refused, with what would make it possible; and shown before anybody is asked."""
    family = make.make_family()
    with pytest.raises(NotNow, match="and it has no supervisor"):
        actions.begin(
            family.by.actor,
            episode=family.episode,
            subject=family.adult,
            instrument=epds(),
            on=clock.today(make.ZONE),
        )
    own = reverse("caregiver", kwargs={"episode": family.episode.pk, "person": family.adult.pk})
    assert "and it has no supervisor" in family.by.client.get(own).content.decode()


def test_who_would_read_an_answer_is_said_before_the_first_question(harbor: Agency) -> None:
    """`protect.md` 2, for the worker who asks."""
    own = reverse("caregiver", kwargs={"episode": harbor.family.episode.pk, "person": harbor.family.adult.pk})
    with clock.at(NIGHT):
        page = harbor.family.by.client.get(own).content.decode()
    assert "Nobody here reads this before 8 a.m. on Monday, March 8" in page


def test_a_mother_who_likes_spanish_is_read_by_who_speaks_it(harbor: Agency) -> None:
    ines = make.make_worker("clinician", name="Inés Castañeda")
    harbor.rota([*harbor.weekdays(harbor.dana), *harbor.weekdays(ines)], spanish=[ines])
    mother = make.make_family(adults=(AdultFacts("Luz", "Peña", "mother", language="es"),))
    assert harbor.crisis(MONDAY, mother).owner == ines.person
    assert harbor.crisis(MONDAY).owner == harbor.dana.person


def test_the_violence_line_stands_on_the_help_page_with_its_source(harbor: Agency) -> None:
    """`protect.md` 3: each number in a help text has its source."""
    page = harbor.help(harbor.crisis(MONDAY), MONDAY)
    assert page.index("tel:988") < page.index("tel:18007997233")
    assert "Office for Victims of Crime" in page


# Climbing


def test_it_climbs_over_who_does_not_answer(harbor: Agency) -> None:
    """On call, back-up, a supervisor, all of them; the back-up may close it beside the owner."""
    task = harbor.crisis(MONDAY)
    run(MONDAY)
    steps = []
    for hour in (1, 2, 3):
        run(MONDAY + hour * HOUR)
        steps.append(told() - {"Dana"})
    supervisor = steps[1] - {"Noor"}
    assert steps[0] == {"Noor"}
    assert len(supervisor) == 1
    assert steps[2] == {"Noor", "Ada", "Tom"}
    with clock.at(MONDAY + 4 * HOUR):
        closed = tasks.close(harbor.noor.actor, task=Task.objects.get(pk=task.pk), done=DONE)
    assert closed.closed_by == harbor.noor.person


def test_it_climbs_outside_of_the_hours_too(harbor: Agency) -> None:
    """A Sunday night: nobody is on call, so a supervisor is next, then all of them; long before Monday."""
    harbor.crisis(NIGHT)
    run(NIGHT)
    run(NIGHT + HOUR)
    assert len(told() - {"Dana"}) == 1
    run(NIGHT + 2 * HOUR)
    assert told() == {"Dana", "Ada", "Tom"}


def test_a_letter_that_cannot_be_delivered_climbs_at_once(harbor: Agency) -> None:
    """As if the time had passed; and who could not be reached is not written to again."""
    task = harbor.crisis(MONDAY)
    with clock.at(MONDAY):
        letter = Letter.objects.get(template="needs_a_person")
        messages.undelivered(machine("tests"), letter_id=str(letter.pk), problem="not_taken")
        run_due()
    assert Task.objects.get(pk=task.pk).step == 1
    assert told() == {"Noor"}


def test_letters_that_reach_nobody_do_not_call_for_the_next_without_end(harbor: Agency) -> None:
    task = harbor.crisis(MONDAY)
    with clock.at(MONDAY):
        for _ in range(12):
            for letter in Letter.objects.filter(failed_at__isnull=True, about_id=task.about_id):
                messages.undelivered(machine("tests"), letter_id=str(letter.pk), problem="not_taken")
            run_due()
    assert Task.objects.get(pk=task.pk).step == 3
    assert told() == {"Noor", "Ada", "Tom"}


# Who else sees a red mark: nobody (`protect.md` 3)

EVERYONE = [
    (role, place) for role in INVITED for place in ("asking", "other") if place == "asking" or role in AT_AN_AGENCY
]
SEE_IT = {("agency_supervisor", "asking")}


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(("role", "place"), EVERYONE, ids=" at the ".join)
def test_nobody_outside_the_asking_agency_sees_a_red_mark(harbor: Agency, role: str, place: str) -> None:
    """`protect.md` 3, for every role at every agency, after it has climbed to its end: on Today, in the list, at the task.

    Within the agency the supervisors see that a person is needed; its other workers see it where they answer it.
    """
    task = harbor.crisis(MONDAY)
    for hour in range(5):
        run(MONDAY + hour * HOUR)
    asking, other = make.make_network().agencies[:2]
    worker = make.make_worker(
        role, asking if place == "asking" and role in AT_AN_AGENCY else other if place == "other" else None
    )
    with clock.at(MONDAY + 5 * HOUR):
        client = worker.client
        pages = [client.get(address) for address in ("/today/", "/families/", f"/tasks/{task.pk}/")]
    red = any(b"task-now" in page.content or b"card-now" in page.content for page in pages)
    assert red == ((role, place) in SEE_IT)
    assert not Letter.objects.filter(about_id=task.about_id, to=worker.person).exists()


def test_those_who_answer_it_see_the_red_mark(harbor: Agency) -> None:
    """The permitted cases beside the table: on call, and the back-up once it has climbed, not before."""
    harbor.crisis(MONDAY)
    seen: list[tuple[str, bool]] = []
    for moment in (MONDAY, MONDAY + HOUR):
        run(moment)
        with clock.at(moment):
            seen += [
                (who.person.given_name, b"task-now" in who.client.get("/today/").content)
                for who in (harbor.dana, harbor.noor)
            ]
    assert seen == [("Dana", True), ("Noor", False), ("Dana", True), ("Noor", True)]


def test_whoever_calls_knows_the_language_the_ways_and_who_to_ask(harbor: Agency) -> None:
    """For its owner: never a number that is not safe; the family's page only where it is open to her."""
    mother = AdultFacts("María", "Ñúñez", "mother", language="es", phone="555-0142", phone_is_safe=False)
    family = make.make_family(harbor.family.by, adults=(mother,))
    families.describe_speech(
        family.by.actor, person=family.adult, episode=family.episode, language="es", spoken="", interpreter=True
    )
    task, page = harbor.crisis(MONDAY, family), f"/families/{family.dyad.pk}/"
    access.keep_work_phone(family.by.actor, account=family.by.account, phone="555-0111")
    access.keep_work_phone(harbor.dana.actor, account=harbor.dana.account, phone="(555) 0122")
    with clock.at(MONDAY):
        owner, over = (one.client.get(f"/tasks/{task.pk}/").content.decode() for one in (harbor.dana, harbor.okafor))
        mail = family.by.person.contacts.get().address
        known = (
            "Spanish",
            "Would like an interpreter.",
            "Not safe, as was said",
            "a call",
            f"mailto:{mail}",
            "tel:5550111",
        )
        for words in (*known, f"{family.by.person.name}, Home visitor, gave the screen"):
            assert words in owner and words not in over
        assert "555-0142" not in owner and page not in owner
        assert "tel:5550122" in over and "tel:5550122" not in owner, "the way to whoever is to answer, for the others"
        assert "<p>María Ñúñez</p>" in harbor.dana.client.get("/today/").content.decode(), "tells two cards apart"
        assert "María Ñúñez" not in harbor.okafor.client.get("/today/").content.decode()
        actions.ask_call_back(
            family.by.actor, screen=Screen.objects.get(pk=task.about_id), wanted=True, number="555-0199"
        )
        families.join_team(harbor.okafor.actor, episode=family.episode, worker=harbor.dana.person)
        access.end_role(harbor.okafor.actor, assignment=RoleAssignment.objects.get(account=family.by.account))
        owner = harbor.dana.client.get(f"/tasks/{task.pk}/").content.decode()
    assert page in owner and "Not safe" not in owner, "she said since on which number"
    assert family.by.person.name in owner and mail not in owner, "who has left is written to no more"


# Being called back


@pytest.fixture
def wish(harbor: Agency) -> Iterator[Callable[..., Any]]:
    """Write down, on the help page, what she chose."""
    task = harbor.crisis(MONDAY)

    def chosen(**said: Any) -> Any:
        address = reverse("screen_call_back", kwargs={"screen": task.about_id})
        with clock.at(MONDAY):
            return harbor.family.by.client.post(address, {"key": "k", **said}, follow=True)

    with clock.at(MONDAY):
        yield chosen


YES = {"wanted": "yes", "number": "555-0199", "when": "tomorrow before noon"}


def test_a_call_back_is_kept_sealed_and_whoever_answers_reads_it(harbor: Agency, wish: Callable[..., Any]) -> None:
    """The number that she said and no other; neither in the database's own words, nor in a letter, nor on the page again."""
    page = wish(**YES).content.decode()
    assert "Written down: please call." in page
    assert "555-0199" not in page
    task = Task.objects.get()
    assert b"555-0199" not in bytes(Task.objects.extra(select={"raw": "call_back"}).values_list("raw", flat=True)[0])
    answer = harbor.dana.client.get(f"/tasks/{task.pk}/").content.decode()
    for words in ("on this number alone", "tel:5550199", "tomorrow before noon", "Leave no message."):
        assert words in answer
    run_due()
    assert told("look_again") == {"Dana"}


def test_the_number_she_chose_takes_the_place_of_those_that_were_safe(harbor: Agency) -> None:
    mother = AdultFacts("María", "Ñúñez", "mother", phone="555-0142", phone_is_safe=True)
    family = make.make_family(harbor.family.by, adults=(mother,))
    task = harbor.crisis(MONDAY, family)
    with clock.at(MONDAY):
        assert "555-0142" in harbor.dana.client.get(f"/tasks/{task.pk}/").content.decode()
        actions.ask_call_back(
            family.by.actor, screen=Screen.objects.get(pk=task.about_id), wanted=True, number="555-0199"
        )
        page = harbor.dana.client.get(f"/tasks/{task.pk}/").content.decode()
    assert "555-0142" not in page
    assert "555-0199" in page


def test_who_asked_not_to_be_called_is_not_called(harbor: Agency) -> None:
    """No number stands on the task, and closing asks for no call."""
    mother = AdultFacts("María", "Ñúñez", "mother", phone="555-0142", phone_is_safe=True)
    family = make.make_family(harbor.family.by, adults=(mother,))
    task = harbor.crisis(MONDAY, family)
    with clock.at(MONDAY):
        actions.ask_call_back(family.by.actor, screen=Screen.objects.get(pk=task.about_id), wanted=False)
        page = harbor.dana.client.get(f"/tasks/{task.pk}/").content.decode()
        assert "María asked not to be called." in page
        assert "555-0142" not in page
        closed = tasks.close(harbor.dana.actor, task=Task.objects.get(pk=task.pk), done=DONE)
    assert closed.call_back_outcome == ""


def test_a_call_that_was_asked_for_is_closed_only_with_what_came_of_it(
    harbor: Agency, wish: Callable[..., Any]
) -> None:
    wish(**YES)
    task = Task.objects.get()
    address = reverse("task_close", kwargs={"task": task.pk})
    said = {"key": "one", "version": task.version, "done": DONE}
    refused = harbor.dana.client.post(address, said)
    assert refused.status_code == 400
    assert "Say what came of it." in refused.content.decode()
    with pytest.raises(BadInput, match="What came of the call is missing"):
        tasks.close(harbor.dana.actor, task=task, done=DONE)
    harbor.dana.client.post(address, said | {"call_back_outcome": "reached"})
    closed = Task.objects.get()
    assert (closed.call_back_outcome, closed.done) == ("reached", DONE)
    assert "We spoke" in harbor.dana.client.get(f"/tasks/{task.pk}/").content.decode()


def test_wanting_a_call_needs_a_number_and_everything_typed_stays(wish: Callable[..., Any]) -> None:
    answer = wish(wanted="yes", number="", when="at night")
    assert answer.status_code == 400
    assert "The number is missing." in answer.content.decode()
    assert "at night" in answer.content.decode()
    assert Task.objects.get().calls_back is None
    assert "Choose one of the two." in wish(number="1").content.decode()


def test_choosing_again_takes_the_place_of_what_was_chosen(wish: Callable[..., Any]) -> None:
    wish(**YES)
    wish(key="again", wanted="no")
    task = Task.objects.get()
    assert (task.calls_back, task.call_back) == (False, None)


def test_nothing_is_written_down_once_somebody_has_answered(harbor: Agency, wish: Callable[..., Any]) -> None:
    tasks.close(harbor.dana.actor, task=Task.objects.get(), done=DONE)
    assert "This task is closed already." in wish(**YES).content.decode()


def test_only_the_care_team_writes_it_down_and_no_entry_names_the_child(
    harbor: Agency, wish: Callable[..., Any]
) -> None:
    screen = Screen.objects.get()
    for stranger in (harbor.dana, harbor.okafor, make.make_worker("home_visitor")):
        with pytest.raises(Refused, match="Only the care team"):
            actions.ask_call_back(stranger.actor, screen=screen, wanted=False)
    wish(**YES)
    entry = AuditEntry.objects.get(verb="screening.ask_call_back", outcome="done")
    assert ("person", harbor.family.child.pk) not in set(entry.subjects.values_list("kind", "ref"))


def test_a_screen_without_a_crisis_has_nobody_to_call_back(harbor: Agency) -> None:
    screen = make.make_screen(harbor.family)
    with pytest.raises(NotNow, match="Nobody was called"):
        actions.ask_call_back(harbor.family.by.actor, screen=screen, wanted=False)


def test_whoever_comes_to_the_call_back_otherwise_is_shown_the_help_page(harbor: Agency) -> None:
    """A page that is loaded again, or an address typed: help, not an empty page."""
    task = harbor.crisis(MONDAY)
    where = {"screen": task.about_id}
    answer = harbor.family.by.client.get(reverse("screen_call_back", kwargs=where))
    assert (answer.status_code, answer.url) == (302, reverse("screen_help", kwargs=where))
