"""The changes of a referral: drafted, sent by a consent, moved from one state to the next, and what was tried on the way.

Whoever answers, worker, program's inbox or mailed link, comes through `move`: under the referral's lock the pure table of
states says whether there is such a way, so that two answers of one moment make one outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.access import disclosing
from inmind.access.act import Act, action
from inmind.access.consents import Answer, Asked, Days, Ground, Holder, Kind, Manner, NoConsent, Purpose
from inmind.access.privacy import stop_if_erased
from inmind.families import queries as families
from inmind.families.actions.taking_part import born, check_taking_part
from inmind.families.models import Episode
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import ReferralMoved
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.services.listings.listing import Standing
from inmind.services.listings.models import Listing
from inmind.services.referrals import office, places
from inmind.services.referrals import referral as rules
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import By, State, Why
from inmind.services.referrals.told import is_unsafe
from inmind.services.referrals.told import told as lines_of
from inmind.services.settled import terms

# What follows in this room when a referral moves, within the same transaction: `follows(act, referral, to, on)`.
FOLLOWS: list[Callable[[Act, Referral, State, date], None]] = []
ALWAYS_TOLD = frozenset({Kind.SERVED, Kind.WHEREABOUTS})  # no program can call anybody without them
FREE = ("hopes", "tells", "reach")


@action("services.draft", on="episode")
def draft(
    act: Act,
    *,
    episode: Episode,
    about: Person,
    to_call: Person,
    listing: Listing,
    purpose: Purpose = Purpose.CARE,
    by_family: bool = False,
    is_early_intervention: bool = False,
    hopes: str = "",
    tells: str = "",
    reach: str = "",
) -> Referral:
    """Begin a referral of one person of this family to a listing. Nothing is told to anybody yet.

    to_call: the adult whom the program calls. by_family: the family carries it there itself, so that nothing is told by us.
    """
    check_taking_part(episode, about, to_call)
    _check_runs(act, episode)
    if to_call.pk == episode.dyad.child_id:
        raise BadInput(N_("A child is not called."), N_("Choose the adult whom the program calls."), field="to_call")
    if about.pk not in {to_call.pk, episode.dyad.child_id}:
        raise BadInput(
            N_("A program calls the adult for whom it is, or the child's."),
            N_("Choose one of the two."),
            field="to_call",
        )
    _check_listing(act, listing, episode)
    there = Referral.objects.filter(about=about, episode=episode, listing=listing)
    if there.exclude(state__in=_OVER).exists():
        raise NotNow(
            N_("This person is referred there already."), N_("Go on with the referral that stands, or close it first.")
        )
    row = Referral(
        about=about,
        episode=episode,
        to_call=to_call,
        listing=listing,
        recipient=listing.recipient,
        program=listing.program,
        purpose=purpose,
        by_family=by_family,
        is_early_intervention=is_early_intervention,
        worker_id=_worker(act),
        state_on=act.today(episode.organization.zone),
        **_words(hopes=hopes, tells=tells, reach=reach),
    )
    _check_reach(row)
    row.save()
    _step(act, row, State.DRAFTED, By.SENDER, row.state_on)
    return row


@action("services.change_draft", on="referral")
def change_draft(act: Act, *, referral: Referral, by_family: bool | None = None, **words: str) -> Referral:
    """Change what a draft says. words: hopes, tells, reach. What was sent stands as it was sent."""
    if referral.stands is not State.DRAFTED:
        raise NotNow(N_("This referral was sent already."), N_("What was sent stands as it was sent."))
    if by_family is not None:
        referral.by_family = by_family
    for name, words_said in _words(**words).items():
        setattr(referral, name, words_said)
    _check_reach(referral)
    referral.save()
    return referral


@action("services.send", on="referral")
def send(act: Act, *, referral: Referral) -> Referral:
    """Send it. What it tells is told by one consent that permits it now and is on record as told; else NoConsent says what is
    missing. Where the family carries it itself, nothing is told by us."""
    episode, today = referral.episode, act.today(referral.episode.organization.zone)
    stop_if_erased([referral.about_id, referral.to_call_id])
    _check_runs(act, episode)
    _check_listing(act, referral.listing, episode)
    if not referral.by_family:
        office.check_recipient(referral)
        _check_reach(referral)
        if not (answer := may_tell(referral, act.now)):
            raise NoConsent([disclosing.said(one) for one in answer.missing])
        asked = asked_of(referral, today)
        told = disclosing.keep_disclosure(
            act,
            episode=episode.pk,
            organization=episode.organization,
            asked=asked,
            holders=holders(referral, today),
            born=born(episode, referral.about),
            ground=Ground.CONSENT,
            manner=Manner.PAGE,
            on=today,
            words=_told_words(referral),
        )
        referral.consent_id, referral.kinds = told.consent_id, disclosing.joined(asked.kinds)
        referral.provider, referral.mail = referral.listing.provider, referral.listing.refer_mail
    referral.sent_on = today
    move(act, referral, State.SENT, By.SENDER, on=today)
    office.ask(act, referral)
    return referral


@action("services.note_step", on="referral")
def note_step(
    act: Act, *, referral: Referral, to: State, on: date, why: Why | None = None, note: str = "", **said: Any
) -> Referral:
    """Write down how a referral stands now, as the program or the family told it to somebody who works here.

    said: as in `move`. What the program says is the program's, also where somebody here writes it down, and is kept whatever
    was counted.
    """
    by = By.SENDER if to is State.CLOSED else By.PROGRAM
    move(act, referral, to, by, on=on, why=why, note=note, has_room=True, **said)
    return referral


@action("services.note_try", on="referral")
def note_try(
    act: Act,
    *,
    referral: Referral,
    tried: ReferralStep.Tried,
    on: date,
    at: time | None = None,
    said_by: str = "",
    cancelled_by: str = "",
    note: str = "",
) -> ReferralStep:
    """Write down what was tried on the way, which moves a referral nowhere: a call that reached nobody, an appointment, one
    that did not come about and who cancelled it; that the family met the program's worker (said_by) together with ours."""
    if tried is ReferralStep.Tried.INTRODUCED and not said_by.strip():
        raise BadInput(
            N_("Who of the program was there is missing."), N_("A name is enough, as they say it."), field="said_by"
        )
    return keep_try(
        act,
        referral,
        tried,
        on=on,
        by=By.SENDER,
        cancelled_by=cancelled_by,
        note=note,
        said_by=said_by,
        at=at,
    )


def move(
    act: Act,
    referral: Referral,
    to: State,
    by: By,
    *,
    on: date,
    why: Why | None = None,
    note: str = "",
    said_by: str = "",
    link: UUID | None = None,
    caller: str = "",
    calls_on: date | None = None,
    calls_said: str = "",
    waits_until: date | None = None,
    has_room: bool = False,
) -> ReferralStep:
    """Move a referral that is locked. Raises NotNow for a way that there is none, BadInput for a wrong reason or day.

    caller, calls_on, calls_said: who of the program calls first, when, and what they say of themselves; waits_until: the day
    the program named for a place; has_room: that there is a place for this family though none is counted free (`places.py`).
    """
    today = act.today(referral.episode.organization.zone)
    check_step(referral, to, by, why, on=on, today=today, calls_on=calls_on, waits_until=waits_until)
    before = referral.stands
    places.count(referral, to, has_room=has_room)
    referral.state, referral.state_on, referral.why = to.value, on, why.value if why else ""
    if caller or calls_on is not None:
        referral.caller = text.checked_line(caller.strip(), 120, field="caller")
        referral.calls_said = text.checked_line(calls_said.strip(), 300, field="calls_said")
        referral.calls_on = calls_on
    if to is State.WAITLISTED or waits_until is not None:
        referral.waits_until = waits_until
    step = _step(act, referral, to, by, on, why=why, note=note, said_by=said_by, link=link)
    referral.answer_by = look_again(referral, on)
    referral.save()
    for follows in FOLLOWS:
        follows(act, referral, to, on)
    act.announce(
        ReferralMoved(
            referral=referral.pk, subject=referral.about_id, episode=referral.episode_id, before=before, to=to
        )
    )
    return step


def check_step(
    referral: Referral, to: State, by: By, why: Why | None, *, on: date, today: date, **days: date | None
) -> None:
    """Whether a referral may come into a state, before anything is kept. days: `calls_on`, `waits_until`. Raises as `move`."""
    rules.check_move(referral.stands, to, by, why, on=on, today=today, since=referral.state_on)
    for name, day in days.items():
        if day is not None and day < on:
            raise BadInput(N_("This day lies before the answer itself."), N_("It is a day to come."), field=name)
        rules.check_ahead(day, today, settings.DAYS_AHEAD, field=name)


def keep_try(
    act: Act,
    referral: Referral,
    tried: ReferralStep.Tried,
    *,
    on: date,
    by: By,
    cancelled_by: str = "",
    note: str = "",
    said_by: str = "",
    at: time | None = None,
    link: UUID | None = None,
) -> ReferralStep:
    """Keep what was tried for a referral that is locked. Raises NotNow where it is not under way, BadInput for a wrong day."""
    today = act.today(referral.episode.organization.zone)
    if referral.stands is State.DRAFTED or referral.stands.is_over:
        raise NotNow(N_("This referral is not under way."), N_("Look at how it stands now."))
    if on > today and tried is not ReferralStep.Tried.BOOKED:
        raise BadInput(N_("This day lies in the future."), N_("It is dated on the day it happened."), field="on")
    rules.check_ahead(on, today, settings.DAYS_AHEAD, field="on")
    if cancelled_by not in {"", "family", "program"}:
        raise BadInput(N_("This is not who cancelled."), N_("Choose from the list."), field="cancelled_by")
    step = _step(act, referral, referral.stands, by, on, note=note, said_by=said_by, link=link)
    step.tried, step.cancelled_by, step.at = tried, cancelled_by, at
    step.save()
    return step


def asked_of(referral: Referral, on: date) -> Asked:
    """What a referral tells, as the one rule of every telling is asked (`access/consents.py`): facts of the day on which it
    was sent, however late they are read."""
    on = referral.sent_on or on
    said = {Kind.SAID} if referral.hopes or referral.tells else set()
    return Asked(
        referral.about_id,
        referral.recipient,
        Purpose(referral.purpose),
        ALWAYS_TOLD | said,
        Days(on, on),
        about_child=referral.about_id == referral.episode.dyad.child_id,
    )


def asked_of_her(referral: Referral, on: date) -> Asked:
    """What a referral tells of the adult whom it calls, where it is about a child: that she is there, and how she is reached."""
    return Asked(
        referral.to_call_id, referral.recipient, Purpose(referral.purpose), frozenset({Kind.WHEREABOUTS}), Days(on, on)
    )


def may_tell(referral: Referral, now: datetime) -> Answer:
    """What the rule of every telling says to a referral at this moment: before it is sent, and each time that it is read. Where
    somebody else agreed for the child, the adult whom it calls says yes to that herself."""
    answer = may_tell_about(referral, now)
    giver = answer.consent.given_by.person if answer.consent is not None else None
    if not answer or referral.to_call_id in {referral.about_id, giver}:
        return answer
    here = now.astimezone(ZoneInfo(referral.episode.organization.zone))
    may = [holder for holder, _ask in families.may_agree(referral.episode, referral.to_call, here.date())]
    hers = disclosing.may_tell(referral.episode_id, asked_of_her(referral, here.date()), may, None, here)
    return answer if hers else hers


def may_tell_about(referral: Referral, now: datetime) -> Answer:
    """The same of whom it is about alone, a child or the adult herself."""
    here = now.astimezone(ZoneInfo(referral.episode.organization.zone))
    asked = asked_of(referral, here.date())
    return disclosing.may_tell(
        referral.episode_id,
        asked,
        holders(referral, here.date()),
        born(referral.episode, referral.about),
        here,
    )


def is_told(referral: Referral, now: datetime) -> bool:
    """Whether its program may read it at this moment, on its page, by a link, on a sheet or on paper: it is under way, the
    family is served, nobody of whom it tells is erased, and the consent that stands permits it still."""
    if referral.consent_id is None or not office.is_under_way(referral):
        return False
    if referral.about.erased_at is not None or referral.to_call.erased_at is not None:
        return False
    until = referral.episode.until
    here = now.astimezone(ZoneInfo(referral.episode.organization.zone)).date()
    return (until is None or here < until) and bool(may_tell(referral, now))


def holders(referral: Referral, on: date) -> list[Holder]:
    return [holder for holder, _ask in families.may_agree(referral.episode, referral.about, on)]


_OVER = [one.value for one in State if one.is_over]


def _step(
    act: Act, referral: Referral, state: State, by: By, on: date, *, why: Why | None = None, **said: Any
) -> ReferralStep:
    note, said_by = said.get("note", ""), said.get("said_by", "")
    return ReferralStep.objects.create(
        referral=referral,
        about_id=referral.about_id,
        number=ReferralStep.objects.filter(referral=referral).count() + 1,
        state=state.value,
        on=on,
        by=by.value,
        why=why.value if why else "",
        person_id=act.actor.person if said.get("link") is None else None,
        said_by=text.checked_line(said_by.strip(), 120, field="said_by"),
        link=said.get("link"),
        note=text.checked(note.strip(), 1000, field="note") or None,
    )


def look_again(referral: Referral, on: date) -> date | None:
    """When somebody looks after it next: the first follow-up that is still to come; once it is connected or over, never."""
    if referral.sent_on is None or referral.stands.is_connected or referral.stands.is_over:
        return None
    days = (referral.sent_on + timedelta(number) for number in sorted(settings.FOLLOW_UP_DAYS))
    return next((day for day in days if day > on), None)


def _words(**said: str) -> dict[str, str | None]:
    most = {"hopes": 2000, "tells": 2000, "reach": 500}
    if wrong := said.keys() - most.keys():
        raise TypeError(f"a referral has no words {wrong}")
    return {name: text.checked(words.strip(), most[name], field=name) or None for name, words in said.items()}


def _told_words(referral: Referral) -> str:
    """To which program, and what of it stood there: by name, not word by word."""
    return f"{referral.listing.name}: {', '.join(one['term'] for one in lines_of(referral))}"


def _worker(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person refers a family."))
    return act.actor.person


def _check_runs(act: Act, episode: Episode) -> None:
    if not episode.runs_on(act.today(episode.organization.zone)):
        raise NotNow(N_("The agency serves this family no more."), N_("A referral belongs to care that runs."))


def _check_reach(referral: Referral) -> None:
    """Raises BadInput where words that leave the house tell a way that is not safe, also one that became so since."""
    if is_unsafe(referral, *(getattr(referral, name) or "" for name in FREE)):
        raise BadInput(
            N_("These words tell a way to reach somebody that is not known to be safe."),
            N_("Only ways that were said to be safe are told. Take it out, or ask her and write down what she says."),
            field="reach",
        )


def _check_listing(act: Act, listing: Listing, episode: Episode) -> None:
    term, grace = terms()
    if listing.as_listing.stands(act.today(episode.organization.zone), term, grace) is Standing.EXPIRED:
        raise NotNow(
            N_("Nobody has confirmed this listing for a long time, or it has closed."),
            N_("Ask the program whether it still holds, and write that down on the listing."),
        )
