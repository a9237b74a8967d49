"""What happens next with a referral, in the words that the adult whom it concerns reads on her own page. Pure.

Waiting is named as the system's: nothing here is ever hers to have done better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from inmind.foundation.values import N_
from inmind.services.referrals.referral import State, Why

STILL_TOLD = timedelta(days=30)  # ours: so long what is over stands on her page


@dataclass(frozen=True, slots=True)
class Told:
    """How a referral stands. program: how it is called; caller: who calls; is_read: whether the program
    may read it now; met: who of the program she met together with us."""

    program: str
    state: State
    on: date
    by_family: bool = False
    sent: date | None = None
    caller: str = ""
    calls_on: date | None = None
    calls_said: str = ""
    waits_until: date | None = None
    why: Why | None = None
    met: str = ""
    met_on: date | None = None
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """words: to be translated and filled with names and days."""

    words: str
    facts: dict[str, str | date]


def is_told(one: Told, today: date) -> bool:
    """Whether she reads of it: what was sent to somebody, and for a while how it ended."""
    return one.sent is not None and (not one.state.is_over or one.on + STILL_TOLD >= today)


def sentences(one: Told, today: date) -> Iterator[Sentence]:
    """What happens next, the most of use first."""
    there: dict[str, str | date] = {"program": one.program, "day": one.on, "caller": one.caller}
    match one.state:
        case State.SENT | State.RECEIVED | State.ACCEPTED | State.WAITLISTED if not one.is_read:
            yield Sentence(
                N_("Nothing of it is told to %(program)s now. Your worker sees what is missing, and asks."), there
            )
        case State.SENT if one.by_family:
            yield Sentence(N_("You take this to %(program)s yourself. Say so if we should do it together."), there)
        case State.SENT:
            yield Sentence(
                N_("We asked %(program)s on %(day)s. They have not answered yet. That is theirs to do, not yours."),
                there,
            )
        case State.RECEIVED:
            yield Sentence(
                N_("%(program)s has it since %(day)s, and has not decided yet. That is theirs to do, not yours."), there
            )
        case State.ACCEPTED:
            yield from _called(one, today, there)
        case State.WAITLISTED:
            yield Sentence(
                N_("%(program)s has no place yet. It is they who have none; you did all that was yours."), there
            )
            if one.waits_until is not None:
                yield Sentence(N_("They named %(day)s for a place."), {"day": one.waits_until})
            yield Sentence(
                N_(
                    "You may stop waiting at any time: what anybody outside is told, a court too, is that they had no place."
                ),
                there,
            )
        case State.CONTACTED:
            yield Sentence(N_("You have heard from %(program)s on %(day)s."), there)
        case State.STARTED:
            yield Sentence(N_("It has begun with %(program)s, on %(day)s."), there)
        case State.ENDED:
            yield Sentence(N_("It ended with %(program)s on %(day)s."), there)
        case State.CLOSED if one.why is Why.FAMILY_CHOSE_OTHERWISE:
            yield Sentence(N_("You chose not to go on with %(program)s. You can ask again at any time."), there)
        case State.CLOSED if one.why is Why.CONSENT_WITHDRAWN:
            yield Sentence(
                N_("You took back what may be told, so %(program)s reads nothing more. You can ask again."), there
            )
        case _:
            yield Sentence(
                N_("%(program)s could not do it. That is not yours: your worker looks with you for what fits next."),
                there,
            )
    if one.met and one.met_on is not None and not one.state.is_over:
        yield Sentence(N_("You met %(name)s of %(program)s on %(day)s."), there | {"name": one.met, "day": one.met_on})


def _called(one: Told, today: date, there: dict[str, str | date]) -> Iterator[Sentence]:
    """Who calls when. Where nobody of the program is named, it is the program."""
    if one.calls_on is None:
        yes = N_("%(program)s said yes. %(caller)s will call you.")
        yield Sentence(yes if one.caller else N_("%(program)s said yes, and will call you."), there)
    elif one.calls_on >= today:
        yes = N_("%(caller)s will call on %(day)s. It is %(program)s; they said yes.")
        words = yes if one.caller else N_("%(program)s said yes, and will call on %(day)s.")
        yield Sentence(words, there | {"day": one.calls_on})
    else:
        late = N_(
            "%(caller)s of %(program)s was to call on %(day)s. If nobody did, that is theirs: tell us, and we ask."
        )
        nobody = N_("%(program)s was to call on %(day)s. If nobody did, that is theirs: tell us, and we ask.")
        yield Sentence(late if one.caller else nobody, there | {"day": one.calls_on})
    if one.calls_said:
        said = N_("%(caller)s says: “%(words)s”")
        who = one.caller or one.program
        yield Sentence(said, there | {"caller": who, "words": one.calls_said})
