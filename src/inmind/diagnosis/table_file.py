"""A state's or a payer's crosswalk as a file: each row judged by itself, and nothing taken before somebody has seen it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from inmind.diagnosis.crosswalk import KindOfParent, Mapped
from inmind.diagnosis.manual import Disorder, Manual
from inmind.diagnosis.releases import Release, spelled
from inmind.foundation import text as texts
from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.nearest import nearest
from inmind.foundation.values import N_, Verdict
from inmind.records import sheets

NEEDED = ("disorder", "code")
OPTIONAL = ("title", "dsm5", "kind", "parent", "when")
LONGEST = 300  # letters in one place; ours
_SHOWN = 6  # codes named in a sentence; ours

FITS = N_("Can be taken.")
OTHER_TITLE = N_(
    "Can be taken. The title beside it, %(found)s, is not that of ICD-10-CM, which is %(title)s: look whether the table was "
    "made for another ICD-10."
)
DAMAGED = N_("This row has other columns than the heading. Look for a comma or a quotation mark too many.")
NO_DISORDER = N_("DC:0-5 has no diagnosis called %(found)s.")
NEAR = N_("DC:0-5 has no diagnosis called %(found)s. Did you mean %(near)s?")
NO_CODE = N_("%(found)s is not a code of ICD-10-CM.")
NOT_THERE = N_("%(code)s is not in the release %(release)s.")
EXPIRED = N_("%(code)s stood in the release %(earlier)s and stands in %(release)s no more: it has expired.")
NOT_BILLABLE = N_("%(code)s is a heading and cannot be billed. Below it stand %(leaves)s.")
NO_PARENT = N_("%(found)s is no kind of parent. Known are %(known)s.")
NOT_OF_A_RELATIONSHIP = N_("%(name)s is a child’s own: its code does not depend on a parent.")
NO_KIND = N_("%(name)s has no kind called %(found)s.")
TWICE = N_("The same stands in more than one row. None of them is taken.")
TWO_LINES = N_("One place of this row has more than one line. Each is written in one.")
TOO_LONG = N_("One place of this row is longer than %(longest)s letters, or holds a character that cannot be kept.")


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict. line: where it stands, as a spreadsheet counts. mapped: what it says, None where refused.
    disorder, code: what it is about, as far as it can be told."""

    line: int
    cells: Mapping[str, str]
    verdict: Verdict
    mapped: Mapped | None = None
    disorder: str = ""
    code: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it is not taken because its code is a heading."""
        return self.verdict.sentence == NOT_BILLABLE


def codes_named(text: str) -> frozenset[str]:
    """The codes that a file names, so that no more of a release is read than it asks for. Raises as `judged`."""
    sheet, names = _opened(text)
    place = names.index("code")
    typed = (row.cells[place] for row in sheet.rows if row.cells is not None)
    found = set()
    for one in typed:
        with suppress(BadInput):
            found.add(spelled(one))
    return frozenset(found)


def judged(text: str, manual: Manual, release: Release, earlier: Sequence[Release] = ()) -> tuple[Judged, ...]:
    """The verdict of every row against the release in force. earlier: releases before it, in which a code may have stood.
    Raises BadInput where the file has not its columns, or as `sheets.read` does."""
    sheet, names = _opened(text)
    rows = [
        Judged(row.number, {}, Verdict(False, DAMAGED))
        if row.cells is None
        else _judge(
            row.number, dict(zip(names, (cell.strip() for cell in row.cells), strict=True)), manual, release, earlier
        )
        for row in sheet.rows
    ]
    return _each_once(rows)


def _opened(text: str) -> tuple[sheets.Sheet, list[str]]:
    """The sheet, and the names of its columns in small letters."""
    sheet = sheets.read(text)
    names = [name.casefold() for name in sheet.heading]
    if missing := [name for name in NEEDED if name not in names]:
        raise BadInput(
            N_("The file has no column %(missing)s."),
            N_("A crosswalk has the columns disorder and code, and may have %(optional)s."),
            N_("Name the columns so in the first row."),
            field="file",
            facts={"missing": ", ".join(missing), "optional": ", ".join(OPTIONAL)},
        )
    return sheet, names


def taken(rows: Sequence[Judged], *, without_headings: bool = False) -> tuple[Mapped, ...]:
    """What a table of these rows says. Raises BadInput where one is refused: a crosswalk is taken whole or not at all, since
    a diagnosis that it leaves out would look as if its publisher had. without_headings: somebody has seen which rows have a
    heading for a code, and takes the others."""
    refused = [str(one.line) for one in rows if one.mapped is None and not (without_headings and one.is_heading)]
    if refused:
        raise BadInput(
            N_("%(count)s rows cannot be taken: %(lines)s."),
            N_("A crosswalk is loaded whole."),
            N_(
                "Ask its publisher about them, or look whether the file came whole, and load it again. Nothing was changed."
            ),
            field="file",
            facts={"count": len(refused), "lines": ", ".join(islice(refused, 20))},
        )
    if not any(one.mapped for one in rows):
        raise BadInput(
            N_("No row is left that could be taken."),
            N_("A table without a row gives no code."),
            N_("Ask its publisher for the codes that stand below the headings. Nothing was changed."),
            field="file",
        )
    return tuple(one.mapped for one in rows if one.mapped is not None)


def without_a_code(rows: Sequence[Judged]) -> tuple[str, ...]:
    """The diagnoses that a file names only by rows that are not taken, in its order."""
    coded = {one.mapped.disorder for one in rows if one.mapped is not None}
    return tuple(dict.fromkeys(one.disorder for one in rows if one.disorder and one.disorder not in coded))


def unnamed(rows: Sequence[Judged], manual: Manual) -> tuple[str, ...]:
    """The diagnoses that no row of a file is about, whether it is taken or not."""
    named = {one.disorder for one in rows}
    return tuple(one for one in manual.disorders if one not in named)


def _judge(line: int, cells: dict[str, str], manual: Manual, release: Release, earlier: Sequence[Release]) -> Judged:
    def refused(sentence: str, **facts: str) -> Judged:
        return Judged(line, cells, Verdict(False, sentence, facts=facts), disorder=key, code=code)

    disorder = _named(cells["disorder"], manual)
    key, code = disorder.key if disorder else "", ""
    if any(len(cell.splitlines()) > 1 for cell in cells.values()):
        return refused(TWO_LINES)
    try:
        for cell in cells.values():
            texts.checked(cell, LONGEST)
    except InMindError:
        return refused(TOO_LONG, longest=str(LONGEST))
    if disorder is None:
        near = ", ".join(nearest(cells["disorder"].casefold(), list(manual.disorders)))
        return refused(NEAR if near else NO_DISORDER, found=cells["disorder"][:80], near=near)
    try:
        code = spelled(cells["code"])
    except BadInput:
        return refused(NO_CODE, found=cells["code"][:20])
    if release.entry(code) is None:
        for before in earlier:
            if before.entry(code) is not None:
                return refused(EXPIRED, code=code, release=release.name, earlier=before.name)
        return refused(NOT_THERE, code=code, release=release.name)
    if not release.is_billable(code):
        return refused(NOT_BILLABLE, code=code, leaves=", ".join(release.leaves(code)[:_SHOWN]))
    parent, kind = cells.get("parent", "").casefold(), cells.get("kind", "").casefold()
    if parent and parent not in set(KindOfParent):
        return refused(NO_PARENT, found=parent[:40], known=", ".join(KindOfParent))
    if parent and not disorder.of_a_relationship:
        return refused(NOT_OF_A_RELATIONSHIP, name=disorder.name)
    if kind and kind not in disorder.kinds:
        return refused(NO_KIND, name=disorder.name, found=kind[:40])
    mapped = Mapped(
        disorder=disorder.key,
        code=code,
        dsm5=cells.get("dsm5", ""),
        kind=kind,
        parent=KindOfParent(parent) if parent else None,
        when=cells.get("when", ""),
    )
    title = cells.get("title", "")
    if title and title.casefold() != release.title(code).casefold():
        facts = {"found": title[:80], "title": release.title(code)}
        return Judged(line, cells, Verdict(True, OTHER_TITLE, facts=facts), mapped, key, code)
    return Judged(line, cells, Verdict(True, FITS), mapped, key, code)


def _named(said: str, manual: Manual) -> Disorder | None:
    """A disorder by its key or by its name."""
    word = said.casefold()
    return next((one for one in manual.disorders.values() if word in (one.key, one.name.casefold())), None)


def _each_once(rows: Sequence[Judged]) -> tuple[Judged, ...]:
    place = [one.mapped and (one.mapped.disorder, one.mapped.code, one.mapped.kind, one.mapped.parent) for one in rows]
    often = Counter(place)
    return tuple(
        Judged(row.line, row.cells, Verdict(False, TWICE), None, row.disorder, row.code)
        if key and often[key] > 1
        else row
        for row, key in zip(rows, place, strict=True)
    )
