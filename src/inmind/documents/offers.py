"""What documents offer: what is held about somebody in files, and what is left of it when she is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inmind.documents.erasing import FILES
from inmind.documents.kinds import KINDS, Kind
from inmind.documents.models import StoredFile
from inmind.foundation import clock
from inmind.foundation.registries import Told, house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Person


def offer() -> None:
    house.offer(
        FILES,
        Told("files", 55, N_("Scans and photos of papers"), held, N_("Scans and photos: the care team prints them.")),
    )


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """That papers about somebody are kept as files, for those who may read them; the papers themselves are hers already."""
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    rows = StoredFile.objects.filter(about=person, organization=verdict.organization, removed_at__isnull=True)
    return [
        {
            _("Kept on"): clock.local(one.created_at, one.organization.zone),
            _("What"): _(KINDS[Kind(one.kind)][0]),
        }
        for one in rows.select_related("organization").order_by("created_at", "pk")
    ]
