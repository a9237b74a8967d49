"""The texts, extensions and lists of a FHIR Questionnaire, each with its place; what is wrong with one is a fault. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inmind.foundation import text as texts
from inmind.foundation.values import N_

LOINC = "http://loinc.org"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
LONGEST = 5_000  # letters of one text; ours
MOST_FAULTS = 100  # that are told; ours
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z")
_MARKUP = re.compile(r"<\s*[/!?A-Za-z]|&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z]+[0-9]*);")
# Unseen characters that some scripts need: joiners, and the marks of a direction that turn nothing around.
_NEEDED = frozenset("\u200c\u200d\u200e\u200f")


def is_language(code: str) -> bool:
    """Whether this names a language, as `es` or `es-MX` does."""
    return _LANGUAGE.match(code) is not None


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be taken. at: its place in the file. Sentences are marked for translation; facts fill them."""

    at: str
    found: str
    expected: str
    next_step: str
    facts: Mapping[str, str]

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(part for part in (self.found, self.expected, self.next_step) if part)

    def in_english(self) -> str:
        return " ".join(part % self.facts for part in self.sentences)


@dataclass(frozen=True, slots=True)
class Said:
    """A text in every language in which the file has it. base: in the file's own; translations: language -> text."""

    at: str
    base: str
    translations: Mapping[str, str] = field(default_factory=dict)

    def spoken(self, code: str, base: str) -> str:
        """The text in a language; empty where it is not there. base: the language that the file is written in."""
        if code.casefold() == base.casefold():
            return self.base
        return next((told for name, told in self.translations.items() if name.casefold() == code.casefold()), "")


class Objects:
    """Reads the parts of a resource and gathers what is wrong with them: each fault once, and the first hundred.

    count: how many there are.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0

    def fault(self, at: str, found: str, expected: str, next_step: str, /, **facts: str) -> None:
        self.count += 1
        shown = {name: texts.marked(value) for name, value in facts.items()}
        fault = Fault(at or "/", found, expected, next_step, shown)
        if len(self.faults) < MOST_FAULTS and fault not in self.faults:
            self.faults.append(fault)

    def below(self, holder: Mapping[str, Any], name: str, at: str) -> list[Mapping[str, Any]]:
        """The objects under a name; none where the name is not there."""
        found = holder.get(name, [])
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
        self.fault(
            f"{at}.{name}" if at else name,
            N_("This part of the file is damaged: no list of objects stands here."),
            N_("In a whole FHIR Questionnaire one does."),
            N_("Ask whoever made the file for a whole one."),
        )
        return []

    def extensions(self, holder: Mapping[str, Any], url: str, at: str) -> list[Mapping[str, Any]]:
        return [one for one in self.below(holder, "extension", at) if one.get("url") == url]

    def is_true(self, holder: Mapping[str, Any], url: str, at: str) -> bool:
        return any(one.get("valueBoolean") is True for one in self.extensions(holder, url, at))

    def some(self, holder: Mapping[str, Any], name: str, at: str) -> list[Said]:
        """A text that need not be there."""
        said = self.said(holder, name, at)
        return [said] if said.base else []

    def said(
        self, holder: Mapping[str, Any], name: str, at: str, *, needed: bool = False, markup: bool = False
    ) -> Said:
        """A text with its translations. needed: it has to be there. markup: it may hold marks of HTML."""
        place = f"{at}.{name}" if at else name
        if name not in holder and not needed:
            return Said(place, "")
        base = self._clean(holder.get(name), place, markup)
        beside = holder.get(f"_{name}", {})
        below = f"{at}._{name}" if at else f"_{name}"
        translations: dict[str, str] = {}
        for one in self.extensions(beside, TRANSLATION, below) if isinstance(beside, dict) else ():
            parts = {str(part.get("url")): part for part in self.below(one, "extension", below)}
            code = parts.get("lang", {}).get("valueCode")
            if not isinstance(code, str) or not is_language(code) or code in translations:
                self.fault(
                    below,
                    N_("This translation does not say of which language it is, or is there twice."),
                    N_("It is named by its letters, such as es or es-MX, once each."),
                    N_("Ask whoever made the file for a whole one."),
                )
                continue
            content = parts.get("content", {})
            translations[code] = self._clean(content.get("valueString", content.get("valueMarkdown")), below, markup)
        return Said(place, base, translations)

    def _clean(self, found: object, at: str, markup: bool) -> str:
        """A text as it is printed, without the space around it; empty, with its fault, where it cannot be shown."""
        if not isinstance(found, str) or not texts.tokens(found):
            self.fault(
                at,
                N_("Here is no text."),
                N_("The publisher's words stand here."),
                N_("Ask for a file with the words as they are printed."),
            )
            return ""
        said = found.replace("\r\n", "\n").replace("\r", "\n").strip()
        if texts.is_hostile(said) or any(unicodedata.category(one) == "Cf" and one not in _NEEDED for one in said):
            self.fault(
                at,
                N_("This text holds a character that nobody sees, or one that turns the direction of the text around."),
                N_("What is shown is what is printed."),
                N_("Take it out where the file is made."),
            )
        elif not markup and _MARKUP.search(said):
            self.fault(
                at,
                N_("This text holds marks of a web page, such as <b> or &amp;."),
                N_("The words stand here as plain text."),
                N_("Take them out where the file is made."),
            )
        elif len(said) > LONGEST:
            self.fault(
                at,
                N_("This text has more than %(longest)s letters."),
                N_("A question or an answer is a few lines."),
                N_("Look whether it is the right file."),
                longest=str(LONGEST),
            )
        else:
            return said
        return ""
