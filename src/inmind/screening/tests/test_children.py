"""Screens about a child: who answers, at which age, whose they are; and the second stage of a first one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.identity import new_id
from inmind.foundation.values import month_reached
from inmind.screening import actions
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import Screen
from tests import make

pytestmark = pytest.mark.django_db

MCHATR, FOLLOW_UP = catalog()["mchatr"], catalog()["mchatrf"]


@pytest.fixture
def family() -> make.Family:
    """A toddler of 20 months with her mother."""
    return make.make_family(age_months=20)


def answers(*at_risk: int) -> dict[str, int | None]:
    return {item.key: int(item.number in at_risk) for item in MCHATR.items}


def screened(family: make.Family, *at_risk: int) -> Screen:
    return make.make_screen(family, instrument="mchatr", answers=answers(*at_risk))


def subjects(verb: str) -> set[tuple[str, object]]:
    entry = AuditEntry.objects.filter(verb=verb, outcome="done").latest("seq")
    return {(one.kind, one.ref) for one in entry.subjects.all()}


# What is offered


def test_a_child_is_offered_what_is_for_its_age() -> None:
    """At 32 months the M-CHAT-R stands folded with its ages; for a paper of an earlier day it can be chosen."""
    family = make.make_family(age_months=32)
    page = reverse("caregiver", args=[family.episode.pk, family.child.pk])
    then = month_reached(family.dyad.birth_date, 30).isoformat()
    for address, is_offered in ((page, False), (f"{page}?on=x", False), (f"{page}?on={then}", True)):
        said = family.by.client.get(address).content.decode()
        assert ('value="mchatr"' in said) is is_offered
        assert 'value="psc35"' not in said and "PSC-35, for children of" in said
    assert "<li>M-CHAT-R, for children of 16 to 30 months</li>" in family.by.client.get(page).content.decode()


# Whose it is


def test_a_childs_screen_is_the_childs_and_names_the_child(family: make.Family) -> None:
    """The subject is the child, the informant an adult; the trail names child and dyad, not the adult who answered."""
    screen = screened(family, 2, 5)
    assert (screen.subject, screen.informant, screen.age_months) == (family.child, family.adult, 20)
    assert (screen.points, screen.band) == (2, "low")
    assert subjects("screening.finish") == {
        ("person", family.child.pk),
        ("episode", family.episode.pk),
        ("dyad", family.dyad.pk),
    }


def test_a_caregivers_screen_still_names_no_child(family: make.Family) -> None:
    """`protect.md` 1: beside a child's screen in the same episode, hers stays hers."""
    screened(family)
    make.make_screen(family, instrument="phq2")
    assert subjects("screening.finish") == {("person", family.adult.pk), ("episode", family.episode.pk)}


def test_neither_page_shows_the_others_screens(family: make.Family) -> None:
    """The child's page holds the child's, the mother's page hers; the dyad page tells of neither."""
    child, mother = screened(family, 1), make.make_screen(family, instrument="epds")
    client = family.by.client
    pages = {
        person.pk: client.get(reverse("caregiver", args=[family.episode.pk, person.pk])).content.decode()
        for person in (family.child, family.adult)
    }
    titles = ((family.child.pk, "A child’s page"), (family.adult.pk, "A caregiver’s page"))
    assert all(f"<title>{title}" in pages[person] for person, title in titles)
    assert str(child.pk) in pages[family.child.pk] and str(mother.pk) not in pages[family.child.pk]
    assert str(mother.pk) in pages[family.adult.pk] and str(child.pk) not in pages[family.adult.pk]
    dyad = client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
    assert reverse("caregiver", args=[family.episode.pk, family.child.pk]) in dyad
    assert str(child.pk) not in dyad and str(mother.pk) not in dyad


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize(
    ("role", "joins", "opens"),
    [
        pytest.param("home_visitor", True, True, id="a home visitor of the care team"),
        pytest.param("clinician", True, True, id="a clinician of the care team"),
        pytest.param("family_service_coordinator", True, True, id="a coordinator of the care team"),
        pytest.param("home_visitor", False, False, id="a home visitor beside it"),
        pytest.param("clinician", False, False, id="a clinician beside it"),
        pytest.param("family_service_coordinator", False, False, id="a coordinator beside it"),
        pytest.param("agency_supervisor", False, False, id="the supervisor"),
        pytest.param("privacy_officer", False, False, id="the privacy officer"),
    ],
)
def test_who_may_see_a_childs_screen(family: make.Family, role: str, joins: bool, opens: bool) -> None:
    """It follows the child's chart: the care team of the episode, and nobody else."""
    screen = screened(family, 1)
    worker = make.make_worker(role, family.episode.organization)
    if joins:
        make.join_team(family, worker)
    for route in ("screen", "screen_history"):
        status = worker.client.get(reverse(route, kwargs={"screen": screen.pk})).status_code
        assert (status == 200) == opens


def test_a_child_that_is_expected_has_no_page_of_screens_yet() -> None:
    """Before birth there is nothing to screen."""
    family = make.make_family(due_in_days=30)
    dyad = family.by.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
    assert reverse("caregiver", args=[family.episode.pk, family.child.pk]) not in dyad
    with pytest.raises(BadInput, match="not born yet"):
        make.make_screen(family, instrument="mchatr", finished=False)


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("instrument", "subject", "informant", "sentence"),
    [
        pytest.param("mchatr", "child", None, "Nobody is named who answers", id="nobody answers about a child"),
        pytest.param("mchatr", "child", "child", "Nobody is named who answers", id="the child answers for itself"),
        pytest.param("mchatr", "child", "stranger", "Nobody is named who answers", id="an adult of another family"),
        pytest.param("mchatr", "adult", "adult", "takes no part", id="a child's screen of an adult"),
        pytest.param("epds", "child", None, "takes no part", id="a caregiver's screen of a child"),
        pytest.param("epds", "stranger", None, "takes no part", id="an adult of another family is screened"),
        pytest.param("phq2", "adult", "adult", "answers for herself", id="somebody answers for a caregiver"),
    ],
)
def test_a_screen_has_the_right_subject_and_informant(
    family: make.Family, instrument: str, subject: str, informant: str | None, sentence: str
) -> None:
    """A sentence for each that cannot be, and no screen begun."""
    make.make_on_call(family.episode.organization)
    people = {"child": family.child, "adult": family.adult, "stranger": make.make_family(child="Ana Ruiz").adult}
    with pytest.raises(BadInput) as refusal:
        actions.begin(
            family.by.actor,
            episode=family.episode,
            subject=people[subject],
            instrument=catalog()[instrument],
            on=clock.today(make.ZONE),
            informant=people[informant] if informant else None,
        )
    assert sentence in refusal.value.in_english()
    assert not Screen.objects.exists()


# Ages, days and midnight


def born_on(born: date, zone: str = make.ZONE) -> make.Family:
    """A family registered on the day after the birth, at an agency in this zone."""
    with clock.at(datetime.combine(born + timedelta(days=1), time(18), UTC)):
        make.make_network("Harbor Family Services", zone=zone)
        worker = make.make_worker()
        child = ChildFacts("Mia", "Begay", born)
        dyad, episode = families.register(
            worker.actor,
            organization=worker.agency,
            child=child,
            adults=(AdultFacts("Ana", "Begay", "mother"),),
        )
        return make.Family(dyad, episode, worker)


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        pytest.param(date(2028, 2, 29), date(2029, 6, 28), None, id="born on 29 February, a day short of 16 months"),
        pytest.param(date(2028, 2, 29), date(2029, 6, 29), 16, id="born on 29 February, 16 months"),
        pytest.param(date(2028, 2, 29), date(2030, 9, 28), 30, id="born on 29 February, the last day of 30 months"),
        pytest.param(date(2028, 2, 29), date(2030, 9, 29), None, id="born on 29 February, 31 months"),
        pytest.param(date(2026, 10, 29), date(2028, 2, 28), None, id="a day short of 16 months on 28 February"),
        pytest.param(date(2026, 10, 29), date(2028, 2, 29), 16, id="16 months on 29 February"),
        pytest.param(date(2027, 10, 31), date(2029, 2, 28), None, id="no 31st in February: not yet on the 28th"),
        pytest.param(date(2027, 10, 31), date(2029, 3, 1), 16, id="no 31st in February: on the 1st of March"),
    ],
)
def test_the_ages_it_is_for_are_counted_in_completed_months(born: date, on: date, months: int | None) -> None:
    """16 to 30 completed months from birth, both included; outside them the screen is refused with its source."""
    family = born_on(born)
    with clock.at(datetime.combine(on, time(18), UTC)):
        if months is None:
            with pytest.raises(BadInput, match="for children of 16 to 30 months") as refusal:
                make.make_screen(family, instrument="mchatr", finished=False)
            assert "Robins" in refusal.value.source
        else:
            assert make.make_screen(family, instrument="mchatr", finished=False).age_months == months


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/Chicago", "Pacific/Guam"])
def test_midnight_is_that_of_the_agency(zone: str) -> None:
    """A minute before midnight there it is still the day before, and the child a day short of 16 months."""
    family = born_on(date(2028, 2, 29), zone)
    day = date(2029, 6, 29)
    midnight = datetime.combine(day, time(0), ZoneInfo(zone))
    with clock.at(midnight - timedelta(minutes=1)):
        with pytest.raises(BadInput, match="lies in the future"):
            make.make_screen(family, instrument="mchatr", finished=False, on=day)
        with pytest.raises(BadInput, match="was 15 months old"):
            make.make_screen(family, instrument="mchatr", finished=False)
    with clock.at(midnight):
        screen = make.make_screen(family, instrument="mchatr", finished=False)
        assert (screen.on, screen.age_months, screen.zone) == (day, 16, zone)


# The second stage


def follow_up(family: make.Family, first: Screen, **more: Any) -> Screen:
    return make.make_screen(family, instrument="mchatrf", follows=first, finished=False, answers={}, **more)


def test_the_follow_up_asks_only_what_counted(family: make.Family) -> None:
    """Linked to its first stage; another item is refused by its name."""
    first = screened(family, 2, 7, 9)
    second = follow_up(family, first)
    assert (second.follows, second.asked, second.highest) == (first, ["mchatrf_2", "mchatrf_7", "mchatrf_9"], 3)
    with pytest.raises(BadInput, match="no item called mchatrf_1"):
        actions.answer(family.by.actor, screen=second, answers={"mchatrf_1": 1})
    done = actions.finish(family.by.actor, screen=second, answers={"mchatrf_2": 1, "mchatrf_7": 0, "mchatrf_9": 1})
    assert (done.points, done.band, done.state) == (2, "positive_follow_up", Screen.State.COMPLETE)


def test_a_blank_in_the_follow_up_invents_no_band(family: make.Family) -> None:
    """Two stand already, one is blank: no rule for blanks was found, so there is a range and no band."""
    second = follow_up(family, screened(family, 2, 7, 9))
    done = actions.finish(family.by.actor, screen=second, answers={"mchatrf_2": 1, "mchatrf_7": 1})
    assert (done.state, done.lowest, done.highest, done.band) == (Screen.State.INCOMPLETE, 2, 3, "")


def test_a_corrected_first_stage_leaves_what_was_asked(family: make.Family) -> None:
    """What the second stage gave is a fact; a later correction of the first does not change it."""
    first = screened(family, 2, 7, 9)
    second = follow_up(family, first)
    actions.correct(family.by.actor, screen=first, answers={"mchatr_10": 1}, reason="Read in the wrong row.")
    assert Screen.objects.get(pk=second.pk).asked == ["mchatrf_2", "mchatrf_7", "mchatrf_9"]


@pytest.mark.parametrize("at_risk", [(), (1, 2), tuple(range(1, 9))], ids=["none", "two", "eight"])
def test_a_low_or_a_high_first_stage_is_not_followed_up(family: make.Family, at_risk: tuple[int, ...]) -> None:
    """Totals of 3 to 7 alone: below there is nothing to ask, from 8 on nothing to wait for."""
    with pytest.raises(NotNow, match="3 to 7 points"):
        follow_up(family, screened(family, *at_risk))


def test_a_second_stage_needs_its_own_first_one(family: make.Family) -> None:
    """None, one that is unfinished, another instrument's, another child's, a day before: each is refused."""
    first = screened(family, 2, 7, 9)
    open_one = make.make_screen(family, instrument="mchatr", answers=answers(1, 2, 3), finished=False)
    elsewhere = screened(make.make_family(age_months=20, child="Ana Ruiz"), 2, 7, 9)
    with pytest.raises(BadInput, match="no first screen"):
        make.make_screen(family, instrument="mchatrf", finished=False)
    with pytest.raises(NotNow, match="finished screen"):
        follow_up(family, open_one)
    with pytest.raises(BadInput, match="no first screen"):
        follow_up(family, make.make_screen(family, instrument="epds"))
    with pytest.raises(BadInput, match="no first screen"):
        follow_up(family, elsewhere)
    with pytest.raises(BadInput, match="does not follow another"):
        make.make_screen(family, instrument="mchatr", follows=first, finished=False)
    follow_up(family, first)
    with pytest.raises(NotNow, match="begun already"):
        follow_up(family, first)


def test_the_follow_up_is_not_before_its_first_stage() -> None:
    """On the same day or later."""
    family = born_on(date(2028, 2, 29))
    with clock.at(datetime(2029, 8, 10, 18, tzinfo=UTC)):
        first = screened(family, 2, 7, 9)
        with pytest.raises(BadInput, match="before the first screen"):
            follow_up(family, first, on=date(2029, 8, 9))
        assert follow_up(family, first, on=date(2029, 8, 10)).follows == first


def page_of(family: make.Family, screen: Screen) -> str:
    return family.by.client.get(reverse("screen", kwargs={"screen": screen.pk})).content.decode()


def test_each_band_says_the_publishers_next_step(family: make.Family) -> None:
    """From 8 on, or with two that stand after the Follow-Up: both referrals, now."""
    both = "Refer now to both early intervention and diagnostic evaluation."
    assert both in page_of(family, screened(family, *range(1, 9)))
    assert "screen again at 24 months or after 3 months" in page_of(family, screened(family, 1))
    first = screened(family, 2, 7, 9)
    page = page_of(family, first)
    assert "Give the Follow-Up, only for the answers that are worth a closer look." in page and both not in page
    second = actions.finish(
        family.by.actor,
        screen=follow_up(family, first),
        answers=dict.fromkeys(["mchatrf_2", "mchatrf_7", "mchatrf_9"], 1),
    )
    assert both in page_of(family, second)
    assert str(second.pk) in page_of(family, first)


def test_the_result_leads_to_the_follow_up_through_the_pages(family: make.Family) -> None:
    """One button on the result: the informant and the first stage go with it; the form has three rows."""
    first = screened(family, 2, 7, 9)
    client = family.by.client
    assert "Begin it now" in page_of(family, first)
    begun = client.post(
        reverse("screen_begin", args=[family.episode.pk, family.child.pk]),
        {
            "key": str(new_id()),
            "instrument": "mchatrf",
            "on": first.on.isoformat(),
            "informant": str(family.adult.pk),
            "follows": str(first.pk),
        },
    )
    second = Screen.objects.get(instrument="mchatrf")
    assert begun["Location"] == reverse("screen_enter", kwargs={"screen": second.pk})
    page = client.get(begun["Location"]).content.decode()
    assert page.count('<fieldset class="answer') == 3
    assert "settled" in page and "not given" not in page and ">fail<" not in page
    sent = {"key": str(new_id()), "version": "1", "mchatrf_2": "1", "mchatrf_7": "1", "mchatrf_9": "2"}
    client.post(begun["Location"], sent)
    second.refresh_from_db()
    assert (second.points, second.band) == (1, "negative")


def test_the_age_stands_beside_the_result_and_the_family_reads_it_plainly(family: make.Family) -> None:
    """Counted from birth, no rule for early children known, the language not known to be studied, and plain words."""
    page = page_of(family, screened(family, 2, 7, 9))
    assert "at 20 months, answered by María Ñúñez" in page
    assert "No rule of the publisher for children born early is known here." in page
    assert "how well this works for people who answer in this language." in page
    assert "Some answers about Mateo are worth a closer look." in page


def test_a_stranger_cannot_begin_one(family: make.Family) -> None:
    """Another agency's worker is refused, with the sentence for it."""
    network = make.make_network()
    stranger = make.make_worker("home_visitor", network.agencies[1])
    with pytest.raises(Refused):
        make.make_screen(family, by=stranger, instrument="mchatr", finished=False)
