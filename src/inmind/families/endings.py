"""Why an agency's time with a family ends, in words without blame. Pure."""

from __future__ import annotations

from datetime import date

from inmind.families.intake import check_end
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

# Keys are stored; the words are ours. Nobody is "non-compliant" here (`protect.md` 11).
REASONS: dict[str, str] = {
    "reached": N_("what the family wanted is reached"),
    "age": N_("the child is older than those we serve"),
    "moved": N_("the family moved away"),
    "family_chose": N_("the family chose to stop"),
    "elsewhere": N_("another agency serves them now"),
    "not_reached": N_("we could not reach the family"),
    "placement": N_("the child lives with others now"),
    "we_could_not": N_("we could not go on serving them"),
    "loss": N_("somebody has died"),
    "mistake": N_("registered by mistake"),
    "other": N_("something else"),
}


def check(since: date, until: date, reason: str, *, today: date) -> None:
    """Raises BadInput for an end that cannot be."""
    check_end(since, until)
    if until > today:
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="until")
    if reason not in REASONS:
        raise BadInput(N_("The reason is missing."), N_("Choose one from the list."), field="reason")
