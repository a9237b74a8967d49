"""How far families came, on its page: for whom it is, what it counts, and what it keeps from who is on no care team."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from inmind.foundation import clock
from inmind.services.referrals import actions
from inmind.services.referrals.referral import State, Why
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)


def counts(worker: make.Worker) -> list[int]:
    page = worker.client.get(reverse("funnel"))
    assert page.status_code == 200
    return [
        int(found) for found in re.findall(r"<strong>(\d+)</strong></p>\s*<svg class=.stage.", page.content.decode())
    ]


def positive(family: make.Family) -> None:
    make.make_screen(family, by=family.by, answers=make.calm_answers(epds_1=3, epds_2=3, epds_3=3, epds_4=3, epds_5=3))


def test_a_worker_sees_how_far_her_own_families_came_and_why_some_were_not_served() -> None:
    family, other = make.make_family(), make.make_family()
    positive(family)
    row = make.make_referral(family)
    assert counts(family.by) == [1, 1, 1, 0, 0, 0]
    actions.note_step(family.by.actor, referral=row, to=State.DECLINED, on=TODAY, why=Why.NO_PLACE)
    page = family.by.client.get(reverse("funnel")).content.decode()
    assert "the program has no place" in page
    assert "what the system did not have" in page
    assert counts(other.by) == []
    assert "Nothing began" in other.by.client.get(reverse("funnel")).content.decode()


def test_protect_1_a_supervisor_reads_no_count_of_a_few_families_that_were_screened() -> None:
    """Five families or more of a quarter that is over are a figure; fewer would tell of one, and so would a day less."""
    for family in (family_of := [make.make_family() for _number in range(4)]):
        positive(family)
    make.make_referral(family_of[0])
    later = clock.now() + timedelta(100)
    with clock.at(later):
        supervisor = make.make_worker("agency_supervisor")
        assert counts(supervisor) == [1, 1, 1, 0, 0, 0]
        assert "five families or more" in supervisor.client.get(reverse("funnel")).content.decode()
    positive(make.make_family())
    assert counts(make.make_worker("agency_supervisor")) == [1, 1, 1, 0, 0, 0], "this quarter is not over"
    with clock.at(later):
        assert counts(supervisor) == [5, 1, 1, 0, 0, 0]
        short = f"{reverse('funnel')}?since={TODAY}&until={TODAY}"
        page = supervisor.client.get(short).content.decode()
        assert "<strong>5</strong>" not in page
        assert "took" not in page, "days of a few are not told"


def test_who_serves_no_family_is_refused_and_days_that_cannot_be_are_said() -> None:
    steward = make.make_worker("data_steward")
    assert steward.client.get(reverse("funnel")).status_code == 403
    luz = make.make_family().by
    page = luz.client.get(reverse("funnel") + "?since=2026-03-02&until=2026-03-01").content.decode()
    assert "This day lies before the first one" in page
