"""Reads of places that providers offer: those open to somebody, as endorsement names them beside a line of hours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.foundation.registries import house
from inmind.reflection.forms import FORMATS, MEETS, said_holds, said_languages, said_price, said_zone
from inmind.reflection.models import Agreement, Offering, Seat
from inmind.reflection.sessions import About


@dataclass(frozen=True, slots=True)
class Place:
    """An open place with a provider who lets themselves be found: what one session there would be.

    provider: as `queries.Held` names the same one. holds: what they hold that day, None: not known. seats: open ones, None where
    nobody said how many. says: endorsement, format, where, languages, zone, price, in the reader's language; what is not known
    is left out. address: where a place is asked for.
    """

    id: UUID
    provider: str
    provider_name: str
    holds: frozenset[str] | None
    kind: str
    minutes: int
    about_rsc_given: bool
    seats: int | None
    says: tuple[str, ...]
    address: str


def offered(on: date) -> QuerySet[Offering]:
    """What is offered on a day: shown by who offers it, and in no group that has ended or that nobody took on."""
    runs = Q(agreement__until__isnull=True) | Q(agreement__until__gt=on)
    group = runs & Q(agreement__declined_on__isnull=True)
    return Offering.objects.filter(Q(agreement__isnull=True) | group, is_shown=True)


def open_for(person: UUID, on: date) -> tuple[Place, ...]:
    """The places that are open to somebody on a day, those said last first: none of their own, none where they have one."""
    mine = Seat.objects.filter(person=person, until__isnull=True, declined_on__isnull=True).values("agreement")
    rows = offered(on).exclude(provider=person).exclude(agreement__in=mine, agreement__isnull=False)
    shown = list(rows.select_related("provider", "agreement").order_by("-said_on", "-pk"))
    if not shown:
        return ()
    groups = {one.agreement_id for one in shown}
    seats = Seat.objects.filter(agreement__in=groups, until__isnull=True, declined_on__isnull=True)
    taken = Counter(seats.values_list("agreement", flat=True))
    holds = house.endorsed({one.provider_id for one in shown}, on)
    found = [_place(one, holds.get(one.provider_id), taken) for one in shown]
    return tuple(one for one in found if one.seats != 0)


def _place(row: Offering, holds: frozenset[str] | None, taken: Counter[UUID]) -> Place:
    group: Agreement | None = row.agreement
    counted = group is not None and group.seats is not None
    words = (
        said_holds(holds),
        _(FORMATS[row.format]),
        _(MEETS[row.meets]),
        said_languages(row.languages),
        said_zone(row.zone),
        _("%(price)s a session") % {"price": said_price(row.cents)} if row.cents is not None else "",
    )
    return Place(
        id=row.pk,
        provider=str(row.provider_id),
        provider_name=row.provider.name,
        holds=holds,
        kind=row.format,
        minutes=row.minutes,
        about_rsc_given=group is not None and group.about == About.RSC_GIVEN,
        seats=max(0, group.seats - taken[group.pk]) if counted else row.free,  # type: ignore[union-attr, operator]
        says=tuple(one for one in words if one),
        address=f"{reverse('reflection_find')}#offer-{row.pk}",
    )
