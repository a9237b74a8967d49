"""`inmind serve`: pages, jobs and clock, in one process tree that starts and ends together."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from django.conf import settings

from inmind import cli

THREADS = 8
PATIENCE = (
    20.0  # seconds until pages that do not answer count as failed, and until a child that will not stop is killed
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("INMIND_PORT", "8000")),
        help="where to listen (default %(default)s)",
    )
    parser.add_argument(
        "--workers", type=int, default=1, help=f"processes for pages, {THREADS} threads each (default 1)"
    )
    parser.add_argument(
        "--demo-links", action="store_true", help="print a one-time sign-in link for each role of a demonstration"
    )


def run(args: argparse.Namespace) -> int:
    """Serve on this machine alone until told to stop. Exit code 1 when it cannot start, with the sentence that says why."""
    os.environ["INMIND_PORT"] = str(args.port)  # before the settings are read: letters carry it in their links
    cli.set_up()
    problem = _cannot_start(args.port)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    tree = Tree(args.port, args.workers)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: tree.stop.set())
    return tree.run(ready=lambda: _say_ready(args))


class Tree:
    """The processes of a served installation: one for pages (with its workers), one for jobs and clock."""

    def __init__(self, port: int, workers: int) -> None:
        self.port = port
        self.stop = threading.Event()
        pages = [
            "-m",
            "gunicorn",
            "inmind.wsgi:application",
            "--bind",
            f"127.0.0.1:{port}",
            "--worker-class",
            "gthread",
        ]
        pages += ["--threads", str(THREADS), "--workers", str(workers), "--log-level", "warning"]
        self.commands = {"pages": pages, "jobs": ["-m", "inmind.jobs"]}
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, ready: Callable[[], None]) -> int:
        """Start, watch, restart what died, and stop all together. 1 when the pages never answered."""
        for name in self.commands:
            self._start(name)
        try:
            if not self._pages_answer():
                print("The pages did not start; the lines above say why.", file=sys.stderr)
                return 0 if self.stop.is_set() else 1
            ready()
            while not self.stop.wait(0.5):
                for name, child in list(self.children.items()):
                    if child.poll() is not None:
                        print(f"The {name} stopped by themselves and are started again.", file=sys.stderr)
                        self._start(name)
            return 0
        finally:
            self._end()

    def _start(self, name: str) -> None:
        environment = {**os.environ, "INMIND_PORT": str(self.port)}
        # A session of its own: Ctrl-C reaches this process alone, which then ends the others. Told twice at once, a
        # worker of gunicorn can wait for itself for ever, and keep the port.
        self.children[name] = subprocess.Popen(
            [sys.executable, *self.commands[name]],
            env=environment,
            preexec_fn=_die_with_parent,
            start_new_session=True,
        )

    def _pages_answer(self) -> bool:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.stop.is_set():
            if self.children["pages"].poll() is not None:
                return False
            try:
                if self._health() in {200, 301}:  # 301: on to TLS, where only a public address is served
                    return True
            except (OSError, HTTPException):
                pass
            time.sleep(0.1)
        return False

    def _health(self) -> int:
        """The status with which the pages answer somebody who asks for them by their own name."""
        name = urlsplit(settings.PUBLIC_ADDRESS).netloc or f"127.0.0.1:{self.port}"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=2)) as way:
            way.request("GET", "/health/", headers={"Host": name})
            return way.getresponse().status

    def _end(self) -> None:
        """Ask each child to finish what it does; kill one that does not."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _die_with_parent() -> None:
    """Where the system can do it (Linux), a child ends when its parent was killed; jobs also look for themselves."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        return


def _cannot_start(port: int) -> str:
    """Why serving cannot begin, as a sentence; empty when it can."""
    from inmind.access.commands.migrate import is_up_to_date
    from inmind.access.door import check_routes
    from inmind.installation import KEYS

    home = settings.INSTALLATION.home
    if not settings.INSTALLATION.begun:
        return "There is no installation here yet. Begin one with `inmind init`, or a demonstration with `inmind demo`."
    missing = [name for name in KEYS if not (home / "keys" / f"{name}.key").exists()]
    if missing:
        return f"The keys {', '.join(missing)} are missing in the installation's `keys` folder. Restore them from your backup."
    if not is_up_to_date():
        return "The database is of another edition. Run `inmind migrate` first, after a backup."
    check_routes()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return f"Port {port} is taken by another program. Choose another with --port."
    return ""


def _say_ready(args: argparse.Namespace) -> None:
    address = settings.PUBLIC_ADDRESS or f"http://127.0.0.1:{args.port}"
    print(f"InMind is ready at {address}", flush=True)
    if args.demo_links:
        print(demo_links(address), flush=True)


def demo_links(address: str) -> str:
    """One link for each role of a demonstration; each works once, on this machine."""
    from inmind.access.actions import demo_link
    from inmind.access.actors import operator
    from inmind.access.models import RoleAssignment
    from inmind.access.queries import is_demo
    from inmind.access.roles import ROLES
    from inmind.foundation import clock

    if not (is_demo() and settings.ON_LOOPBACK):
        return "This is not a demonstration on this machine alone, so there are no links to print."
    lines = ["", "Everyone in it is invented. One link for each role; it works once and stands in for both factors:"]
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).select_related(
        "account__person", "organization"
    )
    shown: set[str] = set()
    for row in held.order_by("organization__name", "created_at"):
        if row.role in shown or row.role not in ROLES:
            continue
        shown.add(row.role)
        secret = demo_link(operator("serve"), account=row.account)
        where = row.organization.name if row.organization else ""
        lines += [
            f"  {ROLES[row.role].name}: {row.account.person.name}, {where}",
            f"    {address}/sign-in/link/{secret}/",
        ]
    return "\n".join(lines)
