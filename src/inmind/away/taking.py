"""Takes the entries of a device one after another, each once, through its room's own action."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from inmind.access.actors import Actor
from inmind.access.models import StoredAnswer
from inmind.away import actions
from inmind.away.models import Device, Paper, Received
from inmind.away.receiving import Came, Told, Turn, plan
from inmind.foundation import clock
from inmind.foundation.entries import Clock, Done, Entry, clock_of
from inmind.foundation.errors import BadInput, InMindError, NotNow, Stale, Taken
from inmind.foundation.forms import said
from inmind.foundation.registries import house
from inmind.foundation.values import N_

log = logging.getLogger("inmind.away")
WRONG = {
    Clock.AHEAD: N_("The clock of this device is ahead. The time was kept as it says, beside ours."),
    Clock.LONG_AGO: N_("The clock of this device is far behind. The time was kept as it says, beside ours."),
    Clock.UNREADABLE: N_("The time that this device says cannot be read. Ours was kept."),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device is told of one entry."""

    id: UUID
    told: Told
    says: str = ""
    helps: bool = False
    to: str = ""

    def as_data(self) -> dict[str, Any]:
        return {"id": str(self.id), "verdict": self.told, "said": self.says, "help": self.helps, "to": self.to}


def take(actor: Actor, device: Device, came: Sequence[Came]) -> tuple[list[Answer], int | None]:
    """Take what is new of these, in order. What stops one stops no other: it lies as a paper until somebody sorts it.

    Killed at any moment, and sent again: what was done is found by its key and done no second time.
    """
    ids = [one.entry.id for one in came]
    had: dict[UUID, set[str]] = defaultdict(set)
    for entry, digest in Received.objects.filter(device=device, entry__in=ids).values_list("entry", "digest"):
        had[entry].add(digest)
    found = plan(came, had, device.taken)
    begun = _done_before(actor, device, (one for one, turn in found.turns if turn is not Turn.HAD))
    return [_turn(actor, device, one, turn, begun) for one, turn in found.turns], found.wants


def _done_before(actor: Actor, device: Device, came: Iterable[Came]) -> set[tuple[UUID, str]]:
    """What was done by a request that was cut off before it wrote that down: (id, digest), or (id, "") where its room kept it."""
    ids = [one.entry.id for one in came]
    keys = StoredAnswer.objects.filter(actor=actor.key, key__in=map(str, ids)).values_list("key", flat=True)
    papers = Paper.objects.filter(device=device, entry__in=ids).values_list("entry", "digest")
    return {*papers, *((UUID(key), "") for key in keys)}


def _turn(actor: Actor, device: Device, came: Came, turn: Turn, begun: set[tuple[UUID, str]]) -> Answer:
    entry = came.entry
    if turn is Turn.HAD:
        return Answer(entry.id, Told.HAD_ALREADY)
    if (entry.id, came.digest) in begun:
        actions.receive(actor, device=device, came=came, told=Told.REFUSED)
        return Answer(entry.id, Told.REFUSED, _("It lies ready to be sorted, on Today."))
    if (entry.id, "") in begun and turn is Turn.TAKE:
        done = Done(_made_before(actor, entry))
        actions.receive(
            actor, device=device, came=came, told=Told.KEPT, done=done, made=_still_its_own(device, entry, done.about)
        )
        return Answer(entry.id, Told.HAD_ALREADY)
    try:
        if turn is Turn.CHANGED:
            raise _came_with_other_words()
        done = _do(actor, device, entry)
    except (OperationalError, InterfaceError):
        raise  # the database could not be asked: nothing is decided, and the device sends again
    except Stale as refusal:
        return _paper(actor, device, came, refusal, asks=True)
    except InMindError as refusal:
        return _paper(actor, device, came, refusal)
    except Exception:
        log.exception("an entry of kind %s could not be taken", entry.kind)
        return _paper(actor, device, came, _fault())
    actions.receive(
        actor, device=device, came=came, told=Told.KEPT, done=done, made=getattr(done.about, "version", None)
    )
    wrong = WRONG.get(clock_of(entry.at, clock.now()), "")
    return Answer(entry.id, Told.KEPT, _(wrong) if wrong else "", done.helps, done.to)


def _do(actor: Actor, device: Device, entry: Entry) -> Done:
    kind = house.brought.get(entry.kind)
    if kind is None:
        raise BadInput(
            N_("This kind of entry is not known here."),
            N_("The page on the device is of another edition than this house."),
            N_("Enter it by hand."),
        )
    if entry.episode is None:
        raise BadInput(N_("This entry names no family."), N_("Each entry belongs to one."), N_("Enter it by hand."))
    moved = house.forwarded([entry.episode])
    entry = replace(entry, episode=moved.get(entry.episode, entry.episode))
    changes = kind.changes(entry)
    if changes is not None:
        entry = replace(entry, base=_seen(device, changes, entry.base))
    return kind.take(actor, entry)


def _seen(device: Device, record: UUID, base: int | None) -> int:
    """The version of a record that the device has seen: what it says, and what it made itself since, as long as nobody else
    changed it in between."""
    made = set(Received.objects.filter(device=device, about_id=record).values_list("about_version", flat=True))
    seen = base or 0
    while seen + 1 in made:
        seen += 1
    return seen


def _made_before(actor: Actor, entry: Entry) -> Any:
    """The record that a room's action answered with, before its request was cut off."""
    rows = StoredAnswer.objects.filter(actor=actor.key, key=str(entry.id))
    answer = rows.values_list("answer", flat=True).get()
    return apps.get_model(answer["model"])._default_manager.filter(pk=answer["id"]).first()


def _still_its_own(device: Device, entry: Entry, record: Any) -> int | None:
    """Which version of a record an entry made, where nobody can have changed it since."""
    version = getattr(record, "version", None)
    return version if record is not None and version == _seen(device, record.pk, entry.base) + 1 else None


def _paper(actor: Actor, device: Device, came: Came, refusal: InMindError, *, asks: bool = False) -> Answer:
    told = Told.BOTH_KEPT if asks else Told.REFUSED
    try:
        paper = actions.keep_paper(actor, device=device, came=came, refusal=refusal, asks=asks)
    except Taken:  # the same came twice at this moment
        paper = None
    actions.receive(actor, device=device, came=came, told=told, done=Done(paper))
    says = _("Both texts are kept. Today asks which one is right.") if asks else said(refusal)
    return Answer(came.entry.id, told, says)


def _came_with_other_words() -> NotNow:
    return NotNow(
        N_("This came before, with other words."),
        N_("What came first was kept."),
        N_("Compare the two, and enter what is missing."),
    )


def _fault() -> NotNow:
    return NotNow(
        N_("Something went wrong here while this was kept."),
        N_("It is our fault, and what was typed is not lost."),
        N_("Enter it by hand, and tell the administrator."),
    )
