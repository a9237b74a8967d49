"""`inmind members import FILE`: members from the export of another product; with `--dry-run` each row is only looked at."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from django.conf import settings

from inmind.access.actors import machine, operator
from inmind.association.models import Level
from inmind.association.moving import actions, queries, taking, verdicts
from inmind.association.moving.models import ContactSheet
from inmind.association.moving.verdicts import SENTENCES, Why
from inmind.foundation import text as text_of
from inmind.foundation.errors import BadInput
from inmind.people.models import Organization
from inmind.records import sheets

WHEN_STOPPED = "What was taken in stays; the same file once more goes on where this stopped."
State = ContactSheet.State


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("do", choices=["import"], help="take members in")
    parser.add_argument("file", type=Path, help="the export of all contacts or members (CSV)")
    parser.add_argument("--association", default="", help="the association whose members they are")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=KEY",
        help="what a column holds, where its name does not tell; KEY empty: left out",
    )
    parser.add_argument(
        "--level",
        action="append",
        default=[],
        metavar="WORD=LEVEL",
        help="which of your levels one of the file is, by its name; LEVEL empty: left out",
    )
    parser.add_argument("--dates", choices=["mdy", "dmy"], default="", help="how dates such as 3/4/2026 are written")
    parser.add_argument("--encoding", choices=list(sheets.ENCODINGS), default="", help="found out when it is not said")
    parser.add_argument("--dry-run", action="store_true", help="say each row's verdict, and take nothing in")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a row is not taken or waits."""
    data = read(args.file)
    settings.INSTALLATION.check()
    return _import(args, data)


def _import(args: argparse.Namespace, data: bytes) -> int:
    began = time.monotonic()
    sheet = _looked_at(args, actions.opened(data, args.encoding))
    if not args.dry_run:
        sheet = _to_its_end(actions.carry_on_moving(operator("members"), sheet=sheet))
    for row in sheet.rows.exclude(verdict="new").order_by("place"):  # type: ignore[attr-defined]
        said = SENTENCES[Why(row.why)] % {"row": row.about or 0} if row.why else ""
        print(f"row {row.number}: {row.verdict}. {said}")
    counts = queries.counted(sheet)
    did = "looked at; nothing is taken in" if args.dry_run else "taken in"
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    print(f"{sheet.total} rows {did}: {said}. {time.monotonic() - began:.1f} seconds.", file=sys.stderr)
    if counts.get("doubtful") and not args.dry_run:
        print("What is doubtful waits for the coordinator, on the page Moving in.", file=sys.stderr)
    if args.dry_run:  # it leaves nothing of the file behind
        actions.discard_moving(operator("members"), sheet=sheet)
    return 1 if counts.keys() & {"out", "doubtful"} else 0


def _looked_at(args: argparse.Namespace, text: str) -> ContactSheet:
    by = operator("members")
    sheet = actions.begin_moving(by, association=association_named(args.association), name=args.file.name, text=text)
    if sheet.state == State.HEADING or args.column or args.dates:
        told = dict(one.partition("=")[::2] for one in args.column)
        columns = {name: key for name, key in (sheet.columns | told).items() if key}
        sheet = actions.say_columns(by, sheet=sheet, columns=columns, order=args.dates or sheet.order)
    if sheet.state == State.LEVELS:
        sheet = actions.say_levels(by, sheet=sheet, levels=_levels(sheet, args.level))
    return _to_its_end(sheet)


def _levels(sheet: ContactSheet, told: list[str]) -> dict[str, str]:
    """Which of our levels the words of the file are: as was said, else the one of the same name. A word that is neither leaves
    its rows doubtful."""
    ours = {text_of.folded(one.name): str(one.pk) for one in Level.objects.filter(association=sheet.association)}
    said = {verdicts.word(word): text_of.folded(level) for word, _sign, level in (one.partition("=") for one in told)}
    found = {}
    for word in verdicts.level_words(taking.lines(sheet)):
        name = said.get(word, word)
        if word in said and name and name not in ours:
            raise BadInput(
                "There is no level %(name)s.",
                "There are: %(names)s.",
                "Add it on the page of levels first.",
                facts={"name": name, "names": ", ".join(ours) or "none yet"},
            )
        if not name or name in ours:
            found[word] = ours.get(name, "")
    return found


def _to_its_end(sheet: ContactSheet) -> ContactSheet:
    """Do here what jobs would do; whichever is first, each row is worked on once."""
    while sheet.state == State.WORKING:
        sheet = actions.move_in(machine("association.move_in"), sheet=sheet, phase=sheet.phase, start=sheet.done)
    return sheet


def read(file: Path) -> bytes:
    """What is in a file, and no more of it than a sheet may have. Raises BadInput where it cannot be opened."""
    try:
        with file.open("rb") as opened:
            return opened.read(sheets.MOST_BYTES + 1)
    except OSError as fault:
        raise BadInput("The file cannot be read: %(why)s.", facts={"why": fault.strerror}) from fault


def association_named(name: str) -> Organization:
    there = list(Organization.objects.filter(kind=Organization.Kind.ASSOCIATION).order_by("name"))
    if len(there) == 1 and not name:
        return there[0]
    found = [one for one in there if text_of.folded(one.name) == text_of.folded(name)]
    if not found:
        raise BadInput(
            "There is no association of this name." if name else "The association is missing.",
            "There are: %(names)s.",
            "Name it by --association.",
            facts={"names": ", ".join(one.name for one in there) or "none yet"},
        )
    return found[0]
