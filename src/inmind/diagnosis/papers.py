"""A formulation on paper, in the reader's language: the report for the record, and the summary for the family.

Strengths stand first in both. What a paper leaves out stands on its face; where a second signature is awaited, or where a
version is not as it was signed, each page says so. The manual's criteria are in neither: they are its publisher's. A
caregiver's screen is in neither, for no formulation holds one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.diagnosis import pictures
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.course import Rated
from inmind.diagnosis.formulation import (
    Axis,
    Certainty,
    Diagnosis,
    Environment,
    Formulation,
    Relationship,
)
from inmind.diagnosis.manual import Dimension, Manual
from inmind.diagnosis.words import AXES, CERTAINTIES, RATINGS, SOURCES
from inmind.documents.paper import Paper, Part, Table
from inmind.foundation import clock, reviews
from inmind.foundation.values import N_, Age

# In words of ours, at grade six, for the family's paper; a network's own domain or rating keeps the manual's name.
PLAIN_DOMAINS: dict[str, str] = {
    "emotional": N_("Feelings"),
    "social-relational": N_("Being with others"),
    "language-social-communication": N_("Talking and understanding"),
    "cognitive": N_("Thinking and learning"),
    "movement-physical": N_("Moving"),
}
PLAIN_RATINGS: dict[str, str] = {
    "exceeds": N_("does more than most children of this age"),
    "age-appropriate": N_("does what most children of this age do"),
    "inconsistent-or-emerging": N_("on the way: sometimes it is there, sometimes not yet"),
    "not-meeting": N_("needs more time and more of our help"),
}
ALWAYS_OUT: tuple[str, ...] = (
    N_("the criteria of the manual"),
    N_("codes for claims"),
    N_("screens of anybody"),
    N_("drafts"),
)
AXIS_TWO = N_("Axis II: how relationships were rated")
NAMELESS = N_("a caregiver, not named here")
UNREVIEWED = N_("The Spanish words on this paper have not yet been reviewed by a named person.")
NAMES_AS_THEY_ARE = N_("The names of DC:0-5 stand in English, as the manual gives them.")
AS_WRITTEN = N_("Words of whoever formulated or signed stand as they were written, also where they name somebody.")
NOT_FOR_COURT = N_(
    "For the agency’s own record. It is no release for a court, and no evidence about anybody named in it."
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who stands behind a version. second: who was asked to sign, too; second_at: None while that is awaited."""

    by: str
    credentials: str
    at: datetime
    second: str = ""
    second_at: datetime | None = None
    second_said: str = ""

    @property
    def waits(self) -> bool:
        return bool(self.second) and self.second_at is None


@dataclass(frozen=True, slots=True)
class Version:
    """A signed version as a paper reads it. names: whom its ids mean; zone: of the agency's clock; phone: its number;
    is_as_signed: whether its mark still holds; later: the newest version and when it was signed, where that is another one."""

    child: str
    agency: str
    phone: str
    zone: str
    number: int
    whole: Formulation
    signed: Signed
    names: Mapping[UUID, str]
    mark: str = ""
    is_as_signed: bool = True
    why_new: str = ""
    later: tuple[int, datetime] | None = None
    born_now: date | None = None  # by the record, where it may say something else since

    @property
    def later_said(self) -> str:
        if self.later is None:
            return ""
        number, at = self.later
        facts = {"number": number, "day": clock.day(at.astimezone(ZoneInfo(self.zone)).date())}
        return _("A later version stands: version %(number)s, signed on %(day)s.") % facts

    @property
    def age(self) -> Age:
        return Age.between(self.whole.born, self.whole.assessed_on)

    def name(self, one: UUID | None) -> str:
        return self.names.get(one, _("somebody who is not kept here any more")) if one is not None else ""


NOT_AS_SIGNED = N_("Not as it was signed. Something in it was changed afterwards. Do not use it.")
ASK_FIRST = N_("Something that we kept for this paper is not as it was signed. Ask us before you use it.")


def waits_said(signed: Signed) -> str:
    return _("Waits for the second signature, of %(who)s. It is not final.") % {"who": signed.second}


# The report


def report(of: Version, *, relationships: bool, printed: date, by: str) -> Paper:
    """The report for the record. relationships: with Axis II, which whoever calls has asked for."""
    facts = list(_face(of, relationships=relationships))
    facts.append((_("Printed on"), f"{clock.day(printed)}, {by}"))
    footer = _("For the record. Keep it as you would keep the family’s trust.")
    said = (of.later_said, waits_said(of.signed) if of.signed.waits else "", footer)
    return Paper(
        title=_("Formulation by DC:0-5"),
        language=_language(),
        facts=tuple(facts),
        parts=tuple(report_parts(of, relationships=relationships)),
        footer=" ".join((*_warnings(of, NOT_AS_SIGNED), *filter(None, said))),
        brackets=_("What could not be printed stands in brackets."),
    )


def _warnings(of: Version, altered: str) -> Iterator[str]:
    if not of.is_as_signed:
        yield _(altered)


def left_out(*, relationships: bool) -> list[str]:
    """What the report leaves out, whether or not anything of it is kept."""
    return [_(one) for one in (*(() if relationships else (AXIS_TWO,)), *ALWAYS_OUT)]


def _face(of: Version, *, relationships: bool) -> Iterator[tuple[str, str]]:
    whole, signed, edition = of.whole, of.signed, manual().editions.get(of.whole.edition)
    for words in _warnings(of, NOT_AS_SIGNED):
        yield _("Take care"), words
    yield _("Child"), _("%(name)s, born on %(day)s") % {"name": of.child, "day": clock.day(whole.born)}
    if of.born_now is not None and of.born_now != whole.born:
        words = _("The record now says %(now)s. Ages stand here as they were signed.")
        yield _("Signed with another date of birth"), words % {"now": clock.day(of.born_now)}
    yield _("Agency"), of.agency
    yield _("Version"), ". ".join(filter(None, (str(of.number), of.later_said)))
    yield _("By"), edition.name if edition else whole.edition
    yield (
        _("Assessed on"),
        _("%(day)s, at %(months)s months")
        % {
            "day": clock.day(whole.assessed_on),
            "months": of.age.months,
        },
    )
    yield _("Signed by"), f"{signed.by}, {signed.credentials}, {clock.local(signed.at, of.zone)}"
    if signed.waits:
        yield _("Second signature"), waits_said(signed)
    elif signed.second_at is not None:
        yield _("Second signature"), f"{signed.second}, {clock.local(signed.second_at, of.zone)}"
        if signed.second_said.strip():
            yield _("Written beside it"), signed.second_said
    if of.why_new:
        yield _("Why a new version"), of.why_new
    yield _("What for"), _(NOT_FOR_COURT)
    yield _("Left out, whether or not anything of it is kept"), "; ".join(left_out(relationships=relationships))
    if not relationships:
        yield _("How to read this"), _(AS_WRITTEN)
    yield from _in_another_language("work", names=True)
    if of.mark and of.is_as_signed:
        yield _("Mark of what was signed"), of.mark


def _in_another_language(section: str, *, names: bool) -> Iterator[tuple[str, str]]:
    """What a paper says of its own language: that nobody has read its words by name, and that the manual's names are not in it."""
    language = _language()
    if reviews.is_source(language):
        return
    said = [_(UNREVIEWED)] if reviews.of(language, section) is None else []
    if said := [*said, *([_(NAMES_AS_THEY_ARE)] if names else [])]:
        yield _("About its language"), " ".join(said)


def report_parts(of: Version, *, relationships: bool) -> Iterator[Part]:
    """Its parts, strengths first; an axis without anything says so."""
    book, whole = manual(), of.whole
    yield Part(_("Strengths"), tuple(_strengths(whole)) or (_("None is written down."),))
    yield _axis_one(book, of, named=relationships)
    if relationships:
        yield from _axis_two(book, of)
    health = tuple(health_said(whole))
    yield Part(_(AXES[Axis.THREE]), () if health else (_("Nothing is written down."),), items=health)
    rows = tuple(pictures.stressor_rows(book, whole.stressors, of.age.months))
    table = Table(pictures.stressor_columns(), rows, (5, 2, 3, 3)) if rows else None
    drawing = pictures.life_line_drawn(book, whole.stressors, of.age.months)
    yield Part(_(AXES[Axis.FOUR]), () if rows else (_("Nothing is written down."),), table=table, drawing=drawing)
    yield _axis_five(book, of)
    culture = [
        (_("As the family says it: %(words)s"), whole.culture.family),
        (_("The clinician’s own position: %(words)s"), whole.culture.own_position),
    ]
    said = tuple(words % {"words": typed} for words, typed in culture if typed.strip())
    yield Part(_("Culture"), said or (_("Nothing is written down."),))


def _strengths(whole: Formulation) -> Iterator[str]:
    beside = [(axis, words) for axis, words in whole.beside.items() if axis is not Axis.TWO]
    beside.append((Axis.FIVE, whole.competence.strengths))
    if whole.strengths.strip():
        yield whole.strengths
    for axis, words in beside:
        if words.strip():
            yield _("Beside Axis %(axis)s: %(words)s") % {"axis": axis.value, "words": words}


def _axis_one(book: Manual, of: Version, *, named: bool) -> Part:
    rows = tuple(
        (_diagnosis(book, of, one, named=named), _(CERTAINTIES[one.certainty]), _reasons(one))
        for one in of.whole.diagnoses
    )
    none = (_("None of Axis I is given."),) if of.whole.no_diagnosis else ()
    columns = (_("Diagnosis"), _("How sure"), _("What speaks for or against it"))
    return Part(_(AXES[Axis.ONE]), none, table=Table(columns, rows, (4, 2, 6)) if rows else None)


def _diagnosis(book: Manual, of: Version, one: Diagnosis, *, named: bool) -> str:
    name = diagnosis_name(book, one)
    if one.caregiver is None:
        return name
    return _("%(name)s, with %(who)s") % {"name": name, "who": of.name(one.caregiver) if named else _(NAMELESS)}


def diagnosis_name(book: Manual, one: Diagnosis) -> str:
    found = book.disorders.get(one.disorder)
    return found.name if found else one.disorder


def _reasons(one: Diagnosis) -> str:
    """Without Axis II's name in a diagnosis about a relationship, its reasons would say it again; who prints it reads them."""
    over = _("Given outside the limits of age: %(why)s") % {"why": one.over_age} if one.over_age.strip() else ""
    return " ".join(filter(None, (one.reasons, over)))


def _axis_two(book: Manual, of: Version) -> Iterator[Part]:
    """Part A for each caregiver, part B for each environment; each with its strengths first."""
    how = _("Levels are bands of unequal width. None is added to another or averaged, and no diagnosis rests on them.")
    parts = [
        *(
            _rated(
                book,
                _("Axis II, with %(who)s") % {"who": of.name(one.caregiver)},
                book.caregiving,
                one,
                _("What the child brings into it: %(words)s") % {"words": one.contributions}
                if one.contributions.strip()
                else "",
            )
            for one in of.whole.relationships
        ),
        *(
            _rated(
                book,
                _("Axis II, caregiving environment: %(name)s") % {"name": one.name},
                book.environment,
                one,
                _("Who cares there: %(who)s") % {"who": ", ".join(sorted(of.name(each) for each in one.caregivers))},
            )
            for one in of.whole.environments
        ),
    ]
    yield Part(_(AXES[Axis.TWO]), (how,) if parts else (_("Nothing is written down."),))
    yield from parts


def _rated(
    book: Manual,
    heading: str,
    dimensions: Iterable[Dimension],
    one: Relationship | Environment,
    beside: str,
) -> Part:
    level = (
        _("Level: not rated")
        if one.level is None
        else _("Level %(level)s of %(all)s") % {"level": one.level, "all": book.levels.value}
    )
    rows = tuple(
        (each.name, _(RATINGS[rating]) if rating is not None else _("does not apply"))
        for each in dimensions
        if each.key in one.dimensions
        for rating in [one.dimensions[each.key]]
    )
    table = Table((_("Dimension"), _("Rating")), rows, (5, 2)) if rows else None
    strengths = _("Strengths: %(words)s") % {"words": one.strengths} if one.strengths.strip() else ""
    return Part(heading, tuple(filter(None, (strengths, level, beside, one.words))), table=table)


def health_said(whole: Formulation) -> Iterator[str]:
    for one in whole.health:
        since = _("since month %(n)s") % {"n": one.since_month} if one.since_month is not None else ""
        yield ", ".join(filter(None, (one.what, since, _(SOURCES[one.source]) if one.source else "")))


def _axis_five(book: Manual, of: Version) -> Part:
    whole = of.whole
    names = {one.key: one.name for one in book.ratings}
    rows = tuple(
        (one.name, names.get(whole.competence.ratings.get(one.key, ""), _("not rated"))) for one in book.domains
    )
    table = Table((_("Domain"), _("Rating")), rows, (3, 5))
    impression = (whole.competence.impression,) if whole.competence.impression.strip() else ()
    drawing = pictures.competence_drawn(book, Rated(of.number, whole.assessed_on, whole.competence.ratings))
    return Part(_(AXES[Axis.FIVE]), impression, table=table, drawing=drawing)


# The summary for the family


@dataclass(frozen=True, slots=True)
class Plain:
    """What whoever formulated wrote for the family."""

    strengths: str
    understood: str
    next_steps: str


def summary(of: Version, plain: Plain, *, names_diagnoses: bool) -> Paper:
    """To go through with the family: strengths first, no code, no criterion, nothing about another adult."""
    facts = [
        (_("For the family of"), of.child),
        (_("From"), of.agency),
        (_("As we saw it on"), clock.day(of.whole.assessed_on)),
    ]
    notes = [
        *_warnings(of, ASK_FIRST),
        *([_(STILL_READ)] if of.signed.waits else []),
        *([_looked_again(of)] if of.later else []),
    ]
    facts += [(_("Good to know"), words) for words in notes]
    facts += _in_another_language("public", names=names_diagnoses)
    footer = _("This paper is yours. You may show it to whom you like, or to nobody.")
    return Paper(
        title=_("What we understood together"),
        language=_language(),
        facts=tuple(facts),
        parts=tuple(summary_parts(of, plain, names_diagnoses=names_diagnoses)),
        footer=" ".join([*notes, footer]),
        brackets=_("What could not be printed stands in brackets."),
    )


STILL_READ = N_("A second person of our team still reads this. It may change.")


def _looked_again(of: Version) -> str:
    assert of.later is not None
    day = clock.day(of.later[1].astimezone(ZoneInfo(of.zone)).date())
    return _("We looked again since, and wrote that down on %(day)s. Ask us for the newer paper.") % {"day": day}


def summary_parts(of: Version, plain: Plain, *, names_diagnoses: bool) -> Iterator[Part]:
    yield Part(_("What is going well"), tuple(paragraphs(plain.strengths)))
    yield Part(_("How your child grows"), items=tuple(_grows(manual(), of.whole)))
    yield Part(_("What we understood together"), tuple(paragraphs(plain.understood)))
    if names_diagnoses and (said := tuple(_called(of))):
        yield Part(
            _("What we call it"), (_("A name helps to find the right help. It is not who your child is."),), said
        )
    yield Part(_("What comes next"), tuple(paragraphs(plain.next_steps)))
    who = _("Ask %(who)s at %(agency)s.") % {"who": of.signed.by, "agency": of.agency}
    yield Part(_("Do you see it another way?"), (_("Tell us. You know your child best."), f"{who} {of.phone}".strip()))


def _grows(book: Manual, whole: Formulation) -> Iterator[str]:
    """Each domain that was rated, what goes well first."""
    order = {one.key: place for place, one in enumerate(book.ratings)}
    names = {one.key: one.name for one in book.ratings}
    rated = [(one, rating) for one in book.domains if (rating := whole.competence.ratings.get(one.key)) in order]
    for domain, rating in sorted(rated, key=lambda pair: order[pair[1] or ""]):
        yield f"{plainly(PLAIN_DOMAINS, domain.key, domain.name)}: {plainly(PLAIN_RATINGS, rating or '', names[rating or ''])}"


def plainly(words: Mapping[str, str], key: str, name: str) -> str:
    return _(words[key]) if key in words else name


GIVEN: dict[Certainty, str] = {
    Certainty.WORKING: N_("%(name)s. We are not sure yet, and look again."),
    Certainty.CONFIRMED: N_("%(name)s. We are sure of it."),
}


def _called(of: Version) -> Iterator[str]:
    """The names of the child's own diagnoses that are given; one about a relationship is talked about with that adult."""
    for one in childs_own(of.whole.diagnoses):
        if one.certainty in GIVEN:
            yield _(GIVEN[one.certainty]) % {"name": diagnosis_name(manual(), one)}


def childs_own(diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
    """Without those that are about a relationship, and so about an adult."""
    book = manual().disorders
    return [
        one
        for one in diagnoses
        if one.caregiver is None and not (one.disorder in book and book[one.disorder].of_a_relationship)
    ]


def paragraphs(words: str) -> list[str]:
    return [one.strip() for one in words.splitlines() if one.strip()]


def _language() -> str:
    return (get_language() or "en")[:2]
