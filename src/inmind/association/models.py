"""What an association keeps: its levels, its members with what they have paid for, agencies that pay, and the directory."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from inmind.association.directory import Audience
from inmind.association.dues import Fee
from inmind.association.moving.models import AgencySaid as AgencySaid  # Django looks for tables here
from inmind.association.moving.models import CameAs as CameAs
from inmind.association.moving.models import ColumnsSaid as ColumnsSaid
from inmind.association.moving.models import ContactRow as ContactRow
from inmind.association.moving.models import ContactSheet as ContactSheet
from inmind.association.moving.models import Label as Label
from inmind.association.moving.models import LevelSaid as LevelSaid
from inmind.association.periods import MOST_GRACE_DAYS, MOST_YEARS, Kind, MonthDay, Rule
from inmind.association.standing import MOST_BEFORE_DAYS, Reminder, Standing, State
from inmind.foundation import text
from inmind.foundation.fields import FoldedText, LongText, ShortText
from inmind.foundation.models import Kept, period_is_whole
from inmind.foundation.values import FieldClass, Period

PUBLIC, PROFESSIONAL, SECRET = FieldClass.PUBLIC, FieldClass.PROFESSIONAL, FieldClass.SECRET


class Level(Kept):
    """A level of membership: what it costs, how long it lasts, and who may buy it. None ships with the house.

    rule, years, begins_*, cut_off_*, first_on, grace_days: as `periods.Rule`. by_month: the fee goes by the month. is_open:
    people buy it by themselves. for_agencies: an agency buys `seats` of it at once, for `cents` in all.
    """

    CLASSES = dict.fromkeys(
        (
            *(
                "association",
                "key",
                "name",
                "name_es",
                "cents",
                "by_month",
                "rule",
                "years",
                "begins_month",
                "begins_day",
            ),
            *("cut_off_month", "cut_off_day", "first_on", "grace_days", "is_open", "for_agencies", "seats"),
        ),
        PUBLIC,
    )

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="levels")
    key = ShortText(max_length=40)
    name = ShortText(max_length=80)
    name_es = ShortText(max_length=80, blank=True)
    cents = models.PositiveIntegerField()
    by_month = models.BooleanField(default=False)
    rule = ShortText(max_length=12, choices=[(one.value, one.value) for one in Kind], default=Kind.CALENDAR.value)
    years = models.PositiveSmallIntegerField(default=1)
    begins_month = models.PositiveSmallIntegerField(default=1)
    begins_day = models.PositiveSmallIntegerField(default=1)
    cut_off_month = models.PositiveSmallIntegerField(null=True)
    cut_off_day = models.PositiveSmallIntegerField(null=True)
    first_on = models.DateField(null=True)
    grace_days = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=False)
    for_agencies = models.BooleanField(default=False)
    seats = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["association", "key"], name="level_key_once"),
            models.CheckConstraint(condition=Q(years__range=(1, MOST_YEARS)), name="level_lasts_some_years"),
            models.CheckConstraint(condition=Q(grace_days__lte=MOST_GRACE_DAYS), name="level_grace_has_an_end"),
            models.CheckConstraint(
                condition=Q(begins_month__range=(1, 12), begins_day__range=(1, 31)), name="level_year_begins_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(cut_off_month=None, cut_off_day=None)
                | Q(cut_off_month__range=(1, 12), cut_off_day__range=(1, 31)) & ~Q(rule="anniversary"),
                name="level_cut_off_is_a_day",
            ),
            models.CheckConstraint(
                condition=Q(rule="fixed", first_on__isnull=False) | ~Q(rule="fixed") & Q(first_on=None),
                name="level_fixed_term_has_begun",
            ),
            models.CheckConstraint(
                condition=Q(for_agencies=True, seats__gte=1) | Q(for_agencies=False, seats=1), name="level_has_seats"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def called(self, language: str) -> str:
        return self.name_es if language.startswith("es") and self.name_es else self.name

    @property
    def as_rule(self) -> Rule:
        """As the pure rules read it. Raises ValueError for what cannot be one."""
        cut_off = MonthDay(self.cut_off_month, self.cut_off_day or 0) if self.cut_off_month else None
        return Rule(
            kind=Kind(self.rule),
            years=self.years,
            begins=MonthDay(self.begins_month, self.begins_day),
            cut_off=cut_off,
            first=self.first_on,
            grace_days=self.grace_days,
        )

    @property
    def as_fee(self) -> Fee:
        return Fee(self.cents, self.by_month)


class Member(Kept):
    """Somebody of an association: how they stand there, summed up from their memberships whenever one of these changes.

    level: that of the latest membership. paid_until, counts_until: as `standing.Standing`. sorts_as: the folded
    name, by which lists go. left_on: since when they want to hear nothing more; what is paid for runs to its end.
    stops_letters: reminders that nothing hangs on are not wanted.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "person", "level", "paid_until", "counts_until", "sorts_as", "joined_on"),
            *("left_on", "stops_letters", "note"),
        ),
        PROFESSIONAL,
    )

    association = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, related_name="members", db_index=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="memberships_held")
    level = models.ForeignKey(Level, null=True, on_delete=models.PROTECT, related_name="+")
    paid_until = models.DateField(null=True)
    counts_until = models.DateField(null=True)
    sorts_as = FoldedText(max_length=160)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    stops_letters = models.BooleanField(default=False)
    note = LongText(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "association"], name="member_once_an_association"),
            models.CheckConstraint(
                condition=Q(paid_until=None, counts_until=None) | Q(counts_until__gte=F("paid_until")),
                name="member_counts_as_long_as_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["association", "sorts_as", "id"], name="member_by_name"),
            models.Index(fields=["association", "level", "sorts_as", "id"], name="member_by_level"),
            models.Index(fields=["association", "paid_until", "counts_until"], name="member_by_end"),
        ]

    @staticmethod
    def sorted_as(given_name: str, family_name: str) -> str:
        """A name as lists go: the family name first."""
        return " ".join([*text.tokens(family_name), *text.tokens(given_name)])[:160]

    @property
    def standing(self) -> Standing:
        return Standing(self.paid_until, self.counts_until)

    def state(self, on: date) -> State:
        return self.standing.on(on)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class Bundle(Kept):
    """Places that an agency buys at once for people who work there: one invoice to the agency.

    purchase_order: the agency's own number, as it stands on the bill. settled_on: when all of it was paid. ended_on: since when
    its bill is asked for no more, and no place of it is given.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "agency", "level", "places", "since", "until", "invoice", "purchase_order"),
            *("settled_on", "reopened_on", "ended_on", "mail", "asked_for"),
        ),
        PROFESSIONAL,
    )

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="bundles")
    agency = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="bundles_paid")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="bundles")
    places = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField()
    invoice = models.UUIDField(null=True, db_index=True)
    purchase_order = ShortText(max_length=60, blank=True)
    mail = ShortText(max_length=254, blank=True)  # where the agency's link goes
    asked_for = ShortText(max_length=120, blank=True)  # who asked for it there
    settled_on = models.DateField(null=True)
    reopened_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("bundle_period_is_whole"),
            models.CheckConstraint(condition=Q(places__gte=1), name="bundle_has_places"),
        ]


class Membership(Kept):
    """One period of somebody's membership, bought once. What follows it is another row; what was paid for never changes.

    agency: who paid for it, if that is not the person. invoice: the id of its bill in `money`; None where another product
    took the money, or the agency's bundle has the bill. grace_days: as its level had it when it was bought.
    settled_on: since when it is paid, and therefore counts. reopened_on: since when the money is gone again. ended_at: it
    counts only to that day.
    """

    CLASSES = dict.fromkeys(
        (
            *("association", "person", "level", "since", "until", "grace_days", "agency", "bundle", "invoice", "cents"),
            *("settled_on", "reopened_on", "ended_at", "ended_why"),
        ),
        PROFESSIONAL,
    )

    class Why(models.TextChoices):
        LEFT = "left"  # as they wished
        ENDED = "ended"  # by the coordinator
        NOT_PAID = "not_paid"  # asked for, and taken back before it was paid
        CHANGED = "changed"  # for another level
        MISTAKE = "mistake"  # an agency's place that was given to the wrong person

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="memberships")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField()
    until = models.DateField()
    grace_days = models.PositiveSmallIntegerField(default=0)
    agency = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey(Bundle, null=True, on_delete=models.PROTECT, related_name="given")
    invoice = models.UUIDField(null=True, db_index=True)
    cents = models.PositiveIntegerField(null=True)  # what it cost; None: another product knows, or a bundle has it
    settled_on = models.DateField(null=True)
    reopened_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = ShortText(max_length=12, choices=Why.choices, blank=True)

    class Meta:
        constraints = [
            period_is_whole("membership_period_is_whole"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="membership_ends_with_why",
            ),
            models.CheckConstraint(
                condition=Q(reopened_on=None) | Q(settled_on=None), name="membership_is_paid_or_reopened"
            ),
            # Two tabs, two clicks: what begins on a day is bought once.
            models.UniqueConstraint(
                fields=["person", "association", "since"],
                condition=Q(ended_at=None),
                name="membership_bought_once",
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}

    def counts(self, zone_day: date | None = None) -> tuple[Period, int] | None:
        """The stretch in which it counts, and its days of grace; None where it does not. zone_day: the day on which it
        was ended, on the association's clock."""
        if self.settled_on is None and self.reopened_on is None:
            return None
        until, grace_days = self.until, self.grace_days
        gone_on = self.reopened_on if self.settled_on is None else None
        if any(day is not None and day < self.since for day in (gone_on, zone_day)):
            return None  # it was over before it began
        if gone_on is not None:
            until = min(until, gone_on)  # the money is gone: grace runs from that day
        if zone_day is not None and zone_day < until + timedelta(days=grace_days):
            until, grace_days = min(until, zone_day), 0
        return Period(self.since, until), grace_days


class Belonging(Kept):
    """Where a member works, from a day to a day; somebody may at two places. said: as they wrote it, where it is no
    organization of this house yet."""

    CLASSES = dict.fromkeys(("member", "agency", "said", "since", "until"), PROFESSIONAL)

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="belongings")
    agency = models.ForeignKey(
        "people.Organization", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    said = ShortText(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            period_is_whole("belonging_period_is_whole"),
            models.UniqueConstraint(
                fields=["member", "agency"], condition=Q(until=None, agency__isnull=False), name="belongs_once"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, said="") | Q(agency=None) & ~Q(said=""), name="belongs_somewhere"
            ),
        ]
        indexes = [models.Index(fields=["agency", "until", "member"], name="belonging_by_agency")]

    @property
    def name(self) -> str:
        return self.agency.name if self.agency is not None else self.said

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.member.person_id)}


class Joining(Kept):
    """Somebody who asked at the public page to join, until the link in the letter was used. Of that link a hash is kept."""

    CLASSES = {
        **dict.fromkeys(
            ("association", "level", "given_name", "family_name", "mail", "agency_name", "language"), PROFESSIONAL
        ),
        **dict.fromkeys(("expires_at", "used_at"), PUBLIC),
        "person": PROFESSIONAL,
        "secret_hash": SECRET,
    }

    association = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    given_name = ShortText(max_length=80)
    family_name = ShortText(max_length=80)
    mail = ShortText(max_length=254)
    agency_name = ShortText(max_length=120, blank=True)
    language = ShortText(max_length=12)
    secret_hash = ShortText(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")  # who came of it


class MailChange(Kept):
    """A member who asked to be written to elsewhere, until the link in the letter to the new address was used. Of that link a
    hash is kept. replaces: the address that goes; None where there was none."""

    CLASSES = {
        **dict.fromkeys(("member", "mail", "replaces"), PROFESSIONAL),
        **dict.fromkeys(("expires_at", "used_at"), PUBLIC),
        "secret_hash": SECRET,
    }

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="mail_changes")
    mail = ShortText(max_length=254)
    replaces = models.ForeignKey("people.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    secret_hash = ShortText(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.member.person_id)}


class Entry(Kept):
    """What a member lets stand in the directory; off until they say otherwise, field by field.

    shows: the keys of the fields that may be read, joined by spaces. found_by: the folded words of what is shown, and of
    nothing else, by which a search finds it.
    """

    CLASSES = dict.fromkeys(("member", "audience", "shows", "city", "languages", "offers", "found_by"), PROFESSIONAL)

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="entry")
    audience = ShortText(
        max_length=8, choices=[(one.value, one.value) for one in Audience], default=Audience.NOBODY.value
    )
    shows = ShortText(max_length=120, blank=True)
    city = ShortText(max_length=80, blank=True)
    languages = ShortText(max_length=120, blank=True)
    offers = LongText(max_length=500, blank=True)
    found_by = LongText(max_length=2000, blank=True)

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.member.person_id)}


class ReminderDays(Kept):
    """When an association's letters about dues leave (`standing.Plan`); one that has said nothing has ours."""

    CLASSES = dict.fromkeys(("association", "before_days", "last_days"), PUBLIC)

    association = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="+")
    before_days = models.PositiveSmallIntegerField()
    last_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(before_days__range=(1, MOST_BEFORE_DAYS), last_days__range=(1, MOST_GRACE_DAYS)),
                name="reminders_leave_on_days_that_can_be",
            )
        ]


class Reminded(Kept):
    """That a letter about dues was written to a member, once for each kind and end. stop_hash: of the secret in it, by which
    its reader stops the letters that nothing hangs on."""

    CLASSES = {
        **dict.fromkeys(("member", "kind", "about_until", "letter"), PROFESSIONAL),
        "stop_hash": SECRET,
    }

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="reminded")
    kind = ShortText(max_length=8, choices=[(one.value, one.value) for one in Reminder])
    about_until = models.DateField()
    letter = models.UUIDField(null=True)
    stop_hash = ShortText(max_length=64, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "about_until"], name="reminded_once"),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.member.person_id)}
