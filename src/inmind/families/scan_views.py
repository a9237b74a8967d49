"""Scans and photos of what somebody signed: kept beside the consent, taken to one's device, removed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, refused
from inmind.documents.kinds import KINDS, Kind
from inmind.documents.models import StoredFile
from inmind.documents.queries import kept_for
from inmind.documents.serving import served
from inmind.families import actions
from inmind.families.forms import ScanForm
from inmind.families.told_views import consent_of, head, page_of
from inmind.families.views import taking_part
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm

KEEP, SEE, REMOVE = "families.attach_scan", "families.see_scan", "families.remove_scan"


@door(KEEP)
def scans(request: Asked, dyad: UUID, person: UUID, consent: UUID) -> HttpResponse:
    """What is kept of one paper, and keeping one more."""
    episode, there = taking_part(request, KEEP, dyad, person)
    row = consent_of(request, KEEP, episode, there, consent)
    here = page_of(episode, there, "family_scans", consent=row.pk)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kind, body = form.cleaned()
            actions.attach_scan(
                request.actor,
                key=form.cleaned_data["key"],
                episode=episode,
                person=there,
                consent=row.pk,
                kind=kind,
                body=body,
            )
            messages.success(request, _("It is kept, sealed."))
            return redirect(here)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
    rows = [
        {
            "when": clock.local(one.created_at, episode.organization.zone),
            "who": one.kept_by.name,
            "kind": _(KINDS[Kind(one.kind)][0]),
            "size": filesizeformat(one.size),
            "url": page_of(episode, there, "family_scan", consent=row.pk, file=one.pk),
            "remove": page_of(episode, there, "family_remove_scan", consent=row.pk, file=one.pk),
        }
        for one in kept_for([row.pk])
    ]
    context = head(episode, there) | {"recipient": row.recipient, "rows": rows, "form": form, "key_form": HouseForm()}
    return render(request, "families/scans.html", context, status=400 if form.errors else 200)


@door(SEE)
def scan(request: Asked, dyad: UUID, person: UUID, consent: UUID, file: UUID) -> HttpResponse:
    """One scan, to one's device; the reading is in the trail before it leaves."""
    episode, there = taking_part(request, SEE, dyad, person)
    row = consent_of(request, SEE, episode, there, consent)
    found: StoredFile | None = next((one for one in kept_for([row.pk]) if one.pk == file), None)
    if found is None:
        raise refused(request, SEE, about=episode)
    subjects = {("person", there.pk), ("episode", episode.pk)}
    audit.read(request.actor, SEE, policy.can(request.actor, SEE, episode), about=found, subjects=subjects)
    return served(found)


@door(REMOVE)
@require_POST
def remove(request: Asked, dyad: UUID, person: UUID, consent: UUID, file: UUID) -> HttpResponse:
    episode, there = taking_part(request, REMOVE, dyad, person)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.remove_scan(
                request.actor,
                key=form.cleaned_data["key"],
                episode=episode,
                person=there,
                consent=consent,
                file=file,
            )
            messages.success(request, _("It is removed. That there was one stays written down."))
        except (BadInput, NotNow) as refusal:
            messages.error(request, _(refusal.found))
    return redirect(page_of(episode, there, "family_scans", consent=consent))
