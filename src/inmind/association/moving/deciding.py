"""What somebody decided of a doubtful row: whom it is about, and what is right where the row was wrong. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from inmind.association.moving.contacts import Contact, is_mail, told_of_a_family
from inmind.association.periods import EARLIEST, LATEST
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class What(StrEnum):
    """Whom a doubtful row is about."""

    NEW = "new"
    SAME = "same"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision. level: the id of one of ours. person: who is here already and is meant; None: whom the other row became."""

    what: What
    level: UUID | None = None
    since: date | None = None
    until: date | None = None
    person: UUID | None = None

    def as_data(self) -> dict[str, str]:
        told = {"level": self.level, "since": self.since, "until": self.until, "person": self.person}
        return {"what": self.what.value} | {key: str(value) for key, value in told.items() if value is not None}

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Decision:
        """What `as_data` made."""
        level, person = data.get("level"), data.get("person")
        since, until = data.get("since"), data.get("until")
        return cls(
            What(data["what"]),
            UUID(level) if level else None,
            date.fromisoformat(since) if since else None,
            date.fromisoformat(until) if until else None,
            UUID(person) if person else None,
        )


def check(decision: Decision, today: date) -> None:
    """Raises BadInput for a membership that cannot be; a row that is left out needs none."""
    if decision.what is What.LEAVE:
        return
    if decision.level is None:
        raise BadInput(
            N_("The level is missing."), N_("A member belongs to one of your levels."), N_("Choose it."), field="level"
        )
    if decision.since is None or decision.until is None:
        raise BadInput(
            N_("A date is missing."),
            N_("A membership begins on a day, and is paid until a day."),
            N_("Type both."),
            field="since" if decision.since is None else "until",
        )
    if decision.until <= decision.since:
        raise BadInput(N_("It would end before it begins."), N_("The end lies after the first day."), field="until")
    if decision.since < EARLIEST or decision.until > LATEST:
        raise BadInput(
            N_("This day cannot be of a membership."),
            N_("It begins after 1900, and ends before 2200."),
            field="since" if decision.since < EARLIEST else "until",
        )
    if decision.since > today:
        raise BadInput(
            N_("This day has not come yet."), N_("What is taken in has begun in the other product."), field="since"
        )


def as_decided(said: Contact, decision: Decision) -> Contact:
    """What a doubtful row says once somebody decided: with the right dates, without what speaks of a family; what is no
    address stands apart."""
    return replace(
        said,
        since=decision.since,
        until=decision.until,
        mails=tuple(filter(is_mail, said.mails)),
        unread=tuple(one for one in said.mails if not is_mail(one)),
        organization="" if told_of_a_family(said.organization) else said.organization,
        labels=tuple(one for one in said.labels if not told_of_a_family(one)),
    )
