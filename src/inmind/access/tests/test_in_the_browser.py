"""The pages of signing in, of the account, of people and organizations in a real browser, at phone and desk width.

They are drawn by the house and handed to the browser under its own strict policy; the browser asks nobody else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from inmind.access import actions
from inmind.access.actors import operator
from inmind.access.adapters import passkeys
from inmind.access.tests.coming_in import enrolled, grow_old, signed_in_by_password, try_password, with_password
from inmind.access.tests.provider import CLIENT, SECRET, provider
from inmind.access.tests.test_passkeys import with_passkey
from tests import make

pytestmark = pytest.mark.django_db
AXE = Path(__file__).parents[4] / "tests" / "vendor" / "axe.min.js"
HERE = "http://localhost"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def every_page() -> dict[str, Any]:
    """What each page answers, by a name for it; refused forms and ended links among them."""
    network = make.make_network()
    visitor, supervisor, admin = Client(), make.make_worker("agency_supervisor").client, network.admin.client
    luz = make.make_worker("home_visitor", name="Luz Ortega")
    secret = actions.demo_link(operator("demo"), account=luz.account)
    one_factor = signed_in_by_password(with_password(luz.account))
    pages = {
        "sign in": visitor.get("/sign-in/"),
        "sign in, refused": try_password("nobody.here", "wrong"),
        "ask for a link": visitor.get("/sign-in/link/"),
        "link on its way": visitor.get("/sign-in/link/sent/"),
        "a link": visitor.get(f"/sign-in/link/{secret}/"),
        "a link that is over": visitor.get("/sign-in/link/none/"),
        "account closed": visitor.get("/account/closed/"),
        "first steps": one_factor.get("/account/first/"),
        "password": one_factor.get("/account/password/"),
        "password, refused": one_factor.post("/account/password/", {"password1": "short", "password2": "other"}),
        "enrol": one_factor.get("/account/second-factor/"),
        "enrol, refused": one_factor.post("/account/second-factor/", {"code": "000000"}),
        "account before enrolment": one_factor.get("/account/"),
    }
    both = enrolled(luz.account)
    before_code = Client()
    try_password(luz.account.username, client=before_code)
    pages |= {
        "code": before_code.get("/sign-in/code/"),
        "code, refused": before_code.post("/sign-in/code/", {"code": "000000"}),
        "recovery codes": both.get("/account/second-factor/codes/"),
        "recovery codes, again": both.get("/account/second-factor/codes/"),
        "another authenticator": both.get("/account/second-factor/replace/"),
        "account": both.get("/account/"),
        "make a passkey": both.get("/account/passkeys/new/", headers={"Host": "localhost"}),
        "no passkeys here": both.get("/account/passkeys/new/"),
        "sign out": both.get("/sign-out/"),
        "refused": both.get("/people/"),
    }
    phone = make.make_worker("clinician", name="Pat Duarte").account
    with_one, _device = with_passkey(with_password(phone))
    [kept] = passkeys.of(phone)
    pages |= {
        "account with a passkey": with_one.get("/account/"),
        "remove a passkey": with_one.get(f"/account/passkeys/{kept.mark}/end/"),
        "remove a passkey, refused": with_one.post(f"/account/passkeys/{kept.mark}/end/"),
    }
    grow_old(with_one)
    before_passkey = Client(headers={"Host": "localhost"})
    try_password(phone.username, client=before_passkey)
    pages |= {
        "second step with a passkey": before_passkey.get("/sign-in/code/"),
        "prove again by a passkey": with_one.get("/account/again/code/"),
    }
    pages |= signing_in_elsewhere(network, both)
    grow_old(both)
    held = luz.account.roles.get()
    return pages | {
        "prove again": both.get("/account/again/code/"),
        "people": supervisor.get("/people/"),
        "people, chosen": admin.get(f"/people/?organization={network.agencies[0].pk}"),
        "invite": supervisor.get("/people/invite/"),
        "invite, refused": supervisor.post("/people/invite/", {"key": "k"}),
        "role": supervisor.get(f"/people/{held.pk}/"),
        "another role": supervisor.get(f"/people/{held.pk}/another-role/"),
        "organizations": admin.get("/organizations/"),
        "add an organization": admin.get("/organizations/add/"),
        "correct an organization": admin.get(f"/organizations/{network.agencies[0].pk}/"),
    }


def signing_in_elsewhere(network: make.Network, both: Client) -> dict[str, Any]:
    """The pages of an agency's own sign-in: set, linked, used, and when it fails."""
    agency = network.agencies[0]
    settings = f"/agencies/{agency.pk}/sign-in/"
    admin = network.admin.client
    pages = {"settings of a sign-in": admin.get(settings)}
    with provider() as there:
        typed = {"key": "k1", "issuer": there.issuer, "client_id": CLIENT, "secret": SECRET}
        admin.post(settings, typed)
        to_link = both.post(f"/account/agency/{agency.pk}/link/")
        both.get(there.visit(to_link.context["address"]))
        again = Client()
        again.get(there.visit(again.get(f"/sign-in/agency/{agency.pk}/").url))
        again.post("/sign-out/")
        return pages | {
            "settings of a sign-in, kept": admin.get(settings),
            "settings of a sign-in, refused": admin.post(settings, typed | {"issuer": "login"}),
            "link a sign-in": to_link,
            "account, linked": both.get("/account/"),
            "sign in, again by the agency": again.get("/sign-in/"),
            "not signed in": Client().get("/sign-in/agency/back/"),
        }


def test_every_page_of_signing_in_and_of_people_is_sound(page: Any) -> None:
    """axe finds nothing, nothing sticks out at either width, and every button is large enough for a thumb."""
    pages = every_page()
    drawn: dict[str, Any] = {}

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file, content_type=KINDS[Path(file).suffix])
        elif path == "/page/":
            response = drawn["now"]
            headers = {"Content-Security-Policy": response.headers["Content-Security-Policy"]}
            route.fulfill(body=response.content, content_type="text/html", headers=headers)
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
    found = []
    for name, response in pages.items():
        drawn["now"] = response
        page.goto(f"{HERE}/page/")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        barriers = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        found += [f"{name}: {one['id']} at {one['nodes'][0]['target']}" for one in barriers]
        found += [f"{name}: {wide}" for wide in page.evaluate(STICKS_OUT)]
        found += [f"{name}: {small} is small" for small in page.evaluate(SMALL)]
    assert len(pages) > 30
    assert not found, "\n".join(found)


STICKS_OUT = """() => document.documentElement.scrollWidth > innerWidth
  ? [`${document.documentElement.scrollWidth} wide on ${innerWidth}`] : []"""
SMALL = """() => [...document.querySelectorAll('button, a.button, .choice label, main input:not([type=hidden], [type=radio])')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 90))"""
