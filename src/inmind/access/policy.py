"""The only place that decides who may see and do what. Compiled from one table of grants, in two executions.

`can` walks from one record to its anchors in Python; `visible` says the same as SQL for many. A property test holds
both equal on generated networks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models

from inmind.access import grants
from inmind.access.actors import Actor, Standing
from inmind.access.role import Grant
from inmind.access.roles import ROLES
from inmind.foundation import clock
from inmind.foundation.models import asked_again
from inmind.foundation.registries import Path, Reach, house
from inmind.foundation.values import FieldClass, Verdict

Found = TypeVar("Found")
ANYWHERE = "anywhere"  # the path of grants that concern the house and no record in particular


def can(actor: Actor, verb: str, thing: Any = None) -> Verdict:
    """Yes or no, with the sentence that says why. `thing` None asks for the verb itself, wherever it may reach."""
    standing_problem = _standing_problem(actor)
    if standing_problem is not None:  # a refusal counts as no
        return standing_problem
    has_verb = False
    for standing, grant in _granted(actor, verb):
        has_verb = True
        if thing is None or _reaches(standing, grant, thing):
            return _yes(standing, grant)
    return grants.refusal(verb, has_verb=has_verb)


def visible(actor: Actor, queryset: models.QuerySet, verb: str) -> models.QuerySet:
    """The records of a queryset that this actor may see for this verb; every list begins here."""
    if _standing_problem(actor) is not None:
        return queryset.none()
    return _reached(((standing, grant.path) for standing, grant in _granted(actor, verb)), _on(), queryset)


def _reached(granted: Iterable[tuple[Standing, str]], on: date, queryset: models.QuerySet) -> models.QuerySet:
    """The records of a queryset to which one of these paths leads on a day."""
    ways = [way for standing, path in granted if (way := _way(standing, path, queryset.model, on))]
    if not ways:
        return queryset.none()
    clauses = [_clause(condition, through, mine, leads=len(ways) == 1) for condition, through, mine in ways]
    total = clauses[0]
    for clause in clauses[1:]:
        total |= clause
    return queryset.filter(total)


Seen = Callable[[models.QuerySet], models.QuerySet]


def visible_again(question: Callable[..., models.QuerySet]) -> Callable[..., list[Any]]:
    """A list that pages ask for again and again, as `asked_again`: `question(seen, **named)`, where `seen(rows)` are those
    of some records that are visible to the actor, for the verb, whom and which the asking names first.

    Only the words of the statement are kept, for each set of paths. Who she is, where she holds which role and the day are
    asked by each time, so that a change of roles acts at once. A path that asks (emergency access) is asked each time too;
    while it leads somewhere, nothing kept is used.
    """

    @asked_again
    def kept(*, granted: tuple[Any, ...], **named: Any) -> models.QuerySet:
        today, *ways = granted
        paths = [(Standing("", organization, person, link=link), path) for path, organization, person, link in ways]
        return question(lambda rows: _reached(paths, today, rows), **named)

    @wraps(question)
    def ask(actor: Actor, verb: str, **named: Any) -> list[Any]:
        if _standing_problem(actor) is not None:
            return []
        today, ways = _on(), dict[tuple[str, Any, Any, Any], None]()
        for standing, grant in _granted(actor, verb):
            path = house.paths.get(grant.path)
            if path is None or not path.asks:
                ways[grant.path, standing.organization, standing.person, standing.link] = None
            elif path.q(standing, today) != NOBODY_ELSE:
                return list(question(lambda rows: visible(actor, rows, verb), **named))
        return kept(granted=(today, *ways), **named)

    return ask


# What was found in this request, so that a page, its panels and the action it calls do not ask the database twice. Never
# used within a transaction: under its lock an action asks afresh.
_found: ContextVar[dict[Any, Any] | None] = ContextVar("found", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember, for one request, which paths reach, and what else is asked `once`."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def forget() -> None:
    """Something was written: what was found before may no longer hold."""
    if (found := _found.get()) is not None:
        found.clear()


def once(asked: Hashable, answer: Callable[[], Found]) -> Found:
    """The answer to a question that several parts of one page ask; `asked` names it, and what it is about."""
    found = _found.get()
    if found is None or connection.in_atomic_block:
        return answer()
    if asked not in found:
        found[asked] = answer()
    return found[asked]


def _holds(path: Path, standing: Standing, anchor: Any, on: date) -> bool:
    return once((path.key, standing, anchor.pk, on), lambda: path.holds(standing, anchor, on))


def project(thing: models.Model, verdict: Verdict) -> dict[str, Any]:
    """The fields of a record that the verdict's audience may read: each audience has its projection."""
    shown = verdict.classes | {FieldClass.PUBLIC}
    return {
        field.name: getattr(thing, field.attname)
        for field in thing._meta.concrete_fields
        if _class_of(type(thing), field.name) in shown
    }


def _class_of(model: type[models.Model], field: str) -> FieldClass:
    return model.class_of(field) if hasattr(model, "class_of") else model.CLASSES[field]  # type: ignore[attr-defined]


def _standing_problem(actor: Actor) -> Verdict | None:
    if not actor.standings:
        return Verdict(allowed=False, sentence=grants.ROLE_LACKS if actor.signed_in else grants.NOT_SIGNED_IN)
    if actor.needs_second_factor:
        return Verdict(allowed=False, sentence=grants.SECOND_FACTOR)
    return None


def _granted(actor: Actor, verb: str) -> Iterator[tuple[Standing, Grant]]:
    return ((standing, grant) for standing in actor.standings for grant in grants.of_role(standing.role, verb))


def _yes(standing: Standing, grant: Grant) -> Verdict:
    return Verdict(
        allowed=True,
        sentence=ROLES[standing.role].sentence,
        role=standing.role,
        purpose=grant.purpose,
        classes=grant.classes,
        regime=grant.regime,
        organization=str(standing.organization or ""),
    )


def _on() -> date:
    """Paths hold on a day: today, by the installation's own zone."""
    from django.conf import settings

    return clock.today(settings.INSTALLATION.zone)


def _reaches(standing: Standing, grant: Grant, thing: Any) -> bool:
    if grant.path == ANYWHERE:
        return True
    path = house.paths.get(grant.path)
    reach = house.reaches.get((thing._meta.label, path.anchor)) if path else None
    if path is None or reach is None:
        return False
    on = _on()
    return any(_holds(path, standing, anchor, on) for anchor in _anchors_found(reach, thing))


def _anchors_found(reach: Reach, thing: Any) -> Iterable[Any]:
    """The anchors that a record is led to by another table are found once; its own may stand differently each time."""
    if not reach.through:
        return _anchors(reach, thing)
    return once((reach.model, reach.anchor, thing.pk), lambda: list(_anchors(reach, thing)))


def anchors(thing: models.Model, label: str) -> list[Any]:
    """The anchors of one kind that a record is connected with; none where the house has no such kind."""
    reach = house.reaches.get((thing._meta.label, label))
    return list(_anchors(reach, thing)) if reach else []


def _anchors(reach: Reach, thing: Any) -> Iterator[Any]:
    """Walk from a record to its anchors."""
    if reach.through:
        rows = apps.get_model(reach.through)._default_manager.filter(**{reach.mine: thing.pk})
    else:
        rows = [thing]
    for row in rows:
        for name in filter(None, reach.prefix.split("__")):
            row = getattr(row, name) if row is not None else None
        if row is not None:
            yield row


NOBODY_ELSE = models.Q(pk__in=[])  # what a path says that leads to nothing now, so that no list asks about it


def _way(standing: Standing, key: str, model: type[models.Model], on: date) -> tuple[models.Q, str, str] | None:
    """The condition of a path, with the table between and its column where there is one; None where it reaches nothing."""
    if key == ANYWHERE:
        return ~NOBODY_ELSE, "", ""
    path = house.paths.get(key)
    reach = house.reaches.get((model._meta.label, path.anchor)) if path else None
    if path is None or reach is None:
        return None
    condition = path.q(standing, on)
    return None if condition == NOBODY_ELSE else (_prefixed(condition, reach.prefix), reach.through, reach.mine)


def _clause(condition: models.Q, through: str, mine: str, *, leads: bool) -> models.Q:
    """leads: it is the only condition, so that a list may begin with it."""
    if not through:
        return condition
    between = apps.get_model(through)._default_manager.filter(condition)
    if leads:  # asked of each record in turn, SQLite would read them all
        return models.Q(pk__in=between.values(mine))
    # Beside another condition it cannot lead, and PostgreSQL would make the whole list first.
    return models.Q(models.Exists(between.filter(**{mine: models.OuterRef("pk")})))


def _prefixed(condition: models.Q, prefix: str) -> models.Q:
    """The same condition seen from further away; an Exists inside a Q keeps its own outer reference."""
    if not prefix:
        return condition
    turned = models.Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, models.Q):
            turned.children.append(_prefixed(child, prefix))
        elif isinstance(child, tuple):
            turned.children.append((f"{prefix}__{child[0]}", child[1]))
        else:
            raise TypeError("a path's condition is made of plain lookups, so that it can be seen from further away")
    return turned
