"""No way of asking for a record leaves the trail without a line, and no line tells more than its reader may know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.foundation import clock
from inmind.jobs.runner import run_due
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "POST"])
def test_a_record_read_by_any_method_leaves_a_line(method: str) -> None:
    """A result that is asked for by OPTIONS or POST instead of GET is the same reading."""
    screen = make.make_screen()
    client = make.Worker(screen.worker.account, screen.episode.organization).client
    before = AuditEntry.objects.filter(verb="screening.see", outcome="read").count()
    answer = client.generic(method, reverse("screen", kwargs={"screen": screen.pk}))
    assert answer.status_code == 200
    assert AuditEntry.objects.filter(verb="screening.see", outcome="read").count() == before + 1


def test_answers_shown_again_to_a_stale_form_leave_a_line() -> None:
    """Both texts are a reading, although the form was sent to write."""
    screen = make.make_screen(answers={"epds_1": 1}, finished=False)
    client = make.Worker(screen.worker.account, screen.episode.organization).client
    answer = client.post(reverse("screen_enter", kwargs={"screen": screen.pk}), {"key": "one", "version": "99"})
    assert answer.status_code == 409
    assert AuditEntry.objects.filter(verb="screening.answer", outcome="read", about=str(screen.pk)).exists()


@pytest.mark.parametrize("role", ["family_service_coordinator", "agency_supervisor", "privacy_officer"])
def test_who_looked_does_not_tell_that_a_caregiver_was_screened(role: str) -> None:
    """Outside the care team the list is the same before and after a screen, its crisis answer, and an hour of silence."""
    family = make.make_family()
    clinician = make.make_on_call(family.episode.organization)
    reader = make.make_worker(role, family.episode.organization)
    address = reverse("family_looked", kwargs={"dyad": family.dyad.pk})
    own_page = reverse("caregiver", kwargs={"episode": family.episode.pk, "person": family.adult.pk})
    assert family.by.client.get(own_page).status_code == 200

    def lines(by: make.Worker = reader) -> list[tuple[str, str]]:
        """What the page says, but for how often and when, and for what its own reading leaves."""
        days = by.client.get(address).context["days"]
        told = [(one["who"], line) for _, readers in days for one in readers for line in one["lines"]]
        said = [(who, f"{line['where']}, {line['did']}, {line['times']}") for who, line in told]
        return sorted(one for one in said if "read who looked" not in one[1])

    before = lines()
    screen, task = make.make_crisis(family)
    assert clinician.client.get(reverse("task", kwargs={"task": task.pk})).status_code == 200
    assert clinician.client.get(reverse("screen", kwargs={"screen": screen.pk})).status_code == 200
    with clock.at(clock.now() + timedelta(hours=2)):
        run_due()
    assert make.make_worker("agency_supervisor", family.episode.organization).client.get("/today/").status_code == 200
    assert lines() == before
    assert "somebody&#x27;s own page" in reader.client.get(address).content.decode()
    assert len(lines(family.by)) > len(before)
