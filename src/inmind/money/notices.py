"""What a provider of card payments can say, as we hear it, and what it means for a payment here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Said(StrEnum):
    """What a notice is about."""

    PAID = "paid"  # this much was paid
    REFUNDED = "refunded"  # this much, in all, went back to the payer
    DISPUTED = "disputed"  # the payer's bank took it back
    OTHER = "other"  # nothing about money


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice whose signature was right. event: the provider's id of it, the same when it is sent again.

    checkout: what was begun here, where the notice names it. payment: the provider's id of the payment. cents: of `REFUNDED` the
    sum of all refunds so far, so that order and repetition do not matter.
    """

    event: str
    said: Said
    at: datetime
    checkout: UUID | None = None
    payment: str = ""
    cents: int = 0
    currency: str = "usd"


def goes_back(said_in_all: int, here: int, paid: int) -> int:
    """How much more went back than is written down here: never less than nothing, never more than was paid."""
    return max(0, min(said_in_all, paid) - here)
