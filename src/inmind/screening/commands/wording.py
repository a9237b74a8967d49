"""`inmind wording`: publishers' wording, as this house brings it with its license. Looking at a file needs no database."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from inmind import cli
from inmind.foundation import text as texts
from inmind.foundation.errors import BadInput
from inmind.screening import questionnaire_file, questionnaire_reader
from inmind.screening.adapters.catalog import shipped
from inmind.screening.adapters.streams import close_unread
from inmind.screening.errors import BadWording
from inmind.screening.instruments import Instrument
from inmind.screening.questionnaire_file import Questionnaire
from inmind.screening.questionnaire_reader import Reading, Row, Told

if TYPE_CHECKING:
    from inmind.people.models import Organization

DONE, REFUSED = 0, 1
WHEN_STOPPED = "What was said to be brought before is brought; nothing else was."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Bring a publisher's wording, one FHIR R4 Questionnaire (JSON), with the license by which this house uses it; list "
        "and withdraw it. Only forms whose wording is here can be sent to a caregiver."
    )
    parts = parser.add_subparsers(dest="do", metavar="WHAT", required=True)
    take = parts.add_parser("import", help="look at each question and answer, ask, and keep the wording")
    take.add_argument("file", type=Path, metavar="FILE", help="the FHIR Questionnaire, JSON")
    take.add_argument("--instrument", required=True, metavar="KEY", help="such as phq9 or epds")
    take.add_argument("--holder", default="", metavar="WORDS", help="who holds the right to the wording")
    take.add_argument("--licence", default="", metavar="WORDS", help="by which license this house uses it")
    take.add_argument("--licence-number", default="", metavar="WORDS", help="its number, where it has one")
    take.add_argument(
        "--from", dest="starts", type=_day, metavar="DATE", help="the first day of the license, YYYY-MM-DD"
    )
    take.add_argument("--until", dest="ends", type=_day, metavar="DATE", help="its last day; left out: no end is known")
    take.add_argument(
        "--agency", default="", metavar="NAME", help="the one agency that may use it; else the whole house"
    )
    take.add_argument(
        "--language",
        action="append",
        default=[],
        metavar="CODE",
        help="bring this one only (repeat); else all of the file",
    )
    take.add_argument("--written-in", default="", metavar="CODE", help="the file's own language, where it names none")
    take.add_argument(
        "--item",
        action="append",
        default=[],
        type=_pair,
        metavar="LINKID=ITEM",
        help="which item a question is (repeat)",
    )
    take.add_argument(
        "--leave-out", action="append", default=[], metavar="LINKID", help="a question that is not asked here (repeat)"
    )
    take.add_argument(
        "--by-position",
        action="store_true",
        help="the file has no points: take those of each answer's place on paper, where the order is known",
    )
    take.add_argument("--dry-run", action="store_true", help="say what would become of it; nothing is kept")
    take.add_argument("--yes", action="store_true", help="keep it without asking")
    parts.add_parser("list", help="the wordings that were brought, and how each stands")
    withdraw = parts.add_parser("withdraw", help="send a wording no more, from now on; what was answered in it stays")
    withdraw.add_argument("instrument", metavar="KEY")
    withdraw.add_argument("number", type=int, metavar="NUMBER", help="as `inmind wording list` says it")
    withdraw.add_argument("--why", required=True, metavar="WORDS", help="one sentence")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where the file has a fault, or nothing was done."""
    do = {"import": _import, "list": _list, "withdraw": _withdraw}[args.do]
    try:
        code = do(args)
        sys.stdout.flush()
    except BrokenPipeError:  # a pager was closed before the end: nothing is kept unseen
        close_unread(sys.stdout.buffer)
        return REFUSED
    return code


def _import(args: argparse.Namespace) -> int:
    instrument, form = shipped().named(args.instrument), _opened(args.file)
    told = Told(
        items=dict(args.item),
        left_out=frozenset(args.leave_out),
        by_position=args.by_position,
        language=args.written_in,
        only=frozenset(args.language),
    )
    reading = questionnaire_reader.read(form, instrument, told)
    _tell(reading, instrument)
    if reading.faults:
        return REFUSED
    if args.dry_run:
        print("Nothing was kept.")
        return DONE
    return _keep(args, form, told, list(reading.words))


def _keep(args: argparse.Namespace, form: Questionnaire, told: Told, languages: list[str]) -> int:
    if args.starts is None:
        raise BadInput(
            "From which day on the license holds is missing.", "Say it with --from, such as --from 2026-11-21."
        )
    _open_house()
    from inmind.access.actors import operator
    from inmind.screening import house_wordings

    house_wordings.check_right(args.holder, args.licence, args.starts, args.ends)
    agency, before = _agency(args.agency), house_wordings.last_number(args.instrument)
    whose = agency.name if agency else "the whole house"
    if not args.yes and not _agreed(f"Keep it in {', '.join(languages)} for {whose}? [y/N] "):
        print("Nothing was kept.")
        return REFUSED
    for language in languages:
        row = house_wordings.bring(
            operator("wording"),
            instrument=args.instrument,
            language=language,
            file=form.text,
            name=args.file.name,
            told=told,
            holder=args.holder,
            licence=args.licence,
            licence_number=args.licence_number,
            starts=args.starts,
            ends=args.ends,
            organization=agency,
            before=before,
        )
        before = row.number
        print(f"Kept: {args.instrument} {row.number} ({language}), for {whose}, from {row.starts} {_until(row.ends)}.")
    return DONE


def _tell(reading: Reading, instrument: Instrument) -> None:
    """Each question with what becomes of it, then each fault with its place."""
    for row in reading.rows:
        print(f"{row.at}  {_which(row, instrument)}: {row.outcome}")
        print(f"    {' '.join(row.text.split())}")
        for choice in row.choices:
            print(f"    {'?' if choice.points is None else choice.points}  {choice.text.base}")
        if row.why:
            print(f"    {row.why}")
    for fault in reading.faults:
        print(f"{fault.at}: {fault.in_english()}")
    if reading.words and reading.has_no_instructions:
        print(questionnaire_reader.NO_INSTRUCTIONS)
    taken = sum(row.outcome is questionnaire_reader.Outcome.TAKEN for row in reading.rows)
    said = f"{taken} of {len(instrument.items)} items of {instrument.short_name}, edition {instrument.edition}"
    print(f"{said}; languages: {', '.join(reading.languages) or '-'}; faults: {len(reading.faults)}.", file=sys.stderr)


def _which(row: Row, instrument: Instrument) -> str:
    link = texts.marked(row.link[:60])
    return f"{link} is {row.item.key} ({row.item.label})" if row.item else link


def _list(args: argparse.Namespace) -> int:
    _open_house()
    from inmind.foundation import clock
    from inmind.screening import house_wordings
    from inmind.screening.models import HouseWording

    every = list(HouseWording.objects.select_related("by", "organization").order_by("instrument", "number"))
    if not every:
        print("No wording was brought. Without it a form is given on paper; no link can ask it.")
    for row in every:
        same = [one for one in every if one.instrument == row.instrument]
        stands = house_wordings.standing(row, same, clock.today(_zone()))
        whose = row.organization.name if row.organization else "the whole house"
        who = row.by.name if row.by else "at the command line"
        print(f"{row.instrument} {row.number} ({row.language}), for {whose}: {stands}.")
        print(
            f"  {row.holder}; {' '.join(filter(None, (row.licence, row.licence_number)))}; {row.starts} {_until(row.ends)}."
        )
        print(f"  {row.file_name}, brought {row.created_at:%Y-%m-%d} ({who}).")
    return DONE


def _withdraw(args: argparse.Namespace) -> int:
    _open_house()
    from inmind.access.actors import operator
    from inmind.screening import house_wordings
    from inmind.screening.models import HouseWording

    row = HouseWording.objects.filter(instrument=args.instrument, number=args.number).first()
    if row is None:
        facts = {"key": args.instrument, "number": str(args.number)}
        raise BadInput(
            "There is no wording %(key)s %(number)s. `inmind wording list` says which there are.", facts=facts
        )
    house_wordings.withdraw(operator("wording"), wording=row, why=args.why)
    print(f"Withdrawn: {row.instrument} {row.number} ({row.language}) is sent no more. What was answered in it stays.")
    return DONE


def _opened(file: Path) -> Questionnaire:
    try:
        with file.open("rb") as there:
            data = there.read(questionnaire_file.MOST_BYTES + 1)
    except OSError as fault:
        facts = {"name": str(file)[:200], "why": fault.strerror}
        raise BadWording("The file %(name)s cannot be read: %(why)s.", facts=facts) from fault
    return questionnaire_file.opened(data)


def _agency(name: str) -> Organization | None:
    """The agency of this name; None where none is named."""
    if not name:
        return None
    from inmind.people.models import Organization

    agencies = list(Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name"))
    found = [one for one in agencies if one.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise BadInput(
            "There is no one agency called %(name)s here.",
            "Its agencies are %(known)s.",
            facts={"name": name[:80], "known": ", ".join(one.name for one in agencies) or "none yet"},
        )
    return found[0]


def _until(ends: date | None) -> str:
    return f"to {ends}" if ends else "with no end that is known"


def _agreed(question: str) -> bool:
    """Whether somebody says yes; nobody there is a no."""
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


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


def _pair(said: str) -> tuple[str, str]:
    link, _equals, key = said.rpartition("=")
    if not link or not key:
        raise argparse.ArgumentTypeError(f"{said!r} is not LINKID=ITEM, such as q3=epds_3")
    return link, key
