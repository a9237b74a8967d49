"""Rows of a file: what is written in, what comes out; the same in SQL as in Python and as one screen scored alone."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmind.screening import answer_rows, scoring
from inmind.screening.adapters.catalog import catalog
from inmind.screening.adapters.duck import NO_FOLDING
from inmind.screening.answer_rows import ID, PROBLEM, RESULTS, ROW, result, rules, wanted, written
from inmind.screening.expression import Row, Value, quoted, run, select
from inmind.screening.file_mapping import FileMapping, by_loinc, plain
from inmind.screening.instruments import Instrument, Item
from inmind.screening.quick_rows import RowScorer
from inmind.screening.tests.test_scoring import some_ages

PHQ9, EPDS = catalog()["phq9"], catalog()["epds"]
MAPPINGS = {
    PHQ9.key: plain(PHQ9).with_codes(PHQ9, {"7": "refused", "9": "unknown", "n/a": "blank"}),
    EPDS.key: by_loinc(EPDS).for_fhir(),
} | {
    one.key: plain(one).with_codes(one, {"n/a": "blank", "r": "refused"})
    for one in catalog().values()
    if one not in (PHQ9, EPDS)
}
EVERY = list(catalog().values())
RULES = {instrument.key: rules(instrument, MAPPINGS[instrument.key]) for instrument in EVERY}
RUN = {key: run(layers) for key, layers in RULES.items()}
QUICK = {instrument.key: RowScorer(instrument, MAPPINGS[instrument.key]) for instrument in EVERY}


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute(NO_FOLDING)
    yield connection
    connection.close()


def row_of(instrument: Instrument, marks: list[str | None], id: str | None = "A1", problem: str | None = None) -> Row:
    items = {written(key): mark for key, mark in zip(wanted(instrument), marks, strict=True)}
    return {ROW: 5, ID: id, PROBLEM: problem, **items}


def outcome(
    instrument: Instrument, marks: list[str | None], mapping: FileMapping | None = None, **more: str | None
) -> dict[str, Value]:
    say = run(rules(instrument, mapping)) if mapping else RUN[instrument.key]
    found = say(row_of(instrument, marks, **more))
    return {name: found[result(name)] for name in RESULTS}


marks = st.one_of(
    st.sampled_from(["0", "1", "2", "3"]),
    st.sampled_from(["yes", "no", "Yes", "NO", "pass", "fail", "not given", "yEs"]),
    st.sampled_from(
        [None, "", " ", "7", "9", "7.0", "n/a", "3.0", "2.00", " 1 ", "asked-declined", "not-asked", "LA6570-1"]
    ),
    st.sampled_from(
        ["4", "-1", "1.5", "x", "true", "1e0", "01", "٣", "=1", 'a"b', "it's", "1,2", "\t1", "\u00a01", "0.000"]
    ),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40),
)
anything = st.none() | st.sampled_from(["", " ", "A1", " A1 "])
mostly = st.integers(0, 9).map(bool)  # a row is rarely nonsense throughout
MONTHS = [*map(str, range(80)), "18.0", " 30 ", "-1", "1.5", "226", "227", "228", "x", "", None]


def sound(item: Item) -> st.SearchStrategy[str | None]:
    """What a file may well hold for this item."""
    return st.sampled_from([*item.written_as, None])


@st.composite
def some_rows(draw: st.DrawFn, instrument: Instrument) -> list[Row]:
    """Rows as files have them: answers, codes, blanks, nonsense; some damaged."""
    rows = []
    for number in range(draw(st.integers(1, 8))):
        each = [draw(sound(item) if draw(mostly) else marks) for item in instrument.items]
        each += [draw(st.sampled_from(MONTHS))] * instrument.needs_age
        problem = draw(st.sampled_from([None, None, None, "This row is damaged."]))
        rows.append({**row_of(instrument, each, draw(anything), problem), ROW: number})
    return rows


@pytest.mark.parametrize("instrument", EVERY, ids=lambda one: one.key)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sql_says_what_python_says_of_every_row(
    database: duckdb.DuckDBPyConnection, data: st.DataObject, instrument: Instrument
) -> None:
    """Answers, codes, blanks and nonsense: every column is the same, the reason to the letter; by the short cut too."""
    rows = data.draw(some_rows(instrument))
    columns = ", ".join(quoted(name) for name in rows[0])
    one = ", ".join(f"CAST(? AS {'BIGINT' if name == ROW else 'VARCHAR'})" for name in rows[0])
    relation = f"(SELECT * FROM (VALUES {', '.join([f'({one})'] * len(rows))}) AS given({columns}))"
    shown = ", ".join(quoted(result(name)) for name in RESULTS)
    query = f"SELECT {shown} FROM {select(RULES[instrument.key], relation)} ORDER BY {quoted(ROW)}"
    by_sql = database.execute(query, [value for row in rows for value in row.values()]).fetchall()
    by_python = [RUN[instrument.key](row) for row in rows]
    assert by_sql == [tuple(found[result(name)] for name in RESULTS) for found in by_python]
    for row, expected in zip(rows, by_sql, strict=True):
        id, number, problem, *each = (row[name] for name in (ID, ROW, PROBLEM, *map(written, wanted(instrument))))
        found = QUICK[instrument.key].row(id, number, each, problem)  # type: ignore[arg-type]
        assert tuple(found[name] for name in RESULTS) == expected


def said(item: Item, points: int | None) -> str | None:
    """Points as a file writes them: as they are, or by their word."""
    if points is None:
        return None
    return item.words[item.from_first.index(points)] if item.words else str(points)


@settings(deadline=None)
@given(st.data(), st.sampled_from(EVERY))
def test_a_row_says_what_its_screen_says_alone(data: st.DataObject, instrument: Instrument) -> None:
    """Points, range, band, flags and subscales of a readable row are those of `scoring`; words are turned round once."""
    answers = {item.key: data.draw(st.none() | st.sampled_from(item.values)) for item in instrument.items}
    ages = data.draw(st.composite(some_ages)(instrument))
    months = [str(ages.used.months)] if ages else []
    row = outcome(instrument, [*(said(item, answers[item.key]) for item in instrument.items), *months])
    screen = scoring.score(instrument, answers, ages)
    parts = [
        f"{part.subscale.key} " + " to ".join(map(str, dict.fromkeys((part.lowest, part.highest))))
        for part in screen.parts
    ]
    assert row["subscales"] == ";".join(parts)
    assert (row["lowest"], row["highest"]) == (screen.lowest, screen.highest)
    assert row["points"] == (screen.points if isinstance(screen, scoring.Scored) else None)
    assert row["status"] == ("scored" if isinstance(screen, scoring.Scored) else "incomplete")
    assert (row["band"], row["flags"]) == (screen.band, ";".join(flag.key for flag in screen.flags))
    assert row["positive"] == {True: "yes", False: "no", None: None}[screen.is_positive]
    assert row["finding"] == screen.finding
    assert all(note.in_english() in str(row["reason"]) for note in screen.notes) or not any(answers.values())


NINE: list[str | None] = ["0"] * 9


def with_marks(**marks: str | None) -> list[str | None]:
    return [marks.get(f"i{number}", mark) for number, mark in enumerate(NINE, start=1)]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param(with_marks(i1="2"), (2, 2, 2, "minimal", "", "scored", "All 9 items answered."), id="all answered"),
        pytest.param(with_marks(i1="3.0", i2=" 1 "), (4, 4, 4, "minimal", "", "scored", "All 9 items answered."), id="a whole number with noughts or spaces is that number"),
        pytest.param(with_marks(i2="LA6571-9"), (3, 3, 3, "minimal", "", "scored", "All 9 items answered."), id="an answer code stands for its points"),
        pytest.param(with_marks(i3="7", i5="9", i7=None), (None, 0, 9, None, "", "incomplete", "3 of 9 items without points: phq9_3 refused, phq9_5 unknown, phq9_7 blank."), id="refused, unknown and blank are no points"),
        pytest.param(with_marks(i3="7", i9="1"), (None, 1, 4, "minimal", "self_harm_any", "incomplete", "1 of 9 items without points: phq9_3 refused."), id="self-harm is flagged beside a blank"),
        pytest.param([None] * 9, (None, 0, 27, None, "", "incomplete", "Nothing was answered."), id="nothing at all"),
        pytest.param(["n/a"] * 9, (None, 0, 27, None, "", "incomplete", "Nothing was answered."), id="a code for blank is blank"),
        pytest.param(["7"] * 8 + [None], (None, 0, 27, None, "", "refused", "9 of 9 items without points: " + ", ".join(f"phq9_{n} refused" for n in range(1, 9)) + ", phq9_9 blank."), id="declined, and no item has points"),
        pytest.param(["9"] * 9, (None, 0, 27, None, "", "incomplete", "9 of 9 items without points: " + ", ".join(f"phq9_{n} unknown" for n in range(1, 10)) + "."), id="not knowing is not declining"),
        pytest.param(with_marks(i1="1.5"), (None, None, None, None, "", "unreadable", 'phq9_1 (low interest) holds "1.5", not 0, 1, 2 or 3.'), id="a fraction"),
        pytest.param(with_marks(i1="8", i2="x" * 50, i9="3"), (None, None, None, None, "self_harm_any", "unreadable", 'phq9_1 (low interest) holds "8", not 0, 1, 2 or 3; phq9_2 (low mood) holds "' + "x" * 24 + '", not 0, 1, 2 or 3.'), id="wrong items are named, long ones cut, and self-harm is flagged all the same"),
    ],
)  # fmt: skip
def test_what_a_row_comes_to(marks: list[str | None], expected: tuple[Value, ...]) -> None:
    """Points, lowest, highest, band, flags, status, reason."""
    row = outcome(PHQ9, marks)
    assert tuple(row[name] for name in RESULTS[2:9]) == expected


def test_seven_without_a_mapping_is_unreadable() -> None:
    """What a number outside the range means is never guessed."""
    row = outcome(PHQ9, with_marks(i1="7"), plain(PHQ9))
    assert (row["status"], row["reason"]) == ("unreadable", 'phq9_1 (low interest) holds "7", not 0, 1, 2 or 3.')


def test_a_code_that_is_written_like_an_answer_is_read_alike() -> None:
    """Whatever a mapping says of it, the short cut takes no word for an answer that the rules do not."""
    mapping = plain(PHQ9).with_codes(PHQ9, {"1.0": "refused"})
    marks = with_marks(i1="1.0")
    assert RowScorer(PHQ9, mapping).row("A1", 5, marks, None) == outcome(PHQ9, marks, mapping)


def test_a_fhir_reason_is_kept_in_its_own_word() -> None:
    """And an answer asked and declined counts as declining."""
    blank: list[str | None] = [*["asked-declined"] * 9, "not-asked"]
    row = outcome(EPDS, blank)
    assert row["status"] == "refused"
    assert "epds_9 asked-declined, epds_10 not-asked. Ask about self-harm thoughts again." in str(row["reason"])


def test_an_epds_without_its_tenth_answer_says_to_ask_again() -> None:
    """Also when nothing was answered."""
    assert (
        outcome(EPDS, ["0"] * 9 + [None])["reason"]
        == "1 of 10 items without points: epds_10 blank. Ask about self-harm thoughts again."
    )
    assert outcome(EPDS, [None] * 10)["reason"] == "Nothing was answered. Ask about self-harm thoughts again."


def test_a_damaged_row_keeps_its_reason_and_its_flag() -> None:
    """What can be read of it still raises a flag; it has no points."""
    row = outcome(PHQ9, with_marks(i9="2", i1="x"), problem="This row is damaged.")
    assert (row["points"], row["lowest"], row["flags"], row["status"], row["reason"]) == (
        None,
        None,
        "self_harm_any",
        "unreadable",
        "This row is damaged.",
    )


@pytest.mark.parametrize(("id", "shown"), [("A1", "A1"), (" A1 ", "A1"), (None, "row 5"), ("  ", "row 5")])
def test_a_row_without_an_id_is_known_by_its_number(id: str | None, shown: str) -> None:
    """So that every row of the result can be found in the file."""
    row = outcome(PHQ9, list(NINE), id=id)
    assert (row["id"], row["row"], row["instrument"]) == (shown, 5, "phq9/2026")


def test_every_status_has_its_word() -> None:
    """Four, and no more."""
    assert [str(status) for status in answer_rows.Status] == ["scored", "incomplete", "refused", "unreadable"]


MCHATR, FOLLOW_UP = catalog()["mchatr"], catalog()["mchatrf"]


def test_a_yes_counts_where_yes_is_the_at_risk_answer() -> None:
    """Items 2, 5 and 12 of the M-CHAT-R; in the others it is no. All yes are three, all no are seventeen."""
    assert outcome(MCHATR, ["yes"] * 20)["points"] == 3
    assert outcome(MCHATR, ["No"] * 20)["points"] == 17


def test_a_bare_number_is_no_answer_in_words() -> None:
    """Nobody can tell whether 1 is a yes or a risk: the row says what it holds, and nothing is guessed."""
    row = outcome(MCHATR, ["1", *["yes"] * 19])
    assert (row["status"], row["points"]) == ("unreadable", None)
    assert row["reason"] == 'mchatr_1 (follows point) holds "1", not yes or no.'


@settings(deadline=None)
@given(st.sets(st.integers(1, 20), min_size=3, max_size=7), st.data())
def test_a_follow_up_in_a_file_is_that_of_the_items_it_gave(numbers: set[int], data: st.DataObject) -> None:
    """What says `not given` counts nothing; the rest comes to what the screen alone comes to."""
    given_items = FOLLOW_UP.only([f"mchatrf_{number}" for number in numbers])
    answers = {item.key: data.draw(st.sampled_from(item.values)) for item in given_items.items}
    marks = [said(item, answers[item.key]) if item.key in answers else "not given" for item in FOLLOW_UP.items]
    row, screen = outcome(FOLLOW_UP, marks), scoring.score(given_items, answers)
    assert isinstance(screen, scoring.Scored)
    assert (row["points"], row["band"], row["status"]) == (screen.points, screen.band, "scored")


def test_an_item_of_a_follow_up_that_is_empty_is_a_blank() -> None:
    """It is not taken for one that was not given: the row stays incomplete, without a band."""
    row = outcome(FOLLOW_UP, ["fail", "fail", None, *["not given"] * 17])
    assert (row["status"], row["lowest"], row["highest"], row["band"]) == ("incomplete", 2, 3, None)
    wrong = outcome(FOLLOW_UP, ["maybe", *["not given"] * 19])
    assert wrong["reason"] == 'mchatrf_1 (follows point) holds "maybe", not pass, fail or not given.'


def test_a_total_that_its_publisher_writes_otherwise_says_how() -> None:
    """The points are the plain sum, so that nothing is rounded."""
    row = outcome(catalog()["epds3"], ["1", "1", "1"])
    assert (row["points"], row["band"]) == (3, "positive")
    assert row["reason"] == "All 3 items answered. Published as the points x 10 / 3, of 30."
