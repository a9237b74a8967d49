"""The master key gives way to a fresh one while the house is served, and to a death in the middle of it.

First the file: the fresh key seals from then on, the one before stays beside it, and both are read. Then each person's
key, a batch a job, is sealed anew: what it holds does not change, so that no clinical word is touched; and what a room
seals by the master key itself (`house.reseals`). At the end, when nothing in the database needs the earlier key, its file
is removed. Each step begins where the one before was stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from inmind import installation
from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.actors import Actor, machine
from inmind.access.models import PersonKey
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.jobs.models import Job

BATCH = 200  # keys an action: a few hundredths of a second under the writer's lock
REWRAP = "access.rewrap"
# Ours. Whoever read the earlier key before it was replaced has long finished what he seals with it.
KEPT_AT_LEAST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation is. `earlier` names the master keys that are still here beside today's."""

    todays: str
    earlier: tuple[str, ...]
    since: datetime
    done: int
    waiting: int
    orphaned: int  # keys of persons whose master key is nowhere: what they seal cannot be read

    @property
    def is_under_way(self) -> bool:
        return bool(self.earlier)


def progress() -> Progress:
    known = vault.masters()
    todays, *earlier = known
    file = settings.INSTALLATION.home / "keys" / "master.key"
    return Progress(
        todays=todays,
        earlier=tuple(earlier),
        since=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        done=PersonKey.objects.filter(master=todays).count(),
        waiting=PersonKey.objects.filter(master__in=earlier).count(),
        orphaned=PersonKey.objects.exclude(master__in=known).count(),
    )


def begin() -> None:
    """Let a fresh master key seal from now on; goes on with a rotation that was begun, and begins no second one."""
    known = vault.masters()
    if len(known) == 1:
        installation.replace_key(settings.INSTALLATION.home, "master", keep_as=next(iter(known)))


@action("access.rotate_keys")
def ask(act: Act) -> None:
    """Leave the work of a rotation that has begun to the machine for later work."""
    act.later(REWRAP, {})


@action("jobs.rewrap")
def rewrap_some(act: Act) -> int:
    """Seal the next batch of keys by today's master key, and leave a job for the one after it. Returns how many.

    Only the wrapping changes, by an update of what is still there: a key that is destroyed meanwhile stays so.
    """
    earlier = list(vault.masters())[1:]
    rows = PersonKey.objects.filter(master__in=earlier).select_for_update().order_by("person")[:BATCH]
    done = 0
    for row in rows:
        name, wrapped = vault.rewrapped(row.person_id, row.master, bytes(row.wrapped))
        done += PersonKey.objects.filter(pk=row.pk, master=row.master).update(master=name, wrapped=wrapped)
    if done == 0:
        done = sum(reseal() for reseal in house.reseals)
    if done:
        act.later(REWRAP, {})
    return done


@action("jobs.retire_key")
def retire(act: Act) -> None:
    """Write down that the earlier master keys are needed no longer. Their files go when this is kept (`go_on`)."""


def go_on(by: Actor, key: str = "") -> bool:
    """One step of a rotation that is under way: a batch, or the end of the earlier key. False when there is none now."""
    if not progress().is_under_way:
        return False
    if rewrap_some(by, key=key):
        return True
    stands = progress()
    if stands.waiting or clock.now() - stands.since < KEPT_AT_LEAST:
        return False
    retire(by, key=f"retire:{stands.todays}")
    for name in stands.earlier:
        installation.retire_key(settings.INSTALLATION.home, "master", name)
    return True


def run(job: Job) -> None:
    """The machine's own step: asked by each batch for the next, and by the clock each hour."""
    go_on(machine(REWRAP), key=f"job:{job.pk}")
