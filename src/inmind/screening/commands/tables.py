"""`inmind tables`: official tables of cut-offs, as this house loads them. Looking at a file needs no database."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from inmind import cli
from inmind.foundation.errors import BadInput
from inmind.screening import tables
from inmind.screening.adapters import table_file
from inmind.screening.adapters.catalog import shipped, shipped_tools
from inmind.screening.adapters.streams import close_unread
from inmind.screening.steward_table import TableRow
from inmind.screening.tables import Outcome, Ruled

DONE, REFUSED = 0, 1
WHEN_STOPPED = "No table was loaded or withdrawn by this."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Look at an official table of cut-offs row by row, load it, and withdraw it. What is loaded is used for new results; "
        "earlier ones keep the edition they were made by."
    )
    parts = parser.add_subparsers(dest="do", metavar="WHAT", required=True)
    template = parts.add_parser("template", help="print an empty table: a row for each cut-off that is not known here")
    template.add_argument("instrument", metavar="KEY", help="such as swycmilestones or asq3")
    check = parts.add_parser("check", help="say of each row what would become of it; nothing is changed")
    load = parts.add_parser("load", help="say the same, ask, and load what is new")
    for one in (check, load):
        one.add_argument("file", type=Path, metavar="FILE", help="the table, CSV")
        one.add_argument("--instrument", required=True, metavar="KEY", help="whose table it is")
    load.add_argument("--edition", required=True, metavar="NAME", help="how results will name it, such as teamup-2026")
    load.add_argument("--dated", required=True, type=_day, metavar="DATE", help="the table's own date, YYYY-MM-DD")
    load.add_argument("--yes", action="store_true", help="load without asking")
    parts.add_parser("list", help="what is not known here, and the tables that were loaded")
    withdraw = parts.add_parser("withdraw", help="make no new result with a table; those that stand keep it")
    withdraw.add_argument("instrument", metavar="KEY")
    withdraw.add_argument("edition", metavar="NAME")
    withdraw.add_argument("--why", required=True, metavar="WORDS", help="one sentence")
    withdraw.add_argument("--from", dest="since", type=_day, metavar="DATE", help="from which day on; else today")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a row of a table was refused, or nothing was done."""
    do = {"template": _template, "check": _check, "load": _load, "list": _list, "withdraw": _withdraw}[args.do]
    try:
        code = do(args)
        sys.stdout.flush()
    except BrokenPipeError:  # a pager was closed before the end: enough was read, and nothing is loaded unseen
        close_unread(sys.stdout.buffer)
        return REFUSED if args.do == "load" else DONE
    return code


def _template(args: argparse.Namespace) -> int:
    ruled = _ruled(args.instrument)
    sys.stdout.write(tables.template(ruled).replace("\r\n", "\n"))
    print(f"To be filled in from {tables.guide_of(ruled)}.", file=sys.stderr)
    return DONE


def _check(args: argparse.Namespace) -> int:
    _text, rows = _read(args)
    is_clean, _new = _told(args, rows)
    return DONE if is_clean else REFUSED


def _load(args: argparse.Namespace) -> int:
    text, rows = _read(args)
    if not any(row.is_new for row in rows):
        _told(args, rows)
        return REFUSED
    _open_house()
    from inmind.access.actors import operator
    from inmind.foundation import clock
    from inmind.screening import house_tables

    house_tables.check_name(args.instrument, args.edition, args.dated, clock.today(_zone()))
    is_clean, new = _told(args, rows)
    last = house_tables.last_of(args.instrument)
    if last is not None and house_tables.standing(last, last) == house_tables.Standing.USED:
        print(f"The table {last.edition} was loaded before; this one takes its place for new results.")
        against = tables.against(last.rows, tables.new_rows(_ruled(args.instrument), text))
        for said, places in (("With another number", against.other), ("Unknown again", against.gone)):
            if places:
                print(f"{said}: {', '.join(places)}.")
    if not args.yes and not _agreed(f"Load {new} rows as {args.edition}? [y/N] "):
        print("Nothing was loaded.")
        return REFUSED
    table = house_tables.load(
        operator("tables"),
        instrument=args.instrument,
        edition=args.edition,
        dated=args.dated,
        table=text,
        before=last.number if last else 0,
    )
    print(f"Loaded: {len(table.rows)} rows. New results name edition {table.over}+{table.edition}.")
    return DONE if is_clean else REFUSED


def _agreed(question: str) -> bool:
    """Whether somebody says yes; nobody there is a no."""
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


def _list(args: argparse.Namespace) -> int:
    _open_house()
    from inmind.screening import house_tables
    from inmind.screening.models import StewardTable

    for ruled in tables.waiting(shipped(), shipped_tools()):
        last = house_tables.last_of(ruled.key)
        unknown = tables.unknown_said(house_tables.as_used(ruled, last)) or "nothing"
        print(f"{ruled.key} ({ruled.short_name}), not known: {unknown}. Load {tables.guide_of(ruled)}.")
        for table in StewardTable.objects.filter(instrument=ruled.key).select_related("by").order_by("-number"):
            who = table.by.name if table.by else "at the command line"
            said = f"  {table.edition}, dated {table.dated}: {len(table.rows)} rows over edition {table.over}, loaded"
            print(f"{said} {table.created_at:%Y-%m-%d} ({who}); {house_tables.standing(table, last)}.")
    return DONE


def _withdraw(args: argparse.Namespace) -> int:
    _open_house()
    from inmind.access.actors import operator
    from inmind.foundation import clock
    from inmind.screening import house_tables
    from inmind.screening.models import StewardTable

    table = StewardTable.objects.filter(instrument=args.instrument, edition=args.edition).first()
    if table is None:
        raise BadInput("There is no table of this name for %(key)s.", facts={"key": args.instrument})
    since = args.since or clock.today(_zone())
    house_tables.withdraw(operator("tables"), table=table, since=since, why=args.why)
    print(f"From {since} on no new result is made with {args.edition}. Those that stand keep it.")
    return DONE


def _read(args: argparse.Namespace) -> tuple[str, tuple[TableRow, ...]]:
    """The table's text, and each row with its verdict."""
    ruled = _ruled(args.instrument)
    text = table_file.text_of(args.file)
    return text, tables.judged(ruled, text)


def _told(args: argparse.Namespace, rows: tuple[TableRow, ...]) -> tuple[bool, int]:
    """Say what becomes of each row: whether every one may stand, and how many are new."""
    ruled = _ruled(args.instrument)
    for line in table_file.lines(rows):
        print(line)
    counts = Counter(tables.outcome(row) for row in rows)
    said = ", ".join(f"{count} {word}" for word, count in counts.items())
    print(f"{len(rows)} rows for {ruled.short_name}, edition {ruled.edition}: {said}.", file=sys.stderr)
    return not counts[Outcome.REFUSED], counts[Outcome.NEW] + counts[Outcome.WINS]


def _ruled(key: str) -> Ruled:
    return tables.ruled_by(key, shipped(), shipped_tools())


def _open_house() -> None:
    cli.set_up()
    cli.look_around()
    cli.follow_the_story()
    from django.conf import settings

    settings.INSTALLATION.check()


def _zone() -> str:
    from django.conf import settings

    return settings.INSTALLATION.zone


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{said!r} is no day such as 2026-11-21") from fault
