"""A screen belongs to its subject. A caregiver's screen names her and the asking episode, never the child.

A child's screen is a part of the child's chart: it names the child and the dyad, and the adult who answered.
"""

from __future__ import annotations

import json

from django.db import models

from inmind.access.fields import SealedText
from inmind.families.ages import Ages
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import Age, FieldClass
from inmind.screening.check_in_models import CheckIn as CheckIn
from inmind.screening.recorded_models import EarlierRecorded as EarlierRecorded
from inmind.screening.recorded_models import RecordedResult as RecordedResult
from inmind.screening.recorded_models import WrittenOnce
from inmind.screening.sending_models import Sending as Sending
from inmind.screening.sending_models import SendingPart as SendingPart
from inmind.screening.table_models import StewardTable as StewardTable  # Django looks for tables here
from inmind.screening.wording_models import HouseWording as HouseWording

CLINICAL, PUBLIC, PROFESSIONAL = FieldClass.CLINICAL, FieldClass.PUBLIC, FieldClass.PROFESSIONAL


class _Result:
    """What a result keeps beside its points: the parts that decide, each as lowest, highest and whether its cut-off is
    reached; and both ages of the child on that day."""

    parts_text: str | None
    age_months: int | None
    age_days: int | None
    corrected_months: int | None
    corrected_days: int | None
    goes_by_corrected: bool

    @property
    def parts(self) -> dict[str, tuple[int, int, bool | None]]:
        return {key: tuple(part) for key, part in json.loads(self.parts_text or "{}").items()}

    @parts.setter
    def parts(self, parts: dict[str, tuple[int, int, bool | None]]) -> None:
        self.parts_text = json.dumps(parts, sort_keys=True) if parts else None

    @property
    def ages(self) -> Ages | None:
        """Both ages on that day, as the instrument's rule counted them; None where it is not about a child."""
        if self.age_months is None:
            return None
        by_rule = self.corrected_age if self.goes_by_corrected else None
        return Ages(Age(self.age_months, self.age_days or 0), by_rule)

    @property
    def corrected_age(self) -> Age | None:
        """Counted from the day the birth was due, whether or not the instrument goes by it; None for a child born at term."""
        return None if self.corrected_months is None else Age(self.corrected_months, self.corrected_days or 0)


class Screen(_Result, Kept):
    """One instrument answered once by one person, and its result by the edition of the rules it was made with.

    `answers` is sealed JSON, item key -> points (None: left blank). `points` and `band` stand only when it is complete;
    `lowest` and `highest` are the possible range otherwise. Where `has_total` is False its publisher makes none, and all
    three stay empty: `is_positive`, `finding` and `parts` (sealed) speak instead, also beside a total. `is_positive` None:
    open, or nothing decides it.
    `informant` is who answered about a child; empty where somebody answered about herself. The child's age on that day is
    kept as completed months and days beyond them: from birth, corrected where it came early, and whether the instrument's
    rule went by the corrected one. `form` is the age form printed on the paper, of a battery that has several.
    `follows` is the first stage of a second one, and `asked_text` (sealed JSON) the items that it gives.
    A correction changes what stands here and leaves what stood in `EarlierResult`. taken_back_at: when it was found to have
    been entered for somebody else; then it says nothing any more, and the last `EarlierResult` has who and why.
    """

    CLASSES = {
        "subject": FieldClass.FAMILY,
        "episode": FieldClass.FAMILY,
        "instrument": CLINICAL,
        "edition": CLINICAL,
        "language": CLINICAL,
        "mode": CLINICAL,
        "on": CLINICAL,
        "zone": CLINICAL,
        "worker": PROFESSIONAL,
        "state": CLINICAL,
        "answers_text": CLINICAL,
        "points": CLINICAL,
        "lowest": CLINICAL,
        "highest": CLINICAL,
        "band": CLINICAL,
        "finished_at": CLINICAL,
        "informant": FieldClass.FAMILY,
        **dict.fromkeys(("age_months", "age_days", "corrected_months", "corrected_days"), CLINICAL),
        "goes_by_corrected": CLINICAL,
        "form": CLINICAL,
        **dict.fromkeys(("has_total", "is_positive", "finding", "parts_text"), CLINICAL),
        "follows": CLINICAL,
        "asked_text": CLINICAL,
        "taken_back_at": CLINICAL,
    }
    SEALED_FOR = "subject_id"

    class State(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"
        INCOMPLETE = "incomplete"

    class Mode(models.TextChoices):
        PAPER = "paper"
        LINK = "link"  # answered on a phone of one's own, by a link

    subject = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="screens")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="screens")
    instrument = ShortText(max_length=40)
    edition = ShortText(max_length=40)
    language = ShortText(max_length=12)
    mode = ShortText(max_length=8, choices=Mode.choices, default=Mode.PAPER)
    on = models.DateField()
    zone = ShortText(max_length=60)
    worker = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="screens_taken")
    state = ShortText(max_length=10, choices=State.choices, default=State.OPEN)
    answers_text = SealedText(null=True, max_length=4000)
    points = models.SmallIntegerField(null=True)
    lowest = models.SmallIntegerField(null=True)
    highest = models.SmallIntegerField(null=True)
    band = ShortText(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)
    informant = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="screens_answered_about_a_child"
    )
    age_months = models.PositiveSmallIntegerField(null=True)
    age_days = models.PositiveSmallIntegerField(null=True)
    corrected_months = models.PositiveSmallIntegerField(null=True)
    corrected_days = models.PositiveSmallIntegerField(null=True)
    goes_by_corrected = models.BooleanField(default=False)
    form = ShortText(max_length=8, blank=True)
    has_total = models.BooleanField(default=True)
    is_positive = models.BooleanField(null=True)
    finding = ShortText(max_length=40, blank=True)
    parts_text = SealedText(null=True, max_length=1000)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    asked_text = SealedText(null=True, max_length=4000)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(informant__isnull=True) | ~models.Q(informant=models.F("subject")),
                name="nobody_informs_about_herself",
            ),
            models.CheckConstraint(
                condition=models.Q(state="complete", has_total=True, points__isnull=False)
                | models.Q(state="complete", has_total=False, points__isnull=True)
                | models.Q(state__in=["open", "incomplete"], points__isnull=True),
                name="points_only_when_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(has_total=True)
                | models.Q(points__isnull=True, lowest__isnull=True, highest__isnull=True),
                name="no_points_without_a_total",
            ),
            models.CheckConstraint(
                condition=models.Q(corrected_months__isnull=True, goes_by_corrected=False)
                | models.Q(corrected_months__isnull=False, age_months__isnull=False),
                name="a_corrected_age_stands_beside_the_age",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", finished_at__isnull=True)
                | ~models.Q(state="open") & models.Q(finished_at__isnull=False),
                name="finished_screens_say_when",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True)
                | models.Q(state="incomplete", lowest__isnull=True, band="", is_positive__isnull=True),
                name="a_screen_taken_back_says_nothing",
            ),
        ]
        indexes = [models.Index(fields=["episode", "subject", "-on"], name="screen_by_subject")]

    @property
    def answers(self) -> dict[str, int | None]:
        return json.loads(self.answers_text or "{}")

    @answers.setter
    def answers(self, answers: dict[str, int | None]) -> None:
        self.answers_text = json.dumps(answers, sort_keys=True)

    @property
    def asked(self) -> list[str] | None:
        """The items that a second stage gives; None where all are given."""
        return json.loads(self.asked_text) if self.asked_text else None

    @property
    def is_about_a_child(self) -> bool:
        return self.informant_id is not None

    def audit_subjects(self) -> set[tuple[str, object]]:
        """The subject and the asking episode; the dyad where the screen is the child's own, for a caregiver's never."""
        subjects: set[tuple[str, object]] = {("person", self.subject_id), ("episode", self.episode_id)}
        return subjects | ({("dyad", self.episode.dyad_id)} if self.is_about_a_child else set())


class EarlierResult(_Result, WrittenOnce):
    """What a screen said before it was corrected or taken back: written once, in that act itself, and never changed.

    number: 1 for what was first said. `by` is who did it, `reason` why (sealed), `created_at` when.
    """

    CLASSES = {
        **dict.fromkeys(
            ("screen", "number", "answers_text", "points", "lowest", "highest", "band", "reason"), CLINICAL
        ),
        **dict.fromkeys(("is_positive", "finding", "parts_text"), CLINICAL),
        **dict.fromkeys(("age_months", "age_days", "corrected_months", "corrected_days"), CLINICAL),
        "goes_by_corrected": CLINICAL,
        "finished_at": CLINICAL,
        "by": PROFESSIONAL,
    }
    SEALED_FOR = "subject_id"

    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()
    answers_text = SealedText(null=True, max_length=4000)
    points = models.SmallIntegerField(null=True)
    lowest = models.SmallIntegerField(null=True)
    highest = models.SmallIntegerField(null=True)
    band = ShortText(max_length=40, blank=True)
    is_positive = models.BooleanField(null=True)
    finding = ShortText(max_length=40, blank=True)
    parts_text = SealedText(null=True, max_length=1000)
    age_months = models.PositiveSmallIntegerField(null=True)
    age_days = models.PositiveSmallIntegerField(null=True)
    corrected_months = models.PositiveSmallIntegerField(null=True)
    corrected_days = models.PositiveSmallIntegerField(null=True)
    goes_by_corrected = models.BooleanField(default=False)
    finished_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="screens_corrected")
    reason = SealedText(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screen", "number"], name="earlier_results_are_numbered")]

    @property
    def subject_id(self) -> object:
        return self.screen.subject_id

    @property
    def answers(self) -> dict[str, int | None]:
        return json.loads(self.answers_text or "{}")

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.screen.audit_subjects()


class Flag(Kept):
    """An answer that needs a person, raised as it was saved. It stays when the answer is changed: somebody was told.

    given_at: when it was given by the clock of a device without a signal, which may be wrong; None where it came at once.
    """

    CLASSES = dict.fromkeys(("screen", "key", "item", "is_crisis", "given_at"), CLINICAL)

    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="flags")
    key = ShortText(max_length=40)
    item = ShortText(max_length=40)
    is_crisis = models.BooleanField()
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screen", "key", "item"], name="flagged_once")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.screen.audit_subjects()


class DoneElsewhere(Kept):
    """A child's screen that the schedule asks for and somebody else took, or this agency on paper: which, when, nothing more.

    asked, tool: keys of the schedule. Never an adult's: what her doctor knows is hers to tell.
    """

    CLASSES = {
        "subject": FieldClass.FAMILY,
        "episode": FieldClass.FAMILY,
        "asked": CLINICAL,
        "tool": CLINICAL,
        "on": CLINICAL,
        "worker": PROFESSIONAL,
    }

    subject = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="done_elsewhere")
    asked = ShortText(max_length=40)
    tool = ShortText(max_length=40)
    on = models.DateField()
    worker = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "asked", "on"], name="noted_once_a_day")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.subject_id), ("episode", self.episode_id)}
