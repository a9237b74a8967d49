"""The privacy officer's pages: what is kept about somebody, legal holds, erasing, and who used emergency access."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, consents, disclosing, policy, privacy, queries
from inmind.access.door import Asked, door, opened
from inmind.access.forms import KeptSearch, ReasonForm, VersionedReasonForm
from inmind.access.models import Disclosure, EmergencyAccess, Erasure, LegalHold
from inmind.access.sign_in_views import after_proof
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, VersionedForm
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person

RELATED = ("person", "organization")
SHOWN = 50
KEPT = "access.see_kept"


@door("access.see_privacy")
def overview(request: Asked) -> HttpResponse:
    """Everything that asks for a privacy officer, newest first; and a search for whose records are meant."""
    actor = request.actor
    form = KeptSearch(request.POST or None)
    found: list[Person] | None = None
    if request.method == "POST" and form.is_valid():
        found = queries.kept_people(actor, form.cleaned_data["words"], "access.see_kept")
        shown = {("person", person.pk) for person in found}
        audit.read(actor, "access.see_kept", policy.can(actor, "access.see_kept"), subjects=shown)
    seen = {model: _mine(actor, model) for model in (EmergencyAccess, LegalHold, Erasure)}
    subjects = {pair for rows in seen.values() for row in rows for pair in row.audit_subjects()}
    if subjects:
        audit.read(actor, "access.see_privacy", policy.can(actor, "access.see_privacy"), subjects=subjects)
    told = _told(actor, *(found or ()), *(row.person for row in (*seen[LegalHold], *seen[Erasure])))
    context = {
        "form": form,
        "found": None if found is None else [(person, told[person.pk]) for person in found],
        "emergencies": [(one, house.drawn("emergency", request, emergency=one)) for one in seen[EmergencyAccess]],
        "holds": [(one, told[one.person_id]) for one in seen[LegalHold]],
        "erasures": [(one, told[one.person_id]) for one in seen[Erasure]],
        "now": clock.now(),
        "panels": house.drawn("privacy", request),
        "key_form": HouseForm(),
    }
    return render(request, "access/privacy.html", context)


def _told(actor: Any, *people: Person) -> dict[UUID, str]:
    """By what these people are told apart, for the privacy officer; for a supervisor who confirms, as she finds them."""
    return queries.told_apart(actor, people, KEPT if policy.can(actor, KEPT) else "families.find")


def _mine(actor: Any, model: Any) -> list[Any]:
    return list(privacy.newest_first(policy.visible(actor, model.objects.all(), "access.see_privacy"))[:SHOWN])


@door("access.see_disclosures")
def told(request: Asked) -> HttpResponse:
    """What the agency told outside, the newest first: about whom, to whom, by what; never in which words. All of it, or by
    one side of a family, or what was told without a consent."""
    rows = policy.visible(request.actor, Disclosure.objects.all(), "access.see_disclosures")
    alone, side = request.GET.get("only") == "alone", _uuid(request.GET.get("side", ""))
    rows = rows.filter(consent__isnull=True) if alone else rows
    rows = rows.filter(episode=side) if side else rows
    found = rows.select_related("about", "told_by").order_by("-created_at", "-pk")
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    subjects = {pair for one in page for pair in one.audit_subjects()}  # whose care team told it, too
    if subjects:
        verdict = policy.can(request.actor, "access.see_disclosures")
        audit.read(request.actor, "access.see_disclosures", verdict, subjects=subjects)
    sides = house.sides({one.episode for one in page})
    lines = [
        {
            "about": one.about.name or _("a child without a name yet"),
            "recipient": one.recipient,
            "on": clock.day(one.on),
            "purpose": _(consents.PURPOSES[consents.Purpose(one.purpose)]),
            "classes": disclosing.classes_said(one.kinds),
            "by": _(consents.GROUNDS[consents.Ground(one.ground)]),
            "is_alone": one.consent_id is None,
            "told_by": one.told_by.name,
            "episode": one.episode,
            "side": sides.get(one.episode, ""),
        }
        for one in page
    ]
    return render(request, "access/told.html", {"rows": lines, "page": page, "alone": alone, "side": side})


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


@door("access.see_kept")
def kept_person(request: Asked, person: UUID) -> HttpResponse:
    """What is kept about a person, by what it would mean to erase them; and the holds on them."""
    there, verdict = opened(request, "access.see_kept", Person, person)
    holds = policy.visible(request.actor, LegalHold.objects.filter(person=there), "access.see_privacy")
    asked = policy.visible(request.actor, Erasure.objects.filter(person=there, outcome=""), "access.see_privacy")
    context = {
        "person": there,
        "told": _told(request.actor, there)[there.pk],
        "outlook": privacy.outlook(there, Organization.objects.get(pk=verdict.organization)),
        "holds": list(holds.select_related("organization", "set_by").order_by("-created_at")),
        "asked": asked.first(),
        "panels": house.drawn("kept_person", request, person=there),
    }
    return render(request, "access/kept_person.html", context)


@door("access.set_hold")
@after_proof
def set_hold(request: Asked, person: UUID) -> HttpResponse:
    there, _verdict = opened(request, "access.set_hold", Person, person)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            privacy.set_hold(request.actor, person=there, **form.cleaned_data)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The hold stands. Nothing of this person is erased, merged or deleted now."))
            return redirect("kept_person", person=there.pk)
    context = {"form": form, "person": there, "told": _told(request.actor, there)[there.pk]}
    return render(request, "access/set_hold.html", context, status=400 if form.errors else 200)


@door("access.lift_hold")
@after_proof
def hold(request: Asked, hold: UUID) -> HttpResponse:
    """One hold: who set it and why, and lifting it."""
    there, _verdict = opened(request, "access.lift_hold", LegalHold, hold, related=(*RELATED, "set_by", "lifted_by"))
    form = VersionedReasonForm(request.POST or None, initial={"version": there.version})
    if request.method == "POST" and form.is_valid():
        try:
            privacy.lift_hold(request.actor, hold=there, **form.cleaned_data)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The hold is lifted."))
            return redirect("privacy")
    context = {"form": form, "hold": there, "told": _told(request.actor, there.person)[there.person_id]}
    return render(request, "access/hold.html", context, status=400 if form.errors else 200)


@door("access.ask_erasure")
@after_proof
def ask_erasure(request: Asked, person: UUID) -> HttpResponse:
    """Ask for it, after reading what goes and what stays."""
    there, verdict = opened(request, "access.ask_erasure", Person, person)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = privacy.ask_erasure(request.actor, person=there, **form.cleaned_data)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It is asked for. Nothing is erased until a second person confirms it."))
            return redirect("erasure", erasure=asked.pk)
    outlook = privacy.outlook(there, Organization.objects.get(pk=verdict.organization))
    told = _told(request.actor, there)[there.pk]
    context = {"form": form, "person": there, "told": told, "outlook": outlook}
    return render(request, "access/ask_erasure.html", context, status=400 if form.errors else 200)


@door("access.confirm_erasure")
@after_proof
def erasure(request: Asked, erasure: UUID) -> HttpResponse:
    """What was asked for, what it means, and the second person's word."""
    related = (*RELATED, "asked_by", "ended_by")
    there, _verdict = opened(request, "access.confirm_erasure", Erasure, erasure, related=related)
    form = VersionedForm(request.POST or None, initial={"version": there.version})
    if request.method == "POST" and form.is_valid():
        try:
            privacy.confirm_erasure(request.actor, erasure=there, **form.cleaned_data)
        except NotNow as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("This person is erased. What an older backup holds is told on this page."))
            return redirect("erasure", erasure=there.pk)
    actor = request.actor
    context = {
        "form": form,
        "erasure": there,
        "told": _told(actor, there.person)[there.person_id],
        "outlook": privacy.outlook(there.person, there.organization) if not there.outcome else None,
        "is_mine": there.asked_by_id == actor.person,
        "may_withdraw": not there.outcome and bool(policy.can(actor, "access.withdraw_erasure", there)),
        "back": reverse("privacy") if policy.can(actor, "access.see_privacy") else reverse("today"),
    }
    return render(request, "access/erasure.html", context, status=400 if form.errors else 200)


@door("access.withdraw_erasure")
@require_POST
def withdraw(request: Asked, erasure: UUID) -> HttpResponse:
    there, _verdict = opened(request, "access.withdraw_erasure", Erasure, erasure)
    form = VersionedForm(request.POST)
    if form.is_valid():
        privacy.withdraw_erasure(request.actor, erasure=there, **form.cleaned_data)
        messages.success(request, _("It is withdrawn. Nothing was erased."))
    return redirect("erasure", erasure=there.pk)
