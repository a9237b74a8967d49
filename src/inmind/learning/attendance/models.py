"""Who was seen at a meeting and for how long it counts; how a training counts; the code at its door."""

from __future__ import annotations

import json
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.learning.attendance.presence import LEEWAY, MOST_LEEWAY, STEP, STEPS, Span

PUBLIC, PROFESSIONAL, SECRET = FieldClass.PUBLIC, FieldClass.PROFESSIONAL, FieldClass.SECRET


class CountingRule(Kept):
    """How a training counts presence, where somebody has set it; else by our own numbers.

    credit_for_part: whether who attended a part has that part of the credit by licence kind; else who attended all of it alone.
    """

    CLASSES = dict.fromkeys(("training", "step", "leeway", "credit_for_part"), PUBLIC)

    training = models.OneToOneField("learning.Training", on_delete=models.PROTECT, related_name="counting")
    step = models.PositiveSmallIntegerField(default=STEP)
    leeway = models.PositiveSmallIntegerField(default=LEEWAY)
    credit_for_part = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # Written out: a list within a check is more than Django reads of a table on SQLite.
                condition=reduce(or_, (Q(step=minutes) for minutes in STEPS))
                & Q(leeway__lte=MOST_LEEWAY)
                & Q(leeway__lte=F("step")),
                name="counting_gives_less_than_a_step",
            )
        ]


class Rest(Kept):
    """A break of a meeting, which counts for nobody. One for each meeting: its hours."""

    CLASSES = dict.fromkeys(("meeting", "starts_at", "ends_at"), PUBLIC)

    meeting = models.OneToOneField("learning.Meeting", on_delete=models.PROTECT, related_name="rest")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="break_ends_after_it_starts")
        ]


class CallLog(Kept):
    """That a participants' log was brought for a meeting. mark: a keyed hash of what it says, so that it is known again;
    rows: how many stays it held. What it said of people stands, sealed, with whom it saw, until all are decided."""

    CLASSES = {**dict.fromkeys(("meeting", "mark", "zone", "rows"), PUBLIC), "by": PROFESSIONAL}

    meeting = models.ForeignKey("learning.Meeting", on_delete=models.PROTECT, related_name="logs")
    mark = ShortText(max_length=64)
    zone = ShortText(max_length=60)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "mark"], name="log_once_a_meeting")]


class Sighting(Kept):
    """Somebody whom a log shows, or who said at the door that they are there; and who it is, once that is known.

    said: the name and the address as they stand there, sealed by the house's key, None once everybody of that log is decided.
    stays: pairs of moments, as ISO 8601. how: by what the person was known; doubt: why nobody can say by it alone.
    away: minutes that a log takes off without saying when, already taken from the stays.
    """

    CLASSES = {
        **dict.fromkeys(("meeting", "log", "place", "how", "doubt", "state", "found"), PUBLIC),
        **dict.fromkeys(("person", "stays", "away", "decided_by"), PROFESSIONAL),
        "said": SECRET,
    }
    SEALED_FOR = "nobody"

    class State(models.TextChoices):
        WAITS = "waits"
        COUNTED = "counted"
        LEFT_OUT = "left_out"

    class How(models.TextChoices):
        MAIL = "mail"
        NAME = "name"
        SOMEBODY = "somebody"  # somebody decided
        DOOR = "door"  # signed in, at the door

    meeting = models.ForeignKey("learning.Meeting", on_delete=models.PROTECT, related_name="sightings")
    log = models.ForeignKey(CallLog, null=True, on_delete=models.PROTECT, related_name="sightings")
    place = models.PositiveIntegerField(default=0)
    said = SealedText(null=True, max_length=600)
    stays = models.JSONField(default=list)
    away = models.PositiveIntegerField(default=0)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="sightings")
    state = ShortText(max_length=8, choices=State.choices, default=State.WAITS)
    how = ShortText(max_length=8, choices=How.choices, blank=True)
    doubt = ShortText(max_length=12, blank=True)
    found = ShortText(max_length=200, blank=True)  # why a row could not be read, to translate
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "place"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="counted", person__isnull=False) | ~Q(state="counted") & Q(person__isnull=True),
                name="counted_sighting_is_of_somebody",
            ),
            models.UniqueConstraint(fields=["log", "place"], name="sighting_once_a_log"),
        ]
        indexes = [
            models.Index(fields=["meeting", "person"], name="sighting_by_meeting"),
            models.Index(fields=["meeting"], condition=Q(state="waits"), name="sighting_that_waits"),
        ]

    nobody = None

    @property
    def name(self) -> str:
        return str(json.loads(self.said or "{}").get("name", ""))

    @property
    def mail(self) -> str:
        return str(json.loads(self.said or "{}").get("mail", ""))

    @property
    def spans(self) -> list[Span]:
        return [Span(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in self.stays]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)} if self.person_id else set()


class Attendance(Kept):
    """For how many minutes somebody's being at a meeting counts. Never changed: what takes its place is a row of its own, and
    this one says since when it stands no more.

    present: minutes of presence by what was seen, None where somebody wrote the minutes down by hand; of: those of the meeting;
    step, leeway: how the training counted on that day; why: what somebody said who entered or corrected it.
    """

    CLASSES = dict.fromkeys(
        ("meeting", "person", "how", "minutes", "present", "of", "step", "leeway", "why", "by", "replaced_at"),
        PROFESSIONAL,
    )

    class How(models.TextChoices):
        SEEN = "seen"  # by a log, or at the door
        HAND = "hand"

    meeting = models.ForeignKey("learning.Meeting", on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="attendance")
    how = ShortText(max_length=4, choices=How.choices)
    minutes = models.PositiveIntegerField()
    present = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(default=STEP)
    leeway = models.PositiveSmallIntegerField(default=LEEWAY)
    why = ShortText(max_length=300, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(replaced_at__isnull=True),
                name="attendance_stands_once",
            ),
            models.CheckConstraint(condition=Q(minutes__lte=F("of")), name="attended_no_more_than_the_meeting"),
            models.CheckConstraint(
                condition=Q(how="hand", present__isnull=True) | Q(how="seen", present__isnull=False),
                name="seen_attendance_has_presence",
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(replaced_at__isnull=True), name="attendance_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class DoorCode(Kept):
    """The code on the screen of a room, by which who is there says so on their own phone. It opens one meeting's page while the
    meeting lasts, and tells nothing of who else is there."""

    CLASSES = {"meeting": PUBLIC, "code_hash": SECRET, "ended_at": PUBLIC}

    meeting = models.ForeignKey("learning.Meeting", on_delete=models.PROTECT, related_name="codes")
    code_hash = ShortText(max_length=64, unique=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting"], condition=Q(ended_at__isnull=True), name="one_code_at_a_door")
        ]
