"""Licensed tools of which only the result is recorded: their scales, and what a number on one of them says. Pure.

Their items, norms and most cut-offs are their publishers'. What somebody reckoned with the licensed form is entered, checked
against the range of its scale, and read by those bands and cut-offs alone that are public and known well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from inmind.families.ages import Ages, PrematurityRule
from inmind.foundation.values import N_, Age
from inmind.screening.errors import NothingEntered, NotOnScale, UnknownForm, UnknownItem, ZoneAlone
from inmind.screening.instruments import AgeRange, Licence, Subject, Unknown

TABLE_NEEDED = N_(
    "No cut-off of this form is known well here, and none is made from other forms. To have a band, load: %(guide)s."
)

NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?\Z", re.ASCII)


class Informant(StrEnum):
    """Who answers a tool: an adult who cares for the child, such an adult or a teacher, or the adult whom it is about."""

    PARENT = "parent"
    PARENT_OR_CARER = "parent or carer/teacher"
    SELF = "self"


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
    """One number of a result. low, high: its range; None where an end is not known. Cut-offs by age form, if by any;
    replaced: what is known here of forms whose cut-off is that of a site's table."""

    key: str
    label: str
    label_es: str
    kind: Kind
    low: int | None
    high: int | None
    bands: tuple[ScaleBand, ...]
    cutoffs: Mapping[str, FormCutoff]
    needs_table: bool
    replaced: Mapping[str, FormCutoff] = field(default_factory=dict)

    @property
    def lowest(self) -> int:
        return 0 if self.low is None else self.low

    def label_in(self, language: str) -> str:
        return self.label_es if language.startswith("es") else self.label

    def unknown(self, forms: Sequence[str]) -> tuple[Unknown, ...]:
        """What is said of the forms whose cut-off is not known; nothing where all are, or none is needed."""
        missing = ", ".join(form for form in forms if form not in self.cutoffs) if self.needs_table else ""
        return (Unknown(f"{self.label}: cut-off of form {missing}", "load the licensed table"),) if missing else ()


@dataclass(frozen=True, slots=True)
class FormWindow:
    """The ages for which an age form is, in completed months and days, both ends included."""

    opens: Age
    last: Age
    source: str

    def holds(self, age: Age) -> bool:
        return (self.opens.months, self.opens.days) <= (age.months, age.days) <= (self.last.months, self.last.days)


@dataclass(frozen=True, slots=True)
class RecordedTool:
    """One edition of one licensed tool: what may be entered, and what may be said of it.

    forms: the age forms, named by their months, in order. windows: the ages of those forms of which they are known well.
    prematurity: when it counts from the day the birth was due; None: no such rule is known here.
    below, beyond: what a value says beside a cut-off of its form; empty for a tool that has none.
    zones: what the form itself says of a number, in our words, the calm one first; empty where it says nothing of the kind.
    """

    key: str
    edition: str
    dated: date
    title: str
    name: str
    short_name: str
    subject: Subject
    informant: Informant
    scales: tuple[Scale, ...]
    forms: tuple[str, ...]
    guide: str
    guide_es: str
    ages: AgeRange | None
    licence: Licence
    sources: Mapping[str, str]
    unknowns: tuple[Unknown, ...]
    windows: Mapping[str, FormWindow] = field(default_factory=dict)
    prematurity: PrematurityRule | None = None
    below: str = ""
    beyond: str = ""
    zones: tuple[str, ...] = ()

    def guide_in(self, language: str) -> str:
        return self.guide_es if language.startswith("es") else self.guide

    @property
    def is_about_a_child(self) -> bool:
        return self.subject is Subject.CHILD

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
    """Licensed tools by key, each in the edition that new results use; earlier ones stay within reach of `of`."""

    def __init__(self, editions: Iterable[RecordedTool]) -> None:
        """editions: every tool known; of one key the last is the current one."""
        self._editions = {(tool.key, tool.edition): tool for tool in editions}
        self._current = {tool.key: tool for tool in self._editions.values()}

    def __getitem__(self, key: str) -> RecordedTool:
        return self._current[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def editions(self) -> Collection[RecordedTool]:
        return self._editions.values()

    def of(self, key: str, edition: str) -> RecordedTool | None:
        """The edition that a record was made with, or None when it is not installed."""
        return self._editions.get((key, edition))


PERCENTILE = "_percentile"  # what ends the key of a scale that says another one's number in percentiles


def together(tool: RecordedTool) -> list[tuple[Scale, ...]]:
    """The scales in their order, a number and its percentile side by side."""
    found: dict[str, tuple[Scale, ...]] = {}
    for scale in tool.scales:
        base = scale.key.removesuffix(PERCENTILE)
        found[base] = (*found.get(base, ()), scale)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """What one number says. band: None where no published one holds it, or none is known. confidence, source: the band's.

    note: what stands beside it, marked for translation; `facts` fill its places. zone: what the licensed form itself says of
    it, as somebody copied it: never a band of ours.
    """

    scale: Scale
    value: Decimal | None
    band: str | None = None
    confidence: str = ""
    source: str = ""
    note: str = ""
    facts: Mapping[str, str] | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a form is not the one for the child's age: a sentence to translate, and what fills its places."""

    sentence: str
    facts: Mapping[str, object]
    field: str
    source: str


def misfit(tool: RecordedTool, form: str, ages: Ages) -> Misfit | None:
    """Whether the child's age, as the tool counts it, is known to lie outside the tool's ages or the form's; None: it is not.

    The ages of most forms are their publisher's and not public. What holds for all of them: a form is for its own month, so
    that it is not the one for a child who has reached the month of a later form, or not yet that of an earlier one.
    """
    age = ages.used
    facts: dict[str, object] = {"tool": tool.short_name, "form": form, "months": age.months, "days": age.days}
    if tool.ages is not None and not tool.ages.low <= age.months <= tool.ages.high:
        said = N_("%(tool)s is for children of %(low)s to %(high)s months. On this day it counts %(months)s months.")
        ends = {"low": tool.ages.low, "high": tool.ages.high}
        return Misfit(said, facts | ends, "on", tool.sources[tool.ages.source])
    window = tool.windows.get(form)
    if window is not None and not window.holds(age):
        said = N_(
            "The %(form)s-month form is for %(low)s months %(low_days)s days to %(high)s months %(high_days)s days. "
            "On this day the tool counts %(months)s months %(days)s days."
        )
        ends = {"low": window.opens.months, "low_days": window.opens.days}
        ends |= {"high": window.last.months, "high_days": window.last.days}
        return Misfit(said, facts | ends, "form", tool.sources[window.source])
    between = [one for one in tool.forms if int(form) < int(one) <= age.months or age.months < int(one) < int(form)]
    if between:
        said = N_(
            "On this day the tool counts %(months)s months %(days)s days. "
            "The %(other)s-month form lies nearer to that than the %(form)s-month form."
        )
        nearest = min(between, key=lambda one: abs(int(one) - age.months))
        return Misfit(said, facts | {"other": nearest}, "form", "")
    return None


def without_bands(results: tuple[ScaleResult, ...]) -> tuple[ScaleResult, ...]:
    """The numbers alone: those of a form that was not for this age say nothing."""
    return tuple(replace(one, band=None, confidence="", source="", note="", facts=None) for one in results)


def entered(tool: RecordedTool, typed: Mapping[str, str]) -> dict[str, Decimal | None]:
    """What was typed, as numbers; None where a field was left empty. A comma is a point. Raises UnknownItem or NotOnScale."""
    numbers: dict[str, Decimal | None] = {}
    for key, words in typed.items():
        scale, said = tool.scale(key), words.strip()
        if said and not NUMBER.match(said):
            raise NotOnScale(scale.key, scale.label, said, scale.lowest, scale.high)
        numbers[key] = Decimal(said.replace(",", ".")) if said else None
    return numbers


def entered_at(tool: RecordedTool, scale: Scale, typed: str) -> Decimal | None:
    """What was typed for one scale, as a number that it can hold; None where nothing was. Raises NotOnScale."""
    number = entered(tool, {scale.key: typed})[scale.key]
    return None if number is None else _checked(scale, number)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is kept of one form. ages: of the child whom it is about, else None; misfit: why it was not for that age."""

    form: str
    ages: Ages | None
    misfit: Misfit | None
    scales: tuple[ScaleResult, ...]

    def as_data(self) -> dict[str, Any]:
        """As it is kept: plain values, ages as completed months and days, numbers as they stand on the form."""
        return {
            "form": self.form,
            "ages": None if self.ages is None else _ages_as_data(self.ages),
            "fits": self.misfit is None,
            "scales": {one.scale.key: _as_data(one) for one in self.scales if one.value is not None},
        }


def _ages_as_data(both: Ages) -> dict[str, Any]:
    corrected = both.corrected and [both.corrected.months, both.corrected.days]
    birth = [both.chronological.months, both.chronological.days]
    return {"birth": birth, "corrected": corrected, "used": "corrected" if both.corrected else "birth"}


def _as_data(one: ScaleResult) -> dict[str, str]:
    said = {"value": str(one.value), "band": one.band or "", "confidence": one.confidence, "source": one.source}
    said |= {"zone": one.zone}
    return {name: words for name, words in said.items() if words}


def reading(
    tool: RecordedTool, typed: Mapping[str, str], form: str, ages: Ages | None, zones: Mapping[str, str] | None = None
) -> Reading:
    """Read one form as it was typed in. zones: scale key -> what the form itself says of it, empty where nobody copied that.

    Raises as `entered` and `read` do, NothingEntered for a form without a number, and ZoneAlone for a zone without one.
    """
    numbers, copied = entered(tool, typed), zones or {}
    scales = tuple(replace(one, zone=_zone(tool, one, copied)) for one in read(tool, numbers, form))
    if not any(one.value is not None for one in scales):
        raise NothingEntered(tool.short_name)
    wrong = misfit(tool, form, ages) if ages is not None else None
    return Reading(form, ages, wrong, without_bands(scales) if wrong else scales)


def _zone(tool: RecordedTool, one: ScaleResult, copied: Mapping[str, str]) -> str:
    zone = copied.get(one.scale.key, "")
    if zone and (zone not in tool.zones or one.value is None):
        raise ZoneAlone(one.scale.key, one.scale.label)
    return zone


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
    low = scale.lowest
    wrong = NotOnScale(scale.key, scale.label, entered, low, scale.high)
    if isinstance(entered, bool) or not isinstance(entered, int | Decimal) or not Decimal(entered).is_finite():
        raise wrong
    value = Decimal(entered)
    is_whole = scale.kind is Kind.POINTS or value == value.to_integral_value()
    if value < low or (scale.high is not None and value > scale.high) or not is_whole:
        raise wrong
    return value
