"""A paper is a tagged PDF of what it says and nothing else: every word is a word, whatever it looks like."""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmind.documents import offers
from inmind.documents import paper as papers
from inmind.documents.adapters import typesetter
from inmind.documents.adapters.typesetter import NotMade, pdf_of
from inmind.documents.paper import MOST_LETTERS, Paper, Part, Table, as_data, printable
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import Grade

HOSTILE = (
    *(
        '#include "/etc/passwd"',
        '#import "@preview/x:1.0.0"',
        "$x$ *bold* _i_ `raw` @ref <label> = heading",
        "\\ \\u{41}",
    ),
    *(
        '"))}; #panic("no")',
        "// a comment /* and */ more",
        "https://example.org",
        "- one\n+ two\n/ three: four",
        "'; DROP",
    ),
    *(
        "\u202eesrever\u202c",
        "שלום",
        "مريم",
        "Ñúñez 😀 👩🏽‍🍼 安",
        "o\u0323\u0301 Ш\u0323 م\u0301",
        "a\u200b\u00adb\ufeff",
        "\ue000\U0010fffd",
    ),
)


def paper(*words: str, language: str = "en", lines: int = 2) -> Paper:
    rows = tuple((f"2026-11-{one % 28 + 1:02}", f"Line {one}", "the register") for one in range(lines))
    return Paper(
        title="Release for a court",
        language=language,
        facts=(("To", "Counsel"), *(("What", one) for one in words)),
        parts=(
            Part("Left out", ("Whether or not it is kept.", *words), ("screens", *words)),
            Part("What is told", table=Table(("Day", "What", "Source"), rows, (2, 6, 3))),
        ),
        footer="InMind",
        brackets="Some letters stand in brackets.",
    )


def opened(made: bytes) -> str:
    """A PDF with its packed streams unpacked."""
    found = [made.decode("latin-1")]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            found.append(zlib.decompress(packed).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(found)


def test_a_paper_is_tagged_has_a_title_a_language_headings_and_header_cells_and_names_no_clock() -> None:
    """Read back from its bytes; the same paper is the same bytes."""
    made = pdf_of(paper(language="es"))
    inside = opened(made)
    assert made == pdf_of(paper(language="es")) != pdf_of(paper())
    for said in (
        "/MarkInfo",
        "/StructTreeRoot",
        "/Lang(es)",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/DisplayDocTitle true",
    ):
        assert said.replace(" ", "") in inside.replace(" ", ""), said
    tags = re.findall(r"/S\s?/(\w+)", inside)
    assert (tags.count("H1"), tags.count("TH"), tags.count("TD"), tags.count("L")) == (2, 3, 6, 1)
    assert "Release for a court" in inside  # the file's own title; it has no clock, no author and no name of a file
    assert not re.search(r"/(?:CreationDate|ModDate|Author)|xmp:(?:CreateDate|ModifyDate)", inside)
    assert "AtkinsonHyperlegibleNext" in inside and "/FontFile" in inside


def test_hostile_words_are_only_words() -> None:
    """Commands, marks of direction, other scripts, pictures: printed, or in brackets; never run, never refused."""
    assert pdf_of(paper(*HOSTILE)).startswith(b"%PDF-")


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=60), min_size=40, max_size=80))
def test_any_words_at_all_make_a_paper(words: list[str]) -> None:
    """Also letters that do not fit together in one font, which the stricter second way prints."""
    assert pdf_of(paper(*words)).startswith(b"%PDF-")


@given(st.text())
def test_what_is_printed_holds_every_letter_or_its_name(words: str) -> None:
    """Nothing is lost but what nobody sees; nothing is left that no font holds."""
    said = printable(words, papers._LATIN)
    assert all(letter == "\n" or ord(letter) in papers._LATIN or letter == " " for letter in said)
    letters = [one for one in unicodedata.normalize("NFC", words) if unicodedata.category(one)[0] in "LNPS"]
    assert len(said) >= sum(ord(one) not in papers._PICTURE_MARKS for one in letters)


def test_what_cannot_be_printed_is_said() -> None:
    said = as_data(paper("Ana 😀 安"))
    assert said["facts"][1][1] == "Ana [grinning face] [U+5B89]" and said["brackets"]
    assert as_data(paper("Ana Ñúñez\u2028two"))["brackets"] == ""
    assert as_data(paper("Иван"), strictly=True)["facts"][1][1].startswith("[U+0418]")


def test_every_letter_that_is_said_to_be_printed_is() -> None:
    """Each of them beside the others, so that the table of letters is as true as the fonts."""
    letters = "".join(map(chr, sorted(papers._SHOWN)))
    alone = " ".join(f"o{one}" if unicodedata.category(one).startswith("M") else one for one in letters)
    assert typesetter._typeset(as_data(paper(alone))) is not None


def test_a_paper_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand lines are made; more letters than anybody reads are refused before anything is made of them."""
    assert len(pdf_of(paper(lines=10_000))) > 1_000_000
    for too_long in (paper("x" * MOST_LETTERS), paper(lines=papers.MOST_ROWS * 2)):
        with pytest.raises(BadInput, match="too long"):
            as_data(too_long)
    with pytest.raises(ValueError, match="as many cells"):
        Table(("Day", "What"), (("one",),), (1, 1))
    monkeypatch.setattr(typesetter, "PROGRAM", typesetter.PROGRAM.with_name("nothing.py"))
    with pytest.raises(NotMade):
        pdf_of(replace(paper(), parts=()))
    monkeypatch.setattr(typesetter, "SECONDS", 0)
    with pytest.raises(NotMade):
        pdf_of(paper())


def test_the_doctor_says_whether_papers_can_be_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In full; with brackets, where the typesetter came without its own fonts; or not at all."""
    typeset = typesetter._typeset
    (well,) = offers.papers_are_made()
    assert well.grade is Grade.WELL
    monkeypatch.setattr(typesetter, "_typeset", lambda said: typeset(said) if "[U+" in str(said) else None)
    (brackets,) = offers.papers_are_made()
    assert (brackets.grade, "in brackets" in brackets.says) == (Grade.NOTE, True)
    monkeypatch.setattr(typesetter, "PROGRAM", typesetter.PROGRAM.with_name("gone.py"))
    (hand,) = offers.papers_are_made()
    assert (hand.grade, "run this again" in hand.do) == (Grade.HAND, True)
