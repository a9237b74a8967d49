"""The product's settings, with the plain pages beside its own."""

from __future__ import annotations

from inmind.settings import *  # noqa: F403

ROOT_URLCONF = "bench.ground.pages"
