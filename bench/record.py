"""Recording a screen through the web beside a plain insert through the same server, middleware, session and user.

Ours asks the policy, locks, scores, seals the answers, writes the trail and keeps the answer for a second click; the
plain page keeps the form in one row. Both are sent in turns by 1, 8 and 32 users, on both engines; each counts by its
best round, so that other work on the machine does not decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.ground.clients import User, seconds_for
from bench.ground.houses import ENGINES, asked, demonstration, served
from bench.measured import Measured

ROUNDS = 6
FORMS = {1: 20, 8: 48, 32: 96}  # forms sent in a round, by the number of users


def measure() -> Iterator[Measured]:
    for engine in ENGINES:
        yield from _on(engine)


def _on(engine: str) -> Iterator[Measured]:
    house = demonstration(engine, 24)
    forms = ROUNDS * sum(FORMS.values())
    ready = asked(house, "prepare", str(forms), str(max(FORMS)))
    screens = iter(ready["screens"])
    with served(house) as port:
        users = [User(port, session) for session in ready["sessions"]]
        for user in users:
            user.look("/today/")
        for count, each in FORMS.items():
            ours, plain = [], []
            for _ in range(ROUNDS):
                some = [next(screens) for _ in range(each)]
                plain.append(seconds_for(users[:count], [f"/plain/{one}/" for one in some], ready["answers"]))
                ours.append(seconds_for(users[:count], [f"/screens/{one}/answers/" for one in some], ready["answers"]))
            at_once = f"{count} user" if count == 1 else f"{count} users"
            yield Measured(
                f"record a screen, {at_once}, {ENGINES[engine]}",
                min(ours) / each * 1000,
                "ms a form",
                min(plain) / each * 1000,
                "plain insert",
                at_most=2,
            )
