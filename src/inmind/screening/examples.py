"""Scoring by hand: the tests hold the code to these examples, and `docs/reference/scoring.md` prints them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inmind.screening.scoring import Incomplete, Scored


@dataclass(frozen=True, slots=True)
class Example:
    """One screen and what it comes to.

    answers: points in the order of the items, `-` where blank. result: points, or `lowest to highest` where one is; both
    where blanks count as the lowest answer.
    band, cutoffs, flags, ask_again, notes, finding: codes, empty where there is none. parts: subscales that reach their
    cut-off, with their points. positive: yes, no, or empty while open; None: not told here. months: the age, where the
    rules need one.
    """

    says: str
    instrument: str
    answers: str
    result: str
    band: str = ""
    cutoffs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    ask_again: tuple[str, ...] = ()
    positive: str | None = None
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    finding: str = ""
    months: int | None = None

    @staticmethod
    def shown(result: Scored | Incomplete) -> str:
        """A result as `result` writes it."""
        if result.lowest is None:
            return "no total"
        if isinstance(result, Scored) and result.blanks:
            return f"{result.points} ({result.lowest} to {result.highest})"
        return " to ".join(map(str, dict.fromkeys((result.lowest, result.highest))))

    def points(self) -> Mapping[str, int | None]:
        """The answers by item key."""
        marks = self.answers.split()
        return {f"{self.instrument}_{n}": None if mark == "-" else int(mark) for n, mark in enumerate(marks, start=1)}


def _few(items: int, ones: int, blank: int = 0) -> str:
    """Answers of one point each, then so many blank, the others of none."""
    return " ".join((*"1" * ones, *"-" * blank, *"0" * (items - ones - blank)))


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
        parts=("epds3a 7",),
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
        parts=("epds3a 9",),
    ),
    Example("EPDS, item 10 answered, all else blank", "epds", "- - - - - - - - - 1", "1 to 28", "", (), _SELF_HARM),
    Example("EPDS, nothing answered", "epds", "- - - - - - - - - -", "0 to 30", ask_again=("epds_10",)),
    Example("PHQ-2, one point below the cut-off", "phq2", "1 1", "2", "below_cutoff"),
    Example("PHQ-2, at the cut-off", "phq2", "2 1", "3", "positive", ("positive",)),
    Example("PHQ-2, one blank, the other enough by itself", "phq2", "3 -", "3 to 6", "positive"),
    Example("PHQ-2, one blank that leaves it open", "phq2", "1 -", "1 to 4"),
    Example("GAD-2, one point below the cut-off", "gad2", "1 1", "2", "below_cutoff", positive="no"),
    Example("GAD-2, at the cut-off", "gad2", "0 3", "3", "positive", ("positive",), positive="yes"),
    Example("GAD-2, one blank that leaves it open", "gad2", "- 2", "2 to 5", positive=""),
    Example("GAD-7, at the upper edge of mild", "gad7", "3 3 3 0 0 0 0", "9", "mild", positive="no"),
    Example("GAD-7, at the cut-off", "gad7", "3 3 3 1 0 0 0", "10", "moderate", ("positive",), positive="yes"),
    Example("GAD-7, at the lower edge of severe", "gad7", "3 3 3 3 3 0 0", "15", "severe", ("positive",)),
    Example(
        "GAD-7, one blank, every completion is severe", "gad7", "3 3 3 3 3 - 3", "18 to 21", "severe", positive="yes"
    ),
    Example("PPSC, one point below the cut-off", "ppsc", _few(18, 8), "8", "below_cutoff", positive="no"),
    Example("PPSC, at the cut-off", "ppsc", _few(18, 9), "9", "positive", ("at_risk",), positive="yes"),
    Example(
        "PPSC, one blank counts as 0: the total stands, with what it could be",
        "ppsc",
        _few(18, 8, blank=1),
        "8 (8 to 10)",
        "below_cutoff",
        positive="no",
    ),
    Example("PPSC, nothing answered: there is nothing to count", "ppsc", _few(18, 0, blank=18), "0 to 36", positive=""),
    Example("EPDS-3, one point below the cut-off", "epds3", "1 1 0", "2", "below_cutoff"),
    Example("EPDS-3, at the cut-off (its publisher's 10 of 30)", "epds3", "1 1 1", "3", "positive", ("positive",)),
    Example("EPDS-3, one blank: no band, even where all agree", "epds3", "3 3 -", "6 to 9"),
    Example("M-CHAT-R, no at-risk answer", "mchatr", _few(20, 0), "0", "low"),
    Example("M-CHAT-R, at the upper edge of low", "mchatr", _few(20, 2), "2", "low"),
    Example("M-CHAT-R, at the lower edge of moderate", "mchatr", _few(20, 3), "3", "moderate"),
    Example("M-CHAT-R, at the upper edge of moderate", "mchatr", _few(20, 7), "7", "moderate"),
    Example("M-CHAT-R, at the lower edge of high", "mchatr", _few(20, 8), "8", "high"),
    Example("M-CHAT-R, one blank, every completion is low", "mchatr", _few(20, 1, blank=1), "1 to 2", "low"),
    Example("M-CHAT-R, one blank, completions part", "mchatr", _few(20, 2, blank=1), "2 to 3"),
)
