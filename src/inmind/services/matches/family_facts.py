"""What is known of a family, as the rules of eligibility take it, and what would still decide something. Pure.

An answer about a person is read on that person's page alone, one about the child or the whole family on every page of the
same family. What somebody would rather not say stays unknown, and is not asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from inmind.foundation.text import tokens
from inmind.services.fitting.eligibility import SCHOOL, Family, Match, State
from inmind.services.fitting.matching import Found
from inmind.services.fitting.questions import About, Of, Question

# Languages as families name them, where that is a code's; what else they say stays as they said it.
NAMED = {"english": "en", "ingles": "en", "spanish": "es", "espanol": "es"}


class Said(StrEnum):
    """What a family answered."""

    YES = "yes"
    NO = "no"
    RATHER_NOT = "rather_not"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was kept: about whom, to which question."""

    about: UUID
    question: str
    said: Said


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A question that decides something: for how many of the listings, and the programs that need it, by name."""

    question: Question
    programs: tuple[str, ...]
    decides: int


def about_whom(question: Question, person: UUID, child: UUID) -> UUID:
    """Whose an answer is that is given on the page of one person of a family."""
    return child if question.about is About.CHILD else person


def answers(
    rows: Iterable[Answered], questions: Mapping[str, Question], *, person: UUID, child: UUID
) -> Mapping[str, Said]:
    """What is known on one person's page, by question, those that ask the same alike. rows: oldest first, of one side of a
    family; the newest holds."""
    found: dict[str, Said] = {}
    for row in rows:
        question = questions.get(row.question)  # a network may have taken one away
        if question is not None and (
            question.about is About.FAMILY or row.about == about_whom(question, person, child)
        ):
            found[question.fact] = row.said
    return {key: found[one.fact] for key, one in questions.items() if one.fact in found}


def family(*, born: date | None, expected: date | None, said: Mapping[str, Said], school: date | None = None) -> Family:
    """A family as the rules take it. What somebody would rather not say is unknown."""
    known = {key: one is Said.YES for key, one in said.items() if one is not Said.RATHER_NOT}
    return Family(born=born, expected=expected, answers=known, school=school)


def languages(liked: Iterable[str], spoken: Iterable[str]) -> frozenset[str]:
    """The codes of what a family speaks. liked: codes; spoken: words, as they named them."""
    named = {NAMED[token] for words in spoken for token in tokens(words) if token in NAMED}
    return frozenset(named | {code for code in liked if code not in {"", "other"}})


def to_ask(
    found: Iterable[Found], questions: Mapping[str, Question], said: Mapping[str, Said], names: Mapping[str, str]
) -> tuple[ToAsk, ...]:
    """What to ask the family or a clinician, each fact once, with all programs for which it is asked: first what leaves least
    to be asked after it, for most listings; of equals, in the order of the catalog, which begins with what is easy to say.

    names: of programs, by key. What was answered, or is not for the family to say, is asked of nobody here.
    """
    decides: Counter[str] = Counter()
    weight: dict[str, float] = {}
    programs: dict[str, dict[str, None]] = {}
    for one in found:
        if one.match is None or one.match.state is not State.ASK:
            continue
        theirs = [key for key in one.match.asks if is_theirs(key, questions) and key not in said]
        for key in dict.fromkeys(questions[key].fact for key in theirs):
            decides[key] += 1
            weight[key] = weight.get(key, 0) + 1 / len(one.match.asks)
            programs.setdefault(key, {})[names[one.match.program]] = None
    order = sorted((key for key in questions if key in decides), key=lambda key: -round(weight[key], 9))
    return tuple(ToAsk(questions[key], tuple(programs[key]), decides[key]) for key in order)


def is_theirs(key: str, questions: Mapping[str, Question]) -> bool:
    """Whether a family, or a clinician for it, can answer; what else is open, the program itself says."""
    return key in questions and questions[key].of in {Of.FAMILY, Of.CLINICIAN}


def needs_school(found: Iterable[Found]) -> bool:
    """Whether the day on which the child enters kindergarten decides something."""
    return any(one.match is not None and SCHOOL in one.match.asks for one in found)


def left_to_program(match: Match, questions: Mapping[str, Question], said: Mapping[str, Said]) -> bool:
    """Whether all that is still open is for the program to say, in its own words and in private."""
    return bool(match.asks) and all(
        key in said or (key != SCHOOL and not is_theirs(key, questions)) for key in match.asks
    )
