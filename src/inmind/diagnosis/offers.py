"""What diagnosis offers: how an assessment and a formulation are reached."""

from __future__ import annotations

from inmind.diagnosis.adapters.catalog import manual
from inmind.foundation.registries import Reach, house

_OF_ASSESSMENT = ("AssessedVisit", "DraftPart", "DraftRelationship", "DraftEnvironment")
_OF_FORMULATION = ("Given", "SignedRelationship", "SignedEnvironment", "ChosenCode")


def offer() -> None:
    house.files.append(manual)
    house.offer(
        Reach("diagnosis.Assessment", "families.Episode", prefix="episode"),
        Reach("diagnosis.Formulation", "families.Episode", prefix="episode"),
        *(Reach(f"diagnosis.{name}", "families.Episode", prefix="assessment__episode") for name in _OF_ASSESSMENT),
        *(Reach(f"diagnosis.{name}", "families.Episode", prefix="formulation__episode") for name in _OF_FORMULATION),
        Reach("diagnosis.PayerAllowance", "people.Organization", prefix="organization"),
    )
