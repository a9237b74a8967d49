"""What was found, in a family's words and the reader's language: what it is, until when, how to reach it, what nobody knows."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.foundation import clock
from inmind.services.finder.finding import Closing, Fit, Said
from inmind.services.finder.wonders import Wonders
from inmind.services.fitting.eligibility import State
from inmind.services.fitting.program import Program
from inmind.services.listings import words
from inmind.services.listings.counties import County
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing

FAR = 24  # months, ours: what is farther off is not counted for somebody
NEAR = 3  # months, ours: what may close within so many is said with a mark


def shown(
    fit: Fit,
    row: Listing,
    said: Said,
    language: str,
    *,
    programs: dict[str, Program],
    wonders: Wonders,
    counties: dict[str, County],
) -> dict[str, Any]:
    """One listing as the page and the print show it. Public facts alone: nothing of how those who work here refer to it."""
    about, spoken = _in(language, row.about, row.about_es)
    bring, brings_in = _in(language, row.bring, row.bring_es)
    hours, hours_in = _in(language, row.hours, row.hours_es)
    cost, cost_in = _in(language, row.cost, row.cost_es)
    program = programs.get(row.program)
    kind = program.category if program else row.offers
    plain = wonders.plain.get(kind)
    return {
        "id": row.pk,
        "name": row.name,
        "provider": row.provider_name if row.provider_name != row.name else "",
        "about": about or (plain.said(language) if plain else ""),
        "about_in": spoken if about else "",
        "fits": _fits(fit, row),
        "is_open": fit.state is State.NOW,
        "until": until(fit.closes, said) if fit.closes else "",
        "is_near": fit.closes is not None and fit.closes.left[1] <= NEAR,
        "from": _from(fit.opens) if fit.opens else "",
        "place": place(row) if row.offers == Offers.PROGRAM or row.said_on else "",
        "asks": [
            {"one": one.one_is_enough, "all": [q.asks_es if language == "es" else q.asks for q in one.questions]}
            for one in fit.asks
        ],
        "phone": row.phone,
        "mail": row.mail,
        "url": row.url,
        "address": row.address,
        "hours": hours,
        "hours_in": hours_in,
        "comes_home": row.comes_home,
        "asks_where": fit.found.asks_where,
        "bring": bring,
        "bring_in": brings_in if bring else "",
        "languages": words.languages(row.languages),
        "speaks_another": fit.found.speaks is False,
        "cost": _cost(row),
        "cost_said": cost,
        "cost_in": cost_in,
        "counties": [] if said.county else [counties[code].name for code in row.counties.split() if code in counties],
        "checked": _checked(row),
        "is_asked": fit.found.asked_about,
        "takes_families": row.takes_families,
    }


def until(closing: Closing, said: Said) -> str:
    """Until when it is open, at an age or a week, and in how many months that is."""
    low, high = closing.left
    left = _left(low, high)
    if closing.week is not None:
        sentence = _("It begins before week %(week)s of the pregnancy.") % {"week": closing.week}
    elif closing.at_birth:
        sentence = _("It begins before the baby is born.")
    elif closing.months is not None:
        sentence = _turns(closing.months, expecting=said.expecting)
    elif low > 0:
        sentence, left = _("It stays open for %(left)s more, or longer.") % {"left": _span(low)}, ""
    else:
        return ""
    return " ".join((sentence, _("That is %(left)s.") % {"left": left})) if left else sentence


def _turns(months: int, *, expecting: bool) -> str:
    if months % 12 == 0:
        said = (
            ngettext(
                "It is open until your baby turns %(count)s.",
                "It is open until your baby turns %(count)s.",
                months // 12,
            )
            if expecting
            else ngettext(
                "It is open until your child turns %(count)s.",
                "It is open until your child turns %(count)s.",
                months // 12,
            )
        )
        return said % {"count": months // 12}
    said = (
        ngettext(
            "It is open until your baby is %(count)s month old.",
            "It is open until your baby is %(count)s months old.",
            months,
        )
        if expecting
        else ngettext(
            "It is open until your child is %(count)s month old.",
            "It is open until your child is %(count)s months old.",
            months,
        )
    )
    return said % {"count": months}


def _left(low: int, high: int) -> str:
    """In how many months, as closely as it is known; nothing for what is far off."""
    if low >= FAR:
        return ""
    if high <= 1:
        return _("within a month")
    if low == 0:
        return ngettext("within %(count)s month", "within %(count)s months", high) % {"count": high}
    if low == high:
        return ngettext("in %(count)s month", "in %(count)s months", high) % {"count": high}
    return _("in %(low)s to %(high)s months") % {"low": low, "high": high}


def _span(months: int) -> str:
    years = months // 12
    if years:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def _from(opens: tuple[int, int]) -> str:
    return _("It opens for your child %(when)s.") % {"when": _left(*opens) or _("later")}


def _fits(fit: Fit, row: Listing) -> str:
    if fit.state is State.NOW:
        return _("It fits what you said.") if row.offers == Offers.PROGRAM else _("Open to you.")
    if fit.too_late:
        return _("The list is long: a place may come too late for your child. Ask them anyway.")
    if fit.state is State.LATER:
        return _("Not yet, but soon.")
    return _("It may fit. Ask them whether the age fits.") if fit.by_age else _("It may fit. Ask them.")


def place(row: Listing) -> str:
    """Whether there is a place, and when somebody said so."""
    if row.said_on is None:
        return _("Ask them whether there is a place.")
    day = {"day": clock.day(row.said_on)}
    if row.free:
        return _("There is a place (they said so on %(day)s).") % day
    if row.opens_on is not None:
        return _("A place opens on %(opens)s (they said so on %(day)s).") % {**day, "opens": clock.day(row.opens_on)}
    if row.waits_days:
        weeks = -(-row.waits_days // 7)
        said = ngettext(
            "There is a waiting list of about %(count)s week (they said so on %(day)s).",
            "There is a waiting list of about %(count)s weeks (they said so on %(day)s).",
            weeks,
        )
        return said % {**day, "count": weeks}
    if row.free == 0:
        return _("No place was free on %(day)s. Ask them about the list.") % day
    return _("Ask them whether there is a place.")


def _cost(row: Listing) -> str:
    """What it costs, beside what they say of it in their own words."""
    if row.is_free:
        return _("It is free.")
    if row.cost or row.cost_es:
        return ""
    return _("Ask them what it costs.") if row.is_free is None else _("It costs something. Ask them how much.")


def _checked(row: Listing) -> str:
    day = {"day": clock.day(row.confirmed_on)}
    if row.confirmed_how == Listing.How.FILE:
        return _("As a public list said on %(day)s.") % day
    return _("Checked with them on %(day)s.") % day


def _in(language: str, english: str, spanish: str) -> tuple[str, str]:
    """The text in a language, else in the other, with the language it is in."""
    first, second = ((spanish, "es"), (english, "en")) if language == "es" else ((english, "en"), (spanish, "es"))
    text, spoken = first if first[0] else second
    return text, "" if spoken == language else spoken


def age_words(said: Said) -> str:
    """What was said of the child, in a few words."""
    if said.expecting:
        return (
            _("expected in %(month)s") % {"month": date_format(said.due, "YEAR_MONTH_FORMAT")}
            if said.due
            else _("expecting")
        )
    if not said.is_born:
        return ""
    parts = []
    if said.years:
        parts.append(ngettext("%(count)s year", "%(count)s years", said.years) % {"count": said.years})
    if said.months is not None and (said.months or not said.years):
        parts.append(ngettext("%(count)s month", "%(count)s months", said.months) % {"count": said.months})
    if not parts:
        return _("under 1 year")
    return _("%(age)s old") % {"age": ", ".join(parts)}
