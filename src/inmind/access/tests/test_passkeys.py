"""Passkeys: made with a fresh proof, shown at three doors, never replayed, never copied, never the last one away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client, RequestFactory
from fido2 import cbor
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inmind.access import actions, guard, proof, queries, totp, vault
from inmind.access.actors import machine, operator
from inmind.access.adapters import allauth, passkeys
from inmind.access.models import Account, AuditEntry, RoleAssignment, RowChange
from inmind.access.tests.coming_in import (
    code_of,
    enrolled,
    grow_old,
    in_another_process,
    mailed_secrets,
    signed_in_by_password,
    step_now,
    try_code,
    try_password,
    with_password,
)
from inmind.access.tests.device import PRESENT, Device, text
from inmind.foundation import clock
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail as mail_adapter
from tests import make

pytestmark = pytest.mark.django_db
NEW, ALONE, SECOND, AGAIN = (
    "/account/passkeys/new/",
    "/sign-in/passkey/",
    "/sign-in/code/passkey/",
    "/account/again/passkey/",
)
ENROL = "/account/second-factor/"


def at_home(client: Client) -> Client:
    """The same browser, at the address that can have passkeys."""
    client.defaults["HTTP_HOST"] = "localhost"
    return client


def asked(client: Client, door: str, **typed: str) -> dict[str, Any]:
    """What the script is told that a device is to sign."""
    answer = client.post(door, typed, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def make_passkey(client: Client, device: Device, name: str = "My phone") -> Any:
    return client.post(NEW, {"name": name, "credential": device.make(asked(client, NEW, name=name))})


def show(client: Client, door: str, device: Device, **more: str) -> Any:
    return client.post(door, {"credential": device.sign(asked(client, door)), **more})


def with_passkey(account: Account) -> tuple[Client, Device]:
    """The browser in which an account made its first factor, a passkey, just now; and the device."""
    client, device = at_home(signed_in_by_password(account)), Device()
    assert make_passkey(client, device).url == f"{ENROL}codes/"
    return client, device


def visitor() -> Client:
    return at_home(Client())


def is_in(client: Client) -> bool:
    return client.get("/today/").status_code == 200


def lines(*verbs: str, outcome: str = "done") -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(verb__in=verbs, outcome=outcome).order_by("seq")
    return [(row.verb.removeprefix("access."), row.purpose) for row in rows]


# Made, shown, removed


def test_an_invited_person_may_make_a_passkey_instead_of_an_authenticator(luz: Account) -> None:
    """It satisfies what her role asks for: from one factor, past the page of enrolment, to her day; with recovery codes."""
    client = at_home(signed_in_by_password(luz))
    assert client.get("/today/").url == ENROL
    assert "Make a passkey instead" in client.get(ENROL).content.decode()
    assert make_passkey(client, Device()).url == f"{ENROL}codes/"
    assert is_in(client)
    assert len(re.findall(r"<li><code>\d{4} \d{4}</code>", client.get(f"{ENROL}codes/").content.decode())) == 10
    assert "My phone" in client.get("/account/").content.decode()


def test_a_passkey_alone_signs_in_with_both_factors(luz: Account) -> None:
    """No username, no password, no code; and the page that was wanted opens, never one elsewhere."""
    _, device = with_passkey(luz)
    client = visitor()
    assert show(client, ALONE, device).url == "/today/"
    assert is_in(client)
    assert show(visitor(), ALONE, device, next="/account/").url == "/account/"
    assert show(visitor(), ALONE, device, next="https://example.org/").url == "/today/"
    assert client.post(ALONE, {}).url == "/today/", "who is in already stays who she is"


def test_a_passkey_is_the_second_step_beside_the_authenticator(luz: Account) -> None:
    """After the password or a link, either of them opens; without one, nothing does."""
    client, device = at_home(enrolled(luz)), Device()
    assert make_passkey(client, device).url == f"{ENROL}codes/", "her codes wait to be shown"
    for open_by in (lambda one: show(one, SECOND, device), lambda one: try_code(one, code_of(luz, later=1))):
        browser = visitor()
        assert try_password(luz.username, client=browser).url == "/sign-in/code/"
        page = browser.get("/sign-in/code/").content.decode()
        assert "Use a passkey" in page
        assert "six digits" in page
        assert browser.get("/account/").status_code == 302
        assert open_by(browser).url == "/today/"
        assert is_in(browser)


def test_with_a_passkey_alone_the_second_step_asks_for_it_or_a_recovery_code(luz: Account) -> None:
    owner, _ = with_passkey(luz)
    [code, *_] = re.findall(r"<code>(\d{4} \d{4})</code>", owner.get(f"{ENROL}codes/").content.decode())
    browser = visitor()
    try_password(luz.username, client=browser)
    page = browser.get("/sign-in/code/").content.decode()
    assert "Show your passkey" in page
    assert "six digits it shows" not in page
    assert try_code(browser, code).url == "/today/"


def test_a_passkey_proves_again_for_what_is_sensitive(luz: Account) -> None:
    client, device = with_passkey(luz)
    grow_old(client)
    assert client.get("/account/password/").url == "/account/again/code/?next=/account/password/"
    page = client.get("/account/again/code/?next=/account/password/").content.decode()
    assert "Use a passkey" in page
    assert '<input type="hidden" name="next" value="/account/password/">' in page
    assert show(client, AGAIN, device, next="/account/password/").url == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    assert lines("access.prove_again") == [("prove_again", "mfa")]
    assert client.get(f"{AGAIN}?next=/account/").url == "/account/again/code/?next=%2Faccount%2F"


def test_emergency_access_opens_by_a_passkey(luz: Account) -> None:
    """Asked for again after a while, like a code, and answered by the device."""
    clinician = with_password(make.make_worker("clinician").account)
    client, device = with_passkey(clinician)
    grow_old(client)
    assert client.get("/emergency/").url == "/account/again/code/?next=/emergency/"
    assert show(client, AGAIN, device, next="/emergency/").url == "/emergency/"
    assert client.get("/emergency/").status_code == 200


def test_making_and_removing_asks_for_a_proof_first(luz: Account) -> None:
    client, _ = with_passkey(luz)
    mark = passkeys.of(luz)[0].mark
    grow_old(client)
    for path in (NEW, f"/account/passkeys/{mark}/end/"):
        assert client.get(path).url == f"/account/again/code/?next={path}"
    grow_old(client)
    assert client.post(NEW, {"name": "x", "credential": "{}"}).status_code == 302
    assert client.post(f"/account/passkeys/{mark}/end/").status_code == 302
    assert len(passkeys.of(luz)) == 1


def test_a_session_of_one_factor_adds_no_passkey_to_an_account_that_has_a_factor(luz: Account) -> None:
    """Otherwise whoever knows the password could make a second factor of her own."""
    client, _ = with_passkey(luz)
    session = client.session
    queries.forget_second_factor(session)
    session.save()
    for path in (NEW, ENROL):
        assert client.get(path).url.startswith("/account/again/code/")
        assert client.post(path, {"name": "mine", "credential": "{}", "code": "1"}).url.startswith("/account/again/")


def test_the_first_factor_ends_the_sessions_that_showed_one(luz: Account) -> None:
    there = signed_in_by_password(luz)
    here, _ = with_passkey(luz)
    assert there.get("/account/").status_code == 302
    another = visitor()
    try_password(luz.username, client=another)
    make_passkey(here, Device(), "My desk")
    assert is_in(here)


def test_the_last_factor_of_somebody_who_needs_one_stays(luz: Account) -> None:
    """Refused with a sentence and written down; beside another passkey or an authenticator it goes, with all sessions elsewhere."""
    client, device = with_passkey(luz)
    first = passkeys.of(luz)[0].mark
    refused = client.post(f"/account/passkeys/{first}/end/")
    assert refused.status_code == 409
    assert "your last second factor" in refused.content.decode()
    assert lines("access.sign_in", outcome="refused") == [("sign_in", "passkey, removing")]
    make_passkey(client, Device(), "My desk")
    elsewhere = visitor()
    show(elsewhere, ALONE, device)
    assert client.get(f"/account/passkeys/{first}/end/").status_code == 200
    assert client.post(f"/account/passkeys/{first}/end/").url == "/account/"
    assert [one.name for one in passkeys.of(luz)] == ["My desk"]
    assert is_in(client)
    assert elsewhere.get("/account/").status_code == 302
    assert show(visitor(), ALONE, device).url == "/sign-in/"
    assert client.get(f"/account/passkeys/{first}/end/").url == "/account/"


def test_who_needs_no_second_factor_removes_the_last_one(steward: Account) -> None:
    """Its recovery codes go with it, and the password alone opens again."""
    client, _ = with_passkey(steward)
    assert client.post(f"/account/passkeys/{passkeys.of(steward)[0].mark}/end/").url == "/account/"
    assert not Authenticator.objects.exists()
    assert try_password(steward.username).url == "/today/"


def test_another_phone_leaves_the_passkeys_alone(luz: Account) -> None:
    client, device = at_home(enrolled(luz)), Device()
    make_passkey(client, device)
    client.get(f"{ENROL}codes/")
    assert "Your passkeys stay" in client.get(f"{ENROL}replace/").content.decode()
    assert client.post(f"{ENROL}replace/").url == ENROL
    assert is_in(client), "the passkey is a second factor still"
    assert allauth.codes_left(luz) == 10
    assert show(visitor(), ALONE, device).url == "/today/"
    page = client.get(ENROL)
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode()).group(1).split())  # type: ignore[union-attr]
    assert client.post(ENROL, {"code": totp.code_at(secret, step_now())}).url == "/account/"


def test_a_lost_phone_takes_the_passkeys_too(luz: Account) -> None:
    """The supervisor's way back in leaves nothing by which somebody else could come."""
    client, device = with_passkey(luz)
    actions.forget_factor(make.make_network().admin.actor, assignment=RoleAssignment.objects.get(account=luz))
    assert not Authenticator.objects.exists()
    assert client.get("/account/").status_code == 302
    assert show(visitor(), ALONE, device).url == "/sign-in/"


def test_ten_are_enough(steward: Account) -> None:
    client, _ = with_passkey(steward)
    for number in range(2, passkeys.AT_MOST + 1):
        assert make_passkey(client, Device(), f"Number {number}").status_code == 302
    assert "as many passkeys as one account" in make_passkey(client, Device(), "One more").content.decode()
    assert len(passkeys.of(steward)) == passkeys.AT_MOST


# What opens nothing


def altered(**parts: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda answer: answer | {"response": answer["response"] | parts}


REFUSED: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "made for a false page": ({"origin": "https://localhost.example.org"}, altered()),
    "made for the same name without its port": ({"origin": "http://localhost:8001"}, altered()),
    "without its owner's finger or PIN": ({"flags": PRESENT}, altered()),
    "with nobody there": ({"flags": 0x04}, altered()),
    "signed by another key": ({"key": Device().key}, altered()),
    "with an owner that nobody is": ({}, altered(userHandle=text(bytes(16)))),
    "with no owner": ({}, altered(userHandle="")),
    "with a signature cut short": ({}, altered(signature="AAAA")),
    "with half its data": ({}, altered(authenticatorData="AAAA")),
    "of a credential that is not there": ({"credential": b"another" * 4}, altered()),
}


@pytest.mark.sqlite  # what another side sends is read and refused before anything opens
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_a_passkeys_own_answer_opens_nothing(luz: Account, case: str) -> None:
    """Refused alike, with one sentence, and written down."""
    _, device = with_passkey(luz)
    fields, alter = REFUSED[case]
    for name, value in fields.items():
        setattr(device, name, value)
    client = visitor()
    answer = alter(json.loads(device.sign(asked(client, ALONE))))
    assert client.post(ALONE, {"credential": json.dumps(answer)}).url == "/sign-in/"
    assert "did not open the door" in client.get("/sign-in/").content.decode()
    assert not is_in(client)
    assert lines("access.sign_in", outcome="refused") == [("sign_in", "passkey")]
    assert not lines("access.use_passkey")


@pytest.mark.parametrize(
    "fields",
    [{"origin": "https://example.org"}, {"flags": PRESENT}, {"flags": 0x04}],
    ids=["for a false page", "without its owner's finger or PIN", "with nobody there"],
)
def test_what_was_not_made_here_by_its_owner_is_not_kept(luz: Account, fields: dict[str, Any]) -> None:
    client, device = at_home(signed_in_by_password(luz)), Device(**fields)
    answer = make_passkey(client, device)
    assert answer.status_code == 400
    assert "did not open the door" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert lines("access.sign_in", outcome="refused") == [("sign_in", "passkey, enrolling")]


def test_an_answer_is_taken_once_in_its_time_and_at_its_own_door(luz: Account) -> None:
    owner, device = with_passkey(luz)
    client = visitor()
    answer = device.sign(asked(client, ALONE))
    assert client.post(ALONE, {"credential": answer}).url == "/today/"
    client.post("/sign-out/")
    assert client.post(ALONE, {"credential": answer}).url == "/sign-in/", "replayed"
    late = device.sign(asked(client, ALONE))
    with clock.at(clock.now() + passkeys.LASTS + timedelta(seconds=1)):
        assert client.post(ALONE, {"credential": late}).url == "/sign-in/", "too late"
    other = device.sign(asked(visitor(), ALONE))
    asked(client, ALONE)
    assert client.post(ALONE, {"credential": other}).url == "/sign-in/", "asked of another browser"
    grow_old(owner)
    elsewhere = device.sign(asked(owner, AGAIN))
    assert owner.post(NEW, {"name": "x", "credential": elsewhere}).url.startswith("/account/again/")
    assert is_in(owner)
    assert client.post(ALONE, {"credential": ""}).url == "/sign-in/"


def test_somebody_elses_passkey_is_no_second_step(luz: Account, steward: Account) -> None:
    with_passkey(luz)
    _, hers = with_passkey(steward)
    browser = visitor()
    try_password(luz.username, client=browser)
    assert show(browser, SECOND, hers).url == "/sign-in/code/"
    assert not is_in(browser)
    assert visitor().post(SECOND, {"credential": "{}"}).url == "/sign-in/", "nobody stands before the second step"


def test_a_closed_account_is_not_opened_by_its_passkey(steward: Account) -> None:
    _, device = with_passkey(steward)
    with guard.permit("migrations"):
        Account.objects.filter(pk=steward.pk).update(is_active=False)
    client = visitor()
    assert show(client, ALONE, device).url == "/account/closed/"
    assert not is_in(client)


@hypothesis_settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.binary(max_size=60).map(text),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    (
                        *("id", "rawId", "type", "response", "clientDataJSON", "attestationObject"),
                        *("authenticatorData", "signature", "userHandle"),
                    )
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
@example({"id": "", "rawId": 2**62, "type": "public-key", "response": {"rawId": ""}})
@example(
    {
        "id": "",
        "rawId": "",
        "type": "public-key",
        "response": {
            "clientDataJSON": text(b'{"type": "webauthn.create", "challenge": "", "origin": ""}'),
            "attestationObject": text(cbor.encode({"fmt": "none", "authData": 2**62, "attStmt": {}})),
        },
    }
)
@example(
    {
        "id": "AA",
        "rawId": "AA",
        "type": "public-key",
        "response": {
            "clientDataJSON": text(f'{{"type": "webauthn.get", "challenge": {2**62}, "origin": ""}}'.encode()),
            "authenticatorData": text(bytes(37)),
            "attestationObject": text(cbor.encode({"fmt": "none", "authData": bytes(37), "attStmt": {}})),
            "signature": "AA",
            "userHandle": text(bytes(16)),
        },
    }
)
def test_no_answer_whatever_it_holds_is_a_fault(said: Any) -> None:
    """Anybody may send anything as a device's answer: it is refused, never a failure of the program; nor
    is a number in it taken for so many bytes of memory."""
    answer = json.dumps(said)
    for door, work in (
        (passkeys.ALONE, lambda request: passkeys.prove(request, passkeys.ALONE, answer)),
        (passkeys.ENROL, lambda request: passkeys.enrol(request, "x", answer)),
    ):
        request = RequestFactory().post("/", HTTP_HOST="localhost")
        kept = {"door": door, "at": clock.now().timestamp(), "challenge": text(bytes(32))}
        request.session = {passkeys.CHALLENGE: kept}  # type: ignore[assignment]
        with pytest.raises(passkeys.NotProved):
            work(request)


# A copy


@pytest.mark.parametrize(
    ("kept", "shown", "back"),
    [(0, 0, False), (0, 1, False), (4, 5, False), (4, 4, True), (4, 3, True), (4, 0, True)],
    ids=["never counts", "begins to count", "goes on", "stands still", "goes back", "begins again"],
)
def test_when_a_counter_went_back(kept: int, shown: int, back: bool) -> None:
    """W3C, Web Authentication Level 2, 7.2, step 21."""
    assert passkeys.went_back(kept, shown) is back


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    """The letters that left about passkeys, by their address."""
    monkeypatch.setattr(mail_adapter, "is_demo", lambda: False)

    def left() -> dict[str, str]:
        run_due()
        return {address: one.body for one in mail.outbox for address in one.to if "assk" in one.body}

    return left


def test_a_copied_passkey_is_refused_stopped_and_told(luz: Account, letters: Callable[[], dict[str, str]]) -> None:
    """Both of the two open nothing from then on; its owner and the privacy officer have a letter; she comes in by a code."""
    make.make_worker("privacy_officer", name="Ines Vega", mail="ines@example.org")
    make.make_worker("privacy_officer", make.make_network().agencies[1], mail="elsewhere@example.org")
    owner, device = with_passkey(luz)
    [code, *_] = re.findall(r"<code>(\d{4} \d{4})</code>", owner.get(f"{ENROL}codes/").content.decode())
    copy = Device(key=device.key, credential=device.credential, owner=device.owner, counter=device.counter)
    assert show(visitor(), ALONE, device).url == "/today/"
    assert show(visitor(), ALONE, device).url == "/today/"
    thief = visitor()
    assert show(thief, ALONE, copy).url == "/sign-in/"
    assert "may have been copied" in thief.get("/sign-in/").content.decode()
    assert not is_in(thief)
    assert show(visitor(), ALONE, device).url == "/sign-in/", "nobody can tell which of the two is hers"
    told = letters()
    assert "A passkey of Luz Ortega" in told.pop("ines@example.org")
    assert "One of your passkeys" in told.pop(luz.person.contacts.get().address)
    assert not told
    assert lines("access.sign_in", outcome="refused")[0] == ("sign_in", "passkey: its counter went back")
    [stopped] = AuditEntry.objects.filter(verb="jobs.stop_passkey")
    assert stopped.about == str(luz.pk)
    browser = visitor()
    assert try_password(luz.username, client=browser).url == "/sign-in/code/", "one factor is not enough now either"
    assert "Use a passkey" not in browser.get("/sign-in/code/").content.decode()
    assert try_code(browser, code).url == "/today/"
    assert "stopped: it may have been copied" in browser.get("/account/").content.decode()
    assert make_passkey(browser, Device(), "A new one").url == "/account/"
    assert browser.post(f"/account/passkeys/{passkeys.of(luz)[0].mark}/end/").url == "/account/"
    assert proof.verify() == []


def test_a_device_that_never_counts_is_no_copy(luz: Account) -> None:
    """Passkeys that a phone's maker carries from device to device show 0 each time."""
    client, device = at_home(signed_in_by_password(luz)), Device(counts=False)
    make_passkey(client, device)
    for _ in range(2):
        assert show(visitor(), ALONE, device).url == "/today/"


@pytest.mark.parametrize(
    ("role", "told"), [("agency_supervisor", "dana@example.org"), ("", "robin@example.org")], ids=["at hers", "nowhere"]
)
def test_where_nobody_watches_over_privacy_who_runs_the_place_is_told(
    luz: Account, letters: Callable[[], dict[str, str]], role: str, told: str
) -> None:
    """The agency's supervisor, or the house's administrator where there is none."""
    if role:
        make.make_worker(role, mail=told)
    with_passkey(luz)
    actions.stop_passkey(machine("access.passkeys"), passkey=passkeys.of(luz)[0].row)
    assert letters().keys() == {told, luz.person.contacts.get().address}


# Kept


def test_what_a_passkey_is_lies_sealed_for_its_account_alone(luz: Account, steward: Account) -> None:
    """Public key, counter and name: whoever moves a row to another account opens nothing."""
    _, device = with_passkey(luz)
    _, other = with_passkey(steward)
    row, hers = (Authenticator.objects.get(user=one, type="webauthn") for one in (luz, steward))
    assert list(row.data) == ["sealed"]
    for word in ("My phone", text(device.credential)):
        assert word not in str(row.data)
    row.data, hers.data = hers.data, row.data
    with guard.permit("migrations"):
        row.save()
        hers.save()
    for one in (device, other):
        client = visitor()
        assert show(client, ALONE, one).status_code == vault.CannotUnseal.status
        assert not is_in(client)


def test_a_passkey_is_sealed_anew_when_keys_rotate(luz: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    _, device = with_passkey(luz)
    row = Authenticator.objects.get(type="webauthn")
    before = row.data["sealed"]
    assert allauth.reseal(row) is False
    monkeypatch.setattr(vault, "is_sealed_today", lambda *_: False)
    with guard.permit("migrations"):
        assert allauth.reseal(row) is True
    assert Authenticator.objects.get(type="webauthn").data["sealed"] != before
    assert show(visitor(), ALONE, device).url == "/today/"


def test_each_thing_done_with_a_passkey_is_in_the_trail_and_owned(luz: Account) -> None:
    client, device = with_passkey(luz)
    show(visitor(), ALONE, device)
    make_passkey(client, Device(), "My desk")
    client.post(f"/account/passkeys/{passkeys.of(luz)[1].mark}/end/")
    assert lines("access.enrol_passkey", "access.use_passkey", "access.end_passkey") == [
        ("enrol_passkey", ""),
        ("use_passkey", "alone"),
        ("enrol_passkey", ""),
        ("end_passkey", ""),
    ]
    changed = {change.act for change in RowChange.objects.filter(table_name="mfa_authenticator")}
    assert changed <= {entry.id.hex for entry in AuditEntry.objects.filter(changes__gt=0)}
    assert proof.verify() == []


# Where and how often


def test_an_address_that_can_have_no_passkeys_says_so(luz: Account) -> None:
    """A number, or plain http elsewhere: a sentence, the other way, and no script."""
    client = signed_in_by_password(luz)
    page = client.get(NEW, HTTP_HOST="127.0.0.1").content.decode()
    assert "Passkeys do not work at this address." in page
    assert "Set up an authenticator" in page
    assert "passkeys.js" not in page
    there = client.get(NEW, HTTP_HOST="127.0.0.1:8123").content.decode()
    assert f'<a href="http://localhost:8123{NEW}">http://localhost:8123</a>' in there
    assert "Make a passkey instead" not in client.get(ENROL, HTTP_HOST="127.0.0.1").content.decode()
    answer = client.post(NEW, {"name": "x"}, HTTP_HOST="127.0.0.1", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "do not work at this address" in json.loads(answer.content)["error"]


@pytest.mark.parametrize(
    ("address", "secure", "possible"),
    [
        ("https://inmind.example.org", True, True),
        ("https://inmind.example.org", False, False),
        ("https://10.1.2.3", True, False),
    ],
    ids=["by TLS", "without TLS", "a number"],
)
def test_a_public_address_needs_tls_and_a_name(
    settings: Any, rf: Any, address: str, secure: bool, possible: bool
) -> None:
    settings.PUBLIC_ADDRESS, settings.ON_LOOPBACK = address, False
    assert passkeys.is_possible(rf.get("/", secure=secure)) is possible


def test_the_one_origin_of_a_public_address_is_its_own(luz: Account, settings: Any) -> None:
    """A device bound to it opens; one that says another port or name does not."""
    settings.PUBLIC_ADDRESS, settings.ON_LOOPBACK = "https://Inmind.example.org:8443", False
    settings.ALLOWED_HOSTS = ["inmind.example.org", "testserver"]
    client = signed_in_by_password(luz)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client.defaults |= {"HTTP_HOST": "inmind.example.org:8443", "HTTP_X_FORWARDED_PROTO": "https"}
    device = Device(origin="https://inmind.example.org:8443")
    assert make_passkey(client, device).url == f"{ENROL}codes/"
    device.origin = "https://inmind.example.org"
    grow_old(client)
    assert show(client, AGAIN, device).url == "/account/again/code/"
    device.origin = "https://inmind.example.org:8443"
    assert show(client, AGAIN, device).url == "/today/"


def test_a_name_that_cannot_be_kept_is_refused_before_the_device_makes_anything(luz: Account) -> None:
    client = at_home(signed_in_by_password(luz))
    for name in ("", "x" * 61, "a\x00b"):
        answer = client.post(NEW, {"name": name}, headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert json.loads(answer.content)["error"]
    assert passkeys.CHALLENGE not in client.session


def test_without_a_script_nothing_of_passkeys_is_shown(luz: Account) -> None:
    """The button waits hidden for the script; the other ways stand there."""
    page = visitor().get("/sign-in/").content.decode()
    assert re.search(r'<form[^>]*data-passkey="get"[^>]*hidden>', page)
    page = at_home(signed_in_by_password(luz)).get(NEW).content.decode()
    assert re.search(r'<form[^>]*data-passkey="create"[^>]*hidden', page)
    assert "Set up an authenticator" in page


@pytest.mark.django_db(transaction=True)
def test_tries_are_counted_across_workers(luz: Account) -> None:
    script = (
        "from django.test import Client\n"
        "for number in range(60):\n"
        "    Client().post('/sign-in/passkey/', {'credential': '{}'}, HTTP_HOST='localhost', REMOTE_ADDR='10.0.9.1')"
    )
    in_another_process(script)
    assert visitor().post(ALONE, {"credential": "{}"}, REMOTE_ADDR="10.0.9.1").status_code == 429
    assert visitor().post(ALONE, {"credential": "{}"}, REMOTE_ADDR="10.0.9.2").status_code == 302


def test_a_demonstrations_link_may_make_one_too(luz: Account) -> None:
    """It stands in for both factors, on this machine alone."""
    client = visitor()
    client.post(f"/sign-in/link/{actions.demo_link(operator('demo'), account=luz)}/")
    assert make_passkey(client, Device()).url == f"{ENROL}codes/"
    assert mailed_secrets() == []
