"""A sheet of families: looked at row by row, taken in once, stopped and gone on with; doubtful rows wait for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inmind.access.actors import operator
from inmind.families.models import Dyad
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.jobs.runner import run_due
from inmind.people.models import Contact, Person
from inmind.records import actions, importing, queries
from inmind.records.models import SheetImport, SheetRow
from inmind.records.sheets import read
from tests import make

pytestmark = pytest.mark.django_db

SHEET = """Child first name,Child last name,DOB,First name,Last name,Relationship,Phone,Email
Mateo,Ñúñez,2024-05-01,María,Ñúñez,mother,555-014-2000,maria@example.org
Mateo,Ñúñez,2024-05-01,José,Ñúñez,father,555-014-2001,
Lucía,Ñúñez,2026-01-09,María,Ñúñez,mother,555-014-2000,maria@example.org
MATEO,NUNEZ,2024-05-01,Maria,Nunez,mother,,
Noa,Stone,2031-01-01,Tess,Stone,mother,,
Ada,Stone,2025-02-30,Tess,Stone,mother,,
Leo,Stone,2025-02-03,Tess,Stone,cousin of a friend,,
Matteo,Nunez,2024-05-01,Maria,Nunez,mother,,
"""


@pytest.fixture
def network(db: Any) -> make.Network:
    return make.make_network()


def look(network: make.Network, text: str = SHEET, at: int = 0, **more: Any) -> SheetImport:
    steward = make.make_worker("data_steward").actor
    sheet = actions.begin_import(steward, organization=network.agencies[at], name="families.csv", text=text)
    actions.map_columns(steward, sheet=sheet, columns=sheet.columns, **more)
    run_due()
    sheet.refresh_from_db()
    return sheet


def take(sheet: SheetImport) -> SheetImport:
    actions.carry_on_import(make.make_worker("data_steward").actor, sheet=sheet)
    run_due()
    sheet.refresh_from_db()
    return sheet


def counted() -> tuple[int, int]:
    return Dyad.objects.count(), Person.objects.filter(account__isnull=True).count()


def test_each_row_has_its_verdict_and_nothing_is_taken_in_yet(network: make.Network) -> None:
    sheet = look(network)
    assert sheet.state == SheetImport.State.LOOKED
    said = {row.number: (row.verdict, row.found % row.facts if row.facts else row.found) for row in sheet.rows.all()}
    assert said == {
        2: ("new", ""),
        3: ("new", ""),
        4: ("new", ""),
        5: ("same", "The same as row 2."),
        6: ("refused", "This birth date lies in the future."),
        7: ("refused", "A date of this row is not a day that can be read."),
        8: ("refused", "How the adult of this row cares for the child is a word that is not on the list."),
        9: ("doubtful", "This child may be the one of row 2."),
    }
    assert Dyad.objects.count() == 0


def test_families_come_in_as_families(network: make.Network) -> None:
    """Two children, three people who care for them: the mother of both is one person."""
    sheet = take(look(network))
    assert sheet.state == SheetImport.State.DONE
    assert counted() == (2, 4)
    maria = Person.objects.get(given_name="María")
    assert {edge.to_person.given_name for edge in maria.edges_out.all()} == {"Mateo", "Lucía"}  # type: ignore[union-attr]
    assert set(Contact.objects.filter(person=maria).values_list("address", "safe")) == {
        ("555-014-2000", None),
        ("maria@example.org", None),
    }


def test_a_child_without_a_last_name_waits_for_a_person(network: make.Network) -> None:
    """Nobody can tell whether it is here; taken in once, the same file takes it for the same. A pregnancy needs none."""
    due = clock.today(make.ZONE) + timedelta(days=40)
    text = SHEET.splitlines()[0] + f",Due date\nMia,,2025-03-04,Rosa,Peña,mother,,,\n,,,Tess,Stone,mother,,,{due}\n"
    sheet = take(look(network, text))
    assert queries.verdicts(sheet) == {"doubtful": 1, "new": 1}
    assert "last name is missing" in sheet.rows.get(verdict="doubtful").found
    actions.decide_row(make.make_worker("data_steward").actor, sheet=sheet, number=2, take=True)
    assert queries.verdicts(look(network, text)) == {"same": 2}


def test_the_same_file_twice_changes_nothing(network: make.Network) -> None:
    take(look(network))
    before = counted()
    again = look(network)
    assert queries.verdicts(again) == {"same": 4, "refused": 3, "doubtful": 1}
    take(again)
    assert counted() == before


def test_a_sheet_is_stopped_and_gone_on_with(network: make.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted after each row or not: the same families, each once, its father added to the episode that is there."""
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    sheet = look(network)
    steward = make.make_worker("data_steward").actor
    run_due()
    actions.carry_on_import(steward, sheet=sheet)
    run_due(limit=1)
    actions.stop_import(steward, sheet=sheet)
    run_due()
    assert counted() == (1, 2)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.done) == (SheetImport.State.STOPPED, 1)
    take(sheet)
    assert counted() == (2, 4)
    with pytest.raises(NotNow):
        actions.carry_on_import(steward, sheet=sheet)
    with pytest.raises(NotNow):
        actions.stop_import(steward, sheet=sheet)


@pytest.mark.parametrize("take_it", [True, False])
def test_a_doubtful_row_waits_for_a_person(network: make.Network, take_it: bool) -> None:
    """Taken in as somebody new, or left out; then nothing waits, and what the sheet said is gone."""
    sheet = take(look(network))
    assert sheet.text is not None
    before, steward = counted()[0], make.make_worker("data_steward").actor
    actions.decide_row(steward, sheet=sheet, number=9, take=take_it)
    sheet.refresh_from_db()
    assert counted()[0] == before + take_it
    assert sheet.text is None
    with pytest.raises(NotNow):
        actions.decide_row(steward, sheet=sheet, number=9, take=take_it)


def test_a_verdict_tells_nothing_of_another_agency(network: make.Network) -> None:
    """Whom another agency serves is new here; the pair waits blind for the steward."""
    take(look(network))
    elsewhere = look(network, at=1)
    assert queries.verdicts(elsewhere)["new"] == 3
    take(elsewhere)
    assert queries.waiting().exists()


def test_people_who_are_here_already_are_known_again(network: make.Network) -> None:
    """A child and its mother: the same. The child with somebody else, and a mother much alike: doubtful."""
    from datetime import date

    from inmind.families import actions as families
    from inmind.families.intake import AdultFacts, ChildFacts

    luz = make.make_worker()
    families.register(
        luz.actor,
        organization=network.agencies[0],
        child=ChildFacts("Mateo", "Ñúñez", date(2024, 5, 1)),
        adults=(AdultFacts("María", "Ñúñez", "mother", phone="5550142000", mail="maria@example.org"),),
    )
    heading, *rows = SHEET.splitlines(keepends=True)
    sheet = look(network, heading + "".join(rows[:3]))
    assert [row.verdict for row in sheet.rows.order_by("place")] == ["same", "doubtful", "new"]
    take(sheet)
    assert Person.objects.filter(given_name="María", account__isnull=True).count() == 1, "Lucía has the same mother"


@pytest.mark.parametrize(("at", "is_told"), [(0, True), (1, False)], ids=["her agency", "another agency"])
def test_a_sheet_that_asks_about_somebody_stands_in_who_looked(network: make.Network, at: int, is_told: bool) -> None:
    """A sheet of one row, never taken in, answers whether an agency serves her: its officer reads that it was asked. One
    for another agency learns nothing of her, and leaves nothing there."""
    family = make.make_family(child="Teo Quintanilla", age_months=9, adults=("Rosa Quintanilla",))
    heading = "Child first name,Child last name,DOB,First name,Last name\n"
    asked = look(network, f"{heading}Teo,Quintanilla,{family.dyad.birth_date},Rosa,Quintanilla\n", at=at)
    assert queries.verdicts(asked).get("new", 0) == int(not is_told)
    page = make.make_worker("privacy_officer").client.get(f"/families/{family.dyad.pk}/looked/").content.decode()
    assert ("compared with a row of a sheet" in page) is is_told


def test_a_mapping_is_remembered_for_the_agency(network: make.Network) -> None:
    text = "Kid,Kid's family,Born,Who\nMateo,Ñúñez,03/04/2024,María\n"
    steward = make.make_worker("data_steward").actor
    columns = {
        "Kid": "child_given_name",
        "Kid's family": "child_family_name",
        "Born": "birth_date",
        "Who": "given_name",
    }
    harbor, prairie = network.agencies
    heading = read(text).heading
    sheet = actions.begin_import(steward, organization=harbor, name="a.csv", text=text)
    with pytest.raises(BadInput):
        actions.map_columns(steward, sheet=sheet, columns={})
    actions.map_columns(steward, sheet=sheet, columns=columns, order="dmy")
    with pytest.raises(NotNow):
        actions.map_columns(steward, sheet=sheet, columns=columns)
    assert queries.remembered(harbor, heading) == (columns, "dmy")
    assert queries.remembered(prairie, heading) == ({}, "")


def test_the_operator_may_take_in_and_nobody_of_an_agency(network: make.Network) -> None:
    from inmind.foundation.errors import Refused

    said = {"organization": network.agencies[0], "name": "x", "text": "a,b,c\nÑúñez,2027-01-01,Ana\n"}
    assert actions.begin_import(operator("import"), **said).total == 1
    with pytest.raises(Refused):
        actions.begin_import(make.make_worker("agency_supervisor").actor, **said)


def test_what_a_sheet_says_is_sealed(network: make.Network) -> None:
    sheet = look(network)
    assert b"Mateo" not in bytes(sheet.text or b"")
    assert not SheetRow.objects.filter(found__contains="Mateo").exists()
