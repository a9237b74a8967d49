"""What rooms offer finds its place, once."""

from __future__ import annotations

from typing import Any

import pytest

from inmind.foundation.events import ScreenFinished
from inmind.foundation.registries import House, NavItem, Panel, Path, Reach


def nothing(*_: Any, **__: Any) -> Any:
    return None


def something(*_: Any, **__: Any) -> Any:
    return True


@pytest.fixture
def house() -> House:
    return House()


def test_panels_and_lines_stand_in_their_order(house: House) -> None:
    """Whichever room was installed first."""
    house.offer(*(Panel("today", key, order, "a.html", nothing) for key, order in (("later", 20), ("first", 10))))
    house.offer(*(NavItem(key, key, "a", order, something) for key, order in (("later", 20), ("first", 10))))
    assert [panel.key for panel in house.panels["today"]] == ["first", "later"]
    assert [item.key for item in house.nav] == ["first", "later"]
    assert house.panels["dyad"] == []


def test_only_what_has_something_for_the_reader_is_drawn(house: House) -> None:
    house.offer(
        Panel("visit", "empty", 5, "empty.html", nothing),
        Panel("visit", "due", 10, "due.html", lambda request, *, child: {"child": child, "reader": request}),
    )
    assert house.drawn("visit", "Luz", child="Mateo") == [
        {"key": "due", "template": "due.html", "child": "Mateo", "reader": "Luz"}
    ]
    assert house.drawn("dyad", "Luz") == []


def test_a_record_may_reach_several_anchors(house: House) -> None:
    """Each once; other records' ways are not among them."""
    ways = (Reach("a.A", "b.B"), Reach("a.A", "c.C"), Reach("d.D", "b.B"))
    house.offer(*ways)
    assert list(house.reaches_of("a.A")) == list(ways[:2])
    assert list(house.reaches_of("e.E")) == []


def test_a_second_offer_under_one_key_is_a_mistake(house: House) -> None:
    """The same thing again is not: rooms may be installed twice in a test."""
    path = Path("care_team", "families.Episode", nothing, nothing)
    house.offer(path)
    house.offer(path)
    house.listens(ScreenFinished, "one", nothing)
    house.handles("letter", nothing)
    house.explains("crisis", nothing)
    for again in (
        lambda: house.offer(Path("care_team", "families.Episode", something, nothing)),
        lambda: house.listens(ScreenFinished, "one", something),
        lambda: house.handles("letter", something),
        lambda: house.explains("crisis", something),
    ):
        with pytest.raises(ValueError, match="is offered twice"):
            again()


def test_only_what_a_room_offers_is_taken(house: House) -> None:
    """Something else leaves nothing behind."""
    house.offer("words")  # type: ignore[arg-type]
    assert house == House()


def test_a_schedule_is_kept_by_its_name(house: House) -> None:
    """Its kind and how many seconds lie between two."""
    house.every(60, "seal", "trail")
    assert house.schedules == {"trail": (60, "seal")}


def test_leases_are_written_freely_until_access_is_installed(house: House) -> None:
    """Jobs stand below access, and ask it through the registry."""
    with house.lease_writes():
        pass
