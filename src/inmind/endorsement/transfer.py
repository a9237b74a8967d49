"""A holder, or somebody on the way, moves to another state's association: what is honoured, what differs, what is asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inmind.endorsement.adoption import Change, changes
from inmind.endorsement.portfolio import Portfolio
from inmind.endorsement.readiness import Readiness, readiness
from inmind.endorsement.renewal import Due, Holding, Renewal, due
from inmind.endorsement.standards import Edition, binding
from inmind.foundation.values import N_

HONOURED_SOURCE = "scimha.org FAQ"  # endorsement.yaml: transfer.reciprocity_within_alliance, high
WHERE_SOURCE = "itmhca.org; neinfantmentalhealth.org; aimhitn.org; mi-aimh.org"  # transfer.apply_where, high
# endorsement.yaml: transfer.transfer_procedure is unknown, and so is each of these.
UNKNOWN = (
    N_("Which form do you use for a transfer?"),
    N_("What does a transfer cost?"),
    N_("What becomes of the entry in the registry where I was?"),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """How an endorsement stands with another association. honoured None: no source says; `asks` are put to its coordinator.

    before, after: what is due in the cycle of the day here, and there.
    """

    holds: Holding
    honoured: bool | None
    says: str
    source: str
    asks: tuple[str, ...]
    before: Due
    after: Due


@dataclass(frozen=True, slots=True)
class Compared:
    """How near somebody on the way is in each place; lines that stand differently there. One row for each edition that may bind
    there, beside the same edition here, or else the newest."""

    here: Readiness
    there: Readiness
    changes: tuple[Change, ...]


def holder(
    holds: Holding, there: Sequence[Edition], regimes: tuple[Renewal, Renewal], has: Portfolio, on: date
) -> Moved:
    """A holder moves: the same category is honoured within the Alliance. there: the other association's editions; regimes: how
    endorsements are renewed here, and there."""
    known = [one for one in there if one.category == holds.category]
    if not known:
        honoured, says = None, N_("This category is not known there. Ask the coordinator there.")
    elif all(one.retired for one in known):
        honoured, says = None, N_("This category is given no more. Ask the coordinator there what stands in its place.")
    else:
        honoured, says = True, N_("The same category is honoured by another association of the Alliance.")
    here, elsewhere = regimes
    return Moved(
        holds=holds,
        honoured=honoured,
        says=says,
        source=HONOURED_SOURCE if honoured else "",
        asks=UNKNOWN,
        before=due(here, holds, has, on),
        after=due(elsewhere, holds, has, on),
    )


def on_the_way(
    category: str, here: Sequence[Edition], there: Sequence[Edition], has: Portfolio, on: date
) -> tuple[Compared, ...]:
    """Somebody who works toward a category moves: nothing that was gathered is lost, and each line is read by the rules there."""
    mine = binding([one for one in here if one.category == category], on)
    pairs = []
    for theirs in binding([one for one in there if one.category == category], on) if mine else ():
        beside = next((one for one in mine if one.edition == theirs.edition), mine[-1])
        before, after = readiness(beside, has, on), readiness(theirs, has, on)
        pairs.append(Compared(before, after, changes(before, after)))
    return tuple(pairs)
