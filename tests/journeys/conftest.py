"""A house that is really served, and a device for each person of a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests import engines
from tests.journeys.installation import House

WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty folder, and an empty database of its own on the engine that was asked for."""
    import os

    if os.environ["INMIND_TEST_ENGINE"] == "postgresql":
        with _own_database() as url:
            made = House(tmp_path / "house", url)
            yield made
            made.stop()
        return
    made = House(tmp_path / "house")
    yield made
    made.stop()


class _own_database:
    """A PostgreSQL database for one story."""

    def __enter__(self) -> str:
        import psycopg

        self.server = engines.postgres_url()
        self.name = f"journey_{uuid4().hex[:12]}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.name}"')
        return urlsplit(self.server)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


@pytest.fixture(params=list(WIDTHS))
def device(request: pytest.FixtureRequest, browser: Any) -> Iterator[Callable[..., Any]]:
    """`device()` is somebody's own phone, or desk, with nothing on it yet; at both widths.

    When the story is over each page must have kept to the house: no script failed, the content policy refused nothing,
    nothing was asked of another machine, and no page answered with a failure of the program.
    """
    phone = request.param == "phone"
    contexts: list[Any] = []
    problems: list[str] = []

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
        context.on(
            "response", lambda said: problems.append(f"{said.status} {said.url}") if said.status >= 500 else None
        )
        contexts.append(context)
        return context.new_page()

    own.width = request.param  # type: ignore[attr-defined]
    yield own
    for context in contexts:
        context.close()
    assert not problems


def _is_of_the_house(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "about", "blob"} or parts.hostname == "127.0.0.1"
