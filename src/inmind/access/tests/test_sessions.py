"""One's own sessions: listed by words, ended one by one; and a role that ends is gone in every process at the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import actions, queries
from inmind.access.models import Account, AuditEntry, RoleAssignment
from inmind.access.tests import coming_in
from inmind.foundation import clock
from inmind.foundation.errors import Refused
from tests import make

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


def signed_in(account: Account, line: str) -> Client:
    client = Client(headers={"User-Agent": line})
    assert coming_in.try_password(account.username, client=client).status_code == 302
    return client


def test_both_places_are_listed_by_words_and_one_is_ended(steward: Account) -> None:
    """The other browser is nobody's at its next request; this one goes on."""
    phone, desk = signed_in(steward, PHONE), signed_in(steward, DESK)
    page = desk.get(reverse("own_account")).content.decode()
    assert "Firefox on Android" in page
    assert "Chrome on Windows" in page
    assert page.count("Sign out there") == 1
    assert phone.session.session_key not in page
    mark = queries.mark_of(phone.session.session_key)
    ended = desk.post(reverse("end_session", kwargs={"mark": mark}), {"key": "one"})
    assert ended.url == reverse("own_account")
    assert phone.get(reverse("own_account")).url.startswith(reverse("account_login"))
    assert desk.get(reverse("own_account")).status_code == 200
    assert "Firefox on Android" not in desk.get(reverse("own_account")).content.decode()
    assert AuditEntry.objects.filter(verb="access.end_session", outcome="done").count() == 1


def test_ending_this_one_is_signing_out(steward: Account) -> None:
    here = signed_in(steward, DESK)
    mark = queries.mark_of(here.session.session_key)
    assert here.post(reverse("end_session", kwargs={"mark": mark}), {"key": "one"}).url == reverse("account_login")
    assert queries.sessions_of(steward) == []


def test_somebody_elses_session_is_not_ended(steward: Account) -> None:
    """Her mark in another's hand ends nothing, and nobody acts on another's account."""
    other = coming_in.with_password(make.make_worker("administrator").account)
    hers, mine = signed_in(steward, PHONE), signed_in(other, DESK)
    mark = queries.mark_of(hers.session.session_key)
    mine.post(reverse("end_session", kwargs={"mark": mark}), {"key": "one"})
    assert hers.get(reverse("own_account")).status_code == 200
    with pytest.raises(Refused):
        actions.end_session(queries.actor_for(other), account=steward, mark=mark)


def test_sessions_that_are_over_are_not_listed(steward: Account) -> None:
    """Idle too long, or ended everywhere."""
    signed_in(steward, PHONE)
    assert len(queries.sessions_of(steward)) == 1
    with clock.at(clock.now() + timedelta(hours=1)):
        assert queries.sessions_of(steward) == []
    actions.end_sessions(queries.actor_for(steward), account=steward)
    assert queries.sessions_of(Account.objects.get(pk=steward.pk)) == []


@pytest.mark.django_db(transaction=True)
def test_a_role_that_ends_is_gone_in_every_process_at_the_next_request() -> None:
    """The same cookie, in another process that has served it before and after: nothing of the role is remembered."""
    worker = make.make_worker("privacy_officer")
    session = worker.client.session.session_key
    ask = (
        "from django.test import Client; from inmind.access import guard\n"
        "from inmind.access.actions import end_role; from inmind.access.models import RoleAssignment\n"
        "from tests.make import make_network\n"
        "client = Client(); client.cookies[settings.SESSION_COOKIE_NAME] = sys.argv[2]\n"
        "first = client.get('/privacy/').status_code\n"
        "print(first, flush=True); sys.stdin.readline()\n"
        "print(client.get('/privacy/').status_code, client.get('/people/').status_code)\n"
    )
    with coming_in.process(ask, session) as other:
        assert other.stdout.readline().strip() == "200"
        actions.end_role(make.make_network().admin.actor, assignment=RoleAssignment.objects.get(account=worker.account))
        said, problem = other.communicate("\n", timeout=60)
        assert said.split() == ["302", "302"], problem  # with the last role every session ends


@pytest.mark.django_db(transaction=True)
def test_a_changed_role_changes_the_next_request_of_a_session_that_goes_on() -> None:
    """One role of two ends, another is given: the session stays, what it may do is the roles' of that moment."""
    network = make.make_network()
    worker = make.make_worker("privacy_officer")
    client = worker.client
    actions.give_role(
        network.admin.actor, account=worker.account, role="home_visitor", organization=network.agencies[0]
    )
    assert client.get("/families/new/").status_code == 200
    assert client.get("/privacy/").status_code == 200
    held = RoleAssignment.objects.get(account=worker.account, role="privacy_officer")
    actions.end_role(network.admin.actor, assignment=held)
    assert client.get("/privacy/").status_code == 403
    assert client.get("/families/new/").status_code == 200
