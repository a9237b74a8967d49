"""Whether something about one person may be told to somebody outside, by which consent, or what is missing. Pure.

The rule reads what was agreed to and written down; it decides no law. One consent alone permits or nothing does: what two
of them allow together is no consent of its own. A consent names facts of one law only, so that the laws stay apart, and
treatment for substance use always has a consent of its own that names it. What the house does not know for certain decides
nothing: it stands as a question beside the answer (`asks`).

Sources: 42 CFR Part 2, final rule of February 16, 2024 (court proceedings, a consent of its own); HL7 SDOH Clinical Care
(a recipient that HIPAA does not bind).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_, FieldClass, Regime

SELF, MINOR_PARENT, TRIBAL_COURT = "self", "minor_parent", "tribal_court"  # capacities that a rule here names
PART_2_SOURCE = "42 CFR Part 2, final rule of February 16, 2024"
LONG_AGO = timedelta(days=30)  # ours: what was told before that is written down with a reason
EDITION = "1"  # of our own words of what is agreed to, which nobody has reviewed


class Kind(StrEnum):
    """What may be told. A consent lists the kinds it covers; what it does not list, it does not cover."""

    SERVED = "served"
    VISITS = "visits"
    SCREENS = "screens"
    SAID = "said"
    FORMULATIONS = "formulations"
    RELATIONSHIPS = "relationships"
    WHEREABOUTS = "whereabouts"
    EARLY_INTERVENTION = "early_intervention"
    CHILD_WELFARE = "child_welfare"
    TRIBAL = "tribal"
    SUBSTANCE_USE = "substance_use"
    COUNSELLING = "counselling_notes"


@dataclass(frozen=True, slots=True)
class Facts:
    """A kind in words, the class of its facts, and the law they stand under. yours: the words to whom it is about, where
    they are others."""

    words: str
    field: FieldClass
    regime: Regime
    yours: str = ""

    def said(self, *, to_whom_it_is_about: bool) -> str:
        return self.yours if to_whom_it_is_about and self.yours else self.words


KINDS: dict[Kind, Facts] = {
    Kind.SERVED: Facts(
        N_("that they are served here and since when"),
        FieldClass.FAMILY,
        Regime.HIPAA,
        N_("that the agency serves you, and since when"),
    ),
    Kind.VISITS: Facts(N_("the days of visits and appointments"), FieldClass.FAMILY, Regime.HIPAA),
    Kind.SCREENS: Facts(N_("screens and what they showed"), FieldClass.CLINICAL, Regime.HIPAA),
    Kind.SAID: Facts(
        N_("strengths and worries as they were said"),
        FieldClass.CLINICAL,
        Regime.HIPAA,
        N_("what you told us: strengths and worries"),
    ),
    Kind.FORMULATIONS: Facts(
        N_(
            "what was understood of the child by DC:0-5: strengths, the child’s own diagnoses, health, how the child is growing"
        ),
        FieldClass.CLINICAL,
        Regime.HIPAA,
    ),
    Kind.RELATIONSHIPS: Facts(
        N_("how a relationship with the child was rated (DC:0-5, Axis II), and a diagnosis about that relationship"),
        FieldClass.CLINICAL,
        Regime.HIPAA,
        N_(
            "how the relationship between you and the child was rated (DC:0-5, Axis II), and a diagnosis about that relationship"
        ),
    ),
    Kind.WHEREABOUTS: Facts(
        N_("where they live and how they are reached"),
        FieldClass.WHEREABOUTS,
        Regime.HIPAA,
        N_("where you live and how to reach you"),
    ),
    Kind.EARLY_INTERVENTION: Facts(N_("records of early intervention"), FieldClass.CLINICAL, Regime.PART_C),
    Kind.CHILD_WELFARE: Facts(N_("papers of child welfare or of a court"), FieldClass.FAMILY, Regime.CHILD_WELFARE),
    Kind.TRIBAL: Facts(N_("what a tribe keeps"), FieldClass.FAMILY, Regime.TRIBAL),
    Kind.SUBSTANCE_USE: Facts(N_("treatment for substance use"), FieldClass.CLINICAL, Regime.PART_2),
    Kind.COUNSELLING: Facts(
        N_("a counsellor’s own notes of treatment for substance use"), FieldClass.CLINICAL, Regime.PART_2
    ),
}

# Ticked beforehand on no page, also where a consent covers it: whoever makes the paper chooses it.
CHOSEN_ALONE: frozenset[Kind] = frozenset({Kind.RELATIONSHIPS})


def agreed_about(*, about_child: bool) -> tuple[Kind, ...]:
    """The kinds that somebody's consent can cover: a page offers no tick that is always refused (`barred`)."""
    return tuple(kind for kind in KINDS if not (about_child and kind is Kind.RELATIONSHIPS))


class Purpose(StrEnum):
    CARE = "care"
    EARLY_INTERVENTION = "early_intervention"
    SUPPORT = "support"
    PAYMENT = "payment"
    CHILD_WELFARE = "child_welfare"
    COURT = "court"


PURPOSES: dict[Purpose, str] = {
    Purpose.CARE: N_("to arrange or give care"),
    Purpose.EARLY_INTERVENTION: N_("for early intervention or school"),
    Purpose.SUPPORT: N_("to find help such as housing, food or child care"),
    Purpose.PAYMENT: N_("so that services are paid for"),
    Purpose.CHILD_WELFARE: N_("for a child welfare case"),
    Purpose.COURT: N_("for a court"),
}
PROCEEDINGS = frozenset({Purpose.CHILD_WELFARE, Purpose.COURT})


class How(StrEnum):
    """How somebody agreed."""

    PAPER = "paper"
    PHONE = "phone"
    SPOKEN = "spoken"


HOW: dict[How, str] = {
    How.PAPER: N_("signed on paper"),
    How.PHONE: N_("signed on a phone"),
    How.SPOKEN: N_("said aloud"),
}


class Ground(StrEnum):
    """By what something is told: a consent, or what stands in its place."""

    CONSENT = "consent"
    COURT_ORDER = "court_order"
    REQUIRED_BY_LAW = "required_by_law"
    EMERGENCY = "emergency"
    MISTAKE = "mistake"


GROUNDS: dict[Ground, str] = {
    Ground.CONSENT: N_("a consent"),
    Ground.COURT_ORDER: N_("the order of a court"),
    Ground.REQUIRED_BY_LAW: N_("a law requires it"),
    Ground.EMERGENCY: N_("an emergency: somebody may come to harm"),
    Ground.MISTAKE: N_("it was told by mistake, without a consent"),
}


class Manner(StrEnum):
    """How something was told."""

    SPOKEN = "spoken"
    LETTER = "letter"
    COPY = "copy"
    PAGE = "page"  # on a page of this house: opened by a letter's link, a spoken code or in an inbox


MANNERS: dict[Manner, str] = {
    Manner.SPOKEN: N_("spoken"),
    Manner.LETTER: N_("by a letter"),
    Manner.COPY: N_("by a copy"),
    Manner.PAGE: N_("on a page here that they open"),
}


class Back(StrEnum):
    """How somebody took a consent back."""

    SPOKEN = "spoken"
    CALL = "call"
    WRITTEN = "written"
    OWN_PAGE = "own_page"


BACK: dict[Back, str] = {
    Back.SPOKEN: N_("said face to face"),
    Back.CALL: N_("said on the phone"),
    Back.WRITTEN: N_("in writing"),
    Back.OWN_PAGE: N_("on their own page, by a link"),
}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That a consent was taken back: who said so, how, and when. on and at None: now; at None: from the start of that day."""

    said_by: str
    how: Back
    on: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """From a first to a last day, both within; `last` None: whatever comes later, too."""

    first: date
    last: date | None = None

    def hold(self, other: Days) -> bool:
        """Whether every one of the other's days is one of these."""
        return self.first <= other.first and (self.last is None or (other.last is not None and other.last <= self.last))


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who, by what is written down today, may (True), may not (False), or is not known to be able to consent for
    one person. person None: a court or an agency, known by its name. capacity: SELF, or as what for a child."""

    person: UUID | None
    name: str
    capacity: str
    may: bool | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to, about one person and one recipient.

    about_child: whether that person is the child of the family; days: those whose facts it covers; covered: whether HIPAA
    binds the recipient, None where nobody knows; holds from `since` on, not on `until` any more. hearing: the next one, in
    an open court case, whose counsel is noted. of_age: the day on which the person it is about comes of age, where somebody
    else agreed and the day is known.
    """

    about: UUID
    recipient: str
    purpose: Purpose
    kinds: frozenset[Kind]
    days: Days
    given_by: Holder
    since: date
    until: date | None = None
    revoked_at: datetime | None = None
    how: How = How.PAPER
    paper: str = ""
    covered: bool | None = None
    about_child: bool = True
    counsel: str = ""
    hearing: date | None = None
    of_age: date | None = None
    key: UUID | None = None  # of the row, once it is kept

    @property
    def regimes(self) -> frozenset[Regime]:
        """The laws its facts stand under; one, in every consent that was kept."""
        return regimes(self.kinds)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody would tell: about whom, to whom, why, which kinds of facts of which days."""

    about: UUID
    recipient: str
    purpose: Purpose
    kinds: frozenset[Kind]
    days: Days
    about_child: bool = True


class Gap(StrEnum):
    """What is missing. The order is that in which it is said."""

    LAWS = "laws"
    SCREEN = "screen"
    RATED = "rated"
    PROCEEDING = "proceeding"
    NOBODY = "nobody"
    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    PART_2 = "part_2"
    NOTES = "notes"
    KIND = "kind"
    DAYS = "days"
    TRIBE = "tribe"
    NOT_YET = "not_yet"
    OVER = "over"
    HEARING = "hearing"
    WITHDRAWN = "withdrawn"
    OF_AGE = "of_age"
    GIVER = "giver"


SENTENCES: dict[Gap, str] = {
    Gap.LAWS: N_(
        "These facts stand under different laws, and one consent covers one law. Tell them, and write them down, one by one."
    ),
    Gap.SCREEN: N_(
        "A caregiver’s own screens are never told for a court or a child welfare case, but by a court’s order. Ask your "
        "privacy officer."
    ),
    Gap.RATED: N_(
        "How a relationship was rated speaks of an adult. It is told by the consent of that adult, in a file about them, and in "
        "none about the child."
    ),
    Gap.PROCEEDING: N_(
        "Treatment for substance use is told for a court or a child welfare case only by the patient’s consent to that, or "
        "by a court’s order (42 CFR Part 2)."
    ),
    Gap.NOBODY: N_("Nobody’s consent to tell anything about this person is written down here."),
    Gap.RECIPIENT: N_("No consent names %(recipient)s."),
    Gap.PURPOSE: N_("The consent was given %(purpose)s, and not %(asked_purpose)s."),
    Gap.PART_2: N_(
        "Treatment for substance use needs a consent of its own that names it (42 CFR Part 2), and this one does not."
    ),
    Gap.NOTES: N_(
        "A counsellor’s own notes of treatment for substance use need a consent of their own that is for nothing else (42 CFR "
        "Part 2)."
    ),
    Gap.KIND: N_("The consent does not cover: %(kinds)s."),
    Gap.DAYS: N_("The consent does not cover facts of these days."),
    Gap.TRIBE: N_("A tribe decides on what it keeps, and no tribal court has agreed."),
    Gap.NOT_YET: N_("The consent holds only from %(since)s on."),
    Gap.OVER: N_("The consent ended on %(until)s."),
    Gap.HEARING: N_("The consent ended with the hearing of %(hearing)s, and was not renewed."),
    Gap.WITHDRAWN: N_("The consent was withdrawn on %(revoked)s."),
    Gap.OF_AGE: N_("The person it is about came of age on %(of_age)s, and decides alone now."),
    Gap.GIVER: N_(
        "%(giver)s agreed, and today nothing here says that this is still theirs to give: a placement, an order, a paper or an "
        "age has changed."
    ),
}

# What goes with what is told, and what the house cannot know.
NO_LONGER_HIPAA = N_(
    "The one who is told this is not bound by HIPAA: once it is told there, HIPAA no longer protects it."
)
PART_2_NOTICE = N_(
    "Federal law (42 CFR Part 2) protects what is told here about treatment for substance use: nobody who is told it may tell "
    "it on, unless a new consent or that law allows it."
)
TOLD_ON = N_(
    "Whoever is told this may tell it on. Where HIPAA, the federal law on health privacy, does not bind them, it then no longer "
    "protects what they were told."
)
NOT_HERS = N_(
    "The child’s screens are what was asked about the child. What a caregiver answered about herself, such as an EPDS or her "
    "part of a SWYC, is never among them: that needs a consent about her."
)
PART_2_COPY = N_("A copy of the consent and the notice that it may not be told on go with what is told.")
ASK_COVERED = N_(
    "Nobody has asked whether HIPAA binds the one who is told this. Where it does not, it protects it no longer."
)
ASK_SPOKEN = N_("It was agreed to aloud. Whether that is enough here is the state’s law: ask your supervisor.")
ASK_MINOR = N_(
    "It was given by a parent who was a minor. From which age on somebody decides alone is the state’s law, which this house was "
    "not told: ask."
)
ASK_LAW: dict[Regime, str] = {
    Regime.PART_C: N_(
        "Records of early intervention have rules of their own: ask who answers for them at your agency."
    ),
    Regime.CHILD_WELFARE: N_("What may be told of child welfare is the state’s law: ask your supervisor."),
    Regime.TRIBAL: N_("A tribe decides on what it keeps: ask the tribe, also where a tribal court has agreed."),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing. facts: what fills its sentence; a tuple holds words to translate."""

    gap: Gap
    facts: Mapping[str, str | date | tuple[str, ...]]

    @property
    def sentence(self) -> str:
        return SENTENCES[self.gap]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be told. consent: the one that permits it, or that comes nearest; missing: all that stands between the
    two, in order; travels: what goes with what is told; asks: questions that decide nothing."""

    may: bool
    consent: Consent | None = None
    missing: tuple[Missing, ...] = ()
    travels: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.may


class NoConsent(NotNow):
    """It may not be told; `sentences` say exactly what is missing, in the words of whoever raises it."""

    def __init__(self, said: Sequence[str]) -> None:
        self.said = tuple(said)
        super().__init__(self.said[0])

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self.said, N_("Nothing is told without it. Ask whose decision it is, or ask your privacy officer."))


def regimes(kinds: Iterable[Kind]) -> frozenset[Regime]:
    return frozenset(KINDS[kind].regime for kind in kinds)


def may_tell(consents: Iterable[Consent], asked: Asked, holders: Sequence[Holder], now: datetime) -> Answer:
    """Whether one of these consents permits it now. now: by the clock of the agency; holders: who may consent for this person
    today. Of what does not permit, the one that comes nearest says what is missing."""
    if gap := barred(asked, Ground.CONSENT):
        return Answer(may=False, missing=(gap,))
    about = [one for one in consents if one.about == asked.about]
    if not about:
        return Answer(may=False, missing=(Missing(Gap.NOBODY, {}),))
    nearest, missing = min(((one, tuple(_missing(one, asked, holders, now))) for one in about), key=_far)
    if missing:
        return Answer(may=False, consent=nearest, missing=missing)
    return Answer(may=True, consent=nearest, travels=travels(nearest), asks=asks(nearest))


def stands(consent: Consent, holders: Sequence[Holder], now: datetime) -> tuple[Missing, ...]:
    """What is wrong with a consent itself, whatever would be told by it; nothing while it stands."""
    return tuple(_over(consent, holders, now))


def barred(asked: Asked, ground: Ground) -> Missing | None:
    """What this ground never opens, whoever agrees. What was told by mistake is written down whatever it was."""
    if ground is Ground.MISTAKE:
        return None
    if len(regimes(asked.kinds)) > 1:
        return Missing(Gap.LAWS, {})
    if Kind.RELATIONSHIPS in asked.kinds and asked.about_child and ground is Ground.CONSENT:  # decision 33
        return Missing(Gap.RATED, {})
    if asked.purpose not in PROCEEDINGS or ground is Ground.COURT_ORDER:
        return None
    if Kind.SCREENS in asked.kinds and not asked.about_child:  # protect.md 1
        return Missing(Gap.SCREEN, {})
    if Regime.PART_2 in regimes(asked.kinds) and ground is not Ground.CONSENT:
        return Missing(Gap.PROCEEDING, {})
    return None


def travels(consent: Consent) -> tuple[str, ...]:
    found = [PART_2_COPY, PART_2_NOTICE] if Regime.PART_2 in consent.regimes else []
    return tuple(found + ([NO_LONGER_HIPAA] if consent.covered is False else []))


def told_on(consent: Consent) -> tuple[str, ...]:
    """What whoever agrees is told of what becomes of it at the recipient; Part 2's own notice says otherwise."""
    return () if Regime.PART_2 in consent.regimes else (TOLD_ON,)


def limits(kinds: Iterable[Kind], *, about_child: bool) -> tuple[str, ...]:
    """What the words for some kinds could be taken to cover, and do not (`protect.md` 1)."""
    return (NOT_HERS,) if about_child and Kind.SCREENS in kinds else ()


def told_at(on: date, at: time | None, now: datetime) -> datetime:
    """The moment by which a telling is judged, by the clock of the agency. Where its time is not known: now, if it was told
    today, else the end of its day. Raises BadInput for a moment that lies ahead."""
    if on > now.date():
        _no("on", N_("This day lies in the future."), N_("It is written down when it was told."))
    if at is None:
        return now if on == now.date() else datetime.combine(on, time.max, now.tzinfo)
    moment = datetime.combine(on, at, now.tzinfo)
    if moment > now:
        _no("at", N_("This time lies in the future."), N_("It is written down when it was told."))
    return moment


def check_late(on: date, reason: str, today: date) -> None:
    """Raises BadInput for a telling of long ago that is written down without a word on why only now."""
    if on < today - LONG_AGO and not text.tokens(reason):
        _no(
            "reason",
            N_("This was told long ago."),
            N_("Say why it is written down only now. It stays beside what was told."),
        )


def withdrawn_at(consent: Consent, back: Withdrawal, now: datetime) -> datetime:
    """From which moment on nothing is told by it: now, or earlier, when somebody truly said so. Raises BadInput."""
    if not text.tokens(back.said_by):
        _no("said_by", N_("It is not said who took it back."), N_("Name them."))
    if back.on is None and back.at is None:
        return now
    on = back.on or now.date()
    moment = datetime.combine(on, back.at or time.min, now.tzinfo)
    if moment > now:
        _no(
            "on" if on > now.date() else "at",
            N_("It lies in the future."),
            N_("A consent is withdrawn from now on, or from when somebody said so."),
        )
    if on < min(consent.since, now.date()):
        _no(
            "on",
            N_("It was not given yet on this day."),
            N_("It is withdrawn on the day from which it holds, or later."),
        )
    return moment


def asks(consent: Consent) -> tuple[str, ...]:
    found = [ASK_COVERED] if consent.covered is None else []
    found += [ASK_SPOKEN] if consent.how is How.SPOKEN else []
    found += [ASK_MINOR] if consent.given_by.capacity == MINOR_PARENT else []
    return tuple(found + [ASK_LAW[one] for one in sorted(consent.regimes) if one in ASK_LAW])


def _far(one: tuple[Consent, tuple[Missing, ...]]) -> tuple[bool, int, int]:
    """How far a consent is from permitting: another recipient's farthest, then by what is missing; the newest of equals."""
    consent, missing = one
    return any(some.gap is Gap.RECIPIENT for some in missing), len(missing), -consent.since.toordinal()


def _missing(consent: Consent, asked: Asked, holders: Sequence[Holder], now: datetime) -> Iterable[Missing]:
    if text.tokens(consent.recipient) != text.tokens(asked.recipient):
        yield Missing(Gap.RECIPIENT, {"recipient": asked.recipient})
        return  # nothing else that was agreed to with somebody else is said
    if consent.purpose is not asked.purpose:
        purposes = {"purpose": (PURPOSES[consent.purpose],), "asked_purpose": (PURPOSES[asked.purpose],)}
        yield Missing(Gap.PURPOSE, purposes)
    beyond = asked.kinds - consent.kinds
    if Kind.COUNSELLING in asked.kinds and consent.kinds != {Kind.COUNSELLING}:
        yield Missing(Gap.NOTES, {})
    elif Kind.SUBSTANCE_USE in beyond:
        yield Missing(Gap.PART_2, {})
    elif beyond:
        yield Missing(Gap.KIND, {"kinds": tuple(KINDS[kind].words for kind in Kind if kind in beyond)})
    if not consent.days.hold(asked.days):
        yield Missing(Gap.DAYS, {})
    yield from _over(consent, holders, now)


def _over(consent: Consent, holders: Sequence[Holder], now: datetime) -> Iterable[Missing]:
    today = now.date()
    if Kind.TRIBAL in consent.kinds and consent.given_by.capacity != TRIBAL_COURT:
        yield Missing(Gap.TRIBE, {})
    if today < consent.since:
        yield Missing(Gap.NOT_YET, {"since": consent.since})
    if consent.until is not None and consent.until <= today:
        yield Missing(Gap.OVER, {"until": consent.until})
    if consent.hearing is not None and consent.hearing <= today:
        yield Missing(Gap.HEARING, {"hearing": consent.hearing})
    if consent.revoked_at is not None and consent.revoked_at <= now:
        yield Missing(Gap.WITHDRAWN, {"revoked": consent.revoked_at.astimezone(now.tzinfo).date()})
    if consent.given_by.capacity != SELF and consent.of_age is not None and consent.of_age <= today:
        yield Missing(Gap.OF_AGE, {"of_age": consent.of_age})
    if not any(_is_same(consent.given_by, one) and one.may for one in holders):
        yield Missing(Gap.GIVER, {"giver": consent.given_by.name})


def _is_same(giver: Holder, holder: Holder) -> bool:
    """The same somebody in the same capacity: who consents as something else today is asked anew."""
    who = giver.person == holder.person and (giver.person is not None or giver.name == holder.name)
    return who and giver.capacity == holder.capacity


def check(consent: Consent, *, today: date) -> None:
    """Raises BadInput, with its field, for what cannot be agreed to so."""
    asked = Asked(
        consent.about, consent.recipient, consent.purpose, consent.kinds, consent.days, about_child=consent.about_child
    )
    if not text.tokens(consent.recipient):
        _no(
            "recipient",
            N_("It is not said who may be told."),
            N_("Name one: the place, and the person where you know."),
        )
    if not consent.kinds:
        _no("kinds", N_("It is not said what may be told."), N_("Choose at least one."))
    if gap := barred(asked, Ground.CONSENT):
        _no("kinds", gap.sentence, source=PART_2_SOURCE if Regime.PART_2 in consent.regimes else "")
    if Kind.COUNSELLING in consent.kinds and len(consent.kinds) > 1:
        _no("kinds", SENTENCES[Gap.NOTES], N_("Write down two consents, one for each."), source=PART_2_SOURCE)
    if Kind.TRIBAL in consent.kinds and consent.given_by.capacity != TRIBAL_COURT:
        _no("kinds", SENTENCES[Gap.TRIBE], N_("Ask the tribe."))
    if consent.days.last is not None and consent.days.last < consent.days.first:
        _no("facts_until", N_("The end lies before the beginning."), N_("The end comes on the first day or after it."))
    if consent.until is not None and consent.until <= consent.since:
        _no("until", N_("It would end before it begins."), N_("The end comes after the first day."))
    if bool(consent.counsel.strip()) is not (consent.hearing is not None):
        _no(
            "hearing" if consent.counsel.strip() else "counsel",
            N_("In an open court case, counsel and the day of the next hearing are both needed."),
            N_("The consent ends at that hearing unless it is renewed. Ask counsel before anything is signed."),
        )
    if consent.hearing is not None and consent.hearing <= today:
        _no("hearing", N_("This hearing is over."), N_("Ask for the day of the next one."))
    if consent.how is How.PAPER and not consent.paper.strip():
        _no(
            "paper",
            N_("It is not said where the signed paper is."),
            N_("Say where it is kept, so that it can be shown; where nobody knows, say that it is not known."),
        )


def _no(field: str, found: str, expected: str = "", *, source: str = "") -> None:
    raise BadInput(found, expected, field=field, source=source)
