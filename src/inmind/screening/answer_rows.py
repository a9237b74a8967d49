"""Scores rows of a file: what is written there in; points, range, band, flags, status and a reason in words out. Pure.

Nothing is guessed: what is neither an answer, nor a code that was explained, nor blank makes the row unreadable, with
its reason, and still raises the flags that can be read.
"""

from __future__ import annotations

from enum import StrEnum

from inmind.screening import scoring
from inmind.screening.counting import COUNT
from inmind.screening.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    Blank,
    Case,
    Column,
    Count,
    Expression,
    Joined,
    Layers,
    Nothing,
    Number,
    OneOf,
    Same,
    Start,
    Test,
    Text,
    Trimmed,
)
from inmind.screening.file_mapping import BLANK, DECLINED, FileMapping
from inmind.screening.instruments import Instrument, Item, Subscale

# What a row brings beside its items (`written`): its number in the file, its id, and a sentence where it is damaged.
ROW, ID, PROBLEM = "row", "id", "problem"
# What a row gains, in the order of the result's columns; `result(name)` holds each.
RESULTS = (
    *("id", "row", "points", "lowest", "highest", "band", "flags", "status", "reason", "instrument", "subscales"),
    *("positive", "finding"),
)

_WRONG = "wrong"
_SHOWN = 24  # letters of something wrong that its reason repeats
_MOST_MONTHS = 300  # what is written of a number beyond the rules, and no longer of something else
_TEXT_MONTHS = f"text {scoring.MONTHS}"
_NUMBERS = (scoring.POINTS, scoring.LOWEST, scoring.HIGHEST)
_HERE = "\0"  # where a sentence names the row's months
_OTHERWISE = Blank(Nothing())


class Status(StrEnum):
    """What became of a row. refused: the person declined, and no item has points."""

    SCORED = "scored"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


def written(key: str) -> str:
    """The column that holds one of `wanted` as the file has it, as text."""
    return f"written {key}"


def wanted(instrument: Instrument) -> tuple[str, ...]:
    """What a row must bring: each item by its key, and `scoring.MONTHS` where the rules differ by age."""
    return (*(item.key for item in instrument.items), *([scoring.MONTHS] if instrument.needs_age else []))


def result(name: str) -> str:
    """The column that holds one of RESULTS."""
    return f"result {name}"


def rules(instrument: Instrument, mapping: FileMapping) -> Layers:
    """The rules over a row as it is written: those of `scoring` with reading before, and status and reason after."""
    items = instrument.items
    reading: Layers = (
        {f"text {key}": Trimmed(Column(written(key))) for key in wanted(instrument)},
        {item.key: _points(item, instrument) for item in items} | _months(instrument),
        {_why(item): _why_no_points(item, mapping) for item in items},
    )
    counts = {
        "wrong items": Count(tuple(_is_wrong(item) for item in items)),
        "declined items": Count(tuple(OneOf(Column(_why(item)), DECLINED) for item in items)),
        "plainly blank items": Count(tuple(OneOf(Column(_why(item)), (BLANK,)) for item in items)),
    }
    is_readable: Test = AllOf((Blank(Column(PROBLEM)), Same(Column("wrong items"), Number(0)), *_has_age(instrument)))
    is_scored = AtLeast(Column(scoring.IS_SCORED), 1)
    has_none = AllOf(tuple(Blank(Column(item.key)) for item in items))
    has_declined = AtLeast(Column("declined items"), 1)
    is_empty = AtLeast(Column("plainly blank items"), len(items))
    id_text = Trimmed(Column(ID))
    shown: dict[str, Expression] = {
        "id": Case(((_is_empty(id_text), Joined((Text("row "), Column(ROW)))), (_OTHERWISE, id_text))),
        "row": Column(ROW),
        **{
            name: Case(((is_readable, Column(name)),))
            for name in (*_NUMBERS, scoring.BAND, scoring.POSITIVE, scoring.FINDING)
        },
        "flags": Column(scoring.FLAGS),
        "status": Case(
            (
                (AllOf((is_readable, has_none, has_declined)), Text(Status.REFUSED)),
                (AllOf((is_readable, is_scored)), Text(Status.SCORED)),
                (is_readable, Text(Status.INCOMPLETE)),
                (_OTHERWISE, Text(Status.UNREADABLE)),
            )
        ),
        "reason": Case(
            (
                (AllOf((is_readable, is_empty)), Joined((Text("Nothing was answered."), *_to_ask_again(instrument)))),
                (is_readable, scoring.by_age(instrument, _how_complete)),
                (Blank(Column(PROBLEM)), _all_that_is_wrong(instrument)),
                (_OTHERWISE, Column(PROBLEM)),
            )
        ),
        "instrument": Text(instrument.known_by),
        "subscales": Case(((is_readable, _subscales(instrument)),)),
    }
    return (*reading, *scoring.rules(instrument), counts, {result(name): shown[name] for name in RESULTS})


def _text(item: Item) -> str:
    return f"text {item.key}"


def _why(item: Item) -> str:
    return f"why no points {item.key}"


def _points(item: Item, instrument: Instrument) -> Expression:
    answers: dict[int, list[str]] = {value: [] for value in item.values}
    for said, points in item.written_as.items():
        answers[points] += _spellings(said)
    for code, points in instrument.points_of_code.items():
        answers[points].append(code)
    return Case(tuple((OneOf(Column(_text(item)), tuple(words)), Number(value)) for value, words in answers.items()))


def _why_no_points(item: Item, mapping: FileMapping) -> Expression:
    """A word where an item has no points, blank where it has."""
    meanings: dict[str, list[str]] = {}
    for code, meaning in mapping.codes.items():
        meanings.setdefault(meaning, []).extend(_spellings(code))
    coded = ((OneOf(Column(_text(item)), tuple(words)), Text(meaning)) for meaning, words in meanings.items())
    left = ((_is_empty(Column(_text(item))), Text(BLANK)), (Blank(Column(item.key)), Text(_WRONG)))
    return Case((*coded, *left))


def _spellings(text: str) -> tuple[str, ...]:
    """A whole number is the same number with noughts behind the point; columns with gaps are often kept that way."""
    return (text, f"{text}.0", f"{text}.00") if text.isdecimal() else (text,)


def _is_empty(text: Expression) -> Test:
    return AnyOf((Blank(text), OneOf(text, ("",))))


def _is_wrong(item: Item) -> Test:
    return OneOf(Column(_why(item)), (_WRONG,))


def _all_that_is_wrong(instrument: Instrument) -> Expression:
    each = (*map(_what_is_wrong, instrument.items), *_what_is_wrong_with_months(instrument))
    return Joined((Joined(each, by="; "), Text(".")))


def _what_is_wrong(item: Item) -> Expression:
    known = [*item.words, *filter(None, [item.not_given])] or [str(value) for value in item.values]
    values = ", ".join(known[:-1]) + f" or {known[-1]}"
    if item.key == COUNT:
        values = f"a whole number from {known[0]} to {known[-1]}"
    found = (Text(f'{item.key} ({item.label}) holds "'), Start(Column(_text(item)), _SHOWN), Text(f'", not {values}'))
    return Case(((_is_wrong(item), Joined(found)),))


def _notes(here: Instrument) -> tuple[Expression, ...]:
    """The sentences beside a result, those of `scoring`, with the row's own months in their place."""
    said = []
    for key, sentence in scoring.NOTE_SENTENCES.items():
        before, _, after = f" {sentence % scoring.note_facts(here, key, _HERE)}".partition(_HERE)
        words = (Text(before), *((Column(scoring.MONTHS), Text(after)) if after else ()))
        if (test := scoring.note_test(here, key)) is not None:
            said.append(Case(((test, Joined(words)),)))
    return tuple(said)


def _months(instrument: Instrument) -> dict[str, Expression]:
    """The row's completed months where a rule holds for them, else blank."""
    known = [month for each in instrument.strata for month in range(each.low, each.high + 1)]
    read = tuple((OneOf(Column(_TEXT_MONTHS), _spellings(str(month))), Number(month)) for month in known)
    return {scoring.MONTHS: Case(read)} if read else {}


def _has_age(instrument: Instrument) -> tuple[Test, ...]:
    return (AtLeast(Column(scoring.MONTHS), 0),) if instrument.needs_age else ()


def _what_is_wrong_with_months(instrument: Instrument) -> tuple[Expression, ...]:
    if not instrument.needs_age:
        return ()
    found = Joined((Text('months holds "'), Start(Column(_TEXT_MONTHS), _SHOWN), Text('"')))
    low, high = instrument.strata[0].low, instrument.strata[-1].high
    known, text = f"completed months from {low} to {high}", Column(_TEXT_MONTHS)
    numbers = tuple(word for month in range(_MOST_MONTHS) for word in _spellings(str(month)))
    said = Case(
        (
            (_is_empty(text), Text(f"months is blank, and the rules need {known}")),
            (OneOf(text, numbers), Joined((found, Text(f", beyond {known}")))),
            (_OTHERWISE, Joined((found, Text(f", not {known}")))),
        )
    )
    return (Case(((Blank(Column(scoring.MONTHS)), said),)),)


def _how_complete(here: Instrument) -> Expression:
    """What was answered and what was not, at an age; then what stands beside the result."""
    each = tuple(
        Case(((Blank(Column(item.key)), Joined((Text(f"{item.key} "), Column(_why(item))))),)) for item in here.items
    )
    counted = Text(" They count as the lowest answer, by the publisher's rule.")
    blank = Joined(
        (
            *(
                Column(scoring.BLANKS),
                Text(f" of {len(each)} items without points: "),
                Joined(each, by=", "),
                Text("."),
            ),
            Case(((AtLeast(Column(scoring.IS_SCORED), 1), counted),)),
            *_to_ask_again(here),
        )
    )
    all_answered = Text(f"{_all_answered(here)}{_how_published(here)}")
    how = Case(((AtLeast(Column(scoring.BLANKS), 1), blank), (_OTHERWISE, all_answered)))
    return Joined((how, *_notes(here)))


def _all_answered(here: Instrument) -> str:
    if [item.key for item in here.items] == [COUNT]:
        return "The count alone, without its answers."
    return f"All {len(here.items)} items answered."


def _subscales(instrument: Instrument) -> Expression:
    each = tuple(map(_subscale, instrument.subscales))
    return Joined(each, by=";") if each else Text("")


def _subscale(each: Subscale) -> Expression:
    lowest, highest = Column(scoring.lowest_of(each)), Column(scoring.highest_of(each))
    alone, reach = (Text(f"{each.key} "), lowest), (Text(f"{each.key} "), lowest, Text(" to "), highest)
    return Case(((Same(lowest, highest), Joined(alone)), (_OTHERWISE, Joined(reach))))


def _how_published(instrument: Instrument) -> str:
    """How the publisher writes the total, where that is not the plain sum."""
    total = instrument.published_total
    return f" Published as the points x {total.times} / {total.over}, of {total.maximum}." if total else ""


def _to_ask_again(instrument: Instrument) -> tuple[Expression, ...]:
    return tuple(
        Case(((Blank(Column(each.item)), Text(f" Ask about {instrument.item(each.item).label} again.")),))
        for each in instrument.critical
        if each.ask_again_if_blank
    )
