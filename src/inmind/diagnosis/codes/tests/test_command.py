"""`inmind crosswalk` at the command line, and what the doctor says of codes."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings

from inmind import cli
from inmind.diagnosis.adapters import bundled, tabular
from inmind.diagnosis.adapters.catalog import suggestions
from inmind.diagnosis.codes import blocks, queries
from inmind.diagnosis.codes.models import CodeBlock, CodeRelease, CrosswalkTable
from inmind.diagnosis.codes.offers import codes_stand
from inmind.diagnosis.codes.table_views import text_of
from inmind.diagnosis.crosswalk import outdated
from inmind.diagnosis.releases import Release, named_in
from inmind.diagnosis.tests.invented import ADHD, AUTISM, NEW, OLD, RELATIONSHIP, TURN, as_published
from inmind.foundation.registries import Grade
from inmind.foundation.values import Period
from tests import make

Said = tuple[int, str, str]


@pytest.fixture
def crosswalk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """The command in this process, in a house that has begun: its exit code, and what it said."""
    monkeypatch.setattr(type(settings.INSTALLATION), "check", lambda installation: None)
    monkeypatch.setattr(cli, "set_up", lambda: None)
    monkeypatch.setattr(cli, "look_around", lambda: None)
    monkeypatch.setattr(cli, "follow_the_story", lambda: None)

    def run(*words: object) -> Said:
        try:
            code = cli.main(["crosswalk", *map(str, words)])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    found = []
    for release, name in ((OLD, "tabular-October-1-2025.xml"), (NEW, "new.xml")):
        found.append(tmp_path / name)
        found[-1].write_text(as_published(release), encoding="utf-8")
    return found[0], found[1]


def csv(folder: Path, *rows: str) -> Path:
    file = folder / "table.csv"
    file.write_text("disorder,code,parent\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


@pytest.mark.django_db
def test_releases_are_loaded_in_their_publishers_format_and_twice_is_once(crosswalk, files) -> None:
    make.make_network()
    old, new = files
    code, out, err = crosswalk("load-release", old)
    assert "Loaded: ICD-10-CM October 2025, 18 codes, in force from 2025-10-01 until another is loaded." in out
    assert "7 of 7 categories kept." in err and code == 0
    assert "0 rows of tables and 95 of our suggestions do not stand in it" in out  # they are of the real list
    assert crosswalk("load-release", old)[1] == (
        "This file is loaded already, as October 2025, in force from 2025-10-01 on. Nothing was changed.\n"
    )
    code, out, _ = crosswalk("load-release", new)
    assert code == 2 and CodeRelease.objects.count() == 1
    code, out, _ = crosswalk("load-release", new, "--since", TURN, "--name", "the new one")
    assert "Loaded: ICD-10-CM the new one, 20 codes" in out
    assert [(row.name, period.until) for row, period in queries.loaded()] == [
        ("October 2025", TURN),
        ("the new one", None),
    ]
    listed = crosswalk("list")[1]
    assert "ICD-10-CM October 2025, from 2025-10-01 until before 2026-10-01: 18 codes" in listed
    assert "No table is loaded, so no code leaves for a claim." in listed


@pytest.mark.django_db
def test_what_is_no_release_is_refused_in_words_and_leaves_nothing(crosswalk, files, tmp_path: Path) -> None:
    make.make_network()
    code, _, err = crosswalk("load-release", tmp_path / "none-April-1-2026.xml")
    assert code == 1 and "cannot be read: No such file" in err
    torn = tmp_path / "torn-April-1-2026.xml"
    torn.write_text(as_published(OLD)[:-40], encoding="utf-8")
    code, _, err = crosswalk("load-release", torn)
    assert code == 1 and "cannot be read as a release of ICD-10-CM" in err
    crosswalk("load-release", files[0])
    code, _, err = crosswalk("load-release", files[1], "--since", "2025-02-01", "--until", "2025-11-01")
    assert code == 1 and "are both in force on 2025-10-01" in err
    code, _, err = crosswalk("load-release", files[1], "--since", "9999-10-01")
    assert code == 1 and "The release would begin on 9999-10-01." in err
    code, _, err = crosswalk("load-release", files[1], "--since", "2025-02-01", "--until", "2025-01-01")
    assert code == 2 and "does not lie after" in err
    code, _, err = crosswalk("load-release", files[0], "--since", "2026-02-01")
    assert code == 1 and "This file was loaded before as October 2025" in err
    assert (CodeRelease.objects.count(), CodeBlock.objects.count()) == (1, 7)


@pytest.mark.django_db
def test_an_earlier_list_comes_later_a_part_of_one_is_asked_about_and_a_wrong_one_is_withdrawn(
    crosswalk, files, tmp_path: Path
) -> None:
    make.make_network()
    crosswalk("load-release", files[1], "--since", TURN)
    code, out, _ = crosswalk("load-release", files[0])
    assert code == 0 and "in force from 2025-10-01 until 2026-09-30." in out
    part = tmp_path / "part.xml"
    part.write_text(as_published(Release("part", OLD.period, dict(list(OLD.codes.items())[:2]))), encoding="utf-8")
    code, _, err = crosswalk("load-release", part, "--since", "2026-04-01")
    assert code == 1 and "The file has 2 codes; October 2025 has 18." in err and "--anyway" in err
    assert crosswalk("load-release", part, "--since", "2026-04-01", "--anyway")[0] == 0
    assert crosswalk("withdraw-release", "--since", "2026-04-01")[0] == 2  # the reason is missing
    code, out, _ = crosswalk("withdraw-release", "--since", "2026-04-01", "--why", "A part of the list")
    assert code == 0 and "No codes of claims were looked at since it was loaded." in out
    assert ", withdrawn " in crosswalk("list")[1]
    code, _, err = crosswalk("withdraw-release", "--since", "2026-04-01", "--why", "Again")
    assert code == 1 and "There is no release from 2026-04-01 on" in err
    dana, family = make.make_worker("clinician"), make.make_family()
    make.join_team(family, dana)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana)
    dana.client.get(f"/formulations/{signed.pk}/code/", {"on": str(TURN), "payer": ""})
    code, out, _ = crosswalk("withdraw-release", "--since", TURN, "--why", "Another file")
    assert code == 0 and "codes of claims were looked at on 20" in out


@pytest.mark.django_db
def test_what_is_loaded_is_listed_for_a_program(crosswalk) -> None:
    make.make_network()
    table = make.make_table(f"{ADHD},F90.0", payers=("Plan", "Sunny"))
    make.make_table(f"{ADHD},F90.1", edition="2027", since=date(2026, 1, 1), payers=("Plan",))
    answer = ("--publisher", "State Medicaid", "--edition", "2026", "--since", "2026-02-01", "--payer", "Sunny")
    code, out, _ = crosswalk("answer", *answer, "--working", "no", "--source", "Letter")
    assert code == 0 and "Sunny does not take a working diagnosis." in out and table.answers.count() == 1
    assert crosswalk("answer", *answer, "--source", "Letter")[0] == 2
    assert crosswalk("answer", *answer, "--payer", "Plan", "--working", "no", "--source", "Letter")[0] == 2
    code, out, _ = crosswalk("list", "--json")
    data = json.loads(out)
    assert code == 0 and data["releases"] == [
        {
            "name": "old",
            "since": "2025-10-01",
            "until": None,
            "codes": 18,
            "file": "old.xml",
            "withdrawn_on": None,
            "withdrawn_why": "",
        }
    ]
    first, second = data["tables"]
    assert (first["ended"], second["payers"], first["rows"]) == ({"Plan": "2026-01-01"}, ["Plan"], 1)
    assert first["answers"] == [{"payer": "Sunny", "since": "2026-02-01", "takes": False, "source": "Letter"}]
    assert "for Plan until before 2026-01-01" in crosswalk("list")[1]


@pytest.mark.django_db
def test_exit_codes_tell_a_broken_row_from_nothing_to_check_by(crosswalk) -> None:
    make.make_network()
    code, _, err = crosswalk("check")
    assert code == 2 and "No release of ICD-10-CM is loaded" in err
    make.make_table(f"{AUTISM},F84.9")
    assert crosswalk("check", "--on", "2026-05-04")[0] == 1  # our suggestions are of the real list


@pytest.mark.django_db
def test_a_heading_alone_codes_no_claim_and_can_be_left_out(crosswalk, tmp_path: Path) -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    make.make_release(NEW)
    code, out, _ = crosswalk(AUTISM, "--on", TURN)
    assert code == 1 and "This code cannot be billed" in out
    assert json.loads(crosswalk(AUTISM, "--on", TURN, "--json")[1])["codes_a_claim"] is False
    named = ("--publisher", "Plan", "--edition", "1", "--since", "2025-10-01", "--payer", "Plan", "--yes")
    file = csv(tmp_path, f"{AUTISM},F84.91,", f"{ADHD},F90,")
    code, out, _ = crosswalk("load", file, *named)
    assert code == 1 and "load it by --without-headings" in out
    assert f"Without the rows that cannot be taken, 1 that it names have no code: {ADHD}." in out
    assert "It does not name 40 diagnoses" in out
    code, out, _ = crosswalk("load", file, *named, "--without-headings")
    assert code == 0 and "Loaded: 1 row." in out
    assert "has only a heading for it" in crosswalk(ADHD, "--on", TURN, "--publisher", "Plan")[1]
    later = ("--publisher", "State Medicaid", "--edition", "2", "--since", TURN, "--dry-run")
    assert "With it State Medicaid, 2026, would end before 2026-10-01." in crosswalk("load", file, *later)[1]


@pytest.mark.django_db
@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x7fELF\x02\x01\x01" + bytes(300), bytes(40)])
def test_a_file_that_is_not_text_is_called_so(crosswalk, tmp_path: Path, data: bytes) -> None:
    make.make_network()
    make.make_release()
    file = tmp_path / "table.csv"
    file.write_bytes(data)
    code, _, err = crosswalk("load", file, "--publisher", "State", "--edition", "1", "--since", "2025-10-01")
    assert code == 1 and "This file is not text." in err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_table_in_any_encoding_of_a_spreadsheet_is_text(encoding: str) -> None:
    said = "disorder,code,when\n" + "early,F84.9,Niñas y niños, según edad…\n" * 9
    assert text_of(said.encode(encoding)).endswith("edad…\n")


@pytest.mark.django_db
def test_loading_that_is_stopped_says_so_and_leaves_nothing(crosswalk, files, monkeypatch) -> None:
    make.make_network()

    def stop(done: int, of: int) -> None:
        if done == of:
            raise KeyboardInterrupt

    monkeypatch.setattr("inmind.diagnosis.commands.crosswalk._progress", stop)
    code, _, err = crosswalk("load-release", files[0])
    assert code == 130 and "Stopped. Nothing was loaded or withdrawn by this." in err
    assert not CodeRelease.objects.exists() and not CodeBlock.objects.exists()


@pytest.mark.django_db
def test_a_table_is_looked_at_loaded_checked_and_withdrawn(crosswalk, files, tmp_path: Path) -> None:
    make.make_network()
    make.make_release()
    named = ("--publisher", "State Medicaid", "--edition", "2026", "--since", "2025-10-01")
    bad = csv(tmp_path, f"{AUTISM},F84.9,", f"{ADHD},F90,", f"{ADHD},F99.9,")
    code, out, err = crosswalk("load", bad, *named, "--yes")
    assert code == 1 and "line 2: Can be taken." in out and "line 3: F90 is a heading" in out
    assert "line 4: F99.9 is not in the release old." in out and "3 rows: 1 can be taken, 2 cannot." in err
    assert "Nothing was loaded." in out and not CrosswalkTable.objects.exists()
    good = csv(tmp_path, f"{AUTISM},F84.9,", f"{RELATIONSHIP},Z62.2,foster")
    code, out, _ = crosswalk("load", good, *named, "--dry-run")
    assert code == 0 and "It does not name 40 diagnoses" in out and not CrosswalkTable.objects.exists()
    code, out, _ = crosswalk("load", good, "--publisher", "State Medicaid")
    assert code == 2
    code, out, _ = crosswalk("load", good, *named, "--yes", "--payer", "Plan", "--working", "yes")
    kept = CrosswalkTable.objects.get()
    assert code == 0 and "Loaded: 2 rows." in out and (kept.payers, kept.working_may_be_billed) == ("Plan", True)
    make.make_release(NEW)
    code, out, _ = crosswalk("check", "--on", "2026-05-04")
    assert code == 1 and f"State Medicaid, 2026: {AUTISM} F84.9: This code cannot be billed" in out
    assert "Below it: F84.91, F84.92." in out and "ICD-10-CM new: 1 rows of tables" in out
    code, _, err = crosswalk("withdraw", "--publisher", "State Medicaid", "--edition", "1999", "--why", "x")
    assert code == 1 and "There is no table State Medicaid, 1999" in err
    code, out, _ = crosswalk("withdraw", *named[:4], "--why", "A page was left out")
    assert code == 0 and "withdrawn" in crosswalk("list")[1]


@pytest.mark.django_db
def test_nobody_there_to_agree_is_a_no(crosswalk, tmp_path: Path, monkeypatch) -> None:
    make.make_network()
    make.make_release()
    monkeypatch.setattr("builtins.input", lambda _: (_ for _ in ()).throw(EOFError))
    named = ("--publisher", "State", "--edition", "1", "--since", "2025-10-01")
    code, out, _ = crosswalk("load", csv(tmp_path, f"{AUTISM},F84.9,"), *named)
    assert code == 1 and "Nothing was loaded." in out and not CrosswalkTable.objects.exists()
    code, _, err = crosswalk("load", tmp_path / "none.csv", *named)
    assert code == 1 and "cannot be read" in err


@pytest.mark.django_db
def test_a_diagnosis_is_looked_up_as_text_and_as_json(crosswalk) -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9", f"{RELATIONSHIP},Z62.2,,foster", payers=("Plan",))
    where = ("--publisher", "State Medicaid", "--on", "2026-05-04")
    code, out, _ = crosswalk(AUTISM, *where)
    assert code == 0 and "State Medicaid, 2026 (for Plan)" in out and "F84.9    Development, unspecified" in out
    assert "To be read, and never put on a claim." in out and "not a published policy" in out
    data = json.loads(crosswalk(AUTISM, *where, "--json")[1])
    assert data["codes_a_claim"] and data["tables"][0]["rows"][0]["code"] == "F84.9"
    assert "[foster parent]" in crosswalk(RELATIONSHIP, *where)[1]
    code, out, _ = crosswalk(ADHD, *where)
    assert code == 1 and "does not name it; a claim for it carries no code" in out
    code, out, _ = crosswalk(AUTISM, "--publisher", "Nobody", "--on", "2026-05-04")
    assert code == 1 and "No table of Nobody is loaded that is in force on this day." in out
    assert "No release of ICD-10-CM is loaded for this day" in crosswalk(AUTISM, "--on", "2020-01-01")[1]
    assert "a later one may be in force" in crosswalk(AUTISM, "--on", TURN)[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [("F84.9", "is a code. Nothing here leads from a code back"), ("selectve-mutism", "Did you mean selective-mutism")],
)
def test_a_code_or_a_name_that_is_not_there_has_its_sentence(crosswalk, asked: str, sentence: str) -> None:
    make.make_network()
    code, _, err = crosswalk(asked)
    assert code == 1 and sentence in err


@pytest.mark.django_db
def test_without_a_file_the_librarys_release_is_read_or_it_is_said_where_one_is(crosswalk, files, monkeypatch) -> None:
    make.make_network()
    monkeypatch.setattr(bundled, "release_file", lambda: files[0])
    assert "Loaded: ICD-10-CM October 2025" in crosswalk("load-release")[1]
    monkeypatch.setattr(bundled, "release_file", lambda: None)
    code, _, err = crosswalk("load-release")
    assert code == 1 and "No file is named" in err


def test_a_library_that_is_not_there_brings_no_release(monkeypatch) -> None:
    monkeypatch.setattr(bundled, "LIBRARY", "no_such_library_at_all")
    assert bundled.release_file() is None


@pytest.mark.skipif(find_spec(bundled.LIBRARY) is None, reason="the library that brings a release is not installed")
def test_every_suggestion_checks_against_the_release_that_comes_with_the_library() -> None:
    """Each code is there, each title is its own, each trap is a heading; none is found by a guess."""
    file = bundled.release_file()
    assert file is not None
    since = blocks.day_in_name(file.name)
    assert since == date(2026, 4, 1)
    release = tabular.read(file, name=blocks.called(since), period=Period(since))
    assert len(release.codes) > 40_000 and outdated(release, suggestions()) == ()
    assert release.excluded("F94.1", "F94.2") and not release.is_billable("Z62.82")
    pieces = blocks.by_category(release)
    assert (
        Release("again", release.period, {one.code: one for one in blocks.codes_of(pieces.values())}).codes
        == release.codes
    )


@pytest.mark.skipif(find_spec(bundled.LIBRARY) is None, reason="the library that brings a release is not installed")
def test_of_the_publishers_list_every_note_with_a_code_is_read_and_every_range_whole() -> None:
    """Of 4,681 different notes 4,564 name a code, and 287 of these a range: both ends, and what stands between."""
    file = bundled.release_file()
    assert file is not None
    release = tabular.read(file, name="one", period=Period(date(2026, 4, 1)))
    notes = {note for one in release.codes.values() for note in one.excludes}
    named = {note: named_in(note) for note in notes}
    ranges = {note: [one for one in found if one.low != one.high] for note, found in named.items()}
    assert (len(notes), sum(map(bool, named.values())), sum(map(bool, ranges.values()))) == (4_681, 4_564, 287)
    hyphened = re.compile(r"\(([A-Z]\d\d)-([A-Z]\d\d)\)\Z")
    for note in notes:
        if found := hyphened.search(note):
            assert (found[1], found[2]) in [(one.low, one.high) for one in ranges[note]]
    assert release.excluded("R63.6", "E43") == release.excluded("E43", "R63.6") == "malnutrition (E40-E46)"
    assert release.excluded("R45.83", "R68.11") and not release.excluded("R63.6", "E50.0")


# The doctor


@pytest.mark.django_db
def test_the_doctor_says_nothing_of_codes_where_no_table_is_loaded() -> None:
    make.make_network()
    make.make_release()
    assert list(codes_stand()) == []


@pytest.mark.django_db
def test_the_doctor_says_which_rows_a_release_breaks() -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    later = Release("new", Period(date(2027, 10, 1)), NEW.codes)
    make.make_release(later)
    found = list(codes_stand())
    assert [one.grade for one in found if "F84.9" in one.says] == [Grade.HAND]
    assert "ICD-10-CM new" in found[0].says
    over = [one for one in found if one.grade is Grade.NOTE]
    assert not over  # its end is known: the next list is loaded


@pytest.mark.django_db
def test_the_doctor_says_that_a_list_is_over_or_missing() -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    (one,) = codes_stand()
    assert one.grade is Grade.NOTE and "is for a year that is over" in one.says
    make.together(lambda act: CodeRelease.objects.update(until=date(2026, 1, 1)))
    (one,) = codes_stand()
    assert one.grade is Grade.HAND and "No release of ICD-10-CM is loaded that is in force today" in one.says
