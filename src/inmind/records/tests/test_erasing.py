"""Who is erased is gone from the sheets that are still on their way in, in whatever state they are; the others go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from inmind.access import privacy
from inmind.access.tests.test_privacy import WHY, whole_database
from inmind.families.intake import AdultFacts
from inmind.jobs.runner import run_due
from inmind.people.models import Person
from inmind.records import actions, importing
from inmind.records.columns import Verdict
from inmind.records.models import Merge, Pair, SheetImport
from inmind.records.sheets import read
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("list_of_erased")]
HEADING = "Child first name,Child last name,DOB,First name,Last name,Relationship,Phone\n"
HERS = "Teo,Ñúñez,2025-02-03,Canaryrosa,Quintanilla,mother,555-014-2000\n"
OTHERS = "Ada,Stone,2025-02-05,Tess,Stone,mother,555-014-2001\n"
NOTE = "Canaryrosa QUINTANILLA brought this one herself,,,\n"
ROSA = AdultFacts("Canaryrosa", "Quintanilla", "mother", phone="555-014-2000", mail="q@example.org")
CANARY = "canaryrosa"


@pytest.fixture
def harbor(db: Any) -> Any:
    return make.make_network().agencies[0]


def begun(agency: Any, *, name: str = "families.csv", rows: str = HERS + OTHERS + NOTE) -> SheetImport:
    return actions.begin_import(
        make.make_worker("data_steward").actor, organization=agency, name=name, text=HEADING + rows
    )


def working(agency: Any) -> SheetImport:
    sheet = begun(agency)
    return actions.map_columns(make.make_worker("data_steward").actor, sheet=sheet, columns=sheet.columns)


def looked(agency: Any) -> SheetImport:
    sheet = working(agency)
    run_due()
    return SheetImport.objects.get(pk=sheet.pk)


def taking(agency: Any) -> SheetImport:
    return actions.carry_on_import(make.make_worker("data_steward").actor, sheet=looked(agency))


def stopped(agency: Any) -> SheetImport:
    return actions.stop_import(make.make_worker("data_steward").actor, sheet=taking(agency))


def waiting(agency: Any) -> SheetImport:
    sheet = taking(agency)
    run_due()
    return SheetImport.objects.get(pk=sheet.pk)


STATES = {
    "its columns are not said": begun,
    "it is being looked at": working,
    "it was looked at": looked,
    "it is being taken in": taking,
    "it was stopped": stopped,
    "a doubtful row waits": waiting,
}


def text_of(sheet: SheetImport) -> str:
    """What a sheet says, opened by the house's key; nothing when it is gone."""
    there = SheetImport.objects.get(pk=sheet.pk)
    return importing._plain(there.pk, bytes(there.text)) if there.text is not None else ""


def rosa_at(agency: Any) -> Person:
    """Registered by a worker, with a baby of another name, so that the sheet's row about her is a doubtful one."""
    return make.make_family(make.make_worker("home_visitor", agency), child="Teo Nunes", adults=(ROSA,)).adult


def erase(person: Person, agency: Any) -> None:
    officer, other = (make.make_worker("privacy_officer", agency) for _ in range(2))
    asked = privacy.ask_erasure(officer.actor, person=person, **WHY)
    privacy.confirm_erasure(other.actor, erasure=asked)


@pytest.mark.parametrize("state", STATES)
def test_a_sheet_on_its_way_in_forgets_who_is_erased(harbor: Any, state: str) -> None:
    """Every table and every file of the house is searched for her; the other row of the sheet is taken in as before."""
    rosa, sheet = rosa_at(harbor), STATES[state](harbor)
    assert CANARY in text_of(sheet).lower()
    erase(rosa, harbor)
    assert CANARY not in text_of(sheet).lower()
    assert [row for row in whole_database() if CANARY in row.lower()] == []
    assert files_that_say(CANARY) == []
    steward = make.make_worker("data_steward").actor
    sheet = SheetImport.objects.get(pk=sheet.pk)
    if sheet.state == SheetImport.State.HEADING:
        actions.map_columns(steward, sheet=sheet, columns=sheet.columns)
        run_due()
    run_due()
    sheet.refresh_from_db()
    if sheet.state in {SheetImport.State.LOOKED, SheetImport.State.STOPPED}:
        actions.carry_on_import(steward, sheet=sheet)
        run_due()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.text) == (SheetImport.State.DONE, None), "nothing of it waits any more"
    assert [row.verdict for row in sheet.rows.order_by("place")] == [Verdict.REFUSED, Verdict.NEW, Verdict.REFUSED]
    assert Person.objects.filter(given_name="Tess").count() == 1
    assert not Person.objects.filter(given_name__icontains=CANARY).exists()


def test_a_row_that_was_taken_in_is_forgotten_under_whatever_name(harbor: Any) -> None:
    """By the id that it became; and the same sheet does not bring her back."""
    sheet = waiting_for_another(harbor)
    taken = Person.objects.get(given_name="Canaryrosa")
    steward = make.make_worker("data_steward").actor
    make.together(lambda act: Person.objects.filter(pk=taken.pk).update(given_name="Rosa", family_name="Renamed"))
    assert CANARY in text_of(sheet).lower()
    erase(Person.objects.get(pk=taken.pk), harbor)
    assert CANARY not in text_of(sheet).lower()
    again = looked_at(actions.begin_import(steward, organization=harbor, name="a.csv", text=HEADING + HERS))
    assert [row.verdict for row in again.rows.all()] == [Verdict.SAME]


def waiting_for_another(agency: Any) -> SheetImport:
    """She was taken in; somebody else's row of the sheet still waits."""
    tess = AdultFacts("Tess", "Stone", "mother", phone="555-014-2001")
    make.make_family(make.make_worker("home_visitor", agency), child="Leo Stone", adults=(tess,))
    sheet = looked_at(begun(agency, rows=HERS + OTHERS))
    actions.carry_on_import(make.make_worker("data_steward").actor, sheet=sheet)
    run_due()
    return sheet


def looked_at(sheet: SheetImport) -> SheetImport:
    actions.map_columns(make.make_worker("data_steward").actor, sheet=sheet, columns=sheet.columns)
    run_due()
    return SheetImport.objects.get(pk=sheet.pk)


def test_a_record_that_was_merged_into_hers_is_forgotten_too(harbor: Any) -> None:
    """By the name that it had."""
    rosa = rosa_at(harbor)
    make.make_family(
        make.make_worker("home_visitor", harbor),
        child="Ida Lund",
        age_months=30,
        adults=(replace(ROSA, given_name="Canaryroza"),),
    )
    pair = Pair.objects.get()
    actions.merge(make.make_worker("data_steward").actor, pair=pair, stays=rosa, chosen={})
    assert Merge.objects.get().gone.given_name == "Canaryroza"
    sheet = begun(harbor, name="Canaryroza Quintanilla.csv", rows=OTHERS + HERS.replace("rosa", "roza"))
    erase(Person.objects.get(pk=rosa.pk), harbor)
    assert "canaryro" not in text_of(sheet).lower()
    assert SheetImport.objects.get(pk=sheet.pk).name == "—"
    assert [row.cells is None for row in read(text_of(sheet)).rows] == [False, True]


def test_another_agencys_sheet_is_its_own(harbor: Any) -> None:
    """A namesake there is somebody else, and nobody learns of her by it."""
    there = begun(make.make_network().agencies[1])
    erase(rosa_at(harbor), harbor)
    assert CANARY in text_of(there).lower()


def files_that_say(word: str) -> list[str]:
    """The files of the installation's folder that hold a word, but for the database, which is read by its tables."""
    home = Path(settings.INSTALLATION.home)
    database = Path(str(connection.settings_dict["NAME"])).name
    return [
        path.name
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith(database) and word in path.read_text("latin-1").lower()
    ]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_database_file_itself_forgets_who_is_erased() -> None:
    """Not only its tables: what was blanked is overwritten where it lay."""
    harbor = make.make_network().agencies[0]
    rosa = rosa_at(harbor)
    begun(harbor)
    name = connection.settings_dict["NAME"]
    assert CANARY in _whole_file(name)
    erase(rosa, harbor)
    assert CANARY not in _whole_file(name)


def _whole_file(name: str) -> str:
    """The file once its log has been written back into it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return "".join(path.read_text("latin-1") for path in sorted(Path(name).parent.glob(f"{Path(name).name}*"))).lower()


def test_a_row_and_a_sheet_that_are_done_keep_no_words_of_it(harbor: Any) -> None:
    """Not what was typed into a cell that was refused, and not the name of the file, be anybody erased or not."""
    rows = (
        "Teo,Lund,canaryrosa 2025,Tess,Lund,mother,555-014-2003\n"
        "Teo,Lund,2025-02-03,Tess,Lund,canaryrosa quintanilla,555-014-2003\n"
        "Teo,Lund,2025-02-03,Tess,Lund\n"
    )
    sheet = looked_at(begun(harbor, name="Canaryrosa Quintanilla.csv", rows=rows))
    assert [row.verdict for row in sheet.rows.order_by("place")] == [Verdict.REFUSED] * 3
    assert all(value.isdecimal() for row in sheet.rows.all() for value in row.facts.values())
    actions.carry_on_import(make.make_worker("data_steward").actor, sheet=sheet)
    run_due()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.text, sheet.name) == (SheetImport.State.DONE, None, "—")
    assert [row for row in whole_database() if CANARY in row.lower()] == []
