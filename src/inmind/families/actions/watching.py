"""What is asked of those who watch over privacy at an agency."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from inmind.access.act import Act
from inmind.families.queries import who_else, who_watches
from inmind.messages import actions as messages
from inmind.people.models import Organization, Person
from inmind.tasks import actions as tasks

WITHIN = timedelta(days=1)  # ours: until then the officer asks why, and closes the task with the answer


def ask_who_watches(
    act: Act,
    organization: Organization,
    but: set[UUID],
    *,
    why: str,
    subject: Person,
    about_kind: str,
    about_id: UUID,
    within: timedelta = WITHIN,
) -> None:
    """A task for the first of those who watch over privacy at the agency, and a letter of the same name to each; never to
    those whom it is about. Where that leaves nobody, who runs the house has a letter that names the agency alone."""
    watching = who_watches(organization, but)
    for person in watching[:1]:
        tasks.owe(
            act,
            to=person,
            organization=organization,
            subject=subject,
            why=why,
            about_kind=about_kind,
            about_id=about_id,
            within=within,
        )
    for person in watching:
        messages.tell(act, to=person, template=why, about_kind=about_kind, about_id=about_id)
    for person in () if watching else who_else(organization, but):
        messages.tell(act, to=person, template="nobody_watches", facts={"place": organization.name})
