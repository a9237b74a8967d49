"""Sessions written down, and confirmed by the other side. Nothing of what was said in one is ever kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from inmind.access import policy
from inmind.access.act import Act, action
from inmind.foundation.errors import NotNow, Stale
from inmind.foundation.events import HoursConfirmed
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.reflection import queries, sessions
from inmind.reflection.actions.held import held_then
from inmind.reflection.actions.seats import acting, begin_edges
from inmind.reflection.models import Agreement, Presence, Session
from inmind.reflection.sessions import About, Kind, Meeting


@action("reflection.log", on="agreement")
def log(
    act: Act,
    *,
    agreement: Agreement,
    on: date,
    minutes: int,
    kind: Kind,
    about: About,
    there: frozenset[UUID],
    begins: datetime | None = None,
) -> Session:
    """Write down that a session took place, for one's own side. Raises BadInput for what cannot have been."""
    me = acting(act)
    if queries.awaits_yes(agreement, me):
        raise NotNow(N_("You have not said yes to this agreement yet."), N_("Say yes first, then write it down."))
    if agreement.declined_on is not None:
        raise NotNow(N_("This agreement was not taken on."), N_("Make another one."))
    said = sessions.logged(agreement.giver, me, sorted(there))
    meeting = Meeting(None, agreement.pk, on, minutes, begins)
    check(act, meeting, kind, there, agreement)
    row = Session.objects.create(
        agreement=agreement,
        provider=agreement.provider,
        logged_by_id=me,
        on=on,
        minutes=minutes,
        begins=begins,
        kind=kind.value,
        about=about.value,
        giver_said_at=act.now if said.giver else None,
    )
    for person, is_said in said.there.items():
        Presence.objects.create(
            session=row, person_id=person, said_at=act.now if is_said else None, by_id=me if is_said else None
        )
    return row


def check(act: Act, meeting: Meeting, kind: Kind, there: Iterable[Any], agreement: Agreement) -> None:
    people = set(there) | ({agreement.provider_id} if agreement.provider_id else set())
    # Held until the transaction ends, so that of two sessions at one moment the second finds the first.
    list(Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk"))
    others = queries.beside(people, meeting.on)
    frame = queries.frame_of(agreement)
    today = act.today(agreement.zone)
    sessions.check(meeting, kind, sorted(there), frame, today=today, others=others, by=act.actor.person)


@action("reflection.confirm", on="session")
def confirm(act: Act, *, session: Session, seen: frozenset[str] = frozenset()) -> Session:
    """Say that a session took place: for the side that gives, or for oneself. Never what one wrote down oneself.

    seen: marks of what was shown (`queries.mark_of`); empty: nothing was. Raises Stale where the session is another one since.
    """
    if not is_as_seen(session, seen):
        raise Stale(session)
    confirm_for(act, session, acting(act))
    return session


@action("reflection.confirm_all")
def confirm_all(act: Act, *, ids: frozenset[UUID], seen: frozenset[str] = frozenset()) -> int:
    """Say so of many at once: a month with one tap. Those that were confirmed or changed meanwhile are passed over. Returns how
    many."""
    me = acting(act)
    locked = Session.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    allowed = set(
        policy.visible(act.actor, Session.objects.filter(pk__in=ids), "reflection.confirm").values_list("pk", flat=True)
    )
    done = 0
    for row in locked:
        waits = row.pk in allowed and row.taken_back_on is None and me in row.said.waits_for
        if waits and is_as_seen(row, seen):
            confirm_for(act, row, me)
            act.concerns(row)
            done += 1
    return done


def is_as_seen(row: Session, seen: frozenset[str]) -> bool:
    return not seen or queries.mark_of(row) in seen


def confirm_for(act: Act, row: Session, by: Any) -> None:
    """by: a person's id, or OUTSIDE."""
    if row.taken_back_on is not None:
        raise NotNow(N_("This session was taken back."), N_("There is nothing to confirm."))
    before = row.said
    after = sessions.confirmed(before, by)
    if after.giver and not before.giver:
        row.giver_said_at = act.now
    for one in row.presences.all():
        if after.there[one.person_id] and one.said_at is None:
            one.said_at, one.by_id = act.now, by
            one.save()
    if after.stands - before.stands:
        if row.provider_holds is None:
            row.provider_holds, row.holds_by = held_then(row)
        act.announce(HoursConfirmed(session=row.pk))
    row.save()
    _says_yes(act, row.agreement, by)


def _says_yes(act: Act, agreement: Agreement, by: Any) -> None:
    """Whoever confirms a session has said yes to its agreement."""
    today = act.today(agreement.zone)
    if by == agreement.giver and agreement.provider_said_on is None:
        agreement.provider_said_on = today
        agreement.save()
    seat = queries.seat_of(agreement, by)
    if seat is not None and seat.said_on is None:
        seat.said_on = today
        seat.save()
    begin_edges(act, agreement)
