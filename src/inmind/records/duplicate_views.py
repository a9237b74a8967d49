"""Records that may be one person: the queue of the data steward, two sides beside each other, and parting again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access.door import Asked, door, opened
from inmind.foundation.errors import BadInput, NotNow, WaitsFor
from inmind.foundation.forms import VersionedForm
from inmind.records import actions, queries
from inmind.records.models import Merge, Pair

ON_A_PAGE = 25


class Decision(VersionedForm):
    """Which record stays, and for each field that differs whose is right."""

    def __init__(self, pair: Pair, rows: list[queries.Row], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = [("one", gettext_lazy("the left one")), ("other", gettext_lazy("the right one"))]
        self.pair, self.rows = pair, rows
        self.fields["stays"] = _choice(gettext_lazy("Which record stays?"), sides)
        for row in rows:
            if row.choose:
                choices = [(key, f"{word}: {side}") for (key, word), side in zip(sides, row.sides, strict=True)]
                self.fields[row.choose] = _choice(row.label, choices)

    def said(self) -> dict[str, Any]:
        """The arguments of the action: the person who stays, and whose value each field takes."""
        said = self.cleaned_data
        stays = said["stays"]
        chosen = {row.choose: "stays" if said[row.choose] == stays else "gone" for row in self.rows if row.choose}
        return {"stays": self.pair.one if stays == "one" else self.pair.other, "chosen": chosen}


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


@door("records.see_duplicates")
def duplicates(request: Asked) -> HttpResponse:
    page = Paginator(queries.waiting(), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [queries.row_of_pair(pair) for pair in page],
        "merged": queries.put_together()[:ON_A_PAGE],
        "doubtful": settings.LIKENESS_DOUBTFUL,
        "zone": settings.INSTALLATION.zone,
    }
    return render(request, "records/duplicates.html", context)


@door("records.see_duplicates")
def pair(request: Asked, pair: UUID) -> HttpResponse:
    """Both sides of a pair; put together, or kept apart."""
    there, _verdict = opened(request, "records.see_duplicates", Pair, pair, related=["one", "other"])
    rows = queries.beside(there)
    form = Decision(there, rows, request.POST or None, initial={"version": there.version})
    if request.method == "POST" and "apart" in request.POST:
        return _apart(request, there)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            merged = actions.merge(request.actor, key=said["key"], version=said["version"], pair=there, **form.said())
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
            if isinstance(refusal, WaitsFor) and actions.ask_first(request.actor, key=said["key"], pair=there):
                messages.info(request, _("%(agency)s is asked now, in a task. The pair waits here.") % refusal.facts)
        else:
            messages.success(request, _("They are one record now. You can part them again here."))
            return redirect("merge", merge=merged.pk)
    linked = queries.are_apart(there.one, there.other)
    context = {
        "pair": there,
        "reasons": queries.reasons(there),
        "rows": rows,
        "form": form,
        "linked": linked,
        "twins": queries.may_be_twins(there),
    }
    return render(request, "records/pair.html", context, status=400 if form.errors else 200)


def _apart(request: Asked, there: Pair) -> HttpResponse:
    try:
        actions.keep_apart(request.actor, key=request.POST.get("key", "")[:80], pair=there)
    except NotNow as refusal:
        messages.error(request, _(refusal.found))
    else:
        messages.success(request, _("They are two people. This pair does not come up again."))
    return redirect("duplicates")


@door("records.see_duplicates")
def merge(request: Asked, merge: UUID) -> HttpResponse:
    """Two records that were put together, and the way to part them."""
    there, _verdict = opened(request, "records.see_duplicates", Merge, merge, related=["by"])
    form = VersionedForm(request.POST or None, initial={"version": there.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.part(request.actor, key=said["key"], version=said["version"], merge=there)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("They are two records again, as they were."))
            return redirect("duplicates")
    context = {"merge": there, "form": form, "moved": there.steps.count(), "zone": settings.INSTALLATION.zone}
    return render(request, "records/merge.html", context, status=400 if form.errors else 200)
