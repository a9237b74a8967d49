"""Counts that point at nobody (`protect.md` 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.reflection import counts
from inmind.reflection.counts import ENOUGH, Cell, Row, Told


def shown(row: Told) -> tuple[int | None, int | None]:
    return row.held.at_least, row.met.at_least


@pytest.mark.parametrize(
    ("of", "held", "met", "told"),
    [
        (20, 12, 7, (10, 5)),
        (20, 4, 4, (None, None)),
        (20, 16, 9, (None, None)),
        (20, 20, 20, (None, None)),
        (20, 10, 10, (10, None)),
        (20, 10, 6, (10, None)),
        (9, 5, 5, (None, None)),
        (10, 5, 5, (5, None)),
        (0, 0, 0, (None, None)),
    ],
    ids=["enough", "too few", "near to all", "all", "all of them met", "few did not", "few others", "just", "nobody"],
)
def test_a_count_is_told_where_those_in_it_and_those_outside_are_five_or_more(
    of: int, held: int, met: int, told: tuple[int | None, int | None]
) -> None:
    assert shown(counts.told([Row("a", of, held, met)])[0]) == told


def test_where_one_row_alone_is_kept_back_the_smallest_other_is_too() -> None:
    """Whoever knows the whole from elsewhere could else take the others from it."""
    rows = [Row("a", 30, 12, 6), Row("b", 30, 3, 0), Row("c", 30, 20, 6)]
    found = counts.told(rows)
    assert [one.held for one in found] == [Cell(None), Cell(None), Cell(20)]
    assert [one.met for one in found] == [Cell(None), Cell(None), Cell(None)] or found[2].met == Cell(5)
    two = counts.told([Row("a", 30, 12, 6), Row("b", 30, 3, 0), Row("c", 30, 4, 0)])
    assert [one.held.at_least for one in two] == [10, None, None]


def consistent(cell: Cell, of: int) -> set[int]:
    """Every count that what is told allows, for somebody who knows the rule and how many there are."""
    return {count for count in range(of + 1) if counts.told([Row("", of, count, 0)])[0].held == cell}


@pytest.mark.parametrize("of", range(41))
def test_no_subtraction_says_of_a_named_person_whether_they_are_held(of: int) -> None:
    """Who knows all others but one: the same is told whether that one is held or not, but at the steps of five, where at least
    five are in it and five are not."""
    for count in range(of + 1):
        cell = counts.told([Row("", of, count, 0)])[0].held
        if cell.at_least is None:
            assert {0, of} <= consistent(cell, of)
        else:
            assert ENOUGH <= count <= of - ENOUGH
            assert cell.at_least % ENOUGH == 0
            assert cell.at_least <= count


def test_no_kept_back_row_can_be_taken_from_a_whole() -> None:
    """With the true whole known from elsewhere (it is told nowhere here), more than one count is left for each row that is kept
    back; but where that whole itself says that all of them hold nobody, or everybody."""
    of = 12
    tables: dict[tuple[tuple[int | None, ...], int], list[set[int]]] = {}
    for held in product(range(of + 1), repeat=3):
        told = tuple(
            one.held.at_least for one in counts.told([Row(key, of, count, 0) for key, count in enumerate(held)])
        )
        left = tables.setdefault((told, sum(held)), [set(), set(), set()])
        for place, count in enumerate(held):
            left[place].add(count)
    found = 0
    for (told, _whole), left in tables.items():
        kept_back = [left[place] for place, cell in enumerate(told) if cell is None]
        if kept_back and not all(some in ({0}, {of}) for some in kept_back):
            found += 1
            assert all(len(some) > 1 for some in kept_back)
    assert found > 20


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (date(2026, 11, 20), (date(2026, 7, 1), date(2026, 9, 30))),
        (date(2026, 1, 1), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 4, 1), (date(2026, 1, 1), date(2026, 3, 31))),
    ],
)
def test_counts_are_of_the_last_whole_quarter(today: date, quarter: tuple[date, date]) -> None:
    """From one day to the next nothing moves, so that nobody is seen to come or go."""
    assert counts.as_of(today) == quarter


def test_two_places_that_differ_in_one_person_are_not_told_beside_one_another() -> None:
    """Nine are held of twenty, and with Sam ten of twenty-one: "5 or more" beside "10 or more" would say that Sam is held."""
    small, large = frozenset(range(20)), frozenset(range(21))
    steps = [counts.told([Row("", of, held, 0)])[0].held.at_least for of, held in ((20, 9), (21, 10))]
    assert steps == [5, 10], "each by itself may be told"
    assert counts.apart({"small": small, "large": large}) == {"large"}
    assert counts.apart({"a": small, "b": frozenset(small), "c": frozenset({99})}) == {"a", "b", "c"}
    assert counts.apart({}) == frozenset()


PEOPLE = range(36)
PLACES = st.dictionaries(st.sampled_from("abcd"), st.frozensets(st.sampled_from(PEOPLE)), min_size=1)


def released(places: Mapping[str, frozenset[int]], held: frozenset[int], met: frozenset[int]) -> dict[str, Told | None]:
    """Everything that one reader sees."""
    kept = counts.apart(places)
    return {
        key: counts.told([Row(key, len(some), len(some & held), len(some & met))])[0] if key in kept else None
        for key, some in places.items()
    }


@given(PLACES, st.frozensets(st.sampled_from(PEOPLE)), st.frozensets(st.sampled_from(PEOPLE)))
def test_no_two_places_together_say_of_a_named_person_whether_they_are_held(
    places: dict[str, frozenset[int]], held: frozenset[int], some: frozenset[int]
) -> None:
    """For each person there is another truth, in which they stand the other way, and every number of the page is the same."""
    met = held & some
    seen = released(places, held, met)
    for person in sorted(frozenset().union(*places.values())):
        mine = next((places[key] for key in counts.apart(places) if person in places[key]), frozenset())
        others = sorted(one for one in mine if (one in held) is not (person in held))
        told = counts.told([Row("", len(mine), len(mine & held), len(mine & met))])[0]
        if not mine:  # of nobody's place that is told
            other, after = held ^ {person}, met - {person}
        elif told.held.at_least is None:  # so it would be were none of them held, and were all
            other = held - mine if person in held else held | mine
            after = met - mine
        else:
            assert others, "five are in it, and five are not"
            swapped = {person: others[0], others[0]: person}
            other = frozenset(swapped.get(one, one) for one in held)
            after = frozenset(swapped.get(one, one) for one in met)
        assert (person in other) is not (person in held)
        assert released(places, other, after) == seen
