"""The pages of a draft: one for each part, saved as typed; where two write one part, both texts are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BooleanField
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.diagnosis import actions, ages, merged_queries, queries, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.forms import (
    About,
    CultureForm,
    EnvironmentForm,
    FiveForm,
    FourForm,
    HeadForm,
    OneForm,
    PartForm,
    RelationshipForm,
    ThreeForm,
    data_of,
)
from inmind.diagnosis.formulation import Part
from inmind.diagnosis.models import Assessment, DraftEnvironment, Formulation
from inmind.diagnosis.queries import Caregiver
from inmind.diagnosis.words import PARTS
from inmind.families import queries as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, NotNow, Stale
from inmind.foundation.forms import fresh_key, said
from inmind.foundation.never_kept import looks_like_ssn
from inmind.foundation.values import N_

KEEP, SEE = "diagnosis.keep_draft", "diagnosis.see_draft"
RATE, SEE_RATINGS = "diagnosis.rate_relationships", "diagnosis.see_relationships"
TAKE = "diagnosis.take_rating"
FORMS: dict[Part, tuple[Any, Callable[[str | None], Any]]] = {
    Part.HEAD: (HeadForm, writing.head),
    Part.ONE: (OneForm, writing.one),
    Part.THREE: (ThreeForm, writing.three),
    Part.FOUR: (FourForm, writing.four),
    Part.FIVE: (FiveForm, writing.five),
    Part.CULTURE: (CultureForm, writing.culture),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of a draft as a page has it. read: what stands, of the row's words; keep(content, seen, key): keep it."""

    title: str
    url: str
    row: Any  # None where nothing stands there yet
    make: Callable[[Any, Any, dict[str, Any]], PartForm]  # what stands, what was sent, and first values
    read: Callable[[str | None], Any]
    keep: Callable[[str, int, str], Any]
    notes: tuple[str, ...] = ()
    twice: tuple[dict[str, Any], ...] = ()  # other ratings of the same adult, and where one of them is taken
    take_url: str = ""
    tab: str = ""  # what the browser keeps in its history, where the title names an adult

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    def form(self, data: Any = None) -> PartForm:
        """As it stands, or as it was sent."""
        first = {"key": fresh_key(), "version": self.version}
        return self.make(self.stands(self.row), data, first)

    def stands(self, row: Any) -> Any:
        """What stands there, by who is known now."""
        return queries.known(self.read(queries.as_now(row.content) if row else None))


# Each part


@door(SEE, about=Assessment)
def part(request: Asked, assessment: UUID, axis: str) -> HttpResponse:
    """A part of the draft of a formulation; of Axis II nothing."""
    row = _opened(request, KEEP if request.method == "POST" else SEE, assessment)
    return _page(request, row, _part(request, row, axis))


@door(KEEP, about=Assessment)
@require_POST
def part_save(request: Asked, assessment: UUID, axis: str) -> HttpResponse:
    """Save as typed: one field of a part."""
    row = _opened(request, KEEP, assessment)
    return _saved(request, _part(request, row, axis))


def _part(request: Asked, row: Assessment, axis: str) -> Sheet:
    if axis not in set(Part):
        raise NotNow(N_("There is no such part of a formulation."), N_("Go back to the assessment."))
    key = Part(axis)
    form, read = FORMS[key]
    about = about_of(row)

    def keep(content: str, seen: int, save_key: str) -> Any:
        return actions.keep_draft(request.actor, key=save_key, assessment=row, part=key, content=content, seen=seen)

    return Sheet(
        title=_(PARTS[key]),
        url=reverse("draft_part", args=[row.pk, key.value]),
        row=row.parts.filter(part=key.value).select_related("by").first(),
        make=lambda stands, data, first: form(about, stands, data, initial=first),
        read=read,
        keep=keep,
    )


@door(SEE_RATINGS, about=Assessment)
def relationship(request: Asked, assessment: UUID, person: UUID) -> HttpResponse:
    """Part A of Axis II: the child with one caregiver."""
    row = _opened(request, RATE if request.method == "POST" else SEE_RATINGS, assessment)
    return _page(request, row, _relationship(request, row, person))


@door(RATE, about=Assessment)
@require_POST
def relationship_save(request: Asked, assessment: UUID, person: UUID) -> HttpResponse:
    row = _opened(request, RATE, assessment)
    return _saved(request, _relationship(request, row, person))


@door(TAKE, about=Assessment)
@require_POST
def relationship_take(request: Asked, assessment: UUID, person: UUID) -> HttpResponse:
    """Let the rating count that was written under another record of this adult."""
    row = _opened(request, TAKE, assessment)
    sheet = _relationship(request, row, person)
    try:
        actions.take_rating(
            request.actor,
            key=request.POST.get("key", "")[:80],
            assessment=row,
            caregiver=about_of(row).caregivers[person].person,
            other=UUID(request.POST.get("other", "")),
            seen=int(request.POST.get("version", "")),
        )
    except ValueError:
        raise refused(request, TAKE, about=row) from None
    except InMindError as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, _("This rating counts now. The other one stays readable here."))
    return redirect(sheet.url)


def _twice(row: Assessment, person: UUID) -> tuple[dict[str, Any], ...]:
    """The ratings that stand beside this adult's, in words."""
    from inmind.diagnosis.version_views import rated

    rows = queries.parts_of(row)
    return tuple(
        {"pk": one.pk, "by": one.by.name, "rated": rated(said_there, {}), "key": fresh_key()}
        for one, said_there in merged_queries.beside(rows, person)
    )


def _relationship(request: Asked, row: Assessment, person: UUID) -> Sheet:
    about = about_of(row)
    caregiver = about.caregivers.get(person)
    if caregiver is None:
        raise refused(request, SEE_RATINGS, about=row)
    audit.read(
        request.actor,
        SEE_RATINGS,
        policy.can(request.actor, SEE_RATINGS, row),
        subjects={("person", person), ("episode", row.episode_id)},
    )

    def keep(content: str, seen: int, save_key: str) -> Any:
        there = {"assessment": row, "caregiver": caregiver.person, "content": content, "seen": seen}
        return actions.rate_relationships(request.actor, key=save_key, **there)

    name = about.names[person]
    notes = [_("The child with this one caregiver, and with no other. Each primary caregiver has a page of their own.")]
    if caregiver.left is not None:
        words = _(
            "%(name)s no longer cares for the child since %(day)s. What was rated stays, and stays in the version."
        )
        notes.insert(0, words % {"name": name, "day": clock.day(caregiver.left)})
    return Sheet(
        title=_("Axis II, part A: with %(name)s") % {"name": name},
        tab=_("Axis II, part A: with one caregiver"),
        url=reverse("draft_relationship", args=[row.pk, person]),
        row=row.relationships.filter(caregiver=person).select_related("by").first(),
        make=lambda stands, data, first: RelationshipForm(about, stands, data, initial=first),
        read=lambda words: writing.relationship(words, person),
        keep=keep,
        notes=tuple(notes),
        twice=_twice(row, person),
        take_url=reverse("draft_relationship_take", args=[row.pk, person]),
    )


@door(SEE_RATINGS, about=Assessment)
def environment(request: Asked, assessment: UUID, environment: int) -> HttpResponse:
    """Part B of Axis II: one caregiving environment."""
    row = _opened(request, RATE if request.method == "POST" else SEE_RATINGS, assessment)
    return _page(request, row, _environment(request, row, environment))


@door(RATE, about=Assessment)
@require_POST
def environment_save(request: Asked, assessment: UUID, environment: int) -> HttpResponse:
    row = _opened(request, RATE, assessment)
    return _saved(request, _environment(request, row, environment))


def _environment(request: Asked, row: Assessment, number: int) -> Sheet:
    about = about_of(row)
    stands = row.environments.filter(number=number).select_related("by").first()
    if stands is not None and (who := _who_is_there(stands)):
        verdict = policy.can(request.actor, SEE_RATINGS, row)
        audit.read(request.actor, SEE_RATINGS, verdict, subjects=who | {("episode", row.episode_id)})

    def keep(content: str, seen: int, save_key: str) -> Any:
        there = {"assessment": row, "environment": number, "content": content, "seen": seen}
        return actions.rate_relationships(request.actor, key=save_key, **there)

    return Sheet(
        title=_("Axis II, part B: a caregiving environment"),
        url=reverse("draft_environment", args=[row.pk, number]),
        row=stands,
        make=lambda stands, data, first: EnvironmentForm(about, stands, data, initial=first),
        read=writing.environment,
        keep=keep,
        notes=(_("Everyone who cares for the child in one place, together: a home, another home, child care."),),
    )


def _who_is_there(row: DraftEnvironment) -> set[tuple[str, UUID]]:
    """Who cares for the child in an environment, as subjects of who looked."""
    try:
        return {("person", one) for one in writing.environment(queries.as_now(row.content)).caregivers}
    except writing.Damaged:
        return set()  # said where it is shown


# What they share


def _opened(request: Asked, verb: str, assessment: UUID) -> Assessment:
    row: Assessment = opened(request, verb, Assessment, assessment, related=queries.RELATED)[0]
    return row


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a draft in the order it is read: by: who wrote it last, empty where nothing stands there yet."""

    label: str
    url: str
    by: str
    note: str = ""
    is_another: bool = False  # one more caregiving environment, beside those that stand
    taken: str = ""  # that it is as the last version said it, and nobody has looked at it since


def steps(row: Assessment, *, with_ratings: bool) -> list[Step]:
    """The parts of a draft, each with its page; those of Axis II for who may see ratings."""
    rows = queries.parts_of(row)

    taken = taken_words(row) if any(one.taken_over for one in rows.values()) else ""

    def step(label: str, url: str, name: str, note: str = "") -> Step:
        there = rows.get(name)
        if there is not None and there.taken_over:
            return Step(label, url, "", note, taken=taken)
        return Step(label, url, there.by.name if there else "", note)

    def of(*some: Part) -> list[Step]:
        return [step(_(PARTS[one]), reverse("draft_part", args=[row.pk, one.value]), one.value) for one in some]

    parts = of(Part.HEAD, Part.ONE)
    if with_ratings:
        try:
            primary = writing.head(queries.as_now(rows[Part.HEAD].content) if Part.HEAD in rows else None).primary
        except writing.Damaged:
            primary = frozenset()  # said on its own page
        people = queries.caregivers(row.episode, queries.today_of(row.episode))
        names = families.called(families.Adult(one.person, one.part, one.key) for one in people.values())
        parts += [
            step(
                _("Axis II, part A: with %(name)s") % {"name": names[pk]},
                reverse("draft_relationship", args=[row.pk, pk]),
                f"with:{pk}",
                left_words(one, names[pk]),
            )
            for pk, one in people.items()
            if one.left is None or f"with:{pk}" in rows or pk in primary
        ]
        numbers = sorted(int(name.removeprefix("place:")) for name in rows if name.startswith("place:"))
        parts += [
            step(place_said(rows, number), reverse("draft_environment", args=[row.pk, number]), f"place:{number}")
            for number in numbers or [1]
        ]
        if numbers and (another := numbers[-1] + 1) <= actions.MOST_PLACES:
            url = reverse("draft_environment", args=[row.pk, another])
            parts.append(Step(place_said(rows, another), url, "", is_another=True))
    return parts + of(Part.THREE, Part.FOUR, Part.FIVE, Part.CULTURE)


def taken_words(row: Assessment) -> str:
    """That a part stands as the version said it with which the draft began."""
    number = Formulation.objects.filter(pk=row.after).values_list("number", flat=True).first()
    return _("as in version %(n)s, not looked at yet") % {"n": number or ""}


def place_said(rows: dict[str, Any], number: int) -> str:
    """What a caregiving environment is called in a draft."""
    there = rows.get(f"place:{number}")
    if there is None:
        return (
            _("Axis II, part B: another caregiving environment")
            if number > 1
            else _("Axis II, part B: a caregiving environment")
        )
    try:
        name = writing.environment(there.content).name
    except writing.Damaged:
        name = ""
    return _("Axis II, part B: %(name)s") % {"name": name or number}


def left_words(one: Caregiver, name: str) -> str:
    if one.left is None:
        return ""
    words = _("%(name)s no longer cares for the child since %(day)s. What was rated stays, and stays in the version.")
    return words % {"name": name, "day": clock.day(one.left)}


def about_of(row: Assessment) -> About:
    """What a part of this draft is written about, with the child's age on the day of the assessment where it is said."""
    head_row = row.parts.filter(part=Part.HEAD.value).first()
    if head_row is not None:
        head_row.assessment = row
    on = writing.head(head_row.content if head_row else None).assessed_on
    born, age = row.episode.dyad.birth_date, None
    if born is not None and on is not None:
        try:
            age = ages.age_on(manual(), born, on)
        except ages.NotOfThisAge:
            age = None  # said before it is signed, with the day it concerns
    people = queries.caregivers(row.episode, queries.today_of(row.episode))
    names = families.called(families.Adult(one.person, one.part, one.key) for one in people.values())
    return About(manual(), people, names, born, age, on)


def _page(request: Asked, row: Assessment, sheet: Sheet) -> HttpResponse:
    is_over = row.closed_on is not None
    if request.method != "POST":
        return _show(request, row, sheet, sheet.form(), is_over=is_over)
    form = sheet.form(request.POST)
    if form.is_valid():
        says_something = sheet.row is not None or form.content() != sheet.read(None)  # else it begins nothing there
        try:
            if says_something:
                sheet.keep(writing.written(form.content()), form.cleaned_data["version"], form.cleaned_data["key"])
        except Stale as refusal:
            return _two_texts(request, row, sheet, form, refusal.thing)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            if says_something:
                messages.success(request, _("Kept."))
            return redirect(_onward(request, row, sheet))
    return _show(request, row, sheet, form, status=400, is_over=is_over)


def _two_texts(request: Asked, row: Assessment, sheet: Sheet, form: PartForm, theirs: Any) -> HttpResponse:
    """What stands now beside what was typed. What was left blank here is taken from there, so that nothing of theirs is lost."""
    typed = request.POST.copy()
    is_there = not theirs._state.adding
    stands = data_of(sheet.make(sheet.read(queries.as_now(theirs.content)), None, {})) if is_there else {}
    for name, value in stands.items():
        if not typed.get(name) and name not in HOW:
            typed[name] = value
    # The form anew, since what was taken over can bring entries and fields of its own.
    form = sheet.form(typed)
    form.is_valid()
    typed["version"], typed["key"] = str(theirs.version), fresh_key()
    form.data = typed
    pairs = _pairs(sheet, theirs, form) if is_there else []
    return _show(request, row, sheet, form, pairs=pairs, by=theirs if is_there else None, status=409, is_late=True)


HOW = {"key", "version", "is_something_else", "csrfmiddlewaretoken"}


def _onward(request: Asked, row: Assessment, sheet: Sheet) -> str:
    """Where to, once a part is kept: the one after it, the assessment, or the same page."""
    if "next" in request.POST and (then := _next(request, row, sheet)):
        return then.url
    return reverse("assessment", args=[row.pk]) if {"done", "next"} & set(request.POST) else sheet.url


def _next(request: Asked, row: Assessment, sheet: Sheet) -> Step | None:
    """The part after this one, None after the last. Another place is begun by who wants one, never on the way."""
    all_of_them = steps(row, with_ratings=bool(policy.can(request.actor, SEE_RATINGS, row)))
    on_the_way = [one for one in all_of_them if one.url == sheet.url or not one.is_another]
    after = [there for one, there in pairwise(on_the_way) if one.url == sheet.url]
    return after[0] if after else None


def _saved(request: Asked, sheet: Sheet) -> HttpResponse:
    """One field over what stands; the page is asked for again where what was chosen brings further fields."""
    stands = sheet.form()
    sent = {
        name: value for name, value in request.POST.items() if name in stands.fields and name not in {"key", "version"}
    }
    own = {"key": request.POST.get("save_key", ""), "version": request.POST.get("version", "")}
    # What was said to be something else when it was kept is not asked about again with each further field.
    own |= {} if any(looks_like_ssn(str(value)) for value in sent.values()) else {"is_something_else": "on"}
    form = sheet.form(data_of(stands) | sent | own)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(str(one) for some in form.errors.values() for one in some)}, status=400)
    content = form.content()
    before = form.entries(sheet.stands(sheet.row)) if sheet.row else 0
    try:
        kept = sheet.keep(writing.written(content), form.cleaned_data["version"], form.cleaned_data["key"])
    except InMindError as refusal:
        return JsonResponse({"error": said(refusal)}, status=refusal.status)
    answer: dict[str, Any] = {"version": kept.version}
    chosen = next((name for name in sent if name.endswith("_disorder")), "")
    if chosen or form.entries(content) < before:
        answer["go"] = f"{sheet.url}?v={kept.version}#{chosen.partition('_')[0]}"
    return JsonResponse(answer)


def _pairs(sheet: Sheet, theirs: Any, form: PartForm) -> list[dict[str, Any]]:
    """What stands now beside what was typed, field by field, where they differ."""
    kept = sheet.make(sheet.stands(theirs), None, {})
    there, typed = data_of(kept), {name: form.data.get(name, "") for name in form.fields}
    titles = {field.name: group.title for group in form.groups() for field in group.fields if group.anchor}
    rows = []
    for name, field in {**kept.fields, **form.fields}.items():
        if name in HOW or name.endswith("_of") or there.get(name, "") == typed.get(name, ""):
            continue
        if not there.get(name):
            continue  # what was typed beside nothing stands
        label = f"{titles[name]}: {field.label}" if name in titles else field.label
        rows.append({"label": label, "theirs": _shown(field, there.get(name)), "yours": _shown(field, typed.get(name))})
    return rows


def _shown(field: Any, value: str | None) -> str:
    """A value as it reads on the page: a choice in its words, a mark as yes or no."""
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    flat: dict[str, str] = {}
    for key, words in getattr(field, "choices", ()):
        flat |= (
            {str(one): str(said) for one, said in words} if isinstance(words, list | tuple) else {str(key): str(words)}
        )
    return flat.get(value or "", value or "")


def _show(
    request: Asked,
    row: Assessment,
    sheet: Sheet,
    form: PartForm,
    *,
    pairs: list[dict[str, Any]] | None = None,
    by: Any = None,
    status: int = 200,
    is_over: bool = False,
    is_late: bool = False,
) -> HttpResponse:
    saver = by or sheet.row
    for field in form.fields.values():
        field.disabled = is_over and request.method != "POST"  # what was sent too late is shown as it was typed
        field.widget.attrs.pop("maxlength", None)  # a long text that is pasted is answered, and not cut silently
    zone = row.episode.organization.zone
    context = {
        "title": sheet.title,
        "tab": sheet.tab or sheet.title,
        "name": row.episode.dyad.called,
        "back": reverse("assessment", args=[row.pk]),
        "form": form,
        "groups": list(form.groups()),
        "notes": sheet.notes,
        "pairs": pairs or [],
        "is_late": is_late and not pairs,
        "last": {"by": saver.by.name} if saver and not saver.taken_over else None,
        "taken": taken_words(row) if sheet.row is not None and sheet.row.taken_over and not is_over else "",
        "zone": zone,
        "save_url": "" if is_over else f"{sheet.url}save/",
        "is_over": is_over,
        "next": _next(request, row, sheet),
        "twice": sheet.twice,
        "take_url": "" if is_over else sheet.take_url,
        "read_version": sheet.version,
    }
    return render(request, "diagnosis/part.html", context, status=status)
