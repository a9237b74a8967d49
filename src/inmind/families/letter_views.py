"""The letters with links to a family's adults: what happened to each, sent again, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, refused
from inmind.families import actions
from inmind.families.models import Episode
from inmind.families.views import episode_of, form_page, way_back
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.messages import queries
from inmind.people.models import Person

SEE = "messages.see_letters"
ON_A_PAGE = 30


def page_of(episode: Episode, page: str = "family_letters", **more: UUID) -> str:
    return f"{reverse(page, kwargs={'dyad': episode.dyad_id, **more})}?episode={episode.pk}"


def card(actor: Actor, episode: Episode, person: Person) -> dict[str, Any] | None:
    """The newest letter to an adult in a line, for those who may read of it; None where there is none."""
    if not policy.can(actor, SEE, episode):
        return None
    newest = queries.of_episode(episode.pk).filter(to=person).first()
    if newest is None:
        return None
    return {"newest": queries.said(newest, episode.organization.zone), "url": page_of(episode)}


@door(SEE)
def letters(request: Asked, dyad: UUID) -> HttpResponse:
    """What happened to each letter of this side of the family. Other adults' letters are not on it, nor is any address."""
    episode = episode_of(request, SEE, dyad)
    page = Paginator(queries.of_episode(episode.pk), ON_A_PAGE).get_page(request.GET.get("page"))
    verdict = policy.can(request.actor, SEE, episode)
    subjects = {("person", one.to_id) for one in page if one.to_id} | {("episode", episode.pk)}
    audit.read(request.actor, SEE, verdict, subjects=subjects)
    rows = [queries.said(one, episode.organization.zone) for one in page]
    for row in rows:
        row["again"] = page_of(episode, "family_letter_again", letter=row["pk"]) if row["opens"] else ""
        row["back"] = page_of(episode, "family_letter_back", letter=row["pk"]) if row["opens"] else ""
    context = {"dyad": episode.dyad, "back": way_back(episode), "page": page, "rows": rows}
    return render(request, "families/letters.html", context)


@door("messages.send_again")
def again(request: Asked, dyad: UUID, letter: UUID) -> HttpResponse:
    """Send a letter again once that was confirmed."""
    episode = episode_of(request, "messages.send_again", dyad)
    words = {
        "title": _("Send the letter again?"),
        "lead": _(
            "It goes where it is safe for them now. If the letter left before, this one has another link, and the earlier "
            "one opens nothing any more."
        ),
        "button": _("Send the letter again"),
    }
    return _confirmed(
        request, episode, letter, words, actions.send_again, _("It is on its way, or waits for a safe hour.")
    )


@door("messages.take_back")
def back(request: Asked, dyad: UUID, letter: UUID) -> HttpResponse:
    """Take a letter back once that was confirmed."""
    episode = episode_of(request, "messages.take_back", dyad)
    words = {
        "title": _("Take the letter back?"),
        "lead": _("Its link opens nothing any more but help. If the letter has not left yet, it never does."),
        "button": _("Take the letter back"),
    }
    return _confirmed(request, episode, letter, words, actions.take_back, _("Its link opens nothing any more."))


def _confirmed(
    request: Asked, episode: Episode, letter: UUID, words: dict[str, str], done: Any, said: str
) -> HttpResponse:
    there = queries.of_episode(episode.pk).filter(pk=letter).first()
    if there is None or there.to is None:
        raise refused(request, done.verb, about=episode)
    form = HouseForm(request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        done(request.actor, key=form.cleaned_data["key"], episode=episode, letter=letter)
        messages.success(request, said)
        return redirect(page_of(episode))

    context = words | {"back": page_of(episode), "crumb": there.to.name}
    return form_page(request, form, "families/form_page.html", context, act)
