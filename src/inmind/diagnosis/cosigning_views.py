"""A second signature that does not come: said by whoever was asked, and asked of somebody else."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door, opened
from inmind.diagnosis import cosigning_actions, queries
from inmind.diagnosis.cosigning_queries import ASK, DECLINE, ask_form
from inmind.diagnosis.forms import DeclineForm
from inmind.diagnosis.models import Formulation
from inmind.diagnosis.version_views import page
from inmind.foundation.errors import BadInput, NotNow

RELATED = (*queries.RELATED, "signed_by", "cosigner")


@door(DECLINE, about=Formulation)
@require_POST
def decline(request: Asked, formulation: UUID) -> HttpResponse:
    """Say that one does not sign a version, too, and what speaks against it."""
    row = opened(request, DECLINE, Formulation, formulation, related=RELATED)[0]
    form = DeclineForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            cosigning_actions.decline_cosign(request.actor, key=typed["key"], formulation=row, words=typed["words"])
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. %(who)s is told.") % {"who": row.signed_by.name})
            return redirect("formulation", formulation=row.pk)
    return page(request, row, form, status=400)


@door(ASK, about=Formulation)
@require_POST
def ask(request: Asked, formulation: UUID) -> HttpResponse:
    """Ask another clinician to sign a version, too."""
    row = opened(request, ASK, Formulation, formulation, related=RELATED)[0]
    form = ask_form(row, request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        chosen = form.people.get(typed["cosigner"])
        try:
            cosigning_actions.ask_cosigner(request.actor, key=typed["key"], formulation=row, cosigner=chosen)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            said = _("%(who)s is asked, by a task and a letter.") % {"who": chosen.name} if chosen else _("Kept.")
            messages.success(request, said)
            return redirect("formulation", formulation=row.pk)
    return page(request, row, form, status=400)
