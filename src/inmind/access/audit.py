"""The trail: one entry an action, read or refusal, written before the answer leaves; sealed in chained blocks.

Writers share a lock and the sealer takes it alone, so a block never misses an entry that was being written. On SQLite
the one writer at a time is that lock.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from inmind.access import guard
from inmind.access.actors import Actor
from inmind.access.models import AuditBlock, AuditEntry, AuditSubject, RowChange
from inmind.access.triggers import LOCK
from inmind.foundation import clock
from inmind.foundation.identity import new_id
from inmind.foundation.values import Verdict

Subject = tuple[str, UUID]  # ("person" | "dyad" | "episode", its id)


def _key() -> bytes:
    return settings.INSTALLATION.key("audit")


def _code(data: object, key: bytes) -> str:
    return hmac.new(key, json.dumps(data, sort_keys=True, separators=(",", ":")).encode(), "sha256").hexdigest()


def _said(entry: AuditEntry, subjects: Iterable[Subject]) -> dict[str, Any]:
    """What an entry's code covers: everything it says, its number excepted (the block keeps the order)."""
    return {
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
        "subjects": sorted([kind, str(ref)] for kind, ref in subjects),
    }


def share_lock() -> None:
    """Taken by each writer of the trail for its transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


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
    """Write one entry with its subject rows, in the transaction that is open or in one of its own."""
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
        purpose=verdict.purpose if verdict else "",
        parts=",".join(dict.fromkeys(parts))[:400],
    )
    concerned = set(subjects) | subjects_of(about)
    entry.code = _code(_said(entry, concerned), _key())
    with guard.permit("audit"), transaction.atomic():
        share_lock()
        entry.save(force_insert=True)
        if concerned:
            AuditSubject.objects.bulk_create(
                AuditSubject(entry=entry, kind=kind, ref=ref) for kind, ref in sorted(concerned, key=str)
            )
    return entry


def read(actor: Actor, verb: str, verdict: Verdict, about: Any = None, subjects: Iterable[Subject] = ()) -> None:
    """Reading an identified family record is audited as changing it is."""
    write(actor, verb, AuditEntry.Outcome.READ, verdict=verdict, about=about, subjects=subjects)


def refused(actor: Actor, verb: str, verdict: Verdict, about: Any = None) -> None:
    """A refusal is recorded though nothing changed."""
    write(actor, verb, AuditEntry.Outcome.REFUSED, verdict=verdict, about=about)


# Sealing and verifying


@dataclass(frozen=True, slots=True)
class Head:
    """The newest block's number and code: what is mailed or printed elsewhere, so that a shortened trail shows."""

    number: int
    code: str

    def __str__(self) -> str:
        return f"{self.number}:{self.code}"


def head() -> Head | None:
    newest = AuditBlock.objects.order_by("-number").first()
    return Head(newest.number, newest.code) if newest else None


def seal() -> Head | None:
    """Seal what was written since the last block. Returns the new head, or None when there was nothing new."""
    with guard.permit("audit"), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = AuditBlock.objects.order_by("-number").first()
        after_seq, after_change = (last.last_seq, last.last_change) if last else (0, 0)
        entries = list(AuditEntry.objects.filter(seq__gt=after_seq).order_by("seq").values_list("seq", "code"))
        changes = list(_changes(after_change, None))
        if not entries and not changes:
            return None
        block = AuditBlock(
            number=last.number + 1 if last else 1,
            first_seq=entries[0][0] if entries else after_seq,
            last_seq=entries[-1][0] if entries else after_seq,
            entries=len(entries),
            last_change=changes[-1][0] if changes else after_change,
            changes=len(changes),
            digest=_digest(entries, changes),
            previous=last.code if last else "",
            sealed_at=clock.now(),
        )
        block.code = _code(_block_said(block), _key())
        block.save(force_insert=True)
    newest = Head(block.number, block.code)
    _keep_outside(newest)
    return newest


def _changes(after: int, until: int | None) -> Iterator[tuple[Any, ...]]:
    rows = RowChange.objects.filter(id__gt=after).order_by("id")
    if until is not None:
        rows = rows.filter(id__lte=until)
    return rows.values_list("id", "act", "table_name", "row_id", "operation").iterator(chunk_size=5000)


def _digest(entries: Iterable[tuple[int, str]], changes: Iterable[tuple[Any, ...]]) -> str:
    total = hashlib.sha256()
    for seq, code in entries:
        total.update(f"e{seq}:{code}\n".encode())
    for change in changes:
        total.update(("c" + "|".join(map(str, change)) + "\n").encode())
    return total.hexdigest()


def _block_said(block: AuditBlock) -> dict[str, Any]:
    return {
        "number": block.number,
        "seqs": [block.first_seq, block.last_seq, block.entries],
        "changes": [block.last_change, block.changes],
        "digest": block.digest,
        "previous": block.previous,
        "sealed_at": block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def _keep_outside(newest: Head) -> None:
    """One line a block beside the keys, outside the database: a trail cut after it no longer agrees."""
    folder = settings.INSTALLATION.home / "keys"
    if folder.is_dir():
        with (folder / "heads.log").open("a", encoding="ascii") as file:
            file.write(f"{newest}\n")


def heads_outside() -> list[Head]:
    """The heads kept beside the keys, oldest first."""
    file = settings.INSTALLATION.home / "keys" / "heads.log"
    lines = file.read_text(encoding="ascii").split() if file.exists() else []
    return [Head(int(number), code) for number, _, code in (line.partition(":") for line in lines)]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the trail, in plain words."""

    where: str
    what: str


def verify(known_heads: Iterable[Head] = ()) -> list[Fault]:
    """Read the whole trail and say what is wrong: altered, removed, added, reordered or cut. Empty when it is whole."""
    key = _key()
    faults: list[Fault] = []
    blocks = {}
    previous, seq, change, number = "", 0, 0, 0
    for block in AuditBlock.objects.order_by("number").iterator():
        where = f"block {block.number}"
        if block.number != number + 1:
            faults.append(Fault(where, f"block {number + 1} is missing before it"))
        if block.previous != previous:
            faults.append(Fault(where, "does not follow the block before it"))
        if block.code != _code(_block_said(block), key):
            faults.append(Fault(where, "was altered"))
        entries = list(
            AuditEntry.objects.filter(seq__gt=seq, seq__lte=block.last_seq).order_by("seq").values_list("seq", "code")
        )
        changes = list(_changes(change, block.last_change))
        if (len(entries), len(changes)) != (block.entries, block.changes):
            faults.append(
                Fault(
                    where,
                    f"holds {len(entries)} entries and {len(changes)} changes; sealed were {block.entries} and {block.changes}",
                )
            )
        elif _digest(entries, changes) != block.digest:
            faults.append(
                Fault(where, "its entries or changes are not the ones that were sealed, or not in that order")
            )
        blocks[block.number] = block.code
        previous, seq, change, number = block.code, block.last_seq, block.last_change, block.number
    faults += _altered_entries(key)
    faults += _changes_without_an_act()
    for known in [*heads_outside(), *known_heads]:
        if blocks.get(known.number) != known.code:
            what = (
                "was cut off: the head kept outside is not in it"
                if known.number > number
                else "differs from the head kept outside"
            )
            faults.append(Fault(f"block {known.number}", f"the trail {what}"))
    return faults


def _altered_entries(key: bytes) -> Iterator[Fault]:
    last = 0
    while page := list(AuditEntry.objects.filter(seq__gt=last).order_by("seq").prefetch_related("subjects")[:2000]):
        for entry in page:
            subjects = [(subject.kind, subject.ref) for subject in entry.subjects.all()]
            if entry.code != _code(_said(entry, subjects), key):
                yield Fault(f"entry {entry.seq}", "was altered")
        last = page[-1].seq


def _changes_without_an_act() -> Iterator[Fault]:
    """Rows that changed on nobody's behalf: neither an action that is in the trail nor a named exception."""
    with connection.cursor() as cursor:
        placeholders = ", ".join(["%s"] * len(guard.EXCEPTIONS))
        identity = "replace(CAST(e.id AS text), '-', '')" if connection.vendor == "postgresql" else "e.id"
        cursor.execute(
            f"SELECT c.act, count(*) FROM access_rowchange c WHERE c.act NOT IN ({placeholders}) AND NOT EXISTS "
            f"(SELECT 1 FROM access_auditentry e WHERE {identity} = c.act) GROUP BY c.act",
            list(guard.EXCEPTIONS),
        )
        for act, count in cursor.fetchall():
            yield Fault(f"act {act}", f"changed {count} rows and has no entry in the trail")
