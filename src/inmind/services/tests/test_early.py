"""A child's way through early intervention as it is kept: the clock and its tasks, what a law asks for, and what is told outside."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.actors import machine
from inmind.access.consents import Asked, Days, Kind, Purpose
from inmind.access.models import RoleAssignment
from inmind.families import actions as families
from inmind.families.actions import releasing
from inmind.families.intake import AdultFacts
from inmind.families.releases import Form
from inmind.families.tests.test_told import agree, holds
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.registries import Wanted, house
from inmind.foundation.values import month_reached
from inmind.jobs.models import Job
from inmind.people.reaching import Way
from inmind.services.early import actions, panel_views
from inmind.services.early import told as early_told
from inmind.services.early.case import Day, Ended, Step
from inmind.services.early.models import EarlyCase, NoticeSent, Substantiated
from inmind.services.listings.listing import Offers
from inmind.services.referrals import actions as referral_actions
from inmind.services.referrals.referral import State, Why
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)


def ago(days: int) -> date:
    return TODAY - days * DAY


@pytest.fixture
def family() -> make.Family:
    return make.make_family(make.make_worker(name="Luz Ibarra"), age_months=14)


def begun(family: make.Family, **said: object) -> EarlyCase:
    first = {} if "received_on" in said else {"identified_on": TODAY}
    return actions.begin(family.by.actor, episode=family.episode, **(first | said))


def owed(case: EarlyCase) -> dict[str, date]:
    """The open tasks about this child: their reasons, each with its last day on the wall of the agency."""
    zone = ZoneInfo(case.episode.organization.zone)
    rows = Task.objects.filter(subject=case.child, closed_at__isnull=True)
    return {one.why: (one.due_at.astimezone(zone) - timedelta(seconds=1)).date() for one in rows}


def test_who_sees_something_owes_a_referral_in_seven_days_and_it_closes_once_it_is_written_down(
    family: make.Family,
) -> None:
    case = begun(family, identified_by="her grandmother")
    assert owed(case) == {"early_refer": TODAY + 7 * DAY}
    assert Task.objects.get().owner == family.by.person
    case = actions.note(family.by.actor, case=case, days={Day.REFERRED: TODAY})
    assert owed(case) == {}
    closed = Task.objects.get()
    assert (closed.closed_by, closed.done) == (family.by.person, "It is written down.")
    with pytest.raises(NotNow, match="runs already"):
        begun(family)


def test_a_pause_of_14_days_moves_the_task_from_day_45_to_day_59_and_an_agencys_delay_moves_nothing(
    family: make.Family,
) -> None:
    case = begun(family, received_on=ago(30))
    assert owed(case) == {"early_plan": TODAY + 15 * DAY}
    late = {"since": ago(28), "until": ago(5), "why": "waiting_list"}
    actions.delay(family.by.actor, case=case, **late)
    assert owed(case) == {"early_plan": TODAY + 15 * DAY}
    pause = {"since": ago(20), "until": ago(6), "why": "family_circumstances", "words": "Hospital; note of Monday."}
    actions.pause(family.by.actor, case=case, **pause)
    assert owed(case) == {"early_plan": TODAY + 29 * DAY}
    with pytest.raises(BadInput, match="not a reason"):
        actions.pause(family.by.actor, case=case, **(pause | {"why": "waiting_list"}))
    with pytest.raises(BadInput, match="documents it is missing"):
        actions.pause(family.by.actor, case=case, **(pause | {"words": " . "}))


def test_while_a_pause_goes_on_somebody_asks_and_when_it_ends_the_meeting_is_owed_anew(family: make.Family) -> None:
    case = begun(family, received_on=ago(30))
    words = "No consent yet: calls of May 3, 9 and 12."
    pause = actions.pause(family.by.actor, case=case, since=ago(10), why="consent_not_given", words=words)
    assert owed(case) == {"early_pause": TODAY + 7 * DAY}
    actions.change_pause(family.by.actor, pause=pause, until=ago(2))
    assert owed(case) == {"early_plan": TODAY + 23 * DAY}
    pause = actions.change_pause(family.by.actor, pause=pause, taken_back=True)
    assert owed(case) == {"early_plan": TODAY + 15 * DAY}


def test_a_wrongly_entered_day_is_put_right_and_what_stood_stays(family: make.Family) -> None:
    case = begun(family, received_on=ago(3), identified_on=ago(4))
    case = actions.note(family.by.actor, case=case, days={Day.RECEIVED: ago(30), Day.IDENTIFIED: ago(31)})
    assert {(one.name, one.was) for one in case.earlier.all()} == {
        ("received_on", ago(3).isoformat()),
        ("identified_on", ago(4).isoformat()),
    }
    assert owed(case) == {"early_plan": TODAY + 15 * DAY}
    page = family.by.client.get(reverse("early", args=[family.episode.pk, family.child.pk])).content.decode()
    assert f"Before: {clock.day(ago(3))}" in page


def test_a_day_is_that_of_the_agencys_own_clock(family: make.Family) -> None:
    """Eleven at night in Chicago is the next day elsewhere."""
    late = datetime.combine(TODAY, datetime.min.time(), ZoneInfo(make.ZONE)) + timedelta(hours=23)
    with clock.at(late):
        case = begun(family, identified_on=TODAY)
        assert owed(case) == {"early_refer": TODAY + 7 * DAY}
        with pytest.raises(BadInput, match="future"):
            actions.note(family.by.actor, case=case, days={Day.REFERRED: TODAY + DAY})


def test_a_substantiated_case_asks_for_the_child_who_is_its_subject_and_never_for_a_sibling(
    family: make.Family,
) -> None:
    sister = make.make_family(family.by, child="Ana Ñúñez", age_months=20)
    said = {"told_on": ago(1), "said_by": "Ms. Cole, county office", "paper": "Letter of May 2"}
    with pytest.raises(BadInput, match="nobody else"):
        actions.note_substantiated(family.by.actor, episode=family.episode, child=sister.child, **said)
    actions.note_substantiated(family.by.actor, episode=family.episode, child=family.child, **said)
    case = EarlyCase.objects.get()
    assert (case.child, owed(case)) == (family.child, {"early_refer": TODAY + 6 * DAY})
    assert not Task.objects.filter(subject=sister.child).exists()
    assert not Substantiated.objects.filter(child=sister.child).exists()


@pytest.mark.parametrize(("days", "asks"), [(1, True), (0, False)], ids=["one day before", "on the third birthday"])
def test_under_three_by_one_day_it_is_asked_for(days: int, asks: bool) -> None:
    family = make.make_family(age_months=36)
    birthday = family.dyad.birth_date.replace(year=family.dyad.birth_date.year + 3)
    with clock.at(
        datetime.combine(birthday - days * DAY, datetime.min.time(), ZoneInfo(make.ZONE)) + timedelta(hours=9)
    ):
        told = clock.today(make.ZONE)
        family_before = make.Family(family.dyad, family.episode, family.by)
        families_since(family_before, told)
        actions.note_substantiated(
            family.by.actor, episode=family.episode, child=family.child, told_on=told, said_by="Ms. Cole"
        )
        assert EarlyCase.objects.exists() is asks


def families_since(family: make.Family, on: date) -> None:
    """The agency has served this family for long."""

    def earlier(act: object) -> None:
        family.episode.since = on - 30 * DAY
        family.episode.save()
        for row in (*family.episode.assignments.all(), *RoleAssignment.objects.filter(account=family.by.account)):
            row.since = on - 30 * DAY
            row.save()

    make.together(earlier)


def test_a_referral_carries_the_case_along_and_one_that_was_declined_is_owed_again(family: make.Family) -> None:
    begun(family)
    place = {"name": "Early start", "provider_name": "Prairie Part C"}
    listing = make.make_listing(offers=Offers.PROGRAM, program="part_c", **place)
    row = make.make_referral(family, listing, about=family.child)
    case = EarlyCase.objects.get()
    assert (case.referral, case.referred_on, owed(case)) == (row, TODAY, {})
    referral_actions.note_step(family.by.actor, referral=row, to=State.DECLINED, on=TODAY, why=Why.NO_PLACE)
    case.refresh_from_db()
    assert (case.referral, owed(case)) == (None, {"early_refer": TODAY + 7 * DAY})
    assert [one.name for one in case.earlier.all()] == ["referred_on"]
    again = referral_actions.draft(
        family.by.actor, episode=family.episode, about=family.child, to_call=family.adult, listing=listing
    )
    referral_actions.send(family.by.actor, referral=again)
    referral_actions.note_step(family.by.actor, referral=again, to=State.WAITLISTED, on=TODAY)
    case.refresh_from_db()
    assert (case.received_on, owed(case)) == (TODAY, {"early_plan": TODAY + 45 * DAY}), "a waiting list stops no day"


def test_a_day_that_was_noted_by_hand_stays_when_a_referral_is_declined(family: make.Family) -> None:
    case = begun(family, identified_on=ago(20))
    case = actions.note(family.by.actor, case=case, days={Day.REFERRED: ago(15)})
    listing = make.make_listing(offers=Offers.PROGRAM, program="part_c", name="Early start", provider_name="Part C")
    row = make.make_referral(family, listing, about=family.child)
    referral_actions.note_step(family.by.actor, referral=row, to=State.DECLINED, on=TODAY, why=Why.NO_PLACE)
    case.refresh_from_db()
    assert (case.referral, case.referred_on, case.earlier.count()) == (None, ago(15), 0)


def test_where_the_third_birthday_comes_first_the_page_says_so(family: make.Family) -> None:
    late = make.make_family(family.by, child="Ana Field", age_months=35)
    for there, comes_first in ((family, False), (late, True)):
        case = begun(there, received_on=TODAY)
        page = family.by.client.get(reverse("early", args=[there.episode.pk, there.child.pk])).content.decode()
        assert ("The third birthday comes first" in page) is comes_first
        assert (clock.day(TODAY + 45 * DAY) in page) is not comes_first
        assert (owed(case)["early_plan"] < TODAY + 45 * DAY) is comes_first


def test_with_the_third_birthday_tasks_close_and_say_so_and_a_later_case_goes_to_the_district(
    family: make.Family,
) -> None:
    """By the machine alone, also what asked whether a pause goes on; a child of three begins no case."""
    case = begun(family, received_on=ago(60))
    actions.pause(family.by.actor, case=case, why="family_circumstances", since=ago(9), words="In hospital.")
    with pytest.raises(BadInput, match="before the birth"):
        actions.pause(family.by.actor, case=case, why="family_circumstances", since=date.min, words="A slip.")
    third = family.dyad.birth_date.replace(year=family.dyad.birth_date.year + 3)
    eve = datetime.combine(third - DAY, datetime.min.time(), ZoneInfo(make.ZONE)) + timedelta(hours=9)
    with clock.at(eve):
        actions.look(machine("services.early_look"))
        assert Task.objects.filter(closed_at=None).count() == 2
    with clock.at(eve + DAY):
        for _night in range(2):
            actions.look(machine("services.early_look"))
        assert not Task.objects.filter(closed_at=None).exists()
        closed = Task.objects.filter(closed_at__gte=eve)
        assert {(one.why, one.done) for one in closed} == {
            (why, "The child is three by now.") for why in ("early_steps", "early_pause")
        }
        case.refresh_from_db()
        assert case.next_step == ""
        actions.close(family.by.actor, case=case, why=Ended.THREE, on=third)
        with pytest.raises(NotNow, match="school district"):
            begun(family, identified_on=third)


def test_to_the_school_district_it_goes_by_a_consent_and_no_45_days_begin(family: make.Family) -> None:
    place = {"name": "Preschool services", "provider_name": "District 12"}
    listing = make.make_listing(offers=Offers.PROGRAM, program="part_b_619", **place)
    row = make.make_referral(family, listing, about=family.child)
    case = EarlyCase.objects.get()
    assert (row.consent.about, case.district_on, case.received_on, owed(case)) == (family.child, TODAY, None, {})


def test_the_daily_look_owes_the_steps_once_their_time_has_come_and_once_only(family: make.Family) -> None:
    case = begun(family, received_on=ago(60))
    case = actions.note(family.by.actor, case=case, days={Day.PLAN_MET: ago(20)}, eligible=True)
    assert owed(case) == {}
    third = family.dyad.birth_date.replace(year=family.dyad.birth_date.year + 3)
    moment = datetime.combine(third - 120 * DAY, datetime.min.time(), ZoneInfo(make.ZONE)) + timedelta(hours=9)
    with clock.at(moment):
        for _night in range(2):
            house.handlers["services.early_look"](Job(payload={}))
        assert list(owed(case)) == ["early_steps"]
        assert Task.objects.filter(why="early_steps").count() == 1
        assert owed(case)["early_steps"] in {third - 90 * DAY, third - 89 * DAY}  # a birthday at the end of a month
        for kind in Step:
            actions.step(
                family.by.actor, case=case, kind=kind, on=clock.today(make.ZONE), not_wanted=kind == "conference"
            )
        assert owed(case) == {}


def test_a_corrected_birth_date_moves_what_is_owed_at_once_and_to_whoever_had_it(family: make.Family) -> None:
    case = begun(family, received_on=ago(60))
    actions.note(family.by.actor, case=case, days={Day.PLAN_MET: ago(20)}, eligible=True)
    third = month_reached(TODAY, 8).replace(day=1)
    make.correct_birth(family, month_reached(third, -36))
    assert owed(case) == {"early_steps": third - 90 * DAY} and EarlyCase.objects.get().next_on == third - 90 * DAY
    other = make.make_worker(at=family.by.agency)
    make.join_team(family, other)
    supervisor = make.make_worker("agency_supervisor", at=family.by.agency)
    tasks.hand_over(supervisor.actor, task=Task.objects.get(closed_at=None), to=other.person)
    make.correct_birth(family, month_reached(third, -36) + 3 * DAY)
    assert owed(case) == {"early_steps": third - 87 * DAY}
    assert Task.objects.get(closed_at=None).owner == other.person
    make.correct_birth(family, make.born(age_months=37))
    assert owed(case) == {} and "The child is three by now." in {one.done for one in Task.objects.all()}


def test_a_case_is_closed_with_why_and_its_tasks_with_it(family: make.Family) -> None:
    case = begun(family)
    case = actions.close(family.by.actor, case=case, why=Ended.FAMILY_CHOSE_OTHERWISE, on=TODAY, words="Maybe later.")
    assert owed(case) == {}
    with pytest.raises(NotNow, match="closed"):
        actions.note(family.by.actor, case=case, days={Day.REFERRED: TODAY})
    assert begun(family).pk != case.pk


def test_whoever_ends_the_service_is_told_that_a_clock_runs_and_says_what_becomes_of_it(family: make.Family) -> None:
    case = begun(family, received_on=ago(30))
    actions.pause(
        family.by.actor, case=case, since=ago(2), why="family_circumstances", words="Hospital; note of Monday."
    )
    by_day = {"tribe": "Lake Nation", "owner": family.by.person, "by_day": TODAY}
    actions.notice(family.by.actor, episode=family.episode, **by_day)
    page = reverse("family_end", kwargs={"dyad": family.dyad.pk})
    asked = family.by.client.get(page).content.decode()
    assert "The clock of early intervention runs for Mateo" in asked and "A notice to a tribe, by" in asked
    sent = {"key": "1", "until": ago(1), "reason": "moved"}
    assert family.by.client.post(page, sent).status_code == 400, "not without a word of it"
    with pytest.raises(BadInput, match="clock of early intervention runs"):
        families.end_episode(family.by.actor, episode=family.episode, until=ago(0), reason="moved")
    assert EarlyCase.objects.get().closed_on is None and owed(case)
    assert family.by.client.post(page, sent | {"until": TODAY, "early": "elsewhere"}).status_code == 302
    case.refresh_from_db()
    assert (case.closed_on, case.closed_why, case.next_step) == (TODAY, Ended.ELSEWHERE, "")
    assert set(owed(case)) == {"tribal_notice"}, "nothing of the case is left with anybody"
    house.handlers["services.early_look"](Job(payload={}))
    assert set(owed(case)) == {"tribal_notice"}


def test_a_notice_to_a_tribe_is_a_task_with_an_owner_and_a_day_and_keeps_what_was_sent(family: make.Family) -> None:
    notice = actions.notice(
        family.by.actor, episode=family.episode, tribe="Lake Nation", owner=family.by.person, by_day=TODAY + 3 * DAY
    )
    task = Task.objects.get(why="tribal_notice")
    assert (task.owner, task.subject) == (family.by.person, family.child)
    sent = {"to": "Lake Nation, ICWA office", "how": NoticeSent.How.REGISTERED, "on": TODAY}
    actions.note_sent(family.by.actor, notice=notice, **sent)
    assert Task.objects.get(pk=task.pk).closed_at is None
    actions.note_sent(family.by.actor, notice=notice, is_all=True, **sent)
    assert Task.objects.get(pk=task.pk).closed_at is not None
    with pytest.raises(NotNow, match="sent already"):
        actions.note_sent(family.by.actor, notice=notice, **sent)


def test_before_the_birth_no_clock_begins() -> None:
    unborn = make.make_family(due_in_days=40)
    with pytest.raises(NotNow, match="not born yet"):
        begun(unborn)
    page = unborn.by.client.get(reverse("early", args=[unborn.episode.pk, unborn.child.pk]))
    assert b"begin after the birth" in page.content


def test_what_is_told_outside_is_dated_and_of_the_person_asked_for_and_keeps_words_here(family: make.Family) -> None:
    case = begun(family, received_on=ago(30), identified_on=ago(40), identified_by="Grandmother Rosa")
    held = {"since": ago(20), "until": ago(6), "words": "Her mother was in hospital."}
    actions.pause(family.by.actor, case=case, why="family_circumstances", **held)
    actions.delay(family.by.actor, case=case, why="no_interpreter", since=ago(5))
    wanted = Wanted(family.episode, family.child, ago(35), TODAY, None)
    lines = list(early_told.early(wanted))
    assert [one.on for one in lines] == [ago(30), ago(20), ago(5)], "the day before these days is left out"
    assert {one.regime for one in lines} == {"part_c_ferpa"}
    said = " ".join(one.words for one in lines)
    assert "hospital" not in said
    assert "Rosa" not in said
    assert "The system took longer" in said
    assert list(early_told.early(Wanted(family.episode, family.adult, ago(99), TODAY, None))) == []


def test_referrals_are_told_with_what_began_and_what_is_waited_for_and_safety_at_home_never(
    family: make.Family,
) -> None:
    row = make.make_referral(family)
    referral_actions.note_step(family.by.actor, referral=row, to=State.WAITLISTED, on=TODAY)
    safe = make.make_listing(offers=Offers.SAFETY_AT_HOME, name="A safe place", provider_name="Harbor Light")
    make.make_referral(family, safe)
    told = list(early_told.referrals(Wanted(family.episode, family.adult, TODAY, TODAY, None)))
    assert [one.words for one in told] == [
        f"Referred to Lakeside Nurses on {clock.day(TODAY)}.",
        f"Waiting since {clock.day(TODAY)} for a place at Lakeside Nurses: the program had none.",
    ]
    assert list(early_told.referrals(Wanted(family.episode, family.child, TODAY, TODAY, None))) == []
    group = make.make_referral(family, make.make_listing(name="Group", provider_name="Larkspur"))
    for one in (row, group):
        over = {"to": State.CLOSED, "why": Why.FAMILY_CHOSE_OTHERWISE, "on": TODAY}
        referral_actions.note_step(family.by.actor, referral=one, **over)
    waited, chose = [
        [line.words for line in early_told.referrals(Wanted(family.episode, family.adult, TODAY, TODAY, None))][at]
        for at in (2, 4)
    ]
    assert waited == f"Waited until {clock.day(TODAY)} for a place at Lakeside Nurses: the program had none."
    assert "Larkspur" in chose and "the family chose otherwise" in chose
    offered = {(one.key, one.kind) for one in house.told_outside}
    assert {("services.early", Kind.EARLY_INTERVENTION), ("services.referrals", Kind.SERVED)} <= offered


def test_a_task_about_a_child_names_the_adults_who_may_be_called(family: make.Family) -> None:
    """The moment of midnight is said as the day that ends."""
    begun(family, identified_on=TODAY)
    task = Task.objects.get(subject=family.child)
    page = reverse("task", args=[task.pk])
    shown = family.by.client.get(page).content.decode()
    assert f"Ask the care team how to reach {family.adult.given_name}." in shown
    assert f"how to reach {family.child.given_name}" not in shown and 'class="exactly"' not in shown
    way = Way("phone", "206-555-0142", True)
    families.keep_way(family.by.actor, episode=family.episode, person=family.adult, way=way)
    assert f"{family.adult.given_name}. Safe to call:" in family.by.client.get(page).content.decode()


def test_protect_7_a_court_reads_no_early_intervention_by_another_name_and_no_name_of_a_place(
    family: make.Family,
) -> None:
    """A name says what nobody agreed to: a shelter's, a clinic's. Who gives care reads it, and early intervention its own."""
    part_c = make.make_listing(name="Flint Hills", provider_name="Flint Hills Infant-Toddler", program="part_c")
    row = make.make_referral(family, part_c, about=family.child)
    referral_actions.note_step(family.by.actor, referral=row, to=State.DECLINED, on=TODAY, why=Why.NOT_ELIGIBLE)
    home = make.make_listing(name="Rooms", provider_name="SafeHarbor Violence Shelter", offers=Offers.HOUSING)
    talks = make.make_listing(name="Talks", provider_name="Child Trauma Clinic", program="cpp")
    for listing in (home, talks):
        make.make_referral(family, listing, about=family.child)
    holds(family, family.adult, "parent")
    court = of_paper(family, Form.COURT, Purpose.COURT, Kind.SERVED)
    assert (
        "Referred to a place that helps with housing on" in court and "Referred to a program for families on" in court
    )
    assert not any(name in court for name in ("SafeHarbor", "Trauma", "Flint Hills", "Not taken on"))
    care = of_paper(family, Form.PRIMARY_CARE, Purpose.CARE, Kind.SERVED)
    assert "SafeHarbor" in care and "Child Trauma Clinic" in care and "Flint Hills" not in care
    letter = of_paper(family, Form.EARLY_INTERVENTION, Purpose.EARLY_INTERVENTION, Kind.EARLY_INTERVENTION)
    assert "Not taken on by Flint Hills Infant-Toddler" in letter and "SafeHarbor" not in letter


def of_paper(family: make.Family, form: Form, purpose: Purpose, kind: Kind) -> str:
    """The parts of a paper about the child, by a consent to this kind of facts."""
    days = Days(TODAY, TODAY)
    asked = Asked(family.child.pk, f"Whoever reads a {form}", purpose, frozenset({kind}), days)
    agree(family, recipient=asked.recipient, purpose=purpose, kinds=asked.kinds)
    family.episode.refresh_from_db()
    row = releasing.drafted(family.by.person.pk, family.episode, family.child, asked, "en", form, (asked.recipient,))
    return str(releasing.drawn(row, releasing.lines_of(row, clock.now()), clock.now())["parts"])


# On the pages


def test_the_page_draws_both_counts_and_says_whose_each_step_is(family: make.Family) -> None:
    case = begun(family, received_on=ago(38), identified_on=ago(41))
    actions.pause(
        family.by.actor, case=case, since=ago(20), until=ago(13), why="family_circumstances", words="Note of Monday."
    )
    browser, url = family.by.client, reverse("early", args=[family.episode.pk, family.child.pk])
    page = browser.get(url).content.decode()
    assert "38 days run, 31 days count" in page
    assert clock.day(ago(38) + 52 * DAY) in page
    assert "Note of Monday." in page
    assert browser.get(reverse("early", args=[family.episode.pk, family.adult.pk])).url == url
    assert "Early intervention" in browser.get(f"/families/{family.dyad.pk}/").content.decode()
    assert family.dyad.called in browser.get("/today/").content.decode()


def test_a_coordinator_keeps_the_days_and_reads_no_words_of_the_care_team(family: make.Family) -> None:
    case = begun(family, received_on=ago(10), identified_by="Grandmother Rosa")
    pause = actions.pause(
        family.by.actor, case=case, since=ago(8), why="family_circumstances", words="Canary: in hospital."
    )
    pat = make.make_worker("family_service_coordinator", name="Pat Morrow")
    page = pat.client.get(reverse("early", args=[family.episode.pk, family.child.pk])).content.decode()
    assert "Canary" not in page
    assert "Rosa" not in page
    change = reverse("early_change_pause", args=[family.episode.pk, pause.pk])
    assert "Canary" not in pat.client.get(change).content.decode()
    sent = {"key": "one", "version": pause.version, "since": str(ago(8)), "until": str(ago(1))}
    assert pat.client.post(change, sent).status_code == 302
    pause.refresh_from_db()
    assert (pause.until, pause.words) == (ago(1), "Canary: in hospital.")
    with pytest.raises(Refused):
        actions.note_substantiated(
            pat.actor, episode=family.episode, child=family.child, told_on=TODAY, said_by="Ms. Cole"
        )


def test_whoever_does_not_serve_the_family_sees_and_writes_nothing(family: make.Family) -> None:
    case, url = begun(family), reverse("early", args=[family.episode.pk, family.child.pk])
    elsewhere = make.make_network().agencies[1]
    others = [make.make_worker(role) for role in ("home_visitor", "clinician", "agency_supervisor", "privacy_officer")]
    for other in (*others, make.make_worker("family_service_coordinator", elsewhere)):
        assert other.client.get(url).status_code == 403
        with pytest.raises(Refused):
            actions.note(other.actor, case=case, days={Day.REFERRED: TODAY})


def test_on_the_familys_page_the_way_says_until_when_once_the_third_birthday_nears() -> None:
    """From nine months before on, until early intervention need not evaluate any more."""
    born = date(2024, 5, 10)
    assert panel_views._nears(born, date(2026, 8, 9)) is None
    assert panel_views._nears(born, date(2026, 8, 10)) == date(2027, 3, 26)
    assert panel_views._nears(born, date(2027, 3, 26)) == date(2027, 3, 26)
    assert panel_views._nears(born, date(2027, 3, 27)) is None


def test_forms_keep_what_was_typed_and_a_second_writer_is_told(family: make.Family) -> None:
    case = begun(family)
    browser, days = family.by.client, reverse("early_days", args=[family.episode.pk])
    typed = {"key": "a", "version": 1, "identified_on": str(TODAY), "referred_on": str(ago(3))}
    refused = browser.post(days, typed)
    assert refused.status_code == 400
    assert str(ago(3)) in refused.content.decode()
    case = actions.note(family.by.actor, case=case, days={}, identified_by="her father")
    stale = browser.post(days, typed | {"key": "b", "referred_on": str(TODAY)})
    assert "after you opened it" in stale.content.decode()
    for page in ("begin", "pause", "delay", "step", "close", "by_law", "notice"):
        answer = browser.get(reverse(f"early_{page}", args=[family.episode.pk]))
        assert answer.status_code == 200, page
    sent = {"key": "c", "told_on": str(TODAY), "said_by": "Ms. Cole"}
    assert browser.post(reverse("early_by_law", args=[family.episode.pk]), sent).status_code == 302
    assert Substantiated.objects.get().said_by == "Ms. Cole"


def test_who_decides_for_the_child_reads_who_coordinates_and_what_comes_by_when() -> None:
    """On her own page and on the sheet that the family takes along; not on the page of another adult, and never why it waits."""
    father = AdultFacts("Tomás", "Ñúñez", "father")
    family = make.make_family(make.make_worker(name="Luz Ibarra"), age_months=14, adults=("Ana Ñúñez", father))
    case = begun(family, received_on=ago(20), identified_by="Canaryneighbor", is_lead=True)
    actions.pause(
        family.by.actor, case=case, why="family_circumstances", since=ago(9), until=ago(5), words="Canaryjail"
    )
    sheet = reverse("family_map_print", args=[family.dyad.pk])

    def hers(number: int) -> str:
        browser, made = Client(), []
        there = {"person": family.adults[number], "episode": family.episode.pk}
        where = {"organization": family.episode.organization, "purpose": make.AdultLink.Purpose.OWN_PAGE}
        make.together(lambda act: made.extend(make.adult_links.make(act, **there, **where)))
        browser.get(f"/l/{made[1]}/")
        return browser.get("/for-you/").content.decode()

    assert "Luz Ibarra coordinates it." not in hers(0), "nobody has said who decides for the child"
    note = {"holder": family.adults[0], "capacity": "parent", "document": "", "since": ago(30)}
    families.note_consent(family.by.actor, episode=family.episode, **note)
    by = clock.day(ago(20) + 49 * DAY)
    for page in (hers(0), family.by.client.get(sheet).content.decode()):
        assert "Luz Ibarra coordinates it." in page and f"By {by} you meet for the first plan" in page
        assert "Canaryneighbor" not in page and "Canaryjail" not in page and "pause" not in page.lower()
    assert "coordinates it." not in hers(1)
    supervisor = make.make_worker("agency_supervisor", family.by.agency)
    assert "coordinates it." not in supervisor.client.get(sheet).content.decode()
