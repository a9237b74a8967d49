"""A dyad is a child and those who care for it; an episode says which agency serves it; visits and teams hang on episodes."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext

from inmind.access.fields import SealedText
from inmind.families.ages import FEWEST_WEEKS, MOST_WEEKS
from inmind.families.told_models import Proposal as Proposal  # Django looks for tables here
from inmind.families.told_models import Release as Release
from inmind.families.told_models import Subpoena as Subpoena
from inmind.families.told_models import SubpoenaStep as SubpoenaStep
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

    CLASSES = {"child": FAMILY, "birth_date": FAMILY, "due_date": FAMILY, "gestation_weeks": FAMILY}

    child = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="dyad")
    birth_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    gestation_weeks = models.PositiveSmallIntegerField(null=True)  # completed weeks at birth; None: not known

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gestation_weeks__isnull=True)
                | models.Q(gestation_weeks__gte=FEWEST_WEEKS, gestation_weeks__lte=MOST_WEEKS),
                name="dyad_gestation_is_of_a_birth",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_date__isnull=False) | models.Q(due_date__isnull=False),
                name="dyad_is_born_or_expected",
            ),
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
    """An agency serves a dyad from a day on. Care teams, visits, screens and consents attach here.

    Where one agency serves two households of a child apart (a birth mother, and a foster home), each side is an episode
    of its own, with its own care team; `side` says for whom it is, and is empty otherwise.
    """

    CLASSES = dict.fromkeys(("dyad", "organization", "side", "since", "until"), FAMILY)

    dyad = models.ForeignKey(Dyad, on_delete=models.PROTECT, related_name="episodes")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="episodes")
    side = ShortText(max_length=80, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("episode_period_is_whole"),
            models.UniqueConstraint(
                fields=["dyad", "organization", "side"],
                condition=models.Q(until__isnull=True),
                name="one_open_episode_an_agency",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="episode_by_agency")]

    @property
    def first_day(self) -> date:
        """The day on which the agency began to serve the family, by the house's clock or its own, whichever is earlier."""
        return min(self.since, self.created_at.astimezone(ZoneInfo(self.organization.zone)).date())

    def runs_on(self, day: date) -> bool:
        """Whether the agency serves on a day of its own."""
        return self.since <= day and (self.until is None or day < self.until)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.pk)}


class EpisodeEnd(Kept):
    """That an episode ended, why, and, where that was not the end of it, when it was opened again."""

    CLASSES = dict.fromkeys(("episode", "on", "reason", "reopened_on"), FAMILY) | dict.fromkeys(
        ("by", "reopened_by"), PROFESSIONAL
    )

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="ends")
    on = models.DateField()
    reason = ShortText(max_length=24)  # a key of families/endings.py
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    reopened_on = models.DateField(null=True)
    reopened_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reopened_on__isnull=True) | models.Q(reopened_on__gte=models.F("on")),
                name="reopened_after_its_end",
            ),
            models.UniqueConstraint(
                fields=["episode"], condition=models.Q(reopened_on__isnull=True), name="ended_once_at_a_time"
            ),
        ]


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
    """A worker on the care team of an episode, with the days. `by`: who put her there; None where she registered the family
    herself, and the team began with her."""

    CLASSES = {
        "episode": FAMILY,
        "worker": PROFESSIONAL,
        "by": PROFESSIONAL,
        "role": PROFESSIONAL,
        "since": PROFESSIONAL,
        "until": PROFESSIONAL,
        "came_with": PROFESSIONAL,
    }

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="assignments")
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="assignments")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    role = ShortText(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    came_with = models.ForeignKey("families.HandOver", null=True, on_delete=models.PROTECT, related_name="assignments")

    class Meta:
        constraints = [
            period_is_whole("assignment_period_is_whole"),
            models.UniqueConstraint(
                fields=["worker", "episode"], condition=models.Q(until__isnull=True), name="on_the_team_once"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], condition=models.Q(by__isnull=False), name="joined_lately"),
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
        "showed": CLINICAL,
        "note": CLINICAL,
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
    strength = SealedText(null=True, max_length=2000)  # what the caregiver is proud of, in their own words
    showed = SealedText(null=True, max_length=2000)  # what the baby showed
    note = SealedText(null=True, max_length=2000)  # what happened, as the worker tells it to the care team

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


class EarlierVisit(Kept):
    """What stood in a visit before it was changed: written once, in that act itself. number: 1 for what was first written."""

    CLASSES = (
        dict.fromkeys(("visit", "number", "on", "place", "minutes"), FAMILY)
        | dict.fromkeys(("strength", "showed", "note"), CLINICAL)
        | {"by": PROFESSIONAL}
    )
    SEALED_FOR = "child_id"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()
    on = models.DateField()
    place = ShortText(max_length=12, choices=Visit.Place.choices)
    minutes = models.PositiveSmallIntegerField()
    strength = SealedText(null=True, max_length=2000)
    showed = SealedText(null=True, max_length=2000)
    note = SealedText(null=True, max_length=2000)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="earlier_visits_are_numbered")]

    @property
    def child_id(self) -> object:
        return self.visit.episode.dyad.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.visit.audit_subjects()


class Presence(Kept):
    """Who of the family was there at a visit."""

    CLASSES = dict.fromkeys(("visit", "person"), FAMILY)

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="present")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="there_once")]


class Household(Kept):
    """Where some of a family live together, as one episode's care team knows it; another side's team does not.

    The address is hidden from the child's other caregivers unless whoever lives there said otherwise. A household without an
    address and with one person alone, from its beginning on, says: lives elsewhere, and where is not known here.
    """

    CLASSES = {"episode": FAMILY, "address": FieldClass.WHEREABOUTS, "shown_to_others": FAMILY}

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="households")
    address = ShortText(max_length=300, blank=True)
    shown_to_others = models.BooleanField(default=False)


class Residence(Kept):
    """That somebody lives in a household, with the days."""

    CLASSES = dict.fromkeys(("household", "person", "since", "until"), FAMILY)

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residences")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="residences")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("residence_period_is_whole"),
            models.UniqueConstraint(
                fields=["household", "person"], condition=models.Q(until__isnull=True), name="lives_there_once"
            ),
        ]


class Speech(Kept):
    """The languages of a person beside the one they like (`Person.language`), and whether an interpreter is wanted."""

    CLASSES = dict.fromkeys(("person", "spoken", "interpreter"), FAMILY)

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="speech")
    spoken = ShortText(max_length=200, blank=True)  # as they named them
    interpreter = models.BooleanField(null=True)  # None: not asked yet


class SelfDescription(Kept):
    """Race and ethnicity as somebody said it, by the edition of the question. What was said before stays."""

    CLASSES = dict.fromkeys(("person", "edition", "said", "said_by", "on"), FAMILY)

    class SaidBy(models.TextChoices):
        SELF = "self"
        PARENT = "parent"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="described")
    edition = ShortText(max_length=12)
    said = ShortText(max_length=400, blank=True)  # keys joined by spaces; empty: asked, and left out
    said_by = ShortText(max_length=8, choices=SaidBy.choices)
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["person", "-created_at"], name="described_by_person")]


class ConsentHolder(Kept):
    """In which capacity somebody may (or may not) consent for a child, by which paper, as an agency has seen it.

    `holder` is an adult of the family, or None for a court or an agency, which then has a `name`.
    """

    CLASSES = dict.fromkeys(
        ("dyad", "organization", "holder", "name", "capacity", "document", "not_told", "since", "until"), FAMILY
    )

    dyad = models.ForeignKey(Dyad, on_delete=models.PROTECT, related_name="consent_holders")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = ShortText(max_length=120, blank=True)
    capacity = ShortText(max_length=24)  # of families/consent.py
    document = ShortText(max_length=24, blank=True)
    not_told = ShortText(max_length=200, blank=True)  # who must not be told
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("consent_period_is_whole"),
            models.CheckConstraint(
                condition=models.Q(holder__isnull=False, name="") | models.Q(holder__isnull=True) & ~models.Q(name=""),
                name="consent_is_somebodys",
            ),
        ]


class HandOver(Kept):
    """That one worker's families went to another in one step, with a note for the new one."""

    CLASSES = dict.fromkeys(("organization", "giver", "taker", "by"), PROFESSIONAL) | {"note": CLINICAL}
    SEALED_FOR = "taker_id"

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="handed_over")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    note = SealedText(null=True, max_length=2000)


class Concern(Kept):
    """A worry that somebody said aloud, without any score, and the next step that was chosen. Its task stands in `tasks`.

    said_by: an adult of the family; None: somebody else, or nobody who wants to be named. heard_by: None where she who says
    it wrote it down by herself.
    """

    CLASSES = {
        "episode": FAMILY,
        "said_by": FAMILY,
        "words": CLINICAL,
        "next_step": FAMILY,
        "on": FAMILY,
        "heard_by": PROFESSIONAL,
    }
    SEALED_FOR = "child_id"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="concerns")
    said_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    words = SealedText(null=True, max_length=2000)
    next_step = ShortText(max_length=12)
    on = models.DateField()
    heard_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "-on"], name="concern_by_episode")]

    @property
    def child_id(self) -> object:
        return self.episode.dyad.child_id

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class MapWish(Kept):
    """How a family wants one person on its own map: by another name, or not at all. The newest of a person holds.

    Older ones stay, so that it can be seen what the map showed and who changed it. Who is left out stays served.
    """

    CLASSES = {
        "episode": FAMILY,
        "person": FAMILY,
        "called": FAMILY,
        "left_out": FAMILY,
        "worker": PROFESSIONAL,
    }

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="map_wishes")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    called = ShortText(max_length=40, blank=True)
    left_out = models.BooleanField(default=False)
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "person", "-created_at"], name="map_wish_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class Rota(Kept):
    """The hours and turns in which somebody reads for an agency; saved anew each time, the newest holds.

    `outside_minutes`: how long before an answer that comes outside of the hours climbs; our default, shown as ours.
    """

    CLASSES = {**dict.fromkeys(("organization", "since", "until", "saved_by"), PROFESSIONAL), "outside_minutes": PUBLIC}

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="rotas")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    saved_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    outside_minutes = models.PositiveIntegerField(default=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(until__isnull=True), name="one_rota_an_agency"
            )
        ]


class RotaTurn(Kept):
    """Hours of a rota and who reads then, on the clock of the agency's own wall (`rota.Turn`)."""

    CLASSES = dict.fromkeys(("rota", "place", "weekday", "day", "start", "end", "person", "backup"), PROFESSIONAL)

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="turns")
    place = models.PositiveSmallIntegerField()  # the order in which they were written down, and are asked
    weekday = models.PositiveSmallIntegerField(null=True)  # 0 is Monday
    day = models.DateField(null=True)
    start = models.TimeField(null=True)
    end = models.TimeField(null=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="turns")
    backup = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="turns_behind")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=True, day__isnull=False)
                | models.Q(weekday__isnull=False, day__isnull=True),
                name="turn_on_a_weekday_or_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(start__isnull=False, end__isnull=False)
                | models.Q(
                    start__isnull=True, end__isnull=True, day__isnull=False, person__isnull=True, backup__isnull=True
                ),
                name="turn_has_hours_or_is_a_closed_day",
            ),
            models.UniqueConstraint(fields=["rota", "place"], name="turn_once_a_place"),
        ]


class RotaSpeaker(Kept):
    """Who on a rota speaks which language with families."""

    CLASSES = dict.fromkeys(("rota", "person", "language"), PROFESSIONAL)

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="speakers")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    language = ShortText(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rota", "person", "language"], name="speaks_once")]
