"""Hand-outs are our own words, whole in both languages, safe to print, and refused with file, line and reason where they are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from inmind import services
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog
from inmind.services.adapters.handouts import handouts
from inmind.services.plans import handout, handout_file
from inmind.services.plans.handout import AGES, Handout, Whom, Worry

WHOLE = (Path(services.__file__).parent / "catalog/handouts/crying.yaml").read_text(encoding="utf-8")
EVERY = [pytest.param(one, id=key) for key, one in handouts().items()]


@pytest.mark.parametrize("one", EVERY)
def test_each_is_whole_in_both_languages(one: Handout) -> None:
    """As many things to try and the same people to call; some of it warm, none of it a command to measure anything."""
    english, spanish = one.words["en"], one.words["es"]
    assert len(english.says) == len(spanish.says) and len(english.try_this) == len(spanish.try_this) >= 4
    assert [call.whom for call in english.calls] == [call.whom for call in spanish.calls]
    for words in (english, spanish):
        assert handout.FEWEST <= words.count <= handout.MOST
        said = " ".join((words.first, *words.says, *words.try_this, *(call.when for call in words.calls)))
        assert not re.search(r"\d", said), "no number stands in a hand-out: no dose, no temperature, no score"
        assert not re.search(r"fail|non-compl|refus|should have|bad parent|mal[oa] madre", said, re.IGNORECASE)
        assert not words.is_reviewed


@pytest.mark.parametrize("one", EVERY)
def test_the_english_is_short_enough_to_read_on_a_hard_day(one: Handout) -> None:
    words = one.words["en"]
    sentences = [
        sentence for part in (words.first, *words.says, *words.try_this) for sentence in re.split(r"(?<=[.?!])\s", part)
    ]
    counts = [len(sentence.split()) for sentence in sentences]
    assert max(counts) <= 28 and sum(counts) / len(counts) <= 13


def test_every_worry_has_one_and_danger_leads_to_somebody_at_once() -> None:
    assert {one.worry for one in handouts().values()} == set(Worry)
    assert len(handouts()) >= 14
    low, crying = handouts()["when-you-feel-low"].words["en"], handouts()["crying"].words["en"]
    assert [call.whom for call in low.calls[:2]] == [Whom.HELP_LINES, Whom.EMERGENCY]
    assert any("Never shake" in said for said in crying.says)


def test_they_are_found_by_worry_and_by_age() -> None:
    every = handouts().values()
    assert {one.key for one in handout.chosen(every, worry="sleep", age="0")} == {"sleep-first-months"}
    assert {one.key for one in handout.chosen(every, age="before")} == {"before-birth", "when-you-feel-low"}
    assert [one.worry for one in handout.chosen(every)] == sorted((one.worry for one in every), key=list(Worry).index)
    assert all(handout.chosen(every, age=age) for age in AGES)
    assert handouts()["crying"].said("fr").title == handouts()["crying"].words["en"].title


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(("\nes:", "\nfr:"), "is not known here|missing", id="no Spanish"),
        pytest.param(("key: crying", "key: Crying Baby"), "small letters", id="a key that is no address"),
        pytest.param(("worry: crying", "worry: howling"), "howling", id="a worry that nobody has"),
        pytest.param(("to_month: 6", "to_month: 0"), "ages are whole months", id="ages the wrong way round"),
        pytest.param(("to_month: 6", "to_month: 90"), "up to 72", id="ages of somebody grown"),
        pytest.param(("this is hard, and it will pass", "give 5 ml before bed"), "names no dose", id="a dose"),
        pytest.param(("Say it aloud", "Say it aloud " + "again " * 60), "between 150 and 260", id="more than a page"),
        pytest.param(("whom: emergency", "whom: the_priest"), "the_priest", id="somebody whom we do not know"),
        pytest.param(("reviewed: {en: null, es: null}", "reviewed: {en: '', es: null}"), "words", id="read by nobody"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(change: tuple[str, str], reason: str) -> None:
    assert change[0] in WHOLE
    with pytest.raises(BadCatalog) as refusal:
        handout_file.load(loading.parse(WHOLE.replace(*change, 1), "ours.yaml"))
    assert refusal.value.file == "ours.yaml" and refusal.value.line >= 1
    assert re.search(reason, refusal.value.reason)


def test_a_hand_out_that_calls_nobody_is_refused() -> None:
    before = WHOLE[: WHOLE.index("  call:")]
    spanish = WHOLE[WHOLE.index("\nes:") :]
    with pytest.raises(BadCatalog, match="when to call whom"):
        handout_file.load(loading.parse(f"{before}  call: []{spanish}", "ours.yaml"))


def test_a_named_review_is_kept() -> None:
    text = WHOLE.replace("reviewed: {en: null, es: null}", "reviewed: {en: Dr. Ada Lund, es: null}")
    words = handout_file.load(loading.parse(text, "ours.yaml")).words
    assert (words["en"].is_reviewed, words["es"].is_reviewed) == (True, False)


def test_a_network_lays_its_own_over_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "services" / "handouts"
    home.mkdir(parents=True)
    (home / "crying.yaml").write_text(WHOLE.replace("by: InMind", "by: Coastal Network"), encoding="utf-8")
    monkeypatch.setenv("INMIND_CATALOG_DIR", str(tmp_path))
    handouts.cache_clear()
    try:
        assert handouts()["crying"].by == "Coastal Network"
        assert handouts()["tantrums"].by == "InMind"
    finally:
        monkeypatch.undo()
        handouts.cache_clear()


# Its pages


@pytest.mark.django_db
def test_anybody_finds_and_prints_a_hand_out_in_both_languages() -> None:
    visitor = Client()
    shelf = visitor.get(reverse("handouts"), {"worry": "crying"}).content.decode()
    assert reverse("handout", args=["crying"]) in shelf and reverse("handout", args=["screens"]) not in shelf
    english = visitor.get(reverse("handout", args=["crying"])).content.decode()
    assert "When your baby cries and cries" in english and "<svg" in english and "911" in english
    spanish = visitor.get(reverse("handout", args=["crying"]), {"in": "es"}).content.decode()
    assert 'lang="es"><h1>Cuando su bebé llora y llora' in spanish
    both = visitor.get(reverse("handout", args=["crying"]), {"both": ""}).content.decode()
    assert "When your baby cries and cries" in both and "Cuando su bebé llora y llora" in both
    assert visitor.get(reverse("handout", args=["nothing"])).status_code == 404
    empty = visitor.get(reverse("handouts"), {"worry": "expecting", "age": "36"}).content.decode()
    assert "Nothing is written for this yet" in empty
