"""How a program hears of a referral: in its own inbox, by a letter with a link, or by a code that is read out to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.access import office_links
from inmind.access.act import Act
from inmind.access.consents import Kind
from inmind.access.models import OfficeLink
from inmind.families import queries as families
from inmind.families.actions.serving import SERVING_ROLES
from inmind.foundation import clock, text
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.services import outside
from inmind.services.adapters.catalog import programs
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State

PURPOSE = OfficeLink.Purpose.REFERRAL.value
KIND = Referral._meta.label
AGAIN = timedelta(days=7)  # ours: so long until a look that nobody took is said once more
ASKS, TAKEN_BACK = "office_referral", "office_taken_back"  # letters


def ask(act: Act, referral: Referral) -> None:
    """Let the program know, within the action that sends. One that works in this house finds it in its inbox; one without
    mail is called (`open_code`)."""
    if referral.provider_id is not None or not referral.mail:
        return
    _link, secret, _code = _made(act, referral)
    messages.tell_office(
        act,
        address=referral.mail,
        organization=referral.episode.organization,
        template=ASKS,
        facts={"secret": secret, "days": settings.OFFICE_LINK_DAYS},
        about_kind=KIND,
        about_id=referral.pk,
    )


def ask_again(act: Act, referral: Referral) -> None:
    """Write once more to a program that has not answered, where what it was sent opens nothing any more; never where the
    listing is said to be somebody else's since, or to read its mail elsewhere."""
    link = link_of(referral.pk)
    if (
        is_recipient(referral)
        and referral.mail == referral.listing.refer_mail
        and (link is None or not office_links.stands(link))
    ):
        ask(act, referral)


def is_recipient(referral: Referral) -> bool:
    """Whether what is sent to the listing now goes to whom the consent names, and in this house into the same inbox."""
    listing = referral.listing
    if referral.sent_on is not None and (referral.provider_id or listing.provider_id):
        return referral.provider_id == listing.provider_id
    return text.tokens(listing.recipient) == text.tokens(referral.recipient)


def check_recipient(referral: Referral) -> None:
    """Raises NotNow where the listing is somebody else's by now than whom the draft and its consent name."""
    if not is_recipient(referral):
        raise NotNow(
            N_("This listing is said to be somebody else’s now: %(now)s, and not %(then)s."),
            N_("Close this referral and begin another, for whom the family agrees to anew."),
            facts={"now": referral.listing.recipient, "then": referral.recipient},
        )


def open_code(act: Act, referral: Referral, seed: str) -> OfficeLink:
    """Let a code (`office_links.code_of` the seed) open it, to be read out; a letter that is on its way opens the same."""
    link = link_of(referral.pk)
    if link is None or not office_links.stands(link):
        link, _secret, _code = _made(act, referral)
    office_links.fresh_code(act, link, seed)
    return link


def _made(act: Act, referral: Referral) -> tuple[OfficeLink, str, str]:
    return office_links.make(
        act,
        organization=referral.episode.organization,
        purpose=PURPOSE,
        about=referral.pk,
        episode=referral.episode_id,
        days=settings.OFFICE_LINK_DAYS,
    )


def take_back(act: Act, referral: Referral) -> None:
    """Tell the program that there is nothing to do any more, and not why: a letter that names nobody. Its link is over."""
    office_links.end_about(act, PURPOSE, referral.pk)
    if referral.sent_on is None or referral.provider_id is not None or not referral.mail:
        return
    messages.tell_office(
        act,
        address=referral.mail,
        organization=referral.episode.organization,
        template=TAKEN_BACK,
        facts={},
        about_kind=KIND,
        about_id=referral.pk,
    )


def link_of(pk: UUID) -> OfficeLink | None:
    """The link of a referral that was made last."""
    return OfficeLink.objects.filter(purpose=PURPOSE, about=pk).order_by("-created_at", "-pk").first()


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The programs to which these referrals went; one that is quiet is named nowhere (`protect.md` 4)."""
    rows = Referral.objects.filter(pk__in=list(ids)).select_related("listing").defer("hopes", "tells", "reach")
    return {row.pk: row.recipient for row in rows if not is_quiet(row)}


def is_quiet(referral: Referral) -> bool:
    """Whether the name alone of where it goes would tell of violence at home, or what an adult's screens do."""
    program = programs().get(referral.program)
    category = program.category if program else ""
    return outside.kind_of(referral.listing.offers, referral.program, category, Kind.SERVED) is None


def quiet_places(episode: UUID) -> set[str]:
    """To whom the quiet referrals of an episode go, as consents name them: an adult's own page folds these names away."""
    rows = Referral.objects.filter(episode=episode).select_related("listing").defer("hopes", "tells", "reach")
    return {row.recipient for row in rows if is_quiet(row)}


def looks_after(referral: Referral, on: date) -> Person:
    """Who looks after a referral today: its worker while she serves the family, else who coordinates for it, else for the agency."""
    episode = referral.episode
    team = list(families.serving_here(episode, on, *SERVING_ROLES))
    if referral.worker_id in {one.pk for one in team}:
        return referral.worker
    beside = families.serving_here(episode, on, "family_service_coordinator").first()
    agency: Iterable[Person | None] = (
        families.holding_role(episode.organization, role).first()
        for role in ("family_service_coordinator", "agency_supervisor")
    )
    return beside or next((one for one in agency if one is not None), None) or (team[0] if team else referral.worker)


def until_the_end_of(day: date, referral: Referral) -> timedelta:
    """From now until a day has ended by the agency's clock; at least an hour."""
    zone = ZoneInfo(referral.episode.organization.zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return max(end - clock.now(), timedelta(hours=1))


def is_under_way(referral: Referral) -> bool:
    return referral.stands is not State.DRAFTED and not referral.stands.is_over
