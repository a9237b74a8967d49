"""Begin, answer and finish a screen. A crisis answer is acted on as it is saved, alone, whatever is blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from inmind.access.act import Act, action
from inmind.families import queries as families
from inmind.families.models import Episode, Participation
from inmind.foundation import events
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.screening import scoring
from inmind.screening.instruments import Instrument
from inmind.screening.models import DoneElsewhere, Flag, Screen
from inmind.screening.queries import instrument_of
from inmind.screening.schedule import Asked, Whom
from inmind.tasks import actions as tasks

CRISIS = "crisis_answer"
ANSWERED = ("answers_text", "lowest", "highest")


@action("screening.begin", on="episode")
def begin(
    act: Act,
    *,
    episode: Episode,
    subject: Person,
    instrument: Instrument,
    on: date,
    language: str = "",
    id: UUID | None = None,
) -> Screen:
    """Begin a screen of an adult who takes part in this episode.

    Refused while nobody is on call for the agency that asks: a crisis answer must reach a person.
    """
    if not Participation.objects.filter(episode=episode, person=subject, part=Participation.Part.ADULT).exists():
        raise BadInput(
            N_("This person takes no part in this episode."),
            N_("A screen belongs to an adult whom the agency serves."),
            field="subject",
        )
    if on > act.today(episode.organization.zone):
        raise BadInput(
            N_("This day lies in the future."), N_("A screen is dated on the day it was answered."), field="on"
        )
    if on < episode.first_day:
        raise BadInput(
            N_("This day lies before the agency began to serve this family."), N_("Check the date."), field="on"
        )
    if instrument.critical and families.on_call(episode.organization) is None:
        raise NotNow(
            N_("Nobody is on call for this agency now."),
            N_("This screen asks about thoughts of self-harm, and an answer must reach a person."),
            N_("Ask the supervisor to name who is on call, then begin."),
        )
    return Screen.objects.create(
        id=id or new_id(),
        subject=subject,
        episode=episode,
        instrument=instrument.key,
        edition=instrument.edition,
        language=language or subject.language,
        on=on,
        zone=episode.organization.zone,
        worker_id=act.actor.person,
        lowest=instrument.minimum,
        highest=instrument.maximum,
    )


@action("screening.answer", on="screen")
def answer(act: Act, *, screen: Screen, answers: Mapping[str, int | None]) -> Screen:
    """Keep some answers as they are typed (points; None: left blank), and act on a crisis answer at once."""
    _keep(act, screen, answers)
    screen.save(update_fields=ANSWERED)
    return screen


@action("screening.heed", on="screen")
def heed(act: Act, *, screen: Screen, answers: Mapping[str, int | None]) -> Screen:
    """Act on a crisis among answers that cannot be kept: another tab saved first, the screen is finished, another answer
    beside it cannot be. The answers stay as they were; the flag, the task and the letter do not wait for them."""
    for flag in scoring.score(instrument_of(screen), answers).flags:
        if flag.is_crisis:
            _raise_flag(act, screen, flag)
    return screen


@action("screening.finish", on="screen")
def finish(act: Act, *, screen: Screen, answers: Mapping[str, int | None]) -> Screen:
    """Keep the last answers and close the screen: complete with points and band, or incomplete with its possible range."""
    result = _keep(act, screen, answers)
    complete = isinstance(result, scoring.Scored)
    screen.state = Screen.State.COMPLETE if complete else Screen.State.INCOMPLETE
    screen.points = result.points if isinstance(result, scoring.Scored) else None
    screen.band = (result.band or "") if result.band else ""
    screen.finished_at = act.now
    screen.save(update_fields={*ANSWERED, "state", "points", "band", "finished_at"})
    act.announce(events.ScreenFinished(subject=screen.subject_id, episode=screen.episode_id, screen=screen.pk))
    return screen


@action("screening.record", on="episode")
def record(
    act: Act,
    *,
    episode: Episode,
    subject: Person,
    instrument: Instrument,
    answers: Mapping[str, int | None],
    on: date,
    language: str = "",
    id: UUID | None = None,
) -> Screen:
    """Begin and finish in one step, for answers that are all at hand."""
    screen = begin(act, episode=episode, subject=subject, instrument=instrument, on=on, language=language, id=id)
    return finish(act, screen=screen, answers=answers)


@action("screening.note_done", on="episode")
def note_done(act: Act, *, episode: Episode, asked: Asked, on: date) -> DoneElsewhere:
    """Write down that a screen the schedule asks for was done: by somebody else, or on a paper that is kept elsewhere."""
    born = episode.dyad.birth_date
    if asked.whom is not Whom.CHILD or not asked.windows or born is None:
        raise BadInput(
            N_("This screen is not one that the schedule asks for at an age of this child."),
            N_("Choose one from the list."),
            field="screen",
        )
    if not born <= on <= act.today(episode.organization.zone):
        raise BadInput(
            N_("The child could not be screened on this day."),
            N_("The day lies between the birth and today."),
            field="on",
        )
    there = DoneElsewhere.objects.filter(episode=episode, asked=asked.key, on=on).first()
    return there or DoneElsewhere.objects.create(
        subject=episode.dyad.child,
        episode=episode,
        asked=asked.key,
        tool=asked.tools[0].key,
        on=on,
        worker_id=act.actor.person,
    )


def _keep(act: Act, screen: Screen, answers: Mapping[str, int | None]) -> scoring.Scored | scoring.Incomplete:
    """Lay new answers over the old ones, score, and raise what is flagged. The caller saves."""
    if screen.state != Screen.State.OPEN:
        raise NotNow(
            N_("This screen is finished."),
            N_("Its answers stand as they were given."),
            N_("Begin a new screen for new answers."),
        )
    instrument = instrument_of(screen)
    merged = {**screen.answers, **answers}
    result = scoring.score(instrument, merged)
    screen.answers = merged
    screen.lowest, screen.highest = scoring.bounds(result)
    for flag in result.flags:
        _raise_flag(act, screen, flag)
    return result


def _raise_flag(act: Act, screen: Screen, flag: scoring.Flag) -> None:
    """A flag is raised once. A crisis leaves a red task and a letter for the agency that asked, and for nobody else."""
    _, is_new = Flag.objects.get_or_create(
        screen=screen, key=flag.key, defaults={"item": flag.item, "is_crisis": flag.is_crisis}
    )
    if not is_new:
        return
    act.announce(
        events.FlagRaised(subject=screen.subject_id, episode=screen.episode_id, screen=screen.pk, flag=flag.key)
    )
    if flag.is_crisis:
        _call_a_person(act, screen)


def _call_a_person(act: Act, screen: Screen) -> None:
    organization = screen.episode.organization
    answerer = families.on_call(organization) or _who_else(act, screen)
    task = tasks.owe(
        act,
        to=answerer,
        organization=organization,
        subject=screen.subject,
        why=CRISIS,
        about_kind="screening.Screen",
        about_id=screen.pk,
        within=timedelta(minutes=organization.crisis_answer_minutes),
        red=True,
    )
    messages.tell(
        act,
        to=answerer,
        template="needs_a_person",
        facts={"task": str(task.pk)},
        about_kind="screening.Screen",
        about_id=screen.pk,
    )


def _who_else(act: Act, screen: Screen) -> Person:
    """Nobody is on call any more: a supervisor of the agency, else a clinician of it, else the worker who asks now; never
    one who began the screen and has left since."""
    for role in ("agency_supervisor", "clinician"):
        if there := families.holding_role(screen.episode.organization, role).first():
            return there
    return Person.objects.get(pk=act.actor.person)
