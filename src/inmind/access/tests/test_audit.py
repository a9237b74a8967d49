"""The trail against somebody who holds the database: what was altered, removed, added, exchanged or cut shows."""

from __future__ import annotations

import sqlite3
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from inmind import cli, postgresql
from inmind.access import audit, guard, proof, triggers
from inmind.access.actors import operator
from inmind.access.models import AuditBlock, AuditEntry, AuditSubject, RowChange
from inmind.access.tests.coming_in import enrolled, with_password
from inmind.foundation.identity import new_id
from inmind.people.models import Organization, Person
from inmind.records import actions as records
from tests.make import make_network, make_worker

pytestmark = pytest.mark.django_db
MARIA, MATEO = UUID(int=1), UUID(int=2)
Execute = Callable[..., Any]


def note(count: int = 1, verb: str = "families.see") -> list[AuditEntry]:
    """Readings of María's record."""
    return [
        audit.write(operator("tests"), verb, AuditEntry.Outcome.READ, subjects=[("person", MARIA)])
        for _ in range(count)
    ]


@contextmanager
def attacker() -> Iterator[Execute]:
    """Somebody with all rights in the database and none of the keys: triggers are away and no guard asks."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        with guard.permit("migrations"):
            yield lambda sql, *values: cursor.execute(sql, values)
    triggers.install(connection)


def faults() -> str:
    return "\n".join(map(str, proof.verify()))


def test_a_trail_of_actions_readings_and_refusals_is_whole() -> None:
    """Nothing is wrong where nobody did wrong, sealed or not."""
    make_network()
    note(3)
    assert faults() == ""
    audit.seal()
    note(2)
    assert faults() == ""


def test_an_unsealed_stretch_is_sealed_in_blocks_of_limited_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bulk import does not keep writers waiting for one long sealing."""
    monkeypatch.setattr(audit, "STRETCH", 3)
    note(8)
    assert audit.seal() == audit.head()
    assert list(AuditBlock.objects.order_by("number").values_list("entries", flat=True)) == [3, 3, 2]
    assert faults() == ""
    assert audit.seal() is None


ALTERED = {
    "who": "actor = 'user:somebody else'",
    "what": "verb = 'families.find'",
    "when": "at = '2026-01-01 00:00:00'",
    "how it ended": "outcome = 'refused'",
    "about what": "about = 'another'",
    "the person": "person = NULL",
    "the changes it speaks of": "changes = 7",
    "its code": "code = 'aa'",
}


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
@pytest.mark.parametrize("what", list(ALTERED.values()), ids=list(ALTERED))
def test_an_altered_entry_shows(what: str, sealed: bool) -> None:
    """Whatever an entry says is covered by its code, from the moment it is written."""
    entry = audit.write(_somebody(), "families.see", AuditEntry.Outcome.READ, subjects=[("person", MARIA)])
    note(2)
    if sealed:
        audit.seal()
    with attacker() as execute:
        execute(f"UPDATE access_auditentry SET {what} WHERE seq = %s", entry.seq)
    assert f"Entry {entry.seq} " in faults()


def _somebody() -> Any:
    from inmind.access.actors import Actor

    return Actor(kind="user", id=str(MARIA), person=MARIA)


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_altered_subjects_show(sealed: bool) -> None:
    """A subject that was changed, taken away, added or given to another entry."""
    entries = note(4)
    if sealed:
        audit.seal()
    changed, removed, added, given = entries
    with attacker() as execute:
        execute("UPDATE access_auditsubject SET ref = %s WHERE entry_id = %s", _id(MATEO), changed.seq)
        execute("DELETE FROM access_auditsubject WHERE entry_id = %s", removed.seq)
        execute("UPDATE access_auditsubject SET entry_id = %s WHERE entry_id = %s", added.seq, given.seq)
    assert [fault.where for fault in proof.verify()] == [f"entry {entry.seq}" for entry in entries]


def test_a_subject_of_no_entry_shows() -> None:
    """Where a database does not keep its foreign keys, the reading does."""
    note()
    audit.seal()
    if connection.vendor == "postgresql":
        with attacker() as execute:
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            execute("ALTER TABLE access_auditsubject DROP CONSTRAINT " + _foreign_key())
            execute("INSERT INTO access_auditsubject (entry_id, kind, ref) VALUES (99999, 'person', %s)", _id(MARIA))
        assert "1 subjects belong to entries that are not there" in faults()
    else:
        with pytest.raises(Error), transaction.atomic(), attacker() as execute:
            execute("INSERT INTO access_auditsubject (entry_id, kind, ref) VALUES (99999, 'person', %s)", _id(MARIA))
            assert "1 subjects belong to entries that are not there" in faults()
            connection.check_constraints()


def _foreign_key() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'access_auditsubject'::regclass AND contype = 'f'"
        )
        return cursor.fetchone()[0]


def _id(value: UUID) -> object:
    return value if connection.vendor == "postgresql" else value.hex


def _remove(execute: Execute, entry: AuditEntry) -> None:
    execute("DELETE FROM access_auditsubject WHERE entry_id = %s", entry.seq)
    execute("DELETE FROM access_rowchange WHERE act = %s", entry.id.hex)
    execute("DELETE FROM access_auditentry WHERE seq = %s", entry.seq)


def test_a_removed_entry_shows_once_it_was_sealed() -> None:
    """With its subjects and changes, from the middle of a block."""
    entries = note(5)
    audit.seal()
    with attacker() as execute:
        _remove(execute, entries[2])
    assert faults() == "Block 1 holds 4 entries and 0 row changes; 5 and 0 were sealed."


def test_an_action_that_is_removed_leaves_its_changes_behind() -> None:
    """Not sealed yet, and taken away alone: the rows say that somebody changed them."""
    make_network()
    entry = AuditEntry.objects.get(verb="access.found")
    with attacker() as execute:
        execute("DELETE FROM access_auditentry WHERE seq = %s", entry.seq)
    assert "and has no entry in the trail" in faults()


@pytest.mark.sqlite
def test_on_sqlite_a_gap_in_the_numbers_shows_an_entry_removed_before_it_was_sealed() -> None:
    """From the middle, and the newest; also when the sealer came after the attacker."""
    entries = note(5)
    with attacker() as execute:
        _remove(execute, entries[2])
        _remove(execute, entries[4])
    assert "lacks 2 entries" in faults()
    audit.seal()
    note()
    assert "was sealed after something had been removed: its numbers have gaps" in faults()


def test_what_cannot_be_shown_the_newest_entries_removed_before_they_were_sealed() -> None:
    """With all that belongs to them, and the counter put back. A working house seals each minute: that is the window."""
    entries = note(5)
    with attacker() as execute:
        _remove(execute, entries[4])
        if connection.vendor == "sqlite":
            execute("UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'access_auditentry'")
    assert faults() == ""


@pytest.mark.sqlite
def test_writes_that_are_taken_back_leave_no_gap_on_sqlite() -> None:
    """The counter goes back with its transaction or savepoint, so that a gap always means a removal."""
    note()
    with pytest.raises(RuntimeError), transaction.atomic():
        note(3)
        raise RuntimeError
    with pytest.raises(Error), guard.permit("audit"), transaction.atomic():
        AuditSubject(entry_id=note()[0].pk, kind="x", ref=MARIA).save(force_insert=True)
        AuditEntry(id=AuditEntry.objects.first().id, at="2026-01-01T00:00Z").save(force_insert=True)
    note()
    assert faults() == ""
    audit.seal()
    assert AuditBlock.objects.get().gapless


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_exchanged_entries_show(sealed: bool) -> None:
    """Two entries that change places: an entry's own number is covered by its code."""
    first, second, _ = note(3)
    if sealed:
        audit.seal()
    with attacker() as execute:
        for before, after in ((first.seq, -1), (second.seq, first.seq), (-1, second.seq)):
            execute("UPDATE access_auditentry SET seq = %s WHERE seq = %s", after, before)
        # The subjects go along, so that nothing but the order is wrong.
        for before, after in ((first.seq, -1), (second.seq, first.seq), (-1, second.seq)):
            execute("UPDATE access_auditsubject SET entry_id = %s WHERE entry_id = %s", after, before)
    assert {f"entry {first.seq}", f"entry {second.seq}"} <= {fault.where for fault in proof.verify()}


@pytest.mark.parametrize("identity", ["its own", "another's"])
def test_an_added_entry_shows_also_with_a_copied_code(identity: str) -> None:
    """Nobody without the key can say anything in the trail, not even again what was said once."""
    original = note(2)[0]
    audit.seal()
    columns = "at, actor, person, role, organization, verb, outcome, about_kind, about, purpose, parts, changes, code"
    with attacker() as execute:
        if identity == "another's":
            _drop_unique_id(execute)
        given = original.id if identity == "another's" else new_id()
        execute(
            f"INSERT INTO access_auditentry (seq, id, {columns}) SELECT 50, %s, {columns} FROM access_auditentry WHERE seq = %s",
            _id(given),
            original.seq,
        )
        execute("INSERT INTO access_auditsubject (entry_id, kind, ref) VALUES (50, 'person', %s)", _id(MARIA))
    assert "Entry 50 was altered" in faults()


def _drop_unique_id(execute: Execute) -> None:
    if connection.vendor == "postgresql":
        execute("ALTER TABLE access_auditentry DROP CONSTRAINT access_auditentry_id_key")
        return
    # SQLite cannot drop it; whoever can write the file makes the table again without it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'access_auditentry'")
        made = cursor.fetchone()[0]
    execute(made.replace('"access_auditentry"', '"rebuilt"').replace(" UNIQUE", ""))
    execute("INSERT INTO rebuilt SELECT * FROM access_auditentry")
    execute("DROP TABLE access_auditentry")
    execute("ALTER TABLE rebuilt RENAME TO access_auditentry")


def test_an_entry_put_among_sealed_ones_shows() -> None:
    """Its block counts."""
    note(2)
    audit.seal()
    with attacker() as execute:
        execute(
            "INSERT INTO access_auditentry (seq, id, at, actor, role, verb, outcome, about_kind, about, purpose, parts, "
            "changes, code) VALUES (-5, %s, '2026-01-01 00:00:00', 'x', '', 'x', 'read', '', '', '', '', 0, 'x')",
            _id(new_id()),
        )
    assert "Block 1 holds 3 entries" in faults()


# Blocks and heads


def blocks(count: int = 3) -> list[audit.Head]:
    heads = []
    for _ in range(count):
        note(2)
        heads.append(audit.seal())
    return heads


def _forget_the_log() -> None:
    (settings.INSTALLATION.home / "keys" / "heads.log").unlink()


def _cut_after(execute: Execute, block: int) -> None:
    last = AuditBlock.objects.get(number=block).last_seq
    execute("DELETE FROM access_auditblock WHERE number > %s", block)
    execute("DELETE FROM access_auditsubject WHERE entry_id > %s", last)
    execute("DELETE FROM access_auditentry WHERE seq > %s", last)
    if connection.vendor == "sqlite":
        execute("UPDATE sqlite_sequence SET seq = %s WHERE name = 'access_auditentry'", last)


def test_a_trail_cut_after_the_last_mailed_head_shows_by_that_head() -> None:
    """The cut itself leaves a whole trail; the letter does not."""
    mailed = blocks()[-1]
    with attacker() as execute:
        _cut_after(execute, 1)
    _forget_the_log()
    assert proof.verify() == []
    assert [str(fault) for fault in proof.verify([mailed])] == [
        "Block 3 was cut off: its head is known from elsewhere, and the trail ends before it."
    ]


def test_a_trail_cut_shows_by_the_heads_beside_the_keys() -> None:
    """Whoever reaches the database alone does not reach them."""
    blocks()
    with attacker() as execute:
        _cut_after(execute, 1)
    assert [fault.where for fault in proof.verify()] == ["block 2", "block 3"]


def test_a_trail_cut_and_grown_again_shows() -> None:
    """A new block under an old number has another code."""
    mailed = blocks()[-1]
    with attacker() as execute:
        _cut_after(execute, 1)
    _forget_the_log()
    blocks(2)
    assert [str(fault) for fault in proof.verify([mailed])] == [
        "Block 3 is not the one whose head is known from elsewhere."
    ]


def test_an_emptied_trail_shows() -> None:
    """Everything gone at once, as after dropping the database."""
    mailed = blocks()[-1]
    with attacker() as execute:
        for table in ("access_auditblock", "access_auditsubject", "access_auditentry", "access_rowchange"):
            execute(f"DELETE FROM {table}")
    _forget_the_log()
    assert [fault.where for fault in proof.verify([mailed])][-1] == "block 3"


BLOCKS_ALTERED = {
    "its digest": "digest = 'aa'",
    "its count": "entries = entries - 1",
    "its code": "code = 'aa'",
    "its time": "sealed_at = '2026-01-01 00:00:00'",
    "whether gaps are allowed": "gapless = NOT gapless",
}


@pytest.mark.parametrize("what", list(BLOCKS_ALTERED.values()), ids=list(BLOCKS_ALTERED))
def test_an_altered_block_shows(what: str) -> None:
    """A block's own words are covered by its code."""
    blocks()
    with attacker() as execute:
        execute(f"UPDATE access_auditblock SET {what} WHERE number = 2")
    assert "Block 2 " in faults()


def test_a_removed_block_shows() -> None:
    """Alone, and with its entries."""
    blocks()
    middle = AuditBlock.objects.get(number=2)
    with attacker() as execute:
        execute("DELETE FROM access_auditblock WHERE number = 2")
    assert "Block 3 stands where block 2 is missing" in faults()
    with attacker() as execute:
        execute("DELETE FROM access_auditsubject WHERE entry_id BETWEEN %s AND %s", middle.first_seq, middle.last_seq)
        execute("DELETE FROM access_auditentry WHERE seq BETWEEN %s AND %s", middle.first_seq, middle.last_seq)
        execute("UPDATE access_auditblock SET number = 2 WHERE number = 3")
    assert "Block 2 does not follow the block before it" in faults()
    assert "Block 2 was altered" in faults()


def test_exchanged_blocks_show() -> None:
    """Each block stands on the one before it."""
    blocks()
    with attacker() as execute:
        for before, after in ((1, -1), (2, 1), (-1, 2)):
            execute("UPDATE access_auditblock SET number = %s WHERE number = %s", after, before)
    assert "Block 1 was altered" in faults()


def test_heads_found_in_a_file_of_letters() -> None:
    """Letters may be put together as they came; a line that holds no head is passed over."""
    code = "ab" * 32
    letter = f"Subject: The trail\n\nThe newest head on 10:00 is\n  12:{code}\n13:abcd\n14:{code}00\n"
    assert list(audit.heads_in(letter.splitlines())) == [audit.Head(12, code)]


def test_a_process_killed_before_it_kept_the_head_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block is there, its line in the log is not; later heads stand on it."""
    keep = audit._keep_outside
    monkeypatch.setattr(audit, "_keep_outside", lambda newest: None)
    blocks(1)
    monkeypatch.setattr(audit, "_keep_outside", keep)
    blocks(2)
    assert [head.number for head in audit.heads_outside()] == [2, 3]
    assert faults() == ""


@pytest.mark.parametrize("torn_at", [1, 20, 67], ids=["in its number", "in its code", "before its end"])
def test_a_torn_line_in_the_log_of_heads_is_no_fault(torn_at: int) -> None:
    """A machine that lost power while writing it; the next head begins a line of its own."""
    blocks(2)
    log = settings.INSTALLATION.home / "keys" / "heads.log"
    whole = log.read_bytes()
    first = whole.index(b"\n") + 1
    log.write_bytes(whole[: first + torn_at - 1])
    assert faults() == ""
    blocks(1)
    assert [head.number for head in audit.heads_outside()][-1] == 3
    assert faults() == ""


def test_the_log_of_heads_is_private() -> None:
    """It stands beside the keys and is readable by its owner alone."""
    blocks(1)
    assert (settings.INSTALLATION.home / "keys" / "heads.log").stat().st_mode & 0o777 == 0o600


# Row changes


@contextmanager
def in_the_name_of(act: str) -> Iterator[Execute]:
    """Raw SQL past the guard that tells the triggers a name of its choosing."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("inmind_act", 0, lambda: act)
    try:
        with guard.permit("migrations"), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT set_config('inmind.act', %s, false)", [act])
            yield lambda sql, *values: cursor.execute(sql, values)
    finally:
        if connection.vendor == "sqlite":
            connection.connection.create_function("inmind_act", 0, guard.opened_by)


def test_a_bulk_update_outside_an_action_is_refused() -> None:
    """Through the house's own connection, by the guard."""
    make_network()
    with pytest.raises(guard.WriteOutsideAction):
        Organization.objects.update(name="Ours")


@pytest.mark.django_db(transaction=True)
def test_another_program_cannot_write_at_all() -> None:
    """A connection of its own, without the guard: the database itself refuses."""
    make_network()
    if connection.vendor == "sqlite":
        other: Any = sqlite3.connect(connection.settings_dict["NAME"])
    else:
        import psycopg

        wanted = ("dbname", "user", "password", "host", "port")
        given = connection.get_connection_params()
        other = psycopg.connect(**{name: given[name] for name in wanted if given.get(name)})
    with closing(other), pytest.raises(Exception, match=r"no such function: inmind_act|a write outside an action"):
        other.execute("UPDATE people_organization SET kind = 'court'")


def test_raw_sql_in_an_invented_name_shows() -> None:
    """It tells the triggers a name, and no entry stands behind it."""
    make_network()
    with in_the_name_of(new_id().hex) as execute:
        execute("UPDATE people_organization SET kind = 'court'")
    assert "changed 3 rows and has no entry in the trail" in faults()


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_raw_sql_in_the_name_of_an_action_that_was_shows(sealed: bool) -> None:
    """An entry says how many rows changed in its name, and its code covers which."""
    make_network()
    if sealed:
        audit.seal()
    entry = AuditEntry.objects.filter(verb="records.add_organization").first()
    with in_the_name_of(entry.id.hex) as execute:
        execute("UPDATE people_organization SET kind = 'court'")
    assert (
        f"Entry {entry.seq} speaks of {entry.changes} row changes; {entry.changes + 3} stand under its name" in faults()
    )


def test_raw_sql_in_the_name_of_a_reading_shows() -> None:
    """A reading changes nothing."""
    make_network()
    entry = note()[0]
    with in_the_name_of(entry.id.hex) as execute:
        execute("UPDATE people_organization SET kind = 'court'")
    assert f"Entry {entry.seq} speaks of 0 row changes; 3 stand under its name" in faults()


@pytest.mark.parametrize("name", ["audit", "job lease"])
def test_raw_sql_in_the_name_of_an_exception_shows_on_tables_that_are_not_its_own(name: str) -> None:
    """The named exceptions have tables of their own, and no others."""
    make_network()
    with in_the_name_of(name) as execute:
        execute("UPDATE people_organization SET kind = 'court'")
    assert f"3 rows of people_organization were changed in the name of '{name}'" in faults()


TAKEN_OVER = {
    "another password": "UPDATE access_account SET password = 'x'",
    "opened again": "UPDATE access_account SET is_active = (1 = 1)",
    "moved to another person": "UPDATE access_account SET person_id = person_id",
    "without its authenticator": "DELETE FROM mfa_authenticator",
    "with another authenticator": "UPDATE mfa_authenticator SET data = '{}'",
}


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
@pytest.mark.parametrize("what", list(TAKEN_OVER.values()), ids=list(TAKEN_OVER))
def test_an_account_that_was_taken_over_by_raw_sql_shows(what: str, sealed: bool) -> None:
    """Signing in has no name of its own in which rows may change: each of its changes is owned by an entry."""
    account = with_password(make_worker("home_visitor").account)
    enrolled(account)
    if sealed:
        audit.seal()
    assert faults() == ""
    with in_the_name_of("sign-in") as execute:
        execute(what)
    assert "Act sign-in changed " in faults()
    assert "has no entry in the trail" in faults()


def test_an_authenticator_is_changed_by_no_other_program() -> None:
    """The library's own table is watched as ours are."""
    enrolled(with_password(make_worker("home_visitor").account))
    with in_the_name_of("") as execute:
        if connection.vendor == "sqlite":
            connection.connection.create_function("inmind_act", 0, lambda: None)
        with pytest.raises(Error, match="a write outside an action"), transaction.atomic():
            execute("DELETE FROM mfa_authenticator")


def test_rows_changed_by_migrations_are_owned_by_an_entry() -> None:
    """A migration that was cut short shows until it was run to its end; nobody else may use its name."""
    make_network()
    with in_the_name_of("migrations") as execute:
        execute("UPDATE people_organization SET kind = 'court'")
    assert "Migrations changed 3 rows that no entry speaks of" in faults()
    audit.own_migrations(operator("migrate"))
    assert faults() == ""
    audit.own_migrations(operator("migrate"))
    assert AuditEntry.objects.filter(verb=audit.MIGRATED).count() == 1
    with attacker() as execute:
        execute("UPDATE access_rowchange SET act = 'migrations' WHERE id = (SELECT min(id) FROM access_rowchange)")
    assert "Migrations changed 3 rows by their entry; 4 changes stand in their name" in faults()


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM access_rowchange WHERE id = %s",
        "UPDATE access_rowchange SET row_id = 'another' WHERE id = %s",
        "UPDATE access_rowchange SET table_name = 'people_person' WHERE id = %s",
        "UPDATE access_rowchange SET operation = 'D' WHERE id = %s",
        "UPDATE access_rowchange SET act = 'sign-in' WHERE id = %s",
    ],
    ids=["removed", "another row", "another table", "another operation", "another's name"],
)
def test_an_altered_row_change_shows(attack: str, sealed: bool) -> None:
    """The entry's code covers the changes made in its name, sealed or not."""
    make_network()
    if sealed:
        audit.seal()
    change = RowChange.objects.filter(table_name="people_organization").first()
    entry = AuditEntry.objects.get(id=UUID(change.act))
    with attacker() as execute:
        execute(attack, change.pk)
    assert f"Entry {entry.seq} " in faults()


def test_row_changes_that_changed_places_show() -> None:
    """Within one action the order is covered, too."""
    make_network()
    first, second = RowChange.objects.order_by("id")[:2]
    with attacker() as execute:
        for before, after in ((first.pk, -1), (second.pk, first.pk), (-1, second.pk)):
            execute("UPDATE access_rowchange SET id = %s WHERE id = %s", after, before)
    assert "was altered, or its subjects or row changes were" in faults()


def test_many_faults_are_counted_and_the_first_hundred_told() -> None:
    """Whoever rewrites everything does not fill the memory of whoever reads it."""
    note(130)
    with attacker() as execute:
        execute("UPDATE access_auditentry SET actor = 'x'")
    found = proof.verify()
    assert len(found) == 101
    assert str(found[-1]) == "Besides these there are 30 more faults."


def test_the_newest_blocks_can_be_read_alone() -> None:
    """What `inmind doctor` reads each time: a fault in older blocks waits for the whole reading."""
    blocks(4)
    note()
    whole = proof.prove(newest_blocks=2)
    assert whole.faults == []
    assert (whole.reach.blocks, whole.reach.entries, whole.reach.unsealed) == (2, 5, 1)
    with attacker() as execute:
        execute("UPDATE access_auditentry SET actor = 'x' WHERE seq = (SELECT min(seq) FROM access_auditentry)")
    assert proof.prove(newest_blocks=2).faults == []
    assert len(proof.prove(newest_blocks=9).faults) == 1


def test_reading_takes_the_same_memory_for_a_longer_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing and verifying go through the trail a page at a time."""
    monkeypatch.setattr(proof, "PAGE", 20)
    monkeypatch.setattr(audit, "STRETCH", 100)
    peaks = []
    for _ in range(3):  # the first round fills the driver's own caches
        note(600)
        tracemalloc.start()
        audit.seal()
        assert proof.verify() == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.3 * peaks[1], peaks


# Together


@pytest.mark.django_db(transaction=True)
def test_writers_sealers_and_readers_at_once() -> None:
    """No block misses an entry that was being written, two sealers make one chain, and a reading finds it whole."""
    network = make_network()
    problems: list[BaseException] = []
    stop = threading.Event()

    def work(what: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                what()
            except BaseException as problem:
                problems.append(problem)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(number: int) -> None:
        for turn in range(15):
            records.add_organization(network.admin.actor, name=f"Agency {number}.{turn}", zone="America/Chicago")
            note(2)

    def seal() -> None:
        while not stop.is_set():
            audit.seal()

    def read() -> None:
        while not stop.is_set():
            assert proof.verify() == []

    others = [work(seal), work(seal), work(read)]
    for writer in [work(lambda number=number: write(number)) for number in range(3)]:
        writer.join()
    stop.set()
    for thread in others:
        thread.join()
    audit.seal()
    assert problems == []
    assert proof.verify() == []
    assert AuditBlock.objects.count() > 1
    assert sum(AuditBlock.objects.values_list("entries", flat=True)) == AuditEntry.objects.count()
    assert sum(AuditBlock.objects.values_list("changes", flat=True)) == RowChange.objects.count()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_long_write_puts_the_sealing_off_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sealer waits for a moment only: those who write wait behind it."""
    monkeypatch.setattr(audit, "PATIENCE", "100ms")
    note()
    begun, done = threading.Event(), threading.Event()

    def long_write() -> None:
        with transaction.atomic():
            note()
            begun.set()
            done.wait(20)
        connection.close()

    writer = threading.Thread(target=long_write)
    writer.start()
    assert begun.wait(20)
    assert audit.seal() is None
    done.set()
    writer.join()
    assert audit.seal() == audit.head()
    assert AuditBlock.objects.get().entries == 2


# The command


def test_the_command_says_that_a_trail_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """In plain words, and with exit code 0."""
    heads = blocks(2)
    note()
    assert cli.main(["audit", "verify", "--head", str(heads[0])]) == 0
    said = capsys.readouterr().out
    assert "Read 5 entries and 0 row changes in 2 sealed blocks." in said
    assert "The newest 1 entries are not sealed yet" in said
    assert "The trail is whole. It holds the 1 heads you named." in said


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, each fault on its line."""
    blocks(1)
    with attacker() as execute:
        execute("UPDATE access_auditentry SET actor = 'x'")
    assert cli.main(["audit", "verify"]) == 1
    assert "The trail is not whole (2 faults):" in capsys.readouterr().out


def test_the_command_prints_the_head_and_takes_it_from_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    """What is printed is what is read again; sealing what is open first."""
    assert cli.main(["audit", "head"]) == 1
    note()
    assert cli.main(["audit", "head"]) == 0
    printed = capsys.readouterr().out
    assert printed == f"{audit.head()}\n"
    letters = tmp_path / "letters.txt"
    letters.write_text(f"The newest head:\n {printed}")
    assert cli.main(["audit", "verify", "--heads", str(letters)]) == 0
    letters.write_text("nothing")
    assert cli.main(["audit", "verify", "--heads", str(letters)]) == 1
    assert cli.main(["audit", "verify", "--heads", str(tmp_path / "gone")]) == 1
    assert cli.main(["audit", "verify", "--head", "12:short"]) == 1


def test_people_are_not_named_in_the_trail() -> None:
    """Ids only: no name of anybody stands in any column of it."""
    make_network()
    names = {name for row in Person.objects.values_list("given_name", "family_name") for name in row if name}
    assert names
    for model in (AuditEntry, AuditSubject, RowChange, AuditBlock):
        for row in model.objects.values_list():
            assert not names & set(map(str, row))


# The database's own guards: taken away and put back


def again(*statements: str) -> None:
    """Somebody with all rights in the database."""
    with guard.permit("migrations"), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


BACK_AGAIN = {
    "sqlite": ["DROP TRIGGER inmind_people_person_update", None],
    "postgresql": [
        "ALTER TABLE people_person DISABLE TRIGGER inmind_people_person_all",
        "ALTER TABLE people_person ENABLE ALWAYS TRIGGER inmind_people_person_all",
    ],
}


def test_guards_that_were_taken_away_and_put_back_show() -> None:
    """One alone, put back exactly: every guard stands, and the trail knows. What is written in order changes nothing."""
    make_network()
    audit.note_guards(operator("migrate"))
    note(2)
    make_network("A third agency")
    audit.seal()
    assert faults() == ""
    before, made = triggers.mark(), triggers._on_sqlite(triggers.tracked())["inmind_people_person_update"]
    again(*(statement or made for statement in BACK_AGAIN[connection.vendor]))
    assert triggers.guards().stand
    assert triggers.mark() != before
    seq = AuditEntry.objects.get(verb=audit.GUARDS).seq
    assert f"were taken away and put back, or its structure was changed, since entry {seq}" in faults()
    audit.note_guards(operator("migrate"), changed_since=audit.guards_changed())
    audit.note_guards(operator("migrate"), changed_since=audit.guards_changed())
    assert faults() == ""
    assert AuditEntry.objects.filter(verb=audit.GUARDS).count() == 2, "each time that they were put in place is told"
    assert AuditEntry.objects.get(verb=audit.GUARDS_CHANGED).purpose == f"since entry {seq}", "it is not noted away"


def test_a_house_whose_guards_were_never_noted_is_not_accused() -> None:
    """Of an edition that did not note them."""
    make_network()
    again(*(one or "SELECT 1" for one in BACK_AGAIN[connection.vendor][1:]))
    assert faults() == ""


@pytest.mark.postgresql
def test_a_table_of_the_same_name_elsewhere_is_never_taken_for_ours() -> None:
    """In a schema of the user's own name or a temporary one, which PostgreSQL would look into first; by each connection,
    and by our guards whatever a session says."""
    make_network()
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone()[0].replace(" ", "") == "public,pg_temp"
        cursor.execute("SELECT quote_ident(current_user)")
        shadow = cursor.fetchone()[0]
    count, lines = Organization.objects.count(), RowChange.objects.count()
    again(f"CREATE SCHEMA IF NOT EXISTS {shadow}")
    for where in (f"{shadow}.people_organization", "pg_temp.people_organization"):
        again(f"CREATE TABLE {where} (LIKE public.people_organization)")
    again(f"CREATE TABLE {shadow}.access_rowchange (LIKE public.access_rowchange INCLUDING DEFAULTS)")
    assert count == Organization.objects.count() > 0
    with guard.acting(new_id().hex), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {shadow}, public")
        cursor.execute("UPDATE public.people_organization SET name = name")
        cursor.execute(f"SELECT count(*) FROM {shadow}.access_rowchange")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SET LOCAL search_path = public, pg_temp")
    assert RowChange.objects.count() == lines + count


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", "-c search_path=public,pg_temp"),
        ("-c statement_timeout=9s", "-c statement_timeout=9s -c search_path=public,pg_temp"),
        ("-c search_path=clinic,pg_temp", "-c search_path=clinic,pg_temp"),
    ],
    ids=["nothing said", "something else said", "a schema named"],
)
def test_each_connection_is_told_where_its_tables_are(said: str, kept: str) -> None:
    assert postgresql.pinned(said) == kept
