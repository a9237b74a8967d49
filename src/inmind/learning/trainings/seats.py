"""Seats: who has one, who waits, to whom the next one is offered, and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_


class State(StrEnum):
    """How somebody stands to a training."""

    REGISTERED = "registered"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"


# What holds a seat: one that is offered is nobody else's until it was answered, or its time is over.
HOLDS = frozenset((State.REGISTERED, State.OFFERED))
MOST_SEATS = 100_000  # ours: more is a typing error


@dataclass(frozen=True, slots=True)
class Seats:
    """A training as its seats see it. seats: None where nobody counts them; held: taken or offered; waiting: without an offer."""

    is_open: bool
    starts_at: datetime | None
    seats: int | None = None
    held: int = 0
    waiting: int = 0
    is_called_off: bool = False

    @property
    def free(self) -> int | None:
        """How many are left for whoever comes; None where nobody counts them. Those who wait come first."""
        return None if self.seats is None else max(0, self.seats - self.held - self.waiting)


def takes(there: Seats, now: datetime) -> State:
    """What becomes of somebody who asks for a seat now: a seat, or a place on the waiting list.

    Raises NotNow where seats are not given out: called off, closed, begun.
    """
    if there.is_called_off:
        raise NotNow(N_("This training will not take place."), N_("Look for another one."))
    if there.starts_at is None or not there.is_open:
        raise NotNow(
            N_("Registration for this training is closed."), N_("The association that gives it can tell you more.")
        )
    if there.starts_at <= now:
        raise NotNow(
            N_("This training has begun."),
            N_("Seats are given out until its first meeting begins."),
            N_("The association that gives it can tell you more."),
        )
    return State.REGISTERED if there.free is None or there.free > 0 else State.WAITING


def adds(there: Seats, ends_at: datetime | None, now: datetime) -> State:
    """What becomes of somebody whom the association registers: as `takes`, and a seat for the meetings that are left once it has
    begun. Raises NotNow where none is left, and where the association itself has closed registration."""
    if there.is_called_off:
        raise NotNow(N_("This training will not take place."), N_("Look for another one."))
    if there.starts_at is None or ends_at is None or not there.is_open:
        raise NotNow(
            N_("Registration for this training is closed."), "", N_("Open it first on the page of the training.")
        )
    if ends_at <= now:
        raise NotNow(
            N_("This training is over."), "", N_("Who was there is written down on the page of each of its meetings.")
        )
    if there.starts_at > now:
        return takes(there, now)
    if there.seats is not None and there.seats <= there.held:
        raise NotNow(
            N_("Every seat of this training is taken."),
            N_("It has begun, and nobody waits for one any more."),
            N_("Let the training have more seats, and register them then."),
        )
    return State.REGISTERED


def walks_in(there: Seats, now: datetime) -> None:
    """Raises NotNow where nobody can have come without a registration: it was called off, or has not begun."""
    if there.is_called_off:
        raise NotNow(N_("This training will not take place."), N_("Nobody was there."))
    if there.starts_at is None or there.starts_at > now:
        raise NotNow(
            N_("This training has not begun."),
            N_("Until then somebody is registered, and nobody has come unasked."),
            N_("Register them on the page of the training."),
        )


def offers(there: Seats, now: datetime) -> int:
    """How many of those who wait are offered a seat now: none where it has begun, or will not take place."""
    if there.is_called_off or there.starts_at is None or there.starts_at <= now:
        return 0
    left = there.waiting if there.seats is None else max(0, there.seats - there.held)
    return min(left, there.waiting)


def answer_by(now: datetime, starts_at: datetime, hours: int) -> datetime:
    """Until when an offered seat can be taken: some hours, and never past the beginning."""
    return min(now + timedelta(hours=hours), starts_at)


def check_seats(seats: int | None, held: int) -> None:
    """Raises BadInput for fewer seats than are held."""
    if seats is None:
        return
    if seats > MOST_SEATS or seats < 1:
        raise BadInput(
            N_("So many seats cannot be."), N_("There is at least one; leave it empty to count none."), field="seats"
        )
    if seats < held:
        raise BadInput(
            N_("%(held)s seats are taken or offered already."),
            N_("There are at least as many seats as that."),
            N_("Write to those who should give theirs up first, or keep more seats."),
            field="seats",
            facts={"held": held},
        )


def price(cents_member: int, cents_other: int, *, is_member: bool) -> int:
    """What a seat costs somebody, in cents."""
    return cents_member if is_member else cents_other
