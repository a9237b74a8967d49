"""Files that are kept for a record, and the bytes of one."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from uuid import UUID

from inmind.access import vault
from inmind.documents.models import StoredFile
from inmind.foundation.errors import InMindError
from inmind.foundation.values import N_


class Altered(InMindError):
    """The bytes are not those that were kept."""

    status = 500

    def __init__(self) -> None:
        super().__init__(
            N_("This file is not as it was kept."),
            N_("Its bytes were changed or are not all there."),
            N_("Ask the administrator to look at the trail, and for the backup."),
        )


def kept_for(records: Iterable[UUID]) -> list[StoredFile]:
    """The files that are kept for some records, the oldest first."""
    rows = StoredFile.objects.filter(proves__in=list(records), removed_at__isnull=True)
    return list(rows.select_related("kept_by").order_by("created_at", "pk"))


def holds(file: StoredFile) -> bool:
    """Whether the bytes of a file are those that were kept."""
    try:
        return digest_of(file) == file.digest
    except (vault.CannotUnseal, ValueError, TypeError):
        return False


def digest_of(file: StoredFile) -> str:
    """The digest of the bytes as they lie here, by the key of this installation."""
    return vault.keyed_hash("file", _plain(file))


def bytes_of(file: StoredFile) -> bytes:
    """The bytes of a file. Raises Altered where they are not those that were kept."""
    plain = _plain(file)
    if vault.keyed_hash("file", plain) != file.digest:
        raise Altered
    return plain


def _plain(file: StoredFile) -> bytes:
    pieces = file.pieces.order_by("number").values_list("pk", flat=True)
    return joined(file.pieces.get(pk=pk).body for pk in pieces)


def joined(pieces: Iterable[str]) -> bytes:
    """Bytes that lie in pieces, in their order."""
    return b"".join(base64.b64decode(one) for one in pieces)
