"""Licensed tools of which only the result is recorded: their scales, and what a number on one of them says. Pure.

Their items, norms and most cut-offs are their publishers'. What somebody reckoned with the licensed form is entered, checked
against the range of its scale, and read by those bands and cut-offs alone that are public and known well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from inmind.foundation.values import N_
from inmind.screening.errors import NotOnScale, UnknownForm, UnknownItem
from inmind.screening.instruments import AgeRange, Licence, Subject, Unknown

TABLE_NEEDED = N_(
    "No cut-off of this form is known well here, and none is made from other forms. To have a band, load: %(guide)s."
)


class Kind(StrEnum):
    """What a number on a scale is. T scores and percentiles are whole; points may be prorated and are not always."""

    POINTS = "points"
    T = "t"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """A stretch of a scale, both ends included; an end that is None is open."""

    code: str
    low: int | None
    high: int | None
    source: str
    confidence: str

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class FormCutoff:
    """A cut-off of one age form: a value below it is `below`, any other `beyond`."""

    value: Decimal
    below: str
    beyond: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Scale:
    """One number of a result. low, high: its range; None where an end is not known. Cut-offs by age form, if by any."""

    key: str
    label: str
    label_es: str
    kind: Kind
    low: int | None
    high: int | None
    bands: tuple[ScaleBand, ...]
    cutoffs: Mapping[str, FormCutoff]
    needs_table: bool

    def label_in(self, language: str) -> str:
        return self.label_es if language.startswith("es") else self.label

    def unknown(self, forms: Sequence[str]) -> tuple[Unknown, ...]:
        """What is said of the forms whose cut-off is not known; nothing where all are, or none is needed."""
        missing = ", ".join(form for form in forms if form not in self.cutoffs) if self.needs_table else ""
        return (Unknown(f"{self.label}: cut-off of form {missing}", "load the licensed table"),) if missing else ()


@dataclass(frozen=True, slots=True)
class RecordedTool:
    """One edition of one licensed tool: what may be entered, and what may be said of it.

    below, beyond: what a value says beside a cut-off of its form; empty for a tool that has none.
    """

    key: str
    edition: str
    dated: date
    title: str
    name: str
    short_name: str
    subject: Subject
    informant: str
    scales: tuple[Scale, ...]
    forms: tuple[str, ...]
    guide: str
    ages: AgeRange | None
    licence: Licence
    sources: Mapping[str, str]
    unknowns: tuple[Unknown, ...]
    below: str = ""
    beyond: str = ""

    @property
    def known_by(self) -> str:
        """The name that a record keeps: key and edition."""
        return f"{self.key}/{self.edition}"

    def scale(self, key: str) -> Scale:
        """The scale of this key. Raises UnknownItem."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        raise UnknownItem(self.short_name, key, [scale.key for scale in self.scales])


class Tools(Mapping[str, RecordedTool]):
    """Licensed tools by key, each in the edition that new results use."""

    def __init__(self, tools: Iterable[RecordedTool]) -> None:
        """tools: of one key the last is the current one."""
        self._tools = {tool.key: tool for tool in tools}

    def __getitem__(self, key: str) -> RecordedTool:
        return self._tools[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)

    def of(self, key: str, edition: str) -> RecordedTool | None:
        """The edition that a record was made with, or None when it is not installed."""
        found = self._tools.get(key)
        return found if found is not None and found.edition == edition else None


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """What one number says. band: None where no published one holds it, or none is known. confidence, source: the band's.

    note: what stands beside it, marked for translation; `facts` fill its places.
    """

    scale: Scale
    value: Decimal | None
    band: str | None = None
    confidence: str = ""
    source: str = ""
    note: str = ""
    facts: Mapping[str, str] | None = None


def read(tool: RecordedTool, values: Mapping[str, Decimal | int | None], form: str = "") -> tuple[ScaleResult, ...]:
    """Read the numbers that were entered, scale by scale; None, or not there, where there is none.

    form: the age form, of a tool that has such. Raises UnknownItem, UnknownForm, or NotOnScale for what the scale cannot
    hold. Nothing is summed or worked out: each number is the one that stands on the licensed form.
    """
    if (form not in tool.forms) if tool.forms else form:
        raise UnknownForm(tool.short_name, form, tool.forms)
    for key in values:
        tool.scale(key)
    return tuple(_read(tool, scale, values.get(scale.key), form) for scale in tool.scales)


def _read(tool: RecordedTool, scale: Scale, entered: Decimal | int | None, form: str) -> ScaleResult:
    if entered is None:
        return ScaleResult(scale, None)
    value = _checked(scale, entered)
    if cutoff := scale.cutoffs.get(form):
        band = cutoff.below if value < cutoff.value else cutoff.beyond
        return ScaleResult(scale, value, band, cutoff.confidence, tool.sources[cutoff.source])
    if scale.needs_table:
        return ScaleResult(scale, value, note=TABLE_NEEDED, facts={"guide": tool.guide})
    for each in scale.bands:
        if each.holds(value):
            return ScaleResult(scale, value, each.code, each.confidence, tool.sources[each.source])
    return ScaleResult(scale, value)


def _checked(scale: Scale, entered: object) -> Decimal:
    low = 0 if scale.low is None else scale.low
    wrong = NotOnScale(scale.label, entered, low, scale.high)
    if isinstance(entered, bool) or not isinstance(entered, int | Decimal) or not Decimal(entered).is_finite():
        raise wrong
    value = Decimal(entered)
    is_whole = scale.kind is Kind.POINTS or value == value.to_integral_value()
    if value < low or (scale.high is not None and value > scale.high) or not is_whole:
        raise wrong
    return value
