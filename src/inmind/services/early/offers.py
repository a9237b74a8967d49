"""What early intervention offers: how its records are reached, its cards, the words of its tasks, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.access.actors import machine
from inmind.families.subscribers import remind_of
from inmind.foundation.events import BirthChanged, TaskUnanswered
from inmind.foundation.registries import AtEnd, Forgetting, Panel, Reach, house
from inmind.jobs.models import Job
from inmind.people.models import Person
from inmind.services.early import actions, panel_views, plainly_views
from inmind.services.early import demo as early_demo
from inmind.services.early import told as early_told
from inmind.services.early.models import EarlyCase, Substantiated, TribalNotice
from inmind.services.referrals.actions import FOLLOWS
from inmind.tasks.models import Task

A_DAY = 86_400
OURS = frozenset({actions.CASE, actions.PAUSE, actions.NOTICE})
TABLES = frozenset(
    f"services.{name}"
    for name in (
        *("EarlyCase", "Pause", "Delay", "TransitionStep", "EarlyBefore"),
        *("Substantiated", "TribalNotice", "NoticeSent"),
    )
)


def offer() -> None:
    early_told.offer()
    FOLLOWS.append(actions.follow)
    house.demo_makers.append((40, early_demo.make))
    for kind in OURS:
        house.could_own[kind] = panel_views.could_own
    for why in (actions.REFER, actions.PLAN, actions.STEPS):
        house.explains(why, panel_views.reason)
    house.explains(actions.LOOK, panel_views.of_pause)
    house.explains(actions.TRIBE, panel_views.of_notice)
    house.listens(BirthChanged, "services.early_follows_birth", follow_birth)
    house.listens(TaskUnanswered, "services.early_remind", remind)
    house.handles("services.early_look", look)
    house.every(A_DAY, "services.early_look", "services.early_look")
    house.open_here.append(panel_views.open_here)
    house.offer(
        AtEnd(actions.CASE_AT_END, panel_views.asked_at_end, actions.end_with),
        Reach("services.EarlyCase", "families.Episode", prefix="episode"),
        Reach("services.Pause", "families.Episode", prefix="case__episode"),
        Reach("services.Delay", "families.Episode", prefix="case__episode"),
        Reach("services.TribalNotice", "families.Episode", prefix="episode"),
        Panel("dyad", "early", 14, "services/early_panel.html", panel_views.panel),
        Panel("dyad", "early_way", 41, "services/early_way.html", panel_views.way),
        Panel("hers_next", "early", 7, "services/early_hers.html", plainly_views.hers),
        Panel("sheet", "early", 10, "services/early_hers.html", plainly_views.on_sheet),
        Panel("today", "early", 26, "services/early_today.html", panel_views.today_panel),
        Forgetting("early", TABLES, goes=_goes, stays=_stays, erase=_erase),
    )


def remind(act: Act, event: TaskUnanswered) -> None:
    """A letter to its owner and to the agency's supervisors that a step of early intervention waits."""
    if event.about_kind in OURS:
        task = Task.objects.select_related("owner", "organization").get(pk=event.task)
        if task.closed_at is None:
            remind_of(act, task, "next_step_waits")


def follow_birth(act: Act, event: BirthChanged) -> None:
    actions.follow_birth(act, dyad=event.dyad)


def look(job: Job) -> None:
    actions.look(machine("services.early_look"), key=f"job:{job.pk}", after=job.payload.get("after", ""))


def _about(person: Person) -> bool:
    return any(model.objects.filter(child=person).exists() for model in (EarlyCase, Substantiated, TribalNotice))


def _goes(person: Person) -> Iterator[str]:
    if _about(person):
        yield _("What was written of the way through early intervention: who saw what, what documents it, who told us.")


def _stays(person: Person) -> Iterator[str]:
    if _about(person):
        yield _("The days of early intervention, of its steps and of what a law asked for, without names and words.")


def _erase(act: Act, person: Person) -> None:
    """All words are sealed by the child's key, and go with it."""
