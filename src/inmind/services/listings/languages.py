"""The languages that a listing can name, by their codes of ISO 639 (ours: those that this house has names for). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation import text
from inmind.foundation.values import N_

LANGUAGES: Mapping[str, str] = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "ar": N_("Arabic"),
    "my": N_("Burmese"),
    "zh": N_("Chinese"),
    "fa": N_("Dari or Persian"),
    "fr": N_("French"),
    "ht": N_("Haitian Creole"),
    "hmn": N_("Hmong"),
    "km": N_("Khmer"),
    "ko": N_("Korean"),
    "mam": N_("Mam"),
    "nv": N_("Navajo"),
    "ps": N_("Pashto"),
    "pt": N_("Portuguese"),
    "kek": N_("Q’eqchi’"),
    "ru": N_("Russian"),
    "ase": N_("American Sign Language"),
    "so": N_("Somali"),
    "sw": N_("Swahili"),
    "tl": N_("Tagalog"),
    "uk": N_("Ukrainian"),
    "ur": N_("Urdu"),
    "vi": N_("Vietnamese"),
}
# Codes of three letters, as other directories write them, beside those of two.
_LONG = {
    "eng": "en",
    "spa": "es",
    "ara": "ar",
    "mya": "my",
    "bur": "my",
    "zho": "zh",
    "chi": "zh",
    "cmn": "zh",
    "fas": "fa",
    "per": "fa",
    "prs": "fa",
    "fra": "fr",
    "fre": "fr",
    "hat": "ht",
    "khm": "km",
    "kor": "ko",
    "nav": "nv",
    "pus": "ps",
    "por": "pt",
    "rus": "ru",
    "som": "so",
    "swa": "sw",
    "tgl": "tl",
    "ukr": "uk",
    "urd": "ur",
    "vie": "vi",
}
_NAMED = {text.folded(name): code for code, name in LANGUAGES.items()}


def code_of(said: str) -> str | None:
    """The code of a language by a code (`es`, `es-MX`, `spa`) or by its English name; None where this house has no name for it."""
    word = text.folded(said.strip())
    short = word.partition("-")[0].partition("_")[0]
    code = _LONG.get(short, short)
    return code if code in LANGUAGES else _NAMED.get(word)
