"""Two records of one member become one, and part again; somebody who is erased leaves periods without a name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inmind.association import actions, queries
from inmind.association.actions import erasing
from inmind.association.directory import Audience
from inmind.association.models import Belonging, Entry, Member, Membership
from inmind.foundation import clock
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
TODAY = clock.today(make.ZONE)


class Moves:
    """A mover that moves at once: how steps are kept is `records`'s own."""

    def change(self, row: Any, field: str, to: Any) -> None:
        kept = type(row).objects.filter(**{field: to, "association": row.association}) if field == "person" else None
        if isinstance(row, Member) and kept is not None and kept.exists():
            row.delete()
            return
        setattr(row, field, to)
        row.save()


def test_what_hangs_on_a_member_follows_to_the_record_that_stays() -> None:
    """Her periods of both records count for one; where she works and her entry go along."""
    keeper = make.make_worker("association_coordinator")
    gone = make.make_member(keeper, until=TODAY + timedelta(days=30), name="Luz Ríos")
    stays = make.make_member(keeper, until=TODAY - timedelta(days=100), name="Luz Rios")
    actions.change_agencies(keeper.actor, member=gone, joins="Clínica del Lago")
    actions.keep_entry(make.actor_of(gone.person), member=gone, audience=Audience.PUBLIC, shows=["agency"])
    make.together(lambda act: erasing.FOLLOWS.follow(Moves(), gone, stays.person))  # type: ignore[misc]
    member = Member.objects.get(association=keeper.agency)
    assert member.person == stays.person
    assert member.paid_until == TODAY + timedelta(days=30)
    assert Membership.objects.filter(person=stays.person).count() == 2
    assert Belonging.objects.get().member == Entry.objects.get().member == member
    assert queries.members([stays.person.pk, gone.person_id], TODAY) == {stays.person.pk}


def test_who_is_erased_leaves_the_books_their_days_and_nothing_else() -> None:
    """The association still knows that somebody paid for a year."""
    keeper = make.make_worker("association_coordinator")
    member = make.make_member(keeper, name="Luz Ríos")
    actions.change_agencies(keeper.actor, member=member, joins="Clínica del Lago")
    actions.keep_entry(make.actor_of(member.person), member=member, audience=Audience.PUBLIC, shows=[], city="León")
    actions.note_member(keeper.actor, member=member, note="Prefers calls.")
    person = Person.objects.get(pk=member.person_id)
    assert list(erasing.MEMBERS.goes(person))
    assert list(erasing.MEMBERS.stays(person))
    make.together(lambda act: erasing.MEMBERS.erase(act, person))
    member.refresh_from_db()
    assert (member.note, member.sorts_as, member.left_on) == ("", "", TODAY)
    assert not Entry.objects.exists()
    assert not Belonging.objects.exists()
    assert Membership.objects.filter(person=person).count() == 1
