"""Labels of members, and the days on which letters about dues leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.association import actions, queries
from inmind.association.models import Label, Member
from inmind.association.standing import Plan
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, Refused
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


@pytest.fixture
def two(keeper: make.Worker) -> list[Member]:
    """Two members, one with two labels and one with another."""
    rows = [make.make_member(keeper, name=name) for name in ("Luz Ortega", "Ana Gray")]
    for row, said in ((rows[0], "Board"), (rows[0], "Speaker"), (rows[1], "Board & friends")):
        actions.label_member(keeper.actor, member=row, said=said)
    return rows


def page(who: make.Worker, name: str, *ids: Any, **query: Any) -> str:
    return str(who.client.get(reverse(name, args=ids), query, follow=True).content.decode())


def said(member: Member) -> list[str]:
    return queries.labels_of(member)


def test_labels_stand_on_the_members_page_for_the_coordinator_alone(keeper: make.Worker, two: list[Member]) -> None:
    """Given and taken off there; the member does not read them."""
    assert "Speaker" in page(keeper, "member", two[0].pk)
    assert "Speaker" not in make.client_of(two[0].person).get(reverse("member", args=[two[0].pk])).content.decode()
    typed = {"key": fresh_key(), "said": "  2025   conference "}
    keeper.client.post(reverse("member_label", args=[two[0].pk]), typed)
    assert said(two[0]) == ["2025 conference", "Board", "Speaker"]
    keeper.client.post(reverse("member_unlabel", args=[two[0].pk]), {"key": fresh_key(), "said": "Speaker"})
    assert said(two[0]) == ["2025 conference", "Board"]


def test_a_label_is_written_in_one_way(keeper: make.Worker, two: list[Member]) -> None:
    """Case and accents make no other one; an empty one is none."""
    actions.label_member(keeper.actor, member=two[1], said="BOÁRD")
    assert said(two[1]) == ["Board", "Board & friends"]
    with pytest.raises(BadInput, match="has a word"):
        actions.label_member(keeper.actor, member=two[1], said=" – ")


def test_the_list_is_narrowed_by_a_label(keeper: make.Worker, two: list[Member]) -> None:
    """The page of labels leads there, whatever stands in a label."""
    shown = page(keeper, "members", label="Board & friends")
    assert "Ana Gray" in shown
    assert "Luz Ortega" not in shown
    every = page(keeper, "labels")
    assert "label=Board+%26+friends" in every
    assert "Speaker" in every


def test_a_label_is_renamed_put_together_with_another_and_removed(keeper: make.Worker, two: list[Member]) -> None:
    """Nobody has it twice."""
    address = f"{reverse('label')}?said=Board"
    assert "1 member" in keeper.client.get(address).content.decode()
    keeper.client.post(address, {"key": fresh_key(), "to": "board"})
    assert said(two[0]) == ["Speaker", "board"]
    keeper.client.post(f"{reverse('label')}?said=board", {"key": fresh_key(), "to": "SPEAKER"})
    assert said(two[0]) == ["Speaker"]
    answer = keeper.client.post(f"{reverse('label')}?said=Speaker", {"key": fresh_key(), "to": " - "})
    assert answer.status_code == 400
    with pytest.raises(BadInput, match="any more"):
        actions.rename_label(keeper.actor, association=keeper.agency, said="Gone", to="Other")
    keeper.client.post(f"{reverse('label_remove')}?said=Speaker", {"key": fresh_key()})
    assert list(Label.objects.values_list("said", flat=True)) == ["Board & friends"]
    assert "Nobody has this label" in page(keeper, "label", said="Gone")


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["association_coordinator", "agency_supervisor", "administrator", "practitioner"])
def test_nobody_else_reads_or_changes_labels(keeper: make.Worker, two: list[Member], role: str) -> None:
    """Another association's coordinator sees their own, and nothing of these."""
    at = make.make_association("Hills Association") if role == "association_coordinator" else None
    other = make.make_worker(role, at)
    assert "Speaker" not in page(other, "labels")
    for work in (
        lambda: actions.label_member(other.actor, member=two[0], said="X"),
        lambda: actions.unlabel_member(other.actor, member=two[0], said="Board"),
        lambda: actions.rename_label(other.actor, association=keeper.agency, said="Board", to="X"),
        lambda: actions.remove_label(other.actor, association=keeper.agency, said="Board"),
        lambda: actions.keep_reminders(other.actor, association=keeper.agency, before_days=9, last_days=9),
    ):
        with pytest.raises(Refused):
            work()
    assert said(two[0]) == ["Board", "Speaker"]


def test_days_of_reminders_are_ours_until_the_association_says_its_own(keeper: make.Worker) -> None:
    """Shown as ours; then letters leave by theirs, of this association alone."""
    assert "no rule of the field" in page(keeper, "reminders")
    day = clock.today(make.ZONE)
    member = make.make_member(keeper, until=day + timedelta(45))
    elsewhere = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    other = make.make_member(elsewhere, until=day + timedelta(45))
    typed = {"key": fresh_key(), "before_days": 60, "last_days": 10}
    assert "Ours would be 30 and 7." in keeper.client.post(reverse("reminders"), typed, follow=True).content.decode()
    assert keeper.agency
    assert queries.plan_of(keeper.agency.pk) == Plan(60, 10)
    assert queries.plan_of(other.association_id) == Plan()
    make.together(lambda act: act.later("association.remind", {}))
    run_due()
    assert Letter.objects.filter(template="dues_before").values_list("to", flat=True).get() == member.person_id
    assert "60 days before the end" in page(keeper, "member", make.make_member(keeper, name="Late").pk)


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(("before", "last"), [(0, 7), (400, 7), (30, 0), (30, 9999)])
def test_days_that_are_no_plan_are_refused(keeper: make.Worker, before: int, last: int) -> None:
    """By the action as by the page."""
    with pytest.raises(BadInput):
        actions.keep_reminders(keeper.actor, association=keeper.agency, before_days=before, last_days=last)
    typed = {"key": fresh_key(), "before_days": before, "last_days": last}
    assert keeper.client.post(reverse("reminders"), typed).status_code == 400
