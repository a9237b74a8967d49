"""What screening offers: how a screen is reached, and what it does when it hears that nobody answered."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.families import queries as families
from inmind.foundation.events import LetterUndelivered, TaskUnanswered
from inmind.foundation.registries import Panel, Reach, Reason, house
from inmind.screening import demo, subscribers
from inmind.screening.erasing import SCREENS
from inmind.screening.models import Screen


def offer() -> None:
    house.demo_makers.append((20, demo.make))
    house.offer(
        Reach("screening.Screen", "families.Episode", prefix="episode"),
        Reach("screening.Screen", "tasks.Task", through="tasks.Task", mine="about_id"),
    )
    house.offer(SCREENS)
    house.offer(Panel("dyad", "screening", 30, "screening/dyad_panel.html", dyad_panel))
    house.explains("crisis_answer", crisis)
    house.listens(TaskUnanswered, "screening.tell_again", subscribers.tell_again)
    house.listens(LetterUndelivered, "screening.tell_others", subscribers.tell_others)


def dyad_panel(request: Any, *, dyad: Any, episode: Any, on: Any) -> dict[str, Any] | None:
    """For each adult of the episode the way to her own page; nothing here tells whether she was ever screened.

    Who may read and not begin (by emergency access) is led to the page that is for reading.
    """
    actor = request.actor
    page = "caregiver" if policy.can(actor, "screening.begin", episode) else "caregiver_read"
    if page == "caregiver_read" and not policy.can(actor, "screening.see", episode):
        return None
    rows = [
        {
            "name": adult.person.given_name,
            "url": reverse(page, kwargs={"episode": episode.pk, "person": adult.person.pk}),
        }
        for adult in families.adults(episode, on)
    ]
    return {"rows": rows} if rows else None


def crisis(actor: Any, task: Any) -> Reason:
    """The words of a crisis task, for those who answer it."""
    screen = Screen.objects.filter(pk=task.about_id).first()
    may_read = screen is not None and bool(policy.can(actor, "screening.see", screen))
    return Reason(
        _("An answer about self-harm"),
        _(
            "Call now, on a number that is safe. Ask how things are, stay on the line until help is near, "
            "then write down what you did."
        ),
        url=reverse("screen", kwargs={"screen": task.about_id}) if may_read else "",
        button=_("Read the answers"),
    )
