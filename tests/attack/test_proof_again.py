"""What a session showed long ago opens nothing that changes who may come in; nor does a page keep a password."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import RoleAssignment
from inmind.access.queries import FACTORS, FACTORS_OF
from inmind.access.tests.coming_in import PASSWORD, enrolled, grow_old, try_password, with_password
from inmind.foundation.forms import fresh_key
from tests import make

pytestmark = pytest.mark.django_db
NEW = "four-otters-by-the-river"


@pytest.fixture
def supervisor(db: Any) -> Client:
    """The browser of a supervisor who showed both factors a moment ago."""
    return enrolled(with_password(make.make_worker("agency_supervisor").account))


@pytest.fixture
def officer(db: Any) -> RoleAssignment:
    return RoleAssignment.objects.get(account=make.make_worker("privacy_officer").account)


def sent(client: Client, page: str, held: RoleAssignment, **typed: Any) -> Any:
    body = {"key": fresh_key(), "version": held.version, **typed}
    return client.post(reverse(page, kwargs={"assignment": held.pk}), body)


@pytest.mark.parametrize(
    ("page", "typed", "back"),
    [
        ("end_role", {}, "role"),
        ("forget_factor", {}, "role"),
        ("give_role", {"role": "clinician"}, "give_role"),
    ],
    ids=["a role ends", "a lost phone", "another role"],
)
def test_who_may_come_in_is_changed_after_a_fresh_proof_alone(
    supervisor: Client, officer: RoleAssignment, page: str, typed: dict[str, str], back: str
) -> None:
    """An hour later she is asked for her code, and comes back to the page about this person; a moment later she is not."""
    before = [row.pk for row in RoleAssignment.objects.filter(until__isnull=True)]
    grow_old(supervisor)
    asked = sent(supervisor, page, officer, **typed)
    assert asked.status_code == 302
    assert asked.url == f"/account/again/code/?next={reverse(back, kwargs={'assignment': officer.pk})}"
    officer.account.refresh_from_db()
    assert officer.account.session_epoch == 0
    assert [row.pk for row in RoleAssignment.objects.filter(until__isnull=True)] == before


@pytest.mark.parametrize(("page", "typed"), [("end_role", {}), ("give_role", {"role": "clinician"})])
def test_whoever_showed_a_factor_a_moment_ago_is_not_asked(
    supervisor: Client, officer: RoleAssignment, page: str, typed: dict[str, str]
) -> None:
    before = RoleAssignment.objects.filter(until__isnull=True).count()
    answer = sent(supervisor, page, officer, **typed)
    assert answer.url.startswith("/people/?")
    assert RoleAssignment.objects.filter(until__isnull=True).count() != before


# An account with nothing to show


def by_link(minutes_ago: int) -> tuple[Client, Any]:
    """The browser of an account without password or factor, which came by a link so long ago."""
    account = make.make_worker("administrator").account
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[FACTORS] = [{"method": "link", "at": time.time() - 60 * minutes_ago}]
    session[FACTORS_OF] = str(account.pk)
    session.save()
    return client, account


@pytest.mark.parametrize(("minutes_ago", "is_set"), [(1, True), (25, True), (40, False)])
def test_a_first_password_is_set_soon_after_the_link_and_never_long_after(minutes_ago: int, is_set: bool) -> None:
    """Somebody at a browser left open cannot make the account hers: a fresh link goes to its owner's mailbox."""
    client, account = by_link(minutes_ago)
    answer = client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    account.refresh_from_db()
    assert account.has_usable_password() is is_set
    if not is_set:
        assert answer.url == reverse("own_account")
        assert "have a fresh one sent to your email" in client.get(answer.url).content.decode()
        assert client.get(reverse("mfa_activate_totp")).url == reverse("own_account")


@pytest.mark.parametrize("page", ["account_reauthenticate", "mfa_reauthenticate"])
def test_who_has_nothing_to_show_again_reads_a_sentence_and_no_page_fails(
    page: str, caplog: pytest.LogCaptureFixture
) -> None:
    client, account = by_link(1)
    with caplog.at_level(logging.ERROR):
        assert client.get(reverse(page)).url == reverse("own_account")
    assert not caplog.records
    with_password(account)
    came = Client()
    assert try_password(account.username, client=came).status_code == 302
    assert came.get(reverse("account_reauthenticate")).status_code == 200


# A form that came too late


def test_a_password_is_never_written_into_a_page() -> None:
    """The form is older than the browser's sign-in: the password is typed again, and no page holds it meanwhile."""
    client = Client(enforce_csrf_checks=True)
    late = {"login": "luz", "password": PASSWORD}
    page = client.post("/sign-in/", late, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    assert PASSWORD not in page
    assert "please type it again" in page
    assert 'href="/sign-in/"' in page


def test_words_about_a_family_are_kept_to_be_sent_once_more() -> None:
    client = Client(enforce_csrf_checks=True)
    late = {"words": "She said that she cannot go on", "zip_code": "78701"}
    page = client.post("/sign-in/link/", late, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    assert late["words"] in page
    assert "78701" in page
    assert "Send once more" in page
