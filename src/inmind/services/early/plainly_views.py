"""Early intervention on the family's own page, and on the sheet of who holds it that it takes along."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.families import queries as families
from inmind.families.actions.taking_part import adults_of
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.people.models import Person
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early import actions, plainly
from inmind.services.early import case as rules
from inmind.services.early.models import EarlyCase
from inmind.tasks.models import Task

SEE = "services.early_see"


def hers(request: Any, *, episode: Episode, person: Person) -> dict[str, Any] | None:
    """For an adult who may decide for the child, or whom early intervention calls; for no other adult of the family."""
    case = actions.open_case(episode)
    on = clock.today(episode.organization.zone)
    if case is None or not _decides(case, person, on):
        return None
    return _said(case, on)


def on_sheet(request: Any, *, dyad: Dyad, episode: Episode, on: date) -> dict[str, Any] | None:
    """Beside the printed map, by who may read the child's way."""
    if not policy.can(request.actor, SEE, episode):
        return None
    case = actions.open_case(episode)
    return _said(case, on) if case is not None else None


def _decides(case: EarlyCase, person: Person, on: date) -> bool:
    may = {one.person for one, _ask in families.may_agree(case.episode, case.child, on) if one.may is not False}
    called = case.referral.to_call_id if case.referral is not None else None
    return person.pk in {*may, called} or {row.person_id for row in adults_of(case.episode)} == {person.pk}


def _said(case: EarlyCase, on: date) -> dict[str, Any] | None:
    born = case.episode.dyad.birth_date
    if born is None:
        return None
    steps = rules.next_steps(early_intervention(), case.as_case(born), on)
    told = plainly.sentences(steps, on, name=case.episode.dyad.called, who=_who(case, on), is_lead=case.is_lead)
    lines = [
        _(one.words) % {name: clock.day(fact) if isinstance(fact, date) else fact for name, fact in one.facts.items()}
        for one in told
    ]
    return {"lines": lines} if lines else None


def _who(case: EarlyCase, on: date) -> str:
    """Who coordinates here: who has its next step as a task, else who coordinates for the family, else who serves it."""
    open_tasks = Task.objects.filter(about_kind=actions.CASE, about_id=case.pk, closed_at__isnull=True)
    task = open_tasks.select_related("owner").order_by("due_at").first()
    if task is not None:
        return task.owner.name
    team = list(families.team(case.episode, on))
    first = sorted(team, key=lambda row: row.role != "family_service_coordinator")[:1]
    return first[0].worker.name if first else ""
