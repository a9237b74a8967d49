"""Who holds whom, and the sessions they had: days, minutes and kinds, never what was said.

No table of sessions has a column in which somebody could write words (`protect.md` 13): what is text in them is a key out of a
closed list, held by the database, or codes of endorsement.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept, period_is_whole
from inmind.foundation.values import FieldClass, Period
from inmind.reflection import sessions
from inmind.reflection.finding import Format, Meets
from inmind.reflection.sessions import About, Kind, Meeting

PROFESSIONAL = FieldClass.PROFESSIONAL
FORMATS = [(one.value, one.value) for one in Format]
MEETS = [(one.value, one.value) for one in Meets]
KINDS = [(one.value, one.value) for one in Kind]
ABOUTS = [(one.value, one.value) for one in About]
HOLDS_BY = [(one, one) for one in ("house", "provider", "held")]


def _one_of(field: str, choices: list[tuple[str, str]], name: str, *, or_empty: bool = False) -> models.CheckConstraint:
    """The database itself takes no other words than these keys."""
    keys = [key for key, _ in choices] + ([""] if or_empty else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": keys}), name=name)


def codes_of(words: str | None) -> frozenset[str] | None:
    """What somebody holds, as it is kept; None: nobody said."""
    return None if words is None else frozenset(words.split())


class Agreement(Kept):
    """That somebody gives reflective supervision or consultation to one or several people, from a day on.

    association: where the hours are kept. provider: a person of this house; else `outside_name` and the rest, as was said; among
    peers neither. outside_holds: codes, None where nobody said; outside_holds_by: who said so, `provider` or `held`. about: what
    the sessions are about, unless one says otherwise. minutes: the usual, for one tap. weeks: a session every so many, as they mean
    to meet; None where nobody said. cents: for one person and session.
    provider_said_on: since when the giving side has said yes. until: the first day on which it runs no more.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "format", "about", "meets", "provider", "asked_by", "since", "until", "minutes", "cents"),
            *("languages", "zone", "seats", "provider_said_on", "declined_on", "outside_name", "outside_mail"),
            *("outside_holds", "outside_holds_by", "outside_written_on", "outside_stopped_on", "outside_unreached_on"),
            "weeks",
        ),
        PROFESSIONAL,
    )

    class SaidBy(models.TextChoices):
        PROVIDER = "provider"
        HELD = "held"

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    format = ShortText(max_length=12, choices=FORMATS)
    about = ShortText(max_length=12, choices=ABOUTS)
    meets = ShortText(max_length=12, choices=MEETS)
    provider = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField(default=60)  # ours, to be said anew
    weeks = models.PositiveSmallIntegerField(null=True)
    cents = models.PositiveIntegerField(null=True)
    languages = ShortText(max_length=80, blank=True)
    zone = ShortText(max_length=60)
    seats = models.PositiveSmallIntegerField(null=True)
    provider_said_on = models.DateField(null=True)
    declined_on = models.DateField(null=True)
    outside_name = ShortText(max_length=120, blank=True)
    outside_mail = ShortText(max_length=254, blank=True)
    outside_holds = ShortText(max_length=200, null=True)
    outside_holds_by = ShortText(max_length=8, choices=SaidBy.choices, blank=True)
    outside_written_on = models.DateField(null=True)
    outside_stopped_on = models.DateField(null=True)
    outside_unreached_on = models.DateField(null=True)  # since when it is known that a letter did not arrive

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(provider__isnull=False, outside_name="")
                | Q(provider__isnull=True, format=Format.PEER.value, outside_name="")
                | Q(provider__isnull=True) & ~Q(outside_name="") & ~Q(format=Format.PEER.value),
                name="agreement_has_one_giver",
            ),
            period_is_whole("agreement_period_is_whole"),
            _one_of("format", FORMATS, "agreement_format_known"),
            _one_of("about", ABOUTS, "agreement_about_known"),
            _one_of("meets", MEETS, "agreement_meets_known"),
        ]
        indexes = [models.Index(fields=["provider"], name="agreement_by_provider")]

    @property
    def giver(self) -> Any:
        """The provider's id, OUTSIDE, or None among peers."""
        return self.provider_id or (sessions.OUTSIDE if self.outside_name else None)

    @property
    def giver_name(self) -> str:
        return self.provider.name if self.provider is not None else self.outside_name

    @property
    def runs(self) -> Period:
        return Period(self.since, self.until)

    @property
    def has_giver_yes(self) -> bool:
        return self.giver is None or self.provider_said_on is not None

    def audit_subjects(self) -> set[tuple[str, object]]:
        people = {self.provider_id, *self.places.values_list("person", flat=True)} - {None}
        return {("person", one) for one in people}


class Seat(Kept):
    """One person's place in an agreement. is_manager: whoever gives it is also their line manager, as it was found or said."""

    CLASSES = dict.fromkeys(
        ("agreement", "person", "since", "until", "said_on", "declined_on", "is_manager", "edge"), PROFESSIONAL
    )

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    said_on = models.DateField(null=True)  # since when this person has said yes
    declined_on = models.DateField(null=True)
    is_manager = models.BooleanField(default=False)
    edge = models.ForeignKey("people.Relationship", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "person"],
                condition=Q(until__isnull=True, declined_on__isnull=True),
                name="one_seat_a_person",
            ),
            period_is_whole("seat_period_is_whole"),
        ]
        indexes = [models.Index(fields=["person", "agreement"], name="seat_by_person")]

    @property
    def runs(self) -> Period:
        return Period(self.since, self.until)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


TERM_NAMES = ("until", "minutes", "weeks", "cents", "about")


class EarlierTerms(Kept):
    """What was agreed until a day on which it was said anew. It only grows.

    on, by: when and by whom it was said anew; the rest as it stood before. seat, was_manager: where it was said anew whether the
    provider is that person's line manager; None in every other row.
    """

    CLASSES = dict.fromkeys(
        ("agreement", "on", "by", "until", "minutes", "weeks", "cents", "about", "seat", "was_manager"), PROFESSIONAL
    )

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="earlier")
    on = models.DateField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField()
    weeks = models.PositiveSmallIntegerField(null=True)
    cents = models.PositiveIntegerField(null=True)
    about = ShortText(max_length=12, choices=ABOUTS)
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    was_manager = models.BooleanField(null=True)

    class Meta:
        constraints = [
            _one_of("about", ABOUTS, "earlier_about_known"),
            models.CheckConstraint(
                condition=Q(seat__isnull=True, was_manager__isnull=True)
                | Q(seat__isnull=False, was_manager__isnull=False),
                name="earlier_manager_of_somebody",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "created_at"], name="earlier_by_agreement")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.agreement.audit_subjects()


class _Facts(Kept):
    """What a session is: nothing else is ever kept of it."""

    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    begins = models.DateTimeField(null=True)  # where the hour was said; by the clock of the agreement's zone
    kind = ShortText(max_length=16, choices=KINDS)
    about = ShortText(max_length=12, choices=ABOUTS)

    class Meta:
        abstract = True


FACTS = dict.fromkeys(("on", "minutes", "begins", "kind", "about"), PROFESSIONAL)
FACT_NAMES = ("on", "minutes", "begins", "kind", "about")


def _bounds(of: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(minutes__gte=1, minutes__lte=sessions.MOST_MINUTES), name=f"{of}_fits_into_a_day"
        ),
        _one_of("kind", KINDS, f"{of}_kind_known"),
        _one_of("about", ABOUTS, f"{of}_about_known"),
    ]


class Session(_Facts):
    """A session, as it was logged.

    provider: as the agreement had it. provider_holds: the codes that the provider held on its day, frozen when the first hours
    of it stood; None: not known. holds_by: who said so: `house` (the registry here), `provider` or `held`. giver_said_at: when
    the giving side said that it took place. taken_back_on: it did not.
    """

    CLASSES = {
        **FACTS,
        **dict.fromkeys(("agreement", "provider", "logged_by", "provider_holds", "holds_by"), PROFESSIONAL),
        **dict.fromkeys(("giver_said_at", "taken_back_on"), PROFESSIONAL),
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="sessions")
    provider = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    logged_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    provider_holds = ShortText(max_length=200, null=True)
    holds_by = ShortText(max_length=8, choices=HOLDS_BY, blank=True)
    giver_said_at = models.DateTimeField(null=True)
    taken_back_on = models.DateField(null=True)

    class Meta:
        constraints = [
            *_bounds("session"),
            _one_of("holds_by", HOLDS_BY, "session_holds_by_known", or_empty=True),
        ]
        indexes = [
            models.Index(fields=["agreement", "on"], name="hours_by_agreement"),
            models.Index(fields=["provider", "on"], name="hours_by_provider"),
        ]

    @property
    def giver(self) -> Any:
        return self.agreement.giver

    @property
    def meeting(self) -> Meeting:
        return Meeting(self.pk, self.agreement_id, self.on, self.minutes, self.begins)

    @property
    def holds(self) -> frozenset[str] | None:
        return codes_of(self.provider_holds)

    @property
    def said(self) -> sessions.Said:
        there: dict[Any, bool] = {one.person_id: one.said_at is not None for one in self.presences.all()}
        return sessions.Said(self.giver, self.logged_by_id, self.giver_said_at is not None, there)

    def audit_subjects(self) -> set[tuple[str, object]]:
        people = {self.provider_id, *(one.person_id for one in self.presences.all())} - {None}
        return {("person", one) for one in people}


class Presence(Kept):
    """That somebody was held in a session. said_at: when it was said on their side; by: who said it, mostly themselves."""

    CLASSES = dict.fromkeys(("session", "person", "said_at", "by"), PROFESSIONAL)

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_presence_a_person")]
        indexes = [models.Index(fields=["person", "session"], name="presence_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class Version(_Facts):
    """A session as it stood before it was put right, or as somebody asks that it be. It only grows.

    state: `stood` (before), `asked` (waits for the others), `agreed`, `left` (somebody said no, or it was withdrawn). is_taken_back:
    it did not take place at all.
    """

    CLASSES = {
        **FACTS,
        **dict.fromkeys(("session", "number", "by", "state", "is_taken_back", "provider_holds"), PROFESSIONAL),
    }

    class State(models.TextChoices):
        STOOD = "stood"
        ASKED = "asked"
        AGREED = "agreed"
        LEFT = "left"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    state = ShortText(max_length=8, choices=State.choices)
    is_taken_back = models.BooleanField(default=False)
    provider_holds = ShortText(max_length=200, null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            *_bounds("version"),
            _one_of("state", [("stood", ""), ("asked", ""), ("agreed", ""), ("left", "")], "version_state_known"),
            models.UniqueConstraint(fields=["session", "number"], name="session_versions_are_numbered"),
            models.UniqueConstraint(fields=["session"], condition=Q(state="asked"), name="one_question_a_session"),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.session.audit_subjects()


class VersionPerson(Kept):
    """Somebody in a version: whether there, whether asked to agree, and when they did."""

    CLASSES = dict.fromkeys(("of", "person", "was_there", "is_asked", "agreed_at"), PROFESSIONAL)

    of = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")  # None: outside
    was_there = models.BooleanField(default=False)
    is_asked = models.BooleanField(default=False)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "person"], name="one_line_a_person")]


class Offering(Kept):
    """What a provider offers to others, because they chose to be found. free: open places, None where nobody said.

    agreement: the group in which the places are, where it is one.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "provider", "agreement", "format", "meets", "cents", "languages", "zone", "free"),
            *("minutes", "is_shown", "said_on"),
        ),
        PROFESSIONAL,
    )

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    format = ShortText(max_length=12, choices=FORMATS)
    meets = ShortText(max_length=12, choices=MEETS)
    cents = models.PositiveIntegerField(null=True)
    languages = ShortText(max_length=80, blank=True)
    zone = ShortText(max_length=60)
    minutes = models.PositiveSmallIntegerField(default=60)
    free = models.PositiveSmallIntegerField(null=True)
    is_shown = models.BooleanField(default=True)
    said_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["provider"], name="offering_by_provider")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.provider_id)}


class Asking(Kept):
    """That somebody asked a provider for a place, and what came of it. agreement: the one that followed a yes."""

    CLASSES = dict.fromkeys(("offering", "person", "answered_on", "is_yes", "agreement"), PROFESSIONAL)

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="askings")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    is_yes = models.BooleanField(default=False)
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "person"], condition=Q(answered_on__isnull=True), name="asked_once_at_a_time"
            )
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class Reminder(Kept):
    """When somebody was last written to about sessions that wait, and whether they want no more such letters."""

    CLASSES = dict.fromkeys(("person", "written_on", "stopped_on"), PROFESSIONAL)

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
