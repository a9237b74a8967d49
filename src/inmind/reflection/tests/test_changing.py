"""What is agreed, said anew: from now on, told to the others, with what stood before; an hour that was held stays what it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.messages.models import Letter
from inmind.people.models import Relationship
from inmind.records import actions as records
from inmind.reflection import actions
from inmind.reflection.finding import Format
from inmind.reflection.models import Agreement, EarlierTerms
from inmind.reflection.sessions import About
from inmind.reflection.terms import Terms
from tests import make

pytestmark = pytest.mark.django_db
USUAL: dict[str, Any] = {"until": None, "minutes": 60, "weeks": None, "cents": None, "about": About.DIRECT}


def of(row: Agreement) -> Agreement:
    return Agreement.objects.get(pk=row.pk)


def change(by: make.Worker, row: Agreement, **said: Any) -> Agreement:
    return actions.change_terms(by.actor, agreement=of(row), terms=Terms(**USUAL | said))


def edges() -> list[Any]:
    return list(Relationship.objects.filter(kind=Relationship.Kind.HOLDS).values_list("until", flat=True))


def test_both_say_anew_what_they_agreed_through_the_page() -> None:
    """Luz writes a price, a rhythm and an end; Mira is told, reads what stood before, and an older page is answered as such."""
    mira, luz = make.make_worker("practitioner", name="Mira Vogel"), make.make_worker("practitioner", name="Luz Ibarra")
    row = make.make_agreement(mira, luz)
    where = reverse("agreement_terms", kwargs={"agreement": row.pk})
    here = reverse("agreement", kwargs={"agreement": row.pk})
    assert where in luz.client.get(here).content.decode()
    end = clock.today(make.ZONE) + timedelta(days=90)
    sent = {
        "key": fresh_key(),
        "version": of(row).version,
        "minutes": 75,
        "weeks": "2",
        "price": "45",
        "about": "direct",
    }
    old = {**sent, "key": fresh_key(), "minutes": 30}
    before = Letter.objects.filter(template="reflection_terms").count()
    for _twice in range(2):
        assert luz.client.post(where, {**sent, "until": end}).status_code == 302
    assert Letter.objects.filter(template="reflection_terms").count() == before + 1
    page = mira.client.get(here).content.decode()
    for words in ("1 h 15 min", "every 2 weeks", "$45", f"until {clock.day(end)}", "when Luz Ibarra wrote it anew"):
        assert words in page, words
    late = mira.client.post(where, {**old, "until": ""})
    assert (
        late.status_code == 400
        and "changed meanwhile" in late.content.decode()
        and 'value="30"' in late.content.decode()
    )
    wrong = luz.client.post(where, {**sent, "key": fresh_key(), "version": of(row).version, "minutes": 1500})
    assert wrong.status_code == 400
    assert EarlierTerms.objects.count() == 1
    assert edges() == [end]


def test_what_was_held_stays_as_it_was() -> None:
    """Purpose and length said anew are those of the next session: the one that stands keeps its own, and its provider's standing."""
    mira, luz = make.make_worker("practitioner"), make.make_worker("practitioner")
    row = make.make_agreement(mira, luz)
    session = make.make_session(row, luz, days_ago=3)
    actions.confirm(mira.actor, session=session)
    session.refresh_from_db()
    stood = {name: getattr(session, name) for name in ("on", "minutes", "about", "kind", "provider_holds", "version")}
    change(mira, row, minutes=90, about=About.RSC_GIVEN)
    session.refresh_from_db()
    assert {name: getattr(session, name) for name in stood} == stood
    assert (of(row).minutes, of(row).about) == (90, "rsc_given")
    [earlier] = EarlierTerms.objects.all()
    assert (earlier.minutes, earlier.about, earlier.by_id) == (60, "direct", mira.person.pk)
    change(mira, row, minutes=90, about=About.RSC_GIVEN)
    assert EarlierTerms.objects.count() == 1, "nothing was said anew"


def test_whose_line_manager_the_provider_is_stands_with_its_day() -> None:
    """Said by the provider of each, by who is held of themselves; what is written down of it besides is not said away."""
    mira, luz, ana = (make.make_worker("practitioner") for _ in range(3))
    row = make.make_agreement(mira, luz, ana)
    pk = luz.person.pk
    change(mira, row, managed=frozenset({pk}))
    assert {one.person_id for one in row.places.all() if one.is_manager} == {pk}
    [earlier] = EarlierTerms.objects.all()
    assert earlier.seat is not None and (earlier.seat.person_id, earlier.was_manager) == (pk, False)
    said = luz.client.get(reverse("agreement", kwargs={"agreement": row.pk})).content.decode()
    assert "not the line manager" in said
    assert (
        "not the line manager"
        not in ana.client.get(reverse("agreement", kwargs={"agreement": row.pk})).content.decode()
    ), "that is another's"
    managed = {"person": mira.person, "to": luz.person, "since": clock.today(make.ZONE) - timedelta(days=9)}
    make.together(lambda act: records.relate(act, kind=Relationship.Kind.MANAGES, **managed))
    change(mira, row)
    assert row.places.get(person=pk).is_manager, "it is written down"
    pair = make.make_agreement(mira, ana)
    change(ana, pair, managed=frozenset({ana.person.pk, pk}))
    assert pair.places.get(person=ana.person).is_manager and not row.places.get(person=ana.person).is_manager


def test_who_says_what_is_agreed() -> None:
    """Either of two, peers, and those whom somebody outside holds; in a group its provider alone; nobody else at all."""
    mira, luz, ana, tess = (make.make_worker("practitioner") for _ in range(4))
    group = make.make_agreement(mira, luz, ana)
    with pytest.raises(NotNow, match="Whoever gives a group"):
        change(luz, group, minutes=90)
    change(mira, group, minutes=90)
    change(luz, make.make_agreement(None, luz, ana, format=Format.PEER), minutes=45)
    change(luz, make.make_agreement(None, luz, outside_name="Dr. Ko"), cents=4500)
    with pytest.raises(Refused):
        change(tess, group, minutes=45)
    waits = make.make_agreement(mira, luz, yes=False)
    with pytest.raises(NotNow, match="not said yes"):
        change(luz, waits, minutes=45)
    assert tess.client.get(reverse("agreement_terms", kwargs={"agreement": group.pk})).status_code == 403


def test_an_end_is_after_the_last_session_and_can_be_moved_or_taken_off() -> None:
    """And the edge by which the one is known to hold the other ends when the last of their agreements does."""
    mira, luz = make.make_worker("practitioner"), make.make_worker("practitioner")
    row, today = make.make_agreement(mira, luz), clock.today(make.ZONE)
    make.make_session(row, luz, days_ago=3)
    with pytest.raises(BadInput, match="You met since"):
        change(luz, row, until=today - timedelta(days=3))
    change(luz, row, until=today + timedelta(days=30))
    assert edges() == [today + timedelta(days=30)]
    change(luz, row)
    assert edges() == [None]
    other = make.make_agreement(mira, luz, about=About.RSC_GIVEN)
    change(luz, row, until=today + timedelta(days=10))
    assert edges() == [None], "one edge of the same two, and the other agreement goes on"
    change(luz, other, until=today + timedelta(days=70), about=About.RSC_GIVEN)
    assert edges() == [today + timedelta(days=70)]
    change(luz, other, until=today, about=About.RSC_GIVEN)
    assert edges() == [today + timedelta(days=10)]
    with pytest.raises(NotNow, match="ended already"):
        change(luz, other, minutes=45, about=About.RSC_GIVEN)
    actions.end(luz.actor, agreement=of(row), on=today)
    assert edges() == [today], "ended earlier than was meant"
