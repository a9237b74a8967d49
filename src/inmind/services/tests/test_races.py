"""Many at once: one outcome, nobody misled, and the last place is given once. On both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from inmind.access import office_links
from inmind.foundation import clock
from inmind.foundation.errors import InMindError, NotNow, Stale
from inmind.foundation.forms import fresh_key
from inmind.foundation.identity import new_id
from inmind.services.listings.actions import say_opening
from inmind.services.models import Listing, Referral
from inmind.services.referrals import answer_actions
from inmind.services.referrals.referral import State, Why
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def together(work: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each answers, or the refusal it was told; all begin in one moment."""
    tasks = list(work)
    start = Barrier(len(tasks), timeout=60)

    def one(task: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return task()
        except InMindError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(one, tasks))


def answered(row: Referral, actor: Any, to: State, key: str = "", **said: Any) -> Callable[[], Any]:
    today, version = clock.today(make.ZONE), Referral.objects.get(pk=row.pk).version
    named = {"key": key or fresh_key(), "version": version, "referral": row, "to": to, "on": today}
    return lambda: answer_actions.answer(actor, **named, **said)


def test_two_answers_to_one_referral_and_a_link_opened_twice_have_one_outcome() -> None:
    """Two people of one office, each with the page open; and one of them presses twice."""
    row = make.make_referral(make.make_family(make.make_worker()))
    link = answer_actions.say_code(make.Worker(row.worker.account, None).actor, referral=row, seed=fresh_key())
    office = office_links.actor_of(link)
    yes, no = fresh_key(), {"to": State.DECLINED, "why": Why.NO_PLACE}
    said = together(
        [
            *(answered(row, office, State.ACCEPTED, key=yes, caller="Rosa") for _click in range(2)),
            answered(row, office, **no),
        ]
    )
    stands = Referral.objects.get(pk=row.pk).stands
    assert stands in {State.ACCEPTED, State.DECLINED}
    assert row.steps.count() == 3, "drafted, sent, and one answer"
    told = [one for one in said if isinstance(one, InMindError)]
    assert all(isinstance(one, Stale | NotNow) for one in told)
    assert len(told) == (1 if stands is State.ACCEPTED else 2)


def test_of_fifty_who_take_the_last_place_one_has_it_and_the_others_are_told() -> None:
    harbor, prairie = make.make_network().agencies
    listing = make.make_listing(harbor, provider=prairie, provider_name=prairie.name)
    first = make.make_referral(make.make_family(make.make_worker()), listing)
    rows = [first, *alike(first, 49)]
    by = make.make_worker("family_service_coordinator", prairie)
    say_opening(make.make_worker("family_service_coordinator", harbor).actor, listing=listing, free=1)
    said = together(answered(row, by.actor, State.ACCEPTED, caller="Rosa") for row in rows)
    refused = [one for one in said if isinstance(one, InMindError)]
    assert len(refused) == 49
    assert all("No place is left" in str(one.found) for one in refused)
    assert Listing.objects.get(pk=listing.pk).free == 0
    assert Referral.objects.filter(state=State.ACCEPTED, has_place=True).count() == 1


def alike(first: Referral, number: int) -> list[Referral]:
    """So many more families who wait for the same place, made at once."""
    kept: list[Referral] = []

    def copies(_act: Any) -> None:
        for _ in range(number):
            row = Referral.objects.get(pk=first.pk)
            row.pk, row._state.adding = new_id(), True
            row.hopes = row.tells = row.reach = None
            row.save(force_insert=True)
            kept.append(row)

    make.together(copies)
    return kept
