"""A kept file as it leaves: never run, never kept by a browser, never under a name that tells something."""

from __future__ import annotations

from django.http import HttpResponse

from inmind.documents import queries
from inmind.documents.kinds import KINDS, Kind
from inmind.documents.models import StoredFile
from inmind.foundation.leaving import leaving


def served(file: StoredFile) -> HttpResponse:
    """The bytes of a file, to keep on one's device. Whoever calls has asked who may see it, and audited that."""
    kind = Kind(file.kind)
    answer = leaving(queries.bytes_of(file), KINDS[kind][1], f"scan.{kind.value}")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def shown(kind: Kind, body: bytes) -> HttpResponse:
    """A picture to be seen within a page of ours, and nowhere else."""
    answer = HttpResponse(body, content_type=KINDS[kind][1])
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store, private"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
