"""Pages of goals, and of whom one shows how near one is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door, opened
from inmind.access.models import RoleAssignment
from inmind.access.roles import ROLES
from inmind.endorsement import actions, queries, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.card_views import Mine, bound, cards, done, mine_of, name_of, today, without_questions
from inmind.endorsement.forms import GoalForm, ShareForm
from inmind.endorsement.models import Goal, Share
from inmind.foundation import clock
from inmind.foundation.forms import form_page, fresh_key
from inmind.people.models import Person


@door("endorsement.set_goal")
def set_goal(request: Asked) -> HttpResponse:
    """Work toward a category; whoever keeps that association may read how near from now on."""
    person, _verdict = opened(request, "endorsement.set_goal", Person, request.actor.person)  # type: ignore[arg-type]
    categories = {one.category: said.category(one) for one in catalog.standards() if not one.retired}
    first = {"category": request.GET.get("category", "")}
    form = GoalForm(queries.associations(), categories.items(), request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.set_goal(
            request.actor,
            key=typed["key"],
            person=person,
            association=form.places[typed["association"]],
            category=typed["category"],
            credential=typed["credential"],
            applied_on=typed["applied_on"],
        )
        messages.success(request, _("It is your goal now. The association’s coordinator can see how near you are."))
        return redirect("my_endorsement")

    return form_page(request, form, "endorsement/goal.html", {"none": not form.places}, save)


@door("endorsement.end_goal")
@require_POST
def end_goal(request: Asked, goal: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.end_goal", Goal, goal, related=("association",))
    words = _("It is your goal no longer. Its coordinator reads nothing of it any more.")
    return done(request, lambda key: actions.end_goal(request.actor, key=key, goal=row), "my_endorsement", words)


@door("endorsement.share")
def shares(request: Asked) -> HttpResponse:
    """To whom it is shown; and show it to somebody more."""
    own = mine_of(request, "endorsement.share")
    keys = {f"goal:{one.pk}": one for one in own.goals}
    goals = {key: f"{name_of(one)}, {one.association.name}" for key, one in keys.items()}
    goals |= {
        f"scope:{one.category}": said.category(one)
        for one in catalog.standards()
        if not one.retired and not own.goal(one.category)
    }
    employers = queries.employers_of(own.person.pk, own.on)
    form = ShareForm(goals, employers, _readers(own), request.POST or None)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        goal = keys.get(typed["goal"])
        actions.share(
            request.actor,
            key=typed["key"],
            person=own.person,
            category=goal.category if goal else typed["goal"].removeprefix("scope:"),
            association=goal.association if goal else None,
            until=typed["until"],
            **form.readers(),
        )
        messages.success(request, _("It is shown to them now. You can stop it at any moment."))
        return redirect("my_shares")

    rows = [
        {
            "row": one,
            "name": name_of(one),
            "to": (one.to_person or one.to_organization).name,  # type: ignore[union-attr]
            "until": clock.day(one.until),
            "key": fresh_key(),
        }
        for one in queries.shares_of(own.person.pk, own.on)
    ]
    context = {
        "rows": rows,
        "employers": [one.name for one in employers],
        "papers": [
            {"name": name_of(one), "url": reverse("my_scope", kwargs={"category": one.category})} for one in own.goals
        ],
    }
    return form_page(request, form, "endorsement/shares.html", context, save)


def _readers(own: Mine) -> dict[Person, str]:
    """Named people to whom it can be shown, each with who they are here: colleagues at the same agencies, coordinators of
    associations, and who gives reflective supervision; each with a sign-in here."""
    agencies = [one.pk for one in queries.employers_of(own.person.pk, own.on)]
    here = RoleAssignment.today(own.on)
    colleagues = here.filter(organization__in=agencies).values("account__person")
    keepers = here.filter(role="association_coordinator").values("account__person")
    providers = {str(one.provider).removeprefix("person:") for one in own.has.sessions}
    known = [UUID(one) for one in providers if _is_id(one)]
    signed = here.filter(account__person__in=known).values("account__person")
    rows = Person.objects.filter(Q(pk__in=colleagues) | Q(pk__in=keepers) | Q(pk__in=signed), erased_at=None)
    people = list(rows.exclude(pk=own.person.pk).order_by("family_name", "given_name", "pk"))
    roles: dict[UUID, list[str]] = {}
    assigned = here.filter(account__person__in=people).select_related("account", "organization").order_by("since", "pk")
    for one in assigned:
        place = f", {one.organization.name}" if one.organization else ""
        roles.setdefault(one.account.person_id, []).append(f"{_(ROLES[one.role].name)}{place}")
    held_by = _("holds you in reflective supervision")
    for one in people:
        if str(one.pk) in providers:
            roles.setdefault(one.pk, []).insert(0, held_by)
    return {one: "; ".join(dict.fromkeys(roles.get(one.pk, ()))) for one in people}


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


@door("endorsement.end_share")
@require_POST
def end_share(request: Asked, share: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.end_share", Share, share)
    words = _("It is shown no longer.")
    return done(request, lambda key: actions.end_share(request.actor, key=key, share=row), "my_shares", words)


@door("endorsement.see_shared")
def shared(request: Asked, share: UUID) -> HttpResponse:
    """What somebody shows: how each line of one category stands; no session, no name of who held them."""
    row, _verdict = opened(request, "endorsement.see_shared", Share, share, related=("person", "association"))
    on = today()
    has = queries.portfolios_of([row.person_id], on)[row.person_id]
    rules = catalog.rules_of(row.association_id)
    context = {
        "person": row.person,
        "until": clock.day(row.until),
        "cards": without_questions(cards(has, bound(rules, row.category, on), on)),
        "others": True,
    }
    return render(request, "endorsement/shared.html", context)
