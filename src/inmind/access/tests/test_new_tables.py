"""Tables that are made in one go have all that their models name."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from inmind.access.management.commands.migrate import NewTables

MAKE = CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))], {"indexes": [], "constraints": []})
ADD = AddIndex("thing", models.Index(fields=["id"], name="by_id"))
MORE = AddField("thing", "more", models.TextField(null=True))
CHECK = AddConstraint("thing", models.CheckConstraint(condition=models.Q(id__gt=0), name="above"))


@pytest.mark.django_db
def test_every_index_and_constraint_of_a_model_stands_in_the_database() -> None:
    missing = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            named = {one.name for one in (*model._meta.indexes, *model._meta.constraints)}
            missing += [f"{model._meta.db_table}.{name}" for name in named - set(there)]
    assert missing == []


@pytest.mark.parametrize(
    ("steps", "is_one"),
    [
        ([MAKE, ADD, CHECK], True),
        ([MAKE, MORE], True),
        ([ADD], False),
        ([MAKE, RunPython(RunPython.noop)], False),
        ([MAKE, AddIndex("another", models.Index(fields=["id"], name="of_another"))], False),
    ],
    ids=[
        "tables and theirs",
        "a column of its own",
        "a later index",
        "something that runs",
        "an index of an older table",
    ],
)
def test_only_new_tables_are_made_in_one_go(steps: list[Operation], is_one: bool) -> None:
    """And the migration that is run is still the one that is noted; Django's own list of its steps stays."""
    migration = Migration("0001_x", "people")
    migration.operations = list(steps)
    whole = NewTables.of(migration)
    assert whole == migration
    assert [type(step) is NewTables for step in whole.operations] == ([True] if is_one else [False] * len(steps))
    assert migration.operations == steps


def test_every_first_edition_of_ours_is_made_in_one_go() -> None:
    """One that was not made every new installation, and every restore, eight seconds slower."""
    ours = [one for one in MigrationLoader(None).disk_migrations.values() if one.__module__.startswith("inmind.")]
    assert len(ours) > 5
    assert [str(one) for one in ours if one.initial and len(NewTables.of(one).operations) > 1] == []
