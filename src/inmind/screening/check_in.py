"""A check-in in our own words: three doors, no score and no instrument. Every field can be left empty. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class Door(StrEnum):
    """What somebody comes with. Keys are stored; the words are ours."""

    WELL = "well"
    TALK = "talk"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody would like to talk about. of_child: it is a worry about the child, and kept as one; else it is hers."""

    words: str
    of_child: bool = False


DOORS: dict[Door, str] = {
    Door.WELL: N_("We are well, and here is what we are proud of"),
    Door.TALK: N_("I would like to talk, about this"),
    Door.NOW: N_("I need help now"),
}
TOPICS: dict[str, Topic] = {
    "sleep": Topic(N_("Sleep"), of_child=True),
    "feeding": Topic(N_("Feeding and eating"), of_child=True),
    "crying": Topic(N_("Crying that is hard to calm"), of_child=True),
    "growing": Topic(N_("How my child grows and learns"), of_child=True),
    "mood": Topic(N_("How I feel myself")),
    "living": Topic(N_("Money, food or a place to live")),
    "safety": Topic(N_("Being safe")),
    "else": Topic(N_("Something else")),
}
LONGEST = 1000  # characters


@dataclass(frozen=True, slots=True)
class Said:
    """A check-in as it can be kept."""

    door: Door
    about: str
    words: str

    @property
    def is_worry_about_child(self) -> bool:
        return self.about in TOPICS and TOPICS[self.about].of_child


def said(door: str, about: str = "", words: str = "") -> Said:
    """Raises BadInput, with its field, for what cannot be so. A door alone is enough; a topic goes with talking alone."""
    if door not in set(Door):
        raise BadInput(N_("Choose one of the three."), N_("Nothing else has to be said."), field="door")
    if about and about not in TOPICS:
        raise BadInput(N_("This is not on the list."), N_("Choose one, or leave it empty."), field="about")
    kept = text.checked(words.strip(), LONGEST, field="text")
    return Said(Door(door), about if door == Door.TALK else "", "" if door == Door.NOW else kept)


def until(today: date, days: int) -> date:
    """The day until which somebody answers who would like to talk."""
    return today + timedelta(days=days)
