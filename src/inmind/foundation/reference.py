"""The pages of `docs/reference` about the house itself: its settings, and the lines where a human voice answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from inmind.environment import SETTINGS
from inmind.foundation.helplines import help_lines

OF_THE_HOUSE = frozenset({"INMIND_SERVED_BY"})  # said by `inmind serve` to its own children, by nobody else
_READ_FROM_ENVIRONMENT = re.compile(r"environ(?:\.get\(|\[|ment\.read\()\s*\"((?:INMIND_|DATABASE_)[A-Z_]+)\"")


def pages() -> Mapping[str, str]:
    if (known := {one.name for group in SETTINGS.values() for one in group}) != (read := read_from_environment()):
        raise ValueError(f"settings.md and the code disagree about {', '.join(sorted(known ^ read))}")
    return {"settings.md": _settings(), "help-lines.md": _help_lines()}


def read_from_environment() -> set[str]:
    """The variables that the code asks somebody to set, found in its text."""
    package = Path(str(resources.files("inmind")))
    files = (path for path in package.rglob("*.py") if "tests" not in path.relative_to(package).parts)
    found = {name for path in files for name in _READ_FROM_ENVIRONMENT.findall(path.read_text(encoding="utf-8"))}
    return found - OF_THE_HOUSE


def _settings() -> str:
    parts = [
        "# Settings\n",
        "InMind runs without any of them. Each is an environment variable; what belongs to an installation for good (name, "
        "profile, state, zone, languages) stands in `installation.toml` in its folder, written by `inmind init`.\n",
        "One that is set to nothing counts as left out. One that cannot be used stops every command that reads it, with exit "
        "code 2 and a sentence that names it.\n",
    ]
    for title, group in SETTINGS.items():
        parts += [f"## {title}\n", "| variable | may be | unless said | what it does |\n| --- | --- | --- | --- |"]
        parts += [f"| `{one.name}` | {one.kind.expected} | {one.unless_said} | {one.says} |" for one in group]
        parts.append("")
    return "\n".join(parts)


def _help_lines() -> str:
    parts = [
        "# Help lines\n",
        "Shown on the help page, after an answer about self-harm, and at the foot of each public page: crisis lines first. A "
        "network lays a file of its own over ours: `foundation/help_lines.yaml` in `INMIND_CATALOG_DIR`.\n",
    ]
    for english, spanish in zip(help_lines("en"), help_lines("es"), strict=True):
        parts += [
            f"## {english.name}\n",
            f"- Call: {english.call}" + (f" (shown as {english.shown})" if english.shown != english.call else ""),
            f"- Text: {english.text or 'no'}",
            f"- A crisis line: {'yes' if english.crisis else 'no'}",
            f"- English: {english.note}",
            f"- Spanish: {spanish.note}",
            f"- Source: {english.source}",
            f"- Compared with the source on: {english.checked.isoformat()}",
            "",
        ]
    return "\n".join(parts)
