"""What comes between a flag and support, through the pages and without a browser: a program that cannot, a visit to which
nobody opened, a consent that is taken back midway, and a child whose placement changes who may sign.

At each turn everybody reads what is theirs: the worker, the mother, the program by its link, and whoever cares for the child.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import Disclosure
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.people.models import Contact, Person
from inmind.people.reaching import Way
from inmind.services.models import Listing, Referral, ServiceEpisode
from inmind.services.referrals import answer_offers
from inmind.services.referrals.answer_actions import NO_MORE
from inmind.services.referrals.referral import State, Why
from inmind.services.running.attendance import State as Came
from inmind.services.tests.test_answering import WORDS, Case
from tests import make

pytestmark = pytest.mark.django_db

DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOT_HERS = "could not do it. That is not yours"


def today() -> date:
    return clock.today(make.ZONE)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


def test_what_comes_between_a_flag_and_support_is_said_to_each_as_it_is() -> None:
    luz = make.make_worker(name="Luz Ibarra")
    family = make.make_family(luz, due_in_days=98, adults=(AdultFacts("María", "Ñúñez", "mother"),))
    families.keep_way(luz.actor, episode=family.episode, person=family.adult, way=Way("text", "206-555-0142", True))
    circle = listed(family, "Circle before birth", "rose", "Birch House")
    declined = sent(family, make.make_listing(family.episode.organization))
    second = _cannot_and_the_next_is_asked(declined, circle)
    service = _begins(second)
    _does_not_come_about(second, service)
    _takes_it_back(family, listed(family, "Talks at home", "mothers_and_babies", "Harbor Talks"))
    assert second.now.stands is State.STARTED, "what began with another consent runs on"
    _is_placed_elsewhere(luz)


def listed(family: make.Family, name: str, program: str, provider: str) -> Listing:
    mail = f"{provider.lower().replace(' ', '-')}@example.org"
    known = {"name": name, "program": program, "provider_name": provider, "refer_mail": mail}
    return make.make_listing(family.episode.organization, **known)


def sent(family: make.Family, listing: Listing, **said: Any) -> Case:
    """A referral that the program has opened by a code that was read out, and has."""
    case = Case(family, make.make_referral(family, listing, hopes=WORDS[1], reach=WORDS[2], **said))
    case.calls()
    case.says("received")
    return case


def luz_reads(case: Case) -> str:
    return text(case.family.by.client.get(f"/referrals/{case.row.pk}/"))


# A program that cannot


def _cannot_and_the_next_is_asked(first: Case, circle: Listing) -> Case:
    assert "Please choose one." in first.says("declined", status=400)
    first.says("declined", why="no_place", note="Ask Birch House.")
    run_due()
    first.page(status=410)
    assert NOT_HERS in first.hers()
    page, luz = luz_reads(first), first.family.by.client
    assert "The waiting is the system’s" in page and "Ask Birch House." in page
    [draft] = re.findall(rf'href="([^"]+)">{circle.name}', page)
    way = Contact.objects.get(person=first.family.adult)
    words = {"to_call": first.row.to_call_id, "hopes": WORDS[1], "reach": way.pk, "who": "send"}
    there = luz.post(draft, {"key": fresh_key(), **words})["Location"]
    assert "what is missing" in text(luz.get(there)), "what was agreed to for one program is not agreed to for another"
    make.make_consent(first.family, circle.provider_name)
    row = Referral.objects.get(listing=circle)
    asked = {"what": "send", "key": fresh_key(), "version": row.version}
    assert luz.post(there, asked).status_code == 302
    letter = Letter.objects.get(about_id=row.pk, template="office_referral")
    assert circle.refer_mail in (letter.facts or "")
    hers = first.hers()
    assert "We asked a place you know" in hers and "Circle before birth" in hers and NOT_HERS in hers
    second = Case(first.family, row)
    second.calls()
    second.says("received")
    return second


# A visit to which nobody opened


def _begins(case: Case) -> ServiceEpisode:
    case.says("accepted", caller="Rosa", calls_on=str(today() + DAY))
    assert "Rosa will call on" in case.hers() and "Rosa calls on" in luz_reads(case)
    with clock.at(clock.now() + 3 * DAY):
        assert "was to call on" in case.hers() and "Rosa was to call on" in luz_reads(case)
    for to in ("contacted", "started"):
        case.says(to, on=str(today()))
    run_due()
    assert "It has begun with a place you know" in case.hers() and "Rosa calls" not in luz_reads(case)
    service = ServiceEpisode.objects.get()
    assert reverse("service", args=[service.pk]) in luz_reads(case)
    return service


def _does_not_come_about(case: Case, service: ServiceEpisode) -> None:
    """Two of the first three: a call is worth it, and only the care team learns that."""
    luz, page = case.family.by, reverse("service", args=[service.pk])
    first = {"key": fresh_key(), "first": today(), "times": 3, "every_days": 7}
    assert luz.client.post(reverse("service_sessions", args=[service.pk]), first).status_code == 302
    noted = [(Came.NO_ONE_CAME, "worker"), (Came.BY_PROGRAM, "program"), (Came.ATTENDED, "worker")]
    sessions = list(service.sessions.order_by("on"))

    def note(number: int, came: Came, by: str) -> None:
        one, minutes = sessions[number], "60" if came is Came.ATTENDED else ""
        said = {"key": fresh_key(), "state": came, "on": one.on, "minutes": minutes, "because": "", "said_by": by}
        assert luz.client.post(reverse("service_session", args=[one.pk]), said).status_code == 302

    with clock.at(clock.now() + 8 * DAY):
        for number, (came, by) in enumerate(noted[:2]):
            note(number, came, by)
        assert "Worth a call" in text(luz.client.get("/today/"))
        shown = text(luz.client.get(page))
        assert "Worth a call: 2 sessions did not come about." in shown
        assert "1 of them was cancelled by the program: call there, too." in shown
        coordinator = make.make_worker("family_service_coordinator", case.family.episode.organization)
        for others in (text(coordinator.client.get("/today/")), case.hers(), case.page()):
            assert "orth a call" not in others and "did not come about" not in others
        assert luz.client.post(reverse("service_called", args=[service.pk]), {"key": fresh_key()}).status_code == 302
        assert "Worth a call" not in text(luz.client.get("/today/"))
        note(0, Came.BY_FAMILY, "worker")
        service.refresh_from_db()
        assert service.worth_a_call_on is None, "an old one written anew calls for nothing new"
    with clock.at(clock.now() + 15 * DAY):
        note(2, *noted[2])
        assert "It took place: 1" in text(luz.client.get(page))


# A consent that is taken back midway


def _takes_it_back(family: make.Family, listing: Listing) -> None:
    case, told = sent(family, listing), Disclosure.objects.count()
    assert all(word in case.page() for word in WORDS)
    seen = case.now.version
    browser, (link, secret) = Client(), make.make_link(family, "own_page")
    browser.get(f"/l/{secret}/")
    back = reverse("own_withdraw", args=[case.row.consent_id])
    browser.post(back, {"key": fresh_key(), "link": link.pk})
    assert not any(word in case.page(status=410) for word in WORDS), "at the next request"
    case.says("accepted", caller="Rosa", version=seen)  # from a page that was open, and too late
    run_due()
    assert (case.now.stands, case.now.why) == (State.CLOSED, Why.CONSENT_WITHDRAWN)
    assert [step.state for step in case.row.as_steps[2:]] == [State.RECEIVED, State.CLOSED]
    assert Letter.objects.get(template="office_taken_back", about_id=case.row.pk).to is None, "and nobody is told why"
    assert "You took back what may be told" in text(browser.get("/for-you/"))
    page = luz_reads(case)
    assert "was taken back on" in page and WORDS[1] not in page
    assert Disclosure.objects.count() == told, "what was told stays on record"
    on_record = reverse("family_told", args=[family.dyad.pk, family.adult.pk])
    assert listing.provider_name in text(family.by.client.get(on_record))


# A placement that changes who may sign


def _is_placed_elsewhere(luz: make.Worker) -> None:
    """The mother signed for her child; from the day on which a foster mother decides, nothing is told by that."""
    family = make.make_family(luz)
    group, play = (listed(family, *one) for one in (("Baby group", "pat", "Group"), ("Play", "pfr", "Playhouse")))
    case = sent(family, group, about=family.child)
    make.make_consent(family, play.provider_name, about=family.child)
    joy = _comes_to_joy(family)
    assert not any(word in case.page(status=410) for word in WORDS)
    assert "Nothing of it is told to Baby group now." in case.hers()
    assert "They can read nothing of it now: what is missing" in luz_reads(case)
    with clock.at(clock.now() + 8 * DAY):
        answer_offers.look_after(None)  # type: ignore[arg-type]
        assert case.owed(NO_MORE)
    there = {"about": family.child, "to_call": joy, "reach": "Call 206-555-0199"}
    other = make.make_referral(family, play, sent=False, **there)
    asked = {"what": "send", "key": fresh_key(), "version": other.version}
    refused = luz.client.post(f"/referrals/{other.pk}/", asked)
    assert "María Ñúñez agreed, and today nothing here says" in text(refused, 409)
    assert not Disclosure.objects.filter(recipient=play.provider_name).exists()
    for row in (other, case.row):
        _joy_agrees(family, joy, row)
    assert luz.client.post(f"/referrals/{other.pk}/", asked | {"key": fresh_key()}).status_code == 302
    told = Disclosure.objects.get(recipient=play.provider_name)
    assert told.consent is not None and told.consent.given_by == joy
    assert "Somebody else agreed for the child." in luz_reads(case), "how her mother is reached is not Joy's to tell"
    make.make_consent(family, group.provider_name)
    assert all(word in case.page() for word in WORDS[1:]), "by both it is read again"
    assert "now: what is missing" not in luz_reads(case)


def _comes_to_joy(family: make.Family) -> Person:
    luz, ids = family.by.client, {"dyad": family.dyad.pk}
    joy = {"key": fresh_key(), "given_name": "Joy", "family_name": "Lund", "part": "foster_mother"}
    assert luz.post(reverse("family_add_adult", kwargs=ids), joy).status_code == 302
    person = Person.objects.get(given_name="Joy")
    holds = {"holder": person.pk, "capacity": "foster_with_consent", "document": "placement", "since": today()}
    assert luz.post(reverse("family_consent", kwargs=ids), {"key": fresh_key(), **holds}).status_code == 302
    return person


def _joy_agrees(family: make.Family, joy: Person, row: Referral) -> None:
    """Written down on the page to which the referral leads, which asks for just what it tells."""
    luz = family.by.client
    [ask] = re.findall(r'href="([^"]+/told/agree/[^"]+)"', text(luz.get(f"/referrals/{row.pk}/")))
    form = luz.get(ask.replace("&amp;", "&")).context["form"]
    names = ("key", "recipient", "purpose", "kinds", "facts_since", "since", "edition")
    agreed = {name: form[name].value() for name in names}
    said = {"giver": f"foster_with_consent:{joy.pk}", "how": "spoken", "language": "en"}
    assert luz.post(ask.replace("&amp;", "&"), agreed | said)["Location"] == f"/referrals/{row.pk}/"
