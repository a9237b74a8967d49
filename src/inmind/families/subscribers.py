"""What families do when they hear that one of them was opened by emergency access, which its privacy officer is told at
once, or that a next step was not taken in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.access.models import EmergencyAccess
from inmind.families.models import Episode
from inmind.families.queries import holding_role
from inmind.foundation import clock
from inmind.foundation.events import EmergencyOpened, TaskUnanswered
from inmind.foundation.registries import Reason
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

ABOUT = "access.EmergencyAccess"
CONCERN = "families.Concern"
WITHIN = timedelta(days=1)  # ours: until then the officer asks why, and closes the task with the answer


def tell_privacy_officer(act: Act, event: EmergencyOpened) -> None:
    """A task for the agency's privacy officer, and a letter to each of them; where there is none, to its supervisors.

    Never to whoever opened it, who could otherwise close the question about themselves.
    """
    opened = EmergencyAccess.objects.select_related("organization").get(pk=event.access)
    episode = Episode.objects.select_related("dyad__child").get(pk=event.episode)
    watching = _who_watches(opened)
    act.concerns(episode)
    for number, person in enumerate(watching):
        if number == 0:
            tasks.owe(
                act,
                to=person,
                organization=opened.organization,
                subject=episode.dyad.child,
                why="emergency_access",
                about_kind=ABOUT,
                about_id=opened.pk,
                within=WITHIN,
            )
        messages.tell(act, to=person, template="emergency_access", about_kind=ABOUT, about_id=opened.pk)


def _who_watches(opened: EmergencyAccess) -> list[Person]:
    for role in ("privacy_officer", "agency_supervisor"):
        people = list(holding_role(opened.organization, role).exclude(pk=opened.person_id))
        if people:
            return people
    return []


def emergency(actor: Any, task: Any) -> Reason:
    """The words of the task, for who watches over privacy."""
    opened = EmergencyAccess.objects.select_related("person", "organization").filter(pk=task.about_id).first()
    if opened is None:
        return Reason(_("A family was opened by emergency access"), "")
    said = _("%(who)s opened this family at %(when)s and wrote: “%(why)s” Until %(until)s it stays open.") % {
        "who": opened.person.name,
        "when": clock.local(opened.created_at, opened.organization.zone),
        "why": opened.reason,
        "until": clock.local(opened.until, opened.organization.zone),
    }
    asks = _("Speak with them, look at who looked, end it if it should not go on, and write down what you found.")
    return Reason(
        _("A family was opened by emergency access"), f"{said} {asks}", reverse("privacy"), _("Emergency access")
    )


def remind(act: Act, event: TaskUnanswered) -> None:
    """Write to its owner, unless she has left the agency, and to the agency's supervisors, who can hand it over."""
    if event.about_kind != CONCERN:
        return
    task = Task.objects.select_related("owner", "organization").get(pk=event.task)
    if task.closed_at is not None:
        return
    people = set(holding_role(task.organization, "agency_supervisor"))
    if holding_role(task.organization).filter(pk=task.owner_id).exists():
        people.add(task.owner)
    act.concerns(task)
    for person in sorted(people, key=lambda one: str(one.pk)):
        messages.tell(
            act,
            to=person,
            template="next_step_waits",
            facts={"task": str(task.pk)},
            about_kind=CONCERN,
            about_id=task.about_id,
        )
