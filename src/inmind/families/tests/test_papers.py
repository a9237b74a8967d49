"""Luz writes to early intervention, and a court's counsel get one and the same copy, or none of them gets any."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from html import unescape
from typing import Any

import pytest

from inmind.access.consents import Asked, Days, Kind, NoConsent, Purpose
from inmind.access.models import AuditEntry, Disclosure
from inmind.documents.tests.test_paper import opened
from inmind.families import actions
from inmind.families.actions import releasing
from inmind.families.models import Release
from inmind.families.release_papers import paper_of
from inmind.families.releases import FORMS, Form
from inmind.families.tests.test_told import BACK, agree, at, holds, read
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import Line, ToldOutside, house
from inmind.foundation.values import FieldClass
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAYS = Days(TODAY - timedelta(days=30), TODAY)
STATE = Release.State
PART_C = "Flint Hills tiny-k"
COUNSEL = ("Adams, counsel of the mother", "Baker, counsel of the father", "Clark, counsel of the child")


@pytest.fixture
def family() -> make.Family:
    """Mateo and his mother María, whose paper was seen."""
    family = make.make_family(make.make_worker(name="Luz Ibarra"), age_months=18)
    holds(family, family.adult, "parent", "court_order")
    return family


@pytest.fixture
def served(family: make.Family) -> make.Family:
    """The same with a visit, his screen and hers, and where they live."""
    make.make_on_call()
    visited = {"episode": family.episode, "on": TODAY, "place": "home", "minutes": 45, "present": (family.adult,)}
    actions.visit(family.by.actor, **visited, strength="Canarysings", note="Canarynote")
    make.make_screen(family, instrument="mchatr")
    make.make_screen(family, answers={"epds_1": 2})
    actions.house_together(
        family.by.actor,
        episode=family.episode,
        people=(family.child, family.adult),
        address="7 Canary Road",
        shown_to_others=False,
        since=TODAY,
    )
    return family


def paper(family: make.Family, form: Form, recipients: tuple[str, ...], *kinds: Kind, **other: Any) -> Release:
    purpose = other.get("purpose") or FORMS[form].purposes[0]
    asked = Asked(family.child.pk, recipients[0], purpose, frozenset(kinds), DAYS)
    there = {"episode": family.episode, "person": family.child, "asked": asked, "language": "en"}
    return actions.release(family.by.actor, **there, form=form, recipients=recipients)


def sent(*recipients: str, kinds: tuple[Kind, ...], purpose: Purpose, **other: str) -> dict[str, Any]:
    days = {"facts_since": DAYS.first, "facts_until": DAYS.last}
    to = {"recipients": "\r\n".join(recipients), "is_everybody": "on"}
    return {"key": fresh_key(), "purpose": purpose, "kinds": kinds} | to | days | other


def to_counsel(
    family: make.Family, *, of: tuple[str, ...] = COUNSEL, kinds: tuple[Kind, ...] = (Kind.SERVED,)
) -> list[Any]:
    return [agree(family, recipient=one, purpose=Purpose.COURT, kinds=frozenset(kinds)) for one in of]


def take(family: make.Family, row: Release) -> Any:
    return family.by.client.post(at(family, "family_take_release", release=row.pk), {"key": fresh_key()})


def test_luz_looks_at_a_letter_before_it_is_made_and_takes_it_as_a_tagged_pdf(served: make.Family) -> None:
    """Looking keeps nothing and is in the trail; what is taken is what was seen; no address that nobody agreed to."""
    family = served
    kinds = (Kind.SAID, Kind.SCREENS, Kind.SERVED)
    agree(family, recipient=PART_C, purpose=Purpose.EARLY_INTERVENTION, kinds=frozenset(kinds))
    there = f"{at(family, 'family_paper')}&paper=early_intervention"
    assert there.replace("&", "&amp;") in family.by.client.get(at(family, "family_told")).content.decode()
    assert PART_C in read(family.by, there)
    said = sent(PART_C, kinds=kinds, purpose=Purpose.EARLY_INTERVENTION)
    jobs = Job.objects.count()
    seen = unescape(family.by.client.post(there, said | {"look": "1"}).content.decode())
    for words in ("Canarysings", "M-CHAT", "Left out", "treatment for substance use", "through us", "Make this paper"):
        assert words in seen, words
    assert "Canarynote" not in seen and "7 Canary Road" not in seen and "EPDS:" not in seen
    assert not Release.objects.exists() and Job.objects.count() == jobs
    assert AuditEntry.objects.filter(verb="families.release", outcome="read").exists()
    mark = seen.split('name="seen" value="')[1].split('"')[0]
    other = said | {"make": "1", "seen": mark, "kinds": kinds[:2], "key": fresh_key()}
    assert "Make this paper" in unescape(
        family.by.client.post(there, other).content.decode()
    )  # changed since: look again
    assert not Release.objects.exists()
    page = family.by.client.post(there, said | {"make": "1", "seen": mark})["Location"]
    row = Release.objects.get()
    assert "0 of 3 parts" in read(family.by, page) and take(family, row).status_code == 302
    run_due()
    ready = read(family.by, page)
    assert "Canarysings" in ready and "Mark: " in ready and "is ready" in read(family.by, at(family, "family_told"))
    made = take(family, row)
    assert (made["Content-Type"], made["Content-Disposition"]) == (
        "application/pdf",
        f'attachment; filename="paper-{clock.now():%Y-%m-%d}.pdf"',
    )
    assert "no-store" in made["Cache-Control"] and take(family, row).content == made.content
    inside = opened(made.content)
    assert "/StructTreeRoot" in inside and "Letter to early intervention" in inside
    row.refresh_from_db()
    mark = releasing.said(row)["mark"]
    for told in Disclosure.objects.all():
        assert mark in (told.words or "") and sha256(made.content).hexdigest() in (told.words or "")
    assert Disclosure.objects.count() == 2
    assert b"Canarysings" not in bytes(Release.objects.values_list("said", flat=True).get())  # sealed as it lies


def test_a_letter_names_the_safe_ways_only_where_they_were_agreed_to(served: make.Family) -> None:
    family = served
    kinds = (Kind.SERVED, Kind.WHEREABOUTS)
    agree(family, recipient=PART_C, purpose=Purpose.EARLY_INTERVENTION, kinds=frozenset(kinds))
    row = paper(family, Form.EARLY_INTERVENTION, (PART_C,), *kinds)
    run_due()
    row.refresh_from_db()
    said = str(releasing.said(row))
    assert "7 Canary Road" in said and "through us" not in said and "by no other" in said


def test_protect_7_every_partys_counsel_gets_the_same_copy_or_none_gets_any(family: make.Family) -> None:
    """One consent is missing: nothing is begun, and the page says for whom. Then: one set of bytes, a telling for each."""
    to_counsel(family, of=COUNSEL[:2])
    there = f"{at(family, 'family_paper')}&paper=court"
    said = sent(*COUNSEL, kinds=(Kind.SERVED,), purpose=Purpose.COURT)
    alone = family.by.client.post(there, said | {"look": "1", "is_everybody": ""})
    assert alone.status_code == 400 and "goes to all of them, or to nobody" in unescape(alone.content.decode())
    for button in ("look", "make"):
        page = unescape(family.by.client.post(there, said | {button: "1", "key": fresh_key()}).content.decode())
        assert f"{COUNSEL[2]}: No consent names {COUNSEL[2]}." in page and f"{COUNSEL[0]}: " not in page
    assert not Release.objects.exists()
    consents = to_counsel(family, of=COUNSEL[2:])
    paper(family, Form.COURT, COUNSEL, Kind.SERVED)
    run_due()
    row = Release.objects.get()
    made = take(family, row).content
    assert made.startswith(b"%PDF-")
    assert "Left out" in paper_of(releasing.said(row)).parts[0].heading, "on its face"
    told = list(Disclosure.objects.all())
    assert {one.recipient for one in told} == set(COUNSEL) and len({one.words for one in told}) == 1
    face = dict(releasing.said(row)["facts"])
    assert all(one in face["For"] for one in COUNSEL)
    actions.withdraw(family.by.actor, episode=family.episode, person=family.child, consent=consents[0].pk, back=BACK)
    row.refresh_from_db()
    assert (row.state, row.said, row.digest) == (STATE.STOPPED, None, "") and COUNSEL[2] in (row.stopped or "")
    assert len(Disclosure.objects.all()) == len(COUNSEL)


def test_protect_1_7_10_a_release_for_a_court_holds_no_screen_whoever_agreed(served: make.Family) -> None:
    """Not the child's either; nor as a table; nor an address, for the other party's counsel reads it. Its face names them."""
    family = served
    kinds = (Kind.SERVED, Kind.SCREENS, Kind.WHEREABOUTS)
    to_counsel(family, of=COUNSEL[:1], kinds=kinds)
    offered = unescape(family.by.client.get(f"{at(family, 'family_paper')}&paper=court").content.decode())
    assert 'value="screens"' not in offered and 'value="whereabouts"' not in offered
    for form, kind in ((Form.COURT, Kind.SCREENS), (Form.COURT, Kind.WHEREABOUTS), (Form.TABLE, Kind.SCREENS)):
        with pytest.raises(BadInput):
            paper(family, form, COUNSEL[:1], kind, purpose=Purpose.COURT)
    row = paper(family, Form.COURT, COUNSEL[:1], Kind.SERVED)
    run_due()
    row.refresh_from_db()
    said = releasing.said(row)
    assert {"screens and what they showed", "the family’s own map"} <= set(said["left_out"])
    assert "M-CHAT" not in str(said) and "system’s delay" in str(said["opens"])


def test_a_release_for_a_court_says_who_cares_for_the_child_and_what_other_rooms_offer(
    served: make.Family, monkeypatch: Any
) -> None:
    """Facts of two laws, each by a consent of its own and each written down by itself; never where anybody lives."""
    family = served
    waits = Line(TODAY, "Canaryservice waited 40 days for a place", "the program", FieldClass.FAMILY)
    room = ToldOutside("services.waits", Kind.SERVED, 50, lambda wanted: [waits])
    monkeypatch.setattr(house, "told_outside", [*house.told_outside, room])
    kinds = (Kind.SERVED, Kind.CHILD_WELFARE)
    to_counsel(family, of=COUNSEL[:1], kinds=kinds[:1])
    with pytest.raises(NoConsent, match="does not cover: papers of child welfare"):
        paper(family, Form.COURT, COUNSEL[:1], *kinds)
    to_counsel(family, of=COUNSEL[:1], kinds=kinds[1:])
    row = paper(family, Form.COURT, COUNSEL[:1], *kinds)
    run_due()
    row.refresh_from_db()
    said = str(releasing.said(row)["parts"])
    assert (
        "Canaryservice" in said and f"{family.adult.name} cares for the child since" in said and "court order" in said
    )
    assert "7 Canary Road" not in said
    assert take(family, row).content.startswith(b"%PDF-")
    assert {one.kinds for one in Disclosure.objects.all()} == {"served", "child_welfare"}


def test_protect_1_7_a_line_that_speaks_of_a_screen_stops_a_courts_paper_until_it_is_left_out(
    family: make.Family,
) -> None:
    """Before it is made and while it is; and as a table. What else was said stays, and so it does for who gives care."""
    visited = {"episode": family.episode, "place": "home", "minutes": 45, "present": (family.adult,)}
    actions.visit(family.by.actor, **visited, on=TODAY, strength="Her EPDS total was 19", showed="Canarylaughs")
    kinds, luz = (Kind.SERVED, Kind.SAID), family.by.client
    to_counsel(family, of=COUNSEL[:1], kinds=kinds)
    there = f"{at(family, 'family_paper')}&paper=court"
    said = sent(*COUNSEL[:1], kinds=kinds, purpose=Purpose.COURT)

    def look(**more: Any) -> str:
        return unescape(luz.post(there, said | {"look": "1"} | more).content.decode())

    page = look()
    assert "It speaks of a screen." in page and 'name="make"' not in page
    mark = page.split('name="out" value="')[1].split('"')[0]
    luz.post(there, said | {"make": "1", "seen": page.split('name="seen" value="')[1].split('"')[0]})
    assert not Release.objects.exists()
    for form in (Form.COURT, Form.TABLE):
        row = paper(family, form, COUNSEL[:1], *kinds, purpose=Purpose.COURT)
        run_due()
        row.refresh_from_db()
        assert (row.state, row.lines, row.said) == (STATE.STOPPED, None, None) and "body’s screen" in (
            row.stopped or ""
        )
    seen = look(out=mark).split('name="seen" value="')[1].split('"')[0]
    luz.post(there, said | {"make": "1", "seen": seen, "out": mark, "key": fresh_key()})
    run_due()
    (row,) = Release.objects.filter(state=STATE.READY)
    made = releasing.said(row)
    assert "EPDS" not in str(made) and "Canarylaughs" in str(made["parts"])
    assert any("single lines" in one for one in made["left_out"])
    agree(family, recipient="Dr. Chen", purpose=Purpose.CARE, kinds=frozenset(kinds))
    care = paper(family, Form.PRIMARY_CARE, ("Dr. Chen",), *kinds)
    run_due()
    care.refresh_from_db()
    assert "Her EPDS total was 19" in str(releasing.said(care)["parts"])


def test_protect_7_a_line_that_came_after_the_look_is_not_made(family: make.Family) -> None:
    """Neither before it is asked for nor before its last part is made."""
    visited = {"episode": family.episode, "on": TODAY, "place": "home", "minutes": 45, "present": (family.adult,)}
    kinds, luz = (Kind.SERVED, Kind.SAID), family.by.client
    to_counsel(family, of=COUNSEL[:1], kinds=kinds)
    there = f"{at(family, 'family_paper')}&paper=court"
    said = sent(*COUNSEL[:1], kinds=kinds, purpose=Purpose.COURT)

    def make_it(seen: str) -> str:
        page = unescape(luz.post(there, said | {"make": "1", "seen": seen, "key": fresh_key()}).content.decode())
        return page.split('name="seen" value="')[1].split('"')[0] if page else ""

    first = make_it("")
    actions.visit(family.by.actor, **visited, strength="Canaryone")
    second = make_it(first)
    assert second and not Release.objects.exists()
    assert not make_it(second)
    actions.visit(family.by.actor, **visited, strength="Canarytwo")
    run_due()
    row = Release.objects.get()
    assert (row.state, row.said) == (STATE.STOPPED, None) and "since you looked at it" in (row.stopped or "")
    assert not make_it(make_it(""))
    run_due()
    assert Release.objects.filter(state=STATE.READY).count() == 1


def test_protect_7_a_place_is_named_to_a_court_only_where_it_is_ticked(family: make.Family, monkeypatch: Any) -> None:
    line = Line(TODAY, "Started at Canaryplace.", "us", FieldClass.FAMILY, place="Canaryplace", unnamed="It started.")
    monkeypatch.setattr(house, "told_outside", [ToldOutside("one", Kind.SERVED, 50, lambda wanted: [line])])
    to_counsel(family, of=COUNSEL[:1])
    there = f"{at(family, 'family_paper')}&paper=court"
    said = sent(*COUNSEL[:1], kinds=(Kind.SERVED,), purpose=Purpose.COURT) | {"look": "1"}
    parts = [
        family.by.client.post(there, said | more).context["would"]["parts"] for more in ({}, {"places": "Canaryplace"})
    ]
    assert ["It started." in str(one) for one in parts] == [True, False]
    assert ["Canaryplace" in str(one) for one in parts] == [False, True]


def test_a_paper_that_nobody_would_read_is_stopped_before_it_is_taken(family: make.Family, monkeypatch: Any) -> None:
    agree(family, purpose=Purpose.CARE, kinds=frozenset({Kind.SERVED}))
    monkeypatch.setattr("inmind.documents.paper.MOST_LETTERS", 100)
    row = paper(family, Form.PRIMARY_CARE, ("Valley Pediatrics, Dr. Chen",), Kind.SERVED)
    run_due()
    row.refresh_from_db()
    assert (row.state, row.said) == (STATE.STOPPED, None) and "too long" in (row.stopped or "")


def test_bytes_that_would_be_others_do_not_leave(family: make.Family) -> None:
    """Where the house makes them otherwise since somebody took them, nobody gets a second kind."""
    agree(family, purpose=Purpose.CARE, kinds=frozenset({Kind.SERVED}))
    row = paper(family, Form.PRIMARY_CARE, ("Valley Pediatrics, Dr. Chen",), Kind.SERVED)
    run_due()
    actions.take_release(family.by.actor, release=row, digest="one")
    with pytest.raises(NotNow, match="byte for byte"):
        actions.take_release(family.by.actor, release=row, digest="another")
    luz, there = family.by.client, at(family, "family_take_release", release=row.pk)
    assert "byte for byte" in unescape(luz.post(there, {"key": fresh_key()}, follow=True).content.decode())


def test_a_paper_that_is_none_leads_back_and_an_adult_gets_no_childs_letter(family: make.Family) -> None:
    for about, name in ((family.child, "nothing"), (family.adult, "early_intervention")):
        answer = family.by.client.get(f"{at(family, 'family_paper', about)}&paper={name}")
        assert answer["Location"] == at(family, "family_told", about)
    assert "No consent stands" in read(family.by, f"{at(family, 'family_paper')}&paper=primary_care")
