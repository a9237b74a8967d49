"""The project speaks of itself alone, and every room says what it holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import house

# Written in two parts, so that this file does not break its own law.
ELSEWHERE = {
    "a folder of somebody's machine": r"(?<![\w.\-/])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "tm" + "p")) + r")/",
    "a drive of somebody's machine": r"\b[A-Z]:\\" + r"\\?Users",
    "a package host": r"\b(?:" + "|".join(
        ("py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", "np" + r"mjs\.com", "unp" + r"kg\.com",
         "jsdel" + r"ivr", "cdn" + "js", "deb\\." + r"debian\.org", "crates" + r"\.io", "proxy\\." + "golang")
    ) + r")\b",
}  # fmt: skip
# Other people's files, kept as they came.
KEPT_AS_THEY_CAME = ("tests/vendor/",)


def name_of(path: Path) -> str:
    return path.relative_to(house.PROJECT).as_posix()


def test_no_file_names_a_machine_or_a_package_host() -> None:
    """Whoever clones the project finds nothing about the place where it was made."""
    found = []
    for path in house.text_files():
        if name_of(path).startswith(KEPT_AS_THEY_CAME):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [
                f"{name_of(path)}:{number} names {what}"
                for what, pattern in ELSEWHERE.items()
                if re.search(pattern, line)
            ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("room", house.rooms())
def test_every_room_says_what_it_holds(room: str) -> None:
    """Its `__init__` is a docstring and no code."""
    tree = ast.parse((house.SOURCE / room / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize(
    "path",
    [path for path in house.modules() if path.stem != "__init__" and "migrations" not in path.parts],
    ids=house.key_of,
)
def test_every_module_opens_with_what_it_is_for(path: Path) -> None:
    """One line at least; `apps.py` and `urls.py` say the same in every room."""
    assert path.stem in {"apps", "urls"} or ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_nothing_is_left_for_later() -> None:
    """A to-do belongs in an issue, where somebody sees it."""
    later = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    kinds = {".py", ".html", ".css", ".js", ".toml", ".md", ".yaml", ".txt", ""}
    assert not [
        f"{name_of(path)}:{number}"
        for path in house.text_files()
        if path.suffix in kinds and not name_of(path).startswith((*KEPT_AS_THEY_CAME, "requirements/"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ]


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    """A helper without a concept stays where it is used."""
    assert not [
        house.key_of(path) for path in house.modules() if path.stem in {"utils", "helpers", "misc", "common", "tools"}
    ]


@pytest.mark.parametrize("name", ["base", "test", "setup"])
def test_requirements_are_pinned_by_hash_and_name_no_address(name: str) -> None:
    """Whatever is installed is what was chosen, from wherever it comes."""
    text = (house.PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert not re.search(r"https?:|--index-url|--find-links|--extra-index", text)
    assert not [
        entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry or "==" not in entry.splitlines()[0]
    ]
