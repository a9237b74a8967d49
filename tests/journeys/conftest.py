"""A house that is really served, and a device for each person of a story."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.journeys import traces
from tests.journeys.harbor import Harbor, harbor_begins
from tests.journeys.installation import House, free_port
from tests.journeys.plains import plains_begins
from tests.upgrade.places import copied, empty_house

WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
ENGINE = os.environ["INMIND_TEST_ENGINE"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What a page looks like does not depend on the database, nor what is kept on the width: a story that is told on both
    databases is told at a desk on SQLite, and on a phone on PostgreSQL. Any other is told at both widths."""
    told = any(mark.args[0] == "device" for mark in metafunc.definition.iter_markers("parametrize"))
    if "device" in metafunc.fixturenames and not told:
        on_both = metafunc.definition.get_closest_marker("both_databases")
        widths = [{"sqlite": "desktop", "postgresql": "phone"}[ENGINE]] if on_both else list(WIDTHS)
        metafunc.parametrize("device", widths, indirect=True)


@pytest.fixture(autouse=True)
def nothing_of_a_family_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """When a story is over, no name of a family, no address and no number stands on a device, in an address that was
    opened, in the log, or in a letter."""
    served = [name for name in ("house", "demonstration", "harbor") if name in request.fixturenames]
    if not served or "device" not in request.fixturenames:
        yield
        return
    device, there = request.getfixturevalue("device"), request.getfixturevalue(served[-1])
    yield
    place = getattr(there, "house", there)
    if not (words := traces.words_of_families(place)):
        return
    texts = traces.written_by(place) | {"addresses": "\n".join(device.asked)}
    texts |= {f"device {number}": traces.kept_on(one, place) for number, one in enumerate(device.contexts)}
    assert not traces.found_in(texts, words)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty folder, and an empty database of its own on the engine that was asked for."""
    with empty_house(tmp_path / "house") as made:
        yield made
        made.stop()


@pytest.fixture(scope="session")
def _first_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`inmind demo`, once; never served."""
    with empty_house(tmp_path_factory.mktemp("demonstration") / "house") as made:
        said = made.command("demo")
        assert said.returncode == 0, said.stderr
        yield made


@pytest.fixture
def demonstration(_first_demonstration: House, tmp_path: Path) -> Iterator[House]:
    """`make run`, in its two commands; what the first of them makes is copied."""
    with copied(_first_demonstration, tmp_path / "house") as made:
        made.port = free_port()
        made.serve("--demo-links")
        yield made
        made.stop()


@pytest.fixture(scope="session")
def _harbor_on_its_first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Any]]]:
    with empty_house(tmp_path_factory.mktemp("harbor") / "house") as made:
        yield made, harbor_begins(made)


@pytest.fixture
def harbor(
    _harbor_on_its_first_day: tuple[House, dict[str, Any]], device: Callable[..., Any], tmp_path: Path
) -> Iterator[Harbor]:
    """An agency on its first day: everybody has come by their letter and is signed in, and there is no family yet."""
    begun, signed_in = _harbor_on_its_first_day
    with copied(begun, tmp_path / "house") as made:
        made.port = free_port()
        made.serve()
        yield Harbor(made, signed_in, device)
        made.stop()


@pytest.fixture(scope="session")
def _plains_on_its_first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Any]]]:
    with empty_house(tmp_path_factory.mktemp("plains") / "house") as made:
        yield made, plains_begins(made)


@pytest.fixture
def plains(
    _plains_on_its_first_day: tuple[House, dict[str, Any]], device: Callable[..., Any], tmp_path: Path
) -> Iterator[Harbor]:
    """An association on its first day: Marisol keeps it, Luz, Noor and Ana may sign in, and nobody is a member yet."""
    begun, signed_in = _plains_on_its_first_day
    with copied(begun, tmp_path / "house") as made:
        made.port = free_port()
        made.serve()
        yield Harbor(made, signed_in, device)
        made.stop()


@pytest.fixture
def device(request: pytest.FixtureRequest, browser: Any) -> Iterator[Callable[..., Any]]:
    """`device()` is somebody's own phone, or desk, with nothing on it yet; at both widths.

    When the story is over each page must have kept to the house: no script failed, the content policy refused nothing,
    nothing was asked of another machine, and no page answered with a failure of the program. `asked` is every address.
    """
    phone = request.param == "phone"
    contexts: list[Any] = []
    problems: list[str] = []
    asked_for: list[str] = []

    def own(**kwargs: Any) -> Any:
        context = browser.new_context(
            viewport=WIDTHS[request.param],
            has_touch=phone,
            is_mobile=phone,
            locale="en-US",
            timezone_id="America/Chicago",
            **kwargs,
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: problems.append(f"a script failed: {error.error}"))
        context.on(
            "console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None
        )
        context.on(
            "request", lambda asked: problems.append(f"asked {asked.url}") if not _is_of_the_house(asked.url) else None
        )
        context.on("request", lambda asked: asked_for.append(unquote(asked.url)))
        context.on(
            "response", lambda said: problems.append(f"{said.status} {said.url}") if said.status >= 500 else None
        )
        contexts.append(context)
        return context.new_page()

    own.width = request.param  # type: ignore[attr-defined]
    own.contexts, own.asked = contexts, asked_for  # type: ignore[attr-defined]
    yield own
    for context in contexts:
        context.close()
    assert not problems


def _is_of_the_house(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "about", "blob"} or parts.hostname in {"127.0.0.1", "localhost"}
