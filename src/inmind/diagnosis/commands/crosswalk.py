"""`inmind crosswalk`: a diagnosis looked up, releases and tables loaded, and what a new release breaks."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from inmind.access.actors import operator
from inmind.diagnosis import releases, table_file
from inmind.diagnosis.adapters import bundled, tabular
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.codes import actions, blocks, lookup, queries, words
from inmind.diagnosis.codes.lookup import Looked
from inmind.diagnosis.codes.models import CodeRelease, CrosswalkTable
from inmind.diagnosis.codes.table_views import text_of
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.releases import Release, last_day, year_ends
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.values import Period

DONE, REFUSED, NOTHING_TO_LOOK_IN = 0, 1, 2
WHEN_STOPPED = "Nothing was loaded or withdrawn by this."
WORKING = {"yes": True, "no": False, "unsaid": None}
_EXAMPLES = """
examples:
  inmind crosswalk early-atypical-autism-spectrum-disorder --publisher "State Medicaid" --on 2026-05-04
  inmind crosswalk load-release icd10cm-tabular-April-1-2026.xml
  inmind crosswalk load table.csv --publisher "State Medicaid" --edition 2026-07 --since 2026-07-01
  inmind crosswalk answer --publisher "State Medicaid" --edition 2026-07 --since 2026-09-01 --working yes --source "Letter"
  inmind crosswalk withdraw-release --since 2026-04-01 --why "Loaded with a wrong first day"
  inmind crosswalk check

exit codes: 0 done; 1 a row was refused or does not stand, no code was found, or nothing was done; 2 the call is wrong, or there
is no release to check.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Look up which codes of ICD-10-CM a diagnosis of DC:0-5 leads to, by the tables that this house loaded; load releases "
        "and tables; and see which rows a new release breaks. Nothing leads from a code back to a diagnosis."
    )
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.set_defaults(refuse=parser.error)  # a call that is wrong: exit code 2
    parser.add_argument(
        "what",
        metavar="DIAGNOSIS|DO",
        help="a diagnosis by its key or name; or load-release, withdraw-release, load, answer, withdraw, list, check",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="of load-release (XML) and load (CSV)")
    parser.add_argument("--on", type=_day, metavar="DATE", help="a diagnosis, check: on which day; else today")
    parser.add_argument("--json", action="store_true", help="a diagnosis, list: the same for a program")
    parser.add_argument(
        "--publisher", default="", metavar="NAME", help="a diagnosis, load, answer, withdraw: whose table"
    )
    parser.add_argument("--edition", default="", metavar="NAME", help="load, answer, withdraw: of the table")
    parser.add_argument(
        "--since",
        type=_day,
        metavar="DATE",
        help="load-release, load, answer: the first day on which it holds; withdraw-release: that of the release",
    )
    parser.add_argument("--until", type=_day, metavar="DATE", help="the first day on which it holds no more")
    parser.add_argument("--name", default="", metavar="NAME", help="load-release: what it is called; else by its month")
    parser.add_argument(
        "--payer", action="append", default=[], metavar="NAME", help="load, answer: for this payer alone"
    )
    parser.add_argument(
        "--working", choices=list(WORKING), default="unsaid", help="load, answer: whether it takes a working diagnosis"
    )
    parser.add_argument("--source", default="", metavar="WORDS", help="load, answer: where it stands")
    parser.add_argument("--dry-run", action="store_true", help="load: say of each row what becomes of it, and stop")
    parser.add_argument("--yes", action="store_true", help="load: without asking")
    parser.add_argument("--why", default="", metavar="WORDS", help="withdraw, withdraw-release: one sentence")
    parser.add_argument(
        "--anyway", action="store_true", help="load-release: also a list with far fewer codes than the one beside it"
    )
    parser.add_argument(
        "--without-headings", action="store_true", help="load: leave out the rows whose code is a heading"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a row was refused, a row is broken, or nothing was found or done; 2 where there is nothing to check by."""
    settings.INSTALLATION.check()
    parts: dict[str, Callable[[argparse.Namespace], int]] = {
        "load-release": _load_release,
        "withdraw-release": _withdraw_release,
        "load": _load,
        "answer": _answer,
        "withdraw": _withdraw,
        "list": _list,
        "check": _check,
    }
    return parts.get(args.what, _look_up)(args)


def _today() -> date:
    return clock.today(settings.INSTALLATION.zone)


# Looking up


def _look_up(args: argparse.Namespace) -> int:
    disorder = lookup.disorder_named(args.what, manual())
    looked = queries.look_up(disorder, args.on or _today(), args.publisher)
    if args.json:
        print(json.dumps(words.looked_as_data(looked, str), ensure_ascii=False, indent=1))
    else:
        _print(looked, args.publisher)
    return DONE if looked.codes_a_claim else REFUSED


def _print(looked: Looked, publisher: str) -> None:
    print(f"{looked.disorder.name}, on {looked.day}")
    if looked.release is None:
        print("No release of ICD-10-CM is loaded for this day, so no code was looked at.")
    else:
        over = ". That list is for a year that ended before; a later one may be in force" if _is_over(looked) else ""
        print(f"in ICD-10-CM {looked.release.name}{over}")
    if not looked.tables:
        whose = f" of {publisher}" if publisher else ""
        print(f"\nNo table{whose} is loaded that is in force on this day. No code leaves for a claim.")
    for table in looked.tables:
        payers = ", ".join(table.payers) or "all payers"
        print(f"\n{table.table.publisher}, {table.table.edition} (for {payers})")
        for row in table.rows:
            when = words.decides(row.mapped.parent, row.mapped.kind, row.mapped.when, str)
            print(f"  {row.mapped.code:8} {row.title}{f' [{when}]' if when else ''}")
            if row.fault is not None:
                print(f"           {_broken(row.fault.value, row.leaves)}")
        if table.is_left_out:
            print("  has only a heading for it, and that row was not taken; a claim for it carries no code")
        elif not table.rows:
            print("  does not name it; a claim for it carries no code")
    if looked.suggestions:
        print(f"\n{words.TO_BE_READ}")
    for one in looked.suggestions:
        ours = one.suggestion
        print(f"  {ours.code:8} {ours.title}: {words.STANDING[ours.standing]}; {words.SURE[ours.confidence]}")
        if one.fault is not None and one.leaves:
            print(f"           {_broken(one.fault.value, one.leaves)}")


def _is_over(looked: Looked) -> bool:
    return looked.release is not None and looked.release.may_be_over(looked.day)


def _broken(fault: str, leaves: tuple[str, ...]) -> str:
    return f"{fault} Below it: {', '.join(leaves)}." if leaves else fault


# Releases


def _load_release(args: argparse.Namespace) -> int:
    file = args.file or bundled.release_file()
    if file is None:
        raise BadInput(
            "No file is named, and no library brings one.",
            "A release is the tabular list as XML, as its publisher offers it.",
            "Name the file, or install simple-icd-10-cm, which brings one.",
        )
    since: date | None = args.since or blocks.day_in_name(file.name)
    if since is None:
        return args.refuse("--since is missing: the name of the file does not say on which day the release begins")
    if args.until is not None and args.until <= since:
        args.refuse(f"--until {args.until} does not lie after {since}")
    mark = _mark(file)
    releases.check_days(Period(since, args.until), _today())
    same = CodeRelease.objects.filter(sha256=mark, withdrawn_on=None).first()
    if same is not None and args.since in (None, same.since):
        print(f"This file is loaded already, as {same.name}, in force from {same.since} on. Nothing was changed.")
        return DONE
    print(f"Reading {file.name}.", file=sys.stderr)
    release = tabular.read(file, name=args.name or blocks.called(since), period=Period(since, args.until))
    actions.check_release(release, mark, _today(), anyway=args.anyway)
    kept = actions.load_release(
        operator("crosswalk"), release=release, file=file.name, sha256=mark, anyway=args.anyway, told=_progress
    )
    release = replace(release, period=next(period for row, period in queries.loaded() if row.pk == kept.pk))
    ends = f"until {last_day(release.period)}" if release.period.until else "until another is loaded"
    print(f"Loaded: ICD-10-CM {kept.name}, {kept.codes} codes, in force from {kept.since} {ends}.")
    if release.may_be_over(_today()):
        print(
            f"It is for the year that ends before {year_ends(since)}, and today lies after it: a later list may be in force. "
            "Take the next one from its publisher."
        )
    broken = _checked_of(release)
    if broken.rows or broken.suggestions:
        print(f"{_counted(broken)} in it; `inmind crosswalk check` names each.")
    return DONE


def _withdraw_release(args: argparse.Namespace) -> int:
    _wants(args, "since", "why")
    there = CodeRelease.objects.filter(since=args.since, withdrawn_on=None).first()
    if there is None:
        raise BadInput(
            "There is no release from %(since)s on that could be withdrawn.",
            next_step="`inmind crosswalk list` says which there are.",
            facts={"since": args.since},
        )
    days = queries.days_coded(there)
    actions.withdraw_release(operator("crosswalk"), release=there, why=args.why)
    print(f"Withdrawn. No code is looked up in ICD-10-CM {there.name} from now on.")
    if days:
        print(
            f"Since it was loaded, codes of claims were looked at on {', '.join(map(str, days))}. Claims for services within its "
            "days were coded with it."
        )
    else:
        print("No codes of claims were looked at since it was loaded.")
    return DONE


def _mark(file: Path) -> str:
    try:
        with file.open("rb") as there:
            return hashlib.file_digest(there, "sha256").hexdigest()
    except OSError as fault:
        facts = {"name": str(file)[:200], "why": fault.strerror}
        raise BadInput("%(name)s cannot be read: %(why)s.", facts=facts) from fault


def _progress(done: int, of: int) -> None:
    end = "\n" if done == of else "\r"
    if sys.stderr.isatty() or done == of:
        print(f"{done} of {of} categories kept.", end=end, file=sys.stderr, flush=True)


# Tables


def _load(args: argparse.Namespace) -> int:
    _wants(args, "file", "publisher", "edition", "since")
    text = _text(args.file)
    told = {"since": args.since, "until": args.until, "payers": tuple(args.payer)}
    working = WORKING[args.working]
    new = actions.named(args.publisher, args.edition, **told, working=working)
    ended = actions.check_named(new)
    rows = actions.judge(text, args.since, args.until, _today())
    refused = headings = 0
    for row in rows:
        refused += row.mapped is None
        headings += row.is_heading
        said = row.verdict.sentence % row.verdict.facts if row.verdict.facts else row.verdict.sentence
        print(f"line {row.line}: {said}")
    print(f"{len(rows)} rows: {len(rows) - refused} can be taken, {refused} cannot.", file=sys.stderr)
    for one in ended:
        some = f" for {', '.join(one.payers)} alone; the others keep it" if one.payers else ""
        print(f"With it {one.table.publisher}, {one.table.edition}, would end before {args.since}{some}.")
    if left_out := table_file.unnamed(rows, manual()):
        print(f"It does not name {len(left_out)} diagnoses: {', '.join(left_out)}.")
    if without := table_file.without_a_code(rows):
        print(
            f"Without the rows that cannot be taken, {len(without)} that it names have no code: {', '.join(without)}."
        )
    if refused > headings or (refused and not args.without_headings):
        print("A table is taken whole or not at all. Nothing was loaded.")
        if refused == headings:
            print("Ask its publisher which codes are meant, or load it by --without-headings.")
        return REFUSED
    if args.dry_run:
        print("Nothing was loaded.")
        return DONE
    if not args.yes and not _agreed(f"Load {len(rows) - refused} rows as {new.publisher}, {new.edition}? [y/N] "):
        print("Nothing was loaded.")
        return REFUSED
    kept = actions.load_table(
        operator("crosswalk"),
        publisher=args.publisher,
        edition=args.edition,
        **told,
        working_may_be_billed=working,
        source=args.source,
        table=text,
        without_headings=args.without_headings,
    )
    loaded = len(rows) - refused
    print(
        f"Loaded: {loaded} {'row' if loaded == 1 else 'rows'}. Claims for services from {kept.since} on carry its codes."
    )
    return DONE


def _wants(args: argparse.Namespace, *names: str) -> None:
    for name in names:
        if not getattr(args, name):
            args.refuse(f"{'FILE' if name == 'file' else f'--{name}'} is missing")


def _text(file: Path) -> str:
    try:
        return text_of(file.read_bytes())
    except OSError as fault:
        facts = {"name": str(file)[:200], "why": fault.strerror}
        raise BadInput("%(name)s cannot be read: %(why)s.", facts=facts) from fault


def _agreed(question: str) -> bool:
    """Whether somebody says yes; nobody there is a no."""
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


def _table_named(args: argparse.Namespace, what: str) -> CrosswalkTable:
    named = {"publisher": args.publisher, "edition": args.edition, "withdrawn_on": None}
    table = CrosswalkTable.objects.filter(**named).first()
    if table is None:
        raise BadInput(
            f"There is no table %(publisher)s, %(edition)s {what}.",
            next_step="`inmind crosswalk list` says which there are.",
            facts={"publisher": args.publisher, "edition": args.edition},
        )
    return table


def _answer(args: argparse.Namespace) -> int:
    _wants(args, "publisher", "edition", "since", "source")
    takes = WORKING[args.working]
    if takes is None or len(args.payer) > 1:
        args.refuse("--working is yes or no" if takes is None else "--payer is said once: each answer is one payer's")
    table, payer = _table_named(args, "with which an answer could be kept"), next(iter(args.payer), "")
    actions.keep_answer(
        operator("crosswalk"), table=table, since=args.since, takes=bool(takes), source=args.source, payer=payer
    )
    whom = payer or "every payer of this table"
    print(f"Written down: from {args.since} on, {whom} {'takes' if takes else 'does not take'} a working diagnosis.")
    return DONE


def _withdraw(args: argparse.Namespace) -> int:
    _wants(args, "publisher", "edition", "why")
    table = _table_named(args, "that could be withdrawn")
    actions.withdraw_table(operator("crosswalk"), table=table, why=args.why)
    print(f"Withdrawn. No code leaves by {args.publisher}, {args.edition} from today on.")
    return DONE


def _list(args: argparse.Namespace) -> int:
    releases_here, tables_here = queries.every_release()[::-1], CrosswalkTable.objects.order_by("publisher", "since")
    if args.json:
        data = {
            "releases": [_release_data(row, period) for row, period in releases_here],
            "tables": [_table_data(row) for row in tables_here],
        }
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return DONE
    for release, period in releases_here:
        gone = f", withdrawn {release.withdrawn_on}: {release.withdrawn_why}" if release.withdrawn_on else ""
        print(f"ICD-10-CM {release.name}, {_from_to(period)}: {release.codes} codes ({release.file}){gone}")
    for table in tables_here:
        payers = ", ".join(table.payers.splitlines()) or "all payers"
        stands = f"withdrawn {table.withdrawn_on}: {table.withdrawn_why}" if table.withdrawn_on else f"for {payers}"
        ended = "".join(f", for {one.payer} until before {one.since}" for one in table.ends.order_by("payer"))
        print(
            f"{table.publisher}, {table.edition}, {_from_to(queries.period_of(table))}: {table.rows.count()} rows, {stands}{ended}"
        )
    if not CrosswalkTable.objects.filter(withdrawn_on=None).exists():
        print("No table is loaded, so no code leaves for a claim.")
    return DONE


def _release_data(row: CodeRelease, period: Period) -> dict[str, Any]:
    return {"name": row.name, **_days_data(period), "codes": row.codes, "file": row.file, **_withdrawn_data(row)}


def _table_data(row: CrosswalkTable) -> dict[str, Any]:
    return {
        "publisher": row.publisher,
        "edition": row.edition,
        **_days_data(queries.period_of(row)),
        "payers": row.payers.splitlines(),
        "ended": {one.payer: str(one.since) for one in row.ends.order_by("payer")},
        "rows": row.rows.count(),
        "left_out": [{"disorder": disorder, "code": code} for disorder, code in queries.left_out(row)],
        "working_may_be_billed": row.working_may_be_billed,
        "answers": [
            {"payer": one.payer, "since": str(one.since), "takes": one.takes, "source": one.source}
            for one in row.answers.order_by("since", "created_at")
        ],
        "source": row.source,
        **_withdrawn_data(row),
    }


def _days_data(period: Period) -> dict[str, str | None]:
    return {"since": str(period.since), "until": str(period.until) if period.until else None}


def _withdrawn_data(row: CodeRelease | CrosswalkTable) -> dict[str, str | None]:
    return {"withdrawn_on": str(row.withdrawn_on) if row.withdrawn_on else None, "withdrawn_why": row.withdrawn_why}


def _from_to(period: Period) -> str:
    return f"from {period.since} until before {period.until}" if period.until else f"from {period.since} on"


# What a release breaks


def _check(args: argparse.Namespace) -> int:
    """1: a row or a suggestion does not stand; 2: no release is there to check by."""
    checked = queries.check(args.on or _today())
    if not checked:
        print(
            "No release of ICD-10-CM is loaded that is in force today or later. "
            "Load one by `inmind crosswalk load-release FILE --since DATE`.",
            file=sys.stderr,
        )
        return NOTHING_TO_LOOK_IN
    return max([_said_broken(one) for one in checked])


def _checked_of(release: Release) -> queries.Checked:
    every = queries.check(min(_today(), release.period.since))
    return next(one for one in every if one.release.period.since == release.period.since)


def _said_broken(one: queries.Checked) -> int:
    """Say what a release breaks; 1 where that is a row of a loaded table, or a suggestion of ours."""
    for table, broken in one.rows:
        said = f"{broken.row.disorder} {broken.row.code}{_parent(broken.row.parent)}"
        print(f"{table.publisher}, {table.edition}: {said}: {_broken(broken.fault.value, broken.leaves)}")
    for gone in one.suggestions:
        ours = gone.suggestion
        why = gone.fault.value if gone.fault else f"Its title is now: {gone.title}"
        print(f"our suggestion: {ours.disorder} {ours.code}: {why}")
    if one.rows or one.suggestions:
        print(f"ICD-10-CM {one.release.name}: {_counted(one)}.")
        return REFUSED
    print(f"ICD-10-CM {one.release.name}: every row of a loaded table stands, and each of our suggestions.")
    return DONE


def _counted(one: queries.Checked) -> str:
    return f"{len(one.rows)} rows of tables and {len(one.suggestions)} of our suggestions do not stand"


def _parent(parent: KindOfParent | None) -> str:
    return f" ({parent.value})" if parent else ""


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{said!r} is no day such as 2026-11-21") from fault
