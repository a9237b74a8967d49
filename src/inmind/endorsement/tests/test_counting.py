"""Does this hour count? Answered line by line, with the source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.endorsement import standard_file
from inmind.endorsement.counting import MAPPED_SOURCE, NO_SUPERVISION_SOURCE, of_session, of_training
from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.readiness import counts
from inmind.endorsement.standards import Degree, Edition, Kind, RscHours, Tag
from inmind.foundation import loading

EDITIONS = [one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet)]
DAY = date(2026, 6, 1)
MENTOR = frozenset({"MHM-C"})


def of(category: str, edition: str = "") -> list[Edition]:
    return [one for one in EDITIONS if one.category == category and edition in one.edition]


def held(holds: frozenset[str] | None = MENTOR, on: date = DAY, minutes: int = 60, **more: object) -> Session:
    return Session(on, minutes, "Ana", holds, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("category", "edition", "session", "expected"),
    [
        ("FS", "2022", held(), True),
        ("FS", "2022", held(frozenset({"FS", "ERS"})), True),
        ("FS", "2022", held(frozenset({"MHS"}), date(2024, 3, 31)), True),
        ("FS", "2022", held(frozenset({"MHS"}), date(2024, 4, 1)), False),
        ("FS", "2022", held(None), None),
        ("FS", "2022", held(confirmed=False), None),
        ("FS", "2017", held(frozenset({"MHS"})), True),
        ("MHS", "2025", held(frozenset({"MHS"})), False),
        ("MHS", "2025", held(frozenset({"MHS", "ERS"})), True),
        ("MHM-C", "2017", held(frozenset({"MHS", "ERS"})), False),
        ("FS", "2022", held(kind=Kind.PEER), False),
        ("FS", "2022", held(kind=Kind.ADMINISTRATIVE), False),
    ],
)
def test_a_session_counts_by_who_held_it_on_that_day(
    category: str, edition: str, session: Session, expected: bool | None
) -> None:
    [answer] = of_session(session, of(category, edition), Portfolio(sessions=(session,)), DAY)
    assert answer.counts is expected
    assert answer.says and answer.source


def test_the_source_of_a_no_is_of_the_no() -> None:
    session = held(kind=Kind.PEER)
    [answer] = of_session(session, of("FS", "2022"), Portfolio(sessions=(session,)), DAY)
    assert answer.source == NO_SUPERVISION_SOURCE


def test_what_it_adds_is_said_and_that_it_adds_nothing_beside_a_better_stretch() -> None:
    """Within 24 months: an hour of long ago counts by itself and adds nothing to the best stretch."""
    late = tuple(held(on=DAY - timedelta(days=30 * place), minutes=120) for place in range(13))
    old = held(on=date(2021, 1, 4))
    has = Portfolio(sessions=(old, *late))
    [answer] = of_session(old, of("FS", "2017"), has, DAY)
    assert (answer.counts, answer.adds) == (True, 0) and "Another stretch" in answer.says
    [answer] = of_session(late[0], of("FS", "2017"), has, DAY)
    assert (answer.counts, answer.adds) == (True, 120) and "Another stretch" not in answer.says


def test_an_hour_about_supervision_given_counts_for_that_too() -> None:
    session = held(about_rsc_given=True)
    [answer] = of_session(session, of("MHM-C"), Portfolio(sessions=(session,)), DAY)
    assert answer.as_well == (Tag.ABOUT_RSC_GIVEN,)
    [answer] = of_session(session, of("FS", "2022"), Portfolio(sessions=(session,)), DAY)
    assert answer.as_well == ()


def test_training_counts_once_it_names_a_competency() -> None:
    """Each training must map to at least one competency."""
    mapped = Training(DAY, 90, frozenset({Tag.GIVING_RSC}), frozenset({"reflection"}))
    bare = replace(mapped, domains=frozenset())
    rows = of_training(mapped, of("MHM-C"), Portfolio(trainings=(mapped,)), DAY)
    assert [(one.counts, one.adds, one.as_well) for one in rows] == [(True, 90, (Tag.GIVING_RSC,))], (
        "of the two lines of training, the one that stands on the day"
    )
    [answer] = of_training(bare, of("FA"), Portfolio(trainings=(bare,)), DAY)
    assert (answer.counts, answer.source) == (None, MAPPED_SOURCE)


@pytest.mark.parametrize(
    ("degree", "holds", "expected"),
    [
        (Degree.BACHELOR, {"FS", "master"}, True),
        (Degree.BACHELOR, {"FS", "below_master"}, False),
        (Degree.BACHELOR, {"FS"}, None),
        (Degree.MASTER, {"FS"}, False),
        (None, {"FS"}, None),
    ],
)
def test_a_providers_degree_that_nobody_has_said_is_asked(
    degree: Degree | None, holds: set[str], expected: bool | None
) -> None:
    """2017: a family specialist with a master's degree counts for an applicant with a bachelor's."""
    [needs] = [one for line in of("FS", "2017")[0].requirements for one in line.any_of if isinstance(one, RscHours)]
    assert counts(held(frozenset(holds)), needs, Portfolio(degree=degree)).counts is expected
