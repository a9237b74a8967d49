"""What goes into a file for somebody outside, and what its face says. Rules of their own, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from inmind.access.consents import KINDS, PROCEEDINGS, Asked, Days, Kind, Purpose
from inmind.families.releases import (
    ALWAYS_OUT,
    BY_ORDER,
    FORMS,
    LEFT_OF,
    SINGLE,
    Chosen,
    Entry,
    Form,
    askings,
    check,
    entries,
    left_out,
    mark_of,
    mark_of_lines,
    parts,
)
from inmind.families.subpoenas import Basis, check_answer
from inmind.foundation.errors import BadInput
from inmind.foundation.identity import new_id
from inmind.foundation.registries import Line
from inmind.foundation.values import FieldClass, Regime

DAY = date(2026, 11, 2)
LINE = Line(DAY, "ASQ-3: 40", "a screen", FieldClass.CLINICAL)
DAYS = Days(date(2026, 11, 1), date(2026, 11, 30))
ASKED = Asked(new_id(), "Adams", Purpose.COURT, frozenset({Kind.SERVED}), DAYS)


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


def test_protect_7_a_court_reads_the_name_of_a_place_only_where_it_was_ticked() -> None:
    """Each by itself; the mark of a line is the same either way, so that one that is left out stays out."""
    of = {"on": DAY, "source": "us", "field": FieldClass.FAMILY}
    shelter = Line(words="Started at Harbor Light.", place="Harbor Light", unnamed="Started at a place.", **of)
    nurses = Line(words="Started at Nurses.", place="Nurses", unnamed="Started at a program.", **of)
    lines = [shelter, nurses, Line(words="Served.", **of)]

    def read(named: tuple[str, ...] | None) -> list[str]:
        return [one.words for one in entries(Kind.SERVED, lines, DAYS, named)]

    assert read(()) == ["Started at a place.", "Started at a program.", "Served."]
    assert read(("Nurses",)) == ["Started at a place.", "Started at Nurses.", "Served."]
    assert read(None) == [one.words for one in lines], "no court's"
    out = Chosen(out=(entries(Kind.SERVED, lines, DAYS)[0].mark,))
    for named in ((), ("Harbor Light",)):
        assert len(out.leave(entries(Kind.SERVED, lines, DAYS, named))) == 2


def test_lines_have_one_mark_only_where_they_say_the_same() -> None:
    one, other = (Entry(Kind.SERVED, DAY, words, "us") for words in ("a", "b"))
    assert mark_of_lines([one, other]) != mark_of_lines([other, one]) != mark_of_lines([one])
    assert mark_of_lines([one]) == mark_of_lines([replace(one)])


def test_what_is_left_out_is_named_whether_or_not_it_is_kept() -> None:
    """Every other kind, always: so that its being named tells nothing."""
    said = left_out([Kind.SERVED], Purpose.CARE)
    assert said == (*(facts.words for kind, facts in KINDS.items() if kind is not Kind.SERVED), *ALWAYS_OUT)
    assert left_out(Kind, Purpose.CARE) == (*LEFT_OF.values(), *ALWAYS_OUT)
    assert left_out(Kind, Purpose.COURT) == (*LEFT_OF.values(), SINGLE, *ALWAYS_OUT)


def test_of_a_formulation_each_axis_that_is_left_out_is_named() -> None:
    """Also where the formulation itself is in the paper: what the child lived through, culture, reasons and ratings never are."""
    (found,) = [words for words in left_out([Kind.FORMULATIONS], Purpose.CARE) if words in LEFT_OF.values()]
    for axis in ("a relationship", "Axis II", "Axis IV", "cultural formulation", "reasons"):
        assert axis in found
    (found,) = [words for words in left_out([Kind.RELATIONSHIPS], Purpose.COURT) if words in LEFT_OF.values()]
    assert "but for a diagnosis about this relationship" in found, "which is a line of it"


def test_protect_1_4_7_10_no_release_for_a_court_can_hold_a_screen_an_address_or_treatment() -> None:
    """By its shape alone; and no file of another shape that goes there holds a screen."""
    shape = FORMS[Form.COURT]
    assert set(shape.purposes) == PROCEEDINGS and shape.for_several
    understood = {Kind.FORMULATIONS, Kind.RELATIONSHIPS}
    assert shape.kinds == {Kind.SERVED, Kind.VISITS, Kind.SAID, Kind.CHILD_WELFARE, Kind.TRIBAL} | understood
    assert set(BY_ORDER) == shape.kinds - {Kind.TRIBAL, Kind.RELATIONSHIPS}
    for form in Form:
        with pytest.raises(BadInput):
            check(form, ["Adams"], replace(ASKED, kinds=frozenset({Kind.SCREENS})))


@pytest.mark.parametrize(
    ("form", "recipients", "wrong"),
    [
        (Form.COURT, [], {}),
        (Form.COURT, ["Adams", "."], {}),
        (Form.COURT, ["Adams", "ADAMS"], {}),
        (Form.COURT, [f"Counsel {one}" for one in range(9)], {}),
        (Form.TABLE, ["Adams", "Baker"], {}),
        (Form.COURT, ["Adams"], {"purpose": Purpose.CARE}),
        (Form.COURT, ["Adams"], {"kinds": frozenset({Kind.SERVED, Kind.WHEREABOUTS})}),
        (Form.EARLY_INTERVENTION, ["Adams"], {"purpose": Purpose.EARLY_INTERVENTION, "about_child": False}),
    ],
    ids=["nobody", "a dot", "one twice", "too many", "two tables", "another purpose", "beyond its shape", "an adult"],
)
def test_what_such_a_paper_never_is_is_refused(form: Form, recipients: list[str], wrong: dict[str, Any]) -> None:
    check(Form.COURT, ["Adams", "Baker"], ASKED)
    check(Form.TABLE, ["Adams"], ASKED)
    with pytest.raises(BadInput):
        check(form, recipients, replace(ASKED, **wrong))


def test_a_release_for_a_court_asks_for_each_recipient_and_each_law() -> None:
    """Anything else asks once, so that two laws in one file stay refused."""
    mixed = replace(ASKED, kinds=frozenset({Kind.SERVED, Kind.VISITS, Kind.CHILD_WELFARE}))
    found = askings(Form.COURT, ["Adams", "Baker"], mixed)
    laws = {frozenset({Kind.SERVED, Kind.VISITS}), frozenset({Kind.CHILD_WELFARE})}
    assert {(one.recipient, one.kinds) for one in found} == {(who, law) for who in ("Adams", "Baker") for law in laws}
    assert askings(Form.TABLE, ["Adams"], mixed) == [mixed]


def test_a_part_that_was_asked_for_stands_there_also_where_it_is_empty() -> None:
    line = Entry(Kind.VISITS, DAY, "Visit", "Luz")
    found = parts(Form.COURT, [Kind.SAID, Kind.VISITS], [line])
    assert [some for _heading, some in found] == [[line], []]


def test_two_papers_have_one_mark_only_where_they_say_the_same() -> None:
    said = {"title": "Letter", "facts": [["For", "Adams"]]}
    assert mark_of(said) == mark_of(dict(reversed(said.items()))) != mark_of(said | {"title": "letter"})
    assert len(mark_of(said).split()) == 8


def test_by_a_courts_order_a_rating_of_a_relationship_stays_out_of_its_paper() -> None:
    """Decision 33: it leaves by the consent of the adult alone; what a tribe keeps is refused by its own sentence."""
    for kind, found in (
        (Kind.RELATIONSHIPS, "How a relationship was rated leaves by the consent of the adult alone."),
        (Kind.TRIBAL, "A tribe decides on what it keeps."),
    ):
        kinds = frozenset({kind})
        asked = replace(ASKED, kinds=kinds, days=DAYS, about_child=False)
        with pytest.raises(BadInput) as refused:
            check_answer(Basis.ORDER, "The order asks for it.", "Safe", ["Adams"], kinds, DAYS, asked)
        assert refused.value.found == found
