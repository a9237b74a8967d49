"""Sessions put right by both, two taps at once, what cannot be typed, and letters that can be stopped."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.events import HoursConfirmed, LetterUndelivered
from inmind.foundation.registries import house
from inmind.messages.adapters.mail import written
from inmind.messages.models import Letter
from inmind.people.models import Organization, Person
from inmind.reflection import actions, offers, queries
from inmind.reflection.models import Agreement, Presence, Reminder, Session, Version
from inmind.reflection.sessions import About, Kind
from tests import make

pytestmark = pytest.mark.django_db


def facts_of(row: Session, **other: Any) -> dict[str, Any]:
    there = frozenset(one.person_id for one in row.presences.all())
    return {
        "on": row.on,
        "minutes": row.minutes,
        "kind": Kind(row.kind),
        "about": About(row.about),
        "there": there,
    } | other


@pytest.fixture
def mira(db: Any) -> make.Worker:
    return make.make_worker("practitioner", name="Mira Vogel")


@pytest.fixture
def luz(db: Any) -> make.Worker:
    return make.make_worker("practitioner", name="Luz Ibarra")


@pytest.fixture
def row(mira: make.Worker, luz: make.Worker) -> Session:
    return make.make_session(make.make_agreement(mira, luz), luz)


def test_before_the_other_side_has_spoken_whoever_wrote_it_puts_it_right_and_what_stood_is_kept(
    luz: make.Worker, row: Session
) -> None:
    actions.correct(luz.actor, session=row, **facts_of(row, minutes=45))
    assert Session.objects.get().minutes == 45
    assert [(one.state, one.minutes) for one in Version.objects.all()] == [("agreed", 45), ("stood", 60)]


def test_a_confirmed_session_is_corrected_only_with_both(mira: make.Worker, luz: make.Worker, row: Session) -> None:
    """Through the pages: asked, shown on the other's Today, agreed; then the earlier words stand below."""
    actions.confirm(mira.actor, session=row)
    address = reverse("hours_correct", kwargs={"hours": row.pk})
    version = Session.objects.get().version
    sent = {
        "on": row.on.isoformat(),
        "minutes": "50",
        "kind": "individual",
        "about": "direct",
        "there": [str(luz.person.pk)],
        "key": "one",
        "version": version,
    }
    assert luz.client.post(address, sent).status_code == 302
    assert Session.objects.get().minutes == 60
    with pytest.raises(NotNow, match="Somebody has asked already"):
        actions.correct(mira.actor, session=row, **facts_of(row, minutes=30))
    assert "Luz Ibarra asks to put the session" in mira.client.get(reverse("today")).content.decode()
    change = Version.objects.get(state="asked")
    with pytest.raises(NotNow, match="does not wait for you"):
        actions.agree(luz.actor, change=change, yes=True)
    mira.client.post(reverse("hours_agree", kwargs={"change": change.pk}), {"yes": "yes", "key": "a", "version": 1})
    assert Session.objects.get().minutes == 50
    (held,) = queries.held_for([luz.person.pk])[luz.person.pk]
    assert (held.minutes, held.confirmed) == (50, True)
    page = luz.client.get(reverse("hours_session", kwargs={"hours": row.pk})).content.decode()
    assert "What stood here before" in page
    assert "1 h" in page
    with pytest.raises(NotNow, match="settled meanwhile"):
        actions.agree(mira.actor, change=change, yes=True)


def test_a_no_leaves_it_as_it_was_and_who_asked_may_withdraw(mira: make.Worker, luz: make.Worker, row: Session) -> None:
    actions.confirm(mira.actor, session=row)
    for who in (mira, luz):
        actions.correct(luz.actor, session=row, **facts_of(row, minutes=30))
        actions.agree(who.actor, change=Version.objects.get(state="asked"), yes=False)
    assert Session.objects.get().minutes == 60


def test_a_session_taken_back_counts_no_more(mira: make.Worker, luz: make.Worker, row: Session) -> None:
    actions.confirm(mira.actor, session=row)
    actions.correct(mira.actor, session=row, take_back=True, **facts_of(row))
    assert queries.held_for([luz.person.pk])[luz.person.pk]  # until both have said so
    actions.agree(luz.actor, change=Version.objects.get(state="asked"), yes=True)
    assert queries.held_for([luz.person.pk]) == {luz.person.pk: ()}
    assert queries.given_by([mira.person.pk]) == {mira.person.pk: ()}
    for work in (actions.confirm, lambda actor, session: actions.correct(actor, session=session, **facts_of(session))):
        with pytest.raises(NotNow, match="was taken back"):
            work(mira.actor, session=Session.objects.get())


def test_two_tabs_second_save_is_shown_what_stands_now(luz: make.Worker, row: Session) -> None:
    version = Session.objects.get().version
    actions.correct(luz.actor, session=row, **facts_of(row, minutes=45))
    with pytest.raises(Stale):
        actions.correct(luz.actor, version=version, session=row, **facts_of(row, minutes=30))
    address = reverse("hours_correct", kwargs={"hours": row.pk})
    sent = {"on": row.on, "minutes": "30", "kind": "individual", "about": "direct", "key": "k", "version": version}
    answer = luz.client.post(address, sent | {"there": [str(luz.person.pk)]}, follow=True)
    assert "Somebody changed this session meanwhile" in answer.content.decode()
    assert Session.objects.get().minutes == 45


def test_a_double_click_is_one_session_and_one_yes(mira: make.Worker, luz: make.Worker) -> None:
    agreement = make.make_agreement(mira, luz)
    facts = {"on": clock.today(make.ZONE), "minutes": 60, "kind": Kind.INDIVIDUAL, "about": About.DIRECT}
    rows = [
        actions.log(luz.actor, key="twice", agreement=agreement, there=frozenset({luz.person.pk}), **facts)
        for _ in range(2)
    ]
    assert rows[0].pk == rows[1].pk
    for _ in range(2):
        actions.confirm(mira.actor, key="tap", session=rows[0])
    with pytest.raises(NotNow, match="nothing for you to confirm"):
        actions.confirm(mira.actor, key="another tab", session=rows[0])
    assert actions.confirm_all(mira.actor, ids=frozenset({rows[0].pk})) == 0


def test_a_provider_cannot_confirm_what_they_wrote_down_through_any_page(mira: make.Worker, luz: make.Worker) -> None:
    """One by one, a month at once, or as somebody who was held."""
    own = make.make_session(make.make_agreement(mira, luz), mira)
    with pytest.raises(NotNow, match="You wrote this session down yourself"):
        actions.confirm(mira.actor, session=own)
    assert actions.confirm_all(mira.actor, ids=frozenset({own.pk})) == 0
    with pytest.raises(BadInput, match="held by themselves"):
        actions.log(mira.actor, agreement=own.agreement, **facts_of(own, there=frozenset({mira.person.pk})))
    assert not queries.held_for([luz.person.pk])[luz.person.pk][0].confirmed


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"minutes": "1500"}, "A day has 24 hours"),
        ({"minutes": "0"}, "at least one minute"),
        ({"minutes": "-5"}, "at least one minute"),
        ({"on": "2099-01-01"}, "still to come"),
        ({"on": "2020-01-01"}, "before your agreement begins, on"),
        ({"on": "yesterday"}, "valid date"),
        ({"kind": "peer"}, "valid choice"),
        ({"there": []}, "required"),
    ],
    ids=["25 hours", "zero", "negative", "future", "before", "no day", "kind", "nobody"],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    mira: make.Worker, luz: make.Worker, typed: dict[str, Any], says: str
) -> None:
    group = make.make_agreement(mira, luz, make.make_worker("practitioner"))
    said = {
        "on": clock.today(make.ZONE).isoformat(),
        "minutes": "61",
        "kind": "group",
        "about": "rsc_given",
        "there": [str(luz.person.pk)],
        "key": "bad",
    }
    answer = luz.client.post(reverse("hours_log", kwargs={"agreement": group.pk}), said | typed)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert says in text or (says == "required" and ("Please choose one" in text or "Please fill this in" in text))
    assert 'value="rsc_given"' in text
    assert not Session.objects.exists()


def test_overlapping_sessions_of_one_person_are_refused_across_agreements(mira: make.Worker, luz: make.Worker) -> None:
    noor = make.make_worker("practitioner")
    at = clock.now() - timedelta(days=1)
    first, second = make.make_agreement(mira, luz), make.make_agreement(noor, luz)
    make.make_session(first, luz, begins=at)
    with pytest.raises(BadInput, match="Nobody is in two sessions at once"):
        make.make_session(second, luz, begins=at + timedelta(minutes=59))
    make.make_session(second, luz, begins=at + timedelta(minutes=60))


def test_somebody_who_was_not_marked_adds_themselves_and_the_giver_says_so_too(
    mira: make.Worker, luz: make.Worker
) -> None:
    ana, sam = make.make_worker("practitioner"), make.make_worker("practitioner")
    group = make.make_agreement(mira, luz, ana, sam)
    session = make.make_session(group, luz, there=frozenset({luz.person.pk}))
    ana.client.post(reverse("hours_join", kwargs={"hours": session.pk}), {"key": "me"})
    assert {one.person_id for one in Presence.objects.all()} == {luz.person.pk, ana.person.pk}
    actions.confirm(mira.actor, session=session)
    assert queries.held_for([ana.person.pk])[ana.person.pk][0].confirmed
    actions.join(sam.actor, session=session)
    assert queries.held_for([sam.person.pk]) == {sam.person.pk: ()}
    actions.agree(mira.actor, change=Version.objects.get(state="asked"), yes=True)
    assert queries.held_for([sam.person.pk])[sam.person.pk][0].confirmed


def test_peers_confirm_one_another(luz: make.Worker) -> None:
    """Kept as what it is: among peers, with nobody who gives it. Whether it counts is said by the standards."""
    sam = make.make_worker("practitioner")
    group = make.make_agreement(None, luz, sam, format=make.ReflectionFormat.PEER)
    session = make.make_session(group, luz)
    actions.confirm(sam.actor, session=session)
    (held,) = queries.held_for([luz.person.pk])[luz.person.pk]
    assert (held.kind, held.provider, held.provider_holds, held.confirmed) == ("peer", "", frozenset(), True)


def test_hours_that_stand_are_announced(
    mira: make.Worker, row: Session, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from inmind.jobs.models import Job

    monkeypatch.setitem(house.subscribers, "HoursConfirmed", {"tests.heard": lambda act, event: None})
    actions.confirm(mira.actor, session=row)
    (job,) = Job.objects.filter(kind="event", payload__event="HoursConfirmed")
    assert job.payload["data"] == HoursConfirmed(session=row.pk).as_data()


def test_nobody_outside_reads_the_mail_of_who_is_held(luz: make.Worker) -> None:
    """By a second name at one's own mailbox one would confirm one's own hours."""
    mail = luz.person.contacts.get().address
    with pytest.raises(BadInput, match="address of somebody who is held"):
        make.make_agreement(None, luz, outside_name="Rosa Kern", outside_mail=mail.upper(), yes=False)
    page = {"name": "Rosa Kern", "mail": mail, "format": "individual", "about": "direct", "meets": "phone", "key": "k"}
    page |= {"since": "2026-01-05", "minutes": "60", "zone": make.ZONE, "known": "unknown"}
    page["association"] = str(make.make_association().pk)
    answer = luz.client.post(reverse("agreement_new", kwargs={"side": "held"}), page)
    assert "Nobody is held by themselves" in answer.content.decode()
    assert "Rosa Kern" in answer.content.decode()  # what was typed comes back


def test_what_was_asked_and_is_ended_asks_nobody_any_more(mira: make.Worker, luz: make.Worker) -> None:
    row = make.make_agreement(mira, luz, by=luz, yes=False)
    assert queries.proposed_to(mira.person.pk) == [row]
    actions.end(luz.actor, agreement=row, on=clock.today(make.ZONE))
    assert queries.proposed_to(mira.person.pk) == []
    with pytest.raises(NotNow, match="does not wait for you"):
        actions.answer(mira.actor, agreement=Agreement.objects.get(), yes=True)


# Letters


def test_one_letter_a_month_at_most_and_one_button_stops_them(mira: make.Worker, row: Session) -> None:
    """Whoever has sessions to confirm; the button works without signing in, and opening the page changes nothing."""
    assert actions.remind(machine("reflection.letters")) == 1
    assert actions.remind(machine("reflection.letters")) == 0
    letter = Letter.objects.get(template="reflection_waits")
    assert letter.to == mira.person
    secret = json.loads(letter.facts or "{}")["secret"]
    with clock.at(clock.now() + timedelta(days=32)):
        assert actions.remind(machine("reflection.letters")) == 1
    newer = Letter.objects.filter(template="reflection_waits").latest("created_at")
    secret = json.loads(newer.facts or "{}")["secret"]
    browser = Client()
    page = browser.get(reverse("office_link_open", kwargs={"secret": secret}), follow=True).content.decode()
    assert Reminder.objects.get().stopped_on is None
    key, link = (re.search(rf'name="{one}" value="([^"]+)"', page) for one in ("key", "link"))
    assert key
    sent = {"key": key[1]} | ({"link": link[1]} if link else {})
    browser.post(reverse("hours_asked_stop"), sent)
    assert Reminder.objects.get().stopped_on is not None
    assert browser.post(reverse("hours_asked_confirm"), sent).status_code in {302, 409}
    with clock.at(clock.now() + timedelta(days=90)):
        assert actions.remind(machine("reflection.letters")) == 0
    mira.client.post(reverse("reflection_letters"), {"key": "again", "wanted": "yes"})
    assert Reminder.objects.get().stopped_on is None


def test_somebody_outside_is_written_to_once_a_month_and_not_after_they_stopped_it(luz: make.Worker) -> None:
    row = make.make_agreement(None, luz, outside_name="Rosa Kern", outside_mail="rosa@example.org", yes=False)
    make.make_session(row, luz)
    assert Letter.objects.filter(template="office_hours").count() == 1
    assert actions.remind(machine("reflection.letters")) == 0
    with pytest.raises(NotNow, match="written to today"):
        actions.ask_outside(luz.actor, agreement=row)
    later = clock.now() + timedelta(days=33)
    with clock.at(later):
        assert actions.remind(machine("reflection.letters")) == 1
    make.together(lambda act: Agreement.objects.update(outside_stopped_on=clock.today(make.ZONE)))
    with clock.at(later + timedelta(days=33)):
        assert actions.remind(machine("reflection.letters")) == 0


def test_a_letter_that_did_not_arrive_is_seen_and_the_address_said_anew(luz: make.Worker) -> None:
    """Who is held learns it and says where; the first link opens nothing any more."""
    row = make.make_agreement(None, luz, outside_name="Rosa Kern", outside_mail="rose@example.org", yes=False)
    first = json.loads(Letter.objects.get(template="office_hours").facts or "{}")["secret"]
    letter = Letter.objects.get(template="office_hours")
    event = LetterUndelivered(letter=letter.pk, about_kind=letter.about_kind, about=row.pk)
    make.together(lambda act: actions.not_reached(act, event))
    page = luz.client.get(reverse("agreement", kwargs={"agreement": row.pk})).content.decode()
    assert "The letter to them did not arrive" in page
    where = reverse("agreement_address", kwargs={"agreement": row.pk})
    assert "rose@example.org" in luz.client.get(where).content.decode()
    assert luz.client.post(where, {"mail": "rosa@example.org", "key": "k"}).status_code == 302
    assert "did not arrive" not in luz.client.get(reverse("agreement", kwargs={"agreement": row.pk})).content.decode()
    gone = Client().get(reverse("office_link_open", kwargs={"secret": first}), follow=True)
    assert gone.status_code == 410


TELLING = re.compile(
    r"baby|child|mother|father|famil|screen|question|\banswers\b|depress|harm|suicid|crisis|clinic|visit|mental|health"
    r"|reflecti|supervis",
    re.IGNORECASE,
)
LETTERS = sorted(path.stem for path in (Path(offers.__file__).parent / "templates" / "letters").glob("*.txt"))


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_of_this_room_is_neutral_whoever_reads_it(letter: str) -> None:
    """Not what for, not with whom, and nothing of what was said: there is nothing of it."""
    facts = {
        "person": Person(given_name="Robin"),
        "installation": settings.INSTALLATION,
        "site": "https://x.org",
        "secret": "s",
        "days": 21,
        "office_of": Organization(name="The association"),
    }
    subject, body = written(letter, facts, "en")
    told = re.sub(r"https://\S+", "", body)
    assert subject
    assert not TELLING.search(f"{subject} {told}")
    if letter == "office_hours":
        assert subject == "The association: did you meet?", (
            "who asks is known to somebody who expects no letter from us"
        )
