"""Pictures stand where the numbers and the people say."""

from __future__ import annotations

import math

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from inmind.foundation.components import (
    CENTER,
    NETWORK,
    RADII,
    ROW,
    Band,
    Cutoff,
    Held,
    HoldingMap,
    RangePicture,
    Service,
)

TEN = (Band(0, 4, "low"), Band(5, 9, "high"))


def share(percent: object) -> float:
    return float(str(percent).removesuffix("%"))


def test_bands_meet_without_a_gap_and_fill_the_scale() -> None:
    """Two bands of five points each take half of a ten-number scale, and the second begins where the first ends."""
    first, second = RangePicture(0, 9, TEN).segments()
    assert (first["x"], first["width"]) == ("0.00%", "50.00%")
    assert (second["x"], second["width"]) == ("50.00%", "50.00%")


@given(st.integers(0, 9))
def test_a_result_stands_inside_its_own_band(points: int) -> None:
    """The marker lies within the stretch of the band that holds the result."""
    picture = RangePicture(0, 9, TEN, points=points)
    here = next(segment for segment in picture.segments() if segment["is_here"])
    assert share(here["x"]) < share(picture.marker()) < share(here["x"]) + share(here["width"])


def test_a_cutoff_parts_the_first_number_that_reaches_it_from_the_one_before() -> None:
    """With a cut-off of five, four stands left of the mark and five stands right of it."""
    mark = share(RangePicture(0, 9, TEN, (Cutoff(5),)).marks()[0]["x"])
    assert share(RangePicture(0, 9, points=4).marker()) < mark < share(RangePicture(0, 9, points=5).marker())


def test_a_cut_off_from_which_downwards_counts_stands_behind_its_number() -> None:
    """Five or fewer of ten: the line is between 5 and 6, and the number under it is 5."""
    picture = RangePicture(0, 9, TEN, (Cutoff(5, at_or_below=True),))
    mark = share(picture.marks()[0]["x"])
    assert share(RangePicture(0, 9, points=5).marker()) < mark < share(RangePicture(0, 9, points=6).marker())
    assert [one["value"] for one in picture.numbers()] == [0, 5, 9]


def test_the_palest_shade_is_the_side_that_asks_for_no_closer_look() -> None:
    """Where fewer points are worth a closer look, the lowest band has the warm colour; else the highest has it."""
    from_above = RangePicture(0, 9, TEN, (Cutoff(4, at_or_below=True),))
    assert [one["shade"] for one in from_above.segments()] == [2, 1]
    assert [one["shade"] for one in RangePicture(0, 9, TEN, (Cutoff(5),)).segments()] == [1, 2]


def test_an_unfinished_result_covers_every_number_that_is_still_possible() -> None:
    """From two to four of ten numbers: the stretch begins at the third cell and is three cells wide."""
    assert RangePicture(0, 9, possible=(2, 4)).reach() == {
        "x": "20.00%",
        "width": "30.00%",
    }
    assert RangePicture(0, 9, possible=(2, 4)).marker() is None


def test_numbers_under_the_scale_never_touch() -> None:
    """Cut-offs beside each other or beside an end give up their number; the ends keep theirs."""
    picture = RangePicture(0, 30, cutoffs=(Cutoff(10), Cutoff(11), Cutoff(30)))
    assert [number["value"] for number in picture.numbers()] == [0, 10, 30]


@pytest.mark.parametrize(
    "wrong",
    [{"points": 10}, {"points": -1}, {"possible": (3, 12)}],
    ids=["above", "below", "reaches over"],
)
def test_a_result_outside_its_scale_is_refused(wrong: dict[str, object]) -> None:
    """A picture that cannot be true is not drawn."""
    with pytest.raises(ValueError, match="does not fit on a scale from 0 to 9"):
        RangePicture(0, 9, **wrong)  # type: ignore[arg-type]


people = st.lists(
    st.builds(
        Held,
        key=st.integers(0, 99).map(str),
        name=st.just("Ana"),
        part=st.just("kin"),
        ring=st.integers(1, 3),
        holds=st.lists(st.integers(0, 99).map(str), max_size=2).map(tuple),
    ),
    max_size=24,
    unique_by=lambda person: person.key,
)


@given(people)
def test_each_person_stands_on_their_ring_in_a_row_of_their_own(
    crowd: list[Held],
) -> None:
    """However many there are, no two names share a row on one side, and each mark lies on its ring."""
    marks = HoldingMap("Mateo", tuple(crowd)).marks()
    rows = [(mark["x"] > CENTER[0], mark["y"]) for mark in marks]  # type: ignore[operator]
    assert len(rows) == len(set(rows))
    assert all(
        abs(one - other) >= ROW
        for side in (True, False)
        for one in _on(rows, side)
        for other in _on(rows, side)
        if one != other
    )
    for mark in marks:
        away = math.dist((mark["x"], mark["y"]), CENTER)  # type: ignore[arg-type]
        assert away == pytest.approx(RADII[mark["person"].ring], abs=1.5)  # type: ignore[attr-defined]


def test_a_small_family_with_its_workers_is_drawn_whole() -> None:
    """Six people all find room, and each line of holding is drawn: three between them, two to the child."""
    drawn = HoldingMap(
        "Mateo",
        (
            Held("rosa", "Rosa", "mother", 1),
            Held("elena", "Elena", "grandmother", 1),
            Held("luz", "Luz", "home visitor", 2, ("rosa",)),
            Held("dana", "Dana", "clinician", 2, ("rosa",)),
            Held("okafor", "Ms. Okafor", "holds Luz", 3, ("luz",)),
            Held("quinn", "Quinn", "director", 3),
        ),
    )
    assert len(drawn.marks()) == 6
    assert len(drawn.lines()) == 5


def test_a_gap_is_drawn_only_for_a_service_that_has_not_come() -> None:
    """A lone parent leaves no gap in the picture; each service leaves an arc, dotted until it comes (protect.md 10)."""
    alone = (Held("rosa", "Rosa", "mother", 1),)
    assert HoldingMap("Mateo", alone).arcs() == [] and not HoldingMap("Mateo", alone).waits()
    services = (Service("Speech", "since May", runs=True), Service("Housing", "asked on 2 May"))
    there = HoldingMap("Mateo", alone, services)
    assert [arc["service"] for arc in there.arcs()] == list(services) and there.waits()
    assert not HoldingMap("Mateo", alone, services[:1]).waits()


def test_rings_are_drawn_from_the_outside_so_that_none_hides_another() -> None:
    """The network first, the family last."""
    rings = HoldingMap("Mateo", ()).rings()
    assert rings[0] == NETWORK
    assert rings == sorted(rings, reverse=True)


def _on(rows: list[tuple[object, object]], side: bool) -> list[int]:
    return [row for where, row in rows if where is side]  # type: ignore[misc]


def test_words_on_a_map_are_as_long_as_there_is_room_and_the_list_has_them_whole() -> None:
    """At either side no name runs out of the picture; what found no place at all is counted and listed."""
    long = "Maximiliana Guadalupe Etxeberria"
    crowd = tuple(Held(str(number), long, "someone close", 1 + number % 3) for number in range(30))
    drawn = HoldingMap("Mateo", crowd)
    for mark in drawn.marks():
        x, name = mark["text_x"], str(mark["name"])
        assert isinstance(x, int)
        room = 500 - x if mark["anchor"] == "start" else x
        assert name.endswith("…") and len(name) * 10 <= room
    assert drawn.not_drawn() == 30 - len(drawn.marks()) > 0
    listed = [person for group in drawn.groups() for person in group["people"]]  # type: ignore[attr-defined]
    assert {person.name for person in listed} == {long} and len(listed) == 30


def test_a_ring_without_anybody_is_no_gap_in_the_list() -> None:
    """`protect.md` 10 and 13: nothing marks that nobody holds a worker, or that nobody serves yet."""
    groups = HoldingMap("Mateo", (Held("1", "Rosa", "mother", 1),)).groups()
    assert [group["ring"] for group in groups] == [1]


def test_a_cell_shows_nothing_counted_as_nought() -> None:
    """A number, a nought or an empty word of a cell is itself, never the thing it came in."""
    shown = [
        render_to_string("foundation/parts/table_cell.html", {"cell": cell}).strip()
        for cell in ({"text": 0}, {"text": ""}, {"text": 3}, "words")
    ]
    assert shown == ["<span>0</span>", "<span></span>", "<span>3</span>", "<span>words</span>"]
