"""The short cut says what the long way says: with columns known, with measures kept, for trees and for instruments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening import quick, scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Blank,
    Case,
    Column,
    Count,
    Expression,
    Filled,
    Joined,
    Layers,
    Nothing,
    Number,
    Row,
    Same,
    Sum,
    Test,
    Text,
    Value,
    run,
)
from inmind.screening.instruments import Instrument
from inmind.screening.quick import Measured, folded
from inmind.screening.tests.test_expression import (
    NUMBERS,
    TEXTS,
    checks_over,
    number_leaves,
    number_rules,
    rows,
    text_leaves,
    text_rules,
)
from inmind.screening.tests.test_scoring import EVERY, some_ages

T = TypeVar("T")


def constant(value: Value) -> Expression:
    return Nothing() if value is None else Text(value) if isinstance(value, str) else Number(int(value))


def layers_of(first: Expression, again: Expression, check: Test) -> Layers:
    """Three results, one of which is there twice, and two that build on them."""
    return [
        {"first": first, "again": again, "twice": first, "check": check},
        {"above": Sum((Column("first"), Filled(Column("twice"), 2))), "case": Case(((check, Column("again")),))},
    ]


@settings(deadline=None, max_examples=60)
@given(number_rules, text_rules, checks_over(number_leaves, text_leaves), rows, st.data())
def test_what_is_known_beforehand_changes_nothing(
    first: Expression, again: Expression, check: Test, row: Row, data: st.DataObject
) -> None:
    """Of some columns the value is known, of others only that there is one: every result stays what it was."""
    layers = layers_of(first, again, check)
    known = data.draw(st.sets(st.sampled_from(sorted(row))))
    filled = [name for name, value in row.items() if value is not None and name not in known]
    shorter = folded(layers, filled, {name: constant(row[name]) for name in known})
    assert run(shorter)({name: row[name] for name in row if name not in known}) == {
        name: value for name, value in run(layers)(row).items() if name not in known
    }


@settings(deadline=None, max_examples=60)
@given(number_rules, text_rules, checks_over(number_leaves, text_leaves), st.lists(rows, min_size=1, max_size=4))
def test_what_is_kept_by_its_measures_is_what_is_worked_out(
    first: Expression, again: Expression, check: Test, several: list[Row]
) -> None:
    """The second time too, and with few kept."""
    layers = layers_of(first, again, check)
    names = [name for layer in layers for name in layer]
    items = {name: tuple(dict.fromkeys(row[name] for row in several)) for name in NUMBERS}
    quick = Measured(layers, items, TEXTS, dict)
    for row in [*several, *several]:
        found, short_cut = run(layers)(row), by_measures(quick, items, row, TEXTS)
        assert {name: short_cut[name] for name in names} == {name: found[name] for name in names}


def by_measures(quick: Measured[T], items: Iterable[str], row: Row, beside: Iterable[str] = ()) -> T:
    measures = sum(table[row[name]] for table, name in zip(quick.tables, items, strict=True))
    return quick.of(measures, tuple(row[name] for name in beside))


A, B = Column("n1"), Column("n2")
CASE: Expression = Case(((AtLeast(A, 2), Text("two")),))


@pytest.mark.parametrize(
    ("tree", "shorter"),
    [
        pytest.param(Sum((Filled(A, 3), Filled(B, 3))), Sum((A, B)), id="nothing is filled where nothing is blank"),
        pytest.param(Count((Blank(A), Blank(B))), Number(0), id="no blank is counted"),
        pytest.param(Count((Blank(A), AtMost(B, 1), AtLeast(Nothing(), 1))), Count((AtMost(B, 1),)), id="nor tested"),
        pytest.param(Case(((Blank(A), Text("none")), (AtLeast(A, 2), Text("two")))), CASE, id="a branch that never is"),
        pytest.param(Case(((AtLeast(A, 2), Text("two")), (AtLeast(Nothing(), 0), B))), CASE, id="one that stays open"),
        pytest.param(Case(((AtMost(Number(1), 2), A), (AtLeast(B, 2), B))), A, id="one that always is"),
        pytest.param(Case(((Same(A, A), A),)), A, id="a value where it equals itself"),
        pytest.param(Case(((Blank(A), Text("none")),)), Nothing(), id="a case that never is"),
        pytest.param(Case(((AllOf((Blank(A), AtLeast(B, 1))), B), (AtLeast(A, 2), Text("two")))), CASE, id="one no"),
        pytest.param(Case(((AnyOf((AtLeast(B, 1), Blank(Nothing()))), B),)), B, id="one yes"),
        pytest.param(Case(((AnyOf((AtLeast(A, 2), Blank(A))), Text("two")),)), Case(((AnyOf((AtLeast(A, 2),)), Text("two")),)), id="the rest"),
        pytest.param(Joined((Nothing(), A, Text("b"))), Joined((A, Text("b"))), id="nothing is joined"),
        pytest.param(Joined((Text("a"), Number(2)), by=";"), Text("a;2"), id="texts that are known"),
    ],
)  # fmt: skip
def test_what_is_left_is_no_longer_than_it_needs_to_be(tree: Expression, shorter: Expression) -> None:
    assert folded([{"found": tree}], ("n1", "n2"), {}) == [{"found": shorter}]


def test_what_says_the_same_is_found_once() -> None:
    """The highest total of a form without blanks is its lowest: what rests on it rests on the other."""
    layers: Layers = [
        {"lowest": Sum((Filled(A, 0), B)), "highest": Sum((Filled(A, 3), B)), "a": A},
        {"above": Case(((Same(Column("lowest"), Column("highest")), Column("lowest")),)), "b": Column("a")},
    ]
    assert folded(layers, ("n1", "n2"), {})[1] == {"above": Column("lowest"), "b": A}


def test_only_so_many_measures_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of millions of rows, each of another kind, takes no more memory than a small one."""
    monkeypatch.setattr(quick, "KEPT", 2)
    made: list[object] = []
    items = {"n1": (1, 2, 3), "n2": (0,)}
    short_cut = Measured([{"found": Sum((A, B))}], items, ("m",), made.append)
    for one in (1, 1, 2, 3, 1):
        by_measures(short_cut, items, {"n1": one, "n2": 0, "m": 5}, ("m",))
    assert [found["found"] for found in made] == [1, 2, 3, 1]  # type: ignore[index]
    assert all(found["m"] == 5 for found in made)  # type: ignore[index]


@pytest.mark.parametrize("instrument", EVERY, ids=lambda one: one.key)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_screen_without_blanks_is_scored_by_the_whole_rules(data: st.DataObject, instrument: Instrument) -> None:
    """Whatever is answered at whatever age, every column of the rules is the same by the short cut."""
    answers: dict[str, Value] = {item.key: data.draw(st.sampled_from(item.values)) for item in instrument.items}
    ages = data.draw(st.composite(some_ages)(instrument))
    row = {**answers, scoring.MONTHS: ages.used.months if ages else None}
    layers, keys = scoring.rules(instrument), list(answers)
    long_way = {name: value for name, value in run(layers)(row).items() if name not in row}
    items, beside = {item.key: item.values for item in instrument.items}, [scoring.MONTHS] * instrument.needs_age
    short_cut = by_measures(Measured(folded(layers, keys, {}), items, beside, dict), keys, row, beside)
    assert {name: short_cut[name] for name in long_way} == long_way


def test_results_that_are_shared_cannot_be_changed() -> None:
    """One result stands for all screens that come to the same."""
    phq9 = catalog()["phq9"]
    answers: dict[str, int | None] = dict.fromkeys((item.key for item in phq9.items), 1)
    one, other = scoring.score(phq9, answers), scoring.score(phq9, dict(answers))
    assert one is other
    assert one.flags[0].facts == {"number": "9", "label": "self-harm thoughts", "at_least": "1"}
    assert len(one.flags[0].facts) == 3
    with pytest.raises(TypeError, match="item assignment"):
        one.flags[0].facts["label"] = "something else"  # type: ignore[index]
