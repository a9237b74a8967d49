"""A state's or a payer's table for whoever keeps the rules straight: looked at row by row, loaded whole, read, withdrawn."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.diagnosis import crosswalk
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.codes import actions, queries, words
from inmind.diagnosis.codes.forms import MOST_BYTES, WORKING, LoadForm, LookForm, WithdrawForm
from inmind.diagnosis.codes.models import CrosswalkTable
from inmind.diagnosis.codes.views import LOAD, SEE, in_words, said_payers, said_period, said_standing, who_loaded
from inmind.diagnosis.table_file import NEEDED, OPTIONAL, OTHER_TITLE, Judged
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.values import N_
from inmind.records import sheets

WITHDRAW = "diagnosis.withdraw_table"
OTHER_IDS = "load-%s"  # beside the form that looks at another file
_ZIP = b"PK\x03\x04"  # how a spreadsheet's own file begins


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
    ended = [f"{one.publisher}, {one.edition}" for one in actions.check_named(new)]
    return actions.judge(text, said["since"], said["until"], clock.today(settings.INSTALLATION.zone)), ended


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
    mapped = tuple(row.mapped for row in rows if row.mapped is not None)
    left_out = crosswalk.unnamed(mapped, manual().disorders) if rows and not refused else ()
    context = {
        "form": form,
        "loading": loading if loading is not None and (loading.errors or (rows and not refused)) else None,
        "counts": [(_(one), counts[one]) for one in OUTCOMES if counts[one]],
        "groups": [
            {"word": _(one), "rows": [_said(row) for row in rows if _outcome(row) == one]}
            for one in OUTCOMES
            if counts[one]
        ],
        "refused": len(refused),
        "ended": ended or [],
        "left_out": [manual().disorder(one).name for one in left_out],
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
    may_withdraw = there.withdrawn_on is None and bool(policy.can(request.actor, WITHDRAW, there))
    form = WithdrawForm(request.POST or None, initial={"version": there.version})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.withdraw_table(request.actor, table=there, **form.cleaned_data)
            except (BadInput, NotNow) as refusal:
                form.take(in_words(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Withdrawn. No code leaves by it from today on."))
                return redirect("crosswalk_table", codes_table=there.pk)
    whole = queries.table_of(there)
    names = manual().disorders
    working = {None: _("it does not say"), True: _("yes"), False: _("no")}[there.working_may_be_billed]
    context = {
        "table": there,
        "title": f"{there.publisher}, {there.edition}",
        "facts": [
            {"term": _("Now"), "value": said_standing(there)},
            {"term": _("For services"), "value": said_period(queries.period_of(there))},
            {"term": _("For whom"), "value": said_payers(there.payers)},
            {"term": _("Does it take a working diagnosis?"), "value": working},
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
        "form": form if may_withdraw else None,
    }
    return render(request, "diagnosis/crosswalk_table.html", context, status=status)
