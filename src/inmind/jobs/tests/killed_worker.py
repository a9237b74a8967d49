"""A worker that stands still in the middle of a job, to be killed there: `python -m inmind.jobs.tests.killed_worker DATABASE PLACE`.

What a job does here is leave another one, inside an action whose key is the job's id: its effect can be counted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta

KIND, EFFECT = "tests.once", "tests.effect"
INSIDE, AFTER = "inside its action", "after its action"


def nothing() -> None:
    """Where nobody is killed, a job does not stop."""


def does_once(job: object, *, inside: Callable[[], None] = nothing, after: Callable[[], None] = nothing) -> None:
    """The handler. Called again for the same job, the action finds its stored answer."""
    from inmind.access.act import Act
    from inmind.access.actors import machine
    from inmind.access.offers import _Named, run_event
    from inmind.foundation.events import FamilyRegistered

    def leaves_a_trace(act: Act, event: object) -> None:
        act.later(EFFECT, {"of": str(job.pk)}, due_at=act.now + timedelta(days=1))  # type: ignore[attr-defined]
        inside()

    key = f"job:{job.pk}"  # type: ignore[attr-defined]
    same = job.pk  # type: ignore[attr-defined]
    run_event(machine(KIND), key=key, event=FamilyRegistered(same, same), subscriber=_Named(KIND, leaves_a_trace))
    after()


def stand_still() -> None:
    print("here", flush=True)
    time.sleep(600)


def main(database: str, place: str) -> None:
    from inmind import cli, settings

    settings.DATABASES["default"]["NAME"] = database
    cli.set_up()
    from inmind.foundation.registries import house
    from inmind.jobs import runner

    stops = {"inside" if place == INSIDE else "after": stand_still}
    house.handles(KIND, lambda job: does_once(job, **stops))
    runner.run_one("killed")


if __name__ == "__main__":
    main(*sys.argv[1:])
