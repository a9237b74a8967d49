"""Pages of renewal, on one clock for dues, hours and endorsement, and of a move to another state."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access.door import Asked, door
from inmind.endorsement import actions, facts, queries, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.card_views import SEE, Mine, mine_of, name_of
from inmind.endorsement.forms import ConfirmForm
from inmind.endorsement.models import Endorsement, Goal, Renewed
from inmind.endorsement.readiness import Standing
from inmind.endorsement.renewal import Holding, Renewal, due
from inmind.endorsement.transfer import UNKNOWN, holder, on_the_way
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_

# Where to, when the association there is not in this house: the states that a source names (`named_by`), and all others.
REGIMES = {
    "triennial": N_("Texas, Nebraska or Pennsylvania, where an endorsement is renewed every three years"),
    "annual": N_("Another state: most renew every year"),
}


@door("endorsement.confirm_renewal")
def my_renewal(request: Asked) -> HttpResponse:
    """What is due by when, on one clock for dues, hours and endorsement; confirmed once."""
    own = mine_of(request, "endorsement.confirm_renewal")
    held = list(
        queries.held_now(Endorsement.objects.filter(person=own.person), own.on)
        .select_related("association")
        .order_by("since", "pk")
    )
    by_place: dict[UUID, list[Endorsement]] = {}
    for one in held:
        by_place.setdefault(one.association_id, []).append(one)
    form = ConfirmForm(request.POST if request.POST.get("association") else None)
    if request.method == "POST" and form.is_valid():
        there = next((one for one in held if str(one.association_id) == request.POST.get("association")), None)
        if there is None:
            return redirect("my_renewal")
        typed = form.cleaned_data
        try:
            actions.confirm_renewal(
                request.actor,
                key=typed["key"],
                person=own.person,
                association=there.association,
                since=typed["since"],
                dues=typed["dues"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("This cycle is confirmed. Thank you for staying with it."))
            return redirect("my_renewal")
    places = [_clock_of(own, rows, form) for rows in by_place.values()]
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "endorsement/renewal.html", {"places": places}, status=status)


def _clock_of(own: Mine, rows: list[Endorsement], form: ConfirmForm) -> dict[str, Any]:
    """One clock: until when one is a member, which hours are there, and by when all of it is due."""
    association = rows[0].association
    on = clock.today(association.zone)
    rules = catalog.rules_of(association.pk)
    cycle = rules.renewal.cycle(on)
    has = queries.portfolios_of([own.person.pk], on, cycle=cycle)[own.person.pk]
    gives = has.facts.get("gives_rsc")
    confirmed = Renewed.objects.filter(endorsement__in=rows, since=cycle.since).order_by("confirmed_on").first()
    parts = []
    for one in rows:
        found = due(rules.renewal, Holding(one.category, one.since, gives), has, on)
        parts.append(
            {
                "name": name_of(one),
                "lines": [said.row(line, rules.renewal.sources) for line in found.findings],
                "asked": [said.ask("gives_rsc")] if found.asked else [],
            }
        )
    member = [one for one in own.has.memberships if one.holds_on(on)]
    paid = queries.paid_through(own.person.pk, on) if member else None
    level = queries.renewable(own.person.pk, association, on)
    is_sent = form.is_bound and form.data.get("association") == str(association.pk)
    shown = form if is_sent else ConfirmForm(initial={"since": cycle.since, "dues": True})
    shown.offers_dues(level)
    last = cycle.until - date.resolution if cycle.until else on
    return {
        "association": association,
        "since": clock.day(cycle.since),
        "last": clock.day(last),
        "days": ngettext("%(n)s day left", "%(n)s days left", (last - on).days) % {"n": (last - on).days},
        "is_said": rules.is_said,
        "years": rules.renewal.years,
        "member_until": [
            clock.day(paid) if paid else said.day(one.until and one.until - date.resolution) or _("no end")
            for one in member[:1]
        ],
        "parts": parts,
        "confirmed": clock.day(confirmed.confirmed_on) if confirmed else "",
        "form": shown,
    }


@door(SEE)
def moving(request: Asked) -> HttpResponse:
    """A move to another state: what is honoured, what carries over, what is asked there besides, and what nobody knows."""
    own = mine_of(request)
    held = list(
        queries.held_now(Endorsement.objects.filter(person=own.person), own.on)
        .select_related("association")
        .order_by("since", "pk")
    )
    here = {one.association_id for one in held} | {goal.association_id for goal in own.goals}
    places = [one for one in queries.associations() if one.pk not in here]
    chosen = next((one for one in places if str(one.pk) == request.GET.get("to")), None)
    regime = catalog.renewals().get(request.GET.get("renewal", ""))
    there = catalog.rules_of(chosen.pk if chosen else None)
    renewal = there.renewal if chosen else regime or there.renewal
    is_asked = chosen is not None or regime is not None
    context: dict[str, Any] = {
        "places": places,
        "chosen": chosen,
        "regimes": [(key, _(words)) for key, words in REGIMES.items() if key in catalog.renewals()],
        "regime": regime.key if regime else "",
        "is_asked": is_asked,
        "is_said": chosen is not None and there.is_said,
        "held": [_moved(one, own, there, renewal) for one in held] if is_asked else [],
        "ways": [
            {"name": name_of(goal), "rows": rows}
            for goal in own.goals
            if is_asked and (rows := _ways(goal, own, there))
        ],
        "asks": [_(words) for words in UNKNOWN] if is_asked and not held else [],
    }
    return render(request, "endorsement/moving.html", context)


def _moved(row: Endorsement, own: Mine, there: catalog.RulesHere, renewal: Renewal) -> dict[str, Any]:
    """An endorsement that moves along."""
    one = holder(
        Holding(row.category, row.since, own.has.facts.get("gives_rsc")),
        there.editions,
        (catalog.rules_of(row.association_id).renewal, renewal),
        own.has,
        own.on,
    )
    return {
        "name": name_of(row),
        "says": _(one.says),
        "source": one.source,
        "asks": [_(words) for words in one.asks],
        "before": clock.day((one.before.cycle.until or own.on) - date.resolution),
        "after": clock.day((one.after.cycle.until or own.on) - date.resolution),
        "lines": [said.row(line, renewal.sources) for line in one.after.findings],
    }


def _ways(goal: Goal, own: Mine, there: catalog.RulesHere) -> list[dict[str, Any]]:
    """Toward what somebody works, by each edition that may bind there: what carries over, what is not met, what nobody can tell."""
    here = catalog.rules_of(goal.association_id)
    found = []
    for one in on_the_way(goal.category, here.editions, there.editions, own.has, own.on):
        lines = [said.row(line, one.there.edition.sources) for line in one.there.findings if line.requirement.gates]
        found.append(
            {
                "there": said.stands(one.there.edition),
                "parts": [
                    (words, [line for line in lines if line.mark == mark])
                    for mark, words in (
                        ("not-yet", _("Asked there, and not met yet")),
                        ("met", _("Carries over: met there too")),
                        ("ask", _("Cannot be told yet: something is not known")),
                    )
                    if any(line.mark == mark for line in lines)
                ],
                "changes": [
                    (_(facts.called(change.key)), _stood(change.before), _stood(change.after)) for change in one.changes
                ],
            }
        )
    return found


def _stood(standing: int | None) -> str:
    return _("not asked") if standing is None else _(said.STANDINGS[Standing(standing)])
