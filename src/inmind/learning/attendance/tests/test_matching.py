"""Who of those registered is meant: by the address, by the whole name, and else by nobody's guess."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from inmind.foundation.text import tokens
from inmind.learning.attendance import matching
from inmind.learning.attendance.call_log import Stay
from inmind.learning.attendance.matching import Doubt, How, Known, Match, gathered, match
from inmind.learning.attendance.presence import Span

ANA, LUZ, TOM, TWIN, OTHER = (UUID(int=number) for number in range(1, 6))
PEOPLE = [
    Known(ANA, "Ana Díaz", frozenset({"ana@example.org"})),
    Known(LUZ, "Luz Marín Ortega", frozenset({"luz@example.org", "desk@example.org"})),
    Known(TOM, "Tom Ma", frozenset({"desk@example.org"})),
]
TWINS = [*PEOPLE, Known(TWIN, "Ana Diaz")]


@pytest.mark.parametrize(
    ("name", "mail", "found"),
    [
        pytest.param("Anita", "ANA@example.org ", Match(ANA, How.MAIL), id="by mail, whatever the name"),
        pytest.param("ana diaz", "", Match(ANA, How.NAME), id="by the folded name"),
        pytest.param("Ana Díaz (she/her) - Harbor", "", Match(ANA, How.NAME), id="a name with more behind it"),
        pytest.param("Díaz, Ana", "elsewhere@example.org", Match(ANA, How.NAME), id="family name first"),
        pytest.param("AD (Ana Diaz)", "", Match(ANA, How.NAME), id="the original name in brackets"),
        pytest.param("Tom Ma", "", Match(TOM, How.NAME), id="a family name that looks like a degree"),
        pytest.param("Tom Ma, LCSW", "", Match(TOM, How.NAME), id="a name with a degree"),
        pytest.param("Tom Ma", "desk@example.org", Match(TOM, How.MAIL), id="a shared address with a name"),
    ],
)
def test_somebody_is_known(name: str, mail: str, found: Match) -> None:
    """One person, and by what."""
    assert match(name, mail, PEOPLE) == found


@pytest.mark.parametrize(
    ("name", "mail", "doubt", "likely"),
    [
        pytest.param("iPhone", "", Doubt.DEVICE, (), id="a device"),
        pytest.param("Ana's iPhone", "", Doubt.DEVICE, (), id="a device of somebody"),
        pytest.param("iPhone (Ana)", "", Doubt.DEVICE, (ANA,), id="a device with a name"),
        pytest.param("Desk", "desk@example.org", Doubt.SHARED_MAIL, (LUZ, TOM), id="an address of two"),
        pytest.param("Tom Ma", "ana@example.org", Doubt.OTHER_NAME, (ANA, TOM), id="one's address, another's name"),
        pytest.param("Ana D.", "", Doubt.ALMOST, (ANA,), id="almost a name"),
        pytest.param("Zoe Quill", "zoe@example.org", Doubt.UNKNOWN, (), id="not registered"),
        pytest.param("", "zoe@example.org", Doubt.UNKNOWN, (), id="an address alone"),
        pytest.param("+1 555 0100", "", Doubt.DEVICE, (), id="a telephone"),
    ],
)
def test_nobody_is_guessed(name: str, mail: str, doubt: Doubt, likely: tuple[UUID, ...]) -> None:
    """It waits for somebody who knows, with whom it may be."""
    found = match(name, mail, PEOPLE)
    assert (found.person, found.doubt, found.likely) == (None, doubt, likely)


def test_two_of_one_name_are_told_apart_by_nobody() -> None:
    """Accents do not tell people apart; an address does."""
    assert match("Ana Diaz", "", TWINS) == Match(None, doubt=Doubt.TWO_OF_NAME, likely=(ANA, TWIN))
    assert match("Ana Diaz", "ana@example.org", TWINS).person == ANA


def stay(row: int, name: str, mail: str = "") -> Stay:
    moment = datetime(2026, 5, 16, 15, row, tzinfo=UTC)
    return Stay(row, name, mail, Span(moment, moment))


def test_stays_under_one_name_belong_together() -> None:
    """Written with or without accents; devices stay apart, for two people may have such a one."""
    found = gathered([stay(1, "Ana Díaz"), stay(2, "iPhone"), stay(3, "ana diaz"), stay(4, "iPhone")])
    assert [[one.row for one in some.stays] for some in found] == [[1, 3], [2], [4]]
    assert len(gathered([stay(1, "iPhone", "a@example.org"), stay(2, "iPhone", "a@example.org")])) == 1


def test_the_name_of_who_is_registered_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of thousands and a register of hundreds: each name is taken apart once, not once for each row."""
    people = [Known(UUID(int=number), f"Given{number} Family{number}") for number in range(50)]
    taken: list[str] = []

    def counted(words: str) -> list[str]:
        taken.append(words)
        return tokens(words)

    monkeypatch.setattr(matching, "tokens", counted)
    for number in range(50):
        match(f"Given{number} Family{number}", "", people)
    assert len(taken) <= 50 * 3, "of the log's names alone: the whole, and its parts"
