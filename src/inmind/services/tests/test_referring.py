"""A referral is drafted, sent by a consent, and moved by whoever answers first; what it said is sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inmind.access.consents import Back, NoConsent, Withdrawal
from inmind.access.models import Disclosure
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.services.models import ReferralStep
from inmind.services.referrals import actions
from inmind.services.referrals.referral import State, Why
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)


@pytest.fixture
def family() -> make.Family:
    return make.make_family(make.make_worker(name="Luz Ibarra"))


def test_what_is_sent_is_told_by_one_consent_and_is_on_record(family: make.Family) -> None:
    row = make.make_referral(family, hopes="Somebody who comes home.", reach="Texts after six")
    told = Disclosure.objects.get(about=family.adult)
    assert (row.state, row.consent_id, told.recipient) == (State.SENT, told.consent_id, "Lakeside Nurses")
    assert row.answer_by == TODAY + 7 * DAY
    assert [step.state for step in row.as_steps] == [State.DRAFTED, State.SENT]


def test_without_a_consent_nothing_is_sent_and_it_says_what_is_missing(family: make.Family) -> None:
    row = make.make_referral(family, sent=False, hopes="Somebody who comes home.")
    with pytest.raises(NoConsent):
        actions.send(family.by.actor, referral=row)
    consent = make.make_consent(family, row.recipient)
    families.withdraw(
        family.by.actor,
        episode=family.episode,
        person=family.adult,
        consent=consent.pk,
        back=Withdrawal("Ana", Back.CALL),
    )
    with pytest.raises(NoConsent, match="withdrawn"):
        actions.send(family.by.actor, referral=row)
    row.refresh_from_db()
    assert row.state == State.DRAFTED
    assert not Disclosure.objects.exists()


def test_what_a_family_carries_itself_is_told_by_nobody_here(family: make.Family) -> None:
    row = make.make_referral(family, sent=False, by_family=True)
    assert actions.send(family.by.actor, referral=row).state == State.SENT
    assert not Disclosure.objects.exists()


def test_the_first_answer_counts_and_the_second_learns_that(family: make.Family) -> None:
    row = make.make_referral(family)
    no = {"to": State.DECLINED, "on": TODAY}
    with pytest.raises(BadInput):
        actions.note_step(family.by.actor, referral=row, **no)
    actions.note_step(family.by.actor, referral=row, why=Why.NO_PLACE, **no)
    with pytest.raises(NotNow, match="cannot go there"):
        actions.note_step(family.by.actor, referral=row, to=State.ACCEPTED, on=TODAY)
    row.refresh_from_db()
    assert (row.state, row.why, row.answer_by) == (State.DECLINED, Why.NO_PLACE, None)


def test_what_was_tried_moves_a_referral_nowhere(family: make.Family) -> None:
    row = make.make_referral(family)
    missed = ReferralStep.Tried.MISSED
    actions.note_try(family.by.actor, referral=row, tried=missed, on=TODAY, note="The bus did not come.")
    row.refresh_from_db()
    assert row.state == State.SENT
    assert row.steps.last().tried == missed


def test_whoever_does_not_serve_the_family_neither_reads_nor_moves_it(family: make.Family) -> None:
    row = make.make_referral(family)
    other = make.make_worker(name="Sam Reed")
    with pytest.raises(Refused):
        actions.note_step(other.actor, referral=row, to=State.ACCEPTED, on=TODAY)
