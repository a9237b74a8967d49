"""An export says of each mark whether it held; taken in by another house, those that did are made by that one's key."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from inmind import installation
from inmind.access import privacy, vault
from inmind.diagnosis import actions, queries
from inmind.diagnosis.models import Formulation
from inmind.documents import queries as files
from inmind.documents.models import StoredFile, StoredPiece
from inmind.foundation.registries import house
from inmind.people.models import Person
from inmind.records.commands import everything
from tests import make

pytestmark = pytest.mark.django_db


def move(monkeypatch: pytest.MonkeyPatch, home: Path) -> dict[str, list[dict[str, Any]]]:
    """Export all of it, then let another house with a key of its own take the marks in. What the export said, by table."""
    file = io.BytesIO()
    everything.write(file, as_csv=False, secrets=True)
    with zipfile.ZipFile(file) as archive:
        said = {
            model: [json.loads(line) for line in archive.read(f"tables/{_table(model)}.ndjson").splitlines()]
            for model, _field in house.keyed
        }
    there = installation.begin(
        home, profile="network", name="Coastal", state="", zone="America/Chicago", languages=("en",)
    )
    for name in ("pages", "master"):
        (home / "keys" / f"{name}.key").write_text(settings.INSTALLATION.key(name).hex())
    monkeypatch.setattr(settings, "INSTALLATION", there)

    def take_in(_act: Any) -> None:
        for model, field in house.keyed:
            for row in apps.get_model(model)._base_manager.all():
                [exported] = [one[field] for one in said[model] if one["id"] == str(row.pk)]
                setattr(row, field, exported)
                type(row)._base_manager.filter(pk=row.pk).update(**{field: getattr(everything._taken(row), field)})
        everything.mark_anew()

    make.together(take_in)
    return said


def _table(model: str) -> str:
    return str(apps.get_model(model)._meta.db_table)


def test_what_was_as_signed_is_so_in_the_house_that_took_it_in_and_what_was_not_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Version, ratings, environments, and the signature of a second clinician; also where an adult was erased."""
    clinician, senior = make.make_worker("clinician"), make.make_worker("clinician")
    families = [make.make_family(clinician, age_months=30, adults=("Ana", "Rosa")) for _ in range(4)]
    whole, changed, second, rated = (make.make_formulation(one, cosigner=senior.person) for one in families)
    for row in (whole, changed, second):
        actions.cosign(senior.actor, formulation=row, signed_as="LCSW", words="Yes.")

    def tamper(act: Any) -> None:
        Formulation.objects.filter(pk=changed.pk).update(signed_as="M.D.")
        row = Formulation.objects.get(pk=second.pk)
        row.cosigner_said = "I agree with all of it."
        row.save()
        place = rated.environments.get()
        place.content = place.content.replace("At home", "Elsewhere")
        place.save()
        privacy.forget(act, Person.objects.get(pk=families[0].adult.pk))

    make.together(tamper)
    before = [queries.is_as_signed(Formulation.objects.get(pk=row.pk)) for row in (whole, changed, second, rated)]
    assert before == [True, False, False, False]
    said = move(monkeypatch, tmp_path / "elsewhere")
    marks = {one["id"]: (one["mark"], one["second_mark"]) for one in said["diagnosis.Formulation"]}
    assert marks == {
        str(whole.pk): ("(held)", "(held)"),
        str(changed.pk): ("(not held)", "(not held)"),
        str(second.pk): ("(held)", "(not held)"),
        str(rated.pk): ("(held)", ""),
    }
    after = [queries.is_as_signed(Formulation.objects.get(pk=row.pk)) for row in (whole, changed, second, rated)]
    assert after == before


def test_kept_files_open_in_the_house_that_took_them_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Their digest is made by one installation's key, too; a file that was changed before is not believed afterwards."""
    family = make.make_family()
    one, other, changed = (kept(family, words) for words in (b"one", b"other", b"changed"))

    def tamper(_act: Any) -> None:
        piece = changed.pieces.get()
        piece.body = base64.b64encode(b"otherwise").decode()
        piece.save()

    make.together(tamper)
    move(monkeypatch, tmp_path / "elsewhere")
    rows = [StoredFile.objects.get(pk=row.pk) for row in (one, other, changed)]
    assert [files.holds(row) for row in rows] == [True, True, False]
    assert files.bytes_of(rows[0]) == b"one"
    with pytest.raises(files.Altered):
        files.bytes_of(rows[2])


def kept(family: make.Family, words: bytes) -> StoredFile:
    made: list[StoredFile] = []

    def work(_act: Any) -> None:
        row = StoredFile.objects.create(
            about=family.child,
            organization=family.episode.organization,
            proves_kind="families.Episode",
            proves=family.episode.pk,
            kind="pdf",
            size=len(words),
            digest=vault.keyed_hash("file", words),
            kept_by=family.by.person,
        )
        StoredPiece.objects.create(file=row, about=family.child, number=0, body=base64.b64encode(words).decode())
        made.append(row)

    make.together(work)
    return made[0]
