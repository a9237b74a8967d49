"""Card payments: who takes them is a port of three methods. Without a key in the settings there is none, and no button.

A card is typed on the provider's own page. No card's data comes here, and nothing that it sends is kept but which payment it
was and how much (`models.Notice`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings

from inmind.access.queries import is_demo
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.money.notices import Heard, Said

MOST_READ = 262_144  # bytes of a notice; the provider's are a few thousand
OLDEST = 300  # seconds: an older signature is not taken, as the provider recommends


class Cards(Protocol):
    """What takes card payments."""

    def begin(self, *, checkout: UUID, label: str, cents: int, back: str) -> str:
        """The address of the provider's page on which this much is paid. checkout: the same for each try, and named in what
        the provider says of it later. back: where the payer comes back to. Raises NotNow."""

    def read(self, body: bytes, signature: str) -> Heard:
        """What a notice says. Raises BadInput where its signature is not the provider's."""

    def refund(self, *, payment: str, cents: int, key: str) -> None:
        """Send money of a payment back. key: the same for each try, so that it goes back once. Raises NotNow."""


class NotHeard(BadInput):
    """A notice that is not the provider's, or too old."""

    def __init__(self) -> None:
        super().__init__(N_("This notice is not signed as it should be."), N_("It was left aside."))


class NotTaken(NotNow):
    """The provider did not take it."""

    def __init__(self) -> None:
        super().__init__(
            N_("The card service does not answer as it should."),
            N_("Nothing was paid or sent back."),
            N_("Try again in some minutes, or pay in another way."),
        )


@dataclass(frozen=True, slots=True)
class Stripe:
    """The library of Stripe, loaded when it is used. client: another one, for tests without a network."""

    key: str
    secret: str
    client: Any = None

    def begin(self, *, checkout: UUID, label: str, cents: int, back: str) -> str:
        line = {
            "quantity": 1,
            "price_data": {"currency": "usd", "unit_amount": cents, "product_data": {"name": label}},
        }
        asked = {
            "mode": "payment",
            "client_reference_id": str(checkout),
            "line_items": [line],
            "success_url": back,
            "cancel_url": back,
        }
        made = self._called("checkout.sessions.create", asked, str(checkout))
        return str(made.url)

    def read(self, body: bytes, signature: str) -> Heard:
        import stripe

        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, self.secret, OLDEST)
            return heard(json.loads(body))
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise NotHeard from fault

    def refund(self, *, payment: str, cents: int, key: str) -> None:
        self._called("refunds.create", {"payment_intent": payment, "amount": cents}, key)

    def _called(self, what: str, asked: dict[str, Any], key: str) -> Any:
        import stripe

        service: Any = stripe.StripeClient(self.key, http_client=self.client, max_network_retries=1).v1
        for name in what.split("."):
            service = getattr(service, name)
        try:
            return service(params=asked, options={"idempotency_key": key})
        except stripe.StripeError as fault:
            raise NotTaken from fault


def heard(event: dict[str, Any]) -> Heard:
    """An event as its publisher describes it: of a checkout that was paid, a charge that was refunded, a dispute. Raises
    KeyError, TypeError or ValueError for what is none."""
    kind, thing = str(event["type"]), event["data"]["object"]
    said = _KINDS.get(kind, Said.OTHER)
    if said is Said.PAID and thing.get("payment_status") != "paid":
        said = Said.OTHER  # a bank transfer that is still on its way; another event says when it has come
    known, at = str(event["id"])[:255], datetime.fromtimestamp(int(event["created"]), UTC)
    if said is Said.OTHER:
        return Heard(known, said, at)
    cents = {Said.PAID: "amount_total", Said.REFUNDED: "amount_refunded", Said.DISPUTED: "amount"}[said]
    return Heard(
        known,
        said,
        at,
        checkout=_id(thing.get("client_reference_id")) if said is Said.PAID else None,
        payment=str(thing.get("payment_intent") or "")[:80],
        cents=int(thing[cents]),
        currency=str(thing.get("currency", "")),
    )


_KINDS = {
    "checkout.session.completed": Said.PAID,
    "checkout.session.async_payment_succeeded": Said.PAID,
    "charge.refunded": Said.REFUNDED,
    "charge.dispute.funds_withdrawn": Said.DISPUTED,
}


def _id(said: Any) -> UUID | None:
    try:
        return UUID(str(said))
    except ValueError:
        return None


@cache
def _stripe(key: str, secret: str) -> Stripe:
    return Stripe(key, secret)


def is_wanted() -> bool:
    """Whether cards are to be taken here: both settings are there."""
    return bool(settings.CARD_KEY and settings.CARD_NOTICE_SECRET)


def has_library() -> bool:
    """Whether the extra `card` is installed."""
    return find_spec("stripe") is not None


def port() -> Cards | None:
    """Who takes card payments here; None where nobody does, as in a demonstration."""
    if not is_wanted() or not has_library() or is_demo():
        return None
    return _stripe(settings.CARD_KEY, settings.CARD_NOTICE_SECRET)
