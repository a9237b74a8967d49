"""Signing in with a password and an authenticator, what it leaves in the trail, and how sessions end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse

from inmind import installation
from inmind.access import actions, audit, guard, proof, queries, totp
from inmind.access.actors import NOBODY
from inmind.access.adapters import allauth
from inmind.access.door import BEFORE_SECOND_FACTOR, routes, verb_of
from inmind.access.guard import WriteOutsideAction
from inmind.access.models import Account, AuditEntry, RoleAssignment, RowChange, StoredAnswer
from inmind.access.roles import ROLES
from inmind.access.sessions import kept
from inmind.access.tests.coming_in import (
    PASSWORD,
    code_of,
    enrolled,
    grow_old,
    in_another_process,
    signed_in_by_password,
    step_now,
    try_code,
    try_password,
    with_password,
)
from inmind.access.vault import CannotUnseal
from inmind.foundation import clock
from inmind.foundation.errors import Refused
from inmind.foundation.identity import new_id
from inmind.foundation.values import Verdict
from inmind.people.models import Contact, Person
from tests import make

pytestmark = pytest.mark.django_db
ENROL = "/account/second-factor/"


def is_in(client: Client) -> bool:
    """Whether the house knows who this is."""
    return client.get("/account/").status_code == 200


def asked_for_code(account: Account) -> Client:
    """A browser whose password was right and which now stands before the second step."""
    client = Client()
    assert try_password(account.username, client=client).url == "/sign-in/code/"
    return client


def entries(verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=verb).order_by("seq"))


# Username and password


def test_username_and_password_open_the_door(steward: Account) -> None:
    client = Client()
    assert try_password(steward.username, client=client).url == "/today/"
    assert is_in(client)


def test_capitals_and_spaces_around_a_username_do_not_matter(steward: Account) -> None:
    assert try_password(f" {steward.username.upper()} ").status_code == 302


def test_a_refusal_never_tells_whether_the_username_is_there(steward: Account) -> None:
    """A wrong password, a username nobody has, an account that has no password: one answer, word for word."""
    without = make.make_worker("administrator").account
    said = set()
    for username in (steward.username, "nobody.here", without.username):
        client = Client()
        answer = try_password(username, "not-the-password", client=client)
        assert answer.status_code == 200
        assert not is_in(client)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        said.add(text.replace(username, "…"))
    assert len(said) == 1
    assert "do not fit together" in said.pop()


def test_a_mail_address_and_password_open_the_door_of_one_account(steward: Account) -> None:
    """One that two share opens nothing, with the words of any other refusal; the trail says whose door it was."""
    own = Contact.objects.get(person=steward.person_id).address
    client = Client()
    assert try_password(f" {own.upper()} ", client=client).url == "/today/"
    assert is_in(client)
    said = set()
    shared = with_password(make.make_worker("data_steward", mail="desk@example.org").account)
    make.make_worker("data_steward", mail="desk@example.org")
    for typed, password in ((own, "not-the-password"), ("desk@example.org", PASSWORD), ("no@example.org", PASSWORD)):
        client = Client()
        answer = try_password(typed, password, client=client)
        assert answer.status_code == 200
        assert not is_in(client)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        said.add(text.replace(typed, "…"))
    assert len(said) == 1
    failed = AuditEntry.objects.filter(verb="access.sign_in", outcome="refused").order_by("seq")
    assert [entry.about for entry in failed] == [str(steward.pk), "", ""]
    assert try_password(shared.username).status_code == 302


def test_tries_by_name_and_by_mail_do_not_tell_that_they_are_one(steward: Account) -> None:
    """Whoever was stopped at a username is not stopped at the address for it, and the other way round."""
    own = Contact.objects.get(person=steward.person_id).address
    for _time in range(6):
        stopped = try_password(own, "not-the-password")
    assert "too many tries" in stopped.content.decode()
    assert "do not fit together" in try_password(steward.username, "not-the-password").content.decode()


def test_a_closed_account_opens_nothing(steward: Account) -> None:
    with guard.permit("migrations"):
        Account.objects.filter(pk=steward.pk).update(is_active=False)
    client = Client()
    assert try_password(steward.username, client=client).url == "/account/closed/"
    assert client.get("/account/closed/").status_code == 200
    assert not is_in(client)


def test_the_page_that_was_wanted_opens_after_signing_in(steward: Account) -> None:
    """And a page elsewhere never does."""
    for wanted, opened in (
        ("/account/", "/account/"),
        ("https://example.org/", "/today/"),
        ("//example.org", "/today/"),
    ):
        answer = Client().post("/sign-in/", {"login": steward.username, "password": PASSWORD, "next": wanted})
        assert answer.url == opened


# The second factor


def test_the_second_factor_is_asked_for_and_opens(luz: Account) -> None:
    enrolled(luz)
    client = asked_for_code(luz)
    assert not is_in(client)
    assert try_code(client, code_of(luz, later=1)).url == "/today/"
    assert client.get("/today/").status_code == 200


def test_a_wrong_code_opens_nothing(luz: Account) -> None:
    enrolled(luz)
    client = asked_for_code(luz)
    wrong = f"{(int(code_of(luz, later=1)) + 1) % 10**6:06}"
    assert "not right, or it was used already" in try_code(client, wrong).content.decode()
    assert not is_in(client)


def test_the_code_of_enrolment_does_not_open_the_next_sign_in(luz: Account) -> None:
    """It was seen by whoever stood beside the screen."""
    enrolled(luz)
    assert try_code(asked_for_code(luz), code_of(luz)).status_code == 200
    assert try_code(asked_for_code(luz), code_of(luz, later=1)).status_code == 302


def test_a_used_code_stays_used_when_the_cache_was_cleared(luz: Account) -> None:
    enrolled(luz)
    code = code_of(luz, later=1)
    assert try_code(asked_for_code(luz), code).status_code == 302
    for _ in range(2):
        assert try_code(asked_for_code(luz), code).status_code == 200
        cache.clear()
    with clock.at(clock.now() + timedelta(seconds=30)):
        assert try_code(asked_for_code(luz), code).status_code == 200, "nor in the next half minute"
        assert try_code(asked_for_code(luz), code_of(luz, later=1)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_used_code_stays_used_in_another_process(luz: Account) -> None:
    """What one worker has accepted, no other accepts again."""
    enrolled(luz)
    code = code_of(luz, later=1)
    script = (
        "from django.test import Client\n"
        "client = Client()\n"
        f"client.post('/sign-in/', {{'login': sys.argv[2], 'password': {PASSWORD!r}}})\n"
        "print(client.post('/sign-in/code/', {'code': sys.argv[3]}).status_code)"
    )
    assert in_another_process(script, luz.username, code) == "302"
    assert in_another_process(script, luz.username, code) == "200"
    assert try_code(asked_for_code(luz), code).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_code_typed_in_two_places_at_once_opens_one(luz: Account) -> None:
    """The authenticator's row is held while a code is spent."""
    enrolled(luz)
    code = code_of(luz, later=1)
    clients = [asked_for_code(luz) for _ in range(3)]
    ready = threading.Barrier(len(clients))
    statuses: list[int] = []

    def enter(client: Client) -> None:
        try:
            ready.wait(10)
            statuses.append(try_code(client, code).status_code)
        finally:
            connection.close()

    crowd = [threading.Thread(target=enter, args=[client]) for client in clients]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(60)
    assert sorted(statuses) == [200, 200, 302]


def test_until_it_is_enrolled_every_other_door_leads_to_enrolment(luz: Account) -> None:
    """Whoever may see families shows two factors first; one's own account alone is open before. What a link opens asks for the
    link, and a script is told so as JSON."""
    client = signed_in_by_password(luz)
    closed = opened = 0
    by_link = {"caregiver_by_link": reverse("link_over"), "program_by_link": reverse("office_link_over")}
    of_links = {grant.verb: over for role, over in by_link.items() for grant in ROLES[role].grants}
    for where, name, view in routes():
        verb, _reason = verb_of(name, view)
        if not verb:
            continue
        parts = [part.strip("<>").rpartition(":") for part in where.split("/") if part.startswith("<")]
        address = reverse(name, kwargs={part: 1 if kind == "int" else new_id() for kind, _colon, part in parts})
        for answer in (client.get(address), client.post(address) if verb not in BEFORE_SECOND_FACTOR else None):
            if verb in BEFORE_SECOND_FACTOR:
                opened += 1
            elif answer is not None:
                closed += 1
                if answer.headers["Content-Type"] == "application/json":
                    assert (answer.status_code, answer.json()) == (403, {"state": "signed_out", "wipe": False}), name
                    continue
                leads = answer.headers.get("Location")
                assert answer.status_code == 302, name
                assert leads in {ENROL, of_links.get(verb)}, name
    assert closed > 20
    assert opened > 5
    assert client.get(ENROL).status_code == 200


def test_a_role_that_sees_no_family_needs_one_factor_and_may_have_two(steward: Account) -> None:
    assert signed_in_by_password(steward).get("/today/").status_code == 200
    enrolled(steward)
    assert not is_in(asked_for_code(steward))


def test_a_data_steward_meets_no_name_before_the_second_factor(db: Any) -> None:
    """The queue of likenesses and the imports hold names of families: first the authenticator, then they open."""
    account = with_password(make.make_worker("data_steward").account)
    client, pages = signed_in_by_password(account), ("/duplicates/", "/imports/", "/today/")
    assert [client.get(page).headers.get("Location") for page in pages] == [ENROL] * len(pages)
    both = enrolled(account)
    assert [both.get(page).status_code for page in pages] == [200] * len(pages)


def test_an_action_is_refused_to_a_single_factor(luz: Account) -> None:
    """Behind the door too: the policy asks again."""
    with pytest.raises(Refused, match="second factor"):
        actions.end_sessions(queries.actor_for(luz), account=luz)
    actions.end_sessions(queries.actor_for(luz, second_factor=True), account=luz)


def test_secrets_lie_sealed(luz: Account) -> None:
    """In the authenticator's row, and in the session while it is being enrolled."""
    client = signed_in_by_password(luz)
    page = client.get(ENROL).content.decode()
    shown = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).split())  # type: ignore[union-attr]
    assert len(shown) == 32
    assert shown not in str(Session.objects.get(pk=kept(client.session.session_key)).get_decoded())
    assert shown == "".join(
        re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(ENROL).content.decode()).group(1).split()
    )  # type: ignore[union-attr]
    enrolled(luz)
    rows = Authenticator.objects.filter(user=luz)
    assert {row.type for row in rows} == {"totp", "recovery_codes"}
    for row, key, purpose in zip(rows.order_by("type"), ("seed", "secret"), PURPOSES, strict=True):
        assert allauth.unseal(luz, purpose, row.data[key]) not in str(row.data)


PURPOSES = (allauth.PaperCodes.PURPOSE, allauth.AUTHENTICATOR)


def test_a_secret_opens_for_its_own_account_and_purpose_alone(luz: Account) -> None:
    """Whoever can write to the database, but has no key, gets in by no sealed secret moved from another row."""
    other = with_password(make.make_worker("home_visitor").account)
    for account in (luz, other):
        enrolled(account)
    rows = {
        (account.pk, row.type): row for account in (luz, other) for row in Authenticator.objects.filter(user=account)
    }
    for kind, key in (("totp", "secret"), ("recovery_codes", "seed")):
        mine, hers = rows[luz.pk, kind], rows[other.pk, kind]
        mine.data[key], hers.data[key] = hers.data[key], mine.data[key]
        with guard.permit("migrations"):
            mine.save()
            hers.save()
        with pytest.raises(CannotUnseal):
            allauth.spend_code(luz, "12345678")
        with guard.permit("migrations"):
            Authenticator.objects.filter(user=luz, type=kind).delete()  # what is left alone opens in the next round
    seed = allauth.seal(luz, allauth.PaperCodes.PURPOSE, "a seed")
    assert allauth.unseal(luz, allauth.PaperCodes.PURPOSE, seed) == "a seed"
    for account, purpose in ((other, allauth.PaperCodes.PURPOSE), (luz, allauth.AUTHENTICATOR), (luz, allauth.PENDING)):
        with pytest.raises(CannotUnseal):
            allauth.unseal(account, purpose, seed)


def test_a_secret_that_is_not_said_whose_it_is_is_neither_sealed_nor_opened(luz: Account) -> None:
    sealed = allauth.seal(luz, allauth.AUTHENTICATOR, "a secret")
    with pytest.raises(LookupError):
        allauth.SecondFactor().decrypt(sealed)
    with pytest.raises(LookupError):
        allauth.SecondFactor().encrypt("a secret")


def test_an_authenticator_begun_in_one_account_is_not_ended_in_another(luz: Account) -> None:
    """Its key in the session is bound to the account as well: what another began is passed over for a fresh one."""
    other = with_password(make.make_worker("home_visitor").account)
    mine, hers = signed_in_by_password(luz), signed_in_by_password(other)
    mine.get(ENROL)
    session = hers.session
    session[allauth.PENDING_SECRET] = mine.session[allauth.PENDING_SECRET]
    session.save()
    page = hers.get(ENROL)
    assert page.status_code == 200
    began = allauth.unseal(luz, allauth.PENDING, mine.session[allauth.PENDING_SECRET])
    assert began[:4] not in page.context["key_groups"]
    assert allauth.unseal(other, allauth.PENDING, hers.session[allauth.PENDING_SECRET]) != began


def test_the_picture_is_drawn_inline_without_style_and_the_key_can_be_typed(luz: Account) -> None:
    page = signed_in_by_password(luz).get(ENROL).content.decode()
    picture = re.search(r'<svg[^>]*class="qr".*?</svg>', page, re.DOTALL).group(0)  # type: ignore[union-attr]
    assert "style" not in picture
    assert "<path" in picture
    assert re.search(r"<code>([A-Z2-7]{4} ){8}</code>", page)


def test_a_wrong_first_code_enrols_nothing(luz: Account) -> None:
    client = signed_in_by_password(luz)
    client.get(ENROL)
    answer = client.post(ENROL, {"code": "000000"})
    assert answer.status_code == 400
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once_and_each_opens_once(luz: Account) -> None:
    client = enrolled(luz)
    page = client.get(f"{ENROL}codes/").content.decode()
    codes = re.findall(r"<li><code>(\d{4}) (\d{4})</code></li>", page)
    assert len(codes) == 10
    again = client.get(f"{ENROL}codes/").content.decode()
    assert not re.search(r"\d{4} \d{4}", again)
    typed = " ".join(codes[3])
    assert try_code(asked_for_code(luz), typed).status_code == 302
    assert try_code(asked_for_code(luz), typed).status_code == 200
    client.post(f"{ENROL}codes/new/")
    assert try_code(asked_for_code(luz), " ".join(codes[4])).status_code == 200, "old codes end with new ones"


def test_another_telephone_replaces_the_first(luz: Account) -> None:
    """The old one stops at once; until the new one is enrolled, this session counts as one factor."""
    client = enrolled(luz)
    elsewhere = asked_for_code(luz)
    old = code_of(luz, later=1)
    assert client.post(f"{ENROL}replace/").url == ENROL
    assert client.get("/today/").url == ENROL
    assert not Authenticator.objects.filter(user=luz).exists()
    assert not is_in(elsewhere)
    assert enrolled(luz).get("/today/").status_code == 200
    assert try_code(asked_for_code(luz), old).status_code == 200


def test_what_protects_an_account_asks_again_after_a_while(luz: Account) -> None:
    """By the code where there is an authenticator, never by the password alone; nothing typed waits in the session."""
    client = enrolled(luz)
    assert client.get(f"{ENROL}replace/").status_code == 200
    grow_old(client)
    for path in (f"{ENROL}replace/", f"{ENROL}codes/", "/account/password/"):
        assert client.get(path).url == f"/account/again/code/?next={path}"
    typed = {"password1": "a-heron-on-the-roof", "password2": "a-heron-on-the-roof"}
    assert client.post("/account/password/", typed).status_code == 302
    assert "a-heron" not in str(dict(client.session))
    assert client.get("/account/again/").url == "/account/again/code/"
    assert client.post("/account/again/code/?next=/account/password/", {"code": "000000"}).status_code == 200
    assert (
        client.post("/account/again/code/?next=/account/password/", {"code": code_of(luz, later=1)}).url
        == "/account/password/"
    )
    assert client.post("/account/password/", typed).url == "/account/"
    assert try_password(luz.username, "a-heron-on-the-roof").status_code == 302


def test_a_code_used_for_proving_again_opens_no_sign_in(luz: Account) -> None:
    client = enrolled(luz)
    grow_old(client)
    code = code_of(luz, later=1)
    assert client.post("/account/again/code/?next=/account/", {"code": code}).status_code == 302
    assert try_code(asked_for_code(luz), code).status_code == 200


def test_a_password_is_asked_again_where_there_is_no_authenticator(steward: Account) -> None:
    client = signed_in_by_password(steward)
    grow_old(client)
    assert client.get(ENROL).url == f"/account/again/?next={ENROL}"
    assert client.post(f"/account/again/?next={ENROL}", {"password": "wrong"}).status_code == 200
    assert client.post(f"/account/again/?next={ENROL}", {"password": PASSWORD}).url == ENROL
    assert client.get(ENROL).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("short", "at least 12"),
        ("password1234", "too common"),
    ],
    ids=["too short", "too common"],
)
def test_a_weak_password_is_refused(steward: Account, typed: str, sentence: str) -> None:
    client = signed_in_by_password(steward)
    answer = client.post("/account/password/", {"password1": typed, "password2": typed})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert try_password(steward.username).status_code == 302


# Limits


HERE, ELSEWHERE = "10.0.9.1", "10.0.8.1"


def wrong(username: str, times: int, *, address: str = "", **extra: Any) -> list[str]:
    """What wrong passwords are answered, from one address or each from another of its own."""
    addresses = (address or f"10.{number // 200}.{number % 200}.7" for number in range(times))
    return [try_password(username, "wrong", REMOTE_ADDR=one, **extra).content.decode() for one in addresses]


def test_five_wrong_passwords_close_an_account_to_an_address(steward: Account) -> None:
    """Also to the right one, and in the same words as for a username that nobody has; other accounts go on."""
    other = with_password(make.make_worker("administrator").account)
    for username, address in ((steward.username, HERE), ("nobody.here", ELSEWHERE)):
        assert all("do not fit" in page for page in wrong(username, 5, address=address))
        assert "too many tries" in try_password(username, REMOTE_ADDR=address).content.decode()
    assert try_password(other.username, REMOTE_ADDR=HERE).status_code == 302


def test_whoever_tries_her_username_elsewhere_does_not_lock_her_out(steward: Account) -> None:
    wrong(steward.username, 6, address=ELSEWHERE)
    assert try_password(steward.username, REMOTE_ADDR=HERE).status_code == 302


def test_tries_from_everywhere_slow_down_what_comes_from_elsewhere(
    steward: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address she came from before is open to her; any other has its turn now and then, and is never closed."""
    assert try_password(steward.username, REMOTE_ADDR=HERE).status_code == 302
    for username in (steward.username, "nobody.here"):
        said = wrong(username, 33)
        assert all("do not fit" in page for page in said[:31]), "thirty, and the first that waits its turn"
        assert all("too many tries" in page for page in said[31:])
    assert try_password(steward.username, REMOTE_ADDR=HERE).status_code == 302
    assert "too many tries" in try_password(steward.username, REMOTE_ADDR=ELSEWHERE).content.decode()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda now=time.time: now() + 21)
    assert try_password(steward.username, REMOTE_ADDR=ELSEWHERE).status_code == 302, "her turn has come"


def test_what_is_known_of_an_address_tells_nobody_which(steward: Account) -> None:
    try_password(steward.username, REMOTE_ADDR=HERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM inmind_cache WHERE cache_key LIKE %s", ["%known%"])
        keys = [key for (key,) in cursor.fetchall()]
    assert len(keys) == 1
    assert not any(word in keys[0] for word in (steward.username, HERE))


def test_a_host_with_another_port_does_not_reopen_a_closed_account(steward: Account) -> None:
    """What the browser says of the address is no part of whose tries are counted."""
    for number in range(5):
        wrong(steward.username, 1, address=HERE, HTTP_HOST=f"testserver:{1000 + number}")
    answer = try_password(steward.username, REMOTE_ADDR=HERE, HTTP_HOST="testserver:2000")
    assert "too many tries" in answer.content.decode()


def test_many_wrong_passwords_close_an_address_for_a_while(steward: Account) -> None:
    for number in range(10):
        try_password(f"somebody{number}", "wrong", REMOTE_ADDR="10.1.0.1")
    assert "too many tries" in try_password(steward.username, REMOTE_ADDR="10.1.0.1").content.decode()
    assert try_password(steward.username, REMOTE_ADDR="10.1.0.2").status_code == 302


def test_signing_in_rightly_uses_no_try_up(steward: Account) -> None:
    for _ in range(7):
        assert try_password(steward.username).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_limits_hold_across_workers(steward: Account) -> None:
    """Tries are counted in the database: those of another process count here, at one address and at all together."""
    script = (
        "from django.test import Client\n"
        "for number in range(5):\n"
        "    Client().post('/sign-in/', {'login': sys.argv[2], 'password': 'wrong'}, REMOTE_ADDR=sys.argv[3])\n"
        "for number in range(26):\n"
        "    Client().post('/sign-in/', {'login': sys.argv[2], 'password': 'wrong'}, REMOTE_ADDR=f'10.5.{number}.1')"
    )
    in_another_process(script, steward.username, HERE)
    for address in (HERE, "10.3.3.3"):
        assert "too many tries" in try_password(steward.username, REMOTE_ADDR=address).content.decode()


def test_a_flood_of_other_names_does_not_push_a_limit_out(settings: Any) -> None:
    """The cache keeps far more entries than Django's own 300, after which it would forget a third of them."""
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 50_000


def test_codes_cannot_be_guessed_on_and_on(luz: Account) -> None:
    enrolled(luz)
    client = asked_for_code(luz)
    for _ in range(5):
        try_code(client, "000000")
    assert "too many tries" in try_code(client, code_of(luz, later=1)).content.decode()
    assert not is_in(client)


# Sessions


def test_the_key_of_a_session_changes_with_signing_in_and_with_each_new_factor(luz: Account) -> None:
    """Whoever knew the key before knows nothing after."""
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["somebody"] = "put this here"
    session.save()
    keys = [session.session_key]
    try_password(luz.username, client=client)
    keys.append(client.session.session_key)
    client.get(ENROL)
    page = client.get(ENROL).content.decode()
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).split())  # type: ignore[union-attr]
    client.post(ENROL, {"code": totp.code_at(secret, step_now())})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert not Session.objects.filter(pk__in=map(kept, keys[:2])).exists()


def test_signing_out_ends_the_session(luz: Account) -> None:
    client = enrolled(luz)
    key = client.session.session_key
    assert client.get("/sign-out/").status_code == 200
    assert is_in(client), "looking at the page signs nobody out"
    assert client.post("/sign-out/").url == "/"
    assert not is_in(client)
    assert not Session.objects.filter(pk=kept(key)).exists()


def test_a_copy_of_the_database_opens_no_session(steward: Account) -> None:
    """It holds a hash of each session's key, which opens nothing itself."""
    client = signed_in_by_password(steward)
    row = Session.objects.get(pk=kept(client.session.session_key))
    assert client.session.session_key not in str(vars(row))
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = row.session_key
    assert not is_in(thief)
    assert is_in(client)


def test_a_session_ends_when_nobody_touches_it(steward: Account, settings: Any) -> None:
    client = signed_in_by_password(steward)
    began = clock.now()
    with clock.at(began + timedelta(seconds=settings.SESSION_IDLE_SECONDS - 60)):
        assert is_in(client)
    with clock.at(began + timedelta(seconds=2 * settings.SESSION_IDLE_SECONDS)):
        assert not is_in(client)
    assert [entry.purpose for entry in entries("access.sign_out")] == ["idle"]


def test_a_session_ends_at_its_age_however_busy(steward: Account, settings: Any) -> None:
    client = signed_in_by_password(steward)
    began, busy = clock.now(), timedelta(minutes=20)
    moments = [began + busy * step for step in range(1, settings.SESSION_COOKIE_AGE // 1200)]
    for moment in moments:
        with clock.at(moment):
            assert is_in(client)
    with clock.at(moments[-1] + busy + timedelta(minutes=1)):
        assert not is_in(client)
    assert [entry.purpose for entry in entries("access.sign_out")] == ["age"]


def test_signing_out_everywhere_ends_every_session(steward: Account) -> None:
    here, there = signed_in_by_password(steward), signed_in_by_password(steward)
    other = signed_in_by_password(with_password(make.make_worker("administrator").account))
    here.post("/account/sessions/end/", {"key": "k1"})
    assert not is_in(here)
    assert not is_in(there)
    assert is_in(other)


def test_nobody_signs_somebody_else_out(steward: Account) -> None:
    other = make.make_worker("administrator").account
    with pytest.raises(Refused):
        actions.end_sessions(queries.actor_for(steward, second_factor=True), account=other)


def test_another_password_ends_the_other_sessions(steward: Account) -> None:
    here, there = signed_in_by_password(steward), signed_in_by_password(steward)
    here.post("/account/password/", {"password1": "a-heron-on-the-roof", "password2": "a-heron-on-the-roof"})
    assert is_in(here)
    assert not is_in(there)


def test_enrolling_ends_the_sessions_that_showed_one_factor(luz: Account) -> None:
    """Otherwise an older session could go on to touch the second factor."""
    there = signed_in_by_password(luz)
    here = enrolled(luz)
    assert is_in(here)
    assert not is_in(there)


def test_roles_act_from_the_next_request_on(luz: Account) -> None:
    """Given or ended: what a session may do is read anew each time."""
    network = make.make_network()
    client = enrolled(luz)
    assert client.get("/people/").status_code == 403
    actions.give_role(network.admin.actor, account=luz, role="agency_supervisor", organization=network.agencies[0])
    assert client.get("/people/").status_code == 200
    actions.end_role(network.admin.actor, assignment=luz.roles.get(role="agency_supervisor"))
    assert client.get("/people/").status_code == 403
    assert is_in(client)


def test_the_last_role_takes_the_session_with_it(luz: Account) -> None:
    client = enrolled(luz)
    actions.end_role(make.make_network().admin.actor, assignment=luz.roles.get())
    assert not is_in(client)


# The trail


def test_signing_in_and_out_is_in_the_trail_by_ids_alone(luz: Account) -> None:
    client = enrolled(luz)
    client.post("/sign-out/")
    client = asked_for_code(luz)
    try_code(client, code_of(luz, later=1))
    entries = AuditEntry.objects.filter(actor=f"user:{luz.pk}", verb__startswith="access.").order_by("seq")
    done = [(entry.verb, entry.purpose) for entry in entries]
    assert done == [
        ("access.sign_in", "password"),
        ("access.enrol_factor", ""),
        ("access.sign_out", ""),
        ("access.use_code", "authenticator"),
        ("access.sign_in", "password, mfa"),
    ]
    for entry in AuditEntry.objects.filter(verb__startswith="access."):
        assert luz.username not in str(vars(entry))


def test_a_failed_sign_in_is_in_the_trail(luz: Account) -> None:
    """With the account's id where there is one, and never with what was typed."""
    try_password(luz.username, "wrong")
    try_password("nobody.here", "wrong")
    enrolled(luz)
    try_code(asked_for_code(luz), "000000")
    found = [
        (entry.actor, entry.outcome, entry.about, entry.purpose)
        for entry in entries("access.sign_in")
        if entry.outcome == "refused"
    ]
    assert found == [
        ("nobody:", "refused", str(luz.pk), "password"),
        ("nobody:", "refused", "", "password"),
        ("nobody:", "refused", str(luz.pk), "mfa"),
    ]
    assert not AuditEntry.objects.filter(about__icontains="nobody.here").exists()


def test_what_changes_how_somebody_signs_in_is_in_the_trail(luz: Account) -> None:
    client = enrolled(luz)
    client.post("/account/password/", {"password1": "a-heron-on-the-roof", "password2": "a-heron-on-the-roof"})
    client.post(f"{ENROL}codes/new/")
    client.post(f"{ENROL}replace/")
    verbs = ["access.enrol_factor", "access.set_password", "access.renew_codes", "access.end_factor"]
    found = AuditEntry.objects.filter(verb__in=verbs).order_by("seq")
    assert [(entry.verb, entry.actor, entry.about) for entry in found] == [
        (verb, f"user:{luz.pk}", str(luz.pk)) for verb in verbs
    ]


def test_an_enrolment_that_is_not_in_the_trail_did_not_happen(luz: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in_by_password(luz)
    client.get(ENROL)
    secret = allauth.unseal(luz, allauth.PENDING, client.session["inmind_authenticator_being_enrolled"])

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(audit, "write", broken)
    client.raise_request_exception = False
    assert client.post(ENROL, {"code": totp.code_at(secret, step_now())}).status_code == 500
    assert not Authenticator.objects.exists()


# The guard


def test_signing_in_opens_its_own_tables_and_no_others(luz: Account) -> None:
    """Accounts, links and authenticators; the trail opens itself, and closes again."""
    with allauth.owned(luz, "access.sign_in"):
        Account.objects.filter(pk=luz.pk).update(last_login=None)
        audit.refused(NOBODY, "access.sign_in", Verdict(allowed=False, sentence=""))
        for table, write in OTHER_WRITES.items():
            with pytest.raises(WriteOutsideAction, match=table), transaction.atomic():
                write()
        Account.objects.filter(pk=luz.pk).update(session_epoch=models.F("session_epoch") + 1)
    with pytest.raises(WriteOutsideAction, match="access_account"), transaction.atomic():
        Account.objects.filter(pk=luz.pk).update(last_login=None)


ANOTHERS: dict[str, Callable[[Account], Any]] = {
    "closed": lambda luz: Account.objects.filter(pk=luz.pk).update(is_active=False),
    "closed beside what is its own": lambda luz: Account.objects.filter(pk=luz.pk).update(
        password="x", is_active=False
    ),
    "saved whole": lambda luz: luz.save(),
    "given to somebody else": lambda luz: Account.objects.filter(pk=luz.pk).update(person=new_id()),
    "renamed": lambda luz: Account.objects.filter(pk=luz.pk).update(username="another"),
    "made": lambda luz: Account.objects.bulk_create([Account(username="another", person=luz.person)]),
    "removed": lambda luz: raw('DELETE FROM "access_account" WHERE 1 = 0'),
    "its link prolonged": lambda luz: luz.links.update(expires_at=clock.now()),
    "by raw words": lambda luz: raw("UPDATE access_account SET password = 'x' WHERE 1 = 0"),
}


@pytest.mark.parametrize("way", ANOTHERS)
def test_signing_in_closes_opens_and_moves_no_account(luz: Account, way: str) -> None:
    """It sets its password, the time of its last coming and its epoch; all else is an action's."""
    with (
        allauth.owned(luz, "access.sign_in"),
        pytest.raises(WriteOutsideAction, match=r"access_(account|signinlink)"),
        transaction.atomic(),
    ):
        ANOTHERS[way](luz)


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_each_row_that_signing_in_changes_is_owned_by_an_entry(luz: Account) -> None:
    """All ways of coming in and of looking after one's own account; and the trail is whole after them."""
    client = enrolled(luz)
    client.get(f"{ENROL}codes/")
    client.post("/account/password/", {"password1": "a-heron-on-the-roof", "password2": "a-heron-on-the-roof"})
    client.post(f"{ENROL}codes/new/")
    page = client.get(f"{ENROL}codes/").content.decode()
    [code, *_] = ["".join(parts) for parts in re.findall(r"<li><code>(\d{4}) (\d{4})</code></li>", page)]
    again = Client()
    try_password(luz.username, "a-heron-on-the-roof", client=again)
    assert again.post("/sign-in/code/", {"code": code}).status_code == 302
    assert is_in(again)
    again.post(f"{ENROL}replace/")
    changed = {change.act for change in RowChange.objects.filter(table_name__in=guard.SIGN_IN)}
    owners = {entry.id.hex for entry in AuditEntry.objects.filter(changes__gt=0)}
    assert changed <= owners
    verbs = {entry.verb for entry in AuditEntry.objects.filter(actor=f"user:{luz.pk}", changes__gt=0)}
    own = {"sign_in", "enrol_factor", "see_codes", "set_password", "renew_codes", "use_code", "end_factor"}
    assert {f"access.{verb}" for verb in own} <= verbs
    assert proof.verify() == []


def test_a_hash_of_an_older_making_is_renewed_and_owned(luz: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = luz.password
    hasher = type(get_hasher())
    monkeypatch.setattr(hasher, "must_update", lambda self, encoded: encoded == weak)
    signed_in_by_password(luz)
    assert Account.objects.get(pk=luz.pk).password != weak
    assert AuditEntry.objects.get(verb="access.renew_hash").changes == 1
    signed_in_by_password(luz)
    assert AuditEntry.objects.filter(verb="access.renew_hash").count() == 1
    assert proof.verify() == []


OTHER_WRITES: dict[str, Callable[[], Any]] = {
    "people_person": lambda: Person.objects.update(given_name="Eva"),
    "access_auditentry": lambda: AuditEntry.objects.all().delete(),
    "access_roleassignment": lambda: RoleAssignment.objects.update(role="administrator"),
    "access_storedanswer": lambda: StoredAnswer.objects.all().delete(),
}


# Settings


# A script of our own has an address; what is data alone is never run.
_OWN = r'(?:type="module" )?src=|id="[\w-]+" type="application/json"'
INLINE = re.compile(rf"\sstyle=|<style|<script(?! (?:{_OWN}))|\son\w+=")


def pages() -> Iterator[str]:
    """Every address of the house, with ids that are not there where it needs one."""
    for where, name, _view in routes():
        kinds = [part.strip("<>").rpartition(":") for part in where.split("/") if part.startswith("<")]
        if name and name != "static":
            like = {"uuid": new_id(), "int": 1}
            yield reverse(name, kwargs={part: like.get(kind, "none") for kind, _colon, part in kinds})


def test_every_page_carries_the_strict_policy(luz: Account) -> None:
    """Signed in or not, opened or refused: nothing inline, nothing from elsewhere."""
    client = enrolled(luz)
    seen = 0
    for address in pages():
        for browser in (Client(), client):
            answer = browser.get(address) if address != "/sign-out/" else Client().get(address)
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert not INLINE.search(answer.content.decode("utf-8", "replace")), address
            seen += 1
    assert seen > 50


def test_the_deployment_check_is_silent(tmp_path: Path) -> None:
    """Served under a public address, Django has nothing to say about its security."""
    installation.begin(
        tmp_path, profile="network", name="Coastal Network", state="", zone="America/Chicago", languages=("en", "es")
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("INMIND_", "DATABASE_"))}
    environment |= {
        "INMIND_HOME": str(tmp_path),
        "INMIND_ADDRESS": "https://inmind.example.org",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    checked = subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "DEBUG"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "inmind.settings"},
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == "System check identified no issues (0 silenced).\n"
