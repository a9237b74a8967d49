"""What cannot be meant by a setting, a damaged folder, or a database that is not there: a sentence, and exit code 2."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inmind import environment, installation, postgresql
from inmind.environment import BadSetting
from tests import engines
from tests.journeys.installation import House, free_port

SECRET = "swordfish"
BAD = [
    ("INMIND_PORT", "abc", "a whole number from 1 to 65535"),
    ("INMIND_PORT", "0", "a whole number from 1 to 65535"),
    ("INMIND_PORT", "65536", "a whole number from 1 to 65535"),
    ("INMIND_PORT", "٨٠", "a whole number from 1 to 65535"),
    ("INMIND_PORT", "9" * 5000, "a whole number from 1 to 65535"),
    ("INMIND_IDLE_SECONDS", "x", "a whole number from 120 to 28800"),
    ("INMIND_IDLE_SECONDS", "-1", "a whole number from 120 to 28800"),
    ("INMIND_IDLE_SECONDS", "28801", "a whole number from 120 to 28800"),
    ("INMIND_POOL", "1.5", "a whole number from 1 to 1000"),
    ("INMIND_PROFILE", "castle", "association, agency or network"),
    ("INMIND_DEBUG", "yes", "0 or 1"),
    ("INMIND_BEHIND_PROXY", "true", "0 or 1"),
    ("INMIND_SQLITE_SYNC", "FULL; DROP TABLE x", "OFF, NORMAL or FULL"),
    ("INMIND_ADDRESS", "inmind.example.org", "with its https and without a path"),
    ("INMIND_ADDRESS", "http://inmind.example.org", "with its https and without a path"),
    ("INMIND_ADDRESS", "https://inmind.example.org/inmind", "with its https and without a path"),
    ("INMIND_ADDRESS", "https://user@inmind.example.org", "with its https and without a path"),
    ("INMIND_ADDRESS", "https://inmind.example.org:port", "with its https and without a path"),
    ("INMIND_ADDRESS", "https://", "with its https and without a path"),
    ("INMIND_ADDRESS", "https://a b", "with its https and without a path"),
    ("INMIND_MAIL_FROM", "nobody", "a mail address"),
    ("INMIND_MAIL_FROM", "a@example.org\nBcc: b@example.org", "a mail address"),
    ("INMIND_NEUTRAL_SENDER", "a@example.org", "a name of at most 60 characters"),
    ("INMIND_NEUTRAL_SENDER", "Notes\nBcc: b", "a name of at most 60 characters"),
    ("INMIND_SMTP_PASSWORD_FILE", "/nowhere/at/all", "a file that this user may read"),
    ("INMIND_SMTP_PASSWORD_FILE", "/dev/null", "a file that this user may read"),
    ("INMIND_TEXT_TOKEN_FILE", "/", "a file that this user may read"),
    ("INMIND_CATALOG_DIR", "/nowhere/at/all", "a folder that exists"),
    ("INMIND_INSTRUMENTS_ON", "ACE 10", "keys of instruments, parted by commas"),
    ("INMIND_HOME", __file__, "a folder that this user may read and write"),
    ("INMIND_HOME", f"{__file__}/below", "a folder that this user may read and write"),
    ("INMIND_HOME", "x" * 300, "a folder that this user may read and write"),
]
BAD_SECRETS = [
    ("DATABASE_URL", f"mysql://inmind:{SECRET}@127.0.0.1/inmind"),
    ("DATABASE_URL", f"inmind:{SECRET}@127.0.0.1/inmind"),
    ("DATABASE_URL", f"postgresql://inmind:{SECRET}@127.0.0.1:port/inmind"),
    ("DATABASE_URL", f"postgresql://inmind:{SECRET}@127.0.0.1:99999/inmind"),
    ("DATABASE_URL", f"postgresql://inmind:{SECRET}@127.0.0.1"),
    ("DATABASE_URL", f"postgresql://inmind:{SECRET}%zz@127.0.0.1/inmind"),
    ("DATABASE_URL", f"postgresql://inmind:{SECRET}@127.0.0.1/inmind?colour=red"),
    ("INMIND_SMTP_URL", f"mail.example.org:{SECRET}"),
    ("INMIND_SMTP_URL", f"https://user:{SECRET}@mail.example.org"),
    ("INMIND_SMTP_URL", f"smtps://user:{SECRET}@mail.example.org:mail"),
    ("INMIND_SMTP_URL", f"smtps://user:{SECRET}/x@mail.example.org"),
    ("INMIND_SMTP_URL", f"smtp://user:{SECRET}@mail.example.org"),
    ("INMIND_TEXT_TOKEN", f"{SECRET}\r\nHost: elsewhere"),
    ("INMIND_TEXT_GATEWAY", f"http://texts.example.org/{SECRET}"),
    ("INMIND_TEXT_GATEWAY", f"https://user:{SECRET}@texts.example.org"),
    ("INMIND_TEXT_GATEWAY", f"https://texts.example.org/ {SECRET}"),
    ("INMIND_TEXT_GATEWAY", f"https://texts.example.org:{SECRET}/"),
]


@pytest.mark.parametrize(("name", "typed", "expected"), BAD)
def test_what_cannot_be_meant_is_named(name: str, typed: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which setting, what stands in it, what it should be, and what holds when it is left out."""
    monkeypatch.setenv(name, typed)
    with pytest.raises(BadSetting) as refusal:
        environment.read(name)
    assert re.match(rf"{name} is set to '.{{1,85}}'\. It should be .*{re.escape(expected)}", str(refusal.value))
    assert "Correct it, or leave it out (then: " in str(refusal.value)


@pytest.mark.parametrize(("name", "typed"), BAD_SECRETS)
def test_what_holds_a_password_is_not_repeated(name: str, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, typed)
    with pytest.raises(BadSetting, match=rf"{name} cannot be used as it is set\. It should be ") as refusal:
        environment.read(name)
    assert SECRET not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    ("name", "typed", "means"),
    [
        ("INMIND_PORT", " 8010 ", 8010),
        ("INMIND_PORT", "", 8000),
        ("INMIND_ADDRESS", "https://inmind.example.org/", "https://inmind.example.org"),
        ("INMIND_ADDRESS", "https://inmind.example.org:8443", "https://inmind.example.org:8443"),
        ("INMIND_ADDRESS", "", ""),
        ("INMIND_DEBUG", "1", True),
        ("INMIND_TEXT_GATEWAY", "http://127.0.0.1:8090/", "http://127.0.0.1:8090/"),
        ("INMIND_MAIL_FROM", "Notes <notes@example.org>", "Notes <notes@example.org>"),
        ("DATABASE_URL", "", None),
        ("DATABASE_URL", "postgres:///inmind", {"dbname": "inmind"}),
        (
            "DATABASE_URL",
            "postgresql://in%40mind:a%3Ab@db:5433/house?sslmode=require",
            {"user": "in@mind", "password": "a:b", "host": "db", "port": "5433", "dbname": "house", "sslmode": "require"},
        ),
    ],
)  # fmt: skip
def test_what_can_be_meant_is_read(name: str, typed: str, means: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to nothing counts as left out; libpq's own words beside the address are kept."""
    monkeypatch.setenv(name, typed)
    assert environment.read(name) == means


def test_a_password_is_the_first_line_of_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As it is: nothing in it is written otherwise, as it would be in an address."""
    (tmp_path / "password").write_text("p@ss:w/rd #1\nnot this\n")
    monkeypatch.setenv("INMIND_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    assert environment.read("INMIND_SMTP_PASSWORD_FILE") == "p@ss:w/rd #1"


def test_a_new_folder_may_be_named_for_the_house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INMIND_HOME", str(tmp_path / "one" / "two"))
    assert installation.home() == tmp_path / "one" / "two"


def test_a_folder_that_may_not_be_written_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whether it is there already, or would have to be made in one."""
    monkeypatch.setattr(environment.os, "access", lambda path, mode: False)
    for folder in (tmp_path, tmp_path / "new"):
        monkeypatch.setenv("INMIND_HOME", str(folder))
        with pytest.raises(BadSetting, match="a folder that this user may read and write"):
            installation.home()


# The installation's folder

WHOLE = {"profile": "agency", "name": "Harbor", "state": "TX", "zone": "America/Chicago", "languages": ("en",)}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"profile = \n", r"cannot be read: .*at line 1"),
        (b"\xff\xfe\x00", "cannot be read: it is not text"),
        (b'profile = "castle"', "The profile 'castle' is unknown; it is one of association, agency, network"),
        (b"profile = 3", "The profile 3 is unknown"),
        (b"profile = []", "The profile .* is unknown"),
        (b"name = 3", "The name is one line"),
        (b'name = ""', "The installation needs a name"),
        (b'zone = "Mars"', "The time zone 'Mars' is not known"),
        (b"zone = 5", "The time zone 5 is not known"),
        (b'languages = "en"', "The languages of the pages are en and es"),
        (b'languages = ["fr"]', "The languages of the pages are en and es"),
        (b"languages = []", "The languages of the pages are en and es"),
        (b"languages = [[1]]", "The languages of the pages are en and es"),
    ],
)
def test_a_damaged_installation_file_is_named(text: bytes, sentence: str, tmp_path: Path) -> None:
    """With the file, what is wrong in it, and where a whole one is."""
    (tmp_path / "installation.toml").write_bytes(text)
    with pytest.raises(BadSetting, match=sentence) as refusal:
        installation.load(tmp_path)
    assert str(tmp_path / "installation.toml") in str(refusal.value)
    assert str(refusal.value).endswith("Correct that file, or bring it back from your backup.")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "installation.toml").mkdir()
    with pytest.raises(BadSetting, match=r"installation\.toml cannot be read: Is a directory"):
        installation.load(tmp_path)


def test_keys_that_are_gone_are_never_made_anew(tmp_path: Path) -> None:
    """New keys cannot read old words, and would hide that the old ones are missing."""
    begun = installation.begin(tmp_path / "house", **WHOLE)  # type: ignore[arg-type]
    assert installation.begin(tmp_path / "house", **WHOLE) == begun  # type: ignore[arg-type]
    for damage in ("", "abcd", "not hexadecimal", "é"):
        (tmp_path / "house" / "keys" / "audit.key").write_text(damage, encoding="utf-8")
        with pytest.raises(BadSetting, match=r"The key audit is missing or damaged in .*keys\..*from your backup"):
            begun.check_keys()
    (tmp_path / "house" / "keys" / "audit.key").unlink()
    with pytest.raises(BadSetting, match="The key audit is missing or damaged"):
        installation.begin(tmp_path / "house", **WHOLE)  # type: ignore[arg-type]
    assert not (tmp_path / "house" / "keys" / "audit.key").exists()


@pytest.mark.parametrize(
    "command", [["serve"], ["backup", "b"], ["migrate"], ["demo", "--if-empty"], ["audit", "head"]], ids=" ".join
)
def test_no_command_goes_on_without_the_keys(command: list[str], tmp_path: Path) -> None:
    """A backup without them could not be read again, and none is made in their place."""
    installation.begin(tmp_path / "house", **WHOLE)  # type: ignore[arg-type]
    shutil.rmtree(tmp_path / "house" / "keys")
    said = said_by(House(tmp_path / "house", port=free_port()), *command)
    assert said.returncode == 2
    assert re.fullmatch(r"The key \w+ is missing or damaged in .*\n", said.stderr)
    assert not (tmp_path / "house" / "keys").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"Nothing can be written in .*file/house: Not a directory\."):
        installation.begin(tmp_path / "file" / "house", **WHOLE)  # type: ignore[arg-type]


# A database that is not there


def test_a_database_that_refuses_is_named() -> None:
    address = {"host": "127.0.0.1", "port": str(free_port()), "dbname": "x", "user": "u", "password": SECRET}
    with pytest.raises(
        BadSetting, match=rf"PostgreSQL at 127.0.0.1:{address['port']} cannot be reached: .*refused\."
    ) as no:
        postgresql.reach(address)
    assert SECRET not in str(no.value)
    assert str(no.value).endswith("Start it, or correct the host and port in DATABASE_URL.")


def test_a_database_that_never_answers_is_not_waited_for() -> None:
    """Something takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(BadSetting, match="cannot be reached: .*timeout"):
            postgresql.reach({"host": "127.0.0.1", "port": str(silent.getsockname()[1]), "dbname": "x"})
        assert time.monotonic() - began < postgresql.WAIT + 3


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("dbname", "nowhere", 'does not let InMind in: database "nowhere" does not exist'),
        ("user", "nobody", 'does not let InMind in: (role "nobody" does not exist|.*authentication failed)'),
    ],
)
def test_a_database_that_does_not_let_us_in_says_why(part: str, value: str, sentence: str) -> None:
    address = environment.database(engines.postgres_url())
    postgresql.reach(address)
    with pytest.raises(BadSetting, match=sentence):
        postgresql.reach({**address, part: value})


# By hand, as a person meets it


def said_by(house: House, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inmind.cli", *words],
        env={**house.environment(), **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (["serve"], {"INMIND_PORT": "abc"}),
        (["migrate"], {"INMIND_IDLE_SECONDS": "x"}),
        (["demo"], {"INMIND_POOL": "many"}),
        (["backup", "b"], {"INMIND_PROFILE": "castle"}),
        (["audit", "head"], {"DATABASE_URL": f"mysql://u:{SECRET}@h/d"}),
        (["init", "--profile", "agency", "--name", "Harbor"], {"DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/d"}),
        (["migrate"], {"DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/d"}),
        (["restore", __file__, "--into", "x", "--database-url", f"postgresql://u:{SECRET}@127.0.0.1:1/d"], {}),
        (["restore", __file__, "--into", "x", "--database-url", f"mysql://u:{SECRET}@127.0.0.1/d"], {}),
        (["serve"], {"INMIND_ADDRESS": "inmind.example.org"}),
        (["serve"], {"INMIND_HOME": __file__}),
        (["listings", "import", "x"], {"INMIND_PROFILE": "association"}),
        (["crosswalk", "check"], {"INMIND_PROFILE": "association"}),
        (["serve"], {}),
        (["migrate"], {}),
        (["backup", "b"], {}),
    ],
    ids=lambda value: " ".join(value),
)  # fmt: skip
def test_each_command_says_it_in_one_line(command: list[str], settings: dict[str, str], tmp_path: Path) -> None:
    """No stack trace, exit code 2, no password, nothing written."""
    said = said_by(House(tmp_path / "house", port=free_port()), *command, **settings)
    assert said.returncode == 2
    assert said.stderr.count("\n") == 1
    assert "Traceback" not in said.stderr
    assert SECRET not in said.stderr + said.stdout
    assert not list(tmp_path.iterdir())


def test_the_doctor_says_it_as_a_finding(tmp_path: Path) -> None:
    """Its exit code stays its own: something needs a hand."""
    said = said_by(House(tmp_path), "doctor", INMIND_PORT="abc")
    assert said.returncode == 1
    assert "NEEDS A HAND   settings: INMIND_PORT is set to 'abc'. It should be" in said.stdout
    assert not said.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "a folder that this user may read and write" in said_by(House(tmp_path), "migrate").stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["doctor", "crosswalk list --json", "instruments"])
def test_whoever_has_read_enough_reads_of_no_fault(command: str, tmp_path: Path) -> None:
    """A pager that is closed, or `head`: no trace of calls, however little was printed."""
    reading, writing = os.pipe()
    os.close(reading)
    surroundings = {**os.environ, "INMIND_HOME": str(tmp_path)}
    words = [sys.executable, "-m", "inmind.cli", *command.split()]
    said = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, env=surroundings, text=True, timeout=100)
    os.close(writing)
    assert "Traceback" not in said.stderr and "BrokenPipe" not in said.stderr
