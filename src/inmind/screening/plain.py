"""A result in plain words for the family: short sentences, never a diagnosis, never a number without its meaning. Pure.

Which words stand for which result is decided here; the page says them in the family's language. `%(child)s` is
the child's given name.
"""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.values import N_
from inmind.screening.instruments import Instrument

WORRY = N_("If you are worried, tell us. Your worry is enough. We will look at it with you.")
NOT_A_DIAGNOSIS = N_("This is not a diagnosis. It is a first look.")

CRISIS = N_("Thank you for telling us. You matter. Please stay with us now. Help lines answer day and night.")
CLOSER_LOOK = N_(
    "Some of your answers are worth a closer look. Many parents feel this way. It can get better with help."
)
CLOSER_LOOK_SOON = N_(
    "Some of your answers are worth a closer look soon. You do not have to do this alone. Help works, and we can find it."
)
TALK = N_("Some of your answers are worth a closer look. Let us talk about them, you and me. You say what would help.")
CALM = N_("Your answers today are below the line where we look closer. Feelings can change. You can ask us any time.")
UNFINISHED = N_("Some questions were left open. That is fine. We can fill them in together, or leave them.")
CHILD_CALM = N_("Your answers about %(child)s show few signs that need a closer look today. Keep playing and talking.")
CHILD_ASK_MORE = N_("Some answers about %(child)s are worth a closer look. Next we ask a bit more about just those.")
CHILD_CLOSER_LOOK = N_(
    "Some answers about %(child)s are worth a closer look now. Two teams can help: one plays and learns with %(child)s, "
    "one finds out more. You do not have to wait for one to meet the other."
)
CHILD_WORTH_A_LOOK = N_(
    "Some answers about %(child)s are worth a closer look. We look at them with you, and you say what would help."
)
CHILD_SETTLED = N_("We asked a bit more about %(child)s. Most of it is settled. We look again at later visits.")
CHILD_NUMBER_ALONE = N_(
    "The number alone says nothing about %(child)s. What you and your family see counts. Let us talk about it."
)
CHILD_UNFINISHED = N_("Some questions about %(child)s were left open. That is fine. We can fill them in together.")

# The words for each band of our instruments.
OF_BAND: Mapping[str, str] = {
    "below_cutoff": CALM,
    "possible_depression": CLOSER_LOOK,
    "probable_depression": CLOSER_LOOK_SOON,
    "positive": CLOSER_LOOK,
    "minimal": CALM,
    "mild": CALM,
    "moderate": CLOSER_LOOK,
    "moderately_severe": CLOSER_LOOK_SOON,
    "severe": CLOSER_LOOK_SOON,
}
OF_A_CHILDS_BAND: Mapping[str, str] = {
    "low": CHILD_CALM,
    "moderate": CHILD_ASK_MORE,
    "high": CHILD_CLOSER_LOOK,
    "negative": CHILD_SETTLED,
    "positive_follow_up": CHILD_CLOSER_LOOK,
    "below_cutoff": CHILD_CALM,
    "positive": CHILD_WORTH_A_LOOK,
    "needs_review": CHILD_WORTH_A_LOOK,
    "appears_to_meet_expectations": CHILD_CALM,
}


def sentences(
    instrument: Instrument, band: str, *, is_finished: bool, is_crisis: bool, is_positive: bool | None = None
) -> tuple[str, ...]:
    """What to say about a result, passage by passage, marked for translation.

    band: its code, empty where it has none; then is_positive speaks, where that is known. A band that a network's own
    instrument brings, and that has no plain words here, is said to be neither good nor bad: the talk about it is the
    team's. A crisis comes first, and no calm word stands beside it.
    """
    known = OF_A_CHILDS_BAND if instrument.is_about_a_child else OF_BAND
    # A count of what happened to somebody is a marker among many people: of one person it says nothing.
    about = "" if instrument.takes_a_count else known.get(band, "")
    if not band and is_positive:
        about = CHILD_WORTH_A_LOOK if instrument.is_about_a_child else TALK
    elif not band and not is_finished:
        about = CHILD_UNFINISHED if instrument.is_about_a_child else UNFINISHED
    elif not band and is_positive is False:
        about = known["below_cutoff"]
    elif not band and instrument.is_about_a_child and instrument.has_total and not instrument.takes_a_count:
        about = CHILD_NUMBER_ALONE
    if is_crisis:
        return tuple(filter(None, (CRISIS, "" if about == CALM else about, NOT_A_DIAGNOSIS)))
    return tuple(filter(None, (about, NOT_A_DIAGNOSIS, WORRY)))
