"""Keep trainings: make one, change it with those who come told, open and close registration, call it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError

from inmind.access.act import Act, action
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.learning.trainings import seat_actions as seating
from inmind.learning.trainings import times
from inmind.learning.trainings.adapters.catalog import domains as known_domains
from inmind.learning.trainings.models import Credit, DomainMinutes, Meeting, Registration, Series, Training
from inmind.learning.trainings.seats import State, check_seats
from inmind.learning.trainings.times import Said, Timed
from inmind.people.models import Organization

LINES = {"title": 160, "title_es": 160, "place": 300, "link": 300}
TEXTS = {"summary": 4000, "summary_es": 4000}
NUMBERS = ("cents_member", "cents_other", "giving_rsc_minutes", "equity_minutes")
SWITCHES = ("holds_until_paid", "is_public", "is_open")
MOST_CENTS = 10_000_000  # ours: a seat for more is a typing error
TOLD = (State.REGISTERED, State.OFFERED, State.WAITING)  # who hears of a change


@dataclass(frozen=True, slots=True)
class Line:
    """Credit at one board, as the association enters it."""

    licence_kind: str
    hours_hundredths: int
    approval: str = ""


@action("learning.add_training", on="association")
def add_training(
    act: Act,
    *,
    association: Organization,
    meetings: Sequence[Said],
    zone: str = "",
    domains: Mapping[str, int] | None = None,
    credits: Sequence[Line] = (),
    series: str = "",
    was_held: bool = False,
    **said: Any,
) -> Training:
    """Make a training with its meetings. said: fields of `Training`; zone: the association's, if none is said. was_held: it is
    written down afterwards; nobody takes a seat, and who was there is added on the pages of its meetings.

    Raises BadInput for what cannot be (see `times.timed`): nothing is kept then.
    """
    if association.kind != Organization.Kind.ASSOCIATION:
        raise NotNow(N_("Trainings are given by an association."), N_("This is another kind of organization."))
    row = Training(association=association)
    _say(row, said, zone or association.zone)
    at = times.held(meetings, row.zone, now=act.now) if was_held else _ahead(meetings, row.zone, act.today(row.zone))
    if was_held:
        row.is_public = row.is_open = row.holds_until_paid = False
    _needs_a_meeting(at)
    row.series = _series(association, series)
    _measure(row, at)
    row.save()
    for one in at:
        _keep(Meeting(training=row), one)
    _keep_domains(row, domains or {})
    _keep_credits(row, credits)
    return row


def _ahead(meetings: Sequence[Said], zone: str, today: date) -> tuple[Timed, ...]:
    if past := [one.on for one in meetings if one.on < today]:
        raise BadInput(
            N_("The day %(day)s is past."),
            N_("A meeting is today or later."),
            N_("If this training was held already, say so here."),
            field="was_held",
            facts={"day": min(past).isoformat()},
        )
    return times.timed(meetings, zone, earliest=today)


@action("learning.change_training", on="training")
def change_training(
    act: Act,
    *,
    training: Training,
    meetings: Sequence[tuple[UUID | None, Said]],
    zone: str,
    domains: Mapping[str, int],
    credits: Sequence[Line],
    series: str = "",
    **said: Any,
) -> Training:
    """Say anew what a training says; meetings: each with its id, None for a new one. Who has a seat, was offered one or waits is
    written to where a day, an hour or the place is another one.

    What was billed stays as it was billed: a new price is for those who come after. Raises BadInput, as `add_training`, and for
    fewer seats than are taken.
    """
    _still_takes_place(training)
    before = {name: getattr(training, name) for name in ("place", "link", "zone")}
    stood = [_timed(one) for one in training.meetings.all()]
    _say(training, said, zone)
    check_seats(training.seats, seating.seats_of(training).held)
    earliest = min([act.today(zone), *(one.on for one in stood)])
    at = times.timed([one for _id, one in meetings], zone, earliest=earliest)
    _needs_a_meeting(at)
    training.series = _series(training.association, series)
    _measure(training, at)
    _keep_meetings(training, meetings, at)
    training.save()
    _keep_domains(training, domains)
    _keep_credits(training, credits)
    is_elsewhere = any(getattr(training, name) != was for name, was in before.items())
    if (is_elsewhere or times.is_moved(stood, at)) and at[-1].ends_at > act.now:
        _tell_all(act, training, "training_changed")
    seating.offer_next(act, training)
    return training


@action("learning.open_doors", on="training")
def open_doors(act: Act, *, training: Training, is_public: bool, is_open: bool) -> Training:
    """List a training or not, and give out seats or not. Who has a seat keeps it."""
    _still_takes_place(training)
    training.is_public, training.is_open = is_public, is_open
    training.save()
    return training


@action("learning.call_off", on="training")
def call_off(act: Act, *, training: Training) -> Training:
    """It will not take place: everybody who was to come is written to, and what is not paid yet is owed no more."""
    _still_takes_place(training)
    if training.ends_at is not None and training.ends_at <= act.now:
        raise NotNow(N_("This training has taken place."), N_("What was cannot be called off."))
    training.called_off_at, training.is_open = act.now, False
    training.save()
    for row in _tell_all(act, training, "training_called_off"):
        seating.owe_no_more(act, row)
    return training


def _still_takes_place(training: Training) -> None:
    if training.called_off_at is not None:
        raise NotNow(
            N_("This training was called off, and those who were to come were told."),
            N_("Copy it to a new one, if it is given after all."),
        )


def _tell_all(act: Act, training: Training, template: str) -> list[Registration]:
    rows = list(Registration.objects.filter(training=training, state__in=TOLD).order_by("pk"))
    for row in rows:
        seating.write(act, row, template)
    return rows


def _say(row: Training, said: Mapping[str, Any], zone: str) -> None:
    if wrong := said.keys() - {*LINES, *TEXTS, *NUMBERS, *SWITCHES, "seats"}:
        raise TypeError(f"a training says nothing of {wrong}")
    times.zone_of(zone)
    row.zone = zone
    for name, most in LINES.items():
        if name in said:
            setattr(row, name, text.checked_line(said[name].strip(), most, field=name))
    for name, most in TEXTS.items():
        if name in said:
            setattr(row, name, text.checked(said[name].strip(), most, field=name))
    if not row.title:
        raise BadInput(N_("The title is missing."), N_("A training has a name that people know."), field="title")
    if row.link and not row.link.startswith("https://"):
        raise BadInput(N_("This is no address of a meeting."), N_("It begins with https://."), field="link")
    for name in (*NUMBERS, *SWITCHES, "seats"):
        if name in said:
            setattr(row, name, said[name])
    for name in ("cents_member", "cents_other"):
        if not 0 <= getattr(row, name) <= MOST_CENTS:
            raise BadInput(N_("This price cannot be."), N_("It is 0 or more, and below 100,000 dollars."), field=name)
    check_seats(row.seats, 0)


def _needs_a_meeting(at: Sequence[Timed]) -> None:
    if not at:
        raise BadInput(N_("No meeting is named."), N_("A training has one at least: a day, from when to when."))


def _measure(row: Training, at: Sequence[Timed]) -> None:
    """What a training is as the sum of its meetings. Raises BadInput where it would be about more than it lasts."""
    row.minutes = sum(one.minutes for one in at)
    row.starts_at, row.ends_at = at[0].starts_at, max(one.ends_at for one in at)
    for name in ("giving_rsc_minutes", "equity_minutes"):
        _fits(row, getattr(row, name), name)


def _fits(row: Training, minutes: int, field: str) -> None:
    if not 0 <= minutes <= row.minutes:
        raise BadInput(
            N_("%(said)s minutes are more than the training has."),
            N_("All meetings together have %(minutes)s minutes without their breaks."),
            field=field,
            facts={"said": minutes, "minutes": row.minutes},
        )


def _series(association: Organization, title: str) -> Series | None:
    """The series of this name, made where there is none."""
    named = text.checked_line(title.strip(), 160, field="series")
    if not named:
        return None
    return Series.objects.filter(association=association, title=named).first() or Series.objects.create(
        association=association, title=named
    )


def _timed(row: Meeting) -> Timed:
    return Timed(row.on, row.begins, row.ends, row.starts_at, row.ends_at, row.minutes)


def _keep(row: Meeting, at: Timed) -> None:
    said = {"on": at.on, "begins": at.begins, "ends": at.ends, "zone": row.training.zone}
    said |= {"starts_at": at.starts_at, "ends_at": at.ends_at, "minutes": at.minutes}
    if row._state.adding or any(getattr(row, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(row, name, value)
        row.save()


def _keep_meetings(training: Training, said: Sequence[tuple[UUID | None, Said]], at: Sequence[Timed]) -> None:
    """Change the meetings that are named by their id, add those that have none, and take away those that are not named."""
    rows = {row.pk: row for row in training.meetings.all()}
    timed = {(one.on, one.begins): one for one in at}
    for pk, one in said:
        row = rows.pop(pk) if pk is not None and pk in rows else Meeting(training=training)
        row.training = training
        _keep(row, timed[one.on, one.begins])
    for row in rows.values():
        try:
            row.delete()
        except ProtectedError:
            raise NotNow(
                N_("Who came to the meeting on %(day)s is written down."),
                N_("A meeting that took place stays."),
                facts={"day": row.on.isoformat()},
            ) from None


def _keep_domains(row: Training, said: Mapping[str, int]) -> None:
    known = known_domains()
    for key, minutes in said.items():
        if key not in known:
            raise BadInput(N_("No competency area is known by this name."), N_("Choose one of the list."))
        _fits(row, minutes, f"domain_{key}")
    stood = {one.domain: one for one in row.domains.all()}
    for key, minutes in said.items():
        one = stood.pop(key, None) or DomainMinutes(training=row, domain=key, minutes=0)
        if minutes and one.minutes != minutes:
            one.minutes = minutes
            one.save()
        elif not minutes and not one._state.adding:
            one.delete()
    for one in stood.values():
        one.delete()


def _keep_credits(row: Training, said: Sequence[Line]) -> None:
    stood = {one.licence_kind: one for one in row.credits.all()}
    for line in said:
        kind = text.checked_line(line.licence_kind.strip(), 80, field="credits")
        if not kind or not 1 <= line.hours_hundredths <= 100_000:
            raise BadInput(
                N_("A line of credit is not whole."), N_("It has a license, and hours above 0."), field="credits"
            )
        one = stood.pop(kind, None) or Credit(training=row, licence_kind=kind)
        one.hours_hundredths = line.hours_hundredths
        one.approval = text.checked_line(line.approval.strip(), 120, field="credits")
        one.save()
    for one in stood.values():
        one.delete()
