"""What an agreement to hold and be held can say. Pure.

No cap on a group's size and no rhythm was found in any source, so none is asked (`endorsement.yaml`: `group_size_max`,
`frequency_min`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from datetime import date

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.reflection.finding import Format

MOST_CENTS = 100_000_00  # ours: a slip of the finger
MOST_SEATS = 200  # ours: the same
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,23}")


def check(
    format: Format,
    provider: Hashable | None,
    people: Collection[Hashable],
    *,
    since: date,
    until: date | None,
    seats: int | None,
    cents: int | None,
) -> None:
    """Raises BadInput for an agreement that cannot be."""
    if provider is not None and provider in people:
        raise BadInput(N_("Nobody is held by themselves."), N_("Choose somebody else."), field="person")
    if (provider is None) != (format is Format.PEER):
        raise BadInput(
            N_("It is not said who gives the sessions."), N_("Among peers alone nobody does."), field="provider"
        )
    if format is Format.INDIVIDUAL and len(people) != 1:
        raise BadInput(N_("One to one is for one person."), N_("For more people, choose a group."), field="format")
    if until is not None and until <= since:
        raise BadInput(N_("The end is not after the beginning."), N_("Check the dates."), field="until")
    if seats is not None and not max(1, len(people)) <= seats <= MOST_SEATS:
        raise BadInput(
            N_("There are fewer places than people, or too many."), N_("Say how many can be held."), field="seats"
        )
    if cents is not None and not 0 <= cents <= MOST_CENTS:
        raise BadInput(N_("This price cannot be right."), N_("Write it in dollars, such as 45."), field="price")


def codes(holds: Collection[str]) -> str:
    """Codes of endorsement as they are kept, joined by spaces. Raises ValueError for what is no code."""
    if wrong := [one for one in holds if not _CODE.fullmatch(one)]:
        raise ValueError(f"{wrong[0]!r} is no code of a category")
    return " ".join(sorted(holds))
