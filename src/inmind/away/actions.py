"""Changes of devices, of what was received from them, and of papers."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from inmind.access.act import Act, action
from inmind.access.models import Account
from inmind.away import queries
from inmind.away.models import Device, Paper, Received
from inmind.away.receiving import Came, Told
from inmind.families.models import Episode, Participation
from inmind.foundation import text
from inmind.foundation.entries import Done, Entry, clock_of
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.foundation.registries import Brought, house
from inmind.foundation.values import N_
from inmind.people.models import Person

log = logging.getLogger("inmind.away")
MOST_DEVICES = 20  # of one account that are not cut off, ours


@action("away.add_device", on="account")
def add_device(act: Act, *, account: Account, id: UUID, name: str) -> Device:
    """Let a browser of one's own take families along. Known already: its name is kept as it is said now."""
    name = text.checked_line(name.strip(), 60, field="name")
    if not text.tokens(name):
        raise BadInput(
            N_("The name of the device is missing."),
            N_("By it you know the device again when it is lost."),
            N_("Write one, such as: my work phone."),
            field="name",
        )
    there = Device.objects.select_for_update().filter(pk=id, account=account).first()
    if there is not None:
        _stop_if_cut_off(there)
        there.name, there.contacted_at = name, act.now
        there.save()
        return there
    if Device.objects.filter(account=account, cut_off_at__isnull=True).count() >= MOST_DEVICES:
        raise NotNow(
            N_("Too many devices are known under your account."),
            N_("Each may hold families for a while."),
            N_("Cut off those that you no longer use."),
        )
    return Device.objects.create(id=id, account=account, name=name, contacted_at=act.now)


@action("away.prepare", on="device")
def note_contact(act: Act, *, device: Device) -> Device:
    """That a device was here, and took families along: what it took is read, and stands in the trail as reading."""
    _stop_if_cut_off(device)
    device.contacted_at = act.now
    device.save(update_fields={"contacted_at"})
    return device


@action("away.send", on="device")
def receive(
    act: Act, *, device: Device, came: Came, told: Told, done: Done | None = None, made: int | None = None
) -> Device:
    """Write down that an entry came and what became of it, so that it is never done again."""
    about = done.about if done is not None else None
    entry = came.entry
    Received.objects.create(
        device=device,
        entry=entry.id,
        number=entry.number,
        digest=came.digest,
        kind=entry.kind,
        at=entry.at,
        clock=clock_of(entry.at, act.now),
        told=told,
        about_kind=about._meta.label if about is not None else "",
        about_id=about.pk if about is not None else None,
        about_version=made,
    )
    device.taken, device.contacted_at = max(device.taken, entry.number), act.now
    device.save(update_fields={"taken", "contacted_at"})
    return device


@action("away.keep_paper", on="device")
def keep_paper(act: Act, *, device: Device, came: Came, refusal: InMindError, asks: bool = False) -> Paper:
    """Keep what could not be kept as it came, for whoever may read it to sort; and let the room act on what cannot wait.

    Of somebody who was erased nothing is kept.
    """
    entry, owner = came.entry, device.account.person
    kind = house.brought.get(entry.kind)
    episode = _served(entry.episode, owner)
    rows = Paper.objects.filter(device=device, episode=episode).order_by("number") if episode is not None else ()
    earlier = [queries.entry_of(one) for one in rows]
    person = _whose(kind, entry, earlier, episode) or owner
    is_gone = episode is not None and (person.erased_at or episode.dyad.child.erased_at)
    paper = Paper.objects.create(
        device=device,
        owner=owner,
        person=owner if is_gone else person,
        episode=None if is_gone else episode,
        entry=entry.id,
        number=entry.number,
        digest=came.digest,
        kind=entry.kind,
        at=entry.at,
        clock=clock_of(entry.at, act.now),
        words=None if is_gone else came.raw,
        refusal=_refused(refusal),
        asks=asks,
    )
    if kind is not None and episode is not None and not is_gone:
        try:
            with transaction.atomic():
                kind.heed(act, replace(entry, episode=episode.pk), earlier, episode)
        except InMindError:  # what cannot be heeded stops nothing that comes after it
            log.exception("an entry of kind %s that was not kept could not be heeded", entry.kind)
    return paper


@action("away.sort_paper", on="paper")
def sort_paper(act: Act, *, paper: Paper, how: str, reason: str = "") -> Paper:
    """Say what became of a paper: its words were entered, or are set aside for a reason; of two texts, which one holds."""
    if paper.sorted_at is not None:
        raise NotNow(N_("This was sorted already."), N_("Somebody of the care team was quicker."))
    fits = {Paper.How.FIRST, Paper.How.SECOND, Paper.How.BOTH} if paper.asks else {Paper.How.ENTERED}
    if how not in {*fits, Paper.How.SET_ASIDE}:
        raise BadInput(N_("What became of it is missing."), N_("Choose one."), field="how")
    if how == Paper.How.SET_ASIDE and not text.tokens(reason):
        raise BadInput(
            N_("The reason is missing."),
            N_("What is set aside says why, in one sentence."),
            N_("Write for example: it was entered on paper already."),
            field="reason",
        )
    paper.sorted_at, paper.sorted_by_id, paper.sorted_how = act.now, act.actor.person, how
    paper.reason = text.checked(reason.strip(), 500, field="reason") or None
    paper.save()
    return paper


@action("away.cut_off", on="device")
def cut_off(act: Act, *, device: Device, why: str = Device.Why.LOST) -> Device:
    """Let a device take nothing along from now on; at its next contact it is told to wipe what it holds."""
    if device.cut_off_at is not None:
        raise NotNow(N_("This device was cut off already."))
    device.cut_off_at, device.cut_off_by_id, device.cut_off_why = act.now, act.actor.person, why
    device.save()
    return device


def _served(pk: UUID | None, worker: Person) -> Episode | None:
    """The family that an entry names, where this worker is or was on its care team; else none is looked at."""
    there = house.forwarded([pk]).get(pk, pk) if pk else None
    rows = Episode.objects.select_related("organization", "dyad__child").filter(pk=there)
    return rows.filter(assignments__worker=worker).first() if there else None


def _whose(kind: Brought | None, entry: Entry, earlier: Sequence[Entry], episode: Episode | None) -> Person | None:
    """Whose words an entry holds: the room's word for it, of those who take part in the family."""
    if kind is None or episode is None:
        return None
    try:
        pk = kind.owner(replace(entry, episode=episode.pk), earlier)
    except InMindError:
        return None
    row = Participation.objects.filter(episode=episode, person=pk).select_related("person").first() if pk else None
    return row.person if row is not None else None


def _refused(refusal: InMindError) -> str:
    facts = {name: str(fact)[:120] for name, fact in refusal.facts.items()}
    return json.dumps({"sentences": refusal.sentences, "facts": facts})


def _stop_if_cut_off(device: Device) -> None:
    if device.cut_off_at is not None:
        raise NotNow(
            N_("This device was cut off."),
            N_("It takes nothing along, and nothing is taken from it."),
            N_("Ask the supervisor of your agency, or go on with another device."),
        )
