"""Who holds whom, and how hours come to stand: whole stories through the pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.messages.models import Letter
from inmind.people.models import Relationship
from inmind.reflection import actions, queries
from inmind.reflection.models import Agreement, Asking, Offering, Session
from tests import make

pytestmark = pytest.mark.django_db


def key_of(page: Any) -> str:
    """The first key of a form on a page."""
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def secret_of(template: str = "office_hours") -> str:
    letter = Letter.objects.filter(template=template).order_by("-created_at", "-pk").first()
    assert letter is not None
    return str(json.loads(letter.facts or "{}")["secret"])


def test_luz_logs_a_group_session_on_her_phone_and_the_supervisor_confirms_the_month_by_one_tap() -> None:
    """One tap writes the usual down, one tap confirms a month; then the hours stand for everybody who was there."""
    mira, luz, ana = (make.make_worker("practitioner", name=name) for name in ("Mira Vogel", "Luz Ibarra", "Ana Lima"))
    group = make.make_agreement(mira, luz, ana, minutes=90)
    phone = luz.client
    page = phone.get(reverse("reflection"))
    assert "Mira Vogel holds you" in page.content.decode()
    sent = {"usual": "1", "key": key_of(page)}
    log = reverse("hours_log", kwargs={"agreement": group.pk})
    assert phone.post(log, sent).status_code == 302
    assert phone.post(log, sent).status_code == 302  # a double click
    make.make_session(group, luz, days_ago=1, minutes=90)
    assert Session.objects.count() == 2
    assert (
        "waits for the other side" in phone.get(reverse("agreement", kwargs={"agreement": group.pk})).content.decode()
    )

    assert "3 h more wait for your tap" in mira.client.get(reverse("reflection")).content.decode()
    for one, says in ((mira, "more wait for the other side"), (luz, "more wait for your tap")):
        assert says not in one.client.get(reverse("reflection")).content.decode()
    assert "3 h more wait for the other side" in phone.get(reverse("reflection")).content.decode()

    today = mira.client.get(reverse("today")).content.decode()
    assert "2 sessions wait for your tap" in today
    ids = re.findall(r'name="ids" value="([^"]+)"', today)
    keys = re.findall(r'name="key" value="([^"]+)"', today)
    done = mira.client.post(
        reverse("hours_confirm_month"), {"ids": ids, "key": keys[0], "next": reverse("today")}, follow=True
    )
    assert "confirmed" in done.content.decode()
    found = queries.held_for([luz.person.pk, ana.person.pk])
    assert [(one.minutes, one.confirmed) for one in found[luz.person.pk]] == [(90, True), (90, True)]
    assert [one.confirmed for one in found[ana.person.pk]] == [True, True]
    hours = luz.client.get(reverse("reflection_hours")).content.decode()
    assert "3 h" in hours


def test_an_outside_supervisor_confirms_by_link_and_opening_changes_nothing() -> None:
    """No account: one page with the month, ticks and one button; who said what they hold is kept with it."""
    luz = make.make_worker("practitioner", name="Luz Ibarra")
    row = make.make_agreement(None, luz, outside_name="Rosa Kern", outside_mail="rosa@example.org", yes=False)
    first = make.make_session(row, luz, days_ago=3)
    second = make.make_session(row, luz, days_ago=1)
    secret = secret_of()
    office = Client()
    opened = office.get(reverse("office_link_open", kwargs={"secret": secret}), follow=True)
    text = opened.content.decode()
    assert "Luz Ibarra" in text
    assert "Rosa Kern" in text
    assert not Session.objects.exclude(giver_said_at=None).exists()
    assert Agreement.objects.get().provider_said_on is None

    of_link = re.search(r'name="link" value="([^"]+)"', text)
    link = {"link": of_link[1]} if of_link else {}
    keys = re.findall(r'name="key" value="([^"]+)"', text)
    said = {"known": "some", "holds": ["MHM-C"], "key": keys[1], **link}
    kept = office.post(reverse("hours_asked_holds"), said, follow=True).content.decode()
    assert "and for those that you confirmed before and of which nobody knew what you held" in kept
    done = office.post(reverse("hours_asked_confirm"), {"ids": [str(first.pk)], "key": keys[0], **link}, follow=True)
    assert "It is confirmed" in done.content.decode()
    held = {one.id: one for one in queries.held_for([luz.person.pk])[luz.person.pk]}
    assert held[first.pk].confirmed
    assert held[first.pk].provider_holds == {"MHM-C"}
    assert not held[second.pk].confirmed
    assert Session.objects.get(pk=first.pk).holds_by == "provider"
    assert Agreement.objects.get().provider_said_on is not None

    stopped = office.post(reverse("hours_asked_stop"), {"key": keys[2], **link}, follow=True)
    assert "no more letters" in stopped.content.decode()


def test_an_expired_link_opens_nothing() -> None:
    """The page says whom to ask; nothing is told, nothing kept."""
    luz = make.make_worker("practitioner")
    row = make.make_agreement(None, luz, outside_name="Rosa Kern", outside_mail="rosa@example.org", yes=False)
    make.make_session(row, luz)
    secret = secret_of()
    with clock.at(clock.now() + timedelta(days=60)):
        gone = Client().get(reverse("office_link_open", kwargs={"secret": secret}), follow=True)
    assert gone.status_code == 410
    assert not Session.objects.exclude(giver_said_at=None).exists()


def test_an_agreement_stands_once_both_sides_have_said_yes_and_the_two_are_joined() -> None:
    """Found by the address that both know; the other side says yes by one tap; `holds` is an edge of its own."""
    luz = make.make_worker("home_visitor", name="Luz Ibarra")
    mira = make.make_worker("practitioner", name="Mira Vogel", mail="mira@example.org")
    page = luz.client.get(reverse("agreement_new", kwargs={"side": "held"}))
    assert page.status_code == 200
    sent = {
        "name": "Mira Vogel",
        "mail": "Mira@example.org",
        "format": "individual",
        "about": "direct",
        "meets": "video",
        "since": "2026-01-05",
        "minutes": "60",
        "price": "45.50",
        "languages": ["es"],
        "zone": make.ZONE,
        "association": str(make.make_association().pk),
        "known": "unknown",
        "manages": "on",
        "key": key_of(page),
    }
    assert luz.client.post(reverse("agreement_new", kwargs={"side": "held"}), sent).status_code == 302
    row = Agreement.objects.get()
    assert (row.provider, row.cents, row.languages) == (mira.person, 4550, "es")
    assert not Relationship.objects.filter(kind="holds").exists()
    today = mira.client.get(reverse("today"))
    assert "Will you hold Luz Ibarra?" in today.content.decode()
    answer = reverse("agreement_answer", kwargs={"agreement": row.pk})
    mira.client.post(answer, {"yes": "yes", "key": key_of(today)})
    edge = Relationship.objects.get(kind="holds")
    assert (edge.from_person, edge.to_person) == (mira.person, luz.person)
    assert row.places.get().is_manager  # recorded as such (`protect.md` 13)
    seen = mira.client.get(reverse("agreement", kwargs={"agreement": row.pk})).content.decode()
    assert "you are also the line manager" in seen
    end = reverse("agreement_end", kwargs={"agreement": row.pk})
    luz.client.post(end, {"on": clock.today(make.ZONE).isoformat(), "key": "end"})
    assert Relationship.objects.get(kind="holds").until is not None


def test_somebody_finds_a_provider_asks_and_is_given_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """By language and open places; a letter to the provider, an answer, and then one tap."""
    monkeypatch.setattr(house, "endorsed", lambda ids, on: {one: frozenset({"ERS"}) for one in ids})
    mira, luz = make.make_worker("practitioner", name="Mira Vogel"), make.make_worker("home_visitor", name="Luz Ibarra")
    page = mira.client.get(reverse("reflection_offer"))
    offer = {
        "format": "individual",
        "meets": "video",
        "minutes": "60",
        "free": "1",
        "languages": ["es", "en"],
        "zone": make.ZONE,
        "association": str(make.make_association().pk),
        "price": "",
        "key": key_of(page),
    }
    assert mira.client.post(reverse("reflection_offer"), offer).status_code == 302
    for there in (mira.client.get(reverse("reflection_offer")), luz.client.get(reverse("reflection_find"))):
        assert "ERS" in there.content.decode(), "her own card says of her what others see"
    assert "Mira Vogel" not in luz.client.get(reverse("reflection_find"), {"language": "fr"}).content.decode()
    assert "Mira Vogel" not in luz.client.get(reverse("reflection_find"), {"holds": "MHS"}).content.decode()
    found = luz.client.get(reverse("reflection_find"), {"language": "es", "is_open": "on"})
    assert "Ask Mira Vogel for a place" in found.content.decode()
    ask = reverse("reflection_ask", kwargs={"offering": Offering.objects.get().pk})
    luz.client.post(ask, {"key": key_of(found)})
    assert Letter.objects.filter(template="reflection_place_asked", to=mira.person).exists()
    asking = Asking.objects.get()
    where = reverse("reflection_answer_place", kwargs={"asking": asking.pk})
    given = mira.client.get(where)
    sent = {"key": key_of(given), "version": asking.version, "since": clock.today(make.ZONE).isoformat()}
    assert mira.client.post(where, sent).status_code == 302
    assert Letter.objects.filter(template="reflection_place_answered", to=luz.person).exists()
    row = Agreement.objects.get()
    assert row.provider_said_on is not None
    assert "Mira Vogel" in luz.client.get(reverse("today")).content.decode()
    luz.client.post(reverse("agreement_answer", kwargs={"agreement": row.pk}), {"yes": "yes", "key": "x"})
    assert Relationship.objects.filter(kind="holds", to_person=luz.person).exists()
    again = luz.client.get(reverse("reflection_find"), {"is_open": "on"}).content.decode()
    assert "Ask Mira Vogel" not in again


def test_where_nobody_offers_a_place_the_page_leads_to_somebody_outside() -> None:
    """No wish was set, so fewer of them find nobody."""
    client = make.make_worker("practitioner").client
    bare = client.get(reverse("reflection_find")).content.decode()
    assert "Fewer wishes" not in bare and reverse("agreement_new", kwargs={"side": "held"}) in bare
    assert "Fewer wishes" in client.get(reverse("reflection_find"), {"language": "fr"}).content.decode()
    assert "FS: Infant Family Specialist (IFS) / Early Childhood Family Specialist (ECFS)" in bare


def test_a_mentors_hours_are_split_by_what_they_were_about() -> None:
    """A worked example: 12 hours about work with families and 13 about the supervision that the mentor gives."""
    mentor, own = make.make_worker("practitioner", name="Noor Haddad"), make.make_worker("practitioner")
    direct = make.make_agreement(own, mentor)
    given = make.make_agreement(own, mentor, about=make.ReflectionAbout.RSC_GIVEN)
    for number in range(12):
        make.make_session(direct, mentor, days_ago=2 + number * 10)
    for number in range(13):
        make.make_session(given, mentor, days_ago=3 + number * 10)
    for row in Session.objects.all():
        actions.confirm(own.actor, session=row)
    page = mentor.client.get(reverse("reflection_hours")).content.decode()
    assert "25 h" in page
    assert "12 h" in page
    assert "13 h" in page
    rows = queries.held_for([mentor.person.pk])[mentor.person.pk]
    assert sum(one.minutes for one in rows if one.about_rsc_given) == 13 * 60
    assert sum(one.minutes for one in queries.given_by([own.person.pk])[own.person.pk]) == 25 * 60
