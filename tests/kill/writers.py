"""Kill writers, one after another, at random moments; then look at what they left. Prints what was found, as JSON.

`python -m tests.kill.writers KILLS SEED`. A parent with everything loaded forks the writers; each opens a connection of
its own and works until SIGKILL. It says what it tries before each action, and what it was answered after it.
"""

from __future__ import annotations

import gc
import json
import os
import random
import select
import signal
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from tests.kill import clinic

AT_ONCE = 2
SHORTEST, LONGEST = 0.001, 0.060  # how long a writer lives, in seconds, once it has got as far as it may
PERIOD = len(clinic.STEPS) + 1  # the first one dies in its first action, the next in its second, and so round


@dataclass(slots=True)
class Said:
    """What the writers said: what they tried, and which records each action answered with; and what went wrong."""

    killed: int = 0
    tried: dict[str, None] = field(default_factory=dict)
    answered: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def write_until_killed(there: clinic.Clinic, writer: int, pipe: int) -> None:
    """The life of a writer. Each line is shorter than what a pipe takes in one piece."""
    from django.db import connection

    try:
        connection.ensure_connection()
        for key in clinic.keys(writer):
            os.write(pipe, json.dumps([writer, "tries", key]).encode() + b"\n")
            answer = there.do(key)
            several = answer if isinstance(answer, tuple) else (answer,)
            records = [(one._meta.label, str(one.pk)) for one in several]
            os.write(pipe, json.dumps([writer, "answered", key, records]).encode() + b"\n")
    except BaseException:
        os.write(pipe, json.dumps([writer, "fault", traceback.format_exc()[-2000:]]).encode() + b"\n")
    os._exit(1)


def kill_all(there: clinic.Clinic, kills: int, seed: int) -> Said:
    """Let some write at a time, and kill each; until so many were killed."""
    chance, said = random.Random(seed), Said()
    reads, writes = os.pipe()
    pids: dict[int, int] = {}
    ends_at: dict[int, float] = {}
    rest, begun = b"", 0
    while said.killed < kills:
        while len(pids) < AT_ONCE and begun < kills:
            begun += 1
            if (pid := os.fork()) == 0:
                write_until_killed(there, begun, writes)
            pids[begun] = pid
        patience = max(0.0, min(ends_at.values(), default=time.monotonic() + 30) - time.monotonic())
        if select.select([reads], [], [], patience)[0]:
            *lines, rest = (rest + os.read(reads, 65_536)).split(b"\n")
            for line in lines:
                writer, what, key = _hear(said, *json.loads(line))
                if what == "fault" or key == waits_for(writer):
                    ends_at.setdefault(writer, time.monotonic() + chance.uniform(SHORTEST, LONGEST))
        elif not ends_at:
            raise TimeoutError("no writer began to write")
        for writer in [writer for writer, end in ends_at.items() if end <= time.monotonic() and writer in pids]:
            os.kill(pids[writer], signal.SIGKILL)
            _, status = os.waitpid(pids.pop(writer), 0)
            said.killed += os.WIFSIGNALED(status)
            begun -= not os.WIFSIGNALED(status)  # it ended by itself: its fault is told, and another one is killed
            if said.faults:
                return said
        ends_at = {writer: end for writer, end in ends_at.items() if writer in pids}
    os.close(writes)
    while more := os.read(reads, 65_536):
        rest += more
    for line in rest.splitlines():
        _hear(said, *json.loads(line))
    return said


def waits_for(writer: int) -> str:
    """The action in which, or after which, a writer is killed."""
    return next(islice(clinic.keys(writer), writer % PERIOD, None))


def _hear(said: Said, writer: int, what: str, words: str, records: Any = ()) -> tuple[int, str, str]:
    match what:
        case "tries":
            said.tried[words] = None
        case "answered":
            said.answered[words] = [(label, ref) for label, ref in records]
        case "fault":
            said.faults.append(words)
    return writer, what, words


def main(kills: int, seed: int) -> None:
    clinic.set_up()
    from django.db import connection

    from tests.kill import aftermath

    there = clinic.found()
    before = aftermath.counted()
    for key in clinic.keys(0, 1):  # so that each fork finds everything loaded
        there.do(key)
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # a pool's threads do not live on in a forked process
    gc.freeze()
    began = time.monotonic()
    said = kill_all(there, kills, seed)
    seconds = time.monotonic() - began
    aftermath.wait_until_alone()
    left = aftermath.look(said.answered, before)
    unanswered = [key for key in said.tried if key not in said.answered]
    stood_already = aftermath.done_keys(unanswered)
    for key in unanswered:
        there.do(key)
    repeated = aftermath.look(said.answered, before)
    found = {"unanswered": unanswered, "stood_already": stood_already, "left": left, "repeated": repeated}
    print(json.dumps({**asdict(said), **found, "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
