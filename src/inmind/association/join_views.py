"""The public pages of an association: joining, the directory, and stopping letters; without an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from inmind.access import policy
from inmind.access.actors import VISITOR
from inmind.access.adapters import allauth
from inmind.access.door import Asked, door
from inmind.association import actions, directory, queries
from inmind.association.actions.joining import asked_by
from inmind.association.actions.reminders import stopped_by
from inmind.association.directory import Audience
from inmind.association.forms import DirectoryForm, JoinForm, level_choices
from inmind.association.models import Entry, Joining
from inmind.association.views import association_of, associations
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm
from inmind.people.models import Organization

MOST_ENTRIES = 200  # of a search; more words find fewer


@door(public="anybody asks to join an association")
@never_cache
def join(request: HttpRequest, association: UUID) -> HttpResponse:
    """What membership is, and asking for it. The page says the same whoever asks; the letter knows more."""
    there = association_of(association)
    levels = list(queries.levels_open(there))
    form = JoinForm(levels, request.POST or None)
    if request.method == "POST" and form.is_valid() and (answer := _ask(there, form)):
        return answer
    context = {"association": there, "form": form if levels else None}
    return render(request, "association/join.html", context, status=400 if form.errors else 200)


def _ask(there: Organization, form: JoinForm) -> HttpResponse | None:
    typed = form.cleaned_data
    if typed["site"]:
        return redirect("join_sent", association=there.pk)  # what fills in every field is nobody
    if allauth.within_limit("ask_join", str(there.pk)) is None:
        form.add_error(None, _("Too many have asked from here just now. Come back in an hour."))
        return None
    words = {one: typed[one] for one in ("given_name", "family_name", "mail", "agency")}
    try:
        actions.ask_to_join(
            VISITOR,
            key=typed["key"],
            association=there,
            level=form.chosen,
            language=(get_language() or "en")[:2],
            **words,
        )
    except (BadInput, NotNow) as refusal:
        form.take(refusal)
        return None
    return redirect("join_sent", association=there.pk)


@door(public="says that a letter is on its way")
def join_sent(request: HttpRequest, association: UUID) -> HttpResponse:
    return render(request, "association/join_sent.html", {"association": association_of(association)})


@door(public="whoever holds the letter's secret becomes a member by one button; opening it changes nothing")
@never_cache
def join_by_letter(request: HttpRequest, secret: str) -> HttpResponse:
    asked = asked_by(secret)
    if asked is None:
        return render(request, "association/join_over.html", status=410)
    if asked.person_id is not None and asked.used_at is None:
        return _account_by_letter(request, asked, secret)
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.join(VISITOR, association=asked.association, secret=secret)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            return render(request, "association/joined.html", {"asked": asked})
    if asked.used_at is not None and not form.errors:
        return render(request, "association/joined.html", {"asked": asked})
    ((_key, level),) = level_choices([asked.level])
    context = {"asked": asked, "form": form, "level": level}
    return render(request, "association/join_by_letter.html", context, status=409 if form.errors else 200)


def _account_by_letter(request: HttpRequest, asked: Joining, secret: str) -> HttpResponse:
    """For a member who has no account yet: one button makes it, and leads on to signing in."""
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link = actions.come_in(VISITOR, association=asked.association, secret=secret)
        except NotNow as refusal:
            form.take(refusal)
        else:
            return redirect("sign_in_link", secret=link)
    context = {"asked": asked, "form": form}
    return render(request, "association/account_by_letter.html", context, status=409 if form.errors else 200)


@door(public="whoever holds the letter's secret stops early reminders by one button; opening it changes nothing")
@never_cache
def stop_letters(request: HttpRequest, secret: str) -> HttpResponse:
    there = stopped_by(secret)
    if there is None:
        return render(request, "association/stop_over.html", status=410)
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.stop_letters(VISITOR, key=form.cleaned_data["key"], secret=secret)
        there.refresh_from_db()
    return render(request, "association/stop.html", {"form": form, "member": there, "is_stopped": there.stops_letters})


@door(public="anybody reads who let themselves be found in the directory")
def public_directory(request: HttpRequest, association: UUID) -> HttpResponse:
    there = association_of(association)
    return render(request, "association/directory_public.html", _directory(request, there, is_member=False))


@door("association.see_directory")
def member_directory(request: Asked, association: UUID) -> HttpResponse:
    """The same with what is shown to members alone, for members and whoever keeps the association."""
    there = association_of(association)
    today = clock.today(there.zone)
    person = request.actor.person
    is_member = person is not None and queries.is_member_of(there, person, today)
    keeps = bool(policy.can(request.actor, "association.see_members", there))
    context = _directory(request, there, is_member=is_member or keeps)
    return render(request, "association/directory.html", {**context, "is_member": is_member or keeps})


def _directory(request: HttpRequest, there: Organization, *, is_member: bool) -> dict[str, Any]:
    form = DirectoryForm(request.GET or None)
    typed = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    audiences = [one.value for one in Audience if directory.may_read(one, is_member=is_member)]
    rows = queries.entries(there, audiences, directory.sought(typed), clock.today(there.zone))[: MOST_ENTRIES + 1]
    found = list(rows)
    held = queries.endorsed((one.member.person_id for one in found), clock.today(there.zone))
    return {
        "association": there,
        "form": form,
        "is_sought": bool(typed),
        "rows": [_line(one, held.get(one.member.person_id, frozenset())) for one in found[:MOST_ENTRIES]],
        "is_long": len(found) > MOST_ENTRIES,
    }


def _line(entry: Entry, held: frozenset[str]) -> dict[str, Any]:
    told = {**queries.said_of(entry), "endorsement": ", ".join(sorted(held))}
    words = directory.shown(told, entry.shows.split())
    facts = [{"term": _(directory.FIELDS_SHOWN[key]), "value": value} for key, value in words.items()]
    return {"name": entry.member.person.name, "facts": facts}


def front(request: Any) -> dict[str, Any] | None:
    """On the first page: joining, and the directory, of each association here that has either."""
    there = []
    for one in associations():
        has_levels = queries.levels_open(one).exists()
        is_listed = Entry.objects.filter(member__association=one, audience=Audience.PUBLIC).exists()
        if has_levels or is_listed:
            there.append((one, has_levels, is_listed))
    return {"rows": there} if there else None
