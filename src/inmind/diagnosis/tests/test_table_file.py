"""A state's crosswalk as a file: a verdict for each row, and all of it or nothing."""

from __future__ import annotations

import pytest

from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.crosswalk import KindOfParent, Mapped
from inmind.diagnosis.table_file import codes_named, judged, taken, unnamed, without_a_code
from inmind.diagnosis.tests.invented import ADHD, AUTISM, EATING, NEW, OLD, RELATIONSHIP
from inmind.foundation.errors import BadInput

HEAD = "disorder,code,title,dsm5,kind,parent,when\n"


def said(row: str, release=OLD) -> str:
    (found,) = judged(HEAD + row + "\n", manual(), release)
    return found.verdict.sentence % dict(found.verdict.facts)


def test_rows_that_fit_are_taken_by_key_or_by_name():
    rows = judged(
        HEAD
        + f"{AUTISM},f849,,,,,\n"
        + "Attention Deficit Hyperactivity Disorder,F90.1,,A name,,,more of the second\n"
        + f"{RELATIONSHIP},Z62.2,,,,Foster,\n{EATING},F98.3,,,Pica,,\n",
        manual(),
        OLD,
    )
    assert taken(rows) == (
        Mapped(AUTISM, "F84.9"),
        Mapped(ADHD, "F90.1", dsm5="A name", when="more of the second"),
        Mapped(RELATIONSHIP, "Z62.2", parent=KindOfParent.FOSTER),
        Mapped(EATING, "F98.3", kind="pica"),
    )
    assert [one.line for one in rows] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("selectve-mutism,F90.1,,,,,", "Did you mean selective-mutism?"),
        ("§§§§,F90.1,,,,,", "DC:0-5 has no diagnosis called §§§§."),
        (f"{ADHD},90,,,,,", "90 is not a code of ICD-10-CM."),
        (f"{ADHD},F99.9,,,,,", "F99.9 is not in the release old."),
        (f"{ADHD},F90,,,,,", "F90 is a heading and cannot be billed. Below it stand F90.0, F90.1."),
        (
            f"{RELATIONSHIP},Z62.2,,,,aunt,",
            "aunt is no kind of parent. Known are biological, adoptive, foster, step, other.",
        ),
        (f"{ADHD},F90.1,,,,foster,", "is a child’s own: its code does not depend on a parent."),
        (f"{EATING},F98.3,,,stones,,", "has no kind called stones."),
        (f"{ADHD},F90.1,,,,,{'x' * 301}", "longer than 300 letters"),
        (f'{ADHD},F90.1,,,,,"one\ntwo"', "has more than one line"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words(row, sentence):
    assert sentence in said(row)


def test_a_title_of_another_icd_is_said_and_the_code_still_taken():
    assert "is not that of ICD-10-CM" in said(f"{ADHD},F90.1,Disturbance of activity,,,,")
    assert said(
        f"{ADHD},F90.1,ACTIVITY, SECOND KIND,,,,".replace("ACTIVITY, SECOND KIND", '"Activity, second kind"')
    ) == ("Can be taken.")


def test_a_code_that_has_expired_is_found_at_the_next_release():
    assert said(f"{AUTISM},F84.9,,,,,") == "Can be taken."
    assert "Below it stand F84.91, F84.92" in said(f"{AUTISM},F84.9,,,,,", NEW)


def test_a_code_of_an_earlier_release_that_is_gone_has_expired():
    (row,) = judged(HEAD + f"{AUTISM},F84.92,,,,,\n", manual(), OLD, [OLD, NEW])
    assert row.verdict.sentence % dict(row.verdict.facts) == (
        "F84.92 stood in the release new and stands in old no more: it has expired."
    )
    (row,) = judged(HEAD + f"{AUTISM},F99.9,,,,,\n", manual(), OLD, [NEW])
    assert "is not in the release old" in row.verdict.sentence % dict(row.verdict.facts)


def test_a_file_names_its_codes_before_any_release_is_read():
    assert codes_named(HEAD + f"{AUTISM},f849,,,,,\n{AUTISM},90,,,,,\nflu\n{ADHD},Z62.2,,,,,\n") == {"F84.9", "Z62.2"}


def test_one_refused_row_keeps_all_back_and_says_which():
    rows = judged(
        HEAD + f"{AUTISM},F84.9,,,,,\n{ADHD},F90,,,,,\n{AUTISM},F84.9,,,,,\nflu\n{ADHD},F90.1,,,,,\n", manual(), OLD
    )
    assert [one.verdict.allowed for one in rows] == [False, False, False, False, True]
    with pytest.raises(BadInput, match="4 rows cannot be taken: 2, 3, 4, 5"):
        taken(rows)


def test_a_file_without_its_columns_says_which():
    with pytest.raises(BadInput, match="no column disorder, code"):
        judged("name,icd\nx,F90.1\n", manual(), OLD)


def test_rows_with_a_heading_can_be_left_out_by_somebody_who_has_seen_which():
    """What the publisher wrote is not altered; a diagnosis that it names so is not called one that it does not name."""
    rows = judged(HEAD + f"{ADHD},F90,,,,,\n{AUTISM},F84,,,,,\n{AUTISM},F84.9,,,,,\n", manual(), OLD)
    assert [(one.is_heading, one.disorder, one.code) for one in rows] == [
        (True, ADHD, "F90"),
        (True, AUTISM, "F84"),
        (False, AUTISM, "F84.9"),
    ]
    assert without_a_code(rows) == (ADHD,)
    assert len(unnamed(rows, manual())) == len(manual().disorders) - 2
    assert taken(rows, without_headings=True) == (Mapped(AUTISM, "F84.9"),)
    with pytest.raises(BadInput, match="2 rows cannot be taken: 2, 3"):
        taken(rows)


def test_a_row_with_another_fault_keeps_all_back_also_where_headings_are_left_out():
    rows = judged(HEAD + f"{ADHD},F90,,,,,\n{AUTISM},F99.9,,,,,\n", manual(), OLD)
    with pytest.raises(BadInput, match="1 rows cannot be taken: 3"):
        taken(rows, without_headings=True)


def test_a_table_of_headings_alone_has_nothing_to_take():
    with pytest.raises(BadInput, match="No row is left that could be taken"):
        taken(judged(HEAD + f"{ADHD},F90,,,,,\n", manual(), OLD), without_headings=True)
