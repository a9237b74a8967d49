"""A page in a language that nobody has read by name says so; a reviewed section falls silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
import yaml
from django.template.loader import render_to_string
from django.utils.translation import override

from inmind.foundation import reviews
from inmind.foundation.catalogs import BadCatalog

LINE = "unreviewed"
FILE = """
title: t
edition: '1'
licence: x
sections:
  crisis: {says: help, by: %s, day: %s}
  public: {says: first page, by: null, day: null}
  work: {says: pages, by: null, day: null}
"""


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of reviews of our own in the place of the one that is shipped."""
    file = tmp_path / "reviewed.yaml"
    monkeypatch.setattr(reviews, "_file", lambda language: file if language == "es" else tmp_path / "none")
    reviews.reviews.cache_clear()
    yield file
    reviews.reviews.cache_clear()


def page(language: str, section: str) -> str:
    with override(language):
        return render_to_string("foundation/parts/unreviewed.html", {"section": section})


@pytest.mark.parametrize("section", ["crisis", "public", "work"])
def test_what_is_shipped_names_no_reviewer_and_says_so(section: str) -> None:
    """Our own Spanish is marked unreviewed until a named person signs it, crisis text first."""
    assert next(iter(reviews.reviews("es"))) == "crisis"
    assert reviews.of("es", section) is None
    assert LINE in page("es", section)


def test_english_is_written_here_and_needs_no_review() -> None:
    """Nothing is said on a page in the language it was written in."""
    assert page("en", "crisis").strip() == ""


def test_a_reviewed_section_falls_silent_and_the_others_do_not(reviewed: Path) -> None:
    """A name and a day speak for one section alone."""
    reviewed.write_text(FILE % ("Ana Ruiz", "2027-01-31"), encoding="utf-8")
    assert reviews.of("es", "crisis") == reviews.Review("Ana Ruiz", date(2027, 1, 31))
    assert LINE not in page("es", "crisis")
    assert LINE in page("es", "public")


@pytest.mark.parametrize(("by", "day"), [("Ana Ruiz", "null"), ("null", "2027-01-31"), ("Ana Ruiz", "soon")])
def test_half_a_review_is_refused(reviewed: Path, by: str, day: str) -> None:
    """A name without a day, or a day without a name, reviews nothing."""
    reviewed.write_text(FILE % (by, day), encoding="utf-8")
    with pytest.raises(BadCatalog):
        reviews.of("es", "crisis")


def test_each_file_that_the_shipped_reviews_name_is_there() -> None:
    """Whoever reads the crisis sentences finds them all where the file says: help pages, who reads when, being called."""
    package = Path(str(resources.files("inmind")))
    sections = yaml.safe_load((package / "locale/es/reviewed.yaml").read_text(encoding="utf-8"))["sections"]
    crisis = sections["crisis"]["from"]
    for name in ("families/rota.py", "screening/forms.py", "screening/templates/screening/help.html"):
        assert name in crisis
    for path in re.findall(r"(?<![\w/])[a-z_]+/[\w/*]+\.(?:py|html|yaml)", crisis):
        assert list(package.glob(path)), path
