"""`make docs`: the generated pages of `docs/reference`, each made by the room that knows it.

A room's `reference.py` has one function, `pages() -> Mapping[str, str | None]`: a file's name below `docs/reference`,
and its text; None for a page whose source is not on this machine, which is then left as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from inmind import cli

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
MARK = "<!-- Made by `make docs`. Change what it is made from, not this page. -->\n"


def pages() -> dict[str, str | None]:
    """Every page of every room that is installed, each with its mark. Raises ValueError for one made twice."""
    from django.conf import settings

    found: dict[str, str | None] = {}
    for room in settings.INSTALLATION.rooms:
        if find_spec(f"inmind.{room}.reference") is None:
            continue
        made: Mapping[str, str | None] = import_module(f"inmind.{room}.reference").pages()
        if twice := found.keys() & made.keys():
            raise ValueError(f"{', '.join(sorted(twice))}: made by two rooms, one of them {room}")
        found |= {name: None if text is None else f"{MARK}{text.strip()}\n" for name, text in made.items()}
    return found


def stale(made: Mapping[str, str | None], folder: Path) -> list[str]:
    """Pages that are not what their room makes now, and made pages that no room makes any more."""
    kept = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    changed = [name for name, text in made.items() if text is not None and kept.get(name) != text]
    return sorted({*changed, *(name for name, text in kept.items() if text.startswith(MARK) and name not in made)})


def write(made: Mapping[str, str | None], folder: Path) -> None:
    """Write the pages, and take away made ones that no room makes any more."""
    for name in stale(made, folder):
        path = folder / name
        if (text := made.get(name)) is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    cli.set_up()
    made = pages()
    if "--check" not in words:
        write(made, FOLDER)
        return 0
    old = stale(made, FOLDER)
    if old:
        print(f"Stale in docs/reference: {', '.join(old)}. Write them with: make docs", file=sys.stderr)
    if waiting := sorted(name for name, text in made.items() if text is None):
        print(f"Not looked at, because what they are made from is not here: {', '.join(waiting)}.")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
