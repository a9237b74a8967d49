"""How endorsements follow when two records turn out to be one person."""

from __future__ import annotations

from typing import Any

from inmind.endorsement.models import Endorsement
from inmind.foundation.registries import Holding


def _follows(mover: Any, row: Endorsement, to: Any) -> None:
    """One that the record that stays holds already is set aside, and what was confirmed of it goes over first."""
    of = {"association": row.association_id, "category": row.category, "credential": row.credential, "until": None}
    twin = Endorsement.objects.filter(person=to, **of).first() if row.until is None else None
    if twin is None:
        mover.change(row, "person", to)
        return
    for renewed in row.renewals.order_by("since"):
        mover.change(renewed, "endorsement", twin)
    mover.set_aside(row)


ENDORSEMENTS = Holding("endorsement.Endorsement", "person", follow=_follows)
