"""What is pressed on a page whose link opens nothing any more, and what somebody else who holds the phone can find."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import AdultLink
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.messages.models import Letter
from inmind.people.models import Contact, Relationship
from inmind.screening import sending_actions
from inmind.screening.models import Screen
from inmind.screening.tests.test_visit_by_link import VISIT, Phone, send
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
CHECK_IN = "/for-you/check-in/"


def crisis_of(phone: Phone) -> dict[str, str]:
    shown = phone.see(1, 10).context
    return {
        "link": phone.link,
        "key": shown["key"],
        "item": "epds_10",
        "wording": str(shown["wording"].id),
        "answer": "1",
    }


@pytest.mark.parametrize("over", ["expired", "taken back", "sent again", "another opened"])
def test_protect_2_a_crisis_answer_on_the_page_of_a_link_that_is_over_still_calls_a_person(over: str) -> None:
    sent = send(None, "epds", language="en")
    phone, given, moment = sent.phone, crisis_of(sent.phone), clock.now()
    if over == "expired":
        moment = AdultLink.objects.get().expires_at + timedelta(seconds=1)
    elif over == "taken back":
        sending_actions.take_back_sending(sent.family.by.actor, sending=sent.sending)
    elif over == "sent again":
        sending_actions.hand_over_link(sent.family.by.actor, sending=sent.sending)
    else:
        other = send(None, "epds", on_call=False)
        phone.client.get(f"/l/{other.phone.secret}/")
    with clock.at(moment):
        for answer in ("1", "2"):
            page = phone.client.post(f"{VISIT}1/10/", given | {"answer": answer}, follow=True)
            assert "988" in page.content.decode()
    task = Task.objects.get(red=True)
    assert task.subject == sent.family.adult


def test_protect_2_help_asked_for_on_the_page_of_a_link_that_is_over_still_calls_a_person() -> None:
    sent = send(None, "check_in", language="en")
    sending_actions.take_back_sending(sent.family.by.actor, sending=sent.sending)
    page = sent.phone.client.post(CHECK_IN, {"link": sent.phone.link, "key": fresh_key(), "door": "now"}, follow=True)
    assert "988" in page.content.decode()
    assert Task.objects.get(red=True).subject == sent.family.adult


def test_no_other_answer_arrives_by_a_link_that_is_over() -> None:
    sent = send(None, "epds", language="en")
    given = crisis_of(sent.phone)
    sending_actions.take_back_sending(sent.family.by.actor, sending=sent.sending)
    for more in ({"answer": "4"}, {"item": "epds_1"}, {"answer": "skip"}):
        assert sent.phone.client.post(f"{VISIT}1/10/", given | more)["Location"] == reverse("link_over")
    stranger = Phone(sent.phone.secret)
    assert stranger.client.post(f"{VISIT}1/10/", given)["Location"] == reverse("link_over")
    assert not Screen.objects.exists()
    assert not Task.objects.exists()


def test_protect_4_who_opens_the_link_again_does_not_learn_that_help_was_asked_for() -> None:
    sent = send(None, "check_in", language="en")
    phone = sent.phone
    phone.client.post(CHECK_IN, {"link": phone.link, "key": fresh_key(), "door": "now"}, follow=True)
    again = Phone(phone.secret)
    assert again.client.get(f"{CHECK_IN}help/")["Location"] == CHECK_IN


def test_help_asked_for_under_a_key_that_was_used_is_not_lost() -> None:
    sent = send(None, "check_in", language="en")
    form = {"link": sent.phone.link, "key": fresh_key()}
    assert sent.phone.client.post(CHECK_IN, form | {"door": "well"}).status_code == 302
    answer = sent.phone.client.post(CHECK_IN, form | {"door": "now"}, follow=True)
    assert "988" in answer.content.decode()
    assert Task.objects.filter(red=True).count() == 1


@pytest.mark.parametrize("answer", ["0019999", "1" * 5000, "٣"])
def test_a_number_that_is_no_answer_breaks_no_page(answer: str) -> None:
    sent = send(None, "epds", language="en")
    assert sent.phone.press(1, 1, answer).status_code == 400


def test_protect_1_who_looked_does_not_tell_a_supervisor_that_she_opened_the_questions_of_a_visit() -> None:
    """Her own page leaves a line of its own; a link that was opened and left none was for questions."""
    sent = send(None, "epds", language="en")
    sent.phone.press(1, 1, "1")
    supervisor = make.make_worker("agency_supervisor", sent.family.episode.organization)
    page = supervisor.client.get(reverse("family_looked", args=[sent.family.dyad.pk])).content.decode()
    assert "opened a link" not in page
    assert (
        "opened a link"
        in sent.family.by.client.get(reverse("family_looked", args=[sent.family.dyad.pk])).content.decode()
    )


def test_protect_3_what_she_chose_about_a_call_holds_for_every_answer_that_somebody_is_called_for() -> None:
    sent = send(None, "epds", "phq9", language="en")
    sent.phone.press(1, 10, "1")
    sent.phone.press(2, 9, "4")
    form = {"link": sent.phone.link, "key": fresh_key(), "wanted": "no"}
    kept = sent.phone.client.post(f"{VISIT}call-back/", form, follow=True)
    assert "nobody calls you" in kept.content.decode()
    assert list(Task.objects.filter(red=True).values_list("calls_back", flat=True)) == [False, False]


def test_the_link_to_her_own_page_is_written_also_where_one_was_shown_on_a_screen_today() -> None:
    """A code on the worker's screen is no letter: what the page says about where the link goes is true."""
    family = make.make_family()
    make.together(
        lambda act: Contact.objects.create(person=family.adult, channel="mail", address="m@example.org", safe=True)
    )
    sent = send(family, "check_in", language="en")
    families.hand_own_page(family.by.actor, episode=family.episode, person=family.adult)
    sent.phone.done()
    for _twice in range(2):
        sent.phone.client.post(f"{VISIT}own-page/", {"link": sent.phone.link, "key": fresh_key()})
    assert Letter.objects.get(template="own_page_link").to == family.adult


def test_who_cares_for_the_child_no_more_asks_for_a_page_of_her_own_and_sees_no_refusal() -> None:
    sent = send(None, "check_in", language="en")
    family = sent.family
    edge = Relationship.objects.get(from_person=family.adult, kind=Relationship.Kind.CARES_FOR)
    make.together(lambda act: Relationship.objects.filter(pk=edge.pk).update(until=clock.today(make.ZONE)))
    sent.phone.done()
    answer = sent.phone.client.post(f"{VISIT}own-page/", {"link": sent.phone.link, "key": fresh_key()})
    assert answer.status_code == 200
    assert not Letter.objects.exists()


def test_protect_4_her_own_page_does_not_tell_what_she_chose_about_a_call() -> None:
    """Who was asked about a call had given an answer that needs a person; somebody else may read this page."""
    sent = send(None, "epds", language="en")
    sent.phone.press(1, 10, "1")
    sent.phone.client.post(f"{VISIT}call-back/", {"link": sent.phone.link, "key": fresh_key(), "wanted": "no"})
    secret = families.hand_own_page(sent.family.by.actor, episode=sent.family.episode, person=sent.family.adult)
    page = Client().get(f"/l/{secret}/", follow=True).content.decode()
    assert "Nobody has written down a next step yet" in page
    assert "called" not in page.split("What happens next")[1].split("</section>")[0]


@pytest.mark.parametrize("parts", [("epds",), ("check_in",)], ids=["answer", "check-in"])
def test_protect_3_a_call_back_asked_for_when_the_link_is_over_by_then_is_kept(parts: tuple[str, ...]) -> None:
    sent = send(None, *parts, language="en")
    phone, address = sent.phone, f"{VISIT}call-back/" if "epds" in parts else f"{CHECK_IN}help/"
    if "epds" in parts:
        phone.press(1, 10, "1")
    else:
        phone.client.post(CHECK_IN, {"link": phone.link, "key": fresh_key(), "door": "now"})
    sending_actions.take_back_sending(sent.family.by.actor, sending=sent.sending)
    form = {"link": phone.link, "key": fresh_key(), "wanted": "yes"}
    assert phone.client.post(address, form).status_code == 400, "a call needs a number"
    kept = phone.client.post(address, form | {"number": "555-010-4477", "when": "now"}).content.decode()
    assert "Written down" in kept
    assert "555-010-4477" not in kept
    assert Task.objects.get(red=True).calls_back
