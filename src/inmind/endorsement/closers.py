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
    """Something that can be gone to: what it would add, on its last day; seats: free ones, None where nobody counts them.

    repeats: it goes on, and `adds` is one time of it, such as one session of a group.
    """

    key: str
    name: str
    adds: tuple[Training | Session, ...]
    seats: int | None = None
    repeats: bool = False

    @property
    def last(self) -> date:
        return max(one.on for one in self.adds)


@dataclass(frozen=True, slots=True)
class Closer:
    """An offer and how the line would stand after it: met, or so much less missing, in the line's unit.

    times: after how many times of it; no more than help.
    """

    offer: Offer
    closes: bool
    missing: int
    times: int = 1


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
            times = _times(needs, has, offer, before.missing, after.missing) if offer.repeats else 1
            whole = look(needs, _with(has, offer, times), offer.last)
            found.append(Closer(offer, whole.standing is Standing.MET, whole.missing, times))
    return tuple(sorted(found, key=lambda one: (not one.closes, one.offer.last, one.missing, one.offer.key)))


def _times(needs: TrainingHours | RscHours, has: Portfolio, offer: Offer, before: int, after: int) -> int:
    """How often it brings something: until nothing is missing, or until what is missing cannot be had there."""
    each = before - after
    if each <= 0:
        return 1
    most = -(-before // each)
    left = look(needs, _with(has, offer, most), offer.last).missing
    return -(-(before - left) // each)


def _with(has: Portfolio, offer: Offer, times: int = 1) -> Portfolio:
    trainings = tuple(one for one in offer.adds if isinstance(one, Training)) * times
    sessions = tuple(one for one in offer.adds if isinstance(one, Session)) * times
    return replace(has, trainings=(*has.trainings, *trainings), sessions=(*has.sessions, *sessions))
