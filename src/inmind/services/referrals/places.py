"""The places of a listing, counted down under its own lock when one is taken, so that the last is never given twice."""

from __future__ import annotations

from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.services.listings.models import Listing
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State

TAKES, GIVES_BACK = {State.ACCEPTED, State.STARTED}, {State.DECLINED, State.CLOSED, State.WAITLISTED}


def count(referral: Referral, to: State, *, has_room: bool = False) -> None:
    """Take a place, or give one back, for a referral that is locked and comes into a state.

    Raises NotNow where it is accepted, none is left, and nobody has said that there is one for this family (`has_room`): one
    whose turn has come on a list, or from a later day on. Where nobody has said how many there are, none is counted; what has
    begun already is a fact, and is written down whatever was counted.
    """
    takes, gives_back = not referral.has_place and to in TAKES, referral.has_place and to in GIVES_BACK
    if not (takes or gives_back):
        return
    listing = Listing.objects.select_for_update(of=("self",)).get(pk=referral.listing_id)
    referral.has_place = takes and listing.free != 0
    if listing.free is None:
        return
    if takes and listing.free == 0:
        if to is State.ACCEPTED and not has_room:
            raise NotNow(
                N_("No place is left on your listing."),
                N_(
                    "If there is one for this family, say so below; else that there is none yet, or that you cannot do it."
                ),
            )
        return
    listing.free += -1 if takes else 1
    listing.save(update_fields=["free"])
