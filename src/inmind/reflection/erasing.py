"""What is left of agreements and hours when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access import office_links
from inmind.access.act import Act
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person
from inmind.reflection import actions
from inmind.reflection.models import Agreement, Asking, Offering, Reminder, Seat


def _goes(person: Person) -> Iterator[str]:
    if Offering.objects.filter(provider=person).exists():
        yield _("What this person offered to others as somebody who holds them.")


def _stays(person: Person) -> Iterator[str]:
    if Seat.objects.filter(person=person).exists() or Agreement.objects.filter(provider=person).exists():
        yield _("That somebody without a name met others in reflective supervision, on which days and for how long.")


def _erase(act: Act, person: Person) -> None:
    """Hours stand for those who were in them with this person; what was offered, asked and chosen goes."""
    mine = Offering.objects.filter(provider=person)
    for row in Asking.objects.filter(offering__in=mine) | Asking.objects.filter(person=person):
        row.delete()
    for offering in mine:
        offering.delete()
    for reminder in Reminder.objects.filter(person=person):
        office_links.end_about(act, actions.PURPOSE, reminder.pk)
        reminder.delete()


PROFESSION = Forgetting(
    "reflection",
    frozenset(
        f"reflection.{name}"
        for name in (
            *("Agreement", "Seat", "Session", "Presence", "Version", "VersionPerson", "Offering", "Asking"),
            *("Reminder", "EarlierTerms"),
        )
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
