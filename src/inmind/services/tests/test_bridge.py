"""Referrals to and from another record system: what goes out runs nowhere, what comes in is read row by row."""

from __future__ import annotations

import csv
from datetime import date
from uuid import UUID

import pytest

from inmind.foundation.errors import BadInput
from inmind.records import sheets
from inmind.services.referrals.bridge import MOST, OUT, Answer, Unread, answers, sheet
from inmind.services.referrals.referral import State, Why

ONE = "0190d5b6-0000-7000-8000-000000000001"


def read(*rows: str, heading: str = "referral,state,on,why,note,who_calls,calls_on") -> list[Answer | Unread]:
    return answers(sheets.read("\n".join([heading, *rows]) + "\n"))


def test_a_sheet_of_answers_is_read_row_by_row() -> None:
    there = read(
        f"{ONE},accepted,2026-03-02,,,Rosa,2026-03-04",
        f"{ONE},Declined,2026-03-05,no place,'=full until fall,,",
        "12,accepted,2026-03-02,,,,",
        f"{ONE},acepted,2026-03-02,,,,",
        f"{ONE},xyzzy,2026-03-02,,,,",
        f"{ONE},accepted,soon,,,,",
        f"{ONE},accepted,,,,,",
        f"{ONE},declined,2026-03-02,nobody knows,,,",
        f"{ONE},declined",
    )
    yes, no, *unread = there
    assert yes == Answer(2, UUID(ONE), State.ACCEPTED, date(2026, 3, 2), caller="Rosa", calls_on=date(2026, 3, 4))
    assert no == Answer(3, UUID(ONE), State.DECLINED, date(2026, 3, 5), Why.NO_PLACE, "=full until fall")
    assert [one.says % one.facts for one in unread if isinstance(one, Unread)] == [
        "“12” is not the number of a referral.",
        "“acepted” is not known here. Did you mean “accepted”?",
        "“xyzzy” is not known here. Known are: drafted, sent, received, accepted, waitlisted, declined, contacted, started, "
        "ended, closed.",
        "“soon” is not a day as 2026-03-31.",
        "The day is missing on which it happened.",
        "“nobody knows” is not known here. Known are: no_funds, not_eligible, no_place, not_reached, "
        "family_chose_otherwise, consent_withdrawn, completed, moved_away, grew_out, program_ended.",
        "This row has more or fewer cells than the heading.",
    ]


def test_a_sheet_without_a_column_that_is_needed_is_refused_whole() -> None:
    with pytest.raises(BadInput) as refused:
        read(f"{ONE},accepted", heading="referral,state")
    assert refused.value.facts["column"] == "on"


@pytest.mark.parametrize(("column", "near"), [("who_call", "who_calls"), ("xyzzy", "")])
def test_a_column_that_nobody_knows_is_refused_and_never_dropped(column: str, near: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(f"{ONE},accepted,2026-03-02,Rosa", heading=f"referral,state,on,{column}")
    assert (refused.value.facts["column"], refused.value.facts["near"]) == (column, near)


def test_a_sheet_has_an_end() -> None:
    with pytest.raises(BadInput, match="more answers"):
        read(*[f"{ONE},accepted,2026-03-02"] * (MOST + 1), heading="referral,state,on")


def test_what_goes_out_has_its_columns_and_runs_nowhere() -> None:
    lines = list(sheet([{"referral": ONE, "hopes": '=HYPERLINK("x")', "tells": "two\nlines, one comma"}]))
    heading, row = csv.reader("".join(lines).splitlines(keepends=True))
    assert heading == list(OUT)
    assert dict(zip(heading, row, strict=True))["hopes"].startswith("'=")
    assert dict(zip(heading, row, strict=True))["tells"] == "two\nlines, one comma"
