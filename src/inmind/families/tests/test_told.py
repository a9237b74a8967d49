"""Luz sits with María: what may be told outside, what was told, and what ends it on the next request."""

from __future__ import annotations

import json
import re
from datetime import date, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import privacy, privacy_views
from inmind.access.consents import (
    NOT_HERS,
    SELF,
    Asked,
    Back,
    Consent,
    Days,
    Ground,
    Holder,
    Kind,
    Manner,
    NoConsent,
    Purpose,
    Withdrawal,
)
from inmind.access.models import AuditEntry, Disclosure
from inmind.access.models import Consent as Row
from inmind.families import actions, queries
from inmind.families.intake import AdultFacts
from inmind.families.models import ConsentHolder
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.people.models import Person
from inmind.records import actions as records
from inmind.records.models import Pair
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
CHEN = "Valley Pediatrics, Dr. Chen"
WORDS = "Canarywords: two screens, nothing to look closer at"
SCREENS = frozenset({Kind.SERVED, Kind.SCREENS})
BACK = Withdrawal("María", Back.CALL)


@pytest.fixture
def family() -> make.Family:
    """Luz serves Mateo and his mother María, who is written down as a parent."""
    family = make.make_family(make.make_worker(name="Luz Ibarra"))
    holds(family, family.adult, "parent")
    return family


def holds(family: make.Family, person: Person, capacity: str, document: str = "") -> ConsentHolder:
    return actions.note_consent(
        family.by.actor, episode=family.episode, holder=person, capacity=capacity, document=document, since=TODAY - DAY
    )


def agreed(family: make.Family, about: Person | None = None, **other: Any) -> Consent:
    person, by = about or family.child, family.adult
    is_child = person == family.child
    said: dict[str, Any] = {
        "recipient": CHEN,
        "purpose": Purpose.CARE,
        "kinds": SCREENS,
        "days": Days(TODAY - 300 * DAY),
        "given_by": Holder(by.pk, by.name, "parent" if is_child else SELF, None),
        "since": TODAY - 14 * DAY,
        "until": TODAY + 100 * DAY,
        "paper": "Blue folder",
        "covered": True,
    }
    return Consent(about=person.pk, about_child=is_child, **said | other)


def agree(family: make.Family, about: Person | None = None, by: make.Worker | None = None, **other: Any) -> Row:
    return actions.agree(
        (by or family.by).actor,
        episode=family.episode,
        person=about or family.child,
        agreed=agreed(family, about, **other),
        language="en",
        interpreter=None,
        edition="InMind, edition 1",
    )


def tell(
    family: make.Family, about: Person | None = None, ground: Ground = Ground.CONSENT, on: date = TODAY, **other: Any
) -> Disclosure:
    person = about or family.child
    said = {"recipient": CHEN, "purpose": Purpose.CARE, "kinds": SCREENS, "days": Days(TODAY - 30 * DAY, TODAY)}
    asked = {name: other.pop(name, value) for name, value in said.items()}
    return actions.tell(
        family.by.actor,
        episode=family.episode,
        person=person,
        asked=Asked(person.pk, about_child=person == family.child, **asked),
        ground=ground,
        manner=Manner.SPOKEN,
        on=on,
        words=other.pop("words", WORDS),
        **other,
    )


def missing(family: make.Family, **other: Any) -> str:
    """What a refusal says is missing."""
    with pytest.raises(NoConsent) as refusal:
        tell(family, **other)
    return refusal.value.sentences[0]


def at(family: make.Family, name: str, person: Person | None = None, **more: Any) -> str:
    ids = {"dyad": family.dyad.pk, "person": (person or family.child).pk, **more}
    return f"{reverse(name, kwargs=ids)}?episode={family.episode.pk}"


def read(worker: make.Worker, address: str) -> str:
    return unescape(worker.client.get(address).content.decode())


def form_of(kind: str, giver: Person | None = None) -> dict[str, Any]:
    """What Luz types: of the paper that this parent signed, or of the call."""
    said = {
        "key": fresh_key(),
        "recipient": CHEN,
        "purpose": "care",
        "kinds": ["served", "screens"],
        "facts_since": TODAY - 30 * DAY,
    }
    if kind == "agree":
        paper = {"how": "paper", "paper": "Blue folder", "edition": "InMind, edition 1", "language": "es"}
        days = {"since": TODAY, "until": TODAY + 100 * DAY}
        return said | paper | days | {"giver": f"parent:{giver.pk if giver else ''}", "covered": "no"}
    return said | {"facts_until": TODAY, "on": TODAY, "manner": "spoken", "ground": "consent", "words": WORDS}


# The story


def taken_back() -> dict[str, Any]:
    return {"key": fresh_key(), "said_by": "María", "how": "call"}


def test_luz_writes_it_down_looks_tells_and_maria_withdraws(family: make.Family) -> None:
    """From the paper to the refused call, and what María reads about it."""
    luz = family.by.client
    refused = luz.post(at(family, "family_tell"), form_of("tell") | {"look": "1"})
    assert "Nobody’s consent" in unescape(refused.content.decode())
    kept = luz.post(at(family, "family_agree"), form_of("agree", family.adult))
    consent = Row.objects.get()
    assert kept["Location"] == at(family, "family_agreed", consent=consent.pk)
    page = read(family.by, kept["Location"])
    frame, _language, copy = page.partition('class="stack" lang="es">')
    assert CHEN in copy and "What may be told" in frame and consent.given_by == family.adult
    assert "Blue folder" not in copy  # where the agency keeps the paper is nothing to the family
    asked = {name: value for name, value in form_of("tell").items() if name != "manner"}  # how is for what was told
    looked = unescape(luz.post(at(family, "family_tell"), asked | {"look": "1"}).content.decode())
    assert "Yes, this may be told." in looked and "HIPAA no longer protects it" in looked
    assert NOT_HERS in looked and NOT_HERS in read(family.by, at(family, "family_agree"))
    assert "It is not said how it was told." in unescape(luz.post(at(family, "family_tell"), asked).content.decode())
    assert not Disclosure.objects.exists()
    assert luz.post(at(family, "family_tell"), form_of("tell"))["Location"] == at(family, "family_told")
    assert Disclosure.objects.get().consent == consent and WORDS in read(family.by, at(family, "family_told"))
    luz.post(at(family, "family_withdraw", consent=consent.pk), taken_back())
    again = luz.post(at(family, "family_tell"), form_of("tell"))
    assert (again.status_code, Disclosure.objects.count()) == (400, 1)
    assert "The consent was withdrawn on" in unescape(again.content.decode())
    luz.post(at(family, "family_withdraw", consent=consent.pk), taken_back())  # a second click changes nothing
    sections = held(family.by, family.adult)
    (hers,), (told,) = sections["What was agreed to"], sections["What was told, and to whom"]
    assert hers["Who may be told"] == told["Who was told"] == CHEN
    assert "Withdrawn on" in hers and told["By what"].startswith("the consent of") and told["In words"] == WORDS


def held(worker: make.Worker, person: Person) -> dict[str, list[dict[str, str]]]:
    address = reverse("held", kwargs={"person": person.pk})
    told = json.loads(worker.client.get(f"{address}?as=json").content)
    return {section["title"]: section["rows"] for section in told["sections"]}


def test_the_copy_says_where_the_agency_is_reached(family: make.Family) -> None:
    """As its own page says it; where nobody did, there is a line to write it on."""
    consent = agree(family)
    assert "Address and telephone of Harbor" in read(family.by, at(family, "family_agreed", consent=consent.pk))
    there = {"name": "Harbor Family Services", "zone": make.ZONE, "address": "7 Harbor Street", "phone": "555-0100"}
    records.correct_organization(make.make_network().admin.actor, organization=family.by.agency, **there)
    copy = read(family.by, at(family, "family_agreed", consent=consent.pk))
    assert "7 Harbor Street · 555-0100" in copy and "Address and telephone of" not in copy


def test_a_consent_outlasts_the_service_and_is_taken_back_after_it(family: make.Family) -> None:
    """Once the service has ended nobody opens the family; the privacy officer withdraws what she is told to, and reads no kind."""
    consent, officer = agree(family), make.make_worker("privacy_officer")
    coordinator = make.make_worker("family_service_coordinator")
    actions.end_episode(coordinator.actor, episode=family.episode, until=TODAY, reason="moved")
    assert family.by.client.get(at(family, "family_told")).status_code == 403
    page = read(officer, reverse("kept_person", kwargs={"person": family.child.pk}))
    assert CHEN in page and "clinical facts" in page and "screens and what" not in page
    address = reverse("withdraw_kept", kwargs={"consent": consent.pk})
    for _twice in range(2):
        assert officer.client.post(address, taken_back()).status_code == 302
    consent.refresh_from_db()
    assert consent.revoked_by == officer.person
    elsewhere = make.make_worker("privacy_officer", make.make_network().agencies[1])
    for other in (elsewhere, coordinator, family.by):
        assert other.client.get(address).status_code == 403


def test_the_privacy_officer_reads_all_of_it_page_by_page_and_side_by_side(
    family: make.Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy_views, "SHOWN", 2)
    agree(family)
    other = make.make_family(child="Noa Berg")
    tell(family), tell(family, words="More")
    tell(other, ground=Ground.EMERGENCY, reason="In danger", recipient="County hospital")
    officer, address = make.make_worker("privacy_officer"), reverse("told_outside")
    first, second = read(officer, address), read(officer, f"{address}?page=2")
    assert (first.count("<strong>Mateo"), first.count("<strong>Noa"), second.count("<strong>Mateo")) == (1, 1, 1)
    assert "Mateo" not in read(officer, f"{address}?only=alone")
    side = read(officer, f"{address}?side={family.episode.pk}")
    assert (side.count("<strong>Mateo"), side.count("Noa")) == (2, 0)
    assert read(officer, f"{address}?side=nothing&page=99").count("<strong>Mateo") == 1


def test_a_second_click_keeps_one_consent_and_one_telling(family: make.Family) -> None:
    paper, call = form_of("agree", family.adult), form_of("tell")
    for _twice in range(2):
        family.by.client.post(at(family, "family_agree"), paper)
    for _twice in range(2):
        family.by.client.post(at(family, "family_tell"), call)
    assert (Row.objects.count(), Disclosure.objects.count()) == (1, 1)


def test_who_was_chosen_is_who_agreed_also_where_another_tab_changed_who_may() -> None:
    """The list that Luz chose from has one less since: nobody takes the place of who was chosen."""
    family = make.make_family(make.make_worker(), adults=("María Ñúñez", "Ana Ruiz"))
    first, second = family.adults
    row = holds(family, first, "parent")
    holds(family, second, "parent")
    page = read(family.by, at(family, "family_agree"))
    chosen = next(value for value in re.findall('name="giver" value="([^"]*)"', page))
    actions.end_consent(family.by.actor, episode=family.episode, consent_holder=row.pk, until=TODAY)
    sent = form_of("agree") | {"giver": chosen}
    assert family.by.client.post(at(family, "family_agree"), sent).status_code == 400
    assert not Row.objects.exists()


# Acts on the next request


def test_a_placement_that_ended_ends_what_the_foster_mother_agreed_to() -> None:
    foster = AdultFacts("Joy", "Lund", "foster_mother")
    family = make.make_family(make.make_worker(), adults=(foster,))
    holds(family, family.adult, "foster_with_consent", "placement")
    agree(family, given_by=Holder(family.adult.pk, family.adult.name, "foster_with_consent", None))
    assert tell(family).consent is not None
    actions.change_care(family.by.actor, episode=family.episode, person=family.adult, part="", since=TODAY)
    assert missing(family).startswith("Joy Lund agreed, and today nothing here says")


def test_a_new_order_ends_what_a_parent_agreed_to_alone(family: make.Family) -> None:
    """Until somebody reads in the order what is left to the parent."""
    agree(family)
    actions.note_consent(
        family.by.actor,
        episode=family.episode,
        name="County court",
        capacity="court",
        document="court_order",
        since=TODAY,
    )
    assert "an order" in missing(family)
    assert tell(family, on=TODAY - DAY).consent is not None  # what was told before the order was told rightly


def test_a_paper_that_ended_ends_what_was_agreed_to_by_it() -> None:
    family = make.make_family()
    row = holds(family, family.adult, "legal_guardian", "guardianship")
    agree(family, given_by=Holder(family.adult.pk, family.adult.name, "legal_guardian", None))
    tell(family)
    actions.end_consent(family.by.actor, episode=family.episode, consent_holder=row.pk, until=TODAY)
    assert "today nothing here says" in missing(family)


def test_a_young_person_of_age_decides_alone(family: make.Family, settings: Any) -> None:
    """From the state's age on, where somebody has set it; the house knows none and then ends nothing by it."""
    agree(family)
    family.dyad.birth_date = TODAY - 19 * 366 * DAY
    make.together(lambda act: family.dyad.save())
    assert tell(family).consent is not None
    settings.AGE_OF_MAJORITY = 18
    assert missing(family, kinds=SCREENS).startswith("The person it is about came of age")


def test_a_minor_parent_who_came_of_age_is_asked_anew() -> None:
    """Her capacity has changed; what she agreed to about herself waits, while she is a minor, for the state's law."""
    family = make.make_family()
    row = holds(family, family.adult, "minor_parent", "court_order")
    agree(family, given_by=Holder(family.adult.pk, family.adult.name, "minor_parent", None))
    actions.end_consent(family.by.actor, episode=family.episode, consent_holder=row.pk, until=TODAY)
    holds(family, family.adult, "parent")
    assert "agreed, and today nothing here says" in missing(family)
    assert agree(family, about=family.adult).capacity == SELF
    shown = read(family.by, f"/families/{family.dyad.pk}/")
    assert "About Mateo Ñúñez: no consent stands." in shown and "About María: 1 stands" in shown
    other = make.make_family(child="Noa Berg")
    holds(other, other.adult, "minor_parent")
    with pytest.raises(NoConsent):
        agree(other, about=other.adult)
    assert "state's law" in read(other.by, at(other, "family_agree", other.adult))


def test_what_is_withdrawn_is_told_no_more(family: make.Family) -> None:
    consent = agree(family)
    actions.withdraw(family.by.actor, episode=family.episode, person=family.child, consent=consent.pk, back=BACK)
    assert missing(family).startswith("The consent was withdrawn on")
    with pytest.raises(NotNow):
        actions.withdraw(family.by.actor, episode=family.episode, person=family.child, consent=consent.pk, back=BACK)
    with pytest.raises(BadInput):  # of somebody else
        actions.withdraw(family.by.actor, episode=family.episode, person=family.adult, consent=consent.pk, back=BACK)


def test_a_withdrawal_has_its_moment_and_a_telling_is_judged_by_its_own(family: make.Family) -> None:
    """María called at two yesterday; it is written down today, after something was told by it this morning."""
    consent, told, yesterday = agree(family), tell(family), TODAY - DAY
    officer = make.make_worker("privacy_officer")
    back = taken_back() | {"on": yesterday, "at": "14:00"}
    address = at(family, "family_withdraw", consent=consent.pk)
    assert family.by.client.post(address, back | {"on": TODAY + DAY}).status_code == 400
    assert family.by.client.post(address, back).status_code == 302
    run_due()
    page = read(family.by, at(family, "family_told"))
    assert "María · said on the phone" in page and "Told after the consent was withdrawn." in page
    assert [task.about_id for task in Task.objects.filter(owner=officer.person)] == [told.pk]
    assert "a consent that was withdrawn before" in read(officer, reverse("task", args=[Task.objects.get().pk]))
    assert tell(family, on=yesterday, at=time(13, 59)).consent_id == consent.pk
    assert missing(family, on=yesterday, at=time(14)).startswith("The consent was withdrawn on")
    assert missing(family, on=yesterday).startswith("The consent was withdrawn on")


def test_a_consent_in_an_open_case_ends_at_the_next_hearing(family: make.Family) -> None:
    agree(family, counsel="Ana Ruiz", hearing=TODAY + DAY)
    tell(family)
    with clock.at(clock.now() + timedelta(days=2)):
        assert missing(family, on=TODAY + 2 * DAY).startswith("The consent ended with the hearing of")


# What can be told, and by what


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"on": TODAY + DAY}, "on"),
        ({"on": TODAY - 31 * DAY}, "reason"),
        ({"days": Days(TODAY, TODAY - DAY)}, "facts_until"),
        ({"kinds": frozenset()}, "kinds"),
        ({"recipient": "-"}, "recipient"),
        ({"words": " "}, "words"),
        ({"ground": Ground.EMERGENCY}, "reason"),
        ({"ground": Ground.COURT_ORDER, "reason": "The court asked"}, "order"),
    ],
    ids=["tomorrow", "long ago", "days backwards", "nothing", "nobody", "no words", "no reason", "no order"],
)
def test_a_telling_that_is_not_whole_is_refused_at_its_field(
    family: make.Family, said: dict[str, Any], field: str
) -> None:
    agree(family)
    with pytest.raises(BadInput) as refusal:
        tell(family, **said)
    assert refusal.value.field == field


def test_part_2_is_kept_only_when_its_notice_and_the_consent_went_with_it(family: make.Family) -> None:
    part_2 = frozenset({Kind.SUBSTANCE_USE})
    agree(family, about=family.adult, kinds=part_2)
    with pytest.raises(BadInput) as refusal:
        tell(family, about=family.adult, kinds=part_2)
    assert refusal.value.field == "notice_went"
    assert tell(family, about=family.adult, kinds=part_2, notice_went=True).consent is not None
    assert "needs a consent of its own" not in read(family.by, at(family, "family_told", family.adult))


@pytest.mark.parametrize("ground", [Ground.REQUIRED_BY_LAW, Ground.EMERGENCY, Ground.MISTAKE])
def test_what_is_told_without_a_consent_is_told_to_the_privacy_officer(family: make.Family, ground: Ground) -> None:
    """Who, to whom and by what; neither the words nor that there was a screen. What a law required stands on no print."""
    officer = make.make_worker("privacy_officer")
    told = tell(family, ground=ground, reason="Canaryreason: he was in danger", about=family.adult)
    run_due()
    task = Task.objects.get(owner=officer.person)
    assert (task.about_id, task.subject) == (told.pk, family.adult)
    for address in (reverse("task", kwargs={"task": task.pk}), reverse("told_outside")):
        page = read(officer, address)
        assert CHEN in page and "Luz Ibarra" in page
        assert not [word for word in ("Canary", "screens and what") if word in page]
    printed = json.dumps(held(family.by, family.adult))
    assert (CHEN in printed) is (ground is not Ground.REQUIRED_BY_LAW)
    family.by.client.get(at(family, "family_told"))
    assert "Canaryreason" in read(family.by, at(family, "family_told", family.adult))


def test_a_law_opens_no_caregivers_screen_to_a_court(family: make.Family) -> None:
    with pytest.raises(NoConsent):
        tell(family, about=family.adult, ground=Ground.REQUIRED_BY_LAW, purpose=Purpose.COURT, reason="Asked")


# Whose it is


def test_what_an_adult_agreed_to_about_herself_never_names_the_child(family: make.Family) -> None:
    """`protect.md` 1: not in its rows, not in its entries, not on the child's page; her own page shows it."""
    agree(family, about=family.adult)
    tell(family, about=family.adult)
    named = {
        pair
        for entry in AuditEntry.objects.filter(verb__in=("families.agree", "families.tell"))
        for pair in entry.subjects.values_list("kind", "ref")
    }
    assert named == {("person", family.adult.pk), ("episode", family.episode.pk)}
    assert CHEN not in read(family.by, reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    assert CHEN not in read(family.by, at(family, "family_told"))
    assert CHEN in read(family.by, at(family, "family_adult", family.adult))
    agree(family, recipient="Prairie School")
    assert "Prairie School" in read(family.by, reverse("dyad", kwargs={"dyad": family.dyad.pk}))


def test_one_side_learns_nothing_of_what_the_other_agreed_to(family: make.Family) -> None:
    """Birth and foster side: neither its consents nor what was told by them, nor may the other side tell by them."""
    coordinator, fay = make.make_worker("family_service_coordinator"), make.make_worker(name="Fay Visitor")
    foster = actions.open_side(
        coordinator.actor,
        episode=family.episode,
        side="foster home",
        adult=AdultFacts("Joy", "Lund", "foster_mother"),
        worker=fay.person,
    )
    consent = agree(family)
    tell(family, ground=Ground.REQUIRED_BY_LAW, reason="A report")
    officer, other = make.make_worker("privacy_officer"), make.Family(family.dyad, foster, fay)
    read(officer, reverse("told_outside"))
    looked, said = reverse("family_looked", kwargs={"dyad": family.dyad.pk}), "what may be told outside"
    assert said in read(family.by, f"{looked}?episode={family.episode.pk}")
    theirs = read(fay, f"{looked}?episode={foster.pk}")  # `protect.md` 4: nor who told, which would name a reporter
    assert said not in theirs and officer.person.name not in theirs
    for name in ("family_told", "family_adult"):
        assert CHEN not in read(fay, at(other, name))
    for name in ("family_agreed", "family_withdraw"):
        assert fay.client.get(at(other, name, consent=consent.pk)).status_code == 403
    assert CHEN not in json.dumps(held(fay, family.child))
    assert missing(other).startswith("Nobody’s consent")
    assert family.adult.name not in read(fay, at(other, "family_agree"))
    assert "What was agreed to" not in held(officer, family.child)
    assert held(officer, family.adult)["What was agreed to"][0]["What"] == "facts about the family, clinical facts"


def test_nobody_but_the_care_team_writes_it_down(family: make.Family) -> None:
    """Nor reads it: whoever else serves, arranges or watches at the agency."""
    agree(family)
    for role in ("home_visitor", "family_service_coordinator", "agency_supervisor", "privacy_officer"):
        other = make.make_worker(role)
        with pytest.raises(Refused):
            agree(family, by=other)
        assert other.client.get(at(family, "family_told")).status_code == 403


def test_who_may_not_consent_today_agrees_to_nothing(family: make.Family) -> None:
    """And the page says whom to ask."""
    unknown = make.make_family(child="Noa Berg")
    with pytest.raises(NoConsent):
        agree(unknown)
    page = read(unknown.by, at(unknown, "family_agree"))
    assert "Nobody is known today who may agree" in page and reverse("family_consent", args=[unknown.dyad.pk]) in page
    assert [one.may for one, _ask in queries.may_agree(family.episode, family.child, TODAY)] == [True]


# Kept, followed, forgotten


def test_records_put_together_take_consents_and_tellings_along() -> None:
    """A child known by two records: what was agreed to about the one stands with the one that stays, words and all."""
    luz = make.make_worker()
    families = [
        make.make_family(luz, child="Mateo Stone", age_months=9, adults=(AdultFacts("Ana", "Stone", "mother"),))
        for _twice in range(2)
    ]
    there = families[1]
    holds(there, there.adult, "parent")
    agree(there)
    tell(there)
    steward = make.make_worker("data_steward").actor
    pair = next(
        one for one in Pair.objects.order_by("pk") if {one.one_id, one.other_id} == {one.child.pk for one in families}
    )
    merge = records.merge(steward, pair=pair, stays=families[0].child, chosen={})
    told = Disclosure.objects.get()
    assert (told.about, told.episode, told.words) == (families[0].child, families[0].episode.pk, WORDS)
    assert Row.objects.get().episode == families[0].episode.pk
    records.part(steward, merge=merge)
    told = Disclosure.objects.get()
    assert (told.about, told.episode, told.words) == (there.child, there.episode.pk, WORDS)


@pytest.mark.usefixtures("list_of_erased")
def test_erasing_blanks_who_was_told_and_every_word(family: make.Family) -> None:
    agree(family, about=family.adult)
    tell(family, about=family.adult)
    childs = agree(family)
    actions.withdraw(family.by.actor, episode=family.episode, person=family.child, consent=childs.pk, back=BACK)
    officer, second = make.make_worker("privacy_officer"), make.make_worker("agency_supervisor")
    why = {"reason": "Asked for in writing", "document": "File 17"}
    privacy.confirm_erasure(second.actor, erasure=privacy.ask_erasure(officer.actor, person=family.adult, **why))
    told = Disclosure.objects.get()
    assert (told.recipient, told.words) == ("\u2014", None)
    assert set(Row.objects.filter(about=family.adult).values_list("recipient", "paper")) == {("\u2014", "")}
    childs.refresh_from_db()
    assert (childs.recipient, childs.revoked_said) == (CHEN, "\u2014")  # the child's, by somebody without a name
    with pytest.raises(NotNow, match="was erased"):  # and nothing more is written down as agreed to by her
        agree(family, recipient="Prairie School")


def test_no_service_asks_for_a_consent_to_share(family: make.Family) -> None:
    """`protect.md` 5: the pages of service open and the actions of service work alike, whether nothing was ever agreed to or
    all of it was taken back."""
    make.make_on_call()
    consent = agree(family)
    actions.withdraw(family.by.actor, episode=family.episode, person=family.child, consent=consent.pk, back=BACK)
    for served in (family, make.make_family(family.by, child="Noa Berg")):
        actions.visit(served.by.actor, episode=served.episode, on=TODAY, place="home", minutes=30)
        assert make.make_screen(served).state == "complete"
        page = read(served.by, reverse("dyad", kwargs={"dyad": served.dyad.pk}))
        assert "Nothing that is given here depends on one" in page
