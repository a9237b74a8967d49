"""What a program answers, what the family says of it on its own page, and what follows by itself: looked after again, taken back.

Each moves the referral through `referral_actions.move`, under its lock: of two answers at one moment one stands, and the other
is told how it stands now.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.access.models import AdultLink, OfficeLink
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import ConsentWithdrawn, LetterUndelivered, ListingMoved, ReferralMoved, WayChanged
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.services.referrals import office
from inmind.services.referrals import referral as rules
from inmind.services.referrals.actions import is_told, keep_try, look_again, move
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import By, State, Why
from inmind.services.referrals.told import words_now
from inmind.tasks import actions as tasks

FOLLOW, NOT_ARRIVED, SAYS, NO_MORE = "referral_open", "referral_letter", "referral_said", "referral_taken_back"
WAY, MOVED = "referral_way", "referral_moved"
NEXT, BACK = "referral_next", "referral_back"
OWED = (FOLLOW, NOT_ARRIVED, SAYS, NO_MORE, WAY, MOVED, NEXT, BACK)  # reasons of tasks


class Says(StrEnum):
    """What an adult says of a referral on her own page."""

    CALLED = "called"  # they called
    BEGUN = "begun"  # it has begun
    NOT_ON = "not_on"  # I would rather not go on


@action("services.answer", on="referral")
def answer(
    act: Act, *, referral: Referral, to: State, on: date, why: Why | None = None, note: str = "", **said: Any
) -> Referral:
    """The program says how a referral stands, in its inbox or by an office's link, while it may still be told about it.

    said: as in `referral_actions.move`. Raises NotNow where the family has taken it back, or where another answer came first.
    """
    check_answer(referral, act.now, to, said.get("caller", ""))
    by_link = act.actor.kind == "link"
    link = next((one.link for one in act.actor.standings), None) if by_link else None
    said_by = said.pop("said_by", "") or ("" if by_link else act.actor.name)
    move(act, referral, to, By.PROGRAM, on=on, why=why, note=note, said_by=said_by, link=link, **said)
    return referral


def check_answer(referral: Referral, now: datetime, to: State, caller: str) -> None:
    """What is asked of a program's own answer before the rules of every step: it may still be told, and a yes names who calls."""
    check_told(referral, now)
    if to is State.ACCEPTED and not text.tokens(caller):
        raise BadInput(
            N_("Who calls the family is missing."),
            N_("A name before the first call is what lets a family pick up. A first name is enough."),
            field="caller",
        )


def check_told(referral: Referral, now: datetime) -> None:
    """Raises NotNow where nothing of a referral under way may be told any more: whoever answers learns that, and no reason."""
    if office.is_under_way(referral) and not is_told(referral, now):
        raise NotNow(
            N_("This referral was taken back. Nothing of it is shown any more."),
            N_("There is nothing more to do. Call whoever sent it, if you have questions."),
        )


@action("services.say_code", on="referral")
def say_code(act: Act, *, referral: Referral, seed: str) -> OfficeLink:
    """Make a code to read out to a program over the telephone (`office_links.code_of` the seed); it opens the page on which it
    answers."""
    if not office.is_under_way(referral) or referral.by_family:
        raise NotNow(N_("There is nothing for the program to answer now."), N_("Send the referral first."))
    check_told(referral, act.now)
    office.check_recipient(referral)
    return office.open_code(act, referral, seed)


@action("services.say_by_link", on="link")
def say_by_link(act: Act, *, link: AdultLink, referral: Referral, says: Says) -> Referral:
    """An adult says on her own page how it goes. That she would rather not go on holds at once; what she says of the program
    waits for her worker to confirm. Raises NotNow where it is not hers, or has gone elsewhere meanwhile."""
    row = Referral.objects.select_for_update(of=("self",)).select_related("episode__organization").get(pk=referral.pk)
    is_hers = link.purpose == AdultLink.Purpose.OWN_PAGE and row.episode_id == link.episode
    if not is_hers or link.person_id not in (row.to_call_id, row.about_id) or not _is_open(row):
        raise NotNow(
            N_("This is not open here any more."), N_("Speak with your worker: they can tell you how it stands.")
        )
    act.concerns(row)
    today = act.today(row.episode.organization.zone)
    if says is Says.NOT_ON:
        if row.stands is State.STARTED:
            raise NotNow(N_("It has begun already."), N_("Tell the program, or your worker: nobody has to go on."))
        move(act, row, State.CLOSED, By.SENDER, on=today, why=Why.FAMILY_CHOSE_OTHERWISE)
        office.take_back(act, row)
    else:
        tried = ReferralStep.Tried.SAYS_CALLED if says is Says.CALLED else ReferralStep.Tried.SAYS_BEGUN
        if ReferralStep.objects.filter(referral=row, tried=tried, on=today).exists():
            return row  # said today already
        keep_try(act, row, tried, on=today, by=By.SENDER)
    _owe(act, row, SAYS, today)
    return row


def _is_open(row: Referral) -> bool:
    return office.is_under_way(row) and row.sent_on is not None


# What follows by itself


@action("jobs.look_after", on="referral")
def look_after(act: Act, *, referral: Referral) -> None:
    """Owe a look at a referral whose day has come and that is not connected yet; and know the next day. A program
    whose link is over is written to once more; where no consent stands any more, it cannot answer, and that is said too."""
    today = act.today(referral.episode.organization.zone)
    if referral.answer_by is None or referral.answer_by > today:
        return
    _owe(act, referral, FOLLOW, today)
    if is_told(referral, act.now):
        office.ask_again(act, referral)
    elif not referral.by_family:
        _owe(act, referral, NO_MORE, today)
    referral.answer_by = look_again(referral, today)
    referral.save(update_fields=["answer_by"])


def heed_move(act: Act, event: ReferralMoved) -> None:
    """Close what was owed and has come about: a letter that did not arrive, once the program answers; the next look, once the
    family is connected, or it is over."""
    state = State(event.to)
    if state.is_connected or state.is_over:
        done = [NOT_ARRIVED, FOLLOW, NO_MORE, MOVED]
    else:
        done = [] if state in {State.DRAFTED, State.SENT} else [NOT_ARRIVED, MOVED]
    if done:
        tasks.settle(act, _(rules.MOVED_ON), about_kind=office.KIND, about_id=event.referral, why__in=done)
    if state.is_over:
        tasks.settle(act, _(rules.MOVED_ON), about_kind=office.KIND, about_id=event.referral, why=WAY)
        office_links.end_about(act, office.PURPOSE, event.referral)
    if state is State.DECLINED:
        rows = Referral.objects.select_related("episode__organization", "listing", "about")
        row = rows.get(pk=event.referral)
        act.concerns(row)
        _owe(act, row, NEXT, act.today(row.episode.organization.zone) + office.AGAIN)
    elif state is State.SENT:  # somewhere else: what was to be looked for is found
        lost = Referral.objects.filter(about=event.subject, episode=event.episode, state=State.DECLINED.value)
        tasks.settle(act, _(rules.MOVED_ON), about_kind=office.KIND, about_id__in=lost.values("pk"), why=NEXT)


def heed_withdrawal(act: Act, event: ConsentWithdrawn) -> None:
    """A consent was taken back. What was told by it and has not begun is closed, and the program hears that there is nothing
    to do; what has begun runs on there, and no more is told. Its worker learns of both. Where another consent stands, nothing
    changes."""
    theirs = Q(consent=event.consent) | Q(to_call=event.subject, episode=event.episode)
    rows = Referral.objects.select_for_update(of=("self",)).filter(theirs)
    for row in rows.select_related("episode__organization", "listing", "about", "to_call").order_by("pk"):
        if not office.is_under_way(row) or is_told(row, act.now):
            continue
        act.concerns(row)
        today = act.today(row.episode.organization.zone)
        _owe(act, row, BACK, today)
        if row.stands is State.STARTED:
            office_links.end_about(act, office.PURPOSE, row.pk)
            continue
        move(act, row, State.CLOSED, By.SENDER, on=today, why=Why.CONSENT_WITHDRAWN)
        office.take_back(act, row)


def heed_way(act: Act, event: WayChanged) -> None:
    """A way that a program was told is not safe any more, or at other times. It reads so from now on, and may have written the
    old one down: whoever looks after the referral calls it."""
    rows = Referral.objects.filter(to_call=event.person, sent_on__isnull=False, by_family=False)
    for row in rows.select_related("episode__organization", "episode__dyad", "listing", "about", "to_call").order_by(
        "pk"
    ):
        if office.is_under_way(row) and is_told(row, act.now) and words_now(row).changed:
            act.concerns(row)
            _owe(act, row, WAY, act.today(row.episode.organization.zone))


def heed_letter(act: Act, event: LetterUndelivered) -> None:
    """The letter to a program did not arrive: whoever looks after the referral calls instead. Not red: nobody is in danger."""
    if event.about_kind != office.KIND:
        return
    row = Referral.objects.select_related("episode__organization", "listing", "about").filter(pk=event.about).first()
    if row is not None and row.stands is State.SENT:
        act.concerns(row)
        _owe(act, row, NOT_ARRIVED, act.today(row.episode.organization.zone))


def heed_listing(act: Act, event: ListingMoved) -> None:
    """A listing is said to be somebody else's, or to read its mail elsewhere. What was sent stays with whom it was sent to; a
    link that lies in a mailbox opens nothing any more, and whoever looks after it calls."""
    rows = Referral.objects.select_for_update(of=("self",)).filter(listing=event.listing, by_family=False)
    there = rows.filter(sent_on__isnull=False).exclude(state__in=[one.value for one in State if one.is_over])
    for row in there.select_related("episode__organization", "listing__provider", "about").order_by("pk"):
        if office.is_recipient(row) and (row.provider_id is not None or row.mail == row.listing.refer_mail):
            continue
        act.concerns(row)
        office_links.end_about(act, office.PURPOSE, row.pk)
        _owe(act, row, MOVED, act.today(row.episode.organization.zone))


def _owe(act: Act, row: Referral, why: str, due: date) -> None:
    to: Person = office.looks_after(row, due)
    tasks.owe(
        act,
        to=to,
        organization=row.episode.organization,
        subject=row.about,
        why=why,
        about_kind=office.KIND,
        about_id=row.pk,
        within=office.until_the_end_of(due, row),
        again=office.AGAIN,
    )
