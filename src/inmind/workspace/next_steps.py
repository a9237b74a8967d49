"""What comes next in a house that has just begun: for each role the one step that only this role can take. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inmind.foundation.values import N_


@dataclass(frozen=True, slots=True)
class Step:
    """A step in words to translate. goes: the route it leads to, with `at` as the organization meant, by its id;
    empty: somebody else takes it. agency: its name, where the title says it.
    """

    title: str
    reason: str
    goes: str = ""
    button: str = ""
    at: str = ""
    agency: str = ""


def of_administrator(agencies: int, alone: Iterable[tuple[str, str]]) -> list[Step]:
    """alone: id and name of each agency where nobody works yet."""
    if not agencies:
        return [
            Step(
                N_("Name the first agency"),
                N_("An agency serves families, and its supervisor invites the people who do."),
                "add_organization",
                N_("Add an agency"),
            )
        ]
    return [
        Step(
            N_("Invite the first supervisor of %(agency)s"),
            N_("Nobody works there yet. A supervisor invites everyone else, and names who is on call."),
            "invite",
            N_("Invite someone"),
            pk,
            name,
        )
        for pk, name in alone
    ]


def of_supervisor(*, has_visitor: bool, has_clinician: bool, on_call: bool) -> list[Step]:
    """has_visitor, has_clinician: somebody at the agency serves families, treats them."""
    steps = []
    if not has_visitor:
        steps.append(
            Step(
                N_("Invite a home visitor"),
                N_("Home visitors register the families whom they serve."),
                "invite",
                N_("Invite someone"),
            )
        )
    if not has_clinician:
        steps.append(
            Step(
                N_("Invite a clinician"),
                N_("Only a clinician can be on call: who is on call can read the answer and act on it."),
                "invite",
                N_("Invite someone"),
            )
        )
    elif not on_call:
        steps.append(
            Step(
                N_("Name who is on call"),
                N_(
                    "Say when somebody reads an answer that needs a person, and who. Until then such answers come to you."
                ),
                "on_call",
                N_("Choose who is on call"),
            )
        )
    return steps


def of_worker(*, has_family: bool, on_call: bool, gave_over: bool = False) -> list[Step]:
    """For who registers families. has_family: one that they may find; on_call: somebody answers at their agency; gave_over:
    theirs were handed to somebody else."""
    steps = []
    if not has_family and gave_over:
        steps.append(
            Step(
                N_("No family is with you now"),
                N_(
                    "Yours were handed over. Whoever arranges care teams can add you to one; "
                    "a family that is new here you register yourself."
                ),
                "family_register",
                N_("Register a family"),
            )
        )
    elif not has_family:
        steps.append(
            Step(
                N_("Register a family"),
                N_("No family stands here yet. Begin with the baby, and someone who cares for the baby."),
                "family_register",
                N_("Register a family"),
            )
        )
    if not on_call:
        steps.append(
            Step(
                N_("Nobody is on call yet"),
                N_(
                    "Ask the supervisor of your agency to say when somebody reads an answer that needs a person, and who. "
                    "Until then such answers come to the supervisor."
                ),
            )
        )
    return steps
