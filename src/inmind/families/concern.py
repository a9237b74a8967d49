"""A worry, as somebody says it: no score is needed for it to open a task with an owner and a next step. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

# What comes next. Keys are stored; the words are ours.
NEXT_STEPS: dict[str, str] = {
    "call": N_("Call and listen"),
    "visit": N_("Talk about it at the next visit"),
    "look": N_("Look at it together, with a screen if that helps"),
    "ask": N_("Ask the clinician of the care team"),
    "support": N_("Look for support together"),
}
# Ours, and shown as ours: how soon the next step is offered, and how far away it may lie.
SOON = timedelta(days=7)
FURTHEST = timedelta(days=60)
LONGEST = 1000  # characters


def check(words: str, next_step: str, by: date, *, today: date) -> str:
    """The words as they are kept. Raises BadInput, with its field, for what cannot be so."""
    kept = text.checked(words.strip(), LONGEST, field="words")
    if not text.tokens(kept):
        raise BadInput(N_("The worry itself is missing."), N_("A few of their own words are enough."), field="words")
    if next_step not in NEXT_STEPS:
        raise BadInput(
            N_("The next step is missing."), N_("A worry leads somewhere: choose one from the list."), field="next_step"
        )
    if not today <= by <= today + FURTHEST:
        raise BadInput(
            N_("This day is not one for a next step."),
            N_("It lies between today and sixty days from now."),
            field="by",
        )
    return kept


def time_left(now: datetime, by: date, zone: str) -> timedelta:
    """From now until the end of a day by the clock of a place."""
    midnight = datetime.combine(by + timedelta(days=1), time(0), ZoneInfo(zone))
    return midnight - now
