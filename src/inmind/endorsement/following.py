"""How endorsements follow when two records turn out to be one person."""

from __future__ import annotations

from typing import Any

from inmind.endorsement.models import Endorsement
from inmind.foundation.registries import Holding


def _follows(mover: Any, row: Endorsement, to: Any) -> None:
    """Where both records hold one category, the one that began first ends as the other begins, so that no day is lost; of two
    from one day one is set aside, the emerging one if there is one. What is confirmed of the cycle goes over first."""
    of = {"association": row.association_id, "category": row.category, "credential": row.credential, "until": None}
    twin = Endorsement.objects.filter(person=to, **of).first() if row.until is None else None
    if twin is not None:
        first, then = sorted((row, twin), key=lambda one: (one.since, not one.is_emerging))
        for renewed in first.renewals.filter(until__gt=then.since).order_by("since"):
            mover.change(renewed, "endorsement", then)
        if first.since == then.since:
            mover.set_aside(first)
        else:
            mover.change(first, "until", then.since)
            mover.change(first, "ended_why", Endorsement.Why.MOVED.value)
        if first is row and first.since == then.since:
            return
    mover.change(row, "person", to)


ENDORSEMENTS = Holding("endorsement.Endorsement", "person", follow=_follows)
