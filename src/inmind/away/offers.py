"""What a visit without a signal offers: its paths, its panels, its place in the navigation."""

from __future__ import annotations

from django.db import models

from inmind.access import policy
from inmind.access.models import RoleAssignment
from inmind.away import device_views, paper_views, subscribers
from inmind.away.erasing import AWAY
from inmind.foundation.events import RoleEnded
from inmind.foundation.registries import NavItem, Panel, Path, Reach, house
from inmind.foundation.values import N_


def offer() -> None:
    house.listens(RoleEnded, "away.cut_off_who_left", subscribers.cut_off_who_left)
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
        AWAY,
        Panel("today", "away", 18, "away/today.html", paper_views.today),
        Panel("account", "away", 10, "away/account.html", device_views.account_panel),
        Panel("people", "away", 10, "away/people.html", device_views.people_panel),
        NavItem("away", N_("Without a signal"), "away", 27, shown=lambda actor: bool(policy.can(actor, "away.send"))),
    )
