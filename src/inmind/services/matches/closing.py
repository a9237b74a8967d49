"""A window that closes soon for a family: what there is to do about it next, in words. Pure."""

from __future__ import annotations

from inmind.foundation.values import N_
from inmind.services.matches.windows import Look
from inmind.services.referrals.referral import State

NEXT = {
    State.DRAFTED: N_("Send it before then, or choose something else with the family."),
    State.SENT: N_("Call the program and ask for its answer."),
    State.RECEIVED: N_("Call the program and ask for its answer."),
    State.ACCEPTED: N_("Ask the program to begin before then."),
    State.WAITLISTED: N_("Ask the program for a place before then, and look for what fits next."),
}
TOO_LATE = N_("A place would come too late: look for what fits next.")


def next_step(state: State, look: Look) -> str:
    """What whoever holds the family does next about a referral that waits."""
    return TOO_LATE if look.too_late else NEXT[state]
