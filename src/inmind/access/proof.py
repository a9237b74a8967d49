"""Read the whole trail and say what is wrong with it: altered, removed, added, reordered or cut.

What it can show: any change to an entry, to its subjects or to the row changes under its name, at once; any entry or
row change removed from a sealed block; any block removed, altered or put elsewhere; a trail that ends before a head
that was mailed or printed. What it cannot: that the newest entries, not sealed yet, were removed together with all that
belongs to them (a working house seals each minute; on SQLite a gap in the numbers shows even then, unless the counter
was put back too). Whoever has the keys as well as the database can write another trail; only heads kept elsewhere show
that one. Rows changed by someone who first took the triggers away leave no line here; `inmind doctor` sees triggers
that are missing, were altered or are not ours, and this shows ones that were taken away and put back, unless whoever did
it also set back what the database counts of that (SQLite's schema version, rows of PostgreSQL's catalog), or had the keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Replace

from inmind.access import audit, guard
from inmind.access.audit import Head, Tally
from inmind.access.models import AuditBlock, AuditEntry, AuditSubject, RowChange
from inmind.access.snapshot import snapshot

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the trail, in plain words."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where[:1].upper()}{self.where[1:]} {self.what}."


@dataclass(slots=True)
class Faults:
    """The faults found so far: the first hundred in words, the others counted."""

    AT_MOST = 100

    told: list[Fault] = field(default_factory=list)
    untold: int = 0

    def add(self, where: str, what: str) -> None:
        if len(self.told) < self.AT_MOST:
            self.told.append(Fault(where, what))
        else:
            self.untold += 1

    def all(self) -> list[Fault]:
        more = [Fault("besides these", f"there are {self.untold} more faults")] if self.untold else []
        return self.told + more


@dataclass(slots=True)
class Reach:
    """How far the trail goes: what was read, and what is not sealed yet."""

    blocks: int = 0
    entries: int = 0
    changes: int = 0
    unsealed: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What a reading of the trail found."""

    faults: list[Fault]
    reach: Reach
    head: Head | None


def verify(known_heads: Iterable[Head] = ()) -> list[Fault]:
    """What is wrong with the trail; empty when it is whole."""
    return prove(known_heads).faults


def prove(known_heads: Iterable[Head] = (), *, newest_blocks: int | None = None) -> Proof:
    """Read the trail at one moment, in bounded memory, and compare it with the heads that are known from elsewhere.

    newest_blocks: read only so many of the newest blocks and what came after; the full reading is the proof.
    """
    faults, reach = Faults(), Reach()
    outside = audit.heads_outside()  # before the moment that is read: blocks sealed later are not missing from it
    with snapshot():
        newest = audit.head()
        before = _block_before(newest, newest_blocks)
        _read_blocks(before, faults, reach)
        if before is None:
            _check_strays(faults)
        _check_guards(faults)
        _check_heads(outside, newest, faults)
        _check_heads(known_heads, newest, faults)
    return Proof(faults.all(), reach, newest)


def _block_before(newest: Head | None, blocks: int | None) -> AuditBlock | None:
    if newest is None or blocks is None:
        return None
    return AuditBlock.objects.filter(number__lte=newest.number - blocks).order_by("-number").first()


def _read_blocks(before: AuditBlock | None, faults: Faults, reach: Reach) -> None:
    """Walk along the blocks with the entries and the row changes beside them, each read once."""
    number, previous = (before.number, before.code) if before else (0, "")
    seq, change = (before.last_seq, before.last_change) if before else (0, 0)
    entries = Tally("e", _checked_entries(before, faults, reach))
    changes = Tally("c", audit.change_rows(before).iterator(chunk_size=PAGE))
    for block in AuditBlock.objects.filter(number__gt=number).order_by("number").iterator(chunk_size=PAGE):
        where = f"block {block.number}"
        if block.number != number + 1:
            faults.add(where, f"stands where block {number + 1} is missing")
        if block.previous != previous:
            faults.add(where, "does not follow the block before it")
        if block.code != audit.code_of(audit.said_by_block(block)):
            faults.add(where, "was altered")
        found = entries.take(block.last_seq), changes.take(block.last_change)
        if found != (block.entries, block.changes):
            faults.add(
                where,
                f"holds {found[0]} entries and {found[1]} row changes; {block.entries} and {block.changes} were sealed",
            )
        elif audit.digest_of_block(entries, changes) != block.digest:
            faults.add(where, "holds other entries or row changes than were sealed, or in another order")
        if block.gapless and (block.last_seq - seq, block.last_change - change) != (block.entries, block.changes):
            faults.add(where, "was sealed after something had been removed: its numbers have gaps")
        previous, seq, change, number = block.code, block.last_seq, block.last_change, block.number
        reach.blocks += 1
        reach.changes += found[1]
    reach.unsealed = entries.take(None)
    reach.changes += changes.take(None)
    if connection.vendor == "sqlite":
        _check_numbers("access_auditentry", "entries", seq, entries, faults)
        _check_numbers("access_rowchange", "row changes", change, changes, faults)


def _check_numbers(table: str, things: str, sealed: int, tail: Tally, faults: Faults) -> None:
    """SQLite gives these numbers without a gap, also when a write is taken back; a gap is something removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0)", [table])
        given = cursor.fetchone()[0]
    if given - sealed > tail.count:
        faults.add("what is not sealed yet", f"lacks {given - sealed - tail.count} {things}: their numbers were given")


def _checked_entries(after: AuditBlock | None, faults: Faults, reach: Reach) -> Iterator[tuple[int, str]]:
    """Each entry's number and code, after checking that the code covers what stands there."""
    entries = audit.entries_after(after).iterator(chunk_size=PAGE)
    while page := list(islice(entries, PAGE)):
        subjects, changes = _subjects(page[0].seq, page[-1].seq), _digests(page[0].seq, page[-1].seq)
        for entry in page:
            count, digest = changes.get(entry.id.hex, (0, ""))
            if entry.verb != audit.MIGRATED and count != entry.changes:
                faults.add(f"entry {entry.seq}", f"speaks of {entry.changes} row changes; {count} stand under its name")
            elif entry.code != audit.code_of(audit.said_by(entry, subjects.get(entry.seq, ()), digest)):
                faults.add(f"entry {entry.seq}", "was altered, or its subjects or row changes were")
            yield entry.seq, entry.code
        reach.entries += len(page)


def _subjects(first: int, last: int) -> dict[int, list[audit.Subject]]:
    """The subjects of the entries from one number to another."""
    rows = AuditSubject.objects.filter(entry__gte=first, entry__lte=last).order_by("entry_id")
    listed = rows.values_list("entry_id", "kind", "ref").iterator(chunk_size=PAGE)
    return {entry: [row[1:] for row in group] for entry, group in groupby(listed, key=itemgetter(0))}


def _digests(first: int, last: int) -> dict[str, tuple[int, str]]:
    """For each act of the entries from one number to another that changed rows, how many and their digest."""
    acts = AuditEntry.objects.filter(seq__range=(first, last)).values(
        name=Replace(Cast("id", TextField()), Value("-"), Value(""), output_field=TextField())
    )
    rows = RowChange.objects.filter(act__in=acts).order_by("act", "id")
    listed = rows.values_list("act", "table_name", "row_id", "operation").iterator(chunk_size=PAGE)
    return {act: audit.digest_of(row[1:] for row in group) for act, group in groupby(listed, key=itemgetter(0))}


def _check_strays(faults: Faults) -> None:
    """What belongs to no entry: row changes on nobody's behalf, and subjects of entries that are not there."""
    identity = "replace(CAST(e.id AS text), '-', '')" if connection.vendor == "postgresql" else "e.id"
    places = ", ".join(["%s"] * len(guard.EXCEPTIONS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.act, count(*) FROM access_rowchange c WHERE c.act NOT IN ({places}) AND NOT EXISTS "
            f"(SELECT 1 FROM access_auditentry e WHERE {identity} = c.act) GROUP BY c.act",
            list(guard.EXCEPTIONS),
        )
        for act, count in _fetched(cursor):
            faults.add(f"act {act}", f"changed {count} rows and has no entry in the trail")
        cursor.execute(
            f"SELECT act, table_name, count(*) FROM access_rowchange WHERE act IN ({places}) GROUP BY act, table_name",
            list(guard.EXCEPTIONS),
        )
        for act, table, count in cursor.fetchall():
            tables = guard.EXCEPTIONS[act]
            if tables is not None and table not in tables:
                faults.add(
                    f"{count} rows of {table}", f"were changed in the name of {act!r}, which has no business there"
                )
        cursor.execute(
            "SELECT count(*) FROM access_auditsubject s WHERE NOT EXISTS "
            "(SELECT 1 FROM access_auditentry e WHERE e.seq = s.entry_id)"
        )
        if strays := cursor.fetchone()[0]:
            faults.add(f"{strays} subjects", "belong to entries that are not there")
    _check_migrations(faults)


def _fetched(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(PAGE):
        yield from rows


def _check_migrations(faults: Faults) -> None:
    """Migrations change rows in their own name; the newest entry about them says how many and up to which."""
    count, until = audit.owned_by_migrations()
    changed = RowChange.objects.filter(act="migrations")
    if (owned := changed.filter(id__lte=until).count()) != count:
        faults.add("migrations", f"changed {count} rows by their entry; {owned} changes stand in their name")
    if beyond := changed.filter(id__gt=until).count():
        faults.add(
            "migrations", f"changed {beyond} rows that no entry speaks of; run `inmind migrate` if one was cut short"
        )


def _check_guards(faults: Faults) -> None:
    """Whether the database's own guards are those that were noted when they were put in place."""
    if seq := audit.guards_changed():
        faults.add(
            "the database's own guards",
            f"were taken away and put back, or its structure was changed, since entry {seq} noted them; what was changed "
            "meanwhile left no line. Where it was you (a VACUUM, a copy by PostgreSQL's own tools), `inmind migrate` "
            "notes them anew",
        )


def _check_heads(known: Iterable[Head], newest: Head | None, faults: Faults) -> None:
    """Whether each known head is the code of its block."""
    heads = iter(known)
    last = newest.number if newest else 0
    while page := list(islice(heads, PAGE)):
        codes = dict(AuditBlock.objects.filter(number__in={head.number for head in page}).values_list("number", "code"))
        for head in page:
            if codes.get(head.number) == head.code:
                continue
            if head.number > last:
                faults.add(
                    f"block {head.number}",
                    "was cut off: its head is known from elsewhere, and the trail ends before it",
                )
            else:
                faults.add(f"block {head.number}", "is not the one whose head is known from elsewhere")
