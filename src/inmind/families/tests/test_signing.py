"""María is asked on her own page: she reads, signs or says no, and takes it back there."""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import adult_links, consent_text
from inmind.access.consents import NOT_HERS, SELF, Asked, Back, Days, Holder, How, Kind, NoConsent, Purpose
from inmind.access.models import AdultLink, Consent
from inmind.families import actions
from inmind.families.actions import signing
from inmind.families.models import Proposal, Release
from inmind.families.tests.test_told import CHEN, DAY, SCREENS, TODAY, agree, agreed, at, holds, read, tell
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.people.models import Person
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

STATE = Proposal.State


@pytest.fixture(autouse=True)
def own_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(house.link_pages, "own_page", "own_agreements")


@pytest.fixture
def family() -> make.Family:
    family = make.make_family(make.make_worker(name="Luz Ibarra"))
    holds(family, family.adult, "parent")
    return family


def propose(family: make.Family, about: Person | None = None, **other: Any) -> Proposal:
    return actions.propose(
        family.by.actor,
        episode=family.episode,
        person=about or family.child,
        agreed=agreed(family, about, **({"how": How.PHONE, "paper": ""} | other)),
    )


class Hers:
    """A phone on which somebody opened her link."""

    def __init__(self, family: make.Family, purpose: str = "own_page") -> None:
        self.link, secret = make.make_link(family, purpose)
        self.client = Client()
        self.client.get(reverse("open_link", kwargs={"secret": secret}))
        self.actor = adult_links.actor_of(self.link)

    def page(self) -> str:
        return unescape(self.client.get(reverse("own_agreements")).content.decode())

    def send(self, route: str, pk: UUID, key: str = "proposal", **said: Any) -> Any:
        body = {"key": fresh_key(), "link": self.link.pk, **said}
        return self.client.post(reverse(route, kwargs={key: pk}), body)

    def sign(self, row: Proposal, **said: Any) -> Any:
        seen = signing.mark_of(signing.text_of(row, "en"))
        return self.send("own_agree", row.pk, **({"name": "María Ñúñez", "seen": seen} | said))


def test_maria_reads_signs_and_takes_it_back_on_her_own_page(family: make.Family) -> None:
    """Nothing is told before she signed; what she read stays letter by letter; nothing is told after she took it back."""
    luz = family.by.client
    sent = {
        "key": fresh_key(),
        "giver": f"parent:{family.adult.pk}",
        "recipient": CHEN,
        "purpose": "care",
        "kinds": ["served", "screens"],
        "facts_since": TODAY - 30 * DAY,
        "covered": "yes",
    }
    assert NOT_HERS in read(family.by, at(family, "family_propose"))
    for _twice in range(2):
        assert luz.post(at(family, "family_propose"), sent)["Location"] == at(family, "family_told")
    row = Proposal.objects.get()
    assert "Waits for María Ñúñez." in read(family.by, at(family, "family_told"))
    with pytest.raises(NoConsent):
        tell(family)
    hers = Hers(family)
    page = hers.page()
    assert f"may they tell {CHEN} these things about Mateo Ñúñez?" in page and "You do not have to say yes" in page
    assert "<title>InMind</title>" in page and "Mateo" not in page.partition("</head>")[0]
    refused = hers.sign(row, name=" ")  # and the page says so, with nothing in the field that she did not type
    assert refused.status_code == 400 and "[&#x27;" not in refused.content.decode()
    changed = hers.sign(row, seen="0" * 64)
    assert "The words have changed" in unescape(changed.content.decode()) and not Consent.objects.exists()
    for _twice in range(2):
        assert hers.sign(row)["Location"] == reverse("own_agreements")
    consent = Consent.objects.get()
    row.refresh_from_db()
    assert (row.state, row.consent, row.signed, row.link) == (STATE.AGREED, consent, "María Ñúñez", hers.link.pk)
    assert row.shown == signing.text_of(row, "en") and (row.language, row.edition, row.zone) == (
        "en",
        consent_text.EDITION,
        make.ZONE,
    )
    assert (consent.how, consent.written_by, consent.given_by) == ("phone", family.adult, family.adult)
    assert tell(family).consent == consent
    copy = read(family.by, at(family, "family_agreed", consent=consent.pk))
    assert "What was read and signed" in copy and "Nobody asks you why." in copy
    assert "What you read and signed" in hers.page()
    for _twice in range(2):
        hers.send("own_withdraw", consent.pk, "consent")
    consent.refresh_from_db()
    assert (consent.revoked_said, consent.revoked_how) == ("María Ñúñez", Back.OWN_PAGE)
    assert "You took this back." in hers.page()
    with pytest.raises(NoConsent):
        tell(family)


def test_protect_5_a_no_is_an_answer_that_nothing_follows_from(family: make.Family) -> None:
    """No reason, no task, no consent; and she is served as before."""
    row, hers = propose(family), Hers(family)
    hers.send("own_decline", row.pk)
    row.refresh_from_db()
    assert (row.state, row.shown, row.signed, row.consent) == (STATE.NO, None, None, None)
    assert not Consent.objects.exists() and not Task.objects.exists()
    assert "said no on" in read(family.by, at(family, "family_told"))
    with pytest.raises(NotNow):
        actions.agree_by_link(hers.actor, link=hers.link, proposal=row.pk, seen="", name="María", language="en")
    actions.visit(family.by.actor, episode=family.episode, on=TODAY, place="home", minutes=30)
    page = read(family.by, reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    assert "Nothing that is given here depends on one" in page and "said no" not in page


def test_a_worker_takes_back_what_was_asked_and_nothing_that_was_answered(family: make.Family) -> None:
    row = propose(family)
    address = at(family, "family_take_back_proposal", proposal=row.pk)
    for _twice in range(2):
        assert family.by.client.post(address, {"key": fresh_key()}).status_code == 302
    row.refresh_from_db()
    assert row.state == STATE.TAKEN_BACK
    assert Hers(family).sign(row)["Location"] == reverse("own_agreements") and not Consent.objects.exists()


def test_protect_4_a_link_reaches_what_its_own_adult_is_asked_and_gave(family: make.Family) -> None:
    """Not another adult's, not another family's, not by a visit's link, and not once the link has ended."""
    two = make.make_family(make.make_worker(), child="Noa Berg", adults=("Ida Berg", "Ola Berg"))
    row, theirs = propose(family), Hers(two)
    consent = agree(family)
    assert CHEN not in theirs.page()
    for name, pk, key in (("own_agree", row.pk, "proposal"), ("own_decline", row.pk, "proposal")):
        theirs.send(name, pk, key, name="Ida", seen=signing.mark_of(signing.text_of(row, "en")))
    theirs.send("own_withdraw", consent.pk, "consent")
    row.refresh_from_db()
    consent.refresh_from_db()
    assert (row.state, consent.revoked_at) == (STATE.OPEN, None)
    with pytest.raises(Refused):  # an action that is handed another's link
        actions.withdraw_by_link(theirs.actor, link=Hers(family).link, consent=consent.pk)
    visit = Hers(family, "visit")
    with pytest.raises(NotNow):
        actions.decline_by_link(visit.actor, link=visit.link, proposal=row.pk)
    hers = Hers(family)
    make.together(lambda act: adult_links.end(act, AdultLink.objects.get(pk=hers.link.pk)))
    assert hers.sign(row)["Location"] == reverse("link_over")


def test_what_cannot_be_agreed_to_is_not_asked(family: make.Family) -> None:
    """Nor of a court, nor of somebody in a capacity that is not theirs."""
    wrong: list[dict[str, Any]] = [
        {"given_by": Holder(None, "County court", "court", None)},
        {"kinds": frozenset({Kind.SCREENS, Kind.SUBSTANCE_USE})},
        {"kinds": frozenset({Kind.TRIBAL})},
        {"until": TODAY},
        {"counsel": "Ana Ruiz"},
    ]
    for other in wrong:
        with pytest.raises(BadInput):
            propose(family, **other)
    with pytest.raises(NoConsent):
        propose(family, given_by=Holder(family.adult.pk, family.adult.name, "legal_guardian", None))
    assert not Proposal.objects.exists()


def test_who_may_not_agree_any_more_signs_nothing(family: make.Family) -> None:
    """An order came between the question and the answer: the page says what is missing, and keeps nothing."""
    row, hers = propose(family), Hers(family)
    order = {"name": "County court", "capacity": "court", "document": "court_order", "since": TODAY}
    actions.note_consent(family.by.actor, episode=family.episode, **order)
    answer = hers.sign(row)
    assert answer.status_code == 302 and "You cannot sign this today." in hers.page()
    row.refresh_from_db()
    assert (row.state, row.shown) == (STATE.OPEN, None) and not Consent.objects.exists()


def test_what_she_takes_back_by_her_link_stops_a_file(family: make.Family) -> None:
    consent = agree(family, about=family.adult, kinds=SCREENS)
    asked = Asked(family.adult.pk, CHEN, Purpose.CARE, SCREENS, Days(TODAY - 30 * DAY, TODAY), about_child=False)
    there = {"episode": family.episode, "person": family.adult}
    row = actions.release(family.by.actor, **there, asked=asked, language="en")
    hers = Hers(family)
    assert "about Mateo" not in hers.page()
    actions.withdraw_by_link(hers.actor, link=hers.link, consent=consent.pk)
    row.refresh_from_db()
    assert row.state == Release.State.STOPPED and consent.capacity == SELF
