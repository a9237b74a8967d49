"""Every kept table in a file that any program reads, with a dictionary of its columns; and such a file read again.

The file is a ZIP: `manifest.json`, `dictionary.csv`, and `tables/NAME.ndjson` or `tables/NAME.csv`. Sealed words stand in
it unsealed, and so it lies in an encrypted stream (`access/envelope.py`) unless the operator permits otherwise.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import models

from inmind import __version__
from inmind.access import envelope, vault
from inmind.access.act import Act
from inmind.access.archive import KINDS
from inmind.access.fields import SealedText
from inmind.access.tables import kind_of
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import Keyed, house
from inmind.foundation.values import FieldClass

# What is not exported at all, and why.
LEFT_OUT = {
    "access.PersonKey": "keys belong to one installation; words are sealed anew where they are read again",
    "access.SignInLink": "links belong to one installation",
    "access.SignOn": "an agency's own sign-in is sealed by one installation's key; it is said anew",
    "access.SignOnLink": "who linked an account to it links it anew",
    "access.StoredAnswer": "answers for second clicks serve for a moment",
    "jobs.Heartbeat": "says that a machine is there",
}
# Columns that the key of one installation seals and no other opens: a sheet that is on its way in stays where it is.
LEFT_OUT_COLUMNS = frozenset({("records.SheetImport", "text")})
# What is exported to be read, and stays behind when an export is read again: its codes are made with another's key.
STAYS = ("access.AuditEntry", "access.AuditSubject", "access.AuditBlock", "access.RowChange")
ERASED = "(erased)"  # words whose key was destroyed
ALTERED = "(altered)"  # words that are not as they were sealed
# What stands in place of a hash that one installation's key alone can make (`house.keyed`): whether it held (decision 34).
HELD, NOT_HELD = "(held)", "(not held)"
NULL = "\\N"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'", "\\")
BATCH = 500


def kept() -> list[Any]:
    """The tables of an export, each after those that it points to."""
    ours = [
        one for one in apps.get_models() if one.__module__.startswith("inmind.") and one._meta.label not in LEFT_OUT
    ]
    done: list[Any] = []
    waiting = sorted(ours, key=lambda one: one._meta.label)
    while waiting:
        ready = [one for one in waiting if not _needs(one) & set(waiting) - {one}]
        if not ready:
            raise ValueError(f"these tables point to one another: {', '.join(one._meta.label for one in waiting)}")
        done += ready
        waiting = [one for one in waiting if one not in ready]
    return done


def _needs(model: Any) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def columns(model: Any, *, secrets: bool) -> list[Any]:
    """The columns of a table as they are exported; secrets that are no words leave in an encrypted export alone."""
    fields = [one for one in model._meta.concrete_fields if (model._meta.label, one.name) not in LEFT_OUT_COLUMNS]
    return [
        one for one in fields if secrets or isinstance(one, SealedText) or _class_of(model, one) != FieldClass.SECRET
    ]


def _class_of(model: Any, field: Any) -> FieldClass:
    return model.class_of(field.name) if hasattr(model, "class_of") else model.CLASSES[field.name]


def _keyed(model: Any, field: Any) -> Keyed | None:
    return house.keyed.get((model._meta.label, field.name))


def _kind(field: Any) -> str:
    return "text" if isinstance(field, SealedText) else kind_of(field)


def dictionary() -> Iterator[list[str]]:
    """What each column holds, read from the models: the first row is the heading."""
    yield [
        "table",
        "column",
        "kind",
        "class",
        "sealed here",
        "may be empty",
        "leads to",
        "taken in again",
        "the table holds",
    ]
    for model in kept():
        again = "no: for reading alone" if model._meta.label in STAYS else "yes"
        says = " ".join((model.__doc__ or "").partition("\n\n")[0].split())
        for field in columns(model, secrets=True):
            leads = field.related_model._meta.db_table if field.is_relation else ""
            sealed = "yes" if isinstance(field, SealedText) else ""
            empty = "yes" if field.null else ""
            of = "whether its mark held" if _keyed(model, field) else _kind(field)
            kind = [model._meta.db_table, field.column, of, str(_class_of(model, field)), sealed, empty]
            yield [*kind, leads, again, says]


def write(file: Any, *, as_csv: bool, secrets: bool) -> dict[str, int]:
    """Write all of it into a file that need not be seekable. Returns how many rows each table has."""
    counts = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("dictionary.csv", _as_csv(dictionary()))
        for model in kept():
            counts[model._meta.db_table] = _write_table(archive, model, as_csv=as_csv, secrets=secrets)
        archive.writestr("manifest.json", json.dumps(_manifest(counts, as_csv=as_csv, secrets=secrets), indent=1))
    return counts


def of_the_trail(counts: dict[str, int]) -> int:
    """How many of these rows are for reading alone."""
    return sum(counts[apps.get_model(label)._meta.db_table] for label in STAYS)


def _manifest(counts: dict[str, int], *, as_csv: bool, secrets: bool) -> dict[str, Any]:
    here = settings.INSTALLATION
    return {
        "inmind": "export",
        "format": 1,
        "edition": __version__,
        "profile": here.profile,
        "installation": {"name": here.name, "state": here.state, "zone": here.zone, "languages": list(here.languages)},
        "taken_at": clock.now().isoformat(timespec="seconds"),
        "whole": secrets,
        "tables": counts,
        "ending": "csv" if as_csv else "ndjson",
        "left_out": LEFT_OUT,
        "read_only": [apps.get_model(label)._meta.db_table for label in STAYS],
    }


def _as_csv(rows: Iterator[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _write_table(archive: zipfile.ZipFile, model: Any, *, as_csv: bool, secrets: bool) -> int:
    fields = columns(model, secrets=secrets)
    names = [field.column for field in fields]
    writers = [KINDS[_kind(field)][0] for field in fields]
    ending, count = ("csv" if as_csv else "ndjson"), 0
    with archive.open(f"tables/{model._meta.db_table}.{ending}", "w") as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        sheet = csv.writer(text)
        if as_csv:
            sheet.writerow(names)
        for row in model._base_manager.order_by("pk").iterator(chunk_size=BATCH):
            values = [_plain(row, field, to) for field, to in zip(fields, writers, strict=True)]
            if as_csv:
                sheet.writerow([_cell(value) for value in values])
            else:
                text.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n")
            count += 1
        text.flush()
        text.detach()
    return count


def _plain(row: Any, field: Any, to: Callable[[Any], Any]) -> Any:
    try:
        value = getattr(row, field.attname)
    except vault.NotAsSealed:
        return ALTERED
    except vault.CannotUnseal:
        return ERASED
    if value is None:
        return None
    if value and (keyed := _keyed(type(row), field)) is not None:
        return HELD if keyed.holds(row) else NOT_HELD
    if _kind(field) == "json":
        return json.dumps(value, sort_keys=True)
    return to(bytes(value) if isinstance(value, memoryview) else value)


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula, and that is read again as it was."""
    if value is None:
        return NULL
    text = str(value) if not isinstance(value, bool) else str(value).lower()
    return f"'{text}" if text.startswith(_FORMULA) else text


def is_export(file: BinaryIO) -> bool:
    """Whether a file is one of ours rather than a sheet; it is read from its beginning afterwards."""
    begins = file.read(len(envelope.MAGIC))
    file.seek(0)
    return begins.startswith((envelope.MAGIC, b"PK\x03\x04"))


def opened(file: BinaryIO, words: Callable[[], str]) -> zipfile.ZipFile:
    """The export in a file. Raises BadInput for one that is for reading alone, or is no export."""
    if file.read(2) == b"PK":
        raise BadInput(
            "An export that is not encrypted is made to be read, not to be taken in: secrets are left out of it.",
            "`inmind import` takes in the encrypted one.",
        )
    file.seek(0)
    whole = tempfile.TemporaryFile(dir=settings.INSTALLATION.home)  # noqa: SIM115 - lives as long as the archive; has no name
    for chunk in envelope.opened(file, words()):
        whole.write(chunk)
    try:
        return zipfile.ZipFile(whole)
    except zipfile.BadZipFile as fault:
        raise BadInput("This file is a backup, not an export.", "`inmind restore` takes it.") from fault


def manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if said.get("inmind") != "export" or said.get("format") != 1 or not said.get("whole"):
        raise BadInput("This edition cannot read the file.", "It is an export of InMind.")
    return said


def read_all(act: Act, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    """Keep every row again, each under its id; words are sealed under new keys, and a mark that held is made by the key of
    here. Returns how many."""
    total = 0
    for model in kept():
        if model._meta.label not in STAYS:
            total += _read_table(archive, model, manifest)
    mark_anew()
    return total


def mark_anew() -> None:
    """Make each mark that held when it was exported by the key of this installation. One that did not hold stays so."""
    for keyed in house.keyed.values():
        model: Any = apps.get_model(keyed.model)
        for row in model._base_manager.filter(**{f"{keyed.field}__startswith": HELD}).order_by("pk"):
            model._base_manager.filter(pk=row.pk).update(**{keyed.field: keyed.made(row)})


def _taken(row: Any) -> Any:
    """A row as it is kept until its marks are made: each says by the row's own id whether it held, for some stand but once."""
    for field in row._meta.concrete_fields:
        if _keyed(type(row), field) is not None and (said := getattr(row, field.attname)) in (HELD, NOT_HELD):
            setattr(row, field.attname, f"{said} {row.pk}")
    return row


def _read_table(archive: zipfile.ZipFile, model: Any, manifest: dict[str, Any]) -> int:
    named = {field.column: field for field in columns(model, secrets=True)}
    count, batch = 0, []
    with archive.open(f"tables/{model._meta.db_table}.{manifest['ending']}") as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        rows = _cells(csv.DictReader(text)) if manifest["ending"] == "csv" else map(json.loads, text)
        for row in rows:
            values = {named[name].attname: _value(named[name], value) for name, value in row.items()}
            batch.append(_taken(model(**values)))
            count += 1
            if len(batch) == BATCH:
                model._base_manager.bulk_create(batch)
                batch = []
    model._base_manager.bulk_create(batch)
    if count != manifest["tables"][model._meta.db_table]:
        raise BadInput("The export is not whole: %(table)s.", facts={"table": model._meta.db_table})
    return count


def _cells(rows: Iterator[dict[str, str]]) -> Iterator[dict[str, str | None]]:
    for row in rows:
        yield {name: None if cell == NULL else cell.removeprefix("'") for name, cell in row.items()}


def _value(field: models.Field, value: Any) -> Any:
    if value is None:
        return None
    kind = _kind(field)
    if kind == "json":
        return json.loads(value)
    if kind == "boolean":
        return value in {True, "true"}
    return KINDS[kind][1](value)
