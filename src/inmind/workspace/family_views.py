"""The list and search of families, and the dyad page."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families import queries
from inmind.families.models import Dyad
from inmind.foundation import clock
from inmind.foundation.forms import PlainForm
from inmind.foundation.values import Age
from inmind.workspace.views import panels


class Search(PlainForm):
    """A name, or its beginning. Sent by POST, so that no name stands in an address."""

    words = forms.CharField(
        label=gettext_lazy("Find a child or an adult by name"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


@door("families.find")
def families(request: Asked) -> HttpResponse:
    """The families this reader serves, and a search among those she may see; what it shows is audited."""
    actor = request.actor
    form = Search(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = queries.find(actor, form.cleaned_data["words"])
        shown = {("person", hit.person.pk) for hit in found} | {("dyad", hit.dyad.pk) for hit in found}
        audit.read(actor, "families.find", policy.can(actor, "families.find"), subjects=shown)
    return render(
        request,
        "workspace/families.html",
        {
            "form": form,
            "found": found,
            "caseload": queries.caseload(actor)[:50] if found is None else [],
            "may_register": bool(policy.can(actor, "families.register")),
            "may_see": bool(policy.can(actor, "families.see")),  # else the way leads to who looked
        },
    )


@door("families.see")
def dyad(request: Asked, dyad: UUID) -> HttpResponse:
    """A child and those around it. A caregiver's screens are never here: they stand on her own page."""
    family, _verdict = opened(request, "families.see", Dyad, dyad, related=["child"])
    actor = request.actor
    episode = queries.open_episode(actor, family)
    if episode is None:  # it ended while the page was being made
        raise refused(request, "families.see", about=family)
    on = clock.today(settings.INSTALLATION.zone)  # edges hold by the house's own day, an age by the agency's local one
    adults = queries.adults(episode, on)
    chips = [
        {"strong": adult.person.given_name, "text": f", {_(adult.part)}" if adult.part else ""} for adult in adults
    ]
    since = clock.day(episode.since)
    chips.append({"text": _("With %(agency)s since %(day)s") % {"agency": episode.organization.name, "day": since}})
    return render(
        request,
        "workspace/dyad.html",
        {
            "dyad": family,
            "episode": episode,
            "name": family.child.given_name or family.called,
            "subtitle": _lines(queries.age(family, clock.today(episode.organization.zone)), family),
            "chips": chips,
            "panels": panels(request, "dyad", dyad=family, episode=episode, on=on),
            "may": {
                verb: bool(policy.can(actor, f"families.{verb}", episode))
                for verb in ("visit", "add_adult", "join_team")
            }
            | {"look": bool(policy.can(actor, "access.see_lookers", family))},
        },
    )


def _lines(age: Age | None, family: Dyad) -> str:
    if age is None:
        return _("expected on %(day)s") % {"day": clock.day(family.due_date)} if family.due_date else ""
    if age.months == 0:
        return ngettext("%(days)s day old", "%(days)s days old", age.days) % {"days": age.days}
    if age.months < 36:
        return ngettext("%(months)s month old", "%(months)s months old", age.months) % {"months": age.months}
    return ngettext("%(years)s year old", "%(years)s years old", age.years) % {"years": age.years}
