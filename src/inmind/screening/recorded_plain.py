"""What a recorded result says in plain words to the family: strengths first, never a number, never a diagnosis. Pure.

`%(child)s` is the child's given name, `%(scales)s` the names of the scales concerned, in the family's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inmind.foundation.values import N_
from inmind.screening.plain import CLOSER_LOOK, NOT_A_DIAGNOSIS, WORRY
from inmind.screening.recorded import RecordedTool

STRENGTHS = N_("The form shows strengths of %(child)s: %(scales)s.")
CHILD_CLOSER_LOOK = N_("Some of it is worth a closer look together: %(scales)s.")
LOOK_TOGETHER = N_("We keep the numbers of the form and look at them together with you.")

OF_STRENGTH = frozenset({"strength", "protective_strength"})
OF_CLOSER_LOOK = frozenset(
    {
        *("below_cutoff_refer", "at_or_above_cutoff", "area_of_need", "protective_need", "behavioural_concern"),
        *("high", "clinically_significant"),
    }
)


OF_CLOSER_ZONE = frozenset({"below", "above"})


def asks(band: str, zone: str) -> bool:
    """Whether a number is worth a closer look, by a band of ours or by what the form itself says of it."""
    return band in OF_CLOSER_LOOK or zone in OF_CLOSER_ZONE


def disagree(band: str, zone: str) -> bool:
    """Whether a public cut-off and what was copied from the form say different things of one number."""
    return bool(band and zone) and (band in OF_CLOSER_LOOK) != (zone in OF_CLOSER_ZONE)


def sentences(
    tool: RecordedTool, bands: Mapping[str, str], zones: Mapping[str, str] | None = None
) -> list[tuple[str, Sequence[str]]]:
    """What to say, passage by passage, marked for translation, each with the keys of the scales that it names.

    bands: scale key -> its band, empty where it has none; zones: what the form itself says of it, where that was copied.
    Of an adult's own form no scale is named.
    """
    strong = [key for key, band in bands.items() if band in OF_STRENGTH]
    closer = [key for key, band in bands.items() if asks(band, (zones or {}).get(key, ""))]
    said: list[tuple[str, Sequence[str]]] = [(STRENGTHS, strong)] if strong else []
    if closer:
        said.append((CHILD_CLOSER_LOOK, closer) if tool.is_about_a_child else (CLOSER_LOOK, ()))
    return [*(said or [(LOOK_TOGETHER, ())]), (NOT_A_DIAGNOSIS, ()), (WORRY, ())]
