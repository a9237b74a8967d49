"""How tests come in by the door itself: passwords, codes and links as a browser sends them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client

from inmind.access import totp
from inmind.access.adapters import allauth
from inmind.access.models import Account
from inmind.access.queries import FACTORS
from inmind.foundation import clock
from inmind.jobs.runner import run_due

PASSWORD = "seven-herons-at-the-pier"


def with_password(account: Account, password: str = PASSWORD) -> Account:
    """The account, which may sign in with a password from now on."""
    account.set_password(password)
    with allauth.owned(account, "tests.set_password"):
        account.save(update_fields=["password"])
    return account


def try_password(username: str, password: str = PASSWORD, client: Client | None = None, **extra: Any) -> Any:
    """What the sign-in page answers to a username and a password."""
    return (client or Client()).post("/sign-in/", {"login": username, "password": password}, **extra)


def signed_in_by_password(account: Account) -> Client:
    """A browser in which an account came in with its password alone."""
    client = Client()
    assert try_password(account.username, client=client).status_code == 302
    return client


def enrolled(account: Account) -> Client:
    """A browser in which an account with a password set up its authenticator by the pages, just now."""
    client = signed_in_by_password(account)
    page = client.get("/account/second-factor/")
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode()).group(1).split())  # type: ignore[union-attr]
    answer = client.post("/account/second-factor/", {"code": totp.code_at(secret, step_now())})
    assert answer.url == "/account/second-factor/codes/", answer
    return client


def step_now(moment: datetime | None = None) -> int:
    return int((moment or clock.now()).timestamp()) // totp.PERIOD


def code_of(account: Account, *, later: int = 0) -> str:
    """What the account's authenticator shows now, or some steps later."""
    row = Authenticator.objects.get(user=account, type="totp")
    return totp.code_at(allauth.unseal(account, allauth.AUTHENTICATOR, row.data["secret"]), step_now() + later)


def try_code(client: Client, code: str) -> Any:
    return client.post("/sign-in/code/", {"code": code})


def grow_old(client: Client) -> None:
    """Let what a session has proved lie an hour back."""
    session = client.session
    session[FACTORS] = [{**record, "at": record["at"] - 3600} for record in session[FACTORS]]
    session.save()


def mailed_secrets() -> list[str]:
    """The secrets of all links in the letters that have left, after everything that waits has left."""
    run_due()
    return [secret for letter in mail.outbox for secret in re.findall(r"/sign-in/link/([\w-]{20,})/", letter.body)]


@contextmanager
def process(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A script in a process of its own against this test's database, to be spoken with while it goes on."""
    running = subprocess.Popen(
        [sys.executable, "-c", PREPARED + script, str(connection.settings_dict["NAME"]), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


PREPARED = (
    "import sys; from inmind import cli; cli.set_up()\n"
    "from django.conf import settings; from django.db import connection\n"
    "settings.ALLOWED_HOSTS.append('testserver')\n"
    "connection.settings_dict['NAME'] = sys.argv[1]\n"
)


def in_another_process(script: str, *arguments: str) -> str:
    """Run a script in a process of its own against this test's database; what it printed. Needs a committed database."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + script, str(connection.settings_dict["NAME"]), *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
