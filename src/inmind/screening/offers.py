"""What screening offers: how a screen is reached, and what it does when it hears that nobody answered."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.families import queries as families
from inmind.foundation import clock
from inmind.foundation.events import LetterUndelivered, TaskUnanswered
from inmind.foundation.registries import NavItem, Panel, Reach, Reason, Told, house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.screening import demo, due_views, queries, story, subscribers, words
from inmind.screening.adapters.catalog import catalog
from inmind.screening.erasing import SCREENS
from inmind.screening.models import Screen
from inmind.screening.result_views import answer_said, changed_since, numbered
from inmind.screening.views import band_of, is_crisis, name_of, points_of


def offer() -> None:
    house.demo_makers.append((20, demo.make))
    house.story_makers.append((20, story.tell))
    house.offer(
        Reach("screening.Screen", "families.Episode", prefix="episode"),
        Reach("screening.Screen", "tasks.Task", through="tasks.Task", mine="about_id"),
    )
    house.offer(Reach("screening.DoneElsewhere", "families.Episode", prefix="episode"))
    house.offer(
        NavItem("due", N_("Due"), "due", 25, shown=lambda actor: bool(policy.can(actor, "screening.see_due"))),
        Panel("today", "due", 30, "screening/due_today.html", due_views.today_panel),
    )
    house.offer(Panel("dyad", "due", 20, "screening/due_panel.html", due_views.dyad_panel))
    house.offer(Panel("visit", "due", 10, "screening/due_visit.html", due_views.visit_panel))
    house.offer(SCREENS)
    house.offer(Panel("dyad", "screening", 30, "screening/dyad_panel.html", dyad_panel))
    house.offer(
        Told(
            "screening",
            40,
            N_("Questionnaires you answered"),
            held,
            N_("Whether you answered questionnaires, and how: the care team that asked prints it."),
        )
    )
    house.explains("crisis_answer", crisis)
    house.listens(TaskUnanswered, "screening.tell_again", subscribers.tell_again)
    house.listens(LetterUndelivered, "screening.climb_at_once", subscribers.climb_at_once)


def dyad_panel(request: Any, *, dyad: Any, episode: Any, on: Any) -> dict[str, Any] | None:
    """For each adult of the episode, and for a child that is born, the way to the own page; nothing here tells whether
    anybody was ever screened. Who may read and not begin (by emergency access) is led to the page that is for reading."""
    actor = request.actor
    page = "caregiver" if policy.can(actor, "screening.begin", episode) else "caregiver_read"
    if page == "caregiver_read" and not policy.can(actor, "screening.see", episode):
        return None
    rows: list[dict[str, Any]] = [
        {
            "name": adult.person.given_name,
            "url": reverse(page, kwargs={"episode": episode.pk, "person": adult.person.pk}),
        }
        for adult in families.adults(episode, on)
    ]
    if rows and families.age(dyad, on) is not None:
        url = reverse(page, kwargs={"episode": episode.pk, "person": dyad.child_id})
        rows.append({"name": dyad.child.given_name or _("baby"), "url": url, "is_child": True})
    if not rows:
        return None
    begins = {"head_way": {"label": _("Enter a screen"), "url": "#own-pages"}} if page == "caregiver" else {}
    return {"rows": rows, **begins}


def held(actor: Any, person: Any, verdict: Verdict) -> list[dict[str, str]] | None:
    """Her own screens, for those who may read them; never those of somebody else."""
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    own = policy.visible(actor, Screen.objects.filter(subject=person), "screening.see").order_by("on", "pk")
    return [_told(screen) for screen in own]


def _told(screen: Screen) -> dict[str, str]:
    """A screen as her own page and its history show it: points, band, a flag, and each item with what was marked."""
    told = {name_of(screen): clock.day(screen.on), _("Points"): points_of(screen), _("Band"): band_of(screen) or "—"}
    if is_crisis(screen):
        told[_("What was seen")] = _(words.FLAG_MEANING)
    if catalog().of(screen.instrument, screen.edition) is None:
        return told
    instrument = queries.instrument_of(screen)
    answers = {
        numbered(instrument, one.key): answer_said(instrument, screen.answers, one.key) for one in instrument.items
    }
    return told | answers


def crisis(actor: Any, task: Any) -> Reason:
    """The words of a crisis task, for those who answer it."""
    screen = Screen.objects.filter(pk=task.about_id).first()
    may_read = screen is not None and bool(policy.can(actor, "screening.see", screen))
    call = _(
        "Call now, on a number that is safe. Ask how things are, stay on the line until help is near, "
        "then write down what you did."
    )
    if task.calls_back is not None:
        call = _(
            "What was chosen about being called stands below. Keep to it. Ask how things are, stay until help is near, "
            "then write down what you did."
        )
    return Reason(
        _("An answer about self-harm"),
        call,
        url=reverse("screen", kwargs={"screen": task.about_id}) if may_read else "",
        button=_("Read the answers"),
        notes=tuple(changed_since(screen, with_answers=may_read)) if screen is not None else (),
    )
