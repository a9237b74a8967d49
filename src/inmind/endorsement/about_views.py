"""Pages of what one says of oneself: answers, work, references."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access.door import Asked, door, opened
from inmind.endorsement import actions, facts, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.card_views import SEE, done, today
from inmind.endorsement.forms import RatingForm, SayForm, WorkForm
from inmind.endorsement.models import RatingReceived, Statement, WorkDone
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import form_page, fresh_key
from inmind.people.models import Person


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
    return done(request, lambda key: actions.take_back_work(request.actor, key=key, work=row), "about_me")


@door("endorsement.take_back_rating")
@require_POST
def take_back_rating(request: Asked, rating: UUID) -> HttpResponse:
    row, _verdict = opened(request, "endorsement.take_back_rating", RatingReceived, rating)
    return done(request, lambda key: actions.take_back_rating(request.actor, key=key, rating=row), "about_me")
