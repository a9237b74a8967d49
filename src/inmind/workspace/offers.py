"""The navigation of the workspace itself, and the next steps in a house that has just begun."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import grants, policy
from inmind.access.actors import Actor, Standing
from inmind.access.models import RoleAssignment
from inmind.foundation import clock
from inmind.foundation.models import row_of
from inmind.foundation.registries import NavItem, Panel, house
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.workspace import next_steps
from inmind.workspace.next_steps import Step


def offer() -> None:
    house.offer(NavItem("today", N_("Today"), "today", 10, shown=lambda actor: actor.signed_in))
    if "families" in settings.INSTALLATION.rooms:
        house.offer(
            NavItem(
                "families", N_("Families"), "families", 20, shown=lambda actor: bool(policy.can(actor, "families.find"))
            ),
            Panel("today", "unanswered", 5, "workspace/unanswered.html", unanswered),
            Panel("today", "unserved", 20, "workspace/unserved.html", unserved),
            Panel("today", "next_steps", 45, "workspace/next_steps.html", steps),
        )
    house.offer(
        NavItem("people", N_("People"), "people", 60, shown=lambda actor: bool(policy.can(actor, "access.see_people")))
    )


def unanswered(request: Any) -> dict[str, Any] | None:
    """The agencies that serve families and have nobody who could answer what needs a person now, until somebody can; for who
    may invite somebody there. It is so whether anything waits there or not (`protect.md` 3)."""
    from inmind.families import queries as families
    from inmind.tasks import queries as tasks

    actor = request.actor
    if not policy.can(actor, "access.invite"):
        return None
    rows = [
        {
            "title": _("Nobody at %(agency)s can answer what needs a person now") % {"agency": one.name},
            "url": f"{reverse('invite')}?organization={one.pk}",
        }
        for one in policy.visible(actor, tasks.unanswered(families.serving_agencies()), "access.invite")
    ]
    return {"rows": rows, "asks": True} if rows else None


def unserved(request: Any) -> dict[str, Any] | None:
    """How many of the families that this reader finds have nobody on their care team: they came by a sheet, or everybody
    who served them has left. For who arranges care teams, and unnamed."""
    from inmind.workspace import queries

    actor = request.actor
    if not policy.can(actor, "families.join_team"):
        return None
    count = queries.served_by_nobody(queries.found_by(actor).order_by()).count()
    if not count:
        return None
    says = ngettext("%(count)s family", "%(count)s families", count) % {"count": count}
    return {"title": says, "url": f"{reverse('families')}?team={queries.NOBODY}", "asks": True}


def steps(request: Any) -> dict[str, Any] | None:
    """What is not there yet and this reader can bring about, or knows whom to ask for; None when everything has begun."""
    actor = request.actor
    found = _of_house(actor)
    for standing in actor.standings:
        found += _of_agency(actor, standing)
    rows = [_row(step) for step in dict.fromkeys(found)]
    return {"rows": rows, "asks": True} if rows else None


def _of_house(actor: Actor) -> list[Step]:
    """Adding agencies is the administrator's; inviting their first people too."""
    from inmind.families import queries as families

    if not policy.can(actor, "records.add_organization"):
        return []
    agencies = Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name")
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(account__is_active=True)
    alone = agencies.exclude(pk__in=held.exclude(organization=None).values("organization"))
    alone = alone.exclude(pk__in=families.serving_agencies())  # of those, `unanswered` tells
    return next_steps.of_administrator(agencies.count(), [(str(one.pk), one.name) for one in alone[:5]])


def _of_agency(actor: Actor, standing: Standing) -> list[Step]:
    """What an agency lacks, for those who run it and those who serve at it."""
    from inmind.families import queries as families
    from inmind.families.rota import State
    from inmind.workspace import queries

    may = {verb for verb in ("families.name_on_call", "families.register") if any(grants.of_role(standing.role, verb))}
    place = row_of(Organization, standing.organization) if may and standing.organization else None
    if place is None:
        return []
    on_call = families.reading(place).state is not State.NEVER
    if "families.name_on_call" in may:
        return next_steps.of_supervisor(
            has_visitor=families.holding_role(place, "home_visitor").exists(),
            has_clinician=families.holding_role(place, "clinician").exists(),
            on_call=on_call,
        )
    has_family = bool(families.newest(actor)) or queries.found_by(actor).exists()
    gave_over = not has_family and families.gave_over(actor)
    return next_steps.of_worker(has_family=has_family, on_call=on_call, gave_over=gave_over)


def _row(step: Step) -> dict[str, str]:
    at = f"?organization={step.at}" if step.at else ""
    return {
        "title": _(step.title) % {"agency": step.agency},
        "reason": _(step.reason),
        "url": reverse(step.goes) + at if step.goes else "",
        "button": _(step.button) if step.button else "",
    }
