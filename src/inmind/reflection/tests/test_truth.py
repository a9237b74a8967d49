"""Who may see and do what: the table of truth for sessions, and the rules that protect workers (`protect.md` 13)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from inmind.access import policy
from inmind.access.actors import Actor, by_office_link
from inmind.access.fields import SealedText
from inmind.access.models import AuditEntry, RowChange
from inmind.foundation import clock
from inmind.foundation.fields import LongText, ShortText
from inmind.foundation.identity import new_id
from inmind.foundation.registries import house
from inmind.people.models import Organization, Relationship
from inmind.records import actions as records
from inmind.reflection import actions, queries
from inmind.reflection.models import Agreement, Presence, Session
from inmind.reflection.urls import urlpatterns
from tests import make

pytestmark = pytest.mark.django_db
SEE, CONFIRM, HOURS = "reflection.see_session", "reflection.confirm", "reflection.see_hours"


@dataclass(slots=True)
class Scene:
    """A group of three, one session that Luz wrote down; Ana was not there, Tom joined later, Noor was and is in no group."""

    group: Agreement
    session: Session
    people: dict[str, make.Worker]

    def actor(self, who: str) -> Actor:
        return self.people[who].actor


@pytest.fixture
def scene(db: Any) -> Scene:
    network = make.make_network()
    harbor = network.agencies[0]
    people = {
        "luz": make.make_worker("home_visitor", harbor, "Luz Canaryone"),
        "sam": make.make_worker("practitioner", name="Sam Canarytwo"),
        "ana": make.make_worker("practitioner", name="Ana Canarythree"),
        "provider": make.make_worker("practitioner", name="Mira Canarygiver"),
        "line manager": make.make_worker("agency_supervisor", harbor, "Okafor Manager"),
        "coordinator": make.make_worker("association_coordinator"),
        "administrator": network.admin,
        "privacy officer": make.make_worker("privacy_officer", harbor),
        "stranger": make.make_worker("practitioner"),
    }
    managed = {"person": people["line manager"].person, "to": people["luz"].person, "since": make._today()}
    make.together(lambda act: records.relate(act, kind=Relationship.Kind.MANAGES, **managed))
    other = make.make_association("Coastal Association")
    people["another association"] = make.make_worker("association_coordinator", other)
    group = make.make_agreement(people["provider"], people["luz"], people["sam"], people["ana"])
    there = frozenset({people["luz"].person.pk, people["sam"].person.pk})
    session = make.make_session(group, people["luz"], there=there, minutes=77)
    return Scene(group, session, people)


# who, sees that the group met, whose hours they see, may confirm now
TRUTH: list[tuple[str, bool, set[str], bool]] = [
    ("luz", True, {"luz"}, False),
    ("sam", True, {"sam"}, False),
    ("ana", True, set(), False),
    ("provider", True, {"luz", "sam"}, True),
    ("line manager", False, set(), False),
    ("coordinator", False, set(), False),
    ("another association", False, set(), False),
    ("administrator", False, set(), False),
    ("privacy officer", False, set(), False),
    ("stranger", False, set(), False),
]


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(("who", "sees", "whose", "may"), TRUTH, ids=[one[0] for one in TRUTH])
def test_who_sees_a_session_and_whose_hours(scene: Scene, who: str, sees: bool, whose: set[str], may: bool) -> None:
    """Oneself, the provider, others of the group; the employer, the association and the house's administrator see nothing."""
    actor, client = scene.actor(who), scene.people[who].client
    session = Session.objects.get()
    assert bool(policy.can(actor, SEE, session)) is sees
    assert policy.visible(actor, Session.objects.all(), SEE).exists() is sees
    names = {worker.person.pk: name for name, worker in scene.people.items()}
    seen = policy.visible(actor, Presence.objects.all(), HOURS)
    assert {names[one.person_id] for one in seen} == whose
    assert {names[one.person_id] for one in Presence.objects.all() if policy.can(actor, HOURS, one)} == whose
    page = client.get(reverse("hours_session", kwargs={"hours": session.pk}))
    text = page.content.decode()
    assert page.status_code == (200 if sees else 403)
    assert ("Yes, we met" in text) is may
    if not sees:
        assert "Canary" not in text
        assert "open to those alone who were part of it" in text or "Your role here does not include this" in text
    confirm = reverse("hours_confirm", kwargs={"hours": session.pk})
    client.post(confirm, {"key": "tap"})
    assert (Session.objects.get().giver_said_at is not None) is may


def test_others_of_the_group_see_that_it_met_and_not_whose_hours_stand(scene: Scene) -> None:
    page = scene.people["ana"].client.get(reverse("hours_session", kwargs={"hours": scene.session.pk})).content.decode()
    assert "Who was held" not in page
    assert "Canarytwo" not in page
    assert "I was there too" in page
    agreement = scene.people["sam"].client.get(reverse("agreement", kwargs={"agreement": scene.group.pk}))
    assert "Canarythree" not in agreement.content.decode()


def test_who_joined_later_and_who_left_see_no_session_of_other_days(scene: Scene) -> None:
    late, gone = make.make_worker("practitioner"), scene.people["ana"]
    actions.add_person(scene.actor("provider"), agreement=scene.group, person=late.person, since=make._today())
    assert not policy.can(late.actor, SEE, scene.session)
    actions.end(gone.actor, agreement=scene.group, on=make._today())
    seen = policy.visible(gone.actor, Session.objects.all(), SEE)
    assert scene.session in seen  # of a day on which she had her place


def test_a_link_opens_its_own_agreement_and_no_other(scene: Scene) -> None:
    """By link: what waits of that agreement, and nothing of the group."""
    luz = scene.people["luz"]
    row = make.make_agreement(None, luz, outside_name="Rosa Kern", outside_mail="rosa@example.org", yes=False)
    mine = make.make_session(row, luz, days_ago=5)
    link, _secret, _code = make.make_office_link("hours", row.pk, organization=row.association)
    actor = by_office_link(link.pk, link.organization_id)
    assert not policy.can(actor, SEE, mine)
    with pytest.raises(Exception, match="Someone saved this record"):
        actions.confirm_by_link(actor, link=link, ids=frozenset({scene.session.pk}))
    assert Session.objects.get(pk=scene.session.pk).giver_said_at is None


def test_an_id_that_is_not_there_and_one_that_is_not_yours_answer_alike(scene: Scene) -> None:
    client = scene.people["stranger"].client
    for name, key in (("hours_session", "hours"), ("agreement", "agreement")):
        pk = scene.session.pk if key == "hours" else scene.group.pk
        answers = [client.get(reverse(name, kwargs={key: one})) for one in (pk, new_id())]
        assert [one.status_code for one in answers] == [403, 403]
        said = [one.content.decode() for one in answers]
        assert all("Canary" not in one for one in said)


# The rules that protect workers


def test_no_field_for_words_exists_in_the_tables_of_sessions() -> None:
    """`protect.md` 13: no content. Each text in them is a key out of a closed list that the database holds, or codes of
    endorsement, whose form is checked (`terms.codes`)."""
    for name in ("Session", "Presence", "Version", "VersionPerson"):
        model = apps.get_model("reflection", name)
        texts = [one for one in model._meta.concrete_fields if isinstance(one, models.CharField | models.TextField)]
        assert not [one for one in texts if isinstance(one, LongText | models.TextField)]
        open_ones = {one.name for one in texts if not one.choices}
        assert open_ones <= {"provider_holds"}, f"{name} has room for words"
        assert not [one for one in model._meta.concrete_fields if isinstance(one, SealedText | models.JSONField)]
        held = {name for one in model._meta.constraints for name in _columns(one)}
        assert {one.name for one in texts if isinstance(one, ShortText) and one.choices} <= held
        assert not {one.name for one in model._meta.concrete_fields} & {"child", "dyad", "episode", "family", "note"}


def _columns(constraint: models.BaseConstraint) -> set[str]:
    condition = getattr(constraint, "condition", None)
    return {one[0].partition("__")[0] for one in condition.children if isinstance(one, tuple)} if condition else set()


def test_nothing_of_what_was_said_nor_of_a_family_is_on_a_page_in_a_file_a_letter_or_the_trail(scene: Scene) -> None:
    """`protect.md` 13: typed beside the form, words go nowhere: no page, export, letter, row or entry of the trail has them."""
    luz, provider = scene.people["luz"], scene.people["provider"]
    family = make.make_family(make.make_worker("home_visitor"), child="Canarybaby Stone")
    log = reverse("hours_log", kwargs={"agreement": scene.group.pk})
    form = luz.client.get(log).content.decode()
    assert "<textarea" not in form
    assert 'type="text"' not in form
    said = {
        "on": "2026-01-01",
        "minutes": "60",
        "kind": "group",
        "about": "direct",
        "key": "words",
        "there": [str(luz.person.pk)],
        "note": "Canarywords",
        "family": str(family.dyad.pk),
    }
    said["on"] = (make._today()).isoformat()
    assert luz.client.post(log, said).status_code == 302
    row = Session.objects.exclude(pk=scene.session.pk).get()
    actions.confirm(provider.actor, session=row)
    pages = [
        client.get(address).content.decode()
        for client in (luz.client, provider.client)
        for address in (
            reverse("hours_session", kwargs={"hours": row.pk}),
            reverse("agreement", kwargs={"agreement": scene.group.pk}),
            reverse("reflection_hours"),
            reverse("reflection_take_out"),
            reverse("reflection"),
        )
    ]
    trail = json.dumps(list(AuditEntry.objects.values("verb", "parts", "about", "about_kind", "purpose")))
    lines = json.dumps(list(RowChange.objects.values_list("table_name", "row_id", "operation")))
    for text in (*pages, trail, lines):
        assert "Canarywords" not in text
        assert "Canarybaby" not in text
        assert str(family.dyad.pk) not in text or text is lines
    concerned = {
        (one.kind, one.ref)
        for entry in AuditEntry.objects.filter(verb__startswith="reflection.")
        for one in entry.subjects.all()
    }
    assert {kind for kind, _ in concerned} <= {"person"}
    assert ("person", family.child.pk) not in concerned


@pytest.mark.sqlite  # a walk past every address, to find nothing there
def test_an_employer_sees_no_agreement_session_or_hour_of_a_named_person(scene: Scene) -> None:
    """`protect.md` 13: neither the agency's supervisor, who is the line manager, nor its other roles, nor who runs the house;
    counts alone, and here none, for they are too few."""
    actions.confirm(scene.actor("provider"), session=scene.session)
    ids = {"agreement": scene.group.pk, "hours": scene.session.pk, "side": "held"}
    words = ("Canaryone", "Canarytwo", "Canarythree", "Canarygiver", "77 min", "1 h 17")
    for who in ("line manager", "administrator", "privacy officer", "coordinator", "another association"):
        client = scene.people[who].client
        for one in urlpatterns:
            wanted = {part.split(":")[1].rstrip(">") for part in str(one.pattern).split("/") if part.startswith("<")}
            if not wanted <= ids.keys():
                continue
            address = reverse(one.name, kwargs={name: ids[name] for name in wanted})
            for method in ("get", "post"):
                text = getattr(client, method)(address).content.decode()
                assert not [word for word in words if word in text], f"{who} at {one.name} ({method})"
    manager = scene.people["line manager"].client
    page = manager.get(reverse("reflection_counts")).content.decode()
    assert "too few, or too near to all, to be told" in page
    today = manager.get(reverse("today")).content.decode()
    assert "Canarygiver" not in today


def test_a_manager_looks_and_sees_counts_only() -> None:
    """Sixteen people at an agency, eight of whom were held at the end of the last quarter: "5 or more"."""
    with clock.at(clock.now() - timedelta(days=200)):
        harbor = make.make_network().agencies[0]
        manager = make.make_worker("agency_supervisor", harbor)
        workers = [make.make_worker("home_visitor", harbor) for _ in range(15)]
        provider = make.make_worker("practitioner", name="Mira Canarygiver")
        for worker in workers[:8]:
            row = make.make_agreement(provider, worker, since=clock.today(make.ZONE))
    page = manager.client.get(reverse("reflection_counts")).content.decode()
    assert "5 or more" in page
    assert "Canarygiver" not in page
    assert str(row.pk) not in page
    assert not any(worker.person.name in page for worker in workers)


def test_what_is_written_down_after_the_quarter_moves_no_count() -> None:
    """Nine were held; today a tenth says yes to an agreement that began long ago. Yesterday's number and today's are the same."""
    with clock.at(clock.now() - timedelta(days=200)):
        harbor = make.make_network().agencies[0]
        manager = make.make_worker("agency_supervisor", harbor)
        workers = [make.make_worker("home_visitor", harbor) for _ in range(19)]
        provider = make.make_worker("practitioner")
        since = clock.today(make.ZONE)
        for worker in workers[:9]:
            make.make_agreement(provider, worker, since=since)
        waits = make.make_agreement(provider, workers[9], since=since, yes=False)
    address = reverse("reflection_counts")

    def shown() -> list[str]:
        return re.findall(r"(\d+) or more<", manager.client.get(address).content.decode())

    before = shown()
    assert before == ["5"]
    actions.answer(workers[9].actor, agreement=waits, yes=True)
    make.make_agreement(provider, workers[10], since=since)
    assert shown() == before
    with clock.at(clock.now() + timedelta(days=120)):
        assert queries.counted(harbor, clock.now()).told.held.at_least == 10, "told with the next quarter"


def test_nothing_here_links_a_workers_hours_to_a_family() -> None:
    """`protect.md` 13: no table of this room leads to a family, and no table of a family leads to an agreement or a session.
    Only that somebody holds a worker is an edge between two people, as the family's own map may show it."""
    ours = {one for one in apps.get_models() if one._meta.app_label == "reflection"}
    for model in ours:
        leads = {one.related_model for one in model._meta.concrete_fields if one.is_relation}
        assert {one._meta.app_label for one in leads} <= {"people", "reflection"}
    for model in apps.get_models():
        if model not in ours:
            assert not {one.related_model for one in model._meta.concrete_fields if one.is_relation} & ours


def test_the_rooms_paths_say_the_same_of_one_record_and_of_many(scene: Scene) -> None:
    """`can` and `visible` agree for every role and every verb of this room."""
    verbs = {
        Agreement: ("reflection.see_agreement", "reflection.log", "reflection.end", "reflection.answer"),
        Session: (SEE, CONFIRM, "reflection.correct", "reflection.join"),
        Presence: (HOURS,),
        Organization: ("reflection.see_counts",),
    }
    for worker in scene.people.values():
        actor = worker.actor
        for model, some in verbs.items():
            for verb in some:
                one_by_one = {row.pk for row in model.objects.all() if policy.can(actor, verb, row)}
                assert set(policy.visible(actor, model.objects.all(), verb).values_list("pk", flat=True)) == one_by_one
    assert {"reflected", "met", "gave"} <= house.paths.keys()


def test_nobody_who_is_not_signed_in_reads_any_of_it(scene: Scene) -> None:
    for name, kwargs in (("reflection", {}), ("hours_session", {"hours": scene.session.pk}), ("hours_asked", {})):
        answer = Client().get(reverse(name, kwargs=kwargs))
        assert answer.status_code == 302


def test_the_joint_tells_what_endorsement_reads(scene: Scene) -> None:
    """Frozen at the session's date, never changed later; None where not known."""
    luz, provider = scene.people["luz"], scene.people["provider"]
    (before,) = queries.held_for([luz.person.pk])[luz.person.pk]
    assert (before.minutes, before.confirmed, before.provider_holds) == (77, False, None)
    assert (before.kind, before.about_rsc_given, before.provider_name) == ("group", False, "Mira Canarygiver")
    told = house.endorsed
    house.endorsed = lambda ids, on: {provider.person.pk: frozenset({"MHS", "ERS"})} if on == before.on else {}
    try:
        actions.confirm(provider.actor, session=scene.session)
        house.endorsed = lambda ids, on: {provider.person.pk: frozenset()}
        (after,) = queries.held_for([luz.person.pk])[luz.person.pk]
    finally:
        house.endorsed = told
    assert after.confirmed
    assert after.provider_holds == {"MHS", "ERS"}
    (given,) = queries.given_by([provider.person.pk])[provider.person.pk]
    assert (given.confirmed, given.provider) == (True, str(provider.person.pk))
    assert queries.held_for([scene.people["ana"].person.pk]) == {scene.people["ana"].person.pk: ()}
