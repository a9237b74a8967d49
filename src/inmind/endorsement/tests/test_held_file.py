"""A list of endorsements: who is meant, which category, and what is said of each row that is not taken in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from inmind.endorsement import held_file
from inmind.endorsement.held_file import Held, Row, Somebody, Verdict, Why
from inmind.endorsement.standards import Binding, Edition
from inmind.foundation.errors import BadInput
from inmind.records import sheets

TODAY = date(2026, 5, 5)
ADA, BEA, OTHER_BEA, CAL = (UUID(int=number) for number in range(1, 5))
PEOPLE = [
    Somebody(ADA, "Ada Stone", frozenset({"ada@x.org"}), frozenset({"17"})),
    Somebody(BEA, "Bea Lake", frozenset({"bea@x.org", "home@x.org"})),
    Somebody(OTHER_BEA, "Béa Lake"),
    Somebody(CAL, "Cal Marsh", frozenset({"home@x.org"})),
]
NAMES = {"IMH-E": "Infant Family Specialist (IFS)", "ECMH-E": "Early Childhood Family Specialist (ECFS)"}
BOTH = {"IMH-E": "Endorsed Reflective Supervisor (ERS)", "ECMH-E": "Endorsed Reflective Supervisor (ERS)"}


def edition(category: str, names: dict[str, str]) -> Edition:
    return Edition("ours", category, "2031", None, None, next(iter(Binding)), names, (), {})


WORDS = held_file.categories([edition("FS", NAMES), edition("ERS", BOTH), edition("PN", {"IMH-E": "Plain Name"})])
HEADING = "Member number,Name,Email,Category,Endorsement,Date decided,Expires,Endorsement number"


def judged(*lines: str, heading: str = HEADING, held: tuple[Held, ...] = ()) -> list[Row]:
    return held_file.judge(sheets.read("\n".join([heading, *lines])), WORDS, PEOPLE, held, TODAY)


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("17,Somebody Else,,IFS,,2025-03-01,,", ADA),
        (",Stone Ada,,IFS,,2025-03-01,,", ADA),
        (",,ADA@x.org,IFS,,2025-03-01,,", ADA),
        (",Bea Lake,home@x.org,IFS,,2025-03-01,,", BEA),
    ],
    ids=["by the number alone", "by the name in any order", "by the mail alone", "by both at a shared mailbox"],
)
def test_a_row_is_about_the_one_member_whom_it_names(line: str, person: UUID) -> None:
    (row,) = judged(line)
    assert (row.verdict, row.person, row.category, row.credential) == (Verdict.NEW, person, "FS", "IMH-E")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("IFS,", ("FS", "IMH-E")),
        ("Early Childhood Family Specialist,", ("FS", "ECMH-E")),
        ("infant family specialist (ifs),", ("FS", "IMH-E")),
        ("FS,IMH-E", ("FS", "IMH-E")),
        ("ERS,ECMH-E", ("ERS", "ECMH-E")),
        (",ECFS", ("FS", "ECMH-E")),
        ("plain name,", ("PN", "IMH-E")),
    ],
)
def test_a_category_is_known_by_the_words_of_its_standard(said: str, found: tuple[str, str]) -> None:
    (row,) = judged(f"17,,,{said},2025-03-01,2026-03-31,no 9")
    assert (row.category, row.credential) == found
    assert (row.on, row.until, row.number) == (date(2025, 3, 1), date(2026, 4, 1), "no 9")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("99,Ada Stone,,IFS,,2025-03-01,,", Why.NOBODY),
        (",Eve Moon,,IFS,,2025-03-01,,", Why.NOBODY),
        (",Eve Moon,ada@x.org,IFS,,2025-03-01,,", Why.NOBODY),
        (",Bea Lake,,IFS,,2025-03-01,,", Why.SEVERAL),
        (",,home@x.org,IFS,,2025-03-01,,", Why.SEVERAL),
        ("17,,,ERS,,2025-03-01,,", Why.CATEGORY),
        ("17,,,IFS,,,,", Why.NO_DAY),
        ("17,,,IFS,,03/04/2025,,", Why.DAY),
        ("17,,,IFS,,2026-05-06,,", Why.AHEAD),
        ("17,,,IFS,,2025-03-01,2025-02-01,", Why.ENDS),
        ("17,,,IFS\n17,,,IFS,,2025-03-01,,", Why.CELLS),
    ],
)
def test_what_is_not_taken_in_says_why(line: str, why: Why) -> None:
    row = judged(line)[0]
    assert why is not Why.NOBODY or row.said
    assert (row.verdict, row.why) == (Verdict.OUT, why)
    assert held_file.SENTENCES[why]


def test_the_same_list_twice_is_here_already_and_another_day_is_held() -> None:
    """What has ended may be held again; one category stands once in a list."""
    line, again = "17,,,IFS,,2025-03-01,,", "17,,,IFS,,2024-03-01,,"
    first = Held(ADA, "FS", "IMH-E", date(2025, 3, 1))
    assert [one.verdict for one in judged(line, held=(first,))] == [Verdict.SAME]
    assert [one.why for one in judged(again, held=(first,))] == [Why.HELD]
    over = Held(ADA, "FS", "IMH-E", date(2020, 3, 1), is_over=True)
    assert [one.verdict for one in judged(line, held=(over,))] == [Verdict.NEW]
    assert [one.why for one in judged(again, held=(over, first))] == [Why.HELD]
    assert [one.why for one in judged(line, again)] == [None, Why.TWICE]


def test_a_day_that_never_ends_has_no_end() -> None:
    (row,) = judged("17,,,IFS,,2025-03-01,9999-12-31,")
    assert row.until is None


def test_columns_are_known_by_their_names_and_what_is_missing_is_said() -> None:
    with pytest.raises(BadInput, match="A column is missing"):
        judged("x,y", heading="Name,Category")
    with pytest.raises(BadInput, match="about whom"):
        judged("x,2025-01-01", heading="Category,Date decided")
    (row,) = judged("Ada,Stone,IFS,2025-03-01", heading="First name,Last name,Category,Endorsed on")
    assert row.person == ADA


def test_a_list_that_is_too_long_is_cut_by_whoever_has_it() -> None:
    with pytest.raises(BadInput, match="five thousand"):
        judged(*["17,,,IFS,,2025-03-01,,"] * (held_file.MOST_ROWS + 1))
