"""An invited worker makes a passkey on her device and comes in by it alone; a real browser with a virtual authenticator."""

from __future__ import annotations

from typing import Any

import pytest

from inmind.access.adapters import passkeys
from inmind.access.tests.coming_in import grow_old, signed_in_by_password, with_password
from tests import make
from tests.journeys.steps import is_sound


@pytest.mark.django_db(transaction=True)
def test_a_worker_comes_in_by_the_passkey_of_her_device(page: Any, live_server: Any) -> None:
    """Made after the invitation instead of an authenticator; shown alone, then again for what is sensitive."""
    supervisor = with_password(make.make_worker("agency_supervisor", name="Dana Example").account)
    house = f"http://localhost:{live_server.thread.port}"
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    authenticator = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    client = signed_in_by_password(supervisor)
    key = client.session.session_key
    page.context.add_cookies([{"name": "inmind_session", "value": key, "url": house}])
    page.goto(f"{house}/account/first/")
    is_sound(page)
    page.get_by_role("link", name="Make a passkey instead").click()
    is_sound(page)
    page.get_by_label("A name for this device").fill("My own phone")
    page.get_by_role("button", name="Make it on this device").click()
    page.get_by_text("Your passkey is kept.").wait_for()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{house}/account/")
    page.get_by_text("My own phone", exact=True).wait_for()
    is_sound(page)
    page.goto(f"{house}/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()

    page.goto(f"{house}/sign-in/")
    is_sound(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Your device gave no passkey").wait_for()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/today/")

    [cookie] = [one for one in page.context.cookies() if one["name"] == "inmind_session"]
    client.cookies["inmind_session"] = cookie["value"]
    grow_old(client)
    page.goto(f"{house}/emergency/")
    is_sound(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{house}/emergency/")  # the page that asks ends in these words too, as where it leads
    [kept] = passkeys.of(supervisor)
    assert kept.counter > 0
