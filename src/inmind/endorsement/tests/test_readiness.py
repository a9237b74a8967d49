"""How far a person is from a standard: each number of the sources as an example, and what an hour more may never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.endorsement.portfolio import Portfolio, Rating, Session, Training, Work
from inmind.endorsement.readiness import Line, Standing, Unit, counts, look, readiness
from inmind.endorsement.standards import (
    Asked,
    Binding,
    Concentration,
    Degree,
    DegreeAtLeast,
    Edition,
    Kind,
    Number,
    Provider,
    Ratings,
    Requirement,
    RscHours,
    Tag,
    TrainingHours,
    Window,
    Years,
    binding,
)
from inmind.foundation.catalogs import Confidence, Sourced
from inmind.foundation.values import Period

DAY = date(2026, 6, 1)
MENTOR = frozenset({"MHM-C"})


def known(value: int | None, confidence: Confidence = Confidence.HIGH) -> Sourced[int]:
    return Sourced(value, "somewhere", confidence)


def held(on: date, hours: float = 2, provider: str = "Ana", **more: object) -> Session:
    return Session(on, round(hours * 60), provider, more.pop("holds", MENTOR), **more)  # type: ignore[arg-type]


def monthly(count: int, *, first: date = date(2025, 1, 6), **more: object) -> tuple[Session, ...]:
    return tuple(held(first + timedelta(days=30 * place), **more) for place in range(count))  # type: ignore[arg-type]


RSC = RscHours(known(24), (Provider(MENTOR), Provider(frozenset({"FS", "ERS"}))))
WINDOWED = replace(RSC, window=Window(known(12), known(24)))


def short(line: Line) -> tuple[Standing, int | None, int]:
    return line.standing, line.has, line.missing


def test_twenty_three_hours_are_one_short_of_twenty_four() -> None:
    """The story of Luz: one session that waits for its confirmation closes it."""
    rows = (*monthly(11), held(date(2026, 1, 6), 1))
    assert short(look(RSC, Portfolio(sessions=rows), DAY)) == (Standing.NOT_YET, 23 * 60, 60)
    waiting = Portfolio(sessions=(*rows, held(date(2026, 2, 6), 1, confirmed=False)))
    line = look(RSC, waiting, DAY)
    assert (*short(line), line.waiting) == (Standing.CANNOT_TELL, 23 * 60, 60, 60)
    confirmed = Portfolio(sessions=tuple(replace(one, confirmed=True) for one in waiting.sessions))
    assert short(look(RSC, confirmed, DAY)) == (Standing.MET, 24 * 60, 0)


def test_hours_count_by_what_the_provider_held_on_that_day() -> None:
    plain = held(DAY, holds=frozenset({"MHS"}))
    assert counts(held(DAY), RSC, Portfolio()).counts is True
    assert counts(plain, RSC, Portfolio()).counts is False
    assert counts(held(DAY, holds=frozenset({"FS", "ERS", "MHS"})), RSC, Portfolio()).counts is True
    assert counts(held(DAY, holds=None), RSC, Portfolio()).counts is None
    until = replace(RSC, providers=(Provider(frozenset({"MHS"}), until=date(2024, 3, 31)),))
    assert counts(replace(plain, on=date(2024, 3, 31)), until, Portfolio()).counts is True
    assert counts(replace(plain, on=date(2024, 4, 1)), until, Portfolio()).counts is False
    later = replace(RSC, providers=(Provider(frozenset({"MHS"}), since=DAY),))
    assert counts(replace(plain, on=DAY - timedelta(days=1)), later, Portfolio()).counts is False


@pytest.mark.parametrize(
    ("degree", "expected"), [(Degree.BACHELOR, True), (Degree.MASTER, False), (None, None), (Degree.NONE, False)]
)
def test_whose_hours_count_may_depend_on_the_degree_of_who_applies(
    degree: Degree | None, expected: bool | None
) -> None:
    """The text of 2017: a family specialist with a master's degree, for an applicant with a bachelor's."""
    needs = replace(RSC, providers=(Provider(frozenset({"FS", "master"}), if_degree=Degree.BACHELOR),))
    assert counts(held(DAY, holds=frozenset({"FS", "master"})), needs, Portfolio(degree=degree)).counts is expected


@pytest.mark.parametrize("kind", [Kind.PEER, Kind.ADMINISTRATIVE, Kind.CASE_REVIEW])
def test_what_is_no_reflective_supervision_counts_nowhere(kind: Kind) -> None:
    said = counts(held(DAY, kind=kind), RSC, Portfolio())
    assert said.counts is False and said.says


def test_hours_have_to_be_gathered_within_months() -> None:
    """12 to 24 months: neither in a hurry nor over three years; the best such stretch is what counts."""
    hurry = Portfolio(sessions=tuple(held(date(2026, 1, 5) + timedelta(days=7 * week)) for week in range(12)))
    line = look(WINDOWED, hurry, DAY)
    assert (*short(line), line.met_on) == (Standing.NOT_YET, 24 * 60, 0, date(2027, 1, 5))
    slow = Portfolio(sessions=tuple(held(date(2023, 1, 9) + timedelta(days=91 * place)) for place in range(13)))
    assert short(look(WINDOWED, slow, DAY)) == (Standing.NOT_YET, 9 * 120, 24 * 60 - 9 * 120)
    assert look(WINDOWED, Portfolio(sessions=monthly(14)), DAY).standing is Standing.MET
    assert look(RSC, slow, DAY).standing is Standing.MET


def test_the_whole_is_not_met_by_its_part_nor_the_part_by_the_whole() -> None:
    """A mentor's 50 hours, of which 25 are about supervision given: split by purpose."""
    needs = replace(RSC, least=known(50), within={Tag.ABOUT_RSC_GIVEN: 25})
    own = monthly(13, hours=2)
    given_ = monthly(12, first=date(2025, 1, 13), hours=2, about_rsc_given=True)
    assert short(look(needs, Portfolio(sessions=(*own, *given_)), DAY)) == (Standing.NOT_YET, 50 * 60, 60)
    unsaid = held(date(2026, 2, 9), 1, about_rsc_given=None)
    line = look(needs, Portfolio(sessions=(*own, *given_, unsaid)), DAY)
    assert (line.standing, line.waiting) == (Standing.CANNOT_TELL, 60)
    more = held(date(2026, 2, 9), 1, about_rsc_given=True)
    assert look(needs, Portfolio(sessions=(*own, *given_, more)), DAY).standing is Standing.MET


def test_a_mentors_hours_are_told_apart_by_what_they_were_about() -> None:
    """endorsement.yaml: 50 hours, 25 of them about supervision that one gives; the line says how many of each are there."""
    needs = replace(RSC, least=known(50), within={Tag.ABOUT_RSC_GIVEN: 25})
    rows = (*monthly(16), *monthly(10, about_rsc_given=True))
    line = look(needs, Portfolio(sessions=rows), DAY)
    assert short(line) == (Standing.NOT_YET, 52 * 60, 5 * 60), (
        "long enough in all, and five hours of a kind are missing"
    )
    assert line.parts == ((Tag.ABOUT_RSC_GIVEN, 20 * 60, 25 * 60),)
    assert look(needs, Portfolio(), DAY).parts == ((Tag.ABOUT_RSC_GIVEN, 0, 25 * 60),)
    assert look(RSC, Portfolio(sessions=rows), DAY).parts == ()


def test_some_hours_have_to_be_held_alone_where_a_standard_says_so() -> None:
    """Illinois: 60 hours, of which at least 48 individual."""
    needs = replace(RSC, least=known(60), individual_least=known(48))
    alone = monthly(24, kind=Kind.INDIVIDUAL, first=date(2024, 1, 8))
    group = monthly(6, first=date(2025, 12, 1), kind=Kind.GROUP)
    assert look(needs, Portfolio(sessions=(*alone, *group)), DAY).standing is Standing.MET
    assert short(look(needs, Portfolio(sessions=(*alone[1:], *group, held(DAY))), DAY)) == (Standing.NOT_YET, 3600, 120)


def test_hours_of_the_future_and_of_nobody_count_nothing() -> None:
    assert short(look(RSC, Portfolio(sessions=(held(DAY + timedelta(days=1)),)), DAY)) == (Standing.NOT_YET, 0, 1440)
    assert short(look(replace(RSC, least=known(0)), Portfolio(), DAY)) == (Standing.MET, 0, 0)


@pytest.mark.parametrize("bound", [known(None), known(24, Confidence.LOW)])
def test_what_no_source_says_is_asked_and_never_met(bound: Sourced[int]) -> None:
    rich = Portfolio(
        sessions=monthly(40),
        trainings=(Training(DAY, 9999, domains=frozenset({"reflection"})),),
        numbers={"families": 99},
        work=(Work("paid", Period(date(2000, 1, 1))),),
        ratings=tuple(Rating(DAY, frozenset()) for _ in range(9)),
    )
    for needs in (
        replace(RSC, least=bound),
        TrainingHours(bound),
        Number("families", bound),
        Years("paid", bound),
        Ratings(bound),
    ):
        assert look(needs, rich, DAY).standing is Standing.CANNOT_TELL
    open_window = replace(RSC, window=Window(bound, bound))
    assert look(open_window, rich, DAY).standing is Standing.MET  # a window that nobody knows rules nothing out


def training(minutes: int, *tags: Tag, on: date = DAY) -> Training:
    return Training(on, minutes, frozenset(tags), frozenset({"law_regulation_agency_policy"}))


def test_training_counts_by_what_it_is_about_and_only_when_it_is_mapped() -> None:
    """A mentor's 48 hours: 15 about giving supervision, 3 about equity."""
    needs = TrainingHours(known(48), {Tag.GIVING_RSC: 15, Tag.EQUITY: 3})
    most = (training(30 * 60), training(15 * 60, Tag.GIVING_RSC))
    line = look(needs, Portfolio(trainings=most), DAY)
    assert (*short(line), line.facts) == (Standing.NOT_YET, 45 * 60, 180, {"of": "equity"})
    assert look(needs, Portfolio(trainings=(*most, training(180, Tag.EQUITY))), DAY).standing is Standing.MET
    long = look(needs, Portfolio(trainings=(*most, training(600))), DAY)
    assert short(long) == (Standing.NOT_YET, 55 * 60, 180)
    unmapped = look(TrainingHours(known(1)), Portfolio(trainings=(Training(DAY, 90),)), DAY)
    assert (*short(unmapped), unmapped.waiting) == (Standing.NOT_YET, 0, 60, 90)
    ahead = Portfolio(trainings=(training(60, on=DAY + timedelta(days=1)),))
    assert look(TrainingHours(known(1)), ahead, DAY).has == 0


def test_work_is_counted_once_and_the_day_is_named_on_which_it_is_long_enough() -> None:
    needs = Years("paid", known(2), "supervised")
    two = (
        Work("paid", Period(date(2024, 1, 1), date(2025, 1, 1)), {"supervised": True}),
        Work("paid", Period(date(2024, 7, 1), date(2025, 7, 1)), {"supervised": True}),
    )
    assert short(look(needs, Portfolio(work=two), DAY)) == (Standing.NOT_YET, 18, 6)
    runs = Work("paid", Period(date(2026, 1, 1)), {"supervised": True})
    line = look(needs, Portfolio(work=(*two, runs)), DAY)
    assert (*short(line), line.met_on) == (Standing.NOT_YET, 23, 1, date(2026, 7, 1))
    unsaid = replace(runs, period=Period(date(2025, 7, 1)), answers={})
    line = look(needs, Portfolio(work=(*two, unsaid)), DAY)
    assert (line.standing, line.waiting, line.asks) == (Standing.CANNOT_TELL, 11, ("supervised",))
    denied = replace(unsaid, answers={"supervised": False})
    assert short(look(needs, Portfolio(work=(*two, denied)), DAY)) == (Standing.NOT_YET, 18, 6)
    none = look(needs, Portfolio(), DAY)
    assert (none.standing, none.asks) == (Standing.CANNOT_TELL, ("paid",))
    halves = [Work("paid", Period(date(2024, m, 1), date(2024, m, 16))) for m in (1, 3)]
    assert look(Years("paid", known(1)), Portfolio(work=tuple(halves)), DAY).has == 1  # 15 and 15 days


def test_ratings_expire_and_one_that_knows_too_little_is_none() -> None:
    """12 months; invalid from six "not enough information" on; one from the current supervisor, one endorsed."""
    needs = Ratings(known(3), {"current_supervisor": 1, "endorsed": 1})
    boss = Rating(date(2026, 1, 5), frozenset({"current_supervisor"}), 5)
    mentor = Rating(date(2026, 1, 5), frozenset({"endorsed", "rsc_provider"}))
    friend = Rating(date(2026, 1, 5), frozenset({"colleague"}))
    assert short(look(needs, Portfolio(ratings=(boss, mentor, friend)), DAY)) == (Standing.MET, 3, 0)
    for bad in (
        replace(friend, on=date(2025, 6, 1)),
        replace(friend, unknown_answers=6),
        replace(friend, on=date(2027, 1, 1)),
    ):
        assert short(look(needs, Portfolio(ratings=(boss, mentor, bad)), DAY)) == (Standing.NOT_YET, 2, 1)
    line = look(needs, Portfolio(ratings=(boss, mentor, replace(friend, unknown_answers=None))), DAY)
    assert (line.standing, line.waiting) == (Standing.CANNOT_TELL, 1)
    line = look(needs, Portfolio(ratings=(mentor, friend, friend)), DAY)
    assert (line.standing, line.facts) == (Standing.NOT_YET, {"roles": "current_supervisor"})


def test_a_fact_is_there_or_not_or_asked() -> None:
    for facts, expected in (
        ({}, Standing.CANNOT_TELL),
        ({"a": None}, Standing.CANNOT_TELL),
        ({"a": False}, Standing.NOT_YET),
    ):
        assert look(Asked("a"), Portfolio(facts=facts), DAY).standing is expected
    assert look(Asked("a"), Portfolio(facts={"a": True}), DAY).standing is Standing.MET
    year = Portfolio(memberships=(Period(date(2026, 1, 1), date(2027, 1, 1)),))
    assert look(Asked("member"), year, DAY).standing is Standing.MET
    assert (
        look(Asked("member"), year, date(2027, 1, 1)).standing is Standing.CANNOT_TELL
    )  # of another association, perhaps
    assert look(Asked("member"), replace(year, facts={"member": False}), date(2027, 1, 1)).standing is Standing.NOT_YET


def test_a_degree_and_a_number() -> None:
    assert look(DegreeAtLeast(Degree.MASTER), Portfolio(), DAY).standing is Standing.CANNOT_TELL
    assert look(DegreeAtLeast(Degree.MASTER), Portfolio(degree=Degree.BACHELOR), DAY).standing is Standing.NOT_YET
    assert look(DegreeAtLeast(Degree.MASTER), Portfolio(degree=Degree.DOCTORATE), DAY).standing is Standing.MET
    ten = Number("families", known(10))
    assert look(ten, Portfolio(), DAY).asks == ("families",)
    assert short(look(ten, Portfolio(numbers={"families": 9}), DAY)) == (Standing.NOT_YET, 9, 1)
    assert look(ten, Portfolio(numbers={"families": 10}), DAY) == Line(
        Standing.MET, "So many are on record.", 10, 10, 0, Unit.COUNT
    )


def edition(*lines: Requirement, **more: object) -> Edition:
    said: dict[str, object] = {"since": None, "until": None, "edition": "one"} | more
    return Edition("a", "FS", binding=Binding.APPLICATION, names={}, requirements=lines, sources={}, **said)  # type: ignore[arg-type]


def test_any_one_way_is_enough_and_what_is_encouraged_holds_nobody_back() -> None:
    either = Requirement("either", (DegreeAtLeast(Degree.ASSOCIATE), Asked("cda")), "s", "high")
    nice = Requirement("nice", (Concentration(1),), "s", "medium", gates=False)
    over = Requirement("over", (Asked("never"),), "s", "high", until=date(2023, 12, 31))
    later = Requirement("later", (Asked("never"),), "s", "high", since=date(2027, 1, 1))
    found = readiness(edition(either, nice, over, later), Portfolio(degree=Degree.NONE, facts={"cda": True}), DAY)
    assert [one.requirement.key for one in found.findings] == ["either", "nice"]
    assert found.standing is Standing.MET
    assert readiness(edition(), Portfolio(), DAY).standing is Standing.CANNOT_TELL


def test_concentration_is_the_one_rule_that_an_hour_more_can_undo() -> None:
    """Its counter-example: six hours with Ana and five with Berta, and then one with a third."""
    needs = Concentration(1)
    two = Portfolio(sessions=(held(DAY, 6), held(DAY, 5, "Berta"), held(DAY + timedelta(days=1), 9, "Carla")))
    assert look(needs, Portfolio(), DAY).standing is Standing.NOT_YET
    assert look(needs, two, DAY).standing is Standing.MET
    third = replace(two, sessions=(*two.sessions, held(DAY, 1, "Carla")))
    assert look(needs, third, DAY).standing is Standing.NOT_YET


DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
SESSIONS = st.builds(
    Session,
    on=DAYS,
    minutes=st.integers(1, 600),
    provider=st.sampled_from("ABC"),
    provider_holds=st.sampled_from([MENTOR, frozenset({"MHS"}), frozenset({"FS", "ERS"}), None]),
    kind=st.sampled_from(list(Kind)),
    about_rsc_given=st.sampled_from([True, False, None]),
    confirmed=st.booleans(),
)
TRAININGS = st.builds(
    Training,
    on=DAYS,
    minutes=st.integers(1, 1200),
    tags=st.frozensets(st.sampled_from(list(Tag))),
    domains=st.frozensets(st.sampled_from(["reflection", "thinking"])),
)


@settings(max_examples=150)
@given(
    st.lists(SESSIONS, max_size=12),
    SESSIONS,
    st.sampled_from(
        [RSC, WINDOWED, replace(WINDOWED, least=known(4), within={Tag.ABOUT_RSC_GIVEN: 2}, individual_least=known(1))]
    ),
    st.sampled_from([1, 4, 24]),
)
def test_an_hour_more_never_makes_anyone_less_ready(
    rows: list[Session], more: Session, needs: RscHours, hours: int
) -> None:
    needs = replace(needs, least=known(hours))
    before = look(needs, Portfolio(sessions=tuple(rows)), DAY)
    after = look(needs, Portfolio(sessions=(*rows, more)), DAY)
    assert after.standing >= before.standing and after.missing <= before.missing


@settings(max_examples=60)
@given(st.lists(TRAININGS, max_size=6), TRAININGS)
def test_an_hour_of_training_more_never_does_either(rows: list[Training], more: Training) -> None:
    needs = TrainingHours(known(10), {Tag.EQUITY: 1, Tag.GIVING_RSC: 3})
    before = look(needs, Portfolio(trainings=tuple(rows)), DAY)
    after = look(needs, Portfolio(trainings=(*rows, more)), DAY)
    assert after.standing >= before.standing and after.missing <= before.missing


def test_which_edition_binds_is_asked_where_no_source_names_the_day() -> None:
    sure = [edition(edition="2017", until=date(2024, 12, 31)), edition(edition="2025", since=date(2025, 1, 1))]
    assert [one.edition for one in binding(sure, date(2024, 12, 31))] == ["2017"]
    assert [one.edition for one in binding(sure, date(2025, 1, 1))] == ["2025"]
    unsure = [edition(edition="2017"), edition(edition="2022")]
    assert [one.edition for one in binding(unsure, DAY)] == ["2017", "2022"]
    mixed = [edition(edition="old"), edition(edition="2025", since=date(2025, 1, 1)), edition(edition="newer")]
    assert [one.edition for one in binding(mixed, DAY)] == ["2025", "newer"]
    assert [one.edition for one in binding(mixed, date(2024, 1, 1))] == ["old", "newer"]
    assert binding([], DAY) == ()
