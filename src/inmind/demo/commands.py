"""`inmind demo`: an invented network of any size, from a seed, through the same actions as everything else."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from django.conf import settings

from inmind import installation

WHEN_STOPPED = "The demonstration was not made, and its database is empty; `inmind demo` begins again."
NAMES = {"association": "Plains Association for Infant Mental Health"}  # of a house that is no network
COUNTED = ("families", "members")  # what is told of in the end
MOST_FAMILIES = 1_000_000
TOLD_EACH_TIME = 500  # up to so many, a log is told nothing on the way


def configure(parser: argparse.ArgumentParser) -> None:
    from inmind.demo import story

    parser.add_argument(
        "--families", type=int, default=24, help=f"how many families, from 1 to {MOST_FAMILIES:,} (default 24)"
    )
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same network (default 7)")
    parser.add_argument(
        "--story",
        choices=story.NAMES,
        help="a told story on fixed days instead: `board` is for five minutes before a board",
    )
    parser.add_argument(
        "--if-empty", action="store_true", help="do nothing when the database holds an installation already"
    )


def run(args: argparse.Namespace) -> int:
    """Begins the installation where there is none; refuses one that is not empty."""
    from inmind.access.commands.migrate import bring_up_to_date
    from inmind.access.models import InstallationMark

    if not 1 <= args.families <= MOST_FAMILIES:
        print(
            f"A demonstration has from 1 to {MOST_FAMILIES:,} families, and {args.families:,} were asked for.",
            file=sys.stderr,
        )
        return 2
    if not settings.INSTALLATION.begun:
        begun = installation.begin(
            settings.INSTALLATION.home,
            profile=settings.INSTALLATION.profile,
            name=NAMES.get(settings.INSTALLATION.profile, "Coastal Network"),
            state="",
            zone="America/Chicago",
            languages=("en", "es"),
        )
        settings.INSTALLATION = begun
    if args.story and "families" not in settings.INSTALLATION.rooms:
        print("The story is about families, and an association keeps none.", file=sys.stderr)
        return 2
    installation.ensure_keys(settings.INSTALLATION.home)
    bring_up_to_date()
    if InstallationMark.objects.exists():
        if args.if_empty:
            return 0
        print(
            "This database holds an installation already. A demonstration needs an empty one: choose another folder by INMIND_HOME.",
            file=sys.stderr,
        )
        return 1
    return _tell() if args.story else _make(args)


def _tell() -> int:
    from inmind.access.founding import whole_or_nothing
    from inmind.demo import story
    from inmind.foundation import clock

    with whole_or_nothing():
        story.tell(_progress())
    stands = clock.local(story.told_at(), settings.INSTALLATION.zone)
    print(f"The story is ready. Its clock stands at {stands}, and goes on while it is served.", file=sys.stderr)
    return 0


def _make(args: argparse.Namespace) -> int:
    from inmind.access.founding import whole_or_nothing
    from inmind.demo import network
    from inmind.foundation import clock

    started = time.monotonic()
    with whole_or_nothing():
        with clock.at(clock.now() - network.SEASON):
            made = network.begin()
        counted: dict[str, int] = {}
        network.fill(made, size=args.families, seed=args.seed, said=_counting(counted, _progress()))
    parts = [
        *(f"{counted[what]} invented {what}" for what in COUNTED if what in counted),
        f"{time.monotonic() - started:.0f} s",
    ]
    print(f"The demonstration is ready: {', '.join(parts)}.", file=sys.stderr)
    return 0


def _counting(counted: dict[str, int], said: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
    """The same, with how many there are of what in the end."""

    def say(done: int, total: int, what: str) -> None:
        counted[what] = total
        said(done, total, what)

    return say


def _progress() -> Callable[[int, int, str], None]:
    """How far it is: a line that counts on at a terminal; in a log a line for each tenth, where it takes a while."""
    told: dict[str, int] = {}

    def say(done: int, total: int, what: str) -> None:
        line = f"{done:,} of {total:,} {what}"
        if sys.stderr.isatty():
            print(f"\r{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif total > TOLD_EACH_TIME and (tenth := 10 * done // total) > told.get(what, 0):
            told[what] = tenth
            print(line, file=sys.stderr, flush=True)

    return say
