"""The pages of tables: what is unknown, a file looked at row by row, loaded once, and withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.screening.models import RecordedResult, StewardTable
from tests import make
from tests.screening_tables import GUIDE, HEADING, LICENCE, row

pytestmark = pytest.mark.django_db
LOOK = "/tables/for/swycmilestones/"


def look(client: Client, text: str | bytes, at: str = LOOK) -> tuple[int, str]:
    data = text if isinstance(text, bytes) else text.encode()
    answer = client.post(at, {"key": "look", "do": "look", "file": SimpleUploadedFile("table.csv", data)})
    return answer.status_code, answer.content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def load(page: str, edition: str = "teamup-2026", key: str = "k1", **more: str) -> dict[str, str]:
    """The form of a page that was looked at, filled in."""
    form = {"do": "load", "key": key, "edition": edition, "dated": "2026-11-01"}
    return form | {name: hidden(page, name) for name in ("table", "before")} | more


def test_a_steward_looks_at_a_table_loads_it_and_withdraws_it() -> None:
    """Row by row before, by whom and from where afterwards; the loaded one is called ours, and never goes."""
    make.make_network()
    ruth = make.make_worker("data_steward")
    client = ruth.client
    page = client.get("/tables/").content.decode()
    assert "4–17, 23–28, 35–58" in page and "no table is used" in page and "None yet." in page
    status, page = look(client, HEADING + row(24, 9) + row(18, 9) + "25-26,9,x,y\n" + "27,,,\n" + row(19, 10))
    assert status == 200 and not StewardTable.objects.exists()
    assert "New: at 24 months, 9 and below." in page and "Load 2 new rows" in page
    assert (
        "Line 3" in page
        and page.index("is not one") < page.index("Load 2 new rows")
        and "At 18 months this table says 9. Known here is 8" in page
        and "&#x27;25-26&#x27; is not one" in page
    )
    assert (
        "error-summary" not in page
        and "left empty: 1" in page
        and "known already: 1" in page
        and "not taken: 1" in page
        and "in place of a number of ours: 1" in page
    )
    form = load(page)
    answer = client.post(LOOK, form)
    table = StewardTable.objects.get()
    assert answer.url == f"/tables/{table.pk}/" and client.post(LOOK, form).url == answer.url
    assert (table.by, table.rows) == (
        ruth.person,
        [{"month": month, "cut_off": "9", "source": GUIDE, "licence": LICENCE} for month in ("24", "18")],
    )
    page = client.get(answer.url).content.decode()
    for words in (
        GUIDE,
        LICENCE,
        "in place of 8 (Kentucky",
        "Ours, loaded by this house",
        "2026+teamup-2026",
        ruth.person.name,
        "used for new results",
    ):
        assert words in page
    page = make.make_worker("administrator").client.get("/tables/").content.decode()
    assert "4–17, 23, 25–28, 35–58" in page and "teamup-2026" in page and "Look at a table" not in page
    said = {
        "key": "k2",
        "version": str(table.version),
        "since": str(clock.today(make.ZONE)),
        "why": "A page was left out",
    }
    yesterday = str(clock.today(make.ZONE) - timedelta(2))
    wrong = client.post(answer.url, said | {"since": yesterday})
    assert wrong.status_code == 400 and "A page was left out" in wrong.content.decode()
    assert client.post(answer.url, said).status_code == 302
    page = client.get(answer.url).content.decode()
    assert "A page was left out" in page and GUIDE in page and "Withdraw this table" not in page
    assert "4–17, 23–28, 35–58" in client.get("/tables/").content.decode()
    assert client.post(answer.url, said | {"key": "k3"}).status_code == 409


def test_whoever_looked_before_another_table_was_loaded_looks_again() -> None:
    """Two people, two tabs: the second one is told, keeps what was typed, and may then load in full knowledge."""
    make.make_network()
    ruth, ines = (make.make_worker("data_steward").client for _ in range(2))
    first, second = (look(one, HEADING + row(24, number))[1] for one, number in ((ruth, 9), (ines, 11)))
    assert ruth.post(LOOK, load(first)).status_code == 302
    answer = ines.post(LOOK, load(second, "another", "k2"))
    page = answer.content.decode()
    assert answer.status_code == 409 and "after you looked" in page and "New: at 24 months, 11 and below." in page
    assert 'value="another"' in page and "take the place of teamup-2026" in page
    assert "With another number than now: 24: 9 → 11." in page
    taken = ines.post(LOOK, load(page, "teamup-2026", "k2"))
    assert taken.status_code == 400 and "was loaded already" in taken.content.decode()
    assert ines.post(LOOK, load(page, "another", "k2")).status_code == 302
    assert list(StewardTable.objects.order_by("number").values_list("edition", flat=True)) == ["teamup-2026", "another"]
    assert "Unknown again, because this file does not have them: 24." in look(ruth, HEADING + row(25, 9))[1]


def test_a_file_that_is_no_table_has_its_sentence() -> None:
    """A spreadsheet's own file, other columns, a wrong encoding, far too many rows, nothing at all."""
    make.make_network()
    client = make.make_worker("data_steward").client
    for file, said in (
        (b"PK\x03\x04" + bytes(range(256)), "A CSV file is read here"),
        ("mes,corte\n4,9\n", "has no column month, cut_off, source, licence"),
        (HEADING + "24,9,guide,mail\n" * 10_000, "There are 10000 rows below"),
        ("Gu\u00c3\u00ada\n", "Letters in this file are broken"),
        (b"", "The submitted file is empty"),
    ):
        status, page = look(client, file)
        assert status == 400 and said in page and "error-summary" in page and 'value="load"' not in page


def test_a_licensed_result_is_read_by_the_table_from_then_on_and_says_so() -> None:
    """A form that has no public cut-off: no band before, one afterwards; what was recorded before stays as it was."""
    family = make.make_family(age_months=24, adults=("María Ñúñez", "Elena Ríos"))
    client = family.by.client
    one, other = family.episode.participations.filter(part="adult").values_list("person", flat=True)

    def recorded(by: object) -> str:
        form = {"key": fresh_key(), "on": str(clock.today(make.ZONE)), "form": "24", "informant": str(by)}
        return client.post(
            reverse("recorded_new", args=[family.episode.pk, family.child.pk, "asq3"]),
            form | {"scale_communication": "20"},
        ).url

    before = recorded(one)
    steward = make.make_worker("data_steward").client
    text = f"form,scale,cut_off,source,licence\n24,communication,25.17,{GUIDE},{LICENCE}\n"
    assert steward.post("/tables/for/asq3/", load(look(steward, text, "/tables/for/asq3/")[1])).status_code == 302
    after = recorded(other)
    said = "Read by edition 2026 with the table teamup-2026 over it."
    shown = {at: client.get(at).content.decode() for at in (before, after)}
    assert said in shown[after] and GUIDE in shown[after] and "below the cut-off" in shown[after].casefold()
    assert said not in shown[before] and GUIDE not in shown[before]
    editions = RecordedResult.objects.order_by("created_at").values_list("edition", flat=True)
    assert list(editions) == ["2026", "2026+teamup-2026"]


def test_hostile_rows_are_shown_as_text_and_never_taken() -> None:
    """Markup, formulas, marks that turn the direction round, and a table that was changed on its way back."""
    make.make_network()
    client = make.make_worker("data_steward").client
    text = HEADING + "24,9,<script>alert(1)</script>,=cmd()\n25,9,gu\u202eide,mail\n26,<b>,x,y\n"
    page = look(client, text)[1]
    assert "<script>alert" not in page and "&#x27;&lt;b&gt;&#x27;" in page and "Load 1 new row" in page
    assert "character that cannot be kept" in page
    changed = client.post(LOOK, load(page, table=HEADING + row(18, 8)))
    assert changed.status_code == 400 and "Nothing in this table is new" in changed.content.decode()
    changed = client.post(LOOK, load(page, table="nothing"))
    assert changed.status_code == 400 and not StewardTable.objects.exists()


def test_an_example_is_printed_and_a_table_of_nothing_is_not_there() -> None:
    make.make_network()
    client = make.make_worker("data_steward").client
    answer = client.get("/tables/for/asq3/example.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="asq3.csv"'
    assert answer.content.startswith(b"form,scale,cut_off,source,licence\r\n2,communication,,,\r\n")
    assert client.get("/tables/for/phq9/").status_code == 404
    text = f"form,scale,cut_off,source,licence\n24,communication,25.17,{GUIDE},{LICENCE}\n"
    page = look(client, text, "/tables/for/asq3/")[1]
    assert "New: form 24, communication, below 25.17." in page
    assert client.post("/tables/for/asq3/", load(page)).status_code == 302
    page = client.get(f"/tables/{StewardTable.objects.get().pk}/").content.decode()
    assert "25.17" in page and "form 24, communication" in page
