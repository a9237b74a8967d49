"""ICD-10-CM as it stood on a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from inmind.diagnosis.adapters import tabular
from inmind.diagnosis.releases import (
    BadRelease,
    Code,
    NoRelease,
    Release,
    Releases,
    check_days,
    check_size,
    last_day,
    spelled,
)
from inmind.diagnosis.tests.invented import NEW, OLD, RELEASES, TURN
from inmind.foundation.errors import BadInput
from inmind.foundation.values import Period

LIST = """<?xml version="1.0" encoding="utf-8"?>
<!-- an invented list in the publisher's format -->
<ICD10CM.tabular>
  <version>2026</version>
  <chapter><name>5</name><excludes1><note>all at (R40-R46)</note></excludes1>
    <section id="F90-F98"><excludes1><note>another (F10.-)</note></excludes1>
      <diag><name>F94</name><desc>Social</desc>
        <diag><name>F94.1</name><desc> First </desc><inclusionTerm><note>a term</note></inclusionTerm>
          <excludes1><note>the second (F94.2)</note></excludes1></diag>
        <diag><name>F94.2</name><desc>Second</desc></diag>
      </diag>
      <diag><name>T74</name><desc>Harm</desc>
        <sevenChrDef><extension char="A">first</extension><extension char="S">later</extension></sevenChrDef>
        <diag><name>T74.0</name><desc>Harm, one</desc></diag>
      </diag>
    </section>
  </chapter>
</ICD10CM.tabular>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tabular.xml"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_a_heading_is_not_billed_and_names_what_is():
    assert not OLD.is_billable("F90")
    assert OLD.leaves("F90") == ("F90.0", "F90.1")
    assert OLD.is_billable("F90.1") and OLD.title("F90.1") == "Activity, second kind"
    assert not OLD.is_billable("F99.9") and OLD.title("F99.9") == "" and OLD.leaves("F99.9") == ()


def test_a_code_that_needs_a_seventh_sign_is_billed_with_one_only():
    assert not OLD.is_billable("T74.0")
    assert OLD.leaves("T74.0") == ("T74.0XXA", "T74.0XXD")
    assert OLD.is_billable("T74.0XXA") and OLD.title("T74.0XXA") == "Injury"
    assert not OLD.is_billable("T74.0XXS")
    assert not OLD.is_billable("F90.1XXA")


def test_what_may_not_stand_together_is_found_from_either_side_and_from_above():
    assert OLD.excluded("F94.1", "F94.2") == OLD.excluded("F94.2", "F94.1") == "the other of them (F94.2)"
    assert OLD.excluded("F98.3", "R68.1") == "whatever is at (R60-R68)"
    assert OLD.excluded("F90.1", "F94.1") == ""


@pytest.mark.parametrize(
    ("note", "held", "not_held"),
    [
        ("whatever is at (R60-R68)", ("R60", "R63.3", "R68.1"), ("R59.9", "R69")),
        ("from one to another (F98.2-F98.4)", ("F98.2", "F98.30", "F98.4"), ("F98", "F98.1", "F98.5")),
        ("two blocks and one (E40-E46, F20-F29, F10.-)", ("E43", "F25.1", "F10.2"), ("E47", "F30", "F11")),
        ("written out (S06.1- to S06.6-)", ("S06.1X0A", "S06.4X1D", "S06.6X9S"), ("S06.0X0A", "S06.8")),
        ("with blanks (P28.3- - P28.4-)", ("P28.30", "P28.41"), ("P28.2", "P28.5")),
        ("a letter behind the figures (O00-O9A)", ("O00.1", "O9A.21"), ("O9B", "P00")),
        ("at a place (B27.0-B27.9 with fifth character 1)", ("B27.01", "B27.91"), ("B27.02", "B27.0")),
        ("behind the dot (E08-E13 with .51-.52)", ("E08.51", "E13.52"), ("E08.50", "E09.43")),
        ("at the end (I69. with final characters -23)", ("I69.023", "I69.923"), ("I69.020",)),
        ("said in another way (S52.- with an open one)", ("S52.1", "S52.9"), ("S51",)),
        ("only in brackets (R11) and not R12", ("R11.0",), ("R12",)),
        ("no bracket at all R68.11", ("R68.11",), ("R68.12", "R68.1")),
        ("one code (F94.2), a word (TACO) and (B)", ("F94.2",), ("TAC", "F94.1")),
        ("a letter at the second place (QA0)", ("QA0.0",), ("QB0",)),
    ],
)
def test_what_a_note_names_is_read_whole(note, held, not_held):
    """The publisher writes ranges with a hyphen, `to` or a dash, and limits some by a place: each with all between."""
    list_of = {one: Code(one, one) for one in (*held, *not_held, "A01")} | {"A00": Code("A00", "It", excludes=(note,))}
    release = Release("invented", OLD.period, list_of)
    for one in held:
        assert release.excluded("A00", one) == release.excluded(one, "A00") == note
    assert not any(release.excluded("A00", one) or release.excluded(one, "A00") for one in (*not_held, "A01"))


def test_one_release_is_in_force_on_a_day():
    assert RELEASES.on(TURN - timedelta(days=1)) is OLD
    assert RELEASES.on(TURN) is NEW
    with pytest.raises(NoRelease, match="No release of ICD-10-CM is loaded for 2024-01-01"):
        RELEASES.on(date(2024, 1, 1))
    assert last_day(OLD.period) == TURN - timedelta(days=1)
    assert last_day(NEW.period) is None


def test_two_releases_of_one_day_are_refused():
    with pytest.raises(BadRelease, match="old and again are both in force on 2026-02-01"):
        Releases.of((OLD, Release("again", Period(date(2026, 2, 1)), {})))
    with pytest.raises(BadRelease, match="new and newer"):
        Releases.of((NEW, Release("newer", Period(TURN), {})))


def test_the_next_release_ends_the_one_before_it():
    next_one = Release("next", Period(date(2027, 4, 1)), {})
    after = Releases.of((*RELEASES.each, next_one))
    assert [one.period.until for one in after.each] == [TURN, date(2027, 4, 1), None]
    assert after.on(date(2027, 3, 31)).name == "new"


def test_an_earlier_release_that_comes_later_ends_where_the_later_one_begins():
    """April's list is loaded after October's: nobody has to say its end, and the one before April's ends with it."""
    october, april = Release("october", Period(date(2025, 10, 1)), {}), Release("april", Period(date(2026, 4, 1)), {})
    found = Releases.of((NEW, october, april))
    assert [(one.name, one.period.until) for one in found.each] == [
        ("october", date(2026, 4, 1)),
        ("april", TURN),
        ("new", None),
    ]


def test_beside_a_day_stands_the_release_of_it_or_the_nearest():
    assert Releases(()).beside(TURN) is None
    assert RELEASES.beside(date(2020, 1, 1)) is OLD and RELEASES.beside(TURN) is NEW
    assert RELEASES.beside(TURN - timedelta(days=1)) is OLD


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        (date(2029, 1, 1), None, "would begin on 2029-01-01. Its first day lies between 2006-11-01 and 2028-12-31"),
        (date(9999, 10, 1), None, "would begin on 9999-10-01"),
        (date(2006, 10, 31), None, "would begin on 2006-10-31"),
        (date(2026, 10, 1), date(2031, 10, 2), "more than 5 years are not taken; this limit is ours"),
    ],
)
def test_a_day_that_no_release_has_is_refused(since, until, sentence):
    with pytest.raises(BadRelease) as refusal:
        check_days(Period(since, until), TODAY)
    assert sentence in refusal.value.in_english()


@pytest.mark.parametrize("since", [date(2006, 11, 1), date(2026, 10, 1), date(2028, 12, 31)])
def test_a_day_within_sense_is_taken(since):
    check_days(Period(since), TODAY)
    check_days(Period(since, since.replace(year=since.year + 1)), TODAY)


def test_a_list_with_far_fewer_codes_than_the_one_beside_it_is_asked_about():
    check_size(50, 100, "October 2025")
    with pytest.raises(BadRelease, match="has 49 codes; October 2025 has 100"):
        check_size(49, 100, "October 2025")


@pytest.mark.parametrize(
    ("since", "ends"),
    [
        (date(2025, 10, 1), date(2026, 10, 1)),
        (date(2026, 4, 1), date(2026, 10, 1)),
        (date(2026, 12, 1), date(2027, 10, 1)),
    ],
    ids=["October's list", "April's list", "a list of December"],
)
def test_a_list_may_be_over_after_its_year(since, ends):
    """The publisher's year ends on September 30; a later list that nobody loaded is not passed over in silence."""
    release = Release("one", Period(since), {})
    assert not release.may_be_over(ends - timedelta(days=1)) and release.may_be_over(ends)
    assert not Release("one", Period(since, date(2030, 1, 1)), {}).may_be_over(ends)


@pytest.mark.parametrize(
    ("typed", "code"), [("f941", "F94.1"), (" Z62.820 ", "Z62.820"), ("F82", "F82"), ("QA0", "QA0")]
)
def test_a_code_is_spelled_in_one_way(typed, code):
    assert spelled(typed) == code


@pytest.mark.parametrize("typed", ["", "9", "94.1", "F9", "F94.12345", "=F94"])
def test_what_is_no_code_is_refused_in_words(typed):
    with pytest.raises(BadInput, match="is not a code of ICD-10-CM"):
        spelled(typed)


def test_a_release_is_read_in_its_publishers_format(file):
    found = tabular.read(file, name="2026", period=Period(TURN))
    assert list(found.codes) == ["F94", "F94.1", "F94.2", "T74", "T74.0"]
    assert found.codes["F94.1"] == Code("F94.1", "First", "F94", excludes=("the second (F94.2)",), terms=("a term",))
    assert found.excluded("F94.2", "F10.2") == "another (F10.-)"
    assert found.excluded("R45.1", "F94.1") == found.excluded("F94.2", "R40") == "all at (R40-R46)"  # of its chapter
    assert found.leaves("T74") == ("T74.0XXA", "T74.0XXS")


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("ICD10CM.tabular>", "ICD10.who>", "<ICD10.who>"),
        ("</desc></diag>", "</desc>", "mismatched tag"),
        ("F94.2</name>", "F94.1</name>", "F94.1 stands there twice"),
        ("F94.2</name>", "94.2</name>", "94.2 is not a code"),
        ("<!-- an", "<!DOCTYPE x><!-- an", "declares entities"),
        ("<chapter>", "<chapter/><other>", ""),
    ],
)
def test_a_file_that_is_no_release_is_refused_whole(file, was, now, reason):
    file.write_text(LIST.replace(was, now).replace("</chapter>", "</other>" if "other" in now else "</chapter>"))
    with pytest.raises(BadRelease, match=reason or "no code stands in it"):
        tabular.read(file, name="2026", period=Period(TURN))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", f"<!-- {'long ' * 2000} -->"], ids=["at once", "behind a long note"])
def test_a_file_that_declares_anything_is_refused_wherever_it_does(file, encoding, before):
    declared = '<!DOCTYPE x [<!ENTITY a "b">]>'
    text = LIST.replace('encoding="utf-8"', f'encoding="{encoding}"').replace("<!-- an", f"{before}{declared}<!-- an")
    file.write_text(text, encoding=encoding)
    with pytest.raises(BadRelease, match="declares entities"):
        tabular.read(file, name="2026", period=Period(TURN))


def test_entries_below_each_other_without_end_are_refused(file):
    deep = "<diag><name>F94.2</name>" * 3000 + "</diag>" * 3000
    file.write_text(LIST.replace("<diag><name>F94.2</name><desc>Second</desc></diag>", deep), encoding="utf-8")
    with pytest.raises(BadRelease, match="more than 30 deep"):
        tabular.read(file, name="2026", period=Period(TURN))


@pytest.mark.parametrize("encoding", ["klingon", "utf-32"])
def test_a_file_in_an_encoding_that_is_not_read_is_refused_in_words(file, encoding):
    file.write_text(LIST.replace('"utf-8"', f'"{encoding}"'), encoding="ascii")
    with pytest.raises(BadRelease, match="cannot be read as a release"):
        tabular.read(file, name="2026", period=Period(TURN))


def test_a_file_that_is_not_there_or_too_large_is_refused(file, monkeypatch):
    with pytest.raises(BadRelease, match="No such file"):
        tabular.read(file.with_name("none.xml"), name="2026", period=Period(TURN))
    monkeypatch.setattr(tabular, "LARGEST", 10)
    with pytest.raises(BadRelease, match="more than 100 megabytes"):
        tabular.read(file, name="2026", period=Period(TURN))
