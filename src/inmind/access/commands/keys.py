"""`inmind keys`: let a fresh master key seal, see how far that is, or replace the key of the sessions."""

from __future__ import annotations

import argparse
from datetime import timedelta

from django.conf import settings

from inmind import installation
from inmind.access import audit, envelope, rotation
from inmind.access.actors import machine, operator
from inmind.access.models import AuditEntry
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.values import Verdict
from inmind.jobs.models import Heartbeat

WHEN_STOPPED = "What was sealed anew stays so. The house goes on with the rest by itself, or run this again."
SERVED = timedelta(minutes=1)


def configure(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True)
    rotate = parts.add_parser("rotate", help="a fresh master key, while the house is served")
    rotate.add_argument("--here", action="store_true", help="do the work in this command, not in the house's jobs")
    parts.add_parser("status", help="say which master key seals, and how far a rotation is")
    parts.add_parser(
        "new-backup-key", help="print a pair of keys once: backups are sealed for one, the other opens them"
    )
    parts.add_parser("end-sessions", help="a fresh key for the sessions: everybody signs in again; not while served")


def run(args: argparse.Namespace) -> int:
    if args.part == "new-backup-key":
        return _new_backup_key()
    settings.INSTALLATION.check()
    return {"rotate": _rotate, "status": _status, "end-sessions": _end_sessions}[args.part](args)


def _new_backup_key() -> int:
    """A fresh pair, printed and kept nowhere."""
    secret = envelope.new_key()
    print("Both are shown once and kept nowhere.")
    print("Seal backups for this one (inmind backup FILE --to ...); it may be known:")
    print(secret.public)
    print("This one opens them (inmind restore FILE --key KEYFILE). Keep it away from this machine, on paper too:")
    print(secret)
    return 0


def _rotate(args: argparse.Namespace) -> int:
    goes_on = rotation.progress().is_under_way
    rotation.begin()
    rotation.ask(operator("keys"))
    print("A rotation was under way; it goes on." if goes_on else "A fresh master key seals from now on.")
    if args.here:
        while rotation.go_on(machine(rotation.REWRAP)):
            print(_words(rotation.progress()), flush=True)
    elif not _is_served():
        print("The house is not served now: it goes on when it is, or run this with --here.")
    _say(rotation.progress())
    return 0


def _status(_: argparse.Namespace) -> int:
    _say(rotation.progress())
    return 0


def _say(stands: rotation.Progress) -> None:
    print(f"The master key {stands.todays} seals since {stands.since:%Y-%m-%d %H:%M} UTC. {_words(stands)}")
    if stands.orphaned:
        print(f"{stands.orphaned} are sealed by a master key that is not here: bring it back from a backup.")
    if not stands.is_under_way:
        print("No earlier master key is here.")
    elif stands.waiting:
        print(f"The earlier one ({', '.join(stands.earlier)}) stays until nothing needs it.")
    else:
        minutes = int(rotation.KEPT_AT_LEAST.total_seconds()) // 60
        print(
            f"The earlier one ({', '.join(stands.earlier)}) is removed by the house within the hour, "
            f"and {minutes} minutes after the fresh one was made at the soonest."
        )


def _words(stands: rotation.Progress) -> str:
    whole = stands.done + stands.waiting
    return f"It has sealed {stands.done} of {whole} keys of persons."


def _end_sessions(_: argparse.Namespace) -> int:
    """Replace the key of the pages. Served meanwhile, some workers would know one key and some the other."""
    if _is_served():
        raise NotNow(
            "The house is served now.",
            "The key of the sessions is replaced while nobody is signed in.",
            "Stop `inmind serve`, run this, and start it again.",
        )
    verdict = Verdict(allowed=True, sentence="", role="operator", purpose="ending every session")
    audit.write(operator("keys"), "access.rotate_pages", AuditEntry.Outcome.DONE, verdict=verdict)
    installation.replace_key(settings.INSTALLATION.home, "pages")
    print("The key of the sessions is a fresh one: everybody signs in again.")
    return 0


def _is_served() -> bool:
    return Heartbeat.objects.filter(part="jobs", at__gt=clock.now() - SERVED).exists()
