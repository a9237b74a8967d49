"""What a row of a contact export says of a member, and what its columns are called. Pure.

The names of the columns, of the statuses and of bundles are those that membership products write in their exports, above all
the member export in the style of Wild Apricot. Source: its help pages "Import Field Guide", "Import of Bundles" and "Member
list" (help.wildapricot.com, support.wildapricot.com). What a column says that none of these keys names is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.records.columns import Order, day_of

# What a column can hold: key -> its name on screens, and headings by which it is guessed.
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "number": (N_("Number in the other product"), ("user id", "member id", "contact id", "member number", "id")),
    "given_name": (N_("First name"), ("first name", "given name", "nombre")),
    "family_name": (N_("Last name"), ("last name", "family name", "surname", "apellido", "apellidos")),
    "mail": (N_("Mail"), ("email", "e mail", "mail", "email address", "primary email", "correo")),
    "phone": (N_("Phone"), ("phone", "phone number", "mobile", "cell phone", "primary phone", "telefono")),
    "organization": (
        N_("Agency or organization"),
        ("organization", "organisation", "company", "employer", "agency", "organizacion"),
    ),
    "level": (N_("Membership level"), ("membership level", "member level", "level", "membership type", "nivel")),
    "status": (N_("Membership status"), ("membership status", "member status", "status", "estado")),
    "since": (N_("Member since"), ("member since", "join date", "joined", "joined on", "miembro desde")),
    "renewal_due": (
        N_("Renewal due: the first day that is not paid for"),
        ("renewal due", "renewal date", "renewal due date", "next renewal", "due date"),
    ),
    "paid_through": (
        N_("Paid through: the last day that is paid for"),
        ("paid through", "paid until", "expires", "expires on", "expiration date", "expiry date", "valid through"),
    ),
    "years": (N_("Years of membership before"), ("membership history", "years of membership", "member years")),
    "is_member": (N_("Whether they are a member"), ("membership enabled", "member", "is member")),
    "archived": (N_("Archived"), ("archived",)),
    "suspended": (N_("Suspended"), ("suspended", "suspended member")),
    "bundle": (
        N_("Bundle: the number or mail of who coordinates it"),
        ("member bundle id or email", "membership bundle id or email", "bundle id or email", "bundle id", "bundle"),
    ),
    "role": (N_("Part in the bundle"), ("member role", "bundle role")),
    "labels": (N_("Groups or labels"), ("group participation", "groups", "labels", "tags", "grupos", "etiquetas")),
    "mailings": (
        N_("Whether they want mailings"),
        ("subscribed to emails", "member emails and newsletters", "newsletter", "opted in", "receives emails"),
    ),
    "language": (N_("Likes to speak"), ("language", "preferred language", "idioma")),
}
_UNDERSTOOD = frozenset(word for key, (_, words) in COLUMNS.items() for word in (key.replace("_", " "), *words))
MOST_LABELS, MOST_OF_A_LABEL = 20, 80  # ours


class Status(StrEnum):
    """How a membership stood in the other product."""

    NONE = ""
    ACTIVE = "active"
    LAPSED = "lapsed"
    PENDING_NEW = "pending_new"  # asked to join, and has not paid
    PENDING_RENEWAL = "pending_renewal"  # was a member, and has not paid again
    PENDING_CHANGE = "pending_change"  # asked for another level, and has not paid for it
    UNKNOWN = "unknown"  # a word that is none of these


STATUSES: dict[str, Status] = {
    "": Status.NONE,
    "active": Status.ACTIVE,
    "activo": Status.ACTIVE,
    "current": Status.ACTIVE,
    "lapsed": Status.LAPSED,
    "expired": Status.LAPSED,
    "overdue": Status.ACTIVE,
    "renewal overdue": Status.ACTIVE,
    "pending": Status.PENDING_NEW,
    "pending new": Status.PENDING_NEW,
    "pending renewal": Status.PENDING_RENEWAL,
    "pending level change": Status.PENDING_CHANGE,
    "pending upgrade": Status.PENDING_CHANGE,
}
STATUS_WORDS: dict[Status, str] = {
    Status.NONE: N_("without a status"),
    Status.ACTIVE: N_("active"),
    Status.LAPSED: N_("lapsed"),
    Status.PENDING_NEW: N_("asked to join, not paid"),
    Status.PENDING_RENEWAL: N_("renewal not paid"),
    Status.PENDING_CHANGE: N_("change of level not paid"),
    Status.UNKNOWN: N_("another word"),
}
YES = frozenset(("yes", "true", "1", "y", "x", "si", "on", "subscribed"))
NO = frozenset(("no", "false", "0", "n", "off", "unsubscribed"))
LANGUAGES = {"en": "en", "english": "en", "ingles": "en", "es": "es", "spanish": "es", "espanol": "es"}
# Headings and cells that speak of a family. A column that is called so is never read; a cell of another one that says such
# waits for a person. Short whole words only, folded.
OF_FAMILIES = frozenset(
    (
        *("child", "children", "childs", "kid", "kids", "baby", "babies", "infant", "toddler", "newborn", "twins"),
        *("son", "sons", "daughter", "daughters", "mom", "mommy", "mother", "dad", "father", "parent", "parents"),
        *("caregiver", "guardian", "foster", "diagnosis", "client", "clients", "patient", "family", "families", "dob"),
        *("nino", "nina", "ninos", "ninas", "bebe", "hijo", "hija", "hijos", "hijas", "mama", "papa", "familia"),
    )
)
# Names of organizations of this field are full of such words; within a cell only a turn of phrase tells.
_TOLD = re.compile(
    r"\b(mom|mommy|mother|dad|father|parent|grandmother|grandma|caregiver|foster (mom|mother|dad|parent)) of "
    r"|\b(her|his|their|my) (son|daughter|baby|child|kid|twins)\b"
    r"|\b(son|daughter|baby|child|kid|hijo|hija|bebe) (is |named |called )"
    r"|\b(mama|papa|madre|padre|abuela) de "
    r"|\bborn (on )?\d|\bage \d"
)
_LAST_BUT_ONE = date.max - timedelta(days=1)
_MAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]+\.[^@\s,;]+")


@dataclass(frozen=True, slots=True)
class Contact:
    """A row as it was read. Dates None: the cell is empty. `until` is the first day that is not paid for.

    mails, phones, labels: a cell may hold several. wants_mailings, is_member None: the file does not say.
    years: calendar years of membership before, where the file has them. no_day, two_days: one of its dates is not a day, or may
    be two, and is left empty here; unread_days: the key of its column and the cell as it stands.
    """

    number: str = ""
    given_name: str = ""
    family_name: str = ""
    mails: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # what stood among the mails and is no address
    phones: tuple[str, ...] = ()
    organization: str = ""
    level: str = ""
    status: Status = Status.NONE
    since: date | None = None
    until: date | None = None
    years: tuple[int, ...] = ()
    is_member: bool | None = None
    archived: bool = False
    suspended: bool = False
    bundle: str = ""
    coordinates: bool = False
    labels: tuple[str, ...] = ()
    wants_mailings: bool | None = None
    language: str = ""
    no_day: bool = False
    two_days: bool = False
    unread_days: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def folded_name(self) -> str:
        """How a name is compared: the same words in the same order, accents, capitals and hyphens aside."""
        return folded_name(self.name)

    @property
    def mailboxes(self) -> tuple[str, ...]:
        return tuple(mail.casefold() for mail in self.mails)


@lru_cache(maxsize=100_000)
def folded_name(name: str) -> str:
    """The words of a name in their order, folded."""
    return " ".join(text.tokens(name))


def speaks_of_families(heading: str) -> bool:
    """Whether a column is called by what belongs to a family: it is never read, whatever it holds."""
    words = text.tokens(heading.replace("_", " "))
    return " ".join(words) not in _UNDERSTOOD and bool(OF_FAMILIES.intersection(words))


def is_free_text(values: Iterable[str]) -> bool:
    """Whether a column holds what people wrote freely: some of its cells are as long as sentences."""
    return any(len(value.split()) > 8 for value in values)  # ours: a longer cell is no name of anything


def told_of_a_family(cell: str) -> bool:
    """Whether a cell that should name an organization or a group speaks of somebody's family instead."""
    return _TOLD.search(text.folded(cell)) is not None


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises BadInput where two columns hold the same, one is unknown or speaks of families, or one that is needed is missing."""
    held = [key for key in mapping.values() if key]
    if len(set(held)) != len(held):
        raise BadInput(N_("Two columns are said to hold the same."), "", N_("Choose one of them."))
    if not set(held) <= set(COLUMNS):
        raise BadInput(N_("A column is said to hold what nobody knows."), "", N_("Choose from the list."))
    for name, key in mapping.items():
        if key and speaks_of_families(name):
            raise BadInput(
                N_("The column %(name)s speaks of children or families."),
                N_("An association keeps nothing about families."),
                N_("Leave it out."),
                facts={"name": name[:60]},
            )
    if not {"given_name", "family_name"} & set(held) or "level" not in held:
        raise BadInput(N_("A column is missing."), N_("A name and the membership level are needed."))
    if {"renewal_due", "paid_through"} <= set(held):
        raise BadInput(
            N_("Two columns say until when a membership is paid."),
            N_("They would be read a day apart."),
            N_("Choose one of them."),
        )


def contact_of(cells: Mapping[str, str], order: Order) -> Contact:
    """What a row says. cells: key of a column -> text. Raises BadInput for what cannot be kept; a date that cannot be read is
    left empty and told."""
    plain = {key: " ".join(value.split()) for key, value in cells.items()}
    for key, value in plain.items():
        text.checked(value, 80 if key.endswith("name") else 1000)
    words = " ".join(text.tokens(plain.get("status", "")))
    days, told, unread = {}, set(), []
    for key in ("since", "renewal_due", "paid_through"):
        days[key], trouble = _day(plain.get(key, ""), order)
        told.add(trouble)
        if trouble:
            unread.append((key, plain[key][:MOST_OF_A_DAY]))
    due, through = days["renewal_due"], days["paid_through"]
    language = text.folded(plain.get("language", ""))
    return Contact(
        number=plain.get("number", "")[:40],
        given_name=plain.get("given_name", ""),
        family_name=plain.get("family_name", ""),
        mails=_several(plain.get("mail", "")),
        phones=_several(plain.get("phone", "")),
        organization=plain.get("organization", ""),
        level=plain.get("level", ""),
        status=STATUSES.get(words, Status.UNKNOWN),
        since=days["since"],
        until=due or (None if through is None else date.fromordinal(min(through, _LAST_BUT_ONE).toordinal() + 1)),
        years=years_of(plain.get("years", "")),
        is_member=yes_or_no(plain.get("is_member", "")),
        archived=bool(yes_or_no(plain.get("archived", ""))),
        suspended=bool(yes_or_no(plain.get("suspended", ""))),
        bundle=plain.get("bundle", ""),
        coordinates=bool({"coordinator", "administrator"} & set(text.tokens(plain.get("role", "")))),
        labels=_labels(cells.get("labels", "")),
        wants_mailings=yes_or_no(plain.get("mailings", "")),
        language=LANGUAGES.get(language, "other" if language else ""),
        no_day=NO_DAY in told,
        two_days=TWO_DAYS in told,
        unread_days=tuple(unread),
    )


NO_DAY, TWO_DAYS = "no_day", "two_days"
MOST_OF_A_DAY = 40  # letters of a cell that holds no day, shown again


def _day(cell: str, order: Order) -> tuple[date | None, str]:
    """A day, or why it cannot be read. `never` is what such exports write for a day that will not come."""
    if text.folded(cell) in {"never", "none", "n/a", "-"}:
        return None, ""
    try:
        return day_of(cell, order), ""
    except BadInput as fault:
        return None, NO_DAY if fault.__cause__ else TWO_DAYS


def yes_or_no(cell: str) -> bool | None:
    """Yes, no, or None for an empty cell and for a word that is neither."""
    word = text.folded(cell.strip())
    return True if word in YES else (False if word in NO else None)


def years_of(cell: str) -> tuple[int, ...]:
    """The calendar years that a cell names, such as `2019, 2020-2022`; four digits each, all else is passed over."""
    found: set[int] = set()
    for first, last in re.findall(r"\b((?:19|20)\d\d)(?:\s?[-\u2013]\s?((?:19|20)\d\d))?\b", cell):
        found |= set(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))


def is_mail(typed: str) -> bool:
    """Whether this may be an address: something, an at sign, a name with a dot."""
    return len(typed) <= 254 and _MAIL.fullmatch(typed) is not None


def _several(cell: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, each once."""
    return tuple(dict.fromkeys(part for one in re.split("[;,]", cell) if (part := one.strip())))


def _labels(cell: str) -> tuple[str, ...]:
    """The labels of a cell; more than twenty or longer ones than eighty characters are no labels."""
    found = tuple(dict.fromkeys(" ".join(one.split()) for one in re.split("[;,|\n]", cell) if one.strip()))
    return tuple(one for one in found if len(one) <= MOST_OF_A_LABEL)[:MOST_LABELS]
