"""Take back a screen, or a licensed tool's result, that was entered for somebody else by mistake.

It stays in history: that it stood here, who took it back, when and why. Its numbers are kept for the trail as what stood
before a correction is, are shown to nobody, and count for nothing. What its crisis answer called forth stays until a person
closes it: nobody is told that all is well. To undo it, it is entered anew for the right person.
"""

from __future__ import annotations

from inmind.access.act import Act, action
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.screening import actions, recorded_actions
from inmind.screening.models import RecordedResult, Screen


@action("screening.take_back", on="taken")
def take_back(act: Act, *, taken: Screen | RecordedResult, reason: str) -> Screen | RecordedResult:
    """Take back what was entered for the wrong child or adult, also a screen that is not finished yet."""
    actions.stop_if_taken_back(taken)
    if not text.tokens(reason):
        raise BadInput(
            N_("The reason is missing."),
            N_("What is taken back says why, in one sentence."),
            N_("Write how it came about, for example: two papers were mixed up."),
            field="reason",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can take this back."))
    if isinstance(taken, Screen):
        _empty_screen(act, taken, reason)
    else:
        recorded_actions.set_aside(act, taken, reason)
        taken.said_text, taken.counts = None, False
    taken.taken_back_at = act.now
    taken.save()
    return taken


def _empty_screen(act: Act, screen: Screen, reason: str) -> None:
    """Whoever was called because of it and has not answered yet is told to look again."""
    actions.set_aside(act, screen, reason)
    screen.state, screen.finished_at = Screen.State.INCOMPLETE, screen.finished_at or act.now
    screen.answers_text = screen.parts_text = None
    screen.points = screen.lowest = screen.highest = screen.is_positive = None
    screen.band = screen.finding = ""
    if task := actions.waiting(screen):
        actions.look_again(act, task)
