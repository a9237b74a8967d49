"""What learning shows beside a member: the trainings of that association, and the letters about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.foundation import clock
from inmind.learning.attendance.models import Attendance
from inmind.learning.certificates.models import Certificate
from inmind.learning.trainings import words
from inmind.learning.trainings.models import Registration
from inmind.learning.trainings.seats import State
from inmind.messages.models import Letter
from inmind.people.models import Organization

REGISTERED = "learning.see_registered"
MOST = 12  # the newest, on one page


def of_member(request: Any, *, person: UUID, association: Organization) -> dict[str, Any] | None:
    """Their seats at this association's trainings, the newest first, with what they attended and the certificate."""
    if not policy.can(request.actor, REGISTERED, association):
        return None
    every = Registration.objects.filter(person=person, training__association=association)
    seats = policy.visible(request.actor, every, REGISTERED).select_related("training")
    rows = list(seats.order_by("-training__starts_at", "-pk")[:MOST])
    trainings = [one.training_id for one in rows]
    minutes: dict[UUID, int] = {}
    stands = Attendance.objects.filter(person=person, meeting__training__in=trainings, replaced_at__isnull=True)
    for training, some in stands.values_list("meeting__training", "minutes"):
        minutes[training] = minutes.get(training, 0) + some
    certificates = Certificate.objects.filter(person=person, training__in=trainings, replaced_at__isnull=True)
    held = {training: (pk, code) for training, pk, code in certificates.values_list("training", "pk", "code")}
    return {
        "rows": [_line(one, minutes, held) for one in rows],
        "columns": [{"label": label} for label in (_("Training"), _("When"), _("How it stands"), _("Certificate"))],
    }


def _line(one: Registration, minutes: dict[UUID, int], held: dict[UUID, tuple[UUID, str]]) -> list[Any]:
    of = one.training
    says = _("Has a seat")
    if of.pk in minutes:
        says = _("Attended %(hours)s") % {"hours": words.length(minutes[of.pk])}
    elif one.state != State.REGISTERED:
        says = {
            State.WAITING: _("On the waiting list"),
            State.OFFERED: _("Offered a seat"),
            State.CANCELLED: _("Gave it up"),
        }[State(one.state)]
    elif of.ends_at is not None and of.ends_at <= clock.now():
        says = _("Had a seat; nothing is written down of who was there")
    pk, code = held.get(of.pk, (None, ""))
    return [
        {"text": words.title(of), "url": reverse("kept_training", args=[of.pk])},
        words.when_words(of),
        says,
        {"text": code, "url": reverse("certificate", args=[pk])} if pk else "–",
    ]


def letters_to(person: UUID, association: UUID) -> list[tuple[UUID, str]]:
    """The letters about somebody's seats and certificates."""
    seats = Registration.objects.filter(person=person, training__association=association).values("pk")
    certificates = Certificate.objects.filter(person=person, training__association=association).values("pk")
    about = Q(about_kind="learning.Registration", about_id__in=seats) | Q(
        about_kind="learning.Certificate", about_id__in=certificates
    )
    rows = Letter.objects.filter(about).order_by("-created_at").values_list("pk", "template")[:MOST]
    return [
        (pk, _("A certificate") if template.startswith("certificate") else _("About a seat")) for pk, template in rows
    ]
