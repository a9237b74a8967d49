"""Ask a program by mail whether its listing still holds, once in each term, and take its answer by the link in that letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.access.models import OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import NotNow, Stale
from inmind.foundation.events import LetterUndelivered
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.services.listings import actions as listing_actions
from inmind.services.listings.actions import ABOUT
from inmind.services.listings.models import Listing
from inmind.services.listings.queries import is_open, unconfirmed
from inmind.services.settled import terms

AT_ONCE = 100  # letters of one transaction, so that nobody waits long for it


@action("jobs.ask_listings")
def ask_listings(act: Act) -> int:
    """Write to programs whose listing's term is over and who were not asked since it was confirmed. Returns how many.

    Not to an organization of this house, which keeps its own listing here; nor where no mail for referrals is known.
    """
    today = act.today()
    rows = Listing.objects.filter(unconfirmed(today), asked_on__isnull=True, provider__isnull=True)
    due = rows.exclude(refer_mail="").select_for_update(of=("self",)).select_related("keeper").order_by("pk")[:AT_ONCE]
    asked = [_ask(act, row, today) for row in due]
    return len(asked)


@action("services.ask_listing", on="listing")
def ask_listing(act: Act, *, listing: Listing) -> Listing:
    """Write to one program today, whoever's turn it is: whether its listing still holds."""
    today = act.today(listing.keeper.zone)
    if listing.provider_id is not None or not listing.refer_mail or (listing.closed_on and listing.closed_on <= today):
        raise NotNow(
            N_("There is nobody to write to about this listing."), N_("Call them, and write down what they say.")
        )
    if listing.asked_on == today:
        raise NotNow(N_("They were written to today."), N_("Their answer comes by the link in that letter."))
    return _ask(act, listing, today)


def _ask(act: Act, row: Listing, today: date) -> Listing:
    _term, grace = terms()
    days = max(grace.days, settings.OFFICE_LINK_DAYS)
    _link, secret, _code = office_links.make(act, organization=row.keeper, purpose=ABOUT, about=row.pk, days=days)
    messages.tell_office(
        act,
        address=row.refer_mail,
        organization=row.keeper,
        template="office_listing",
        facts={"secret": secret, "days": days, "name": row.name},
        about_kind=ABOUT,
        about_id=row.pk,
    )
    row.asked_on = today
    row.save()
    act.concerns(row)
    return row


def not_reached(act: Act, event: LetterUndelivered) -> None:
    """The letter did not arrive: whoever keeps the listing calls. Where it was answered meanwhile, nothing is to be done."""
    if event.about_kind != ABOUT:
        return
    row = Listing.objects.select_for_update(of=("self",)).get(pk=event.about)
    if row.asked_on is not None:
        row.unreached_on = act.today(row.keeper.zone)
        row.save()


def stands(link: OfficeLink) -> bool:
    """Whether there still is something to say by a link: its listing has not closed."""
    today = clock.today(link.organization.zone)
    return Listing.objects.filter(is_open(today), pk=link.about).exists()


@action("services.confirm_by_link", on="link")
def confirm_by_link(act: Act, *, link: OfficeLink, seen: int) -> Listing:
    """The program says that all of it holds, as the page showed it. seen: the listing's version there."""
    return listing_actions.confirm(act, _of(link, seen), Listing.How.LINK)


@action("services.correct_by_link", on="link")
def correct_by_link(act: Act, *, link: OfficeLink, seen: int, **said: Any) -> Listing:
    """The program says anew what families read."""
    return listing_actions.say_shown(_of(link, seen), said)


@action("services.say_opening_by_link", on="link")
def say_opening_by_link(
    act: Act, *, link: OfficeLink, seen: int, free: int | None, waits_days: int | None, opens_on: date | None
) -> Listing:
    """The program says whether there is a place."""
    return listing_actions.keep_opening(act, _of(link, seen), free, waits_days, opens_on)


@action("services.close_by_link", on="link")
def close_by_link(act: Act, *, link: OfficeLink, seen: int) -> Listing:
    """The program offers it no more, from today on. The link opens nothing after that."""
    row = _of(link, seen)
    return listing_actions.end(row, act.today(row.keeper.zone))


def _of(link: OfficeLink, seen: int) -> Listing:
    """The listing of a link, locked. Raises Stale where it is not as the page showed it."""
    row = Listing.objects.select_for_update(of=("self",)).select_related("keeper").get(pk=link.about)
    if row.version != seen:
        raise Stale(row)
    return row
