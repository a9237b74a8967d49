"""What a paper holds: title, facts of its face, parts with lines and tables. Pure; how it looks is the typesetter's.

Nothing in it is markup. Every word travels as data into a template of our own (`adapters/paper.typ`), so that a name that
looks like a command is printed as a name. What the fonts cannot print stands in brackets, by its name or its number: a
paper that says less than it should is worse than one with a bracket.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

MOST_LETTERS = 1_000_000  # ours: some hundred pages; more is a paper that nobody reads
MOST_ROWS = 20_000  # ours


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with a heading each, and rows of as many cells; widths: how the columns share the line."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        cells = {len(self.columns), len(self.widths), *map(len, self.rows)}
        if len(cells) != 1 or not self.columns:
            raise ValueError("a table has as many cells in each row as it has columns")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of ours, of a part or at the end of a paper, such as a code that a phone reads. svg: made by us, of plain letters;
    alt: what it says to who does not see it; caption: how it is read, below it."""

    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it, in this order: paragraphs, items of a list, a table, a drawing of it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: Table | None = None
    drawing: Picture | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. title: also the file's own, so it names nobody; language: of its words, such as "es"; facts: labels with
    their words, at its head; footer: below each page; brackets: said at the end where a character could not be printed; honored:
    whose name stands large, on what somebody hangs on a wall."""

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    footer: str
    brackets: str = ""
    picture: Picture | None = None
    honored: str = ""


def as_data(paper: Paper, *, strictly: bool = False) -> dict[str, Any]:
    """A paper as the template reads it. strictly: with the letters of our own font alone, where others did not fit together.

    Raises BadInput for one that is too long.
    """
    said = asdict(paper)
    check_size(said)
    shown = _LATIN if strictly else _SHOWN
    printed: dict[str, Any] = _printed(said, shown)
    if printed == _printed(said, None):
        printed["brackets"] = ""
    return printed


def check_size(said: Any) -> None:
    """Raises BadInput for what is longer than anybody reads, before anything is made of it."""
    letters = rows = 0
    for words in _words_in(said):
        letters, rows = letters + len(words), rows + 1
    if letters > MOST_LETTERS or rows > 4 * MOST_ROWS:
        raise BadInput(
            N_("This paper would be too long."),
            N_("Choose fewer kinds of facts or fewer days, and make two papers of it."),
            field="facts_since",
        )


def _words_in(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for one in said.values():
            yield from _words_in(one)
    elif isinstance(said, list | tuple):
        for one in said:
            yield from _words_in(one)


def _printed(said: Any, shown: frozenset[int] | None) -> Any:
    """The same with words that can be printed. shown: which letters can; None: every one that is a letter at all."""
    if isinstance(said, str):
        return printable(said, shown)
    if isinstance(said, dict):
        return {name: _printed(one, shown) for name, one in said.items()}
    if isinstance(said, list | tuple):
        return [_printed(one, shown) for one in said]
    return said


def printable(words: str, shown: frozenset[int] | None) -> str:
    """Words as they are printed: composed, without marks that nobody sees, and with a name in brackets for what no font of
    ours holds."""
    return "".join(_letters(unicodedata.normalize("NFC", words), shown))


def _letters(words: str, shown: frozenset[int] | None) -> Iterator[str]:
    for letter in words:
        kind = unicodedata.category(letter)
        if letter == "\n" or kind in {"Zl", "Zp"}:
            yield "\n"
        elif kind in {"Cc", "Zs"}:
            yield letter if letter == "\N{NO-BREAK SPACE}" else " "
        elif kind == "Cf" or ord(letter) in _PICTURE_MARKS:
            continue  # joins, directions and the colors of pictures
        elif shown is None or ord(letter) in shown:
            yield letter
        else:
            yield _bracketed(letter, kind)


def _bracketed(letter: str, kind: str) -> str:
    name = unicodedata.name(letter, "").lower() if kind == "So" else ""
    return f"[{name or f'U+{ord(letter):04X}'}]"


def _ranges(said: str) -> Iterable[int]:
    for one in said.split():
        first, _dash, last = one.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _letters_of(said: Sequence[str]) -> frozenset[int]:
    return frozenset(number for some in said for number in _ranges(some))


_PICTURE_MARKS = frozenset((*_ranges("fe00-fe0f"), *_ranges("1f3fb-1f3ff"), 0x20E3))
# What our font holds (Atkinson Hyperlegible Next 2.001, its table of characters).
_LATIN = _letters_of(
    (
        "20-7e a0-ac ae-b4 b6-107 10a-113 116-11b 11e-123 126-127 12a-12b 12e-133 136-137 139-13e 141-148 150-155",
        "158-15b 15e-165 16a-16b 16e-17e 192 218-21b 237 2c6-2c7 2c9 2d8-2dd 394 3a9 3bc 3c0 1e80-1e85 1e9e",
        "1ef2-1ef3 2009 2013-2014 2018-201a 201c-201e 2020-2022 2026 2030 2039-203a 2044 20ac 20b9 2113 2122 212e",
        "2202 220f 2211-2212 2215 2219-221a 221e 222b 2248 2260 2264-2265 25ca 266a",
    )
)
# And what the typesetter's own fonts hold besides, of the scripts in which names are written here; a test prints each.
_SHOWN = _LATIN | _letters_of(
    (
        "ae-377 37a-37f 384-38a 38c 38e-3a1 3a3-484 487-4ff 510-513 51a-51d 5b0-5c7 5d0-5ea 5ef-5f4",
        "60c 615 61b 61f 621-63a 640-64a 660-66d 674 679-67b 67e-680 683-684 686-687 691 698 6a4 6a9 6af 6be 6cc",
        "6f0-6f9 1e00-1eff 2010-2027 2030-2040 2044-2052 2070-2071 2074-208e 20a0-20c0 2190-21ff 2200-22ff 25a0-25ff",
    )
)
