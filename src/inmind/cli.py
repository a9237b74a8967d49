"""The `inmind` command. Each room's `commands.py` adds its own; Django is loaded only by those that need it."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import FrameType
from typing import Any

from inmind import __version__, environment, postgresql
from inmind.environment import BadSetting
from inmind.foundation.errors import InMindError

# Command -> (module, one line). A module has `configure(parser)` and `run(args) -> int`, and says if it needs Django.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": (
        "inmind.access.commands.init",
        "begin an installation: profile, name, state, zone, languages, first administrator",
    ),
    "serve": ("inmind.access.commands.serve", "pages, jobs and clock, in one process tree"),
    "demo": ("inmind.demo.commands", "an invented network of any size, from a seed"),
    "score": ("inmind.screening.score_command", "score a file of answers"),
    "tables": ("inmind.screening.commands.tables", "look at, load and withdraw official tables of cut-offs"),
    "wording": ("inmind.screening.commands.wording", "bring, list and withdraw publishers' wording, with its license"),
    "instruments": ("inmind.screening.instruments_command", "list the instruments that are here, or explain one"),
    "crosswalk": ("inmind.diagnosis.commands.crosswalk", "codes of a diagnosis; load releases and tables of codes"),
    "listings": ("inmind.services.commands.listings", "take directories of services in, and write ours (HSDS 3.0)"),
    "import": ("inmind.records.commands.take_in", "take families in from a sheet, or everything from an export"),
    "members": ("inmind.association.commands.members", "take members in from the export of another product"),
    "endorsements": (
        "inmind.endorsement.commands.endorsements",
        "take in a list of endorsements that are held already",
    ),
    "export": ("inmind.records.commands.export", "write everything that is kept, with a data dictionary"),
    "backup": ("inmind.access.commands.backup", "write an encrypted backup while the house goes on working"),
    "restore": ("inmind.access.commands.restore", "restore a backup into an empty installation"),
    "keys": ("inmind.access.commands.keys", "rotate the keys of this installation, or say how far that is"),
    "audit": ("inmind.access.commands.audit", "verify the trail, or print its head"),
    "doctor": ("inmind.access.commands.doctor", "say in plain words what is wrong and what to do"),
    "link": ("inmind.access.commands.link", "a new one-time link for an administrator who cannot sign in"),
    "migrate": ("inmind.access.commands.migrate", "bring the database to this edition"),
}
WITHOUT_DJANGO = {"init", "serve", "restore", "doctor", "score", "instruments", "tables", "wording"}


class Stopped(KeyboardInterrupt):
    """A signal asked to stop; past every handler of ordinary errors, so that what was begun is cleaned up."""

    def __init__(self, number: int) -> None:
        self.number = number


def main(argv: list[str] | None = None) -> int:
    """Run a command. Its exit code is 0 when it did what was asked, 1 when it refused or failed, 2 when the call or a
    setting was wrong, 128 + n when signal n stopped it.
    """
    parser = argparse.ArgumentParser(
        prog="inmind", description="InMind: infant and early childhood mental health, end to end."
    )
    parser.add_argument("--version", action="version", version=f"inmind {__version__}")
    parts = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, line) in COMMANDS.items():
        if find_spec(module) is not None:
            parts.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), "")
    if name in COMMANDS and find_spec(COMMANDS[name][0]) is not None:
        return _run(name, parts.choices[name], parser, words)
    parser.parse_args(words)
    return 2


def _run(name: str, own: argparse.ArgumentParser, parser: argparse.ArgumentParser, words: list[str]) -> int:
    left = "Nothing was begun."
    try:
        with _stoppable(), _private():
            if name not in WITHOUT_DJANGO:
                set_up()
                look_around()
                follow_the_story()
            module = _of_this_house(name)
            module.configure(own)
            run: Callable[[argparse.Namespace], int] = module.run
            args = parser.parse_args(words)
            left = getattr(module, "WHEN_STOPPED", "It was not done to its end.")
            code = run(args)
            sys.stdout.flush()
            return code
    except BrokenPipeError:  # a pager, or a program that had read enough, was closed before the end
        if not _is_unread():
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except BadSetting as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except InMindError as refusal:
        print(refusal.in_english(), file=sys.stderr)
        return 1
    except KeyboardInterrupt as stop:
        print(f"Stopped. {left}", file=sys.stderr)
        return 128 + getattr(stop, "number", signal.SIGINT)
    except Exception as fault:
        if not _is_of_the_database(fault):
            raise
        why = str(fault).partition("\n")[0]
        print(f"The database cannot be used: {why}. `inmind doctor` says what is wrong.", file=sys.stderr)
        return 1


def _is_unread() -> bool:
    """Whether nobody reads any more what we print; else it was another pipe that broke."""
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    return bool(asked.poll(0))


def _of_this_house(name: str) -> Any:
    """The module of a command. Raises BadSetting where it works on tables that this installation does not have."""
    try:
        return importlib.import_module(COMMANDS[name][0])
    except RuntimeError as fault:
        if "INSTALLED_APPS" not in str(fault):
            raise
        from django.conf import settings

        raise BadSetting(
            f"`inmind {name}` works on what this installation does not keep.",
            f"Its profile is {settings.INSTALLATION.profile}.",
            "Run it in a house of another profile; INMIND_HOME says which one is meant.",
        ) from fault


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a signal stop a command as Ctrl-C does, once: the cleaning up is not to be stopped. An ignored one stays so."""

    def stop(number: int, _: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        told.append(number)
        raise Stopped(number)

    def unheard(lost: sys.UnraisableHookArgs) -> None:
        """Python drops what is raised while something is put away: a stop that came just then comes once more."""
        if not isinstance(lost.exc_value, Stopped):
            before_it(lost)
            return
        signal.signal(lost.exc_value.number, stop)
        again = threading.Timer(0.05, os.kill, (os.getpid(), lost.exc_value.number))
        again.daemon = True
        again.start()

    told: list[int] = []
    before_it, sys.unraisablehook = sys.unraisablehook, unheard
    stopping = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.getsignal(each) for each in stopping if signal.getsignal(each) != signal.SIG_IGN}
    for each in before:
        signal.signal(each, stop)
    try:
        yield
    except Exception as fault:
        if told:  # raised in a function that SQLite had called, it comes back as a fault of SQLite's
            raise Stopped(told[0]) from fault
        raise
    finally:
        sys.unraisablehook = before_it
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _private() -> Iterator[None]:
    """What a command writes is its owner's alone, as is what the processes write that it starts."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def look_around() -> None:
    """What every command with Django needs: the keys of an installation that has begun, and a database that answers."""
    from django.conf import settings

    if settings.INSTALLATION.begun:
        settings.INSTALLATION.check_keys()
    postgresql.reach(environment.read("DATABASE_URL"))


def _is_of_the_database(fault: Exception) -> bool:
    """Whether the database said it; Django, once loaded, knows. A constraint that was broken is a fault of ours."""
    django_db = sys.modules.get("django.db")
    if django_db is None:
        return False
    said_by_it = (django_db.OperationalError, django_db.ProgrammingError)
    return isinstance(fault, said_by_it) or type(fault) is django_db.DatabaseError  # a file that is no database


def follow_the_story() -> None:
    """In a demonstration that tells a story, let this process show the story's time. Rooms are named, not imported."""
    importlib.import_module("inmind.access.telling").follow()


def set_up() -> None:
    """Load Django with our settings. What is loaded stays: looking through it for rubbish was a sixth of each start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inmind.settings")
    gc.disable()
    try:
        import django

        django.setup()
    finally:
        gc.enable()
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
