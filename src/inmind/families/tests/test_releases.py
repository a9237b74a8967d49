"""What goes into a file for somebody outside, and what its face says. Rules of their own, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from inmind.access.consents import KINDS, Days, Kind
from inmind.families.releases import ALWAYS_OUT, Entry, cell, entries, left_out
from inmind.foundation.registries import Line
from inmind.foundation.values import FieldClass, Regime

DAY = date(2026, 11, 2)
LINE = Line(DAY, "ASQ-3: 40", "a screen", FieldClass.CLINICAL)
DAYS = Days(date(2026, 11, 1), date(2026, 11, 30))


def test_protect_1_only_lines_of_the_class_the_law_and_the_days_that_were_agreed_to_get_in() -> None:
    """A room that offers more by mistake puts nothing more into a file."""
    later = replace(LINE, on=DAYS.last or DAY)
    strangers = [
        replace(LINE, regime=Regime.PART_2),
        replace(LINE, field=FieldClass.WHEREABOUTS),
        replace(LINE, on=DAYS.first - timedelta(days=1)),
        replace(LINE, on=later.on + timedelta(days=1)),
    ]
    found = entries(Kind.SCREENS, [later, *strangers, LINE], DAYS)
    assert found == [Entry(Kind.SCREENS, one.on, one.words, one.source) for one in (LINE, later)]
    assert [Entry.from_data(one.as_data()) for one in found] == found


def test_what_is_left_out_is_named_whether_or_not_it_is_kept() -> None:
    """Every other kind, always: so that its being named tells nothing."""
    said = left_out([Kind.SERVED])
    assert said == (*(facts.words for kind, facts in KINDS.items() if kind is not Kind.SERVED), *ALWAYS_OUT)
    assert left_out(Kind) == ALWAYS_OUT


def test_no_cell_of_a_file_runs_as_a_formula() -> None:
    assert [cell(one) for one in ('=HYPERLINK("x")', "-1", "@a", DAY)] == ['\'=HYPERLINK("x")', "'-1", "'@a", str(DAY)]
