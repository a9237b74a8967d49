"""What somebody may set: each environment variable with its kind, its bounds, what holds without it and what it does.

All of InMind reads its settings here, so that each that cannot be used is refused in the same words, before anything
begins. `make docs` prints the same table.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

PROFILES = ("association", "agency", "network")
PORTS = range(1, 65_536)


class BadSetting(ValueError):
    """What was set, or stands in the installation's folder, cannot be used: what was found, expected, what to do."""

    def __init__(self, found: str, expected: str, next_step: str) -> None:
        self.found, self.expected, self.next_step = found, expected, next_step
        super().__init__(" ".join(part for part in (found, expected, next_step) if part))


@dataclass(frozen=True, slots=True)
class Kind:
    """What may stand in a setting, in words, and how it is read. `read` raises ValueError for anything else."""

    expected: str
    read: Callable[[str], Any]


def whole(within: range) -> Kind:
    def read(typed: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", typed, re.ASCII) or int(typed) not in within:
            raise ValueError
        return int(typed)

    return Kind(f"a whole number from {within.start} to {within.stop - 1}", read)


def one_of(*words: str) -> Kind:
    def read(typed: str) -> str:
        if typed not in words:
            raise ValueError
        return typed

    return Kind(f"{', '.join(words[:-1])} or {words[-1]}", read)


def _is_on(typed: str) -> bool:
    if typed not in {"0", "1"}:
        raise ValueError
    return typed == "1"


def _home(typed: str) -> Path:
    """A folder that is ours to write, or that can be made in the nearest one that is there."""
    folder = Path(typed).absolute()
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
    except OSError as fault:
        raise ValueError from fault
    if not there.is_dir() or not os.access(there, (os.R_OK if there == folder else 0) | os.W_OK | os.X_OK):
        raise ValueError
    return Path(typed)


def _keys(typed: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in typed.split(","))
    if not all(re.fullmatch("[a-z][a-z0-9]*", key) for key in keys):
        raise ValueError
    return keys


def _folder(typed: str) -> str:
    if not os.path.isdir(typed):
        raise ValueError
    return typed


def _address(typed: str) -> str:
    """Without its last slash. Raises ValueError also for a path, which no page of ours would stand under."""
    parts = urlsplit(typed.rstrip("/"))
    host = rf"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:{parts.port})?" if parts.port else r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
    if parts.scheme != "https" or not re.fullmatch(host, parts.netloc, re.ASCII | re.IGNORECASE):
        raise ValueError
    if parts.path or parts.query or parts.fragment:
        raise ValueError
    return typed.rstrip("/")


def database(typed: str) -> dict[str, str]:
    """A PostgreSQL database's address as libpq names its parts. Raises ValueError for another scheme or a broken one."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    if not typed.startswith(("postgresql://", "postgres://")):
        raise ValueError
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(typed).items()}
    except (ProgrammingError, UnicodeError) as fault:
        raise ValueError from fault
    ports = parts.get("port", "5432").split(",")
    if not parts.get("dbname") or not all(port.isdecimal() and int(port) in PORTS for port in ports):
        raise ValueError
    return parts


def is_loopback(host: str) -> bool:
    """Whether this is a name or a number of this machine itself, so that what is said to it crosses no wire."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _mail_server(typed: str) -> SplitResult:
    parts = urlsplit(typed)
    if parts.scheme == "smtp" and not is_loopback(
        parts.hostname or ""
    ):  # a letter carries a link that lets somebody in
        raise ValueError
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname or parts.port == 0:
        raise ValueError
    if parts.path.strip("/") or parts.query or parts.fragment:  # a password with a bare / ? or #
        raise ValueError
    return parts


def _gateway(typed: str) -> str:
    parts = urlsplit(typed)
    is_here = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or is_here) or parts.port == 0:
        raise ValueError
    if (
        parts.username
        or parts.password
        or parts.fragment
        or not typed.isascii()
        or not typed.isprintable()
        or " " in typed
    ):
        raise ValueError
    return typed


def _secret_file(typed: str) -> str:
    """The first line of a file."""
    try:
        first = Path(typed).read_text(encoding="utf-8").splitlines()[:1]
    except (OSError, UnicodeError) as fault:
        raise ValueError from fault
    if not first or not first[0].strip():
        raise ValueError
    return _secret(first[0].strip())


def _secret(typed: str) -> str:
    if not typed.isascii() or not typed.isprintable():
        raise ValueError
    return typed


def _name_of_sender(typed: str) -> str:
    if not typed.isprintable() or len(typed) > 60 or "@" in typed:
        raise ValueError
    return typed


def _spark_master(typed: str) -> str:
    if not re.fullmatch(r"(local|spark://|k8s://)\S*|yarn", typed):
        raise ValueError
    return typed


def _mail_address(typed: str) -> str:
    if not re.fullmatch(r"[^@\r\n]*[^@\s]@[^@\s]+", typed):
        raise ValueError
    return typed


def _sites(typed: str) -> tuple[str, ...]:
    """The sites that may frame a page, as a content policy names them."""
    if typed in {"any", "nowhere"}:
        return ("*",) if typed == "any" else ()
    return tuple(_address(one.strip()) for one in typed.split(","))


SWITCH = Kind("0 or 1", _is_on)
TEXT = Kind("text", str)
DATABASE = Kind(
    "`postgresql://user:password@host:port/name`, with `%40` for a @ and `%3A` for a : in the password", database
)


SECRET_FILE = Kind("a file that this user may read, with the secret in its first line", _secret_file)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `value` holds without it, in words `unless_said`; a secret one is never repeated."""

    name: str
    unless_said: str
    says: str
    kind: Kind = TEXT
    value: Any = None
    secret: bool = False


SETTINGS: dict[str, tuple[Setting, ...]] = {
    "Where things are": (
        Setting(
            "INMIND_HOME",
            "`var` in the project's folder",
            "The installation's folder: database, keys, letters, `installation.toml`.",
            Kind("a folder that this user may read and write, or one that can be made", _home),
            Path(__file__).parents[2] / "var",
        ),
        Setting(
            "INMIND_PROFILE",
            "what `installation.toml` says",
            "Which rooms there are; wins over the file, for a first start and for tests.",
            one_of(*PROFILES),
        ),
        Setting(
            "DATABASE_URL",
            "SQLite in the installation's folder",
            "A PostgreSQL database. More of libpq's own words may follow a `?`, such as `?sslmode=verify-full`.",
            DATABASE,
            secret=True,
        ),
        Setting("INMIND_POOL", "16", "PostgreSQL: connections at most for each process.", whole(range(1, 1001)), 16),
        Setting(
            "INMIND_CATALOG_DIR",
            "none",
            "A network's own catalog files, one folder a room, laid over ours.",
            Kind("a folder that exists", _folder),
            "",
        ),
        Setting(
            "INMIND_INSTRUMENTS_ON",
            "none",
            "Instruments to turn on that are switched off, such as `ace10`. Agree first on consent, on how answers are met, "
            "and on mandated reports.",
            Kind("keys of instruments, parted by commas, such as `ace10`", _keys),
            (),
        ),
    ),
    "Telling people apart": (
        Setting(
            "INMIND_LIKENESS_DOUBTFUL",
            "6",
            "From how many points two records may be one person and wait for the data steward. Our own default.",
            whole(range(4, 21)),
            6,
        ),
        Setting(
            "INMIND_LIKENESS_SAME",
            "8",
            "From how many points an import takes two records for one person. Our own default.",
            whole(range(4, 21)),
            8,
        ),
    ),
    "Taking families in": (
        Setting(
            "INMIND_SHEET_DAYS",
            "90 (ours)",
            "After so many days a sheet that is still on its way in is discarded, with what it says. What was taken in stays.",
            whole(range(1, 366)),
            90,
        ),
    ),
    "Scoring files": (
        Setting(
            "INMIND_ENGINE",
            "duckdb",
            "What `inmind score` reckons with. `spark` needs the extra of that name and Java 17, and comes to the same.",
            one_of("duckdb", "spark"),
            "duckdb",
        ),
        Setting(
            "INMIND_SPARK_MASTER",
            "`local[*]`: this machine",
            "The Spark that reckons. One on other machines has to reach the result's folder under the same path.",
            Kind("a master such as `local[4]` or `spark://host:7077`", _spark_master),
            "local[*]",
        ),
    ),
    "Being reached": (
        Setting(
            "INMIND_ADDRESS",
            "none: this machine alone, without TLS",
            "The public address. With it, cookies are secure, pages redirect to TLS, and letters carry this address.",
            Kind("an address such as `https://inmind.example.org`, with its https and without a path", _address),
            "",
        ),
        Setting("INMIND_PORT", "8000", "Where `inmind serve` listens, on the loopback address.", whole(PORTS), 8000),
        Setting(
            "INMIND_BEHIND_PROXY",
            "0",
            "1 behind a proxy of yours that sets `X-Forwarded-Proto` and `X-Forwarded-For`, whatever the browser sent. "
            "Needed with a public address, because `inmind serve` speaks no TLS itself.",
            SWITCH,
            False,
        ),
        Setting(
            "INMIND_IDLE_SECONDS",
            "1800",
            "A session without a request for so long has ended. Eight hours end it in any case.",
            whole(range(120, 8 * 3600 + 1)),  # the mark of the last request is renewed once a minute
            30 * 60,
        ),
        Setting(
            "INMIND_AWAY_HOURS",
            "24 (ours)",
            "How long families that were taken along may stay on a device, on visits without a signal; then they are wiped there.",
            whole(range(1, 24 * 7 + 1)),
            24,
        ),
        Setting(
            "INMIND_AWAY_FAMILIES",
            "200 (ours)",
            "How many families one worker takes along at most, the newest first.",
            whole(range(1, 201)),
            200,
        ),
        Setting(
            "INMIND_PROVE_AGAIN_MINUTES",
            "5 (ours)",
            "How long a shown factor counts before it is asked again for what is sensitive: a second factor that changes, "
            "a role given or ended, somebody else's lost phone, an agency's own sign-in, erasing, a legal hold, emergency "
            "access.",
            whole(range(1, 61)),
            5,
        ),
        Setting(
            "INMIND_LINK_DAYS",
            "7 (ours)",
            "How many days a link for a caregiver opens what it was sent for. Afterwards it still shows help.",
            whole(range(1, 31)),
            7,
        ),
        Setting(
            "INMIND_CHECK_IN_DAYS",
            "2 (ours)",
            "Within how many days the care team answers a caregiver who would like to talk; she is told the day.",
            whole(range(15)),
            2,
        ),
        Setting(
            "INMIND_OFFICE_LINK_DAYS",
            "21 (ours)",
            "How many days a link or a spoken code opens a referral for a program that has no account here.",
            whole(range(1, 91)),
            21,
        ),
        Setting(
            "INMIND_LINK_IDLE_MINUTES",
            "30 (ours)",
            "How long a caregiver's page stays open without a touch; then it opens again from the letter.",
            whole(range(2, 241)),
            30,
        ),
        Setting(
            "INMIND_EMERGENCY_HOURS",
            "4 (ours)",
            "How long emergency access to a family lasts before it ends by itself.",
            whole(range(1, 25)),
            4,
        ),
        Setting(
            "INMIND_FILE_MB",
            "5 (ours)",
            "How large a scan or a photo of a paper may be, in megabytes.",
            whole(range(1, 21)),
            5,
        ),
        Setting(
            "INMIND_RELEASE_HOURS",
            "24 (ours)",
            "How long a file for somebody outside can be taken before it is removed.",
            whole(range(1, 169)),
            24,
        ),
        Setting(
            "INMIND_LISTING_DAYS",
            "180 (ours)",
            "How many days a listing stands after somebody confirmed it, before the program is asked again.",
            whole(range(7, 731)),
            180,
        ),
        Setting(
            "INMIND_LISTING_GRACE_DAYS",
            "30 (ours)",
            "How many days more a listing is shown while the program is being asked; then it is shown no more.",
            whole(range(181)),
            30,
        ),
        Setting(
            "INMIND_ASKED_DAYS",
            "3 (ours)",
            "Within how many days somebody calls a family that asked for it on the public finder; it is told the day.",
            whole(range(1, 15)),
            3,
        ),
        Setting(
            "INMIND_ASKED_KEEP_DAYS",
            "14 (ours)",
            "How many days after somebody answered what such a family wrote is erased.",
            whole(range(91)),
            14,
        ),
        Setting(
            "INMIND_SEAT_OFFER_HOURS",
            "48 (ours)",
            "How long a seat that became free is kept for whoever waits first, before it is offered to the next.",
            whole(range(1, 24 * 14 + 1)),
            48,
        ),
        Setting(
            "INMIND_SEAT_PAY_DAYS",
            "14 (ours)",
            "Within how many days a seat at a training is to be paid. Where a training holds seats until they are paid, one that "
            "is not goes to whoever waits.",
            whole(range(1, 91)),
            14,
        ),
        Setting(
            "INMIND_EMBED_AT",
            "any",
            "On whose pages the finder's form may stand, such as a library's: `any`, `nowhere`, or addresses parted by commas. It "
            "shows what is public, knows nobody, and no other page of the house can be framed.",
            Kind("`any`, `nowhere`, or addresses such as `https://library.example.org`, parted by commas", _sites),
            ("*",),
        ),
        Setting(
            "INMIND_AGE_OF_MAJORITY",
            "not known: the house asks",
            "From which age on somebody decides alone, in whole years, by the law of the state. It ends what others agreed to "
            "for them. The house knows no state's law: whoever sets it has read it.",
            whole(range(1, 100)),
            None,
        ),
    ),
    "Letters": (
        Setting(
            "INMIND_SMTP_URL",
            "none: letters are written to the `outbox` folder",
            "The mail server. A demonstration's letters stay in the folder whatever is set.",
            Kind(
                "`smtp+tls://user:password@host:587` or `smtps://…:465`; `smtp://` without TLS for this machine alone",
                _mail_server,
            ),
            SplitResult("", "", "", "", ""),
            secret=True,
        ),
        Setting(
            "INMIND_SMTP_PASSWORD_FILE",
            "none: the password stands in `INMIND_SMTP_URL`",
            "A file whose first line is the mail server's password, as it is, so that no list of settings holds it.",
            SECRET_FILE,
            "",
        ),
        Setting(
            "INMIND_MAIL_FROM",
            "`mail@localhost`",
            "The address letters come from; a neutral one.",
            Kind("a mail address", _mail_address),
            "mail@localhost",
        ),
        Setting(
            "INMIND_NEUTRAL_SENDER",
            "the name in `INMIND_MAIL_FROM`, if it has one",
            "The name beside that address. Whoever finds a letter reads it: it should tell nobody who writes, or about what.",
            Kind("a name of at most 60 characters, without an address", _name_of_sender),
            "",
        ),
        Setting(
            "INMIND_TEXT_GATEWAY",
            "none: text messages are written to the `outbox` folder",
            "Where text messages are sent: a gateway that takes JSON. A demonstration's stay in the folder whatever is set.",
            Kind("an address such as `https://texts.example.org/send`; without TLS for this machine alone", _gateway),
            "",
            secret=True,
        ),
        Setting(
            "INMIND_TEXT_TOKEN",
            "none",
            "The token that the gateway asks for (`Authorization: Bearer`).",
            Kind("a token in plain characters", _secret),
            "",
            secret=True,
        ),
        Setting(
            "INMIND_TEXT_TOKEN_FILE",
            "none: `INMIND_TEXT_TOKEN`",
            "A file whose first line is that token; wins over it.",
            SECRET_FILE,
            "",
        ),
    ),
    "Card payments": (
        Setting(
            "INMIND_CARD_KEY_FILE",
            "none: nobody pays by card",
            "A file whose first line is the secret key of an account at Stripe. It needs the extra `card`. In a demonstration "
            "nobody pays by card.",
            SECRET_FILE,
            "",
        ),
        Setting(
            "INMIND_CARD_NOTICE_FILE",
            "none: nobody pays by card",
            "A file whose first line is the secret by which Stripe signs what it sends to `/money/card/notices/`.",
            SECRET_FILE,
            "",
        ),
    ),
    "Backups": (
        Setting(
            "INMIND_BACKUP_PASSPHRASE",
            "asked on the terminal",
            "The passphrase of `inmind backup` and `inmind restore`, for runs by themselves; `--passphrase-file` wins.",
            Kind("twelve characters or more", str),
            "",
            secret=True,
        ),
    ),
    "For those who build and test": (
        Setting("INMIND_DEBUG", "0", "1 shows Django's own error pages. Never where a family is kept.", SWITCH, False),
        Setting(
            "INMIND_SQLITE_SYNC",
            "FULL",
            "How SQLite waits for the disk. Anything less can lose what was acknowledged.",
            one_of("OFF", "NORMAL", "FULL"),
            "FULL",
        ),
        Setting("INMIND_TEST_DATABASE", "a file in the installation's folder", "The SQLite file of the tests."),
    ),
}
_BY_NAME = {setting.name: setting for group in SETTINGS.values() for setting in group}


def read(name: str) -> Any:
    """What a setting holds; one that is set to nothing counts as left out. Raises BadSetting, which repeats no secret."""
    setting = _BY_NAME[name]
    typed = os.environ.get(name, "").strip()
    if not typed:
        return setting.value
    try:
        return setting.kind.read(typed)
    except ValueError as fault:
        raise BadSetting(
            f"{name} cannot be used as it is set." if setting.secret else f"{name} is set to {typed[:80]!r}.",
            f"It should be {setting.kind.expected}.",
            f"Correct it, or leave it out (then: {setting.unless_said}).",
        ) from (None if setting.secret else fault)
