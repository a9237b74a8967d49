"""`inmind migrate`: bring the database to this edition, and put the triggers in place."""

from __future__ import annotations

import argparse

from django.core.management import call_command


def configure(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(args: argparse.Namespace) -> int:
    bring_up_to_date(verbosity=1)
    return 0


def bring_up_to_date(verbosity: int = 0) -> None:
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
