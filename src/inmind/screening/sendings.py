"""What was sent to somebody, read: what of it she can be asked now, where she stands, and what may be sent at all.

Whether a wording may be used, whether somebody could answer a crisis, and the child's age are asked anew at each request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.models import AdultLink
from inmind.families import queries as families
from inmind.families.ages import ages
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.values import N_, Verdict
from inmind.people import reaching
from inmind.people.models import Contact, Person
from inmind.records.queries import spoken
from inmind.screening import queries, sending
from inmind.screening.adapters.catalog import catalog
from inmind.screening.check_in_models import CheckIn
from inmind.screening.due import child_of
from inmind.screening.errors import NoRuleForAge
from inmind.screening.house_wordings import found, of
from inmind.screening.instruments import Instrument
from inmind.screening.models import HouseWording, Screen, Sending, SendingPart
from inmind.screening.wording import WordedItem, Wording

NOBODY_ANSWERS = N_(
    "It asks about thoughts of self-harm, and nobody is on call for this agency, nor has it a supervisor. "
    "Ask the supervisor to name who is on call."
)
NOT_THIS_AGE = N_("It is not for the child’s age today.")
NO_RULES = N_("The rules it was chosen with are not installed here.")
YES = Verdict(True, N_("It can be sent."))


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it can be asked at this moment; `asked` has no places where it cannot, and `verdict` says why."""

    row: SendingPart
    asked: sending.Asked
    verdict: Verdict
    instrument: Instrument | None = None
    wording: Wording | None = None

    def item(self, place: int) -> WordedItem | None:
        """The words of the question at a place from 1; None for a check-in."""
        return self.wording.item(self.asked.places[place - 1]) if self.wording else None


def link_of(sent: Sending) -> AdultLink | None:
    """The latest link by which she was to answer; None where none was made yet."""
    return AdultLink.objects.filter(about=sent.pk).order_by("-created_at", "-pk").first()


def is_running(link: AdultLink | None) -> bool:
    return link is not None and link.ended_at is None and clock.now() < link.expires_at


def until_said(link: AdultLink, zone: str) -> str:
    """The day on which a link opens something for the last time."""
    return clock.day(link.expires_at.astimezone(ZoneInfo(zone)).date())


def parts_of(sent: Sending) -> list[Part]:
    """Every part in its order, as it can be asked today."""
    rows = list(sent.parts.select_related("screen", "screen__episode__dyad"))
    can_be_answered = families.can_be_answered(sent.episode.organization)
    return [_part(sent, row, can_be_answered) for row in rows]


def asked(parts: Sequence[Part]) -> list[sending.Asked]:
    return [part.asked for part in parts]


def _part(sent: Sending, row: SendingPart, can_be_answered: bool) -> Part:
    if row.is_check_in:
        passed = {sending.CHECK_IN} if row.passed_at else set()
        return Part(row, sending.Asked(row.number, (sending.CHECK_IN,), passed), YES)
    nothing = sending.Asked(row.number, ())
    instrument = catalog().of(row.instrument, row.edition)
    if instrument is None:
        return Part(row, nothing, Verdict(False, NO_RULES))
    screen = row.screen
    if screen is not None and screen.state != Screen.State.OPEN:
        return Part(row, nothing, YES, instrument)
    wording, verdict = may_ask(
        sent.episode, instrument, language=sent.language, on=_today(sent.episode), can_be_answered=can_be_answered
    )
    if wording is None:
        return Part(row, nothing, verdict, instrument)
    keys = _keys(sent.episode, instrument, screen)
    places = tuple(item.key for item in wording.items if item.key in keys)
    touched = frozenset(screen.answers) if screen is not None else frozenset()
    return Part(row, sending.Asked(row.number, places, touched), verdict, instrument, wording)


def wording_of(row: SendingPart, pk: str) -> Wording | None:
    """The words that a page showed, by their id, also where others take their place by now: what was pressed is read in what
    was shown. None for what is no wording of this part."""
    try:
        there = HouseWording.objects.filter(pk=UUID(pk), instrument=row.instrument).first()
    except ValueError:
        return None
    return of(there) if there is not None else None


def may_ask(
    episode: Episode, instrument: Instrument, *, language: str, on: date, can_be_answered: bool
) -> tuple[Wording | None, Verdict]:
    """The wording in which an instrument may be asked by a link on a day; else None and why."""
    if not instrument.fits_a_page:
        return None, instrument.fits_a_page
    if instrument.asks_about_safety and not can_be_answered:
        return None, Verdict(False, NOBODY_ANSWERS)
    if instrument.is_about_a_child and not _fits_the_child(episode, instrument, on):
        return None, Verdict(False, NOT_THIS_AGE)
    return found(instrument, language=language, organization=episode.organization, on=on)


def _fits_the_child(episode: Episode, instrument: Instrument, on: date) -> bool:
    months = _months(episode, instrument, on)
    if months is None or (instrument.ages and not instrument.ages.low <= months <= instrument.ages.high):
        return False
    try:
        instrument.at(months)
    except NoRuleForAge:
        return False
    return True


def _months(episode: Episode, instrument: Instrument, on: date) -> int | None:
    """The child's completed months as the instrument's rule counts them; None before the birth."""
    child = child_of(episode.dyad)
    if child.born is None or not child.is_born(on):
        return None
    return ages(child.born, child.gestation_weeks, on, instrument.prematurity).used.months


def _keys(episode: Episode, instrument: Instrument, screen: Screen | None) -> set[str]:
    """The items that count at the child's age: of a screen that was begun as on its day, else as today."""
    if screen is not None:
        return {item.key for item in queries.asked_at(screen).items}
    months = _months(episode, instrument, _today(episode)) if instrument.needs_age else None
    return {item.key for item in (instrument if months is None else instrument.at(months)).items}


def offered(episode: Episode) -> list[Instrument]:
    """What can be sent by itself: no second stage, no part of a battery, about somebody of this family."""
    one_by_one = (one for one in catalog().values() if one.follows is None and queries.battery_of(one) is None)
    today = _today(episode)
    return [
        one
        for one in one_by_one
        if one.fits_a_page and (not one.is_about_a_child or _fits_the_child(episode, one, today))
    ]


def may_be_written_to(episode: Episode, adult: Person) -> bool:
    """Whether a letter with a link can reach her by a way that she said is safe, now or at a later hour."""
    ways = [contact.way for contact in Contact.in_use(person=adult)]
    here = clock.now().astimezone(ZoneInfo(episode.organization.zone))
    return reaching.choose(ways, (Contact.Channel.TEXT, Contact.Channel.MAIL), at=here).shut is None


def of_adult(episode: Episode, adult: Person) -> list[Sending]:
    """What she was sent in this episode, newest first, with its parts."""
    rows = Sending.objects.filter(episode=episode, adult=adult).select_related("asked_by", "episode__organization")
    return list(rows.prefetch_related("parts__screen").order_by("-created_at"))


def state_said(sent: Sending) -> str:
    """How a sending stands, in words that tell no answer."""
    if sent.taken_back_at is not None:
        return _("taken back")
    if sent.finished_at is not None:
        return _("finished %(day)s") % {"day": clock.local(sent.finished_at, sent.episode.organization.zone)}
    link = link_of(sent)
    if link is None:
        return _("no link made yet")
    if not is_running(link):
        return _("its link is over")
    is_begun = any(part.screen_id or part.passed_at for part in sent.parts.all())
    return _("begun") if is_begun else _("sent, not begun")


def part_said(part: SendingPart) -> str:
    """What a part is called on a worker's page."""
    if part.is_check_in:
        return _("Check-in in our own words")
    known = catalog().of(part.instrument, part.edition)
    return known.short_name if known else part.instrument


def part_state(part: SendingPart) -> str:
    if part.is_check_in:
        if CheckIn.objects.filter(link__about=part.sending_id).exists():
            return _("answered")
        return _("left out") if part.passed_at else _("not begun")
    if part.screen is None:
        return _("not begun")
    return {
        Screen.State.OPEN: _("begun, not finished"),
        Screen.State.COMPLETE: _("finished"),
        Screen.State.INCOMPLETE: _("finished, with something left blank"),
    }[Screen.State(part.screen.state)]


def wording_said(screen: Screen) -> str:
    """In whose words, and in which language, a screen was answered by a link; empty where it was not."""
    if screen.mode != Screen.Mode.LINK:
        return ""
    wording = HouseWording.objects.filter(pk=screen.sent_part.wording_id).first()
    if wording is None:
        return ""
    return _("Asked in the publisher’s words (%(language)s), brought as %(file)s. %(holder)s; %(licence)s.") % {
        "language": str(spoken(wording.language)),
        "file": wording.file_name,
        "holder": wording.holder,
        "licence": wording.licence,
    }


def held(actor: Actor, person: Person) -> list[dict[str, str]]:
    """What she was sent, as she may read it: which, for which day, how it stands."""
    rows = policy.visible(actor, Sending.objects.filter(adult=person), "screening.see").order_by("on", "pk")
    return [
        {
            _("Questions sent to you"): ", ".join(part_said(part) for part in one.parts.all()),
            _("For the visit on"): clock.day(one.on),
            _("How it stands"): state_said(one),
        }
        for one in rows.select_related("episode__organization").prefetch_related("parts__screen")
    ]


def _today(episode: Episode) -> date:
    return clock.today(episode.organization.zone)
