"""Who holds me, whom I hold: the room's first page, its part of Today, and the pages of one agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, fresh_key, said
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person
from inmind.reflection import actions, hours, picture, queries
from inmind.reflection.finding import Format
from inmind.reflection.forms import (
    ABOUT_SHORT,
    ABOUTS,
    FORMATS,
    KINDS,
    MEETS,
    AddPersonForm,
    AddressForm,
    EndForm,
    OwnHoldsForm,
    ProposeForm,
    heard,
    said_holds,
    said_languages,
    said_minutes,
    said_price,
    said_weeks,
    said_zone,
)
from inmind.reflection.models import Agreement, Asking, Presence, Reminder, Session
from inmind.reflection.terms import may_say

OPEN, SEE = "reflection.open", "reflection.see_agreement"
RELATED = ("association", "provider")
ON_TODAY = 5
ON_A_PAGE = 12  # sessions


def me_of(request: Asked) -> UUID:
    """Whoever reads these pages is a person: no link and no job comes here."""
    person = request.actor.person
    if person is None:
        raise NotNow(_("Only a person does this."))
    return person


@door(OPEN)
def home(request: Asked) -> HttpResponse:
    """Who holds me and whom I hold, what waits for my tap, and how the hours add up."""
    me = me_of(request)
    rows = [one for one in queries.agreements_of(me) if policy.can(request.actor, SEE, one)]
    running = [one for one in rows if _runs(one, me)]
    waits = waiting(request)
    mine = frozenset(waits["ids"] if waits else ())
    context = {
        "waits": waits,
        "proposed": [_card(one, me) for one in rows if queries.awaits_yes(one, me)],
        "asked": asked_places(me),
        "cards": [_card(one, me) for one in running if not queries.awaits_yes(one, me)],
        "ended": [_card(one, me) for one in rows if one not in running],
        "map": _map([one for one in running if not queries.awaits_yes(one, me)], me),
        "held": _told_sum(queries.hours_of(me), mine),
        "given": _told_sum(queries.hours_given(me), mine),
        "may_count": bool(policy.can(request.actor, "reflection.see_counts")),
        "letters": not Reminder.objects.filter(person=me, stopped_on__isnull=False).exists(),
        "form": HouseForm(),
    }
    return render(request, "reflection/home.html", context)


def _runs(row: Agreement, me: UUID) -> bool:
    today = clock.today(row.zone)
    seat = queries.seat_of(row, me)
    is_mine = row.provider_id == me or (seat is not None and (seat.until is None or seat.until > today))
    return is_mine and (row.until is None or row.until > today)


def _told_sum(some: list[tuple[Session, hours.Hour]], mine: frozenset[str]) -> dict[str, str]:
    """A sum in words; empty where there is nothing at all. mine: ids of the sessions that wait for the reader's own tap."""
    found = hours.added(one for _row, one in some)
    own = hours.added(one for row, one in some if str(row.pk) in mine).waiting
    if not some:
        return {}
    return {
        "all": said_minutes(found.minutes),
        "direct": said_minutes(found.direct),
        "rsc_given": said_minutes(found.rsc_given) if found.rsc_given else "",
        "own": said_minutes(own) if own else "",
        "waiting": said_minutes(found.waiting - own) if found.waiting > own else "",
    }


def _card(row: Agreement, me: UUID) -> dict[str, Any]:
    """An agreement as a line of a list."""
    is_giver = row.provider_id == me
    others = [one.person.name for one in _seats(row) if one.person_id != me]
    return {
        "row": row,
        "title": _names(others) if is_giver else (row.giver_name or _names(others)),
        "is_giver": is_giver,
        "format": _(FORMATS[row.format]),
        "about": _(ABOUT_SHORT[row.about]),
        "since": clock.day(row.since),
        "until": clock.day(row.until) if row.until else "",
        "minutes": said_minutes(row.minutes),
        "stands": row.has_giver_yes,
        "may_log": bool(_seats(row)),
        "form": HouseForm(initial={"key": fresh_key()}),
    }


def _seats(row: Agreement) -> list[Any]:
    return [one for one in row.places.all() if one.declined_on is None and one.until is None]


def _names(names: list[str]) -> str:
    if len(names) > 3:
        more = len(names) - 2
        return ngettext("%(names)s and %(more)s more", "%(names)s and %(more)s more", more) % {
            "names": ", ".join(names[:2]),
            "more": more,
        }
    return ", ".join(names) or _("nobody yet")


def _map(rows: list[Agreement], me: UUID) -> dict[str, Any] | None:
    """The picture for this reader: who holds them, whom they hold. Nothing is marked that is not there."""
    above: list[dict[str, str]] = []
    below: list[dict[str, str]] = []
    for row in rows:
        if row.provider_id == me:
            below += [{"name": one.person.name, "since": clock.day(one.since)} for one in _seats(row)]
        elif row.giver is not None:
            above.append({"name": row.giver_name, "since": clock.day(row.since)})
        else:
            above += [
                {"name": one.person.name, "since": clock.day(one.since)} for one in _seats(row) if one.person_id != me
            ]
    if not above and not below:
        return None
    return {
        "above": above,
        "below": below,
        "picture": picture.drawn([one["name"] for one in above], [one["name"] for one in below]),
    }


def waiting(request: Asked, most: int | None = None) -> dict[str, Any] | None:
    """The sessions that wait for the reader's tap, and what others ask them to agree to; None where nothing does."""
    me = me_of(request)
    found, versions = queries.waits_for(me), queries.asked_of(me)
    if not found and not versions:
        return None
    count = len(found)
    title = ngettext("%(count)s session waits for your tap", "%(count)s sessions wait for your tap", count)
    return {
        "title": title % {"count": count} if found else "",
        "rows": [session_line(row, me) for row in found[:most]],
        "more": max(0, count - (most or count)),
        "ids": [str(row.pk) for row in found],
        "months": _months(found, me) if len(found) > 1 else [],
        "says_yes": _says_yes_too(found, me),
        "versions": [{"session": one.session, "who": one.by.name, "on": clock.day(one.session.on)} for one in versions],
        "form": HouseForm(initial={"key": fresh_key()}),
    }


def _says_yes_too(found: list[Session], me: UUID) -> list[Agreement]:
    """The agreements to which the reader says yes with the same tap, because they have not yet."""
    waiting_for = {row.agreement_id for row in found}
    return [one for one in queries.proposed_to(me) if one.pk in waiting_for] if found else []


def _months(found: list[Session], me: UUID) -> list[dict[str, Any]]:
    """What waits, month by month, each to be confirmed by one tap."""
    months: dict[date, list[Session]] = {}
    for row in found:
        months.setdefault(row.on.replace(day=1), []).append(row)
    return [
        {
            "says": date_format(month, "YEAR_MONTH_FORMAT"),
            "count": len(rows),
            "minutes": said_minutes(sum(one.minutes for one in rows)),
            "who": _names(there) if (there := sorted({name for one in rows for name in _with(one, me)})) else "",
            "ids": [queries.mark_of(one) for one in rows],
            "key": fresh_key(),
        }
        for month, rows in months.items()
    ]


def _with(row: Session, me: UUID) -> list[str]:
    """With whom a session was, as the other side of it."""
    if row.provider_id == me:
        return [one.person.name for one in row.presences.all()]
    return [row.agreement.giver_name] if row.agreement.giver_name else []


def session_line(row: Session, me: UUID) -> dict[str, Any]:
    """A session as a line: the day, how long, with whom; nothing else is known of it."""
    there = _with(row, me)
    with_whom = _names(there) if there or row.provider_id == me else ""
    facts = {"day": clock.day(row.on), "minutes": said_minutes(row.minutes), "who": with_whom}
    return {
        "row": row,
        "mark": queries.mark_of(row),
        "says": (_("%(day)s · %(minutes)s · with %(who)s") if with_whom else _("%(day)s · %(minutes)s")) % facts,
        "kind": _(KINDS[row.kind]),
        "about": _(ABOUT_SHORT[row.about]),
        "key": fresh_key(),
    }


def on_today(request: Any) -> dict[str, Any] | None:
    """What waits, on Today: each with its tap, and a whole month at once."""
    if request.actor.person is None or not policy.can(request.actor, OPEN):
        return None
    if not queries.takes_part(request.actor.person):
        return None
    waits = waiting(request, ON_TODAY)
    proposed = [_card(one, request.actor.person) for one in queries.proposed_to(request.actor.person)]
    asked = asked_places(request.actor.person)
    if not waits and not proposed and not asked:
        return None
    return {"waits": waits, "proposed": proposed, "asked": asked, "asks": True, "next": reverse("today")}


def asked_places(me: UUID) -> list[dict[str, Any]]:
    """Who asks this reader for a place and has no answer yet."""
    rows = Asking.objects.filter(offering__provider=me, answered_on__isnull=True).select_related("person", "offering")
    return [
        {"row": row, "who": row.person.name, "format": _(FORMATS[row.offering.format])}
        for row in rows.order_by("created_at", "pk")
    ]


@door("reflection.choose_letters")
@require_POST
def letters(request: Asked) -> HttpResponse:
    """Whether to be written to when sessions wait."""
    form = HouseForm(request.POST)
    if form.is_valid():
        wanted = request.POST.get("wanted") == "yes"
        actions.choose_letters(request.actor, key=form.cleaned_data["key"], wanted=wanted)
        messages.success(
            request,
            _("You get a letter when sessions wait, once a month at most.")
            if wanted
            else _("No more letters of this kind."),
        )
    return redirect("reflection")


# One agreement


def known_associations(request: Asked) -> Mapping[str, Organization]:
    """Where hours can be kept: the associations of this house, the reader's own first."""
    here = {standing.organization for standing in request.actor.standings}
    rows = sorted(queries.associations(), key=lambda one: (one.pk not in here, one.name))
    return {str(one.pk): one for one in rows}


@door("reflection.propose")
def propose(request: Asked, side: str) -> HttpResponse:
    """Write down an agreement: as somebody who is held, who holds, or among peers."""
    if side not in ProposeForm.SIDES:
        return redirect("reflection")
    there = known_associations(request)
    if not there:
        messages.warning(
            request, _("No association is kept in this house yet. Its coordinator or administrator adds it.")
        )
        return redirect("reflection")
    first = next(iter(there.values()))
    initial = {
        "key": fresh_key(),
        "since": clock.today(first.zone),
        "zone": first.zone,
        "association": str(first.pk),
        "languages": ["en"],
        "about": "direct",
        "format": "group" if side == "hold" else "individual",
    }
    form = ProposeForm(side, request.POST or None, initial=initial, associations=there)
    if request.method == "POST" and form.is_valid():
        try:
            row = _propose(request, form, side)
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        else:
            messages.success(request, _("It is written down. It stands once the other side says yes too."))
            return redirect("agreement", agreement=row.pk)
    context = {"form": form, "side": side}
    return render(request, "reflection/propose.html", context, status=400 if form.errors else 200)


def _propose(request: Asked, form: ProposeForm, side: str) -> Agreement:
    typed, me = form.cleaned_data, Person.objects.get(pk=me_of(request))
    if side == "held":
        provider = typed["provider"]
        who: dict[str, Any] = {"held": (me,), "provider": provider}
        if provider is None:
            who |= {
                "outside_name": typed["name"],
                "outside_mail": typed["mail"],
                "outside_holds": form.said_holds(),
            }
    else:
        people = typed["found"]
        who = {"held": (*people, *((me,) if side == "peers" else ())), "provider": me if side == "hold" else None}
    managed = frozenset(one.pk for one in who["held"]) if typed.get("manages") else frozenset()
    return actions.propose(request.actor, key=typed["key"], managed=managed, **form.terms(), **who)


@door(SEE, about=Agreement)
def agreement(request: Asked, agreement: UUID) -> HttpResponse:
    """One agreement: who, since when, how regularly; its sessions; and what can be done."""
    row, _verdict = opened(request, SEE, Agreement, agreement, related=RELATED)
    me = me_of(request)
    is_giver = row.provider_id == me
    seat = queries.seat_of(row, me)
    rows = policy.visible(request.actor, Session.objects.filter(agreement=row), "reflection.see_session")
    found = list(rows.filter(taken_back_on__isnull=True).select_related("agreement__provider").order_by("-on", "-pk"))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "card": _card(row, me),
        "is_giver": is_giver,
        "facts": _facts(row),
        "people": [_person_line(one, row, me) for one in _seats(row)] if is_giver or row.giver is None else [],
        "seat": seat,
        "is_manager": seat is not None and seat.is_manager and not is_giver,
        "awaits": queries.awaits_yes(row, me),
        "regular": _regular(row, me, found),
        "page": page,
        "sessions": [_session_row(one, me) for one in page],
        "columns": [{"label": label} for label in (_("Day"), _("Minutes"), _("What kind"), _("How it stands"))],
        "runs": _runs(row, me),
        "may_add": is_giver and row.format == Format.GROUP and _runs(row, me),
        "may_change": may_say(Format(row.format), row.giver, me),
        "earlier": earlier_lines(row, me),
        "may_say_holds": is_giver and row.provider_id not in house.endorsed([me], clock.today(row.zone)),
        "form": HouseForm(initial={"key": fresh_key()}),
    }
    return render(request, "reflection/agreement.html", context)


def _facts(row: Agreement) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"term": _("How"), "value": _(FORMATS[row.format]), "note": _(MEETS[row.meets])},
        {"term": _("What it is about"), "value": _(ABOUTS[row.about])},
        {
            "term": _("Since"),
            "value": clock.day(row.since),
            "note": _("until %(day)s") % {"day": clock.day(row.until)} if row.until else "",
        },
        {"term": _("As a rule"), "value": said_minutes(row.minutes)},
        {"term": _("How often you mean to meet"), "value": said_weeks(row.weeks)},
        {"term": _("Price for one person and session"), "value": said_price(row.cents)},
        {"term": _("Languages"), "value": said_languages(row.languages)},
        {"term": _("Time zone"), "value": said_zone(row.zone)},
    ]
    if row.seats:
        facts.append({"term": _("Places"), "value": row.seats})
    if row.giver is not None and (row.outside_name or row.outside_holds is not None):
        holds = None if row.outside_holds is None else frozenset(row.outside_holds.split())
        by = {"provider": _("said by themselves"), "held": _("said by who is held"), "": ""}[row.outside_holds_by]
        facts.append({"term": _("What they hold"), "value": said_holds(holds), "note": by})
    return facts


def earlier_lines(row: Agreement, me: UUID) -> list[dict[str, str]]:
    """What was agreed before, the newest first: until when, and who said it anew; of another's line manager nothing."""
    rows = row.earlier.select_related("by", "seat").order_by("-created_at", "-pk")
    found = []
    for one in rows:
        head = _("Until %(day)s, when %(name)s wrote it anew:") % {"day": clock.day(one.on), "name": one.by.name}
        if one.seat is None:
            words = (
                said_minutes(one.minutes),
                said_weeks(one.weeks),
                said_price(one.cents),
                _(ABOUT_SHORT[one.about]),
                _("over from %(day)s") % {"day": clock.day(one.until)} if one.until else _("no end"),
            )
            found.append({"head": head, "says": " · ".join(one for one in words if one)})
        elif me in (row.provider_id, one.seat.person_id):
            was = _("also the line manager") if one.was_manager else _("not the line manager")
            found.append({"head": head, "says": was})
    return found


def _person_line(seat: Any, row: Agreement, me: UUID) -> dict[str, Any]:
    """One person of a group, for whoever gives it."""
    if seat.said_on is None:
        stands = _("has not said yes yet")
    else:
        stands = _("since %(day)s") % {"day": clock.day(seat.since)}
    return {"name": seat.person.name, "says": stands, "is_manager": seat.is_manager, "is_me": seat.person_id == me}


def _regular(row: Agreement, me: UUID, found: list[Session]) -> dict[str, Any]:
    """How regularly the reader met in this agreement, month by month: a picture for the pair, with its table."""
    if row.provider_id == me:
        days = [one.on for one in found]
    else:
        there = Presence.objects.filter(session__in=[one.pk for one in found], person=me)
        days = list(there.values_list("session__on", flat=True))
    months = hours.regularity(days, row.since, row.until, clock.today(row.zone))
    most = max((one.met for one in months), default=0)
    return {
        "bars": [
            {
                "x": 8 + 40 * place,
                "height": 14 * min(one.met, 5),
                "y": 84 - 14 * min(one.met, 5),
                "met": one.met,
                "label": date_format(one.first, "M")[:3],
                "says": date_format(one.first, "YEAR_MONTH_FORMAT"),
                "counts": one.counts,
            }
            for place, one in enumerate(months)
        ],
        "any": bool(most),
    }


def _session_row(row: Session, me: UUID) -> list[dict[str, Any]]:
    return [
        {"text": clock.day(row.on), "url": reverse("hours_session", kwargs={"hours": row.pk})},
        {"text": said_minutes(row.minutes)},
        {"text": _(KINDS[row.kind]), "note": _(ABOUT_SHORT[row.about])},
        {"text": how_it_stands(row, me)},
    ]


def how_it_stands(row: Session, me: UUID) -> str:
    """How a session stands for this reader."""
    told = row.said
    if row.taken_back_on is not None:
        return _("taken back")
    if me in told.waits_for:
        return _("waits for your tap")
    if row.provider_id == me:
        waits = len(told.there) - len(told.stands)
        if not waits:
            return _("confirmed")
        return ngettext("waits for %(count)s person", "waits for %(count)s people", waits) % {"count": waits}
    if me not in told.there:
        return _("the group met; you are not marked as there")
    return _("confirmed") if me in told.stands else _("waits for the other side")


@door("reflection.answer", about=Agreement)
@require_POST
def answer(request: Asked, agreement: UUID) -> HttpResponse:
    """Yes or no to an agreement, by one tap."""
    row, _verdict = opened(request, "reflection.answer", Agreement, agreement, related=RELATED)
    form = HouseForm(request.POST)
    yes = request.POST.get("yes") == "yes"
    if form.is_valid():
        try:
            actions.answer(request.actor, key=form.cleaned_data["key"], agreement=row, yes=yes)
        except NotNow as refusal:
            messages.warning(request, said(heard(refusal)))
        else:
            messages.success(
                request, _("Yes: it stands.") if yes else _("You said no, and nothing more is asked of you.")
            )
    return redirect("agreement", agreement=row.pk) if yes else redirect("reflection")


@door("reflection.end", about=Agreement)
def end(request: Asked, agreement: UUID) -> HttpResponse:
    """Let it run no more from a day on: all of it, or one's own place."""
    row, _verdict = opened(request, "reflection.end", Agreement, agreement, related=RELATED)
    form = EndForm(request.POST or None, initial={"key": fresh_key(), "on": clock.today(row.zone)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(request.actor, key=form.cleaned_data["key"], agreement=row, on=form.cleaned_data["on"])
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        else:
            messages.success(request, _("It is over from that day on. Your hours stay as they are."))
            return redirect("reflection")
    me = me_of(request)
    context = {
        "row": row,
        "form": form,
        "card": _card(row, me),
        "is_all": row.provider_id == me or row.format == "individual",
    }
    return render(request, "reflection/end.html", context, status=400 if form.errors else 200)


@door("reflection.add_person", about=Agreement)
def add_person(request: Asked, agreement: UUID) -> HttpResponse:
    """Ask one more person into a group."""
    row, _verdict = opened(request, "reflection.add_person", Agreement, agreement, related=RELATED)
    form = AddPersonForm(request.POST or None, initial={"key": fresh_key(), "since": clock.today(row.zone)})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        asked = {"agreement": row, "person": typed["person"], "since": typed["since"], "managed": typed["manages"]}
        try:
            actions.add_person(request.actor, key=typed["key"], **asked)
        except (BadInput, NotNow) as refusal:
            refusal.field = "mail" if refusal.field == "person" else refusal.field
            form.take(heard(refusal))
        else:
            messages.success(request, _("They are asked, and get a letter."))
            return redirect("agreement", agreement=row.pk)
    return render(request, "reflection/add_person.html", {"row": row, "form": form}, status=400 if form.errors else 200)


@door("reflection.ask_outside", about=Agreement)
@require_POST
def ask_outside(request: Asked, agreement: UUID) -> HttpResponse:
    """Send the link to a provider outside now."""
    row, _verdict = opened(request, "reflection.ask_outside", Agreement, agreement, related=RELATED)
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.ask_outside(request.actor, key=form.cleaned_data["key"], agreement=row)
        except NotNow as refusal:
            messages.warning(request, said(heard(refusal)))
        else:
            messages.success(request, _("A letter with a link is on its way."))
    return redirect("agreement", agreement=row.pk)


@door("reflection.say_address", about=Agreement)
def say_address(request: Asked, agreement: UUID) -> HttpResponse:
    """Say anew where somebody outside reads mail; they are written to at once."""
    row, _verdict = opened(request, "reflection.say_address", Agreement, agreement, related=RELATED)
    form = AddressForm(request.POST or None, initial={"key": fresh_key(), "mail": row.outside_mail})
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_address(
                request.actor, key=form.cleaned_data["key"], agreement=row, mail=form.cleaned_data["mail"]
            )
        except (BadInput, NotNow) as refusal:
            form.take(heard(refusal))
        else:
            messages.success(request, _("A letter with a link is on its way."))
            return redirect("agreement", agreement=row.pk)
    context = {"row": row, "form": form}
    return render(request, "reflection/address.html", context, status=400 if form.errors else 200)


@door("reflection.say_holds", about=Agreement)
def say_holds(request: Asked, agreement: UUID) -> HttpResponse:
    """What the provider holds, as they say it themselves, where the registry of this house does not know it."""
    row, _verdict = opened(request, "reflection.say_holds", Agreement, agreement, related=RELATED)
    holds = [] if row.outside_holds is None else row.outside_holds.split()
    known = "unknown" if row.outside_holds is None else "some" if holds else "none"
    form = OwnHoldsForm(request.POST or None, initial={"key": fresh_key(), "known": known, "holds": holds})
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_holds(request.actor, key=form.cleaned_data["key"], agreement=row, holds=form.said_holds())
        except NotNow as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Thank you. It is kept as you said it."))
            return redirect("agreement", agreement=row.pk)
    context = {"row": row, "form": form}
    return render(request, "reflection/holds.html", context, status=400 if form.errors else 200)
