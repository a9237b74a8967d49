"""Sessions put right or taken back, with what stood before kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from inmind.access.act import Act, action
from inmind.foundation.errors import NotNow
from inmind.foundation.events import HoursConfirmed
from inmind.foundation.values import N_
from inmind.reflection import queries, sessions
from inmind.reflection.actions.held import held_then
from inmind.reflection.actions.hours import check
from inmind.reflection.actions.seats import acting
from inmind.reflection.models import FACT_NAMES, Presence, Session, Version, VersionPerson
from inmind.reflection.sessions import About, Kind, Meeting


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
    me = acting(act)
    if session.taken_back_on is not None:
        raise NotNow(N_("This session was taken back."))
    if session.versions.filter(state=Version.State.ASKED).exists():
        raise NotNow(
            N_("Somebody has asked already to put this session right."),
            N_("Answer that first, or wait for the others."),
        )
    asked = sessions.asked_to_agree(session.said, me)
    if take_back:  # whatever else was typed is not what did not take place
        said = {name: getattr(session, name) for name in FACT_NAMES}
        there = frozenset(one.person_id for one in session.presences.all())
    else:
        meeting = Meeting(session.pk, session.agreement_id, on, minutes, begins)
        check(act, meeting, kind, there, session.agreement)
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
        # Whom the giver adds to hours that stood has spoken on neither side yet.
        mine = one == wanted.by_id or session.giver_said_at is None or (stood_already and wanted.by_id != session.giver)
        Presence.objects.create(
            session=session, person_id=one, said_at=act.now if mine else None, by_id=wanted.by_id if mine else None
        )
    if session.said.stands:
        if moved or session.provider_holds is None:  # another day: what was held on that one
            session.provider_holds, session.holds_by = held_then(session)
        act.announce(HoursConfirmed(session=session.pk))
    session.save()


@action("reflection.agree", on="change")
def agree(act: Act, *, change: Version, yes: bool) -> Version:
    """Agree to what somebody else asks to put right, or not; or withdraw what one asked oneself."""
    me = acting(act)
    if change.state != Version.State.ASKED:
        raise NotNow(N_("This was settled meanwhile."), N_("Open the session to see how it stands."))
    if not yes and change.by_id == me:
        change.state = Version.State.LEFT
        change.save()
        return change
    agree_for(act, change, me, yes)
    return change


def agree_for(act: Act, version: Version, by: UUID | None, yes: bool) -> None:
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
    """Somebody of the group was there and was not marked. Where the giver has spoken already, they are asked; among peers
    whoever wrote it down is."""
    me = acting(act)
    said = session.said
    frame = queries.frame_of(session.agreement)
    if session.taken_back_on is not None or me in said.there or me not in frame.seats:
        raise NotNow(N_("There is nothing to add here."), N_("Open the session to see how it stands."))
    there = frozenset(said.there) | {me}
    check(act, session.meeting, Kind(session.kind), there, session.agreement)
    if said.giver or session.giver is None:
        if session.versions.filter(state=Version.State.ASKED).exists():
            raise NotNow(N_("Somebody has asked already to put this session right."), N_("Wait for the others."))
        facts = {name: getattr(session, name) for name in FACT_NAMES}
        asked = session.logged_by_id if session.giver is None else session.giver
        _line_up(_version(act, session, Version.State.ASKED, me, **facts), there, {asked})
    else:
        Presence.objects.create(session=session, person_id=me, said_at=act.now, by_id=me)
    return session
