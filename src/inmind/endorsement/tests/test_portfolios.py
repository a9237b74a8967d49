"""What other rooms know becomes a portfolio as it is; nothing is typed twice, and an hour more never takes anything away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.endorsement import standard_file
from inmind.endorsement.portfolio import Rating, Work
from inmind.endorsement.portfolios import Statement, Told, in_cycle, portfolio_of, session_at
from inmind.endorsement.readiness import readiness
from inmind.endorsement.standards import Concentration, Degree, Kind, Tag
from inmind.foundation import loading
from inmind.foundation.values import Period

DAY = date(2026, 11, 22)
FIRST, SECOND = UUID(int=1), UUID(int=2)
EDITIONS = [one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet)]


@dataclass(frozen=True)
class Learned:
    """As `learning.queries.Learned`."""

    on: date
    minutes: int
    tags: frozenset[str] = frozenset()
    domains: Mapping[str, int] = field(default_factory=dict)
    title: str = "A day on the law"
    association: str = "Plains"
    id: UUID = FIRST


@dataclass(frozen=True)
class Held:
    """As `reflection.queries.Held`."""

    on: date
    minutes: int
    provider: str = "person:1"
    provider_name: str = "Ana Ruiz"
    provider_holds: frozenset[str] | None = frozenset({"MHM-C"})
    kind: str = "group"
    about_rsc_given: bool | None = False
    confirmed: bool = True
    id: UUID = SECOND


def test_what_was_learned_and_held_is_read_as_it_is() -> None:
    has = portfolio_of(
        Told(),
        [Learned(DAY, 60, frozenset({"equity", "something_new"}), {"law_regulation_agency_policy": 60})],
        [Held(DAY, 90, kind="peer")],
        [Period(date(2026, 1, 1), date(2027, 1, 1))],
    )
    [training], [session] = has.trainings, has.sessions
    assert (training.tags, training.domains) == (frozenset({Tag.EQUITY}), frozenset({"law_regulation_agency_policy"}))
    assert (session.kind, session.minutes, session.with_whom) == (Kind.PEER, 90, "Ana Ruiz")
    assert has.memberships[0].holds_on(DAY)


def test_what_a_person_says_once_is_read_with_its_kind() -> None:
    said = (
        Statement("degree", "bachelor", DAY),
        Statement("cda", "no", DAY),
        Statement("ethics_signed", "yes", DAY),
        Statement("families_served", "12", DAY),
    )
    work = (Work("paid_work", Period(date(2020, 1, 1))),)
    has = portfolio_of(
        Told(said, work, (Rating(DAY, frozenset({"endorsed", "current_supervisor"})),), frozenset({"FS"}))
    )
    assert (has.degree, dict(has.numbers), has.work) == (Degree.BACHELOR, {"families_served": 12}, work)
    assert has.facts == {"endorsed_fs": True, "cda": False, "ethics_signed": True}
    assert {"endorsed_or_vetted", "current_supervisor_or_teacher"} <= has.ratings[0].roles


def test_what_is_on_record_is_not_unsaid() -> None:
    """Who holds it by the association's own record holds it, whatever was said before."""
    has = portfolio_of(Told((Statement("endorsed_fs", "no", DAY),), holds=frozenset({"FS", "MHM-P"})))
    assert has.facts == {"endorsed_fs": True}


def test_what_is_signed_for_one_cycle_says_nothing_of_the_next() -> None:
    said = Told(
        (Statement("ethics_signed_again", "yes", date(2025, 12, 31)), Statement("cda", "yes", date(2020, 1, 1)))
    )
    assert portfolio_of(in_cycle(said, Period(date(2026, 1, 1), date(2027, 1, 1)))).facts == {"cda": True}
    assert portfolio_of(in_cycle(said, Period(date(2025, 1, 1), date(2026, 1, 1)))).facts == {
        "cda": True,
        "ethics_signed_again": True,
    }


DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
HELD = st.builds(
    Held,
    on=DAYS,
    minutes=st.integers(1, 900),
    provider=st.sampled_from("AB"),
    provider_holds=st.sampled_from([frozenset({"MHM-C"}), frozenset({"MHS"}), frozenset({"FS", "ERS"}), None]),
    kind=st.sampled_from([one.value for one in Kind]),
    about_rsc_given=st.sampled_from([True, False, None]),
    confirmed=st.booleans(),
)
LEARNED = st.builds(
    Learned,
    on=DAYS,
    minutes=st.integers(1, 900),
    tags=st.frozensets(st.sampled_from(["equity", "giving_rsc"])),
    domains=st.dictionaries(st.sampled_from(["thinking", "ethics"]), st.integers(1, 900), max_size=2),
)


@settings(max_examples=40)
@given(st.lists(HELD, max_size=6), st.lists(LEARNED, max_size=4), st.one_of(HELD, LEARNED))
def test_an_hour_more_never_makes_anyone_less_ready_for_anything(
    held: list[Held], learned: list[Learned], more: Held | Learned
) -> None:
    """Over every category and edition that ships, but for the one rule that gates nothing."""
    before = portfolio_of(Told(), learned, held)
    after = portfolio_of(
        Told(),
        [*learned, more] if isinstance(more, Learned) else learned,
        [*held, more] if isinstance(more, Held) else held,
    )
    for edition in EDITIONS:
        was, becomes = readiness(edition, before, DAY), readiness(edition, after, DAY)
        assert becomes.standing >= was.standing
        for one, other in zip(was.findings, becomes.findings, strict=True):
            if not isinstance(one.requirement.any_of[0], Concentration):
                assert other.line.standing >= one.line.standing and other.line.missing <= one.line.missing


def test_confirming_an_hour_never_takes_one_away() -> None:
    """23 hours and one that waits: the tap makes it 24."""
    rows = [Held(date(2026, month, 3), 120) for month in range(1, 12)] + [Held(DAY, 60)]
    waiting = [*rows, Held(DAY, 60, confirmed=False)]
    [fs] = [one for one in EDITIONS if one.category == "FS" and one.edition == "2022 changes"]

    def line(some: list[Held]) -> tuple[int | None, int]:
        [found] = [
            one for one in readiness(fs, portfolio_of(Told(), (), some), DAY).findings if one.requirement.key == "rsc"
        ]
        return found.line.has, found.line.waiting

    assert line(waiting) == (23 * 60, 60)
    assert line([*waiting[:-1], replace(waiting[-1], confirmed=True)]) == (24 * 60, 0)


@dataclass(frozen=True)
class Open:
    """As `reflection.place_queries.Place`."""

    minutes: int = 90
    provider: str = "ana"
    provider_name: str = "Ana Ruiz"
    holds: frozenset[str] | None = None
    kind: str = "group"
    about_rsc_given: bool = False
    id: UUID = FIRST


def test_a_place_ahead_is_read_as_a_session_there_would_be() -> None:
    """By what its provider holds now; of whom nothing is known, nothing is assumed."""
    there = session_at(Open(), DAY)
    assert (there.on, there.minutes, there.kind, there.confirmed) == (DAY, 90, Kind.GROUP, True)
    assert there.provider_holds is None and there.with_whom == "Ana Ruiz"
