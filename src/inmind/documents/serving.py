"""A kept file as it leaves: never run, never kept by a browser, never under a name that tells something."""

from __future__ import annotations

from django.http import HttpResponse

from inmind.documents import queries
from inmind.documents.kinds import KINDS, Kind
from inmind.documents.models import StoredFile


def served(file: StoredFile) -> HttpResponse:
    """The bytes of a file, to keep on one's device. Whoever calls has asked who may see it, and audited that."""
    kind = Kind(file.kind)
    answer = HttpResponse(queries.bytes_of(file), content_type=KINDS[kind][1])
    answer["Content-Disposition"] = f'attachment; filename="scan.{kind.value}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store, private"
    return answer
