"""`inmind doctor`: each trouble is said in plain words with what to do, and exit code 1; a house that is well says so."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from inmind import cli, installation
from inmind.access import audit, guard, health, owed, triggers
from inmind.access.actors import machine, operator
from inmind.access.commands import serve
from inmind.access.founding import found
from inmind.access.models import AuditEntry
from inmind.environment import BadSetting
from inmind.families.rota import Turn
from inmind.foundation import clock
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.errors import NotNow
from inmind.foundation.registries import Finding, Grade, house
from inmind.jobs import runner
from inmind.jobs.models import Job
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.people.models import NameToken
from tests.make import (
    Worker,
    at_all_hours,
    make_crisis,
    make_family,
    make_network,
    make_on_call,
    make_rota,
    make_worker,
    on_call_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An installation of its own around the test's database."""
    home = tmp_path / "home"
    made = installation.begin(
        home, profile="network", name="Coastal", state="", zone="America/Chicago", languages=("en",)
    )
    for name in installation.KEYS:  # the database was filled under the tests' own keys
        (home / "keys" / f"{name}.key").write_text(settings.INSTALLATION.key(name).hex())
    monkeypatch.setattr(settings, "INSTALLATION", made)
    monkeypatch.setattr(settings, "EMAIL_HOST", "mail.example.org")
    return home


@pytest.fixture
def well() -> None:
    """A network that serves a family, with somebody on call, and its machine running."""
    make_on_call()
    make_family()
    audit.seal()
    runner.beat("jobs")


def hands() -> dict[str, Finding]:
    return {finding.what: finding for finding in health.findings() if finding.grade is Grade.HAND}


def test_a_house_that_is_well(well: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing needs a hand, and each thing that was looked at is named."""
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert said.endswith("Nothing needs a hand.\n")
    for line in (
        "installation: Coastal, profile network",
        "keys: All here, and private.",
        "migrations: All have run.",
        "guards: The database's own guards stand.",
        "trail: Whole",
        "jobs: Letters and reminders leave.",
        "letters: All of the last 30 days left",
        "on call: Nobody is named yet at Prairie Early Years; needed before the first screen that asks about self-harm.",
        "files: Every catalog can be read.",
        "papers: A PDF is made, also with names in Greek",
        "help lines: Each was compared",
    ):
        assert line in said


def test_programs_read_json(well: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The same findings and the same exit code."""
    assert cli.main(["doctor", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["well"]
    assert {"what", "grade", "says", "do"} == set(said["findings"][0])
    triggers.remove(connection)
    assert cli.main(["doctor", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["well"]
    assert [one["what"] for one in said["findings"] if one["grade"] == "needs a hand"] == ["guards"]


def test_a_folder_without_an_installation(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing else is looked at, and nothing is made there."""
    monkeypatch.setattr(settings, "INSTALLATION", replace(settings.INSTALLATION, begun=False))
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "NEEDS A HAND   installation: There is no installation in" in said
    assert "1 thing needs a hand." in said
    assert "database" not in said


def test_a_missing_key_and_one_that_was_cut(well: None, begun: Path) -> None:
    (begun / "keys" / "pages.key").unlink()
    (begun / "keys" / "master.key").write_text("abcd")
    assert "Missing or unreadable" in hands()["keys"].says
    assert hands()["keys"].says.endswith(": pages, master.")


def test_keys_that_others_may_read(well: None, begun: Path) -> None:
    (begun / "keys" / "audit.key").chmod(0o644)
    assert "keys" not in hands()  # the folder around it is closed
    begun.chmod(0o755)
    assert "Others on this machine may read audit.key" in hands()["keys"].says
    (begun / "keys").chmod(0o755)
    begun.chmod(0o700)
    assert "keys" in hands()["keys"].says
    assert hands()["keys"].do == f"Run: chmod -R go= {begun}"


def test_letters_a_journal_and_the_folder_itself_that_others_may_read(well: None, begun: Path) -> None:
    (begun / "outbox").mkdir()
    for name in ("inmind.sqlite3-wal", "outbox/letter.log"):
        (begun / name).write_text("")
        (begun / name).chmod(0o644)
    assert "keys" not in hands()  # the folder around them is closed
    begun.chmod(0o750)
    said = hands()["keys"].says
    assert all(name in said for name in ("home", "inmind.sqlite3-wal", "outbox", "letter.log"))


def test_a_new_installation_is_closed_to_others(begun: Path, tmp_path: Path) -> None:
    """Also where its folder was there before and open."""
    assert begun.stat().st_mode & 0o777 == 0o700
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    installation.begin(there, profile="network", name="C", state="", zone="America/Chicago", languages=("en",))
    assert there.stat().st_mode & 0o777 == 0o700


def test_what_a_command_writes_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also what the processes write that it starts; afterwards all is as it was."""
    before = os.umask(0o022)
    try:
        monkeypatch.setattr(health, "findings", lambda: [(tmp_path / "letter").touch()][1:])
        cli.main(["doctor"])
        assert (tmp_path / "letter").stat().st_mode & 0o777 == 0o600
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_database_that_cannot_be_used(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs it is not looked at."""

    def damaged() -> Any:
        raise OperationalError("file is not a database\nmore words")

    monkeypatch.setattr(connection, "cursor", damaged)
    mend = {"sqlite": "Copy the folder aside and restore your last backup.", "postgresql": "Look at its log."}
    assert health.findings()[-1] == Finding(
        "database", Grade.HAND, "It cannot be used: file is not a database.", mend[connection.vendor]
    )


def test_a_database_that_cannot_be_reached(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked once, before the pool would wait for it."""

    def refuse(address: object) -> None:
        raise BadSetting("PostgreSQL at db:5432 cannot be reached: refused.", "It should answer.", "Start it.")

    monkeypatch.setattr(health.postgresql, "reach", refuse)
    assert health.findings()[-1] == Finding(
        "database", Grade.HAND, "PostgreSQL at db:5432 cannot be reached: refused. It should answer.", "Start it."
    )


def test_a_database_of_another_edition(well: None) -> None:
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
    assert hands()["database"].do == "Make a backup, then run `inmind migrate`."


def test_guards_that_are_missing(well: None) -> None:
    name = "inmind_people_person_delete" if connection.vendor == "sqlite" else "inmind_people_person_all"
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + (" ON people_person" if connection.vendor == "postgresql" else ""))
    assert hands()["guards"].says == "1 of the database's own guards are missing, 0 were altered."


def disguised(name: str, engine: str, *statements: str) -> Any:
    """A guard that keeps its name and does nothing, or less."""
    return pytest.param(statements, marks=getattr(pytest.mark, engine), id=name)


ALL_OF_PERSON = "CREATE TRIGGER inmind_people_person_all AFTER {events} ON people_person FOR EACH ROW {when} "
DROPPED = "DROP TRIGGER inmind_people_person_all ON people_person"
EXECUTES = "EXECUTE FUNCTION inmind_note_change('id')"


@pytest.mark.parametrize(
    "statements",
    [
        disguised(
            "another body",
            "sqlite",
            'DROP TRIGGER "inmind_people_person_update"',
            'CREATE TRIGGER "inmind_people_person_update" AFTER UPDATE ON "people_person" BEGIN SELECT 1; END',
        ),
        disguised(
            "another function",
            "postgresql",
            "CREATE OR REPLACE FUNCTION inmind_note_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$",
        ),
        disguised("fewer events", "postgresql", DROPPED, ALL_OF_PERSON.format(events="INSERT", when="") + EXECUTES),
        disguised(
            "a condition",
            "postgresql",
            DROPPED,
            ALL_OF_PERSON.format(events="INSERT OR UPDATE OR DELETE", when="WHEN (false)") + EXECUTES,
        ),
        disguised(
            "some columns only",
            "postgresql",
            DROPPED,
            ALL_OF_PERSON.format(events="INSERT OR DELETE OR UPDATE OF created_at", when="") + EXECUTES,
        ),
        disguised(
            "another word",
            "postgresql",
            DROPPED,
            ALL_OF_PERSON.format(events="INSERT OR UPDATE OR DELETE", when="")
            + "EXECUTE FUNCTION inmind_note_change('nothing')",
        ),
        disguised(
            "a function with a setting",
            "postgresql",
            "ALTER FUNCTION inmind_note_change() SET search_path = elsewhere, public",
        ),
        disguised(
            "not while others sleep", "postgresql", "ALTER TABLE people_person ENABLE TRIGGER inmind_people_person_all"
        ),
        disguised("switched off", "postgresql", "ALTER TABLE people_person DISABLE TRIGGER inmind_people_person_all"),
        disguised(
            "for replicas only",
            "postgresql",
            "ALTER TABLE people_person ENABLE REPLICA TRIGGER inmind_people_person_all",
        ),
    ],
)
def test_guards_that_were_altered(well: None, statements: tuple[str, ...]) -> None:
    """And `inmind migrate` puts ours in their place again."""
    with guard.permit("migrations"), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)
    assert "guards" in hands()
    triggers.install(connection)
    assert "guards" not in hands()


SWALLOWED = "CREATE TRIGGER zz BEFORE INSERT ON access_rowchange "
FOREIGN = [
    disguised("a trigger", "sqlite", SWALLOWED + "BEGIN SELECT RAISE(IGNORE); END", "DROP TRIGGER zz"),
    disguised(
        "a trigger elsewhere",
        "sqlite",
        "CREATE TRIGGER zz AFTER INSERT ON people_contact BEGIN DELETE FROM jobs_job; END",
        "DROP TRIGGER zz",
    ),
    disguised("a view", "sqlite", "CREATE VIEW zz AS SELECT 1", "DROP VIEW zz"),
    disguised(
        "a trigger",
        "postgresql",
        SWALLOWED + "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "DROP TRIGGER zz ON access_rowchange",
    ),
    disguised(
        "a rule",
        "postgresql",
        "CREATE RULE zz AS ON INSERT TO access_rowchange DO INSTEAD NOTHING",
        "DROP RULE zz ON access_rowchange",
    ),
    disguised(
        "one of ours on another table",
        "postgresql",
        "CREATE TRIGGER inmind_people_person_all AFTER INSERT ON jobs_job FOR EACH ROW " + EXECUTES,
        "DROP TRIGGER inmind_people_person_all ON jobs_job",
    ),
    disguised(
        "foreign keys switched off",
        "postgresql",
        "ALTER TABLE people_contact DISABLE TRIGGER ALL",
        "ALTER TABLE people_contact ENABLE TRIGGER ALL; "
        "ALTER TABLE people_contact ENABLE ALWAYS TRIGGER inmind_people_contact_all; "
        "ALTER TABLE people_contact ENABLE ALWAYS TRIGGER inmind_people_contact_empty",
    ),
]


@pytest.mark.parametrize("statements", FOREIGN)
def test_what_is_not_ours_and_acts_on_our_tables(
    well: None, statements: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, and no page is served before somebody has looked at it."""
    monkeypatch.setattr(serve, "_leave_the_database", lambda: None)  # the test is still in it
    _by_hand(statements[0])
    assert "Not ours, and at work on our tables: " in hands()["guards"].says
    assert hands()["guards"].do.startswith("Keep a copy, then take away by hand what is not ours.")
    with pytest.raises(NotNow, match="cannot be trusted"):
        serve._check_database()
    _by_hand(statements[1])
    assert "guards" not in hands()
    serve._check_database()


def _by_hand(statement: str) -> None:
    with guard.permit("migrations"), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for part in [statement] if connection.vendor == "sqlite" else statement.split("; "):
            cursor.execute(part)


@pytest.mark.postgresql
@pytest.mark.parametrize("where", ["the session", "the database"])
def test_guards_that_a_setting_would_let_sleep(well: None, where: str) -> None:
    """They act all the same, and the setting is found: foreign keys would not."""
    whose = f'ALTER DATABASE "{connection.settings_dict["NAME"]}" ' if where == "the database" else ""
    _by_hand(f"{whose}SET session_replication_role = replica")
    try:
        assert "session_replication_role" in hands()["guards"].says
        with (
            pytest.raises(Exception, match="a write outside an action"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT set_config('inmind.act', '', true)")
            cursor.cursor.execute("UPDATE people_person SET given_name = 'x'")
    finally:
        _by_hand(f"{whose}{'RESET session_replication_role' if whose else 'SET session_replication_role = origin'}")
    assert "guards" not in hands()


def test_a_trail_that_is_not_whole(well: None) -> None:
    triggers.remove(connection)
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditentry SET actor = 'x' WHERE seq = (SELECT min(seq) FROM access_auditentry)")
    triggers.install(connection)
    assert "was altered" in hands()["trail"].says
    assert hands()["trail"].do == "Run `inmind audit verify`, and tell the privacy officer."


def test_a_trail_that_nobody_seals(well: None) -> None:
    with clock.at(clock.now() - timedelta(hours=3)):
        audit.write(operator("tests"), "families.see", AuditEntry.Outcome.READ)
    assert hands()["trail"].says == "Its newest entries have not been sealed for 3 hours."


def test_a_machine_that_does_not_run(well: None) -> None:
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert hands()["jobs"].says.startswith("The machine for letters and reminders was last seen 5 minutes ago")


def test_a_machine_that_never_ran() -> None:
    make_network()
    audit.seal()
    assert "was never seen" in hands()["jobs"].says


def test_a_house_that_was_not_served_yet_is_told_so_calmly() -> None:
    """Begun, and nobody has come in: nothing is wrong yet. Once somebody has, silence needs a hand."""
    with clock.at(clock.now() - timedelta(hours=5)):
        names = {"given_name": "Robin", "family_name": "Vance", "address": "robin@example.org"}
        found(operator("tests"), name="Coastal", zone="America/Chicago", username="admin", **names)
    said = {one.what: one for one in health.findings()}
    assert (said["jobs"].grade, said["trail"].grade) == (Grade.NOTE, Grade.NOTE)
    assert said["jobs"].says.startswith("Not served yet")
    make_network()
    assert {"jobs", "trail"} <= set(hands())


def test_jobs_that_are_late(well: None) -> None:
    with guard.permit("job lease"):
        Job.objects.put("x", {}, due_at=clock.now() - timedelta(hours=1))
    assert hands()["jobs"].says == "1 jobs are late by more than 10 minutes."


def test_jobs_that_could_not_be_done(well: None) -> None:
    with guard.permit("job lease"):
        Job.objects.put("nobody.knows", {})
        Job.objects.update(attempts=Job.MAX_ATTEMPTS - 1)
    runner.run_due()
    assert hands()["jobs"].says.startswith("1 could not be done after all attempts: 1 x nobody.knows (LookupError: )")


def test_letters_that_could_not_be_delivered(well: None) -> None:
    """A worker without a safe address: her link cannot reach her."""
    make_crisis(make_family())
    letter = Letter.objects.first()
    messages.undelivered(machine("tests"), letter_id=str(letter.pk), problem="not_taken")
    assert hands()["letters"].says == "1 could not be delivered in the last 30 days."


def test_an_agency_that_serves_families_and_has_nobody_on_call(well: None) -> None:
    """Also when the one who was named holds no role there any more."""
    from inmind.access import actions

    other = make_network().agencies[1]
    family = make_family(make_worker(at=other))
    assert hands()["on call"].says.startswith("Nobody is on call at Prairie Early Years:")
    named = make_on_call(other)
    assert "on call" not in hands()
    actions.end_role(make_network().admin.actor, assignment=named.account.roles.get())
    assert on_call_of(family.episode.organization).person == named.person
    assert "on call" in hands()


def on_call() -> list[Finding]:
    return [finding for finding in health.findings() if finding.what == "on call"]


def test_an_agency_without_a_family_is_told_to_name_somebody_in_time() -> None:
    """Worth knowing, not yet a trouble; and nothing is well before somebody is named."""
    first, second = make_network().agencies
    [found] = on_call()
    assert found.grade is Grade.NOTE
    assert found.says.startswith(f"Nobody is named yet at {first.name}, {second.name}; needed before the first screen")
    make_on_call(first)
    [found] = on_call()
    assert found.says.startswith(f"Nobody is named yet at {second.name};")
    make_on_call(second)
    [found] = on_call()
    assert (found.grade, found.says) == (Grade.WELL, "Each agency has named who answers.")


def test_hours_in_which_nobody_reads_are_told_and_are_no_trouble() -> None:
    agency = make_network("Harbor").agencies[0]
    dana = make_worker("clinician")
    make_rota(agency, [Turn(time(8), time(18), weekday=day, person=dana.person.pk) for day in range(5)])
    found = [one for one in on_call() if one.says.startswith("Outside of the written hours nobody reads")]
    assert [one.grade for one in found] == [Grade.NOTE]
    assert "(118 hours, " in found[0].says


def test_who_is_on_call_and_has_never_signed_in_needs_a_hand() -> None:
    """She is told first, and could not open the task. In a demonstration nobody has signed in at first."""
    first, second = make_network().agencies
    named = make_on_call(first)
    make_on_call(second)
    assert [found.grade for found in on_call()] == [Grade.WELL]
    _people_are_real()
    [found] = on_call()
    assert found.grade is Grade.HAND
    assert found.says.startswith(f"Who is named at {first.name}, {second.name} has never signed in")
    _has_signed_in(named)
    assert on_call()[0].says.startswith(f"Who is named at {second.name} has never")


def _has_signed_in(worker: Worker) -> None:
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_account SET last_login = %s WHERE username = %s", [clock.now(), worker.account.username]
        )
    audit.own_migrations(operator("tests"))


def test_help_lines_that_nobody_compared_for_a_year(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = health.help_lines("en")
    monkeypatch.setattr(
        health, "help_lines", lambda language: [replace(lines[0], checked=date(2020, 1, 1)), *lines[1:]]
    )
    assert hands()["help lines"].says.endswith(f"more than a year: {lines[0].name}.")


def test_a_catalog_with_a_fault(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that were started before still run by what they have read: it is told before they are started again."""

    def spoiled() -> None:
        raise BadCatalog("own/epds.yaml", 7, "a cut-off is missing")

    monkeypatch.setattr(house, "files", [spoiled])
    assert hands()["files"].says.startswith("own/epds.yaml, line 7: a cut-off is missing")


def test_little_space(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int = 3_000_000

    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: Usage())
    assert hands()["space"].says == "Only 0.0 gigabytes are free."


def test_backups_are_asked_for_where_people_are_real(well: None) -> None:
    """A demonstration needs none."""
    with clock.at(clock.now() + timedelta(days=8)):
        assert "backups" not in hands()
        _people_are_real()
        assert hands()["backups"].says == "There was never a backup."
        runner.beat("backup")
        assert "backups" not in hands()
    with clock.at(clock.now() + timedelta(days=20)):
        assert hands()["backups"].says == "The last backup is 12 days old."


def _people_are_real() -> None:
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute("UPDATE access_installationmark SET is_demo = %s", [False])
    audit.own_migrations(operator("tests"))


def test_letters_that_wait_as_files_are_worth_knowing(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EMAIL_HOST", "")
    assert "mail" not in {finding.what for finding in health.findings()}  # a demonstration's letters stay here
    _people_are_real()
    [mail] = [finding for finding in health.findings() if finding.what == "mail"]
    assert mail.grade is Grade.NOTE
    assert "mail" not in hands()


@pytest.mark.sqlite
def test_a_library_with_the_fault_is_worth_knowing(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.sqlite, "wal_is_safe", lambda: False)
    [found] = [finding for finding in health.findings() if finding.what == "database"]
    assert found.grade is Grade.NOTE
    assert "rollback journal" in found.says


@pytest.mark.sqlite
def test_saving_that_does_not_wait_for_the_disk(well: None) -> None:
    """The pragmas are read from the connection, not from the settings."""
    found = _with_pragma(synchronous=1)
    assert found["saving"].do == "Unset INMIND_SQLITE_SYNC."


def _with_pragma(**said: int) -> dict[str, Finding]:
    """As the connection would answer; within a test's transaction the pragma itself cannot be changed."""
    cursor = connection.cursor

    class Told:
        def __init__(self) -> None:
            self._cursor = cursor()
            self._answer: Any = None

        def __enter__(self) -> Told:
            return self

        def __exit__(self, *_: object) -> None:
            self._cursor.close()

        def execute(self, sql: str, *rest: Any) -> Any:
            self._answer = said.get(sql.removeprefix("PRAGMA "))
            return self._cursor.execute(sql, *rest)

        def fetchone(self) -> Any:
            return (self._answer,) if self._answer is not None else self._cursor.fetchone()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "connection", type("C", (), {"cursor": staticmethod(Told), "vendor": "sqlite"}))
        return {finding.what: finding for finding in health._sqlite() if finding.grade is Grade.HAND}


def test_a_look_that_fails_is_a_finding_itself(well: None) -> None:
    """One room's trouble does not hide another's."""

    def broken() -> Any:
        raise ZeroDivisionError

    house.checks.append(broken)
    try:
        assert hands()["broken"].says == "This could not be looked at: ZeroDivisionError."
    finally:
        house.checks.remove(broken)


def test_rooms_bring_looks_of_their_own() -> None:
    """So that an association is never asked about families."""
    assert {check.__module__ for check in house.checks} >= {"inmind.families.offers", "inmind.messages.offers"}


def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    """An unknown profile stops every command; this one says so in a sentence."""
    import subprocess
    import sys

    (tmp_path / "installation.toml").write_text('profile = "castle"')
    done = subprocess.run(
        [sys.executable, "-m", "inmind.cli", "doctor"],
        env={**os.environ, "INMIND_HOME": str(tmp_path), "PYTHONPATH": str(Path(cli.__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "profile 'castle' is unknown" in done.stdout
    assert "Correct that file" in done.stdout
    assert "Traceback" not in done.stderr


def test_hours_of_the_coming_week_for_which_nobody_is_named(well: None) -> None:
    """How many, and from when on; not the hours in which the agency does not read, and not those of next month."""
    harbor = make_network().agencies[0]
    today = clock.now().date()
    dana = make_worker("clinician", harbor)
    far = Turn(time(8), time(9), day=today + timedelta(days=30))
    make_rota(harbor, [Turn(time(8), time(12), weekday=day, person=dana.person.pk) for day in range(7)] + [far])
    assert "on call" not in hands()
    near = Turn(time(9), time(10), day=today + timedelta(days=3))
    make_rota(harbor, [*at_all_hours(dana), near])
    says = hands()["on call"].says
    assert (
        says == f"Hours of the next 7 days for which nobody is named: {harbor.name} (1, the first at {near.day} 09:00)."
    )


# What an emptied table takes away


def emptied(table: str) -> None:
    """By somebody with a shell: nothing watches these tables."""
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_jobs_that_were_removed_are_missed_and_put_back(well: None) -> None:
    """The climb of an open task and the delivery of a letter; each once, and what is there is left as it is."""
    family = make_family()
    runner.run_due()
    _screen, task = make_crisis(family)
    while not Letter.objects.filter(sent_at__isnull=True, failed_at__isnull=True).exists():
        assert runner.run_one("here")
    [letter] = Letter.objects.filter(sent_at__isnull=True, failed_at__isnull=True)
    assert "jobs" not in hands()
    assert owed.put_back() == 0
    emptied("jobs_job")
    assert hands()["jobs"].says.startswith("2 that should wait are gone (1 x ")
    runner.tick()  # the clock alone is enough
    runner.run_due()
    assert "jobs" not in hands()
    climb = Job.objects.waiting().get(kind="tasks.climb")
    assert climb.payload == {"task": str(task.pk), "step": 0}
    assert climb.due_at == task.due_at
    letter.refresh_from_db()
    assert letter.sent_at or letter.failed_at
    entry = AuditEntry.objects.get(verb="jobs.put_back")
    assert (entry.actor, entry.purpose) == ("machine:access.owed", "2 that were missing")
    with clock.at(task.due_at + timedelta(minutes=1)):
        runner.run_due()
    task.refresh_from_db()
    assert task.step == 1


def test_names_that_were_removed_from_the_search_are_listed_again(well: None) -> None:
    before = set(NameToken.objects.values_list("person", "organization", "token"))
    assert before
    assert "search" not in hands()
    emptied("people_nametoken")
    assert hands()["search"].says.startswith("The names of ")
    runner.tick()
    runner.run_due()
    assert "search" not in hands()
    assert set(NameToken.objects.values_list("person", "organization", "token")) == before


def test_answers_that_were_removed_are_missed(well: None) -> None:
    make_crisis(make_family())
    runner.run_due()
    assert "answers" not in hands()
    emptied("access_storedanswer")
    assert "that are kept for a second click are gone" in hands()["answers"].says
