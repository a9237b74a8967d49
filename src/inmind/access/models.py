"""Accounts and roles, sign-in links, stored answers, person keys, and the trail that only grows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from inmind.access.fields import SealedText
from inmind.access.roles import INVITED, ROLES
from inmind.foundation.fields import ShortText
from inmind.foundation.models import Kept, in_force, period_is_whole, row_of
from inmind.foundation.values import FieldClass
from inmind.people.models import Person

PUBLIC, PROFESSIONAL, FAMILY, SECRET = FieldClass.PUBLIC, FieldClass.PROFESSIONAL, FieldClass.FAMILY, FieldClass.SECRET
CLINICAL = FieldClass.CLINICAL


class Accounts(BaseUserManager):
    def get(self, *args: Any, **named: Any) -> Any:
        """By its key alone, as each request asks for whose it is: with the person, by whose name the actor is shown."""
        if args or set(named) != {"pk"}:
            return super().get(*args, **named)
        account = row_of(Account, named["pk"], "person")
        if account is None:
            raise Account.DoesNotExist
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return Account.objects.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser, Kept):
    """A way to sign in. It belongs to one person; the person's mail addresses stand with the person."""

    CLASSES = {
        "username": PROFESSIONAL,
        "password": SECRET,
        "last_login": PROFESSIONAL,
        "person": PROFESSIONAL,
        "is_active": PROFESSIONAL,
        "language": PROFESSIONAL,
        "work_phone": PROFESSIONAL,
        "session_epoch": SECRET,
    }
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    username = ShortText(max_length=60, unique=True)
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    language = ShortText(max_length=12, default="en")
    work_phone = ShortText(max_length=40, blank=True)  # for colleagues, where somebody needs a person; for no family
    session_epoch = models.PositiveIntegerField(default=0)  # raised to end every session of this account

    objects = Accounts()

    @classmethod
    def is_open_for(cls, person: Person) -> bool:
        """Whether somebody can sign in: a letter then leads to a page of theirs, and needs no link of its own."""
        return cls.objects.filter(person=person, is_active=True).exists()

    def check_password(self, raw_password: str) -> bool:
        """Changes nothing, unlike Django's own: an old hash is renewed where the trail owns it (`adapters/allauth.py`)."""
        return check_password(raw_password, self.password)

    def get_session_auth_hash(self) -> str:
        return super().get_session_auth_hash() + f":{self.session_epoch}"

    def __str__(self) -> str:
        return self.username


class RoleAssignment(Kept):
    """A role that an account holds in an organization, with its days."""

    CLASSES = dict.fromkeys(("account", "role", "organization", "since", "until"), PROFESSIONAL)

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles")
    role = ShortText(max_length=40, choices=[(key, ROLES[key].name) for key in INVITED])
    organization = models.ForeignKey("people.Organization", null=True, on_delete=models.PROTECT, related_name="roles")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [period_is_whole("role_period_is_whole")]
        indexes = [models.Index(fields=["organization", "role"], name="role_in_organization")]

    @classmethod
    def today(cls, on: object) -> models.QuerySet:
        return cls.objects.filter(in_force(on))


class SignInLink(Kept):
    """A link that signs in once. Only the hash of its secret is kept."""

    CLASSES = {
        "account": PROFESSIONAL,
        "purpose": PUBLIC,
        "secret_hash": SECRET,
        "expires_at": PUBLIC,
        "used_at": PUBLIC,
    }

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        INVITATION = "invitation"
        DEMO = "demo"  # stands in for both factors; only for a demonstration on loopback

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    purpose = ShortText(max_length=12, choices=Purpose.choices)
    secret_hash = ShortText(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AdultLink(Kept):
    """A link by which one adult reaches one thing without an account. Only the hash of its secret is kept.

    `episode` is the id of the episode for which it was sent (as in `EmergencyAccess`); `about` the id of what it opens
    there, if it opens one thing.
    """

    CLASSES = {
        **dict.fromkeys(("person", "episode", "about"), FAMILY),
        **dict.fromkeys(("organization", "asked_by"), PROFESSIONAL),
        **dict.fromkeys(("purpose", "expires_at", "ended_at"), PUBLIC),
        "secret_hash": SECRET,
    }

    class Purpose(models.TextChoices):
        VISIT = "visit"  # the questions of one visit
        OWN_PAGE = "own_page"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="links")
    episode = models.UUIDField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    purpose = ShortText(max_length=12, choices=Purpose.choices)
    about = models.UUIDField(null=True)
    secret_hash = ShortText(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "episode"], name="link_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id), ("episode", self.episode)}


class OfficeLink(Kept):
    """A link by which an office without an account answers for one thing: a referral that was sent to it, or its listing.

    Only hashes are kept: of the secret in its address, and of the code that is said aloud where mail does not arrive (empty:
    there is none). organization: who asks; about: the id of what it opens; episode: the id of the episode it belongs to, if any.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode"), FAMILY),
        "organization": PROFESSIONAL,
        **dict.fromkeys(("purpose", "expires_at", "ended_at"), PUBLIC),
        **dict.fromkeys(("secret_hash", "code_hash"), SECRET),
    }

    class Purpose(models.TextChoices):
        REFERRAL = "referral"
        LISTING = "listing"
        HOURS = "hours"  # a colleague outside, who confirms reflective hours
        DUES = "dues"  # whoever pays one invoice without an account
        SEAT = "seat"  # somebody without an account who comes to a training
        PLACES = "places"  # an agency that pays for the people who work there

    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    purpose = ShortText(max_length=12, choices=Purpose.choices)
    about = models.UUIDField(db_index=True)
    episode = models.UUIDField(null=True)
    secret_hash = ShortText(max_length=64, unique=True)
    code_hash = ShortText(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], condition=~models.Q(code_hash=""), name="one_link_a_code")
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode)} if self.episode else set()


class SignOn(Kept):
    """An agency's own sign-in (OpenID Connect). `second_factor`: the words of its tokens that count as one, parted by spaces."""

    CLASSES = {
        **dict.fromkeys(("organization", "issuer", "client_id", "second_factor"), PROFESSIONAL),
        "secret": SECRET,
    }

    organization = models.OneToOneField("people.Organization", on_delete=models.PROTECT, related_name="sign_on")
    issuer = ShortText(max_length=300)
    client_id = ShortText(max_length=200)
    secret = models.BinaryField(max_length=1000)  # sealed by the master key, for this row
    second_factor = ShortText(max_length=200, blank=True)


class SignOnLink(Kept):
    """An account that its owner linked to the agency's own sign-in. Of the provider's name for her only a hash is kept."""

    CLASSES = {"account": PROFESSIONAL, "sign_on": PROFESSIONAL, "subject": SECRET}

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ons")
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="links")
    subject = ShortText(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sign_on", "subject"], name="one_account_a_subject"),
            models.UniqueConstraint(fields=["sign_on", "account"], name="one_link_an_account"),
        ]


class StoredAnswer(models.Model):
    """The answer of an action, kept under its idempotency key, so that a second click finds the first one's result."""

    CLASSES = dict.fromkeys(("id", "actor", "verb", "key", "body", "answer", "at"), SECRET)
    TRACKED = False  # derived from the action, which is audited

    actor = ShortText(max_length=80)
    verb = ShortText(max_length=60)
    key = ShortText(max_length=80)
    body = ShortText(max_length=64)  # a keyed hash: the answers of a screen are too few to hide behind a plain one
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "verb", "key"], name="one_answer_a_key")]


class PersonKey(models.Model):
    """The key that seals a person's clinical words, itself sealed by a master key kept outside the database.

    `master` names the master key, so that masters can rotate; erasing a person is destroying this row; `held` stops it.
    """

    CLASSES = {"person": SECRET, "wrapped": SECRET, "master": SECRET, "held": SECRET}
    TRACKED = True

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.PROTECT, related_name="seal")
    wrapped = models.BinaryField(max_length=80)
    master = ShortText(max_length=16)
    held = models.BooleanField(default=False)  # a legal hold: the key may not be destroyed


class LegalHold(Kept):
    """Nothing about a person may be erased, merged or deleted while it stands: a court or a regulator may ask for it.

    `document` says where the order is kept, never what it says.
    """

    CLASSES = {
        **dict.fromkeys(("person", "reason", "document", "lift_reason", "lift_document"), FAMILY),
        **dict.fromkeys(("organization", "set_by", "lifted_at", "lifted_by"), PROFESSIONAL),
    }

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="holds")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    reason = ShortText(max_length=400)
    document = ShortText(max_length=200)
    set_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    lift_reason = ShortText(max_length=400, blank=True)
    lift_document = ShortText(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_is_lifted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_hold_a_person_and_agency",
            ),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class Erasure(Kept):
    """Somebody is to be erased: asked by one, done or withdrawn by a second person. It stays, as the proof of it."""

    CLASSES = {
        **dict.fromkeys(("person", "reason", "document"), FAMILY),
        **dict.fromkeys(("organization", "asked_by", "outcome", "ended_at", "ended_by"), PROFESSIONAL),
    }

    class Outcome(models.TextChoices):
        DONE = "done"
        WITHDRAWN = "withdrawn"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="erasures")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    reason = ShortText(max_length=400)
    document = ShortText(max_length=200)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    outcome = ShortText(max_length=10, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at__isnull=True, ended_by__isnull=True)
                | ~models.Q(outcome="") & models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="erasure_is_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(outcome=""), name="one_open_erasure_a_person"
            ),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.person_id)}


class EmergencyAccess(Kept):
    """A worker may read a family of the agency for some hours, told to its privacy officer. It ends by itself.

    `episode` is the id of an episode: this room stands below the families, and in an association there are none.
    """

    CLASSES = {
        **dict.fromkeys(("episode", "reason"), FAMILY),
        **dict.fromkeys(("person", "organization", "until", "ended_by"), PROFESSIONAL),
    }

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="emergencies")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    episode = models.UUIDField()
    reason = ShortText(max_length=400)
    until = models.DateTimeField()  # moved to the moment when somebody ends it sooner
    ended_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "episode", "until"], name="emergency_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("episode", self.episode)}


class Consent(Kept):
    """That somebody agreed that one recipient may be told facts about one person; what it covers never changes, it is withdrawn.

    `episode` is the id of the episode whose care team wrote it down (as in `EmergencyAccess`): no other side reads it. A
    consent about an adult names no child. `kinds` are keys of `consents.KINDS`, joined by spaces; `paper` says where the
    signed paper is kept; `seen` is the paper by which `capacity` was known.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "recipient", "covered", "purpose", "kinds"), FAMILY),
        **dict.fromkeys(("facts_since", "facts_until", "given_by", "given_name", "capacity", "seen", "how"), FAMILY),
        **dict.fromkeys(("paper", "language", "interpreter", "text", "counsel", "hearing", "since", "until"), FAMILY),
        **dict.fromkeys(("organization", "written_by", "revoked_by"), PROFESSIONAL),
        **dict.fromkeys(("revoked_at", "revoked_said", "revoked_how"), FAMILY),
    }

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    episode = models.UUIDField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    recipient = ShortText(max_length=200)
    covered = models.BooleanField(null=True)  # whether HIPAA binds the recipient; None: nobody knows
    purpose = ShortText(max_length=24)
    kinds = ShortText(max_length=200)
    facts_since = models.DateField()
    facts_until = models.DateField(null=True)  # the last day; None: whatever comes later, too
    given_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="agreed_to")
    given_name = ShortText(max_length=120, blank=True)  # of a court or an agency
    capacity = ShortText(max_length=24)
    seen = ShortText(max_length=24, blank=True)
    how = ShortText(max_length=12)
    paper = ShortText(max_length=200, blank=True)
    language = ShortText(max_length=12)  # in which it was explained
    interpreter = models.BooleanField(null=True)
    text = ShortText(max_length=80)  # which text, in which edition, was agreed to
    counsel = ShortText(max_length=200, blank=True)  # in an open court case
    hearing = models.DateField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    written_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)  # from this moment on nothing is told by it
    revoked_said = ShortText(max_length=120, blank=True)  # who took it back
    revoked_how = ShortText(max_length=12, blank=True)
    revoked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            period_is_whole("agreed_period_is_whole"),
            models.CheckConstraint(
                condition=models.Q(given_by__isnull=False, given_name="")
                | models.Q(given_by__isnull=True) & ~models.Q(given_name=""),
                name="agreed_to_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="withdrawn_through_somebody",
            ),
        ]
        indexes = [models.Index(fields=["about", "episode"], name="consent_by_person")]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("episode", self.episode)}


class Disclosure(Kept):
    """That something about one person was told to somebody outside: what, to whom, why, by which consent or other ground.

    It only grows. `words` say which dated facts; `reason` and `order` say why it was told without a consent.
    """

    CLASSES = {
        **dict.fromkeys(("about", "episode", "consent", "ground", "recipient", "purpose", "kinds"), FAMILY),
        **dict.fromkeys(("facts_since", "facts_until", "manner", "on", "at", "order"), FAMILY),
        **dict.fromkeys(("words", "reason"), CLINICAL),
        **dict.fromkeys(("organization", "told_by"), PROFESSIONAL),
    }
    SEALED_FOR = "about_id"

    about = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="told_about")
    episode = models.UUIDField()
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="told")
    ground = ShortText(max_length=20)
    recipient = ShortText(max_length=200)
    purpose = ShortText(max_length=24)
    kinds = ShortText(max_length=200)
    facts_since = models.DateField()
    facts_until = models.DateField()
    manner = ShortText(max_length=12)
    on = models.DateField()
    at = models.TimeField(null=True)  # by the clock of the agency; None: not known
    words = SealedText(null=True, max_length=2000)
    reason = SealedText(null=True, max_length=2000)
    order = ShortText(max_length=200, blank=True)  # where the order of the court is kept
    told_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ground="consent", consent__isnull=False)
                | ~models.Q(ground="consent") & models.Q(consent__isnull=True),
                name="told_by_a_consent_or_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(facts_until__gte=models.F("facts_since")), name="told_days_are_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["about", "episode"], name="told_by_person"),
            models.Index(fields=["organization", "-created_at"], name="told_by_agency"),
        ]

    def audit_subjects(self) -> set[tuple[str, object]]:
        return {("person", self.about_id), ("episode", self.episode)}


class AuditEntry(models.Model):
    """One action, read or refusal: ids only, authenticated by a code whose key is kept outside the database."""

    CLASSES = dict.fromkeys(
        (
            *("seq", "id", "at", "actor", "person", "role", "organization", "verb", "outcome"),
            *("about_kind", "about", "purpose", "parts", "changes", "code"),
        ),
        PROFESSIONAL,
    )
    TRACKED = False  # it is the trail

    class Outcome(models.TextChoices):
        DONE = "done"
        READ = "read"
        REFUSED = "refused"

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    actor = ShortText(max_length=80)
    person = models.UUIDField(null=True)
    role = ShortText(max_length=40, blank=True)
    organization = models.UUIDField(null=True)
    verb = ShortText(max_length=60)
    outcome = ShortText(max_length=8, choices=Outcome.choices)
    about_kind = ShortText(max_length=60, blank=True)
    about = ShortText(max_length=40, blank=True)
    purpose = ShortText(max_length=60, blank=True)
    parts = ShortText(max_length=400, blank=True)  # the verbs of the lower rooms that this action called
    changes = models.PositiveIntegerField(default=0)  # rows that changed in its name; the code covers which
    code = ShortText(max_length=64)


class AuditSubject(models.Model):
    """A person, dyad or episode that an entry concerns: what `who looked` reads."""

    CLASSES = dict.fromkeys(("id", "entry", "kind", "ref"), PROFESSIONAL)
    TRACKED = False

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="subjects")
    kind = ShortText(max_length=12)
    ref = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["kind", "ref", "entry"], name="audit_by_subject")]


class RowChange(models.Model):
    """Written by the database's own triggers: which row changed, how, and in which act."""

    CLASSES = dict.fromkeys(("id", "act", "table_name", "row_id", "operation"), PROFESSIONAL)
    TRACKED = False

    act = ShortText(max_length=60)
    table_name = ShortText(max_length=63)
    row_id = ShortText(max_length=80)
    operation = ShortText(max_length=1)

    class Meta:
        indexes = [models.Index(fields=["act"], name="change_by_act")]


class AuditBlock(models.Model):
    """A sealed stretch of the trail, chained to the one before it."""

    CLASSES = dict.fromkeys(
        (
            *("number", "first_seq", "last_seq", "entries", "last_change", "changes"),
            *("gapless", "digest", "previous", "code", "sealed_at"),
        ),
        PROFESSIONAL,
    )
    TRACKED = False

    number = models.BigIntegerField(primary_key=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    entries = models.BigIntegerField()
    last_change = models.BigIntegerField()
    changes = models.BigIntegerField()
    gapless = models.BooleanField()  # sealed where numbers leave no gap (SQLite), so that a gap is a removed entry
    digest = ShortText(max_length=64)
    previous = ShortText(max_length=64, blank=True)
    code = ShortText(max_length=64)
    sealed_at = models.DateTimeField()


class InstallationMark(models.Model):
    """What this database says of itself: whether it is a demonstration, and which installation it belongs to."""

    CLASSES = dict.fromkeys(("id", "is_demo", "told_at", "profile", "begun_at"), PUBLIC)
    TRACKED = True

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)  # a demonstration that tells a story: the moment at which it begins
    profile = ShortText(max_length=12)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_mark"),
            models.CheckConstraint(
                condition=models.Q(is_demo=True) | models.Q(told_at__isnull=True), name="told_as_demonstration"
            ),
        ]
