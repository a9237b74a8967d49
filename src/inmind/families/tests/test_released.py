"""Luz sends the pediatrician a file: it asks before each part and each time it is taken, and stops when a consent does."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from inmind.access import privacy
from inmind.access.actors import machine
from inmind.access.consents import PART_2_COPY, Asked, Days, Holder, Kind, NoConsent, Purpose
from inmind.access.models import AuditEntry, Disclosure
from inmind.families import actions
from inmind.families.models import Release
from inmind.families.tests.test_told import BACK, CHEN, agree, at, holds, read
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import Line, ToldOutside, house
from inmind.foundation.values import FieldClass, Regime
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due, run_one
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
KINDS = frozenset({Kind.SERVED, Kind.VISITS, Kind.SCREENS, Kind.SAID})
STATE = Release.State


@pytest.fixture
def family() -> make.Family:
    """Mateo and his mother María, who may agree for him."""
    family = make.make_family(make.make_worker(name="Luz Ibarra"), age_months=18)
    holds(family, family.adult, "parent")
    run_due()  # what all that leaves behind
    return family


@pytest.fixture
def served(family: make.Family) -> make.Family:
    """The same with a visit, his screen and hers."""
    make.make_on_call()
    visited = {"episode": family.episode, "on": TODAY, "place": "home", "minutes": 45, "present": (family.adult,)}
    actions.visit(family.by.actor, **visited, strength="Canarysings", note="Canarynote")
    make.make_screen(family, instrument="mchatr")
    make.make_screen(family, answers={"epds_1": 2})
    run_due()
    return family


def asked(family: make.Family, about: Person | None = None, **other: Any) -> Asked:
    person = about or family.child
    said = {"recipient": CHEN, "purpose": Purpose.CARE, "kinds": KINDS, "days": Days(TODAY - 30 * DAY, TODAY)}
    return Asked(person.pk, about_child=person == family.child, **(said | other))


def release(family: make.Family, about: Person | None = None, **other: Any) -> Release:
    return actions.release(
        family.by.actor,
        episode=family.episode,
        person=about or family.child,
        asked=asked(family, about, **other),
        language="en",
    )


def now(row: Release) -> Release:
    row.refresh_from_db()
    return row


def taken(family: make.Family, row: Release, way: str = "table", about: Person | None = None, key: str = "") -> Any:
    address = at(family, "family_take_release", about, release=row.pk)
    return family.by.client.post(address, {"key": key or fresh_key(), "as": way})


def withdraw(family: make.Family, consent: Any, about: Person | None = None) -> None:
    actions.withdraw(
        family.by.actor, episode=family.episode, person=about or family.child, consent=consent.pk, back=BACK
    )


def test_luz_makes_a_file_takes_it_and_maria_reads_that_she_did(served: make.Family) -> None:
    """From the consent to the two forms of the file; each is on record as told, and says what was left out."""
    family = served
    consent = agree(family, kinds=KINDS)
    luz = family.by.client
    assert CHEN in read(family.by, at(family, "family_ask_release", consent=consent.pk))
    sent = {"key": fresh_key(), "kinds": sorted(KINDS), "facts_since": TODAY - 30 * DAY, "facts_until": TODAY}
    page = luz.post(at(family, "family_ask_release", consent=consent.pk), sent)["Location"]
    assert luz.post(at(family, "family_ask_release", consent=consent.pk), sent)["Location"] == page
    row = Release.objects.get()
    assert "0 of 4 parts" in read(family.by, page)
    assert taken(family, row)["Location"] == page and not Disclosure.objects.exists()
    run_one("here")
    assert (now(row).state, row.done) == (STATE.MAKING, 1) and "1 of 4 parts" in read(family.by, page)
    run_due()
    assert (now(row).state, row.done) == (STATE.READY, 4) and "is ready" in read(family.by, at(family, "family_told"))
    answer = taken(family, row)
    assert (answer["Content-Disposition"], answer["X-Content-Type-Options"]) == (
        'attachment; filename="copy.csv"',
        "nosniff",
    )
    assert "no-store" in answer["Cache-Control"]
    table = answer.content.decode("utf-8-sig")
    assert '"Day","Kind","What","Source"' in table  # no cell begins at a semicolon within another
    lines = list(csv.reader(io.StringIO(table)))
    facts = lines[lines.index(["Day", "Kind", "What", "Source"]) + 1 :]
    assert {line[1] for line in facts} == {
        "that they are served here and since when",
        "the days of visits and appointments",
        "screens and what they showed",
        "strengths and worries as they were said",
    }
    assert all(line[0] and line[3] for line in facts) and "Canarysings" in table
    assert "Canarynote" not in table and not [line for line in facts if "EPDS" in line[2]]
    left_out = next(line[1] for line in lines if line and line[0].startswith("Left out"))
    assert "treatment for substance use" in left_out and "the family’s own map" in left_out
    printed = unescape(taken(family, row, "page").content.decode())
    assert "Canarysings" in printed and "Left out" in printed and "Canarynote" not in printed
    assert [one.consent for one in Disclosure.objects.all()] == [consent, consent]
    assert "A file of " in read(family.by, at(family, "family_told"))
    assert b"Canarysings" not in bytes(Release.objects.values_list("lines", flat=True).get())  # sealed as it lies


def test_a_consent_withdrawn_while_a_file_is_made_leaves_nothing_of_it(family: make.Family) -> None:
    """On the next part, and at once where it was taken back here; the page says which consent is missing."""
    consent = agree(family, kinds=KINDS)
    row = release(family)
    run_one("here")
    assert now(row).lines is not None
    withdraw(family, consent)
    assert (now(row).state, row.lines, row.done) == (STATE.STOPPED, None, 1)
    run_due()
    assert (now(row).state, row.done) == (STATE.STOPPED, 1) and not Disclosure.objects.exists()
    page = read(family.by, at(family, "family_release", release=row.pk))
    assert "nothing of it is left" in page and "The consent was withdrawn on" in page


@pytest.mark.parametrize("what", ["order", "paper", "end", "team"])
def test_whatever_ends_a_consent_stops_a_file_on_its_next_part(family: make.Family, what: str) -> None:
    agree(family, kinds=KINDS, until=TODAY + DAY)
    row = release(family)
    run_one("here")
    moment = clock.now()
    if what == "order":
        order = {"name": "County court", "capacity": "court", "document": "court_order", "since": TODAY}
        actions.note_consent(family.by.actor, episode=family.episode, **order)
    elif what == "paper":
        holder = family.dyad.consent_holders.get()
        actions.end_consent(family.by.actor, episode=family.episode, consent_holder=holder.pk, until=TODAY)
    elif what == "end":
        moment += timedelta(days=1, hours=1)
    else:
        make.together(lambda act: family.episode.assignments.update(until=TODAY))
    with clock.at(moment):
        run_due()
    assert (now(row).state, row.lines) == (STATE.STOPPED, None)
    said = {"order": "an order", "paper": "a paper", "end": "The consent ended", "team": "not on the care team"}[what]
    assert said in (row.stopped or "")


def test_a_file_that_is_ready_is_asked_about_each_time_it_is_taken(family: make.Family) -> None:
    """What ended since is not told: the file is gone, and the page says why."""
    agree(family, kinds=KINDS)
    row = release(family)
    run_due()
    holder = family.dyad.consent_holders.get()
    actions.end_consent(family.by.actor, episode=family.episode, consent_holder=holder.pk, until=TODAY)
    assert now(row).state == STATE.READY  # nothing has looked yet
    assert taken(family, row)["Location"] == at(family, "family_release", release=row.pk)
    assert (now(row).state, row.lines) == (STATE.STOPPED, None) and not Disclosure.objects.exists()


@pytest.mark.parametrize("what", ["paper", "time"])
def test_a_page_that_was_left_open_takes_no_file_that_ended_since(
    family: make.Family, settings: Any, what: str
) -> None:
    """The same button once more, under the key of its first click, asks as the first one did."""
    agree(family, kinds=KINDS)
    row, key, moment = release(family), fresh_key(), clock.now()
    run_due()
    assert {taken(family, row, way, key=key).status_code for way in ("table", "table", "page")} == {200}
    assert Disclosure.objects.count() == 2  # each of the two ways once, a second click on one not again
    if what == "paper":
        holder = family.dyad.consent_holders.get()
        actions.end_consent(family.by.actor, episode=family.episode, consent_holder=holder.pk, until=TODAY)
    else:
        moment += timedelta(hours=settings.RELEASE_HOURS, minutes=1)
    with clock.at(moment):
        assert taken(family, row, key=key)["Location"] == at(family, "family_release", release=row.pk)
    assert (now(row).state, row.lines) == (STATE.STOPPED if what == "paper" else STATE.OVER, None)
    assert Disclosure.objects.count() == 2


def test_a_file_is_gone_after_its_time_or_when_it_is_removed(family: make.Family, settings: Any) -> None:
    agree(family, kinds=KINDS)
    row, second = release(family), release(family)
    run_due()
    with clock.at(clock.now() + timedelta(hours=settings.RELEASE_HOURS, minutes=1)):
        with pytest.raises(NotNow):
            actions.take_release(family.by.actor, release=now(row))
        family.by.client.post(at(family, "family_release", release=second.pk), {"key": fresh_key()})
        assert now(second).state == STATE.OVER
        actions.end_releases(machine("families.end_releases"))
    assert (now(row).state, row.lines) == (STATE.OVER, None)
    assert "not there any more" in read(family.by, at(family, "family_release", release=row.pk))


def test_only_who_asked_for_a_file_takes_it_and_only_the_care_team_asks(family: make.Family) -> None:
    agree(family, kinds=KINDS)
    row = release(family)
    run_due()
    colleague = make.make_worker("clinician")
    with pytest.raises(Refused):
        actions.take_release(colleague.actor, release=row)
    make.join_team(family, colleague)
    with pytest.raises(NotNow):
        actions.take_release(colleague.actor, release=now(row))
    page = read(colleague, at(family, "family_release", release=row.pk))
    assert "Only who asked for this file takes it." in page
    stranger = make.make_family(child="Noa Berg")
    assert stranger.by.client.get(at(stranger, "family_release", release=row.pk)).status_code == 403
    assert family.by.client.get(at(family, "family_release", family.adult, release=row.pk)).status_code == 403


def test_a_file_that_no_consent_covers_is_not_begun(family: make.Family) -> None:
    """Another kind, other days, days without an end or backwards, or nothing at all."""
    agree(family, kinds=KINDS)
    before = Days(date(2001, 1, 1), TODAY)
    for other in ({"kinds": frozenset({Kind.WHEREABOUTS})}, {"days": before}):
        with pytest.raises(NoConsent):
            release(family, **other)
    for other in ({"days": Days(TODAY)}, {"days": Days(TODAY, TODAY - DAY)}, {"kinds": frozenset()}):
        with pytest.raises(BadInput):
            release(family, **other)
    assert not Job.objects.filter(kind="families.release").exists()


def test_protect_1_a_mothers_own_file_is_hers_alone_and_goes_to_no_court(served: make.Family) -> None:
    """By her own consent her screens are in it; its entries in the trail name her, never the child."""
    family = served
    screens = frozenset({Kind.SCREENS})
    agree(family, about=family.adult, kinds=screens)
    row = release(family, about=family.adult, kinds=screens)
    run_due()
    table = taken(family, row, about=family.adult).content.decode()
    assert "EPDS: 2 to 29, some answers are blank" in table and "M-CHAT" not in table
    verbs = ("families.release", "jobs.release_part", "families.take_release")
    named = {
        pair
        for entry in AuditEntry.objects.filter(verb__in=verbs)
        for pair in entry.subjects.values_list("kind", "ref")
    }
    assert named == {("person", family.adult.pk), ("episode", family.episode.pk)}
    for purpose in (Purpose.COURT, Purpose.CHILD_WELFARE):
        with pytest.raises(NoConsent, match="never told for a court"):
            release(family, about=family.adult, kinds=screens, purpose=purpose)


def test_protect_4_a_hidden_address_is_in_no_file_that_somebody_else_agreed_to() -> None:
    """María agrees for Mateo; where he lives with his father, who has not said that it may be shown, stays out."""
    family = make.make_family(make.make_worker(), adults=("María Ñúñez", "Tomás Lund"))
    mother, father = family.adults
    holds(family, mother, "parent")
    kinds = frozenset({Kind.WHEREABOUTS})
    agree(family, kinds=kinds, given_by=Holder(mother.pk, mother.name, "parent", None))
    for person, address, is_told in ((father, "12 Canary Lane", False), (mother, "7 Robin Road", True)):
        actions.house_together(
            family.by.actor,
            episode=family.episode,
            people=(family.child, person),
            address=address,
            shown_to_others=False,
            since=TODAY,
        )
        row = release(family, kinds=kinds)
        run_due()
        assert (address in taken(family, row).content.decode()) is is_told
    assert "12 Canary Lane" not in taken(family, row).content.decode()


def test_part_2_leaves_with_its_notice_and_a_copy_of_the_consent(family: make.Family, monkeypatch: Any) -> None:
    """And a line of another law, offered by mistake among it, stays."""
    kinds = frozenset({Kind.SUBSTANCE_USE})

    def lines(wanted: Any) -> list[Line]:
        return [
            Line(TODAY, "Canarytreated", "a programme", FieldClass.CLINICAL, Regime.PART_2),
            Line(TODAY, "Canaryhipaa", "a programme", FieldClass.CLINICAL),
        ]

    room = ToldOutside("x", Kind.SUBSTANCE_USE, 1, lines)
    monkeypatch.setattr(house, "told_outside", [*house.told_outside, room])
    agree(family, about=family.adult, kinds=kinds)
    row = release(family, about=family.adult, kinds=kinds)
    run_due()
    for way in ("table", "page"):
        told = unescape(taken(family, row, way, family.adult).content.decode())
        assert "Canarytreated" in told and "Canaryhipaa" not in told
        assert PART_2_COPY in told and "42 CFR Part 2) protects" in told and "Copy of the consent" in told


def test_protect_8_a_tribes_facts_leave_by_a_tribal_courts_consent_alone(monkeypatch: Any) -> None:
    """An Indian custodian consents for the child by the paper that was seen, and not for what the tribe keeps."""
    family = make.make_family(make.make_worker())
    kinds = frozenset({Kind.TRIBAL})
    room = ToldOutside(
        "x", Kind.TRIBAL, 1, lambda wanted: [Line(TODAY, "Canarytribe", "the tribe", FieldClass.FAMILY, Regime.TRIBAL)]
    )
    monkeypatch.setattr(house, "told_outside", [*house.told_outside, room])
    holds(family, family.adult, "indian_custodian", "tribal_custom")
    custodian = Holder(family.adult.pk, family.adult.name, "indian_custodian", None)
    assert agree(family, kinds=frozenset({Kind.SERVED}), given_by=custodian).capacity == "indian_custodian"
    with pytest.raises(BadInput, match="A tribe decides"):
        agree(family, kinds=kinds, given_by=custodian)
    with pytest.raises(NoConsent):
        release(family, kinds=kinds)
    court = {"name": "Tribal court", "capacity": "tribal_court", "document": "tribal_court_order", "since": TODAY}
    actions.note_consent(family.by.actor, episode=family.episode, **court)
    agree(family, kinds=kinds, given_by=Holder(None, "Tribal court", "tribal_court", None))
    row = release(family, kinds=kinds)
    run_due()
    assert "Canarytribe" in taken(family, row).content.decode()


def test_a_part_that_cannot_be_made_leaves_nothing(family: make.Family, monkeypatch: Any) -> None:
    """However often it was tried; and what a killed runner left is taken up where it stood."""
    agree(family, kinds=KINDS)
    row = release(family)
    (first,) = Job.objects.filter(kind="families.release")
    run_one("here")
    make_part = house.handlers["families.release"]
    make_part(first)  # the same part once more, after a kill: nothing twice
    assert now(row).done == 1

    def broken(wanted: Any) -> list[Line]:
        raise RuntimeError

    monkeypatch.setattr(house, "told_outside", [ToldOutside("x", Kind.VISITS, 1, broken)])
    for _attempt in range(Job.MAX_ATTEMPTS):
        with clock.at(clock.now() + timedelta(days=_attempt)):
            run_due()
    assert (now(row).state, row.lines) == (STATE.STOPPED, None) and "could not be made" in (row.stopped or "")


@pytest.mark.usefixtures("list_of_erased")
def test_erasing_somebody_removes_the_files_about_them(family: make.Family) -> None:
    agree(family, about=family.adult, kinds=KINDS)
    row = release(family, about=family.adult)
    run_one("here")
    officer, second = make.make_worker("privacy_officer"), make.make_worker("agency_supervisor")
    why = {"reason": "Asked for in writing", "document": "File 17"}
    privacy.confirm_erasure(second.actor, erasure=privacy.ask_erasure(officer.actor, person=family.adult, **why))
    run_due()
    kept = Release.objects.filter(pk=row.pk).values_list("state", "recipients", "lines").get()
    assert kept == (STATE.OVER, "—", None)
