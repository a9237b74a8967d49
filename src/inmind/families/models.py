"""A dyad is a child and those who care for it; an episode says which agency serves it; visits and teams hang on episodes."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept, in_force, period_is_whole
from inmind.foundation.values import FieldClass

FAMILY, PROFESSIONAL, CLINICAL, PUBLIC = (
    FieldClass.FAMILY,
    FieldClass.PROFESSIONAL,
    FieldClass.CLINICAL,
    FieldClass.PUBLIC,
)


class Dyad(Kept):
    """A child, or a child that is expected, at the middle. The adults stand in `people.Relationship` (cares_for)."""

    CLASSES = {"child": FAMILY, "birth_date": FAMILY, "due_date": FAMILY}

    child = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="dyad")
    birth_date = models.DateField(null=True)
    due_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(birth_date__isnull=False) | models.Q(due_date__isnull=False),
                name="dyad_is_born_or_expected",
            )
        ]

    @property
    def called(self) -> str:
        """The child's name, or what a baby on the way is called."""
        if self.child.given_name or self.child.erased_at:
            return self.child.name
        if self.child.family_name:
            return gettext("Baby %(family_name)s, on the way") % {"family_name": self.child.family_name}
        return gettext("The baby on the way")

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("dyad", self.pk), ("person", self.child_id)}


class Episode(Kept):
    """An agency serves a dyad from a day on. Care teams, visits, screens and consents attach here."""

    CLASSES = dict.fromkeys(("dyad", "organization", "since", "until"), FAMILY)

    dyad = models.ForeignKey(Dyad, on_delete=models.PROTECT, related_name="episodes")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="episodes")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("episode_period_is_whole"),
            models.UniqueConstraint(
                fields=["dyad", "organization"],
                condition=models.Q(until__isnull=True),
                name="one_open_episode_an_agency",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="episode_by_agency")]

    @property
    def first_day(self) -> date:
        """The day on which the agency began to serve the family, by the house's clock or its own, whichever is earlier."""
        return min(self.since, self.created_at.astimezone(ZoneInfo(self.organization.zone)).date())

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.pk)}


class Participation(Kept):
    """Who takes part in an episode: the child, and each adult whom this agency serves. Links and screens are per adult."""

    CLASSES = dict.fromkeys(("episode", "person", "part"), FAMILY)

    class Part(models.TextChoices):
        CHILD = "child"
        ADULT = "adult"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="participations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="participations")
    part = ShortText(max_length=8, choices=Part.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "episode"], name="takes_part_once")]


class Assignment(Kept):
    """A worker on the care team of an episode, with the days."""

    CLASSES = {
        "episode": FAMILY,
        "worker": PROFESSIONAL,
        "role": PROFESSIONAL,
        "since": PROFESSIONAL,
        "until": PROFESSIONAL,
    }

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="assignments")
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="assignments")
    role = ShortText(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("assignment_period_is_whole"),
            models.UniqueConstraint(
                fields=["worker", "episode"], condition=models.Q(until__isnull=True), name="on_the_team_once"
            ),
        ]

    @classmethod
    def in_force(cls, on: object) -> models.QuerySet:
        return cls.objects.filter(in_force(on))


class Visit(Kept):
    """A visit: the local day and zone beside the moment it was written down."""

    CLASSES = {
        "episode": FAMILY,
        "on": FAMILY,
        "zone": FAMILY,
        "place": FAMILY,
        "minutes": FAMILY,
        "worker": PROFESSIONAL,
        "strength": CLINICAL,
    }
    SEALED_FOR = "child_id"

    class Place(models.TextChoices):
        HOME = "home"
        OFFICE = "office"
        CHILD_CARE = "child_care"
        ONLINE = "online"
        ELSEWHERE = "elsewhere"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    zone = ShortText(max_length=60)
    place = ShortText(max_length=12, choices=Place.choices)
    minutes = models.PositiveSmallIntegerField()
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="visits_made")
    strength = SealedText(null=True, max_length=2000)  # what the caregiver is proud of, what the baby shows

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=720), name="visit_minutes_are_of_a_day"
            )
        ]
        indexes = [models.Index(fields=["episode", "-on"], name="visit_by_episode")]

    @property
    def child_id(self) -> object:
        return self.episode.dyad.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class OnCall(Kept):
    """Who answers for an agency when an answer needs a person now: one named person at a time."""

    CLASSES = dict.fromkeys(("organization", "person", "since", "until"), PROFESSIONAL)

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="on_call")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="on_call")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(until__isnull=True), name="one_on_call_an_agency"
            )
        ]
