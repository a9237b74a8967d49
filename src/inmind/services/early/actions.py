"""The changes of a child's case of early intervention, and the tasks that follow from its days.

Whatever changes a day ends in `settle`: what comes next, by when, is worked out anew by the pure rules, and the open tasks
become what it says. A task closes by itself once its step is written down; where a day moves, the task is owed anew for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.families import queries as families
from inmind.families.actions import SERVING_ROLES
from inmind.families.models import Episode
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.models import in_force
from inmind.foundation.values import N_, Period
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early import case as rules
from inmind.services.early import clocks as clock
from inmind.services.early.case import Day, Ended, Next, Step, What
from inmind.services.early.clocks import Way
from inmind.services.early.models import (
    Delay,
    EarlyBefore,
    EarlyCase,
    NoticeSent,
    Pause,
    Substantiated,
    TransitionStep,
    TribalNotice,
)
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

CASE_AT_END = "early"  # by which what becomes of a case is said where a service ends
CASE, PAUSE, NOTICE = "services.EarlyCase", "services.Pause", "services.TribalNotice"
# The reasons of tasks, each with its words in `panel_views.reason`.
REFER, PLAN, STEPS, LOOK, TRIBE = "early_refer", "early_plan", "early_steps", "early_pause", "tribal_notice"
WHY = {What.REFER: REFER, What.REFER_TO_DISTRICT: REFER, What.PLAN: PLAN, What.STEPS: STEPS}
SOON = timedelta(
    days=7
)  # ours: a step without a last day of its own, and how often somebody asks whether a pause goes on
AGAIN = timedelta(days=3)  # ours: how often a task that is late is said again
MANY = 200  # cases that the daily look takes at once


@action("services.early_begin", on="episode")
def begin(
    act: Act,
    *,
    episode: Episode,
    identified_on: date | None = None,
    identified_by: str = "",
    received_on: date | None = None,
    is_lead: bool = False,
) -> EarlyCase:
    """Begin the case of this episode's child: on the day on which somebody saw that it should be looked at or, where this
    agency answers for early intervention itself, on the day on which it had the referral."""
    _check_runs(act, episode)
    if clock.way(early_intervention(), _born(episode), _today(act, episode)) is Way.TOO_OLD:
        raise NotNow(
            N_("This child is three, and early intervention has ended."),
            N_("The school district goes on: choose it among what fits this family."),
        )
    stop_if_erased([episode.dyad.child_id])
    if open_case(episode) is not None:
        raise NotNow(
            N_("The clock of this child runs already."), N_("Open it again to see its days, and go on from there.")
        )
    if identified_on is None and received_on is None:
        raise BadInput(
            N_("The first day is missing."),
            N_("Say when somebody saw that this child should be looked at, or when the referral came."),
            field="identified_on",
        )
    case = EarlyCase(episode=episode, child=episode.dyad.child, is_lead=is_lead)
    case.identified_on, case.received_on = identified_on, received_on
    case.identified_by = text.checked_line(identified_by.strip(), 120, field="identified_by") or None
    _check(act, case)
    case.save()
    settle(act, case)
    return case


@action("services.early_note", on="case")
def note(act: Act, *, case: EarlyCase, days: Mapping[Day, date | None], **said: Any) -> EarlyCase:
    """Write days of a case down, or anew. said: `eligible` (None: nobody has said), `identified_by`, `is_lead`. What stood
    stays readable."""
    _open(case)
    if wrong := said.keys() - {"eligible", "identified_by", "is_lead"}:
        raise TypeError(f"a case has no {wrong}")
    if "identified_by" in said:
        said["identified_by"] = text.checked_line(said["identified_by"].strip(), 120, field="identified_by") or None
    _write(act, case, case, {one.value: on for one, on in days.items()} | said)
    if not case.days:
        raise BadInput(N_("The first day is missing."), N_("A case begins on a day."), field="identified_on")
    _check(act, case)
    case.save()
    settle(act, case)
    return case


@action("services.early_pause", on="case")
def pause(act: Act, *, case: EarlyCase, why: str, since: date, words: str, until: date | None = None) -> Pause:
    """Write down that circumstances of the family stop the days that count. why: a key of the catalog's `pauses`; words: the
    documents behind it, without which there is no pause."""
    _open(case)
    _check_why(why, early_intervention().pauses)
    row = Pause(case=case, child_id=case.child_id, by_id=_writer(act), why=why, since=since, until=until)
    row.words = _documented(words)
    _check_stretch(act, row)
    row.save()
    settle(act, case)
    return row


@action("services.early_change_pause", on="pause")
def change_pause(act: Act, *, pause: Pause, **said: Any) -> Pause:
    """Let a pause end, or write it anew: `since`, `until`, `words`, `taken_back` (it was written down by mistake)."""
    case = _case_of(pause)
    if "words" in said:
        said["words"] = _documented(said["words"])
    _change_stretch(act, case, pause, said)
    settle(act, case)
    return pause


@action("services.early_delay", on="case")
def delay(act: Act, *, case: EarlyCase, why: str, since: date, words: str = "", until: date | None = None) -> Delay:
    """Write down what takes longer on the system's side. It stops no day."""
    _open(case)
    _check_why(why, rules.DELAYS)
    row = Delay(case=case, child_id=case.child_id, by_id=_writer(act), why=why, since=since, until=until)
    row.words = text.checked(words.strip(), 1000, field="words") or None
    _check_stretch(act, row)
    row.save()
    return row


@action("services.early_change_delay", on="delay")
def change_delay(act: Act, *, delay: Delay, **said: Any) -> Delay:
    """Let a delay end, or write it anew, as `change_pause`."""
    if "words" in said:
        said["words"] = text.checked(said["words"].strip(), 1000, field="words") or None
    _change_stretch(act, _case_of(delay), delay, said)
    return delay


@action("services.early_step", on="case")
def step(
    act: Act, *, case: EarlyCase, kind: Step, on: date, not_wanted: bool = False, words: str = ""
) -> TransitionStep:
    """Write down a step before the third birthday, or anew. not_wanted: the family did not want it."""
    _open(case)
    if Day.RECEIVED not in case.days:
        raise NotNow(
            N_("Early intervention does not have this child yet."),
            N_("Write down first on which day it had the referral."),
        )
    if not case.days[Day.RECEIVED] <= on <= _today(act, case.episode):
        raise BadInput(
            N_("This day cannot be."),
            N_("It lies between the day on which early intervention had the referral, and today."),
            field="on",
        )
    row = TransitionStep.objects.filter(case=case, kind=kind.value).first()
    if row is None:
        row = TransitionStep(case=case, child_id=case.child_id, kind=kind.value, on=on, not_wanted=not_wanted)
    said = {"on": on, "not_wanted": not_wanted, "words": text.checked(words.strip(), 1000, field="words") or None}
    _write(act, case, row, said)
    row.by_id = _writer(act)
    row.save()
    settle(act, case)
    return row


@action("services.early_close", on="case")
def close(act: Act, *, case: EarlyCase, why: Ended, on: date, words: str = "") -> EarlyCase:
    """Close a case with why. Its days stay; a new one can begin."""
    _open(case)
    rules.check_days(case.days, _born(case.episode), on)
    if on > _today(act, case.episode):
        raise BadInput(N_("This day lies in the future."), N_("It is dated on the day it happened."), field="on")
    case.closed_on, case.closed_why = on, why.value
    case.closed_words = text.checked(words.strip(), 1000, field="words") or None
    case.save()
    settle(act, case)
    return case


@action("services.early_by_law", on="episode")
def note_substantiated(
    act: Act,
    *,
    episode: Episode,
    child: Person,
    told_on: date,
    said_by: str,
    paper: str = "",
    on: date | None = None,
) -> Substantiated:
    """Write down that the agency was told of a substantiated case of which this episode's child is the subject.

    While the child is so young that a law asks for a referral, its case begins, with the task to refer it. A brother or sister
    is never concerned by it. Nobody is reported.
    """
    _check_runs(act, episode)
    born, today = _born(episode), _today(act, episode)
    stop_if_erased([episode.dyad.child_id])
    if child.pk != episode.dyad.child_id:
        raise BadInput(
            N_("This is written down for the child who is its subject, and for nobody else."),
            N_("Open the page of that child."),
            field="child",
        )
    for name, day in (("told_on", told_on), ("on", on)):
        if day is not None and day > today:
            raise BadInput(N_("This day lies in the future."), N_("Check the date."), field=name)
    if on is not None and on > told_on:
        raise BadInput(N_("You were told before it was found."), N_("Check the two days."), field="on")
    if not text.tokens(said_by):
        raise BadInput(N_("Who told you is missing."), N_("A fact has a source."), field="said_by")
    row = Substantiated.objects.create(
        episode=episode,
        child=child,
        told_on=told_on,
        on=on,
        said_by=text.checked_line(said_by.strip(), 200, field="said_by"),
        paper=text.checked_line(paper.strip(), 200, field="paper") or None,
        by_id=_writer(act),
    )
    if clock.must_be_referred(early_intervention(), born, today, is_subject=True) and open_case(episode) is None:
        case = EarlyCase.objects.create(episode=episode, child=child, identified_on=max(told_on, born))
        settle(act, case)
    return row


@action("services.early_notice", on="episode")
def notice(act: Act, *, episode: Episode, tribe: str, owner: Person, by_day: date) -> TribalNotice:
    """Write down that a notice to a tribe is somebody's to see to, by a day, and leave it with them as a task."""
    _check_runs(act, episode)
    stop_if_erased([episode.dyad.child_id])
    if not text.tokens(tribe):
        raise BadInput(N_("The tribe is missing."), N_("Say which tribe is to be told."), field="tribe")
    if by_day < _today(act, episode):
        raise BadInput(N_("This day lies in the past."), N_("Choose the day by which it is sent."), field="by_day")
    if owner.pk not in {one.pk for one in owners(episode, _today(act, episode), act.actor.person)}:
        raise BadInput(N_("This person does not serve this family."), N_("Choose one from the list."), field="owner")
    row = TribalNotice.objects.create(
        episode=episode,
        child=episode.dyad.child,
        tribe=text.checked_line(tribe.strip(), 200, field="tribe"),
        owner=owner,
        by_day=by_day,
    )
    _owe(act, episode, TRIBE, NOTICE, row.pk, by_day, to=owner)
    return row


@action("services.early_notice_sent", on="notice")
def note_sent(
    act: Act, *, notice: TribalNotice, to: str, how: NoticeSent.How, on: date, words: str = "", is_all: bool = False
) -> NoticeSent:
    """Write down what was sent for a notice. is_all: that was all of it, and its task closes."""
    if notice.closed_on is not None:
        raise NotNow(N_("All of this notice is sent already."), N_("Write down another one, if one is needed."))
    episode = Episode.objects.select_related("organization", "dyad").get(pk=notice.episode_id)
    if on > _today(act, episode):
        raise BadInput(N_("This day lies in the future."), N_("It is dated on the day it happened."), field="on")
    if not text.tokens(to):
        raise BadInput(N_("It is not said to whom it went."), N_("Name them."), field="to")
    row = NoticeSent.objects.create(
        notice=notice,
        child_id=notice.child_id,
        on=on,
        to=text.checked_line(to.strip(), 200, field="to"),
        how=how.value,
        words=text.checked(words.strip(), 1000, field="words") or None,
        by_id=_writer(act),
    )
    if is_all:
        notice.closed_on = _today(act, episode)
        notice.save()
        for task in _tasks(NOTICE, [notice.pk]):
            _close(act, task, _("All of the notice is sent."))
    return row


# What follows from elsewhere


def end_with(act: Act, episode: Episode, on: date, said: str) -> None:
    """The agency's time with a family ends: nobody here opens the family any more, so that no clock runs on. What becomes of
    the case is said by whoever ends it, with the reason that is the family's, or ours."""
    rows = EarlyCase.objects.select_for_update(of=("self",), no_key=True)
    for case in with_all(rows.filter(episode=episode, closed_on__isnull=True).order_by("pk")):
        if said not in set(Ended):
            raise BadInput(
                N_("The clock of early intervention runs for this child."),
                N_("Say what becomes of it: once the service has ended, nobody here looks after it."),
                field=CASE_AT_END,
            )
        last = min(on, _today(act, case.episode))
        close(act, case=case, why=Ended(said), on=max(last, *case.days.values()))


def follow(act: Act, referral: Referral, to: State, on: date) -> None:
    """A referral of a child to early intervention, or to the school district, has moved: its case goes along, within the same
    transaction. Where no case runs it begins with the referral."""
    episode, program = referral.episode, referral.program
    is_theirs = program in (rules.PART_C, rules.DISTRICT_PROGRAM)
    if not is_theirs or referral.about_id != episode.dyad.child_id or episode.dyad.birth_date is None:
        return
    Episode.objects.select_for_update(of=("self",), no_key=True).get(pk=episode.pk)
    case = open_case(episode)
    day = Day.DISTRICT if program == rules.DISTRICT_PROGRAM else Day.REFERRED
    if to is State.SENT:
        if case is None:
            if clock.way(early_intervention(), episode.dyad.birth_date, on) is Way.TOO_OLD:
                return
            case = EarlyCase(episode=episode, child_id=referral.about_id)
        elif case.referral_id is not None and case.referral_id != referral.pk:
            return  # another one is on its way
        case.referral = referral
        case.is_lead = case.is_lead or referral.listing.provider_id == episode.organization_id
        if getattr(case, day) is None:
            setattr(case, day, max(on, case.identified_on or on))
    elif case is None or case.referral_id != referral.pk:
        return
    elif to.is_over and case.received_on is None:
        case.referral = None
        if getattr(case, day) == max(
            referral.sent_on or on, case.identified_on or date.min
        ):  # not what was noted by hand
            _write(act, case, case, {day.value: None})
        case.identified_on = case.identified_on or on
    elif not to.is_over and program == rules.PART_C and case.received_on is None:
        case.received_on = on
    else:
        return
    case.save()
    settle(act, case)


@action("jobs.early_look")
def look(act: Act, *, after: str = "") -> None:
    """Once a day: what comes next in each open case by now, such as steps whose time has come; and whether a pause goes on.

    after: the id of the case with which the part before ended; each part is a job of its own, so that nobody waits for all.
    """
    there = EarlyCase.objects.filter(in_force(act.today(), "episode__"), closed_on__isnull=True)
    rows = there.filter(child__erased_at__isnull=True).order_by("pk")
    some = list(with_all(rows.filter(pk__gt=after) if after else rows)[:MANY])
    open_now = {(task.about_id, task.why) for task in _tasks(CASE, [one.pk for one in some])}
    for case in some:
        owed = {why for about, why in open_now if about == case.pk}
        settle(act, case, None if owed and _is_three(act, case) else owed)
    if len(some) == MANY:
        act.later("services.early_look", {"after": str(some[-1].pk)})


def follow_birth(act: Act, *, dyad: UUID) -> None:
    """The birth date of a child says something else now: what is counted from it moves at once, wherever a case runs."""
    rows = EarlyCase.objects.filter(episode__dyad=dyad, closed_on__isnull=True, child__erased_at__isnull=True)
    for case in with_all(rows.select_for_update(of=("self",), no_key=True).order_by("pk")):
        settle(act, case)


def settle(act: Act, case: EarlyCase, there: set[str] | None = None) -> None:
    """Let the tasks of a case, and the day by which it is listed, be what its days say today.

    there: the tasks that are known to be open, where many cases are looked at at once; what is missing is owed, and none closed.
    """
    episode, today = case.episode, _today(act, case.episode)
    born = episode.dyad.birth_date
    if born is None:
        return
    coming = rules.next_steps(early_intervention(), case.as_case(born), today)
    first = next((one for one in coming if not one.waits), coming[0] if coming else None)
    listed = (first.what.value if first else "", first.due if first and not first.waits else None)
    if listed != (case.next_step, case.next_on):
        case.next_step, case.next_on = listed
        case.save()
    wanted = {WHY[one.what]: one for one in coming if one.what in WHY and not one.waits}
    had: dict[str, Person] = {}
    if there is None:
        there, had = _settled(act, case, wanted, today)
    for why in wanted.keys() - there:
        _owe(act, episode, why, CASE, case.pk, wanted[why].due or today + SOON, to=had.get(why))
    _look_after_pauses(act, case, today)


def _settled(act: Act, case: EarlyCase, wanted: Mapping[str, Next], today: date) -> tuple[set[str], dict[str, Person]]:
    """Close the open tasks of a case whose step is taken, or whose day has moved; those that are left, and who had the
    others."""
    left, had = set(), {}
    for task in _tasks(CASE, [case.pk]).select_related("owner"):
        step = wanted.get(task.why)
        if step is None:
            _close(act, task, _done(case, task.why, today))
        elif step.due is not None and task.due_at != _end_of(step.due, case.episode):
            _close(act, task, _("Its last day has moved; it goes on as a task for the new one."))
            had[task.why] = task.owner
        else:
            left.add(task.why)
    return left, had


def _done(case: EarlyCase, why: str, today: date) -> str:
    if case.closed_on is not None:
        return _("The case is closed.")
    if today >= clock.transition(early_intervention(), _born(case.episode)).ends:
        return _("The child is three by now.")
    if why == PLAN and case.plan_met_on is None:
        return _("The days stand still, for what the family’s record says.")
    return _("It is written down.")


def _is_three(act: Act, case: EarlyCase) -> bool:
    born, today = case.episode.dyad.birth_date, _today(act, case.episode)
    return born is not None and clock.way(early_intervention(), born, today) is Way.TOO_OLD


def _look_after_pauses(act: Act, case: EarlyCase, today: date) -> None:
    """A pause that goes on is asked about again and again; one that has ended is not, nor after the third birthday."""
    is_three = _is_three(act, case)
    is_over = case.closed_on is not None or case.plan_met_on is not None or is_three
    running = {one.pk for one in case.pauses.all() if one.until is None and not one.taken_back and not is_over}
    for task in _tasks(PAUSE, [one.pk for one in case.pauses.all()]):
        if task.about_id not in running:
            _close(act, task, _("The child is three by now.") if is_three else _("The pause has ended."))
        running.discard(task.about_id)
    for pk in running:
        _owe(act, case.episode, LOOK, PAUSE, pk, today + SOON)


def open_case(episode: Episode) -> EarlyCase | None:
    """The case of an episode's child that runs, the newest where two records became one."""
    return EarlyCase.objects.filter(episode=episode, closed_on__isnull=True).order_by("-created_at", "-pk").first()


def owners(episode: Episode, on: date, first: UUID | None = None) -> list[Person]:
    """Who may have a task of this family's: its care team, else the agency's coordinators, else its supervisors; `first`
    stands first, where they are one of them."""
    found = list(families.serving_here(episode, on, *SERVING_ROLES))
    for role in ("family_service_coordinator", "agency_supervisor"):
        if role != "agency_supervisor" or not found:
            found += [one for one in families.holding_role(episode.organization, role) if one not in found]
    return sorted(found, key=lambda one: one.pk != first)


def _owe(act: Act, episode: Episode, why: str, kind: str, about: UUID, by: date, *, to: Person | None = None) -> None:
    """A task about the child, and a letter that names nobody to whoever has it now and did not write this down."""
    owner = to or next(iter(owners(episode, _today(act, episode), act.actor.person)), None)
    if owner is None:
        return  # nobody works there any more: the house tells whoever runs it
    task = tasks.owe(
        act,
        to=owner,
        organization=episode.organization,
        subject=episode.dyad.child,
        why=why,
        about_kind=kind,
        about_id=about,
        within=_end_of(by, episode) - act.now,
        again=AGAIN,
    )
    if owner.pk != act.actor.person:
        facts = {"task": str(task.pk)}
        messages.tell(act, to=owner, template="next_step_waits", facts=facts, about_kind=kind, about_id=about)


def _tasks(kind: str, about: Iterable[UUID]) -> Any:
    return Task.objects.filter(about_kind=kind, about_id__in=list(about), closed_at__isnull=True).order_by("pk")


def _close(act: Act, task: Task, done: str) -> None:
    tasks.settle(act, done, pk=task.pk)


def _end_of(day: date, episode: Episode) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(episode.organization.zone))


def with_all(rows: Any) -> Any:
    return rows.select_related("episode__dyad__child", "episode__organization").prefetch_related("pauses", "steps")


def _case_of(row: Pause | Delay) -> EarlyCase:
    """The case of a stretch that is locked, itself held until the transaction ends."""
    case = EarlyCase.objects.select_for_update(of=("self",), no_key=True).get(pk=row.case_id)
    _open(case)
    return case


def _write(act: Act, case: EarlyCase, row: Any, said: Mapping[str, Any]) -> None:
    """Let fields of a row say something else, and keep what stood in them."""
    for name, value in said.items():
        before = getattr(row, name)
        if before == value:
            continue
        if not row._state.adding and before is not None:
            was = before.isoformat() if isinstance(before, date) else str(before)
            EarlyBefore.objects.create(
                case=case, child_id=case.child_id, row=row.pk, name=name, was=was, by_id=act.actor.person
            )
        setattr(row, name, value)


def _change_stretch(act: Act, case: EarlyCase, row: Pause | Delay, said: dict[str, Any]) -> None:
    if wrong := said.keys() - {"since", "until", "words", "taken_back"}:
        raise TypeError(f"a stretch of days has no {wrong}")
    _write(act, case, row, said)
    _check_stretch(act, row)
    row.save()


def _check_stretch(act: Act, row: Pause | Delay) -> None:
    if row.until is not None and row.until < row.since:
        raise BadInput(
            N_("The end lies before the beginning."), N_("The end comes on the first day or after it."), field="until"
        )
    episode = row.case.episode
    rules.check_stretch(Period(row.since, row.until), row.case.received_on, _born(episode), _today(act, episode))


def _check_why(why: str, known: Iterable[str]) -> None:
    if why not in known:
        raise BadInput(
            N_("This is not a reason from the list."),
            N_("Only what the rule names stops the days that count; what takes longer on our side is a delay."),
            field="why",
        )


def _documented(words: str) -> str:
    if not text.tokens(words):
        raise BadInput(
            N_("What documents it is missing."),
            N_("Say what happened and where it stands in the record; without that no day stands still."),
            field="words",
            source=clock.cited(early_intervention(), early_intervention().plan_within),
        )
    return text.checked(words.strip(), 1000, field="words")


def _check(act: Act, case: EarlyCase) -> None:
    rules.check_days(case.days, _born(case.episode), _today(act, case.episode))


def _open(case: EarlyCase) -> None:
    if case.closed_on is not None:
        raise NotNow(N_("This case is closed."), N_("Begin a new one, if somebody wonders about the child again."))


def _born(episode: Episode) -> date:
    if episode.dyad.birth_date is None:
        raise NotNow(N_("This child is not born yet."), N_("The clocks of early intervention begin after the birth."))
    return episode.dyad.birth_date


def _check_runs(act: Act, episode: Episode) -> None:
    if not episode.runs_on(_today(act, episode)):
        raise NotNow(N_("The agency serves this family no more."), N_("Open the family again first."))


def _writer(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("A person writes this down."))
    return act.actor.person


def _today(act: Act, episode: Episode) -> date:
    return act.today(episode.organization.zone)
