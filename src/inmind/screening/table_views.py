"""Tables of cut-offs for whoever keeps the rules straight: what is unknown here, a file looked at row by row, loaded, withdrawn."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.forms import DateInput, HouseForm, VersionedForm, said
from inmind.screening import house_tables, tables
from inmind.screening.adapters.catalog import shipped, shipped_tools
from inmind.screening.errors import NoTable, UnknownInstrument
from inmind.screening.models import StewardTable
from inmind.screening.steward_table import TableRow
from inmind.screening.tables import Outcome, Ruled

SEE, LOAD = "screening.see_tables", "screening.load_table"
MEASURED = ("cut_off", "source", "licence")
Rows = tuple[TableRow, ...]


class FileForm(HouseForm):
    """The steward's table, to be looked at."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, with the names of the columns in its first row, as in the example."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class LoadForm(HouseForm):
    """What was new in a file, and under which name it is loaded. table: those rows again, as CSV."""

    edition = forms.CharField(
        label=gettext_lazy("Name of this table"),
        max_length=tables.EDITION_LENGTH,
        help_text=gettext_lazy(
            "Each result that is made with it names it so: letters, digits, dots and dashes, such as teamup-2026."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    dated = forms.DateField(label=gettext_lazy("The table’s own date"), widget=DateInput)
    table = forms.CharField(widget=forms.HiddenInput, max_length=tables.MOST_BYTES, strip=False)
    before = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class WithdrawForm(VersionedForm):
    """From which day on, and why."""

    since = forms.DateField(label=gettext_lazy("From which day on"), widget=DateInput)
    why = forms.CharField(label=gettext_lazy("Why, in one sentence"), max_length=house_tables.WHY_LENGTH)


@door(SEE)
def overview(request: Asked) -> HttpResponse:
    """What is unknown here, which table would fill it, and the tables that this house loaded."""
    every = list(StewardTable.objects.select_related("by").order_by("instrument", "-number"))
    last = {one.instrument: one for one in reversed(every)}
    waiting = [_waiting(ruled, last.get(ruled.key)) for ruled in tables.waiting(shipped(), shipped_tools())]
    rows = [
        [
            {"text": one.edition, "url": reverse("table", kwargs={"table": one.pk})},
            {"text": _name_of(one.instrument)},
            {"text": clock.day(one.dated)},
            {"text": len(one.rows)},
            {"text": clock.local(one.created_at, settings.INSTALLATION.zone), "note": _who(one.by)},
            {"text": _standing(one, last.get(one.instrument))},
        ]
        for one in every
    ]
    labels = (_("Table"), _("Instrument"), _("Its date"), _("Rows"), _("Loaded"), _("Now"))
    context = {
        "waiting": waiting,
        "rows": rows,
        "columns": [{"label": label, "number": place == 3} for place, label in enumerate(labels)],
        "may_load": bool(policy.can(request.actor, LOAD)),
    }
    return render(request, "screening/tables.html", context)


def _waiting(ruled: Ruled, last: StewardTable | None) -> dict[str, Any]:
    now = house_tables.as_used(ruled, last)
    return {
        "ruled": ruled,
        "by_form": "form" in tables.columns_of(ruled),
        "unknown": tables.unknown_said(now),
        "guide": tables.guide_of(ruled, get_language() or "en"),
        "used": last if now is not ruled else None,
    }


@door(SEE)
def example(request: Asked, instrument: str) -> HttpResponse:
    """An empty table to be filled in."""
    ruled = _ruled(instrument)
    answer = HttpResponse(tables.template(ruled), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{ruled.key}.csv"'
    return answer


@door(LOAD)
def look(request: Asked, instrument: str) -> HttpResponse:
    """A file, looked at row by row; nothing is changed before somebody says so."""
    ruled = _ruled(instrument)
    if request.method == "POST" and request.POST.get("do") == "load":
        return _load(request, ruled)
    form = FileForm(request.POST or None, request.FILES or None)
    rows: Rows = ()
    if request.method == "POST" and form.is_valid():
        try:
            rows = tables.judged(ruled, _text(form.cleaned_data["file"]))
        except BadInput as refusal:
            form.take(refusal)
    loading = LoadForm(initial={"table": _again(ruled, rows), "before": _before(ruled)}) if rows else None
    return _looked(request, ruled, rows, form, loading, status=400 if form.errors else 200)


def _text(file: Any) -> str:
    return tables.text_of(file.read(tables.MOST_BYTES + 1), file.name)


def _load(request: Asked, ruled: Ruled) -> HttpResponse:
    form = LoadForm(request.POST)
    status = 400
    if form.is_valid():
        named = {name: form.cleaned_data[name] for name in ("key", "edition", "dated", "table", "before")}
        try:
            table = house_tables.load(request.actor, instrument=ruled.key, **named)
        except InMindError as refusal:
            form.take(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Loaded. New results are made with it; those that stand keep their edition."))
            return redirect("table", table=table.pk)
    shown: Any = request.POST.copy()
    shown["before"] = str(_before(ruled))  # beside the rows stands what there is now
    form.data = shown
    return _looked(request, ruled, _read_again(ruled, form), FileForm(), form, status)


def _read_again(ruled: Ruled, form: LoadForm) -> Rows:
    """The rows that came back with a form; none where they are not what was sent."""
    try:
        return tables.judged(ruled, form.data.get("table") or "")
    except BadInput as refusal:
        form.add_error(None, ValidationError(said(refusal)))
        return ()


def _looked(
    request: Asked, ruled: Ruled, rows: Rows, form: FileForm, loading: LoadForm | None, status: int
) -> HttpResponse:
    last = house_tables.last_of(ruled.key)
    counts = Counter(tables.outcome(row) for row in rows)
    new = counts[Outcome.NEW] + counts[Outcome.WINS]
    waiting = _waiting(ruled, last)
    used = waiting["used"]
    context = {
        **waiting,
        "form": form,
        "loading": loading if new or (loading and loading.errors) else None,
        "groups": [
            {"outcome": one, "word": _(one.value), "rows": [row for row in rows if tables.outcome(row) == one]}
            for one in (Outcome.REFUSED, Outcome.WINS, Outcome.NEW, Outcome.KNOWN)
            if counts[one]
        ],
        "counts": [(_(one.value), counts[one]) for one in Outcome if counts[one]],
        "new": new,
        "against": tables.against(used.rows, [row for row in rows if row.is_new]) if used and rows else None,
    }
    for group in context["groups"]:
        group["rows"] = [(row.line, _(row.verdict.sentence) % row.verdict.facts) for row in group["rows"]]
    return render(request, "screening/table_look.html", context, status=status)


def _again(ruled: Ruled, rows: Rows) -> str:
    """The rows that can be taken, as a table of their own."""
    columns = tables.columns_of(ruled)
    return tables.written(columns, [[row.cells[name] for name in columns] for row in rows if row.is_new])


def _before(ruled: Ruled) -> int:
    last = house_tables.last_of(ruled.key)
    return last.number if last else 0


@door(SEE)
def loaded(request: Asked, table: UUID) -> HttpResponse:
    """One table: each number with its source and licence, who loaded it, and how it stands. From here it is withdrawn."""
    there, _verdict = opened(request, SEE, StewardTable, table, related=["by", "withdrawn_by"])
    may_withdraw = bool(policy.can(request.actor, "screening.withdraw_table", there))
    today = clock.today(settings.INSTALLATION.zone)
    form = WithdrawForm(request.POST or None, initial={"version": there.version, "since": today})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                house_tables.withdraw(request.actor, table=there, **form.cleaned_data)
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                messages.success(request, _("Withdrawn. Results that were made with it stay and name it."))
                return redirect("table", table=there.pk)
    last, laid = house_tables.last_of(there.instrument), house_tables.laid(there)
    labels = (_("Where it stands"), _("Cut-off"), _("Source"), _("License"))
    context = {
        "table": there,
        "name": _name_of(there.instrument),
        "loaded": clock.local(there.created_at, settings.INSTALLATION.zone),
        "by": _who(there.by),
        "withdrawn_by": _who(there.withdrawn_by),
        "standing": _standing(there, last),
        "uses": house_tables.uses(there),
        "rows": [_row(row, laid) for row in there.rows],
        "columns": [{"label": label, "number": place == 1} for place, label in enumerate(labels)],
        "form": form if may_withdraw and not house_tables.is_withdrawn(there.withdrawn_from) else None,
    }
    return render(request, "screening/table.html", context, status=status)


def _row(row: dict[str, str], laid: Ruled | None) -> list[dict[str, str]]:
    """A row as it was kept; where it stands in place of a number that is known here, with that beside it."""
    cells = [{"text": said} for said in (_place(row), *(row[name] for name in MEASURED))]
    place, scales = row.get("month") or row["form"], [row.get("scale", "")]
    for facts in tables.replaced_at(laid, place, scales) if laid else ():
        cells[1]["note"] = _("in place of %(known)s (%(source)s), known with medium confidence") % facts
    return cells


def _place(row: dict[str, str]) -> str:
    """Where a number stands: a month, or an age form and a scale by its key."""
    if "month" in row:
        return _("%(month)s months") % {"month": row["month"]}
    return _("form %(form)s, %(scale)s") % {"form": row["form"], "scale": row["scale"]}


def _ruled(key: str) -> Ruled:
    try:
        return house_tables.ruled_by(key)
    except (NoTable, UnknownInstrument) as refusal:
        raise Http404 from refusal


def _name_of(key: str) -> str:
    found = shipped().get(key) or shipped_tools().get(key)
    return found.short_name if found else key


def _who(person: Any) -> str:
    return person.name if person else _("whoever runs the house, at the command line")


def _standing(table: StewardTable, last: StewardTable | None) -> str:
    stands = _(house_tables.standing(table, last))
    if table.withdrawn_from is not None:
        stands += " · " + _("withdrawn from %(day)s on") % {"day": clock.day(table.withdrawn_from)}
    return stands
