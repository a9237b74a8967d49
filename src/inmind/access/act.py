"""The only thing that opens a write: ask, decide, save, audit, announce.

    @action("tasks.close", on="task")
    def close(act, *, task, done): ...

    close(actor, key="0190…", version=3, task=task, done="Called her; she is safe.")

Asked outside the transaction first, so that a refusal is recorded; asked again under the row's lock. A request that
comes twice under one key gets the first one's answer; the same key with another body is refused; a version that is not
the newest is refused and both texts are shown.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

from inmind.access import audit, guard, policy, vault
from inmind.access.actors import Actor
from inmind.access.models import AuditEntry, StoredAnswer
from inmind.foundation import clock
from inmind.foundation.errors import InMindError, KeyReused, Refused, Stale, Taken
from inmind.foundation.events import Event
from inmind.foundation.identity import new_id
from inmind.foundation.models import columns_of, insert, row_of, sent_together
from inmind.foundation.registries import house
from inmind.foundation.values import Verdict
from inmind.jobs.models import Job

Answer = TypeVar("Answer")
VERBS: dict[str, Callable[..., Any]] = {}


@dataclass(slots=True)
class Act:
    """What an action works with: who acts, when, and a way to announce. Lower rooms' actions are called with it."""

    actor: Actor
    verb: str
    verdict: Verdict
    now: datetime
    entry: UUID = field(default_factory=new_id)
    subjects: set[audit.Subject] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)

    def announce(self, event: Event) -> None:
        """Leave the announcement in this transaction: one job for each room that listens."""
        for key in house.subscribers.get(type(event).__name__, {}):
            payload = {"event": type(event).__name__, "edition": event.edition, "data": event.as_data(), "to": key}
            Job.objects.put("event", payload)

    def later(self, kind: str, payload: Mapping[str, Any], *, key: str = "", due_at: datetime | None = None) -> None:
        """Leave a job of our own in this transaction."""
        Job.objects.put(kind, dict(payload), key=key, due_at=due_at or self.now)

    def concerns(self, *things: Any) -> None:
        """Name further subjects of the audit entry."""
        for thing in things:
            self.subjects |= audit.subjects_of(thing)

    def today(self, zone: str = "") -> date:
        return clock.today(zone or settings.INSTALLATION.zone)

    def begins(self, zone: str) -> date:
        """The first day of what begins now: by the house's clock or the place's own, whichever is earlier, since rules ask
        by either."""
        return min(self.today(), self.today(zone))


def action(verb: str, *, on: str = "") -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Make a function the one way to do a verb.

    on: the argument that is asked about and locked. Called with an Actor it opens the transaction; called with an Act
    (from another room's action) it is a part of that one, permitted with it and named in its audit entry.
    """

    def made(work: Callable[..., Answer]) -> Callable[..., Answer]:
        @functools.wraps(work)
        def call(by: Actor | Act, /, *, key: str = "", version: int | None = None, **named: Any) -> Answer:
            if isinstance(by, Act):
                by.parts.append(verb)
                return work(by, **named)
            return _perform(by, verb, work, on, key, version, named)

        if VERBS.setdefault(verb, call) is not call:
            raise ValueError(f"{verb} is done in two places")
        call.verb = verb  # type: ignore[attr-defined]
        return call

    return made


def _perform(
    actor: Actor, verb: str, work: Callable[..., Answer], on: str, key: str, version: int | None, named: dict[str, Any]
) -> Answer:
    if on and named.get(on) is None:
        raise TypeError(f"{verb} is asked about its {on}; none was given")
    if guard.in_an_action():
        raise RuntimeError(f"{verb} was called by an actor while an action is open: hand its act on instead")
    thing = named.get(on) if on else None
    _ask(actor, verb, thing)
    body = vault.keyed_hash("body", _canonical(named)) if key else ""
    try:
        return _within(actor, verb, work, on, key, body, version, named)
    except (IntegrityError, InMindError) as problem:
        # Two clicks at once: what the first one saved stood in the second one's way, which now finds its answer.
        if key and not isinstance(problem, KeyReused) and (stored := _answer_of(actor, verb, key, body)):
            return stored.value
        if isinstance(problem, Refused):
            audit.refused(actor, verb, problem.verdict, about=thing if isinstance(thing, models.Model) else None)
        if isinstance(problem, IntegrityError) and _is_taken(problem):
            raise Taken from problem
        raise
    finally:
        policy.forget()


def _is_taken(problem: IntegrityError) -> bool:
    """Whether the database refused a second row where there can be one; anything else is a fault of the program."""
    return "UNIQUE constraint failed" in str(problem) or getattr(problem.__cause__, "sqlstate", "") == "23505"


def _ask(actor: Actor, verb: str, thing: Any) -> Verdict:
    verdict = policy.can(actor, verb, thing)
    if not verdict:
        audit.refused(actor, verb, verdict, about=thing if isinstance(thing, models.Model) else None)
        raise Refused(verdict)
    return verdict


def _within(
    actor: Actor,
    verb: str,
    work: Callable[..., Answer],
    on: str,
    key: str,
    body: str,
    version: int | None,
    named: dict[str, Any],
) -> Answer:
    """The transaction of an action."""
    entry = new_id()
    with audit.turn(), transaction.atomic(), guard.acting(entry.hex):
        if on and isinstance(named.get(on), models.Model):
            named = {**named, on: _locked(named[on])}
        thing = named.get(on) if on else None
        # A row that is as it was asked about was not changed under this key. Where the key stands with something else, it
        # stands in the way of being kept once more, and all of this is undone.
        is_first = version is not None and thing is not None and thing.version == version
        if key and not is_first and (stored := _answer_of(actor, verb, key, body)):
            return stored.value
        verdict = policy.can(actor, verb, thing)
        if not verdict:
            raise Refused(verdict)
        if version is not None and thing is not None and thing.version != version:
            raise Stale(thing)
        act = Act(actor=actor, verb=verb, verdict=verdict, now=clock.now(), entry=entry)
        answer = work(act, **named)
        act.concerns(thing, *(answer if isinstance(answer, tuple) else (answer,)))
        about = answer if isinstance(answer, models.Model) else thing
        with sent_together():
            audit.write(
                actor,
                verb,
                AuditEntry.Outcome.DONE,
                verdict=verdict,
                about=about if isinstance(about, models.Model) else None,
                subjects=act.subjects,
                entry_id=entry,
                at=act.now,
                parts=act.parts,
            )
            if key:
                kept = StoredAnswer(actor=actor.key, verb=verb, key=key, body=body, answer=_as_data(answer), at=act.now)
                insert([kept])
        return answer


def _locked(thing: models.Model) -> models.Model:
    """The same row as it stands now, held until the transaction ends; with it, read, what its paths lead through."""
    model = type(thing)
    through = {reach.prefix for reach in house.reaches_of(model._meta.label) if reach.prefix and not reach.through}
    now = row_of(model, thing.pk, *sorted(through), locked=True)
    if now is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return now


# Answers kept under their key


@dataclass(frozen=True, slots=True)
class _Stored:
    value: Any


def _answer_of(actor: Actor, verb: str, key: str, body: str) -> _Stored | None:
    kept = columns_of(StoredAnswer, "id", "body", actor=actor.key, verb=verb, key=key)
    if kept is None:
        return None
    pk, first_body = kept
    if first_body != body:
        raise KeyReused
    return _Stored(_from_data(StoredAnswer.objects.get(pk=pk).answer))


def _as_data(answer: Any) -> Any:
    match answer:
        case None | int():
            return {"value": answer}
        case models.Model():
            return {"model": answer._meta.label, "id": str(answer.pk)}
        case tuple():
            return {"several": [_as_data(part) for part in answer]}
    # Words (a one-time link's secret) are answered once and not kept.
    raise TypeError(f"an action with a key answers with records or nothing, not with {type(answer).__name__}")


def _from_data(data: Any) -> Any:
    if "several" in data:
        return tuple(_from_data(part) for part in data["several"])
    if "model" in data:
        return apps.get_model(data["model"])._default_manager.get(pk=data["id"])
    return data["value"]


def _canonical(value: Any) -> bytes:
    return json.dumps(value, default=_plain, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    match value:
        case models.Model():
            return f"{value._meta.label}:{value.pk}"
        case Enum():
            return value.value
        case date() | datetime() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case set() | frozenset():
            return sorted(map(str, value))
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
    if isinstance(mark := getattr(value, "mark", None), str):
        return mark  # what was looked at stands for itself by the mark of how it was shown
    if hasattr(value, "edition") and hasattr(value, "key"):
        return f"{value.key}@{value.edition}"  # a catalog's definition stands for itself
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"an action cannot be asked with {type(value).__name__}")
