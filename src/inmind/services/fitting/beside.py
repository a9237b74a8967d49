"""Whether a family may be in one program beside another: a table by category that a network edits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inmind.foundation.catalogs import Confidence, Entry, known_source
from inmind.foundation.values import N_
from inmind.services.fitting.eligibility import Reason
from inmind.services.fitting.program import Program
from inmind.services.fitting.program_file import sources_of


@dataclass(frozen=True, slots=True)
class NotAtOnce:
    """Two categories of which a family is in one program at a time."""

    one: str
    other: str
    source: str

    def forbids(self, first: Program, second: Program) -> bool:
        return {first.category, second.category} == {self.one, self.other}


def load(sheet: Entry) -> tuple[NotAtOnce, ...]:
    """The table of the file. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date key licence sources not_at_once")
    said["date"].day()
    sources = sources_of(said["sources"])
    return tuple(_row(one, sources) for one in said["not_at_once"].entries())


def _row(entry: Entry, sources: Mapping[str, str]) -> NotAtOnce:
    said = entry.fields("one other source confidence")
    if said["confidence"].one_of(Confidence) is Confidence.LOW:
        raise said["confidence"].wrong("what is hardly known forbids nothing")
    return NotAtOnce(said["one"].text(), said["other"].text(), known_source(said["source"], sources))


def beside(program: Program, enrolled: Iterable[Program], table: Iterable[NotAtOnce]) -> Reason | None:
    """Why a program does not go beside those a family is in; None where nothing stands in the way.

    An entitlement stands beside everything: it is a right, and never instead of anything.
    """
    rules = tuple(table)
    for there in enrolled:
        if there.key == program.key:
            return Reason("beside", False, N_("The family is in this program already."))
        if program.is_entitlement or there.is_entitlement:
            continue
        for rule in rules:
            if rule.forbids(program, there):
                says = N_("The family is in %(program)s already; two of this kind are not offered at once.")
                return Reason("beside", False, says, rule.source, {"program": there.name})
    return None
