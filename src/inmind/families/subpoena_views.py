"""A court asks: written down by whoever receives it, answered by the privacy officer alone, each step in a log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, disclosing, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.access.sign_in_views import after_proof
from inmind.documents.kinds import KINDS, Kind
from inmind.documents.queries import kept_for
from inmind.documents.serving import served
from inmind.families import actions, queries
from inmind.families.actions import answering, releasing
from inmind.families.actions.answering import SUBPOENA
from inmind.families.forms import AnswerForm, CloseSubpoenaForm, SubpoenaForm
from inmind.families.models import Episode, Participation
from inmind.families.release_views import chosen_by, looked_at, pdf_of_row
from inmind.families.releases import Chosen, Form
from inmind.families.subpoenas import BASES, NOT_YOURS, PAPERS, STEPS, Basis, Paper, Step
from inmind.families.told_models import Release, Subpoena
from inmind.families.told_views import came, head, page_of
from inmind.families.views import form_page, taking_part, way_back
from inmind.foundation import clock, leaving
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.forms import said as sentences
from inmind.foundation.registries import Reason
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Person
from inmind.tasks.models import Task

NOTE, SEE, HOLD = "families.note_subpoena", "families.see_subpoena", "families.hold_for_subpoena"
ANSWER, TAKE, CLOSE = "families.answer_subpoena", "families.take_answer", "families.close_subpoena"
TAKE_UP = "families.take_up_subpoena"
RELATED = ["about", "episode__dyad__child", "episode__organization", "noted_by", "decided_by", "closed_by", "hold"]
View = Callable[..., HttpResponse]


def panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """That a court has asked, for those who may write that down; and the way to do so for who has no page of what is told."""
    if not policy.can(request.actor, NOTE, episode):
        return None
    rows = came(episode)
    has_page = bool(policy.can(request.actor, "families.see_told", episode))
    if has_page and not rows:
        return None
    return {"rows": rows, "court": "" if has_page else page_of(episode, dyad.child, "family_subpoena"), "aside": True}


def waiting(request: Any) -> dict[str, Any] | None:
    """What courts ask and nobody has closed, for the privacy officer: the next day first."""
    if not policy.can(request.actor, SEE):
        return None
    rows = policy.visible(request.actor, Subpoena.objects.filter(closed_at__isnull=True), SEE)
    return {"rows": _listed(request, rows.order_by("answer_by", "came_on", "pk"))}


def of_person(request: Any, *, person: Person, **_about: Any) -> dict[str, Any] | None:
    """What courts asked about somebody, and the way to write down that one does."""
    if not policy.can(request.actor, SEE):
        return None
    rows = policy.visible(request.actor, Subpoena.objects.filter(about=person), SEE)
    return {
        "rows": _listed(request, rows.order_by("-came_on", "-pk")),
        "note": reverse("note_subpoena", kwargs={"person": person.pk}),
    }


def _listed(request: Any, rows: Any) -> list[dict[str, Any]]:
    found = list(rows.select_related("about", "episode__dyad__child"))
    if found:
        subjects = {pair for one in found for pair in one.audit_subjects()}
        audit.read(request.actor, SEE, policy.can(request.actor, SEE), subjects=subjects)
    return [
        {
            "about": _name(one),
            "paper": _(PAPERS[Paper(one.kind)]),
            "sender": one.sender,
            "day": clock.day(one.came_on),
            "by": clock.day(one.answer_by) if one.answer_by else "",
            "is_closed": bool(one.closed_at),
            "url": reverse("subpoena", kwargs={"subpoena": one.pk}),
        }
        for one in found
    ]


def reason(actor: Any, task: Task) -> Reason:
    """The words of the task, for whoever answers."""
    row = Subpoena.objects.select_related("noted_by").filter(pk=task.about_id).first()
    if row is None:
        return Reason(_("A court asks"), "", calls=False)
    title = (
        _("A court asks: answer by %(day)s") % {"day": clock.day(row.answer_by)} if row.answer_by else _("A court asks")
    )
    said = _("%(who)s wrote down that %(paper)s came on %(day)s, from %(sender)s.") % {
        "who": row.noted_by.name,
        "paper": _(PAPERS[Paper(row.kind)]),
        "day": clock.day(row.came_on),
        "sender": row.sender,
    }
    asks = _("You alone answer it: set a legal hold, decide the least that answers it and by what, and close it there.")
    return Reason(
        title,
        f"{said} {asks}",
        reverse("subpoena", kwargs={"subpoena": row.pk}),
        _("Open it"),
        calls=False,
    )


def not_yet(task: Task) -> tuple[str, ...]:
    """The task is over with the subpoena, and not before."""
    if not Subpoena.objects.filter(pk=task.about_id, closed_at__isnull=True).exists():
        return ()
    return (
        N_("What a court asked for is not answered yet."),
        N_("Answer it on its own page and close it there: this task closes with it."),
    )


def could_own(task: Task) -> Any:
    """To whom it can be handed: another privacy officer; where there is none, a supervisor."""
    officers = queries.holding_role(task.organization, "privacy_officer")
    return officers if officers.exists() else queries.holding_role(task.organization, "agency_supervisor")


@door(NOTE)
def note(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Write down that a subpoena or an order came. Whoever does is told that they do not answer it."""
    episode, there = taking_part(request, NOTE, dyad, person)
    return _note(
        request, episode, there, head(episode, there) | {"back": way_back(episode), "crumb": episode.dyad.called}
    )


@door(NOTE)
def note_kept(request: Asked, person: UUID) -> HttpResponse:
    """The same by the privacy officer, also once the service has ended."""
    there, verdict = opened(request, "access.see_kept", Person, person)
    mine = policy.visible(request.actor, Episode.objects.all(), NOTE).filter(organization=verdict.organization)
    row = (
        Participation.objects.filter(person=there, episode__in=mine.values("pk"))
        .select_related("episode__dyad__child", "episode__organization")
        .order_by("-episode__since", "-pk")
        .first()
    )
    if row is None:
        raise refused(request, NOTE, about=there)
    back = {"back": reverse("kept_person", kwargs={"person": there.pk}), "crumb": there.name or row.episode.dyad.called}
    return _note(request, row.episode, there, {"name": there.name or row.episode.dyad.called} | back)


def _note(request: Asked, episode: Episode, there: Person, context: dict[str, Any]) -> HttpResponse:
    today = clock.today(episode.organization.zone)
    form = SubpoenaForm(request.POST or None, request.FILES or None, initial={"key": fresh_key(), "came_on": today})

    def act() -> HttpResponse:
        noted = form.noted()
        row = actions.note_subpoena(request.actor, key=form.cleaned_data["key"], episode=episode, person=there, **noted)
        messages.success(request, _("It is kept. Who watches over privacy at your agency is told, and answers it."))
        if policy.can(request.actor, SEE, row):
            return redirect("subpoena", subpoena=row.pk)
        return redirect(context["back"])

    said = context | {"title": _("A court asks"), "sentence": _(NOT_YOURS)}
    return form_page(request, form, "families/subpoena_form.html", said, act)


@door(SEE)
def see(request: Asked, subpoena: UUID) -> HttpResponse:
    """What came, what was decided and done, and what can be done next."""
    row, verdict = opened(request, SEE, Subpoena, subpoena, related=RELATED)
    return _page(request, row, verdict)


def _page(
    request: Asked, row: Subpoena, verdict: Verdict, *, close_form: CloseSubpoenaForm | None = None
) -> HttpResponse:
    """Whoever has the task reads everything; another privacy officer that it came, with whom it is, and what was done when."""
    zone, reads = row.episode.organization.zone, FieldClass.CLINICAL in verdict.classes
    open_tasks = Task.objects.filter(about_kind=SUBPOENA, about_id=row.pk, closed_at__isnull=True)
    task = open_tasks.select_related("owner").first()
    may_take_up = row.closed_at is None and task is None and bool(policy.can(request.actor, TAKE_UP, row))
    papers = row.releases.select_related("asked_by", "episode__organization").order_by("-created_at", "-pk")
    context = {
        "row": row,
        "reads": reads,
        "with": task.owner.name if task else "",
        "may_take_up": may_take_up,
        "asks": (row.asks if reads else "") or "",
        "why": (row.basis if reads else "") or "",
        "done": (row.done if reads else "") or "",
        "title": _("A court asks"),
        "name": _name(row),
        "back": reverse("privacy") if policy.can(request.actor, "access.see_privacy") else reverse("today"),
        "paper": _(PAPERS[Paper(row.kind)]),
        "came_on": clock.day(row.came_on),
        "answer_by": clock.day(row.answer_by) if row.answer_by else "",
        "scans": [
            {
                "words": f"{_(KINDS[Kind(one.kind)][0])}, {filesizeformat(one.size)}",
                "url": reverse("subpoena_scan", kwargs={"subpoena": row.pk, "file": one.pk}),
            }
            for one in (kept_for([row.pk]) if reads else ())
        ],
        "is_held": row.is_held,
        "basis": _(BASES[Basis(row.rests_on)]) if row.rests_on else "",
        "kinds": (disclosing.kinds_said if reads else disclosing.classes_said)(row.kinds),
        "days": f"{clock.day(row.facts_since)} – {clock.day(row.facts_until)}"
        if row.facts_since and row.facts_until
        else "",
        "to": "; ".join(row.recipients.split("\n")),
        "papers": [_drawn(request, row, one) for one in papers[:5]] if reads else [],
        "steps": [
            {
                "when": clock.local(one.created_at, zone),
                "who": one.by.name,
                "what": _(STEPS[Step(one.what)]),
                "words": (one.words if reads else "") or "",
            }
            for one in row.steps.select_related("by").order_by("created_at", "pk")
        ],
        "key_form": HouseForm(),
        "close_form": close_form or CloseSubpoenaForm(),
    }
    return render(request, "families/subpoena.html", context, status=400 if close_form else 200)


def _drawn(request: Asked, row: Subpoena, paper: Release) -> dict[str, Any]:
    return {
        "row": paper,
        "until": clock.local(paper.until, row.episode.organization.zone) if paper.until else "",
        "is_over": paper.until is not None and paper.until <= clock.now(),
        "is_mine": paper.asked_by_id == request.actor.person,
        "paper": releasing.said(paper),
        "take": reverse("subpoena_take", kwargs={"subpoena": row.pk, "release": paper.pk}),
    }


def _name(row: Subpoena) -> str:
    return row.about.name or row.episode.dyad.called


@door(TAKE_UP)
@require_POST
def take_up(request: Asked, subpoena: UUID) -> HttpResponse:
    row, _verdict = opened(request, TAKE_UP, Subpoena, subpoena, related=RELATED)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.take_up_subpoena(request.actor, key=form.cleaned_data["key"], subpoena=row)
        except NotNow as refusal:
            messages.error(request, sentences(refusal))
    return redirect("subpoena", subpoena=row.pk)


@door(HOLD)
@after_proof(back="subpoena", same=True)
@require_POST
def hold(request: Asked, subpoena: UUID) -> HttpResponse:
    row, _verdict = opened(request, HOLD, Subpoena, subpoena, related=RELATED)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.hold_for_subpoena(request.actor, key=form.cleaned_data["key"], subpoena=row)
            messages.success(request, _("The hold stands. Nothing of this person is erased, merged or deleted now."))
        except NotNow as refusal:
            messages.error(request, sentences(refusal))
    return redirect("subpoena", subpoena=row.pk)


@door(ANSWER)
@after_proof
def answer(request: Asked, subpoena: UUID) -> HttpResponse:
    """Decide: by what, the least, to whom. It can be looked at as it would be before it is kept."""
    row, _verdict = opened(request, ANSWER, Subpoena, subpoena, related=RELATED)
    today = clock.today(row.episode.organization.zone)
    initial = {"key": fresh_key(), "recipients": row.sender, "facts_since": row.episode.since, "facts_until": today}
    is_child = row.about_id == row.episode.dyad.child_id
    form = AnswerForm(request.POST or None, initial=initial, about_child=is_child)
    here = reverse("subpoena", kwargs={"subpoena": row.pk})
    context = {
        "title": _("Decide what is told"),
        "name": _name(row),
        "back": here,
        "crumb": _("A court asks"),
        "asks": row.asks or "",
    }

    def act() -> HttpResponse:
        said = form.answer()
        mine = chosen_by(request)
        shown = (
            {"objects": _(BASES[Basis.OBJECTION])}
            if said["basis"] is Basis.OBJECTION
            else _would(request, row, said, mine)
        )
        if "look" in request.POST or shown.get("speaks"):
            return render(request, "families/subpoena_answer.html", {"form": form, **context, **shown})
        actions.answer_subpoena(
            request.actor,
            key=form.cleaned_data["key"],
            subpoena=row,
            language=get_language() or "en",
            chosen=mine,
            **said,
        )
        messages.success(request, _("It is decided, and stands in the log."))
        return redirect(here)

    return form_page(request, form, "families/subpoena_answer.html", context, act)


def _would(request: Asked, row: Subpoena, said: dict[str, Any], mine: Chosen) -> dict[str, Any]:
    """The paper as it would be by this decision; nothing is kept. Raises BadInput."""
    asked, to = answering.question(row, **said), said["recipients"]
    assert request.actor.person is not None
    paper = releasing.drafted(
        request.actor.person, row.episode, row.about, asked, get_language() or "en", Form.COURT, to, mine
    )
    row.rests_on, row.order = said["basis"], said["order"]
    paper.subpoena = row
    return looked_at(paper, clock.now())


@door(TAKE)
@require_POST
def take(request: Asked, subpoena: UUID, release: UUID) -> HttpResponse:
    """The paper itself; on record as told before it leaves."""
    row, _verdict = opened(request, TAKE, Subpoena, subpoena, related=RELATED)
    paper = row.releases.select_related("episode__organization", "subpoena", "about").filter(pk=release).first()
    form = HouseForm(request.POST)
    if not form.is_valid() or paper is None or not paper.said:
        return redirect("subpoena", subpoena=row.pk)
    made = pdf_of_row(paper)
    try:
        actions.take_answer(
            request.actor,
            key=form.cleaned_data["key"],
            subpoena=row,
            release=paper.pk,
            digest=sha256(made).hexdigest(),
        )
    except NotNow as refusal:
        messages.error(request, sentences(refusal))
        return redirect("subpoena", subpoena=row.pk)
    paper.refresh_from_db()
    if not paper.is_open or not releasing.may_leave(paper, clock.now()):  # a second click on what ended since
        return redirect("subpoena", subpoena=row.pk)
    return leaving.paper(made)


@door(CLOSE)
@require_POST
def close(request: Asked, subpoena: UUID) -> HttpResponse:
    row, verdict = opened(request, CLOSE, Subpoena, subpoena, related=RELATED)
    form = CloseSubpoenaForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.close_subpoena(request.actor, key=said["key"], subpoena=row, done=said["done"])
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Closed. The log stays."))
            if policy.can(request.actor, SEE, row):
                return redirect("subpoena", subpoena=row.pk)
            return redirect("today")
    return _page(request, row, verdict, close_form=form)


@door(SEE)
def scan(request: Asked, subpoena: UUID, file: UUID) -> HttpResponse:
    """The scan of what came, to one's device; the reading is in the trail before it leaves."""
    row, verdict = opened(request, SEE, Subpoena, subpoena, related=RELATED)
    if FieldClass.CLINICAL not in verdict.classes:
        raise refused(request, SEE, about=row.episode)
    found = next((one for one in kept_for([row.pk]) if one.pk == file), None)
    if found is None:
        raise refused(request, SEE, about=row.episode)
    audit.read(request.actor, SEE, verdict, about=found, subjects=audit.subjects_of(row))
    return served(found)
