"""A coordinator keeps endorsement: decisions as they were made, rules looked at before they are taken up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inmind.access.act import Act
from inmind.endorsement import actions, keeping_views, queries
from inmind.endorsement.adapters import catalog
from inmind.endorsement.erasing import ENDORSEMENT
from inmind.endorsement.models import Decision, Endorsement, Goal, Rules, Share, Statement
from inmind.endorsement.tests.stand_ins import Held, Known, known
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import fresh_key
from tests import make

pytestmark = pytest.mark.django_db
RULES = """title: Ours
edition: '1'
date: 2026-01-31
association: plains
renewal: triennial
encouraged: [member]
days:
- {category: FS, edition: '2017', since: 2018-01-01}
- {category: FS, edition: '2022 changes', since: 2022-07-01}
"""
STANDARD = """title: Family Specialist
edition: '2031'
date: 2026-01-31
association: plains
category: FS
names: {IMH-E: 'Infant Family Specialist (IFS)'}
licence: Facts.
sources: {us: 'plains.example'}
editions:
- edition: '2031'
  since: 2026-01-01
  until: null
  binding: application
  requirements:
  - {key: rsc, any_of: [{rsc: {least: {value: 30, source: us, confidence: high}, providers: [{holds: [MHM-C]}]}}], source: us, confidence: high}
"""


@pytest.fixture(autouse=True)
def rooms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Known]:
    with known(monkeypatch) as here:
        yield here


@pytest.fixture
def keeper() -> make.Worker:
    return make.make_worker("association_coordinator")


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def today() -> date:
    return clock.today(make.ZONE)


def at(keeper: make.Worker, name: str) -> str:
    assert keeper.agency is not None
    return reverse(name, kwargs={"association": keeper.agency.pk})


def test_a_decision_is_written_down_and_the_goal_is_reached(keeper: make.Worker) -> None:
    luz = make.make_worker("home_visitor", name="Luz Ortega")
    make.make_goal(luz, keeper.agency)
    assert "Luz Ortega" in words(keeper.client.get(reverse("endorsements")))
    said = {
        "key": fresh_key(),
        "person": luz.person.pk,
        "category": "FS",
        "credential": "IMH-E",
        "outcome": "endorsed",
        "on": today(),
        "edition": "2022 changes",
        "came_from": "the Alliance’s system",
        "degree": "bachelor",
    }
    for _twice in range(2):
        page = keeper.client.post(at(keeper, "endorsement_record"), said, follow=True)
        assert page.status_code == 200
    decision = Decision.objects.get()
    assert (decision.recorded_by, decision.edition) == (keeper.person, "2022 changes")
    assert queries.endorsed([luz.person.pk], today()) == {luz.person.pk: frozenset({"FS", "below_master"})}
    assert Goal.objects.get().until == today()


def test_what_does_not_endorse_gives_nothing(keeper: make.Worker) -> None:
    luz = make.make_worker("practitioner", keeper.agency)
    actions.record_decision(
        keeper.actor,
        association=keeper.agency,
        person=luz.person,
        category="FS",
        credential="IMH-E",
        outcome=Decision.Outcome.DEFERRED,
        on=today(),
        came_from="letter",
    )
    assert not Endorsement.objects.exists()


def test_emerging_becomes_endorsed_and_a_second_of_a_kind_is_not_now(keeper: make.Worker) -> None:
    luz = make.make_worker("practitioner", keeper.agency)
    then = today() - timedelta(days=50)
    make.make_endorsed(luz, "ERS", since=then, by=keeper, outcome=Decision.Outcome.EMERGING)
    assert queries.endorsed([luz.person.pk], today())[luz.person.pk] == {"ERS_emerging"}
    make.make_endorsed(luz, "ERS", by=keeper)
    assert queries.endorsed([luz.person.pk], today())[luz.person.pk] == {"ERS"}
    assert queries.endorsed([luz.person.pk], then)[luz.person.pk] == {"ERS_emerging"}
    with pytest.raises(NotNow, match="hold this already"):
        make.make_endorsed(luz, "ERS", by=keeper)


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"category": "XYZ"}, "not known there"),
        ({"credential": "PhD"}, "credential is not known"),
        ({"on": date(2100, 1, 1)}, "lies in the future"),
        ({"came_from": "  "}, "Where it was decided is missing"),
        ({"degree": "wizard"}, "no degree"),
        ({"until": date(2001, 1, 1)}, "ends before it begins"),
    ],
)
def test_what_cannot_be_a_decision_is_said(keeper: make.Worker, wrong: dict[str, Any], sentence: str) -> None:
    luz = make.make_worker("practitioner", keeper.agency)
    said = {
        "category": "FS",
        "credential": "IMH-E",
        "outcome": Decision.Outcome.ENDORSED,
        "on": today(),
        "came_from": "x",
    }
    with pytest.raises(BadInput, match=sentence):
        actions.record_decision(keeper.actor, association=keeper.agency, person=luz.person, **said | wrong)
    assert not Decision.objects.exists()


def test_nobody_is_endorsed_who_is_not_known_there(keeper: make.Worker) -> None:
    stranger = make.make_worker("home_visitor")
    with pytest.raises(BadInput, match="no member of your association"):
        actions.record_decision(
            keeper.actor,
            association=keeper.agency,
            person=stranger.person,
            category="FS",
            credential="IMH-E",
            outcome=Decision.Outcome.ENDORSED,
            on=today(),
            came_from="x",
        )


def test_a_new_edition_never_changes_a_past_decision(keeper: make.Worker, rooms: Known) -> None:
    """Decided by the changes of 2022; a standard that asks for more is taken up afterwards."""
    luz = make.make_worker("home_visitor")
    held = make.make_endorsed(luz, since=today() - timedelta(days=30), by=keeper, edition="2022 changes")
    kept = Decision.objects.values().get(), Endorsement.objects.values().get()
    on = [today() - timedelta(days=days) for days in (0, 10, 30)]
    before = [queries.endorsed([luz.person.pk], day) for day in on]
    actions.accept_rules(keeper.actor, association=keeper.agency, words=STANDARD, over="")
    [edition] = [one for one in catalog.rules_of(keeper.agency.pk).editions if one.category == "FS"]  # type: ignore[union-attr]
    assert edition.edition == "2031"
    assert (Decision.objects.values().get(), Endorsement.objects.values().get()) == kept
    assert [queries.endorsed([luz.person.pk], day) for day in on] == before
    assert "2022 changes" in words(keeper.client.get(reverse("endorsement_end", kwargs={"endorsement": held.pk})))


def test_whom_a_file_changes_is_seen_before_it_is_taken_up(keeper: make.Worker, rooms: Known) -> None:
    """Names of those alone who have a goal here; of the others no more than a count."""
    luz = make.make_worker("home_visitor", name="Luz Ortega")
    make.make_goal(luz, keeper.agency)
    for one in (luz, *members(keeper, 7)):
        rooms.held[one.person.pk] = [Held(today() - timedelta(days=day), 120) for day in range(12)]
    page = looked_at(keeper, file=SimpleUploadedFile("standard.yaml", STANDARD.encode(), "text/yaml"))
    told = words(page)
    assert page.status_code == 200 and not Rules.objects.exists()
    assert "Luz Ortega" in told and "Reflective supervision: met → not yet" in told
    assert "Of others whom your association knows" in told and "Other Member" not in told
    hidden = dict(re.findall(r'name="(key|over)"[^>]*value="([^"]*)"', page.content.decode()))
    accept = {"key": hidden["key"], "over": "", "words": STANDARD, "do": "accept"}
    keeper.client.post(at(keeper, "endorsement_preview"), accept)
    keeper.client.post(at(keeper, "endorsement_preview"), accept)
    assert Rules.objects.get().category == "FS"
    assert "24 of 30 hours" in words(luz.client.get(reverse("my_endorsement")))


def members(keeper: make.Worker, number: int) -> list[make.Worker]:
    return [make.make_worker("practitioner", keeper.agency, name=f"Other Member{one}") for one in range(number)]


def looked_at(keeper: make.Worker, **sent: Any) -> Any:
    """A file as it is looked at some months later, when those who are known here have been for a whole quarter."""
    with clock.at(clock.now() + timedelta(days=130)):
        return make.client_of(keeper.person).post(at(keeper, "endorsement_preview"), {"key": fresh_key(), **sent})


@pytest.fixture
def asks_for_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes something for those alone who have any hours."""
    moved = [("Reflective supervision", "met", "not yet")]
    monkeypatch.setattr(keeping_views, "_moved", lambda has, *_rest: moved if has.sessions else [])


def some_have_hours(keeper: make.Worker, rooms: Known, number: int) -> None:
    for one in members(keeper, 12)[:number]:
        rooms.held[one.person.pk] = [Held(today(), 120)]


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.usefixtures("asks_for_hours")
@pytest.mark.parametrize("moved", [0, 1, 4, 9, 12])
def test_of_others_no_file_finds_out_how_near_somebody_is(keeper: make.Worker, rooms: Known, moved: int) -> None:
    """`protect.md` 13: nobody, one, all but a few and all are told alike; a file that asks for a little less each time, seen by
    who is known here, would else say of a named person what their hours are."""
    some_have_hours(keeper, rooms, moved)
    told = words(looked_at(keeper, words=STANDARD))
    assert "Of others whom your association knows, no number is said" in told


@pytest.mark.usefixtures("asks_for_hours")
def test_whom_a_coordinator_invites_today_moves_no_count(keeper: make.Worker, rooms: Known) -> None:
    some_have_hours(keeper, rooms, 6)
    page = keeper.client.post(at(keeper, "endorsement_preview"), {"key": fresh_key(), "words": STANDARD})
    assert "no number is said" in words(page)
    assert "Of others whom your association knows, 5 or more are changed." in words(looked_at(keeper, words=STANDARD))


def test_days_are_taken_up_and_say_which_edition_binds(keeper: make.Worker) -> None:
    luz = make.make_worker("practitioner", keeper.agency)
    make.make_goal(luz, keeper.agency)
    assert "Two editions may bind" in words(luz.client.get(reverse("my_endorsement")))
    actions.accept_rules(keeper.actor, association=keeper.agency, words=RULES, over="")
    told = words(luz.client.get(reverse("my_endorsement")))
    assert "Two editions may bind" not in told and "Edition “2022 changes”, from July 1, 2022 on" in told
    assert "Encouraged; it holds nobody back." in told
    page = words(keeper.client.get(at(keeper, "endorsement_rules")))
    assert "Renewal every 3 years." in page and keeper.person.name in page


def test_a_day_that_leaves_one_edition_of_two_changes_whoever_works_toward_it(keeper: make.Worker) -> None:
    """And what is still not said stays said: one category with a day says nothing of the others."""
    luz = make.make_worker("practitioner", keeper.agency, "Luz Ortega")
    make.make_goal(luz, keeper.agency)
    one_day = RULES.replace("- {category: FS, edition: '2017', since: 2018-01-01}\n", "").replace("[member]", "[]")
    told = words(looked_at(keeper, words=one_day))
    assert "Luz Ortega" in told and "nobody" not in told
    assert "Editions that may bind: 2017, 2022 changes → 2022 changes" in told
    actions.accept_rules(keeper.actor, association=keeper.agency, words=one_day, over="")
    page = words(keeper.client.get(at(keeper, "endorsement_rules")))
    said = page[page.index("You have not said yet on which days") : page.index("What you go by")]
    assert "Infant Family Associate" in said and "Infant Family Specialist" not in said


def test_rules_that_held_before_are_taken_up_again(keeper: make.Worker) -> None:
    """What was taken up stands with who and when; the one before, and what ships, hold again by a new acceptance."""
    actions.accept_rules(keeper.actor, association=keeper.agency, words=RULES, over="")
    newer = RULES.replace("edition: '1'", "edition: '2'").replace("2022-07-01", "2023-07-01")
    actions.accept_rules(keeper.actor, association=keeper.agency, words=newer, over=str(Rules.objects.get().pk))
    ours = STANDARD.replace("category: FS", "category: FA")
    actions.accept_rules(keeper.actor, association=keeper.agency, words=ours, over="")
    page = keeper.client.get(at(keeper, "endorsement_rules"))
    told = words(page)
    assert "Days and renewal 2, taken up on" in told and "Days and renewal 1, taken up on" in told
    assert [one["says"].split(",")[0] for one in page.context["again"]] == [
        "FA",
        "Days and renewal 1",
        "Days and renewal",
    ]
    for one in page.context["again"]:
        looked = keeper.client.post(at(keeper, "endorsement_preview"), {"key": one["key"], "words": one["words"]})
        assert looked.status_code == 200 and "Go by these rules from now on" in words(looked)
        assert "field-error" not in looked.content.decode()
    before = list(Rules.objects.values_list("pk", flat=True))
    first = next(one for one in page.context["again"] if "renewal 1" in one["says"])
    over = str(Rules.objects.get(kind="adoption", replaced_at=None).pk)
    accept = {"key": fresh_key(), "over": over, "words": first["words"], "do": "accept"}
    keeper.client.post(at(keeper, "endorsement_preview"), accept)
    assert Rules.objects.filter(pk__in=before).count() == 3 and Rules.objects.count() == 4
    assert Rules.objects.get(kind="adoption", replaced_at=None).words == RULES


def test_a_file_that_moves_the_day_of_renewal_says_whose(keeper: make.Worker) -> None:
    """And the file to begin with says the renewal that holds now: whoever changes one line of days moves nobody's."""
    luz = make.make_worker("practitioner", keeper.agency, "Luz Ortega")
    make.make_endorsed(luz, "FS", by=keeper)
    actions.accept_rules(keeper.actor, association=keeper.agency, words=RULES, over="")
    page = words(keeper.client.get(at(keeper, "endorsement_rules")))
    assert "renewal: triennial" in page and "renewal: annual" not in page
    told = words(looked_at(keeper, words=RULES.replace("triennial", "annual")))
    assert "Until now every 3 years. By this file every year." in told
    moved = "The day by which 1 endorsement is renewed moves from" in told or "The day of renewal stays" in told
    assert moved and "Luz Ortega, " in told
    same = words(looked_at(keeper, words=RULES.replace("'1'", "'2'", 1)))
    assert "Until now" not in same


def test_two_tabs_cannot_take_up_rules_over_each_other(keeper: make.Worker) -> None:
    actions.accept_rules(keeper.actor, association=keeper.agency, words=RULES, over="")
    with pytest.raises(NotNow, match="other rules since you looked"):
        actions.accept_rules(keeper.actor, association=keeper.agency, words=RULES, over="")
    first = Rules.objects.get()
    actions.accept_rules(keeper.actor, association=keeper.agency, words=RULES.replace("'1'", "'2'"), over=str(first.pk))
    assert list(Rules.objects.filter(replaced_at=None).values_list("edition", flat=True)) == ["2"]


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no file yet"),
        ("- a", "expected named values"),
        (RULES.replace("triennial", "daily"), "expected one of annual, triennial"),
        (RULES.replace("'2017'", "'1999'"), "there is no edition 1999 of FS"),
        (STANDARD.replace("- edition: '2031'\n  since: 2026-01-01\n  until: null", "- edition: '2031'\n  since: 2026-01-01\n  until: 2020-01-01"), "ends after it begins"),
        (STANDARD + "- edition: '2035'\n  since: 2027-01-01\n  until: null\n  binding: application\n  requirements: []\n", ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_its_line(keeper: make.Worker, text: str, reason: str) -> None:
    """A gap in its days, an edition that nobody knows, a renewal that there is not: nothing is lost."""
    page = keeper.client.post(at(keeper, "endorsement_preview"), {"key": fresh_key(), "words": text})
    if not reason:
        assert page.status_code == 200
        return
    assert page.status_code == 400 and reason in words(page)
    if text.strip():
        assert "title" in words(page) or text == "- a"


def test_the_file_to_begin_with_shows_every_edition_and_can_be_taken_up(keeper: make.Worker) -> None:
    """Also those of which no day is known: their line is there with its exact words, to be filled in."""
    page = words(keeper.client.get(at(keeper, "endorsement_rules")))
    assert "in a file: FS" in page
    begun = page[page.index("title: Our rules") :]
    assert "# - {category: FS, edition: '2022 changes', since: YEAR-MM-DD} # Infant Family Specialist (IFS)" in begun
    assert actions.read_rules(keeper.agency, keeping_views.example(keeper.agency.pk))  # type: ignore[arg-type, union-attr]


def test_a_gap_between_two_editions_is_refused(keeper: make.Worker) -> None:
    gap = STANDARD.replace("until: null", "until: 2026-06-30") + (
        "- edition: '2035'\n  since: 2027-01-01\n  until: null\n  binding: application\n  requirements: []\n"
    )
    with pytest.raises(BadInput, match="cannot be used"):
        actions.accept_rules(keeper.actor, association=keeper.agency, words=gap, over="")


def test_a_file_that_is_no_text_is_refused(keeper: make.Worker) -> None:
    file = SimpleUploadedFile("photo.yaml", b"\x89PNG\xff\xfe\x00", "image/png")
    page = keeper.client.post(at(keeper, "endorsement_preview"), {"key": fresh_key(), "file": file})
    assert page.status_code == 400 and "no text" in words(page)


def test_of_somebody_erased_the_decision_stays_without_a_name(keeper: make.Worker) -> None:
    luz = make.make_worker("practitioner", keeper.agency)
    held = make.make_endorsed(luz, by=keeper)
    actions.say(luz.actor, person=luz.person, fact="cda", answer="yes")
    actions.show_in_registry(luz.actor, endorsement=held, shown=True)
    actions.share(luz.actor, person=luz.person, category="FS", association=None, until=today(), to_person=keeper.person)
    assert list(ENDORSEMENT.goes(luz.person)) and list(ENDORSEMENT.stays(luz.person))

    def erase(act: Act) -> None:
        ENDORSEMENT.erase(act, luz.person)

    make.together(erase)
    assert not (Statement.objects.exists() or Share.objects.exists() or Goal.objects.exists())
    assert Decision.objects.count() == 1 and not Endorsement.objects.get().in_registry
