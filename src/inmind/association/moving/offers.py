"""What moving in offers: its way in the navigation, its jobs, and what becomes of an export when somebody is erased."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import policy
from inmind.access.actors import machine
from inmind.association.moving import actions, erasing, queries, taking
from inmind.association.moving.models import ContactSheet
from inmind.foundation.registries import Panel, Reach, house
from inmind.jobs.models import Job


def offer() -> None:
    house.offer(
        *(
            Reach(f"association.{model}", "people.Organization", prefix="association")
            for model in ("ContactSheet", "ColumnsSaid", "LevelSaid", "AgencySaid", "CameAs", "Label")
        ),
        *(Reach(f"association.{model}", "people.Person", prefix="person") for model in ("CameAs", "Label")),
        erasing.EXPORTS,
        Panel("today", "moving", 26, "association/moving/queue.html", queue),
    )
    house.handles("association.move_in", move_in)
    house.handles("association.discard_contacts", discard_contacts)
    house.every(86_400, "association.discard_contacts", "association.discard_contacts")
    house.reseals.append(taking.reseal_all)


def move_in(job: Job) -> None:
    """The next rows of an export; each stretch leaves the job of the next one."""
    sheet = ContactSheet.objects.get(pk=job.payload["sheet"])
    said = {"phase": job.payload["phase"], "start": job.payload["start"]}
    actions.move_in(machine("association.move_in"), key=f"job:{job.pk}", sheet=sheet, **said)


def discard_contacts(job: Job) -> None:
    actions.discard_contacts(machine("association.discard_contacts"), key=f"job:{job.pk}")


def queue(request: Any) -> dict[str, Any] | None:
    """The exports that wait for somebody to go on, for who keeps the association: by their numbers, without a name."""
    if not policy.can(request.actor, "association.see_moving"):
        return None
    rows = []
    for sheet in queries.waiting(request.actor):
        left = queries.undecided(sheet)
        if left and sheet.state == ContactSheet.State.TAKEN:
            title = ngettext("%(count)s doubtful row to decide", "%(count)s doubtful rows to decide", left)
        else:
            title = _("A member export on its way in")
        rows.append(
            {
                "title": title % {"count": left},
                "reason": _("It waits until you say what comes next."),
                "url": reverse("moved", kwargs={"moved": sheet.pk}),
                "button": _("Open"),
            }
        )
    return {"rows": rows, "asks": True} if rows else None
