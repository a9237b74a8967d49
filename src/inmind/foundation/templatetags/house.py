"""Tags and filters of the house's pages: cards and banners with a body, form fields, numbers to call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmind.foundation import clock, reviews
from inmind.foundation.deadlines import Deadline, Nearness, deadline
from inmind.foundation.helplines import HelpLine, help_lines

register = template.Library()
_TIME = '<time datetime="{}" title="{}">{}</time>'


@register.simple_block_tag
def card(content: str, title: str = "", kind: str = "", id: str = "", level: int = 2) -> SafeString:
    """A card: `{% card title=… kind=… %}…{% endcard %}`.

    kind: "" plain, "strength" for what the family is proud of, "now" for what needs a person now, "agency" for its own words.
    """
    return render_to_string(
        "foundation/parts/card.html",
        {"content": content, "title": title, "kind": kind, "id": id, "level": level},
    )


@register.simple_block_tag
def banner(content: str, kind: str = "calm", title: str = "") -> SafeString:
    """A notice: `{% banner kind=… title=… %}…{% endbanner %}`.

    kind: "calm" (something to know), "good" (it worked), "check" (look again), "now" (a person is needed now, nothing else).
    """
    return render_to_string(
        "foundation/parts/banner.html",
        {"content": content, "kind": kind, "title": title},
    )


@register.simple_tag
def help_at_hand() -> list[HelpLine]:
    """The help lines, also on pages that were given no context (a page that failed)."""
    return help_lines()


@register.simple_tag
def is_unreviewed(section: str) -> bool:
    """Whether this page is said in a language whose sentences of this section nobody has read yet by name."""
    language = (get_language() or "en")[:2]
    return not reviews.is_source(language) and reviews.of(language, section) is None


@register.simple_tag
def problems(form: BaseForm) -> list[dict[str, str]]:
    """What a form refuses, in the order of its fields: `href` and `label` of the field ("" for the whole form), and the sentence."""
    found = [{"href": "", "label": "", "text": str(sentence)} for sentence in form.non_field_errors()]
    for bound in form:
        href = f"#{_first_id(bound)}" if not bound.is_hidden else ""
        found += [{"href": href, "label": str(bound.label), "text": str(sentence)} for sentence in bound.errors]
    return found


@register.filter
def control(bound: BoundField) -> str:
    """Which control a field has: radioselect, checkboxselectmultiple, checkbox, select, textarea, text, email, date …"""
    return bound.widget_type


@register.filter
def dial(number: object) -> str:
    """A number as a `tel:` or `sms:` link needs it: its digits, with a leading plus where there is one."""
    said = str(number)
    return ("+" if said.strip().startswith("+") else "") + "".join(letter for letter in said if letter.isdigit())


@register.filter
def due(moment: datetime, zone: str) -> SafeString:
    """How near a deadline is, on the clock of a place: `{{ task.due_at|due:agency.zone }}`.

    A `<time>` with the exact local date and time, also as its title: in 50 minutes, today by 2:30 p.m., 2 hours late.
    """
    there = deadline(moment, clock.now(), zone)
    exact = clock.local(moment, zone)
    return format_html(_TIME, there.at.isoformat(timespec="minutes"), exact, _nearness(there, exact))


@register.filter
def when(moment: datetime, zone: str) -> SafeString:
    """When something was, on the clock of a place: today, 2:30 p.m.; yesterday; else the date. Exact in the element."""
    at = moment.astimezone(ZoneInfo(zone))
    words = {0: _("today, %(time)s"), 1: _("yesterday, %(time)s")}.get(
        (clock.today(zone) - at.date()).days, "%(moment)s"
    )
    said = {"time": date_format(at, "TIME_FORMAT"), "moment": clock.local(moment, zone)}
    return format_html(_TIME, at.isoformat(timespec="minutes"), said["moment"], words % said)


def _nearness(there: Deadline, exact: str) -> str:
    said = {"count": there.count, "time": date_format(there.at, "TIME_FORMAT"), "moment": exact}
    is_end_of_day = there.at.time() == time(0)
    match there.nearness:
        case Nearness.TOMORROW if is_end_of_day:
            words = _("by the end of today")
        case Nearness.LATER if is_end_of_day:
            words, said["moment"] = _("by %(moment)s"), clock.day(there.at.date() - timedelta(days=1))
        case Nearness.NOW:
            words = _("due now")
        case Nearness.IN_MINUTES:
            words = ngettext("in %(count)s minute", "in %(count)s minutes", there.count)
        case Nearness.TODAY:
            words = _("today by %(time)s")
        case Nearness.TOMORROW:
            words = _("tomorrow by %(time)s")
        case Nearness.LATER:
            words = _("by %(moment)s")
        case Nearness.MINUTES_LATE:
            words = ngettext("%(count)s minute late", "%(count)s minutes late", there.count)
        case Nearness.HOURS_LATE:
            words = ngettext("%(count)s hour late", "%(count)s hours late", there.count)
        case Nearness.DAYS_LATE:
            words = ngettext("%(count)s day late", "%(count)s days late", there.count)
    return words % said


@register.filter
def initial(name: object) -> str:
    """The first letter of a name, for a round mark, past a "Ms."; a middle dot for nobody."""
    words = [word for word in str(name or "").split() if word[0].isalpha() and not word.endswith(".")]
    return words[0][0].upper() if words else "·"


@register.filter
def is_given(value: Any) -> bool:
    """Whether a fact is known: not None and not empty. Zero and False are facts."""
    return value is not None and value != ""


@register.filter
def beside(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each cell of a row beside its column. Raises ValueError when a row has more or fewer cells than the table."""
    return list(zip(cells, columns, strict=True))


def _first_id(bound: BoundField) -> str:
    """The id of the control that takes the cursor: the first choice of a group, else the control itself."""
    return next((choice.id_for_label for choice in bound.subwidgets), "") if bound.use_fieldset else bound.id_for_label
