"""Card payments: signed by the published scheme, taken once in whatever order, and no card's data kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.errors import Taken
from inmind.foundation.identity import new_id
from inmind.foundation.registries import Grade
from inmind.money import actions, card_actions, offers, queries
from inmind.money.adapters import cards
from inmind.money.models import Checkout, Entry, Invoice, Notice, Payment, Refund
from tests import make

stripe = pytest.importorskip("stripe")
SECRET = "whsec_invented"
KEY = "sk_test_invented"
PAID = "pi_3Invented"


def signed(body: bytes, *, secret: str = SECRET, at: int | None = None, scheme: str = "v1") -> str:
    """The header of the provider's published scheme: HMAC-SHA256 of the moment, a point and the body."""
    moment = int(time.time()) if at is None else at
    code = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},{scheme}={code}"


def event(kind: str, *, id: str = "", **thing: Any) -> dict[str, Any]:
    known = {"id": "cs_1", "payment_intent": PAID, "currency": "usd"}
    return {
        "id": id or f"evt_{new_id().hex}",
        "object": "event",
        "type": kind,
        "created": 1_800_000_000,
        "data": {"object": known | thing},
    }


def paid(begun: Checkout, **said: Any) -> dict[str, Any]:
    known = {"client_reference_id": str(begun.pk), "amount_total": begun.cents, "payment_status": "paid"}
    # What the provider sends besides, of which nothing is kept.
    known["customer_details"] = {"email": "luz@example.org", "name": "Luz Ortega"}
    return event("checkout.session.completed", **known | said)


def refunded(cents: int) -> dict[str, Any]:
    return event(
        "charge.refunded", amount_refunded=cents, amount=6000, payment_method_details={"card": {"last4": "0000"}}
    )


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A house where cards are taken, and what it asked of the provider."""
    asked: list[Any] = []

    class Provider(stripe.HTTPClient):
        """Answers as the provider's published interface describes."""

        name = "invented"
        status = 200

        def request(self, method: str, url: str, headers: Any, post_data: Any = None, **named: Any) -> Any:
            asked.append((url, parse_qs(post_data or ""), headers["Idempotency-Key"]))
            made = {"id": "cs_1", "object": "checkout.session", "url": "https://checkout.example/pay"}
            body = made if self.status == 200 else {"error": {"message": "No", "type": "invalid_request_error"}}
            return json.dumps(body), self.status, {}

    port = cards.Stripe(KEY, SECRET, Provider())
    monkeypatch.setattr(cards, "port", lambda: port)
    monkeypatch.setattr(Provider, "asked", asked, raising=False)
    return asked


def send(said: dict[str, Any], signature: str | None = None) -> Any:
    body = json.dumps(said).encode()
    headers = {"Stripe-Signature": signed(body) if signature is None else signature}
    return Client().post(reverse("money_card_notice"), body, content_type="application/json", headers=headers)


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


@pytest.fixture
def begun(keeper: make.Worker) -> Checkout:
    luz = make.make_worker("practitioner")
    return card_actions.begin_checkout(luz.actor, invoice=make.make_invoice(keeper, luz))


def state(begun: Checkout) -> tuple[str, int]:
    standing = queries.standing_of([begun.invoice_id])[begun.invoice_id]
    return standing.state, standing.cents_paid


@pytest.mark.django_db
def test_a_notice_settles_the_invoice_once(begun: Checkout, taken: list[Any]) -> None:
    """Sent twice under its own id, and once more under another: it is one payment."""
    said = paid(begun)
    for one in (said, said, {**said, "id": "evt_again"}):
        assert send(one).status_code == 200
    assert state(begun) == ("settled", 6000)
    assert Payment.objects.get().reference == PAID
    assert sorted(Notice.objects.values_list("became", flat=True)) == ["heeded", "nothing"]


@pytest.mark.django_db
def test_a_refund_that_is_told_before_the_payment_waits_for_it(begun: Checkout, taken: list[Any]) -> None:
    """Out of order, and each twice."""
    late, all_of_it, first = refunded(2000), refunded(6000), paid(begun)
    for one in (all_of_it, late, first, late, all_of_it, first):
        assert send(one).status_code == 200
    assert state(begun) == ("cancelled", 0)
    assert sum(Entry.objects.filter(kind="refunded").values_list("cents", flat=True)) == 6000
    assert not Notice.objects.filter(became="waits").exists()


@pytest.mark.django_db
def test_a_dispute_opens_the_invoice_again(begun: Checkout, taken: list[Any]) -> None:
    """Its bank took the money back; what is said of it afterwards changes nothing."""
    for one in (paid(begun), event("charge.dispute.funds_withdrawn", amount=6000), refunded(6000)):
        assert send(one).status_code == 200
    assert state(begun) == ("open", 0)


@pytest.mark.django_db
def test_a_dispute_of_what_went_back_already_is_for_a_bookkeeper(
    keeper: make.Worker, begun: Checkout, taken: list[Any], settings: Any
) -> None:
    """Nothing of the books is changed; the doctor says that somebody has to look."""
    send(paid(begun))
    by_hand = {"method": "cash", "on": clock.today(make.ZONE), "cents": 6000}
    actions.refund(keeper.actor, invoice=begun.invoice, **by_hand)
    assert send(event("charge.dispute.funds_withdrawn", amount=6000)).status_code == 200
    assert state(begun) == ("cancelled", 0)
    assert Payment.objects.get().returned_on is None
    settings.CARD_KEY = settings.CARD_NOTICE_SECRET = KEY
    with clock.at(clock.now() + timedelta(2)):
        assert [one.grade for one in offers.cards_are_taken()] == [Grade.WELL, Grade.HAND]


@pytest.mark.django_db
def test_a_notice_that_comes_in_the_same_moment_is_sent_again(
    begun: Checkout, taken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it is heard once the other one is kept."""

    def busy(*_asked: Any, **_named: Any) -> None:
        raise Taken

    monkeypatch.setattr(card_actions, "heed_notice", busy)
    assert send(paid(begun)).status_code == 409


@pytest.mark.django_db
def test_what_was_paid_twice_is_credit(keeper: make.Worker, begun: Checkout, taken: list[Any]) -> None:
    """By a check meanwhile; a refund of it comes out of the credit."""
    said = {"method": "check", "reference": "7", "received_on": clock.today(make.ZONE)}
    invoice = begun.invoice
    actions.take_payment(keeper.actor, association=keeper.agency, invoices=[invoice], cents=6000, **said)
    assert send(paid(begun)).status_code == 200
    assert queries.credit_of(invoice.association_id, invoice.payer_id, None) == 6000
    send(refunded(6000))
    assert queries.credit_of(invoice.association_id, invoice.payer_id, None) == 0
    assert state(begun) == ("settled", 6000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "said", "became"),
    [
        pytest.param("customer.created", {}, "nothing", id="about no money"),
        pytest.param("checkout.session.completed", {"payment_status": "unpaid"}, "nothing", id="not paid yet"),
        pytest.param(
            "checkout.session.completed",
            {"payment_status": "paid", "amount_total": 6000, "client_reference_id": "somebody else's"},
            "unknown",
            id="not begun here",
        ),
        pytest.param("charge.refunded", {"amount_refunded": 6000}, "waits", id="of a payment that nobody told yet"),
        pytest.param(
            "charge.refunded", {"amount_refunded": 6000, "payment_intent": None}, "nothing", id="of no payment"
        ),
    ],
)
def test_an_unknown_notice_is_kept_and_answered_politely(
    taken: list[Any], kind: str, said: dict[str, Any], became: str
) -> None:
    """So that the provider does not send it for days."""
    assert send(event(kind, **said)).status_code == 200
    assert Notice.objects.get().became == became
    assert not Payment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"currency": "eur"}, id="of another country"),
        pytest.param({"amount_total": 0}, id="none"),
        pytest.param({"amount_total": 100_000_001}, id="more than one payment can be"),
    ],
)
def test_money_that_cannot_be_taken_for_dollars_is_looked_at(
    begun: Checkout, taken: list[Any], said: dict[str, Any]
) -> None:
    """The notice is kept and answered politely, and somebody looks."""
    assert send(paid(begun, **said)).status_code == 200
    assert (Notice.objects.get().became, state(begun)) == ("unknown", ("open", 0))


@pytest.mark.django_db
def test_a_notice_that_is_not_signed_as_it_should_be_is_left_aside(begun: Checkout, taken: list[Any]) -> None:
    """Another secret, another body, an hour old, another scheme, none, or no JSON at all."""
    said = paid(begun)
    body = json.dumps(said).encode()
    for signature in (
        signed(body, secret="whsec_other"),
        signed(b"{}"),
        signed(body, at=int(time.time()) - 3600),
        signed(body, scheme="v0"),
        "",
        "t=1",
    ):
        assert send(said, signature).status_code == 400
    for broken in (b"[]", b"{", b"\xff", b'{"id": "evt_1", "type": "charge.refunded"}'):
        answer = Client().post(
            reverse("money_card_notice"),
            broken,
            content_type="application/json",
            headers={"Stripe-Signature": signed(broken) if broken != b"\xff" else "t=1,v1=0"},
        )
        assert answer.status_code == 400
    assert not Notice.objects.exists()
    assert state(begun) == ("open", 0)


@pytest.mark.django_db
def test_nothing_of_a_card_or_its_owner_is_kept(begun: Checkout, taken: list[Any]) -> None:
    """Not even her mail address."""
    send(paid(begun))
    send(refunded(2000))
    kept = json.dumps([list(model.objects.values()) for model in (Notice, Payment, Checkout, Invoice)], default=str)
    assert "last4" not in kept
    assert "luz@example.org" not in kept


@pytest.mark.django_db
def test_the_payer_is_led_to_the_providers_own_page(keeper: make.Worker, taken: list[Any]) -> None:
    """With the sum that is owed now; the provider names the checkout when it was paid."""
    luz = make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    page = luz.client.get(reverse("money_invoice", args=[invoice.pk])).content.decode()
    assert "Pay by card" in page
    answer = luz.client.post(reverse("money_pay", args=[invoice.pk]), {"key": "one"})
    assert answer["Location"] == "https://checkout.example/pay"
    ((url, asked, key),) = taken
    begun = Checkout.objects.get()
    assert url.endswith("/v1/checkout/sessions")
    assert asked["client_reference_id"] == [str(begun.pk)] == [key]
    assert asked["line_items[0][price_data][unit_amount]"] == ["6000"]
    assert "Luz" not in json.dumps(asked)


def back(**said: Any) -> dict[str, Any]:
    """The form of a refund to the card, as it is sent."""
    version = Invoice.objects.get().version
    known = {"key": "once", "amount": "20", "method": "card", "on": clock.today(make.ZONE).isoformat()}
    return {**known, "version": version, **said}


@pytest.mark.django_db
def test_the_notice_of_a_refund_may_be_quicker_than_the_page(
    keeper: make.Worker, begun: Checkout, taken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down once, whichever comes first."""
    send(paid(begun))
    port = cards.port()

    class Eager(cards.Stripe):
        def refund(self, **asked: Any) -> None:
            super().refund(**asked)
            send(refunded(2000))

    assert isinstance(port, cards.Stripe)
    monkeypatch.setattr(cards, "port", lambda: Eager(port.key, port.secret, port.client))
    page = reverse("money_refund", args=[begun.invoice_id])
    assert keeper.client.post(page, back()).status_code == 302
    assert state(begun) == ("settled", 4000)
    assert sum(Refund.objects.values_list("cents", flat=True)) == 2000


@pytest.mark.django_db
def test_nothing_goes_back_to_a_card_that_the_books_would_not_take(
    keeper: make.Worker, begun: Checkout, taken: list[Any]
) -> None:
    """A day to come, more than is here, and the second of two tabs are told before the provider is asked."""
    send(paid(begun))
    page, other_tab = reverse("money_refund", args=[begun.invoice_id]), back(key="other tab")
    tomorrow = (clock.today(make.ZONE) + timedelta(1)).isoformat()
    for wrong in ({"on": tomorrow}, {"amount": "60.01"}):
        assert keeper.client.post(page, back(**wrong)).status_code == 400
    assert keeper.client.post(page, back()).status_code == 302
    for method in ("card", "cash"):
        answer = keeper.client.post(page, other_tab | {"method": method})
        assert "meanwhile" in answer.content.decode()
    assert len([url for url, _asked, _key in taken if url.endswith("/v1/refunds")]) == 1
    assert state(begun) == ("settled", 4000)


@pytest.mark.django_db
def test_a_card_is_refunded_once_by_its_key(keeper: make.Worker, begun: Checkout, taken: list[Any]) -> None:
    """The provider's notice of it changes nothing more."""
    send(paid(begun))
    typed = {"key": "once", "amount": "20", "method": "card", "on": clock.today(make.ZONE).isoformat(), "version": 0}
    for _twice in range(2):
        invoice = Invoice.objects.get()
        answer = keeper.client.post(reverse("money_refund", args=[invoice.pk]), typed | {"version": invoice.version})
        assert answer.status_code in (302, 400, 409)
    assert [key for url, _asked, key in taken if url.endswith("/v1/refunds")] in (["once"], ["once", "once"])
    send(refunded(2000))
    assert state(begun) == ("settled", 4000)


@pytest.mark.django_db
def test_where_the_provider_does_not_answer_nothing_is_paid(
    keeper: make.Worker, taken: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the page says so."""
    luz = make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    monkeypatch.setattr(type(cards.port().client), "status", 400)  # type: ignore[union-attr]
    answer = luz.client.post(reverse("money_pay", args=[invoice.pk]), {"key": "one"}, follow=True)
    assert "does not answer as it should" in answer.content.decode()


@pytest.mark.django_db
def test_without_a_setting_there_is_no_button(keeper: make.Worker, settings: Any) -> None:
    """And no address that takes notices; nor in a demonstration, whatever is set."""
    luz = make.make_worker("practitioner")
    invoice = make.make_invoice(keeper, luz)
    for key in ("", KEY):
        settings.CARD_KEY = settings.CARD_NOTICE_SECRET = key
        assert cards.port() is None
        assert "Pay by card" not in luz.client.get(reverse("money_invoice", args=[invoice.pk])).content.decode()
        assert luz.client.post(reverse("money_pay", args=[invoice.pk]), {"key": "one"}).status_code == 302
        assert send(event("customer.created")).status_code == 404
    assert not Checkout.objects.exists()


@pytest.mark.django_db
def test_with_its_settings_cards_are_taken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a demonstration."""
    settings.CARD_KEY, settings.CARD_NOTICE_SECRET = KEY, SECRET
    monkeypatch.setattr(cards, "is_demo", lambda: False)
    assert cards.port() is cards.port() is not None
    assert [one.grade for one in offers.cards_are_taken()] == [Grade.WELL]
    monkeypatch.setattr(cards, "has_library", lambda: False)
    assert cards.port() is None
    assert [one.grade for one in offers.cards_are_taken()] == [Grade.HAND]
    settings.CARD_KEY = ""
    assert not list(offers.cards_are_taken())


def test_a_moment_of_the_provider_is_read_in_utc() -> None:
    """Seconds since 1970."""
    said = cards.heard(event("customer.created", id="evt_1"))
    assert said.at.utcoffset() == timedelta(0)
