"""A real installation for a journey: begun by `inmind init`, served by `inmind serve`, its letters read from its outbox."""

from __future__ import annotations

import base64
import email
import hashlib
import hmac
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import timedelta
from email import policy
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
PATIENCE = 40  # seconds until a server or a letter counts as missing
LATER = """
import sys
from datetime import timedelta
from inmind import cli
cli.set_up()
from inmind.foundation import clock
from inmind.jobs import runner
with clock.at(clock.now() + timedelta(seconds=float(sys.argv[1]))):
    runner.run_due()
"""


@dataclass(slots=True)
class House:
    """One installation of its own: folder, database, server."""

    home: Path
    database_url: str = ""
    port: int = 0
    first_link: str = ""
    _server: subprocess.Popen[bytes] | None = None
    _read: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("INMIND_", "DJANGO_", "DATABASE_"))
        }
        own = {"INMIND_HOME": str(self.home), "PYTHONPATH": str(SOURCE), "INMIND_PORT": str(self.port or "")}
        return kept | own | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an `inmind` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "inmind.cli", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def begin(self, *words: str) -> None:
        """`inmind init`, as an administrator types it; keeps the link it prints."""
        self.port = free_port()
        said = self.command("init", *words)
        assert said.returncode == 0, said.stderr
        self.first_link = next(line.strip() for line in said.stdout.splitlines() if "/sign-in/link/" in line)

    def serve(self, *words: str) -> None:
        """`inmind serve`, until it answers."""
        with (self.home / "serve.log").open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "inmind.cli", "serve", "--port", str(self.port), *words],
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(self._answers, "the server does not answer")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Over, and at once: told twice, the server waits for nobody. How it ends gracefully is `test_serve`'s to show."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGTERM)
        time.sleep(0.1)  # two signals that nobody has taken yet would be one
        self._server.send_signal(signal.SIGTERM)
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(10)

    def passes(self, span: timedelta) -> None:
        """What is due when so much time has passed is done now, in this house, as its own machine would do it then."""
        self.does(LATER, str(span.total_seconds()))

    def does(self, script: str, *words: str) -> str:
        """Run a script inside this house, in a process of its own. Returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            env=self.environment(),
            cwd=SOURCE.parent,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def letter_to(self, address: str) -> str:
        """The body of the next letter to an address that was not read yet."""
        found: list[str] = []

        def arrived() -> bool:
            found.extend(self._unread(address))
            return bool(found)

        self._wait(arrived, f"no letter to {address}")
        return found[0]

    def link_to(self, address: str) -> str:
        """The link in the next letter to an address."""
        body = self.letter_to(address)
        match = re.search(r"http://\S+", body)
        assert match, body
        return match.group()

    def _unread(self, address: str) -> list[str]:
        outbox = self.home / "outbox"
        bodies = []
        for file in sorted(outbox.glob("*.eml"), key=lambda each: each.stat().st_mtime) if outbox.is_dir() else ():
            letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            if file.name not in self._read and letter["To"] == address:
                self._read.add(file.name)
                bodies.append(str(letter.get_content()))
        return bodies[:1]

    def _wait(self, happened: object, otherwise: str) -> None:
        for _ in range(PATIENCE * 10):
            if happened():  # type: ignore[operator]
                return
            time.sleep(0.1)
        log = self.home / "serve.log"
        raise AssertionError(f"{otherwise}\n{log.read_text(errors='replace')[-3000:] if log.exists() else ''}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def code_of(secret: str, at: float | None = None) -> str:
    """What an authenticator shows for a secret (RFC 6238, six digits, thirty seconds)."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    start = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
