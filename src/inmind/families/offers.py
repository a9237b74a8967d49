"""What families offer: the paths through an episode, and the navigation to families."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.urls import reverse

from inmind.access import policy
from inmind.access.actors import Standing
from inmind.access.queries import is_demo
from inmind.families import concern_views, demo, map_views, queries, rota, subscribers
from inmind.families.forms import VisitForm
from inmind.families.models import Assignment, Episode, Visit
from inmind.foundation import clock
from inmind.foundation.events import TaskUnanswered
from inmind.foundation.models import in_force
from inmind.foundation.registries import Finding, Grade, NavItem, Panel, Path, Reach, house
from inmind.foundation.values import N_
from inmind.people.models import Organization

SHOWN_ON_TODAY = 12


def offer() -> None:
    house.demo_makers.append((10, demo.make))
    house.checks.append(on_call_is_named)
    house.explains("concern", concern_views.reason)
    house.listens(TaskUnanswered, "families.remind", subscribers.remind)
    house.offer(
        Path(
            "care_team",
            "families.Episode",
            holds=_on_the_team,
            q=_team,
            says="they are on the care team of an episode that runs today, at their own agency",
        ),
        Path(
            "agency_episode",
            "families.Episode",
            holds=_of_the_agency,
            q=_agency,
            says="an episode with their agency runs today",
        ),
        NavItem(
            "on_call",
            N_("On call"),
            "on_call",
            40,
            shown=lambda actor: bool(policy.can(actor, "families.name_on_call")),
        ),
        Panel("dyad", "strength", 10, "families/strength.html", strength),
        Panel("dyad", "concerns", 40, "families/concerns.html", concern_views.panel),
        Panel("dyad", "visits", 50, "families/visits.html", visits),
        Panel("dyad", "holding", 90, "families/holding.html", map_views.panel),
        Panel("today", "turns", 40, "families/turns.html", turns),
        Panel("today", "caseload", 50, "families/caseload.html", caseload),
        Reach("families.Episode", "families.Episode"),
        Reach("families.Episode", "people.Organization", prefix="organization"),
        Reach("families.Dyad", "families.Episode", through="families.Episode", mine="dyad_id"),
        Reach("families.Assignment", "families.Episode", prefix="episode"),
        Reach("families.Visit", "families.Episode", prefix="episode"),
        Reach("families.Participation", "families.Episode", prefix="episode"),
        Reach("families.Concern", "families.Episode", prefix="episode"),
        Reach("families.MapWish", "families.Episode", prefix="episode"),
        Reach(
            "people.Person", "families.Episode", through="families.Participation", mine="person_id", prefix="episode"
        ),
    )


def _runs(episode: Episode, on: date) -> bool:
    return episode.since <= on and (episode.until is None or on < episode.until)


def _of_the_agency(standing: Standing, episode: Episode, on: date) -> bool:
    return standing.organization is not None and episode.organization_id == standing.organization and _runs(episode, on)


def _agency(standing: Standing, on: date) -> models.Q:
    return models.Q(organization=standing.organization) & in_force(on)


_ON_THE_TEAM = """SELECT 1 FROM families_assignment
WHERE episode_id = %s AND worker_id = %s AND since <= %s AND (until IS NULL OR until > %s)"""


def _on_the_team(standing: Standing, episode: Episode, on: date) -> bool:
    """Asked again and again in each request, and therefore in the database's own words, at a sixth of the cost."""
    if standing.person is None or not _of_the_agency(standing, episode, on):
        return False
    ids = [Assignment._meta.pk.get_db_prep_value(one, connection) for one in (episode.pk, standing.person)]
    day = connection.ops.adapt_datefield_value(on)
    with connection.cursor() as cursor:
        cursor.execute(_ON_THE_TEAM, [*ids, day, day])
        return cursor.fetchone() is not None


def _team(standing: Standing, on: date) -> models.Q:
    """All within the list of her assignments: beside it, the agency would lead SQLite through all its episodes."""
    running = models.Q(episode__organization=standing.organization) & in_force(on, "episode__")
    mine = Assignment.in_force(on).filter(running, worker=standing.person)
    return models.Q(pk__in=mine.values("episode"))


def strength(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """Strengths first: the latest words about what the caregiver is proud of, for those who may read them."""
    if not policy.can(request.actor, "families.visit", episode):
        return None
    latest = next(
        (
            visit
            for visit in episode.visits.select_related("worker", "episode__dyad").order_by("-on", "-pk")[:20]
            if visit.strength
        ),
        None,
    )
    return {"words": latest.strength if latest else "", "day": clock.day(latest.on) if latest else "", "dyad": dyad}


def visits(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """The latest visits: day, place, minutes and who went."""
    rows = list(episode.visits.select_related("worker").order_by("-on", "-pk")[:5])
    places = VisitForm.PLACES
    return (
        {
            "rows": [
                (clock.day(row.on), str(places[Visit.Place(row.place)]), row.minutes, row.worker.name) for row in rows
            ]
        }
        if rows
        else None
    )


def caseload(request: Any) -> dict[str, Any] | None:
    """The families this reader serves, to open from Today."""
    rows = [
        {
            "name": episode.dyad.called,
            "url": reverse("dyad", kwargs={"dyad": episode.dyad_id}),
        }
        for episode in queries.caseload(request.actor)[: SHOWN_ON_TODAY + 1]
    ]
    return {"rows": rows[:SHOWN_ON_TODAY], "there_are_more": len(rows) > SHOWN_ON_TODAY} if rows else None


def turns(request: Any) -> dict[str, Any] | None:
    """When this reader is on call, or behind, in the coming days; by agency."""
    from inmind.families import rota_views

    actor = request.actor
    at = [one.organization for one in actor.standings if one.role == "clinician" and one.organization]
    places = [
        {"agency": place.name, "turns": rota_views.own_turns(actor.person, place)}
        for place in Organization.objects.filter(pk__in=at).order_by("name")
    ]
    places = [place for place in places if place["turns"]]
    return {"places": places} if places else None


def on_call_is_named() -> Iterable[Finding]:
    """Who answers when an answer needs a person: nobody, hours without a name, somebody who cannot read a task yet, or
    somebody."""
    agencies, serving = queries.agencies(), {agency.pk for agency in queries.serving_agencies()}
    plans = {agency: queries.plan_that_holds(agency) for agency in agencies}
    nobody = [agency for agency in agencies if queries.reading(agency).state is rota.State.NEVER]
    if alone := [agency.name for agency in nobody if agency.pk in serving]:
        yield Finding(
            "on call",
            Grade.HAND,
            f"Nobody is on call at {', '.join(alone)}: an answer that needs a person comes to a supervisor; without one, "
            "no screen that asks about self-harm can begin there.",
            "Ask its supervisor to say when somebody reads, and who.",
        )
    if waiting := [agency.name for agency in nobody if agency.pk not in serving]:
        yield Finding(
            "on call",
            Grade.NOTE,
            f"Nobody is named yet at {', '.join(waiting)}; needed before the first screen that asks about self-harm.",
            "Ask its supervisor to say when somebody reads, and who.",
        )
    now = clock.now()
    gaps = {agency: rota.gaps(plan, now, now + rota.WEEK) for agency, plan in plans.items() if agency not in nobody}
    if holes := [
        f"{agency.name} ({len(some)}, the first at {some[0].since.astimezone(ZoneInfo(agency.zone)):%Y-%m-%d %H:%M})"
        for agency, some in gaps.items()
        if some
    ]:
        yield Finding(
            "on call",
            Grade.HAND,
            f"Hours of the next 7 days for which nobody is named: {', '.join(holes)}.",
            "Ask its supervisor to name somebody for them, or to take them out of the hours.",
        )
    first = {agency: {turn.person for turn in plan.turns if turn.person} for agency, plan in plans.items()}
    named = [one for people in first.values() for one in people]
    strangers = set() if is_demo() else queries.never_signed_in(named)  # in a demonstration nobody has, at first
    if never := [agency.name for agency, people in first.items() if people & strangers]:
        yield Finding(
            "on call",
            Grade.HAND,
            f"Who is named at {', '.join(never)} has never signed in, and could not open a task.",
            "Ask them to open the link of their invitation, or its supervisor to name somebody else.",
        )
    if not agencies:
        yield Finding("on call", Grade.NOTE, "There is no agency yet, so nobody is named.", "Add the first agency.")
    elif not (alone or waiting or holes or never):
        yield Finding("on call", Grade.WELL, "Each agency has named who answers.")
