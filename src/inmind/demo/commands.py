"""`inmind demo`: an invented network of any size, from a seed, through the same actions as everything else."""

from __future__ import annotations

import argparse
import sys
import time

from django.conf import settings

from inmind import installation


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--families", type=int, default=24, help="how many families (default 24)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same network (default 7)")
    parser.add_argument(
        "--if-empty", action="store_true", help="do nothing when the database holds an installation already"
    )


def run(args: argparse.Namespace) -> int:
    """Begins the installation where there is none; refuses one that is not empty."""
    from inmind.access.commands.migrate import bring_up_to_date
    from inmind.access.models import InstallationMark

    if args.families < 0:
        print("The number of families is 0 or more.", file=sys.stderr)
        return 2
    if not settings.INSTALLATION.begun:
        begun = installation.begin(
            settings.INSTALLATION.home,
            profile=settings.INSTALLATION.profile,
            name="Coastal Network",
            state="",
            zone="America/Chicago",
            languages=("en", "es"),
        )
        settings.INSTALLATION = begun
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
    return _make(args)


def _make(args: argparse.Namespace) -> int:
    from inmind.demo import network
    from inmind.foundation import clock

    started = time.monotonic()
    with clock.at(clock.now() - network.SEASON):
        made = network.begin()
    network.fill(made, size=args.families, seed=args.seed, said=lambda done: _progress(done, args.families))
    with_families = f"{args.families} invented families, " if "families" in settings.INSTALLATION.rooms else ""
    print(f"\rThe demonstration is ready: {with_families}{time.monotonic() - started:.0f} s.", file=sys.stderr)
    return 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total} families", end="", file=sys.stderr, flush=True)
