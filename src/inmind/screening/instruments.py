"""Everything about instruments under one name, for whoever uses them. Pure.

One is built from its catalog file by `instrument_file.py`; `adapters/catalog.py` holds those that are installed.
"""

from __future__ import annotations

from inmind.screening.answers import Answers, Positions, from_positions
from inmind.screening.instrument import Instrument
from inmind.screening.instrument_catalog import Catalog
from inmind.screening.instrument_parts import (
    Accuracy,
    AgeRange,
    Band,
    BlankRule,
    Codes,
    CountingRule,
    CriticalItem,
    Cutoff,
    FirstStage,
    Item,
    Licence,
    MonthlyCutoffs,
    PublishedTotal,
    Stratum,
    Subject,
    Subscale,
    Unbanded,
    Unknown,
    Unscored,
    Version,
)

__all__ = [
    "Accuracy",
    "AgeRange",
    "Answers",
    "Band",
    "BlankRule",
    "Catalog",
    "Codes",
    "CountingRule",
    "CriticalItem",
    "Cutoff",
    "FirstStage",
    "Instrument",
    "Item",
    "Licence",
    "MonthlyCutoffs",
    "Positions",
    "PublishedTotal",
    "Stratum",
    "Subject",
    "Subscale",
    "Unbanded",
    "Unknown",
    "Unscored",
    "Version",
    "from_positions",
]
