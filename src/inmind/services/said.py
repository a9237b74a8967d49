"""What the rules say, in the reader's language. One wording for every page that shows a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.foundation import clock
from inmind.foundation.values import N_
from inmind.services.adapters.catalog import asked, known_counties
from inmind.services.fitting.eligibility import Reason
from inmind.services.fitting.program import Program, Rating, Reading
from inmind.services.fitting.questions import Question
from inmind.services.listings.county_names import named
from inmind.services.listings.languages import LANGUAGES
from inmind.services.listings.listing import Offers

OFFERS: Mapping[Offers, str] = {
    Offers.PROGRAM: N_("a program"),
    Offers.FOOD: N_("food"),
    Offers.DIAPERS: N_("diapers"),
    Offers.HOUSING: N_("housing"),
    Offers.SAFETY_AT_HOME: N_("safety at home"),
    Offers.COMPANY: N_("company"),
}


READINGS: Mapping[Reading, str] = {
    Reading.BEFORE: N_("the last day is the day before that week begins"),
    Reading.ON: N_("the last day is the first day of that week"),
    Reading.THROUGH: N_("the last day is the last day of that week"),
}
# Proper names stay as they are; ratings are the words of each clearinghouse.
CLEARINGHOUSES: Mapping[str, str] = {
    "homvee": "HomVEE",
    "title_iv_e": "Title IV-E",
    "cebc": "CEBC",
    "blueprints": "Blueprints",
    "uspstf": "USPSTF",
}
RATINGS: Mapping[str, str] = {
    "evidence_based": N_("evidence based"),
    "well_supported": N_("well supported"),
    "supported": N_("supported"),
    "promising": N_("promising"),
    "not_evidence_based": N_("not evidence based"),
}


def said(reason: Reason) -> str:
    """A rule's sentence; a day in its facts is shown as the reader writes days."""
    return _(reason.says) % {name: _fact(name, fact) for name, fact in reason.facts.items()}


def asks(question: Question) -> str:
    """A question of the catalog, in the reader's language."""
    return question.asks_es if (get_language() or "").startswith("es") else question.asks


def line(reason: Reason, program: Program | None) -> dict[str, object]:
    """A reason for a page: its sentence, the questions that it asks, whether it holds, and its source."""
    keys = reason.facts.get("asks", reason.rule).split()
    return {
        "says": said(reason),
        "question": " ".join(asks(asked()[key]) for key in keys if key in asked()),
        "holds": reason.holds,
        "source": program.sources.get(reason.source, "") if program else "",
    }


def evidence(program: Program) -> list[str]:
    """How each clearinghouse rated a program, and when; what was not read again says so."""
    lines = [_rated(one) for one in program.evidence]
    return [*lines, program.evidence_said] if program.evidence_said else lines


def _rated(one: Rating) -> str:
    rating = _(RATINGS.get(one.rating, one.rating)) if one.rating else _("no rating was found")
    words = f"{CLEARINGHOUSES.get(one.by, one.by)}: {rating}, {one.reviewed or _('year not known')}"
    return _("%(rated)s (remembered, and not read again)") % {"rated": words} if one.confidence == "low" else words


def language(code: str) -> str:
    return _(LANGUAGES[code]) if code in LANGUAGES else code


def county(code: str) -> str:
    """A county by its name; what is no code of one stands as it is."""
    return next(iter(named(known_counties(), [code], settings.INSTALLATION.state)), code)


def _fact(name: str, fact: str) -> str:
    return clock.day(date.fromisoformat(fact)) if name == "day" else fact
