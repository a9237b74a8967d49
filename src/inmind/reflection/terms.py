"""What an agreement to hold and be held can say. Pure.

No cap on a group's size and no rhythm was found in any source, so none is asked (`endorsement.yaml`: `group_size_max`,
`frequency_min`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.reflection.finding import Format
from inmind.reflection.sessions import MOST_MINUTES, OUTSIDE, About

EVERY = (1, 2, 4)  # weeks; ours: how often two people may say that they mean to meet
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


@dataclass(frozen=True, slots=True)
class Terms:
    """What can be said anew of an agreement that runs: nothing of it changes an hour that was held.

    until: the first day on which it runs no more, None: it goes on. weeks: a session every so many, None: nobody said.
    managed: whose line manager the provider is, of those who are held.
    """

    until: date | None
    minutes: int
    weeks: int | None
    cents: int | None
    about: About
    managed: frozenset[Hashable] = frozenset()


def check_terms(terms: Terms, *, since: date, last: date | None) -> None:
    """Raises BadInput for what cannot be agreed. since: when the agreement began; last: the day of its last session."""
    if terms.until is not None and terms.until <= since:
        raise BadInput(N_("The end is not after the beginning."), N_("Check the dates."), field="until")
    if terms.until is not None and last is not None and terms.until <= last:
        raise BadInput(
            N_("You met since, on %(on)s."),
            N_("An agreement ends after its last session."),
            field="until",
            facts={"on": last},
        )
    if not 1 <= terms.minutes <= MOST_MINUTES:
        raise BadInput(N_("These minutes cannot be right."), N_("Say how long you usually meet."), field="minutes")
    if terms.weeks is not None and terms.weeks not in EVERY:
        raise BadInput(N_("This is not one of the choices."), N_("Choose how often you mean to meet."), field="weeks")
    if terms.cents is not None and not 0 <= terms.cents <= MOST_CENTS:
        raise BadInput(N_("This price cannot be right."), N_("Write it in dollars, such as 45."), field="price")


def may_say(format: Format, provider: Hashable | None, by: Hashable) -> bool:
    """Whether somebody of an agreement says its terms anew: whoever gives it; either of two; peers, each; and those who are held
    by somebody outside, who has no account here. In a group that somebody of this house gives, its provider alone does."""
    return format is not Format.GROUP or provider in (by, OUTSIDE)


def codes(holds: Collection[str]) -> str:
    """Codes of endorsement as they are kept, joined by spaces. Raises ValueError for what is no code."""
    if wrong := [one for one in holds if not _CODE.fullmatch(one)]:
        raise ValueError(f"{wrong[0]!r} is no code of a category")
    return " ".join(sorted(holds))
