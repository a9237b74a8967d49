"""All routes. Each room brings its own; a route without a verb stops start-up (`access/door.py`)."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [path("language/", set_language, name="set_language")]
urlpatterns += [
    path("", include(f"inmind.{room}.urls"))
    for room in settings.INSTALLATION.rooms
    if find_spec(f"inmind.{room}.urls") is not None
]
