"""What stands around the tests and the documents keeps its word too."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
from pathlib import Path
from typing import TypeGuard

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from bench.measured import Measured, table
from inmind import reference, words
from tests import engines
from tests.architecture import house


def test_the_network_is_closed() -> None:
    """A test that leaves this machine fails, whether by name or by number; the machine itself is open."""
    for host in ("example.org", "192.0.2.1", "2001:db8::1"):
        with pytest.raises(RuntimeError, match="the network is closed"):
            socket.create_connection((host, 80), timeout=1)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_tests_have_a_folder_of_their_own() -> None:
    """Nobody's data is in reach: neither the project's `var` nor a database that the environment names."""
    assert settings.INSTALLATION.home != Path(__file__).parents[2] / "var"
    assert settings.INSTALLATION.home.name.startswith("inmind-test-")
    assert "inmind-test-" in str(settings.DATABASES["default"]["TEST"]["NAME"]) or os.environ.get("DATABASE_URL")


def test_no_test_looks_for_the_absence_of_a_word_that_a_random_key_may_hold() -> None:
    """A page carries keys, and a key of hexadecimal digits holds "555" once in a while: such a test would fail by chance."""
    by_chance = re.compile(r"[0-9a-f-]{2,5}")
    found = []
    for path in sorted({*house.SOURCE.glob("*/tests/*.py"), *house.PROJECT.glob("tests/**/*.py")}):
        tree = ast.parse(path.read_text())
        absent = [node.left for node in ast.walk(tree) if _asks_for_absence(node)]
        for loop in (node for node in ast.walk(tree) if isinstance(node, ast.For)):
            target = ast.unparse(loop.target)
            if any(_asks_for_absence(node) and ast.unparse(node.left) == target for node in ast.walk(loop)):
                absent.append(loop.iter)
        words = [
            one
            for left in absent
            for one in ast.walk(left)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        found += [f"{path.name}:{one.lineno} {one.value}" for one in words if by_chance.fullmatch(one.value)]
    assert not found


def _asks_for_absence(node: ast.AST) -> TypeGuard[ast.Compare]:
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn)


def test_a_missing_engine_is_said_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the distribution's, nor on PATH, nor in the wheel: loud, with a sentence."""
    monkeypatch.setattr(engines, "_program_folders", lambda: iter(()))
    with pytest.raises(engines.MissingEngine, match="apt install postgresql"):
        engines.postgres_programs()


@pytest.mark.parametrize(
    ("environment", "required"),
    [({"CI": "true"}, True), ({"INMIND_REQUIRE_ALL": "1"}, True), ({"CI": "false"}, False), ({}, False)],
    ids=["in CI", "asked for", "not in CI", "at home"],
)
def test_ci_requires_every_engine(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], required: bool) -> None:
    """At home a missing browser skips its tests; in CI it fails them."""
    for name in ("CI", "INMIND_REQUIRE_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert engines.everything_is_required() is required


def test_a_page_that_is_stale_or_made_by_nobody_is_found(tmp_path: Path) -> None:
    """Fresh, stale, gone from its room, written by hand, and not to be made here."""
    made = {"fresh.md": f"{reference.MARK}A\n", "below/stale.md": f"{reference.MARK}B\n", "elsewhere.md": None}
    reference.write(made, tmp_path)
    (tmp_path / "below" / "stale.md").write_text(f"{reference.MARK}older\n")
    (tmp_path / "gone.md").write_text(f"{reference.MARK}nobody makes me\n")
    (tmp_path / "elsewhere.md").write_text(f"{reference.MARK}made where the data is\n")
    (tmp_path / "by_hand.md").write_text("A person wrote me.\n")
    assert reference.stale(made, tmp_path) == ["below/stale.md", "gone.md"]
    reference.write(made, tmp_path)
    assert reference.stale(made, tmp_path) == []
    assert {path.name for path in tmp_path.rglob("*.md")} == {"fresh.md", "stale.md", "elsewhere.md", "by_hand.md"}


@pytest.fixture
def small_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with three marked words: in code, in a page, and with a plural."""
    (tmp_path / "room" / "templates").mkdir(parents=True)
    (tmp_path / "room" / "values.py").write_text('SAID = N_("Worth a closer look")\n')
    (tmp_path / "room" / "templates" / "page.html").write_text(
        '{% load i18n %}\n  <p title="{% translate "Help" %}">{{ name|default:_("Nobody") }}</p>\n'
        "{% blocktranslate count n=n %}{{ n }} task{% plural %}{{ n }} tasks{% endblocktranslate %}\n"
    )
    monkeypatch.setattr(words, "PACKAGE", tmp_path)
    return tmp_path


def test_every_marked_word_is_gathered(small_house: Path) -> None:
    """From code and from templates: tags, filters and plurals."""
    ids = {message.id for message in words.gathered() if message.id}
    assert ids == {"Worth a closer look", "Help", "Nobody", ("%(n)s task", "%(n)s tasks")}


def test_a_word_that_a_reader_would_miss_is_found(small_house: Path) -> None:
    """Not in the file, not translated, with another gap than ours, not compiled; and nothing once all is right."""
    assert "es: not in the file: 'Help'" in [f"es: {one}" for one in words.problems("es")]
    words.write("es")
    assert "not translated: 'Help'" in words.problems("es")
    po = words.file("es")
    spanish = {"Help": "Ayuda", "Nobody": "Nadie", "Worth a closer look": "Merece otra mirada"}
    text = po.read_text()
    for english, said in spanish.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{said}"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(n)s tarea"').replace('msgstr[1] ""', 'msgstr[1] "%(m)s tareas"')
    po.write_text(text)
    assert any("tasks" in one for one in words.problems("es"))
    po.write_text(text.replace("%(m)s", "%(n)s"))
    assert words.problems("es") == ["compiled from an older file"]
    words.write("es")
    assert words.problems("es") == []
    before = po.read_bytes(), po.with_suffix(".mo").read_bytes()
    words.write("es")
    assert (po.read_bytes(), po.with_suffix(".mo").read_bytes()) == before


def test_a_template_reads_as_code_whatever_its_indentation() -> None:
    """Markup becomes signs without a meaning; only the marked words stay."""
    source = '  <p>\n<b>{% translate "One" %}</b>\n      </p>'
    assert "gettext" in templatize(source, origin="page")
    compile(words._as_code('{% translate "One" %}', "page"), "page", "exec")


def test_a_measurement_is_judged_beside_a_plain_way_or_by_itself() -> None:
    """Twice as slow is within two; a value without a comparison has a limit of its own; without one it is only told."""
    within = Measured("record a screen", 20, "ms", plain=10, beside="plain insert", at_most=2)
    over = Measured("search", 60, "ms", at_most=50)
    told = Measured("start", 900, "ms")
    assert [one.holds for one in (within, over, told)] == [True, False, True]
    assert table([within, over]).count("TOO SLOW") == 1


def test_ci_runs_both_commands_and_fails_with_either() -> None:
    """`.ci/run` is a script of the shell that parses, and hides no failure."""
    script = Path(__file__).parents[2] / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)]).returncode == 0
    said = script.read_text()
    assert "make test" in said
    assert "make check" in said
    assert "|| true" not in said
