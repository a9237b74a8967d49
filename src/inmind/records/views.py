"""Organizations: which there are, adding one, correcting one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.people.models import Organization
from inmind.records import actions
from inmind.records.forms import SAID, CorrectionForm, OrganizationForm


@door("records.see_organizations")
def organizations(request: Asked) -> HttpResponse:
    actor = request.actor
    there = policy.visible(actor, Organization.objects.order_by("name"), "records.see_organizations")
    may_add = policy.can(actor, "records.add_organization")
    rows = [(one, one.crisis_words(get_language() or "en")[0], _unsaid(one)) for one in there]
    return render(request, "records/organizations.html", {"rows": rows, "may_add": may_add})


def _unsaid(organization: Organization) -> list[str]:
    """The languages of the house in which an agency has no words of its own yet, where it has some in another."""
    spoken = settings.INSTALLATION.languages
    none = [code for code in spoken if organization.crisis_words(code)[1] != code]
    return [get_language_info(code)["name_translated"] for code in none]


@door("records.add_organization")
def add(request: Asked) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            organization = actions.add_organization(request.actor, key=said.pop("key"), **said)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            words = _("%(name)s is added. Invite its first supervisor now.")
            if organization.kind == Organization.Kind.ASSOCIATION:
                words = _("%(name)s is added. Invite its coordinator now.")
            messages.success(request, words % {"name": organization.name})
            return redirect("organizations")
    return render(request, "records/add.html", {"form": form}, status=400 if form.errors else 200)


@door("records.correct_organization")
def correct(request: Asked, organization: UUID) -> HttpResponse:
    """Correct an organization. Whoever saves second is shown both texts, and nothing typed is lost."""
    verb = "records.correct_organization"
    there, _verdict = opened(request, verb, Organization, organization)
    form = CorrectionForm(request.POST) if request.method == "POST" else CorrectionForm.of(there)
    may_set = there.kind == Organization.Kind.AGENCY and policy.can(request.actor, "access.set_sign_on", there)
    context: dict[str, Any] = {"form": form, "organization": there, "may_set_sign_on": bool(may_set)}
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key, version = said.pop("key"), said.pop("version")
        try:
            actions.correct_organization(request.actor, key=key, version=version, organization=there, **said)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        except Stale as refusal:
            return render(request, "records/correct.html", context | _both_texts(form, refusal), status=409)
        else:
            messages.success(request, _("It is saved."))
            return redirect("organizations")
    return render(request, "records/correct.html", context, status=400 if form.errors else 200)


def _both_texts(form: CorrectionForm, refusal: Stale) -> dict[str, Any]:
    """What stands and what was typed, where they differ; the form would now save over the newest version."""
    newest: Any = refusal.thing
    again = CorrectionForm.of(newest)
    said = [name for name in SAID if name in form.cleaned_data]
    again.initial.update({name: form.cleaned_data[name] for name in said})  # type: ignore[attr-defined]
    pairs = [
        {"label": again[name].label, "theirs": str(getattr(newest, name)), "yours": str(form.cleaned_data[name])}
        for name in said
        if getattr(newest, name) != form.cleaned_data[name]
    ]
    return {"form": again, "pairs": pairs}
