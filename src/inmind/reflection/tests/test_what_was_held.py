"""What a provider held on the day of a session: known at once, said by one side, or known later. It is never a no meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.reflection import actions
from inmind.reflection.models import Agreement, Session
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def helen() -> make.Worker:
    return make.make_worker("practitioner", name="Helen Marsh")


@pytest.fixture
def rosa() -> make.Worker:
    return make.make_worker("practitioner", name="Rosa Vidal")


def confirmed(row: Agreement, held: make.Worker, provider: make.Worker, days_ago: int = 3) -> Session:
    session = make.make_session(row, held, days_ago=days_ago)
    actions.confirm(provider.actor, session=session)
    return again(session)


def again(session: Session) -> Session:
    return Session.objects.get(pk=session.pk)


def known(session: Session) -> tuple[frozenset[str] | None, str]:
    return again(session).holds, again(session).holds_by


def test_what_who_is_held_says_of_a_provider_with_an_account_is_kept_as_their_word(
    helen: make.Worker, rosa: make.Worker
) -> None:
    row = make.make_agreement(helen, rosa, by=rosa, outside_holds=frozenset({"MHM-C"}))
    assert known(confirmed(row, rosa, helen)) == ({"MHM-C"}, "held")
    page = rosa.client.get(reverse("agreement", args=[row.pk])).content.decode()
    assert "said by who is held" in page


def test_a_provider_says_it_and_the_sessions_of_which_nobody_knew_have_it(
    helen: make.Worker, rosa: make.Worker
) -> None:
    row = make.make_agreement(helen, rosa)
    before = confirmed(row, rosa, helen)
    assert known(before) == (None, "")
    address = reverse("agreement_holds", args=[row.pk])
    assert address in helen.client.get(reverse("agreement", args=[row.pk])).content.decode()
    answer = helen.client.post(address, {"key": fresh_key(), "known": "some", "holds": ["MHS"]}, follow=True)
    assert "kept as you said it" in answer.content.decode()
    assert known(before) == ({"MHS"}, "provider")
    assert known(confirmed(row, rosa, helen, days_ago=1)) == ({"MHS"}, "provider")


def test_nobody_else_says_what_a_provider_holds(helen: make.Worker, rosa: make.Worker) -> None:
    row = make.make_agreement(helen, rosa)
    with pytest.raises(NotNow, match="theirs to say"):
        actions.say_holds(rosa.actor, agreement=row, holds=frozenset({"MHS"}))
    address = reverse("agreement_holds", args=[row.pk])
    assert address not in rosa.client.get(reverse("agreement", args=[row.pk])).content.decode()
    typed = {"key": fresh_key(), "known": "some", "holds": ["MHS"]}
    assert "theirs to say" in rosa.client.post(address, typed).content.decode()
    assert make.make_worker("practitioner").client.get(address).status_code in (403, 404)
    assert Agreement.objects.get(pk=row.pk).outside_holds is None


def test_a_decision_that_is_written_down_late_is_known_for_its_own_days(helen: make.Worker, rosa: make.Worker) -> None:
    """As in a house that has just begun: hours stand, and the endorsements of those who gave them are entered afterwards."""
    row = make.make_agreement(helen, rosa, outside_holds=frozenset({"MHM-C"}), by=rosa)
    said = confirmed(row, rosa, helen, days_ago=40)
    other = make.make_agreement(helen, make.make_worker("practitioner"))
    unknown = confirmed(other, make.Worker(other.places.get().person.account, None), helen, days_ago=20)
    earlier = confirmed(row, rosa, helen, days_ago=100)
    make.make_endorsed(helen, "MHM-C", since=clock.today(make.ZONE) - timedelta(days=60))
    run_due()
    assert known(said) == ({"MHM-C"}, "house")
    assert known(unknown)[1] == "house"
    assert known(earlier) == ({"MHM-C"}, "held"), "on that day nothing was recorded yet"
    assert (
        reverse("agreement_holds", args=[row.pk])
        not in helen.client.get(reverse("agreement", args=[row.pk])).content.decode()
    )


def test_what_the_registry_knew_is_frozen(
    helen: make.Worker, rosa: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make.make_agreement(helen, rosa)
    monkeypatch.setattr(house, "endorsed", lambda ids, on: {one: frozenset({"MHS"}) for one in ids})
    session = confirmed(row, rosa, helen)
    monkeypatch.setattr(house, "endorsed", lambda ids, on: {one: frozenset({"FA"}) for one in ids})
    make.make_endorsed(helen, "MHM-C", since=clock.today(make.ZONE) - timedelta(days=60))
    run_due()
    assert known(session) == ({"MHS"}, "house")


def test_by_the_link_it_is_said_for_what_stood_unknown_too(rosa: make.Worker) -> None:
    row = make.make_agreement(None, rosa, outside_name="Ines Rojas", outside_mail="ines@example.org", yes=False)
    session = make.make_session(row, rosa)
    make.together(lambda act: actions.hours.confirm_for(act, session, "outside"))
    assert known(session) == (None, "")
    make.together(lambda act: actions.held.said(act, Agreement.objects.get(pk=row.pk), frozenset({"FS", "ERS"})))
    assert known(session) == ({"FS", "ERS"}, "provider")


def test_a_tap_that_also_says_yes_to_the_agreement_says_so_first(helen: make.Worker, rosa: make.Worker) -> None:
    row = make.make_agreement(helen, rosa, by=rosa, yes=False)
    for days in (2, 3):
        make.make_session(row, rosa, days_ago=days)
    page = helen.client.get(reverse("reflection")).content.decode()
    assert "With your tap you say yes to it, too." in page and "with Rosa Vidal" in page
    actions.answer(helen.actor, agreement=Agreement.objects.get(pk=row.pk), yes=True)
    assert "With your tap" not in helen.client.get(reverse("reflection")).content.decode()
