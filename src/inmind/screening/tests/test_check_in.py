"""A check-in in our own words: three doors, each of which can be gone through with nothing else said."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmind.access.models import AdultLink, AuditEntry, AuditSubject
from inmind.families.models import Concern
from inmind.foundation.errors import BadInput, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.identity import new_id
from inmind.foundation.registries import house
from inmind.messages.models import Letter
from inmind.screening import check_in
from inmind.screening.check_in_actions import WOULD_TALK
from inmind.screening.check_in_actions import check_in as write_down
from inmind.screening.check_in_models import CheckIn
from inmind.screening.queries import CRISIS
from inmind.tasks.models import Task
from tests import make

PAGE, HELP = "/for-you/check-in/", "/for-you/check-in/help/"


# Pure


@pytest.mark.parametrize("door", list(check_in.Door))
def test_a_door_alone_is_enough(door: check_in.Door) -> None:
    assert check_in.said(door) == check_in.Said(door, "", "")


@pytest.mark.parametrize(
    ("said", "field"), [(("sideways",), "door"), (("talk", "weather"), "about"), (("well", "", "a" * 1001), "text")]
)
def test_what_cannot_be_kept_is_named(said: tuple[str, ...], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_in.said(*said)
    assert refused.value.field == field


def test_a_topic_goes_with_talking_and_only_the_child_s_are_worries_about_the_child() -> None:
    assert not check_in.said("well", "sleep", "♥").about
    assert check_in.said("well", "sleep", "♥").words == "♥"
    about_child = {key for key in check_in.TOPICS if check_in.said("talk", key).is_worry_about_child}
    assert about_child == {"sleep", "feeding", "crying", "growing"}
    assert not check_in.said("talk").is_worry_about_child
    assert check_in.until(date(2026, 11, 30), 2) == date(2026, 12, 2)


# By link


@pytest.fixture
def family(db: Any) -> make.Family:
    made = make.make_family(make.make_worker("home_visitor"), adults=("María Ñúñez", "Canaryfather Ñúñez"))
    make.make_on_call(made.episode.organization)
    return made


@pytest.fixture
def phone(family: make.Family, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A caregiver's browser in which her link was opened."""
    monkeypatch.setitem(house.link_pages, "visit", "caregiver_check_in")
    _link, secret = make.make_link(family)
    assert client.get(f"/l/{secret}/", follow=True).status_code == 200
    return client


def send(phone: Client, *, door: str, **said: str) -> Any:
    """What her browser sends: all that the page itself holds, and what she typed. The third door is a button of its own."""
    page = phone.get(PAGE, {"door": door}).content.decode()
    form = next(part for part in page.split("<form")[1:] if 'name="key"' in part).split("</form>")[0]
    held = {
        found["name"]: found["value"]
        for one in re.findall(r"<(?:input|button)[^>]*>", form)
        if "hidden" in one or "<button" in one
        for found in [dict(re.findall(r'(name|value)="([^"]*)"', one))]
        if found.get("name")
    }
    return phone.post(PAGE, {**held, **said})


def test_who_is_well_says_what_she_is_proud_of_and_it_stands_first(phone: Client, family: make.Family) -> None:
    assert send(phone, door="well", text="She laughs at the moon.").status_code == 302
    assert "Thank you" in phone.get(f"{PAGE}?said=well").content.decode()
    page = family.by.client.get(f"/families/{family.dyad.pk}/").content.decode()
    assert page.index("She laughs at the moon.") < page.index("They are well.")
    assert not Task.objects.exists()


@pytest.mark.parametrize(("door", "said"), [("well", "said=well"), ("talk", "said=talk"), ("now", "/help/")])
def test_each_door_can_be_gone_through_with_nothing_said(phone: Client, door: str, said: str) -> None:
    answer = send(phone, door=door)
    assert answer.status_code == 302
    assert said in answer["Location"]
    page = phone.get(answer["Location"]).content.decode()
    assert "988" in page
    made = CheckIn.objects.get()
    assert (made.door, made.about, made.her_words, made.worker) == (door, "", "", None)


def test_a_worry_about_the_child_is_a_worry_and_hers_stays_hers(phone: Client, family: make.Family) -> None:
    """protect.md 1: what she says of herself is never in the child's chart."""
    send(phone, door="talk", about="crying", text="He cries for hours.")
    heard = Concern.objects.get()
    assert (heard.words, heard.said_by, heard.heard_by) == ("He cries for hours.", family.adult, None)
    send(phone, door="talk", about="mood", text="Canaryalone at night.")
    assert Concern.objects.count() == 1
    tasks = dict(Task.objects.values_list("why", "owner"))
    assert tasks == {"concern": family.by.person.pk, WOULD_TALK: family.by.person.pk}
    page = family.by.client.get(f"/families/{family.dyad.pk}/").content.decode()
    assert "Canaryalone" not in page
    entries = AuditEntry.objects.filter(verb="screening.check_in_by_link")
    assert not AuditSubject.objects.filter(entry__in=entries, kind="dyad").exists()
    assert not AuditSubject.objects.filter(entry__in=entries, ref=family.child.pk).exists()
    page = family.by.client.get(f"/tasks/{Task.objects.get(why=WOULD_TALK).pk}/").content.decode()
    assert "María would like to talk" in page
    made = CheckIn.objects.get(about="mood")
    assert "Canaryalone at night." in family.by.client.get(f"/check-ins/{made.pk}/").content.decode()


def test_a_topic_without_words_is_a_worry_in_the_words_she_chose(phone: Client, family: make.Family) -> None:
    make.together(lambda act: type(family.adult).objects.filter(pk=family.adult.pk).update(language="es"))
    with translation.override("en"):
        send(phone, door="talk", about="growing")
    with translation.override("es"):
        assert Concern.objects.get().words == translation.gettext("How my child grows and learns")


def test_help_is_the_next_page_and_a_person_is_called(phone: Client, family: make.Family) -> None:
    answer = send(phone, door="now")
    page = phone.get(answer["Location"]).content.decode()
    assert page.index("988") < page.index("Being called back")
    task = Task.objects.get()
    assert (task.why, task.red, task.about_kind, task.subject) == (CRISIS, True, "screening.CheckIn", family.adult)
    assert Letter.objects.get(about_id=task.about_id).template == "needs_a_person"
    link = str(AdultLink.objects.get().pk)
    kept = phone.post(HELP, {"key": fresh_key(), "link": link, "wanted": "yes", "number": "555-0142", "when": "now"})
    assert kept.status_code == 302
    task.refresh_from_db()
    assert (task.calls_back, task.wish["number"]) == (True, "555-0142")
    again = phone.get(HELP).content.decode()
    assert "Written down: please call." in again
    assert "555-0142" not in again, "somebody else may look at this page later"


def test_the_clinician_who_is_called_reads_that_help_is_needed(phone: Client) -> None:
    send(phone, door="now")
    task = Task.objects.select_related("owner__account").get()
    browser = make.signed_in(task.owner.account)
    assert "Somebody asked for help now" in browser.get(f"/tasks/{task.pk}/").content.decode()
    assert browser.get(f"/check-ins/{task.about_id}/").status_code == 200


def test_help_that_is_asked_for_twice_calls_one_person_who_is_told_to_look_again(phone: Client) -> None:
    send(phone, door="now")
    send(phone, door="now")
    assert CheckIn.objects.count() == Task.objects.count() == 1
    assert set(Letter.objects.values_list("template", flat=True)) == {"needs_a_person", "look_again"}


def test_where_nobody_works_help_is_shown_and_the_page_says_so(phone: Client, family: make.Family) -> None:
    make.together(lambda act: type(family.by.account.roles.get()).objects.update(until=act.today()))
    answer = send(phone, door="now")
    page = phone.get(answer["Location"]).content.decode()
    assert "988" in page
    assert "We do not know when somebody reads this." in page
    assert not Task.objects.exists()
    send(phone, door="talk", about="sleep", text="Tired.")
    assert "Nobody works there today" in phone.get(f"{PAGE}?said=talk").content.decode()
    assert CheckIn.objects.get(door="talk").her_words == "Tired."
    assert not Concern.objects.exists()


# With a worker, and for nobody else


def test_a_worker_writes_it_down_with_her_and_help_comes_first(family: make.Family) -> None:
    browser = family.by.client
    where = reverse("check_in_new", args=[family.episode.pk, family.adult.pk])
    today = family.episode.since.isoformat()
    assert browser.get(where).status_code == 200
    refused = browser.post(where, {"key": fresh_key(), "on": today})
    assert refused.status_code == 400
    assert "Choose one of the three." in refused.content.decode()
    answer = browser.post(where, {"key": fresh_key(), "door": "now", "on": today})
    page = browser.get(answer["Location"]).content.decode()
    assert page.index("988") < page.index("Being called back")
    kept = browser.post(answer["Location"], {"key": fresh_key(), "wanted": "no"})
    assert kept.status_code == 302
    assert Task.objects.get().calls_back is False
    assert CheckIn.objects.get().worker == family.by.person


def test_an_id_made_elsewhere_stays_and_comes_once(family: make.Family) -> None:
    said: dict[str, Any] = {"door": "talk", "about": "living", "text": "The rent.", "id": new_id()}
    key = fresh_key()
    made = [
        write_down(family.by.actor, key=key, episode=family.episode, adult=family.adult, **said) for _once in range(2)
    ]
    assert [one.pk for one in made] == [said["id"]] * 2
    assert Task.objects.get(why=WOULD_TALK).owner == family.by.person
    assert not Letter.objects.filter(template="next_step_waits").exists(), "she heard it herself"


def test_protect_1_it_is_for_the_care_team_alone_and_about_nobody_else(family: make.Family) -> None:
    made = write_down(family.by.actor, episode=family.episode, adult=family.adult, door="talk", text="Canarytalk")
    for role in ("home_visitor", "agency_supervisor", "family_service_coordinator", "privacy_officer"):
        stranger = make.make_worker(role, family.episode.organization)
        assert stranger.client.get(f"/check-ins/{made.pk}/").status_code == 403
        assert "How it goes" not in stranger.client.get(f"/families/{family.dyad.pk}/").content.decode()
    with pytest.raises(Refused):
        write_down(stranger.actor, episode=family.episode, adult=family.adult, door="well")
    with pytest.raises(BadInput):
        write_down(family.by.actor, episode=family.episode, adult=family.child, door="well")


def test_protect_6_safety_names_nobody_in_a_letter_and_no_button_reports(phone: Client, family: make.Family) -> None:
    send(phone, door="talk", about="safety", text="Canaryhim frightens me.")
    letter = Letter.objects.get()
    assert letter.template == "next_step_waits"
    assert set(json.loads(letter.facts)) == {"task"}
    page = family.by.client.get(f"/check-ins/{CheckIn.objects.get().pk}/").content.decode()
    assert "talk with your supervisor first, and now" in page
    main = page.split("<main")[1].split("</main")[0]
    assert "<button" not in main
