"""The story for a board: scenes of eight months in three agencies, played in order through the same actions, on fixed days.

Each room brings its scenes. Between them the jobs that are due run as they would have: letters leave, what nobody answered
climbs. So what the pages show has happened, and nothing is left behind that is late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.demo.network import Cast, Network, begin
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.jobs import runner

NAMES = ("board",)
BEGINS = "2026-07-01 09:00"
TOLD = "2027-03-03 07:30"  # a Wednesday; half an hour later somebody reads again
BEAT = timedelta(hours=2)

CAST = Cast(
    ("Harbor Family Services", "Prairie Early Years", "River Bend Family Center"),
    (
        ("luz", "Luz", "Ibarra", "home_visitor", 0),
        ("nadia", "Nadia", "Farouk", "home_visitor", 0),
        ("dana", "Dana", "Whitfield", "clinician", 0),
        ("kofi", "Kofi", "Mensah", "clinician", 0),
        ("rosa", "Rosa", "Delgado", "family_service_coordinator", 0),
        ("okafor", "Ngozi", "Okafor", "agency_supervisor", 0),
        ("priya", "Priya", "Raman", "privacy_officer", 0),
        ("sam", "Sam", "Whitehorse", "home_visitor", 1),
        ("ines", "Inés", "Castañeda", "clinician", 1),
        ("tom", "Tomás", "Åkesson", "agency_supervisor", 1),
        ("june", "June", "Takahashi", "home_visitor", 2),
        ("amir", "Amir", "Haddad", "clinician", 2),
        ("greta", "Greta", "Lund", "agency_supervisor", 2),
        ("steward", "Joan", "Lindqvist", "data_steward", None),
    ),
)


@dataclass(slots=True)
class Story:
    """What a room needs to bring its scenes: the network, and what earlier scenes have made, by name."""

    network: Network
    zone: str
    made: dict[str, Any] = field(default_factory=dict)
    scenes: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def scene(self, at: str, play: Callable[..., None], *given: Any) -> None:
        """Something that happens at a moment on the clock of the network's wall: `2027-03-03 02:04`."""
        self.scenes.append((moment(at, self.zone), lambda: play(self, *given)))

    def actor(self, username: str) -> Any:
        return self.network.actor(username)

    def person(self, username: str) -> Any:
        return self.network.accounts[username].person


def moment(said: str, zone: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone))


def told_at() -> datetime:
    """The moment at which the story stands when it is opened for the first time."""
    return moment(TOLD, settings.INSTALLATION.zone)


def tell(said: Callable[[int, int, str], None]) -> None:
    """Make the story in an empty database. said: told how many scenes are played, of how many."""
    zone = settings.INSTALLATION.zone
    with clock.at(moment(BEGINS, zone)):
        story = Story(begin(CAST, told_at()), zone)
    for _, maker in sorted(house.story_makers, key=lambda pair: pair[0]):
        maker(story)
    scenes = sorted(story.scenes, key=lambda pair: pair[0])
    for place, (at, play) in enumerate(scenes):
        with clock.at(at):
            play()
        until = scenes[place + 1][0] if place + 1 < len(scenes) else told_at()
        _let_time_pass(at, until)
        said(place + 1, len(scenes), "scenes")
    with clock.at(told_at()):  # the machine's own clock ticks once, so that the trail is sealed
        runner.tick()
        runner.beat("jobs")
        runner.run_due("story")


def _let_time_pass(since: datetime, until: datetime) -> None:
    """Run what is due between two scenes: each few hours while something may be, and once before the next one."""
    for at in (*(since + BEAT * step for step in range(4)), until):
        if at <= until:
            with clock.at(at):
                runner.run_due("story")
