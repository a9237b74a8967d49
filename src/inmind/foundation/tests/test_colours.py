"""Every pair of colors that carries words or meaning can be read: the tokens and the list of pairs stand in `inmind.css`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[1] / "static" / "inmind" / "inmind.css").read_text(encoding="utf-8")
HEAD, _, _ = CSS.partition("*/")
TOKENS_BLOCK = re.search(r":root \{(.*?)\n\}", CSS, re.DOTALL)
assert TOKENS_BLOCK, "the tokens stand in the first :root of inmind.css"
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6});", TOKENS_BLOCK[1]))
PAIRS = [
    (kind, front, back)
    for kind, said in re.findall(r"^\s+(text|mark): (.+?)(?:\s\*/)?$", HEAD + "\n", re.MULTILINE)
    for front, back in re.findall(r"([\w-]+) on ([\w-]+)", said)
]
LEAST = {"text": 4.5, "mark": 3.0}
# Hairlines and washes nobody has to tell apart: what they part is also parted by space or words.
DECORATION = {"line", "gold-line", "sage"}


def luminance(color: str) -> float:
    """Relative luminance of an sRGB color. Source: WCAG 2.2, definition of relative luminance."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_the_one_of_the_standard() -> None:
    """Black on white is 21 to 1, a color on itself 1 to 1, and the gray #767676 just readable on white."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#B9472F", "#B9472F") == 1
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("kind", "front", "back"), PAIRS, ids=lambda part: part)
def test_each_pair_can_be_read(kind: str, front: str, back: str) -> None:
    """Words reach 4.5 to 1, marks and large words 3 to 1."""
    assert contrast(TOKENS[front], TOKENS[back]) >= LEAST[kind]


def test_each_color_belongs_to_a_pair() -> None:
    """A color that is in no pair is decoration, and says so."""
    paired = {name for _, front, back in PAIRS for name in (front, back)}
    assert set(TOKENS) - paired == DECORATION - paired
    assert len(PAIRS) > 30


def test_no_color_is_named_outside_the_tokens() -> None:
    """A color written into a rule would escape the list of pairs."""
    rules = re.sub(r"/\*.*?\*/", "", CSS.replace(TOKENS_BLOCK[0], ""), flags=re.DOTALL)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", rules)
    assert not re.findall(r"\b(?:white|black|red|hsl|oklch|rgba)\b(?!-)", rules)


def test_words_that_bring_their_own_ground_are_in_the_list() -> None:
    """A rule that sets both a color and a ground sets a pair; each such pair is in the list."""
    texts = {(front, back) for kind, front, back in PAIRS if kind == "text"}
    found = set()
    for body in re.findall(r"\{([^{}]*)\}", CSS):
        front = re.search(r"(?<![\w-])color: var\(--([\w-]+)\)", body)
        back = re.search(r"background(?:-color)?: var\(--([\w-]+)\)", body)
        if front and back:
            found.add((front[1], back[1]))
    assert found, "the pattern no longer finds any rule"
    assert found <= texts
