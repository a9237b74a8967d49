"""Takes a sheet of families in, some rows at a time: first looks at each, then registers those that are new."""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from inmind.access import vault
from inmind.access.act import Act
from inmind.foundation import text as words
from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.identity import new_id
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.records import finding, sheets
from inmind.records.columns import Facts, Line, Order, Verdict, lines_of
from inmind.records.models import SheetImport, SheetRow

AT_ONCE = 250  # rows in one action
NAMELESS = "\u2014"  # the name of a sheet that is gone: a file is often called after somebody


def sealed(sheet: SheetImport, text: str) -> bytes:
    return vault.seal_for_house(zlib.compress(text.encode(), 6), _place(sheet.pk))


def reseal_all() -> int:
    """The sheets that are on their way in, each sealed by today's master key. Returns how many were not yet; one that no
    key opens is passed over, so that it does not stand in the way of a rotation."""
    done = 0
    for pk in SheetImport.objects.filter(text__isnull=False).order_by("pk").values_list("pk", flat=True):
        sheet = SheetImport.objects.select_for_update().get(pk=pk)
        if sheet.text is None or vault.is_sealed_today(bytes(sheet.text), _place(pk)) or not is_readable(sheet):
            continue
        sheet.text = vault.seal_for_house(vault.unseal_for_house(bytes(sheet.text), _place(pk)), _place(pk))
        SheetImport.objects.filter(pk=pk).update(text=sheet.text)
        done += 1
    return done


def is_readable(sheet: SheetImport) -> bool:
    """Whether a sheet is here, and a key that opens it."""
    try:
        return sheet.text is not None and bool(_plain(sheet.pk, bytes(sheet.text)))
    except vault.CannotUnseal:
        return False


def discard(sheet: SheetImport) -> None:
    """Empty a sheet that nobody goes on with: its words, its name and the rows of which nothing was made."""
    SheetRow.objects.filter(sheet=sheet, taken=False).delete()
    sheet.text, sheet.name, sheet.state = None, NAMELESS, SheetImport.State.GONE


def _place(pk: UUID) -> str:
    return f"records_sheetimport.text:{pk}"


def lines(sheet: SheetImport) -> list[Line]:
    """The rows of a sheet as they are read; the same for each stretch of it, so that they are read once."""
    if sheet.text is None:
        raise BadInput(N_("This sheet is gone: every row of it was decided, or it was discarded."))
    return _lines(sheet.pk, bytes(sheet.text), tuple(sorted(sheet.columns.items())), sheet.order)


def heading(sheet: SheetImport) -> tuple[str, ...]:
    """The names of a sheet's columns."""
    return () if sheet.text is None else _read(sheet.pk, bytes(sheet.text)).heading


def _read(pk: UUID, text: bytes) -> sheets.Sheet:
    return sheets.read(_plain(pk, text))


def _plain(pk: UUID, text: bytes) -> str:
    return zlib.decompress(vault.unseal_for_house(text, _place(pk))).decode()


def take_out(sheet: SheetImport, names: set[str], places: set[int]) -> bool:
    """Take the rows out of a sheet that name somebody (all these words of a name in one row), and those at these places.
    Whether there were any. What was taken in of them stays with its records. A sheet that no key opens is emptied: nobody
    can say whether it names them."""
    if sheet.text is None:
        return False
    if not is_readable(sheet):
        discard(sheet)
        return True
    told, gone = sheets.without(
        _plain(sheet.pk, bytes(sheet.text)),
        lambda place, row: place in places or (len(names) > 1 and names <= set(words.tokens(row))),
    )
    if gone:
        sheet.text = sealed(sheet, told)
        SheetRow.objects.filter(sheet=sheet, place__in=gone, taken=False).update(
            verdict=Verdict.REFUSED, found=N_("Somebody of this row was erased, and the row with them."), facts={}
        )
        forget_when_decided(sheet)
    return bool(gone)


@lru_cache(maxsize=2)
def _lines(pk: UUID, text: bytes, columns: tuple[tuple[str, str], ...], order: str) -> list[Line]:
    return lines_of(_read(pk, text), dict(columns), Order(order), house.intake.parts, finding.thresholds())


def go_on(act: Act, sheet: SheetImport) -> None:
    """The next rows of the phase that a sheet is in; at its end the sheet says so."""
    every = lines(sheet)
    places = range(sheet.done, min(sheet.done + AT_ONCE, len(every)))
    (_look if sheet.phase == SheetImport.Phase.LOOK else _take)(act, sheet, every, places)
    sheet.done = places.stop
    if sheet.done >= sheet.total:
        sheet.state = SheetImport.State.LOOKED if sheet.phase == SheetImport.Phase.LOOK else SheetImport.State.DONE
        forget_when_decided(sheet)
    sheet.save()
    if sheet.state == SheetImport.State.WORKING:
        act.later("records.import", {"sheet": str(sheet.pk), "start": sheet.done})


def forget_when_decided(sheet: SheetImport) -> None:
    """Once nothing of a sheet waits any more, what it said is not kept beside what was made of it."""
    waits = SheetRow.objects.filter(sheet=sheet, verdict=Verdict.DOUBTFUL)
    if sheet.state == SheetImport.State.DONE and not waits.exists():
        sheet.text, sheet.name = None, NAMELESS


def _look(act: Act, sheet: SheetImport, every: Sequence[Line], places: range) -> None:
    some = [every[place] for place in places]
    judged, marks = judge(act, sheet.organization, some, but=()), marks_of(sheet.organization_id, some)
    rows = [
        SheetRow(
            sheet=sheet,
            place=place,
            number=line.number,
            verdict=line.verdict,
            found=line.found,
            facts=_told(line),
            mark=mark,
        )
        for place, (line, _known), mark in zip(places, judged, marks, strict=True)
    ]
    SheetRow.objects.bulk_create(rows, batch_size=500)


def _told(line: Line) -> dict[str, str]:
    """The numbers that a row's sentence names. What was typed stays in the sheet alone, which is sealed."""
    return {name: value if value.isdecimal() else "\u2026" for name, value in line.facts}


def marks_of(organization: UUID, some: Sequence[Line]) -> list[str]:
    """What tells each row again, whichever file brings it: a keyed hash of what it says, for one agency."""
    key = vault.keyed_hash("sheet rows", str(organization).encode()).encode()
    told = ("\x1f".join(str(getattr(line.said, name)) for name in _SAID) for line in some)
    return [hmac.digest(key, one.encode(), "sha256").hex() for one in told]


_SAID = tuple(one.name for one in fields(Facts))


def judge(
    act: Act, organization: Organization, some: Sequence[Line], *, but: Iterable[UUID]
) -> list[tuple[Line, UUID | None]]:
    """The verdict on each of these lines as the records stand now, and the adult whom the agency knows already.

    Only people whom this agency serves are compared with, so that a verdict tells nothing of another one; who may be
    somebody of another agency is left to the data steward, blind, when she is kept.
    """
    marks = marks_of(organization.pk, some)
    taken = set(SheetRow.objects.filter(mark__in=marks, taken=True).values_list("mark", flat=True))
    new = [line for line in some if line.verdict is Verdict.NEW]
    alike = finding.like([plain for line in new for plain in (line.said.child, line.said.adult)], but=but)
    here = _served_here(organization, {pk for some_ids in alike for pk, _ in some_ids})
    act.subjects |= {("person", pk) for pk in here}  # that a sheet asked about her stands in *who looked*
    of_line = {
        line.number: [[(pk, how) for pk, how in ids if pk in here] for ids in alike[2 * place : 2 * place + 2]]
        for place, line in enumerate(new)
    }
    found: list[tuple[Line, UUID | None]] = []
    today = act.today(organization.zone)
    for line, mark in zip(some, marks, strict=True):
        if line.verdict is not Verdict.NEW:
            found.append((line, None))
        elif mark in taken:
            found.append((_with(line, Verdict.SAME, N_("This row was taken in before.")), None))
        else:
            found.append(_judged(line, *of_line[line.number], today=today))
    return found


def _judged(line: Line, child: list[Any], adult: list[Any], *, today: Any) -> tuple[Line, UUID | None]:
    try:
        house.intake.check(line.said, today)
    except InMindError as refusal:
        facts = tuple((name, str(value)) for name, value in refusal.facts.items())
        return replace(line, verdict=Verdict.REFUSED, found=refusal.found, facts=facts), None
    limits = finding.thresholds()
    if child and child[0][1].is_same(limits):
        if adult:
            return _with(line, Verdict.SAME, N_("This child and this adult are here already.")), None
        return _with(line, Verdict.DOUBTFUL, N_("This child is here already, cared for by others.")), None
    if child:
        return _with(line, Verdict.DOUBTFUL, N_("This child may be here already.")), None
    if line.said.birth_date is not None and not line.said.child_family_name:
        sentence = N_("The child's last name is missing, so nobody can tell whether the child is here already.")
        return _with(line, Verdict.DOUBTFUL, sentence), None
    if adult:
        if adult[0][1].is_same(limits) and len(adult) == 1:
            return line, adult[0][0]
        return _with(line, Verdict.DOUBTFUL, N_("This adult may be here already.")), None
    return line, None


def _with(line: Line, verdict: Verdict, found: str) -> Line:
    return replace(line, verdict=verdict, found=found, facts=())


def _served_here(organization: Organization, people: set[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for told in house.serving if people else ():
        found |= {person for person, places in told(people).items() if organization.pk in places}
    return found


def _take(act: Act, sheet: SheetImport, every: Sequence[Line], places: range) -> None:
    rows = {row.place: row for row in SheetRow.objects.filter(sheet=sheet, place__in=list(places))}
    due = [place for place in places if rows[place].verdict == Verdict.NEW and not rows[place].taken]
    ours = set(SheetRow.objects.filter(sheet=sheet, taken=True).values_list("child", "adult"))
    judged = judge(act, sheet.organization, [every[place] for place in due], but={pk for pair in ours for pk in pair})
    fresh = {}
    for place, (line, known) in zip(due, judged, strict=True):
        if line.verdict is Verdict.NEW:
            fresh[place] = known
        else:
            rows[place].verdict, rows[place].found, rows[place].facts = line.verdict, line.found, _told(line)
    take_in(act, sheet, every, fresh, rows)
    SheetRow.objects.filter(
        sheet=sheet, place__in=list(places)
    ).delete()  # put anew: many times quicker than changing each
    SheetRow.objects.bulk_create(rows.values(), batch_size=500)


def take_in(
    act: Act, sheet: SheetImport, every: Sequence[Line], fresh: dict[int, UUID | None], rows: dict[int, SheetRow]
) -> None:
    """Register the families of these rows; rows about one child are one family, and an adult of several is one person.

    fresh: place -> the adult whom the agency knows already, if any. `rows` are changed, not saved.
    """
    before = {every[place].child_of for place in fresh} | {every[place].adult_of for place in fresh}
    earlier = SheetRow.objects.filter(sheet=sheet, place__in=[one for one in before if one is not None], taken=True)
    there = {row.place: row for row in earlier}
    families: dict[UUID, tuple[Facts, list[tuple[UUID, bool, Facts]]]] = {}
    later: list[tuple[UUID, UUID, bool, Facts]] = []
    for place, known in sorted(fresh.items()):
        line, row = every[place], rows[place]
        first = there.get(line.adult_of) if line.adult_of is not None else None
        adult = known or (first.adult if first else None)
        leader = there.get(line.child_of) if line.child_of is not None else None
        row.child, row.adult, row.taken = (leader.child if leader else new_id()), adult or new_id(), True
        there[place] = row
        part = (row.adult, adult is not None, line.said)
        if leader is None:
            families[row.child] = (line.said, [part])  # type: ignore[index]
        elif row.child in families:
            families[row.child][1].append(part)
        else:
            later.append((row.child, *part))  # type: ignore[arg-type]
    if families:
        house.intake.register(act, sheet.organization, families)
    for one in later:
        house.intake.add(act, sheet.organization, *one)
