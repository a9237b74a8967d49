"""Pictures in the documents are of the pages as they are. `make pictures` takes them; here they are compared."""

from __future__ import annotations

import math
import os
import re
import struct
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from tests.architecture.house import PROJECT
from tests.story import pictures
from tests.story.pictures import PHONE, PICTURES, Picture, Seen
from tests.story.telling import Told, told

__all__ = ["told"]
TAKE = "INMIND_TAKE_PICTURES"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
ONE_PIXEL_EACH_WAY = 1.5  # a part of a page may begin between two
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+\.png)\)")


@pytest.mark.django_db
@pytest.mark.skipif(os.environ["INMIND_TEST_ENGINE"] != "sqlite", reason="the pages are the same on both databases")
def test_what_the_documents_show_is_what_the_pages_show(told: Told, browser: Any, tmp_path: Path) -> None:
    """Each pictured page of the story, opened at its moment: its words and its size are those of the picture."""
    taking = bool(os.environ.get(TAKE))
    folder = pictures.FOLDER if taking else tmp_path
    seen: dict[str, Seen] = {}
    for picture in PICTURES:
        page = _opened(told, browser, picture)
        seen[picture.name] = Seen.of(page, picture)
        pictures.take(page, picture, folder)
        page.context.close()
    if taking:
        pictures.keep(seen)
    kept = pictures.kept()
    stale = [name for name, one in seen.items() if name not in kept or one.differs_from(kept[name])]
    assert not stale, f"{', '.join(stale)}. {pictures.STALE}"


def test_every_picture_is_kept_shown_and_described() -> None:
    """None is left behind, none is missing, each has its words for who cannot see it and the size that was kept."""
    kept = pictures.kept()
    there = {file.stem: _size(file) for file in pictures.FOLDER.glob("*.png")}
    assert not [file.name for file in pictures.FOLDER.glob("*.png") if file.stat().st_size > pictures.LARGEST]
    assert set(there) == set(kept) == {picture.name for picture in PICTURES}
    assert not [name for name, size in there.items() if math.dist(size, kept[name]["size"]) > ONE_PIXEL_EACH_WAY]
    shown: dict[Path, str] = {}
    for document in [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")]:
        for words, link in SHOWN.findall(document.read_text(encoding="utf-8")):
            shown[(document.parent / link).resolve()] = " ".join(words.split())
    assert set(shown) == {file.resolve() for file in pictures.FOLDER.glob("*.png")}
    assert not [file.name for file, words in shown.items() if len(words) < 40]
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert "docs/pictures/family-desk.png" in readme
    assert "docs/pictures/map.png" in readme


def _size(file: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", file.read_bytes()[16:24])
    return int(width), int(height)


def _opened(told: Told, browser: Any, picture: Picture) -> Any:
    """The page in a browser of this width; what it asks for is answered here, without a server."""
    phone = picture.width == PHONE
    context = browser.new_context(
        viewport={"width": picture.width, "height": 844 if phone else 900},
        has_touch=phone,
        is_mobile=phone,
        locale="en-US",
        timezone_id="America/Chicago",
        reduced_motion="reduce",
    )
    page = context.new_page()
    path = picture.path()
    there = told.get(
        picture.username, path
    )  # here: the browser's own thread of events has no part in the test's database
    assert there.status_code == 200
    page.route("**/*", lambda route: _answer(there.content, route))
    page.goto(f"http://story.test{path}")
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def _answer(there: bytes, route: Any) -> None:
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = Path(str(finders.find(path.removeprefix("/static/"))))
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    else:
        route.fulfill(body=there, content_type="text/html; charset=utf-8")
