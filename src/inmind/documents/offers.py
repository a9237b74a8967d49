"""What documents offer: what is held about somebody in files, and what is left of it when she is erased."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from inmind.documents import queries
from inmind.documents.adapters import typesetter
from inmind.documents.erasing import FILES
from inmind.documents.kinds import KINDS, Kind
from inmind.documents.models import StoredFile
from inmind.foundation import clock
from inmind.foundation.registries import Finding, Grade, Keyed, Told, house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Person


def offer() -> None:
    house.checks.append(papers_are_made)
    house.offer(
        FILES,
        Keyed("documents.StoredFile", "digest", queries.holds, queries.digest_of),
        Told("files", 55, N_("Scans and photos of papers"), held, N_("Scans and photos: the care team prints them.")),
    )


def papers_are_made() -> Iterable[Finding]:
    """Whether a letter, a release or a report can be made on this machine: one is typeset, and thrown away."""
    try:
        whole = typesetter.prints_other_scripts()
    except (typesetter.NotMade, OSError):
        yield Finding(
            "papers",
            Grade.HAND,
            "No PDF can be made on this machine: letters and releases wait for it, or are told in another way.",
            "Install what InMind needs once more (requirements/base.txt), see that memory is free and that a program may be "
            "started, and run this again.",
        )
        return
    if whole:
        says = "A PDF is made, also with names in Greek, Cyrillic, Hebrew and Arabic, which stand in another font than ours."
        yield Finding("papers", Grade.WELL, says)
    else:
        yield Finding(
            "papers",
            Grade.NOTE,
            "A PDF is made, and names in Greek, Cyrillic, Hebrew or Arabic stand in brackets in it.",
            "Install what InMind needs once more (requirements/base.txt): the typesetter comes without its own fonts.",
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
