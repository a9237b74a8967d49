"""What can be read of a diagnosis, and what of it is ours alone."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.diagnosis.adapters.catalog import manual, suggestions
from inmind.diagnosis.codes.lookup import Looked, NotFromACode, disorder_named, look_up
from inmind.diagnosis.crosswalk import Fault, Mapped, Standing, Suggestion, Table
from inmind.diagnosis.manual import UnknownDisorder
from inmind.diagnosis.releases import Release
from inmind.diagnosis.tests.invented import ADHD, AUTISM, NEW, OLD, table
from inmind.foundation.catalogs import Confidence
from inmind.foundation.values import Period

DAY = date(2026, 5, 4)
OURS = Suggestion(AUTISM, "F84.9", "Development, unspecified", Standing.CANDIDATE, "", "a list", Confidence.MEDIUM)


def looked(*tables: Table, release: Release | None = OLD, publisher: str = "") -> Looked:
    disorder = manual().disorder(AUTISM)
    return look_up(disorder, DAY, tables=tables, release=release, suggestions=(OURS,), publisher=publisher)


def test_a_diagnosis_is_found_by_its_key_or_its_name():
    assert disorder_named(AUTISM, manual()) is disorder_named("  early atypical AUTISM spectrum disorder", manual())
    with pytest.raises(UnknownDisorder, match="Did you mean selective-mutism"):
        disorder_named("selectve-mutism", manual())


@pytest.mark.parametrize("code", ["F84.9", "f849", " Z62.820 ", "F88"])
def test_nothing_is_found_by_a_code(code):
    """One code stands for several diagnoses; whoever counts or treats by it would count and treat something else."""
    with pytest.raises(NotFromACode, match="is a code. Nothing here leads from a code back to a diagnosis"):
        disorder_named(code, manual())


def test_a_row_of_a_table_is_shown_as_it_stands_on_the_day():
    found = looked(table(Mapped(AUTISM, "F84.9", dsm5="a name"), Mapped(ADHD, "F90.0")))
    ((row,),) = (one.rows for one in found.tables)
    assert (row.title, row.fault, row.leaves) == ("Development, unspecified", None, ())
    assert found.codes_a_claim
    ((row,),) = (one.rows for one in looked(table(Mapped(AUTISM, "F84.9")), release=NEW).tables)
    assert (row.fault, row.leaves) == (Fault.NOT_BILLABLE, ("F84.91", "F84.92"))


def test_a_heading_codes_no_claim():
    """A program that reads the answer is told so, also where a table names the diagnosis."""
    assert not looked(table(Mapped(AUTISM, "F84.9")), release=NEW).codes_a_claim
    both = table(Mapped(AUTISM, "F84.9"), Mapped(AUTISM, "F84.91"))
    assert looked(both, release=NEW).codes_a_claim


def test_a_table_is_shown_for_the_payers_that_it_still_is_for():
    ended = table(Mapped(AUTISM, "F84.9"), payers=frozenset(["Plan", "Sunny"]), ended=(("Plan", DAY),))
    assert [one.payers for one in looked(ended).tables] == [("Sunny",)]
    gone = table(payers=frozenset(["Plan"]), ended=(("Plan", DAY),), left_out=frozenset([AUTISM]))
    assert looked(gone).tables == ()
    assert looked(table(left_out=frozenset([AUTISM]))).tables[0].is_left_out


def test_only_tables_of_the_day_and_of_the_publisher_are_shown():
    here, over = table(Mapped(AUTISM, "F84.9")), table(period=Period(date(2020, 1, 1), DAY))
    other = table(publisher="Another", edition="9")
    assert [one.table for one in looked(here, over, other).tables] == [other, here]
    assert [one.table for one in looked(here, other, publisher=" STATE ").tables] == [here]


def test_without_a_table_there_is_only_what_we_suggest():
    found = looked()
    assert not found.codes_a_claim and found.tables == ()
    assert [(one.suggestion.code, one.fault) for one in found.suggestions] == [("F84.9", None)]
    assert looked(release=NEW).suggestions[0].leaves == ("F84.91", "F84.92")
    assert not looked(table(Mapped(ADHD, "F90.0"))).codes_a_claim  # a table that does not name it


def test_without_a_release_nothing_was_looked_at():
    found = looked(table(Mapped(AUTISM, "F84.9")), release=None)
    assert not found.codes_a_claim
    assert (found.tables[0].rows[0].title, found.tables[0].rows[0].fault) == ("", None)
    assert found.suggestions[0].fault is None


def test_an_age_rule_behind_a_matching_name_is_said_beside_it():
    """Names that match hide rules that do not: the code's own disorder is not given before an age, the manual's is."""
    said = {one.code: one for one in suggestions() if one.disorder == "disorder-of-dysregulated-anger-and-aggression"}
    assert "before age six" in said["F34.81"].source and said["F34.81"].confidence is Confidence.LOW
    grief = next(one for one in suggestions() if one.code == "F43.81")
    assert "six-month wait" in grief.source


def test_a_title_of_another_icd_stands_with_its_source():
    """A published row may carry a title that is not that of ICD-10-CM; ours is the release's, and the source says so."""
    adhd = next(one for one in suggestions() if one.disorder == ADHD and one.standing is Standing.PUBLISHED)
    assert adhd.title.startswith("Attention-deficit hyperactivity disorder") and "neither the CM title" in adhd.source
