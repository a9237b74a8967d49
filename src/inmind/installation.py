"""What makes one installation this one: its folder, profile, name, languages, and the keys kept outside the database."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inmind import environment
from inmind.environment import PROFILES, BadSetting

_GROUND = ("foundation", "jobs", "people", "access", "records", "tasks", "messages")
_FAMILIES = ("families", "screening", "services", "diagnosis", "away")
_PROFESSION = ("money", "association", "learning", "reflection", "endorsement")
_WINDOWS = ("workspace", "frontdoor", "demo")

# An association keeps no family: no room that could (`protect.md` 16). A network has all.
ROOMS = {
    "association": (*_GROUND, *_PROFESSION, *_WINDOWS),
    "agency": (*_GROUND, "documents", *_FAMILIES, *_WINDOWS),
    "network": (*_GROUND, "documents", *_FAMILIES, *_PROFESSION, *_WINDOWS),
}

KEYS = ("pages", "audit", "master")
# The states, the federal district and the territories by the two letters of the postal service. A tribe has its name.
STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "Virgin Islands",
}
LANGUAGES = {"en": "English", "es": "Español"}
FILE = "installation.toml"
PARTS = ("profile", "name", "state", "zone", "languages")  # what stands in it


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
        """A key of this installation. Raises BadSetting when it is missing or damaged."""
        file = f"{self.home}/keys/{name}.key"
        try:
            there = os.stat(file)
            key = _key_in(file, (there.st_ino, there.st_mtime_ns, there.st_size))
        except (OSError, ValueError):
            key = b""
        if len(key) != 32:
            raise BadSetting(
                f"The key {name} is missing or damaged in {self.home / 'keys'}.",
                "Without it nobody can sign in, or no sealed words can be read; a new one cannot read old words.",
                "Bring it back from your backup; `inmind doctor` says more.",
            )
        return key

    def earlier(self, name: str) -> list[bytes]:
        """Keys of this name that came before today's and are still needed. Raises BadSetting for a damaged one."""
        files = sorted((self.home / "keys").glob(f"{name}.*.key"))
        return [self.key(file.name.removesuffix(".key")) for file in files]

    def check(self) -> None:
        """Raises BadSetting where nothing has begun, or a key cannot be used."""
        if not self.begun:
            raise BadSetting(
                f"There is no installation in {self.home} yet.",
                "INMIND_HOME should name the folder of one.",
                "Correct it, or begin one with `inmind init`, or a demonstration with `inmind demo`.",
            )
        self.check_keys()

    def check_keys(self) -> None:
        """Raises BadSetting, as `key` does, for the first key that cannot be used."""
        for name in KEYS:
            self.key(name)


@lru_cache(maxsize=16)
def _key_in(file: str, _as_it_is: tuple[int, ...]) -> bytes:
    """What a key's file says; read again when it is another one, as after a rotation. Each request needs several."""
    return bytes.fromhex(Path(file).read_text(encoding="ascii").strip())


def home() -> Path:
    """The folder of the installation: INMIND_HOME, or `var` beside the project."""
    folder: Path = environment.read("INMIND_HOME")
    return folder


def load(folder: Path) -> Installation:
    """Read an installation. INMIND_PROFILE wins over the file, for a first start and for tests.

    Raises BadSetting when the file cannot be read, or says what cannot be.
    """
    file = folder / FILE
    said = _read(file) if file.exists() else {}
    unless_said = Installation(home=folder)
    found = {part: said.get(part, getattr(unless_said, part)) for part in PARTS}
    found["profile"] = environment.read("INMIND_PROFILE") or found["profile"]
    if problem := wrong(**found):
        raise BadSetting(
            f"What {file} says cannot be.", problem, "Correct that file, or bring it back from your backup."
        )
    return Installation(home=folder, **{**found, "languages": tuple(found["languages"])}, begun=file.exists())


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:  # ValueError: neither TOML nor text
        why = getattr(fault, "strerror", None) or ("it is not text" if isinstance(fault, UnicodeError) else fault)
        raise BadSetting(
            f"{file} cannot be read: {why}.",
            "It holds the profile, name, state, zone and languages, as `inmind init` wrote them.",
            "Correct that file, or bring it back from your backup.",
        ) from fault


def wrong(*, profile: Any, name: Any, state: Any, zone: Any, languages: Any) -> str:
    """What an installation cannot be, as a sentence; empty when it can."""
    if profile not in PROFILES:
        return f"The profile {profile!r} is unknown; it is one of {', '.join(PROFILES)}."
    for what, typed, longest in (("name", name, 120), ("state", state, 40)):
        if not isinstance(typed, str) or len(typed) > longest or not typed.isprintable():
            return f"The {what} is one line of at most {longest} letters."
    if not name.strip():
        return "The installation needs a name that people know."
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError, AttributeError):  # OSError: a folder such as America
        return f"The time zone {zone!r} is not known. It is a name such as America/New_York."
    if not _is_list(languages) or not languages or any(code not in LANGUAGES for code in languages):
        return f"The languages of the pages are {' and '.join(LANGUAGES)}; one or both, each by its two letters."
    return ""


def wrong_state(state: str) -> str:
    """What no state, territory or tribe is written as, as a sentence; empty when it can be one, or is left out."""
    typed = state.strip()
    named = {name.casefold(): code for code, name in STATES.items()}
    meant = named.get(typed.casefold()) or (typed.upper() if typed.upper() in STATES else "")
    if meant:
        return "" if state == meant else f"The state {state!r} is written {meant}."
    if typed and len(typed) <= 3:
        return (
            f"{state!r} is no state or territory of the United States. Write the two letters that the postal service "
            "uses, such as TX, DC or PR; for a tribe, its name."
        )
    return ""


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(one, str) for one in value)


def begin(folder: Path, *, profile: str, name: str, state: str, zone: str, languages: tuple[str, ...]) -> Installation:
    """Make the keys, then write `installation.toml`: where that stands, the keys were all there.

    An installation that has begun keeps both. Raises BadSetting when its keys are gone, or nothing can be written.
    """
    file = folder / FILE
    if file.exists():
        begun = load(folder)
        begun.check_keys()
        return begun
    lines = [f"profile = {_quoted(profile)}", f"name = {_quoted(name)}", f"state = {_quoted(state)}"]
    lines += [f"zone = {_quoted(zone)}", f"languages = [{', '.join(_quoted(code) for code in languages)}]"]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(PermissionError):  # another's folder that we may write in; `inmind doctor` says what is open
            folder.chmod(0o700)
        ensure_keys(folder)
        part = file.with_suffix(".part")
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.rename(file)
    except OSError as fault:
        raise BadSetting(
            f"Nothing can be written in {folder}: {fault.strerror}.",
            "The installation's folder is one that this user may write.",
            "Choose another by INMIND_HOME, or give this one to the user.",
        ) from fault
    begun = load(folder)
    begun.check_keys()
    return begun


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


def replace_key(folder: Path, name: str, *, keep_as: str = "") -> None:
    """Put a fresh key in the place of one of this name; the one before is kept as `name.keep_as.key`, or is gone.

    The one before is on the disk under its new name before it leaves its old one: killed in between, nothing is lost.
    """
    keys = folder / "keys"
    file = keys / f"{name}.key"
    if keep_as:
        _write_key(keys / f"{name}.{keep_as}.key", file.read_text(encoding="ascii").strip())
    _write_key(file, secrets.token_hex(32))


def retire_key(folder: Path, name: str, kept_as: str) -> None:
    """Forget a key that came before."""
    (folder / "keys" / f"{name}.{kept_as}.key").unlink(missing_ok=True)
    _on_the_disk(folder / "keys")


def _write_key(file: Path, digits: str) -> None:
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as made:
        made.write(digits + "\n")
        made.flush()
        os.fsync(made.fileno())
    part.rename(file)
    _on_the_disk(file.parent)


def _on_the_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _quoted(text: str) -> str:
    if any(ord(letter) < 32 for letter in text):
        raise ValueError("a line of the settings cannot hold control characters")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
