"""Emergency access: ask for it with a reason, open a family of one's own agency for some hours, end it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy, privacy, queries
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.access.forms import EmergencySearch, OpenForm
from inmind.access.models import EmergencyAccess
from inmind.access.sign_in_views import after_proof
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, fresh_key, said
from inmind.people.models import Person

ASK = "access.ask_emergency"
FOUND_AT_MOST = 10
LISTED = 10


@door(ASK)
@after_proof
def ask(request: Asked) -> HttpResponse:
    """Whom, and why. What is found is audited as seen, whether it is opened or not."""
    form = EmergencySearch(request.POST or None)
    found: list[tuple[Person, str, OpenForm]] | None = None
    if request.method == "POST" and form.is_valid():
        found = _found(request.actor, form.cleaned_data["words"], form.cleaned_data["reason"])
    return _page(request, form, found, status=400 if form.errors else 200)


def _page(request: Asked, form: EmergencySearch, found: Any = None, status: int = 200) -> HttpResponse:
    mine = EmergencyAccess.objects.filter(person=request.actor.person).select_related("organization")
    rows = mine.order_by("-created_at")[:LISTED]
    moment = clock.now()
    context = {
        "form": form,
        "found": found,
        "hours": settings.EMERGENCY_HOURS,
        "mine": [(one, one.until > moment, privacy.page_of(one)) for one in rows],
        "key_form": HouseForm(),
    }
    return render(request, "access/emergency.html", context, status=status)


def _found(actor: Actor, words: str, reason: str) -> list[tuple[Person, str, OpenForm]]:
    """The people of exactly these names in families of the actor's own agencies, each with what tells her apart and a form to open the
    family."""
    found = [
        (person, episode)
        for person in queries.kept_people(actor, words, ASK, whole=True, limit=FOUND_AT_MOST)
        for episode in policy.anchors(person, "families.Episode")
        if policy.can(actor, ASK, episode)
    ]
    subjects = {pair for person, episode in found for pair in (("person", person.pk), ("episode", episode.pk))}
    audit.read(actor, ASK, policy.can(actor, ASK), subjects=subjects)
    said = queries.said_of(actor, [person for person, _episode in found], ASK)
    lines = {(person, episode): said.get((person.pk, episode.pk), "") for person, episode in found}
    alike = Counter((person.name, line) for (person, _episode), line in lines.items())
    return [
        (
            person,
            f"{line} · {queries.mark_of_record(episode.pk)}" if alike[person.name, line] > 1 else line,
            OpenForm(initial={"key": fresh_key(), "person": person.pk, "episode": episode.pk, "reason": reason}),
        )
        for (person, episode), line in lines.items()
    ]


@door(ASK)
@require_POST
@after_proof(back="emergency")
def open_family(request: Asked) -> HttpResponse:
    form = OpenForm(request.POST)
    if not form.is_valid():
        return redirect("emergency")
    asked = dict(form.cleaned_data)
    person, _verdict = opened(request, ASK, Person, asked.pop("person"))
    try:
        access = privacy.ask_emergency(request.actor, person=person, **asked)
    except (BadInput, NotNow) as refusal:
        messages.warning(request, said(refusal))
        return redirect("emergency")
    until = clock.local(access.until, access.organization.zone)
    messages.success(request, _("Open until %(until)s; your privacy officer is told now.") % {"until": until})
    return redirect(privacy.page_of(access) or "emergency")


@door("access.end_emergency")
@require_POST
def end(request: Asked, emergency: UUID) -> HttpResponse:
    there, _verdict = opened(request, "access.end_emergency", EmergencyAccess, emergency)
    form = HouseForm(request.POST)
    if form.is_valid():
        privacy.end_emergency(request.actor, emergency=there, key=form.cleaned_data["key"])
        messages.success(request, _("The emergency access has ended."))
    return redirect("emergency" if there.person_id == request.actor.person else "privacy")
