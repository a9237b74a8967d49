"""Reads of screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import models

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.models import AuditEntry
from inmind.families.ages import Ages
from inmind.families.models import Concern, Episode
from inmind.foundation.errors import NotNow
from inmind.foundation.models import columns_of
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.screening import scoring
from inmind.screening.adapters.catalog import batteries, catalog
from inmind.screening.battery import Battery, without_its_form
from inmind.screening.check_in_models import CheckIn
from inmind.screening.follow_on import Finished, FollowOn, follow_on
from inmind.screening.instruments import Instrument
from inmind.screening.models import EarlierResult, Flag, Screen
from inmind.tasks import queries as tasks
from inmind.tasks.models import Task

CRISIS = "crisis_answer"
# The answers of a screen that is not finished, written down by a worker or by a link.
WRITES = ("screening.answer", "screening.finish", "screening.answer_by_link", "screening.finish_by_link")
HEEDS = ("screening.heed", "screening.heed_by_link")
GOES_ON = ("second_stage", "refer_both_now")  # what a publisher's band asks for next where it is worth a closer look


def instrument_of(screen: Screen) -> Instrument:
    """The instrument in the edition a screen was made with; of a second stage, the items that were asked.

    Raises NotNow when that edition is not installed.
    """
    instrument = catalog().of(screen.instrument, screen.edition)
    if instrument is None:
        raise NotNow(
            N_("The rules this screen was made with are not installed."),
            N_("A result stands with the edition that made it."),
            N_("Ask the administrator."),
        )
    return instrument if screen.asked is None else instrument.only(screen.asked)


def battery_of(instrument: Instrument) -> Battery | None:
    """The battery that an instrument is a part of."""
    return batteries().get(instrument.parent)


def battery_of_part(instrument: str, form: str) -> Battery | None:
    """The battery on whose form of this name an instrument stands."""
    return next((one for one in batteries().values() if one.holds(instrument, form)), None)


def asked_at(screen: Screen) -> Instrument:
    """The rules of a screen at the child's age on that day: the items that count then, its bands and cut-offs."""
    instrument, ages = instrument_of(screen), screen.ages
    here = instrument if ages is None else instrument.at(ages.used.months)
    return here if has_right_form(screen) else replace(here, bands=(), cutoffs=())


def has_right_form(screen: Screen, ages: Ages | None = None) -> bool:
    """Whether the age form printed on the paper asks what this age's cut-offs are for. Only where each form has items of
    its own, and cut-offs by month, can it be the wrong one. ages: other ones than the screen was read by."""
    instrument, ages = instrument_of(screen), ages or screen.ages
    battery = battery_of(instrument)
    if battery is None or ages is None or instrument.monthly is None:
        return True
    return battery.is_right(screen.form, ages.used.months)


def score(
    screen: Screen, answers: Mapping[str, int | None], ages: Ages | None = None
) -> scoring.Scored | scoring.Incomplete:
    """What these answers come to by the rules of a screen, at the child's age on that day, or at these ages. Raises as
    `scoring.score`."""
    result = scoring.score(instrument_of(screen), answers, ages or screen.ages)
    return result if has_right_form(screen, ages) else without_its_form(result)


def is_marked(screen: Screen) -> bool:
    """Whether any answer stands; a form that gives its count alone has none."""
    return any(points is not None for points in screen.answers.values())


def result_of(screen: Screen) -> scoring.Scored | scoring.Incomplete:
    """What a screen says by its rules; of a form that gave its count alone, by that."""
    instrument = instrument_of(screen)
    if instrument.takes_a_count and screen.points is not None and not is_marked(screen):
        return scoring.score_count(instrument, screen.points)
    return score(screen, screen.answers)


def is_crisis(screen: Screen) -> bool:
    """Whether an answer about self-harm was ever given in it."""
    return columns_of(Flag, "id", screen=screen.pk, is_crisis=True) is not None


def of(actor: Actor, episode: Episode, subject: Person) -> models.QuerySet:
    """Somebody's screens within an episode, newest first, for those who may see them; each says whether it was corrected."""
    mine = policy.visible(actor, Screen.objects.filter(episode=episode, subject=subject), "screening.see")
    corrected = models.Exists(EarlierResult.objects.filter(screen=models.OuterRef("pk")))
    return mine.annotate(is_corrected=corrected).order_by("-on", "-created_at")


def brief_of(screen: Screen) -> tuple[Instrument, bool | None] | None:
    """The brief instrument that a closed screen is, or holds as a part, and whether it is positive; None where none."""
    instrument, result = instrument_of(screen), result_of(screen)
    if instrument.full_length:
        return instrument, result.is_positive
    known = ((catalog().get(part.subscale.key), part.reaches) for part in result.parts)
    return next(((one, reaches) for one, reaches in known if one is not None and one.full_length), None)


def leads_to(screen: Screen) -> FollowOn:
    """What a closed brief screen leads to, beside the other closed screens of that day within the same episode.

    For whoever may see the screen: those who may see one of an episode's may see all of them.
    """
    found = brief_of(screen)
    if found is None:
        return FollowOn.NOTHING
    brief, is_positive = found
    closed = Screen.objects.exclude(state=Screen.State.OPEN).filter(
        episode=screen.episode_id,
        subject=screen.subject_id,
        on=screen.on,
        instrument__in=brief.full_length,
        taken_back_at=None,
    )
    others = (Finished(one.instrument, one.on, score(one, one.answers).is_positive) for one in closed)
    this = Finished(brief.key, screen.on, is_positive)
    return follow_on(this, others, brief.full_length, closes=brief.full_length_closes)


@dataclass(frozen=True, slots=True)
class CloserLook:
    """A child's result that is worth a closer look, since which no next step was written down in its family."""

    screen: UUID
    name: str
    on: date


def is_worth_a_closer_look(instrument: Instrument, band: str, is_positive: bool | None) -> bool:
    """Whether a child's result is positive, or in a band for which its publisher asks for more; never where it only counts
    what happened to somebody, which stands in no list (`protect.md` 12)."""
    known = instrument.band(band)
    goes_on = known is not None and known.next_step in GOES_ON
    return instrument.is_about_a_child and not instrument.takes_a_count and (is_positive is True or goes_on)


def is_to_talk_about(instrument: Instrument, band: str, is_positive: bool | None) -> bool:
    """Whether a result asks for a talk and a next step, be it a child's or an adult's own."""
    closer = is_worth_a_closer_look(instrument, band, is_positive)
    return closer or (is_positive is True and not instrument.takes_a_count)


def closer_looks(actor: Actor, episodes: Iterable[UUID]) -> dict[UUID, list[CloserLook]]:
    """The children's own results that wait for a next step, of the episodes whose screens this actor takes, oldest first.

    Of one instrument as one adult answered it the latest alone; a finished second stage stands for its first. A worry with its
    next step, written down after the result, answers it, and so does what was set going for the child since (`set_going`). An
    adult's screens are never read here (`protect.md` 1).
    """
    latest: dict[tuple[UUID, UUID, str], tuple[CloserLook, datetime] | None] = {}
    for episode, pk, informant, tool, edition, on, finished, band, is_positive, is_met in _of_children(
        actor, "screening.begin", ids=list(episodes)
    ):
        rules = catalog().of(tool, edition)
        waits = not is_met and rules is not None and is_worth_a_closer_look(rules, band, is_positive)
        latest[episode, informant, tool] = (CloserLook(pk, rules.short_name, on), finished) if waits and rules else None
    waiting = [(episode, *one) for (episode, _informant, _tool), one in latest.items() if one is not None]
    since: dict[UUID, datetime] = {}
    if there := {episode for episode, *_one in waiting}:
        for episode, at in (each for asked in house.set_going for each in asked(there)):
            since[episode] = max(at, since.get(episode, at))
    found: dict[UUID, list[CloserLook]] = defaultdict(list)
    for episode, one, finished in waiting:
        if episode not in since or since[episode] < finished:
            found[episode].append(one)
    return found


@policy.visible_again
def _of_children(seen: policy.Seen, *, ids: list[UUID]) -> models.QuerySet:
    mine = seen(Episode.objects.filter(pk__in=ids)).values("pk")
    rows = Screen.objects.filter(episode__in=mine, subject=models.F("episode__dyad__child"), informant__isnull=False)
    planned = Concern.objects.filter(episode=models.OuterRef("episode"), created_at__gte=models.OuterRef("finished_at"))
    second = Screen.objects.filter(follows=models.OuterRef("pk")).exclude(state=Screen.State.OPEN)
    return (
        rows.exclude(state=Screen.State.OPEN)
        .order_by("on", "created_at", "pk")
        .annotate(is_met=models.Exists(planned) | models.Exists(second))
        .values_list(
            "episode", "pk", "informant", "instrument", "edition", "on", "finished_at", "band", "is_positive", "is_met"
        )
    )


def crisis_task(screen: Screen | CheckIn) -> Task | None:
    """The red task that an answer of this screen, or who asked for help now, left: the open one, else the latest."""
    left = Task.objects.filter(about_kind=screen._meta.label, about_id=screen.pk, why=CRISIS)
    return (
        left.select_related("owner", "backup", "closed_by")
        .order_by(models.F("closed_at").desc(nulls_first=True))
        .first()
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer about self-harm that was given and stands no more. is_kept: it stood for a while; else it could not be kept
    from the first. since, until: between which moments it was changed, and who wrote answers down then, as far as the rows
    and the trail know; None and empty where they do not."""

    item: str
    given_at: datetime
    is_kept: bool
    since: datetime | None = None
    until: datetime | None = None
    by: tuple[UUID, ...] = ()


def changed(screen: Screen) -> list[Changed]:
    """The crisis answers of a screen that its answers of today do not say any more; none where these cannot be read."""
    raised = list(screen.flags.filter(is_crisis=True).order_by("created_at", "pk"))
    if not raised or catalog().of(screen.instrument, screen.edition) is None:
        return []
    instrument = instrument_of(screen)
    gone = [flag for flag in raised if flag.key not in _crises(instrument, screen.answers)]
    return [_changed(screen, instrument, flag) for flag in gone]


def _crises(instrument: Instrument, answers: Mapping[str, int | None]) -> set[str]:
    return {flag.key for flag in scoring.flags(instrument, answers) if flag.is_crisis}


def _changed(screen: Screen, instrument: Instrument, flag: Flag) -> Changed:
    """By the correction that took it away; where none did, by who wrote answers down since, before the screen was finished."""
    earlier = list(screen.earlier.order_by("number"))
    said = [flag.key in _crises(instrument, one.answers) for one in earlier]
    if any(said):
        last = max(number for number, is_said in enumerate(said) if is_said)
        after = earlier[last + 1].finished_at if last + 1 < len(earlier) else screen.finished_at
        return Changed(flag.item, flag.created_at, True, after, after, (earlier[last].by_id,))
    here = models.Q(about=str(screen.pk), verb__in=(*WRITES, *HEEDS))
    trail = AuditEntry.objects.filter(
        here | models.Q(parts__contains=HEEDS[0]),  # also what came without a signal and could not be kept
        subjects__kind="episode",
        subjects__ref=screen.episode_id,
        outcome=AuditEntry.Outcome.DONE,
    ).order_by("seq")
    acts = [
        (next((one for one in HEEDS if one in parts), verb), at, person)
        for verb, at, person, parts in trail.values_list("verb", "at", "person", "parts")
    ]
    raising = [verb for verb, at, _person in acts if at <= flag.created_at]
    if raising and raising[-1] in HEEDS:
        return Changed(flag.item, flag.created_at, False)
    since = [(at, person) for verb, at, person in acts if at > flag.created_at and verb in WRITES]
    people = tuple(dict.fromkeys(person for _at, person in since if person))
    first, last_at = (since[0][0], since[-1][0]) if since else (None, None)
    return Changed(flag.item, flag.created_at, True, first, last_at, people)


def asked_now(screens: Iterable[Screen]) -> list[tuple[Task, list[Person]]]:
    """The red tasks that are open about screens which their reader may see, each with those who are asked and still work
    there: who may read an answer may know of its task."""
    left = Task.objects.filter(about_kind="screening.Screen", about_id__in=[one.pk for one in screens], red=True)
    rows = left.filter(closed_at__isnull=True).select_related("owner", "backup", "organization").order_by("due_at")
    there = tasks.with_whom(list(rows))
    return [(task, there[task.pk]) for task in rows]
