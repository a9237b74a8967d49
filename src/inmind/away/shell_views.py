"""What a browser keeps of the visit's pages, so that they open without a signal: the shell, and never anything of a family."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from inmind.access.door import door
from inmind.away.spoken import WORDS
from inmind.foundation.helplines import help_lines

HERE = Path(__file__).parent / "static" / "away"
PUBLIC = "scripts and words that are the same for everybody"
PAPER = "#FBF7F0"
OF_THE_HOUSE = (
    *("inmind/inmind.css", "inmind/inmind.js", "inmind/favicon.svg"),
    *(
        f"inmind/fonts/{name}-wght-normal.woff2"
        for name in (
            *("atkinson-hyperlegible-next-latin", "atkinson-hyperlegible-next-latin-ext"),
            *("fraunces-latin", "fraunces-latin-ext"),
        )
    ),
)


def spoken() -> dict[str, dict[str, str]]:
    """What the pages say, in each language of the house."""
    found = {}
    for language in settings.INSTALLATION.languages:
        with override(language):
            found[language] = {key: _(words) for key, words in WORDS.items()}
    return found


@cache
def _files() -> tuple[str, ...]:
    """What is kept, by its name among the static files. `worker.js` has an address of its own, or it could keep no page."""
    ours = sorted(path.name for path in HERE.iterdir() if path.suffix in {".js", ".css"} and path.name != "worker.js")
    return (*OF_THE_HOUSE, *(f"away/{name}" for name in ours))


def _version() -> str:
    """Changes with whatever is kept: scripts, styles, fonts, sentences, numbers to call, the page around them."""
    whole = hashlib.sha256()
    for name in _files():
        whole.update(Path(str(finders.find(name))).read_bytes())
    for name in ("away/page.html", "foundation/base.html"):
        whole.update(get_template(name).template.source.encode())  # type: ignore[attr-defined]
    said = {language: [str(line) for line in help_lines(language)] for language in settings.INSTALLATION.languages}
    whole.update(json.dumps([spoken(), said]).encode())
    return whole.hexdigest()[:16]


@never_cache
@door(public=PUBLIC)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the shell, with what it keeps and which edition that is."""
    page, manifest = reverse("away"), reverse("away_manifest")
    shell = {"version": _version(), "files": [page, manifest, *map(static, _files())]}
    script = f"const SHELL = {json.dumps(shell)};\n{(HERE / 'worker.js').read_text(encoding='utf-8')}"
    return HttpResponse(script, content_type="text/javascript", headers={"Service-Worker-Allowed": page})


@door(public=PUBLIC)
def manifest(request: HttpRequest) -> JsonResponse:
    """How the pages look among other applications of a phone: a neutral name, and the sign of the house."""
    page = reverse("away")
    return JsonResponse(
        {
            "name": "InMind",
            "short_name": "InMind",
            "id": page,
            "start_url": page,
            "scope": page,
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [{"src": static("inmind/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )
