"""Agreements: written down, said yes to, ended, and one more person asked in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from inmind.access.act import Act, action
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Organization, Person
from inmind.people.reaching import check_mail
from inmind.reflection import queries, sessions, terms
from inmind.reflection.actions.outside import AGREEMENT, check_other_mailbox, write_outside
from inmind.reflection.actions.seats import acting, begin_edges, end_edge, seat_for
from inmind.reflection.finding import Format, Meets
from inmind.reflection.models import Agreement, Seat, Session
from inmind.reflection.sessions import About


@action("reflection.propose")
def propose(
    act: Act,
    *,
    association: Organization,
    format: Format,
    about: About,
    meets: Meets,
    since: date,
    held: Sequence[Person],
    provider: Person | None = None,
    outside_name: str = "",
    outside_mail: str = "",
    outside_holds: frozenset[str] | None = None,
    until: date | None = None,
    minutes: int = 60,
    weeks: int | None = None,
    cents: int | None = None,
    languages: frozenset[str] = frozenset(),
    zone: str = "",
    seats: int | None = None,
    managed: frozenset[UUID] = frozenset(),
) -> Agreement:
    """Write down that somebody holds somebody. It stands once both sides have said yes; whoever writes it has.

    managed: whose line manager the provider is, as it is said; what is written down of it is found besides. Raises BadInput for
    what cannot be, and where whoever writes it is not a part of it.
    """
    me = acting(act)
    people = list({one.pk: one for one in held}.values())
    giver: Any = provider.pk if provider else (queries.OUTSIDE if outside_name.strip() else None)
    ids = [one.pk for one in people]
    terms.check(format, giver, ids, since=since, until=until, seats=seats, cents=cents)
    if me != giver and me not in ids:
        raise BadInput(N_("You are not part of this agreement."), N_("It is written down by somebody who is."))
    if not people and me != giver:
        raise BadInput(N_("Nobody is named who is held."), N_("Name at least one person."), field="people")
    if outside_mail.strip():
        check_mail(outside_mail, field="mail")
        check_other_mailbox(outside_mail, ids)
    if not 1 <= minutes <= sessions.MOST_MINUTES:
        raise BadInput(N_("These minutes cannot be right."), N_("Say how long you usually meet."), field="minutes")
    today = act.today(zone)
    row = Agreement.objects.create(
        association=association,
        format=format.value,
        about=about.value,
        meets=meets.value,
        provider=provider,
        asked_by_id=me,
        since=since,
        until=until,
        minutes=minutes,
        weeks=weeks,
        cents=cents,
        languages=" ".join(sorted(languages)),
        zone=zone or association.zone,
        seats=seats,
        provider_said_on=today if me == giver else None,
        outside_name=text.checked_line(outside_name.strip(), 120, field="name") if provider is None else "",
        outside_mail=outside_mail.strip() if provider is None else "",
        outside_holds=None if outside_holds is None else terms.codes(outside_holds),
        outside_holds_by=Agreement.SaidBy.HELD if outside_holds is not None else "",
    )
    for one in people:
        seat_for(act, row, one, since, says_yes=one.pk == me, managed=one.pk in managed)
    begin_edges(act, row)
    others = [one for one in (*people, *((provider,) if provider else ())) if one.pk != me]
    for one in others:
        messages.tell(act, to=one, template="reflection_agreement", facts={}, about_kind=AGREEMENT, about_id=row.pk)
    if row.outside_mail:
        write_outside(act, row)
    return row


@action("reflection.answer", on="agreement")
def answer(act: Act, *, agreement: Agreement, yes: bool) -> Agreement:
    """Say yes to an agreement, or no. Raises NotNow where it does not wait for this person."""
    me = acting(act)
    today = act.today(agreement.zone)
    if not queries.awaits_yes(agreement, me):
        raise NotNow(N_("This agreement does not wait for you."), N_("Open it to see how it stands."))
    if agreement.provider_id == me:
        if yes:
            agreement.provider_said_on = today
        else:
            agreement.declined_on = today
        agreement.save()
    else:
        seat = queries.seat_of(agreement, me)
        assert seat is not None
        if yes:
            seat.said_on = today
        else:
            seat.declined_on = today
        seat.save()
    if yes:
        begin_edges(act, agreement)
    return agreement


@action("reflection.end", on="agreement")
def end(act: Act, *, agreement: Agreement, on: date) -> Agreement:
    """Let an agreement run no more from a day on: all of it, where whoever gives ends it or it is for one person; else the
    reader's own place. Sessions before that day stay as they are."""
    me = acting(act)
    if agreement.until is not None and agreement.until <= on:
        raise NotNow(N_("This agreement has ended already."))
    first = agreement.since
    if on < first:
        raise BadInput(N_("This day is before your agreement began."), N_("Check the date."), field="on")
    latest = agreement.sessions.filter(taken_back_on__isnull=True, on__gte=on).order_by("-on").first()
    seat = queries.seat_of(agreement, me)
    is_all = agreement.provider_id == me or agreement.format == Format.INDIVIDUAL
    if is_all:
        if latest is not None:
            _met_since(latest)
        agreement.until = on
        if not agreement.has_giver_yes:
            agreement.declined_on = act.today(agreement.zone)  # it never stood, and asks nobody any more
        agreement.save()
        for one in agreement.places.filter(until__isnull=True):
            end_edge(one, on)
            if one.said_on is None and one.declined_on is None:
                one.declined_on = act.today(agreement.zone)
                one.save()
        return agreement
    if seat is None or seat.until is not None:
        raise NotNow(N_("Your place in this agreement has ended already."))
    mine = Session.objects.filter(
        agreement=agreement, presences__person=me, taken_back_on__isnull=True, on__gte=on
    ).first()
    if mine is not None:
        _met_since(mine)
    seat.until = max(on, seat.since)
    seat.save()
    end_edge(seat, on)
    return agreement


def _met_since(row: Session) -> None:
    raise BadInput(
        N_("You met since, on %(on)s."),
        N_("An agreement ends after its last session."),
        field="on",
        facts={"on": row.on},
    )


@action("reflection.add_person", on="agreement")
def add_person(act: Act, *, agreement: Agreement, person: Person, since: date, managed: bool = False) -> Seat:
    """Whoever gives a group asks one more person in. Raises NotNow where no place is free."""
    if agreement.provider_id != acting(act) or agreement.format != Format.GROUP:
        raise NotNow(N_("Whoever gives a group asks others in."))
    if person.pk == agreement.provider_id:
        raise BadInput(N_("Nobody is held by themselves."), N_("Choose somebody else."), field="person")
    return add(act, agreement, person, since, says_yes=False, managed=managed)


def add(act: Act, row: Agreement, person: Person, since: date, *, says_yes: bool, managed: bool = False) -> Seat:
    taken = row.places.filter(until__isnull=True, declined_on__isnull=True)
    if taken.filter(person=person).exists():
        raise BadInput(N_("They are in this group already."), N_("Choose somebody else."), field="person")
    if row.seats is not None and taken.count() >= row.seats:
        raise NotNow(N_("Every place of this group is taken."), N_("Say first that it has more places."))
    seat = seat_for(act, row, person, max(since, row.since), says_yes=says_yes, managed=managed)
    begin_edges(act, row)
    messages.tell(act, to=person, template="reflection_agreement", facts={}, about_kind=AGREEMENT, about_id=row.pk)
    return seat
