"""A plain sheet of offers with any headings: its columns are guessed, shown and remembered, and each row has its verdict."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest

from inmind.foundation.errors import BadInput
from inmind.records import sheets
from inmind.records.columns import guess
from inmind.services.adapters.spreadsheet import sheet_of
from inmind.services.listings.hsds import Package
from inmind.services.listings.models import Listing
from inmind.services.listings.plain_sheet import COLUMNS, services_of
from inmind.services.tests.test_directory_pages import PAGE, chosen, hidden
from tests import make

KEEPER = UUID(int=7)
HEADING = "Agency Name,Program,Type of service,Phone Number,Counties Served,Date Updated,Old notes"
TEXT = f"""{HEADING}
Hope House,Pantry,Food pantry,555-0100,"Lake, CA; Dallam, TX",2026-05-31,x
Hope House,Diaper bank,Diapers,,,05/06/2026,
hope house,PANTRY,Food pantry,555-0199,,,
,,Food pantry,,,,
cut off,row
"""


def of(text: str) -> Package:
    sheet = sheets.read(text)
    return services_of(sheet, guess(sheet.heading, COLUMNS), KEEPER)


def test_columns_are_guessed_by_their_names_and_each_row_is_a_service_or_says_why_not() -> None:
    assert guess(HEADING.split(","), COLUMNS) == {
        "Agency Name": "organization",
        "Program": "name",
        "Type of service": "kind",
        "Phone Number": "phone",
        "Counties Served": "counties",
        "Date Updated": "checked",
    }
    there = of(TEXT)
    pantry, diapers, *broken = there.services
    assert (pantry.organization, pantry.areas, pantry.terms) == (
        "Hope House",
        ("Lake, CA", "Dallam, TX"),
        ("Food pantry",),
    )
    assert (pantry.assured_on, pantry.phones, pantry.spots) == (date(2026, 5, 31), ("555-0100",), ())
    assert (diapers.assured_on, diapers.phones) == (None, ()), "a day that may be two is none"
    assert [one.name for one in broken] == ["", "", ""] and len({one.id for one in there.services}) == 5
    assert [(one.column, one.found) for one in there.faults] == [
        *(("#3", "05/06/2026"), ("#4", "PANTRY"), ("#5", "—"), ("#6", "2")),
    ]
    assert of(TEXT).services == there.services, "the same rows are the same services"
    assert of("Nombre,Direccion,Verified\nPantry,4 Pier Street,46173.5\n").services[0].assured_on == date(2026, 5, 31)
    assert of("Name,Address\nPantry,4 Pier Street\n").services[0].spots[0].name == "4 Pier Street"
    assert [one.name for one in of("Web\nexample.org\n").services] == [""]


def workbook(rows: str, strings: str = "<si><t>Program</t></si><si><r><t>Pan</t></r><r><t>try</t></r></si>") -> bytes:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    parts = {
        "xl/workbook.xml": f'<workbook {main} {related}><sheets><sheet name="A" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<R><R Id="r1" Target="styles.xml"/><R Id="r2" Target="worksheets/sheet9.xml"/></R>',
        "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
        "xl/worksheets/sheet9.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


ROWS = """<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Phone</t></is></c></row>
<row r="4"><c r="A4" t="s"><v>1</v></c><c r="C4"><v>5550100.0</v></c><c r="D4"/></row>"""


def test_a_workbook_is_read_as_its_first_sheet_with_the_numbers_of_its_rows() -> None:
    sheet = sheet_of(workbook(ROWS), "list.xlsx")
    assert sheet is not None and sheet.heading == ("Program", "", "Phone")
    assert [(one.number, one.cells) for one in sheet.rows] == [(4, ("Pantry", "", "5550100"))]
    for damaged in (workbook(ROWS)[:300], workbook("<row><c"), workbook('<row r="1"><c t="s"><v>9</v></c></row>')):
        with pytest.raises(BadInput, match="damaged"):
            sheet_of(damaged, "list.xlsx")
    with pytest.raises(BadInput, match="damaged"):
        sheet_of(workbook(ROWS, '<!DOCTYPE x [<!ENTITY a "b">]><si/>'), "list.xlsx")
    assert sheet_of(b"[]", "oct.json") is None
    assert sheet_of(b"id,organization_id,name\n1,2,3\n", "services.csv") is None


@pytest.mark.django_db
def test_a_sheet_is_looked_at_row_by_row_taken_in_once_and_remembered() -> None:
    pat = make.make_worker("family_service_coordinator", make.make_network().agencies[0])
    text = TEXT.replace("Program,", "Wonderful thing,").encode()
    first = chosen(pat.client, pat.agency, text, "list.csv")
    assert "refused: 5" in first.content.decode(), "nobody has said yet where the names stand"
    columns = {
        f"column_{place}": key for place, key in enumerate(("organization", "name", "kind", "phone", "counties"))
    }
    said = columns | {
        "column_5": "checked",
        "column_6": "",
        "term_0": "diapers",
        "term_1": "food",
        "assured_on": "2026-05-30",
    }
    twice = pat.client.post(PAGE, hidden_of(first) | said | {"column_6": "name", "do": "take"})
    assert twice.status_code == 400 and "Two columns are said to hold the same" in twice.content.decode()
    sorting = pat.client.post(PAGE, hidden_of(first) | said | {"do": "look"})
    assert "new: " not in sorting.content.decode(), "what was said before the terms were known is said of none of them"
    look = pat.client.post(PAGE, hidden_of(sorting) | said | {"do": "look"})
    page = look.content.decode()
    assert "new: 2" in page and "refused: 3" in page and "#6: found 2, expected as many cells" in page
    assert not Listing.objects.exists()
    assert pat.client.post(PAGE, hidden_of(look) | said | {"do": "take"}).status_code == 302
    assert dict(Listing.objects.values_list("name", "offers")) == {"Pantry": "food", "Diaper bank": "diapers"}
    again = chosen(pat.client, pat.agency, text, "list.csv")
    assert "here already: 2" in again.content.decode() and "Nothing would change" in again.content.decode()
    assert again.context["taking"]["column_1"].initial == "name", "what the columns hold is remembered"


def hidden_of(answer: object) -> dict[str, str]:
    return hidden(answer.content.decode().replace("What do the columns hold?", "What are these here?"))  # type: ignore[attr-defined]
