"""Announcements between rooms: versioned, carrying ids only, delivered at least once by leased jobs. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Ids only: who may read more asks for it."""

    edition: ClassVar[int] = 1

    def as_data(self) -> dict[str, Any]:
        return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class FamilyRegistered(Event):
    """An agency opened an episode with a dyad."""

    dyad: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class FlagRaised(Event):
    """An answer needs a person. A caregiver's flag names the caregiver and the asking episode, never the child."""

    subject: UUID
    episode: UUID
    screen: UUID
    flag: str


@dataclass(frozen=True, slots=True)
class ScreenFinished(Event):
    """A screen is closed, complete or not."""

    subject: UUID
    episode: UUID
    screen: UUID


@dataclass(frozen=True, slots=True)
class TaskUnanswered(Event):
    """Nobody closed a task by its due time; the room that asked writes the next letter."""

    task: UUID
    about_kind: str
    about: UUID
    step: int


@dataclass(frozen=True, slots=True)
class TaskHandedOver(Event):
    """A task went from its owner, and from whoever was asked beside (`beside`: an id, or empty), to somebody else."""

    task: UUID
    by: UUID
    giver: UUID
    beside: str
    taker: UUID


@dataclass(frozen=True, slots=True)
class LetterUndelivered(Event):
    """A letter could not be delivered after all attempts."""

    letter: UUID
    about_kind: str
    about: UUID


@dataclass(frozen=True, slots=True)
class LinkAsked(Event):
    """Somebody is to be sent a link for signing in: by invitation, or because she asked."""

    account: UUID
    purpose: str


@dataclass(frozen=True, slots=True)
class SharedMailboxAsked(Event):
    """Somebody asked for a link by a mail address that several accounts have; `mailbox` is the way of one of them."""

    mailbox: UUID


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    """Somebody made an account for a worker of an organization; `by` is a person."""

    account: UUID
    organization: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class FactorForgotten(Event):
    """Somebody took the second factor off an account; `by` is a person."""

    account: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class PasskeyStopped(Event):
    """A passkey of an account was stopped, because it may have been copied."""

    account: UUID


@dataclass(frozen=True, slots=True)
class RoleGiven(Event):
    """Somebody gave a person a role at an organization, by invitation or besides another; `by` is a person."""

    person: UUID
    organization: UUID
    role: str
    by: UUID


@dataclass(frozen=True, slots=True)
class RoleEnded(Event):
    """A person's role at an organization was ended by another person."""

    person: UUID
    organization: UUID
    role: str
    by: UUID


@dataclass(frozen=True, slots=True)
class EmergencyOpened(Event):
    """Somebody opened a family by emergency access; its privacy officer is to be told at once."""

    access: UUID
    episode: UUID
    organization: UUID


@dataclass(frozen=True, slots=True)
class ToldWithoutConsent(Event):
    """Something was told outside by another ground than a consent; the privacy officer is to be told."""

    disclosure: UUID
    organization: UUID


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """Somebody took back what was agreed to about a person: from now on nothing is told by it."""

    consent: UUID
    subject: UUID
    episode: UUID


@dataclass(frozen=True, slots=True)
class BirthChanged(Event):
    """The day on which a child was born, or is expected, was written down anew. What is counted from it moves."""

    dyad: UUID


@dataclass(frozen=True, slots=True)
class WayChanged(Event):
    """A way to reach somebody is not what it was: safe or not, at other times, or not theirs any more."""

    person: UUID


@dataclass(frozen=True, slots=True)
class NameChanged(Event):
    """Somebody is called otherwise now: corrected, put together with another record, or parted from it."""

    person: UUID


@dataclass(frozen=True, slots=True)
class ListingMoved(Event):
    """Whoever offers what is listed is said to be somebody else, or to read their mail elsewhere."""

    listing: UUID


@dataclass(frozen=True, slots=True)
class ReferralMoved(Event):
    """A referral came from one state into another. It names the person who was referred, and no other of the family."""

    referral: UUID
    subject: UUID
    episode: UUID
    before: str
    to: str


@dataclass(frozen=True, slots=True)
class InvoiceSettled(Event):
    """An invoice is paid whole; one of nothing is so at once."""

    invoice: UUID


@dataclass(frozen=True, slots=True)
class InvoiceReopened(Event):
    """So much of a settled invoice's money went back that it is paid no more: a check that bounced, a refund of all of it."""

    invoice: UUID


@dataclass(frozen=True, slots=True)
class InvoiceCancelled(Event):
    """An invoice is asked for no more: it was cancelled, or all of it was given back."""

    invoice: UUID


@dataclass(frozen=True, slots=True)
class EndorsementWritten(Event):
    """An endorsement was written down: from a day on, which may lie long ago, somebody holds something."""

    person: UUID


@dataclass(frozen=True, slots=True)
class HoursConfirmed(Event):
    """A session of reflective supervision stands: both sides have said that it took place."""

    session: UUID


EVENTS: dict[str, type[Event]] = {
    event.__name__: event
    for event in (
        FamilyRegistered,
        FlagRaised,
        ScreenFinished,
        TaskUnanswered,
        TaskHandedOver,
        LetterUndelivered,
        LinkAsked,
        SharedMailboxAsked,
        PersonInvited,
        FactorForgotten,
        PasskeyStopped,
        RoleGiven,
        RoleEnded,
        ConsentWithdrawn,
        BirthChanged,
        WayChanged,
        NameChanged,
        ListingMoved,
        ReferralMoved,
        EmergencyOpened,
        ToldWithoutConsent,
        InvoiceSettled,
        InvoiceReopened,
        InvoiceCancelled,
        EndorsementWritten,
        HoursConfirmed,
    )
}


def read(name: str, data: dict[str, Any]) -> Event:
    """An event from its stored form. Raises KeyError for a class this edition does not know."""
    kind = EVENTS[name]
    return kind(**{key: UUID(value) if _is_id(kind, key) else value for key, value in data.items()})


def _is_id(kind: type[Event], key: str) -> bool:
    return bool(kind.__annotations__[key] == "UUID")
