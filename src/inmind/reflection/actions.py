"""Every change of agreements, sessions and places; one function a verb. Nothing of what was said in a session is ever kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from inmind.access import office_links, policy
from inmind.access.act import Act, action
from inmind.access.models import OfficeLink
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.events import HoursConfirmed, LetterUndelivered
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Organization, Person, Relationship
from inmind.people.reaching import check_mail
from inmind.records import actions as records
from inmind.reflection import hours, queries, sessions, terms
from inmind.reflection.finding import Format, Meets
from inmind.reflection.models import (
    FACT_NAMES,
    Agreement,
    Asking,
    Offering,
    Presence,
    Reminder,
    Seat,
    Session,
    Version,
    VersionPerson,
)
from inmind.reflection.sessions import About, Kind, Meeting

PURPOSE = OfficeLink.Purpose.HOURS.value
AGREEMENT, PLACE = Agreement._meta.label, Asking._meta.label
AT_ONCE = 100  # letters of one transaction

# Agreements


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
    me = _person(act)
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
        _check_other_mailbox(outside_mail, ids)
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
        cents=cents,
        languages=" ".join(sorted(languages)),
        zone=zone or association.zone,
        seats=seats,
        provider_said_on=today if me == giver else None,
        outside_name=text.checked_line(outside_name.strip(), 120, field="name") if provider is None else "",
        outside_mail=outside_mail.strip() if provider is None else "",
        outside_holds=None if outside_holds is None or provider else terms.codes(outside_holds),
        outside_holds_by=Agreement.SaidBy.HELD if outside_holds is not None and not provider else "",
    )
    for one in people:
        _seat(act, row, one, since, says_yes=one.pk == me, managed=one.pk in managed)
    _begin_edges(act, row)
    others = [one for one in (*people, *((provider,) if provider else ())) if one.pk != me]
    for one in others:
        messages.tell(act, to=one, template="reflection_agreement", facts={}, about_kind=AGREEMENT, about_id=row.pk)
    if row.outside_mail:
        _write_outside(act, row)
    return row


def _seat(act: Act, row: Agreement, person: Person, since: date, *, says_yes: bool, managed: bool = False) -> Seat:
    found = row.provider_id is not None and queries.is_manager(row.provider_id, person.pk, max(since, row.since))
    return Seat.objects.create(
        agreement=row,
        person=person,
        since=since,
        said_on=act.today(row.zone) if says_yes else None,
        is_manager=managed or found,
    )


def _begin_edges(act: Act, row: Agreement) -> None:
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


def _end_edge(seat: Seat, on: date) -> None:
    """End the edge of a seat, unless another agreement of the same two goes on."""
    edge = seat.edge
    if edge is None or edge.until is not None:
        return
    if not Seat.objects.filter(edge=edge, until__isnull=True).exclude(pk=seat.pk).exists():
        edge.until = max(on, edge.since)
        edge.save()


@action("reflection.answer", on="agreement")
def answer(act: Act, *, agreement: Agreement, yes: bool) -> Agreement:
    """Say yes to an agreement, or no. Raises NotNow where it does not wait for this person."""
    me = _person(act)
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
        _begin_edges(act, agreement)
    return agreement


@action("reflection.end", on="agreement")
def end(act: Act, *, agreement: Agreement, on: date) -> Agreement:
    """Let an agreement run no more from a day on: all of it, where whoever gives ends it or it is for one person; else the
    reader's own place. Sessions before that day stay as they are."""
    me = _person(act)
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
            _end_edge(one, on)
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
    _end_edge(seat, on)
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
    if agreement.provider_id != _person(act) or agreement.format != Format.GROUP:
        raise NotNow(N_("Whoever gives a group asks others in."))
    if person.pk == agreement.provider_id:
        raise BadInput(N_("Nobody is held by themselves."), N_("Choose somebody else."), field="person")
    return _add(act, agreement, person, since, says_yes=False, managed=managed)


def _add(act: Act, row: Agreement, person: Person, since: date, *, says_yes: bool, managed: bool = False) -> Seat:
    taken = row.places.filter(until__isnull=True, declined_on__isnull=True)
    if taken.filter(person=person).exists():
        raise BadInput(N_("They are in this group already."), N_("Choose somebody else."), field="person")
    if row.seats is not None and taken.count() >= row.seats:
        raise NotNow(N_("Every place of this group is taken."), N_("Say first that it has more places."))
    seat = _seat(act, row, person, max(since, row.since), says_yes=says_yes, managed=managed)
    _begin_edges(act, row)
    messages.tell(act, to=person, template="reflection_agreement", facts={}, about_kind=AGREEMENT, about_id=row.pk)
    return seat


# Sessions


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
    me = _person(act)
    if queries.awaits_yes(agreement, me):
        raise NotNow(N_("You have not said yes to this agreement yet."), N_("Say yes first, then write it down."))
    if agreement.declined_on is not None:
        raise NotNow(N_("This agreement was not taken on."), N_("Make another one."))
    said = sessions.logged(agreement.giver, me, sorted(there))
    meeting = Meeting(None, agreement.pk, on, minutes, begins)
    _check(act, meeting, kind, there, agreement)
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


def _check(act: Act, meeting: Meeting, kind: Kind, there: Iterable[Any], agreement: Agreement) -> None:
    people = set(there) | ({agreement.provider_id} if agreement.provider_id else set())
    # Held until the transaction ends, so that of two sessions at one moment the second finds the first.
    list(Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=people).order_by("pk"))
    others = queries.beside(people, meeting.on)
    frame = queries.frame_of(agreement)
    sessions.check(meeting, kind, sorted(there), frame, today=act.today(agreement.zone), others=others)


@action("reflection.confirm", on="session")
def confirm(act: Act, *, session: Session) -> Session:
    """Say that a session took place: for the side that gives, or for oneself. Never what one wrote down oneself."""
    _confirm(act, session, _person(act))
    return session


@action("reflection.confirm_all")
def confirm_all(act: Act, *, ids: frozenset[UUID]) -> int:
    """Say so of many at once: a month with one tap. Those that were confirmed meanwhile are passed over. Returns how many."""
    me = _person(act)
    locked = Session.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    allowed = set(
        policy.visible(act.actor, Session.objects.filter(pk__in=ids), "reflection.confirm").values_list("pk", flat=True)
    )
    done = 0
    for row in locked:
        if row.pk in allowed and row.taken_back_on is None and me in row.said.waits_for:
            _confirm(act, row, me)
            act.concerns(row)
            done += 1
    return done


def _confirm(act: Act, row: Session, by: Any) -> None:
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
            row.provider_holds, row.holds_by = _held_then(row)
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
    _begin_edges(act, agreement)


def _held_then(row: Session) -> tuple[str | None, str]:
    """What the provider held on the session's day, and who said so. Asked once, when the first hours of it stand."""
    if row.provider_id is not None:
        known = house.endorsed([row.provider_id], row.on)
        return (terms.codes(known[row.provider_id]), "house") if row.provider_id in known else (None, "")
    there = row.agreement
    return (there.outside_holds, there.outside_holds_by) if there.outside_holds is not None else (None, "")


# Put right, or taken back


@action("reflection.correct", on="session")
def correct(
    act: Act,
    *,
    session: Session,
    on: date,
    minutes: int,
    kind: Kind,
    about: About,
    there: frozenset[UUID],
    begins: datetime | None = None,
    take_back: bool = False,
) -> Session:
    """Put a session right, or take it back. What both sides have said waits until the other side agrees; what stood before is
    kept in either case."""
    me = _person(act)
    if session.taken_back_on is not None:
        raise NotNow(N_("This session was taken back."))
    if session.versions.filter(state=Version.State.ASKED).exists():
        raise NotNow(
            N_("Somebody has asked already to put this session right."),
            N_("Answer that first, or wait for the others."),
        )
    asked = sessions.asked_to_agree(session.said, me)
    meeting = Meeting(session.pk, session.agreement_id, on, minutes, begins)
    if not take_back:
        _check(act, meeting, kind, there, session.agreement)
    said = {"on": on, "minutes": minutes, "kind": kind.value, "about": about.value, "begins": begins}
    wanted = _version(act, session, Version.State.ASKED, me, take_back=take_back, **said)
    _line_up(wanted, there, asked)
    if not asked:
        _apply(act, wanted)
    return session


def _version(act: Act, session: Session, state: str, by: UUID, *, take_back: bool = False, **said: Any) -> Version:
    return Version.objects.create(
        session=session,
        number=session.versions.count() + 1,
        by_id=by,
        state=state,
        is_taken_back=take_back,
        **said,
    )


def _line_up(version: Version, there: Iterable[Any], asked: Iterable[Any]) -> None:
    present, wanted = set(there), set(asked)
    for one in present | wanted:
        person = None if one == queries.OUTSIDE else one
        VersionPerson.objects.create(of=version, person_id=person, was_there=one in present, is_asked=one in wanted)


def _apply(act: Act, wanted: Version) -> None:
    """Let what was asked stand, and keep what stood before."""
    session = Session.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=wanted.session_id)
    wanted.state = Version.State.AGREED
    wanted.save()
    stood = {name: getattr(session, name) for name in FACT_NAMES}
    before = _version(act, session, Version.State.STOOD, wanted.by_id, **stood)
    before.provider_holds = session.provider_holds
    before.save()
    present = {one.person_id for one in session.presences.all()}
    _line_up(before, present, ())
    if wanted.is_taken_back:
        session.taken_back_on = act.today(session.agreement.zone)
        session.save()
        return
    stood_already, moved = bool(session.said.stands), session.on != wanted.on
    for name in FACT_NAMES:
        setattr(session, name, getattr(wanted, name))
    after = set(wanted.people.filter(was_there=True).values_list("person", flat=True))
    session.presences.filter(person__in=present - after).delete()
    for one in sorted(after - present):
        mine = stood_already or one == wanted.by_id or session.giver_said_at is None
        Presence.objects.create(
            session=session, person_id=one, said_at=act.now if mine else None, by_id=wanted.by_id if mine else None
        )
    if session.said.stands:
        if moved or session.provider_holds is None:  # another day: what was held on that one
            session.provider_holds, session.holds_by = _held_then(session)
        act.announce(HoursConfirmed(session=session.pk))
    session.save()


@action("reflection.agree", on="change")
def agree(act: Act, *, change: Version, yes: bool) -> Version:
    """Agree to what somebody else asks to put right, or not; or withdraw what one asked oneself."""
    me = _person(act)
    if change.state != Version.State.ASKED:
        raise NotNow(N_("This was settled meanwhile."), N_("Open the session to see how it stands."))
    if not yes and change.by_id == me:
        change.state = Version.State.LEFT
        change.save()
        return change
    _agree(act, change, me, yes)
    return change


def _agree(act: Act, version: Version, by: UUID | None, yes: bool) -> None:
    mine = version.people.filter(person=by, is_asked=True, agreed_at__isnull=True).first()
    if mine is None:
        raise NotNow(N_("This does not wait for you."))
    if not yes:
        version.state = Version.State.LEFT
        version.save()
        return
    mine.agreed_at = act.now
    mine.save()
    if not version.people.filter(is_asked=True, agreed_at__isnull=True).exists():
        _apply(act, version)


@action("reflection.join", on="session")
def join(act: Act, *, session: Session) -> Session:
    """Somebody of the group was there and was not marked. Where the giver has spoken already, they are asked."""
    me = _person(act)
    said = session.said
    frame = queries.frame_of(session.agreement)
    if session.taken_back_on is not None or me in said.there or me not in frame.seats:
        raise NotNow(N_("There is nothing to add here."), N_("Open the session to see how it stands."))
    there = frozenset(said.there) | {me}
    _check(act, session.meeting, Kind(session.kind), there, session.agreement)
    if said.giver and session.giver is not None:
        if session.versions.filter(state=Version.State.ASKED).exists():
            raise NotNow(N_("Somebody has asked already to put this session right."), N_("Wait for the others."))
        facts = {name: getattr(session, name) for name in FACT_NAMES}
        _line_up(_version(act, session, Version.State.ASKED, me, **facts), there, {session.giver})
    else:
        Presence.objects.create(session=session, person_id=me, said_at=act.now, by_id=me)
    return session


# Somebody outside, by a link


@action("reflection.ask_outside", on="agreement")
def ask_outside(act: Act, *, agreement: Agreement) -> Agreement:
    """Write to a provider outside now, once a day at most. Raises NotNow where there is nobody to write to."""
    if not agreement.outside_mail or agreement.outside_stopped_on is not None:
        raise NotNow(
            N_("Nobody outside reads mail about this agreement."), N_("Speak with them, and ask where to write.")
        )
    if agreement.outside_written_on == act.today(agreement.zone):
        raise NotNow(N_("They were written to today."), N_("Their word comes by the link in that letter."))
    _write_outside(act, agreement)
    return agreement


def _write_outside(act: Act, row: Agreement) -> None:
    days = settings.OFFICE_LINK_DAYS
    _link, secret, _code = office_links.make(
        act, organization=row.association, purpose=PURPOSE, about=row.pk, days=days
    )
    messages.tell_office(
        act,
        address=row.outside_mail,
        organization=row.association,
        template="office_hours",
        facts={"secret": secret, "days": days},
        about_kind=AGREEMENT,
        about_id=row.pk,
    )
    row.outside_written_on, row.outside_unreached_on = act.today(row.zone), None
    row.save()


@action("reflection.say_address", on="agreement")
def say_address(act: Act, *, agreement: Agreement, mail: str) -> Agreement:
    """Say anew where somebody outside reads mail, and write there. What was sent before opens nothing any more."""
    if not agreement.outside_name:
        raise NotNow(N_("Nobody outside is part of this agreement."))
    check_mail(mail, field="mail")
    _check_other_mailbox(mail, agreement.places.values_list("person", flat=True))
    agreement.outside_mail, agreement.outside_stopped_on = mail.strip(), None
    _write_outside(act, agreement)
    return agreement


def _check_other_mailbox(mail: str, held: Iterable[UUID]) -> None:
    if queries.reads_mail_at(mail, held):
        raise BadInput(
            N_("This is the address of somebody who is held."),
            N_("The other side confirms by a mailbox of their own: nobody confirms their own word."),
            field="mail",
        )


def not_reached(act: Act, event: LetterUndelivered) -> None:
    """The letter to somebody outside did not arrive: those who are held see it, and say the address anew."""
    if event.about_kind != AGREEMENT:
        return
    row = Agreement.objects.select_for_update(of=("self",)).filter(pk=event.about).exclude(outside_name="").first()
    if row is not None:
        row.outside_unreached_on = act.today(row.zone)
        row.save()


@action("reflection.confirm_by_link", on="link")
def confirm_by_link(
    act: Act, *, link: OfficeLink, ids: frozenset[UUID], versions: frozenset[UUID] = frozenset()
) -> Agreement:
    """A provider outside says which sessions took place, and with that yes to the agreement. Raises Stale where one of them waits
    no more: nothing is kept, and they look again."""
    row = _agreement_of(link)
    waiting = {one.pk: one for one in queries.waits_outside(row)}
    if not ids and row.provider_said_on is not None and not versions:
        raise BadInput(N_("No session is marked."), N_("Mark those that took place, then confirm."), field="ids")
    if ids - set(waiting):
        raise Stale(row)
    for pk in sorted(ids):
        session = Session.objects.select_for_update(of=("self",)).get(pk=pk)
        _confirm(act, session, queries.OUTSIDE)
        act.concerns(session)
    for version in Version.objects.filter(pk__in=versions, session__agreement=row, state=Version.State.ASKED):
        _agree(act, version, None, yes=True)
    row.refresh_from_db()
    if row.provider_said_on is None:
        row.provider_said_on = act.today(row.zone)
        row.save()
    act.concerns(row)
    return row


@action("reflection.say_holds_by_link", on="link")
def say_holds_by_link(act: Act, *, link: OfficeLink, holds: frozenset[str] | None) -> Agreement:
    """A provider outside says what they hold. It is asked for the sessions that are still to stand; what stood is frozen."""
    row = _agreement_of(link)
    row.outside_holds = None if holds is None else terms.codes(holds)
    row.outside_holds_by = "" if holds is None else Agreement.SaidBy.PROVIDER
    row.save()
    return row


@action("reflection.stop_by_link", on="link")
def stop_by_link(act: Act, *, link: OfficeLink) -> Agreement | Reminder:
    """No more letters about sessions that wait: for somebody outside, or for who has an account and came from a letter."""
    reminder = Reminder.objects.filter(pk=link.about).first()
    if reminder is not None:
        reminder.stopped_on = act.today(link.organization.zone)
        reminder.save()
        return reminder
    row = _agreement_of(link)
    row.outside_stopped_on = act.today(row.zone)
    row.save()
    return row


def _agreement_of(link: OfficeLink) -> Agreement:
    row = Agreement.objects.select_for_update(of=("self",)).select_related("association").filter(pk=link.about).first()
    if row is None:
        raise NotNow(N_("This link opens something else."), N_("Open it again from its letter."))
    return row


# Letters about what waits


@action("reflection.choose_letters")
def choose_letters(act: Act, *, wanted: bool) -> Reminder:
    """Whether somebody wants a letter when sessions wait for them."""
    row, _made = Reminder.objects.get_or_create(person_id=_person(act))
    row.stopped_on = None if wanted else act.today()
    row.save()
    return row


@action("jobs.reflection_letters")
def remind(act: Act) -> int:
    """Write to whoever has sessions to confirm, once a month at most, and never after they stopped it. Returns how many."""
    today, written = act.today(), 0
    waiting = Session.objects.filter(taken_back_on__isnull=True).prefetch_related("presences")
    open_ones = waiting.filter(giver_said_at__isnull=True) | waiting.filter(presences__said_at__isnull=True)
    people: dict[UUID, Organization] = {}
    outside: dict[UUID, Agreement] = {}
    for row in open_ones.distinct().select_related("agreement__association"):
        waits: Iterable[Any] = row.said.waits_for
        for one in waits:
            if one == queries.OUTSIDE:
                outside[row.agreement_id] = row.agreement
            else:
                people[one] = row.agreement.association
    for pk in sorted(people):
        if written < AT_ONCE and _remind(act, pk, people[pk], today):
            written += 1
    for there in (outside[pk] for pk in sorted(outside)):
        is_open = bool(there.outside_mail) and there.outside_stopped_on is None
        if written < AT_ONCE and is_open and hours.may_write(there.outside_written_on, today):
            _write_outside(act, there)
            written += 1
    return written


def _remind(act: Act, person: UUID, association: Organization, today: date) -> bool:
    row, _made = Reminder.objects.get_or_create(person_id=person)
    if row.stopped_on is not None or not hours.may_write(row.written_on, today):
        return False
    days = settings.OFFICE_LINK_DAYS
    _link, secret, _code = office_links.make(act, organization=association, purpose=PURPOSE, about=row.pk, days=days)
    to = Person.objects.get(pk=person)
    messages.tell(act, to=to, template="reflection_waits", facts={"secret": secret})
    row.written_on = today
    row.save()
    return True


# Being found, and asking for a place


@action("reflection.offer")
def offer(
    act: Act,
    *,
    association: Organization,
    format: Format,
    meets: Meets,
    zone: str,
    languages: frozenset[str],
    cents: int | None = None,
    free: int | None = None,
    minutes: int = 60,
    agreement: Agreement | None = None,
) -> Offering:
    """Let oneself be found as somebody who holds others: chosen by the provider alone."""
    me = _person(act)
    if agreement is not None and (agreement.provider_id != me or agreement.format != Format.GROUP):
        raise BadInput(N_("This is not a group that you give."), N_("Choose one of yours."), field="agreement")
    if cents is not None and not 0 <= cents <= terms.MOST_CENTS:
        raise BadInput(N_("This price cannot be right."), N_("Write it in dollars, such as 45."), field="price")
    return Offering.objects.create(
        association=association,
        provider_id=me,
        agreement=agreement,
        format=format.value,
        meets=meets.value,
        zone=zone,
        languages=" ".join(sorted(languages)),
        cents=cents,
        free=free,
        minutes=minutes,
        said_on=act.today(zone),
    )


@action("reflection.show_offering", on="offering")
def show_offering(act: Act, *, offering: Offering, shown: bool, free: int | None = None) -> Offering:
    """Say anew whether one can be found, and how many places are open."""
    offering.is_shown, offering.free, offering.said_on = shown, free, act.today(offering.zone)
    offering.save()
    return offering


@action("reflection.ask_place", on="offering")
def ask_place(act: Act, *, offering: Offering) -> Asking:
    """Ask a provider for a place. They are written to, and answer here."""
    me = _person(act)
    if offering.provider_id == me:
        raise NotNow(N_("This is your own offer."), N_("Nobody is held by themselves."))
    if not offering.is_shown or queries.free_places(offering) == 0:
        raise NotNow(N_("There is no open place here now."), N_("Look for another one."))
    if Asking.objects.filter(offering=offering, person=me, answered_on__isnull=True).exists():
        raise NotNow(N_("You have asked already."), N_("They answer here, and you get a letter."))
    row = Asking.objects.create(offering=offering, person_id=me)
    to = Person.objects.get(pk=offering.provider_id)
    messages.tell(act, to=to, template="reflection_place_asked", about_kind=PLACE, about_id=row.pk)
    return row


@action("reflection.answer_place", on="asking")
def answer_place(act: Act, *, asking: Asking, yes: bool, since: date | None = None) -> Asking:
    """The provider answers. With a yes an agreement is written down, to which whoever asked still says yes."""
    if asking.answered_on is not None:
        raise NotNow(N_("This was answered already."))
    there = asking.offering
    asking.answered_on, asking.is_yes = act.today(there.zone), yes
    if yes:
        asking.agreement = _given(act, there, asking.person, since or act.today(there.zone))
        if there.agreement is None and there.free:
            there.free -= 1
            there.save()
    asking.save()
    messages.tell(act, to=asking.person, template="reflection_place_answered", about_kind=PLACE, about_id=asking.pk)
    return asking


def _given(act: Act, there: Offering, person: Person, since: date) -> Agreement:
    group = there.agreement
    if group is not None:
        locked = Agreement.objects.select_for_update(of=("self",)).select_related("provider").get(pk=group.pk)
        _add(act, locked, person, since, says_yes=False)
        return locked
    return propose(
        act,
        association=there.association,
        format=Format(there.format),
        about=About.DIRECT,
        meets=Meets(there.meets),
        since=since,
        held=(person,),
        provider=there.provider,
        minutes=there.minutes,
        cents=there.cents,
        languages=frozenset(there.languages.split()),
        zone=there.zone,
    )


def _person(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person does this."), N_("Sign in first."))
    return act.actor.person
