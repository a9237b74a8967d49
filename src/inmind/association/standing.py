"""How somebody stands with an association on a day, and which reminder is due. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inmind.association.periods import MOST_GRACE_DAYS
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class State(StrEnum):
    """How somebody stands."""

    ACTIVE = "active"
    GRACE = "grace"
    LAPSED = "lapsed"
    PENDING = "pending"  # has joined, and nothing is paid yet


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of how somebody stands, summed up from their periods.

    paid_until: the end of what is paid for, exclusive; counts_until: the same with its grace. None: nothing was ever paid.
    """

    paid_until: date | None
    counts_until: date | None

    def on(self, day: date) -> State:
        if self.paid_until is None or self.counts_until is None:
            return State.PENDING
        if day < self.paid_until:
            return State.ACTIVE
        return State.GRACE if day < self.counts_until else State.LAPSED


class Reminder(StrEnum):
    """The letters about dues, in the order in which they come."""

    BEFORE = "before"
    END = "end"
    LAST = "last"  # in the last days of grace


# Without these two somebody would lose a membership unawares: they are sent to whoever has stopped the others, too.
CRITICAL = frozenset({Reminder.END, Reminder.LAST})
MOST_BEFORE_DAYS = 366  # ours


@dataclass(frozen=True, slots=True)
class Plan:
    """Ours, each a setting of the association: how many days before the end the first letter leaves, and how many before grace is
    over the last one."""

    before_days: int = 30
    last_days: int = 7

    def check(self) -> Plan:
        """The same plan. Raises BadInput for days that are none of a plan."""
        if not 1 <= self.before_days <= MOST_BEFORE_DAYS:
            raise BadInput(
                N_("The first letter leaves from one day to a year before the end."),
                N_("Thirty days is usual."),
                field="before_days",
            )
        if not 1 <= self.last_days <= MOST_GRACE_DAYS:
            raise BadInput(
                N_("The last letter leaves at least one day before grace is over."),
                N_("Seven days is usual."),
                field="last_days",
            )
        return self


@dataclass(frozen=True, slots=True)
class Owing:
    """What the reminders ask about one member. has_next: what follows is bought and not paid yet. sent: the letters
    about this end that were written."""

    paid_until: date
    counts_until: date
    has_next: bool = False
    has_left: bool = False
    stopped: bool = False
    sent: Collection[Reminder] = ()


def reminder(owing: Owing, on: date, plan: Plan) -> Reminder | None:
    """The one letter that is due on a day: the latest whose time has come, unless it was written already. Earlier ones that
    were missed are not caught up on."""
    if owing.has_left:
        return None
    due = _due(owing, on, plan)
    if due is None or due in owing.sent or ((owing.stopped or owing.has_next) and due not in CRITICAL):
        return None
    return due


def _due(owing: Owing, on: date, plan: Plan) -> Reminder | None:
    if on >= owing.counts_until:
        return None
    if on >= owing.paid_until:
        last = owing.counts_until - timedelta(days=plan.last_days)
        return Reminder.LAST if last > owing.paid_until and on >= last else Reminder.END
    return Reminder.BEFORE if on >= owing.paid_until - timedelta(days=plan.before_days) else None


def why_none(owing: Owing, on: date, plan: Plan) -> str:
    """Why no letter about dues is due today, as a key; empty: one is."""
    if reminder(owing, on, plan) is not None:
        return ""
    if owing.has_left:
        return "left"
    due = _due(owing, on, plan)
    if due is not None and due in owing.sent:
        return "sent"
    if on >= owing.counts_until:
        return "over"
    if owing.has_next:
        return "renewed"
    return "early" if due is None else "stopped"
