"""Hand-outs: public pages of our own words, found by age and worry, each to read, to print and to pass on."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmind.access.door import door
from inmind.foundation import clock
from inmind.services.adapters.handouts import handouts
from inmind.services.plans import handout
from inmind.services.plans.handout import AGES, WHOM, WORRIES, Handout, Worry


@door(public="anybody may read what a parent may read")
def shelf(request: HttpRequest) -> HttpResponse:
    """All hand-outs, by what one wonders about and by age."""
    worry, age = request.GET.get("worry", ""), request.GET.get("age", "")
    worry, age = worry if worry in WORRIES else "", age if age in AGES else ""
    found = handout.chosen(handouts().values(), worry=worry, age=age)
    language = get_language() or "en"
    groups = [
        {
            "title": _(WORRIES[one]),
            "rows": [
                {"title": row.said(language).title, "url": _address(row), "ages": ages_said(row)}
                for row in found
                if row.worry is one
            ],
        }
        for one in Worry
    ]
    context = {
        "groups": [group for group in groups if group["rows"]],
        "worries": [{"key": one.value, "words": _(words), "is_chosen": one == worry} for one, words in WORRIES.items()],
        "ages": [{"key": key, "words": _(words), "is_chosen": key == age} for key, (words, _m) in AGES.items()],
        "is_chosen": bool(worry or age),
    }
    return render(request, "services/handouts.html", context)


@door(public="anybody may read what a parent may read")
def one(request: HttpRequest, handout: str) -> HttpResponse:
    """One hand-out in the reader's language, with the way to the other; or both beside each other, on one printed page."""
    found = handouts().get(handout)
    if found is None:
        raise Http404
    asked = request.GET.get("in", "")
    here = asked if asked in found.words else (get_language() or "en")[:2]
    here = here if here in found.words else "en"
    both = "both" in request.GET
    shown = [here, *(other for other in found.words if other != here)] if both else [here]
    context = {
        "pages": [_page(found, language) for language in shown],
        "title": found.words[here].title,
        "others": [
            {"language": other, "name": _name(other), "url": f"{_address(found)}?in={other}"}
            for other in found.words
            if other != here
        ],
        "both": both,
        "page_class": "" if both else "narrow-page",
        "both_url": f"{_address(found)}?both&in={here}",
        "one_url": f"{_address(found)}?in={here}",
        "code": _code(found),
        "found": found,
        "dated": clock.day(found.dated),
        "ages": ages_said(found),
        "worry": {"words": _(WORRIES[found.worry]), "url": f"{reverse('handouts')}?worry={found.worry.value}"},
    }
    return render(request, "services/handout.html", context)


def _page(found: Handout, language: str) -> dict[str, Any]:
    """A hand-out's words with our own in the same language, whatever language the reader has chosen."""
    with translation.override(language):
        words = found.words[language]
        return {
            "language": language,
            "words": words,
            "calls": [{"when": one.when, "whom": _(WHOM[one.whom]), "key": one.whom.value} for one in words.calls],
            "try": _("You can try"),
            "call": _("Call somebody when"),
            "unread": "" if words.is_reviewed else _("No named person has reviewed these words yet."),
        }


def ages_said(found: Handout) -> str:
    """For which ages it is, in words."""
    if found.from_month is None:
        if found.to_month <= 1:
            return _("before the birth")
        return _("from pregnancy to %(to)s") % {"to": _age(found.to_month)}
    if found.from_month == 0:
        return _("from birth to %(to)s") % {"to": _age(found.to_month)}
    return _("from %(since)s to %(to)s") % {"since": _age(found.from_month), "to": _age(found.to_month)}


def _age(months: int) -> str:
    """Whole years from two years on, else months."""
    if months >= 24 and months % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": months // 12}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def _address(found: Handout) -> str:
    return reverse("handout", args=[found.key])


def _name(language: str) -> str:
    return dict(settings.LANGUAGES).get(language, language)


def _code(found: Handout) -> str:
    """Its address as a picture, drawn with attributes only from our own address."""
    picture = segno.make(f"{settings.SITE}{_address(found)}", error="m").svg_inline(
        scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True, title=_("This page on a phone")
    )
    return mark_safe(picture)
