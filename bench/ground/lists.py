"""`python -m bench.ground.lists`: which big tables are read whole for each list, and by which question, as JSON.

The demonstration's one open task is joined by many, so that a list of tasks is worth a question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from inmind import cli

cli.set_up()

from django.db import connection  # noqa: E402

from inmind.access import guard, policy  # noqa: E402
from inmind.access.act import Act  # noqa: E402
from inmind.access.actors import Actor  # noqa: E402
from inmind.access.models import Account  # noqa: E402
from inmind.access.queries import actor_for, staff_of  # noqa: E402
from inmind.families import queries as families  # noqa: E402
from inmind.families.models import Dyad, Episode  # noqa: E402
from inmind.people.models import Organization, Person  # noqa: E402
from inmind.screening import queries as screening  # noqa: E402
from inmind.screening.models import Screen  # noqa: E402
from inmind.tasks import actions as tasks  # noqa: E402
from inmind.tasks import queries as task_queries  # noqa: E402
from inmind.tasks.models import Task  # noqa: E402
from tests import make  # noqa: E402

BIG = 1_000  # rows
TASKS, OPEN = 3_000, 150
PAGE = 50
NEWEST = ("-created_at", "-pk")


def main() -> None:
    if Task.objects.count() < TASKS:
        make.together(_owe)
    if connection.vendor == "postgresql":
        with guard.permit("migrations"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    big = _big_tables()
    answers = []
    for name, ask in _lists().items():
        found = [(sql, read & big) for sql, read in _read_whole(ask)]
        answers.append(
            {"list": name, "questions": [f"{', '.join(sorted(read))} by {sql}" for sql, read in found if read]}
        )
    print(json.dumps(answers))


def _owe(act: Act) -> None:
    """Tasks of both agencies about their newest screens, nearly all of them closed with what was done."""
    clinicians = {place: by for by in (_actor("dana"), _actor("ines")) for place in _agencies(by)}
    screens = Screen.objects.select_related("subject", "episode__organization").order_by("-created_at")[:TASKS]
    for number, screen in enumerate(screens):
        organization = screen.episode.organization
        by = clinicians[organization.pk]
        task = tasks.owe(
            act,
            to=Person.objects.get(pk=by.person),
            organization=organization,
            subject=screen.subject,
            why="crisis_answer",
            about_kind="screening.Screen",
            about_id=screen.pk,
            within=timedelta(hours=1),
        )
        if number >= OPEN:
            tasks.close(replace(act, actor=by), task=task, done="Called her; she is well.")


def _agencies(actor: Actor) -> set[Any]:
    return {standing.organization for standing in actor.standings}


def _actor(username: str) -> Actor:
    return actor_for(Account.objects.get(username=username), second_factor=True)


def _lists() -> dict[str, Callable[[], Any]]:
    """The lists, by what they are called. Each is asked to its first page."""
    visitor, clinician, coordinator, supervisor, other = map(_actor, ("luz", "dana", "pat", "okafor", "tom"))
    # The smaller one, of some 175 workers: of 500 at once, PostgreSQL does better to read everybody.
    agency = Organization.objects.get(pk__in=_agencies(other))
    screen = Screen.objects.filter(episode__in=families.caseload(visitor)).select_related("episode", "subject")[0]

    def seen(actor: Actor, model: Any, verb: str, *order: str) -> Callable[[], Any]:
        return lambda: list(policy.visible(actor, model.objects.all(), verb).order_by(*order)[:PAGE])

    return {
        "a home visitor's families": lambda: list(families.caseload(visitor)[:PAGE]),
        "a coordinator's own families": lambda: list(families.caseload(coordinator)[:PAGE]),
        "an agency's families": seen(supervisor, Episode, "families.find", *NEWEST),
        "the dyads a home visitor sees": seen(visitor, Dyad, "families.see", *NEWEST),
        "the people a home visitor finds": seen(visitor, Person, "families.find", *NEWEST),
        "the people a home visitor searches": lambda: families.find(visitor, "maria nunez"),
        "the people a supervisor searches": lambda: families.find(supervisor, "maria nunez"),
        "the screens a home visitor sees": seen(visitor, Screen, "screening.see", "-on", "-created_at"),
        "an adult's screens": lambda: list(screening.of(visitor, screen.episode, screen.subject)),
        "an adult's screens, for a clinician": lambda: list(screening.of(clinician, screen.episode, screen.subject)),
        "a clinician's open tasks": lambda: list(task_queries.open_for(clinician)[:PAGE]),
        "an agency's open tasks": lambda: list(task_queries.open_for(supervisor)[:PAGE]),
        "the people of an agency": lambda: staff_of(other, agency),
    }


def _big_tables() -> set[str]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return {table for table, count in counts.items() if count > BIG}


def _read_whole(ask: Callable[[], Any]) -> Iterator[tuple[str, set[str]]]:
    """Each question that is asked of the database, with the tables that its plan reads from one end to the other."""
    asked: list[tuple[str, Any]] = []

    def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        ask()
    for sql, params in asked:
        yield sql, (_by_sqlite if connection.vendor == "sqlite" else _by_postgresql)(sql, params)


def _by_sqlite(sql: str, params: Any) -> set[str]:
    """`SCAN U0 …`: by the name that the question gives the table."""
    called = {alias: table for table, alias in re.findall(r'(?:FROM|JOIN) "(\w+)" "?([A-Z]+\d+)"?', sql)}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        scanned = [row[3].split()[1] for row in cursor.fetchall() if row[3].startswith("SCAN ")]
    return {called.get(name, name) for name in scanned}


def _by_postgresql(sql: str, params: Any) -> set[str]:
    """Sequential scans, and walks along an index without a condition on it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    nodes = _nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return {
        node["Relation Name"]
        for node in nodes
        if node["Node Type"] == "Seq Scan" or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
    }


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)


if __name__ == "__main__":
    main()
