"""Entering a screen from paper: what is offered for each item, and what was marked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inmind.foundation.errors import BadInput
from inmind.screening.errors import OutOfRange
from inmind.screening.instruments import Answers, Instrument, Item, Positions, from_positions


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be marked: its value in the form. A position from the top, or the points where paper prints them.

    words: what stands there on paper where answers are words; several where they share their points and are one choice
    here, so that nothing is shown later that was not marked.
    digits: the number keys that choose it: the points where paper prints them, else its places from the first.
    """

    value: int
    is_position: bool
    words: tuple[str, ...] = ()
    digits: tuple[int, ...] = ()


def choices(instrument: Instrument, item: Item) -> list[Choice]:
    """Positions from the top where the order on paper is known, else the points themselves."""
    if item.word_points:
        words = list(enumerate(zip(item.words, item.word_points, strict=True), start=1))
        sharing = {
            value: [(word, place) for place, (word, points) in words if points == value] for value in item.values
        }
        return [
            Choice(value, False, tuple(word for word, _ in some), tuple(place for _, place in some))
            for value, some in sharing.items()
        ]
    if not instrument.takes_positions:
        return [Choice(points, False, digits=(points,)) for points in item.values]
    words_at = item.words or ("",) * len(item.values)
    # On the form of a second stage an item that is not given does not stand at all.
    beside = (item.not_given,) if item.not_given and instrument.follows is None else ()
    return [
        Choice(place, True, (*filter(None, (word,)), *(beside if points == item.values[0] else ())), (place,))
        for place, (word, points) in enumerate(zip(words_at, item.from_first, strict=True), start=1)
    ]


def answers(instrument: Instrument, marked: Mapping[str, str]) -> Answers:
    """What was marked on paper as points, turned round once where the form prints the worst answer first.

    marked: item key -> the form's value; empty: left blank. Items that are not named stay as they are.
    Raises UnknownItem or OutOfRange.
    """
    points: dict[str, int | None] = {}
    places: dict[str, int | None] = {}
    for key, value in marked.items():
        choice = _chosen(instrument, instrument.item(key), value)
        (places if choice is None or choice.is_position else points)[key] = None if choice is None else choice.value
    if instrument.takes_positions:
        return Answers({**points, **from_positions(instrument, Positions(places))})
    return Answers({**points, **places})


def readable(instrument: Instrument, marked: Mapping[str, str]) -> Answers:
    """As much of what was marked as can be an answer; the rest is left out. For heeding a crisis beside a wrong answer."""
    kept: dict[str, int | None] = {}
    for key, value in marked.items():
        try:
            kept |= answers(instrument, {key: value})
        except BadInput:
            continue
    return Answers(kept)


def marked(instrument: Instrument, points: Mapping[str, int | None]) -> dict[str, str]:
    """The other way round: what the form shows as marked for points that are kept. Items not answered yet are left out."""
    shown = {}
    for item in instrument.items:
        if item.key in points:
            choice = choice_of(instrument, item, points[item.key])
            shown[item.key] = "" if choice is None else str(choice.value)
    return shown


def choice_of(instrument: Instrument, item: Item, points: int | None) -> Choice | None:
    """The choice that points stand for; None for a blank."""
    if points is None:
        return None
    offered = choices(instrument, item)
    is_position = offered[0].is_position
    value = item.from_first.index(points) + 1 if is_position else points
    return next(choice for choice in offered if choice.value == value)


def _chosen(instrument: Instrument, item: Item, value: str) -> Choice | None:
    if not value.strip():
        return None
    offered = {str(choice.value): choice for choice in choices(instrument, item)}
    if value.strip() not in offered:
        raise OutOfRange(item.key, value[:40], tuple(choice.value for choice in offered.values()), "")
    return offered[value.strip()]
