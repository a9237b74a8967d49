"""What is stored is classed, tracked, and migrated with intent."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from inmind.foundation.models import Kept
from inmind.foundation.values import FieldClass
from tests.architecture import house

OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("inmind.")]
MIGRATIONS = sorted(path for path in house.SOURCE.glob("*/migrations/*.py") if path.stem != "__init__")


def class_of(model: type[models.Model], field: str) -> object:
    """The class that a model gives a field; None where it gives none."""
    try:
        return model.class_of(field) if issubclass(model, Kept) else model.CLASSES[field]  # type: ignore[attr-defined]
    except (AttributeError, KeyError):
        return None


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_classed(model: type[models.Model]) -> None:
    """Public, professional, family, clinical or secret: from the first column, each says how far it may travel."""
    fields = [field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)]
    assert not [name for name in fields if not isinstance(class_of(model, name), FieldClass)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_only_fields_that_exist_are_classed(model: type[models.Model]) -> None:
    """A renamed field takes its class along."""
    assert set(model.CLASSES) <= {field.name for field in model._meta.get_fields()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_table_says_whether_its_changes_leave_a_line(model: type[models.Model]) -> None:
    """`TRACKED` is decided, never forgotten."""
    assert isinstance(getattr(model, "TRACKED", None), bool)


def test_no_table_is_joined_by_a_hidden_one() -> None:
    """A many-to-many that Django makes by itself would be neither classed nor tracked: write the table down."""
    assert not [model._meta.label for model in OURS if model._meta.auto_created]


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_migrations_are_named_for_their_intent(path: object) -> None:
    """`0007_portfolio_gains_reviewer`, not what a machine would call it."""
    name = path.stem  # type: ignore[attr-defined]
    assert re.fullmatch(r"\d{4}(_[a-z][a-z0-9]*){2,}", name)
    assert not re.search(r"_(auto|initial|alter|merge)(_|$)|_\d{6,}|_and_more$", name)


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_schema_and_data_change_apart(path: object) -> None:
    """A migration that moves data changes no table, and goes back or says why not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    data = [node for node in calls if node.func.attr in {"RunPython", "RunSQL"}]  # type: ignore[attr-defined]
    schema = [
        node
        for node in calls
        if re.match(r"(Create|Delete|Rename|Alter|Add|Remove)[A-Z]", node.func.attr)  # type: ignore[attr-defined]
    ]
    assert not (data and schema)
    assert all(
        len(node.args) > 1 or any(word.arg in {"reverse_code", "reverse_sql"} for word in node.keywords)
        for node in data
    )


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    """What the models say is what the migrations make."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
