"""What screening offers: how a screen is reached, and what it does when it hears that nobody answered."""

from __future__ import annotations

from inmind.foundation.events import LetterUndelivered, TaskUnanswered
from inmind.foundation.registries import Reach, house
from inmind.screening import subscribers


def offer() -> None:
    house.offer(
        Reach("screening.Screen", "families.Episode", prefix="episode"),
        Reach("screening.Screen", "tasks.Task", through="tasks.Task", mine="about_id"),
    )
    house.listens(TaskUnanswered, "screening.tell_again", subscribers.tell_again)
    house.listens(LetterUndelivered, "screening.tell_others", subscribers.tell_others)
