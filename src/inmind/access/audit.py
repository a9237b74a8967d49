"""The trail: one entry an action, read or refusal, written before the answer leaves; sealed in chained blocks.

An entry's code covers its number, all it says, its subjects and the row changes made in its name, so that none of them
can be altered, exchanged or copied without the key, which is kept outside the database. Writers share a lock and the
sealer takes it alone, so a block never misses an entry that was being written. On SQLite the one writer at a time is
that lock. `proof.py` reads it all again and says what is wrong.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction

from inmind import sqlite
from inmind.access import guard, triggers
from inmind.access.actors import Actor
from inmind.access.models import AuditBlock, AuditEntry, AuditSubject, RowChange
from inmind.access.triggers import LOCK
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.foundation.models import insert
from inmind.foundation.values import Verdict

Subject = tuple[str, UUID]  # ("person" | "dyad" | "episode", its id)
Change = tuple[str, str, str]  # a row's table, its id as text, "I", "U" or "D"


def code_of(data: object) -> str:
    """The authenticating code of what is said: only this installation's audit key makes it."""
    said = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(settings.INSTALLATION.key("audit"), said, "sha256").hexdigest()


def said_by(entry: AuditEntry, subjects: Iterable[Subject], changes: str) -> dict[str, Any]:
    """What an entry's code covers: everything. `changes` is the digest of the row changes made in its name."""
    return {
        "seq": entry.seq,
        "id": str(entry.id),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "person": str(entry.person or ""),
        "role": entry.role,
        "organization": str(entry.organization or ""),
        "verb": entry.verb,
        "outcome": entry.outcome,
        "about": [entry.about_kind, entry.about],
        "purpose": entry.purpose,
        "parts": entry.parts,
        "changes": [entry.changes, changes],
        "subjects": sorted([kind, str(ref)] for kind, ref in subjects),
    }


def digest_of(changes: Iterable[Change]) -> tuple[int, str]:
    """How many row changes, and their digest in the order in which they were made; no digest for none."""
    total, count = hashlib.sha256(), 0
    for change in changes:
        total.update(("|".join(change) + "\n").encode())
        count += 1
    return count, total.hexdigest() if count else ""


def subjects_of(thing: Any) -> set[Subject]:
    """The subjects that a record names for itself by `audit_subjects()`; none for a record about no family."""
    named = getattr(thing, "audit_subjects", None)
    return set(named()) if named else set()


def write(
    actor: Actor,
    verb: str,
    outcome: str,
    *,
    verdict: Verdict | None = None,
    about: Any = None,
    subjects: Iterable[Subject] = (),
    entry_id: UUID | None = None,
    at: datetime | None = None,
    parts: Iterable[str] = (),
) -> AuditEntry:
    """Write one entry with its subject rows, in the transaction that is open or in one of its own.

    An action writes its entry after its last change: the code covers the changes that stand by then.
    """
    entry = AuditEntry(
        id=entry_id or new_id(),
        at=at or clock.now(),
        actor=actor.key,
        person=actor.person,
        role=verdict.role if verdict else "",
        organization=UUID(verdict.organization) if verdict and verdict.organization else None,
        verb=verb,
        outcome=outcome,
        about_kind=about._meta.label if about is not None else "",
        about=str(about.pk) if about is not None else "",
        purpose=verdict.purpose if verdict is not None else "",
        parts=",".join(dict.fromkeys(parts))[:400],
    )
    concerned = set(subjects) | subjects_of(about)
    with guard.permit("audit"), turn(), transaction.atomic(savepoint=False):
        entry.seq, changes = _number_and_changes(entry.id)
        entry.changes, digest = digest_of(changes)
        _store(entry, concerned, digest)
    return entry


def turn() -> AbstractContextManager[Any]:
    """On SQLite, whoever is about to write waits here for the one writer's place; within a transaction it is had."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return nullcontext()
    return sqlite.turn(str(connection.settings_dict["NAME"]))


@contextmanager
def together() -> Iterator[None]:
    """Several entries in one transaction."""
    with turn(), transaction.atomic():
        yield


def _store(entry: AuditEntry, concerned: Iterable[Subject], digest: str) -> None:
    entry.code = code_of(said_by(entry, concerned, digest))
    insert([entry])
    if concerned:
        insert([AuditSubject(entry=entry, kind=kind, ref=ref) for kind, ref in sorted(concerned, key=str)])


# The number is known before the entry is written, so that its code can cover it, and what was changed under the entry
# is asked along with it. The lock comes first: no number is given while a block is being sealed.
_NUMBER_AND_CHANGES = {
    "postgresql": f"WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({LOCK})) "
    "SELECT nextval(pg_get_serial_sequence('access_auditentry', 'seq')), (SELECT "
    "json_agg(json_build_array(table_name, row_id, operation) ORDER BY id) FROM access_rowchange WHERE act = %s)::text "
    "FROM held",
    "sqlite": "SELECT 1 + max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'access_auditentry'), 0), "
    "coalesce((SELECT max(seq) FROM access_auditentry), 0)), (SELECT "
    "json_group_array(json_array(table_name, row_id, operation)) FROM "
    "(SELECT table_name, row_id, operation FROM access_rowchange WHERE act = %s ORDER BY id))",
}


def _number_and_changes(entry: UUID) -> tuple[int, list[Change]]:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER_AND_CHANGES[connection.vendor], [entry.hex])
        number, changes = cursor.fetchone()
    return number, json.loads(changes or "[]")


def read(actor: Actor, verb: str, verdict: Verdict, about: Any = None, subjects: Iterable[Subject] = ()) -> None:
    """Reading an identified family record is audited as changing it is."""
    write(actor, verb, AuditEntry.Outcome.READ, verdict=verdict, about=about, subjects=subjects)


def refused(actor: Actor, verb: str, verdict: Verdict, about: Any = None) -> None:
    """A refusal is recorded though nothing changed."""
    write(actor, verb, AuditEntry.Outcome.REFUSED, verdict=verdict, about=about)


# Migrations change rows in a name of their own; an entry written after them says how many by then, and up to which.

MIGRATED = "access.migrate"


def own_migrations(actor: Actor) -> None:
    """Write the entry that owns the rows changed by migrations, where there are new ones."""
    changed = RowChange.objects.filter(act="migrations")
    last = changed.order_by("-id").values_list("id", flat=True).first()
    if last is None or last <= owned_by_migrations()[1]:
        return
    entry = AuditEntry(
        id=new_id(),
        at=clock.now(),
        actor=actor.key,
        verb=MIGRATED,
        outcome=AuditEntry.Outcome.DONE,
        about_kind=RowChange._meta.label,
        about=str(last),
        changes=changed.filter(id__lte=last).count(),
    )
    with guard.permit("audit"), transaction.atomic():
        entry.seq, _ = _number_and_changes(entry.id)
        _store(entry, (), "")


GUARDS = "access.guards"


GUARDS_CHANGED = "access.guards_changed"


def note_guards(actor: Actor, *, changed_since: int = 0) -> None:
    """Write down how the database's own guards stand now that they were put in place (`triggers.mark`): from here on the
    trail shows when somebody takes them away and puts them back.

    changed_since: the entry that they no longer agreed with before they were put in place; that stays in the trail, too.
    """
    if changed_since:
        verdict = Verdict(allowed=True, sentence="", purpose=f"since entry {changed_since}")
        write(actor, GUARDS_CHANGED, AuditEntry.Outcome.DONE, verdict=verdict)
    stands = triggers.mark()
    if stands != guards_noted()[1]:
        write(actor, GUARDS, AuditEntry.Outcome.DONE, verdict=Verdict(allowed=True, sentence="", purpose=stands))


def guards_noted() -> tuple[int, str]:
    """The newest entry that says how the guards stood, and what it says; 0 and nothing where none does."""
    noted = AuditEntry.objects.filter(verb=GUARDS).order_by("-seq").values_list("seq", "purpose")
    return noted.first() or (0, "")


def guards_changed() -> int:
    """The entry that noted the guards, where they are no longer as it says; 0 where they are, or were never noted."""
    if AuditEntry._meta.db_table not in connection.introspection.table_names():
        return 0
    seq, noted = guards_noted()
    return seq if seq and noted != triggers.mark() else 0


def owned_by_migrations() -> tuple[int, int]:
    """How many row changes of migrations have an entry, and the number of the last one."""
    newest = AuditEntry.objects.filter(verb=MIGRATED).order_by("-seq").first()
    return (newest.changes, int(newest.about)) if newest else (0, 0)


# Sealing

STRETCH = 20_000  # entries a block at most, and ten times as many changes: the sealer holds its lock for a moment only
PATIENCE = "2s"  # how long the sealer waits for a long write on PostgreSQL; meanwhile new writers wait behind it
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest block's number and code: what is mailed or printed elsewhere, so that a shortened trail shows."""

    number: int
    code: str

    def __str__(self) -> str:
        return f"{self.number}:{self.code}"


_HEAD = re.compile(r"\b(\d{1,18}):([0-9a-f]{64})\b")


def heads_in(lines: Iterable[str]) -> Iterator[Head]:
    """The heads found in lines of text: a log, or letters put together in a file. Other words are passed over."""
    for line in lines:
        for number, code in _HEAD.findall(line):
            yield Head(int(number), code)


def head() -> Head | None:
    newest = AuditBlock.objects.order_by("-number").first()
    return Head(newest.number, newest.code) if newest else None


def seal(*, gapless: bool | None = None) -> Head | None:
    """Seal what was written since the last block. Returns the new head, or None when nothing was sealed.

    A long write may hold the lock on PostgreSQL; then nothing is sealed this time, and the next minute tries again.
    gapless: False for what came from elsewhere by a restore, where numbers may leave gaps.
    """
    newest = None
    while True:
        try:
            block = _seal_one(connection.vendor == "sqlite" if gapless is None else gapless)
        except OperationalError as fault:
            if getattr(fault.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
                return newest
            raise
        if block is None:
            return newest
        newest = Head(block.number, block.code)
        _keep_outside(newest)


def _seal_one(gapless: bool) -> AuditBlock | None:
    with guard.permit("audit"), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = AuditBlock.objects.order_by("-number").first()
        after_seq, after_change = (last.last_seq, last.last_change) if last else (0, 0)
        entries = Tally("e", entry_rows(last)[:STRETCH].iterator(chunk_size=2000))
        changes = Tally("c", change_rows(last)[: 10 * STRETCH].iterator(chunk_size=2000))
        if not entries.take(None) + changes.take(None):
            return None
        block = AuditBlock(
            number=last.number + 1 if last else 1,
            first_seq=entries.first or after_seq,
            last_seq=entries.last or after_seq,
            entries=entries.count,
            last_change=changes.last or after_change,
            changes=changes.count,
            gapless=gapless,
            digest=digest_of_block(entries, changes),
            previous=last.code if last else "",
            sealed_at=clock.now(),
        )
        block.code = code_of(said_by_block(block))
        block.save(force_insert=True)
    return block


def entries_after(block: AuditBlock | None) -> Any:
    """The entries after a block; without one all, whatever number they were given."""
    return (AuditEntry.objects.filter(seq__gt=block.last_seq) if block else AuditEntry.objects.all()).order_by("seq")


def entry_rows(after: AuditBlock | None) -> Any:
    return entries_after(after).values_list("seq", "code")


def change_rows(after: AuditBlock | None) -> Any:
    rows = RowChange.objects.filter(id__gt=after.last_change) if after else RowChange.objects.all()
    return rows.order_by("id").values_list("id", "act", "table_name", "row_id", "operation")


class Tally:
    """Reads numbered rows in their order, once, and keeps of a stretch its first and last number, count and digest."""

    def __init__(self, mark: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._mark, self._rows = mark, iter(rows)
        self._next = next(self._rows, None)
        self._begin()

    def _begin(self) -> None:
        self.first = self.last = self.count = 0
        self.digest = hashlib.sha256()

    def take(self, until: int | None) -> int:
        """Read on to a number, or to the end, as a new stretch. Returns how many rows it holds."""
        self._begin()
        while self._next is not None and (until is None or self._next[0] <= until):
            self.digest.update(f"{self._mark}{'|'.join(map(str, self._next))}\n".encode())
            self.first, self.last, self.count = self.first or self._next[0], self._next[0], self.count + 1
            self._next = next(self._rows, None)
        return self.count


def digest_of_block(entries: Tally, changes: Tally) -> str:
    return hashlib.sha256(entries.digest.digest() + changes.digest.digest()).hexdigest()


def said_by_block(block: AuditBlock) -> dict[str, Any]:
    return {
        "number": block.number,
        "seqs": [block.first_seq, block.last_seq, block.entries],
        "changes": [block.last_change, block.changes],
        "gapless": block.gapless,
        "digest": block.digest,
        "previous": block.previous,
        "sealed_at": block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


# Heads kept beside the keys


def _keep_outside(newest: Head) -> None:
    """One line a block beside the keys, outside the database: a trail cut after it no longer agrees.

    Written after the block is committed. A process killed in between leaves a line out, which is no fault: the next
    head stands on the missing one. A line that was torn is closed, and passed over when the log is read.
    """
    folder = settings.INSTALLATION.home / "keys"
    if not folder.is_dir():
        return
    handle = os.open(folder / "heads.log", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, f"{chr(10) if torn else ''}{newest}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def heads_outside() -> Iterator[Head]:
    """The heads that stand beside the keys at the moment of the call, oldest first."""
    file = settings.INSTALLATION.home / "keys" / "heads.log"
    return _heads_of(file, file.stat().st_size) if file.exists() else iter(())


def _heads_of(file: Path, size: int) -> Iterator[Head]:
    with file.open("rb") as log:
        for line in log:
            size -= len(line)
            if size < 0 or not line.endswith(b"\n"):
                return
            yield from heads_in([line.decode("ascii", "replace")])
