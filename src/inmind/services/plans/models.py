"""A family's care plan as it is kept: each line in the words of the adult who said it, what stood before, and how each sees it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inmind.access.fields import SealedText
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from inmind.services.plans.care_plan import LONGEST, LONGEST_MOMENT, LONGEST_NAME, HowFar, Kind, LetGo, SeenBy

FAMILY, CLINICAL, PROFESSIONAL = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.PROFESSIONAL


class _Line(Kept):
    """What a line of the plan says, now or before. Sealed for the adult whose words they are.

    is_shared: she said that the other adults of the family may read it; else they never do (`protect.md` 4). let_go_on, why:
    since when it stands in the plan no more. worker: who wrote the words down; None where she did so herself, by a link.
    """

    SEALED_FOR = "whose_id"

    whose = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    words = SealedText(null=True, max_length=LONGEST)
    moment = SealedText(null=True, max_length=LONGEST_MOMENT)  # of the day, as `at bath time`
    is_shared = models.BooleanField(default=False)
    let_go_on = models.DateField(null=True)
    let_go_why = ShortText(max_length=12, choices=[(one.value, one.value) for one in LetGo], blank=True)
    worker = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


LINE = {
    **dict.fromkeys(("whose", "is_shared", "let_go_on"), FAMILY),
    **dict.fromkeys(("words", "moment", "let_go_why"), CLINICAL),
    "worker": PROFESSIONAL,
}


class PlanItem(_Line):
    """A strength, a goal or an everyday strategy, as it stands today. about: for whom it is, the child or an adult."""

    CLASSES = {**LINE, **dict.fromkeys(("episode", "kind", "about", "since"), FAMILY)}

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="plan_items")
    kind = ShortText(max_length=8, choices=[(one.value, one.value) for one in Kind])
    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(let_go_on=None, let_go_why="") | Q(let_go_on__isnull=False) & ~Q(let_go_why=""),
                name="why_it_was_let_go_is_kept",
            )
        ]
        indexes = [models.Index(fields=["episode", "kind"], name="plan_by_episode")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.whose_id), ("episode", self.episode_id)}


class EarlierPlanItem(_Line):
    """What a line of the plan said before it was changed. It only grows."""

    CLASSES = {**LINE, "item": FAMILY, "number": FAMILY}

    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="plan_changes_are_numbered")]


class HowSeen(Kept):
    """How somebody sees a goal on a day. It only grows: who sees it otherwise later says so anew, and what was written down
    wrongly is taken back with why, and stays as it stood.

    whose: the adult for whom the words are sealed, who said them herself; the goal's own, where the worker or somebody else
    spoke. named: who else, as the family calls them. is_shared: as on a line of the plan, for her own words. by_herself: she
    wrote it on her own page. taken_back_by: None where she herself took it back.
    """

    CLASSES = {
        **dict.fromkeys(("goal", "by", "whose", "named", "on", "is_shared", "by_herself"), FAMILY),
        "taken_back_on": FAMILY,
        **dict.fromkeys(("how_far", "words", "taken_back_why"), CLINICAL),
        **dict.fromkeys(("worker", "taken_back_by"), PROFESSIONAL),
    }
    SEALED_FOR = "whose_id"

    goal = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="seen")
    by = ShortText(max_length=8, choices=[(one.value, one.value) for one in SeenBy])
    whose = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    named = ShortText(max_length=LONGEST_NAME, blank=True)
    how_far = ShortText(max_length=8, choices=[(one.value, one.value) for one in HowFar])
    words = SealedText(null=True, max_length=LONGEST)
    is_shared = models.BooleanField(default=False)
    by_herself = models.BooleanField(default=False)
    on = models.DateField()
    taken_back_on = models.DateField(null=True)
    taken_back_why = SealedText(null=True, max_length=LONGEST)
    taken_back_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by="other") & ~Q(named="") | ~Q(by="other") & Q(named=""), name="who_else_sees_it_is_named"
            ),
            models.CheckConstraint(
                condition=Q(worker__isnull=False) | Q(by="family", by_herself=True), name="who_wrote_it_down_is_kept"
            ),
        ]
        indexes = [models.Index(fields=["goal", "on"], name="seen_by_goal")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return self.goal.audit_subjects() | {("person", self.whose_id)}


class PlanLook(Kept):
    """That the plan was looked at together, and when it is looked at next. The newest holds."""

    CLASSES = {"episode": FAMILY, "on": FAMILY, "next_on": FAMILY, "worker": PROFESSIONAL}

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="plan_looks")
    on = models.DateField()
    next_on = models.DateField()
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "-created_at"], name="look_by_episode")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode_id)}


class GivenHandout(Kept):
    """A hand-out that was given to one adult to read: hers alone, for its title may say something about her."""

    CLASSES = {
        **dict.fromkeys(("episode", "to", "on", "taken_off_on"), FAMILY),
        **dict.fromkeys(("handout", "edition"), CLINICAL),
        "worker": PROFESSIONAL,
    }

    episode = models.ForeignKey("families.Episode", on_delete=models.PROTECT, related_name="given_handouts")
    to = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="given_handouts")
    handout = ShortText(max_length=60)
    edition = ShortText(max_length=20)
    on = models.DateField()
    taken_off_on = models.DateField(null=True)
    worker = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "to", "handout"], condition=Q(taken_off_on=None), name="a_handout_is_given_once"
            )
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.to_id), ("episode", self.episode_id)}
