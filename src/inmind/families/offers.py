"""What families offer: the paths through an episode, and the navigation to families."""

from __future__ import annotations

from datetime import date

from django.db import models

from inmind.access.actors import Standing
from inmind.families.models import Assignment, Episode
from inmind.foundation.models import in_force
from inmind.foundation.registries import Path, Reach, house


def offer() -> None:
    house.offer(
        Path("care_team", "families.Episode", holds=_on_the_team, q=_team),
        Path("agency_episode", "families.Episode", holds=_of_the_agency, q=_agency),
        Reach("families.Episode", "families.Episode"),
        Reach("families.Episode", "people.Organization", prefix="organization"),
        Reach("families.Dyad", "families.Episode", through="families.Episode", mine="dyad_id"),
        Reach("families.Visit", "families.Episode", prefix="episode"),
        Reach("people.Person", "families.Episode", through="families.Participation", mine="person_id", prefix="episode"),
    )


def _runs(episode: Episode, on: date) -> bool:
    return episode.since <= on and (episode.until is None or on < episode.until)


def _of_the_agency(standing: Standing, episode: Episode, on: date) -> bool:
    return standing.organization is not None and episode.organization_id == standing.organization and _runs(episode, on)


def _agency(standing: Standing, on: date) -> models.Q:
    return models.Q(organization=standing.organization) & in_force(on)


def _on_the_team(standing: Standing, episode: Episode, on: date) -> bool:
    return _of_the_agency(standing, episode, on) and Assignment.in_force(on).filter(
        episode=episode, worker=standing.person
    ).exists()


def _team(standing: Standing, on: date) -> models.Q:
    mine = Assignment.in_force(on).filter(worker=standing.person).values("episode")
    return models.Q(pk__in=mine) & _agency(standing, on)
