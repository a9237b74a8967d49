"""Every component is drawn once, with invented content, and keeps the promises of the page furniture."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from inmind.foundation import gallery
from inmind.foundation.helplines import help_lines

TEMPLATES = Path(__file__).parents[1] / "templates"
HELP = {
    "agency": "Harbor Family Services",
    "on_call_name": "Dana",
    "read_when": "Nobody reads it before 8:00 tomorrow.",
    "agency_text": "Come to the side door and ring.",
    "choices": [{"label": "Please do not call", "url": "#no", "post": True}],
}
PAGES: dict[str, dict[str, Any]] = {
    "foundation/gallery.html": gallery.context(),
    "foundation/help_now.html": HELP,
    "frontdoor/front.html": {},
    "frontdoor/help.html": {},
    "400.html": {},
    "403.html": {
        "nav": gallery.context()["nav"],
        "actor": {"name": "Luz"},
        "sentences": ["Not yours.", "Ask Dana."],
    },
    "403_csrf.html": {},
    "404.html": {},
    "409.html": {"pairs": gallery.context()["pairs"]},
    "500.html": {},
}
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "line"}


class Page(HTMLParser):
    """The elements of a page, in order, each with its attributes; `open` is empty when every tag was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def having(self, attribute: str) -> list[str]:
        return [said for _, attrs in self.elements if (said := attrs.get(attribute)) is not None]


def drawn(name: str) -> Page:
    request = RequestFactory().get("/")
    return Page(render_to_string(name, {"help_lines": help_lines(), **PAGES[name]}, request=request))


@pytest.fixture(params=sorted(PAGES))
def house_page(request: pytest.FixtureRequest) -> Page:
    return drawn(request.param)


def test_a_page_is_well_formed_and_names_things_once(house_page: Page) -> None:
    """Every element is closed, in order; no id stands twice; there is one main heading and one main region."""
    assert house_page.open == []
    assert [said for said, times in Counter(house_page.having("id")).items() if times > 1] == []
    assert [tag for tag, _ in house_page.elements].count("h1") == 1
    assert [tag for tag, _ in house_page.elements].count("main") == 1


def test_what_a_page_points_to_is_there(house_page: Page) -> None:
    """Labels, descriptions and headings are joined by ids that exist."""
    ids = set(house_page.having("id"))
    pointed = [
        *house_page.having("for"),
        *house_page.having("aria-labelledby"),
        *house_page.having("aria-describedby"),
    ]
    assert {one for said in pointed for one in said.split()} <= ids


def test_every_control_has_a_name(house_page: Page) -> None:
    """Each field that is shown has a label, and each row of choices a legend."""
    labelled = set(house_page.having("for"))
    shown = [
        attrs
        for tag, attrs in house_page.elements
        if tag in {"input", "select", "textarea"} and attrs.get("type") not in {"hidden", "submit"}
    ]
    assert [attrs for attrs in shown if attrs.get("id") not in labelled] == []
    tags = [tag for tag, _ in house_page.elements]
    assert tags.count("fieldset") == tags.count("legend")


def test_a_page_holds_to_the_strict_policy(house_page: Page) -> None:
    """No style attribute, no handler, no inline script, and nothing is fetched from elsewhere."""
    for tag, attrs in house_page.elements:
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        assert tag != "style"
        assert tag != "script" or attrs.get("src", "").startswith("/static/")  # type: ignore[union-attr]
        for fetched in ("src", *(["href"] if tag == "link" else [])):
            assert (attrs.get(fetched) or "/static/").startswith("/static/")


def test_the_help_page_calls_and_texts_each_line() -> None:
    """Each line can be called and texted by a link a phone understands, and the way out stands before anything else."""
    page = drawn("foundation/help_now.html")
    links = page.having("href")
    for line in help_lines():
        assert f"tel:{line.dial}" in links
        assert f"sms:{''.join(letter for letter in line.text if letter.isdigit())}" in links
    first = next(attrs for tag, attrs in page.elements if tag == "a" and attrs.get("class") != "skip")
    assert "data-leave" in first


def test_the_help_page_says_nothing_in_its_title() -> None:
    """Somebody may look over the shoulder (protect.md 4)."""
    assert "<title>InMind</title>" in render_to_string("foundation/help_now.html", {**HELP, "help_lines": help_lines()})


def test_help_stands_on_a_page_that_failed() -> None:
    """A page that broke gets no context at all; the lines are there all the same."""
    text = render_to_string("500.html")
    assert "tel:988" in text


def test_an_association_promises_nothing_about_family_records() -> None:
    """Its first page says that none are kept, and speaks of no screen and no chart (protect.md 16)."""
    request = RequestFactory().get("/")
    said = {
        profile: render_to_string("frontdoor/front.html", {"installation": {"profile": profile}}, request=request)
        for profile in ("association", "agency")
    }
    assert "No family records are kept here." in said["association"]
    assert "chart" not in said["association"]
    assert "screen" not in said["association"]
    assert "chart" in said["agency"]


def test_answers_are_positions_with_a_blank_beside_them() -> None:
    """Each row of a paper screen has its printed positions and "left blank"; a kept answer comes back chosen."""
    rows = gallery.context()["answers"]
    page = drawn("foundation/gallery.html")
    for row in rows:
        choices = [attrs for _, attrs in page.elements if attrs.get("name") == row["name"]]
        assert [choice["value"] for choice in choices] == ["1", "2", "3", "4", ""]
        assert [choice.get("data-digits") for choice in choices] == ["1", "2", "3", "4", None]
        chosen = [choice["value"] for choice in choices if "checked" in choice]
        assert chosen == ([] if row["value"] is None else [row["value"]])


def test_what_is_not_known_says_so() -> None:
    """An empty fact and an unstudied population read "not known", never a blank."""
    facts = render_to_string("foundation/parts/facts.html", {"facts": [{"term": "Phone", "value": None}]})
    assert "not known" in facts
    assert "not known" not in render_to_string(
        "foundation/parts/facts.html", {"facts": [{"term": "Points", "value": 0}]}
    )


def test_a_refused_form_leads_to_its_first_choice() -> None:
    """The summary links a group of choices to the choice that takes the cursor."""
    assert "#refused_part_0" in drawn("foundation/gallery.html").having("href")


def test_each_part_says_what_it_takes() -> None:
    """Every part opens with a comment that names its parameters, and every part stands in a page or in another part."""
    texts = {path: path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    parts = {path: text for path, text in texts.items() if path.parent.name == "parts"}
    assert len(parts) > 25
    for text in parts.values():
        assert text.startswith("{% comment %}")
    python = (TEMPLATES.parent / "templatetags" / "house.py").read_text(encoding="utf-8")
    used = set(re.findall(r"foundation/parts/(\w+\.html)", python + "".join(texts.values())))
    assert {path.name for path in parts} <= used
