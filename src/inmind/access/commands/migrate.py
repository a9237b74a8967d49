"""`inmind migrate`: bring the database to this edition, and put the triggers in place."""

from __future__ import annotations

import argparse

from django.conf import settings
from django.core.management import call_command

from inmind.access import audit
from inmind.access.actors import operator

WHEN_STOPPED = "The database may be between two editions: run `inmind migrate` again before anything else."

CHANGED = (
    "The database's structure was changed since entry %s of the trail noted it. If that was not you, ask who it was."
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(args: argparse.Namespace) -> int:
    settings.INSTALLATION.check()
    bring_up_to_date(verbosity=1)
    return 0


def bring_up_to_date(verbosity: int = 0, *, restored: bool = False) -> None:
    """Run what has not run yet. What migrations changed in watched tables gets its entry in the trail.

    restored: the rows came from elsewhere a moment ago, so that what they say of their database is of another one.
    """
    changed = 0 if restored else audit.guards_changed()
    call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
    audit.own_migrations(operator("migrate"))
    audit.note_guards(operator("migrate"), changed_since=changed)
    if changed:
        print(CHANGED % changed)


def is_up_to_date() -> bool:
    """Whether every migration of this edition has run in this database, and none that it does not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {key for key in loader.disk_migrations if key in loader.graph.nodes}
    applied = set(loader.applied_migrations)
    return ours <= applied and not {
        key for key in applied - ours if key[0] in loader.migrated_apps and key not in loader.disk_migrations
    }
