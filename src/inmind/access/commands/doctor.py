"""`inmind doctor`: say in plain words what is wrong, and what to do."""

from __future__ import annotations

import argparse
import json

from inmind import __version__, cli
from inmind.environment import BadSetting
from inmind.foundation.registries import Finding, Grade

MARKS = {Grade.WELL: "well", Grade.NOTE: "worth knowing", Grade.HAND: "NEEDS A HAND"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON value, for programs that watch")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when something needs a hand."""
    found = _findings()
    needed = [finding for finding in found if finding.grade is Grade.HAND]
    if args.json:
        said = [{"what": one.what, "grade": one.grade.value, "says": one.says, "do": one.do} for one in found]
        print(json.dumps({"edition": __version__, "well": not needed, "findings": said}, ensure_ascii=False))
        return 1 if needed else 0
    print(f"InMind {__version__}")
    for finding in found:
        print(f"  {MARKS[finding.grade]:<13}  {finding.what}: {finding.says}")
        if finding.do:
            print(f"  {'':<13}  {finding.do}")
    count = len(needed)
    print("Nothing needs a hand." if not needed else f"{count} thing{' needs' if count == 1 else 's need'} a hand.")
    return 1 if needed else 0


def _findings() -> list[Finding]:
    try:
        cli.set_up()
    except BadSetting as fault:
        return [Finding("settings", Grade.HAND, f"{fault.found} {fault.expected}", fault.next_step)]
    from inmind.access import health, telling

    telling.follow()
    return health.findings()
