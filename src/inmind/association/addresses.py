"""Who may say at which address somebody is written to. Pure.

A letter to somebody's address opens their account: a sign-in link goes there. So whoever has come in by an account changes
the address alone, and confirms it from the new mailbox. A coordinator changes what opens nothing that is another's: of a member
without an account, or with one that nobody ever opened and that opens nothing beyond this association.
"""

from __future__ import annotations

from dataclasses import dataclass

from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose address it is: whether somebody has come in by their account, whether that opens something else than membership
    here, and whether an agency that serves their family keeps how to write to them safely."""

    has_come_in: bool = False
    opens_more: bool = False
    is_served: bool = False


def check_kept_here(holder: Holder) -> None:
    """Raises NotNow where the coordinator of an association does not change the address."""
    if holder.is_served:
        raise NotNow(
            N_("How to write to this member safely is kept elsewhere in this house."),
            N_("They can change it themselves, on the page of their membership."),
        )
    if holder.has_come_in:
        raise NotNow(
            N_("This member signs in here, and letters to this address open their account."),
            N_("Only they can change it: signed in, and with a letter to the new address."),
            N_("If they cannot read their mail any more, the administrator of this house helps them."),
        )
    if holder.opens_more:
        raise NotNow(
            N_("This member’s account opens more than the membership here."),
            N_("Whoever invited them there says anew where to write, or they do so themselves."),
        )
