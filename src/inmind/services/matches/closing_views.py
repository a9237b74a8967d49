"""Windows that close soon, for who holds the family: on Today and above the worklist of referrals, once for each family."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.foundation import clock
from inmind.services.matches import closing, queries
from inmind.services.matches.windows import Look
from inmind.services.referrals.models import Referral

SEE = "services.see_referral"
SHOWN = 8  # families at most; the worklist shows all that is under way


def panel(request: Any) -> dict[str, Any] | None:
    """The families of the reader for whom a window closes soon, with its day and the next step; the first first."""
    if not policy.can(request.actor, SEE):
        return None
    found: dict[Any, Referral] = {}
    for row in queries.closing_for(request.actor):
        found.setdefault(row.episode.dyad_id, row)
    shown = list(found.values())[:SHOWN]
    if not shown:
        return None
    subjects = {("person", row.about_id) for row in shown} | {("episode", row.episode_id) for row in shown}
    audit.read(request.actor, SEE, policy.can(request.actor, SEE), subjects=subjects)
    return {"rows": [_row(row) for row in shown], "more": len(found) > SHOWN, "asks": True}


def _row(row: Referral) -> dict[str, Any]:
    noted, today = row.window, clock.today(row.episode.organization.zone or settings.INSTALLATION.zone)
    look = Look(noted.closes, noted.place, noted.too_late or noted.closes <= today)
    return {
        "name": row.episode.dyad.called,
        "program": row.listing.name,
        "closes": clock.day(look.closes),
        "days": (look.closes - today).days,
        "next": _(closing.next_step(row.stands, look)),
        "url": reverse("referral", kwargs={"referral": row.pk}),
    }
