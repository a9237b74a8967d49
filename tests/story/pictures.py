"""The pictures in the documents: which page of the story, who sees it, how wide, and which part of it is shown.

`make pictures` takes them anew. Beside them `docs/pictures/pictures.json` keeps what each page said and how large it was;
rendering differs a little from machine to machine, words do not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.house import PROJECT
from tests.story.telling import family, own_page, screen

FOLDER = PROJECT / "docs" / "pictures"
RECORD = "pictures.json"
PHONE, DESK = 390, 1080
LARGEST = 200_000  # bytes of a picture
MAY_DIFFER = 0.03  # of its height: no two machines draw a form's own controls alike
STALE = "What the documents show is not what the page shows: make pictures"


@dataclass(frozen=True, slots=True)
class Picture:
    """path: its address, worked out when the story stands. part: a selector; empty: the page from its top, at most `tall`."""

    name: str
    username: str
    path: Callable[[], str]
    width: int
    part: str = ""
    tall: int = 0


PICTURES = (
    Picture("family-desk", "luz", lambda: family("Mateo"), DESK, tall=1060),
    Picture("family-phone", "luz", lambda: family("Mateo"), PHONE, tall=1560),
    Picture("map", "luz", lambda: family("Mateo"), DESK, part=".card-map"),
    Picture("today-desk", "dana", lambda: "/today/", DESK, tall=900),
    Picture("today-phone", "nadia", lambda: "/today/", PHONE, tall=900),
    Picture("trend", "luz", lambda: own_page("Mateo", "Elena"), DESK, part=".card:has(.trend-picture)"),
    Picture("help-phone", "luz", lambda: f"/screens/{screen('Theo', 'phq9').pk}/help/", PHONE, tall=1840),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page says, shortened to a digest, and the size of what is shown of it in pixels."""

    words: str
    size: tuple[int, int]

    @classmethod
    def of(cls, page: Any, picture: Picture) -> Seen:
        shown = page.locator(picture.part or "body").first
        said = re.sub(r"\s+", " ", shown.inner_text()).strip()
        box = shown.bounding_box()
        height = round(box["height"]) if picture.part else min(round(box["height"]), picture.tall)
        return cls(hashlib.sha256(said.encode()).hexdigest()[:16], (round(box["width"]), height))

    def differs_from(self, kept: dict[str, Any]) -> bool:
        width, height = kept["size"]
        near = self.size[0] == width and abs(self.size[1] - height) <= MAY_DIFFER * height
        return not near or self.words != kept["words"]


def take(page: Any, picture: Picture, folder: Path) -> None:
    """Write the picture of a page that is open."""
    file = folder / f"{picture.name}.png"
    if picture.part:
        page.locator(picture.part).first.screenshot(path=file)
    else:
        width, height = Seen.of(page, picture).size
        page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def kept() -> dict[str, Any]:
    """What stands beside the pictures: by name, the digest of the words and the size."""
    file = FOLDER / RECORD
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def keep(seen: dict[str, Seen]) -> None:
    told = {name: {"words": one.words, "size": list(one.size)} for name, one in sorted(seen.items())}
    (FOLDER / RECORD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
