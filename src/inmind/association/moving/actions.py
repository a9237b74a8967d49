"""Move members in from another product: bring its export, say what it holds, look, take in, decide, close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from inmind.access.act import Act, action
from inmind.association.models import Level, Member
from inmind.association.moving import taking, verdicts
from inmind.association.moving.contacts import COLUMNS, check_mapping, speaks_of_families
from inmind.association.moving.deciding import Decision, What, check
from inmind.association.moving.models import AgencySaid, ColumnsSaid, ContactRow, ContactSheet, LevelSaid
from inmind.association.moving.verdicts import Verdict, Why
from inmind.foundation import text as text_of
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.records import actions as records
from inmind.records import sheets
from inmind.records.columns import Order, guess
from inmind.records.queries import digest_of

State, Phase = ContactSheet.State, ContactSheet.Phase
MOST_WORDS = 200  # levels of one file; more are no levels


def opened(data: bytes, told: str = "") -> str:
    """The text of a file. Raises BadInput for one that is no sheet of text."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")):
        raise BadInput(
            N_("This is a workbook or another packed file, and no CSV."),
            N_("Rows of text are read, with the names of the columns first."),
            N_("Open it in the spreadsheet, save it as CSV UTF-8, and choose that file."),
            field="file",
        )
    text = sheets.decoded(data, told)
    if "\x00" in text:
        raise BadInput(
            N_("This file is no text."),
            N_("Rows of text are read, with the names of the columns first."),
            N_("Export the members again as CSV."),
            field="file",
        )
    return text


@action("association.begin_moving", on="association")
def begin_moving(act: Act, *, association: Organization, name: str, text: str) -> ContactSheet:
    """Keep an export, sealed. One whose heading was said before and whose levels are all known is looked at without a question.

    Raises BadInput where it cannot be read.
    """
    if association.kind != Organization.Kind.ASSOCIATION:
        raise NotNow(N_("Members are moved into an association."))
    there = sheets.read(text)
    known = ColumnsSaid.objects.filter(association=association, heading=digest_of(there.heading)).first()
    columns = (
        known.columns
        if known
        else {name: key for name, key in guess(there.heading, COLUMNS).items() if not speaks_of_families(name)}
    )
    sheet = ContactSheet(
        association=association,
        by_id=act.actor.person,
        name=text_of.marked(name)[-120:],
        columns=columns,
        order=known.order if known else "",
        total=len(there.rows),
    )
    sheet.text = taking.sealed(sheet, text)
    sheet.save()
    if known:
        _levels_next(act, sheet)
    return sheet


@action("association.say_columns", on="sheet")
def say_columns(act: Act, *, sheet: ContactSheet, columns: Mapping[str, str], order: str = "") -> ContactSheet:
    """Say what the columns of an export hold, and remember it; possible again as long as nothing of it is taken in."""
    _untaken(sheet)
    check_mapping(columns)
    ContactRow.objects.filter(sheet=sheet).delete()
    sheet.columns, sheet.order = {name: key for name, key in columns.items() if key}, Order(order).value
    kept = {"columns": sheet.columns, "order": sheet.order}
    heading = digest_of(taking.read(sheet).heading)
    ColumnsSaid.objects.update_or_create(association=sheet.association, heading=heading, defaults=kept)
    _levels_next(act, sheet)
    return sheet


def _levels_next(act: Act, sheet: ContactSheet) -> None:
    """Ask about the levels of the file that nobody knows; where all are known, look at each row."""
    words = verdicts.level_words(taking.lines(sheet))
    if len(words) > MOST_WORDS:
        raise BadInput(
            N_("The column of the level holds more than 200 different words."),
            N_("It names the few levels of an association."),
            N_("Choose another column."),
        )
    if set(words) - set(taking.levels_of(sheet.association_id)):
        sheet.state = State.LEVELS
        sheet.save()
    else:
        _look(act, sheet)


def _look(act: Act, sheet: ContactSheet) -> None:
    sheet.state, sheet.phase, sheet.done = State.WORKING, Phase.LOOK, 0
    sheet.save()
    _next(act, sheet)


def _next(act: Act, sheet: ContactSheet) -> None:
    act.later("association.move_in", {"sheet": str(sheet.pk), "phase": sheet.phase, "start": sheet.done})


@action("association.say_levels", on="sheet")
def say_levels(act: Act, *, sheet: ContactSheet, levels: Mapping[str, str]) -> ContactSheet:
    """Say which of our levels each level of the file is, and remember it. levels: folded word -> a level's id, empty: left out;
    a word that is not said stays doubtful. Then each row is looked at.
    """
    _untaken(sheet)
    ours = {str(one.pk): one for one in Level.objects.filter(association=sheet.association)}
    words = verdicts.level_words(taking.lines(sheet))
    for word, key in levels.items():
        if word not in words or (key and key not in ours):
            raise BadInput(N_("This level is another association's."), N_("Choose one of its own."))
        LevelSaid.objects.update_or_create(
            association=sheet.association, word=word, defaults={"level": ours[key] if key else None}
        )
    ContactRow.objects.filter(sheet=sheet).delete()
    _look(act, sheet)
    return sheet


@action("association.say_agencies", on="sheet")
def say_agencies(act: Act, *, sheet: ContactSheet, agencies: Mapping[str, str]) -> ContactSheet:
    """Say which agency each organization of the file is, and remember it. agencies: folded word -> an agency's id, `new` for one
    that is kept from now on by the name that the file writes, empty: left out. Nothing is kept of a word that is not said.
    """
    if sheet.state not in {State.LOOKED, State.STOPPED, State.TAKEN}:
        raise NotNow(N_("This is said once each row was looked at."))
    written, _counted = verdicts.organization_words(taking.lines(sheet))
    for word, said in agencies.items():
        if word not in written:
            raise BadInput(N_("This organization is not in the file."))
        agency = None
        if said == "new":
            name = written[word][:120]
            agency = records.add_organization(act, name=name, zone=sheet.association.zone)
        elif said:
            agency = Organization.objects.filter(pk=said, kind=Organization.Kind.AGENCY).first()
            if agency is None:
                raise BadInput(N_("This is no agency of this house."), "", N_("Choose one of the list."))
        AgencySaid.objects.update_or_create(association=sheet.association, word=word, defaults={"agency": agency})
    return sheet


@action("association.carry_on_moving", on="sheet")
def carry_on_moving(act: Act, *, sheet: ContactSheet) -> ContactSheet:
    """Take the new rows of an export in, once each was looked at; or go on where it was stopped."""
    if sheet.state == State.LOOKED:
        sheet.phase, sheet.done = Phase.TAKE, 0
    elif sheet.state != State.STOPPED:
        raise NotNow(N_("This export is being worked on, or is done."))
    sheet.state = State.WORKING
    sheet.save()
    _next(act, sheet)
    return sheet


@action("association.stop_moving", on="sheet")
def stop_moving(act: Act, *, sheet: ContactSheet) -> ContactSheet:
    """Stop after the rows that are being worked on; what is taken in stays, and it can go on later."""
    if sheet.state != State.WORKING:
        raise NotNow(N_("This export is not being worked on."))
    sheet.state = State.STOPPED
    sheet.save()
    return sheet


@action("association.decide_contact", on="sheet")
def decide_contact(
    act: Act, *, sheet: ContactSheet, number: int, decision: Decision, all_of_the_mailbox: bool = False
) -> ContactSheet:
    """Say whom a doubtful row is about, and what is right where it was wrong. Nothing is done before the import is closed.

    all_of_the_mailbox: the same of every other row that shares its mailbox and was not decided yet: each is somebody new, with
    the dates of its own.
    """
    row = _doubtful(sheet, number)
    check(decision, act.today(sheet.association.zone))
    if decision.level and not Level.objects.filter(association=sheet.association, pk=decision.level).exists():
        raise BadInput(N_("This level is another association's."), N_("Choose one of its own."), field="level")
    if decision.what is What.SAME:
        _is_somebody(sheet, row, decision)
    rows = [(row, decision)]
    if all_of_the_mailbox and decision.what is What.NEW and row.why in {Why.SHARED, Why.SHARED_HERE}:
        rows += _others_of_the_mailbox(sheet, row)
    for one, said in rows:
        data = said.as_data()
        one.decision, one.decided = data.pop("what"), data
        one.decided_by_id, one.decided_at = act.actor.person, act.now
        one.save()
    return sheet


def _is_somebody(sheet: ContactSheet, row: ContactRow, decision: Decision) -> None:
    """Raises BadInput unless a row can be about whom somebody chose: one of the association's people, or another row."""
    if decision.person is None:
        if row.about is None:
            raise BadInput(N_("Nobody was chosen."), N_("Say who it is."), N_("Choose one of those who are here."))
        return
    of_row = decision.person == row.person
    if not of_row and not Member.objects.filter(association=sheet.association, person=decision.person).exists():
        raise BadInput(N_("This person is no member here."), "", N_("Choose one of those who are here."))


def _others_of_the_mailbox(sheet: ContactSheet, row: ContactRow) -> list[tuple[ContactRow, Decision]]:
    every, levels = taking.lines(sheet), taking.levels_of(sheet.association_id)
    boxes = set(every[row.place].said.mailboxes)
    found = []
    waiting = ContactRow.objects.filter(
        sheet=sheet, verdict=Verdict.DOUBTFUL, taken=False, decision="", why__in=(Why.SHARED, Why.SHARED_HERE)
    )
    for one in waiting.exclude(pk=row.pk).order_by("place"):
        said = every[one.place].said
        level = levels.get(verdicts.word(said.level))
        if boxes & set(said.mailboxes) and level and said.since and said.until:
            found.append((one, Decision(What.NEW, UUID(level), said.since, said.until)))
    return found


def _doubtful(sheet: ContactSheet, number: int) -> ContactRow:
    row = ContactRow.objects.filter(sheet=sheet, number=number, verdict=Verdict.DOUBTFUL, taken=False).first()
    if row is None or sheet.state not in {State.LOOKED, State.STOPPED, State.TAKEN} or sheet.phase == Phase.DECIDE:
        raise NotNow(N_("This row does not wait, or the others are still on their way."))
    return row


@action("association.undo_contact", on="sheet")
def undo_contact(act: Act, *, sheet: ContactSheet, number: int) -> ContactSheet:
    """Take a decision back, as long as the import is not closed."""
    row = _doubtful(sheet, number)
    row.decision, row.decided, row.decided_by, row.decided_at = "", {}, None, None
    row.save()
    return sheet


@action("association.close_moving", on="sheet")
def close_moving(act: Act, *, sheet: ContactSheet, leave_the_rest: bool = False) -> ContactSheet:
    """Carry out what was decided, and close the import. leave_the_rest: what nobody decided is not taken in; the same file asks
    about it again.
    """
    if sheet.state != State.TAKEN:
        raise NotNow(N_("An import is closed once its new rows are taken in."))
    waits = ContactRow.objects.filter(sheet=sheet, verdict=Verdict.DOUBTFUL, taken=False, decision="")
    if waits.exists() and not leave_the_rest:
        raise NotNow(
            N_("Some doubtful rows are not decided yet."),
            N_("Each is decided, or you say that the rest is left out."),
            N_("Open them, or leave the rest out for now."),
        )
    sheet.state, sheet.phase, sheet.done = State.WORKING, Phase.DECIDE, 0
    sheet.save()
    _next(act, sheet)
    return sheet


@action("association.discard_moving", on="sheet")
def discard_moving(act: Act, *, sheet: ContactSheet) -> ContactSheet:
    """Empty an export that nobody goes on with. What was taken in of it stays."""
    if sheet.text is None:
        raise NotNow(N_("Nothing of this export is kept any more."))
    taking.discard(sheet)
    sheet.save()
    return sheet


def _untaken(sheet: ContactSheet) -> None:
    if sheet.state not in {State.HEADING, State.LEVELS, State.LOOKED}:
        raise NotNow(N_("Rows of this export are being taken in already."))


@action("jobs.move_in", on="sheet")
def move_in(act: Act, *, sheet: ContactSheet, phase: str, start: int) -> ContactSheet:
    """The next rows of an export, if nobody has worked on them since this was left to be done."""
    if (sheet.state, sheet.phase, sheet.done) == (State.WORKING, phase, start):
        taking.go_on(act, sheet)
    return sheet


@action("jobs.discard_contacts")
def discard_contacts(act: Act) -> int:
    """Discard the exports that nobody has brought to their end for a long time. Returns how many."""
    long_ago = act.now - timedelta(days=settings.SHEET_DAYS)
    old = ContactSheet.objects.filter(created_at__lt=long_ago, text__isnull=False).select_for_update(no_key=True)
    for sheet in (found := list(old.order_by("pk"))):
        taking.discard(sheet)
        sheet.save()
    return len(found)
