"""What learning holds about one person, as that person reads it: seats, what was attended, certificates, what was said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from inmind.foundation import clock
from inmind.foundation.values import N_, Verdict
from inmind.learning.attendance.models import Attendance
from inmind.learning.certificates import papers
from inmind.learning.certificates.models import Certificate, Elsewhere
from inmind.learning.trainings import words
from inmind.learning.trainings.models import FeedKey, Registration, SaidOfSelf
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.self_said import LANGUAGES, RACES
from inmind.people.models import Person

SEATS = {
    State.REGISTERED: N_("You have a seat."),
    State.WAITING: N_("You are on the waiting list."),
    State.OFFERED: N_("A seat is kept for you. Open it and take it."),
    State.CANCELLED: N_("Your seat is given up."),
}


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """Each seat, day attended, certificate and training elsewhere, the oldest first."""
    seats = Registration.objects.filter(person=person).select_related("training")
    rows = [
        {_("Training"): words.title(one.training), _("Seat"): _(SEATS[State(one.state)])}
        for one in seats.order_by("at", "pk")
    ]
    attended = Attendance.objects.filter(person=person, replaced_at__isnull=True).select_related("meeting__training")
    rows += [
        {
            _("Attended"): words.title(one.meeting.training),
            _("Day"): clock.day(one.meeting.on),
            _("Counts for"): words.length(one.minutes),
            _("Known by"): _("written down by hand") if one.how == Attendance.How.HAND else _("seen at the meeting"),
        }
        for one in attended.order_by("meeting__starts_at", "pk")
    ]
    rows += [_certificate(one) for one in Certificate.objects.filter(person=person).order_by("on", "pk")]
    elsewhere = Elsewhere.objects.filter(person=person, taken_back_at__isnull=True).order_by("on", "pk")
    rows += [
        {
            _("Learned elsewhere"): one.title,
            _("Given by"): one.provider,
            _("Day"): clock.day(one.on),
            _("Counts for"): words.length(one.minutes),
            _("Known by"): _("said by yourself"),
        }
        for one in elsewhere
    ]
    said = SaidOfSelf.objects.filter(person=person)
    rows += [
        {
            _("What you said of yourself"): clock.day(one.on),
            _("Race and ethnicity"): ", ".join(_(RACES[key]) for key in one.races.split() if key in RACES),
            _("Languages"): ", ".join(_(LANGUAGES[key]) for key in one.languages.split() if key in LANGUAGES),
        }
        for one in said
    ]
    has_feed = FeedKey.objects.filter(person=person).exists()
    return rows + ([{_("Your own calendar"): _("It has an address that only you know.")}] if has_feed else [])


def _certificate(one: Certificate) -> dict[str, str]:
    return {
        _("Certificate"): papers.title_of(one),
        _("Number"): one.code,
        _("Name on it"): one.name,
        _("Day"): clock.day(one.on),
        _("Counts for"): words.length(one.minutes),
        _("How it stands"): _("stands")
        if one.replaced_at is None
        else _("replaced")
        if one.replaced_by_id
        else _("withdrawn"),
    }
