"""Builds a licensed tool, of which only the result is recorded, from its catalog file, or says what is wrong with it. Pure."""

from __future__ import annotations

from decimal import Decimal

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Confidence, Entry, distinct, known_source
from inmind.foundation.values import Age
from inmind.screening.instruments import AgeRange, Subject, Unknown
from inmind.screening.recorded import FormCutoff, FormWindow, Informant, Kind, RecordedTool, Scale, ScaleBand
from inmind.screening.sheet_reader import SheetReader


def load(sheet: Entry) -> RecordedTool:
    """The tool that one catalog file describes. Raises BadCatalog with the file, the line and the reason."""
    return _Reader(sheet).tool()


class _Reader(SheetReader):
    def __init__(self, sheet: Entry) -> None:
        super().__init__(
            sheet,
            "title edition date key name short_name subject informant sources licence guide guide_es band_sets scales",
            "forms windows age_months prematurity below beyond zones",
        )

    def tool(self) -> RecordedTool:
        said = self.said
        forms = self._maybe("its age forms", said["forms"], self._forms) or () if "forms" in said else ()
        self.bands = {name: self._bands(each) for name, each in said["band_sets"].mapping().items()}
        entries = said["scales"].entries()
        scales = tuple(self._scale(entry, forms) for entry in entries)
        distinct(entries, [scale.key for scale in scales])
        self.unknowns += [unknown for scale in scales for unknown in scale.unknown(forms)]
        below, beyond = (self._code(said[end]) if end in said else "" for end in ("below", "beyond"))
        return RecordedTool(
            key=self.key,
            edition=said["edition"].text(),
            dated=said["date"].day(),
            title=said["title"].text(),
            name=said["name"].text(),
            short_name=said["short_name"].text(),
            subject=said["subject"].one_of(Subject),
            informant=said["informant"].one_of(Informant),
            scales=scales,
            forms=forms,
            guide=said["guide"].text(),
            guide_es=said["guide_es"].text(),
            ages=self._ages_if_known(),
            licence=self._licence(),
            sources=self.sources,
            windows=self._windows(forms),
            prematurity=self._prematurity(),
            unknowns=tuple(self.unknowns),
            below=below,
            beyond=beyond,
            zones=self._maybe("its zones", said["zones"], self._zones) or () if "zones" in said else (),
        )

    def _windows(self, forms: tuple[str, ...]) -> dict[str, FormWindow]:
        """The ages of those forms of which they are known."""
        found = {}
        for form, each in self.said["windows"].mapping().items() if "windows" in self.said else ():
            if form not in forms:
                raise each.wrong(f"there is no form {form}")
            said = each.fields("from to source confidence")
            if said["confidence"].one_of(Confidence) is Confidence.LOW:
                self.unknowns.append(Unknown(f"ages of form {form}", "not used: of low confidence"))
                continue
            opens, last = (self._age(said[end]) for end in ("from", "to"))
            if (last.months, last.days) < (opens.months, opens.days):
                raise each.wrong("a form is for ages from a first day to a last one")
            found[form] = FormWindow(opens, last, known_source(said["source"], self.sources))
        return found

    def _age(self, entry: Entry) -> Age:
        said = entry.fields("months days")
        age = Age(said["months"].whole(), said["days"].whole())
        if age.months < 0 or not 0 <= age.days <= 31:
            raise entry.wrong("months from 0 on, and days from 0 to 31 beyond them")
        return age

    def _prematurity(self) -> PrematurityRule | None:
        """When the tool counts from the day the birth was due; None where no rule is known well."""
        if "prematurity" not in self.said:
            return None
        said = self.said["prematurity"].fields("weeks_early below_months")
        weeks, below = (self._maybe(f"prematurity.{name}", said[name], Entry.whole) for name in said)
        if weeks is None or below is None:
            return None
        return PrematurityRule(weeks, below, self.source_of["prematurity.weeks_early"])

    def _ages_if_known(self) -> AgeRange | None:
        if "age_months" not in self.said:
            return None
        said = self.said["age_months"].fields("min max")
        ends = [self._maybe(f"age_months.{end}", said[end], Entry.whole) for end in ("min", "max")]
        return None if None in ends else self._ages()

    def _forms(self, entry: Entry) -> tuple[str, ...]:
        return tuple(str(part.whole()) for part in entry.entries())

    def _zones(self, entry: Entry) -> tuple[str, ...]:
        return tuple(self._code(part) for part in entry.entries())

    def _bands(self, entry: Entry) -> tuple[ScaleBand, ...]:
        """Bands of one direction; those of low confidence are left out, and named."""
        found: list[ScaleBand] = []
        for each in entry.entries():
            said = each.fields("code source confidence", "min max note")
            low, high = (said[end].whole() if end in said else None for end in ("min", "max"))
            if (low, high) == (None, None) or (low is not None and high is not None and high < low):
                raise each.wrong("a band has a lowest or a highest value, the lowest first")
            band = ScaleBand(
                self._code(said["code"]),
                low,
                high,
                known_source(said["source"], self.sources),
                said["confidence"].text(),
            )
            if said["confidence"].one_of(Confidence) is Confidence.LOW:
                self.unknowns.append(Unknown(f"band {band.code}", "not used: of low confidence"))
                continue
            if any(_overlap(band, other) for other in found):
                raise each.wrong(f"{band.code} overlaps another band")
            found.append(band)
        return tuple(found)

    def _scale(self, entry: Entry, forms: tuple[str, ...]) -> Scale:
        said = entry.fields("key label label_es kind min max bands", "cutoffs")
        kind = said["kind"].one_of(Kind)
        bands = said["bands"]
        if not bands.is_null and bands.text() not in self.bands:
            raise bands.wrong(f"there is no band set {bands.text()}")
        label = said["label"].text()
        low, high = (self._maybe(f"{label}: {end}", said[end], Entry.whole) for end in ("min", "max"))
        return Scale(
            key=self._code(said["key"]),
            label=label,
            label_es=said["label_es"].text(),
            kind=kind,
            low=low,
            high=100 if kind is Kind.PERCENTILE and high is None else high,
            bands=() if bands.is_null else self.bands[bands.text()],
            cutoffs=self._cutoffs(said["cutoffs"], forms, high) if "cutoffs" in said else {},
            needs_table="cutoffs" in said,
        )

    def _cutoffs(self, entry: Entry, forms: tuple[str, ...], high: int | None) -> dict[str, FormCutoff]:
        """A cut-off for each form of which one is public and known well."""
        below, beyond = self._code(self.said["below"]), self._code(self.said["beyond"])
        found = {}
        for form, each in entry.mapping().items():
            if form not in forms:
                raise each.wrong(f"there is no form {form}")
            number = self._sourced(each, Entry.number)
            if not number.is_usable or number.value is None:
                continue
            if high is not None and not 0 <= number.value <= high:
                raise each.wrong(f"a cut-off of {number.value} lies outside 0 to {high}")
            found[form] = FormCutoff(Decimal(str(number.value)), below, beyond, number.source, number.confidence)
        return found


def _overlap(one: ScaleBand, other: ScaleBand) -> bool:
    low = max((each.low for each in (one, other) if each.low is not None), default=None)
    high = min((each.high for each in (one, other) if each.high is not None), default=None)
    return low is None or high is None or low <= high
