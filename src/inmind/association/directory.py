"""What stands in the directory of an association, for whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from inmind.foundation.text import tokens
from inmind.foundation.values import N_


class Audience(StrEnum):
    """Who may read somebody's entry."""

    NOBODY = "nobody"
    MEMBERS = "members"
    PUBLIC = "public"


# What may be shown beside the name, each by itself.
FIELDS: Mapping[str, str] = {
    "agency": N_("Where you work"),
    "city": N_("City"),
    "languages": N_("Languages"),
    "offers": N_("What you offer"),
    "endorsement": N_("Endorsement, once it is issued"),
}
# The same, as others read it.
FIELDS_SHOWN: Mapping[str, str] = {
    "agency": N_("Works at"),
    "city": N_("City"),
    "languages": N_("Languages"),
    "offers": N_("Offers"),
    "endorsement": N_("Endorsement"),
}
MOST_WORDS = 2000
# Languages that members choose from; each by its own name; ours. Another is written under what one offers.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "es": "Español",
    "ase": "American Sign Language",
    "ar": "العربية",
    "zh": "中文",
    "fr": "Français",
    "ht": "Kreyòl ayisyen",
    "hmn": "Hmoob",
    "ko": "한국어",
    "nv": "Diné bizaad",
    "pt": "Português",
    "ru": "Русский",
    "so": "Soomaali",
    "tl": "Tagalog",
    "vi": "Tiếng Việt",
}


def may_read(audience: Audience, *, is_member: bool) -> bool:
    """Whether somebody at the door, or a member, may read an entry."""
    return audience is Audience.PUBLIC or (is_member and audience is Audience.MEMBERS)


def shown(said: Mapping[str, str], shows: Collection[str]) -> dict[str, str]:
    """What is said and may be shown, in the order of the page."""
    return {key: said[key] for key in FIELDS if key in shows and said.get(key)}


def found_by(name: str, said: Mapping[str, str], shows: Collection[str]) -> str:
    """The folded words by which a search finds an entry: those that it shows, so that searching tells nothing hidden."""
    words = [word for part in (name, *shown(said, shows).values()) for word in tokens(part)]
    return f" {' '.join(dict.fromkeys(words))}"[:MOST_WORDS]


def sought(typed: str) -> list[str]:
    """The beginnings of words that an entry must hold, as `found_by` holds them."""
    return [f" {word}" for word in dict.fromkeys(tokens(typed))][:8]


def kept(shows: Iterable[str]) -> str:
    """Chosen fields as they are kept. Raises KeyError for one that is none."""
    chosen = set(shows)
    for one in chosen:
        FIELDS[one]
    return " ".join(key for key in FIELDS if key in chosen)
