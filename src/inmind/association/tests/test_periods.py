"""How long a membership lasts: the rules of the field with their sources, and what renewing never does."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.association.periods import Kind, MonthDay, Rule, bought, counted, renewed, term
from inmind.foundation.values import Period


def calendar(cut_off: tuple[int, int] | None = None, **other: object) -> Rule:
    return Rule(Kind.CALENDAR, cut_off=MonthDay(*cut_off) if cut_off else None, **other)  # type: ignore[arg-type]


# Rule, bought on, over on. The cut-offs are those of `endorsement.yaml`, associations, membership_year_rules.
OCTOBER, SEPTEMBER, DECEMBER = calendar((10, 1)), calendar((9, 1)), calendar((12, 1))
JULY = Rule(Kind.CALENDAR, begins=MonthDay(7, 1))
TERM = Rule(Kind.FIXED, years=3, first=date(2024, 1, 1), cut_off=MonthDay(10, 1))
BOUGHT = {
    "AZ, MI (itmhca.org; mi-aimh.org): in spring to the end of the year": (OCTOBER, "2026-04-12", "2027-01-01"),
    "AZ, MI: on October 1 still to the end of the year": (OCTOBER, "2026-10-01", "2027-01-01"),
    "AZ, MI: after October 1 to the end of next year": (OCTOBER, "2026-10-02", "2028-01-01"),
    "IN (infancyonward.org): after September 1": (SEPTEMBER, "2026-09-02", "2028-01-01"),
    "IN: on September 1": (SEPTEMBER, "2026-09-01", "2027-01-01"),
    "CT (ct-aimh.org): in November to the end of the year": (DECEMBER, "2026-11-30", "2027-01-01"),
    "CT: after December 1": (DECEMBER, "2026-12-02", "2028-01-01"),
    "a year that begins in July (SC, scimha.org, renews in June)": (JULY, "2026-06-30", "2026-07-01"),
    "the same, on its first day": (JULY, "2026-07-01", "2027-07-01"),
    "two calendar years": (calendar(years=2), "2026-04-12", "2028-01-01"),
    "two calendar years after the cut-off of the first": (calendar((10, 1), years=2), "2026-10-02", "2029-01-01"),
    "an anniversary": (Rule(Kind.ANNIVERSARY), "2026-04-12", "2027-04-12"),
    "an anniversary of a leap day": (Rule(Kind.ANNIVERSARY), "2024-02-29", "2025-03-01"),
    "three years from the day": (Rule(Kind.ANNIVERSARY, years=3), "2026-04-12", "2029-04-12"),
    "a fixed term of three years": (TERM, "2025-05-05", "2027-01-01"),
    "a fixed term, before its cut-off": (TERM, "2026-10-01", "2027-01-01"),
    "a fixed term, after the cut-off of its last year": (TERM, "2026-10-02", "2030-01-01"),
    "a fixed term, October of an earlier year": (TERM, "2025-10-02", "2027-01-01"),
    "a fixed term before the first that was named": (TERM, "2022-03-01", "2024-01-01"),
    "a fixed term that began in July": (Rule(Kind.FIXED, years=2, first=date(2024, 7, 1)), "2026-03-01", "2026-07-01"),
    "a year from July with a cut-off in May": (
        Rule(Kind.CALENDAR, begins=MonthDay(7, 1), cut_off=MonthDay(5, 1)),
        "2026-05-02",
        "2027-07-01",
    ),
    "the same, in autumn": (
        Rule(Kind.CALENDAR, begins=MonthDay(7, 1), cut_off=MonthDay(5, 1)),
        "2026-10-02",
        "2027-07-01",
    ),
}


@pytest.mark.parametrize(("rule", "on", "until"), BOUGHT.values(), ids=BOUGHT)
def test_what_is_bought_lasts_as_its_level_says(rule: Rule, on: str, until: str) -> None:
    """Each rule that was seen in the field, on both sides of its cut-off."""
    day = date.fromisoformat(on)
    assert bought(rule, day) == Period(day, date.fromisoformat(until))


def test_who_renews_in_grace_loses_no_day_and_wins_none() -> None:
    """What is paid late within grace begins where the last one ended; beyond, it begins anew."""
    rule, last = calendar(grace_days=60), Period(date(2026, 1, 1), date(2027, 1, 1))
    assert renewed(rule, last, date(2026, 11, 3)) == Period(date(2027, 1, 1), date(2028, 1, 1))
    assert renewed(rule, last, date(2027, 3, 1)) == Period(date(2027, 1, 1), date(2028, 1, 1))
    assert renewed(rule, last, date(2027, 3, 2)) == Period(date(2027, 3, 2), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": Kind.CALENDAR, "years": 0}, "years"),
        ({"kind": Kind.CALENDAR, "grace_days": 400}, "grace"),
        ({"kind": Kind.CALENDAR, "first": date(2026, 1, 1)}, "fixed term"),
        ({"kind": Kind.FIXED}, "fixed term"),
        ({"kind": Kind.ANNIVERSARY, "cut_off": MonthDay(10, 1)}, "cut-off"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(said: dict[str, object], why: str) -> None:
    """What cannot be valid cannot be built."""
    with pytest.raises(ValueError, match=why):
        Rule(**said)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="day"):
        MonthDay(2, 29)


def test_stretches_that_meet_are_one() -> None:
    """A renewal within grace, or one bought ahead, leaves no seam; a gap stays a gap."""
    year, next_year = Period(date(2025, 1, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2027, 1, 1))
    later, open_end = Period(date(2027, 6, 1), date(2028, 1, 1)), Period(date(2027, 7, 1))
    assert counted([(next_year, 30), (year, 30)]) == (Period(date(2025, 1, 1), date(2027, 1, 31)),)
    assert counted([(year, 0), (later, 0)]) == (year, later)
    assert counted([(later, 0), (open_end, 0), (Period(date(2029, 1, 1), date(2030, 1, 1)), 0)]) == (
        Period(date(2027, 6, 1)),
    )
    assert counted([]) == ()


RULES = st.one_of(
    st.builds(
        Rule,
        kind=st.just(Kind.CALENDAR),
        years=st.integers(1, 3),
        begins=st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28)),
        cut_off=st.none() | st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28)),
        grace_days=st.integers(0, 120),
    ),
    st.builds(Rule, kind=st.just(Kind.ANNIVERSARY), years=st.integers(1, 3), grace_days=st.integers(0, 120)),
    st.builds(
        Rule,
        kind=st.just(Kind.FIXED),
        years=st.integers(1, 4),
        first=st.dates(date(2015, 1, 1), date(2026, 12, 31)),
        cut_off=st.none() | st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28)),
        grace_days=st.integers(0, 120),
    ),
)
DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))


@given(RULES, DAYS)
def test_whoever_buys_has_something_and_is_within_a_stretch(rule: Rule, on: date) -> None:
    """A period is never empty, begins on the day, and ends with a stretch of the level."""
    period, there = bought(rule, on), term(rule, on)
    assert there.since <= on < there.until <= period.until  # type: ignore[operator]
    assert period.since == on


@given(RULES, RULES, DAYS, st.integers(-200, 500))
def test_a_renewal_never_shortens(before: Rule, after: Rule, on: date, late: int) -> None:
    """Whatever the level's rule has become meanwhile, and whenever somebody renews."""
    last = bought(before, on)
    assert last.until is not None
    found = renewed(after, last, max(on, last.until + timedelta(days=late)))
    assert found.until is not None
    assert found.until > last.until
    assert found.since >= last.until


@given(RULES, DAYS, st.lists(st.integers(-60, 200), min_size=1, max_size=12))
def test_three_years_of_renewing_charge_nobody_twice_and_lapse_nobody_in_grace(
    rule: Rule, joined: date, days: list[int]
) -> None:
    """Each day is paid for at most once; who renews before grace is over was a member on every day."""
    periods = [bought(rule, joined)]
    is_whole = True
    for late in days:
        last = periods[-1]
        assert last.until is not None
        if last.until > joined + timedelta(days=3 * 366):
            break
        on = max(last.since, last.until + timedelta(days=late))
        is_whole = is_whole and on < last.until + timedelta(days=rule.grace_days + 1)
        periods.append(renewed(rule, last, on))
    for one, following in itertools.pairwise(periods):
        assert one.until is not None
        assert one.until <= following.since
    if is_whole:
        stretches = counted((one, rule.grace_days) for one in periods)
        assert len(stretches) == 1
