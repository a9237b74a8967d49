"""Pages of one's own endorsement: each line of each scope, what would close it, and who looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import grants, policy
from inmind.access.door import Asked, door, opened
from inmind.access.queries import lookers
from inmind.access.roles import ROLES
from inmind.endorsement import actions, facts, queries, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.card_views import SEE, Mine, bound, cards, done, mine_of, name_of, today
from inmind.endorsement.models import Endorsement, Goal, Share, WorkDone
from inmind.endorsement.portfolio import Portfolio
from inmind.endorsement.readiness import readiness
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.foundation.models import in_force
from inmind.foundation.values import N_
from inmind.people.models import Person

# What was looked at, as its owner reads it
LOOKED = {
    "endorsement.see_readiness": N_("looked at how near you are"),
    "endorsement.see_shared": N_("looked at what you chose to show"),
}


@door(SEE)
def mine(request: Asked) -> HttpResponse:
    """My endorsement: what is worked toward, line by line; and all the scopes beside one another."""
    own = mine_of(request)
    rules = catalog.rules_of(own.association)
    ahead, places = _to_come(own)
    work = list(WorkDone.objects.filter(person=own.person, ended_at=None).order_by("since"))
    goals = []
    for goal in own.goals:
        here = catalog.rules_of(goal.association_id)
        editions = bound(here, goal.category, goal.applied_on or own.on)
        goals.append(
            {
                "goal": goal,
                "is_said": here.is_said,
                "cards": [
                    {**card, "name": name_of(goal)}
                    for card in reversed(cards(own.has, editions, own.on, ahead=ahead, places=places, work=work))
                ],
                "key": fresh_key(),
            }
        )
    held = queries.held_now(Endorsement.objects.filter(person=own.person), own.on)
    context = {
        "goals": goals,
        "scopes": _scopes(own, rules, set(held.values_list("category", flat=True))),
        "held": [_held(one) for one in held.select_related("association").order_by("since", "pk")],
        "waiting": [one for one in own.has.sessions if not one.confirmed],
        "shares": queries.shares_of(own.person.pk, own.on),
        "choices": {"degrees": [(key, _(words)) for key, words in facts.DEGREES.items()]},
        "back": "",
    }
    return render(request, "endorsement/mine.html", context)


def _to_come(own: Mine) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What lies ahead: trainings, and open places with who holds others."""
    return queries.SOURCES.ahead(own.on), queries.SOURCES.places(own.person.pk, own.on)


def _scopes(own: Mine, rules: catalog.RulesHere, held: set[str]) -> dict[str, Any]:
    """Every category beside the others: scopes of practice, and no ladder."""
    rows = []
    for category in dict.fromkeys(one.category for one in rules.editions if not one.retired):
        found = [readiness(edition, own.has, own.on) for edition in bound(rules, category, own.on)]
        if not found:
            continue
        newest = found[-1]
        met, of = said.met(newest)
        lines = _("%(met)s of %(of)s lines met") % {"met": met, "of": of}
        rows.append(
            [
                {"text": said.category(newest.edition), "url": reverse("my_scope", kwargs={"category": category})},
                said.scope(newest.edition),
                {"text": _("you hold it"), "note": lines} if category in held else lines,
                said.stands(newest.edition),
            ]
        )
    heads = (_("Category"), _("Scope of practice"), _("How it stands"), _("Edition"))
    return {"columns": [{"label": head} for head in heads], "rows": rows}


def _held(one: Endorsement) -> dict[str, Any]:
    return {
        "row": one,
        "name": name_of(one),
        "since": clock.day(one.since),
        "until": said.day(one.until),
        "key": fresh_key(),
    }


@door(SEE)
def scope(request: Asked, category: str) -> HttpResponse:
    """One category, by each edition that may bind."""
    own = mine_of(request)
    goal = own.goal(category)
    rules = catalog.rules_of(goal.association_id if goal else own.association)
    editions = bound(rules, category, goal.applied_on if goal and goal.applied_on else own.on)
    if not editions:
        return redirect("my_endorsement")
    work = list(WorkDone.objects.filter(person=own.person, ended_at=None).order_by("since"))
    ahead, places = _to_come(own)
    context = {
        "cards": cards(own.has, editions, own.on, ahead=ahead, places=places, work=work),
        "goal": goal,
        "name": own.person.name,
        "on": clock.day(own.on),
        "category": category,
        "is_said": rules.is_said,
        "back": category,
        "choices": {"degrees": [(key, _(words)) for key, words in facts.DEGREES.items()]},
    }
    return render(request, "endorsement/scope.html", context)


@door(SEE)
def looked(request: Asked) -> HttpResponse:
    """Who looked at one's endorsement, and who tried. Of an association's people the name is said: their coordinators look as
    professionals at what somebody shows their association, and two of them are told apart. Of an employer's the role is."""
    person, _verdict = opened(request, SEE, Person, request.actor.person)  # type: ignore[arg-type]
    rows, _older = lookers(
        [("person", person.pk)],
        named_at=frozenset(one.pk for one in queries.associations()),
        zone=settings.INSTALLATION.zone,
        most=100,
        but=~Q(entry__verb__startswith="endorsement.") | Q(entry__person=person.pk),
    )
    return render(request, "endorsement/looked.html", {"rows": [_look(one) for one in rows]})


def _look(look: Any) -> dict[str, str]:
    roles = ", ".join(_(ROLES[role].name) for role in look.roles)
    words = _(LOOKED.get(look.verb) or grants.WORDS.get(look.verb, look.verb))
    return {
        "at": clock.local(look.at, settings.INSTALLATION.zone),
        "who": ", ".join(filter(None, [look.person, roles, *look.organizations])),
        "what": _("tried to open it, and was shown nothing") if look.outcome == "refused" else words,
    }


@door("endorsement.show_in_registry")
@require_POST
def show_in_registry(request: Asked, endorsement: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.show_in_registry", Endorsement, endorsement, related=("person",))
    shown = request.POST.get("shown") == "yes"
    words = _("The registry shows it now.") if shown else _("The registry shows it no longer.")
    return done(
        request,
        lambda key: actions.show_in_registry(request.actor, key=key, endorsement=row, shown=shown),
        "my_endorsement",
        words,
    )


def today_panel(request: Any) -> dict[str, Any] | None:
    """What somebody works toward, and what others show this reader."""
    actor = request.actor
    if actor.person is None or not policy.can(actor, SEE):
        return None
    on = today()
    shares = policy.visible(actor, Share.objects.filter(queries.shares_running(on)), "endorsement.see_shared")
    has_goals, has_held, has_shares = queries.any_of_these(
        Goal.objects.filter(in_force(on), person=actor.person),
        queries.held_now(Endorsement.objects.filter(person=actor.person), on),
        shares,
    )
    if not (has_goals or has_held or has_shares):
        return None
    goals = queries.goals_of(actor.person, on) if has_goals else []
    has = queries.portfolios_of([actor.person], on)[actor.person] if goals else Portfolio()
    lines = []
    for goal in goals:
        editions = bound(catalog.rules_of(goal.association_id), goal.category, goal.applied_on or on)
        if editions:
            met, of = said.met(readiness(editions[-1], has, on))
            lines.append({"name": name_of(goal), "met": met, "of": of})
    shown = shares.select_related("person", "association").order_by("until", "pk")[:20] if has_shares else []
    return {"lines": lines, "shown": [{"row": one, "name": name_of(one)} for one in shown], "held": has_held}
