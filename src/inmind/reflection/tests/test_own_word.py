"""Nobody's hours stand by their own word: whatever way it is said, another side says it too."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import house
from inmind.reflection import actions, queries
from inmind.reflection.finding import Format, Meets
from inmind.reflection.models import Session, Version
from inmind.reflection.sessions import About, Kind
from tests import make

pytestmark = pytest.mark.django_db


def workers(*names: str) -> list[make.Worker]:
    return [make.make_worker("practitioner", name=name) for name in names]


def stands(worker: make.Worker) -> bool:
    return any(one.confirmed for one in queries.held_for([worker.person.pk])[worker.person.pk])


def facts_of(row: Session, *people: make.Worker, **other: Any) -> dict[str, Any]:
    there = frozenset(one.person.pk for one in people)
    said = {"on": row.on, "minutes": row.minutes, "kind": Kind(row.kind), "about": About(row.about), "there": there}
    return said | other


def test_a_peer_who_says_afterwards_that_they_were_there_has_no_hours_by_their_own_word() -> None:
    """The two who met have confirmed it; the third is asked for, and whoever wrote it down says yes or no."""
    ana, bea, cleo = workers("Ana Lima", "Bea Ruiz", "Cleo Stone")
    peers = make.make_agreement(None, ana, bea, cleo, format=Format.PEER)
    there = frozenset({ana.person.pk, bea.person.pk})
    row = make.make_session(peers, ana, there=there)
    actions.confirm(bea.actor, session=row)
    actions.join(cleo.actor, session=row)
    assert stands(ana)
    assert not stands(cleo)
    change = Version.objects.get(state="asked")
    with pytest.raises(NotNow):
        actions.agree(cleo.actor, change=change, yes=True)
    actions.agree(ana.actor, change=change, yes=True)
    assert stands(cleo)


def test_whom_the_provider_adds_to_a_confirmed_session_says_so_for_themselves() -> None:
    """One of the group agrees that the other was there too; the other's hours wait for the other's own tap."""
    mira, ana, bea = workers("Mira Vogel", "Ana Lima", "Bea Ruiz")
    group = make.make_agreement(mira, ana, bea)
    row = make.make_session(group, mira, there=frozenset({ana.person.pk}))
    actions.confirm(ana.actor, session=row)
    actions.correct(mira.actor, session=row, **facts_of(row, ana, bea))
    actions.agree(ana.actor, change=Version.objects.get(state="asked"), yes=True)
    assert stands(ana)
    assert not stands(bea)
    actions.confirm(bea.actor, session=Session.objects.get())
    assert stands(bea)


def test_what_was_changed_since_it_was_shown_is_not_confirmed_unseen() -> None:
    """Two tabs: an hour was shown, ten were written over it before the tap; alone, and in a month."""
    mira, luz = workers("Mira Vogel", "Luz Ibarra")
    agreement = make.make_agreement(mira, luz)
    row = make.make_session(agreement, luz)
    today = mira.client.get(reverse("today")).content.decode()
    assert "1 h" in today
    shown = dict(_inputs(today))
    actions.correct(luz.actor, session=row, **facts_of(row, luz, minutes=600))
    page = mira.client.post(reverse("hours_confirm", kwargs={"hours": row.pk}), shown | {"key": "tap"}, follow=True)
    assert not stands(luz)
    assert "changed" in page.content.decode()
    mira.client.post(reverse("hours_confirm_month"), {"ids": [shown["seen"]], "key": "month"})
    assert not stands(luz)
    again = dict(_inputs(mira.client.get(reverse("today")).content.decode()))
    mira.client.post(reverse("hours_confirm", kwargs={"hours": row.pk}), again | {"key": "again"})
    assert stands(luz)


def _inputs(page: str) -> list[tuple[str, str]]:
    return re.findall(r'name="(seen|ids)" value="([^"]+)"', page)


def test_a_session_is_taken_back_whatever_else_stands_in_its_form() -> None:
    """What did not take place has no minutes: those typed beside it are nobody's, however absurd."""
    mira, luz = workers("Mira Vogel", "Luz Ibarra")
    for minutes in ("0", "-5", "1000000000"):
        row = make.make_session(make.make_agreement(mira, luz), luz)
        sent = {
            "on": row.on.isoformat(),
            "minutes": minutes,
            "kind": "individual",
            "about": "direct",
            "there": [str(luz.person.pk)],
            "key": f"back{minutes}",
            "version": row.version,
            "take_back": "1",
        }
        address = reverse("hours_correct", kwargs={"hours": row.pk})
        assert luz.client.post(address, sent).status_code == 302
        assert Session.objects.get(pk=row.pk).taken_back_on is not None


def test_a_refusal_tells_nothing_of_somebody_elses_other_hours() -> None:
    """`protect.md` 13: who writes a session down learns neither the day nor the length of another one in which only others were."""
    mira, ana, bea, noor = workers("Mira Vogel", "Ana Lima", "Bea Ruiz", "Noor Haddad")
    group, other = make.make_agreement(mira, ana, bea), make.make_agreement(noor, bea)
    on = make._today() - timedelta(days=2)
    at = datetime.combine(on, time(10), ZoneInfo(make.ZONE))
    make.make_session(other, bea, days_ago=2, minutes=77, begins=at)
    with pytest.raises(BadInput) as caught:
        make.make_session(group, ana, days_ago=2, minutes=60, begins=at)
    assert "has another session" in str(caught.value.found)
    assert not caught.value.facts, "neither its day nor its minutes"
    with pytest.raises(BadInput) as own:
        make.make_session(group, bea, days_ago=2, minutes=60, begins=at)
    assert own.value.facts["minutes"] == 77


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused_with_its_rule(on: str) -> None:
    mira, luz = workers("Mira Vogel", "Luz Ibarra")
    agreement = make.make_agreement(mira, luz)
    sent = {
        "on": on,
        "minutes": "60",
        "kind": "individual",
        "about": "direct",
        "there": [str(luz.person.pk)],
        "key": "far",
    }
    page = luz.client.post(reverse("hours_log", kwargs={"agreement": agreement.pk}), sent)
    assert page.status_code == 400
    assert "This day is" in page.content.decode()


def test_whoever_looks_for_a_provider_reads_no_degree(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was noted with a decision, and is shown neither to everybody who looks, nor as a code to who is held."""
    mira, luz = workers("Mira Vogel", "Luz Ibarra")
    actions.offer(
        mira.actor,
        association=make.make_association(),
        format=Format.INDIVIDUAL,
        meets=Meets.VIDEO,
        zone=make.ZONE,
        languages=frozenset({"en"}),
    )
    row = make.make_session(make.make_agreement(mira, luz), luz)
    for degree in ("master", "below_master"):
        monkeypatch.setattr(house, "endorsed", lambda ids, on, too=degree: {one: frozenset({"FS", too}) for one in ids})
        page = luz.client.get(reverse("reflection_find")).content.decode()
        assert "FS" in page
        assert "master" not in page
    actions.confirm(mira.actor, session=row)
    shown = luz.client.get(reverse("hours_session", kwargs={"hours": row.pk})).content.decode()
    assert "FS" in shown
    assert "below_master" not in shown
