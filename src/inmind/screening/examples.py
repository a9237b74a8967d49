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
    cut-off, with their points. positive: yes, no, or empty while open; it and finding None: not told here. months: the age, where the
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
    finding: str | None = None
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

_TALK = ("talk_about_it",)
_REVIEW, _MEETS = "needs_review", "appears_to_meet_expectations"


def _milestones(
    says: str, months: int, answers: str, result: str, band: str = "", positive: str = "", notes: tuple[str, ...] = ()
) -> Example:
    cutoffs = (_REVIEW,) if band == _REVIEW else ()
    says, key = f"SWYC Milestones, {says}", "swycmilestones"
    return Example(says, key, answers, result, band, cutoffs, positive=positive, notes=notes, months=months)


def _psc35(says: str, months: int, answers: str, result: str, band: str = "", notes: tuple[str, ...] = ()) -> Example:
    positive = {"positive": "yes", "below_cutoff": "no", "": ""}[band]
    cutoffs = ("positive",) if band == "positive" else ()
    says = f"PSC-35, {says}"
    return Example(says, "psc35", answers, result, band, cutoffs, positive=positive, notes=notes, months=months)


def _family(
    says: str, answers: str, positive: str, flags: tuple[str, ...] = (), parts: tuple[str, ...] = ()
) -> Example:
    says, notes = f"SWYC Family Questions, {says}", ("read_by_hand",)
    return Example(says, "swycfamily", answers, "no total", flags=flags, positive=positive, parts=parts, notes=notes)


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
    Example(
        "PHQ-9, five items at 2, one of the first two among them: the manual's major pattern",
        "phq9",
        "0 2 2 2 2 2 0 0 0",
        "10",
        "moderate",
        ("positive",),
        finding="major",
    ),
    Example(
        "PHQ-9, item 9 counts in that pattern from 1 on",
        "phq9",
        "2 0 2 2 2 0 0 0 1",
        "9",
        "mild",
        (),
        _SELF_HARM,
        positive="no",
        finding="major",
    ),
    Example(
        "PHQ-9, two items at 2, both of the first two", "phq9", "2 2 0 0 0 0 0 0 0", "4", "minimal", finding="other"
    ),
    Example(
        "PHQ-9, five items at 2, but neither of the first two",
        "phq9",
        "0 0 2 2 2 2 2 0 0",
        "10",
        "moderate",
        ("positive",),
        finding="neither",
    ),
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
    Example(
        "BPSC, one subscale at its cut-off is enough; there is no total",
        "bpsc",
        "2 1 0 0 0 0 0 0 0 0 0 0",
        "no total",
        positive="yes",
        parts=("inflexibility 3",),
    ),
    Example(
        "BPSC, six points, but no subscale at its cut-off", "bpsc", "1 1 0 0 1 1 0 0 1 1 0 0", "no total", positive="no"
    ),
    Example("BPSC, a blank counts as 0", "bpsc", "2 - 0 0 0 0 0 0 0 0 0 0", "no total", positive="no"),
    Example("BPSC, nothing answered", "bpsc", "- - - - - - - - - - - -", "no total", positive=""),
    _milestones("at the cut-off of 18 months: it needs review", 18, _few(10, 8), "8", _REVIEW, "yes"),
    _milestones("one point above it", 18, _few(10, 9), "9", _MEETS, "no"),
    _milestones("the same answers a month later: the cut-off has moved", 19, _few(10, 9), "9", _REVIEW, "yes"),
    _milestones("a blank counts as 0, and its range is shown", 18, _few(10, 8, blank=1), "8 (8 to 10)", _REVIEW, "yes"),
    _milestones("a month whose cut-off is known too weakly", 9, _few(10, 8), "8", notes=("unknown_cutoff",)),
    _milestones("a month whose cut-off is not known", 24, _few(10, 8), "8", notes=("unknown_cutoff",)),
    _milestones("the form of 2 months has no band", 3, _few(10, 8), "8", notes=("not_banded",)),
    _milestones("the form of 60 months has no band", 59, _few(10, 8), "8", notes=("not_banded",)),
    _psc35("at 71 months four of 28 are left out: 24, at the cut-off", 71, _few(35, 28), "24", "positive"),
    _psc35("at 71 months four of 27 are left out: 23", 71, _few(35, 27), "23", "below_cutoff"),
    _psc35("the same 28 at 72 months: all count, at the cut-off of that age", 72, _few(35, 28), "28", "positive"),
    _psc35("27 at 72 months", 72, _few(35, 27), "27", "below_cutoff"),
    _psc35("three blanks count as 0", 72, _few(35, 27, blank=3), "27 (27 to 33)", "below_cutoff"),
    _psc35("four blanks: the form is not valid", 72, _few(35, 30, blank=4), "30 to 38", notes=("too_many_blanks",)),
    Example(
        "PSC-17, one subscale at its cut-off, the total far below its own",
        "psc17",
        "0 1 0 0 0 1 0 0 1 0 1 0 0 0 1 0 0",
        "5",
        "below_cutoff",
        positive="yes",
        parts=("internalizing 5",),
    ),
    Example(
        "PSC-17, the total at its cut-off, no subscale at its own",
        "psc17",
        "2 1 2 1 1 1 2 1 1 1 1 1 0 0 0 0 0",
        "15",
        "positive",
        ("total_positive",),
        positive="yes",
    ),
    Example(
        "PSC-17, three blanks that leave a subscale open",
        "psc17",
        "0 - 0 0 0 - 0 0 - 0 0 0 0 0 0 0 0",
        "0 to 6",
        "below_cutoff",
        positive="",
    ),
    Example("POSI, two items that count", "posi", _few(7, 2), "2", "below_cutoff", positive="no"),
    Example("POSI, three items that count", "posi", _few(7, 3), "3", "positive", ("at_risk",), positive="yes"),
    Example("POSI, one blank: no band, even where all agree", "posi", _few(7, 3, blank=1), "3 to 4", positive=""),
    _family("one yes is a reason to talk", "1 0 0 0 0 0 0 0 0", "yes", flags=_TALK),
    _family("the two questions on mood are the PHQ-2", "0 0 0 0 0 2 1 0 0", "yes", parts=("phq2 3",)),
    _family("an answer read by hand counts at its highest", "0 0 0 0 0 0 0 1 2", "yes", flags=_TALK),
    _family("nothing marked: still two answers are read by hand", "0 0 0 0 0 0 0 0 0", ""),
    Example(
        "SWYC Family Questions to 8 months, one yes",
        "swycfamily7",
        "0 0 0 0 1 0 1",
        "no total",
        flags=_TALK,
        positive="yes",
        notes=("read_by_hand",),
    ),
    Example("Parent's concerns, none", "swycconcerns", "0 0", "no total", positive="no"),
    Example("Parent's concerns, somewhat", "swycconcerns", "0 1", "no total", flags=_TALK, positive="yes"),
    Example("Parent's concerns, one left open", "swycconcerns", "0 -", "no total", positive=""),
    Example("ACE-10, none", "ace10", _few(10, 0), "0", "low", positive=""),
    Example("ACE-10, three", "ace10", _few(10, 3), "3", "intermediate_or_high", positive=""),
    Example("ACE-10, four", "ace10", _few(10, 4), "4", "high", positive=""),
    Example("ACE-10, one blank: no band", "ace10", _few(10, 4, blank=1), "4 to 5", positive=""),
    Example(
        "PEARLS (child), two in the first part; three in the second are counted apart",
        "pearlschild",
        "1 1 0 0 0 0 0 0 0 0 1 1 1 0 0 0 0",
        "2",
        "intermediate_or_high",
        positive="",
    ),
    Example(
        "PEARLS (child), one blank in the second part: the count stands, without a band",
        "pearlschild",
        "1 1 0 0 0 0 0 0 0 0 - 0 0 0 0 0 0",
        "2",
        positive="",
    ),
)
