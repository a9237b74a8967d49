"""Before any test: a scratch installation, the engine that was asked for, and a closed network.

INMIND_TEST_ENGINE=sqlite|postgresql chooses the database (SQLite when nothing is said). A test that asks for the
database is marked `database`, and one that asks for a page in the browser `browser`, by itself.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import tempfile
import time
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from tests import engines

ENGINE = os.environ.setdefault("INMIND_TEST_ENGINE", "sqlite")
ZONE = "America/Chicago"  # as `tests.make.ZONE`
HOME = Path(tempfile.mkdtemp(prefix="inmind-test-"))
CARRIERS = ("INMIND_SMTP_URL", "INMIND_SMTP_PASSWORD_FILE", "INMIND_TEXT_GATEWAY", "INMIND_TEXT_TOKEN_FILE")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Give the settings their surroundings before Django reads them. A developer's own data is never touched."""
    gc.disable()  # until all is gathered, which stays: looking through it again and again is a third of gathering
    if ENGINE not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"INMIND_TEST_ENGINE is sqlite or postgresql, not {ENGINE}")
    given = os.environ.pop("DATABASE_URL", "")
    if given:
        os.environ.setdefault(engines.GIVEN, given)
    if ENGINE == "postgresql":
        try:
            os.environ["DATABASE_URL"] = engines.postgres_url()
        except engines.MissingEngine as missing:
            raise pytest.UsageError(str(missing)) from None
    for name in ("INMIND_PROFILE", "INMIND_ADDRESS", "INMIND_CATALOG_DIR", "INMIND_TEST_DATABASE", *CARRIERS):
        os.environ.pop(name, None)
    os.environ["INMIND_HOME"] = str(HOME)
    from django.conf import settings

    from inmind import installation

    if settings.configured:
        raise pytest.UsageError("Django was set up before the tests' own folder was; unset DJANGO_SETTINGS_MODULE")
    installation.ensure_keys(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "inmind.settings"
    assert settings.INSTALLATION.home == HOME
    # In the zone of the agencies that tests make: else each day has an hour in which house and agency stand on two days.
    # What holds then has tests of its own (`tests/matrix/test_days.py`).
    object.__setattr__(settings.INSTALLATION, "zone", ZONE)
    settings.TIME_ZONE = os.environ["TZ"] = ZONE
    time.tzset()
    del os.environ["DJANGO_SETTINGS_MODULE"]  # or pytest-django would set up the workers of xdist before this is read
    _close_the_network()
    _settle_hypothesis()
    _hash_cheaply()
    _look_at_static_files_once()


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests find their tier by what they ask for; those of the other engine are left out."""
    from tests.tiers import PLACES

    elsewhere = []
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "browser" in asked:  # a page is opened in it; `page` may also be an argument of a table
            item.add_marker("browser")
        if asked & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        named = {name for name in ("sqlite", "postgresql") if item.get_closest_marker(name)}
        if named:
            item.add_marker("database")
            if ENGINE not in named:
                elsewhere.append(item)
        for mark, places in PLACES.items():
            here = item.path.relative_to(config.rootpath)
            if item.get_closest_marker(mark) and not any(here.is_relative_to(place) for place in places):
                raise pytest.UsageError(
                    f"{item.nodeid} would be left out: name its place for `{mark}` in tests/tiers.py"
                )
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in set(elsewhere)]


def _settle_hypothesis() -> None:
    """A busy machine is no failing rule; in CI the same examples come each time, at home new ones."""
    from hypothesis import settings

    settings.register_profile("house", deadline=None, derandomize=engines.everything_is_required())
    settings.load_profile("house")


def _hash_cheaply() -> None:
    """Passwords in tests are invented, and typed hundreds of times: the same Argon2, without its hundred megabytes.

    What is installed keeps its price: commands and servers that tests start hash as everywhere.
    """
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64  # kibibytes, the least for its eight lanes


def _look_at_static_files_once() -> None:
    """Each client of a test would look through the folder of static files anew: a twentieth of an ordinary test."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    def remembered(really: Any) -> Any:
        found: dict[tuple[Any, ...], dict[str, Any]] = {}

        def look(self: Any, *where: str) -> None:
            if where not in found:
                there, self.files = self.files, {}
                really(self, *where)
                found[where], self.files = self.files, there
            self.files |= found[where]

        return look

    WhiteNoiseMiddleware.update_files_dictionary = remembered(WhiteNoiseMiddleware.update_files_dictionary)
    WhiteNoiseMiddleware.add_files_from_finders = remembered(WhiteNoiseMiddleware.add_files_from_finders)


@pytest.fixture
def list_of_erased() -> Any:
    """No list of those who were erased, which stands outside the database, before or after a test that erases."""
    from inmind.access import erased

    erased.file().unlink(missing_ok=True)
    yield
    erased.file().unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _no_heads_from_before() -> None:
    """Each test has a log of the trail's heads of its own: the trail of the test before it is gone with its rows."""
    (HOME / "keys" / "heads.log").unlink(missing_ok=True)


# The network


class NetworkClosed(RuntimeError):
    """A test tried to leave this machine."""


def _close_the_network() -> None:
    """Refuse each connection, and each look-up of a name, that is not this machine's own."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def checked(address: Any) -> Any:
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise NetworkClosed(f"the network is closed in tests: {address[0]}")
        return address

    def look_up_here(host: Any, *args: Any, **named: Any) -> Any:
        checked((host,))
        return look_up(host, *args, **named)

    socket.socket.connect = lambda self, address: connect(self, checked(address))  # type: ignore[method-assign]
    socket.socket.connect_ex = lambda self, address: connect_ex(self, checked(address))  # type: ignore[method-assign]
    socket.getaddrinfo = look_up_here


def _is_here(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", "0.0.0.0", "::"}:
        return True
    try:
        return ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


# The browser


@pytest.fixture(scope="session")
def browser() -> Any:
    """The distribution's Chromium, driven by Playwright. Missing: skipped with a sentence, failed where required."""
    path = engines.chromium_path()
    if path is None:
        (pytest.fail if engines.everything_is_required() else pytest.skip)(engines.NO_CHROMIUM)
    from playwright.sync_api import sync_playwright

    _a_click_is_over_when_the_next_page_is_there()
    # Playwright's loop runs in this thread; Django would refuse the test's own look into the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=list(engines.CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


# Whether pressing this opens a page: a link that leaves this one, or a button that sends a form. A form that asks the
# device for a passkey is sent only when the device has answered, and perhaps never.
OPENS_A_PAGE = """one => {
  const link = one.closest("a[href]"), form = one.closest("button")?.form;
  if (link) return link.getAttribute("href")[0] !== "#" && !link.hasAttribute("download") && !link.getAttribute("target");
  return !!form && one.closest("button").type === "submit" && !("passkey" in form.dataset);
}"""


def _a_click_is_over_when_the_next_page_is_there() -> None:
    """Playwright's click returns when the page it opens begins to come: what a test reads then may be its first half.

    So here a click that opens a page waits for it to be loaded, in every test, and nothing is read by luck. (Looking
    again until it holds would not do: "there is no such link" holds at once on a page that is still empty.)
    """
    from playwright.sync_api import Locator, Page

    click = Locator.click

    def until_it_is_there(self: Any, **named: Any) -> None:
        if self.evaluate(OPENS_A_PAGE):
            with self.page.expect_navigation():
                click(self, **named)
        else:
            click(self, **named)

    Locator.click = until_it_is_there  # type: ignore[method-assign]
    Page.click = lambda self, selector, **named: self.locator(selector).click(**named)  # type: ignore[method-assign]


WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(params=list(WIDTHS))
def page(request: pytest.FixtureRequest, browser: Any) -> Any:
    """An empty page at phone and at desktop width, in a context of its own.

    When the test is over the page must have kept to the house: no script failed, the content policy refused nothing,
    and nothing was asked of another machine.
    """
    phone = request.param == "phone"
    context = browser.new_context(viewport=WIDTHS[request.param], has_touch=phone, is_mobile=phone, locale="en-US")
    context.set_default_timeout(10_000)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(f"a script failed: {error.error}"))
    context.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    context.on(
        "request", lambda asked: problems.append(f"asked {asked.url}") if not _is_of_the_house(asked.url) else None
    )
    yield context.new_page()
    context.close()
    assert not problems


def _is_of_the_house(url: str) -> bool:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts.scheme in {"data", "about", "blob"} or _is_here(parts.hostname)
