"""One policy in two executions: what `can` says of one record, `visible` says of many, on any network; and in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmind.access import actions as access
from inmind.access import grants, guard, policy
from inmind.access.actors import NOBODY, VISITOR, Actor, Standing, machine, operator
from inmind.access.models import RoleAssignment
from inmind.access.roles import AT_AN_AGENCY, ROLES
from inmind.families.models import Assignment, Episode
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.foundation.registries import house
from inmind.screening.models import RecordedResult
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 2, 18, tzinfo=UTC)
NOW = THEN + timedelta(days=40)
SERVING = ("home_visitor", "clinician", "family_service_coordinator")
ASKED: set[tuple[str, bool, frozenset[str]]] = set()


# Any network


@dataclass(frozen=True, slots=True)
class SomeWorker:
    """A role at an agency, perhaps a second one (also at the other agency), and whether the first one ended."""

    role: str
    agency: int
    second: tuple[str, int] | None
    has_left: bool


@dataclass(frozen=True, slots=True)
class SomeFamily:
    """Who registers it and who joins (numbers of workers, as far as they may); what ended; what became of the screen."""

    by: int
    joins: tuple[int, ...]
    episode_ended: bool
    left_the_team: bool
    screen: str  # "none", "open", "calm", "crisis", "closed", "handed over"


workers = st.builds(
    SomeWorker,
    st.sampled_from(AT_AN_AGENCY),
    st.integers(0, 1),
    st.none() | st.tuples(st.sampled_from(AT_AN_AGENCY), st.integers(0, 1)),
    st.booleans(),
)
families = st.builds(
    SomeFamily,
    st.integers(0, 5),
    st.lists(st.integers(0, 5), max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["none", "open", "calm", "crisis", "closed", "handed over"]),
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(workers, min_size=3, max_size=6), st.lists(families, min_size=1, max_size=4))
def test_can_and_visible_say_the_same(some_workers: list[SomeWorker], some_families: list[SomeFamily]) -> None:
    """For every actor, every verb that a role of theirs has, and every model that is reached by some path."""
    with taken_back():
        with clock.at(THEN):
            people = build(some_workers, some_families)
        with clock.at(NOW):
            end(people, some_workers, some_families)
            actors = [worker.actor for worker in people]
            actors += [replace(actors[0], second_factor=False), make.make_network().admin.actor]
            actors += [NOBODY, VISITOR, operator("tests"), machine("tests")]
            records = all_records()
            for actor in actors:
                check(actor, records)


def check(actor: Actor, records: dict[str, list[models.Model]]) -> None:
    """Verbs that reach by the same paths are asked once: neither execution knows anything else of a verb. Of paths that lead to
    no record of a table both know only that they do not. So each set of paths is asked of each table once, filled and empty,
    and then, for each actor where there is something to see, each set of those that lead to it.
    """
    verbs = {grant.verb for standing in actor.standings for grant in ROLES[standing.role].grants} | {"screening.see"}
    by_paths = {paths_of(actor, verb): verb for verb in sorted(verbs)}
    for label, everything in records.items():
        model, asked = apps.get_model(label), set[frozenset[tuple[Standing, str]]]()
        for paths, verb in by_paths.items():
            question = (label, bool(everything), frozenset(path for _, path in paths))
            leading = frozenset((standing, path) for standing, path in paths if leads_to(path, label))
            if question in ASKED and (not everything or leading in asked):
                continue
            ASKED.add(question)
            asked.add(leading)
            one_by_one = {thing.pk for thing in everything if policy.can(actor, verb, thing)}
            together = list(policy.visible(actor, model._default_manager.all(), verb).values_list("pk", flat=True))
            assert set(together) == one_by_one, (actor.standings, verb, label)
            assert len(together) == len(set(together)), f"{label} is listed twice for {verb}"
            assert set(listed_again(actor, verb, model=model)) == one_by_one, "by the words that were kept"


def leads_to(path: str, label: str) -> bool:
    offered = house.paths.get(path)
    return path == policy.ANYWHERE or (offered is not None and (label, offered.anchor) in house.reaches)


def all_records() -> dict[str, list[models.Model]]:
    """What there is in each table that some path leads to."""
    labels = sorted({model for model, _ in house.reaches})
    return {label: list(apps.get_model(label)._default_manager.all()) for label in labels}


@policy.visible_again
def listed_again(seen: policy.Seen, *, model: type[models.Model]) -> models.QuerySet:
    return seen(model._default_manager.all()).values_list("pk", flat=True)


def test_the_words_of_a_path_hold_no_answer_and_no_hour(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of a list is asked by who she is, where, and the day: no path knows more, but for those that say so."""
    monkeypatch.delattr(clock, "now")
    monkeypatch.delattr(clock, "today")
    person, organization = new_id(), new_id()
    with django_assert_num_queries(0):
        for path in house.paths.values():
            if not path.asks:
                rows = apps.get_model(path.anchor)._default_manager
                ways = [path.q(Standing(role, organization, person), THEN.date()) for role in ROLES]
                assert len({str(rows.filter(way).query) for way in ways}) == 1, path.key
    assert {path.key for path in house.paths.values() if path.asks} == {"emergency", "own_episode"}


def paths_of(actor: Actor, verb: str) -> frozenset[tuple[Standing, str]]:
    return frozenset((row, grant.path) for row in actor.standings for grant in grants.of_role(row.role, verb))


@contextmanager
def taken_back() -> Iterator[None]:
    """What one example made is gone before the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build(some_workers: list[SomeWorker], some_families: list[SomeFamily]) -> list[make.Worker]:
    """The workers of both agencies and the families they serve, on a day when nothing had ended yet."""
    network = make.make_network()
    people = []
    for some in some_workers:
        worker = make.make_worker(some.role, network.agencies[some.agency])
        if some.second not in {None, (some.role, some.agency)}:
            role, agency = some.second or ("", 0)
            hold(worker, role, network.agencies[agency].pk)
        people.append(worker)
    for agency in network.agencies:
        make.make_on_call(agency)
    for some in some_families:
        serve(some, people, network)
    return people


def hold(worker: make.Worker, role: str, organization: object) -> None:
    """A further role; at another agency, which no page arranges, as the records of a worker of two agencies would lie."""
    with guard.permit("migrations"):
        RoleAssignment.objects.create(
            account=worker.account, role=role, organization_id=organization, since=clock.today(make.ZONE)
        )


def serve(some: SomeFamily, people: list[make.Worker], network: make.Network) -> None:
    first = people[some.by % len(people)]
    by = first if first.actor.standings[0].role in SERVING else make.make_worker(at=first.agency)
    family = make.make_family(by)
    for number in some.joins:
        worker = people[number % len(people)]
        held = {(row.role, row.organization) for row in worker.actor.standings}
        if any((role, family.episode.organization_id) in held for role in SERVING):
            make.join_team(family, worker)
    if some.screen == "none":
        return
    asking = make.make_worker("clinician", family.episode.organization)
    make.join_team(family, asking)
    if some.screen in {"open", "calm"}:
        make.make_screen(family, by=asking, finished=some.screen == "calm")
        return
    _, task = make.make_crisis(family, by=asking)
    owner = make.Worker(task.owner.account, task.organization)
    if some.screen == "closed":
        tasks.close(owner.actor, task=task, done="Called her; she is safe.")
    elif some.screen == "handed over":
        clinicians = [
            one
            for one in people
            if ("clinician", task.organization_id) in {(r.role, r.organization) for r in one.actor.standings}
        ]
        supervisor = make.make_worker("agency_supervisor", task.organization)
        tasks.hand_over(supervisor.actor, task=task, to=(clinicians or [owner])[0].person)


def end(people: list[make.Worker], some_workers: list[SomeWorker], some_families: list[SomeFamily]) -> None:
    """Weeks later: roles end by the action that ends them; of episodes and assignments no page ends any yet."""
    today = clock.today(make.ZONE)
    admin = make.make_network().admin
    for worker, some in zip(people, some_workers, strict=True):
        if some.has_left:
            role = RoleAssignment.objects.filter(account=worker.account).order_by("since", "pk")[0]
            access.end_role(admin.actor, assignment=role)
    with guard.permit("migrations"):
        for episode, some in zip(Episode.objects.order_by("pk"), some_families, strict=True):
            if some.episode_ended:
                Episode.objects.filter(pk=episode.pk).update(until=today)
            if some.left_the_team:
                first = Assignment.objects.filter(episode=episode).order_by("pk").first()
                Assignment.objects.filter(pk=getattr(first, "pk", None)).update(until=today)


def test_every_reach_and_path_has_both_executions() -> None:
    """Each path that a grant names is offered, and some model is reached by it."""
    named = {grant.path for role in ROLES.values() for grant in role.grants} - {policy.ANYWHERE}
    assert named == set(house.paths)
    assert {path.anchor for path in house.paths.values()} <= {anchor for _, anchor in house.reaches}


# In words


YES = "yes"
NOT_THEIRS = grants.REFUSALS["families.see"]
NOT_THEIR_SCREEN = grants.REFUSALS["screening.see"]
NOT_THEIR_TASK = grants.REFUSALS["tasks.see"]
TWO_FACTORS = grants.SECOND_FACTOR
NO_ROLE = grants.ROLE_LACKS

# who, the family, her screen, the task that it left
TRUTH = {
    "the visitor who serves the family": (YES, YES, NOT_THEIR_TASK),
    "the same visitor with one factor only": (TWO_FACTORS, TWO_FACTORS, TWO_FACTORS),
    "the same visitor when her role has ended": (NO_ROLE, NO_ROLE, NO_ROLE),
    "the same visitor when her account is closed": (NO_ROLE, NO_ROLE, NO_ROLE),
    "the same visitor after she left the team": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the same visitor after the episode ended": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the same visitor, now at the other agency": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "another visitor of the agency": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the clinician on call": (NOT_THEIRS, YES, YES),
    "the clinician on call after the task was closed": (NOT_THEIRS, YES, YES),
    "the clinician on call after it was handed over": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the clinician it was handed to": (NOT_THEIRS, YES, YES),
    "another clinician of the agency": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the coordinator of the agency": (YES, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the coordinator on the care team": (YES, YES, NOT_THEIR_TASK),
    "the coordinator after the episode ended": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the supervisor of the agency": (YES, NOT_THEIR_SCREEN, YES),
    "the supervisor of the other agency": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the privacy officer of the agency": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the administrator": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "the steward of the house's records": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "somebody at the door": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
    "nobody": (grants.NOT_SIGNED_IN, grants.NOT_SIGNED_IN, grants.NOT_SIGNED_IN),
    "a job of the house": (NOT_THEIRS, NOT_THEIR_SCREEN, NOT_THEIR_TASK),
}


@pytest.mark.parametrize("who", TRUTH)
def test_who_may_see(who: str) -> None:
    """Yes, or the sentence that is shown instead."""
    with clock.at(THEN):
        harbor, prairie = make.make_network().agencies
        family = make.make_family(make.make_worker(at=harbor))
        on_call = make.make_on_call(harbor)
        screen, task = make.make_crisis(family)
        result = make.make_recorded(family, on=THEN.date())
    with clock.at(THEN + timedelta(days=1)):
        actor = the(who, family, on_call, task, prairie)
        asked = (
            ("families.see", family.episode),
            ("screening.see", screen),
            ("tasks.see", Task.objects.get(pk=task.pk)),
        )
        answers = []
        for verb, thing in asked:
            thing.refresh_from_db()
            verdict = policy.can(actor, verb, thing)
            answers.append(YES if verdict else verdict.sentence)
            listed = policy.visible(actor, type(thing)._default_manager.all(), verb).filter(pk=thing.pk).exists()
            assert listed == bool(verdict)
        # Her result of a licensed tool: for her care team, as a screen; who is asked about a screen is not asked about it.
        hers = RecordedResult.objects.filter(pk=result.pk)
        is_read = bool(policy.can(actor, "screening.see", hers.get()))
        assert is_read == (answers[0] == answers[1] == YES) == policy.visible(actor, hers, "screening.see").exists()
    assert tuple(answers) == TRUTH[who]


def the(who: str, family: make.Family, on_call: make.Worker, task: Task, other: object) -> Actor:
    """Somebody of the table, after what the words say has happened."""
    harbor, visitor = family.episode.organization, family.by
    admin = make.make_network().admin
    today = clock.today(make.ZONE)
    if "role has ended" in who:
        access.end_role(admin.actor, assignment=visitor.account.roles.get())
    if "other agency" in who and "now" in who:
        hold(visitor, "home_visitor", other.pk)  # type: ignore[attr-defined]
        access.end_role(admin.actor, assignment=visitor.account.roles.get(organization=harbor))
    if "task was closed" in who:
        tasks.close(on_call.actor, task=task, done="Called her; she is safe.")
    with guard.permit("migrations"):  # what no page does yet
        if "account is closed" in who:
            visitor.account.is_active = False
            visitor.account.save()
        if "left the team" in who:
            Assignment.objects.filter(worker=visitor.person).update(until=today)
        if "episode ended" in who:
            Episode.objects.filter(pk=family.episode.pk).update(until=today)
    if "handed" in who:
        next_one = make.make_worker("clinician", harbor)
        supervisor = make.make_worker("agency_supervisor", harbor)
        tasks.hand_over(supervisor.actor, task=task, to=next_one.person)
        return next_one.actor if "handed to" in who else on_call.actor
    if "one factor" in who:
        return replace(visitor.actor, second_factor=False)
    if "coordinator on the care team" in who:
        coordinator = make.make_worker("family_service_coordinator", harbor)
        make.join_team(family, coordinator)
        return coordinator.actor
    if "the same visitor" in who or "serves the family" in who:
        return visitor.actor
    if "on call" in who:
        return on_call.actor
    if who in SOMEBODY_ELSE:
        return SOMEBODY_ELSE[who]
    role = next(role for word, role in ROLE_OF_WORD.items() if word in who)
    return make.make_worker(role, other if "other agency" in who else None).actor  # type: ignore[arg-type]


SOMEBODY_ELSE = {"somebody at the door": VISITOR, "nobody": NOBODY, "a job of the house": machine("tests")}
ROLE_OF_WORD = {
    "visitor": "home_visitor",
    "clinician": "clinician",
    "coordinator": "family_service_coordinator",
    "supervisor": "agency_supervisor",
    "privacy officer": "privacy_officer",
    "administrator": "administrator",
    "steward": "data_steward",
}


def test_an_invented_role_has_nothing() -> None:
    """A word that is no role of the house gives nothing, in either execution."""
    family = make.make_family()
    actor = Actor(kind="machine", id="x", standings=(Standing("director", family.episode.organization_id),))
    assert not policy.can(actor, "families.see", family.episode)
    assert not policy.visible(actor, Episode.objects.all(), "families.see").exists()
