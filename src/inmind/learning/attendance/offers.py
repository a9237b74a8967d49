"""What attendance and certificates offer: who reaches them, the job that makes certificates, panels on Today, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.act import Act
from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.foundation.registries import Forgetting, Holding, Panel, Reach, house
from inmind.jobs.models import Job
from inmind.learning.attendance import actions
from inmind.learning.attendance import said as words
from inmind.learning.attendance.models import Attendance, Sighting
from inmind.learning.attendance.views import SEE, day_of
from inmind.learning.certificates import actions as certificates
from inmind.learning.certificates import papers
from inmind.learning.certificates.models import Certificate, CertificateRun, Elsewhere
from inmind.learning.trainings.models import Meeting
from inmind.people.models import Person

NEW_FOR = timedelta(
    days=14
)  # ours: so long a certificate is new on Today, and a meeting waits to be said who was there
OF_MEETINGS = ("Rest", "CallLog", "Sighting", "Attendance", "DoorCode")
OF_PEOPLE = ("Sighting", "Attendance", "Certificate", "Elsewhere")


def offer() -> None:
    house.offer(
        Reach("people.Person", "people.Person"),
        Reach("learning.Training", "people.Organization", prefix="association"),
        Reach("learning.Meeting", "people.Organization", prefix="training__association"),
        Reach("learning.CountingRule", "people.Organization", prefix="training__association"),
        Reach("learning.Certificate", "people.Organization", prefix="training__association"),
        Reach("learning.CertificateRun", "people.Organization", prefix="training__association"),
        *(
            Reach(f"learning.{name}", "people.Organization", prefix="meeting__training__association")
            for name in OF_MEETINGS
        ),
        *(Reach(f"learning.{name}", "people.Person", prefix="person") for name in OF_PEOPLE if name != "Sighting"),
        Holding("learning.Attendance", "person", follow=_attended_once),
        Holding("learning.Certificate", "person", follow=_certified_once),
        Forgetting("attendance", TABLES, goes=_goes, stays=_stays, erase=_erase),
        Panel("today", "certificates", 40, "learning/certificates_today.html", new_certificates),
        Panel("today", "attendance", 42, "learning/attendance_today.html", unsaid),
    )
    house.reseals.append(actions.reseal_all)
    house.handles(certificates.MAKE, make)


def make(job: Job) -> None:
    """The next certificates of a run; each stretch leaves the job of the next one."""
    run = CertificateRun.objects.get(pk=job.payload["run"])
    certificates.make_some(machine(certificates.MAKE), key=f"job:{job.pk}", run=run, after=job.payload["after"])


def new_certificates(request: Any) -> dict[str, Any] | None:
    """The reader's own, of the last days."""
    actor = request.actor
    if not policy.can(actor, "learning.see_transcript"):
        return None
    since = clock.now() - NEW_FOR
    own = Certificate.objects.filter(person=actor.person, replaced_at__isnull=True, created_at__gte=since)
    rows = policy.visible(actor, own, "learning.see_certificate").order_by("-created_at")[:5]
    found = [
        {
            "title": papers.title_of(one),
            "says": words.hours(one.minutes),
            "url": reverse("certificate", args=[one.pk]),
        }
        for one in rows
    ]
    return {"rows": found} if found else None


def unsaid(request: Any) -> dict[str, Any] | None:
    """Meetings of the reader's association that are over, of which nothing is written down yet, or where somebody waits to be
    decided; the latest first."""
    actor = request.actor
    if not policy.can(actor, SEE):
        return None
    now = clock.now()
    over = Meeting.objects.filter(ends_at__lte=now, ends_at__gte=now - NEW_FOR, training__called_off_at__isnull=True)
    rows = list(policy.visible(actor, over, SEE).select_related("training").order_by("-ends_at")[:20])
    ids = [one.pk for one in rows]
    said = set(Attendance.objects.filter(meeting__in=ids, replaced_at__isnull=True).values_list("meeting", flat=True))
    waits = set(
        Sighting.objects.filter(meeting__in=ids, state=Sighting.State.WAITS)
        .order_by()
        .values_list("meeting", flat=True)
    )
    found = [
        {
            "title": one.training.title,
            "says": day_of(one),
            "url": reverse("meeting_attendance", args=[one.pk]),
            "button": _("Decide who it was") if one.pk in waits else _("Say who was there"),
        }
        for one in rows
        if one.pk in waits or one.pk not in said
    ]
    return {"rows": found, "asks": True} if found else None


def _attended_once(mover: Any, row: Attendance, to: Person) -> None:
    """Where both records attended one meeting, the one that counts for more stands; the other is what stood before."""
    twin = Attendance.objects.filter(meeting=row.meeting_id, person=to, replaced_at__isnull=True).first()
    if row.replaced_at is None and twin is not None:
        mover.change(min(row, twin, key=lambda one: one.minutes), "replaced_at", mover.act.now)
        row.refresh_from_db()
    mover.change(row, "person", to)


def _certified_once(mover: Any, row: Certificate, to: Person) -> None:
    """Where both records hold a certificate of one training, the one that says more stands."""
    twin = Certificate.objects.filter(training=row.training_id, person=to, replaced_at__isnull=True).first()
    if row.replaced_at is None and twin is not None:
        less, more = sorted((row, twin), key=lambda one: one.minutes)
        mover.change(less, "replaced_at", mover.act.now)
        less.refresh_from_db()
        mover.change(less, "replaced_by", more)
        row.refresh_from_db()
    mover.change(row, "person", to)


TABLES = frozenset(f"learning.{name}" for name in OF_PEOPLE)


def _goes(person: Person) -> Iterator[str]:
    if Certificate.objects.filter(person=person).exists():
        yield _("The name on certificates of trainings, which nobody can verify any more.")
    if Elsewhere.objects.filter(person=person).exists():
        yield _("What this person wrote down of trainings elsewhere.")


def _stays(person: Person) -> Iterator[str]:
    if Attendance.objects.filter(person=person).exists():
        yield _("That somebody attended which training for how long, without a name.")


def _erase(act: Act, person: Person) -> None:
    certificates.forget(act, person)
    actions.forget(person)
