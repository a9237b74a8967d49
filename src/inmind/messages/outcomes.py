"""What happened to a letter, and how long a carrier that says "later" is asked again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from inmind.foundation.text import folded, tokens
from inmind.foundation.values import N_
from inmind.people.reaching import Shut


class State(StrEnum):
    """Where a letter is. What left has left, whatever was said of it before or after."""

    LEFT = "left"
    STAYED = "stayed"  # a file in the outbox folder, which nobody carries on
    TAKEN_BACK = "taken_back"
    FAILED = "failed"
    HELD_UP = "held_up"  # whoever carries it said later
    WAITS = "waits"  # for an hour that is safe
    QUEUED = "queued"


class Problem(StrEnum):
    """Why a letter could not leave. Never an address, and never what a carrier said: that may repeat one."""

    NO_WAY = Shut.NONE.value
    NEVER = Shut.NEVER.value
    UNASKED = Shut.UNASKED.value
    UNSAFE = Shut.UNSAFE.value
    NOT_TAKEN = "not_taken"
    LATER = "later"
    ERASED = "erased"


# What was found, and what would help.
PROBLEMS: dict[Problem, tuple[str, str]] = {
    Problem.NO_WAY: (
        N_("No email address and no number for texts is known."),
        N_("Ask how to write to them safely, and add it."),
    ),
    Problem.UNASKED: (
        N_("Nobody has asked yet whether a way to write to them is safe."),
        N_("Ask when nobody else is listening, and say the way anew."),
    ),
    Problem.UNSAFE: (
        N_("They said that it is not safe to write to them."),
        N_("Speak with them instead, as they said."),
    ),
    Problem.NEVER: (
        N_("No way is safe at any hour for these words."),
        N_("Look at the hours of their ways, and ask them."),
    ),
    Problem.NOT_TAKEN: (
        N_("It was refused: there is no such address or number, or it takes no messages from here."),
        N_("Read the address or number back to them, and ask whether they stopped messages."),
    ),
    Problem.LATER: (
        N_("Whoever carries mail and texts for this house does not take it now."),
        N_("Who runs the machine sees why with `inmind doctor`. Tell them another way if it cannot wait."),
    ),
    Problem.ERASED: (N_("The person it was for was erased."), ""),
}
# These the care team can mend, by asking; whoever runs the machine cannot.
IS_TO_BE_ASKED = frozenset(Problem) - {Problem.LATER}

# What a letter to an adult of a family is called.
KINDS: dict[str, str] = {
    "visit_link": N_("The letter with the link for a visit"),
    "own_page_link": N_("The letter with the link to their own page"),
}

SAYS: dict[State, str] = {
    State.LEFT: N_("Left on %(when)s"),
    State.STAYED: N_("Written into the outbox folder on %(when)s; from this machine nothing is carried on"),
    State.TAKEN_BACK: N_("Taken back on %(when)s, before it left"),
    State.FAILED: N_("Could not leave, on %(when)s"),
    State.HELD_UP: N_("Could not leave yet; tried again on %(when)s"),
    State.WAITS: N_("Waits until %(when)s, when they can be written to safely"),
    State.QUEUED: N_("Leaves now"),
}
LEFT_BY: dict[str, str] = {
    "mail": N_("Left by email on %(when)s"),
    "text": N_("Left by text message on %(when)s"),
}


class Fate(Protocol):
    """What is kept of a letter's way."""

    sent_at: datetime | None
    stayed: bool
    taken_back_at: datetime | None
    failed_at: datetime | None
    problem: str
    waits_until: datetime | None


def state_of(letter: Fate) -> tuple[State, datetime | None]:
    """Where a letter is, and the moment that belongs to it."""
    if letter.sent_at is not None:
        return (State.STAYED if letter.stayed else State.LEFT), letter.sent_at
    if letter.taken_back_at is not None:
        return State.TAKEN_BACK, letter.taken_back_at
    if letter.failed_at is not None:
        return State.FAILED, letter.failed_at
    if letter.waits_until is not None:
        return (State.HELD_UP if letter.problem else State.WAITS), letter.waits_until
    return State.QUEUED, None


# Ours: how often a carrier is asked again. What calls a worker is given up after some twenty minutes, so that it climbs; what
# a caregiver waits for goes on for most of a day.
TRIES, PATIENT_TRIES = 8, 30


def next_try(tries: int, *, is_patient: bool) -> timedelta | None:
    """How long to rest after so many tries: ten seconds, then twice as long each time, at most an hour. None: give up."""
    if tries >= (PATIENT_TRIES if is_patient else TRIES):
        return None
    return timedelta(seconds=min(3600, 5 * 2**tries))


# What a sender or an address would tell whoever finds a letter. Ours, and no list can be whole: it is a help for the eye.
TELLING = frozenset(
    (
        *("mental", "health", "infant", "baby", "child", "mother", "parent", "family", "clinic", "therap", "counsel"),
        *("depress", "violence", "shelter", "abuse", "safe", "crisis", "pregnan", "wellness", "psych", "behavior"),
        *("salud", "bebe", "familia", "clinica", "terapia", "violencia", "refugio", "madre", "inmind"),
    )
)
FEWEST_LETTERS = 5  # of an agency's name: shorter words stand in many addresses


def telling_words(shown: Iterable[str], names: Iterable[str]) -> list[str]:
    """The words of these names, and those that tell what it is about, that stand in what is shown on a letter."""
    there = folded(" ".join(shown))
    told = {word for name in names for word in tokens(name) if len(word) >= FEWEST_LETTERS}
    return sorted(word for word in TELLING | told if word in there)
