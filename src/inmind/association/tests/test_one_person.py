"""Two records of one member become one, and part again; somebody who is erased leaves periods without a name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inmind.access.act import Act
from inmind.association import actions, queries
from inmind.association.actions import erasing
from inmind.association.directory import Audience
from inmind.association.models import Belonging, Entry, Level, Member, Membership, Reminded
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.people.models import Organization, Person
from inmind.records import actions as records
from inmind.records.models import Pair
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


@pytest.mark.parametrize("longer_stays", [True, False])
def test_two_records_with_all_the_same_become_one_and_part_again(longer_stays: bool) -> None:
    """Of two memberships that begin on one day the longer one stands; a stop of letters holds; parted, each is as it was."""
    keeper = make.make_worker("association_coordinator")
    level, agency = make.make_level(keeper, grace_days=30), make.make_network().agencies[0]
    short, long = (TODAY + timedelta(days=days) for days in (30, 200))
    people = [twin(keeper, level, agency, until) for until in (short, long)]
    pair = Pair(one=min(people, key=lambda one: one.pk), other=max(people, key=lambda one: one.pk), points=1)
    make.together(lambda _act: pair.save())
    before = everything()
    steward, stays = make.make_worker("data_steward").actor, people[longer_stays]
    merged = records.merge(steward, pair=pair, stays=stays, chosen={})
    member = Member.objects.get()
    assert (member.person, member.paid_until, member.counts_until) == (stays, long, long + timedelta(days=30))
    assert member.stops_letters
    assert Belonging.objects.get().member == Entry.objects.get().member == member
    records.part(steward, merge=merged)
    assert everything() == before


def test_a_guest_without_an_account_becomes_the_member_who_signs_in() -> None:
    """The record with the account stays; the other way round, and where a family is one of them, two stay two."""
    keeper = make.make_worker("association_coordinator")
    level, agency = make.make_level(keeper, grace_days=30), make.make_network().agencies[0]
    guest = twin(keeper, level, agency, TODAY + timedelta(days=30))
    signs_in = make.make_worker("practitioner", keeper.agency, "Luz Ríos", mail="luz@example.org")
    served = make.make_family(make.make_worker("home_visitor")).adult
    steward = make.make_worker("data_steward").actor

    def pair_of(one: Person, other: Person) -> Pair:
        first, second = sorted((one, other), key=lambda each: each.pk)
        pair = Pair.objects.filter(one=first, other=second).first() or Pair(one=first, other=second, points=1)
        make.together(lambda _act: pair.save())
        return pair

    for other, stays, says in (
        (guest, guest, "would go signs in"),
        (served, signs_in.person, "works here and signs in"),
    ):
        with pytest.raises(NotNow, match=says):
            records.merge(steward, pair=pair_of(signs_in.person, other), stays=stays, chosen={})
    merged = records.merge(steward, pair=pair_of(signs_in.person, guest), stays=signs_in.person, chosen={})
    assert Member.objects.get(association=keeper.agency, person=signs_in.person).paid_until
    records.part(steward, merge=merged)
    assert Member.objects.get(person=guest).association == keeper.agency


def twin(keeper: make.Worker, level: Level, agency: Organization, until: date) -> Person:
    """A member without an account, as an import makes one."""
    person = records.new_person("Luz", "Ríos", "es")

    def work(act: Act) -> None:
        records.register_people(act, people=[person])
        since = TODAY - timedelta(days=100)
        said = {"association": keeper.agency, "person": person, "level": level}
        actions.take_in(act, **said, since=since, until=until, agency=agency)
        member = Member.objects.get(person=person)
        actions.keep_entry(act, member=member, audience=Audience.PUBLIC, shows=["city"], city="León")
        actions.choose_letters(act, member=member, wanted=until < TODAY + timedelta(days=99))
        Reminded.objects.create(member=member, kind="end", about_until=TODAY)

    make.together(work)
    return person


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that the association keeps, but for how often each row was saved."""
    kept = (Member, Membership, Belonging, Entry, Reminded)
    rows = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in kept}
    return {name: [{**row, "version": 0} for row in some] for name, some in rows.items()}


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
