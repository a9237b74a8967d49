"""What a visit without a signal offers: its paths, its place in the navigation."""

from __future__ import annotations

from django.db import models

from inmind.access import policy
from inmind.access.models import RoleAssignment
from inmind.foundation.registries import NavItem, Path, Reach, house
from inmind.foundation.values import N_


def offer() -> None:
    house.offer(
        Path(
            "own_paper",
            "away.Paper",
            holds=lambda standing, paper, on: paper.owner_id == standing.person and paper.episode_id is None,
            q=lambda standing, on: models.Q(owner=standing.person, episode__isnull=True),
            says="they typed it, and it names no family that they served",
        ),
        Path(
            "worked_here",
            "access.Account",
            holds=lambda standing, account, on: (
                RoleAssignment.objects.filter(account=account, organization=standing.organization).exists()
                if standing.organization
                else False
            ),
            q=lambda standing, on: models.Q(
                pk__in=RoleAssignment.objects.filter(
                    organization=standing.organization, organization__isnull=False
                ).values("account")
            ),
            says="the account holds a role, or has held one, at the organization where they hold theirs",
        ),
        Reach("away.Device", "access.Account", prefix="account"),
        Reach("away.Received", "access.Account", prefix="device__account"),
        Reach("away.Paper", "away.Paper"),
        Reach("away.Paper", "families.Episode", prefix="episode"),
        NavItem("away", N_("Without a signal"), "away", 27, shown=lambda actor: bool(policy.can(actor, "away.send"))),
    )
