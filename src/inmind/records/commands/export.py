"""`inmind export FILE`: every kept table, as NDJSON or CSV, with a dictionary of its columns; encrypted."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from inmind.access import envelope
from inmind.access.actors import operator
from inmind.access.commands import passphrase
from inmind.access.snapshot import snapshot
from inmind.foundation.errors import BadInput
from inmind.records import actions
from inmind.records.commands import everything

WHEN_STOPPED = "No export was written; an older one of this name stands as it was."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file to write")
    parser.add_argument("--format", choices=["ndjson", "csv"], default="ndjson", help="how tables are written (ndjson)")
    parser.add_argument("--plain", action="store_true", help="an open ZIP, without encryption and secrets")
    parser.add_argument(
        "--permit-unsealed", action="store_true", help="say that clinical words may stand unsealed in an open file"
    )
    passphrase.add(parser)


def run(args: argparse.Namespace) -> int:
    """Write beside the name, and give the file its name when it is whole."""
    settings.INSTALLATION.check()
    if args.plain and not args.permit_unsealed:
        raise BadInput(
            "An open export holds clinical words unsealed, for whoever finds the file.",
            "Without --plain it is encrypted under a passphrase.",
            "Leave --plain out, or say --permit-unsealed if you answer for that file.",
        )
    words = "" if args.plain else passphrase.new(args)
    actions.export(operator("export"), plain=args.plain)
    with beside(args.file) as file, snapshot():
        target: Any = file if args.plain else envelope.Sealer(file, words)
        stream = file if args.plain else _Stream(target)
        counts = everything.write(stream, as_csv=args.format == "csv", secrets=not args.plain)
        if not args.plain:
            target.close()
    total, trail = sum(counts.values()), everything.of_the_trail(counts)
    print(f"Exported {total} rows of {len(counts)} tables to {args.file}.")
    print(
        f"{trail} of them are the trail, for reading alone: where the file is taken in, {total - trail} rows are kept."
    )
    if args.plain:
        print("It is not encrypted, and holds what families said in confidence. Delete it when it has served.")
    return 0


class _Stream:
    """What a ZIP is written into on its way to be sealed: it only goes forward."""

    def __init__(self, sealer: envelope.Sealer) -> None:
        self._sealer = sealer

    def write(self, data: bytes) -> int:
        self._sealer.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""


@contextmanager
def beside(target: Path) -> Iterator[BinaryIO]:
    """A file that has its name only when it is whole; until then it stands beside it."""
    part = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except OSError as fault:
        raise BadInput("The file cannot be written: %(why)s.", facts={"why": fault.strerror}) from fault
    finally:
        part.unlink(missing_ok=True)
