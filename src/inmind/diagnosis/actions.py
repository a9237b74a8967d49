"""The changes of an assessment, its draft and its signed versions. What was signed is never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.diagnosis import ages, merged_queries, queries, signing, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.errors import DraftChanged, NotBornYet, NotWhole, SignedAlready
from inmind.diagnosis.formulation import Certainty, Diagnosis, Part
from inmind.diagnosis.formulation import Formulation as Whole
from inmind.diagnosis.models import (
    AssessedVisit,
    Assessment,
    DraftEnvironment,
    DraftPart,
    DraftRelationship,
    Formulation,
    Given,
    SignedEnvironment,
    SignedRelationship,
    SigningRule,
)
from inmind.families.models import Episode, Visit
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.models import in_force
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Organization, Person
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

COSIGN, AGAIN, ASK_ANEW = "diagnosis_cosign", "diagnosis_again", "diagnosis_ask_anew"  # why somebody is asked
LOOK, MANY = "diagnosis.assess_again", 200  # the daily look at who is to be assessed again; so many versions at once
COSIGN_WITHIN_DAYS = 14  # ours
SIGN_FIRST = N_("It closes by itself once the formulation is signed, too.")
MOST_PLACES = 12  # ours: caregiving environments in one draft


# An assessment


@action("diagnosis.open_assessment", on="episode")
def open_assessment(act: Act, *, episode: Episode, question: str = "", payer: str = "") -> Assessment:
    """Begin to get to know a child. Where a version was signed before, the draft begins with what the newest one said that is
    as it was signed.

    Raises NotNow where one is open or the child is not born, NotOfThisAge where the manual does not speak of the child.
    """
    stop_if_erased([episode.dyad.child_id])
    today = act.today(episode.organization.zone)
    ages.age_on(manual(), _born(episode), today)
    if queries.open_assessment(episode.pk) is not None:
        raise NotNow(N_("An assessment of this child is open already."), N_("Go on with that one."))
    last = queries.last_as_signed(episode.pk)
    row = Assessment.objects.create(
        episode=episode,
        opened_on=today,
        **_opening(question, payer),
        after=last.pk if last else None,
        by_id=_person(act),
    )
    if last is not None:
        _begin_from(act, row, last, today)
    return row


def _begin_from(act: Act, row: Assessment, last: Formulation, today: date) -> None:
    """The draft of a new version, with what the last one said."""
    last.episode = row.episode
    here = frozenset(pk for pk, one in queries.caregivers(row.episode, today).items() if one.left is None)
    draft, by = queries.known(writing.begun_from(queries.whole(last, relationships=True), here)), _person(act)
    parts = {
        Part.HEAD: draft.head,
        Part.ONE: draft.one,
        Part.THREE: draft.three,
        Part.FOUR: draft.four,
        Part.FIVE: draft.five,
        Part.CULTURE: draft.culture,
    }
    for part, said in parts.items():
        DraftPart.objects.create(
            assessment=row, part=part.value, content=writing.written(said), by_id=by, taken_over=True
        )
    for old in last.relationships.order_by("created_at", "pk"):
        if old.content is not None:
            DraftRelationship.objects.create(
                assessment=row, caregiver_id=old.caregiver_id, content=old.content, by_id=by, taken_over=True
            )
    for number, place in enumerate(draft.environments, 1):
        content = writing.written(place)
        DraftEnvironment.objects.create(assessment=row, number=number, content=content, by_id=by, taken_over=True)


def _opening(question: str, payer: str) -> dict[str, str | None]:
    return {
        "question": text.checked(question.strip(), 2000, field="question") or None,
        "payer": text.checked_line(payer.strip(), 80, field="payer"),
    }


@action("diagnosis.change_assessment", on="assessment")
def change_assessment(act: Act, *, assessment: Assessment, question: str, payer: str, seen: int) -> Assessment:
    """Say anew what is to be understood, and who pays for the visits. seen: the version that was read, else Stale."""
    _check_open(assessment)
    stop_if_erased([assessment.episode.dyad.child_id])
    if assessment.version != seen:
        raise Stale(assessment)
    for name, value in _opening(question, payer).items():
        setattr(assessment, name, value)
    assessment.save()
    return assessment


@action("diagnosis.close_assessment", on="assessment")
def close_assessment(act: Act, *, assessment: Assessment) -> Assessment:
    """End an assessment without a signed version; what was written stays readable."""
    _check_open(assessment)
    assessment.closed_on = max(act.today(assessment.episode.organization.zone), assessment.opened_on)
    assessment.save()
    return assessment


@action("diagnosis.count_visit", on="assessment")
def count_visit(act: Act, *, assessment: Assessment, visit: Visit, counts: bool = True) -> Assessment:
    """Count a visit of the family into its assessment, or no more. The visit itself stands as it is."""
    _check_open(assessment)
    if visit.episode_id != assessment.episode_id:
        raise BadInput(
            N_("This visit was to another family."), N_("Choose one of this family’s visits."), field="visit"
        )
    there = AssessedVisit.objects.filter(visit=visit).first()
    if counts and there is None:
        AssessedVisit.objects.create(assessment=assessment, visit=visit)
    elif counts and there is not None and there.assessment_id != assessment.pk:
        raise NotNow(N_("This visit was one of an earlier assessment."), N_("Each visit counts once."))
    elif not counts and there is not None and there.assessment_id == assessment.pk:
        there.delete()
    return assessment


# Its draft


@action("diagnosis.keep_draft", on="assessment")
def keep_draft(act: Act, *, assessment: Assessment, part: Part, content: str, seen: int) -> DraftPart:
    """Keep a part of the draft as it is typed. seen: the version that was read, 0 where nothing stood there.

    Raises Stale where somebody saved it since, NotOfThisAge for a day on which the manual does not speak of the child.
    """
    _check_open(assessment)
    stop_if_erased([assessment.episode.dyad.child_id])
    _check_part(act, assessment, part, content)
    row = assessment.parts.filter(part=part.value).first()
    row = row or DraftPart(assessment=assessment, part=part.value, version=0)
    return _kept(act, row, content, seen)


@action("diagnosis.rate_relationships", on="assessment")
def rate_relationships(
    act: Act,
    *,
    assessment: Assessment,
    content: str,
    seen: int,
    caregiver: Person | None = None,
    environment: int | None = None,
) -> DraftRelationship | DraftEnvironment:
    """Keep Axis II of the draft as it is typed: part A of one caregiver, or part B of one environment by its number."""
    _check_open(assessment)
    if caregiver is not None:
        stop_if_erased([assessment.episode.dyad.child_id, caregiver.pk])
        _check_caregivers(act, assessment, {caregiver.pk, writing.relationship(content, caregiver.pk).caregiver})
        found: Any = assessment.relationships.filter(caregiver=caregiver).first()
        found = found or DraftRelationship(assessment=assessment, caregiver=caregiver, version=0)
        return _kept(act, found, content, seen)
    if environment is None or not 1 <= environment <= MOST_PLACES:
        raise BadInput(N_("There is no such caregiving environment."), N_("Go back to the assessment."), field="name")
    stop_if_erased([assessment.episode.dyad.child_id])
    there = writing.environment(content).caregivers
    _check_caregivers(act, assessment, there)
    act.subjects |= {("person", one) for one in there}
    found = assessment.environments.filter(number=environment).first()
    found = found or DraftEnvironment(assessment=assessment, number=environment, version=0)
    return _kept(act, found, content, seen)


@action("diagnosis.take_rating", on="assessment")
def take_rating(act: Act, *, assessment: Assessment, caregiver: Person, other: UUID, seen: int) -> DraftRelationship:
    """Let that rating count which was written under another record of this adult, before the two were put together. The one
    that counted until now stays readable in its place. seen: the version of the one that was read, else Stale."""
    _check_open(assessment)
    stop_if_erased([assessment.episode.dyad.child_id, caregiver.pk])
    rows = queries.parts_of(assessment)
    there = {row.pk: (row, said) for row, said in merged_queries.beside(rows, caregiver.pk)}
    mine = rows.get(f"with:{caregiver.pk}")
    if other not in there or not isinstance(mine, DraftRelationship):
        raise NotNow(N_("There is no other rating of this relationship any more."), N_("Go back to the assessment."))
    if mine.version != seen:
        raise Stale(mine)
    row, theirs = there[other]
    own = writing.relationship(queries.as_now(mine.content), caregiver.pk)
    mine.by, row.by = row.by, mine.by
    mine.content = writing.written(replace(theirs, caregiver=mine.caregiver_id))
    row.content = writing.written(replace(own, caregiver=row.caregiver_id))
    for one in (mine, row):
        one.save()
        act.concerns(one)
    return mine


def _kept(act: Act, row: Any, content: str, seen: int) -> Any:
    """Save over the version that was read. A row that is new has version 0 until it is kept."""
    if row.version != seen:
        raise Stale(row)
    if row._state.adding:
        row.version = 1
    elif row.content == content and not row.taken_over:
        return row
    row.content, row.by_id, row.taken_over = content, _person(act), False
    row.save()
    return row


def _check_part(act: Act, assessment: Assessment, part: Part, content: str) -> None:
    """Raises BadInput for what cannot be read, and for what no draft can hold."""
    match part:
        case Part.HEAD:
            head, today = writing.head(content), act.today(assessment.episode.organization.zone)
            if head.assessed_on is not None:
                _check_day(assessment, head.assessed_on, today)
            _check_caregivers(act, assessment, head.primary)
        case Part.ONE:
            named = writing.one(content).diagnoses
            for one in named:
                manual().disorder(one.disorder)
            _check_caregivers(act, assessment, {one.caregiver for one in named if one.caregiver is not None})
        case Part.THREE:
            writing.three(content)
        case Part.FOUR:
            writing.four(content)
        case Part.FIVE:
            writing.five(content)
        case Part.CULTURE:
            writing.culture(content)


def _check_day(assessment: Assessment, on: date, today: date) -> None:
    if on > today:
        raise BadInput(
            N_("This day lies in the future."),
            N_("It is the day on which the child was assessed."),
            field="assessed_on",
        )
    last = queries.last_signed(assessment.episode_id)
    if last is not None and on < last.assessed_on:
        raise BadInput(
            N_("This day lies before the assessment of the last version, on %(after)s."),
            N_("A new version is of a later day, or of the same one."),
            N_("Look at the day."),
            field="assessed_on",
            facts={"after": last.assessed_on},
        )
    try:
        ages.age_on(manual(), _born(assessment.episode), on)
    except ages.NotOfThisAge as refusal:
        refusal.field = "assessed_on"
        raise


def _check_caregivers(act: Act, assessment: Assessment, named: Collection[UUID]) -> None:
    """Raises BadInput for somebody who never cared for this child on this side of the family, NotNow for who was erased."""
    stop_if_erased(named)
    known = queries.caregivers(assessment.episode, act.today(assessment.episode.organization.zone))
    if not set(named) <= known.keys():
        raise BadInput(
            N_("Somebody named here does not care for this child, and never did."),
            N_("Choose from the adults of this family."),
            N_("Add them on the family’s page first."),
            field="caregiver",
        )


# Signing


@action("diagnosis.sign", on="assessment")
def sign(
    act: Act,
    *,
    assessment: Assessment,
    seen: Mapping[str, int],
    signed_as: str,
    why_new: str = "",
    cosigner: Person | None = None,
) -> Formulation:
    """Sign the draft as it was read; the assessment ends with it.

    seen: the versions of its parts, by name (`queries.parts_of`). Raises DraftChanged where one was saved since, NotWhole
    where something is missing, NotOfThisAge where the manual does not speak of the child on the day of the assessment.
    """
    _check_open(assessment)
    episode = assessment.episode
    stop_if_erased([episode.dyad.child_id])
    today = act.today(episode.organization.zone)
    rows = queries.parts_of(assessment)
    if parts := signing.changed(seen, {name: row.version for name, row in rows.items()}):
        raise DraftChanged(parts)
    draft, born = queries.draft_of(rows), _born(episode)
    stop_if_erased(writing.named(draft))
    last = queries.last_signed(episode.pk)
    if signing.lacking(manual(), draft, born, today, last.assessed_on if last else None):
        raise NotWhole
    whole = writing.formulation(draft, born, today)
    row = Formulation(
        episode=episode,
        assessment=assessment,
        number=last.number + 1 if last else 1,
        edition=whole.edition,
        assessed_on=whole.assessed_on,
        content=writing.signed(whole),
        why_new=_why_new(why_new, last),
        signed_by_id=_person(act),
        signer=_person(act),
        signed_as=_said(signed_as, 120, "signed_as", N_("Write your credentials as you sign with them.")),
        signed_at=act.now,
        cosigner=chosen_cosigner(episode, cosigner, act.actor.person),
    )
    _sign(act, row, whole)
    assessment.closed_on = max(today, assessment.opened_on)
    assessment.save()
    _follow(act, row, whole, today)
    return row


def _why_new(said: str, last: Formulation | None) -> str | None:
    if last is None:
        return None
    return _said(said, 2000, "why_new", N_("Say in a sentence what made a new version needed."))


def _said(words: str, longest: int, field: str, expected: str) -> str:
    if not text.tokens(words):
        raise BadInput(N_("Something is missing here."), expected, field=field)
    check = text.checked_line if longest <= 120 else text.checked
    return check(words.strip(), longest, field=field)


def chosen_cosigner(episode: Episode, cosigner: Person | None, signer: UUID | None) -> Person | None:
    """Who is asked to sign, too. Raises BadInput for somebody who cannot be, and for nobody where the agency asks for it."""
    if cosigner is None:
        if queries.rule_of(episode.organization).needs_cosigner:
            raise BadInput(
                N_("At this agency a second clinician signs, too."), N_("Choose who is asked."), field="cosigner"
            )
        return None
    if not queries.could_cosign(episode.organization, signer).filter(pk=cosigner.pk).exists():
        raise BadInput(
            N_("This person cannot sign, too."),
            N_("It is another clinician of this agency."),
            N_("Choose one from the list."),
            field="cosigner",
        )
    return cosigner


def _sign(act: Act, row: Formulation, whole: Whole) -> None:
    """Keep a version with all that stands by itself, and its mark over all of it."""
    pieces: list[queries.Piece] = []
    for one in whole.relationships:
        content = writing.written(one)
        pieces.append(
            SignedRelationship(
                formulation=row, caregiver_id=one.caregiver, content=content, mark=queries.piece_mark(content)
            )
        )
    for number, place in enumerate(whole.environments, 1):
        content = writing.written(place)
        pieces.append(
            SignedEnvironment(formulation=row, number=number, content=content, mark=queries.piece_mark(content))
        )
    act.subjects |= {("person", one) for one in writing.rated(whole)}
    row.mark = queries.mark_of(row, pieces)
    row.save()
    for piece in pieces:
        piece.save()
        act.concerns(piece)
    act.parts.append(f"mark {row.mark}")


def _follow(act: Act, row: Formulation, whole: Whole, today: date) -> None:
    """What comes of a signed version: each diagnosis by its label, who looks again by when, and who is asked to sign, too."""
    before = Given.objects.filter(formulation__episode=row.episode).values_list("pk", flat=True)
    tasks.settle(act, _("A later version was signed."), why=AGAIN, about_id__in=list(before))
    for one in whole.diagnoses:
        _given(row, one)
    _ask_again(act, row)
    if row.cosigner is not None:
        ask_to_cosign(act, row, today)


def ask_to_cosign(act: Act, row: Formulation, today: date) -> None:
    """A task and a letter for whoever is asked to sign a version, too."""
    assert row.cosigner is not None
    task = owe(act, row, COSIGN, row, row.cosigner, date.fromordinal(today.toordinal() + COSIGN_WITHIN_DAYS))
    messages.tell(
        act,
        to=row.cosigner,
        template="next_step_waits",
        facts={"task": str(task.pk)},
        about_kind=row._meta.label,
        about_id=row.pk,
    )


def _ask_again(act: Act, row: Formulation) -> None:
    """Whom the newest version asks to assess the child again, by the birth date that is known today: a task where its day is
    near, a later one moved where its day has moved, and none where nothing closes any more."""
    born, today = row.episode.dyad.birth_date, act.today(row.episode.organization.zone)
    if born is None or row.episode.dyad.child.erased_at is not None:
        return
    days = queries.rule_of(row.episode.organization).again_days
    for one in row.given.order_by("pk"):
        there = Task.objects.filter(why=AGAIN, about_id=one.pk, closed_at__isnull=True).select_related("owner").first()
        closes = signing.closes_on(
            manual(), one.disorder, Certainty(one.certainty), born, row.assessed_on, was_asked=there is not None
        )
        due = None if closes is None else signing.due_on(closes, days, today)
        owner = row.signed_by
        if there is not None:
            if due is not None and (
                there.due_at == _end_of(row, due) or (due == today and there.due_at < _end_of(row, due))
            ):
                continue  # it stands by that day, or is late already and stays so
            owner = there.owner
            tasks.settle(act, _("Its last day has moved; it goes on as a task for the new one."), pk=there.pk)
        if due is not None and signing.is_asked(due, today):
            owe(act, row, AGAIN, one, owner, due)


def follow_birth(act: Act, *, dyad: UUID) -> None:
    """The birth date of a child says something else now: who is to assess it again is asked for the new day."""
    for row in _newest(act.today()).filter(episode__dyad=dyad):
        _ask_again(act, row)


@action("jobs.assess_again")
def assess_again(act: Act, *, after: str = "") -> None:
    """Once a day: who is to assess a child again, where that day is near by now.

    after: the id of the version with which the part before ended; each part is a job of its own, so that nobody waits for all.
    """
    there = _newest(act.today()).filter(given__disorder__in=_closing())
    rows = there.filter(episode__dyad__child__erased_at__isnull=True).distinct().order_by("pk")
    some = list((rows.filter(pk__gt=after) if after else rows)[:MANY])
    for row in some:
        _ask_again(act, row)
    if len(some) == MANY:
        act.later(LOOK, {"after": str(some[-1].pk)})


def _closing() -> list[str]:
    return [key for key, one in manual().disorders.items() if one.to_month is not None]


def _newest(on: date) -> QuerySet[Formulation]:
    """The newest version of each episode that goes on."""
    later = Formulation.objects.filter(episode=OuterRef("episode"), number__gt=OuterRef("number"))
    related = ("episode__organization", "episode__dyad__child", "signed_by")
    return Formulation.objects.filter(in_force(on, "episode__"), ~Exists(later)).select_related(*related)


def _given(row: Formulation, one: Diagnosis) -> Given:
    return Given.objects.create(
        formulation=row,
        disorder=one.disorder,
        certainty=one.certainty.value,
        caregiver_id=one.caregiver,
        parent=one.parent.value if one.parent else "",
        kind=one.kind,
    )


def owe(act: Act, row: Formulation, why: str, about: Any, to: Person, by: date) -> Task:
    """A task until the end of a day on the agency's own clock."""
    return tasks.owe(
        act,
        to=to,
        organization=row.episode.organization,
        subject=row.episode.dyad.child,
        why=why,
        about_kind=about._meta.label,
        about_id=about.pk,
        within=_end_of(row, by) - act.now,
    )


def _end_of(row: Formulation, day: date) -> datetime:
    zone = ZoneInfo(row.episode.organization.zone)
    return datetime.combine(date.fromordinal(day.toordinal() + 1), time(0), zone)


@action("diagnosis.cosign", on="formulation")
def cosign(act: Act, *, formulation: Formulation, signed_as: str, words: str = "") -> Formulation:
    """Sign a version, too, as whoever was asked, or as who took that over. What was signed stays as it is.

    Raises NotAsSigned where what stands there is not what was signed.
    """
    if formulation.cosigner_id is None or formulation.cosigned_at is not None:
        raise NotNow(N_("Nobody is asked to sign this version any more."), N_("Who signed stands on its page."))
    if act.actor.person is None or act.actor.person == formulation.signed_by_id:
        raise NotNow(N_("You signed this version yourself."), N_("Another clinician signs it, too."))
    asked = queries.asked_now(formulation)
    if asked is None or asked.pk != act.actor.person:
        raise NotNow(N_("Somebody else is asked to sign this version by now."), N_("You need do nothing more."))
    queries.check_as_signed(formulation)
    formulation.cosigner_id = formulation.second_signer = act.actor.person
    formulation.cosigned_at = act.now
    formulation.cosigned_as = _said(signed_as, 120, "signed_as", N_("Write your credentials as you sign with them."))
    formulation.cosigner_said = text.checked(words.strip(), 2000, field="words") or None
    formulation.second_mark = queries.second_mark_of(formulation, queries.pieces_of(formulation))
    formulation.save()
    act.parts.append(f"mark {formulation.second_mark}")
    about = {"about_kind": formulation._meta.label, "about_id": formulation.pk}
    tasks.settle(act, _("Signed, too."), why__in=(COSIGN, ASK_ANEW), **about)
    return formulation


@action("diagnosis.keep_signing", on="organization")
def keep_signing(
    act: Act, *, organization: Organization, needs_cosigner: bool, again_days: int, seen: int
) -> SigningRule:
    """What the agency asks from now on where a formulation is signed. seen: the version that was read, 0 for none."""
    if not 1 <= again_days <= 180:
        raise BadInput(
            N_("These days cannot be right."), N_("It is between 1 and 180 days before."), field="again_days"
        )
    row = SigningRule.objects.filter(organization=organization).first()
    row = row or SigningRule(organization=organization, version=0)
    if row.version != seen:
        raise Stale(row)
    if row._state.adding:
        row.version = 1
    row.needs_cosigner, row.again_days, row.by_id = needs_cosigner, again_days, act.actor.person
    row.save()
    return row


def _check_open(assessment: Assessment) -> None:
    if assessment.closed_on is not None:
        raise SignedAlready


def _born(episode: Episode) -> date:
    if episode.dyad.birth_date is None:
        raise NotBornYet
    return episode.dyad.birth_date


def _person(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person writes a formulation."))
    return act.actor.person
