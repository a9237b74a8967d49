"""What happened to the letters of an episode, in the reader's language. Never an address, and none of their words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inmind.foundation import clock
from inmind.messages.models import Letter
from inmind.messages.outcomes import KINDS, LEFT_BY, PROBLEMS, SAYS, Problem, State, state_of


def of_episode(episode: UUID) -> QuerySet[Letter]:
    """The letters with a link to the adults of one episode, the newest first. Those of another side are not among them."""
    rows = Letter.objects.filter(link__episode=episode).select_related("to", "link", "asked_by")
    return rows.order_by("-created_at", "-pk")


def said(letter: Letter, zone: str) -> dict[str, Any]:
    """What a letter is, where it is, why it could not leave and what would help; by the clock of a place."""
    state, moment = state_of(letter)
    words = LEFT_BY[letter.sent_by] if state is State.LEFT else SAYS[state]
    found, do = PROBLEMS[Problem(letter.problem)] if letter.problem else ("", "")
    link = letter.link
    opens = link is not None and link.ended_at is None and clock.now() < link.expires_at
    return {
        "pk": letter.pk,
        "to": letter.to.name if letter.to else "",
        "kind": _(KINDS.get(letter.template, "")) if letter.template in KINDS else _("A letter"),
        "state": _(words) % {"when": clock.local(moment, zone) if moment else ""},
        "problem": _(found) if found else "",
        "do": _(do) if do else "",
        "asked": clock.local(letter.created_at, zone),
        "asked_by": letter.asked_by.name if letter.asked_by else "",
        "opens": opens,
        "is_over": letter.is_over,
    }
