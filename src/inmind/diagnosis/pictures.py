"""The drawings of a formulation in the reader's language, each with its table: for pages here and for papers.

`life_line_said` and `course_said` take plain data and answer with what `diagnosis/life_line.html` and
`diagnosis/competence.html` draw. Nothing in them is a sum, an average or a score.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from inmind.diagnosis.course import Rated, course
from inmind.diagnosis.formulation import Stressor
from inmind.diagnosis.life_line import WIDTH as LIFE_WIDTH
from inmind.diagnosis.life_line import life_line
from inmind.diagnosis.manual import Manual
from inmind.documents.paper import Picture
from inmind.foundation import clock


def stressor_name(manual: Manual, one: Stressor) -> str:
    """By the manual's list, with the clinician's words beside it; by those words alone where it is not on the list."""
    names = {each.key: each.name for group in manual.stressors for each in group.stressors}
    return ": ".join(filter(None, (names.get(one.key, one.key), one.words)))


def months_said(one: Stressor) -> tuple[str, str]:
    """From when and until when, in words; what nobody knows says so."""
    first, last = (
        _("not known") if n is None else _("month %(n)s") % {"n": n} for n in (one.from_month, one.until_month)
    )
    return first, _("still going on") if one.goes_on else last


def stressor_rows(manual: Manual, stressors: Iterable[Stressor], months: int) -> list[tuple[str, str, str, str]]:
    """What, from, until and how severe, in the order of the drawing."""
    return [
        (stressor_name(manual, one.stressor), *months_said(one.stressor), one.stressor.severity or _("not said"))
        for one in life_line(stressors, months).stretches
    ]


def stressor_columns() -> tuple[str, str, str, str]:
    return _("What the child lived through"), _("From age"), _("Until age"), _("How severe, in words")


def life_line_said(manual: Manual, stressors: Iterable[Stressor], months: int) -> dict[str, Any]:
    """What `diagnosis/life_line.html` draws. months: the child's age on the day of the assessment."""
    some = tuple(stressors)
    line, rows = life_line(some, months), stressor_rows(manual, some, months)
    return {
        "picture": line,
        "lines": [
            {"stretch": stretch, "name": name, "says": _says(first, last), "severity": severity}
            for stretch, (name, first, last, severity) in zip(line.stretches, rows, strict=True)
        ],
        "columns": [{"label": label} for label in stressor_columns()],
        "rows": [[{"text": cell} for cell in row] for row in rows],
    }


def _says(first: str, last: str) -> str:
    return _("From: %(first)s. Until: %(last)s.") % {"first": first, "last": last}


def course_said(manual: Manual, versions: Iterable[Rated]) -> dict[str, Any] | None:
    """What `diagnosis/competence.html` draws; None where nothing was signed."""
    found = course(manual, versions)
    if found is None:
        return None
    columns = found.lanes[0].columns
    heads = [_("Version %(n)s, %(day)s") % {"n": one.number, "day": clock.day(one.on)} for one in columns]
    not_rated = _("not rated")
    return {
        "picture": found,
        "ratings": [one.name for one in manual.ratings],
        "lanes": [
            {
                "lane": lane,
                "name": lane.domain.name,
                "now": lane.last.rating.name if lane.last.rating else not_rated,
                "says": "; ".join(
                    f"{head}: {one.rating.name if one.rating else not_rated}"
                    for head, one in zip(heads, lane.columns, strict=True)
                ),
            }
            for lane in found.lanes
        ],
        "columns": [{"label": _("Domain")}, *({"label": head} for head in heads)],
        "rows": [
            [{"text": lane.domain.name}]
            + [{"text": one.rating.name if one.rating else not_rated} for one in lane.columns]
            for lane in found.lanes
        ],
    }


# On paper: one drawing below its table, of shapes and numbers alone, so that no font is missing

TEAL, PALE = "#1b5a57", "#d5d9d8"
ROW, GAP, FOOT = 20, 6, 18  # in units of the drawing


def life_line_drawn(manual: Manual, stressors: Iterable[Stressor], months: int) -> Picture | None:
    """Axis IV along the child's age: a bar for each row of its table, in that order; None where nothing is written down."""
    said = life_line_said(manual, stressors, months)
    line, foot = said["picture"], (ROW + GAP) * len(said["lines"]) + FOOT
    if not said["lines"]:
        return None
    parts = [f'<path d="M{x} 0V{foot - FOOT}" stroke="{PALE}"/>' for _month, x in line.ticks]
    for place, stretch in enumerate(line.stretches):
        top = place * (ROW + GAP)
        for bar in stretch.bars:
            sure = f'y="{top + 3}" height="14" fill="{TEAL}"'
            perhaps = f'y="{top + 6}" height="8" fill="none" stroke="{TEAL}" stroke-dasharray="4 4"'
            parts.append(f'<rect x="{bar.x}" width="{bar.width}" {sure if bar.is_sure else perhaps}/>')
        if stretch.tip:
            parts.append(f'<path transform="translate({stretch.tip} {top})" d="M0 1L12 10L0 19Z" fill="{TEAL}"/>')
    parts += [_number(x, foot - 4, month) for month, x in line.ticks]
    alt = "; ".join(f"{one['name']}. {one['says']}" for one in said["lines"])
    caption = _(
        "Each bar is a row of the table, in its order, along the months of the child’s age. A full bar is known. An open, broken "
        "one: it can have been then, and nobody knows. A tip: it is still going on."
    )
    return Picture(_svg(LIFE_WIDTH, foot, parts), alt, caption)


def competence_drawn(manual: Manual, rated: Rated) -> Picture | None:
    """Axis V of one version: a row of marks for each row of its table, in that order, the first rating on the left."""
    said = course_said(manual, [rated])
    if said is None:
        return None
    wide, lanes, parts = 60, said["lanes"], []
    for place, one in enumerate(lanes):
        for column, ring in enumerate(one["lane"].last.rings):
            at = f'cx="{30 + wide * column}" cy="{12 + ROW * place}"'
            look = f'r="7" fill="{TEAL}"' if ring.is_it else f'r="5" fill="none" stroke="{TEAL}"'
            parts.append(f"<circle {at} {look}/>")
    foot = ROW * len(lanes) + FOOT
    parts += [_number(30 + wide * column, foot - 2, column + 1) for column in range(len(said["ratings"]))]
    scale = "; ".join(f"{place}: {name}" for place, name in enumerate(said["ratings"], 1))
    caption = _("Each row of marks is a row of the table, in its order; from left to right %(scale)s.") % {
        "scale": scale
    }
    alt = "; ".join(f"{one['name']}: {one['now']}" for one in lanes)
    return Picture(_svg(LIFE_WIDTH, foot, parts), alt, caption)


def _number(x: object, y: int, number: int) -> str:
    return f'<text x="{x}" y="{y}" font-family="Atkinson Hyperlegible Next" font-size="10" text-anchor="middle">{number}</text>'


def _svg(width: int, height: int, parts: Iterable[str]) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
