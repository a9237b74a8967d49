"""What a worker takes along, and how devices and papers stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import override

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.models import Account, RoleAssignment
from inmind.access.queries import actor_for
from inmind.away import receiving
from inmind.away.models import Device, Paper
from inmind.families.models import Assignment, Episode
from inmind.foundation import clock
from inmind.foundation.entries import Entry
from inmind.foundation.helplines import help_lines
from inmind.foundation.registries import house
from inmind.people.models import Organization

PREPARE, SORT = "away.prepare", "away.sort_paper"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is taken along, as JSON says it, and by what it is known again. subjects: whose it is; the adults' apart from the
    children's, so that no entry of the trail names a caregiver's fold and a child together."""

    text: str
    etag: str
    children: frozenset[tuple[str, UUID]]
    adults: frozenset[tuple[str, UUID]]


def served(actor: Actor) -> list[Episode]:
    """The families of the actor's own care teams that she takes along, the newest first; as many as may be taken."""
    mine = Assignment.in_force(clock.today(settings.INSTALLATION.zone)).filter(worker=actor.person)
    reached = policy.visible(actor, mine, PREPARE).values("episode")
    rows = Episode.objects.filter(pk__in=reached).select_related("dyad__child", "organization")
    return list(rows.order_by("-created_at", "-pk")[: settings.AWAY_FAMILIES])


def parcel(actor: Actor, device: Device) -> Parcel:
    """All that a visit needs, for these families: each room's part, asked for all of them at once."""
    episodes, now = served(actor), clock.now()
    whole: dict[str, Any] = {}
    families: dict[UUID, dict[str, Any]] = {
        one.pk: {"episode": str(one.pk), "version": one.version} for one in episodes
    }
    for room in house.carried:
        common, parts = room.of(actor, episodes)
        whole |= common
        for pk, part in parts.items():
            families[pk] |= part
    agency = episodes[0].organization if episodes else None
    whole |= {
        "wipe_at": receiving.wiped_at(now, settings.AWAY_HOURS).isoformat(),
        "worker": {"id": str(actor.account), "name": actor.name},
        "zone": agency.zone if agency else settings.INSTALLATION.zone,
        "help": {language: _help(language) for language in settings.INSTALLATION.languages},
        "agency": _agency(agency),
        "takes": [kind for kind, one in house.brought.items() if policy.can(actor, one.verb)],
        "families": list(families.values()),
    }
    said = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    etag = hashlib.sha256(f"{device.pk}:{said}".encode()).hexdigest()[:32]
    return Parcel(
        json.dumps({"made_at": now.isoformat(), **whole}, ensure_ascii=False, separators=(",", ":")),
        f'"{etag}"',
        _children(episodes),
        _adults(families.values()),
    )


def _help(language: str) -> list[dict[str, Any]]:
    with override(language):
        lines = help_lines(language)
    return [
        {
            "name": one.name,
            "crisis": one.crisis,
            "call": one.call,
            "shown": one.shown,
            "text": one.text,
            "url": f"tel:{one.dial}",
            "note": one.note,
        }
        for one in lines
    ]


def _agency(agency: Organization | None) -> dict[str, Any]:
    if agency is None:
        return {"name": "", "crisis_text": {}}
    said = {code: agency.crisis_words(code) for code in settings.INSTALLATION.languages}
    return {
        "name": agency.name,
        "crisis_text": {code: words for code, (words, spoken) in said.items() if spoken == code},
    }


def _children(episodes: Iterable[Episode]) -> frozenset[tuple[str, UUID]]:
    return frozenset(
        pair for one in episodes for pair in (("dyad", one.dyad_id), ("person", one.dyad.child_id), ("episode", one.pk))
    )


def _adults(families: Iterable[dict[str, Any]]) -> frozenset[tuple[str, UUID]]:
    return frozenset(
        pair
        for one in families
        for adult in one.get("adults", ())
        for pair in (("person", UUID(adult["person"])), ("episode", UUID(one["episode"])))
    )


def is_cut_off(named: str) -> bool:
    """Whether a device of this id, as it says it, was cut off; whoever says it."""
    return _is_there(named, cut_off_at__isnull=False)


def is_under(account: UUID | None, named: str) -> bool:
    """Whether a device of this id, as it says it, is of this account."""
    return account is not None and _is_there(named, account=account)


def _is_there(named: str, **facts: Any) -> bool:
    try:
        return Device.objects.filter(pk=UUID(named), **facts).exists()
    except ValueError:
        return False


def devices(account: UUID) -> models.QuerySet[Device]:
    return Device.objects.filter(account=account).select_related("cut_off_by").order_by("cut_off_at", "-contacted_at")


def waiting(actor: Actor) -> models.QuerySet[Paper]:
    """The papers that this actor may sort, the oldest first."""
    return policy.visible(actor, _unsorted(), SORT).order_by("created_at", "pk")


def on_today(actor: Actor, most: int) -> tuple[list[Paper], int]:
    """The same, at most so many, and how many of her own are about families that she serves no more; in one question."""
    mine = models.Q(owner=actor.person) | models.Q(reached=True)
    reached = policy.visible(actor, Paper.objects.filter(pk=models.OuterRef("pk")), SORT)
    rows = _unsorted().annotate(reached=models.Exists(reached)).filter(mine).order_by("created_at", "pk")
    found: list[Any] = list(rows[:200])
    shown = [one for one in found if one.reached]
    return shown[:most], len(found) - len(shown)


def _unsorted() -> models.QuerySet[Paper]:
    rows = Paper.objects.filter(sorted_at__isnull=True)
    return rows.select_related("episode__dyad__child", "episode__organization", "owner", "person")


def entry_of(paper: Paper) -> Entry:
    """The entry that a paper keeps, of the family as its record stands today."""
    return replace(
        receiving.entry_of(paper.came, paper.entry, paper.number),
        episode=paper.episode_id,
        at=paper.at,
        kind=paper.kind,
    )


def may_still(account: Account) -> bool:
    """Whether any role that an account holds today takes families along."""
    return bool(policy.can(replace(actor_for(account), second_factor=True), "away.send"))


def at_organization(organization: UUID) -> models.QuerySet[Device]:
    """The devices of those who work there, or have worked there, the latest contact first."""
    held = RoleAssignment.objects.filter(organization=organization)
    rows = Device.objects.filter(account__in=held.values("account")).select_related("account__person", "cut_off_by")
    return rows.order_by("cut_off_at", "-contacted_at")
