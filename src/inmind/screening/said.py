"""What a screen said, in the reader's language: points, band, parts, ages, answers. One wording for every page that shows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmind.foundation import clock
from inmind.screening import paper, scoring, words
from inmind.screening.adapters.catalog import catalog
from inmind.screening.instruments import Instrument
from inmind.screening.models import EarlierResult, RecordedResult, Screen
from inmind.screening.paper import Choice
from inmind.screening.results import Note

NOTES = {scoring.UNKNOWN_CUTOFF: words.NUMBER_ALONE}  # for a reader who loads no table


def name_of(screen: Screen) -> str:
    known = catalog().get(screen.instrument)
    name = known.short_name if known else screen.instrument
    return _("%(tool)s, %(form)s-month form") % {"tool": name, "form": screen.form} if screen.form else name


def is_for_its_own_page(screen: Screen) -> bool:
    """Whether a result stands on its screen's own page alone, and in no list (`protect.md` 12)."""
    known = catalog().of(screen.instrument, screen.edition) or catalog().get(screen.instrument)
    return known is not None and known.takes_a_count


def band_of(screen: Screen) -> str:
    """A result's band in a list; where it has none, whether it is positive."""
    return "" if is_for_its_own_page(screen) else verdict_of(screen)


def verdict_of(result: Screen | EarlierResult) -> str:
    if result.band:
        return _(words.BANDS.get(result.band, result.band))
    return _(words.POSITIVE) if result.is_positive else ""


def points_of(screen: Screen) -> str:
    """Points, or what stands where there are none, in a list; and whether they were corrected, where the list knows it."""
    if screen.taken_back_at is not None:
        return _("taken back")
    if screen.state == Screen.State.OPEN:
        return _("not finished")
    said = _("on its own page") if is_for_its_own_page(screen) else counted(screen)
    return _("%(points)s, corrected") % {"points": said} if getattr(screen, "is_corrected", False) else said


def taken_back_said(taken: Screen | RecordedResult) -> str:
    """That something was entered for somebody else, by whom it was taken back and when; empty where it was not."""
    if taken.taken_back_at is None:
        return ""
    last = taken.earlier.select_related("by").order_by("-number").first()
    facts = {"when": clock.local(taken.taken_back_at, taken.zone), "by": last.by.name if last else "—"}
    return _("Taken back by %(by)s, %(when)s: it was entered for somebody else by mistake.") % facts


def counted(result: Screen | EarlierResult) -> str:
    """Points, the possible range, or the parts of what has no total; never a total that nobody made."""
    if result.points is not None:
        return str(result.points)
    if result.lowest is not None:
        return _("%(lowest)s to %(highest)s") % {"lowest": result.lowest, "highest": result.highest}
    if not result.parts:
        return _("no total")
    screen = result if isinstance(result, Screen) else result.screen
    names = part_names(catalog().of(screen.instrument, screen.edition))
    each = (f"{names.get(key, key)} {_range(low, high)}" for key, (low, high, _reaches) in result.parts.items())
    return "; ".join(each)


def part_names(instrument: Instrument | None) -> dict[str, str]:
    known = instrument.subscales if instrument else ()
    return {one.key: _(words.SUBSCALES.get(one.key, one.name)) for one in known}


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def numbered(instrument: Instrument, key: str) -> str:
    item = instrument.item(key)
    return f"{item.number}. {item.label_in(get_language() or 'en')}"


def note_said(instrument: Instrument, note: Note) -> str:
    """A sentence beside a result, with the answers that it names as the reader's language names them."""
    facts = dict(note.facts)
    if note.key == scoring.READ_BY_HAND:
        facts["items"] = ", ".join(numbered(instrument, key) for key in instrument.read_by_hand)
    return _(NOTES.get(note.key, note.sentence)) % facts


def answer_said(instrument: Instrument, answers: dict[str, int | None], key: str) -> str:
    """An answer as a reader of the form would say it: the word, or the points."""
    points, item = answers.get(key), instrument.item(key)
    choice = paper.choice_of(instrument, item, points)
    if choice is None:
        return _("left blank")
    return _words(choice) if choice.words else str(points)


def choice_said(choice: Choice) -> dict[str, Any]:
    """A choice of a form: its value, its words, short and spoken, and the number keys that choose it."""
    short = long = _words(choice)
    if not choice.words and choice.is_position:
        short = {1: _("1st"), 2: _("2nd"), 3: _("3rd"), 4: _("4th")}.get(choice.value, str(choice.value))
        long = _("choice %(place)s from the top") % {"place": choice.value}
    elif not choice.words:
        short = str(choice.value)
        long = ngettext("%(points)s point", "%(points)s points", choice.value) % {"points": choice.value}
    return {"value": choice.value, "short": short, "long": long, "digits": "".join(map(str, choice.digits))}


def _words(choice: Choice) -> str:
    return ", ".join(_(words.ANSWERS.get(word, word)) for word in choice.words)
