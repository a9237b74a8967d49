"""The words of states, steps and reasons. A state has two: as anybody reads it in a list, and as its sender reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.values import N_
from inmind.services.referrals.referral import State, Why

STATES: Mapping[State, str] = {
    State.DRAFTED: N_("being written"),
    State.SENT: N_("sent, not yet received"),
    State.RECEIVED: N_("received, not yet answered"),
    State.ACCEPTED: N_("accepted, the family has not heard yet"),
    State.WAITLISTED: N_("waiting for a place there"),
    State.DECLINED: N_("the program could not take it"),
    State.CONTACTED: N_("the family has heard from the program"),
    State.STARTED: N_("support has started"),
    State.ENDED: N_("support has ended"),
    State.CLOSED: N_("closed before it started"),
}
AS_SENT: Mapping[State, str] = {
    State.DRAFTED: N_("not sent yet"),
    State.SENT: N_("sent, and not answered yet"),
    State.RECEIVED: N_("they have it, and have not decided yet"),
    State.ACCEPTED: N_("they said yes, and have not called yet"),
    State.WAITLISTED: N_("waiting for a place: the program has none now"),
    State.DECLINED: N_("they cannot take it on"),
    State.CONTACTED: N_("they have been in touch"),
    State.STARTED: N_("it has begun"),
    State.ENDED: N_("it has ended"),
    State.CLOSED: N_("closed before it began"),
}
STEPS: Mapping[State, str] = {
    State.DRAFTED: N_("draft begun"),
    State.SENT: N_("sent"),
    State.RECEIVED: N_("received"),
    State.ACCEPTED: N_("they said yes"),
    State.WAITLISTED: N_("on their waiting list"),
    State.DECLINED: N_("they cannot take it on"),
    State.CONTACTED: N_("in touch"),
    State.STARTED: N_("begun"),
    State.ENDED: N_("ended"),
    State.CLOSED: N_("closed"),
}
REASONS: Mapping[Why, str] = {
    Why.NO_FUNDS: N_("nobody pays for it"),
    Why.NOT_ELIGIBLE: N_("it is not for this family, by the program’s rules"),
    Why.NO_PLACE: N_("the program has no place"),
    Why.NOT_REACHED: N_("nobody was reached"),
    Why.FAMILY_CHOSE_OTHERWISE: N_("the family chose otherwise"),
    Why.CONSENT_WITHDRAWN: N_("the consent was taken back"),
    Why.COMPLETED: N_("it was completed"),
    Why.MOVED_AWAY: N_("the family moved away"),
    Why.GREW_OUT: N_("the child is older now than the program serves"),
    Why.PROGRAM_ENDED: N_("the program ended"),
}
