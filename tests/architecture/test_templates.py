"""Pages: every word can be translated, and nothing stands in a page that the content policy would refuse."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.architecture import house

TEMPLATES = house.templates()
# Invented content to look at, read by nobody's family.
NOT_SPOKEN = {"foundation/templates/foundation/gallery.html"}
# Names, and signs that are the same in both languages.
NAMES = {"InMind", "English", "Español", "988", "EPDS", "PHQ-9", "DC:0-5"}
SPOKEN_ATTRIBUTES = ("aria-label", "aria-description", "placeholder", "title", "alt", "content-label")
LETTER = re.compile(r"[^\W\d_]")


def key_of(path: Path) -> str:
    return path.relative_to(house.SOURCE).as_posix()


def bare_text(source: str) -> str:
    """A template without what its tags say: what stands there in one language only. Tags leave a sign with no letter."""
    parts, translated, silent = [], 0, 0
    source = re.sub(r"{%\s*block body_class\s*%}[\w -]*{%", "{%", source)  # names of classes, for the style sheet
    for token in Lexer(source).tokenize():
        word = token.contents.split(" ")[0] if token.token_type == TokenType.BLOCK else ""
        translated += (word in {"blocktranslate", "blocktrans"}) - (word in {"endblocktranslate", "endblocktrans"})
        silent += (word == "comment") - (word == "endcomment")
        parts.append(token.contents if token.token_type == TokenType.TEXT and not translated and not silent else "\0")
    return "".join(parts)


def untranslated(source: str, *, is_page: bool) -> list[str]:
    """Words of a template that no translator would ever see."""
    text = re.sub(r"<!--.*?-->", "", bare_text(source), flags=re.DOTALL)
    found: list[str] = []
    if is_page:
        text = re.sub(r"<(script|style)\b.*?</\1\s*>", "", text, flags=re.DOTALL | re.IGNORECASE)
        for name in SPOKEN_ATTRIBUTES:
            found += re.findall(rf'\s{name}\s*=\s*"([^"]*)"', text)
        found += re.findall(r'<input\b[^>]*type="submit"[^>]*\svalue="([^"]*)"', text)
        text = re.sub(r'<[a-zA-Z/!\0](?:[^<>"]|"[^"]*")*>', "\n", text)
    text = re.sub(r"\S*/\S*", "", text)  # addresses
    found += text.split("\n")
    words = [
        re.sub("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))), "", unescape(part)) for part in found
    ]
    return [
        part.replace("\0", "…").strip()
        for part, left in zip(found, words, strict=True)
        if LETTER.search(left.replace("\0", ""))
    ]


@pytest.mark.parametrize("path", [path for path in TEMPLATES if key_of(path) not in NOT_SPOKEN], ids=key_of)
def test_every_word_of_a_page_can_be_translated(path: Path) -> None:
    """English and Spanish from the first string: text stands in `translate` or `blocktranslate`."""
    assert not untranslated(path.read_text(encoding="utf-8"), is_page=path.suffix != ".txt")


INLINE = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "a script in the page": r"<script\b(?![^>]*\ssrc=)",
    "a handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "something from elsewhere": r"<(?:script|link|img|iframe|source|use|object|embed)\b[^>]*\s(?:src|href|data)\s*=\s*[\"']?(?:https?:)?//",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=key_of)
def test_no_page_carries_an_inline_style_or_script(path: Path) -> None:
    """The content policy allows our own files alone."""
    source = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"))
    assert not [what for what, pattern in INLINE.items() if re.search(pattern, source, re.IGNORECASE)]


def test_the_law_sees_what_it_forbids() -> None:
    """Bare words in text and attributes are found; translated ones, names and addresses are not."""
    assert untranslated("<p>Hello</p>", is_page=True) == ["Hello"]
    assert untranslated('<a href="/x" aria-label="Close">{{ name }}</a>', is_page=True) == ["Close"]
    assert untranslated("{{ a }} points", is_page=True) == ["… points"]
    assert not untranslated('<p class="b">{% translate "Hello" %} {{ name }}, 988</p>{# why #}', is_page=True)
    assert not untranslated("{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}", is_page=True)
    assert re.search(INLINE["a handler attribute"], '<a onclick="x()">')
    assert not re.search(INLINE["a handler attribute"], '<a data-on="x" class="one two">')
