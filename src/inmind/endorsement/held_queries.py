"""What endorsement holds about one person, as that person reads it: the portfolio that was said once, goals, decisions, shares."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmind.endorsement import facts, said
from inmind.endorsement.card_views import name_of
from inmind.endorsement.forms import OUTCOMES
from inmind.endorsement.models import Decision, Endorsement, Goal, RatingReceived, Renewed, Share, Statement, WorkDone
from inmind.foundation import clock
from inmind.foundation.values import Verdict
from inmind.people.models import Person


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """What is said today and what was said before, work, references that came, goals, decisions, what is held, to whom it is
    shown. What a reference says was never here."""
    rows = [_statement(one) for one in _of(Statement, person, "said_on", "said_by")]
    rows += [_work(one) for one in _of(WorkDone, person, "since")]
    rows += [
        {
            _("A reference that came"): clock.day(one.on),
            _("From"): ", ".join(_(facts.ROLES[role]) for role in one.roles.split() if role in facts.ROLES),
            _("How it stands"): _stands(one.ended_at),
        }
        for one in _of(RatingReceived, person, "on")
    ]
    rows += [
        {
            _("Working toward"): name_of(one),
            _("With"): one.association.name,
            _("Days"): _days(one.since, one.until),
            _("Applied on"): said.day(one.applied_on),
        }
        for one in _of(Goal, person, "since", "association")
    ]
    rows += [_decision(one) for one in _of(Decision, person, "on", "association", "recorded_by")]
    rows += [_endorsed(one) for one in _of(Endorsement, person, "since", "association")]
    rows += [
        {
            _("A cycle that you confirmed"): _days(one.since, one.until - date.resolution),
            _("Confirmed on"): clock.day(one.confirmed_on),
        }
        for one in _of(Renewed, person, "since")
    ]
    return rows + [
        {
            _("Shown to"): (one.to_person or one.to_organization).name,
            _("What"): name_of(one),
            _("Days"): _days(one.since, one.until),
            _("How it stands"): _("taken back") if one.ended_at else _("as it was said"),
        }
        for one in _of(Share, person, "since", "to_person", "to_organization", "association")
    ]


def _of(model: Any, person: Person, by: str, *related: str) -> Any:
    rows = model.objects.filter(person=person).order_by(by, "pk")
    return rows.select_related(*related) if related else rows


def _stands(ended_at: Any) -> str:
    return _("no longer") if ended_at else _("stands")


def _days(since: date, until: date | None) -> str:
    if until is None:
        return _("since %(day)s") % {"day": clock.day(since)}
    return _("%(since)s to %(until)s") % {"since": clock.day(since), "until": clock.day(until)}


def _statement(one: Statement) -> dict[str, str]:
    asked = said.ask(one.fact)
    if one.fact == "degree":
        answer = _(facts.DEGREES.get(one.answer, one.answer))
    else:
        answer = {"yes": _("yes"), "no": _("no")}.get(one.answer, one.answer)
    return {
        asked.question if asked else facts.called(one.fact): answer,
        _("Said on"): clock.day(one.said_on),
        _("By"): one.said_by.name,
        _("How it stands"): _stands(one.ended_at),
    }


def _work(one: WorkDone) -> dict[str, str]:
    return {
        _("Work"): _(facts.WORK[one.of]),
        _("Where"): one.place,
        _("Days"): _days(one.since, one.until),
        _("Yes to"): "; ".join(_(facts.OF_WORK[key]) for key in one.yes.split() if key in facts.OF_WORK),
        _("How it stands"): _stands(one.ended_at),
    }


def _decision(one: Decision) -> dict[str, str]:
    return {
        _("Decided"): str(OUTCOMES[Decision.Outcome(one.outcome)]),
        _("What"): f"{one.credential} {one.category}",
        _("By"): one.association.name,
        _("Day"): clock.day(one.on),
        _("Edition"): one.edition,
        _("Where it stands"): one.came_from,
        _("Written down by"): one.recorded_by.name if one.recorded_by else "—",
    }


def _endorsed(one: Endorsement) -> dict[str, str]:
    return {
        _("You hold"): name_of(one),
        _("Given by"): one.association.name,
        _("Days"): _days(one.since, one.until),
        _("In the public registry"): _("yes") if one.in_registry else _("no"),
    }
