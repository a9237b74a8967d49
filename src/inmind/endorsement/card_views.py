"""What every page about somebody begins with, and the cards that it draws: each line of one edition, as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from inmind.access.door import Asked, opened
from inmind.endorsement import queries, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.closers import Offer, closers
from inmind.endorsement.coverage import Coverage, coverage
from inmind.endorsement.models import Endorsement, Goal, Share, WorkDone
from inmind.endorsement.portfolio import Portfolio
from inmind.endorsement.portfolios import session_at, training_of
from inmind.endorsement.readiness import Readiness, readiness
from inmind.endorsement.standards import Edition, binding
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm
from inmind.people.models import Person

SEE = "endorsement.see_own"


@dataclass(frozen=True, slots=True)
class Mine:
    """What a page about somebody begins with: who, on which day, what is known, and the goals."""

    person: Person
    on: date
    has: Portfolio
    goals: list[Goal]

    @property
    def association(self) -> UUID | None:
        """By whose rules: those of the first goal, else of none in particular."""
        return self.goals[0].association_id if self.goals else None

    def goal(self, category: str) -> Goal | None:
        return next((one for one in self.goals if one.category == category), None)


def today() -> date:
    return clock.today(settings.INSTALLATION.zone)


def mine_of(request: Asked, verb: str = SEE) -> Mine:
    """The reader's own. Raises Refused where they have none here."""
    assert request.actor.person is not None
    person, _verdict = opened(request, verb, Person, request.actor.person)
    on = today()
    return Mine(person, on, queries.portfolios_of([person.pk], on)[person.pk], queries.goals_of(person.pk, on))


def of_area() -> Mapping[str, str]:
    """The domain of each area, where trainings are mapped to areas of domains: by the part before a point."""
    return {}


def covered(has: Portfolio, on: date) -> Coverage:
    return coverage(catalog.domains(), has.trainings, of_area(), on)


def bound(rules: catalog.RulesHere, category: str, on: date) -> tuple[Edition, ...]:
    return binding([one for one in rules.editions if one.category == category], on)


def cards(
    has: Portfolio,
    editions: Iterable[Edition],
    on: date,
    *,
    ahead: Iterable[Any] = (),
    places: Iterable[Any] = (),
    work: Iterable[WorkDone] = (),
) -> list[dict[str, Any]]:
    """Each edition that may bind, drawn: its name, how it stands, and its lines. ahead, places: trainings and open places with
    providers that may close some."""
    known, still_open = {str(one.id): one for one in ahead}, covered(has, on).open
    free, tomorrow = {str(one.id): one for one in places}, on + date.resolution
    offers = [Offer(key, one.title, (training_of(one),), one.seats) for key, one in known.items()]
    offers += [
        Offer(key, one.provider_name, (session_at(one, tomorrow),), one.seats, repeats=True)
        for key, one in free.items()
    ]
    work = list(work)
    made: list[dict[str, Any]] = []
    for edition in editions:
        found = readiness(edition, has, on)
        lines = []
        for one in found.findings:
            ways = (
                said.place(closer, free[closer.offer.key], one.line.unit)
                if closer.offer.repeats
                else said.way(closer, known, still_open, of_area(), one.line.unit)
                for closer in closers(one, has, offers, on)
            )
            lines.append(said.row(one, edition.sources, said.best_first(ways)[:3], work))
        met, of = said.met(found)
        made.append(
            {
                "name": said.category(edition),
                "category": edition.category,
                "anchor": f"line-{len(made)}-{edition.category}",
                "scope": said.scope(edition),
                "stands": said.stands(edition),
                "standing": _(said.STANDINGS[found.standing]),
                "mark": said.MARKS[found.standing],
                "met": met,
                "of": of,
                "encouraged": len(lines) - of,
                "lines": sorted(lines, key=_what_is_asked_first),
                "table": table(lines),
                "open": [_(domain.name) for domain in still_open] if _asks_training(found) else [],
            }
        )
    return made


def _what_is_asked_first(line: said.Row) -> tuple[bool, int]:
    """What is counted and not there yet, then what is asked, then what is met; what is only encouraged last."""
    return not line.gates, {"not-yet": 0, "ask": 1 if line.has else 2, "met": 3}[line.mark]


def _asks_training(found: Readiness) -> bool:
    return any(one.requirement.key == "training" for one in found.findings)


def table(lines: Iterable[said.Row]) -> dict[str, Any]:
    """The same as a table."""
    heads = (_("Line"), _("How it stands"), _("There"), _("Rule"), _("Source"))
    rows = [
        [one.title, one.standing, one.amount or one.says, {"text": one.rule, "note": one.note}, one.source]
        for one in lines
    ]
    return {"columns": [{"label": head} for head in heads], "rows": rows}


def name_of(one: Endorsement | Goal | Share) -> str:
    """A category as it is published for its credential."""
    credential = getattr(one, "credential", "")
    names: Mapping[str, str] = next(
        (
            edition.names
            for edition in catalog.rules_of(one.association_id).editions
            if edition.category == one.category
        ),
        {},
    )
    if credential == "IECMH-E":
        return " / ".join(dict.fromkeys(names.values())) or one.category
    return names.get(credential) or next(iter(names.values()), one.category)


def without_questions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for somebody else: what is asked is asked of its owner alone."""
    return [{**card, "quiet": True} for card in rows]


def done(request: Asked, act: Callable[[str], Any], back: str, words: str = "") -> HttpResponse:
    """One button: do it, and go back; what stands in the way is said there."""
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            act(form.cleaned_data["key"])
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, words or _("It is done."))
    for sentence in form.non_field_errors():
        messages.warning(request, str(sentence))
    return redirect(back)
