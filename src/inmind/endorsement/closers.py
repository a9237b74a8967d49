"""What would close a line: an event with a free seat, a group with an open place, a session that waits to be confirmed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.readiness import Finding, Standing, look
from inmind.endorsement.standards import RscHours, TrainingHours


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be gone to: what it would add, on its last day; seats: free ones, None where nobody counts them."""

    key: str
    name: str
    adds: tuple[Training | Session, ...]
    seats: int | None = None

    @property
    def last(self) -> date:
        return max(one.on for one in self.adds)


@dataclass(frozen=True, slots=True)
class Closer:
    """An offer and how the line would stand after it: met, or so much less missing, in the line's unit."""

    offer: Offer
    closes: bool
    missing: int


def closers(finding: Finding, has: Portfolio, offers: Iterable[Offer], on: date) -> tuple[Closer, ...]:
    """The offers ahead that bring a line of hours nearer: those that close it first, then the soonest."""
    needs = next((one for one in finding.requirement.any_of if isinstance(one, TrainingHours | RscHours)), None)
    if needs is None or finding.line.standing is Standing.MET:
        return ()
    found = []
    for offer in offers:
        if offer.seats == 0 or not offer.adds or offer.last <= on:
            continue
        after = look(needs, _with(has, offer), offer.last)
        before = look(needs, has, offer.last)
        if after.missing < before.missing or after.standing > before.standing:
            found.append(Closer(offer, after.standing is Standing.MET, after.missing))
    return tuple(sorted(found, key=lambda one: (not one.closes, one.offer.last, one.missing, one.offer.key)))


def _with(has: Portfolio, offer: Offer) -> Portfolio:
    trainings = tuple(one for one in offer.adds if isinstance(one, Training))
    sessions = tuple(one for one in offer.adds if isinstance(one, Session))
    return replace(has, trainings=(*has.trainings, *trainings), sessions=(*has.sessions, *sessions))
