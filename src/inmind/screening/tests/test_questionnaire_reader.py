"""A publisher's wording read out of a FHIR Questionnaire: whole, in the order of the form, or with every fault named."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmind.screening.adapters.catalog import shipped
from inmind.screening.errors import BadWording
from inmind.screening.questionnaire_answers import WEIGHTS
from inmind.screening.questionnaire_file import MOST_BYTES, opened, read
from inmind.screening.questionnaire_reader import CALCULATED, HIDDEN, UNSCORED, Outcome, Reading, Told
from inmind.screening.questionnaire_reader import read as read_words
from inmind.screening.questionnaire_texts import LOINC, MOST_FAULTS
from tests.wordings import answer_for_tests, question_for_tests, questionnaire_for_tests

Change = Callable[[dict[str, Any]], Any]
PHQ9 = Path(__file__).parents[5] / "shared/data/fhir_phq9/Questionnaire-phq9.json"
INSTRUMENTS = ("epds", "phq9", "posi", "mchatr", "swycfamily")


def reading(form: dict[str, Any], instrument: str = "epds", told: Told | None = None) -> Reading:
    return read_words(read(json.dumps(form)), shipped()[instrument], told or Told())


def told_of(form: dict[str, Any], instrument: str = "epds", told: Told | None = None) -> list[tuple[str, str]]:
    """Each fault: its place, and its sentences; with no fault there are words, and with one there are none."""
    found = reading(form, instrument, told)
    assert bool(found.faults) != bool(found.words)
    assert all(fault.next_step for fault in found.faults)
    return [(fault.at, fault.in_english()) for fault in found.faults]


def changed(change: Change, instrument: str = "epds") -> dict[str, Any]:
    form = questionnaire_for_tests(instrument)
    change(form)
    return form


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_a_whole_form_comes_in_word_by_word_in_each_language_and_in_its_own_order(instrument: str) -> None:
    """Points stand as the form prints the answers: the worst first where it does so, several alike where the rules say so."""
    known, found = shipped()[instrument], reading(questionnaire_for_tests(instrument), instrument)
    assert found.languages == ("en", "es") and found.faults == found.missing == ()
    for language in found.languages:
        words = found.words[language]
        assert words.before.casefold().startswith(("invented", "instrucciones")) and words.title and words.copyright
        assert [item.key for item in words.items] == [item.key for item in known.items]
        for item, ours in zip(words.items, known.items, strict=True):
            assert (item.text, item.number) == (question_for_tests(ours.number, language), f"{ours.number}.")
            assert [(choice.points, choice.text) for choice in item.choices] == [
                (points, answer_for_tests(ours.number, place, language))
                for place, points in enumerate(ours.from_first, start=1)
            ]


def test_the_phq_9_of_the_national_library_comes_in_whole() -> None:
    """All nine items with their answers; the total and the question that never counts are left out, and told so."""
    if not PHQ9.exists():
        pytest.skip("the example data are not beside the project")
    form = opened(PHQ9.read_bytes())
    found = read_words(form, shipped()["phq9"], Told(language="en"))
    assert not found.faults and [row.outcome for row in found.rows] == [*[Outcome.TAKEN] * 9, *[Outcome.LEFT_OUT] * 2]
    words = found.words["en"]
    assert [item.key for item in words.items] == [f"phq9_{number}" for number in range(1, 10)]
    for item, asked in zip(words.items, form.resource["item"][:9], strict=True):
        assert item.text == asked["text"].strip() and [choice.points for choice in item.choices] == [0, 1, 2, 3]
        assert [choice.text for choice in item.choices] == [
            option["valueCoding"]["display"].strip() for option in asked["answerOption"]
        ]
    assert not words.before, "the file itself holds no instructions"
    unnamed = read_words(form, shipped()["phq9"])
    assert [fault.at for fault in unnamed.faults] == ["language"]
    alone = read_words(form, shipped()["phq9"], Told(only=frozenset({"en"})))
    assert alone.words == found.words, "the one language that was asked for is the file's, where it names none"
    other = read_words(form, shipped()["epds"], Told(language="en"))
    assert not other.words and "44249-1 in LOINC" in other.faults[0].in_english() and len(other.missing) == 10


@given(seed=st.integers(0, 2**32), instrument=st.sampled_from(INSTRUMENTS))
@settings(max_examples=40, deadline=None)
def test_no_order_of_the_file_makes_a_wrong_match_and_no_gap_or_double_goes_unnamed(seed: int, instrument: str) -> None:
    """Whatever is shuffled, each question keeps its own answers and points; whatever is missing or twice is said by its key."""
    chance, known = random.Random(seed), shipped()[instrument]
    form = questionnaire_for_tests(instrument)
    before, *questions = form["item"]
    chance.shuffle(questions)
    form["item"] = [before, *questions]
    words = reading(form, instrument).words["es"]
    assert [item.key for item in words.items] == [one["linkId"] for one in questions]
    for item in words.items:
        ours = known.item(item.key)
        assert item.text == question_for_tests(ours.number, "es")
        assert [choice.points for choice in item.choices] == list(ours.from_first)
    gone = chance.choice(questions)
    form["item"] = [before, *(one for one in questions if one is not gone)]
    lacking = reading(form, instrument)
    assert [item.key for item in lacking.missing] == [gone["linkId"]] and not lacking.words
    form["item"] = [before, *questions, copy.deepcopy(gone)]
    assert f"({gone['linkId']}) stands in the file twice" in str(told_of(form, instrument))
    form["item"] = [before, *questions]
    options = gone["answerOption"]
    chance.shuffle(options)
    found = reading(form, instrument)
    if found.words:  # any order goes where none is known, and each answer keeps its points
        kept = found.words["en"].item(gone["linkId"])
        number = known.item(gone["linkId"]).number
        first = known.item(gone["linkId"]).from_first
        assert {choice.text: choice.points for choice in kept.choices} == {
            answer_for_tests(number, place): points for place, points in enumerate(first, start=1)
        }
    one = chance.choice(options)["extension"][0]
    one["valueDecimal"] = chance.choice([n for n in range(9) if n != one["valueDecimal"]])
    if sorted(option["extension"][0]["valueDecimal"] for option in options) != sorted(first_of(known, gone)):
        assert not reading(form, instrument).words, "no wrong number is ever taken"


NOT_FHIR = (None, True, -1, 1.5, "", "x", "\ud800", [], [1], [[]], {}, {"a": 1}, [{}], {"extension": 7}, [{"url": [7]}])


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_always_told_in_words_and_whatever_comes_in_is_whole(seed: int) -> None:
    """Anything in place of anything, some of it gone: never a failure, and never an answer with other points than its own."""
    chance, known = random.Random(seed), shipped()["epds"]
    form: Any = questionnaire_for_tests("epds")
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice([place for place in places(form) if place])
        holder = form
        for step in way:
            holder = holder[step]
        if chance.random() < 0.7:
            holder[last] = copy.deepcopy(chance.choice(NOT_FHIR))
        else:
            del holder[last]
    try:
        found = reading(form, told=Told(by_position=chance.random() < 0.5))
    except BadWording:
        return
    assert found.faults or found.words
    for fault in found.faults:
        assert fault.in_english().encode() and fault.at
    for words in found.words.values():
        assert {item.key for item in words.items} == {item.key for item in known.items}
        for item in words.items:
            assert tuple(choice.points for choice in item.choices) == known.item(item.key).from_first


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value within a value."""
    yield way
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inside:
        yield from places(one, (*way, step))


def first_of(known: Any, question: dict[str, Any]) -> tuple[int, ...]:
    found: tuple[int, ...] = known.item(question["linkId"]).from_first
    return found


def test_answers_that_are_turned_round_are_refused_and_never_mended() -> None:
    """Item 3 of the EPDS is printed with the worst answer first: a file in which the first counts nothing is wrong."""

    def turn(form: dict[str, Any]) -> None:
        for option in (options := form["item"][3]["answerOption"]):
            option["extension"][0]["valueDecimal"] = options.index(option)

    [(at, said)] = told_of(changed(turn))
    assert at == "item[3].answerOption"
    assert (
        "item 3 count 0, 1, 2, 3" in said and "printed so that they count 3, 2, 1, 0" in said and "Never turn" in said
    )


def bare(form: dict[str, Any]) -> None:
    """No number beside any answer."""
    for question in form["item"][1:]:
        for option in question["answerOption"]:
            del option["extension"]


def test_without_numbers_the_place_counts_only_where_it_is_known_and_somebody_said_so() -> None:
    """EPDS: the order on paper is known. PHQ-9: it was not seen in a source. M-CHAT-R: words, whose order is our own."""
    form = changed(bare)
    assert "the file says ?, ?, ?, ?" in told_of(form)[0][1]
    words = reading(form, told=Told(by_position=True)).words["es"]
    assert [choice.points for choice in words.item("epds_3").choices] == [3, 2, 1, 0]
    assert [choice.points for choice in words.item("epds_1").choices] == [0, 1, 2, 3]
    for key in ("phq9", "mchatr"):
        faults = told_of(changed(bare, key), key, Told(by_position=True))
        assert "In which order" in faults[0][1]
    del form["item"][1]["answerOption"][0]
    assert "the file says ?, ?, ?" in told_of(form, told=Told(by_position=True))[0][1]
    form = changed(bare)
    form["item"][1]["answerOption"][0]["extension"] = [{"url": WEIGHTS[1], "valueDecimal": 0}]
    assert "the file says 0, ?, ?, ?" in told_of(form, told=Told(by_position=True))[0][1], "half by place is none"


def test_points_come_by_the_codes_and_by_the_very_words_of_the_rules_and_must_agree() -> None:
    """LOINC answer codes of the PHQ-9; yes and no of the M-CHAT-R, which count otherwise in item 2."""
    form, known = changed(bare, "phq9"), shipped()["phq9"]
    for question in form["item"][1:]:
        for option, code in zip(question["answerOption"], known.points_of_code, strict=True):
            option["valueCoding"] |= {"system": LOINC, "code": code}
    assert not told_of(form, "phq9")
    form["item"][1]["answerOption"][1]["extension"] = [{"url": WEIGHTS[0], "valueDecimal": 2}]
    [(at, said), *_rest] = told_of(form, "phq9")
    assert at == "item[1].answerOption[1].valueCoding" and "counts 2, 1 at once" in said
    form = questionnaire_for_tests("mchatr", ["en"])
    for question in form["item"][1:]:
        question["answerOption"] = [{"valueString": "Yes"}, {"valueString": "No"}]
    words = reading(form, "mchatr").words["en"]
    assert [[choice.points for choice in words.item(f"mchatr_{number}").choices] for number in (1, 2)] == [
        [0, 1],
        [1, 0],
    ]
    form["item"][1]["answerOption"][0]["extension"] = [{"url": WEIGHTS[0], "valueDecimal": 1}]
    assert "counts 1, 0 at once" in told_of(form, "mchatr")[0][1]


def test_an_answer_of_its_own_for_what_does_not_apply_may_stand_and_counts_the_least() -> None:
    def add(form: dict[str, Any]) -> None:
        form["item"][8]["answerOption"].append(
            {"valueString": "Invented: does not apply", "extension": [{"url": WEIGHTS[0], "valueDecimal": 0}]}
        )

    form = changed(add, "swycfamily")
    found = reading(form, "swycfamily", Told(only=frozenset({"en"}))).words["en"]
    assert [choice.points for choice in found.item("swycfamily_8").choices] == [0, 1, 2, 0]
    assert "not there in es" in told_of(form, "swycfamily")[0][1]
    assert "count 3, 2, 1, 0, 0 in the file" in told_of(changed(add))[0][1]


def into(place: int, **more: Any) -> Change:
    return lambda form: form["item"][place].update(more)


def option(**more: Any) -> Change:
    return lambda form: form["item"][1]["answerOption"][0].update(more)


def coding(**more: Any) -> Change:
    return lambda form: form["item"][1]["answerOption"][0]["valueCoding"].update(more)


def both(*changes: Change) -> Change:
    return lambda form: [change(form) for change in changes]


def nested(depth: int, item: dict[str, Any]) -> dict[str, Any]:
    for _ in range(depth):
        item = {"type": "group", "linkId": "g", "item": [item]}
    return item


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        (lambda form: form.update(status="retired"), "status", "marked this questionnaire as retired"),
        (lambda form: form.update(implicitRules="urn:x"), "implicitRules", "changes what this place means"),
        (into(1, modifierExtension=[]), "item[1].modifierExtension", "changes what this place means"),
        (lambda form: form.update(item="none"), "item", "no list of objects"),
        (lambda form: form.update(code=[{"system": LOINC, "code": "44249-1"}]), "code", "EPDS is 71354-5"),
        (lambda form: form.pop("language"), "language", "does not say in which language"),
        (lambda form: form.update(language="e n"), "language", "does not say in which language"),
        (into(1, linkId=""), "item[1].linkId", "has no linkId"),
        (into(1, linkId="q1"), "item[1]", "question q1 is none that EPDS asks"),
        (into(2, linkId="epds_1"), "item[2]", "Item 1 (epds_1) stands in the file twice"),
        (into(1, type="open-choice"), "item[1].type", "of the type 'open-choice'"),
        (into(1, enableWhen=[{}]), "item[1].enableWhen", "asked after certain answers only"),
        (into(1, repeats=True), "item[1].repeats", "takes several answers at once"),
        (into(1, text=" \u200b"), "item[1].text", "Here is no text"),
        (into(1, text=7), "item[1].text", "Here is no text"),
        (into(1, text="Invented <b>question</b>"), "item[1].text", "marks of a web page"),
        (into(1, text="Invented &lt;question"), "item[1].text", "marks of a web page"),
        (into(1, text="Invented \u202equestion"), "item[1].text", "nobody sees"),
        (into(1, text="Inv\u00adented question"), "item[1].text", "nobody sees"),
        (into(1, text="Invented \x07question"), "item[1].text", "nobody sees"),
        (into(1, text="Invented " * 600), "item[1].text", "more than 5000 letters"),
        (into(1, _text={}), "item[1].text", "not there in es"),
        (into(1, _text=[]), "item[1].text", "not there in es"),
        (into(0, _text={}), "item[0].text", "not there in es"),
        (coding(_display={}), "item[1].answerOption[0].valueCoding.display", "not there in es"),
        (coding(display=""), "item[1].answerOption[0].valueCoding.display", "Here is no text"),
        (coding(display="invented  ANSWER 2 of question 1"), "item[1].answerOption", "Two answers read alike"),
        (option(extension=7), "item[1].answerOption[0].valueCoding.extension", "no list of objects"),
        (option(valueCoding=None, valueInteger=0), "item[1].answerOption[0].valueString", "Here is no text"),
        (
            option(extension=[{"url": WEIGHTS[0], "valueDecimal": 0.5}]),
            "item[1].answerOption[0].valueCoding",
            "counts 0.5",
        ),
        (option(extension=[{"url": WEIGHTS[0], "valueDecimal": 7}]), "item[1].answerOption[0].valueCoding", "counts 7"),
        (
            option(extension=[{"url": WEIGHTS[0], "valueDecimal": True}]),
            "item[1].answerOption[0].valueCoding",
            "is no number",
        ),
        (into(1, answerOption=[]), "item[1].answerOption", "has no answers"),
        (into(1, answerValueSet="urn:x"), "item[1].answerValueSet", "in another file: urn:x"),
        (lambda form: form["item"].append(nested(10, form["item"].pop())), None, "more than 10 deep"),
        (
            into(1, _text={"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation"}]}),
            "item[1]._text",
            "does not say of which language",
        ),
    ],
)
def test_each_fault_has_its_place_and_what_to_do(change: Change, at: str | None, said: str) -> None:
    faults = told_of(changed(change))
    assert [place for place, words in faults if said in words] and (at is None or at in dict(faults))


def test_faults_of_a_file_in_a_bundle_are_told_with_their_place_in_it() -> None:
    form = changed(into(1, enableWhen=[{}]))
    inside = read(json.dumps({"resourceType": "Bundle", "entry": [{"resource": form}]}))
    assert [fault.at for fault in read_words(inside, shipped()["epds"]).faults] == [
        "entry[0].resource.item[1].enableWhen"
    ]


def test_what_somebody_says_of_a_question_is_taken_and_checked() -> None:
    """Another name for an item, a question that is left out; a name that is not there, an item that is none, a contradiction."""
    more = {"linkId": "age", "type": "integer", "text": "Invented age"}
    form = changed(both(into(3, linkId="q3"), lambda form: form["item"].append(more)))
    assert len(told_of(form)) == 3, "two that are not known, one that is missing"
    found = reading(form, told=Told(items={"q3": "epds_3"}, left_out=frozenset({"age"})))
    assert not found.faults and found.rows[-1].outcome is Outcome.LEFT_OUT and found.rows[-1].why
    for wrong, said in (
        (Told(items={"q4": "epds_3"}), "You said that q4 is epds_3"),
        (Told(items={"q3": "epds_33"}), "You said that q3 is epds_33"),
        (Told(items={"q3": "epds_3", "epds_4": "epds_3"}), "epds_4, epds_3 at once"),
        (Told(left_out=frozenset({"nothing"})), "You said that nothing is left out"),
    ):
        assert said in str(told_of(form, told=wrong))
    twice = changed(lambda form: form["item"].append({**more, "readOnly": True, "linkId": "epds_3"}))
    assert "linkId epds_3 stands at 2 questions" in str(told_of(twice))


def test_what_is_reckoned_or_hidden_is_left_out_and_said() -> None:
    """The total by its code, what is worked out, what only a program sees; a hidden heading with all that is in it."""
    total = {"linkId": "t", "type": "decimal", "code": [{"system": LOINC, "code": shipped()["epds"].codes.total}]}
    worked = {"linkId": "w", "type": "decimal", "extension": [{"url": CALCULATED}]}
    hidden = {"extension": [{"url": HIDDEN, "valueBoolean": True}]}
    extra = [
        total,
        worked,
        {"linkId": "h", "type": "string", **hidden},
        {"linkId": "r", "type": "string", "readOnly": True},
        {"type": "group", "text": "Invented for programs", "item": [{"linkId": "never"}], **hidden},
    ]
    found = reading(changed(lambda form: form["item"].extend(extra)))
    assert not found.faults
    assert [(row.link, row.outcome) for row in found.rows[10:]] == [(link, Outcome.LEFT_OUT) for link in "twhr"]
    assert all(row.why for row in found.rows[10:])
    beside = {"linkId": "b", "type": "choice", "code": [{"system": LOINC, "code": shipped()["phq9"].unscored[0].loinc}]}
    assert reading(changed(lambda form: form["item"].append(beside), "phq9"), "phq9").rows[-1].why == UNSCORED


def test_headings_notes_and_what_stands_between_keep_their_place() -> None:
    """Said of each item of a group, so that one that stands alone on a small page still says what it is about."""

    def arrange(form: dict[str, Any]) -> None:
        first, one, two, *rest = form["item"]
        one["item"] = [{"type": "display", "linkId": "n", "text": "Invented note"}]
        between = {"type": "display", "linkId": "b", "text": "Invented words between"}
        inner = {"type": "group", "linkId": "i", "text": "Invented part", "item": [one, between, two]}
        empty = {"type": "display", "linkId": "e"}
        last = {"type": "display", "linkId": "l", "text": "Invented end"}
        rest[0]["prefix"] = "•"
        form["item"] = [
            {"type": "group", "linkId": "o", "text": "Invented week", "item": [first, inner]},
            *rest,
            empty,
            last,
        ]
        del form["title"], form["copyright"]

    found = reading(changed(arrange), told=Told(only=frozenset({"EN"}), language="en-US"))
    assert not found.faults
    words = found.words["en"]
    assert not found.has_no_instructions
    one, two, three = words.items[:3]
    assert (words.before, words.after) == ("Invented instructions for tests only.", "Invented end")
    assert one.heading == two.heading == "Invented week\nInvented part" and not three.heading
    assert (one.before, one.note, two.before, two.note) == ("", "Invented note", "Invented words between", "")
    assert (one.number, three.number) == ("1.", "") and words.copyright == ""
    assert words.title == shipped()["epds"].name


def test_answers_may_stand_in_a_value_set_within_the_file() -> None:
    """Listed one by one, or expanded; each with its text and its number."""

    def move(form: dict[str, Any]) -> None:
        sets = []
        for place, question in enumerate(form["item"][1:]):
            concepts = [{**one["valueCoding"], "extension": one["extension"]} for one in question.pop("answerOption")]
            listed = {"compose": {"include": [{"system": "urn:invented", "concept": concepts}]}}
            shape = listed if place % 2 else {"expansion": {"contains": concepts}}
            sets.append({"resourceType": "ValueSet", "id": f"s{place}", **shape})
            question["answerValueSet"] = f"#s{place}"
        form["contained"] = sets

    form = changed(move)
    assert reading(form).words == reading(questionnaire_for_tests("epds")).words
    form["contained"][1].pop("compose")
    form["contained"][2]["expansion"] = form["contained"][3]["compose"] = "none"
    assert [at for at, _said in told_of(form)] == [f"item[{place}].answerOption" for place in (2, 3, 4)]


def test_languages_are_those_of_the_file_and_only_whole_ones_come_in() -> None:
    form = questionnaire_for_tests("phq9", ["es", "en"])
    assert reading(form, "phq9").languages == ("es", "en")
    assert list(reading(form, "phq9", Told(only=frozenset({"en"}))).words) == ["en"]
    assert "does not hold the language fr" in told_of(form, "phq9", Told(only=frozenset({"fr"})))[0][1]
    assert "says that it is written in es; you said en" in told_of(form, "phq9", Told(language="en"))[0][1]
    del form["item"][9]["_text"]
    assert [at for at, _said in told_of(form, "phq9")] == ["item[9].text"]
    assert not told_of(form, "phq9", Told(only=frozenset({"es"})))
    beside = form["item"][1]["_text"]["extension"]
    for number in range(30):
        beside.append(
            json.loads(json.dumps(beside[0]).replace('"en"', f'"a{chr(97 + number % 26)}{chr(97 + number // 26)}"'))
        )
    assert "holds 32 languages" in str(told_of(form, "phq9"))


def test_of_very_many_faults_the_first_hundred_are_told() -> None:
    form = questionnaire_for_tests("epds")
    form["item"] += [{"linkId": f"q{number}", "type": "choice", "text": "Invented"} for number in range(2_000)]
    found = reading(form)
    assert len(found.faults) == MOST_FAULTS and found.rows[-1].outcome is Outcome.UNKNOWN
    assert len(json.dumps(form)) < MOST_BYTES
