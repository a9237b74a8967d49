"""An assessment: opened before any diagnosis, its visits, its draft as a list of parts, and how it is signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.diagnosis import actions, asking, merged_queries, queries, signing, visits, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.cosigning_queries import alone_said
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.draft_views import SEE_RATINGS, left_words, place_said, steps
from inmind.diagnosis.errors import DraftChanged, NotBornYet
from inmind.diagnosis.forms import ChangeForm, OpenForm, SignForm
from inmind.diagnosis.formulation import Axis, Missing, Part
from inmind.diagnosis.models import Assessment, PayerAllowance
from inmind.diagnosis.words import AXES, PARENTS, PARTS, PLACES
from inmind.families import intake as families_intake
from inmind.families import queries as families
from inmind.families.models import Episode, Visit
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, NotNow, Stale
from inmind.foundation.forms import form_page, fresh_key, said
from inmind.foundation.models import row_of
from inmind.foundation.registries import house

SEE, OPEN, SIGN = "diagnosis.see_assessment", "diagnosis.open_assessment", "diagnosis.sign"
CHANGE = "diagnosis.change_assessment"


@door(OPEN, about=Episode)
def open_assessment(request: Asked, episode: UUID) -> HttpResponse:
    """Begin to get to know a child; no diagnosis is needed, and none is asked for."""
    there = opened(request, OPEN, Episode, episode, related=["organization", "dyad__child"])[0]
    form = OpenForm(_payers(there), request.POST or None, initial={"key": fresh_key()})
    last, under_way = queries.last_signed(there.pk), queries.open_assessment(there.pk)

    def act() -> HttpResponse:
        facts = {name: form.cleaned_data[name] for name in ("question", "payer")}
        row = actions.open_assessment(request.actor, key=form.cleaned_data["key"], episode=there, **facts)
        return redirect("assessment", assessment=row.pk)

    context = {
        "name": there.dyad.called,
        "back": house.pages["families.Episode"](there),
        "there": reverse("assessment", args=[under_way.pk]) if under_way else "",
        "after": {"number": last.number, "day": clock.day(last.assessed_on)} if last else None,
    }
    return form_page(request, form, "diagnosis/open.html", context, act)


def _payers(episode: Episode) -> list[str]:
    """Whose allowances the agency has written down."""
    rows = PayerAllowance.objects.filter(organization_id=episode.organization_id).order_by("payer")
    return list(rows.values_list("payer", flat=True))


@door(SEE, about=Assessment)
def assessment(request: Asked, assessment: UUID) -> HttpResponse:
    """One assessment: its visits and what of the payer's allowance is used; for its clinicians, each part of the draft."""
    row = opened(request, SEE, Assessment, assessment, related=queries.RELATED)[0]
    return _page(request, row)


def _page(request: Asked, row: Assessment, refusal: InMindError | None = None) -> HttpResponse:
    may = {verb: bool(policy.can(request.actor, f"diagnosis.{verb}", row)) for verb in MAY}
    today = queries.today_of(row.episode)
    counted = queries.counted(row)
    is_open = row.closed_on is None
    context = {
        "row": row,
        "name": row.episode.dyad.called,
        "back": house.pages["families.Episode"](row.episode),
        "opened": clock.day(row.opened_on),
        "closed": clock.day(row.closed_on) if row.closed_on else "",
        "question": (row.question or "") if may["see_draft"] else "",
        "refused": said(refusal) if refusal else "",
        "is_open": is_open,
        "counted": [_visit(one) for one in counted],
        "to_count": [_visit(one) for one in queries.not_counted(row)] if is_open and may["count_visit"] else [],
        "key": fresh_key(),
        "sums": _sums(row, counted, today),
        "visit_url": _visit_url(row),
        "draft": {"parts": steps(row, with_ratings=may["see_relationships"])} if may["see_draft"] else None,
        "versions": [_version(one) for one in queries.versions(row.episode_id)] if may["see_formulation"] else [],
        "may": may,
    }
    return render(request, "diagnosis/assessment.html", context, status=refusal.status if refusal else 200)


MAY = (
    *("count_visit", "see_draft", "keep_draft", "sign", "see_relationships", "see_formulation"),
    *("change_assessment", "close_assessment"),
)


def _visit(one: Visit) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "day": clock.day(one.on),
        "place": _(PLACES[visits.Place(one.place)]),
        "minutes": one.minutes,
        "who": one.worker.name,
        "with": ", ".join(there.person.given_name for there in one.present.all() if there.person.given_name),
    }


def _visit_url(row: Assessment) -> str:
    """The family's own page for writing down a visit: it is written once, and counted here afterwards."""
    return f"{reverse('family_visit', args=[row.episode.dyad_id])}?episode={row.episode_id}"


def _sums(row: Assessment, counted: list[Visit], today: Any) -> dict[str, Any]:
    """Sessions, minutes and places, and what is used of the payer's allowance: said, and never a stop."""
    there = queries.as_visits(counted)
    used = queries.used(row, today) if row.payer else None
    facts: dict[str, Any] = {}
    words = ""
    if used is not None:
        facts = {"used": used.sessions, "allowed": used.allowed, "year": used.year, "payer": row.payer}
        if used.allowed is None:
            words = ngettext(
                "%(used)s session in %(year)s for %(payer)s. How many it allows is not written down here.",
                "%(used)s sessions in %(year)s for %(payer)s. How many it allows is not written down here.",
                used.sessions,
            )
        elif used.is_over:
            words = ngettext(
                "%(used)s session in %(year)s; %(payer)s allows %(allowed)s without asking. Ask it before the next one.",
                "%(used)s sessions in %(year)s; %(payer)s allows %(allowed)s without asking. Ask it before the next one.",
                used.sessions,
            )
        else:
            words = _("%(used)s of %(allowed)s sessions that %(payer)s allows in %(year)s.")
    return {
        "minutes": visits.minutes(there),
        "places": len(visits.places(there)),
        "used": words % facts if words else "",
        "is_over": bool(used and used.is_over),
    }


def _version(one: Any) -> dict[str, Any]:
    return {
        "url": reverse("formulation", args=[one.pk]),
        "label": _("Version %(n)s, assessed on %(day)s") % {"n": one.number, "day": clock.day(one.assessed_on)},
        "by": one.signed_by.name,
        "waits": one.cosigner is not None and one.cosigned_at is None,
    }


@door(CHANGE, about=Assessment)
def change(request: Asked, assessment: UUID) -> HttpResponse:
    """Say anew what is to be understood, and who pays."""
    row = opened(request, CHANGE, Assessment, assessment, related=queries.RELATED)[0]
    first, known = {"question": row.question or "", "payer": row.payer}, _payers(row.episode)
    form = ChangeForm(
        known and {*known, row.payer} - {""},
        request.POST or None,
        initial={"key": fresh_key(), "seen": row.version, **first},
    )
    context: dict[str, Any] = {"name": row.episode.dyad.called, "back": reverse("assessment", args=[row.pk])}

    def act() -> HttpResponse:
        facts = {name: form.cleaned_data[name] for name in ("question", "payer", "seen")}
        try:
            actions.change_assessment(request.actor, key=form.cleaned_data["key"], assessment=row, **facts)
        except Stale as refusal:
            typed = request.POST.copy()
            typed["seen"], typed["key"] = str(refusal.thing.version), fresh_key()  # type: ignore[attr-defined]
            form.data = typed
            context["pairs"] = [
                {"label": form.fields[name].label, "theirs": there, "yours": form.cleaned_data[name]}
                for name, there in first.items()
                if there != form.cleaned_data[name]
            ]
            return render(request, "diagnosis/change.html", context | {"form": form}, status=refusal.status)
        messages.success(request, _("Saved."))
        return redirect("assessment", assessment=row.pk)

    return form_page(request, form, "diagnosis/change.html", context, act)


@door("diagnosis.count_visit", about=Assessment)
@require_POST
def count(request: Asked, assessment: UUID) -> HttpResponse:
    """Count a visit of the family into its assessment, by a tap; or no more."""
    row = opened(request, "diagnosis.count_visit", Assessment, assessment, related=queries.RELATED)[0]
    try:
        chosen = row_of(Visit, UUID(request.POST.get("visit", "")), "episode")
    except ValueError:
        chosen = None
    if chosen is None or chosen.episode_id != row.episode_id:
        raise refused(request, "diagnosis.count_visit", about=row)
    try:
        actions.count_visit(
            request.actor,
            key=request.POST.get("key", "")[:80],
            assessment=row,
            visit=chosen,
            counts="out" not in request.POST,
        )
    except (BadInput, NotNow) as refusal:
        return _page(request, row_of(Assessment, row.pk, *queries.RELATED), refusal)
    return redirect(f"{reverse('assessment', args=[row.pk])}#visits")


@door("diagnosis.close_assessment", about=Assessment)
@require_POST
def close(request: Asked, assessment: UUID) -> HttpResponse:
    """End an assessment without a version."""
    row = opened(request, "diagnosis.close_assessment", Assessment, assessment, related=queries.RELATED)[0]
    try:
        actions.close_assessment(request.actor, key=request.POST.get("key", "")[:80], assessment=row)
    except (BadInput, NotNow) as refusal:
        return _page(request, row_of(Assessment, row.pk, *queries.RELATED), refusal)
    messages.success(request, _("The assessment has ended. What was written stays readable."))
    return redirect("assessment", assessment=row.pk)


# Signing


@door(SIGN, about=Assessment)
def sign(request: Asked, assessment: UUID) -> HttpResponse:
    """What is missing, as a calm list; and where nothing is, the draft as it would be signed, with what signing needs."""
    row = opened(request, SIGN, Assessment, assessment, related=queries.RELATED)[0]
    if row.closed_on is not None:
        return redirect("assessment", assessment=row.pk)
    if not policy.can(request.actor, SEE_RATINGS, row):
        raise refused(request, SEE_RATINGS, about=row)
    form, changed, status = None, [], 200
    if request.method == "POST":
        form, status = _sign_form(request, row, request.POST), 400
        if form.is_valid():
            try:
                done = actions.sign(
                    request.actor,
                    key=form.cleaned_data["key"],
                    assessment=row,
                    seen=form.read(),
                    signed_as=form.cleaned_data["signed_as"],
                    why_new=form.cleaned_data.get("why_new", ""),
                    cosigner=form.people.get(form.cleaned_data["cosigner"]),
                )
            except DraftChanged as refusal:
                changed, status = list(refusal.parts), refusal.status
                form.take(refusal)
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                messages.success(request, _("It is signed, as version %(n)s.") % {"n": done.number})
                return redirect("formulation", formulation=done.pk)
    return _review(request, row, form, changed, status)


def _sign_form(request: Asked, row: Assessment, data: Any = None, seen: str = "") -> SignForm:
    rule = queries.rule_of(row.episode.organization)
    return SignForm(
        queries.could_cosign(row.episode.organization, request.actor.person),
        data,
        initial={"key": fresh_key(), "seen": seen},
        needed=rule.needs_cosigner,
        first=queries.last_signed(row.episode_id) is None,
    )


def _review(request: Asked, row: Assessment, form: SignForm | None, changed: list[str], status: int) -> HttpResponse:
    from inmind.diagnosis.version_views import shown, visits_said

    rows, today, born = queries.parts_of(row), queries.today_of(row.episode), row.episode.dyad.birth_date
    seen = " ".join(f"{name}={one.version}" for name, one in rows.items())
    missing: list[dict[str, Any]] = []
    doubts: list[dict[str, str]] = []
    counted = queries.as_visits(queries.counted(row))
    stops, whole, said_on = "", None, False
    people = queries.caregivers(row.episode, today)
    names = families.called(families.Adult(one.person, one.part, one.key) for one in people.values())
    try:
        if born is None:
            raise NotBornYet
        draft = queries.draft_of(rows)
        last = queries.last_signed(row.episode_id)
        after = last.assessed_on if last else None
        missing = _by_axis(_missing(row, one, names) for one in signing.lacking(manual(), draft, born, today, after))
        whole = writing.formulation(draft, born, today)
        said_on = draft.head.assessed_on is not None
        registered = {pk: one.key for pk, one in people.items()}
        doubts = [
            _missing(row, one, names)
            for one in asking.asked(whole, counted, row.episode.first_day if said_on else date.min, registered)
        ]
    except InMindError as refusal:
        stops = said(refusal)
    rated = [one.caregiver for one in whole.relationships] if whole else []
    seen_whole = shown(whole, names, today) if whole else None
    for one in seen_whole["diagnoses"] if seen_whole and not said_on else ():
        one["ages"] = []  # ages are looked at on a day that nobody has said yet
    audit.read(
        request.actor,
        SEE_RATINGS,
        policy.can(request.actor, SEE_RATINGS, row),
        subjects={("person", one) for one in (writing.rated(whole) if whole else ())} | {("episode", row.episode_id)},
    )
    if form is None:
        form = _sign_form(request, row, seen=seen)
    elif changed:
        typed = request.POST.copy()
        typed["seen"], typed["key"] = seen, fresh_key()  # what is shown now is what is signed next
        form.data = typed
    words = _(
        "%(name)s was rated under two records that are one person now. One rating counts; look whether it is the right one."
    )
    context = {
        "name": row.episode.dyad.called,
        "back": reverse("assessment", args=[row.pk]),
        "form": form,
        "missing": missing,
        "stops": stops,
        "doubts": doubts,
        "visits": visits_said(counted),
        "taken": [one for one in steps(row, with_ratings=True) if one.taken],
        "said_on": said_on,
        "changed": [_part_said(row, rows, name, names) for name in changed],
        "twice": [
            {"words": words % {"name": names.get(pk, "")}, "url": reverse("draft_relationship", args=[row.pk, pk])}
            for pk in rated
            if merged_queries.beside(rows, pk)
        ],
        "left": [left_words(people[pk], names[pk]) for pk in rated if pk in people and people[pk].left],
        "whole": seen_whole,
        "is_whole": not missing and not stops,
        "alone": alone_said(request, row.episode.organization) if form.is_alone else None,
    }
    return render(request, "diagnosis/sign.html", context, status=status)


def _by_axis(some: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """What is missing with each axis named once."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in some:
        found.setdefault(one["axis"], []).append(one)
    return [{"axis": axis, "rows": rows} for axis, rows in found.items()]


def _words(one: Missing, names: dict[UUID, str]) -> str:
    """Its sentence, with days, names and kinds as a reader knows them."""
    named = next((words for pk, words in names.items() if str(pk) == one.about), "")
    facts: dict[str, object] = {"name": named}
    for key, value in one.facts.items():
        if isinstance(value, date):
            facts[key] = clock.day(value)
        elif key == "part":
            facts[key] = _(families_intake.PARTS[str(value)])
        else:
            facts[key] = _(PARENTS[value]) if isinstance(value, KindOfParent) else value
    return str(_(one.sentence)) % facts if one.facts else str(_(one.sentence))


def _missing(row: Assessment, one: Missing, names: dict[UUID, str]) -> dict[str, str]:
    """What is missing, in words, with the page where it is written."""
    words = _words(one, names)
    pages = {
        Axis.HEAD: Part.HEAD,
        Axis.ONE: Part.ONE,
        Axis.THREE: Part.THREE,
        Axis.FOUR: Part.FOUR,
        Axis.FIVE: Part.FIVE,
    }
    if one.axis in pages:
        url = reverse("draft_part", args=[row.pk, pages[one.axis].value])
    elif named := next((pk for pk in names if str(pk) == one.about), None):
        url = reverse("draft_relationship", args=[row.pk, named])
        words = _("The relationship with %(name)s has no level yet.") % {"name": names[named]}
    else:
        numbers = {
            place.content and writing.environment(place.content).name: place.number for place in row.environments.all()
        }
        url = reverse("draft_environment", args=[row.pk, numbers.get(one.about, 1)])
    return {"axis": _(AXES[one.axis]), "words": words, "url": url}


def _part_said(row: Assessment, rows: dict[str, Any], name: str, names: dict[UUID, str]) -> dict[str, str]:
    """A part of the draft that changed: what it is, who saved it last, and its page."""
    by = rows[name].by.name if name in rows else ""
    if name.startswith("with:"):
        person = rows[name].caregiver_id if name in rows else None
        label = _("Axis II, part A: with %(name)s") % {"name": names.get(person, "") if person else ""}
        return {"label": label, "by": by, "url": reverse("draft_relationship", args=[row.pk, person]) if person else ""}
    number = name.removeprefix("place:")
    if number != name and number.isdecimal():
        return {
            "label": place_said(rows, int(number)),
            "by": by,
            "url": reverse("draft_environment", args=[row.pk, int(number)]),
        }
    if name not in set(Part):
        return {"label": name, "by": by, "url": ""}
    return {"label": _(PARTS[Part(name)]), "by": by, "url": reverse("draft_part", args=[row.pk, name])}
