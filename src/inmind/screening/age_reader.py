"""Reads what differs by age and by language in an instrument from a catalog file. Pure."""

from __future__ import annotations

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Confidence, Entry, known_source
from inmind.screening.instruments import AgeRange, Item, MonthlyCutoffs, Stratum, Unknown, Version
from inmind.screening.rule_reader import RuleReader


class AgeReader(RuleReader):
    """Cut-offs by month, rules by stretches of months, children born early, and versions in a language."""

    def _prematurity(self) -> PrematurityRule:
        said = self.said["prematurity"].fields("weeks_early below_months")
        weeks = self._sure("prematurity.weeks_early", said["weeks_early"], Entry.whole)
        below = self._sure("prematurity.below_months", said["below_months"], Entry.whole)
        return PrematurityRule(weeks, below, self.source_of["prematurity.weeks_early"])

    def _monthly(self, high: int) -> MonthlyCutoffs:
        """A cut-off for each completed month, from it down. A month of low confidence is a month that is not known."""
        entry = self.said["monthly_cutoffs"]
        said = entry.fields("label op reached beyond guide months not_banded")
        if said["op"].text() != "<=":
            raise said["op"].wrong("the rule known here is a cut-off from which down a total counts: the op is <=")
        months = {int(month): self._sourced(each, Entry.whole) for month, each in said["months"].mapping().items()}
        for month, number in months.items():
            if number.is_usable and not 0 <= (number.value or 0) < high:
                raise (
                    said["months"].mapping()[str(month)].wrong(f"a cut-off of {number.value} lies outside 0 to {high}")
                )
        found = MonthlyCutoffs(
            label=self._code(said["label"]),
            reached=self._code(said["reached"]),
            beyond=self._code(said["beyond"]),
            guide=said["guide"].text(),
            months=months,
            not_banded=tuple(self._stretch(each) for each in said["not_banded"].entries()),
            maximum=high,
        )
        covered = sorted([*months, *(m for one in found.not_banded for m in range(one.low, one.high + 1))])
        if covered != list(range(covered[0], covered[-1] + 1)):
            raise said["months"].wrong(
                "every month stands here once, or among those that have no band by the publisher"
            )
        self.unknowns += found.unknown()
        return found

    def _stretch(self, entry: Entry) -> AgeRange:
        said = entry.fields("min max source confidence", "form note")
        if said["confidence"].one_of(Confidence) is Confidence.LOW or said["max"].whole() < said["min"].whole():
            raise entry.wrong("a stretch of months goes from its lowest to its highest, and is known well")
        return AgeRange(said["min"].whole(), said["max"].whole(), known_source(said["source"], self.sources))

    def _age_rules(self, items: tuple[Item, ...]) -> tuple[Stratum, ...]:
        """Stretches of completed months at which items are left out and cut-offs differ, without gap or overlap."""
        found: list[Stratum] = []
        for entry in self._list("age_rules"):
            said = entry.fields("min max ignore cutoff bands")
            low, high = said["min"].whole(), said["max"].whole()
            if high < low or (found and low != found[-1].high + 1):
                raise entry.wrong("ages follow one another without gap or overlap")
            ignored = self._sure("items left out by age", said["ignore"], self._item_numbers)
            most = sum(item.values[-1] for item in items if item.number not in ignored)
            found.append(
                Stratum(
                    low,
                    high,
                    tuple(item.key for item in items if item.number in ignored),
                    self._cutoffs(0, most, (said["cutoff"],)),
                    self._bands(0, most, said["bands"]),
                )
            )
        return tuple(found)

    def _version(self) -> Version:
        """A version in another language: its cut-offs come from a study in that language, or it has none."""
        said = self.said["version"].fields("of language")
        version = Version(self._key(said["of"]), said["language"].text())
        if self.said["cutoffs"].entries() and version.language not in self.said["studied_in"].mapping():
            raise self.said["cutoffs"].wrong(
                f"the cut-offs of a version need a study in its own language: `studied_in` names none in {version.language}"
            )
        return version

    def _studied_in(self) -> dict[str, str]:
        studied = {
            language: known_source(entry, self.sources) for language, entry in self.said["studied_in"].mapping().items()
        }
        if not studied:
            self.unknowns.append(Unknown("languages and peoples studied", "not known here"))
        return studied
