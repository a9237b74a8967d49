"""A battery on pages: which form it is today, its parts one after another, and one page at the end.

A sitting's page is the adult's: her own answers stand on it apart, are never printed with the child's, and no entry of the
trail names her and the child together (`protect.md` 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access import audit, policy
from inmind.access.door import Asked, door, refused
from inmind.families import queries as families
from inmind.families.ages import Ages
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow
from inmind.foundation.forms import DateInput, HouseForm, choice_field, fresh_key, said
from inmind.foundation.registries import house
from inmind.screening import actions, due_views, queries, sittings
from inmind.screening.adapters.catalog import batteries, catalog
from inmind.screening.battery import Battery, Stands, next_part
from inmind.screening.due import child_of
from inmind.screening.instruments import Instrument
from inmind.screening.models import Screen
from inmind.screening.own_page_views import Whose, whose_page
from inmind.screening.said import counted, note_said, numbered, verdict_of
from inmind.screening.sittings import Sitting


class BatteryForm(HouseForm):
    """Who answered, on which day, and which form is printed on the paper. anyway: a form for another age is meant."""

    informant = forms.ChoiceField(label=gettext_lazy("Who answered?"), widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Answered on"), widget=DateInput())
    form = forms.ChoiceField(label=gettext_lazy("Which form is printed on the paper?"))
    anyway = forms.BooleanField(label=gettext_lazy("This form was filled in. Enter it as what it is."), required=False)

    def __init__(self, battery: Battery, answering: Iterable[families.Adult], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adults = families.called(answering)
        choice_field(self, "informant").choices = [(str(pk), name) for pk, name in adults.items()]
        choice_field(self, "form").choices = [(one.name, sittings.form_said(one)) for one in battery.forms]
        del self.fields["anyway"]

    def ask_whether_it_is_meant(self) -> None:
        self.fields["anyway"] = type(self).base_fields["anyway"]


@door("screening.begin")
def begin(request: Asked, episode: UUID, person: UUID, battery: str) -> HttpResponse:
    """Choose who answers, the day and the form; the form for the child's age is chosen already, another one is said."""
    there = whose_page(request, "screening.begin", episode, person)
    known = batteries().get(battery)
    if known is None or not there.is_child:
        raise refused(request, "screening.begin", about=there.episode)
    today = clock.today(there.episode.organization.zone)
    now = sittings.ages_of(known, there.episode, today)
    right = known.form_at(now.used.months) if now else None
    first = {"key": fresh_key(), "on": today, "form": right.name if right else ""}
    adults = families.adults(there.episode, today)
    form = BatteryForm(known, adults, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        chosen = known.named(kept["form"])
        assert chosen is not None  # one of the form's choices
        wrong = sittings.wrong_form(known, there.episode, chosen, kept["on"])
        try:
            actions.check_on(there.episode, kept["on"], today=today)
        except BadInput as refusal:
            form.take(refusal)
        else:
            if not wrong or "anyway" in request.POST:
                return redirect(sittings.address(known, there.episode.pk, kept["informant"], kept["on"], chosen.name))
            form.ask_whether_it_is_meant()
            form.add_error("form", wrong)
    context = {
        "battery": known,
        "person": there.person,
        "episode": there.episode,
        "form": form,
        "right": sittings.form_said(right) if right else "",
        "counted": _counted(known, now, there.episode),
        "back": reverse("caregiver", kwargs={"episode": there.episode.pk, "person": there.person.pk}),
    }
    return render(request, "screening/battery.html", context, status=400 if form.errors else 200)


def _counted(battery: Battery, now: Ages | None, episode: Episode) -> str:
    """By which age the form was chosen, where the child came early."""
    if now is None or not child_of(episode.dyad).weeks_early:
        return ""
    return due_views.counted_by(battery.prematurity, now.used.months, is_corrected=now.corrected is not None)


@door("screening.begin")
def sitting(request: Asked, episode: UUID, person: UUID, battery: str, on: str, form: str) -> HttpResponse:
    """The parts of one sitting in the form's order, with what each came to; sent a part, begin it or go on with it."""
    there = whose_page(request, "screening.begin", episode, person)
    found = _sitting(there, battery, on, form)
    if found is None:
        raise refused(request, "screening.begin", about=there.episode)
    problem = ""
    part = request.POST.get("part", "")
    if request.method == "POST" and part in found.form.parts:
        try:
            screen = found.screens.get(part) or _begin(request, found, catalog().named(part))
        except (BadInput, NotNow, KeyReused) as refusal:
            problem = said(refusal)
        else:
            return redirect(f"{reverse('screen_enter', kwargs={'screen': screen.pk})}?form={found.form.name}")
    _read(request, found)
    return render(request, "screening/sitting.html", _shown(request, found, problem), status=400 if problem else 200)


def _sitting(there: Whose, battery: str, on: str, form: str) -> Sitting | None:
    """The sitting at an address; None for one that cannot be."""
    known = batteries().get(battery)
    chosen = known.named(form) if known else None
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return None
    if known is None or chosen is None or there.is_child:
        return None
    return sittings.with_screens(Sitting(known, chosen, there.episode, there.person, day))


def _begin(request: Asked, found: Sitting, instrument: Instrument) -> Screen:
    """Begin a part. Two tabs that begin the same one get the same screen: its key is the sitting's, and another one after a
    screen was taken back."""
    about_child = instrument.is_about_a_child
    subject = found.episode.dyad.child if about_child else found.adult
    gone = Screen.objects.filter(episode=found.episode, subject=subject, on=found.on, instrument=instrument.key)
    again = gone.exclude(taken_back_at=None).count()
    return actions.begin(
        request.actor,
        key=str(
            uuid5(found.episode.pk, f"{found.adult.pk}:{found.on}:{found.form.name}:{instrument.key}{':' * again}")
        ),
        episode=found.episode,
        subject=subject,
        instrument=instrument,
        on=found.on,
        informant=found.adult if about_child else None,
        form=found.form.name if about_child else "",
    )


def _read(request: Asked, found: Sitting) -> None:
    """Audit what the page shows: the child's parts, and apart from them the adult's, whose entry names no child."""
    episode, dyad = found.episode, found.episode.dyad
    verdict = policy.can(request.actor, "screening.see", episode)
    whose_read = {one.is_about_a_child for one in found.screens.values()}
    with audit.together():
        if True in whose_read:
            child = {("person", dyad.child_id), ("episode", episode.pk), ("dyad", dyad.pk)}
            audit.read(request.actor, "screening.see", verdict, subjects=child)
        if False in whose_read:
            adult = {("person", found.adult.pk), ("episode", episode.pk)}
            audit.read(request.actor, "screening.see", verdict, subjects=adult)


def _shown(request: Asked, found: Sitting, problem: str) -> dict[str, Any]:
    stands = found.stands
    waiting = next_part(found.form, stands)
    rows = [_row(found, part, stands[part], is_next=part == waiting) for part in found.form.parts]
    done = sum(one is Stands.DONE for one in stands.values())
    wrong = sittings.wrong_form(found.battery, found.episode, found.form, found.on)
    child = found.episode.dyad.child
    return {
        "sitting": found,
        "child": child,
        "subtitle": f"{clock.day(found.on)} · {sittings.form_said(found.form)}",
        "progress": _("%(done)s of %(all)s parts are finished.") % {"done": done, "all": len(rows)},
        "wrong": wrong,
        "problem": problem,
        "is_of_another_day": done < len(rows) and found.on < clock.today(found.episode.organization.zone),
        "begin": sittings.begin_address(found.battery, found.episode.pk, child.pk),
        "next": next((row for row in rows if row["is_next"]), None),
        "childs": [row for row in rows if row["is_childs"]],
        "own": [row for row in rows if not row["is_childs"]],
        "closer": ", ".join(row["title"] for row in rows if row["is_childs"] and row.get("needs_somebody")),
        "asked_now": queries.asked_now(one for one in found.screens.values() if one.informant_id is None),
        "licence": found.battery.licence,
        "back": reverse("caregiver", kwargs={"episode": found.episode.pk, "person": child.pk}),
        "family": house.pages["families.Episode"](found.episode),
    }


def _row(found: Sitting, part: str, stands: Stands, *, is_next: bool) -> dict[str, Any]:
    """One part: what it is, how it stands, and what it came to."""
    instrument = catalog()[part]
    row: dict[str, Any] = {
        "key": part,
        "title": instrument.name,
        "is_childs": instrument.is_about_a_child,
        "is_next": is_next,
        "is_done": stands is Stands.DONE,
        "is_open": stands is Stands.OPEN,
    }
    if stands is not Stands.DONE:
        return row
    screen = found.screens[part]
    result, rules = queries.result_of(screen), queries.instrument_of(screen)
    talk = [numbered(rules, flag.item) for flag in result.flags if not flag.is_crisis]
    return row | {
        "url": f"{reverse('screen', kwargs={'screen': screen.pk})}?form={found.form.name}",
        "points": _("%(points)s points") % {"points": counted(screen)} if screen.has_total else counted(screen),
        "verdict": verdict_of(screen),
        "needs_somebody": bool(screen.is_positive or talk),
        "is_crisis": queries.is_crisis(screen),
        "talk": talk,
        "notes": [note_said(rules, note) for note in result.notes],
        "blanks": [numbered(rules, key) for key in result.blanks],
        "is_incomplete": screen.state == Screen.State.INCOMPLETE,
    }
