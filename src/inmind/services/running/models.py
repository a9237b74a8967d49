"""A service that runs, as it is kept: since when, for whom, each session that was planned, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept, period_is_whole
from inmind.foundation.values import FieldClass
from inmind.services.referrals.models import REASONS
from inmind.services.running import attendance
from inmind.services.running.attendance import Because, State

FAMILY, CLINICAL, PROFESSIONAL = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.PROFESSIONAL


class ServiceEpisode(Kept):
    """That a program serves somebody of a family, from a day until another.

    about: who is served. referral: by which it began; None where it was written down by hand. name: the program as it was
    called then. program: the key of its model, where it has one. worth_a_call_on: since when a call is worth it, because some
    of the first sessions did not come about; None once somebody called. It is for the care team alone, and no score.
    """

    CLASSES = {
        **dict.fromkeys(
            ("episode", "about", "referral", "listing", "name", "program", "since", "until", "why"), FAMILY
        ),
        **dict.fromkeys(("worth_a_call_on", "called_on"), CLINICAL),
        "worker": PROFESSIONAL,
    }

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="services")
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="services")
    referral = models.OneToOneField(
        "services.Referral", null=True, on_delete=models.PROTECT, related_name="service_episode"
    )
    listing = models.ForeignKey("services.Listing", null=True, on_delete=models.PROTECT, related_name="+")
    name = ShortText(max_length=120)
    program = ShortText(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    why = ShortText(max_length=24, choices=REASONS, blank=True)
    worth_a_call_on = models.DateField(null=True)
    called_on = models.DateField(null=True)
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            period_is_whole("a_service_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(until=None, why="") | Q(until__isnull=False) & ~Q(why=""),
                name="why_a_service_ended_is_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["episode"], name="service_by_episode"),
            models.Index(
                fields=["worth_a_call_on"], condition=Q(worth_a_call_on__isnull=False), name="service_worth_a_call"
            ),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("episode", self.episode_id)}


class _Said(Kept):
    """What is known of a session, now or before. said_by: who said so, `family`, `program` or `worker`."""

    SEALED_FOR = "about_id"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    state = ShortText(max_length=12, choices=[(one.value, one.value) for one in State])
    minutes = models.PositiveSmallIntegerField(null=True)
    because = ShortText(max_length=12, choices=[(one.value, one.value) for one in Because], blank=True)
    said_by = ShortText(max_length=8, blank=True)
    note = SealedText(null=True, max_length=1000)
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


SAID = {
    **dict.fromkeys(("about", "on", "state", "minutes", "said_by"), FAMILY),
    **dict.fromkeys(("because", "note"), CLINICAL),
    "worker": PROFESSIONAL,
}


class ServiceSession(_Said):
    """One session of a service: the day for which it was planned, and what became of it."""

    CLASSES = {**SAID, "service": FAMILY}

    service = models.ForeignKey(ServiceEpisode, on_delete=models.PROTECT, related_name="sessions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="attended", minutes__isnull=False) | ~Q(state="attended") & Q(minutes=None),
                name="minutes_of_what_took_place",
            ),
            models.CheckConstraint(
                condition=Q(because="") | ~Q(state__in=("planned", "attended")), name="a_reason_of_what_did_not"
            ),
        ]
        indexes = [models.Index(fields=["service", "on"], name="session_by_service")]

    @property
    def as_session(self) -> attendance.Session:
        return attendance.Session(self.on, State(self.state), Because(self.because) if self.because else None)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.service.audit_subjects()


class EarlierSession(_Said):
    """What was known of a session before it was written anew. It only grows."""

    CLASSES = {**SAID, "session": FAMILY, "number": FAMILY}

    session = models.ForeignKey(ServiceSession, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="session_changes_are_numbered")]
