"""A referral on its pages: drafted, shown as it will be read, sent by a consent, followed, and refused where it must be."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from inmind.access import adult_links
from inmind.access.consents import SELF, How
from inmind.access.models import Consent, Disclosure
from inmind.families import actions as families
from inmind.families.actions import signing
from inmind.families.models import Proposal
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.people.models import Contact
from inmind.people.reaching import Way
from inmind.services.models import Listing, Referral, ReferralStep
from inmind.services.referrals import actions, office
from inmind.services.referrals.forms import way_said
from inmind.services.referrals.referral import State, Why
from inmind.services.referrals.told import told
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
SAFE, UNSAFE = "206-555-0142", "206-555-0187"


@pytest.fixture
def family() -> make.Family:
    """A mother who may be texted at one number, and must never be called at another."""
    made = make.make_family(make.make_worker(name="Dana Wells"), due_in_days=98)
    for channel, address, safe in (("text", SAFE, True), ("phone", UNSAFE, False)):
        way = Way(channel, address, safe)
        families.keep_way(made.by.actor, episode=made.episode, person=made.adult, way=way)
    return made


def draft_url(family: make.Family, listing: Listing) -> str:
    named = {"episode": family.episode.pk, "person": family.adult.pk, "listing": listing.pk}
    return reverse("referral_draft", kwargs=named)


def typed(family: make.Family, **other: str) -> dict[str, str]:
    way = Contact.objects.get(person=family.adult, safe=True)
    return {
        "key": fresh_key(),
        "to_call": str(family.adult.pk),
        "hopes": "Somebody who comes home.",
        "tells": "She likes mornings.",
        "reach": str(way.pk),
        "reach_more": "Ask for Ana",
        "who": "send",
        **other,
    }


def drafted(family: make.Family, **other: str) -> Referral:
    listing = make.make_listing(family.episode.organization)
    assert family.by.client.post(draft_url(family, listing), typed(family, **other)).status_code == 302
    return Referral.objects.get()


def at(row: Referral) -> str:
    return f"/referrals/{row.pk}/"


def send(worker: make.Worker, row: Referral, what: str, **said: str) -> Any:
    row = Referral.objects.get(pk=row.pk)
    return worker.client.post(at(row), {"what": what, "key": fresh_key(), "version": str(row.version)} | said)


def test_from_a_draft_in_her_words_to_what_the_program_said(family: make.Family) -> None:
    browser = family.by.client
    row = drafted(family)
    shown = browser.get(at(row)).content.decode()
    assert shown.index("Somebody who comes home.") < shown.index("She likes mornings.")
    assert (
        "Send a text to +1 206 555 0142; neutral words only · Ask for Ana" in shown
        and UNSAFE not in shown
        and "expected in" in shown
    )
    assert "In which language" not in shown, "nobody has said yet"
    speaks = {"language": "es", "spoken": "Mixtec", "interpreter": True}
    families.describe_speech(family.by.actor, episode=family.episode, person=family.adult, **speaks)
    assert "Spanish · Mixtec · an interpreter is wanted" in browser.get(at(row)).content.decode()
    assert "Nobody’s consent to tell anything" in shown and "Send it" not in shown
    refused = send(family.by, row, "send")
    assert refused.status_code == 409 and "Nothing is told without it" in refused.content.decode()
    ask = f"/families/{family.dyad.pk}/people/{family.adult.pk}/told/agree/?episode={family.episode.pk}&for={row.pk}"
    form = browser.get(ask).context["form"]
    assert (form["recipient"].value(), form["purpose"].value()) == ("Lakeside Nurses", "care")
    assert set(form["kinds"].value()) == {"served", "whereabouts", "said"}
    agreed = {
        **{
            name: form[name].value()
            for name in ("key", "recipient", "purpose", "kinds", "facts_since", "since", "edition")
        },
        "giver": f"{SELF}:{family.adult.pk}",
        "how": How.SPOKEN,
        "language": "en",
    }
    answer = browser.post(ask, agreed)
    assert answer.headers["Location"] == at(row)
    assert "Send it" in browser.get(at(row)).content.decode()
    assert send(family.by, row, "send").status_code == 302
    told = Disclosure.objects.get()
    assert (told.consent_id, told.manner) == (Consent.objects.get().pk, "page")
    assert told.words.startswith("Nurses at home: What the family hopes for, For whom")
    tuesday = (TODAY + timedelta(days=3)).isoformat()
    called = {
        "to": "accepted",
        "on": TODAY.isoformat(),
        "caller": "Rosa",
        "calls_on": tuesday,
        "calls_said": "I like dogs.",
    }
    assert send(family.by, row, "said", **called).status_code == 302
    missed = {"tried": "cancelled", "on": TODAY.isoformat(), "cancelled_by": "program", "note": "The car broke down."}
    assert send(family.by, row, "try", **missed).status_code == 302
    shown = browser.get(at(row)).content.decode()
    for words in ("Rosa calls on", "I like dogs.", "The car broke down.", "cancelled by: the program", "Look after it"):
        assert words in shown
    assert "they said yes" in browser.get(f"/families/{family.dyad.pk}/").content.decode()


def test_what_fits_next_is_neither_there_already_nor_waited_for(family: make.Family) -> None:
    row = make.make_referral(family)
    for name, provider in (("Others of the same", "Others"), ("Waits already", "Larkspur")):
        listing = make.make_listing(family.episode.organization, name=name, provider_name=provider)
    make.make_referral(family, listing, sent=False)
    assert send(family.by, row, "said", to="declined", why="no_place", on=TODAY.isoformat()).status_code == 302
    shown = family.by.client.get(at(row)).content.decode()
    assert "Others of the same" in shown and "Waits already" not in shown


def test_a_referral_is_closed_only_with_a_reason(family: make.Family) -> None:
    row = make.make_referral(family)
    assert send(family.by, row, "close", on=TODAY.isoformat()).status_code == 400
    closed = send(family.by, row, "close", on=TODAY.isoformat(), why="family_chose_otherwise")
    assert closed.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.why) == (State.CLOSED, Why.FAMILY_CHOSE_OTHERWISE)
    assert "What fits next" not in family.by.client.get(at(row)).content.decode()


def test_what_two_tabs_change_is_shown_side_by_side_and_a_second_click_leaves_one_referral(family: make.Family) -> None:
    listing = make.make_listing(family.episode.organization)
    sent = typed(family)
    browser = family.by.client
    assert len({browser.post(draft_url(family, listing), sent).headers["Location"] for _ in range(2)}) == 1
    row = Referral.objects.get()
    change = f"{at(row)}change/"
    mine = typed(family, reach="keep", version=str(row.version), hopes="Mine.")
    actions.change_draft(family.by.actor, referral=row, hopes="Theirs.", reach=row.reach or "")
    both = browser.post(change, mine)
    assert both.status_code == 409
    assert "Theirs." in both.content.decode() and "Mine." in both.content.decode()
    again = {name: both.context["form"].data[name] for name in both.context["form"].data}
    assert browser.post(change, again).status_code == 302
    row.refresh_from_db()
    assert row.hopes == "Mine."
    stale = {
        "what": "said",
        "key": fresh_key(),
        "version": "1",
        "to": "received",
        "on": TODAY.isoformat(),
        "note": "Kept.",
    }
    make.make_consent(family, row.recipient)
    assert send(family.by, row, "send").status_code == 302
    answer = browser.post(at(row), stale)
    assert answer.status_code == 409 and "Kept." in answer.content.decode()
    assert answer.context["forms"]["said"].data["version"] != "1"


def test_only_a_safe_way_leaves_the_house_also_when_it_became_unsafe_since(family: make.Family) -> None:
    listing = make.make_listing(family.episode.organization)
    browser, page = family.by.client, draft_url(family, listing)
    unsafe = Contact.objects.get(person=family.adult, safe=False)
    for wrong in (
        {"reach": str(unsafe.pk)},
        {"tells": f"Her number is {UNSAFE}."},
        {"reach_more": "or (206) 555 0187"},
    ):
        answer = browser.post(page, typed(family, **wrong))
        assert answer.status_code == 400 and "Somebody who comes home." in answer.content.decode()
    ssn = browser.post(page, typed(family, tells="It is 078-05-1120."))
    assert ssn.status_code == 400 and "social security number" in ssn.content.decode()
    assert not Referral.objects.exists()
    row = drafted(family)
    make.make_consent(family, row.recipient)
    safe = Contact.objects.get(person=family.adult, safe=True)
    families.end_way(family.by.actor, episode=family.episode, person=family.adult, way=safe.pk)
    with pytest.raises(BadInput, match="not known to be safe"):
        actions.send(family.by.actor, referral=row)
    assert send(family.by, row, "send").status_code == 400
    assert not Disclosure.objects.exists()


def test_another_adult_s_unsafe_number_is_told_by_no_field_and_by_none_together() -> None:
    """The father is called about the child; the mother's number is not safe, and her words would give it away."""
    family = make.make_family(adults=("José Ñúñez", "María Ñúñez"))
    father, mother = family.adults
    home = {"episode": family.episode, "person": mother, "way": Way("phone", "206-555-0142", False)}
    families.keep_way(family.by.actor, **home)
    listing = make.make_listing(family.episode.organization)
    there = {"about": family.child, "sent": False}
    for said in ({"tells": "Her mother: 206-555-0142"}, {"hopes": "55 01 42", "tells": "206 5"}, {"reach": "555-0142"}):
        with pytest.raises(BadInput, match="not known to be safe"):
            make.make_referral(family, listing, **there, **said)
    families.keep_way(family.by.actor, episode=family.episode, person=father, way=Way("phone", "206-555-0142", True))
    assert make.make_referral(family, listing, **there, tells="Call 206-555-0142").tells, "it is his own, and safe"


def test_a_program_reads_the_ways_that_are_safe_now_and_that_they_changed(family: make.Family) -> None:
    at_home = {"episode": family.episode, "person": family.adult}
    families.keep_way(family.by.actor, way=Way("mail", "maria@example.org", safe=True), **at_home)
    words = {"hopes": "Write to maria@example.org.", "tells": "She likes mornings."}
    made = make.make_referral(family, reach=f"{way_said(of(family, 'text'))} · Ask for Ana", **words)

    def read() -> dict[str, str]:
        return {line["term"]: line["value"] for line in told(Referral.objects.get(pk=made.pk))}

    reach, changed = "How to reach them safely, and in no other way", "Changed since it was sent"
    with override("es"):
        assert len(read()) == 8, "in whatever language it was written, nothing has changed"
    before = read()
    assert before[reach] == "Send a text to +1 206 555 0142; neutral words only · Ask for Ana"
    run_due()
    assert not Task.objects.filter(why="referral_way").exists()
    evening = Way("text", SAFE, safe=True, after=time(18))
    families.keep_way(family.by.actor, way=evening, **at_home)
    run_due()
    assert Task.objects.get(why="referral_way").owner == family.by.person, "who may have written it down is called"
    by_mail = "Write an email to maria@example.org; neutral words only"
    assert read()[reach] == f"Send a text to +1 206 555 0142; after 18:00; neutral words only · {by_mail} · Ask for Ana"
    families.keep_way(family.by.actor, way=Way("text", SAFE, safe=False), **at_home)
    assert read()[reach] == f"{by_mail} · Ask for Ana" and "no way that you read" in read()[changed]
    families.end_way(family.by.actor, way=of(family, "mail").pk, **at_home)
    after = read()
    assert "555 0142" not in str(after) and "maria@" not in str(after)
    assert after[reach].startswith("No way is known to be safe now.") and after["What we write"] == words["tells"]
    assert "maria@" not in (sheet := family.by.client.get(reverse("referrals_sheet_file")).content.decode())
    assert "Changed since it was sent: No way" in sheet
    closing = {"referral": made, "to": State.CLOSED, "on": TODAY, "why": Why.FAMILY_CHOSE_OTHERWISE}
    actions.note_step(family.by.actor, **closing)
    run_due()
    assert Task.objects.get(why="referral_way").closed_at is not None


def of(family: make.Family, channel: str) -> Contact:
    return Contact.objects.get(person=family.adult, channel=channel)


def test_without_a_safe_way_or_anybody_who_may_agree_the_draft_is_kept_and_says_the_next_step() -> None:
    toddler = make.make_family(make.make_worker())
    listing = make.make_listing(toddler.episode.organization)
    named = {"episode": toddler.episode.pk, "person": toddler.child.pk, "listing": listing.pk}
    page, her = reverse("referral_draft", kwargs=named), f"/people/{toddler.adult.pk}/"
    assert her in toddler.by.client.get(page).content.decode()
    sent = {"key": fresh_key(), "to_call": str(toddler.adult.pk), "who": "send"}
    assert toddler.by.client.post(page, sent).status_code == 302
    row = Referral.objects.get()
    shown = toddler.by.client.get(at(row)).content.decode()
    assert "No safe way to reach them is named" in shown and her in shown and "Send it" not in shown
    assert "Write down who may consent" in shown and "Ask for a signature" not in shown
    make.make_consent(toddler, listing.provider_name, about=toddler.child)
    assert send(toddler.by, row, "send").status_code == 400
    assert "Send it" not in toddler.by.client.get(at(row)).content.decode()


def test_what_is_written_to_a_program_warns_of_a_screen_and_blocks_nothing(family: make.Family) -> None:
    page = draft_url(family, make.make_listing(family.episode.organization))
    warned = family.by.client.post(page, typed(family, tells="Her EPDS was 18."))
    assert warned.status_code == 400 and "No screen and no score goes to a program" in warned.content.decode()
    kept = {"tells": "She calls her boat EPDS.", "is_something_else": "on"}
    assert family.by.client.post(page, typed(family, **kept)).status_code == 302


def test_a_family_that_carries_it_itself_needs_no_consent_and_nothing_is_told(family: make.Family) -> None:
    row = drafted(family, who="carry")
    assert "nothing is told by us" in family.by.client.get(at(row)).content.decode()
    assert send(family.by, row, "send").status_code == 302
    assert (Referral.objects.get().state, Disclosure.objects.count()) == (State.SENT, 0)


def test_she_is_asked_on_her_own_phone_for_exactly_what_would_be_told(
    family: make.Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = drafted(family)
    ask = f"/families/{family.dyad.pk}/people/{family.adult.pk}/told/ask/?episode={family.episode.pk}&for={row.pk}"
    form = family.by.client.get(ask).context["form"]
    names = ("key", "recipient", "purpose", "kinds", "facts_since", "facts_until", "giver")
    sent = {name: form[name].value() for name in names}
    assert family.by.client.post(ask, sent).headers["Location"] == at(row)
    asked = Proposal.objects.get()
    assert (asked.recipient, set(asked.kinds.split())) == (row.recipient, {"served", "whereabouts", "said"})
    assert "Somebody who comes home." in family.by.client.get(ask).content.decode()
    hers = signing.text_of(asked, "en")
    for words in ("The program: Nurses at home", "She likes mornings.", "no more", "Nothing from other days"):
        assert words in hers
    with monkeypatch.context() as quiet:
        quiet.setattr(office, "is_quiet", lambda _referral: True)
        assert "Nurses at home" not in signing.text_of(asked, "en"), (
            "whose name alone tells of her stands folded, as before"
        )
    asked.asked_id = family.child.pk  # anybody else
    assert "She likes mornings." not in signing.text_of(asked, "en")
    asked.asked_id = family.adult.pk
    shown = family.by.client.get(at(row)).content.decode()
    assert f"/people/{family.adult.pk}/own-page/" in shown
    assert "It waits on the own page of" in family.by.client.get(at(row)).content.decode()
    today = "/today/"
    assert "can be sent" not in family.by.client.get(today).content.decode()
    link, _secret = make.make_link(family, "own_page")
    seen = signing.mark_of(signing.text_of(asked, "en"))
    signs = {"proposal": asked.pk, "seen": seen, "name": "Her own name", "language": "en"}
    families.agree_by_link(adult_links.actor_of(link), link=link, **signs)
    assert "the referral to Nurses at home can be sent" in family.by.client.get(today).content.decode()
    other = make.make_family(family.by)
    elsewhere = f"/families/{other.dyad.pk}/people/{other.adult.pk}/told/agree/?for={row.pk}"
    assert family.by.client.get(elsewhere).context["form"]["recipient"].value() is None


def test_others_neither_draft_nor_open_it_and_a_coordinator_reads_no_hopes(family: make.Family) -> None:
    row = make.make_referral(family, hopes="Somebody who comes home.")
    coordinator = make.make_worker("family_service_coordinator", family.by.agency)
    shown = coordinator.client.get(at(row)).content.decode()
    assert "Somebody who comes home." not in shown and "for the care team" in shown
    assert send(coordinator, row, "said", to="received", on=TODAY.isoformat()).status_code == 302
    assert coordinator.client.get(draft_url(family, row.listing)).status_code == 403
    assert coordinator.client.get(f"{at(row)}change/").status_code == 403
    stranger = make.make_worker(at=make.make_network().agencies[1])
    assert stranger.client.get(at(row)).status_code == 403
    assert send(stranger, row, "try", tried="called", on=TODAY.isoformat()).status_code == 403
    assert not ReferralStep.objects.exclude(tried="").exists()
    for hostile in ({"to": "\0"}, {"to": "drafted"}, {"on": "9999-99-99"}, {"version": "x"}, {"note": "x" * 9000}):
        sent = {"to": "accepted", "on": TODAY.isoformat()} | hostile
        assert send(family.by, row, "said", **sent).status_code == 400
    assert send(family.by, row, "something else").status_code == 400
