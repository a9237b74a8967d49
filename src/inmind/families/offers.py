"""What families offer: the paths through an episode, and the navigation to families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import audit, policy
from inmind.access.actors import Actor, Standing, machine
from inmind.access.models import RoleAssignment
from inmind.access.queries import is_demo
from inmind.families import (
    actions,
    ages,
    carrying,
    concern_views,
    consent,
    demo,
    emergency_views,
    following,
    kept_views,
    map_views,
    names,
    own_page_views,
    queries,
    rota,
    story,
    subpoena_views,
    subscribers,
    taking_in,
    telling,
    told_outside,
    told_views,
)
from inmind.families.actions import releasing
from inmind.families.actions.answering import SUBPOENA
from inmind.families.erasing import FAMILIES
from inmind.families.forms import VisitForm
from inmind.families.models import Assignment, Episode, Visit
from inmind.families.views import homes_said, way_back
from inmind.foundation import clock
from inmind.foundation.events import (
    EmergencyOpened,
    PersonInvited,
    RoleEnded,
    TaskHandedOver,
    TaskUnanswered,
    ToldWithoutConsent,
)
from inmind.foundation.models import in_force
from inmind.foundation.registries import Finding, Grade, Hanging, NavItem, Panel, Path, Reach, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.people.models import Organization

SHOWN_ON_TODAY = 12
JOINED_NAMED = 6


def offer() -> None:
    carrying.offer()
    following.offer()
    taking_in.offer()
    telling.offer()
    told_outside.offer()
    house.demo_makers.append((10, demo.make))
    house.story_makers.append((10, story.tell))
    house.worries.append(queries.worries)
    house.checks.append(on_call_is_named)
    house.checks.append(privacy_is_watched)
    house.explains("concern", concern_views.reason)
    house.could_own["families.Concern"] = concern_views.could_own
    house.hangs.append(hangs)
    house.listens(TaskUnanswered, "families.remind", subscribers.remind)
    house.checks.append(names.are_listed)
    house.handles("families.names", names.list_again)
    house.every(3600, "families.names", "families.names")
    house.handles(releasing.JOB, release_part)
    house.handles(f"{releasing.JOB}:dead", release_failed)
    house.handles("families.end_releases", end_releases)
    house.every(600, "families.end_releases", "families.end_releases")
    house.pages["families.Episode"] = way_back
    house.sides = queries.sides_said
    house.listens(EmergencyOpened, "families.tell_privacy_officer", subscribers.tell_privacy_officer)
    house.explains("emergency_access", subscribers.emergency)
    house.listens(RoleEnded, "families.nobody_left", subscribers.tell_who_runs_the_house)
    house.listens(PersonInvited, "families.tell_of_likeness", subscribers.tell_of_likeness)
    house.explains("account_alike", subscribers.account_alike)
    house.listens(ToldWithoutConsent, "families.tell_of_disclosure", subscribers.tell_of_disclosure)
    house.explains("told_without_consent", subscribers.told_without_consent)
    house.explains("subpoena", subpoena_views.reason)
    house.not_yet[SUBPOENA] = subpoena_views.not_yet
    house.could_own[SUBPOENA] = subpoena_views.could_own
    house.listens(TaskHandedOver, "families.tell_of_hand_over", subscribers.tell_of_hand_over)
    house.explains("task_to_oneself", subscribers.task_to_oneself)
    house.link_pages[own_page_views.OWN_PAGE] = "own_page"
    house.link_stands.append(own_page_views.link_stands)
    house.offer(
        Path(
            "own_episode",
            "families.Episode",
            holds=own_page_views.is_own_episode,
            q=own_page_views.own_episodes,
            says="they take part in the episode as an adult, at the agency that sent them the link to their own page",
            asks=True,
        ),
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
        Path(
            "agency_ended",
            "families.Episode",
            holds=lambda standing, episode, on: (
                standing.organization is not None
                and episode.organization_id == standing.organization
                and episode.until is not None
                and episode.until <= on
            ),
            q=lambda standing, on: models.Q(organization=standing.organization, until__lte=on),
            says="an episode with their agency has ended",
        ),
        NavItem(
            "hand_over",
            N_("Hand over a caseload"),
            "hand_over",
            45,
            shown=lambda actor: bool(policy.can(actor, "families.hand_over")),
        ),
        Path(
            "agency_kept",
            "families.Episode",
            holds=lambda standing, episode, on: (
                standing.organization is not None and episode.organization_id == standing.organization
            ),
            q=lambda standing, on: models.Q(organization=standing.organization, organization__isnull=False),
            says="an episode with their agency runs, or has run",
        ),
        FAMILIES,
        NavItem(
            "on_call",
            N_("On call"),
            "on_call",
            40,
            shown=lambda actor: bool(policy.can(actor, "families.name_on_call")),
        ),
        Panel("dyad", "in_emergency", 5, "families/in_emergency.html", emergency_views.panel),
        Panel("dyad", "strength", 10, "families/strength.html", strength),
        Panel("dyad", "concerns", 40, "families/concerns.html", concern_views.panel),
        Panel("dyad", "visits", 91, "families/visits.html", visits),
        Panel("dyad", "holding", 90, "families/holding.html", map_views.panel),
        Panel("today", "turns", 40, "families/turns.html", turns),
        Panel("dyad", "adults", 45, "families/adults.html", adults),
        Panel("dyad", "own_page", 94, "families/own_page_panel.html", own_page_views.panel),
        Panel("dyad", "consent", 92, "families/consent.html", consents),
        Panel("kept_person", "agreed", 20, "families/kept_agreed.html", kept_views.panel),
        Panel("dyad", "told", 93, "families/told_panel.html", told_views.panel),
        Panel("dyad", "subpoena", 93, "families/subpoena_panel.html", subpoena_views.panel),
        Panel("privacy", "subpoenas", 10, "families/subpoena_list.html", subpoena_views.waiting),
        Panel("kept_person", "subpoenas", 15, "families/subpoena_list.html", subpoena_views.of_person),
        Panel("today", "handed_on", 15, "families/handed_on.html", subscribers.handed_on),
        Panel("today", "handed_over", 40, "families/handed_over.html", handed_over),
        Panel("today", "joined", 45, "families/joined.html", joined),
        Panel("emergency", "looked", 10, "families/emergency_looked.html", opened_in_emergency),
        Panel("dyad", "held", 95, "families/held.html", held),
        Panel("today", "caseload", 50, "families/caseload.html", caseload),
        Reach("families.Episode", "families.Episode"),
        Reach("families.Episode", "people.Organization", prefix="organization"),
        Reach("families.Dyad", "families.Episode", through="families.Episode", mine="dyad_id"),
        Reach("families.Assignment", "families.Episode", prefix="episode"),
        Reach("families.Visit", "families.Episode", prefix="episode"),
        Reach("families.EarlierVisit", "families.Episode", prefix="visit__episode"),
        Reach("families.Household", "families.Episode", prefix="episode"),
        Reach("families.Residence", "families.Episode", prefix="household__episode"),
        Reach("families.Presence", "families.Episode", prefix="visit__episode"),
        Reach("families.EpisodeEnd", "families.Episode", prefix="episode"),
        Reach("families.Participation", "families.Episode", prefix="episode"),
        Reach("families.Concern", "families.Episode", prefix="episode"),
        Reach("families.MapWish", "families.Episode", prefix="episode"),
        Reach("families.Release", "families.Episode", prefix="episode"),
        Reach("families.Proposal", "families.Episode", prefix="episode"),
        Reach(SUBPOENA, "families.Episode", prefix="episode"),
        Reach(SUBPOENA, "tasks.Task", through="tasks.Task", mine="about_id"),
        Reach(
            "people.Person", "families.Episode", through="families.Participation", mine="person_id", prefix="episode"
        ),
    )


def release_part(job: Job) -> None:
    actions.release_part(
        machine(releasing.JOB),
        key=f"job:{job.pk}",
        release_id=UUID(job.payload["release"]),
        part=job.payload["part"],
    )


def release_failed(job: Job) -> None:
    actions.release_failed(machine(releasing.JOB), key=f"job:{job.pk}", release_id=UUID(job.payload["release"]))


def end_releases(job: Job) -> None:
    actions.end_releases(machine("families.end_releases"), key=f"job:{job.pk}")


def hangs(actor: Actor, held: RoleAssignment) -> Iterator[Hanging]:
    """The turns of somebody at an agency, and the families of whose care teams she is alone, for who arranges them there."""
    person, organization = held.account.person, held.organization
    if organization is None:
        return
    if policy.can(actor, "families.name_on_call", organization):
        turns = queries.plan_of(organization, speaks=False).turns
        if on_call := sum(person.pk in (turn.person, turn.backup) for turn in turns):
            says = ngettext("%(n)s on-call turn", "%(n)s on-call turns", on_call) % {"n": on_call}
            yield Hanging(says, reverse("on_call"), _("Name somebody else on call"))
    if policy.can(actor, "families.hand_over", organization) and (alone := queries.alone_with(person, organization)):
        words = ngettext(
            "%(n)s family of whose care team they are alone", "%(n)s families of whose care teams they are alone", alone
        )
        yield Hanging(words % {"n": alone}, reverse("hand_over"), _("Hand over the caseload"))


def _of_the_agency(standing: Standing, episode: Episode, on: date) -> bool:
    return (
        standing.organization is not None and episode.organization_id == standing.organization and episode.runs_on(on)
    )


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
    """Strengths first: the latest words about what the caregiver is proud of and what the baby showed, for those who may
    read them."""
    if not queries.may_read(request.actor, episode):
        return None
    visits = queries.latest_visits(episode)
    told = next((visit for visit in visits if visit.strength), None)
    proud = [(told.on, told.strength, _("At the visit of %(day)s"))] if told else []
    proud += [(day, words, _("Said on %(day)s")) for said in house.strengths for day, words in said(episode)]
    newest = max(proud, key=lambda one: one[0], default=None)
    shows = next((visit for visit in visits if visit.showed), None)
    return {
        "proud": {"words": newest[1], "said": newest[2] % {"day": clock.day(newest[0])}} if newest else None,
        "shows": {"words": shows.showed, "day": clock.day(shows.on)} if shows else None,
        "dyad": dyad,
        "name": dyad.child.given_name,
    }


def adults(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """Who cares for the child, since when, and who lives together; for those who serve the family, with the way to each.

    The address stands on the adult's own page. Nobody is missing here: a lone parent is not a gap (`protect.md` 10).
    """
    may = bool(policy.can(request.actor, "families.see_adult", episode))
    query = f"?episode={episode.pk}"
    rows = [
        {
            "name": one.person.name,
            "part": _(one.part) if one.part else "",
            "since": clock.day(one.since),
            "until": clock.day(one.until) if one.until else "",
            "url": reverse("family_adult", kwargs={"dyad": dyad.pk, "person": one.person.pk}) + query if may else "",
        }
        for one in queries.circle(episode, on)
    ]
    others = [one for one in queries.sides(request.actor, dyad) if one.pk != episode.pk]
    return {
        "rows": [row for row in rows if not row["until"]],
        "before": [row for row in rows if row["until"]],
        "homes": homes_said(episode, on),
        "dyad": dyad,
        "side": episode.side,
        "is_expected": dyad.birth_date is None,
        "early": ages.weeks_early(dyad.gestation_weeks),
        "gestation": dyad.gestation_weeks,
        "may": {
            verb: bool(policy.can(request.actor, f"families.{verb}", episode))
            for verb in ("house", "note_birth", "correct_person", "end_episode", "open_side")
        },
        "query": query,
        "others": [
            {"name": one.dyad.called, "url": way_back(one)}
            for one in queries.of_the_same_adults(request.actor, episode)
        ],
        "sides": [
            {
                "name": other.side or _("%(name)s, as first registered") % {"name": dyad.called},
                "url": f"{reverse('dyad', kwargs={'dyad': dyad.pk})}?episode={other.pk}",
            }
            for other in sorted(others, key=lambda one: (one.since, one.pk), reverse=True)
        ],
    }


def consents(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """Who may consent today and by which paper; what is not known asks."""
    rows = queries.who_may_consent(episode, clock.today(episode.organization.zone))
    return {
        "rows": [
            {
                "holder": answer.holder.name,
                "capacity": _(consent.CAPACITIES[answer.holder.capacity]),
                "may": {True: _("may consent"), False: _("may not consent"), None: _("not known")}[answer.may],
                "is_yes": answer.may is True,
                "sentence": _(answer.sentence) % answer.facts,
                "ask": _(answer.ask) if answer.ask else "",
                "document": _(consent.DOCUMENTS[answer.holder.document]) if answer.holder.document else "",
                "since": clock.day(answer.holder.since),
                "until": clock.day(answer.holder.until) if answer.holder.until else "",
                "not_told": row.not_told,
            }
            for row, answer in rows
        ],
        "nobody": "" if consent.is_known([answer for _row, answer in rows]) else _(consent.NOBODY_KNOWN),
        "url": reverse("family_consent", kwargs={"dyad": dyad.pk}) + f"?episode={episode.pk}"
        if policy.can(request.actor, "families.note_consent", episode)
        else "",
        "aside": True,
    }


def handed_over(request: Any) -> dict[str, Any] | None:
    """What was handed over to this reader in the last two weeks: from whom, with which words, and the families."""
    rows = queries.handed_over_to(request.actor)
    for row in rows:
        row["families"] = [{"name": one["name"], "url": way_back(one["episode"])} for one in row["families"]]
    return {"rows": rows} if rows else None


def joined(request: Any) -> dict[str, Any] | None:
    """Who was put on the care teams that this reader is on or watches over, by whom, in the last two weeks.

    Who watches is shown families that she does not serve: that is reading, and is audited.
    """
    rows = queries.joined(request.actor)
    served = set(queries.caseload(request.actor).values_list("pk", flat=True)) if rows else set()
    watched = {one for row in rows for one in row.episodes if one.pk not in served}
    if watched:
        verdict = policy.can(request.actor, "families.see_joined")
        audit.read(request.actor, "families.see_joined", verdict, subjects={("dyad", one.dyad_id) for one in watched})
    lines = [
        {
            "worker": row.worker,
            "by": None if row.by == row.worker else row.by,
            "left": row.left,
            "families": [
                {
                    "name": one.dyad.called,
                    "url": way_back(one, "dyad" if one.pk in served else "family_looked"),
                }
                for one in row.episodes[:JOINED_NAMED]
            ],
            "more": max(0, len(row.episodes) - JOINED_NAMED),
        }
        for row in rows
    ]
    return {"rows": lines} if lines else None


def visits(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """The latest visits: day, place, minutes, who went and who of the family was there; what happened, for who may read it."""
    rows, reads = queries.latest_visits(episode)[:5], queries.may_read(request.actor, episode)
    places = VisitForm.PLACES
    return (
        {
            "rows": [
                (
                    clock.day(row.on),
                    str(places[Visit.Place(row.place)]),
                    row.minutes,
                    row.worker.name,
                    ", ".join(one.person.given_name or dyad.called for one in row.present.all()),
                    row.note if reads else "",
                )
                for row in rows
            ],
            "aside": True,
        }
        if rows
        else None
    )


def held(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """For each adult the way to what is held about them, for those who may hand it over."""
    if not policy.can(request.actor, "records.see_held", episode):
        return None
    adults = [adult.person for adult in queries.adults(episode, on)]
    rows = [{"name": one.given_name, "url": reverse("held", kwargs={"person": one.pk})} for one in adults]
    return {"rows": rows, "aside": True} if rows else None


def opened_in_emergency(request: Any, *, emergency: Any) -> dict[str, Any] | None:
    """Which family somebody opened in an emergency, with the way to who looked, for those who may read that."""
    episode = Episode.objects.select_related("dyad__child").filter(pk=emergency.episode).first()
    if episode is None or not policy.can(request.actor, "access.see_lookers", episode):
        return None
    return {"name": episode.dyad.called, "url": way_back(episode, "family_looked")}


def caseload(request: Any) -> dict[str, Any] | None:
    """The families this reader serves, to open from Today."""
    ids = list(queries.newest(request.actor))
    there = queries.of_ids(ids[:SHOWN_ON_TODAY])
    rows = [{"name": there[pk].dyad.called, "url": way_back(there[pk])} for pk in ids if pk in there]
    return {"rows": rows, "there_are_more": len(ids) > SHOWN_ON_TODAY} if rows else None


def turns(request: Any) -> dict[str, Any] | None:
    """When this reader is on call, or behind, in the coming days; by agency."""
    from inmind.families import rota_views

    actor = request.actor
    at = [one.organization for one in actor.standings if one.role == "clinician" and one.organization]
    if not at:
        return None
    places = [
        {"agency": place.name, "turns": rota_views.own_turns(actor.person, place)}
        for place in Organization.objects.filter(pk__in=at).order_by("name")
    ]
    places = [place for place in places if place["turns"]]
    return {"places": places} if places else None


def privacy_is_watched() -> Iterable[Finding]:
    """Agencies that serve families and have nobody who is told of emergency access but who may use it."""
    alone = [one.name for one in queries.serving_agencies() if not queries.holding_role(one, "privacy_officer")]
    if alone:
        yield Finding(
            "privacy officer",
            Grade.NOTE,
            f"No privacy officer at {', '.join(alone)}: of emergency access there its supervisors are told, and where "
            "there is no other, who runs the house.",
            "Ask its supervisor to invite one, who uses no emergency access.",
        )
    else:
        yield Finding("privacy officer", Grade.WELL, "Each agency that serves families has a privacy officer.")


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
    free = {agency: rota.unread(plan, now, now + rota.WEEK) for agency, plan in plans.items() if agency not in nobody}
    if outside := [
        f"{agency.name} ({sum((until - since for since, until in some), timedelta()).total_seconds() / 3600:.0f} hours, "
        f"the first from {some[0][0].astimezone(ZoneInfo(agency.zone)):%Y-%m-%d %H:%M})"
        for agency, some in free.items()
        if some
    ]:
        yield Finding(
            "on call",
            Grade.NOTE,
            f"Outside of the written hours nobody reads in the next 7 days: {', '.join(outside)}.",
            "This is allowed, and the help page says it; the page of who is on call lists the stretches.",
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
