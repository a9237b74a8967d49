"""Builds an instrument from its catalog file, or says what is wrong with the file. Pure.

Numbers of low confidence never band, gate or code anything: they are left out and named among the instrument's
`unknowns`; where nothing can stand without them, the file is refused.
"""

from __future__ import annotations

from inmind.foundation.catalogs import Entry, sourced
from inmind.screening.age_reader import AgeReader
from inmind.screening.code_reader import is_loinc
from inmind.screening.instruments import Instrument, Subject

__all__ = ["is_loinc", "load"]


def load(sheet: Entry) -> Instrument:
    """The instrument that one catalog file describes. Raises BadCatalog with the file, the line and the reason."""
    return _Reader(sheet).instrument()


class _Reader(AgeReader):
    """Reads one file whole."""

    def __init__(self, sheet: Entry) -> None:
        super().__init__(
            sheet,
            "title edition date key name short_name subject informant sources licence recall_days n_items item_values "
            "printed_worst_first items total cutoffs bands critical blanks studied_in codes",
            "period unscored options accuracy translations answer_words subscales published_total follows full_length "
            "age_months age_correction prematurity parent finding monthly_cutoffs age_rules answer_points multi_answer "
            "version off_by_default count_only full_length_closes numbered_by_key",
        )

    def instrument(self) -> Instrument:
        said = self.said
        items = self._items()
        summed = self._summed(items)
        low, high = self._least_and_most([item for item in items if item.key in summed])
        cutoffs = self._cutoffs(low, high)
        blanks = said["blanks"].fields("published_rule band behaviour", "at_most")
        blank_rule = self._blank_rule(blanks)
        critical = tuple(self._critical(entry, items) for entry in said["critical"].entries())
        if "age_correction" in said:
            self._maybe("rule for children born early", said["age_correction"], Entry.text)
        return Instrument(
            key=self.key,
            edition=said["edition"].text(),
            dated=said["date"].day(),
            title=said["title"].text(),
            name=said["name"].text(),
            short_name=said["short_name"].text(),
            subject=said["subject"].one_of(Subject),
            informant=said["informant"].text(),
            period=said["period"].text() if "period" in said else "",
            recall_days=self._maybe("recall_days", said["recall_days"], Entry.whole),
            items=items,
            summed=summed,
            minimum=low,
            maximum=high,
            bands=self._bands(low, high),
            cutoffs=cutoffs,
            accuracy=tuple(self._accuracy(entry, cutoffs) for entry in self._list("accuracy")),
            critical=critical,
            points_of_code=self._points_of_code(items),
            unscored=tuple(self._unscored(entry) for entry in self._list("unscored")),
            licence=self._licence(),
            codes=self._codes(),
            translations=sourced(said["translations"], self.sources, Entry.whole) if "translations" in said else None,
            studied_in=self._studied_in(),
            sources=self.sources,
            source_of=self.source_of,
            blank_rule=blank_rule,
            most_blanks=blanks["at_most"].whole() if "at_most" in blanks else None,
            blank_behaviour=blanks["behaviour"].text(),
            subscales=tuple(self._subscale(entry, items) for entry in self._list("subscales")),
            published_total=self._published_total(high) if "published_total" in said else None,
            follows=self._follows() if "follows" in said else None,
            full_length=self._sure("full_length", said["full_length"], self._keys) if "full_length" in said else (),
            full_length_closes="full_length_closes" in said and said["full_length_closes"].truth(),
            ages=self._ages() if "age_months" in said else None,
            finding=self._finding(items) if "finding" in said else None,
            monthly=self._monthly(high) if "monthly_cutoffs" in said else None,
            age_rules=self._age_rules(items),
            prematurity=self._prematurity() if "prematurity" in said else None,
            parent=self._key(said["parent"]) if "parent" in said else "",
            version=self._version() if "version" in said else None,
            is_off_by_default=said["off_by_default"].truth() if "off_by_default" in said else False,
            takes_a_count=said["count_only"].truth() if "count_only" in said else False,
            is_numbered_by_key="numbered_by_key" in said and said["numbered_by_key"].truth(),
            read_by_hand=tuple(self.read_by_hand),
            unknowns=tuple(self.unknowns),
        )
