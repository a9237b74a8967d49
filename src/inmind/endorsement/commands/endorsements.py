"""`inmind endorsements import FILE`: endorsements that members hold already; with `--dry-run` each row is only looked at."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from django.conf import settings

from inmind.access.actors import operator
from inmind.association.commands.members import association_named, read
from inmind.endorsement import actions
from inmind.endorsement.held_file import SENTENCES, Verdict
from inmind.endorsement.list_queries import judged
from inmind.foundation import clock
from inmind.records import sheets

WHEN_STOPPED = "Nothing was written down."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("do", choices=["import"], help="take endorsements in")
    parser.add_argument("file", type=Path, help="the list (CSV): member, category, date decided, expires, number")
    parser.add_argument("--association", default="", help="the association whose members they are")
    parser.add_argument("--encoding", choices=list(sheets.ENCODINGS), default="", help="found out when it is not said")
    parser.add_argument("--dry-run", action="store_true", help="say each row's verdict, and take nothing in")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where a row is not taken in."""
    data = read(args.file)
    settings.INSTALLATION.check()
    return _import(args, data)


def _import(args: argparse.Namespace, data: bytes) -> int:
    words = sheets.decoded(data, args.encoding)
    there = association_named(args.association)
    rows = judged(there, words, clock.today(there.zone))
    for row in rows:
        if row.verdict is not Verdict.NEW:
            print(f"row {row.line}: {row.verdict}. {SENTENCES[row.why] if row.why else ''}".rstrip())
    if not args.dry_run:
        actions.take_in_list(operator("endorsements"), association=there, words=words)
    counts = Counter(row.verdict for row in rows)
    did = "looked at; nothing is taken in" if args.dry_run else "taken in"
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    print(f"{len(rows)} rows {did}: {said}.", file=sys.stderr)
    return 1 if counts[Verdict.OUT] else 0
