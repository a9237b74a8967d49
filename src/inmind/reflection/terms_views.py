"""The page on which what is agreed is said anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inmind.access.door import Asked, door, opened
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import fresh_key
from inmind.reflection import actions, queries
from inmind.reflection.forms import TermsForm, heard
from inmind.reflection.models import Agreement
from inmind.reflection.views import RELATED, me_of


@door("reflection.change_terms", about=Agreement)
def change(request: Asked, agreement: UUID) -> HttpResponse:
    """How long, how often, for how much, until when, about what; and who is also whose line manager."""
    row, _verdict = opened(request, "reflection.change_terms", Agreement, agreement, related=RELATED)
    me = me_of(request)
    seats = queries.told_of(row, me)
    first: dict[str, Any] = {
        "key": fresh_key(),
        "version": row.version,
        "until": row.until,
        "minutes": row.minutes,
        "weeks": row.weeks or "",
        "price": None if row.cents is None else f"{row.cents / 100:.2f}",
        "about": row.about,
        "managed": [str(one.person_id) for one in seats if one.is_manager],
    }
    people = {str(one.person_id): one.person.name for one in seats}
    form = TermsForm(people, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.change_terms(
                request.actor, key=typed["key"], version=typed["version"], agreement=row, terms=form.terms()
            )
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        except Stale:
            form.add_error(None, _("This was changed meanwhile. Look at it again."))
        else:
            messages.success(request, _("It is written anew. Your hours stay as they are."))
            return redirect("agreement", agreement=row.pk)
    context = {"row": row, "form": form, "title_of": row.giver_name or _("Peers")}
    return render(request, "reflection/terms.html", context, status=400 if form.errors else 200)
