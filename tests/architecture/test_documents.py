"""The documents lead somewhere, and the decisions stand in their order."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.architecture import house

PAGES = [path for path in house.project_files() if path.suffix == ".md" and "vendor" not in path.parts]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
DECISIONS = sorted((house.PROJECT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(house.PROJECT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    """A page that was renamed takes the links to it along."""
    found = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    inside = [link for link in found if link and not re.match(r"[a-z]+:", link)]
    assert not [link for link in inside if not (page.parent / unquote(link)).exists()]


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_its_context_what_was_decided_and_what_follows(record: Path) -> None:
    """Numbered without a gap, in one form, so that a later one can supersede it."""
    text = record.read_text(encoding="utf-8")
    number = DECISIONS.index(record) + 1
    assert record.name.startswith(f"{number:04}-")
    assert text.startswith(f"# {number:04}. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_the_first_pages_are_there() -> None:
    """What somebody looks for first in a project stands at its root."""
    wanted = ("README", "ARCHITECTURE", "GLOSSARY", "SECURITY", "CONTRIBUTING", "CHANGELOG")
    assert not [name for name in wanted if not (house.PROJECT / f"{name}.md").exists()]
    assert DECISIONS
