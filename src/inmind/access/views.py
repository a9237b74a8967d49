"""The people page: who works here, in which role; inviting, and ending a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import actions, policy, queries
from inmind.access.door import Asked, door, opened, refused
from inmind.access.forms import InvitationForm, RoleForm, WorkPhoneForm
from inmind.access.models import RoleAssignment
from inmind.access.roles import ROLES
from inmind.access.sign_in_views import after_proof
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, VersionedForm
from inmind.foundation.registries import Hanging, house
from inmind.people.models import Organization

RELATED = ("account__person", "organization")


@door("access.see_people")
def people(request: Asked) -> HttpResponse:
    """Who works at an organization. Its supervisor has one; the administrator chooses."""
    organizations, chosen = _organization(request, "access.see_people")
    context = {
        "organizations": organizations,
        "chosen": chosen,
        "staff": queries.staff_of(request.actor, chosen),
        "may_invite": policy.can(request.actor, "access.invite", chosen),
        "panels": house.drawn("people", request, organization=chosen),
    }
    return render(request, "access/people.html", context)


@door("access.invite")
def invite(request: Asked) -> HttpResponse:
    _several, chosen = _organization(request, "access.invite")
    form = InvitationForm(request.actor, chosen, request.POST or None)
    known: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid() and "anyway" not in request.POST:
        known = _known_here(request, chosen, form)
    if request.method == "POST" and form.is_valid() and not known:
        said = form.cleaned_data
        try:
            account = actions.invite(
                request.actor,
                key=said.pop("key"),
                organization=chosen,
                **said,
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            words = _("%(name)s is invited with the username %(username)s. A letter with a link is on its way.")
            messages.success(request, words % {"name": account.person.given_name, "username": account.username})
            return redirect(_people_of(chosen))
    context = {"form": form, "chosen": chosen, "known": known}
    return render(request, "access/invite.html", context, status=400 if form.errors else 409 if known else 200)


def _known_here(request: Asked, chosen: Organization, form: InvitationForm) -> list[tuple[str, str]]:
    """Who is here already under this name and address, before a second person is made; what this reader may know of it."""
    typed = form.cleaned_data
    name = f"{typed['given_name']} {typed['family_name']}"
    return [one for known in house.known_here for one in known(request.actor, chosen, name, typed["address"])]


@door("access.see_people")
def role(request: Asked, assignment: UUID) -> HttpResponse:
    """One role of one person, and what can be done about it."""
    held, _verdict = opened(request, "access.see_people", RoleAssignment, assignment, related=RELATED)
    return _page(request, held)


def _page(request: Asked, held: Any, hanging: Sequence[Hanging] = ()) -> HttpResponse:
    """hanging: what is asked about before the role ends."""
    actor = request.actor
    context = {
        "held": held,
        "role": ROLES[held.role],
        "end_form": VersionedForm(initial={"version": held.version}),
        "may_give": policy.can(actor, "access.give_role", held),
        "may_end": policy.can(actor, "access.end_role", held),
        "phone_form": WorkPhoneForm(initial={"phone": held.account.work_phone})
        if policy.can(actor, "access.keep_work_phone", held)
        else None,
        "may_forget_factor": policy.can(actor, "access.forget_factor", held),
        "back": _people_of(held.organization),
        "hanging": hanging,
        "open_here": [one for one in hanging if not one.afterwards],
        "afterwards": [one for one in hanging if one.afterwards],
    }
    return render(request, "access/role.html", context)


@door("access.give_role")
@after_proof
def give_role(request: Asked, assignment: UUID) -> HttpResponse:
    """One more role for somebody who works here."""
    held, _verdict = opened(request, "access.give_role", RoleAssignment, assignment, related=RELATED)
    there = queries.staff_of(request.actor, held.organization)
    has = [one.role for one in there if one.account_id == held.account_id]
    form = RoleForm(request.actor, held.organization, request.POST or None, without=has)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.give_role(
                request.actor,
                key=said["key"],
                account=held.account,
                role=said["role"],
                organization=held.organization,
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            words = _("%(name)s is %(role)s at %(place)s from now on.")
            messages.success(request, words % _facts(held, said["role"]))
            return redirect(_people_of(held.organization))
    return render(request, "access/give_role.html", {"form": form, "held": held}, status=400 if form.errors else 200)


@door("access.end_role")
@after_proof(back="role", same=True)
@require_POST
def end_role(request: Asked, assignment: UUID) -> HttpResponse:
    """Where something hangs on whoever leaves, its numbers are shown first, and it is asked once more."""
    held, _verdict = opened(request, "access.end_role", RoleAssignment, assignment, related=RELATED)
    form = VersionedForm(request.POST)
    if not form.is_valid():
        return redirect("role", assignment=held.pk)
    hanging = () if "sure" in request.POST else _hanging(request, held)
    if hanging:
        return _page(request, held, hanging)
    said = form.cleaned_data
    actions.end_role(request.actor, key=said["key"], version=said["version"], assignment=held)
    words = _("%(name)s is no longer %(role)s at %(place)s.")
    messages.success(request, words % _facts(held, held.role))
    return redirect(_people_of(held.organization))


@door("access.forget_factor")
@after_proof(back="role", same=True)
@require_POST
def forget_factor(request: Asked, assignment: UUID) -> HttpResponse:
    held, _verdict = opened(request, "access.forget_factor", RoleAssignment, assignment, related=RELATED)
    form = HouseForm(request.POST)
    if not form.is_valid():
        return redirect("role", assignment=held.pk)
    actions.forget_factor(request.actor, key=form.cleaned_data["key"], assignment=held)
    words = _("%(name)s is signed out everywhere, and sets up an authenticator again when signing in next.")
    messages.success(request, words % {"name": held.account.person.given_name})
    return redirect("role", assignment=held.pk)


def _organization(request: Asked, verb: str) -> tuple[list[Organization], Organization]:
    """The organizations where this actor may do a verb, and the one that is meant: chosen, her own, or the first."""
    actor = request.actor
    there = list(policy.visible(actor, Organization.objects.order_by("name"), verb))
    asked = request.GET.get("organization")
    own = {standing.organization for standing in actor.standings}
    meant = (
        [one for one in there if str(one.pk) == asked] if asked else sorted(there, key=lambda one: one.pk not in own)
    )
    if not meant:
        raise refused(request, verb)
    return there, meant[0]


def _hanging(request: Asked, held: Any) -> list[Hanging]:
    return [one for hangs in house.hangs for one in hangs(request.actor, held)]


def _facts(held: RoleAssignment, role: str) -> dict[str, str]:
    place = held.organization.name if held.organization else settings.INSTALLATION.name
    return {"name": held.account.person.name, "role": _(ROLES[role].name).lower(), "place": place}


def _people_of(organization: Organization) -> str:
    return f"{reverse('people')}?organization={organization.pk}"
