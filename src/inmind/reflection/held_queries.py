"""What reflection holds about one person, as that person reads it: agreements, hours, offers; there is nothing of what was said."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from inmind.foundation import clock
from inmind.foundation.values import Verdict
from inmind.people.models import Person
from inmind.reflection import queries
from inmind.reflection.forms import (
    ABOUTS,
    FORMATS,
    KINDS,
    MEETS,
    said_holds,
    said_languages,
    said_minutes,
    said_price,
    said_weeks,
    said_zone,
)
from inmind.reflection.hours import Hour
from inmind.reflection.models import Agreement, Asking, EarlierTerms, Offering, Reminder, Seat, Session


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """Each agreement, session, offer and question for a place, the oldest first. Of others in a group no name is among them."""
    rows = [_gives(one) for one in _oldest(Agreement.objects.filter(provider=person))]
    seats = Seat.objects.filter(person=person).select_related("agreement__provider").order_by("since", "pk")
    rows += [_seat(one) for one in seats]
    earlier = EarlierTerms.objects.filter(
        Q(agreement__provider=person) | Q(agreement__places__person=person, seat__isnull=True) | Q(seat__person=person)
    )
    rows += [_before(one) for one in earlier.select_related("by").distinct().order_by("created_at", "pk")]
    rows += [_session(row, one, gave=False) for row, one in reversed(queries.hours_of(person.pk))]
    rows += [_session(row, one, gave=True) for row, one in reversed(queries.hours_given(person.pk))]
    offers = Offering.objects.filter(provider=person).order_by("said_on", "pk")
    rows += [_offer(one) for one in offers]
    rows += [_asking(one) for one in _oldest(Asking.objects.filter(person=person), "offering__provider")]
    letters = Reminder.objects.filter(person=person)
    return rows + [
        {
            _("Letters about sessions that wait"): _("stopped") if one.stopped_on else _("come"),
            _("The last one"): clock.day(one.written_on) if one.written_on else _("none yet"),
        }
        for one in letters
    ]


def _oldest(rows: Any, *related: str) -> Any:
    return rows.select_related(*related).order_by("created_at", "pk") if related else rows.order_by("since", "pk")


def _terms(one: Agreement) -> dict[str, str]:
    return {
        _("How"): f"{_(FORMATS[one.format])}, {_(MEETS[one.meets])}",
        _("About"): _(ABOUTS[one.about]),
        _("Minutes, as a rule"): said_minutes(one.minutes),
        _("How often you mean to meet"): said_weeks(one.weeks),
        _("Price for one person and session"): said_price(one.cents),
        _("Languages"): said_languages(one.languages),
        _("Time zone"): said_zone(one.zone),
    }


def _days(since: Any, until: Any) -> str:
    if until is None:
        return _("since %(day)s") % {"day": clock.day(since)}
    return _("%(since)s to %(until)s") % {"since": clock.day(since), "until": clock.day(until)}


def _gives(one: Agreement) -> dict[str, str]:
    return {_("You hold others"): _days(one.since, one.until), **_terms(one)}


def _seat(one: Seat) -> dict[str, str]:
    there = one.agreement
    return {
        _("You are held by"): there.giver_name or _("peers"),
        _("Days"): _days(one.since, one.until or there.until),
        **_terms(there),
        _("Also your line manager"): _("yes") if one.is_manager else _("no"),
        _("You said"): _("yes, on %(day)s") % {"day": clock.day(one.said_on)}
        if one.said_on
        else _("no")
        if one.declined_on
        else _("nothing yet"),
    }


def _before(one: EarlierTerms) -> dict[str, str]:
    said = {_("Agreed until"): clock.day(one.on), _("Written anew by"): one.by.name}
    if one.seat_id is not None:
        return said | {_("Also your line manager"): _("yes") if one.was_manager else _("no")}
    return said | {
        _("Minutes, as a rule"): said_minutes(one.minutes),
        _("How often you mean to meet"): said_weeks(one.weeks),
        _("Price for one person and session"): said_price(one.cents),
        _("About"): _(ABOUTS[one.about]),
        _("Over from"): clock.day(one.until) if one.until else "",
    }


def _session(row: Session, one: Hour, *, gave: bool) -> dict[str, str]:
    return {
        _("A session that you gave") if gave else _("A session with"): clock.day(one.on)
        if gave
        else row.agreement.giver_name or _("peers"),
        **({} if gave else {_("Day"): clock.day(one.on)}),
        _("Length"): said_minutes(one.minutes),
        _("Kind"): _(KINDS[one.kind]),
        _("About"): _(ABOUTS[one.about]),
        _("Endorsement of who gave it, that day"): said_holds(row.holds) or _("not known"),
        _("Confirmed by both sides"): _("yes") if one.stands else _("not yet"),
    }


def _offer(one: Offering) -> dict[str, str]:
    return {
        _("A place that you offer"): _("shown") if one.is_shown else _("not shown"),
        _("How"): f"{_(FORMATS[one.format])}, {_(MEETS[one.meets])}",
        _("Price for one person and session"): said_price(one.cents),
        _("Said on"): clock.day(one.said_on),
    }


def _asking(one: Asking) -> dict[str, str]:
    return {
        _("A place that you asked for"): one.offering.provider.name,
        _("Answer"): _("yes") if one.is_yes else _("no") if one.answered_on else _("nothing yet"),
    }
