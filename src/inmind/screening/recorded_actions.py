"""Record the result of a licensed tool, and correct it. Its numbers are entered as they stand; nothing is worked out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.families.ages import Ages, ages
from inmind.families.models import Episode
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.screening.actions import REASON_LENGTH, check_day, check_part, stop_if_taken_back
from inmind.screening.due import child_of
from inmind.screening.errors import NotForThisAge
from inmind.screening.recorded import Informant, RecordedTool, reading
from inmind.screening.recorded_models import EarlierRecorded, RecordedResult

SAID = ("edition", "on", "informant_id", "by_carer", "said_text")


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What stands on a licensed form. typed: scale key -> its number, empty where it was not scored. form: of a tool with
    age forms, which.

    informant: the adult of the family who answered about the child; by_carer: a teacher or carer outside it did.
    zones: scale key -> what the form itself says of its number, where that was copied.
    as_it_stands: kept though the form was not for the child's age, without a band.
    """

    on: date
    typed: Mapping[str, str]
    form: str = ""
    informant: Person | None = None
    by_carer: bool = False
    as_it_stands: bool = False
    zones: Mapping[str, str] = field(default_factory=dict)


@action("screening.record_result", on="episode")
def record_result(
    act: Act,
    *,
    episode: Episode,
    subject: Person,
    tool: RecordedTool,
    paper: OnPaper,
    id: UUID | None = None,
) -> RecordedResult:
    """Keep the numbers of a licensed form of an adult who takes part in this episode, or of its child."""
    said = _said(act, episode, subject, tool, paper)
    there = RecordedResult.objects.filter(
        episode=episode, subject=subject, tool=tool.key, on=paper.on, taken_back_at=None
    )
    if there.filter(informant=paper.informant, by_carer=said["by_carer"]).exists():
        raise NotNow(
            N_("A result of this tool, of this day and from the same person, was recorded already."),
            N_("One form is recorded once."),
            N_("Open it from the page before this one, and correct it there if it is wrong."),
        )
    return RecordedResult.objects.create(
        id=id or new_id(),
        subject=subject,
        episode=episode,
        about=RecordedResult.About.CHILD if tool.is_about_a_child else RecordedResult.About.CAREGIVER,
        tool=tool.key,
        zone=episode.organization.zone,
        worker_id=act.actor.person,
        **said,
    )


@action("screening.correct_result", on="result")
def correct_result(
    act: Act,
    *,
    result: RecordedResult,
    tool: RecordedTool,
    paper: OnPaper,
    reason: str,
) -> RecordedResult:
    """Put right what was entered wrongly, with a reason; what stood before stays readable and is never changed.

    Read by the tool's edition of today, which stands with it; also where the numbers are the same and the edition is not.
    """
    if tool.key != result.tool:
        raise BadInput(N_("This is another tool than the one that was recorded."))
    stop_if_taken_back(result)
    if not text.tokens(reason):
        raise BadInput(
            N_("The reason is missing."),
            N_("A correction says why, in one sentence."),
            N_("Write what was wrong, for example: two numbers were swapped."),
            field="reason",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can correct a result."))
    said = _said(act, result.episode, result.subject, tool, paper)
    if all(said[name] == getattr(result, name) for name in SAID):
        raise BadInput(
            N_("Nothing is different from what stands there."), N_("A correction changes at least one of its facts.")
        )
    set_aside(act, result, reason)
    for name, now in said.items():
        setattr(result, name, now)
    result.save()
    return result


def set_aside(act: Act, result: RecordedResult, reason: str) -> None:
    """Keep what stands as it is, with who changes it and why."""
    last = result.earlier.order_by("-number").first()
    EarlierRecorded.objects.create(
        result=result,
        number=last.number + 1 if last else 1,
        kept_at=last.created_at if last else result.created_at,
        by_id=act.actor.person,
        reason=text.checked(reason.strip(), REASON_LENGTH, field="reason"),
        **{name: getattr(result, name) for name in SAID},
    )


def _said(act: Act, episode: Episode, subject: Person, tool: RecordedTool, paper: OnPaper) -> dict[str, Any]:
    """The columns of a result, checked. A form that was not for the child's age is kept only where that was said."""
    informant, on = paper.informant, paper.on
    carer = paper.by_carer and tool.informant is Informant.PARENT_OR_CARER and informant is None
    check_part(episode, subject, tool, informant, by_carer=carer)
    stop_if_erased([subject.pk, *([informant.pk] if informant else [])])
    check_day(act, episode, on)
    both = _ages(episode, tool, on) if tool.is_about_a_child else None
    found = reading(tool, paper.typed, paper.form, both, paper.zones)
    if (wrong := found.misfit) and not paper.as_it_stands:
        raise NotForThisAge(wrong.sentence, wrong.facts, wrong.field, wrong.source)
    return {
        "edition": tool.edition,
        "on": on,
        "informant_id": informant.pk if informant else None,
        "by_carer": carer,
        "said_text": json.dumps(found.as_data(), sort_keys=True),
        "counts": found.misfit is None,
    }


def _ages(episode: Episode, tool: RecordedTool, on: date) -> Ages:
    """Both ages of the episode's child on a day, as the tool counts them."""
    child = child_of(episode.dyad)
    if child.born is None or on < child.born:
        raise BadInput(
            N_("The child was not born yet on this day."), N_("A screen about a child needs the child."), field="on"
        )
    return ages(child.born, child.gestation_weeks, on, tool.prematurity)
