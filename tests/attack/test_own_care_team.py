"""Nobody opens a family's confidence to themselves; and silence at a small agency is still heard by somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inmind.access import actions as access
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.errors import HostileText, NotNow
from inmind.foundation.text import checked
from inmind.jobs import runner
from inmind.messages.models import Letter
from tests import make

pytestmark = pytest.mark.django_db


def test_a_coordinator_does_not_put_herself_on_a_care_team_where_another_could() -> None:
    """Being on it opens what the family said in confidence; a second person answers for that."""
    family = make.make_family()
    coordinator = make.make_worker("family_service_coordinator")
    make.make_worker("agency_supervisor")
    with pytest.raises(NotNow, match="cannot put yourself"):
        families.join_team(coordinator.actor, episode=family.episode, worker=coordinator.person)


def test_where_one_person_arranges_everything_she_may_add_herself() -> None:
    """An agency of two is not locked out of its own families."""
    family = make.make_family()
    coordinator = make.make_worker("family_service_coordinator")
    joined = families.join_team(coordinator.actor, episode=family.episode, worker=coordinator.person)
    assert joined.worker == coordinator.person


def test_where_there_is_no_supervisor_the_clinicians_hear_that_nobody_answered() -> None:
    """The supervisor who named the on-call has left; an hour of silence reaches the other clinician."""
    other = make.make_worker("clinician")
    _screen, task = make.make_crisis()
    admin = make.make_network().admin.actor
    for role in task.organization.roles.filter(role="agency_supervisor", until=None):
        access.end_role(admin, assignment=role)
    with clock.at(task.due_at + timedelta(minutes=1)):
        runner.run_due()
    assert Letter.objects.filter(template="nobody_answered", to=other.person).exists()


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize("letter", ["\x07", "\x1b", "\u202e", "\u2066", "\x85"])
def test_a_mark_that_hides_or_turns_a_name_is_refused(letter: str) -> None:
    """Control characters and direction overrides; tab, line ends and the marks that Arabic needs may stand."""
    with pytest.raises(HostileText):
        checked(f"Mar{letter}ía", 80)
    assert checked("Mar\u200fía\tÑúñez\n", 80)
