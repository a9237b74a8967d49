"""`inmind import FILE`: families from a sheet, first each row's verdict, then, asked for, those that are new."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from django.conf import settings

from inmind.access.actors import machine, operator
from inmind.access.commands import passphrase
from inmind.foundation import text as text_of
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import house
from inmind.people.models import Organization
from inmind.records import actions, queries, sheets
from inmind.records.columns import UNKNOWN_PART
from inmind.records.commands import everything, take_over
from inmind.records.models import SheetImport

WHEN_STOPPED = "What was taken in stays; the same file once more goes on where this stopped."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a sheet (CSV), or an export of InMind into an empty installation")
    parser.add_argument("--agency", default="", help="the agency that serves these families")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=KEY",
        help="what a column holds, where its name does not tell",
    )
    parser.add_argument("--dates", choices=["mdy", "dmy"], default="", help="how dates such as 3/4/2026 are written")
    parser.add_argument("--encoding", choices=list(sheets.ENCODINGS), default="", help="found out when it is not said")
    parser.add_argument(
        "--take", action="store_true", help="take the new rows in; without it each row is only looked at"
    )
    passphrase.add(parser)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a row was refused or waits."""
    try:
        with args.file.open("rb") as file:
            if everything.is_export(file):
                return take_over.run(file, args)
            data = file.read(sheets.MOST_BYTES + 1)
    except OSError as fault:
        raise BadInput("The file cannot be read: %(why)s.", facts={"why": fault.strerror}) from fault
    settings.INSTALLATION.check()
    return _sheet(args, sheets.decoded(data, args.encoding))


def _sheet(args: argparse.Namespace, text: str) -> int:
    began = time.monotonic()
    by = operator("import")
    sheet = actions.begin_import(by, organization=_agency(args.agency), name=args.file.name, text=text)
    told = dict(one.partition("=")[::2] for one in args.column)
    columns = {name: key for name, key in (sheet.columns | told).items() if key}
    sheet = _to_its_end(actions.map_columns(by, sheet=sheet, columns=columns, order=args.dates or sheet.order))
    if args.take:
        sheet = _to_its_end(actions.carry_on_import(by, sheet=sheet))
    for row in sheet.rows.exclude(verdict="new").order_by("place"):
        print(f"row {row.number}: {row.verdict}. {row.found % row.facts if row.facts else row.found}")
    if sheet.rows.filter(found=UNKNOWN_PART).exists():
        print(f"The list of how an adult cares for the child: {', '.join(house.intake.parts.values())}.")
    counts = queries.verdicts(sheet)
    did = "taken in" if args.take else "looked at; --take takes the new ones in"
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    print(f"{sheet.total} rows {did}: {said}. {time.monotonic() - began:.1f} seconds.", file=sys.stderr)
    return 1 if counts.keys() & {"refused", "doubtful"} else 0


def _to_its_end(sheet: SheetImport) -> SheetImport:
    """Do here what jobs would do; whichever is first, each row is worked on once."""
    while sheet.state == SheetImport.State.WORKING:
        sheet = actions.import_rows(machine("records.import"), sheet=sheet, start=sheet.done)
    return sheet


def _agency(name: str) -> Organization:
    there = list(Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name"))
    if len(there) == 1 and not name:
        return there[0]
    found = [one for one in there if text_of.folded(one.name) == text_of.folded(name)]
    if not found:
        raise BadInput(
            "There is no agency of this name." if name else "The agency is missing.",
            "There are: %(names)s.",
            "Name it by --agency.",
            facts={"names": ", ".join(one.name for one in there) or "none yet"},
        )
    return found[0]
