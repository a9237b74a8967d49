"""A service begins and ends with its referral; its sessions, gaps and first weeks are read truly, by the care team alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.events import ReferralMoved
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import Wanted, house
from inmind.foundation.values import FieldClass, Regime
from inmind.jobs.runner import run_due
from inmind.services.models import Referral, ServiceEpisode, ServiceSession
from inmind.services.referrals import actions as referral_actions
from inmind.services.referrals.referral import State as Standing
from inmind.services.referrals.referral import Why
from inmind.services.running import actions, told
from inmind.services.running.attendance import Because, State
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def family() -> make.Family:
    father = AdultFacts("Tomás", "Ñúñez", "father")
    return make.make_family(make.make_worker(name="Luz Ibarra"), adults=("Ana Ñúñez", father))


def begun(family: make.Family, weeks_ago: int = 8, **said: Any) -> ServiceEpisode:
    """A service that the family found by itself."""
    there = {"episode": family.episode, "about": family.adult, "since": TODAY - weeks_ago * WEEK}
    return actions.begin_service(family.by.actor, **{"name": "Nurses at home", **there, **said})


def became(family: make.Family, service: ServiceEpisode, *states: State) -> list[ServiceSession]:
    """One session a week from the beginning on, each with what became of it."""
    first = {"first": service.since, "times": len(states), "every_days": 7}
    planned = actions.plan_sessions(family.by.actor, service=service, **first)
    return [
        actions.note_session(family.by.actor, session=one, state=state, minutes=60 if state is State.ATTENDED else None)
        for one, state in zip(planned, states, strict=True)
        if state is not State.PLANNED
    ]


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def page(family: make.Family, service: ServiceEpisode) -> str:
    return text(family.by.client.get(reverse("service", args=[service.pk])))


# By its referral


def test_a_service_begins_when_its_referral_is_started_and_ends_with_it(family: make.Family) -> None:
    row = make.make_referral(family)
    by = family.by.actor
    referral_actions.note_step(by, referral=row, to=Standing.ACCEPTED, on=TODAY)
    run_due()
    assert not ServiceEpisode.objects.exists()
    referral_actions.note_step(by, referral=row, to=Standing.STARTED, on=TODAY)
    run_due()
    service = ServiceEpisode.objects.get()
    assert (service.referral, service.about, service.since, service.until) == (row, family.adult, TODAY, None)
    assert (service.name, service.program) == ("Nurses at home", "nfp")
    with pytest.raises(NotNow, match="ends with it"):
        actions.end_service(by, service=service, on=TODAY, why=Why.COMPLETED)
    referral_actions.note_step(by, referral=row, to=Standing.ENDED, on=TODAY, why=Why.COMPLETED)
    run_due()
    service.refresh_from_db()
    assert (service.until, service.why) == (TODAY, Why.COMPLETED)


def test_told_twice_or_late_it_is_the_same_service(family: make.Family) -> None:
    """An announcement may come more than once, and in another order."""
    row = make.make_referral(family)
    for to, why in ((Standing.ACCEPTED, None), (Standing.STARTED, None), (Standing.ENDED, Why.MOVED_AWAY)):
        referral_actions.note_step(family.by.actor, referral=row, to=to, on=TODAY, why=why)
    for before, to in ((Standing.STARTED, Standing.ENDED), (Standing.ACCEPTED, Standing.STARTED)) * 2:
        event = ReferralMoved(row.pk, row.about_id, row.episode_id, before, to)
        make.together(lambda act, event=event: actions.follow_referral(act, event))
    service = ServiceEpisode.objects.get()
    assert (service.since, service.until, service.why) == (TODAY, TODAY, Why.MOVED_AWAY)


def test_the_wait_before_it_began_is_the_systems(family: make.Family) -> None:
    row = make.make_referral(family)
    service = begun(family)
    make.together(
        lambda act: (
            Referral.objects.filter(pk=row.pk).update(sent_on=service.since - 34 * DAY),
            ServiceEpisode.objects.filter(pk=service.pk).update(referral=row),
        )
    )
    assert "it was 34 days. That wait was the system’s." in page(family, service)


# Its sessions


def test_what_became_of_a_session_is_written_anew_and_what_stood_is_kept(family: make.Family) -> None:
    service = begun(family)
    (session,) = became(family, service, State.BY_FAMILY)
    actions.note_session(
        family.by.actor,
        session=session,
        state=State.BY_PROGRAM,
        because=Because.WORKER,
        said_by="program",
        note="Canarynote: the nurse was ill.",
    )
    session.refresh_from_db()
    assert [(one.state, one.because) for one in session.earlier.all()] == [("by_family", "")]
    assert (session.state, session.because, session.note) == ("by_program", "worker", "Canarynote: the nurse was ill.")
    assert "Cancelled by the family" in text(family.by.client.get(reverse("service_session", args=[session.pk])))


def test_a_day_that_has_a_session_keeps_it(family: make.Family) -> None:
    service, first = begun(family), {"first": TODAY, "every_days": 7}
    actions.plan_sessions(family.by.actor, service=service, times=2, **first)
    assert len(actions.plan_sessions(family.by.actor, service=service, times=4, **first)) == 2


def test_what_cannot_be_of_a_service_is_refused(family: make.Family) -> None:
    by, service = family.by.actor, begun(family)
    (session,) = actions.plan_sessions(by, service=service, first=TODAY)
    other = make.make_family(family.by, child="Rosa Ibarra", adults=("Eva Lund",)).adult
    wrong: list[tuple[type[Exception], Any]] = [
        (BadInput, lambda: begun(family, name=" ")),
        (BadInput, lambda: begun(family, program="nothing")),
        (BadInput, lambda: begun(family, since=TODAY + DAY)),
        (BadInput, lambda: begun(family, since=date(1900, 1, 1))),
        (BadInput, lambda: begun(family, about=family.child, since=TODAY - 52 * WEEK)),  # before the birth
        (BadInput, lambda: actions.plan_sessions(by, service=service, first=date.max, times=5)),
        (BadInput, lambda: actions.note_session(by, session=session, state=State.PLANNED, on=date(2999, 1, 1))),
        (BadInput, lambda: begun(family, about=other)),
        (BadInput, lambda: actions.plan_sessions(by, service=service, first=service.since - DAY)),
        (BadInput, lambda: actions.note_session(by, session=session, state=State.OTHER, on=service.since - DAY)),
        (BadInput, lambda: actions.note_session(by, session=session, state=State.OTHER, said_by="nobody")),
        (BadInput, lambda: actions.end_service(by, service=service, on=TODAY, why=Why.NO_FUNDS)),
        (BadInput, lambda: actions.end_service(by, service=service, on=TODAY + DAY, why=Why.COMPLETED)),
    ]
    for problem, act in wrong:
        with pytest.raises(problem):
            act()
    actions.end_service(by, service=service, on=TODAY, why=Why.COMPLETED)
    with pytest.raises(NotNow):
        actions.plan_sessions(by, service=service, first=TODAY)


def test_the_page_shows_each_week_and_names_a_gap_by_who_cancelled(family: make.Family) -> None:
    service = begun(family, program="nfp")
    became(family, service, State.ATTENDED, *[State.BY_PROGRAM] * 5, State.ATTENDED)
    shown = page(family, service)
    assert "The program cancelled. The wait was the system’s. (Cancelled by the program: 5)" in shown
    assert shown.count('class="mark-came"') == 3  # two, and the one that explains them
    assert "It took place: 2" in shown
    assert "the program means to come every 14 days" in shown  # the child is six months old


def test_protect_7_a_court_reads_who_cancelled_and_never_why(family: make.Family) -> None:
    """A line for each session that was due, of the person it is about; early intervention's under its own law, her mood's nowhere."""
    service = begun(family, program="nfp", weeks_ago=4)
    kept = became(family, service, State.ATTENDED, State.BY_FAMILY, State.BY_PROGRAM, State.PLANNED)
    actions.note_session(family.by.actor, session=kept[1], state=State.BY_FAMILY, because=Because.STRAIN, note="Canary")
    for program in ("part_c", "rose"):
        became(family, begun(family, weeks_ago=4, name=program, program=program), State.BY_PROGRAM)
    wanted = Wanted(family.episode, family.adult, TODAY - 40 * DAY, TODAY, None)
    lines = list(told.sessions(wanted))
    assert [one.words for one in lines] == [
        "A session of 60 minutes with Nurses at home took place.",
        "A session with Nurses at home was planned; the family cancelled it.",
        "A session with Nurses at home was planned; the program cancelled it.",
    ]
    assert lines[2].unnamed == "A session with a home visiting program was planned; the program cancelled it."
    assert {(one.field, one.regime) for one in lines} == {(FieldClass.FAMILY, Regime.HIPAA)}
    (early,) = told.early_sessions(wanted)
    assert (early.place, early.regime) == ("part_c", Regime.PART_C)
    assert not list(told.sessions(replace(wanted, person=family.child)))
    offered = {(one.key, one.kind) for one in house.told_outside}
    assert {("services.sessions", "visits"), ("services.early_sessions", "early_intervention")} <= offered


def test_a_schedule_that_nobody_knows_is_compared_with_nothing(family: make.Family) -> None:
    assert "so nothing is compared" in page(family, begun(family))


# When a call is worth it


def test_nobody_outside_the_care_team_sees_that_a_call_is_worth_it(family: make.Family) -> None:
    """Not the agency's coordinator or supervisor, and it is no fact that travels with the family's."""
    service = begun(family, name="Canaryservice")
    became(family, service, State.BY_FAMILY, State.NO_ONE_CAME)
    for role in ("family_service_coordinator", "agency_supervisor", "home_visitor", "privacy_officer"):
        worker = make.make_worker(role, family.episode.organization)
        assert "Worth a call" not in text(worker.client.get("/today/"))
        assert worker.client.get(reverse("service", args=[service.pk])).status_code == 403
        family_page = worker.client.get(f"/families/{family.dyad.pk}/")
        assert "Canaryservice" not in family_page.content.decode()
        with pytest.raises(Refused):
            actions.note_call(worker.actor, service=service)
    assert ServiceEpisode.class_of("worth_a_call_on") is FieldClass.CLINICAL


# Through the pages


def test_a_service_is_begun_planned_and_ended_on_its_pages(family: make.Family) -> None:
    luz = family.by.client
    form = {"key": fresh_key(), "about": family.child.pk, "name": "Baby group", "since": TODAY - WEEK, "program": ""}
    assert luz.post(reverse("service_begin", args=[family.episode.pk]), form).status_code == 302
    service = ServiceEpisode.objects.get()
    there = reverse("service_sessions", args=[service.pk])
    assert luz.post(there, {"key": fresh_key(), "first": TODAY, "times": 2, "every_days": 7}).status_code == 302
    refused = luz.post(there, {"key": fresh_key(), "first": TODAY - 9 * WEEK, "times": 1, "every_days": 7})
    assert refused.status_code == 400
    session = service.sessions.get(on=TODAY)
    came = {"key": fresh_key(), "state": "attended", "on": TODAY, "minutes": 45, "because": "", "said_by": "worker"}
    assert luz.post(reverse("service_session", args=[session.pk]), came).status_code == 302
    plan = text(luz.get(reverse("care_plan", args=[family.episode.pk])))
    assert "Baby group" in plan and "Baby group" in text(luz.get(f"/families/{family.dyad.pk}/"))
    end = {"key": fresh_key(), "on": TODAY, "why": "moved_away"}
    assert luz.post(reverse("service_end", args=[service.pk]), end).status_code == 302
    assert "the family moved away" in page(family, service)


# A screen, before and since


def screened(family: make.Family, days_ago: int, points: int, **said: Any) -> None:
    answers = make.calm_answers() | {"epds_1": points}
    make.make_screen(family, answers=answers, on=TODAY - days_ago * DAY, **said)


def test_a_screen_before_and_since_is_drawn_for_the_care_team_alone() -> None:
    """Folded, with the day on which the service began; nobody else learns that there was one (`protect.md` 1)."""
    with clock.at(clock.now() - timedelta(days=60)):
        family = make.make_family(make.make_worker(), child="Noa Lund", adults=("Eva Lund",))
    screened(family, 30, 3)
    service = begun(family, weeks_ago=2)
    assert "The service began here" not in page(family, service)
    screened(family, 1, 1)
    shown = page(family, service)
    assert "The service began here" in shown and 'class="trend-began"' in shown
    plan = text(family.by.client.get(reverse("care_plan", args=[family.episode.pk])))
    assert "The service began here" in plan
    printed = reverse("plan_print", args=[family.episode.pk, family.adult.pk])
    assert "EPDS" not in text(family.by.client.get(printed))
    child = begun(family, weeks_ago=2, about=family.child)
    assert "EPDS" not in page(family, child)


def test_the_holding_map_draws_what_was_asked_for_beside_what_runs() -> None:
    """Waiting is named as the system's. A service of an adult stands on no print: it is not another adult's to read."""
    family = make.make_family(make.make_worker(), child="Mateo Peña")
    page, there = f"/families/{family.dyad.pk}/", {"name": "Canaryprint"}
    his = make.make_referral(family, make.make_listing(name="Play at home"), about=family.child)
    make.make_referral(family, make.make_listing(name="Someone to talk to"))
    make.make_referral(family, make.make_listing(name="Not sent yet"), about=family.child, sent=False)
    actions.begin_service(family.by.actor, episode=family.episode, about=family.adult, **there)
    with clock.at(clock.now() + timedelta(days=9)):
        seen = family.by.client.get(page).content.decode()
        drawn = seen[seen.index('<figure class="holding">') : seen.index("</figure>")]
        assert (
            f"asked on {clock.day(his.sent_on)}, waiting 9 days" in drawn and drawn.count('path class="not-yet"') == 2
        )
        assert drawn.count('path class="runs"') == 1 and "Not sent yet" not in drawn
        assert "It is the system that keeps them waiting." in drawn
        print_out = family.by.client.get(f"{page}map/print/").content.decode()
        assert "Play at home" in print_out
        assert "Someone to talk to" not in print_out and "Canaryprint" not in print_out
        supervisor = make.make_worker("agency_supervisor", family.by.agency)
        assert "Play at home" not in supervisor.client.get(page).content.decode()
