"""Correcting a name, or a child's birth date; whoever saves second is shown both texts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inmind.access.door import Asked, door
from inmind.families import actions, queries
from inmind.families.adult_views import own_page
from inmind.families.forms import CorrectionForm
from inmind.families.intake import Named
from inmind.families.views import form_page, taking_part, way_back
from inmind.foundation import clock
from inmind.foundation.errors import Stale
from inmind.foundation.forms import fresh_key
from inmind.people.models import EarlierFact

PAGE = "families/correct.html"


@door("families.correct_person")
def correct(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """What stands now is what is corrected; a child's birth date with its name."""
    episode, there = taking_part(request, "families.correct_person", dyad, person)
    is_child = there.pk == episode.dyad.child_id
    known = queries.named(there, episode.dyad if is_child else None)
    names = list(EarlierFact.objects.filter(person=there, finds=True).order_by("created_at", "pk"))
    form = CorrectionForm(known, names, request.POST or None, initial=_initial(known))
    back = way_back(episode) if is_child else own_page(episode, there)
    context = {
        "title": _title(known),
        "back": back,
        "crumb": episode.dyad.called if is_child else there.name,
        "is_born": known.birth_date is not None,
    }

    def act() -> HttpResponse:
        try:
            actions.correct_person(
                request.actor,
                key=form.cleaned_data["key"],
                episode=episode,
                person=there,
                said=form.named(),
                over=form.cleaned_data["over"],
                still_found=form.cleaned_data.get("still_found", False),
                find_no_more=tuple(UUID(one) for one in form.cleaned_data.get("find_no_more", ())),
            )
        except Stale as refusal:
            return render(request, PAGE, {**context, **_both_texts(form, names, refusal)}, status=409)
        messages.success(request, _("It is corrected, for everybody who serves them."))
        return redirect(back)

    return form_page(request, form, PAGE, context, act)


def _title(known: Named) -> str:
    if known.birth_date:
        return _("Correct the name or the birth date")
    return _("Correct the name or the due date") if known.due_date else _("Correct the name")


def _initial(known: Named) -> dict[str, Any]:
    said = {name: getattr(known, name) for name in Named.__dataclass_fields__}
    return {"key": fresh_key(), "over": known.mark, **said}


def _both_texts(form: CorrectionForm, names: list[EarlierFact], refusal: Stale) -> dict[str, Any]:
    """What stands and what was typed, where they differ; the form would now save over what stands."""
    newest: Any = refusal.thing
    typed = {name: form.cleaned_data[name] for name in form.fields if name not in {"key", "over"}}
    again = CorrectionForm(newest, names, initial=_initial(newest) | typed)
    pairs = [
        {"label": again[name].label, "theirs": _words(getattr(newest, name)), "yours": _words(typed[name])}
        for name in Named.__dataclass_fields__
        if name in typed and getattr(newest, name) != typed[name]
    ]
    return {"form": again, "pairs": pairs}


def _words(said: str | date | None) -> str:
    return clock.day(said) if isinstance(said, date) else said or ""
