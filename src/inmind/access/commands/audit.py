"""`inmind audit verify` and `inmind audit head`: whether the trail is whole, and the line to keep elsewhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from inmind.access import audit, proof
from inmind.foundation.errors import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True)
    verify = parts.add_parser("verify", help="read the whole trail and say what is wrong with it")
    verify.add_argument(
        "--head", action="append", default=[], metavar="N:CODE", help="a head from a letter or a printout"
    )
    verify.add_argument("--heads", type=Path, metavar="FILE", help="a file with heads, such as letters put together")
    parts.add_parser("head", help="print the newest head, to be kept elsewhere")


def run(args: argparse.Namespace) -> int:
    return _head() if args.part == "head" else _verify(list(_known(args)))


def _head() -> int:
    """Seal what is open, then print the head."""
    audit.seal()
    newest = audit.head()
    if newest is None:
        print("The trail is empty; nothing has happened yet.", file=sys.stderr)
        return 1
    print(newest)
    return 0


def _known(args: argparse.Namespace) -> Iterator[audit.Head]:
    """The heads that were named. A head that cannot be read is refused: a proof that passes it over proves less."""
    for said in args.head:
        heads = list(audit.heads_in([said]))
        if len(heads) != 1:
            raise BadInput(
                "%(said)s is not a head.", "A head is a number, a colon and 64 letters.", facts={"said": said}
            )
        yield from heads
    if args.heads:
        try:
            heads = list(audit.heads_in(args.heads.read_text(encoding="utf-8", errors="replace").splitlines()))
        except OSError as fault:
            raise BadInput("The file of heads cannot be read: %(why)s.", facts={"why": fault.strerror}) from fault
        if not heads:
            raise BadInput("There is no head in this file.", "A head is a number, a colon and 64 letters.")
        yield from heads


def _verify(known: list[audit.Head]) -> int:
    found = proof.prove(known)
    reach = found.reach
    print(f"Read {reach.entries} entries and {reach.changes} row changes in {reach.blocks} sealed blocks.")
    if reach.unsealed:
        print(f"The newest {reach.unsealed} entries are not sealed yet; `inmind serve` seals each minute.")
    if found.faults:
        print(f"The trail is not whole ({len(found.faults)} faults):")
        print("\n".join(f"  {fault}" for fault in found.faults))
        print("Keep the database as it is, take a copy of it, and tell the privacy officer.")
        return 1
    against = (
        f" It holds the {len(known)} heads you named."
        if known
        else " Give it a head from a letter, too: --head N:CODE."
    )
    print(f"The trail is whole.{against}")
    return 0
