"""`inmind restore FILE --into FOLDER`: a backup becomes an installation again, here or on another machine."""

from __future__ import annotations

import argparse
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from inmind import cli, environment, postgresql
from inmind.access.archive import Manifest, Reader
from inmind.access.commands import passphrase
from inmind.access.envelope import CannotOpen
from inmind.environment import BadSetting
from inmind.foundation.errors import BadInput, NotNow

WHEN_STOPPED = "Nothing was left behind."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="an empty or a new folder")
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database; else SQLite in the folder")
    parser.add_argument(
        "--erased",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a newer list of those who were erased; those beside the backup are read by themselves",
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the file with the secret key it was sealed for")
    passphrase.add(parser)


def run(args: argparse.Namespace) -> int:
    """Restore into an empty place, or refuse and leave nothing behind."""
    target = args.into.absolute()
    if target.is_symlink():
        raise NotNow(
            "%(folder)s is a link, not a folder.",
            "A backup is restored into an empty or a new folder.",
            "Name the folder that it leads to, or another one.",
            facts={"folder": target},
        )
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise NotNow(
            "%(folder)s is not empty.",
            "A backup is restored into an empty or a new folder.",
            facts={"folder": target},
        )
    if args.database_url:
        postgresql.reach(_address(args.database_url))
    words = passphrase.that_opens(args)
    try:
        file = args.file.open("rb")
    except OSError as fault:
        raise BadInput("The backup cannot be read: %(why)s.", facts={"why": fault.strerror}) from fault
    with file:
        archive = Reader(file, words)
        with _beside(target) as place:
            _put_files(archive, place.folder)
            _use(place.folder, args.database_url)
            faults, (again, held) = _fill(archive, place, args.erased, _beside_it(args.file))
    _say(archive.manifest, target, args.database_url, faults)
    _say_of_erased(again, held, was_given=bool(args.erased or _beside_it(args.file)))
    return 1 if faults else 0


def _address(typed: str) -> dict[str, str]:
    try:
        return environment.database(typed)
    except ValueError:
        raise BadSetting(
            "--database-url cannot be used as it is.",
            f"It is {environment.DATABASE.expected}.",
            "Correct it, or leave it out for SQLite.",
        ) from None


class Place:
    """A folder beside the target, which takes its name when all is restored."""

    def __init__(self, target: Path) -> None:
        self.target, self.folder = target, target.with_name(f".{target.name}.restoring")
        self._was_there = target.exists()

    def take_its_name(self) -> None:
        try:
            self.folder.rename(self.target)
        except OSError as fault:
            raise NotNow(
                "The restored folder cannot be named %(folder)s: %(why)s.",
                "Nothing was left behind.",
                "Choose another folder.",
                facts={"folder": self.target, "why": fault.strerror},
            ) from fault

    def give_it_back(self) -> None:
        """The database did not keep what was restored: neither does the folder its name."""
        if not self.folder.exists() and self.target.exists():
            self.target.rename(self.folder)
            if self._was_there:
                self.target.mkdir(mode=0o700)


@contextmanager
def _beside(target: Path) -> Iterator[Place]:
    """A place for what is restored, removed when that did not come to its end."""
    place = Place(target)
    folder = place.folder
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as fault:
        if not isinstance(fault, FileExistsError):
            raise NotNow(
                "Nothing can be written beside %(folder)s: %(why)s.",
                next_step="Choose another folder.",
                facts={"folder": target, "why": fault.strerror},
            ) from fault
        raise NotNow(
            "A restore into this folder is under way, or was cut short.",
            next_step="If none is running, remove %(folder)s and restore again.",
            facts={"folder": folder},
        ) from fault
    try:
        yield place
    except BaseException:
        place.give_it_back()
        shutil.rmtree(folder, ignore_errors=True)
        raise


_FILE = re.compile(r"installation\.toml|keys/[a-z0-9][a-z0-9._-]{0,99}", re.ASCII)


def _put_files(archive: Reader, folder: Path) -> None:
    """The settings and the keys, readable by their owner alone."""
    (folder / "keys").mkdir(mode=0o700)
    for name, pieces in archive.files():
        if not _FILE.fullmatch(name) or (folder / name).exists():
            raise CannotOpen("The backup holds a file that has no place here.")
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())


def _use(folder: Path, database_url: str) -> None:
    """Load Django for the installation that is being restored, whatever this shell was set to."""
    os.environ.pop("INMIND_PROFILE", None)
    os.environ["INMIND_HOME"] = str(folder)
    os.environ["DATABASE_URL"] = database_url
    cli.set_up()


def _beside_it(file: Path) -> list[Path]:
    """The lists of those who were erased that lie in the backup's folder."""
    return sorted(path for path in file.absolute().parent.iterdir() if path.name.endswith(".erased"))


def _fill(archive: Reader, place: Place, named: list[Path], beside: list[Path]) -> tuple[list[Any], tuple[int, int]]:
    """Fill the database, and let the folder take its name. Returns what is wrong with the restored trail, and how many
    people were erased again or, being under a legal hold, were not.

    On PostgreSQL this is one transaction, and the folder is named before its end: where that cannot be, the database stays
    empty; where the end fails, the folder is removed. Killed between the two, a folder with the keys stands before an
    empty database, and the backup is restored into another one.
    """
    from django.db import DatabaseError, connection, transaction

    from inmind.access import guard

    try:
        whole = transaction.atomic() if connection.vendor == "postgresql" else nullcontext()
        with guard.permit("migrations"), whole:
            found = _fill_empty(archive, named, beside)
            if connection.vendor == "postgresql":
                place.take_its_name()
        if connection.vendor == "sqlite":  # the database is in the folder
            connection.close()
            place.take_its_name()
        return found
    except (DatabaseError, OverflowError) as fault:  # the second: SQLite's driver, of a number
        raise NotNow(
            "The database did not take the backup: %(why)s.",
            "Nothing was left behind.",
            facts={"why": str(fault).partition("\n")[0]},
        ) from fault
    finally:
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _fill_empty(archive: Reader, named: list[Path], beside: list[Path]) -> tuple[list[Any], tuple[int, int]]:
    from django.db import connection

    from inmind.access import audit, proof
    from inmind.access.actors import operator
    from inmind.access.commands.migrate import bring_up_to_date
    from inmind.access.management.commands.migrate import Executor
    from inmind.access.models import AuditEntry
    from inmind.access.tables import newest

    if connection.introspection.table_names():
        raise NotNow("The database is not empty.", "A backup is restored into an empty one.")
    manifest = archive.manifest
    executor = Executor(connection)
    if unknown := [name for name in manifest.migrations if name not in executor.loader.graph.nodes]:
        raise NotNow(
            "This backup was made by edition %(edition)s, which knows tables that this one does not (%(first)s).",
            "A backup is restored by the edition that made it, or by a newer one.",
            facts={"edition": manifest.edition, "first": ".".join(unknown[0])},
        )
    executor.migrate(newest(manifest.migrations, executor.loader))
    _load(archive)
    bring_up_to_date(restored=True)  # to this edition; the triggers come back with it
    again = _erase_again(named, beside)  # before anybody can read
    audit.write(operator("restore"), "access.restore", AuditEntry.Outcome.DONE)
    audit.seal(gapless=False)
    return proof.verify(audit.heads_in([manifest.head or ""])), again


def _erase_again(named: list[Path], beside: list[Path]) -> tuple[int, int]:
    """Erase those whom the backup brought back, and keep the whole list from here on. Returns how many were erased, and how
    many were not, because they are under a legal hold.

    A list beside it may be another installation's; one that was named, or holds a line of ours, is read whole.
    """
    from inmind.access import erased, privacy
    from inmind.access.actors import operator

    known = set(erased.read(erased.file())) if erased.file().exists() else set()
    lists = [*named, *filter(erased.is_ours, beside)]
    newer = {line for path in lists for line in erased.read(path)} - known
    if not newer:
        return 0, 0
    erased.keep(sorted(newer, key=str))
    named_now = erased.standing(newer | known) & {line.person for line in newer}
    return privacy.erase_again(operator("restore"), people=sorted(named_now))


def _load(archive: Reader) -> None:
    """The rows as they were, in the tables as they were, before any trigger stands."""
    from django.db import connection, transaction

    from inmind.access.tables import Layout, load

    layout = Layout()
    with connection.constraint_checks_disabled(), transaction.atomic():
        layout.empty()
        for table in layout.taken(archive.tables()):
            load(table)
    connection.check_constraints()
    layout.set_counters()
    if (found := layout.counts()) != archive.manifest.tables:
        odd = next(
            name
            for name in {**archive.manifest.tables, **found}
            if found.get(name) != archive.manifest.tables.get(name)
        )
        raise CannotOpen(
            "The table %(table)s holds %(found)s rows; the backup says %(said)s.",
            facts={"table": odd, "found": found.get(odd, 0), "said": archive.manifest.tables.get(odd, 0)},
        )


def _say_of_erased(again: int, held: int, *, was_given: bool) -> None:
    if again:
        print(f"People who were erased after that moment, and are erased again: {again}.")
    if held:
        print(
            f"People who were erased after that moment, and are back, because this backup holds them by a legal hold: {held}."
            " A privacy officer lifts the hold, and has them erased again."
        )
    if not was_given:
        print(
            "No list of those who were erased lies beside this backup. If somebody was erased after that moment, they are "
            "back: restore again with --erased and the newest list, which stands with the keys as erased.log."
        )


def _say(manifest: Manifest, target: Path, database_url: str, faults: list[Any]) -> None:
    from django.conf import settings

    name = f"{settings.INSTALLATION.name} ({manifest.profile})"
    print(f"{name} is restored into {target}, as it stood at {manifest.taken_at}.")
    print(f"It came from edition {manifest.edition} on {manifest.engine}.")
    print(f"All {manifest.rows} rows of its {len(manifest.tables)} tables are here.")
    print("Everybody signs in again. What happened after that moment is not in it.")
    if faults:
        print(f"Its trail has {len(faults)} faults, as it had when the backup was made or since:")
        print("\n".join(f"  {fault}" for fault in faults))
    else:
        print("Its trail is whole.")
    database = "DATABASE_URL=... " if database_url else ""
    print(f"Start it with: INMIND_HOME={target} {database}inmind serve")
