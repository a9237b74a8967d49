"""`inmind serve`: it answers, goes on when a part of it dies, ends together, and says why it cannot start."""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from inmind.access import guard, triggers
from inmind.access.commands import serve
from inmind.environment import BadSetting
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.errors import NotNow
from inmind.foundation.registries import house
from tests.journeys.installation import House, free_port
from tests.make import make_network
from tests.upgrade.places import copied, empty_house


def until(happened: Callable[[], object], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def below(pid: int) -> set[int]:
    """The processes that came from this one, its own among them."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    found = {pid}
    for _ in rows:
        found |= {int(row[0]) for row in rows if int(row[1]) in found and not row[2].startswith("Z")}
    return found


def alive(pids: set[int]) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    return pids & {int(line.split()[0]) for line in listed.splitlines() if not line.split()[1].startswith("Z")}


class Served:
    """A demonstration that is served, and what it says."""

    def __init__(self, house: House, *words: str) -> None:
        self.house = house
        self.log = house.home / "said.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "inmind.cli", "serve", "--port", str(house.port), *words],
                env=house.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: "InMind is ready at" in self.said or self.process.poll() is not None)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.house.address}/", timeout=5) as page:
                return page.status == 200 and b"988" in page.read()
        except OSError:
            return False

    def part(self, module: str) -> set[int]:
        """The processes of a part, by the module they were started with."""
        listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        mine = below(self.process.pid)
        return {
            int(line.split()[0])
            for line in listed.splitlines()
            if f"-m {module}" in line and int(line.split()[0]) in mine
        }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A demonstration that is copied, and never served."""
    with empty_house(tmp_path_factory.mktemp("made") / "house") as house:
        said = house.command("demo", "--families", "1")
        assert said.returncode == 0, said.stderr
        yield house


@pytest.fixture
def demo(made: House, tmp_path: Path) -> Iterator[House]:
    with copied(made, tmp_path / "house") as house:
        house.port = free_port()
        yield house


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_a_house_is_served_whole(demo: House) -> None:
    """Pages, a link for each role, jobs that come back when they die, and an orderly end that leaves nobody."""
    served = Served(demo, "--demo-links", "--workers", "1")
    everybody = below(served.process.pid)
    try:
        assert f"InMind is ready at {demo.address}\n" in served.said
        until(served.answers)
        until(lambda: served.said.count("/sign-in/link/") == 10)
        links = re.findall(r"http://\S+", served.said)
        assert all(link.startswith(demo.address) for link in links)
        assert "Home visitor: Luz " in served.said
        assert "Reflective supervisor: Vera Lindgren\n" in served.said

        [jobs] = served.part("inmind.jobs")
        os.kill(jobs, signal.SIGKILL)
        until(lambda: "The jobs ended by themselves and are started again." in served.said)
        until(lambda: served.part("inmind.jobs") - {jobs})
        [pages, *_] = served.part("inmind.access")
        until(lambda: len(below(served.process.pid)) >= 4)  # itself, pages, a worker, jobs
        everybody |= below(served.process.pid)
        assert pages in everybody
    finally:
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(40) == 0
    assert alive(everybody) == set()
    assert not served.answers()
    assert "Traceback" not in served.said
    assert served.said.endswith("\nInMind has stopped.\n")


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("way", "headers", "answer", "lines"),
    [
        ("GET /", {"Host": "elsewhere.example.org"}, 400, ["django.security.DisallowedHost a request was refused: DisallowedHost"]),
        ("HEAD /", {"Host": "elsewhere.example.org"}, 400, ["django.security.DisallowedHost a request was refused: DisallowedHost"]),
        ("HEAD /", {}, 200, []),
        ("HEAD /nowhere/canary/", {}, 404, []),
        ("GET /sign-in/link/canary/", {}, 410, []),
        ("POST /sign-in/link/canary/", {"Content-Length": "0"}, 403, ["django.security.csrf a request was refused: csrf"]),
        ("POST /sign-in/", {"Content-Length": "90000000", "Content-Type": "application/x-www-form-urlencoded"}, 400, []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_strangers_send_leaves_one_short_line_at_most(
    quiet: Served, way: str, headers: dict[str, str], answer: int, lines: list[str]
) -> None:
    """No stack trace, and nothing of what they sent."""
    before = len(quiet.said)
    method, path = way.split()
    asked = http.client.HTTPConnection("127.0.0.1", quiet.house.port, timeout=20)
    asked.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        asked.putheader(name, value)
    asked.endheaders()
    assert asked.getresponse().status == answer
    asked.close()
    said = quiet.said[before:].splitlines()
    assert [line.split(" ", 3)[-1] for line in said] == lines


@pytest.fixture(scope="module")
def quiet(made: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with copied(made, tmp_path_factory.mktemp("quiet") / "house") as house:
        house.port = free_port()
        served = Served(house, "--workers", "1")
        try:
            yield served
        finally:
            served.process.terminate()
            served.process.wait(40)


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.postgresql
def test_nobody_is_left_when_the_whole_is_killed(demo: House) -> None:
    """Each part looks whether its parent is there, and ends when it is not."""
    served = Served(demo)
    until(lambda: len(below(served.process.pid)) >= 5)
    everybody = below(served.process.pid)
    served.process.kill()
    served.process.wait()
    until(lambda: not alive(everybody), seconds=30)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", demo.port))


def test_a_port_that_is_taken_is_named() -> None:
    """Before anything else is loaded."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(NotNow, match=f"Port {port} at 127.0.0.1 cannot be used: Address already in use"):
            serve._listening("127.0.0.1", port)
    with pytest.raises(NotNow, match="Port 70000"):
        serve._listening("127.0.0.1", 70_000)


class Parts(serve.Tree):
    """A tree whose parts are small programs; the pages count as answering at once."""

    def __init__(self, listener: socket.socket, **programs: str) -> None:
        super().__init__(listener, 1)
        self.commands = {name: ["-c", program] for name, program in programs.items()}
        self.started = {name: self.started["pages"].__class__(maxlen=serve.OFTEN[0]) for name in programs}

    def _pages_answer(self) -> bool:
        return True


SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        yield made


def test_a_part_that_ends_again_and_again_ends_the_whole(
    listener: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three times in half a minute: then it is not started any more, and the others are ended too."""
    tree = Parts(listener, pages=SLEEP, jobs="raise SystemExit(3)")
    assert tree.run(ready=lambda: None) == 1
    said = capsys.readouterr().err
    assert said.count("The jobs ended by themselves and are started again.") == 2
    assert "The jobs ended again and again" in said
    assert all(child.poll() is not None for child in tree.children.values())


def test_a_part_that_does_not_end_is_killed_when_told_twice(listener: socket.socket) -> None:
    """The first Ctrl-C asks, the second does not wait."""
    tree = Parts(listener, pages=SLEEP, jobs=DEAF)

    def told_twice() -> None:
        time.sleep(1)  # until it is deaf
        tree.end()
        tree.end()

    began = time.monotonic()
    assert tree.run(ready=told_twice) == 0
    assert time.monotonic() - began < serve.PATIENCE / 2
    assert tree.children["jobs"].returncode == -signal.SIGKILL


def test_what_a_part_has_started_is_killed_with_it_and_the_port_is_free(listener: socket.socket) -> None:
    """A worker that finishes for a browser still holds the socket; whoever serves again at once finds the port taken."""
    worker = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}], close_fds=False); {DEAF}"
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.listen()
    port = listener.getsockname()[1]
    tree = Parts(listener, pages=worker)

    def told_twice() -> None:
        time.sleep(2)  # until both are deaf
        tree.end()
        tree.end()

    assert tree.run(ready=told_twice) == 0
    listener.close()
    serve._listening("127.0.0.1", port).close()


def test_pages_that_do_not_start_end_the_whole(listener: socket.socket, capsys: pytest.CaptureFixture[str]) -> None:
    tree = serve.Tree(listener, 1)
    tree.commands = {"pages": ["-c", "raise SystemExit(1)"], "jobs": ["-c", SLEEP]}
    assert tree.run(ready=lambda: pytest.fail("it was not ready")) == 1
    assert "The pages did not start" in capsys.readouterr().err
    assert all(child.poll() is not None for child in tree.children.values())


# Why it does not start

ASKED = argparse.Namespace(bind="127.0.0.1", demo_links=False)


@pytest.fixture
def a_begun_house(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(settings, "INSTALLATION", replace(settings.INSTALLATION, begun=True))
    monkeypatch.setattr(serve, "_leave_the_database", lambda: None)


def test_a_house_that_is_well_may_be_served(a_begun_house: None) -> None:
    serve._check(ASKED)


@pytest.mark.django_db
def test_a_folder_without_an_installation_is_not_served() -> None:
    with pytest.raises(BadSetting, match=r"There is no installation in .* yet\. .* begin one with `inmind init`"):
        serve._check(ASKED)


def test_missing_keys_are_named(a_begun_house: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "pages.key").write_text("00")
    monkeypatch.setattr(settings, "INSTALLATION", replace(settings.INSTALLATION, home=tmp_path))
    with pytest.raises(BadSetting, match=r"The key pages is missing or damaged in .*keys\."):
        serve._check(ASKED)


def test_a_catalog_with_a_fault_stops_the_start(a_begun_house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With file and line, and not on the page that needs it; the house reads its numbers to call and all its rules then."""
    assert {read.__module__.split(".")[1] for read in house.files} == {
        *("foundation", "screening", "services", "diagnosis", "learning", "endorsement")
    }

    def spoiled() -> None:
        raise BadCatalog("own/epds.yaml", 7, "a cut-off is missing")

    monkeypatch.setattr(house, "files", [*house.files, spoiled])
    with pytest.raises(BadCatalog, match="line 7: a cut-off is missing"):
        serve._check(ASKED)


def test_a_database_of_another_edition_is_not_served(a_begun_house: None) -> None:
    with guard.permit("migrations"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
    with pytest.raises(NotNow, match="of another edition"):
        serve._check(ASKED)


def test_a_database_without_its_guards_is_not_served(a_begun_house: None) -> None:
    triggers.remove(connection)
    with pytest.raises(NotNow, match=r"\d+ of the database's own guards are missing, 0 were altered"):
        serve._check(ASKED)


def test_others_are_served_only_under_a_public_address(a_begun_house: None) -> None:
    with pytest.raises(NotNow, match="Set INMIND_ADDRESS"):
        serve._check(argparse.Namespace(bind="0.0.0.0", demo_links=False))


@pytest.mark.django_db
def test_links_are_minted_for_a_demonstration_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each role that somebody holds; none where others are served, or where people are real."""
    assert serve.demo_links() == ["This is not a demonstration on this machine alone, so there are no links to print."]
    make_network()
    assert sum("/sign-in/link/" in line for line in serve.demo_links()) == 1
    monkeypatch.setattr(settings, "ON_LOOPBACK", False)
    assert not any("/sign-in/link/" in line for line in serve.demo_links())
