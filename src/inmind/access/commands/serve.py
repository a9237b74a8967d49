"""`inmind serve`: pages, jobs and clock, in one process tree that starts and ends together."""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from urllib.parse import urlsplit

from inmind import cli, environment, postgresql
from inmind.foundation.errors import NotNow

PATIENCE = 20.0  # seconds until pages that do not answer count as failed, and until a child that will not end is killed
WHEN_STOPPED = "Nothing was served yet."
OF_MANY = {"practitioner"}  # roles of which a story has so many that the first one's link is enough
OFTEN = (3, 30.0)  # a process that ends so many times in so many seconds is not started again


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_number(environment.PORTS), help="where to listen (default INMIND_PORT, or 8000)"
    )
    parser.add_argument(
        "--bind", default="127.0.0.1", help="the address to listen at; others than this machine's need INMIND_ADDRESS"
    )
    parser.add_argument(
        "--workers", type=_number(range(1, 65)), default=2, help="processes for pages (default %(default)s)"
    )
    parser.add_argument(
        "--demo-links", action="store_true", help="print a one-time sign-in link for each role of a demonstration"
    )


def _number(within: range) -> Callable[[str], int]:
    kind = environment.whole(within)

    def read(typed: str) -> int:
        try:
            return int(kind.read(typed))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{typed!r} is not {kind.expected}") from None

    return read


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop. Raises NotNow or BadSetting with the sentence that says why it cannot start."""
    args.port = args.port or environment.read("INMIND_PORT")
    os.environ["INMIND_PORT"] = str(args.port)  # before the settings are read: letters carry it in their links
    with closing(_listening(args.bind, args.port)) as listener:
        cli.set_up()
        _check(args)
        tree = Tree(listener, args.workers)
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, lambda *_: tree.end())
        ended = tree.run(ready=lambda: _say_ready(args))
    if ended == 0:
        print("InMind has stopped.", flush=True)
    return ended


def _listening(address: str, port: int) -> socket.socket:
    """The socket that the pages will answer at, held by this process from now on."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(512)
    except (OSError, OverflowError) as fault:
        listener.close()
        raise NotNow(
            "Port %(port)s at %(address)s cannot be used: %(why)s.",
            next_step="Choose another with --port, or end the program that has it.",
            facts={"port": port, "address": address, "why": getattr(fault, "strerror", None) or fault},
        ) from fault
    return listener


# Before the first page


def _check(args: argparse.Namespace) -> None:
    """Whether this installation can be served. Raises NotNow, BadCatalog, or ImproperlyConfigured for a route without a verb."""
    from django.conf import settings

    from inmind.access import telling
    from inmind.access.door import check_routes
    from inmind.foundation.registries import house

    settings.INSTALLATION.check()
    if args.bind not in {"127.0.0.1", "::1", "localhost"} and settings.ON_LOOPBACK:
        raise NotNow(
            "Only this machine is served as long as the installation has no public address.",
            next_step="Set INMIND_ADDRESS to the https address that people will use.",
        )
    check_routes()
    for read in house.files:
        read()
    postgresql.reach(environment.read("DATABASE_URL"))
    _check_database()
    telling.follow()
    _leave_the_database()


def _check_database() -> None:
    from django.db import DatabaseError

    from inmind.access import triggers
    from inmind.access.commands.migrate import is_up_to_date

    try:
        up_to_date = is_up_to_date()
        guards = triggers.guards() if up_to_date else None
    except DatabaseError as fault:
        raise NotNow(
            "The database cannot be used: %(why)s.",
            next_step="`inmind doctor` says more.",
            facts={"why": str(fault).partition("\n")[0]},
        ) from fault
    finally:
        _leave_the_database()
    if not up_to_date:
        raise NotNow("The database is of another edition.", next_step="Make a backup, then run `inmind migrate`.")
    if guards is not None and not guards.stand:
        raise NotNow(
            "The database cannot be trusted to guard itself: %(what)s",
            next_step="`inmind doctor` says how to put that right; ask who did it.",
            facts={"what": guards},
        )


def _leave_the_database() -> None:
    """The parent of the tree holds no connection."""
    from django.db import connection

    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


# The tree


class Tree:
    """The processes of a served installation: one for pages (with its workers), one for jobs and clock.

    Each is in a session of its own, so that Ctrl-C reaches this process alone, which then ends them in order; and each
    looks whether this process is still there, so that none is left when it was killed.
    """

    def __init__(self, listener: socket.socket, workers: int) -> None:
        self.address = listener.getsockname()[:2]
        self.handle = listener.fileno()
        self.commands = {
            "pages": ["-m", "inmind.access", str(self.handle), str(workers)],
            "jobs": ["-m", "inmind.jobs"],
        }
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, deque[float]] = {name: deque(maxlen=OFTEN[0]) for name in self.commands}
        self.stop, self.hurry = threading.Event(), threading.Event()

    def end(self) -> None:
        """Told once: end gracefully. Told again: at once."""
        (self.hurry if self.stop.is_set() else self.stop).set()

    def run(self, ready: Callable[[], None]) -> int:
        """Start, watch, restart what ended by itself, and end all together. 1 when it could not go on."""
        try:
            for name in self.commands:
                self._start(name)
            if not self._pages_answer():
                if self.stop.is_set():
                    return 0
                print("The pages did not start; the lines above say why.", file=sys.stderr)
                return 1
            ready()
            return self._watch()
        finally:
            self._end_all()

    def _start(self, name: str) -> None:
        self.started[name].append(time.monotonic())
        self.children[name] = subprocess.Popen(
            [sys.executable, *self.commands[name]],
            env={**os.environ, "INMIND_SERVED_BY": str(os.getpid())},
            pass_fds=[self.handle] if name == "pages" else [],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )

    def _watch(self) -> int:
        while not self.stop.wait(0.5):
            for name, child in list(self.children.items()):
                if child.poll() is None:
                    continue
                times = self.started[name]
                if len(times) == OFTEN[0] and time.monotonic() - times[0] < OFTEN[1]:
                    print(f"The {name} ended again and again; the lines above say why.", file=sys.stderr)
                    return 1
                print(f"The {name} ended by themselves and are started again.", file=sys.stderr, flush=True)
                self._start(name)
        return 0

    def _pages_answer(self) -> bool:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.stop.wait(0.1):
            if self.children["pages"].poll() is not None:
                return False
            if _answers(*self.address):
                return True
        return False

    def _end_all(self) -> None:
        """Ask each child to finish what it does; kill one that does not, and each when there is no time.

        Killed is a child with its own children: a worker of the pages that was left would hold the port for as long as
        a browser holds a connection.
        """
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + PATIENCE
        while any(child.poll() is None for child in self.children.values()):
            if time.monotonic() > until or self.hurry.is_set():
                for child in self.children.values():
                    _kill_with_its_own(child)
            time.sleep(0.05)


def _kill_with_its_own(child: subprocess.Popen[bytes]) -> None:
    """Each child leads a session of its own; nothing happens where all of it has ended."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _answers(address: str, port: int) -> bool:
    """Whether the watcher's page answers; where only TLS is served it sends on, which is an answer too."""
    from django.conf import settings

    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    host = urlsplit(settings.SITE).netloc
    asked = http.client.HTTPConnection(here, port, timeout=5)
    try:
        asked.request("GET", "/health/", headers={"Host": host})
        return asked.getresponse().status in {200, 301}
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


# What is said when it is ready


def _say_ready(args: argparse.Namespace) -> None:
    from django.conf import settings

    print(f"InMind is ready at {settings.SITE}", flush=True)
    if args.demo_links:
        print("\n".join(demo_links()), flush=True)
        _leave_the_database()


def demo_links() -> list[str]:
    """One link for each role of a demonstration, or for everybody of a story; each works once, on this machine."""
    from django.conf import settings

    from inmind.access.actions import demo_link
    from inmind.access.actors import operator
    from inmind.access.models import RoleAssignment
    from inmind.access.queries import is_demo
    from inmind.access.roles import ROLES
    from inmind.foundation import clock
    from inmind.foundation.registries import house

    if not (is_demo() and settings.ON_LOOPBACK):
        return ["This is not a demonstration on this machine alone, so there are no links to print."]
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(account__is_active=True)
    told = clock.is_told()
    first: dict[str, RoleAssignment] = {}
    for row in held.select_related("account__person", "organization").order_by(
        "organization__name", "created_at", "pk"
    ):
        each = told and row.role not in OF_MANY
        first.setdefault(f"{row.role} {row.account_id}" if each else row.role, row)
    whom = "person" if told else "role"
    lines = ["", f"Everyone in it is invented. One link for each {whom}; it works once and stands in for both factors:"]
    if told:
        stands = clock.local(clock.now(), settings.INSTALLATION.zone)
        lines.insert(1, f"A story is told here. Its clock stands at {stands}, and goes on while it is served.")
    shown = [(ROLES[row.role].name, row.account, row.organization) for _, row in sorted(first.items())]
    if not told:
        shown += [(part, account, None) for part, find in house.demo_parts if (account := find()) is not None]
    for part, account, organization in shown:
        secret = demo_link(operator("serve"), account=account)
        where = f", {organization.name}" if organization else ""
        lines += [f"  {part}: {account.person.name}{where}", f"    {settings.SITE}/sign-in/link/{secret}/"]
    return lines
