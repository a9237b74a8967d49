"""An agency's own sign-in against a provider on this machine: linked by its owner, never by an address; and every way it fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey

from inmind.access import actions, guard, proof, queries, vault
from inmind.access.adapters import allauth, openid
from inmind.access.models import Account, AuditEntry, RoleAssignment, SignOn, SignOnLink
from inmind.access.tests.coming_in import (
    code_of,
    enrolled,
    grow_old,
    signed_in_by_password,
    try_code,
    with_password,
)
from inmind.access.tests.device import text
from inmind.access.tests.provider import ANOTHER, CLIENT, SECRET, Provider, provider
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from tests import make

pytestmark = pytest.mark.django_db
BACK = "/sign-in/agency/back/"


@pytest.fixture
def there(db: Any) -> Iterator[Provider]:
    """The sign-in of the first agency, and its settings here; no second factor of its own counts."""
    network = make.make_network()
    with provider() as made:
        _set(network, made)
        yield made


def _set(network: make.Network, made: Provider, **other: Any) -> SignOn:
    asked = {"issuer": made.issuer, "client_id": CLIENT, "secret": SECRET, "second_factor": ""} | other
    return actions.set_sign_on(network.admin.actor, organization=network.agencies[0], **asked)


@pytest.fixture
def luz(there: Provider) -> Account:
    """A home visitor of this agency, with a password."""
    return with_password(make.make_worker("home_visitor", name="Luz Ortega").account)


def agency() -> Any:
    return make.make_network().agencies[0]


def to_link(client: Client) -> str:
    """Where the page of linking leads to."""
    page = client.post(f"/account/agency/{agency().pk}/link/").content.decode()
    found = re.search(r'href="(http://127\.0\.0\.1:\d+/authorize\?[^"]+)"', page)
    assert found, page
    return found.group(1).replace("&amp;", "&")


def linked(account: Account, there: Provider) -> Client:
    """A browser in which an account was enrolled by its owner and linked to the agency's sign-in, just now."""
    client = enrolled(account)
    assert client.get(there.visit(to_link(client))).url == "/account/"
    assert SignOnLink.objects.filter(account=account).count() == 1
    return client


def go(client: Client) -> str:
    answer = client.get(f"/sign-in/agency/{agency().pk}/")
    assert answer.status_code == 302, answer.content
    return answer.url


def come_in(there: Provider, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.get(there.visit(go(client)))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def noted() -> list[str]:
    rows = AuditEntry.objects.filter(verb="access.sign_in", outcome="refused").order_by("seq")
    return [row.purpose for row in rows]


# Linked once, by its owner


def test_who_linked_it_comes_in_by_it_and_shows_our_second_factor(luz: Account, there: Provider) -> None:
    """The house's own, where the agency's does not count; and the browser offers the way again."""
    linked(luz, there)
    client, answer = come_in(there)
    assert answer.url == "/sign-in/code/"
    assert not is_in(client)
    assert try_code(client, code_of(luz, later=1)).url == "/today/"
    assert client.get("/today/").status_code == 200
    client.post("/sign-out/")
    page = client.get("/sign-in/").content.decode()
    assert "Sign in with my agency" in page
    assert agency().name not in Client().get("/sign-in/").content.decode(), (
        "nobody else learns which agencies there are"
    )
    assert AuditEntry.objects.filter(verb="access.sign_in", purpose="agency, mfa").count() == 1


def test_the_agencys_second_factor_counts_where_it_is_set_so(luz: Account, there: Provider) -> None:
    _set(make.make_network(), there, second_factor="mfa  urn:strong", secret="")
    linked(luz, there)
    there.claims = {"amr": ["pwd", "mfa"]}
    client, answer = come_in(there)
    assert answer.url == "/today/"
    assert client.get("/today/").status_code == 200
    there.claims = {"amr": ["pwd"]}
    assert come_in(there)[1].url == "/sign-in/code/"


def test_nobody_is_let_in_without_a_link_whatever_the_token_says(luz: Account, there: Provider) -> None:
    """Neither a verified address nor her username makes an account of ours hers."""
    there.claims = {
        "email": luz.person.contacts.get().address,
        "email_verified": True,
        "preferred_username": luz.username,
    }
    accounts = Account.objects.count()
    client, answer = come_in(there)
    assert answer.status_code == 400
    assert "no account of this house is linked" in answer.content.decode()
    assert not is_in(client)
    assert Account.objects.count() == accounts
    assert noted() == ["agency: not linked"]


def test_linking_asks_for_a_proof_and_both_factors_first(luz: Account, there: Provider) -> None:
    one_factor = signed_in_by_password(luz)
    assert one_factor.post(f"/account/agency/{agency().pk}/link/").url == "/account/"
    client = enrolled(luz)
    grow_old(client)
    assert client.post(f"/account/agency/{agency().pk}/link/").url == "/account/again/code/?next=/account/"
    assert not SignOnLink.objects.exists()


def test_one_name_there_opens_one_account_here(luz: Account, there: Provider) -> None:
    linked(luz, there)
    other = enrolled(with_password(make.make_worker("home_visitor").account))
    assert other.get(there.visit(to_link(other))).url == "/account/"
    assert "linked to another account" in other.get("/account/").content.decode()
    assert SignOnLink.objects.count() == 1


def test_what_began_in_one_session_links_no_other_account(luz: Account, there: Provider) -> None:
    """Somebody who lures her to follow his answer links nothing: it was begun elsewhere."""
    hers = enrolled(luz)
    his = enrolled(with_password(make.make_worker("home_visitor").account))
    answer = hers.get(there.visit(to_link(his)))
    assert answer.status_code == 410
    session = hers.session
    session[openid.BEGUN] = his.session[openid.BEGUN]
    session.save()
    assert hers.get(there.visit(to_link(his))).status_code == 410
    assert not SignOnLink.objects.exists()


def test_it_may_be_unlinked_and_what_came_by_it_is_signed_out(luz: Account, there: Provider) -> None:
    client = linked(luz, there)
    by_agency, _ = come_in(there)
    try_code(by_agency, code_of(luz, later=1))
    assert "Unlink it" in client.get("/account/").content.decode()
    assert client.post(f"/account/agency/{agency().pk}/unlink/", {"key": "k"}).url == "/account/"
    assert is_in(client)
    assert not is_in(by_agency)
    assert come_in(there)[1].status_code == 400


def test_of_the_providers_name_for_her_only_a_hash_is_kept(luz: Account, there: Provider) -> None:
    there.subject = "luz.ortega@agency.example"
    linked(luz, there)
    link = SignOnLink.objects.get()
    assert "ortega" not in str(vars(link))
    assert len(link.subject) == 64


# Leaving ends it


def test_leaving_the_agency_ends_it_at_the_next_request(luz: Account, there: Provider) -> None:
    """The session and the link; also where a role at another place goes on."""
    network = make.make_network()
    linked(luz, there)
    client, _ = come_in(there)
    try_code(client, code_of(luz, later=1))
    assert is_in(client)
    with guard.permit("migrations"):
        RoleAssignment.objects.filter(account=luz).update(organization=network.agencies[1])
    assert not is_in(client)
    assert AuditEntry.objects.filter(verb="access.sign_out", purpose="left the agency").exists()
    assert "at no other" in come_in(there)[1].content.decode()
    with guard.permit("migrations"):
        RoleAssignment.objects.filter(account=luz).update(organization=network.agencies[0])
    actions.end_role(network.admin.actor, assignment=luz.roles.get())
    assert not SignOnLink.objects.exists()


def test_who_works_elsewhere_too_comes_in_the_usual_way(luz: Account, there: Provider) -> None:
    """One agency's administrator must not open what another agency's families told."""
    network = make.make_network()
    client = linked(luz, there)
    by_agency, _ = come_in(there)
    try_code(by_agency, code_of(luz, later=1))
    with guard.permit("migrations"):
        RoleAssignment.objects.create(
            account=luz, role="clinician", organization=network.agencies[1], since=clock.today(make.ZONE)
        )
    assert not is_in(by_agency)
    assert is_in(client), "a session of the usual way goes on"
    assert come_in(there)[1].status_code == 400
    assert client.post(f"/account/agency/{agency().pk}/link/").url == "/account/"
    assert noted() == ["agency: works elsewhere"]
    with pytest.raises(BadInput):
        actions.link_sign_on(
            queries.actor_for(luz, second_factor=True), account=luz, sign_on=SignOn.objects.get(), subject="x"
        )


def test_a_closed_account_stays_closed(luz: Account, there: Provider) -> None:
    linked(luz, there)
    with guard.permit("migrations"):
        Account.objects.filter(pk=luz.pk).update(is_active=False)
    client, answer = come_in(there)
    assert answer.status_code in {302, 400}
    assert not is_in(client)


def test_an_agencys_sign_in_changes_no_way_of_coming_in(luz: Account, there: Provider) -> None:
    """Its administrator could make a factor of his own, and keep the account when she has left. Emergency access neither."""
    _set(make.make_network(), there, second_factor="mfa", secret="")
    clinician = with_password(make.make_worker("clinician").account)
    there.subject, there.claims = "somebody", {"amr": ["mfa"]}
    linked(clinician, there)
    client, _ = come_in(there)
    for path in ("/account/password/", "/account/passkeys/new/", "/account/second-factor/replace/", "/emergency/"):
        assert client.get(path).url == f"/account/again/code/?next={path}"
    with guard.permit("migrations"):
        allauth.forget_factors(clinician)
        clinician.set_unusable_password()
        clinician.save()
    client, _ = come_in(there)
    assert client.get("/today/").status_code == 200
    for path in ("/account/password/", "/account/passkeys/new/", "/emergency/"):
        assert client.get(path).url == "/account/"
    assert "does not open this" in client.get("/account/").content.decode()


# Every way it fails: a sentence, the usual way, and nobody is let in

BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "an answer that is no JSON": ({"broken": "words"}, "does not answer now", "not answering"),
    "an answer that is a list": ({"broken": "a list"}, "does not answer now", "not answering"),
    "an answer without end": ({"broken": "long"}, "does not answer now", "not answering"),
    "a failure there": ({"broken": "status"}, "does not answer now", "not answering"),
    "an answer that leads elsewhere": ({"broken": "leads elsewhere"}, "does not answer now", "not answering"),
    "another issuer": ({"published": {"issuer": "https://example.org"}}, "does not answer now", "not answering"),
    "a token by plain http elsewhere": (
        {"published": {"token_endpoint": "http://example.org/token"}},
        "does not answer now",
        "not answering",
    ),
    "a place that is no address": (
        {"published": {"jwks_uri": "file:///etc/hosts"}},
        "does not answer",
        "not answering",
    ),
    "another audience": ({"claims": {"aud": "another house"}}, "cannot be trusted", "not trusted"),
    "another issuer in the token": ({"claims": {"iss": "https://example.org"}}, "cannot be trusted", "not trusted"),
    "another nonce": ({"claims": {"nonce": "replayed"}}, "cannot be trusted", "not trusted"),
    "signed by another key": ({"signed_by": ANOTHER}, "cannot be trusted", "not trusted"),
    "a clock that is slow there": ({"claims": {"iat": 1_700_000_000, "exp": 1_700_000_300}}, "clocks", "clocks apart"),
    "a clock that is fast there": ({"claims": {"iat": 2_000_000_000, "exp": 2_000_000_300}}, "clocks", "clocks apart"),
}


@pytest.mark.sqlite  # what another side sends is read and refused before anything opens
@pytest.mark.parametrize("case", BROKEN)
def test_what_fails_there_is_said_calmly_and_lets_nobody_in(luz: Account, there: Provider, case: str) -> None:
    linked(luz, there)
    fields, sentence, word = BROKEN[case]
    client = Client()
    back = there.visit(go(client))
    for name, value in fields.items():
        setattr(there, name, value)
    answer = client.get(back)
    page = answer.content.decode()
    assert answer.status_code in {400, 503}
    assert sentence in page
    assert "/sign-in/link/" in page
    assert not is_in(client)
    assert noted() == [f"agency: {word}"]


def test_a_provider_that_is_down_is_said_before_anybody_goes(luz: Account, there: Provider) -> None:
    there.broken = "status"
    answer = Client().get(f"/sign-in/agency/{agency().pk}/")
    assert answer.status_code == 503
    assert "does not answer now" in answer.content.decode()
    client = enrolled(luz)
    assert client.post(f"/account/agency/{agency().pk}/link/").status_code == 503
    with guard.permit("migrations"):
        SignOn.objects.update(issuer="http://127.0.0.1:9")
    assert Client().get(f"/sign-in/agency/{agency().pk}/").status_code == 503


def test_refused_there(luz: Account, there: Provider) -> None:
    client = Client()
    state = re.search(r"state=([\w-]+)", go(client)).group(1)  # type: ignore[union-attr]
    answer = client.get(f"{BACK}?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "did not let you through" in answer.content.decode()
    assert noted() == ["agency: turned away"]


def test_an_answer_counts_once_in_its_time_and_in_its_own_browser(luz: Account, there: Provider) -> None:
    linked(luz, there)
    client = Client()
    back = there.visit(go(client))
    assert Client().get(back).status_code == 410, "another browser's"
    assert client.get(back).url == "/sign-in/code/"
    again = client.get(back)
    assert again.status_code == 410, "replayed"
    assert "was finished already" in again.content.decode()
    late = there.visit(go(client))
    with clock.at(clock.now() + openid.LASTS + timedelta(seconds=1)):
        assert client.get(late).status_code == 410
    mixed = there.visit(go(client))
    assert "cannot be trusted" in client.get(f"{mixed}&iss=https://example.org").content.decode()
    wrong = there.visit(go(client))
    assert client.get(re.sub(r"code=[\w-]+", "code=stolen", wrong)).status_code == 400, "a code of somebody else's"
    assert Client().get(BACK).status_code == 410
    assert Client().get(f"{BACK}?state=ñ").status_code == 410
    assert not is_in(client)


def test_a_token_signed_by_what_everybody_knows_is_refused(luz: Account, there: Provider) -> None:
    """Neither unsigned nor by a shared secret: only by a key that the provider publishes."""
    linked(luz, there)
    made = openid.Provider("", "", f"{there.issuer}/keys", in_header=True)
    shared = jwt.encode({"alg": "HS256"}, {"sub": "luz-7"}, OctKey.import_key(SECRET * 3))
    head, claims = (text(json.dumps(part).encode()) for part in ({"alg": "none"}, {"sub": "luz-7"}))
    for token in (shared, f"{head}.{claims}.", "", "a.b.c", "x" * 100):
        with pytest.raises(openid.Untrusted):
            openid._signed(token, made)


def test_a_secret_may_be_sent_in_the_form(luz: Account, there: Provider) -> None:
    there.published = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    linked(luz, there)


def test_tries_are_limited(there: Provider) -> None:
    for _ in range(60):
        Client().get(BACK, REMOTE_ADDR="10.0.9.1")
    assert Client().get(BACK, REMOTE_ADDR="10.0.9.1").status_code == 429
    assert Client().get(f"/sign-in/agency/{agency().pk}/", REMOTE_ADDR="10.0.9.1").status_code == 429


# Its settings


def test_only_the_administrator_sets_it(luz: Account, there: Provider) -> None:
    for role in ("agency_supervisor", "data_steward"):
        worker = make.make_worker(role)
        assert worker.client.get(f"/agencies/{agency().pk}/sign-in/").status_code == 403
        with pytest.raises(Refused):
            actions.end_sign_on(worker.actor, organization=agency())


def test_the_settings_page_keeps_the_secret_to_itself(there: Provider) -> None:
    """Shown to nobody, sealed in its row, kept when the field is left empty."""
    client = make.make_network().admin.client
    address = f"/agencies/{agency().pk}/sign-in/"
    page = client.get(address).content.decode()
    assert there.issuer in page
    assert f"http://testserver{BACK}" in page
    assert SECRET not in page
    assert SECRET.encode() not in bytes(SignOn.objects.get().secret)
    typed = {"key": "k1", "issuer": there.issuer, "client_id": CLIENT, "secret": "", "second_factor": " mfa   hwk "}
    assert client.post(address, typed).url == address
    kept = SignOn.objects.get()
    assert kept.second_factor == "mfa hwk"
    assert openid._secret(kept) == SECRET
    assert client.get(f"/organizations/{agency().pk}/").content.decode().count(address) == 1


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.org",
        "login.example.org",
        "https://",
        "file:///etc/hosts",
        "ftp://example.org",
        "https://[",
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_at_its_field(there: Provider, issuer: str) -> None:
    client = make.make_network().admin.client
    typed = {"key": "k1", "issuer": issuer, "client_id": CLIENT, "secret": "x"}
    answer = client.post(f"/agencies/{agency().pk}/sign-in/", typed)
    assert answer.status_code == 400
    assert "cannot be asked" in answer.content.decode()


def test_a_public_house_asks_by_tls_alone(settings: Any) -> None:
    assert openid.may_be_asked("http://localhost:9000")
    settings.ON_LOOPBACK = False
    assert not openid.may_be_asked("http://localhost:9000")
    assert openid.may_be_asked("https://login.example.org")


def test_a_changed_address_forgets_the_links_and_any_change_signs_out(luz: Account, there: Provider) -> None:
    network = make.make_network()
    client = linked(luz, there)
    _set(network, there, second_factor="mfa", secret="")
    assert not is_in(client)
    assert SignOnLink.objects.exists()
    _set(network, there, client_id="another", secret="")
    assert not SignOnLink.objects.exists()
    with pytest.raises(NotNow, match="Only an agency"):
        actions.set_sign_on(
            network.admin.actor,
            organization=network.house,
            issuer=there.issuer,
            client_id=CLIENT,
            secret="x",
            second_factor="",
        )
    with pytest.raises(BadInput, match="secret is missing"):
        actions.set_sign_on(
            network.admin.actor,
            organization=network.agencies[1],
            issuer=there.issuer,
            client_id=CLIENT,
            secret="",
            second_factor="",
        )


def test_switched_off_it_opens_nothing_and_the_usual_way_stays(luz: Account, there: Provider) -> None:
    client = linked(luz, there)
    back = there.visit(go(visitor := Client()))
    admin = make.make_network().admin.client
    assert admin.post(f"/agencies/{agency().pk}/sign-in/end/", {"key": "k"}).status_code == 302
    assert not SignOn.objects.exists()
    assert not is_in(client)
    assert visitor.get(back).status_code == 410
    assert Client().get(f"/sign-in/agency/{agency().pk}/").status_code == 410
    assert signed_in_by_password(luz)
    assert proof.verify() == []


def test_the_secret_is_sealed_anew_when_keys_rotate(there: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    held = SignOn.objects.get()
    before = bytes(held.secret)
    assert openid.reseal(held) is False
    monkeypatch.setattr(vault, "is_sealed_today", lambda *_: False)
    with guard.permit("migrations"):
        assert openid.reseal(held) is True
    kept = SignOn.objects.get()
    assert bytes(kept.secret) != before
    assert openid._secret(kept) == SECRET
