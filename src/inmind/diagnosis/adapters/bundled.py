"""The release of ICD-10-CM that comes with a library, where it is installed: its file alone is read, never its program."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

LIBRARY = "simple_icd_10_cm"


def release_file() -> Path | None:
    """The tabular list in its publisher's own format; None where the library is not installed, or brings none."""
    spec = find_spec(LIBRARY)
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted((Path(spec.origin).parent / "data").glob("*tabular*.xml"))), None)
