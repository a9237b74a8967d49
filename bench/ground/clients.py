"""Users who send forms one after another, each on a connection and in a session of their own."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import uuid4

TOKEN = "a" * 32  # any will do, as long as the cookie and the form agree
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


class User:
    """One worker's browser."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {**HEADERS, "Cookie": f"inmind_session={session}; csrftoken={TOKEN}"}

    def look(self, path: str) -> None:
        """Open a page, so that the session has settled before anything is measured."""
        self._ask("GET", path, "", 200)

    def send(self, path: str, fields: dict[str, str]) -> None:
        body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN, "key": uuid4().hex, "version": "1"})
        self._ask("POST", path, body, 302)

    def _ask(self, method: str, path: str, body: str, expected: int) -> None:
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.will_close or method == "GET":
            self.connection.close()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {said[-600:]!r}")


def seconds_for(users: list[User], paths: list[str], fields: dict[str, str]) -> float:
    """How long these users take to send one form to each path, all of them working at once."""
    waiting, taking = iter(paths), threading.Lock()

    def next_path() -> str | None:
        with taking:
            return next(waiting, None)

    def work(user: User) -> None:
        while (path := next_path()) is not None:
            user.send(path, fields)
        user.connection.close()  # the server ends one that is idle between two rounds

    started = time.perf_counter()
    _at_once([lambda user=user: work(user) for user in users])  # type: ignore[misc]
    return time.perf_counter() - started


def each_timed(asks: list[list[Callable[[], None]]]) -> list[float]:
    """How many milliseconds each of these takes: each list one after another, all lists at once."""
    taken: list[float] = []

    def work(some: list[Callable[[], None]]) -> None:
        for ask in some:
            started = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - started) * 1000)

    _at_once([lambda some=some: work(some) for some in asks])  # type: ignore[misc]
    return taken


def _at_once(works: list[Callable[[], None]]) -> None:
    """Let each work in a thread of its own, to its end; the first fault is told by the caller's."""
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
