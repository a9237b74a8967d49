"""A backup opens whole or not at all, keeps every value exactly, and is restored on either database."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, models
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inmind import cli
from inmind.access import audit, envelope, guard, proof, tables
from inmind.access.archive import KINDS, Manifest, Reader, Table, Writer
from inmind.access.commands import backup, restore
from inmind.access.envelope import CHUNK, TAG, CannotOpen, Cost, Sealer
from inmind.foundation.errors import BadInput, NotNow
from inmind.records import actions as records
from tests.journeys.installation import House
from tests.make import make_network
from tests.upgrade import make
from tests.upgrade.places import copied, empty_house, restored

QUICK = Cost(log2_n=10)
WORDS = "four unrelated words here"


# The envelope


def sealed(plain: bytes, words: str = WORDS, pieces: int = 1) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, words, QUICK)
    step = -(-len(plain) // pieces) or 1
    for start in range(0, len(plain), step):
        sealer.write(plain[start : start + step])
    sealer.close()
    return file.getvalue()


def opened(data: bytes, words: str = WORDS) -> bytes:
    return b"".join(envelope.opened(io.BytesIO(data), words))


HEAD = len(sealed(b"")) - TAG


@pytest.mark.parametrize(
    "size",
    [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK - 1],
    ids=lambda size: f"{size} bytes",
)
def test_what_was_sealed_opens_whatever_its_length(size: int) -> None:
    """At the edges of chunks too, and however it was handed over."""
    plain = random.Random(size).randbytes(size)
    for pieces in (1, 7):
        assert opened(sealed(plain, pieces=pieces)) == plain


def test_a_file_cut_short_anywhere_does_not_open() -> None:
    """Also where a chunk ends, and where the rest would be a whole file of fewer chunks."""
    data = sealed(random.Random(1).randbytes(3 * CHUNK))
    ends = {HEAD + number * (CHUNK + TAG) + extra for number in range(4) for extra in (-1, 0, 1, TAG)}
    for end in sorted(end for end in ends | {0, 5, 20, len(data) - 1} if end < len(data)):
        with pytest.raises(CannotOpen):
            opened(data[:end])


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_an_altered_bit_anywhere_does_not_open(place: int, bit: int) -> None:
    """In the head, in the check, in a chunk or in its tag."""
    data = bytearray(ALTERED)
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        opened(bytes(data))


ALTERED = sealed(random.Random(2).randbytes(900))


def test_chunks_that_were_exchanged_left_out_or_put_twice_do_not_open() -> None:
    """Each chunk knows its number, and the last one that it is the last."""
    data = sealed(random.Random(3).randbytes(4 * CHUNK))
    head, chunks = data[:HEAD], [data[at : at + CHUNK + TAG] for at in range(HEAD, len(data), CHUNK + TAG)]
    assert len(chunks) == 4
    for order in ([1, 0, 2, 3], [0, 2, 3], [0, 1, 1, 2, 3], [0, 1, 2], [0, 1, 2, 3, 3], [3], []):
        with pytest.raises(CannotOpen):
            opened(head + b"".join(chunks[number] for number in order))


def test_a_chunk_of_another_file_does_not_open() -> None:
    """Of the same passphrase, at the same place: each file has keys of its own."""
    one, other = sealed(b"a" * 10), sealed(b"a" * 10)
    with pytest.raises(CannotOpen):
        opened(one[:HEAD] + other[HEAD:])


def test_each_fault_has_its_sentence() -> None:
    """Somebody who restores at night reads what is wrong and what to do."""
    data = sealed(b"words")
    for bad, words, sentence in (
        (data, "another passphrase", "This passphrase does not open the file."),
        (b"PK\x03\x04 a zip file", WORDS, "This file is not a backup of InMind."),
        (b"", WORDS, "This file is not a backup of InMind."),
        (data[:-1], WORDS, "The file was cut short or altered"),
        (data + b"x", WORDS, "The file was cut short or altered"),
        (data[: HEAD - 5], WORDS, "The file was cut short or altered"),
    ):
        with pytest.raises(CannotOpen) as refusal:
            opened(bad, words)
        assert str(refusal.value).startswith(sentence)


def test_a_head_that_would_take_all_memory_is_not_obeyed() -> None:
    """The cost of the passphrase is read from the file before anything of it can be trusted."""
    data = bytearray(sealed(b"words"))
    data[len(envelope.MAGIC)] = 40
    with pytest.raises(CannotOpen, match="not a backup"):
        opened(bytes(data))


def test_nothing_readable_stands_in_the_file() -> None:
    """And the same words twice are not the same file."""
    assert b"words" not in sealed(b"words")
    assert sealed(b"words") != sealed(b"words")


# The archive

MANIFEST = Manifest("0.1.0", "network", "SQLite", "2026-11-21T00:00:00+00:00", [("people", "0001_x")], {"t": 0}, None)


def archived(*tables: Table, manifest: Manifest = MANIFEST, files: dict[str, list[bytes]] | None = None) -> io.BytesIO:
    file = io.BytesIO()
    writer = Writer(file, WORDS, manifest, QUICK)
    for name, pieces in (files or {}).items():
        writer.file(name, pieces)
    for table in tables:
        writer.table(table)
    writer.close()
    return io.BytesIO(file.getvalue())


legal_text = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=40)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | legal_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(legal_text, inner, max_size=3),
    max_leaves=6,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "text": legal_text,
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "decimal": st.decimals(-99_999_999, 99_999_999, places=4),
    "uuid": st.uuids(),
    "date": st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    "time": st.times(),
    "moment": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "duration": st.timedeltas(timedelta(days=-4000), timedelta(days=4000)),
    "bytes": st.binary(max_size=60),
    "json": json_values,
}
rows_of_every_kind = st.lists(
    st.tuples(*(st.none() | values for kind, values in VALUES.items() if kind != "json")), max_size=5
)


@given(rows=rows_of_every_kind)
def test_every_kind_of_value_is_written_and_read_exactly(rows: list[tuple[Any, ...]]) -> None:
    """Text with hostile but legal characters, bytes, microseconds, numbers with all their digits."""
    columns = {f"a {kind}": kind for kind in VALUES if kind != "json"}
    reader = Reader(archived(Table("t", columns, iter(rows))), WORDS)
    assert list(reader.files()) == []
    [table] = [Table(found.name, found.columns, list(found.rows)) for found in reader.tables()]
    assert table == Table("t", columns, rows)


def test_the_values_above_are_of_all_kinds() -> None:
    assert set(VALUES) == set(KINDS)


def test_files_come_back_in_their_pieces() -> None:
    """Each under its name, also an empty one."""
    files = {"keys/audit.key": [b"ab", b"cd\x00\xff"], "keys/heads.log": [b""]}
    reader = Reader(archived(files=files), WORDS)
    assert {name: b"".join(pieces) for name, pieces in reader.files()} == {
        "keys/audit.key": b"abcd\x00\xff",
        "keys/heads.log": b"",
    }
    assert list(reader.tables()) == []


def test_an_archive_that_was_not_finished_is_refused() -> None:
    """The passphrase's owner wrote it, and was stopped before its end."""
    file = io.BytesIO()
    writer = Writer(file, WORDS, MANIFEST, QUICK)
    writer.table(Table("t", {"a": "integer"}, iter([(1,), (2,)])))
    writer._sealer.write(writer._packer.flush())
    writer._sealer.close()
    reader = Reader(io.BytesIO(file.getvalue()), WORDS)
    with pytest.raises(CannotOpen, match="was not finished"):
        list(reader.tables())


def test_an_archive_of_a_way_of_writing_not_known_is_refused() -> None:
    with pytest.raises(CannotOpen, match="A newer edition"):
        Reader(archived(manifest=replace(MANIFEST, format=2)), WORDS)


def test_a_table_is_never_in_memory() -> None:
    """A hundred thousand rows take no more than a few."""
    file = io.BytesIO()
    rows = ((number, "x" * 50) for number in range(100_000))
    tracemalloc.start()
    try:
        writer = Writer(file, WORDS, MANIFEST, QUICK)
        assert writer.table(Table("t", {"a": "integer", "b": "text"}, rows)) == 100_000
        writer.close()
        written = len(file.getvalue())
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        file.seek(0)
        reader = Reader(file, WORDS)
        for table in reader.tables():
            assert sum(1 for _ in table.rows) == 100_000
        assert tracemalloc.get_traced_memory()[1] - before < 4_000_000
        assert written < 2_000_000
    finally:
        tracemalloc.stop()


# Out of a database and into it


def _thing() -> type[models.Model]:
    """A table with a column of every kind, known to no registry but its own."""

    class Thing(models.Model):
        integer = models.BigIntegerField(null=True)
        boolean = models.BooleanField(null=True)
        text = models.TextField(null=True)
        float = models.FloatField(null=True)
        decimal = models.DecimalField(null=True, max_digits=12, decimal_places=4)
        uuid = models.UUIDField(null=True)
        date = models.DateField(null=True)
        time = models.TimeField(null=True)
        moment = models.DateTimeField(null=True)
        duration = models.DurationField(null=True)
        bytes = models.BinaryField(null=True)
        json = models.JSONField(null=True)

        class Meta:
            app_label = "access"
            apps = Apps()

    return Thing


@pytest.fixture
def thing(transactional_db: None) -> Iterator[type[models.Model]]:
    model = _thing()
    with guard.permit("migrations"):
        with connection.schema_editor() as editor:
            editor.create_model(model)
        yield model
        with connection.schema_editor() as editor:
            editor.delete_model(model)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=st.lists(st.fixed_dictionaries({kind: st.none() | values for kind, values in VALUES.items()}), max_size=4))
def test_every_kind_of_value_leaves_a_database_and_comes_back_exactly(
    thing: type[models.Model], rows: list[dict[str, Any]]
) -> None:
    """And stands in the archive in one way, whichever database it came from."""
    thing._base_manager.all().delete()
    thing._base_manager.bulk_create([thing(pk=number, **row) for number, row in enumerate(rows, 1)])
    before = list(thing._base_manager.order_by("pk").values_list())
    table = tables.table_of(thing)
    reader = Reader(archived(Table(table.name, table.columns, table.rows)), WORDS)
    thing._base_manager.all().delete()
    exact = [kind for kind in VALUES if kind != "json"]  # PostgreSQL keeps a JSON value, not its spelling
    for found in reader.tables():
        kept = list(found.rows)
        assert [row[1:-1] for row in kept] == [tuple(row[kind] for kind in exact) for row in rows]
        tables.load(Table(found.name, found.columns, kept))
    assert list(thing._base_manager.order_by("pk").values_list()) == before


@pytest.mark.django_db(transaction=True)
def test_json_null_and_nothing_stay_apart(thing: type[models.Model]) -> None:
    """A column that is empty and one that says null."""
    thing._base_manager.bulk_create([thing(pk=1, json=None), thing(pk=2, json=models.Value(None, models.JSONField()))])
    kept = list(tables.table_of(thing).rows)
    assert [row[-1] for row in kept] == [None, "null"]
    thing._base_manager.all().delete()
    tables.load(replace(tables.table_of(thing), rows=kept))
    assert list(thing._base_manager.filter(json__isnull=True).values_list("pk", flat=True)) == [1]


@pytest.mark.django_db
def test_every_column_of_the_house_has_a_kind_and_every_table_is_kept() -> None:
    """Also those of libraries; what is left out says why."""
    layout = tables.Layout()
    for model in layout.models:
        assert set(tables.table_of(model).columns.values()) <= set(KINDS)
    kept = {model._meta.db_table for model in layout.models}
    there = set(connection.introspection.table_names())
    assert there - kept == {"django_migrations", "inmind_cache", *tables.LEFT_OUT}


@pytest.fixture
def settings_file() -> Iterator[Path]:
    """The scratch installation of the tests has keys only; a backup holds its settings, too."""
    file = settings.INSTALLATION.home / "installation.toml"
    file.write_text('profile = "network"\n')
    yield file
    file.unlink()


@pytest.mark.django_db(transaction=True)
def test_a_backup_while_writing_goes_on_is_of_one_moment(settings_file: Path) -> None:
    """What it counts, what it holds and how far its trail goes agree, whoever writes meanwhile."""
    network = make_network()
    stop = threading.Event()
    problems: list[BaseException] = []

    def write(name: int) -> None:
        try:
            for number in range(10_000):
                if stop.is_set():
                    return
                records.add_organization(network.admin.actor, name=f"{name}.{number}", zone="America/Chicago")
                if number % 7 == 0:
                    audit.seal()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in range(2)]
    for writer in writers:
        writer.start()
    grown = []
    try:
        for _ in range(3):
            file = io.BytesIO()
            said = backup.write_archive(file, WORDS)
            held = _held(file.getvalue())
            assert {name: len(rows) for name, rows in held.items()} == said.tables
            assert _numbers_agree(held)
            grown.append(said.tables["people_organization"])
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert problems == []
    assert grown == sorted(set(grown)), "nobody wrote while the backups were made"
    assert proof.verify() == []


def _held(data: bytes) -> dict[str, list[dict[str, Any]]]:
    reader = Reader(io.BytesIO(data), WORDS)
    for _, pieces in reader.files():
        list(pieces)
    return {table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in reader.tables()}


def _numbers_agree(held: dict[str, list[dict[str, Any]]]) -> bool:
    """Each agency has its action's entry, and each entry as many row changes as it speaks of."""
    entries = {row["id"].hex: row["changes"] for row in held["access_auditentry"]}
    changed = dict.fromkeys(entries, 0)
    for row in held["access_rowchange"]:
        changed[row["act"]] += 1
    agencies = {
        row["row_id"].replace("-", "") for row in held["access_rowchange"] if row["table_name"] == "people_organization"
    }
    newest = max(held["access_auditblock"], key=lambda row: row["number"], default=None)
    return (
        entries == changed
        and agencies == {row["id"].hex for row in held["people_organization"]}
        and (newest is None or newest["last_seq"] <= max(row["seq"] for row in held["access_auditentry"]))
    )


# The commands, in installations of their own


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation on the engine that is tested, with its first days behind it. Nobody changes it."""
    folder = tmp_path_factory.mktemp("begun")
    with empty_house(folder / "house") as house:
        yield make.begun(house)


@pytest.fixture(scope="module")
def kept(begun: House) -> Path:
    archive = begun.home.with_name("kept.inmind")
    make.back_up(begun, archive)
    return archive


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_backup_is_restored_on_the_other_database(begun: House, kept: Path, tmp_path: Path) -> None:
    """Every row of every table as it was; the trail whole; only the restore itself is added, and how its guards stand."""
    onto = "sqlite" if begun.database_url else "postgresql"
    if onto == "postgresql" and not _postgres_is_here():
        pytest.skip("PostgreSQL was not found; with it, this backup is restored there")
    with empty_house(tmp_path / "place", onto) as place:
        said = restored(kept, place, make.passphrase_file(begun))
        assert "Its trail is whole." in said
        assert make.run_in(place, "story") == make.run_in(begun, "story")
        again = tmp_path / "again.inmind"
        make.back_up(place, again)
        before, after = _rows(kept), _rows(again)
        added = {name: len(rows) - len(before[name]) for name, rows in after.items() if rows != before[name]}
        assert added == {"access_auditentry": 2, "access_auditblock": 1}
        for name in ("access_auditentry", "access_auditblock"):
            assert after[name][: len(before[name])] == before[name]
        assert (place.home / "keys").stat().st_mode & 0o777 == 0o700
        for file in (place.home / "keys").iterdir():
            assert file.stat().st_mode & 0o777 == 0o600
            if file.suffix == ".key":
                assert file.read_bytes() == (begun.home / "keys" / file.name).read_bytes()


def _postgres_is_here() -> bool:
    from tests import engines

    try:
        return bool(engines.postgres_url())
    except engines.MissingEngine:
        return False


def _rows(archive: Path) -> dict[str, list[tuple[Any, ...]]]:
    with archive.open("rb") as file:
        reader = Reader(file, make.PASSPHRASE)
        for _, pieces in reader.files():
            list(pieces)
        return {table.name: [_plain(table, row) for row in table.rows] for table in reader.tables()}


def _plain(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row with its JSON read: databases keep the value, not its spelling."""
    import json

    return tuple(
        json.dumps(json.loads(value), sort_keys=True) if kind == "json" and value is not None else value
        for kind, value in zip(table.columns.values(), row, strict=True)
    )


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_restored_house_works_on(begun: House, kept: Path, tmp_path: Path) -> None:
    """Numbers follow the highest one, triggers stand, and what is done next is in the same trail."""
    with empty_house(tmp_path / "place") as place:
        restored(kept, place, make.passphrase_file(begun))
        make.run_in(place, "go_on")
        assert place.command("audit", "verify").returncode == 0
        assert len(make.run_in(place, "story")["proud"]) == 2


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_who_was_erased_after_a_backup_is_erased_again_when_it_is_restored(begun: House, tmp_path: Path) -> None:
    """Without the list she comes back, and the command says so; with it beside the backup she is gone before anybody reads."""
    with copied(begun, tmp_path / "house") as house:
        older, name = tmp_path / "backups" / "older", make.ADULT.partition(" ")[2]
        older.parent.mkdir()
        make.back_up(house, older)
        erased = make.run_in(house, "erase_the_mother")
        words = make.passphrase_file(house)
        with empty_house(tmp_path / "without") as place:
            said = restored(older, place, words)
            assert "No list of those who were erased lies beside this backup." in said
            assert name in make.run_in(place, "readable")["names"]
        make.back_up(house, older.with_name("newer"))
        assert older.with_name("newer.erased").exists()
        another = older.with_name("another.erased")  # another installation's backups may lie in the same folder
        another.write_text(f"{erased} 2026-11-21T10:00:00+00:00 {'0' * 64}\n")
        with empty_house(tmp_path / "with") as place:
            said = restored(older, place, words)
            assert "People who were erased after that moment, and are erased again: 1." in said
            assert "Its trail is whole." in said
            held = make.run_in(place, "readable")
            assert name not in held["names"]
            assert held["erased"] == [erased]
            assert erased not in held["keys"]
            assert place.command("audit", "verify").returncode == 0


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_backup_of_an_association_holds_no_family_table(tmp_path: Path) -> None:
    """`protect.md` 16. A room that is off has no tables, and no backup either."""
    house = make.begun(House(tmp_path / "house"), profile="association")
    make.back_up(house, tmp_path / "a.inmind")
    kept = set(_rows(tmp_path / "a.inmind"))
    assert "people_person" in kept
    assert not [name for name in kept if name.startswith(("families_", "screening_"))]
    restored(tmp_path / "a.inmind", House(tmp_path / "place"), make.passphrase_file(house))
    assert 'profile = "association"' in (tmp_path / "place" / "installation.toml").read_text()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_an_older_backup_is_restored_as_it_was_and_then_migrated(begun: House, kept: Path, tmp_path: Path) -> None:
    """Here one that lacks a library's last migration, which changes a table that rows have come into already."""
    older = tmp_path / "older.inmind"
    with kept.open("rb") as file:
        migrations = Reader(file, make.PASSPHRASE).manifest.migrations
    last = ("mfa", "0003_authenticator_type_uniq")
    assert last in migrations
    _rewritten(kept, older, migrations=[name for name in migrations if name != last])
    with empty_house(tmp_path / "place") as place:
        assert "Its trail is whole." in restored(older, place, make.passphrase_file(begun))
        make.back_up(place, tmp_path / "newer.inmind")
    with (tmp_path / "newer.inmind").open("rb") as file:
        assert last in Reader(file, make.PASSPHRASE).manifest.migrations


@contextmanager
def nothing_left(place: House) -> Iterator[None]:
    """The folder's surroundings and the database are afterwards as they were before."""
    there = sorted(place.home.parent.iterdir())
    yield
    assert sorted(place.home.parent.iterdir()) == there
    if place.database_url:
        with psycopg.connect(place.database_url) as database:
            assert database.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).fetchone() == (0,)


def refused(place: House, archive: Path, passphrase: Path) -> str:
    words = ["restore", str(archive), "--into", str(place.home), "--passphrase-file", str(passphrase)]
    done = place.command(*words, *(["--database-url", place.database_url] if place.database_url else []))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_what_cannot_be_restored_leaves_nothing_behind(kept: Path, tmp_path: Path) -> None:
    """A wrong passphrase, a file cut short in its last part, one altered in its middle, one of a newer edition."""
    right = make.passphrase_file(House(tmp_path / "house"))
    data = kept.read_bytes()
    short, altered, newer, odd = (tmp_path / name for name in ("short", "altered", "newer", "odd"))
    short.write_bytes(data[:-20])
    altered.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    _rewritten(kept, newer, migrations=[("people", "0099_later")])
    _rewritten(kept, odd, tables={"people_person": 1})
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another passphrase\n")
    with empty_house(tmp_path / "place") as place:
        for archive, passphrase, sentence in (
            (kept, wrong, "This passphrase does not open the file."),
            (short, right, "The file was cut short or altered"),
            (altered, right, "The file was cut short or altered"),
            (newer, right, "which knows tables that this one does not (people.0099_later)"),
            (odd, right, "The table people_person holds"),
            (tmp_path / "gone", right, "The backup cannot be read: No such file or directory."),
            (wrong, right, "This file is not a backup of InMind."),
        ):
            with nothing_left(place):
                assert sentence in refused(place, archive, passphrase)


def _line(value: Any) -> bytes:
    return json.dumps(value).encode()


def _file(name: str) -> bytes:
    return _line({"file": name, "base64": "eA=="})


INSERTED = 'people_person" ("id") FROM STDIN; COMMIT; CREATE TABLE taken(a int); --'
PLACE, NOT_OURS = "a file that has no place here", "What this backup holds is not what InMind writes into one."
CRAFTED: dict[str, tuple[str, bytes, str]] = {
    # what is put before which line, and what is said of it
    "a file above": ("table", _file("keys/.."), PLACE),
    "a file elsewhere": ("table", _file("/etc/evil"), PLACE),
    "a file in a folder": ("table", _file("keys/x/../y"), PLACE),
    "a file with a zero in its name": ("table", _file("keys/a\0b"), PLACE),
    "a long name": ("table", _file("keys/" + "a" * 300), PLACE),
    "a file twice": ("table", _file("installation.toml"), PLACE),
    "a file without a name": ("table", _line({"file": 7, "base64": ""}), NOT_OURS),
    "a file that is no base64": ("table", _line({"file": "keys/x.key", "base64": "%"}), NOT_OURS),
    "a statement for a table": ("end", _line({"table": INSERTED, "columns": {"id": "uuid"}}), "a table that has no place here"),
    "a table of the database's own": ("end", _line({"table": "sqlite_master", "columns": {"name": "text"}}), "a table that has no place here"),
    "another column": ("end", _line({"table": "people_person", "columns": {'id" FROM STDIN; --': "uuid"}}), "a table that has no place here"),
    "a table twice": ("end", b"", "a table that has no place here"),
    "a kind that is none": ("end", _line({"table": "people_person", "columns": {"id": "evil"}}), NOT_OURS),
    "a table without columns": ("end", _line({"table": "people_person"}), NOT_OURS),
    "no JSON": ("table", b"{nope", NOT_OURS),
    "no text": ("table", b'["\xff"]', NOT_OURS),
    "too deep": ("table", b"[" * 100_000, NOT_OURS),
    "a number alone": ("table", b"7", NOT_OURS),
    "a value of another kind": ("end", b'[{"not": "a sequence"}]', NOT_OURS),
}  # fmt: skip


def test_a_backup_that_is_stopped_as_it_opens_its_file_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever thread hears it: on PostgreSQL those of the pool are there, and this one may be told by another."""
    really, over = backup._opened, threading.Event()

    def told(part: Path) -> int:
        handle = really(part)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)
        return handle

    monkeypatch.setattr(backup, "_opened", told)
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        with pytest.raises(cli.Stopped), cli._stoppable(), backup._beside(tmp_path / "backup"):
            raise AssertionError("it goes on as if nobody had stopped it")
    finally:
        over.set()
        other.join()
    assert list(tmp_path.iterdir()) == []


def _crafted(lines: list[bytes]) -> dict[str, tuple[list[bytes], str]]:
    """Case -> the lines of an archive with that in it, and what is said of it."""
    last = max(number for number, line in enumerate(lines) if line.startswith(b'{"table"'))
    made = {}
    for name, (before, line, sentence) in CRAFTED.items():
        at = next(number for number, one in enumerate(lines) if one.startswith(f'{{"{before}"'.encode()))
        made[name] = ([*lines[:at], line or lines[last], *lines[at:]], sentence)
    manifest = json.loads(lines[0])
    for name, changed in {
        "one more word": {**manifest, "x": 1},
        "one word less": {part: said for part, said in manifest.items() if part != "migrations"},
        "migrations of another kind": {**manifest, "migrations": "all"},
        "counts of another kind": {**manifest, "tables": {"people_person": "many"}},
    }.items():
        made[name] = ([_line(changed), *lines[1:]], NOT_OURS)
    return made


def _refused_reading(held: list[bytes], target: Path, layout: tables.Layout | None) -> str:
    """What is said of an archive by all that reads it, as a restore does, but for writing its rows."""
    file = io.BytesIO()
    _sealed(held, file)
    file.seek(0)
    with pytest.raises(CannotOpen) as refusal, restore._beside(target) as place:
        archive = Reader(file, make.PASSPHRASE)
        restore._put_files(archive, place.folder)
        assert layout, "it went on to the database"
        for table in layout.taken(archive.tables()):
            list(table.rows)
    assert not list(target.parent.iterdir())
    return refusal.value.in_english()


def test_what_is_crafted_into_a_backup_is_refused_before_the_database_is_reached(tmp_path: Path) -> None:
    """Whoever knows the passphrase can write what she likes into one: it is read as data, and nothing of it is run."""
    files = {"installation.toml": [b"profile"], "keys/audit.key": [b"key"]}
    table = Table("people_person", {"id": "uuid"}, iter([]))
    lines = _lines_in(opened(archived(table, files=files).getvalue()))
    for name, (held, sentence) in _crafted(lines).items():
        if CRAFTED.get(name, ("manifest",))[0] != "end":
            assert sentence in _refused_reading(held, tmp_path / "place", None), name


@pytest.mark.django_db
def test_what_is_crafted_into_the_tables_of_a_backup_is_refused_before_a_row_is_written(tmp_path: Path) -> None:
    layout = tables.Layout()
    columns = {table.name: table.columns for table in layout.tables()}
    people = (Table(name, columns[name], iter([])) for name in ("people_organization", "people_person"))
    for name, (held, sentence) in _crafted(_lines_in(opened(archived(*people).getvalue()))).items():
        if CRAFTED.get(name, ("manifest",))[0] == "end":
            assert sentence in _refused_reading(held, tmp_path / "place", layout), name


# One that each part of a restore refuses: its head, its files, its lines, its tables by name and by column, a row.
BY_COMMAND = {
    "before": ("one more word", "a file above", "too deep"),
    "end": ("a statement for a table", "another column", "a value of another kind"),
}


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_crafted_backup_is_refused_with_a_sentence(kept: Path, tmp_path: Path) -> None:
    """By the command, in one line, and nothing of it is left. What the database does not see is tried on one engine."""
    right = make.passphrase_file(House(tmp_path / "house"))
    crafted = _crafted(_lines_in(opened(kept.read_bytes(), make.PASSPHRASE)))
    with empty_house(tmp_path / "place") as place:
        for name in (*(() if place.database_url else BY_COMMAND["before"]), *BY_COMMAND["end"]):
            held, sentence = crafted[name]
            archive = tmp_path / "crafted"
            with archive.open("wb") as file:
                _sealed(held, file)
            with nothing_left(place):
                said = refused(place, archive, right)
                assert sentence in said, name
                assert "Traceback" not in said, name


def _lines_in(packed: bytes) -> list[bytes]:
    return zlib.decompress(packed).split(b"\n")[:-1]


def _sealed(lines: list[bytes], file: IO[bytes]) -> None:
    sealer = Sealer(file, make.PASSPHRASE, QUICK)
    sealer.write(zlib.compress(b"\n".join(lines) + b"\n", 1))
    sealer.close()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_link_is_no_place_to_restore_into(begun: House, kept: Path, tmp_path: Path) -> None:
    """Neither to a folder nor to nowhere: found before anything is read, so that no database is filled without its keys."""
    passphrase = make.passphrase_file(begun)
    (tmp_path / "real").mkdir()
    with empty_house(tmp_path / "place") as place:
        for name, leads_to in (("link", "real"), ("dangling", "nowhere")):
            link = tmp_path / name
            link.symlink_to(tmp_path / leads_to)
            assert "is a link, not a folder." in refused(House(link, place.database_url), kept, passphrase)
            assert link.is_symlink()
        assert list((tmp_path / "real").iterdir()) == []
        assert not (tmp_path / "nowhere").exists()
        with nothing_left(place):
            pass


@pytest.mark.parametrize("was_there", [True, False], ids=["an empty folder", "a new one"])
def test_a_folder_gives_its_name_back_when_the_database_did_not_keep_what_was_restored(
    tmp_path: Path, was_there: bool
) -> None:
    target = tmp_path / "house"
    if was_there:
        target.mkdir()
    with pytest.raises(RuntimeError), restore._beside(target) as place:
        (place.folder / "keys").mkdir()
        place.take_its_name()
        assert (target / "keys").is_dir()
        raise RuntimeError("the end of the transaction failed")
    assert [one.name for one in tmp_path.iterdir()] == (["house"] if was_there else [])
    assert not was_there or list(target.iterdir()) == []


def test_a_folder_that_cannot_take_its_name_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "house"
    with pytest.raises(NotNow, match="cannot be named"), restore._beside(target) as place:
        target.mkdir()
        (target / "somebody").write_text("was quicker")
        place.take_its_name()
    assert [one.name for one in tmp_path.iterdir()] == ["house"]
    assert [one.name for one in target.iterdir()] == ["somebody"]


def test_a_backup_is_written_into_no_file_that_leads_elsewhere(tmp_path: Path) -> None:
    """Into a folder that others may write in, too: no link, no file of two names, no pipe, no folder."""
    target, hers = tmp_path / "b", tmp_path / "hers"
    part = tmp_path / "b.part"
    hers.write_text("mine")

    def says(sentence: str) -> None:
        with pytest.raises(BadInput) as refusal, backup._beside(target) as file:
            file.write(b"everything")
        assert sentence in refusal.value.in_english()
        assert hers.read_text() == "mine"
        assert not target.exists() or target.is_dir()

    part.symlink_to(hers)
    says("a link stands in the way")
    part.unlink()
    os.link(hers, part)
    says("no backup of yours left it")
    part.unlink()
    os.mkfifo(part)
    says("The backup cannot be written")
    part.unlink()
    target.mkdir()
    says("is a folder.")
    target.rmdir()
    part.write_text("left by one that was killed")
    part.chmod(0o644)
    with backup._beside(target) as file:
        file.write(b"everything")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"everything", 0o600)


def _rewritten(kept: Path, target: Path, **changes: Any) -> None:
    """The same archive under another manifest."""
    with kept.open("rb") as file, target.open("wb") as other:
        reader = Reader(file, make.PASSPHRASE)
        writer = Writer(other, make.PASSPHRASE, replace(reader.manifest, **changes), QUICK)
        for name, pieces in reader.files():
            writer.file(name, pieces)
        for table in reader.tables():
            writer.table(table)
        writer.close()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_place_that_is_not_empty_is_refused(begun: House, kept: Path, tmp_path: Path) -> None:
    """Neither a folder with anything in it nor a database with tables is written into."""
    passphrase = make.passphrase_file(begun)
    full = tmp_path / "full"
    full.mkdir()
    (full / "note.txt").write_text("mine")
    assert "is not empty" in refused(House(full), kept, passphrase)
    assert [file.name for file in full.iterdir()] == ["note.txt"]
    (tmp_path / "empty").mkdir()
    if begun.database_url:
        assert "The database is not empty." in refused(House(tmp_path / "empty", begun.database_url), kept, passphrase)
        assert begun.command("audit", "verify").returncode == 0
        assert list((tmp_path / "empty").iterdir()) == []
    else:
        restored(kept, House(tmp_path / "empty"), passphrase)
        assert (tmp_path / "empty" / "inmind.sqlite3").exists()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("passphrase", ["", "short"], ids=["none", "a short one"])
def test_a_backup_without_a_good_passphrase_is_refused(begun: House, tmp_path: Path, passphrase: str) -> None:
    file = tmp_path / "words"
    file.write_text(passphrase)
    done = begun.command("backup", str(tmp_path / "b"), *(["--passphrase-file", str(file)] if passphrase else []))
    assert done.returncode == 1
    assert "There is no passphrase." in done.stderr or "The passphrase is too short." in done.stderr
    assert not (tmp_path / "b").exists()


# Killed


@pytest.mark.kill
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_backup_that_is_killed_leaves_the_older_one_whole(begun: House, tmp_path: Path) -> None:
    """At moments all along its writing; the next backup clears away what was begun and replaces it."""
    target = tmp_path / "backup.inmind"
    make.back_up(begun, target)
    older, chance, midway = target.read_bytes(), random.Random(7), 0
    for _ in range(8):
        writing = _begin(begun, target)
        part = target.with_name("backup.inmind.part")
        until = time.monotonic() + 30
        while not part.exists() and writing.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.4)
        midway += writing.poll() is None
        writing.send_signal(signal.SIGKILL)
        writing.wait()
        if target.read_bytes() != older:  # it was quicker than the kill
            assert not part.exists()
            assert _rows(target)
            older = target.read_bytes()
        part.touch()
    assert midway >= 3
    make.back_up(begun, target)
    assert target.read_bytes() != older
    assert sorted(file.name for file in tmp_path.iterdir()) == ["backup.inmind"]
    assert _rows(target).keys() == _rows(target).keys()


def _begin(house: House, target: Path) -> subprocess.Popen[bytes]:
    words = ["backup", str(target), "--passphrase-file", str(make.passphrase_file(house))]
    return subprocess.Popen(
        [sys.executable, "-m", "inmind.cli", *words],
        env=house.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.kill
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_restore_that_is_killed_leaves_no_installation(begun: House, kept: Path, tmp_path: Path) -> None:
    """The place stays empty, and the next try says what to remove."""
    with empty_house(tmp_path / "place") as place:
        words = ["restore", str(kept), "--into", str(place.home), "--passphrase-file", str(make.passphrase_file(begun))]
        words += ["--database-url", place.database_url] if place.database_url else []
        restoring = subprocess.Popen(
            [sys.executable, "-m", "inmind.cli", *words], env=place.environment(), stdout=subprocess.DEVNULL
        )
        begun_beside = tmp_path / ".place.restoring"
        until = time.monotonic() + 30
        while not begun_beside.exists() and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(0.5)
        restoring.kill()
        restoring.wait()
        assert not place.home.exists()
        assert f"remove {begun_beside}" in refused(place, kept, make.passphrase_file(begun))
        import shutil

        shutil.rmtree(begun_beside)
        time.sleep(0.5)  # PostgreSQL notices that its client is gone
        assert "Its trail is whole." in restored(kept, place, make.passphrase_file(begun))
