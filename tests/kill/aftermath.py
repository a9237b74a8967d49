"""Look at what killed writers left: each promise of the house by name, with what breaks it in words (none: it is kept)."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import QuerySet

from inmind.access import act, audit, proof
from inmind.access.models import AuditEntry, RowChange, StoredAnswer
from inmind.away.models import Paper, Received
from inmind.families.models import Assignment, Dyad, EarlierVisit, Episode, Participation, Visit
from inmind.jobs.models import Job
from inmind.messages.models import Letter
from inmind.people.models import NameToken, Person, Relationship
from inmind.screening.models import Flag, Screen
from inmind.tasks.models import Task
from tests.kill.clinic import CRISIS

VERBS = {
    "begin": "screening.begin",
    "answer": "screening.answer",
    "register": "families.register",
    "close": "tasks.close",
}
ENTRIES = 3  # of what a phone sends at once
A_FAMILY = {Person: 2, Dyad: 1, Episode: 1, Participation: 2, Relationship: 1, Assignment: 1}


def counted() -> dict[str, int]:
    """How many rows there are of each kind that writers add, before they begin."""
    return {model.__name__: model.objects.count() for model in (*A_FAMILY, Screen, Task, Letter)}


def wait_until_alone() -> None:
    """PostgreSQL may be busy for a moment with the last words of a client that is gone."""
    for _ in range(300 if connection.vendor == "postgresql" else 0):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.1)


def look(answered: Mapping[str, list[tuple[str, str]]], before: Mapping[str, int]) -> dict[str, list[str]]:
    return {
        "acknowledged": list(_lost(answered)),
        "crises": list(_half_crises()),
        "phones": list(_phones(answered)),
        "families": list(_half_families(before)),
        "entries": list(_half_entries()),
        "answers": list(_half_answers()),
        "counts": list(_counts_apart(before)),
        "trail": list(_broken_trail()),
        "database": list(_broken_database()),
    }


def done_keys(keys: Iterable[str]) -> list[str]:
    """Those of these keys whose action is in effect."""
    return sorted(StoredAnswer.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def _lost(answered: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    done = {(one.verb, one.key) for one in StoredAnswer.objects.all()}
    for key, records in answered.items():
        step = key.rpartition(".")[2]
        if step in VERBS and (VERBS[step], key) not in done:
            yield f"{key} was acknowledged and has no stored answer"
        for label, ref in records:
            if not apps.get_model(label)._default_manager.filter(pk=ref).exists():
                yield f"{key} was acknowledged and its {label} is not there"
        if key.endswith(".answer") and Screen.objects.get(pk=records[0][1]).answers != CRISIS:
            yield f"{key} was acknowledged and the answer is not kept"
        if key.endswith(".close") and not Task.objects.get(pk=records[0][1]).done:
            yield f"{key} was acknowledged and the task stands open"


def _phones(answered: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    """What a phone sent is there once and whole, where it was told so; and nothing of it is there twice, or lies unsorted."""
    for key, records in answered.items():
        name, _, step = key.rpartition(".")
        if step == "send":
            visit = Visit.objects.get(pk=records[0][1])
            if (visit.note, visit.strength) != (name, name):
                yield f"{key} was acknowledged and its words are not all there"
            if (there := Received.objects.filter(about_id=visit.pk).count()) != ENTRIES:
                yield f"{key} was acknowledged and {there} entries of it are written down"
    if papers := Paper.objects.count():
        yield f"{papers} entries could not be kept"
    if again := EarlierVisit.objects.count():
        yield f"{again} visits were written over"


def _half_crises() -> Iterator[str]:
    """A crisis answer stands with its flag, its red task, its letter and the two jobs that follow; or there is none."""
    tasks, letters = _by_screen(Task.objects.filter(red=True)), _by_screen(Letter.objects.all())
    flags = Counter(Flag.objects.filter(is_crisis=True).values_list("screen", flat=True))
    jobs = set(Job.objects.exclude(key=None).values_list("key", flat=True))
    for screen in Screen.objects.all():
        is_crisis = screen.answers == CRISIS
        found = {
            "flag": flags[screen.pk],
            "red task": len(tasks[screen.pk]),
            "letter": len(letters[screen.pk]),
            "job that climbs": len(jobs & {f"climb:{task}:0" for task in tasks[screen.pk]}),
            "job that delivers": len(jobs & {f"letter:{letter}" for letter in letters[screen.pk]}),
        }
        for what, count in found.items():
            if count != is_crisis:
                yield f"a screen {'with' if is_crisis else 'without'} a crisis answer has {count} {what}"


def _by_screen(rows: QuerySet) -> defaultdict[UUID, list[UUID]]:
    """The ids of tasks or letters by the screen they are about."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for screen, row in rows.values_list("about_id", "pk"):
        found[screen].append(row)
    return found


def _half_families(before: Mapping[str, int]) -> Iterator[str]:
    families = Dyad.objects.count() - before["Dyad"]
    for model, each in A_FAMILY.items():
        if (more := model.objects.count() - before[model.__name__]) != families * each:
            yield f"{families} families were added and {more} {model.__name__}"
    served = Person.objects.filter(pk__in=Participation.objects.values("person"))
    if nameless := served.exclude(pk__in=NameToken.objects.values("person")).count():
        yield f"{nameless} people cannot be found by their name"


def _half_entries() -> Iterator[str]:
    """Each entry of the writers' actions names whom it concerns, and has the answer it was stored with."""
    entries = AuditEntry.objects.filter(outcome=AuditEntry.Outcome.DONE, verb__in=VERBS.values())
    for entry in entries.filter(subjects__isnull=True):
        yield f"the entry {entry.seq} ({entry.verb}) names nobody"
    lines = Counter(RowChange.objects.values_list("act", flat=True))
    for entry in entries:
        if not entry.changes or lines[entry.id.hex] != entry.changes:
            yield f"the entry {entry.seq} ({entry.verb}) does not cover its changes"
    owned = {one.hex for one in AuditEntry.objects.values_list("id", flat=True)}
    for ownerless in lines.keys() - owned - {"migrations"}:
        yield f"rows were changed in the name of {ownerless}, which has no entry"


def _half_answers() -> Iterator[str]:
    """Each stored answer has one entry of the same actor, verb and moment, and the records it answers with."""
    entries = Counter(AuditEntry.objects.filter(outcome=AuditEntry.Outcome.DONE).values_list("actor", "verb", "at"))
    stored = list(StoredAnswer.objects.all())
    for (actor, verb, at), count in Counter((one.actor, one.verb, one.at) for one in stored).items():
        if entries[actor, verb, at] != count:
            yield f"{count} answers to {verb} at {at} have {entries[actor, verb, at]} entries"
    for one in stored:
        try:
            act._from_data(one.answer)
        except ObjectDoesNotExist as missing:
            yield f"the answer to {one.key} is not there: {missing}"


def _counts_apart(before: Mapping[str, int]) -> Iterator[str]:
    done = Counter(StoredAnswer.objects.values_list("verb", flat=True))
    effects = {
        "screening.begin": Screen.objects.count() - before["Screen"],
        "screening.answer": Task.objects.filter(red=True).count() - before["Task"],
        "families.register": Dyad.objects.count() - before["Dyad"],
        "tasks.close": Task.objects.filter(closed_at__isnull=False).count(),
    }
    for verb, effect in effects.items():
        if not effect or done[verb] != effect:
            yield f"{verb} was answered {done[verb]} times and is in effect {effect} times"


def _broken_trail() -> Iterator[str]:
    audit.seal()
    found = proof.prove()
    if found.head is None or found.reach.unsealed:
        yield f"{found.reach.unsealed} entries could not be sealed"
    yield from map(str, found.faults)


def _broken_database() -> Iterator[str]:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma, well in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            cursor.execute(f"PRAGMA {pragma}")
            if (rows := cursor.fetchall()) != well:
                yield f"{pragma}: {rows[:3]}"
