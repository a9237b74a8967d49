"""Core holds the rules and nothing else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import house

# Of the standard library, what reaches outside: files, network, other processes, the clock, chance, the system.
OUTSIDE = frozenset(
    (
        *("os", "sys", "io", "pathlib", "shutil", "tempfile", "glob", "fileinput", "mmap", "sqlite3", "dbm", "shelve"),
        *("socket", "ssl", "http", "urllib", "smtplib", "email", "ftplib", "select", "selectors", "asyncio"),
        *("subprocess", "multiprocessing", "threading", "concurrent", "signal", "ctypes", "importlib", "inspect"),
        *("time", "random", "secrets", "logging", "platform", "getpass", "locale", "warnings", "atexit", "contextvars"),
    )
)
# What is handed in as an argument may be named: a seeded source of chance is no chance.
HANDED_IN = {("random", "Random")}
FORBIDDEN_CALLS = {"open", "print", "input", "uuid1", "uuid4", "now", "utcnow", "today"}


def imports(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Each import as (module, name taken from it or empty, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name, node.lineno) for alias in node.names)


def outside(module: str, name: str) -> str:
    """Why core may not import this; empty when it may."""
    top = module.partition(".")[0]
    if top == "inmind":
        candidates = [Path(*module.split(".")), Path(*module.split("."), name)]
        found = [path for path in (house.PROJECT / "src" / f"{part}.py" for part in candidates) if path.exists()]
        return "shell" if any(not house.is_core(path) for path in found) else ""
    if top not in sys.stdlib_module_names:
        return "a library"
    return "outside" if top in OUTSIDE and (module, name) not in HANDED_IN else ""


@pytest.mark.parametrize("path", house.core_modules(), ids=house.key_of)
def test_core_imports_only_values_and_other_core(path: Path) -> None:
    """No Django, no clock, no chance, no files, no network: what a rule needs is handed to it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [
        f"{house.key_of(path)}:{line} imports {module} {name} ({why})"
        for module, name, line in imports(tree)
        if (why := outside(module, name))
    ]


@pytest.mark.parametrize("path", house.core_modules(), ids=house.key_of)
def test_core_asks_nothing_of_the_world(path: Path) -> None:
    """A rule opens no file, prints nothing, and makes neither a time nor an id."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    named = [
        (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""), node)
        for node in calls
    ]
    assert not [f"{house.key_of(path)}:{node.lineno} calls {name}" for name, node in named if name in FORBIDDEN_CALLS]


def test_the_short_list_of_shell_modules_names_only_what_is_there() -> None:
    """A module that is gone leaves the list; one whose name already says shell does not join it."""
    keys = {house.key_of(path) for path in house.modules()}
    assert set(house.NAMED_SHELL) <= keys
    assert not [
        key for key in house.NAMED_SHELL if house.SHELL_NAMES & set(key.split("/")) or key.endswith(house.SHELL_ENDINGS)
    ]
    assert all(house.NAMED_SHELL.values())


def test_the_law_sees_what_it_forbids() -> None:
    """Shell, a library, the clock and chance are outside; a value and a handed-in source of chance are not."""
    assert outside("inmind.access", "act") == outside("inmind.access.act", "Act") == "shell"
    assert outside("django.db", "models") == "a library"
    assert outside("time", "") == outside("random", "random") == "outside"
    assert not outside("inmind.foundation.values", "Age")
    assert not outside("random", "Random")
