"""A signed version: read strengths first, held to its mark, signed too by whoever was asked, and beside another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.diagnosis import actions, ages, comparing, queries, signing, visits, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.comparing_views import axes_said
from inmind.diagnosis.cosigning_queries import alone_said, cosigning
from inmind.diagnosis.forms import CosignForm, SigningForm, age_notes
from inmind.diagnosis.formulation import Axis, Certainty, Diagnosis, Environment, HealthSource, Relationship
from inmind.diagnosis.formulation import Formulation as Whole
from inmind.diagnosis.models import Formulation
from inmind.diagnosis.words import AXES, CERTAINTIES, PARENTS, RATINGS, SOURCES
from inmind.families import queries as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import form_page, fresh_key
from inmind.foundation.registries import house
from inmind.foundation.values import Age
from inmind.people.models import Organization

SEE, SEE_RATINGS, COSIGN = "diagnosis.see_formulation", "diagnosis.see_relationships", "diagnosis.cosign"
KEEP_RULE = "diagnosis.keep_signing"


@door(SEE, about=Formulation)
def formulation(request: Asked, formulation: UUID) -> HttpResponse:
    """A signed version, strengths first; Axis II for who may read how adults are rated."""
    row = opened(request, SEE, Formulation, formulation, related=(*queries.RELATED, "signed_by", "cosigner"))[0]
    return page(request, row, CosignForm(initial={"key": fresh_key()}))


def page(request: Asked, row: Formulation, form: Any, status: int = 200) -> HttpResponse:
    queries.check_opens(row)
    whole, names = _read(request, row)
    waits = row.cosigner_id is not None and row.cosigned_at is None
    stands = queries.is_as_signed(row)
    others = [one for one in queries.versions(row.episode_id) if one.pk != row.pk]
    others = list(
        policy.visible(request.actor, Formulation.objects.filter(pk__in=[one.pk for one in others]), SEE).order_by(
            "-number"
        )
    )
    may_family = bool(policy.can(request.actor, "families.see", row.episode.dyad))
    context = {
        "row": row,
        "name": row.episode.dyad.called,
        "back": house.pages["families.Episode"](row.episode) if may_family else "",
        "whole": shown(whole, names, queries.today_of(row.episode)),
        "is_as_signed": stands,
        "edition": manual().editions[row.edition].name if row.edition in manual().editions else row.edition,
        "why_new": row.why_new or "",
        "signed_at": row.signed_at,
        "zone": row.episode.organization.zone,
        "waits": waits,
        **cosigning(request, row, waits=waits and stands, form=form),
        "cosigner_said": row.cosigner_said or "",
        "sees_ratings": bool(policy.can(request.actor, SEE_RATINGS, row)),
        "others": [
            {
                "label": _("Beside version %(n)s") % {"n": one.number},
                "url": reverse("formulations_beside", args=[*_in_order(row, one)]),
            }
            for one in others
        ],
        "visits": visits_said(queries.as_visits(queries.counted(row.assessment))),
        "born_otherwise": _born_otherwise(row, whole),
        "again": _again(row, whole) if all(one.number < row.number for one in others) else [],
        "panels": house.drawn("formulation", request, formulation=row),
    }
    return render(request, "diagnosis/formulation.html", context, status=status)


def _in_order(one: Formulation, other: Formulation) -> tuple[UUID, UUID]:
    earlier, later = sorted((one, other), key=lambda each: each.number)
    return earlier.pk, later.pk


def _read(request: Asked, row: Formulation) -> tuple[Whole, dict[UUID, str]]:
    """A version as far as this reader may read it, and the names of those it names. Reading Axis II is audited by itself."""
    verdict = policy.can(request.actor, SEE_RATINGS, row)
    whole = queries.whole(row, relationships=bool(verdict))
    if verdict:
        who = {("person", one) for one in writing.rated(whole)}
        audit.read(request.actor, SEE_RATINGS, verdict, about=row, subjects=who | {("episode", row.episode_id)})
    named = {one.caregiver for one in whole.diagnoses if one.caregiver} | set(whole.primary)
    named |= {one.caregiver for one in whole.relationships}
    named |= {pk for one in whole.environments for pk in one.caregivers}
    people = queries.caregivers(row.episode, queries.today_of(row.episode))
    called = families.called(families.Adult(one.person, one.part, one.key) for one in people.values())
    return whole, {pk: called.get(one.pk, one.name) for pk, one in queries.named(named).items()}


# As a page shows it


def shown(whole: Whole, names: Mapping[UUID, str], today: date) -> dict[str, Any]:
    """A formulation in words, axis by axis, strengths first."""
    known = manual()
    age = Age.between(whole.born, whole.assessed_on) if whole.assessed_on >= whole.born else None
    strengths = [("", whole.strengths)]
    strengths += [(_(AXES[axis]), words) for axis, words in whole.beside.items()]
    strengths += [
        (_("With %(name)s") % {"name": _name(names, one.caregiver)}, one.strengths) for one in whole.relationships
    ]
    strengths += [(one.name, one.strengths) for one in whole.environments]
    strengths += [(_(AXES[Axis.FIVE]), whole.competence.strengths)]
    return {
        "assessed_on": clock.day(whole.assessed_on),
        "months": age.months if age else None,
        "strengths": [{"where": where, "words": words} for where, words in strengths if words.strip()],
        "primary": [_name(names, pk) for pk in sorted(whole.primary)],
        "no_diagnosis": whole.no_diagnosis,
        "diagnoses": [
            {
                "name": known.disorders[one.disorder].name if one.disorder in known.disorders else one.disorder,
                "certainty": _(CERTAINTIES[one.certainty]),
                "is_out": one.certainty is Certainty.RULED_OUT,
                "with": _name(names, one.caregiver) if one.caregiver else "",
                "parent": _(PARENTS[one.parent]) if one.parent else "",
                "kind": one.kind.replace("-", " "),
                "reasons": one.reasons,
                "over_age": one.over_age,
                "ages": _ages(one, age),
                "looked_up": one.looked_up,
            }
            for one in whole.diagnoses
        ],
        "relationships": [rated(one, names) for one in whole.relationships],
        "environments": [rated(one, names) for one in whole.environments],
        "health": [
            {
                "what": one.what,
                "source": _(SOURCES[HealthSource(one.source)]) if one.source else "",
                "since": one.since_month,
            }
            for one in whole.health
        ],
        "stressors": _stressors(whole),
        "competence": {
            "columns": [{"label": _("Domain")}, {"label": _("Rating")}],
            "rows": [
                [domain.name, rating_name(whole.competence.ratings.get(domain.key, ""))] for domain in known.domains
            ],
            "impression": whole.competence.impression,
        },
        "culture": whole.culture,
    }


def _ages(one: Diagnosis, age: Age | None) -> list[tuple[str, str]]:
    """What is known of a diagnosis's ages says about the child's of that day; of one that is ruled out nothing."""
    disorder = manual().disorders.get(one.disorder)
    if disorder is None or age is None or one.certainty is Certainty.RULED_OUT:
        return []
    return age_notes(disorder, ages.fit(disorder, age), manual())


def visits_said(rows: list[visits.Visit]) -> str:
    """How many visits an assessment rests on, in how many places, and their minutes."""
    counted = ngettext("%(n)s visit", "%(n)s visits", len(rows)) % {"n": len(rows)}
    where = len(visits.places(rows))
    places = ngettext("in %(n)s place", "in %(n)s places", where) % {"n": where}
    minutes = visits.minutes(rows)
    lasting = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return f"{counted} {places}, {lasting}" if rows else _("no visit is counted")


def _born_otherwise(row: Formulation, whole: Whole) -> dict[str, Any] | None:
    """The birth date with which a version was signed, where the record says another one by now."""
    now = row.episode.dyad.birth_date
    if now is None or now == whole.born:
        return None
    is_born = now <= whole.assessed_on
    return {
        "signed": clock.day(whole.born),
        "now": clock.day(now),
        "months": Age.between(now, whole.assessed_on).months if is_born else None,
    }


def _again(row: Formulation, whole: Whole) -> list[dict[str, str]]:
    """The diagnoses whose window closes, each with the day by which the child is assessed again, by the birth date of today."""
    born, days = row.episode.dyad.birth_date, queries.rule_of(row.episode.organization).again_days
    found: list[dict[str, str]] = []
    if born is None:
        return found
    for one in whole.diagnoses:
        closes = signing.closes_on(manual(), one.disorder, one.certainty, born, whole.assessed_on)
        if closes is not None:
            day = clock.day(signing.due_on(closes, days, min(closes, whole.assessed_on)))
            found.append({"name": manual().disorders[one.disorder].name, "day": day})
    return found


def _name(names: Mapping[UUID, str], pk: UUID) -> str:
    return names.get(pk, _("somebody whose record is gone"))


def rating_name(key: str) -> str:
    return next((one.name for one in manual().ratings if one.key == key), _("not rated"))


def rated(one: Relationship | Environment, names: Mapping[UUID, str]) -> dict[str, Any]:
    known = manual()
    is_place = isinstance(one, Environment)
    labels = {each.key: each.name for each in (known.environment if is_place else known.caregiving)}
    rows = [
        [labels.get(key, key), _("does not apply here") if rating is None else _(RATINGS[rating])]
        for key, rating in one.dimensions.items()
    ]
    who = ", ".join(_name(names, pk) for pk in sorted(one.caregivers)) if isinstance(one, Environment) else ""
    return {
        "title": one.name if isinstance(one, Environment) else _name(names, one.caregiver),
        "who": who,
        "level": one.level,
        "strengths": one.strengths,
        "words": one.words,
        "contributions": one.contributions if isinstance(one, Relationship) else "",
        "columns": [{"label": _("Dimension")}, {"label": _("Rating")}],
        "rows": rows,
    }


def _stressors(whole: Whole) -> dict[str, Any]:
    called = {one.key: one.name for group in manual().stressors for one in group.stressors}
    rows = []
    for one in whole.stressors:
        name = called.get(one.key, one.key)
        month = _("not known") if one.from_month is None else str(one.from_month)
        until = (
            _("still going on") if one.goes_on else _("not known") if one.until_month is None else str(one.until_month)
        )
        words = " – ".join(filter(None, (name, one.words)))
        rows.append([words, month, until, one.severity or _("not said")])
    columns = [_("Stressor"), _("From month of age"), _("Until month of age"), _("How heavy")]
    return {"columns": [{"label": label} for label in columns], "rows": rows}


# Signed too


@door(COSIGN, about=Formulation)
def cosign(request: Asked, formulation: UUID) -> HttpResponse:
    """Sign a version, too."""
    related = (*queries.RELATED, "signed_by", "cosigner")
    row = opened(request, COSIGN, Formulation, formulation, related=related)[0]
    if request.method != "POST":
        return redirect("formulation", formulation=row.pk)
    form = CosignForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.cosign(
                request.actor, key=said["key"], formulation=row, signed_as=said["signed_as"], words=said["words"]
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("You have signed it, too."))
            return redirect("formulation", formulation=row.pk)
    return page(request, row, form, status=400)


# Two of them


@door(SEE, about=Formulation)
def beside(request: Asked, formulation: UUID, other: UUID) -> HttpResponse:
    """Two versions of one child's formulation side by side."""
    related = (*queries.RELATED, "signed_by", "cosigner")
    before = opened(request, SEE, Formulation, formulation, related=related)[0]
    after = opened(request, SEE, Formulation, other, related=related)[0]
    if before.episode_id != after.episode_id:
        raise refused(request, SEE, about=before)
    for row in (before, after):
        queries.check_opens(row)
    (one, names), (two, more) = _read(request, before), _read(request, after)
    found = comparing.changes(one, two)
    sees_ratings = bool(
        policy.can(request.actor, SEE_RATINGS, before) and policy.can(request.actor, SEE_RATINGS, after)
    )
    if not sees_ratings:
        found = tuple(each for each in found if each.axis is not Axis.TWO)
    alike = [axis for axis in comparing.same(found) if sees_ratings or axis is not Axis.TWO]
    context = {
        "name": before.episode.dyad.called,
        "back": reverse("formulation", args=[after.pk]),
        "before": before,
        "after": after,
        "days": (clock.day(before.assessed_on), clock.day(after.assessed_on)),
        "why_new": after.why_new or "",
        "not_as_signed": [one.number for one in (before, after) if not queries.is_as_signed(one)],
        "columns": [
            {"label": _("What")},
            {"label": _("Version %(n)s") % {"n": before.number}},
            {"label": _("Version %(n)s") % {"n": after.number}},
        ],
        "axes": axes_said(found, names | more),
        "alike": [_(AXES[axis]) for axis in alike],
        "sees_ratings": sees_ratings,
    }
    return render(request, "diagnosis/beside.html", context)


# What the agency asks


@door(KEEP_RULE)
def signing_rule(request: Asked) -> HttpResponse:
    """Whether a second clinician signs, and how long before a window closes somebody looks again."""
    mine = policy.visible(request.actor, Organization.objects.all(), KEEP_RULE).order_by("name").first()
    if mine is None:
        raise refused(request, KEEP_RULE)
    organization, _verdict = opened(request, KEEP_RULE, Organization, mine.pk)
    rule = queries.rule_of(organization)
    first = {
        "key": fresh_key(),
        "seen": rule.version if not rule._state.adding else 0,
        "needs_cosigner": rule.needs_cosigner,
        "again_days": rule.again_days,
    }
    form = SigningForm(request.POST or None, initial=first)

    def act() -> HttpResponse:
        facts = {name: form.cleaned_data[name] for name in ("needs_cosigner", "again_days", "seen")}
        try:
            actions.keep_signing(request.actor, key=form.cleaned_data["key"], organization=organization, **facts)
        except Stale as refusal:
            typed = request.POST.copy()
            typed["seen"], typed["key"] = str(refusal.thing.version), fresh_key()  # type: ignore[attr-defined]
            form.data = typed
            form.take(refusal)
            return render(request, "diagnosis/signing.html", context | {"form": form}, status=409)
        messages.success(request, _("Saved. It holds for what is signed from now on."))
        return redirect("formulation_signing")

    context = {"organization": organization, "alone": alone_said(request, organization)}
    return form_page(request, form, "diagnosis/signing.html", context, act)
