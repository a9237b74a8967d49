"""What makes one installation this one: its folder, profile, name, languages, and the keys kept outside the database."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

PROFILES = ("association", "agency", "network")
ROOMS = {
    "association": (
        "foundation",
        "jobs",
        "people",
        "access",
        "records",
        "tasks",
        "messages",
        "workspace",
        "frontdoor",
        "demo",
    ),
    "agency": (
        *("foundation", "jobs", "people", "access", "records", "tasks", "messages"),
        *("families", "screening", "workspace", "frontdoor", "demo"),
    ),
}
ROOMS["network"] = ROOMS["agency"]

KEYS = ("pages", "audit", "master")


@dataclass(frozen=True, slots=True)
class Installation:
    """Read from `installation.toml` in the installation's folder; a folder without one is not yet begun."""

    home: Path
    profile: str = "network"
    name: str = "InMind"
    state: str = ""
    zone: str = "America/New_York"
    languages: tuple[str, ...] = ("en", "es")
    begun: bool = False

    @property
    def rooms(self) -> tuple[str, ...]:
        return ROOMS[self.profile]

    def key(self, name: str) -> bytes:
        """A key of this installation. Raises FileNotFoundError when it is missing: `inmind doctor` says what to do."""
        return bytes.fromhex((self.home / "keys" / f"{name}.key").read_text().strip())


def home() -> Path:
    """The folder of the installation: INMIND_HOME, or `var` beside the project."""
    given = os.environ.get("INMIND_HOME")
    return Path(given) if given else Path(__file__).parents[2] / "var"


def load(folder: Path) -> Installation:
    """Read an installation. INMIND_PROFILE wins over the file, for a first start and for tests."""
    file = folder / "installation.toml"
    said = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    profile = os.environ.get("INMIND_PROFILE") or said.get("profile", "network")
    if profile not in PROFILES:
        raise ValueError(f"profile {profile!r} is unknown; it is one of {', '.join(PROFILES)}. Look in {file.name}.")
    return Installation(
        home=folder,
        profile=profile,
        name=said.get("name", "InMind"),
        state=said.get("state", ""),
        zone=said.get("zone", "America/New_York"),
        languages=tuple(said.get("languages", ("en", "es"))),
        begun=file.exists(),
    )


def begin(folder: Path, *, profile: str, name: str, state: str, zone: str, languages: tuple[str, ...]) -> Installation:
    """Write `installation.toml` and the keys. An installation that has begun keeps both."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "installation.toml"
    if not file.exists():
        lines = [f"profile = {_quoted(profile)}", f"name = {_quoted(name)}", f"state = {_quoted(state)}"]
        lines += [f"zone = {_quoted(zone)}", f"languages = [{', '.join(_quoted(code) for code in languages)}]"]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ensure_keys(folder)
    return load(folder)


def ensure_keys(folder: Path) -> None:
    """Make the keys that are missing, readable by their owner alone; never replace one."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in KEYS:
        try:
            handle = os.open(keys / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")


def _quoted(text: str) -> str:
    if any(ord(letter) < 32 for letter in text):
        raise ValueError("a line of the settings cannot hold control characters")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
