"""Keep a check-in, and open the way that its door leads to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from inmind.access.act import Act, action
from inmind.access.models import AdultLink
from inmind.access.privacy import stop_if_erased
from inmind.families import actions as families
from inmind.families import concern
from inmind.families import queries as served
from inmind.families.models import Concern, Episode, Participation
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.screening import actions
from inmind.screening.check_in import TOPICS, Door, Said, said, until
from inmind.screening.check_in_models import CheckIn
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

WOULD_TALK = "check_in"  # why a task is owed
NEXT_STEP = "call"


@action("screening.check_in", on="episode")
def check_in(
    act: Act,
    *,
    episode: Episode,
    adult: Person,
    door: str,
    about: str = "",
    text: str = "",
    on: date | None = None,
    id: UUID | None = None,
    given_at: datetime | None = None,
) -> CheckIn:
    """Write down with a caregiver how it goes. id: made elsewhere, such as on a device without a signal; given_at: when it was
    said, by that device's clock."""
    day = on or act.today(episode.organization.zone)
    actions.check_day(act, episode, day)
    return _keep(act, episode, adult, said(door, about, text), day, id=id, given_at=given_at)


@action("screening.check_in_by_link", on="link")
def check_in_by_link(act: Act, *, link: AdultLink, door: str, about: str = "", text: str = "") -> CheckIn:
    """What a caregiver says by herself. It needs no license, and nobody has to be on call for help to be shown."""
    episode = Episode.objects.select_related("organization", "dyad").get(pk=link.episode)
    day = act.today(episode.organization.zone)
    return _keep(act, episode, link.person, said(door, about, text), day, link=link)


@action("screening.call_me_back", on="link")
def call_me_back(
    act: Act, *, link: AdultLink, wanted: bool, number: str = "", when: str = "", may_leave_message: bool = False
) -> Any:
    """What she chose herself about being called back, on the page by which she asked for help."""
    made = asked_for_help(link)
    if made is None:
        raise NotNow(
            N_("Nobody is waiting to call you now."), N_("If you need somebody now, the lines on this page answer.")
        )
    return actions.ask_call_back(
        act, screen=made, wanted=wanted, number=number, when=when, may_leave_message=may_leave_message
    )


def asked_for_help(link: AdultLink) -> CheckIn | None:
    """When she of this link asked for help now last, by any link or with a worker."""
    rows = CheckIn.objects.filter(subject=link.person_id, episode=link.episode, door=Door.NOW)
    return rows.select_related("subject", "episode__organization").order_by("-created_at", "-pk").first()


def _keep(
    act: Act,
    episode: Episode,
    adult: Person,
    saying: Said,
    on: date,
    *,
    link: AdultLink | None = None,
    id: UUID | None = None,
    given_at: datetime | None = None,
) -> CheckIn:
    if not episode.participations.filter(person=adult, part=Participation.Part.ADULT).exists():
        raise BadInput(
            N_("This person takes no part in this episode."),
            N_("A check-in belongs to an adult whom the agency serves."),
            field="adult",
        )
    stop_if_erased([adult.pk])
    if saying.door is Door.NOW and (asked := _waited_for(episode, adult)) is not None:
        actions.look_again(act, asked[1])
        return asked[0]
    made = CheckIn(
        id=id or new_id(),
        subject=adult,
        episode=episode,
        door=saying.door,
        about=saying.about,
        words=saying.words or None,
        on=on,
        zone=episode.organization.zone,
        worker_id=None if link else act.actor.person,
        link=link,
        given_at=given_at,
    )
    answers = _who_answers(act, episode, link) if saying.door is Door.TALK else None
    if answers is not None and saying.is_worry_about_child:
        made.concern, made.words = _worry(act, made, saying, answers), None
    made.save()
    if saying.door is Door.NOW:
        actions.call_a_person(act, made)
    elif answers is not None and made.concern is None:
        _owe(act, made, answers)
    return made


def _waited_for(episode: Episode, adult: Person) -> tuple[CheckIn, Task] | None:
    """Help that she asked for before and somebody is called for: one task is enough, and its owner is told to look again."""
    before = (
        CheckIn.objects.filter(subject=adult, episode=episode, door=Door.NOW).order_by("-created_at", "-pk").first()
    )
    task = actions.waiting(before) if before is not None else None
    return None if before is None or task is None else (before, task)


def _by(act: Act, episode: Episode) -> date:
    return until(act.today(episode.organization.zone), settings.CHECK_IN_DAYS)


def _worry(act: Act, made: CheckIn, saying: Said, answers: Person) -> Concern:
    """A worry about the child, in her words; where she wrote none, in those that she chose."""
    with translation.override(made.subject.language if made.subject.language in dict(settings.LANGUAGES) else "en"):
        words = saying.words or _(TOPICS[saying.about].words)
    heard, _task = families.keep_worry(
        act,
        episode=made.episode,
        words=words,
        next_step=NEXT_STEP,
        owner=answers,
        by=_by(act, made.episode),
        said_by=made.subject,
        heard_by=made.worker_id,
    )
    return heard


def _owe(act: Act, made: CheckIn, answers: Person) -> None:
    zone = made.episode.organization.zone
    task = tasks.owe(
        act,
        to=answers,
        organization=made.episode.organization,
        subject=made.subject,
        why=WOULD_TALK,
        about_kind=CheckIn._meta.label,
        about_id=made.pk,
        within=concern.time_left(act.now, _by(act, made.episode), zone),
    )
    if answers.pk != made.worker_id:
        messages.tell(
            act,
            to=answers,
            template="next_step_waits",
            facts={"task": str(task.pk)},
            about_kind=CheckIn._meta.label,
            about_id=made.pk,
        )


def _who_answers(act: Act, episode: Episode, link: AdultLink | None) -> Person | None:
    """The worker with whom it was written down, or who sent the link; else whoever is longest on the care team; else a
    supervisor of the agency, who can hand it over. None where nobody works there."""
    asked = link.asked_by_id if link else act.actor.person
    there = {one.pk: one for one in served.serving_here(episode, act.today(), *families.SERVING_ROLES, or_else=asked)}
    if asked in there:
        return there[asked]
    team = [row.worker_id for row in served.team(episode, act.today()) if row.worker_id in there]
    if team:
        return there[team[0]]
    return served.holding_role(episode.organization, "agency_supervisor").first()
