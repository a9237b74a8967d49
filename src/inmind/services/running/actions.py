"""The changes of services that run: begun and ended by their referral or by hand, their sessions, and that somebody called."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.families.actions.taking_part import born, check_taking_part
from inmind.families.models import Episode
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import ReferralMoved
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.services.adapters.catalog import programs
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import ENDINGS, Why, check_ahead
from inmind.services.referrals.referral import State as Standing
from inmind.services.running import attendance
from inmind.services.running.attendance import Because, State
from inmind.services.running.models import EarlierSession, ServiceEpisode, ServiceSession

LONGEST_DAYS = 30 * 366  # ours: nobody has been served since before
SAID_BY = ("family", "program", "worker")


def follow_referral(act: Act, event: ReferralMoved) -> None:
    """A service begins by itself when its referral is started, and ends with it. Told twice or late, it is the same."""
    if event.to not in {Standing.STARTED, Standing.ENDED}:
        return
    referral = Referral.objects.select_for_update(of=("self",)).select_related("listing").get(pk=event.referral)
    steps = {step.state: step for step in referral.steps.filter(tried="")}
    if Standing.STARTED not in steps:
        return
    row = ServiceEpisode.objects.filter(referral=referral).first() or ServiceEpisode(
        episode_id=referral.episode_id,
        about_id=referral.about_id,
        referral=referral,
        listing=referral.listing,
        name=referral.listing.name,
        program=referral.program,
        since=steps[Standing.STARTED].on,
        worker_id=referral.worker_id,
    )
    if Standing.ENDED in steps:
        row.until, row.why, row.worth_a_call_on = steps[Standing.ENDED].on, steps[Standing.ENDED].why, None
    row.save()
    act.concerns(row)


@action("services.begin_service", on="episode")
def begin_service(
    act: Act, *, episode: Episode, about: Person, name: str, program: str = "", since: date | None = None
) -> ServiceEpisode:
    """Write down a service that runs without a referral of ours: the family found it, or had it before."""
    check_taking_part(episode, about)
    today = act.today(episode.organization.zone)
    kept, day = text.checked_line(name.strip(), 120, field="name"), since or today
    if not kept:
        raise BadInput(N_("A name is missing."), N_("Say how the family calls the service."), field="name")
    if program and program not in programs():
        raise BadInput(N_("This is not a program that the house knows."), N_("Choose one, or none."), field="program")
    if day > today:
        raise BadInput(N_("This day lies in the future."), N_("It is dated on the day it happened."), field="since")
    earliest = born(episode, about)
    if earliest is not None and day < earliest:
        raise BadInput(N_("This day lies before the birth."), N_("Check the date."), field="since")
    if (today - day).days > LONGEST_DAYS:
        raise BadInput(N_("This day lies too long ago."), N_("Check the year."), field="since")
    return ServiceEpisode.objects.create(
        episode=episode, about=about, name=kept, program=program, since=day, worker_id=_worker(act)
    )


@action("services.end_service", on="service")
def end_service(act: Act, *, service: ServiceEpisode, on: date, why: Why) -> ServiceEpisode:
    """Write down that a service without a referral of ours has ended, and why. One that a referral began ends with it."""
    if service.referral_id is not None:
        raise NotNow(
            N_("This service began with a referral, and ends with it."), N_("Write down on the referral that it ended.")
        )
    _check_runs(service)
    if why not in ENDINGS:
        raise BadInput(N_("The reason is missing."), N_("Choose one from the list."), field="why")
    if not service.since <= on <= act.today(service.episode.organization.zone):
        raise BadInput(N_("This day cannot be the end."), N_("It lies between its beginning and today."), field="on")
    service.until, service.why, service.worth_a_call_on = on, why.value, None
    service.save()
    return service


@action("services.plan_sessions", on="service")
def plan_sessions(
    act: Act, *, service: ServiceEpisode, first: date, every_days: int = 7, times: int = 1
) -> tuple[ServiceSession, ...]:
    """Plan one session, or several so many days apart. A day that has one already keeps it."""
    _check_runs(service)
    days = attendance.repeated(
        first, every_days, times, today=act.today(service.episode.organization.zone), ahead=settings.DAYS_AHEAD
    )
    if first < service.since:
        raise BadInput(N_("This day lies before the service began."), N_("Check the date."), field="first")
    there = set(service.sessions.filter(on__in=days).values_list("on", flat=True))
    return tuple(
        ServiceSession.objects.create(
            service=service, about_id=service.about_id, on=day, state=State.PLANNED, worker_id=_worker(act)
        )
        for day in days
        if day not in there
    )


@action("services.note_session", on="session")
def note_session(
    act: Act,
    *,
    session: ServiceSession,
    state: State,
    on: date | None = None,
    minutes: int | None = None,
    because: Because | None = None,
    said_by: str = "",
    note: str = "",
) -> ServiceSession:
    """Write down what became of a session, or write it anew. What was known before stays readable."""
    service = session.service
    day, today = on or session.on, act.today(service.episode.organization.zone)
    stop_if_erased([session.about_id])
    attendance.check(state, day, minutes, because, today=today)
    check_ahead(day, today, settings.DAYS_AHEAD, field="on")
    if day < service.since:
        raise BadInput(N_("This day lies before the service began."), N_("Check the date."), field="on")
    if said_by not in {"", *SAID_BY}:
        raise BadInput(N_("This is not who said so."), N_("Choose from the list."), field="said_by")
    words = text.checked(note.strip(), 1000, field="note") or None
    if session.state != State.PLANNED:
        names = ("about_id", "on", "state", "minutes", "because", "said_by", "note", "worker_id")
        EarlierSession.objects.create(
            session=session, number=session.earlier.count() + 1, **{name: getattr(session, name) for name in names}
        )
    session.on, session.state, session.minutes = day, state.value, minutes
    session.because, session.said_by, session.note = because.value if because else "", said_by, words
    session.worker_id = _worker(act)
    session.save()
    _look(service)
    return session


@action("services.note_call", on="service")
def note_call(act: Act, *, service: ServiceEpisode) -> ServiceEpisode:
    """Somebody called the family, or the program. Nothing more is asked until another session does not come about."""
    service.called_on, service.worth_a_call_on = act.today(service.episode.organization.zone), None
    service.save()
    return service


def _look(service: ServiceEpisode) -> None:
    """Whether a call is worth it now, by what is known of the sessions since the last one."""
    first, last, missed = settings.SESSIONS_AT_FIRST, settings.SESSIONS_LOOKED_AT, settings.SESSIONS_MISSED
    row = ServiceEpisode.objects.select_for_update().get(pk=service.pk)
    sessions = [one.as_session for one in row.sessions.order_by("on", "pk")]
    found = attendance.worth_a_call(sessions, first=first, last=last, missed=missed) if row.until is None else None
    latest = max((one.on for one in sessions if one.state.did_not_come_about), default=None)
    is_new = found is not None and (row.called_on is None or latest is None or latest > row.called_on)
    since = found.since if found is not None and is_new else None
    if row.worth_a_call_on != since:
        row.worth_a_call_on = since
        row.save()


def _check_runs(service: ServiceEpisode) -> None:
    if service.until is not None:
        raise NotNow(N_("This service has ended."), N_("What it was stands as it was."))


def _worker(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person writes this down."))
    return act.actor.person
