"""A file or a paper of facts for somebody outside: asked for, made in parts by jobs, taken, and gone again.

The rule of every telling is asked before it begins, before each part and each time it is taken (`access/disclosing.py`), for
each of its recipients. Where it says no to one of them, nothing of it is left, and whoever asked for it reads what is missing
for whom. What answers an order of a court is asked of that decision instead (`subpoenas.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import consents, disclosing, policy
from inmind.access.act import Act, action
from inmind.access.consents import Answer, Asked, Days, Ground, Holder, Kind, Manner, NoConsent, Purpose
from inmind.access.models import Account, Disclosure
from inmind.access.queries import actor_for
from inmind.documents.paper import check_size
from inmind.families import queries, release_papers, releases
from inmind.families.actions.taking_part import born, check_taking_part
from inmind.families.models import Episode
from inmind.families.releases import Chosen, Entry, Form
from inmind.families.screen_words import speaks_of_a_screen
from inmind.families.subpoenas import Basis
from inmind.families.told_models import Release
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import Wanted, house
from inmind.foundation.values import N_
from inmind.people.models import Person

VERB = "families.release"
ANSWER = "families.answer_subpoena"
JOB = "families.release"
GONE = N_("This file is not there any more.")
SPEAKS = N_("A line of it speaks of somebody’s screen, and no release for a court holds one.")
ALL = Chosen()


@action(VERB, on="episode")
def release(
    act: Act,
    *,
    episode: Episode,
    person: Person,
    asked: Asked,
    language: str,
    form: Form = Form.TABLE,
    recipients: Sequence[str] = (),
    chosen: Chosen = ALL,
) -> Release:
    """Let a file or a paper be made of what somebody agreed may be told. recipients: all of them, where there are several.
    chosen: of a court's paper, line by line. Raises NoConsent with what is missing for whom, and BadInput for what such a paper
    never holds."""
    check_taking_part(episode, person)
    row = asked_for(act, episode, person, asked, language, form, recipients or (asked.recipient,), chosen)
    begin(act, row)
    return row


def asked_for(
    act: Act,
    episode: Episode,
    person: Person,
    asked: Asked,
    language: str,
    form: Form,
    recipients: Sequence[str],
    chosen: Chosen,
) -> Release:
    """The row of a file that is asked for, not kept yet. Raises BadInput."""
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
    return drafted(act.actor.person, episode, person, asked, language, form, recipients, chosen)


def drafted(
    by: UUID,
    episode: Episode,
    person: Person,
    asked: Asked,
    language: str,
    form: Form,
    recipients: Sequence[str],
    chosen: Chosen = ALL,
) -> Release:
    """The same to look at, before anybody asks for it. Raises BadInput."""
    named = [text.checked_line(one.strip(), 200, field="recipients") for one in recipients]
    releases.check(form, named, asked)
    return Release(
        form=form,
        about=person,
        episode=episode,
        recipients="\n".join(named),
        purpose=asked.purpose,
        kinds=disclosing.joined(asked.kinds),
        facts_since=asked.days.first,
        facts_until=asked.days.last,
        asked_by_id=by,
        language=language,
        parts=len(asked.kinds),
        chosen=json.dumps(asdict(chosen), ensure_ascii=False),
    )


def begin(act: Act, row: Release) -> None:
    """Keep what is asked for, and let its first part be made. Raises NoConsent with what is missing for whom."""
    if missing := not_told(row, act.now):
        raise NoConsent(missing)
    row.save()
    _next(act, row)


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
            made = chosen(row).leave(entries_of(row, Kind(row.kinds.split()[row.done]), act.now))
            row.lines = json.dumps([one.as_data() for one in (*entries(row), *made)], ensure_ascii=False)
            row.done += 1
            if any(speaks(row, one) for one in made):
                _stop(row, [_(SPEAKS), _("Leave that line out where you look at the release for a court.")])
        if row.state == Release.State.MAKING and row.done == row.parts:
            row.state, row.until = Release.State.READY, act.now + timedelta(hours=settings.RELEASE_HOURS)
            if row.form != Form.TABLE:
                _freeze(row, act.now)
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
def take_release(act: Act, *, release: Release, digest: str = "") -> tuple[Disclosure, ...]:
    """Take a file that is ready: each time is on record as told, to each of its recipients. digest: of the bytes of a paper,
    the same each time. Raises NoConsent where it may not be told any more."""
    return taken(act, release, digest)


def taken(act: Act, release: Release, digest: str) -> tuple[Disclosure, ...]:
    _check_mine(act, release)
    if release.state == Release.State.MAKING:
        raise NotNow(N_("This file is still being made."), N_("Look again in a moment."))
    if release.state != Release.State.READY or release.until is None or release.until <= act.now:
        raise NotNow(GONE, N_("Ask for it anew."))
    if release.digest and release.digest != digest:
        raise NotNow(
            N_("This paper would not be the same any more, byte for byte, as when it was first taken."),
            N_("Make it anew, and give the new one to everybody."),
        )
    if digest and not release.digest:
        release.digest = digest
        release.save()
    if missing := not_told(release, act.now):
        raise NoConsent(missing)
    today = act.today(release.episode.organization.zone)
    told = _by_order(release) if by_order(release) else {"ground": Ground.CONSENT}
    return tuple(
        disclosing.keep_disclosure(
            act,
            episode=release.episode_id,
            organization=release.episode.organization,
            asked=asked,
            holders=_holders(release, today),
            born=born(release.episode, release.about),
            manner=Manner.COPY,
            on=today,
            words=_what_left(release, asked),
            notice_went=True,  # they stand in the file itself
            is_first=not number,
            **told,
        )
        for number, asked in enumerate(askings(release))
    )


def _what_left(release: Release, asked: Asked) -> str:
    """What is written down as told: how many lines of which kinds, and for a paper its mark and the digest of its bytes."""
    count = sum(one.kind in asked.kinds for one in entries(release))
    words = ngettext("A file of %(n)s line: %(what)s.", "A file of %(n)s lines: %(what)s.", count) % {
        "n": count,
        "what": ", ".join(disclosing.kinds_said(disclosing.joined(asked.kinds))),
    }
    if not release.digest:
        return words
    paper = said(release)
    marks = _("%(title)s. Mark: %(mark)s. SHA-256 of the file: %(digest)s.") % {
        "title": paper["title"],
        "mark": paper["mark"],
        "digest": release.digest,
    }
    return f"{words} {marks}"


def _by_order(release: Release) -> dict[str, Any]:
    """By what it is told where that is no consent; the reason stands with the subpoena."""
    assert release.subpoena is not None
    reason = _("Answer to what %(sender)s sent, which came on %(day)s.") % {
        "sender": release.subpoena.sender,
        "day": clock.day(release.subpoena.came_on),
    }
    return {"ground": Ground.COURT_ORDER, "order": release.subpoena.order, "reason": reason}


@action("families.remove_release", on="release")
def remove_release(act: Act, *, release: Release) -> Release:
    """Remove a file before its time; where it may not be told any more, it says what is missing."""
    _check_mine(act, release)
    if release.is_open:
        end(release, act.now)
    return release


@action("jobs.end_releases")
def end_releases(act: Act) -> int:
    """Remove every file whose time is over, or that may not be told any more. Returns how many."""
    return sum(end(row, act.now, keeps=True) for row in _open())


@contextmanager
def looked_at_again(act: Act, episode: Episode, person: Person) -> Iterator[None]:
    """Around a change of what may be told about somebody: files about them that may not be told after it are removed with it.
    They are held before anything else, in the order in which taking one holds them."""
    held = list(_open(episode=episode, about=person))
    yield
    for row in held:
        end(row, act.now, keeps=True)


def asked_of(row: Release) -> Asked:
    """What is asked for its first recipient."""
    return Asked(
        row.about_id,
        row.named[0],
        Purpose(row.purpose),
        frozenset(map(Kind, row.kinds.split())),
        Days(row.facts_since, row.facts_until),
        about_child=row.about_id == row.episode.dyad.child_id,
    )


def askings(row: Release) -> list[Asked]:
    return releases.askings(Form(row.form), row.named, asked_of(row))


def by_order(row: Release) -> bool:
    """Whether it answers an order of a court, and no consent is asked for."""
    return row.subpoena is not None and row.subpoena.rests_on == Basis.ORDER


def answers(row: Release, now: datetime) -> list[tuple[Asked, Answer]]:
    """What the rule of every telling says at this moment, for each recipient and each law."""
    here = now.astimezone(ZoneInfo(row.episode.organization.zone))
    holders, birth = _holders(row, here.date()), born(row.episode, row.about)
    if by_order(row):
        return [
            (one, Answer(may=gap is None, missing=(gap,) if gap else ()))
            for one in askings(row)
            for gap in [consents.barred(one, Ground.COURT_ORDER)]
        ]
    return [(one, disclosing.may_tell(row.episode_id, one, holders, birth, here)) for one in askings(row)]


def not_told(row: Release, now: datetime) -> list[str]:
    """Why it may not be told at this moment: what is missing, and where there are several recipients for whom."""
    found = []
    for asked, answer in answers(row, now):
        for one in answer.missing:
            words = disclosing.said(one)
            found.append(f"{asked.recipient}: {words}" if len(row.named) > 1 else words)
    return list(dict.fromkeys((*found, *_not_theirs(row))))


def _not_theirs(row: Release) -> Iterator[str]:
    """Of what is asked for, what whoever asks may not read themselves; a court's asking is a task that opens it."""
    verbs = {one.verb for one in house.told_outside if one.verb and one.kind in row.kinds.split()}
    if not verbs or row.subpoena is not None:
        return
    account = Account.objects.filter(person=row.asked_by_id).first()
    for verb in sorted(verbs):
        verdict = policy.can(actor_for(account, second_factor=True), verb, row.episode) if account else None
        if not verdict:
            yield _(verdict.sentence) if verdict is not None else _("Who asked for this file has no account any more.")


def closed(actor: Any, episode: Episode) -> dict[Kind, str]:
    """The kinds that an actor puts into no file of an episode, each with the sentence that says why: what they may not read
    themselves (`_not_theirs`). A page does not offer them."""
    found = {}
    for one in house.told_outside:
        if one.verb and not (verdict := policy.can(actor, one.verb, episode)):
            found[Kind(one.kind)] = _(verdict.sentence)
    return found


def may_leave(row: Release, now: datetime) -> bool:
    """Whether a file is ready, within its time, and may be told at this moment."""
    return row.until is not None and now < row.until and not not_told(row, now)


def entries(row: Release) -> list[Entry]:
    """The lines of a file that were made so far."""
    return [Entry.from_data(one) for one in json.loads(row.lines or "[]")]


def said(row: Release) -> dict[str, Any]:
    """All that a paper says, once it is whole."""
    return json.loads(row.said or "{}")


def drawn(row: Release, lines: Sequence[Entry], now: datetime) -> dict[str, Any]:
    """All that a paper would say of these lines, made at this moment."""
    return release_papers.said(row, lines, answers(row, now), now)


def lines_of(row: Release, now: datetime) -> list[Entry]:
    """All that it could hold at this moment, also what was chosen to be left out."""
    return [one for kind in row.kinds.split() for one in entries_of(row, Kind(kind), now)]


def chosen(row: Release) -> Chosen:
    return Chosen(**json.loads(row.chosen or "{}"))


def speaks(row: Release, line: Entry) -> bool:
    """Whether a line of a court's paper speaks of somebody's screen, which no such paper holds."""
    names = (name for room in house.screen_names for name in room())
    return row.purpose in consents.PROCEEDINGS and speaks_of_a_screen(line.words, names)


def _holders(row: Release, on: date) -> Sequence[Holder]:
    return [holder for holder, _ask in queries.may_agree(row.episode, row.about, on)]


def entries_of(row: Release, kind: Kind, now: datetime) -> list[Entry]:
    """What the rooms keep of one kind, as whoever agreed to it may let it be told."""
    by = next((answer.consent for asked, answer in answers(row, now) if kind in asked.kinds), None)
    wanted = Wanted(
        row.episode, row.about, row.facts_since, row.facts_until, by.given_by.person if by is not None else None
    )
    lines = [line for one in house.told_outside if one.kind == kind for line in one.lines(wanted)]
    named = chosen(row).places if row.purpose in consents.PROCEEDINGS else None
    return releases.entries(kind, lines, Days(row.facts_since, row.facts_until), named)


def _missing(row: Release, now: datetime) -> list[str]:
    """Why a file may not be told at this moment: what its consents are missing, or that who asked serves the family no more."""
    missing = not_told(row, now)
    account = Account.objects.filter(person=row.asked_by_id).first()
    verb, on = (ANSWER, row.subpoena) if row.subpoena is not None else (VERB, row.episode)
    verdict = policy.can(actor_for(account, second_factor=True), verb, on) if account is not None else None
    if verdict:
        return missing
    words = (
        _("Who asked for this file does not answer for it any more.")
        if row.subpoena is not None
        else _("Who asked for this file is not on the care team any more.")
    )
    return [*missing, words]


def _freeze(row: Release, now: datetime) -> None:
    """Keep all that a paper says from now on; one that is too long is stopped, before anybody would take it."""
    looked = chosen(row).looked
    if looked and looked != releases.mark_of_lines(entries(row)):
        _stop(row, [_("Something was written down since you looked at it. Look at it anew.")])
        return
    paper = release_papers.said(row, entries(row), answers(row, now), now)
    try:
        check_size(paper)
    except BadInput as refusal:
        _stop(row, map(_, refusal.sentences))
    else:
        row.said = json.dumps(paper, ensure_ascii=False)


def _stop(row: Release, missing: Iterable[str]) -> None:
    row.state, row.lines, row.said, row.until, row.digest = Release.State.STOPPED, None, None, None, ""
    row.chosen = None
    row.stopped = " ".join(missing)


def end(row: Release, now: datetime, *, keeps: bool = False) -> bool:
    """Remove a file; keeps: only where its time is over or it may not be told any more. Whether it was removed."""
    with translation.override(row.language):
        missing = _missing(row, now)
    if missing:
        _stop(row, missing)
    elif not keeps or (row.until is not None and row.until <= now):
        row.state, row.lines, row.said, row.digest, row.chosen = Release.State.OVER, None, None, "", None
    else:
        return False
    row.save()
    return True


def _next(act: Act, row: Release) -> None:
    act.later(JOB, {"release": str(row.pk), "part": row.done}, key=f"release:{row.pk}:{row.done}")


def _held(pk: UUID) -> Release:
    rows = Release.objects.select_related("episode__dyad", "episode__organization", "about", "subpoena")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _open(**of: object) -> Iterator[Release]:
    rows = Release.objects.filter(state__in=(Release.State.MAKING, Release.State.READY), **of)
    rows = rows.select_related("episode__dyad", "episode__organization", "about", "subpoena")
    return iter(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _check_mine(act: Act, row: Release) -> None:
    if row.asked_by_id != act.actor.person:
        raise NotNow(N_("Only who asked for this file takes it."), N_("Ask for a file of your own."))
