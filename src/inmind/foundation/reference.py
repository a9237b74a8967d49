"""The pages of `docs/reference` about the house itself: its settings, and the lines where a human voice answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from inmind.foundation.helplines import help_lines


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: what it is unless it is said, and what it does."""

    name: str
    unless_said: str
    says: str


SETTINGS: dict[str, tuple[Setting, ...]] = {
    "Where things are": (
        Setting(
            "INMIND_HOME",
            "`var` in the project's folder",
            "The installation's folder: database, keys, letters, `installation.toml`.",
        ),
        Setting(
            "INMIND_PROFILE",
            "what `installation.toml` says",
            "`association`, `agency` or `network`; wins over the file, for a first start and for tests.",
        ),
        Setting(
            "DATABASE_URL",
            "SQLite in the installation's folder",
            "`postgresql://user:password@host:port/name` for PostgreSQL.",
        ),
        Setting("INMIND_POOL", "16", "PostgreSQL: connections at most for each process."),
        Setting(
            "INMIND_CATALOG_DIR",
            "none",
            "A folder with a network's own catalog files, one folder a room, laid over ours.",
        ),
    ),
    "Being reached": (
        Setting(
            "INMIND_ADDRESS",
            "none: this machine alone, without TLS",
            "The public address, such as `https://inmind.example.org`. With it, cookies are secure, pages redirect to TLS, "
            "and letters carry this address.",
        ),
        Setting("INMIND_PORT", "8000", "Where `inmind serve` listens, on the loopback address."),
        Setting(
            "INMIND_BEHIND_PROXY",
            "0",
            "1 behind a proxy of yours that sets `X-Forwarded-Proto` and `X-Forwarded-For`, whatever the browser sent. "
            "Needed with a public address, because `inmind serve` speaks no TLS itself.",
        ),
        Setting(
            "INMIND_IDLE_SECONDS",
            "1800",
            "A session without a request for so long has ended. Eight hours end it in any case.",
        ),
    ),
    "Letters": (
        Setting(
            "INMIND_SMTP_URL",
            "none: letters are written to the `outbox` folder",
            "`smtp+tls://user:password@host:587`, `smtps://…:465` or `smtp://…`. A demonstration's letters stay in the "
            "folder whatever is set.",
        ),
        Setting("INMIND_MAIL_FROM", "`mail@localhost`", "The address letters come from; a neutral one."),
    ),
    "Backups": (
        Setting(
            "INMIND_BACKUP_PASSPHRASE",
            "asked on the terminal",
            "The passphrase of `inmind backup` and `inmind restore`, for runs by themselves; `--passphrase-file` wins.",
        ),
    ),
    "For those who build and test": (
        Setting("INMIND_DEBUG", "0", "1 shows Django's own error pages. Never where a family is kept."),
        Setting(
            "INMIND_SQLITE_SYNC",
            "FULL",
            "How SQLite waits for the disk. Anything less can lose what was acknowledged.",
        ),
        Setting("INMIND_TEST_DATABASE", "a file in the installation's folder", "The SQLite file of the tests."),
    ),
}
OF_THE_HOUSE = frozenset({"INMIND_SERVED_BY"})  # said by `inmind serve` to its own children, by nobody else
_READ_FROM_ENVIRONMENT = re.compile(r"environ(?:\.get\(|\[)\s*\"((?:INMIND_|DATABASE_)[A-Z_]+)\"")


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
    ]
    for title, group in SETTINGS.items():
        parts += [f"## {title}\n", "| variable | unless said | what it does |\n| --- | --- | --- |"]
        parts += [f"| `{one.name}` | {one.unless_said} | {one.says} |" for one in group]
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
