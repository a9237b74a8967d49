"""Reads the answers of one question of a FHIR Questionnaire, each with its points; never a guess. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from inmind.foundation.values import N_
from inmind.screening.instruments import Instrument, Item
from inmind.screening.questionnaire_texts import LOINC, Objects, Said

# The number beside an answer. Source: HL7 FHIR, the extensions ordinalValue (R4) and itemWeight (its name in R5).
WEIGHTS = tuple(f"http://hl7.org/fhir/StructureDefinition/{name}" for name in ("ordinalValue", "itemWeight"))
Sets = Mapping[str, tuple[Mapping[str, Any], str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as the file has it. points: None where they are not known."""

    text: Said
    points: int | None


@dataclass(frozen=True, slots=True)
class _Option:
    """Where an answer stands, its text, its LOINC code, and the objects beside which a weight may stand."""

    at: str
    text: Said
    loinc: str
    holders: tuple[Mapping[str, Any], ...]


def read(
    objects: Objects,
    question: Mapping[str, Any],
    at: str,
    item: Item,
    instrument: Instrument,
    contained: Sets,
    *,
    by_position: bool,
) -> tuple[Choice, ...]:
    """The answers of a question in the order of the form; a fault for each whose points are not known for sure."""
    options = list(_options(objects, question, at, contained))
    if not options:
        objects.fault(
            f"{at}.answerOption",
            N_("This question has no answers in the file."),
            N_("Each answer stands there in words, as it is printed."),
            N_("Ask for a file that holds them within itself."),
        )
        return ()
    choices = tuple(Choice(option.text, _points(objects, option, item, instrument)) for option in options)
    if all(choice.points is None for choice in choices) and by_position:
        choices = _by_position(objects, choices, at, item, instrument)
    _check(objects, choices, at, item)
    return choices


def order_is_known(item: Item) -> bool:
    """Whether the rules say in which order a form prints these answers; the order of words (yes, no) is our own."""
    return item.printed_worst_first is not None and (not item.words or bool(item.word_points))


def _options(objects: Objects, question: Mapping[str, Any], at: str, contained: Sets) -> Iterator[_Option]:
    named = question.get("answerValueSet")
    for place, one in enumerate(objects.below(question, "answerOption", at)):
        here = f"{at}.answerOption[{place}]"
        coding = one.get("valueCoding")
        if isinstance(coding, dict):
            yield _coded(objects, coding, f"{here}.valueCoding", one)
        else:
            yield _Option(here, objects.said(one, "valueString", here, needed=True), "", (one,))
    if not named:
        return
    if not isinstance(named, str) or named not in contained:
        objects.fault(
            f"{at}.answerValueSet",
            N_("The answers stand in another file: %(named)s."),
            N_("They stand within the questionnaire, each as it is printed."),
            N_("Ask for a file that holds them within itself."),
            named=str(named)[:100],
        )
        return
    found, there = contained[named]
    yield from _of_a_set(objects, found, there)


def _of_a_set(objects: Objects, found: Mapping[str, Any], at: str) -> Iterator[_Option]:
    """The answers of a value set that the file holds within itself: listed one by one, or expanded."""
    compose, expansion = (found.get(name, {}) for name in ("compose", "expansion"))
    if isinstance(expansion, dict) and expansion.get("contains"):
        for place, one in enumerate(objects.below(expansion, "contains", f"{at}.expansion")):
            yield _coded(objects, one, f"{at}.expansion.contains[{place}]", one)
    elif isinstance(compose, dict):
        for part, include in enumerate(objects.below(compose, "include", f"{at}.compose")):
            here = f"{at}.compose.include[{part}]"
            for place, one in enumerate(objects.below(include, "concept", here)):
                coding = {**one, "system": include.get("system")}
                yield _coded(objects, coding, f"{here}.concept[{place}]", one)


def _coded(objects: Objects, coding: Mapping[str, Any], at: str, beside: Mapping[str, Any]) -> _Option:
    code = coding.get("code") if coding.get("system") == LOINC else ""
    text = objects.said(coding, "display", at, needed=True)
    return _Option(at, text, code if isinstance(code, str) else "", (coding, beside))


def _points(objects: Objects, option: _Option, item: Item, instrument: Instrument) -> int | None:
    """What an answer counts; None where nothing says so, or two ways disagree."""
    found = dict.fromkeys(_weights(objects, option))
    if option.loinc in instrument.points_of_code:
        found[Decimal(instrument.points_of_code[option.loinc])] = None
    if item.words and (word := _word(option.text.base, item)) is not None:
        found[Decimal(word)] = None
    if len(found) > 1:
        objects.fault(
            option.at,
            N_("By this file the answer counts %(found)s at once."),
            N_("Its ordinal value, its LOINC code and the rules of the instrument say the same."),
            N_("Ask whoever made the file for a right one. Never turn the numbers round yourself."),
            found=", ".join(map(str, found)),
        )
        return None
    points = next(iter(found), None)
    if points is not None and points not in item.values:
        objects.fault(
            option.at,
            N_("By this file the answer counts %(found)s."),
            N_("An answer to item %(number)s counts one of %(values)s."),
            N_("Look whether the file is for this instrument and for this edition of it."),
            found=str(points),
            number=str(item.number),
            values=", ".join(map(str, item.values)),
        )
        return None
    return None if points is None else int(points)


def _weights(objects: Objects, option: _Option) -> Iterator[Decimal]:
    for holder in option.holders:
        for url in WEIGHTS:
            for one in objects.extensions(holder, url, option.at):
                said = one.get("valueDecimal")
                if isinstance(said, int | Decimal) and not isinstance(said, bool):
                    yield Decimal(said)
                else:
                    objects.fault(
                        option.at,
                        N_("The ordinal value beside this answer is no number."),
                        N_("It is the points of the answer."),
                        N_("Ask whoever made the file for a right one."),
                    )


def _word(said: str, item: Item) -> int | None:
    """The points of an answer that is, letter for letter, a word of the instrument's rules (yes, no)."""
    words = {word.casefold(): points for word, points in zip(item.words, item.from_first, strict=True)}
    return words.get(said.casefold())


def _by_position(
    objects: Objects, choices: tuple[Choice, ...], at: str, item: Item, instrument: Instrument
) -> tuple[Choice, ...]:
    """The points of each answer by its place on paper, which somebody asked for."""
    if not order_is_known(item):
        objects.fault(
            f"{at}.answerOption",
            N_("In which order the form of %(instrument)s prints these answers is not known here."),
            N_("So the place of an answer does not say what it counts."),
            N_("Ask for a file with an ordinal value beside each answer."),
            instrument=instrument.short_name,
        )
        return choices
    if len(choices) != len(item.from_first):
        return choices
    return tuple(replace(choice, points=points) for choice, points in zip(choices, item.from_first, strict=True))


def _check(objects: Objects, choices: Sequence[Choice], at: str, item: Item) -> None:
    """Each answer has points, no two read alike, together they are those of the item, and they stand as on paper."""
    read_alike = [text for text, count in Counter(_read(choice) for choice in choices).items() if count > 1 and text]
    if read_alike:
        objects.fault(
            f"{at}.answerOption",
            N_("Two answers read alike: %(text)s."),
            N_("Whoever answers can tell them apart."),
            N_("Ask whoever made the file for a right one."),
            text=read_alike[0][:80],
        )
    facts = {
        "number": str(item.number),
        "found": ", ".join("?" if choice.points is None else str(choice.points) for choice in choices),
        "expected": ", ".join(map(str, item.from_first)),
    }
    points = [choice.points for choice in choices if choice.points is not None]
    if len(points) < len(choices):
        objects.fault(
            f"{at}.answerOption",
            N_("What each answer to item %(number)s counts is not known: the file says %(found)s."),
            N_("Each has an ordinal value or a LOINC answer code beside it."),
            N_("Ask for a file that has; only where the order on paper is known, say that points go by the place."),
            **facts,
        )
        return
    wanted = [sorted(item.from_first)]
    if item.not_given:  # printed forms may have an answer of its own for what does not apply; it counts the least
        wanted.append(sorted((*item.from_first, item.values[0])))
    if sorted(points) not in wanted:
        objects.fault(
            f"{at}.answerOption",
            N_("The answers to item %(number)s count %(found)s in the file."),
            N_("By the rules of the instrument they count %(expected)s."),
            N_("Look whether the file is for this instrument and for this edition of it."),
            **facts,
        )
    elif order_is_known(item) and tuple(points) != item.from_first:
        objects.fault(
            f"{at}.answerOption",
            N_("The answers to item %(number)s count %(found)s in the file, from the first to the last."),
            N_("On paper they are printed so that they count %(expected)s. Order or points are turned round."),
            N_("Compare with the printed form, and ask for a right file. Never turn the numbers round yourself."),
            **facts,
        )


def _read(choice: Choice) -> str:
    return " ".join(choice.text.base.casefold().split())
