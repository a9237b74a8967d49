"""María's own page, by her own link: what is hers stands on it, and nothing of anybody else."""

from __future__ import annotations

import re
from datetime import time, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inmind.access import adult_links, consents, policy
from inmind.access.models import AdultLink, AuditEntry
from inmind.access.models import Consent as Row
from inmind.families import actions, own_page_views
from inmind.families.intake import AdultFacts
from inmind.families.models import MapWish
from inmind.families.own_page_views import link_stands
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.people.models import Contact, Person
from inmind.people.reaching import Way
from inmind.records import actions as records
from inmind.screening.check_in_actions import check_in
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
PAGE = "/for-you/"


@pytest.fixture
def family() -> make.Family:
    """María and the father of Mateo, served together by Luz; each with words of their own."""
    mother = AdultFacts(
        "María", "Herlast", "mother", phone="555-014-2042", phone_is_safe=True, mail="maria@example.org"
    )
    father = AdultFacts("Canaryhim", "Canarylast", "father", phone="555-014-2077", mail="canaryhim@example.org")
    made = make.make_family(make.make_worker(name="Luz Ibarra"), adults=(mother, father))
    make.make_on_call(made.episode.organization)
    for person, words in zip(made.adults, ("Hersong", "Canaryhisword"), strict=True):
        check_in(made.by.actor, episode=made.episode, adult=person, door="well", text=words)
    return made


def opened(family: make.Family, number: int = 0, purpose: str = "own_page") -> Client:
    """A phone in which one adult's link was opened."""
    made: list[Any] = []
    there = {"episode": family.episode.pk, "organization": family.episode.organization}
    person, what = family.adults[number], AdultLink.Purpose(purpose)
    make.together(lambda act: made.extend(adult_links.make(act, person=person, purpose=what, **there)))
    phone = Client()
    phone.get(f"/l/{made[1]}/")
    return phone


def page(phone: Client, address: str = PAGE) -> str:
    answer = phone.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return unescape(answer.content.decode())


def send(phone: Client, name: str, *, on: tuple[Any, ...] = (), **said: Any) -> Any:
    link = AdultLink.objects.order_by("-created_at").first()
    assert link is not None
    return phone.post(reverse(name, args=on), {"key": fresh_key(), "link": str(link.pk), **said})


# Sending it


def test_the_link_is_sent_and_taken_back_and_its_opening_is_seen(family: make.Family) -> None:
    is_safe = Way("mail", "maria@example.org", True)
    actions.keep_way(family.by.actor, episode=family.episode, person=family.adult, way=is_safe)
    browser, where = family.by.client, f"/families/{family.dyad.pk}/people/{family.adult.pk}/own-page/"
    assert browser.post(where, {"key": fresh_key(), "do": "send"}).status_code == 302
    letter = Letter.objects.get(template="own_page_link")
    secret = re.search(r'"secret": "([^"]+)"', letter.facts)
    assert secret is not None
    run_due()
    letter.refresh_from_db()
    assert secret[1] not in letter.facts, "it stands in the letter that left alone"
    assert "It was not opened." in browser.get(where).content.decode()
    phone = Client()
    assert phone.get(f"/l/{secret[1]}/", follow=True).status_code == 200
    assert "First opened:" in browser.get(where).content.decode()
    assert secret[1] not in browser.get(where).content.decode()
    browser.post(where, {"key": fresh_key(), "do": "end"})
    assert phone.get(PAGE, follow=True).status_code == 410
    assert "was taken back" in browser.get(f"/families/{family.dyad.pk}/").content.decode()


def test_a_link_goes_only_where_it_is_safe_and_can_be_shown_on_the_screen_once(
    family: make.Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    him = family.adults[1]
    with pytest.raises(NotNow):
        actions.send_own_page(family.by.actor, key=fresh_key(), episode=family.episode, person=him)
    where = f"/families/{family.dyad.pk}/people/{him.pk}/own-page/"
    monkeypatch.setattr(own_page_views, "is_demo", lambda: False)
    shown = family.by.client.post(where, {"key": fresh_key(), "do": "hand"})
    assert 'class="qr"' in shown.content.decode() and "/l/" not in shown.content.decode()
    monkeypatch.setattr(own_page_views, "is_demo", lambda: True)
    copied = family.by.client.post(where, {"key": fresh_key(), "do": "hand"}).content.decode()
    assert f"{settings.SITE}/l/" in copied, "a demonstration on one machine has no phone"
    assert "no-store" in shown["Cache-Control"]
    assert 'class="qr"' not in family.by.client.get(where).content.decode()
    with pytest.raises(BadInput):
        actions.send_own_page(family.by.actor, key=fresh_key(), episode=family.episode, person=make.make_family().adult)


# Reading it


def test_protect_11_strengths_stand_first_and_what_happens_next_is_said_plainly(family: make.Family) -> None:
    phone = opened(family)
    said = page(phone)
    assert said.index("Hersong") < said.index("What happens next")
    assert "Nobody has written down a next step yet." in said
    assert "Luz Ibarra, Home visitor" in said
    check_in(family.by.actor, episode=family.episode, adult=family.adult, door="talk", about="mood", text="Canaryheart")
    said = page(phone)
    assert re.search(r"Luz Ibarra gets in touch with you by \w+", said)
    assert "Canaryheart" not in said
    assert "How I feel myself" not in said


FACTS = {
    "name": ("María", "Canaryhim"),
    "last name": ("Herlast", "Canarylast"),
    "strength": ("Hersong", "Canaryhisword"),
    "call": ("Luz Ibarra gets in touch with you", "Luz Ibarra gets in touch with you"),
    "recipient": ("Canaryherdoctor", "Canaryhisdoctor"),
    "address": ("12 Canaryher Street", "77 Canaryhis Street"),
    "phone": ("555-014-2042", "555-014-2077"),
    "mail": ("maria@example.org", "canaryhim@example.org"),
    "worry": ("Canaryherworry", "Canaryhisworry"),
    "words of a worker": ("Canaryworkernote", "Canaryworkernote"),
}
# What each reads of herself; of the other nobody reads anything. Addresses and all that is clinical stand on no phone.
READ = {"name", "last name", "strength", "call", "recipient"}


def test_protect_4_a_page_is_one_adult_s_and_shows_nothing_of_another(family: make.Family) -> None:
    """The truth table of adults and facts: each reads her own, never the other's, and no clinical word at all."""
    hers, his = family.adults
    luz, episode = family.by.actor, family.episode
    for person, street in ((hers, FACTS["address"][0]), (his, FACTS["address"][1])):
        actions.house_together(luz, episode=episode, people=(person,), since=TODAY, address=street)
    for person, words in ((hers, FACTS["worry"][0]), (his, FACTS["worry"][1])):
        check_in(luz, episode=episode, adult=person, door="talk", about="safety", text=words)
    actions.visit(
        luz,
        episode=episode,
        on=TODAY,
        place="home",
        minutes=50,
        note="Canaryworkernote: bruises seen.",
        present=(hers,),
    )
    make.make_screen(family, answers={"epds_10": 1}, finished=False)
    for person, recipient in ((hers, "Canaryherdoctor"), (his, "Canaryhisdoctor")):
        agree(family, person, recipient)
    pages = [page(opened(family, number)) for number in (0, 1)]
    for fact, words in FACTS.items():
        for mine in (0, 1):
            assert (words[mine] in pages[mine]) == (fact in READ), (fact, mine)
            assert words[0] == words[1] or words[1 - mine] not in pages[mine], (fact, "of the other")
    assert "epds_10" not in pages[0]
    assert "You answered questions." in pages[0]
    assert "You answered questions." not in pages[1]
    assert not any("EPDS" in one for one in pages), "the name of a tool tells what she was asked about"


def agree(family: make.Family, person: Person, recipient: str, about: Person | None = None) -> Row:
    giver = consents.Holder(person.pk, person.name, consents.SELF, None)
    said = consents.Consent(
        about=person.pk,
        recipient=recipient,
        purpose=consents.Purpose.SUPPORT,
        kinds=frozenset({consents.Kind.SERVED}),
        days=consents.Days(TODAY - DAY),
        given_by=giver,
        since=TODAY,
        paper="Blue folder",
        about_child=False,
    )
    return actions.agree(
        family.by.actor,
        episode=family.episode,
        person=person,
        agreed=said,
        language="en",
        interpreter=None,
        edition="InMind, edition 1",
    )


def test_protect_4_who_looked_shows_role_and_agency_never_a_reporter_or_a_shelter(family: make.Family) -> None:
    shelter = records.add_organization(make.make_network().admin.actor, name="Canaryshelter House", zone=make.ZONE)
    there = make.make_worker("home_visitor", shelter, "Canaryworker Shelter")
    there.client.get(f"/families/{family.dyad.pk}/people/{family.adult.pk}/?episode={family.episode.pk}")
    reporter = make.make_worker("home_visitor", family.episode.organization, "Canaryreporter Smith")
    make.join_team(family, reporter)
    today = consents.Days(TODAY, TODAY)
    actions.tell(
        reporter.actor,
        episode=family.episode,
        person=family.adult,
        asked=consents.Asked(
            about=family.adult.pk,
            recipient="Canaryhotline",
            purpose=consents.Purpose.SUPPORT,
            kinds=frozenset({consents.Kind.SERVED}),
            days=today,
            about_child=False,
        ),
        ground=consents.Ground.REQUIRED_BY_LAW,
        manner=consents.Manner.SPOKEN,
        on=TODAY,
        words="Canarytold",
        reason="Canaryreason",
    )
    family.by.client.get(f"/families/{family.dyad.pk}/people/{family.adult.pk}/")
    said = page(opened(family))
    looked = said[said.index('id="looked"') : said.index('id="held"')]
    assert "Home visitor, Harbor Family Services" in looked
    assert "an adult's page" in looked
    assert "Luz" not in looked
    for word in ("Canaryshelter", "Canaryworker", "Canaryhotline", "Canarytold", "Canaryreason"):
        assert word not in said
    assert "Canaryreporter" not in looked
    assert "what may be told outside" not in looked


# What she changes herself


def test_a_way_is_safe_only_once_she_said_so_and_never_again_at_one_touch(family: make.Family) -> None:
    phone = opened(family)
    said = {"channel": "text", "address": "(202) 555-0199", "after": "09:00", "before": "11:00"}
    asked = send(phone, "own_way", **said)
    assert "Is this safe?" in asked.content.decode()
    assert not Contact.objects.filter(address__endswith="2025550199").exists()
    assert send(phone, "own_way", **said, is_sure="on").status_code == 302
    kept = Contact.in_use(person=family.adult, address__endswith="2025550199").get()
    assert (kept.safe, kept.after, kept.may_say) == (True, time(9), 0)
    assert "5550199" not in page(phone)
    assert "ending in 99" in page(phone)
    assert send(phone, "own_way_ends", way=str(kept.pk)).status_code == 302
    assert [one.safe for one in Contact.in_use(person=family.adult, address__endswith="2025550199")] == [False]
    link = AdultLink.objects.get()
    with pytest.raises(BadInput):
        actions.say_my_way(
            adult_links.actor_of(link), link=link, way=Way("text", "(202) 555-0111", True), is_sure=False
        )
    his = family.adults[1].contacts.first()
    assert his is not None
    with pytest.raises(BadInput):
        actions.my_way_is_not_safe(adult_links.actor_of(link), link=link, way=his.pk)


def test_her_language_is_hers_to_choose_and_the_page_speaks_it(family: make.Family) -> None:
    phone = opened(family)
    assert send(phone, "own_language", language="es").status_code == 302
    assert Person.objects.get(pk=family.adult.pk).language == "es"
    assert '<html lang="es">' in page(phone)
    assert send(phone, "own_language", language="xx").status_code == 302
    assert Person.objects.get(pk=family.adult.pk).language == "es"


def test_protect_10_she_renames_on_her_map_and_no_other_adult_of_the_family(family: make.Family) -> None:
    phone = opened(family)
    shown = page(phone, reverse("own_map"))
    luz, her, him = (str(one.pk) for one in (family.by.person, family.adult, family.adults[1]))
    assert luz in shown
    assert him not in shown
    assert "Canaryhim" not in shown
    answer = send(phone, "own_map", **{f"called_{luz}": "Tía Luz", f"called_{her}": "Mami"})
    assert answer.status_code == 302
    assert set(MapWish.objects.values_list("called", flat=True)) == {"Tía Luz", "Mami"}
    link = AdultLink.objects.get()
    with pytest.raises(BadInput):
        actions.change_my_map(adult_links.actor_of(link), link=link, wishes={him: ("Nobody", True)})


def test_protect_5_she_takes_back_what_she_agreed_to_and_it_acts_at_the_next_request(family: make.Family) -> None:
    row, other = agree(family, family.adult, "Canaryherdoctor"), agree(family, family.adults[1], "Canaryhisdoctor")
    phone = opened(family)
    assert send(phone, "own_withdraw", on=(other.pk,)).status_code == 302
    assert send(phone, "own_withdraw", on=(row.pk,)).status_code == 302
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.revoked_at is not None
    assert row.revoked_how == consents.Back.OWN_PAGE
    assert other.revoked_at is None
    said = page(phone)
    assert "You took this back. Nothing more is told by it." in said
    assert "Canaryhisdoctor" not in said


def test_protect_5_for_a_minor_parent_it_is_said_who_decides_and_who_is_not_told(family: make.Family) -> None:
    actions.note_consent(
        family.by.actor,
        episode=family.episode,
        holder=family.adult,
        capacity="minor_parent",
        document="",
        since=TODAY - DAY,
        not_told="her mother",
    )
    assert "No paper was seen that lets María Herlast consent." in page(opened(family))
    assert "Not told: her mother." in page(opened(family))
    assert "Not told" not in page(opened(family, 1))
    where = f"/families/{family.dyad.pk}/people/{family.adult.pk}/own-page/"
    assert "Must not be told: her mother." in family.by.client.get(where).content.decode()


# What a link is for, and until when


def test_a_link_for_a_visit_does_not_open_her_page_nor_the_other_way(family: make.Family) -> None:
    visit = opened(family, purpose="visit")
    assert visit.get(PAGE).status_code == 302
    actor = adult_links.actor_of(AdultLink.objects.get())
    assert not policy.can(actor, "families.own_page", family.episode)
    assert opened(family).get("/for-you/check-in/").status_code == 302
    own = adult_links.actor_of(AdultLink.objects.get(purpose="own_page"))
    assert policy.can(own, "families.own_page", family.episode)
    assert not policy.can(own, "families.own_page", make.make_family(family.by, child="Rosa Ibarra").episode)
    assert list(policy.visible(own, type(family.episode).objects.all(), "families.own_page")) == [family.episode]


def test_her_page_stays_for_its_days_when_the_service_ends_and_a_visit_does_not(family: make.Family) -> None:
    phone, visit = opened(family), opened(family, purpose="visit")
    actions.end_episode(family.by.actor, episode=family.episode, until=TODAY, reason="moved")
    assert "serves you no more" in page(phone)
    assert visit.get("/for-you/check-in/").status_code == 302
    link = AdultLink.objects.get(purpose="own_page")
    make.together(lambda act: Person.objects.filter(pk=family.adult.pk).update(erased_at=act.now))
    assert not link_stands(AdultLink.objects.get(pk=link.pk))
    assert phone.get(PAGE).status_code == 302
    assert link_stands in house.link_stands


def test_reading_it_is_in_the_trail_about_her_alone(family: make.Family) -> None:
    page(opened(family))
    entry = AuditEntry.objects.get(verb="families.own_page", outcome="read")
    assert {one.ref for one in entry.subjects.all()} == {family.adult.pk, family.episode.pk}


def test_two_touches_on_one_page_end_both_ways_and_the_last_language_counts(family: make.Family) -> None:
    """Both were sent under the key of the page that showed them: neither is lost for the other."""
    phone, key = opened(family), fresh_key()
    phones = Contact.in_use(person=family.adult, channel__in=("phone", "mail"))
    make.together(lambda act: phones.update(safe=True))
    for one in phones:
        assert send(phone, "own_way_ends", key=key, way=str(one.pk)).status_code == 302
    assert not Contact.in_use(person=family.adult, safe=True).exists()
    for language in ("es", "en"):
        assert send(phone, "own_language", key=key, language=language).status_code == 302
    family.adult.refresh_from_db()
    assert family.adult.language == "en"


def test_a_number_that_is_safe_no_more_is_neither_written_to_nor_called(family: make.Family) -> None:
    """The page says so of the number, by whichever of its ways she touched it."""
    rows = [("text", "+12025550142"), ("phone", "202-555-0142"), ("phone", "202-555-0199")]
    known = {address: {"channel": channel, "safe": True} for channel, address in rows}
    for address, more in known.items():
        make.together(
            lambda act, address=address, more=more: Contact.objects.create(person=family.adult, address=address, **more)
        )
    phone, touched = opened(family), Contact.in_use(person=family.adult, channel="text").get()
    send(phone, "own_way_ends", way=str(touched.pk))
    assert {one.address for one in Contact.in_use(person=family.adult, safe=True)} & set(known) == {"202-555-0199"}
