"""What diagnosis offers: how an assessment and a formulation are reached, its card, and the words of its tasks."""

from __future__ import annotations

from inmind.access import policy
from inmind.access.act import Act
from inmind.access.actors import machine
from inmind.diagnosis import actions, cosigning_actions, leaving_offers, panel_views
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.codes import offers as codes
from inmind.families.subscribers import remind_of
from inmind.foundation.events import BirthChanged, RoleEnded, TaskUnanswered
from inmind.foundation.registries import NavItem, Panel, Reach, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.tasks.models import Task

_OF_ASSESSMENT = ("AssessedVisit", "DraftPart", "DraftRelationship", "DraftEnvironment")
_OF_FORMULATION = ("Given", "SignedRelationship", "SignedEnvironment", "ChosenCode", "DeclinedCosign")


def offer() -> None:
    house.files.append(manual)
    _offer_formulating()
    codes.offer()
    leaving_offers.offer()
    house.offer(
        Reach("diagnosis.Assessment", "families.Episode", prefix="episode"),
        Reach("diagnosis.Formulation", "families.Episode", prefix="episode"),
        *(Reach(f"diagnosis.{name}", "families.Episode", prefix="assessment__episode") for name in _OF_ASSESSMENT),
        *(Reach(f"diagnosis.{name}", "families.Episode", prefix="formulation__episode") for name in _OF_FORMULATION),
        Reach("diagnosis.Formulation", "tasks.Task", through="tasks.Task", mine="about_id"),
        Reach("diagnosis.PayerAllowance", "people.Organization", prefix="organization"),
    )


# The formulation itself

A_DAY = 86_400
COSIGNED, GIVEN = "diagnosis.Formulation", "diagnosis.Given"  # what its tasks are about


def _offer_formulating() -> None:
    house.explains(actions.COSIGN, panel_views.to_cosign)
    house.explains(actions.ASK_ANEW, panel_views.to_ask_anew)
    house.explains(actions.AGAIN, panel_views.to_look_again)
    house.could_own[COSIGNED] = panel_views.could_cosign
    house.could_own[GIVEN] = panel_views.could_look_again
    house.not_yet[COSIGNED] = panel_views.not_yet
    house.open_here.append(panel_views.open_here)
    house.listens(TaskUnanswered, "diagnosis.remind", remind)
    house.listens(RoleEnded, "diagnosis.cosigner_left", cosigning_actions.left)
    house.listens(BirthChanged, "diagnosis.follow_birth", follow_birth)
    house.handles(actions.LOOK, assess_again)
    house.every(A_DAY, actions.LOOK, actions.LOOK)
    house.offer(
        Reach("diagnosis.SigningRule", "people.Organization", prefix="organization"),
        NavItem(
            "formulation_signing",
            N_("Signing formulations"),
            "formulation_signing",
            46,
            shown=lambda actor: bool(policy.can(actor, "diagnosis.keep_signing")),
        ),
        Panel("dyad", "formulating", 33, "diagnosis/panel.html", panel_views.panel),
    )


def follow_birth(act: Act, event: BirthChanged) -> None:
    actions.follow_birth(act, dyad=event.dyad)


def assess_again(job: Job) -> None:
    actions.assess_again(machine(actions.LOOK), key=f"job:{job.pk}", after=job.payload.get("after", ""))


def remind(act: Act, event: TaskUnanswered) -> None:
    """A letter to its owner and to the agency's supervisors that a step of a formulation waits."""
    if event.about_kind in (COSIGNED, GIVEN):
        task = Task.objects.select_related("owner", "organization").get(pk=event.task)
        if task.closed_at is None:
            remind_of(act, task, "next_step_waits")
