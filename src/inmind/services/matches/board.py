"""The listings beside a family, sorted into what a person looks for: open now, to be asked first, later, and not. Pure.

A right stands by itself, beside everything and never instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inmind.services.fitting.eligibility import State
from inmind.services.fitting.matching import Found
from inmind.services.fitting.program import Program


@dataclass(frozen=True, slots=True)
class Board:
    """now, ask, later: each best first, as `matching.matches` sorts; rights: entitlements that are not closed; not_now: what
    does not fit, with its reasons."""

    now: tuple[Found, ...]
    ask: tuple[Found, ...]
    later: tuple[Found, ...]
    rights: tuple[Found, ...]
    not_now: tuple[Found, ...]

    def instead_of(self, late: Found) -> Found | None:
        """What fits in the place of something whose place would come too late: the best that is open and has a place in time,
        else the best that is open. Only programs stand in for a program."""
        if not late.comes_too_late:
            return None
        fitting = [one for one in (*self.now, *self.ask) if one.match is not None]
        return next((one for one in fitting if one.starts is not None), fitting[0] if fitting else None)


def board(found: Iterable[Found], programs: Mapping[str, Program]) -> Board:
    """The listings in their lists. found: as `matching.matches` answers."""
    rows: dict[State | None, list[Found]] = {state: [] for state in (*State, None)}
    for one in found:
        program = programs.get(one.listing.program)
        is_right = program is not None and program.is_entitlement and one.state is not State.NO
        rows[None if is_right else one.state].append(one)
    return Board(*(tuple(rows[key]) for key in (State.NOW, State.ASK, State.LATER, None, State.NO)))
