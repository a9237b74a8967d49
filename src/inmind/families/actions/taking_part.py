"""Who takes part in an episode."""

from __future__ import annotations

from datetime import date

from inmind.access.privacy import stop_if_erased
from inmind.families.models import Episode, Participation
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.people.models import Person


def adults_of(episode: Episode) -> list[Participation]:
    rows = episode.participations.filter(part=Participation.Part.ADULT).select_related("person")
    return list(rows.order_by("created_at", "pk"))


def born(episode: Episode, person: Person) -> date | None:
    """The birth date of somebody, where the house keeps it: the child's."""
    return episode.dyad.birth_date if person.pk == episode.dyad.child_id else None


def check_taking_part(episode: Episode, *people: Person) -> None:
    """Raises BadInput for somebody of another family, or of another side of this one, and NotNow for who was erased."""
    there = set(episode.participations.values_list("person", flat=True))
    if any(person.pk not in there for person in people):
        raise BadInput(
            N_("This person does not take part here."), N_("Choose somebody of this family."), field="person"
        )
    stop_if_erased(person.pk for person in people)
