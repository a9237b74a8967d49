"""An installation of its own to be written into, and work in which each key stands for one and the same action.

`python -m tests.kill.clinic 5` founds what is missing, does five rounds, and writes a line for each action after it
returned: the acknowledgement. Loads Django only when told to, for the folder and database of its environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

STEPS = ("begin", "answer", "register", "close", "send")
CRISIS = {"epds_10": 1}
ACKNOWLEDGED = "acknowledged"


def set_up() -> None:
    """Begin the installation where it has not begun, and load Django."""
    from inmind import cli, installation

    installation.begin(
        installation.home(), profile="network", name="Coastal", state="TX", zone="America/Chicago", languages=("en",)
    )
    cli.set_up()


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who works here, and for whom: everything an action is called with, read once."""

    visitor: Any
    clinician: Any
    episode: Any
    mother: Any
    instrument: Any
    phone: Any

    def do(self, key: str) -> Any:
        """The action of a key such as `7.2.answer`: writer 7, round 2. The same key asks for the same thing."""
        from inmind.families import actions as families
        from inmind.families.intake import AdultFacts, ChildFacts
        from inmind.screening import actions as screening
        from inmind.screening.models import Screen
        from inmind.tasks import actions as tasks
        from inmind.tasks.models import Task

        name, _, step = key.rpartition(".")
        screen = made_of(name, "screen")
        match step:
            case "begin":
                return screening.begin(
                    self.visitor,
                    key=key,
                    episode=self.episode,
                    subject=self.mother,
                    instrument=self.instrument,
                    on=self.episode.first_day,
                    id=screen,
                )
            case "answer":
                return screening.answer(self.visitor, key=key, screen=Screen.objects.get(pk=screen), answers=CRISIS)
            case "register":
                return families.register(
                    self.visitor,
                    key=key,
                    organization=self.episode.organization,
                    child=ChildFacts("Mateo", "Ñúñez", self.episode.dyad.birth_date),
                    adults=(AdultFacts("María", "Ñúñez", "mother"),),
                    id=made_of(name, "dyad"),
                )
            case "close":
                task = Task.objects.get(about_id=screen)
                return tasks.close(self.clinician, key=key, task=task, done="Called her; she is safe.")
            case "send":
                return self.send(name)
        raise ValueError(key)

    def send(self, name: str) -> Any:
        """What was written down without a signal: a visit, and two things that belong to it. One phone sends it all; each
        entry has the first number, so that none waits for another writer's."""
        from inmind.away import receiving, taking
        from inmind.families.models import Visit

        visit = str(made_of(name, "visit"))
        new = {"id": visit, "on": self.episode.first_day.isoformat(), "minutes": 45, "place": "home"}
        said = (("visit", new), ("note", {"visit": visit, "text": name}), ("strength", {"visit": visit, "text": name}))
        entries = [
            {"id": str(made_of(name, kind + " entry")), "number": 1, "episode": str(self.episode.pk), "kind": kind}
            | {"at": "2026-11-21T10:12:00-06:00", "base": None, "body": body}
            for kind, body in said
        ]
        taking.take(self.visitor, self.phone, receiving.read({"entries": entries}, lambda raw: str(len(raw))))
        return Visit.objects.get(pk=visit)


def made_of(name: str, what: str) -> UUID:
    """The id of what a writer makes in a round, so that a repeated request asks for the same record."""
    return uuid5(NAMESPACE_OID, f"{name}.{what}")


def keys(writer: int, rounds: int = 1_000_000) -> Iterator[str]:
    """What one writer does, in its order."""
    return (f"{writer}.{number}.{step}" for number in range(rounds) for step in STEPS)


def found() -> Clinic:
    """The clinic of this database; made, with its tables, where there is none yet."""
    from inmind.access.commands.migrate import bring_up_to_date, is_up_to_date
    from inmind.access.models import Account
    from inmind.access.queries import actor_for
    from inmind.away.actions import add_device
    from inmind.away.models import Device
    from inmind.families.models import Episode, Participation
    from inmind.screening.adapters.catalog import catalog
    from tests.make import make_family, make_on_call

    if not is_up_to_date():
        bring_up_to_date()
        make_on_call()
        make_family()
    held_by = {role: Account.objects.get(roles__role=role) for role in ("home_visitor", "clinician")}
    episode = Episode.objects.select_related("organization", "dyad").order_by("created_at").first()
    assert episode is not None
    mother = episode.participations.get(part=Participation.Part.ADULT).person
    visitor = actor_for(held_by["home_visitor"], second_factor=True)
    phone = Device.objects.first() or add_device(
        visitor, account=held_by["home_visitor"], id=made_of("clinic", "phone"), name="Work phone"
    )
    return Clinic(
        visitor,
        actor_for(held_by["clinician"], second_factor=True),
        episode,
        mother,
        catalog().named("epds"),
        phone,
    )


def main(rounds: int) -> None:
    set_up()
    clinic = found()
    for key in keys(os.getpid(), rounds):
        clinic.do(key)
        os.write(1, f"{ACKNOWLEDGED} {key}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
