"""How families are taken in from a sheet: checked as intake checks, registered as registering does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from inmind.access.act import Act
from inmind.families import actions, intake
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Episode
from inmind.foundation.registries import house
from inmind.people.models import Organization
from inmind.records.columns import Facts


class Intake:
    """What `records/importing.py` asks of the room that keeps families."""

    parts = intake.PARTS

    def check(self, said: Facts, today: date) -> None:
        """Raises BadInput for a family that cannot be registered."""
        intake.check(_child(said), (_adult(said),), today=today)

    def register(
        self,
        act: Act,
        organization: Organization,
        families: Mapping[UUID, tuple[Facts, list[tuple[UUID, bool, Facts]]]],
    ) -> None:
        """Register new children, each with its adults: their ids, whether they are kept already, what is said."""
        told = [
            (_child(said, id), tuple(_adult(one, adult, known=known) for adult, known, one in adults))
            for id, (said, adults) in families.items()
        ]
        actions.register_many(act, organization=organization, families=told)

    def add(self, act: Act, organization: Organization, child: UUID, adult: UUID, known: bool, said: Facts) -> None:
        """Let one more adult take part in the episode of a child that this agency serves."""
        episode = Episode.objects.select_related("dyad__child", "organization").get(
            dyad__child=child, organization=organization, until__isnull=True
        )
        actions.add_adult(act, episode=episode, adult=_adult(said, adult, known=known))


def offer() -> None:
    house.intake = Intake()


def _child(said: Facts, id: UUID | None = None) -> ChildFacts:
    born = said.birth_date
    given = said.child_given_name if born else ""
    due, weeks = (None, said.gestation_weeks) if born else (said.due_date, None)
    return ChildFacts(given, said.child_family_name, born, due, weeks, id=id)


def _adult(said: Facts, id: UUID | None = None, *, known: bool = False) -> AdultFacts:
    return AdultFacts(
        said.given_name,
        said.family_name,
        said.part,
        said.language,
        said.phone,
        None,
        id=id,
        mail=said.mail,
        known=known,
    )
