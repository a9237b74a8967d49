"""`inmind listings`: take a directory of services in, a verdict for each, and write ours as one (HSDS 3.0)."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings

from inmind.access.actors import operator
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput
from inmind.people.models import Organization
from inmind.records.commands.export import beside
from inmind.services.adapters import directory_file
from inmind.services.adapters.catalog import programs
from inmind.services.listings import directory_actions as actions
from inmind.services.listings import export as listing_export
from inmind.services.listings.directory import ANY, Kind, Note, kind_named
from inmind.services.listings.directory_actions import Judged, Looked, Outcome, Told
from inmind.services.listings.listing import Offers

DONE, REFUSED = 0, 1
WHEN_STOPPED = "Nothing was taken in or written by this."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Take a directory of services in (HSDS 3.0: a folder or ZIP of CSV tables, or JSON), all of it or nothing, with a "
        "verdict for each service; and write the listings of this house as one."
    )
    parts = parser.add_subparsers(dest="do", metavar="WHAT", required=True)
    bring = parts.add_parser("import", help="take a directory in; the same one again changes nothing")
    bring.add_argument("path", type=Path, metavar="PATH", help="a folder or ZIP of CSV tables, or JSON")
    bring.add_argument("--keeper", required=True, metavar="NAME", help="the organization that will keep these listings")
    bring.add_argument(
        "--dry-run", action="store_true", help="say what would become of each service, and change nothing"
    )
    bring.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="TERM=KIND",
        help="what services with this term of the directory are here; `*` is for all others. KIND is one of "
        f"{', '.join(one for one in Offers if one is not Offers.PROGRAM)}, or the key of a program such as nfp",
    )
    bring.add_argument(
        "--assured", type=_day, metavar="DATE", help="when services were last checked that name no day, YYYY-MM-DD"
    )
    out = parts.add_parser("export", help="write every listing as a directory, with what is public of it")
    out.add_argument("--format", choices=["json", "csv"], default="csv", help="a ZIP of CSV tables (csv), or JSON")
    out.add_argument("file", type=Path, metavar="FILE", help="the file to write")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a service was refused, or nothing was done."""
    settings.INSTALLATION.check()
    return _bring(args) if args.do == "import" else _write(args)


def _bring(args: argparse.Namespace) -> int:
    told = Told(args.path.name, _kinds(args.kind), args.assured)
    keeper = Organization.objects.filter(name=args.keeper).first()
    if keeper is None:
        raise BadInput("There is no organization of this name: %(name)s.", facts={"name": args.keeper})
    package = directory_file.of_path(args.path)
    judged = actions.judge(keeper, package, told, clock.today(keeper.zone))
    _say(judged)
    if not args.dry_run and judged.changing:
        new, changed, closed = actions.take_in(operator("listings"), keeper=keeper, looked=Looked(judged))
        print(f"Taken in: {new} new, {changed} changed, {closed} not offered any more.")
    else:
        print("Nothing was changed." if args.dry_run else "Nothing of it is new.")
    return REFUSED if judged.counts[Outcome.REFUSED] else DONE


def _say(judged: Judged) -> None:
    for one in judged.verdicts:
        if one.outcome is not Outcome.SAME or one.notes:
            notes = " ".join(_said(note) for note in one.notes)
            print(f"{one.service.name or one.service.id}: {one.outcome}. {notes}".rstrip())
    for name in judged.gone:
        print(f"{name}: came with this directory before, and stands in it no more. It is left as it is.")
    counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(judged.counts.items()))
    print(f"{len(judged.verdicts)} services: {counted or 'none'}.")


def _said(note: Note) -> str:
    return note.says % note.facts


def _kinds(said: list[str]) -> Mapping[str, Kind]:
    found: dict[str, Kind] = {}
    for one in said:
        term, _, word = one.rpartition("=")
        kind = kind_named(word, programs())
        if kind is None or not term:
            raise BadInput(
                "%(said)s does not say what a term is here.",
                "It is written TERM=KIND, such as 'Food pantries=food' or '*=company'; a program is named by its key.",
                facts={"said": one},
            )
        found[ANY if term == ANY else text.folded(term)] = kind
    return found


def _write(args: argparse.Namespace) -> int:
    write = directory_file.write_json if args.format == "json" else directory_file.write_csv
    with beside(args.file) as file:
        count = write(listing_export.services(clock.today(settings.INSTALLATION.zone)), file)
    print(f"Written: {count} listings to {args.file}, with what is public of them.")
    return DONE


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{said!r} is no day such as 2026-11-21") from fault
