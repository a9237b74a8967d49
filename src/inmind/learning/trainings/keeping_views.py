"""Trainings as their coordinator keeps them: made in a minute, changed, opened and closed, called off; who comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, VersionedForm, form_page, fresh_key, said
from inmind.foundation.registries import FirstStep
from inmind.learning.trainings import actions, counting, guest_actions, known_views, queries, self_said, words
from inmind.learning.trainings import seat_actions as seating
from inmind.learning.trainings.forms import ChangeForm, NewTrainingForm, SomebodyForm, as_typed, copied
from inmind.learning.trainings.models import Registration, SaidOfSelf, Training
from inmind.learning.trainings.seats import State
from inmind.learning.trainings.views import kept_here
from inmind.money.amounts import dollars
from inmind.money.queries import standing_of
from inmind.people.models import Contact, Organization, Person

KEEP, ADD, CHANGE = "learning.keep", "learning.add_training", "learning.change_training"
DOORS, CALL_OFF = "learning.open_doors", "learning.call_off"
REGISTERED, SEAT, END = "learning.see_registered", "learning.seat_somebody", "learning.end_seat"
RELATED = ("association", "series")
ON_A_PAGE = 50
YEAR = timedelta(days=365)
AT_MOST = 20  # seats given up that Today looks at


def first_step(actor: Actor, there: Organization) -> Iterator[FirstStep]:
    """Where an association begins: its first training."""
    if policy.can(actor, ADD, there) and not Training.objects.filter(association=there).exists():
        says = _("Its page, its seats, who came, and certificates follow from it.")
        yield FirstStep(40, _("Add your first training"), says, reverse("training_add"))


@door(KEEP)
def kept(request: Asked) -> HttpResponse:
    """Every training of the association: what is ahead first, then what was."""
    now = clock.now()
    show_past = request.GET.get("show") == "past"
    rows = policy.visible(request.actor, Training.objects.all(), KEEP)
    rows = rows.filter(ends_at__lte=now).order_by("-starts_at") if show_past else rows.exclude(ends_at__lte=now)
    rows = rows if show_past else rows.order_by("starts_at", "pk")
    page = Paginator(queries.counted(rows).select_related("association", "series"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "show_past": show_past,
        "rows": [_row(row) for row in page],
        "columns": [{"label": one} for one in (_("Training"), _("When"), _("Seats"), _("How it stands"))],
    }
    return render(request, "learning/kept.html", context)


def _row(row: Training) -> list[dict[str, Any]]:
    waiting = row.waiting  # type: ignore[attr-defined]
    waits = ngettext("%(n)s waits", "%(n)s wait", waiting) % {"n": waiting} if waiting else ""
    return [
        {
            "text": words.title(row),
            "url": reverse("kept_training", kwargs={"training": row.pk}),
            "note": row.series.title if row.series else "",
        },
        {"text": words.when_words(row)},
        {"text": taken(row), "note": waits},
        {"text": _state(row)},
    ]


def taken(row: Training) -> str:
    """How many seats are taken, of how many; `row` came from `queries.counted`."""
    held = row.held  # type: ignore[attr-defined]
    if row.seats is None:
        return ngettext("%(n)s taken", "%(n)s taken", held) % {"n": held}
    return _("%(n)s of %(seats)s") % {"n": held, "seats": row.seats}


def _state(row: Training) -> str:
    if row.called_off_at is not None:
        return _("called off")
    if row.ends_at is not None and row.ends_at <= clock.now():
        return _("is over")
    if row.is_public:
        return _("listed, open") if row.is_open else _("listed, closed")
    return _("not listed, open") if row.is_open else _("not listed, closed")


@door(KEEP)
def one(request: Asked, training: UUID) -> HttpResponse:
    """One training with who comes, who waits, and everything that can be done with it."""
    opened(request, KEEP, Training, training, related=RELATED)
    row = queries.counted(Training.objects.filter(pk=training)).select_related(*RELATED).get()
    come = list(
        policy.visible(request.actor, Registration.objects.filter(training=row), REGISTERED)
        .select_related("person")
        .order_by("state", "waits_since", "person__family_name", "person__given_name")
    )
    context = {
        "training": row,
        "title": words.title(row),
        "when": words.when_words(row),
        "price": words.price_words(row),
        "taken": taken(row),
        "state": _state(row),
        "meetings": [(clock.day(one.on), words.meeting_words(one)) for one in row.meetings.all()],
        "come": _come(row, come),
        "is_over": row.ends_at is not None and row.ends_at <= clock.now(),
        "doors": VersionedForm(initial={"version": row.version, "key": fresh_key()}),
        "somebody": HouseForm(),
        "public": reverse("training", kwargs={"training": row.pk}),
    }
    return render(request, "learning/kept_one.html", context)


def _come(row: Training, come: list[Registration]) -> list[dict[str, Any]]:
    """Who comes, in groups: those with a seat, who were offered one, who wait, who gave theirs up."""
    paid = standing_of([one.invoice for one in come if one.invoice is not None])
    mails = dict(
        Contact.in_use(person__in=[one.person_id for one in come], channel=Contact.Channel.MAIL, safe=True).values_list(
            "person", "address"
        )
    )
    line = queries.places_in_line(row.pk)
    groups = []
    for state, title in (
        (State.REGISTERED, _("With a seat")),
        (State.OFFERED, _("Offered a seat")),
        (State.WAITING, _("On the waiting list")),
        (State.CANCELLED, _("Gave it up")),
    ):
        rows = [one for one in come if one.state == state]
        rows.sort(key=lambda one: line.get(one.person_id, 0))
        if rows:
            lines = [
                {
                    "name": one.person.name,
                    "person": one.person_id,
                    "mail": mails.get(one.person_id, ""),
                    "says": _says(row, one, line.get(one.person_id)),
                    "paid": _paid(one, paid),
                    "may_end": state != State.CANCELLED,
                }
                for one in rows
            ]
            groups.append({"title": title, "rows": lines, "count": len(rows)})
    return groups


def _says(row: Training, one: Registration, number: int | None) -> str:
    if number is not None and one.waits_since is not None:
        since = clock.local(one.waits_since, row.zone)
        return _("number %(number)s in the line, since %(day)s") % {"number": number, "day": since}
    if one.state == State.OFFERED and one.offered_until is not None:
        return _("until %(until)s") % {"until": clock.local(one.offered_until, row.zone)}
    return _("since %(day)s") % {"day": clock.local(one.at, row.zone)}


def _paid(one: Registration, standings: Any) -> str:
    if one.invoice is None:
        return _("nothing to pay") if one.state == State.REGISTERED else ""
    there = standings.get(one.invoice)
    if there is None:
        return ""
    if one.state == State.CANCELLED and there.cents_paid:
        return _("%(sum)s were paid: see about giving it back") % {"sum": dollars(there.cents_paid)}
    if there.state == "settled":
        return _("paid")
    if there.state == "cancelled":
        return _("not owed any more")
    return _("%(sum)s open, due %(day)s") % {"sum": dollars(there.cents_owed), "day": clock.day(there.due_on)}


@door(ADD)
def add(request: Asked) -> HttpResponse:
    """A training in a minute; `?copy=` begins with an earlier one."""
    keepers = {str(one.pk): one for one in kept_here(request, ADD)}
    zone = next(iter(keepers.values())).zone if keepers else ""
    first: dict[str, Any] = {"key": fresh_key(), "zone": zone, **_copied(request)}
    form = NewTrainingForm(keepers, request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        row = actions.add_training(
            request.actor,
            key=typed["key"],
            association=keepers[typed["keeper"]],
            meetings=form.meetings(),
            is_public=typed["is_public"],
            is_open=typed["is_open"],
            was_held=typed["was_held"],
            **form.told(),
        )
        if typed["was_held"]:
            messages.success(request, _("It is written down. Open a meeting, and say who was there."))
            return redirect("attendance", training=row.pk)
        messages.success(request, _("“%(title)s” is made.") % {"title": row.title})
        return redirect("kept_training", training=row.pk)

    return form_page(request, form, "learning/add.html", {"is_copy": "copy" in request.GET}, save)


def _copied(request: Asked) -> dict[str, Any]:
    try:
        of = UUID(request.GET.get("copy", ""))
    except ValueError:
        return {}
    row = policy.visible(request.actor, Training.objects.filter(pk=of), KEEP).select_related("series").first()
    return copied(row, None) if row else {}


@door(CHANGE)
def change(request: Asked, training: UUID) -> HttpResponse:
    """Say anew what a training says. Whoever saves second is shown both texts."""
    row, _verdict = opened(request, CHANGE, Training, training, related=RELATED)
    meetings = list(row.meetings.all())
    form = ChangeForm(meetings, request.POST or None, initial=as_typed(row))
    context: dict[str, Any] = {"training": row, "title": words.title(row), "form": form}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.change_training(
                request.actor,
                key=typed["key"],
                version=typed["version"],
                training=row,
                meetings=form.meetings(),
                **form.told(),
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        except Stale as refusal:
            return render(request, "learning/change.html", context | _both(form, refusal), status=409)
        else:
            messages.success(request, _("It is saved. Who comes is written to where the time or the place changed."))
            return redirect("kept_training", training=row.pk)
    return render(request, "learning/change.html", context, status=400 if form.errors else 200)


def _both(form: ChangeForm, refusal: Stale) -> dict[str, Any]:
    """What stands and what was typed, where they differ; the form would now save over the newest version."""
    newest: Any = refusal.thing
    meetings = list(newest.meetings.all())
    typed: Any = form.data.copy()  # type: ignore[attr-defined]
    typed["version"] = str(newest.version)
    again, stands = (
        ChangeForm(meetings, typed, initial=as_typed(newest)),
        ChangeForm(meetings, initial=as_typed(newest)),
    )
    pairs = [
        {"label": field.label, "theirs": _plain(stands[field.name].value()), "yours": _plain(field.value())}
        for field in again.visible_fields()
        if _plain(stands[field.name].value()) != _plain(field.value())
    ]
    return {"form": again, "pairs": pairs}


def _plain(value: Any) -> str:
    if value is None or value is False:
        return ""
    return value.strftime("%H:%M") if hasattr(value, "hour") else str(value)


@door(DOORS)
@require_POST
def doors(request: Asked, training: UUID) -> HttpResponse:
    """List it or not; give out seats or not."""
    row, _verdict = opened(request, DOORS, Training, training, related=RELATED)
    form = VersionedForm(request.POST)
    does = {"list": (True, row.is_open), "hide": (False, row.is_open)}
    does |= {"open": (row.is_public, True), "close": (row.is_public, False)}
    wanted = does.get(request.POST.get("do", ""))
    if form.is_valid() and wanted is not None:
        typed = form.cleaned_data
        named = {"key": typed["key"], "version": typed["version"], "training": row}
        try:
            actions.open_doors(request.actor, is_public=wanted[0], is_open=wanted[1], **named)
        except NotNow as refusal:
            messages.warning(request, said(refusal))
        except Stale:
            messages.warning(request, _("Somebody changed this meanwhile. This is how it stands now."))
        else:
            messages.success(request, _("It is saved."))
    return redirect("kept_training", training=row.pk)


@door(CALL_OFF)
def call_off(request: Asked, training: UUID) -> HttpResponse:
    """Say that it will not take place; first how many are written to."""
    row, _verdict = opened(request, CALL_OFF, Training, training, related=RELATED)
    form = VersionedForm(request.POST or None, initial={"version": row.version})
    told = Registration.objects.filter(training=row, state__in=actions.TOLD).count()
    context = {"training": row, "title": words.title(row), "when": words.when_words(row), "told": told}

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.call_off(request.actor, key=typed["key"], version=typed["version"], training=row)
        messages.success(request, _("It is called off. Everybody who was to come is written to."))
        return redirect("kept_training", training=row.pk)

    try:
        return form_page(request, form, "learning/call_off.html", context, save)
    except Stale:
        messages.warning(request, _("Somebody changed this meanwhile. This is how it stands now."))
        return redirect("training_call_off", training=row.pk)


@door(SEAT)
def seat_somebody(request: Asked, training: UUID) -> HttpResponse:
    """Register somebody who asked by telephone."""
    row, _verdict = opened(request, SEAT, Training, training, related=RELATED)
    form = SomebodyForm(known_views.chosen(request, row.association), request.POST or None)

    def save() -> HttpResponse:
        answer = guest_actions.seat_somebody(request.actor, key=form.cleaned_data["key"], training=row, **form.whom())
        done = {
            State.REGISTERED: _("%(name)s has a seat, and is written to."),
            State.WAITING: _("%(name)s is on the waiting list, and is written to."),
        }
        messages.success(request, done[State(answer.state)] % {"name": answer.person.name})
        return redirect("kept_training", training=row.pk)

    is_begun = row.starts_at is not None and row.starts_at <= clock.now()
    context = {"training": row, "title": words.title(row), "is_begun": is_begun}
    context["sought"] = known_views.sought(request, row.association, SEAT)
    return form_page(request, form, "learning/somebody.html", context, save)


@door(END)
@require_POST
def end_seat(request: Asked, training: UUID, person: UUID) -> HttpResponse:
    """Give up somebody's seat for them."""
    row, _verdict = opened(request, END, Training, training, related=RELATED)
    form = HouseForm(request.POST)
    found = Person.objects.filter(pk=person, registrations__training=row).first()
    if found is None:
        raise Http404
    if form.is_valid():
        try:
            seating.end_seat(request.actor, key=form.cleaned_data["key"], training=row, person=found)
        except NotNow as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("The seat is free again, and goes to whoever waits first."))
    return redirect("kept_training", training=row.pk)


@door("learning.see_reach")
def reach(request: Asked) -> HttpResponse:
    """Whom the trainings of a year reached, as people said it of themselves: counts of five or more, never a name."""
    here = kept_here(request, "learning.see_reach")
    zone = settings.INSTALLATION.zone
    until = counting.since_when(clock.today(zone))
    over = datetime.combine(until, time(0), ZoneInfo(zone))
    seats = Registration.objects.filter(training__association__in=here, state=State.REGISTERED)
    come = seats.filter(training__starts_at__gt=over - YEAR, training__ends_at__lte=over).values("person").distinct()
    rows = list(SaidOfSelf.objects.filter(person__in=come, on__lt=until).values_list("races", "languages"))
    of = come.count()
    context = {
        "figures": [
            _figure(_("Race and/or ethnicity"), self_said.RACES, [races for races, _languages in rows], of),
            _figure(_("Languages that they work in"), self_said.LANGUAGES, [known for _races, known in rows], of),
        ],
        "enough": counting.FEWEST,
        "day": clock.day(until - date.resolution),
    }
    return render(request, "learning/reach.html", context)


def _figure(title: str, names: Mapping[str, str], told: list[str], of: int) -> dict[str, Any]:
    counts = dict.fromkeys(names, 0)
    for keys in told:
        for key in keys.split():
            counts[key] = counts.get(key, 0) + 1
    hidden = _("too few, or too near to all, to be told")
    rows = [
        [_(names[key]), {"text": hidden if least is None else _("%(count)s or more") % {"count": least}}]
        for key, least in counting.shown(counts, of).items()
    ]
    return {"title": title, "rows": rows, "columns": [{"label": title}, {"label": _("People"), "number": True}]}


def today_panel(request: Any) -> dict[str, Any] | None:
    """On Today: the next trainings of the association, with their seats."""
    if not policy.can(request.actor, KEEP):
        return None
    rows = policy.visible(request.actor, Training.objects.filter(called_off_at__isnull=True), KEEP)
    ahead = list(queries.counted(rows.filter(ends_at__gt=clock.now())).order_by("starts_at", "pk")[:3])
    lines = [
        {
            "title": words.title(row),
            "reason": f"{words.when_words(row)} · {taken(row)}",
            "url": reverse("kept_training", kwargs={"training": row.pk}),
        }
        for row in ahead
    ]
    back = [*_to_give_back(rows)]
    return {"rows": lines, "back": back, "asks": bool(back)} if lines or back else None


def _to_give_back(trainings: Any) -> Iterator[dict[str, str]]:
    """Seats that were paid and are given up, of which nothing was given back, as lines of Today."""
    left = Registration.objects.filter(training__in=trainings, state=State.CANCELLED, invoice__isnull=False)
    rows = list(left.select_related("training", "person").order_by("-at", "pk")[:AT_MOST])
    standings = standing_of(one.invoice for one in rows if one.invoice is not None)
    for one in rows:
        there = standings.get(one.invoice) if one.invoice is not None else None
        if there is not None and there.state != "cancelled" and there.cents_paid:
            says = _("%(sum)s were paid: see about giving it back") % {"sum": dollars(there.cents_paid)}
            url = reverse("money_invoice", kwargs={"invoice": one.invoice})
            yield {"title": one.person.name, "reason": f"{words.title(one.training)} · {says}", "url": url}
