"""`inmind link`: the way back for an administrator whom no letter reaches."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from inmind import cli
from inmind.access.tests.coming_in import enrolled, with_password
from tests import make

pytestmark = pytest.mark.django_db


def test_a_link_brings_the_administrator_back(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an address and without a password; the link works once."""
    admin = make.make_network().admin
    assert cli.main(["link", admin.account.username]) == 0
    secret = re.search(r"/sign-in/link/([^/]+)/", capsys.readouterr().out).group(1)  # type: ignore[union-attr]
    browser = Client(HTTP_HOST="127.0.0.1")
    page = reverse("sign_in_link", kwargs={"secret": secret})
    assert browser.post(page).status_code == 302
    assert browser.get(reverse("own_account")).status_code == 200
    assert browser.get(reverse("today")).url == reverse("mfa_activate_totp")
    assert Client(HTTP_HOST="127.0.0.1").post(page).status_code != 302


@pytest.mark.parametrize(
    ("whose", "says"), [("worker", "Only an administrator is given a link here."), ("nobody", "Nobody here is called")]
)
def test_nobody_else_is_given_one(whose: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who sees families is sent a letter, which somebody at the machine does not read for her."""
    worker = make.make_worker("home_visitor")
    username = worker.account.username if whose == "worker" else whose
    assert cli.main(["link", username]) == 1
    out, err = capsys.readouterr()
    assert says in err
    assert "link/" not in out


@pytest.mark.parametrize(("arguments", "opens"), [((), "mfa_authenticate"), (("--lost-phone",), "mfa_activate_totp")])
def test_a_lost_phone_is_taken_off_where_it_is_said(
    arguments: tuple[str, ...], opens: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The only administrator has nobody else to ask; without the word, the link asks for her code as ever."""
    admin = make.make_network().admin
    before = enrolled(with_password(admin.account))
    assert cli.main(["link", admin.account.username, *arguments]) == 0
    secret = re.search(r"/sign-in/link/([^/]+)/", capsys.readouterr().out).group(1)  # type: ignore[union-attr]
    browser = Client(HTTP_HOST="127.0.0.1")
    came = browser.post(reverse("sign_in_link", kwargs={"secret": secret}))
    assert (came.url == reverse(opens)) is (opens == "mfa_authenticate")
    assert (before.get(reverse("today")).status_code == 200) is (not arguments)
    if arguments:
        assert browser.get(reverse("today")).url == reverse(opens)
