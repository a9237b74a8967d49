"""Places in agreements: who has one, the edges that join who holds with who is held, and who acts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inmind.access.act import Act
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.people.models import Person, Relationship
from inmind.records import actions as records
from inmind.reflection import queries
from inmind.reflection.models import Agreement, Seat


def acting(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person does this."), N_("Sign in first."))
    return act.actor.person


def seat_for(act: Act, row: Agreement, person: Person, since: date, *, says_yes: bool, managed: bool = False) -> Seat:
    found = row.provider_id is not None and queries.is_manager(row.provider_id, person.pk, max(since, row.since))
    return Seat.objects.create(
        agreement=row,
        person=person,
        since=since,
        said_on=act.today(row.zone) if says_yes else None,
        is_manager=managed or found,
    )


def begin_edges(act: Act, row: Agreement) -> None:
    """Join who holds with who is held, once both have said yes: `holds`, never the same edge as `manages`."""
    if row.provider is None or not row.has_giver_yes:
        return
    for seat in row.places.select_related("person").filter(
        said_on__isnull=False, edge__isnull=True, until__isnull=True
    ):
        ends = {"from_person": row.provider, "to_person": seat.person, "until__isnull": True}
        there = Relationship.objects.filter(kind=Relationship.Kind.HOLDS, **ends).first()
        seat.edge = there or records.relate(
            act, kind=Relationship.Kind.HOLDS, person=row.provider, to=seat.person, since=seat.since, until=row.until
        )
        seat.save()


def follow_end(row: Agreement) -> None:
    """Let the edges of an agreement end when it does; where another one joins the same two, when the later of them does."""
    seats = Seat.objects.filter(until__isnull=True, declined_on__isnull=True)
    for seat in row.places.select_related("edge").filter(edge__isnull=False, until__isnull=True):
        edge = seat.edge
        assert edge is not None
        ends = [one or date.max for one in seats.filter(edge=edge).values_list("agreement__until", flat=True)]
        edge.until = None if date.max in ends else max(*ends, edge.since)
        edge.save()


def end_edge(seat: Seat, on: date) -> None:
    """End the edge of a seat, unless another agreement of the same two goes on."""
    edge = seat.edge
    if edge is None or (edge.until is not None and edge.until <= on):
        return
    others = Seat.objects.filter(edge=edge, until__isnull=True, declined_on__isnull=True).exclude(pk=seat.pk)
    ends = [one or date.max for one in others.values_list("agreement__until", flat=True)]
    if date.max not in ends:
        edge.until = max(on, edge.since, *ends)
        edge.save()
