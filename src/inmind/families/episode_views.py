"""The time of an agency with a family: its end, its opening again, another side; a caseload that goes to another worker."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import audit, policy
from inmind.access.door import Asked, door, refused
from inmind.access.queries import workers_named
from inmind.families import actions, endings, queries
from inmind.families.forms import EndForm, HandOverForm, ReopenForm, SideForm
from inmind.families.models import Episode
from inmind.families.views import episode_of, form_page, own_organization, way_back
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house

PAGE = "families/form_page.html"
ENDED_SHOWN = 100


@door("families.end_episode")
def end(request: Asked, dyad: UUID) -> HttpResponse:
    episode = episode_of(request, "families.end_episode", dyad)
    form = EndForm(
        episode,
        request.POST or None,
        initial={"key": fresh_key(), "until": clock.today(settings.INSTALLATION.zone)},
    )

    def act() -> HttpResponse:
        said = form.cleaned_data
        facts = {"until": said["until"], "reason": said["reason"], "said": form.said()}
        actions.end_episode(request.actor, key=said["key"], episode=episode, **facts)
        messages.success(request, _("The service has ended. Nothing is erased, and it can be opened again."))
        return redirect("families")

    context = {
        "title": _("End the service here"),
        "lead": _("From that day on nobody of the agency opens this family. The coordinator can open it again."),
        "back": way_back(episode),
        "crumb": episode.dyad.called,
        "hanging": [one for room in house.open_here for one in room(request.actor, episode)],
    }
    return form_page(request, form, PAGE, context, act)


@door("families.reopen")
def ended(request: Asked) -> HttpResponse:
    """The families whose time here has ended, each with the reason, and the way to open one again."""
    rows = list(queries.ended(request.actor)[:ENDED_SHOWN])
    form = ReopenForm(request.POST or None)

    def act() -> HttpResponse:
        episode = next((one for one in rows if one.pk == form.cleaned_data["episode"]), None)
        if episode is None:
            raise refused(request, "families.reopen")
        actions.reopen(request.actor, key=form.cleaned_data["key"], episode=episode)
        return redirect(way_back(episode))

    subjects = {("dyad", one.dyad_id) for one in rows} | {("person", one.dyad.child_id) for one in rows}
    if subjects:
        audit.read(request.actor, "families.reopen", policy.can(request.actor, "families.reopen"), subjects=subjects)
    context = {
        "rows": [
            {
                "name": one.dyad.called,
                "side": one.side,
                "until": clock.day(one.until),
                "reason": _reason(one),
                "form": ReopenForm(initial={"key": fresh_key(), "episode": one.pk}, auto_id=f"id_{one.pk}_%s"),
            }
            for one in rows
            if one.until
        ]
    }
    return form_page(request, form, "families/ended.html", context, act)


def _reason(episode: Episode) -> str:
    last = next((end for end in episode.ends.all() if end.reopened_on is None), None)
    return _(endings.REASONS[last.reason]) if last and last.reason in endings.REASONS else ""


@door("families.open_side")
def side(request: Asked, dyad: UUID) -> HttpResponse:
    episode = episode_of(request, "families.open_side", dyad)
    workers = list(queries.holding_role(episode.organization, *actions.SERVING_ROLES))
    form = SideForm(workers, request.POST or None)

    def act() -> HttpResponse:
        opened = actions.open_side(
            request.actor,
            key=form.cleaned_data["key"],
            episode=episode,
            side=form.cleaned_data["side"],
            adult=form.adult(),
            worker=form.serving(),
        )
        return redirect(way_back(opened))

    context = {
        "title": _("Serve another household of this child"),
        "lead": _(
            "A foster home beside a birth mother, say. Each side has its own care team, and neither reads what the other "
            "was asked or told."
        ),
        "back": way_back(episode),
        "crumb": episode.dyad.called,
    }
    return form_page(request, form, PAGE, context, act)


@door("families.hand_over")
def hand_over(request: Asked) -> HttpResponse:
    """First whose families, then which, to whom, and a note: all in one step."""
    organization = own_organization(request, "families.hand_over")
    givers = queries.carrying(organization)
    giver = next((one for one in givers if str(one.pk) == request.GET.get("from")), None)
    episodes = queries.carried_by(giver, organization) if giver else []
    takers = [one for one in queries.holding_role(organization, *actions.SERVING_ROLES) if one != giver]
    form = HandOverForm(episodes, takers, request.POST if giver and request.POST else None)

    def act() -> HttpResponse:
        assert giver is not None
        said = form.cleaned_data
        chosen = form.chosen()
        actions.hand_over(
            request.actor,
            key=said["key"],
            organization=organization,
            giver=giver,
            taker=form.takers[said["taker"]],
            note=said["note"],
            episodes=chosen,
        )
        words = ngettext("%(count)s family is handed over.", "%(count)s families are handed over.", len(chosen))
        messages.success(request, words % {"count": len(chosen)})
        return redirect("hand_over")

    if episodes:
        subjects = {("dyad", one.dyad_id) for one in episodes}
        audit.read(
            request.actor, "families.hand_over", policy.can(request.actor, "families.hand_over"), subjects=subjects
        )
    context = {"organization": organization, "giver": giver, "givers": workers_named(givers), "takers": takers}
    return form_page(request, form, "families/hand_over.html", context, act)
