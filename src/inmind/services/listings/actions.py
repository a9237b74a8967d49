"""Keep listings: what is offered, whether there is a place, and that it was confirmed; three facts, each with its day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import ListingMoved
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.people.reaching import check_mail
from inmind.services.adapters.catalog import known_counties, programs
from inmind.services.listings.languages import LANGUAGES
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing

LINES = {
    "name": 120,
    "provider_name": 120,
    "bring": 300,
    "bring_es": 300,
    "hours": 200,
    "hours_es": 200,
    "cost": 200,
    "cost_es": 200,
    "address": 200,
    "phone": 40,
    "mail": 254,
    "url": 300,
    "refer_mail": 254,
    "refer_phone": 40,
    "source": 200,
    "source_id": 80,
}
TEXTS = {"about": 1000, "about_es": 1000}
FACTS = ("is_free", "comes_home", "takes_families", "latitude", "longitude", "provider")
ABOUT = "listing"  # what letters and links of this kind are about
PAGE = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?")
# What families read of it beside its name: what the program itself may say anew, in this house or by the mail that asks.
SHOWN = (
    *("about", "about_es", "bring", "bring_es", "hours", "hours_es", "cost", "cost_es"),
    *("is_free", "comes_home", "languages", "address", "phone", "mail", "url", "takes_families"),
)


@action("services.add_listing", on="keeper")
def add_listing(
    act: Act, *, keeper: Organization, offers: Offers, how: Listing.How, confirmed_on: date | None = None, **said: Any
) -> Listing:
    """Add what somebody offers, as it was confirmed on a day (today, if no day is said). said: as `Listing`'s fields."""
    today = act.today(keeper.zone)
    row = Listing(keeper=keeper, offers=offers.value, confirmed_on=confirmed_on or today, confirmed_how=how)
    row.confirmed_by_id = act.actor.person
    say(row, said)
    if row.confirmed_on > today:
        raise BadInput(
            N_("This day lies in the future."), N_("It was confirmed today or before."), field="confirmed_on"
        )
    row.save()
    return row


@action("services.correct_listing", on="listing")
def correct_listing(act: Act, *, listing: Listing, **said: Any) -> Listing:
    """Say anew what a listing says. That it was confirmed is another fact: see `confirm_listing`.

    Whoever reads a mail to which it does not go any more says nothing by its link any more.
    """
    before = listing.refer_mail
    say(listing, said)
    if listing.refer_mail != before:
        office_links.end_about(act, ABOUT, listing.pk)
    tell_moved(act, listing)
    listing.save()
    return listing


@action("services.correct_shown", on="listing")
def correct_shown(act: Act, *, listing: Listing, **said: Any) -> Listing:
    """Say anew what families read of a listing, by the program that it is of."""
    return say_shown(listing, said)


def say_shown(listing: Listing, said: dict[str, Any]) -> Listing:
    """The same, of a listing that is locked. Raises TypeError for what is not the program's to say (`SHOWN`)."""
    if wrong := said.keys() - set(SHOWN):
        raise TypeError(f"{wrong} of a listing is its keeper's to say")
    say(listing, said)
    listing.save()
    return listing


@action("services.confirm_listing", on="listing")
def confirm_listing(act: Act, *, listing: Listing, how: Listing.How) -> Listing:
    """Write down that somebody said today that a listing still holds."""
    return confirm(act, listing, how)


def confirm(act: Act, listing: Listing, how: Listing.How) -> Listing:
    """Confirm a listing that is locked, as of today."""
    if listing.closed_on is not None:
        raise NotNow(N_("This listing has closed."), N_("Open it again first."))
    listing.confirmed_on, listing.confirmed_how = act.today(listing.keeper.zone), how
    listing.confirmed_by_id, listing.asked_on, listing.unreached_on = act.actor.person, None, None
    listing.save()
    return listing


@action("services.say_opening", on="listing")
def say_opening(
    act: Act, *, listing: Listing, free: int | None, waits_days: int | None = None, opens_on: date | None = None
) -> Listing:
    """Write down whether there is a place today: how many, else how long one waits, or from which day on. None: not known."""
    return keep_opening(act, listing, free, waits_days, opens_on)


def keep_opening(
    act: Act, listing: Listing, free: int | None, waits_days: int | None, opens_on: date | None
) -> Listing:
    """The same, of a listing that is locked."""
    today = act.today(listing.keeper.zone)
    if opens_on is not None and opens_on < today:
        raise BadInput(N_("This day lies in the past."), N_("A place opens on a day to come."), field="opens_on")
    listing.free, listing.waits_days, listing.opens_on, listing.said_on = free, waits_days, opens_on, today
    listing.save()
    return listing


@action("services.close_listing", on="listing")
def close_listing(act: Act, *, listing: Listing, on: date | None) -> Listing:
    """Let a listing be shown no more from a day on; None: it is open again."""
    return end(listing, on)


def end(listing: Listing, on: date | None) -> Listing:
    """The same, of a listing that is locked."""
    listing.closed_on = on
    listing.save()
    return listing


def tell_moved(act: Act, row: Listing) -> None:
    """Announce, before a listing is saved, that what is sent to it would go to somebody else from now on, or elsewhere."""
    sent_to = ("provider_id", "provider_name", "refer_mail")
    stood = Listing.objects.filter(pk=row.pk).values(*sent_to).first()
    if stood is not None and any(getattr(row, name) != said for name, said in stood.items()):
        act.announce(ListingMoved(listing=row.pk))


def say(row: Listing, said: dict[str, Any]) -> None:
    if wrong := said.keys() - {*LINES, *TEXTS, *FACTS, "program", "languages", "counties"}:
        raise TypeError(f"a listing says nothing of {wrong}")
    if said.get("refer_mail", row.refer_mail) != row.refer_mail:
        row.asked_on = row.unreached_on = None  # nobody was asked there
    for name, most in LINES.items():
        if name in said:
            setattr(row, name, text.checked_line(said[name].strip(), most, field=name))
    for name, most in TEXTS.items():
        if name in said:
            setattr(row, name, text.checked(said[name].strip(), most, field=name))
    for name in FACTS:
        if name in said:
            setattr(row, name, said[name])
    for name in ("languages", "counties"):
        if name in said:
            setattr(row, name, " ".join(sorted(said[name])))
    if "program" in said:
        row.program = said["program"]
    if row.url and "://" not in row.url:
        row.url = f"https://{row.url}"
    _check(row)


def _check(row: Listing) -> None:
    if row.offers == Offers.SAFETY_AT_HOME and (row.address or row.latitude is not None):
        raise BadInput(
            N_("Where people are to be safe is told nobody by a listing."),
            N_("Leave the place out; families call."),
            field="address",
        )
    if not row.name or not row.provider_name:
        raise BadInput(
            N_("A name is missing."),
            N_("Say what is offered, and who offers it."),
            field="name" if not row.name else "provider_name",
        )
    if (row.offers == Offers.PROGRAM) != bool(row.program) or (row.program and row.program not in programs()):
        raise BadInput(
            N_("This is not a program that the house knows."),
            N_("Choose one from the list; other help than a program names none."),
            field="program",
        )
    if row.url and not PAGE.fullmatch(row.url):
        raise BadInput(
            N_("This is no address of a page."), N_("It is written such as https://example.org."), field="url"
        )
    for name in ("mail", "refer_mail"):
        if said := getattr(row, name):
            check_mail(said, field=name)
    if unknown := set(row.languages.split()) - LANGUAGES.keys():
        raise BadInput(N_("This is no language that the house has a name for."), ", ".join(unknown), field="languages")
    if unknown := set(row.counties.split()) - known_counties().keys():
        raise BadInput(N_("This is no county."), ", ".join(unknown), field="counties")
    if (row.latitude is None) != (row.longitude is None) or not (
        row.latitude is None or (-90 <= row.latitude <= 90 and -180 <= (row.longitude or 0) <= 180)
    ):
        raise BadInput(
            N_("This is not a place on the map."),
            N_("Latitude and longitude are said both, in degrees, or neither."),
            field="latitude",
        )
