"""What tasks offer: the path of those who own one, and the climbing of unanswered ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import audit, policy
from inmind.access.act import Act, action
from inmind.access.actors import Actor, Standing, machine
from inmind.access.models import RoleAssignment
from inmind.access.privacy import UNSETTLED
from inmind.access.roles import ROLES
from inmind.foundation import clock
from inmind.foundation.events import RoleEnded
from inmind.foundation.registries import Forgetting, Hanging, Owed, Panel, Path, Reach, house
from inmind.foundation.templatetags.house import due
from inmind.foundation.values import N_, FieldClass
from inmind.jobs.models import Job
from inmind.people.models import Organization, Person
from inmind.tasks import actions, queries, subscribers
from inmind.tasks.models import Task


def offer() -> None:
    house.offer(
        Path(
            "task_owner",
            "tasks.Task",
            holds=lambda standing, task, on: _is_hers(standing, task),
            q=lambda standing, on: _hers(standing),
            says="the task is theirs, or they are asked beside its owner; and of the agency where they hold the role",
        ),
        Path(
            "asked",
            "tasks.Task",
            holds=_was_asked,
            q=_asked,
            says="an open task about it is theirs to answer, alone or beside its owner, or they closed one; at the agency "
            "where they hold the role",
        ),
        Reach("tasks.Task", "tasks.Task"),
        Reach("tasks.Task", "people.Organization", prefix="organization"),
    )
    house.offer(
        Forgetting("tasks", frozenset(("tasks.Task",)), goes=_no_more, stays=_closed, stops=_owed, erase=_nothing_more),
        Panel("today", "tasks", 10, "tasks/today.html", today),
        Panel("today", "answered", 20, "tasks/answered.html", answered),
        Panel("today", "waiting", 22, "tasks/waiting.html", waiting),
    )
    house.handles("tasks.climb", climb)
    house.listens(RoleEnded, "tasks.not_left_alone", subscribers.not_left_alone)
    house.owed.append(climbs)
    house.hangs.append(hangs)
    # A climb that failed to its last attempt begins anew: silence is no answer.
    house.handles("tasks.climb:dead", climb)


def _no_more(person: Person) -> Iterator[str]:
    return iter(())


def _closed(person: Person) -> Iterator[str]:
    """The same for everybody: that somebody answered can tell of a screen (`protect.md` 1)."""
    yield _("Of tasks, if there were any, who closed them and when, without what was done.")


def _owed(person: Person, organization: Organization) -> Iterator[str]:
    owed = Task.objects.filter(subject=person, closed_at__isnull=True)
    if owed.filter(organization=organization).exists():
        yield N_(
            "Somebody of the agency still owes this person something. Its supervisor knows more; it is closed first."
        )
    if owed.exclude(organization=organization).exists():
        yield UNSETTLED


def _nothing_more(act: Act, person: Person) -> None:
    """What was done is sealed by her key, and goes with it."""


def hangs(actor: Actor, held: RoleAssignment) -> Iterator[Hanging]:
    """The open tasks of somebody at an agency, for who sees them there: those that need a person now, then next steps. Before
    that, where nobody else holds the role, who answers there afterwards what needs a person now; for whoever ends it."""
    person, organization = held.account.person, held.organization
    if organization is None:
        return
    if says := _without(held, organization):
        url = f"{reverse('invite')}?organization={organization.pk}"
        may = bool(policy.can(actor, "access.invite", organization))
        yield Hanging(says, url if may else "", _("Invite someone"), afterwards=True)
    rows = policy.visible(actor, Task.objects.filter(closed_at__isnull=True), "tasks.see")
    hers = list(rows.filter(owner=person, organization=organization).values_list("red", flat=True))
    if red := sum(hers):
        says = ngettext("%(n)s task needs a person now", "%(n)s tasks need a person now", red) % {"n": red}
        yield Hanging(says, reverse("today"), _("Hand over on Today"), red=True)
    if steps := len(hers) - red:
        says = ngettext("%(n)s next step", "%(n)s next steps", steps) % {"n": steps}
        yield Hanging(says, reverse("today"), _("Hand over on Today"))


def _without(held: RoleAssignment, organization: Organization) -> str:
    """What an agency cannot do any more with what needs a person now, once this role has ended; empty: nothing changes."""
    left = queries.answering(organization, but=held)
    if left.get(held.role, True):
        return ""
    facts = {"place": organization.name, "names": ", ".join(one.name for people in left.values() for one in people)}
    if not facts["names"]:
        words = _(
            "Afterwards %(place)s has neither a clinician nor a supervisor: nobody there can answer what needs a person "
            "now, and nobody can hand it to somebody who can."
        )
    elif held.role == queries.ANSWERS:
        words = _(
            "Afterwards %(place)s has no clinician. What needs a person now can be taken over by %(names)s, who may not "
            "read the answers."
        )
    else:
        words = _(
            "Afterwards %(place)s has no supervisor. What needs a person now is answered by %(names)s, and nobody there can "
            "hand it over or take it over where they do not answer."
        )
    return words % facts


def _is_hers(standing: Standing, task: Task) -> bool:
    """A task stays with the agency that asked: who has left it, or holds a role at another one alone, owns it no more."""
    return _is_of(standing, task) and standing.person in (task.owner_id, task.backup_id)


def _hers(standing: Standing) -> models.Q:
    person, at = standing.person, standing.organization
    return models.Q(owner=person, organization=at) | models.Q(backup=person, organization=at)


def _was_asked(standing: Standing, task: Task, on: object) -> bool:
    """Whoever is to answer an open task, and whoever closed one."""
    answers = standing.person in (task.owner_id, task.backup_id) and task.closed_at is None
    return _is_of(standing, task) and (answers or task.closed_by_id == standing.person)


def _asked(standing: Standing, on: object) -> models.Q:
    person, at = standing.person, standing.organization
    return (
        models.Q(owner=person, organization=at, closed_at__isnull=True)
        | models.Q(backup=person, organization=at, closed_at__isnull=True)
        | models.Q(closed_by=person, organization=at)
    )


def _is_of(standing: Standing, task: Task) -> bool:
    return (
        standing.person is not None
        and standing.organization is not None
        and task.organization_id == standing.organization
    )


def today(request: Any) -> dict[str, Any] | None:
    """What needs this reader first: red tasks, then those of others about families she serves, then those whose time has
    passed."""
    rows = [row for row in _open(request) if row["red"] or row["late"]]
    others = _with_others(request.actor)
    if not (rows or others):
        return None
    return {
        "red": [row for row in rows if row["red"]],
        "others": others,
        "late": [row for row in rows if not row["red"]],
        "asks": True,
    }


def _with_others(actor: Actor) -> list[dict[str, Any]]:
    """The open red tasks about families of this reader's own care teams that somebody else is to answer: with whom, since
    when others are told, who tried. Known as `answered` knows the closed ones, at the agencies where this actor works."""
    rows = []
    found = list(queries.known(actor, queries.open_with_others(at=actor.organizations, person=actor.person)))
    there = queries.with_whom([one.task for one in found])
    for one in found:
        audit.read(actor, one.verb, one.verdict, subjects={("person", one.task.subject_id)})
        tried = _row(one.task, *_last_attempt(one.task)) if one.task.tried else None
        rows.append({"name": one.task.subject.name, "says": _waits_for(one.task, there[one.task.pk]), "tried": tried})
    return rows


def _waits_for(task: Task, people: list[Person]) -> str:
    """With whom an open task is, of those who still work there, and when others are told if nobody answers."""
    facts = {
        "owner": (people[0] if people else task.owner).name,
        "backup": people[-1].name if people else "",
        "time": clock.shortly(task.next_climb, task.organization.zone),
    }
    if not people:
        who = _("With nobody: %(owner)s works here no more.")
    else:
        who = _("Waiting for %(owner)s and %(backup)s.") if len(people) > 1 else _("Waiting for %(owner)s.")
    if task.next_climb <= clock.now():
        then = _("Others are being told.")
    elif task.step:
        then = _("Others have been told; at %(time)s they are told again if nobody answers.")
    else:
        then = _("At %(time)s others are told if nobody answers.")
    return f"{who % facts} {then % facts}"


def waiting(request: Any) -> dict[str, Any] | None:
    """The tasks whose time is still to come, the next first: this reader's own, and apart from them those of colleagues,
    which a supervisor may hand on."""
    rows = [row for row in _open(request) if not (row["red"] or row["late"])]
    mine, theirs = [row for row in rows if row["mine"]], [row for row in rows if not row["mine"]]
    return {"rows": mine, "theirs": theirs, "asks": bool(mine)} if rows else None


def _open(request: Any) -> list[dict[str, Any]]:
    """The open tasks of this reader, red ones first, read once a page; seeing them is reading, and is audited.

    What is about one kind of record is one entry, so that none about a caregiver's screen names anybody else's.
    """
    from inmind.tasks.views import reason

    if (known := getattr(request, "open_tasks", None)) is not None:
        return known
    tasks = queries.open_for(request.actor)
    verdicts = {task: policy.can(request.actor, "tasks.see", task) for task in tasks}
    for kind in sorted({task.about_kind for task in tasks}):
        some = [task for task in tasks if task.about_kind == kind]
        audit.read(
            request.actor, "tasks.see", verdicts[some[0]], subjects={("person", task.subject_id) for task in some}
        )
    there = queries.with_whom(tasks)
    rows = [
        {
            "id": task.pk,
            "red": task.red,
            "mine": _is_own(request.actor, task),
            "title": (title := reason(request.actor, task, verdicts[task]).title),
            "why": task.subject.name if FieldClass.CLINICAL in verdicts[task].classes else "",
            "nobody": not there[task.pk],
            "who": (who := queries.with_words(task, there[task.pk])),
            "due": due(task.due_at, task.organization.zone),
            "says": _says(request.actor, task, who, title),
            "late": task.due_at < clock.now(),
            "url": reverse("task", kwargs={"task": task.pk}),
            "button": _("Open this now") if task.red else _("Open"),
        }
        for task in tasks
    ]
    # A red task whose owner has left comes before those that somebody has.
    request.open_tasks = sorted(rows, key=lambda row: not (row["red"] and row["nobody"]))
    return request.open_tasks


def _says(actor: Actor, task: Task, who: str, title: str) -> str:
    """By when, unless its title says the day already; and with whom it is, where that is somebody else."""
    from inmind.tasks.views import how_soon

    by = due(task.due_at, task.organization.zone)
    if not task.red and task.due_at >= clock.now() and title == how_soon(task):
        return who
    return by if _is_own(actor, task) else format_html("{} · {}", who, by)


def _is_own(actor: Actor, task: Task) -> bool:
    return actor.person in (task.owner_id, task.backup_id)


def answered(request: Any) -> dict[str, Any] | None:
    """The red tasks about families of this reader's own care teams that somebody else has closed since yesterday.

    Who may read the record that a task is about, in the room that asked, learns that somebody answered, who and when;
    never what was asked or done. Whoever closed it knows. The agency outside the care team learns nothing (`protect.md` 1).
    """
    told = list(queries.known(request.actor, _closed_since_yesterday(request.actor)))
    for one in told:
        audit.read(request.actor, one.verb, one.verdict, subjects={("person", one.task.subject_id)})
    return {"rows": [_row(one.task, one.task.closed_by, one.task.closed_at) for one in told]} if told else None


def _closed_since_yesterday(actor: Actor) -> list[Task]:
    """Closed today or yesterday by the clock of their agency, the latest first; at the agencies where this actor works."""
    since = clock.now() - timedelta(days=2)
    rows = queries.closed_by_others(at=actor.organizations, person=actor.person, since=since)
    return [task for task in rows if _days_ago(task) <= 1]


def _last_attempt(task: Task) -> tuple[Person, datetime]:
    last = task.tried[-1]
    return Person.objects.get(pk=last["by"]), datetime.fromisoformat(last["at"])


def _days_ago(task: Task) -> int:
    assert task.closed_at is not None
    zone = task.organization.zone
    return (clock.today(zone) - task.closed_at.astimezone(ZoneInfo(zone)).date()).days


def _row(task: Task, by: Person | None, at: datetime | None) -> dict[str, Any]:
    roles = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(
        account__person=by, organization=task.organization
    )
    names = [_(ROLES[held.role].name) for held in roles.order_by("since", "pk") if held.role in ROLES]
    return {
        "name": task.subject.name,
        "who": by.name if by else "",
        "role": ", ".join(names),
        "at": at,
        "zone": task.organization.zone,
    }


def climbs() -> Iterable[Owed]:
    """Each open task has a job that lets it climb when nobody answers in time; a time that has passed is now."""
    now = clock.now()
    for task in Task.objects.filter(closed_at__isnull=True).only("step", "due_at", "again_seconds"):
        yield Owed("tasks.climb", {"task": str(task.pk), "step": task.step}, max(task.next_climb, now))


def climb(job: Job) -> None:
    """A task's due time has come: climb unless it was closed, or has climbed already."""
    climb_task(machine("tasks.climb"), key=f"job:{job.pk}", task_id=job.payload["task"], step=job.payload["step"])


@action("jobs.climb")
def climb_task(act: Act, *, task_id: str, step: int) -> None:
    task = Task.objects.select_for_update().filter(pk=task_id).first()
    if task is not None and task.closed_at is None and task.step == step:
        act.concerns(task)
        actions.climb(act, task)
