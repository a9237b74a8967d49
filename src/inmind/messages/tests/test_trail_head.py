"""The trail's newest head leaves the house each day, to those who watch over it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from inmind.access import audit, proof
from inmind.foundation import clock
from inmind.jobs import runner
from inmind.messages.adapters import mail as adapter
from inmind.messages.models import Letter
from tests.make import make_network, make_worker

pytestmark = pytest.mark.django_db


MORNING = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_the_head_is_mailed_each_day_to_privacy_officers_and_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a day, and what they keep is what `inmind audit verify` reads."""
    monkeypatch.setattr(adapter, "is_demo", lambda: False)  # a demonstration's letters stay at home
    with clock.at(MORNING):
        make_network()
        make_worker("privacy_officer", mail="priya@example.org")
        make_worker("home_visitor", mail="luz@example.org")
        make_worker("privacy_officer", mail="")  # nowhere safe to write
        runner.run_due()
        audit.seal()
    mail.outbox.clear()
    for hours in (0, 0, 1, 24):
        with clock.at(MORNING + timedelta(hours=hours)):
            runner.tick()
            runner.run_due()
    kept = [letter for letter in mail.outbox if letter.subject == "A line to keep"]
    assert sorted(letter.to[0] for letter in kept) == ["priya@example.org"] * 2 + ["robin@example.org"] * 2
    heads = set(audit.heads_in("\n".join(letter.body for letter in kept).splitlines()))
    assert len(heads) == 2
    assert proof.verify(heads) == []


def test_a_trail_without_a_block_writes_no_letter() -> None:
    """There is no line to keep yet."""
    from inmind.access.actors import machine
    from inmind.messages import actions

    make_network()
    actions.tell_head(machine("messages.trail_head"))
    assert not Letter.objects.filter(template="trail_head").exists()
