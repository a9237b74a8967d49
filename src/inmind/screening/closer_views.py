"""Children's results that wait for a next step, on the family's page and on Today, until somebody wrote one down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.families import queries as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.screening import queries

SHOWN = 6


def plan_url(request: Any, episode: Episode) -> str:
    """Where a worry and its next step are written down; empty for who may not."""
    if not policy.can(request.actor, "families.hear", episode):
        return ""
    return f"{reverse('family_concern', args=[episode.dyad_id])}?episode={episode.pk}"


def dyad_panel(request: Any, *, dyad: Any, episode: Episode, on: Any) -> dict[str, Any] | None:
    """The child's own results that wait, each with the way to it; for the care team, which takes and reads them."""
    found = queries.closer_looks(request.actor, [episode.pk]).get(episode.pk, [])
    if not found:
        return None
    _read(request, [episode])
    rows = [{"name": one.name, "day": clock.day(one.on), "url": reverse("screen", args=[one.screen])} for one in found]
    return {"rows": rows, "url": plan_url(request, episode)}


def today_panel(request: Any) -> dict[str, Any] | None:
    """The families this reader serves in which such a result waits, the longest waiting first: a line each."""
    if not policy.can(request.actor, "screening.begin"):
        return None
    found = queries.closer_looks(request.actor, families.newest(request.actor))
    first = sorted(found, key=lambda pk: (found[pk][0].on, pk))
    shown: dict[UUID, Episode] = families.of_ids(first[:SHOWN])
    if not shown:
        return None
    _read(request, shown.values())
    rows = [
        {
            "title": one.dyad.called,
            "reason": _("%(names)s, %(day)s")
            % {"names": ", ".join(each.name for each in found[pk]), "day": clock.day(found[pk][0].on)},
            "url": house.pages["families.Episode"](one),
        }
        for pk, one in shown.items()
    ]
    return {"rows": rows, "more": len(found) - len(rows), "asks": True}


def _read(request: Any, shown: Iterable[Episode]) -> None:
    """Audit what is shown of children's screens."""
    subjects = {("person", one.dyad.child_id) for one in shown} | {("dyad", one.dyad_id) for one in shown}
    audit.read(request.actor, "screening.see", policy.can(request.actor, "screening.see"), subjects=subjects)
