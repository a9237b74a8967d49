"""A worry said aloud: its page, its card on the family's page, and the words of its task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access import policy
from inmind.access.door import Asked, door
from inmind.access.queries import workers_named
from inmind.families import actions, concern, queries
from inmind.families.models import Concern, Episode
from inmind.families.views import episode_of, way_back
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import DateInput, HouseForm, choice_field, fresh_key
from inmind.foundation.registries import Reason
from inmind.people.models import Person
from inmind.tasks import queries as tasks
from inmind.tasks.models import Task


class ConcernForm(HouseForm):
    """Who is worried, their words, what comes next, with whom, by when. No score is asked for."""

    SOMEBODY = ""
    said_by = forms.ChoiceField(label=gettext_lazy("Who is worried?"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("What are they worried about?"),
        max_length=concern.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In their own words. Leave out papers, countries and numbers of the state."),
        error_messages={"required": gettext_lazy("The worry itself is missing. A few of their own words are enough.")},
    )
    next_step = forms.ChoiceField(
        label=gettext_lazy("What comes next?"),
        widget=forms.RadioSelect,
        choices=[(key, gettext_lazy(words)) for key, words in concern.NEXT_STEPS.items()],
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Who takes this step?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Those on the care team, who can open this family. For somebody else, ask your coordinator or supervisor to put "
            "them on it first; until then take it yourself."
        ),
    )
    by = forms.DateField(label=gettext_lazy("By when"), widget=DateInput())

    def __init__(self, adults: list[queries.Adult], owners: list[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adults = {str(one.person.pk): one.person for one in adults}
        self.owners = {str(one.pk): one for one in owners}
        somebody = (self.SOMEBODY, gettext_lazy("somebody else, or nobody who wants to be named"))
        choice_field(self, "said_by").choices = [
            *((str(pk), name) for pk, name in queries.called(adults).items()),
            somebody,
        ]
        choice_field(self, "owner").choices = workers_named(owners)


@door("families.hear")
def hear(request: Asked, dyad: UUID) -> HttpResponse:
    """Write a worry down. It stands as it was said; the next step has a person and a day."""
    episode = episode_of(request, "families.hear", dyad)
    today, owners = clock.today(episode.organization.zone), _owners(request, episode)
    first = {
        "key": fresh_key(),
        "by": today + concern.SOON,
        "owner": str(request.actor.person) if request.actor.person in {one.pk for one in owners} else None,
        "next_step": "call",
    }
    adults = queries.adults(episode, clock.today(settings.INSTALLATION.zone))
    form = ConcernForm(adults, owners, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.hear(
                request.actor,
                key=said["key"],
                episode=episode,
                words=said["words"],
                said_by=form.adults.get(said["said_by"]),
                next_step=said["next_step"],
                owner=form.owners[said["owner"]],
                by=said["by"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Heard, and kept. The next step has a person and a day."))
            return redirect(way_back(episode))
    status = 400 if form.errors else 200
    context = {"form": form, "dyad": episode.dyad, "back": way_back(episode)}
    return render(request, "families/concern.html", context, status=status)


def _owners(request: Asked, episode: Episode) -> list[Person]:
    """Who could take the next step: the reader, then the others of the care team."""
    today, reader = clock.today(settings.INSTALLATION.zone), request.actor.person
    people = queries.serving_here(episode, today, *actions.SERVING_ROLES, or_else=reader)
    return sorted(people, key=lambda one: one.pk != reader)


def panel(request: Any, *, dyad: Any, episode: Episode, on: Any) -> dict[str, Any] | None:
    """The worries that were heard, each with its next step, for who reads them; for who may write one down, the way."""
    may_hear = bool(policy.can(request.actor, "families.hear", episode))
    reads = queries.may_read(request.actor, episode)
    heard_here = queries.concerns(episode) if reads else []
    there = tasks.with_whom([task for _heard, task in heard_here if task is not None])
    rows = [_row(request, heard, task, there) for heard, task in heard_here]
    if not (may_hear or rows):
        return None
    return {"rows": rows, "url": way_back(episode, "family_concern") if may_hear else ""}


def could_own(task: Task) -> QuerySet[Person]:
    """To whom a next step can be handed: the care team of the family, to whom the worry was said."""
    episode = Concern.objects.select_related("episode__organization").get(pk=task.about_id).episode
    return queries.serving_here(episode, clock.today(settings.INSTALLATION.zone), *actions.SERVING_ROLES)


GONE = "\u2026"  # whoever said it, or the child, was erased


def _row(request: Any, heard: Concern, task: Task | None, there: dict[UUID, list[Person]]) -> dict[str, Any]:
    """One worry: its words, and the line from being heard to what was done."""
    zone = heard.episode.organization.zone
    steps = [{"label": _("Worry heard"), "when": clock.day(heard.on), "note": _by_whom(heard), "state": "done"}]
    if task is not None:
        label, is_done = _(concern.NEXT_STEPS.get(heard.next_step, "")), task.closed_at is not None
        last = task.closed_at or task.due_at - timedelta(seconds=1)  # due when its last day has ended
        day = clock.day(last.astimezone(ZoneInfo(zone)).date())
        steps.append(
            {
                "label": label,
                "when": day if is_done else _("by %(day)s") % {"day": day},
                "note": task.closed_by.name if task.closed_by else _with(task, there[task.pk]),
                "state": "done" if is_done else "now",
            }
        )
    return {
        "words": heard.words or GONE,
        "who": heard.said_by.given_name if heard.said_by else "",
        "steps": steps,
        "url": reverse("task", args=[task.pk]) if task and policy.can(request.actor, "tasks.see", task) else "",
        "is_open": task is not None and task.closed_at is None,
    }


def _by_whom(heard: Concern) -> str:
    return heard.heard_by.name if heard.heard_by else _("written on their own phone")


def _with(task: Task, there: list[Person]) -> str:
    return there[0].name if there else tasks.with_words(task, there)


def reason(actor: Any, task: Task) -> Reason:
    """The words of a next step, for its owner: what to do, with whom, and what was said."""
    heard = Concern.objects.select_related("said_by", "heard_by", "episode__dyad", "episode__organization").get(
        pk=task.about_id
    )
    step = _(concern.NEXT_STEPS.get(heard.next_step, ""))
    who = heard.said_by.given_name if heard.said_by else ""
    title = _("%(step)s, with %(name)s") % {"step": step, "name": who} if who else step
    may_open = bool(policy.can(actor, "families.see", heard.episode))
    words = _("“%(words)s” Heard by %(name)s on %(day)s.")
    if heard.heard_by is None:
        words = _("“%(words)s” Written on their own phone on %(day)s.")
    whom: tuple[Person, ...] = ()
    if may_open and task.subject_id == heard.episode.dyad.child_id:
        adults = [one.person for one in queries.adults(heard.episode, clock.today(heard.episode.organization.zone))]
        whom = (heard.said_by,) if heard.said_by else tuple(adults)
    return Reason(
        title,
        words % {"words": heard.words or GONE, "name": _by_whom(heard), "day": clock.day(heard.on)},
        url=way_back(heard.episode) if may_open else "",
        button=_("Open the family"),
        whom=whom,
    )
