"""An export read again, into an installation that holds nobody yet."""

from __future__ import annotations

import argparse
from typing import BinaryIO

from django.conf import settings

from inmind import installation
from inmind.access.actors import operator
from inmind.access.commands import passphrase
from inmind.access.commands.migrate import bring_up_to_date
from inmind.access.tables import Layout
from inmind.foundation.errors import NotNow
from inmind.people.models import Person
from inmind.records import actions
from inmind.records.commands import everything


def run(file: BinaryIO, args: argparse.Namespace) -> int:
    """Begin the installation as the export says, where there is none; then keep every row again. All of it or nothing."""
    settings.INSTALLATION.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    archive = everything.opened(file, lambda: passphrase.known(args))
    manifest = everything.manifest_of(archive)
    if manifest["profile"] != settings.INSTALLATION.profile:
        raise NotNow(
            "This export is of the profile %(profile)s.",
            "It is taken in by an installation of the same one.",
            "Set INMIND_PROFILE=%(profile)s, and an empty folder by INMIND_HOME.",
            facts={"profile": manifest["profile"]},
        )
    _begin(manifest)
    bring_up_to_date()
    if Person.objects.exists():
        raise NotNow(
            "Somebody is kept here already.",
            "An export is taken in by an installation that holds nobody yet.",
            "Choose another folder by INMIND_HOME.",
        )
    total = actions.take_over(operator("import"), archive=archive, manifest=manifest)
    Layout().set_counters()
    trail = everything.of_the_trail(manifest["tables"])
    print(f"{total} rows are here, each under its id. Everybody sets up a second factor anew.")
    print(
        f"The other {trail} rows of the export are the other installation's trail, to be read; here a new one begins."
    )
    return 0


def _begin(manifest: dict) -> None:  # type: ignore[type-arg]
    if settings.INSTALLATION.begun:
        settings.INSTALLATION.check_keys()
        return
    said = manifest["installation"]
    settings.INSTALLATION = installation.begin(
        settings.INSTALLATION.home,
        profile=manifest["profile"],
        name=said["name"],
        state=said["state"],
        zone=said["zone"],
        languages=tuple(said["languages"]),
    )
