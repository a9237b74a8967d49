"""Entering a screen from paper: what is offered for each item, and what was marked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inmind.foundation.errors import BadInput
from inmind.screening.errors import OutOfRange
from inmind.screening.instruments import Answers, Instrument, Positions, from_positions


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be marked: its value in the form. A position from the top, or the points where paper prints them.

    word: what stands at this position where answers are words; else empty.
    """

    value: int
    is_position: bool
    word: str = ""


def choices(instrument: Instrument) -> list[Choice]:
    """Positions from the top where the order on paper is known, else the points themselves."""
    first = instrument.items[0]
    if instrument.takes_positions:
        words = first.words or [""] * len(first.values)
        return [Choice(place, True, word) for place, word in enumerate(words, start=1)]
    return [Choice(points, False) for points in first.values]


def answers(instrument: Instrument, marked: Mapping[str, str]) -> Answers:
    """What was marked on paper as points, turned round once where the form prints the worst answer first.

    marked: item key -> the form's value; empty: left blank. Items that are not named stay as they are.
    Raises UnknownItem or OutOfRange.
    """
    read = {key: _whole(instrument, key, value) for key, value in marked.items()}
    if instrument.takes_positions:
        return from_positions(instrument, Positions(read))
    return Answers(read)


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
        if item.key not in points:
            continue
        kept = points[item.key]
        if kept is None:
            shown[item.key] = ""
        elif instrument.takes_positions:
            shown[item.key] = str(item.from_first.index(kept) + 1)
        else:
            shown[item.key] = str(kept)
    return shown


def _whole(instrument: Instrument, key: str, value: str) -> int | None:
    item = instrument.item(key)
    if not value.strip():
        return None
    offered = {str(choice.value): choice.value for choice in choices(instrument)}
    if value.strip() not in offered:
        raise OutOfRange(item.key, value[:40], tuple(offered.values()), "")
    return offered[value.strip()]
