"""Django's own command, inside the guard's named exception for migrations, and quick where all tables are new."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.core.management.commands import migrate
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from inmind.access import guard


class NewTables(Operation):
    """Tables and what is added to these same tables, each made once, as it is in the end.

    Step by step, Django builds most models anew for each index and each constraint, and all of them for each room: four of
    the five seconds that an empty database took. Here new models join those that are built already, which stay.
    """

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = steps

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        built, before = state.__dict__.pop("apps", None), frozenset(state.models)
        for step in self.steps:  # which would build models anew at each step
            step.state_forwards(app_label, state)
        if built is not None:
            built.render_multiple([model for key, model in state.models.items() if key not in before])
            state.apps = built

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for step in self.steps:
            if isinstance(step, CreateModel):
                step.database_forwards(app_label, schema_editor, from_state, to_state)

    @classmethod
    def of(cls, migration: Migration) -> Migration:
        """The same migration as one step, where it makes tables and does nothing else."""
        made = {step.name_lower for step in migration.operations if isinstance(step, CreateModel)}
        for step in migration.operations:
            of_its_own = isinstance(step, AddField | AddIndex | AddConstraint) and step.model_name_lower in made
            if not (isinstance(step, CreateModel) or of_its_own):
                return migration
        whole = copy(migration)
        whole.operations = [cls(migration.operations)]
        return whole


class Executor(MigrationExecutor):
    def apply_migration(self, state: Any, migration: Migration, *args: Any, **named: Any) -> Any:
        return super().apply_migration(state, NewTables.of(migration), *args, **named)


migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # where the command finds it


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with guard.permit("migrations"):
            return super().handle(*args, **options)
