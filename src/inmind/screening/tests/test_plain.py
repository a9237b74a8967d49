"""Results in plain words: short, kind, never a diagnosis."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from inmind.screening import plain
from inmind.screening.adapters.catalog import catalog
from inmind.screening.instruments import Instrument

EVERY = {name: words for name, words in vars(plain).items() if name.isupper() and isinstance(words, str)}
NEVER = (
    *("fail", "refus", "non-compliant", "positive", "negative", "risk", "abnormal", "disorder", "depress", "autis"),
    *("score", "points", "test", "you have", "suffer", "patient"),
)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text, syllables counted by their vowels."""
    words = re.findall(r"[A-Za-z]+", text.replace("%(child)s", "Mia"))
    sentences = max(1, len(re.findall(r"[.!?:]", text)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("name", EVERY)
def test_a_child_of_grade_six_could_read_it(name: str) -> None:
    """Each passage by itself."""
    assert grade(EVERY[name]) <= 6.0


@pytest.mark.parametrize("name", EVERY)
def test_no_word_judges_or_names_an_illness(name: str) -> None:
    """`protect.md` 11; and a screen is no diagnosis, which is the only place where that word stands."""
    said = EVERY[name].lower()
    assert not [word for word in NEVER if word in said]
    assert ("diagnosis" in said) == (name == "NOT_A_DIAGNOSIS")


ON_PAGES = [one for one in catalog().values() if one.fits_a_page]


@pytest.mark.parametrize("instrument", ON_PAGES, ids=lambda one: one.key)
def test_each_band_has_words_of_its_own(instrument: Instrument) -> None:
    """Every band of our instruments is said; never as a diagnosis; and a worry is always enough (`protect.md` 12)."""
    for band in instrument.bands:
        said = plain.sentences(instrument, band.code, is_finished=True, is_crisis=False)
        assert len(said) == 3
        assert said[1:] == (plain.NOT_A_DIAGNOSIS, plain.WORRY)
        assert ("%(child)s" in said[0]) == instrument.is_about_a_child


def test_a_result_that_counts_as_positive_is_worth_a_closer_look_in_these_words() -> None:
    """The words follow the default cut-off: below it calm, from it on a closer look."""
    for instrument in ON_PAGES:
        cutoffs = [cutoff.value for cutoff in instrument.cutoffs if cutoff.by_default]
        for band in instrument.bands if cutoffs else ():
            said = " ".join(plain.sentences(instrument, band.code, is_finished=True, is_crisis=False))
            assert ("worth a closer look" in said) == (band.low >= min(cutoffs)), (instrument.key, band.code)


def test_without_a_band_it_speaks_by_whether_it_counts() -> None:
    """The BPSC has parts and no total; an ACE count says nothing of one person; what is open is said to be open."""
    bpsc, ace10 = catalog()["bpsc"], catalog()["ace10"]

    def first(instrument: Instrument, *, band: str = "", is_finished: bool = True, is_positive: bool | None) -> str:
        return plain.sentences(instrument, band, is_finished=is_finished, is_crisis=False, is_positive=is_positive)[0]

    assert first(bpsc, is_positive=True) == plain.CHILD_WORTH_A_LOOK
    assert first(bpsc, is_positive=False) == plain.CHILD_CALM
    assert first(catalog()["swycfamily"], is_positive=True) == plain.TALK
    assert first(bpsc, is_finished=False, is_positive=False) == plain.CHILD_UNFINISHED
    assert first(ace10, band="high", is_positive=None) == plain.NOT_A_DIAGNOSIS


def test_an_unfinished_screen_is_said_to_be_fine() -> None:
    """No band, no verdict: questions were left open."""
    epds, mchatr = catalog()["epds"], catalog()["mchatr"]
    assert plain.sentences(epds, "", is_finished=False, is_crisis=False)[0] == plain.UNFINISHED
    assert plain.sentences(mchatr, "", is_finished=False, is_crisis=False)[0] == plain.CHILD_UNFINISHED


def test_a_crisis_comes_first_and_nothing_calm_stands_beside_it() -> None:
    """However low the total."""
    epds = catalog()["epds"]
    said = plain.sentences(epds, "below_cutoff", is_finished=True, is_crisis=True)
    assert said == (plain.CRISIS, plain.NOT_A_DIAGNOSIS)
    assert plain.sentences(epds, "probable_depression", is_finished=True, is_crisis=True)[1] == plain.CLOSER_LOOK_SOON


def test_a_band_that_is_not_known_here_is_said_to_be_neither_good_nor_bad() -> None:
    """A network's own instrument brings its own bands; only what is true of all is said."""
    theirs = replace(catalog()["epds"], key="theirs")
    said = plain.sentences(theirs, "amber", is_finished=True, is_crisis=False)
    assert said == (plain.NOT_A_DIAGNOSIS, plain.WORRY)
    assert plain.sentences(theirs, "", is_finished=True, is_crisis=False) == said
