"""What is left of the screens of somebody who is erased.

What is said beforehand is the same for everybody: who reads it is not on the care team, and learns from no line whether
there was a screen (`protect.md` 1).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person
from inmind.screening.check_in_models import CheckIn
from inmind.screening.models import DoneElsewhere, EarlierRecorded, EarlierResult, Flag, RecordedResult, Screen


def _goes(person: Person) -> Iterator[str]:
    yield _("Answers, points, bands and flags of screens, and check-ins, if there were any.")


def _stays(person: Person) -> Iterator[str]:
    yield _("Of a screen, if there was one, its day and the name of the questionnaire; its care team alone sees that.")


def _erase(act: Act, person: Person) -> None:
    """Answers go with the key; what was made of them is blanked here, and a closed screen counts as incomplete."""
    Flag.objects.filter(screen__subject=person).delete()
    CheckIn.objects.filter(subject=person).delete()
    EarlierResult.objects.filter(screen__subject=person).delete()
    DoneElsewhere.objects.filter(subject=person).delete()
    EarlierRecorded.objects.filter(result__subject=person).delete()
    for result in RecordedResult.objects.filter(subject=person):
        result.said_text = None
        result.save()
    for screen in Screen.objects.filter(subject=person):
        if screen.state != Screen.State.OPEN:
            screen.state = Screen.State.INCOMPLETE
        screen.points = screen.lowest = screen.highest = None
        screen.age_days = screen.corrected_days = None  # beside the day of the screen they would tell the day of birth
        screen.is_positive = screen.parts_text = None
        screen.band = screen.finding = ""
        screen.save()


SCREENS = Forgetting(
    "screening",
    frozenset(
        f"screening.{name}"
        for name in (
            *("Screen", "EarlierResult", "Flag", "DoneElsewhere", "RecordedResult", "EarlierRecorded"),
            *("CheckIn", "Sending", "SendingPart"),
        )
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
