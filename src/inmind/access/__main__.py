"""The process of pages, as `inmind serve` starts it: `python -m inmind.access FD WORKERS`.

It serves on a socket that its parent holds open, so that the port stays ours while pages are started again. It ends
when it is told to, or when its parent is gone; its workers end with it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from inmind import cli

THREADS = 8
SWITCH = 0.0005  # seconds for which one page is worked on while another, whose question was answered, waits to go on


class Pages(BaseApplication):
    """Gunicorn with our settings. The application is loaded once, before the workers are made."""

    def __init__(self, handle: int, workers: int) -> None:
        self.handle, self.workers = handle, workers
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self.handle}",
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 15,
            "loglevel": "warning",
            "accesslog": None,  # a path can hold the secret of a link
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        cli.set_up()
        from inmind.foundation.registries import house
        from inmind.wsgi import application

        for read in house.files:
            read()
        follow_the_story()
        sys.setswitchinterval(SWITCH)  # on SQLite it may have the one writer's turn, for which all others wait
        return application

    def run(self) -> None:
        _Watched(self).run()


def follow_the_story() -> None:
    """Once, before the workers part, so that their clocks agree; and none of them takes the connection along."""
    from django.db import connection

    from inmind.access import telling

    telling.follow()
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


class _Watched(Arbiter):
    """Looks, each second, whether the parent is still there; stops gracefully when it is not."""

    def murder_workers(self) -> None:
        super().murder_workers()
        if os.getppid() != int(os.environ["INMIND_SERVED_BY"]):
            raise StopIteration  # how gunicorn's own loop is told to end


if __name__ == "__main__":
    Pages(int(sys.argv[1]), int(sys.argv[2])).run()
