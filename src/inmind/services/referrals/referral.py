"""A referral from its draft until it is closed: its states, who moves it, and what it still owes. Pure.

Sent is not received, and waiting is not connected: a family is connected from the first contact on, and no sooner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_


class State(StrEnum):
    """Where a referral stands."""

    DRAFTED = "drafted"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    CONTACTED = "contacted"
    STARTED = "started"
    ENDED = "ended"
    CLOSED = "closed"  # before anything started

    @property
    def is_connected(self) -> bool:
        """Whether the family has heard from the program. Pending is never connected."""
        return self in {State.CONTACTED, State.STARTED, State.ENDED}

    @property
    def is_over(self) -> bool:
        return self in {State.DECLINED, State.ENDED, State.CLOSED}


class By(StrEnum):
    """Who moves a referral."""

    SENDER = "sender"
    PROGRAM = "program"


class Why(StrEnum):
    """Why a family was not served, or why a service ended. Never the family's failing."""

    NO_FUNDS = "no_funds"
    NOT_ELIGIBLE = "not_eligible"
    NO_PLACE = "no_place"
    NOT_REACHED = "not_reached"
    FAMILY_CHOSE_OTHERWISE = "family_chose_otherwise"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    COMPLETED = "completed"
    MOVED_AWAY = "moved_away"
    GREW_OUT = "grew_out"  # the child is older than the program serves
    PROGRAM_ENDED = "program_ended"

    @property
    def is_the_systems(self) -> bool:
        """Whether it is the system that had nothing to give."""
        return self in {Why.NO_FUNDS, Why.NO_PLACE, Why.PROGRAM_ENDED}


NOT_SERVED = frozenset(
    (Why.NO_FUNDS, Why.NOT_ELIGIBLE, Why.NO_PLACE, Why.NOT_REACHED, Why.FAMILY_CHOSE_OTHERWISE, Why.CONSENT_WITHDRAWN)
)
ENDINGS = frozenset(Why) - {Why.NO_FUNDS, Why.NOT_ELIGIBLE}
# From where to where, by whom. Both may write down what the program told by telephone.
BOTH, SENDER, PROGRAM = frozenset(By), frozenset({By.SENDER}), frozenset({By.PROGRAM})
MOVES: Mapping[State, Mapping[State, frozenset[By]]] = {
    State.DRAFTED: {State.SENT: SENDER, State.CLOSED: SENDER},
    State.SENT: {
        **dict.fromkeys((State.RECEIVED, State.ACCEPTED, State.WAITLISTED, State.DECLINED), BOTH),
        State.CLOSED: SENDER,
    },
    State.RECEIVED: {**dict.fromkeys((State.ACCEPTED, State.WAITLISTED, State.DECLINED), BOTH), State.CLOSED: SENDER},
    State.ACCEPTED: {
        **dict.fromkeys((State.CONTACTED, State.STARTED, State.WAITLISTED, State.DECLINED), BOTH),
        State.CLOSED: SENDER,
    },
    State.WAITLISTED: {
        **dict.fromkeys((State.ACCEPTED, State.CONTACTED, State.STARTED, State.DECLINED), BOTH),
        State.CLOSED: SENDER,
    },
    State.CONTACTED: {**dict.fromkeys((State.STARTED, State.WAITLISTED, State.DECLINED), BOTH), State.CLOSED: SENDER},
    State.STARTED: {State.ENDED: BOTH},
    State.DECLINED: {},
    State.ENDED: {},
    State.CLOSED: {},
}
MOVED_ON = N_("The referral has gone on.")  # what closes a task about it
NEEDS_REASON = {State.DECLINED: NOT_SERVED, State.CLOSED: NOT_SERVED, State.ENDED: ENDINGS}


@dataclass(frozen=True, slots=True)
class Step:
    """That a referral came into a state: at a moment, dated on the day on which it happened."""

    state: State
    on: date
    at: datetime
    by: By
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """That somebody looks after a referral that is not connected yet: so many days after it was sent."""

    after_days: int
    due: date


def check_move(now: State, to: State, by: By, why: Why | None, *, on: date, today: date, since: date | None) -> None:
    """Whether a referral can go there. since: the day of its last step.

    Raises NotNow for a way that there is none, BadInput for a missing or wrong reason, and for a day that cannot be.
    """
    ways = MOVES[now]
    if to not in ways:
        raise NotNow(
            N_("This referral cannot go there from where it stands."),
            N_("Somebody may have answered it meanwhile."),
            N_("Look at how it stands now."),
        )
    if by not in ways[to]:
        raise NotNow(N_("This is for whoever sent the referral to say."), N_("The program answers; the sender closes."))
    reasons = NEEDS_REASON.get(to)
    if reasons is None and why is not None:
        raise BadInput(N_("A reason was given, and nothing ends here."), N_("Leave the reason out."), field="why")
    if reasons is not None and why not in reasons:
        raise BadInput(
            N_("The reason is missing."),
            N_("Why a family was not served, or why a service ended, is always written down."),
            N_("Choose one."),
            field="why",
        )
    if on > today:
        raise BadInput(N_("This day lies in the future."), N_("It is dated on the day it happened."), field="on")
    if since is not None and on < since:
        raise BadInput(N_("This day lies before the step before it."), N_("Check the date."), field="on")


def check_ahead(day: date | None, today: date, days: int, *, field: str, and_then: timedelta = timedelta(0)) -> None:
    """Raises BadInput for a day that lies more than so many days ahead (a setting of ours), or whose last repetition does
    (`and_then`): nobody means it."""
    if day is not None and day - today + and_then > timedelta(days):
        raise BadInput(
            N_("This day lies too far ahead."),
            N_("It is within %(days)s days from today."),
            N_("If it is later indeed, leave the day out and say so in words."),
            field=field,
            facts={"days": str(days)},
        )


def follow_ups(steps: Sequence[Step], after: Iterable[int] = (7, 30, 60)) -> tuple[FollowUp, ...]:
    """When somebody looks after a referral: counted from the day it was sent, while it is neither connected nor over.

    after: days, a setting shown as ours.
    """
    sent = next((step.on for step in steps if step.state is State.SENT), None)
    last = steps[-1].state if steps else State.DRAFTED
    if sent is None or last.is_connected or last.is_over:
        return ()
    return tuple(FollowUp(number, sent + timedelta(number)) for number in sorted(after))


def waited(steps: Sequence[Step], on: date) -> Iterator[tuple[State, int]]:
    """How many days a referral stood in each state, in order; the last until `on`, or none when it is over."""
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        end = after.on if after is not None else (step.on if step.state.is_over else on)
        yield step.state, (end - step.on).days


def diagram() -> str:
    """The states and the ways between them, as a Mermaid diagram, drawn from the table."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFTED}"]
    for state, ways in MOVES.items():
        lines += [f"    {state} --> {to}: {' or '.join(sorted(by))}" for to, by in ways.items()]
        lines += [f"    {state} --> [*]"] if not ways else []
    return "\n".join(lines) + "\n"
