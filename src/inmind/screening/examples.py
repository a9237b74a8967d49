"""Scoring by hand: the tests hold the code to these examples, and `docs/reference/scoring.md` prints them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """One screen and what it comes to.

    answers: points in the order of the items, `-` where blank. result: points, or `lowest to highest` where one is.
    band, cutoffs, flags, ask_again: codes, empty where there is none.
    """

    says: str
    instrument: str
    answers: str
    result: str
    band: str = ""
    cutoffs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    ask_again: tuple[str, ...] = ()

    def points(self) -> Mapping[str, int | None]:
        """The answers by item key."""
        marks = self.answers.split()
        return {f"{self.instrument}_{n}": None if mark == "-" else int(mark) for n, mark in enumerate(marks, start=1)}


def _at_risk(count: int, blank: int = 0) -> str:
    """Twenty answers of the M-CHAT-R: so many at risk, then so many blank, the others not at risk."""
    return " ".join((*"1" * count, *"-" * blank, *"0" * (20 - count - blank)))


_SELF_HARM = ("self_harm_any",)

EXAMPLES = (
    Example("PHQ-9, nothing at all", "phq9", "0 0 0 0 0 0 0 0 0", "0", "minimal"),
    Example("PHQ-9, at the upper edge of minimal", "phq9", "1 1 1 1 0 0 0 0 0", "4", "minimal"),
    Example("PHQ-9, one point more is mild", "phq9", "1 1 1 1 1 0 0 0 0", "5", "mild"),
    Example("PHQ-9, one point below the cut-off", "phq9", "3 3 3 0 0 0 0 0 0", "9", "mild"),
    Example("PHQ-9, at the cut-off", "phq9", "3 3 3 1 0 0 0 0 0", "10", "moderate", ("positive",)),
    Example("PHQ-9, at the lower edge of severe", "phq9", "3 3 3 3 3 3 2 0 0", "20", "severe", ("positive",)),
    Example("PHQ-9, the most there is", "phq9", "3 3 3 3 3 3 3 3 3", "27", "severe", ("positive",), _SELF_HARM),
    Example(
        "PHQ-9, self-harm alone, however low the total", "phq9", "0 0 0 0 0 0 0 0 1", "1", "minimal", (), _SELF_HARM
    ),
    Example("PHQ-9, one blank, every completion is minimal", "phq9", "0 1 0 0 - 0 0 0 0", "1 to 4", "minimal"),
    Example("PHQ-9, one blank, completions part", "phq9", "1 1 1 1 - 0 0 0 0", "4 to 7"),
    Example("PHQ-9, self-harm answered, all else blank", "phq9", "- - - - - - - - 2", "2 to 26", "", (), _SELF_HARM),
    Example("PHQ-9, nothing answered", "phq9", "- - - - - - - - -", "0 to 27"),
    Example("EPDS, one point below the first cut-off", "epds", "3 3 3 0 0 0 0 0 0 0", "9", "below_cutoff"),
    Example(
        "EPDS, at the first cut-off",
        "epds",
        "3 3 3 1 0 0 0 0 0 0",
        "10",
        "possible_depression",
        ("possible_depression",),
    ),
    Example(
        "EPDS, at the second cut-off",
        "epds",
        "3 3 3 3 1 0 0 0 0 0",
        "13",
        "probable_depression",
        ("possible_depression", "probable_depression"),
    ),
    Example(
        "EPDS, self-harm alone, far below any cut-off",
        "epds",
        "0 0 0 0 0 0 0 0 0 1",
        "1",
        "below_cutoff",
        (),
        _SELF_HARM,
    ),
    Example("EPDS, one blank: no band, even where all agree", "epds", "0 0 0 0 - 0 0 0 0 0", "0 to 3"),
    Example(
        "EPDS, item 10 blank: ask again in the visit",
        "epds",
        "3 3 3 3 3 3 3 3 3 -",
        "27 to 30",
        ask_again=("epds_10",),
    ),
    Example("EPDS, item 10 answered, all else blank", "epds", "- - - - - - - - - 1", "1 to 28", "", (), _SELF_HARM),
    Example("EPDS, nothing answered", "epds", "- - - - - - - - - -", "0 to 30", ask_again=("epds_10",)),
    Example("PHQ-2, one point below the cut-off", "phq2", "1 1", "2", "below_cutoff"),
    Example("PHQ-2, at the cut-off", "phq2", "2 1", "3", "positive", ("positive",)),
    Example("PHQ-2, one blank, the other enough by itself", "phq2", "3 -", "3 to 6", "positive"),
    Example("PHQ-2, one blank that leaves it open", "phq2", "1 -", "1 to 4"),
    Example("EPDS-3, one point below the cut-off", "epds3", "1 1 0", "2", "below_cutoff"),
    Example("EPDS-3, at the cut-off (its publisher's 10 of 30)", "epds3", "1 1 1", "3", "positive", ("positive",)),
    Example("EPDS-3, one blank: no band, even where all agree", "epds3", "3 3 -", "6 to 9"),
    Example("M-CHAT-R, no at-risk answer", "mchatr", _at_risk(0), "0", "low"),
    Example("M-CHAT-R, at the upper edge of low", "mchatr", _at_risk(2), "2", "low"),
    Example("M-CHAT-R, at the lower edge of moderate", "mchatr", _at_risk(3), "3", "moderate"),
    Example("M-CHAT-R, at the upper edge of moderate", "mchatr", _at_risk(7), "7", "moderate"),
    Example("M-CHAT-R, at the lower edge of high", "mchatr", _at_risk(8), "8", "high"),
    Example("M-CHAT-R, one blank, every completion is low", "mchatr", _at_risk(1, blank=1), "1 to 2", "low"),
    Example("M-CHAT-R, one blank, completions part", "mchatr", _at_risk(2, blank=1), "2 to 3"),
)
