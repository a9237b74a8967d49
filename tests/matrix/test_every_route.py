"""The access matrix, generated: every route x every role x every relation. Canaries are searched in bodies and headers.

The expectations are rules of their own (`protect.md`), not the policy read back: a stranger to a family sees none of its
words at any address; who serves it without being on its care team sees none of its clinical words.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from inmind.access import consents, privacy
from inmind.access.actors import VISITOR
from inmind.access.door import routes, verb_of
from inmind.access.models import Account, AuditEntry, Consent
from inmind.access.roles import AT_AN_ASSOCIATION, INVITED, ROLES
from inmind.association import actions as association
from inmind.away.models import Paper
from inmind.away.tests.steps import Phone
from inmind.diagnosis.formulation import Culture
from inmind.diagnosis.models import CodeRelease
from inmind.documents.models import StoredFile
from inmind.endorsement import actions as endorsement_actions
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.models import Proposal, Release, Subpoena
from inmind.families.subpoenas import Paper as CourtPaper
from inmind.foundation import clock
from inmind.jobs.runner import run_due
from inmind.learning.attendance import actions as attendance_actions
from inmind.learning.certificates import actions as certificate_actions
from inmind.learning.models import Certificate, Sighting
from inmind.learning.trainings.self_actions import make_feed
from inmind.money import actions as money
from inmind.money.amounts import Item
from inmind.people.models import Organization
from inmind.records import actions as records
from inmind.records.models import Merge, Pair, SheetImport
from inmind.reflection import actions as reflection_actions
from inmind.screening import actions as screening
from inmind.screening import house_tables, sending_actions
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.check_in_actions import check_in
from inmind.screening.models import CheckIn, Sending, StewardTable
from inmind.services.early import actions as early_actions
from inmind.services.finder.actions import Told, ask_to_be_called
from inmind.services.models import SelfReferral
from inmind.services.plans import actions as plan_actions
from inmind.services.plans.care_plan import HowFar, Kind, SeenBy
from inmind.services.running import actions as running_actions
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make, wordings
from tests.screening_tables import HEADING, row
from tests.wordings import make_wording

pytestmark = pytest.mark.django_db
# Who reads what is one policy's answer, whose two executions are compared on both databases, and below each address is
# opened on both. So a walk past every address, as everybody who is to find nothing there, is made once.
WALKED = pytest.mark.sqlite

FAMILY_WORDS = ("Canarybaby", "Canarymother", "555-0187", "Canarychurch")
CLINICAL_WORDS = ("Canarystrength", "Canarynote", "Canarydeed", "Canarytold", "Canarytalk", "Canarypaper", "Canaryhope")
PLAN_WORDS = (
    "Canarygoal",
    "Canaryservice",
    "Canaryseen",
)  # of the care plan and a service that runs, for the care team alone
# Words that tell that there was a screen at all; shown to the asking episode's care team and to who was asked (`protect.md` 1).
SCREEN_WORDS = ("An answer about self-harm", "99 of 180")
AGENCY_ROLES = ("family_service_coordinator", "home_visitor", "clinician", "agency_supervisor", "privacy_officer")


@dataclass(slots=True)
class Scene:
    """A family at the first agency, with words that must not travel, and workers in each relation to it."""

    ids: dict[str, Any]
    team: dict[str, make.Worker] = field(default_factory=dict)
    agency: dict[str, make.Worker] = field(default_factory=dict)
    elsewhere: dict[str, make.Worker] = field(default_factory=dict)
    house: dict[str, make.Worker] = field(default_factory=dict)
    asked: make.Worker | None = None


@pytest.fixture(scope="module")
def _furnished(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene, made once for the tests of this file; what a test changes is taken back with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(_furnished: Scene, db: None) -> Scene:
    """A copy of what was noted of it, so that no test leaves a word to the next one."""
    return deepcopy(_furnished)


def _scene() -> Scene:
    network = make.make_network()
    harbor, prairie = network.agencies[:2]
    visitor = make.make_worker("home_visitor", harbor)
    on_call = make.make_on_call(harbor)
    mother = AdultFacts("Canarymother", "Ñúñez", "mother", phone="555-0187", phone_is_safe=True)
    family = make.make_family(visitor, child="Canarybaby Ñúñez", adults=(mother,))
    families.visit(
        visitor.actor,
        episode=family.episode,
        on=clock.today(harbor.zone),
        place="home",
        minutes=60,
        strength="Canarystrength: she sings.",
        note="Canarynote: we walked to the lake.",
    )
    closed, done_task = make.make_crisis(family)
    tasks.close(on_call.actor, task=done_task, done="Canarydeed: called her.")
    screening.finish(visitor.actor, screen=closed, answers={})
    screen, task = make.make_crisis(family)
    pair, merged = _alike(visitor.agency)
    made = Scene(
        ids={
            "pair": pair.pk,
            "merge": merged.pk,
            "sheet": _sheet(harbor).pk,
            "dyad": family.dyad.pk,
            "episode": family.episode.pk,
            "person": family.adult.pk,
            "way": family.adult.contacts.get().pk,
            "consent": _told(family, visitor).pk,
            "letter": make.make_letter(family).pk,
            "release": _released(family, visitor).pk,
            "proposal": _proposed(family, visitor).pk,
            "file": _scanned(family, visitor).pk,
            "screen": screen.pk,
            "result": make.make_recorded(family, typed={"total": "99"}).pk,
            "task": task.pk,
            "check_in": _check_in(family, visitor).pk,
            "assignment": visitor.account.roles.get().pk,
            "account": visitor.account.pk,
            "organization": harbor.pk,
            "on": clock.today(harbor.zone).isoformat(),
            "sending": _sent(family, visitor).pk,
            "mark": "not-a-mark",
            "table": _table().pk,
            **_away(family, visitor),
            **_early(family, visitor),
            "wording": make_wording(languages=("en",))[0].pk,
            "asked": _asked(harbor).pk,
            "subpoena": _asked_by_a_court(family, visitor).pk,
            **_referred(family),
            **_planned(family, visitor),
            **_formulated(family),
            **_coded(family),
            **_moved(),
            **_learning(),
            **_joined(),
            **_money(),
        },
        asked=on_call,
    )
    _watched_over(made, family, harbor)
    _held(made, visitor)
    _endorsed(made, visitor, harbor)
    for role in AGENCY_ROLES:
        made.agency[role] = make.make_worker(role, harbor)
        made.elsewhere[role] = make.make_worker(role, prairie)
    for role in families.SERVING_ROLES:
        made.team[role] = make.make_worker(role, harbor)
        make.join_team(family, made.team[role])
    for role in set(INVITED) - set(AGENCY_ROLES):
        made.house[role] = make.make_worker(role)
    return made


def _joined() -> dict[str, Any]:
    """A member of an association with a level, and an agency that pays there for places."""
    keeper = make.make_worker("association_coordinator")
    level, member = make.make_level(keeper), make.make_member(keeper)
    there = {"association": keeper.agency, "level": level, "agency": "Lakeside Nursery"}
    bundle = association.sell_places(keeper.actor, places=2, **there)
    return {"association": level.association_id, "level": level.pk, "member": member.pk, "bundle": bundle.pk}


def _moved() -> dict[str, Any]:
    """A member export of an association, one of whose rows waits for its coordinator."""
    sheet, row = make.make_member_export()
    return {"moved": sheet.pk, "number": row.number}


def _asked(harbor: Organization) -> SelfReferral:
    """A family that asked by itself to be called: for those who call there alone."""
    listing = make.make_listing(harbor, takes_families=True)
    told = Told("Canarymother", "555-0187", words="Canarytalk: we are new here.")
    return ask_to_be_called(VISITOR, listing=listing, told=told)


def _referred(family: make.Family) -> dict[str, Any]:
    """A draft in her words, and a program beside it to which nobody is referred yet."""
    make.make_referral(family, sent=False, hopes="Canaryhope: somebody who comes home.", reach="Call 555-0187")
    harbor = family.episode.organization
    row = make.make_referral(family, about=family.child, hopes="Canaryhope: that he sleeps.", sent=False)
    return {"referral": row.pk, "listing": make.make_listing(harbor, name="Group", takes_families=True).pk}


def _check_in(family: make.Family, visitor: make.Worker) -> CheckIn:
    said = {"door": "talk", "about": "mood", "text": "Canarytalk: I am tired."}
    return check_in(visitor.actor, episode=family.episode, adult=family.adult, **said)


def _planned(family: make.Family, visitor: make.Worker) -> dict[str, Any]:
    """A goal of the mother as her worker sees it, what she was given to read, and a service with a session."""
    by, there = visitor.actor, {"episode": family.episode}
    goal = plan_actions.add_to_plan(by, kind=Kind.GOAL, whose=family.adult, words="Canarygoal: to sleep.", **there)
    seen = plan_actions.say_how_seen(by, goal=goal, by=SeenBy.WORKER, how_far=HowFar.A_LITTLE, words="Canaryseen")
    given = plan_actions.give_handout(by, to=family.adult, handout="crying", **there)
    service = running_actions.begin_service(by, about=family.adult, name="Canaryservice", **there)
    (session,) = running_actions.plan_sessions(by, service=service, first=clock.today(make.ZONE))
    return {"item": goal.pk, "seen": seen.pk, "given": given.pk, "service": service.pk, "session": session.pk}


def _formulated(family: make.Family) -> dict[str, Any]:
    """Two signed versions of the child's formulation, and an assessment that is open with what they said."""
    clinician = make.make_worker("clinician", family.episode.organization)
    make.join_team(family, clinician)
    culture = {"culture": Culture("Canarynote: they pray together.")}
    first, second = (make.make_formulation(family, by=clinician, **culture) for _ in range(2))
    row = make.make_assessment(family, by=clinician, question="Canarynote: why does she cry?")
    return {"assessment": row.pk, "formulation": first.pk, "other": second.pk}


def _coded(family: make.Family) -> dict[str, Any]:
    """A table of codes, and a signed version whose code it gives."""
    disorder = "early-atypical-autism-spectrum-disorder"
    table = make.make_table(f"{disorder},F84.9")
    release = CodeRelease.objects.get()
    signed = make.make_coded(family, {"disorder": disorder})
    return {"codes_table": table.pk, "codes_release": release.pk, "formulation": signed.pk}


def _learning() -> dict[str, Any]:
    """A training at which somebody has a seat, and the secret of their calendar's address."""
    training, luz = make.make_training(), make.make_worker("practitioner")
    make.take_seat(training, luz)
    return {"training": training.pk, "secret": make_feed(luz.actor), **_attended()}


def _attended() -> dict[str, Any]:
    """A meeting at which somebody was, who somebody else is to be decided, and what came of it."""
    there = make.make_attended("Canarymember Stone")
    by, member = there.by.actor, there.people[0]
    log = make.make_log(
        ("Canarymember Stone", "", "10:00:00 AM", "12:30:00 PM"), ("Canaryphone", "", "10:00:00 AM", "12:30:00 PM")
    )
    attendance_actions.take_log(by, meeting=there.meeting, text=log, zone=make.ZONE)
    certificate_actions.begin(by, training=there.training)
    run_due()
    elsewhere = {"title": "Canaryday", "provider": "Elsewhere", "on": there.meeting.on, "minutes": 60, "domains": {}}
    return {
        "meeting": there.meeting.pk,
        "sighting": Sighting.objects.get(state="waits").pk,
        "certificate": Certificate.objects.get().pk,
        "elsewhere": certificate_actions.note_elsewhere(member.actor, person=member.person, **elsewhere).pk,
        "code": Certificate.objects.get().code,
        "member": member.person.pk,
    }


def _told(family: make.Family, visitor: make.Worker) -> Consent:
    """What the mother agreed to about herself, and what was told by it."""
    today, her = clock.today(make.ZONE), family.adult
    kinds, day = frozenset({consents.Kind.SCREENS}), consents.Days(today, today)
    scope = {"recipient": "Canarychurch", "purpose": consents.Purpose.SUPPORT, "kinds": kinds, "about_child": False}
    agreed = consents.Consent(
        about=her.pk,
        days=day,
        given_by=consents.Holder(her.pk, her.name, consents.SELF, None),
        since=today,
        paper="Blue folder",
        **scope,  # type: ignore[arg-type]
    )
    said = {"episode": family.episode, "person": her}
    kept = families.agree(
        visitor.actor, **said, agreed=agreed, language="en", interpreter=None, edition="InMind, edition 1"
    )
    families.tell(
        visitor.actor,
        **said,
        asked=consents.Asked(about=her.pk, days=day, **scope),  # type: ignore[arg-type]
        ground=consents.Ground.CONSENT,
        manner=consents.Manner.SPOKEN,
        on=today,
        words="Canarytold: she is well.",
    )
    return kept


def _scanned(family: make.Family, visitor: make.Worker) -> StoredFile:
    """A scan of what she signed."""
    consent = Consent.objects.get(about=family.adult)
    there = {"episode": family.episode, "person": family.adult, "consent": consent.pk}
    return families.attach_scan(visitor.actor, **there, kind="pdf", body=b64encode(b"Canarytold").decode())


def _sent(family: make.Family, visitor: make.Worker) -> Sending:
    """What the mother was sent, in words that are nobody's."""
    wordings.make_wording("epds")
    given = {"parts": ("epds",), "on": clock.today(make.ZONE), "language": "es", "by_letter": False}
    return sending_actions.send(visitor.actor, episode=family.episode, adult=family.adult, **given)


def _proposed(family: make.Family, visitor: make.Worker) -> Proposal:
    """What she is asked to sign on her own page."""
    today, her = clock.today(make.ZONE), family.adult
    asked = consents.Consent(
        about=her.pk,
        recipient="Canarychurch",
        purpose=consents.Purpose.SUPPORT,
        kinds=frozenset({consents.Kind.SERVED}),
        days=consents.Days(today, today),
        given_by=consents.Holder(her.pk, her.name, consents.SELF, None),
        since=today,
        how=consents.How.PHONE,
        about_child=False,
    )
    return families.propose(visitor.actor, episode=family.episode, person=her, agreed=asked)


def _released(family: make.Family, visitor: make.Worker) -> Release:
    """A file of what she agreed to, on its way to whom she named."""
    today, her = clock.today(make.ZONE), family.adult
    asked = consents.Asked(
        about=her.pk,
        recipient="Canarychurch",
        purpose=consents.Purpose.SUPPORT,
        kinds=frozenset({consents.Kind.SCREENS}),
        days=consents.Days(today, today),
        about_child=False,
    )
    return families.release(visitor.actor, episode=family.episode, person=her, asked=asked, language="en")


def _asked_by_a_court(family: make.Family, visitor: make.Worker) -> Subpoena:
    """What came from a court about the mother."""
    said = {"paper": CourtPaper.SUBPOENA, "sender": "Canarychurch", "asks": "Every visit.", "answer_by": None}
    return families.note_subpoena(
        visitor.actor, episode=family.episode, person=family.adult, came_on=clock.today(make.ZONE), **said
    )


def _sheet(agency: Any) -> SheetImport:
    """A sheet with a family that nobody but the agency knows."""
    text = "Child last name,DOB,First name\nCanarybaby,2025-02-03,Canarymother\n"
    return records.begin_import(make.make_worker("data_steward").actor, organization=agency, name="a.csv", text=text)


def _table() -> StewardTable:
    """A table of cut-offs that the house loaded; its numbers are nobody's."""
    text = HEADING + row(24, 9)
    named = {"instrument": "swycmilestones", "edition": "invented", "dated": clock.today(make.ZONE), "before": 0}
    return house_tables.load(make.make_worker("data_steward").actor, table=text, **named)


def _away(family: make.Family, visitor: make.Worker) -> dict[str, Any]:
    """A device that takes families along, and what came from it and could not be kept."""
    phone = Phone(visitor, family)
    phone.send(phone.visit(on="2199-01-01", note="Canarypaper: she laughed."))
    return {"device": phone.device, "paper": Paper.objects.get().pk}


def _early(family: make.Family, visitor: make.Worker) -> dict[str, Any]:
    """The child's way through early intervention, with words of its care team."""
    on, by = clock.today(make.ZONE), visitor.actor
    case = early_actions.begin(by, episode=family.episode, received_on=on, identified_by="Canarynote")
    held = {"since": on, "words": "Canarynote: in hospital."}
    early_actions.note_substantiated(
        by, episode=family.episode, child=family.child, told_on=on, said_by="Canarynote, county office"
    )
    notice = {"tribe": "Canarytold Nation", "owner": visitor.person, "by_day": on}
    return {
        "pause": early_actions.pause(by, case=case, why="family_circumstances", **held).pk,
        "delay": early_actions.delay(by, case=case, why="closed", **held).pk,
        "notice": early_actions.notice(by, episode=family.episode, **notice).pk,
    }


def _alike(agency: Any) -> tuple[Pair, Merge]:
    """Somebody who may be this family's mother, and two records that were put together, both of other families."""
    make.make_family(make.make_worker("home_visitor", agency), child="Other Peña", adults=("Canarymother Ñúñez-Peña",))
    steward = make.make_worker("data_steward").actor
    for _ in range(2):
        mother = AdultFacts("Tess", "Stone", "mother", phone="555-014-2000")
        make.make_family(
            make.make_worker("home_visitor", agency), child="Another Stone", age_months=9, adults=(mother,)
        )
    pair = next(one for one in Pair.objects.order_by("pk") if "same_phone" in one.reasons)
    return Pair.objects.order_by("pk").exclude(pk=pair.pk)[0], records.merge(
        steward, pair=pair, stays=pair.one, chosen={}
    )


def _watched_over(made: Scene, family: make.Family, harbor: Any) -> None:
    """A legal hold and emergency access to this family; somebody else of the agency who is to be erased."""
    officer = make.make_worker("privacy_officer", harbor)
    why = {"reason": "Asked for in writing", "document": "File 17"}
    other = make.make_family(make.make_worker("home_visitor", harbor), adults=("Ida Lund",))
    opener = make.make_worker("clinician", harbor)
    made.ids |= {
        "hold": privacy.set_hold(officer.actor, person=family.adult, **why).pk,
        "erasure": privacy.ask_erasure(officer.actor, person=other.adult, **why).pk,
        "emergency": privacy.ask_emergency(
            opener.actor, person=family.adult, episode=family.episode.pk, reason="She is in danger"
        ).pk,
    }
    made.team["opener"] = opener


# Reflective supervision


def _held(made: Scene, visitor: make.Worker) -> None:
    """Somebody who holds the visitor of this family: a session that both have confirmed, with a question to put it right; an
    offer, and somebody who asks for a place."""
    provider = make.make_worker("practitioner")
    agreement = make.make_agreement(provider, visitor, make.make_worker("practitioner"))
    session = make.make_session(agreement, visitor)
    reflection_actions.confirm(provider.actor, session=session)
    offering = reflection_actions.offer(
        provider.actor,
        association=agreement.association,
        format=make.ReflectionFormat.INDIVIDUAL,
        meets=make.ReflectionMeets.VIDEO,
        zone=make.ZONE,
        languages=frozenset({"en"}),
    )
    there = frozenset(session.said.there)
    facts = {"on": session.on, "kind": make.ReflectionKind.GROUP, "about": make.ReflectionAbout.DIRECT, "there": there}
    reflection_actions.correct(visitor.actor, session=session, minutes=90, **facts)
    made.team["provider"] = provider
    made.team["visitor"] = visitor
    made.ids |= {
        "agreement": agreement.pk,
        "hours": session.pk,
        "change": session.versions.get(state="asked").pk,
        "offering": offering.pk,
        "asking": reflection_actions.ask_place(visitor.actor, offering=offering).pk,
        "side": "held",
    }


# Endorsement


def _endorsed(made: Scene, visitor: make.Worker, harbor: Organization) -> None:
    """What the visitor says of herself, holds, works toward with the association, and shows to her employer."""
    today, there = clock.today(make.ZONE), make.make_association()
    her = {"person": visitor.person}
    work = endorsement_actions.say_work(visitor.actor, of="paid_work", since=today, until=None, **her)
    rating = endorsement_actions.note_rating(visitor.actor, on=today, roles=("endorsed",), unknown_answers=None, **her)
    share = endorsement_actions.share(
        visitor.actor, category="FS", association=there, until=today, to_organization=harbor, **her
    )
    made.team["visitor"] = visitor
    made.ids |= {
        "work": work.pk,
        "rating": rating.pk,
        "share": share.pk,
        "endorsement": make.make_endorsed(visitor, "FS").pk,
        "goal": make.make_goal(visitor, category="MHS").pk,
        "association": there.pk,
        "category": "MHS",
        "hour_kind": "session",
        "hour": made.ids["hours"],
    }


# What an address names that is no record of anybody's; a scene may name its own.
NAMED = {
    "secret": "not-a-secret",
    "battery": "swyc",
    "form": "6",
    "on": "2026-11-20",
    "tool": "psi4sf",
    "instrument": "swycmilestones",
    "part": 1,
    "place": 1,
    "handout": "crying",
    **dict.fromkeys(  # nobody's, where a scene is about a family alone
        (
            *("training", "meeting", "member", "sighting", "certificate", "elsewhere"),
            *("assessment", "formulation", "other", "codes_table", "codes_release"),
        ),
        UUID(int=1),
    ),
    "code": "0000-0000-0000",
    "opens": "not-a-door",
    "axis": "culture",
    "environment": 1,
}


def every_route(scene: Scene, *, but: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Name, verb and address of each route of the house, but of these rooms, filled with this family's own ids."""
    for where, name, view in routes():
        if name in {"static", "account_logout", "set_language"} or not name:
            continue
        if any(view.__module__.startswith(f"inmind.{room}.") for room in but):
            continue
        wanted = {part.split(":")[1].rstrip(">") for part in where.split("/") if part.startswith("<")}
        known = {key: value for key, value in (NAMED | scene.ids).items() if key in wanted}
        assert known.keys() == wanted, f"the matrix does not know how to fill {where}; add its id to the scene"
        try:
            yield name, verb_of(name, view)[0], reverse(name, kwargs=known)
        except NoReverseMatch as problem:  # pragma: no cover - a route the matrix cannot open is a hole in it
            raise AssertionError(f"{name} cannot be opened: {problem}") from problem


def answers(client: Client, address: str) -> Iterator[tuple[str, Any]]:
    """What a route says to a look and to a bare send; neither may be a failure of the program."""
    for method in ("get", "post"):
        response = getattr(client, method)(address)
        assert response.status_code < 500, f"{method} {address} failed with {response.status_code}"
        yield method, response


def leaks(response: Any, words: tuple[str, ...]) -> list[str]:
    said = (b"".join(response) if response.streaming else response.content).decode("utf-8", "replace")
    said += "".join(f"{name}: {value}\n" for name, value in response.headers.items())
    return [word for word in words if word in said]


EVERY_WORD = (*FAMILY_WORDS, *CLINICAL_WORDS, *PLAN_WORDS, *SCREEN_WORDS)


@WALKED
def test_strangers_to_a_family_see_none_of_its_words_anywhere(scene: Scene) -> None:
    """Another agency's people, the house's own roles, somebody without a role, and somebody who has not signed in."""
    strangers = {f"{role} elsewhere": worker.client for role, worker in scene.elsewhere.items()}
    strangers |= {role: worker.client for role, worker in scene.house.items()}
    strangers["nobody"] = Client()
    found = [
        f"{who} at {name} ({method}): {leaked}"
        for who, client in strangers.items()
        for name, _, address in every_route(scene)
        for method, response in answers(client, address)
        if (leaked := leaks(response, EVERY_WORD))
    ]
    assert found == []


@WALKED
def test_an_ended_role_and_a_single_factor_open_nothing(scene: Scene) -> None:
    """A home visitor of the care team whose role has ended, and one who has shown one factor only."""
    gone = scene.team["home_visitor"]
    client_of_gone = gone.client
    _end_roles(gone)
    one_factor = scene.team["clinician"]
    client_of_one_factor = Client()
    client_of_one_factor.force_login(one_factor.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    for client in (client_of_gone, client_of_one_factor):
        for name, verb, address in every_route(scene):
            for method, response in answers(client, address):
                assert leaks(response, EVERY_WORD) == [], f"{name} ({method})"
                if verb and verb != "access.own_account":
                    assert response.status_code in {302, 403}, f"{name} ({method}) answered {response.status_code}"


@WALKED
def test_the_agency_outside_the_care_team_sees_no_clinical_word(scene: Scene) -> None:
    """Coordinator, supervisor and privacy officer know the family; what was said and screened stays with its care team."""
    for role, worker in scene.agency.items():
        client = worker.client
        for name, _, address in every_route(scene):
            for method, response in answers(client, address):
                assert leaks(response, (*CLINICAL_WORDS, *PLAN_WORDS, *SCREEN_WORDS)) == [], (
                    f"{role} at {name} ({method})"
                )


@WALKED
def test_a_home_visitor_of_the_same_agency_sees_nothing_of_a_family_she_does_not_serve(scene: Scene) -> None:
    """Serving families is not serving this family."""
    for role in ("home_visitor", "clinician"):
        client = scene.agency[role].client
        for name, _, address in every_route(scene):
            for method, response in answers(client, address):
                assert leaks(response, EVERY_WORD) == [], f"{role} at {name} ({method})"


MONEY_WORDS = ("Canarydues", "Canarycheck")  # of an invoice and what paid it: its payer's and its association's


def _money() -> dict[str, Any]:
    """An invoice of a member, paid in part by a check."""
    keeper, payer = (
        make.make_worker("association_coordinator"),
        make.make_worker("practitioner", name="Canarydues Ruiz"),
    )
    invoice = make.make_invoice(keeper, payer, items=[Item("Canarydues", 6000)])
    said = {"method": "check", "reference": "Canarycheck", "received_on": clock.today(make.ZONE), "cents": 100}
    payment = money.take_payment(keeper.actor, association=keeper.agency, invoices=[invoice], **said)
    return {"invoice": invoice.pk, "payment": payment.pk}


@WALKED
def test_nobody_but_its_payer_and_its_coordinator_sees_an_invoice(scene: Scene) -> None:
    """No agency's role, no administrator, no other member; nor somebody who has not signed in."""
    strangers = {role: worker.client for role, worker in {**scene.agency, **scene.house}.items()}
    coordinator = strangers.pop("association_coordinator")
    strangers["nobody"] = Client()
    found = [
        f"{who} at {name} ({method}): {leaked}"
        for who, client in strangers.items()
        for name, _, address in every_route(scene)
        if name.startswith("money") or name in {"today", "own_account", "people"}
        for method, response in answers(client, address)
        if (leaked := leaks(response, MONEY_WORDS))
    ]
    assert found == []
    page = coordinator.get(reverse("money_invoice", kwargs={"invoice": scene.ids["invoice"]}))
    assert leaks(page, MONEY_WORDS) == [*MONEY_WORDS]


ASKED_WITH_MORE = {"away_parcel"}  # by which device; opened in its room's own tests


def test_each_route_opens_for_somebody(scene: Scene) -> None:
    """Beside each refusal its permitted case: no route is shut to everyone."""
    people = [*scene.team.values(), *scene.agency.values(), *scene.house.values()]
    clients = [worker.client for worker in (*people, scene.asked) if worker is not None]
    clients.append(Client())
    shut = []
    for name, _, address in every_route(scene):
        if name not in ASKED_WITH_MORE:
            opened = (client for client in clients if client.get(address).status_code not in {400, 403, 404})
            if (one := next(opened, None)) is None:
                shut.append(name)
            else:  # often opens the next one too, and is asked first
                clients.remove(one)
                clients.insert(0, one)
    assert shut == []


def test_the_care_team_sees_the_family_and_the_asked_clinician_sees_the_answer(scene: Scene) -> None:
    """The permitted cases, so that the matrix could not pass by showing nobody anything."""
    visitor = scene.team["home_visitor"].client
    dyad = visitor.get(reverse("dyad", kwargs={"dyad": scene.ids["dyad"]}))
    assert leaks(dyad, ("Canarybaby", "Canarymother", "Canarystrength")) == [
        "Canarybaby",
        "Canarymother",
        "Canarystrength",
    ]
    assert scene.asked is not None
    task = scene.asked.client.get(reverse("task", kwargs={"task": scene.ids["task"]}))
    assert leaks(task, ("Canarymother", "555-0187", *SCREEN_WORDS)) == ["Canarymother", "555-0187", SCREEN_WORDS[0]]
    paper = visitor.get(reverse("away_paper", kwargs={"paper": scene.ids["paper"]}))
    assert leaks(paper, CLINICAL_WORDS) == ["Canarypaper"]
    result = visitor.get(reverse("recorded", kwargs={"result": scene.ids["result"]}))
    assert leaks(result, SCREEN_WORDS) == [SCREEN_WORDS[1]]
    plan = visitor.get(reverse("care_plan", kwargs={"episode": scene.ids["episode"]}))
    assert leaks(plan, PLAN_WORDS) == [*PLAN_WORDS]


def test_the_childs_page_tells_nothing_of_a_caregivers_screen(scene: Scene) -> None:
    """`protect.md` 1: not that it happened, not its band, not its total; also for the care team."""
    page = scene.team["home_visitor"].client.get(reverse("dyad", kwargs={"dyad": scene.ids["dyad"]}))
    tools = [*catalog().values(), recorded()["psi4sf"]]
    instruments = tuple(one.short_name for one in tools) + tuple(one.name for one in tools)
    ids = (str(scene.ids["screen"]), str(scene.ids["result"]))
    assert leaks(page, (*SCREEN_WORDS, *CLINICAL_WORDS[2:], *instruments, *ids)) == []


def test_no_audit_row_about_a_caregivers_screen_names_the_child(scene: Scene) -> None:
    """`protect.md` 1: the entry names the caregiver and the episode."""
    from inmind.families.models import Dyad

    dyad = Dyad.objects.get(pk=scene.ids["dyad"])
    entries = AuditEntry.objects.filter(verb__startswith="screening.") | AuditEntry.objects.filter(
        verb__startswith="tasks."
    )
    named = {(subject.kind, subject.ref) for entry in entries.distinct() for subject in entry.subjects.all()}
    assert ("person", dyad.child_id) not in named
    assert ("dyad", dyad.pk) not in named
    assert ("person", scene.ids["person"]) in named


@WALKED
def test_an_id_that_is_not_there_and_one_that_is_not_yours_answer_alike(scene: Scene) -> None:
    """So that guessing an id tells nothing."""
    from inmind.foundation.identity import new_id

    client = scene.elsewhere["home_visitor"].client
    there = client.get(reverse("dyad", kwargs={"dyad": scene.ids["dyad"]}))
    not_there = client.get(reverse("dyad", kwargs={"dyad": new_id()}))
    assert (there.status_code, _without_token(there)) == (not_there.status_code, _without_token(not_there))


def test_every_refusal_is_recorded(scene: Scene) -> None:
    """A refusal leaves an entry though nothing changed."""
    before = AuditEntry.objects.filter(outcome="refused").count()
    scene.elsewhere["clinician"].client.get(reverse("screen", kwargs={"screen": scene.ids["screen"]}))
    assert AuditEntry.objects.filter(outcome="refused").count() == before + 1


def test_every_role_is_in_the_matrix() -> None:
    """A new role does not slip by."""
    assert set(AGENCY_ROLES) | set(AT_AN_ASSOCIATION) | {"administrator", "data_steward"} == set(INVITED)
    assert set(families.SERVING_ROLES) <= set(ROLES)


def _without_token(response: Any) -> str:
    """The page without the token that each answer draws anew, and without the address that was asked for."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|[0-9a-f-]{36}', "", response.content.decode())


def _end_roles(worker: make.Worker) -> None:
    from inmind.access import actions as access

    admin = make.make_network().admin.actor
    for assignment in Account.objects.get(pk=worker.account.pk).roles.all():
        access.end_role(admin, assignment=assignment)


def test_a_closed_task_shows_what_was_done_to_who_closed_it(scene: Scene) -> None:
    """What was done is kept, and sealed; the clinician who wrote it can read it again."""
    assert scene.asked is not None
    closed = Task.objects.exclude(closed_at=None).get(red=True)
    page = scene.asked.client.get(reverse("task", kwargs={"task": closed.pk}))
    assert leaks(page, ("Canarydeed",)) == ["Canarydeed"]
