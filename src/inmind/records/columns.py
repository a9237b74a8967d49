"""What the columns of a sheet mean, what a row says, and which rows of one sheet are about the same people. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from inmind.foundation import text
from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.values import N_
from inmind.records.likeness import Plain, Reason, Thresholds, keys, likeness
from inmind.records.sheets import Row, Sheet

# What a column can hold: key -> its name on screens, and headings by which it is guessed.
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "child_given_name": (
        N_("Child's first name"),
        ("child first name", "child given name", "child first", "childfirstname", "nombre del nino"),
    ),
    "child_family_name": (
        N_("Child's last name"),
        ("child last name", "child family name", "child last", "childlastname", "apellido del nino"),
    ),
    "birth_date": (
        N_("Child's birth date"),
        ("birth date", "birthdate", "date of birth", "dob", "child dob", "child birth date", "fecha de nacimiento"),
    ),
    "gestation_weeks": (
        N_("Weeks at birth"),
        ("weeks at birth", "weeks of gestation", "gestation", "gestational age", "semanas al nacer"),
    ),
    "due_date": (N_("Due date"), ("due date", "edd", "expected on", "fecha probable de parto")),
    "given_name": (
        N_("Adult's first name"),
        ("first name", "given name", "adult first name", "caregiver first name", "parent first name", "nombre"),
    ),
    "family_name": (
        N_("Adult's last name"),
        ("last name", "family name", "adult last name", "caregiver last name", "parent last name", "apellido"),
    ),
    "part": (N_("Cares for the child as"), ("relationship", "relation", "part", "role", "parentesco")),
    "language": (N_("Likes to speak"), ("language", "preferred language", "idioma")),
    "phone": (N_("Phone"), ("phone", "phone number", "mobile", "cell", "telefono")),
    "mail": (N_("Mail"), ("mail", "email", "e mail", "email address", "correo")),
}
NEEDED = ("child_family_name", "given_name")
LANGUAGES = {"en": "en", "english": "en", "ingles": "en", "es": "es", "spanish": "es", "espanol": "es"}
PARTS = {
    "mom": "mother",
    "mum": "mother",
    "madre": "mother",
    "dad": "father",
    "padre": "father",
    "abuela": "grandmother",
}
UNKNOWN_PART = N_("How the adult of this row cares for the child is a word that is not on the list.")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


class Order(StrEnum):
    """How a sheet writes dates with three numbers."""

    UNKNOWN = ""
    US = "mdy"
    EUROPEAN = "dmy"


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row says: a child or a pregnancy, and one adult who cares for it."""

    child_given_name: str = ""
    child_family_name: str = ""
    birth_date: date | None = None
    gestation_weeks: int | None = None
    due_date: date | None = None
    given_name: str = ""
    family_name: str = ""
    part: str = ""
    language: str = ""
    phone: str = ""
    mail: str = ""

    @property
    def child(self) -> Plain:
        return Plain(self.child_given_name, self.child_family_name, self.birth_date)

    @property
    def adult(self) -> Plain:
        return Plain(
            self.given_name, self.family_name, None, frozenset({self.phone} - {""}), frozenset({self.mail} - {""})
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A row on its way in. child_of, adult_of: the places of earlier lines about the same child, the same adult.

    found, facts: the sentence of a row that is refused, or of one that another row of the sheet stands in the way of.
    """

    number: int
    said: Facts
    verdict: Verdict = Verdict.NEW
    found: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    child_of: int | None = None
    adult_of: int | None = None


def guess(heading: Iterable[str], columns: Mapping[str, tuple[str, tuple[str, ...]]] = COLUMNS) -> dict[str, str]:
    """For each column that is understood by its name, what it holds: heading -> key. columns: what one can hold, as `COLUMNS`."""
    wanted = {word: key for key, (_, words) in columns.items() for word in (key.replace("_", " "), *words)}
    found: dict[str, str] = {}
    for name in heading:
        key = wanted.get(" ".join(text.tokens(name.replace("_", " "))))
        if key is not None and key not in found.values():
            found[name] = key
    return found


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises BadInput where two columns hold the same, or one that is needed is missing."""
    held = [key for key in mapping.values() if key]
    if len(set(held)) != len(held):
        raise BadInput(N_("Two columns are said to hold the same."), "", N_("Choose one of them."))
    missing = [key for key in NEEDED if key not in held]
    if missing or not {"birth_date", "due_date"} & set(held):
        raise BadInput(
            N_("A column is missing."),
            N_("The child's last name, its birth date or due date, and the adult's first name are needed."),
        )


def order_of(values: Iterable[str]) -> Order:
    """How these dates are written, where one of them can be read in one way only; unknown where none tells or two differ."""
    found = set()
    for value in values:
        if numbers := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})", value.strip()):
            first, second = int(numbers[1]), int(numbers[2])
            if first > 12 >= second:
                found.add(Order.EUROPEAN)
            elif second > 12 >= first:
                found.add(Order.US)
    return found.pop() if len(found) == 1 else Order.UNKNOWN


def day_of(value: str, order: Order) -> date | None:
    """A day as it is usually written; None for an empty cell. Raises BadInput for one that is none, or could be two."""
    typed = value.strip()
    if not typed:
        return None
    try:
        return _day(typed, order)
    except ValueError as fault:
        raise BadInput(
            N_("A date of this row is not a day that can be read."),
            N_("It is written such as 2026-05-31."),
        ) from fault


def _day(typed: str, order: Order) -> date:
    if iso := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ][\d:.Z+]*)?", typed):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if dotted := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", typed):
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    if named := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", typed):
        return date(int(named[3]), MONTHS.index(named[1][:3].lower()) + 1, int(named[2]))
    if named := re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", typed):
        return date(int(named[3]), MONTHS.index(named[2][:3].lower()) + 1, int(named[1]))
    numbers = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})", typed)
    if numbers is None:
        raise ValueError(typed)
    first, second = int(numbers[1]), int(numbers[2])
    year = int(numbers[3]) + (2000 if len(numbers[3]) == 2 else 0)
    if order is Order.UNKNOWN and first <= 12 and second <= 12 and first != second:
        raise BadInput(
            N_("A date of this row may be two different days."),
            N_("Nothing in the file tells whether the month or the day comes first."),
            N_("Say above how this file writes dates."),
        )
    day_first = first > 12 if order is Order.UNKNOWN else order is Order.EUROPEAN
    return date(year, second, first) if day_first else date(year, first, second)


def weeks_of(typed: str) -> int | None:
    """Completed weeks; None for an empty cell. Raises BadInput for what is no whole number of weeks."""
    if not typed:
        return None
    if (whole := re.fullmatch(r"([0-9]{1,2})(\.0)?", typed)) is None:
        raise BadInput(
            N_("The weeks at birth of this row are not a whole number."),
            N_("They are completed weeks, such as 33."),
        )
    return int(whole[1])


def ways_of_caring(parts: Mapping[str, str]) -> dict[str, str]:
    """What a cell may say of how an adult cares for the child -> its key; parts: key -> its word on screens."""
    return {_in_one(word): key for key, name in parts.items() for word in (key, name)}


def _in_one(words: str) -> str:
    return "_".join(text.tokens(words.replace("_", " ")))


def facts_of(cells: Mapping[str, str], order: Order, parts: Mapping[str, str]) -> Facts:
    """What a row says. cells: key -> text; parts: see `ways_of_caring`. Raises BadInput for what cannot be kept."""
    plain = {key: " ".join(value.split()) for key, value in cells.items()}
    for key, value in plain.items():
        text.checked(value, 80 if key.endswith("name") else 254)
    words = _in_one(plain.get("part", ""))
    part = parts.get(PARTS.get(words, words)) if words else "other"
    if part is None:
        raise BadInput(UNKNOWN_PART, N_("It is one of the words of the list, such as mother or grandmother."))
    language = text.folded(plain.get("language", ""))
    return Facts(
        child_given_name=plain.get("child_given_name", ""),
        child_family_name=plain.get("child_family_name", ""),
        birth_date=day_of(plain.get("birth_date", ""), order),
        gestation_weeks=weeks_of(plain.get("gestation_weeks", "")),
        due_date=day_of(plain.get("due_date", ""), order),
        given_name=plain.get("given_name", ""),
        family_name=plain.get("family_name", ""),
        part=part,
        language=LANGUAGES.get(language, "other" if language else ""),
        phone=plain.get("phone", ""),
        mail=plain.get("mail", ""),
    )


def lines_of(
    sheet: Sheet, mapping: Mapping[str, str], told: Order, parts: Mapping[str, str], thresholds: Thresholds
) -> list[Line]:
    """Each row of a sheet, read, and compared with the rows before it: who is the same child, the same adult."""
    places = {mapping[name]: place for place, name in enumerate(sheet.heading) if mapping.get(name)}
    dates = [places[key] for key in ("birth_date", "due_date") if key in places]
    order = told or order_of(row.cells[place] for row in sheet.rows if row.cells for place in dates)
    known = ways_of_caring(parts)
    return related([_line(row, places, order, known, len(sheet.heading)) for row in sheet.rows], thresholds)


def _line(row: Row, places: Mapping[str, int], order: Order, parts: Mapping[str, str], width: int) -> Line:
    if row.cells is None:
        facts: tuple[tuple[str, str], ...] = (("found", str(row.found)), ("expected", str(width)))
        sentence = N_("This row has %(found)s fields; the heading names %(expected)s.")
        return Line(row.number, Facts(), Verdict.REFUSED, sentence, facts)
    try:
        return Line(row.number, facts_of({key: row.cells[place] for key, place in places.items()}, order, parts))
    except InMindError as refusal:
        facts = tuple((name, str(value)) for name, value in refusal.facts.items())
        return Line(row.number, Facts(), Verdict.REFUSED, refusal.found, facts)


def related(lines: Sequence[Line], thresholds: Thresholds) -> list[Line]:
    """The same lines, each with what earlier ones of the sheet say about it."""
    found: list[Line] = []
    children: dict[str, list[int]] = defaultdict(list)
    adults: dict[str, list[int]] = defaultdict(list)
    expected: dict[tuple[object, ...], int] = {}
    for place, line in enumerate(lines):
        if line.verdict is not Verdict.REFUSED:
            line = _beside(line, found, children, adults, expected, thresholds)
        found.append(line)
        if line.verdict is Verdict.NEW:
            for key in keys(line.said.child):
                children[key].append(place)
            for key in keys(line.said.adult):
                adults[key].append(place)
            if line.said.due_date is not None:
                expected.setdefault(_pregnancy(line.said), place)
    return found


def _pregnancy(said: Facts) -> tuple[object, ...]:
    return (said.due_date, *text.tokens(f"{said.given_name} {said.family_name}"))


MOST_ALIKE = 60  # earlier rows under one key; beyond, the key tells nobody apart


def _beside(
    line: Line,
    found: Sequence[Line],
    children: Mapping[str, list[int]],
    adults: Mapping[str, list[int]],
    expected: Mapping[tuple[object, ...], int],
    thresholds: Thresholds,
) -> Line:
    said = line.said
    if said.birth_date is None and said.due_date is not None:
        before = expected.get(_pregnancy(said))
        return line if before is None else _same(line, found[before])
    near = sorted({one for key in keys(said.child) for one in children.get(key, ())[-MOST_ALIKE:]})
    doubtful: Line | None = None
    for place in near:
        how = likeness(said.child, found[place].said.child)
        if how.reasons[:2] == (Reason.SAME_NAME, Reason.SAME_BIRTH):
            whole = [one for one in near if found[one].child_of == place or one == place]
            for one in whole:
                if likeness(said.adult, found[one].said.adult).points:
                    return _same(line, found[one])
            first = found[place].child_of
            return replace(line, child_of=place if first is None else first)
        if how.is_doubtful(thresholds):
            doubtful = doubtful or found[place]
    if doubtful is not None:
        sentence = N_("This child may be the one of row %(row)s.")
        return replace(line, verdict=Verdict.DOUBTFUL, found=sentence, facts=(("row", str(doubtful.number)),))
    for place in sorted({one for key in keys(said.adult) for one in adults.get(key, ())[-MOST_ALIKE:]}):
        how = likeness(said.adult, found[place].said.adult)
        if how.reasons and how.reasons[0] is Reason.SAME_NAME and len(how.reasons) > 1:
            first = found[place].adult_of
            return replace(line, adult_of=place if first is None else first)
    return line


def _same(line: Line, other: Line) -> Line:
    sentence = N_("The same as row %(row)s.")
    return replace(line, verdict=Verdict.SAME, found=sentence, facts=(("row", str(other.number)),))
