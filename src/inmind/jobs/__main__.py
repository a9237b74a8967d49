"""The process of jobs and clock, as `inmind serve` starts it. It ends when it is told to, or when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading

from inmind import cli


def main() -> None:
    cli.set_up()
    cli.follow_the_story()
    from inmind.jobs import runner

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    parent = int(
        os.environ.get("INMIND_SERVED_BY", os.getppid())
    )  # known from the first moment, however slow the start
    threading.Thread(target=_watch, args=(parent, stop), daemon=True).start()
    runner.run_for_ever(stop)


def _watch(parent: int, stop: threading.Event) -> None:
    while not stop.wait(1):
        if os.getppid() != parent:
            stop.set()


if __name__ == "__main__":
    main()
