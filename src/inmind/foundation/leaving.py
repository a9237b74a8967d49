"""How a file goes out: kept on one's device, by no browser, and under a name that tells nothing of anybody.

Whoever calls has asked who may have it, and it stands in the trail before it leaves.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from inmind.foundation import clock, text

CSV = "text/csv; charset=utf-8"
MARK = "\ufeff"  # by which a spreadsheet knows how accents are written
_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def leaving(made: bytes | str, content_type: str, name: str) -> HttpResponse:
    """What was made for one reader. name: the kind of file, and a day at the most."""
    return _on_ones_device(HttpResponse(made, content_type=content_type), name)


def flowing(made: Iterable[str], content_type: str, name: str) -> StreamingHttpResponse:
    """The same, written while it goes, where it is too long to be held at once."""
    return _on_ones_device(StreamingHttpResponse(made, content_type=content_type), name)


def paper(made: bytes, kind: str = "paper") -> HttpResponse:
    """A paper as it leaves; by its name no more is told than its kind, where nobody's life shows in that (`invoice`), and the
    day on which it was taken."""
    return leaving(made, "application/pdf", f"{kind}-{clock.now():%Y-%m-%d}.pdf")


def sheet(rows: Iterable[Iterable[object]], *, mark: str = MARK) -> Iterator[str]:
    """The lines of a sheet; no words in it are what a spreadsheet would run. mark: none, where a program reads it."""
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([text.cell(one) if isinstance(one, str) else one for one in row])
        yield mark + line.getvalue()
        mark = ""


def _on_ones_device(answer: _Answer, name: str) -> _Answer:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
