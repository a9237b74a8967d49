"""Where a file keeps its answers, and what its codes mean when they are not points. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from inmind.foundation.catalogs import Entry
from inmind.foundation.nearest import did_you_mean
from inmind.screening.errors import BadMapping
from inmind.screening.instruments import Instrument
from inmind.screening.scoring import MONTHS

# What stands for every item by its number: `@=EPDS_@` names EPDS_1 for the first, EPDS_2 for the second.
EACH = "@"
REFUSED, UNKNOWN, BLANK = "refused", "unknown", "blank"
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*|unknown")
MEANINGS = (REFUSED, UNKNOWN, BLANK)

# Why a FHIR answer is absent. Source: HL7 FHIR R4, value set data-absent-reason. The word itself is kept as the reason.
DATA_ABSENT_REASONS = (
    "unknown",
    "asked-unknown",
    "temp-unknown",
    "not-asked",
    "asked-declined",
    "masked",
    "not-applicable",
    "unsupported",
    "as-text",
    "error",
    "not-a-number",
    "negative-infinity",
    "positive-infinity",
    "not-performed",
    "not-permitted",
)
# The words that say that the person declined.
DECLINED = (REFUSED, "asked-declined")


@dataclass(frozen=True)
class FileMapping:
    """Where each item stands and what codes mean.

    columns: item key, and MONTHS where the rules need an age -> a column's name, in FHIR a linkId. id_column: None when
    rows are known by their number.
    codes: what is written -> why there are no points (`refused`, `unknown`, `blank`, or a FHIR reason).
    """

    columns: Mapping[str, str]
    id_column: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)

    def with_columns(self, instrument: Instrument, said: Mapping[str, str]) -> FileMapping:
        """With some items elsewhere; an item may be named by its key or by its number, all of them by EACH."""
        said = _each(instrument, said)
        by_name = {name: item.key for item in instrument.items for name in (item.key, str(item.number))}
        by_name |= _age(instrument)
        for name in said:
            if name not in by_name:
                near = did_you_mean(name, by_name)
                raise BadMapping(
                    f"{instrument.short_name} has no item {name}.", f"{near}Its items are {_listed(by_name)}."
                )
        columns = {**self.columns, **{by_name[name]: column for name, column in said.items()}}
        taken = list(columns.values())
        for item, column in columns.items():
            if taken.count(column) > 1:
                raise BadMapping(f"The column {column} is named for {item} and another.", "Each item has its own.")
        return replace(self, columns=columns)

    def with_codes(self, instrument: Instrument, said: Mapping[str, str]) -> FileMapping:
        """With more codes. A code that is an answer, or a meaning that is not known, is refused."""
        name, values = instrument.short_name, {said for item in instrument.items for said in item.written_as}
        for code, meaning in said.items():
            if meaning not in MEANINGS:
                near = did_you_mean(meaning, MEANINGS)
                raise BadMapping(f"A code cannot mean {meaning}.", f"{near}It means one of {', '.join(MEANINGS)}.")
            if code.strip() in values:
                raise BadMapping(f"{code} is an answer of {name}, not a code.", f"Its answers are {_listed(values)}.")
            if not code.strip(" ") or code != code.strip(" ") or not code.isprintable() or "\\" in code:
                raise BadMapping(f"{code!r} cannot be a code.", "A code is printable text without a backslash.")
        return replace(self, codes={**self.codes, **said})

    def with_id(self, column: str | None) -> FileMapping:
        """With rows named by another column, when one is given."""
        return replace(self, id_column=column) if column else self

    def for_fhir(self) -> FileMapping:
        """With the reasons that FHIR knows for an absent answer."""
        return replace(self, codes={**{word: word for word in DATA_ABSENT_REASONS}, **self.codes})


def plain(instrument: Instrument) -> FileMapping:
    """What is taken when nothing else is said: columns named as the items' keys, no codes."""
    return FileMapping(columns={item.key: item.key for item in instrument.items} | _age(instrument))


def by_loinc(instrument: Instrument) -> FileMapping:
    """What is taken for FHIR when nothing else is said: items by LOINC code, or by key where there is none."""
    return FileMapping(columns={item.key: item.loinc or item.key for item in instrument.items} | _age(instrument))


def load(sheet: Entry, instrument: Instrument) -> FileMapping:
    """The mapping that a file describes. Raises BadCatalog for the file, BadMapping for what it says."""
    said = _fields(sheet)
    if said["instrument"].text() not in {instrument.key, instrument.version.of if instrument.version else ""}:
        raise said["instrument"].wrong(f"this mapping is for {said['instrument'].text()}, not for {instrument.key}")
    columns = _each(instrument, {item: entry.text() for item, entry in said["columns"].mapping().items()})
    codes = {code: entry.text() for code, entry in said["codes"].mapping().items()} if "codes" in said else {}
    missing = [key for key in plain(instrument).columns if key not in columns]
    if missing:
        raise said["columns"].wrong(f"no column is named for {', '.join(missing)}")
    mapping = FileMapping(columns={}, id_column=said["id"].text() if "id" in said else None)
    return mapping.with_columns(instrument, columns).with_codes(instrument, codes)


def instrument_of(sheet: Entry) -> str:
    """The key of the instrument that a mapping's file names. Raises BadCatalog for the file."""
    return _fields(sheet)["instrument"].text()


def language_of(sheet: Entry) -> str:
    """The language of the answers, as a mapping's file says it; nothing where it does not. Raises BadCatalog for the file."""
    said = _fields(sheet)
    return language(said["language"].text()) if "language" in said else ""


def language(said: str) -> str:
    """A language as it is named: its code, such as es or pt-BR, or `unknown`. Raises BadMapping for anything else."""
    if not _LANGUAGE.fullmatch(said):
        raise BadMapping(f"{said[:20]!r} is no code of a language.", "A code such as es or pt-BR, or: unknown.")
    return said


def _fields(sheet: Entry) -> Mapping[str, Entry]:
    return sheet.fields("title instrument source columns", "id codes language")


def _each(instrument: Instrument, said: Mapping[str, str]) -> Mapping[str, str]:
    """With EACH spelled out: the item's number stands in its place in the column's name. What is said of one item wins."""
    if EACH not in said:
        return said
    spelled_out = {item.key: said[EACH].replace(EACH, str(item.number)) for item in instrument.items}
    return {**spelled_out, **{name: column for name, column in said.items() if name != EACH}}


def _age(instrument: Instrument) -> dict[str, str]:
    """The column of the child's completed months, as the instrument counts them; where its rules differ by age."""
    return {MONTHS: MONTHS} if instrument.needs_age else {}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
