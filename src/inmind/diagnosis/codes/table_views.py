"""A state's or a payer's table for whoever keeps the rules straight: looked at row by row, loaded whole, read, withdrawn."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.diagnosis import crosswalk, table_file
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.codes import actions, queries, words
from inmind.diagnosis.codes.forms import MOST_BYTES, WORKING, AnswerForm, LoadForm, LookForm, WithdrawForm
from inmind.diagnosis.codes.models import CrosswalkAnswer, CrosswalkTable
from inmind.diagnosis.codes.views import (
    GONE,
    LOAD,
    SEE,
    in_words,
    said_payers,
    said_period,
    said_standing,
    who_loaded,
    withdrawing,
)
from inmind.diagnosis.crosswalk import Ending
from inmind.diagnosis.table_file import NEEDED, OPTIONAL, OTHER_TITLE, Judged
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.values import N_
from inmind.records import sheets

WITHDRAW, ANSWER = "diagnosis.withdraw_table", "diagnosis.keep_answer"
OTHER_IDS = "load-%s"  # beside the form that looks at another file
_ZIP = b"PK\x03\x04"  # how a spreadsheet's own file begins


_LOOKED_AT = 4_000  # bytes at the beginning of a file
_NO_SIGNS = bytes(
    one for one in range(1, 32) if one not in b"\t\n\v\f\r\x1a\x1b"
)  # below the blank, and no white space


def _is_no_text(data: bytes) -> bool:
    """Whether more than one sign in twenty is one that no text has. Zeros are not counted: in UTF-16 every second byte is one."""
    said = data.replace(b"\0", b"")
    return bool(data) and (not said or (len(said) - len(said.translate(None, _NO_SIGNS))) * 20 > len(said))


@door(LOAD)
def load(request: Asked) -> HttpResponse:
    """A file, looked at row by row; nothing is changed before somebody says so, and then all of it is taken or nothing."""
    if request.method == "POST" and request.POST.get("do") == "load":
        return _load(request)
    form = LookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            text = text_of(form.cleaned_data["file"].read(MOST_BYTES + 1))
            rows, ended = _judged(text, form.named(), WORKING[form.cleaned_data["working"]])
        except InMindError as refusal:
            form.take(in_words(refusal))
        else:
            loading = LoadForm(initial={**form.cleaned_data, "table": text}, auto_id=OTHER_IDS)
            return _page(request, form, rows, loading, ended)
    return _page(request, form, status=400 if form.errors else 200)


def text_of(data: bytes) -> str:
    """The text of a file. Raises BadInput with what to do."""
    if data.startswith(_ZIP):
        raise BadInput(
            N_("This is a spreadsheet, not a text file."),
            N_("A table is CSV, with the names of the columns in its first line."),
            N_("In the spreadsheet, save it as CSV UTF-8, and try again."),
            field="file",
        )
    if _is_no_text(data[:_LOOKED_AT]):
        raise BadInput(
            N_("This file is not text."),
            N_("A table is CSV, with the names of the columns in its first line."),
            N_("Look whether it is the right file; a spreadsheet saves one as CSV UTF-8."),
            field="file",
        )
    if len(data) > MOST_BYTES:
        raise BadInput(
            N_("The file is larger than 500 kilobytes."),
            N_("A crosswalk is some pages."),
            N_("Look whether it is the right file."),
            field="file",
        )
    return sheets.decoded(data)


def _judged(text: str, said: dict[str, Any], working: bool | None) -> tuple[tuple[Judged, ...], list[str]]:
    """Each row with its verdict, and the tables that would end."""
    new = actions.named(**said, working=working)
    ended = [said_ending(one) for one in actions.check_named(new)]
    return actions.judge(text, said["since"], said["until"], clock.today(settings.INSTALLATION.zone)), ended


def said_ending(one: Ending) -> str:
    """A table that would end, and for whom, where others keep it."""
    name = f"{one.table.publisher}, {one.table.edition}"
    if not one.payers:
        return name
    return _("%(table)s (for %(payers)s alone; the others keep it)") % {"table": name, "payers": ", ".join(one.payers)}


def _load(request: Asked) -> HttpResponse:
    form = LoadForm(request.POST, auto_id=OTHER_IDS)
    rows: tuple[Judged, ...] = ()
    status = 400
    if form.is_valid():
        said, more = form.named(), dict(form.cleaned_data)
        working = WORKING[more["working"]]
        try:
            kept = actions.load_table(
                request.actor,
                key=more["key"],
                **said,
                working_may_be_billed=working,
                source=more["source"],
                table=more["table"],
                without_headings=more["without_headings"],
            )
        except InMindError as refusal:
            form.take(in_words(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Loaded. Claims to its payers carry its codes from its first day on."))
            return redirect("crosswalk_table", codes_table=kept.pk)
        with suppress(InMindError):
            today = clock.today(settings.INSTALLATION.zone)
            rows = actions.judge(more["table"], said["since"], said["until"], today)
    return _page(request, LookForm(), rows, form, status=status)


def _page(
    request: Asked,
    form: LookForm,
    rows: tuple[Judged, ...] = (),
    loading: LoadForm | None = None,
    ended: list[str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    counts = Counter(_outcome(row) for row in rows)
    refused = [row for row in rows if row.mapped is None]
    headings = [row for row in refused if row.is_heading]
    may_load = rows and len(headings) == len(refused) < len(rows)
    if loading is not None:
        loading.ask_about_headings(len(headings))
    named = manual().disorders
    context = {
        "form": form,
        "loading": loading if loading is not None and (loading.errors or may_load) else None,
        "counts": [(_(one), counts[one]) for one in OUTCOMES if counts[one]],
        "groups": [
            {"word": _(one), "rows": [_said(row) for row in rows if _outcome(row) == one]}
            for one in OUTCOMES
            if counts[one]
        ],
        "refused": len(refused),
        "headings": may_load and len(headings),
        "without": [named[one].name for one in table_file.without_a_code(rows)],
        "ended": ended or [],
        "left_out": [named[one].name for one in table_file.unnamed(rows, manual())] if rows else [],
        "columns": ", ".join(OPTIONAL),
    }
    return render(request, "diagnosis/crosswalk_load.html", context, status=status)


REFUSED, LOOK, FITS = N_("cannot be taken"), N_("worth a look"), N_("can be taken")
OUTCOMES = (REFUSED, LOOK, FITS)


def _outcome(row: Judged) -> str:
    if row.mapped is None:
        return REFUSED
    return LOOK if row.verdict.sentence == OTHER_TITLE else FITS


def _said(row: Judged) -> tuple[int, str, str]:
    """A row's line, what it says, and its verdict."""
    what = " → ".join(cell for name in NEEDED if (cell := row.cells.get(name, "")))
    return row.line, what[:120], _(row.verdict.sentence) % row.verdict.facts


@door(LOAD)
def example(request: Asked) -> HttpResponse:
    """An empty table: a row for each diagnosis of the manual, and no code."""
    columns = (*NEEDED, *OPTIONAL)
    blank = "," * (len(columns) - 1)
    lines = [",".join(columns), *(f"{key}{blank}" for key in manual().disorders)]
    answer = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="crosswalk.csv"'
    return answer


@door(SEE)
def table(request: Asked, codes_table: UUID) -> HttpResponse:
    """One table: what it says, who loaded it, how it stands. From here it is withdrawn."""
    there = opened(request, SEE, CrosswalkTable, codes_table, related=["by"])[0]
    form, status = withdrawing(request, WITHDRAW, there, partial(actions.withdraw_table, table=there))
    if status == GONE:
        messages.success(request, _("Withdrawn. No code leaves by it from today on."))
        return redirect("crosswalk_table", codes_table=there.pk)
    return _table_page(request, there, form, status=status)


@door(ANSWER)
@require_POST
def answer(request: Asked, codes_table: UUID) -> HttpResponse:
    """What a payer says of working diagnoses, written down with the table."""
    there = opened(request, ANSWER, CrosswalkTable, codes_table, related=["by"])[0]
    form = _answer_form(there, request.POST)
    status = 400
    if form.is_valid():
        said = {**form.cleaned_data, "takes": form.cleaned_data["takes"] == "yes"}
        try:
            actions.keep_answer(request.actor, table=there, **said)
        except (BadInput, NotNow) as refusal:
            form.take(in_words(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Written down. Claims follow it from its day on."))
            return redirect("crosswalk_table", codes_table=there.pk)
    withdraw = None if there.withdrawn_on else WithdrawForm(initial={"version": there.version})
    return _table_page(request, there, withdraw, form, status=status)


def _answer_form(there: CrosswalkTable, typed: Any = None) -> AnswerForm:
    return AnswerForm(there.payers.splitlines(), typed, initial={"since": there.since}, auto_id="answer-%s")


def _table_page(
    request: Asked,
    there: CrosswalkTable,
    form: WithdrawForm | None,
    answering: AnswerForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    whole = queries.table_of(there)
    may_answer = there.withdrawn_on is None and bool(policy.can(request.actor, ANSWER, there))
    names = manual().disorders
    working = {None: _("it does not say"), True: _("yes"), False: _("no")}[there.working_may_be_billed]
    context = {
        "table": there,
        "title": f"{there.publisher}, {there.edition}",
        "facts": [
            {"term": _("Now"), "value": said_standing(there)},
            {"term": _("For services"), "value": said_period(queries.period_of(there))},
            {"term": _("For whom"), "value": said_payers(there)},
            {"term": _("Does it take a working diagnosis?"), "value": working},
            *(
                {"term": _("What was answered of it"), "value": _said_answer(one), "note": one.source}
                for one in there.answers.order_by("since", "created_at")
            ),
            {"term": _("Where it stands"), "value": there.source},
            {
                "term": _("Loaded"),
                "value": clock.local(there.created_at, settings.INSTALLATION.zone),
                "note": who_loaded(there.by),
            },
        ],
        "rows": [
            [
                {"text": names[row.disorder].name if row.disorder in names else row.disorder},
                {"text": row.code},
                {"text": row.dsm5 or "–"},
                {"text": words.decides(row.parent, row.kind, row.when, _) or _("always")},
            ]
            for row in whole.rows
        ],
        "columns": [{"label": label} for label in (_("Diagnosis"), _("Code"), _("DSM-5"), _("For whom, and when"))],
        "left_out": [names[one].name for one in crosswalk.unmapped(whole, names)],
        "not_taken": [
            f"{names[disorder].name if disorder in names else disorder} → {code}"
            for disorder, code in queries.left_out(there)
        ],
        "answering": answering or (_answer_form(there) if may_answer else None),
        "form": form,
    }
    return render(request, "diagnosis/crosswalk_table.html", context, status=status)


def _said_answer(row: CrosswalkAnswer) -> str:
    facts = {"day": clock.day(row.since), "payer": row.payer or _("every payer of this table")}
    if row.takes:
        return _("from %(day)s on: yes, for %(payer)s") % facts
    return _("from %(day)s on: no, for %(payer)s") % facts
