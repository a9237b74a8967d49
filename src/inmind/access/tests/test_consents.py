"""Whether something may be told outside, by which consent, and exactly what is missing. Rules of their own, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.access.consents import (
    ASK_COVERED,
    ASK_LAW,
    ASK_MINOR,
    ASK_SPOKEN,
    BACK,
    GROUNDS,
    HOW,
    KINDS,
    LONG_AGO,
    MANNERS,
    MINOR_PARENT,
    NO_LONGER_HIPAA,
    NOT_HERS,
    PART_2_COPY,
    PART_2_NOTICE,
    PURPOSES,
    SELF,
    SENTENCES,
    TOLD_ON,
    TRIBAL_COURT,
    Answer,
    Asked,
    Back,
    Consent,
    Days,
    Gap,
    Ground,
    Holder,
    How,
    Kind,
    Manner,
    NoConsent,
    Purpose,
    Withdrawal,
    agreed_about,
    barred,
    check,
    check_late,
    limits,
    may_tell,
    stands,
    told_at,
    told_on,
    withdrawn_at,
)
from inmind.foundation.errors import BadInput
from inmind.foundation.values import Regime

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
MATEO, MARIA = UUID(int=1), UUID(int=2)
CHEN = "Valley Pediatrics, Dr. Chen"
PARENT = Holder(MARIA, "María Ñúñez", "parent", True)
HERSELF = Holder(MARIA, "María Ñúñez", SELF, True)
COURT = Holder(None, "County court", "court", True)
THIS_YEAR = Days(date(2026, 1, 1))
AGREED = Consent(
    about=MATEO,
    recipient=CHEN,
    purpose=Purpose.CARE,
    kinds=frozenset({Kind.SERVED, Kind.SCREENS}),
    days=THIS_YEAR,
    given_by=PARENT,
    since=TODAY - 14 * DAY,
    until=date(2027, 3, 1),
    paper="Blue folder",
    covered=True,
)
ASKED = Asked(MATEO, CHEN, Purpose.CARE, frozenset({Kind.SCREENS}), Days(date(2026, 10, 1), TODAY))
PART_2 = replace(AGREED, kinds=frozenset({Kind.SUBSTANCE_USE}))
HERS = replace(AGREED, about=MARIA, about_child=False, given_by=HERSELF)
ASKED_OF_HER = replace(ASKED, about=MARIA, about_child=False)
NOTES = frozenset({Kind.COUNSELLING})
TRIBE = Holder(None, "Tribal court", TRIBAL_COURT, True)


def gaps(consents: Iterable[Consent], asked: Asked = ASKED, holders: Iterable[Holder] = (PARENT,)) -> list[Gap]:
    answer = may_tell(list(consents), asked, list(holders), NOW)
    assert bool(answer) is not bool(answer.missing)
    return [one.gap for one in answer.missing]


def test_what_was_agreed_to_may_be_told() -> None:
    """By that consent, with nothing to add."""
    assert may_tell([AGREED], ASKED, [PARENT], NOW) == Answer(may=True, consent=AGREED)
    assert gaps([replace(AGREED, until=None, days=Days(THIS_YEAR.first, TODAY))]) == []
    assert gaps([replace(AGREED, recipient="valley pediatrics - dr chen")]) == []  # however it is typed


@pytest.mark.parametrize(
    ("consents", "asked", "holders", "missing"),
    [
        ([], ASKED, [PARENT], [Gap.NOBODY]),
        ([replace(AGREED, about=MARIA)], ASKED, [PARENT], [Gap.NOBODY]),
        ([AGREED], replace(ASKED, recipient="Valley Pediatrics"), [PARENT], [Gap.RECIPIENT]),
        ([AGREED], replace(ASKED, purpose=Purpose.PAYMENT), [PARENT], [Gap.PURPOSE]),
        ([AGREED], replace(ASKED, kinds=frozenset({Kind.SCREENS, Kind.SAID})), [PARENT], [Gap.KIND]),
        ([AGREED], replace(ASKED, days=Days(date(2025, 12, 31), TODAY)), [PARENT], [Gap.DAYS]),
        ([replace(AGREED, days=Days(THIS_YEAR.first, TODAY - DAY))], ASKED, [PARENT], [Gap.DAYS]),
        ([AGREED], replace(ASKED, kinds=frozenset({Kind.SUBSTANCE_USE})), [PARENT], [Gap.PART_2]),
        ([AGREED], replace(ASKED, kinds=frozenset(Kind)), [PARENT], [Gap.LAWS]),
        ([PART_2], replace(ASKED, kinds=NOTES), [PARENT], [Gap.NOTES]),
        ([replace(PART_2, kinds=PART_2.kinds | NOTES)], replace(ASKED, kinds=NOTES), [PARENT], [Gap.NOTES]),
        ([replace(PART_2, kinds=NOTES)], replace(ASKED, kinds=PART_2.kinds), [PARENT], [Gap.PART_2]),
        ([PART_2], replace(ASKED, kinds=PART_2.kinds | NOTES), [PARENT], [Gap.NOTES]),
        ([replace(AGREED, since=TODAY + DAY)], ASKED, [PARENT], [Gap.NOT_YET]),
        ([replace(AGREED, until=TODAY)], ASKED, [PARENT], [Gap.OVER]),
        ([replace(AGREED, counsel="Ana Ruiz", hearing=TODAY)], ASKED, [PARENT], [Gap.HEARING]),
        ([replace(AGREED, revoked_at=NOW - DAY)], ASKED, [PARENT], [Gap.WITHDRAWN]),
        ([replace(AGREED, of_age=TODAY)], ASKED, [PARENT], [Gap.OF_AGE]),
        ([AGREED], ASKED, [], [Gap.GIVER]),
        ([AGREED], ASKED, [replace(PARENT, may=None)], [Gap.GIVER]),
        ([AGREED], ASKED, [replace(PARENT, may=False), COURT], [Gap.GIVER]),
        ([AGREED], ASKED, [replace(PARENT, capacity="legal_guardian")], [Gap.GIVER]),
        ([AGREED], ASKED, [replace(PARENT, person=MATEO)], [Gap.GIVER]),
        ([replace(AGREED, given_by=COURT)], ASKED, [replace(COURT, name="Another court")], [Gap.GIVER]),
        ([replace(AGREED, kinds=frozenset({Kind.TRIBAL}))], replace(ASKED, kinds=frozenset({Kind.TRIBAL})), [PARENT], [Gap.TRIBE]),
        ([AGREED], replace(ASKED, purpose=Purpose.PAYMENT, days=Days(date(2020, 1, 1), TODAY)), [], [Gap.PURPOSE, Gap.DAYS, Gap.GIVER]),
    ],
    ids=lambda value: " and ".join(value) if isinstance(value, list) and value and isinstance(value[0], Gap) else "",
)  # fmt: skip
def test_a_refusal_names_exactly_what_is_missing(
    consents: list[Consent], asked: Asked, holders: list[Holder], missing: list[Gap]
) -> None:
    assert gaps(consents, asked, holders) == missing


def test_of_several_the_nearest_says_what_is_missing() -> None:
    """The one for this recipient first, then the one from which least is missing, then the newest."""
    elsewhere = replace(AGREED, recipient="A church", since=TODAY)
    far = replace(AGREED, until=TODAY, revoked_at=NOW)
    near = replace(AGREED, until=TODAY)
    newest = replace(near, since=TODAY - DAY)
    assert may_tell([elsewhere, far, near, newest], ASKED, [PARENT], NOW).consent == newest
    assert gaps([elsewhere, far]) == [Gap.OVER, Gap.WITHDRAWN]
    assert may_tell([elsewhere, far, near, newest, AGREED], ASKED, [PARENT], NOW).consent == AGREED


def test_a_withdrawal_counts_from_its_moment_by_the_agencys_clock() -> None:
    later = replace(AGREED, revoked_at=NOW + timedelta(minutes=1))
    assert gaps([later]) == []
    (gone,) = may_tell([later], ASKED, [PARENT], NOW + timedelta(hours=1)).missing
    assert (gone.gap, dict(gone.facts)) == (Gap.WITHDRAWN, {"revoked": TODAY})


def test_what_was_agreed_to_by_oneself_does_not_end_with_ones_coming_of_age() -> None:
    assert gaps([replace(HERS, of_age=TODAY)], ASKED_OF_HER, [HERSELF]) == []


def test_stands_says_what_is_wrong_with_the_consent_itself() -> None:
    assert stands(AGREED, [PARENT], NOW) == ()
    assert [one.gap for one in stands(replace(AGREED, until=TODAY), [], NOW)] == [Gap.OVER, Gap.GIVER]


# Part 2, courts, caregivers, and recipients whom HIPAA does not bind


def test_a_counsellors_notes_have_a_consent_for_nothing_else() -> None:
    """42 CFR Part 2: kept apart; they travel as all of Part 2, and a law or an emergency opens them to no court."""
    alone = replace(PART_2, kinds=NOTES)
    answer = may_tell([PART_2, alone], replace(ASKED, kinds=NOTES), [PARENT], NOW)
    assert answer and answer.consent == alone and answer.travels == (PART_2_COPY, PART_2_NOTICE)
    in_court = replace(ASKED, kinds=NOTES, purpose=Purpose.COURT)
    assert {ground for ground in Ground if barred(in_court, ground)} == {Ground.REQUIRED_BY_LAW, Ground.EMERGENCY}


def test_a_telling_of_long_ago_says_why_it_is_written_down_only_now() -> None:
    check_late(TODAY - LONG_AGO, "", TODAY)
    check_late(TODAY - LONG_AGO - DAY, "The note was in another folder", TODAY)
    with pytest.raises(BadInput) as refusal:
        check_late(TODAY - LONG_AGO - DAY, " ", TODAY)
    assert refusal.value.field == "reason"


def test_part_2_travels_with_its_notice_and_a_copy_of_the_consent() -> None:
    asked = replace(ASKED, kinds=frozenset({Kind.SUBSTANCE_USE}))
    answer = may_tell([PART_2], asked, [PARENT], NOW)
    assert answer and answer.travels == (PART_2_COPY, PART_2_NOTICE)
    assert not may_tell([AGREED], ASKED, [PARENT], NOW).travels


@pytest.mark.parametrize("purpose", [Purpose.COURT, Purpose.CHILD_WELFARE])
def test_part_2_never_goes_into_court_material_without_consent_or_order(purpose: Purpose) -> None:
    asked = replace(ASKED, kinds=frozenset({Kind.SUBSTANCE_USE}), purpose=purpose)
    assert gaps([PART_2], asked) == [Gap.PURPOSE]
    assert gaps([replace(PART_2, purpose=purpose)], asked) == []
    shut = {ground for ground in Ground if barred(asked, ground)}
    assert shut == {Ground.REQUIRED_BY_LAW, Ground.EMERGENCY}


@pytest.mark.parametrize("purpose", [Purpose.COURT, Purpose.CHILD_WELFARE])
def test_a_caregivers_screen_is_told_to_no_court_but_by_its_order(purpose: Purpose) -> None:
    """`protect.md` 1: not even by her consent; the child's own screens may be."""
    asked = replace(ASKED_OF_HER, purpose=purpose)
    assert gaps([replace(HERS, purpose=purpose)], asked, [HERSELF]) == [Gap.SCREEN]
    assert barred(asked, Ground.COURT_ORDER) is None and barred(asked, Ground.MISTAKE) is None
    assert barred(replace(asked, kinds=frozenset({Kind.SERVED})), Ground.CONSENT) is None
    assert barred(replace(asked, about_child=True), Ground.CONSENT) is None


def test_a_recipient_whom_hipaa_does_not_bind_is_said() -> None:
    """And where nobody has asked, it asks."""
    assert may_tell([replace(AGREED, covered=False)], ASKED, [PARENT], NOW).travels == (NO_LONGER_HIPAA,)
    assert may_tell([replace(AGREED, covered=None)], ASKED, [PARENT], NOW).asks == (ASK_COVERED,)


def test_what_is_not_known_for_certain_asks_and_decides_nothing() -> None:
    minor = replace(PARENT, capacity=MINOR_PARENT)
    spoken = replace(AGREED, how=How.SPOKEN, given_by=minor)
    answer = may_tell([spoken], ASKED, [minor], NOW)
    assert answer and answer.asks == (ASK_SPOKEN, ASK_MINOR)
    for kind, regime in ((Kind.EARLY_INTERVENTION, Regime.PART_C), (Kind.CHILD_WELFARE, Regime.CHILD_WELFARE)):
        one = replace(AGREED, kinds=frozenset({kind}))
        answer = may_tell([one], replace(ASKED, kinds=one.kinds), [PARENT], NOW)
        assert answer and answer.asks == (ASK_LAW[regime],)
    tribal = replace(AGREED, kinds=frozenset({Kind.TRIBAL}), given_by=TRIBE)
    assert may_tell([tribal], replace(ASKED, kinds=tribal.kinds), [TRIBE], NOW).asks == (ASK_LAW[Regime.TRIBAL],)


# Widening by accident is impossible

SOME = st.sampled_from
days = st.builds(
    lambda first, more: Days(TODAY + first * DAY, None if more is None else TODAY + (first + more) * DAY),
    st.integers(-9, 2),
    st.none() | st.integers(0, 9),
)
kinds = st.frozensets(SOME([Kind.SERVED, Kind.SCREENS, Kind.SUBSTANCE_USE, Kind.TRIBAL]), min_size=1)
moments = st.none() | st.integers(-30, 30).map(lambda hours: NOW + timedelta(hours=hours))
near = st.none() | st.integers(-2, 2).map(lambda days: TODAY + days * DAY)
people = SOME([PARENT, HERSELF, COURT, TRIBE])
consents = st.builds(
    Consent,
    about=SOME([MATEO, MARIA]),
    recipient=SOME([CHEN, "A church"]),
    purpose=SOME([Purpose.CARE, Purpose.COURT]),
    kinds=kinds,
    days=days,
    given_by=people,
    since=st.integers(-5, 1).map(lambda days: TODAY + days * DAY),
    until=near,
    revoked_at=moments,
    hearing=near,
    of_age=near,
)
askings = st.builds(
    Asked,
    about=SOME([MATEO, MARIA]),
    recipient=SOME([CHEN, "A church"]),
    purpose=SOME([Purpose.CARE, Purpose.COURT]),
    kinds=kinds,
    days=days,
    about_child=st.booleans(),
)
holding = st.lists(people.flatmap(lambda one: SOME([one, replace(one, may=None), replace(one, may=False)])))


@given(st.lists(consents, max_size=4), consents, askings, holding)
def test_another_consent_never_takes_a_permission_away(
    some: list[Consent], more: Consent, asked: Asked, holders: list[Holder]
) -> None:
    if may_tell(some, asked, holders, NOW):
        assert may_tell([*some, more], asked, holders, NOW)


@given(st.lists(consents, min_size=1, max_size=4), askings, holding)
def test_withdrawing_never_gives_a_permission(some: list[Consent], asked: Asked, holders: list[Holder]) -> None:
    withdrawn = [replace(some[0], revoked_at=NOW), *some[1:]]
    if may_tell(withdrawn, asked, holders, NOW):
        assert may_tell(some, asked, holders, NOW)


@given(
    st.integers(-5, 0), st.none() | st.times(max_value=NOW.time()), st.integers(-5, 0), st.times(max_value=NOW.time())
)
def test_a_telling_is_judged_by_what_held_at_its_moment(
    back_days: int, back_time: time | None, told_days: int, told_time: time
) -> None:
    """What was told before the moment of a withdrawal stands on the consent, and from it on nothing does."""
    back = Withdrawal("María", Back.CALL, TODAY + back_days * DAY, back_time)
    withdrawn = replace(AGREED, revoked_at=(moment := withdrawn_at(AGREED, back, NOW)))
    assert moment.date() == back.on and moment.timetz() == (back_time or time.min).replace(tzinfo=UTC)
    told = told_at(TODAY + told_days * DAY, told_time, NOW)
    assert bool(may_tell([withdrawn], ASKED, [PARENT], told)) is (told < moment)


def test_without_a_time_a_telling_is_of_now_or_of_the_end_of_its_day_and_a_withdrawal_of_now_or_its_start() -> None:
    assert told_at(TODAY, None, NOW) == NOW
    assert told_at(TODAY - DAY, None, NOW) == datetime.combine(TODAY - DAY, time.max, UTC)
    assert withdrawn_at(AGREED, Withdrawal("María", Back.CALL), NOW) == NOW
    assert withdrawn_at(AGREED, Withdrawal("María", Back.CALL, at=time(9)), NOW) == NOW.replace(hour=9, minute=0)
    early = replace(AGREED, since=TODAY + DAY)  # taken back before it holds
    assert withdrawn_at(early, Withdrawal("María", Back.WRITTEN, TODAY), NOW).date() == TODAY


@pytest.mark.parametrize(
    ("back", "field"),
    [
        (Withdrawal(" ", Back.CALL), "said_by"),
        (Withdrawal("María", Back.CALL, TODAY + DAY), "on"),
        (Withdrawal("María", Back.CALL, at=time(16)), "at"),
        (Withdrawal("María", Back.CALL, AGREED.since - DAY), "on"),
    ],
    ids=["nobody", "tomorrow", "later today", "before it was given"],
)
def test_a_withdrawal_that_cannot_be_is_refused_at_its_field(back: Withdrawal, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        withdrawn_at(AGREED, back, NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize(("on", "at", "field"), [(TODAY + DAY, None, "on"), (TODAY, time(16), "at")])
def test_nothing_was_told_ahead_of_the_clock(on: date, at: time | None, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        told_at(on, at, NOW)
    assert refusal.value.field == field


def test_a_childs_screens_are_never_hers_and_what_is_told_may_be_told_on() -> None:
    assert limits(AGREED.kinds, about_child=True) == (NOT_HERS,)
    assert limits(HERS.kinds, about_child=False) == limits({Kind.SERVED}, about_child=True) == ()
    assert (told_on(AGREED), told_on(PART_2)) == ((TOLD_ON,), ())  # Part 2's own notice says that nobody may


@given(st.lists(consents, max_size=4), askings, holding)
def test_a_permission_is_one_consents_alone(some: list[Consent], asked: Asked, holders: list[Holder]) -> None:
    """Of this person, this recipient and this purpose, all of whose kinds and days it holds: what several allow together is
    no consent, and one about somebody else permits nothing."""
    answer = may_tell(some, asked, holders, NOW)
    assert bool(answer) is any(may_tell([one], asked, holders, NOW) for one in some)
    if answer and answer.consent is not None:
        by = answer.consent
        assert (by.about, by.recipient, by.purpose) == (asked.about, asked.recipient, asked.purpose)
        assert asked.kinds <= by.kinds and by.days.hold(asked.days)
        assert by.revoked_at is None or by.revoked_at > NOW


happenings = st.tuples(
    st.integers(0, 9), SOME(["given", "withdrawn", "order", "order over"]), st.integers(0, 3), st.integers(1, 9)
)


@given(st.lists(happenings, max_size=9), st.integers(0, 12), st.integers(0, 9), st.integers(0, 3))
def test_nothing_leaves_without_a_consent_that_holds_at_that_moment(
    history: list[tuple[int, str, int, int]], of_age: int, asked_on: int, asked_for: int
) -> None:
    """Any history of consents, withdrawals, orders and ages, told day by day beside the rule."""
    every = [Kind.SERVED, Kind.VISITS, Kind.SCREENS, Kind.SAID]
    begin = NOW - 9 * DAY
    kept: list[Consent] = []
    holds: list[dict[str, int]] = []  # the same as plain days: from, to, kind
    ordered = False  # whether an order stands on the day that is asked about
    for day, what, which, length in sorted(history):
        if what == "given":
            given_on = (begin + day * DAY).date()
            end, age = given_on + length * DAY, begin.date() + of_age * DAY
            kept.append(replace(AGREED, kinds=frozenset({every[which]}), since=given_on, until=end, of_age=age))
            holds.append({"from": day, "to": min(day + length, of_age), "kind": which})
        elif what == "withdrawn" and kept:
            place = which % len(kept)
            if kept[place].revoked_at is None:
                kept[place] = replace(kept[place], revoked_at=begin + day * DAY)
                holds[place]["to"] = min(holds[place]["to"], day)
        elif day <= asked_on:
            ordered = {"order": True, "order over": False}.get(what, ordered)
    asked = replace(ASKED, kinds=frozenset({every[asked_for]}))
    holder = replace(PARENT, may=None if ordered else True)
    expected = not ordered and any(one["from"] <= asked_on < one["to"] and one["kind"] == asked_for for one in holds)
    assert bool(may_tell(kept, asked, [holder], begin + asked_on * DAY)) is expected


def test_two_scopes_are_no_third() -> None:
    """Screens of one year and that they are served of another permit neither both kinds nor both years."""
    one = replace(AGREED, kinds=frozenset({Kind.SCREENS}), days=Days(date(2026, 1, 1), date(2026, 6, 30)))
    two = replace(AGREED, kinds=frozenset({Kind.SCREENS}), days=Days(date(2026, 7, 1)))
    assert gaps([one, two], replace(ASKED, days=Days(date(2026, 6, 1), date(2026, 7, 31)))) == [Gap.DAYS]
    served = replace(AGREED, kinds=frozenset({Kind.SERVED}))
    assert gaps([two, served], replace(ASKED, kinds=AGREED.kinds)) == [Gap.KIND]


# What can be written down


@pytest.mark.parametrize(
    ("agreed", "field"),
    [
        (replace(AGREED, recipient=" , "), "recipient"),
        (replace(AGREED, kinds=frozenset()), "kinds"),
        (replace(AGREED, kinds=frozenset({Kind.SCREENS, Kind.SUBSTANCE_USE})), "kinds"),
        (replace(AGREED, kinds=frozenset({Kind.TRIBAL})), "kinds"),
        (replace(PART_2, kinds=PART_2.kinds | NOTES), "kinds"),
        (replace(HERS, purpose=Purpose.COURT), "kinds"),
        (replace(AGREED, days=Days(TODAY, TODAY - DAY)), "facts_until"),
        (replace(AGREED, until=AGREED.since), "until"),
        (replace(AGREED, counsel="Ana Ruiz"), "hearing"),
        (replace(AGREED, hearing=TODAY + DAY), "counsel"),
        (replace(AGREED, counsel="Ana Ruiz", hearing=TODAY), "hearing"),
        (replace(AGREED, paper=" "), "paper"),
    ],
    ids=[
        *("no recipient", "no kind", "two laws", "a tribe's", "notes and more", "her screen for a court"),
        *("days backwards", "no day at all"),
        *("no hearing", "no counsel", "a hearing that is over", "no paper"),
    ],
)  # fmt: skip
def test_what_cannot_be_agreed_to_so_is_refused_at_its_field(agreed: Consent, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        check(agreed, today=TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "agreed",
    [
        AGREED,
        PART_2,
        replace(AGREED, until=None, days=Days(TODAY, TODAY)),
        replace(AGREED, counsel="Ana Ruiz", hearing=TODAY + DAY),
        replace(AGREED, how=How.SPOKEN, paper=""),
        replace(AGREED, kinds=frozenset({Kind.TRIBAL}), given_by=TRIBE),
    ],
)
def test_what_can_be_agreed_to_is_kept(agreed: Consent) -> None:
    check(agreed, today=TODAY)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_rating_of_a_relationship_is_told_by_the_consent_of_the_adult_alone(purpose: Purpose) -> None:
    """Decision 33: nobody who consents for the child agrees to it for the adult; a court's order is a court's."""
    rated = frozenset({Kind.RELATIONSHIPS})
    hers = replace(HERS, kinds=rated, purpose=purpose)
    assert gaps([hers], replace(ASKED_OF_HER, kinds=rated, purpose=purpose), [HERSELF]) == []
    of_the_child = replace(ASKED, kinds=rated, purpose=purpose)
    assert gaps([replace(AGREED, kinds=rated, purpose=purpose)], of_the_child) == [Gap.RATED]
    with pytest.raises(BadInput) as refused:
        check(replace(AGREED, kinds=rated, purpose=purpose), today=TODAY)
    assert refused.value.field == "kinds"
    assert barred(of_the_child, Ground.COURT_ORDER) is None


def test_each_law_has_a_consent_of_its_own() -> None:
    assert PART_2.regimes == {Regime.PART_2} and AGREED.regimes == {Regime.HIPAA}
    assert {one.regime for one in KINDS.values()} == set(Regime) - {Regime.NONE}


def test_everything_has_its_words() -> None:
    """A new kind, purpose, way, ground or gap does not slip by; a refusal ends with what to do."""
    for words, keys in (
        (KINDS, Kind),
        (PURPOSES, Purpose),
        (HOW, How),
        (GROUNDS, Ground),
        (MANNERS, Manner),
        (BACK, Back),
    ):
        assert set(words) == set(keys)
    assert set(SENTENCES) == set(Gap)
    refusal = NoConsent(["No consent names A church."])
    assert refusal.sentences[0] == "No consent names A church." and refusal.sentences[-1].startswith("Nothing is told")


def test_a_page_offers_no_kind_that_nobody_can_agree_to() -> None:
    """How relationships are rated is about adults: each agrees for themselves, and nobody for the child."""
    assert set(agreed_about(about_child=True)) == set(KINDS) - {Kind.RELATIONSHIPS}
    assert set(agreed_about(about_child=False)) == set(KINDS)
