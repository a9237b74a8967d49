"""What fits a family, on its page: asked where it decides, answered anew, and refused to whom it does not concern."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.actors import machine
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.values import month_reached
from inmind.jobs.runner import run_due
from inmind.services.fitting.eligibility import Readings
from inmind.services.fitting.program import Reading
from inmind.services.listings.actions import correct_listing, say_opening
from inmind.services.listings.listing import Offers
from inmind.services.listings.shelf import all_listings
from inmind.services.matches import actions, queries
from inmind.services.matches import views as matches_views
from inmind.services.matches.family_facts import Said
from inmind.services.matches.models import FamilyAnswer, ReferralWindow
from inmind.services.models import Listing, Referral
from inmind.services.referrals import actions as referral_actions
from inmind.services.referrals.referral import State
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)


@pytest.fixture
def expecting() -> make.Family:
    """A mother in week 26 of her pregnancy."""
    return make.make_family(make.make_worker(name="Dana Wells"), due_in_days=98)


def url(family: make.Family, about: Any = None) -> str:
    return reverse("matches", kwargs={"episode": family.episode.pk, "person": (about or family.adult).pk})


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def answer(browser: Client, address: str, question: str, said: str) -> Any:
    return browser.post(address, {"what": "answer", "key": fresh_key(), "question": question, "said": said})


def board(family: make.Family, about: Any = None, needs: tuple[Offers, ...] = (Offers.PROGRAM,)) -> Any:
    known = queries.known(family.episode, about or family.adult, TODAY, reads_answers=True)
    return queries.fitting(known, TODAY, needs)


def names(rows: Any) -> list[str]:
    return [one.listing.name for one in rows]


def test_what_decides_is_asked_where_it_decides_and_the_page_answers_anew(expecting: make.Family) -> None:
    make.make_listing(expecting.episode.organization)
    browser, there = expecting.by.client, url(expecting)
    before = page(browser, there)
    assert "Week 26 and 0 days" in before
    assert "Ask first" in before and "Is this the first birth?" in before and "Nurse-Family Partnership" in before
    moved = answer(browser, there, "first_birth", "yes")["Location"]
    kept = page(browser, moved)
    assert moved.endswith("#ask") and kept.index('id="ask"') < kept.index("It is kept."), (
        "said where the next one is asked"
    )
    assert 'class="chip" aria-current="page"' in kept
    answer(browser, there, "low_income_or_low_resource", "yes")
    after = page(browser, there)
    assert "Open now" in after and "Ask first" not in after
    assert "Rated by:" in after and "HomVEE: evidence based" in after and "CEBC: 1, year not known (remembered" in after


def test_who_would_rather_not_say_is_not_asked_again_and_not_shut_out(expecting: make.Family) -> None:
    make.make_listing(expecting.episode.organization)
    for said in ("rather_not", "yes"):
        question = "low_income_or_low_resource" if said == "rather_not" else "first_birth"
        answer(expecting.by.client, url(expecting), question, said)
    shown = page(expecting.by.client, url(expecting))
    assert names(board(expecting).ask) == ["Nurses at home"]
    assert "The family would rather not say. The program asks in private" in shown
    assert 'id="ask"' not in shown
    assert Said(FamilyAnswer.objects.get(question="low_income_or_low_resource").said) is Said.RATHER_NOT


@pytest.mark.parametrize("question", ["immigration_status", "country_of_birth", "assessment_of_risk_and_strengths", ""])
def test_nobody_is_asked_about_immigration_nor_what_only_a_program_can_say(
    expecting: make.Family, question: str
) -> None:
    said = {"episode": expecting.episode, "person": expecting.adult, "question": question, "said": Said.YES}
    with pytest.raises(BadInput):
        actions.keep_answer(expecting.by.actor, **said)
    assert answer(expecting.by.client, url(expecting), question, "yes").status_code == 400
    assert not FamilyAnswer.objects.exists()


def test_a_second_click_and_hostile_input_leave_one_answer(expecting: make.Family) -> None:
    make.make_listing(expecting.episode.organization)
    sent = {"what": "answer", "key": fresh_key(), "question": "first_birth", "said": "yes"}
    browser = expecting.by.client
    assert [browser.post(url(expecting), sent).status_code for _ in range(2)] == [302, 302]
    for wrong in (
        {"said": "perhaps"},
        {"said": "\0"},
        {"question": "x" * 9000},
        {"key": ""},
        {"what": "else", "said": ""},
    ):
        assert browser.post(url(expecting), sent | {"key": fresh_key()} | wrong).status_code == 400
    assert browser.post(url(expecting), {"what": "left", "key": fresh_key(), "entered": "nobody"}).status_code == 400
    place = {"what": "place", "key": fresh_key(), "county": "Atlantis", "school_on": "31/31/31"}
    refused = browser.post(url(expecting), place)
    assert refused.status_code == 400 and "31/31/31" in refused.content.decode()
    assert FamilyAnswer.objects.count() == 1


def test_only_who_serves_the_family_looks_and_only_its_care_team_reads_what_was_answered(
    expecting: make.Family,
) -> None:
    make.make_listing(expecting.episode.organization)
    answer(expecting.by.client, url(expecting), "first_birth", "yes")
    coordinator = make.make_worker("family_service_coordinator", expecting.by.agency)
    shown = page(coordinator.client, url(expecting))
    assert "read by its care team alone" in shown and "What was answered" not in shown and 'name="said"' not in shown
    about = {"episode": expecting.episode, "person": expecting.adult}
    others = (
        make.make_worker("agency_supervisor", expecting.by.agency),
        make.make_worker(at=make.make_network().agencies[1]),
    )
    for stranger in others:
        assert stranger.client.get(url(expecting)).status_code == 403
    for one in (coordinator, *others):
        with pytest.raises(Refused):
            actions.keep_answer(one.actor, question="first_birth", said=Said.NO, **about)
        with pytest.raises(Refused):
            actions.keep_place(one.actor, episode=expecting.episode, county="", school_on=None)
        with pytest.raises(Refused):
            actions.enter_program(one.actor, program="pat", **about)
    elsewhere = make.make_family(expecting.by)
    wrong = reverse("matches", kwargs={"episode": expecting.episode.pk, "person": elsewhere.adult.pk})
    assert expecting.by.client.get(wrong).status_code == 403


@pytest.mark.parametrize(
    ("reading", "state"), [(None, "ask"), (Reading.BEFORE, "not_now"), (Reading.ON, "now"), (Reading.THROUGH, "now")]
)
def test_week_28_is_read_as_this_network_reads_it_and_says_so(
    reading: Reading | None, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the first day of week 28 the three readings differ, and without one the program is asked."""
    family = make.make_family(due_in_days=84)
    make.make_listing(family.episode.organization)
    read = Readings({"nfp": reading} if reading else {})
    for module in (queries, matches_views):
        monkeypatch.setattr(module, "readings", lambda: read)
    for question in ("first_birth", "low_income_or_low_resource"):
        answer(family.by.client, url(family), question, "yes")
    assert names(getattr(board(family), state)) == ["Nurses at home"]
    shown = page(family.by.client, url(family))
    assert ("own reading" in shown) is (reading is not None)
    assert ("the program itself says" in shown) is (reading is None)


def test_a_list_of_three_months_is_too_long_for_a_child_of_22_months_and_the_next_that_fits_is_named() -> None:
    family = make.make_family(age_months=22)
    house = family.episode.organization
    late = make.make_listing(house, name="Play therapy", program="pcit_t")
    say_opening(make.make_worker("family_service_coordinator", house).actor, listing=late, free=0, waits_days=92)
    make.make_listing(house, name="First relationships", program="pfr")
    there = board(family, family.child)
    assert (names(there.now), names(there.not_now)) == (["First relationships"], ["Play therapy"])
    shown = page(family.by.client, url(family, family.child))
    assert "A place would come too late: it closes on" in shown
    assert "The next that fits: First relationships." in shown


def test_at_five_years_and_eleven_months_a_window_is_open_and_closes_in_days() -> None:
    family = make.make_family(age_months=71)
    make.make_listing(family.episode.organization, program="child_first", name="Child First")
    answer(family.by.client, url(family, family.child), "low_income", "yes")
    (found,) = board(family, family.child).now
    assert found.match.closes == month_reached(family.dyad.birth_date, 72)
    assert "days are left" in page(family.by.client, url(family, family.child))


def test_a_family_in_one_long_home_visiting_model_is_not_offered_another(expecting: make.Family) -> None:
    house = expecting.episode.organization
    row = make.make_referral(expecting, make.make_listing(house))
    make.make_listing(house, name="Healthy families", program="hfa")
    for state in (State.CONTACTED, State.STARTED):
        if state is State.CONTACTED:
            referral_actions.note_step(expecting.by.actor, referral=row, to=State.ACCEPTED, on=TODAY)
        referral_actions.note_step(expecting.by.actor, referral=row, to=state, on=TODAY)
    assert "Healthy families" in names(board(expecting).not_now)
    assert "The family is in Nurse-Family Partnership already" in page(expecting.by.client, url(expecting))
    told = actions.enter_program(expecting.by.actor, episode=expecting.episode, person=expecting.adult, program="pat")
    with pytest.raises(NotNow):
        actions.enter_program(expecting.by.actor, episode=expecting.episode, person=expecting.adult, program="pat")
    assert set(queries.known(expecting.episode, expecting.child, TODAY, reads_answers=True).enrolled) == {"nfp", "pat"}
    actions.leave_program(expecting.by.actor, episode=expecting.episode, entered=told.pk)
    assert set(queries.known(expecting.episode, expecting.child, TODAY, reads_answers=True).enrolled) == {"nfp"}


def test_a_child_in_four_households_has_four_counties_and_no_side_reads_anothers_answers() -> None:
    family = make.make_family(age_months=20)
    house, about = family.episode.organization, family.child
    coordinator = make.make_worker("family_service_coordinator", house)
    kin = [AdultFacts(f"Elena{number}", "Reyes", "kin") for number in range(3)]
    said = {"episode": family.episode, "worker": coordinator.person}
    sides = [families.open_side(coordinator.actor, side=one.given_name, adult=one, **said) for one in kin]
    make.make_listing(house, name="For one county", program="pfr", counties=["53033"])
    for number, side in enumerate([family.episode, *sides]):
        by = (coordinator if number else family.by).actor
        actions.keep_place(by, episode=side, county="53033" if number == 2 else "53061", school_on=None)
        homeless = Said.NO if number else Said.YES
        actions.keep_answer(by, episode=side, person=about, question="homeless", said=homeless)
    for number, side in enumerate([family.episode, *sides]):
        known = queries.known(side, about, TODAY, reads_answers=True)
        assert known.said == {"homeless": Said.NO if number else Said.YES}
        fits = names(queries.fitting(known, TODAY, [Offers.PROGRAM]).now)
        assert fits == (["For one county"] if number == 2 else [])


def test_an_adults_own_answer_is_read_on_no_other_page(expecting: make.Family) -> None:
    said = {"episode": expecting.episode, "said": Said.YES}
    mind = "caregiver_depression_ptsd_or_other_mental_health"
    for question in (mind, "homeless", "foster_care"):
        actions.keep_answer(expecting.by.actor, person=expecting.adult, question=question, **said)
    hers = queries.known(expecting.episode, expecting.adult, TODAY, reads_answers=True)
    childs = queries.known(expecting.episode, expecting.child, TODAY, reads_answers=True)
    assert set(hers.said) == {mind, "homeless", "foster_care"}
    assert set(childs.said) == {"homeless", "foster_care"}


def test_a_waiting_referral_whose_place_comes_too_late_is_noted_and_shown_to_its_own() -> None:
    family = make.make_family(age_months=22)
    listing = make.make_listing(family.episode.organization, name="Play therapy", program="pcit_t")
    row = make.make_referral(family, listing, about=family.child)
    actions.look_at_windows(machine("services.windows"))
    assert not ReferralWindow.objects.get(referral=row).too_late
    assert list(queries.closing_soon(family.by.actor)) == []
    waits = TODAY + 92 * DAY
    referral_actions.note_step(family.by.actor, referral=row, to=State.WAITLISTED, on=TODAY, waits_until=waits)
    run_due()
    noted = ReferralWindow.objects.get(referral=row)
    assert (noted.too_late, noted.place, noted.closes) == (True, waits, month_reached(family.dyad.birth_date, 24))
    assert list(queries.closing_soon(family.by.actor)) == [row]
    assert list(queries.closing_soon(make.make_worker().actor)) == []
    make.correct_birth(family, born := make.born(age_months=12))
    noted.refresh_from_db()
    assert (noted.too_late, noted.closes) == (False, month_reached(born, 24))
    make.correct_birth(family, family.dyad.birth_date)
    noted.refresh_from_db()
    second = make.make_listing(family.episode.organization, name="Play therapy, too", program="pcit_t")
    make.make_referral(family, second, about=family.child, sent=False)
    actions.look_at_windows(machine("services.windows"))
    aside = make.make_worker("family_service_coordinator", family.by.agency)
    for address in ("/today/", "/referrals/"):  # once for a family, for who holds it
        seen = page(family.by.client, address)
        assert seen.count("Closes soon for a family") == 1 and seen.count("look for what fits next") == 1
        assert clock.day(noted.closes) in seen
        assert "Closes soon" not in page(aside.client, address)
    assert "A place would come too late" in page(family.by.client, f"/families/{family.dyad.pk}/")
    assert "comes too late: the program takes nobody in from" in page(family.by.client, f"/referrals/{row.pk}/")
    referral_actions.note_step(family.by.actor, referral=row, to=State.ACCEPTED, on=TODAY)
    run_due()
    assert not ReferralWindow.objects.filter(referral=row).exists()


def test_all_windows_are_looked_at_a_stretch_at_a_time(expecting: make.Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    house = expecting.episode.organization
    for number in range(3):
        make.make_referral(expecting, make.make_listing(house, name=f"Nurses {number}"), sent=False)
    assert actions.look_at_windows(machine("services.windows")) == 2
    run_due()
    assert ReferralWindow.objects.count() == 3
    assert Referral.objects.exclude(window=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_listings_are_read_once_until_one_of_them_changes(django_assert_num_queries: Any) -> None:
    house = make.make_network().agencies[0]
    listing = make.make_listing(house)
    assert names_of(all_listings()) == ["Nurses at home"]
    with django_assert_num_queries(1):
        assert names_of(all_listings()) == ["Nurses at home"]
    coordinator = make.make_worker("family_service_coordinator", house)
    correct_listing(coordinator.actor, listing=listing, name="Nurses at your home")
    assert names_of(all_listings()) == ["Nurses at your home"]
    row = Listing.objects.get(pk=listing.pk)
    (read,) = all_listings()
    assert read == row.as_listing


def names_of(listings: Any) -> list[str]:
    return [one.name for one in listings]
