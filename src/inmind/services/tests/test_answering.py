"""The program answers, by a link, a code or its inbox: once in effect, truthfully, and only while it may be told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import actions as access
from inmind.access import adult_links, office_links, privacy
from inmind.access.actors import machine
from inmind.access.consents import Back, Holder, Kind, NoConsent, Withdrawal
from inmind.access.models import AdultLink, AuditEntry, AuditSubject, OfficeLink
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail
from inmind.messages.errors import NotTaken
from inmind.messages.models import Letter
from inmind.services.listings.actions import correct_listing, say_opening
from inmind.services.listings.listing import Offers
from inmind.services.models import Listing, Referral, ReferralStep
from inmind.services.referrals import actions as referral_actions
from inmind.services.referrals import answer_actions, answer_offers
from inmind.services.referrals.answer_actions import BACK, FOLLOW, MOVED, NEXT, NOT_ARRIVED, SAYS, Says
from inmind.services.referrals.referral import State, Why
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
WORDS = ("María Ñúñez", "somebody who knows babies", "after four")
DAY = timedelta(days=1)


@dataclass
class Case:
    """A referral, its family, and the browsers of the program and of the adult whom it calls."""

    family: make.Family
    row: Referral
    office: Client = field(default_factory=Client)

    @property
    def link(self) -> OfficeLink:
        return OfficeLink.objects.filter(about=self.row.pk).latest("created_at")

    @property
    def now(self) -> Referral:
        return Referral.objects.get(pk=self.row.pk)

    def calls(self) -> None:
        """The worker reads a code out over the telephone, and the program types it."""
        seed = fresh_key()
        answer_actions.say_code(self.family.by.actor, referral=self.row, seed=seed)
        assert self.office.post("/o/", {"code": office_links.code_of(seed)})["Location"].startswith(
            "/referrals/answer/?link="
        )

    def page(self, status: int = 200) -> str:
        answer = self.office.get("/referrals/answer/", follow=True)
        assert answer.status_code == status
        return answer.content.decode()

    def says(self, to: str, status: int = 302, **said: Any) -> str:
        form = {"key": fresh_key(), "version": self.now.version, "to": to, "link": str(self.link.pk), **said}
        answer = self.office.post("/referrals/answer/", form)
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    def told(self, to: State, **said: Any) -> None:
        """The worker writes down what the program told."""
        today = clock.today(make.ZONE)
        referral_actions.note_step(self.family.by.actor, referral=self.row, to=to, on=today, **said)

    def hers(self, says: str = "") -> str:
        """What the adult reads on her own page, after she has said something there."""
        browser, (link, secret) = Client(), make.make_link(self.family, "own_page")
        browser.get(f"/l/{secret}/")
        if says:
            form, there = {"key": fresh_key(), "says": says, "link": str(link.pk)}, f"/for-you/referrals/{self.row.pk}/"
            if says == "not_on":
                assert "Nobody asks why" in browser.get(there).content.decode()
                assert "Nobody asks why" in browser.post(there, form).content.decode(), "one press closes nothing"
                assert self.now.stands is State.SENT
                form["is_sure"] = "on"
            assert browser.post(there, form).status_code == 302
        return browser.get("/for-you/").content.decode()

    def withdraws(self) -> None:
        consent, back = self.row.consent_id, Withdrawal("María", Back.CALL)
        there = {"episode": self.family.episode, "person": self.row.about, "consent": consent}
        families.withdraw(self.family.by.actor, back=back, **there)

    def owed(self, why: str) -> list[Task]:
        return list(Task.objects.filter(about_id=self.row.pk, why=why, closed_at__isnull=True))


def refer(listing: Listing | None = None, family: make.Family | None = None, **said: Any) -> Case:
    family = family or make.make_family(make.make_worker(name="Luz Ibarra"))
    words = {"hopes": WORDS[1], "reach": WORDS[2]} | said
    return Case(family, make.make_referral(family, listing, **words))


@pytest.fixture
def case() -> Case:
    made = refer()
    made.calls()
    return made


def test_opening_marks_nothing_and_names_nobody_before_somebody_says_that_they_have_it(case: Case) -> None:
    """Mail is opened by scanners first: neither a state nor a name is theirs."""
    assert not any(word in case.page() for word in WORDS)
    assert case.now.stands is State.SENT
    case.says("received")
    assert case.now.stands is State.RECEIVED
    assert all(word in case.page() for word in WORDS)
    entry = AuditEntry.objects.filter(verb="services.answer", outcome="read").latest("seq")
    assert entry.role == "program_by_link"
    assert AuditSubject.objects.filter(entry=entry, kind="person", ref=case.row.about_id).exists()


def test_the_letter_opens_the_same_as_the_code_and_both_stay_open(
    mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    case = refer()
    run_due()
    [written] = [one for one in mailoutbox if "/o/" in one.body]
    assert not any(word in f"{written.subject} {written.body}" for word in WORDS), "nobody is named in it"
    address = written.body[written.body.index("/o/") :].split()[0]
    assert case.office.get(address)["Location"].startswith("/referrals/answer/")
    case.calls()
    assert Client().get(address)["Location"].startswith("/referrals/answer/")


def test_a_yes_names_who_calls_and_when_and_her_page_says_so(case: Case) -> None:
    case.says("received")
    assert "Say who calls" in case.says("accepted", status=400, calls_said="I am a nurse.")
    soon = clock.today(make.ZONE) + 3 * DAY
    case.says("accepted", caller="Rosa", calls_on=str(soon), calls_said="I am a nurse.", said_by="Rosa Vidal")
    assert (case.now.caller, case.now.calls_on) == ("Rosa", soon)
    step = case.row.steps.last()
    assert step is not None
    assert (step.said_by, step.person_id, step.link) == ("Rosa Vidal", None, case.link.pk)
    assert f"Rosa will call on {soon:%A}" in case.hers()
    assert "I am a nurse." in case.hers()
    with clock.at(clock.now() + 5 * DAY):
        assert "was to call on" in case.hers(), "a call that did not come is the program's, and said so"


def test_pending_is_never_connected_and_waiting_is_named_as_theirs(case: Case) -> None:
    assert "They have not answered yet. That is theirs to do, not yours." in case.hers()
    case.says("received")
    case.says("waitlisted", waits_until=str(clock.today(make.ZONE) + 60 * DAY))
    assert not case.now.stands.is_connected
    assert "It is they who have none" in case.hers()


def test_of_two_answers_one_stands_and_the_other_is_told_how_it_is_now(case: Case) -> None:
    """Two people of one office press different buttons of pages that both were open; a double click is one answer."""
    key, seen = fresh_key(), case.now.version
    for _click in range(2):
        case.says("received", key=key, version=seen)
    seen = case.now.version
    case.says("accepted", caller="Rosa", version=seen)
    page = case.says("declined", status=409, why="no_place", note="Ask Birch House.", version=seen)
    assert "does yours still hold?" in page
    assert "Ask Birch House." in page, "what was typed is not lost"
    page = case.says("received", status=409, version=seen)
    assert "This is how it stands now" in page
    late = case.says("accepted", status=409, version=seen, caller="Ana", calls_said="I am a nurse and a mother of two.")
    assert "a mother of two" in late, "nor what cannot be answered any more"
    assert [step.state for step in case.row.as_steps[2:]] == [State.RECEIVED, State.ACCEPTED]
    case.says("declined", why="no_funds")
    run_due()
    case.page(status=410)
    assert "could not do it. That is not yours" in case.hers()


def test_six_referrals_open_in_one_browser_are_answered_each_on_its_page() -> None:
    office, cases = Client(), [refer(hopes=f"Hope number {number}") for number in range(6)]
    for case in cases:
        case.office = office
        case.calls()
    assert [case.says("received") for case in cases] == [""] * 6
    assert {case.now.stands for case in cases} == {State.RECEIVED}
    first, page = cases[0], f"/referrals/answer/?link={cases[0].link.pk}"
    assert "Hope number 0" in office.get(page).content.decode(), "read again, it is still the family of this tab"
    form = {"key": fresh_key(), "version": first.now.version, "to": "accepted", "caller": "Rosa", "link": first.link.pk}
    assert office.post(page, form)["Location"] == page
    stranger = refer()
    stranger.calls()
    assert "Hope number" not in stranger.office.get(page).content.decode(), (
        "a link that was not opened here opens nothing"
    )


def test_the_last_place_is_counted_down_and_up_again_and_never_below_nothing() -> None:
    listing = make.make_listing(make.make_network().agencies[0])
    opening(listing, 1)
    first, second = refer(listing), refer(listing)
    for one in (first, second):
        one.calls()
        one.says("received")
    first.says("accepted", caller="Rosa")
    assert free(listing) == 0
    assert "We have a place for them" in second.page()
    assert "No place is left on your listing." in second.says("accepted", status=409, caller="Rosa")
    assert second.now.stands is State.RECEIVED
    first.says("declined", why="not_eligible")
    assert free(listing) == 1
    second.says("accepted", caller="Rosa")
    today = str(clock.today(make.ZONE))
    second.says("contacted", on=today)
    second.says("started", on=today)
    assert (free(listing), second.now.has_place) == (0, True)
    third = refer(listing)
    third.calls()
    third.says("received")
    third.says("waitlisted")
    third.says("started", on=today)
    assert free(listing) == 0, "what has begun is a fact, and nothing is counted below nothing"


def test_a_program_with_a_wait_says_yes_when_their_turn_comes_and_what_it_told_is_kept() -> None:
    listing = make.make_listing(make.make_network().agencies[0])
    opening(listing, 0, waits_days=54)
    first, second = refer(listing), refer(listing)
    first.calls()
    first.says("received")
    first.says("waitlisted", waits_until=str(clock.today(make.ZONE) + 54 * DAY))
    assert "No place is left on your listing." in first.says("accepted", status=409, caller="Rosa")
    first.says("accepted", caller="Rosa", has_room="on")
    second.told(State.ACCEPTED)
    assert [one.now.stands for one in (first, second)] == [State.ACCEPTED] * 2
    assert free(listing) == 0


def test_a_no_reaches_whoever_looks_after_it_and_stays_readable_until_something_else_is_sent(case: Case) -> None:
    luz, colleague = case.family.by.client, make.make_worker("family_service_coordinator")
    case.told(State.RECEIVED)
    assert "could not take it on" not in luz.get("/today/").content.decode()
    case.says("declined", why="no_funds")
    run_due()
    [task] = case.owed(NEXT)
    assert task.owner == case.family.by.person
    said = "could not take it on: nobody pays for it. Look for what fits next."
    assert said in luz.get("/today/").content.decode()
    assert said not in colleague.client.get("/today/").content.decode(), "it is not hers"
    for page in (f"/families/{case.family.dyad.pk}/", "/referrals/?state=declined"):
        assert f"/referrals/{case.row.pk}/" in luz.get(page).content.decode()
    assert f"/referrals/{case.row.pk}/" not in luz.get("/referrals/").content.decode()
    other = refer(make.make_listing(case.family.episode.organization, name="Group"), case.family)
    run_due()
    assert not case.owed(NEXT)
    soon = str(clock.today(make.ZONE) + 3 * DAY)
    other.calls()
    other.says("accepted", status=302, caller="Rosa", calls_on=soon)
    assert "Group said yes: Rosa calls on" in luz.get("/today/").content.decode()
    other.told(State.DECLINED, why=Why.NO_PLACE)
    assert "Group could not" not in luz.get("/today/").content.decode(), "she wrote it down herself"
    with clock.at(clock.now() + 4 * DAY):
        assert said not in make.signed_in(case.family.by.account).get("/today/").content.decode()


def opening(listing: Listing, number: int, waits_days: int | None = None) -> None:
    by = make.make_worker("family_service_coordinator", listing.keeper)
    say_opening(by.actor, listing=listing, free=number, waits_days=waits_days)


def free(listing: Listing) -> int | None:
    return Listing.objects.get(pk=listing.pk).free


def test_who_looked_names_the_program_and_not_who_sent_it_and_a_shelter_nowhere(case: Case) -> None:
    case.says("received")
    shelter = refer(make.make_listing(offers=Offers.SAFETY_AT_HOME, name="A safe place"), case.family)
    shelter.calls()
    shelter.page()
    looked = case.family.by.client.get(reverse("family_looked", args=[case.family.dyad.pk]))
    offices = [one["also"] for _day, readers in looked.context["days"] for one in readers if "link" in one["who"]]
    assert sorted(offices) == ["", "Lakeside Nurses"], "each under its own name, and none under the agency's"
    assert "A program, by a link" in (own := case.hers()) and "Lakeside Nurses, looked" not in own


def test_what_is_taken_back_midway_is_closed_at_the_next_request_and_nobody_is_told_why(case: Case) -> None:
    case.says("received")
    luz, page = case.family.by.client, f"/referrals/{case.row.pk}/"
    assert luz.get(f"{page}paper/").status_code == 200 and WORDS[1] in luz.get(page).content.decode()
    case.withdraws()
    case.page(status=410)
    assert luz.get(f"{page}paper/").status_code == 409
    shown = luz.get(page).content.decode()
    assert "was taken back on" in shown and not any(word in shown for word in (*WORDS[1:], "paper/", "/code/"))
    with pytest.raises(NotNow, match="taken back"):
        answer_actions.check_told(case.now, clock.now())
    run_due()
    assert (case.now.stands, case.now.why) == (State.CLOSED, Why.CONSENT_WITHDRAWN)
    letter = Letter.objects.get(template="office_taken_back", about_id=case.row.pk)
    assert letter.to is None
    assert [task.owner for task in case.owed(BACK)] == [case.family.by.person]
    assert "You took back what may be told" in case.hers()


def test_a_shelter_and_her_mood_are_named_to_her_care_team_and_folded_on_her_phone() -> None:
    agency = make.make_network().agencies[0]
    family = make.make_family(make.make_worker(name="Luz Ibarra"))
    shelter = make.make_listing(
        agency, offers=Offers.SAFETY_AT_HOME, name="Night line", provider_name="Harbor of Safety"
    )
    group = make.make_listing(agency, program="mothers_and_babies", name="Group for low mood", provider_name="Larkspur")
    case = refer(shelter, family, about=family.adult)
    make.make_referral(family, group)
    places = ("Night line", "Harbor of Safety", "Group for low mood", "Larkspur")
    for role in ("agency_supervisor", "family_service_coordinator"):
        other = make.make_worker(role)
        for page in ("/referrals/", "/referrals/sheet/file/", f"/families/{family.dyad.pk}/"):
            answer = other.client.get(page)
            assert not any(one in answer.content.decode() for one in places), page
        assert "a program" in other.client.get("/referrals/").content.decode()
    assert "Night line" in family.by.client.get("/referrals/").content.decode()
    assert "Night line" in family.by.client.get(f"/families/{family.dyad.pk}/").content.decode()
    hers = case.hers()
    assert "We asked a place you know" in hers
    for one in places:
        before = hers.partition(one)[0]
        assert before.count("<details") > before.count("</details>"), "it stands where she unfolds it alone"


def test_what_has_begun_runs_on_at_the_program_and_no_more_is_told(case: Case) -> None:
    case.says("received")
    case.says("accepted", caller="Rosa")
    case.says("started", on=str(clock.today(make.ZONE)))
    case.withdraws()
    run_due()
    assert case.now.stands is State.STARTED
    case.page(status=410)
    assert not Letter.objects.filter(template="office_taken_back").exists()


def test_another_consent_that_stands_lets_it_go_on(case: Case) -> None:
    make.make_consent(case.family, case.row.recipient)
    case.withdraws()
    run_due()
    assert case.now.stands is State.SENT and not case.owed(BACK)
    case.page()


def test_a_referral_that_nobody_answers_is_looked_after_on_three_days_and_closes_by_itself(case: Case) -> None:
    for after, seen in ((6, 0), (7, 1), (8, 1), (30, 1), (60, 1)):
        with clock.at(clock.now() + after * DAY):
            answer_offers.look_after(None)  # type: ignore[arg-type]
            assert len(case.owed(FOLLOW)) == seen, after
    assert case.now.answer_by is None
    letters = Letter.objects.filter(template="office_referral", about_id=case.row.pk)
    assert letters.count() == 3, "written to again when its link was over"
    [task] = case.owed(FOLLOW)
    assert task.owner == case.family.by.person
    assert not task.red
    said = house.reasons[FOLLOW](case.family.by.actor, task)
    assert "Nurses at home" in said.title
    assert not said.calls
    case.calls()
    case.says("received")
    run_due()
    assert case.owed(FOLLOW), "received is not connected"
    case.says("accepted", caller="Rosa")
    case.says("contacted", on=str(clock.today(make.ZONE)))
    run_due()
    assert not case.owed(FOLLOW)


def test_where_her_worker_left_the_coordinator_looks_after_it(case: Case) -> None:
    access.end_role(make.make_network().admin.actor, assignment=case.family.by.account.roles.get())
    with clock.at(clock.now() + 7 * DAY):
        answer_offers.look_after(None)  # type: ignore[arg-type]
        [task] = case.owed(FOLLOW)
    assert task.owner != case.row.worker
    assert task.owner.account.roles.get().role == "family_service_coordinator"


def test_a_letter_that_does_not_arrive_is_a_call_and_not_red(monkeypatch: pytest.MonkeyPatch) -> None:
    def bounces(**_letter: Any) -> None:
        raise NotTaken

    monkeypatch.setattr(mail, "send", bounces)
    case = refer()
    run_due()
    run_due()
    [task] = case.owed(NOT_ARRIVED)
    assert (task.red, task.owner) == (False, case.family.by.person)
    reason = house.reasons[NOT_ARRIVED](case.family.by.actor, task)
    assert "did not arrive" in reason.title
    case.calls()
    case.says("received")
    run_due()
    assert not case.owed(NOT_ARRIVED)


def test_her_word_closes_it_at_once_and_tells_her_worker(case: Case) -> None:
    page = case.hers(says="not_on")
    assert "You chose not to go on with" in page
    assert (case.now.stands, case.now.why) == (State.CLOSED, Why.FAMILY_CHOSE_OTHERWISE)
    case.page(status=410)
    assert [task.owner for task in case.owed(SAYS)] == [case.family.by.person]
    assert "I would rather not go on" not in page


def test_that_they_called_is_noted_as_her_word_and_moves_nothing(case: Case) -> None:
    case.hers(says="called")
    step = case.row.steps.last()
    assert step is not None
    assert (step.tried, step.person_id) == ("says_called", case.row.to_call_id)
    case.hers(says="called")
    assert case.row.steps.filter(tried="says_called").count() == 1, "once a day"
    page = case.family.by.client.get(f"/referrals/{case.row.pk}/").content.decode()
    assert "the family says that they called" in page
    assert "Make a code to read out" in page
    assert case.now.stands is State.SENT
    assert case.owed(SAYS)


def test_nobody_says_anything_of_another_s_referral(case: Case) -> None:
    other = make.make_family(make.make_worker())
    link, _secret = make.make_link(other, "own_page")
    visit, _secret = make.make_link(case.family, "visit")
    for one in (link, visit):
        with pytest.raises((NotNow, Refused)):
            answer_actions.say_by_link(adult_links.actor_of(one), link=one, referral=case.row, says=Says.NOT_ON)
    assert case.now.stands is State.SENT


def test_a_program_of_this_house_answers_in_its_inbox_and_another_s_people_do_not() -> None:
    harbor, prairie = make.make_network().agencies
    listing = make.make_listing(harbor, provider=prairie, provider_name=prairie.name)
    case = refer(listing)
    assert not Letter.objects.filter(about_id=case.row.pk).exists(), "it has an inbox"
    there, page = make.make_worker("family_service_coordinator", prairie), f"/referrals/in/{case.row.pk}/"
    listed = there.client.get("/referrals/in/").content.decode()
    assert page in listed
    assert not any(word in listed for word in WORDS), "whom it is about stands on its own page"
    assert all(word in there.client.get(page).content.decode() for word in WORDS)
    for stranger in (
        make.make_worker("family_service_coordinator", harbor),
        make.make_worker("home_visitor", prairie),
        make.make_worker("agency_supervisor", prairie),
    ):
        assert stranger.client.get(page).status_code == 403
    form = {"key": fresh_key(), "version": case.now.version, "to": "accepted", "caller": "Inés"}
    assert there.client.post(page, form).status_code == 302
    assert case.now.stands is State.ACCEPTED
    step = case.row.steps.last()
    assert step is not None
    assert (step.person_id, step.said_by) == (there.person.pk, there.person.name)
    case.withdraws()
    gone = there.client.get(page).content.decode()
    assert not any(word in gone for word in WORDS), "at the next request"
    run_due()
    assert "taken back" in there.client.get("/referrals/in/").content.decode()


def test_what_the_family_carries_itself_is_in_nobody_s_inbox() -> None:
    harbor, prairie = make.make_network().agencies
    listing = make.make_listing(harbor, provider=prairie, provider_name=prairie.name)
    family = make.make_family(make.make_worker())
    row = make.make_referral(family, listing, sent=False, by_family=True)
    referral_actions.send(family.by.actor, referral=row)
    there = make.make_worker("family_service_coordinator", prairie)
    assert there.client.get(f"/referrals/in/{row.pk}/").status_code == 403
    with pytest.raises(NotNow):
        answer_actions.say_code(family.by.actor, referral=row, seed="any")


def test_that_they_have_met_names_both_and_her_page_remembers_it(case: Case) -> None:
    browser, page = case.family.by.client, f"/referrals/{case.row.pk}/introduced/"
    today = clock.today(make.ZONE)
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"key": fresh_key(), "said_by": " ", "on": str(today)}).status_code == 400
    said = {"key": fresh_key(), "said_by": "Rosa Vidal", "on": str(today), "at": "10:30"}
    assert browser.post(page, said).status_code == 302
    step = case.row.steps.last()
    assert step is not None
    assert (step.tried, step.said_by, step.at, step.person) == (
        "introduced",
        "Rosa Vidal",
        time(10, 30),
        case.family.by.person,
    )
    assert "You met Rosa Vidal of Nurses at home" in case.hers()
    with pytest.raises(BadInput):
        referral_actions.note_try(
            case.family.by.actor, referral=case.row, tried=ReferralStep.Tried.INTRODUCED, on=today
        )


def test_the_worklist_shows_what_is_theirs_to_answer_and_the_code_page_says_what_to_do(case: Case) -> None:
    supervisor = make.make_worker("agency_supervisor")
    coordinator = make.make_worker("family_service_coordinator")
    elsewhere = make.make_worker("family_service_coordinator", make.make_network().agencies[1])
    for one in (case.family.by, coordinator, supervisor):
        page = one.client.get("/referrals/?state=sent").content.decode()
        assert "the program’s to answer" in page
        assert WORDS[0] in page
    assert WORDS[0] not in elsewhere.client.get("/referrals/").content.decode()
    assert WORDS[0] not in coordinator.client.get("/referrals/?whose=own").content.decode()
    assert WORDS[0] not in coordinator.client.get("/referrals/?due=on").content.decode()
    assert coordinator.client.get("/referrals/?state=nonsense").status_code == 200
    browser, page = case.family.by.client, f"/referrals/{case.row.pk}/code/"
    assert "Make a code to read out" in browser.get(page).content.decode()
    told = browser.post(page, {"key": fresh_key()}).content.decode()
    assert 'id="code"' in told
    assert 'id="code"' not in browser.get(page).content.decode()
    assert "1 of yours under way" in browser.get("/today/").content.decode()


def test_a_code_that_is_made_twice_by_one_press_is_one_code(case: Case) -> None:
    page, key = f"/referrals/{case.row.pk}/code/", fresh_key()
    shown = {code_on(case.family.by.client.post(page, {"key": key}).content.decode()) for _press in range(2)}
    assert len(shown) == 1
    assert Client().post("/o/", {"code": shown.pop()}).status_code == 302
    code_on(case.family.by.client.post(page, {"key": fresh_key()}).content.decode())
    late = case.family.by.client.post(page, {"key": key}, follow=True).content.decode()
    assert "Another code has taken the place" in late, "a code that opens nothing is not shown"


def code_on(page: str) -> str:
    [code] = re.findall(r"<strong>(\d{3} \d{3} \d{4})</strong>", page)
    return code


def test_an_end_of_service_says_what_is_still_under_way_and_closes_the_office_s_link(case: Case) -> None:
    page = f"/families/{case.family.dyad.pk}/end/?episode={case.family.episode.pk}"
    assert "A referral to Nurses at home" in case.family.by.client.get(page).content.decode()
    today = clock.today(make.ZONE)
    families.end_episode(case.family.by.actor, episode=case.family.episode, until=today, reason="moved")
    case.page(status=410)


def test_somebody_who_is_erased_is_opened_by_no_office(case: Case) -> None:
    case.says("received")
    case.says("accepted", caller="Rosa", said_by="Rosa Vidal")
    officers = [make.make_worker("privacy_officer") for _ in range(2)]
    asked = privacy.ask_erasure(officers[0].actor, person=case.row.about, reason="She asked.", document="Letter")
    privacy.confirm_erasure(officers[1].actor, erasure=asked)
    case.page(status=410)
    assert not ReferralStep.objects.exclude(said_by="").exists()


def test_a_mother_s_number_is_told_by_her_own_yes_and_is_erased_with_her() -> None:
    """The father agreed for the child and she for her number; with her go how she is reached and what she hoped for."""
    family, today = make.make_family(adults=("María Ñúñez", "José Ñúñez")), clock.today(make.ZONE)
    mother, father = family.adults
    families.note_consent(
        family.by.actor, episode=family.episode, holder=father, capacity="parent", document="", since=today - DAY
    )
    listing = make.make_listing(family.episode.organization)
    said = {"hopes": WORDS[1], "tells": "Ask for María.", "reach": "Call 206-555-0142"}
    row = make.make_referral(family, listing, sent=False, about=family.child, **said)
    by = Holder(father.pk, father.name, "parent", None)
    make.make_consent(family, listing.provider_name, about=family.child, given_by=by)
    page = f"/referrals/{row.pk}/"
    with pytest.raises(NoConsent):
        referral_actions.send(family.by.actor, referral=row)
    shown = family.by.client.get(page).content.decode()
    assert "How María Ñúñez is reached is María Ñúñez’s own" in shown, "his yes for the child is none for her number"
    [asks] = re.findall(rf'href="([^"]*{mother.pk}[^"]*for={row.pk})"', shown.replace("&amp;", "&"))[:1]
    assert listing.provider_name in family.by.client.get(asks).content.decode(), "it is asked for exactly that"
    make.make_consent(family, listing.provider_name, kinds=frozenset({Kind.WHEREABOUTS}))
    case = Case(family, referral_actions.send(family.by.actor, referral=row))
    case.calls()
    case.says("received")
    assert "206-555-0142" in case.page()
    officers = [make.make_worker("privacy_officer") for _ in range(2)]
    asked = privacy.ask_erasure(officers[0].actor, person=mother, reason="She asked.", document="Letter")
    privacy.confirm_erasure(officers[1].actor, erasure=asked)
    case.page(status=410)
    assert (case.now.hopes, case.now.tells, case.now.reach) == (None, None, None)
    assert "206-555-0142" not in family.by.client.get(f"/referrals/{row.pk}/").content.decode()


def test_no_day_and_no_name_is_kept_that_nobody_means(case: Case) -> None:
    case.says("received")
    case.says("accepted", status=400, caller="\u200b\u200b")
    case.says("accepted", status=400, caller="Rosa", calls_on="2999-01-01")
    assert "too far ahead" in case.says("waitlisted", status=400, waits_until="9999-12-31")
    assert (case.now.stands, case.now.calls_on, case.now.waits_until) == (State.RECEIVED, None, None)


def test_what_a_page_does_not_do_is_not_done(case: Case) -> None:
    assert case.office.put("/referrals/answer/").status_code == 405
    assert case.office.delete("/referrals/answer/").status_code == 405
    assert case.family.by.client.post("/referrals/sheet/file/").status_code == 405


def test_a_job_looks_after_nothing_whose_day_has_not_come(case: Case) -> None:
    answer_actions.look_after(machine("services.look_after"), referral=case.row)
    assert not case.owed(FOLLOW)
    assert case.now.answer_by is not None
    assert AdultLink.objects.count() == 0


def test_who_reads_it_is_whom_it_was_sent_to_whatever_the_listing_says_later() -> None:
    """A referral went to Lakeside by mail. Another agency that keeps the listing says it is its own now, and where it reads its
    mail: it reads nothing by that, and what lies in the old mailbox opens nothing more (decision 30)."""
    harbor, prairie = make.make_network().agencies
    listing = make.make_listing(prairie)
    case = refer(listing, make.make_family(make.make_worker(at=harbor, name="Luz Ibarra")))
    case.calls()
    keeper = make.make_worker("family_service_coordinator", prairie)
    correct_listing(keeper.actor, listing=listing, provider=prairie, refer_mail="eve@else.example")
    run_due()
    assert keeper.client.get(f"/referrals/in/{case.row.pk}/").status_code == 403
    assert WORDS[1] not in keeper.client.get("/referrals/in/sheet/file/").content.decode()
    case.page(410)
    assert case.owed(MOVED)
    with pytest.raises(NotNow, match="somebody else’s now"):
        answer_actions.say_code(case.family.by.actor, referral=case.row, seed="any")
    before = Letter.objects.count()
    with clock.at(clock.now() + 8 * DAY):
        run_due()
    assert Letter.objects.count() == before, "nobody is written to at an address that no consent names"


def test_a_draft_is_not_sent_to_somebody_whom_the_consent_does_not_name() -> None:
    family = make.make_family()
    listing = make.make_listing(family.episode.organization)
    row = make.make_referral(family, listing, sent=False)
    make.make_consent(family, listing.provider_name)
    keeper = make.make_worker("family_service_coordinator", family.episode.organization)
    correct_listing(keeper.actor, listing=listing, provider_name="Somebody Else", refer_mail="eve@else.example")
    with pytest.raises(NotNow, match="somebody else’s now"):
        referral_actions.send(family.by.actor, referral=row)
    assert not Letter.objects.exists()
    correct_listing(keeper.actor, listing=listing, provider_name="LAKESIDE nurses", refer_mail="new@lakeside.example")
    assert referral_actions.send(family.by.actor, referral=row).mail == "new@lakeside.example"
