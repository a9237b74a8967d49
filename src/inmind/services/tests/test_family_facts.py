"""What is known of a family, what would still decide something, and how it is sorted: the rules alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.loading import parse
from inmind.people.reaching import Way
from inmind.services.adapters.catalog import asked, not_at_once, programs, readings
from inmind.services.fitting import readings as reading_files
from inmind.services.fitting.eligibility import Family
from inmind.services.fitting.matching import Terms, Wish, matches
from inmind.services.fitting.program import Reading
from inmind.services.listings.listing import Listing, Offers, Opening, Standing
from inmind.services.matches.board import board
from inmind.services.matches.family_facts import (
    Answered,
    Said,
    answers,
    family,
    languages,
    left_to_program,
    needs_school,
    to_ask,
)
from inmind.services.matches.windows import look, windows
from inmind.services.referrals.safe_words import unsafe_in

TODAY = date(2026, 11, 21)
MOTHER, FATHER, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)
NAMES = {key: one.name for key, one in programs().items()}


def listing(number: int, program: str = "", waits_days: int | None = None, **said: object) -> Listing:
    opening = None if waits_days is None else Opening(TODAY, waits_days=waits_days)
    offers = Offers.PROGRAM if program else Offers.FOOD
    return Listing(UUID(int=number), f"Listing {number}", offers, TODAY, program=program, opening=opening, **said)  # type: ignore[arg-type]


def found(there: Family, *listings: Listing, wish: Wish | None = None):  # type: ignore[no-untyped-def]
    wish = wish or Wish(needs=frozenset(Offers))
    return matches(there, wish, listings, TODAY, programs=programs(), questions=asked(), table=not_at_once())


def test_the_newest_answer_holds_and_each_is_read_only_where_it_belongs() -> None:
    rows = [
        Answered(MOTHER, "first_birth", Said.NO),
        Answered(MOTHER, "first_birth", Said.YES),
        Answered(FATHER, "homeless", Said.NO),
        Answered(CHILD, "foster_care", Said.RATHER_NOT),
        Answered(MOTHER, "a_question_that_was_taken_away", Said.YES),
    ]
    hers = answers(rows, asked(), person=MOTHER, child=CHILD)
    assert hers == {"first_birth": Said.YES, "homeless": Said.NO, "foster_care": Said.RATHER_NOT}
    assert set(answers(rows, asked(), person=CHILD, child=CHILD)) == {"homeless", "foster_care"}
    assert family(born=None, expected=TODAY, said=hers).answers == {"first_birth": True, "homeless": False}


def test_languages_are_read_as_families_name_them() -> None:
    assert languages(["es", "other", ""], ["Inglés, Mam"]) == {"es", "en"}


def test_no_question_asks_for_papers_or_a_number_of_the_state() -> None:
    for one in asked().values():
        words = f"{one.asks} {one.asks_es}".casefold()
        assert not re.search(r"immigra|citizen|inmigra|ciudadan|country of birth|social security|seguro social", words)


def test_what_alone_decides_is_asked_before_what_decides_together_with_much_else() -> None:
    expecting = Family(expected=TODAY + timedelta(98))
    rows = found(expecting, listing(1, "nfp"), listing(2, "child_first"), listing(3))
    first = to_ask(rows, asked(), {}, NAMES)
    assert [one.question.key for one in first[:2]] == ["low_income_or_low_resource", "first_birth"]
    assert (first[1].programs, first[1].decides) == (("Nurse-Family Partnership",), 1)
    assert set(first[0].programs) == {"Nurse-Family Partnership", "Child First"}, "asked once, for both"
    assert len({one.question.asks for one in first}) == len(first)
    said = answers([Answered(MOTHER, "low_income", Said.NO)], asked(), person=MOTHER, child=CHILD)
    assert said == dict.fromkeys(("low_income_or_low_resource", "low_income", "low_income_focus"), Said.NO)
    known = {"first_birth": Said.YES, "low_income_or_low_resource": Said.RATHER_NOT}
    assert "first_birth" not in {one.question.key for one in to_ask(rows, asked(), known, NAMES)}


def test_what_the_program_alone_can_say_is_left_to_it() -> None:
    young = Family(born=date(2021, 12, 1))
    (pat,) = found(young, listing(1, "pat"))
    assert needs_school([pat])
    assert not left_to_program(pat.match, asked(), {})
    (rose,) = found(Family(expected=TODAY), listing(1, "rose"))
    assert not left_to_program(rose.match, asked(), {}) and not needs_school([rose])
    (nfp,) = found(Family(expected=TODAY + timedelta(98)), listing(1, "nfp"))
    assert left_to_program(nfp.match, asked(), dict.fromkeys(nfp.match.asks, Said.RATHER_NOT))
    (food,) = found(young, listing(1))
    assert not needs_school([food])


def test_a_right_stands_by_itself_and_a_late_place_names_what_fits() -> None:
    toddler = Family(born=date(2025, 1, 21), answers=dict.fromkeys(asked(), True))
    late = listing(1, "pcit_t", 92)
    there = board(
        found(toddler, late, listing(2, "pfr"), listing(3, "part_c"), listing(4), listing(5, "cpp", 3)), programs()
    )
    (right,), (no,) = there.rights, there.not_now
    assert (right.listing.program, no.listing.program) == ("part_c", "pcit_t")
    instead = there.instead_of(no)
    assert instead is not None and instead.listing.program == "cpp"  # a place is known there
    assert there.instead_of(right) is None
    alone = board(found(toddler, late, listing(2, "pfr")), programs())
    assert alone.instead_of(alone.not_now[0]).listing.program == "pfr"  # type: ignore[union-attr]
    nothing = board(found(toddler, late, listing(4)), programs())
    assert nothing.instead_of(nothing.not_now[0]) is None
    grown = board(found(Family(born=date(2020, 1, 1)), listing(3, "part_c")), programs())
    assert not grown.rights and grown.not_now


def test_a_county_that_is_not_written_down_leaves_nothing_out_and_says_so() -> None:
    (one,) = found(Family(born=TODAY), listing(1, "pfr", reaches=frozenset({"53033"})))
    assert one.reaches is None and "county" in {reason.rule for reason in one.why}
    assert not found(Family(born=TODAY), listing(1, "pfr", reaches=frozenset({"53033"})), wish=Wish(county="53061"))


@pytest.mark.parametrize(
    ("words", "unsafe"),
    [
        ("Call 206-555-0187.", True),
        ("call (206) 555 0187 after six", True),
        ("Text +1 206 555 0142", False),
        ("ana@example.org", True),
        ("555-0187, after six", True),
        ("٢٠٦٥٥٥٠١٨٧", True),
        ("２０６ ５５５ ０１８７", True),
        ("20\u200b6 555\n then 01\u206087", True),
        ("ANA\u200b@example.org", True),
        ("ana (at) example dot org", True),
        ("ana arroba example.org", True),
        ("Text +1 206 555 0142, or ana.maria@example.org", False),
        ("joana@example.org", False),
        ("by post: 12  Oak\nStreet", True),
        ("Ring 12, ask for Ana", False),
        ("", False),
    ],
)
def test_words_tell_no_way_that_is_not_known_to_be_safe(words: str, unsafe: bool) -> None:
    ways = [
        Way("phone", "206-555-0187", None),
        Way("text", "+12065550142", True),
        Way("phone", "(206) 555-0142", False),  # a call is not safe there, a text is
        Way("mail", "Ana@example.org", False),
        Way("mail", "ana.maria@example.org", True),
        Way("post", "12 Oak Street", False),
    ]
    assert bool(unsafe_in(words, ways)) is unsafe


READINGS = """title: Ours
edition: '1'
date: 2026-11-21
key: readings
licence: Ours.
week: {nfp: 'on'}
wider: [cpp]
school_not_before: 57
"""


def test_a_network_says_how_it_reads_what_is_ambiguous_and_nothing_else() -> None:
    read = reading_files.load(parse(READINGS, "a file"), programs())
    assert (read.week, read.wider, read.school_not_before) == ({"nfp": Reading.ON}, {"cpp"}, 57)
    assert readings().week == {}
    for right, wrong, says in (
        ("{nfp: 'on'}", "{cpp: 'on'}", "no source names a week"),
        ("{nfp: 'on'}", "{nfp: 'perhaps'}", "expected one of"),
        ("[cpp]", "[nfp]", "in two ways"),
        ("57", "-1", "not negative"),
    ):
        with pytest.raises(BadCatalog, match=says):
            reading_files.load(parse(READINGS.replace(right, wrong), "a file"), programs())


def test_a_window_is_looked_at_with_the_day_on_which_a_place_would_come() -> None:
    toddler, program = Family(born=date(2025, 1, 21)), programs()["pcit_t"]
    how = {"questions": asked()}
    now = look(program, toddler, TODAY, place=None, **how)
    assert now is not None and not now.too_late and not now.is_near(TODAY)
    assert now.is_near(date(2026, 12, 22))
    late = look(program, toddler, TODAY, place=date(2027, 1, 21), **how)
    assert late is not None and late.too_late and late.is_near(TODAY)
    assert look(programs()["fussy_baby"], Family(), TODAY, place=None, **how) is None


def test_windows_of_many_families_come_one_by_one() -> None:
    toddler, grown = Family(born=TODAY - timedelta(700)), Family(born=TODAY - timedelta(4000))
    some = iter([("toddler", toddler), ("grown", grown)])
    rows = windows(some, [programs()["pcit_t"], programs()["triple_p_4"], programs()["rose"]], TODAY)
    assert next(rows)[:2] == ("toddler", "pcit_t")
    assert next(some)[0] == "grown"  # nobody was read ahead
    assert [row[1] for row in rows] == ["triple_p_4", "rose"]
    past = windows([("grown", grown)], [programs()["pcit_t"]], TODAY)
    assert list(past) == []


@pytest.mark.parametrize("closed_in", [None, -1, 0, 1])
@pytest.mark.parametrize("confirmed", [0, 179, 180, 209, 210])
def test_what_is_shown_is_what_stands(confirmed: int, closed_in: int | None) -> None:
    closed = None if closed_in is None else TODAY + timedelta(closed_in)
    one = replace(listing(1, waits_days=0), confirmed_on=TODAY - timedelta(confirmed), closed_on=closed)
    stands = one.stands(TODAY, Terms().term, Terms().grace)
    shown = found(Family(born=TODAY), one)
    assert [found.asked_about for found in shown] == ([] if stands is Standing.EXPIRED else [stands is Standing.ASKED])
    assert not shown or "There is a place now." in {reason.says for reason in shown[0].why}
