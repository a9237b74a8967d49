"""What `inmind doctor` looks at: the machine, the keys, the database and its guards, the trail, jobs, space, backups.

Rooms add what they know to `house.checks`. Each look answers with findings in plain words, and none changes anything.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Max, Min

from inmind import environment, postgresql, sqlite
from inmind.access import erased, owed, proof, rotation, triggers
from inmind.access.actions import FORGOTTEN_AFTER
from inmind.access.commands.migrate import is_up_to_date
from inmind.access.models import Account, AuditBlock, AuditEntry, InstallationMark, StoredAnswer
from inmind.environment import BadSetting
from inmind.foundation import clock
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.helplines import help_lines
from inmind.foundation.registries import Finding, Grade, house
from inmind.installation import KEYS
from inmind.jobs.models import Heartbeat, Job
from inmind.people.models import Person

# Ours: how long something may be silent, and how much space is little.
SILENT = timedelta(minutes=1)
UNSEALED = timedelta(minutes=10)
WAITING = timedelta(minutes=10)
BACKED_UP = timedelta(days=7)
ROTATED = timedelta(days=1)
HELP_CHECKED = timedelta(days=365)
LITTLE_SPACE = 1_000_000_000  # bytes
BLOCKS_READ = 100  # of the trail, each time; `inmind audit verify` reads all

Look = Callable[[], Iterable[Finding]]


def findings() -> list[Finding]:
    """Everything that was looked at, in order. A look that fails is a finding itself."""
    found = _looked(_machine, _installation)
    if not settings.INSTALLATION.begun:
        return found
    found += _looked(_keys, _space, _database)
    if any(finding.what == "database" and finding.grade is Grade.HAND for finding in found):
        return found
    return found + _looked(
        *(_guards, _master_keys, _erased, _trail, _jobs, _answers, _backups, _letters_leave, _files, _help_lines),
        *house.checks,
    )


def _looked(*looks: Look) -> list[Finding]:
    found: list[Finding] = []
    for look in looks:
        try:
            found += look()
        except BadCatalog as fault:
            found.append(_hand(_name(look), str(fault), "Pages do not start again before that."))
        except Exception as fault:
            says = f"This could not be looked at: {type(fault).__name__}."
            found.append(_hand(_name(look), says, "Report it to those who made InMind."))
    return found


def _name(look: Look) -> str:
    return look.__name__.strip("_").replace("_", " ")


def _well(what: str, says: str) -> Finding:
    return Finding(what, Grade.WELL, says)


def _hand(what: str, says: str, do: str) -> Finding:
    return Finding(what, Grade.HAND, says, do)


def _machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] <= (3, 14):
        yield _hand("python", f"Python {version} is not one that InMind was tried on.", "Use Python 3.11 to 3.14.")
    else:
        yield _well("python", f"Python {version}.")
    if settings.DEBUG and not settings.ON_LOOPBACK:
        yield _hand("settings", "Faults are shown to the public.", "Unset INMIND_DEBUG.")


def _installation() -> Iterator[Finding]:
    installation = settings.INSTALLATION
    if not installation.begun:
        yield _hand(
            "installation",
            f"There is no installation in {installation.home} yet.",
            "Begin one with `inmind init`, or name another folder by INMIND_HOME.",
        )
        return
    yield _well("installation", f"{installation.name}, profile {installation.profile}, in {installation.home}.")


def _keys() -> Iterator[Finding]:
    folder = settings.INSTALLATION.home / "keys"
    if missing := [name for name in KEYS if not _is_whole(name)]:
        yield _hand(
            "keys",
            f"Missing or unreadable in {folder}: {', '.join(missing)}.",
            "Take them from your backup (`inmind restore` into another folder). New keys cannot read old words.",
        )
        return
    home = settings.INSTALLATION.home
    letters = home / "outbox"
    private = [home, *home.glob("inmind.sqlite3*"), folder, *folder.iterdir(), letters, *letters.glob("*")]
    if open_to_others := [
        path.name for path in private if path.exists() and _is_open(path.stat().st_mode, path == folder)
    ]:
        yield _hand(
            "keys",
            f"Others on this machine may read {_some(sorted(open_to_others))}.",
            f"Run: chmod -R go= {settings.INSTALLATION.home}",
        )
    else:
        yield _well("keys", "All here, and private.")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"{', '.join(names[:8])}{more}"


def _is_whole(key: str) -> bool:
    try:
        return bool(settings.INSTALLATION.key(key))
    except BadSetting:
        return False


def _is_open(mode: int, is_folder: bool) -> bool:
    """Whether others may read. A database in a closed folder is as private as the folder."""
    home = settings.INSTALLATION.home.stat().st_mode
    return bool(mode & 0o077) and (is_folder or bool(home & 0o077))


def _master_keys() -> Iterator[Finding]:
    """Whether each person's key has its master key, and whether a rotation stands still."""
    stands = rotation.progress()
    if stands.orphaned:
        yield _hand(
            "sealed words",
            f"The keys of {stands.orphaned} persons are sealed by a master key that is not here.",
            "Bring it back from a backup of that time: what they seal cannot be read without it.",
        )
    elif stands.is_under_way and stands.waiting and clock.now() - stands.since > ROTATED:
        yield _hand(
            "sealed words",
            f"A rotation of the master key has stood still: {stands.waiting} keys wait since {stands.since:%Y-%m-%d}.",
            "Run: inmind keys rotate --here",
        )
    elif stands.is_under_way:
        yield Finding(
            "sealed words",
            Grade.NOTE,
            f"The master key is being rotated; {stands.waiting} keys are still to be sealed.",
        )
    else:
        yield _well("sealed words", "Every person's key has its master key.")


def _erased() -> Iterator[Finding]:
    """Whether whoever the list names is erased: a later restore would erase them."""
    if not erased.file().exists():
        return
    named = erased.standing(erased.read(erased.file()))
    if back := Person.objects.filter(pk__in=named, erased_at__isnull=True).count():
        yield _hand(
            "erased people",
            f"The list of those who were erased names {back} who are not: an erasing was stopped, or this is an older database.",
            "On the page Privacy, confirm or withdraw what waits. An older database is put back by `inmind restore` alone.",
        )
    else:
        yield _well("erased people", f"Whoever the list names is erased ({len(named)}).")


def _space() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.INSTALLATION.home).free
    file = settings.INSTALLATION.home / "inmind.sqlite3"
    needed = max(LITTLE_SPACE, 2 * file.stat().st_size if file.exists() else 0)
    if free < needed:
        yield _hand(
            "space",
            f"Only {free / 1e9:.1f} gigabytes are free.",
            f"Make room: {needed / 1e9:.1f} are needed to go on safely.",
        )
    else:
        yield _well("space", f"{free / 1e9:.0f} gigabytes are free.")


def _database() -> Iterator[Finding]:
    try:
        postgresql.reach(environment.read("DATABASE_URL"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        up_to_date = is_up_to_date()
    except BadSetting as fault:
        yield _hand("database", f"{fault.found} {fault.expected}", fault.next_step)
        return
    except DatabaseError as fault:
        why = str(fault).partition("\n")[0]
        mend = (
            "Copy the folder aside and restore your last backup."
            if connection.vendor == "sqlite"
            else "Look at its log."
        )
        yield _hand("database", f"It cannot be used: {why}.", mend)
        return
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()
    if up_to_date:
        yield _well("migrations", "All have run.")
    else:
        yield _hand(
            "database", "It is of another edition than this program.", "Make a backup, then run `inmind migrate`."
        )


def _sqlite() -> Iterator[Finding]:
    said = {}
    with connection.cursor() as cursor:
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "quick_check(1)"):
            cursor.execute(f"PRAGMA {pragma}")
            said[pragma] = cursor.fetchone()[0]
    if said["quick_check(1)"] != "ok":
        yield _hand(
            "database file",
            f"It is damaged: {said['quick_check(1)']}.",
            "Stop `inmind serve` and restore your last backup.",
        )
    if (said["synchronous"], said["foreign_keys"]) != (2, 1):
        yield _hand(
            "saving", "The database does not wait until the disk has what was saved.", "Unset INMIND_SQLITE_SYNC."
        )
    if sqlite.wal_is_safe():
        yield _well("database", f"SQLite {sqlite3.sqlite_version}, journal {said['journal_mode']}, full sync.")
    else:
        yield Finding(
            "database",
            Grade.NOTE,
            f"SQLite {sqlite3.sqlite_version} has a fault in write-ahead logging, so a slower rollback journal is used.",
            "Nothing is unsafe. A mended library comes with the pysqlite3 wheel where there is one for this machine.",
        )


def _postgresql() -> Iterator[Finding]:
    major, minor = connection.get_database_version()[:2]
    yield _well("database", f"PostgreSQL {major}.{minor}.")


def _guards() -> Iterator[Finding]:
    guards = triggers.guards()
    if not guards.stand:
        yield _hand("guards", str(guards), f"{_mending(guards)} Run `inmind audit verify`, and ask who did it.")
    else:
        yield _well("guards", "The database's own guards stand.")


def _mending(guards: triggers.Guards) -> str:
    by_hand = "Keep a copy, then take away by hand what is not ours." if guards.foreign else ""
    setting = "Set session_replication_role to origin, for the database and each role." if guards.asleep else ""
    ours = "Run `inmind migrate` to put ours back." if guards.missing or guards.altered else ""
    return " ".join(filter(None, (by_hand, setting, ours)))


def _trail() -> Iterator[Finding]:
    found = proof.prove(newest_blocks=BLOCKS_READ)
    if found.faults:
        yield _hand(
            "trail",
            f"{found.faults[0]} ({len(found.faults)} in all.)",
            "Run `inmind audit verify`, and tell the privacy officer.",
        )
    newest = AuditBlock.objects.order_by("-number").first()
    oldest = AuditEntry.objects.filter(seq__gt=newest.last_seq if newest else 0).order_by("seq").first()
    if newest is None and _is_unserved():
        yield Finding("trail", Grade.NOTE, "Not sealed yet: `inmind serve` seals it each minute.")
    elif oldest is not None and clock.now() - oldest.at > UNSEALED:
        yield _hand(
            "trail",
            f"Its newest entries have not been sealed for {_since(oldest.at)}.",
            "Keep `inmind serve` running: it seals each minute.",
        )
    elif not found.faults:
        yield _well("trail", f"Whole in its newest {found.reach.blocks} blocks.")


def _is_unserved() -> bool:
    """Whether this house has begun and was never served: its machine was not seen, and nobody has come in."""
    seen = Heartbeat.objects.filter(part="jobs").exists() or Account.objects.filter(last_login__isnull=False).exists()
    return not seen and not AuditEntry.objects.filter(actor__startswith="user:").exists()


def _jobs() -> Iterator[Finding]:
    beat = Heartbeat.objects.filter(part="jobs").first()
    if _is_unserved():
        yield Finding(
            "jobs",
            Grade.NOTE,
            "Not served yet: letters and reminders begin to leave with `inmind serve`.",
            "Start `inmind serve`, and let the system start it by itself.",
        )
    elif beat is None or clock.now() - beat.at > SILENT:
        seen = f"was last seen {_since(beat.at)} ago" if beat else "was never seen"
        yield _hand(
            "jobs",
            f"The machine for letters and reminders {seen}: no letter leaves, and no unanswered task climbs.",
            "Start `inmind serve`, and let the system start it by itself.",
        )
    elif late := Job.objects.waiting().filter(due_at__lt=clock.now() - WAITING, attempts=0).count():
        yield _hand(
            "jobs", f"{late} jobs are late by more than {_words(WAITING)}.", "Look at the log of `inmind serve`."
        )
    else:
        yield _well("jobs", "Letters and reminders leave.")
    if lost := Counter(one.kind for one in owed.missing()):
        kinds = ", ".join(f"{count} x {kind}" for kind, count in lost.most_common())
        yield _hand(
            "jobs",
            f"{lost.total()} that should wait are gone ({kinds}): somebody removed them.",
            "Keep `inmind serve` running: it puts them back within a minute. Ask who did it.",
        )
    if dead := Counter(Job.objects.dead().values_list("kind", "problem")):
        kinds = "; ".join(
            f"{count} x {kind} ({problem or 'no reason kept'})" for (kind, problem), count in dead.most_common(5)
        )
        yield _hand(
            "jobs",
            f"{dead.total()} could not be done after all attempts: {kinds}.",
            "Mend what they name; whoever asked for them was told.",
        )


def _answers() -> Iterator[Finding]:
    """Whether answers kept for a second click are there: of the machine's newest work each has one."""
    done = {"actor__startswith": "machine:", "verb__in": ("jobs.run", "jobs.delivered", "jobs.climb")}
    newest = AuditEntry.objects.filter(seq__gt=(AuditEntry.objects.aggregate(last=Max("seq"))["last"] or 0) - 2000)
    recent = newest.filter(**done, outcome=AuditEntry.Outcome.DONE, at__gt=clock.now() - FORGOTTEN_AFTER / 2)
    first, count = recent.aggregate(first=Min("at"), count=Count("seq")).values()
    kept = StoredAnswer.objects.filter(**done, at__gte=first).count() if first else 0
    if kept < count:
        yield _hand(
            "answers",
            f"{count - kept} that are kept for a second click are gone: what is sent twice is done twice.",
            "They cannot be made again. Look whether something of the last days stands twice, and ask who removed them.",
        )
    else:
        yield _well("answers", "Those kept for a second click are here.")


def _backups() -> Iterator[Finding]:
    mark, beat = InstallationMark.objects.first(), Heartbeat.objects.filter(part="backup").first()
    if mark is None or mark.is_demo:
        return
    if clock.now() - (beat.at if beat else mark.begun_at) > BACKED_UP:
        last = f"The last backup is {_since(beat.at)} old." if beat else "There was never a backup."
        yield _hand("backups", last, "Run `inmind backup FILE`, each night, and keep the file in another place.")
    else:
        yield _well(
            "backups",
            f"The last backup is {_since(beat.at)} old." if beat else "None yet; the first is due within a week.",
        )


def _letters_leave() -> Iterator[Finding]:
    if not settings.EMAIL_HOST and not InstallationMark.objects.filter(is_demo=True).exists():
        yield Finding(
            "mail",
            Grade.NOTE,
            f"No mail server is named, so letters wait as files in {settings.EMAIL_FILE_PATH}.",
            "Set INMIND_SMTP_URL and INMIND_MAIL_FROM.",
        )


def _files() -> Iterator[Finding]:
    for read in house.files:
        read()
    yield _well("files", "Every catalog can be read.")


def _help_lines() -> Iterator[Finding]:
    old = [line.name for line in help_lines("en") if clock.today("UTC") - line.checked > HELP_CHECKED]
    if old:
        yield _hand(
            "help lines",
            f"Nobody has compared these with their source for more than a year: {', '.join(old)}.",
            "Call each, compare it with its source, and write the day into help_lines.yaml in INMIND_CATALOG_DIR.",
        )
    else:
        yield _well("help lines", "Each was compared with its source within a year.")


def _since(moment: datetime) -> str:
    return _words(clock.now() - moment)


def _words(span: timedelta) -> str:
    """A span in its largest whole unit: `3 days`."""
    seconds = max(0, int(span.total_seconds()))
    for unit, name in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= unit or unit == 1:
            count = seconds // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    raise AssertionError
