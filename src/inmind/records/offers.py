"""What records offer: the organizations, for those who keep them."""

from __future__ import annotations

from inmind.access import policy
from inmind.foundation.registries import NavItem, house
from inmind.foundation.values import N_


def offer() -> None:
    house.offer(
        NavItem(
            "organizations",
            N_("Organizations"),
            "organizations",
            70,
            shown=lambda actor: bool(policy.can(actor, "records.see_organizations")),
        )
    )
