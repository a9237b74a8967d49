"""The questions of one visit on a caregiver's own phone: sent, answered by a link, closed; and what nobody learns by it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import adult_links, policy
from inmind.access.models import AdultLink, AuditEntry, AuditSubject, RoleAssignment
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.jobs import runner
from inmind.messages.models import Letter
from inmind.people.models import Contact
from inmind.screening import house_wordings, sending_actions
from inmind.screening.models import Flag, Screen, Sending
from inmind.tasks.models import Task
from tests import make, wordings

pytestmark = pytest.mark.django_db
VISIT, HELP = "/for-you/visit/", "/for-you/visit/help/"


@dataclass(slots=True)
class Phone:
    """A caregiver's own browser in which her link was opened."""

    secret: str
    client: Client = field(default_factory=Client)
    link: str = ""

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> Any:
        self.link = str(AdultLink.objects.get(secret_hash=adult_links.hash_of(self.secret)).pk)
        return self.client.get(f"/l/{self.secret}/", follow=True)

    def see(self, part: int, place: int) -> Any:
        return self.client.get(f"{VISIT}{part}/{place}/")

    def press(self, part: int, place: int, answer: str, **more: str) -> Any:
        """Press one of the answers of a question, from the page that shows it."""
        shown = self.see(part, place).context
        given = {"key": shown["key"], "item": shown["item_key"], "wording": str(getattr(shown["wording"], "id", ""))}
        return self.send(part, place, given | {"answer": answer} | more)

    def send(self, part: int, place: int, given: dict[str, str]) -> Any:
        """What comes of it; where that is help, the page of help."""
        answer = self.client.post(f"{VISIT}{part}/{place}/", {"link": self.link} | given)
        return self.client.get(HELP) if answer.headers.get("Location") == HELP else answer

    def done(self) -> Any:
        return self.client.post(f"{VISIT}end/", {"link": self.link, "key": fresh_key()})


@dataclass(frozen=True, slots=True)
class Sent:
    family: make.Family
    sending: Sending
    phone: Phone


def send(family: make.Family | None = None, *parts: str, language: str = "es", on_call: bool = True) -> Sent:
    there = family or make.make_family()
    if on_call:
        make.make_on_call(there.episode.organization)
    for one in parts:
        if one != "check_in" and not house_wordings.last_number(one):
            wordings.make_wording(one)
    sent = sending_actions.send(
        there.by.actor,
        episode=there.episode,
        adult=there.adult,
        parts=parts,
        on=clock.today(make.ZONE),
        language=language,
        by_letter=False,
    )
    return Sent(there, sent, Phone(sending_actions.hand_over_link(there.by.actor, sending=sent)))


def words(page: Any) -> str:
    """What somebody reads on a page, without what differs at each request."""
    text = page.content.decode()
    return re.sub(r'(value|content)="[^"]{20,}"', "", text.split("<main", 1)[1].split("</main", 1)[0])


# Answering


def test_each_answer_is_kept_by_itself_in_the_publishers_words() -> None:
    sent = send(None, "epds")
    page = sent.phone.see(1, 1)
    assert wordings.question_for_tests(1, "es") in page.content.decode()
    answer = sent.phone.press(1, 1, "4")
    assert (answer.status_code, answer["Location"]) == (302, f"{VISIT}1/2/")
    screen = Screen.objects.get()
    assert (screen.mode, screen.subject, screen.worker) == ("link", sent.family.adult, sent.family.by.person)
    assert screen.answers == {"epds_1": 3}
    assert sent.sending.parts.get().wording is not None
    assert sent.phone.press(1, 2, "skip")["Location"] == f"{VISIT}1/3/"
    screen.refresh_from_db()
    assert screen.answers == {"epds_1": 3, "epds_2": None}


def test_a_whole_visit_is_closed_when_she_is_done() -> None:
    family = make.make_family(age_months=18)
    sent = send(family, "check_in", "phq2", "mchatr")
    assert sent.phone.press(1, 1, "skip")["Location"] == f"{VISIT}2/1/"
    for place in (1, 2):
        sent.phone.press(2, place, "1")
    assert sent.phone.press(3, 1, "1")["Location"] == f"{VISIT}3/2/"
    where = reverse("visit_sent", args=[sent.sending.pk])
    assert where not in family.by.client.get(reverse("today")).content.decode()
    assert sent.phone.done()["Location"] == VISIT
    assert where in family.by.client.get(reverse("today")).content.decode(), "or nobody knows that she answered"
    over_them = make.make_worker("agency_supervisor", family.episode.organization)
    assert where not in over_them.client.get(reverse("today")).content.decode()
    hers, childs = (part.screen for part in sent.sending.parts.exclude(instrument=""))
    assert (hers.state, hers.subject, hers.informant) == (Screen.State.COMPLETE, family.adult, None)
    assert (childs.state, childs.subject, childs.informant) == (Screen.State.INCOMPLETE, family.child, family.adult)
    thanks = words(sent.phone.client.get(VISIT))
    assert family.by.person.name in thanks
    assert sent.phone.see(2, 1)["Location"] == VISIT
    assert sent.phone.client.get(f"{VISIT}end/")["Location"] == VISIT


def test_the_link_to_her_own_page_goes_where_it_is_safe_and_is_not_shown() -> None:
    family = make.make_family()
    make.together(
        lambda act: Contact.objects.create(person=family.adult, channel="mail", address="m@example.org", safe=True)
    )
    sent = send(family, "check_in")
    own, form = f"{VISIT}own-page/", {"link": sent.phone.link, "key": fresh_key()}
    assert sent.phone.client.post(own, form)["Location"] == VISIT, "not before she is done"
    sent.phone.done()
    for key in (fresh_key(), fresh_key()):
        said = words(sent.phone.client.post(own, form | {"key": key}))
    assert Letter.objects.get(template="own_page_link").to == family.adult
    assert "/l/" not in said.replace("/l/leave/", "")


def test_protect_2_a_crisis_answer_alone_calls_a_person_and_help_is_the_next_page() -> None:
    """protect.md 2, 3: acted on though nothing else is answered; the truth about who reads it, and a call back if she likes."""
    sent = send(None, "epds")
    page = sent.phone.press(1, 10, "1")
    assert page.status_code == 200
    said = words(page)
    assert "tel:988" in said
    assert sent.family.episode.organization.name in said
    task = Task.objects.get(red=True)
    assert Flag.objects.get().is_crisis
    assert Letter.objects.get(template="needs_a_person").to == task.owner
    kept = sent.phone.client.post(
        f"{VISIT}call-back/",
        {"link": sent.phone.link, "key": fresh_key(), "wanted": "yes", "number": "555-010-4477", "when": "canarywhen"},
        follow=True,
    )
    assert "somebody calls you" in words(kept)
    assert "555-010-4477" not in kept.content.decode()
    task.refresh_from_db()
    assert task.calls_back
    assert "canarywhen" in task.call_back


def test_protect_2_a_crisis_after_the_end_is_heeded_though_it_cannot_be_kept() -> None:
    sent = send(None, "epds", "phq9")
    pages = [sent.phone.see(part, place).context for part, place in ((1, 10), (2, 9))]
    sent.phone.press(1, 1, "1")
    sent.phone.done()
    for number, shown in enumerate(pages, start=1):
        given = {"key": shown["key"], "item": shown["item_key"], "wording": str(shown["wording"].id)}
        answer = sent.phone.send(number, 1, given | {"answer": "1" if number == 1 else "4"})
        assert "tel:988" in words(answer)
    assert Task.objects.filter(red=True).count() == 2
    assert Screen.objects.filter(state=Screen.State.OPEN).count() == 0


def test_protect_2_an_answer_on_a_page_that_was_left_for_long_still_calls_a_person() -> None:
    """The baby woke up; the page closed meanwhile to whoever reads it, not to what she presses."""
    sent = send(None, "epds")
    shown = sent.phone.see(1, 10).context
    given = {"key": shown["key"], "item": "epds_10", "wording": str(shown["wording"].id), "answer": "1"}
    with clock.at(clock.now() + timedelta(hours=2)):
        assert sent.phone.see(1, 10)["Location"] == reverse("link_over")
        assert "tel:988" in words(sent.phone.send(1, 10, given))
    assert Task.objects.filter(red=True).count() == 1


def test_protect_2_page_one_says_who_reads_what_follows_and_what_is_acted_on() -> None:
    sent = send(None, "epds", language="en")
    said = words(sent.phone.client.get(VISIT))
    agency = sent.family.episode.organization.name
    for sentence in (agency, "home visitor", "is on call and reads this now", "skip every question", "called at once"):
        assert sentence in said
    assert "reason to believe that a child is being harmed" in said
    assert "does not depend on whether" in said


def test_protect_2_help_stands_behind_a_link_that_was_taken_back_or_is_over() -> None:
    sent = send(None, "epds")
    sent.phone.press(1, 1, "1")
    link = AdultLink.objects.get()
    with clock.at(link.expires_at):
        late = sent.phone.client.get(VISIT, follow=True)
    sending_actions.take_back_sending(sent.family.by.actor, sending=sent.sending)
    taken = sent.phone.open()
    assert (late.status_code, taken.status_code) == (410, 410)
    assert "tel:988" in taken.content.decode()
    assert Screen.objects.get().state == Screen.State.INCOMPLETE


# What nobody learns


def test_protect_4_who_opens_the_link_again_learns_no_answer() -> None:
    """protect.md 4: whatever was answered, the pages of a reopened link are the same to the letter."""
    pages = []
    for answer in ("3", "skip"):
        sent = send(None, "epds", language="en")
        for place in (1, 2):
            sent.phone.press(1, place, answer)
        again = Phone(sent.phone.secret)
        seen = [
            again.client.get(VISIT),
            again.see(1, 1),
            again.see(1, 2),
            again.see(1, 3),
            again.client.get(f"{VISIT}end/"),
        ]
        assert all("no-store" in page["Cache-Control"] for page in seen)
        assert not any("checked" in words(page) or "pressed" in words(page) for page in seen)
        pages.append([re.sub(r"\w+ ?\w* \d+ is on call|Worker \w+", "", words(page)) for page in seen])
    assert pages[0] == pages[1]


def test_protect_4_help_after_an_answer_is_shown_once_to_the_browser_that_sent_it() -> None:
    """Not by its address, not on another phone, not by sending what the browser kept once more."""
    sent = send(None, "epds", language="en")
    assert "Thank you for telling us" in words(sent.phone.press(1, 10, "1"))
    again = Phone(sent.phone.secret)
    seen = [again.client.get(one, follow=True) for one in (VISIT, HELP, f"{VISIT}1/10/", f"{VISIT}call-back/")]
    seen += [sent.phone.client.get(one, follow=True) for one in (HELP, VISIT, f"{VISIT}1/10/")]
    for said in map(words, seen):
        assert "Thank you for telling us" not in said
        assert "is told" not in said


def test_protect_4_secrets_and_answers_stand_in_no_address_log_header_or_letter(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    family = make.make_family()
    make.together(
        lambda act: Contact.objects.create(person=family.adult, channel="mail", address="m@example.org", safe=True)
    )
    sent = send(family, "epds")
    sending_actions.send_again(family.by.actor, sending=sent.sending)
    letter = Letter.objects.get(template="visit_link")
    phone = Phone(re.search(r'"secret": "([^"]+)"', letter.facts)[1])  # type: ignore[index]
    answers = [phone.press(1, 1, "4"), phone.press(1, 10, "1")]
    told = " ".join(f"{name}: {value}" for page in answers for name, value in page.headers.items())
    told += " ".join(record.getMessage() for record in caplog.records)
    for canary in (
        phone.secret,
        sent.phone.secret,
        wordings.answer_for_tests(1, 4, "es"),
        "epds",
        family.child.given_name,
    ):
        assert canary not in told


def test_protect_1_nothing_about_her_own_screen_names_the_child() -> None:
    sent = send(None, "epds")
    sent.phone.press(1, 1, "4")
    sent.phone.done()
    child = {str(sent.family.child.pk), str(sent.family.dyad.pk)}
    entries = AuditEntry.objects.filter(
        verb__in=("screening.send", "screening.answer_by_link", "screening.finish_by_link")
    )
    assert set(entries.values_list("verb", flat=True)) == {
        "screening.send",
        "screening.answer_by_link",
        "screening.finish_by_link",
    }
    assert not {str(row.ref) for row in AuditSubject.objects.filter(entry__in=entries)} & child
    assert sent.family.child.given_name not in words(sent.phone.client.get(VISIT))


def test_protect_3_only_the_agency_that_asked_sees_that_something_was_sent() -> None:
    sent = send(None, "epds")
    sent.phone.press(1, 10, "1")
    for role, at in (
        ("home_visitor", None),
        ("agency_supervisor", None),
        ("clinician", make.make_network().agencies[1]),
    ):
        other = make.make_worker(role, at)
        assert other.client.get(reverse("visit_sent", args=[sent.sending.pk])).status_code == 403
        assert not policy.can(other.actor, "screening.send", sent.family.episode)


# Two devices, and what cannot be


def test_two_devices_both_save_and_the_last_word_counts() -> None:
    sent = send(None, "epds")
    other = Phone(sent.phone.secret)
    first, second = sent.phone.see(1, 1).context, other.see(1, 1).context
    for phone, shown, answer in (
        (sent.phone, first, "1"),
        (other, second, "4"),
        (other, second, "2"),
        (sent.phone, first, "1"),
    ):
        given = {"key": shown["key"], "item": shown["item_key"], "wording": str(shown["wording"].id)}
        assert phone.send(1, 1, given | {"answer": answer}).status_code == 302
    # The last one came twice under one key: it was sent again, not said again.
    assert Screen.objects.get().answers == {"epds_1": 1}


def test_what_is_no_answer_is_asked_anew_and_keeps_nothing() -> None:
    """Neither an answer that the form does not have, nor a question or words that were not sent, nor a place that is none."""
    sent = send(None, "epds")
    for given in (
        *({"answer": one} for one in ("9", "0", "x", "", "²", "-1")),
        *({"answer": "1"} | one for one in ({"item": "epds_99"}, {"item": "phq9_9"}, {"wording": "nothing"})),
    ):
        assert sent.phone.press(1, 1, **given).status_code in (302, 400), given
    key = {"link": sent.phone.link, "key": fresh_key(), "item": "epds_1", "answer": "1"}
    for where in ("9/1/", "1/99/", "0/0/", "1/0/"):
        assert sent.phone.client.get(f"{VISIT}{where}")["Location"] == VISIT
        assert sent.phone.client.post(f"{VISIT}{where}", key).status_code in (302, 400)
    assert not Screen.objects.exists()


def test_a_key_that_cannot_be_keeps_no_answer_away() -> None:
    sent = send(None, "epds")
    assert sent.phone.press(1, 1, "1", key="x" * 500).status_code == 302
    assert sent.phone.press(1, 2, "1", key="").status_code == 302
    assert Screen.objects.get().answers == {"epds_1": 0, "epds_2": 0}


def test_another_adults_link_opened_in_between_takes_no_answer() -> None:
    """What is pressed on a page of the first link reaches neither."""
    one, two = send(None, "epds"), send(None, "epds")
    shown = one.phone.see(1, 1).context
    one.phone.client.get(f"/l/{two.phone.secret}/")
    given = {"key": shown["key"], "item": "epds_1", "wording": str(shown["wording"].id), "answer": "1"}
    assert one.phone.send(1, 1, given)["Location"] == reverse("link_over")
    assert not Screen.objects.exists()


def test_a_link_answers_its_own_sending_and_no_other() -> None:
    one, two = send(None, "epds"), send(None, "epds")
    actor = adult_links.actor_of(AdultLink.objects.get(pk=one.phone.link))
    with pytest.raises(Refused):
        sending_actions.answer_by_link(actor, sending=two.sending, part=1, item="epds_1", points=1)
    assert list(policy.visible(actor, Sending.objects.all(), "screening.answer_by_link")) == [one.sending]


# Sending


def test_only_what_has_its_wording_and_licence_is_sent_and_the_refusal_says_why() -> None:
    family = make.make_family()
    make.make_on_call()
    page = family.by.client.get(reverse("visit_send", args=[family.episode.pk, family.adult.pk])).content.decode()
    assert "The exact wording of EPDS is not here" in page
    assert "A check-in in our own words" in page
    given = {"episode": family.episode, "adult": family.adult, "on": clock.today(make.ZONE), "by_letter": False}
    with pytest.raises(NotNow, match="The exact wording of EPDS is not here"):
        sending_actions.send(family.by.actor, parts=("epds",), language="es", **given)
    wordings.make_wording("epds", languages=("en",))
    with pytest.raises(NotNow, match="is not here in Spanish"):
        sending_actions.send(family.by.actor, parts=("epds",), language="es", **given)
    assert not Sending.objects.exists()


def test_a_withdrawn_wording_acts_at_the_next_request() -> None:
    sent = send(None, "epds", language="en")
    shown = sent.phone.see(1, 1).context
    for row in house_wordings.HouseWording.objects.all():
        house_wordings.withdraw(make.make_worker("data_steward").actor, wording=row, why="Its license ended.")
    assert sent.phone.see(1, 1)["Location"] == VISIT
    given = {"key": shown["key"], "item": "epds_1", "wording": str(shown["wording"].id), "answer": "1"}
    assert "This answer was not added" in words(sent.phone.send(1, 1, given))
    crisis = sent.phone.send(1, 10, given | {"item": "epds_10", "key": fresh_key()})
    assert "tel:988" in words(crisis)
    assert Task.objects.filter(red=True).count() == 1


def test_nothing_about_safety_is_sent_where_nobody_could_answer() -> None:
    wordings.make_wording("epds")
    family = make.make_family()
    given = {"episode": family.episode, "adult": family.adult, "on": clock.today(make.ZONE), "language": "es"}
    with pytest.raises(NotNow, match="nobody is on call"):
        sending_actions.send(family.by.actor, parts=("epds",), by_letter=False, **given)
    assert sending_actions.send(family.by.actor, parts=("check_in",), by_letter=False, **given).parts.count() == 1


def test_where_nobody_could_answer_any_more_the_question_is_not_asked_and_help_stands_all_the_same() -> None:
    """The last who could was sent home between the page and what was pressed on it."""
    sent = send(None, "check_in", "epds", language="en", on_call=True)
    shown = sent.phone.see(2, 10).context
    organization = sent.family.episode.organization
    make.make_rota(organization, make.at_all_hours(make.make_worker("clinician", organization)))
    for row in RoleAssignment.objects.filter(organization=organization, role__in=("clinician", "agency_supervisor")):
        make.together(lambda act, row=row: row.delete())
    assert sent.phone.see(2, 10)["Location"] == VISIT
    assert "cannot be asked here" in words(sent.phone.client.get(VISIT))
    given = {"key": fresh_key(), "item": "epds_10", "wording": str(shown["wording"].id), "answer": "1"}
    assert "tel:988" in words(sent.phone.send(2, 10, given))
    assert not Screen.objects.exists()


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"parts": ()}, "Nothing is chosen"),
        ({"parts": ("epds", "epds")}, "Nothing is chosen"),
        ({"parts": ("nothing",)}, "cannot be sent by itself"),
        ({"on": clock.today(make.ZONE) - timedelta(days=1)}, "lies in the past"),
        ({"by_letter": True}, "No safe way to write"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_sent_says_why(changed: dict[str, Any], sentence: str) -> None:
    family = make.make_family()
    make.make_on_call()
    wordings.make_wording("epds")
    given = {"parts": ("epds",), "on": clock.today(make.ZONE), "language": "es", "by_letter": False} | changed
    with pytest.raises((BadInput, NotNow), match=sentence):
        sending_actions.send(family.by.actor, episode=family.episode, adult=family.adult, **given)
    assert not Sending.objects.exists()


def test_a_worker_chooses_sends_shows_the_code_and_takes_it_back() -> None:
    family = make.make_family()
    make.make_on_call()
    wordings.make_wording("epds")
    make.together(
        lambda act: Contact.objects.create(person=family.adult, channel="mail", address="m@example.org", safe=True)
    )
    browser = family.by.client
    own = [family.episode.pk, family.adult.pk]
    form = {"key": fresh_key(), "parts": ["check_in", "epds"], "on": str(clock.today(make.ZONE)), "how": "letter"}
    for _twice in range(2):
        answer = browser.post(reverse("visit_send", args=own), form | {"language": "es"})
    sent = Sending.objects.get()
    assert answer["Location"] == reverse("visit_sent", args=[sent.pk])
    assert [part.instrument for part in sent.parts.all()] == ["", "epds"]
    letter = Letter.objects.get(template="visit_link")
    assert letter.to == family.adult
    first = AdultLink.objects.get()
    page = browser.post(reverse("visit_code", args=[sent.pk]))
    assert "<svg" in page.content.decode()
    secret = re.search(r"/l/([^/\s<]+)/", page.content.decode())[1]  # type: ignore[index]
    first.refresh_from_db()
    assert first.ended_at is not None
    assert adult_links.by_secret(secret) is not None
    browser.post(reverse("visit_again", args=[sent.pk]), {"key": fresh_key()})
    assert adult_links.by_secret(secret) is None
    assert Letter.objects.filter(template="visit_link").count() == 2
    browser.post(reverse("visit_take_back", args=[sent.pk]), {"key": fresh_key()})
    sent.refresh_from_db()
    assert sent.taken_back_at is not None
    assert not AdultLink.objects.filter(ended_at=None).exists()
    assert "taken back" in browser.get(reverse("caregiver", args=own)).content.decode()


# What the worker reads, and what closes by itself


def test_the_worker_reads_that_she_answered_alone_and_in_whose_words() -> None:
    sent = send(None, "epds")
    sent.phone.press(1, 1, "1")
    screen, browser = Screen.objects.get(), sent.family.by.client
    assert "on a phone of their own" in browser.get(reverse("screen_enter", args=[screen.pk])).content.decode()
    sent.phone.done()
    page = browser.get(reverse("screen", args=[screen.pk])).content.decode()
    assert "answered alone by a link" in page
    assert wordings.HOLDER in page
    history = browser.get(reverse("screen_history", args=[screen.pk])).content.decode()
    assert "answered alone by a link" in history


def test_what_nobody_goes_on_with_is_closed_when_its_link_is_over() -> None:
    sent = send(None, "epds")
    sent.phone.press(1, 1, "1")
    link = AdultLink.objects.get()
    with clock.at(link.expires_at - timedelta(minutes=1)):
        runner.run_due()
        assert Screen.objects.get().state == Screen.State.OPEN
    with clock.at(link.expires_at + timedelta(minutes=1)):
        runner.run_due()
    sent.sending.refresh_from_db()
    assert (Screen.objects.get().state, sent.sending.finished_at is not None) == (Screen.State.INCOMPLETE, True)


def test_all_answered_closes_after_an_hour_though_she_pressed_nothing_more() -> None:
    sent = send(None, "phq2")
    for place in (1, 2):
        sent.phone.press(1, place, "1")
    runner.run_due()
    assert Screen.objects.get().state == Screen.State.OPEN
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        runner.run_due()
    assert Screen.objects.get().state == Screen.State.COMPLETE


def test_a_link_of_a_family_that_is_served_no_more_opens_nothing() -> None:
    sent = send(None, "epds")
    assert sent.phone.client.get(VISIT).status_code == 200
    families.end_episode(
        sent.family.by.actor, episode=sent.family.episode, until=clock.today(make.ZONE), reason="moved"
    )
    with clock.at(clock.now() + timedelta(days=1)):
        assert sent.phone.client.get(VISIT)["Location"] == reverse("link_over")
