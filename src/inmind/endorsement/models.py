"""What endorsement keeps: what people say of themselves, what they hold, toward what they work, to whom they show it; and the
rules of each association, with the decisions that were made by them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from inmind.endorsement.facts import DEGREES, WORK
from inmind.foundation import text
from inmind.foundation.fields import FoldedText, LongText, ShortText
from inmind.foundation.models import Kept, period_is_whole
from inmind.foundation.values import FieldClass, Period

PUBLIC, PROFESSIONAL = FieldClass.PUBLIC, FieldClass.PROFESSIONAL
CREDENTIALS = (("IMH-E", "IMH-E"), ("ECMH-E", "ECMH-E"), ("IECMH-E", "IECMH-E"))


class OfPerson(Kept):
    """A row about one person's profession: its trail names that person."""

    class Meta:
        abstract = True

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}  # type: ignore[attr-defined]


class Statement(OfPerson):
    """What was said of a person about one thing, on which day and by whom. Said anew, the earlier row ends and stays.

    fact: a name of `facts.py`, or one that an association's own file asks for. answer: yes, no, a number, or a degree's name.
    """

    CLASSES = dict.fromkeys(("person", "fact", "answer", "said_on", "said_by", "ended_at"), PROFESSIONAL)

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    fact = ShortText(max_length=60)
    answer = ShortText(max_length=20)
    said_on = models.DateField()
    said_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "fact"], condition=Q(ended_at=None), name="statement_once_a_fact")
        ]


class WorkDone(OfPerson):
    """Work of a kind, as the person says it. yes, no: names of questions so answered, joined by spaces."""

    CLASSES = dict.fromkeys(
        ("person", "of", "place", "since", "until", "yes", "no", "said_on", "ended_at"), PROFESSIONAL
    )

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    of = ShortText(max_length=40, choices=[(key, key) for key in WORK])
    place = ShortText(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    yes = ShortText(max_length=400, blank=True)
    no = ShortText(max_length=400, blank=True)
    said_on = models.DateField()
    ended_at = models.DateTimeField(null=True)  # since when it is said no more

    class Meta:
        constraints = [period_is_whole("work_period_is_whole")]
        indexes = [models.Index(fields=["person"], name="work_of_person")]


class RatingReceived(OfPerson):
    """That a reference rating was received: on which day, from whom in what role; never what it says, nor who it was.

    roles: joined by spaces. unknown_answers: how often it says "not enough information"; None: not known.
    """

    CLASSES = dict.fromkeys(("person", "on", "roles", "unknown_answers", "said_on", "ended_at"), PROFESSIONAL)

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    roles = ShortText(max_length=200)
    unknown_answers = models.PositiveSmallIntegerField(null=True)
    said_on = models.DateField()
    ended_at = models.DateTimeField(null=True)


class Goal(OfPerson):
    """That somebody works toward a category with an association. While it stands, its coordinator may read how near they are.

    applied_on: the day of the application, where there was one; until then the day of asking stands for it.
    """

    CLASSES = dict.fromkeys(
        ("person", "association", "category", "credential", "applied_on", "since", "until"), PROFESSIONAL
    )

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    category = ShortText(max_length=20)
    credential = ShortText(max_length=8, choices=CREDENTIALS)
    applied_on = models.DateField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("goal_period_is_whole"),
            models.UniqueConstraint(
                fields=["person", "association", "category", "credential"],
                condition=Q(until=None),
                name="goal_once",
            ),
        ]
        indexes = [models.Index(fields=["association", "until"], name="goals_of_association")]


class Decision(OfPerson):
    """What an association decided in the Alliance's own system, written down here as it was decided. It never changes.

    edition: the edition by which it was decided, as it was called. came_from: where it stands (a letter, the Alliance's system).
    """

    CLASSES = dict.fromkeys(
        ("person", "association", "category", "credential", "edition", "outcome", "on", "came_from", "recorded_by"),
        PROFESSIONAL,
    )

    class Outcome(models.TextChoices):
        ENDORSED = "endorsed"
        EMERGING = "emerging"
        ON_HOLD = "on_hold"
        DEFERRED = "deferred"
        FOR_EXAM = "approved_for_exam"

    GIVES = frozenset({Outcome.ENDORSED, Outcome.EMERGING})

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    category = ShortText(max_length=20)
    credential = ShortText(max_length=8, choices=CREDENTIALS)
    edition = ShortText(max_length=80, blank=True)
    outcome = ShortText(max_length=20, choices=Outcome.choices)
    on = models.DateField()
    came_from = ShortText(max_length=120)
    # None: taken in from a list by whoever runs the machine
    recorded_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "association"], name="decisions_of_person")]


class Endorsement(OfPerson):
    """That somebody holds a category, since when and until when, by a decision that was recorded.

    degree: the highest degree on file when it was given, empty where nobody said. in_registry: its holder lets the public
    registry name it.
    """

    CLASSES = dict.fromkeys(
        ("person", "association", "category", "credential", "is_emerging", "since", "until", "in_registry", "decision"),
        PUBLIC,
    ) | dict.fromkeys(("degree", "ended_why"), PROFESSIONAL)

    class Why(models.TextChoices):
        LAPSED = "lapsed"
        INACTIVE = "inactive"
        MISTAKE = "mistake"
        MOVED = "moved"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="gave")
    category = ShortText(max_length=20)
    credential = ShortText(max_length=8, choices=CREDENTIALS)
    is_emerging = models.BooleanField(default=False)
    degree = ShortText(max_length=12, blank=True, choices=[(key, key) for key in DEGREES])
    since = models.DateField()
    until = models.DateField(null=True)
    ended_why = ShortText(max_length=10, blank=True, choices=Why.choices)
    in_registry = models.BooleanField(default=False)

    class Meta:
        constraints = [
            period_is_whole("endorsement_period_is_whole"),
            models.UniqueConstraint(
                fields=["person", "association", "category", "credential"],
                condition=Q(until=None),
                name="endorsement_held_once",
            ),
        ]
        indexes = [models.Index(fields=["in_registry", "until"], name="registry_shown")]

    @property
    def code(self) -> str:
        """What its holder's hours are judged by."""
        return f"{self.category}_emerging" if self.is_emerging else self.category


class RegistryName(models.Model):
    """One folded word of the name of somebody who lets the public registry show an endorsement."""

    CLASSES = dict.fromkeys(("id", "endorsement", "token"), PUBLIC)
    TRACKED = False  # derived from the name, which is tracked

    endorsement = models.ForeignKey(Endorsement, on_delete=models.CASCADE, related_name="names", db_index=False)
    token = FoldedText(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endorsement", "token"], name="registry_word_once")]
        indexes = [models.Index(fields=["token", "endorsement"], name="registry_by_word")]

    @classmethod
    def of(cls, endorsement: Endorsement, name: str) -> list[RegistryName]:
        tokens = dict.fromkeys(token[:80] for token in text.name_tokens(name))
        return [cls(endorsement=endorsement, token=token) for token in tokens]


class Renewed(OfPerson):
    """That a holder confirmed a cycle, once for dues, hours and endorsement: on which day, for which cycle, by which regime."""

    CLASSES = dict.fromkeys(("person", "endorsement", "since", "until", "regime", "confirmed_on"), PROFESSIONAL)

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    endorsement = models.ForeignKey(Endorsement, on_delete=models.PROTECT, related_name="renewals")
    since = models.DateField()
    until = models.DateField()
    regime = ShortText(max_length=40)
    confirmed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endorsement", "since"], name="renewed_once_a_cycle"),
            period_is_whole("renewed_period_is_whole"),
        ]


class Share(OfPerson):
    """That its owner shows how near they are to a category: to one person, or to who answers for the work at one employer;
    until a day, and no longer than its owner wants."""

    CLASSES = dict.fromkeys(
        ("person", "category", "association", "to_person", "to_organization", "since", "until", "ended_at"),
        PROFESSIONAL,
    )

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    category = ShortText(max_length=20)
    association = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    to_organization = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_person=None, to_organization__isnull=False)
                | Q(to_person__isnull=False, to_organization=None),
                name="share_has_one_reader",
            ),
            period_is_whole("share_period_is_whole"),
        ]


class Rules(Kept):
    """A file of rules as an association took it up: which days it goes by, or a standard of its own. The newest of a kind and
    category is gone by; those before it stay, as what was gone by then."""

    CLASSES = dict.fromkeys(
        ("association", "kind", "category", "edition", "words", "accepted_on", "accepted_by", "replaced_at"), PUBLIC
    )

    class Kind(models.TextChoices):
        ADOPTION = "adoption"
        STANDARD = "standard"

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    kind = ShortText(max_length=10, choices=Kind.choices)
    category = ShortText(max_length=20, blank=True)
    edition = ShortText(max_length=80)
    words = LongText(max_length=60_000)  # the file, as it came
    accepted_on = models.DateField()
    accepted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association", "kind", "category"], condition=Q(replaced_at=None), name="rules_gone_by_once"
            )
        ]


def period_of(row: Any) -> Period:
    """The days on which a row with `since` and `until` holds."""
    return Period(row.since, row.until)
