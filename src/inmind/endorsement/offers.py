"""What endorsement offers the windows and the rooms above it: who reaches what, and what people hold on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from inmind.access import policy
from inmind.access.actors import Standing
from inmind.access.models import RoleAssignment
from inmind.access.profession_words import THEIRS_ALONE
from inmind.endorsement import (
    demo,
    keeping_views,
    queries,
    story,
    views,
)
from inmind.endorsement.adapters.catalog import domains, renewals, standards
from inmind.endorsement.doctor_queries import rules_fit
from inmind.endorsement.erasing import ENDORSEMENT
from inmind.endorsement.following import ENDORSEMENTS
from inmind.endorsement.held_queries import held
from inmind.endorsement.models import Endorsement, Goal, Share
from inmind.endorsement.subscribers import called_anew
from inmind.foundation.events import NameChanged
from inmind.foundation.models import in_force
from inmind.foundation.registries import NavItem, Panel, Path, Reach, Told, house
from inmind.foundation.values import N_

OF_PERSON = ("Statement", "WorkDone", "RatingReceived", "Goal", "Decision", "Endorsement", "Renewed", "Share")
OF_ASSOCIATION = ("Goal", "Decision", "Endorsement", "Rules")


def offer() -> None:
    """Put it in its place."""
    house.endorsed = queries.endorsed
    house.checks.append(rules_fit)
    house.listens(NameChanged, "endorsement.called_anew", called_anew)
    house.demo_makers.append((5, demo.make))
    house.story_makers.append((60, story.tell))
    house.files += (standards, renewals, domains)
    house.offer(
        *(Reach(f"endorsement.{model}", "people.Person", prefix="person") for model in OF_PERSON),
        *(Reach(f"endorsement.{model}", "people.Organization", prefix="association") for model in OF_ASSOCIATION),
        Reach("people.Person", "people.Person"),
        Reach("endorsement.Goal", "endorsement.Goal"),
        Reach("endorsement.Share", "endorsement.Share"),
        Reach("endorsement.Endorsement", "endorsement.Endorsement"),
        Path(
            "open_goal_here",
            "endorsement.Goal",
            holds=_is_goal_here,
            q=_goals_here,
            says="they work toward it today with the association where they hold the role",
        ),
        Path(
            "shared_with_me",
            "endorsement.Share",
            holds=lambda standing, share, on: (
                standing.person is not None and share.to_person_id == standing.person and _runs(share, on)
            ),
            q=lambda standing, on: queries.shares_running(on) & Q(to_person=standing.person, to_person__isnull=False),
            says="its owner shows it to them, and has not taken it back",
        ),
        Path(
            "shared_here",
            "endorsement.Share",
            holds=lambda standing, share, on: (
                standing.organization is not None
                and share.to_organization_id == standing.organization
                and _runs(share, on)
            ),
            q=lambda standing, on: (
                queries.shares_running(on) & Q(to_organization=standing.organization, to_organization__isnull=False)
            ),
            says="its owner shows it to the agency where they hold the role, and has not taken it back",
        ),
        Path(
            "endorsed_works_here",
            "endorsement.Endorsement",
            holds=_works_here,
            q=_work_here,
            says="its holder has a role today at the agency where they hold theirs, and it stands",
        ),
        Told(
            "endorsement",
            90,
            N_("Endorsement, and what you said for it"),
            held,
            THEIRS_ALONE,
            always=N_("What a reference says of you: it was never here."),
            own=True,
            pages=(
                (N_("The sheet for your application"), "my_sheet"),
                (N_("Who looked at your endorsement"), "endorsement_looked"),
            ),
        ),
        ENDORSEMENT,
        ENDORSEMENTS,
        NavItem(
            "endorsement",
            N_("My endorsement"),
            "my_endorsement",
            82,
            shown=lambda actor: actor.person is not None and bool(policy.can(actor, "endorsement.see_own")),
        ),
        NavItem(
            "endorsements",
            N_("Endorsements"),
            "endorsements",
            54,
            shown=lambda actor: bool(policy.can(actor, "endorsement.see_goals")),
        ),
        Panel("today", "my_endorsement", 42, "endorsement/today.html", views.today_panel),
        Panel("people", "endorsed", 20, "endorsement/people.html", keeping_views.people_panel),
    )


def _is_goal_here(standing: Standing, goal: Goal, on: date) -> bool:
    return (
        standing.organization is not None
        and goal.association_id == standing.organization
        and goal.since <= on
        and (goal.until is None or on < goal.until)
    )


def _goals_here(standing: Standing, on: date) -> Q:
    return Q(association=standing.organization, association__isnull=False) & in_force(on)


def _runs(share: Share, on: date) -> bool:
    return share.ended_at is None and share.since <= on <= share.until


def _works_here(standing: Standing, endorsement: Endorsement, on: date) -> bool:
    if standing.organization is None or endorsement.ended_why == Endorsement.Why.MISTAKE:
        return False
    stands = endorsement.since <= on and (endorsement.until is None or on < endorsement.until)
    there = RoleAssignment.today(on).filter(organization=standing.organization, account__person=endorsement.person_id)
    return stands and there.exists()


def _work_here(standing: Standing, on: date) -> Q:
    there = RoleAssignment.today(on).filter(organization=standing.organization, organization__isnull=False)
    return Q(person__in=there.values("account__person")) & in_force(on) & ~Q(ended_why="mistake")
