"""The devices that may hold families for a while, what came from them, and what could not be kept as it came."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from inmind.access.fields import SealedText
from inmind.foundation.entries import Clock
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass

PROFESSIONAL, FAMILY, CLINICAL = FieldClass.PROFESSIONAL, FieldClass.FAMILY, FieldClass.CLINICAL


class Device(Kept):
    """A browser on a phone or computer in which one account takes families along. Its id is made there.

    Nothing is known of it but the name that its owner gave it. taken: the highest number of an entry that came from it.
    cut_off_at: from then on it is told at each contact to wipe what it holds, and nothing is taken from it.
    """

    CLASSES = dict.fromkeys(
        ("account", "name", "contacted_at", "taken", "cut_off_at", "cut_off_by", "cut_off_why"), PROFESSIONAL
    )

    class Why(models.TextChoices):
        LOST = "lost"
        ROLES_ENDED = "roles_ended"

    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="devices_away")
    name = ShortText(max_length=60)
    contacted_at = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)
    cut_off_at = models.DateTimeField(null=True)
    cut_off_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    cut_off_why = ShortText(max_length=12, choices=Why.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cut_off_at__isnull=True, cut_off_why="")
                | models.Q(cut_off_at__isnull=False) & ~models.Q(cut_off_why=""),
                name="device_is_cut_off_for_a_reason",
            )
        ]
        indexes = [models.Index(fields=["account", "-created_at"], name="device_by_account")]


class Received(Kept):
    """That an entry came from a device, once. digest: a keyed hash of all of it, by which a second one under its id shows.

    at, clock: when it was done by the device's own clock, and whether that can be right; `created_at` is when it came.
    about_version: of a record that it changed, which version it made: the device has seen that one.
    """

    CLASSES = dict.fromkeys(("device", "entry", "number", "digest", "told"), PROFESSIONAL) | dict.fromkeys(
        ("kind", "at", "clock", "about_kind", "about_id", "about_version"), CLINICAL
    )

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="received")
    entry = models.UUIDField()
    number = models.PositiveIntegerField()
    digest = ShortText(max_length=64)
    kind = ShortText(max_length=40, blank=True)
    at = models.DateTimeField(null=True)
    clock = ShortText(max_length=12, choices=[(one.value, one.value) for one in Clock])
    told = ShortText(max_length=12)
    about_kind = ShortText(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    about_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "entry", "digest"], name="received_once")]
        indexes = [models.Index(fields=["about_id"], name="received_about")]


class Paper(Kept):
    """What was typed without a signal and could not be kept as it came; it lies here until somebody sorts it.

    episode: the family that it names, where its owner serves it or served it once; else None, and its owner alone is shown it.
    person: whose words it holds, by whose key it is sealed. asks: nothing is wrong with it, but another edit came between, and
    both texts are there. sorted_how: `entered`, `set_aside`, or of two texts `first`, `second`, `both`.
    """

    CLASSES = (
        dict.fromkeys(("device", "owner", "entry", "number", "digest", "sorted_by"), PROFESSIONAL)
        | dict.fromkeys(("episode", "person"), FAMILY)
        | dict.fromkeys(
            ("kind", "at", "clock", "words", "refusal", "asks", "sorted_at", "sorted_how", "reason"), CLINICAL
        )
    )
    SEALED_FOR = "person_id"

    class How(models.TextChoices):
        ENTERED = "entered"
        SET_ASIDE = "set_aside"
        FIRST = "first"
        SECOND = "second"
        BOTH = "both"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="papers")
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="papers_to_sort")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("families.Episode", null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.UUIDField()
    number = models.PositiveIntegerField()
    digest = ShortText(max_length=64)
    kind = ShortText(max_length=40, blank=True)
    at = models.DateTimeField(null=True)
    clock = ShortText(max_length=12, choices=[(one.value, one.value) for one in Clock])
    words = SealedText(null=True, max_length=40_000)  # the entry as JSON, as it came
    refusal = SealedText(null=True, max_length=4000)  # why, as JSON: sentences to translate, and their facts
    asks = models.BooleanField(default=False)
    sorted_at = models.DateTimeField(null=True)
    sorted_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    sorted_how = ShortText(max_length=12, choices=How.choices, blank=True)
    reason = SealedText(null=True, max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "entry", "digest"], name="one_paper_an_entry"),
            models.CheckConstraint(
                condition=models.Q(sorted_at__isnull=True, sorted_how="")
                | models.Q(sorted_at__isnull=False) & ~models.Q(sorted_how=""),
                name="paper_is_sorted_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["owner"], condition=models.Q(sorted_at__isnull=True), name="paper_by_owner"),
            models.Index(fields=["episode"], condition=models.Q(sorted_at__isnull=True), name="paper_by_episode"),
        ]

    @property
    def came(self) -> dict[str, Any]:
        """The entry as it came; nothing of it where whose words it holds was erased."""
        return json.loads(self.words or "{}")

    def audit_subjects(self) -> set[tuple[str, object]]:
        """Whose words it holds, and the episode: of a caregiver's answers never the child."""
        return {("person", self.person_id)} | ({("episode", self.episode_id)} if self.episode_id else set())
