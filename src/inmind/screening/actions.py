"""Begin, answer, finish and correct a screen. A crisis answer is acted on as it is saved, alone, whatever is blank."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.families import queries as families
from inmind.families import rota
from inmind.families.actions import SERVING_ROLES
from inmind.families.ages import Ages, PrematurityRule, ages
from inmind.families.models import Episode, Participation
from inmind.foundation import events, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.screening import scoring
from inmind.screening.check_in_models import CheckIn
from inmind.screening.due import child_of
from inmind.screening.instruments import Instrument
from inmind.screening.models import DoneElsewhere, EarlierResult, Flag, RecordedResult, Screen
from inmind.screening.queries import CRISIS, battery_of, crisis_task, instrument_of, score
from inmind.screening.recorded import RecordedTool
from inmind.screening.schedule import Asked, Whom
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

AGES = ("age_months", "age_days", "corrected_months", "corrected_days", "goes_by_corrected")
ANSWERED = ("answers_text", "lowest", "highest")
CLOSED_WITH = ("state", "points", "band", "finding", "is_positive", "parts_text", "finished_at")
WHATEVER_THE_RULE = PrematurityRule(1, 10_000, "")  # a corrected age for every child born early, to stand beside
REASON_LENGTH = 500


@action("screening.begin", on="episode")
def begin(
    act: Act,
    *,
    episode: Episode,
    subject: Person,
    instrument: Instrument,
    on: date,
    language: str = "",
    informant: Person | None = None,
    follows: Screen | None = None,
    form: str = "",
    mode: str = Screen.Mode.PAPER,
    asked_by: Person | None = None,
    id: UUID | None = None,
) -> Screen:
    """Begin a screen of an adult who takes part in this episode, or of its child, answered by such an adult.

    informant: who answers about the child. follows: the first stage, for an instrument that is a second one. form: the age
    form printed on the paper, for a child's part of a battery. One for another age is kept as what it is. asked_by: the
    worker who sent it, where somebody answers by a link; else whoever acts.
    Refused while the agency that asks has neither turns on call nor a supervisor where a crisis answer must reach a person.
    Outside of its hours a screen may begin; the page tells the truth about who reads when.
    """
    _fits(instrument)
    check_part(episode, subject, instrument, informant)
    stop_if_erased([subject.pk, *([informant.pk] if informant else [])])
    check_day(act, episode, on)
    if instrument.asks_about_safety and not families.can_be_answered(episode.organization):
        raise NotNow(
            N_("Nobody is on call for this agency, and it has no supervisor."),
            N_("This screen asks about thoughts of self-harm, and an answer must reach a person."),
            N_("Ask the supervisor to name who is on call, then begin."),
        )
    return Screen.objects.create(
        id=id or new_id(),
        subject=subject,
        episode=episode,
        instrument=instrument.key,
        edition=instrument.edition,
        language=language or (informant or subject).language,
        on=on,
        zone=episode.organization.zone,
        worker_id=asked_by.pk if asked_by else act.actor.person,
        mode=mode,
        has_total=instrument.has_total,
        lowest=instrument.minimum if instrument.has_total else None,
        informant=informant,
        form=_form(instrument, form),
        **(_ages(episode, instrument, on) if instrument.is_about_a_child else {}),
        **_second_stage(instrument, episode, follows, on),
    )


def _fits(instrument: Instrument) -> None:
    """A page can take its answers and say its result; also where somebody asks past the form that offers it."""
    fits = instrument.fits_a_page
    if not fits:
        raise NotNow(
            N_("%(instrument)s cannot be entered here yet."),
            fits.sentence,
            N_("Keep it on paper, or score it from a file."),
            facts={"instrument": instrument.short_name},
        )


def check_part(
    episode: Episode,
    subject: Person,
    instrument: Instrument | RecordedTool,
    informant: Person | None,
    *,
    by_carer: bool = False,
) -> None:
    """The subject is whom the instrument is about, and an adult of the same episode answers about a child.

    by_carer: somebody outside the family answers about the child.
    """
    part = Participation.Part.CHILD if instrument.is_about_a_child else Participation.Part.ADULT
    if not _is(part, episode, subject):
        raise BadInput(
            N_("This person takes no part in this episode."),
            N_(
                "A screen about a caregiver belongs to an adult whom the agency serves, one about a child to its child."
            ),
            field="subject",
        )
    if (
        instrument.is_about_a_child
        and not by_carer
        and (informant is None or not _is(Participation.Part.ADULT, episode, informant))
    ):
        raise BadInput(
            N_("Nobody is named who answers about the child."),
            N_("An adult whom the agency serves answers about a child."),
            N_("Choose who answered."),
            field="informant",
        )
    if informant is not None and not instrument.is_about_a_child:
        raise BadInput(
            N_("Somebody else is named who answers."), N_("A caregiver answers for herself."), field="informant"
        )


def _is(part: str, episode: Episode, person: Person) -> bool:
    return Participation.objects.filter(episode=episode, person=person, part=part).exists()


def check_day(act: Act, episode: Episode, on: date) -> None:
    check_on(episode, on, today=act.today(episode.organization.zone))


def check_on(episode: Episode, on: date, *, today: date) -> None:
    """Raises BadInput for a day on which nothing can have been answered for this agency yet."""
    if on > today:
        raise BadInput(
            N_("This day lies in the future."), N_("A screen is dated on the day it was answered."), field="on"
        )
    if on < episode.first_day:
        raise BadInput(
            N_("This day lies before the agency began to serve this family."), N_("Check the date."), field="on"
        )


def _form(instrument: Instrument, form: str) -> str:
    """The age form of a child's part of a battery; empty for all that is none. Raises BadInput for another form's part."""
    battery = battery_of(instrument)
    if battery is None or not instrument.is_about_a_child:
        return ""
    if not battery.holds(instrument.key, form):
        raise BadInput(
            N_("%(instrument)s does not stand on this form of the %(battery)s."),
            N_("Each form has parts of its own."),
            N_("Choose the form that is printed on the paper."),
            field="form",
            facts={"instrument": instrument.short_name, "battery": battery.name},
        )
    return form


def _ages(episode: Episode, instrument: Instrument, on: date) -> dict[str, Any]:
    """The child's ages on that day, in completed months and days, and by which one this instrument goes: the corrected one
    only by its own rule. Raises BadInput outside the ages that it is for."""
    child = child_of(episode.dyad)
    if not child.is_born(on):
        raise BadInput(
            N_("The child was not born yet on this day."), N_("A screen about a child needs the child."), field="on"
        )
    assert child.born is not None
    both = ages(child.born, child.gestation_weeks, on, instrument.prematurity)
    _check_age(instrument, both)
    corrected = ages(child.born, child.gestation_weeks, on, WHATEVER_THE_RULE).corrected
    return {
        "age_months": both.chronological.months,
        "age_days": both.chronological.days,
        "corrected_months": corrected and corrected.months,
        "corrected_days": corrected and corrected.days,
        "goes_by_corrected": both.corrected is not None,
    }


def _check_age(instrument: Instrument, both: Ages) -> None:
    low_high = instrument.ages
    if low_high is None or low_high.low <= both.used.months <= low_high.high:
        return
    found = N_("On this day the child was %(months)s months old.")
    if both.corrected is not None:
        found = N_("On this day the child was %(months)s months old, counted from the day the birth was due.")
    raise BadInput(
        found,
        N_("%(instrument)s is for children of %(low)s to %(high)s months."),
        N_("Check the date, or choose another screen. A worry is reason enough to act without one."),
        field="on",
        source=instrument.sources[low_high.source],
        facts={
            "months": str(both.used.months),
            "instrument": instrument.short_name,
            "low": str(low_high.low),
            "high": str(low_high.high),
        },
    )


def _second_stage(instrument: Instrument, episode: Episode, first: Screen | None, on: date) -> dict[str, Any]:
    """What a second stage keeps beside other screens: its first stage, and the items that counted there."""
    stage = instrument.follows
    if stage is None:
        if first is not None:
            raise BadInput(N_("This screen does not follow another one."), N_("Begin it by itself."))
        return {"highest": instrument.maximum if instrument.has_total else None}
    if first is None or first.instrument != stage.instrument or first.episode_id != episode.pk:
        raise BadInput(
            N_("%(instrument)s has no first screen to follow."),
            N_("It asks again only about what is worth a closer look there."),
            N_("Finish the first screen, then go on from its result."),
            facts={"instrument": instrument.short_name},
        )
    if first.points is None or not stage.low <= first.points <= stage.high:
        raise NotNow(
            N_("The first screen does not lead to %(instrument)s."),
            N_("It follows a finished screen of %(low)s to %(high)s points."),
            N_("See what the result of the first screen says to do next."),
            source=instrument.sources[stage.source],
            facts={"instrument": instrument.short_name, "low": str(stage.low), "high": str(stage.high)},
        )
    if on < first.on:
        raise BadInput(
            N_("This day lies before the first screen."), N_("It is asked on the same day or later."), field="on"
        )
    if first.followed_by.filter(taken_back_at=None).exists():
        raise NotNow(
            N_("%(instrument)s was begun already for this screen."),
            N_("It is asked once."),
            N_("Open it from the result of the first screen."),
            facts={"instrument": instrument.short_name},
        )
    before = instrument_of(first)
    numbers = {item.number for item in before.items if first.answers.get(item.key) == item.values[-1]}
    given = instrument.only([item.key for item in instrument.items if item.number in numbers])
    asked = json.dumps([item.key for item in given.items])
    return {"follows": first, "asked_text": asked, "highest": given.maximum}


@action("screening.answer", on="screen")
def answer(act: Act, *, screen: Screen, answers: Mapping[str, int | None], given_at: datetime | None = None) -> Screen:
    """Keep some answers as they are typed (points; None: left blank), and act on a crisis answer at once.

    given_at: when they were given, by the clock of a device without a signal.
    """
    _keep(act, screen, answers, given_at)
    screen.save(update_fields=ANSWERED)
    return screen


@action("screening.heed", on="screen")
def heed(act: Act, *, screen: Screen, answers: Mapping[str, int | None], given_at: datetime | None = None) -> Screen:
    """Act on a crisis among answers that cannot be kept: another tab saved first, the screen is finished, another answer
    beside it cannot be. The answers stay as they were; the flag, the task and the letter do not wait for them."""
    instrument = instrument_of(screen)
    crises = [flag for flag in scoring.flags(instrument, answers) if flag.is_crisis]
    anew = scoring.new_crises(instrument, screen.answers, answers)
    _act_on(act, screen, crises, anew, is_kept=False, given_at=given_at)
    return screen


def heed_anew(
    act: Act,
    *,
    episode: Episode,
    subject: Person,
    instrument: Instrument,
    answers: Mapping[str, int | None],
    id: UUID,
    given_at: datetime | None,
) -> None:
    """The same where the screen itself could not be begun: one is, empty and dated today, so that a person is called about it
    as about any other. Whoever enters the answers by hand finds it.

    Within an action that is open, and for an adult's screen alone. Nothing is asked about who may: help waits for nobody.
    """
    stop_if_erased([subject.pk])
    screen = Screen.objects.create(
        id=id,
        subject=subject,
        episode=episode,
        instrument=instrument.key,
        edition=instrument.edition,
        language=subject.language,
        on=act.today(episode.organization.zone),
        zone=episode.organization.zone,
        worker_id=act.actor.person,
        has_total=instrument.has_total,
        lowest=instrument.minimum if instrument.has_total else None,
        highest=instrument.maximum if instrument.has_total else None,
    )
    act.concerns(heed(act, screen=screen, answers=answers, given_at=given_at))


@action("screening.finish", on="screen")
def finish(
    act: Act,
    *,
    screen: Screen,
    answers: Mapping[str, int | None],
    count: int | None = None,
    given_at: datetime | None = None,
) -> Screen:
    """Keep the last answers and close the screen: complete with points and band, or incomplete with its possible range.

    count: what a form gives that returns its count alone; then no answer is given beside it. given_at: as for `answer`.
    """
    result = _keep(act, screen, answers, given_at)
    return _close(act, screen, result if count is None else _counted(screen, screen.answers, count))


def _counted(screen: Screen, answers: Mapping[str, int | None], count: int) -> scoring.Scored:
    if any(points is not None for points in answers.values()):
        raise BadInput(
            N_("Answers are marked, and a count is given too."),
            N_("A form gives its answers, or its count alone."),
            N_("Take out one of the two."),
            field="count",
        )
    result = scoring.score_count(instrument_of(screen), count)
    screen.lowest, screen.highest = result.lowest, result.highest
    return result


@action("screening.correct", on="screen")
def correct(
    act: Act,
    *,
    screen: Screen,
    answers: Mapping[str, int | None],
    reason: str,
    count: int | None = None,
    by_weeks: bool = False,
) -> Screen:
    """Put right what was entered wrongly, with a reason; what stood before stays readable and is never changed.

    Scored by the edition that the screen was made with. by_weeks: read by the weeks at birth that are known now.
    A crisis answer that was not there before, or is worse, calls a person, as if it were given now; one that is taken away
    takes nothing back: somebody was told.
    """
    if screen.state == Screen.State.OPEN:
        raise NotNow(
            N_("This screen is not finished yet."),
            N_("Its answers can still be changed as they are."),
            N_("Go on with the screen."),
        )
    stop_if_taken_back(screen)
    if not text.tokens(reason):
        raise BadInput(
            N_("The reason is missing."),
            N_("A correction says why, in one sentence."),
            N_("Write what was wrong, for example: a mark was read in the wrong row."),
            field="reason",
        )
    if act.actor.person is None:
        raise NotNow(N_("Only a person can correct a screen."))
    before, instrument, was = screen.answers, instrument_of(screen), (screen.lowest, screen.highest)
    now = {**before, **answers}
    aged = ages_now(screen, instrument) if by_weeks else None
    result = score(screen, now, aged) if count is None else _counted(screen, now, count)
    if (
        aged is None
        and all(before.get(item.key) == now.get(item.key) for item in instrument.items)
        and (result.lowest, result.highest) == was
    ):
        raise BadInput(
            N_("Nothing is different from what stands there."), N_("A correction changes at least one answer.")
        )
    set_aside(act, screen, reason)
    for name, age in (_ages(screen.episode, instrument, screen.on) if aged else {}).items():
        setattr(screen, name, age)
    screen.answers = now
    screen.lowest, screen.highest = result.lowest, result.highest
    _act_on(act, screen, result.flags, scoring.new_crises(instrument, before, now))
    return _close(act, screen, result)


def ages_now(screen: Screen, instrument: Instrument) -> Ages | None:
    """The ages by the weeks at birth that are known now, where the tool counts another one by them; None where it does not,
    or the birth date itself is another now."""
    child, then = child_of(screen.episode.dyad), screen.ages
    if then is None or child.born is None or not child.is_born(screen.on):
        return None
    now = ages(child.born, child.gestation_weeks, screen.on, instrument.prematurity)
    return None if now.chronological != then.chronological or now.used == then.used else now


def stop_if_taken_back(taken: Screen | RecordedResult) -> None:
    """Raises NotNow for what was entered for somebody else and stands here no more."""
    if taken.taken_back_at is not None:
        raise NotNow(
            N_("This was taken back: it had been entered for somebody else."),
            N_("It counts for nothing, and its numbers are shown no more."),
            N_("Enter it anew for the right person."),
        )


def set_aside(act: Act, screen: Screen, reason: str) -> None:
    """Keep what stands as it is, with who changes it and why."""
    EarlierResult.objects.create(
        screen=screen,
        number=screen.earlier.count() + 1,
        answers_text=screen.answers_text,
        points=screen.points,
        lowest=screen.lowest,
        highest=screen.highest,
        band=screen.band,
        is_positive=screen.is_positive,
        finding=screen.finding,
        parts_text=screen.parts_text,
        **{name: getattr(screen, name) for name in AGES},
        finished_at=screen.finished_at or act.now,
        by_id=act.actor.person,
        reason=text.checked(reason.strip(), REASON_LENGTH, field="reason"),
    )


def record(
    act: Act,
    *,
    episode: Episode,
    subject: Person,
    instrument: Instrument,
    answers: Mapping[str, int | None],
    on: date,
    language: str = "",
    informant: Person | None = None,
    id: UUID | None = None,
) -> Screen:
    """Begin and finish in one step, within an action that is open: for answers that are all at hand.

    No verb of its own, so that nobody can be granted it: a person begins, answers and finishes, and is asked for each.
    Raises TypeError for an actor, whose two steps would be two transactions.
    """
    if not isinstance(act, Act):
        raise TypeError("a screen is recorded in one step only within an action that is open")
    screen = begin(
        act,
        episode=episode,
        subject=subject,
        instrument=instrument,
        on=on,
        language=language,
        informant=informant,
        id=id,
    )
    return finish(act, screen=screen, answers=answers)


def _close(act: Act, screen: Screen, result: scoring.Scored | scoring.Incomplete) -> Screen:
    screen.state = Screen.State.COMPLETE if isinstance(result, scoring.Scored) else Screen.State.INCOMPLETE
    screen.points = result.points if isinstance(result, scoring.Scored) else None
    screen.band, screen.finding, screen.is_positive = result.band or "", result.finding or "", result.is_positive
    decide = (part for part in result.parts if part.subscale.counts)
    screen.parts = {part.subscale.key: (part.lowest, part.highest, part.reaches) for part in decide}
    screen.finished_at = act.now
    screen.save(update_fields={*ANSWERED, *CLOSED_WITH, *AGES})
    act.announce(events.ScreenFinished(subject=screen.subject_id, episode=screen.episode_id, screen=screen.pk))
    return screen


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
    stop_if_erased([episode.dyad.child_id])
    there = DoneElsewhere.objects.filter(episode=episode, asked=asked.key, on=on).first()
    return there or DoneElsewhere.objects.create(
        subject=episode.dyad.child,
        episode=episode,
        asked=asked.key,
        tool=asked.tools[0].key,
        on=on,
        worker_id=act.actor.person,
    )


def _keep(
    act: Act, screen: Screen, answers: Mapping[str, int | None], given_at: datetime | None = None
) -> scoring.Scored | scoring.Incomplete:
    """Lay new answers over the old ones, score, and act on what is flagged. The caller saves."""
    if screen.state != Screen.State.OPEN:
        raise NotNow(
            N_("This screen is finished."),
            N_("Its answers stand as they were given."),
            N_("Begin a new screen for new answers, or correct this one where it was entered wrongly."),
        )
    instrument = instrument_of(screen)
    before = screen.answers
    merged = {**before, **answers}
    result = score(screen, merged)
    screen.answers = merged
    screen.lowest, screen.highest = result.lowest, result.highest
    _act_on(act, screen, result.flags, scoring.new_crises(instrument, before, merged), given_at=given_at)
    return result


def _act_on(
    act: Act,
    screen: Screen,
    flags: Iterable[scoring.Flag],
    new_crises: Iterable[scoring.Flag],
    *,
    is_kept: bool = True,
    given_at: datetime | None = None,
) -> None:
    """Each flag is raised once. An answer that needs a person and is said anew calls one: whoever answered earlier answered
    something else. While somebody is called and has not answered, one task is enough; who has it is told to look again,
    where the answer is kept and can be read."""
    for flag in flags:
        _raise_flag(act, screen, flag, given_at)
    if not any(new_crises):
        return
    task = waiting(screen)
    if task is None:
        call_a_person(act, screen)
    elif is_kept:
        look_again(act, task)


def _raise_flag(act: Act, screen: Screen, flag: scoring.Flag, given_at: datetime | None) -> None:
    _, is_new = Flag.objects.get_or_create(
        screen=screen,
        key=flag.key,
        item=flag.item,
        defaults={"is_crisis": flag.is_crisis, "given_at": given_at},
    )
    if is_new:
        act.announce(
            events.FlagRaised(subject=screen.subject_id, episode=screen.episode_id, screen=screen.pk, flag=flag.key)
        )


def waiting(screen: Screen | CheckIn) -> Task | None:
    """The task of who was called about this screen and has not answered yet. Who is closing it now is waited for."""
    return Task.objects.select_for_update().filter(about_id=screen.pk, why=CRISIS, closed_at__isnull=True).first()


def look_again(act: Act, task: Task) -> None:
    """A letter to whoever is asked, that something was added: not what."""
    for person in (task.owner, task.backup):
        if person is not None:
            messages.tell(
                act,
                to=person,
                template="look_again",
                facts={"task": str(task.pk)},
                about_kind=task.about_kind,
                about_id=task.about_id,
            )


def call_a_person(act: Act, screen: Screen | CheckIn) -> None:
    """Leave the red task: with whoever is on call; outside of the hours with whoever reads next; in hours for which nobody
    is named with a supervisor. It climbs at any hour. A caregiver who asks for help herself calls where nobody works, too;
    then there is no task, and her page says so."""
    organization = screen.episode.organization
    reading = families.reading(organization, screen.subject.language)
    within = timedelta(minutes=organization.crisis_answer_minutes)
    outside = timedelta(minutes=families.outside_minutes(organization))
    reads = reading.state in (rota.State.ON_CALL, rota.State.OUTSIDE)
    answerer = Person.objects.get(pk=reading.asked[0]) if reads else _who_else(act, screen)
    if answerer is None:
        return
    task = tasks.owe(
        act,
        to=answerer,
        organization=organization,
        subject=screen.subject,
        why=CRISIS,
        about_kind=screen._meta.label,
        about_id=screen.pk,
        within=rota.first_due(reading, act.now, within=within, outside=outside) - act.now,
        again=within,
        red=True,
    )
    messages.tell(
        act,
        to=answerer,
        template="needs_a_person",
        facts={"task": str(task.pk)},
        about_kind=screen._meta.label,
        about_id=screen.pk,
    )


@action("screening.ask_call_back", on="screen")
def ask_call_back(
    act: Act,
    *,
    screen: Screen | CheckIn,
    wanted: bool,
    number: str = "",
    when: str = "",
    may_leave_message: bool = False,
) -> Any:
    """Write down, with the caregiver, whether she likes to be called back, on which number and when.

    Who answers reads it in the task; the letter that goes out says only that it is worth looking again.
    """
    task = crisis_task(screen)
    if task is None:
        raise NotNow(N_("Nobody was called because of this screen."))
    task = tasks.keep_call_back(
        act, task=task, wanted=wanted, number=number, when=when, may_leave_message=may_leave_message
    )
    look_again(act, task)
    return screen


def _who_else(act: Act, screen: Screen | CheckIn) -> Person | None:
    """Nobody is named on call: a supervisor of the agency, else a clinician of it, else the worker who asks now, else
    whoever serves families there; never one who began the screen and has left since."""
    organization = screen.episode.organization
    for role in ("agency_supervisor", "clinician"):
        if there := families.holding_role(organization, role).first():
            return there
    if act.actor.signed_in:
        return Person.objects.get(pk=act.actor.person)
    return families.holding_role(organization, *SERVING_ROLES).first()
