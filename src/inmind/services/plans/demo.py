"""The care plan of a demonstration: one family of Luz, with how each sees a goal, and a group whose beginning was hard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from inmind.families import queries as families
from inmind.families.models import Assignment, Episode
from inmind.foundation import clock
from inmind.people.models import Person
from inmind.services.plans import actions as plans
from inmind.services.plans.care_plan import HowFar, Kind, LetGo, SeenBy
from inmind.services.running import actions as running
from inmind.services.running.attendance import Because, State

SMALL = 500
BEGAN, WEEK = 40, 7  # days
BECAME = (
    (State.ATTENDED, None),
    (State.ATTENDED, None),
    (State.BY_PROGRAM, Because.WORKER),
    (State.BY_FAMILY, Because.STRAIN),
)


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """Write a plan with the family of Luz that was screened over time. A large network needs none."""
    today = clock.today(settings.INSTALLATION.zone)
    luz = network.actor("luz") if size <= SMALL else None
    if luz is None:
        return
    serving = Assignment.in_force(today).filter(worker=luz.person).values("episode")
    rows = Episode.objects.filter(pk__in=serving).select_related("organization", "dyad__child")
    episode = rows.order_by("created_at", "pk").first()
    adults = families.adults(episode, today) if episode is not None else []
    if episode is not None and adults:
        kin = next((one.person.given_name for one in adults if one.part == "kin"), "Grandmother Rosa")
        _plan(luz, episode, adults[0].person, kin, today)
        _group(luz, episode, adults[0].person, today)


def _plan(luz: Any, episode: Episode, adult: Person, beside: str, today: date) -> None:
    def line(kind: Kind, words: str, **more: Any) -> Any:
        return plans.add_to_plan(luz, episode=episode, kind=kind, whose=adult, words=words, **more)

    line(Kind.STRENGTH, "When the night is loud I hum my grandmother’s song, and the crying gets softer.")
    goal = line(Kind.GOAL, "One calm hour in the evening, just the two of us.", since=today - timedelta(days=BEGAN))
    line(Kind.STRATEGY, "Radio off, the yellow towel, one song before the water.", moment="At bath time")
    before = line(Kind.GOAL, "To eat one meal a day together.", since=today - timedelta(days=2 * BEGAN))
    plans.let_go(luz, item=before, why=LetGo.OURS)
    for days, by, named, far, words in (
        (38, SeenBy.FAMILY, "", HowFar.NOT_YET, "The evenings are loud."),
        (37, SeenBy.WORKER, "", HowFar.A_LITTLE, "Something new is tried each week."),
        (16, SeenBy.OTHER, beside, HowFar.OFTEN, "At my house it is quiet."),
        (6, SeenBy.FAMILY, "", HowFar.OFTEN, "It works when I am not alone."),
    ):
        who = adult if by is SeenBy.FAMILY else None
        on = today - timedelta(days=days)
        plans.say_how_seen(luz, goal=goal, by=by, who=who, named=named, how_far=far, words=words, on=on)
    plans.set_next_look(luz, episode=episode, next_on=today + timedelta(days=3 * WEEK))
    plans.give_handout(luz, episode=episode, to=adult, handout="tantrums")


def _group(luz: Any, episode: Episode, adult: Person, today: date) -> None:
    since = today - timedelta(days=BEGAN)
    row = running.begin_service(luz, episode=episode, about=adult, name="Parents’ group at the library", since=since)
    first = since + timedelta(days=2)
    sessions = running.plan_sessions(luz, service=row, first=first, every_days=WEEK, times=len(BECAME))
    for session, (state, because) in zip(sessions, BECAME, strict=True):
        minutes = 75 if state is State.ATTENDED else None
        running.note_session(luz, session=session, state=state, minutes=minutes, because=because)
