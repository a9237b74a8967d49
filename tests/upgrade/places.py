"""Empty places to restore into: a folder, and on PostgreSQL an empty database beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from tests import engines
from tests.journeys.installation import House

ENGINE = os.environ.get("INMIND_TEST_ENGINE", "sqlite")


@contextmanager
def empty_house(folder: Path, engine: str = ENGINE, like: str = "") -> Iterator[House]:
    """A place on the engine that is tested, or on the one that is named; its database like another, named by address."""
    if engine == "sqlite":
        yield House(folder)
        return
    with empty_database(like) as url:
        yield House(folder, url)


@contextmanager
def copied(begun: House, folder: Path) -> Iterator[House]:
    """A house that is not served, once more."""
    with empty_house(folder, like=begun.database_url) as made:
        shutil.copytree(begun.home, folder)
        yield made


@contextmanager
def empty_database(like: str = "") -> Iterator[str]:
    """The address of an empty PostgreSQL database, or of a copy of one that nobody uses; dropped afterwards."""
    server, name = engines.postgres_url(), f"place_{uuid4().hex[:12]}"
    template = f' TEMPLATE "{urlsplit(like).path[1:]}"' if like else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def restored(archive: Path, place: House, passphrase: Path) -> str:
    """Restore into an empty place. Returns what the command said."""
    words = ["restore", str(archive), "--into", str(place.home), "--passphrase-file", str(passphrase)]
    done = place.command(*words, *(["--database-url", place.database_url] if place.database_url else []))
    assert done.returncode == 0, done.stderr
    return done.stdout
