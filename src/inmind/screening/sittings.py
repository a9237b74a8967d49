"""Sittings: what one adult answered on one day on one form of a battery, found by an address that names these alone.

A sitting is no row. Its parts are screens like any other, and nothing stored ties an adult's own answers to the child's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked
from inmind.families.ages import Ages, ages
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.models import asked_again
from inmind.people.models import Person
from inmind.screening import queries
from inmind.screening.adapters.catalog import catalog
from inmind.screening.battery import AgeForm, Battery, Stands
from inmind.screening.due import child_of
from inmind.screening.models import Screen


@dataclass(frozen=True)
class Sitting:
    """What one adult answered on one day on one form. screens: her parts and the child's by instrument, as far as begun."""

    battery: Battery
    form: AgeForm
    episode: Episode
    adult: Person
    on: date
    screens: dict[str, Screen] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return address(self.battery, self.episode.pk, self.adult.pk, self.on, self.form.name)

    @property
    def stands(self) -> dict[str, Stands]:
        return {part: _stands(self.screens.get(part)) for part in self.form.parts}


def _stands(screen: Screen | None) -> Stands:
    if screen is None:
        return Stands.NOT_BEGUN
    return Stands.OPEN if screen.state == Screen.State.OPEN else Stands.DONE


def address(battery: Battery, episode: UUID, adult: UUID, on: date, form: str) -> str:
    facts = {"episode": episode, "person": adult, "battery": battery.key, "on": on.isoformat(), "form": form}
    return reverse("screen_sitting", kwargs=facts)


def begin_address(battery: Battery, episode: UUID, child: UUID) -> str:
    return reverse("screen_battery", kwargs={"episode": episode, "person": child, "battery": battery.key})


def form_said(form: AgeForm) -> str:
    facts = {"form": form.name, "low": form.first, "high": form.last}
    return _("%(form)s-month form, for %(low)s to %(high)s months") % facts


def ages_of(battery: Battery, episode: Episode, on: date) -> Ages | None:
    """The child's ages as the battery counts them; None before the birth."""
    child = child_of(episode.dyad)
    if child.born is None or child.born > on:
        return None
    return ages(child.born, child.gestation_weeks, on, battery.prematurity)


def wrong_form(battery: Battery, episode: Episode, chosen: AgeForm, on: date) -> str:
    """That a form is not the one for the child's age on that day; empty where it is."""
    then = ages_of(battery, episode, on)
    if then is None:
        return _("The child was not born yet on this day.")
    if battery.is_right(chosen.name, then.used.months):
        return ""
    right = battery.form_at(then.used.months)
    facts = {
        "form": chosen.name,
        "months": then.used.months,
        "right": right.name if right else "",
        "tool": battery.name,
    }
    if right is None:
        return _("At %(months)s months there is no form of the %(tool)s.") % facts
    return _("This is the %(form)s-month form. At %(months)s months the %(right)s-month form is asked.") % facts


def with_screens(found: Sitting) -> Sitting:
    """The screens of a sitting: of each part the last that is finished, else the last that was begun."""
    people = [found.episode.dyad.child_id, found.adult.pk]
    rows = Screen.objects.filter(
        episode=found.episode, subject__in=people, on=found.on, instrument__in=found.form.parts, taken_back_at=None
    ).order_by("created_at", "pk")
    for one in sorted(rows, key=lambda row: row.state != Screen.State.OPEN):
        is_of_child = one.informant_id == found.adult.pk and one.form == found.form.name
        if is_of_child or (one.informant_id is None and one.subject_id == found.adult.pk):
            found.screens[one.instrument] = one
    return found


def sitting_of(request: Asked, screen: Screen) -> Sitting | None:
    """The sitting that a part belongs to: a child's by its form; an adult's only where the page came from there."""
    name = screen.form or request.GET.get("form", "")
    known = queries.battery_of_part(screen.instrument, name)
    form = known.named(name) if known else None
    if known is None or form is None or not policy.can(request.actor, "screening.begin", screen.episode):
        return None
    return Sitting(known, form, screen.episode, screen.informant or screen.subject, screen.on)


def within(request: Asked, screen: Screen, url: str) -> str:
    """An address about a screen, with the word by which its page knows that it was reached from a sitting."""
    sitting = sitting_of(request, screen)
    return f"{url}?form={sitting.form.name}" if sitting else url


def half_done(episode: Episode, today: date) -> dict[str, tuple[str, int, int]]:
    """For each battery whose newest sitting is not done yet and is on the form of the child's age today: the way to it, and how
    many of its parts about the child are finished, of how many. Of the adult's own parts nothing is counted here
    (`protect.md` 1)."""
    found: dict[tuple[UUID, date, str], dict[str, bool]] = defaultdict(dict)
    for informant, on, form, instrument, state in _parts(episode=episode.pk, child=episode.dyad.child_id):
        found[informant, on, form][instrument] = found[informant, on, form].get(instrument, False) or state != "open"
    newest: dict[str, tuple[str, int, int] | None] = {}
    for (informant, on, name), parts in found.items():
        known = queries.battery_of_part(next(iter(parts)), name)
        form = known.named(name) if known else None
        if known is None or form is None or known.key in newest:
            continue
        wanted = [part for part in form.parts if catalog()[part].is_about_a_child]
        done = sum(parts.get(part, False) for part in wanted)
        now = ages_of(known, episode, today)
        goes_on = done < len(wanted) and now is not None and known.is_right(name, now.used.months)
        url = address(known, episode.pk, informant, on, name)
        newest[known.key] = (url, done, len(wanted)) if goes_on else None
    return {key: one for key, one in newest.items() if one is not None}


@asked_again
def _parts(*, episode: UUID, child: UUID) -> QuerySet:
    """The parts of sittings about a child, also those that are only begun, newest first."""
    rows = Screen.objects.filter(episode=episode, subject=child, informant__isnull=False).exclude(form="")
    return rows.order_by("-on", "-created_at").values_list("informant", "on", "form", "instrument", "state")


def open_sittings(episode: Episode, screens: Iterable[Screen]) -> list[dict[str, str]]:
    """The sittings that a child's screens tell of, newest first, with the way back to each."""
    found = {}
    for screen in screens:
        known = queries.battery_of_part(screen.instrument, screen.form)
        if known is not None and screen.informant is not None and screen.taken_back_at is None:
            facts = {"name": screen.informant.name, "day": clock.day(screen.on)}
            url = address(known, episode.pk, screen.informant.pk, screen.on, screen.form)
            title = _("%(tool)s, %(form)s-month form") % {"tool": known.name, "form": screen.form}
            found[url] = {"url": url, "title": title, "reason": _("%(name)s, %(day)s") % facts}
    return list(found.values())
