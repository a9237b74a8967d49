"""Pages of one's own endorsement: each line of each scope, what would close it, what is said once, and to whom it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inmind.access import grants, policy
from inmind.access.door import Asked, door, opened
from inmind.access.models import RoleAssignment
from inmind.access.queries import lookers
from inmind.access.roles import ROLES
from inmind.endorsement import actions, counting, facts, queries, said, sheet
from inmind.endorsement.adapters import catalog
from inmind.endorsement.closers import Offer, closers
from inmind.endorsement.coverage import Coverage, coverage, opens
from inmind.endorsement.forms import ConfirmForm, GoalForm, RatingForm, SayForm, ShareForm, WorkForm
from inmind.endorsement.models import Endorsement, Goal, RatingReceived, Renewed, Share, Statement, WorkDone
from inmind.endorsement.portfolio import Portfolio
from inmind.endorsement.portfolios import training_of
from inmind.endorsement.readiness import Readiness, Standing, Unit, readiness
from inmind.endorsement.renewal import Holding, due
from inmind.endorsement.standards import Edition, binding
from inmind.endorsement.transfer import UNKNOWN, holder, on_the_way
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, form_page, fresh_key
from inmind.foundation.models import in_force
from inmind.foundation.values import N_
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


def _mine(request: Asked, verb: str = SEE) -> Mine:
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
    has: Portfolio, editions: Iterable[Edition], on: date, *, ahead: Iterable[Any] = (), work: Iterable[WorkDone] = ()
) -> list[dict[str, Any]]:
    """Each edition that may bind, drawn: its name, how it stands, and its lines. ahead: trainings that may close some."""
    rows, still_open = list(ahead), covered(has, on).open
    known = {str(one.id): one for one in rows}
    offers = [Offer(key, one.title, (training_of(one),), one.seats) for key, one in known.items()]
    work = list(work)
    made = []
    for edition in editions:
        found = readiness(edition, has, on)
        lines = []
        for one in found.findings:
            ways = (
                said.way(closer, known, still_open, of_area(), one.line.unit)
                for closer in closers(one, has, offers, on)
            )
            lines.append(said.row(one, edition.sources, said.best_first(ways)[:3], work))
        met, of = said.met(found)
        made.append(
            {
                "name": said.category(edition),
                "category": edition.category,
                "scope": edition.scope,
                "stands": said.stands(edition),
                "standing": _(said.STANDINGS[found.standing]),
                "mark": said.MARKS[found.standing],
                "met": met,
                "of": of,
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


@door(SEE)
def mine(request: Asked) -> HttpResponse:
    """My endorsement: what is worked toward, line by line; and all the scopes beside one another."""
    own = _mine(request)
    rules = catalog.rules_of(own.association)
    ahead = queries.SOURCES.ahead(own.on)
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
                    for card in reversed(cards(own.has, editions, own.on, ahead=ahead, work=work))
                ],
                "key": fresh_key(),
            }
        )
    held = queries.held_now(Endorsement.objects.filter(person=own.person), own.on)
    context = {
        "goals": goals,
        "scopes": _scopes(own, rules),
        "held": [_held(one) for one in held.select_related("association").order_by("since", "pk")],
        "waiting": [one for one in own.has.sessions if not one.confirmed],
        "shares": queries.shares_of(own.person.pk, own.on),
        "choices": {"degrees": [(key, _(words)) for key, words in facts.DEGREES.items()]},
        "back": "",
    }
    return render(request, "endorsement/mine.html", context)


def _scopes(own: Mine, rules: catalog.RulesHere) -> dict[str, Any]:
    """Every category beside the others: scopes of practice, and no ladder."""
    rows = []
    for category in dict.fromkeys(one.category for one in rules.editions if not one.retired):
        found = [readiness(edition, own.has, own.on) for edition in bound(rules, category, own.on)]
        if not found:
            continue
        newest = found[-1]
        met, of = said.met(newest)
        rows.append(
            [
                {"text": said.category(newest.edition), "url": reverse("my_scope", kwargs={"category": category})},
                newest.edition.scope,
                _("%(met)s of %(of)s lines met") % {"met": met, "of": of},
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


@door(SEE)
def scope(request: Asked, category: str) -> HttpResponse:
    """One category, by each edition that may bind."""
    own = _mine(request)
    goal = own.goal(category)
    rules = catalog.rules_of(goal.association_id if goal else own.association)
    editions = bound(rules, category, goal.applied_on if goal and goal.applied_on else own.on)
    if not editions:
        return redirect("my_endorsement")
    work = list(WorkDone.objects.filter(person=own.person, ended_at=None).order_by("since"))
    context = {
        "cards": cards(own.has, editions, own.on, ahead=queries.SOURCES.ahead(own.on), work=work),
        "goal": goal,
        "category": category,
        "is_said": rules.is_said,
        "back": category,
        "choices": {"degrees": [(key, _(words)) for key, words in facts.DEGREES.items()]},
    }
    return render(request, "endorsement/scope.html", context)


# What one says of oneself


@door("endorsement.say")
@require_POST
def say(request: Asked) -> HttpResponse:
    """One answer, from the line that asked for it."""
    person, _verdict = opened(request, "endorsement.say", Person, request.actor.person)  # type: ignore[arg-type]
    form = SayForm(request.POST)
    asked = said.ask(str(request.POST.get("fact", "")))
    context = {"question": asked.question if asked else _("What you say of yourself")}

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.say(request.actor, key=typed["key"], person=person, fact=typed["fact"], answer=typed["answer"])
        messages.success(request, _("It is written down, with today’s date."))
        return _back(typed["back"])

    return form_page(request, form, "endorsement/say.html", context, save)


def _back(category: str) -> HttpResponse:
    if category == "about":
        return redirect("about_me")
    if category and category in {one.category for one in catalog.standards()}:
        return redirect("my_scope", category=category)
    return redirect("my_endorsement")


@door("endorsement.answer_of_work")
@require_POST
def answer_of_work(request: Asked, work: UUID) -> HttpResponse:
    """One answer about a stretch of work."""
    row, _verdict = opened(request, "endorsement.answer_of_work", WorkDone, work)
    form = SayForm(request.POST)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        if typed["answer"] not in ("yes", "no"):
            raise BadInput(_("This is neither yes nor no."), _("Choose one of the two."), field="answer")
        answer = typed["answer"] == "yes"
        actions.answer_of_work(request.actor, key=typed["key"], work=row, question=typed["fact"], answer=answer)
        messages.success(request, _("It is written down, with today’s date."))
        return _back(typed["back"])

    return form_page(request, form, "endorsement/say.html", {"question": _("About your work")}, save)


@door(SEE)
def about_me(request: Asked) -> HttpResponse:
    """Everything that is said of oneself, with its day and who said it."""
    person, _verdict = opened(request, SEE, Person, request.actor.person)  # type: ignore[arg-type]
    statements = Statement.objects.filter(person=person, ended_at=None).select_related("said_by").order_by("fact")
    work = WorkDone.objects.filter(person=person, ended_at=None).order_by("since", "pk")
    ratings = RatingReceived.objects.filter(person=person, ended_at=None).order_by("on", "pk")
    known = {one.fact for one in statements}
    asks = [one for fact in ("degree", *facts.NUMBERS, *facts.FACTS) if fact not in known and (one := said.ask(fact))]
    context = {
        "said": [
            {
                "question": asked.question,
                "answer": _answer(one),
                "note": _("said on %(day)s by %(name)s") % {"day": clock.day(one.said_on), "name": one.said_by.name},
                "ask": asked,
            }
            for one in statements
            if (asked := said.ask(one.fact))
        ],
        "asks": asks,
        "work": [
            {
                "row": one,
                "kind": _(facts.WORK[one.of]),
                "days": _days(one.since, one.until),
                "yes": [_(facts.OF_WORK[key]) for key in one.yes.split() if key in facts.OF_WORK],
                "key": fresh_key(),
            }
            for one in work
        ],
        "ratings": [
            {
                "row": one,
                "on": clock.day(one.on),
                "roles": ", ".join(_(facts.ROLES[role]) for role in one.roles.split() if role in facts.ROLES),
                "key": fresh_key(),
            }
            for one in ratings
        ],
        "back": "about",
        "choices": {"degrees": [(key, _(words)) for key, words in facts.DEGREES.items()]},
    }
    return render(request, "endorsement/about.html", context)


def _answer(one: Statement) -> str:
    if one.fact == "degree":
        return _(facts.DEGREES.get(one.answer, one.answer))
    return {"yes": _("yes"), "no": _("no")}.get(one.answer, one.answer)


def _days(since: date, until: date | None) -> str:
    if until is None:
        return _("since %(day)s") % {"day": clock.day(since)}
    return _("%(since)s to %(until)s") % {"since": clock.day(since), "until": clock.day(until)}


@door("endorsement.say_work")
def say_work(request: Asked) -> HttpResponse:
    """A stretch of work."""
    person, _verdict = opened(request, "endorsement.say_work", Person, request.actor.person)  # type: ignore[arg-type]
    form = WorkForm(request.POST or None, initial={"of": request.GET.get("of", "")})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        told = {name: typed[name] for name in ("of", "place", "since", "until")}
        actions.say_work(request.actor, key=typed["key"], person=person, answers=form.answers(), **told)
        messages.success(request, _("It is written down, with today’s date."))
        return redirect("about_me")

    return form_page(request, form, "endorsement/work.html", {}, save)


@door("endorsement.note_rating")
def note_rating(request: Asked) -> HttpResponse:
    """A reference that came."""
    person, _verdict = opened(request, "endorsement.note_rating", Person, request.actor.person)  # type: ignore[arg-type]
    form = RatingForm(request.POST or None, initial={"on": today()})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        told = {name: typed[name] for name in ("on", "roles", "unknown_answers")}
        actions.note_rating(request.actor, key=typed["key"], person=person, **told)
        messages.success(request, _("It is written down."))
        return redirect("about_me")

    return form_page(request, form, "endorsement/rating.html", {}, save)


@door("endorsement.take_back_work")
@require_POST
def take_back_work(request: Asked, work: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.take_back_work", WorkDone, work)
    return _done(request, lambda key: actions.take_back_work(request.actor, key=key, work=row), "about_me")


@door("endorsement.take_back_rating")
@require_POST
def take_back_rating(request: Asked, rating: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.take_back_rating", RatingReceived, rating)
    return _done(request, lambda key: actions.take_back_rating(request.actor, key=key, rating=row), "about_me")


def _done(request: Asked, act: Callable[[str], Any], back: str, words: str = "") -> HttpResponse:
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


# Goals and shares


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
    return _done(request, lambda key: actions.end_goal(request.actor, key=key, goal=row), "my_endorsement", words)


@door("endorsement.share")
def shares(request: Asked) -> HttpResponse:
    """To whom it is shown; and show it to somebody more."""
    own = _mine(request, "endorsement.share")
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
    return form_page(request, form, "endorsement/shares.html", {"rows": rows}, save)


def _readers(own: Mine) -> list[Person]:
    """Named people to whom it can be shown: colleagues at the same agencies, coordinators of associations, and who gives
    reflective supervision; each with a sign-in here."""
    agencies = [one.pk for one in queries.employers_of(own.person.pk, own.on)]
    here = RoleAssignment.today(own.on)
    colleagues = here.filter(organization__in=agencies).values("account__person")
    keepers = here.filter(role="association_coordinator").values("account__person")
    providers = {str(one.provider).removeprefix("person:") for one in own.has.sessions}
    known = [UUID(one) for one in providers if _is_id(one)]
    signed = here.filter(account__person__in=known).values("account__person")
    rows = Person.objects.filter(Q(pk__in=colleagues) | Q(pk__in=keepers) | Q(pk__in=signed), erased_at=None)
    return list(rows.exclude(pk=own.person.pk).order_by("family_name", "given_name", "pk"))


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
    return _done(request, lambda key: actions.end_share(request.actor, key=key, share=row), "my_shares", words)


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


def without_questions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for somebody else: what is asked is asked of its owner alone."""
    return [{**card, "quiet": True} for card in rows]


# Does it count, coverage, the sheet


@door(SEE)
def counted(request: Asked) -> HttpResponse:
    """All hours that are known, each with the way to whether it counts."""
    own = _mine(request)
    held = [
        {
            "text": clock.day(one.on),
            "url": reverse("does_it_count", kwargs={"hour_kind": "session", "hour": one.key}),
            "note": "" if one.confirmed else _("waits to be confirmed"),
            "cells": (one.with_whom, _(sheet.KINDS[one.kind]), said.amount(one.minutes, Unit.MINUTES)),
        }
        for one in sorted(own.has.sessions, key=lambda one: one.on, reverse=True)
    ]
    learned = [
        {
            "text": one.title or clock.day(one.on),
            "url": reverse("does_it_count", kwargs={"hour_kind": "training", "hour": one.key}),
            "cells": (clock.day(one.on), said.amount(one.minutes, Unit.MINUTES)),
        }
        for one in sorted(own.has.trainings, key=lambda one: one.on, reverse=True)
    ]
    context = {
        "held": {
            "columns": [{"label": _(one)} for one in ("Day", "Provider", "Kind", "Hours")],
            "rows": [[one, *one["cells"]] for one in held],  # type: ignore[misc]
        },
        "learned": {
            "columns": [{"label": _(one)} for one in ("Training", "Day", "Hours")],
            "rows": [[one, *one["cells"]] for one in learned],  # type: ignore[misc]
        },
    }
    return render(request, "endorsement/counted.html", context)


@door(SEE)
def does_it_count(request: Asked, hour_kind: str, hour: str) -> HttpResponse:
    """One hour: whether it counts for each category, why, and the source."""
    own = _mine(request)
    rules = catalog.rules_of(own.association)
    chosen = {one.category for one in own.goals}
    found: list[counting.Answer] = []
    title = ""
    editions = [
        edition
        for category in dict.fromkeys(one.category for one in rules.editions if not one.retired)
        for edition in bound(rules, category, own.on)
    ]
    if hour_kind == "session":
        for session in (one for one in own.has.sessions if one.key == hour):
            title = f"{clock.day(session.on)}, {session.with_whom}"
            found = list(counting.of_session(session, editions, own.has, own.on))
    else:
        for training in (one for one in own.has.trainings if one.key == hour):
            title = training.title or clock.day(training.on)
            found = list(counting.of_training(training, editions, own.has, own.on))
    if not title:
        return redirect("my_hours")
    answers = [
        {
            "name": said.category(one.edition),
            "stands": said.stands(one.edition),
            "says": _(one.says),
            "verdict": {True: _("It counts"), False: _("It does not count here"), None: _("It has to be asked")}[
                one.counts
            ],
            "mark": {True: "met", False: "not-yet", None: "ask"}[one.counts],
            "adds": said.amount(one.adds, Unit.MINUTES) if one.adds else "",
            "as_well": [_(sheet.TAGS[tag]) for tag in one.as_well],
            "rule": _(" or ").join(said.rule(need) for need in one.requirement.any_of),
            "source": one.source,
            "is_goal": one.edition.category in chosen,
        }
        for one in found
    ]
    context = {"title": title, "answers": sorted(answers, key=lambda one: not one["is_goal"])}
    return render(request, "endorsement/does_it_count.html", context)


@door(SEE)
def my_coverage(request: Asked) -> HttpResponse:
    """What trainings are about, domain by domain, drawn; and where there is nothing yet."""
    own = _mine(request)
    found = covered(own.has, own.on)
    most = max([60, *(one.minutes for one in found.rows)])
    rows = [
        {
            "name": _(one.domain.name),
            "hours": said.amount(one.minutes, Unit.MINUTES),
            "width": f"{one.minutes / most * 100:.1f}",
            "is_open": one.is_open,
            "rated": one.domain.rated,
            "source": one.domain.source,
        }
        for one in found.rows
    ]
    ahead = [
        {"title": one.title, "url": one.address, "on": clock.day(one.on), "first_in": [_(d.name) for d in first]}
        for one in queries.SOURCES.ahead(own.on)
        if (first := opens(training_of(one), found.open, of_area()))
    ]
    heads = (_("Domain"), _("Hours"), _("Source of the name"))
    table_of = {
        "columns": [{"label": head} for head in heads],
        "rows": [[one["name"], one["hours"], one["source"]] for one in rows],
    }
    unnamed = said.amount(found.unnamed, Unit.MINUTES) if found.unnamed else ""
    context = {"rows": rows, "ahead": ahead[:5], "unnamed": unnamed, "table": table_of}
    return render(request, "endorsement/coverage.html", context)


def _sheet(request: Asked) -> tuple[Mine, tuple[sheet.Section, ...]]:
    own = _mine(request)
    names = {one.key: _(one.name) for one in catalog.domains()}
    degree = said.degree(own.has.degree) if own.has.degree is not None else ""
    return own, sheet.sheet(own.person.name, own.has, own.on, _, lambda key: names.get(key, key), degree)


@door(SEE)
def my_sheet(request: Asked) -> HttpResponse:
    """The sheet ready to paste into the application of the Alliance's own system."""
    own, parts = _sheet(request)
    tables = [
        {
            "title": one.title,
            "columns": [{"label": head} for head in one.heads],
            "rows": [list(row) for row in one.rows],
        }
        for one in parts
    ]
    context = {"tables": tables, "text": sheet.as_text(parts), "on": clock.day(own.on)}
    return render(request, "endorsement/sheet.html", context)


@door(SEE)
def my_sheet_text(request: Asked) -> HttpResponse:
    _own, parts = _sheet(request)
    return _file(sheet.as_text(parts), "text/plain", "endorsement.txt")


@door(SEE)
def my_sheet_csv(request: Asked) -> HttpResponse:
    _own, parts = _sheet(request)
    return _file("\ufeff" + sheet.as_csv(parts), "text/csv", "endorsement.csv")


def _file(words: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(words, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# Renewal and moving


@door("endorsement.confirm_renewal")
def my_renewal(request: Asked) -> HttpResponse:
    """What is due by when, on one clock for dues, hours and endorsement; confirmed once."""
    own = _mine(request, "endorsement.confirm_renewal")
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
        "member_until": [said.day(one.until and one.until - date.resolution) or _("no end") for one in member],
        "parts": parts,
        "confirmed": clock.day(confirmed.confirmed_on) if confirmed else "",
        "form": shown,
    }


@door(SEE)
def moving(request: Asked) -> HttpResponse:
    """A move to another state: what is honoured, what differs there, and what has to be asked."""
    own = _mine(request)
    places = queries.associations()
    chosen = next((one for one in places if str(one.pk) == request.GET.get("to")), None)
    regime = catalog.renewals().get(request.GET.get("renewal", ""))
    here = catalog.rules_of(own.association)
    there = catalog.rules_of(chosen.pk if chosen else None)
    context: dict[str, Any] = {
        "places": places,
        "chosen": chosen,
        "regimes": [(key, _(words)) for key, words in REGIMES.items()],
        "regime": regime.key if regime else "",
        "is_asked": chosen is not None or regime is not None,
    }
    if context["is_asked"]:
        renewal = there.renewal if chosen else regime or there.renewal
        held = queries.held_now(Endorsement.objects.filter(person=own.person), own.on)
        moved = [
            holder(
                Holding(one.category, one.since, own.has.facts.get("gives_rsc")),
                there.editions,
                (catalog.rules_of(one.association_id).renewal, renewal),
                own.has,
                own.on,
            )
            for one in held.order_by("since", "pk")
        ]
        context["held"] = [
            {
                "name": one.holds.category,
                "says": _(one.says),
                "source": one.source,
                "asks": [_(words) for words in one.asks],
                "before": clock.day((one.before.cycle.until or own.on) - date.resolution),
                "after": clock.day((one.after.cycle.until or own.on) - date.resolution),
                "lines": [said.row(line, renewal.sources) for line in one.after.findings],
            }
            for one in moved
        ]
        context["ways"] = [
            {
                "name": name_of(goal),
                "here": said.stands(one.here.edition),
                "there": said.stands(one.there.edition),
                "changes": [
                    (_(facts.called(change.key)), _stood(change.before), _stood(change.after)) for change in one.changes
                ],
            }
            for goal in own.goals
            for one in on_the_way(goal.category, here.editions, there.editions, own.has, own.on)
        ]
        if not moved:
            context["asks"] = [_(words) for words in UNKNOWN]
    return render(request, "endorsement/moving.html", context)


REGIMES = {"annual": N_("every year"), "triennial": N_("every three years (Texas, Nebraska, Pennsylvania)")}


def _stood(standing: int | None) -> str:
    return _("not asked") if standing is None else _(said.STANDINGS[Standing(standing)])


@door(SEE)
def looked(request: Asked) -> HttpResponse:
    """Who looked at one's endorsement, and what was refused."""
    person, _verdict = opened(request, SEE, Person, request.actor.person)  # type: ignore[arg-type]
    rows, _older = lookers(
        [("person", person.pk)],
        named_at=None,
        zone=settings.INSTALLATION.zone,
        most=100,
        but=~Q(entry__verb__startswith="endorsement.") | Q(entry__person=person.pk),
    )
    return render(request, "endorsement/looked.html", {"rows": [_look(one) for one in rows]})


def _look(look: Any) -> dict[str, str]:
    roles = ", ".join(_(ROLES[role].name) for role in look.roles)
    words = _(grants.WORDS.get(look.verb, look.verb))
    told = {"what": words}
    return {
        "at": clock.local(look.at, settings.INSTALLATION.zone),
        "who": ", ".join(filter(None, [roles, *look.organizations])),
        "what": _("asked for and not shown: %(what)s") % told if look.outcome == "refused" else words,
    }


@door("endorsement.show_in_registry")
@require_POST
def show_in_registry(request: Asked, endorsement: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.show_in_registry", Endorsement, endorsement, related=("person",))
    shown = request.POST.get("shown") == "yes"
    words = _("The registry shows it now.") if shown else _("The registry shows it no longer.")
    return _done(
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
