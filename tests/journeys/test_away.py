"""A home visitor's day where no phone has a signal: what she writes down arrives once, and her phone tells nobody anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys import away
from tests.journeys.harbor import ZONE
from tests.journeys.installation import House, free_port
from tests.journeys.steps import is_sound, is_sound_at_each_width
from tests.upgrade.places import copied

NOTE, STRENGTH = "amapola und Seide", "Sie lacht mit dem Kolibri"
ROWS = """new Promise(done => { const asked = indexedDB.open("inmind-away"); asked.onsuccess = () => {
  const counted = asked.result.transaction("rows").objectStore("rows").count();
  counted.onsuccess = () => { asked.result.close(); done(counted.result); }; }; })"""
# The device counts further than the house that it sends to.
AHEAD = """new Promise(done => { const asked = indexedDB.open("inmind-away"); asked.onsuccess = () => {
  const work = asked.result.transaction("keys", "readwrite"), keys = work.objectStore("keys");
  keys.get("device").onsuccess = ({target: {result}}) => keys.put({...result, next: result.next + 50}, "device");
  work.oncomplete = () => { asked.result.close(); done(true); }; }; })"""
# A passkey of the house that derives keys, as the page that makes one would leave it on the device.
PASSKEY = """navigator.credentials.create({publicKey: {challenge: new Uint8Array(32), rp: {id: "localhost", name: "InMind"},
  user: {id: new Uint8Array(8), name: "luz", displayName: "Luz"}, pubKeyCredParams: [{type: "public-key", alg: -7}],
  authenticatorSelection: {residentKey: "required", userVerification: "required"}, extensions: {prf: {}}}}).then(() => true)"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "en-US"}


@pytest.fixture(scope="module")
def morning(
    _harbor_on_its_first_day: tuple[House, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, dict[str, Any]]]:
    """The agency with Luz's two families, served once for all these stories; each story asks only after its own."""
    begun, signed_in = _harbor_on_its_first_day
    with copied(begun, tmp_path_factory.mktemp("away") / "house") as house:
        house.does(away.FAMILIES)
        house.port = free_port()
        house.serve()
        yield house, signed_in
        house.stop()


@pytest.fixture
def phone(browser: Any, morning: tuple[House, dict[str, Any]]) -> Iterator[Callable[..., Any]]:
    """`phone()` is a phone on which Luz is signed in; afterwards each must have kept to the house."""
    contexts, problems = [], []

    def own() -> Any:
        context = browser.new_context(**PHONE, storage_state=morning[1]["Luz"])
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: problems.append(f"a script failed: {error.error}"))
        context.on("console", lambda said: said.type == "log" and problems.append(said.text))
        context.on("console", lambda said: "Security Policy" in said.text and problems.append(said.text))
        contexts.append(context)
        return context.new_page()

    yield own
    for context in contexts:
        context.close()
    assert not problems


def test_a_morning_without_a_signal_arrives_once(
    morning: tuple[House, dict[str, Any]], phone: Callable[..., Any]
) -> None:
    """Help at once, a killed tab, a wrong PIN, an answer of the house that is lost: everything is there once, and nothing tells."""
    house, _ = morning
    page = phone()
    page.goto(f"{house.address}/away/")
    page.get_by_role("heading", name="Take your visits along").wait_for()
    is_sound_at_each_width(page)
    page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    away.take_along(page, house)
    is_sound(page)
    away.says_nothing(page, [])
    context = page.context
    context.set_offline(True)

    page.close()  # somebody puts the phone away, and it forgets the page
    page = context.new_page()
    page.goto(f"{house.address}/away/")
    page.get_by_role("heading", name="Locked").wait_for()
    is_sound(page)
    away.says_nothing(page, [])
    away.unlock(page, "another one")
    page.get_by_text("That is another PIN. Tries left: 7 of 8").wait_for()
    away.unlock(page)
    away.open_family(page)
    is_sound(page)

    page.get_by_role("button", name="Other forms").click()
    is_sound(page)
    page.get_by_role("button", name=re.compile("Begin: Edinburgh Postnatal Depression Scale, Itzel")).click()
    is_sound(page)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.locator("input[name=item-epds_1]").first.focus()
    for key in ("1", "2", "Backspace"):
        page.keyboard.press(key)
    page.get_by_role("group", name="4 anxious").get_by_role("radio").nth(2).click()
    expect(page.get_by_text("4 of 10", exact=True).or_(page.get_by_text("3 of 10", exact=True))).to_be_visible()
    is_sound(page)
    page.get_by_role("group", name="10 self-harm").get_by_role("radio").first.click()
    page.get_by_role("heading", name="This answer comes first.").wait_for()
    page.get_by_text("Nobody has been told yet").wait_for()
    assert page.get_by_role("link", name="Call 988").first.get_attribute("href") == "tel:988"
    assert page.title() == "InMind"
    is_sound(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody has been told yet")
    expect(page.get_by_role("group", name="10 self-harm").get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="Finish", exact=True).click()

    page.get_by_text("The result is worked out when it arrives.").first.wait_for()
    page.get_by_role("button", name="Write down a visit").click()
    page.get_by_label("What the caregiver is proud of").fill(STRENGTH)
    page.get_by_label("Note").fill(NOTE[:7])
    page.get_by_label("Note").blur()
    page.wait_for_timeout(600)  # what is being typed is kept within half a second
    page.reload()  # and once more the page is gone, in the middle of a word
    away.unlock(page)
    expect(page.get_by_label("Note")).to_have_value(NOTE[:7])
    is_sound(page)
    page.get_by_label("Note").fill(NOTE)
    page.get_by_label("Minutes").fill("50")
    page.get_by_label(away.ADULT).check()
    page.get_by_role("button", name="Keep this visit").click()
    page.get_by_text(STRENGTH).wait_for()
    away.says_nothing(page, [NOTE, STRENGTH, NOTE[:7]])

    cuts = ["before it arrives", "after it arrived", "after it arrived"]
    Random(page.evaluate("Date.now()")).shuffle(cuts)

    def is_cut(route: Any) -> None:
        if not cuts:
            return route.continue_()
        if cuts.pop() == "after it arrived":
            route.fetch()  # and nobody ever hears so
        return route.abort()

    page.get_by_role("button", name="Families you serve").click()
    page.get_by_role("button", name="See each of them").click()
    context.route("**/away/entries/", is_cut)
    context.set_offline(False)
    done = page.get_by_text("Everything you wrote has been sent.")
    for _ in range(8):
        page.get_by_role("button", name="Send now").or_(done).first.click()
        page.get_by_text(re.compile("There is no signal|Another tab")).or_(done).first.wait_for()
        if not cuts:
            break
    page.get_by_text("sent", exact=True).first.wait_for()
    expect(page.get_by_text("waits", exact=True)).to_have_count(0, timeout=15_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    is_sound(page)
    away.says_nothing(page, [NOTE, STRENGTH])

    told = away.arrived(house)
    assert [50, STRENGTH, NOTE] in told["visits"]
    [screen] = told["screens"]
    assert screen[:2] == ["epds", "incomplete"]
    assert screen[2]["epds_10"] == 3
    assert told["flags"] == 1
    assert told["numbers"] == list(range(1, len(told["numbers"]) + 1))
    assert not told["papers"]
    log = (house.home / "serve.log").read_text(errors="replace")
    assert not [word for word in (NOTE, STRENGTH, away.CHILD, away.PIN) if word in log]

    page.get_by_role("button", name="Families you serve").click()
    page.get_by_role("button", name="Close the day").click()
    is_sound(page)
    page.get_by_role("button", name="Close the day and wipe").click()
    page.get_by_text("The day is closed.").wait_for()
    assert page.evaluate(ROWS) == 0


def test_two_devices_and_two_tabs_lose_nothing(
    morning: tuple[House, dict[str, Any]], phone: Callable[..., Any]
) -> None:
    """Both edit one visit: both texts stay, and she is asked. Two tabs of one phone share one queue."""
    house, _ = morning
    first, second = phone(), phone()
    for page, words in ((first, "The phone says window."), (second, "The tablet says door.")):
        away.take_along(page, house)
        page.context.set_offline(True)
        away.open_family(page)
        page.get_by_role("button", name="Open: Visit of").last.click()
        page.get_by_label("Note").fill(words)
        page.get_by_role("button", name="Keep this visit").click()
        page.get_by_role("button", name="Families you serve").click()
        page.get_by_text("Waiting to be sent: 1").wait_for()
    first.context.set_offline(False)
    first.get_by_text("Everything you wrote has been sent.").wait_for()
    second.context.set_offline(False)
    second.get_by_text("Worth a look: 1").wait_for()
    second.get_by_role("button", name="See each of them").click()
    second.get_by_text("both kept", exact=True).wait_for()
    is_sound(second)

    other = first.context.new_page()
    other.goto(f"{house.address}/away/")
    away.unlock(other)
    # Opened later, it would stand where the first tab has gone meanwhile.
    other.get_by_role("heading", name="Families you serve").wait_for()
    first.context.set_offline(True)
    for page, minutes in ((first, "21"), (other, "22"), (first, "23")):
        page.bring_to_front()  # a page that is out of sight is covered
        away.open_family(page, away.SECOND)
        page.get_by_role("button", name="Write down a visit").click()
        page.get_by_label("Minutes").fill(minutes)
        page.get_by_role("button", name="Keep this visit").click()
        page.get_by_text("Kept on this device.", exact=True).last.wait_for()
        page.get_by_role("button", name="Families you serve").click()
    for page in (other, first):
        page.bring_to_front()
        page.get_by_text("Waiting to be sent: 3").wait_for()
    first.context.set_offline(False)
    for page in (first, other):
        page.bring_to_front()
        page.get_by_text("Everything you wrote has been sent.").wait_for()

    told = away.arrived(house)
    assert sorted(minutes for minutes, _, _ in told["visits"] if minutes in {21, 22, 23}) == [21, 22, 23]
    assert ["note", True] in told["papers"]
    assert "The phone says window." in {note for _, _, note in told["visits"]}


def _still_today() -> datetime:
    """Now, or a little earlier: half an hour on, when the visit is written down, it is the same day for phone and house."""
    now = datetime.now(ZoneInfo(ZONE))
    return now - timedelta(minutes=40) if (now + timedelta(minutes=40)).date() > now.date() else now


def test_a_phone_in_other_hands_opens_nothing_and_forgets_all(
    morning: tuple[House, dict[str, Any]], phone: Callable[..., Any]
) -> None:
    """Left alone it locks; too many PINs, hours that are over, and being cut off each destroy what it kept."""
    house, _ = morning
    page = phone()
    page.clock.install(time=_still_today())
    away.take_along(page, house)
    page.clock.fast_forward("06:00")
    page.get_by_text("Locked, because nobody used it for a while.").wait_for()
    away.says_nothing(page, [])
    for tries in range(7, 0, -1):
        away.unlock(page, f"not this one {tries}")
        page.get_by_text(f"Tries left: {tries} of 8").wait_for()
        if tries < 6:
            away.unlock(page)
            page.get_by_text("Please wait").wait_for()
            page.clock.fast_forward("05:00")
    away.unlock(page, "nor this one")
    page.get_by_text("There were too many wrong tries").wait_for()
    away.says_nothing(page, [])

    away.take_along(page, house)
    page.context.set_offline(True)
    away.open_family(page)
    page.get_by_role("button", name="Write down a visit").click()
    page.get_by_label("Minutes").fill("31")
    page.get_by_label("Note").fill(NOTE)
    page.get_by_role("button", name="Keep this visit").click()
    page.get_by_text("Kept on this device.", exact=True).last.wait_for()
    page.clock.fast_forward("48:00:00")
    page.get_by_text("The hours of the families kept here are over").wait_for()
    away.unlock(page)
    page.get_by_role("heading", name="The families are no longer on this device").wait_for()
    is_sound(page)
    assert away.CHILD not in page.content()
    page.context.set_offline(False)
    page.get_by_text("The hours of what was kept here are over").wait_for()
    assert [31, None, NOTE] in away.arrived(house)["visits"]

    page.evaluate(AHEAD)  # the house was restored from its backup after that day was closed
    away.take_along(page, house, "The lost phone")
    away.open_family(page)
    page.get_by_role("button", name="Write down a visit").click()
    page.get_by_label("Minutes").fill("32")
    page.get_by_role("button", name="Keep this visit").click()
    page.get_by_role("button", name="Families you serve").click()
    page.get_by_text("Everything you wrote has been sent.").wait_for()
    desk = phone()
    desk.goto(f"{house.address}/away/devices/mine/")
    desk.get_by_role("button", name="Cut off The lost phone").click()
    page.reload()  # and nobody has unlocked it since
    page.get_by_text("This device was cut off").wait_for()
    away.says_nothing(page, [NOTE])
    assert page.evaluate(ROWS) == 0


def test_signing_out_wipes_and_a_passkey_opens(
    morning: tuple[House, dict[str, Any]], phone: Callable[..., Any]
) -> None:
    """A passkey that derives a key stands for the PIN; after signing out nothing of the visits is on the device."""
    house, _ = morning
    page = phone()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasPrf": True,
    }
    shows = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | shows})
    page.goto(f"{house.address}/away/")
    page.get_by_role("button", name="Use this device’s passkey instead").click()
    page.get_by_text("derives no key from a passkey").wait_for()
    page.evaluate(PASSKEY)
    page.get_by_role("button", name="Use this device’s passkey instead").click()
    page.get_by_role("heading", name="Families you serve").wait_for()
    page.reload()
    page.get_by_role("button", name="Unlock with your passkey").click()
    away.open_family(page)
    page.get_by_role("button", name="Other forms").click()
    page.get_by_role("button", name=re.compile("Begin: PHQ-9, Itzel")).click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("group", name="9 ").get_by_role("radio").nth(1).click()
    page.get_by_text("It has arrived: whoever is on call at Harbor Family Services has been told.").wait_for()
    is_sound(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name=away.CHILD).click()
    page.get_by_role("button", name=f"Begin: Check in with {away.ADULT}").click()
    is_sound(page)
    page.get_by_role("button", name="I need help now").click()
    page.get_by_text("It has arrived: whoever is on call at Harbor Family Services has been told.").wait_for()
    page.goto(f"{house.address}/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert page.evaluate("caches.keys()") == []
