"""The screens of the board's story: a trend over months, a correction, an answer at night, one that a second person took;
and the results of three licensed forms, whose numbers are invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from inmind.families.story import adult
from inmind.foundation import clock
from inmind.screening import actions, due
from inmind.screening.adapters.catalog import catalog, recorded
from inmind.screening.models import Screen
from inmind.screening.queries import crisis_task
from inmind.screening.recorded_actions import OnPaper, record_result
from inmind.tasks import actions as tasks

ELENA = (
    ("2026-07-28 10:30", (2, 1, 2, 2, 2, 2, 2, 1, 2, 0)),
    ("2026-10-20 10:30", (1, 1, 2, 1, 2, 1, 1, 1, 1, 0)),
    ("2026-12-15 10:30", (0, 1, 1, 1, 1, 1, 0, 1, 0, 0)),
)
CORRECTION = "The mark at crying was read in the row above."
# When, whose family, by whom, which tool, which age form, what stands on it.
ON_PAPER = (
    (
        *("2027-02-04 10:40", "iris", "sam", "asq3", "12"),
        {
            "communication": "40",
            "gross_motor": "20",
            "fine_motor": "50",
            "problem_solving": "45",
            "personal_social": "40",
        },
    ),
    ("2027-02-23 10:40", "iris", "sam", "decai", "", {"initiative": "52", "attachment_relationships": "61"}),
    (
        *("2027-02-25 10:40", "oscar", "june", "psi4sf", ""),
        {"total": "94", "total_percentile": "82", "defensive_responding": "17"},
    ),
)
CLOSED = "Called her at 3:20. She is safe tonight and her sister is with her. We meet tomorrow at ten."


def tell(story: Any) -> None:
    """Add the scenes of the screens."""
    for at, points in ELENA:
        story.scene(at, _ask, "mateo", "luz", "epds", dict(enumerate(points, start=1)))
    story.scene("2026-07-29 09:10", _correct)
    story.scene("2027-02-24 10:30", _ask, "mateo", "luz", "phq2", {1: 1, 2: 1})
    story.scene("2027-01-11 13:40", _ask, "expected", "nadia", "epds3", {1: 1, 2: 0, 3: 1})
    story.scene("2027-02-10 11:30", _ask_about_bao)
    story.scene("2027-02-17 10:00", _ask, "angel", "luz", "phq9", dict.fromkeys(range(1, 10), 0) | {3: 1, 4: 2})
    story.scene("2027-02-23 10:30", _ask, "iris", "sam", "phq9", dict.fromkeys(range(1, 10), 0) | {3: 1})
    story.scene("2026-10-06 11:40", _done_elsewhere, "wren", "luz", "developmental", "2026-07-06")
    story.scene("2027-02-10 11:50", _done_elsewhere, "bao", "luz", "developmental", "2027-01-20")
    for at, name, by, tool, form, typed in ON_PAPER:
        story.scene(at, _record, name, by, tool, form, typed)
    story.scene("2027-03-02 14:10", _ask, "eli", "nadia", "epds", {1: 1, 2: 1, 5: 2, 10: 1})
    story.scene("2027-03-02 15:25", _a_second_person_answers)
    story.scene("2027-03-03 02:04", _at_night)


def _ask(story: Any, name: str, by: str, key: str, points: Mapping[int, int]) -> None:
    """A screen of the first adult, entered from paper. points: by the number of the question; the others are left blank."""
    instrument = catalog().named(key)
    worker, subject = story.actor(by), adult(story, name)
    on = clock.today(story.zone)
    screen = actions.begin(worker, episode=story.made[name], subject=subject, instrument=instrument, on=on)
    answers = {item.key: points.get(item.number) for item in instrument.items}
    story.made[f"{name}, {key}"] = actions.finish(worker, screen=screen, answers=answers)


def _correct(story: Any) -> None:
    screen = Screen.objects.filter(episode=story.made["mateo"], instrument="epds").earliest("on")
    actions.correct(story.actor("luz"), screen=screen, answers={"epds_9": 1}, reason=CORRECTION)


def _ask_about_bao(story: Any) -> None:
    mchatr = catalog().named("mchatr")
    luz, episode = story.actor("luz"), story.made["bao"]
    screen = actions.begin(
        luz,
        episode=episode,
        subject=episode.dyad.child,
        instrument=mchatr,
        on=clock.today(story.zone),
        informant=adult(story, "bao"),
    )
    actions.finish(luz, screen=screen, answers={item.key: int(item.number in {2, 7, 9, 16}) for item in mchatr.items})


def _record(story: Any, name: str, by: str, tool: str, form: str, typed: Mapping[str, str]) -> None:
    """What stands on a licensed form: about the child, answered by the first adult, or about herself."""
    chosen, answers, episode = recorded()[tool], adult(story, name), story.made[name]
    subject, informant = (episode.dyad.child, answers) if chosen.is_about_a_child else (answers, None)
    paper = OnPaper(on=clock.today(story.zone), typed=typed, form=form, informant=informant)
    record_result(story.actor(by), episode=episode, subject=subject, tool=chosen, paper=paper)


def _done_elsewhere(story: Any, name: str, by: str, asked: str, on: str) -> None:
    told = due.asked_for(asked)
    assert told is not None
    actions.note_done(story.actor(by), episode=story.made[name], asked=told, on=date.fromisoformat(on))


def _a_second_person_answers(story: Any) -> None:
    """Dana did not answer within the hour, so that Kofi was asked beside her; he called."""
    task = crisis_task(story.made["eli, epds"])
    assert task is not None
    tasks.close(story.actor("kofi"), task=task, done=CLOSED)


def _at_night(story: Any) -> None:
    """At two in the morning a mother answers Luz on the phone, the ninth question too, and then no more.

    Caregivers have no link of their own yet, so that a worker enters it. She chose to be called, on the number that is safe.
    """
    _ask(story, "theo", "luz", "phq9", {1: 2, 2: 3, 3: 3, 9: 1})
    actions.ask_call_back(
        story.actor("luz"),
        screen=story.made["theo, phq9"],
        wanted=True,
        number="555-0142",
        when="at eight",
    )
