"""Files are kept and removed as parts of other rooms' actions, which know what a paper proves and who may."""

from __future__ import annotations

import base64
from uuid import UUID

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased, stop_if_held
from inmind.documents.models import StoredFile, StoredPiece
from inmind.foundation.errors import NotNow
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person

PIECE = 48_000  # bytes of a piece: 64,000 letters, fewer than any reader of a table allows in a cell


@action("documents.keep")
def keep(
    act: Act, *, about: Person, organization: Organization, proves: tuple[str, UUID], kind: str, body: str
) -> StoredFile:
    """Keep the bytes of a file (`kinds.cleaned`), given as base64; the same file for the same record is kept once."""
    stop_if_erased([about.pk])
    plain = base64.b64decode(body)
    digest = vault.keyed_hash("file", plain)
    label, pk = proves
    same = StoredFile.objects.filter(proves=pk, digest=digest, removed_at__isnull=True).first()
    if same is not None:
        return same
    if act.actor.person is None:
        raise NotNow(N_("A person keeps this."))
    row = StoredFile.objects.create(
        about=about,
        organization=organization,
        proves_kind=label,
        proves=pk,
        kind=kind,
        size=len(plain),
        digest=digest,
        kept_by_id=act.actor.person,
    )
    keep_together(
        StoredPiece(file=row, about=about, number=number, body=base64.b64encode(plain[at : at + PIECE]).decode())
        for number, at in enumerate(range(0, len(plain), PIECE))
    )
    return row


@action("documents.remove")
def remove(act: Act, *, file: StoredFile) -> StoredFile:
    """Remove a file's bytes; that there was one stays. Raises NotNow while a legal hold stands."""
    stop_if_held([file.about_id])
    row = StoredFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
    if row.removed_at is not None:
        raise NotNow(N_("This file was removed already."))
    row.pieces.all().delete()
    row.removed_at, row.removed_by_id = act.now, act.actor.person
    row.save(update_fields=["removed_at", "removed_by"])
    return row
