"""A sheet that nobody goes on with, or that no key opens any more: it can be discarded, and stands in nobody's way."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from inmind import installation
from inmind.access import erased, rotation
from inmind.access.actors import machine
from inmind.access.vault import CannotUnseal
from inmind.foundation import clock
from inmind.foundation.errors import NotNow, Refused
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due, tick
from inmind.people.models import Person
from inmind.records import actions, importing
from inmind.records.commands import everything
from inmind.records.models import SheetImport, SheetRow
from inmind.records.tests.test_erasing import begun, erase, rosa_at, stopped, taking, waiting_for_another
from tests import make

SOURCE = Path(importing.__file__).parents[1]


@pytest.fixture
def harbor(db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Keys of its own around the test's database, so that replacing them is nobody else's concern."""
    made = installation.begin(
        tmp_path / "home", profile="network", name="Coastal", state="", zone="America/Chicago", languages=("en",)
    )
    for name in ("pages", "audit"):
        (made.home / "keys" / f"{name}.key").write_text(settings.INSTALLATION.key(name).hex())
    monkeypatch.setattr(settings, "INSTALLATION", made)
    erased.file().unlink(missing_ok=True)
    return make.make_network().agencies[0]


def rotate() -> None:
    rotation.begin()
    while rotation.go_on(machine("tests")):
        pass
    with clock.at(clock.now() + 2 * rotation.KEPT_AT_LEAST):
        while rotation.go_on(machine("tests")):
            pass
    assert not rotation.progress().is_under_way
    importing._lines.cache_clear()


def lose_the_key() -> None:
    """Another master key in the place of the one that sealed."""
    (settings.INSTALLATION.home / "keys" / "master.key").write_text("ab" * 32)
    importing._lines.cache_clear()


def anew(sheet: SheetImport) -> SheetImport:
    return SheetImport.objects.get(pk=sheet.pk)


def test_a_sheet_that_waits_is_read_after_a_rotation_and_erasing_goes_on(harbor: Any) -> None:
    rosa, sheet, looked = rosa_at(harbor), begun(harbor), stopped(harbor)
    client = make.make_worker("data_steward").client
    rotate()
    for one in (sheet, looked):
        assert client.get(reverse("import", kwargs={"sheet": one.pk})).status_code == 200
    assert importing.heading(anew(sheet))[:2] == ("Child first name", "Child last name")
    actions.carry_on_import(make.make_worker("data_steward").actor, sheet=looked)
    run_due()
    assert anew(looked).state == SheetImport.State.DONE
    erase(rosa, harbor)
    assert Person.objects.get(pk=rosa.pk).erased_at is not None


# A column that seals for the house where its row has no person: the room of these rows seals them anew.
COLUMNS_OF = {"inmind.access.fields": {"inmind.messages.actions", "inmind.learning.attendance.actions"}}


def test_whoever_seals_by_the_master_key_itself_seals_anew_when_it_rotates() -> None:
    """Each module that asks for it offers `house.reseals` a function of its own."""
    asks = {
        f"inmind.{'.'.join(path.relative_to(SOURCE).with_suffix('').parts)}"
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and path.name != "vault.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute | ast.alias | ast.Name)
        and (getattr(node, "attr", "") or getattr(node, "name", "") or getattr(node, "id", "")) == "seal_for_house"
    }
    assert "inmind.records.importing" in asks
    asks = {each for one in asks for each in COLUMNS_OF.get(one, {one})}
    assert {reseal.__module__ for reseal in house.reseals} == asks


def test_a_sheet_that_no_key_opens_is_emptied_by_an_erasing_and_stops_no_rotation(harbor: Any) -> None:
    sheet = stopped(harbor)
    lose_the_key()
    rosa = rosa_at(harbor)
    with pytest.raises(CannotUnseal):
        importing.heading(anew(sheet))
    rotate()
    client = make.make_worker("data_steward").client
    page = client.get(reverse("import", kwargs={"sheet": sheet.pk}))
    assert (page.status_code, "cannot be read any more" in page.content.decode()) == (200, True)
    erase(rosa, harbor)
    there = anew(sheet)
    assert (there.state, there.text, there.name) == (SheetImport.State.GONE, None, "—")
    assert "was discarded" in client.get(reverse("import", kwargs={"sheet": sheet.pk})).content.decode()


def test_the_page_of_a_sheet_whose_columns_are_not_said_opens_without_its_key(harbor: Any) -> None:
    sheet = begun(harbor)
    lose_the_key()
    client = make.make_worker("data_steward").client
    page = reverse("import", kwargs={"sheet": sheet.pk})
    assert "Discard it for good" in client.get(page).content.decode()
    client.post(page, {"key": "k1", "do": "discard"})
    assert anew(sheet).state == SheetImport.State.GONE


@pytest.mark.parametrize("made", [begun, taking, stopped, waiting_for_another])
def test_a_steward_discards_a_sheet_in_whatever_state(harbor: Any, made: Any) -> None:
    """What was taken in stays; its words, its name and the rows of which nothing was made go; a job of it does nothing."""
    sheet = made(harbor)
    taken = SheetRow.objects.filter(sheet=sheet, taken=True).count()
    client = make.make_worker("data_steward").client
    page = reverse("import", kwargs={"sheet": sheet.pk})
    assert "Discard it for good" in client.get(page).content.decode()
    client.post(page, {"key": "k1", "do": "discard"})
    there = anew(sheet)
    assert (there.state, there.text, there.name) == (SheetImport.State.GONE, None, "—")
    assert there.rows.count() == taken
    run_due()
    assert anew(sheet).state == SheetImport.State.GONE
    after = client.get(page).content.decode()
    assert ("was discarded" in after, "Discard it for good" in after) == (True, False)
    with pytest.raises(NotNow, match="Nothing of this sheet is kept"):
        actions.discard_import(make.make_worker("data_steward").actor, sheet=there)


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["home_visitor", "agency_supervisor", "privacy_officer"])
def test_only_who_takes_sheets_in_discards_them(harbor: Any, role: str) -> None:
    sheet, other = begun(harbor), make.make_worker(role, harbor)
    with pytest.raises(Refused):
        actions.discard_import(other.actor, sheet=sheet)
    assert other.client.post(reverse("import", kwargs={"sheet": sheet.pk}), {"do": "discard"}).status_code == 403
    assert anew(sheet).text is not None


def test_a_sheet_that_was_left_behind_is_discarded_after_a_time_and_a_younger_one_stays(harbor: Any) -> None:
    """As one that a command left, killed on its way."""
    left = begun(harbor)
    with clock.at(clock.now() + timedelta(days=settings.SHEET_DAYS, hours=1)):
        young = begun(harbor)
        tick()
        run_due()
    assert (anew(left).state, anew(left).text, anew(left).name) == (SheetImport.State.GONE, None, "—")
    assert anew(young).text is not None


def test_an_export_leaves_out_what_only_this_houses_key_opens() -> None:
    named = {field.name for field in everything.columns(SheetImport, secrets=True)}
    assert ("text" in named, "state" in named) == (False, True)
    assert {"access.SignOn", "access.SignOnLink"} <= set(everything.LEFT_OUT)
    assert not [row for row in everything.dictionary() if row[:2] == ["records_sheetimport", "text"]]
