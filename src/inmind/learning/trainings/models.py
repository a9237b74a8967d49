"""A training as it is kept: its meetings, what it counts for, who has a seat; and what people said of themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from inmind.foundation.fields import LongText, ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.learning.trainings.seats import State

PUBLIC, PROFESSIONAL, FAMILY, SECRET = (
    FieldClass.PUBLIC,
    FieldClass.PROFESSIONAL,
    FieldClass.FAMILY,
    FieldClass.SECRET,
)
LONGEST_DAY = 24 * 60  # minutes


class Series(Kept):
    """Trainings that belong together, such as the parts of a certificate course. Each has seats of its own."""

    CLASSES = dict.fromkeys(("association", "title", "title_es", "summary", "summary_es"), PUBLIC)

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="series")
    title = ShortText(max_length=160)
    title_es = ShortText(max_length=160, blank=True)
    summary = LongText(max_length=4000, blank=True)
    summary_es = LongText(max_length=4000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["association", "title"], name="series_title_once")]

    def __str__(self) -> str:
        return self.title


class Training(Kept):
    """One offer to learn, of one meeting or of many (a cohort). It names nobody.

    place: where it is, for everybody; link: where it is online, for those who have a seat. zone: the IANA name of the zone in
    which its times are said. seats: how many there are, None where nobody counts them. is_public: whether it is listed;
    is_open: whether seats are given out now. cents_member, cents_other: what a seat costs, in cents; 0: nothing.
    holds_until_paid: whether a seat that is not paid in time goes to somebody else. minutes: planned, all meetings together;
    giving_rsc_minutes and equity_minutes: how many of them are about giving reflective supervision, and about equity.
    starts_at, ends_at: of its first and last meeting; None before it has any. called_off_at: since when it will not take place.
    """

    CLASSES = {
        **dict.fromkeys(("association", "series", "title", "title_es", "summary", "summary_es"), PUBLIC),
        **dict.fromkeys(("place", "zone", "seats", "is_public", "is_open", "cents_member", "cents_other"), PUBLIC),
        **dict.fromkeys(("holds_until_paid", "minutes", "giving_rsc_minutes", "equity_minutes"), PUBLIC),
        **dict.fromkeys(("starts_at", "ends_at", "called_off_at"), PUBLIC),
        "link": PROFESSIONAL,
    }

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="trainings")
    series = models.ForeignKey(Series, null=True, on_delete=models.PROTECT, related_name="trainings")
    title = ShortText(max_length=160)
    title_es = ShortText(max_length=160, blank=True)
    summary = LongText(max_length=4000, blank=True)
    summary_es = LongText(max_length=4000, blank=True)
    place = ShortText(max_length=300, blank=True)
    link = ShortText(max_length=300, blank=True)
    zone = ShortText(max_length=60)
    seats = models.PositiveIntegerField(null=True)
    is_public = models.BooleanField(default=False)
    is_open = models.BooleanField(default=False)
    cents_member = models.PositiveIntegerField(default=0)
    cents_other = models.PositiveIntegerField(default=0)
    holds_until_paid = models.BooleanField(default=False)
    minutes = models.PositiveIntegerField(default=0)
    giving_rsc_minutes = models.PositiveIntegerField(default=0)
    equity_minutes = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(giving_rsc_minutes__lte=F("minutes"), equity_minutes__lte=F("minutes")),
                name="training_is_about_no_more_than_itself",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="training_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | Q(is_open=False), name="called_off_training_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(is_public=True), name="public_training_by_start"),
            models.Index(fields=["association", "starts_at"], name="training_by_association"),
        ]

    def __str__(self) -> str:
        return self.title

    def said(self, name: str, language: str) -> str:
        """Its title or summary in a language, else in the one in which it was written."""
        return (getattr(self, f"{name}_es") if language == "es" else "") or getattr(self, name)


class Meeting(Kept):
    """One day of a training. on, begins, ends: as the clock on the wall shows them in `zone`, which is the training's; starts_at,
    ends_at: the same moments. minutes: what of it is training, without its breaks."""

    CLASSES = dict.fromkeys(("training", "on", "begins", "ends", "zone", "starts_at", "ends_at", "minutes"), PUBLIC)

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="meetings")
    on = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    zone = ShortText(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["training", "starts_at"], name="meeting_by_training")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lt=LONGEST_DAY), name="meeting_fits_a_day"),
        ]


class DomainMinutes(Kept):
    """How many minutes of a training are about one competency area (`learning/catalog/domains.yaml`)."""

    CLASSES = dict.fromkeys(("training", "domain", "minutes"), PUBLIC)

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="domains")
    domain = ShortText(max_length=40)
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["training", "domain"], name="competency_area_once_a_training"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="competency_area_has_minutes"),
        ]


class Credit(Kept):
    """What a training counts for at a board that licenses: as the association enters it, hundredths of hours and the approval."""

    CLASSES = dict.fromkeys(("training", "licence_kind", "hours_hundredths", "approval"), PUBLIC)

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="credits")
    licence_kind = ShortText(max_length=80)
    hours_hundredths = models.PositiveIntegerField()
    approval = ShortText(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["training", "licence_kind"], name="licence_once_a_training"),
            models.CheckConstraint(condition=Q(hours_hundredths__gte=1), name="credit_has_hours"),
        ]


class Registration(Kept):
    """That somebody has a seat at a training, waits for one, was offered one, or had one. One row for each two of them.

    at: since when it stands so; who waits is served by `waits_since`. offered_until: until when an offered seat can be taken.
    cents: what the seat costs this person, as it was said when they took it; invoice: the id of its invoice, None where
    nothing is owed. pay_by: by when it is to be paid, where the seat depends on it; None: it does not, or it is paid.
    """

    State = State
    CLASSES = dict.fromkeys(
        ("training", "person", "state", "at", "waits_since", "offered_until", "cents", "invoice", "pay_by"),
        PROFESSIONAL,
    )

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="registrations")
    state = ShortText(max_length=12, choices=[(one.value, one.value) for one in State])
    at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)
    offered_until = models.DateTimeField(null=True)
    cents = models.PositiveIntegerField(default=0)
    invoice = models.UUIDField(null=True)
    pay_by = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["training", "person"], name="registered_once_a_training"),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | ~Q(state="offered") & Q(offered_until__isnull=True),
                name="offered_seat_has_a_time_to_answer",
            ),
            models.CheckConstraint(
                condition=Q(pay_by__isnull=True) | Q(state="registered", invoice__isnull=False),
                name="seat_to_be_paid_has_an_invoice",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "offered")) | Q(waits_since__isnull=False),
                name="who_waits_has_waited_since",
            ),
        ]
        indexes = [
            models.Index(fields=["training", "state", "waits_since"], name="registration_by_training"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="seat_offered_until"),
            models.Index(fields=["pay_by"], condition=Q(pay_by__isnull=False), name="seat_to_be_paid_by"),
            models.Index(fields=["invoice"], condition=Q(invoice__isnull=False), name="registration_by_invoice"),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class AskedSeat(Kept):
    """That somebody without an account asked for a seat on the public page: name and mail, sealed, until the link in the letter
    was used. No record of a person is made before. words: None once it is confirmed, or was forgotten."""

    CLASSES = {**dict.fromkeys(("training", "registration", "language"), PROFESSIONAL), "words": SECRET}

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="+")
    registration = models.ForeignKey(Registration, null=True, on_delete=models.PROTECT, related_name="asked")
    language = ShortText(max_length=12, blank=True)
    words = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(words__isnull=True) | Q(registration__isnull=True), name="asked_seat_forgets_its_words"
            )
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(words__isnull=False), name="asked_seat_unconfirmed")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.registration.person_id)} if self.registration is not None else set()


class SaidOfSelf(Kept):
    """Race and ethnicity, and languages, as somebody said of themselves, or left out; by the edition of the question.

    Read by themselves, and by others as counts alone (`learning/trainings/counting.py`). What was said before is replaced: nobody
    needs it.
    """

    CLASSES = dict.fromkeys(("person", "edition", "races", "languages", "on"), FAMILY)

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="said_of_self")
    edition = ShortText(max_length=12)
    races = ShortText(max_length=400, blank=True)  # keys, joined by spaces; empty: left out
    languages = ShortText(max_length=400, blank=True)  # codes, joined by spaces
    on = models.DateField()

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class FeedKey(Kept):
    """The secret in the address of somebody's own calendar: its hash. Made anew, the address before opens nothing any more."""

    CLASSES = {"person": PROFESSIONAL, "secret_hash": SECRET}

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="feed_key")
    secret_hash = ShortText(max_length=64, unique=True)
