"""What the care plan and the services that run offer: how they are reached, where they are shown, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.foundation.events import ReferralMoved
from inmind.foundation.registries import Forgetting, Panel, Reach, Told, house
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.services.adapters.handouts import handouts
from inmind.services.plans import demo as plan_demo
from inmind.services.plans import views as plan_views
from inmind.services.plans.models import GivenHandout, HowSeen, PlanItem
from inmind.services.running import actions as running_actions
from inmind.services.running import told as running_told
from inmind.services.running import views as running_views
from inmind.services.running.models import ServiceEpisode


def offer() -> None:
    house.files.append(handouts)
    house.demo_makers.append((45, plan_demo.make))
    house.strengths.append(plan_views.strengths)
    house.listens(ReferralMoved, "services.follow_referral", running_actions.follow_referral)
    running_told.offer()
    house.offer(
        Reach("services.PlanItem", "families.Episode", prefix="episode"),
        Reach("services.HowSeen", "families.Episode", prefix="goal__episode"),
        Reach("services.GivenHandout", "families.Episode", prefix="episode"),
        Reach("services.ServiceEpisode", "families.Episode", prefix="episode"),
        Reach("services.ServiceSession", "families.Episode", prefix="service__episode"),
        Panel("dyad", "care_plan", 22, "services/plan_panel.html", plan_views.panel),
        Panel("hers_next", "care_plan", 10, "services/plan_hers.html", plan_views.hers),
        Panel("referral", "service", 20, "services/service_of_referral.html", running_views.of_referral),
        Panel("today", "worth_a_call", 31, "services/service_today.html", running_views.today_panel),
        PLANS,
        Told(
            "care_plan",
            45,
            N_("Your care plan, and services"),
            plan_views.held,
            N_("How you and others see what you want, and what your care plan said before: the care team prints it."),
        ),
    )


def _is_here(person: Person) -> bool:
    theirs = (PlanItem.objects.filter(whose=person), HowSeen.objects.filter(whose=person))
    return any(rows.exists() for rows in (*theirs, ServiceEpisode.objects.filter(about=person)))


def _goes(person: Person) -> Iterator[str]:
    if _is_here(person):
        yield _("The words of the care plan, how each saw it, and the notes of sessions.")


def _stays(person: Person) -> Iterator[str]:
    if _is_here(person):
        yield _("That there was a plan and which services ran, on which days, and what became of their sessions.")


def _erase(act: Act, person: Person) -> None:
    """What was said is sealed and goes with the key; who else was named, and what she was given to read, is blanked here."""
    for seen in HowSeen.objects.filter(whose=person, by="other"):
        seen.named = "…"
        seen.save()
    GivenHandout.objects.filter(to=person).delete()
    for service in ServiceEpisode.objects.filter(about=person):
        service.worth_a_call_on = service.called_on = None
        service.save()


PLANS = Forgetting(
    "services.plan",
    frozenset(
        f"services.{name}"
        for name in (
            *("PlanItem", "EarlierPlanItem", "HowSeen", "PlanLook", "GivenHandout"),
            *("ServiceEpisode", "ServiceSession", "EarlierSession"),
        )
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
