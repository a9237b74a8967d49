"""Taking families in from a sheet: choosing the file, saying what its columns hold, each row's verdict, going on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, choice_field
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.records import actions, importing, queries, sheets
from inmind.records.columns import COLUMNS, UNKNOWN_PART, Order, Verdict
from inmind.records.models import SheetImport

ON_A_PAGE = 50
WORDS = {
    Verdict.NEW: gettext_lazy("new"),
    Verdict.SAME: gettext_lazy("here already"),
    Verdict.DOUBTFUL: gettext_lazy("doubtful"),
    Verdict.REFUSED: gettext_lazy("refused"),
}
State = SheetImport.State


class SheetForm(HouseForm):
    """A sheet, for an agency."""

    organization = forms.ChoiceField(label=gettext_lazy("Agency that serves these families"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, with the names of the columns in its first row. Each row says who cares for which child."
        ),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("find out")), *sheets.ENCODINGS.items()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name")
        self.places = {str(one.pk): one for one in places}
        choice_field(self, "organization").choices = [(key, one.name) for key, one in self.places.items()]


class ColumnsForm(HouseForm):
    """What each column holds, and how dates are written."""

    order = forms.ChoiceField(
        label=gettext_lazy("How are dates written?"),
        required=False,
        choices=[
            (Order.UNKNOWN.value, gettext_lazy("find out; a date that may be two is refused")),
            (Order.US.value, gettext_lazy("month first: 5/31/2026")),
            (Order.EUROPEAN.value, gettext_lazy("day first: 31/5/2026")),
        ],
    )

    def __init__(self, sheet: SheetImport, heading: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = heading
        self.fields["order"].initial = sheet.order
        choices = [("", _("left out")), *((key, _(name)) for key, (name, _words) in COLUMNS.items())]
        for place, name in enumerate(heading):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or _("without a name"), choices=choices, required=False, initial=sheet.columns.get(name, "")
            )

    def columns(self) -> dict[str, str]:
        said = self.cleaned_data
        return {name: said[f"column_{place}"] for place, name in enumerate(self.heading) if said[f"column_{place}"]}


@door("records.see_imports")
def imports(request: Asked) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            sheet = actions.begin_import(
                request.actor,
                key=said["key"],
                organization=form.places[said["organization"]],
                name=said["file"].name,
                text=sheets.decoded(said["file"].read(sheets.MOST_BYTES + 1), said["encoding"]),
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            return redirect("import", sheet=sheet.pk)
    before = SheetImport.objects.select_related("organization").order_by("-created_at")[:ON_A_PAGE]
    context = {"form": form, "imports": [(one, _name(one)) for one in before]}
    return render(request, "records/imports.html", context, status=400 if form.errors else 200)


@door("records.see_sheets")
def came_in(request: Asked) -> HttpResponse:
    """The sheets of the reader's agency: who brought each and when, its numbers, and what waits. Never a row nor the file's
    name, which is often somebody's."""
    rows = [
        [
            {"text": clock.local(one.sheet.created_at, one.sheet.organization.zone)},
            {"text": one.sheet.by.name if one.sheet.by else _("whoever runs the house, at the command line")},
            {"text": one.sheet.total},
            {"text": one.taken},
            *({"text": one.counted.get(key, 0)} for key in (Verdict.SAME, Verdict.REFUSED)),
            {"text": _(_waits(one)), "chip": one.sheet.text is not None},
        ]
        for one in queries.came_in(request.actor, ON_A_PAGE)
    ]
    labels = (_("Brought"), _("By"), _("Rows"), _("Taken in"), _("Here already"), _("Refused"), _("Now"))
    columns = [{"label": label, "number": 2 <= place < len(labels) - 1} for place, label in enumerate(labels)]
    return render(request, "records/came_in.html", {"rows": rows, "columns": columns})


def _waits(one: queries.Came) -> str:
    """How a sheet stands, in words to translate."""
    if one.sheet.state == State.DONE and one.counted.get(Verdict.DOUBTFUL):
        return N_("doubtful rows wait for the data steward")
    return {
        State.HEADING: N_("waits for its columns to be said"),
        State.WORKING: N_("being worked on"),
        State.LOOKED: N_("looked at; nothing of it is taken in yet"),
        State.STOPPED: N_("stopped; it can go on"),
        State.DONE: N_("done"),
        State.GONE: N_("discarded; what was taken in stays"),
    }[State(one.sheet.state)]


@door("records.see_imports")
def sheet(request: Asked, sheet: UUID) -> HttpResponse:
    """One sheet, as far as it has come."""
    there, _verdict = opened(request, "records.see_imports", SheetImport, sheet, related=["organization"])
    if there.state == State.HEADING and request.POST.get("do") != "discard" and importing.is_readable(there):
        return _columns(request, there)
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, there, form.cleaned_data["key"])
        except (BadInput, NotNow) as refusal:
            messages.error(request, _(refusal.found))
        return redirect("import", sheet=there.pk)
    return render(request, "records/import.html", _context(request, there))


def _columns(request: Asked, there: SheetImport) -> HttpResponse:
    form = ColumnsForm(there, importing.heading(there), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            columns, order = form.columns(), said["order"]
            actions.map_columns(request.actor, key=said["key"], sheet=there, columns=columns, order=order)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            return redirect("import", sheet=there.pk)
    context = {"form": form, "sheet": there, "name": _name(there), "days": settings.SHEET_DAYS, "ways": _ways()}
    return render(request, "records/columns.html", context, status=400 if form.errors else 200)


def _ways() -> str:
    """How a cell may say how an adult cares for the child: in these words, whichever language the page is in."""
    return ", ".join(house.intake.parts.values())


def _name(there: SheetImport) -> str:
    return _("A sheet") if there.name == importing.NAMELESS else there.name


def _do(request: Asked, there: SheetImport, key: str) -> None:
    said = request.POST.get("do", "")
    if said == "go_on":
        actions.carry_on_import(request.actor, key=key, sheet=there)
    elif said == "stop":
        actions.stop_import(request.actor, key=key, sheet=there)
    elif said == "discard":
        actions.discard_import(request.actor, key=key, sheet=there)
    elif said in {"take", "leave"} and request.POST.get("row", "").isdecimal():
        number = int(request.POST["row"][:9])
        actions.decide_row(request.actor, key=key, sheet=there, number=number, take=said == "take")


def _context(request: Asked, there: SheetImport) -> dict[str, Any]:
    chosen = request.GET.get("verdict", "")
    rows = there.rows.order_by("place")
    rows = rows.filter(verdict=chosen) if chosen in WORDS else rows.exclude(verdict=Verdict.NEW)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    counted = queries.verdicts(there)
    return {
        "sheet": there,
        "name": _name(there),
        "days": settings.SHEET_DAYS,
        "is_shut": there.text is not None and not importing.is_readable(there),
        "form": HouseForm(),
        "counts": [(key, word, counted.get(key, 0)) for key, word in WORDS.items()],
        "chosen": chosen,
        "chosen_word": WORDS[Verdict(chosen)] if chosen in WORDS else "",
        "new": counted.get(Verdict.NEW, 0),
        "doubtful": counted.get(Verdict.DOUBTFUL, 0),
        "page": page,
        "ways": _ways() if any(row.found == UNKNOWN_PART for row in page) else "",
        "taken": there.rows.filter(taken=True).aggregate(
            rows=Count("pk"), children=Count("child", distinct=True), adults=Count("adult", distinct=True)
        ),
        "rows": [
            {
                "number": row.number,
                "verdict": WORDS[Verdict(row.verdict)],
                "why": _(row.found) % row.facts if row.found else "",
            }
            | {"waits": row.verdict == Verdict.DOUBTFUL and there.state == State.DONE}
            for row in page
        ],
    }
