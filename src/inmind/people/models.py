"""Relationships come first: who cares for the child, who serves the family, who holds the practitioner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext

from inmind.foundation import text
from inmind.foundation.fields import FoldedText, ShortText
from inmind.foundation.models import Kept, period_is_whole
from inmind.foundation.values import FieldClass
from inmind.people.reaching import Saying, Way

FAMILY, PROFESSIONAL, PUBLIC = FieldClass.FAMILY, FieldClass.PROFESSIONAL, FieldClass.PUBLIC


class Person(Kept):
    """Someone: a baby, a caregiver, a worker. Never a record alone; what they are to others stands in `Relationship`.

    A baby that is expected is a person whose name is not known yet. Somebody who was erased stays as an empty row, so
    that the trail still speaks of somebody.
    """

    CLASSES = {
        "given_name": FAMILY,
        "family_name": FAMILY,
        "language": FAMILY,
        "merged_into": FAMILY,
        "erased_at": PROFESSIONAL,
    }

    given_name = ShortText(max_length=80, blank=True)
    family_name = ShortText(max_length=80, blank=True)
    language = ShortText(max_length=12, blank=True)  # the language they like to be spoken to in; empty: not asked yet
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(null=True)

    @property
    def name(self) -> str:
        if self.erased_at is not None:
            return gettext("someone who was erased")
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    def __str__(self) -> str:
        return self.name


class NameToken(models.Model):
    """One folded word of a person's name, as those of an organization who may search find her, accents or not.

    It says whose search begins with her, not who may see her: that is the policy's, each time.
    """

    CLASSES = {"id": PUBLIC, "person": FAMILY, "organization": FAMILY, "token": FAMILY}
    TRACKED = False  # derived from the person's names, which are tracked

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_tokens", db_index=False)
    organization = models.ForeignKey("people.Organization", on_delete=models.CASCADE, related_name="+", db_index=False)
    token = FoldedText(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organization", "token"], name="name_token_once_a_person")
        ]
        indexes = [models.Index(fields=["organization", "token", "person"], name="name_token_to_person")]

    @classmethod
    def of(cls, person: Person, organization: Organization, also: Iterable[str] = ()) -> list[NameToken]:
        """The tokens of a person's name and of earlier ones, unsaved; NFKD can lengthen a word, so each is cut to its
        column."""
        names = (person.name, *also)
        tokens = dict.fromkeys(token[:80] for name in names for token in text.name_tokens(name))
        return [cls(person=person, organization=organization, token=token) for token in tokens]


class EarlierFact(Kept):
    """What stood on somebody's record until it was corrected: a part of the name, or a child's date as `2026-03-04`.

    `finds`: a name that was right once (a marriage, an adoption), by which search finds them still. A slip of the pen is
    kept as what stood here, and finds nobody.
    """

    CLASSES = dict.fromkeys(("person", "field", "said", "finds"), FAMILY) | {"by": PROFESSIONAL}

    class Field(models.TextChoices):
        GIVEN_NAME = "given_name"
        FAMILY_NAME = "family_name"
        BIRTH_DATE = "birth_date"
        DUE_DATE = "due_date"

    NAMES = (Field.GIVEN_NAME, Field.FAMILY_NAME)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="earlier_facts")
    field = ShortText(max_length=12, choices=Field.choices)
    said = ShortText(max_length=80)
    finds = models.BooleanField(default=False)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # who corrected it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finds=False) | models.Q(field__in=("given_name", "family_name")),
                name="nobody_is_found_by_a_date",
            )
        ]

    @classmethod
    def found_by(cls, people: Iterable[Any]) -> dict[Any, list[str]]:
        """The earlier names by which search still finds these people, by their ids."""
        found: dict[Any, list[str]] = {}
        rows = cls.objects.filter(person__in=list(people), finds=True).order_by("created_at", "pk")
        for person, said in rows.values_list("person", "said"):
            found.setdefault(person, []).append(said)
        return found


class Contact(Kept):
    """A way to reach a person. A mail address belongs to a person, not to an account, and two people may share one.

    `safe` None means not asked yet: nothing but an answer to the person's own request is sent there. One that is no longer
    right keeps its row with the moment from which nothing uses it; whoever reads ways asks `in_use`.
    """

    CLASSES = {
        "person": FAMILY,
        "channel": FAMILY,
        "ended_at": FAMILY,
        "address": FieldClass.WHEREABOUTS,
        "safe": FAMILY,
        "after": FAMILY,
        "before": FAMILY,
        "weekdays": FAMILY,
        "may_say": FAMILY,
        "shown_to_others": FAMILY,
    }

    class Channel(models.TextChoices):
        MAIL = "mail"  # email
        PHONE = "phone"  # calls
        TEXT = "text"
        POST = "post"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    channel = ShortText(max_length=8, choices=Channel.choices)
    address = ShortText(max_length=254)
    safe = models.BooleanField(null=True)
    # When it is safe by the person's own clock, and how much may be said there (`people/reaching.py`).
    after = models.TimeField(null=True)
    before = models.TimeField(null=True)
    weekdays = ShortText(max_length=7, blank=True)
    may_say = models.PositiveSmallIntegerField(default=Saying.NOTHING)
    shown_to_others = models.BooleanField(default=False)  # whether the child's other caregivers may be told it
    ended_at = models.DateTimeField(null=True)  # since when it is no longer right; None: it is

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel", "address"], name="contact_once_a_person"),
            models.CheckConstraint(condition=models.Q(may_say__lte=Saying.ANYTHING), name="contact_says_how_much"),
        ]

    @classmethod
    def in_use(cls, **where: Any) -> models.QuerySet[Contact]:
        """The ways that nobody has taken away."""
        return cls.objects.filter(ended_at=None, **where)

    @classmethod
    def safe_mail_of(cls, person: Person) -> str:
        """The mail address at which it is safe to write to somebody, the oldest first; empty where none is known."""
        rows = cls.in_use(person=person, channel=cls.Channel.MAIL, safe=True).order_by("created_at", "pk")
        return rows.values_list("address", flat=True).first() or ""

    @classmethod
    def is_one_mailbox(cls, person: Person) -> bool:
        """Whether no other mail address was ever kept of somebody: what was written before went there too."""
        return cls.objects.filter(person=person, channel=cls.Channel.MAIL).count() == 1

    @property
    def way(self) -> Way:
        return Way(self.channel, self.address, self.safe, self.after, self.before, self.weekdays, Saying(self.may_say))


class Organization(Kept):
    """An agency, a clinic, a center, a court, an association: whatever people work at or are served by."""

    CLASSES = dict.fromkeys(
        ("name", "kind", "zone", "address", "phone", "crisis_text", "crisis_text_es", "crisis_answer_minutes"), PUBLIC
    )
    CRISIS_TEXTS = {"en": "crisis_text", "es": "crisis_text_es"}  # one for each language of pages and letters

    class Kind(models.TextChoices):
        AGENCY = "agency"
        ASSOCIATION = "association"
        NETWORK = "network"

    name = ShortText(max_length=120)
    kind = ShortText(max_length=20, choices=Kind.choices, default=Kind.AGENCY)
    zone = ShortText(max_length=60)  # the IANA name of the time zone it works in
    address = ShortText(max_length=200, blank=True)  # as it stands on what is handed to a family
    phone = ShortText(max_length=40, blank=True)
    # What this agency itself tells someone after a crisis answer; and how long before an unanswered task climbs.
    crisis_text = ShortText(max_length=500, blank=True)
    crisis_text_es = ShortText(max_length=500, blank=True)
    crisis_answer_minutes = models.PositiveIntegerField(default=60)  # our default, shown as ours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="organization_name_once")]

    def __str__(self) -> str:
        return self.name

    def crisis_words(self, language: str) -> tuple[str, str]:
        """Its own words after a crisis answer, and the language they are in: this one, else one in which it has some."""
        for code in (language, *self.CRISIS_TEXTS):
            if code in self.CRISIS_TEXTS and (words := getattr(self, self.CRISIS_TEXTS[code])):
                return words, code
        return "", language


class Relationship(Kept):
    """An edge between a person and another person or an organization, with the days on which it holds."""

    CLASSES = {
        "kind": FAMILY,
        "from_person": FAMILY,
        "to_person": FAMILY,
        "to_organization": FAMILY,
        "part": FAMILY,
        "since": FAMILY,
        "until": FAMILY,
    }

    class Kind(models.TextChoices):
        CARES_FOR = "cares_for"  # a caregiver and a child
        WORKS_AT = "works_at"
        MANAGES = "manages"  # administrative: who answers for the work
        HOLDS = "holds"  # reflective: who is there for the worker; never the same edge as `manages`
        CONSULTS_TO = "consults_to"
        BELONGS_TO = "belongs_to"

    kind = ShortText(max_length=16, choices=Kind.choices)
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="edges_out")
    to_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="edges_in")
    to_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="edges_in"
    )
    part = ShortText(
        max_length=40, blank=True
    )  # mother, father, foster mother, grandmother …; a key of families/catalog
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_person__isnull=True, to_organization__isnull=False)
                | models.Q(to_person__isnull=False, to_organization__isnull=True),
                name="relationship_has_one_other_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_person=models.F("to_person")), name="relationship_joins_two"
            ),
            period_is_whole("relationship_period_is_whole"),
        ]
        indexes = [
            models.Index(fields=["to_person", "kind"], name="edge_in_by_kind"),
            models.Index(fields=["from_person", "kind"], name="edge_out_by_kind"),
        ]
