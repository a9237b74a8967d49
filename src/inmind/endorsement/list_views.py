"""A list of endorsements that are held already: each row's verdict first, then one button."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import audit
from inmind.access.door import Asked, door, opened
from inmind.endorsement import actions
from inmind.endorsement.forms import ListForm
from inmind.endorsement.held_file import COLUMNS, SENTENCES, Row, Verdict
from inmind.endorsement.list_queries import judged
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person

VERB = "endorsement.take_in_list"
SAYS: dict[Verdict, str] = {
    Verdict.NEW: N_("new"),
    Verdict.SAME: N_("here already"),
    Verdict.OUT: N_("not taken in"),
}
SHOWN = 500  # of the rows on the page; what is not taken in stands first


@door(VERB)
def take_in(request: Asked, association: UUID) -> HttpResponse:
    place, verdict = opened(request, VERB, Organization, association)
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"place": place, "form": form, "columns": [_(name) for name, _words in COLUMNS.values()]}
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if "go" in request.POST:
                count = actions.take_in_list(
                    request.actor, key=form.cleaned_data["key"], association=place, words=words
                )
                done = ngettext("%(n)s endorsement is written down.", "%(n)s endorsements are written down.", count) % {
                    "n": count
                }
                messages.success(request, done)
                return redirect("endorsements")
            rows = judged(place, words, clock.today(place.zone))
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            people = {one.person for one in rows if one.person is not None}
            audit.read(request.actor, VERB, verdict, about=place, subjects={("person", one) for one in people})
            context |= _looked(rows, words)
    return render(request, "endorsement/take_in.html", context, status=400 if form.errors else 200)


def _looked(rows: list[Row], words: str) -> dict[str, Any]:
    names = {one.pk: one.name for one in Person.objects.filter(pk__in={row.person for row in rows if row.person})}
    counts = Counter(row.verdict for row in rows)
    shown = sorted(rows, key=lambda row: (row.verdict is not Verdict.OUT, row.line))[:SHOWN]
    return {
        "looked": True,
        "again": ListForm(initial={"words": words}),
        "counts": [(counts[one], _(SAYS[one])) for one in Verdict if counts[one]],
        "new": counts[Verdict.NEW],
        "heads": [
            {"label": label} for label in (_("Row"), _("Verdict"), _("Name"), _("Endorsement"), _("From"), _("Through"))
        ],
        "rows": [
            [
                _("row %(n)s") % {"n": row.line},
                {"text": _(SAYS[row.verdict]), "note": _(SENTENCES[row.why]) if row.why else ""},
                names.get(row.person, "") if row.person else row.said,
                f"{row.credential} {row.category}".strip(),
                clock.day(row.on) if row.on else "",
                clock.day(row.until - date.resolution) if row.until else "",
            ]
            for row in shown
        ],
        "is_cut": len(rows) > SHOWN,
    }
