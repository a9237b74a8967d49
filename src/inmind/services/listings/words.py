"""A listing in words: what it offers, whether there is a place, when somebody last confirmed it. Each fact with its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.foundation import clock
from inmind.foundation.values import N_
from inmind.services.adapters.catalog import programs
from inmind.services.fitting.program import Rating
from inmind.services.listings.languages import LANGUAGES
from inmind.services.listings.listing import Offers, Standing
from inmind.services.listings.models import Listing
from inmind.services.said import OFFERS
from inmind.services.settled import terms

HOW: Mapping[str, str] = {
    Listing.How.LINK: N_("by the program itself, by the link in a letter"),
    Listing.How.CALL: N_("they said so"),
    Listing.How.OWN: N_("by the program itself, in this house"),
    Listing.How.FILE: N_("as the file said that it came in"),
}
# Who rates programs, as they call themselves.
CLEARINGHOUSES: Mapping[str, str] = {
    "homvee": "HomVEE",
    "title_iv_e": "Title IV-E Prevention Services Clearinghouse",
    "cebc": "California Evidence-Based Clearinghouse",
    "blueprints": "Blueprints for Healthy Youth Development",
    "uspstf": "US Preventive Services Task Force",
}
RATINGS: Mapping[str, str] = {
    "evidence_based": N_("meets its criteria for an evidence-based model"),
    "not_evidence_based": N_("does not meet its criteria for an evidence-based model"),
    "well_supported": N_("well supported"),
    "supported": N_("supported"),
    "promising": N_("promising"),
}


def kind(row: Listing) -> str:
    """What it offers: a program by its name, or the need that it is about."""
    program = programs().get(row.program)
    return program.name if program else _(OFFERS[Offers(row.offers)])


def kinds() -> list[tuple[str, str]]:
    """Everything that can be offered: the needs, then the programs by name."""
    needs = [(one.value, _(OFFERS[one])) for one in Offers if one is not Offers.PROGRAM]
    return [*needs, *sorted(((key, one.name) for key, one in programs().items()), key=lambda pair: pair[1].casefold())]


def opening(row: Listing) -> str:
    """Whether there is a place, as somebody said it; empty where nobody has."""
    if row.said_on is None:
        return ""
    if row.free:
        return ngettext("%(count)s place", "%(count)s places", row.free) % {"count": row.free}
    if row.opens_on is not None:
        return _("a place from %(day)s on") % {"day": clock.day(row.opens_on)}
    if row.waits_days is not None:
        days = ngettext("a wait of about %(count)s day", "a wait of about %(count)s days", row.waits_days)
        return days % {"count": row.waits_days}
    return _("no place now, and nobody knows until when") if row.free == 0 else _("nobody could say")


def said_on(row: Listing) -> str:
    return _("said on %(day)s") % {"day": clock.day(row.said_on)} if row.said_on else ""


def standing(row: Listing, on: date) -> str:
    """How it stands with families: shown, shown and asked about, or not shown, and why."""
    if row.closed_on is not None and row.closed_on <= on:
        return _("closed since %(day)s") % {"day": clock.day(row.closed_on)}
    match row.as_listing.stands(on, *terms()):
        case Standing.CONFIRMED:
            return _("shown")
        case Standing.ASKED if row.asked_on is not None and row.unreached_on is None:
            return _("shown; they were asked on %(day)s") % {"day": clock.day(row.asked_on)}
        case Standing.ASKED:
            return _("shown for now; to be confirmed")
    return _("not shown: nobody has confirmed it")


def confirmed(row: Listing) -> str:
    """When, how and by whom it was last confirmed."""
    said = f"{clock.day(row.confirmed_on)}, {_(HOW[row.confirmed_how])}"
    by = row.confirmed_by
    return _("%(said)s; written down by %(name)s") % {"said": said, "name": by.name} if by is not None else said


def languages(codes: str) -> str:
    return ", ".join(_(LANGUAGES[code]) for code in codes.split() if code in LANGUAGES)


def rating(one: Rating) -> str:
    """What a clearinghouse said of a program, in which year."""
    if one.rating is None:
        said = _("not rated")
    else:
        known = RATINGS.get(one.rating)
        said = _(known) if known else _("rated %(rating)s") % {"rating": one.rating}
    when = _("reviewed in %(year)s") % {"year": one.reviewed} if one.reviewed else _("year of the review not known")
    doubt = "" if one.confidence == "high" else " · " + _("not read again at its source")
    return f"{CLEARINGHOUSES.get(one.by, one.by)}: {said}, {when}{doubt}"


def may_be_funded(one: Rating) -> str:
    """What a rating opens: whether federal money for home visiting may be spent on it, as far as that was read."""
    if one.miechv_eligible is None:
        return ""
    if one.miechv_eligible:
        return _("States may spend federal home visiting money (MIECHV) on this model.")
    return _("States may not spend federal home visiting money (MIECHV) on this model.")
