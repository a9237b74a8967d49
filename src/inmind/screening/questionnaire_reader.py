"""Reads a publisher's wording out of a FHIR R4 Questionnaire, or says every fault with its place. Pure.

Nothing is guessed. A question is one of ours by its LOINC code, by our own key, or because somebody said so. An answer has
its points by the file's ordinal value, by a LOINC answer code, by the very word that the instrument's rules have for it, or,
where the order on paper is known and somebody said so, by its place. Two ways that disagree are a fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from inmind.foundation import text as texts
from inmind.foundation.values import N_
from inmind.screening import questionnaire_answers
from inmind.screening.instruments import Instrument, Item
from inmind.screening.questionnaire_answers import Choice
from inmind.screening.questionnaire_file import Questionnaire
from inmind.screening.questionnaire_texts import LOINC, Fault, Objects, Said, is_language
from inmind.screening.wording import WordedChoice, WordedItem, Words, is_spoken

DEEPEST = 10  # groups within groups; ours
MOST_LANGUAGES = 20  # of one file; ours
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CALCULATED = _SDC + "calculatedExpression"
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"


class Outcome(StrEnum):
    """What becomes of a question of the file."""

    TAKEN = N_("taken")
    FAULTY = N_("not right yet")
    UNKNOWN = N_("not one of ours, as far as the file says")
    LEFT_OUT = N_("left out")


TOTAL = N_("It holds the total, which is reckoned here.")
WORKED_OUT = N_("It is worked out or hidden: nobody is asked it.")
UNSCORED = N_("It is asked beside the others and never counts; no answer to it is kept here.")
AS_SAID = N_("You said so.")


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the file. link: its linkId, as it stands there. text: as it can be shown. item: which one of ours; None
    where that is not known. why: it is left out."""

    at: str
    link: str
    text: str
    outcome: Outcome
    item: Item | None = None
    choices: tuple[Choice, ...] = ()
    why: str = ""


NO_INSTRUCTIONS = N_(
    "The file holds no words before the first question. Compare it with the printed form: if the time that is asked about "
    "stands only there, ask for a file that has it."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: each question, every fault, and where there is none the words in each language that was asked for.

    languages: all that the file holds. missing: the items of ours that it does not have.
    """

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    languages: tuple[str, ...]
    missing: tuple[Item, ...]
    words: Mapping[str, Words] = field(default_factory=dict)

    @property
    def has_no_instructions(self) -> bool:
        """Whether in some language nothing stands before the first question, nor over its group."""
        return any(not (words.before or words.items[0].heading) for words in self.words.values())


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said beside the file.

    items: linkId -> the key of ours that it is. left_out: linkIds that are not asked here. by_position: an answer without
    points has those of its place on paper. language: the file's own, where it does not say. only: the languages to bring;
    empty: all that it holds.
    """

    items: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    by_position: bool = False
    language: str = ""
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Question:
    """An item of ours as the file has it, in every language."""

    item: Item
    text: Said
    choices: tuple[Choice, ...]
    number: Said
    heading: tuple[Said, ...]
    before: tuple[Said, ...]
    note: tuple[Said, ...]


NOTHING_TOLD = Told()


def read(questionnaire: Questionnaire, instrument: Instrument, told: Told = NOTHING_TOLD) -> Reading:
    """The wording of an instrument, in each language. Never raises for what stands in the file."""
    return _Reader(questionnaire, instrument, told).reading()


class _Reader:
    """Reads one file; gathers rows and faults on its way."""

    def __init__(self, questionnaire: Questionnaire, instrument: Instrument, told: Told) -> None:
        self.root, self.at = questionnaire.resource, questionnaire.at
        self.instrument, self.told = instrument, told
        self.objects = Objects()
        self.rows: list[Row] = []
        self.questions: list[_Question] = []
        self.before: tuple[Said, ...] = ()
        self.waiting: list[Said] = []  # displays that stand before the next question
        self.by_loinc = {item.loinc: item for item in instrument.items if item.loinc}
        self.by_key = {item.key: item for item in instrument.items}
        self.contained = self._contained()

    def reading(self) -> Reading:
        self._check_root()
        title = self.objects.said(self.root, "title", self.at)
        rights = self.objects.said(self.root, "copyright", self.at, markup=True)
        self._walk(self.root, self.at, (), 0)
        missing = tuple(self._missing())
        self._check_told()
        base = self._base()
        every = [said for question in self.questions for said in _spoken(question)]
        every += [*self.before, *self.waiting]
        languages = self._languages(base, every)
        only = {code.casefold() for code in self.told.only}
        wanted = [code for code in languages if not only or code.casefold() in only]
        for code in sorted(only - {code.casefold() for code in languages}):
            self._fault(
                self.at,
                N_("The file does not hold the language %(language)s."),
                N_("It holds %(found)s."),
                N_("Choose one of those, or ask for a file with the translation."),
                language=code[:35],
                found=", ".join(languages) or "—",
            )
        made = {code: self._words(code, base, title, rights, every) for code in wanted}
        faults = tuple(self.objects.faults)
        return Reading(tuple(self.rows), faults, tuple(languages), missing, {} if faults else made)

    def _fault(self, at: str, found: str, expected: str, next_step: str, /, **facts: str) -> None:
        self.objects.fault(at, found, expected, next_step, **facts)

    # The file as a whole

    def _check_root(self) -> None:
        self._check_modifiers(self.root, self.at)
        if self.root.get("status") == "retired":
            self._fault(
                _in(self.at, "status"),
                N_("Its publisher marked this questionnaire as retired."),
                N_("What is sent is in use."),
                N_("Ask the publisher for the one that is."),
            )
        panel = self.instrument.codes.panel
        codes = self._loinc_codes(self.root, self.at)
        if panel and codes and panel not in codes:
            self._fault(
                _in(self.at, "code"),
                N_("The file says that it is %(found)s in LOINC."),
                N_("%(instrument)s is %(panel)s."),
                N_("Choose the instrument that the file is for, or the file of this one."),
                found=", ".join(codes)[:80],
                instrument=self.instrument.short_name,
                panel=panel,
            )

    def _check_modifiers(self, holder: Mapping[str, Any], at: str) -> None:
        for name in ("modifierExtension", "implicitRules"):
            if name in holder:
                self._fault(
                    _in(at, name),
                    N_("`%(name)s` changes what this place means, in a way that is not known here."),
                    N_("FHIR says that such a file is not to be used unread."),
                    N_("Ask whoever made the file for one without it."),
                    name=name,
                )

    def _contained(self) -> Mapping[str, tuple[Mapping[str, Any], str]]:
        """The value sets that the file holds within itself: by their id, each with its place."""
        sets = (
            (_in(self.at, f"contained[{place}]"), one) for place, one in self._list(self.root, "contained", self.at)
        )
        return {f"#{one.get('id')}": (one, at) for at, one in sets if one.get("resourceType") == "ValueSet"}

    def _list(self, holder: Mapping[str, Any], name: str, at: str) -> list[tuple[int, Mapping[str, Any]]]:
        return list(enumerate(self.objects.below(holder, name, at)))

    # Its questions

    def _walk(
        self,
        holder: Mapping[str, Any],
        at: str,
        heading: tuple[Said, ...],
        depth: int,
        *,
        below_a_question: bool = False,
    ) -> None:
        for place, item in self._list(holder, "item", at):
            here = _in(at, f"item[{place}]")
            self._check_modifiers(item, here)
            kind = item.get("type")
            if depth >= DEEPEST:
                self._fault(
                    here,
                    N_("Groups lie more than %(deepest)s deep within each other."),
                    N_("A form has a few."),
                    N_("Ask for a file without the outer ones."),
                    deepest=str(DEEPEST),
                )
            elif self.objects.is_true(item, HIDDEN, here) and kind in ("group", "display"):
                continue
            elif kind == "display":
                self.waiting += [] if below_a_question else self.objects.some(item, "text", here)
            elif kind == "group":
                over = self.objects.some(item, "text", here)
                self._walk(item, here, (*heading, *over), depth + 1)
            else:
                self._question(item, here, heading, depth)

    def _question(self, item: Mapping[str, Any], at: str, heading: tuple[Said, ...], depth: int) -> None:
        link = item.get("linkId")
        if not isinstance(link, str) or not link:
            self._fault(
                _in(at, "linkId"),
                N_("This question has no linkId."),
                N_("Each has one of its own."),
                N_("Ask whoever made the file for a whole one."),
            )
            return
        shown = item.get("text")
        row = Row(at, link, texts.marked(shown) if isinstance(shown, str) else "", Outcome.UNKNOWN)
        if why := self._left_out(item, at, link):
            self.rows.append(Row(row.at, link, row.text, Outcome.LEFT_OUT, why=why))
            return
        before = self.objects.count
        ours = self._which(item, at, link)
        choices: tuple[Choice, ...] = ()
        if ours is not None:
            choices = self._taken(ours, item, at, heading)
        is_right = self.objects.count == before
        outcome = Outcome.UNKNOWN if ours is None else Outcome.TAKEN if is_right else Outcome.FAULTY
        self.rows.append(Row(row.at, link, row.text, outcome, ours, choices))
        self._walk(item, at, heading, depth + 1, below_a_question=True)

    def _left_out(self, item: Mapping[str, Any], at: str, link: str) -> str:
        """Why a question is not one that is asked here; empty where it is."""
        codes = {*self._loinc_codes(item, at), link.lstrip("/")}
        if self.instrument.codes.total in codes - {""}:
            return TOTAL
        if self.objects.extensions(item, CALCULATED, at) or self.objects.is_true(item, HIDDEN, at):
            return WORKED_OUT
        if item.get("readOnly") is True:
            return WORKED_OUT
        if any(one.loinc in codes - {""} for one in self.instrument.unscored):
            return UNSCORED
        return AS_SAID if link in self.told.left_out else ""

    def _which(self, item: Mapping[str, Any], at: str, link: str) -> Item | None:
        """Which item of ours a question is, by its code, by its linkId, or as somebody said."""
        names = [*self._loinc_codes(item, at), link.lstrip("/")]
        found = {one.key: one for name in names if (one := self.by_loinc.get(name) or self.by_key.get(name))}
        if said := self.by_key.get(self.told.items.get(link, "")):
            found[said.key] = said
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            self._fault(
                at,
                N_("This question is %(found)s at once."),
                N_("Each is one item."),
                N_("Look at its code and its linkId, and at what you said of it."),
                found=", ".join(found),
            )
        else:
            self._fault(
                at,
                N_("The question %(link)s is none that %(instrument)s asks, as far as its code says."),
                N_("A question is known by the item's LOINC code, or by our own key as its linkId (such as %(key)s)."),
                N_("Say which item it is, or that it is left out."),
                link=link[:60],
                instrument=self.instrument.short_name,
                key=self.instrument.items[0].key,
            )
        return None

    def _taken(self, ours: Item, item: Mapping[str, Any], at: str, heading: tuple[Said, ...]) -> tuple[Choice, ...]:
        if any(one.item.key == ours.key for one in self.questions):
            self._fault(
                at,
                N_("Item %(number)s (%(key)s) stands in the file twice."),
                N_("Each is asked once."),
                N_("Take the second one out, or say which item it is."),
                number=str(ours.number),
                key=ours.key,
            )
        self._check_asked_plainly(ours, item, at)
        choices = questionnaire_answers.read(
            self.objects, item, at, ours, self.instrument, self.contained, by_position=self.told.by_position
        )
        notes = [
            said
            for place, one in self._list(item, "item", at)
            if one.get("type") == "display"
            for said in self.objects.some(one, "text", _in(at, f"item[{place}]"))
        ]
        if not self.questions:
            self.before, self.waiting = tuple(self.waiting), []
        text = self.objects.said(item, "text", at, needed=True)
        is_numbered = isinstance(item.get("prefix"), str) and texts.tokens(item["prefix"])
        number = self.objects.said(item, "prefix", at) if is_numbered else Said(at, "")
        around = (heading, tuple(self.waiting), tuple(notes))
        self.questions.append(_Question(ours, text, choices, number, *around))
        self.waiting = []
        return choices

    def _check_asked_plainly(self, ours: Item, item: Mapping[str, Any], at: str) -> None:
        if item.get("type") != "choice":
            self._fault(
                _in(at, "type"),
                N_("This question is of the type %(found)s."),
                N_("It is of the type choice, with its answers in words."),
                N_("Ask for a file in which each answer stands as it is printed."),
                found=repr(item.get("type"))[:40],
            )
        if "enableWhen" in item:
            self._fault(
                _in(at, "enableWhen"),
                N_("This question is asked after certain answers only."),
                N_("Here every item is asked, and every one may be skipped."),
                N_("Ask the publisher whether the form is to be used so; if not, for a file without the condition."),
            )
        if item.get("repeats") is True and not ours.takes_several:
            self._fault(
                _in(at, "repeats"),
                N_("This question takes several answers at once."),
                N_("Item %(number)s takes one."),
                N_("Ask for a file in which it does."),
                number=str(ours.number),
            )

    def _missing(self) -> Iterator[Item]:
        there = {question.item.key for question in self.questions}
        for item in self.instrument.items:
            if item.key not in there:
                self._fault(
                    _in(self.at, "item"),
                    N_("Item %(number)s (%(key)s) is not in the file."),
                    N_("%(instrument)s has %(count)s items; a part of them is not sent."),
                    N_("If the file has it under another name, say which one; else ask for the whole form."),
                    number=str(item.number),
                    key=item.key,
                    instrument=self.instrument.short_name,
                    count=str(len(self.instrument.items)),
                )
                yield item

    def _check_told(self) -> None:
        """What was said of questions that are not there, or of items that are none."""
        links = Counter(row.link for row in self.rows)
        for link, key in self.told.items.items():
            if link not in links or key not in self.by_key:
                self._fault(
                    self.at,
                    N_("You said that %(link)s is %(key)s."),
                    N_("The file has a question of that linkId, and %(instrument)s an item of that key."),
                    N_("Look at both once more."),
                    link=link[:60],
                    key=key[:60],
                    instrument=self.instrument.short_name,
                )
        for link in sorted(self.told.left_out - links.keys()):
            self._fault(
                self.at,
                N_("You said that %(link)s is left out."),
                N_("The file has a question of that linkId."),
                N_("Look at it once more."),
                link=link[:60],
            )
        for link, count in links.items():
            if count > 1:
                self._fault(
                    self.at,
                    N_("The linkId %(link)s stands at %(count)s questions."),
                    N_("Each has one of its own."),
                    N_("Ask whoever made the file for a whole one."),
                    link=link[:60],
                    count=str(count),
                )

    def _loinc_codes(self, holder: Mapping[str, Any], at: str) -> list[str]:
        codes = [one.get("code") for one in self.objects.below(holder, "code", at) if one.get("system") == LOINC]
        return [code for code in codes if isinstance(code, str)]

    # Its languages

    def _base(self) -> str:
        """The language that the file is written in."""
        said, told = self.root.get("language"), self.told.language
        if not told and len(self.told.only) == 1:
            [alone] = self.told.only
            told = "" if said else alone
        found = said if isinstance(said, str) and said else told
        if not is_language(found):
            self._fault(
                _in(self.at, "language"),
                N_("The file does not say in which language it is written."),
                N_("It is named by its letters, such as en or es."),
                N_("Say which one it is."),
            )
            return ""
        if told and not is_spoken(found, told):
            self._fault(
                _in(self.at, "language"),
                N_("The file says that it is written in %(found)s; you said %(told)s."),
                N_("It is one of them."),
                N_("Read a sentence of it. If the file is wrong, ask for a right one."),
                found=found,
                told=told[:35],
            )
        return found

    def _languages(self, base: str, every: Sequence[Said]) -> list[str]:
        found = {base.casefold(): base} if base else {}
        for said in every:
            for code in said.translations:
                found.setdefault(code.casefold(), code)
        if len(found) > MOST_LANGUAGES:
            self._fault(
                self.at,
                N_("The file holds %(count)s languages."),
                N_("A form is printed in a few; at most %(most)s are taken from one file."),
                N_("Ask for a file with those that you need."),
                count=str(len(found)),
                most=str(MOST_LANGUAGES),
            )
        return list(found.values())[:MOST_LANGUAGES]

    def _words(self, code: str, base: str, title: Said, rights: Said, every: Sequence[Said]) -> Words:
        """The words in one language; a text that is not there in it is a fault."""
        for said in every:
            if said.base and not said.spoken(code, base):
                self._fault(
                    said.at,
                    N_("This text is not there in %(language)s."),
                    N_("Each is, or the form would be in two languages."),
                    N_("Ask for the whole translation, or bring the other languages without this one."),
                    language=code,
                )
        spoken = _Spoken(code, base)
        return Words(
            title=title.spoken(code, base) or title.base or self.instrument.name,
            before=spoken.lines(self.before),
            after=spoken.lines(self.waiting),
            copyright=rights.spoken(code, base) or rights.base,
            items=tuple(map(spoken.item, self.questions)),
        )


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Everything in one language. base: the one that the file is written in."""

    code: str
    base: str

    def one(self, said: Said) -> str:
        return said.spoken(self.code, self.base)

    def lines(self, several: Sequence[Said]) -> str:
        return "\n".join(map(self.one, several))

    def item(self, question: _Question) -> WordedItem:
        return WordedItem(
            key=question.item.key,
            text=self.one(question.text),
            choices=tuple(
                WordedChoice(choice.points, self.one(choice.text))
                for choice in question.choices
                if choice.points is not None
            ),
            number=self.one(question.number) or question.number.base,
            heading=self.lines(question.heading),
            before=self.lines(question.before),
            note=self.lines(question.note),
        )


def _spoken(question: _Question) -> Iterator[Said]:
    """Every text of a question but its number, which is the same in every language."""
    yield from (*question.heading, *question.before, question.text, *question.note)
    yield from (choice.text for choice in question.choices)


def _in(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
