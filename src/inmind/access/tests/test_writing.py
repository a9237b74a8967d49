"""One road for every write: an action asks, decides, saves and audits in one transaction, or nothing has happened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from inmind.access import act, audit, guard, policy, triggers
from inmind.access import actions as access
from inmind.access.act import Act, action
from inmind.access.models import AuditEntry, RowChange, StoredAnswer
from inmind.families import actions as families
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.foundation.errors import KeyReused, Refused, Stale
from inmind.foundation.identity import new_id
from inmind.foundation.values import Verdict
from inmind.messages.models import Letter
from inmind.people.models import Organization, Person
from inmind.records import actions as records
from inmind.screening import actions as screening
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
HERS = {"name": "Harbor", "zone": make.ZONE, "crisis_text": ""}


def rows_of_the_house() -> dict[str, int]:
    """How many rows each table of ours holds."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("inmind.")]
    return {model._meta.db_table: model._default_manager.count() for model in ours}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[..., Any]]:
    """Make an action of a test's own for a verb that the administrator has, on an organization."""
    monkeypatch.setattr(act, "VERBS", {})
    return lambda work: action("records.correct_organization", on="organization")(work)


# The order


def test_an_action_asks_then_decides_under_its_transaction_then_saves_audits_and_keeps_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked once outside, so that a refusal can be recorded, and once more inside; the announcement lies before the entry."""
    network = make.make_network()
    told: list[str] = []
    can = policy.can

    def asked(*said: Any) -> Verdict:
        told.append("asked inside" if guard.in_an_action() else "asked outside")
        return can(*said)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT INTO"):
            told.append(sql.split('"')[1])
        return execute(sql, params, many, context)

    monkeypatch.setattr(policy, "can", asked)
    with connection.execute_wrapper(watch):
        access.invite(
            network.admin.actor,
            key="one",
            organization=network.agencies[0],
            given_name="Luz",
            family_name="Ortega",
            address="luz@example.org",
            username="luz",
            role="home_visitor",
        )
    saved = ["people_person", "people_contact", "people_relationship", "access_account", "access_roleassignment"]
    assert told == [
        "asked outside",
        "asked inside",
        *saved,
        "jobs_job",  # the letter with her link
        *["jobs_job"] * 2,  # whether she is somebody who has an account already, or whom an association knows
        *["jobs_job"] * 2,  # that a role was given, and by somebody from outside of the agency
        "access_auditentry",
        "access_storedanswer",
    ]


def test_an_entry_says_who_did_what_to_whom_and_how_many_rows_changed() -> None:
    """The entry's own id is the name under which the triggers noted the changes."""
    family = make.make_family()
    entry = AuditEntry.objects.get(verb="families.register")
    assert (entry.outcome, entry.actor, entry.role) == ("done", family.by.actor.key, "home_visitor")
    assert entry.purpose == "serving the family"
    assert {("dyad", family.dyad.pk), ("episode", family.episode.pk), ("person", family.child.pk)} <= set(
        entry.subjects.values_list("kind", "ref")
    )
    assert entry.changes == RowChange.objects.filter(act=entry.id.hex).count() > 0


# Refusals


def test_a_refusal_is_recorded_though_nothing_changed() -> None:
    """A home visitor names nobody on call, and the attempt stands in the trail."""
    luz = make.make_worker()
    before = rows_of_the_house()
    with pytest.raises(Refused, match="Only the supervisor of an agency names who is on call there"):
        families.name_on_call(luz.actor, organization=luz.agency, turns=())
    entry = AuditEntry.objects.get(outcome="refused")
    assert (entry.verb, entry.actor, entry.about) == ("families.name_on_call", luz.actor.key, str(luz.agency.pk))
    assert entry.changes == 0
    assert rows_of_the_house() == before | {"access_auditentry": before["access_auditentry"] + 1}


def test_what_is_refused_under_the_lock_is_recorded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A role that ended between the two askings stops the action; the refusal outlives the transaction."""
    network = make.make_network()
    agency = network.agencies[0]
    can = policy.can

    def until_the_lock(*said: Any) -> Verdict:
        return Verdict(allowed=False, sentence="Your role ended.") if guard.in_an_action() else can(*said)

    monkeypatch.setattr(policy, "can", until_the_lock)
    with pytest.raises(Refused, match="Your role ended"):
        records.correct_organization(network.admin.actor, organization=agency, **HERS)
    agency.refresh_from_db()
    assert agency.name == make.AGENCIES[0]
    assert AuditEntry.objects.get(outcome="refused").verb == "records.correct_organization"


def test_a_refusal_from_within_takes_back_what_was_written_and_is_recorded(made: Any) -> None:
    """Half of it was saved, and then the rest was refused."""
    network = make.make_network()

    def work(by: Act, *, organization: Organization) -> None:
        Organization.objects.filter(pk=organization.pk).update(name="Half")
        raise Refused(Verdict(allowed=False, sentence="Not this one."))

    with pytest.raises(Refused, match="Not this one"):
        made(work)(network.admin.actor, organization=network.agencies[0])
    assert not Organization.objects.filter(name="Half").exists()
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


def test_an_action_on_something_is_never_asked_about_nothing() -> None:
    """Nothing given would be asked as `anywhere`."""
    network = make.make_network()
    with pytest.raises(TypeError, match="none was given"):
        records.correct_organization(network.admin.actor, organization=None, **HERS)


# The same key


def test_the_same_key_and_body_have_one_effect_and_one_answer() -> None:
    """A second click finds the first one's family."""
    luz = make.make_worker()
    first = register(luz, "one")
    before = rows_of_the_house()
    assert register(luz, "one") == first
    assert rows_of_the_house() == before
    assert register(luz, "two") != first


def test_the_same_key_with_another_body_is_refused_and_changes_nothing() -> None:
    """A form is saved once."""
    luz = make.make_worker()
    register(luz, "one")
    before = rows_of_the_house()
    with pytest.raises(KeyReused):
        register(luz, "one", child="Sofía")
    assert rows_of_the_house() == before


def test_the_same_key_of_another_actor_is_another_key() -> None:
    """What one person sent is no answer to somebody else."""
    luz, dana = make.make_worker(), make.make_worker()
    assert register(luz, "one") != register(dana, "one", child="Sofía")
    assert StoredAnswer.objects.filter(key="one", verb="families.register").count() == 2


def test_an_answer_is_kept_without_the_words_that_were_sent() -> None:
    """Ids, and a hash that only this installation can make."""
    luz = make.make_worker()
    dyad, episode = register(luz, "one", child="Sofía")
    kept = StoredAnswer.objects.get(key="one")
    assert kept.answer == {
        "several": [
            {"model": "families.Dyad", "id": str(dyad.pk)},
            {"model": "families.Episode", "id": str(episode.pk)},
        ]
    }
    assert len(kept.body) == 64


def test_an_action_that_failed_may_be_sent_again_under_its_key() -> None:
    """Only what was done is kept."""
    screen = make.make_screen(finished=False)
    actor = actor_of(screen)
    with pytest.raises(Stale):
        screening.answer(actor, key="one", version=screen.version + 1, screen=screen, answers={"epds_1": 1})
    screening.answer(actor, key="one", version=screen.version, screen=screen, answers={"epds_1": 1})
    screen.refresh_from_db()
    assert screen.answers["epds_1"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_have_one_effect() -> None:
    """Two clicks reach two workers of the server in the same moment."""
    luz = make.make_worker()
    agency, actor = luz.agency, luz.actor
    together = threading.Barrier(2, timeout=30)
    answers: list[tuple[Dyad, Episode]] = []
    faults: list[BaseException] = []

    def click() -> None:
        try:
            together.wait()
            answers.append(families.register(actor, key="one", organization=agency, **facts()))
        except BaseException as fault:  # told by the test's own thread
            faults.append(fault)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(60)
    assert not faults
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert Dyad.objects.count() == Episode.objects.count() == 1
    assert AuditEntry.objects.filter(verb="families.register").count() == 1


# Versions


def test_a_version_that_is_not_the_newest_is_refused_and_nothing_is_lost() -> None:
    """Two people opened the same page; the second hears it, and sees what the first one saved."""
    network = make.make_network()
    seen = network.agencies[0]
    records.correct_organization(network.admin.actor, version=seen.version, organization=seen, **HERS)
    before = rows_of_the_house()
    with pytest.raises(Stale) as refused:
        records.correct_organization(
            network.admin.actor, version=seen.version, organization=seen, **HERS | {"name": "Prairie"}
        )
    assert (refused.value.thing.name, refused.value.thing.version) == ("Harbor", seen.version + 1)
    assert Organization.objects.get(pk=seen.pk).name == "Harbor"
    assert rows_of_the_house() == before


def test_an_action_works_on_the_row_as_it_stands_now() -> None:
    """What the caller holds may be old; it is read anew under the lock."""
    network = make.make_network()
    old = Organization.objects.get(pk=network.agencies[0].pk)
    records.correct_organization(network.admin.actor, organization=old, **HERS)
    again = records.correct_organization(network.admin.actor, organization=old, **HERS | {"crisis_text": "Call us."})
    assert again.version == old.version + 2


# One transaction


def test_an_action_that_fails_leaves_nothing(made: Any) -> None:
    """Rows, announcements, entry and answer go together."""
    network = make.make_network()
    before = rows_of_the_house()

    def work(by: Act, *, organization: Organization) -> None:
        Organization.objects.create(name="Half", zone=make.ZONE)
        by.later("event", {"half": True})
        records.register_people(by, people=[Person(given_name="Half", family_name="Done")])
        raise ValueError("the program stumbled")

    with pytest.raises(ValueError, match="stumbled"):
        made(work)(network.admin.actor, key="one", organization=network.agencies[0])
    assert rows_of_the_house() == before
    assert guard.opened_by() is None


def test_an_action_of_another_room_is_a_part_of_the_one_that_calls_it() -> None:
    """One entry, which names its parts; the part asks nobody and leaves no entry of its own."""
    make.make_family()
    parts = AuditEntry.objects.get(verb="families.register").parts.split(",")
    assert parts[0] == "records.register_people"
    assert not AuditEntry.objects.filter(verb__in=parts).exists()


def test_parts_of_parts_are_named_once_in_their_order() -> None:
    """A crisis answer leaves its flag, its task and its letter in the act that kept the answer."""
    screen = make.make_screen(finished=False)
    screening.finish(actor_of(screen), screen=screen, answers=make.calm_answers("epds", epds_10=1))
    entry = AuditEntry.objects.get(verb="screening.finish")
    assert entry.parts == "tasks.owe,messages.tell"
    assert Task.objects.get().red
    changed = RowChange.objects.filter(table_name__in=["screening_flag", "tasks_task", Letter._meta.db_table])
    assert {line.table_name for line in changed} == {"screening_flag", "tasks_task", Letter._meta.db_table}
    assert {line.act for line in changed} == {entry.id.hex}


def test_an_actor_inside_an_open_action_is_a_fault_of_the_program(made: Any) -> None:
    """A second transaction within the first would have an entry and changes of its own."""
    network = make.make_network()

    def work(by: Act, *, organization: Organization) -> None:
        records.add_organization(by.actor, name="Inside", zone=make.ZONE)

    with pytest.raises(RuntimeError, match="hand its act on instead"):
        made(work)(network.admin.actor, organization=network.agencies[0])
    assert not Organization.objects.filter(name="Inside").exists()


def test_a_verb_is_done_in_one_place() -> None:
    """Two functions for one verb would be two policies."""
    with pytest.raises(ValueError, match="done in two places"):
        action("families.register")(lambda by: None)


# No write outside an action


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def raw_many(sql: str, rows: list[tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


WRITES: dict[str, Callable[[Organization], object]] = {
    "save": lambda one: one.save(),
    "create": lambda one: Organization.objects.create(name="Ours", zone=one.zone),
    "delete": lambda one: one.delete(),
    "update of many": lambda one: Organization.objects.update(name="Ours"),
    "delete of many": lambda one: Task.objects.all().delete(),
    "bulk create": lambda one: Organization.objects.bulk_create([Organization(name="Ours", zone=one.zone, created_at=clock.now())]),
    "bulk update": lambda one: Organization.objects.bulk_update([one], ["name"]),
    "get or create": lambda one: Organization.objects.get_or_create(name="Ours", defaults={"zone": one.zone}),
    "raw update": lambda one: raw("UPDATE people_organization SET kind = 'court'"),
    "raw, in small letters behind a remark": lambda one: raw("-- why not\n update people_organization set kind = 'court'"),
    "raw, after a WITH": lambda one: raw("WITH x AS (SELECT 1) UPDATE people_organization SET kind = 'court'"),
    "raw, behind a reading": lambda one: raw("SELECT 1; UPDATE people_organization SET kind = 'court'"),
    "raw, explained and run": lambda one: raw("EXPLAIN ANALYZE DELETE FROM people_organization"),
    "raw, many": lambda one: raw_many("UPDATE people_organization SET kind = %s", [("court",)]),
    "another table": lambda one: raw("CREATE TABLE mine (id integer)"),
    "a dropped trigger": lambda one: raw("DROP TRIGGER inmind_people_organization_update"),
}  # fmt: skip


@pytest.mark.parametrize("way", WRITES)
def test_a_write_outside_an_action_is_refused(way: str) -> None:
    """By whatever door of the framework it comes."""
    one = make.make_network().agencies[0]
    before = list(Organization.objects.order_by("pk").values())
    with pytest.raises(guard.WriteOutsideAction, match="outside an action"), transaction.atomic():
        WRITES[way](one)
    assert list(Organization.objects.order_by("pk").values()) == before


def test_a_write_after_an_action_is_refused_again() -> None:
    """An action closes what it opened."""
    network = make.make_network()
    records.correct_organization(network.admin.actor, organization=network.agencies[0], **HERS)
    with pytest.raises(guard.WriteOutsideAction), transaction.atomic():
        network.agencies[0].save()


@pytest.mark.parametrize("name", [name for name, tables in guard.EXCEPTIONS.items() if tables])
def test_a_named_exception_reaches_its_own_tables_and_no_others(name: str) -> None:
    """Each table of the database is tried; the statement itself would touch no row."""
    hers = (guard.EXCEPTIONS[name] or frozenset()) | guard.SESSION_TABLES
    open_to_it = set()
    tables = connection.introspection.table_names()
    assert hers <= set(tables)
    with guard.permit(name):
        for table in tables:
            with suppress(guard.WriteOutsideAction):
                raw(f'UPDATE "{table}" SET "{column_of(table)}" = "{column_of(table)}" WHERE 1 = 0')
                open_to_it.add(table)
    assert open_to_it == hers


def column_of(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)[0].name


def test_one_statement_cannot_reach_a_second_table_under_cover_of_the_first() -> None:
    """Both are named, and both are asked for."""
    make.make_network()
    with guard.permit("job lease"), pytest.raises(guard.WriteOutsideAction, match="people_organization"):
        raw("WITH gone AS (DELETE FROM people_organization RETURNING 1) UPDATE jobs_job SET attempts = 0")


def test_an_exception_inside_an_action_leaves_the_action_in_charge(made: Any) -> None:
    """What is written under it bears the action's name."""
    network = make.make_network()

    def work(by: Act, *, organization: Organization) -> None:
        with guard.permit("job lease"):
            network.admin.account.save(update_fields=["last_login"])

    made(work)(network.admin.actor, organization=network.agencies[0])
    entry = AuditEntry.objects.get(verb="records.correct_organization")
    assert RowChange.objects.get(act=entry.id.hex).table_name == "access_account"


# The line that the database itself holds


@contextmanager
def another_program() -> Iterator[Any]:
    """A connection of its own to the same database: no guard, and nobody's name."""
    other: Any
    if connection.vendor == "sqlite":
        import sqlite3

        other = sqlite3.connect(connection.settings_dict["NAME"])
    else:
        import psycopg

        given = connection.get_connection_params()
        named = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
        other = psycopg.connect(**named)
    with closing(other):
        yield other


@pytest.mark.django_db(transaction=True)
def test_another_program_cannot_insert_change_or_remove_a_row_of_any_tracked_table() -> None:
    """Every table that holds a row is tried; the database refuses each."""
    screen, task = make.make_crisis()
    tried = set()
    with another_program() as other:
        for table, key in triggers.tracked().items():
            if not other.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]:
                continue
            tried.add(table)
            for sql in (f'UPDATE "{table}" SET "{key}" = "{key}"', f'DELETE FROM "{table}"'):
                with pytest.raises(Exception, match=r"no such function: inmind_act|a write outside an action"):
                    other.execute(sql)
                other.rollback()
        columns = [field.column for field in Organization._meta.concrete_fields]
        row = {"id": f"'{new_id().hex}'", "name": "'Another'"}
        copied = ", ".join(row.get(column, f'"{column}"') for column in columns).replace(
            row["id"], row["id"] if connection.vendor == "sqlite" else f"{row['id']}::uuid"
        )
        named = ", ".join(f'"{column}"' for column in columns)
        with pytest.raises(Exception, match=r"no such function: inmind_act|a write outside an action"):
            other.execute(f"INSERT INTO people_organization ({named}) SELECT {copied} FROM people_organization LIMIT 1")
    assert {"people_person", "families_episode", "screening_screen", "tasks_task", "access_account"} <= tried
    screen.refresh_from_db()
    assert screen.answers == {"epds_10": 1}
    assert Task.objects.get().pk == task.pk


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", triggers.APPEND_ONLY)
def test_the_trail_only_grows(table: str, statement: str) -> None:
    """Even where the guard lets everything through, the database refuses; PostgreSQL refuses to empty it, too."""
    if statement == "TRUNCATE" and connection.vendor == "sqlite":
        statement = "REPLACE"  # SQLite empties by DELETE; what it has besides is putting a row in another's place
    make.make_family()
    audit.seal()
    column = column_of(table)
    sql = {
        "UPDATE": f'UPDATE "{table}" SET "{column}" = "{column}"',
        "DELETE": f'DELETE FROM "{table}"',
        "TRUNCATE": f'TRUNCATE "{table}" CASCADE',
        "REPLACE": f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}" LIMIT 1',
    }[statement]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        held = cursor.fetchone()[0]
        assert held
        with (
            guard.permit("migrations"),
            pytest.raises(DatabaseError, match="the trail only grows"),
            transaction.atomic(),
        ):
            cursor.execute(sql)
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone()[0] == held


@pytest.mark.postgresql
def test_no_tracked_table_is_ever_emptied() -> None:
    """TRUNCATE fires no trigger for its rows, so it is refused."""
    make.make_family()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with guard.permit("migrations"), pytest.raises(DatabaseError, match="is never emptied"), transaction.atomic():
            cursor.execute("TRUNCATE families_mapwish")


BEHIND_THE_MODELS: dict[str, Callable[[Any], object]] = {
    "an update of many": lambda rows: rows.update(zone="America/Denver"),
    "a bulk update": lambda rows: Organization.objects.bulk_update(
        [Organization(pk=row.pk, zone="America/Denver") for row in rows], ["zone"]
    ),
    "raw SQL": lambda rows: raw("UPDATE people_organization SET zone = 'America/Denver' WHERE kind = 'agency'"),
}


@pytest.mark.parametrize("way", BEHIND_THE_MODELS)
def test_a_change_behind_the_models_leaves_its_line_in_the_name_of_the_act(made: Any, way: str) -> None:
    """No `save` is called, and the database itself notes each row."""
    network = make.make_network()

    def work(by: Act, *, organization: Organization) -> None:
        BEHIND_THE_MODELS[way](Organization.objects.filter(kind=Organization.Kind.AGENCY))

    made(work)(network.admin.actor, organization=network.agencies[0])
    entry = AuditEntry.objects.get(verb="records.correct_organization")
    lines = RowChange.objects.filter(act=entry.id.hex)
    assert {(line.table_name, UUID(line.row_id), line.operation) for line in lines} == {
        ("people_organization", agency.pk, "U") for agency in network.agencies
    }
    assert entry.changes == len(lines) == 2


def test_a_removed_row_leaves_its_line(made: Any) -> None:
    """Inserted and removed in one act: both are told."""
    network = make.make_network()

    def work(by: Act, *, organization: Organization) -> None:
        Person.objects.filter(pk=Person.objects.create(given_name="Nobody").pk).delete()

    made(work)(network.admin.actor, organization=network.agencies[0])
    entry = AuditEntry.objects.get(verb="records.correct_organization")
    lines = RowChange.objects.filter(act=entry.id.hex).order_by("id")
    assert list(lines.values_list("table_name", "operation")) == [("people_person", "I"), ("people_person", "D")]


def facts(child: str = "Mateo") -> dict[str, Any]:
    """What a family tells."""
    return {
        "child": ChildFacts(child, "Ñúñez", make.born(age_months=6)),
        "adults": (AdultFacts("María", "Ñúñez", "mother"),),
    }


def register(worker: make.Worker, key: str, child: str = "Mateo") -> tuple[Dyad, Episode]:
    return families.register(worker.actor, key=key, organization=worker.agency, **facts(child))


def actor_of(screen: models.Model) -> Any:
    """The worker who began a screen."""
    return make.Worker(screen.worker.account, screen.episode.organization).actor  # type: ignore[attr-defined]
