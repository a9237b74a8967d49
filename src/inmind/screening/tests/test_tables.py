"""A site's table as a file: its verdicts, an empty one to fill in, and cut-offs by age form laid over a licensed tool."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from inmind.foundation.errors import BadInput
from inmind.screening import form_table, score_command, steward_table, tables
from inmind.screening.adapters import table_file
from inmind.screening.adapters.catalog import shipped, shipped_tools
from inmind.screening.commands import tables as command
from inmind.screening.errors import BadTable, NoTable, TableNeedsEdition, UnknownInstrument
from inmind.screening.recorded import TABLE_NEEDED, read
from inmind.screening.tables import Outcome
from tests.screening_tables import HEADING, LICENCE, row

MILESTONES, ASQ3, ASQSE = shipped()["swycmilestones"], shipped_tools()["asq3"], shipped_tools()["asqse2"]
DAY = date(2026, 11, 1)


def verdicts(ruled: tables.Ruled, text: str) -> list[str]:
    return [found.verdict.sentence % found.verdict.facts for found in tables.judged(ruled, text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(HEADING + row(24, 9), "New: at 24 months, 9 and below.", id="a new month"),
        pytest.param("\ufeff\nMonth;cut_off;SOURCE;licence\n24;9;guide;mail", "New: at 24 months", id="as a spreadsheet writes it"),
        pytest.param("month\tcut_off\tsource\tlicence\tnote\r\n24\t9\tguide\tmail\tx\r\n", "New: at 24", id="more columns"),
        pytest.param(HEADING + "24,,,\n", "it stays unknown", id="as it was printed"),
        pytest.param(HEADING + "24,9,guide,page 3,mail\n", "other columns than the heading", id="a comma too many"),
        pytest.param(HEADING + "24,9,gu\x00ide,mail\n", "character that cannot be kept", id="hostile text"),
        pytest.param(HEADING + '24,9,"guide\npage 3",mail\n', "more than one line", id="two lines"),
        pytest.param(HEADING + "4-8,9,guide,mail\n", "not one completed month", id="a stretch"),
        pytest.param(HEADING + f"24,9,{'g' * 301},mail\n", "longer than 300", id="too long"),
    ],
)  # fmt: skip
def test_each_row_of_a_file_has_its_sentence(text: str, said: str) -> None:
    [found] = verdicts(MILESTONES, text)
    assert said in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("month,cut_off,source\n24,9,guide\n", "has no column licence", id="a column is missing"),
        pytest.param("a,b\n", "has no column month, cut_off, source, licence", id="another file"),
        pytest.param("month,month,cut_off,source,licence\n1,1,1,1,1\n", "Two columns are called month", id="a column twice"),
        pytest.param(HEADING, "There are 0 rows below", id="no row"),
        pytest.param(HEADING + ",,,\n" * 3, "There are 0 rows below", id="rows of nothing"),
        pytest.param(HEADING + row(24, 9) * 10_000, "There are 10000 rows", id="ten thousand rows"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        tables.judged(MILESTONES, text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"  \n", "The file is empty", id="empty"),
        pytest.param(b"x" * 500_001, "larger than 500 kilobytes", id="far too large"),
        pytest.param("Gu\u00c3\u00ada".encode(), "Letters in this file are broken", id="saved in a wrong encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        tables.text_of(data)


def test_a_table_saved_by_an_old_spreadsheet_is_read() -> None:
    """Windows-1252, with letters beyond ASCII."""
    text = tables.text_of((HEADING + "24,9,Guía del SWYC,por carta\n").encode("cp1252"))
    assert tables.judged(MILESTONES, text)[0].cells["source"] == "Guía del SWYC"


def form(place: str, scale: str, cutoff: object, source: str = "Brookes 2009 table 3") -> str:
    return f"{place},{scale},{cutoff},{source},{LICENCE}\n"


FORMS = "form,scale,cut_off,source,licence\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(form("24", "communication", 20.5), "New: form 24, communication, below 20.5.", id="new"),
        pytest.param(form("12", "communication", "15.640"), "'15.640' is not a number", id="more places than any table has"),
        pytest.param(form("12", "communication", 15.64), "Known here already", id="known, the same"),
        pytest.param(form("12", "communication", 15), "15.64 is known here (Japan", id="of high confidence"),
        pytest.param(form("36", "communication", 29), "says 29. Known here is 30.99 (", id="of medium confidence"),
        pytest.param(form("13", "communication", 15), "ASQ-3 has no form '13'", id="no such form"),
        pytest.param(form("24-30", "communication", 15), "a stretch of ages is not taken", id="a stretch"),
        pytest.param(form("24", "speech", 15), "no cut-offs of a scale called 'speech'", id="no such scale"),
        pytest.param(form("24", "communication", "15,64").replace("15,64", '"15,64"'), "'15,64' is not a number", id="a comma"),
        pytest.param(form("24", "communication", 61), "lies outside what communication can be, from 0 to 60", id="too high"),
        pytest.param(form("24", "communication", 0), "nobody is below it", id="nobody below"),
        pytest.param(form("24", "communication", ""), "is not a number of points", id="no number"),
        pytest.param("24,communication,,,\n", "it stays unknown", id="as it was printed"),
        pytest.param(form("24", "communication", 20, "averaged"), "was worked out", id="worked out"),
        pytest.param(form("24", "communication", 20, ""), "Its source is missing", id="no source"),
    ],
)  # fmt: skip
def test_each_row_by_age_form_has_its_sentence(line: str, said: str) -> None:
    [found] = verdicts(ASQ3, FORMS + line)
    assert said in found


def test_a_form_that_stands_twice_is_taken_from_neither_row() -> None:
    text = FORMS + form("24", "communication", 20) + form("24", "communication", 21) + form("24", "fine_motor", 21)
    assert [tables.outcome(one) for one in tables.judged(ASQ3, text)] == [Outcome.REFUSED] * 2 + [Outcome.NEW]


def test_a_licensed_table_gives_a_band_to_its_forms_alone() -> None:
    """Under an edition that names both; the next form still asks for the table."""
    rows = tables.judged(ASQ3, FORMS + form("24", "communication", "25.17") + form("12", "communication", 1))
    laid = tables.laid_over(ASQ3, rows, edition="brookes-2009", dated=DAY)
    assert laid.known_by == "asq3/2026+brookes-2009" and ASQ3.scale("communication").cutoffs.keys() == {"12", "36"}
    below, beyond, other = (
        read(laid, {"communication": value}, place)[0]
        for value, place in ((Decimal("25.16"), "24"), (Decimal("25.17"), "24"), (Decimal(1), "22"))
    )
    assert (below.band, beyond.band) == ("below_cutoff_refer", "not_below_cutoff")
    assert below.source == "Brookes 2009 table 3" and below.confidence == "medium"
    assert (other.band, other.note) == (None, TABLE_NEEDED)
    [unknown] = [each for each in laid.unknowns if each.what.startswith("communication")]
    assert " 22, 27" in unknown.what
    assert len(laid.unknowns) == len(ASQ3.unknowns)


def test_a_scale_without_an_end_takes_any_number_above_its_lowest() -> None:
    """How far the total of the ASQ:SE-2 goes differs by form and is not known here."""
    first = tables.judged(ASQSE, FORMS + form("24", "total", 50))
    assert tables.outcome(first[0]) == Outcome.NEW
    assert (
        read(tables.laid_over(ASQSE, first, edition="a", dated=DAY), {"total": 50}, "24")[0].band
        == "at_or_above_cutoff"
    )


def test_once_every_form_is_known_nothing_is_said_to_be_unknown() -> None:
    filled = tables.template(ASQSE).replace(",,,", f",50,table 1,{LICENCE}")
    laid = tables.laid_over(ASQSE, tables.new_rows(ASQSE, filled), edition="whole", dated=DAY)
    assert not tables.unknown_said(laid) and not [each for each in laid.unknowns if "cut-off" in each.what]


def test_the_printed_example_names_every_unknown_place_and_no_number() -> None:
    """Loaded as it is, it changes nothing."""
    for ruled, count in ((MILESTONES, 44), (ASQ3, 95)):
        found = tables.judged(ruled, tables.template(ruled))
        assert len(found) == count and {tables.outcome(one) for one in found} == {Outcome.EMPTY}
        with pytest.raises(BadTable, match="Nothing in this table is new"):
            tables.new_rows(ruled, tables.template(ruled))


def test_what_was_taken_is_written_and_kept_as_it_was_read() -> None:
    """With its commas and quotation marks; kept rows are not judged again."""
    said = ["24", "9", 'Guide "A", page 3', "by letter"]
    text = tables.written(tables.columns_of(MILESTONES), [said])
    [found] = tables.new_rows(MILESTONES, text)
    assert list(found.cells.values()) == said
    again = steward_table.accepted([found.cells])
    assert tables.unknown_said(tables.laid_over(MILESTONES, again, edition="one", dated=DAY)).startswith("4–17, 23, 25")


def test_what_a_later_table_would_change_is_told() -> None:
    """Against the rows of the one in use: another number, or none any more; 9.0 is no other number than 9."""
    used = [{"month": "24", "cut_off": "9"}, {"month": "025", "cut_off": "10"}, {"month": "0", "cut_off": "1"}]
    new = tables.judged(MILESTONES, HEADING + row(24, 11) + row(26, 9))
    assert tables.against(used, new) == tables.Against(("25", "0"), ("24: 9 → 11",))
    forms = [{"form": "24", "scale": "fine_motor", "cut_off": "20.50", "source": "x", "licence": "y"}]
    assert tables.against(forms, tables.judged(ASQ3, FORMS + form("24", "fine_motor", 20.5))) == tables.Against((), ())


def test_a_licensed_tool_is_found_in_its_edition() -> None:
    tools = shipped_tools()
    assert tools.of("asq3", "2026") is ASQ3 and tools.of("asq3", "1999") is None and tools.of("nothing", "2026") is None
    assert len(tools) == len(set(tools)) == 6


def test_what_is_unknown_is_said_in_stretches() -> None:
    assert tables.unknown_said(MILESTONES) == "4–17, 23–28, 35–58"
    assert tables.unknown_said(ASQ3).startswith("2, 4, 6, 8, 9, 10, 14,")
    assert "SWYC Milestones scoring table" in tables.guide_of(MILESTONES) and "ASQ-3" in tables.guide_of(ASQ3)
    assert tables.guide_of(ASQ3, "es") == ASQ3.guide_es != tables.guide_of(ASQ3)
    one = tables.laid_over(MILESTONES, tables.judged(MILESTONES, HEADING + row(24, 9)), edition="one", dated=DAY)
    assert tables.unknown_said(one) == "4–17, 23, 25–28, 35–58"


def test_a_table_is_for_what_has_one_and_under_a_name_of_its_own() -> None:
    phq9 = shipped()["phq9"]
    with pytest.raises(NoTable, match="PHQ-9 has no cut-offs by month, nor by age form"):
        tables.ruled_by("phq9", shipped(), shipped_tools())
    with pytest.raises(UnknownInstrument, match="Known are swycmilestones, asq3, asqse2"):
        tables.ruled_by("asq", shipped(), shipped_tools())
    assert (tables.unknown_places(phq9), tables.guide_of(phq9)) == ([], "")
    for tool in (shipped_tools()["decai"],):
        with pytest.raises(NoTable):
            form_table.read(tool, [])
        with pytest.raises(NoTable):
            form_table.laid_over(tool, [], edition="x", dated=DAY)
    with pytest.raises(TableNeedsEdition):
        form_table.laid_over(ASQ3, [], edition="2026", dated=DAY)
    for name in ("", "a b", "x" * 25, "a+b", "-a", "a\n"):
        with pytest.raises(BadTable, match="cannot name a table"):
            tables.check_edition(name)
    tables.check_edition("teamup-2026")


def test_a_result_says_which_table_it_was_made_with() -> None:
    laid = tables.laid_over(MILESTONES, tables.judged(MILESTONES, HEADING + row(24, 9)), edition="one", dated=DAY)
    sentence, facts = tables.said_of(laid)
    assert (sentence % facts).startswith("Read by edition 2026 with the table one over it.")
    assert tables.said_of(MILESTONES) == ("", {})


def test_a_result_says_where_an_official_number_stands_in_place_of_ours() -> None:
    """What we had, from which source, and what the table says; nothing at a place where nothing gave way."""
    laid = tables.laid_over(MILESTONES, tables.judged(MILESTONES, HEADING + row(18, 9)), edition="one", dated=DAY)
    [facts] = tables.replaced_at(laid, "18")
    said = tables.IN_PLACE % facts
    assert said.startswith("This house's table says 9 (an invented guide page 3) where InMind knows 8 (Kentucky")
    rows = tables.judged(ASQ3, FORMS + form("36", "communication", 29) + form("36", "fine_motor", 20))
    assert {tables.outcome(one) for one in rows} == {Outcome.WINS}
    by_form = tables.laid_over(ASQ3, rows, edition="one", dated=DAY)
    [facts] = tables.replaced_at(by_form, "36", ["communication", "gross_motor"])
    assert (facts["cut_off"], facts["known"]) == ("29", "30.99") and read(by_form, {"communication": 29}, "36")[0].band
    for ruled, place in ((laid, "24"), (by_form, "12"), (shipped()["phq9"], "18")):
        assert tables.replaced_at(ruled, place, ["communication"]) == []


# At the command line, without a database


def test_a_table_is_looked_at_and_printed_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each row's sentence, and an exit code that tells whether one was refused."""
    parser = score_command.argparse.ArgumentParser()
    command.configure(parser)

    def run(*words: str) -> tuple[int, str]:
        code = command.run(parser.parse_args(words))
        return code, capsys.readouterr().out

    file = tmp_path / "table.csv"
    file.write_text(HEADING + row(24, 9) + row(18, 8) + "25,,,\n", encoding="utf-8")
    code, said = run("check", str(file), "--instrument", "swycmilestones")
    assert (code, len(said.splitlines())) == (0, 3) and "line 2: New: at 24 months, 9 and below." in said
    assert "left empty: 1" in said
    file.write_text(HEADING + row(24, 9) + row(18, 9), encoding="utf-8")
    code, said = run("check", str(file), "--instrument", "swycmilestones")
    assert code == 0 and "this table says 9. Known here is 8 (Kentucky" in said and "medium confidence only" in said
    code, said = run("template", "asqse2")
    assert code == 0 and said.splitlines()[:2] == ["form,scale,cut_off,source,licence", "2,total,,,"]
    with pytest.raises(BadTable, match=r"nothing\.csv cannot be read: No such file"):
        table_file.text_of(tmp_path / "nothing.csv")
    file.write_text(HEADING + row(18, 8), encoding="utf-8")
    assert run("load", str(file), "--instrument", "swycmilestones", "--edition", "a", "--dated", "2026-11-01")[0] == 1
    with pytest.raises(SystemExit):
        run("load", str(file), "--instrument", "swycmilestones", "--edition", "a", "--dated", "November")


def test_a_file_of_answers_is_scored_with_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The loaded month has its band, the other one still none; the summary names the table, and each row not taken or
    in place of ours."""
    answers = tmp_path / "answers.csv"
    items = [item.key for item in MILESTONES.items]
    lines = [",".join(["id", "months", *items]), *(f"{n},{n}," + ",".join(["1"] * 9 + ["0"]) for n in (24, 25))]
    answers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = tmp_path / "TEAM UP 2026.csv"
    table.write_text(HEADING + row(24, 9) + row(18, 9), encoding="utf-8")
    parser = score_command.argparse.ArgumentParser()
    score_command.configure(parser)
    out = tmp_path / "out.csv"
    call = [str(answers), "--instrument", "swycmilestones", "--table", str(table), "--out", str(out)]
    assert score_command.run(parser.parse_args(call)) == 0
    first, second = out.read_text(encoding="utf-8").splitlines()[1:]
    assert "needs_review" in first and "needs_review" not in second
    said = capsys.readouterr().err
    assert "edition 2026+TEAM-UP-2026" in said and "TEAM UP 2026.csv, line 3: At 18 months this table says 9" in said
    call[2] = "phq9"
    assert score_command.run(parser.parse_args(call)) == 2


def test_a_spreadsheet_is_called_one_and_rows_are_named_by_their_line() -> None:
    """Whatever stands above the heading, and a place that takes more than one line."""
    for name, data in (
        ("a.xlsx", b"PK\x03\x04"),
        ("a", b"PK\x03\x04 [Content_Types].xml"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
    ):
        with pytest.raises(BadTable, match="is a spreadsheet, not a text file"):
            tables.text_of(data, name)
    text = "\n" + HEADING + row(24, 9) + "\n" + '25,,"two\nlines",x\n' + "26,9\n" + row(27, 9)
    assert [one.line for one in tables.judged(shipped()["swycmilestones"], text)] == [3, 5, 7, 8]
