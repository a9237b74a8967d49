"""What records offer: the organizations, for those who keep them."""

from __future__ import annotations

from inmind.access import policy
from inmind.foundation.registries import NavItem, house
from inmind.foundation.values import N_
from inmind.records import merging


def offer() -> None:
    house.forwarded = merging.forwarded
    house.offer(
        NavItem(
            "duplicates",
            N_("Duplicates"),
            "duplicates",
            72,
            shown=lambda actor: bool(policy.can(actor, "records.see_duplicates")),
        )
    )
    house.offer(
        NavItem(
            "organizations",
            N_("Organizations"),
            "organizations",
            70,
            shown=lambda actor: bool(policy.can(actor, "records.see_organizations")),
        )
    )
