"""A file of facts for somebody outside: asked for, made in parts by jobs, taken, and gone again.

The rule of every telling is asked before it begins, before each part and each time it is taken (`access/disclosing.py`).
Where it says no, nothing of the file is left, and whoever asked for it reads what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import disclosing, policy
from inmind.access.act import Act, action
from inmind.access.consents import Answer, Asked, Days, Ground, Holder, Kind, Manner, NoConsent, Purpose
from inmind.access.models import Account, Disclosure
from inmind.access.queries import actor_for
from inmind.families import queries, releases
from inmind.families.actions.taking_part import born, check_taking_part
from inmind.families.models import Episode
from inmind.families.releases import Entry
from inmind.families.told_models import Release
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import Wanted, house
from inmind.foundation.values import N_
from inmind.people.models import Person

VERB = "families.release"
JOB = "families.release"
GONE = N_("This file is not there any more.")


@action(VERB, on="episode")
def release(act: Act, *, episode: Episode, person: Person, asked: Asked, language: str) -> Release:
    """Let a file be made of what somebody agreed may be told. Raises NoConsent with what is missing."""
    check_taking_part(episode, person)
    if asked.days.last is None or asked.days.last < asked.days.first:
        raise BadInput(
            N_("The days of these facts are not whole."),
            N_("The last day is the first one or lies after it."),
            field="facts_until",
        )
    if not asked.kinds:
        raise BadInput(N_("It is not said what goes into the file."), N_("Choose at least one."), field="kinds")
    if act.actor.person is None:
        raise NotNow(N_("A person asks for a file, and takes it."))
    row = Release(
        about=person,
        episode=episode,
        recipient=text.checked(asked.recipient.strip(), 200, field="recipient"),
        purpose=asked.purpose,
        kinds=disclosing.joined(asked.kinds),
        facts_since=asked.days.first,
        facts_until=asked.days.last,
        asked_by_id=act.actor.person,
        language=language,
        parts=len(asked.kinds),
    )
    if not (answer := may(row, act.now)):
        raise NoConsent([disclosing.said(one) for one in answer.missing])
    row.save()
    _next(act, row)
    return row


@action("jobs.release_part")
def release_part(act: Act, *, release_id: UUID, part: int) -> Release:
    """Make the next part, if nobody has since, or stop where it may not be told any more."""
    row = _held(release_id)
    if row.state != Release.State.MAKING or row.done != part:
        return row
    with translation.override(row.language):
        if missing := _missing(row, act.now):
            _stop(row, missing)
        else:
            kept = [*entries(row), *_entries_of(row, asked_of(row), act.now)]
            row.lines = json.dumps([one.as_data() for one in kept], ensure_ascii=False)
            row.done += 1
    if row.state == Release.State.MAKING and row.done == row.parts:
        row.state, row.until = Release.State.READY, act.now + timedelta(hours=settings.RELEASE_HOURS)
    row.save()
    if row.state == Release.State.MAKING:
        _next(act, row)
    return row


@action("jobs.release_failed")
def release_failed(act: Act, *, release_id: UUID) -> Release:
    """A part could not be made, however often it was tried: nothing of the file is left, and it says so."""
    row = _held(release_id)
    if row.state == Release.State.MAKING:
        with translation.override(row.language):
            _stop(row, [_("This file could not be made. Ask your administrator, and tell it in another way.")])
        row.save()
    return row


@action("families.take_release", on="release")
def take_release(act: Act, *, release: Release) -> Disclosure:
    """Take a file that is ready: each time is on record as told. Raises NoConsent where it may not be told any more."""
    _check_mine(act, release)
    if release.state == Release.State.MAKING:
        raise NotNow(N_("This file is still being made."), N_("Look again in a moment."))
    if release.state != Release.State.READY or release.until is None or release.until <= act.now:
        raise NotNow(GONE, N_("Ask for it anew."))
    asked, today = asked_of(release), act.today(release.episode.organization.zone)
    count = len(entries(release))
    words = ngettext("A file of %(n)s line: %(what)s.", "A file of %(n)s lines: %(what)s.", count)
    return disclosing.keep_disclosure(
        act,
        episode=release.episode_id,
        organization=release.episode.organization,
        asked=asked,
        holders=_holders(release, today),
        born=born(release.episode, release.about),
        ground=Ground.CONSENT,
        manner=Manner.COPY,
        on=today,
        words=words % {"n": count, "what": ", ".join(disclosing.kinds_said(release.kinds))},
        notice_went=True,  # they stand in the file itself
    )


@action("families.remove_release", on="release")
def remove_release(act: Act, *, release: Release) -> Release:
    """Remove a file before its time; where it may not be told any more, it says what is missing."""
    _check_mine(act, release)
    if release.is_open:
        _end(release, act.now)
    return release


@action("jobs.end_releases")
def end_releases(act: Act) -> int:
    """Remove every file whose time is over, or that may not be told any more. Returns how many."""
    return sum(_end(row, act.now, keeps=True) for row in _open())


@contextmanager
def looked_at_again(act: Act, episode: Episode, person: Person) -> Iterator[None]:
    """Around a change of what may be told about somebody: files about them that may not be told after it are removed with it.
    They are held before anything else, in the order in which taking one holds them."""
    held = list(_open(episode=episode, about=person))
    yield
    for row in held:
        _end(row, act.now, keeps=True)


def asked_of(row: Release) -> Asked:
    return Asked(
        row.about_id,
        row.recipient,
        Purpose(row.purpose),
        frozenset(map(Kind, row.kinds.split())),
        Days(row.facts_since, row.facts_until),
        about_child=row.about_id == row.episode.dyad.child_id,
    )


def may(row: Release, now: datetime) -> Answer:
    """What the rule of every telling says to a file at this moment."""
    here = now.astimezone(ZoneInfo(row.episode.organization.zone))
    return disclosing.may_tell(
        row.episode_id, asked_of(row), _holders(row, here.date()), born(row.episode, row.about), here
    )


def may_leave(row: Release, now: datetime) -> bool:
    """Whether a file is ready, within its time, and may be told at this moment."""
    return row.until is not None and now < row.until and bool(may(row, now))


def entries(row: Release) -> list[Entry]:
    """The lines of a file that were made so far."""
    return [Entry.from_data(one) for one in json.loads(row.lines or "[]")]


def _holders(row: Release, on: date) -> Sequence[Holder]:
    return [holder for holder, _ask in queries.may_agree(row.episode, row.about, on)]


def _entries_of(row: Release, asked: Asked, now: datetime) -> list[Entry]:
    """The next part: what the rooms keep of the next kind."""
    kind = Kind(row.kinds.split()[row.done])
    by = may(row, now).consent
    wanted = Wanted(
        row.episode, row.about, row.facts_since, row.facts_until, by.given_by.person if by is not None else None
    )
    lines = [line for one in house.told_outside if one.kind == kind for line in one.lines(wanted)]
    return releases.entries(kind, lines, asked.days)


def _missing(row: Release, now: datetime) -> list[str]:
    """Why a file may not be told at this moment: what its consent is missing, or that who asked serves the family no more."""
    missing = [disclosing.said(one) for one in may(row, now).missing]
    account = Account.objects.filter(person=row.asked_by_id).first()
    verdict = policy.can(actor_for(account, second_factor=True), VERB, row.episode) if account is not None else None
    return missing if verdict else [*missing, _("Who asked for this file is not on the care team any more.")]


def _stop(row: Release, missing: Iterable[str]) -> None:
    row.state, row.lines, row.until = Release.State.STOPPED, None, None
    row.stopped = " ".join(missing)


def _end(row: Release, now: datetime, *, keeps: bool = False) -> bool:
    """Remove a file; keeps: only where its time is over or it may not be told any more. Whether it was removed."""
    with translation.override(row.language):
        missing = _missing(row, now)
    if missing:
        _stop(row, missing)
    elif not keeps or (row.until is not None and row.until <= now):
        row.state, row.lines = Release.State.OVER, None
    else:
        return False
    row.save()
    return True


def _next(act: Act, row: Release) -> None:
    act.later(JOB, {"release": str(row.pk), "part": row.done}, key=f"release:{row.pk}:{row.done}")


def _held(pk: UUID) -> Release:
    rows = Release.objects.select_related("episode__dyad", "episode__organization", "about")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _open(**of: object) -> Iterator[Release]:
    rows = Release.objects.filter(state__in=(Release.State.MAKING, Release.State.READY), **of)
    rows = rows.select_related("episode__dyad", "episode__organization", "about")
    return iter(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _check_mine(act: Act, row: Release) -> None:
    if row.asked_by_id != act.actor.person:
        raise NotNow(N_("Only who asked for this file takes it."), N_("Ask for a file of your own."))
