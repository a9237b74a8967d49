"""What somebody needs who keeps a family safe today and is not on its care team: the card of emergency access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.queries import work_phones
from inmind.access.roles import ROLES
from inmind.families import queries, rota, rota_views, sharing
from inmind.families.adult_views import way_said
from inmind.families.models import Episode, Household
from inmind.foundation import clock
from inmind.people.models import Contact, Person

VERB = "families.see_in_emergency"


def panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """The adults of this side with the ways that they said are safe, who serves them, who is on call, who runs the agency.

    A way that is not safe, or that nobody asked about, is not shown; nor where somebody lives, unless she said that the
    child's other caregivers may be told: who reads this for the first time, in haste, would tell it. Whether somebody was
    screened stands on her own page alone (`protect.md` 1, 4).
    """
    verdict = policy.can(request.actor, VERB, episode)
    if not verdict:
        return None
    adults = queries.adults(episode, on)
    seen: set[tuple[str, UUID]] = {("episode", episode.pk), *(("person", one.person.pk) for one in adults)}
    audit.read(request.actor, VERB, verdict, subjects=seen)
    kept = _kept(one.person for one in adults)
    homes = queries.homes(episode, on)
    moment = clock.now().astimezone(ZoneInfo(episode.organization.zone))
    return {
        "adults": [
            {
                "name": one.person.name,
                "part": _(one.part) if one.part else "",
                "ways": [way_said(way, moment) for way in kept[one.person.pk] if _is_shown(way)],
                "keeps_more": not all(map(_is_shown, kept[one.person.pk])),
                "lives": [
                    home.address if _may_be_told(home) else ""
                    for home, rows in homes.items()
                    if home.address and one.person in [row.person for row in rows]
                ],
            }
            for one in adults
        ],
        **_who_answers(episode, on),
    }


def _who_answers(episode: Episode, on: date) -> dict[str, Any]:
    """The care team, who reads now, and the agency's supervisors, each with the work phone, and the mail at which
    the agency writes to them."""
    place = episode.organization
    here = set(queries.holding_role(place))
    team = [row for row in queries.team(episode, on) if row.worker in here]
    reads = queries.reading(place)
    on_call = list(Person.objects.filter(pk=reads.asked[0])) if reads.state is rota.State.ON_CALL else []
    above = list(queries.holding_role(place, "agency_supervisor"))
    people = {*(row.worker for row in team), *on_call, *above}
    mails, phones = _kept(people), work_phones(one.pk for one in people)

    def reached(person: Person, role: str = "") -> dict[str, Any]:
        addresses = [one.address for one in mails[person.pk] if one.safe and one.channel != Contact.Channel.POST]
        said = {"name": person.name, "role": _(ROLES[role].name) if role in ROLES else "", "ways": addresses}
        return said | {"phone": phones.get(person.pk, "")}

    return {
        "team": [reached(row.worker, row.role) for row in team],
        "says_on_call": rota_views.said(reads, place),
        "on_call": [reached(one) for one in on_call],
        "above": [reached(one) for one in above],
    }


def _kept(people: Iterable[Person]) -> dict[UUID, list[Contact]]:
    found: dict[UUID, list[Contact]] = defaultdict(list)
    for one in Contact.in_use(person__in=[person.pk for person in people]).order_by("created_at", "pk"):
        found[one.person_id].append(one)
    return found


def _is_shown(way: Contact) -> bool:
    """A safe way; a postal address, which says where she is, only where she lets the other caregivers be told."""
    return way.safe is True and (way.channel != Contact.Channel.POST or _may_be_told(way))


def _may_be_told(where: Contact | Household) -> bool:
    kind = where.class_of("address")
    return sharing.may_be_told(kind, is_own=False, shown_to_others=where.shown_to_others)
