"""The tables that this house loaded: used from the next request on, named by what was made with them, withdrawn, never gone."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.access.actors import operator
from inmind.families.ages import Ages
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow, Refused, Taken
from inmind.foundation.registries import Grade
from inmind.foundation.values import Age
from inmind.screening import actions, house_tables, scoring
from inmind.screening.adapters import catalog as installed
from inmind.screening.adapters.catalog import catalog, recorded, shipped
from inmind.screening.commands import tables as command
from inmind.screening.instruments import Catalog
from inmind.screening.models import Screen, StewardTable
from tests import make
from tests.screening_tables import HEADING, LICENCE, row

pytestmark = pytest.mark.django_db
KEY, DAY = "swycmilestones", date(2026, 11, 1)
BY = operator("tables")


def loaded(edition: str, text: str, before: int = 0, instrument: str = KEY) -> StewardTable:
    return house_tables.load(BY, instrument=instrument, edition=edition, dated=DAY, table=text, before=before)


@contextmanager
def a_request() -> Iterator[None]:
    """What one request sees, in whichever process. Django's own listeners would close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        request_started.send(None)
        yield
        request_finished.send(None)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def band(edition: str, months: int, points: int) -> str | None:
    instrument = catalog().of(KEY, edition)
    assert instrument is not None
    answers = {item.key: 1 if item.number <= points else 0 for item in instrument.items}
    return scoring.score(instrument, answers, Ages(Age(months, 0))).band


def test_the_part_of_a_battery_is_read_by_the_table_and_says_so() -> None:
    """Milestones at 18 months: by our number before, by the official one after, which says what ours was; what stood
    before stays, and names no table."""
    luz = make.make_worker()
    make.make_on_call()
    family = make.make_family(luz, age_months=18)

    def answered(points: int) -> Screen:
        with a_request():
            screen = actions.begin(
                luz.actor,
                episode=family.episode,
                subject=family.dyad.child,
                instrument=catalog().named(KEY),
                on=clock.today(make.ZONE),
                informant=family.adult,
                form="18",
            )
        used = catalog().of(KEY, screen.edition)
        assert used is not None
        answers = {item.key: 1 if item.number <= points else 0 for item in used.items}
        return actions.finish(luz.actor, screen=screen, answers=answers)

    before = answered(9)
    loaded("teamup", HEADING + row(18, 9))
    after = answered(9)
    assert [(one.edition, one.band) for one in (before, after)] == [
        ("2026", "appears_to_meet_expectations"),
        ("2026+teamup", "needs_review"),
    ]
    pages = [luz.client.get(f"/screens/{one.pk}/").content.decode() for one in (before, after)]
    for words in ("with the table teamup over it", "where InMind knows 8 (Kentucky"):
        assert [words in page for page in pages] == [False, True]
    house_tables.withdraw(
        BY, table=StewardTable.objects.get(), since=clock.today(make.ZONE), why="A page was left out."
    )
    for where in (f"/screens/{after.pk}/", f"/screens/{after.pk}/history/"):
        assert "A page was left out. (as the data steward said)" in luz.client.get(where).content.decode()
    assert house_tables.uses(StewardTable.objects.get()) == 1


def test_a_withdrawn_table_is_said_on_what_was_made_with_it_and_counted_for_its_steward() -> None:
    """On the result and beside its versions, and for a licensed tool's; the steward reads their number, and of no family."""
    steward, family = make.make_worker("data_steward"), make.make_family(age_months=12)
    table = loaded(
        "ruth-2026", f"form,scale,cut_off,source,licence\n12,total,50,{LICENCE},{LICENCE}\n", instrument="asqse2"
    )
    where = reverse("recorded_new", args=[family.episode.pk, family.child.pk, "asqse2"])
    today = clock.today(make.ZONE)
    typed = {"key": "k", "on": today.isoformat(), "form": "12", "informant": str(family.adult.pk), "scale_total": "70"}
    client = family.by.client
    result = client.post(where, typed)["Location"]
    page = client.get(result).content.decode()
    assert "worth a closer look" in page and "withdrawn" not in page
    house_tables.withdraw(steward.actor, table=table, since=today, why="Its numbers were of another form.")
    said = f"which was withdrawn on {clock.day(today)}: Its numbers were of another form. (as the data steward said)"
    assert said in client.get(result).content.decode()
    own = steward.client.get(reverse("table", args=[table.pk])).content.decode()
    assert "Results that were made with it</dt><dd>1." in own and family.child.given_name not in own


def test_a_table_is_used_from_the_next_request_on_and_earlier_results_stay() -> None:
    """A request that has begun goes on by what it saw; each edition keeps its numbers, whichever is used now."""
    with a_request():
        assert catalog().named(KEY).edition == "2026"
        first = loaded("one", HEADING + row(24, 9))
        assert catalog()[KEY].edition == "2026"
    with a_request():
        assert catalog().named(KEY).edition == "2026+one"
        loaded("two", HEADING + row(24, 11), before=1)
    with a_request():
        assert catalog()[KEY].edition == "2026+two"
        assert [band(edition, 24, 10) for edition in ("2026", "2026+one", "2026+two")] == [
            None,
            "appears_to_meet_expectations",
            "needs_review",
        ]
        assert catalog().of(KEY, "2026+nine") is None and catalog().of(KEY, "2025") is None
    assert catalog()[KEY].edition == "2026", "outside of a request there may be no database"
    assert band("2026+one", 24, 9) == "needs_review", "what was made with a table is read anywhere"
    assert house_tables.standing(first, house_tables.last_of(KEY)) == house_tables.Standing.REPLACED


def test_the_tables_are_asked_once_a_request_and_only_where_one_can_matter() -> None:
    """However many results are read; and not at all for an instrument that takes none."""
    loaded("one", HEADING + row(24, 9))
    band("2026+one", 24, 9)
    with a_request(), CaptureQueriesContext(connection) as asked:
        assert catalog()["phq9"] and catalog().of("epds", "2026") is not None and recorded()["decai"]
        assert len(asked) == 0
        for _ in range(5):
            assert [one.edition for one in catalog().values() if one.key == KEY] == ["2026+one"]
            assert recorded()["asq3"].edition == "2026"
            assert band("2026+one", 24, 9) == "needs_review"
        assert len(asked) == 1


def test_a_licensed_table_is_used_in_the_same_way() -> None:
    text = f"form,scale,cut_off,source,licence\n24,communication,25.17,table 3,{LICENCE}\n"
    loaded("brookes", text, instrument="asq3")
    with a_request():
        tool = recorded()["asq3"]
        assert tool.edition == "2026+brookes" and tool.scale("communication").cutoffs.keys() == {"12", "24", "36"}
        assert recorded().of("asq3", "2026+brookes") is tool and recorded().of("asq3", "1999") is None
        assert (found := recorded().of("asq3", "2026")) and found.scale("communication").cutoffs.keys() == {"12", "36"}


def test_a_withdrawn_table_makes_no_new_result_and_no_earlier_one_comes_back() -> None:
    """From its day on, and with a reason; what was made with it keeps its numbers."""
    today = clock.today(make.ZONE)
    loaded("one", HEADING + row(24, 9))
    table = loaded("two", HEADING + row(24, 11), before=1)
    for since, why, said in ((today - timedelta(1), "wrong", "has passed"), (today, " .", "reason is missing")):
        with pytest.raises(BadInput, match=said):
            house_tables.withdraw(BY, table=table, since=since, why=why)
    table = house_tables.withdraw(BY, table=table, since=today + timedelta(36500), why="A page was left out")
    table = house_tables.withdraw(
        BY, table=table, since=today + timedelta(2), why="A page was left out; the year was wrong"
    )
    with a_request():
        assert catalog()[KEY].edition == "2026+two"
    later = clock.now() + timedelta(days=3)
    with clock.at(later), a_request():
        assert catalog()[KEY].edition == "2026" and band("2026+two", 24, 11) == "needs_review"
        assert house_tables.standing(table, table) == house_tables.Standing.WITHDRAWN
        with pytest.raises(NotNow, match="withdrawn already"):
            house_tables.withdraw(BY, table=table, since=today + timedelta(4), why="Again")


def test_a_table_rests_when_another_edition_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was checked against the rules below it, and is not laid over others by itself."""
    table = loaded("one", HEADING + row(24, 9))
    assert not list(house_tables.lie_over_what_ships())
    newer = replace(shipped()[KEY], edition="2027")
    monkeypatch.setattr(installed, "shipped", lambda: Catalog([shipped()[KEY], newer]))
    assert house_tables.standing(table, table) == house_tables.Standing.RESTS
    assert house_tables.as_used(newer, table) is newer
    [found] = house_tables.lie_over_what_ships()
    assert "one (swycmilestones, over edition 2026)" in found.says and found.grade is Grade.HAND
    monkeypatch.setattr(installed, "shipped", lambda: Catalog([newer]))
    assert house_tables.laid(table) is None, "and what was made with it says that its rules are not here"


def test_what_cannot_be_loaded_is_refused_in_words() -> None:
    """Its name is taken, it is dated tomorrow, nothing is new, or another one was loaded since somebody looked."""
    good = HEADING + row(24, 9)
    loaded("one", good)
    for edition, text, dated, before, said in (
        ("one", good, DAY, 1, "called one was loaded already"),
        ("two", good, clock.today(make.ZONE) + timedelta(2), 1, "lies in the future"),
        ("two", HEADING + row(18, 8), DAY, 1, "Nothing in this table is new"),
        ("t w o", good, DAY, 1, "cannot name a table"),
        ("two", good, DAY, 0, "after you looked"),
    ):
        with pytest.raises((BadInput, NotNow), match=said):
            house_tables.load(BY, instrument=KEY, edition=edition, dated=dated, table=text, before=before)
    assert StewardTable.objects.count() == 1


def test_two_who_load_in_the_same_moment_do_not_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look before saving saw nothing, and the database held the line."""
    loaded("one", HEADING + row(24, 9))
    monkeypatch.setattr(house_tables, "last_of", lambda _key: None)
    with pytest.raises(Taken, match="Somebody saved the same"):
        loaded("two", HEADING + row(24, 11))
    assert StewardTable.objects.count() == 1


def test_a_second_click_finds_the_first_ones_table() -> None:
    named = {"instrument": KEY, "edition": "one", "dated": DAY, "table": HEADING + row(24, 9), "before": 0}
    first = house_tables.load(BY, key="k", **named)
    assert house_tables.load(BY, key="k", **named) == first
    with pytest.raises(KeyReused):
        house_tables.load(BY, key="k", **named | {"edition": "two"})


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["administrator", "home_visitor", "clinician", "agency_supervisor"])
def test_only_the_data_steward_loads_and_withdraws(role: str) -> None:
    """Whoever serves families makes no rule for their results; the administrator sees which there are."""
    table = loaded("one", HEADING + row(24, 9))
    other = make.make_worker(role).actor
    with pytest.raises(Refused, match="Only the data steward"):
        house_tables.load(other, instrument=KEY, edition="x", dated=DAY, table=HEADING + row(25, 9), before=1)
    with pytest.raises(Refused, match="Only the data steward"):
        house_tables.withdraw(other, table=table, since=clock.today(make.ZONE), why="No")


def test_a_table_is_loaded_listed_and_withdrawn_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked before it is loaded; the list names what is still unknown, who loaded which, and how it stands."""
    make.make_network()
    monkeypatch.setattr(command, "_open_house", lambda: None)
    parser = argparse.ArgumentParser()
    command.configure(parser)

    def run(*words: str) -> tuple[int, str]:
        code = command.run(parser.parse_args(words))
        return code, capsys.readouterr().out

    file = tmp_path / "table.csv"
    file.write_text(HEADING + row(24, 9), encoding="utf-8")
    load = ("load", str(file), "--instrument", KEY, "--edition", "one", "--dated", "2026-11-01")
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    for _ in ("no", "nobody is there"):
        assert run(*load)[0] == 1 and not StewardTable.objects.exists()
    monkeypatch.setattr("builtins.input", lambda _asked: "y")
    assert run(*load)[0] == 0 and StewardTable.objects.get().by is None
    file.write_text(HEADING + row(24, 9) + row(60, 9) + row(25, 9), encoding="utf-8")
    code, said = run(*("two" if word == "one" else word for word in load), "--yes")
    assert code == 1 and "The table one was loaded before" in said and "Unknown again" not in said
    file.write_text(HEADING + row(25, 10), encoding="utf-8")
    said = run(*("three" if word == "one" else word for word in load), "--yes")[1]
    assert "With another number: 25: 9 → 10." in said and "Unknown again: 24." in said
    said = run("list")[1]
    assert "not known: 4–17, 23–24, 26–28, 35–58" in said
    assert "one, dated 2026-11-01: 1 rows" in said and "a later table took its place" in said
    assert run("withdraw", KEY, "three", "--why", "A page was left out")[0] == 0
    assert "three, dated 2026-11-01: 1 rows over edition 2026" in (said := run("list")[1]) and "; used no more." in said
    with pytest.raises(BadInput, match="no table of this name"):
        run("withdraw", KEY, "four", "--why", "None")
